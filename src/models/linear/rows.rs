//! Passes over the rows of a design, a block of rows at a time.

use super::Problem;
use crate::stats::linalg::{Cholesky, Real, Square};

/// Rows to a block: few enough that the block's columns stay in cache.
const BLOCK: usize = 256;

/// The design and the response less their shifts, the response as the last column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    pub columns: &'a [&'a [f64]],
    pub y: &'a [f64],
    pub weights: Option<&'a [f64]>,
    pub shifts: &'a [f64],
}

/// What a pass with known coefficients finds.
pub(super) struct Pass<T> {
    /// y − X b.
    pub residuals: Vec<f64>,
    /// Diagonal of the hat matrix; empty if not asked for.
    pub leverage: Vec<f64>,
    /// Xᵀ W (y − X b) of the kept columns.
    pub gradient: Vec<T>,
}

impl<'a> Rows<'a> {
    pub fn new(problem: &Problem<'a>, shifts: &'a [f64]) -> Self {
        Self {
            columns: problem.columns,
            y: problem.y,
            weights: problem.weights,
            shifts,
        }
    }

    /// Weighted products of all columns, the response last: the upper triangle is filled.
    pub fn gram<T: Real>(&self) -> Square<T> {
        let size = self.columns.len() + 1;
        let all: Vec<usize> = (0..size).collect();
        let mut total = Square::zeros(size);
        let mut block = Block::new(size);
        let mut weighted = Block::new(size);
        for start in (0..self.y.len()).step_by(BLOCK) {
            self.load(start, &all, &mut block);
            let left = if self.weights.is_some() {
                self.load(start, &all, &mut weighted);
                self.weigh(start, &mut weighted);
                &weighted
            } else {
                &block
            };
            add_products(left, &block, &mut total);
        }
        total
    }

    /// Residuals and gradient at coefficients `beta` of the shifted columns that `factor` kept,
    /// and leverages where `with_leverage`.
    pub fn pass<T: Real>(&self, factor: &Cholesky<T>, beta: &[T], with_leverage: bool) -> Pass<T> {
        let kept = &factor.kept;
        let mut columns = kept.clone();
        columns.push(self.columns.len());
        let n_rows = self.y.len();
        let mut pass = Pass {
            residuals: Vec::with_capacity(n_rows),
            leverage: Vec::with_capacity(if with_leverage { n_rows } else { 0 }),
            gradient: vec![T::from(0.0); kept.len()],
        };
        let mut block = Block::new(columns.len());
        for start in (0..n_rows).step_by(BLOCK) {
            self.load(start, &columns, &mut block);
            let n = block.n;
            let (x, y) = block.columns.split_at_mut(kept.len());
            let residual = &mut y[0][..n];
            subtract_combination(residual, x, beta);
            pass.residuals.extend(residual.iter().map(|e| e.to_f64()));
            if let Some(weights) = self.weights {
                for (e, w) in residual.iter_mut().zip(&weights[start..]) {
                    *e = *e * T::from(*w);
                }
            }
            for (gradient, column) in pass.gradient.iter_mut().zip(x.iter()) {
                let products = [[&column[..n]], [&residual[..]]];
                *gradient = *gradient + dots(products[0], products[1])[0][0];
            }
            if with_leverage {
                self.leverages(start, n, factor, x, &mut pass.leverage);
            }
        }
        pass
    }

    /// Solves L z = x for a block of rows in place; the leverage is w zᵀz.
    fn leverages<T: Real>(
        &self,
        start: usize,
        n: usize,
        factor: &Cholesky<T>,
        x: &mut [Vec<T>],
        leverage: &mut Vec<f64>,
    ) {
        let mut sums = [T::from(0.0); BLOCK];
        for j in 0..x.len() {
            let (solved, open) = x.split_at_mut(j);
            let column = &mut open[0][..n];
            let row: Vec<T> = (0..j).map(|k| factor.lower.at(j, k)).collect();
            subtract_combination(column, solved, &row);
            let inverse = T::from(1.0) / factor.lower.at(j, j);
            for (z, sum) in column.iter_mut().zip(&mut sums) {
                *z = *z * inverse;
                *sum = *sum + *z * *z;
            }
        }
        let weight = |i: usize| self.weights.map_or(1.0, |w| w[start + i]);
        leverage.extend(
            sums[..n]
                .iter()
                .enumerate()
                .map(|(i, h)| weight(i) * h.to_f64()),
        );
    }

    fn load<T: Real>(&self, start: usize, columns: &[usize], block: &mut Block<T>) {
        block.n = BLOCK.min(self.y.len() - start);
        for (target, &j) in block.columns.iter_mut().zip(columns) {
            let source = self.columns.get(j).copied().unwrap_or(self.y);
            let shift = self.shifts[j];
            for (t, s) in target.iter_mut().zip(&source[start..start + block.n]) {
                *t = T::from_difference(*s, shift);
            }
        }
    }

    fn weigh<T: Real>(&self, start: usize, block: &mut Block<T>) {
        let Some(weights) = self.weights else { return };
        for column in &mut block.columns {
            for (x, w) in column[..block.n].iter_mut().zip(&weights[start..]) {
                *x = *x * T::from(*w);
            }
        }
    }
}

struct Block<T> {
    columns: Vec<Vec<T>>,
    /// Rows filled.
    n: usize,
}

impl<T: Real> Block<T> {
    fn new(n_columns: usize) -> Self {
        Self {
            columns: vec![vec![T::from(0.0); BLOCK]; n_columns],
            n: 0,
        }
    }
}

/// target −= Σ factorⱼ columnⱼ, four columns to a walk.
fn subtract_combination<T: Real>(target: &mut [T], columns: &[Vec<T>], factors: &[T]) {
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
fn add_products<T: Real>(left: &Block<T>, right: &Block<T>, total: &mut Square<T>) {
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
fn dots<T: Real, const J: usize, const K: usize>(a: [&[T]; J], b: [&[T]; K]) -> [[T; K]; J] {
    const LANES: usize = 4;
    let mut sums = [[[T::from(0.0); LANES]; K]; J];
    let n = a[0].len();
    let whole = n - n % LANES;
    for i in (0..whole).step_by(LANES) {
        let a: [&[T; LANES]; J] = a.map(|c| c[i..i + LANES].try_into().expect("four lanes"));
        let b: [&[T; LANES]; K] = b.map(|c| c[i..i + LANES].try_into().expect("four lanes"));
        for j in 0..J {
            for k in 0..K {
                for (lane, sum) in sums[j][k].iter_mut().enumerate() {
                    *sum = *sum + a[j][lane] * b[k][lane];
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
