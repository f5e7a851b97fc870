//! Tests by ranks and signs: Mann and Whitney, Wilcoxon, sign. Values must be free of NaN.

use super::descriptive::sorted;
use super::distributions::rank_sum::RankSum;
use super::distributions::signed_rank::SignedRank;
use super::distributions::{discrete::binomial_mass, normal};
use super::order::{nth_difference, nth_walsh_average};
use super::ranks::Ranks;
use super::t_test::{Alternative, Estimate};

/// How p values come to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Exact below 50 values a group without ties and zeros, else asymptotic: R's rule.
    Auto,
    /// From the permutation distribution of the ranks at hand, ties included.
    Exact,
    /// From the normal distribution, its variance corrected for ties.
    Asymptotic,
}

/// What zero differences do in the signed-rank test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    /// They are left out before ranking (Wilcoxon 1945).
    Drop,
    /// They are ranked and then left out (Pratt 1959).
    Pratt,
}

/// A test by ranks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankTest {
    /// Mann and Whitney's U of the first sample, or Wilcoxon's V of positive differences.
    pub statistic: f64,
    /// Of the asymptotic test; NaN for an exact one.
    pub z: f64,
    pub p: f64,
    pub exact: bool,
    /// Hodges and Lehmann's estimate of the shift, or of the centre, with its interval.
    pub shift: Estimate,
    /// Rank-biserial correlation with its interval.
    pub effect: Estimate,
}

/// A question put to ranks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankQuestion {
    /// The shift or centre under the null hypothesis.
    pub null: f64,
    pub alternative: Alternative,
    pub method: Method,
    /// Whether the asymptotic statistic is moved half a step to its mean.
    pub continuity: bool,
    pub zeros: Zeros,
    pub level: f64,
}

/// More steps than this are not taken for an exact distribution.
const MAX_WORK: f64 = 4e8;

/// Mann and Whitney's test, which is Wilcoxon's of rank sums. `None` when an exact distribution was
/// asked for and is out of reach. As R's `wilcox.test`, except that the asymptotic interval is that
/// of the order statistics themselves (Hollander and Wolfe 1999, § 4.3).
pub fn mann_whitney(x: &[f64], y: &[f64], question: &RankQuestion) -> Option<RankTest> {
    let (n, m) = (x.len() as f64, y.len() as f64);
    let all: Vec<f64> = x
        .iter()
        .map(|v| v - question.null)
        .chain(y.iter().copied())
        .collect();
    let ranks = Ranks::of(&all);
    let doubled: u64 = ranks.doubled[..x.len()].iter().sum();
    let offset = (x.len() * (x.len() + 1)) as u64;
    let u = 0.5 * (doubled - offset) as f64;
    let small = x.len() < 50 && y.len() < 50;
    let exact = match question.method {
        Method::Auto => small && !ranks.is_tied(),
        Method::Exact if RankSum::work(all.len(), x.len().min(y.len())) > MAX_WORK => return None,
        Method::Exact => true,
        Method::Asymptotic => false,
    };
    let total = n + m;
    let (xs, ys) = (sorted(x), sorted(y));
    let n_pairs = x.len() as u64 * y.len() as u64;
    let place = |k: u64| nth_difference(&xs, &ys, k.min(n_pairs - 1));
    let median = median_of(n_pairs, place);
    let (z, p, cut): (f64, f64, Box<dyn Fn(f64) -> u64>) = if exact {
        // The smaller sample makes the smaller table.
        let flip = y.len() < x.len();
        let distribution = RankSum::new(&ranks.doubled, x.len().min(y.len()));
        let sum: u64 = ranks.doubled.iter().sum();
        let here = if flip { sum - doubled } else { doubled };
        let (low, high) = (distribution.cdf(here), distribution.at_least(here));
        let (less, greater) = if flip { (high, low) } else { (low, high) };
        let drawn = x.len().min(y.len()) as f64;
        let p = match question.alternative {
            Alternative::TwoSided => distribution.two_sided(here, drawn * (total + 1.0)),
            Alternative::Greater => greater,
            Alternative::Less => less,
        };
        // Intervals of ties are those of the ranks without them.
        let untied: Vec<u64> = (1..=all.len() as u64).map(|r| 2 * r).collect();
        let plain = if ranks.is_tied() {
            RankSum::new(&untied, drawn as usize)
        } else {
            distribution
        };
        let least = (drawn * (drawn + 1.0)) as u64;
        (
            f64::NAN,
            p,
            Box::new(move |alpha| (plain.quantile(alpha) - least) / 2),
        )
    } else {
        let spread =
            (n * m / 12.0 * (total + 1.0 - ranks.tie_sum() / (total * (total - 1.0)))).sqrt();
        let (z, p) = asymptotic(u - 0.5 * n * m, spread, question);
        let untied = (n * m * (total + 1.0) / 12.0).sqrt();
        (
            z,
            p,
            Box::new(move |alpha| normal_cut(0.5 * n * m, untied, alpha)),
        )
    };
    let effect = 2.0 * u / (n * m) - 1.0;
    let error = ((total + 1.0) / (3.0 * n * m)).sqrt();
    Some(RankTest {
        statistic: u,
        z,
        p,
        exact,
        shift: interval(median, n_pairs, place, &*cut, question),
        effect: fisher_interval(effect, error, question),
    })
}

