//! A problem's columns standardised, and passes over its rows for normal equations.

use super::family::{Family, RowBlock};
use super::irls::{State, floor};
use super::{GlmError, Problem};
use crate::stats::blocks::{BLOCK, Block, add_products, dot, fetch, subtract_combination};
use crate::stats::descriptive::sum_of;
use crate::stats::linalg::{Cholesky, Panels, Real, Square};
use crate::stats::progress::Progress;

/// A column is aliased when earlier ones leave less than this share of its squared length.
const RANK_TOLERANCE: f64 = 1e-13;
/// Rows between two calls of the progress.
const ROWS_PER_TICK: usize = 1 << 16;

/// Columns to estimate, shifted by their means beside an intercept and scaled by powers of two.
pub(super) struct Work<'a> {
    pub columns: Vec<&'a [f64]>,
    /// Positions of `columns` in the design.
    pub kept: Vec<usize>,
    pub aliased: Vec<usize>,
    pub shift: Vec<f64>,
    pub scale: Vec<f64>,
    /// The value of the first column, if that is constant.
    pub constant: Option<f64>,
    pub y: &'a [f64],
    pub offset: Option<&'a [f64]>,
    pub prior: Option<&'a [f64]>,
    pub family: Family,
    /// Whether the likelihood carries Jeffreys' prior (Firth's correction).
    pub firth: bool,
}

/// Linear predictors for a pass: from coefficients, or near the data to start from.
pub(super) enum From<'b> {
    Beta(&'b [f64]),
    Data,
}

pub(super) struct Pass {
    pub kernel: f64,
    pub gradient: Vec<f64>,
    pub information: Square<f64>,
}

