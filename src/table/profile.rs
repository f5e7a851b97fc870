//! What a column looks like at a glance: how much is missing, how many values differ, where they
//! lie. Never fails, and costs a few passes over the values.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::Hash;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{Column, ColumnKind, Data, Measure, Value, natural_order};

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
    match &column.data {
        Data::Float(v) => {
            let present = present(column, v, |x| !x.is_nan());
            let spread = Spread::of_floats(&present);
            let bits = |x: &f64| (x + 0.0).to_bits();
            let order = |a: &u64, b: &u64| f64::from_bits(*a).total_cmp(&f64::from_bits(*b));
            let distinct = match is_discrete(column) {
                true => count(present.iter().map(bits), order),
                false => count_distinct(present.iter().map(bits)),
            };
            let spell = |bits: u64| spelling(Value::Float(f64::from_bits(bits)));
            assemble(column, present.len(), distinct.spelt(spell), spread)
        }
        Data::Int(v) => of_whole(column, v, Value::Int),
        Data::Date(v) => of_whole(column, v, Value::Date),
        Data::DateTime(v) => of_whole(column, v, Value::DateTime),
        Data::Time(v) => of_whole(column, v, Value::Time),
        Data::Bool(v) => {
            let values: Vec<bool> = valid_rows(column).map(|i| v.get(i)).collect();
            let distinct = count(values.iter().copied(), Ord::cmp);
            let spell = |x| spelling(Value::Bool(x));
            assemble(
                column,
                values.len(),
                distinct.spelt(spell),
                Spread::default(),
            )
        }
        Data::Category { codes, levels } => {
            let distinct = count_codes(valid_rows(column).map(|i| codes[i] as usize), levels.len());
            let spell = |code: usize| levels[code].clone();
            let n = column.len() - column.n_missing();
            assemble(column, n, distinct.spelt(spell), Spread::default())
        }
        Data::Text(v) => {
            let values = valid_rows(column).map(|i| v.get(i));
            let distinct = count(values, |a, b| natural_order(a, b));
            let n = column.len() - column.n_missing();
            assemble(column, n, distinct.spelt(str::to_owned), Spread::default())
        }
    }
}

fn of_whole<T: Whole>(
    column: &Column,
    values: &[T],
    value: fn(T) -> Value<'static>,
) -> ColumnProfile {
    let present = present(column, values, |_| true);
    let mut spread = Spread::default();
    let range = range(&present);
    if let Some((min, max)) = range {
        spread.range = Some((min.number(), max.number()));
        spread.texts = Some((spelling(value(min)), spelling(value(max))));
        spread.histogram = Some(whole_histogram(&present, min.into(), max.into()));
        if column.kind() == ColumnKind::Int {
            let numbers: Vec<f64> = present.iter().map(|x| x.number()).collect();
            spread.moments = Some(moments(&numbers, min.number(), max.number()));
        }
    }
    let distinct = match range {
        _ if is_discrete(column) => count(present.iter().copied(), Ord::cmp),
        Some((min, max)) => count_whole(&present, min.into(), max.into()),
        None => Distinct::of(0, Vec::new()),
    };
    let spell = |x| spelling(value(x));
    assemble(column, present.len(), distinct.spelt(spell), spread)
}

fn assemble(
    column: &Column,
    n_present: usize,
    distinct: Distinct<String>,
    spread: Spread,
) -> ColumnProfile {
    let finite = |x: f64| Some(x).filter(|x| x.is_finite());
    let (min, max) = spread.range.unzip();
    let (min_text, max_text) = spread.texts.unzip();
    let mut top = distinct.top;
    if !column.value_labels.is_empty() {
        top.iter_mut().for_each(|(s, _)| *s = column.name_of(s));
    }
    ColumnProfile {
        name: column.name.clone(),
        kind: column.kind(),
        measure: column.measure,
        n_rows: column.len(),
        n_missing: column.len() - n_present,
        n_distinct: distinct.n,
        distinct_capped: distinct.is_capped,
        min,
        max,
        min_text,
        max_text,
        mean: spread.moments.and_then(|m| finite(m.mean)),
        sd: spread.moments.and_then(|m| finite(m.sd?)),
        top,
        histogram: spread.histogram,
    }
}

