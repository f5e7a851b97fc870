//! Where the centres start.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::Rng;

use super::packed::{BLOCK, Eight, PackedRows, ROWS};
use crate::stats::lanes::F32x4;
use crate::stats::progress::{Cancelled, Progress};

/// Greedy k-means++ (Arthur and Vassilvitskii 2007, with the `2 + ⌊ln k⌋` tries a centre that
/// scikit-learn uses): the first centre is a row drawn evenly; each next one the best of a few
/// rows drawn in proportion to their squared distance, in single precision, from the nearest
/// centre so far.
pub(super) fn plus_plus(
    rows: &PackedRows,
    k: usize,
    rng: &mut Xoshiro256PlusPlus,
    progress: &mut Progress,
) -> Result<Vec<f64>, Cancelled> {
    let n_tries = 2 + libm::log(k as f64) as usize;
    let mut centres = vec![0.0; k * rows.n_features()];
    let mut nearest = vec![f32::INFINITY; rows.n_rows];
    let mut block_sums = Vec::new();
    for (c, centre) in centres.chunks_exact_mut(rows.n_features()).enumerate() {
        let mut tries = Vec::with_capacity(n_tries);
        for _ in 0..if c == 0 { 1 } else { n_tries } {
            let row = if c == 0 {
                below(rows.n_rows, rng)
            } else {
                draw(&nearest, &block_sums, rng)
            };
            tries.push(Try::new(rows, row));
        }
        measure(rows, &nearest, &mut tries, &mut |done| {
            progress((c as f32 + done) / k as f32)
        })?;
        let potential = |t: &Try| t.block_sums.iter().sum::<f64>();
        let best = tries
            .into_iter()
            .min_by(|a, b| potential(a).total_cmp(&potential(b)));
        let best = best.expect("at least one try");
        rows.row(best.row, centre);
        nearest = best.nearest;
        block_sums = best.block_sums;
    }
    Ok(centres)
}

/// A row that may become a centre.
struct Try {
    row: usize,
    packed: Vec<f32>,
    /// The squared distance of each row from its nearest centre, were this one too.
    nearest: Vec<f32>,
    /// The sum of `nearest` in each block.
    block_sums: Vec<f64>,
}

impl Try {
    fn new(rows: &PackedRows, row: usize) -> Self {
        Try {
            row,
            packed: rows.packed_row(row).to_vec(),
            nearest: Vec::with_capacity(rows.n_rows),
            block_sums: Vec::with_capacity(rows.n_rows.div_ceil(BLOCK)),
        }
    }

    /// Takes in the next rows of a block, `count` of those in `tile`.
    #[inline(always)]
    fn take(&mut self, tile: &[Eight], nearest: &[f32; ROWS], count: usize) -> f32 {
        let mut distances = [F32x4::splat(0.0); 2];
        for (y, &c) in tile.iter().zip(&self.packed) {
            let c = F32x4::splat(c);
            for (distance, &y) in distances.iter_mut().zip(y) {
                let gap = y - c;
                *distance = *distance + gap * gap;
            }
        }
        let (nearest, _) = nearest.as_chunks();
        let nearer = [0, 1].map(|half| F32x4::from_ref(&nearest[half]).lesser(distances[half]));
        let nearer = nearer.map(F32x4::to_array);
        let taken = &nearer.as_flattened()[..count];
        self.nearest.extend_from_slice(taken);
        taken.iter().sum()
    }
}

/// Works out the distances and sums of `tries`, given those to the nearest centre so far.
fn measure(
    rows: &PackedRows,
    nearest: &[f32],
    tries: &mut [Try],
    progress: &mut Progress,
) -> Result<(), Cancelled> {
    let n_features = rows.n_features();
    let mut tile = vec![[F32x4::splat(0.0); 2]; rows.stride];
    let mut sums = vec![0.0_f64; tries.len()];
    for (block, nearest) in nearest.chunks(BLOCK).enumerate() {
        if block % 16 == 0 {
            progress((block * BLOCK) as f32 / rows.n_rows as f32)?;
        }
        sums.fill(0.0);
        for (group, nearest) in nearest.chunks(ROWS).enumerate() {
            let from = block * BLOCK + group * ROWS;
            let numbers = std::array::from_fn(|i| (from + i).min(rows.n_rows - 1) as u32);
            rows.fill_tile(&numbers, &mut tile);
            let mut padded = [0.0; ROWS];
            padded[..nearest.len()].copy_from_slice(nearest);
            for (sum, t) in sums.iter_mut().zip(tries.iter_mut()) {
                *sum += f64::from(t.take(&tile[..n_features], &padded, nearest.len()));
            }
        }
        for (&sum, t) in sums.iter().zip(tries.iter_mut()) {
            t.block_sums.push(sum);
        }
    }
    Ok(())
}

/// A row drawn in proportion to `weights`, whose sums by block are `block_sums`; evenly where all
/// weights are zero.
fn draw(weights: &[f32], block_sums: &[f64], rng: &mut Xoshiro256PlusPlus) -> usize {
    let total: f64 = block_sums.iter().sum();
    if total <= 0.0 {
        return below(weights.len(), rng);
    }
    let mut left = uniform(rng) * total;
    let mut last = 0;
    for (block, &sum) in block_sums.iter().enumerate() {
        if sum == 0.0 {
            continue;
        }
        let from = block * BLOCK;
        let to = (from + BLOCK).min(weights.len());
        if left >= sum {
            left -= sum;
            last = to - 1;
            continue;
        }
        for (row, weight) in (from..to).zip(weights[from..to].iter().map(|&w| f64::from(w))) {
            if weight > 0.0 {
                last = row;
                if left < weight {
                    return row;
                }
                left -= weight;
            }
        }
    }
    last
}

/// A number from 0 up to but not including 1, of 53 bits.
fn uniform(rng: &mut Xoshiro256PlusPlus) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A whole number below `n`.
fn below(n: usize, rng: &mut Xoshiro256PlusPlus) -> usize {
    ((uniform(rng) * n as f64) as usize).min(n - 1)
}
