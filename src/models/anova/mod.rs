//! Analysis of variance of crossed factors, with covariates: sums of squares of three types,
//! marginal means and their contrasts.
//!
//! Rows are gathered into cells first ([`cells`]); what is solved has the size of the model, not of
//! the data. Factors are coded to sum to zero, normal equations are kept in double-double, and the
//! outcome is shifted by its first value, so that data with a large mean keep their digits.

mod cells;
mod means;

use crate::models::WeightKind;
use crate::stats::distributions::{f, noncentral_f};
use crate::stats::double_double::DoubleDouble;
use crate::stats::linalg::{Cholesky, Square};
use crate::stats::progress::{Cancelled, Progress};

pub use cells::{Cell, Cells};
pub use means::Mean;

/// A grouping of rows: `codes[i]` is row i's level, below `n_levels`.
#[derive(Clone, Debug, Default)]
pub struct Factor {
    pub codes: Vec<u32>,
    pub n_levels: usize,
}

/// Rows without missing values. All vectors are as long as `y`.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    pub y: &'a [f64],
    pub factors: &'a [Factor],
    pub covariates: &'a [&'a [f64]],
    pub weights: Option<(&'a [f64], WeightKind)>,
    /// Sets of factors, each term behind those that it contains: main effects, then interactions.
    pub terms: &'a [Vec<usize>],
}

/// Which sums of squares are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SumsOfSquares {
    /// Each term after those before it.
    I,
    /// Each term after all that do not contain it.
    II,
    /// Each term after all others, factors coded to sum to zero.
    III,
}

/// Why there is no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnovaError {
    /// No degrees of freedom are left for the residuals.
    TooFewRows,
    /// The outcome does not vary.
    Constant,
    /// More columns than can be solved in a reasonable time.
    TooManyColumns,
    Cancelled,
}

impl From<Cancelled> for AnovaError {
    fn from(_: Cancelled) -> Self {
        AnovaError::Cancelled
    }
}

/// More columns of the model than this are refused.
pub const MAX_COLUMNS: usize = 400;
/// More cells than this are refused.
pub const MAX_CELLS: usize = 20_000;

/// A source of variation: covariate or term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Covariate(usize),
    Term(usize),
}

/// One line of an analysis of variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub source: Source,
    pub ss: f64,
    pub df: f64,
    pub f: f64,
    pub p: f64,
}

/// A share of variation with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub eta: f64,
    pub eta_partial: f64,
    pub omega: f64,
    pub omega_partial: f64,
    /// Of the partial η²: from the noncentralities of F (Smithson 2003).
    pub low: f64,
    pub high: f64,
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Anova {
    pub cells: Cells,
    /// Rows, or the sum of frequency weights.
    pub n: f64,
    pub ss_residual: f64,
    pub ss_total: f64,
    pub df_residual: f64,
    /// Terms that empty cells leave without all their degrees of freedom.
    pub incomplete: Vec<usize>,
    terms: Vec<Vec<usize>>,
    n_levels: Vec<usize>,
    /// Which source each column belongs to; `None` for the intercept.
    columns: Vec<ModelColumn>,
    gram: Square<DoubleDouble>,
    moments: Vec<DoubleDouble>,
    solution: Solution,
}

/// The coefficients of the columns that are independent.
#[derive(Clone, Debug)]
struct Solution {
    kept: Vec<usize>,
    aliased: Vec<usize>,
    /// Of all columns, zero where aliased.
    estimates: Vec<f64>,
    /// Of the kept columns, up to σ².
    unscaled: Square<f64>,
}

/// What earlier columns leave of a column, relative to its length squared, when it is one of their
/// combinations.
const DEPENDENT: f64 = 1e-14;

