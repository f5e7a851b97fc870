//! Linear regression by least squares, ordinary or weighted.
//!
//! The normal equations are solved by Cholesky's factorisation, in one of two precisions. Columns
//! are shifted by their means when the first is constant, products summed in blocks in `f64`, and
//! the result kept, after a step of refinement, if the scaled matrix is well conditioned. If not,
//! everything is done again in double-double arithmetic, whose 32 digits leave at least 9 of them
//! right at the worst condition that the rank test lets pass, where Householder's QR in `f64`
//! leaves 5. NIST's Filip set, of condition 10¹⁰, is solved to the last digits of its columns.
//!
//! Definitions follow R: `lm`, `summary.lm`, `logLik`, `AIC`, `BIC`, `hatvalues`, `rstandard`,
//! `cooks.distance`; robust covariance follows `sandwich::vcovHC` and `sandwich::vcovCL`.

mod bootstrap;
mod combinations;
mod diagnostics;
mod robust;
mod rows;
mod solution;

use std::fmt;

use crate::stats::descriptive::sum_of;
use crate::stats::distributions::{f, student_t};
use crate::stats::linalg::Square;
use crate::stats::progress::{Cancelled, Progress, unwatched};
use crate::stats::survey::n_sampled;

use super::WeightKind;

pub use bootstrap::{Bootstrap, bootstrap};
pub use combinations::{Combinations, FTest};
pub use diagnostics::{BreuschPagan, Gvif, breusch_pagan, durbin_watson, gvif};
pub use robust::{ClusterKind, Clustered, HcKind, cluster_covariance, robust_covariance};

use self::solution::Solution;

/// What is to be explained by what.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// The design, a slice of `n_rows` values for each column, the intercept's ones among them
    /// where one is wanted. Put it first: columns are then shifted by their means inside, and
    /// keep digits that a large mean beside a small spread would cost.
    pub columns: &'a [&'a [f64]],
    /// The response, `n_rows` values.
    pub y: &'a [f64],
    /// Weights of the rows and what they mean. Rows of weight zero do not count.
    pub weights: Option<(&'a [f64], WeightKind)>,
    /// Whether the columns span a constant, which R² and F are then measured against.
    pub has_intercept: bool,
}

impl<'a> Problem<'a> {
    fn weights(&self) -> Option<&'a [f64]> {
        self.weights.map(|(w, _)| w)
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |(w, _)| w[row])
    }

    /// Whether weights count rows.
    fn is_counted(&self) -> bool {
        matches!(self.weights, Some((_, WeightKind::Frequency)))
    }

    /// Rows of positive weight, whatever the weights mean.
    fn n_weighted(&self) -> usize {
        self.weights().map_or(self.y.len(), n_sampled)
    }

    /// Σ w term(value) over the rows.
    fn sum_over(&self, values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
        match self.weights() {
            None => sum_of(values, |x| [term(x)])[0],
            Some(weights) => sum(values.len(), |i| weights[i] * term(values[i])),
        }
    }

    /// The weighted mean of a value for each row, which an intercept takes away; 0 without one.
    fn centre(&self, values: &[f64]) -> f64 {
        match self.has_intercept {
            true => self.sum_over(values, |x| x) / self.sum_over(values, |_| 1.0),
            false => 0.0,
        }
    }
}

/// Why a problem has no fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinearError {
    /// No column in the design.
    NoColumns,
    /// This column, or `None` for the response, is not as long as the first.
    Length {
        column: Option<usize>,
    },
    /// The weights are not as many as the rows.
    WeightLength,
    /// This column, or `None` for the response, holds NaN or an infinity.
    NotFinite {
        column: Option<usize>,
    },
    /// A weight is negative, NaN or infinite, or none is positive.
    Weights,
    /// Fewer rows than independent columns.
    TooFewRows {
        n_rows: usize,
    },
    /// Every column of the design is zero.
    RankZero,
    Cancelled,
}

impl From<Cancelled> for LinearError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl fmt::Display for LinearError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |column: &Option<usize>| match column {
            Some(column) => format!("column {column}"),
            None => "the response".to_owned(),
        };
        match self {
            Self::NoColumns => write!(out, "the design needs at least one column"),
            Self::Length { column } => {
                write!(
                    out,
                    "{} must have as many rows as the first column",
                    name(column)
                )
            }
            Self::WeightLength => write!(out, "there must be one weight per row"),
            Self::NotFinite { column } => {
                write!(out, "{} must hold finite numbers only", name(column))
            }
            Self::Weights => write!(
                out,
                "weights must be finite and not negative, and one of them positive"
            ),
            Self::TooFewRows { n_rows } => {
                write!(out, "{n_rows} rows are fewer than the columns to estimate")
            }
            Self::RankZero => write!(out, "at least one column must not be zero throughout"),
            Self::Cancelled => write!(out, "cancelled"),
        }
    }
}

