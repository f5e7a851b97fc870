//! How well a likelihood is fitted: criteria, the test against no predictors, and pseudo R².

use super::{coefficients, words};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg};

/// A model of categories beside the one without predictors.
#[derive(Clone, Copy, Debug)]
pub struct LikelihoodFit {
    /// Rows, or the sum of their frequency weights.
    pub n: f64,
    pub log_likelihood: f64,
    /// Of the model without predictors.
    pub null: f64,
    pub n_coefficients: f64,
    /// Coefficients beyond those of the model without predictors.
    pub df: f64,
}

/// Heads of the columns from the log likelihood to the last R².
pub fn heads() -> Vec<Head> {
    let mut heads = vec![
        words::log_likelihood(),
        words::aic(),
        words::bic(),
        words::chi_squared(),
        words::df(),
        words::p(),
    ];
    heads.extend(share_heads());
    heads
}

/// Heads of the R², which stand alone where a weighted sample has no likelihood.
pub fn share_heads() -> Vec<Head> {
    let share = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(4));
    vec![
        share("mcfadden", msg!("frame.mcfadden", "McFadden R²")),
        share("cox_snell", msg!("frame.cox_snell", "Cox–Snell R²")),
        share("nagelkerke", msg!("frame.nagelkerke", "Nagelkerke R²")),
    ]
}

impl LikelihoodFit {
    /// −2 times the logarithm of the ratio to the likelihood without predictors.
    pub fn statistic(&self) -> f64 {
        (2.0 * (self.log_likelihood - self.null)).max(0.0)
    }

    pub fn mcfadden(&self) -> f64 {
        1.0 - self.log_likelihood / self.null
    }

    /// Cox and Snell's R², which does not reach one.
    pub fn cox_snell(&self) -> f64 {
        -libm::expm1(2.0 * (self.null - self.log_likelihood) / self.n)
    }

    /// Cox and Snell's R² over the most that it can be.
    pub fn nagelkerke(&self) -> f64 {
        self.cox_snell() / -libm::expm1(2.0 * self.null / self.n)
    }

    /// The cells under [`heads`].
    pub fn cells(&self) -> Vec<Cell> {
        let (ll, k) = (self.log_likelihood, self.n_coefficients);
        let mut cells = vec![
            ll.into(),
            (2.0 * (k - ll)).into(),
            (libm::log(self.n) * k - 2.0 * ll).into(),
            self.statistic().into(),
            self.df.into(),
            coefficients::chi_squared_p(self.statistic(), self.df),
        ];
        cells.extend(self.share_cells());
        cells
    }

    /// The cells under [`share_heads`].
    pub fn share_cells(&self) -> Vec<Cell> {
        vec![
            self.mcfadden().into(),
            self.cox_snell().into(),
            self.nagelkerke().into(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R's `glm(am ~ wt, binomial, mtcars)`: its log likelihoods, and the definitions written out in R.
    #[test]
    fn cars() {
        let fit = LikelihoodFit {
            n: 32.0,
            log_likelihood: -9.588_042_404,
            null: -21.614_866_638,
            n_coefficients: 2.0,
            df: 1.0,
        };
        let check = |found: f64, expected: f64| assert!((found - expected).abs() < 5e-9, "{found}");
        check(fit.statistic(), 24.053_648_469);
        check(fit.mcfadden(), 0.556_414_455);
        check(fit.cox_snell(), 0.528_424_713);
        check(fit.nagelkerke(), 0.713_123_284);
        assert_eq!(heads().len(), fit.cells().len());
    }
}
