//! Bootstrap intervals and permutation tests, from a seeded generator.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::Rng;

use super::descriptive::sorted;
use super::distributions::normal;
use super::progress::{Cancelled, Progress};
use super::t_test::Alternative;

/// Up to this many rearrangements all of them are taken instead of a sample of them.
pub const MAX_EXACT: f64 = 100_000.0;

/// A p value by rearrangement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Permutation {
    pub p: f64,
    /// How many rearrangements stand behind it.
    pub n: usize,
    /// Whether these are all there are.
    pub exact: bool,
}

/// A whole number below `n`, each as likely as another (Lemire 2019, without its rejection: off by
/// less than n / 2⁶⁴).
pub fn index_below(n: usize, rng: &mut Xoshiro256PlusPlus) -> usize {
    ((u128::from(rng.next_u64()) * n as u128) >> 64) as usize
}

/// The bias-corrected and accelerated interval (Efron 1987) of a statistic of independent samples,
/// each resampled by itself. `statistic` takes one slice a sample; NaN results are left out.
/// `None` when fewer than half of the resamples give a number.
pub fn bca_interval(
    samples: &[&[f64]],
    statistic: &dyn Fn(&[&[f64]]) -> f64,
    n_resamples: usize,
    level: f64,
    rng: &mut Xoshiro256PlusPlus,
    tick: &mut Progress,
) -> Result<Option<(f64, f64)>, Cancelled> {
    let observed = statistic(samples);
    let mut drawn: Vec<Vec<f64>> = samples.iter().map(|s| s.to_vec()).collect();
    let mut found = Vec::with_capacity(n_resamples);
    let n_values: usize = samples.iter().map(|s| s.len()).sum();
    let every = (200_000 / n_values.max(1)).max(1);
    for i in 0..n_resamples {
        if i % every == 0 {
            tick(i as f32 / n_resamples as f32)?;
        }
        for (draw, sample) in drawn.iter_mut().zip(samples) {
            for v in draw.iter_mut() {
                *v = sample[index_below(sample.len(), rng)];
            }
        }
        let views: Vec<&[f64]> = drawn.iter().map(Vec::as_slice).collect();
        let value = statistic(&views);
        if value.is_finite() {
            found.push(value);
        }
    }
    if found.len() * 2 < n_resamples || found.len() < 10 || !observed.is_finite() {
        return Ok(None);
    }
    let acceleration = acceleration(samples, statistic);
    let found = sorted(&found);
    let n = found.len() as f64;
    let below = found.partition_point(|v| *v < observed) as f64;
    let equal = found.partition_point(|v| *v <= observed) as f64 - below;
    let bias = normal::quantile(((below + 0.5 * equal) / n).clamp(0.5 / n, 1.0 - 0.5 / n));
    let end = |alpha: f64| {
        let z = bias + normal::quantile(alpha);
        let p = normal::cdf(bias + z / (1.0 - acceleration * z));
        // Between order statistics on the normal scale, as R's boot does.
        let rank = (n + 1.0) * p;
        let k = rank.floor();
        if k < 1.0 {
            return found[0];
        }
        if k >= n {
            return found[found.len() - 1];
        }
        let (low, high) = (found[k as usize - 1], found[k as usize]);
        let at = |k: f64| normal::quantile(k / (n + 1.0));
        let share = (normal::quantile(p) - at(k)) / (at(k + 1.0) - at(k));
        low + share * (high - low)
    };
    let tail = 0.5 * (1.0 - level);
    Ok(Some((end(tail), end(1.0 - tail))))
}

