//! Functions of numbers. Where there is no answer (a number over 0, the root of −1) it is missing.

use super::super::functions::Call;
use super::super::syntax::Infix;
use super::kernels::Values;
use super::lane::Lane;
use crate::table::csv::parse;

pub(super) fn arithmetic<'a>(infix: Infix, a: Lane<'a, f64>, b: Lane<'a, f64>) -> Lane<'a, f64> {
    match infix {
        Infix::Add => a.merge(b, |a, b| a + b),
        Infix::Subtract => a.merge(b, |a, b| a - b),
        Infix::Multiply => a.merge(b, |a, b| a * b),
        Infix::Divide => a.merge(b, |a, b| if b == 0.0 { f64::NAN } else { a / b }),
        Infix::DivideWhole => a.merge(b, divide_whole),
        Infix::Remainder => a.merge(b, remainder),
        _ => match b {
            Lane::One(2.0) => a.update(|a| a * a),
            b => a.merge(b, power),
        },
    }
}

fn divide_whole(a: f64, b: f64) -> f64 {
    if b == 0.0 { f64::NAN } else { (a / b).floor() }
}

/// What is left over by [`divide_whole`], with the sign of the divisor.
fn remainder(a: f64, b: f64) -> f64 {
    let quotient = divide_whole(a, b);
    // A quotient that is not exact leaves nothing exact over.
    if quotient.abs() < EXACT {
        return a - b * quotient;
    }
    let rest = a % b;
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) {
        rest + b
    } else {
        rest
    }
}

const EXACT: f64 = 4_503_599_627_370_496.0;

fn power(a: f64, b: f64) -> f64 {
    // 1 to the power of what is not known is 1, but not known here.
    if a.is_nan() || b.is_nan() || (a == 0.0 && b < 0.0) {
        return f64::NAN;
    }
    libm::pow(a, b)
}

pub(super) fn has(call: Call) -> bool {
    use Call::*;
    matches!(
        call,
        Abs | Atan2
            | Ceil
            | Clip
            | Cos
            | Exp
            | Floor
            | Log
            | Log10
            | Log1p
            | Log2
            | NumberOf
            | Pi
            | Round
            | Sign
            | Sin
            | Sqrt
            | Tan
            | Trunc
    )
}

pub(super) fn run<'a>(call: Call, mut values: Values<'a>) -> Lane<'a, f64> {
    let above = |x: f64, bound: f64, y: f64| if x > bound { y } else { f64::NAN };
    match call {
        Call::Abs => values.number().update(f64::abs),
        Call::Atan2 => {
            let y = values.number();
            y.merge(values.number(), libm::atan2)
        }
        Call::Ceil => values.number().update(f64::ceil),
        Call::Clip => {
            let (x, low, high) = (values.number(), values.number(), values.number());
            let clip = |x: f64, low: f64, high: f64| match x.is_nan() {
                true => x,
                false => x.max(low).min(high),
            };
            x.zip3(low, high, values.n, clip)
        }
        Call::Cos => values.number().update(libm::cos),
        Call::Exp => values.number().update(libm::exp),
        Call::Floor => values.number().update(f64::floor),
        Call::Log if values.len() == 2 => {
            let x = values.number();
            let log = move |x: f64, base: f64| match x > 0.0 && base > 0.0 && base != 1.0 {
                true => log_of_base(x, base),
                false => f64::NAN,
            };
            x.merge(values.number(), log)
        }
        Call::Log => values.number().update(|x| above(x, 0.0, libm::log(x))),
        Call::Log10 => values.number().update(|x| above(x, 0.0, libm::log10(x))),
        Call::Log1p => values.number().update(|x| above(x, -1.0, libm::log1p(x))),
        Call::Log2 => values.number().update(|x| above(x, 0.0, libm::log2(x))),
        Call::NumberOf => number_of(values),
        Call::Pi => Lane::One(std::f64::consts::PI),
        Call::Round => {
            let x = values.number();
            match values.len() {
                0 => x.update(|x| round(x, 0.0)),
                _ => x.merge(values.number(), round),
            }
        }
        Call::Sign => values.number().update(|x| match x {
            x if x > 0.0 => 1.0,
            x if x < 0.0 => -1.0,
            x => x + 0.0,
        }),
        Call::Sin => values.number().update(libm::sin),
        Call::Sqrt => values.number().update(f64::sqrt),
        Call::Tan => values.number().update(libm::tan),
        _ => values.number().update(f64::trunc),
    }
}

fn log_of_base(x: f64, base: f64) -> f64 {
    match base {
        2.0 => libm::log2(x),
        10.0 => libm::log10(x),
        base => libm::log(x) / libm::log(base),
    }
}

