//! The noncentral F distribution: a Poisson mixture of scaled beta odds.

use super::incomplete_beta::IncompleteBeta;
use super::noncentral_chi_squared::{self, poisson_mixture};
use super::{Tails, normal};
use crate::stats::double_double::DoubleDouble;

/// P(X ≤ x).
pub fn cdf(x: f64, df1: f64, df2: f64, ncp: f64) -> f64 {
    tails(x, df1, df2, ncp).lower
}

/// P(X > x).
pub fn sf(x: f64, df1: f64, df2: f64, ncp: f64) -> f64 {
    tails(x, df1, df2, ncp).upper
}

/// Both tails at `x`, with noncentrality `ncp` ≥ 0 of the numerator.
pub fn tails(x: f64, df1: f64, df2: f64, ncp: f64) -> Tails {
    let positive = df1 > 0.0 && df2 > 0.0 && df1.is_finite();
    if x.is_nan() || !positive || !(0.0..f64::INFINITY).contains(&ncp) {
        return Tails::NAN;
    }
    match x {
        x if x <= 0.0 => Tails::from_lower(0.0),
        f64::INFINITY => Tails::from_lower(1.0),
        x if df2 == f64::INFINITY => noncentral_chi_squared::tails(x * df1, df1, ncp),
        x => {
            let odds = DoubleDouble::from_product(x, df1) / DoubleDouble::from(df2);
            poisson_mixture(0.5 * ncp, |j| {
                IncompleteBeta::new(0.5 * df1 + j, 0.5 * df2).tails(odds)
            })
        }
    }
}

/// The noncentrality with P(X > x) = `alpha`, or 0 when even that of 0 has a larger tail: the lower
/// limit of a one-sided interval for it.
pub fn ncp_below(x: f64, df1: f64, df2: f64, alpha: f64) -> f64 {
    ncp_with(x, df1, df2, |tails| tails.upper, alpha)
}

/// The noncentrality with P(X ≤ x) = `alpha`, or 0 when that of 0 has a smaller tail.
pub fn ncp_above(x: f64, df1: f64, df2: f64, alpha: f64) -> f64 {
    ncp_with(x, df1, df2, |tails| tails.lower, alpha)
}

fn ncp_with(x: f64, df1: f64, df2: f64, side: fn(Tails) -> f64, alpha: f64) -> f64 {
    if !x.is_finite() || !(alpha > 0.0 && alpha < 1.0) {
        return f64::NAN;
    }
    let z = |ncp: f64| normal::quantile(side(tails(x, df1, df2, ncp))) - normal::quantile(alpha);
    let at_zero = side(tails(x, df1, df2, 0.0));
    let grows = side(Tails {
        lower: 0.0,
        upper: 1.0,
    }) == 1.0;
    if at_zero.is_nan() {
        return f64::NAN;
    }
    if grows && at_zero >= alpha || !grows && at_zero <= alpha {
        return 0.0;
    }
    // In √ncp the normal scale is nearly straight.
    let mut high = (x * df1).sqrt().max(1.0);
    let sign = z(0.0).signum();
    while z(high * high).signum() == sign && high < 1e6 {
        high *= 1.5;
    }
    let root = super::invert::root(|r| z(r * r).clamp(-40.0, 40.0), 0.0, high);
    root * root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_give_back_their_tails() {
        for (x, df1, df2) in [(4.2, 2.0, 30.0), (12.0, 5.0, 200.0), (150.0, 1.0, 9.0)] {
            let low = ncp_below(x, df1, df2, 0.05);
            let high = ncp_above(x, df1, df2, 0.05);
            assert!(low < high);
            assert!((sf(x, df1, df2, low) - 0.05).abs() < 1e-12, "{x}");
            assert!((cdf(x, df1, df2, high) - 0.05).abs() < 1e-12, "{x}");
        }
        assert_eq!(ncp_below(0.5, 2.0, 30.0, 0.05), 0.0);
        assert!(cdf(1.0, 2.0, 0.0, 1.0).is_nan());
    }
}
