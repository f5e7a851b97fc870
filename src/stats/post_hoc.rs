//! Comparisons of several means with one another or with a control.

use super::distributions::{dunnett, student_t, studentized_range};

/// A sample's size, mean and variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupSummary {
    pub n: f64,
    pub mean: f64,
    pub variance: f64,
}

/// A difference of two means of a model, with the t test of it alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// Positions of the two means; the difference is the first less the second.
    pub first: usize,
    pub second: usize,
    pub difference: f64,
    pub standard_error: f64,
    pub t: f64,
    pub p: f64,
}

/// A difference of two means with its p value and interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pairwise {
    pub first: usize,
    pub second: usize,
    pub difference: f64,
    pub standard_error: f64,
    pub df: f64,
    pub t: f64,
    pub p: f64,
    pub low: f64,
    pub high: f64,
}

impl Contrast {
    /// From a difference with its standard error of `df` degrees of freedom.
    pub fn new(
        first: usize,
        second: usize,
        (difference, standard_error): (f64, f64),
        df: f64,
    ) -> Self {
        let t = difference / standard_error;
        Self {
            first,
            second,
            difference,
            standard_error,
            t,
            p: student_t::two_sided_p(t, df),
        }
    }
}

/// All pairs of `n`, in the order of the first.
pub fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |a| (a + 1..n).map(move |b| (a, b)))
}

/// Tukey's (Tukey and Kramer's) p value and the factor of the standard error in its interval, for a
/// difference among `n_means`.
pub fn tukey_p(t: f64, n_means: usize, df: f64) -> f64 {
    studentized_range::sf(t.abs() * std::f64::consts::SQRT_2, n_means as f64, df)
}

/// Times the standard error, half the width of Tukey's simultaneous interval.
pub fn tukey_reach(n_means: usize, df: f64, level: f64) -> f64 {
    studentized_range::upper_quantile(1.0 - level, n_means as f64, df) / std::f64::consts::SQRT_2
}

/// Games and Howell's (1976) comparisons of all pairs, each with its own variances.
pub fn games_howell(groups: &[GroupSummary], level: f64) -> Vec<Pairwise> {
    let n = groups.len();
    pairs(n)
        .map(|(first, second)| {
            let (a, b) = (&groups[first], &groups[second]);
            let (va, vb) = (a.variance / a.n, b.variance / b.n);
            let standard_error = (va + vb).sqrt();
            let df = (va + vb) * (va + vb) / (va * va / (a.n - 1.0) + vb * vb / (b.n - 1.0));
            let difference = a.mean - b.mean;
            let t = difference / standard_error;
            let reach = tukey_reach(n, df, level) * standard_error;
            Pairwise {
                first,
                second,
                difference,
                standard_error,
                df,
                t,
                p: tukey_p(t, n, df),
                low: difference - reach,
                high: difference + reach,
            }
        })
        .collect()
}

/// Dunnett's (1955) two-sided comparisons of every group with the group `control`, with one
/// variance `ms` of `df` degrees of freedom; sizes may differ.
pub fn dunnett(
    groups: &[GroupSummary],
    control: usize,
    ms: f64,
    df: f64,
    level: f64,
) -> Vec<Pairwise> {
    let base = groups[control];
    let others: Vec<usize> = (0..groups.len()).filter(|&g| g != control).collect();
    let loadings: Vec<f64> = others
        .iter()
        .map(|&g| (groups[g].n / (groups[g].n + base.n)).sqrt())
        .collect();
    let reach = dunnett::two_sided_upper_quantile(1.0 - level, &loadings, df);
    others
        .iter()
        .map(|&g| {
            let difference = groups[g].mean - base.mean;
            let standard_error = (ms * (1.0 / groups[g].n + 1.0 / base.n)).sqrt();
            let t = difference / standard_error;
            Pairwise {
                first: g,
                second: control,
                difference,
                standard_error,
                df,
                t,
                p: dunnett::two_sided(t.abs(), &loadings, df).upper,
                low: difference - reach * standard_error,
                high: difference + reach * standard_error,
            }
        })
        .collect()
}

