//! Expectations over s = χ / √df, the estimate of a standard deviation that is 1: what turns
//! normal probabilities into those of t-like statistics.

use crate::stats::integrate::adaptive;

/// E h(s) for s = χ / √df, and h between 0 and 1. With infinite degrees of freedom s is 1.
pub(super) fn over_scale(df: f64, tolerance: f64, h: impl Fn(f64) -> f64) -> f64 {
    if df == f64::INFINITY {
        return h(1.0);
    }
    let density = |u: f64| libm::exp(df * ln_shape(u));
    // The density of u = ln s is nearly normal with this spread, with a longer tail to the left.
    let spread = (0.5 / df).sqrt();
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
    adaptive(|u| density(u) * h(libm::exp(u)), &breaks, tolerance) / whole
}

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
