//! Expectations over s = χ / √df, the estimate of a standard deviation that is 1: what turns
//! normal probabilities into those of t-like statistics.

use crate::stats::integrate::adaptive;

/// Degrees of freedom from which on the density of ln s is near enough to a normal one.
const MIN_DF: f64 = 30.0;

/// E h(s) for s = χ / √df, and h between 0 and 1. With infinite degrees of freedom s is 1.
///
/// `slope` is how fast the argument of normal probabilities in h moves with s: h(s) = H(`slope` s) for an H
/// that changes over lengths near 1.
pub(super) fn over_scale(df: f64, slope: f64, tolerance: f64, h: impl Fn(f64) -> f64) -> f64 {
    if df == f64::INFINITY {
        return h(1.0);
    }
    let density = |u: f64| libm::exp(df * ln_shape(u));
    let product = |u: f64| density(u) * h(libm::exp(u));
    // The density of u = ln s is nearly normal with this spread, with a longer tail to the left.
    let spread = (0.5 / df).sqrt();
    if let Some(step) = step(df, slope * spread, h(1.0)) {
        return sum_outwards(step, product) / sum_outwards(step, density);
    }
    let low = -(744.0 / df + 39.0 * spread);
    let high = 0.5 * libm::log1p(1500.0 / df + 80.0 * spread);
    let mut breaks = vec![low];
    for k in [
        -24.0, -16.0, -10.0, -6.0, -3.0, -1.0, 0.0, 1.0, 3.0, 6.0, 10.0,
    ] {
        let at = k * spread;
        if at > low && at < high {
            breaks.push(at);
        }
    }
    breaks.push(high);
    let whole = adaptive(density, &breaks, 0.1 * tolerance);
    adaptive(product, &breaks, tolerance) / whole
}

/// The step of the trapezoid rule that gives E h(s) to the last digits, if the rule may be used. `reach` is
/// how far the argument of h moves with one spread of u.
///
/// Of a normal density the rule at steps of δ spreads is off by a share of 2 exp(−2π² / δ²) (Trefethen and
/// Weideman 2014), 1e-34 at δ = ½. A factor with features of length ½ or more in an argument that moves by
/// `reach` makes the product narrower by √(1 + 4 reach²) at most; a factor that falls like a normal tail moves
/// the peak by −2 ln h spread, which a sum from the centre outwards finds as long as nothing underflows and
/// there is but one peak: where ln h bends up less than the density bends down.
fn step(df: f64, reach: f64, at_one: f64) -> Option<f64> {
    let spread = (0.5 / df).sqrt();
    let reach = reach.abs();
    let quantile = (-2.0 * libm::log(at_one)).max(0.0).sqrt();
    let is_tame = reach <= 2.0 && at_one > 1e-200 && quantile * reach * spread <= 1.0;
    (df >= MIN_DF && is_tame).then(|| 0.5 * spread / (1.0 + 4.0 * reach * reach).sqrt())
}

/// Σ f at the multiples of `step`, for a positive f that rises to one peak and falls: from 0 on to both sides
/// until the terms add nothing.
fn sum_outwards(step: f64, f: impl Fn(f64) -> f64) -> f64 {
    let at_zero = f(0.0);
    let side = |step: f64| {
        let (mut sum, mut last) = (0.0, at_zero);
        for i in 1..MAX_TERMS {
            let term = f(f64::from(i) * step);
            sum += term;
            if term < last && term <= NEGLIGIBLE * (at_zero + sum) || term == 0.0 {
                break;
            }
            last = term;
        }
        sum
    };
    at_zero + side(-step) + side(step)
}

const MAX_TERMS: i32 = 4000;
const NEGLIGIBLE: f64 = 1e-18;

/// u − (e^{2u} − 1) / 2, the logarithm of the density of u = ln s over df and up to a constant.
fn ln_shape(u: f64) -> f64 {
    if u.abs() > 0.05 {
        return u - 0.5 * libm::expm1(2.0 * u);
    }
    // −Σ 2^{k−1} u^k / k! for k ≥ 2.
    let mut term = -u * u;
    let mut sum = term;
    for k in 3..20 {
        term *= 2.0 * u / f64::from(k);
        sum += term;
        if term.abs() < 1e-18 * sum.abs() {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::{normal, student_t};
    use super::*;

    /// The rule against Student's t, whose tails come from elsewhere.
    #[track_caller]
    fn check(t: f64, df: f64, is_quick: bool) {
        let h = |s: f64| normal::sf(t * s);
        let spread = (0.5 / df).sqrt();
        assert_eq!(step(df, t * spread, h(1.0)).is_some(), is_quick, "{t} {df}");
        let (got, expected) = (over_scale(df, t, 1e-13, h), student_t::sf(t, df));
        let error = (got / expected - 1.0).abs();
        assert!(error < 1e-12, "{t} {df}: {got:e} is off by {error:.1e}");
    }

    #[test]
    fn normal_tails_become_those_of_t() {
        for df in [30.0, 47.5, 100.0, 1000.0, 5000.0, 1e5, 1e7] {
            for t in [-8.0, -2.0, -0.1, 0.0, 0.3, 1.0, 2.5, 4.0, 6.5] {
                check(t, df, true);
            }
        }
        for df in [1000.0, 1e5, 1e7] {
            for t in [10.0, 20.0, 29.0] {
                check(t, df, true);
            }
        }
        check(3.0, 12.0, false);
        check(8.0, 50.0, true);
        check(12.0, 50.0, false);
        check(30.0, 50.0, false);
        check(25.0, 2000.0, true);
        check(36.0, 1000.0, false);
    }
}