/// Fits the model.
///
/// # Errors
/// When the data do not allow it.
pub fn fit(problem: &Problem, tick: &mut Progress) -> Result<Anova, AnovaError> {
    let n_levels: Vec<usize> = problem.factors.iter().map(|f| f.n_levels).collect();
    let n_columns = 1
        + problem.covariates.len()
        + problem
            .terms
            .iter()
            .map(|t| t.iter().map(|&k| n_levels[k].max(1) - 1).product::<usize>())
            .sum::<usize>();
    let n_cells = n_levels.iter().product::<usize>();
    if n_columns > MAX_COLUMNS || n_cells > MAX_CELLS {
        return Err(AnovaError::TooManyColumns);
    }
    tick(0.0)?;
    let cells = Cells::gather(problem, &n_levels);
    tick(0.4)?;
    let mut columns: Vec<ModelColumn> = vec![(None, Vec::new())];
    columns.extend((0..problem.covariates.len()).map(|c| (Some(Source::Covariate(c)), Vec::new())));
    for (t, term) in problem.terms.iter().enumerate() {
        let mut parts: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
        for &factor in term {
            parts = parts
                .iter()
                .flat_map(|p| {
                    (0..n_levels[factor].max(1) - 1).map(move |level| {
                        let mut longer = p.clone();
                        longer.push((factor, level));
                        longer
                    })
                })
                .collect();
        }
        columns.extend(parts.into_iter().map(|p| (Some(Source::Term(t)), p)));
    }
    let (gram, moments) =
        normal_equations(&cells, &columns, &n_levels, problem.covariates.len(), tick)?;
    let all: Vec<usize> = (0..columns.len()).collect();
    let (factor, explained) = solve_in_order(&gram, &moments, &all);
    let rank = factor.kept.len();
    let df_residual = match problem.weights {
        Some((_, WeightKind::Frequency)) => cells.weight - rank as f64,
        _ => cells.n_rows as f64 - rank as f64,
    };
    let intercept = explained[0].1;
    let ss_total = (cells.within + cells.raw_between - intercept).value();
    if !(ss_total > 0.0) {
        return Err(AnovaError::Constant);
    }
    if !(df_residual > 0.0) {
        return Err(AnovaError::TooFewRows);
    }
    let fitted = explained.iter().fold(DoubleDouble::ZERO, |s, e| s + e.1);
    let ss_residual = (cells.within + (cells.raw_between - fitted))
        .value()
        .max(0.0);
    tick(0.9)?;
    let solution = Solution::new(&factor, &moments, &gram);
    let incomplete = (0..problem.terms.len())
        .filter(|&t| {
            let lost = |c: &usize| columns[*c].0 == Some(Source::Term(t));
            solution.aliased.iter().any(lost)
        })
        .collect();
    Ok(Anova {
        n: match problem.weights {
            Some((_, WeightKind::Frequency)) => cells.weight,
            _ => cells.n_rows as f64,
        },
        cells,
        ss_residual,
        ss_total,
        df_residual,
        incomplete,
        terms: problem.terms.to_vec(),
        n_levels,
        columns,
        gram,
        moments,
        solution,
    })
}

impl Anova {
    pub fn ms_residual(&self) -> f64 {
        self.ss_residual / self.df_residual
    }

    /// The lines of the covariates and terms, in their order.
    pub fn lines(&self, kind: SumsOfSquares) -> Vec<Line> {
        let sources: Vec<Source> = self.sources();
        sources
            .iter()
            .enumerate()
            .map(|(i, &source)| {
                let before: Vec<Source> = match kind {
                    SumsOfSquares::I => sources[..i].to_vec(),
                    SumsOfSquares::II => sources
                        .iter()
                        .copied()
                        .filter(|&s| s != source && !self.contains(s, source))
                        .collect(),
                    SumsOfSquares::III => {
                        sources.iter().copied().filter(|&s| s != source).collect()
                    }
                };
                let (ss, df) = self.explained_by(source, &before);
                let f_value = ss / df / self.ms_residual();
                Line {
                    source,
                    ss,
                    df,
                    f: f_value,
                    p: f::sf(f_value, df, self.df_residual),
                }
            })
            .collect()
    }

    /// Whether all columns of the model are independent.
    pub fn is_full_rank(&self) -> bool {
        self.solution.aliased.is_empty()
    }

