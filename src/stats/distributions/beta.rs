//! The beta distribution on (0, 1).

use super::chi_squared::nearer_tail;
use super::incomplete_beta::IncompleteBeta;
use super::invert::solve_positive;
use super::{Tail, Tails};
use crate::stats::double_double::DoubleDouble;

/// Density at `x` with shapes `a` and `b`.
pub fn pdf(x: f64, a: f64, b: f64) -> f64 {
    if !in_domain(a, b) || x.is_nan() {
        return f64::NAN;
    }
    let at_edge = |shape: f64, other: f64| match shape {
        shape if shape < 1.0 => f64::INFINITY,
        1.0 => other,
        _ => 0.0,
    };
    match x {
        0.0 => at_edge(a, b),
        1.0 => at_edge(b, a),
        x if !(0.0..=1.0).contains(&x) => 0.0,
        x => IncompleteBeta::new(a, b).scaled_density(odds(x)) / (x * (1.0 - x)),
    }
}

/// P(X ≤ x), the regularised incomplete beta function I_x(a, b).
pub fn cdf(x: f64, a: f64, b: f64) -> f64 {
    tails(x, a, b).lower
}

/// P(X > x).
pub fn sf(x: f64, a: f64, b: f64) -> f64 {
    tails(x, a, b).upper
}

/// Both tails at `x`.
pub fn tails(x: f64, a: f64, b: f64) -> Tails {
    match x {
        _ if !in_domain(a, b) || x.is_nan() => Tails::NAN,
        x if x <= 0.0 => Tails::from_lower(0.0),
        x if x >= 1.0 => Tails::from_lower(1.0),
        x => IncompleteBeta::new(a, b).tails(odds(x)),
    }
}

/// The x with P(X ≤ x) = p.
pub fn quantile(p: f64, a: f64, b: f64) -> f64 {
    from_odds(solve_odds(p, Tail::Lower, a, b))
}

/// The x with P(X > x) = p.
pub fn upper_quantile(p: f64, a: f64, b: f64) -> f64 {
    from_odds(solve_odds(p, Tail::Upper, a, b))
}

/// The odds x / (1 − x) of the point with P(X ≤ x) = p.
pub fn odds_quantile(p: f64, a: f64, b: f64) -> f64 {
    solve_odds(p, Tail::Lower, a, b)
}

/// The odds x / (1 − x) of the point with P(X > x) = p.
pub fn upper_odds_quantile(p: f64, a: f64, b: f64) -> f64 {
    solve_odds(p, Tail::Upper, a, b)
}

/// The odds of the point with this tail.
pub(super) fn solve_odds(p: f64, tail: Tail, a: f64, b: f64) -> f64 {
    if !in_domain(a, b) || !(0.0..=1.0).contains(&p) {
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
    let distribution = IncompleteBeta::new(a, b);
    solve_positive(
        p,
        tail,
        a / b,
        |odds| distribution.tails(DoubleDouble::from(odds)),
        |odds| distribution.scaled_density(DoubleDouble::from(odds)),
    )
}

fn odds(x: f64) -> DoubleDouble {
    DoubleDouble::from(x) / DoubleDouble::from_sum(1.0, -x)
}

fn from_odds(odds: f64) -> f64 {
    if odds == f64::INFINITY {
        1.0
    } else {
        odds / (1.0 + odds)
    }
}

fn in_domain(a: f64, b: f64) -> bool {
    a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite()
}
