//! Analysis of variance of repeated measures: one or several factors within subjects, crossed
//! factors between them, by the multivariate model that R's car fits.
//!
//! The measures of a subject are turned by orthonormal contrasts, so that each set of within factors
//! has columns of its own ([`Stratum`]); in these the factors between subjects are tested as in any
//! linear model of all their interactions, whose normal equations have the size of the cells.

mod means;
mod sphericity;

use super::anova::{Factor, SumsOfSquares};
use crate::stats::distributions::{f, noncentral_f};
use crate::stats::linalg::Square;
use crate::stats::progress::{Cancelled, Progress};

pub use means::Mean;
pub use sphericity::Sphericity;

/// Subjects without missing measures. All vectors have one entry a subject.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    /// One for each combination of the within factors' levels, the last factor fastest.
    pub measures: &'a [Vec<f64>],
    /// The number of levels of each within factor, each two or more.
    pub within: &'a [usize],
    pub between: &'a [Factor],
    /// II or III.
    pub sums: SumsOfSquares,
}

/// Why there is no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatedError {
    /// No degrees of freedom are left for the subjects.
    TooFewSubjects,
    /// A combination of the between factors' levels has no subject.
    EmptyCell,
    /// More combinations of levels than can be solved in a reasonable time.
    TooManyCells,
    /// Numbers so large that their squares are not.
    TooLarge,
    /// No measure varies.
    Constant,
    Cancelled,
}

impl From<Cancelled> for RepeatedError {
    fn from(_: Cancelled) -> Self {
        RepeatedError::Cancelled
    }
}

/// More combinations of the between factors' levels than this are refused.
pub const MAX_CELLS: usize = 200;
/// More measures than this are refused.
pub const MAX_MEASURES: usize = 100;

/// The effects of one set of within factors.
#[derive(Clone, Debug)]
pub struct Stratum {
    /// Which within factors; none for the differences between subjects.
    pub within: Vec<usize>,
    pub ss_error: f64,
    pub df_error: f64,
    /// Where there are two contrasts or more.
    pub sphericity: Option<Sphericity>,
    pub effects: Vec<Effect>,
}

/// One line of the analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Which between factors; none for the within factors alone.
    pub between: Vec<usize>,
    pub ss: f64,
    pub df: f64,
    /// NaN where nothing varies.
    pub f: f64,
    pub p: f64,
}

