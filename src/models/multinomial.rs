//! Multinomial logistic (softmax) regression by maximum likelihood, Newton's method.
//!
//! The first class is the baseline; every other class has its own coefficients, as in
//! `nnet::multinom`.

use crate::models::glm::GlmError;
use crate::stats::blocks::{BLOCK, Block, add_products, dot, subtract_combination};
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::progress::Progress;

/// What is to be explained by what.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// The design by columns; the intercept's ones come first.
    pub columns: &'a [&'a [f64]],
    /// The class of each row, the baseline 0.
    pub classes: &'a [u32],
    pub n_classes: usize,
    /// Case weights.
    pub weights: Option<&'a [f64]>,
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Fit {
    /// `beta[k][j]` of class k + 1 and column j; NaN for aliased columns.
    pub beta: Vec<Vec<f64>>,
    pub standard_errors: Vec<Vec<f64>>,
    pub kept: Vec<usize>,
    pub aliased: Vec<usize>,
    pub log_likelihood: f64,
    /// `probabilities[k][i]` of class k in row i.
    pub probabilities: Vec<Vec<f64>>,
    pub n_iterations: usize,
    pub is_converged: bool,
    standardised: Vec<f64>,
}

/// The maximum of the likelihood, or of that of a model without the columns `left_out`, from where
/// `start` stands.
///
/// # Errors
/// See [`GlmError`].
pub fn fit(
    problem: &Problem,
    left_out: &[usize],
    start: Option<&Fit>,
    tick: &mut Progress,
) -> Result<Fit, GlmError> {
    let work = Work::new(problem)?;
    let size = work.kept.len();
    let n_free = (problem.n_classes - 1) * size;
    let free: Vec<usize> = (0..n_free)
        .filter(|k| !left_out.contains(&work.kept[k % size]))
        .collect();
    let mut beta = match start {
        Some(fit) => fit.standardised.clone(),
        None => work.start(problem),
    };
    for k in (0..n_free).filter(|k| !free.contains(k)) {
        beta[k] = 0.0;
    }
    let mut best: Option<(Vec<f64>, Pass)> = None;
    let (mut n_iterations, mut n_halvings, mut is_converged) = (0, 0, false);
    let mut n_passes = 0;
    while n_iterations < 60 {
        let left = libm::powf(0.8, n_passes as f32);
        n_passes += 1;
        let pass = work.pass(problem, &beta, &mut |part| {
            tick(1.0 - left + 0.2 * left * part)
        })?;
        if let Some((kept, last)) = &best {
            let is_worse = pass.kernel.is_nan()
                || pass.kernel < last.kernel - 1e-10 * (1.0 + last.kernel.abs());
            if is_worse && n_halvings < 40 {
                n_halvings += 1;
                beta.iter_mut()
                    .zip(kept)
                    .for_each(|(b, k)| *b = 0.5 * (*b + k));
                continue;
            }
            if is_worse {
                break;
            }
        }
        if !pass.kernel.is_finite() {
            return Err(GlmError::Diverged);
        }
        n_halvings = 0;
        n_iterations += 1;
        let information = pass.information.select(&free);
        let floor: Vec<f64> = (0..free.len())
            .map(|j| 1e-15 * information.at(j, j))
            .collect();
        let factor = Cholesky::with_rank(&information, &floor);
        let gradient: Vec<f64> = free.iter().map(|&k| pass.gradient[k]).collect();
        let at = beta.clone();
        if !factor.aliased.is_empty() {
            best = Some((at, pass));
            break;
        }
        let step = factor.solve(&gradient);
        let decrement: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
        best = Some((at, pass));
        if decrement <= 1e-22 || free.is_empty() {
            is_converged = true;
            break;
        }
        if n_iterations > 12 && decrement < 1e-13 {
            is_converged = true;
            break;
        }
        for (&k, s) in free.iter().zip(&step) {
            beta[k] += s;
        }
    }
    let (beta, pass) = best.ok_or(GlmError::Diverged)?;
    work.finish(problem, beta, &pass, n_iterations, is_converged)
}

