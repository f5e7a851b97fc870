//! The rows of a table laid out for distances: centred, scaled, in single precision.

use super::KMeansError;
use crate::stats::compensated::Sum;
use crate::stats::lanes::{F32x4, F64x2};

/// Rows worked on together: small enough that a feature of all of them stays in the first cache.
pub(super) const BLOCK: usize = 1024;

/// Rows that go through a kernel together, in lanes of four.
pub(super) const ROWS: usize = 8;

/// A number for each of the rows that go through a kernel together.
pub(super) type Eight = [F32x4; 2];

/// Values beyond this would overflow when squared and summed.
const LARGEST: f64 = 1e145;

/// Rows ready to be clustered, any number of times.
///
/// Holds the columns as they were given and beside them, row after row, two copies in single
/// precision of each value less its feature's origin (near the mean) and times one power of two
/// that brings the largest magnitude to at most 1: the value rounded, for screening, and what the
/// rounding lost, so that the two together are right to 49 bits. After the rounded values of a
/// row comes half its squared length, then zeros up to a multiple of four.
#[derive(Clone, Debug)]
pub struct PackedRows<'a> {
    pub(super) columns: Vec<&'a [f64]>,
    pub(super) packed: Vec<f32>,
    lost: Vec<f32>,
    pub(super) stride: usize,
    pub(super) n_rows: usize,
    /// Of few binary digits, so that whole numbers and the like are packed without rounding.
    pub(super) origin: Vec<f64>,
    /// The power of two.
    pub(super) scale: f64,
    /// The length of the longest packed row, rounded up.
    pub(super) radius: f64,
    mean: Vec<f64>,
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
        let mut rows = PackedRows {
            columns: columns.to_vec(),
            packed: Vec::new(),
            lost: Vec::new(),
            stride: (columns.len() + 1).next_multiple_of(4),
            n_rows,
            origin: Vec::with_capacity(columns.len()),
            scale: 1.0,
            radius: 0.0,
            mean: Vec::with_capacity(columns.len()),
            sum_of_squares: Vec::new(),
        };
        let mut reach = 0.0_f64;
        for (feature, column) in columns.iter().enumerate() {
            let range = Range::of(column).ok_or(KMeansError::NotFinite { feature })?;
            let origin = range.origin();
            reach = reach.max(range.max - origin).max(origin - range.min);
            rows.origin.push(origin);
            rows.mean.push(range.mean);
        }
        rows.scale = power_of_two_below_inverse(reach);
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

    /// The values of row `row` less the origin, scaled, in pairs; beside the last of an odd
    /// number stands half the squared length.
    #[inline(always)]
    pub(super) fn offsets(&self, row: usize) -> impl Iterator<Item = F64x2> {
        let width = self.columns.len().next_multiple_of(2);
        let packed = self.packed[row * self.stride..][..width].as_chunks().0;
        let lost = self.lost[row * width..][..width].as_chunks().0;
        let parts = packed.iter().zip(lost);
        parts.map(|(y, lost)| F64x2::from_single(y) + F64x2::from_single(lost))
    }

    /// The packed values of row `row`, without what follows them.
    pub(super) fn packed_row(&self, row: usize) -> &[f32] {
        &self.packed[row * self.stride..][..self.columns.len()]
    }

    /// Turns packed rows into features of eight lanes.
    #[inline(always)]
    pub(super) fn fill_tile(&self, group: &[u32; ROWS], tile: &mut [Eight]) {
        for half in 0..2 {
            let rows: [&[[f32; 4]]; 4] = std::array::from_fn(|lane| {
                let from = group[half * 4 + lane] as usize * self.stride;
                self.packed[from..from + self.stride].as_chunks().0
            });
            for (q, four) in tile.chunks_exact_mut(4).enumerate() {
                let features = F32x4::transpose(rows.map(|row| F32x4::from_ref(&row[q])));
                for (feature, lanes) in four.iter_mut().zip(features) {
                    feature[half] = lanes;
                }
            }
        }
    }

    fn pack(&mut self) {
        let n_features = self.columns.len();
        let mut packed = vec![0.0_f32; self.n_rows * self.stride];
        let width = n_features.next_multiple_of(2);
        let mut lost = vec![0.0_f32; self.n_rows * width];
        let mut squares = vec![Sum::default(); n_features];
        let mut longest = 0.0_f64;
        let blocks = packed.chunks_mut(BLOCK * self.stride);
        for (block, (packed, lost)) in blocks.zip(lost.chunks_mut(BLOCK * width)).enumerate() {
            let from = block * BLOCK;
            let mut half_norms = [0.0_f64; BLOCK];
            for (j, column) in self.columns.iter().enumerate() {
                let (mean, origin, scale) = (self.mean[j], self.origin[j], self.scale);
                let places = packed[j..].iter_mut().step_by(self.stride);
                let places = places.zip(lost[j..].iter_mut().step_by(width));
                let square = pack_values(
                    &column[from..],
                    [mean, origin, scale],
                    &mut half_norms,
                    places,
                );
                squares[j].add(square);
            }
            for (row, half_norm) in packed.chunks_exact_mut(self.stride).zip(half_norms) {
                row[n_features] = half_norm as f32;
                longest = longest.max(half_norm);
            }
        }
        self.packed = packed;
        self.lost = lost;
        self.radius = (2.0 * longest).sqrt() * (1.0 + 1e-6) + f64::from(f32::MIN_POSITIVE);
        self.sum_of_squares = squares.iter().map(Sum::value).collect();
    }
}

/// Packs the values of a block, as many as there are places; their squared distances from the mean
/// come back.
#[inline(never)] // see ARCHITECTURE.md, "Hot loops"
fn pack_values<'p>(
    values: &[f64],
    [mean, origin, scale]: [f64; 3],
    half_norms: &mut [f64; BLOCK],
    places: impl Iterator<Item = (&'p mut f32, &'p mut f32)>,
) -> f64 {
    let mut square = 0.0;
    for ((value, half_norm), (packed, lost)) in values.iter().zip(half_norms).zip(places) {
        square += (value - mean) * (value - mean);
        let y = (value - origin) * scale;
        *packed = y as f32;
        let rounded = f64::from(*packed);
        *lost = (y - rounded) as f32;
        *half_norm += 0.5 * rounded * rounded;
    }
    square
}

struct Range {
    min: f64,
    max: f64,
    mean: f64,
}

impl Range {
    /// A point near the mean, in eighths or finer of the power of two below the range.
    fn origin(&self) -> f64 {
        if self.max == self.min {
            return self.min;
        }
        let step = libm::scalbn(1.0, libm::ilogb(self.max - self.min) - 3);
        let origin = (self.mean / step).round() * step;
        if origin.is_finite() {
            origin
        } else {
            self.mean
        }
    }

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
