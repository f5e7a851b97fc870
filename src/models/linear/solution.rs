//! The solution of the least-squares problem, in the precision that it asks for.

use super::rows::{Pass, Rows};
use super::{LinearError, Problem};
use crate::stats::descriptive::mean;
use crate::stats::double_double::DoubleDouble;
use crate::stats::linalg::{Cholesky, Real, Square};
use crate::stats::progress::{Cancelled, Progress};

/// A column is aliased when what earlier columns leave of its length is below this share of it.
/// R's `lm` uses 1e-7, which drops a column of NIST's Filip set.
pub const RANK_TOLERANCE: f64 = 1e-11;

/// Condition of the scaled normal matrix up to which `f64` gives 11 digits and more.
const MAX_CONDITION: f64 = 1e4;

/// How far a step of refinement may move the residuals, as a share of their length, before they are
/// computed again.
const RESIDUAL_TOLERANCE: f64 = 1e-13;

/// Values of a long column whose mean it is shifted by.
const N_SHIFT: usize = 4096;

/// Coefficients and their unscaled covariance, for columns less their shifts.
#[derive(Clone, Debug)]
pub(super) struct Solution {
    pub kept: Vec<usize>,
    pub aliased: Vec<usize>,
    /// These and the leverages may be taken out.
    pub residuals: Vec<f64>,
    /// Empty if not asked for.
    pub leverage: Vec<f64>,
    /// Whether `f64` was not enough.
    pub is_double_double: bool,
    /// Inverse of the shifted columns' normal matrix, kept columns only.
    pub inverse: Square<DoubleDouble>,
    /// Of the columns, then of the response.
    pub shifts: Vec<f64>,
    /// The value of the first column if that is constant and the others were shifted.
    constant: Option<f64>,
    beta: Vec<DoubleDouble>,
    /// Of the columns, then of the response: √Σ w (x − x̄)², or √Σ w x² without an intercept.
    pub spreads: Vec<f64>,
    /// Xᵀ e² and Xᵀ 1 of the kept columns less their shifts, e the residuals; empty in double-double.
    squares: Vec<[f64; 2]>,
}

impl Solution {
    pub fn solve(
        problem: &Problem,
        with_leverage: bool,
        tick: &mut Progress,
    ) -> Result<Self, LinearError> {
        let constant = constant(problem.columns[0]);
        let shifts = shifts(problem, constant);
        let rows = Rows::new(problem, &shifts);
        let gram = rows.gram::<f64>(&mut |part| tick(0.3 * part))?;
        if !gram.data.iter().all(|x| x.is_finite()) {
            check_finite(problem)?;
        }
        let floor = floor(&gram, &shifts, constant);
        let spreads = spreads(problem, &gram, &shifts, constant);
        let quick = Quick::try_solve(&rows, &gram, &floor, with_leverage, tick)?;
        let (factor, beta, inverse, pass, is_double_double) = match quick {
            Some(Quick {
                factor,
                beta,
                inverse,
                pass,
            }) => {
                let beta = beta.into_iter().map(DoubleDouble::from).collect();
                let inverse = Square {
                    size: inverse.size,
                    data: inverse.data.into_iter().map(DoubleDouble::from).collect(),
                };
                ((factor.kept, factor.aliased), beta, inverse, pass, false)
            }
            None => {
                let gram = rows.gram::<DoubleDouble>(&mut |part| tick(0.3 + 0.4 * part))?;
                let (factor, beta) = normal_equations(&gram, &floor);
                let pass = rows.pass(&factor, &beta, with_leverage, &mut |part| {
                    tick(0.7 + 0.3 * part)
                })?;
                let inverse = factor.inverse();
                let pass = Pass {
                    residuals: pass.residuals,
                    leverage: pass.leverage,
                    gradient: Vec::new(),
                    squares: Vec::new(),
                    sum_of_squares: pass.sum_of_squares,
                };
                ((factor.kept, factor.aliased), beta, inverse, pass, true)
            }
        };
        let (kept, aliased) = factor;
        let n_used = problem.n_weighted();
        if kept.is_empty() {
            return Err(LinearError::RankZero);
        }
        if kept.len() > n_used {
            return Err(LinearError::TooFewRows { n_rows: n_used });
        }
        Ok(Self {
            kept,
            aliased,
            residuals: pass.residuals,
            leverage: pass.leverage,
            is_double_double,
            inverse,
            shifts,
            constant,
            beta,
            spreads,
            squares: pass.squares,
        })
    }

