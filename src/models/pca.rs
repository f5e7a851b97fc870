//! Principal components.

use std::fmt;

use crate::stats::descriptive::mean;
use crate::stats::eigen::symmetric_eigen;
use crate::stats::progress::{Cancelled, Progress};

/// What the components are taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The covariances: features in their own units.
    Covariance,
    /// The correlations: every feature over its standard deviation (divisor `n_rows − 1`).
    /// A feature that does not vary is left out, with loadings of zero.
    Correlation,
}

/// The principal components of some features, all of them, from the largest variance down.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// The mean of each feature.
    pub mean: Vec<f64>,
    /// What each feature is divided by after the mean is taken away.
    pub spread: Vec<f64>,
    /// The variance of each component's scores (divisor `n_rows − 1`).
    pub variances: Vec<f64>,
    /// The share of each component in the sum of the variances; zeros where nothing varies.
    pub shares: Vec<f64>,
    /// For each component the weight of each feature, of unit length, the largest in magnitude
    /// (the first of equals) positive. R's `prcomp` calls this the rotation.
    pub loadings: Vec<Vec<f64>>,
}

/// Why there are no components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PcaError {
    /// There is no feature, or fewer than two rows.
    TooFewRows,
    /// The columns are not equally long.
    RaggedColumns,
    /// This feature holds a value that is missing, or too large to be squared.
    NotFinite { feature: usize },
    /// The caller asked to stop.
    Cancelled,
}

impl fmt::Display for PcaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PcaError::TooFewRows => f.write_str("there must be a feature and at least two rows"),
            PcaError::RaggedColumns => f.write_str("the columns are not equally long"),
            PcaError::NotFinite { feature } => {
                write!(
                    f,
                    "feature {feature} holds a value that is not a usable number"
                )
            }
            PcaError::Cancelled => Cancelled.fmt(f),
        }
    }
}

impl std::error::Error for PcaError {}

impl From<Cancelled> for PcaError {
    fn from(_: Cancelled) -> Self {
        PcaError::Cancelled
    }
}

/// The principal components of `columns`, one slice a feature, by the eigenvectors of their
/// covariances or correlations.
///
/// # Errors
/// See [`PcaError`].
pub fn fit(columns: &[&[f64]], basis: Basis, progress: &mut Progress) -> Result<Pca, PcaError> {
    let n_features = columns.len();
    let n_rows = columns.first().map_or(0, |column| column.len());
    if n_rows < 2 {
        return Err(PcaError::TooFewRows);
    }
    if columns.iter().any(|column| column.len() != n_rows) {
        return Err(PcaError::RaggedColumns);
    }
    let mean: Vec<f64> = columns.iter().map(|column| mean(column)).collect();
    let mut matrix = covariances(columns, &mean, progress)?;
    if let Some(feature) = (0..n_features).find(|j| !matrix[j * n_features + j].is_finite()) {
        return Err(PcaError::NotFinite { feature });
    }
    let mut spread = vec![1.0; n_features];
    if basis == Basis::Correlation {
        for (j, spread) in spread.iter_mut().enumerate() {
            let variance = matrix[j * n_features + j];
            let error = f64::EPSILON * mean[j];
            let rounding = error * error * 4.0;
            *spread = if variance > rounding {
                variance.sqrt()
            } else {
                f64::INFINITY
            };
        }
        for (i, row) in matrix.chunks_exact_mut(n_features).enumerate() {
            for (j, value) in row.iter_mut().enumerate() {
                *value /= spread[i] * spread[j];
            }
            row[i] = if spread[i].is_finite() { 1.0 } else { 0.0 };
        }
    }
    let eigen = symmetric_eigen(&matrix, n_features);
    let variances: Vec<f64> = eigen.values.iter().map(|&value| value.max(0.0)).collect();
    let total: f64 = variances.iter().sum();
    let share = |v: &f64| if total > 0.0 { v / total } else { 0.0 };
    Ok(Pca {
        mean,
        spread,
        shares: variances.iter().map(share).collect(),
        variances,
        loadings: eigen.vectors.into_iter().map(with_sign).collect(),
    })
}

impl Pca {
    /// The scores of the rows of `columns`, features as in the fit, on the first `n_components`
    /// components, one vector a component.
    ///
    /// # Panics
    /// When there are not as many columns as features, or fewer components than asked for.
    pub fn scores(&self, columns: &[&[f64]], n_components: usize) -> Vec<Vec<f64>> {
        assert_eq!(columns.len(), self.mean.len(), "a column for each feature");
        let n_rows = columns.first().map_or(0, |column| column.len());
        let mut scores = vec![vec![0.0; n_rows]; n_components];
        for from in (0..n_rows).step_by(BLOCK) {
            let to = (from + BLOCK).min(n_rows);
            for (j, column) in columns.iter().enumerate() {
                for (scores, loadings) in scores.iter_mut().zip(&self.loadings[..n_components]) {
                    let (mean, weight) = (self.mean[j], loadings[j] / self.spread[j]);
                    for (score, x) in scores[from..to].iter_mut().zip(&column[from..to]) {
                        *score += (x - mean) * weight;
                    }
                }
            }
        }
        scores
    }
}

