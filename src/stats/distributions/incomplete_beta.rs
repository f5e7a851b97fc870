//! The regularised incomplete beta function I_x(a, b) (DLMF 8.17), as a function of the odds
//! w = x / (1 − x), so that neither x near 0 nor x near 1 loses digits.

use super::Tails;
use super::ln_gamma::ln_gamma_precise;
use crate::stats::double_double::DoubleDouble;

const MAX_TERMS: usize = 10_000_000;

/// The beta distribution of two shapes, with what every evaluation shares.
#[derive(Clone, Copy, Debug)]
pub struct IncompleteBeta {
    a: f64,
    b: f64,
    ln_beta: DoubleDouble,
}

impl IncompleteBeta {
    /// Both shapes must be positive and finite.
    pub fn new(a: f64, b: f64) -> Self {
        let ln_beta = ln_gamma_precise(DoubleDouble::from(a))
            + ln_gamma_precise(DoubleDouble::from(b))
            - ln_gamma_precise(DoubleDouble::from_sum(a, b));
        Self { a, b, ln_beta }
    }

    /// x^a (1 − x)^b / B(a, b) at odds w: the density of ln w.
    pub fn scaled_density(&self, odds: DoubleDouble) -> f64 {
        if odds.hi == 0.0 || odds.hi == f64::INFINITY {
            return 0.0;
        }
        let power = DoubleDouble::from(self.a) * odds.ln()
            - DoubleDouble::from_sum(self.a, self.b) * (odds + DoubleDouble::ONE).ln();
        (power - self.ln_beta).exp().value()
    }

    /// 1 / B(a, b).
    pub fn reciprocal_beta(&self) -> f64 {
        (-self.ln_beta).exp().value()
    }

    /// I_x(a, b) below and I_(1−x)(b, a) above, at odds w = x / (1 − x) ≥ 0.
    pub fn tails(&self, odds: DoubleDouble) -> Tails {
        if odds.hi == f64::INFINITY {
            return Tails::from_lower(1.0);
        }
        if odds.hi <= 0.0 {
            return Tails::from_lower(0.0);
        }
        let leading = self.scaled_density(odds);
        let one_plus = odds + DoubleDouble::ONE;
        let x = (odds / one_plus).value();
        let y = (DoubleDouble::ONE / one_plus).value();
        let below_mean =
            (DoubleDouble::from(self.a) - DoubleDouble::from(self.b) * odds) / one_plus;
        let below_mean = below_mean.value();
        if below_mean >= 0.0 {
            Tails::from_lower(leading * lower_factor(self.a, self.b, x, y, below_mean))
        } else {
            Tails::from_lower(leading * lower_factor(self.b, self.a, y, x, -below_mean)).swapped()
        }
    }
}

/// I_x(a, b) over its leading factor, for x no larger than the mean a / (a + b).
/// `below_mean` is a − (a + b) x.
fn lower_factor(a: f64, b: f64, x: f64, y: f64, below_mean: f64) -> f64 {
    if b * x <= 0.7 && x <= 0.9 {
        series(a, b, x, y)
    } else {
        fraction(a, b, x, y, below_mean)
    }
}

/// Σ (1−b)(2−b)…(n−b) xⁿ / (n! (a+n)) (DLMF 8.17.7), without its factor (1 − x)^b.
fn series(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let mut sum = 1.0 / a;
    let mut coefficient = 1.0;
    for n in 1..MAX_TERMS {
        let n = n as f64;
        coefficient *= (n - b) / n * x;
        let term = coefficient / (a + n);
        sum += term;
        if term.abs() < 1e-17 * sum {
            break;
        }
    }
    sum / libm::exp(b * ln_of_complement(x, y))
}

/// ln(1 − x), from whichever of x and y = 1 − x is the smaller.
fn ln_of_complement(x: f64, y: f64) -> f64 {
    if x < 0.5 {
        libm::log1p(-x)
    } else {
        libm::log(y)
    }
}

/// The contracted continued fraction of Didonato and Morris (1992, ACM TOMS 18, eq. 9),
/// evaluated forwards by Lentz's method. Its parts are positive while n < b.
fn fraction(a: f64, b: f64, x: f64, y: f64, below_mean: f64) -> f64 {
    let part = |n: f64| {
        let denominator = a + 2.0 * n - 1.0;
        let first = if n == 0.0 {
            0.0
        } else {
            n * (b - n) * x / denominator
        };
        n + first + (a + n) / (a + 2.0 * n + 1.0) * (below_mean + 1.0 + n * (1.0 + y))
    };
    let mut value = part(0.0);
    let mut c = value;
    let mut d = 0.0;
    for n in 1..MAX_TERMS {
        let n = n as f64;
        let denominator = a + 2.0 * n - 1.0;
        let numerator =
            (a + n - 1.0) / denominator * ((a + b + n - 1.0) / denominator) * (n * (b - n) * x * x);
        let partial = part(n);
        d = 1.0 / (partial + numerator * d);
        c = partial + numerator / c;
        let step = c * d;
        value *= step;
        if (step - 1.0).abs() < 1.5e-16 {
            break;
        }
    }
    1.0 / value
}
