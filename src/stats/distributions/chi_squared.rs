//! The chi-squared distribution.

use super::incomplete_gamma::IncompleteGamma;
use super::invert::solve_positive;
use super::{Tail, Tails, normal};

/// Density at `x` with `df` degrees of freedom.
pub fn pdf(x: f64, df: f64) -> f64 {
    if !in_domain(df) || x.is_nan() {
        return f64::NAN;
    }
    match x {
        x if x < 0.0 => 0.0,
        0.0 if df < 2.0 => f64::INFINITY,
        0.0 if df == 2.0 => 0.5,
        0.0 => 0.0,
        x => IncompleteGamma::new(0.5 * df).scaled_density(0.5 * x) / x,
    }
}

/// P(X ≤ x).
pub fn cdf(x: f64, df: f64) -> f64 {
    tails(x, df).lower
}

/// P(X > x).
pub fn sf(x: f64, df: f64) -> f64 {
    tails(x, df).upper
}

/// Both tails at `x`.
pub fn tails(x: f64, df: f64) -> Tails {
    if !in_domain(df) || x.is_nan() {
        return Tails::NAN;
    }
    IncompleteGamma::new(0.5 * df).tails(0.5 * x.max(0.0))
}

/// The x with P(X ≤ x) = p.
pub fn quantile(p: f64, df: f64) -> f64 {
    solve(p, Tail::Lower, df)
}

/// The x with P(X > x) = p.
pub fn upper_quantile(p: f64, df: f64) -> f64 {
    solve(p, Tail::Upper, df)
}

fn solve(p: f64, tail: Tail, df: f64) -> f64 {
    if !in_domain(df) || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let (p, tail) = nearer_tail(p, tail);
    if p == 0.0 {
        return if tail == Tail::Lower {
            0.0
        } else {
            f64::INFINITY
        };
    }
    let distribution = IncompleteGamma::new(0.5 * df);
    2.0 * solve_positive(
        p,
        tail,
        0.5 * wilson_hilferty(p, tail, df),
        |half_x| distribution.tails(half_x),
        |half_x| distribution.scaled_density(half_x),
    )
}

/// The same point told by its smaller tail.
pub(super) fn nearer_tail(p: f64, tail: Tail) -> (f64, Tail) {
    match tail {
        tail if p <= 0.5 => (p, tail),
        Tail::Lower => (1.0 - p, Tail::Upper),
        Tail::Upper => (1.0 - p, Tail::Lower),
    }
}

/// The cube of a normal quantile as a first guess (Wilson and Hilferty 1931).
fn wilson_hilferty(p: f64, tail: Tail, df: f64) -> f64 {
    let z = match tail {
        Tail::Lower => normal::quantile(p),
        Tail::Upper => normal::upper_quantile(p),
    };
    let spread = 2.0 / (9.0 * df);
    let root = 1.0 - spread + z * spread.sqrt();
    df * (root * root * root).max(1e-3)
}

fn in_domain(df: f64) -> bool {
    df > 0.0 && df.is_finite()
}