struct Work<'a> {
    kept: Vec<usize>,
    aliased: Vec<usize>,
    columns: Vec<&'a [f64]>,
    shift: Vec<f64>,
    scale: Vec<f64>,
    constant: Option<f64>,
}

struct Pass {
    kernel: f64,
    gradient: Vec<f64>,
    information: Square<f64>,
}

impl<'a> Work<'a> {
    fn new(problem: &Problem<'a>) -> Result<Self, GlmError> {
        let first = *problem.columns.first().ok_or(GlmError::NoColumns)?;
        let n_rows = first.len();
        if n_rows == 0 {
            return Err(GlmError::TooFewRows);
        }
        let constant =
            (first[0] != 0.0 && first.iter().all(|x| *x == first[0])).then_some(first[0]);
        let mut work = Self {
            kept: (0..problem.columns.len()).collect(),
            aliased: Vec::new(),
            columns: problem.columns.to_vec(),
            shift: Vec::new(),
            scale: Vec::new(),
            constant,
        };
        let mut raw = Vec::new();
        for (j, column) in problem.columns.iter().enumerate() {
            let mean = column.iter().map(|x| x / n_rows as f64).sum::<f64>();
            let shift = if constant.is_some() && j > 0 {
                mean
            } else {
                0.0
            };
            let reach = column.iter().fold(0.0_f64, |m, x| m.max((x - shift).abs()));
            if !reach.is_finite() {
                return Err(GlmError::TooLarge);
            }
            let scale = if reach > 0.0 {
                libm::ldexp(1.0, (-libm::frexp(reach).1).clamp(-1000, 1000))
            } else {
                1.0
            };
            raw.push(mean * scale * mean * scale * n_rows as f64);
            work.shift.push(shift);
            work.scale.push(scale);
        }
        let mut gram = Square::zeros(work.kept.len());
        let mut block = Block::new(work.kept.len());
        for start in (0..n_rows).step_by(BLOCK) {
            work.load(start, n_rows, &mut block);
            add_products(&block, &block, &mut gram);
        }
        let floor: Vec<f64> = (0..raw.len())
            .map(|j| (1e-13 * gram.at(j, j)).max(1e-22 * raw[j]))
            .collect();
        let factor = Cholesky::with_rank(&gram, &floor);
        if factor.kept.is_empty() {
            return Err(GlmError::RankZero);
        }
        if factor.kept.len() * (problem.n_classes - 1) > n_rows {
            return Err(GlmError::TooFewRows);
        }
        let pick = |v: &[f64]| factor.kept.iter().map(|&j| v[j]).collect::<Vec<f64>>();
        work.shift = pick(&work.shift);
        work.scale = pick(&work.scale);
        work.columns = factor.kept.iter().map(|&j| problem.columns[j]).collect();
        work.kept = factor.kept;
        work.aliased = factor.aliased;
        Ok(work)
    }

    /// The logarithms of the classes' shares where there is an intercept.
    fn start(&self, problem: &Problem) -> Vec<f64> {
        let size = self.kept.len();
        let mut beta = vec![0.0; (problem.n_classes - 1) * size];
        if let Some(constant) = self.constant {
            let mut totals = vec![0.0; problem.n_classes];
            for (i, c) in problem.classes.iter().enumerate() {
                totals[*c as usize] += problem.weights.map_or(1.0, |w| w[i]);
            }
            for k in 1..problem.n_classes {
                beta[(k - 1) * size] = libm::log(totals[k] / totals[0]) / constant;
            }
        }
        beta
    }

    fn load(&self, start: usize, n_rows: usize, block: &mut Block<f64>) {
        block.n = BLOCK.min(n_rows - start);
        for (j, target) in block.columns.iter_mut().enumerate() {
            let source = &self.columns[j][start..start + block.n];
            for (t, s) in target.iter_mut().zip(source) {
                *t = (*s - self.shift[j]) * self.scale[j];
            }
        }
    }