impl std::error::Error for LinearError {}

/// One line of the table of coefficients. All NaN for an aliased column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    pub estimate: f64,
    pub standard_error: f64,
    pub t: f64,
    /// Two-sided, from Student's t with `df_residual` degrees of freedom.
    pub p: f64,
    pub ci_lower: f64,
    pub ci_upper: f64,
}

impl Coefficient {
    const ALIASED: Self = Self {
        estimate: f64::NAN,
        standard_error: f64::NAN,
        t: f64::NAN,
        p: f64::NAN,
        ci_lower: f64::NAN,
        ci_upper: f64::NAN,
    };
}

/// A fitted linear regression. Vectors over rows have `n_rows` values, in the rows' order.
#[derive(Clone, Debug)]
pub struct Fit {
    /// One for each column of the design.
    pub coefficients: Vec<Coefficient>,
    /// b times sd(x) / sd(y); without an intercept, root mean squares stand for the sds. NaN for
    /// constant and aliased columns.
    pub standardised: Vec<f64>,
    /// Columns that are combinations of earlier ones and were left out, in their order.
    pub aliased: Vec<usize>,
    /// Columns estimated, in their order: the rows and columns of `unscaled_covariance`.
    pub kept: Vec<usize>,
    /// (XᵀWX)⁻¹ of the kept columns.
    pub unscaled_covariance: Square<f64>,
    /// Rows of positive weight, or the sum of weights that count rows.
    pub n_used: f64,
    /// Estimated columns less the intercept: the numerator's degrees of freedom of F.
    pub df_model: usize,
    pub df_residual: f64,
    pub fitted: Vec<f64>,
    pub residuals: Vec<f64>,
    /// Σ w e².
    pub residual_sum_of_squares: f64,
    /// Σ w (ŷ − ȳ)², or Σ w ŷ² without an intercept.
    pub model_sum_of_squares: f64,
    /// Residual standard error, √(Σ w e² / df_residual).
    pub sigma: f64,
    pub r_squared: f64,
    pub adjusted_r_squared: f64,
    /// NaN when the intercept stands alone.
    pub f: f64,
    pub f_p: f64,
    pub log_likelihood: f64,
    /// With σ counted as a parameter, as R counts.
    pub aic: f64,
    pub bic: f64,
    /// Diagonal of the hat matrix; of one of the rows that a row stands for.
    pub leverage: Vec<f64>,
    /// Internally studentised residuals √w e / (σ √(1 − h)), without √w where weights count rows;
    /// NaN where the leverage is 1.
    pub studentised: Vec<f64>,
    pub cooks_distance: Vec<f64>,
    solution: Solution,
}

/// Fits by least squares; intervals cover with probability `level`, such as 0.95.
///
/// # Errors
/// See [`LinearError`]. Collinear columns are no error: they are named in [`Fit::aliased`].
pub fn fit(problem: &Problem, level: f64) -> Result<Fit, LinearError> {
    fit_watched(problem, level, &mut unwatched)
}

