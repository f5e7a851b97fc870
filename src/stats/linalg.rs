//! Dense factorisations of small matrices, column-major, in `f64` or double-double.

use std::array;
use std::ops::{Add, Div, Mul, Sub};

use super::double_double::DoubleDouble;
use super::lanes::F64x2;

/// The arithmetic that factorisations and blocked products are written in.
pub trait Real:
    Copy
    + From<f64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Send
    + Sync
{
    /// The exact difference of two doubles where the type can hold it.
    fn from_difference(a: f64, b: f64) -> Self;
    fn to_f64(self) -> f64;
    fn sqrt(self) -> Self;

    /// All inner products of J by K columns of one length.
    fn dots<const J: usize, const K: usize>(a: [&[Self]; J], b: [&[Self]; K]) -> [[Self; K]; J] {
        let dot = |a: &[Self], b: &[Self]| {
            let products = a.iter().zip(b).map(|(a, b)| *a * *b);
            products.fold(Self::from(0.0), |sum, p| sum + p)
        };
        a.map(|a| b.map(|b| dot(a, b)))
    }

    /// Adds |L xᵢ|² to sums[i] for each row i of the columns, which are as long as a multiple of four
    /// that is not below the number of sums.
    fn add_squares(lower: &Panels<Self>, columns: &[Vec<Self>], sums: &mut [Self]) {
        for (i, sum) in sums.iter_mut().enumerate() {
            for panel in &lower.0 {
                for m in 0..4 {
                    let terms = panel.iter().zip(columns).map(|(l, x)| l[m] * x[i]);
                    let value = terms.fold(Self::from(0.0), |sum, t| sum + t);
                    *sum = *sum + value * value;
                }
            }
        }
    }
}

impl Real for f64 {
    fn from_difference(a: f64, b: f64) -> Self {
        a - b
    }
    fn to_f64(self) -> f64 {
        self
    }
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn dots<const J: usize, const K: usize>(a: [&[f64]; J], b: [&[f64]; K]) -> [[f64; K]; J] {
        // One product alone would wait for its own sum: it gets a second one.
        match J * K {
            1 => dots_in::<J, K, 2>(a, b),
            _ => dots_in::<J, K, 1>(a, b),
        }
    }

    fn add_squares(lower: &Panels<f64>, columns: &[Vec<f64>], sums: &mut [f64]) {
        let mut rows = vec![[F64x2::splat(0.0); 2]; columns.len()];
        for (i, sums) in sums.chunks_mut(4).enumerate() {
            for (x, column) in rows.iter_mut().zip(columns) {
                let (four, _) = column[4 * i..4 * i + 4].as_chunks::<2>();
                *x = [F64x2::from_ref(&four[0]), F64x2::from_ref(&four[1])];
            }
            let mut squares = [F64x2::splat(0.0); 2];
            for panel in &lower.0 {
                let mut values = [[F64x2::splat(0.0); 2]; 4];
                for (entries, x) in panel.iter().zip(&rows) {
                    for (value, entry) in values.iter_mut().zip(entries) {
                        let entry = F64x2::splat(*entry);
                        *value = [value[0] + entry * x[0], value[1] + entry * x[1]];
                    }
                }
                for [v, w] in values {
                    squares = [squares[0] + v * v, squares[1] + w * w];
                }
            }
            let squares = squares.map(F64x2::to_array);
            for (sum, square) in sums.iter_mut().zip(squares.as_flattened()) {
                *sum += square;
            }
        }
    }
}

/// Inner products in running sums of `P` pairs each.
#[inline(always)]
fn dots_in<const J: usize, const K: usize, const P: usize>(
    a: [&[f64]; J],
    b: [&[f64]; K],
) -> [[f64; K]; J] {
    let n = a[0].len();
    let n_pairs = n / (2 * P) * P;
    let (a_pairs, b_pairs) = (a.map(|c| pairs(c, n_pairs)), b.map(|c| pairs(c, n_pairs)));
    let mut sums = [[[F64x2::splat(0.0); P]; K]; J];
    for i in (0..n_pairs).step_by(P) {
        for p in 0..P {
            let right: [F64x2; K] = array::from_fn(|k| F64x2::from_ref(&b_pairs[k][i + p]));
            for j in 0..J {
                let left = F64x2::from_ref(&a_pairs[j][i + p]);
                for k in 0..K {
                    sums[j][k][p] = sums[j][k][p] + left * right[k];
                }
            }
        }
    }
    array::from_fn(|j| {
        array::from_fn(|k| {
            let totals = sums[j][k].map(F64x2::to_array);
            let total: f64 = totals.iter().map(|[even, odd]| even + odd).sum();
            (2 * n_pairs..n).fold(total, |total, i| total + a[j][i] * b[k][i])
        })
    })
}

