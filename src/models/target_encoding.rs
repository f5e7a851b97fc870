//! Categories as numbers: the mean of an outcome within each, drawn towards the overall mean the
//! fewer rows a category has (Micci-Barreca 2001). As scikit-learn's `TargetEncoder`.

use crate::stats::descriptive::mean;

/// How strongly the mean of a category is drawn towards the overall mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Smoothing {
    /// Empirical Bayes: a category's mean counts σ² n / (σ² n + s²), with σ² the variance of the
    /// outcome (divisor n) and s² that within the category.
    Bayes,
    /// As if the overall mean had been seen so many times in each category; 0 is no smoothing.
    Rows(f64),
}

/// What was learnt of the categories.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetEncoding {
    /// The value of each category; of one without rows, `overall`.
    pub values: Vec<f64>,
    /// The plain mean of the outcome in each category; NaN without rows.
    pub means: Vec<f64>,
    pub counts: Vec<usize>,
    /// The mean of the outcome in all rows; NaN without rows.
    pub overall: f64,
}

/// Learns from the rows of which `is_used` is true: row i is in category `codes[i]` and has the
/// outcome `outcome[i]`, a finite number there.
pub fn fit(
    codes: &[u32],
    outcome: &[f64],
    n_categories: usize,
    smoothing: Smoothing,
    is_used: impl Fn(usize) -> bool,
) -> TargetEncoding {
    let rows = || (0..codes.len()).filter(|&i| is_used(i));
    let used: Vec<f64> = rows().map(|i| outcome[i]).collect();
    let overall = mean(&used);
    let mut counts = vec![0_usize; n_categories];
    // Sums of deviations, so that a large mean costs no digits.
    let mut sums = vec![0.0; n_categories];
    for i in rows() {
        counts[codes[i] as usize] += 1;
        sums[codes[i] as usize] += outcome[i] - overall;
    }
    let deviations: Vec<f64> = sums
        .iter()
        .zip(&counts)
        .map(|(s, &n)| s / n as f64)
        .collect();
    let weights: Vec<f64> = match smoothing {
        Smoothing::Rows(m) => counts
            .iter()
            .map(|&n| {
                if n > 0 {
                    n as f64 / (n as f64 + m)
                } else {
                    0.0
                }
            })
            .collect(),
        Smoothing::Bayes => {
            let mut squares = vec![0.0; n_categories];
            let mut all = 0.0;
            for i in rows() {
                let code = codes[i] as usize;
                let centred = outcome[i] - overall;
                let within = centred - deviations[code];
                squares[code] += within * within;
                all += centred * centred;
            }
            let variance = all / used.len() as f64;
            let weight = |(&squares, &n): (&f64, &usize)| {
                let between = variance * n as f64;
                let weight = between / (between + squares / n as f64);
                if weight.is_nan() { 0.0 } else { weight }
            };
            squares.iter().zip(&counts).map(weight).collect()
        }
    };
    let value = |(w, d): (&f64, &f64)| if *w == 0.0 { overall } else { overall + w * d };
    TargetEncoding {
        values: weights.iter().zip(&deviations).map(value).collect(),
        means: deviations.iter().map(|d| overall + d).collect(),
        counts,
        overall,
    }
}

/// The value of each row as learnt from the rows of the other folds: no row's own outcome is in its
/// value. Row i is in fold `folds[i]`, below `n_folds`.
pub fn out_of_fold(
    codes: &[u32],
    outcome: &[f64],
    n_categories: usize,
    smoothing: Smoothing,
    folds: &[u32],
    n_folds: usize,
    is_used: impl Fn(usize) -> bool,
) -> Vec<f64> {
    let mut values = vec![f64::NAN; codes.len()];
    for fold in 0..n_folds as u32 {
        let learnt = fit(codes, outcome, n_categories, smoothing, |i| {
            folds[i] != fold && is_used(i)
        });
        for (i, value) in values.iter_mut().enumerate() {
            if folds[i] == fold {
                *value = learnt.values[codes[i] as usize];
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODES: [u32; 6] = [0, 0, 0, 1, 1, 2];
    const OUTCOME: [f64; 6] = [1.0, 2.0, 6.0, 4.0, 8.0, 9.0];

    fn check(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-14, "{found:?} is not {expected:?}");
        }
    }

    /// From scikit-learn 1.9.1: `TargetEncoder(smooth=…, target_type="continuous").encodings_`.
    #[test]
    fn categories_as_in_scikit_learn() {
        let values = |smoothing| fit(&CODES, &OUTCOME, 3, smoothing, |_| true).values;
        check(&values(Smoothing::Rows(0.0)), &[3.0, 6.0, 9.0]);
        check(&values(Smoothing::Rows(2.0)), &[3.8, 5.5, 19.0 / 3.0]);
        check(
            &values(Smoothing::Bayes),
            &[3.304_347_826_086_957, 5.8125, 9.0],
        );
    }

    #[test]
    fn a_category_without_rows_has_the_overall_mean() {
        let learnt = fit(&CODES, &OUTCOME, 4, Smoothing::Rows(0.0), |i| i < 5);
        check(&learnt.values, &[3.0, 6.0, 4.2, 4.2]);
        assert_eq!(learnt.counts, [3, 2, 0, 0]);
        assert!(learnt.means[2].is_nan());
    }

    #[test]
    fn no_row_sees_its_own_outcome() {
        let folds = [0, 1, 2, 0, 1, 2];
        let smoothing = Smoothing::Rows(0.0);
        let found = out_of_fold(&CODES, &OUTCOME, 3, smoothing, &folds, 3, |_| true);
        check(&found, &[4.0, 3.5, 1.5, 8.0, 4.0, 3.75]);
    }
}
