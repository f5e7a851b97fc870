//! Proportions and their comparison: one, two and several; tables of paired answers.

use super::contingency::Contingency;
use super::distributions::{beta, chi_squared, discrete::binomial_mass, normal};
use super::t_test::{Alternative, Estimate};

/// How an interval of one proportion is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Wilson (1927).
    Wilson,
    /// Clopper and Pearson (1934): never below its confidence.
    ClopperPearson,
    /// Agresti and Coull (1998).
    AgrestiCoull,
    /// Jeffreys's: the middle of the posterior of a beta(½, ½) prior.
    Jeffreys,
}

/// k of n with its interval; one-sided intervals reach to 0 or 1.
pub fn proportion(k: f64, n: f64, level: f64, how: Interval, alternative: Alternative) -> Estimate {
    let value = k / n;
    let alpha = match alternative {
        Alternative::TwoSided => 0.5 * (1.0 - level),
        _ => 1.0 - level,
    };
    let z = normal::upper_quantile(alpha);
    let (low, high) = match how {
        Interval::Wilson => {
            let centre = (k + 0.5 * z * z) / (n + z * z);
            let reach = z / (n + z * z) * (k * (n - k) / n + 0.25 * z * z).sqrt();
            // The ends at 0 and n are 0 and 1 up to rounding.
            let low = if k == 0.0 { 0.0 } else { centre - reach };
            (low, if k == n { 1.0 } else { centre + reach })
        }
        Interval::ClopperPearson => (
            if k == 0.0 {
                0.0
            } else {
                beta::quantile(alpha, k, n - k + 1.0)
            },
            if k == n {
                1.0
            } else {
                beta::upper_quantile(alpha, k + 1.0, n - k)
            },
        ),
        Interval::AgrestiCoull => {
            let total = n + z * z;
            let centre = (k + 0.5 * z * z) / total;
            let reach = z * (centre * (1.0 - centre) / total).sqrt();
            ((centre - reach).max(0.0), (centre + reach).min(1.0))
        }
        Interval::Jeffreys => (
            if k == 0.0 {
                0.0
            } else {
                beta::quantile(alpha, k + 0.5, n - k + 0.5)
            },
            if k == n {
                1.0
            } else {
                beta::upper_quantile(alpha, k + 0.5, n - k + 0.5)
            },
        ),
    };
    match alternative {
        Alternative::TwoSided => Estimate { value, low, high },
        Alternative::Greater => Estimate {
            value,
            low,
            high: 1.0,
        },
        Alternative::Less => Estimate {
            value,
            low: 0.0,
            high,
        },
    }
}

/// The exact binomial test of k of n against the share `null`: two-sided all counts that are no
/// likelier, as R's `binom.test`.
pub fn binomial_test(k: f64, n: f64, null: f64, alternative: Alternative) -> f64 {
    let lower = |k: f64| {
        if k < 0.0 {
            0.0
        } else if k >= n {
            1.0
        } else {
            beta::sf(null, k + 1.0, n - k)
        }
    };
    let upper = |k: f64| {
        if k <= 0.0 {
            1.0
        } else if k > n {
            0.0
        } else {
            beta::cdf(null, k, n - k + 1.0)
        }
    };
    match alternative {
        Alternative::Less => lower(k),
        Alternative::Greater => upper(k),
        Alternative::TwoSided => {
            let found = binomial_mass(k, n, null) * (1.0 + 1e-7);
            let mean = n * null;
            if k == mean {
                return 1.0;
            }
            // Masses fall away from the mode, so the other tail starts at one place.
            let as_unlikely = |j: f64| binomial_mass(j, n, null) <= found;
            if k < mean {
                let (mut low, mut high) = (mean.ceil(), n + 1.0);
                while low < high {
                    let middle = ((low + high) / 2.0).floor();
                    if as_unlikely(middle) {
                        high = middle
                    } else {
                        low = middle + 1.0
                    }
                }
                (lower(k) + upper(low)).min(1.0)
            } else {
                let (mut low, mut high) = (-1.0, mean.floor());
                while low < high {
                    let middle = ((low + high) / 2.0).ceil();
                    if as_unlikely(middle) {
                        low = middle
                    } else {
                        high = middle - 1.0
                    }
                }
                (lower(low) + upper(k)).min(1.0)
            }
        }
    }
}