    /// Probabilities of the classes but the baseline, and the log likelihood, of a block.
    fn shares(
        &self,
        problem: &Problem,
        start: usize,
        block: &Block<f64>,
        beta: &[f64],
        p: &mut [Vec<f64>],
    ) -> f64 {
        let (size, n) = (self.kept.len(), block.n);
        for (k, p) in p.iter_mut().enumerate() {
            p[..n].fill(0.0);
            subtract_combination(&mut p[..n], &block.columns, &beta[k * size..(k + 1) * size]);
        }
        let mut kernel = 0.0;
        for i in 0..n {
            let mut top = 0.0_f64;
            for p in p.iter_mut() {
                p[i] = -p[i];
                top = top.max(p[i]);
            }
            let class = problem.classes[start + i] as usize;
            let own = if class == 0 { 0.0 } else { p[class - 1][i] };
            let mut sum = libm::exp(-top);
            for p in p.iter_mut() {
                p[i] = libm::exp(p[i] - top);
                sum += p[i];
            }
            for p in p.iter_mut() {
                p[i] /= sum;
            }
            let w = problem.weights.map_or(1.0, |w| w[start + i]);
            if w > 0.0 {
                kernel += w * (own - top - libm::log(sum));
            }
        }
        kernel
    }

    fn pass(&self, problem: &Problem, beta: &[f64], tick: &mut Progress) -> Result<Pass, GlmError> {
        let (size, others) = (self.kept.len(), problem.n_classes - 1);
        let n_rows = problem.classes.len();
        let mut kernel = 0.0;
        let mut gradient = vec![0.0; others * size];
        let mut blocks = vec![Square::zeros(size); others * others];
        let mut block = Block::new(size);
        let mut weighted = Block::new(size);
        let mut p = vec![vec![0.0; BLOCK]; others];
        let mut score = [0.0; BLOCK];
        for start in (0..n_rows).step_by(BLOCK) {
            if start % (1 << 14) == 0 {
                tick(start as f32 / n_rows as f32)?;
            }
            self.load(start, n_rows, &mut block);
            let n = block.n;
            weighted.n = n;
            kernel += self.shares(problem, start, &block, beta, &mut p);
            let weight = |i: usize| problem.weights.map_or(1.0, |w| w[start + i]);
            for a in 0..others {
                for i in 0..n {
                    let is_own = problem.classes[start + i] as usize == a + 1;
                    score[i] = weight(i) * (f64::from(u8::from(is_own)) - p[a][i]);
                }
                for j in 0..size {
                    gradient[a * size + j] += dot(&block.columns[j][..n], &score[..n]);
                }
                for b in 0..=a {
                    for i in 0..n {
                        let own = if a == b { p[a][i] } else { 0.0 };
                        score[i] = weight(i) * (own - p[a][i] * p[b][i]);
                    }
                    for (target, source) in weighted.columns.iter_mut().zip(&block.columns) {
                        for i in 0..n {
                            target[i] = source[i] * score[i];
                        }
                    }
                    add_products(&weighted, &block, &mut blocks[a * others + b]);
                }
            }
        }
        let mut information = Square::zeros(others * size);
        for a in 0..others {
            for b in 0..=a {
                let part = &blocks[a * others + b];
                for j in 0..size {
                    for k in 0..size {
                        let value = part.at(j.min(k), j.max(k));
                        *information.at_mut(a * size + j, b * size + k) = value;
                        *information.at_mut(b * size + k, a * size + j) = value;
                    }
                }
            }
        }
        Ok(Pass {
            kernel,
            gradient,
            information,
        })
    }