/// Welch's (1951) one-way analysis of variance without equal variances, as R's `oneway.test`.
/// F with its degrees of freedom and p.
pub fn welch_anova(groups: &[GroupSummary]) -> (f64, f64, f64, f64) {
    let k = groups.len() as f64;
    let weight = |g: &GroupSummary| g.n / g.variance;
    let total: f64 = groups.iter().map(weight).sum();
    let mean = groups.iter().map(|g| weight(g) * g.mean).sum::<f64>() / total;
    let lack: f64 = groups
        .iter()
        .map(|g| {
            let rest = 1.0 - weight(g) / total;
            rest * rest / (g.n - 1.0)
        })
        .sum();
    let lambda = lack / (k * k - 1.0);
    let between: f64 = groups
        .iter()
        .map(|g| weight(g) * (g.mean - mean) * (g.mean - mean))
        .sum();
    let f = between / ((k - 1.0) * (1.0 + 2.0 * (k - 2.0) * lambda));
    let (df1, df2) = (k - 1.0, 1.0 / (3.0 * lambda));
    (f, df1, df2, super::distributions::f::sf(f, df1, df2))
}

/// The factor of the standard error in an interval of confidence `level`.
pub fn t_reach(df: f64, level: f64) -> f64 {
    student_t::upper_quantile(0.5 * (1.0 - level), df)
}

/// The factor of the standard error in `n` intervals that hold together by Bonferroni's inequality.
pub fn bonferroni_reach(n: usize, df: f64, level: f64) -> f64 {
    student_t::upper_quantile(0.5 * (1.0 - level) / n.max(1) as f64, df)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(values: &[f64]) -> GroupSummary {
        let m = crate::stats::descriptive::Moments::of(values);
        GroupSummary {
            n: m.n as f64,
            mean: m.mean,
            variance: m.variance(),
        }
    }

    #[track_caller]
    fn check(got: f64, expected: f64, tolerance: f64) {
        let near = (got - expected).abs() <= tolerance * expected.abs();
        assert!(near, "{got} is not {expected}");
    }

    /// R 4.2: oneway.test, TukeyHSD, Games and Howell's formulas with qtukey, and pmvt of mvtnorm at abseps =
    /// 1e-9 for Dunnett. p values of the studentized range by SciPy, because those of ptukey are
    /// off in the sixth digit for few degrees of freedom.
    #[test]
    fn agrees_with_r() {
        let groups = [
            summary(&[4.2, 5.1, 3.9, 6.0, 4.4]),
            summary(&[7.7, 6.4, 8.1, 5.5, 7.0, 6.3]),
            summary(&[9.9, 5.2, 10.8, 8.8]),
        ];
        let (f, df1, df2, p) = welch_anova(&groups);
        check(f, 9.299122416344751, 1e-12);
        check(df1, 2.0, 1e-12);
        check(df2, 6.270031668107032, 1e-12);
        check(p, 0.01330705378321278, 1e-11);
        let pairs = games_howell(&groups, 0.9);
        check(pairs[0].t, -3.885404993980687, 1e-12);
        check(pairs[0].df, 8.959256231368503, 1e-12);
        check(pairs[0].p, 0.009393776806585374, 1e-11);
        check(pairs[0].low, -3.389399643957288, 1e-6);
        check(pairs[1].t, -3.078629046728433, 1e-12);
        check(pairs[1].df, 3.565106268523484, 1e-12);
        check(pairs[1].p, 0.08800737775582868, 1e-11);
        check(pairs[1].low, -7.721411887061199, 1e-6);
        check(pairs[2].t, -1.42794774989745, 1e-12);
        check(pairs[2].df, 3.622766804602627, 1e-12);
        check(pairs[2].p, 0.4182088067943498, 1e-11);
        check(pairs[2].low, -5.599563066776438, 1e-6);
        let ms = 2.1307361111111116;
        check(
            tukey_p(2.3909332673852774, 3, 12.0),
            0.08085429426170465,
            1e-11,
        );
        let pairs = dunnett(&groups, 0, ms, 12.0, 0.95);
        check(pairs[0].p, 0.06110607277462465, 1e-5);
        check(pairs[1].p, 0.003089465322828722, 1e-5);
        check(pairs[0].low, -0.09961774702061188, 1e-5);
    }
}