/// The first pairs of a column.
#[inline(always)]
fn pairs(column: &[f64], n_pairs: usize) -> &[[f64; 2]] {
    &column.as_chunks::<2>().0[..n_pairs]
}

impl Real for DoubleDouble {
    fn from_difference(a: f64, b: f64) -> Self {
        Self::from_sum(a, -b)
    }
    fn to_f64(self) -> f64 {
        self.value()
    }
    fn sqrt(self) -> Self {
        DoubleDouble::sqrt(self)
    }
}

/// The rows of a lower triangular matrix, four at a time: entry k of a panel holds theirs of column k.
#[derive(Clone, Debug)]
pub struct Panels<T>(Vec<Vec<[T; 4]>>);

impl<T: Real> Panels<T> {
    pub fn of(lower: &Square<T>) -> Self {
        let size = lower.size;
        let entry = |row: usize, k: usize| match row < size {
            true => lower.at(row, k),
            false => T::from(0.0),
        };
        let panel = |first: usize| {
            (0..size.min(first + 4))
                .map(|k| array::from_fn(|m| entry(first + m, k)))
                .collect()
        };
        Self((0..size).step_by(4).map(panel).collect())
    }
}

/// A square matrix, column-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Square<T> {
    pub size: usize,
    pub data: Vec<T>,
}

impl Square<f64> {
    /// A share of each diagonal entry: what pivots must be above to be more than rounding.
    pub fn share_of_diagonal(&self, share: f64) -> Vec<f64> {
        (0..self.size).map(|j| share * self.at(j, j)).collect()
    }

    /// A⁻¹ v of the rows and columns at `places` of a symmetric matrix; `None` where a pivot is no more than
    /// `rounding` of its diagonal entry.
    pub fn solve_at(&self, vector: &[f64], places: &[usize], rounding: f64) -> Option<Vec<f64>> {
        let inner = self.select(places);
        let factor = Cholesky::with_rank(&inner, &inner.share_of_diagonal(rounding));
        let chosen: Vec<f64> = places.iter().map(|&p| vector[p]).collect();
        factor.aliased.is_empty().then(|| factor.solve(&chosen))
    }
}

impl<T: Real> Square<T> {
    pub fn zeros(size: usize) -> Self {
        let data = vec![T::from(0.0); size * size];
        Self { size, data }
    }

    pub fn at(&self, row: usize, column: usize) -> T {
        self.data[column * self.size + row]
    }

    pub fn at_mut(&mut self, row: usize, column: usize) -> &mut T {
        &mut self.data[column * self.size + row]
    }

    pub fn to_f64(&self) -> Square<f64> {
        Square {
            size: self.size,
            data: self.data.iter().map(|x| x.to_f64()).collect(),
        }
    }

    /// Fills the lower triangle of a symmetric matrix from the upper one.
    pub fn mirror(&mut self) {
        for j in 0..self.size {
            for i in 0..j {
                *self.at_mut(j, i) = self.at(i, j);
            }
        }
    }

    /// Rows and columns `indices`, in that order.
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut selected = Self::zeros(indices.len());
        for (j, &column) in indices.iter().enumerate() {
            for (i, &row) in indices.iter().enumerate() {
                *selected.at_mut(i, j) = self.at(row, column);
            }
        }
        selected
    }

    /// The largest column sum of absolute values.
    pub fn norm_1(&self) -> f64 {
        let column_sum =
            |j: usize| -> f64 { (0..self.size).map(|i| self.at(i, j).to_f64().abs()).sum() };
        (0..self.size).map(column_sum).fold(0.0, f64::max)
    }
}

/// Cholesky factor of a positive semidefinite matrix, with the columns that depend on earlier
/// ones left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Cholesky<T> {
    /// Columns of the matrix that are independent, in their order.
    pub kept: Vec<usize>,
    /// Columns that are combinations of earlier ones, in their order.
    pub aliased: Vec<usize>,
    /// Lower triangular L with L Lᵀ the rows and columns `kept`.
    pub lower: Square<T>,
}