    /// Coefficients of the columns as given, NaN for aliased ones.
    pub fn estimates(&self) -> Vec<f64> {
        self.unshift_estimates(&self.beta)
    }

    /// Coefficients of the columns as given from those of the kept columns less their shifts.
    pub fn unshift_estimates(&self, shifted: &[DoubleDouble]) -> Vec<f64> {
        let n_columns = self.shifts.len() - 1;
        let mut estimates = vec![f64::NAN; n_columns];
        for (&column, beta) in self.kept.iter().zip(shifted) {
            estimates[column] = beta.value();
        }
        if let Some(constant) = self.constant {
            let mut rest = DoubleDouble::from(self.shifts[n_columns]);
            for (&column, beta) in self.kept.iter().zip(shifted).skip(1) {
                rest = rest - *beta * DoubleDouble::from(self.shifts[column]);
            }
            let intercept = shifted[0] + rest / DoubleDouble::from(constant);
            estimates[0] = intercept.value();
        }
        estimates
    }

    /// (XᵀWX)⁻¹ of the kept columns as given.
    pub fn unscaled_covariance(&self) -> Square<f64> {
        self.unshift(&self.inverse).to_f64()
    }

    /// Turns a covariance of the shifted columns' coefficients into one of the given columns'.
    /// Only the intercept differs: it loses Σ shiftⱼ bⱼ.
    pub fn unshift(&self, covariance: &Square<DoubleDouble>) -> Square<DoubleDouble> {
        let mut result = covariance.clone();
        let Some(constant) = self.constant else {
            return result;
        };
        let share = |place: usize| {
            DoubleDouble::from(self.shifts[self.kept[place]]) / DoubleDouble::from(constant)
        };
        for j in 0..result.size {
            let mut entry = result.at(0, j);
            for k in 1..result.size {
                entry = entry - share(k) * result.at(k, j);
            }
            *result.at_mut(0, j) = entry;
        }
        for i in 0..result.size {
            let mut entry = result.at(i, 0);
            for k in 1..result.size {
                entry = entry - share(k) * result.at(i, k);
            }
            *result.at_mut(i, 0) = entry;
        }
        result
    }

    /// The sum of squares of e² − `centre` that the columns explain, e the residuals: gᵀ (XᵀX)⁻¹ g
    /// with g = Xᵀ (e² − centre). For unweighted problems.
    pub fn explained_of_squares(&self, centre: f64) -> f64 {
        let inverse = self.inverse.to_f64();
        let product = |[with_square, sum]: &[f64; 2]| with_square - centre * sum;
        let products: Vec<f64> = self.squares.iter().map(product).collect();
        let mut explained = 0.0;
        for (j, a) in products.iter().enumerate() {
            for (k, b) in products.iter().enumerate() {
                explained += a * b * inverse.at(j, k);
            }
        }
        explained
    }

    /// x b and xᵀ (XᵀWX)⁻¹ x for each row of the columns.
    pub fn predict(&self, columns: &[&[f64]]) -> Vec<(f64, f64)> {
        let n_rows = columns.first().map_or(0, |c| c.len());
        let inverse = self.inverse.to_f64();
        let y_shift = self.shifts[self.shifts.len() - 1];
        let one_row = |i: usize| {
            let x: Vec<f64> = self
                .kept
                .iter()
                .map(|&j| columns[j][i] - self.shifts[j])
                .collect();
            let mut value = DoubleDouble::from(y_shift);
            for (&column, beta) in self.kept.iter().zip(&self.beta) {
                value = value
                    + *beta * DoubleDouble::from_sum(columns[column][i], -self.shifts[column]);
            }
            let mut variance = 0.0;
            for (j, a) in x.iter().enumerate() {
                for (k, b) in x.iter().enumerate() {
                    variance += a * b * inverse.at(j, k);
                }
            }
            (value.value(), variance)
        };
        (0..n_rows).map(one_row).collect()
    }
}

/// The solution in `f64`.
struct Quick {
    factor: Cholesky<f64>,
    beta: Vec<f64>,
    inverse: Square<f64>,
    pass: Pass<f64>,
}

