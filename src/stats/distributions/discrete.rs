//! Masses of discrete distributions by Loader's saddle-point expansion (2000), which keeps full
//! relative accuracy for large counts.

use super::ln_gamma::ln_gamma_precise;
use crate::stats::double_double::DoubleDouble;

/// P(X = k) of a Poisson distribution.
pub(crate) fn poisson_mass(k: f64, mean: f64) -> f64 {
    if mean == 0.0 {
        return if k == 0.0 { 1.0 } else { 0.0 };
    }
    if k == 0.0 {
        return libm::exp(-mean);
    }
    libm::exp(-stirling_error(k) - deviance(k, mean)) / (2.0 * std::f64::consts::PI * k).sqrt()
}

/// P(X = k) of a binomial distribution of `n` trials, for whole 0 ≤ k ≤ n.
pub fn binomial_mass(k: f64, n: f64, p: f64) -> f64 {
    let q = 1.0 - p;
    match () {
        () if k < 0.0 || k > n => 0.0,
        () if p == 0.0 => f64::from(u8::from(k == 0.0)),
        () if q == 0.0 => f64::from(u8::from(k == n)),
        () if k == 0.0 => libm::exp(n * libm::log1p(-p)),
        () if k == n => libm::exp(n * libm::log(p)),
        () => {
            let rest = n - k;
            let exponent = stirling_error(n)
                - stirling_error(k)
                - stirling_error(rest)
                - deviance(k, n * p)
                - deviance(rest, n * q);
            libm::exp(exponent) * (n / (2.0 * std::f64::consts::PI * k * rest)).sqrt()
        }
    }
}

/// P(X = k) of a hypergeometric distribution: `k` marked among `n_drawn` drawn from `n_marked`
/// marked and `n_others` others.
pub fn hypergeometric_mass(k: f64, n_marked: f64, n_others: f64, n_drawn: f64) -> f64 {
    if k < 0.0 || k > n_marked || n_drawn - k < 0.0 || n_drawn - k > n_others {
        return 0.0;
    }
    let total = n_marked + n_others;
    if n_drawn == 0.0 || n_drawn == total {
        return 1.0;
    }
    let p = n_drawn / total;
    binomial_mass(k, n_marked, p) * binomial_mass(n_drawn - k, n_others, p)
        / binomial_mass(n_drawn, total, p)
}

/// ln Γ(x) for x > 0, correctly rounded or nearly so.
pub fn ln_gamma_positive(x: f64) -> f64 {
    ln_gamma_precise(DoubleDouble::from(x)).value()
}

/// ln of the factorial of a whole number.
pub fn ln_factorial(n: f64) -> f64 {
    ln_gamma_positive(n + 1.0)
}

/// ln n! less Stirling's formula without its series: ln(n! / (√(2πn) (n/e)ⁿ)).
fn stirling_error(n: f64) -> f64 {
    if n >= 24.0 {
        let square = 1.0 / (n * n);
        let series = [
            1.0 / 12.0,
            -1.0 / 360.0,
            1.0 / 1260.0,
            -1.0 / 1680.0,
            1.0 / 1188.0,
            -691.0 / 360_360.0,
        ];
        return series.iter().rev().fold(0.0, |sum, c| sum * square + c) / n;
    }
    const HALF_LN_2_PI: DoubleDouble = DoubleDouble {
        hi: 0.918_938_533_204_672_8,
        lo: -3.878_294_158_067_241_4e-17,
    };
    let x = DoubleDouble::from(n);
    let stirling = (x + DoubleDouble::from(0.5)) * x.ln() - x + HALF_LN_2_PI;
    (ln_gamma_precise(x + DoubleDouble::ONE) - stirling).value()
}

/// k ln(k / m) + m − k, without cancellation where k is near m.
fn deviance(k: f64, m: f64) -> f64 {
    if (k - m).abs() < 0.1 * (k + m) {
        let v = (k - m) / (k + m);
        let mut sum = (k - m) * v;
        let mut term = 2.0 * k * v;
        for j in 1..1000 {
            term *= v * v;
            let next = sum + term / f64::from(2 * j + 1);
            if next == sum {
                return sum;
            }
            sum = next;
        }
        return sum;
    }
    k * libm::log(k / m) + m - k
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values from mpmath 1.4 at 50 digits.
    #[track_caller]
    fn check(got: f64, expected: f64) {
        let error = ((got - expected) / expected).abs();
        assert!(
            error < 5e-14,
            "{got:e} is not {expected:e}, off by {error:.1e}"
        );
    }

    #[test]
    fn masses() {
        check(binomial_mass(3.0, 10.0, 0.3), 0.266827932);
        check(binomial_mass(500.0, 1000.0, 0.5), 0.0252250181783608);
        check(binomial_mass(40.0, 1000.0, 0.01), 3.58791071320096e-13);
        check(
            binomial_mass(123456.0, 1000000.0, 0.125),
            2.1578383294112517e-08,
        );
        check(
            hypergeometric_mass(3.0, 10.0, 20.0, 8.0),
            0.3178718333141122,
        );
        check(
            hypergeometric_mass(50.0, 1000.0, 3000.0, 210.0),
            0.060851676921997604,
        );
        check(
            hypergeometric_mass(0.0, 30.0, 40.0, 10.0),
            0.002136755384061264,
        );
        check(poisson_mass(3.0, 2.5), 0.21376301724973645);
        check(poisson_mass(1000.0, 990.5), 0.01205455900954006);
        check(poisson_mass(7.0, 200.0), 3.514657845680603e-75);
    }
}
