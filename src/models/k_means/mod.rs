//! k-means clustering.
//!
//! Lloyd's algorithm (1957): give every row to its nearest centre, move every centre to the mean
//! of its rows, and again. The steps are those of the plain algorithm in double precision; rows
//! whose label cannot change are skipped, and distances are screened in single precision with a
//! bound on the rounding, so that only close calls need double precision.

mod assign;
mod packed;
mod start;
mod sums;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

pub use packed::PackedRows;

use crate::stats::progress::{Cancelled, Progress};
use assign::Assignment;
use packed::BLOCK;
use sums::{ClusterSums, own_distances};

/// How to look for clusters.
#[derive(Clone, Debug, PartialEq)]
pub struct KMeansOptions {
    /// Number of clusters, 1 to the number of rows.
    pub k: usize,
    /// Where the centres start.
    pub start: Start,
    /// How many times to start; the clustering of least inertia is kept. Counts only for
    /// [`Start::PlusPlus`]: from given centres every run would be the same.
    pub n_restarts: usize,
    /// Most steps of one run.
    pub max_iterations: usize,
    /// A run ends when the squared distance that the centres moved, summed over them, is at most
    /// this times the mean variance of the features, as in scikit-learn. At 0 only a step in
    /// which no row changes its label ends a run early.
    pub tolerance: f64,
    /// Seed of the random starts.
    pub seed: u64,
}

impl Default for KMeansOptions {
    fn default() -> Self {
        KMeansOptions {
            k: 3,
            start: Start::PlusPlus,
            n_restarts: 10,
            max_iterations: 300,
            tolerance: 1e-4,
            seed: 1,
        }
    }
}

/// Where the centres start.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Rows drawn by greedy k-means++.
    PlusPlus,
    /// The rows of these numbers, counted from 0; `k` of them.
    Rows(Vec<usize>),
    /// These points, `k` of them, each with a coordinate for every feature.
    Centres(Vec<Vec<f64>>),
}

/// A clustering.
#[derive(Clone, Debug, PartialEq)]
pub struct KMeans {
    /// The cluster of each row, counted from 0.
    pub labels: Vec<u32>,
    /// The centre of each cluster, in the coordinates given.
    pub centres: Vec<Vec<f64>>,
    /// The number of rows of each cluster.
    pub sizes: Vec<usize>,
    /// The sum of squared distances of each cluster's rows from its centre.
    pub within_ss: Vec<f64>,
    /// The sum of `within_ss`.
    pub inertia: f64,
    /// The sum of squared distances of all rows from their mean.
    pub total_ss: f64,
    /// `total_ss` less `inertia`.
    pub between_ss: f64,
    /// Steps that the kept run took, the one that found nothing to change included.
    pub n_iterations: usize,
    /// Whether the kept run ended before or at its last step because labels or centres settled.
    pub converged: bool,
}

impl KMeans {
    /// The same clustering with the clusters numbered from the largest to the smallest, ties by
    /// the coordinates of the centres.
    pub fn by_descending_size(self) -> KMeans {
        let mut order: Vec<usize> = (0..self.sizes.len()).collect();
        order.sort_by(|&a, &b| {
            let coordinates = self.centres[a].iter().zip(&self.centres[b]);
            let by_coordinates = coordinates.map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne());
            let by_size = self.sizes[b].cmp(&self.sizes[a]);
            by_size.then(by_coordinates.unwrap_or(Ordering::Equal))
        });
        let mut new_label = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            new_label[old] = new as u32;
        }
        KMeans {
            labels: self.labels.iter().map(|&c| new_label[c as usize]).collect(),
            centres: order.iter().map(|&c| self.centres[c].clone()).collect(),
            sizes: order.iter().map(|&c| self.sizes[c]).collect(),
            within_ss: order.iter().map(|&c| self.within_ss[c]).collect(),
            ..self
        }
    }
}

