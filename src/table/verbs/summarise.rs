//! One value for each group of rows.
//!
//! Missing values are left out of every summary, and a group without values has none, as in SQL.
//! Sums carry their rounding along (Neumaier 1974), so they do not depend on the order of the rows
//! to the digits that are kept; variances take a second pass about the mean.

use super::super::{Bitmap, Column, ColumnFormat, ColumnKind, Data};
use super::codes::Codes;
use super::groups::{Groups, RowsOfGroups};
use super::sort::places;
use super::take::NO_ROW;

/// What is said of the values of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Summary {
    /// Values that are not missing.
    Count,
    Missing,
    /// Different values.
    Distinct,
    Sum,
    Mean,
    /// With divisor n − 1; none below two values.
    Sd,
    /// With divisor n − 1; none below two values.
    Variance,
    Min,
    Max,
    /// Of type 7 (Hyndman and Fan 1996): linear between the order statistics, as R, NumPy and Excel.
    Quantile(f64),
    /// The first and the last value in the order of the rows.
    First,
    Last,
    /// The group's sum over the sum of all groups.
    ShareOfSum,
}

impl Summary {
    /// Whether it can be had of a column of this kind.
    pub fn takes(self, kind: ColumnKind) -> bool {
        match self {
            Self::Count
            | Self::Missing
            | Self::Distinct
            | Self::Min
            | Self::Max
            | Self::First
            | Self::Last => true,
            Self::Sum
            | Self::Mean
            | Self::Sd
            | Self::Variance
            | Self::Quantile(_)
            | Self::ShareOfSum => {
                matches!(kind, ColumnKind::Float | ColumnKind::Int | ColumnKind::Bool)
            }
        }
    }

    /// This summary of a column, one row a group.
    ///
    /// # Panics
    /// When it does not take columns of that kind, or the rows differ in number.
    pub fn of(self, column: &Column, groups: &Groups) -> Column {
        Summaries::of(groups).get(self, column)
    }
}

/// Summaries of columns over the same groups: what several of them need is found once.
pub struct Summaries<'a> {
    groups: &'a Groups,
    sums: Vec<(&'a Column, Sums)>,
}

impl<'a> Summaries<'a> {
    pub fn of(groups: &'a Groups) -> Self {
        Self {
            groups,
            sums: Vec::new(),
        }
    }

    /// A summary of a column, one row a group.
    ///
    /// # Panics
    /// When it does not take columns of that kind, or the rows differ in number.
    pub fn get(&mut self, summary: Summary, column: &'a Column) -> Column {
        let groups = self.groups;
        assert_eq!(column.len(), groups.ids.len(), "rows of column and groups");
        assert!(
            summary.takes(column.kind()),
            "{summary:?} of {:?}",
            column.kind()
        );
        match summary {
            Summary::Count => Column::int(&column.name, self.counts(column)),
            Summary::Missing => {
                let rows = groups.counts();
                let valid = self.counts(column);
                let missing = rows.iter().zip(valid).map(|(&n, v)| i64::from(n) - v);
                Column::int(&column.name, missing.collect())
            }
            Summary::Distinct => Column::int(&column.name, distinct(column, groups)),
            Summary::Sum => match &column.data {
                Data::Float(_) => {
                    let sums = self.sums(column).all();
                    Column::float(&column.name, sums).with_format(column.format.clone())
                }
                _ => sums_of_whole(column, groups),
            },
            Summary::Mean => number(column, self.means(column)),
            Summary::Variance => number(column, self.variances(column)),
            Summary::Sd => {
                let variances = self.variances(column);
                number(column, variances.into_iter().map(f64::sqrt).collect())
            }
            Summary::Quantile(p) => number(column, quantiles(column, groups, p)),
            Summary::Min => column.take(&extreme_rows(column, groups, |new, old| new < old)),
            Summary::Max => column.take(&extreme_rows(column, groups, |new, old| new > old)),
            Summary::First => column.take(&end_rows(column, groups, |row| row == NO_ROW)),
            Summary::Last => column.take(&end_rows(column, groups, |_| true)),
            Summary::ShareOfSum => shares(column, &self.sums(column).all()),
        }
    }

