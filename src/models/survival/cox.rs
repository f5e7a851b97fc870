//! Cox's (1972) proportional hazards with Efron's treatment of ties, as `survival::coxph`.

use super::concordance::concordance;
use super::proportionality::{Changing, Expected};
use crate::models::glm::GlmError;
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::progress::Progress;

/// Pivots below this share of a diagonal entry are rounding.
pub(super) const ROUNDING: f64 = 1e-14;

/// What is to be explained by what.
#[derive(Clone, Copy, Debug)]
pub struct CoxProblem<'a> {
    /// Columns of `n_rows` values, without an intercept.
    pub columns: &'a [&'a [f64]],
    pub times: &'a [f64],
    pub is_event: &'a [bool],
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct CoxFit {
    /// NaN for aliased columns.
    pub beta: Vec<f64>,
    pub standard_errors: Vec<f64>,
    pub kept: Vec<usize>,
    pub aliased: Vec<usize>,
    /// Covariance of the kept coefficients.
    pub covariance: Square<f64>,
    pub log_likelihood: f64,
    pub null_log_likelihood: f64,
    /// The score test of all coefficients.
    pub score_statistic: f64,
    pub wald_statistic: f64,
    /// x b less its mean.
    pub linear_predictor: Vec<f64>,
    /// Harrell's C: how often, of two rows whose order in time is known, the one with the higher
    /// hazard has the event first.
    pub concordance: f64,
    pub n_events: usize,
    pub n_iterations: usize,
    pub is_converged: bool,
    pub(super) standardised: Vec<f64>,
}

/// The maximum of the partial likelihood, without the columns `left_out`.
///
/// # Errors
/// See [`GlmError`]; too few rows stands for no event at all.
pub fn cox(
    problem: &CoxProblem,
    left_out: &[usize],
    tick: &mut Progress,
) -> Result<CoxFit, GlmError> {
    let work = Work::new(problem)?;
    let size = work.kept.len();
    let free: Vec<usize> = (0..size)
        .filter(|&j| !left_out.contains(&work.kept[j]))
        .collect();
    let mut beta = vec![0.0; size];
    let null = work.pass(&beta, None, &mut |part| tick(0.1 * part))?;
    let score_statistic = quadratic(&null.information, &null.gradient, &free).unwrap_or(f64::NAN);
    let null_log_likelihood = null.log_likelihood;
    let mut best = null;
    let (mut n_iterations, mut is_converged, mut n_halvings) = (0, free.is_empty(), 0);
    let mut at = beta.clone();
    let mut n_passes = 0;
    while n_iterations < 40 && !is_converged {
        let Some(step) = best.information.solve_at(&best.gradient, &free, ROUNDING) else {
            break;
        };
        let decrement: f64 = free
            .iter()
            .zip(&step)
            .map(|(&j, s)| best.gradient[j] * s)
            .sum();
        if decrement <= 1e-20 || (n_iterations > 8 && decrement < 1e-13) {
            is_converged = true;
            break;
        }
        n_iterations += 1;
        let mut scale = 1.0;
        loop {
            for (&j, s) in free.iter().zip(&step) {
                at[j] = beta[j] + scale * s;
            }
            let left = libm::powf(0.8, n_passes as f32);
            n_passes += 1;
            let pass = work.pass(&at, None, &mut |part| {
                tick(0.1 + 0.9 * (1.0 - left + 0.2 * left * part))
            })?;
            let slack = 1e-10 * (1.0 + best.log_likelihood.abs());
            if pass.log_likelihood.is_finite() && pass.log_likelihood >= best.log_likelihood - slack
            {
                best = pass;
                beta.clone_from(&at);
                break;
            }
            n_halvings += 1;
            if n_halvings > 40 {
                return Err(GlmError::Diverged);
            }
            scale *= 0.5;
        }
    }
    let wald_statistic = {
        let information = best.information.select(&free);
        let mut sum = 0.0;
        for (a, &j) in free.iter().enumerate() {
            for (b, &k) in free.iter().enumerate() {
                sum += beta[j] * information.at(a, b) * beta[k];
            }
        }
        sum
    };
    Ok(work.finish(
        problem,
        &best,
        &beta,
        Done {
            null_log_likelihood,
            score_statistic,
            wald_statistic,
            n_iterations,
            is_converged,
        },
    ))
}

/// Columns standardised and rows sorted by time, the latest first.
pub(super) struct Work {
    pub kept: Vec<usize>,
    aliased: Vec<usize>,
    pub scale: Vec<f64>,
    /// Row by row, kept columns side by side.
    pub rows: Vec<f64>,
    order: Vec<u32>,
    pub times: Vec<f64>,
    pub is_event: Vec<bool>,
    /// g(t) of each sorted row's time.
    transform: Vec<f64>,
}

pub(super) struct Pass {
    log_likelihood: f64,
    gradient: Vec<f64>,
    pub information: Square<f64>,
}

