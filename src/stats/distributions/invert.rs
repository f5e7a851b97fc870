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

/// The root of an increasing or decreasing function, searched from the bracket `low`, `high`, which
/// widens until the signs differ. NaN when they never do.
///
/// Bisection safeguards inverse interpolation (Chandrupatla 1997).
pub(crate) fn root(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let (mut at_low, mut at_high) = (f(low), f(high));
    let mut width = (high - low).abs().max(1e-3);
    for _ in 0..200 {
        if at_low.is_nan() || at_high.is_nan() || at_low * at_high <= 0.0 {
            break;
        }
        if at_low.abs() < at_high.abs() {
            low -= width;
            at_low = f(low);
        } else {
            high += width;
            at_high = f(high);
        }
        width *= 2.0;
    }
    if at_low == 0.0 {
        return low;
    }
    if at_high == 0.0 {
        return high;
    }
    if at_low.is_nan() || at_high.is_nan() || at_low * at_high > 0.0 {
        return f64::NAN;
    }
    // b is the newest point, a its partner across the root, c the point before.
    let (mut a, mut fa) = (low, at_low);
    let (mut b, mut fb) = (high, at_high);
    let (mut c, mut fc);
    let mut t = 0.5;
    for _ in 0..200 {
        let x = a + t * (b - a);
        let fx = f(x);
        if fx == 0.0 {
            return x;
        }
        (c, fc) = if fx.signum() == fa.signum() {
            (a, fa)
        } else {
            let old = (b, fb);
            (b, fb) = (a, fa);
            old
        };
        (a, fa) = (x, fx);
        let best = if fa.abs() < fb.abs() { a } else { b };
        let tolerance = 2.0 * f64::EPSILON * best.abs() + 1e-300;
        let share = tolerance / (b - a).abs();
        if share > 0.5 {
            return best;
        }
        let xi = (a - b) / (c - b);
        let phi = (fa - fb) / (fc - fb);
        let bends_little = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
        t = if bends_little {
            fa / (fb - fa) * (fc / (fb - fc))
                + (c - a) / (b - a) * (fa / (fc - fa)) * (fb / (fc - fb))
        } else {
            0.5
        };
        t = t.clamp(share, 1.0 - share);
    }
    if fa.abs() < fb.abs() { a } else { b }
}

/// The root of a smooth function by the secant method, from near it and with a slope near that there. None
/// when a few steps do not reach it.
pub(super) fn secant(f: impl Fn(f64) -> f64, start: f64, slope: f64) -> Option<f64> {
    const MAX_STEPS: usize = 12;
    // The step after one so short is beyond the digits.
    const SHORT: f64 = 1e-9;
    let (mut x, mut value) = (start, f(start));
    let mut slope = slope;
    for _ in 0..MAX_STEPS {
        let step = -value / slope;
        if !step.is_finite() || step.abs() > 1.0 {
            return None;
        }
        if step.abs() <= SHORT {
            return Some(x + step);
        }
        let next = f(x + step);
        slope = (next - value) / step;
        (x, value) = (x + step, next);
    }
    None
}

fn relative_excess(value: f64, target: f64) -> f64 {
    (value - target) / value
}