    fn sums(&mut self, column: &'a Column) -> &Sums {
        let known = |(c, _): &(&Column, Sums)| std::ptr::eq(*c, column);
        let at = self.sums.iter().position(known).unwrap_or_else(|| {
            let sums = Sums::of(&numbers(column), self.groups);
            self.sums.push((column, sums));
            self.sums.len() - 1
        });
        &self.sums[at].1
    }

    fn counts(&mut self, column: &'a Column) -> Vec<i64> {
        if let Data::Float(_) = &column.data {
            let sums = &self.sums(column).sums;
            return sums.iter().map(|&(_, n)| i64::from(n)).collect();
        }
        let ids = &self.groups.ids;
        let mut counts = vec![0i64; self.groups.len()];
        match &column.validity {
            None => ids.iter().for_each(|&id| counts[id as usize] += 1),
            Some(valid) => valid.ones().for_each(|i| counts[ids[i] as usize] += 1),
        }
        counts
    }

    fn means(&mut self, column: &'a Column) -> Vec<f64> {
        if let Data::Int(v) = &column.data {
            let (sums, counts) = whole_sums(v.iter().copied(), column, self.groups);
            let mean = |(&s, &n): (&i128, &u32)| s as f64 / f64::from(n);
            return sums.iter().zip(&counts).map(mean).collect();
        }
        let sums = self.sums(column);
        (0..sums.sums.len()).map(|g| sums.mean(g)).collect()
    }

    /// The second pass runs about the first pass's mean and takes off what that mean missed (Chan,
    /// Golub and LeVeque 1983).
    fn variances(&mut self, column: &'a Column) -> Vec<f64> {
        let groups = self.groups;
        let values = numbers(column);
        let first = self.sums(column);
        let means: Vec<f64> = (0..groups.len()).map(|g| first.mean(g)).collect();
        let mut about = vec![(Sum::default(), Sum::default()); groups.len()];
        for (&x, &id) in values.iter().zip(&groups.ids) {
            if !x.is_nan() {
                let d = x - means[id as usize];
                let (shift, squares) = &mut about[id as usize];
                shift.add(d);
                squares.add(d * d);
            }
        }
        let variance = |g: usize| {
            let n = f64::from(first.sums[g].1);
            let (shift, squares) = (about[g].0.get(), about[g].1.get());
            match (squares - shift * shift / n) / (n - 1.0) {
                _ if n < 2.0 => f64::NAN,
                below if below < 0.0 => 0.0,
                variance => variance,
            }
        };
        (0..groups.len()).map(variance).collect()
    }
}

/// The mean of each group weighted by another column; rows that miss either are left out. None
/// where the weights add up to zero.
///
/// # Panics
/// When the columns hold no numbers, or the rows differ in number.
pub fn weighted_mean(column: &Column, weights: &Column, groups: &Groups) -> Column {
    let (values, weights) = (numbers(column), numbers(weights));
    assert_eq!(values.len(), weights.len(), "rows of values and weights");
    let has_both = |i: usize| !values[i].is_nan() && !weights[i].is_nan();
    let only_both = |v: &[f64], w: Option<&[f64]>| -> Vec<f64> {
        let value = |i: usize| match has_both(i) {
            true => v[i] * w.map_or(1.0, |w| w[i]),
            false => f64::NAN,
        };
        (0..v.len()).map(value).collect()
    };
    let above = Sums::of(&only_both(&values, Some(&weights)), groups);
    let below = Sums::of(&only_both(&weights, None), groups);
    let mean = |g| match below.sum(g) {
        0.0 => f64::NAN,
        weight => above.sum(g) / weight,
    };
    number(column, (0..groups.len()).map(mean).collect())
}

/// Parts of a whole as shares that are written as percentages.
pub fn shares(column: &Column, parts: &[f64]) -> Column {
    let mut total = Sum::default();
    parts
        .iter()
        .filter(|p| !p.is_nan())
        .for_each(|&p| total.add(p));
    let total = total.get();
    let share = |&part: &f64| if total == 0.0 { f64::NAN } else { part / total };
    Column::float(&column.name, parts.iter().map(share).collect()).with_format(ColumnFormat {
        decimals: Some(1),
        percent: true,
        ..ColumnFormat::default()
    })
}