struct Done {
    null_log_likelihood: f64,
    score_statistic: f64,
    wald_statistic: f64,
    n_iterations: usize,
    is_converged: bool,
}

impl Work {
    pub fn new(problem: &CoxProblem) -> Result<Self, GlmError> {
        let n_rows = problem.times.len();
        if !problem.is_event.iter().any(|e| *e) {
            return Err(GlmError::TooFewRows);
        }
        let mut order: Vec<u32> = (0..n_rows as u32).collect();
        order.sort_by(|&a, &b| problem.times[b as usize].total_cmp(&problem.times[a as usize]));
        let (mut shift, mut scale) = (Vec::new(), Vec::new());
        for column in problem.columns {
            let mean = column.iter().map(|x| x / n_rows as f64).sum::<f64>();
            let reach = column.iter().fold(0.0_f64, |m, x| m.max((x - mean).abs()));
            if !reach.is_finite() {
                return Err(GlmError::TooLarge);
            }
            // What is left of a constant column is the rounding of its mean.
            let is_constant = column.iter().all(|x| *x == column[0]);
            shift.push(if is_constant { column[0] } else { mean });
            scale.push(if reach > 0.0 {
                libm::ldexp(1.0, (-libm::frexp(reach).1).clamp(-1000, 1000))
            } else {
                1.0
            });
        }
        let all = problem.columns.len();
        let mut gram: Square<f64> = Square::zeros(all);
        let mut row = vec![0.0; all];
        for i in 0..n_rows {
            for j in 0..all {
                row[j] = (problem.columns[j][i] - shift[j]) * scale[j];
            }
            for j in 0..all {
                for k in 0..=j {
                    *gram.at_mut(k, j) += row[j] * row[k];
                }
            }
        }
        let floors: Vec<f64> = (0..all)
            .map(|j| (1e-12 * gram.at(j, j)).max(1e-30))
            .collect();
        let factor = Cholesky::with_rank(&gram, &floors);
        if factor.kept.is_empty() {
            return Err(GlmError::RankZero);
        }
        let mut rows = Vec::with_capacity(n_rows * factor.kept.len());
        for &i in &order {
            rows.extend(
                factor
                    .kept
                    .iter()
                    .map(|&j| (problem.columns[j][i as usize] - shift[j]) * scale[j]),
            );
        }
        let pick = |v: &[f64]| factor.kept.iter().map(|&j| v[j]).collect::<Vec<f64>>();
        let times: Vec<f64> = order.iter().map(|&i| problem.times[i as usize]).collect();
        let is_event: Vec<bool> = order
            .iter()
            .map(|&i| problem.is_event[i as usize])
            .collect();
        Ok(Self {
            scale: pick(&scale),
            transform: transform(&times, &is_event),
            kept: factor.kept,
            aliased: factor.aliased,
            rows,
            order,
            times,
            is_event,
        })
    }

    /// Likelihood, score and information; those of changing coefficients too where asked for.
    pub fn pass(
        &self,
        beta: &[f64],
        mut changing: Option<&mut Changing>,
        tick: &mut Progress,
    ) -> Result<Pass, GlmError> {
        let size = self.kept.len();
        let n_rows = self.times.len();
        let mut pass = Pass {
            log_likelihood: 0.0,
            gradient: vec![0.0; size],
            information: Square::zeros(size),
        };
        let eta: Vec<f64> = self
            .rows
            .chunks_exact(size)
            .map(|row| row.iter().zip(beta).map(|(x, b)| x * b).sum())
            .collect();
        // Hazards relative to the largest, so that none overflows.
        let top = eta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let triangle = size * (size + 1) / 2;
        let (mut s0, mut s1, mut s2) = (0.0, vec![0.0; size], vec![0.0; triangle]);
        let mut first = 0;
        let mut last_tick = 0;
        while first < n_rows {
            if first - last_tick >= 1 << 14 {
                last_tick = first;
                tick(first as f32 / n_rows as f32)?;
            }
            let time = self.times[first];
            let end = first
                + self.times[first..]
                    .iter()
                    .take_while(|t| **t == time)
                    .count();
            let (mut d, mut d0, mut d1, mut d2) = (0.0, 0.0, vec![0.0; size], vec![0.0; triangle]);
            let mut sum = vec![0.0; size];
            for (i, eta) in eta.iter().enumerate().take(end).skip(first) {
                let row = &self.rows[i * size..(i + 1) * size];
                let hazard = libm::exp(eta - top);
                s0 += hazard;
                add_row(&mut s1, &mut s2, row, hazard);
                if self.is_event[i] {
                    d += 1.0;
                    d0 += hazard;
                    add_row(&mut d1, &mut d2, row, hazard);
                    pass.log_likelihood += eta - top;
                    sum.iter_mut().zip(row).for_each(|(s, x)| *s += x);
                }
            }
            if d > 0.0 {
                let g = self.transform[first];
                let mut expected = vec![0.0; if changing.is_some() { size } else { 0 }];
                let mut k = 0.0;
                while k < d {
                    let share = k / d;
                    let all = s0 - share * d0;
                    pass.log_likelihood -= libm::log(all);
                    let mean: Vec<f64> = (0..size).map(|j| (s1[j] - share * d1[j]) / all).collect();
                    expected
                        .iter_mut()
                        .zip(&mean)
                        .for_each(|(e, m)| *e += m / d);
                    let mut at = 0;
                    for j in 0..size {
                        let miss = sum[j] / d - mean[j];
                        pass.gradient[j] += miss;
                        if let Some(changing) = &mut changing {
                            changing.score[j] += g * miss;
                        }
                        for m in 0..=j {
                            let v = (s2[at] - share * d2[at]) / all - mean[j] * mean[m];
                            *pass.information.at_mut(m, j) += v;
                            if let Some(changing) = &mut changing {
                                *changing.mixed.at_mut(m, j) += g * v;
                                *changing.squared.at_mut(m, j) += g * g * v;
                            }
                            at += 1;
                        }
                    }
                    k += 1.0;
                }
                if let Some(changing) = &mut changing {
                    changing.means.push(Expected {
                        first,
                        end,
                        mean: expected,
                    });
                }
            }
            first = end;
        }
        pass.information.mirror();
        if let Some(changing) = changing {
            changing.mixed.mirror();
            changing.squared.mirror();
        }
        Ok(pass)
    }