impl Quick {
    /// None where the columns are collinear or too nearly so for `f64`.
    fn try_solve(
        rows: &Rows,
        gram: &Square<f64>,
        floor: &[f64],
        with_leverage: bool,
        tick: &mut Progress,
    ) -> Result<Option<Self>, Cancelled> {
        let (factor, mut beta) = normal_equations(gram, floor);
        if !factor.aliased.is_empty() {
            return Ok(None);
        }
        let inverse = factor.inverse();
        let condition = scaled_condition(gram, &inverse);
        if condition.is_nan() || condition > MAX_CONDITION {
            return Ok(None);
        }
        let mut pass = rows.pass(&factor, &beta, with_leverage, &mut |part| {
            tick(0.3 + 0.4 * part)
        })?;
        let steps = factor.solve(&pass.gradient);
        for (beta, step) in beta.iter_mut().zip(&steps) {
            *beta += step;
        }
        // The steps change the sum of squares by steps · gradient, the residuals by its root.
        let change: f64 = steps.iter().zip(&pass.gradient).map(|(s, g)| s * g).sum();
        if change > RESIDUAL_TOLERANCE * RESIDUAL_TOLERANCE * pass.sum_of_squares {
            let leverage = std::mem::take(&mut pass.leverage);
            pass = rows.pass(&factor, &beta, false, &mut |part| tick(0.7 + 0.3 * part))?;
            pass.leverage = leverage;
        }
        Ok(Some(Self {
            factor,
            beta,
            inverse,
            pass,
        }))
    }
}

/// Factor of the columns' products and the coefficients of the kept ones. The response is the
/// last column of `gram`.
fn normal_equations<T: Real>(gram: &Square<T>, floor: &[f64]) -> (Cholesky<T>, Vec<T>) {
    let n_columns = gram.size - 1;
    let all: Vec<usize> = (0..n_columns).collect();
    let factor = Cholesky::with_rank(&gram.select(&all), floor);
    let products: Vec<T> = factor.kept.iter().map(|&j| gram.at(j, n_columns)).collect();
    let beta = factor.solve(&products);
    (factor, beta)
}

/// Condition in the 1-norm after scaling every column to unit length.
fn scaled_condition(gram: &Square<f64>, inverse: &Square<f64>) -> f64 {
    let size = inverse.size;
    let lengths: Vec<f64> = (0..size).map(|j| gram.at(j, j).sqrt()).collect();
    let mut scaled = Square::zeros(size);
    let mut scaled_inverse = Square::zeros(size);
    for j in 0..size {
        for i in 0..size {
            let both = lengths[i] * lengths[j];
            *scaled.at_mut(i, j) = gram.at(i.min(j), i.max(j)) / both;
            *scaled_inverse.at_mut(i, j) = inverse.at(i, j) * both;
        }
    }
    scaled.norm_1() * scaled_inverse.norm_1()
}

/// The value of a constant column that is not zero.
fn constant(column: &[f64]) -> Option<f64> {
    let first = column[0];
    (first != 0.0 && column.iter().all(|x| *x == first)).then_some(first)
}

/// Rough means of all columns but the first, where the first is constant; else zeros.
fn shifts(problem: &Problem, constant: Option<f64>) -> Vec<f64> {
    if constant.is_none() {
        return vec![0.0; problem.columns.len() + 1];
    }
    let columns = problem.columns[1..].iter().chain([&problem.y]);
    let mut shifts = vec![0.0];
    shifts.extend(columns.map(|c| rough_mean(c)));
    shifts
}

/// The mean, of a long column that of values at even distances: what is left of the mean is small
/// beside the spread, which is all that a shift is for.
fn rough_mean(column: &[f64]) -> f64 {
    let stride = column.len() / N_SHIFT;
    if stride < 2 {
        return mean(column);
    }
    let picked: Vec<f64> = column.iter().step_by(stride).copied().collect();
    mean(&picked)
}

/// What must be left of each column's squared length for it to count as independent.
fn floor(gram: &Square<f64>, shifts: &[f64], constant: Option<f64>) -> Vec<f64> {
    let share = RANK_TOLERANCE * RANK_TOLERANCE;
    (0..gram.size - 1)
        .map(|j| share * squared_length(gram, shifts, constant, j))
        .collect()
}

/// Σ w x² of a column as given.
fn squared_length(gram: &Square<f64>, shifts: &[f64], constant: Option<f64>, j: usize) -> f64 {
    let (square, shift) = (gram.at(j, j), shifts[j]);
    match constant {
        Some(c) if j > 0 => {
            square + 2.0 * shift / c * gram.at(0, j) + (shift / c) * (shift / c) * gram.at(0, 0)
        }
        _ => square,
    }
}

