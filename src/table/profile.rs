//! What a column looks like at a glance: how much is missing, how many values differ, where they
//! lie. Never fails, and costs a few passes over the values.

use std::cmp::Ordering;
use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{Column, ColumnKind, Data, Measure, natural_order};

/// Distinct values are counted up to here.
pub const MAX_DISTINCT: usize = 100_000;
/// Most levels in [`ColumnProfile::top`].
pub const MAX_TOP: usize = 8;
/// Most bins of a [`Histogram`].
pub const MAX_BINS: usize = 24;

/// A column at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    pub name: String,
    pub kind: ColumnKind,
    pub measure: Measure,
    pub n_rows: usize,
    /// Rows without a value; NaN is none.
    pub n_missing: usize,
    /// Number of different values; −0 is 0. [`MAX_DISTINCT`] when there are more.
    pub n_distinct: usize,
    /// Whether there are more than [`MAX_DISTINCT`] different values.
    pub distinct_capped: bool,
    /// The least finite number; of dates in days, of date-times and times in milliseconds.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// The least value in its canonical spelling.
    pub min_text: Option<String>,
    pub max_text: Option<String>,
    /// Arithmetic mean of the finite numbers; not of dates.
    pub mean: Option<f64>,
    /// Standard deviation with n − 1 in the denominator; from two finite numbers on, not of dates.
    pub sd: Option<f64>,
    /// The most frequent values and their numbers of rows, the most frequent first and equals in
    /// their natural order; of booleans, categories, text, and of numbers and dates that are nominal
    /// or ordinal. Empty when `distinct_capped`.
    pub top: Vec<(String, usize)>,
    /// Of numbers and dates with a finite value.
    pub histogram: Option<Histogram>,
}

/// Bins of equal width. Bin k holds `edges[k] ≤ x < edges[k + 1]`, the last one its end as well.
/// Whole numbers and dates have edges at whole numbers and as many of these in each bin, the last
/// edge one past what the last bin can hold. A single fractional value has one bin without width.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    pub edges: Vec<f64>,
    pub counts: Vec<u32>,
}

/// The column at a glance.
pub fn profile(column: &Column) -> ColumnProfile {
    let spread = match &column.data {
        Data::Float(v) => Spread::of_floats(column, v),
        Data::Int(v) => Spread {
            moments: moments(&valid(column, v).map(|x| x as f64).collect::<Vec<_>>()),
            ..Spread::of_whole(column, v)
        },
        Data::DateTime(v) => Spread::of_whole(column, v),
        Data::Date(v) | Data::Time(v) => Spread::of_whole(column, v),
        Data::Bool(_) | Data::Category { .. } | Data::Text(_) => Spread::default(),
    };
    let distinct = distinct(column);
    let text = |row: Option<usize>| row.map(|i| column.display(i));
    let finite = |x: f64| Some(x).filter(|x| x.is_finite());
    ColumnProfile {
        name: column.name.clone(),
        kind: column.kind(),
        measure: column.measure,
        n_rows: column.len(),
        n_missing: match &column.data {
            Data::Float(v) => v.len() - present_floats(column, v).count(),
            _ => column.n_missing(),
        },
        n_distinct: distinct.n,
        distinct_capped: distinct.is_capped,
        min: spread.range.map(|(min, _)| min),
        max: spread.range.map(|(_, max)| max),
        min_text: text(spread.min_row),
        max_text: text(spread.max_row),
        mean: spread.moments.and_then(|m| finite(m.mean)),
        sd: spread.moments.and_then(|m| finite(m.sd?)),
        top: distinct
            .top
            .into_iter()
            .map(|(row, n)| (column.display(row), n))
            .collect(),
        histogram: spread.histogram,
    }
}

/// Where numbers lie.
#[derive(Default)]
struct Spread {
    range: Option<(f64, f64)>,
    /// Rows that hold the least and the greatest number.
    min_row: Option<usize>,
    max_row: Option<usize>,
    moments: Option<Moments>,
    histogram: Option<Histogram>,
}