/// Subjects of one combination of the between factors' levels.
#[derive(Clone, Debug)]
pub struct Cell {
    pub levels: Vec<u32>,
    pub n: usize,
    /// Of the turned measures, less the shift.
    turned: Vec<f64>,
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Repeated {
    pub n_subjects: usize,
    /// Of the residuals of one measure: subjects less cells.
    pub df: f64,
    /// The sets of within factors by their size, the differences between subjects last.
    pub strata: Vec<Stratum>,
    pub cells: Vec<Cell>,
    pub of_subject: Vec<u32>,
    within: Vec<usize>,
    between: Vec<usize>,
    /// Taken off all measures: the first value.
    shift: f64,
    /// Column k is the k-th orthonormal contrast of the measures.
    turn: Vec<Vec<f64>>,
    /// Σ of products of the turned measures' residuals.
    residual: Square<f64>,
}

/// Fits the model.
///
/// # Errors
/// When the data do not allow it.
///
/// # Panics
/// When the measures are not one for each combination of the within factors' levels.
pub fn fit(problem: &Problem, tick: &mut Progress) -> Result<Repeated, RepeatedError> {
    let p: usize = problem.within.iter().product();
    assert_eq!(p, problem.measures.len(), "a measure for each combination");
    let between: Vec<usize> = problem.between.iter().map(|f| f.n_levels).collect();
    let n_cells = between.iter().product::<usize>();
    if n_cells > MAX_CELLS || p > MAX_MEASURES {
        return Err(RepeatedError::TooManyCells);
    }
    let n = problem.measures[0].len();
    if n <= n_cells {
        return Err(RepeatedError::TooFewSubjects);
    }
    tick(0.0)?;
    let of_subject = place_subjects(problem.between, n);
    let mut sizes = vec![0_usize; n_cells];
    of_subject.iter().for_each(|c| sizes[*c as usize] += 1);
    if sizes.contains(&0) {
        return Err(RepeatedError::EmptyCell);
    }
    let (turn, sets) = contrasts(problem.within);
    let shift = problem.measures[0][0];
    let mut turned = turned(problem.measures, &turn, shift, tick)?;
    let means: Vec<Vec<f64>> = turned
        .iter_mut()
        .map(|z| centred(z, &of_subject, &sizes))
        .collect();
    let mut residual: Square<f64> = Square::zeros(p);
    for j in 0..p {
        tick(0.4 + 0.5 * (j * j) as f32 / (p * p) as f32)?;
        for k in 0..=j {
            let product = dot(&turned[j], &turned[k]);
            *residual.at_mut(j, k) = product;
            *residual.at_mut(k, j) = product;
        }
    }
    let cells: Vec<Cell> = (0..n_cells)
        .map(|c| Cell {
            levels: levels_of(c, &between),
            n: sizes[c],
            turned: means.iter().map(|m| m[c]).collect(),
        })
        .collect();
    let is_finite = residual.data.iter().all(|v| v.is_finite())
        && cells.iter().flat_map(|c| &c.turned).all(|v| v.is_finite());
    if !is_finite {
        return Err(RepeatedError::TooLarge);
    }
    let mut fitted = Repeated {
        n_subjects: n,
        df: (n - n_cells) as f64,
        strata: Vec::new(),
        cells,
        of_subject,
        within: problem.within.to_vec(),
        between,
        shift,
        turn,
        residual,
    };
    fitted.strata = fitted.all_strata(&sets, problem.sums);
    let varies = |s: &Stratum| s.ss_error > 0.0 || s.effects.iter().any(|e| e.ss > 0.0);
    if !fitted.strata.iter().any(varies) {
        return Err(RepeatedError::Constant);
    }
    Ok(fitted)
}

impl Repeated {
    /// The ends of an interval of partial η², from the noncentralities of F (Smithson 2003).
    pub fn eta_interval(&self, stratum: &Stratum, effect: &Effect, level: f64) -> (f64, f64) {
        let share = |ncp: f64| ncp / (ncp + effect.df + stratum.df_error + 1.0);
        let alpha = 0.5 * (1.0 - level);
        let (f, df1, df2) = (effect.f, effect.df, stratum.df_error);
        if !f.is_finite() {
            return (f64::NAN, f64::NAN);
        }
        (
            share(noncentral_f::ncp_below(f, df1, df2, alpha)),
            share(noncentral_f::ncp_above(f, df1, df2, alpha)),
        )
    }

    /// Generalised η² (Olejnik and Algina 2003): the share of an effect in itself, in all that varies
    /// between and within subjects, and in the effects of factors that were `measured` and not set.
    /// Factors count from those within on.
    pub fn generalised_eta(&self, stratum: &Stratum, effect: &Effect, measured: &[usize]) -> f64 {
        let n_within = self.within.len();
        let is_measured = |s: &Stratum, e: &Effect| {
            s.within.iter().any(|f| measured.contains(f))
                || e.between.iter().any(|f| measured.contains(&(f + n_within)))
        };
        let mut whole: f64 = self.strata.iter().map(|s| s.ss_error).sum();
        for s in &self.strata {
            for e in s.effects.iter().filter(|e| is_measured(s, e)) {
                whole += e.ss;
            }
        }
        if !is_measured(stratum, effect) {
            whole += effect.ss;
        }
        effect.ss / whole
    }

