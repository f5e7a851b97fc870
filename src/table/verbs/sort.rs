//! Rows in the order of columns: stable, by counting digits rather than comparing.

use super::super::{Column, Data, natural_order};
use super::codes::Codes;

/// One column that rows are ordered by. Numbers go by value, dates by time, categories as their
/// levels are stored, text by [`natural_order`].
#[derive(Clone, Copy, Debug)]
pub struct SortKey<'a> {
    pub column: &'a Column,
    pub descending: bool,
    /// Rows without a value come first; they come last otherwise, whatever the direction.
    pub missing_first: bool,
}

impl<'a> SortKey<'a> {
    /// From the least to the largest, missing last.
    pub fn ascending(column: &'a Column) -> Self {
        Self {
            column,
            descending: false,
            missing_first: false,
        }
    }

    /// From the largest to the least, missing last.
    pub fn descending(column: &'a Column) -> Self {
        Self {
            descending: true,
            ..Self::ascending(column)
        }
    }
}

/// The rows in the order of `keys`, the first key first; rows that are equal in all keys stay in
/// their order.
pub fn sorted_rows(keys: &[SortKey], n_rows: usize) -> Vec<u32> {
    let places = keys.iter().flat_map(Places::of_key).collect();
    sorted_by_places(places, n_rows)
}

/// The rows of each group together, the groups by their number, and within them by `keys`.
pub fn sorted_within(groups: &[u32], n_groups: usize, keys: &[SortKey]) -> Vec<u32> {
    let mut places = vec![Places {
        of_row: groups.iter().map(|&g| u64::from(g)).collect(),
        last: n_groups.saturating_sub(1) as u64,
    }];
    places.extend(keys.iter().flat_map(Places::of_key));
    sorted_by_places(places, groups.len())
}

/// Where each row's value stands among the values of a column: whole numbers from 0 that are ordered
/// as the values are, and equal when those are. Places of missing values have no meaning.
pub fn places(column: &Column) -> Vec<u64> {
    match &column.data {
        Data::Float(v) => v.iter().map(|&x| float_place(x)).collect(),
        Data::Int(v) | Data::DateTime(v) => v.iter().map(|&x| int_place(x)).collect(),
        Data::Date(v) | Data::Time(v) => v.iter().map(|&x| int_place(x.into())).collect(),
        Data::Bool(v) => v.iter().map(u64::from).collect(),
        Data::Category { codes, .. } => codes.iter().map(|&c| c.max(0) as u64).collect(),
        Data::Text(text) => {
            let (codes, first_rows) = Codes::of(column).dense();
            let word = |&code: &u32| text.get(first_rows[code as usize] as usize);
            let mut order: Vec<u32> = (0..first_rows.len() as u32).collect();
            order.sort_by(|a, b| natural_order(word(a), word(b)));
            let mut place = vec![0; order.len()];
            for (at, &code) in order.iter().enumerate() {
                place[code as usize] = at as u64;
            }
            codes.iter().map(|&code| place[code as usize]).collect()
        }
    }
}

/// Sorting key of each row, from 0 to `last`.
struct Places {
    of_row: Vec<u64>,
    last: u64,
}

impl Places {
    /// One key, or two when there is no room for the missing values beside the others.
    fn of_key(key: &SortKey) -> Vec<Self> {
        let mut of_row = places(key.column);
        let is_valid = validity(key.column);
        let range = |low_high: Option<(u64, u64)>, v: u64| match low_high {
            None => Some((v, v)),
            Some((low, high)) => Some((low.min(v), high.max(v))),
        };
        let valid = of_row.iter().zip(&is_valid).filter(|(_, valid)| **valid);
        let Some((low, high)) = valid.fold(None, |r, (&v, _)| range(r, v)) else {
            return Vec::new();
        };
        let span = high - low;
        for place in &mut of_row {
            let up = place.wrapping_sub(low);
            *place = if key.descending {
                span.wrapping_sub(up)
            } else {
                up
            };
        }
        if is_valid.iter().all(|&v| v) {
            return vec![Self { of_row, last: span }];
        }
        let Some(last) = span.checked_add(1) else {
            let beside = is_valid.iter().map(|&v| u64::from(v == key.missing_first));
            let beside = Self {
                of_row: beside.collect(),
                last: 1,
            };
            set_missing(&mut of_row, &is_valid, 0);
            return vec![beside, Self { of_row, last: span }];
        };
        if key.missing_first {
            of_row.iter_mut().for_each(|p| *p = p.wrapping_add(1));
            set_missing(&mut of_row, &is_valid, 0);
        } else {
            set_missing(&mut of_row, &is_valid, last);
        }
        vec![Self { of_row, last }]
    }