/// Texts as numbers; what is a number already stays.
fn number_of<'a>(mut values: Values<'a>) -> Lane<'a, f64> {
    use super::super::types::Type;
    match values.ty() {
        Type::Text => {
            let (texts, n) = (values.text(), values.n);
            let number = |i| texts.get(i).and_then(parse::number).unwrap_or(f64::NAN);
            match texts.is_one() {
                true => Lane::One(number(0)),
                false => Lane::own((0..n).map(number).collect()),
            }
        }
        Type::Truth => values.truth().map(super::vector::number_of_truth),
        _ => values.number(),
    }
}

/// `x` to so many digits behind the point. A number counts as the shortest decimal that names it, and
/// a half goes away from zero: 2.675 to two digits is 2.68, though the double of that name lies below.
fn round(x: f64, digits: f64) -> f64 {
    const MOST: f64 = 22.0;
    if x.is_nan() || digits.is_nan() {
        return f64::NAN;
    }
    let digits = digits.trunc();
    // Beyond these, all digits stay or none.
    if digits > 330.0 || !x.is_finite() {
        return x;
    }
    if digits < -330.0 {
        return 0.0;
    }
    let size = x.abs();
    let rounded = if digits >= 0.0 {
        let power = match digits <= MOST {
            true => POWERS[digits as usize],
            false => libm::pow(10.0, digits),
        };
        let scaled = size * power;
        // All digits that a double has stand before the point already.
        if !scaled.is_finite() || scaled >= EXACT {
            return x;
        }
        // Below a half of the nearest decimal or above it: the half is a decimal, and `size` lies at
        // or above it when it does so as the double that the half is read as.
        let floor = scaled.floor();
        let half = (floor + 0.5) / power;
        (floor + f64::from(u8::from(size >= half))) / power
    } else {
        let power = match -digits <= MOST {
            true => POWERS[-digits as usize],
            false => libm::pow(10.0, -digits),
        };
        let floor = (size / power).floor();
        let half = (floor + 0.5) * power;
        (floor + f64::from(u8::from(size >= half))) * power
    };
    // Not −0.
    rounded.copysign(x) + 0.0
}

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Python: `Decimal(repr(x)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)`.
    #[test]
    fn halves_go_away_from_zero_as_they_are_written() {
        let check = |x: f64, digits: f64, expected: f64| {
            assert_eq!(round(x, digits), expected, "{x} to {digits}");
            assert_eq!(round(-x, digits), -expected + 0.0, "{x} to {digits}");
        };
        check(2.5, 0.0, 3.0);
        check(0.5, 0.0, 1.0);
        check(0.499_999_999_999_999_94, 0.0, 0.0);
        check(1.005, 2.0, 1.01);
        check(2.675, 2.0, 2.68);
        check(1.004_999_999_999, 2.0, 1.0);
        check(0.285, 2.0, 0.29);
        check(1.115, 2.0, 1.12);
        check(8.345, 2.0, 8.35);
        check(5.015, 2.0, 5.02);
        check(1234.5, -2.0, 1200.0);
        check(1250.0, -2.0, 1300.0);
        check(49.0, -2.0, 0.0);
        check(50.0, -2.0, 100.0);
        check(0.1 + 0.2, 1.0, 0.3);
        check(123_456_789.987_654_321, 3.0, 123_456_789.988);
        check(1e300, 2.0, 1e300);
        check(1e-320, 5.0, 0.0);
        check(1.5e-7, 7.0, 2e-7);
        check(4_503_599_627_370_497.5, 0.0, 4_503_599_627_370_497.5);
        check(0.1, 400.0, 0.1);
        check(f64::INFINITY, 2.0, f64::INFINITY);
    }

    #[test]
    fn remainders_have_the_sign_of_the_divisor() {
        let check = |a: f64, b: f64, whole: f64, rest: f64| {
            assert_eq!(
                (divide_whole(a, b), remainder(a, b)),
                (whole, rest),
                "{a} {b}"
            );
        };
        check(7.0, 3.0, 2.0, 1.0);
        check(-7.0, 3.0, -3.0, 2.0);
        check(7.0, -3.0, -3.0, -2.0);
        check(-7.0, -3.0, 2.0, -1.0);
        check(5.5, 2.0, 2.0, 1.5);
        check(1.0, 0.1, 10.0, 0.0);
        check(1e300, 7.0, 1e300 / 7.0, 1.0);
        assert!(divide_whole(1.0, 0.0).is_nan() && remainder(1.0, 0.0).is_nan());
    }

    #[test]
    fn powers_of_missing_values_are_missing() {
        assert!(power(1.0, f64::NAN).is_nan());
        assert!(power(f64::NAN, 0.0).is_nan());
        assert!(power(0.0, -1.0).is_nan());
        assert!(power(-8.0, 1.0 / 3.0).is_nan());
        assert_eq!(power(2.0, 10.0), 1024.0);
    }
}