/// A z test of one proportion or of two, as R's `prop.test`: χ² = z².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZTest {
    pub z: f64,
    pub p: f64,
}

/// Of k of n against the share `null`, with Yates's correction when asked.
pub fn one_proportion_test(
    k: f64,
    n: f64,
    null: f64,
    alternative: Alternative,
    correct: bool,
) -> ZTest {
    let off = k - n * null;
    let cut = if correct { 0.5_f64.min(off.abs()) } else { 0.0 };
    z_test(
        off.signum() * (off.abs() - cut) / (n * null * (1.0 - null)).sqrt(),
        alternative,
    )
}

/// Of two proportions against one another.
pub fn two_proportions_test(
    (k1, n1): (f64, f64),
    (k2, n2): (f64, f64),
    alternative: Alternative,
    correct: bool,
) -> ZTest {
    let shared = (k1 + k2) / (n1 + n2);
    let difference = k1 / n1 - k2 / n2;
    let widths = 1.0 / n1 + 1.0 / n2;
    let cut = if correct {
        0.5_f64.min(difference.abs() / widths)
    } else {
        0.0
    };
    let spread = (shared * (1.0 - shared) * widths).sqrt();
    z_test(
        difference.signum() * (difference.abs() - cut * widths) / spread,
        alternative,
    )
}

fn z_test(z: f64, alternative: Alternative) -> ZTest {
    let p = match alternative {
        Alternative::TwoSided => normal::two_sided_p(z),
        Alternative::Greater => normal::sf(z),
        Alternative::Less => normal::cdf(z),
    };
    ZTest { z, p }
}

/// Whether several proportions are one: χ² with k − 1 degrees of freedom.
pub fn several_proportions_test(groups: &[(f64, f64)]) -> (f64, f64, f64) {
    let (k, n) = groups
        .iter()
        .fold((0.0, 0.0), |s, g| (s.0 + g.0, s.1 + g.1));
    let shared = k / n;
    let statistic: f64 = groups
        .iter()
        .map(|(k, n)| {
            let off = k - n * shared;
            off * off / (n * shared * (1.0 - shared))
        })
        .sum();
    let df = groups.len() as f64 - 1.0;
    (statistic, df, chi_squared::sf(statistic, df))
}

/// The difference of two proportions with Newcombe's (1998) interval from Wilson's, his method 10.
pub fn newcombe((k1, n1): (f64, f64), (k2, n2): (f64, f64), level: f64) -> Estimate {
    let of = |k, n| proportion(k, n, level, Interval::Wilson, Alternative::TwoSided);
    let (a, b) = (of(k1, n1), of(k2, n2));
    let value = a.value - b.value;
    Estimate {
        value,
        low: value - (a.value - a.low).hypot_of(b.high - b.value),
        high: value + (a.high - a.value).hypot_of(b.value - b.low),
    }
}

trait Hypot {
    fn hypot_of(self, other: f64) -> f64;
}

impl Hypot for f64 {
    fn hypot_of(self, other: f64) -> f64 {
        (self * self + other * other).sqrt()
    }
}

/// The risk ratio of the rows' first column, with the interval of its logarithm (Katz et al. 1978).
/// A zero adds ½ to every cell.
pub fn risk_ratio(counts: [f64; 4], level: f64) -> Estimate {
    let [a, b, c, d] = filled(counts);
    let value = a / (a + b) / (c / (c + d));
    let error = (1.0 / a - 1.0 / (a + b) + 1.0 / c - 1.0 / (c + d)).sqrt();
    of_logarithm(value, error, level)
}

/// The odds ratio with the interval of its logarithm (Woolf 1955). A zero adds ½ to every cell.
pub fn odds_ratio(counts: [f64; 4], level: f64) -> Estimate {
    let [a, b, c, d] = filled(counts);
    let error = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
    of_logarithm(a * d / (b * c), error, level)
}

fn filled(counts: [f64; 4]) -> [f64; 4] {
    if counts.contains(&0.0) {
        counts.map(|c| c + 0.5)
    } else {
        counts
    }
}