    /// Shares of variation of a line, `level` the confidence of the interval.
    pub fn share(&self, line: &Line, lines: &[Line], level: f64) -> Share {
        let ms = self.ms_residual();
        // Shares of the whole are of what the lines add up to, so that they do not pass it.
        let whole = lines.iter().map(|l| l.ss).sum::<f64>() + self.ss_residual;
        let less = line.ss - line.df * ms;
        let to_share = |ncp: f64| ncp / (ncp + line.df + self.df_residual + 1.0);
        let alpha = 0.5 * (1.0 - level);
        let limit = |ncp: f64| to_share(ncp);
        Share {
            eta: line.ss / whole,
            eta_partial: line.ss / (line.ss + self.ss_residual),
            omega: less / (whole + ms),
            omega_partial: less / (line.ss + (self.n - line.df) * ms),
            low: limit(noncentral_f::ncp_below(
                line.f,
                line.df,
                self.df_residual,
                alpha,
            )),
            high: limit(noncentral_f::ncp_above(
                line.f,
                line.df,
                self.df_residual,
                alpha,
            )),
        }
    }

    fn sources(&self) -> Vec<Source> {
        let mut sources: Vec<Source> = self.columns.iter().filter_map(|c| c.0).collect();
        sources.dedup();
        sources
    }

    /// Whether `outer` is an interaction with all factors of `inner`.
    fn contains(&self, outer: Source, inner: Source) -> bool {
        match (outer, inner) {
            (Source::Term(o), Source::Term(i)) => {
                self.terms[i].iter().all(|k| self.terms[o].contains(k)) && o != i
            }
            _ => false,
        }
    }

    /// The sum of squares and degrees of freedom that `source` adds to the intercept and `before`.
    fn explained_by(&self, source: Source, before: &[Source]) -> (f64, f64) {
        let place = |wanted: &dyn Fn(Option<Source>) -> bool| -> Vec<usize> {
            (0..self.columns.len())
                .filter(|&c| wanted(self.columns[c].0))
                .collect()
        };
        let mut order = place(&|s| s.is_none_or(|s| before.contains(&s)));
        let first = order.len();
        order.extend(place(&|s| s == Some(source)));
        let (_, explained) = solve_in_order(&self.gram, &self.moments, &order);
        let own = explained.iter().filter(|(at, _)| *at >= first);
        let (mut ss, mut df) = (DoubleDouble::ZERO, 0.0);
        for (_, part) in own {
            ss = ss + *part;
            df += 1.0;
        }
        (ss.value(), df)
    }

    /// The coefficients of the covariates.
    pub fn slopes(&self) -> Vec<f64> {
        let is_covariate = |c: &&usize| matches!(self.columns[**c].0, Some(Source::Covariate(_)));
        let columns: Vec<usize> = (0..self.columns.len()).collect();
        columns
            .iter()
            .filter(is_covariate)
            .map(|&c| self.solution.estimates[c])
            .collect()
    }

    /// What the model expects of cell `cell` at the covariates `z`.
    pub fn expected(&self, cell: usize, z: &[f64]) -> f64 {
        let codes = &self.cells.list[cell].levels;
        let mut sum = self.cells.shift;
        for (c, (source, parts)) in self.columns.iter().enumerate() {
            let value = match source {
                Some(Source::Covariate(k)) => z[*k] - self.cells.covariate_means[*k],
                _ => coded(parts, codes, &self.n_levels),
            };
            sum += self.solution.estimates[c] * value;
        }
        sum
    }
}

/// The product of the codes of a column's levels: 1 at its level, −1 at the last one.
fn coded(parts: &[(usize, usize)], levels: &[u32], n_levels: &[usize]) -> f64 {
    let mut product = 1.0;
    for &(factor, level) in parts {
        let at = levels[factor] as usize;
        product *= match at {
            at if at == level => 1.0,
            at if at + 1 == n_levels[factor] => -1.0,
            _ => return 0.0,
        };
    }
    product
}

/// A column of the model: its source, and the factors and levels whose codes it multiplies.
type ModelColumn = (Option<Source>, Vec<(usize, usize)>);

type NormalEquations = (Square<DoubleDouble>, Vec<DoubleDouble>);

