//! How well predictors order the times of events.

/// Harrell's C; ties of the predictor count half, pairs tied in time that both had the event do
/// not count. Ranks in a Fenwick tree, rows from the latest time.
pub(super) fn concordance(times: &[f64], is_event: &[bool], risk: &[f64]) -> f64 {
    let mut sorted = risk.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.dedup();
    let rank = |r: f64| sorted.partition_point(|s| *s < r);
    let mut tree = Fenwick {
        counts: vec![0.0; sorted.len() + 1],
    };
    let mut order: Vec<u32> = (0..times.len() as u32).collect();
    order.sort_by(|&a, &b| times[b as usize].total_cmp(&times[a as usize]));
    let (mut right, mut all, mut n) = (0.0, 0.0, 0.0);
    for same in order.chunk_by(|a, b| times[*a as usize] == times[*b as usize]) {
        // A row censored at a time outlives those with the event at it.
        for &i in same.iter().filter(|i| !is_event[**i as usize]) {
            tree.add(rank(risk[i as usize]));
            n += 1.0;
        }
        for &i in same.iter().filter(|i| is_event[**i as usize]) {
            let r = rank(risk[i as usize]);
            let below = tree.sum(r);
            let ties = tree.sum(r + 1) - below;
            right += below + 0.5 * ties;
            all += n;
        }
        for &i in same.iter().filter(|i| is_event[**i as usize]) {
            tree.add(rank(risk[i as usize]));
            n += 1.0;
        }
    }
    right / all
}

/// Counts at places, summed up to a place in steps as many as the digits of its number.
struct Fenwick {
    counts: Vec<f64>,
}

impl Fenwick {
    fn add(&mut self, place: usize) {
        let mut i = place + 1;
        while i < self.counts.len() {
            self.counts[i] += 1.0;
            i += i & i.wrapping_neg();
        }
    }

    /// Of the first `n` places.
    fn sum(&self, n: usize) -> f64 {
        let (mut i, mut sum) = (n, 0.0);
        while i > 0 {
            sum += self.counts[i];
            i -= i & i.wrapping_neg();
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All pairs, one by one.
    #[test]
    fn concordance_counts_pairs() {
        let times = [5.0, 3.0, 3.0, 8.0, 1.0, 8.0, 4.0];
        let events = [true, true, false, true, true, false, true];
        let risk = [0.2, 0.9, 0.9, -1.0, 0.2, 0.0, 0.5];
        let (mut right, mut all) = (0.0, 0.0);
        for i in 0..7 {
            for j in 0..7 {
                let outlives = times[j] > times[i] || (times[j] == times[i] && !events[j]);
                if i != j && events[i] && outlives {
                    all += 1.0;
                    right += if risk[i] > risk[j] {
                        1.0
                    } else if risk[i] == risk[j] {
                        0.5
                    } else {
                        0.0
                    };
                }
            }
        }
        assert_eq!(concordance(&times, &events, &risk), right / all);
    }
}
