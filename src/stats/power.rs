//! Power of tests, and the sample size or the effect that a power takes.

use super::distributions::{
    chi_squared, f, noncentral_chi_squared, noncentral_f, noncentral_t, normal, student_t,
};
use super::experiment::proportion_power;

/// A planned test. `n` of its functions is the size of the first group, of each group of an analysis
/// of variance, else that of the whole sample; it may lie between whole numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plan {
    /// A t test of one sample or of differences of pairs; the effect is Cohen's d.
    OneMean { two_sided: bool },
    /// Student's t test; the second group has `ratio` times as many rows. The effect is Cohen's d.
    TwoMeans { ratio: f64, two_sided: bool },
    /// The z test with pooled variance of the share `first` against a higher or lower one; the effect
    /// is the second share.
    TwoProportions {
        first: f64,
        ratio: f64,
        two_sided: bool,
    },
    /// A one-way analysis of variance of groups of one size; the effect is Cohen's f.
    OneWay { n_groups: f64 },
    /// Pearson's correlation, by Fisher's z; the effect is r.
    Correlation { two_sided: bool },
    /// A χ² test; the effect is Cohen's w.
    ChiSquared { df: f64 },
}

/// Samples larger than this are not sought.
const MAX_SIZE: f64 = 1e9;

impl Plan {
    /// The chance to find `effect` in a sample of `n` at the level `alpha`. Two-sided tests count both
    /// directions. As `power.t.test(strict = TRUE)` and `power.prop.test(strict = TRUE)` of R, and
    /// pwr's functions for the others.
    pub fn power(&self, effect: f64, n: f64, alpha: f64) -> f64 {
        match *self {
            Plan::OneMean { two_sided } => t_power(effect * n.sqrt(), n - 1.0, alpha, two_sided),
            Plan::TwoMeans { ratio, two_sided } => {
                let second = n * ratio;
                let width = (1.0 / n + 1.0 / second).sqrt();
                t_power(effect / width, n + second - 2.0, alpha, two_sided)
            }
            Plan::TwoProportions {
                first,
                ratio,
                two_sided,
            } => {
                let (a, b) = ((first, n), (effect, n * ratio));
                if two_sided {
                    return proportion_power(a, b, alpha);
                }
                let pooled = (first + effect * ratio) / (1.0 + ratio);
                let null_error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / (n * ratio))).sqrt();
                let variance = |(p, n): (f64, f64)| p * (1.0 - p) / n;
                let error = (variance(a) + variance(b)).sqrt();
                let reach = normal::upper_quantile(alpha) * null_error;
                normal::sf((reach - (effect - first).abs()) / error)
            }
            Plan::OneWay { n_groups } => {
                let (df1, df2) = (n_groups - 1.0, (n - 1.0) * n_groups);
                let reach = f::upper_quantile(alpha, df1, df2);
                noncentral_f::sf(reach, df1, df2, n_groups * n * effect * effect)
            }
            Plan::Correlation { two_sided } => correlation_power(effect, n, alpha, two_sided),
            Plan::ChiSquared { df } => {
                let reach = chi_squared::upper_quantile(alpha, df);
                noncentral_chi_squared::sf(reach, df, n * effect * effect)
            }
        }
    }

    /// The least sample, between whole numbers, that finds `effect` with this power: at least
    /// [`Self::least_size`]. `None` when more than 10⁹ would be needed.
    pub fn size(&self, effect: f64, alpha: f64, power: f64) -> Option<f64> {
        let least = self.least_size();
        let enough = |n: f64| self.power(effect, n, alpha) >= power;
        if enough(least) {
            return Some(least);
        }
        let (mut low, mut high) = (least, 2.0 * least);
        while !enough(high) {
            (low, high) = (high, 2.0 * high);
            if low > MAX_SIZE {
                return None;
            }
        }
        Some(bisect(low, high, enough))
    }

    /// The least effect that a sample of `n` finds with this power; for two proportions the least
    /// share above the first. `None` when not even the greatest effect is found so often.
    pub fn effect(&self, n: f64, alpha: f64, power: f64) -> Option<f64> {
        let (low, high) = match *self {
            Plan::TwoProportions { first, .. } => (first, 1.0 - 1e-12),
            Plan::Correlation { .. } => (0.0, 1.0 - 1e-12),
            _ => (0.0, f64::INFINITY),
        };
        let enough = |effect: f64| self.power(effect, n, alpha) >= power;
        if enough(low) {
            return None;
        }
        if high.is_finite() {
            return enough(high).then(|| bisect(low, high, enough));
        }
        let (mut low, mut high) = (low, 0.01);
        while !enough(high) {
            (low, high) = (high, 2.0 * high);
            // Noncentralities beyond this are out of reach of their distributions.
            if low > 100.0 {
                return None;
            }
        }
        Some(bisect(low, high, enough))
    }

    /// The least sample that the test can be made of.
    pub fn least_size(&self) -> f64 {
        match self {
            Plan::Correlation { .. } => 4.0,
            Plan::TwoMeans { ratio, .. } if *ratio < 1.0 => (2.0 / ratio).ceil(),
            Plan::TwoProportions { ratio, .. } if *ratio < 1.0 => (2.0 / ratio).ceil(),
            _ => 2.0,
        }
    }
}

