//! Order statistics: of some ranks without sorting all values, and of all pairs of values without
//! forming the pairs.

use super::descriptive::{range, sorted};

/// Fewer values than this are sorted at once.
const MIN_PARTED: usize = 1 << 16;
/// Parts of the values' range.
const N_PARTS: usize = 1 << 15;

/// The values that would stand at `ranks` (from 0, ascending) if all were sorted; none may be NaN or
/// infinite. Of many values only those are sorted that lie in the same parts of the range as the wanted
/// ones.
pub fn at_ranks(values: &[f64], ranks: &[usize]) -> Vec<f64> {
    let (low, high) = range(values);
    let per_part = N_PARTS as f64 / (high - low);
    if values.len() < MIN_PARTED || !(per_part.is_finite() && per_part > 0.0) {
        let sorted = sorted(values);
        return ranks.iter().map(|&rank| sorted[rank]).collect();
    }
    // Monotone in the value, which is all that ranks need.
    let part = |value: f64| (((value - low) * per_part) as usize).min(N_PARTS - 1);
    let mut counts = vec![0; N_PARTS];
    values.iter().for_each(|v| counts[part(*v)] += 1);
    let mut is_wanted = vec![false; N_PARTS];
    let mut n_left_out = vec![0; ranks.len()];
    let (mut at, mut n_below, mut n_skipped) = (0, 0, 0);
    for (count, is_wanted) in counts.iter().zip(&mut is_wanted) {
        let first = at;
        while at < ranks.len() && ranks[at] < n_below + count {
            n_left_out[at] = n_skipped;
            at += 1;
        }
        *is_wanted = at > first;
        n_below += count;
        n_skipped += if *is_wanted { 0 } else { *count };
    }
    let wanted = values.iter().copied().filter(|v| is_wanted[part(*v)]);
    let sorted = sorted(&wanted.collect::<Vec<f64>>());
    let places = ranks.iter().zip(&n_left_out);
    places
        .map(|(rank, left_out)| sorted[rank - left_out])
        .collect()
}

/// The k-th smallest (from 0) of all differences x − y, for sorted values without NaN.
/// O((n + m) log of the range of doubles).
pub fn nth_difference(x: &[f64], y: &[f64], k: u64) -> f64 {
    // Differences fall along y from its end, so one pass over both counts those below a bound.
    let at_most = |bound: f64| {
        let (mut count, mut j) = (0_u64, y.len());
        for &x in x {
            // The first y with x − y ≤ bound; x grows, so it moves up.
            let from = first_y(x, y, bound, if count == 0 && j == y.len() { 0 } else { j });
            j = from;
            count += (y.len() - from) as u64;
        }
        count
    };
    nth(at_most, k, x[0] - y[y.len() - 1], x[x.len() - 1] - y[0])
}

/// The k-th smallest (from 0) of all means (vᵢ + vⱼ) / 2 with i ≤ j, for sorted values without NaN.
pub fn nth_walsh_average(v: &[f64], k: u64) -> f64 {
    let n = v.len();
    let at_most = |bound: f64| {
        let mut count = 0_u64;
        let mut j = n;
        for i in 0..n {
            // As i grows the last partner within the bound moves down.
            while j > i && 0.5 * v[i] + 0.5 * v[j - 1] > bound {
                j -= 1;
            }
            if j <= i {
                break;
            }
            count += (j - i) as u64;
        }
        count
    };
    nth(at_most, k, v[0], v[n - 1])
}

/// Where y begins to be large enough for x − y ≤ bound, from place `from` on.
fn first_y(x: f64, y: &[f64], bound: f64, from: usize) -> usize {
    let mut at = from;
    while at < y.len() && x - y[at] > bound {
        at += 1;
    }
    at
}

/// The smallest double with more than k values at most as large, between `low` and `high`.
fn nth(at_most: impl Fn(f64) -> u64, k: u64, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (to_ordered(low), to_ordered(high));
    while low < high {
        let middle = low + (high - low) / 2;
        if at_most(from_ordered(middle)) > k {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    from_ordered(low)
}

/// Doubles as whole numbers of the same order.
fn to_ordered(v: f64) -> u64 {
    let bits = (v + 0.0).to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn from_ordered(v: u64) -> f64 {
    f64::from_bits(if v >> 63 == 1 { v & !(1 << 63) } else { !v })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_at_ranks_are_those_of_the_sorted_values() {
        let check = |value: fn(f64) -> f64| {
            let values: Vec<f64> = (0..200_000)
                .map(|i| value((f64::from(i) * 0.754_877_666).fract() - 0.5))
                .collect();
            let all = sorted(&values);
            let ranks = [0, 1, 7, 7, 9_999, 100_000, 100_001, 150_000, 199_999];
            let expected: Vec<f64> = ranks.iter().map(|&r| all[r]).collect();
            assert_eq!(at_ranks(&values, &ranks), expected);
            assert_eq!(at_ranks(&values[..1], &[0]), values[..1]);
        };
        check(|x| x);
        check(|x| 1.0 / x);
        check(|x| (x * 6.0).round());
        check(|_| 4.0);
        assert_eq!(at_ranks(&[], &[]), [0.0; 0]);
    }

    #[test]
    fn every_place_is_that_of_the_sorted_pairs() {
        let a = sorted(&[3.1, -2.0, 0.0, 7.7, 3.1, 1e-3, -0.5]);
        let b = sorted(&[0.2, 5.0, -4.25, 3.1, 0.2]);
        let mut all: Vec<f64> = a
            .iter()
            .flat_map(|x| b.iter().map(move |y| x - y))
            .collect();
        all.sort_by(f64::total_cmp);
        for (k, expected) in all.iter().enumerate() {
            assert_eq!(nth_difference(&a, &b, k as u64), *expected + 0.0);
        }
        let pairs = |i: usize| a[i..].iter().map(move |y| (i, *y));
        let mut all: Vec<f64> = (0..a.len())
            .flat_map(pairs)
            .map(|(i, y)| 0.5 * a[i] + 0.5 * y)
            .collect();
        all.sort_by(f64::total_cmp);
        for (k, expected) in all.iter().enumerate() {
            assert_eq!(nth_walsh_average(&a, k as u64), *expected + 0.0);
        }
    }

    #[test]
    fn doubles_keep_their_order() {
        for v in [-1e300, -1.0, -1e-310, 0.0, 5e-324, 2.5, f64::MAX] {
            assert_eq!(from_ordered(to_ordered(v)), v);
        }
        assert!(to_ordered(-1.0) < to_ordered(-0.5) && to_ordered(-0.5) < to_ordered(0.0));
    }
}