impl Spread {
    fn of_floats(column: &Column, values: &[f64]) -> Self {
        let present = present_floats(column, values);
        let finite: Vec<f64> = present.filter(|x| x.is_finite()).collect();
        let Some((min, max)) = range(finite.iter().copied()) else {
            return Self::default();
        };
        let row_of = |x| (0..values.len()).find(|&i| values[i] == x && column.is_valid(i));
        Self {
            range: Some((min, max)),
            min_row: row_of(min),
            max_row: row_of(max),
            moments: moments(&finite),
            histogram: Some(float_histogram(&finite, min, max)),
        }
    }

    /// Of whole numbers, without moments.
    fn of_whole<T: Copy + PartialOrd + Into<i64>>(column: &Column, values: &[T]) -> Self {
        let Some((min, max)) = range(valid(column, values)) else {
            return Self::default();
        };
        let row_of = |x| (0..values.len()).find(|&i| values[i] == x && column.is_valid(i));
        let (least, greatest): (i64, i64) = (min.into(), max.into());
        let whole = valid(column, values).map(Into::into);
        Self {
            range: Some((least as f64, greatest as f64)),
            min_row: row_of(min),
            max_row: row_of(max),
            moments: None,
            histogram: Some(whole_histogram(whole, least, greatest)),
        }
    }
}

/// The values of rows that have one.
fn valid<'a, T: Copy>(column: &'a Column, values: &'a [T]) -> impl Iterator<Item = T> + 'a {
    let rows = values.iter().enumerate();
    rows.filter(|(i, _)| column.is_valid(*i)).map(|(_, &x)| x)
}

fn present_floats<'a>(column: &'a Column, values: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    valid(column, values).filter(|x| !x.is_nan())
}

fn range<T: Copy + PartialOrd>(mut values: impl Iterator<Item = T>) -> Option<(T, T)> {
    let first = values.next()?;
    Some(values.fold((first, first), |(min, max), x| {
        (if x < min { x } else { min }, if x > max { x } else { max })
    }))
}

#[derive(Clone, Copy)]
struct Moments {
    mean: f64,
    sd: Option<f64>,
}

/// Mean and standard deviation by the corrected two-pass algorithm (Chan, Golub & LeVeque 1983,
/// *The American Statistician* 37, 242–247), on values scaled by a power of two where squares would
/// leave the range of doubles.
fn moments(values: &[f64]) -> Option<Moments> {
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let size = values.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    let scale = match size {
        1e140.. => SHRINK,
        s if s < 1e-140 => 1.0 / SHRINK,
        _ => 1.0,
    };
    let pivot = sum(values, |x| x * scale) / n;
    let shift = sum(values, |x| x * scale - pivot);
    let squares = sum(values, |x| (x * scale - pivot) * (x * scale - pivot));
    let variance = (squares - shift * shift / n).max(0.0) / (n - 1.0);
    Some(Moments {
        mean: (pivot + shift / n) / scale,
        sd: (n > 1.0).then(|| variance.sqrt() / scale),
    })
}

/// 2⁻⁶⁰⁰.
const SHRINK: f64 = f64::from_bits((1023 - 600) << 52);

/// Sum in eight lanes, so that additions need not wait for each other and errors grow slower.
fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; 8];
    let (chunks, rest) = values.as_chunks::<8>();
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += f(x);
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|&x| f(x)).sum::<f64>()
}

/// As many bins as √n, but no more than [`MAX_BINS`].
fn float_histogram(values: &[f64], min: f64, max: f64) -> Histogram {
    let n_bins = match min == max {
        true => 1,
        false => ((values.len() as f64).sqrt().ceil() as usize).clamp(1, MAX_BINS),
    };
    let last = n_bins as f64;
    // Halves, because the whole width of a range can pass the greatest double.
    let half_width = max / 2.0 - min / 2.0;
    let mut edges: Vec<f64> = (0..=n_bins)
        .map(|k| (min + 2.0 * (half_width * (k as f64 / last))).min(max))
        .collect();
    edges[n_bins] = max;
    let mut counts = vec![0; n_bins];
    for &x in values {
        let place = (x / 2.0 - min / 2.0) / half_width * last;
        let mut k = (place as usize).min(n_bins - 1);
        while x < edges[k] {
            k -= 1;
        }
        while k + 1 < n_bins && x >= edges[k + 1] {
            k += 1;
        }
        counts[k] += 1;
    }
    Histogram { edges, counts }
}