/// A sum that carries its rounding along.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    #[inline]
    pub fn add(&mut self, x: f64) {
        let sum = self.high + x;
        let shift = sum - self.high;
        self.low += (self.high - (sum - shift)) + (x - shift);
        self.high = sum;
    }

    /// Adds what another sum holds.
    #[inline]
    pub fn add_sum(&mut self, other: Self) {
        self.add(other.high);
        self.low += other.low;
    }

    pub fn get(self) -> f64 {
        // What was carried along means nothing once the sum has left the range of the doubles.
        if self.high.is_finite() {
            self.high + self.low
        } else {
            self.high
        }
    }
}

/// Sums and numbers of values by group; NaN is left out.
struct Sums {
    sums: Vec<(Sum, u32)>,
}

impl Sums {
    fn of(values: &[f64], groups: &Groups) -> Self {
        let mut sums = vec![(Sum::default(), 0); groups.len()];
        for (&x, &id) in values.iter().zip(&groups.ids) {
            if !x.is_nan() {
                let slot = &mut sums[id as usize];
                slot.0.add(x);
                slot.1 += 1;
            }
        }
        Self { sums }
    }

    /// NaN without values.
    fn sum(&self, g: usize) -> f64 {
        match self.sums[g] {
            (_, 0) => f64::NAN,
            (sum, _) => sum.get(),
        }
    }

    fn all(&self) -> Vec<f64> {
        (0..self.sums.len()).map(|g| self.sum(g)).collect()
    }

    /// NaN without values.
    fn mean(&self, g: usize) -> f64 {
        self.sum(g) / f64::from(self.sums[g].1)
    }
}

/// A column of numbers in the format of the one that it is about, as far as that holds for it.
fn number(column: &Column, values: Vec<f64>) -> Column {
    let format = ColumnFormat {
        decimals: None,
        ..column.format.clone()
    };
    Column::float(&column.name, values).with_format(format)
}

fn numbers(column: &Column) -> std::borrow::Cow<'_, [f64]> {
    column.numbers().expect("a column of numbers")
}

fn distinct(column: &Column, groups: &Groups) -> Vec<i64> {
    let codes = Codes::of(column);
    let missing: Vec<bool> = codes.codes.iter().map(|&c| c == 0).collect();
    let ids = Codes {
        codes: groups.ids.clone(),
        n_codes: groups.len(),
    };
    let (_, first_rows) = ids.times(&codes).dense();
    let mut counts = vec![0; groups.len()];
    for row in first_rows.into_iter().filter(|&r| !missing[r as usize]) {
        counts[groups.ids[row as usize] as usize] += 1;
    }
    counts
}

/// Whole numbers stay whole as long as their sums fit.
fn sums_of_whole(column: &Column, groups: &Groups) -> Column {
    let (sums, counts) = match &column.data {
        Data::Int(v) => whole_sums(v.iter().copied(), column, groups),
        Data::Bool(v) => whole_sums(v.iter().map(i64::from), column, groups),
        _ => unreachable!("whole numbers"),
    };
    let validity: Bitmap = counts.iter().map(|&n| n > 0).collect();
    let whole: Option<Vec<i64>> = sums.iter().map(|&s| i64::try_from(s).ok()).collect();
    let data = match whole {
        Some(whole) => Data::Int(whole),
        None => Data::Float(
            sums.iter()
                .zip(&counts)
                .map(|(&s, &n)| if n > 0 { s as f64 } else { f64::NAN })
                .collect(),
        ),
    };
    Column::new(&column.name, data)
        .with_validity(validity)
        .with_format(column.format.clone())
}

