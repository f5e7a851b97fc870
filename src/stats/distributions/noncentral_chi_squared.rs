//! The noncentral chi-squared distribution: a Poisson mixture of central ones.

use super::{Tails, chi_squared};

/// P(X ≤ x).
pub fn cdf(x: f64, df: f64, ncp: f64) -> f64 {
    tails(x, df, ncp).lower
}

/// P(X > x).
pub fn sf(x: f64, df: f64, ncp: f64) -> f64 {
    tails(x, df, ncp).upper
}

/// Both tails at `x`, with `df` degrees of freedom and noncentrality `ncp` ≥ 0.
pub fn tails(x: f64, df: f64, ncp: f64) -> Tails {
    if x.is_nan() || df.is_nan() || df < 0.0 || !(0.0..f64::INFINITY).contains(&ncp) {
        return Tails::NAN;
    }
    if x <= 0.0 {
        return Tails::from_lower(0.0);
    }
    poisson_mixture(0.5 * ncp, |j| {
        let df = df + 2.0 * j;
        if df == 0.0 {
            Tails::from_lower(1.0)
        } else {
            chi_squared::tails(x, df)
        }
    })
}

/// Σ P(J = j) · `tails(j)` for J of a Poisson distribution: both tails from their own positive
/// terms, outwards from the mode. `tails` must fall in its lower tail as j grows.
pub(super) fn poisson_mixture(mean: f64, tails: impl Fn(f64) -> Tails) -> Tails {
    let mode = mean.floor();
    let at_mode = super::poisson_mass(mode, mean);
    let mut sum = Tails {
        lower: 0.0,
        upper: 0.0,
    };
    let mut add = |j: f64, weight: f64| {
        let at = tails(j);
        let (lower, upper) = (weight * at.lower, weight * at.upper);
        sum.lower += lower;
        sum.upper += upper;
        lower < 1e-17 * sum.lower && upper < 1e-17 * sum.upper
    };
    let mut weight = at_mode;
    let mut j = mode;
    while weight > 0.0 && !add(j, weight) {
        j += 1.0;
        weight *= mean / j;
    }
    let (mut weight, mut j) = (at_mode, mode);
    while j > 0.0 {
        weight *= j / mean;
        j -= 1.0;
        if weight == 0.0 || add(j, weight) {
            break;
        }
    }
    Tails {
        lower: sum.lower.min(1.0),
        upper: sum.upper.min(1.0),
    }
}
