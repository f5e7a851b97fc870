//! Marginal means of a fitted model and their contrasts, each with its own variance.

use super::{Repeated, levels_of};
use crate::stats::post_hoc::Contrast;

/// The mean at a combination of levels; other factors' levels count equally (emmeans of R, of the
/// multivariate model).
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    /// The levels of the within factors asked for, then of the between factors.
    pub levels: Vec<usize>,
    pub value: f64,
    pub standard_error: f64,
    /// Subjects behind it.
    pub n: usize,
    /// The weight of each cell.
    cells: Vec<f64>,
    /// The weight of each turned measure.
    turned: Vec<f64>,
}

impl Repeated {
    /// The marginal means of a term, the last factor's levels fastest.
    pub fn means(&self, within: &[usize], between: &[usize]) -> Vec<Mean> {
        let of = |sizes: &[usize], term: &[usize]| -> Vec<usize> {
            term.iter().map(|&f| sizes[f]).collect()
        };
        let (inner, outer) = (of(&self.within, within), of(&self.between, between));
        let n_inner: usize = inner.iter().product();
        let n_outer: usize = outer.iter().product();
        let mut means = Vec::with_capacity(n_inner * n_outer);
        for i in 0..n_inner {
            let own = levels_of(i, &inner);
            let turned = self.measure_weights(within, &own);
            for o in 0..n_outer {
                let levels = levels_of(o, &outer);
                means.push(self.mean(between, (&own, &levels), &turned));
            }
        }
        means
    }

    fn mean(&self, between: &[usize], (own, outer): (&[u32], &[u32]), turned: &[f64]) -> Mean {
        let is_in = |levels: &[u32]| {
            let mut pairs = between.iter().zip(outer);
            pairs.all(|(&f, level)| levels[f] == *level)
        };
        let n_cells = self.cells.iter().filter(|c| is_in(&c.levels)).count() as f64;
        let share = |levels: &[u32]| if is_in(levels) { 1.0 / n_cells } else { 0.0 };
        let cells: Vec<f64> = self.cells.iter().map(|c| share(&c.levels)).collect();
        let held = self.cells.iter().filter(|c| is_in(&c.levels));
        let weights: Vec<Vec<f64>> = cells
            .iter()
            .map(|c| turned.iter().map(|t| c * t).collect())
            .collect();
        let (value, standard_error) = self.combination(&weights);
        Mean {
            levels: own.iter().chain(outer).map(|&l| l as usize).collect(),
            value: self.shift + value,
            standard_error,
            n: held.map(|c| c.n).sum(),
            cells,
            turned: turned.to_vec(),
        }
    }

    /// One difference of two means.
    pub fn contrast(&self, means: &[Mean], first: usize, second: usize) -> Contrast {
        let (a, b) = (&means[first], &means[second]);
        let weights: Vec<Vec<f64>> = (0..self.cells.len())
            .map(|c| {
                let pairs = a.turned.iter().zip(&b.turned);
                pairs
                    .map(|(x, y)| a.cells[c] * x - b.cells[c] * y)
                    .collect()
            })
            .collect();
        Contrast::new(first, second, self.combination(&weights), self.df)
    }

    /// The weight of each turned measure in the mean of the measures at these levels.
    fn measure_weights(&self, within: &[usize], levels: &[u32]) -> Vec<f64> {
        let p = self.turn.len();
        let at: Vec<usize> = (0..p)
            .filter(|&j| {
                let all = levels_of(j, &self.within);
                within
                    .iter()
                    .zip(levels)
                    .all(|(&f, level)| all[f] == *level)
            })
            .collect();
        let share = 1.0 / at.len() as f64;
        let weight = |column: &Vec<f64>| at.iter().map(|&j| share * column[j]).sum();
        self.turn.iter().map(weight).collect()
    }

    /// A combination of the cells' turned means, a row of weights for each cell, with its standard error.
    fn combination(&self, weights: &[Vec<f64>]) -> (f64, f64) {
        let (mut value, mut variance) = (0.0, 0.0);
        for (cell, weights) in self.cells.iter().zip(weights) {
            let used: Vec<usize> = (0..weights.len()).filter(|&k| weights[k] != 0.0).collect();
            let mut own = 0.0;
            for &j in &used {
                value += weights[j] * cell.turned[j];
                for &k in &used {
                    own += weights[j] * weights[k] * self.residual.at(j, k);
                }
            }
            variance += own / cell.n as f64;
        }
        (value, (variance.max(0.0) / self.df).sqrt())
    }
}
