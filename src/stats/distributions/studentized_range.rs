//! The studentized range: the range of `n_means` independent normal values over an independent
//! estimate of their standard deviation. Tukey's and Games and Howell's comparisons use it.
//!
//! The double integral (Copenhaver and Holland 1988) is taken directly, the upper tail from
//! positive terms of its own; relative error stays near 1e-12.

use super::invert::{root, secant};
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
    Range::new(n_means).tails(q, df)
}

/// The q with P(Q > q) = p.
pub fn upper_quantile(p: f64, n_means: f64, df: f64) -> f64 {
    if !in_domain(n_means, df) || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::INFINITY } else { 0.0 };
    }
    let range = Range::new(n_means);
    let z = normal::quantile(p);
    let excess = |ln_q: f64, df: f64| {
        let at = range.tails(libm::exp(ln_q), df);
        let z_at = if at.upper < 0.5 {
            normal::quantile(at.upper)
        } else {
            normal::upper_quantile(at.lower)
        };
        (z_at - z).clamp(-40.0, 40.0)
    };
    // The normal values' own range costs next to nothing. From its quantile to that of many degrees of
    // freedom it is as far as from a normal quantile to Student's (Peiser 1943), and the slope is the same.
    let limit = root(|ln_q| excess(ln_q, f64::INFINITY), 0.0, 2.5);
    if df == f64::INFINITY {
        return libm::exp(limit);
    }
    let q = libm::exp(limit);
    let start = limit + libm::log1p((0.5 * q * q + 1.0) / (4.0 * df));
    let around = [1e-4, -1e-4].map(|step| excess(limit + step, f64::INFINITY));
    let found = secant(
        |ln_q| excess(ln_q, df),
        start,
        (around[0] - around[1]) / 2e-4,
    );
    libm::exp(found.unwrap_or_else(|| root(|ln_q| excess(ln_q, df), 0.0, 2.5)))
}

const TOLERANCE: f64 = 1e-12;
/// Distance of the places of up to ten values; of more, powers of probabilities have narrower features.
const STEP: f64 = 0.2;
/// Where the largest of the values may be: above, half of a range whose tail a double can hold.
const LOWEST: f64 = -9.6;
const HIGHEST: f64 = 28.0;
/// Share of a sum that a term must not fall below to be worth adding.
const NEGLIGIBLE: f64 = 1e-18;

fn in_domain(n_means: f64, df: f64) -> bool {
    n_means >= 2.0 && n_means.is_finite() && df >= 1.0
}

/// The range of `n_means` normal values, by sums over equally spaced places of the largest: they are integrals
/// to double precision, because the functions below are analytic and vanish on both sides.
struct Range {
    n_means: f64,
    step: f64,
    places: Vec<Place>,
}

/// A place z under the normal curve.
struct Place {
    z: f64,
    /// Density times the step and the number of values that may be the largest.
    weight: f64,
    below: f64,
    above: f64,
    /// `weight` times the chance that the other values are below.
    weight_as_largest: f64,
}

impl Range {
    fn new(n_means: f64) -> Self {
        let step = STEP / (0.1 * n_means).max(1.0).sqrt();
        let place = |i: i32| {
            let z = f64::from(i) * step;
            let weight = n_means * step * normal::pdf(z);
            let below = normal::cdf(z);
            Place {
                z,
                weight,
                below,
                above: normal::sf(z),
                weight_as_largest: weight * libm::pow(below, n_means - 1.0),
            }
        };
        let places = (LOWEST / step) as i32..=(HIGHEST / step) as i32;
        Self {
            n_means,
            step,
            places: places.map(place).collect(),
        }
    }

    /// Both tails of the range over χ / √df.
    fn tails(&self, q: f64, df: f64) -> Tails {
        let upper = over_scale(df, q, TOLERANCE, |s| self.sf(q * s));
        if upper < 0.5 {
            return Tails::from_lower(upper).swapped();
        }
        Tails::from_lower(over_scale(df, q, TOLERANCE, |s| self.cdf(q * s)))
    }

    /// P(range ≤ w) = k ∫ φ(z) (Φ(z) − Φ(z − w))^(k − 1) dz, z the largest.
    fn cdf(&self, w: f64) -> f64 {
        self.sum_around(0.5 * w, |place| {
            let within = if place.z > 0.0 {
                normal::sf(place.z - w) - place.above
            } else {
                place.below - normal::cdf(place.z - w)
            };
            place.weight * libm::pow(within.max(0.0), self.n_means - 1.0)
        })
    }

    /// P(range > w), from Φ(z)^(k − 1) − (Φ(z) − Φ(z − w))^(k − 1).
    fn sf(&self, w: f64) -> f64 {
        self.sum_around(0.5 * w, |place| {
            let share = normal::cdf(place.z - w) / place.below;
            let lost = -libm::expm1((self.n_means - 1.0) * libm::log1p(-share.min(1.0)));
            place.weight_as_largest * lost
        })
    }

    /// Σ of a function of the place that rises to one peak and falls, from `centre` on to both sides until
    /// the terms add nothing.
    fn sum_around(&self, centre: f64, f: impl Fn(&Place) -> f64) -> f64 {
        let index = (centre - LOWEST) / self.step;
        let first = (index as usize).min(self.places.len() - 1);
        let (below, above) = self.places.split_at(first);
        let side = |places: &mut dyn Iterator<Item = &Place>| {
            let (mut sum, mut last) = (0.0, 0.0);
            for place in places {
                let term = f(place);
                sum += term;
                if term < last && term <= NEGLIGIBLE * sum {
                    break;
                }
                last = term;
            }
            sum
        };
        side(&mut below.iter().rev()) + side(&mut above.iter())
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
            (0.05, 6.0, 99_994.0),
            (0.01, 50.0, 1000.0),
            (0.99, 10.0, 5000.0),
            (1e-10, 3.0, 100.0),
            (1e-12, 6.0, f64::INFINITY),
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

    /// Half of the range's tail is far out: two values differ by w as one does by w / √2.
    #[test]
    fn far_tails_of_two_normal_values() {
        for w in [1e-3, 0.5, 4.0, 12.0, 20.0, 30.0, 45.0] {
            let (lower, upper) = (libm::erf(0.5 * w), normal::two_sided_p(w / 2.0_f64.sqrt()));
            let got = tails(w, 2.0, f64::INFINITY);
            assert!((got.lower / lower - 1.0).abs() < 1e-13, "{w}");
            assert!((got.upper / upper - 1.0).abs() < 1e-12, "{w}");
        }
    }
}
