//! Tests by ranks of more than two groups, and of more than two measurements of the same rows.

use super::distributions::{chi_squared, f, normal, student_t, studentized_range};
use super::ranks::Ranks;

/// A test of several groups by ranks.
#[derive(Clone, Debug, PartialEq)]
pub struct KruskalWallis {
    pub h: f64,
    pub df: f64,
    pub p: f64,
    /// ε² = H / (N − 1), 0 to 1.
    pub epsilon_squared: f64,
    /// η² = (H − k + 1) / (N − k).
    pub eta_squared: f64,
    pub mean_ranks: Vec<f64>,
    /// The variance of a rank, ties considered.
    rank_variance: f64,
    sizes: Vec<f64>,
}

/// A comparison of two groups or measurements by ranks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankPair {
    pub first: usize,
    pub second: usize,
    /// Difference of mean ranks; of Dwass, Steel, Critchlow and Fligner's W the mean difference
    /// within the pair.
    pub difference: f64,
    /// z, t or q, with the sign of the difference.
    pub statistic: f64,
    pub p: f64,
}

/// Kruskal and Wallis's test, corrected for ties. Groups must have values.
pub fn kruskal_wallis(groups: &[&[f64]]) -> KruskalWallis {
    let all: Vec<f64> = groups.iter().flat_map(|g| g.iter().copied()).collect();
    let ranks = Ranks::of(&all);
    let n = all.len() as f64;
    let mut start = 0;
    let mut mean_ranks = Vec::new();
    let mut between = 0.0;
    for group in groups {
        let sum: u64 = ranks.doubled[start..start + group.len()].iter().sum();
        start += group.len();
        let mean = 0.5 * sum as f64 / group.len() as f64;
        let off = mean - 0.5 * (n + 1.0);
        between += group.len() as f64 * off * off;
        mean_ranks.push(mean);
    }
    let rank_variance = n * (n + 1.0) / 12.0 - ranks.tie_sum() / (12.0 * (n - 1.0));
    let h = between / rank_variance;
    let k = groups.len() as f64;
    KruskalWallis {
        h,
        df: k - 1.0,
        p: chi_squared::sf(h, k - 1.0),
        epsilon_squared: h / (n - 1.0),
        eta_squared: (h - k + 1.0) / (n - k),
        mean_ranks,
        rank_variance,
        sizes: groups.iter().map(|g| g.len() as f64).collect(),
    }
}

impl KruskalWallis {
    /// Dunn's (1964) comparisons of all pairs by the ranks of all; p values are not corrected.
    pub fn dunn(&self) -> Vec<RankPair> {
        pairs(self.mean_ranks.len())
            .map(|(a, b)| {
                let difference = self.mean_ranks[a] - self.mean_ranks[b];
                let spread = self.rank_variance * (1.0 / self.sizes[a] + 1.0 / self.sizes[b]);
                let z = difference / spread.sqrt();
                RankPair {
                    first: a,
                    second: b,
                    difference,
                    statistic: z,
                    p: normal::two_sided_p(z),
                }
            })
            .collect()
    }
}

/// Dwass, Steel, Critchlow and Fligner's comparisons: each pair ranked by itself, p values from the
/// studentized range and so corrected.
pub fn dwass_steel(groups: &[&[f64]]) -> Vec<RankPair> {
    let k = groups.len() as f64;
    pairs(groups.len())
        .map(|(a, b)| {
            let (x, y) = (groups[a], groups[b]);
            let both: Vec<f64> = x.iter().chain(y).copied().collect();
            let ranks = Ranks::of(&both);
            let sum: u64 = ranks.doubled[..x.len()].iter().sum();
            let (n, m, total) = (x.len() as f64, y.len() as f64, both.len() as f64);
            let off = 0.5 * sum as f64 - 0.5 * n * (total + 1.0);
            let spread = n * m / 12.0 * (total + 1.0 - ranks.tie_sum() / (total * (total - 1.0)));
            let w = std::f64::consts::SQRT_2 * off / spread.sqrt();
            RankPair {
                first: a,
                second: b,
                difference: off * total / (n * m),
                statistic: w,
                p: studentized_range::sf(w.abs(), k, f64::INFINITY),
            }
        })
        .collect()
}

