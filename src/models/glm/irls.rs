//! Iteratively reweighted least squares: where the likelihood is largest.

use super::family::Family;
use super::work::{From, Pass, Work};
use super::{GlmError, Separation};
use crate::stats::blocks::{BLOCK, Block, subtract_combination};
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::progress::{Cancelled, Progress};

/// Newton's decrement (squared distance to the maximum in standard errors) at which it is reached.
const CONVERGED: f64 = 1e-22;
const MAX_ITERATIONS: usize = 100;
/// Separation is looked for after this many steps; without it these are more than enough.
const PATIENCE: usize = 14;
/// From so many rows on, the start is the maximum over every so many blocks of them.
const MIN_THINNED: usize = 1 << 16;
const THINNING: usize = 16;
/// How far a step may move a linear predictor of many rows to be the last one: it ends at the maximum to
/// the last digits, and the information, which stays that of the place before, is right to seven.
const NEARLY: f64 = 1e-7;
/// Pivots below this share of a diagonal entry are rounding.
const ROUNDING: f64 = 1e-15;

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

impl Work<'_> {
    /// Coefficients that maximise the likelihood; those marked `fixed` stay as `start` has them.
    pub fn maximise(
        &self,
        start: Option<&[f64]>,
        fixed: &[bool],
        tick: &mut Progress,
    ) -> Result<State, GlmError> {
        let mut n_passes = 0;
        if let Some(start) = start {
            return self.climb(start.to_vec(), fixed, &mut n_passes, tick);
        }
        if let Some(start) = self.near_thinned_maximum(fixed, &mut n_passes, tick)? {
            match self.climb(start, fixed, &mut n_passes, tick) {
                Ok(state) if state.is_converged => return Ok(state),
                Err(GlmError::Cancelled) => return Err(GlmError::Cancelled),
                // The part said too little of all rows.
                _ => {}
            }
        }
        let start = self.first(&mut stage(tick, &mut n_passes))?;
        match self.climb(start, fixed, &mut n_passes, tick) {
            Err(GlmError::Diverged) => {}
            found => return found,
        }
        // The start near the data overshot: from no effects, step by step.
        let mut start = vec![0.0; self.columns.len()];
        start[0] = self.level();
        self.climb(start, fixed, &mut n_passes, tick)
    }

    /// Newton's steps from `beta` on, halved where the likelihood falls.
    fn climb(
        &self,
        mut beta: Vec<f64>,
        fixed: &[bool],
        n_passes: &mut usize,
        tick: &mut Progress,
    ) -> Result<State, GlmError> {
        let size = self.columns.len();
        let free: Vec<usize> = (0..size)
            .filter(|&j| !fixed.get(j).is_some_and(|f| *f))
            .collect();
        let mut best: Option<State> = None;
        let mut n_halvings = 0;
        let mut last_decrement = f64::INFINITY;
        let mut n_iterations = 0;
        loop {
            let pass = self.evaluate(&beta, &mut stage(tick, n_passes))?;
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
            // No standardised value is beyond 1, so neither is a row's linear predictor moved further.
            let furthest: f64 = step.iter().map(|s| s.abs()).sum();
            if self.y.len() >= MIN_THINNED && furthest <= NEARLY && self.ends_in_one_step() {
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

    /// Whether a row's information changes by no larger a share than its linear predictor moves, and
    /// steps are Newton's: so the next step from near the maximum ends there.
    fn ends_in_one_step(&self) -> bool {
        matches!(self.family, Family::Binomial | Family::Poisson) && !self.firth
    }

    /// One step over all rows from the maximum over a part of many, with the information of the part.
    fn near_thinned_maximum(
        &self,
        fixed: &[bool],
        n_passes: &mut usize,
        tick: &mut Progress,
    ) -> Result<Option<Vec<f64>>, GlmError> {
        let Some(thinned) = self.thinned_maximum(fixed, &mut stage(tick, n_passes))? else {
            return Ok(None);
        };
        let mut beta = thinned.beta.clone();
        let gradient = self.gradient(&beta, &mut stage(tick, n_passes))?;
        let free: Vec<usize> = (0..beta.len()).collect();
        let at_all_rows = State {
            gradient,
            ..thinned
        };
        if let Some(step) = newton(&at_all_rows, &free) {
            beta.iter_mut().zip(&step).for_each(|(b, s)| *b += s);
        }
        Ok(Some(beta))
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
        if !part.has_full_rank() {
            return Ok(None);
        }
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
}

/// Newton's step of the free coefficients; `None` when the information is singular.
pub(super) fn newton(state: &State, free: &[usize]) -> Option<Vec<f64>> {
    let information = &state.information;
    information.solve_at(&state.gradient, free, ROUNDING)
}

/// Pivots of a matrix below these are rounding.
pub(super) fn floor(matrix: &Square<f64>) -> Vec<f64> {
    matrix.share_of_diagonal(ROUNDING)
}

/// Progress of pass after pass, how many is not known: each takes a fifth of what is left.
fn stage<'t>(
    tick: &'t mut Progress,
    n_passes: &'t mut usize,
) -> impl FnMut(f32) -> Result<(), Cancelled> + 't {
    let left = libm::powf(0.8, *n_passes as f32);
    *n_passes += 1;
    move |part: f32| tick(1.0 - left + left * 0.2 * part)
}

#[cfg(test)]
mod tests {
    use super::super::{Fit, Model, Problem};
    use super::*;
    use crate::stats::progress::unwatched;

    const N_ROWS: usize = 70_000;

    /// A model of rows enough to start at the maximum over a part of them.
    struct Rows {
        columns: Vec<Vec<f64>>,
        y: Vec<f64>,
        weights: Option<Vec<f64>>,
        offset: Option<Vec<f64>>,
        family: Family,
    }

    /// Values spread evenly over 0 to 1 that look like random ones.
    fn uniform(row: usize, stream: u64) -> f64 {
        let mut bits = (row as u64) << 8 ^ stream;
        for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
            bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
            bits = (bits ^ (bits >> 30)).wrapping_mul(factor);
        }
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn is_thinned(row: usize) -> bool {
        (row / BLOCK).is_multiple_of(THINNING)
    }

    impl Rows {
        /// An intercept, a column with a trend along the rows, and one without.
        fn with_trend(family: Family) -> Self {
            let rows = 0..N_ROWS;
            let trend = |i| 10.0 + 4.0 * i as f64 / N_ROWS as f64 + uniform(i, 1);
            let columns = vec![
                vec![1.0; N_ROWS],
                rows.clone().map(trend).collect(),
                rows.clone().map(|i| uniform(i, 2) - 0.5).collect(),
            ];
            let mut all = Self {
                columns,
                y: Vec::new(),
                weights: None,
                offset: None,
                family,
            };
            all.y = rows.map(|i| all.response(i, 0.0)).collect();
            all
        }

        /// A response whose linear predictor is `more` than the columns make it.
        fn response(&self, i: usize, more: f64) -> f64 {
            let eta = 0.7 * (self.columns[1][i] - 12.5) - self.columns[2][i] + more;
            let offset = self.offset.as_ref().map_or(0.0, |o| o[i]);
            let mean = self.family.mean(eta + offset);
            let u = uniform(i, 3);
            match self.family {
                Family::Binomial => f64::from(u < mean),
                // Rounded to whole numbers so that the mean stays.
                _ => (mean + u).floor(),
            }
        }

        /// With a column for the rows that are `in_level`, whose linear predictors are `effect` more.
        fn with_level(mut self, in_level: impl Fn(usize) -> bool, effect: f64) -> Self {
            for i in (0..N_ROWS).filter(|i| in_level(*i)) {
                self.y[i] = self.response(i, effect);
            }
            let level = (0..N_ROWS).map(|i| f64::from(in_level(i)));
            self.columns.push(level.collect());
            self
        }

        fn fit(&self) -> Fit {
            let columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
            Model::new(self.problem(&columns))
                .and_then(|model| model.fit(&mut unwatched))
                .unwrap()
        }

        fn problem<'a>(&'a self, columns: &'a [&'a [f64]]) -> Problem<'a> {
            Problem {
                columns,
                y: &self.y,
                offset: self.offset.as_deref(),
                weights: self.weights.as_deref(),
                family: self.family,
            }
        }

        fn has_thinned_maximum(&self) -> bool {
            let columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
            let work = Work::new(&self.problem(&columns), false).unwrap();
            let thinned = work.thinned_maximum(&[], &mut unwatched).unwrap();
            thinned.is_some()
        }
    }

    /// Mean and variance at a linear predictor.
    fn moments(family: Family, eta: f64) -> (f64, f64) {
        match family {
            Family::Poisson => (libm::exp(eta), libm::exp(eta)),
            _ => {
                let mean = 1.0 / (1.0 + libm::exp(-eta));
                (mean, mean * (1.0 - mean))
            }
        }
    }

    /// That the score is zero at the estimates, their covariance the inverse of the information there, and
    /// the deviance that of the rows.
    #[track_caller]
    fn check(rows: &Rows, has_thinned_maximum: bool) {
        assert_eq!(rows.has_thinned_maximum(), has_thinned_maximum);
        let fit = rows.fit();
        assert!(fit.is_converged && fit.aliased.is_empty());
        let size = rows.columns.len();
        let (mut score, mut length) = (vec![0.0; size], vec![0.0; size]);
        let mut information = vec![vec![0.0; size]; size];
        let mut deviance = 0.0;
        for i in 0..N_ROWS {
            let w = rows.weights.as_ref().map_or(1.0, |w| w[i]);
            let mut eta = rows.offset.as_ref().map_or(0.0, |o| o[i]);
            for (b, column) in fit.beta.iter().zip(&rows.columns) {
                eta += b * column[i];
            }
            let (mean, variance) = moments(rows.family, eta);
            let y = rows.y[i];
            let log = |a: f64, b: f64| if a > 0.0 { a * libm::log(a / b) } else { 0.0 };
            deviance += 2.0
                * w
                * match rows.family {
                    Family::Poisson => log(y, mean) - (y - mean),
                    _ => log(y, mean) + log(1.0 - y, 1.0 - mean),
                };
            for j in 0..size {
                let x = rows.columns[j][i];
                score[j] += w * (y - mean) * x;
                length[j] += w * x.abs();
                for (entry, column) in information[j].iter_mut().zip(&rows.columns) {
                    *entry += w * variance * x * column[i];
                }
            }
        }
        for j in 0..size {
            let share = (score[j] / length[j]).abs();
            assert!(share < 1e-13, "score of column {j}: {share:e}");
            for k in 0..size {
                let product: f64 = (0..size)
                    .map(|l| fit.covariance.at(j, l) * information[l][k])
                    .sum();
                // In units of the columns' lengths.
                let error =
                    (product - f64::from(j == k)) * (information[j][j] / information[k][k]).sqrt();
                assert!(error.abs() < 1e-6, "information {j}, {k}: {error:e}");
            }
        }
        let error = fit.deviance / deviance - 1.0;
        assert!(error.abs() < 1e-12, "deviance: {error:e}");
    }

    const FAMILIES: [Family; 2] = [Family::Binomial, Family::Poisson];

    #[test]
    fn many_rows_with_a_trend() {
        for family in FAMILIES {
            let rows = Rows::with_trend(family);
            check(&rows, true);
            assert!(rows.fit().n_iterations <= 3);
        }
    }

    #[test]
    fn many_rows_with_weights_and_offset() {
        for family in FAMILIES {
            let mut rows = Rows::with_trend(family);
            rows.weights = Some((0..N_ROWS).map(|i| (4.0 * uniform(i, 4)).floor()).collect());
            check(&rows, true);
            rows.offset = Some((0..N_ROWS).map(|i| 2.0 * uniform(i, 5) - 1.0).collect());
            rows.y = (0..N_ROWS).map(|i| rows.response(i, 0.0)).collect();
            check(&rows, true);
            rows.weights = None;
            check(&rows, true);
            // No weight but where the part has none.
            let weight = |i| f64::from(!is_thinned(i)) * (1.0 + uniform(i, 4));
            rows.weights = Some((0..N_ROWS).map(weight).collect());
            check(&rows, false);
        }
    }

    #[test]
    fn a_level_outside_of_the_part() {
        for family in FAMILIES {
            for effect in [-0.5, 1.5] {
                let outside = |i: usize| (20_000..26_000).contains(&i) && !is_thinned(i);
                check(&Rows::with_trend(family).with_level(outside, effect), false);
            }
        }
    }

    /// Rows of the part say something else of a level than all rows do, and more surely than so few may.
    #[test]
    fn a_level_that_the_part_misjudges() {
        for family in FAMILIES {
            for effect in [-3.0, 3.0] {
                let first = (20_000..).find(|i| is_thinned(*i)).unwrap();
                let in_level = |i: usize| (first + BLOCK - 2..first + 4000).contains(&i);
                let mut rows = Rows::with_trend(family).with_level(in_level, effect);
                (rows.y[first + BLOCK - 2], rows.y[first + BLOCK - 1]) = (0.0, 1.0);
                check(&rows, true);
            }
        }
    }

    /// Few rows, all of them in the part.
    #[test]
    fn a_rare_level() {
        for family in FAMILIES {
            let mut rows = Rows::with_trend(family).with_level(|i| (100..103).contains(&i), 0.0);
            rows.y[100..103].copy_from_slice(&[1.0, 0.0, 1.0]);
            check(&rows, true);
        }
    }

    /// A level without a zero in the part has no maximum there.
    #[test]
    fn a_level_that_is_separated_in_the_part() {
        let in_level = |i: usize| (60..120).contains(&i) || (1000..1100).contains(&i);
        let mut rows = Rows::with_trend(Family::Binomial).with_level(in_level, 0.0);
        rows.y[60..120].fill(1.0);
        check(&rows, false);
    }
}
