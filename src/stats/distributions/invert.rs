//! Solving a distribution function for its argument.

use super::{Tail, Tails};

/// Finds x > 0 whose tail is `probability`, for a distribution on (0, ∞).
///
/// Newton's method on ln tail against ln x, where distribution functions are nearly straight,
/// kept inside a bracket that every step narrows.
/// `start` is a first guess; `tails(x)` the distribution; `scaled_density(x)` is x times its
/// density. Returns 0 or infinity when the answer is out of a double's range.
pub(super) fn solve_positive(
    probability: f64,
    tail: Tail,
    start: f64,
    tails: impl Fn(f64) -> Tails,
    scaled_density: impl Fn(f64) -> f64,
) -> f64 {
    const LN_MIN: f64 = -744.0;
    const LN_MAX: f64 = 709.7;
    let target = libm::log(probability);
    let (mut low, mut high) = (LN_MIN, LN_MAX);
    let mut ln_x = libm::log(start).clamp(-700.0, 700.0);
    for _ in 0..200 {
        let x = libm::exp(ln_x);
        let (value, slope_sign) = match tail {
            Tail::Lower => (tails(x).lower, 1.0),
            Tail::Upper => (tails(x).upper, -1.0),
        };
        let excess = if value > 0.0 {
            libm::log(value) - target
        } else {
            f64::NEG_INFINITY
        };
        if excess == 0.0 {
            return x;
        }
        if excess * slope_sign > 0.0 {
            high = ln_x;
        } else {
            low = ln_x;
        }
        let slope = slope_sign * scaled_density(x) / value;
        let newton = ln_x - excess / slope;
        let next = if newton > low && newton < high {
            newton
        } else {
            0.5 * (low + high)
        };
        let step = next - ln_x;
        if step.abs() < 1e-9 {
            // One exact last step: x (1 + step) keeps the digits that exp(ln x) would lose.
            let rest = relative_excess(value, probability);
            let last = -rest * value / (slope_sign * scaled_density(x));
            return if last.abs() < 1e-6 {
                x * (1.0 + last)
            } else {
                x
            };
        }
        ln_x = next;
    }
    let x = libm::exp(ln_x);
    match () {
        () if ln_x <= LN_MIN + 1.0 => 0.0,
        () if ln_x >= LN_MAX - 1.0 => f64::INFINITY,
        () => x,
    }
}

fn relative_excess(value: f64, target: f64) -> f64 {
    (value - target) / value
}
