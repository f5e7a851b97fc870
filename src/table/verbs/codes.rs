//! Columns as small whole numbers, so that grouping and joining look at nothing else.

use std::hash::Hash;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::super::{Bitmap, Column, Data};

/// One code a row: equal values have equal codes, and 0 is missing.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    pub codes: Vec<u32>,
    /// All codes are less than this.
    pub n_codes: usize,
}

/// What values can be equal to: columns of one family can be keys of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Words,
    Numbers,
    Bool,
    Date,
    DateTime,
    Time,
}

type Map<K> = HashMap<K, u32, FxBuildHasher>;

impl Family {
    pub fn of(column: &Column) -> Self {
        match column.data {
            Data::Category { .. } | Data::Text(_) => Self::Words,
            Data::Float(_) | Data::Int(_) => Self::Numbers,
            Data::Bool(_) => Self::Bool,
            Data::Date(_) => Self::Date,
            Data::DateTime(_) => Self::DateTime,
            Data::Time(_) => Self::Time,
        }
    }
}

impl Codes {
    pub fn of(column: &Column) -> Self {
        Self::of_all(&[column])
    }

    /// The codes of several columns of one [`Family`], one after the other: a value has the same
    /// code in all of them. A whole number and a number with a point are equal when their values are.
    ///
    /// # Panics
    /// When the columns are of different families.
    pub fn of_all(parts: &[&Column]) -> Self {
        let Some(first) = parts.first() else {
            return Self::default();
        };
        let family = Family::of(first);
        assert!(
            parts.iter().all(|c| Family::of(c) == family),
            "columns that cannot be keys of each other"
        );
        match family {
            Family::Words => words(parts),
            Family::Numbers => numbers(parts),
            Family::Bool => bools(parts),
            Family::Date | Family::Time => whole(parts, |c| match &c.data {
                Data::Date(v) | Data::Time(v) => v,
                _ => unreachable!("columns of one family"),
            }),
            Family::DateTime => whole(parts, |c| match &c.data {
                Data::DateTime(v) => v,
                _ => unreachable!("columns of one family"),
            }),
        }
    }

    /// One code for each pair of codes that stand in the same row; no pair is missing.
    pub fn times(mut self, other: &Self) -> Self {
        let n_pairs = self.n_codes as u64 * other.n_codes as u64;
        if n_pairs <= table_limit(self.codes.len()) {
            let n = other.n_codes as u32;
            for (a, b) in self.codes.iter_mut().zip(&other.codes) {
                *a = *a * n + b;
            }
            self.n_codes = n_pairs as usize;
            return self;
        }
        let mut seen = Seen::from(0);
        for (a, &b) in self.codes.iter_mut().zip(&other.codes) {
            *a = seen.code(u64::from(*a) << 32 | u64::from(b));
        }
        self.n_codes = seen.next as usize;
        self
    }

    /// Renumbers the codes in the order of their first rows, without gaps. Gives each row's number
    /// and the first row of each.
    pub fn dense(mut self) -> (Vec<u32>, Vec<u32>) {
        const UNSEEN: u32 = u32::MAX;
        let mut number = vec![UNSEEN; self.n_codes];
        let mut first_rows = Vec::new();
        for (row, code) in self.codes.iter_mut().enumerate() {
            let slot = &mut number[*code as usize];
            if *slot == UNSEEN {
                *slot = first_rows.len() as u32;
                first_rows.push(row as u32);
            }
            *code = *slot;
        }
        (self.codes, first_rows)
    }
}

/// Codes given out in the order in which values come.
struct Seen<K> {
    map: Map<K>,
    next: u32,
}

impl<K: Hash + Eq> Seen<K> {
    fn from(first: u32) -> Self {
        Self {
            map: Map::default(),
            next: first,
        }
    }

    #[inline]
    fn code(&mut self, key: K) -> u32 {
        *self.map.entry(key).or_insert_with(|| {
            self.next += 1;
            self.next - 1
        })
    }
}

/// Up to this many codes a plain table of them is quicker than a hash.
fn table_limit(n_rows: usize) -> u64 {
    (4 * n_rows as u64).clamp(1 << 16, 1 << 27)
}

/// Appends the code of each value, 0 where there is none.
fn encode<T: Copy>(
    out: &mut Vec<u32>,
    values: &[T],
    validity: Option<&Bitmap>,
    mut code: impl FnMut(T) -> u32,
) {
    match validity {
        None => out.extend(values.iter().map(|&v| code(v))),
        Some(valid) => {
            let values = values.iter().zip(valid.iter());
            out.extend(values.map(|(&v, valid)| if valid { code(v) } else { 0 }));
        }
    }
}

fn n_rows(parts: &[&Column]) -> usize {
    parts.iter().map(|c| c.len()).sum()
}

fn bools(parts: &[&Column]) -> Codes {
    let mut codes = Vec::with_capacity(n_rows(parts));
    for column in parts {
        let Data::Bool(values) = &column.data else {
            unreachable!("columns of one family")
        };
        let code = |i| match (column.is_valid(i), values.get(i)) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 2,
        };
        codes.extend((0..column.len()).map(code));
    }
    Codes { codes, n_codes: 3 }
}

