//! Fisher's F distribution. Infinite denominator degrees of freedom are allowed.

use super::incomplete_beta::IncompleteBeta;
use super::{Tail, Tails, beta, chi_squared};
use crate::stats::double_double::DoubleDouble;

/// Density at `x` with `df1` and `df2` degrees of freedom.
pub fn pdf(x: f64, df1: f64, df2: f64) -> f64 {
    if !in_domain(df1, df2) || x.is_nan() {
        return f64::NAN;
    }
    match x {
        x if x < 0.0 => 0.0,
        0.0 if df1 < 2.0 => f64::INFINITY,
        0.0 if df1 == 2.0 => 1.0,
        0.0 => 0.0,
        x if df2 == f64::INFINITY => chi_squared::pdf(x * df1, df1) * df1,
        x => IncompleteBeta::new(0.5 * df1, 0.5 * df2).scaled_density(odds(x, df1, df2)) / x,
    }
}

/// P(X ≤ x).
pub fn cdf(x: f64, df1: f64, df2: f64) -> f64 {
    tails(x, df1, df2).lower
}

/// P(X > x).
pub fn sf(x: f64, df1: f64, df2: f64) -> f64 {
    tails(x, df1, df2).upper
}

/// Both tails at `x`.
pub fn tails(x: f64, df1: f64, df2: f64) -> Tails {
    match x {
        _ if !in_domain(df1, df2) || x.is_nan() => Tails::NAN,
        x if x <= 0.0 => Tails::from_lower(0.0),
        x if df2 == f64::INFINITY => chi_squared::tails(x * df1, df1),
        x => IncompleteBeta::new(0.5 * df1, 0.5 * df2).tails(odds(x, df1, df2)),
    }
}

/// The x with P(X ≤ x) = p.
pub fn quantile(p: f64, df1: f64, df2: f64) -> f64 {
    solve(p, Tail::Lower, df1, df2)
}

/// The x with P(X > x) = p.
pub fn upper_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    solve(p, Tail::Upper, df1, df2)
}

fn solve(p: f64, tail: Tail, df1: f64, df2: f64) -> f64 {
    if !in_domain(df1, df2) {
        return f64::NAN;
    }
    match tail {
        Tail::Lower if df2 == f64::INFINITY => chi_squared::quantile(p, df1) / df1,
        Tail::Upper if df2 == f64::INFINITY => chi_squared::upper_quantile(p, df1) / df1,
        tail => beta::solve_odds(p, tail, 0.5 * df1, 0.5 * df2) * (df2 / df1),
    }
}

fn odds(x: f64, df1: f64, df2: f64) -> DoubleDouble {
    if x > 1e150 {
        return DoubleDouble::from(x / df2 * df1);
    }
    DoubleDouble::from_product(x, df1) / DoubleDouble::from(df2)
}

fn in_domain(df1: f64, df2: f64) -> bool {
    df1 > 0.0 && df1.is_finite() && df2 > 0.0
}
