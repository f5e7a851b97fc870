//! Combinations of coefficients: their errors, and tests that several are zero at once.

use super::solution::Solution;
use super::{Coefficient, Fit, LinearError, Problem};
use crate::stats::distributions::{f, student_t};
use crate::stats::linalg::{Cholesky, Square};

/// Estimates with a covariance, from which combinations follow.
#[derive(Clone, Debug)]
pub struct Combinations {
    /// One for each column of the design; those of left-out columns are not read.
    estimates: Vec<f64>,
    kept: Vec<usize>,
    covariance: Square<f64>,
    /// Of Student's t; infinite for the normal distribution.
    df: f64,
    /// Each left-out column, and the kept ones' shares in it.
    aliases: Vec<(usize, Vec<f64>)>,
}

/// A test that combinations are all zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FTest {
    pub f: f64,
    pub df1: usize,
    pub df2: f64,
    pub p: f64,
}

impl Combinations {
    /// From the estimates of all columns, which of them were kept, and the covariance of those. `df` is infinite
    /// for tests by the normal distribution.
    pub fn new(estimates: Vec<f64>, kept: &[usize], covariance: Square<f64>, df: f64) -> Self {
        Self {
            estimates,
            kept: kept.to_vec(),
            covariance,
            df,
            aliases: Vec::new(),
        }
    }

    /// Of a fit, with a covariance of its kept columns.
    pub fn of(fit: &Fit, covariance: Square<f64>, df: f64) -> Self {
        let estimates = fit.coefficients.iter().map(|c| c.estimate).collect();
        Self::new(estimates, &fit.kept, covariance, df)
    }

    /// Learns from the columns of the design how those left out depend on the kept ones, so that
    /// [`Combinations::combine`] knows which combinations the data tell.
    ///
    /// # Errors
    /// As [`fit`](super::fit) of the left-out columns on the kept ones.
    pub fn with_aliases(mut self, columns: &[&[f64]]) -> Result<Self, LinearError> {
        let kept: Vec<&[f64]> = self.kept.iter().map(|&c| columns[c]).collect();
        for column in (0..columns.len()).filter(|c| !self.kept.contains(c)) {
            let problem = Problem {
                columns: &kept,
                y: columns[column],
                weights: None,
                has_intercept: false,
            };
            let tick = &mut crate::stats::progress::unwatched;
            let shares = Solution::solve(&problem, false, tick)?.estimates();
            self.aliases.push((column, shares));
        }
        Ok(self)
    }

    pub fn df(&self) -> f64 {
        self.df
    }

    /// Σ weightsⱼ bⱼ with its error, test and interval; NaN when the data do not tell it, because it
    /// depends on columns that were left out in another way than those do on the others.
    pub fn combine(&self, weights: &[f64], level: f64) -> Coefficient {
        if !self.is_estimable(weights) {
            return Coefficient::ALIASED;
        }
        let estimate = self
            .kept
            .iter()
            .map(|&c| weights[c] * self.estimates[c])
            .sum();
        let spread = self.spread(weights);
        let variance: f64 = self
            .kept
            .iter()
            .zip(&spread)
            .map(|(&c, s)| weights[c] * s)
            .sum();
        let standard_error = variance.max(0.0).sqrt();
        let t = estimate / standard_error;
        let reach = student_t::upper_quantile(0.5 * (1.0 - level), self.df);
        Coefficient {
            estimate,
            standard_error,
            t,
            p: student_t::two_sided_p(t, self.df),
            ci_lower: estimate - reach * standard_error,
            ci_upper: estimate + reach * standard_error,
        }
    }

    /// Wald's test that all combinations are zero. NaN when one of them follows from others, or when the
    /// covariance, as of few clusters, has no room for so many.
    pub fn test(&self, combinations: &[Vec<f64>]) -> FTest {
        let all: Vec<usize> = (0..combinations.len()).collect();
        let mut spread = Square::zeros(all.len());
        for (j, a) in combinations.iter().enumerate() {
            let of_a = self.spread(a);
            for (k, b) in combinations.iter().enumerate() {
                let products = self.kept.iter().zip(&of_a).map(|(&c, s)| b[c] * s);
                *spread.at_mut(j, k) = products.sum();
            }
        }
        let floor: Vec<f64> = all.iter().map(|&j| 1e-13 * spread.at(j, j)).collect();
        let factor = Cholesky::with_rank(&spread, &floor);
        let df1 = combinations.len();
        if !factor.aliased.is_empty() || df1 == 0 {
            return FTest {
                f: f64::NAN,
                df1,
                df2: self.df,
                p: f64::NAN,
            };
        }
        let value = |weights: &Vec<f64>| -> f64 {
            let products = self.kept.iter().map(|&c| weights[c] * self.estimates[c]);
            products.sum()
        };
        let values: Vec<f64> = combinations.iter().map(value).collect();
        let solved = factor.solve(&values);
        let chi_squared: f64 = values.iter().zip(&solved).map(|(v, s)| v * s).sum();
        let statistic = chi_squared / df1 as f64;
        FTest {
            f: statistic,
            df1,
            df2: self.df,
            p: f::sf(statistic, df1 as f64, self.df),
        }
    }

