//! One number as several columns: polynomials and splines, so that a line may bend.
//!
//! The bases are those of R: `poly`, `splines::bs` and `splines::ns`, column by column.

use std::fmt;

/// How many pieces of third degree meet at a point: four B-splines are not zero there.
const ORDER: usize = 4;

/// A basis of functions of one number; the constant is not in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// x, x², x³ … up to this degree.
    Powers(usize),
    /// Polynomials that are orthogonal over the values they were made from, each of length one.
    Orthogonal(Orthogonal),
    /// Cubic B-splines without the first.
    BSpline(Knots),
    /// Cubic splines that are straight lines beyond the outer knots.
    Natural(Natural),
}

/// Orthogonal polynomials by their recurrence: p₀ = 1, pₖ₊₁ = (x − αₖ) pₖ − βₖ pₖ₋₁.
#[derive(Clone, Debug, PartialEq)]
pub struct Orthogonal {
    centre: f64,
    /// Of x less the centre.
    alpha: Vec<f64>,
    beta: Vec<f64>,
    /// Of each polynomial from degree 1: its values are divided by this.
    length: Vec<f64>,
}

/// The knots of cubic B-splines, the outer ones four times each.
#[derive(Clone, Debug, PartialEq)]
pub struct Knots(Vec<f64>);

/// A natural spline: B-splines and what turns them into functions without curvature at the ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Natural {
    knots: Knots,
    /// For each B-spline but the first its part in each column of the basis.
    parts: Vec<Vec<f64>>,
}

/// Why values have no such basis.
#[derive(Clone, Debug, PartialEq)]
pub enum BasisError {
    /// A polynomial of this degree needs more different values than there are.
    FewValues { degree: usize },
    /// Inner knots must rise, and lie between the outer ones.
    Knots,
}

impl fmt::Display for BasisError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewValues { degree } => {
                write!(
                    out,
                    "degree {degree} needs more than {degree} different values"
                )
            }
            Self::Knots => write!(
                out,
                "knots must rise and lie between the smallest and the largest value"
            ),
        }
    }
}

impl std::error::Error for BasisError {}

impl Basis {
    /// Powers of `x` up to `degree`.
    ///
    /// # Errors
    /// When `x` has too few different values for the degree.
    pub fn powers(x: &[f64], degree: usize) -> Result<Self, BasisError> {
        enough_values(x, degree)?;
        Ok(Self::Powers(degree))
    }

    /// Orthogonal polynomials over the values of `x`, as R's `poly(x, degree)`.
    ///
    /// # Errors
    /// When `x` has too few different values for the degree.
    pub fn orthogonal(x: &[f64], degree: usize) -> Result<Self, BasisError> {
        enough_values(x, degree)?;
        let centre = crate::stats::descriptive::mean(x);
        let shifted: Vec<f64> = x.iter().map(|v| v - centre).collect();
        let mut last = vec![0.0; x.len()];
        let mut now = vec![1.0; x.len()];
        let mut squares = x.len() as f64;
        let mut made = Orthogonal {
            centre,
            alpha: Vec::new(),
            beta: Vec::new(),
            length: Vec::new(),
        };
        let mut beta = 0.0;
        for _ in 0..degree {
            let alpha = shifted
                .iter()
                .zip(&now)
                .map(|(x, p)| x * p * p)
                .sum::<f64>()
                / squares;
            let next: Vec<f64> = shifted
                .iter()
                .zip(now.iter().zip(&last))
                .map(|(x, (p, q))| (x - alpha) * p - beta * q)
                .collect();
            let next_squares = next.iter().map(|p| p * p).sum::<f64>();
            made.alpha.push(alpha);
            made.beta.push(beta);
            made.length.push(next_squares.sqrt());
            beta = next_squares / squares;
            squares = next_squares;
            last = std::mem::replace(&mut now, next);
        }
        Ok(Self::Orthogonal(made))
    }

    /// Cubic B-splines with these inner knots and outer knots `ends`, as
    /// `splines::bs(x, knots = inner, Boundary.knots = ends)`: 3 more columns than inner knots.
    ///
    /// # Errors
    /// When the knots do not rise or are not between the ends.
    pub fn b_spline(inner: &[f64], ends: (f64, f64)) -> Result<Self, BasisError> {
        Knots::new(inner, ends).map(Self::BSpline)
    }