    fn bits(&self) -> u32 {
        u64::BITS - self.last.leading_zeros()
    }
}

fn validity(column: &Column) -> Vec<bool> {
    match (&column.data, &column.validity) {
        (Data::Float(v), None) => v.iter().map(|x| !x.is_nan()).collect(),
        (Data::Float(v), Some(valid)) => {
            let both = v.iter().zip(valid.iter());
            both.map(|(x, valid)| valid && !x.is_nan()).collect()
        }
        (_, Some(valid)) => valid.iter().collect(),
        (_, None) => vec![true; column.len()],
    }
}

fn set_missing(places: &mut [u64], is_valid: &[bool], value: u64) {
    for (place, valid) in places.iter_mut().zip(is_valid) {
        if !valid {
            *place = value;
        }
    }
}

fn float_place(x: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = (x + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn int_place(x: i64) -> u64 {
    (x as u64) ^ (1 << 63)
}

/// Keys side by side in one number as long as they fit, then sorted from the last to the first.
fn sorted_by_places(keys: Vec<Places>, n_rows: usize) -> Vec<u32> {
    let mut joined: Vec<Places> = Vec::new();
    for key in keys {
        match joined.last_mut() {
            Some(before) if before.bits() + key.bits() <= u64::BITS => {
                let bits = key.bits();
                // A key of one value has no bits, and a shift by all of 64 is none.
                let shifted = |v: u64| v.checked_shl(bits).unwrap_or(0);
                for (a, b) in before.of_row.iter_mut().zip(&key.of_row) {
                    *a = shifted(*a) | b;
                }
                before.last = shifted(before.last) | key.last;
            }
            _ => joined.push(key),
        }
    }
    let mut rows: Vec<u32> = (0..n_rows as u32).collect();
    for key in joined.iter().rev() {
        sort_by(&mut rows, key);
    }
    rows
}

/// Stable.
fn sort_by(rows: &mut [u32], key: &Places) {
    let is_sorted = rows
        .windows(2)
        .all(|w| key.of_row[w[0] as usize] <= key.of_row[w[1] as usize]);
    if is_sorted {
        return;
    }
    if key.bits() <= u32::BITS {
        let packed = rows
            .iter()
            .map(|&r| key.of_row[r as usize] << 32 | u64::from(r));
        let sorted = by_digits(packed.collect(), key.bits(), |p| p >> 32);
        for (row, packed) in rows.iter_mut().zip(sorted) {
            *row = packed as u32;
        }
    } else {
        let pairs = rows.iter().map(|&r| (key.of_row[r as usize], r));
        let sorted = by_digits(pairs.collect(), key.bits(), |p| p.0);
        for (row, (_, r)) in rows.iter_mut().zip(sorted) {
            *row = r;
        }
    }
}

/// Items by a key of so many bits, 11 bits at a time from the lowest.
fn by_digits<T: Copy>(mut items: Vec<T>, bits: u32, key: impl Fn(&T) -> u64) -> Vec<T> {
    const DIGIT: u32 = 11;
    const FEW: usize = 1024;
    if items.len() < FEW {
        items.sort_by_key(|item| key(item));
        return items;
    }
    let n_digits = bits.div_ceil(DIGIT) as usize;
    let digit =
        |item: &T, d: usize| (key(item) >> (d as u32 * DIGIT)) as usize & ((1 << DIGIT) - 1);
    let mut counts = vec![[0u32; 1 << DIGIT]; n_digits];
    for item in &items {
        for (d, counts) in counts.iter_mut().enumerate() {
            counts[digit(item, d)] += 1;
        }
    }
    let mut next = items.clone();
    for (d, counts) in counts.iter_mut().enumerate() {
        if counts[digit(&items[0], d)] as usize == items.len() {
            continue;
        }
        let mut at = 0;
        for count in counts.iter_mut() {
            at += std::mem::replace(count, at);
        }
        for item in &items {
            let place = &mut counts[digit(item, d)];
            next[*place as usize] = *item;
            *place += 1;
        }
        std::mem::swap(&mut items, &mut next);
    }
    items
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::Bitmap;
    use super::*;

    fn check(column: Column, ascending: &[u32], descending: &[u32]) {
        let n = column.len();
        let up = SortKey::ascending(&column);
        assert_eq!(sorted_rows(&[up], n), ascending);
        let down = SortKey::descending(&column);
        assert_eq!(sorted_rows(&[down], n), descending);
        let first = SortKey {
            missing_first: true,
            ..up
        };
        let n_missing = (0..n).filter(|&i| !validity(&column)[i]).count();
        let mut rotated = ascending.to_vec();
        rotated.rotate_right(n_missing);
        assert_eq!(sorted_rows(&[first], n), rotated);
    }

    fn last_missing(column: Column) -> Column {
        let n = column.len();
        column.with_validity((0..n).map(|i| i + 1 < n).collect())
    }

    #[test]
    fn every_kind_has_its_order() {
        check(
            Column::int("x", vec![3, -1, 3, 2]),
            &[1, 3, 0, 2],
            &[0, 2, 3, 1],
        );
        let ends = vec![i64::MAX, i64::MIN, 0, 0];
        check(Column::int("x", ends.clone()), &[1, 2, 3, 0], &[0, 2, 3, 1]);
        check(
            last_missing(Column::int("x", ends)),
            &[1, 2, 0, 3],
            &[0, 2, 1, 3],
        );
        let floats = vec![0.0, -1.5, f64::INFINITY, -0.0, f64::NEG_INFINITY, f64::NAN];
        check(
            Column::float("x", floats),
            &[4, 1, 0, 3, 2, 5],
            &[2, 0, 3, 1, 4, 5],
        );
        check(
            Column::bool("x", [true, false, true]),
            &[1, 0, 2],
            &[0, 2, 1],
        );
        check(Column::date("x", vec![5, -5]), &[1, 0], &[0, 1]);
        check(
            Column::text("x", ["b", "a10", "a9", "b"]),
            &[2, 1, 0, 3],
            &[0, 3, 1, 2],
        );
        let levels = ["low", "high"].map(String::from).to_vec();
        check(
            Column::category("x", vec![1, 0, -1], levels),
            &[1, 0, 2],
            &[0, 1, 2],
        );
        let none = Column::int("x", vec![2, 1]).with_validity(Bitmap::with_len(2, false));
        check(none, &[0, 1], &[0, 1]);
        check(Column::int("x", vec![]), &[], &[]);
    }

    #[test]
    fn several_keys_and_groups() {
        let a = Column::text("a", ["y", "x", "y", "x", "y"]);
        let b = Column::float("b", vec![1.0, 2.0, f64::NAN, 3.0, 0.5]);
        let keys = [SortKey::ascending(&a), SortKey::descending(&b)];
        assert_eq!(sorted_rows(&keys, 5), [3, 1, 0, 4, 2]);
        assert_eq!(sorted_within(&[1, 0, 1, 0, 0], 2, &keys), [3, 1, 4, 0, 2]);
        assert_eq!(sorted_rows(&[], 3), [0, 1, 2]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Past the few rows that are compared, digits are counted: the same order as the standard
        /// library's stable sort.
        #[test]
        fn agrees_with_a_comparing_sort(
            values in prop::collection::vec((any::<f64>(), -3i64..3, any::<i64>(), 0u32..9), 0..3000),
            descending in any::<bool>(),
        ) {
            let floats: Vec<f64> = values.iter().map(|v| v.0).collect();
            let few = Column::int("few", values.iter().map(|v| v.1).collect());
            let many = Column::int("many", values.iter().map(|v| v.2).collect())
                .with_validity(values.iter().map(|v| v.3 > 0).collect());
            let float = Column::float("float", floats.clone());
            let n = values.len();
            let keys = [
                SortKey::ascending(&few),
                SortKey { descending, ..SortKey::ascending(&float) },
                SortKey::ascending(&many),
            ];
            let mut expected: Vec<u32> = (0..n as u32).collect();
            expected.sort_by(|&a, &b| {
                let (x, y) = (&values[a as usize], &values[b as usize]);
                let missing = x.0.is_nan().cmp(&y.0.is_nan());
                let by_float = x.0.partial_cmp(&y.0).unwrap_or(std::cmp::Ordering::Equal);
                let by_float = missing.then(if descending { by_float.reverse() } else { by_float });
                let by_many = (x.3 == 0).cmp(&(y.3 == 0)).then_with(|| match x.3 {
                    0 => std::cmp::Ordering::Equal,
                    _ => x.2.cmp(&y.2),
                });
                x.1.cmp(&y.1).then(by_float).then(by_many)
            });
            prop_assert_eq!(sorted_rows(&keys, n), expected);
            let float_alone = sorted_rows(&keys[1..2], n);
            let sorted: Vec<f64> = float_alone.iter().map(|&r| floats[r as usize]).collect();
            let in_order = sorted.windows(2).all(|w| {
                w[1].is_nan() || if descending { w[0] >= w[1] } else { w[0] <= w[1] }
            });
            prop_assert!(in_order);
        }
    }
}