fn normal_equations(
    cells: &Cells,
    columns: &[ModelColumn],
    n_levels: &[usize],
    n_covariates: usize,
    tick: &mut Progress,
) -> Result<NormalEquations, Cancelled> {
    let p = columns.len();
    let mut gram: Square<DoubleDouble> = Square::zeros(p);
    let mut moments = vec![DoubleDouble::ZERO; p];
    let mut row = vec![DoubleDouble::ZERO; p];
    for (i, cell) in cells.list.iter().enumerate() {
        if i % 64 == 0 {
            tick(0.4 + 0.3 * i as f32 / cells.list.len() as f32)?;
        }
        let used: Vec<usize> = (0..p)
            .filter(|&c| {
                row[c] = match columns[c].0 {
                    Some(Source::Covariate(k)) => cell.covariate_means[k],
                    _ => DoubleDouble::from(coded(&columns[c].1, &cell.levels, n_levels)),
                };
                row[c].hi != 0.0
            })
            .collect();
        let weight = cell.weight;
        for (a, &j) in used.iter().enumerate() {
            let weighted = row[j] * weight;
            moments[j] = moments[j] + weighted * cell.mean;
            for &k in &used[..=a] {
                let entry = gram.at_mut(k, j);
                *entry = *entry + weighted * row[k];
            }
        }
    }
    for a in 0..n_covariates {
        moments[1 + a] = moments[1 + a] + cells.within_zy[a];
        for b in 0..=a {
            let entry = gram.at_mut(1 + b, 1 + a);
            *entry = *entry + cells.within_zz[a * n_covariates + b];
        }
    }
    for j in 0..p {
        for k in 0..j {
            *gram.at_mut(j, k) = gram.at(k, j);
        }
    }
    Ok((gram, moments))
}

/// The factor of the columns `order`, and what each independent one explains after those before it,
/// with its place in `order`.
fn solve_in_order(
    gram: &Square<DoubleDouble>,
    moments: &[DoubleDouble],
    order: &[usize],
) -> (Cholesky<DoubleDouble>, Vec<(usize, DoubleDouble)>) {
    let selected = gram.select(order);
    let floor: Vec<f64> = (0..order.len())
        .map(|j| selected.at(j, j).value() * DEPENDENT)
        .collect();
    let factor = Cholesky::with_rank(&selected, &floor);
    let mut z: Vec<DoubleDouble> = Vec::with_capacity(factor.kept.len());
    let mut explained = Vec::with_capacity(factor.kept.len());
    for (i, &at) in factor.kept.iter().enumerate() {
        let mut rest = moments[order[at]];
        for (k, part) in z.iter().enumerate() {
            rest = rest - factor.lower.at(i, k) * *part;
        }
        let part = rest / factor.lower.at(i, i);
        z.push(part);
        explained.push((at, part * part));
    }
    (factor, explained)
}

impl Solution {
    fn new(
        factor: &Cholesky<DoubleDouble>,
        moments: &[DoubleDouble],
        gram: &Square<DoubleDouble>,
    ) -> Self {
        let rhs: Vec<DoubleDouble> = factor.kept.iter().map(|&c| moments[c]).collect();
        let solved = factor.solve(&rhs);
        let mut estimates = vec![0.0; gram.size];
        for (&c, b) in factor.kept.iter().zip(&solved) {
            estimates[c] = b.value();
        }
        Self {
            kept: factor.kept.clone(),
            aliased: factor.aliased.clone(),
            estimates,
            unscaled: factor.inverse().to_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::progress::unwatched;

    fn factor(codes: &[u32]) -> Factor {
        Factor {
            n_levels: codes.iter().max().map_or(0, |m| *m as usize + 1),
            codes: codes.to_vec(),
        }
    }

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let near = (got - expected).abs() <= 1e-12 * expected.abs().max(1e-8);
        assert!(near, "{got} is not {expected}");
    }

    const Y: [f64; 14] = [
        4.2, 5.1, 3.9, 6.0, 7.7, 6.4, 5.5, 8.1, 7.0, 9.9, 4.4, 6.3, 10.2, 8.8,
    ];
    const A: [u32; 14] = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1];
    const B: [u32; 14] = [0, 0, 0, 1, 1, 2, 0, 1, 1, 2, 0, 0, 2, 2];
    const X: [f64; 14] = [
        1.0, 2.5, 0.3, 1.7, 4.0, 2.2, 1.1, 3.6, 0.5, 2.9, 1.8, 2.0, 3.3, 0.9,
    ];