/// From the jackknife over all samples (Davison and Hinkley 1997, § 5.3.2): the influence of one
/// value on the statistic, each sample by its own size.
fn acceleration(samples: &[&[f64]], statistic: &dyn Fn(&[&[f64]]) -> f64) -> f64 {
    // Influence is estimated from at most this many values of each sample.
    const MOST: usize = 500;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for (s, sample) in samples.iter().enumerate() {
        let n = sample.len();
        if n < 2 {
            continue;
        }
        let stride = n.div_ceil(MOST);
        let mut left = Vec::with_capacity(n);
        let mut without = Vec::new();
        for i in (0..n).step_by(stride) {
            left.clear();
            left.extend_from_slice(&sample[..i]);
            left.extend_from_slice(&sample[i + 1..]);
            let mut views = samples.to_vec();
            views[s] = &left;
            without.push(statistic(&views));
        }
        let mean = without.iter().sum::<f64>() / without.len() as f64;
        let (n, weight) = (n as f64, n as f64 / without.len() as f64);
        for v in without {
            let influence = (n - 1.0) * (mean - v);
            squares += weight * influence * influence / (n * n);
            cubes += weight * influence * influence * influence / (n * n * n);
        }
    }
    let a = cubes / (6.0 * squares * squares.sqrt());
    if a.is_finite() { a } else { 0.0 }
}

/// Whether values of two groups could have been dealt out by chance: the share of all ways to deal
/// them whose statistic is as extreme as that found. `statistic` takes both groups.
pub fn permute_two(
    a: &[f64],
    b: &[f64],
    statistic: &dyn Fn(&[f64], &[f64]) -> f64,
    alternative: Alternative,
    n_resamples: usize,
    rng: &mut Xoshiro256PlusPlus,
    tick: &mut Progress,
) -> Result<Permutation, Cancelled> {
    let judge = Judge::new(statistic(a, b), alternative);
    let mut pool: Vec<f64> = a.iter().chain(b).copied().collect();
    let n_all = choose(pool.len(), a.len());
    if n_all <= MAX_EXACT {
        let (mut n, mut extreme) = (0, 0);
        let mut chosen: Vec<usize> = (0..a.len()).collect();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        loop {
            if n % 1000 == 0 {
                tick(n as f32 / n_all as f32)?;
            }
            first.clear();
            second.clear();
            let mut next = 0;
            for (i, &v) in pool.iter().enumerate() {
                if chosen.get(next) == Some(&i) {
                    first.push(v);
                    next += 1;
                } else {
                    second.push(v);
                }
            }
            n += 1;
            extreme += usize::from(judge.is_extreme(statistic(&first, &second)));
            if !next_combination(&mut chosen, pool.len()) {
                break;
            }
        }
        return Ok(judge.outcome(extreme, n, true));
    }
    let every = (200_000 / pool.len()).max(1);
    let mut extreme = 0;
    for i in 0..n_resamples {
        if i % every == 0 {
            tick(i as f32 / n_resamples as f32)?;
        }
        // A partial shuffle deals the first group; the rest is the second.
        for j in 0..a.len().min(pool.len() - 1) {
            let k = j + index_below(pool.len() - j, rng);
            pool.swap(j, k);
        }
        let (first, second) = pool.split_at(a.len());
        extreme += usize::from(judge.is_extreme(statistic(first, second)));
    }
    Ok(judge.outcome(extreme, n_resamples, false))
}

/// Whether values of several groups could have been dealt out by chance: the share of shuffles whose
/// sum of squares between groups is as large as that found. `values` should be near zero.
pub fn permute_labels(
    values: &[f64],
    codes: &[u32],
    n_groups: usize,
    n_resamples: usize,
    rng: &mut Xoshiro256PlusPlus,
    tick: &mut Progress,
) -> Result<Permutation, Cancelled> {
    let mut counts = vec![0.0; n_groups];
    codes.iter().for_each(|c| counts[*c as usize] += 1.0);
    let centre = values.iter().sum::<f64>() / values.len() as f64;
    let mut pool: Vec<f64> = values.iter().map(|v| v - centre).collect();
    let mut sums = vec![0.0; n_groups];
    let mut between = |values: &[f64]| -> f64 {
        sums.fill(0.0);
        for (c, v) in codes.iter().zip(values) {
            sums[*c as usize] += v;
        }
        sums.iter().zip(&counts).map(|(s, n)| s * s / n).sum()
    };
    let judge = Judge::new(between(&pool), Alternative::Greater);
    let every = (200_000 / pool.len()).max(1);
    let mut extreme = 0;
    for i in 0..n_resamples {
        if i % every == 0 {
            tick(i as f32 / n_resamples as f32)?;
        }
        for j in (1..pool.len()).rev() {
            pool.swap(j, index_below(j + 1, rng));
        }
        extreme += usize::from(judge.is_extreme(between(&pool)));
    }
    Ok(judge.outcome(extreme, n_resamples, false))
}

