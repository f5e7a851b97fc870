//! Tables of counts of two groupings: tests of independence and measures of association. Counts
//! may be weighted, and then need not be whole.

use super::distributions::{chi_squared, ln_gamma};

/// Counts of `n_rows × n_columns` cells, row by row. No row and no column is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Contingency {
    pub counts: Vec<f64>,
    pub n_rows: usize,
    pub n_columns: usize,
    pub row_totals: Vec<f64>,
    pub column_totals: Vec<f64>,
    pub n: f64,
}

/// A test of independence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndependenceTest {
    pub statistic: f64,
    pub df: usize,
    pub p: f64,
}

/// A measure of association of ordered groupings, with its asymptotic standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    pub value: f64,
    pub standard_error: f64,
}

impl Contingency {
    /// Of weights by row and column codes; `None` when a row or column has no weight.
    pub fn new(counts: Vec<f64>, n_rows: usize, n_columns: usize) -> Option<Self> {
        assert_eq!(counts.len(), n_rows * n_columns);
        let row_totals: Vec<f64> = counts
            .chunks_exact(n_columns.max(1))
            .map(|r| r.iter().sum())
            .collect();
        let column_totals: Vec<f64> = (0..n_columns)
            .map(|j| (0..n_rows).map(|i| counts[i * n_columns + j]).sum())
            .collect();
        let n: f64 = row_totals.iter().sum();
        let is_full = row_totals.iter().chain(&column_totals).all(|t| *t > 0.0);
        (is_full && n > 0.0 && n.is_finite()).then_some(Self {
            counts,
            n_rows,
            n_columns,
            row_totals,
            column_totals,
            n,
        })
    }

    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.counts[row * self.n_columns + column]
    }

    /// What independence expects of a cell.
    pub fn expected(&self, row: usize, column: usize) -> f64 {
        self.row_totals[row] / self.n * self.column_totals[column]
    }

    /// Haberman's (1973) adjusted residual: standard normal under independence.
    pub fn adjusted_residual(&self, row: usize, column: usize) -> f64 {
        let expected = self.expected(row, column);
        let rest =
            (1.0 - self.row_totals[row] / self.n) * (1.0 - self.column_totals[column] / self.n);
        (self.at(row, column) - expected) / (expected * rest).sqrt()
    }

    pub fn df(&self) -> usize {
        (self.n_rows - 1) * (self.n_columns - 1)
    }

    /// Pearson's χ².
    pub fn pearson(&self) -> IndependenceTest {
        self.test(self.sum(|count, expected| (count - expected) * (count - expected) / expected))
    }

    /// χ² of a 2 × 2 table with Yates's correction of one half, or of |O − E| where that is less.
    pub fn yates(&self) -> Option<IndependenceTest> {
        let is_two = self.n_rows == 2 && self.n_columns == 2;
        let cut = 0.5_f64.min((self.at(0, 0) - self.expected(0, 0)).abs());
        let part = |count: f64, expected: f64| {
            let miss = (count - expected).abs() - cut;
            miss * miss / expected
        };
        is_two.then(|| self.test(self.sum(part)))
    }

    /// The likelihood ratio G².
    pub fn likelihood_ratio(&self) -> IndependenceTest {
        let part = |count: f64, expected: f64| {
            if count > 0.0 {
                2.0 * count * libm::log(count / expected)
            } else {
                0.0
            }
        };
        self.test(self.sum(part).max(0.0))
    }

    /// Fisher's exact test of a 2 × 2 table of whole counts, two-sided: all tables with these
    /// margins that are no likelier than this one.
    pub fn fisher(&self) -> Option<f64> {
        let is_whole = self.counts.iter().all(|c| c.fract() == 0.0);
        if self.n_rows != 2 || self.n_columns != 2 || !is_whole || self.n > 1e9 {
            return None;
        }
        let (row, other) = (self.row_totals[0], self.row_totals[1]);
        let column = self.column_totals[0];
        let ln_choose =
            |n: f64, k: f64| ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0);
        let ln_p = |a: f64| ln_choose(row, a) + ln_choose(other, column - a);
        let (low, high) = ((column - other).max(0.0), row.min(column));
        let own = ln_p(self.at(0, 0));
        let (mut all, mut no_likelier) = (0.0, 0.0);
        let mut a = low;
        while a <= high {
            let relative = ln_p(a) - own;
            let p = libm::exp(relative);
            all += p;
            if relative <= 1e-7 {
                no_likelier += p;
            }
            a += 1.0;
        }
        Some((no_likelier / all).min(1.0))
    }

    /// Cramér's V of a χ² of this table.
    pub fn cramers_v(&self, statistic: f64) -> f64 {
        let least = self.n_rows.min(self.n_columns) - 1;
        (statistic / (self.n * least as f64)).sqrt()
    }

    /// The values of Cramér's V whose noncentral χ² does not make this one too small or too large.
    pub fn cramers_v_interval(&self, statistic: f64, level: f64) -> (f64, f64) {
        let df = self.df() as f64;
        let tail = 0.5 * (1.0 - level);
        let of = |p: f64| self.cramers_v(noncentrality(statistic, df, p)).min(1.0);
        (of(1.0 - tail), of(tail))
    }

    /// The correlation of the two groupings of a 2 × 2 table, with its sign.
    pub fn phi(&self) -> Option<f64> {
        let is_two = self.n_rows == 2 && self.n_columns == 2;
        is_two.then(|| {
            let shares: Vec<f64> = self.counts.iter().map(|c| c / self.n).collect();
            let margins = [&self.row_totals, &self.column_totals];
            let spread: f64 = margins
                .iter()
                .map(|t| t[0] / self.n * (t[1] / self.n))
                .product();
            (shares[0] * shares[3] - shares[1] * shares[2]) / spread.sqrt()
        })
    }

    /// Goodman and Kruskal's γ of ordered groupings; the error does not assume independence
    /// (ASE₁ of Goodman and Kruskal 1972).
    pub fn gamma(&self) -> Association {
        let pairs = self.pairs();
        let (p, q) = (pairs.concordant, pairs.discordant);
        let spread: f64 = (0..self.counts.len())
            .map(|k| {
                let part = q * pairs.with[k] - p * pairs.against[k];
                self.counts[k] * part * part
            })
            .sum();
        Association {
            value: (p - q) / (p + q),
            standard_error: 4.0 / ((p + q) * (p + q)) * spread.sqrt(),
        }
    }

    /// How γ changes with the count of each cell.
    pub fn gamma_gradient(&self) -> Vec<f64> {
        let pairs = self.pairs();
        let (p, q) = (pairs.concordant, pairs.discordant);
        let scale = 4.0 / ((p + q) * (p + q));
        let parts = pairs.with.iter().zip(&pairs.against);
        parts.map(|(w, a)| scale * (q * w - p * a)).collect()
    }

    /// How τ-b changes with the count of each cell.
    pub fn tau_b_gradient(&self) -> Vec<f64> {
        let pairs = self.pairs();
        let squares = |totals: &[f64]| totals.iter().map(|t| t * t).sum::<f64>();
        let w_rows = self.n * self.n - squares(&self.row_totals);
        let w_columns = self.n * self.n - squares(&self.column_totals);
        let w = (w_rows * w_columns).sqrt();
        let tau = (pairs.concordant - pairs.discordant) / w;
        let of = |k: usize| {
            let row = self.n - self.row_totals[k / self.n_columns];
            let column = self.n - self.column_totals[k % self.n_columns];
            let spread = row / w_rows + column / w_columns;
            2.0 * (pairs.with[k] - pairs.against[k]) / w - tau * spread
        };
        (0..self.counts.len()).map(of).collect()
    }

    /// Kendall's τ-b of ordered groupings, with the error of Brown and Benedetti (1977).
    pub fn tau_b(&self) -> Association {
        let pairs = self.pairs();
        let squares = |totals: &[f64]| totals.iter().map(|t| t * t).sum::<f64>();
        let w_rows = self.n * self.n - squares(&self.row_totals);
        let w_columns = self.n * self.n - squares(&self.column_totals);
        let w = (w_rows * w_columns).sqrt();
        let tau = (pairs.concordant - pairs.discordant) / w;
        let mut sum = 0.0;
        for i in 0..self.n_rows {
            for j in 0..self.n_columns {
                let k = i * self.n_columns + j;
                let v = self.row_totals[i] * w_columns + self.column_totals[j] * w_rows;
                let part = 2.0 * w * (pairs.with[k] - pairs.against[k]) + tau * v;
                sum += self.counts[k] * part * part;
            }
        }
        let level =
            self.n * self.n * self.n * tau * tau * (w_rows + w_columns) * (w_rows + w_columns);
        Association {
            value: tau,
            standard_error: (sum - level).max(0.0).sqrt() / (w * w),
        }
    }

    fn test(&self, statistic: f64) -> IndependenceTest {
        let df = self.df();
        IndependenceTest {
            statistic,
            df,
            p: chi_squared::sf(statistic, df as f64),
        }
    }

    fn sum(&self, part: impl Fn(f64, f64) -> f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..self.n_rows {
            for j in 0..self.n_columns {
                sum += part(self.at(i, j), self.expected(i, j));
            }
        }
        sum
    }

    fn pairs(&self) -> Pairs {
        let size = self.counts.len();
        let (mut with, mut against) = (vec![0.0; size], vec![0.0; size]);
        let (mut concordant, mut discordant) = (0.0, 0.0);
        for i in 0..self.n_rows {
            for j in 0..self.n_columns {
                let (mut up, mut down) = (0.0, 0.0);
                for a in 0..self.n_rows {
                    for b in 0..self.n_columns {
                        let side = (a as i64 - i as i64).signum() * (b as i64 - j as i64).signum();
                        match side {
                            1 => up += self.at(a, b),
                            -1 => down += self.at(a, b),
                            _ => {}
                        }
                    }
                }
                let k = i * self.n_columns + j;
                (with[k], against[k]) = (up, down);
                concordant += self.counts[k] * up;
                discordant += self.counts[k] * down;
            }
        }
        Pairs {
            with,
            against,
            concordant,
            discordant,
        }
    }
}

