//! Generalised linear models by maximum likelihood: binomial, Poisson, negative binomial, Gamma.
//!
//! Scoring (iteratively reweighted least squares) until Newton's decrement says that the maximum
//! is reached to the last digits: a tighter end than the change of the deviance that R's `glm`
//! stops at. Columns are shifted by their means beside an intercept and scaled by powers of two,
//! so normal equations keep the digits that large means would cost.
//!
//! Definitions follow R: `glm`, `summary.glm`, `logLik`; Firth's penalty follows `logistf`.

mod family;
mod irls;
pub mod margins;
mod negative_binomial;
mod work;

use std::fmt;

use crate::stats::distributions::chi_squared;
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::progress::{Cancelled, Progress};
use crate::stats::survey::n_sampled;

pub use family::Family;
pub use negative_binomial::{NegativeBinomial, negative_binomial};

use irls::{State, floor};
use work::Work;

/// What is to be explained by what.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// The design by columns of `n_rows` finite values each; the intercept's ones come first.
    pub columns: &'a [&'a [f64]],
    /// The response, in the domain of the family.
    pub y: &'a [f64],
    /// Added to the linear predictor.
    pub offset: Option<&'a [f64]>,
    /// Case weights: a row of weight 2 counts as two rows. Not negative.
    pub weights: Option<&'a [f64]>,
    pub family: Family,
}

/// Why a problem has no fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GlmError {
    NoColumns,
    /// Fewer rows than independent columns.
    TooFewRows,
    /// Every column is zero.
    RankZero,
    /// Values so large that their differences overflow.
    TooLarge,
    /// The likelihood has no maximum that can be reached.
    Diverged,
    /// Counts that vary no more than Poisson ones have no negative binomial's θ.
    NoOverdispersion,
    Cancelled,
}

impl fmt::Display for GlmError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NoColumns => "the design needs at least one column",
            Self::TooFewRows => "there are fewer rows than columns to estimate",
            Self::RankZero => "at least one column must not be zero throughout",
            Self::TooLarge => "the values are too large to subtract from one another",
            Self::Diverged => "the likelihood has no maximum that can be reached",
            Self::NoOverdispersion => "the counts vary no more than Poisson counts do",
            Self::Cancelled => "cancelled",
        })
    }
}

impl std::error::Error for GlmError {}

impl From<Cancelled> for GlmError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Columns whose combination tells zeros from ones without fail, in some rows or in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Separation {
    /// Positions in the design, and whether their coefficient runs to +∞.
    pub columns: Vec<(usize, bool)>,
    /// Rows that are told without fail.
    pub n_rows: usize,
    /// Whether these are all rows.
    pub is_complete: bool,
}

/// A fitted model. Vectors over rows have `n_rows` values.
#[derive(Clone, Debug)]
pub struct Fit {
    /// One for each column of the design, NaN for aliased ones.
    pub beta: Vec<f64>,
    /// Inverse of the expected information of the kept columns: their covariance for a
    /// dispersion of one.
    pub covariance: Square<f64>,
    pub kept: Vec<usize>,
    /// Combinations of earlier columns, left out.
    pub aliased: Vec<usize>,
    pub linear_predictor: Vec<f64>,
    pub fitted: Vec<f64>,
    /// Σ w d, with the case weights.
    pub deviance: f64,
    /// Σ w (y − μ)² / V(μ).
    pub pearson: f64,
    /// Case weights summed, or rows.
    pub n: f64,
    pub n_iterations: usize,
    pub is_converged: bool,
    pub separation: Option<Separation>,
    state: State,
}

/// A problem made ready, from which a fit and its tests and intervals come.
pub struct Model<'a> {
    problem: Problem<'a>,
    work: Work<'a>,
}

impl<'a> Model<'a> {
    /// # Errors
    /// See [`GlmError`].
    pub fn new(problem: Problem<'a>) -> Result<Self, GlmError> {
        let work = Work::new(&problem, false)?;
        Ok(Self { problem, work })
    }

    /// With Firth's (1993) penalty: Jeffreys' prior, under which estimates are always finite.
    /// For the binomial family.
    ///
    /// # Errors
    /// See [`GlmError`].
    pub fn firth(problem: Problem<'a>) -> Result<Self, GlmError> {
        let work = Work::new(&problem, true)?;
        Ok(Self { problem, work })
    }

