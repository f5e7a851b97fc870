//! How good a clustering is: silhouettes, sums of squares, agreement with another labelling.

use std::collections::HashMap;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::compensated::Sum;
use super::progress::{Cancelled, Progress};

/// Silhouette widths (Rousseeuw 1987) with Euclidean distances.
#[derive(Clone, Debug, PartialEq)]
pub struct Silhouettes {
    /// The rows that were scored, ascending: all of them, or the sample.
    pub rows: Vec<u32>,
    /// The silhouette width of each of `rows`, −1 to 1; 0 for a row alone in its cluster.
    pub widths: Vec<f64>,
    /// The mean width of each cluster; `None` where no row of it was scored.
    pub per_cluster: Vec<Option<f64>>,
    /// The mean width; `None` with fewer than two clusters among the scored rows.
    pub overall: Option<f64>,
    /// Whether `rows` is a sample.
    pub sampled: bool,
}

/// The silhouettes of the clustering `labels`, numbered from 0 to `k − 1`, of the rows of
/// `columns`, one slice of finite numbers a feature.
///
/// Exact up to `limit` rows. Beyond that `limit` rows are drawn by `seed`, and scored against one
/// another as if there were no others (as scikit-learn does with `sample_size`). The time grows
/// with the square of the rows scored.
///
/// # Errors
/// [`Cancelled`] when `progress` says so.
///
/// # Panics
/// When the lengths differ or a label is not below `k`.
pub fn silhouettes(
    columns: &[&[f64]],
    labels: &[u32],
    k: usize,
    limit: usize,
    seed: u64,
    progress: &mut Progress,
) -> Result<Silhouettes, Cancelled> {
    check_lengths(columns, labels, k);
    let sampled = labels.len() > limit;
    let rows = if sampled {
        sample(labels.len(), limit, seed)
    } else {
        (0..labels.len() as u32).collect()
    };
    let grouped = Grouped::new(columns, labels, &rows, k);
    let n_clusters = grouped.sizes().filter(|&size| size > 0).count();
    let mut widths = vec![0.0; rows.len()];
    if n_clusters > 1 {
        let sums = grouped.distance_sums(progress)?;
        for (at, &place) in grouped.places.iter().enumerate() {
            widths[place as usize] = grouped.width(at, &sums);
        }
    }
    let mut per_cluster = vec![None; k];
    for (c, mean) in per_cluster.iter_mut().enumerate() {
        let of_cluster = rows
            .iter()
            .zip(&widths)
            .filter(|&(&row, _)| labels[row as usize] == c as u32);
        *mean = average(of_cluster.map(|(_, &width)| width)).filter(|_| n_clusters > 1);
    }
    let overall = average(widths.iter().copied()).filter(|_| n_clusters > 1);
    Ok(Silhouettes {
        rows,
        widths,
        per_cluster,
        overall,
        sampled,
    })
}

/// The adjusted Rand index (Hubert and Arabie 1985) of two labellings of the same rows: 1 when
/// they are the same but for the names, about 0 when they agree no more than by chance.
///
/// # Panics
/// When the lengths differ.
pub fn adjusted_rand_index(a: &[u32], b: &[u32]) -> f64 {
    assert_eq!(a.len(), b.len(), "as many labels");
    let (mut both, mut by_a, mut by_b) = (HashMap::new(), HashMap::new(), HashMap::new());
    for pair in a.iter().zip(b) {
        *both.entry(pair).or_insert(0_u64) += 1;
    }
    for (&(a, b), n) in &both {
        *by_a.entry(a).or_insert(0) += n;
        *by_b.entry(b).or_insert(0) += n;
    }
    let pairs = |n: u64| u128::from(n) * u128::from(n.saturating_sub(1)) / 2;
    let together = both.values().map(|&n| pairs(n)).sum::<u128>() as f64;
    let in_a = by_a.values().map(|&n| pairs(n)).sum::<u128>() as f64;
    let in_b = by_b.values().map(|&n| pairs(n)).sum::<u128>() as f64;
    if together == in_a && together == in_b {
        return 1.0;
    }
    let by_chance = in_a * in_b / pairs(a.len() as u64) as f64;
    (together - by_chance) / ((in_a + in_b) / 2.0 - by_chance)
}

