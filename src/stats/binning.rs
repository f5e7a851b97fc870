//! Numbers put into bins: equal widths, equal counts or cuts of one's own.

use super::descriptive::quantile;

/// Which end of a bin belongs to it. The outermost ends always do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// low ≤ x < high; the last bin holds its upper end too.
    Left,
    /// low < x ≤ high; the first bin holds its lower end too.
    Right,
}

/// Neighbouring bins: bin i reaches from `edges[i]` to `edges[i + 1]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    /// Ascending, each once; a single bin from x to x has x twice.
    edges: Vec<f64>,
    closed: Closed,
}

impl Bins {
    /// `n` bins of one width from `low` to `high`, with the edges of NumPy's `linspace`; one bin
    /// when these are equal.
    pub fn equal_width(low: f64, high: f64, n: usize, closed: Closed) -> Self {
        if low == high {
            return Self::new(vec![low, high], closed);
        }
        let step = (high - low) / n as f64;
        let edge = |i: usize| match step.is_finite() {
            true => low + i as f64 * step,
            false => {
                let share = i as f64 / n as f64;
                low * (1.0 - share) + high * share
            }
        };
        let mut edges: Vec<f64> = (0..n).map(edge).collect();
        edges.push(high);
        Self::new(edges, closed)
    }

    /// Bins between the quantiles 0, 1/n, 2/n … 1 (type 7) of sorted values, so that each holds
    /// about as many. Equal neighbours among the quantiles make one edge: with many ties there are
    /// fewer bins.
    pub fn equal_count(sorted: &[f64], n: usize, closed: Closed) -> Self {
        let edges = (0..=n).map(|i| quantile(sorted, i as f64 / n as f64));
        Self::new(edges.collect(), closed)
    }

    /// Bins between these cuts, in any order; with `open`, also one below and one above them.
    pub fn between(cuts: &[f64], open: bool, closed: Closed) -> Self {
        let mut edges = cuts.to_vec();
        if open {
            edges.extend([f64::NEG_INFINITY, f64::INFINITY]);
        }
        edges.sort_unstable_by(f64::total_cmp);
        Self::new(edges, closed)
    }

    fn new(mut edges: Vec<f64>, closed: Closed) -> Self {
        let ends = edges.first().copied().zip(edges.last().copied());
        edges.dedup();
        if edges.len() < 2 {
            edges = ends.map_or_else(Vec::new, |(low, high)| vec![low, high]);
        }
        Self { edges, closed }
    }

    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    pub fn closed(&self) -> Closed {
        self.closed
    }

    /// The number of bins.
    pub fn len(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bin of each value; −1 for NaN and for what lies outside.
    pub fn places(&self, values: &[f64]) -> Vec<i32> {
        let Some(last) = self.len().checked_sub(1) else {
            return vec![-1; values.len()];
        };
        let (low, high) = (self.edges[0], self.edges[last + 1]);
        let inner = &self.edges[1..=last];
        let place = |&x: &f64| {
            // Not the other way round: NaN is in no bin.
            if !(low <= x && x <= high) {
                return -1;
            }
            match self.closed {
                Closed::Left => inner.partition_point(|&e| e <= x) as i32,
                Closed::Right => inner.partition_point(|&e| e < x) as i32,
            }
        };
        values.iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bins: &Bins, values: &[f64], expected: &[i32]) {
        assert_eq!(bins.places(values), expected, "{bins:?}");
    }

    #[test]
    fn edges_belong_to_one_side() {
        let values = [0.0, 1.0, 1.5, 2.0, 3.0, -0.1, 3.1, f64::NAN];
        check(
            &Bins::equal_width(0.0, 3.0, 3, Closed::Left),
            &values,
            &[0, 1, 1, 2, 2, -1, -1, -1],
        );
        check(
            &Bins::equal_width(0.0, 3.0, 3, Closed::Right),
            &values,
            &[0, 0, 1, 1, 2, -1, -1, -1],
        );
    }

    #[test]
    fn own_cuts_with_and_without_open_ends() {
        let values = [-5.0, 0.0, 1.0, 9.0, f64::INFINITY];
        check(
            &Bins::between(&[1.0, 0.0, 1.0], false, Closed::Left),
            &values,
            &[-1, 0, 0, -1, -1],
        );
        check(
            &Bins::between(&[1.0, 0.0], true, Closed::Left),
            &values,
            &[0, 1, 2, 2, 2],
        );
        check(
            &Bins::between(&[1.0, 0.0], true, Closed::Right),
            &values,
            &[0, 0, 1, 2, 2],
        );
        check(
            &Bins::between(&[2.0], true, Closed::Right),
            &values,
            &[0, 0, 0, 1, 1],
        );
    }

    #[test]
    fn ties_make_fewer_bins() {
        let sorted = [1.0, 1.0, 1.0, 2.0, 3.0];
        let bins = Bins::equal_count(&sorted, 4, Closed::Right);
        assert_eq!(bins.edges(), [1.0, 2.0, 3.0]);
        let one = Bins::equal_count(&[7.0; 3], 4, Closed::Left);
        check(&one, &[7.0, 6.0], &[0, -1]);
        let none = Bins::between(&[], false, Closed::Left);
        check(&none, &[7.0], &[-1]);
    }

    #[test]
    fn the_widest_range_has_finite_edges() {
        let bins = Bins::equal_width(f64::MIN, f64::MAX, 4, Closed::Left);
        assert_eq!(bins.edges()[2], 0.0);
        assert!(bins.edges().iter().all(|e| e.is_finite()));
        check(&bins, &[f64::MIN, -1.0, 0.0, f64::MAX], &[0, 1, 2, 3]);
    }
}