    /// The natural cubic spline with these knots, as
    /// `splines::ns(x, knots = inner, Boundary.knots = ends)`: 1 more column than inner knots.
    ///
    /// # Errors
    /// When the knots do not rise or are not between the ends.
    pub fn natural(inner: &[f64], ends: (f64, f64)) -> Result<Self, BasisError> {
        let knots = Knots::new(inner, ends)?;
        let n = knots.n_splines() - 1;
        let curvature = |x: f64| -> Vec<f64> {
            let mut row = vec![0.0; n + 1];
            knots.put(x, 2, &mut row);
            row.split_off(1)
        };
        let reflections = reflections([curvature(ends.0), curvature(ends.1)]);
        // Qᵀ of the curvatures' QR, less the two rows that have curvature at the ends.
        let parts = (0..n)
            .map(|i| {
                let mut unit = vec![0.0; n];
                unit[i] = 1.0;
                reflections.iter().for_each(|v| reflect(&mut unit, v));
                unit.split_off(2)
            })
            .collect();
        Ok(Self::Natural(Natural { knots, parts }))
    }

    pub fn n_columns(&self) -> usize {
        match self {
            Self::Powers(degree) => *degree,
            Self::Orthogonal(o) => o.alpha.len(),
            Self::BSpline(knots) => knots.n_splines() - 1,
            Self::Natural(n) => n.knots.n_splines() - 3,
        }
    }

    /// The knots inside the outer ones; none of a polynomial.
    pub fn inner_knots(&self) -> &[f64] {
        match self {
            Self::BSpline(knots) => knots.inner(),
            Self::Natural(n) => n.knots.inner(),
            _ => &[],
        }
    }

    /// The functions at `x`. Beyond the outer knots a natural spline goes on straight, a B-spline
    /// as the polynomial of its last piece.
    pub fn at(&self, x: f64) -> Vec<f64> {
        let mut row = vec![0.0; self.n_columns()];
        self.fill(x, &mut vec![0.0; self.n_columns() + 3], &mut row);
        row
    }

    /// Their derivatives at `x`.
    pub fn slopes_at(&self, x: f64) -> Vec<f64> {
        match self {
            Self::Powers(degree) => {
                let mut power = 1.0;
                (1..=*degree)
                    .map(|k| {
                        let slope = k as f64 * power;
                        power *= x;
                        slope
                    })
                    .collect()
            }
            Self::Orthogonal(o) => o.slopes(x),
            Self::BSpline(knots) => {
                let mut row = vec![0.0; knots.n_splines()];
                knots.put(x, 1, &mut row);
                row.split_off(1)
            }
            Self::Natural(n) => {
                let (low, high) = n.knots.ends();
                let mut row = vec![0.0; n.knots.n_splines()];
                n.knots.put(x.clamp(low, high), 1, &mut row);
                let mut slopes = vec![0.0; self.n_columns()];
                n.combine(&row, &mut slopes);
                slopes
            }
        }
    }

    /// The functions at all values, a column for each.
    pub fn columns(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let n = self.n_columns();
        let mut columns: Vec<Vec<f64>> = (0..n).map(|_| Vec::with_capacity(x.len())).collect();
        let mut splines = vec![0.0; n + 3];
        let mut row = vec![0.0; n];
        for &x in x {
            self.fill(x, &mut splines, &mut row);
            columns.iter_mut().zip(&row).for_each(|(c, v)| c.push(*v));
        }
        columns
    }

    /// `splines` is room for the B-splines of a natural spline.
    fn fill(&self, x: f64, splines: &mut [f64], row: &mut [f64]) {
        match self {
            Self::Powers(_) => {
                let mut power = 1.0;
                for v in row {
                    power *= x;
                    *v = power;
                }
            }
            Self::Orthogonal(o) => o.fill(x, row),
            Self::BSpline(knots) => {
                let splines = &mut splines[..knots.n_splines()];
                splines.fill(0.0);
                knots.put(x, 0, splines);
                row.copy_from_slice(&splines[1..]);
            }
            Self::Natural(n) => {
                let splines = &mut splines[..n.knots.n_splines()];
                splines.fill(0.0);
                let (low, high) = n.knots.ends();
                let end = x.clamp(low, high);
                n.knots.put(end, 0, splines);
                n.combine(splines, row);
                if x != end {
                    let slopes = self.slopes_at(end);
                    row.iter_mut()
                        .zip(slopes)
                        .for_each(|(v, s)| *v += s * (x - end));
                }
            }
        }
    }
}