/// Rows worked on together.
const BLOCK: usize = 512;

/// The lower triangle of the covariance matrix (divisor `n_rows − 1`) and its mirror image.
fn covariances(
    columns: &[&[f64]],
    mean: &[f64],
    progress: &mut Progress,
) -> Result<Vec<f64>, Cancelled> {
    let (n_features, n_rows) = (columns.len(), columns[0].len());
    let mut sums = vec![0.0; n_features * n_features];
    let mut centred = vec![[0.0; BLOCK]; n_features];
    for from in (0..n_rows).step_by(BLOCK) {
        if from % (64 * BLOCK) == 0 {
            progress(from as f32 / n_rows as f32)?;
        }
        let len = BLOCK.min(n_rows - from);
        for ((centred, column), mean) in centred.iter_mut().zip(columns).zip(mean) {
            for (value, x) in centred.iter_mut().zip(&column[from..from + len]) {
                *value = x - mean;
            }
            centred[len..].fill(0.0);
        }
        for i in 0..n_features {
            for j in 0..=i {
                sums[i * n_features + j] += dot(&centred[i], &centred[j]);
            }
        }
    }
    let divisor = (n_rows - 1) as f64;
    for i in 0..n_features {
        for j in 0..=i {
            let covariance = sums[i * n_features + j] / divisor;
            sums[i * n_features + j] = covariance;
            sums[j * n_features + i] = covariance;
        }
    }
    Ok(sums)
}

#[inline(never)] // see ARCHITECTURE.md, "Hot loops"
fn dot(a: &[f64; BLOCK], b: &[f64; BLOCK]) -> f64 {
    let mut lanes = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// The vector or its opposite, whichever has its largest element positive.
fn with_sign(mut vector: Vec<f64>) -> Vec<f64> {
    let largest = vector.iter().fold(
        0.0_f64,
        |largest, &x| {
            if x.abs() > largest.abs() { x } else { largest }
        },
    );
    if largest < 0.0 {
        vector.iter_mut().for_each(|x| *x = -*x);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::progress::unwatched;

    fn check(columns: &[&[f64]], basis: Basis, variances: &[f64], loadings: &[&[f64]]) -> Pca {
        let found = fit(columns, basis, &mut unwatched).unwrap();
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-14);
        assert!(close(&found.variances, variances), "{:?}", found.variances);
        for (found, expected) in found.loadings.iter().zip(loadings) {
            assert!(close(found, expected), "{found:?}");
        }
        found
    }

    #[test]
    fn components_worked_by_hand() {
        let (x, opposite) = ([1.0, 2.0, 3.0], [6.0, 4.0, 2.0]);
        let (a, b) = (1.0 / 5.0_f64.sqrt(), 2.0 / 5.0_f64.sqrt());
        let found = check(
            &[&x, &opposite],
            Basis::Covariance,
            &[5.0, 0.0],
            &[&[-a, b], &[b, a]],
        );
        assert_eq!(found.mean, [2.0, 4.0]);
        assert_eq!(found.shares, [1.0, 0.0]);
        let scores = found.scores(&[&x, &opposite], 1);
        let expected = [5.0_f64.sqrt(), 0.0, -5.0_f64.sqrt()];
        assert!(
            scores[0]
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-14)
        );
        let half = 0.5_f64.sqrt();
        let found = fit(&[&x, &opposite], Basis::Correlation, &mut unwatched).unwrap();
        assert!((found.variances[0] - 2.0).abs() < 1e-14);
        assert!(
            found
                .loadings
                .iter()
                .flatten()
                .all(|x| (x.abs() - half).abs() < 1e-14)
        );
    }

    #[test]
    fn what_does_not_vary_has_no_part() {
        let still = [0.1; 3];
        check(
            &[&still, &[1.0, 2.0, 3.0]],
            Basis::Correlation,
            &[1.0, 0.0],
            &[&[0.0, 1.0]],
        );
        let found = check(&[&still, &still], Basis::Covariance, &[0.0, 0.0], &[]);
        assert_eq!(found.shares, [0.0, 0.0]);
    }

    #[test]
    fn what_has_no_components_is_refused() {
        let check = |columns: &[&[f64]], expected| {
            assert_eq!(
                fit(columns, Basis::Covariance, &mut unwatched),
                Err(expected)
            );
        };
        check(&[], PcaError::TooFewRows);
        check(&[&[1.0]], PcaError::TooFewRows);
        check(&[&[1.0, 2.0], &[1.0]], PcaError::RaggedColumns);
        check(
            &[&[1.0, 2.0], &[1.0, f64::NAN]],
            PcaError::NotFinite { feature: 1 },
        );
        check(
            &[&[1.0, 2.0], &[1e200, -1e200]],
            PcaError::NotFinite { feature: 1 },
        );
        let stopped = fit(&[&[1.0, 2.0]], Basis::Covariance, &mut |_| Err(Cancelled));
        assert_eq!(stopped, Err(PcaError::Cancelled));
    }
}
