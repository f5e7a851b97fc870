//! Ridge, lasso and elastic net for a number, by coordinate descent on normal equations, with a
//! path of penalties and cross-validation.
//!
//! Definitions are those of glmnet (Friedman, Hastie and Tibshirani 2010): the objective is
//! Σ w (y − x b)² / 2 + λ (α Σ |b| + (1 − α) Σ b² / 2) for weights that sum to one, columns and
//! response scaled to standard deviations of one (divisor n) and the intercept not penalised;
//! λ and coefficients are given for the columns and the response as they are. scikit-learn's
//! `ElasticNet` has the same objective on columns as they are, its `alpha` and `l1_ratio` being
//! λ and α; `Ridge` has n λ for its `alpha`.

use crate::stats::blocks::{BLOCK, Block, add_products};
use crate::stats::linalg::Square;
use crate::stats::progress::{Cancelled, Progress};

/// What is to be explained by what.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// Columns without an intercept.
    pub columns: &'a [&'a [f64]],
    pub y: &'a [f64],
    /// Case weights.
    pub weights: Option<&'a [f64]>,
    /// The share of the absolute values in the penalty: 1 is the lasso, 0 ridge.
    pub alpha: f64,
    /// Whether columns are scaled to one standard deviation for the penalty.
    pub standardise: bool,
}

/// The coefficients at one penalty.
#[derive(Clone, Debug)]
pub struct Point {
    pub lambda: f64,
    pub intercept: f64,
    pub beta: Vec<f64>,
    /// Share of the variance explained.
    pub r_squared: f64,
    pub n_nonzero: usize,
}

/// Squared error in folds left out, one for each penalty.
#[derive(Clone, Debug)]
pub struct CrossValidation {
    pub mean: Vec<f64>,
    /// Standard error of the mean over folds.
    pub standard_error: Vec<f64>,
    /// The penalty with the least error.
    pub best: usize,
    /// The largest penalty within one standard error of the least.
    pub simplest: usize,
}

/// Sums over rows of (1, x, y): all that a fit needs.
#[derive(Clone, Debug)]
struct Sums {
    /// Weights.
    total: f64,
    rows: f64,
    /// Of shifted columns and the shifted response.
    linear: Vec<f64>,
    products: Square<f64>,
}

/// The problem's sums, in all and by fold.
pub struct Prepared<'a> {
    problem: Problem<'a>,
    shift: Vec<f64>,
    all: Sums,
    folds: Vec<Sums>,
}

impl<'a> Prepared<'a> {
    /// `folds[i]` is row i's fold, from 0, each with at least one row.
    ///
    /// # Errors
    /// When the caller cancels.
    pub fn new(
        problem: Problem<'a>,
        folds: &[u32],
        n_folds: usize,
        tick: &mut Progress,
    ) -> Result<Self, Cancelled> {
        let n_rows = problem.y.len();
        let size = problem.columns.len() + 1;
        let all_columns: Vec<&[f64]> = problem.columns.iter().copied().chain([problem.y]).collect();
        let shift: Vec<f64> = all_columns
            .iter()
            .map(|c| c.iter().map(|x| x / n_rows as f64).sum())
            .collect();
        let mut order: Vec<u32> = (0..n_rows as u32).collect();
        order.sort_by_key(|&i| folds[i as usize]);
        let mut parts = vec![Sums::zero(size); n_folds];
        let mut block = Block::new(size);
        let mut first = 0;
        for (fold, sums) in parts.iter_mut().enumerate() {
            let count = order[first..]
                .iter()
                .take_while(|i| folds[**i as usize] as usize == fold)
                .count();
            let rows = &order[first..first + count];
            for (k, rows) in rows.chunks(BLOCK).enumerate() {
                if k % 64 == 0 {
                    tick((first + k * BLOCK) as f32 / n_rows as f32)?;
                }
                block.n = rows.len();
                let mut root = [1.0; BLOCK];
                for (w, &i) in root.iter_mut().zip(rows) {
                    let weight = problem.weights.map_or(1.0, |w| w[i as usize]);
                    sums.total += weight;
                    sums.rows += f64::from(u8::from(weight > 0.0));
                    *w = weight.sqrt();
                }
                for (j, target) in block.columns.iter_mut().enumerate() {
                    let mut sum = 0.0;
                    for ((t, &i), w) in target.iter_mut().zip(rows).zip(&root) {
                        let x = all_columns[j][i as usize] - shift[j];
                        *t = w * x;
                        sum += w * w * x;
                    }
                    sums.linear[j] += sum;
                }
                add_products(&block, &block, &mut sums.products);
            }
            first += count;
        }
        let mut all = Sums::zero(size);
        for part in &mut parts {
            part.products.mirror();
            all.add(part, 1.0);
        }
        Ok(Self {
            problem,
            shift,
            all,
            folds: parts,
        })
    }