impl Orthogonal {
    fn fill(&self, x: f64, row: &mut [f64]) {
        let x = x - self.centre;
        let (mut last, mut now) = (0.0, 1.0);
        for (k, v) in row.iter_mut().enumerate() {
            let next = (x - self.alpha[k]) * now - self.beta[k] * last;
            *v = next / self.length[k];
            (last, now) = (now, next);
        }
    }

    fn slopes(&self, x: f64) -> Vec<f64> {
        let x = x - self.centre;
        let (mut last, mut now) = (0.0, 1.0);
        let (mut last_slope, mut slope) = (0.0, 0.0);
        (0..self.alpha.len())
            .map(|k| {
                let (a, b) = (x - self.alpha[k], self.beta[k]);
                let next_slope = now + a * slope - b * last_slope;
                (last, now) = (now, a * now - b * last);
                (last_slope, slope) = (slope, next_slope);
                slope / self.length[k]
            })
            .collect()
    }
}

impl Knots {
    fn new(inner: &[f64], (low, high): (f64, f64)) -> Result<Self, BasisError> {
        let mut all = vec![low; ORDER];
        all.extend(inner);
        all.extend([high; ORDER]);
        let rises = all[ORDER - 1..all.len() + 1 - ORDER]
            .windows(2)
            .all(|w| w[0] < w[1]);
        if !rises || !all.iter().all(|k| k.is_finite()) {
            return Err(BasisError::Knots);
        }
        Ok(Self(all))
    }

    fn n_splines(&self) -> usize {
        self.0.len() - ORDER
    }

    fn ends(&self) -> (f64, f64) {
        (self.0[0], self.0[self.0.len() - 1])
    }

    fn inner(&self) -> &[f64] {
        &self.0[ORDER..self.0.len() - ORDER]
    }

    /// Writes the derivatives of this degree of all B-splines at `x` into `row`, which is zero.
    fn put(&self, x: f64, derivative: usize, row: &mut [f64]) {
        let last = self.n_splines() - 1;
        let interval = self
            .0
            .partition_point(|k| *k <= x)
            .saturating_sub(1)
            .clamp(ORDER - 1, last);
        let values = self.derivatives(x, interval, ORDER, derivative);
        row[interval + 1 - ORDER..=interval].copy_from_slice(&values[..ORDER]);
    }

    /// Of the B-splines of this order that are not zero in the interval (de Boor 1978, ch. X).
    fn derivatives(&self, x: f64, interval: usize, order: usize, derivative: usize) -> [f64; 4] {
        let t = &self.0;
        let mut out = [0.0; 4];
        if derivative == 0 {
            out[0] = 1.0;
            for k in 1..order {
                let mut carried = 0.0;
                for (r, value) in out[..k].iter_mut().enumerate() {
                    let (right, left) = (t[interval + r + 1], t[interval + 1 + r - k]);
                    let share = *value / (right - left);
                    *value = carried + (right - x) * share;
                    carried = (x - left) * share;
                }
                out[k] = carried;
            }
            return out;
        }
        let lower = self.derivatives(x, interval, order - 1, derivative - 1);
        for (k, value) in out[..order].iter_mut().enumerate() {
            let i = interval + 1 + k - order;
            let reach = (order - 1) as f64;
            if k > 0 {
                *value += reach * lower[k - 1] / (t[i + order - 1] - t[i]);
            }
            if k + 1 < order {
                *value -= reach * lower[k] / (t[i + order] - t[i + 1]);
            }
        }
        out
    }
}

impl Natural {
    fn combine(&self, splines: &[f64], row: &mut [f64]) {
        row.fill(0.0);
        for (value, parts) in splines[1..].iter().zip(&self.parts) {
            if *value != 0.0 {
                row.iter_mut().zip(parts).for_each(|(r, p)| *r += value * p);
            }
        }
    }
}

fn enough_values(x: &[f64], degree: usize) -> Result<(), BasisError> {
    let mut seen: Vec<f64> = Vec::with_capacity(degree + 1);
    for v in x {
        if !seen.contains(v) {
            seen.push(*v);
            if seen.len() > degree {
                return Ok(());
            }
        }
    }
    Err(BasisError::FewValues { degree })
}

/// Householder's vectors of a QR of two columns. A pivot of zero counts as positive, as in LINPACK
/// and LAPACK: the columns' signs depend on it.
fn reflections(mut columns: [Vec<f64>; 2]) -> Vec<Vec<f64>> {
    let mut made: Vec<Vec<f64>> = Vec::new();
    for (k, column) in columns.iter_mut().enumerate() {
        made.iter().for_each(|v| reflect(column, v));
        column[..k].fill(0.0);
        let length = column.iter().map(|v| v * v).sum::<f64>().sqrt();
        column[k] += if column[k] < 0.0 { -length } else { length };
        made.push(column.clone());
    }
    made
}