fn spreads(
    problem: &Problem,
    gram: &Square<f64>,
    shifts: &[f64],
    constant: Option<f64>,
) -> Vec<f64> {
    let square = |j: usize| match (problem.has_intercept, constant) {
        (true, Some(_)) => gram.at(j, j) - gram.at(0, j) * gram.at(0, j) / gram.at(0, 0),
        (true, None) => {
            let column = problem.columns.get(j).copied().unwrap_or(problem.y);
            let centre = problem.centre(column);
            problem.sum_over(column, |x| (x - centre) * (x - centre))
        }
        (false, _) => squared_length(gram, shifts, constant, j),
    };
    (0..gram.size).map(|j| square(j).max(0.0).sqrt()).collect()
}

/// That all columns and the response are finite.
fn check_finite(problem: &Problem) -> Result<(), LinearError> {
    let columns = problem.columns.iter().enumerate();
    let columns = columns.map(|(j, c)| (Some(j), *c));
    for (column, values) in columns.chain([(None, problem.y)]) {
        if !values.iter().all(|x| x.is_finite()) {
            return Err(LinearError::NotFinite { column });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coefficients, covariance and residuals in `f64` against double-double, whose own digits NIST's
    /// sets vouch for, at the worst condition that is let through to `f64`.
    #[track_caller]
    fn check_quick(n_rows: usize, tolerance: f64) {
        let wave = |i: usize, k: f64| libm::sin(i as f64 * k + k);
        let mut n_quick = 0;
        for nearness in [1.0, 0.3, 0.1, 0.05, 0.03, 0.01, 0.003] {
            let ones = vec![1.0; n_rows];
            let a: Vec<f64> = (0..n_rows).map(|i| 1e3 + wave(i, 0.7)).collect();
            let b: Vec<f64> = (0..n_rows)
                .map(|i| a[i] * 4.0 + nearness * wave(i, 1.3))
                .collect();
            let y: Vec<f64> = (0..n_rows)
                .map(|i| 2.0 + a[i] - b[i] + wave(i, 2.9))
                .collect();
            let columns: [&[f64]; 3] = [&ones, &a, &b];
            let problem = Problem {
                columns: &columns,
                y: &y,
                weights: None,
                has_intercept: true,
            };
            let shifts = shifts(&problem, Some(1.0));
            let rows = Rows::new(&problem, &shifts);
            let tick = &mut crate::stats::progress::unwatched;
            let gram = rows.gram::<f64>(tick).unwrap();
            let floor = floor(&gram, &shifts, Some(1.0));
            let Some(quick) = Quick::try_solve(&rows, &gram, &floor, false, tick).unwrap() else {
                continue;
            };
            n_quick += 1;
            let (factor, beta) =
                normal_equations(&rows.gram::<DoubleDouble>(tick).unwrap(), &floor);
            let inverse = factor.inverse();
            for (got, expected) in quick.beta.iter().zip(&beta).skip(1) {
                let error = (got - expected.value()) / expected.value();
                assert!(error.abs() < tolerance, "nearness {nearness}: {error:e}");
            }
            for j in 1..3 {
                let (got, expected) = (quick.inverse.at(j, j), inverse.at(j, j).value());
                let error = (got - expected) / expected;
                assert!(
                    error.abs() < tolerance,
                    "nearness {nearness}: inverse {error:e}"
                );
            }
            let exact = rows.pass(&factor, &beta, false, tick).unwrap();
            let (got, expected) = (&quick.pass.residuals, &exact.residuals);
            assert_eq!((got.len(), expected.len()), (n_rows, n_rows));
            let square = |values: &mut dyn Iterator<Item = f64>| values.map(|e| e * e).sum::<f64>();
            let distance = square(&mut got.iter().zip(expected).map(|(g, e)| g - e));
            let error = (distance / square(&mut expected.iter().copied())).sqrt();
            assert!(
                error < tolerance,
                "nearness {nearness}: residuals {error:e}"
            );
        }
        assert!(
            (2..7).contains(&n_quick),
            "{n_quick} of 7 went the quick way"
        );
    }

    #[test]
    fn the_quick_way_keeps_twelve_digits() {
        check_quick(500, 1e-12);
        // Shifted by the mean of a part of the rows; longer sums round more.
        check_quick(5 * N_SHIFT, 4e-12);
    }
}