fn words(parts: &[&Column]) -> Codes {
    let mut codes = Vec::with_capacity(n_rows(parts));
    if let [
        Column {
            data: Data::Category { codes: own, levels },
            validity,
            ..
        },
    ] = parts
    {
        encode(&mut codes, own, validity.as_ref(), |c| (c + 1) as u32);
        return Codes {
            codes,
            n_codes: levels.len() + 1,
        };
    }
    let mut seen: Seen<&str> = Seen::from(1);
    for column in parts {
        let validity = column.validity.as_ref();
        match &column.data {
            Data::Category { codes: own, levels } => {
                let level: Vec<u32> = levels.iter().map(|l| seen.code(l)).collect();
                encode(&mut codes, own, validity, |c| {
                    usize::try_from(c).map_or(0, |c| level[c])
                });
            }
            Data::Text(text) => {
                let code = |i| match column.is_valid(i) {
                    true => seen.code(text.get(i)),
                    false => 0,
                };
                codes.extend((0..text.len()).map(code));
            }
            _ => unreachable!("columns of one family"),
        }
    }
    Codes {
        codes,
        n_codes: seen.next as usize,
    }
}

/// Whole numbers of any width: by their distance from the least one, or by a hash when they are far
/// apart.
fn whole<'a, T: Copy + Into<i64> + 'a>(
    parts: &[&'a Column],
    values: impl Fn(&'a Column) -> &'a [T],
) -> Codes {
    let n_rows = n_rows(parts);
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    for column in parts {
        let mut widen = |v: i64| (low, high) = (low.min(v), high.max(v));
        match &column.validity {
            None => values(column).iter().for_each(|&v| widen(v.into())),
            Some(valid) => valid.ones().for_each(|i| widen(values(column)[i].into())),
        }
    }
    let mut codes = Vec::with_capacity(n_rows);
    if low > high {
        codes.resize(n_rows, 0);
        return Codes { codes, n_codes: 1 };
    }
    let span = high.abs_diff(low);
    if span < table_limit(n_rows) {
        for column in parts {
            encode(&mut codes, values(column), column.validity.as_ref(), |v| {
                v.into().wrapping_sub(low) as u32 + 1
            });
        }
        return Codes {
            codes,
            n_codes: span as usize + 2,
        };
    }
    let mut seen = Seen::from(1);
    for column in parts {
        encode(&mut codes, values(column), column.validity.as_ref(), |v| {
            seen.code(v.into())
        });
    }
    Codes {
        codes,
        n_codes: seen.next as usize,
    }
}

fn numbers(parts: &[&Column]) -> Codes {
    if parts.iter().all(|c| matches!(c.data, Data::Int(_))) {
        return whole(parts, |c| match &c.data {
            Data::Int(v) => v,
            _ => unreachable!("columns of whole numbers"),
        });
    }
    let n_rows = n_rows(parts);
    let mut codes = Vec::with_capacity(n_rows);
    if let Some((low, high)) = whole_range(parts)
        && (high - low) < table_limit(n_rows) as f64
    {
        for column in parts {
            let validity = column.validity.as_ref();
            match &column.data {
                Data::Float(v) => encode(&mut codes, v, validity, |x| match x.is_nan() {
                    true => 0,
                    false => (x - low) as u32 + 1,
                }),
                Data::Int(v) => {
                    encode(&mut codes, v, validity, |x| (x as f64 - low) as u32 + 1);
                }
                _ => unreachable!("columns of one family"),
            }
        }
        return Codes {
            codes,
            n_codes: (high - low) as usize + 2,
        };
    }
    // Whole numbers are told apart as such, so that those past 2^53 keep all their digits.
    let mut seen = Seen::from(1);
    for column in parts {
        let validity = column.validity.as_ref();
        match &column.data {
            Data::Float(v) => encode(&mut codes, v, validity, |x| match x.is_nan() {
                true => 0,
                false => seen.code(number_key(x)),
            }),
            Data::Int(v) => encode(&mut codes, v, validity, |x| seen.code((true, x as u64))),
            _ => unreachable!("columns of one family"),
        }
    }
    Codes {
        codes,
        n_codes: seen.next as usize,
    }
}

/// The least and the largest value when all are whole and exact as doubles; a pair with the least
/// above the largest when there are none.
fn whole_range(parts: &[&Column]) -> Option<(f64, f64)> {
    const EXACT: f64 = (1u64 << 53) as f64;
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for column in parts {
        match &column.data {
            Data::Float(v) => {
                for (i, &x) in v.iter().enumerate() {
                    if x.is_nan() || !column.is_valid(i) {
                        continue;
                    }
                    if x.trunc() != x || x.abs() > EXACT {
                        return None;
                    }
                    (low, high) = (low.min(x), high.max(x));
                }
            }
            Data::Int(v) => {
                for (i, &x) in v.iter().enumerate() {
                    if !column.is_valid(i) {
                        continue;
                    }
                    if x.unsigned_abs() > EXACT as u64 {
                        return None;
                    }
                    (low, high) = (low.min(x as f64), high.max(x as f64));
                }
            }
            _ => unreachable!("columns of one family"),
        }
    }
    (low <= high).then_some((low, high))
}

/// A number that is no NaN as a key: whether it is a whole one, and its bits as such.
fn number_key(x: f64) -> (bool, u64) {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if x.trunc() == x && (-END..END).contains(&x) {
        (true, x as i64 as u64)
    } else {
        (false, x.to_bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes renumbered by first rows, missing as −1.
    fn check(parts: &[Column], expected: &[i32]) {
        let parts: Vec<&Column> = parts.iter().collect();
        let codes = Codes::of_all(&parts);
        assert!(codes.codes.iter().all(|&c| (c as usize) < codes.n_codes));
        let mut seen: Vec<u32> = Vec::new();
        let numbered = codes.codes.iter().map(|&c| {
            if c == 0 {
                return -1;
            }
            let place = seen.iter().position(|&s| s == c).unwrap_or(seen.len());
            if place == seen.len() {
                seen.push(c);
            }
            place as i32
        });
        assert_eq!(numbered.collect::<Vec<_>>(), expected);
    }

    fn categories(codes: &[i32], levels: &[&str]) -> Column {
        let levels = levels.iter().map(|l| l.to_string()).collect();
        Column::category("c", codes.to_vec(), levels)
    }

    fn second_missing(column: Column) -> Column {
        let valid = (0..column.len()).map(|i| i != 1).collect();
        column.with_validity(valid)
    }

    #[test]
    fn equal_values_share_a_code() {
        check(&[Column::int("x", vec![7, 5, 7, 0])], &[0, 1, 0, 2]);
        let far = vec![i64::MIN, i64::MAX, 0, i64::MAX];
        check(&[Column::int("x", far)], &[0, 1, 2, 1]);
        check(
            &[Column::float("x", vec![0.5, f64::NAN, 0.5, 2.0])],
            &[0, -1, 0, 1],
        );
        check(
            &[Column::float("x", vec![0.0, -0.0, 3.0, f64::NAN])],
            &[0, 0, 1, -1],
        );
        let ends = vec![f64::INFINITY, f64::NEG_INFINITY, 1e300, f64::INFINITY];
        check(&[Column::float("x", ends)], &[0, 1, 2, 0]);
        check(&[Column::bool("x", [true, false, true])], &[0, 1, 0]);
        check(&[Column::date("x", vec![-3, 0, -3])], &[0, 1, 0]);
        check(&[Column::date_time("x", vec![1 << 50, 0])], &[0, 1]);
        check(&[Column::text("x", ["a", "", "a"])], &[0, 1, 0]);
        check(&[categories(&[1, -1, 1, 0], &["a", "b"])], &[0, -1, 0, 1]);
    }

    #[test]
    fn missing_is_none_of_the_values() {
        check(
            &[second_missing(Column::int("x", vec![7, 0, 0]))],
            &[0, -1, 1],
        );
        check(
            &[second_missing(Column::text("x", ["a", "", ""]))],
            &[0, -1, 1],
        );
        check(
            &[second_missing(Column::bool("x", [false; 3]))],
            &[0, -1, 0],
        );
        let none = Column::int("x", vec![1, 2]).with_validity(Bitmap::with_len(2, false));
        check(&[none], &[-1, -1]);
        check(&[Column::float("x", vec![f64::NAN; 2])], &[-1, -1]);
        check(&[Column::int("x", vec![])], &[]);
    }

    #[test]
    fn columns_of_one_family_share_their_codes() {
        check(
            &[
                categories(&[0, 1], &["a", "b"]),
                categories(&[0, 1, -1], &["b", "z"]),
            ],
            &[0, 1, 1, 2, -1],
        );
        check(
            &[
                Column::text("x", ["가", "b"]),
                categories(&[0, 1], &["b", "가"]),
            ],
            &[0, 1, 1, 0],
        );
        check(
            &[
                Column::int("x", vec![1, 2]),
                Column::float("x", vec![2.0, 1.5, -0.0]),
            ],
            &[0, 1, 1, 2, 3],
        );
        let past_doubles = (1i64 << 53) + 1;
        check(
            &[
                Column::int("x", vec![past_doubles, past_doubles - 1]),
                Column::float("x", vec![(1i64 << 53) as f64]),
            ],
            &[0, 1, 1],
        );
    }

    #[test]
    fn pairs_of_codes() {
        let check = |a: &[i64], b: &[i64], expected: &[u32]| {
            let codes = |v: &[i64]| Codes::of(&Column::int("x", v.to_vec()));
            let (ids, first_rows) = codes(a).times(&codes(b)).dense();
            assert_eq!(ids, expected);
            for (id, &row) in first_rows.iter().enumerate() {
                assert_eq!(ids.iter().position(|&i| i == id as u32), Some(row as usize));
            }
        };
        check(&[1, 1, 2, 1], &[1, 2, 1, 2], &[0, 1, 2, 1]);
        check(
            &[0, 50_000, 0, 50_000],
            &[60_000, 0, 60_000, 60_000],
            &[0, 1, 0, 2],
        );
        check(&[], &[], &[]);
    }
}
