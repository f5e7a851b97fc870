//! Dunnett's distribution: the largest of several t statistics against one control.
//!
//! The statistics i and j are correlated by λᵢλⱼ with λᵢ² = nᵢ / (nᵢ + n₀), so given the control's
//! deviation they are independent (Dunnett 1955), and the probability is a double integral.

use super::invert::{root, secant};
use super::scale_mixture::over_scale;
use super::{Tails, normal};

const TOLERANCE: f64 = 1e-11;
const STEP: f64 = 0.2;
const REACH: f64 = 9.6;

/// P(max |Tᵢ| ≤ t) below and its complement above, for `loadings` λᵢ between 0 and 1.
pub fn two_sided(t: f64, loadings: &[f64], df: f64) -> Tails {
    of(t, loadings, df, |a, s, lambda, root| {
        normal::sf((s - lambda * a) / root) + normal::sf((s + lambda * a) / root)
    })
}

/// P(max Tᵢ ≤ t) below and its complement above.
pub fn one_sided(t: f64, loadings: &[f64], df: f64) -> Tails {
    of(t, loadings, df, |a, s, lambda, root| {
        normal::sf((s - lambda * a) / root)
    })
}

/// The t with P(max |Tᵢ| > t) = p.
pub fn two_sided_upper_quantile(p: f64, loadings: &[f64], df: f64) -> f64 {
    solve(p, df, |t, df| two_sided(t.max(0.0), loadings, df))
}

/// The t with P(max Tᵢ > t) = p.
pub fn one_sided_upper_quantile(p: f64, loadings: &[f64], df: f64) -> f64 {
    solve(p, df, |t, df| one_sided(t, loadings, df))
}

/// Starts from the quantile of infinite degrees of freedom, which costs little, moved as far as Student's is
/// from the normal one (Peiser 1943).
fn solve(p: f64, df: f64, tails: impl Fn(f64, f64) -> Tails) -> f64 {
    if !(p > 0.0 && p < 1.0) {
        return f64::NAN;
    }
    let z = normal::quantile(p);
    let excess = |t: f64, df: f64| {
        let at = tails(t, df);
        let z_at = if at.upper < 0.5 {
            normal::quantile(at.upper)
        } else {
            normal::upper_quantile(at.lower)
        };
        (z_at - z).clamp(-40.0, 40.0)
    };
    let limit = root(|t| excess(t, f64::INFINITY), 1.5, 3.5);
    if df == f64::INFINITY {
        return limit;
    }
    let start = limit + limit * (limit * limit + 1.0) / (4.0 * df);
    let around = [1e-4, -1e-4].map(|step| excess(limit + step, f64::INFINITY));
    let found = secant(|t| excess(t, df), start, (around[0] - around[1]) / 2e-4);
    found.unwrap_or_else(|| root(|t| excess(t, df), 1.5, 3.5))
}

/// `outside(a, s, λ, √(1 − λ²))` is the chance that one statistic is beyond s, given the control a.
fn of(t: f64, loadings: &[f64], df: f64, outside: impl Fn(f64, f64, f64, f64) -> f64) -> Tails {
    let fits = loadings.iter().all(|l| (0.0..1.0).contains(l)) && !loadings.is_empty();
    if t.is_nan() || !fits || df.is_nan() || df < 1.0 {
        return Tails::NAN;
    }
    if t == f64::INFINITY {
        return Tails::from_lower(1.0);
    }
    let roots: Vec<(f64, f64)> = loadings
        .iter()
        .map(|&l| (l, (1.0 - l * l).sqrt()))
        .collect();
    // The spread of the integrand over a may be as small as that of a mean near the control's.
    let narrow = roots.iter().map(|(_, r)| *r).fold(1.0, f64::min);
    let step = STEP * narrow.clamp(0.1, 1.0);
    let n = (REACH / step) as i32;
    let grid: Vec<(f64, f64)> = (-n..=n)
        .map(|i| {
            let a = f64::from(i) * step;
            (a, step * normal::pdf(a))
        })
        .collect();
    let given = |s: f64, upper: bool| -> f64 {
        grid.iter()
            .map(|&(a, weight)| {
                let ln_inside: f64 = roots
                    .iter()
                    .map(|&(l, r)| libm::log1p(-outside(a, s, l, r).min(1.0)))
                    .sum();
                weight
                    * if upper {
                        -libm::expm1(ln_inside)
                    } else {
                        libm::exp(ln_inside)
                    }
            })
            .sum()
    };
    let upper = over_scale(df, t, TOLERANCE, |s| given(t * s, true));
    if upper < 0.5 {
        return Tails::from_lower(upper).swapped();
    }
    Tails::from_lower(over_scale(df, t, TOLERANCE, |s| given(t * s, false)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::distributions::student_t;

    #[track_caller]
    fn check(got: f64, expected: f64, tolerance: f64) {
        let error = ((got - expected) / expected).abs();
        assert!(
            error < tolerance,
            "{got} is not {expected}, off by {error:.1e}"
        );
    }

    #[test]
    fn one_comparison_is_a_t_test() {
        check(
            two_sided(2.3, &[0.6], 11.0).upper,
            student_t::two_sided_p(2.3, 11.0),
            1e-11,
        );
        check(
            one_sided(2.3, &[0.6], 11.0).upper,
            student_t::sf(2.3, 11.0),
            1e-11,
        );
        check(
            one_sided(-1.0, &[0.6], 11.0).lower,
            student_t::cdf(-1.0, 11.0),
            1e-11,
        );
    }

    #[test]
    fn a_quantile_gives_back_its_tail() {
        let loadings = [0.7, 0.4, 0.55, 0.8];
        for df in [1.0, 3.0, 12.0, 60.0, 1e5, f64::INFINITY] {
            for p in [1e-6, 0.05, 0.5, 0.95] {
                let t = two_sided_upper_quantile(p, &loadings, df);
                check(two_sided(t, &loadings, df).upper, p, 1e-9);
                let t = one_sided_upper_quantile(p, &loadings, df);
                check(one_sided(t, &loadings, df).upper, p, 1e-9);
            }
        }
    }

    /// Dunnett (1964, Biometrics 20, table II): 5% two-sided points for equal groups.
    #[test]
    fn agrees_with_the_published_tables() {
        let half = [0.5_f64.sqrt(); 4];
        check(two_sided_upper_quantile(0.05, &half[..2], 10.0), 2.57, 2e-3);
        check(two_sided_upper_quantile(0.05, &half[..3], 20.0), 2.54, 2e-3);
        check(two_sided_upper_quantile(0.05, &half[..4], 60.0), 2.51, 2e-3);
        check(one_sided_upper_quantile(0.05, &half[..2], 10.0), 2.15, 3e-3);
    }
}