/// How the squared distances from the mean divide.
#[derive(Clone, Debug, PartialEq)]
pub struct SumsOfSquares {
    /// Of each cluster's rows from their mean; 0 for an empty cluster.
    pub within: Vec<f64>,
    /// Of the clusters' means from the mean of all rows, times the clusters' sizes.
    pub between: f64,
    /// Of all rows from their mean: `between` plus the sum of `within`.
    pub total: f64,
}

/// Sums of squares over the rows of `columns`, whose clusters `labels` are numbered from 0 to
/// `k − 1`.
///
/// # Panics
/// When the lengths differ or a label is not below `k`.
pub fn sums_of_squares(columns: &[&[f64]], labels: &[u32], k: usize) -> SumsOfSquares {
    check_lengths(columns, labels, k);
    let mut sizes = vec![0.0; k];
    labels.iter().for_each(|&c| sizes[c as usize] += 1.0);
    let mut within = vec![Sum::default(); k];
    let (mut between, mut total) = (Sum::default(), Sum::default());
    for column in columns {
        let mut sums = vec![Sum::default(); k];
        for (&x, &c) in column.iter().zip(labels) {
            sums[c as usize].add(x);
        }
        let mut sum = Sum::default();
        sums.iter().for_each(|s| sum.add(s.value()));
        let mean = sum.value() / labels.len() as f64;
        let means: Vec<f64> = sums
            .iter()
            .zip(&sizes)
            .map(|(s, n)| s.value() / n)
            .collect();
        for (&x, &c) in column.iter().zip(labels) {
            let gap = x - means[c as usize];
            within[c as usize].add(gap * gap);
            total.add((x - mean) * (x - mean));
        }
        for (m, n) in means.iter().zip(&sizes).filter(|&(_, &n)| n > 0.0) {
            between.add(n * (m - mean) * (m - mean));
        }
    }
    SumsOfSquares {
        within: within.iter().map(Sum::value).collect(),
        between: between.value(),
        total: total.value(),
    }
}

/// Rows brought together by cluster, so that sums over a cluster run over neighbours.
struct Grouped {
    /// Where each grouped row stands in the list of rows it came from.
    places: Vec<u32>,
    /// Where each cluster begins, and at the end the number of rows.
    begins: Vec<usize>,
    /// Feature after feature, all rows.
    values: Vec<f64>,
}

/// Rows whose distances are worked out together.
const BLOCK: usize = 256;

impl Grouped {
    fn new(columns: &[&[f64]], labels: &[u32], rows: &[u32], k: usize) -> Self {
        let label = |place: u32| labels[rows[place as usize] as usize];
        let mut places: Vec<u32> = (0..rows.len() as u32).collect();
        places.sort_by_key(|&place| label(place));
        let begins = (0..=k as u32)
            .map(|c| places.partition_point(|&place| label(place) < c))
            .collect();
        let values = columns
            .iter()
            .flat_map(|column| places.iter().map(|&p| column[rows[p as usize] as usize]))
            .collect();
        Grouped {
            places,
            begins,
            values,
        }
    }

    fn sizes(&self) -> impl Iterator<Item = usize> {
        self.begins.windows(2).map(|pair| pair[1] - pair[0])
    }