impl<T: Real> Cholesky<T> {
    /// Factors a symmetric matrix (its upper triangle is read). Column j is left out when what
    /// earlier columns leave of its diagonal entry is at most `floor[j]`: the limited pivoting of
    /// R's `dqrdc2`, which keeps the given order.
    pub fn with_rank(matrix: &Square<T>, floor: &[f64]) -> Self {
        let mut kept: Vec<usize> = Vec::new();
        let mut aliased = Vec::new();
        let mut rows: Vec<Vec<T>> = Vec::new();
        for (j, &floor) in floor.iter().enumerate() {
            let mut row: Vec<T> = Vec::with_capacity(kept.len() + 1);
            let mut left = matrix.at(j, j);
            for (k, &column) in kept.iter().enumerate() {
                let mut entry = matrix.at(column, j);
                for (a, b) in row.iter().zip(&rows[k]) {
                    entry = entry - *a * *b;
                }
                let entry = entry / rows[k][k];
                left = left - entry * entry;
                row.push(entry);
            }
            if left.to_f64() > floor {
                row.push(left.sqrt());
                rows.push(row);
                kept.push(j);
            } else {
                aliased.push(j);
            }
        }
        let mut lower = Square::zeros(kept.len());
        for (i, row) in rows.iter().enumerate() {
            for (j, &entry) in row.iter().enumerate() {
                *lower.at_mut(i, j) = entry;
            }
        }
        Self {
            kept,
            aliased,
            lower,
        }
    }

    /// L⁻¹, lower triangular.
    pub fn inverse_lower(&self) -> Square<T> {
        let size = self.lower.size;
        let mut inverse = Square::zeros(size);
        for j in 0..size {
            *inverse.at_mut(j, j) = T::from(1.0) / self.lower.at(j, j);
            for i in j + 1..size {
                let mut sum = T::from(0.0);
                for k in j..i {
                    sum = sum + self.lower.at(i, k) * inverse.at(k, j);
                }
                *inverse.at_mut(i, j) = T::from(0.0) - sum / self.lower.at(i, i);
            }
        }
        inverse
    }

    /// (L Lᵀ)⁻¹.
    pub fn inverse(&self) -> Square<T> {
        let lower = self.inverse_lower();
        let size = lower.size;
        let mut inverse = Square::zeros(size);
        for i in 0..size {
            for j in 0..=i {
                let mut sum = T::from(0.0);
                for k in i..size {
                    sum = sum + lower.at(k, i) * lower.at(k, j);
                }
                *inverse.at_mut(i, j) = sum;
                *inverse.at_mut(j, i) = sum;
            }
        }
        inverse
    }

    /// Solves L Lᵀ x = b.
    pub fn solve(&self, b: &[T]) -> Vec<T> {
        let size = self.lower.size;
        let mut x = b.to_vec();
        for i in 0..size {
            for k in 0..i {
                x[i] = x[i] - self.lower.at(i, k) * x[k];
            }
            x[i] = x[i] / self.lower.at(i, i);
        }
        for i in (0..size).rev() {
            for k in i + 1..size {
                x[i] = x[i] - self.lower.at(k, i) * x[k];
            }
            x[i] = x[i] / self.lower.at(i, i);
        }
        x
    }

    /// Natural logarithm of the determinant of L Lᵀ.
    pub fn ln_determinant(&self) -> f64 {
        let size = self.lower.size;
        2.0 * (0..size)
            .map(|i| libm::log(self.lower.at(i, i).to_f64()))
            .sum::<f64>()
    }
}

/// Householder QR of a tall matrix, with R's limited column pivoting: columns whose rest after
/// projection on earlier ones is below `tolerance` of their length go to the end.
#[derive(Clone, Debug)]
pub struct Qr {
    n_rows: usize,
    /// Householder vectors below the diagonal, R on and above it; columns in `order`.
    factor: Vec<Vec<f64>>,
    /// What each reflection multiplies its vector's outer product by.
    scale: Vec<f64>,
    /// The given column at each place: independent ones first, aliased ones last.
    pub order: Vec<usize>,
    pub rank: usize,
}

