//! Iteratively reweighted least squares on normal equations of standardised columns.

use super::family::{Family, RowBlock};
use super::{GlmError, Problem, Separation};
use crate::stats::blocks::{BLOCK, Block, add_products, dot, fetch, subtract_combination};
use crate::stats::descriptive::sum_of;
use crate::stats::linalg::{Cholesky, Panels, Real, Square};
use crate::stats::progress::Progress;

/// A column is aliased when earlier ones leave less than this share of its squared length.
const RANK_TOLERANCE: f64 = 1e-13;
/// Newton's decrement (squared distance to the maximum in standard errors) at which it is reached.
const CONVERGED: f64 = 1e-22;
const MAX_ITERATIONS: usize = 100;
/// Separation is looked for after this many steps; without it these are more than enough.
const PATIENCE: usize = 14;
/// From so many rows on, the start is the maximum over every so many blocks of them.
const MIN_THINNED: usize = 1 << 16;
const THINNING: usize = 16;
/// Newton's decrement for each of many rows from which the next step ends at the maximum to the last
/// digits. The information stays that of the place before, which is right to seven digits.
const NEARLY: f64 = 1e-13;
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

/// Where a maximisation stands; coefficients are those of the standardised columns.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub beta: Vec<f64>,
    /// Log likelihood but for terms without coefficients, with Firth's penalty if there is one.
    pub kernel: f64,
    pub gradient: Vec<f64>,
    /// Expected information, both triangles.
    pub information: Square<f64>,
    pub n_iterations: usize,
    pub is_converged: bool,
    pub separation: Option<Separation>,
}

/// Linear predictors for a pass: from coefficients, or near the data to start from.
enum From<'b> {
    Beta(&'b [f64]),
    Data,
}

struct Pass {
    kernel: f64,
    gradient: Vec<f64>,
    information: Square<f64>,
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
        let counts = work.prior.map(|prior| -> Vec<f64> {
            let is_counted = prior.iter().map(|p| *p > 0.0);
            is_counted.map(|c| f64::from(u8::from(c))).collect()
        });
        let gram = work.gram(counts.as_deref());
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

    /// Coefficients that maximise the likelihood; those marked `fixed` stay as `start` has them.
    pub fn maximise(
        &self,
        start: Option<&[f64]>,
        fixed: &[bool],
        tick: &mut Progress,
    ) -> Result<State, GlmError> {
        let size = self.columns.len();
        let mut n_passes = 0;
        let thinned = match start {
            None => self.thinned_maximum(fixed, &mut stage(tick, &mut n_passes))?,
            Some(_) => None,
        };
        let mut beta = match (start, &thinned) {
            (Some(beta), _) => beta.to_vec(),
            (None, Some(thinned)) => thinned.beta.clone(),
            (None, None) => self.first(&mut stage(tick, &mut n_passes))?,
        };
        if let Some(thinned) = thinned {
            // The first step over all rows makes do with the information of the few.
            let gradient = self.gradient(&beta, &mut stage(tick, &mut n_passes))?;
            let free = (0..size).collect::<Vec<usize>>();
            if let Some(step) = newton(
                &State {
                    gradient,
                    ..thinned
                },
                &free,
            ) {
                beta.iter_mut().zip(&step).for_each(|(b, s)| *b += s);
            }
        }
        let free: Vec<usize> = (0..size)
            .filter(|&j| !fixed.get(j).is_some_and(|f| *f))
            .collect();
        let mut best: Option<State> = None;
        let mut n_halvings = 0;
        let mut last_decrement = f64::INFINITY;
        let mut n_iterations = 0;
        loop {
            let pass = self.evaluate(&beta, &mut stage(tick, &mut n_passes))?;
            if let Some(best) = &best {
                let slack = 1e-10 * (best.kernel.abs() + 1.0);
                let is_worse = pass
                    .as_ref()
                    .is_none_or(|p| p.kernel.is_nan() || p.kernel < best.kernel - slack);
                if is_worse && n_halvings < 40 {
                    n_halvings += 1;
                    for (b, kept) in beta.iter_mut().zip(&best.beta) {
                        *b = 0.5 * (*b + kept);
                    }
                    continue;
                }
                if is_worse {
                    break;
                }
            }
            let Some(pass) = pass.filter(|p| p.kernel.is_finite()) else {
                if best.is_none() && beta.iter().any(|b| *b != 0.0) && start.is_none() {
                    // The start near the data overshot: from no effects, step by step.
                    beta = vec![0.0; size];
                    beta[0] = self.level();
                    best = None;
                    n_halvings += 1;
                    if n_halvings < 3 {
                        continue;
                    }
                }
                return Err(GlmError::Diverged);
            };
            n_halvings = 0;
            n_iterations += 1;
            let mut state = State {
                beta: beta.clone(),
                kernel: pass.kernel,
                gradient: pass.gradient,
                information: pass.information,
                n_iterations,
                is_converged: false,
                separation: None,
            };
            if free.is_empty() {
                state.is_converged = true;
                return Ok(state);
            }
            let Some(step) = newton(&state, &free) else {
                best = Some(state);
                break;
            };
            let decrement: f64 = free
                .iter()
                .zip(&step)
                .map(|(&j, s)| state.gradient[j] * s)
                .sum();
            let stalls =
                decrement < 1e-14 && decrement > 0.3 * last_decrement && self.family.is_canonical();
            if self.y.len() >= MIN_THINNED
                && decrement <= NEARLY * self.y.len() as f64
                && decrement < 1e-3 * last_decrement
                && self.family.is_canonical()
                && !self.firth
            {
                for (&j, s) in free.iter().zip(&step) {
                    state.beta[j] += s;
                }
                state.kernel += 0.5 * decrement;
                state.is_converged = true;
                return Ok(state);
            }
            if decrement <= CONVERGED || stalls || !decrement.is_finite() {
                state.is_converged = decrement.is_finite();
                best = Some(state);
                break;
            }
            last_decrement = decrement;
            let mut full = vec![0.0; size];
            for (&j, s) in free.iter().zip(&step) {
                full[j] = *s;
            }
            if self.family == Family::Binomial && !self.firth && n_iterations >= PATIENCE {
                state.separation = self.separation(&full);
                if state.separation.is_some() || n_iterations > 2 * PATIENCE {
                    best = Some(state);
                    break;
                }
            }
            if n_iterations >= MAX_ITERATIONS {
                best = Some(state);
                break;
            }
            if self.firth {
                // Firth's steps are kept short of half a unit on the linear predictor's scale.
                let longest = full.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
                let limit = 5.0;
                if longest > limit {
                    full.iter_mut().for_each(|s| *s *= limit / longest);
                }
            }
            beta.iter_mut().zip(&full).for_each(|(b, s)| *b += s);
            best = Some(state);
        }
        best.ok_or(GlmError::Diverged)
    }

