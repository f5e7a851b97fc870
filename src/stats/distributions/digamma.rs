//! The logarithmic derivatives of the gamma function.

/// ψ(x), the derivative of ln Γ, for x > 0: recurrence up to 12, then the asymptotic series
/// (Abramowitz and Stegun 6.3.18). NaN elsewhere.
pub fn digamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut x, mut below) = (x, 0.0);
    while x < 12.0 {
        below += 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = r
        * (1.0 / 12.0
            - r * (1.0 / 120.0
                - r * (1.0 / 252.0
                    - r * (1.0 / 240.0 - r * (1.0 / 132.0 - r * (691.0 / 32_760.0 - r / 12.0))))));
    libm::log(x) - 0.5 / x - series - below
}

/// ψ′(x), for x > 0; the series is that of Abramowitz and Stegun 6.4.12. NaN elsewhere.
pub fn trigamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut x, mut below) = (x, 0.0);
    while x < 12.0 {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = r
        * (1.0 / 6.0
            - r * (1.0 / 30.0
                - r * (1.0 / 42.0
                    - r * (1.0 / 30.0 - r * (5.0 / 66.0 - r * (691.0 / 2730.0 - r * 7.0 / 6.0))))));
    below + (1.0 + 0.5 / x + series) / x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let near = (got - expected).abs() <= 4e-15 * expected.abs().max(1.0);
        assert!(near, "{got} is not {expected}");
    }

    /// mpmath's `psi(0, x)` and `psi(1, x)`.
    #[test]
    fn known_values() {
        check(digamma(1.0), -0.577_215_664_901_532_9);
        check(digamma(0.5), -1.963_510_026_021_423_5);
        check(digamma(7.3), 1.917_820_335_637_986);
        check(digamma(1e6), 13.815_510_057_964_191);
        check(trigamma(1.0), 1.644_934_066_848_226_4);
        check(trigamma(0.5), 4.934_802_200_544_679);
        check(trigamma(7.3), 0.146_795_768_131_427_03);
        assert!(digamma(0.0).is_nan() && trigamma(-1.0).is_nan());
    }
}