fn whole_sums(
    values: impl Iterator<Item = i64>,
    column: &Column,
    groups: &Groups,
) -> (Vec<i128>, Vec<u32>) {
    let mut sums = vec![0i128; groups.len()];
    let mut counts = vec![0; groups.len()];
    let rows = values.zip(&groups.ids);
    match &column.validity {
        None => rows.for_each(|(v, &id)| {
            sums[id as usize] += i128::from(v);
            counts[id as usize] += 1;
        }),
        Some(valid) => rows.zip(valid.iter()).for_each(|((v, &id), valid)| {
            if valid {
                sums[id as usize] += i128::from(v);
                counts[id as usize] += 1;
            }
        }),
    }
    (sums, counts)
}

fn quantiles(column: &Column, groups: &Groups, p: f64) -> Vec<f64> {
    let values = numbers(column);
    let ids: Vec<u32> = values
        .iter()
        .zip(&groups.ids)
        .map(|(x, &id)| if x.is_nan() { NO_ROW } else { id })
        .collect();
    let rows = RowsOfGroups::of(&ids, groups.len());
    let mut own = Vec::new();
    rows.iter()
        .map(|rows| {
            own.clear();
            own.extend(rows.iter().map(|&r| values[r as usize]));
            quantile(&mut own, p)
        })
        .collect()
}

/// The quantile of type 7 of values in any order; NaN for none.
fn quantile(values: &mut [f64], p: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let rank = p * (values.len() - 1) as f64;
    let below = rank.floor();
    let (_, &mut low, above) = values.select_nth_unstable_by(below as usize, f64::total_cmp);
    let weight = rank - below;
    if weight == 0.0 {
        return low;
    }
    let high = above.iter().copied().fold(f64::INFINITY, f64::min);
    if high == low {
        return low;
    }
    low + weight * (high - low)
}

/// The row of each group that beats all before it; [`NO_ROW`] for a group without values.
fn extreme_rows(column: &Column, groups: &Groups, beats: fn(u64, u64) -> bool) -> Vec<u32> {
    let places = places(column);
    let mut best = vec![(NO_ROW, 0); groups.len()];
    each_value(column, groups, |row, id| {
        let (at, place) = &mut best[id];
        let new = places[row as usize];
        if *at == NO_ROW || beats(new, *place) {
            (*at, *place) = (row, new);
        }
    });
    best.into_iter().map(|(row, _)| row).collect()
}

/// The row of each group that was the last to be wanted.
fn end_rows(column: &Column, groups: &Groups, wanted: fn(u32) -> bool) -> Vec<u32> {
    let mut rows = vec![NO_ROW; groups.len()];
    each_value(column, groups, |row, id| {
        if wanted(rows[id]) {
            rows[id] = row;
        }
    });
    rows
}