fn whole_histogram(values: impl Iterator<Item = i64>, min: i64, max: i64) -> Histogram {
    let span = max.abs_diff(min);
    let width = span / MAX_BINS as u64 + 1;
    let n_bins = (span / width) as usize + 1;
    let edge = |k: usize| i128::from(min) + k as i128 * i128::from(width);
    let mut counts = vec![0; n_bins];
    for x in values {
        counts[(x.abs_diff(min) / width) as usize] += 1;
    }
    Histogram {
        edges: (0..=n_bins).map(|k| edge(k) as f64).collect(),
        counts,
    }
}

/// How many values differ, and the most frequent ones as a row that holds them and their count.
#[derive(Default)]
struct Distinct {
    n: usize,
    is_capped: bool,
    top: Vec<(usize, usize)>,
}

fn distinct(column: &Column) -> Distinct {
    let bits = |x: f64| (x + 0.0).to_bits();
    let by_value = |a: &u64, b: &u64| f64::from_bits(*a).total_cmp(&f64::from_bits(*b));
    let is_discrete = matches!(column.measure, Measure::Nominal | Measure::Ordinal);
    let rows = || (0..column.len()).filter(|&i| column.is_valid(i));
    match &column.data {
        Data::Category { codes, levels } => count_codes(column, codes, levels.len()),
        Data::Bool(v) => count(rows().map(|i| (v.get(i), i)), Ord::cmp),
        Data::Text(v) => count(rows().map(|i| (v.get(i), i)), |a, b| natural_order(a, b)),
        Data::Float(v) => {
            let present = rows().filter(|&i| !v[i].is_nan());
            match is_discrete {
                true => count(present.map(|i| (bits(v[i]), i)), by_value),
                false => count_distinct(present.map(|i| bits(v[i]))),
            }
        }
        Data::Int(v) | Data::DateTime(v) if is_discrete => {
            count(rows().map(|i| (v[i], i)), Ord::cmp)
        }
        Data::Int(v) | Data::DateTime(v) => count_distinct(valid(column, v)),
        Data::Date(v) | Data::Time(v) if is_discrete => count(rows().map(|i| (v[i], i)), Ord::cmp),
        Data::Date(v) | Data::Time(v) => count_distinct(valid(column, v)),
    }
}

fn count_distinct<K: Hash + Eq>(keys: impl Iterator<Item = K>) -> Distinct {
    let mut seen = FxHashSet::default();
    for key in keys {
        if seen.insert(key) && seen.len() > MAX_DISTINCT {
            return Distinct {
                n: MAX_DISTINCT,
                is_capped: true,
                top: vec![],
            };
        }
    }
    Distinct {
        n: seen.len(),
        ..Distinct::default()
    }
}

/// Counts keys, each with its row.
fn count<K: Hash + Eq + Copy>(
    keys: impl Iterator<Item = (K, usize)>,
    order: impl Fn(&K, &K) -> Ordering,
) -> Distinct {
    let mut seen: FxHashMap<K, (usize, usize)> = FxHashMap::default();
    for (key, row) in keys {
        seen.entry(key).or_insert((row, 0)).1 += 1;
        if seen.len() > MAX_DISTINCT {
            return Distinct {
                n: MAX_DISTINCT,
                is_capped: true,
                top: vec![],
            };
        }
    }
    let n = seen.len();
    let mut levels: Vec<(K, (usize, usize))> = seen.into_iter().collect();
    let by_count = |a: &(K, (usize, usize)), b: &(K, (usize, usize))| {
        b.1.1.cmp(&a.1.1).then_with(|| order(&a.0, &b.0))
    };
    if n > MAX_TOP {
        levels.select_nth_unstable_by(MAX_TOP, by_count);
        levels.truncate(MAX_TOP);
    }
    levels.sort_by(by_count);
    Distinct {
        n,
        is_capped: false,
        top: levels.into_iter().map(|(_, top)| top).collect(),
    }
}

