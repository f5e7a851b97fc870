//! Where the centres start.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::Rng;

use super::packed::{BLOCK, PackedRows};
use crate::stats::progress::{Cancelled, Progress};

/// Greedy k-means++ (Arthur and Vassilvitskii 2007, with the `2 + ⌊ln k⌋` tries a centre that
/// scikit-learn uses): the first centre is a row drawn evenly; each next one the best of a few
/// rows drawn in proportion to their squared distance from the nearest centre so far.
pub(super) fn plus_plus(
    rows: &PackedRows,
    k: usize,
    rng: &mut Xoshiro256PlusPlus,
    progress: &mut Progress,
) -> Result<Vec<f64>, Cancelled> {
    let n_features = rows.n_features();
    let n_tries = 2 + libm::log(k as f64) as usize;
    let mut centres = vec![0.0; k * n_features];
    let mut nearest = vec![f64::INFINITY; rows.n_rows];
    let mut potential = Vec::new();
    let mut candidate = vec![0.0; n_features];
    for (c, centre) in centres.chunks_exact_mut(n_features).enumerate() {
        if c == 0 {
            rows.row(below(rows.n_rows, rng), centre);
        } else {
            let mut least = f64::INFINITY;
            for _ in 0..n_tries {
                rows.row(draw(&nearest, &potential, rng), &mut candidate);
                let sum = potential_with(rows, &nearest, &candidate);
                if sum < least {
                    least = sum;
                    centre.copy_from_slice(&candidate);
                }
                progress(c as f32 / k as f32)?;
            }
        }
        potential = bring_nearer(rows, &mut nearest, centre);
    }
    Ok(centres)
}

/// The sum of squared distances to the nearest centre if `candidate` were one.
fn potential_with(rows: &PackedRows, nearest: &[f64], candidate: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (block, nearest) in nearest.chunks(BLOCK).enumerate() {
        let distances = block_distances(rows, block, candidate);
        let nearer = nearest.iter().zip(&distances).map(|(&a, &b)| a.min(b));
        sum += nearer.sum::<f64>();
    }
    sum
}

/// Takes `centre` into the distances to the nearest; returns their sum in each block.
fn bring_nearer(rows: &PackedRows, nearest: &mut [f64], centre: &[f64]) -> Vec<f64> {
    let blocks = nearest.chunks_mut(BLOCK).enumerate();
    blocks
        .map(|(block, nearest)| {
            let distances = block_distances(rows, block, centre);
            let mut sum = 0.0;
            for (nearest, distance) in nearest.iter_mut().zip(distances) {
                *nearest = nearest.min(distance);
                sum += *nearest;
            }
            sum
        })
        .collect()
}

fn block_distances(rows: &PackedRows, block: usize, centre: &[f64]) -> [f64; BLOCK] {
    let mut distances = [0.0; BLOCK];
    let from = block * BLOCK;
    let to = (from + BLOCK).min(rows.n_rows);
    for (column, c) in rows.columns.iter().zip(centre) {
        for (distance, value) in distances.iter_mut().zip(&column[from..to]) {
            let gap = value - c;
            *distance += gap * gap;
        }
    }
    distances
}

/// A row drawn in proportion to `weights`, whose sums by block are `block_sums`; evenly where all
/// weights are zero.
fn draw(weights: &[f64], block_sums: &[f64], rng: &mut Xoshiro256PlusPlus) -> usize {
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
        for (row, &weight) in (from..to).zip(&weights[from..to]) {
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