/// Wilcoxon's signed-rank test of differences, as R's `wilcox.test`, with the same exception.
/// `None` when an exact distribution is out of reach, or no difference is left.
pub fn signed_rank(differences: &[f64], question: &RankQuestion) -> Option<RankTest> {
    let shifted: Vec<f64> = differences.iter().map(|d| d - question.null).collect();
    let n_zeros = shifted.iter().filter(|d| **d == 0.0).count();
    let ranked: Vec<f64> = match question.zeros {
        Zeros::Drop => shifted.iter().copied().filter(|d| *d != 0.0).collect(),
        Zeros::Pratt => shifted.clone(),
    };
    let ranks = Ranks::of(&ranked.iter().map(|d| d.abs()).collect::<Vec<_>>());
    let with_signs = ranked
        .iter()
        .zip(&ranks.doubled)
        .filter(|(d, _)| **d != 0.0);
    let (mut positive, mut total, mut squares) = (0_u64, 0_u64, 0.0);
    let mut kept = Vec::new();
    for (d, &rank) in with_signs {
        total += rank;
        squares += (0.5 * rank as f64) * (0.5 * rank as f64);
        kept.push(rank);
        if *d > 0.0 {
            positive += rank;
        }
    }
    if kept.is_empty() {
        return None;
    }
    let n = kept.len();
    let exact = match question.method {
        Method::Auto => n < 50 && !ranks.is_tied() && n_zeros == 0,
        Method::Exact if n as f64 * total as f64 > MAX_WORK => return None,
        Method::Exact => true,
        Method::Asymptotic => false,
    };
    // The centre is estimated from all differences but those that are zero to the test.
    let base = sorted(&match question.zeros {
        Zeros::Drop => differences
            .iter()
            .copied()
            .filter(|d| d - question.null != 0.0)
            .collect(),
        Zeros::Pratt => differences.to_vec(),
    });
    let size = base.len() as u64;
    let n_pairs = size * (size + 1) / 2;
    let place = |k: u64| nth_walsh_average(&base, k.min(n_pairs - 1));
    let median = median_of(n_pairs, place);
    let statistic = 0.5 * positive as f64;
    let mean = 0.25 * total as f64;
    let (z, p, cut): (f64, f64, Box<dyn Fn(f64) -> u64>) = if exact {
        let distribution = SignedRank::new(&kept);
        let (less, greater) = (distribution.cdf(positive), distribution.at_least(positive));
        let p = match question.alternative {
            Alternative::TwoSided => (2.0 * less.min(greater)).min(1.0),
            Alternative::Greater => greater,
            Alternative::Less => less,
        };
        let untied: Vec<u64> = (1..=size).map(|r| 2 * r).collect();
        let plain = if ranks.is_tied() || n as u64 != size {
            SignedRank::new(&untied)
        } else {
            distribution
        };
        (
            f64::NAN,
            p,
            Box::new(move |alpha| plain.quantile(alpha) / 2),
        )
    } else {
        let (z, p) = asymptotic(statistic - mean, 0.5 * squares.sqrt(), question);
        let size = size as f64;
        let untied = (size * (size + 1.0) * (2.0 * size + 1.0) / 24.0).sqrt();
        let middle = 0.25 * size * (size + 1.0);
        (
            z,
            p,
            Box::new(move |alpha| normal_cut(middle, untied, alpha)),
        )
    };
    let (count, all) = (n as f64, 0.5 * total as f64);
    let error = ((2.0 * count * count * count + 3.0 * count * count + count) / 6.0).sqrt()
        / (0.5 * count * (count + 1.0));
    Some(RankTest {
        statistic,
        z,
        p,
        exact,
        shift: interval(median, n_pairs, place, &*cut, question),
        effect: fisher_interval(2.0 * statistic / all - 1.0, error, question),
    })
}