    /// That these columns' coefficients are all zero.
    pub fn test_columns(&self, columns: &[usize]) -> FTest {
        let one = |&c: &usize| {
            let mut weights = vec![0.0; self.estimates.len()];
            weights[c] = 1.0;
            weights
        };
        let kept = columns.iter().filter(|c| self.kept.contains(c));
        self.test(&kept.map(one).collect::<Vec<_>>())
    }

    fn is_estimable(&self, weights: &[f64]) -> bool {
        let scale = weights.iter().map(|w| w.abs()).fold(0.0, f64::max);
        self.aliases.iter().all(|(column, shares)| {
            let implied: f64 = self
                .kept
                .iter()
                .zip(shares)
                .map(|(&c, s)| weights[c] * s)
                .sum();
            let reach: f64 = self
                .kept
                .iter()
                .zip(shares)
                .map(|(&c, s)| (weights[c] * s).abs())
                .sum();
            (implied - weights[*column]).abs() <= 1e-8 * scale.max(reach)
        })
    }

    /// The covariance times the weights of the kept columns.
    fn spread(&self, weights: &[f64]) -> Vec<f64> {
        let size = self.kept.len();
        let mut spread = vec![0.0; size];
        for (j, &c) in self.kept.iter().enumerate() {
            if weights[c] != 0.0 {
                for (i, s) in spread.iter_mut().enumerate() {
                    *s += self.covariance.at(i, j) * weights[c];
                }
            }
        }
        spread
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::linear::fit;

    fn fitted<'a>(columns: &'a [&'a [f64]]) -> Combinations {
        let y = [2.0, 1.0, 4.0, 3.0, 6.5, 5.0];
        let problem = Problem {
            columns,
            y: &y,
            weights: None,
            has_intercept: true,
        };
        let fit = fit(&problem, 0.95).unwrap();
        Combinations::of(&fit, fit.covariance(), fit.df_residual)
            .with_aliases(columns)
            .unwrap()
    }

    const ONES: &[f64] = &[1.0; 6];
    const A: &[f64] = &[1.0, 0.0, 1.0, 0.0, 1.0, 0.0];
    const B: &[f64] = &[0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
    const X: &[f64] = &[1.0, 2.0, 3.0, 5.0, 8.0, 9.0];

    #[test]
    fn what_the_data_do_not_tell_is_not_a_number() {
        let columns = [ONES, A, B, X];
        let of = |weights: [f64; 4]| fitted(&columns).combine(&weights, 0.95).estimate;
        assert!(of([0.0, 1.0, 0.0, 0.0]).is_nan() && of([1.0, 0.0, 0.0, 4.0]).is_nan());
        let plain = [ONES, A, X];
        let expected = fitted(&plain).combine(&[0.0, 1.0, 0.0], 0.95).estimate;
        assert!((of([0.0, 1.0, -1.0, 0.0]) - expected).abs() < 1e-12);
        assert!(of([1.0, 1.0, 0.0, 4.0]).is_finite());
    }

    /// The test of one coefficient is the square of its t.
    #[test]
    fn tests_follow_from_the_covariance() {
        let columns = [ONES, A, X];
        let model = fitted(&columns);
        let t = model.combine(&[0.0, 0.0, 1.0], 0.95);
        let test = model.test_columns(&[2]);
        assert_eq!((test.df1, test.df2), (1, 3.0));
        assert!((test.f / (t.t * t.t) - 1.0).abs() < 1e-12 && (test.p / t.p - 1.0).abs() < 1e-10);
        let twice = model.test(&[vec![0.0, 0.0, 1.0], vec![0.0, 0.0, -2.0]]);
        assert!(twice.f.is_nan() && twice.p.is_nan() && twice.df1 == 2);
    }
}
