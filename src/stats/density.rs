//! Kernel density estimates with a normal kernel, and the bandwidths that R's `density` offers.
//!
//! Functions expect values without NaN.

use super::descriptive::{Moments, interquartile_range, quantile};
use super::distributions::normal;
use super::roots::brent;

/// Up to this many values the density is the sum over all of them.
const MAX_EXACT: usize = 2000;
/// With more values, they are spread over cells this many of which make a bandwidth.
const CELLS_PER_BANDWIDTH: f64 = 64.0;
const MAX_CELLS: f64 = 1_048_576.0;
/// Beyond so many bandwidths the kernel is below 1e-14 of its height.
const REACH: f64 = 8.0;

/// Silverman's rule of thumb, 0.9 min(sd, IQR / 1.34) n^(−1/5), as R's `bw.nrd0`: the sd alone where
/// the IQR is zero. `None` without spread.
pub fn silverman_bandwidth(sorted: &[f64]) -> Option<f64> {
    let sd = Moments::of(sorted).sd();
    let robust = interquartile_range(sorted) / 1.34;
    let spread = match sd.min(robust) {
        s if s > 0.0 => s,
        _ => sd,
    };
    let width = 0.9 * spread * libm::pow(sorted.len() as f64, -0.2);
    (width > 0.0 && width.is_finite()).then_some(width)
}