impl Qr {
    /// `columns` are of one length, at least as many rows as columns.
    pub fn new(columns: &[Vec<f64>], tolerance: f64) -> Self {
        let n_rows = columns.first().map_or(0, Vec::len);
        let mut factor: Vec<Vec<f64>> = columns.to_vec();
        let lengths: Vec<f64> = columns.iter().map(|c| length(c)).collect();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        let mut scale = Vec::new();
        let mut n_candidates = columns.len();
        let mut rank = 0;
        while rank < n_candidates.min(n_rows) {
            let k = rank;
            let rest = length(&factor[k][k..]);
            if rest <= tolerance * lengths[order[k]] {
                factor[k..].rotate_left(1);
                order[k..].rotate_left(1);
                n_candidates -= 1;
                continue;
            }
            let (done, open) = factor.split_at_mut(k + 1);
            let pivot = &mut done[k];
            let diagonal = if pivot[k] > 0.0 { -rest } else { rest };
            let head = pivot[k] - diagonal;
            pivot[k + 1..].iter_mut().for_each(|v| *v /= head);
            pivot[k] = diagonal;
            let reflection = -head / diagonal;
            for column in open.iter_mut() {
                reflect(column, &pivot[k + 1..], k, reflection);
            }
            scale.push(reflection);
            rank += 1;
        }
        Self {
            n_rows,
            factor,
            scale,
            order,
            rank,
        }
    }

    /// Least-squares coefficients of the independent columns, NaN for aliased ones, in the
    /// order of the columns given.
    pub fn solve(&self, y: &[f64]) -> Vec<f64> {
        assert_eq!(y.len(), self.n_rows, "y has one value per row");
        let mut y = y.to_vec();
        for k in 0..self.rank {
            reflect(&mut y, &self.factor[k][k + 1..], k, self.scale[k]);
        }
        let mut coefficients = vec![f64::NAN; self.order.len()];
        for k in (0..self.rank).rev() {
            let known: f64 = (k + 1..self.rank)
                .map(|j| self.factor[j][k] * coefficients[self.order[j]])
                .sum();
            coefficients[self.order[k]] = (y[k] - known) / self.factor[k][k];
        }
        coefficients
    }
}

/// Applies I − scale v vᵀ to rows k.. of a column; v is 1 followed by `tail`.
fn reflect(column: &mut [f64], tail: &[f64], k: usize, scale: f64) {
    let (head, rest) = column[k..]
        .split_first_mut()
        .expect("a row below the diagonal");
    let product = *head + rest.iter().zip(tail).map(|(a, b)| a * b).sum::<f64>();
    let step = scale * product;
    *head -= step;
    rest.iter_mut().zip(tail).for_each(|(a, b)| *a -= step * b);
}