fn of_logarithm(value: f64, error: f64, level: f64) -> Estimate {
    let reach = libm::exp(normal::upper_quantile(0.5 * (1.0 - level)) * error);
    Estimate {
        value,
        low: value / reach,
        high: value * reach,
    }
}

/// McNemar's test of a square table of paired answers, of Bowker for more than two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    pub statistic: f64,
    pub df: f64,
    pub p: f64,
}

/// χ² of what lies off the diagonal, with the correction of R's `mcnemar.test` for two answers when
/// asked. NaN when nothing changed.
pub fn mcnemar(counts: &[f64], n: usize, correct: bool) -> McNemar {
    let (mut statistic, mut df) = (0.0, 0.0);
    for i in 0..n {
        for j in 0..i {
            let (a, b) = (counts[i * n + j], counts[j * n + i]);
            if a + b > 0.0 {
                let cut = if correct && n == 2 {
                    1.0_f64.min((a - b).abs())
                } else {
                    0.0
                };
                let off = (a - b).abs() - cut;
                statistic += off * off / (a + b);
            }
            df += 1.0;
        }
    }
    let changed = (0..n * n).any(|k| k / n != k % n && counts[k] > 0.0);
    let statistic = if changed { statistic } else { f64::NAN };
    McNemar {
        statistic,
        df,
        p: chi_squared::sf(statistic, df),
    }
}

/// The exact test of `b` changes one way and `c` the other, and its mid-p value (Fagerland et al.
/// 2013).
pub fn mcnemar_exact(b: f64, c: f64) -> (f64, f64) {
    let n = b + c;
    if n == 0.0 {
        return (1.0, 1.0);
    }
    let least = b.min(c);
    if b == c {
        return (1.0, 1.0 - 0.5 * binomial_mass(least, n, 0.5));
    }
    let exact = 2.0 * beta::sf(0.5, least + 1.0, n - least);
    (exact, exact - binomial_mass(least, n, 0.5))
}

/// The odds b / c of changing one way rather than the other, with the exact interval.
pub fn paired_odds(b: f64, c: f64, level: f64) -> Estimate {
    let share = proportion(
        b,
        b + c,
        level,
        Interval::ClopperPearson,
        Alternative::TwoSided,
    );
    let odds = |p: f64| p / (1.0 - p);
    Estimate {
        value: b / c,
        low: odds(share.low),
        high: odds(share.high),
    }
}

/// The share of the columns' event less that of the rows', from the paired counts `[both, row's
/// alone, column's alone, neither]`, with Newcombe's (1998) interval, his method 10: Wilson's
/// intervals joined by the correlation φ, whose numerator has a continuity correction.
pub fn newcombe_paired(cells: [f64; 4], level: f64) -> Estimate {
    let [a, b, c, d] = cells;
    let n = a + b + c + d;
    let of = |k: f64| proportion(k, n, level, Interval::Wilson, Alternative::TwoSided);
    let (first, second) = (of(a + b), of(a + c));
    let margins = (a + b) * (c + d) * (a + c) * (b + d);
    let product = a * d - b * c;
    let phi = match product {
        _ if margins == 0.0 => 0.0,
        p if p > 0.0 => (p - 0.5 * n).max(0.0) / margins.sqrt(),
        p => p / margins.sqrt(),
    };
    let joined = |x: f64, y: f64| (x * x - 2.0 * phi * x * y + y * y).max(0.0).sqrt();
    let value = (c - b) / n;
    Estimate {
        value,
        low: value - joined(second.value - second.low, first.high - first.value),
        high: value + joined(second.high - second.value, first.value - first.low),
    }
}