    fn finish(&self, problem: &CoxProblem, pass: &Pass, beta: &[f64], done: Done) -> CoxFit {
        let size = self.kept.len();
        let n_columns = problem.columns.len();
        let factor = Cholesky::with_rank(
            &pass.information,
            &pass.information.share_of_diagonal(ROUNDING),
        );
        let mut covariance = if factor.aliased.is_empty() {
            factor.inverse()
        } else {
            Square {
                size,
                data: vec![f64::NAN; size * size],
            }
        };
        for j in 0..size {
            for k in 0..size {
                *covariance.at_mut(j, k) *= self.scale[j] * self.scale[k];
            }
        }
        let (mut all, mut errors) = (vec![f64::NAN; n_columns], vec![f64::NAN; n_columns]);
        for (place, &column) in self.kept.iter().enumerate() {
            all[column] = beta[place] * self.scale[place];
            errors[column] = covariance.at(place, place).sqrt();
        }
        let mut linear_predictor = vec![0.0; problem.times.len()];
        for (row, &i) in self.rows.chunks_exact(size).zip(&self.order) {
            linear_predictor[i as usize] = row.iter().zip(beta).map(|(x, b)| x * b).sum();
        }
        CoxFit {
            concordance: concordance(problem.times, problem.is_event, &linear_predictor),
            beta: all,
            standard_errors: errors,
            kept: self.kept.clone(),
            aliased: self.aliased.clone(),
            covariance,
            log_likelihood: pass.log_likelihood,
            null_log_likelihood: done.null_log_likelihood,
            score_statistic: done.score_statistic,
            wald_statistic: done.wald_statistic,
            linear_predictor,
            n_events: problem.is_event.iter().filter(|e| **e).count(),
            n_iterations: done.n_iterations,
            is_converged: done.is_converged,
            standardised: beta.to_vec(),
        }
    }
}

fn add_row(s1: &mut [f64], s2: &mut [f64], row: &[f64], hazard: f64) {
    let mut at = 0;
    for (j, x) in row.iter().enumerate() {
        let weighted = hazard * x;
        s1[j] += weighted;
        for (s, y) in s2[at..=at + j].iter_mut().zip(row) {
            *s += weighted * y;
        }
        at += j + 1;
    }
}

/// 1 − S(t−) for times sorted from the latest.
fn transform(times: &[f64], is_event: &[bool]) -> Vec<f64> {
    let n = times.len();
    let mut result = vec![0.0; n];
    let mut survival = 1.0;
    let mut end = n;
    while end > 0 {
        let time = times[end - 1];
        let first = times[..end]
            .iter()
            .rposition(|t| *t != time)
            .map_or(0, |p| p + 1);
        let events = is_event[first..end].iter().filter(|e| **e).count() as f64;
        result[first..end].fill(1.0 - survival);
        survival *= 1.0 - events / end as f64;
        end = first;
    }
    result
}

/// gᵀ A⁻¹ g of chosen places.
pub(super) fn quadratic(matrix: &Square<f64>, vector: &[f64], places: &[usize]) -> Option<f64> {
    let solved = matrix.solve_at(vector, places, ROUNDING)?;
    let terms = places.iter().zip(&solved);
    Some(terms.map(|(&p, s)| vector[p] * s).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_event_is_no_model() {
        let x = [1.0, 2.0];
        let columns: [&[f64]; 1] = [&x];
        let problem = CoxProblem {
            columns: &columns,
            times: &[1.0, 2.0],
            is_event: &[false, false],
        };
        let mut tick = crate::stats::progress::unwatched;
        assert_eq!(
            cox(&problem, &[], &mut tick).unwrap_err(),
            GlmError::TooFewRows
        );
    }
}
