//! The negative binomial with its θ estimated by maximum likelihood, as `MASS::glm.nb`.

use super::{Family, Fit, GlmError, Model, Problem};
use crate::stats::distributions::{digamma, trigamma};
use crate::stats::progress::Progress;

/// A fit with its θ.
pub struct NegativeBinomial<'a> {
    pub model: Model<'a>,
    pub fit: Fit,
    pub theta: f64,
    /// From the observed information of θ at the means.
    pub theta_error: f64,
}

/// θ beyond this is no longer told from a Poisson model.
const MAX_THETA: f64 = 1e7;

/// Coefficients and θ in turn until neither moves. `problem.family` is not looked at.
///
/// # Errors
/// See [`GlmError`]; [`GlmError::NoOverdispersion`] when the counts vary no more than Poisson ones.
pub fn negative_binomial<'a>(
    problem: Problem<'a>,
    tick: &mut Progress,
) -> Result<NegativeBinomial<'a>, GlmError> {
    let mut model = Model::new(Problem {
        family: Family::Poisson,
        ..problem
    })?;
    let mut fit = model.fit(&mut |done| tick(0.3 * done))?;
    let mut theta = moment_start(&problem, &fit);
    for round in 0..200 {
        let done = 1.0 - libm::powf(0.8, round as f32);
        let (new, _) = best_theta(&problem, &fit.fitted, theta)?;
        let change = (new - theta).abs() / new;
        theta = new;
        if theta > MAX_THETA {
            return Err(GlmError::NoOverdispersion);
        }
        model.set_family(Family::NegativeBinomial { theta });
        fit = model.fit_from(&fit, &mut |part| {
            tick(0.3 + 0.7 * (done + (1.0 - done) * 0.2 * part))
        })?;
        if change < 1e-11 {
            break;
        }
    }
    let (theta, information) = best_theta(&problem, &fit.fitted, theta)?;
    Ok(NegativeBinomial {
        model,
        fit,
        theta,
        theta_error: 1.0 / information.sqrt(),
    })
}

fn moment_start(problem: &Problem, fit: &Fit) -> f64 {
    let weight = |i: usize| problem.weights.map_or(1.0, |w| w[i]);
    let (mut n, mut sum) = (0.0, 0.0);
    for (i, (y, mean)) in problem.y.iter().zip(&fit.fitted).enumerate() {
        n += weight(i);
        sum += weight(i) * (y / mean - 1.0) * (y / mean - 1.0);
    }
    (n / sum).clamp(1e-3, 1e4)
}

/// The most likely θ at given means, and its observed information.
fn best_theta(problem: &Problem, means: &[f64], start: f64) -> Result<(f64, f64), GlmError> {
    let weight = |i: usize| problem.weights.map_or(1.0, |w| w[i]);
    let mut theta = start;
    for _ in 0..200 {
        let (mut score, mut information) = (0.0, 0.0);
        let (psi, psi_1) = (digamma(theta), trigamma(theta));
        let ln_theta = libm::log(theta);
        for (i, (y, mean)) in problem.y.iter().zip(means).enumerate() {
            let w = weight(i);
            if w == 0.0 {
                continue;
            }
            let sum = theta + mean;
            let ratio = (y + theta) / sum;
            let (rise, bend) = if *y == 0.0 {
                (0.0, 0.0)
            } else {
                (digamma(theta + y) - psi, psi_1 - trigamma(theta + y))
            };
            score += w * (rise + ln_theta + 1.0 - libm::log(sum) - ratio);
            information += w * (bend - 1.0 / theta + 2.0 / sum - ratio / sum);
        }
        // Steps in ln θ where the information is not positive keep θ positive and uphill.
        let step = if information > 0.0 {
            score / information
        } else {
            theta * score.signum()
        };
        let new = if theta + step > 0.2 * theta {
            (theta + step).min(5.0 * theta)
        } else {
            0.2 * theta
        };
        if !new.is_finite() {
            return Err(GlmError::Diverged);
        }
        let is_done = (new - theta).abs() <= 1e-13 * theta;
        theta = new;
        if is_done || theta > 10.0 * MAX_THETA {
            return Ok((theta, information));
        }
        if (step / theta).abs() < 1e-14 {
            return Ok((theta, information));
        }
    }
    Ok((theta, f64::NAN))
}
