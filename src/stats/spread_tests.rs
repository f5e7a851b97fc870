//! Tests of whether groups have one variance. Groups must be free of NaN.

use super::descriptive::{Moments, mean, sum_of};
use super::distributions::{chi_squared, f};

/// A test statistic with its degrees of freedom; all NaN where the test cannot be made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpreadTest {
    pub statistic: f64,
    pub df1: f64,
    /// Of the denominator; infinite for a χ² statistic.
    pub df2: f64,
    pub p: f64,
}

/// What deviations are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centre {
    /// Levene (1960).
    Mean,
    /// Brown and Forsythe (1974), which stands skewed data.
    Median,
}

/// Levene's test: a one-way analysis of variance of the absolute deviations from each group's centre.
/// Groups without values are left out; two groups and one value more than groups are needed.
pub fn levene(groups: &[&[f64]], centre: Centre) -> SpreadTest {
    let deviations: Vec<Deviations> = groups
        .iter()
        .filter(|g| !g.is_empty())
        .map(|group| {
            let from = match centre {
                Centre::Mean => mean(group),
                Centre::Median => median(group),
            };
            Deviations::of(group, from)
        })
        .collect();
    let n: f64 = deviations.iter().map(|d| d.n).sum();
    let (df1, df2) = (deviations.len() as f64 - 1.0, n - deviations.len() as f64);
    let within: f64 = deviations.iter().map(|d| d.sum_squares).sum();
    let total = deviations.iter().map(|d| d.n * d.mean).sum::<f64>() / n;
    let between: f64 = deviations
        .iter()
        .map(|d| d.n * (d.mean - total) * (d.mean - total))
        .sum();
    let statistic = between / df1 / (within / df2);
    if df1 < 1.0 || df2 < 1.0 || !statistic.is_finite() {
        return SpreadTest {
            statistic: f64::NAN,
            df1,
            df2,
            p: f64::NAN,
        };
    }
    SpreadTest {
        statistic,
        df1,
        df2,
        p: f::sf(statistic, df1, df2),
    }
}

/// Bartlett's (1937) test, sharp for normal data and misled by others. Groups of one value are left
/// out.
pub fn bartlett(groups: &[&[f64]]) -> SpreadTest {
    let moments: Vec<Moments> = groups
        .iter()
        .filter(|g| g.len() > 1)
        .map(|g| Moments::of(g))
        .collect();
    let k = moments.len() as f64;
    let df = |m: &Moments| m.n as f64 - 1.0;
    let total: f64 = moments.iter().map(df).sum();
    let pooled = moments.iter().map(|m| m.sum_squares).sum::<f64>() / total;
    let logs: f64 = moments
        .iter()
        .map(|m| df(m) * libm::log(m.variance()))
        .sum();
    let shares: f64 = moments.iter().map(|m| 1.0 / df(m)).sum();
    let correction = 1.0 + (shares - 1.0 / total) / (3.0 * (k - 1.0));
    let statistic = (total * libm::log(pooled) - logs) / correction;
    let made = k >= 2.0 && statistic.is_finite();
    SpreadTest {
        statistic: if made { statistic } else { f64::NAN },
        df1: k - 1.0,
        df2: f64::INFINITY,
        p: if made {
            chi_squared::sf(statistic, k - 1.0)
        } else {
            f64::NAN
        },
    }
}

/// Absolute distances of a group's values from its centre.
struct Deviations {
    n: f64,
    mean: f64,
    /// Of their differences from their mean.
    sum_squares: f64,
}

impl Deviations {
    fn of(values: &[f64], centre: f64) -> Self {
        let n = values.len() as f64;
        let first = sum_of(values, |x| [(x - centre).abs()])[0] / n;
        let [off, squares] = sum_of(values, |x| {
            let d = (x - centre).abs() - first;
            [d, d * d]
        });
        Self {
            n,
            mean: first + off / n,
            sum_squares: squares - off * off / n,
        }
    }
}

/// The median of values in any order; NaN for none.
pub fn median(values: &[f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return f64::NAN;
    }
    let mut values = values.to_vec();
    let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let middle = *middle;
    if n % 2 == 1 {
        return middle;
    }
    let other = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    0.5 * other + 0.5 * middle
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [f64; 6] = [4.0, 5.5, 6.1, 4.8, 5.0, 9.2];
    const B: [f64; 5] = [8.0, 2.5, 11.0, 7.7, 0.3];
    const C: [f64; 4] = [6.0, 6.2, 5.9, 6.1];

    /// R 4.2: leveneTest of car 3.1 with center = mean and median, bartlett.test.
    #[track_caller]
    fn check(got: SpreadTest, statistic: f64, p: f64) {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
        assert!(
            near(got.statistic, statistic),
            "{} is not {statistic}",
            got.statistic
        );
        assert!(near(got.p, p), "{} is not {p}", got.p);
    }

    #[test]
    fn agrees_with_r() {
        check(
            levene(&[&A, &B, &C], Centre::Mean),
            9.3311020312408353,
            0.0035930830748477469,
        );
        check(
            levene(&[&A, &B, &C], Centre::Median),
            2.8080052432622096,
            0.099917627958074642,
        );
        check(
            bartlett(&[&A, &B, &C]),
            17.081820846608782,
            0.00019531236225183815,
        );
    }

    #[test]
    fn groups_without_spread_give_nan() {
        assert!(levene(&[&[1.0, 1.0], &[2.0, 2.0]], Centre::Mean).p.is_nan());
        assert!(levene(&[&A], Centre::Mean).p.is_nan());
        assert!(bartlett(&[&A, &[3.0]]).p.is_nan());
        assert!(bartlett(&[&A, &[3.0, 3.0]]).p.is_nan());
        assert!(bartlett(&[]).p.is_nan());
    }
}