impl<'a> Work<'a> {
    pub fn new(problem: &Problem<'a>, firth: bool) -> Result<Self, GlmError> {
        let n_rows = problem.y.len();
        let first = *problem.columns.first().ok_or(GlmError::NoColumns)?;
        if n_rows == 0 {
            return Err(GlmError::TooFewRows);
        }
        let constant =
            (first[0] != 0.0 && first.iter().all(|x| *x == first[0])).then_some(first[0]);
        let mut work = Self {
            columns: problem.columns.to_vec(),
            kept: (0..problem.columns.len()).collect(),
            aliased: Vec::new(),
            shift: vec![0.0; problem.columns.len()],
            scale: vec![1.0; problem.columns.len()],
            constant,
            y: problem.y,
            offset: problem.offset,
            prior: problem.weights,
            family: problem.family,
            firth,
        };
        let mut raw = Vec::new();
        let share = 1.0 / n_rows as f64;
        for (j, column) in problem.columns.iter().enumerate() {
            let [mean] = sum_of(column, |x| [x * share]);
            let is_shifted = constant.is_some() && j > 0;
            work.shift[j] = if is_shifted { mean } else { 0.0 };
            let reach = reach(column, work.shift[j]);
            if !reach.is_finite() {
                return Err(GlmError::TooLarge);
            }
            if reach > 0.0 {
                let exponent = libm::frexp(reach).1;
                work.scale[j] = libm::ldexp(1.0, (-exponent).clamp(-1000, 1000));
            }
            let level = mean * work.scale[j];
            raw.push(level * level * n_rows as f64);
        }
        let gram = work.counted_gram();
        let floor: Vec<f64> = (0..raw.len())
            .map(|j| (RANK_TOLERANCE * gram.at(j, j)).max(1e-22 * raw[j]))
            .collect();
        let factor = Cholesky::with_rank(&gram, &floor);
        if factor.kept.is_empty() {
            return Err(GlmError::RankZero);
        }
        let n_used = problem
            .weights
            .map_or(n_rows, |w| w.iter().filter(|w| **w > 0.0).count());
        if factor.kept.len() > n_used {
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

    /// Coefficients and their covariance for the columns as given.
    pub fn unstandardise(&self, beta: &[f64], covariance: &Square<f64>) -> (Vec<f64>, Square<f64>) {
        let size = beta.len();
        let mut b: Vec<f64> = beta.iter().zip(&self.scale).map(|(b, s)| b * s).collect();
        let mut v = covariance.clone();
        for j in 0..size {
            for i in 0..size {
                *v.at_mut(i, j) *= self.scale[i] * self.scale[j];
            }
        }
        if let Some(constant) = self.constant {
            let share: Vec<f64> = self.shift.iter().map(|s| s / constant).collect();
            b[0] -= (1..size).map(|j| share[j] * b[j]).sum::<f64>();
            for j in 0..size {
                *v.at_mut(0, j) -= (1..size).map(|k| share[k] * v.at(k, j)).sum::<f64>();
            }
            for i in 0..size {
                *v.at_mut(i, 0) -= (1..size).map(|k| share[k] * v.at(i, k)).sum::<f64>();
            }
        }
        (b, v)
    }

    /// Linear predictors at coefficients of the standardised columns.
    pub fn linear_predictor(&self, beta: &[f64]) -> Vec<f64> {
        let n_rows = self.y.len();
        let mut all = Vec::with_capacity(n_rows);
        let mut block = Block::new(self.columns.len());
        for start in (0..n_rows).step_by(BLOCK) {
            self.load(start, &mut block);
            let mut eta = [0.0; BLOCK];
            self.predict(start, &block, beta, &mut eta);
            all.extend_from_slice(&eta[..block.n]);
        }
        all
    }

    /// Diagonal of the hat matrix of the weighted problem.
    pub fn leverages(&self, state: &State) -> Option<Vec<f64>> {
        let factor = Cholesky::with_rank(&state.information, &floor(&state.information));
        if !factor.aliased.is_empty() {
            return None;
        }
        let panels = Panels::of(&factor.inverse_lower());
        let mut all = Vec::with_capacity(self.y.len());
        let mut block = Block::new(self.columns.len());
        let (mut weight, mut score) = ([0.0; BLOCK], [0.0; BLOCK]);
        for start in (0..self.y.len()).step_by(BLOCK) {
            self.load(start, &mut block);
            let mut eta = [0.0; BLOCK];
            self.predict(start, &block, &state.beta, &mut eta);
            let n = block.n;
            self.rows(start, &eta[..n], &mut weight[..n], &mut score[..n]);
            let hat = hats(&panels, &block, &weight[..n]);
            all.extend_from_slice(&hat[..n]);
        }
        Some(all)
    }

    fn rows(&self, start: usize, eta: &[f64], weight: &mut [f64], score: &mut [f64]) -> f64 {
        let rows = start..start + eta.len();
        self.family.rows(RowBlock {
            eta,
            y: &self.y[rows.clone()],
            prior: self.prior.map(|p| &p[rows]),
            weight,
            score,
        })
    }

    /// The first column's coefficient where the mean response is that of all rows.
    pub fn level(&self) -> f64 {
        let prior = |i: usize| self.prior.map_or(1.0, |p| p[i]);
        let (mut total, mut weights) = (0.0, 0.0);
        for (i, y) in self.y.iter().enumerate() {
            total += prior(i) * y;
            weights += prior(i);
        }
        let mean = total / weights;
        let eta = match self.family {
            Family::Binomial => libm::log(mean / (1.0 - mean)),
            Family::GammaInverse => 1.0 / mean,
            _ => libm::log(mean),
        };
        self.constant.map_or(0.0, |c| eta / c)
    }

    /// Likelihood, score and, `with_information`, information over all rows.
    pub fn pass(
        &self,
        from: &From,
        with_information: bool,
        tick: &mut Progress,
    ) -> Result<Pass, GlmError> {
        let size = self.columns.len();
        let n_rows = self.y.len();
        let mut pass = Pass {
            kernel: 0.0,
            gradient: vec![0.0; size],
            information: Square::zeros(size),
        };
        let mut block = Block::new(size);
        let (mut weight, mut score) = ([0.0; BLOCK], [0.0; BLOCK]);
        for start in (0..n_rows).step_by(BLOCK) {
            if start % ROWS_PER_TICK == 0 {
                tick(start as f32 / n_rows as f32)?;
            }
            self.load(start, &mut block);
            let n = block.n;
            let mut eta = [0.0; BLOCK];
            match from {
                From::Beta(beta) => self.predict(start, &block, beta, &mut eta),
                From::Data => {
                    for (eta, y) in eta.iter_mut().zip(&self.y[start..start + n]) {
                        *eta = self.family.start(*y);
                    }
                }
            }
            pass.kernel += self.rows(start, &eta[..n], &mut weight[..n], &mut score[..n]);
            if let From::Data = from {
                for i in 0..n {
                    score[i] += weight[i] * (eta[i] - self.offset.map_or(0.0, |o| o[start + i]));
                }
            }
            for (gradient, column) in pass.gradient.iter_mut().zip(&block.columns) {
                *gradient += dot(&column[..n], &score[..n]);
            }
            if !with_information {
                continue;
            }
            for w in &mut weight[..n] {
                *w = w.sqrt();
            }
            for column in &mut block.columns {
                for (x, w) in column[..n].iter_mut().zip(&weight[..n]) {
                    *x *= w;
                }
            }
            add_products(&block, &block, &mut pass.information);
        }
        pass.information.mirror();
        Ok(pass)
    }

    /// Adds Σ h (½ − μ) x to the score.
    pub fn add_firth(
        &self,
        beta: &[f64],
        factor: &Cholesky<f64>,
        gradient: &mut [f64],
        tick: &mut Progress,
    ) -> Result<(), GlmError> {
        let panels = Panels::of(&factor.inverse_lower());
        let mut block = Block::new(self.columns.len());
        let (mut weight, mut score) = ([0.0; BLOCK], [0.0; BLOCK]);
        for start in (0..self.y.len()).step_by(BLOCK) {
            if start % ROWS_PER_TICK == 0 {
                tick(1.0)?;
            }
            self.load(start, &mut block);
            let n = block.n;
            let mut eta = [0.0; BLOCK];
            self.predict(start, &block, beta, &mut eta);
            self.rows(start, &eta[..n], &mut weight[..n], &mut score[..n]);
            let hat = hats(&panels, &block, &weight[..n]);
            for i in 0..n {
                score[i] = hat[i] * (0.5 - self.family.mean(eta[i]));
            }
            for (gradient, column) in gradient.iter_mut().zip(&block.columns) {
                *gradient += dot(&column[..n], &score[..n]);
            }
        }
        Ok(())
    }

    /// Linear predictors of a block's rows.
    pub fn predict(&self, start: usize, block: &Block<f64>, beta: &[f64], eta: &mut [f64; BLOCK]) {
        let n = block.n;
        subtract_combination(&mut eta[..n], &block.columns, beta);
        for (i, eta) in eta[..n].iter_mut().enumerate() {
            *eta = self.offset.map_or(0.0, |o| o[start + i]) - *eta;
        }
    }

    /// The standardised columns' rows from `start` on.
    pub fn load(&self, start: usize, block: &mut Block<f64>) {
        block.n = BLOCK.min(self.y.len() - start);
        fetch(start, self.columns.iter().copied());
        for (j, target) in block.columns.iter_mut().enumerate() {
            let (shift, scale) = (self.shift[j], self.scale[j]);
            let source = &self.columns[j][start..start + block.n];
            for (t, s) in target.iter_mut().zip(source) {
                *t = (*s - shift) * scale;
            }
        }
    }

    /// Whether no column is a combination of earlier ones in the rows that count.
    pub fn has_full_rank(&self) -> bool {
        let gram = self.counted_gram();
        let floor = gram.share_of_diagonal(RANK_TOLERANCE);
        Cholesky::with_rank(&gram, &floor).aliased.is_empty()
    }

    /// Products of the columns in the rows that count.
    fn counted_gram(&self) -> Square<f64> {
        let counts = self.prior.map(|prior| -> Vec<f64> {
            let is_counted = prior.iter().map(|p| *p > 0.0);
            is_counted.map(|c| f64::from(u8::from(c))).collect()
        });
        self.gram(counts.as_deref())
    }

    /// Σ f² x xᵀ with a factor f for each row, of the standardised columns.
    pub fn gram(&self, factors: Option<&[f64]>) -> Square<f64> {
        let mut gram = Square::zeros(self.columns.len());
        let mut block = Block::new(self.columns.len());
        for start in (0..self.y.len()).step_by(BLOCK) {
            self.load(start, &mut block);
            if let Some(factors) = factors {
                for column in &mut block.columns {
                    for (x, f) in column[..block.n].iter_mut().zip(&factors[start..]) {
                        *x *= f;
                    }
                }
            }
            add_products(&block, &block, &mut gram);
        }
        gram
    }
}

/// The largest distance of finite values from `centre`; infinite where it overflows.
fn reach(column: &[f64], centre: f64) -> f64 {
    let mut lanes = [0.0_f64; 8];
    let (chunks, rest) = column.as_chunks::<8>();
    for chunk in chunks {
        for (most, x) in lanes.iter_mut().zip(chunk) {
            let distance = (x - centre).abs();
            *most = if distance <= *most { *most } else { distance };
        }
    }
    let all = lanes
        .into_iter()
        .chain(rest.iter().map(|x| (x - centre).abs()));
    all.fold(0.0, |most, d| if d <= most { most } else { d })
}

/// w xᵀ(LLᵀ)⁻¹x of a block's rows.
fn hats(inverse_lower: &Panels<f64>, block: &Block<f64>, weight: &[f64]) -> [f64; BLOCK] {
    let mut sums = [0.0; BLOCK];
    f64::add_squares(inverse_lower, &block.columns, &mut sums[..block.n]);
    for (sum, w) in sums.iter_mut().zip(weight) {
        *sum *= w;
    }
    sums
}
