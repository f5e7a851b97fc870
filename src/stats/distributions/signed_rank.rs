//! The exact distribution of the sum of the ranks of positive differences, each sign as likely as
//! the other: Wilcoxon's signed-rank statistic, ties included.

/// The distribution of V, in doubled ranks.
#[derive(Clone, Debug)]
pub struct SignedRank {
    /// P(doubled sum = i).
    mass: Vec<f64>,
}

impl SignedRank {
    /// `doubled` are twice the mid-ranks of the absolute differences. O(n · sum) steps.
    pub fn new(doubled: &[u64]) -> Self {
        let total = doubled.iter().sum::<u64>() as usize;
        let mut mass = vec![0.0; total + 1];
        mass[0] = 1.0;
        let mut reached = 0;
        for &value in doubled {
            let value = value as usize;
            reached += value;
            for s in (0..=reached).rev() {
                let added = if s >= value { mass[s - value] } else { 0.0 };
                mass[s] = 0.5 * (mass[s] + added);
            }
        }
        Self { mass }
    }

    /// P(doubled sum ≤ `doubled`).
    pub fn cdf(&self, doubled: u64) -> f64 {
        let end = (doubled as usize + 1).min(self.mass.len());
        self.mass[..end].iter().sum::<f64>().min(1.0)
    }

    /// P(doubled sum ≥ `doubled`).
    pub fn at_least(&self, doubled: u64) -> f64 {
        let start = (doubled as usize).min(self.mass.len());
        self.mass[start..].iter().rev().sum::<f64>().min(1.0)
    }

    /// The smallest doubled sum whose lower tail is at least `p`.
    pub fn quantile(&self, p: f64) -> u64 {
        let mut below = 0.0;
        for (i, mass) in self.mass.iter().enumerate() {
            below += mass;
            if below >= p * (1.0 - 1e-14) {
                return i as u64;
            }
        }
        self.mass.len() as u64 - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, expected: f64) {
        assert!(
            (got - expected).abs() <= 1e-14 * expected,
            "{got} is not {expected}"
        );
    }

    /// R 4: psignrank(10, 9), psignrank(100, 25), psignrank(400, 49), qsignrank(0.025, 25).
    #[test]
    fn without_ties_it_is_that_of_r() {
        let of = |n: u64| SignedRank::new(&(1..=n).map(|r| 2 * r).collect::<Vec<_>>());
        check(of(9).cdf(20), 0.08203125);
        check(of(25).cdf(200), 0.04786673188209533);
        check(of(49).cdf(800), 0.017063075357777183);
        assert_eq!(of(25).quantile(0.025), 2 * 90);
    }

    /// Ranks 1.5, 1.5, 3: the eight sums 0, 1.5, 1.5, 3, 3, 4.5, 4.5, 6.
    #[test]
    fn ties_are_counted() {
        let d = SignedRank::new(&[3, 3, 6]);
        check(d.cdf(3), 0.375);
        check(d.at_least(9), 0.375);
        check(d.at_least(12), 0.125);
        check(d.cdf(1000), 1.0);
    }
}
