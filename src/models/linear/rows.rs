//! Passes over the rows of a design, a block of rows at a time.

use super::Problem;
use crate::stats::blocks::{BLOCK, Block, add_products, fetch, subtract_combination};
use crate::stats::linalg::{Cholesky, Panels, Real, Square};
use crate::stats::progress::{Cancelled, Progress};

/// Blocks between two calls of the progress.
const BLOCKS_PER_TICK: usize = 64;

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
    /// Xᵀ e² with e = √w (y − X b), and Xᵀ 1, of the kept columns.
    pub squares: Vec<[T; 2]>,
    /// Σ w (y − X b)².
    pub sum_of_squares: f64,
}

impl<'a> Rows<'a> {
    pub fn new(problem: &Problem<'a>, shifts: &'a [f64]) -> Self {
        Self {
            columns: problem.columns,
            y: problem.y,
            weights: problem.weights(),
            shifts,
        }
    }

    /// Weighted products of all columns, the response last: the upper triangle is filled.
    pub fn gram<T: Real>(&self, tick: &mut Progress) -> Result<Square<T>, Cancelled> {
        let size = self.columns.len() + 1;
        let all: Vec<usize> = (0..size).collect();
        let mut total = Square::zeros(size);
        let mut block = Block::new(size);
        let mut weighted = Block::new(size);
        for start in (0..self.y.len()).step_by(BLOCK) {
            self.tell(start, tick)?;
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
        Ok(total)
    }

    /// Residuals and gradient at coefficients `beta` of the shifted columns that `factor` kept,
    /// and leverages where `with_leverage`.
    pub fn pass<T: Real>(
        &self,
        factor: &Cholesky<T>,
        beta: &[T],
        with_leverage: bool,
        tick: &mut Progress,
    ) -> Result<Pass<T>, Cancelled> {
        let kept = &factor.kept;
        let mut columns = kept.clone();
        columns.push(self.columns.len());
        let n_rows = self.y.len();
        let mut pass = Pass {
            residuals: Vec::with_capacity(n_rows),
            leverage: Vec::with_capacity(if with_leverage { n_rows } else { 0 }),
            gradient: vec![T::from(0.0); kept.len()],
            squares: vec![[T::from(0.0); 2]; kept.len()],
            sum_of_squares: 0.0,
        };
        let panels = with_leverage.then(|| Panels::of(&factor.inverse_lower()));
        let mut block = Block::new(columns.len());
        let mut squares = [T::from(0.0); BLOCK];
        let ones = [T::from(1.0); BLOCK];
        for start in (0..n_rows).step_by(BLOCK) {
            self.tell(start, tick)?;
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
            let plain = residual.iter().zip(&pass.residuals[start..]);
            for (square, (weighted, e)) in squares.iter_mut().zip(plain) {
                *square = *weighted * T::from(*e);
            }
            pass.sum_of_squares += squares[..n].iter().map(|s| s.to_f64()).sum::<f64>();
            let sums = pass.gradient.iter_mut().zip(&mut pass.squares);
            for (column, (gradient, squared)) in x.iter().zip(sums) {
                let targets = [&*residual, &squares[..n], &ones[..n]];
                let [[product, with_square, sum]] = T::dots([&column[..n]], targets);
                *gradient = *gradient + product;
                *squared = [squared[0] + with_square, squared[1] + sum];
            }
            if let Some(panels) = &panels {
                self.leverages(start, n, panels, x, &mut pass.leverage);
            }
        }
        Ok(pass)
    }

    fn tell(&self, start: usize, tick: &mut Progress) -> Result<(), Cancelled> {
        if (start / BLOCK).is_multiple_of(BLOCKS_PER_TICK) {
            tick(start as f32 / self.y.len() as f32)?;
        }
        Ok(())
    }

    /// The leverage is w zᵀz with z = L⁻¹ x.
    fn leverages<T: Real>(
        &self,
        start: usize,
        n: usize,
        panels: &Panels<T>,
        x: &[Vec<T>],
        leverage: &mut Vec<f64>,
    ) {
        let mut sums = [T::from(0.0); BLOCK];
        T::add_squares(panels, x, &mut sums[..n]);
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
        fetch(start, self.columns.iter().copied().chain([self.y]));
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