/// As [`fit`], telling how far it is.
///
/// # Errors
/// See [`LinearError`].
pub fn fit_watched(problem: &Problem, level: f64, tick: &mut Progress) -> Result<Fit, LinearError> {
    check(problem)?;
    let mut solution = Solution::solve(problem, true, tick)?;
    let rank = solution.kept.len();
    let n = match problem.is_counted() {
        true => problem.sum_over(problem.y, |_| 1.0),
        false => problem.n_weighted() as f64,
    };
    let n_intercepts = usize::from(problem.has_intercept);
    let df_model = rank.saturating_sub(n_intercepts);
    let df = n - rank as f64;

    let residuals = std::mem::take(&mut solution.residuals);
    let mut leverage = std::mem::take(&mut solution.leverage);
    let spread = problem.weights.filter(|_| !problem.is_counted());
    if let Some((weights, WeightKind::Frequency)) = problem.weights {
        let rows = leverage.iter_mut().zip(weights);
        rows.filter(|(_, w)| **w > 0.0).for_each(|(h, w)| *h /= w);
    }
    let rows = problem.y.iter().zip(&residuals);
    let fitted: Vec<f64> = rows.map(|(y, e)| y - e).collect();
    let rss = problem.sum_over(&residuals, |e| e * e);
    let centre = problem.centre(&fitted);
    let mss = problem.sum_over(&fitted, |f| (f - centre) * (f - centre));
    let variance = rss / df;
    let sigma = variance.sqrt();
    let r_squared = if df_model == 0 {
        0.0
    } else {
        mss / (mss + rss)
    };
    let f_statistic = if df_model == 0 {
        f64::NAN
    } else {
        mss / df_model as f64 / variance
    };

    let ln_weights = spread.map_or(0.0, |(w, _)| {
        w.iter().filter(|w| **w > 0.0).map(|w| libm::log(*w)).sum()
    });
    let ln_two_pi = libm::log(2.0 * std::f64::consts::PI);
    let log_likelihood = 0.5 * (ln_weights - n * (ln_two_pi + 1.0 - libm::log(n) + libm::log(rss)));
    let n_parameters = (rank + 1) as f64;

    let mut studentised = residuals.clone();
    if let Some((weights, _)) = spread {
        let rows = studentised.iter_mut().zip(weights);
        rows.for_each(|(e, w)| *e *= w.sqrt());
    }
    for (e, h) in studentised.iter_mut().zip(&leverage) {
        *e = match 1.0 - h {
            rest if rest > 1e-12 => *e / (sigma * rest.sqrt()),
            _ => f64::NAN,
        };
    }
    let rows = studentised.iter().zip(&leverage);
    let cooks_distance = rows
        .map(|(r, h)| r * r * h / ((1.0 - h) * rank as f64))
        .collect();

    let unscaled_covariance = solution.unscaled_covariance();
    let mut fit = Fit {
        coefficients: Vec::new(),
        standardised: standardised(problem, &solution),
        aliased: solution.aliased.clone(),
        kept: solution.kept.clone(),
        n_used: n,
        df_model,
        df_residual: df,
        residual_sum_of_squares: rss,
        model_sum_of_squares: mss,
        sigma,
        r_squared,
        adjusted_r_squared: 1.0 - (1.0 - r_squared) * (n - n_intercepts as f64) / df,
        f: f_statistic,
        f_p: f::sf(f_statistic, df_model as f64, df),
        log_likelihood,
        aic: 2.0 * (n_parameters - log_likelihood),
        bic: libm::log(n) * n_parameters - 2.0 * log_likelihood,
        studentised,
        cooks_distance,
        unscaled_covariance,
        fitted,
        residuals,
        leverage,
        solution,
    };
    fit.coefficients = fit.coefficients_with(&fit.covariance(), level);
    Ok(fit)
}

impl Fit {
    /// σ² (XᵀWX)⁻¹ of the kept columns.
    pub fn covariance(&self) -> Square<f64> {
        let variance = self.sigma * self.sigma;
        Square {
            size: self.unscaled_covariance.size,
            data: self
                .unscaled_covariance
                .data
                .iter()
                .map(|v| v * variance)
                .collect(),
        }
    }

    /// The table of coefficients under another covariance of the kept columns, such as one of
    /// [`robust_covariance`]. Tests stay those of t with `df_residual` degrees of freedom.
    pub fn coefficients_with(&self, covariance: &Square<f64>, level: f64) -> Vec<Coefficient> {
        self.coefficients_with_df(covariance, self.df_residual, level)
    }

    /// As [`Fit::coefficients_with`], with t of `df` degrees of freedom.
    pub fn coefficients_with_df(
        &self,
        covariance: &Square<f64>,
        df: f64,
        level: f64,
    ) -> Vec<Coefficient> {
        let estimates = self.solution.estimates();
        let reach = student_t::upper_quantile(0.5 * (1.0 - level), df);
        let mut table = vec![Coefficient::ALIASED; estimates.len()];
        for (place, &column) in self.kept.iter().enumerate() {
            let estimate = estimates[column];
            let standard_error = covariance.at(place, place).sqrt();
            let t = estimate / standard_error;
            table[column] = Coefficient {
                estimate,
                standard_error,
                t,
                p: student_t::two_sided_p(t, df),
                ci_lower: estimate - reach * standard_error,
                ci_upper: estimate + reach * standard_error,
            };
        }
        table
    }