    /// # Errors
    /// See [`GlmError`].
    pub fn fit(&self, tick: &mut Progress) -> Result<Fit, GlmError> {
        let state = self.work.maximise(None, &[], tick)?;
        Ok(self.finish(state))
    }

    /// Another family for the same columns: a new θ.
    pub fn set_family(&mut self, family: Family) {
        self.problem.family = family;
        self.work.family = family;
    }

    /// A fit that starts from another's coefficients, such as that of a neighbouring θ.
    ///
    /// # Errors
    /// See [`GlmError`].
    pub fn fit_from(&self, other: &Fit, tick: &mut Progress) -> Result<Fit, GlmError> {
        let state = self.work.maximise(Some(&other.state.beta), &[], tick)?;
        Ok(self.finish(state))
    }

    /// The covariance of the estimates where rows were drawn from a population with chances in inverse
    /// proportion to their weights, linearised as `survey::svyglm` has it: A⁻¹ Σ u uᵀ A⁻¹ n/(n − 1) with
    /// the scores u = w (y − μ) μ′ / V(μ) x, the information A, and n rows of positive weight
    /// (Binder 1983). All NaN when the information is singular.
    pub fn linearised_covariance(&self, fit: &Fit) -> Square<f64> {
        let work = &self.work;
        let scores: Vec<f64> = (0..work.y.len())
            .map(|i| {
                let mean = fit.fitted[i];
                let residual = (work.y[i] - mean) * work.family.score_factor(mean);
                work.prior.map_or(1.0, |p| p[i]) * residual
            })
            .collect();
        let information = &fit.state.information;
        let factor = Cholesky::with_rank(information, &floor(information));
        let size = information.size;
        if !factor.aliased.is_empty() {
            return Square {
                size,
                data: vec![f64::NAN; size * size],
            };
        }
        let n = work.prior.map_or(scores.len(), n_sampled) as f64;
        let mut meat = work.gram(Some(&scores));
        meat.mirror();
        let column = |matrix: &Square<f64>, j: usize| -> Vec<f64> {
            (0..size).map(|i| matrix.at(i, j)).collect()
        };
        let mut half = Square::zeros(size);
        let mut whole = Square::zeros(size);
        for j in 0..size {
            let solved = factor.solve(&column(&meat, j));
            (0..size).for_each(|i| *half.at_mut(j, i) = solved[i]);
        }
        for j in 0..size {
            let solved = factor.solve(&column(&half, j));
            (0..size).for_each(|i| *whole.at_mut(i, j) = solved[i] * n / (n - 1.0));
        }
        work.unstandardise(&fit.state.beta, &whole).1
    }

    /// Likelihood-ratio statistic and degrees of freedom of leaving out columns of the design,
    /// for a dispersion of one. Under Firth's penalty the penalty stays that of all columns, as in
    /// `logistf`.
    ///
    /// # Errors
    /// See [`GlmError`].
    pub fn without(
        &self,
        fit: &Fit,
        columns: &[usize],
        tick: &mut Progress,
    ) -> Result<(f64, usize), GlmError> {
        let fixed: Vec<bool> = self.work.kept.iter().map(|c| columns.contains(c)).collect();
        let df = fixed.iter().filter(|f| **f).count();
        if df == 0 {
            return Ok((f64::NAN, 0));
        }
        let values = vec![0.0; fixed.len()];
        let start = self.conditional_start(fit, &fixed, &values);
        let state = self.work.maximise(Some(&start), &fixed, tick)?;
        Ok(((2.0 * (fit.state.kernel - state.kernel)).max(0.0), df))
    }

    /// The interval of values of one coefficient that a likelihood-ratio test at 1 − `level` does
    /// not reject; an end that does not exist is infinite.
    ///
    /// # Errors
    /// See [`GlmError`].
    pub fn profile(
        &self,
        fit: &Fit,
        column: usize,
        level: f64,
        tick: &mut Progress,
    ) -> Result<(f64, f64), GlmError> {
        let Some(place) = self.work.kept.iter().position(|k| *k == column) else {
            return Ok((f64::NAN, f64::NAN));
        };
        // The intercept of shifted columns is another one: its profile needs columns as they are.
        if place == 0 && self.work.shift.iter().any(|s| *s != 0.0) {
            let mut plain = Work::new(&self.problem, self.work.firth)?;
            let beta: Vec<f64> = (0..plain.columns.len())
                .map(|j| fit.beta[plain.kept[j]] / plain.scale[j])
                .collect();
            plain.shift.fill(0.0);
            plain.constant = None;
            let state = plain.maximise(Some(&beta), &[], tick)?;
            return ends(&plain, &state, 0, level, tick);
        }
        ends(&self.work, &fit.state, place, level, tick)
    }

