//! Shares and cross tables of samples. All of them are functions of sums of weights in cells, so the
//! sums of squared weights beside them are all that their linearised errors need.
//!
//! Rao, J. N. K., & Scott, A. J. (1984). On chi-squared tests for multiway contingency tables with
//! cell proportions estimated from survey data. *Annals of Statistics*, 12, 46–60.

use crate::stats::distributions::{chi_squared, f, student_t};
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::t_test::Estimate;

/// Above this many degrees of freedom [`Cells::rao_scott`] would take longer than a person waits.
const MAX_DF: usize = 400;

/// Σw and Σw² of some rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weight {
    pub sum: f64,
    pub squares: f64,
}

/// A share of a population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub value: f64,
    pub standard_error: f64,
    /// Rows sampled; an interval has one degree of freedom less.
    pub n: usize,
}

/// The weights of a table's cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    pub weights: Vec<Weight>,
    /// Rows sampled, in all cells together.
    pub n: usize,
}

/// Pearson's χ² corrected to the second order, as F.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RaoScott {
    pub f: f64,
    pub df1: f64,
    pub df2: f64,
    pub p: f64,
}

impl Weight {
    pub fn add(&mut self, weight: f64) {
        self.sum += weight;
        self.squares += weight * weight;
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }
}

impl Share {
    /// The share of `part` in `all` (the part among it), of which `n` rows were sampled.
    pub fn of(part: Weight, all: Weight, n: usize) -> Self {
        let value = part.sum / all.sum;
        let rest = 1.0 - value;
        let inside = part.squares * rest * rest;
        let outside = (all.squares - part.squares).max(0.0) * value * value;
        let count = n as f64;
        Self {
            value,
            standard_error: ((inside + outside) * count / (count - 1.0)).sqrt() / all.sum,
            n,
        }
    }

    /// Student's interval of the share's logit, as `svyciprop`; NaN where there is none.
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let (p, rest) = (self.value, 1.0 - self.value);
        if self.n < 2 || !(p > 0.0 && rest > 0.0) {
            return (f64::NAN, f64::NAN);
        }
        let t = student_t::upper_quantile(0.5 * (1.0 - level), self.n as f64 - 1.0);
        let reach = t * self.standard_error / (p * rest);
        let odds = p / rest;
        let share = |logit: f64| {
            let odds = odds * libm::exp(logit);
            odds / (1.0 + odds)
        };
        (share(-reach), share(reach))
    }
}

impl Cells {
    /// Of rows by their cells.
    pub fn of(cells: impl Iterator<Item = usize>, weights: &[f64], n_cells: usize) -> Self {
        let mut result = Self {
            weights: vec![Weight::default(); n_cells],
            n: 0,
        };
        for (cell, &w) in cells.zip(weights) {
            result.weights[cell].add(w);
            result.n += usize::from(w > 0.0);
        }
        result
    }

    pub fn all(&self) -> Weight {
        let weights = self.weights.iter();
        weights.fold(Weight::default(), |sum, w| sum.plus(*w))
    }

    /// The sums of weights.
    pub fn sums(&self) -> Vec<f64> {
        self.weights.iter().map(|w| w.sum).collect()
    }

    /// The linearised error of a statistic, by how it changes with the weight of each cell.
    pub fn standard_error(&self, gradient: &[f64]) -> f64 {
        let n = self.n as f64;
        let (mut sum, mut squares) = (0.0, 0.0);
        for (w, g) in self.weights.iter().zip(gradient) {
            // An empty cell has no rows, whatever the statistic does there.
            if w.sum > 0.0 {
                sum += w.sum * g;
                squares += w.squares * g * g;
            }
        }
        ((squares - sum * sum / n).max(0.0) * n / (n - 1.0)).sqrt()
    }

    /// The linearised covariance of two statistics, by how they change with the weight of each cell.
    fn covariance(&self, first: &[f64], second: &[f64]) -> f64 {
        let n = self.n as f64;
        let [mut a, mut b, mut both] = [0.0; 3];
        for (w, (g, h)) in self.weights.iter().zip(first.iter().zip(second)) {
            a += w.sum * g;
            b += w.sum * h;
            both += w.squares * g * h;
        }
        (both - a * b / n) * n / (n - 1.0)
    }

