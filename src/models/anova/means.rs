//! Marginal means of a fitted model and their contrasts.

use super::{Anova, Source, coded};
use crate::stats::post_hoc::Contrast;

/// The mean that the model expects at a combination of levels: other factors count equally,
/// covariates stand at their means (Searle, Speed and Milliken 1980).
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    /// The level of each factor of the term.
    pub levels: Vec<usize>,
    /// NaN where empty cells leave it undefined.
    pub value: f64,
    pub standard_error: f64,
    /// The weights of the model's columns.
    weights: Vec<f64>,
}

impl Anova {
    /// The marginal means of a term, the last factor's levels fastest.
    pub fn means(&self, term: &[usize]) -> Vec<Mean> {
        let sizes: Vec<usize> = term.iter().map(|&f| self.n_levels[f]).collect();
        let n: usize = sizes.iter().product();
        (0..n)
            .map(|place| {
                let mut rest = place;
                let mut levels: Vec<usize> = sizes
                    .iter()
                    .rev()
                    .map(|&size| {
                        let level = rest % size;
                        rest /= size;
                        level
                    })
                    .collect();
                levels.reverse();
                self.mean(term, levels)
            })
            .collect()
    }

    fn mean(&self, term: &[usize], levels: Vec<usize>) -> Mean {
        let mut at = vec![0; self.n_levels.len()];
        for (&factor, &level) in term.iter().zip(&levels) {
            at[factor] = level as u32;
        }
        // Over all levels of a factor codes that sum to zero vanish.
        let weights: Vec<f64> = self
            .columns
            .iter()
            .map(|(source, parts)| match source {
                Some(Source::Covariate(_)) => 0.0,
                _ if parts.iter().all(|(f, _)| term.contains(f)) => {
                    coded(parts, &at, &self.n_levels)
                }
                _ => 0.0,
            })
            .collect();
        let (value, standard_error) = self.combination(&weights);
        Mean {
            levels,
            value: self.cells.shift + value,
            standard_error,
            weights,
        }
    }

    /// One difference of two means.
    pub fn contrast(&self, means: &[Mean], first: usize, second: usize) -> Contrast {
        let pairs = means[first].weights.iter().zip(&means[second].weights);
        let weights: Vec<f64> = pairs.map(|(a, b)| a - b).collect();
        Contrast::new(first, second, self.combination(&weights), self.df_residual)
    }

    /// A combination of the coefficients with its standard error; NaN when it cannot be estimated.
    fn combination(&self, weights: &[f64]) -> (f64, f64) {
        let solution = &self.solution;
        let kept: Vec<f64> = solution.kept.iter().map(|&c| weights[c]).collect();
        let inverse = &solution.unscaled;
        let size = kept.len();
        let mut spread: Vec<f64> = vec![0.0; size];
        for j in (0..size).filter(|&j| kept[j] != 0.0) {
            for (i, s) in spread.iter_mut().enumerate() {
                *s += inverse.at(i, j) * kept[j];
            }
        }
        // An aliased column is a combination of kept ones; the weights must be the same one.
        let scale = weights.iter().map(|w| w.abs()).fold(0.0, f64::max);
        for &aliased in &solution.aliased {
            let implied: f64 = solution
                .kept
                .iter()
                .zip(&spread)
                .map(|(&c, s)| self.gram.at(c, aliased).value() * s)
                .sum();
            if (implied - weights[aliased]).abs() > 1e-8 * scale {
                return (f64::NAN, f64::NAN);
            }
        }
        let value = (0..weights.len())
            .map(|c| weights[c] * solution.estimates[c])
            .sum();
        let variance: f64 = kept.iter().zip(&spread).map(|(w, s)| w * s).sum();
        (value, (variance * self.ms_residual()).sqrt())
    }
}
