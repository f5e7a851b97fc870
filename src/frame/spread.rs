//! Box plots and violins as marks.

use crate::report::{Along, Mark, Tone};
use crate::stats::density::{density, evenly};
use crate::stats::descriptive::quantile;
use crate::stats::tukey::Fences;

/// Outliers of one box that are drawn.
const MAX_OUTLIERS: usize = 400;

/// Tukey's box of ascending values; none without values.
pub fn tukey_box(sorted: &[f64], along: Along, at: f64, width: f64, tone: Tone) -> Option<Mark> {
    if sorted.is_empty() {
        return None;
    }
    let fences = Fences::of(sorted);
    let (low, high) = fences.whiskers(sorted);
    Some(Mark::Boxes {
        along,
        at: vec![at],
        width,
        low: vec![low],
        q1: vec![fences.q1],
        median: vec![quantile(sorted, 0.5)],
        q3: vec![fences.q3],
        high: vec![high],
        tone,
        n: vec![sorted.len() as u64],
    })
}

/// The values beyond the fences as points. With more than 400 of them, some in even steps and the
/// outermost: then their number, else 0.
pub fn outlier_points(sorted: &[f64], along: Along, at: f64, tone: Tone) -> (Option<Mark>, usize) {
    let (below, above) = Fences::of(sorted).outliers(sorted);
    let all: Vec<f64> = below.iter().chain(above).copied().collect();
    let shown = in_steps(all.len(), MAX_OUTLIERS);
    if shown.is_empty() {
        return (None, 0);
    }
    let n_thinned = if shown.len() < all.len() {
        all.len()
    } else {
        0
    };
    let values: Vec<f64> = shown.iter().map(|&i| all[i]).collect();
    let places = vec![at; values.len()];
    let (x, y) = match along {
        Along::X => (places, values),
        Along::Y => (values, places),
    };
    let points = Mark::Points {
        x,
        y,
        tone,
        names: Vec::new(),
    };
    (Some(points), n_thinned)
}

/// The density of ascending values between the least and the greatest, at places for a curve.
pub fn outline(sorted: &[f64], bandwidth: f64) -> (Vec<f64>, Vec<f64>) {
    let [low, .., high] = sorted else {
        return Default::default();
    };
    let at = evenly(*low, *high, n_points(high - low, bandwidth));
    let heights = density(sorted, bandwidth, &at);
    (at, heights)
}

/// The density from three bandwidths below the least value to three above the greatest.
pub fn curve(sorted: &[f64], bandwidth: f64) -> (Vec<f64>, Vec<f64>) {
    let [low, .., high] = sorted else {
        return Default::default();
    };
    let (low, high) = (low - 3.0 * bandwidth, high + 3.0 * bandwidth);
    let at = evenly(low, high, n_points(high - low, bandwidth));
    let heights = density(sorted, bandwidth, &at);
    (at, heights)
}

/// `most` of the numbers below `n`, in even steps from the first to the last; all when they are fewer.
pub fn in_steps(n: usize, most: usize) -> Vec<usize> {
    match n <= most {
        true => (0..n).collect(),
        false => (0..most).map(|i| i * (n - 1) / (most - 1)).collect(),
    }
}

/// Points of a curve: 256, or eight to a bandwidth where there are values far away.
fn n_points(span: f64, bandwidth: f64) -> usize {
    ((span / bandwidth * 8.0) as usize).clamp(256, 2048)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_ends() {
        assert_eq!(in_steps(3, 5), [0, 1, 2]);
        assert_eq!(in_steps(9, 5), [0, 2, 4, 6, 8]);
    }

    #[test]
    fn many_outliers_are_thinned() {
        let count = |n: usize| {
            let mut values = vec![0.0; 10_000];
            values.extend((1..=n).map(|i| i as f64));
            let (mark, thinned) = outlier_points(&values, Along::Y, 0.0, Tone::Accent);
            let Some(Mark::Points { x, .. }) = mark else {
                return (0, thinned);
            };
            assert_eq!((x[0], x[x.len() - 1]), (1.0, n as f64));
            (x.len(), thinned)
        };
        assert_eq!(count(0), (0, 0));
        assert_eq!(count(7), (7, 0));
        assert_eq!(count(900), (400, 900));
    }
}
