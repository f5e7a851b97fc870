//! Rows gathered by the combinations of their factors' levels.

use super::Problem;
use crate::models::WeightKind;
use crate::stats::double_double::DoubleDouble;

/// One combination of levels that occurs.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The level of each factor.
    pub levels: Vec<u32>,
    pub n_rows: usize,
    /// The sum of weights.
    pub weight: DoubleDouble,
    /// Of the outcome, less the shift.
    pub mean: DoubleDouble,
    /// Squares of deviations from the mean, weighted.
    pub sum_squares: f64,
    /// Of the covariates, less their overall means.
    pub covariate_means: Vec<DoubleDouble>,
}

/// The cells that have rows, in the order of their levels, the last factor fastest.
#[derive(Clone, Debug)]
pub struct Cells {
    pub list: Vec<Cell>,
    /// The cell of each row.
    pub of_row: Vec<u32>,
    pub n_rows: usize,
    pub weight: f64,
    /// Taken off the outcome: its first value.
    pub shift: f64,
    pub covariate_means: Vec<f64>,
    /// Σ of the cells' squares.
    pub within: DoubleDouble,
    /// Σ weight · mean² of the cells, less the shift.
    pub raw_between: DoubleDouble,
    /// Products of deviations within cells: of covariates with the outcome and with one another.
    pub within_zy: Vec<DoubleDouble>,
    pub within_zz: Vec<DoubleDouble>,
}

impl Cells {
    pub(super) fn gather(problem: &Problem, n_levels: &[usize]) -> Self {
        let y = problem.y;
        let n = y.len();
        let weights = problem.weights.map(|(w, _)| w);
        let (of_row, levels) = place_rows(problem, n_levels);
        let n_cells = levels.len();
        let shift = y.first().copied().unwrap_or(0.0);
        // First pass: weights and sums, rounded sums first and what they missed behind them.
        let sums = |value: &dyn Fn(usize) -> f64| -> Vec<DoubleDouble> {
            let mut high = vec![0.0; n_cells];
            let mut low = vec![0.0; n_cells];
            for i in 0..n {
                let c = of_row[i] as usize;
                let v = value(i) * weights.map_or(1.0, |w| w[i]);
                let sum = high[c] + v;
                let part = sum - high[c];
                low[c] += (high[c] - (sum - part)) + (v - part);
                high[c] = sum;
            }
            high.iter()
                .zip(&low)
                .map(|(h, l)| DoubleDouble::from_sum(*h, *l))
                .collect()
        };
        let weight = sums(&|_| 1.0);
        let mean_of = |sums: Vec<DoubleDouble>| -> Vec<DoubleDouble> {
            sums.into_iter().zip(&weight).map(|(s, w)| s / *w).collect()
        };
        let means = mean_of(sums(&|i| y[i] - shift));
        let total = weight.iter().fold(DoubleDouble::ZERO, |s, w| s + *w);
        let mut z_means: Vec<Vec<DoubleDouble>> = Vec::new();
        let mut covariate_means = Vec::new();
        for z in problem.covariates {
            let sum = sums(&|i| z[i]);
            let all = sum.iter().fold(DoubleDouble::ZERO, |s, v| s + *v) / total;
            let centre = all.value();
            covariate_means.push(centre);
            z_means.push(mean_of(sums(&|i| z[i] - centre)));
        }
        let mut rows = vec![0_usize; n_cells];
        of_row.iter().for_each(|c| rows[*c as usize] += 1);
        // Second pass: deviations from the cells' means, less what the rounding of those missed.
        let k = problem.covariates.len();
        let rounded: Vec<f64> = means.iter().map(|m| m.value()).collect();
        let z_rounded: Vec<Vec<f64>> = z_means
            .iter()
            .map(|m| m.iter().map(|v| v.value()).collect())
            .collect();
        let mut squares = vec![Compensated::default(); n_cells];
        let mut zy = vec![Compensated::default(); k];
        let mut zz = vec![Compensated::default(); k * k];
        let mut dz = vec![0.0; k];
        for i in 0..n {
            let c = of_row[i] as usize;
            let w = weights.map_or(1.0, |w| w[i]);
            let d = (y[i] - shift) - rounded[c];
            squares[c].add(w * d * d);
            for a in 0..k {
                dz[a] = (problem.covariates[a][i] - covariate_means[a]) - z_rounded[a][c];
                zy[a].add(w * dz[a] * d);
                for b in 0..=a {
                    zz[a * k + b].add(w * dz[a] * dz[b]);
                }
            }
        }
        let mut within = DoubleDouble::ZERO;
        let mut raw_between = DoubleDouble::ZERO;
        let mut list = Vec::with_capacity(n_cells);
        for (c, levels) in levels.into_iter().enumerate() {
            within = within + squares[c].value();
            raw_between = raw_between + weight[c] * means[c] * means[c];
            list.push(Cell {
                levels,
                n_rows: rows[c],
                weight: weight[c],
                mean: means[c],
                sum_squares: squares[c].value().value(),
                covariate_means: z_means.iter().map(|m| m[c]).collect(),
            });
        }
        Self {
            list,
            of_row,
            n_rows: n,
            weight: total.value(),
            shift,
            covariate_means,
            within,
            raw_between,
            within_zy: zy.iter().map(Compensated::value).collect(),
            within_zz: zz.iter().map(Compensated::value).collect(),
        }
    }

    /// The mean of a cell, in the outcome's own units.
    pub fn mean(&self, cell: usize) -> f64 {
        (DoubleDouble::from(self.shift) + self.list[cell].mean).value()
    }

    /// The variance within a cell; NaN for one row. Frequency weights count rows.
    pub fn variance(&self, cell: usize, kind: Option<WeightKind>) -> f64 {
        let cell = &self.list[cell];
        let n = match kind {
            Some(WeightKind::Frequency) => cell.weight.value(),
            _ => cell.n_rows as f64,
        };
        if n > 1.0 {
            cell.sum_squares / (n - 1.0)
        } else {
            f64::NAN
        }
    }
}

/// The cell of each row, and the levels of each cell.
fn place_rows(problem: &Problem, n_levels: &[usize]) -> (Vec<u32>, Vec<Vec<u32>>) {
    let n = problem.y.len();
    let size: usize = n_levels.iter().product();
    let mut key = vec![0_u32; n];
    for (factor, &levels) in problem.factors.iter().zip(n_levels) {
        key.iter_mut()
            .zip(&factor.codes)
            .for_each(|(k, c)| *k = *k * levels as u32 + c);
    }
    let mut place = vec![u32::MAX; size];
    key.iter().for_each(|k| place[*k as usize] = 0);
    let mut levels = Vec::new();
    for (key, place) in place.iter_mut().enumerate().filter(|(_, p)| **p == 0) {
        *place = levels.len() as u32;
        let mut rest = key;
        let mut own: Vec<u32> = n_levels
            .iter()
            .rev()
            .map(|&l| {
                let level = rest % l;
                rest /= l;
                level as u32
            })
            .collect();
        own.reverse();
        levels.push(own);
    }
    key.iter_mut().for_each(|k| *k = place[*k as usize]);
    (key, levels)
}

/// A sum that carries what rounding takes from it.
#[derive(Clone, Copy, Default)]
struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    fn add(&mut self, v: f64) {
        let sum = self.sum + v;
        let part = sum - self.sum;
        self.lost += (self.sum - (sum - part)) + (v - part);
        self.sum = sum;
    }

    fn value(&self) -> DoubleDouble {
        DoubleDouble::from_sum(self.sum, self.lost)
    }
}
