//! Any column as groups: the distinct values as strings, and each row's group.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

use rustc_hash::FxBuildHasher;

use super::{Column, Data};

/// The groups of a column. Every level has at least one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// The distinct values as canonical strings, in their natural order.
    pub names: Vec<String>,
    /// Row i's position in `names`; −1 when missing.
    pub codes: Vec<i32>,
}

impl Levels {
    /// Number of rows in each level.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.names.len()];
        for &code in self.codes.iter().filter(|&&c| c >= 0) {
            counts[code as usize] += 1;
        }
        counts
    }
}

impl Column {
    /// The column's groups. Numbers and booleans are ordered by value, dates by time, categories as
    /// their levels are stored (unused ones left out), text by [`natural_order`]. Values that have
    /// labels go by these.
    pub fn levels_and_codes(&self) -> Levels {
        let mut levels = self.levels_by_value();
        if !self.value_labels.is_empty() {
            levels.names.iter_mut().for_each(|n| *n = self.name_of(n));
        }
        levels
    }

    /// The names that [`Column::levels_and_codes`] gives, when there are at most `most` of them. A
    /// category's declared levels count, used or not.
    ///
    /// # Panics
    /// When `most` is not below 256.
    pub fn few_levels(&self, most: usize) -> Option<Vec<String>> {
        let mut names = match &self.data {
            Data::Category { levels, .. } if levels.len() > most => return None,
            Data::Category { codes, levels } => self.used(codes, levels).1,
            Data::Text(v) => self.few(most, |i| v.get(i), |a, b| natural_order(a, b))?,
            Data::Float(v) => self.few(most, |i| bits(v[i]), by_bits)?,
            Data::Int(v) | Data::DateTime(v) => self.few(most, |i| v[i], Ord::cmp)?,
            Data::Date(v) | Data::Time(v) => self.few(most, |i| v[i], Ord::cmp)?,
            Data::Bool(v) => self.few(most, |i| v.get(i), Ord::cmp)?,
        };
        if !self.value_labels.is_empty() {
            names.iter_mut().for_each(|n| *n = self.name_of(n));
        }
        Some(names)
    }

    /// As [`Column::levels_and_codes`], but values go by their spelling.
    pub(super) fn levels_by_value(&self) -> Levels {
        match &self.data {
            Data::Category { codes, levels } => self.used_levels(codes, levels),
            Data::Text(v) => self.group(|i| v.get(i), |a, b| natural_order(a, b)),
            Data::Float(v) => self.group(|i| bits(v[i]), by_bits),
            Data::Int(v) | Data::DateTime(v) => self.group(|i| v[i], Ord::cmp),
            Data::Date(v) | Data::Time(v) => self.group(|i| v[i], Ord::cmp),
            Data::Bool(v) => self.group(|i| v.get(i), Ord::cmp),
        }
    }

    /// Where each of a category's levels stands among those that some row has, and these.
    fn used(&self, codes: &[i32], levels: &[String]) -> (Vec<i32>, Vec<String>) {
        let mut used = vec![-1i32; levels.len()];
        for (i, &code) in codes.iter().enumerate() {
            if code >= 0 && self.is_valid(i) {
                used[code as usize] = 0;
            }
        }
        let mut names = Vec::new();
        for (level, place) in levels.iter().zip(&mut used) {
            if *place == 0 {
                *place = names.len() as i32;
                names.push(level.clone());
            }
        }
        (used, names)
    }

    fn used_levels(&self, codes: &[i32], levels: &[String]) -> Levels {
        let (used, names) = self.used(codes, levels);
        let new_code = |(i, &code): (usize, &i32)| match code {
            0.. if self.is_valid(i) => used[code as usize],
            _ => -1,
        };
        Levels {
            names,
            codes: codes.iter().enumerate().map(new_code).collect(),
        }
    }

    fn group<K: Hash + Eq + Copy>(
        &self,
        key: impl Fn(usize) -> K,
        order: impl Fn(&K, &K) -> Ordering,
    ) -> Levels {
        let mut seen: HashMap<K, i32, FxBuildHasher> = HashMap::default();
        let mut first_rows: Vec<(K, usize)> = Vec::new();
        let mut codes: Vec<i32> = Vec::with_capacity(self.len());
        // Values that were met not long ago need no look into the map.
        let mut recent: [Option<(K, i32)>; SLOTS] = [None; SLOTS];
        for i in 0..self.len() {
            if !self.is_valid(i) {
                codes.push(-1);
                continue;
            }
            let k = key(i);
            // The first two are compared with at once: rows of two by turns are not to be guessed.
            if let [(a, _), (b, _), ..] = first_rows[..]
                && ((a == k) | (b == k))
            {
                codes.push(i32::from(b == k));
                continue;
            }
            let slot = &mut recent[FxBuildHasher.hash_one(k) as usize % SLOTS];
            codes.push(match slot {
                Some((other, code)) if *other == k => *code,
                _ => {
                    let code = *seen.entry(k).or_insert_with(|| {
                        first_rows.push((k, i));
                        first_rows.len() as i32 - 1
                    });
                    *slot = Some((k, code));
                    code
                }
            });
        }
        let mut sorted: Vec<usize> = (0..first_rows.len()).collect();
        sorted.sort_by(|&a, &b| order(&first_rows[a].0, &first_rows[b].0));
        let mut place = vec![0; sorted.len()];
        for (new, &old) in sorted.iter().enumerate() {
            place[old] = new as i32;
        }
        if !place.is_sorted() {
            for code in codes.iter_mut().filter(|c| **c >= 0) {
                *code = place[*code as usize];
            }
        }
        Levels {
            names: sorted
                .iter()
                .map(|&k| self.display(first_rows[k].1))
                .collect(),
            codes,
        }
    }

