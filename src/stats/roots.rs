//! Where a function of one number is zero.

/// A zero of a continuous function between `a` and `b`, whose values there must differ in sign
/// (zero is either), to about `tolerance` in its argument. Brent (1973), *Algorithms for
/// Minimization without Derivatives*, chapter 4.
///
/// `None` when the signs are equal or a value is NaN.
pub fn brent(
    mut f: impl FnMut(f64) -> f64,
    (mut a, mut b): (f64, f64),
    tolerance: f64,
) -> Option<f64> {
    let (mut fa, mut fb) = (f(a), f(b));
    if fa.is_nan() || fb.is_nan() || (fa > 0.0 && fb > 0.0) || (fa < 0.0 && fb < 0.0) {
        return None;
    }
    // b is the best so far, a the one before it, and the zero lies between b and c.
    let (mut c, mut fc) = (a, fa);
    let mut step = b - a;
    let mut last_step = step;
    for _ in 0..200 {
        if (fb > 0.0) == (fc > 0.0) {
            (c, fc) = (a, fa);
            step = b - a;
            last_step = step;
        }
        if fc.abs() < fb.abs() {
            (a, fa) = (b, fb);
            (b, fb) = (c, fc);
            (c, fc) = (a, fa);
        }
        let near = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        let middle = 0.5 * (c - b);
        if middle.abs() <= near || fb == 0.0 {
            return Some(b);
        }
        if last_step.abs() >= near && fa.abs() > fb.abs() {
            let s = fb / fa;
            let (mut p, mut q) = if a == c {
                (2.0 * middle * s, 1.0 - s)
            } else {
                let (q, r) = (fa / fc, fb / fc);
                (
                    s * (2.0 * middle * q * (q - r) - (b - a) * (r - 1.0)),
                    (q - 1.0) * (r - 1.0) * (s - 1.0),
                )
            };
            if p > 0.0 {
                q = -q;
            } else {
                p = -p;
            }
            let fits =
                2.0 * p < (3.0 * middle * q - (near * q).abs()) && p < (0.5 * last_step * q).abs();
            last_step = step;
            step = if fits { p / q } else { middle };
            if !fits {
                last_step = middle;
            }
        } else {
            step = middle;
            last_step = middle;
        }
        (a, fa) = (b, fb);
        b += if step.abs() > near {
            step
        } else {
            near.copysign(middle)
        };
        fb = f(b);
        if fb.is_nan() {
            return None;
        }
    }
    Some(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(f: impl Fn(f64) -> f64, ends: (f64, f64), expected: Option<f64>) {
        let found = brent(f, ends, 1e-14);
        match (found, expected) {
            (Some(x), Some(y)) => assert!((x - y).abs() < 2e-14, "{x} is not {y}"),
            _ => assert_eq!(found, expected),
        }
    }

    #[test]
    fn zeros_are_found() {
        check(|x| x * x - 2.0, (0.0, 2.0), Some(2.0_f64.sqrt()));
        check(
            |x| libm::exp(x) - 2.0,
            (-10.0, 10.0),
            Some(std::f64::consts::LN_2),
        );
        check(|x| x - 0.5, (0.5, 2.0), Some(0.5));
        check(|x| libm::atan(x - 1e3), (-1e6, 1e6), Some(1e3));
        check(|x| x * x + 1.0, (-1.0, 1.0), None);
        check(|_| f64::NAN, (-1.0, 1.0), None);
    }
}