    /// Rows that count.
    pub fn n_rows(&self) -> f64 {
        self.all.rows
    }

    /// glmnet's penalties: from the least that leaves no coefficient (α taken as at least 0.001)
    /// down by even ratios to 10⁻⁴ of it, or 10⁻² where there are fewer rows than columns.
    pub fn penalties(&self, n: usize) -> Vec<f64> {
        let standard = Standard::of(&self.all, &self.problem);
        let largest = standard.xy.iter().map(|v| v.abs()).fold(0.0, f64::max);
        let top = largest / self.problem.alpha.max(1e-3) * standard.y_scale;
        let is_wide = self.all.rows < self.problem.columns.len() as f64;
        let ratio: f64 = if is_wide { 1e-2 } else { 1e-4 };
        (0..n)
            .map(|k| top * libm::pow(ratio, k as f64 / (n as f64 - 1.0).max(1.0)))
            .collect()
    }

    /// The fit of all rows at each penalty, from the largest on.
    ///
    /// # Errors
    /// When the caller cancels.
    pub fn path(&self, penalties: &[f64], tick: &mut Progress) -> Result<Vec<Point>, Cancelled> {
        self.path_of(&self.all, penalties, tick)
    }

    /// Each fold's squared error under the fit of the others.
    ///
    /// # Errors
    /// When the caller cancels.
    pub fn cross_validate(
        &self,
        penalties: &[f64],
        tick: &mut Progress,
    ) -> Result<CrossValidation, Cancelled> {
        let n_folds = self.folds.len();
        let mut errors = vec![vec![0.0; penalties.len()]; n_folds];
        for (fold, errors) in errors.iter_mut().enumerate() {
            let mut rest = self.all.clone();
            rest.add(&self.folds[fold], -1.0);
            let share = |part: f32| (fold as f32 + part) / n_folds as f32;
            let path = self.path_of(&rest, penalties, &mut |part| tick(share(part)))?;
            for (error, point) in errors.iter_mut().zip(&path) {
                *error = self.error(&self.folds[fold], point);
            }
        }
        let total: f64 = self.folds.iter().map(|f| f.total).sum();
        let weights: Vec<f64> = self.folds.iter().map(|f| f.total / total).collect();
        let mean: Vec<f64> = (0..penalties.len())
            .map(|k| weights.iter().zip(&errors).map(|(w, e)| w * e[k]).sum())
            .collect();
        let standard_error: Vec<f64> = (0..penalties.len())
            .map(|k| {
                let spread: f64 = weights
                    .iter()
                    .zip(&errors)
                    .map(|(w, e)| w * (e[k] - mean[k]) * (e[k] - mean[k]))
                    .sum();
                (spread / (n_folds as f64 - 1.0)).sqrt()
            })
            .collect();
        let mut best = 0;
        for k in 1..mean.len() {
            if mean[k] < mean[best] {
                best = k;
            }
        }
        let limit = mean[best] + standard_error[best];
        let simplest = (0..mean.len()).find(|&k| mean[k] <= limit).unwrap_or(best);
        Ok(CrossValidation {
            mean,
            standard_error,
            best,
            simplest,
        })
    }

    /// Mean squared error of rows that are known by their sums.
    fn error(&self, sums: &Sums, point: &Point) -> f64 {
        let size = point.beta.len();
        let at_shift: f64 = point.beta.iter().zip(&self.shift).map(|(b, s)| b * s).sum();
        // Residual of shifted values: y − a − x b.
        let a = point.intercept + at_shift - self.shift[size];
        let mut sum =
            sums.products.at(size, size) - 2.0 * a * sums.linear[size] + a * a * sums.total;
        for j in 0..size {
            let b = point.beta[j];
            if b == 0.0 {
                continue;
            }
            sum += 2.0 * b * (a * sums.linear[j] - sums.products.at(j, size));
            for k in 0..size {
                sum += b * point.beta[k] * sums.products.at(j, k);
            }
        }
        sum / sums.total
    }

