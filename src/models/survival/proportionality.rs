//! Whether the effects of a Cox model are the same at all times, as `survival::cox.zph`.

use super::cox::{CoxFit, CoxProblem, ROUNDING, Work, quadratic};
use crate::models::glm::GlmError;
use crate::stats::distributions::chi_squared;
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::progress::Progress;

/// Whether a term's effect is the same at all times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProportionalityTest {
    pub statistic: f64,
    pub df: usize,
    pub p: f64,
}

/// Whether effects are the same at all times.
#[derive(Clone, Debug)]
pub struct Proportionality {
    /// One for each term.
    pub terms: Vec<ProportionalityTest>,
    /// Of all terms together.
    pub all: ProportionalityTest,
    /// The time of each event, ascending.
    pub event_times: Vec<f64>,
    /// For each kept column, an estimate of its coefficient at each event: the coefficient plus the scaled
    /// Schoenfeld residual (Grambsch and Therneau 1994).
    pub at_events: Vec<Vec<f64>>,
}

/// Grambsch and Therneau's test of proportional hazards as a score test (`cox.zph` since survival
/// 3.0): whether coefficients change with g(t) = 1 − S(t), S the Kaplan–Meier curve just before t.
/// One test for each term (its columns), and one of all. With them the coefficients' courses over time, as
/// `residuals(fit, "scaledsch")`.
///
/// # Errors
/// See [`GlmError`].
pub fn proportionality(
    problem: &CoxProblem,
    fit: &CoxFit,
    terms: &[Vec<usize>],
    tick: &mut Progress,
) -> Result<Proportionality, GlmError> {
    let work = Work::new(problem)?;
    let size = work.kept.len();
    let mut changing = Changing {
        score: vec![0.0; size],
        mixed: Square::zeros(size),
        squared: Square::zeros(size),
        means: Vec::new(),
    };
    let pass = work.pass(&fit.standardised, Some(&mut changing), tick)?;
    let all: Vec<usize> = (0..size).collect();
    let test = |places: &[usize]| {
        let none = ProportionalityTest {
            statistic: f64::NAN,
            df: places.len(),
            p: f64::NAN,
        };
        if places.is_empty() {
            return none;
        }
        // What g(t) x adds beyond all columns.
        let factor = Cholesky::with_rank(
            &pass.information,
            &pass.information.share_of_diagonal(ROUNDING),
        );
        if !factor.aliased.is_empty() {
            return none;
        }
        let solved: Vec<Vec<f64>> = places
            .iter()
            .map(|&p| {
                factor.solve(
                    &(0..size)
                        .map(|j| changing.mixed.at(j, p))
                        .collect::<Vec<f64>>(),
                )
            })
            .collect();
        let mut left = Square::zeros(places.len());
        for (a, &p) in places.iter().enumerate() {
            for (b, &q) in places.iter().enumerate() {
                let through: f64 = (0..size)
                    .map(|j| changing.mixed.at(j, p) * solved[b][j])
                    .sum();
                *left.at_mut(a, b) = changing.squared.at(p, q) - through;
            }
        }
        let score: Vec<f64> = places.iter().map(|&p| changing.score[p]).collect();
        let places: Vec<usize> = (0..places.len()).collect();
        match quadratic(&left, &score, &places) {
            Some(statistic) => ProportionalityTest {
                statistic,
                df: places.len(),
                p: chi_squared::sf(statistic, places.len() as f64),
            },
            None => none,
        }
    };
    let terms = terms
        .iter()
        .map(|columns| {
            let places: Vec<usize> = columns
                .iter()
                .filter_map(|c| work.kept.iter().position(|k| k == c))
                .collect();
            test(&places)
        })
        .collect();
    let (event_times, at_events) = over_time(&work, fit, &changing.means);
    Ok(Proportionality {
        terms,
        all: test(&all),
        event_times,
        at_events,
    })
}

/// Sums for coefficients that change with g(t).
pub(super) struct Changing {
    pub score: Vec<f64>,
    pub mixed: Square<f64>,
    pub squared: Square<f64>,
    pub means: Vec<Expected>,
}

/// The mean of the columns that is expected of an event, of the rows that share its time.
pub(super) struct Expected {
    pub first: usize,
    pub end: usize,
    pub mean: Vec<f64>,
}

/// Each event's time, ascending, and the coefficients as they are there.
fn over_time(work: &Work, fit: &CoxFit, means: &[Expected]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = work.kept.len();
    let n_events = fit.n_events as f64;
    let (mut times, mut at_events) = (Vec::new(), vec![Vec::new(); size]);
    for block in means.iter().rev() {
        for i in (block.first..block.end).filter(|&i| work.is_event[i]) {
            let row = &work.rows[i * size..(i + 1) * size];
            let miss: Vec<f64> = (0..size)
                .map(|j| (row[j] - block.mean[j]) / work.scale[j])
                .collect();
            times.push(work.times[i]);
            for (j, values) in at_events.iter_mut().enumerate() {
                let scaled: f64 = (0..size).map(|k| miss[k] * fit.covariance.at(k, j)).sum();
                values.push(fit.beta[work.kept[j]] + n_events * scaled);
            }
        }
    }
    (times, at_events)
}
