//! Probability distributions: density, lower and upper tails, and quantiles from either tail.
//!
//! Each module has `cdf` (the lower tail), `sf` (the upper tail, computed as such and never as
//! `1 - cdf`), `quantile` and `upper_quantile`. Relative error stays near 1e-14, far tails and
//! degrees of freedom of a million included: leading factors are formed in double-double
//! arithmetic, what multiplies them is a series or continued fraction of positive terms.
//! Arguments outside a distribution's domain give NaN.

pub mod beta;
pub mod chi_squared;
pub mod discrete;
pub mod dunnett;
pub mod f;
pub mod incomplete_beta;
pub mod incomplete_gamma;
pub mod noncentral_chi_squared;
pub mod noncentral_f;
pub mod noncentral_t;
pub mod normal;
pub mod rank_sum;
pub mod signed_rank;
pub mod student_t;
pub mod studentized_range;

mod digamma;
mod invert;
mod ln_gamma;
mod scale_mixture;

pub use digamma::{digamma, trigamma};
pub(crate) use discrete::poisson_mass;
pub(crate) use invert::root;
pub use ln_gamma::ln_gamma;

/// Both tails of a distribution at one point; each has its own full relative accuracy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    pub lower: f64,
    pub upper: f64,
}

impl Tails {
    pub(crate) const NAN: Self = Self {
        lower: f64::NAN,
        upper: f64::NAN,
    };

    pub(crate) fn from_lower(lower: f64) -> Self {
        let lower = lower.min(1.0);
        Self {
            lower,
            upper: 1.0 - lower,
        }
    }

    pub(crate) fn swapped(self) -> Self {
        Self {
            lower: self.upper,
            upper: self.lower,
        }
    }
}

/// Which tail a probability was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    Lower,
    Upper,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The edges of every domain; values inside are held to mpmath and R in
    /// `tests/reference_stats.rs`.
    #[track_caller]
    fn check(got: f64, expected: f64) {
        let same = got == expected || got.is_nan() && expected.is_nan();
        assert!(same, "{got} is not {expected}");
    }

    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;

    #[test]
    fn tails_at_the_edges() {
        check(normal::cdf(-INF), 0.0);
        check(normal::sf(-INF), 1.0);
        check(normal::sf(INF), 0.0);
        check(normal::cdf(NAN), NAN);
        check(normal::pdf(INF), 0.0);
        check(student_t::cdf(-INF, 3.0), 0.0);
        check(student_t::sf(0.0, 3.0), 0.5);
        check(student_t::sf(1.5, INF), normal::sf(1.5));
        check(student_t::cdf(1.0, 0.0), NAN);
        check(chi_squared::sf(0.0, 2.0), 1.0);
        check(chi_squared::sf(-1.0, 2.0), 1.0);
        check(chi_squared::sf(INF, 2.0), 0.0);
        check(chi_squared::sf(1.0, -2.0), NAN);
        check(f::sf(0.0, 2.0, 3.0), 1.0);
        check(f::sf(INF, 2.0, 3.0), 0.0);
        check(f::sf(2.0, 3.0, INF), chi_squared::sf(6.0, 3.0));
        check(f::sf(NAN, 2.0, 3.0), NAN);
        check(beta::cdf(0.0, 2.0, 3.0), 0.0);
        check(beta::cdf(1.0, 2.0, 3.0), 1.0);
        check(beta::cdf(0.5, 0.0, 3.0), NAN);
    }

    #[test]
    fn quantiles_at_the_edges() {
        check(normal::quantile(0.0), -INF);
        check(normal::quantile(0.5), 0.0);
        check(normal::quantile(1.0), INF);
        check(normal::quantile(1.1), NAN);
        check(student_t::quantile(0.5, 7.0), 0.0);
        check(student_t::quantile(1.0, 7.0), INF);
        check(student_t::quantile(0.0, 7.0), -INF);
        check(chi_squared::quantile(0.0, 7.0), 0.0);
        check(chi_squared::quantile(1.0, 7.0), INF);
        check(f::upper_quantile(0.0, 7.0, 2.0), INF);
        check(beta::quantile(0.0, 7.0, 2.0), 0.0);
        check(beta::quantile(1.0, 7.0, 2.0), 1.0);
        check(beta::quantile(-0.1, 7.0, 2.0), NAN);
    }

    #[test]
    fn densities_at_the_edges() {
        check(chi_squared::pdf(0.0, 1.0), INF);
        check(chi_squared::pdf(0.0, 2.0), 0.5);
        check(chi_squared::pdf(0.0, 3.0), 0.0);
        check(f::pdf(0.0, 2.0, 9.0), 1.0);
        check(beta::pdf(0.0, 1.0, 4.0), 4.0);
        check(beta::pdf(1.0, 1.0, 4.0), 0.0);
        check(beta::pdf(1.0, 4.0, 0.5), INF);
        check(beta::pdf(1.5, 4.0, 0.5), 0.0);
    }
}