    fn all_strata(&self, sets: &[Vec<usize>], sums: SumsOfSquares) -> Vec<Stratum> {
        let terms = subsets(self.between.len());
        let spaces: Vec<Vec<Vec<f64>>> =
            terms.iter().map(|t| self.space(t, &terms, sums)).collect();
        let mut order = subsets(self.within.len());
        order.rotate_left(1);
        // What rounding leaves of contrasts without variation.
        let whole: f64 = (0..sets.len())
            .map(|k| {
                let means = self.cells.iter();
                let squares = means.map(|c| c.n as f64 * c.turned[k] * c.turned[k]);
                self.residual.at(k, k) + squares.sum::<f64>()
            })
            .sum();
        let cleared = |ss: f64| if ss > 1e-28 * whole { ss } else { 0.0 };
        order
            .into_iter()
            .map(|within| {
                let own: Vec<usize> = (0..sets.len()).filter(|&k| sets[k] == within).collect();
                let error = self.residual.select(&own);
                let ss_error = cleared((0..own.len()).map(|i| error.at(i, i)).sum());
                let df_error = own.len() as f64 * self.df;
                let effects = terms
                    .iter()
                    .zip(&spaces)
                    .filter(|(t, _)| !(t.is_empty() && within.is_empty()))
                    .map(|(t, space)| {
                        let ss = cleared(own.iter().map(|&k| self.explained(space, k)).sum());
                        let df = (space.len() * own.len()) as f64;
                        let f_value = (ss / df) / (ss_error / df_error);
                        Effect {
                            between: t.clone(),
                            ss,
                            df,
                            f: f_value,
                            p: f::sf(f_value, df, df_error),
                        }
                    })
                    .collect();
                Stratum {
                    sphericity: (own.len() > 1).then(|| Sphericity::of(&error, self.df)),
                    within,
                    ss_error,
                    df_error,
                    effects,
                }
            })
            .collect()
    }

    /// An orthonormal basis of what the term adds to the terms that it is tested after, over cells
    /// weighted by the roots of their sizes.
    fn space(&self, term: &[usize], terms: &[Vec<usize>], sums: SumsOfSquares) -> Vec<Vec<f64>> {
        let contains = |t: &[usize]| term.iter().all(|f| t.contains(f));
        let mut basis: Vec<Vec<f64>> = Vec::new();
        let before = terms.iter().filter(|t| match sums {
            SumsOfSquares::III => t[..] != *term,
            _ => !contains(t),
        });
        for t in before {
            self.extend(&mut basis, t);
        }
        let known = basis.len();
        self.extend(&mut basis, term);
        basis.split_off(known)
    }

    /// Adds the columns of a term to an orthonormal basis. Each is cleared of the others twice, which
    /// leaves nothing to rounding (Giraud and others 2005).
    fn extend(&self, basis: &mut Vec<Vec<f64>>, term: &[usize]) {
        let mut columns: Vec<Vec<usize>> = vec![Vec::new()];
        for &f in term {
            columns = columns
                .iter()
                .flat_map(|c| {
                    (0..self.between[f] - 1).map(move |level| {
                        let mut longer = c.clone();
                        longer.push(level);
                        longer
                    })
                })
                .collect();
        }
        for own in columns {
            let code = |cell: &Cell| {
                term.iter().zip(&own).fold(1.0, |product, (&f, &level)| {
                    let at = cell.levels[f] as usize;
                    product
                        * match at {
                            at if at == level => 1.0,
                            at if at + 1 == self.between[f] => -1.0,
                            _ => 0.0,
                        }
                })
            };
            let mut column: Vec<f64> = self
                .cells
                .iter()
                .map(|c| (c.n as f64).sqrt() * code(c))
                .collect();
            for _ in 0..2 {
                for known in basis.iter() {
                    let along = dot(known, &column);
                    column
                        .iter_mut()
                        .zip(known)
                        .for_each(|(c, k)| *c -= along * k);
                }
            }
            let length = dot(&column, &column).sqrt();
            column.iter_mut().for_each(|c| *c /= length);
            basis.push(column);
        }
    }

