//! Student's t distribution. Degrees of freedom need not be whole and may be infinite (normal).

use super::incomplete_beta::IncompleteBeta;
use super::{Tail, Tails, beta, normal};
use crate::stats::double_double::DoubleDouble;

/// Density at `t` with `df` degrees of freedom.
pub fn pdf(t: f64, df: f64) -> f64 {
    match t {
        _ if df.is_nan() || df <= 0.0 || t.is_nan() => f64::NAN,
        t if df == f64::INFINITY => normal::pdf(t),
        // |t| times the density is the density of ln t² on both sides, which is the beta
        // distribution's; at zero the limit is 1 / (√df B(1/2, df/2)).
        0.0 => IncompleteBeta::new(0.5, 0.5 * df).reciprocal_beta() / df.sqrt(),
        t => IncompleteBeta::new(0.5, 0.5 * df).scaled_density(odds(t, df)) / t.abs(),
    }
}

/// P(T ≤ t).
pub fn cdf(t: f64, df: f64) -> f64 {
    tails(t, df).lower
}

/// P(T > t).
pub fn sf(t: f64, df: f64) -> f64 {
    tails(t, df).upper
}

/// Both tails at `t`.
pub fn tails(t: f64, df: f64) -> Tails {
    if df.is_nan() || df <= 0.0 || t.is_nan() {
        return Tails::NAN;
    }
    if df == f64::INFINITY {
        return normal::tails(t);
    }
    let outside = 0.5 * IncompleteBeta::new(0.5, 0.5 * df).tails(odds(t, df)).upper;
    let positive = Tails {
        lower: 1.0 - outside,
        upper: outside,
    };
    if t >= 0.0 {
        positive
    } else {
        positive.swapped()
    }
}

/// P(|T| ≥ |t|).
pub fn two_sided_p(t: f64, df: f64) -> f64 {
    2.0 * sf(t.abs(), df)
}

/// The t with P(T ≤ t) = p.
pub fn quantile(p: f64, df: f64) -> f64 {
    if df.is_nan() || df <= 0.0 || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if df == f64::INFINITY {
        return normal::quantile(p);
    }
    let below = p < 0.5;
    let tail = if below { p } else { 1.0 - p };
    let odds = if tail > 0.25 {
        beta::solve_odds((1.0 - 2.0 * tail).abs(), Tail::Lower, 0.5, 0.5 * df)
    } else {
        beta::solve_odds(2.0 * tail, Tail::Upper, 0.5, 0.5 * df)
    };
    let t = (odds * df).sqrt();
    if below { -t } else { t }
}

/// The t with P(T > t) = p.
pub fn upper_quantile(p: f64, df: f64) -> f64 {
    -quantile(p, df)
}

/// t² / df, the odds at which the beta distribution of 1/2 and df/2 has the same tails.
fn odds(t: f64, df: f64) -> DoubleDouble {
    if t.abs() > 1e150 {
        return DoubleDouble::from(t.abs() / df * t.abs());
    }
    DoubleDouble::from_product(t, t) / DoubleDouble::from(df)
}
