//! Products of columns a block of rows at a time: what normal equations are made of.

use std::hint::black_box;

use super::linalg::{Real, Square};

/// Rows to a block: few enough that the block's columns stay in cache.
pub const BLOCK: usize = 256;

/// Columns of at most [`BLOCK`] rows.
pub struct Block<T> {
    pub columns: Vec<Vec<T>>,
    /// Rows filled.
    pub n: usize,
}

impl<T: Real> Block<T> {
    pub fn new(n_columns: usize) -> Self {
        Self {
            columns: vec![vec![T::from(0.0); BLOCK]; n_columns],
            n: 0,
        }
    }
}

/// Reads the rows that the next blocks from `start` on will take, one column after the other, where a
/// stretch of blocks begins. Columns far apart read a block at a time would each wait for memory anew;
/// read in long stretches they are fetched ahead.
pub fn fetch<'a>(start: usize, columns: impl Iterator<Item = &'a [f64]>) {
    const STRETCH: usize = 16 * BLOCK;
    const CACHE_LINE: usize = 8;
    if !start.is_multiple_of(STRETCH) {
        return;
    }
    for column in columns {
        let rows = &column[start..column.len().min(start + STRETCH)];
        black_box(rows.iter().step_by(CACHE_LINE).sum::<f64>());
    }
}

/// target −= Σ factorⱼ columnⱼ, four columns to a walk.
pub fn subtract_combination<T: Real>(target: &mut [T], columns: &[Vec<T>], factors: &[T]) {
    let n = target.len();
    let (fours, rest) = factors.as_chunks::<4>();
    for (f, c) in fours.iter().zip(columns.chunks(4)) {
        let (c0, c1, c2, c3) = (&c[0][..n], &c[1][..n], &c[2][..n], &c[3][..n]);
        for i in 0..n {
            target[i] = target[i] - ((f[0] * c0[i] + f[1] * c1[i]) + (f[2] * c2[i] + f[3] * c3[i]));
        }
    }
    for (f, c) in rest.iter().zip(&columns[4 * fours.len()..]) {
        for (t, x) in target.iter_mut().zip(&c[..n]) {
            *t = *t - *f * *x;
        }
    }
}

/// Adds left_jᵀ right_k to `total` for j ≤ k, in tiles of three by three columns: as many running
/// sums as stay in registers.
pub fn add_products<T: Real>(left: &Block<T>, right: &Block<T>, total: &mut Square<T>) {
    const TILE: usize = 3;
    let size = total.size;
    for j in (0..size).step_by(TILE) {
        for k in (j..size).step_by(TILE) {
            match (size - j >= TILE, size - k >= TILE) {
                (true, true) => add_tile::<T, TILE, TILE>(left, right, (j, k), total),
                (true, false) => {
                    (k..size).for_each(|k| add_tile::<T, TILE, 1>(left, right, (j, k), total));
                }
                (false, _) => {
                    for j in j..size {
                        (j..size).for_each(|k| add_tile::<T, 1, 1>(left, right, (j, k), total));
                    }
                }
            }
        }
    }
}

/// Adds the products of J columns from `j` on with K columns from `k` on, where j ≤ k.
fn add_tile<T: Real, const J: usize, const K: usize>(
    left: &Block<T>,
    right: &Block<T>,
    (j, k): (usize, usize),
    total: &mut Square<T>,
) {
    let tile = T::dots::<J, K>(
        std::array::from_fn(|d| &left.columns[j + d][..right.n]),
        std::array::from_fn(|d| &right.columns[k + d][..right.n]),
    );
    for (j, row) in (j..).zip(&tile) {
        for (k, product) in (k..).zip(row).filter(|(k, _)| j <= *k) {
            let entry = total.at_mut(j, k);
            *entry = *entry + *product;
        }
    }
}

/// The inner product of two columns of one length.
pub fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    T::dots([a], [b])[0][0]
}