/// A number without a fraction.
trait Whole: Copy + Ord + Hash + Into<i64> {
    fn number(self) -> f64 {
        let whole: i64 = self.into();
        whole as f64
    }
}

impl Whole for i32 {}
impl Whole for i64 {}

/// Where numbers lie.
#[derive(Default)]
struct Spread {
    range: Option<(f64, f64)>,
    /// The ends of `range` as they are spelt.
    texts: Option<(String, String)>,
    moments: Option<Moments>,
    histogram: Option<Histogram>,
}

impl Spread {
    /// Of numbers that are not NaN; infinite ones are left out.
    fn of_floats(values: &[f64]) -> Self {
        let mut finite = Cow::Borrowed(values);
        if !values.iter().all(|x| x.is_finite()) {
            finite.to_mut().retain(|x| x.is_finite());
        }
        let Some((min, max)) = range(&finite) else {
            return Self::default();
        };
        let texts = [min, max].map(|x| spelling(Value::Float(x)));
        Self {
            range: Some((min, max)),
            texts: Some(texts.into()),
            moments: Some(moments(&finite, min, max)),
            histogram: Some(float_histogram(&finite, min, max)),
        }
    }
}

/// Whether the values are names or ranks, of which the frequent ones tell something.
fn is_discrete(column: &Column) -> bool {
    matches!(column.measure, Measure::Nominal | Measure::Ordinal)
}

fn spelling(value: Value) -> String {
    let mut out = String::new();
    value.write(&mut out);
    out
}

fn valid_rows(column: &Column) -> impl Iterator<Item = usize> + '_ {
    (0..column.len()).filter(|&i| column.is_valid(i))
}

/// The values of rows that have one and that `keep` keeps, gathered without branches, which missing
/// values here and there would mislead.
fn present<'a, T: Copy>(
    column: &Column,
    values: &'a [T],
    keep: impl Fn(T) -> bool,
) -> Cow<'a, [T]> {
    if column.validity.is_none() && values.iter().all(|&x| keep(x)) {
        return Cow::Borrowed(values);
    }
    let mut kept = values.to_vec();
    let mut n = 0;
    for (i, &x) in values.iter().enumerate() {
        kept[n] = x;
        n += usize::from(column.is_valid(i) & keep(x));
    }
    kept.truncate(n);
    Cow::Owned(kept)
}

