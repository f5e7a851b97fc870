//! Two tables by equal keys: which rows match, and the rows of a join.

use super::super::Column;
use super::codes::{Codes, Family};
use super::groups::RowsOfGroups;
use super::take::NO_ROW;

/// Which rows stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// All rows of the left table, with those of the right that match.
    Left,
    /// Rows that match.
    Inner,
    /// All rows of both tables.
    Full,
    /// Rows of the left table that match, each once.
    Semi,
    /// Rows of the left table that match nothing.
    Anti,
}

/// The rows of two tables by the keys that they share. A row that misses a key matches nothing, not
/// even another such row.
#[derive(Clone, Debug)]
pub struct Matching {
    /// The key of each row; `n_keys` when it misses one.
    left: Vec<u32>,
    right: Vec<u32>,
    left_counts: Vec<u32>,
    right_counts: Vec<u32>,
}

/// The keys of one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SideOfMatch {
    pub n_rows: usize,
    /// Rows that miss a key.
    pub n_without_key: usize,
    /// Different keys.
    pub n_keys: usize,
    /// Rows with a key that the other side has not, without those that miss one.
    pub n_unmatched_rows: usize,
    pub n_unmatched_keys: usize,
    /// Keys that more than one row has.
    pub n_repeated_keys: usize,
    /// Rows that have such a key.
    pub n_repeated_rows: usize,
}

/// The rows of a join side by side: row `left[i]` with row `right[i]`, either of them [`NO_ROW`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    pub left: Vec<u32>,
    pub right: Vec<u32>,
}

/// One key with its number of rows on either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyCount {
    /// A row that has the key; of the left table when that has one.
    pub row: u32,
    pub n_left: u32,
    pub n_right: u32,
}

impl Matching {
    /// Looks each row's key up on the other side. Pairs of key columns must be of one
    /// [`Family`].
    ///
    /// # Panics
    /// When they are not, or when there are no keys.
    pub fn of(keys: &[(&Column, &Column)]) -> Self {
        let n_left = keys.first().expect("at least one key").0.len();
        let mut has_key: Vec<bool> = Vec::new();
        let codes = keys
            .iter()
            .map(|(left, right)| {
                let codes = Codes::of_all(&[left, right]);
                if has_key.is_empty() {
                    has_key = codes.codes.iter().map(|&c| c != 0).collect();
                } else {
                    for (has, &code) in has_key.iter_mut().zip(&codes.codes) {
                        *has &= code != 0;
                    }
                }
                codes
            })
            .reduce(|all, next| all.times(&next));
        let (mut left, first_rows) = codes.unwrap_or_default().dense();
        let n_keys = first_rows.len();
        for (id, has) in left.iter_mut().zip(&has_key) {
            if !has {
                *id = n_keys as u32;
            }
        }
        let right = left.split_off(n_left);
        let counts = |ids: &[u32]| {
            let mut counts = vec![0; n_keys + 1];
            ids.iter().for_each(|&id| counts[id as usize] += 1);
            counts
        };
        Self {
            left_counts: counts(&left),
            right_counts: counts(&right),
            left,
            right,
        }
    }

    /// Whether columns can be keys of each other.
    pub fn are_comparable(left: &Column, right: &Column) -> bool {
        Family::of(left) == Family::of(right)
    }

    pub fn left_side(&self) -> SideOfMatch {
        side(self.left.len(), &self.left_counts, &self.right_counts)
    }

    pub fn right_side(&self) -> SideOfMatch {
        side(self.right.len(), &self.right_counts, &self.left_counts)
    }

    /// Keys that several rows have on both sides: each of them makes the product of its rows.
    pub fn n_many_to_many_keys(&self) -> usize {
        let both = self.keys();
        both.filter(|&(l, r)| l > 1 && r > 1).count()
    }

    /// Rows of the join, before it is made.
    pub fn n_rows(&self, kind: JoinKind) -> u64 {
        let rows = |of: fn(u64, u64) -> u64| -> u64 {
            self.keys().map(|(l, r)| of(l.into(), r.into())).sum()
        };
        let without_key = |counts: &[u32]| counts.last().map_or(0, |&n| u64::from(n));
        let left_alone = || without_key(&self.left_counts);
        match kind {
            JoinKind::Inner => rows(|l, r| l * r),
            JoinKind::Left => rows(|l, r| l * r.max(1)) + left_alone(),
            JoinKind::Full => {
                let alone = left_alone() + without_key(&self.right_counts);
                rows(|l, r| if l == 0 || r == 0 { l + r } else { l * r }) + alone
            }
            JoinKind::Semi => rows(|l, r| if r > 0 { l } else { 0 }),
            JoinKind::Anti => rows(|l, r| if r > 0 { 0 } else { l }) + left_alone(),
        }
    }