/// Cochran's (1950) Q of several yes-no answers of the same rows: statistic, df and p. `weights` say
/// how many rows each stands for. `None` when no row varies.
pub fn cochran_q(columns: &[&[bool]], weights: Option<&[f64]>) -> Option<(f64, f64, f64)> {
    let k = columns.len() as f64;
    let n = columns.first()?.len();
    let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
    let mut totals = vec![0.0; columns.len()];
    let (mut all, mut squares) = (0.0, 0.0);
    for i in 0..n {
        let mut row = 0.0;
        for (total, column) in totals.iter_mut().zip(columns) {
            if column[i] {
                *total += weight(i);
                row += 1.0;
            }
        }
        all += weight(i) * row;
        squares += weight(i) * row * row;
    }
    let spread = k * all - squares;
    if spread <= 0.0 {
        return None;
    }
    let of_columns: f64 = totals.iter().map(|t| t * t).sum();
    let q = (k - 1.0) * (k * of_columns - all * all) / spread;
    Some((q, k - 1.0, chi_squared::sf(q, k - 1.0)))
}

/// χ² of counts against shares that add up to 1: statistic, df and p.
pub fn goodness_of_fit(counts: &[f64], shares: &[f64]) -> (f64, f64, f64) {
    let n: f64 = counts.iter().sum();
    let statistic: f64 = counts
        .iter()
        .zip(shares)
        .map(|(c, s)| {
            let off = c - n * s;
            off * off / (n * s)
        })
        .sum();
    let df = counts.len() as f64 - 1.0;
    (statistic, df, chi_squared::sf(statistic, df))
}

