//! The studentized range: the range of `n_means` independent normal values over an independent
//! estimate of their standard deviation. Tukey's and Games and Howell's comparisons use it.
//!
//! The double integral (Copenhaver and Holland 1988) is taken directly, the upper tail from
//! positive terms of its own; relative error stays near 1e-12.

use super::scale_mixture::over_scale;
use super::{Tails, normal};

/// P(Q ≤ q).
pub fn cdf(q: f64, n_means: f64, df: f64) -> f64 {
    tails(q, n_means, df).lower
}

/// P(Q > q).
pub fn sf(q: f64, n_means: f64, df: f64) -> f64 {
    tails(q, n_means, df).upper
}

/// Both tails at `q` for 2 or more means and 1 or more degrees of freedom.
pub fn tails(q: f64, n_means: f64, df: f64) -> Tails {
    if q.is_nan() || !in_domain(n_means, df) {
        return Tails::NAN;
    }
    if q <= 0.0 {
        return Tails::from_lower(0.0);
    }
    if q == f64::INFINITY {
        return Tails::from_lower(1.0);
    }
    let grid = Grid::new();
    let upper = over_scale(df, TOLERANCE, |s| grid.range_sf(q * s, n_means));
    if upper < 0.5 {
        return Tails::from_lower(upper).swapped();
    }
    Tails::from_lower(over_scale(df, TOLERANCE, |s| {
        grid.range_cdf(q * s, n_means)
    }))
}

/// The q with P(Q > q) = p.
pub fn upper_quantile(p: f64, n_means: f64, df: f64) -> f64 {
    if !in_domain(n_means, df) || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    match p {
        0.0 => f64::INFINITY,
        1.0 => 0.0,
        p => {
            let z = normal::quantile(p);
            let excess = |ln_q: f64| {
                let at = tails(libm::exp(ln_q), n_means, df);
                let z_at = if at.upper < 0.5 {
                    normal::quantile(at.upper)
                } else {
                    normal::upper_quantile(at.lower)
                };
                (z_at - z).clamp(-40.0, 40.0)
            };
            libm::exp(super::invert::root(excess, 0.0, 2.5))
        }
    }
}

const TOLERANCE: f64 = 1e-12;
const STEP: f64 = 0.2;
const REACH: f64 = 9.6;

fn in_domain(n_means: f64, df: f64) -> bool {
    n_means >= 2.0 && n_means.is_finite() && df >= 1.0
}

/// Equally spaced points under the normal curve: sums over them are integrals to double precision,
/// because the functions below are analytic and vanish on both sides.
struct Grid {
    points: Vec<(f64, f64, f64)>,
}

impl Grid {
    fn new() -> Self {
        let n = (REACH / STEP) as i32;
        let point = |i: i32| {
            let z = f64::from(i) * STEP;
            (z, STEP * normal::pdf(z), normal::cdf(z))
        };
        Self {
            points: (-n..=n).map(point).collect(),
        }
    }

    /// P(range ≤ w) = k ∫ φ(z) (Φ(z) − Φ(z − w))^(k − 1) dz, z the largest.
    fn range_cdf(&self, w: f64, k: f64) -> f64 {
        let inside = |&(z, weight, below): &(f64, f64, f64)| {
            let within = if z > 0.0 {
                normal::sf(z - w) - normal::sf(z)
            } else {
                below - normal::cdf(z - w)
            };
            weight * libm::pow(within.max(0.0), k - 1.0)
        };
        k * self.points.iter().map(inside).sum::<f64>()
    }

    /// P(range > w), from Φ(z)^(k − 1) − (Φ(z) − Φ(z − w))^(k − 1).
    fn range_sf(&self, w: f64, k: f64) -> f64 {
        let outside = |&(z, weight, below): &(f64, f64, f64)| {
            let share = normal::cdf(z - w) / below;
            let lost = -libm::expm1((k - 1.0) * libm::log1p(-share.min(1.0)));
            weight * libm::pow(below, k - 1.0) * lost
        };
        k * self.points.iter().map(outside).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_gives_back_its_tail() {
        for (p, k, df) in [
            (0.05, 3.0, 10.0),
            (1e-6, 5.0, 40.0),
            (0.9, 2.0, 3.0),
            (0.5, 30.0, 1.0),
        ] {
            let q = upper_quantile(p, k, df);
            assert!((sf(q, k, df) / p - 1.0).abs() < 1e-10, "{p} {k} {df}");
        }
    }

    /// With two means, Q is √2 |T|.
    #[test]
    fn two_means_are_a_t_test() {
        for (t, df) in [(0.1, 5.0), (2.0, 12.0), (9.0, 30.0), (30.0, 4.0)] {
            let expected = super::super::student_t::two_sided_p(t, df);
            let got = sf(t * std::f64::consts::SQRT_2, 2.0, df);
            assert!(
                (got / expected - 1.0).abs() < 2e-12,
                "{t} {df}: {got:e} is not {expected:e}"
            );
        }
    }

    #[test]
    fn edges() {
        assert_eq!(sf(0.0, 3.0, 5.0), 1.0);
        assert_eq!(cdf(f64::INFINITY, 3.0, 5.0), 1.0);
        assert!(cdf(1.0, 1.0, 5.0).is_nan());
        assert_eq!(upper_quantile(0.0, 3.0, 5.0), f64::INFINITY);
    }
}
