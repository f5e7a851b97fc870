//! The noncentral F distribution: a Poisson mixture of scaled beta odds.

use super::incomplete_beta::IncompleteBeta;
use super::noncentral_chi_squared::{self, poisson_mixture};
use super::{Tails, normal, poisson_mass};
use crate::stats::double_double::DoubleDouble;

/// P(X ≤ x).
pub fn cdf(x: f64, df1: f64, df2: f64, ncp: f64) -> f64 {
    tails(x, df1, df2, ncp).lower
}

/// P(X > x).
pub fn sf(x: f64, df1: f64, df2: f64, ncp: f64) -> f64 {
    tails(x, df1, df2, ncp).upper
}

/// Both tails at `x`, with noncentrality `ncp` ≥ 0 of the numerator.
pub fn tails(x: f64, df1: f64, df2: f64, ncp: f64) -> Tails {
    let positive = df1 > 0.0 && df2 > 0.0 && df1.is_finite();
    if x.is_nan() || !positive || !(0.0..f64::INFINITY).contains(&ncp) {
        return Tails::NAN;
    }
    match x {
        x if x <= 0.0 => Tails::from_lower(0.0),
        f64::INFINITY => Tails::from_lower(1.0),
        x if df2 == f64::INFINITY => noncentral_chi_squared::tails(x * df1, df1, ncp),
        x => {
            let odds = DoubleDouble::from_product(x, df1) / DoubleDouble::from(df2);
            let (mean, a, b) = (0.5 * ncp, 0.5 * df1, 0.5 * df2);
            beta_mixture(mean, a, b, odds).unwrap_or_else(|| each_beta(mean, a, b, odds))
        }
    }
}

/// Each beta distribution of the mixture by itself.
fn each_beta(mean: f64, a: f64, b: f64, odds: DoubleDouble) -> Tails {
    poisson_mixture(mean, |j| IncompleteBeta::new(a + j, b).tails(odds))
}

/// Steps of a recurrence before a tail is found by itself again: few enough to keep its digits.
const STEPS: usize = 512;

/// Weights below this share of the largest are where the sums begin.
const FAR: f64 = 1e-30;

/// Σ P(J = j) I(a + j, b) for J of a Poisson distribution, by I(a + j, b) − I(a + j + 1, b) =
/// x^(a+j) (1 − x)^b / ((a + j) B(a + j, b)) (DLMF 8.17.20): lower tails from above and upper tails from
/// below, so that only positive terms are added. `None` where a term underflows.
fn beta_mixture(mean: f64, a: f64, b: f64, odds: DoubleDouble) -> Option<Tails> {
    let x = (odds / (odds + DoubleDouble::ONE)).value();
    let mode = mean.floor();
    let at_mode = poisson_mass(mode, mean);
    let exact = |j: f64| {
        let beta = IncompleteBeta::new(a + j, b);
        let step = beta.scaled_density(odds) / (a + j);
        (step >= f64::MIN_POSITIVE).then(|| (beta.tails(odds), step))
    };

    let (mut j, mut weight) = (mode, at_mode);
    while weight > FAR * at_mode {
        j += 1.0;
        weight *= mean / j;
    }
    if weight < f64::MIN_POSITIVE {
        return None;
    }
    let (tails, mut step) = exact(j)?;
    let (mut tail, mut lower) = (tails.lower, 0.0);
    for n in 1.. {
        lower += weight * tail;
        if j == 0.0 || j < mode && weight * tail < 1e-17 * lower {
            break;
        }
        weight *= j / mean;
        step *= (a + j) / (x * (a + b + j - 1.0));
        j -= 1.0;
        tail += step;
        if n % STEPS == 0 {
            let (tails, anew) = exact(j)?;
            (tail, step) = (tails.lower, anew);
        }
    }

    let (mut j, mut weight) = (mode, at_mode);
    while j > 0.0 && weight > FAR * at_mode {
        weight *= j / mean;
        j -= 1.0;
    }
    let (tails, mut step) = exact(j)?;
    let (mut tail, mut upper) = (tails.upper, 0.0);
    for n in 1.. {
        upper += weight * tail;
        if j > mode && weight * tail < 1e-17 * upper {
            break;
        }
        tail += step;
        step *= x * (a + b + j) / (a + j + 1.0);
        j += 1.0;
        weight *= mean / j;
        if n % STEPS == 0 {
            let (tails, anew) = exact(j)?;
            (tail, step) = (tails.upper, anew);
        }
    }
    Some(Tails {
        lower: lower.min(1.0),
        upper: upper.min(1.0),
    })
}