/// A test of several measurements of the same rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Friedman {
    pub q: f64,
    pub df: f64,
    pub p: f64,
    /// Kendall's coefficient of concordance, 0 to 1.
    pub kendall_w: f64,
    /// Iman and Davenport's (1980) F, which is less cautious.
    pub f: f64,
    pub f_df2: f64,
    pub f_p: f64,
    pub mean_ranks: Vec<f64>,
    n: f64,
    /// Σ of squared ranks.
    squares: f64,
}

/// Friedman's test of columns of one length, corrected for ties. `None` without rows.
pub fn friedman(columns: &[&[f64]]) -> Option<Friedman> {
    let (k, n) = (columns.len(), columns.first()?.len());
    if n == 0 || k < 2 {
        return None;
    }
    let mut sums = vec![0_u64; k];
    let (mut ties, mut squares) = (0.0, 0.0);
    for i in 0..n {
        // Mid-ranks by counting, without an allocation a row: columns are few.
        for (sum, column) in sums.iter_mut().zip(columns) {
            let (mut below, mut same) = (0_u64, 0_u64);
            for other in columns {
                below += u64::from(other[i] < column[i]);
                same += u64::from(other[i] == column[i]);
            }
            let doubled = 2 * below + same + 1;
            *sum += doubled;
            squares += 0.25 * (doubled * doubled) as f64;
            ties += (same * same - 1) as f64;
        }
    }
    let (count, width) = (n as f64, k as f64);
    let mean = 0.5 * count * (width + 1.0);
    let between: f64 = sums
        .iter()
        .map(|s| {
            let off = 0.5 * *s as f64 - mean;
            off * off
        })
        .sum();
    let q = 12.0 * between / (count * width * (width + 1.0) - ties / (width - 1.0));
    let df = width - 1.0;
    let f_value = (count - 1.0) * q / (count * df - q);
    let f_df2 = df * (count - 1.0);
    Some(Friedman {
        q,
        df,
        p: chi_squared::sf(q, df),
        kendall_w: q / (count * df),
        f: f_value,
        f_df2,
        f_p: f::sf(f_value, df, f_df2),
        mean_ranks: sums.iter().map(|s| 0.5 * *s as f64 / count).collect(),
        n: count,
        squares,
    })
}

impl Friedman {
    /// Nemenyi's comparisons: p values from the studentized range and so corrected.
    pub fn nemenyi(&self) -> Vec<RankPair> {
        let k = self.mean_ranks.len() as f64;
        let spread = (k * (k + 1.0) / (12.0 * self.n)).sqrt();
        self.compare(|difference| {
            let q = difference / spread;
            (q, studentized_range::sf(q.abs(), k, f64::INFINITY))
        })
    }

    /// Conover's (1999) comparisons, as jamovi's of Durbin and Conover; p values are not corrected.
    pub fn conover(&self) -> Vec<RankPair> {
        let k = self.mean_ranks.len() as f64;
        let n = self.n;
        let df = (n - 1.0) * (k - 1.0);
        let sums: f64 = self.mean_ranks.iter().map(|r| (n * r) * (n * r)).sum();
        let spread = (2.0 * (n * self.squares - sums) / df).sqrt();
        self.compare(|difference| {
            let t = n * difference / spread;
            (t, student_t::two_sided_p(t, df))
        })
    }

    fn compare(&self, test: impl Fn(f64) -> (f64, f64)) -> Vec<RankPair> {
        pairs(self.mean_ranks.len())
            .map(|(a, b)| {
                let difference = self.mean_ranks[a] - self.mean_ranks[b];
                let (statistic, p) = test(difference);
                RankPair {
                    first: a,
                    second: b,
                    difference,
                    statistic,
                    p,
                }
            })
            .collect()
    }
}

fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |a| (a + 1..n).map(move |b| (a, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [f64; 6] = [2.9, 3.0, 2.5, 2.6, 3.2, 3.0];
    const B: [f64; 4] = [3.8, 2.7, 4.0, 2.4];
    const C: [f64; 5] = [2.8, 3.4, 3.7, 2.2, 2.0];

    #[track_caller]
    fn check(got: f64, expected: f64, tolerance: f64) {
        let near = (got - expected).abs() <= tolerance * expected.abs();
        assert!(near, "{got} is not {expected}");
    }

    /// R 4.2: kruskal.test and friedman.test; Dunn's, Dwass and Steel's, Nemenyi's and Conover's
    /// comparisons by their formulas with rank, wilcox.test, ptukey and pt.
    #[test]
    fn agrees_with_r() {
        let k = kruskal_wallis(&[&A, &B, &C]);
        check(k.h, 0.7096004770423399, 1e-12);
        check(k.p, 0.7013135246434756, 1e-12);
        check(k.epsilon_squared, 0.05068574836016713, 1e-12);
        check(k.eta_squared, -0.107533293579805, 1e-12);
        let pairs = k.dunn();
        check(pairs[0].statistic, -0.5778664519205261, 1e-12);
        check(pairs[0].p, 0.5633542865293891, 1e-12);
        check(pairs[1].statistic, 0.3080038537683276, 1e-12);
        check(pairs[1].p, 0.7580793999201911, 1e-12);
        check(pairs[2].statistic, 0.8340783789299241, 1e-12);
        check(pairs[2].p, 0.4042368179424215, 1e-12);
        let pairs = dwass_steel(&[&A, &B, &C]);
        check(pairs[0].statistic, -0.6048583789091336, 1e-10);
        check(pairs[0].p, 0.9041012281152463, 1e-8);
        check(pairs[1].statistic, 0.2587877135215478, 1e-10);
        check(pairs[1].p, 0.9817091065143874, 1e-8);
        check(pairs[2].statistic, 1.385640646055102, 1e-10);
        check(pairs[2].p, 0.5896566850658856, 1e-8);
        let columns = [
            [5.4, 5.85, 5.2, 5.55, 5.9, 5.45],
            [5.5, 5.7, 5.6, 5.5, 5.85, 5.55],
            [5.55, 5.75, 5.5, 5.4, 5.7, 5.6],
        ];
        let f = friedman(&columns.each_ref().map(|c| &c[..])).unwrap();
        let mut tied = columns;
        tied[1][2] = tied[0][2];
        let t = friedman(&tied.each_ref().map(|c| &c[..])).unwrap();
        check(f.q, 0.0, 1e-12);
        check(f.p, 1.0, 1e-12);
        check(t.q, 0.6086956521739131, 1e-12);
        check(t.p, 0.7376042638218265, 1e-12);
        check(t.kendall_w, 0.05072463768115942, 1e-12);
        check(t.f, 0.267175572519084, 1e-12);
        check(t.f_p, 0.7708343265399279, 1e-12);
        let pairs = t.nemenyi();
        check(pairs[0].statistic, 0.8164965809277264, 1e-12);
        check(pairs[0].p, 0.8322292181161939, 1e-8);
        let pairs = t.conover();
        check(pairs[1].statistic, -0.1381447409988844, 1e-12);
        check(pairs[1].p, 0.8928681873264814, 1e-12);
    }

    #[test]
    fn no_rows_and_equal_rows() {
        assert!(friedman(&[&[], &[]]).is_none() && friedman(&[&[1.0]]).is_none());
        assert!(friedman(&[&[1.0, 2.0], &[1.0, 2.0]]).unwrap().p.is_nan());
        assert!(kruskal_wallis(&[&[1.0, 1.0], &[1.0]]).p.is_nan());
    }
}