    fn path_of(
        &self,
        sums: &Sums,
        penalties: &[f64],
        tick: &mut Progress,
    ) -> Result<Vec<Point>, Cancelled> {
        let standard = Standard::of(sums, &self.problem);
        let size = self.problem.columns.len();
        let mut beta = vec![0.0; size];
        // Products of what is left with each column: xᵀ(y − x b).
        let mut left = standard.xy.clone();
        let mut points = Vec::with_capacity(penalties.len());
        for (k, &lambda) in penalties.iter().enumerate() {
            tick(k as f32 / penalties.len() as f32)?;
            let scaled = lambda / standard.y_scale;
            descend(
                &standard,
                scaled,
                self.problem.alpha,
                &mut beta,
                &mut left,
                tick,
                k as f32 / penalties.len() as f32,
            )?;
            points.push(self.point(&standard, lambda, &beta, &left));
        }
        Ok(points)
    }

    fn point(&self, standard: &Standard, lambda: f64, beta: &[f64], left: &[f64]) -> Point {
        let size = beta.len();
        let own: Vec<f64> = (0..size)
            .map(|j| beta[j] * standard.y_scale / standard.scale[j])
            .collect();
        let centre: f64 = (0..size)
            .map(|j| own[j] * (standard.mean[j] + self.shift[j]))
            .sum();
        let explained: f64 = (0..size)
            .map(|j| beta[j] * (standard.xy[j] + left[j]))
            .sum();
        Point {
            lambda,
            intercept: standard.mean[size] + self.shift[size] - centre,
            n_nonzero: beta.iter().filter(|b| **b != 0.0).count(),
            beta: own,
            r_squared: explained,
        }
    }
}

impl Sums {
    fn zero(size: usize) -> Self {
        Self {
            total: 0.0,
            rows: 0.0,
            linear: vec![0.0; size],
            products: Square::zeros(size),
        }
    }

    fn add(&mut self, other: &Self, sign: f64) {
        self.total += sign * other.total;
        self.rows += sign * other.rows;
        self.linear
            .iter_mut()
            .zip(&other.linear)
            .for_each(|(a, b)| *a += sign * b);
        let pairs = self.products.data.iter_mut().zip(&other.products.data);
        pairs.for_each(|(a, b)| *a += sign * b);
    }
}

/// Products per weight of centred columns in units of `scale`, the response in units of its
/// standard deviation.
struct Standard {
    /// Of shifted columns and response.
    mean: Vec<f64>,
    scale: Vec<f64>,
    y_scale: f64,
    xx: Square<f64>,
    xy: Vec<f64>,
    /// Whether a column varies.
    varies: Vec<bool>,
}

impl Standard {
    fn of(sums: &Sums, problem: &Problem) -> Self {
        let size = problem.columns.len();
        let mean: Vec<f64> = sums.linear.iter().map(|s| s / sums.total).collect();
        let centred = |j: usize, k: usize| sums.products.at(j, k) / sums.total - mean[j] * mean[k];
        let sd: Vec<f64> = (0..=size).map(|j| centred(j, j).max(0.0).sqrt()).collect();
        let raw = |j: usize| (sums.products.at(j, j) / sums.total).sqrt();
        let varies: Vec<bool> = (0..size).map(|j| sd[j] > 1e-10 * raw(j)).collect();
        let y_scale = if sd[size] > 0.0 { sd[size] } else { 1.0 };
        let scale: Vec<f64> = (0..size)
            .map(|j| {
                if problem.standardise && varies[j] {
                    sd[j]
                } else {
                    1.0
                }
            })
            .collect();
        let mut xx = Square::zeros(size);
        for j in 0..size {
            for k in 0..size {
                *xx.at_mut(j, k) = centred(j, k) / (scale[j] * scale[k]);
            }
        }
        let xy = (0..size)
            .map(|j| centred(j, size) / (scale[j] * y_scale))
            .collect();
        Self {
            mean,
            scale,
            y_scale,
            xx,
            xy,
            varies,
        }
    }
}