/// Sheather and Jones's (1991) bandwidth, “solve the equation”, from counts of distances in 1000 cells
/// as R's `bw.SJ` takes them; the equation is solved to the last digits, where `bw.SJ` stops at a
/// hundredth of the bandwidth unless it is given a `tol`. `None` where the values are too sparse.
pub fn sheather_jones_bandwidth(sorted: &[f64]) -> Option<f64> {
    const N_CELLS: usize = 1000;
    if sorted.len() < 2 {
        return None;
    }
    let n = sorted.len() as f64;
    let sd = Moments::of(sorted).sd();
    let scale = sd.min((quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.349);
    let cell = (sorted[sorted.len() - 1] - sorted[0]) * 1.01 / N_CELLS as f64;
    if !(scale > 0.0 && scale.is_finite() && cell > 0.0 && cell.is_finite()) {
        return None;
    }
    let distances = distances(sorted, cell, N_CELLS);
    let curvature = |power: f64, diagonal: f64, h: f64, term: fn(f64) -> f64| {
        let mut sum = 0.0;
        for (i, count) in distances.iter().enumerate() {
            let apart = i as f64 * cell / h;
            let squared = apart * apart;
            if squared >= 1000.0 {
                break;
            }
            sum += libm::exp(-squared / 2.0) * term(squared) * count;
        }
        let root_2_pi = (2.0 * std::f64::consts::PI).sqrt();
        (2.0 * sum + n * diagonal) / (n * (n - 1.0) * libm::pow(h, power) * root_2_pi)
    };
    let fourth = |h: f64| curvature(5.0, 3.0, h, |d| d * d - 6.0 * d + 3.0);
    let sixth = |h: f64| {
        curvature(7.0, -15.0, h, |d| {
            d * d * d - 15.0 * d * d + 45.0 * d - 15.0
        })
    };
    let root = |degree: f64| scale * libm::pow(n, -1.0 / degree);
    let third = -sixth(1.23 * root(9.0));
    if !(third > 0.0 && third.is_finite()) {
        return None;
    }
    let ratio = 1.357 * libm::pow(fourth(1.24 * root(7.0)) / third, 1.0 / 7.0);
    if !ratio.is_finite() {
        return None;
    }
    let roughness = 1.0 / (2.0 * std::f64::consts::PI.sqrt() * n);
    let lacking = |h: f64| {
        libm::pow(
            roughness / fourth(ratio * libm::pow(h, 5.0 / 7.0)),
            1.0 / 5.0,
        ) - h
    };
    let mut upper = 1.144 * root(5.0);
    let mut lower = 0.1 * upper;
    for i in 0..100 {
        if let Some(h) = brent(lacking, (lower, upper), lower * 1e-14) {
            return Some(h);
        }
        if i % 2 == 0 {
            upper *= 1.2;
        } else {
            lower /= 1.2;
        }
    }
    None
}

/// How many pairs of values lie so many cells apart.
fn distances(sorted: &[f64], cell: f64, n_cells: usize) -> Vec<f64> {
    let first = (sorted[0] / cell).trunc();
    let mut held = vec![0.0; n_cells];
    for x in sorted {
        let at = ((x / cell).trunc() - first) as usize;
        if let Some(held) = held.get_mut(at) {
            *held += 1.0;
        }
    }
    let mut apart = vec![0.0; n_cells];
    for (i, &here) in held.iter().enumerate().filter(|(_, n)| **n > 0.0) {
        apart[0] += 0.5 * here * (here - 1.0);
        for (j, there) in held[..i].iter().enumerate() {
            apart[i - j] += here * there;
        }
    }
    apart
}

/// The density at `at` (ascending) of sorted values, with a normal kernel whose standard deviation
/// is `bandwidth`. Exact up to 2,000 values; with more, values are shared out to the two ends of cells
/// of 1/64 bandwidth, which changes the density by less than 1 in 10,000 of its height.
pub fn density(sorted: &[f64], bandwidth: f64, at: &[f64]) -> Vec<f64> {
    let n = sorted.len() as f64;
    if sorted.len() <= MAX_EXACT {
        let one = |x: &f64| sum_near(sorted, *x, bandwidth, |_| 1.0) / (n * bandwidth);
        return at.iter().map(one).collect();
    }
    let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
    let cells = ((high - low) / bandwidth * CELLS_PER_BANDWIDTH).ceil();
    let n_cells = cells.clamp(1.0, MAX_CELLS) as usize;
    let width = (high - low) / n_cells as f64;
    let weights = shared_out(sorted, low, width, n_cells);
    let held: Vec<usize> = (0..=n_cells).filter(|&i| weights[i] > 0.0).collect();
    let places: Vec<f64> = held.iter().map(|&i| low + i as f64 * width).collect();
    let one = |x: &f64| sum_near(&places, *x, bandwidth, |i| weights[held[i]]) / (n * bandwidth);
    at.iter().map(one).collect()
}

/// Each value as a share at each end of its cell.
#[inline(never)]
fn shared_out(sorted: &[f64], low: f64, width: f64, n_cells: usize) -> Vec<f64> {
    let mut weights = vec![0.0; n_cells + 1];
    for x in sorted {
        let place = ((x - low) / width).clamp(0.0, n_cells as f64);
        let cell = (place as usize).min(n_cells - 1);
        let share = place - cell as f64;
        weights[cell] += 1.0 - share;
        weights[cell + 1] += share;
    }
    weights
}

/// The kernel's heights at `x` over the places near it.
fn sum_near(places: &[f64], x: f64, bandwidth: f64, weight: impl Fn(usize) -> f64) -> f64 {
    let from = places.partition_point(|p| *p < x - REACH * bandwidth);
    let to = places.partition_point(|p| *p <= x + REACH * bandwidth);
    (from..to)
        .map(|i| weight(i) * normal::pdf((x - places[i]) / bandwidth))
        .sum()
}

/// `n` places, evenly from `low` to `high`.
pub fn evenly(low: f64, high: f64, n: usize) -> Vec<f64> {
    let step = (high - low) / (n as f64 - 1.0);
    (0..n)
        .map(|i| {
            if i + 1 == n {
                high
            } else {
                low + i as f64 * step
            }
        })
        .collect()
}

/// The places of a curve's peaks: heights that are at least a tenth of the greatest, each parted from
/// a higher one by a valley at least a tenth of its own height deep.
pub fn peaks(at: &[f64], height: &[f64]) -> Vec<f64> {
    const SHARE: f64 = 0.1;
    let greatest = height.iter().copied().fold(0.0, f64::max);
    let mut found: Vec<usize> = Vec::new();
    let mut valley = 0.0;
    for i in 0..height.len() {
        let rises = i == 0 || height[i] > height[i - 1];
        let falls = i + 1 == height.len() || height[i] >= height[i + 1];
        valley = height[i].min(valley);
        if !(rises && falls && height[i] >= SHARE * greatest) {
            continue;
        }
        match found.last_mut() {
            Some(last) if valley > (1.0 - SHARE) * height[*last].min(height[i]) => {
                if height[i] > height[*last] {
                    *last = i;
                    valley = height[i];
                }
            }
            _ => {
                found.push(i);
                valley = height[i];
            }
        }
    }
    found.into_iter().map(|i| at[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::descriptive::sorted;

    const NRD0_50: f64 = 3.1483839361585098;
    const SJ_50: f64 = 2.9466672790585742;
    const DENSITY_50: [f64; 4] = [
        0.0031004422326919999,
        0.03100166554056261,
        0.033080159665911324,
        0.00030855957309982343,
    ];
    const NRD0_3000: f64 = 1.3343467620903775;
    const SJ_3000: f64 = 0.9090588307253078;
    const DENSITY_3000: [f64; 4] = [
        0.0025152950314319619,
        0.035347016248112137,
        0.032993219748874002,
        0.00028099302373480947,
    ];

    fn sines(n: i32) -> Vec<f64> {
        let at = |i: i32| 10.0 * libm::sin(f64::from(i)) + f64::from(i % 7);
        sorted(&(1..=n).map(at).collect::<Vec<_>>())
    }

    fn check(got: f64, expected: f64, tolerance: f64) {
        let near = (got - expected).abs() <= tolerance * expected.abs();
        assert!(near, "{got} is not {expected}");
    }

    /// R 4.2: i <- 1:n; x <- 10 * sin(i) + i %% 7; bw.nrd0(x); bw.SJ(x, tol = 1e-13).
    #[test]
    fn bandwidths_are_those_of_r() {
        check(silverman_bandwidth(&sines(50)).unwrap(), NRD0_50, 1e-13);
        check(silverman_bandwidth(&sines(3000)).unwrap(), NRD0_3000, 1e-13);
        check(sheather_jones_bandwidth(&sines(50)).unwrap(), SJ_50, 1e-10);
        check(
            sheather_jones_bandwidth(&sines(3000)).unwrap(),
            SJ_3000,
            1e-10,
        );
        assert_eq!(silverman_bandwidth(&[3.0; 9]), None);
        assert_eq!(sheather_jones_bandwidth(&[3.0; 9]), None);
        assert_eq!(sheather_jones_bandwidth(&[3.0]), None);
    }

    /// R: sapply(at, \(a) mean(dnorm(a, x, 1.5)))
    #[test]
    fn densities_are_means_of_kernels() {
        let at = [-12.0, 0.0, 3.25, 19.5];
        let exact = density(&sines(50), 1.5, &at);
        for (got, expected) in exact.iter().zip(DENSITY_50) {
            check(*got, expected, 1e-12);
        }
        let shared = density(&sines(3000), 1.5, &at);
        let greatest = DENSITY_3000[1];
        for (got, expected) in shared.iter().zip(DENSITY_3000) {
            assert!((got - expected).abs() < 1e-4 * greatest, "{got}");
        }
    }

    #[test]
    fn peaks_are_parted_by_valleys() {
        let check = |height: &[f64], expected: &[f64]| {
            let at: Vec<f64> = (0..height.len()).map(|i| i as f64).collect();
            assert_eq!(peaks(&at, height), expected, "{height:?}");
        };
        check(&[0.0, 1.0, 3.0, 1.0, 0.0], &[2.0]);
        check(&[0.0, 3.0, 1.0, 4.0, 0.0], &[1.0, 3.0]);
        check(&[0.0, 3.0, 2.9, 4.0, 0.0], &[3.0]);
        check(&[0.0, 4.0, 3.9, 4.0, 1.0, 2.0], &[1.0, 5.0]);
        check(&[0.0, 9.0, 0.0, 0.5, 0.0], &[1.0]);
        check(&[2.0, 1.0], &[0.0]);
        check(&[], &[]);
    }
}
