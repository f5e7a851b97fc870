//! The noncentral t distribution: (Z + ncp) / (χ / √df). Degrees of freedom need not be whole.
//!
//! Both tails are integrals of normal tails over the distribution of χ, so each has its own
//! relative accuracy (near 1e-12) whatever the sizes of t and ncp.

use super::scale_mixture::over_scale;
use super::{Tails, normal, student_t};

const TOLERANCE: f64 = 1e-13;

/// P(T ≤ t).
pub fn cdf(t: f64, df: f64, ncp: f64) -> f64 {
    tails(t, df, ncp).lower
}

/// P(T > t).
pub fn sf(t: f64, df: f64, ncp: f64) -> f64 {
    tails(t, df, ncp).upper
}

/// Both tails at `t`.
pub fn tails(t: f64, df: f64, ncp: f64) -> Tails {
    if df.is_nan() || df <= 0.0 || t.is_nan() || !ncp.is_finite() {
        return Tails::NAN;
    }
    if ncp == 0.0 {
        return student_t::tails(t, df);
    }
    let lower = || over_scale(df, t, TOLERANCE, |s| normal::cdf(t * s - ncp));
    let upper = || over_scale(df, t, TOLERANCE, |s| normal::sf(t * s - ncp));
    match t {
        f64::INFINITY => Tails::from_lower(1.0),
        f64::NEG_INFINITY => Tails::from_lower(0.0),
        t if t < ncp => Tails::from_lower(lower()),
        _ => Tails::from_lower(upper()).swapped(),
    }
}

/// The noncentralities at which `t` is the upper and the lower `1 − level` / 2 point: the limits of
/// an interval for ncp that holds it with probability `level`.
pub fn ncp_interval(t: f64, df: f64, level: f64) -> (f64, f64) {
    let alpha = 0.5 * (1.0 - level);
    (ncp_below(t, df, alpha), -ncp_below(-t, df, alpha))
}

/// The ncp with P(T > t) = `alpha`: the lower limit of a one-sided interval.
pub fn ncp_below(t: f64, df: f64, alpha: f64) -> f64 {
    if !t.is_finite() || df.is_nan() || df <= 0.0 || !(alpha > 0.0 && alpha < 1.0) {
        return f64::NAN;
    }
    // The tail grows with ncp; on the normal scale it is nearly straight.
    let target = normal::upper_quantile(alpha);
    let excess = |ncp: f64| {
        let at = tails(t, df, ncp);
        let z = if at.upper < 0.5 {
            normal::upper_quantile(at.upper)
        } else {
            normal::quantile(at.lower)
        };
        target - z
    };
    let spread = (1.0 + t * t / (2.0 * df)).sqrt();
    super::invert::root(
        excess,
        t - target * spread - spread,
        t - target * spread + spread,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let error = ((got - expected) / expected).abs();
        assert!(
            error < 1e-11,
            "{got:e} is not {expected:e}, off by {error:.1e}"
        );
    }

    #[test]
    fn an_interval_gives_back_its_tails() {
        for (t, df) in [
            (2.5, 10.0),
            (-0.3, 3.0),
            (12.0, 1.0),
            (40.0, 500.0),
            (0.0, 8.0),
        ] {
            let (low, high) = ncp_interval(t, df, 0.9);
            check(sf(t, df, low), 0.05);
            check(cdf(t, df, high), 0.05);
        }
    }

    #[test]
    fn edges() {
        assert!(cdf(1.0, 0.0, 1.0).is_nan() && ncp_below(f64::NAN, 3.0, 0.1).is_nan());
        assert_eq!(sf(f64::INFINITY, 3.0, 1.0), 0.0);
        check(cdf(1.0, f64::INFINITY, 0.5), normal::cdf(0.5));
        check(cdf(1.0, 7.0, 0.0), student_t::cdf(1.0, 7.0));
    }
}