    /// Diagonal of the hat matrix; `None` when the information is singular.
    pub fn leverages(&self, fit: &Fit) -> Option<Vec<f64>> {
        self.work.leverages(&fit.state)
    }

    /// Penalised or plain log likelihood but for terms without coefficients.
    pub fn kernel(&self, fit: &Fit) -> f64 {
        let scale: f64 = self.work.scale.iter().map(|s| libm::log(*s)).sum();
        fit.state.kernel - if self.work.firth { scale } else { 0.0 }
    }

    fn conditional_start(&self, fit: &Fit, fixed: &[bool], values: &[f64]) -> Vec<f64> {
        conditional_start(&fit.state, fixed, values)
    }

    fn finish(&self, state: State) -> Fit {
        let work = &self.work;
        let factor = Cholesky::with_rank(&state.information, &floor(&state.information));
        let inverse = if factor.aliased.is_empty() {
            factor.inverse()
        } else {
            Square {
                size: state.beta.len(),
                data: vec![f64::NAN; state.beta.len() * state.beta.len()],
            }
        };
        let (b, covariance) = work.unstandardise(&state.beta, &inverse);
        let mut beta = vec![f64::NAN; self.problem.columns.len()];
        for (&column, b) in work.kept.iter().zip(b) {
            beta[column] = b;
        }
        let linear_predictor = work.linear_predictor(&state.beta);
        let family = work.family;
        let fitted: Vec<f64> = linear_predictor
            .iter()
            .map(|eta| family.mean(*eta))
            .collect();
        let prior = |i: usize| work.prior.map_or(1.0, |p| p[i]);
        let (mut deviance, mut pearson, mut n) = (0.0, 0.0, 0.0);
        for (i, (y, mean)) in work.y.iter().zip(&fitted).enumerate() {
            let w = prior(i);
            if w > 0.0 {
                pearson += w * (y - mean) * (y - mean) / family.variance(*mean);
                if family != Family::Binomial {
                    deviance += w * family.deviance(*y, *mean);
                }
                n += w;
            }
        }
        if family == Family::Binomial {
            deviance = -2.0 * self.binomial_kernel(&state, &linear_predictor);
        }
        Fit {
            beta,
            covariance,
            kept: work.kept.clone(),
            aliased: work.aliased.clone(),
            linear_predictor,
            fitted,
            deviance,
            pearson,
            n,
            n_iterations: state.n_iterations,
            is_converged: state.is_converged,
            separation: state.separation.clone(),
            state,
        }
    }

    /// Log likelihood of zeros and ones (of shares too, less what a perfect fit would have).
    fn binomial_kernel(&self, state: &State, eta: &[f64]) -> f64 {
        if !self.work.firth && self.work.y.iter().all(|y| *y == 0.0 || *y == 1.0) {
            return state.kernel;
        }
        let prior = |i: usize| self.work.prior.map_or(1.0, |p| p[i]);
        let own = |y: f64| Family::Binomial.log_density(y, y, 1.0);
        let rows = eta.iter().zip(self.work.y).enumerate();
        rows.map(|(i, (eta, y))| {
            let top = eta.max(0.0);
            prior(i) * (y * eta - top - libm::log1p(libm::exp(-eta.abs())) - own(*y))
        })
        .sum()
    }
}

impl Fit {
    /// Log likelihood, with the dispersion that the Gamma needs.
    pub fn log_likelihood(&self, problem: &Problem, dispersion: f64) -> f64 {
        let prior = |i: usize| problem.weights.map_or(1.0, |p| p[i]);
        let shares = problem.family == Family::Binomial;
        if shares && problem.y.iter().all(|y| *y == 0.0 || *y == 1.0) {
            return -0.5 * self.deviance;
        }
        let rows = problem.y.iter().zip(&self.fitted).enumerate();
        rows.filter(|(i, _)| prior(*i) > 0.0)
            .map(|(i, (y, mean))| prior(i) * problem.family.log_density(*y, *mean, dispersion))
            .sum()
    }

