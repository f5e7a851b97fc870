//! Sums and sizes of clusters, kept up to date by the rows that move.

use super::packed::PackedRows;
use crate::stats::lanes::F64x2;

/// A row that leaves one cluster for another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub row: u32,
    /// The number of clusters where it had none.
    pub from: u32,
    pub to: u32,
}

/// The sum of the rows of each cluster, kept so that the sums after any number of moves are those
/// of a fresh count.
///
/// Every value, less its feature's mean and scaled to at most 1, is cut in two: a multiple of a
/// power of two so coarse that the sum over all rows has no rounding, and the small rest.
#[derive(Clone, Debug)]
pub(super) struct ClusterSums {
    k: usize,
    /// Pairs of features, the last of an odd number with something beside it.
    n_pairs: usize,
    /// Cluster after cluster, for each pair the sums of both parts.
    sums: Vec<[F64x2; 2]>,
    /// The last counts the rows in no cluster.
    sizes: Vec<usize>,
    /// Added to a value and taken away again, rounds it to the coarse part.
    cutter: f64,
}

impl ClusterSums {
    /// All rows are in no cluster.
    pub fn new(rows: &PackedRows, k: usize) -> Self {
        let mut sizes = vec![0; k + 1];
        sizes[k] = rows.n_rows;
        ClusterSums {
            k,
            n_pairs: rows.n_features().div_ceil(2),
            sums: vec![[F64x2::splat(0.0); 2]; k * rows.n_features().div_ceil(2)],
            sizes,
            cutter: 6.0 * rows.n_rows.next_power_of_two() as f64,
        }
    }

    pub fn sizes(&self) -> &[usize] {
        &self.sizes[..self.k]
    }

    /// Takes every row of `moves` from its old cluster and adds it to its new one.
    #[inline(never)] // see ARCHITECTURE.md, "Hot loops"
    pub fn apply(&mut self, rows: &PackedRows, moves: &[Move]) {
        let cutter = F64x2::splat(self.cutter);
        for m in moves {
            let (to, from) = (m.to as usize, m.from as usize);
            let sums = &mut self.sums[to * self.n_pairs..][..self.n_pairs];
            for (sum, y) in sums.iter_mut().zip(rows.offsets(m.row as usize)) {
                let coarse = (y + cutter) - cutter;
                sum[0] = sum[0] + coarse;
                sum[1] = sum[1] + (y - coarse);
            }
            if from != self.k {
                let sums = &mut self.sums[from * self.n_pairs..][..self.n_pairs];
                for (sum, y) in sums.iter_mut().zip(rows.offsets(m.row as usize)) {
                    let coarse = (y + cutter) - cutter;
                    sum[0] = sum[0] - coarse;
                    sum[1] = sum[1] - (y - coarse);
                }
            }
            self.sizes[to] += 1;
            self.sizes[from] -= 1;
        }
    }

    /// The mean of each cluster, `k` rows of `n_features`.
    ///
    /// An empty cluster takes the place of one of the rows farthest from their own centre, which
    /// leaves the mean of its own cluster, as in scikit-learn; where no row lies away from its
    /// centre, it takes the place of the largest cluster's centre.
    pub fn centres(&self, rows: &PackedRows, labels: &[u32], old_centres: &[f64]) -> Vec<f64> {
        if self.sizes().contains(&0) {
            return self.centres_with_empty(rows, labels, old_centres);
        }
        let mut centres = vec![0.0; self.k * rows.n_features()];
        for (c, centre) in centres.chunks_exact_mut(rows.n_features()).enumerate() {
            self.write_mean(rows, c, centre);
        }
        centres
    }

    fn write_mean(&self, rows: &PackedRows, c: usize, centre: &mut [f64]) {
        let sums = self.sums[c * self.n_pairs..]
            .iter()
            .flat_map(|[coarse, rest]| {
                let ([a, b], [a_rest, b_rest]) = (coarse.to_array(), rest.to_array());
                [a + a_rest, b + b_rest]
            });
        for ((value, origin), sum) in centre.iter_mut().zip(&rows.origin).zip(sums) {
            *value = origin + sum / self.sizes[c] as f64 / rows.scale;
        }
    }

    fn centres_with_empty(&self, rows: &PackedRows, labels: &[u32], old: &[f64]) -> Vec<f64> {
        let empty: Vec<u32> = (0..self.k as u32)
            .filter(|&c| self.sizes[c as usize] == 0)
            .collect();
        let mut moved = self.clone();
        let distances = own_distances(rows, labels, old);
        let moves: Vec<Move> = farthest(&distances, empty.len())
            .into_iter()
            .zip(empty)
            .map(|(row, to)| Move {
                row: row as u32,
                from: labels[row],
                to,
            })
            .collect();
        moved.apply(rows, &moves);
        let largest = (0..self.k).rev().max_by_key(|&c| moved.sizes[c]);
        let mut centres = vec![0.0; self.k * rows.n_features()];
        for (c, centre) in centres.chunks_exact_mut(rows.n_features()).enumerate() {
            let filled = if moved.sizes[c] > 0 { Some(c) } else { largest };
            filled
                .iter()
                .for_each(|&c| moved.write_mean(rows, c, centre));
        }
        centres
    }
}

/// The squared distance of each row from the centre of its own cluster.
pub(super) fn own_distances(rows: &PackedRows, labels: &[u32], centres: &[f64]) -> Vec<f64> {
    let n_features = rows.n_features();
    let k = centres.len() / n_features;
    let mut distances = vec![0.0; rows.n_rows];
    let mut coordinate = vec![0.0; k];
    for (j, column) in rows.columns.iter().enumerate() {
        for (c, value) in coordinate.iter_mut().enumerate() {
            *value = centres[c * n_features + j];
        }
        add_squared_gaps(&mut distances, column, labels, &coordinate);
    }
    distances
}

/// Adds the squared distance of each value from the one of its label.
#[inline(never)] // see ARCHITECTURE.md, "Hot loops"
fn add_squared_gaps(distances: &mut [f64], values: &[f64], labels: &[u32], of_label: &[f64]) {
    for ((distance, &value), &label) in distances.iter_mut().zip(values).zip(labels) {
        let gap = value - of_label[label as usize];
        *distance += gap * gap;
    }
}

/// The rows of the `count` largest distances above zero, the largest first, ties by row.
fn farthest(distances: &[f64], count: usize) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::with_capacity(count);
    for _ in 0..count {
        let mut best = (0.0, None);
        for (row, &distance) in distances.iter().enumerate() {
            if distance > best.0 && !chosen.contains(&row) {
                best = (distance, Some(row));
            }
        }
        chosen.extend(best.1);
    }
    chosen
}
