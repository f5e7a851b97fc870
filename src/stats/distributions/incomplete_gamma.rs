//! The regularised incomplete gamma functions P(a, x) and Q(a, x) (DLMF 8.2).

use super::Tails;
use super::ln_gamma::ln_gamma_precise;
use crate::stats::double_double::DoubleDouble;

/// More terms than any argument up to a = 1e12 asks for.
const MAX_TERMS: usize = 10_000_000;

/// The gamma distribution of one shape, with what every evaluation shares.
#[derive(Clone, Copy, Debug)]
pub struct IncompleteGamma {
    shape: f64,
    ln_gamma: DoubleDouble,
}

impl IncompleteGamma {
    /// `shape` must be positive and finite.
    pub fn new(shape: f64) -> Self {
        Self {
            shape,
            ln_gamma: ln_gamma_precise(DoubleDouble::from(shape)),
        }
    }

    /// x^a e^(−x) / Γ(a): x times the density of the standard gamma distribution.
    pub fn scaled_density(&self, x: f64) -> f64 {
        if x == 0.0 || x == f64::INFINITY {
            return 0.0;
        }
        let x = DoubleDouble::from(x);
        (DoubleDouble::from(self.shape) * x.ln() - x - self.ln_gamma)
            .exp()
            .value()
    }

    /// P(a, x) below and Q(a, x) above, for x ≥ 0.
    pub fn tails(&self, x: f64) -> Tails {
        if x == f64::INFINITY {
            return Tails::from_lower(1.0);
        }
        if x <= 0.0 {
            return Tails::from_lower(0.0);
        }
        let leading = self.scaled_density(x);
        if x < self.shape + 1.0 {
            Tails::from_lower(leading * self.series(x))
        } else {
            Tails::from_lower(leading * self.fraction(x)).swapped()
        }
    }

    /// Σ xⁿ / (a (a+1) … (a+n)) (DLMF 8.7.1), added from its smallest term.
    fn series(&self, x: f64) -> f64 {
        let mut n_terms = 0;
        let mut term = 1.0;
        while term > 1e-18 && n_terms < MAX_TERMS {
            n_terms += 1;
            term *= x / (self.shape + n_terms as f64);
        }
        let mut sum = 1.0;
        for n in (1..=n_terms).rev() {
            sum = 1.0 + sum * x / (self.shape + n as f64);
        }
        sum / self.shape
    }

    /// The contracted continued fraction of Q(a, x) / (x^a e^(−x) / Γ(a)) (DLMF 8.9.2),
    /// evaluated forwards by Lentz's method.
    fn fraction(&self, x: f64) -> f64 {
        let mut denominator_term = x + 1.0 - self.shape;
        let mut c = f64::MAX;
        let mut d = 1.0 / denominator_term;
        let mut value = d;
        for n in 1..MAX_TERMS {
            let numerator = n as f64 * (self.shape - n as f64);
            denominator_term += 2.0;
            d = 1.0 / (denominator_term + numerator * d);
            c = denominator_term + numerator / c;
            let step = c * d;
            value *= step;
            if (step - 1.0).abs() < 1.5e-16 {
                break;
            }
        }
        value
    }
}