    /// Standard errors for a dispersion of one, one for each column, NaN for aliased ones.
    pub fn standard_errors(&self) -> Vec<f64> {
        let mut all = vec![f64::NAN; self.beta.len()];
        for (place, &column) in self.kept.iter().enumerate() {
            all[column] = self.covariance.at(place, place).sqrt();
        }
        all
    }

    /// Wald's chi-squared of columns and its degrees of freedom, for a dispersion of one.
    pub fn wald(&self, columns: &[usize]) -> (f64, usize) {
        let places: Vec<usize> = columns
            .iter()
            .filter_map(|c| self.kept.iter().position(|k| k == c))
            .collect();
        let covariance = self.covariance.select(&places);
        let b: Vec<f64> = places.iter().map(|&p| self.beta[self.kept[p]]).collect();
        let factor = Cholesky::with_rank(&covariance, &floor(&covariance));
        if factor.aliased.is_empty() && !b.is_empty() {
            let solved = factor.solve(&b);
            (solved.iter().zip(&b).map(|(s, b)| s * b).sum(), b.len())
        } else {
            (f64::NAN, b.len())
        }
    }
}

/// Where coefficients go when some are held at other values, to first order.
fn conditional_start(state: &State, fixed: &[bool], values: &[f64]) -> Vec<f64> {
    let free: Vec<usize> = (0..fixed.len()).filter(|&j| !fixed[j]).collect();
    let mut start = state.beta.clone();
    let held: Vec<usize> = (0..fixed.len()).filter(|&j| fixed[j]).collect();
    let information = state.information.select(&free);
    let factor = Cholesky::with_rank(&information, &floor(&information));
    for &j in &held {
        start[j] = values[j];
    }
    if factor.aliased.is_empty() {
        let pull: Vec<f64> = free
            .iter()
            .map(|&i| {
                held.iter()
                    .map(|&j| state.information.at(i, j) * (state.beta[j] - values[j]))
                    .sum()
            })
            .collect();
        for (&i, step) in free.iter().zip(factor.solve(&pull)) {
            start[i] += step;
        }
    }
    start
}

/// The ends of a profile-likelihood interval, in units of the column as given.
fn ends(
    work: &Work,
    state: &State,
    place: usize,
    level: f64,
    tick: &mut Progress,
) -> Result<(f64, f64), GlmError> {
    let wanted = chi_squared::upper_quantile(1.0 - level, 1.0).sqrt();
    let factor = Cholesky::with_rank(&state.information, &floor(&state.information));
    let scale = work.scale[place];
    if !factor.aliased.is_empty() {
        return Ok((f64::NAN, f64::NAN));
    }
    let se = factor.inverse().at(place, place).sqrt();
    let mut fixed = vec![false; state.beta.len()];
    fixed[place] = true;
    let mut end = |side: f64| -> Result<f64, GlmError> {
        let mut at = state.beta[place] + side * wanted * se;
        let mut from = state.clone();
        for _ in 0..40 {
            let mut values = vec![0.0; fixed.len()];
            values[place] = at;
            let start = conditional_start(&from, &fixed, &values);
            let found = match work.maximise(Some(&start), &fixed, tick) {
                Ok(found) => found,
                Err(GlmError::Diverged) => return Ok(side * f64::INFINITY),
                Err(other) => return Err(other),
            };
            // The signed root of the likelihood ratio is nearly linear in the coefficient.
            let root = (2.0 * (state.kernel - found.kernel)).max(0.0).sqrt();
            let slope = -found.gradient[place] / root.max(1e-8);
            let step = (wanted - root) / slope;
            if !step.is_finite() {
                return Ok(side * f64::INFINITY);
            }
            let limited = step.clamp(-5.0 * wanted * se, 5.0 * wanted * se);
            at += limited;
            if step.abs() <= 1e-12 * (at.abs() + se) {
                return Ok(at);
            }
            if ((at - state.beta[place]) / se).abs() > 1e4 {
                return Ok(side * f64::INFINITY);
            }
            from = found;
        }
        Ok(at)
    };
    Ok((end(-1.0)? * scale, end(1.0)? * scale))
}
