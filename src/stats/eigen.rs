//! Eigenvalues and eigenvectors of symmetric matrices.

/// Eigenvalues from the largest to the smallest, with their vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct SymmetricEigen {
    pub values: Vec<f64>,
    /// The unit eigenvector of each value; its sign is arbitrary but the same for the same matrix.
    pub vectors: Vec<Vec<f64>>,
}

/// Sweeps after which even matrices of a thousand rows have long settled.
const MAX_SWEEPS: usize = 60;

/// Decomposes the symmetric `n × n` matrix given row after row; only its lower triangle is read.
///
/// Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5): slower than QL for
/// large matrices but right to the last digits, also for the small eigenvalues of graded ones.
///
/// # Panics
/// When `matrix` does not hold `n × n` finite numbers.
pub fn symmetric_eigen(matrix: &[f64], n: usize) -> SymmetricEigen {
    assert_eq!(matrix.len(), n * n, "a square matrix");
    assert!(matrix.iter().all(|x| x.is_finite()), "finite numbers");
    let mut a = matrix.to_vec();
    for row in 0..n {
        for column in row + 1..n {
            a[row * n + column] = a[column * n + row];
        }
    }
    let mut vectors = vec![0.0; n * n];
    for i in 0..n {
        vectors[i * n + i] = 1.0;
    }
    for _ in 0..MAX_SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                rotated |= rotate(&mut a, &mut vectors, n, p, q);
            }
        }
        if !rotated {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[j * n + j].total_cmp(&a[i * n + i]));
    SymmetricEigen {
        values: order.iter().map(|&i| a[i * n + i]).collect(),
        vectors: order
            .iter()
            .map(|&i| vectors[i * n..][..n].to_vec())
            .collect(),
    }
}

/// Turns the plane of rows `p < q` so that their shared element vanishes; `false` when it already
/// is too small to matter beside the diagonal. The rows of `vectors` are the eigenvectors so far.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) -> bool {
    let (app, aqq, apq) = (a[p * n + p], a[q * n + q], a[p * n + q]);
    let negligible = f64::EPSILON / 4.0 * (app.abs().sqrt() * aqq.abs().sqrt());
    if apq == 0.0 || apq.abs() <= negligible || apq.abs() < f64::MIN_POSITIVE {
        return false;
    }
    let theta = (aqq - app) / (2.0 * apq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (t * t + 1.0).sqrt();
    let sine = t * cosine;
    for i in (0..n).filter(|&i| i != p && i != q) {
        let (aip, aiq) = (a[p * n + i], a[q * n + i]);
        let new_p = cosine * aip - sine * aiq;
        let new_q = sine * aip + cosine * aiq;
        a[p * n + i] = new_p;
        a[i * n + p] = new_p;
        a[q * n + i] = new_q;
        a[i * n + q] = new_q;
    }
    a[p * n + p] = app - t * apq;
    a[q * n + q] = aqq + t * apq;
    a[p * n + q] = 0.0;
    a[q * n + p] = 0.0;
    for i in 0..n {
        let (vp, vq) = (vectors[p * n + i], vectors[q * n + i]);
        vectors[p * n + i] = cosine * vp - sine * vq;
        vectors[q * n + i] = sine * vp + cosine * vq;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the values, that the vectors are of unit length and at right angles, and that the
    /// matrix takes each vector to its multiple.
    fn check(matrix: &[f64], expected: &[f64]) {
        let n = expected.len();
        let found = symmetric_eigen(matrix, n);
        let size = expected.iter().fold(0.0_f64, |size, x| size.max(x.abs()));
        for (got, expected) in found.values.iter().zip(expected) {
            assert!(
                (got - expected).abs() <= 1e-14 * size,
                "{got} is not {expected}"
            );
        }
        for (i, v) in found.vectors.iter().enumerate() {
            for (j, w) in found.vectors.iter().enumerate() {
                let dot: f64 = v.iter().zip(w).map(|(a, b)| a * b).sum();
                assert!((dot - f64::from(i == j)).abs() < 1e-14, "{i} · {j} = {dot}");
            }
            for row in 0..n {
                let image: f64 = (0..n)
                    .map(|j| matrix[row.max(j) * n + row.min(j)] * v[j])
                    .sum();
                assert!((image - found.values[i] * v[row]).abs() <= 1e-14 * size);
            }
        }
    }

    #[test]
    fn values_known_in_closed_form() {
        check(&[], &[]);
        check(&[-3.0], &[-3.0]);
        check(&[0.0; 9], &[0.0; 3]);
        check(&[2.0, 0.0, 0.0, 5.0], &[5.0, 2.0]);
        check(&[2.0, 1.0, 1.0, 2.0], &[3.0, 1.0]);
        check(&[0.0, 1.0, 1.0, 0.0], &[1.0, -1.0]);
        check(&[1.0; 16], &[4.0, 0.0, 0.0, 0.0]);
        let root = 2.0_f64.sqrt();
        let chain = [2.0, -1.0, 0.0, -1.0, 2.0, -1.0, 0.0, -1.0, 2.0];
        check(&chain, &[2.0 + root, 2.0, 2.0 - root]);
        check(&[1e100, 1e100, 1e100, 1e100], &[2e100, 0.0]);
    }

    #[test]
    fn only_the_lower_triangle_counts() {
        check(&[2.0, f64::MAX, 1.0, 2.0], &[3.0, 1.0]);
    }

    /// The matrix of second differences: its values are 2 − 2 cos(iπ / (n + 1)).
    #[test]
    fn a_matrix_of_sixty_rows() {
        let n = 60;
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            matrix[i * n + i] = 2.0;
            if i > 0 {
                matrix[i * n + i - 1] = -1.0;
            }
        }
        let angle = |i: usize| i as f64 * std::f64::consts::PI / (n + 1) as f64;
        let values: Vec<f64> = (1..=n)
            .rev()
            .map(|i| 2.0 - 2.0 * libm::cos(angle(i)))
            .collect();
        let found = symmetric_eigen(&matrix, n).values;
        for (got, expected) in found.iter().zip(values) {
            assert!((got - expected).abs() < 1e-13, "{got} is not {expected}");
        }
    }
}