    /// For each cluster, the sum of the distances of each row from the cluster's rows.
    fn distance_sums(&self, progress: &mut Progress) -> Result<Vec<Vec<f64>>, Cancelled> {
        let n = self.places.len();
        let k = self.begins.len() - 1;
        let mut sums = vec![vec![0.0; n]; k];
        let mut distances = [0.0; BLOCK];
        for own in 0..k {
            for row in self.begins[own]..self.begins[own + 1] {
                if row % 64 == 0 {
                    let left = (n - row) as f32 / n as f32;
                    progress(1.0 - left * left)?;
                }
                for other in own..k {
                    let mut from = self.begins[other].max(row + 1);
                    let mut sum = 0.0;
                    while from < self.begins[other + 1] {
                        let to = (from + BLOCK).min(self.begins[other + 1]);
                        self.distances(row, from, &mut distances[..to - from]);
                        let sums = &mut sums[own][from..to];
                        for (sum, distance) in sums.iter_mut().zip(&distances) {
                            *sum += distance;
                        }
                        sum += lane_sum(&distances[..to - from]);
                        from = to;
                    }
                    sums[other][row] += sum;
                }
            }
        }
        Ok(sums)
    }

    /// The distances of row `row` from the rows beginning at `from`.
    #[inline(never)] // see ARCHITECTURE.md, "Hot loops"
    fn distances(&self, row: usize, from: usize, distances: &mut [f64]) {
        distances.fill(0.0);
        for feature in self.values.chunks_exact(self.places.len()) {
            let x = feature[row];
            for (distance, other) in distances.iter_mut().zip(&feature[from..]) {
                let gap = x - other;
                *distance += gap * gap;
            }
        }
        distances
            .iter_mut()
            .for_each(|square| *square = square.sqrt());
    }

    /// The silhouette width of the row at `at`.
    fn width(&self, at: usize, sums: &[Vec<f64>]) -> f64 {
        let own = self.begins.partition_point(|&begin| begin <= at) - 1;
        let mut within = 0.0;
        let mut nearest = f64::INFINITY;
        for (c, size) in self.sizes().enumerate() {
            if c == own && size == 1 {
                return 0.0;
            } else if c == own {
                within = sums[c][at] / (size - 1) as f64;
            } else if size > 0 {
                nearest = nearest.min(sums[c][at] / size as f64);
            }
        }
        let larger = within.max(nearest);
        if larger > 0.0 {
            (nearest - within) / larger
        } else {
            0.0
        }
    }
}

/// A sum in four lanes.
fn lane_sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let mut fours = values.chunks_exact(4);
    for four in &mut fours {
        for (lane, value) in lanes.iter_mut().zip(four) {
            *lane += value;
        }
    }
    let rest: f64 = fours.remainder().iter().sum();
    (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]) + rest
}

/// `count` of the rows below `n`, drawn evenly without return, ascending.
fn sample(n: usize, count: usize, seed: u64) -> Vec<u32> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut rows = Vec::with_capacity(count);
    for row in 0..n {
        let wanted = (count - rows.len()) as u64;
        let left = (n - row) as u128;
        let drawn = (u128::from(rng.next_u64()) * left) >> 64;
        if (drawn as u64) < wanted {
            rows.push(row as u32);
        }
    }
    rows
}

fn average(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut n, mut sum) = (0, Sum::default());
    values.for_each(|value| {
        n += 1;
        sum.add(value);
    });
    (n > 0).then(|| sum.value() / n as f64)
}