/// Why there is no clustering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KMeansError {
    /// There is no row or no feature.
    NoRows,
    /// The columns are not equally long.
    RaggedColumns,
    /// This feature holds a value that is missing, infinite or beyond 1e145.
    NotFinite { feature: usize },
    /// `k` is 0 or more than the number of rows.
    BadK { k: usize, n_rows: usize },
    /// The start does not give `k` rows that exist, or `k` finite points of the right length.
    BadStart,
    /// `n_restarts` or `max_iterations` is 0, or `tolerance` is negative or not a number.
    BadLimits,
    /// The caller asked to stop.
    Cancelled,
}

impl fmt::Display for KMeansError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KMeansError::NoRows => f.write_str("there are no rows to cluster"),
            KMeansError::RaggedColumns => f.write_str("the columns are not equally long"),
            KMeansError::NotFinite { feature } => {
                write!(
                    f,
                    "feature {feature} holds a value that is not a usable number"
                )
            }
            KMeansError::BadK { k, n_rows } => {
                write!(
                    f,
                    "the number of clusters must be 1 to {n_rows} (it is {k})"
                )
            }
            KMeansError::BadStart => f.write_str("the start does not fit the clusters and rows"),
            KMeansError::BadLimits => f.write_str(
                "restarts and iterations must be at least 1, and the tolerance 0 or more",
            ),
            KMeansError::Cancelled => Cancelled.fmt(f),
        }
    }
}

impl std::error::Error for KMeansError {}

impl From<Cancelled> for KMeansError {
    fn from(_: Cancelled) -> Self {
        KMeansError::Cancelled
    }
}

/// Clusters `rows`.
///
/// Each centre keeps to the mean of its rows; a cluster that loses all its rows starts again from
/// the row farthest from its own centre, as in scikit-learn. A row equally far from two centres
/// belongs to the first. When the limit of steps ends a run, the labels are those of the last
/// centres.
///
/// # Errors
/// See [`KMeansError`].
pub fn fit(
    rows: &PackedRows,
    options: &KMeansOptions,
    progress: &mut Progress,
) -> Result<KMeans, KMeansError> {
    check(rows, options)?;
    let n_runs = match options.start {
        Start::PlusPlus => options.n_restarts,
        Start::Rows(_) | Start::Centres(_) => 1,
    };
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let mut best: Option<KMeans> = None;
    for run in 0..n_runs {
        let mut progress = |done: f32| progress((run as f32 + done) / n_runs as f32);
        let centres = start_centres(rows, options, &mut rng, &mut progress)?;
        let found = lloyd(rows, options, centres, &mut progress)?;
        if best
            .as_ref()
            .is_none_or(|best| found.inertia < best.inertia)
        {
            best = Some(found);
        }
    }
    Ok(best.expect("at least one run"))
}

/// Clusters `rows` once for each number of clusters in `ks`, otherwise by the same `options`.
///
/// # Errors
/// See [`KMeansError`]; the first failure ends all.
pub fn fit_range(
    rows: &PackedRows,
    ks: &[usize],
    options: &KMeansOptions,
    progress: &mut Progress,
) -> Result<Vec<KMeans>, KMeansError> {
    let work: usize = ks.iter().sum();
    let mut done = 0;
    let mut found = Vec::with_capacity(ks.len());
    for &k in ks {
        let options = KMeansOptions {
            k,
            ..options.clone()
        };
        let mut progress = |share: f32| progress((done as f32 + share * k as f32) / work as f32);
        found.push(fit(rows, &options, &mut progress)?);
        done += k;
    }
    Ok(found)
}

fn check(rows: &PackedRows, options: &KMeansOptions) -> Result<(), KMeansError> {
    let (k, n_rows) = (options.k, rows.n_rows());
    if k == 0 || k > n_rows {
        return Err(KMeansError::BadK { k, n_rows });
    }
    let start_fits = match &options.start {
        Start::PlusPlus => true,
        Start::Rows(numbers) => numbers.len() == k && numbers.iter().all(|&row| row < n_rows),
        Start::Centres(points) => {
            points.len() == k
                && points.iter().all(|point| {
                    point.len() == rows.n_features() && point.iter().all(|x| x.is_finite())
                })
        }
    };
    if !start_fits {
        return Err(KMeansError::BadStart);
    }
    let limits_fit =
        options.n_restarts > 0 && options.max_iterations > 0 && options.tolerance >= 0.0;
    limits_fit.then_some(()).ok_or(KMeansError::BadLimits)
}

