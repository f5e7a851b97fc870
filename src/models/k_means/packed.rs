//! The rows of a table laid out for distances: centred, scaled, in single precision.

use super::KMeansError;
use crate::stats::compensated::Sum;

/// Rows worked on together: small enough that a feature of all of them stays in the first cache.
pub(super) const BLOCK: usize = 1024;

/// Values beyond this would overflow when squared and summed.
const LARGEST: f64 = 1e145;

/// Rows ready to be clustered, any number of times.
///
/// Holds the columns as they were given, for exact work in double precision, and beside them a
/// copy in single precision for screening: row after row, each feature less its mean and times
/// one power of two that brings the largest magnitude to at most 1; after the features half the
/// squared length of the row, then zeros up to a multiple of four.
#[derive(Clone, Debug)]
pub struct PackedRows<'a> {
    pub(super) columns: Vec<&'a [f64]>,
    pub(super) packed: Vec<f32>,
    pub(super) stride: usize,
    pub(super) n_rows: usize,
    pub(super) mean: Vec<f64>,
    /// The power of two of the screening copy.
    pub(super) scale: f64,
    /// The length of the longest packed row, rounded up.
    pub(super) radius: f64,
    sum_of_squares: Vec<f64>,
}

impl<'a> PackedRows<'a> {
    /// Packs `columns`, one slice a feature, all of the same length.
    ///
    /// # Errors
    /// [`KMeansError::NoRows`] without a column or a row, [`KMeansError::RaggedColumns`] when the
    /// lengths differ, [`KMeansError::NotFinite`] when a value is missing, infinite or beyond
    /// 1e145.
    pub fn new(columns: &[&'a [f64]]) -> Result<Self, KMeansError> {
        let n_rows = columns.first().map_or(0, |column| column.len());
        if n_rows == 0 {
            return Err(KMeansError::NoRows);
        }
        if columns.iter().any(|column| column.len() != n_rows) {
            return Err(KMeansError::RaggedColumns);
        }
        let mut mean = Vec::with_capacity(columns.len());
        let mut reach = 0.0_f64;
        for (feature, column) in columns.iter().enumerate() {
            let range = Range::of(column).ok_or(KMeansError::NotFinite { feature })?;
            reach = reach
                .max(range.max - range.mean)
                .max(range.mean - range.min);
            mean.push(range.mean);
        }
        let mut rows = PackedRows {
            columns: columns.to_vec(),
            packed: Vec::new(),
            stride: (columns.len() + 1).next_multiple_of(4),
            n_rows,
            mean,
            scale: power_of_two_below_inverse(reach),
            radius: 0.0,
            sum_of_squares: Vec::new(),
        };
        rows.pack();
        Ok(rows)
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.columns.len()
    }

    /// The mean of each feature.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The sum over all rows and features of the squared distance from the mean.
    pub fn total_ss(&self) -> f64 {
        self.sum_of_squares.iter().sum()
    }

    /// The variance of the features (divisor `n_rows`), averaged over them.
    pub fn mean_variance(&self) -> f64 {
        self.total_ss() / (self.n_rows * self.n_features()) as f64
    }

    /// Writes row `row` as it was given into `values`.
    pub(super) fn row(&self, row: usize, values: &mut [f64]) {
        for (value, column) in values.iter_mut().zip(&self.columns) {
            *value = column[row];
        }
    }

    /// The squared distance of row `row` from `centre`, features in order.
    pub(super) fn squared_distance(&self, row: usize, centre: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (column, c) in self.columns.iter().zip(centre) {
            let gap = column[row] - c;
            sum += gap * gap;
        }
        sum
    }

    fn pack(&mut self) {
        let n_features = self.columns.len();
        let mut packed = vec![0.0_f32; self.n_rows * self.stride];
        let mut squares = vec![Sum::default(); n_features];
        let mut longest = 0.0_f64;
        let mut half_norms = [0.0_f64; BLOCK];
        for (block, rows) in packed.chunks_mut(BLOCK * self.stride).enumerate() {
            let from = block * BLOCK;
            let len = rows.len() / self.stride;
            half_norms.fill(0.0);
            for (j, column) in self.columns.iter().enumerate() {
                let (mean, scale) = (self.mean[j], self.scale);
                let mut square = [0.0_f64; 4];
                for (i, &value) in column[from..from + len].iter().enumerate() {
                    let gap = value - mean;
                    square[i % 4] += gap * gap;
                    let y = (gap * scale) as f32;
                    rows[i * self.stride + j] = y;
                    half_norms[i] += 0.5 * f64::from(y) * f64::from(y);
                }
                squares[j].add((square[0] + square[2]) + (square[1] + square[3]));
            }
            for (i, &half_norm) in half_norms[..len].iter().enumerate() {
                rows[i * self.stride + n_features] = half_norm as f32;
                longest = longest.max(half_norm);
            }
        }
        self.packed = packed;
        self.radius = (2.0 * longest).sqrt() * (1.0 + 1e-6) + f64::from(f32::MIN_POSITIVE);
        self.sum_of_squares = squares.iter().map(|sum| sum.value()).collect();
    }
}

struct Range {
    min: f64,
    max: f64,
    mean: f64,
}

impl Range {
    /// `None` when a value is not finite or too large.
    fn of(column: &[f64]) -> Option<Range> {
        let (mut min, mut max) = ([f64::INFINITY; 4], [f64::NEG_INFINITY; 4]);
        let mut total = Sum::default();
        for block in column.chunks(BLOCK) {
            let mut sums = [0.0; 4];
            for four in block.chunks(4) {
                for (lane, &value) in four.iter().enumerate() {
                    sums[lane] += value;
                    min[lane] = if value < min[lane] { value } else { min[lane] };
                    max[lane] = if value > max[lane] { value } else { max[lane] };
                }
            }
            total.add((sums[0] + sums[2]) + (sums[1] + sums[3]));
        }
        let min = min.into_iter().fold(f64::INFINITY, f64::min);
        let max = max.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let mean = (total.value() / column.len() as f64).clamp(min, max.max(min));
        (mean.is_finite() && min >= -LARGEST && max <= LARGEST).then_some(Range { min, max, mean })
    }
}

/// The largest power of two whose product with `reach` is at most 1.
fn power_of_two_below_inverse(reach: f64) -> f64 {
    if reach == 0.0 {
        return 1.0;
    }
    libm::scalbn(1.0, (-(libm::ilogb(reach) + 1)).clamp(-1000, 1000))
}