    /// Whether the cells have the shares that are expected, all above 0 and 1 together: χ² with
    /// Satterthwaite's correction of the second order, its degrees of freedom and p, as `svygofchisq`.
    pub fn goodness_of_fit(&self, expected: &[f64]) -> (f64, f64, f64) {
        let all = self.all().sum;
        let off = |i: usize| self.weights[i].sum - all * expected[i];
        let gradients: Vec<Vec<f64>> = (0..expected.len())
            .map(|i| {
                let root = (all * expected[i]).sqrt();
                let of = |k: usize| {
                    let own = if i == k { 1.0 } else { 0.0 };
                    (own - expected[i] - off(i) / (2.0 * all)) / root
                };
                (0..expected.len()).map(of).collect()
            })
            .collect();
        let (mut trace, mut squared) = (0.0, 0.0);
        for (i, a) in gradients.iter().enumerate() {
            trace += self.covariance(a, a);
            for b in &gradients[..i] {
                let c = self.covariance(a, b);
                squared += 2.0 * c * c;
            }
            squared += self.covariance(a, a) * self.covariance(a, a);
        }
        let pearson: f64 = (0..expected.len())
            .map(|i| off(i) * off(i) / (all * expected[i]))
            .sum();
        let statistic = pearson * trace / squared;
        let df = trace * trace / squared;
        (statistic, df, chi_squared::sf(statistic, df))
    }

    /// Student's interval of a statistic with n − 1 degrees of freedom.
    pub fn estimate(&self, value: f64, gradient: &[f64], level: f64) -> Estimate {
        let reach = self.quantile(level) * self.standard_error(gradient);
        Estimate {
            value,
            low: value - reach,
            high: value + reach,
        }
    }

    /// Student's quantile for two-sided intervals.
    pub fn quantile(&self, level: f64) -> f64 {
        match self.n {
            0 | 1 => f64::NAN,
            n => student_t::upper_quantile(0.5 * (1.0 - level), n as f64 - 1.0),
        }
    }

    /// Whether rows and columns of a table, row by row, are independent: Rao and Scott's correction
    /// of the second order, as `svychisq(statistic = "F")`. `None` where empty cells or too many
    /// levels leave no test. No row and no column is empty.
    pub fn rao_scott(&self, n_columns: usize) -> Option<RaoScott> {
        let n_rows = self.weights.len() / n_columns;
        let size = (n_rows - 1) * (n_columns - 1);
        if size == 0 || size > MAX_DF || self.n < 2 {
            return None;
        }
        let n = self.n as f64;
        let all = self.all();
        let share = |k: usize| self.weights[k].sum / all.sum;
        let square = |k: usize| self.weights[k].squares / (all.sum * all.sum);
        // Of each cell: 1/p, q/p², whether it holds rows, q/p; 0 where it is empty.
        let parts: Vec<[f64; 4]> = (0..self.weights.len())
            .map(|k| match share(k) {
                0.0 => [0.0; 4],
                p => [1.0 / p, square(k) / (p * p), 1.0, square(k) / p],
            })
            .collect();
        // Contrasts of four cells span what the margins leave: the corner, a cell and the two between.
        let corner = parts[0];
        let cell = |i: usize| (i / (n_columns - 1) + 1, i % (n_columns - 1) + 1);
        let contrast = |i: usize, of: usize| {
            let (r, c) = cell(i);
            corner[of] - parts[r * n_columns][of] - parts[c][of] + parts[r * n_columns + c][of]
        };
        let product = |i: usize, j: usize, of: usize| {
            let ((r, c), (s, d)) = (cell(i), cell(j));
            let mut sum = corner[of];
            if r == s {
                sum += parts[r * n_columns][of];
            }
            if c == d {
                sum += parts[c][of];
            }
            if r == s && c == d {
                sum += parts[r * n_columns + c][of];
            }
            sum
        };
        let total = square_sum(all);
        let (mut plain, mut drawn) = (Square::zeros(size), Square::zeros(size));
        for i in 0..size {
            let (a, b) = (contrast(i, 2), contrast(i, 3));
            for j in 0..size {
                let (c, d) = (contrast(j, 2), contrast(j, 3));
                *plain.at_mut(i, j) = product(i, j, 0) / n;
                *drawn.at_mut(i, j) =
                    (product(i, j, 1) - a * d - b * c + total * a * c) * n / (n - 1.0);
            }
        }
        let floor: Vec<f64> = (0..size).map(|i| 1e-10 * plain.at(i, i)).collect();
        let factor = Cholesky::with_rank(&plain, &floor);
        if !factor.aliased.is_empty() {
            return None;
        }
        let columns: Vec<Vec<f64>> = (0..size)
            .map(|j| factor.solve(&(0..size).map(|i| drawn.at(i, j)).collect::<Vec<_>>()))
            .collect();
        let trace: f64 = (0..size).map(|i| columns[i][i]).sum();
        let squared: f64 = (0..size)
            .map(|i| {
                (0..size)
                    .map(|j| columns[i][j] * columns[j][i])
                    .sum::<f64>()
            })
            .sum();
        let statistic = self.pearson(n_columns) * n / all.sum / trace;
        let df1 = trace * trace / squared;
        let df2 = df1 * (n - 1.0);
        Some(RaoScott {
            f: statistic,
            df1,
            df2,
            p: f::sf(statistic, df1, df2),
        })
    }