/// Whether differences are as likely to have one sign as the other: the share of all ways to set
/// the signs whose statistic is as extreme as that found.
pub fn flip_signs(
    differences: &[f64],
    statistic: &dyn Fn(&[f64]) -> f64,
    alternative: Alternative,
    n_resamples: usize,
    rng: &mut Xoshiro256PlusPlus,
    tick: &mut Progress,
) -> Result<Permutation, Cancelled> {
    let judge = Judge::new(statistic(differences), alternative);
    let mut flipped = differences.to_vec();
    let mut extreme = 0;
    if differences.len() <= 16 {
        let n = 1_u32 << differences.len();
        for signs in 0..n {
            if signs % 1000 == 0 {
                tick(signs as f32 / n as f32)?;
            }
            for (i, (f, d)) in flipped.iter_mut().zip(differences).enumerate() {
                *f = if signs >> i & 1 == 1 { -d } else { *d };
            }
            extreme += usize::from(judge.is_extreme(statistic(&flipped)));
        }
        return Ok(judge.outcome(extreme, n as usize, true));
    }
    let every = (200_000 / differences.len()).max(1);
    for i in 0..n_resamples {
        if i % every == 0 {
            tick(i as f32 / n_resamples as f32)?;
        }
        let mut bits = 0;
        for (j, (f, d)) in flipped.iter_mut().zip(differences).enumerate() {
            if j % 64 == 0 {
                bits = rng.next_u64();
            }
            *f = if bits & 1 == 1 { -d } else { *d };
            bits >>= 1;
        }
        extreme += usize::from(judge.is_extreme(statistic(&flipped)));
    }
    Ok(judge.outcome(extreme, n_resamples, false))
}

/// What counts as being as extreme as the statistic found.
struct Judge {
    observed: f64,
    alternative: Alternative,
}

impl Judge {
    fn new(observed: f64, alternative: Alternative) -> Self {
        Self {
            observed,
            alternative,
        }
    }

    /// Rounding must not make a rearrangement that gives the same statistic less extreme.
    fn is_extreme(&self, value: f64) -> bool {
        let fuzz = 1e-10 * self.observed.abs().max(1e-300);
        match self.alternative {
            Alternative::TwoSided => value.abs() >= self.observed.abs() - fuzz,
            Alternative::Greater => value >= self.observed - fuzz,
            Alternative::Less => value <= self.observed + fuzz,
        }
    }

    /// Of a sample of rearrangements the one found counts as one more (Phipson and Smyth 2010).
    fn outcome(&self, extreme: usize, n: usize, exact: bool) -> Permutation {
        let p = match () {
            () if !self.observed.is_finite() => f64::NAN,
            () if exact => extreme as f64 / n as f64,
            () => (extreme as f64 + 1.0) / (n as f64 + 1.0),
        };
        Permutation { p, n, exact }
    }
}

/// n over k, as far as it matters here.
fn choose(n: usize, k: usize) -> f64 {
    let k = k.min(n - k);
    (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64)
}