fn check_lengths(columns: &[&[f64]], labels: &[u32], k: usize) {
    let equal = columns.iter().all(|column| column.len() == labels.len());
    assert!(equal, "a label for each row");
    assert!(labels.iter().all(|&c| (c as usize) < k), "labels below k");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::progress::unwatched;

    fn check_widths(column: &[f64], labels: &[u32], k: usize, expected: &[f64]) -> Silhouettes {
        let found = silhouettes(&[column], labels, k, 100, 1, &mut unwatched).unwrap();
        for (got, expected) in found.widths.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-15, "{:?}", found.widths);
        }
        found
    }

    #[test]
    fn silhouettes_worked_by_hand() {
        // Row 0 lies 1 from its own cluster's other row and (9 + 11) / 2 from the other cluster.
        let column = [1.0, 10.0, 0.0, 12.0];
        let widths = [
            1.0 - 1.0 / 10.0,
            1.0 - 2.0 / 9.5,
            1.0 - 1.0 / 11.0,
            1.0 - 2.0 / 11.5,
        ];
        let found = check_widths(&column, &[0, 1, 0, 1], 2, &widths);
        assert!(!found.sampled);
        assert_eq!(found.rows, [0, 1, 2, 3]);
        let mean = |a: usize, b: usize| Some((widths[a] + widths[b]) / 2.0);
        assert_eq!(found.per_cluster, [mean(0, 2), mean(1, 3)]);
        let badly = check_widths(&[0.0, 1.0, 0.0], &[0, 0, 1], 2, &[-1.0, 0.0, 0.0]);
        assert_eq!(badly.per_cluster, [Some(-0.5), Some(0.0)]);
    }

    #[test]
    fn silhouettes_without_two_clusters_are_not_there() {
        for labels in [[0, 0], [2, 2]] {
            let found = check_widths(&[1.0, 2.0], &labels, 3, &[0.0, 0.0]);
            assert_eq!((found.overall, found.per_cluster), (None, vec![None; 3]));
        }
        let found = check_widths(&[1.0, 1.0], &[0, 2], 3, &[0.0, 0.0]);
        assert_eq!(found.per_cluster, [Some(0.0), None, Some(0.0)]);
    }

    #[test]
    fn a_sample_is_scored_as_if_it_were_all() {
        let column: Vec<f64> = (0..1000).map(|i| f64::from(i * i % 977)).collect();
        let labels: Vec<u32> = column.iter().map(|&x| (x / 400.0) as u32).collect();
        let found = silhouettes(&[&column], &labels, 3, 200, 5, &mut unwatched).unwrap();
        assert!(found.sampled && found.rows.len() == 200 && found.rows.is_sorted());
        let rows: Vec<usize> = found.rows.iter().map(|&row| row as usize).collect();
        let part: Vec<f64> = rows.iter().map(|&row| column[row]).collect();
        let part_labels: Vec<u32> = rows.iter().map(|&row| labels[row]).collect();
        let alone = silhouettes(&[&part], &part_labels, 3, 200, 5, &mut unwatched).unwrap();
        assert_eq!(found.widths, alone.widths);
        let other = silhouettes(&[&column], &labels, 3, 200, 6, &mut unwatched).unwrap();
        assert_ne!(found.rows, other.rows);
    }

    #[test]
    fn silhouettes_can_be_stopped() {
        let stop = &mut |_: f32| Err(Cancelled);
        assert_eq!(
            silhouettes(&[&[1.0, 2.0]], &[0, 1], 2, 9, 1, stop),
            Err(Cancelled)
        );
    }

    fn check_index(a: &[u32], b: &[u32], expected: f64) {
        for (a, b) in [(a, b), (b, a)] {
            let found = adjusted_rand_index(a, b);
            assert!((found - expected).abs() < 1e-15, "{a:?} {b:?}: {found}");
        }
    }

    /// The values of the examples in scikit-learn's documentation of `adjusted_rand_score`.
    #[test]
    fn rand_indices() {
        check_index(&[0, 0, 1, 1], &[0, 0, 1, 1], 1.0);
        check_index(&[0, 0, 1, 1], &[1, 1, 0, 0], 1.0);
        check_index(&[0, 0, 1, 2], &[0, 0, 1, 1], 4.0 / 7.0);
        check_index(&[0, 0, 0, 0], &[0, 1, 2, 3], 0.0);
        check_index(&[0, 0, 1, 1], &[0, 1, 0, 1], -0.5);
        check_index(&[3], &[5], 1.0);
        check_index(&[], &[], 1.0);
    }

    #[test]
    fn sums_of_squares_add_up() {
        let columns: [&[f64]; 2] = [&[1.0, 3.0, 10.0, 14.0], &[0.0, 0.0, 1.0, 3.0]];
        let found = sums_of_squares(&columns, &[0, 0, 2, 2], 3);
        assert_eq!(found.within, [2.0, 0.0, 10.0]);
        assert_eq!((found.between, found.total), (104.0, 116.0));
    }
}
