//! Ranks of a sample, tied values sharing theirs.

/// The ranks of some values, and how they are tied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranks {
    /// Twice the mid-rank of each value, in the order given: whole numbers.
    pub doubled: Vec<u64>,
    /// How many values share each distinct value, ascending.
    pub ties: Vec<usize>,
}

impl Ranks {
    /// Of values without NaN.
    pub fn of(values: &[f64]) -> Self {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        let at = |i: u32| values[i as usize] + 0.0;
        order.sort_unstable_by(|&a, &b| at(a).total_cmp(&at(b)));
        let mut doubled = vec![0; values.len()];
        let mut ties = Vec::new();
        let mut start = 0;
        while start < order.len() {
            let value = values[order[start] as usize];
            let len = order[start..]
                .iter()
                .take_while(|&&i| values[i as usize] == value)
                .count();
            // Ranks start + 1 to start + len have this mean.
            let shared = (2 * start + len + 1) as u64;
            for &i in &order[start..start + len] {
                doubled[i as usize] = shared;
            }
            ties.push(len);
            start += len;
        }
        Self { doubled, ties }
    }

    pub fn is_tied(&self) -> bool {
        self.ties.len() < self.doubled.len()
    }

    /// Σ (t³ − t) over the groups of t equal values.
    pub fn tie_sum(&self) -> f64 {
        let cube = |t: f64| t * (t * t - 1.0);
        self.ties.iter().map(|&t| cube(t as f64)).sum()
    }

    /// The mid-ranks themselves.
    pub fn to_f64(&self) -> Vec<f64> {
        self.doubled.iter().map(|&d| 0.5 * d as f64).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_mean_of_their_ranks() {
        let check = |values: &[f64], doubled: &[u64], ties: &[usize]| {
            let ranks = Ranks::of(values);
            assert_eq!(
                (ranks.doubled.as_slice(), ranks.ties.as_slice()),
                (doubled, ties)
            );
        };
        check(&[3.0, 1.0, 2.0], &[6, 2, 4], &[1, 1, 1]);
        check(&[5.0, 5.0, 1.0, 5.0], &[6, 6, 2, 6], &[1, 3]);
        check(&[0.0, -0.0], &[3, 3], &[2]);
        check(&[], &[], &[]);
        assert_eq!(Ranks::of(&[5.0, 5.0, 1.0, 5.0]).tie_sum(), 24.0);
    }
}