fn t_power(ncp: f64, df: f64, alpha: f64, two_sided: bool) -> f64 {
    if two_sided {
        let reach = student_t::upper_quantile(0.5 * alpha, df);
        noncentral_t::sf(reach, df, ncp) + noncentral_t::cdf(-reach, df, ncp)
    } else {
        noncentral_t::sf(student_t::upper_quantile(alpha, df), df, ncp)
    }
}

/// By Fisher's z with its bias r / 2(n − 1), against the critical r of the t test.
fn correlation_power(r: f64, n: f64, alpha: f64, two_sided: bool) -> f64 {
    let alpha = if two_sided { 0.5 * alpha } else { alpha };
    let t = student_t::upper_quantile(alpha, n - 2.0);
    let critical = libm::atanh((t * t / (t * t + n - 2.0)).sqrt());
    let z = libm::atanh(r) + r / (2.0 * (n - 1.0));
    let scale = (n - 3.0).sqrt();
    let found = normal::cdf((z - critical) * scale);
    if two_sided {
        found + normal::cdf((-z - critical) * scale)
    } else {
        found
    }
}

/// Where `enough` begins to hold between `low` and `high`, to the last bits.
fn bisect(mut low: f64, mut high: f64, enough: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2: power.t.test and power.prop.test, strict; pwr 1.3.
    #[track_caller]
    fn check(plan: Plan, effect: f64, n: f64, alpha: f64, expected: f64) {
        let got = plan.power(effect, n, alpha);
        assert!(
            (got - expected).abs() <= 1e-9 * expected,
            "{got} is not {expected}"
        );
        let size = plan.size(effect, alpha, expected).unwrap();
        assert!((size - n).abs() <= 1e-7 * n, "{size} is not {n}");
        let found = plan.effect(n, alpha, expected).unwrap();
        assert!((found - effect).abs() <= 1e-7, "{found} is not {effect}");
    }

    #[test]
    fn agrees_with_r() {
        check(
            Plan::OneMean { two_sided: true },
            0.3,
            40.0,
            0.05,
            0.4565221127062029,
        );
        check(
            Plan::OneMean { two_sided: true },
            1.5,
            6.0,
            0.01,
            0.4707706627511438,
        );
        check(
            Plan::TwoMeans {
                ratio: 1.0,
                two_sided: true,
            },
            0.5,
            64.0,
            0.05,
            0.8014595579223276,
        );
        check(
            Plan::TwoMeans {
                ratio: 2.0,
                two_sided: true,
            },
            0.2,
            150.0,
            0.05,
            0.514296392737573,
        );
        check(
            Plan::TwoProportions {
                first: 0.5,
                ratio: 1.0,
                two_sided: true,
            },
            0.75,
            50.0,
            0.05,
            0.7401671934536111,
        );
        check(
            Plan::Correlation { two_sided: true },
            0.3,
            80.0,
            0.05,
            0.7796540609861332,
        );
        check(
            Plan::OneMean { two_sided: false },
            0.3,
            40.0,
            0.05,
            0.5868483569961098,
        );
        check(
            Plan::OneMean { two_sided: false },
            1.5,
            6.0,
            0.01,
            0.6359184398454991,
        );
        check(
            Plan::TwoMeans {
                ratio: 1.0,
                two_sided: false,
            },
            0.5,
            64.0,
            0.05,
            0.8786641914043987,
        );
        check(
            Plan::TwoMeans {
                ratio: 2.0,
                two_sided: false,
            },
            0.2,
            150.0,
            0.05,
            0.6376278226729772,
        );
        check(
            Plan::TwoProportions {
                first: 0.5,
                ratio: 1.0,
                two_sided: false,
            },
            0.75,
            50.0,
            0.05,
            0.833983523355428,
        );
        check(
            Plan::Correlation { two_sided: false },
            0.3,
            80.0,
            0.05,
            0.8617917411818746,
        );
        // By mpmath, to 30 digits; R's series of the non-central F stops at 1e-9.
        check(
            Plan::OneWay { n_groups: 4.0 },
            0.25,
            45.0,
            0.05,
            0.803986912865175706,
        );
        check(
            Plan::OneWay { n_groups: 3.0 },
            0.4,
            12.0,
            0.01,
            0.273867868436694063,
        );
        check(
            Plan::ChiSquared { df: 4.0 },
            0.3,
            100.0,
            0.05,
            0.6634860717513958,
        );
        check(
            Plan::ChiSquared { df: 1.0 },
            0.1,
            500.0,
            0.05,
            0.6087794846454566,
        );
    }

    #[test]
    fn what_cannot_be_found_is_none() {
        let plan = Plan::Correlation { two_sided: true };
        assert!(plan.size(0.0, 0.05, 0.8).is_none());
        assert!(plan.effect(4.0, 0.05, 0.999).is_some());
        let plan = Plan::TwoProportions {
            first: 0.9,
            ratio: 1.0,
            two_sided: true,
        };
        assert!(plan.effect(5.0, 0.05, 0.9).is_none());
    }
}
