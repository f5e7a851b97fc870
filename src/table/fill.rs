//! Where a missing value is taken from: rows before or behind, or the most frequent value.

use rustc_hash::FxHashMap;

use super::Column;
use super::verbs::{Groups, NO_ROW};

/// For each row the row that its value comes from: itself where it has one, else the last row with
/// a value before it in `order`, of the same group and at most `limit` rows back; [`NO_ROW`] where
/// there is none. `order` has every row once, the rows of a group together.
///
/// # Panics
/// When the lengths differ.
pub fn carried(column: &Column, order: &[u32], group_of: &[u32], limit: usize) -> Vec<u32> {
    assert_eq!(column.len(), order.len(), "rows of column and order");
    let mut sources = vec![NO_ROW; order.len()];
    let (mut last, mut since, mut group) = (NO_ROW, 0, u32::MAX);
    for &row in order {
        let here = group_of[row as usize];
        if here != group {
            (last, group) = (NO_ROW, here);
        }
        if column.is_valid(row as usize) {
            (last, since) = (row, 0);
        } else {
            since += 1;
        }
        if since <= limit {
            sources[row as usize] = last;
        }
    }
    sources
}

/// For each group a row with its most frequent value, the first in the order of the levels among
/// equally frequent ones; [`NO_ROW`] for a group without values.
///
/// # Panics
/// When the lengths differ.
pub fn most_frequent(column: &Column, groups: &Groups) -> Vec<u32> {
    assert_eq!(column.len(), groups.ids.len(), "rows of column and groups");
    let codes = column.levels_and_codes().codes;
    // Group and level as one number, with the number of rows and the first of them.
    let mut counts: FxHashMap<u64, (u32, u32)> = FxHashMap::default();
    for (row, (&code, &group)) in codes.iter().zip(&groups.ids).enumerate() {
        if code >= 0 {
            let key = u64::from(group) << 32 | code as u64;
            let count = counts.entry(key).or_insert((0, row as u32));
            count.0 += 1;
        }
    }
    let mut best = vec![(0, u32::MAX, NO_ROW); groups.len()];
    for (key, (n, row)) in counts {
        let (group, code) = ((key >> 32) as usize, key as u32);
        let (most, first, _) = best[group];
        if n > most || (n == most && code < first) {
            best[group] = (n, code, row);
        }
    }
    best.into_iter().map(|(_, _, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column() -> Column {
        let nan = f64::NAN;
        Column::float("x", vec![1.0, nan, nan, nan, 5.0, nan, 5.0, 1.0])
    }

    #[test]
    fn values_are_carried_within_groups() {
        let check = |order: &[u32], groups: [u32; 8], limit, expected: [u32; 8]| {
            assert_eq!(carried(&column(), order, &groups, limit), expected);
        };
        let no = NO_ROW;
        let forward: Vec<u32> = (0..8).collect();
        let backward: Vec<u32> = (0..8).rev().collect();
        check(&forward, [0; 8], 99, [0, 0, 0, 0, 4, 4, 6, 7]);
        check(&forward, [0; 8], 2, [0, 0, 0, no, 4, 4, 6, 7]);
        check(&backward, [0; 8], 99, [0, 4, 4, 4, 4, 6, 6, 7]);
        check(&backward, [0; 8], 1, [0, no, no, 4, 4, 6, 6, 7]);
        let groups = [0, 0, 1, 1, 1, 2, 2, 2];
        check(&forward, groups, 99, [0, 0, no, no, 4, no, 6, 7]);
        check(
            &[3, 0, 1, 2, 4, 5, 6, 7],
            [0; 8],
            99,
            [0, 0, 0, no, 4, 4, 6, 7],
        );
    }

    #[test]
    fn the_most_frequent_value_of_each_group() {
        let check = |groups: &[i64], expected: &[u32]| {
            let key = Column::int("g", groups.to_vec());
            let groups = Groups::of(&[&key], 8);
            assert_eq!(most_frequent(&column(), &groups), expected);
        };
        check(&[0; 8], &[0]);
        check(&[1, 2, 2, 2, 3, 3, 3, 3], &[0, NO_ROW, 4]);
        check(&[0, 0, 0, 0, 1, 1, 0, 0], &[0, 4]);
    }
}