    /// The rows of the join: in the order of the left table, and for each of its rows in the order of
    /// the right; then, for [`JoinKind::Full`], the rows of the right table that matched nothing.
    /// `right` is empty for [`JoinKind::Semi`] and [`JoinKind::Anti`].
    ///
    /// # Panics
    /// When there are 2³² − 1 or more: ask [`Matching::n_rows`] before.
    pub fn pairs(&self, kind: JoinKind) -> Pairs {
        let n_rows = self.n_rows(kind);
        assert!(n_rows < u64::from(NO_ROW), "{n_rows} rows of a join");
        match kind {
            JoinKind::Semi => self.left_rows(n_rows, |n_right| n_right > 0),
            JoinKind::Anti => self.left_rows(n_rows, |n_right| n_right == 0),
            _ => self.side_by_side(kind, n_rows as usize),
        }
    }

    /// The keys with most rows that only the left side has, those that only the right side has, or
    /// those that repeat on both: at most `n`, the most frequent first.
    pub fn most_frequent(&self, fits: fn(u32, u32) -> bool, n: usize) -> Vec<KeyCount> {
        let mut found: Vec<(u64, u32)> = self
            .keys()
            .enumerate()
            .filter(|&(_, (l, r))| fits(l, r))
            .map(|(key, (l, r))| (u64::from(l.max(1)) * u64::from(r.max(1)), key as u32))
            .collect();
        let order = |a: &(u64, u32), b: &(u64, u32)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
        if found.len() > n && n > 0 {
            found.select_nth_unstable_by(n - 1, order);
        }
        found.truncate(n);
        found.sort_by(order);
        found
            .into_iter()
            .map(|(_, key)| {
                let row_of = |ids: &[u32]| ids.iter().position(|&id| id == key);
                let row = row_of(&self.left).or_else(|| row_of(&self.right));
                KeyCount {
                    row: row.expect("a key has a row") as u32,
                    n_left: self.left_counts[key as usize],
                    n_right: self.right_counts[key as usize],
                }
            })
            .collect()
    }

    /// Rows of each key on the left and on the right; rows without a key are left out.
    fn keys(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let n_keys = self.left_counts.len() - 1;
        let counts = self.left_counts.iter().zip(&self.right_counts);
        counts.take(n_keys).map(|(&l, &r)| (l, r))
    }

    fn n_keys(&self) -> usize {
        self.left_counts.len() - 1
    }

    /// How many rows of the right side have this key; none when it is no key.
    #[inline]
    fn n_right(&self, id: u32) -> u32 {
        if (id as usize) < self.n_keys() {
            self.right_counts[id as usize]
        } else {
            0
        }
    }

    fn left_rows(&self, n_rows: u64, fits: impl Fn(u32) -> bool) -> Pairs {
        let mut left = Vec::with_capacity(n_rows as usize);
        for (row, &id) in self.left.iter().enumerate() {
            if fits(self.n_right(id)) {
                left.push(row as u32);
            }
        }
        Pairs {
            left,
            right: Vec::new(),
        }
    }

    fn side_by_side(&self, kind: JoinKind, n_rows: usize) -> Pairs {
        let n_keys = self.n_keys();
        let right_rows = RowsOfGroups::of(&self.right, n_keys);
        let keeps_left = kind != JoinKind::Inner;
        let mut left = Vec::with_capacity(n_rows);
        let mut right = Vec::with_capacity(n_rows);
        for (row, &id) in self.left.iter().enumerate() {
            let row = row as u32;
            let matches = match (id as usize) < n_keys {
                true => right_rows.group(id as usize),
                false => &[],
            };
            match matches {
                [] if keeps_left => {
                    left.push(row);
                    right.push(NO_ROW);
                }
                [one] => {
                    left.push(row);
                    right.push(*one);
                }
                many => {
                    left.resize(left.len() + many.len(), row);
                    right.extend_from_slice(many);
                }
            }
        }
        if kind == JoinKind::Full {
            for (row, &id) in self.right.iter().enumerate() {
                let is_alone = id as usize >= n_keys || self.left_counts[id as usize] == 0;
                if is_alone {
                    left.push(NO_ROW);
                    right.push(row as u32);
                }
            }
        }
        Pairs { left, right }
    }
}