    fn finish(
        &self,
        problem: &Problem,
        beta: Vec<f64>,
        pass: &Pass,
        n_iterations: usize,
        is_converged: bool,
    ) -> Result<Fit, GlmError> {
        let (size, others) = (self.kept.len(), problem.n_classes - 1);
        let n_columns = problem.columns.len();
        let all = others * size;
        let floor: Vec<f64> = (0..all)
            .map(|j| 1e-15 * pass.information.at(j, j))
            .collect();
        let factor = Cholesky::with_rank(&pass.information, &floor);
        let inverse = factor.aliased.is_empty().then(|| factor.inverse());
        let mut coefficients = vec![vec![f64::NAN; n_columns]; others];
        let mut errors = vec![vec![f64::NAN; n_columns]; others];
        for k in 0..others {
            let own = &beta[k * size..(k + 1) * size];
            let share = |j: usize| {
                self.constant
                    .map_or(0.0, |c| self.shift[j] * self.scale[j] / c)
            };
            for j in 0..size {
                let column = self.kept[j];
                let first = j == 0 && self.constant.is_some();
                // What turns standardised coefficients into this one.
                let weights: Vec<f64> = (0..size)
                    .map(|m| match (first, m == j) {
                        (_, true) => self.scale[j],
                        (true, false) => -share(m),
                        (false, false) => 0.0,
                    })
                    .collect();
                coefficients[k][column] = weights.iter().zip(own).map(|(w, b)| w * b).sum();
                if let Some(inverse) = &inverse {
                    let mut variance = 0.0;
                    for (a, wa) in weights.iter().enumerate().filter(|(_, w)| **w != 0.0) {
                        for (b, wb) in weights.iter().enumerate().filter(|(_, w)| **w != 0.0) {
                            variance += wa * wb * inverse.at(k * size + a, k * size + b);
                        }
                    }
                    errors[k][column] = variance.sqrt();
                }
            }
        }
        let n_rows = problem.classes.len();
        let mut probabilities = vec![Vec::with_capacity(n_rows); problem.n_classes];
        let mut block = Block::new(size);
        let mut p = vec![vec![0.0; BLOCK]; others];
        for start in (0..n_rows).step_by(BLOCK) {
            self.load(start, n_rows, &mut block);
            self.shares(problem, start, &block, &beta, &mut p);
            for i in 0..block.n {
                let rest: f64 = p.iter().map(|p| p[i]).sum();
                probabilities[0].push((1.0 - rest).max(0.0));
                for (k, p) in p.iter().enumerate() {
                    probabilities[k + 1].push(p[i]);
                }
            }
        }
        Ok(Fit {
            beta: coefficients,
            standard_errors: errors,
            kept: self.kept.clone(),
            aliased: self.aliased.clone(),
            log_likelihood: pass.kernel,
            probabilities,
            n_iterations,
            is_converged,
            standardised: beta,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::progress::unwatched;

    /// With an intercept and one factor the model is saturated: fitted shares are those seen.
    #[test]
    fn a_saturated_model_gives_the_shares() {
        let classes = [0, 0, 1, 2, 0, 1, 1, 1, 2, 2, 0, 2];
        let x: Vec<f64> = (0..12).map(|i| f64::from(u8::from(i >= 5))).collect();
        let ones = [1.0; 12];
        let columns: [&[f64]; 2] = [&ones, &x];
        let problem = Problem {
            columns: &columns,
            classes: &classes,
            n_classes: 3,
            weights: None,
        };
        let fit = fit(&problem, &[], None, &mut unwatched).unwrap();
        assert!(fit.is_converged);
        let expected = [
            3.0 / 5.0,
            1.0 / 5.0,
            1.0 / 5.0,
            1.0 / 7.0,
            3.0 / 7.0,
            3.0 / 7.0,
        ];
        for k in 0..3 {
            assert!((fit.probabilities[k][0] - expected[k]).abs() < 1e-12);
            assert!((fit.probabilities[k][11] - expected[3 + k]).abs() < 1e-12);
        }
        assert!((fit.beta[0][0] - libm::log(1.0 / 3.0)).abs() < 1e-10);
    }
}