/// The cells of a 2 × 2 table row by row.
pub fn cells(table: &Contingency) -> [f64; 4] {
    [
        table.at(0, 0),
        table.at(0, 1),
        table.at(1, 0),
        table.at(1, 1),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use Alternative::{Greater, Less, TwoSided};

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let same = (got - expected).abs() <= 1e-11 * expected.abs() || got == expected;
        assert!(same, "{got} is not {expected}");
    }

    /// R 4.2: prop.test, binom.test, mcnemar.test, chisq.test; other intervals, ratios and Cochran's Q
    /// by their formulas with qnorm, qbeta and pchisq.
    #[test]
    fn agrees_with_r() {
        let e = proportion(14.0, 40.0, 0.9, Interval::Wilson, TwoSided);
        check(e.value, 0.35);
        check(e.low, 0.2390737147804239);
        check(e.high, 0.4799323198132135);
        let e = proportion(14.0, 40.0, 0.9, Interval::ClopperPearson, TwoSided);
        check(e.low, 0.2255324518907222);
        check(e.high, 0.4919455234460985);
        check(binomial_test(14.0, 40.0, 0.3, TwoSided), 0.4926763571808546);
        check(
            one_proportion_test(14.0, 40.0, 0.3, TwoSided, true).p,
            0.6047728544859003,
        );
        check(
            one_proportion_test(14.0, 40.0, 0.3, TwoSided, false).p,
            0.490152960415825,
        );
        let e = proportion(14.0, 40.0, 0.9, Interval::Wilson, Greater);
        check(e.value, 0.35);
        check(e.low, 0.2610076492342017);
        check(e.high, 1.0);
        let e = proportion(14.0, 40.0, 0.9, Interval::ClopperPearson, Greater);
        check(e.low, 0.2488049334077426);
        check(e.high, 1.0);
        check(binomial_test(14.0, 40.0, 0.3, Greater), 0.2967509334037356);
        check(
            one_proportion_test(14.0, 40.0, 0.3, Greater, true).p,
            0.3023864272429502,
        );
        check(
            one_proportion_test(14.0, 40.0, 0.3, Greater, false).p,
            0.2450764802079125,
        );
        let e = proportion(14.0, 40.0, 0.9, Interval::Wilson, Less);
        check(e.value, 0.35);
        check(e.low, 0.0);
        check(e.high, 0.4508243447734621);
        let e = proportion(14.0, 40.0, 0.9, Interval::ClopperPearson, Less);
        check(e.low, 0.0);
        check(e.high, 0.4632110631579085);
        check(binomial_test(14.0, 40.0, 0.3, Less), 0.8074482452648244);
        check(
            one_proportion_test(14.0, 40.0, 0.3, Less, true).p,
            0.6976135727570498,
        );
        check(
            one_proportion_test(14.0, 40.0, 0.3, Less, false).p,
            0.7549235197920875,
        );
        let e = proportion(14.0, 40.0, 0.9, Interval::AgrestiCoull, TwoSided);
        check(e.low, 0.2387230398127799);
        check(e.high, 0.4802829947808576);
        let e = proportion(14.0, 40.0, 0.9, Interval::Jeffreys, TwoSided);
        check(e.low, 0.2363692411229507);
        check(e.high, 0.4791647502224959);
        let e = proportion(0.0, 12.0, 0.9, Interval::Wilson, TwoSided);
        check(e.value, 0.0);
        check(e.low, 0.0);
        check(e.high, 0.1839811947474768);
        let e = proportion(0.0, 12.0, 0.9, Interval::ClopperPearson, TwoSided);
        check(e.low, 0.0);
        check(e.high, 0.2209221919455558);
        check(binomial_test(0.0, 12.0, 0.3, TwoSided), 0.02333065833099999);
        check(
            one_proportion_test(0.0, 12.0, 0.3, TwoSided, true).p,
            0.05084134932605791,
        );
        check(
            one_proportion_test(0.0, 12.0, 0.3, TwoSided, false).p,
            0.02334220201289081,
        );
        let e = proportion(0.0, 12.0, 0.9, Interval::Wilson, Greater);
        check(e.value, 0.0);
        check(e.low, 0.0);
        check(e.high, 1.0);
        let e = proportion(0.0, 12.0, 0.9, Interval::ClopperPearson, Greater);
        check(e.low, 0.0);
        check(e.high, 1.0);
        check(binomial_test(0.0, 12.0, 0.3, Greater), 1.0);
        check(
            one_proportion_test(0.0, 12.0, 0.3, Greater, true).p,
            0.9745793253369711,
        );
        check(
            one_proportion_test(0.0, 12.0, 0.3, Greater, false).p,
            0.9883288989935546,
        );
        let e = proportion(0.0, 12.0, 0.9, Interval::Wilson, Less);
        check(e.value, 0.0);
        check(e.low, 0.0);
        check(e.high, 0.1203877246856651);
        let e = proportion(0.0, 12.0, 0.9, Interval::ClopperPearson, Less);
        check(e.low, 0.0);
        check(e.high, 0.1745958147319816);
        check(binomial_test(0.0, 12.0, 0.3, Less), 0.01384128720099999);
        check(
            one_proportion_test(0.0, 12.0, 0.3, Less, true).p,
            0.02542067466302888,
        );
        check(
            one_proportion_test(0.0, 12.0, 0.3, Less, false).p,
            0.0116711010064454,
        );
        let e = proportion(0.0, 12.0, 0.9, Interval::AgrestiCoull, TwoSided);
        check(e.low, 0.0);
        check(e.high, 0.2159568890200011);
        let e = proportion(0.0, 12.0, 0.9, Interval::Jeffreys, TwoSided);
        check(e.low, 0.0);
        check(e.high, 0.1450565181928765);
        let e = proportion(25.0, 25.0, 0.9, Interval::Wilson, TwoSided);
        check(e.value, 1.0);
        check(e.low, 0.9023464939939491);
        check(e.high, 1.0);
        let e = proportion(25.0, 25.0, 0.9, Interval::ClopperPearson, TwoSided);
        check(e.low, 0.8870718549931568);
        check(e.high, 1.0);
        check(
            binomial_test(25.0, 25.0, 0.3, TwoSided),
            8.472886094429948e-14,
        );
        check(
            one_proportion_test(25.0, 25.0, 0.3, TwoSided, true).p,
            1.176447471736969e-13,
        );
        check(
            one_proportion_test(25.0, 25.0, 0.3, TwoSided, false).p,
            2.212631977613227e-14,
        );
        let e = proportion(25.0, 25.0, 0.9, Interval::Wilson, Greater);
        check(e.value, 1.0);
        check(e.low, 0.9383548031583888);
        check(e.high, 1.0);
        let e = proportion(25.0, 25.0, 0.9, Interval::ClopperPearson, Greater);
        check(e.low, 0.9120108393559098);
        check(e.high, 1.0);
        check(
            binomial_test(25.0, 25.0, 0.3, Greater),
            8.472886094429948e-14,
        );
        check(
            one_proportion_test(25.0, 25.0, 0.3, Greater, true).p,
            5.882237358684866e-14,
        );
        check(
            one_proportion_test(25.0, 25.0, 0.3, Greater, false).p,
            1.106315988806614e-14,
        );
        let e = proportion(25.0, 25.0, 0.9, Interval::Wilson, Less);
        check(e.value, 1.0);
        check(e.low, 0.0);
        check(e.high, 1.0);
        let e = proportion(25.0, 25.0, 0.9, Interval::ClopperPearson, Less);
        check(e.low, 0.0);
        check(e.high, 1.0);
        check(binomial_test(25.0, 25.0, 0.3, Less), 1.0);
        check(
            one_proportion_test(25.0, 25.0, 0.3, Less, true).p,
            0.9999999999999412,
        );
        check(
            one_proportion_test(25.0, 25.0, 0.3, Less, false).p,
            0.9999999999999889,
        );
        let e = proportion(25.0, 25.0, 0.9, Interval::AgrestiCoull, TwoSided);
        check(e.low, 0.8838286659231737);
        check(e.high, 1.0);
        let e = proportion(25.0, 25.0, 0.9, Interval::Jeffreys, TwoSided);
        check(e.low, 0.9267606061888465);
        check(e.high, 1.0);
        let e = proportion(431.0, 1200.0, 0.9, Interval::Wilson, TwoSided);
        check(e.value, 0.3591666666666667);
        check(e.low, 0.3367267274017147);
        check(e.high, 0.3822402285255983);
        let e = proportion(431.0, 1200.0, 0.9, Interval::ClopperPearson, TwoSided);
        check(e.low, 0.3362436260830642);
        check(e.high, 0.3826023874023109);
        check(
            binomial_test(431.0, 1200.0, 0.3, TwoSided),
            1.162140271717995e-05,
        );
        check(
            one_proportion_test(431.0, 1200.0, 0.3, TwoSided, true).p,
            8.950744411761346e-06,
        );
        check(
            one_proportion_test(431.0, 1200.0, 0.3, TwoSided, false).p,
            7.728161908362285e-06,
        );
        let e = proportion(431.0, 1200.0, 0.9, Interval::Wilson, Greater);
        check(e.value, 0.3591666666666667);
        check(e.low, 0.3416215645640033);
        check(e.high, 1.0);
        let e = proportion(431.0, 1200.0, 0.9, Interval::ClopperPearson, Greater);
        check(e.low, 0.3411830926904794);
        check(e.high, 1.0);
        check(
            binomial_test(431.0, 1200.0, 0.3, Greater),
            6.178268247255521e-06,
        );
        check(
            one_proportion_test(431.0, 1200.0, 0.3, Greater, true).p,
            4.475372205880675e-06,
        );
        check(
            one_proportion_test(431.0, 1200.0, 0.3, Greater, false).p,
            3.864080954181144e-06,
        );
        let e = proportion(431.0, 1200.0, 0.9, Interval::Wilson, Less);
        check(e.value, 0.3591666666666667);
        check(e.low, 0.0);
        check(e.high, 0.3770967436476993);
        let e = proportion(431.0, 1200.0, 0.9, Interval::ClopperPearson, Less);
        check(e.low, 0.0);
        check(e.high, 0.3774942783356252);
        check(binomial_test(431.0, 1200.0, 0.3, Less), 0.9999953362973086);
        check(
            one_proportion_test(431.0, 1200.0, 0.3, Less, true).p,
            0.9999955246277942,
        );
        check(
            one_proportion_test(431.0, 1200.0, 0.3, Less, false).p,
            0.9999961359190458,
        );
        let e = proportion(431.0, 1200.0, 0.9, Interval::AgrestiCoull, TwoSided);
        check(e.low, 0.3367245272024593);
        check(e.high, 0.3822424287248534);
        let e = proportion(431.0, 1200.0, 0.9, Interval::Jeffreys, TwoSided);
        check(e.low, 0.3366537441707053);
        check(e.high, 0.3821806732580443);
        check(
            two_proportions_test((18.0, 40.0), (9.0, 37.0), TwoSided, true).p,
            0.09678891138630077,
        );
        check(
            two_proportions_test((18.0, 40.0), (9.0, 37.0), TwoSided, false).p,
            0.05748167658464699,
        );
        check(
            two_proportions_test((18.0, 40.0), (9.0, 37.0), Greater, true).p,
            0.04839445569315025,
        );
        check(
            two_proportions_test((18.0, 40.0), (9.0, 37.0), Greater, false).p,
            0.0287408382923236,
        );
        check(
            two_proportions_test((18.0, 40.0), (9.0, 37.0), Less, true).p,
            0.9516055443068497,
        );
        check(
            two_proportions_test((18.0, 40.0), (9.0, 37.0), Less, false).p,
            0.9712591617076765,
        );
        let (q, df, p) = several_proportions_test(&[(18.0, 40.0), (9.0, 37.0), (22.0, 51.0)]);
        check(q, 4.323804759673284);
        check(df, 2.0);
        check(p, 0.1151059374045069);
        let e = newcombe((56.0, 70.0), (48.0, 80.0), 0.95);
        check(e.value, 0.2000000000000001);
        check(e.low, 0.05243147240236493);
        check(e.high, 0.3338726540369059);
        let e = risk_ratio([18.0, 22.0, 9.0, 28.0], 0.95);
        check(e.value, 1.85);
        check(e.low, 0.9527256510616435);
        check(e.high, 3.592324816893753);
        let e = odds_ratio([18.0, 22.0, 9.0, 28.0], 0.95);
        check(e.value, 2.545454545454545);
        check(e.low, 0.9594249484117111);
        check(e.high, 6.753356636912025);
        let t = mcnemar(&[30.0, 12.0, 5.0, 33.0], 2, true);
        check(t.statistic, 2.117647058823529);
        check(t.df, 1.0);
        check(t.p, 0.145610095396868);
        let t = mcnemar(&[30.0, 12.0, 5.0, 33.0], 2, false);
        check(t.statistic, 2.882352941176471);
        check(t.df, 1.0);
        check(t.p, 0.08955507441364312);
        let t = mcnemar(&[20.0, 10.0, 5.0, 3.0, 30.0, 15.0, 0.0, 5.0, 40.0], 3, true);
        check(t.statistic, 13.76923076923077);
        check(t.df, 3.0);
        check(t.p, 0.003236706503235448);
        let (exact, mid) = mcnemar_exact(12.0, 5.0);
        check(exact, 0.1434631347656251);
        check(mid, 0.09625244140625012);
        let e = paired_odds(12.0, 5.0, 0.9);
        check(e.value, 2.4);
        check(e.low, 0.9160109212512969);
        check(e.high, 7.07944258844602);
        let (q, df, p) = cochran_q(
            &[
                &[true, true, false, true, true, false, true, true][..],
                &[true, false, false, true, false, false, true, false][..],
                &[false, true, false, false, false, false, true, false][..],
            ],
            None,
        )
        .unwrap();
        check(q, 5.2);
        check(df, 2.0);
        check(p, 0.07427357821433388);
        let (q, df, p) = goodness_of_fit(&[31.0, 22.0, 14.0, 9.0], &[0.4, 0.3, 0.2, 0.1]);
        check(q, 0.3925438596491227);
        check(df, 3.0);
        check(p, 0.9417784156309619);
    }

    /// Bentur et al. (2009), airways before and after a transplant, as Fagerland, Lydersen and Laake
    /// (2014) give it: 1 row has both, 7 and 1 have one, 12 neither; from −0.507 to −0.026.
    #[test]
    fn paired_intervals_agree_with_the_literature() {
        let e = newcombe_paired([1.0, 7.0, 1.0, 12.0], 0.95);
        assert_eq!(e.value, -6.0 / 21.0);
        assert!((e.low + 0.507).abs() < 5e-4 && (e.high + 0.026).abs() < 5e-4);
    }

    #[test]
    fn nothing_changed() {
        assert!(mcnemar(&[3.0, 0.0, 0.0, 4.0], 2, true).p.is_nan());
        assert_eq!(mcnemar_exact(0.0, 0.0), (1.0, 1.0));
        assert!(cochran_q(&[&[true, false], &[true, false]], None).is_none());
    }
}
