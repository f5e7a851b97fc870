//! Chance: whole numbers, shuffles, samples with and without replacement, and shares of a total.

use rand_core::Rng;

/// A whole number from 0 to `n` − 1, each as likely. Lemire's multiplication (2019) without its
/// rejection: no number is likelier than another by more than n / 2⁶⁴.
///
/// # Panics
/// When `n` is 0.
pub fn below(n: usize, rng: &mut impl Rng) -> usize {
    assert!(n > 0, "a number below 0");
    ((u128::from(rng.next_u64()) * n as u128) >> 64) as usize
}

/// Puts values in random order (Fisher and Yates).
pub fn shuffle<T>(values: &mut [T], rng: &mut impl Rng) {
    for i in (1..values.len()).rev() {
        values.swap(i, below(i + 1, rng));
    }
}

/// `k` of the numbers 0 to `n` − 1, each at most once, ascending; all sets are as likely. Selection
/// sampling (Knuth, *The Art of Computer Programming* 2, algorithm 3.4.2 S).
///
/// # Panics
/// When `k` is more than `n`.
pub fn without_replacement(n: usize, k: usize, rng: &mut impl Rng) -> Vec<u32> {
    assert!(k <= n, "{k} of {n}");
    let mut chosen = Vec::with_capacity(k);
    for i in 0..n {
        let wanted = k - chosen.len();
        if wanted == 0 {
            break;
        }
        if below(n - i, rng) < wanted {
            chosen.push(i as u32);
        }
    }
    chosen
}

/// `k` times one of the numbers 0 to `n` − 1, ascending; a number may come more than once.
///
/// # Panics
/// When `n` is 0 and `k` is not.
pub fn with_replacement(n: usize, k: usize, rng: &mut impl Rng) -> Vec<u32> {
    let mut times = vec![0_u32; n];
    (0..k).for_each(|_| times[below(n, rng)] += 1);
    let each = times.iter().enumerate();
    each.flat_map(|(i, &n)| std::iter::repeat_n(i as u32, n as usize))
        .collect()
}

/// `total` shared out in proportion to `sizes`, in whole numbers that add up to it: the whole part
/// of each share, then one more for the largest remainders, the earlier first among equal ones
/// (Hamilton's method). No part passes its size while `total` is at most their sum.
pub fn allocate(total: usize, sizes: &[usize]) -> Vec<usize> {
    let all: u128 = sizes.iter().map(|&s| s as u128).sum();
    if all == 0 {
        return vec![0; sizes.len()];
    }
    let exact = |&size: &usize| total as u128 * size as u128;
    let mut parts: Vec<usize> = sizes.iter().map(|s| (exact(s) / all) as usize).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(exact(&sizes[i]) % all));
    let left = total - parts.iter().sum::<usize>();
    order[..left].iter().for_each(|&i| parts[i] += 1);
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_core::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    fn rng(seed: u64) -> Xoshiro256PlusPlus {
        Xoshiro256PlusPlus::seed_from_u64(seed)
    }

    proptest! {
        #[test]
        fn without_replacement_nothing_comes_twice(n in 0_usize..300, share in 0.0..=1.0, seed: u64) {
            let k = (n as f64 * share) as usize;
            let chosen = without_replacement(n, k, &mut rng(seed));
            prop_assert_eq!(chosen.len(), k);
            prop_assert!(chosen.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(chosen.iter().all(|&i| (i as usize) < n));
        }

        #[test]
        fn shares_add_up_and_fit(sizes in prop::collection::vec(0_usize..50, 1..20), share in 0.0..=1.0) {
            let all: usize = sizes.iter().sum();
            let total = (all as f64 * share) as usize;
            let parts = allocate(total, &sizes);
            prop_assert_eq!(parts.iter().sum::<usize>(), if all == 0 { 0 } else { total });
            for (part, size) in parts.iter().zip(&sizes) {
                prop_assert!(part <= size);
                prop_assert!((*part as f64 - total as f64 * *size as f64 / all.max(1) as f64).abs() < 1.0);
            }
        }

        #[test]
        fn a_shuffle_keeps_all(n in 0_usize..100, seed: u64) {
            let mut values: Vec<usize> = (0..n).collect();
            shuffle(&mut values, &mut rng(seed));
            values.sort_unstable();
            prop_assert_eq!(values, (0..n).collect::<Vec<_>>());
        }
    }

    /// Counts within four standard deviations of what chance gives.
    #[test]
    fn chance_is_even() {
        let mut rng = rng(7);
        let n_draws = 40_000;
        let mut first = [0_usize; 5];
        let mut chosen = [0_usize; 5];
        let mut drawn = [0_usize; 5];
        for _ in 0..n_draws {
            let mut values = [0, 1, 2, 3, 4];
            shuffle(&mut values, &mut rng);
            first[values[0]] += 1;
            without_replacement(5, 2, &mut rng)
                .iter()
                .for_each(|&i| chosen[i as usize] += 1);
            with_replacement(5, 3, &mut rng)
                .iter()
                .for_each(|&i| drawn[i as usize] += 1);
        }
        let check = |counts: &[usize], p: f64, n: f64| {
            let sd = (n * p * (1.0 - p)).sqrt();
            for &count in counts {
                assert!((count as f64 - n * p).abs() < 4.0 * sd, "{counts:?}");
            }
        };
        check(&first, 0.2, n_draws as f64);
        check(&chosen, 0.4, n_draws as f64);
        check(&drawn, 0.2, 3.0 * n_draws as f64);
    }

    #[test]
    fn remainders_go_to_the_largest() {
        let check = |total, sizes: &[usize], expected: &[usize]| {
            assert_eq!(allocate(total, sizes), expected);
        };
        check(10, &[50, 30, 20], &[5, 3, 2]);
        check(10, &[1, 1, 1], &[4, 3, 3]);
        check(1, &[2, 3], &[0, 1]);
        check(5, &[], &[]);
        check(0, &[3, 3], &[0, 0]);
    }
}