    /// Pearson's χ² as if weights were rows.
    fn pearson(&self, n_columns: usize) -> f64 {
        let all = self.all().sum;
        let rows: Vec<f64> = (self.weights.chunks(n_columns))
            .map(|row| row.iter().map(|w| w.sum).sum())
            .collect();
        let columns: Vec<f64> = (0..n_columns)
            .map(|j| {
                (self.weights.iter().skip(j).step_by(n_columns))
                    .map(|w| w.sum)
                    .sum()
            })
            .collect();
        let mut sum = 0.0;
        for (k, w) in self.weights.iter().enumerate() {
            let expected = rows[k / n_columns] / all * columns[k % n_columns];
            sum += (w.sum - expected) * (w.sum - expected) / expected;
        }
        sum
    }
}

/// Σw² / (Σw)².
fn square_sum(all: Weight) -> f64 {
    all.squares / (all.sum * all.sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(got: f64, expected: f64) {
        assert!(
            (got - expected).abs() <= 1e-11 * expected.abs(),
            "{got} is not {expected}"
        );
    }

    const A: [usize; 12] = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    const B: [usize; 12] = [0, 0, 1, 2, 0, 2, 1, 1, 2, 0, 1, 2];
    const W: [f64; 12] = [1.0, 2.5, 3.0, 1.5, 2.0, 4.0, 1.0, 5.0, 2.0, 0.5, 1.0, 3.5];

    fn cells() -> Cells {
        Cells::of(A.iter().zip(B).map(|(a, b)| a * 3 + b), &W, 6)
    }

    const RAO_SCOTT: [f64; 4] = [
        1.297_118_743_620_429_2,
        1.495_406_559_526_294,
        16.449_472_154_789_234,
        0.289_895_454_069_383_16,
    ];

    /// R's survey 4.1-1: d <- svydesign(ids = ~1, weights = ~w, data = data.frame(a, b, w));
    /// svychisq(~a + b, d); svyciprop(~I(b == 1), d, method = "xlogit").
    #[test]
    fn independence_is_tested_as_in_the_survey_package() {
        let test = cells().rao_scott(3).unwrap();
        near(test.f, RAO_SCOTT[0]);
        near(test.df1, RAO_SCOTT[1]);
        near(test.df2, RAO_SCOTT[2]);
        near(test.p, RAO_SCOTT[3]);
        let of_b = Cells::of(B.into_iter(), &W, 3);
        let share = Share::of(of_b.weights[1], of_b.all(), 12);
        let (low, high) = share.interval(0.95);
        near(share.value, 10.0 / 27.0);
        near(share.standard_error, 0.175_497_235_574_424_95);
        near(low, 0.100_921_149_709_143_5);
        near(high, 0.755_058_296_233_161_67);
        let all = of_b.all().sum;
        let gradient = [
            -share.value / all,
            (1.0 - share.value) / all,
            -share.value / all,
        ];
        near(of_b.standard_error(&gradient), 0.175_497_235_574_424_95);
    }

    #[test]
    fn empty_cells_may_leave_no_test() {
        let diagonal = Cells::of([0, 4, 8, 0].into_iter(), &[1.0, 2.0, 1.0, 1.0], 9);
        assert_eq!(diagonal.rao_scott(3), None);
        let (low, high) = Share::of(Weight::default(), cells().all(), 12).interval(0.95);
        assert!(low.is_nan() && high.is_nan());
    }
}