/// For each cell the weight of rows that agree with it in order and that disagree, and twice the
/// agreeing and disagreeing pairs.
struct Pairs {
    with: Vec<f64>,
    against: Vec<f64>,
    concordant: f64,
    discordant: f64,
}

/// The noncentrality at which P(X ≤ x) is `p`; 0 when it is less even without one.
fn noncentrality(x: f64, df: f64, p: f64) -> f64 {
    if !x.is_finite() || chi_squared::cdf(x, df) <= p {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, x.max(1.0));
    while noncentral_cdf(x, df, high) > p {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if noncentral_cdf(x, df, middle) > p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// P(X ≤ x) of a noncentral χ²: a Poisson mixture of central ones, summed from its middle.
fn noncentral_cdf(x: f64, df: f64, ncp: f64) -> f64 {
    let half = 0.5 * ncp;
    let mass = |k: f64| libm::exp(k * libm::log(half) - half - ln_gamma(k + 1.0));
    let part = |k: f64| mass(k) * chi_squared::cdf(x, df + 2.0 * k);
    if half == 0.0 {
        return chi_squared::cdf(x, df);
    }
    let middle = half.floor();
    let mut sum = part(middle);
    let mut k = middle;
    while k > 0.0 {
        k -= 1.0;
        let term = part(k);
        sum += term;
        if mass(k) < 1e-17 {
            break;
        }
    }
    k = middle;
    loop {
        k += 1.0;
        let term = part(k);
        sum += term;
        if term <= 1e-17 * sum || mass(k) < 1e-18 {
            return sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(got: f64, expected: f64) {
        assert!(
            (got - expected).abs() < 1e-12 * expected.abs().max(1.0),
            "{got} is not {expected}"
        );
    }

    fn tea() -> Contingency {
        Contingency::new(vec![3.0, 1.0, 1.0, 3.0], 2, 2).unwrap()
    }

    /// Fisher's tea taster: 34/70 two-sided; χ² 2, with Yates 0.5.
    #[test]
    fn two_by_two() {
        near(tea().fisher().unwrap(), 34.0 / 70.0);
        near(tea().pearson().statistic, 2.0);
        near(tea().yates().unwrap().statistic, 0.5);
        near(tea().phi().unwrap(), 0.5);
        near(tea().cramers_v(2.0), 0.5);
        near(tea().adjusted_residual(0, 0), 2.0_f64.sqrt());
    }

    #[test]
    fn gamma_and_tau_of_a_small_table() {
        near(tea().gamma().value, (9.0 - 1.0) / (9.0 + 1.0));
        near(tea().tau_b().value, 0.5);
        let even = Contingency::new(vec![2.0; 6], 2, 3).unwrap();
        near(even.tau_b().value, 0.0);
        near(even.likelihood_ratio().statistic, 0.0);
    }

    #[test]
    fn an_empty_line_is_no_table() {
        assert!(Contingency::new(vec![1.0, 0.0, 2.0, 0.0], 2, 2).is_none());
        assert!(
            Contingency::new(vec![1.5, 1.0, 1.0, 1.0], 2, 2)
                .unwrap()
                .fisher()
                .is_none()
        );
    }
}