    /// The names of the different values, when there are at most `most`: looked up among the few that
    /// were met, without a code for each row.
    fn few<K: Hash + Eq + Copy>(
        &self,
        most: usize,
        key: impl Fn(usize) -> K,
        order: impl Fn(&K, &K) -> Ordering,
    ) -> Option<Vec<String>> {
        assert!(most < SLOTS, "few are fewer than {SLOTS}");
        let mut slots: [Option<K>; SLOTS] = [None; SLOTS];
        let mut first_rows: Vec<(K, usize)> = Vec::new();
        for i in (0..self.len()).filter(|&i| self.is_valid(i)) {
            let key = key(i);
            let mut slot = FxBuildHasher.hash_one(key) as usize % SLOTS;
            while slots[slot].is_some_and(|other| other != key) {
                slot = (slot + 1) % SLOTS;
            }
            if slots[slot].is_none() {
                slots[slot] = Some(key);
                first_rows.push((key, i));
                if first_rows.len() > most {
                    return None;
                }
            }
        }
        first_rows.sort_by(|a, b| order(&a.0, &b.0));
        Some(first_rows.iter().map(|&(_, i)| self.display(i)).collect())
    }
}

/// Places for values that are looked up before any map.
const SLOTS: usize = 256;

/// A number as a key: both zeros are one.
fn bits(x: f64) -> u64 {
    (x + 0.0).to_bits()
}

fn by_bits(a: &u64, b: &u64) -> Ordering {
    f64::from_bits(*a).total_cmp(&f64::from_bits(*b))
}

/// Orders text by code points, but runs of digits by their value: `a2` before `a10`.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (a.as_bytes(), b.as_bytes());
    loop {
        match (x.first(), y.first()) {
            (None, _) | (_, None) => return x.len().cmp(&y.len()).then_with(|| a.cmp(b)),
            (Some(p), Some(q)) if p.is_ascii_digit() && q.is_ascii_digit() => {
                let (m, rest_x) = digits(x);
                let (n, rest_y) = digits(y);
                let order = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
                if order.is_ne() {
                    return order;
                }
                (x, y) = (rest_x, rest_y);
            }
            (Some(p), Some(q)) if p != q => return p.cmp(q),
            _ => (x, y) = (&x[1..], &y[1..]),
        }
    }
}

/// The leading run of digits without its leading zeros, and what follows it.
fn digits(s: &[u8]) -> (&[u8], &[u8]) {
    let end = s
        .iter()
        .position(|b| !b.is_ascii_digit())
        .unwrap_or(s.len());
    let start = s[..end].iter().position(|&b| b != b'0').unwrap_or(end);
    (&s[start..end], &s[end..])
}

#[cfg(test)]
mod tests {
    use super::super::Bitmap;
    use super::*;

    fn check(column: Column, names: &[&str], codes: &[i32]) {
        let levels = column.levels_and_codes();
        assert_eq!(levels.names, names);
        assert_eq!(levels.codes, codes);
        let few = Some(levels.names).filter(|_| !matches!(column.data, Data::Category { .. }));
        if let Some(few) = few {
            assert_eq!(column.few_levels(few.len()), Some(few.clone()));
            if !few.is_empty() {
                assert_eq!(column.few_levels(few.len() - 1), None);
            }
        }
    }

    #[test]
    fn levels_of_each_kind() {
        check(Column::int("x", vec![10, 9, 10]), &["9", "10"], &[1, 0, 1]);
        check(
            Column::float("x", vec![2.5, f64::NAN, -1.0, 0.0, -0.0]),
            &["-1", "0", "2.5"],
            &[2, -1, 0, 1, 1],
        );
        check(Column::bool("x", [true, true]), &["true"], &[0, 0]);
        check(
            Column::text("x", ["b", "a10", "a9"]),
            &["a9", "a10", "b"],
            &[2, 1, 0],
        );
        check(
            Column::date("x", vec![1, 0]),
            &["1970-01-01", "1970-01-02"],
            &[1, 0],
        );
        check(Column::text("x", [""; 0]), &[], &[]);
    }

    #[test]
    fn categories_keep_their_order_and_drop_unused_levels() {
        let levels = ["low", "middle", "high"].map(String::from).to_vec();
        let column = Column::category("x", vec![2, 0, -1, 2], levels);
        check(column.clone(), &["low", "high"], &[1, 0, -1, 1]);
        assert_eq!(column.levels_and_codes().counts(), [1, 2]);
        assert_eq!(column.few_levels(2), None);
        let used = ["low", "high"].map(String::from).to_vec();
        assert_eq!(column.few_levels(3), Some(used));
        let only_first = Bitmap::from_iter([true, false, false, false]);
        check(
            column.with_validity(only_first),
            &["high"],
            &[0, -1, -1, -1],
        );
    }

    #[test]
    fn natural_text_order() {
        let check = |sorted: &[&str]| {
            let mut again = sorted.to_vec();
            again.reverse();
            again.sort_by(|a, b| natural_order(a, b));
            assert_eq!(again, sorted);
        };
        check(&["", "a", "a1", "a2", "a10", "b"]);
        check(&["01", "1", "2", "10", "x"]);
        check(&["Q1 2024", "Q2 2024", "가", "나"]);
    }
}
