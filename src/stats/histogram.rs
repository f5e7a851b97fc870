//! Counts of values in bins with round edges.

use super::descriptive::{interquartile_range, range, sorted};

/// How many bins to make.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BinRule {
    /// ⌈log₂ n⌉ + 1 bins (Sturges 1926).
    Sturges,
    /// Width 2 IQR n^(−1/3) (Freedman and Diaconis 1981); Sturges where the IQR is zero.
    FreedmanDiaconis,
    /// About this many.
    Count(usize),
}

/// Bins and how many values fall into each.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// One more than there are bins, equally spaced, multiples of 1, 2 or 5 times a power of ten.
    pub edges: Vec<f64>,
    /// Bin i holds edges\[i\] ≤ x < edges\[i + 1\]; the last holds its upper edge too.
    pub counts: Vec<usize>,
}

/// No rule makes more bins than this.
pub const MAX_BINS: usize = 500;

/// Bins finite values. None when there are none; a single bin when all values are equal.
pub fn histogram(values: &[f64], rule: BinRule) -> Option<Histogram> {
    if values.is_empty() {
        return None;
    }
    let (min, max) = range(values);
    let span = max - min;
    if !span.is_finite() {
        return None;
    }
    let edges = if span > 0.0 {
        let n_bins = wanted_bins(values, span, rule).clamp(1.0, MAX_BINS as f64);
        let mut width = span / n_bins;
        let mut edges = round_edges(min, max, width);
        // A step rounded down makes more bins than were wanted.
        while edges.len() > MAX_BINS + 1 {
            width *= 2.0;
            edges = round_edges(min, max, width);
        }
        edges
    } else {
        let half = if min == 0.0 {
            0.5
        } else {
            0.5 * round_step(min.abs())
        };
        vec![min - half, min + half]
    };
    let counts = counts(values, &edges);
    Some(Histogram { edges, counts })
}

fn wanted_bins(values: &[f64], span: f64, rule: BinRule) -> f64 {
    let n = values.len() as f64;
    match rule {
        BinRule::Sturges => libm::log2(n).ceil() + 1.0,
        BinRule::FreedmanDiaconis => {
            let width = 2.0 * interquartile_range(&sorted(values)) / libm::cbrt(n);
            if width > 0.0 {
                (span / width).ceil()
            } else {
                wanted_bins(values, span, BinRule::Sturges)
            }
        }
        BinRule::Count(n_bins) => n_bins as f64,
    }
}

/// Equally spaced round numbers from at most `min` to at least `max`, near `width` apart.
fn round_edges(min: f64, max: f64, width: f64) -> Vec<f64> {
    let step = round_step(width);
    // Dividing by a whole number keeps 0.3 from becoming 0.30000000000000004.
    let inverse = (1.0 / step).round();
    let edge = |multiple: f64| {
        if step < 1.0 {
            multiple / inverse
        } else {
            multiple * step
        }
    };
    let mut first = (min / step).floor();
    let mut last = (max / step).ceil();
    // Quotients round: an edge may end up a digit inside the range it should hold.
    if edge(first) > min {
        first -= 1.0;
    }
    if edge(last) < max {
        last += 1.0;
    }
    let n_bins = (last - first) as usize;
    if !(1..=2 * MAX_BINS).contains(&n_bins) || first + 1.0 == first {
        // A spread so small beside its centre that multiples of the step run out of digits.
        return vec![min, max];
    }
    (0..=n_bins).map(|i| edge(first + i as f64)).collect()
}

/// The 1, 2 or 5 times a power of ten that is nearest in ratio.
fn round_step(width: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(width).floor());
    let ratio = width / power;
    let digit = match ratio {
        r if r < 2.0_f64.sqrt() => 1.0,
        r if r < 10.0_f64.sqrt() => 2.0,
        r if r < 50.0_f64.sqrt() => 5.0,
        _ => 10.0,
    };
    digit * power
}