/// x − 2 v (v·x) / (v·v).
fn reflect(x: &mut [f64], v: &[f64]) {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let step = 2.0 * dot(x, v) / dot(v, v);
    x.iter_mut().zip(v).for_each(|(x, v)| *x -= step * v);
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 6] = [1.0, 2.0, 4.0, 5.5, 7.0, 10.0];

    #[track_caller]
    fn check(basis: &Basis, x: f64, expected: &[f64]) {
        let got = basis.at(x);
        assert_eq!(got.len(), expected.len());
        for (g, e) in got.iter().zip(expected) {
            assert!((g - e).abs() < 1e-13, "{got:?} is not {expected:?}");
        }
    }

    /// R 4: x <- c(1, 2, 4, 5.5, 7, 10); splines::ns, splines::bs with knots c(3, 6), poly(x, 3);
    /// rows of x = 4 and predict() at 8 and, of ns and bs, beyond the data at 12.
    #[test]
    fn bases_are_those_of_r() {
        let ends = (1.0, 10.0);
        let natural = Basis::natural(&[3.0, 6.0], ends).unwrap();
        let spline = Basis::b_spline(&[3.0, 6.0], ends).unwrap();
        let orthogonal = Basis::orthogonal(&X, 3).unwrap();
        let one_knot = Basis::natural(&[5.0], ends).unwrap();
        let no_knot = Basis::natural(&[], ends).unwrap();
        let four_knots = Basis::natural(&[2.0, 3.0, 6.0, 8.0], ends).unwrap();
        check(
            &natural,
            4.0,
            &[0.0651891849120023, 0.568348789111041, -0.357347497832567],
        );
        check(
            &spline,
            4.0,
            &[
                0.106666666666667,
                0.617142857142857,
                0.269387755102041,
                0.00680272108843537,
                0.0,
            ],
        );
        check(
            &orthogonal,
            4.0,
            &[-0.12336987390025, -0.358216935490389, 0.507220014978683],
        );
        check(
            &natural,
            8.0,
            &[0.36448988680394, 0.338922652559006, 0.264841428891022],
        );
        check(
            &spline,
            8.0,
            &[
                0.0,
                0.0317460317460317,
                0.284580498866213,
                0.558673469387755,
                0.125,
            ],
        );
        check(
            &orthogonal,
            8.0,
            &[0.414971394028113, -0.132834243555707, -0.7506497767677],
        );
        check(
            &natural,
            12.0,
            &[-0.731182795698925, 0.510752688172043, 1.22043010752688],
        );
        check(
            &orthogonal,
            12.0,
            &[0.953312661956475, 1.63139323711175, 3.85406504708468],
        );
        check(&one_knot, 8.0, &[0.503174571121737, 0.260657616977296]);
        check(&no_knot, 8.0, &[0.623609564462324]);
        check(
            &four_knots,
            8.0,
            &[
                0.0,
                0.142857142857143,
                0.61734693877551,
                0.219387755102041,
                0.0204081632653061,
            ],
        );
    }

    #[test]
    fn slopes_are_differences_of_values() {
        let bases = [
            Basis::powers(&X, 3).unwrap(),
            Basis::orthogonal(&X, 3).unwrap(),
            Basis::b_spline(&[3.0, 6.0], (1.0, 10.0)).unwrap(),
            Basis::natural(&[3.0, 6.0], (1.0, 10.0)).unwrap(),
        ];
        for basis in &bases {
            for x in [1.5, 3.0, 5.0, 9.5, 11.0] {
                let h = 1e-4;
                let (low, high) = (basis.at(x - h), basis.at(x + h));
                for ((s, a), b) in basis.slopes_at(x).iter().zip(&low).zip(&high) {
                    assert!(
                        (s - (b - a) / (2.0 * h)).abs() < 1e-5 * s.abs().max(1.0),
                        "{basis:?} at {x}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_has_no_basis() {
        let few = Err(BasisError::FewValues { degree: 2 });
        assert_eq!(Basis::orthogonal(&[1.0, 1.0, 2.0], 2), few);
        for knots in [&[0.0][..], &[5.0, 5.0], &[6.0, 5.0], &[10.0]] {
            assert_eq!(Basis::natural(knots, (1.0, 10.0)), Err(BasisError::Knots));
        }
    }
}
