//! The exact distribution of the sum of the ranks of a sample drawn without order from a given set
//! of ranks: Wilcoxon's rank sum and Mann and Whitney's U, ties included.
//!
//! Counts are kept as shares of all samples, from the shift algorithm of Streitberg and Röhmel
//! (1986): O(n · n₁ · sum) steps.

/// The distribution of W = Σ of `n_first` of the doubled ranks.
#[derive(Clone, Debug)]
pub struct RankSum {
    /// The least doubled sum.
    least: u64,
    /// P(doubled sum = least + i).
    mass: Vec<f64>,
}

impl RankSum {
    /// `doubled` are twice the mid-ranks of all values, which are whole numbers.
    /// The work is about n · n₁ · Σ of the largest n₁; see [`RankSum::work`].
    pub fn new(doubled: &[u64], n_first: usize) -> Self {
        let mut sorted = doubled.to_vec();
        sorted.sort_unstable();
        let (n, k) = (sorted.len(), n_first.min(sorted.len()));
        // Every sum is `least` and more; deviations from the smallest value make the table small.
        let base = sorted.first().copied().unwrap_or(0);
        let shifted: Vec<usize> = sorted.iter().map(|v| (v - base) as usize).collect();
        let largest: usize = shifted[n - k..].iter().sum();
        let width = largest + 1;
        // share[j][s]: of all samples of j among the values so far, those with sum s.
        let mut share = vec![0.0; (k + 1) * width];
        share[0] = 1.0;
        for (seen, &value) in shifted.iter().enumerate() {
            let now = seen + 1;
            for j in (1..=k.min(now)).rev() {
                // A sample of j of `now` has the new value with probability j / now.
                let with = j as f64 / now as f64;
                let (before, here) = share.split_at_mut(j * width);
                let before = &before[(j - 1) * width..];
                let here = &mut here[..width];
                for s in (0..width).rev() {
                    let added = if s >= value { before[s - value] } else { 0.0 };
                    here[s] = (1.0 - with) * here[s] + with * added;
                }
            }
        }
        let mass: Vec<f64> = share[k * width..].to_vec();
        let first = mass.iter().position(|m| *m > 0.0).unwrap_or(0);
        Self {
            least: base * k as u64 + first as u64,
            mass: mass[first..].to_vec(),
        }
    }

    /// Steps that [`RankSum::new`] takes for `n` values of which `n_first` are drawn.
    pub fn work(n: usize, n_first: usize) -> f64 {
        let (n, k) = (n as f64, n_first as f64);
        n * k * k * (2.0 * n - k)
    }

    /// P(doubled sum ≤ `doubled`).
    pub fn cdf(&self, doubled: u64) -> f64 {
        if doubled < self.least {
            return 0.0;
        }
        let end = ((doubled - self.least) as usize + 1).min(self.mass.len());
        self.mass[..end].iter().sum::<f64>().min(1.0)
    }

    /// P(doubled sum ≥ `doubled`).
    pub fn at_least(&self, doubled: u64) -> f64 {
        let start = doubled.saturating_sub(self.least) as usize;
        let start = start.min(self.mass.len());
        self.mass[start..].iter().rev().sum::<f64>().min(1.0)
    }

    /// P(|doubled sum − its mean| ≥ that of `doubled`): both tails by distance from the mean.
    pub fn two_sided(&self, doubled: u64, doubled_mean: f64) -> f64 {
        let distance = (doubled as f64 - doubled_mean).abs() - 1e-9;
        self.mass
            .iter()
            .enumerate()
            .filter(|(i, _)| ((self.least + *i as u64) as f64 - doubled_mean).abs() >= distance)
            .map(|(_, m)| m)
            .sum::<f64>()
            .min(1.0)
    }

    /// The smallest doubled sum whose lower tail is at least `p`: R's `qwilcox`, less its fuzz.
    pub fn quantile(&self, p: f64) -> u64 {
        let mut below = 0.0;
        for (i, mass) in self.mass.iter().enumerate() {
            below += mass;
            if below >= p * (1.0 - 1e-14) {
                return self.least + i as u64;
            }
        }
        self.least + self.mass.len() as u64 - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(n: u64) -> Vec<u64> {
        (1..=n).map(|r| 2 * r).collect()
    }

    #[track_caller]
    fn check(got: f64, expected: f64) {
        assert!(
            (got - expected).abs() <= 2e-14 * expected,
            "{got} is not {expected}"
        );
    }

    /// R 4: pwilcox(4, 4, 6), pwilcox(60, 12, 9), pwilcox(200, 30, 20), qwilcox(0.025, 12, 9).
    /// U is the rank sum less n₁(n₁ + 1)/2.
    #[test]
    fn without_ties_it_is_that_of_r() {
        let u = |u: u64, m: u64, n: u64| {
            RankSum::new(&ranks(m + n), m as usize).cdf(2 * (u + m * (m + 1) / 2))
        };
        check(u(4, 4, 6), 0.057142857142857141);
        check(u(60, 12, 9), 0.67447351410199707);
        check(u(200, 30, 20), 0.024064731658852433);
        let twelve = RankSum::new(&ranks(21), 12);
        assert_eq!(twelve.quantile(0.025), 2 * (27 + 78));
    }

    /// All 10 samples of two among ranks 1, 2.5, 2.5, 4, 5 counted by hand.
    #[test]
    fn ties_are_counted() {
        let d = RankSum::new(&[2, 5, 5, 8, 10], 2);
        check(d.cdf(7), 0.2);
        check(d.at_least(15), 0.3);
        check(d.cdf(100), 1.0);
        assert_eq!(d.cdf(3), 0.0);
        check(d.two_sided(7, 12.0), 0.3);
    }
}