fn range<T: Copy + PartialOrd>(values: &[T]) -> Option<(T, T)> {
    let first = *values.first()?;
    Some(values.iter().fold((first, first), |(min, max), &x| {
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
fn moments(values: &[f64], min: f64, max: f64) -> Moments {
    let n = values.len() as f64;
    let scale = match max.max(-min) {
        1e140.. => SHRINK,
        s if s < 1e-140 => 1.0 / SHRINK,
        _ => 1.0,
    };
    let pivot = sum(values, |x| x * scale) / n;
    let shift = sum(values, |x| x * scale - pivot);
    let squares = sum(values, |x| (x * scale - pivot) * (x * scale - pivot));
    let variance = (squares - shift * shift / n).max(0.0) / (n - 1.0);
    Moments {
        mean: (pivot + shift / n) / scale,
        sd: (n > 1.0).then(|| variance.sqrt() / scale),
    }
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
    let bins_per_half = last / half_width;
    let mut counts = vec![0; n_bins];
    for &x in values {
        let place = (x / 2.0 - min / 2.0) * bins_per_half;
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

fn whole_histogram<T: Whole>(values: &[T], min: i64, max: i64) -> Histogram {
    let span = max.abs_diff(min);
    let width = span / MAX_BINS as u64 + 1;
    let n_bins = (span / width) as usize + 1;
    let edge = |k: usize| i128::from(min) + k as i128 * i128::from(width);
    let mut counts = vec![0; n_bins];
    for &x in values {
        counts[(x.into().abs_diff(min) / width) as usize] += 1;
    }
    Histogram {
        edges: (0..=n_bins).map(|k| edge(k) as f64).collect(),
        counts,
    }
}

/// How many values differ, and the most frequent of them with their numbers of rows.
struct Distinct<K> {
    n: usize,
    is_capped: bool,
    top: Vec<(K, usize)>,
}

impl<K> Distinct<K> {
    fn of(n: usize, top: Vec<(K, usize)>) -> Self {
        let is_capped = n > MAX_DISTINCT;
        Self {
            n: n.min(MAX_DISTINCT),
            is_capped,
            top: if is_capped { Vec::new() } else { top },
        }
    }

    fn spelt(self, spell: impl Fn(K) -> String) -> Distinct<String> {
        Distinct {
            n: self.n,
            is_capped: self.is_capped,
            top: self.top.into_iter().map(|(k, n)| (spell(k), n)).collect(),
        }
    }
}

fn count_distinct<K: Hash + Eq>(keys: impl ExactSizeIterator<Item = K>) -> Distinct<K> {
    let capacity = keys.len().min(MAX_DISTINCT + 1);
    let mut seen = FxHashSet::with_capacity_and_hasher(capacity, FxBuildHasher);
    for key in keys {
        if seen.insert(key) && seen.len() > MAX_DISTINCT {
            break;
        }
    }
    Distinct::of(seen.len(), Vec::new())
}

/// Numbers that lie close together tick a bit each.
fn count_whole<T: Whole>(values: &[T], min: i64, max: i64) -> Distinct<T> {
    const MAX_SPAN: u64 = 1 << 22;
    let span = max.abs_diff(min);
    if span > MAX_SPAN.min(64 * values.len() as u64) {
        return count_distinct(values.iter().copied());
    }
    let mut seen = vec![0u64; span as usize / 64 + 1];
    for &x in values {
        let place = x.into().abs_diff(min);
        seen[place as usize / 64] |= 1 << (place % 64);
    }
    let n = seen.iter().map(|word| word.count_ones() as usize).sum();
    Distinct::of(n, Vec::new())
}

/// Counts each key; keys of equal counts come in `order`.
fn count<K: Hash + Eq + Copy>(
    keys: impl Iterator<Item = K>,
    order: impl Fn(&K, &K) -> Ordering,
) -> Distinct<K> {
    let mut seen: FxHashMap<K, usize> = FxHashMap::default();
    for key in keys {
        *seen.entry(key).or_insert(0) += 1;
        if seen.len() > MAX_DISTINCT {
            break;
        }
    }
    let n = seen.len();
    Distinct::of(n, most_frequent(seen.into_iter().collect(), order))
}

fn count_codes(codes: impl Iterator<Item = usize>, n_levels: usize) -> Distinct<usize> {
    let mut counts = vec![0; n_levels];
    codes.for_each(|code| counts[code] += 1);
    let mut levels: Vec<(usize, usize)> = counts.into_iter().enumerate().collect();
    levels.retain(|&(_, n)| n > 0);
    Distinct::of(levels.len(), most_frequent(levels, Ord::cmp))
}

fn most_frequent<K>(
    mut levels: Vec<(K, usize)>,
    order: impl Fn(&K, &K) -> Ordering,
) -> Vec<(K, usize)> {
    let by_count = |a: &(K, usize), b: &(K, usize)| b.1.cmp(&a.1).then_with(|| order(&a.0, &b.0));
    if levels.len() > MAX_TOP {
        levels.select_nth_unstable_by(MAX_TOP, by_count);
        levels.truncate(MAX_TOP);
    }
    levels.sort_by(by_count);
    levels
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
        check(&[0.0, 5e-324, 1.5e-323], &[0.0, 1e-323, 1.5e-323], &[2, 1]);
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
        // A level of zeros is named after its first row, which may hold −0.
        let same_name = |level: &str, name: &str| level == name || (level, name) == ("-0", "0");
        for (name, n) in &found.top {
            let is_level = |k: usize| same_name(&levels.names[k], name) && counts[k] == *n;
            prop_assert!((0..counts.len()).any(is_level));
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
