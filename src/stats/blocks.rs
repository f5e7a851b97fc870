//! Products of columns a block of rows at a time: what normal equations are made of.

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

/// Adds left_jᵀ right_k to `total` for j ≤ k, in tiles of two by two columns.
pub fn add_products<T: Real>(left: &Block<T>, right: &Block<T>, total: &mut Square<T>) {
    let size = total.size;
    let (l, r) = (
        |j: usize| &left.columns[j][..right.n],
        |k: usize| &right.columns[k][..right.n],
    );
    for j in (0..size).step_by(2) {
        for k in (j..size).step_by(2) {
            if j + 1 < size && k + 1 < size {
                let tile = dots([l(j), l(j + 1)], [r(k), r(k + 1)]);
                for (dj, row) in tile.iter().enumerate() {
                    for (dk, product) in row.iter().enumerate() {
                        if j + dj <= k + dk {
                            let entry = total.at_mut(j + dj, k + dk);
                            *entry = *entry + *product;
                        }
                    }
                }
            } else {
                for j in j..size.min(j + 2) {
                    for k in k.max(j)..size.min(k + 2) {
                        let entry = total.at_mut(j, k);
                        *entry = *entry + dots([l(j)], [r(k)])[0][0];
                    }
                }
            }
        }
    }
}

/// All inner products of J by K columns of one length, in four running sums each.
#[allow(clippy::needless_range_loop)] // Several columns go by one index.
pub fn dots<'a, T: Real, const J: usize, const K: usize>(
    a: [&'a [T]; J],
    b: [&'a [T]; K],
) -> [[T; K]; J] {
    const LANES: usize = 4;
    let n = a[0].len();
    let (fours, whole) = (n / LANES, n - n % LANES);
    let in_fours = |column: &'a [T]| &column.as_chunks::<LANES>().0[..fours];
    let a_fours: [&[[T; LANES]]; J] = std::array::from_fn(|j| in_fours(a[j]));
    let b_fours: [&[[T; LANES]]; K] = std::array::from_fn(|k| in_fours(b[k]));
    let mut sums = [[[T::from(0.0); LANES]; K]; J];
    for i in 0..fours {
        for j in 0..J {
            for k in 0..K {
                for lane in 0..LANES {
                    sums[j][k][lane] = sums[j][k][lane] + a_fours[j][i][lane] * b_fours[k][i][lane];
                }
            }
        }
    }
    let mut totals = [[T::from(0.0); K]; J];
    for j in 0..J {
        for k in 0..K {
            let s = &sums[j][k];
            totals[j][k] = (s[0] + s[1]) + (s[2] + s[3]);
            for i in whole..n {
                totals[j][k] = totals[j][k] + a[j][i] * b[k][i];
            }
        }
    }
    totals
}