/// Row and group of every value that is not missing.
fn each_value(column: &Column, groups: &Groups, mut visit: impl FnMut(u32, usize)) {
    let floats = match &column.data {
        Data::Float(v) => Some(v),
        _ => None,
    };
    for (row, &id) in groups.ids.iter().enumerate() {
        if column.is_valid(row) && floats.is_none_or(|v| !v[row].is_nan()) {
            visit(row as u32, id as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of groups 0 0 0 1 1 2, the last without values.
    fn check(column: &Column, summary: Summary, expected: &[&str]) {
        let groups = Groups {
            ids: vec![0, 0, 0, 1, 1, 2],
            first_rows: vec![0, 3, 5],
        };
        let got = summary.of(column, &groups);
        let shown: Vec<String> = (0..got.len()).map(|i| got.display(i)).collect();
        assert_eq!(shown, expected, "{summary:?}");
    }

    fn some_missing(column: Column) -> Column {
        column.with_validity(Bitmap::from_iter([true, true, true, false, true, false]))
    }

    #[test]
    fn numbers_of_groups() {
        let floats = vec![1.0, 2.5, 2.5, f64::NAN, 7.0, f64::NAN];
        let x = Column::float("x", floats);
        check(&x, Summary::Count, &["3", "1", "0"]);
        check(&x, Summary::Missing, &["0", "1", "1"]);
        check(&x, Summary::Distinct, &["2", "1", "0"]);
        check(&x, Summary::Sum, &["6", "7", ""]);
        check(&x, Summary::Mean, &["2", "7", ""]);
        check(&x, Summary::Variance, &["0.75", "", ""]);
        check(&x, Summary::Sd, &["0.8660254037844386", "", ""]);
        check(&x, Summary::Min, &["1", "7", ""]);
        check(&x, Summary::Max, &["2.5", "7", ""]);
        check(&x, Summary::Quantile(0.25), &["1.75", "7", ""]);
        check(&x, Summary::Quantile(0.5), &["2.5", "7", ""]);
        check(&x, Summary::Quantile(1.0), &["2.5", "7", ""]);
        check(&x, Summary::First, &["1", "7", ""]);
        check(&x, Summary::Last, &["2.5", "7", ""]);
        check(
            &x,
            Summary::ShareOfSum,
            &["0.46153846153846156", "0.5384615384615384", ""],
        );
    }

    #[test]
    fn whole_numbers_stay_whole_and_exact() {
        let x = some_missing(Column::int("x", vec![1, -4, 1, 0, 9, 0]));
        check(&x, Summary::Sum, &["-2", "9", ""]);
        check(&x, Summary::Mean, &["-0.6666666666666666", "9", ""]);
        check(&x, Summary::Max, &["1", "9", ""]);
        let large = some_missing(Column::int("x", vec![i64::MAX, 1, -1, 0, i64::MIN, 0]));
        check(
            &large,
            Summary::Sum,
            &["9223372036854775807", "-9223372036854775808", ""],
        );
        let past = some_missing(Column::int("x", vec![i64::MAX, i64::MAX, 0, 0, 1, 0]));
        check(&past, Summary::Sum, &["1.8446744073709552e19", "1", ""]);
        let yes = some_missing(Column::bool("x", [true, false, true, true, false, true]));
        check(&yes, Summary::Sum, &["2", "0", ""]);
        check(&yes, Summary::Mean, &["0.6666666666666666", "0", ""]);
    }

    #[test]
    fn other_kinds() {
        let levels = ["low", "high"].map(String::from).to_vec();
        let c = Column::category("c", vec![1, 0, 1, -1, 1, -1], levels);
        check(&c, Summary::Min, &["low", "high", ""]);
        check(&c, Summary::First, &["high", "high", ""]);
        check(&c, Summary::Distinct, &["2", "1", "0"]);
        let d = some_missing(Column::date("d", vec![2, 0, 1, 9, 4, 9]));
        check(&d, Summary::Max, &["1970-01-03", "1970-01-05", ""]);
        check(&d, Summary::Last, &["1970-01-02", "1970-01-05", ""]);
        let t = some_missing(Column::text("t", ["b", "a10", "a9", "", "", ""]));
        check(&t, Summary::Min, &["a9", "", ""]);
        assert!(!Summary::Sum.takes(ColumnKind::Date));
    }

    #[test]
    fn sums_keep_what_rounding_would_lose() {
        let x = Column::float("x", vec![1e16, 1.0, -1e16, 0.1, 0.2, f64::NAN]);
        check(&x, Summary::Sum, &["1", "0.30000000000000004", ""]);
        let far = Column::float("x", vec![1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 0.1, 0.1, 0.0]);
        check(&far, Summary::Variance, &["21", "0", ""]);
        let infinite = Column::float("x", vec![f64::INFINITY, 1.0, 2.0, f64::MAX, f64::MAX, 1.0]);
        check(&infinite, Summary::Sum, &["inf", "inf", "1"]);
        check(&infinite, Summary::Variance, &["", "", ""]);
    }

    #[test]
    fn weights() {
        let groups = Groups {
            ids: vec![0, 0, 0, 1, 1],
            first_rows: vec![0, 3],
        };
        let x = Column::float("x", vec![1.0, 4.0, f64::NAN, 5.0, 6.0]);
        let w = Column::int("w", vec![3, 1, 9, 0, 0]);
        let mean = weighted_mean(&x, &w, &groups);
        assert_eq!(
            (mean.display(0), mean.display(1)),
            ("1.75".into(), String::new())
        );
    }
}