/// The noncentrality with P(X > x) = `alpha`, or 0 when even that of 0 has a larger tail: the lower
/// limit of a one-sided interval for it.
pub fn ncp_below(x: f64, df1: f64, df2: f64, alpha: f64) -> f64 {
    ncp_with(x, df1, df2, |tails| tails.upper, alpha)
}

/// The noncentrality with P(X ≤ x) = `alpha`, or 0 when that of 0 has a smaller tail.
pub fn ncp_above(x: f64, df1: f64, df2: f64, alpha: f64) -> f64 {
    ncp_with(x, df1, df2, |tails| tails.lower, alpha)
}

fn ncp_with(x: f64, df1: f64, df2: f64, side: fn(Tails) -> f64, alpha: f64) -> f64 {
    if !x.is_finite() || !(alpha > 0.0 && alpha < 1.0) {
        return f64::NAN;
    }
    let z = |ncp: f64| normal::quantile(side(tails(x, df1, df2, ncp))) - normal::quantile(alpha);
    let at_zero = side(tails(x, df1, df2, 0.0));
    let grows = side(Tails {
        lower: 0.0,
        upper: 1.0,
    }) == 1.0;
    if at_zero.is_nan() {
        return f64::NAN;
    }
    if grows && at_zero >= alpha || !grows && at_zero <= alpha {
        return 0.0;
    }
    // In √ncp the normal scale is nearly straight, and the root lies some spreads from √(x df1).
    let is_short = |r: f64| (z(r * r) < 0.0) == grows;
    let spread = 3.0 * (1.0 + 0.5 * x * df1 / df2).sqrt();
    let centre = (x * df1).sqrt();
    let (mut low, mut high) = (centre, centre);
    let mut reach = spread;
    while is_short(high) && high < 1e6 {
        (low, high) = (high, high + reach);
        reach *= 2.0;
    }
    reach = spread;
    while low > 0.0 && !is_short(low) {
        (high, low) = (low, (low - reach).max(0.0));
        reach *= 2.0;
    }
    let root = super::invert::root(|r| z(r * r).clamp(-40.0, 40.0), low, high);
    root * root
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small and large noncentralities, both tails, far ones too.
    #[test]
    fn the_recurrence_gives_what_each_beta_gives() {
        let mut n_by_recurrence = 0;
        for (x, df1, df2) in [
            (4.2, 2.0, 30.0),
            (0.3, 5.0, 12.0),
            (1800.0, 2.0, 99_988.0),
            (12.0, 0.7, 8.5),
        ] {
            for ncp in [1e-9, 0.4, 7.0, 90.0, 3600.0, 25_000.0] {
                let odds = DoubleDouble::from_product(x, df1) / DoubleDouble::from(df2);
                let (mean, a, b) = (0.5 * ncp, 0.5 * df1, 0.5 * df2);
                let wanted = each_beta(mean, a, b, odds);
                let Some(found) = beta_mixture(mean, a, b, odds) else {
                    continue;
                };
                n_by_recurrence += 1;
                for (found, wanted) in [(found.lower, wanted.lower), (found.upper, wanted.upper)] {
                    let off = (found - wanted).abs();
                    assert!(
                        off <= 2e-13 * wanted,
                        "{x} {df1} {df2} {ncp}: {found} {wanted}"
                    );
                }
            }
        }
        assert!(n_by_recurrence >= 13, "{n_by_recurrence}");
    }

    #[test]
    fn limits_give_back_their_tails() {
        for (x, df1, df2) in [(4.2, 2.0, 30.0), (12.0, 5.0, 200.0), (150.0, 1.0, 9.0)] {
            let low = ncp_below(x, df1, df2, 0.05);
            let high = ncp_above(x, df1, df2, 0.05);
            assert!(low < high);
            assert!((sf(x, df1, df2, low) - 0.05).abs() < 1e-12, "{x}");
            assert!((cdf(x, df1, df2, high) - 0.05).abs() < 1e-12, "{x}");
        }
        assert_eq!(ncp_below(0.5, 2.0, 30.0, 0.05), 0.0);
        assert!(cdf(1.0, 2.0, 0.0, 1.0).is_nan());
    }
}
