//! Logarithm of the gamma function.

use crate::stats::double_double::DoubleDouble;

const HALF_LN_2_PI: DoubleDouble = DoubleDouble {
    hi: 0.918_938_533_204_672_8,
    lo: -3.878_294_158_067_241_4e-17,
};

/// Natural logarithm of |Γ(x)|.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ln Γ(x) for x > 0, with an absolute error near 1e-18 beside the double-double rounding:
/// Stirling's series at an argument shifted to 24 or more.
pub(super) fn ln_gamma_precise(x: DoubleDouble) -> DoubleDouble {
    let mut shifted = x;
    let mut product = DoubleDouble::ONE;
    while shifted.hi < 24.0 {
        product = product * shifted;
        shifted = shifted + DoubleDouble::ONE;
    }
    let half = DoubleDouble::from(0.5);
    let stirling = (shifted - half) * shifted.ln() - shifted
        + HALF_LN_2_PI
        + DoubleDouble::from(stirling_series(shifted.hi));
    if x.hi < 24.0 {
        stirling - product.ln()
    } else {
        stirling
    }
}

/// Σ B₂ₖ / (2k (2k − 1) x²ᵏ⁻¹), the tail of Stirling's formula (DLMF 5.11.1).
fn stirling_series(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    let inverse_square = 1.0 / (x * x);
    let sum = COEFFICIENTS
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * inverse_square + coefficient);
    sum / x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values from mpmath 1.4 at 50 digits: `loggamma(mpf(x))`.
    fn check(x: f64, expected: f64) {
        let got = ln_gamma_precise(DoubleDouble::from(x)).value();
        let error = ((got - expected) / expected).abs();
        assert!(error < 2e-16, "ln gamma({x}) = {got}, not {expected}");
    }

    #[test]
    fn agrees_with_mpmath() {
        check(1e-300, 690.7755278982137);
        check(1e-5, 11.512919692895826);
        check(0.1, 2.252712651734206);
        check(0.5, 0.5723649429247001);
        check(1.5, -0.12078223763524522);
        check(3.0, std::f64::consts::LN_2);
        check(7.25, 7.0521854507385395);
        check(23.5, 50.03349410501915);
        check(24.0, 51.60667556776438);
        check(100.5, 361.4355404677776);
        check(12345.678, 103959.91990554606);
        check(500000.0, 6061176.046459176);
        check(5e9, 106663518736.65515);
    }
}