fn side(n_rows: usize, own: &[u32], other: &[u32]) -> SideOfMatch {
    let (&n_without_key, own) = own.split_last().expect("a slot for rows without a key");
    let mut side = SideOfMatch {
        n_rows,
        n_without_key: n_without_key as usize,
        ..SideOfMatch::default()
    };
    for (&n, &n_other) in own.iter().zip(other).filter(|(n, _)| **n > 0) {
        side.n_keys += 1;
        if n_other == 0 {
            side.n_unmatched_keys += 1;
            side.n_unmatched_rows += n as usize;
        }
        if n > 1 {
            side.n_repeated_keys += 1;
            side.n_repeated_rows += n as usize;
        }
    }
    side
}

#[cfg(test)]
mod tests {
    use super::super::super::Bitmap;
    use super::*;

    /// Pairs as `left-right`, a row that is none as `–`; the count must be what was foretold.
    fn check(keys: &[(&Column, &Column)], kind: JoinKind, expected: &[&str]) {
        let matching = Matching::of(keys);
        let pairs = matching.pairs(kind);
        assert_eq!(matching.n_rows(kind), pairs.left.len() as u64);
        let row = |r: Option<&u32>| match r {
            Some(&NO_ROW) => "–".to_string(),
            Some(r) => r.to_string(),
            None => String::new(),
        };
        let shown: Vec<String> = (0..pairs.left.len())
            .map(|i| format!("{}-{}", row(pairs.left.get(i)), row(pairs.right.get(i))))
            .collect();
        assert_eq!(shown, expected, "{kind:?}");
    }

    fn text(values: &[&str]) -> Column {
        let valid: Bitmap = values.iter().map(|v| *v != "?").collect();
        Column::text("k", values).with_validity(valid)
    }

    #[test]
    fn every_kind_of_join() {
        let left = text(&["a", "b", "?", "a", "z"]);
        let right = text(&["b", "a", "a", "?", "y"]);
        let keys = [(&left, &right)];
        check(&keys, JoinKind::Inner, &["0-1", "0-2", "1-0", "3-1", "3-2"]);
        check(
            &keys,
            JoinKind::Left,
            &["0-1", "0-2", "1-0", "2-–", "3-1", "3-2", "4-–"],
        );
        check(
            &keys,
            JoinKind::Full,
            &[
                "0-1", "0-2", "1-0", "2-–", "3-1", "3-2", "4-–", "–-3", "–-4",
            ],
        );
        check(&keys, JoinKind::Semi, &["0-", "1-", "3-"]);
        check(&keys, JoinKind::Anti, &["2-", "4-"]);
        let matching = Matching::of(&keys);
        let expected = SideOfMatch {
            n_rows: 5,
            n_without_key: 1,
            n_keys: 3,
            n_unmatched_rows: 1,
            n_unmatched_keys: 1,
            n_repeated_keys: 1,
            n_repeated_rows: 2,
        };
        assert_eq!(matching.left_side(), expected);
        assert_eq!(matching.right_side(), expected);
        assert_eq!(matching.n_many_to_many_keys(), 1);
        let only_left = matching.most_frequent(|l, r| l > 0 && r == 0, 5);
        let z = KeyCount {
            row: 4,
            n_left: 1,
            n_right: 0,
        };
        assert_eq!(only_left, [z]);
        let both = matching.most_frequent(|l, r| l > 1 && r > 1, 5);
        assert_eq!((both[0].row, both[0].n_left, both[0].n_right), (0, 2, 2));
    }

    #[test]
    fn several_keys_must_all_be_equal() {
        let (a, b) = (text(&["a", "a", "?"]), Column::int("n", vec![1, 2, 1]));
        let (c, d) = (
            text(&["a", "a", "?"]),
            Column::float("m", vec![2.0, 3.0, 1.0]),
        );
        let keys = [(&a, &c), (&b, &d)];
        check(&keys, JoinKind::Inner, &["1-0"]);
        check(&keys, JoinKind::Anti, &["0-", "2-"]);
    }

    #[test]
    fn nothing_to_match() {
        let (none, some) = (Column::int("x", vec![]), Column::int("y", vec![1]));
        check(&[(&none, &some)], JoinKind::Left, &[]);
        check(&[(&none, &some)], JoinKind::Full, &["–-0"]);
        check(&[(&some, &none)], JoinKind::Left, &["0-–"]);
        let missing = Column::int("x", vec![1, 1]).with_validity(Bitmap::with_len(2, false));
        check(&[(&missing, &missing)], JoinKind::Inner, &[]);
        check(
            &[(&missing, &missing)],
            JoinKind::Full,
            &["0-–", "1-–", "–-0", "–-1"],
        );
    }

    #[test]
    fn kinds_that_can_be_keys_of_each_other() {
        let int = Column::int("x", vec![1]);
        assert!(Matching::are_comparable(&int, &Column::float("y", vec![])));
        assert!(!Matching::are_comparable(&int, &text(&["1"])));
    }
}