    /// The maximum over a part of many rows, its information scaled to all of them: a start whose first
    /// step ends near the maximum over all. `None` for few rows, and where the part has no maximum.
    fn thinned_maximum(
        &self,
        fixed: &[bool],
        tick: &mut Progress,
    ) -> Result<Option<State>, GlmError> {
        let n_rows = self.y.len();
        if n_rows < MIN_THINNED || self.firth || fixed.contains(&true) {
            return Ok(None);
        }
        let thinned = |values: &[f64]| -> Vec<f64> {
            let blocks = values.chunks(BLOCK).step_by(THINNING);
            blocks.flatten().copied().collect()
        };
        let columns: Vec<Vec<f64>> = self.columns.iter().map(|c| thinned(c)).collect();
        let y = thinned(self.y);
        let (offset, prior) = (self.offset.map(thinned), self.prior.map(thinned));
        let part = Work {
            columns: columns.iter().map(Vec::as_slice).collect(),
            kept: self.kept.clone(),
            aliased: Vec::new(),
            shift: self.shift.clone(),
            scale: self.scale.clone(),
            constant: self.constant,
            y: &y,
            offset: offset.as_deref(),
            prior: prior.as_deref(),
            family: self.family,
            firth: false,
        };
        let state = match part.maximise(None, fixed, tick) {
            Ok(state) => state,
            Err(GlmError::Cancelled) => return Err(GlmError::Cancelled),
            Err(_) => return Ok(None),
        };
        let is_maximum = state.is_converged && state.separation.is_none();
        let share = y.len() as f64 / n_rows as f64;
        Ok(is_maximum.then(|| State {
            information: Square {
                size: state.information.size,
                data: state.information.data.iter().map(|x| x / share).collect(),
            },
            ..state
        }))
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

    fn level(&self) -> f64 {
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

    /// Coefficients to start from.
    fn first(&self, tick: &mut Progress) -> Result<Vec<f64>, GlmError> {
        let mut beta = vec![0.0; self.columns.len()];
        if self.family == Family::Binomial {
            if self.constant.is_some() && self.offset.is_none() {
                beta[0] = self.level();
            }
            return Ok(beta);
        }
        let pass = self.pass(&From::Data, true, tick)?;
        let factor = Cholesky::with_rank(&pass.information, &floor(&pass.information));
        if !factor.aliased.is_empty() {
            beta[0] = self.level();
            return Ok(beta);
        }
        Ok(factor.solve(&pass.gradient))
    }

    /// `None` where Firth's penalty does not exist.
    fn evaluate(&self, beta: &[f64], tick: &mut Progress) -> Result<Option<Pass>, GlmError> {
        let mut pass = self.pass(&From::Beta(beta), true, tick)?;
        if !self.firth {
            return Ok(Some(pass));
        }
        let factor = Cholesky::with_rank(&pass.information, &floor(&pass.information));
        if !factor.aliased.is_empty() {
            return Ok(None);
        }
        pass.kernel += 0.5 * factor.ln_determinant();
        self.add_firth(beta, &factor, &mut pass.gradient, tick)?;
        Ok(Some(pass))
    }

    fn gradient(&self, beta: &[f64], tick: &mut Progress) -> Result<Vec<f64>, GlmError> {
        Ok(self.pass(&From::Beta(beta), false, tick)?.gradient)
    }

    fn pass(
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
        mirror(&mut pass.information);
        Ok(pass)
    }

    /// Adds Σ h (½ − μ) x to the score.
    fn add_firth(
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

    /// Whether a direction raises the linear predictor of no 0 and lowers that of no 1: then the
    /// likelihood rises for ever along it (Albert and Anderson 1984). Newton's late steps are
    /// such directions when there is one.
    fn separation(&self, direction: &[f64]) -> Option<Separation> {
        let mut block = Block::new(self.columns.len());
        let mut gains = Vec::with_capacity(self.y.len());
        let (mut most, mut least) = (0.0_f64, 0.0_f64);
        for start in (0..self.y.len()).step_by(BLOCK) {
            self.load(start, &mut block);
            let n = block.n;
            let mut change = [0.0; BLOCK];
            subtract_combination(&mut change[..n], &block.columns, direction);
            for i in 0..n {
                let side = 1.0 - 2.0 * self.y[start + i];
                let gain = match self.prior {
                    Some(p) if p[start + i] == 0.0 => 0.0,
                    _ => side * change[i],
                };
                most = most.max(gain);
                least = least.min(gain);
                gains.push(gain);
            }
        }
        if most < 0.2 || least < -1e-3 * most {
            return None;
        }
        let n_rows = gains.iter().filter(|g| **g > 0.05 * most).count();
        let (b, _) = self.unstandardise(direction, &Square::zeros(direction.len()));
        let reach: Vec<f64> = direction.iter().map(|d| d.abs()).collect();
        let largest = reach.iter().copied().fold(0.0, f64::max);
        let runs_off = |j: usize| match self.constant {
            Some(constant) if j == 0 => (b[0] * constant).abs() > 0.05 * most,
            _ => reach[j] > 0.02 * largest,
        };
        let columns = (0..direction.len())
            .filter(|&j| runs_off(j))
            .map(|j| (self.kept[j], b[j] > 0.0))
            .collect();
        Some(Separation {
            columns,
            n_rows,
            is_complete: n_rows == gains.len(),
        })
    }

    fn predict(&self, start: usize, block: &Block<f64>, beta: &[f64], eta: &mut [f64; BLOCK]) {
        let n = block.n;
        subtract_combination(&mut eta[..n], &block.columns, beta);
        for (i, eta) in eta[..n].iter_mut().enumerate() {
            *eta = self.offset.map_or(0.0, |o| o[start + i]) - *eta;
        }
    }

    fn load(&self, start: usize, block: &mut Block<f64>) {
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

    /// Products of the columns in the rows that count.
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

/// Newton's step of the free coefficients; `None` when the information is singular.
pub(super) fn newton(state: &State, free: &[usize]) -> Option<Vec<f64>> {
    let information = state.information.select(free);
    let factor = Cholesky::with_rank(&information, &floor(&information));
    let gradient: Vec<f64> = free.iter().map(|&j| state.gradient[j]).collect();
    factor.aliased.is_empty().then(|| factor.solve(&gradient))
}

/// Pivots below this share of a diagonal entry are rounding.
pub(super) fn floor(matrix: &Square<f64>) -> Vec<f64> {
    (0..matrix.size).map(|j| 1e-15 * matrix.at(j, j)).collect()
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

pub(super) fn mirror(matrix: &mut Square<f64>) {
    for j in 0..matrix.size {
        for i in 0..j {
            *matrix.at_mut(j, i) = matrix.at(i, j);
        }
    }
}

/// Progress of pass after pass, how many is not known: each takes a fifth of what is left.
fn stage<'t>(
    tick: &'t mut Progress,
    n_passes: &'t mut usize,
) -> impl FnMut(f32) -> Result<(), crate::stats::progress::Cancelled> + 't {
    let left = libm::powf(0.8, *n_passes as f32);
    *n_passes += 1;
    move |part: f32| tick(1.0 - left + left * 0.2 * part)
}