/// The next set of places in lexicographic order; false after the last.
fn next_combination(chosen: &mut [usize], n: usize) -> bool {
    let k = chosen.len();
    let Some(i) = (0..k).rev().find(|&i| chosen[i] < n - k + i) else {
        return false;
    };
    chosen[i] += 1;
    for j in i + 1..k {
        chosen[j] = chosen[j - 1] + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::descriptive::mean;
    use crate::stats::progress::unwatched;
    use rand_xoshiro::rand_core::SeedableRng;

    fn rng() -> Xoshiro256PlusPlus {
        Xoshiro256PlusPlus::seed_from_u64(1)
    }

    fn difference(a: &[f64], b: &[f64]) -> f64 {
        mean(a) - mean(b)
    }

    const A: [f64; 5] = [12.0, 15.5, 11.0, 18.0, 16.0];
    const B: [f64; 6] = [9.0, 11.0, 8.5, 14.0, 10.0, 7.0];

    fn permuted(a: &[f64], b: &[f64], alternative: Alternative) -> Permutation {
        permute_two(
            a,
            b,
            &difference,
            alternative,
            20_000,
            &mut rng(),
            &mut unwatched,
        )
        .unwrap()
    }

    /// R 4.2 with coin 1.4: pvalue(oneway_test(y ~ g, distribution = exact(), alternative = …)).
    #[test]
    fn all_ways_to_deal_two_groups() {
        let check = |alternative, expected: f64| {
            let got = permuted(&A, &B, alternative);
            assert!(got.exact && got.n == 462);
            assert!(
                (got.p - expected).abs() < 1e-12,
                "{} is not {expected}",
                got.p
            );
        };
        check(Alternative::TwoSided, 0.030303030303030304);
        check(Alternative::Greater, 0.015151515151515152);
        check(Alternative::Less, 0.991341991341991342);
    }

    #[test]
    fn a_sample_of_ways_comes_near() {
        let a: Vec<f64> = (0..30).map(|i| f64::from(i * 7 % 31)).collect();
        let b: Vec<f64> = (0..25).map(|i| f64::from(i * 11 % 37) + 1.5).collect();
        let got = permuted(&a, &b, Alternative::TwoSided);
        assert!(!got.exact && got.n == 20_000);
        // R 4.2 with coin 1.4, distribution = exact() of ten times the values.
        assert!((got.p - 0.0838733752537688).abs() < 0.012, "{}", got.p);
        assert_eq!(got, permuted(&a, &b, Alternative::TwoSided));
    }

    /// R 4.2: mean(abs(rowMeans of all 2⁶ sign changes) >= abs(mean(d)) − 1e-12).
    #[test]
    fn all_ways_to_set_signs() {
        let d = [1.5, -0.5, 2.0, 3.0, 0.25, 1.0];
        let got = flip_signs(
            &d,
            &|d| mean(d),
            Alternative::TwoSided,
            100,
            &mut rng(),
            &mut unwatched,
        );
        assert_eq!(got.unwrap().p, 0.09375);
    }

    /// R 4.2 with boot 1.3: boot.ci(boot(…, R = 1e5, strata), type = "bca"), whose own ends move by
    /// about 0.02 between seeds.
    #[test]
    fn intervals_are_those_of_boot() {
        let two = |s: &[&[f64]]| mean(s[0]) - mean(s[1]);
        let got = bca_interval(&[&A, &B], &two, 20_000, 0.95, &mut rng(), &mut unwatched);
        let (low, high) = got.unwrap().unwrap();
        assert!(
            (low - 1.475).abs() < 0.08 && (high - 7.25).abs() < 0.08,
            "{low} {high}"
        );
        let constant = bca_interval(
            &[&[2.0; 9]],
            &|s| mean(s[0]),
            100,
            0.95,
            &mut rng(),
            &mut unwatched,
        );
        assert_eq!(constant.unwrap(), Some((2.0, 2.0)));
    }

    #[test]
    fn a_watcher_can_stop_it() {
        let stopped = bca_interval(&[&A], &|s| mean(s[0]), 100, 0.9, &mut rng(), &mut |_| {
            Err(Cancelled)
        });
        assert_eq!(stopped, Err(Cancelled));
    }
}