fn counts(values: &[f64], edges: &[f64]) -> Vec<usize> {
    let mut counts = vec![0; edges.len() - 1];
    each_bin(values, edges, |_, bin| counts[bin] += 1);
    counts
}

/// The sums of weights of the values in the bins of a histogram of them.
pub fn weights_in_bins(values: &[f64], weights: &[f64], edges: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; edges.len() - 1];
    each_bin(values, edges, |i, bin| sums[bin] += weights[i]);
    sums
}

/// Tells the place of each value and of its bin.
#[inline]
fn each_bin(values: &[f64], edges: &[f64], mut tell: impl FnMut(usize, usize)) {
    let n_bins = edges.len() - 1;
    let first = edges[0];
    let per_unit = n_bins as f64 / (edges[n_bins] - first);
    for (i, &x) in values.iter().enumerate() {
        let mut bin = (((x - first) * per_unit) as usize).min(n_bins - 1);
        // The quotient may round across an edge; the edges decide.
        if bin > 0 && x < edges[bin] {
            bin -= 1;
        } else if bin + 1 < n_bins && x >= edges[bin + 1] {
            bin += 1;
        }
        tell(i, bin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], rule: BinRule, edges: &[f64], counts: &[usize]) {
        let got = histogram(values, rule).unwrap();
        assert_eq!(got.edges, edges);
        assert_eq!(got.counts, counts);
    }

    #[test]
    fn edges_are_round_and_the_last_bin_closed() {
        let tenths: Vec<f64> = (0..=10).map(|i| f64::from(i) / 10.0).collect();
        check(
            &tenths,
            BinRule::Count(10),
            &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
            &[1, 1, 1, 1, 1, 1, 1, 1, 1, 2],
        );
        let twice = weights_in_bins(&tenths, &[2.0; 11], &[0.0, 0.5, 1.0]);
        assert_eq!(twice, [10.0, 12.0]);
        check(
            &[-3.0, 12.0, 40.0, 99.0, 100.0],
            BinRule::Count(5),
            &[-20.0, 0.0, 20.0, 40.0, 60.0, 80.0, 100.0],
            &[1, 1, 0, 1, 0, 2],
        );
        check(
            &[1.0, 2.0, 3.0, 4.0],
            BinRule::Sturges,
            &[1.0, 2.0, 3.0, 4.0],
            &[1, 1, 2],
        );
    }

    #[test]
    fn a_rounded_step_makes_no_more_bins_than_allowed() {
        let values: Vec<f64> = (0..=1358).map(f64::from).collect();
        let n_bins = histogram(&values, BinRule::Count(MAX_BINS))
            .unwrap()
            .counts
            .len();
        assert_eq!(n_bins, 272);
    }

    #[test]
    fn equal_values_share_one_bin() {
        check(&[0.0, 0.0], BinRule::Sturges, &[-0.5, 0.5], &[2]);
        check(&[70.0; 3], BinRule::FreedmanDiaconis, &[45.0, 95.0], &[3]);
        assert_eq!(histogram(&[], BinRule::Sturges), None);
    }

    #[test]
    fn every_value_is_counted_once() {
        for scale in [1e-9, 0.37, 1.0, 1e12] {
            for rule in [
                BinRule::Sturges,
                BinRule::FreedmanDiaconis,
                BinRule::Count(37),
            ] {
                let values: Vec<f64> = (0..1000).map(|i| f64::from(i * i % 701) * scale).collect();
                let got = histogram(&values, rule).unwrap();
                assert_eq!(got.counts.iter().sum::<usize>(), 1000);
                for (bin, edges) in got.edges.windows(2).enumerate() {
                    let last = bin + 1 == got.counts.len();
                    let inside = |x: f64| x >= edges[0] && (x < edges[1] || last && x <= edges[1]);
                    let expected = values.iter().filter(|&&x| inside(x)).count();
                    assert_eq!(got.counts[bin], expected);
                }
            }
        }
    }
}