fn length(column: &[f64]) -> f64 {
    let largest = column.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let sum: f64 = column.iter().map(|x| (x / largest) * (x / largest)).sum();
    largest * sum.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: &[f64], expected: &[f64], tolerance: f64) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            let near = (got - expected).abs() <= tolerance * expected.abs().max(1.0);
            assert!(
                near || got.is_nan() && expected.is_nan(),
                "{got} is not {expected}"
            );
        }
    }

    /// R's `cars[1:10, ]` with speed twice and its square:
    /// x <- cars$speed[1:10]; y <- cars$dist[1:10]; coef(lm(y ~ x + I(2*x) + I(x^2)))
    #[test]
    fn qr_names_aliased_columns_as_r_does() {
        let x = [4.0, 4.0, 7.0, 7.0, 8.0, 9.0, 10.0, 10.0, 10.0, 11.0];
        let y = [2.0, 10.0, 4.0, 22.0, 16.0, 10.0, 18.0, 26.0, 34.0, 17.0];
        let column = |f: fn(f64) -> f64| x.iter().map(|x| f(*x)).collect::<Vec<f64>>();
        let columns = [
            column(|_| 1.0),
            column(|x| x),
            column(|x| 2.0 * x),
            column(|x| x * x),
        ];
        let qr = Qr::new(&columns, 1e-7);
        assert_eq!(qr.rank, 3);
        assert_eq!(qr.order, [0, 1, 3, 2]);
        check(
            &qr.solve(&y),
            &[
                -4.149552277266052,
                2.436416929717212,
                f64::NAN,
                0.008020356889775225,
            ],
            1e-11,
        );
    }

    /// A matrix with the inverse and determinant of rationals: [[4,2,2],[2,3,1],[2,1,3]].
    #[test]
    fn cholesky_inverts_and_leaves_out() {
        let matrix = Square {
            size: 3,
            data: vec![4.0, 2.0, 2.0, 2.0, 3.0, 1.0, 2.0, 1.0, 3.0],
        };
        let factor = Cholesky::with_rank(&matrix, &[0.0; 3]);
        let inverse = [0.5, -0.25, -0.25, -0.25, 0.5, 0.0, -0.25, 0.0, 0.5];
        check(&factor.inverse().data, &inverse, 1e-15);
        check(&[factor.ln_determinant()], &[libm::log(16.0)], 1e-15);
        check(&factor.solve(&[8.0, 6.0, 6.0]), &[1.0, 1.0, 1.0], 1e-15);

        // The second column is twice the first.
        let singular = Square {
            size: 3,
            data: vec![1.0, 2.0, 1.0, 2.0, 4.0, 2.0, 1.0, 2.0, 5.0],
        };
        let factor = Cholesky::with_rank(&singular, &[1e-20, 4e-20, 5e-20]);
        assert_eq!((factor.kept, factor.aliased), (vec![0, 2], vec![1]));
    }

    #[test]
    fn no_columns_and_zero_columns() {
        assert_eq!(Qr::new(&[], 1e-7).rank, 0);
        let zero = Qr::new(&[vec![0.0, 0.0], vec![3.0, 4.0]], 1e-7);
        assert_eq!((zero.rank, zero.order.clone()), (1, vec![1, 0]));
        check(&zero.solve(&[6.0, 8.0]), &[f64::NAN, 2.0], 1e-15);
    }

    /// Small whole numbers, whose sums are exact in any order.
    fn whole<T: Real>(n: usize, seed: usize) -> Vec<T> {
        let value = |i: usize| (i * i * 7 + i * 5 + seed * 11) % 13;
        (0..n).map(|i| T::from(value(i) as f64 - 6.0)).collect()
    }

    fn check_dots<T: Real, const J: usize, const K: usize>() {
        for n in [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 255, 256] {
            let a: [Vec<T>; J] = array::from_fn(|j| whole(n, j));
            let b: [Vec<T>; K] = array::from_fn(|k| whole(n, k + 4));
            let got = T::dots(a.each_ref().map(|a| &a[..]), b.each_ref().map(|b| &b[..]));
            for (row, a) in got.iter().zip(&a) {
                for (got, b) in row.iter().zip(&b) {
                    let mut expected = 0.0;
                    for i in 0..n {
                        expected += a[i].to_f64() * b[i].to_f64();
                    }
                    assert_eq!(got.to_f64(), expected, "{J} by {K} columns of {n}");
                }
            }
        }
    }

    #[test]
    fn dots_are_sums_of_products() {
        check_dots::<f64, 1, 1>();
        check_dots::<f64, 1, 2>();
        check_dots::<f64, 1, 3>();
        check_dots::<f64, 2, 2>();
        check_dots::<f64, 3, 1>();
        check_dots::<f64, 3, 3>();
        check_dots::<DoubleDouble, 1, 1>();
        check_dots::<DoubleDouble, 1, 3>();
        check_dots::<DoubleDouble, 3, 1>();
        check_dots::<DoubleDouble, 3, 3>();
    }

    /// Two products at once keep the digits of each.
    #[test]
    fn dots_lose_no_digits() {
        let values: Vec<f64> = (0..257).map(|i| libm::sin(f64::from(i))).collect();
        let mut expected = DoubleDouble::from(0.0);
        for x in &values {
            expected = expected + DoubleDouble::from(*x) * DoubleDouble::from(*x);
        }
        check(
            &f64::dots([&values], [&values])[0],
            &[expected.value()],
            1e-15,
        );
    }

    fn check_squares<T: Real>() {
        for size in 1..10 {
            let mut lower = Square::zeros(size);
            for k in 0..size {
                let column = whole::<T>(size, k);
                (k..size).for_each(|row| *lower.at_mut(row, k) = column[row]);
            }
            for n in 1..14_usize {
                let columns: Vec<Vec<T>> = (0..size)
                    .map(|k| whole(n.next_multiple_of(4), k + 2))
                    .collect();
                let mut sums = whole::<T>(n, 1);
                T::add_squares(&Panels::of(&lower), &columns, &mut sums);
                for (i, got) in sums.iter().enumerate() {
                    let mut expected = whole::<f64>(n, 1)[i];
                    for row in 0..size {
                        let mut product = 0.0;
                        for (k, column) in columns.iter().enumerate() {
                            product += lower.at(row, k).to_f64() * column[i].to_f64();
                        }
                        expected += product * product;
                    }
                    assert_eq!(got.to_f64(), expected, "row {i} of {n}, {size} columns");
                }
            }
        }
    }

    #[test]
    fn squares_of_rows_are_added() {
        check_squares::<f64>();
        check_squares::<DoubleDouble>();
    }
}