/// A sign test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignTest {
    pub n_positive: usize,
    pub n_negative: usize,
    pub p: f64,
    /// The median with an interval of order statistics; infinite where no statistic is far enough.
    pub median: Estimate,
    /// The confidence that the interval has: at least the one asked for.
    pub achieved: f64,
}

/// Whether differences from `null` are as often above as below: an exact binomial test.
pub fn sign_test(values: &[f64], null: f64, alternative: Alternative, level: f64) -> SignTest {
    let n_positive = values.iter().filter(|v| **v > null).count();
    let n_negative = values.iter().filter(|v| **v < null).count();
    let n = n_positive + n_negative;
    let below = |k: usize, n: usize| -> f64 {
        (0..=k)
            .map(|i| binomial_mass(i as f64, n as f64, 0.5))
            .sum()
    };
    let p = match alternative {
        _ if n == 0 => 1.0,
        Alternative::TwoSided => (2.0 * below(n_positive.min(n_negative), n)).min(1.0),
        Alternative::Greater => below(n_negative, n),
        Alternative::Less => below(n_positive, n),
    };
    let ordered = sorted(values);
    let size = ordered.len();
    let alpha = match alternative {
        Alternative::TwoSided => 0.5 * (1.0 - level),
        _ => 1.0 - level,
    };
    // The largest number of values outside one end that keeps its tail within alpha.
    let (mut outside, mut tail) = (None, 0.0);
    let mut sum = 0.0;
    for k in 0..size {
        sum += binomial_mass(k as f64, size as f64, 0.5);
        if sum > alpha {
            break;
        }
        (outside, tail) = (Some(k), sum);
    }
    let low = outside.map_or(f64::NEG_INFINITY, |k| ordered[k]);
    let high = outside.map_or(f64::INFINITY, |k| ordered[size - 1 - k]);
    let value = super::descriptive::median(&ordered);
    let (median, sides) = match alternative {
        Alternative::TwoSided => (Estimate { value, low, high }, 2.0),
        Alternative::Greater => (
            Estimate {
                value,
                low,
                high: f64::INFINITY,
            },
            1.0,
        ),
        Alternative::Less => (
            Estimate {
                value,
                low: f64::NEG_INFINITY,
                high,
            },
            1.0,
        ),
    };
    SignTest {
        n_positive,
        n_negative,
        p,
        median,
        achieved: 1.0 - sides * tail,
    }
}

fn asymptotic(distance: f64, spread: f64, question: &RankQuestion) -> (f64, f64) {
    let half: f64 = if question.continuity { 0.5 } else { 0.0 };
    let correction = match question.alternative {
        Alternative::TwoSided => distance.signum() * half.min(distance.abs()),
        Alternative::Greater => half,
        Alternative::Less => -half,
    };
    let z = (distance - correction) / spread;
    let p = match question.alternative {
        Alternative::TwoSided => normal::two_sided_p(z),
        Alternative::Greater => normal::sf(z),
        Alternative::Less => normal::cdf(z),
    };
    (z, p)
}

/// How many of the ordered pairs lie outside one end of the interval.
fn normal_cut(mean: f64, spread: f64, alpha: f64) -> u64 {
    (mean + normal::quantile(alpha) * spread).floor().max(0.0) as u64
}

fn median_of(n_pairs: u64, place: impl Fn(u64) -> f64) -> f64 {
    let middle = place(n_pairs / 2);
    if n_pairs % 2 == 1 {
        return middle;
    }
    0.5 * middle + 0.5 * place(n_pairs / 2 - 1)
}

/// `cut(α)` is the number of ordered values up to and with the lower end.
fn interval(
    value: f64,
    n_pairs: u64,
    place: impl Fn(u64) -> f64,
    cut: &dyn Fn(f64) -> u64,
    question: &RankQuestion,
) -> Estimate {
    let alpha = match question.alternative {
        Alternative::TwoSided => 0.5 * (1.0 - question.level),
        _ => 1.0 - question.level,
    };
    let k = cut(alpha).max(1);
    let (low, high) = (place(k - 1), place(n_pairs.saturating_sub(k)));
    one_sided(Estimate { value, low, high }, question.alternative)
}

/// By Fisher's z, as R's effectsize.
fn fisher_interval(value: f64, error: f64, question: &RankQuestion) -> Estimate {
    let alpha = match question.alternative {
        Alternative::TwoSided => 0.5 * (1.0 - question.level),
        _ => 1.0 - question.level,
    };
    let reach = normal::upper_quantile(alpha) * error;
    let z = libm::atanh(value);
    let estimate = Estimate {
        value,
        low: libm::tanh(z - reach),
        high: libm::tanh(z + reach),
    };
    match question.alternative {
        Alternative::TwoSided => estimate,
        Alternative::Greater => Estimate {
            high: 1.0,
            ..estimate
        },
        Alternative::Less => Estimate {
            low: -1.0,
            ..estimate
        },
    }
}

