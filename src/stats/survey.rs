//! Estimates from samples drawn with unequal chances, whose weights are the inverse of these.
//!
//! Variances are linearised (Taylor): an estimate is taken as a sum of one value for each row, its
//! influence, and the variance of that sum is the one of draws with replacement, n/(n − 1) times the
//! sum of squares about the mean. So R's `survey` has them for `svydesign(ids = ~1, weights = ~w)`.
//! Rows of weight zero were not sampled and do not count towards n.
//!
//! Lumley, T. (2010). *Complex Surveys: A Guide to Analysis Using R*. Wiley.

mod cells;

use super::linalg::Square;

pub use cells::{Cells, RaoScott, Share, Weight};

/// Covariance of estimates from the influence of each row on each of them: slices of the same
/// length, zero where a row was not sampled. `n` rows were sampled.
pub fn covariance(influences: &[&[f64]], n: usize) -> Square<f64> {
    let n = n as f64;
    let means: Vec<f64> = influences
        .iter()
        .map(|z| z.iter().sum::<f64>() / n)
        .collect();
    let mut result = Square::zeros(influences.len());
    for (j, a) in influences.iter().enumerate() {
        for (k, b) in influences.iter().enumerate().take(j + 1) {
            let products: f64 = a.iter().zip(*b).map(|(a, b)| a * b).sum();
            let value = (products - n * means[j] * means[k]) * n / (n - 1.0);
            *result.at_mut(j, k) = value;
            *result.at_mut(k, j) = value;
        }
    }
    result
}

/// Rows of positive weight.
pub fn n_sampled(weights: &[f64]) -> usize {
    weights.iter().filter(|w| **w > 0.0).count()
}

/// The number of rows of a plain sample that would tell as much of a mean (Kish 1965): (Σw)² / Σw².
pub fn effective_n(weights: &[f64]) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for w in weights {
        sum += w;
        squares += w * w;
    }
    sum * sum / squares
}

/// A weighted mean with its linearised error, as `svymean`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    pub value: f64,
    pub standard_error: f64,
    /// Rows of positive weight; tests have one degree of freedom less.
    pub n: usize,
    /// The population the rows stand for, Σw.
    pub population: f64,
}

impl Mean {
    /// Of values without NaN.
    pub fn of(values: &[f64], weights: &[f64]) -> Self {
        let population: f64 = weights.iter().sum();
        let rows = || values.iter().zip(weights);
        let rough = rows().map(|(x, w)| w * x).sum::<f64>() / population;
        let value = rough + rows().map(|(x, w)| w * (x - rough)).sum::<f64>() / population;
        let n = n_sampled(weights);
        let influences = rows().map(|(x, w)| w * (x - value));
        let squares: f64 = influences.map(|z| z * z).sum();
        Self {
            value,
            standard_error: (squares * n as f64 / (n as f64 - 1.0)).sqrt() / population,
            n,
            population,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 1e-12 * expected.abs(),
            "{found} {expected}"
        );
    }

    /// `svymean(~x, svydesign(ids = ~1, weights = ~w, data = d))` of R's survey 4.1-1.
    #[test]
    fn a_mean_has_the_error_of_the_survey_package() {
        let (x, w) = ([2.0, 5.0, 1.0, 7.5, 3.0], [10.0, 4.5, 20.0, 1.0, 8.0]);
        let mean = Mean::of(&x, &w);
        check(mean.value, 2.160_919_540_229_89);
        check(mean.standard_error, 0.717_112_056_527_926);
        let influence: Vec<f64> = x
            .iter()
            .zip(w)
            .map(|(x, w)| w * (x - mean.value) / mean.population)
            .collect();
        check(
            covariance(&[&influence], 5).at(0, 0).sqrt(),
            0.717_112_056_527_926,
        );
        check(effective_n(&w), 43.5 * 43.5 / 585.25);
    }

    #[test]
    fn a_row_of_weight_zero_was_not_sampled() {
        let plain = Mean::of(&[1.0, 2.0, 4.0], &[1.0, 3.0, 2.0]);
        let with = Mean::of(&[1.0, 9.0, 2.0, 4.0], &[1.0, 0.0, 3.0, 2.0]);
        assert_eq!(plain, with);
    }
}