/// `k` rows of `n_features`.
fn start_centres(
    rows: &PackedRows,
    options: &KMeansOptions,
    rng: &mut Xoshiro256PlusPlus,
    progress: &mut Progress,
) -> Result<Vec<f64>, Cancelled> {
    match &options.start {
        Start::PlusPlus => start::plus_plus(rows, options.k, rng, &mut |done| {
            progress(done * START_SHARE)
        }),
        Start::Rows(numbers) => {
            let mut centres = vec![0.0; numbers.len() * rows.n_features()];
            let points = centres.chunks_exact_mut(rows.n_features());
            for (point, &row) in points.zip(numbers) {
                rows.row(row, point);
            }
            Ok(centres)
        }
        Start::Centres(points) => Ok(points.concat()),
    }
}

/// The share of a run's progress that a k-means++ start is taken to be.
const START_SHARE: f32 = 0.2;

/// Multiplications between two calls of the progress function at most.
const WORK_PER_TICK: usize = 1 << 23;

/// One run of Lloyd's algorithm from `centres`.
fn lloyd(
    rows: &PackedRows,
    options: &KMeansOptions,
    mut centres: Vec<f64>,
    progress: &mut Progress,
) -> Result<KMeans, Cancelled> {
    let n_features = rows.n_features();
    let enough = options.tolerance * rows.mean_variance();
    let mut assignment = Assignment::new(rows, options.k);
    let mut sums = ClusterSums::new(rows, options.k);
    let (mut n_iterations, mut settled, mut converged) = (0, false, false);
    while n_iterations < options.max_iterations && !converged {
        let share = n_iterations as f32 / options.max_iterations as f32;
        let mut tick = || progress(START_SHARE + (1.0 - START_SHARE) * share);
        let n_moves = assign_all(rows, &mut assignment, &mut sums, &centres, &mut tick)?;
        n_iterations += 1;
        settled = n_moves == 0;
        let moved_centres = sums.centres(rows, &assignment.labels, &centres);
        assignment.centres_moved(&centres, &moved_centres);
        let pairs = centres.iter().zip(&moved_centres);
        let shift: f64 = pairs.map(|(old, new)| (old - new) * (old - new)).sum();
        converged = settled || shift <= enough;
        centres = moved_centres;
    }
    if !settled {
        let mut tick = || progress(1.0);
        assign_all(rows, &mut assignment, &mut sums, &centres, &mut tick)?;
    }
    let mut within_ss = vec![0.0; options.k];
    let distances = own_distances(rows, &assignment.labels, &centres);
    for (&label, distance) in assignment.labels.iter().zip(distances) {
        within_ss[label as usize] += distance;
    }
    let inertia: f64 = within_ss.iter().sum();
    Ok(KMeans {
        labels: assignment.labels,
        centres: centres
            .chunks_exact(n_features)
            .map(<[f64]>::to_vec)
            .collect(),
        sizes: sums.sizes().to_vec(),
        within_ss,
        inertia,
        total_ss: rows.total_ss(),
        between_ss: rows.total_ss() - inertia,
        n_iterations,
        converged,
    })
}

/// Gives every row its nearest centre and keeps `sums` up to date; returns how many rows moved.
fn assign_all(
    rows: &PackedRows,
    assignment: &mut Assignment,
    sums: &mut ClusterSums,
    centres: &[f64],
    tick: &mut dyn FnMut() -> Result<(), Cancelled>,
) -> Result<usize, Cancelled> {
    let screen = assignment.screen(centres);
    let blocks_per_tick = (WORK_PER_TICK / (BLOCK * centres.len())).max(1);
    let mut moves = Vec::with_capacity(BLOCK);
    let mut n_moves = 0;
    for block in 0..rows.n_rows().div_ceil(BLOCK) {
        if block % blocks_per_tick == 0 {
            tick()?;
        }
        moves.clear();
        assignment.assign_block(block, &screen, centres, &mut moves);
        sums.apply(rows, &moves);
        n_moves += moves.len();
    }
    Ok(n_moves)
}
