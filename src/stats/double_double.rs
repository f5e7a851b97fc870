//! Double-double arithmetic: a number held as the unevaluated sum of two `f64`, about 32 digits.
//!
//! Used where a plain `f64` loses the digits that the answer needs: exponents of tail
//! probabilities and residuals of ill-conditioned least squares.
//! Products split by Dekker (1971), sums by Knuth's branch-free two-sum; no fused multiply-add,
//! so that native code and WebAssembly give the same bits.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// The unevaluated sum `hi + lo` with `|lo| <= ulp(hi) / 2`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoubleDouble {
    pub hi: f64,
    pub lo: f64,
}

const LN_2: DoubleDouble = DoubleDouble {
    hi: std::f64::consts::LN_2,
    lo: 2.319_046_813_846_299_6e-17,
};

impl DoubleDouble {
    pub const ZERO: Self = Self { hi: 0.0, lo: 0.0 };
    pub const ONE: Self = Self { hi: 1.0, lo: 0.0 };

    /// The exact sum of two doubles.
    pub fn from_sum(a: f64, b: f64) -> Self {
        let (hi, lo) = two_sum(a, b);
        Self { hi, lo }
    }

    /// The exact product of two doubles (both below about 1e150 in size).
    pub fn from_product(a: f64, b: f64) -> Self {
        let (hi, lo) = two_product(a, b);
        Self { hi, lo }
    }

    /// The quotient of two doubles to about 32 digits.
    pub fn from_quotient(a: f64, b: f64) -> Self {
        Self::from(a) / Self::from(b)
    }

    pub fn value(self) -> f64 {
        self.hi + self.lo
    }

    /// Multiplies by a power of two, exactly while nothing underflows.
    pub fn scale_by_power_of_two(self, exponent: i32) -> Self {
        Self {
            hi: libm::ldexp(self.hi, exponent),
            lo: libm::ldexp(self.lo, exponent),
        }
    }

    /// Square root of a number that is not negative: one Newton step from the double result.
    pub fn sqrt(self) -> Self {
        if self.hi <= 0.0 {
            return Self::from(self.hi.sqrt());
        }
        let first = self.hi.sqrt();
        let rest = self - Self::from_product(first, first);
        Self::from_sum(first, rest.hi / (2.0 * first))
    }

    /// e to this power. The argument is halved nine times, a Taylor polynomial taken, and the
    /// result squared back as `expm1` so that no digit is lost to the leading one.
    pub fn exp(self) -> Self {
        let k = (self.hi / LN_2.hi).round();
        let reduced = (self - LN_2 * Self::from(k)).scale_by_power_of_two(-9);
        let mut sum = Self::ZERO;
        for n in (1..=9).rev() {
            sum = (sum + Self::ONE) * reduced / Self::from(f64::from(n));
        }
        for _ in 0..9 {
            sum = sum + sum + sum * sum;
        }
        (sum + Self::ONE).scale_by_power_of_two(k as i32)
    }

    /// Natural logarithm of a positive number: one Newton step from the double result.
    pub fn ln(self) -> Self {
        let (_, exponent) = libm::frexp(self.hi);
        let mantissa = self.scale_by_power_of_two(-exponent);
        let first = libm::log(mantissa.hi);
        let rest = mantissa * Self::from(-first).exp() - Self::ONE;
        let half_square = Self::from(0.5 * rest.hi * rest.hi);
        Self::from(first) + (rest - half_square) + LN_2 * Self::from(f64::from(exponent))
    }
}

/// Rounded sum and its exact error.
pub fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// Rounded product and its exact error.
pub fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

/// Halves of 26 bits each, so that products of halves are exact.
fn split(a: f64) -> (f64, f64) {
    let scaled = 134_217_729.0 * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

impl From<f64> for DoubleDouble {
    fn from(value: f64) -> Self {
        Self { hi: value, lo: 0.0 }
    }
}

impl Add for DoubleDouble {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (high, high_error) = two_sum(self.hi, other.hi);
        let (low, low_error) = two_sum(self.lo, other.lo);
        let (high, rest) = quick_two_sum(high, high_error + low);
        let (hi, lo) = quick_two_sum(high, rest + low_error);
        Self { hi, lo }
    }
}

impl Sub for DoubleDouble {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for DoubleDouble {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let (product, error) = two_product(self.hi, other.hi);
        let (hi, lo) = quick_two_sum(product, error + (self.hi * other.lo + self.lo * other.hi));
        Self { hi, lo }
    }
}

impl Div for DoubleDouble {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let first = self.hi / other.hi;
        let rest = self - other * Self::from(first);
        let second = rest.hi / other.hi;
        let rest = rest - other * Self::from(second);
        let (hi, lo) = quick_two_sum(first, second);
        Self { hi, lo } + Self::from(rest.hi / other.hi)
    }
}

impl Neg for DoubleDouble {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            hi: -self.hi,
            lo: -self.lo,
        }
    }
}

/// `two_sum` when `|a| >= |b|`.
fn quick_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected halves from mpmath 1.4 at 300 bits:
    /// `hi = float(v); lo = float(v - mpf(hi))`.
    fn check(got: DoubleDouble, hi: f64, lo: f64) {
        let error = (got - DoubleDouble { hi, lo }).value() / hi;
        assert!(
            error.abs() < 1e-30,
            "{got:?} is not {hi:e} + {lo:e}: {error:e}"
        );
    }

    #[test]
    fn constants() {
        check(
            DoubleDouble::from(2.0).ln(),
            std::f64::consts::LN_2,
            2.319_046_813_846_299_6e-17,
        );
        let two_pi = DoubleDouble {
            hi: std::f64::consts::TAU,
            lo: 2.4492935982947064e-16,
        };
        check(
            two_pi.ln().scale_by_power_of_two(-1),
            0.9189385332046728,
            -3.8782941580672414e-17,
        );
    }

    #[test]
    fn exp_undoes_ln() {
        for x in [1e-300, 3.7e-12, 0.1, 1.0, 17.25, 6.02e+23, 1.7e+300] {
            let error = ((DoubleDouble::from(x).ln().exp()) - DoubleDouble::from(x)).value() / x;
            assert!(error.abs() < 1e-28, "{x}: {error:e}");
        }
    }

    #[test]
    fn sums_and_products_are_exact() {
        assert_eq!(two_sum(1.0, 1e-30), (1.0, 1e-30));
        let third = 1.0 / 3.0;
        assert_eq!(DoubleDouble::from_product(third, 3.0).value(), 1.0,);
        assert_eq!(
            DoubleDouble::from_product(third, 3.0).lo,
            -5.551115123125783e-17
        );
    }
}