    /// The sum of squares of one turned measure within a space of the cells. The shift is in the mean of
    /// all alone, which is not tested.
    fn explained(&self, space: &[Vec<f64>], k: usize) -> f64 {
        let weighted: Vec<f64> = self
            .cells
            .iter()
            .map(|c| (c.n as f64).sqrt() * c.turned[k])
            .collect();
        space
            .iter()
            .map(|column| {
                let along = dot(column, &weighted);
                along * along
            })
            .sum()
    }
}

/// All sets of so many factors, by their size, then by the first factors.
pub fn subsets(n_factors: usize) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = (0_u32..1 << n_factors)
        .map(|bits| (0..n_factors).filter(|f| bits >> f & 1 == 1).collect())
        .collect();
    sets.sort_by(|a: &Vec<usize>, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    sets
}

/// The levels of the combination at `place`, the last factor fastest.
fn levels_of(place: usize, sizes: &[usize]) -> Vec<u32> {
    let mut rest = place;
    let mut levels: Vec<u32> = sizes
        .iter()
        .rev()
        .map(|&size| {
            let level = rest % size;
            rest /= size;
            level as u32
        })
        .collect();
    levels.reverse();
    levels
}

fn place_subjects(between: &[Factor], n: usize) -> Vec<u32> {
    let mut place = vec![0_u32; n];
    for factor in between {
        let size = factor.n_levels as u32;
        place
            .iter_mut()
            .zip(&factor.codes)
            .for_each(|(p, c)| *p = *p * size + c);
    }
    place
}

/// Orthonormal contrasts of the measures, and the set of within factors that each belongs to: the
/// Kronecker products of one constant column and Helmert's contrasts for each factor.
fn contrasts(within: &[usize]) -> (Vec<Vec<f64>>, Vec<Vec<usize>>) {
    let mut columns: Vec<(Vec<f64>, Vec<usize>)> = vec![(vec![1.0], Vec::new())];
    for (factor, &k) in within.iter().enumerate() {
        let own: Vec<(Vec<f64>, bool)> = (0..k).map(|c| (helmert(c, k), c > 0)).collect();
        columns = columns
            .iter()
            .flat_map(|(column, set)| {
                own.iter().map(move |(inner, varies)| {
                    let product = column
                        .iter()
                        .flat_map(|a| inner.iter().map(move |b| a * b))
                        .collect();
                    let mut set = set.clone();
                    if *varies {
                        set.push(factor);
                    }
                    (product, set)
                })
            })
            .collect();
    }
    columns.into_iter().unzip()
}

/// Column `c` of an orthonormal basis of k numbers: constant, then each level against those before it.
fn helmert(c: usize, k: usize) -> Vec<f64> {
    if c == 0 {
        return vec![1.0 / (k as f64).sqrt(); k];
    }
    let length = ((c * (c + 1)) as f64).sqrt();
    (0..k)
        .map(|i| match i {
            i if i < c => 1.0 / length,
            i if i == c => -(c as f64) / length,
            _ => 0.0,
        })
        .collect()
}

/// The measures, less the shift, by the contrasts.
fn turned(
    measures: &[Vec<f64>],
    turn: &[Vec<f64>],
    shift: f64,
    tick: &mut Progress,
) -> Result<Vec<Vec<f64>>, Cancelled> {
    let n = measures[0].len();
    let mut all = Vec::with_capacity(turn.len());
    for (k, weights) in turn.iter().enumerate() {
        tick(0.4 * k as f32 / turn.len() as f32)?;
        let mut z = vec![0.0; n];
        for (y, &w) in measures.iter().zip(weights) {
            if w != 0.0 {
                add_shifted(&mut z, y, w, shift);
            }
        }
        all.push(z);
    }
    Ok(all)
}

#[inline(never)]
fn add_shifted(z: &mut [f64], y: &[f64], weight: f64, shift: f64) {
    z.iter_mut()
        .zip(y)
        .for_each(|(z, y)| *z += weight * (y - shift));
}

/// Takes the means of the cells off a column, and gives them.
#[inline(never)]
fn centred(z: &mut [f64], of_subject: &[u32], sizes: &[usize]) -> Vec<f64> {
    let mut means = vec![0.0; sizes.len()];
    // The second round finds what the rounding of the first means left.
    for _ in 0..2 {
        let mut sums = vec![0.0; sizes.len()];
        for (v, c) in z.iter().zip(of_subject) {
            sums[*c as usize] += v;
        }
        sums.iter_mut()
            .zip(sizes)
            .for_each(|(s, n)| *s /= *n as f64);
        for (v, c) in z.iter_mut().zip(of_subject) {
            *v -= sums[*c as usize];
        }
        means.iter_mut().zip(&sums).for_each(|(m, s)| *m += s);
    }
    means
}

/// Σ a b, in blocks so that rounding does not grow with the length.
#[inline(never)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.chunks(1024)
        .zip(b.chunks(1024))
        .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>())
        .sum()
}