fn one_sided(estimate: Estimate, alternative: Alternative) -> Estimate {
    match alternative {
        Alternative::TwoSided => estimate,
        Alternative::Greater => Estimate {
            high: f64::INFINITY,
            ..estimate
        },
        Alternative::Less => Estimate {
            low: f64::NEG_INFINITY,
            ..estimate
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Alternative::{Greater, Less, TwoSided};

    const A: [f64; 7] = [5.1, 4.9, 6.2, 5.8, 6.0, 5.5, 5.3];
    const B: [f64; 6] = [6.8, 7.9, 5.9, 8.4, 6.1, 5.2];
    const TIED: [f64; 6] = [5.5, 6.0, 6.0, 6.8, 5.3, 7.0];
    const D: [f64; 9] = [0.8, -0.3, 1.2, 0.0, 0.8, 2.1, -0.8, 0.4, 1.5];

    fn ask(null: f64, alternative: Alternative, method: Method) -> RankQuestion {
        RankQuestion {
            null,
            alternative,
            method,
            continuity: true,
            zeros: Zeros::Drop,
            level: 0.9,
        }
    }

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let same = (got - expected).abs() <= 1e-12 * expected.abs().max(1e-3) || got == expected;
        assert!(same, "{got} is not {expected}");
    }

    /// R 4.2: wilcox.test(…, conf.int = TRUE); with ties wilcox_test(distribution = exact()) of coin
    /// 1.4; rank_biserial of effectsize 0.8; the sign test by binom.test, its interval by qbinom.
    #[test]
    fn agrees_with_r() {
        let t = mann_whitney(&A, &B, &ask(-0.25, TwoSided, Method::Auto)).unwrap();
        check(t.statistic, 11.0);
        check(t.p, 0.1806526806526806);
        check(t.shift.value, -1.0);
        check(t.shift.low, -2.4);
        check(t.shift.high, -0.09999999999999964);
        let t = mann_whitney(&A, &B, &ask(-0.25, Greater, Method::Auto)).unwrap();
        check(t.statistic, 11.0);
        check(t.p, 0.9312354312354312);
        check(t.shift.value, -1.0);
        check(t.shift.low, -2.100000000000001);
        check(t.shift.high, f64::INFINITY);
        let t = mann_whitney(&A, &B, &ask(-0.25, Less, Method::Auto)).unwrap();
        check(t.statistic, 11.0);
        check(t.p, 0.09032634032634032);
        check(t.shift.value, -1.0);
        check(t.shift.low, f64::NEG_INFINITY);
        check(t.shift.high, -0.2999999999999998);
        let t = mann_whitney(&A, &B, &ask(0.0, TwoSided, Method::Auto)).unwrap();
        check(t.effect.value, -0.6190476190476191);
        check(t.effect.low, -0.8542696345943077);
        check(t.effect.high, -0.1734048515434843);
        let t = mann_whitney(&A, &TIED, &ask(0.0, TwoSided, Method::Auto)).unwrap();
        check(t.statistic, 11.0);
        check(t.p, 0.1711655358779659);
        check(
            mann_whitney(&A, &TIED, &ask(0.0, TwoSided, Method::Exact))
                .unwrap()
                .p,
            0.1719114219114219,
        );
        let t = mann_whitney(&A, &TIED, &ask(0.0, Greater, Method::Auto)).unwrap();
        check(t.statistic, 11.0);
        check(t.p, 0.934798880933313);
        check(
            mann_whitney(&A, &TIED, &ask(0.0, Greater, Method::Exact))
                .unwrap()
                .p,
            0.9312354312354313,
        );
        let t = mann_whitney(&A, &TIED, &ask(0.0, Less, Method::Auto)).unwrap();
        check(t.statistic, 11.0);
        check(t.p, 0.08558276793898296);
        check(
            mann_whitney(&A, &TIED, &ask(0.0, Less, Method::Exact))
                .unwrap()
                .p,
            0.08624708624708624,
        );
        let t = signed_rank(&D, &ask(0.0, TwoSided, Method::Auto)).unwrap();
        check(t.statistic, 31.0);
        check(t.p, 0.0785785511458432);
        check(
            signed_rank(&D, &ask(0.0, TwoSided, Method::Exact))
                .unwrap()
                .p,
            0.078125,
        );
        let q = RankQuestion {
            zeros: Zeros::Pratt,
            continuity: false,
            ..ask(0.0, TwoSided, Method::Exact)
        };
        check(signed_rank(&D, &q).unwrap().p, 0.0859375);
        check(
            signed_rank(
                &D,
                &RankQuestion {
                    method: Method::Asymptotic,
                    ..q
                },
            )
            .unwrap()
            .p,
            0.07402254292538113,
        );
        let t = signed_rank(&D, &ask(0.0, Greater, Method::Auto)).unwrap();
        check(t.statistic, 31.0);
        check(t.p, 0.0392892755729216);
        check(
            signed_rank(&D, &ask(0.0, Greater, Method::Exact))
                .unwrap()
                .p,
            0.0390625,
        );
        let q = RankQuestion {
            zeros: Zeros::Pratt,
            continuity: false,
            ..ask(0.0, Greater, Method::Exact)
        };
        check(signed_rank(&D, &q).unwrap().p, 0.04296875);
        check(
            signed_rank(
                &D,
                &RankQuestion {
                    method: Method::Asymptotic,
                    ..q
                },
            )
            .unwrap()
            .p,
            0.03701127146269056,
        );
        let t = signed_rank(&D, &ask(0.0, Less, Method::Auto)).unwrap();
        check(t.statistic, 31.0);
        check(t.p, 0.9712646276517628);
        check(
            signed_rank(&D, &ask(0.0, Less, Method::Exact)).unwrap().p,
            0.97265625,
        );
        let q = RankQuestion {
            zeros: Zeros::Pratt,
            continuity: false,
            ..ask(0.0, Less, Method::Exact)
        };
        check(signed_rank(&D, &q).unwrap().p, 0.97265625);
        check(
            signed_rank(
                &D,
                &RankQuestion {
                    method: Method::Asymptotic,
                    ..q
                },
            )
            .unwrap()
            .p,
            0.9629887285373094,
        );
        let t = signed_rank(&A, &ask(5.25, TwoSided, Method::Auto)).unwrap();
        check(t.statistic, 22.0);
        check(t.p, 0.2187500000000001);
        check(t.shift.value, 5.55);
        check(t.shift.low, 5.1);
        check(t.shift.high, 6.0);
        let t = signed_rank(&A, &ask(5.25, Greater, Method::Auto)).unwrap();
        check(t.statistic, 22.0);
        check(t.p, 0.109375);
        check(t.shift.value, 5.55);
        check(t.shift.low, 5.2);
        check(t.shift.high, f64::INFINITY);
        let t = signed_rank(&A, &ask(5.25, Less, Method::Auto)).unwrap();
        check(t.statistic, 22.0);
        check(t.p, 0.921875);
        check(t.shift.value, 5.55);
        check(t.shift.low, f64::NEG_INFINITY);
        check(t.shift.high, 5.85);
        let t = signed_rank(&D, &ask(0.0, TwoSided, Method::Auto)).unwrap();
        check(t.effect.value, 0.7222222222222223);
        check(t.effect.low, 0.2540013557888959);
        check(t.effect.high, 0.9162049163295072);
        let t = sign_test(&D, 0.2, TwoSided, 0.9);
        check(t.n_positive as f64, 6.0);
        check(t.p, 0.5078125000000002);
        check(t.median.value, 0.8);
        check(t.median.low, -0.3);
        check(t.median.high, 1.5);
        check(t.achieved, 0.9609375);
        let t = sign_test(&D, 0.2, Greater, 0.9);
        check(t.n_positive as f64, 6.0);
        check(t.p, 0.2539062500000001);
        check(t.median.value, 0.8);
        check(t.median.low, 0.0);
        check(t.median.high, f64::INFINITY);
        check(t.achieved, 0.91015625);
        let t = sign_test(&D, 0.2, Less, 0.9);
        check(t.n_positive as f64, 6.0);
        check(t.p, 0.91015625);
        check(t.median.value, 0.8);
        check(t.median.low, f64::NEG_INFINITY);
        check(t.median.high, 1.2);
        check(t.achieved, 0.91015625);
    }

    #[test]
    fn nothing_left() {
        assert!(signed_rank(&[0.0, 0.0], &ask(0.0, TwoSided, Method::Auto)).is_none());
        assert_eq!(sign_test(&[1.0, 1.0], 1.0, TwoSided, 0.9).p, 1.0);
        let same = mann_whitney(&[2.0, 2.0], &[2.0, 2.0], &ask(0.0, TwoSided, Method::Auto));
        assert!(same.unwrap().p.is_nan());
    }
}
