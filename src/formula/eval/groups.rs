//! Rows in groups, and values as numbers that compare or count as they do.

use std::ops::Range;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::lane::{NO_STAMP, UNKNOWN};
use super::vector::Vector;

/// The rows of a table by their groups: all in one, or those with the same keys. Missing is a key.
pub(super) struct Groups {
    n_rows: usize,
    keyed: Option<Keyed>,
}

struct Keyed {
    /// Each row's group.
    codes: Vec<u32>,
    /// Rows group by group, within a group in their order.
    order: Vec<u32>,
    /// Where each group begins in `order`, and the end of the last.
    starts: Vec<u32>,
}

impl Groups {
    pub fn by(keys: &[Vector<'_>], n_rows: usize) -> Self {
        let mut columns = keys.iter().map(distinct);
        let Some((mut codes, mut n_groups)) = columns.next() else {
            return Self {
                n_rows,
                keyed: None,
            };
        };
        for (others, _) in columns {
            let mut seen: HashMap<(u32, u32), u32, FxBuildHasher> = HashMap::default();
            for (code, other) in codes.iter_mut().zip(others) {
                let next = seen.len() as u32;
                *code = *seen.entry((*code, other)).or_insert(next);
            }
            n_groups = seen.len();
        }
        Self {
            n_rows,
            keyed: Some(Keyed::new(codes, n_groups)),
        }
    }

    /// Each row's group; `None` when all rows are one.
    pub fn codes(&self) -> Option<&[u32]> {
        self.keyed.as_ref().map(|k| &k.codes[..])
    }

    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.keyed.as_ref().map_or(1, |k| k.starts.len() - 1)
    }

    /// The rows of group `g` in their order.
    pub fn rows(&self, g: usize) -> Rows<'_> {
        match &self.keyed {
            None => Rows::All(0..self.n_rows as u32),
            Some(keyed) => {
                let range = keyed.starts[g] as usize..keyed.starts[g + 1] as usize;
                Rows::Some(keyed.order[range].iter())
            }
        }
    }
}

impl Keyed {
    fn new(codes: Vec<u32>, n_groups: usize) -> Self {
        let mut starts = vec![0u32; n_groups + 1];
        for &code in &codes {
            starts[code as usize + 1] += 1;
        }
        for g in 0..n_groups {
            starts[g + 1] += starts[g];
        }
        let mut next = starts.clone();
        let mut order = vec![0; codes.len()];
        for (row, &code) in codes.iter().enumerate() {
            let place = &mut next[code as usize];
            order[*place as usize] = row as u32;
            *place += 1;
        }
        Self {
            codes,
            order,
            starts,
        }
    }
}

/// Positions of rows, ascending.
#[derive(Clone)]
pub(super) enum Rows<'a> {
    All(Range<u32>),
    Some(std::slice::Iter<'a, u32>),
}

impl Iterator for Rows<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        match self {
            Rows::All(range) => range.next(),
            Rows::Some(rows) => rows.next().copied(),
        }
    }
}

/// Equal values by number, in the order in which they come, missing among them; and how many.
pub(super) fn distinct(values: &Vector<'_>) -> (Vec<u32>, usize) {
    match values {
        Vector::Text { codes, levels } => {
            // Codes are numbers already, but need not all occur.
            let mut places = vec![u32::MAX; levels.len() + 1];
            let mut n = 0;
            let place = |&code: &i32| {
                let place = &mut places[(code as usize).min(levels.len())];
                if *place == u32::MAX {
                    *place = n;
                    n += 1;
                }
                *place
            };
            let codes = codes.iter().map(place).collect();
            (codes, n as usize)
        }
        values => {
            let mut seen: HashMap<u64, u32, FxBuildHasher> = HashMap::default();
            let number = |key: u64| {
                let next = seen.len() as u32;
                *seen.entry(key).or_insert(next)
            };
            let codes = keys(values).into_iter().map(number).collect();
            (codes, seen.len())
        }
    }
}

/// What stands for a missing value in [`keys`].
pub(super) const NO_KEY: u64 = u64::MAX;

/// Numbers in the order of the values: texts by their letters, false before true.
pub(super) fn keys(values: &Vector<'_>) -> Vec<u64> {
    const SIGN: u64 = 1 << 63;
    match values {
        Vector::Number(v) => v
            .iter()
            .map(|&x| match (x + 0.0).to_bits() {
                _ if x.is_nan() => NO_KEY,
                bits if bits & SIGN == 0 => bits | SIGN,
                bits => !bits,
            })
            .collect(),
        Vector::Truth(v) => {
            let key = |&t: &u8| if t == UNKNOWN { NO_KEY } else { t.into() };
            v.iter().map(key).collect()
        }
        Vector::Stamp(v) => v
            .iter()
            .map(|&s| match s {
                NO_STAMP => NO_KEY,
                s => (s as u64) ^ SIGN,
            })
            .collect(),
        Vector::Text { codes, levels } => {
            let mut order: Vec<usize> = (0..levels.len()).collect();
            order.sort_unstable_by(|&a, &b| levels[a].cmp(&levels[b]));
            let mut ranks = vec![0u64; levels.len()];
            let mut rank = 0;
            for (i, &level) in order.iter().enumerate() {
                // Levels may stand twice.
                rank += u64::from(i > 0 && levels[order[i - 1]] != levels[level]);
                ranks[level] = rank;
            }
            let key = |&code: &i32| ranks.get(code as usize).copied().unwrap_or(NO_KEY);
            codes.iter().map(key).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'t>(codes: &[i32], levels: &[&str]) -> Vector<'t> {
        let levels: Vec<String> = levels.iter().map(|l| l.to_string()).collect();
        Vector::Text {
            codes: codes.to_vec().into(),
            levels: levels.into(),
        }
    }

    #[test]
    fn keys_lie_in_the_order_of_the_values() {
        let check = |values: Vector<'_>, expected: &[usize]| {
            let keys = keys(&values);
            let mut order: Vec<usize> = (0..keys.len()).collect();
            order.sort_by_key(|&i| keys[i]);
            assert_eq!(order, expected);
        };
        let numbers = [2.0, -1.0, f64::NAN, f64::NEG_INFINITY, 0.0, 1e-300];
        check(Vector::Number(numbers[..].into()), &[3, 1, 4, 5, 0, 2]);
        check(Vector::Stamp(vec![5, NO_STAMP, -7, 0]), &[2, 3, 0, 1]);
        check(Vector::Truth(vec![2, 1, 0]), &[2, 0, 1]);
        check(texts(&[1, -1, 0, 2], &["b", "c", "a"]), &[3, 2, 0, 1]);
        let zeros = Vector::Number([0.0, -0.0][..].into());
        assert_eq!(keys(&zeros)[0], keys(&zeros)[1]);
    }

    #[test]
    fn rows_go_by_their_keys() {
        let city = texts(&[1, 0, 1, -1, 0], &["a", "b"]);
        let year = Vector::Number([1.0, 1.0, 2.0, f64::NAN, 1.0][..].into());
        let check = |keys: &[Vector<'_>], expected: &[&[u32]]| {
            let groups = Groups::by(keys, 5);
            let found: Vec<Vec<u32>> = (0..groups.len())
                .map(|g| groups.rows(g).collect())
                .collect();
            assert_eq!(found, expected);
        };
        check(&[], &[&[0, 1, 2, 3, 4]]);
        check(std::slice::from_ref(&city), &[&[0, 2], &[1, 4], &[3]]);
        check(&[city, year], &[&[0], &[1, 4], &[2], &[3]]);
    }
}
