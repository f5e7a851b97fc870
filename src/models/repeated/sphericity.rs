//! Whether contrasts have equal variances and no covariances, and what to do where they have not.

use crate::stats::distributions::chi_squared;
use crate::stats::linalg::{Cholesky, Square};

/// Mauchly's (1940) test and the factors by which degrees of freedom shrink.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sphericity {
    /// NaN where the subjects are too few.
    pub w: f64,
    pub p: f64,
    /// Greenhouse and Geisser (1959).
    pub greenhouse_geisser: f64,
    /// Huynh and Feldt (1976) for subjects in groups, as Lecoutre (1991) has put it right; may pass 1.
    pub huynh_feldt: f64,
    pub lower_bound: f64,
}

impl Sphericity {
    /// From the sums of products of q orthonormal contrasts' residuals, of `df` degrees of freedom each.
    pub(super) fn of(error: &Square<f64>, df: f64) -> Self {
        let q = error.size as f64;
        let trace: f64 = (0..error.size).map(|i| error.at(i, i)).sum();
        let squares: f64 = error.data.iter().map(|v| (v / trace) * (v / trace)).sum();
        let greenhouse_geisser = 1.0 / (q * squares);
        let huynh_feldt =
            ((df + 1.0) * q * greenhouse_geisser - 2.0) / (q * (df - q * greenhouse_geisser));
        let (w, p) = mauchly(error, trace, df);
        Self {
            w,
            p,
            greenhouse_geisser,
            huynh_feldt: if df > q * greenhouse_geisser {
                huynh_feldt
            } else {
                f64::NAN
            },
            lower_bound: 1.0 / q,
        }
    }

    /// ε of Huynh and Feldt as degrees of freedom take it: at most 1.
    pub fn huynh_feldt_bounded(&self) -> f64 {
        if self.huynh_feldt.is_nan() {
            f64::NAN
        } else {
            self.huynh_feldt.clamp(self.lower_bound, 1.0)
        }
    }
}

/// W and its p value by Box's (1949) series of two χ², as R's `mauchly.test`.
fn mauchly(error: &Square<f64>, trace: f64, n: f64) -> (f64, f64) {
    let q = error.size as f64;
    if n < q || !(trace > 0.0) {
        return (f64::NAN, f64::NAN);
    }
    // In units of the mean variance, so that no product of many variances leaves the doubles.
    let scaled = Square {
        size: error.size,
        data: error.data.iter().map(|v| v / (trace / q)).collect(),
    };
    let factor = Cholesky::with_rank(&scaled, &vec![1e-14; error.size]);
    if !factor.aliased.is_empty() {
        return (0.0, 0.0);
    }
    let ln_w = factor.ln_determinant();
    let f = 0.5 * q * (q + 1.0) - 1.0;
    let rho = 1.0 - (2.0 * q * q + q + 2.0) / (6.0 * n * q);
    let second =
        (q + 2.0) * (q - 1.0) * (q - 2.0) * (2.0 * q * q * q + 6.0 * q * q + 3.0 * q + 2.0)
            / (288.0 * (n * q * rho) * (n * q * rho));
    let z = -n * rho * ln_w;
    let (first, more) = (chi_squared::sf(z, f), chi_squared::sf(z, f + 4.0));
    let p = (first + second * (more - first)).clamp(0.0, 1.0);
    (libm::exp(ln_w), p)
}