    /// R 4.2: Anova of car 3.1 with contr.sum, and anova for type I.
    #[test]
    fn sums_of_squares_are_those_of_r() {
        let factors = [factor(&A), factor(&B)];
        let terms = [vec![0], vec![1], vec![0, 1]];
        let covariates: [&[f64]; 1] = [&X];
        let of = |covariates: &[&[f64]], kind| {
            let problem = Problem {
                y: &Y,
                factors: &factors,
                covariates,
                weights: None,
                terms: &terms,
            };
            let fitted = fit(&problem, &mut unwatched).unwrap();
            let mut all: Vec<f64> = fitted
                .lines(kind)
                .iter()
                .flat_map(|l| [l.ss, l.p])
                .collect();
            all.push(fitted.ss_residual);
            all
        };
        let got = of(&[], SumsOfSquares::I);
        check(got[0], 23.40071428571427);
        check(got[1], 0.0001612528128523916);
        check(got[2], 23.61393822393821);
        check(got[3], 0.0005354989886001868);
        check(got[4], 2.812252252252254);
        check(got[5], 0.1304989817681382);
        check(got[6], 4.236666666666663);
        let got = of(&[], SumsOfSquares::II);
        check(got[0], 8.518581081081063);
        check(got[1], 0.003891444003052864);
        check(got[2], 23.61393822393821);
        check(got[3], 0.0005354989886001868);
        check(got[4], 2.812252252252254);
        check(got[5], 0.1304989817681382);
        check(got[6], 4.236666666666663);
        let got = of(&[], SumsOfSquares::III);
        check(got[0], 9.574414414414399);
        check(got[1], 0.002791715220700536);
        check(got[2], 18.57900900900899);
        check(got[3], 0.00118895069317601);
        check(got[4], 2.812252252252254);
        check(got[5], 0.1304989817681382);
        check(got[6], 4.236666666666663);
        let got = of(&covariates, SumsOfSquares::I);
        check(got[0], 16.49345317164609);
        check(got[1], 5.467627405981205e-07);
        check(got[2], 21.49880906181637);
        check(got[3], 2.198949938150134e-07);
        check(got[4], 13.70673048825972);
        check(got[5], 3.500634843000115e-06);
        check(got[6], 1.975281260499856);
        check(got[7], 0.001810703044093494);
        check(got[8], 0.3892974463493591);
        let got = of(&covariates, SumsOfSquares::II);
        check(got[0], 3.847369220317302);
        check(got[1], 7.103682189692547e-05);
        check(got[2], 9.391764448881462);
        check(got[3], 3.718805066150249e-06);
        check(got[4], 13.70673048825972);
        check(got[5], 3.500634843000115e-06);
        check(got[6], 1.975281260499856);
        check(got[7], 0.001810703044093494);
        check(got[8], 0.3892974463493591);
        let got = of(&covariates, SumsOfSquares::III);
        check(got[0], 3.847369220317302);
        check(got[1], 7.103682189692559e-05);
        check(got[2], 10.43464317221531);
        check(got[3], 2.604573324718619e-06);
        check(got[4], 11.08898932132159);
        check(got[5], 7.18481672937808e-06);
        check(got[6], 1.975281260499856);
        check(got[7], 0.001810703044093494);
        check(got[8], 0.3892974463493591);
    }

    #[test]
    fn a_large_mean_costs_no_digits() {
        let shifted: Vec<f64> = Y.iter().map(|y| (y * 8.0).round() / 8.0).collect();
        let far: Vec<f64> = shifted.iter().map(|y| y + 1e12).collect();
        let factors = [factor(&B)];
        let f = |y: &[f64]| {
            let problem = Problem {
                y,
                factors: &factors,
                covariates: &[],
                weights: None,
                terms: &[vec![0]],
            };
            fit(&problem, &mut unwatched)
                .unwrap()
                .lines(SumsOfSquares::I)[0]
                .f
        };
        check(f(&far), f(&shifted));
    }

    #[test]
    fn what_cannot_be_fitted_is_said() {
        let one = |y: &[f64], codes: &[u32]| {
            let factors = [factor(codes)];
            let problem = Problem {
                y,
                factors: &factors,
                covariates: &[],
                weights: None,
                terms: &[vec![0]],
            };
            fit(&problem, &mut unwatched).err()
        };
        assert_eq!(one(&[1.0, 2.0], &[0, 1]), Some(AnovaError::TooFewRows));
        assert_eq!(one(&[2.0; 4], &[0, 0, 1, 1]), Some(AnovaError::Constant));
    }
}