    /// Expected responses at other rows of the same columns, and their standard errors. An
    /// interval for one new response has the standard error √(se² + σ²).
    pub fn predict(&self, columns: &[&[f64]]) -> Vec<(f64, f64)> {
        self.solution
            .predict(columns)
            .into_iter()
            .map(|(value, unscaled)| (value, self.sigma * unscaled.sqrt()))
            .collect()
    }
}

fn check(problem: &Problem) -> Result<(), LinearError> {
    let first = problem.columns.first().ok_or(LinearError::NoColumns)?;
    let n_rows = first.len();
    let columns = problem
        .columns
        .iter()
        .enumerate()
        .map(|(j, c)| (Some(j), *c));
    for (column, values) in columns.chain([(None, problem.y)]) {
        if values.len() != n_rows {
            return Err(LinearError::Length { column });
        }
    }
    if let Some(weights) = problem.weights() {
        if weights.len() != n_rows {
            return Err(LinearError::WeightLength);
        }
        let legal = weights.iter().all(|w| w.is_finite() && *w >= 0.0);
        if !legal || weights.iter().all(|w| *w == 0.0) {
            return Err(LinearError::Weights);
        }
    }
    if n_rows == 0 {
        return Err(LinearError::TooFewRows { n_rows });
    }
    Ok(())
}

fn standardised(problem: &Problem, solution: &Solution) -> Vec<f64> {
    let (y_spread, spreads) = solution.spreads.split_last().expect("one of the response");
    let is_constant = |values: &[f64]| values.iter().all(|x| *x == values[0]);
    let columns = problem.columns.iter().zip(spreads);
    let estimates = solution.estimates().into_iter().zip(columns);
    estimates
        .map(|(estimate, (column, spread))| {
            if problem.has_intercept && is_constant(column) {
                f64::NAN
            } else {
                estimate * spread / y_spread
            }
        })
        .collect()
}

