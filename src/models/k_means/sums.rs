//! Sums and sizes of clusters, kept up to date by the rows that move.

use super::packed::PackedRows;
use crate::stats::compensated::Sum;

/// Stands for "no cluster yet" in a label.
pub(super) const NONE: u32 = u32::MAX;

/// A row that leaves one cluster for another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub row: u32,
    pub from: u32,
    pub to: u32,
}

/// The sum of the rows of each cluster, in double precision with compensation, so that the sums
/// after any number of moves are those of a fresh count but for the last bit.
#[derive(Clone, Debug)]
pub(super) struct ClusterSums {
    k: usize,
    /// Feature after feature, `k` sums each.
    sums: Vec<Sum>,
    sizes: Vec<usize>,
}

impl ClusterSums {
    pub fn new(k: usize, n_features: usize) -> Self {
        ClusterSums {
            k,
            sums: vec![Sum::default(); k * n_features],
            sizes: vec![0; k],
        }
    }

    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// Takes every row of `moves` from its old cluster, if it had one, and adds it to its new one.
    pub fn apply(&mut self, rows: &PackedRows, moves: &[Move]) {
        for (column, sums) in rows.columns.iter().zip(self.sums.chunks_exact_mut(self.k)) {
            for m in moves {
                let value = column[m.row as usize];
                sums[m.to as usize].add(value);
                if let Some(sum) = sums.get_mut(m.from as usize) {
                    sum.add(-value);
                }
            }
        }
        for m in moves {
            self.sizes[m.to as usize] += 1;
            if let Some(size) = self.sizes.get_mut(m.from as usize) {
                *size -= 1;
            }
        }
    }

    /// The mean of each cluster, `k` rows of `n_features`.
    ///
    /// An empty cluster takes the place of one of the rows farthest from their own centre, which
    /// leaves the mean of its own cluster, as in scikit-learn; where no row lies away from its
    /// centre, it takes the place of the largest cluster's centre.
    pub fn centres(&self, rows: &PackedRows, labels: &[u32], old_centres: &[f64]) -> Vec<f64> {
        if self.sizes.contains(&0) {
            return self.centres_with_empty(rows, labels, old_centres);
        }
        let n_features = rows.n_features();
        let mut centres = vec![0.0; self.k * n_features];
        for (j, sums) in self.sums.chunks_exact(self.k).enumerate() {
            for (c, sum) in sums.iter().enumerate() {
                centres[c * n_features + j] = sum.value() / self.sizes[c] as f64;
            }
        }
        centres
    }

    fn centres_with_empty(&self, rows: &PackedRows, labels: &[u32], old: &[f64]) -> Vec<f64> {
        let empty: Vec<u32> = (0..self.k as u32)
            .filter(|&c| self.sizes[c as usize] == 0)
            .collect();
        let mut moved = self.clone();
        for &c in &empty {
            for sums in moved.sums.chunks_exact_mut(self.k) {
                sums[c as usize] = Sum::default();
            }
        }
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
        let n_features = rows.n_features();
        let mut centres = vec![0.0; self.k * n_features];
        for (j, sums) in moved.sums.chunks_exact(self.k).enumerate() {
            for c in 0..self.k {
                let source = if moved.sizes[c] > 0 { Some(c) } else { largest };
                if let Some(s) = source {
                    centres[c * n_features + j] = sums[s].value() / moved.sizes[s] as f64;
                }
            }
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
        for ((distance, &value), &label) in distances.iter_mut().zip(*column).zip(labels) {
            let gap = value - coordinate[label as usize];
            *distance += gap * gap;
        }
    }
    distances
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
