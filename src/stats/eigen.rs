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
