//! Standard errors by drawing the rows again.

use rand_xoshiro::Xoshiro256PlusPlus;

use super::rows::Rows;
use super::{Fit, Problem};
use crate::stats::distributions::normal;
use crate::stats::double_double::DoubleDouble;
use crate::stats::linalg::{Cholesky, Real, Square};
use crate::stats::progress::{Cancelled, Progress};
use crate::stats::resample::index_below;

/// What is left of a column's squares after projection on earlier ones, below which a resample does
/// not tell them apart. The fit's own columns are further apart than that by orders of magnitude.
const SHARE_LEFT: f64 = 1e-10;

/// Coefficients of resamples.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    /// For each kept column of the fit its coefficient in each resample that has one.
    pub estimates: Vec<Vec<f64>>,
    /// Resamples in which the columns cannot be told apart, such as those without a row of a level.
    pub n_failed: usize,
}

/// Draws as many rows as there are with replacement (Efron 1979), with their weights, and fits them
/// again: the bootstrap of cases, as `boot::boot` of `lm`. `problem` must be the one that `fit` came from,
/// and its weights must not count rows.
///
/// # Errors
/// When it is cancelled.
pub fn bootstrap(
    problem: &Problem,
    fit: &Fit,
    n_resamples: usize,
    rng: &mut Xoshiro256PlusPlus,
    tick: &mut Progress,
) -> Result<Bootstrap, Cancelled> {
    let n_rows = problem.y.len();
    let kept: Vec<&[f64]> = fit.kept.iter().map(|&c| problem.columns[c]).collect();
    let mut shifts: Vec<f64> = fit.kept.iter().map(|&c| fit.solution.shifts[c]).collect();
    shifts.push(fit.solution.shifts[problem.columns.len()]);
    let mut found = Bootstrap {
        estimates: vec![Vec::with_capacity(n_resamples); kept.len()],
        n_failed: 0,
    };
    let mut weights = vec![0.0; n_rows];
    for resample in 0..n_resamples {
        let done = |part: f32| (resample as f32 + part) / n_resamples as f32;
        tick(done(0.0))?;
        draw(problem.weights(), &mut weights, rng);
        let rows = Rows {
            columns: &kept,
            y: problem.y,
            weights: Some(&weights),
            shifts: &shifts,
        };
        let mut within = |part: f32| tick(done(part));
        let shifted = if fit.solution.is_double_double {
            solved(
                &rows.gram::<DoubleDouble>(&mut within)?,
                SHARE_LEFT * SHARE_LEFT,
            )
        } else {
            solved(&rows.gram::<f64>(&mut within)?, SHARE_LEFT)
        };
        let Some(shifted) = shifted else {
            found.n_failed += 1;
            continue;
        };
        let estimates = fit.solution.unshift_estimates(&shifted);
        for (all, &c) in found.estimates.iter_mut().zip(&fit.kept) {
            all.push(estimates[c]);
        }
    }
    Ok(found)
}

impl Bootstrap {
    /// Resamples that gave coefficients.
    pub fn n_used(&self) -> usize {
        self.estimates.first().map_or(0, Vec::len)
    }

    /// The covariance of the coefficients over the resamples.
    pub fn covariance(&self) -> Square<f64> {
        let n = self.n_used() as f64;
        let centred: Vec<Vec<f64>> = self
            .estimates
            .iter()
            .map(|all| {
                let mean = all.iter().sum::<f64>() / n;
                all.iter().map(|v| v - mean).collect()
            })
            .collect();
        let mut covariance = Square::zeros(centred.len());
        for (j, a) in centred.iter().enumerate() {
            for (k, b) in centred.iter().enumerate() {
                let products = a.iter().zip(b).map(|(a, b)| a * b);
                *covariance.at_mut(j, k) = products.sum::<f64>() / (n - 1.0);
            }
        }
        covariance
    }

    /// The percentile interval of each kept column's coefficient, between order statistics on the normal
    /// scale as `boot::boot.ci` has it (Davison and Hinkley 1997, eq. 5.8).
    pub fn percentile_intervals(&self, level: f64) -> Vec<(f64, f64)> {
        let tail = 0.5 * (1.0 - level);
        self.estimates
            .iter()
            .map(|all| {
                let sorted = crate::stats::descriptive::sorted(all);
                (percentile(&sorted, tail), percentile(&sorted, 1.0 - tail))
            })
            .collect()
    }
}

fn percentile(sorted: &[f64], p: f64) -> f64 {
    let n = sorted.len() as f64;
    let rank = (n + 1.0) * p;
    let k = rank.floor();
    if k < 1.0 {
        return sorted[0];
    }
    if k >= n {
        return sorted[sorted.len() - 1];
    }
    let at = |k: f64| normal::quantile(k / (n + 1.0));
    let share = (normal::quantile(p) - at(k)) / (at(k + 1.0) - at(k));
    let (low, high) = (sorted[k as usize - 1], sorted[k as usize]);
    low + share * (high - low)
}

/// How often each row is drawn, times its weight.
#[inline(never)]
fn draw(own: Option<&[f64]>, weights: &mut [f64], rng: &mut Xoshiro256PlusPlus) {
    weights.fill(0.0);
    for _ in 0..weights.len() {
        weights[index_below(weights.len(), rng)] += 1.0;
    }
    if let Some(own) = own {
        weights.iter_mut().zip(own).for_each(|(w, own)| *w *= own);
    }
}

/// Coefficients from the products of columns, the response last; `None` when columns depend on earlier ones.
fn solved<T: Real + Into<DoubleDouble>>(gram: &Square<T>, share: f64) -> Option<Vec<DoubleDouble>> {
    let n = gram.size - 1;
    let all: Vec<usize> = (0..n).collect();
    let floor: Vec<f64> = all
        .iter()
        .map(|&j| share * gram.at(j, j).to_f64())
        .collect();
    let factor = Cholesky::with_rank(&gram.select(&all), &floor);
    if !factor.aliased.is_empty() {
        return None;
    }
    let products: Vec<T> = all.iter().map(|&j| gram.at(j, n)).collect();
    Some(
        factor
            .solve(&products)
            .into_iter()
            .map(Into::into)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4: normal interpolation of `boot:::norm.inter(t, alpha)`.
    #[test]
    fn percentiles_are_those_of_boot() {
        let check = |n: usize, p: f64, expected: f64| {
            let t: Vec<f64> = (1..=n).map(|i| (i * i) as f64).collect();
            let got = percentile(&t, p);
            assert!(
                (got - expected).abs() < 1e-10 * expected,
                "{got} is not {expected}"
            );
        };
        check(99, 0.025, 6.71124749419879);
        check(100, 0.975, 9689.32035735668);
        check(40, 0.01, 1.0);
        check(1000, 0.95, 904305.233628239);
    }
}