/// Σ term(i) for i below n, in four running sums.
fn sum(n: usize, term: impl Fn(usize) -> f64) -> f64 {
    let mut sums = [0.0; 4];
    for i in 0..n {
        sums[i % 4] += term(i);
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem<'a>(columns: &'a [&'a [f64]], y: &'a [f64]) -> Problem<'a> {
        Problem {
            columns,
            y,
            weights: None,
            has_intercept: true,
        }
    }

    #[track_caller]
    fn check(problem: &Problem, expected: &LinearError) {
        assert_eq!(fit(problem, 0.95).unwrap_err(), *expected);
    }

    const ONES: &[f64] = &[1.0; 4];
    const X: &[f64] = &[1.0, 2.0, 3.0, 5.0];
    const Y: &[f64] = &[2.0, 1.0, 4.0, 3.0];

    #[test]
    fn bad_input_is_named() {
        check(&problem(&[], Y), &LinearError::NoColumns);
        check(
            &problem(&[ONES, &[1.0]], Y),
            &LinearError::Length { column: Some(1) },
        );
        check(
            &problem(&[ONES, X], &[1.0]),
            &LinearError::Length { column: None },
        );
        let nan = &[1.0, f64::NAN, 0.0, 1.0];
        check(
            &problem(&[ONES, nan], Y),
            &LinearError::NotFinite { column: Some(1) },
        );
        check(
            &problem(&[ONES, X], nan),
            &LinearError::NotFinite { column: None },
        );
        check(
            &problem(&[&[]], &[]),
            &LinearError::TooFewRows { n_rows: 0 },
        );
        check(&problem(&[&[0.0; 4]], Y), &LinearError::RankZero);
        let weighted = |weights| Problem {
            weights: Some((weights, WeightKind::Analytic)),
            ..problem(&[ONES, X], Y)
        };
        check(&weighted(&[1.0]), &LinearError::WeightLength);
        check(&weighted(&[0.0; 4]), &LinearError::Weights);
        check(&weighted(&[1.0, -1.0, 1.0, 1.0]), &LinearError::Weights);
    }

    /// Weights that count rows give what the rows repeated give.
    #[test]
    fn counted_rows_are_rows_repeated() {
        let x = [1.0, 2.0, 3.0, 5.0, 8.0, 9.0];
        let y = [2.0, 1.0, 4.0, 3.0, 7.0, 5.0];
        let counts = [2.0, 1.0, 0.0, 3.0, 2.0, 4.0];
        let repeated = |values: &[f64]| -> Vec<f64> {
            let rows = values.iter().zip(counts);
            rows.flat_map(|(v, w)| vec![*v; w as usize]).collect()
        };
        let (long_x, long_y) = (repeated(&x), repeated(&y));
        let (ones, columns): ([f64; 12], [&[f64]; 2]) = ([1.0; 12], [&[1.0; 6], &x]);
        let long_columns: [&[f64]; 2] = [&ones, &long_x];
        let long = problem(&long_columns, &long_y);
        let short = Problem {
            weights: Some((&counts, WeightKind::Frequency)),
            ..problem(&columns, &y)
        };
        let (a, b) = (fit(&short, 0.95).unwrap(), fit(&long, 0.95).unwrap());
        let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} is not {b}");
        let numbers = |fit: &Fit| {
            let slope = fit.coefficients[1];
            let whole = [fit.n_used, fit.df_residual, fit.sigma, fit.aic, fit.bic];
            let tests = [fit.f, fit.adjusted_r_squared, slope.estimate, slope.p];
            [&whole[..], &tests, &fit.standardised[1..]].concat()
        };
        for (a, b) in numbers(&a).into_iter().zip(numbers(&b)) {
            near(a, b);
        }
        // The last row is the last of its copies.
        for of in [
            |f: &Fit| &f.leverage,
            |f: &Fit| &f.studentised,
            |f: &Fit| &f.cooks_distance,
        ] as [fn(&Fit) -> &Vec<f64>; 3]
        {
            near(of(&a)[5], of(&b)[11]);
        }
        for kind in [HcKind::Hc0, HcKind::Hc1, HcKind::Hc2, HcKind::Hc3] {
            let of = |problem, fit| robust_covariance(problem, fit, kind).at(1, 1);
            near(of(&short, &a), of(&long, &b));
        }
        let clusters = [0, 0, 1, 1, 2, 3];
        let long_clusters = repeated(&clusters.map(f64::from));
        let long_clusters: Vec<u32> = long_clusters.iter().map(|c| *c as u32).collect();
        let of =
            |problem, fit, clusters| cluster_covariance(problem, fit, clusters, ClusterKind::Cr1);
        near(
            of(&short, &a, &clusters).covariance.at(1, 1),
            of(&long, &b, &long_clusters).covariance.at(1, 1),
        );
        near(
            breusch_pagan(&short, &a).unwrap().statistic,
            breusch_pagan(&long, &b).unwrap().statistic,
        );
    }

    #[test]
    fn a_saturated_fit_has_no_error_to_estimate() {
        let fit = fit(&problem(&[&[1.0, 1.0], &[2.0, 4.0]], &[3.0, 7.0]), 0.95).unwrap();
        assert_eq!(fit.df_residual, 0.0);
        assert_eq!(fit.coefficients[1].estimate, 2.0);
        assert!(fit.coefficients[1].p.is_nan() && fit.sigma.is_nan());
    }

    /// Seconds since 1970 beside an intercept: R's `lm` would call them collinear.
    #[test]
    fn time_stamps_are_not_collinear_with_the_intercept() {
        let t: Vec<f64> = (0..50).map(|i| 1.7e9 + f64::from(i)).collect();
        let y: Vec<f64> = (0..50)
            .map(|i| f64::from(i) * 3.0 + f64::from(i % 2))
            .collect();
        let ones = vec![1.0; 50];
        let columns: [&[f64]; 2] = [&ones, &t];
        let stamps = fit(&problem(&columns, &y), 0.95).unwrap();
        let since: Vec<f64> = (0..50).map(f64::from).collect();
        let columns: [&[f64]; 2] = [&ones, &since];
        let plain = fit(&problem(&columns, &y), 0.95).unwrap();
        assert!(stamps.aliased.is_empty());
        let ratio = stamps.coefficients[1].estimate / plain.coefficients[1].estimate;
        assert!((ratio - 1.0).abs() < 1e-13);
        let ratio = stamps.coefficients[1].standard_error / plain.coefficients[1].standard_error;
        assert!((ratio - 1.0).abs() < 1e-13);
    }

    #[test]
    fn a_dummy_trap_names_the_last_dummy() {
        let (first, second) = ([1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]);
        let fit = fit(&problem(&[ONES, &first, &second], Y), 0.95).unwrap();
        assert_eq!((fit.kept, fit.aliased), (vec![0, 1], vec![2]));
    }
}
