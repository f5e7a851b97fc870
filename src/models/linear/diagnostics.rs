//! Checks of a fit's assumptions.

use super::solution::Solution;
use super::{Fit, LinearError, Problem};
use crate::stats::distributions::chi_squared;
use crate::stats::double_double::DoubleDouble;
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::progress::unwatched;

/// Durbin and Watson's statistic Σ (eₜ − eₜ₋₁)² / Σ eₜ²: near 2 when neighbouring rows'
/// residuals are unrelated, near 0 when they are alike.
pub fn durbin_watson(residuals: &[f64]) -> f64 {
    let step = |pair: &[f64]| (pair[1] - pair[0]) * (pair[1] - pair[0]);
    let steps: f64 = residuals.windows(2).map(step).sum();
    steps / residuals.iter().map(|e| e * e).sum::<f64>()
}

/// A test that the residuals' variance does not depend on the columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreuschPagan {
    /// Chi-squared with `df` degrees of freedom when it does not.
    pub statistic: f64,
    pub df: usize,
    pub p: f64,
}

/// Breusch and Pagan's test in Koenker's (1981) studentised form, the default of
/// `lmtest::bptest`: n R² of the squared residuals regressed on the same columns. Under analytic
/// weights the residuals are √w e, and the second regression is unweighted; under weights that count
/// rows it is weighted as the first.
///
/// # Errors
/// As [`fit`](super::fit) of the second regression.
pub fn breusch_pagan(problem: &Problem, fit: &Fit) -> Result<BreuschPagan, LinearError> {
    let n_rows = problem.y.len();
    let (n, counts) = match problem.weights.filter(|_| problem.is_counted()) {
        Some(counts) => (fit.n_used, Some(counts)),
        None => (n_rows as f64, None),
    };
    let centre = fit.residual_sum_of_squares / n;
    let (total, explained, rank) = match problem.weights.is_none() && !fit.solution.is_double_double
    {
        true => {
            let total = problem.sum_over(&fit.residuals, |e| (e * e - centre) * (e * e - centre));
            (
                total,
                fit.solution.explained_of_squares(centre),
                fit.kept.len(),
            )
        }
        false => {
            let own = |i: usize| match counts {
                Some(_) => 1.0,
                None => problem.weight(i),
            };
            let deviations: Vec<f64> = (0..n_rows)
                .map(|i| own(i) * fit.residuals[i] * fit.residuals[i] - centre)
                .collect();
            let second = Problem {
                y: &deviations,
                weights: counts,
                ..*problem
            };
            let solution = Solution::solve(&second, false, &mut unwatched)?;
            let fitted = deviations.iter().zip(&solution.residuals);
            let fitted: Vec<f64> = fitted.map(|(y, e)| y - e).collect();
            let squares = |values: &[f64]| second.sum_over(values, |v| v * v);
            (squares(&deviations), squares(&fitted), solution.kept.len())
        }
    };
    let statistic = n * explained / total;
    let df = rank - 1;
    Ok(BreuschPagan {
        statistic,
        df,
        p: chi_squared::sf(statistic, df as f64),
    })
}

/// How much collinearity widens the region of a term's coefficients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gvif {
    /// Generalised variance inflation factor; the plain VIF for a term of one column.
    pub gvif: f64,
    /// Columns of the term.
    pub df: usize,
    /// gvif^(1 / (2 df)), comparable between terms and to √VIF.
    pub adjusted: f64,
}

/// Generalised variance inflation factors of Fox and Monette (1992), as `car::vif`, one for each
/// term; a term is the list of its columns. Columns not listed (the intercept) and aliased ones do
/// not count. A term left with no column gets NaN. In double-double arithmetic throughout, as
/// factors may exceed the 10¹⁶ that `f64` can tell from infinity.
pub fn gvif(fit: &Fit, terms: &[Vec<usize>]) -> Vec<Gvif> {
    let places_of = |columns: &[usize]| -> Vec<usize> {
        let place = |c: &usize| fit.kept.iter().position(|k| k == c);
        columns.iter().filter_map(place).collect()
    };
    let used: Vec<usize> = terms.iter().flat_map(|t| places_of(t)).collect();
    let correlation = correlation(&fit.solution.unshift(&fit.solution.inverse).select(&used));
    let factor = Cholesky::with_rank(&correlation, &vec![0.0; used.len()]);
    let inverse = factor.aliased.is_empty().then(|| factor.inverse());
    let mut first = 0;
    let mut one_term = |columns: &Vec<usize>| {
        let df = places_of(columns).len();
        let own: Vec<usize> = (first..first + df).collect();
        first += df;
        // det R₂₂ / det R is the determinant of the term's block of R⁻¹.
        let ln_gvif = match &inverse {
            Some(inverse) if df > 0 => {
                ln_determinant(&correlation.select(&own)) + ln_determinant(&inverse.select(&own))
            }
            _ => f64::NAN,
        };
        Gvif {
            gvif: libm::exp(ln_gvif),
            df,
            adjusted: libm::exp(ln_gvif / (2 * df) as f64),
        }
    };
    terms.iter().map(&mut one_term).collect()
}

fn ln_determinant(matrix: &Square<DoubleDouble>) -> f64 {
    Cholesky::with_rank(matrix, &vec![0.0; matrix.size]).ln_determinant()
}

fn correlation(covariance: &Square<DoubleDouble>) -> Square<DoubleDouble> {
    let errors: Vec<DoubleDouble> = (0..covariance.size)
        .map(|i| covariance.at(i, i).sqrt())
        .collect();
    let mut correlation = covariance.clone();
    for (j, error_j) in errors.iter().enumerate() {
        for (i, error_i) in errors.iter().enumerate() {
            *correlation.at_mut(i, j) = covariance.at(i, j) / (*error_i * *error_j);
        }
    }
    correlation
}
