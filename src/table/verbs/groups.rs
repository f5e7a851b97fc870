//! Rows by the values of key columns.

use super::super::Column;
use super::codes::Codes;
use super::sort::{SortKey, sorted_rows};

/// Which group each row is in. Missing is a value like any other here: rows without a key are a
/// group of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Row i's group.
    pub ids: Vec<u32>,
    /// A row of each group: its first one.
    pub first_rows: Vec<u32>,
}

impl Groups {
    /// The groups of `n_rows` rows by the values in `keys`, numbered in the order of their first
    /// rows. Without keys all rows are one group.
    pub fn of(keys: &[&Column], n_rows: usize) -> Self {
        let mut codes = keys.iter().map(|key| Codes::of(key));
        let Some(first) = codes.next() else {
            return Self {
                ids: vec![0; n_rows],
                first_rows: if n_rows > 0 { vec![0] } else { Vec::new() },
            };
        };
        let (ids, first_rows) = codes.fold(first, |all, next| all.times(&next)).dense();
        Self { ids, first_rows }
    }

    pub fn len(&self) -> usize {
        self.first_rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.first_rows.is_empty()
    }

    /// The number of rows in each group.
    pub fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.len()];
        self.ids.iter().for_each(|&id| counts[id as usize] += 1);
        counts
    }

    /// The groups numbered in the order of their keys, each key ascending and missing last.
    pub fn sorted(self, keys: &[&Column]) -> Self {
        let firsts: Vec<Column> = keys
            .iter()
            .map(|key| key.select_rows(&self.first_rows))
            .collect();
        let by: Vec<SortKey> = firsts.iter().map(SortKey::ascending).collect();
        let order = sorted_rows(&by, self.len());
        self.renumbered(&order)
    }

    /// The groups numbered so that group `order[k]` becomes group k.
    pub fn renumbered(mut self, order: &[u32]) -> Self {
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        self.ids.iter_mut().for_each(|id| *id = place[*id as usize]);
        self.first_rows = order
            .iter()
            .map(|&old| self.first_rows[old as usize])
            .collect();
        self
    }

    /// The rows of each group in their order.
    pub fn rows(&self) -> RowsOfGroups {
        RowsOfGroups::of(&self.ids, self.len())
    }
}

/// The rows of each group, one group after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsOfGroups {
    /// Where each group begins in `rows`, and the end of the last.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl RowsOfGroups {
    /// Ids from `n_groups` on belong to no group.
    pub fn of(ids: &[u32], n_groups: usize) -> Self {
        let mut starts = vec![0u32; n_groups + 1];
        for &id in ids.iter().filter(|&&id| (id as usize) < n_groups) {
            starts[id as usize + 1] += 1;
        }
        for g in 0..n_groups {
            starts[g + 1] += starts[g];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; starts[n_groups] as usize];
        for (row, &id) in ids.iter().enumerate() {
            if (id as usize) < n_groups {
                let at = &mut next[id as usize];
                rows[*at as usize] = row as u32;
                *at += 1;
            }
        }
        Self { starts, rows }
    }

    #[inline]
    pub fn group(&self, g: usize) -> &[u32] {
        &self.rows[self.starts[g] as usize..self.starts[g + 1] as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.starts.len() - 1).map(|g| self.group(g))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Bitmap;
    use super::*;

    fn keys() -> [Column; 2] {
        let third = Bitmap::from_iter([true, true, false, true, true]);
        [
            Column::text("a", ["y", "x", "", "y", "x"]).with_validity(third),
            Column::int("b", vec![2, 1, 1, 1, 1]),
        ]
    }

    #[test]
    fn groups_by_first_rows_and_by_keys() {
        let [a, b] = keys();
        let groups = Groups::of(&[&a, &b], 5);
        assert_eq!(groups.ids, [0, 1, 2, 3, 1]);
        assert_eq!(groups.first_rows, [0, 1, 2, 3]);
        assert_eq!(groups.counts(), [1, 2, 1, 1]);
        let sorted = groups.sorted(&[&a, &b]);
        assert_eq!(sorted.ids, [2, 0, 3, 1, 0]);
        assert_eq!(sorted.first_rows, [1, 3, 0, 2]);
        let rows: Vec<Vec<u32>> = sorted.rows().iter().map(<[u32]>::to_vec).collect();
        assert_eq!(rows, [vec![1, 4], vec![3], vec![0], vec![2]]);
    }

    #[test]
    fn without_keys_all_rows_are_one_group() {
        assert_eq!(Groups::of(&[], 3).ids, [0, 0, 0]);
        assert_eq!(Groups::of(&[], 3).len(), 1);
        assert!(Groups::of(&[], 0).is_empty());
        assert!(Groups::of(&[&Column::int("x", vec![])], 0).is_empty());
    }

    #[test]
    fn ids_past_the_groups_are_in_none() {
        let rows = RowsOfGroups::of(&[1, u32::MAX, 0, 1], 2);
        assert_eq!(rows.iter().collect::<Vec<_>>(), [&[2][..], &[0, 3]]);
    }
}