fn count_codes(column: &Column, codes: &[i32], n_levels: usize) -> Distinct {
    let mut levels = vec![(0usize, 0usize); n_levels];
    for (i, &code) in codes.iter().enumerate() {
        if column.is_valid(i) {
            let (row, n) = &mut levels[code as usize];
            *row = i;
            *n += 1;
        }
    }
    levels.retain(|&(_, n)| n > 0);
    let n = levels.len();
    levels.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    levels.truncate(MAX_TOP);
    if n > MAX_DISTINCT {
        return Distinct {
            n: MAX_DISTINCT,
            is_capped: true,
            top: vec![],
        };
    }
    Distinct {
        n,
        is_capped: false,
        top: levels,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_table, one_of_each_kind};
    use super::super::{Bitmap, Table};
    use super::*;

    fn floats(values: &[f64]) -> ColumnProfile {
        profile(&Column::float("x", values.to_vec()))
    }

    fn top(column: &Column) -> Vec<String> {
        let top = profile(column).top;
        top.iter()
            .map(|(level, n)| format!("{level}:{n}"))
            .collect()
    }

    fn check_moments(values: &[f64], mean: f64, sd: f64) {
        let found = floats(values);
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-13 * b.abs();
        let (m, s) = (found.mean.unwrap(), found.sd.unwrap());
        assert!(
            close(m, mean) && close(s, sd),
            "{m} {s}, expected {mean} {sd}"
        );
    }

    /// From Python 3's `fractions` and 60-digit `decimal` roots; `statistics.stdev` says the same.
    #[test]
    fn mean_and_deviation() {
        check_moments(&[1.0, 2.0, 4.0], 2.3333333333333335, 1.5275252316519468);
        check_moments(&[0.1; 7], 0.1, 0.0);
        check_moments(
            &[1e9 + 0.25, 1e9 + 0.5, 1e9 + 0.875],
            1000000000.5416666,
            0.3145764348029479,
        );
        check_moments(
            &[10000000.2, 10000000.1, 10000000.3, 10000000.1],
            10000000.175,
            0.09574271122957667,
        );
        check_moments(&[1e300, -1e300, 3e299], 1e+299, 1.014889156509222e+300);
        check_moments(
            &[1e-200, 3e-200, 4e-200],
            2.666666666666667e-200,
            1.5275252316519466e-200,
        );
        check_moments(
            &(0..20).map(|k| f64::from(k * k) / 7.0).collect::<Vec<_>>(),
            17.642857142857142,
            16.634731308749345,
        );
    }

    #[test]
    fn a_lone_number_has_no_deviation() {
        let found = floats(&[2.5, f64::NAN, f64::INFINITY]);
        assert_eq!((found.n_rows, found.n_missing, found.n_distinct), (3, 1, 2));
        assert_eq!((found.min, found.max), (Some(2.5), Some(2.5)));
        assert_eq!((found.mean, found.sd), (Some(2.5), None));
        let expected = Histogram {
            edges: vec![2.5, 2.5],
            counts: vec![1],
        };
        assert_eq!(found.histogram, Some(expected));
        let none = floats(&[f64::NAN, f64::INFINITY]);
        assert_eq!((none.min, none.mean, none.histogram), (None, None, None));
    }

    #[test]
    fn ends_of_numbers_and_dates() {
        let check = |column: Column, min: (f64, &str), max: (f64, &str)| {
            let found = profile(&column);
            assert_eq!((found.min, found.max), (Some(min.0), Some(max.0)));
            assert_eq!(found.min_text.as_deref(), Some(min.1));
            assert_eq!(found.max_text.as_deref(), Some(max.1));
        };
        let first_missing = Bitmap::from_iter([false, true, true]);
        check(
            Column::date("d", vec![0, 19_788, 19_787]).with_validity(first_missing.clone()),
            (19_787.0, "2024-03-05"),
            (19_788.0, "2024-03-06"),
        );
        check(
            Column::int("n", vec![0, i64::MAX, i64::MIN]),
            (-9223372036854775808.0, "-9223372036854775808"),
            (9223372036854775807.0, "9223372036854775807"),
        );
        check(
            Column::float("x", vec![0.1, -2.0]),
            (-2.0, "-2"),
            (0.1, "0.1"),
        );
        let mut hidden = Column::float("x", vec![1.0, 1.0, 3.0]);
        hidden.validity = Some(first_missing);
        check(hidden, (1.0, "1"), (3.0, "3"));
        let dates = profile(&Column::date("d", vec![1, 2]));
        assert_eq!((dates.mean, dates.sd), (None, None));
    }

    #[test]
    fn bins_of_whole_numbers() {
        let check = |values: &[i64], edges: &[f64], counts: &[u32]| {
            let found = profile(&Column::int("n", values.to_vec()))
                .histogram
                .unwrap();
            assert_eq!((&found.edges[..], &found.counts[..]), (edges, counts));
        };
        check(&[5], &[5.0, 6.0], &[1]);
        check(&[1, 3, 3], &[1.0, 2.0, 3.0, 4.0], &[1, 0, 2]);
        let edges: Vec<f64> = (0..=24).map(f64::from).collect();
        check(&(0..24).collect::<Vec<_>>(), &edges, &[1; 24]);
        let edges: Vec<f64> = (0..=24).map(|k| f64::from(2 * k)).collect();
        check(&(0..48).collect::<Vec<_>>(), &edges, &[2; 24]);
        let edges: Vec<f64> = (0..=13).map(|k| f64::from(2 * k)).collect();
        let mut counts = [2; 13];
        counts[12] = 1;
        check(&(0..25).collect::<Vec<_>>(), &edges, &counts);
        let widest = profile(&Column::int("n", vec![i64::MIN, i64::MAX]))
            .histogram
            .unwrap();
        assert_eq!(widest.counts.len(), 24);
        assert_eq!((widest.counts[0], widest.counts[23]), (1, 1));
    }

    #[test]
    fn bins_of_fractions() {
        let check = |values: &[f64], edges: &[f64], counts: &[u32]| {
            let found = floats(values).histogram.unwrap();
            assert_eq!((&found.edges[..], &found.counts[..]), (edges, counts));
        };
        check(&[0.0, 0.5, 1.0], &[0.0, 0.5, 1.0], &[1, 2]);
        check(
            &[0.0, 0.25, 0.5, 0.75, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25],
            &[0.0, 0.25, 0.5, 0.75, 1.0],
            &[1, 2, 5, 2],
        );
        check(&[-f64::MAX, f64::MAX], &[-f64::MAX, 0.0, f64::MAX], &[1, 1]);
        check(&[0.0, 5e-324], &[0.0, 0.0, 5e-324], &[0, 2]);
        check(&[0.0, 5e-324, 1.5e-323], &[0.0, 5e-324, 1.5e-323], &[1, 2]);
    }

    #[test]
    fn most_frequent_levels() {
        let check = |column: Column, expected: &[&str]| assert_eq!(top(&column), expected);
        check(
            Column::text("s", ["a10", "b", "a9", "b", ""]),
            &["b:2", ":1", "a9:1", "a10:1"],
        );
        check(
            Column::bool("b", [true, false, true]),
            &["true:2", "false:1"],
        );
        let levels = ["low", "middle", "high"].map(String::from).to_vec();
        check(
            Column::category("c", vec![2, 0, -1, 2, 0], levels),
            &["low:2", "high:2"],
        );
        check(Column::int("n", vec![1, 1, 2]), &[]);
        check(
            Column::int("n", vec![-1, 10, 9, -2]).with_measure(Measure::Ordinal),
            &["-2:1", "-1:1", "9:1", "10:1"],
        );
        check(
            Column::float("x", vec![0.0, -0.0, f64::NAN, -1.5]).with_measure(Measure::Nominal),
            &["0:2", "-1.5:1"],
        );
        let many = (0..40).flat_map(|k| vec![format!("t{k}"); k % 10 + 1]);
        check(
            Column::text("s", many),
            &[
                "t9:10", "t19:10", "t29:10", "t39:10", "t8:9", "t18:9", "t28:9", "t38:9",
            ],
        );
    }

    #[test]
    fn distinct_values_are_counted_to_a_cap() {
        let check = |n: i64, expected: (usize, bool)| {
            let numbers = profile(&Column::int("n", (0..n).chain(0..n).collect()));
            assert_eq!((numbers.n_distinct, numbers.distinct_capped), expected);
            let text = profile(&Column::text("s", (0..n).map(|i| i.to_string())));
            assert_eq!((text.n_distinct, text.distinct_capped), expected);
            assert_eq!(text.top.is_empty(), text.distinct_capped);
            let levels: Vec<String> = (0..n).map(|i| i.to_string()).collect();
            let names = profile(&Column::category("c", (0..n as i32).collect(), levels));
            assert_eq!((names.n_distinct, names.distinct_capped), expected);
            assert_eq!(names.top.is_empty(), names.distinct_capped);
        };
        check(3, (3, false));
        check(100_000, (100_000, false));
        check(100_001, (100_000, true));
    }

    #[test]
    fn as_json() {
        let found = profile(&Column::bool("b", [true]));
        let expected = r#"{"name":"b","kind":"bool","measure":"nominal","n_rows":1,"n_missing":0,"n_distinct":1,"distinct_capped":false,"min":null,"max":null,"min_text":null,"max_text":null,"mean":null,"sd":null,"top":[["true",1]],"histogram":null}"#;
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<ColumnProfile>(&text).unwrap(), found);
    }

    /// What must hold of any column, counted anew by the column's levels.
    fn check_sound(column: &Column) -> Result<(), TestCaseError> {
        let found = profile(column);
        let levels = column.levels_and_codes();
        prop_assert_eq!(found.n_rows, column.len());
        prop_assert_eq!(found.n_missing, column.n_missing());
        if !matches!(column.data, Data::Category { .. }) {
            prop_assert_eq!(found.n_distinct, levels.names.len());
        }
        let counts = levels.counts();
        for (name, n) in &found.top {
            prop_assert!((0..counts.len()).any(|k| levels.names[k] == *name && counts[k] == *n));
        }
        if let Some(Histogram { edges, counts }) = &found.histogram {
            prop_assert!(counts.len() <= MAX_BINS && edges.len() == counts.len() + 1);
            prop_assert!(edges.is_sorted());
            let numbers = column.numbers().unwrap();
            let finite = numbers.iter().filter(|x| x.is_finite()).count();
            prop_assert_eq!(counts.iter().sum::<u32>() as usize, finite);
            if let Data::Float(v) = &column.data {
                for (k, &n) in counts.iter().enumerate() {
                    let is_last = k + 1 == counts.len();
                    let holds = |x: f64| {
                        edges[k] <= x && (x < edges[k + 1] || is_last && x == edges[k + 1])
                    };
                    prop_assert_eq!(v.iter().filter(|x| holds(**x)).count(), n as usize);
                }
            }
        }
        Ok(())
    }

    #[test]
    fn every_kind_is_sound() {
        let check = |table: Table| {
            table.columns().iter().for_each(|c| check_sound(c).unwrap());
        };
        check(one_of_each_kind());
        check(one_of_each_kind().slice(0..0));
    }

    proptest! {
        #[test]
        fn any_column_is_sound(table in any_table()) {
            for column in table.columns() {
                check_sound(column)?;
            }
        }

        #[test]
        fn fractions_are_in_the_bin_that_holds_them(values in prop::collection::vec(-3i32..40, 1..500)) {
            let tenths = values.iter().map(|&x| f64::from(x) / 10.0).collect();
            check_sound(&Column::float("x", tenths))?;
        }
    }
}