/// Moves one coefficient at a time to its best value until none moves.
fn descend(
    standard: &Standard,
    lambda: f64,
    alpha: f64,
    beta: &mut [f64],
    left: &mut [f64],
    tick: &mut Progress,
    done: f32,
) -> Result<(), Cancelled> {
    const ROUNDS: usize = 200_000;
    let size = beta.len();
    let (absolute, square) = (lambda * alpha, lambda * (1.0 - alpha));
    let mut only_active = false;
    for round in 0..ROUNDS {
        if round % 512 == 511 {
            tick(done)?;
        }
        let mut moved = 0.0_f64;
        for j in 0..size {
            if !standard.varies[j] || (only_active && beta[j] == 0.0) {
                continue;
            }
            let own = standard.xx.at(j, j);
            let pull = left[j] + own * beta[j];
            let cut = (pull.abs() - absolute).max(0.0);
            let new = if cut > 0.0 {
                pull.signum() * cut / (own + square)
            } else {
                0.0
            };
            let step = new - beta[j];
            if step == 0.0 {
                continue;
            }
            beta[j] = new;
            moved = moved.max(own * step * step);
            let column = &standard.xx.data[j * size..(j + 1) * size];
            left.iter_mut()
                .zip(column)
                .for_each(|(l, x)| *l -= step * x);
        }
        // Settled among the active ones: look at all once more.
        if moved < 1e-26 {
            if !only_active {
                return Ok(());
            }
            only_active = false;
        } else {
            only_active = true;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::progress::unwatched;

    const X: [f64; 8] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    const Y: [f64; 8] = [1.2, 1.9, 3.2, 3.8, 5.1, 6.3, 6.8, 8.1];

    fn prepared(alpha: f64) -> Prepared<'static> {
        const COLUMNS: [&[f64]; 1] = [&X];
        let problem = Problem {
            columns: &COLUMNS,
            y: &Y,
            weights: None,
            alpha,
            standardise: true,
        };
        let folds = [0, 1, 0, 1, 0, 1, 0, 1];
        Prepared::new(problem, &folds, 2, &mut unwatched).unwrap()
    }

    /// One column has a closed form: least squares drawn towards zero by λ.
    #[test]
    fn one_column_shrinks_as_it_must() {
        let moments = |v: &[f64]| v.iter().sum::<f64>() / 8.0;
        let (mx, my) = (moments(&X), moments(&Y));
        let sxx: f64 = X.iter().map(|x| (x - mx) * (x - mx)).sum::<f64>() / 8.0;
        let sxy: f64 = X
            .iter()
            .zip(&Y)
            .map(|(x, y)| (x - mx) * (y - my))
            .sum::<f64>()
            / 8.0;
        let lambda = 0.4;
        let lasso = &prepared(1.0).path(&[lambda], &mut unwatched).unwrap()[0];
        let expected = (sxy / sxx.sqrt() - lambda) / sxx.sqrt();
        assert!((lasso.beta[0] - expected).abs() < 1e-12);
        assert!((lasso.intercept - (my - expected * mx)).abs() < 1e-12);
        let ridge = &prepared(0.0).path(&[lambda], &mut unwatched).unwrap()[0];
        let sy = (Y.iter().map(|y| (y - my) * (y - my)).sum::<f64>() / 8.0).sqrt();
        let expected = sxy / sxx / (1.0 + lambda / sy);
        assert!((ridge.beta[0] - expected).abs() < 1e-12);
    }

    /// Errors from sums are errors of the rows.
    #[test]
    fn errors_of_folds_are_those_of_their_rows() {
        let prepared = prepared(0.5);
        let validation = prepared.cross_validate(&[0.1], &mut unwatched).unwrap();
        let mut sum = 0.0;
        for fold in 0..2 {
            let keep: Vec<usize> = (0..8).filter(|i| i % 2 != fold).collect();
            let x: Vec<f64> = keep.iter().map(|&i| X[i]).collect();
            let y: Vec<f64> = keep.iter().map(|&i| Y[i]).collect();
            let columns: [&[f64]; 1] = [&x];
            let problem = Problem {
                columns: &columns,
                y: &y,
                weights: None,
                alpha: 0.5,
                standardise: true,
            };
            let other = Prepared::new(problem, &[0; 4], 1, &mut unwatched).unwrap();
            let point = &other.path(&[0.1], &mut unwatched).unwrap()[0];
            let miss = |i: usize| Y[i] - point.intercept - point.beta[0] * X[i];
            sum += (0..8)
                .filter(|i| i % 2 == fold)
                .map(|i| miss(i) * miss(i))
                .sum::<f64>()
                / 4.0;
        }
        assert!((validation.mean[0] - sum / 2.0).abs() < 1e-12);
    }
}
