//! One column: typed values, which of them are missing, and what they measure.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::calendar::{write_date, write_date_time, write_time};
use super::{Bitmap, Coded, MissingCode, Utf8, ValueLabel};

/// What a column's values mean to an analysis, apart from how they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Names without order: region, sex.
    Nominal,
    /// Names or numbers whose order counts but whose distances do not: a rating.
    Ordinal,
    /// Numbers whose distances count.
    Scale,
    /// Points in time.
    Time,
    /// Names of rows: not to be counted or averaged.
    Id,
    /// Free text.
    Text,
}

/// How a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    Float,
    Int,
    Bool,
    Date,
    DateTime,
    Time,
    Category,
    Text,
}

impl ColumnKind {
    /// The stable name, as in JSON: `"date_time"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Float => "float",
            Self::Int => "int",
            Self::Bool => "bool",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Time => "time",
            Self::Category => "category",
            Self::Text => "text",
        }
    }
}

/// How the numbers were written in their source, so that they can be shown the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnFormat {
    /// The most digits seen after the decimal mark; of a percentage, as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    /// `₩`, `$`, `€`, `£`, `¥` or `원`, when every number carried it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Written with `%`; the values are fractions: `12.5%` is 0.125.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub percent: bool,
}

/// The values of a column. The slot of a missing value holds NaN, −1 in `codes`, else 0 or "".
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Float(Vec<f64>),
    Int(Vec<i64>),
    Bool(Bitmap),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
    /// Milliseconds since 1970-01-01T00:00 of the clock that wrote them, or of UTC when they
    /// carried offsets.
    DateTime(Vec<i64>),
    /// Milliseconds since midnight.
    Time(Vec<i32>),
    /// `codes[i]` is the position in `levels` of row i's value.
    Category {
        codes: Vec<i32>,
        levels: Vec<String>,
    },
    Text(Utf8),
}

/// One value, as found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Missing,
    Float(f64),
    Int(i64),
    Bool(bool),
    Date(i32),
    DateTime(i64),
    Time(i32),
    Text(&'a str),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub measure: Measure,
    /// A longer name for people.
    pub label: Option<String>,
    /// What a person wrote about the column.
    pub note: Option<String>,
    /// What values stand for, in the order of the source.
    pub value_labels: Vec<ValueLabel>,
    /// Codes that stand for missing values; rows that hold one are missing.
    /// [`Column::with_missing_codes`] sets them.
    pub missing_codes: Vec<MissingCode>,
    /// Which code stood in a row that is missing for it; `None` when none did.
    pub coded: Option<Coded>,
    pub data: Data,
    /// Bit i is set when row i has a value; `None` when all rows have one.
    pub validity: Option<Bitmap>,
    pub format: ColumnFormat,
}

impl Column {
    /// A column without missing values whose measure follows from its kind.
    pub fn new(name: impl Into<String>, data: Data) -> Self {
        let measure = match &data {
            Data::Float(_) | Data::Int(_) => Measure::Scale,
            Data::Date(_) | Data::DateTime(_) | Data::Time(_) => Measure::Time,
            Data::Bool(_) | Data::Category { .. } => Measure::Nominal,
            Data::Text(_) => Measure::Text,
        };
        Self {
            name: name.into(),
            measure,
            label: None,
            note: None,
            value_labels: Vec::new(),
            missing_codes: Vec::new(),
            coded: None,
            data,
            validity: None,
            format: ColumnFormat::default(),
        }
    }

    /// Numbers; NaN becomes missing.
    pub fn float(name: impl Into<String>, values: Vec<f64>) -> Self {
        let validity = validity_where(&values, |v| !v.is_nan());
        Self {
            validity,
            ..Self::new(name, Data::Float(values))
        }
    }

    pub fn int(name: impl Into<String>, values: Vec<i64>) -> Self {
        Self::new(name, Data::Int(values))
    }

    /// Codes into `levels`; a negative code is missing. Panics when a code is past the levels.
    pub fn category(name: impl Into<String>, mut codes: Vec<i32>, levels: Vec<String>) -> Self {
        let n_levels = levels.len() as i64;
        assert!(
            codes.iter().all(|&c| i64::from(c) < n_levels),
            "a code past {n_levels} levels"
        );
        codes.iter_mut().for_each(|c| *c = (*c).max(-1));
        let validity = validity_where(&codes, |&c| c >= 0);
        Self {
            validity,
            ..Self::new(name, Data::Category { codes, levels })
        }
    }

    pub fn text<S: AsRef<str>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::new(name, Data::Text(values.into_iter().collect()))
    }

    /// Days since 1970-01-01.
    pub fn date(name: impl Into<String>, days: Vec<i32>) -> Self {
        Self::new(name, Data::Date(days))
    }

    /// Milliseconds since 1970-01-01T00:00.
    pub fn date_time(name: impl Into<String>, ms: Vec<i64>) -> Self {
        Self::new(name, Data::DateTime(ms))
    }

    pub fn bool(name: impl Into<String>, values: impl IntoIterator<Item = bool>) -> Self {
        Self::new(name, Data::Bool(values.into_iter().collect()))
    }

    pub fn with_measure(mut self, measure: Measure) -> Self {
        self.measure = measure;
        self
    }

    /// Marks rows whose bit is clear as missing. Panics when the lengths differ.
    pub fn with_validity(mut self, validity: Bitmap) -> Self {
        assert_eq!(validity.len(), self.len(), "validity of another length");
        self.validity = (validity.count_zeros() > 0).then_some(validity);
        self
    }

    pub fn with_format(mut self, format: ColumnFormat) -> Self {
        self.format = format;
        self
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Float(v) => v.len(),
            Data::Int(v) | Data::DateTime(v) => v.len(),
            Data::Bool(v) => v.len(),
            Data::Date(v) | Data::Time(v) => v.len(),
            Data::Category { codes, .. } => codes.len(),
            Data::Text(v) => v.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn n_missing(&self) -> usize {
        self.validity.as_ref().map_or(0, Bitmap::count_zeros)
    }

    #[inline]
    pub fn is_valid(&self, i: usize) -> bool {
        self.validity.as_ref().is_none_or(|v| v.get(i))
    }

    pub fn kind(&self) -> ColumnKind {
        match &self.data {
            Data::Float(_) => ColumnKind::Float,
            Data::Int(_) => ColumnKind::Int,
            Data::Bool(_) => ColumnKind::Bool,
            Data::Date(_) => ColumnKind::Date,
            Data::DateTime(_) => ColumnKind::DateTime,
            Data::Time(_) => ColumnKind::Time,
            Data::Category { .. } => ColumnKind::Category,
            Data::Text(_) => ColumnKind::Text,
        }
    }

    /// The values as numbers, NaN for missing: booleans as 0 and 1, dates as days, times as
    /// milliseconds. `None` for categories and text.
    pub fn numbers(&self) -> Option<Cow<'_, [f64]>> {
        let mut numbers: Vec<f64> = match &self.data {
            Data::Float(v) => {
                let missing_are_nan = || (0..v.len()).all(|i| self.is_valid(i) || v[i].is_nan());
                if self.validity.is_none() || missing_are_nan() {
                    return Some(Cow::Borrowed(v));
                }
                v.clone()
            }
            Data::Int(v) | Data::DateTime(v) => v.iter().map(|&x| x as f64).collect(),
            Data::Bool(v) => v.iter().map(f64::from).collect(),
            Data::Date(v) | Data::Time(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Data::Category { .. } | Data::Text(_) => return None,
        };
        if let Some(validity) = &self.validity {
            for (x, valid) in numbers.iter_mut().zip(validity.iter()) {
                if !valid {
                    *x = f64::NAN;
                }
            }
        }
        Some(Cow::Owned(numbers))
    }

    /// The value in row `i`. Panics when `i` is past the end.
    pub fn value(&self, i: usize) -> Value<'_> {
        if !self.is_valid(i) {
            return Value::Missing;
        }
        match &self.data {
            Data::Float(v) => Value::Float(v[i]),
            Data::Int(v) => Value::Int(v[i]),
            Data::Bool(v) => Value::Bool(v.get(i)),
            Data::Date(v) => Value::Date(v[i]),
            Data::DateTime(v) => Value::DateTime(v[i]),
            Data::Time(v) => Value::Time(v[i]),
            Data::Category { codes, levels } => Value::Text(&levels[codes[i] as usize]),
            Data::Text(v) => Value::Text(v.get(i)),
        }
    }

    /// The value in row `i` in its one canonical, locale-free spelling; "" when missing.
    pub fn display(&self, i: usize) -> String {
        let mut out = String::new();
        self.value(i).write(&mut out);
        out
    }

    /// The rows at `rows`, in that order.
    pub fn select_rows(&self, rows: &[u32]) -> Self {
        fn pick<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
            rows.iter().map(|&i| values[i as usize]).collect()
        }
        let data = match &self.data {
            Data::Float(v) => Data::Float(pick(v, rows)),
            Data::Int(v) => Data::Int(pick(v, rows)),
            Data::Bool(v) => Data::Bool(v.select(rows)),
            Data::Date(v) => Data::Date(pick(v, rows)),
            Data::DateTime(v) => Data::DateTime(pick(v, rows)),
            Data::Time(v) => Data::Time(pick(v, rows)),
            Data::Category { codes, levels } => Data::Category {
                codes: pick(codes, rows),
                levels: levels.clone(),
            },
            Data::Text(v) => Data::Text(rows.iter().map(|&i| v.get(i as usize)).collect()),
        };
        let validity = self.validity.as_ref().map(|v| v.select(rows));
        Self {
            name: self.name.clone(),
            measure: self.measure,
            label: self.label.clone(),
            note: self.note.clone(),
            value_labels: self.value_labels.clone(),
            missing_codes: self.missing_codes.clone(),
            coded: self.coded.as_ref().and_then(|c| c.select_rows(rows)),
            data,
            validity: validity.filter(|v| v.count_zeros() > 0),
            format: self.format.clone(),
        }
    }
}

impl Value<'_> {
    pub fn is_missing(&self) -> bool {
        matches!(self, Value::Missing)
    }

    /// Appends the canonical spelling; nothing when missing.
    pub fn write(&self, out: &mut String) {
        use std::fmt::Write;
        match *self {
            Value::Missing => {}
            Value::Float(x) => write_number(out, x),
            Value::Int(x) => {
                let _ = write!(out, "{x}");
            }
            Value::Bool(x) => out.push_str(if x { "true" } else { "false" }),
            Value::Date(days) => write_date(out, days),
            Value::DateTime(ms) => write_date_time(out, ms),
            Value::Time(ms) => write_time(out, ms),
            Value::Text(s) => out.push_str(s),
        }
    }
}

/// Appends the shortest decimal that reads back as `x`: `0.1`, `39`, `1e300`, `-0`, `inf`.
pub fn write_number(out: &mut String, x: f64) {
    use std::fmt::Write;
    let size = x.abs();
    let _ = if x.is_finite() && x != 0.0 && !(1e-5..1e15).contains(&size) {
        write!(out, "{x:e}")
    } else {
        write!(out, "{x}")
    };
}

fn validity_where<T>(values: &[T], is_valid: impl Fn(&T) -> bool) -> Option<Bitmap> {
    if values.iter().all(&is_valid) {
        return None;
    }
    Some(values.iter().map(is_valid).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_number(x: f64, expected: &str) {
        let mut out = String::new();
        write_number(&mut out, x);
        assert_eq!(out, expected);
        assert_eq!(out.parse::<f64>().unwrap().to_bits(), x.to_bits());
    }

    #[test]
    fn numbers_are_spelt_shortest() {
        check_number(0.1, "0.1");
        check_number(39.0, "39");
        check_number(-0.0, "-0");
        check_number(0.1 + 0.2, "0.30000000000000004");
        check_number(1e300, "1e300");
        check_number(-1.5e-7, "-1.5e-7");
        check_number(1e15, "1e15");
        check_number(f64::MAX, "1.7976931348623157e308");
        check_number(5e-324, "5e-324");
        check_number(f64::INFINITY, "inf");
        check_number(f64::NEG_INFINITY, "-inf");
    }

    #[test]
    fn display_of_each_kind() {
        let check = |column: Column, expected: &[&str]| {
            let shown: Vec<_> = (0..column.len()).map(|i| column.display(i)).collect();
            assert_eq!(shown, expected);
        };
        check(Column::float("x", vec![1.5, f64::NAN]), &["1.5", ""]);
        check(Column::int("x", vec![i64::MIN]), &["-9223372036854775808"]);
        check(Column::bool("x", [true, false]), &["true", "false"]);
        check(Column::date("x", vec![19_787]), &["2024-03-05"]);
        check(
            Column::date_time("x", vec![1]),
            &["1970-01-01T00:00:00.001"],
        );
        check(
            Column::new("x", Data::Time(vec![41_916_000])),
            &["11:38:36"],
        );
        check(
            Column::category("x", vec![1, -5, 0], vec!["a".into(), "b".into()]),
            &["b", "", "a"],
        );
        check(Column::text("x", ["가", ""]), &["가", ""]);
    }

    #[test]
    fn numbers_carry_nan_for_missing() {
        let check = |column: &Column, expected: &[f64]| {
            let numbers = column.numbers().unwrap();
            assert_eq!(format!("{numbers:?}"), format!("{expected:?}"));
        };
        let mut float = Column::float("x", vec![1.0, f64::NAN]);
        check(&float, &[1.0, f64::NAN]);
        assert!(matches!(float.numbers(), Some(Cow::Borrowed(_))));
        float.data = Data::Float(vec![1.0, 9.0]);
        check(&float, &[1.0, f64::NAN]);
        let second = Bitmap::from_iter([false, true]);
        check(
            &Column::int("x", vec![7, 8]).with_validity(second.clone()),
            &[f64::NAN, 8.0],
        );
        check(&Column::bool("x", [true, false]), &[1.0, 0.0]);
        check(&Column::date("x", vec![-3]), &[-3.0]);
        assert_eq!(Column::text("x", ["1"]).numbers(), None);
        let selected = Column::int("x", vec![7, 8]).with_validity(second);
        assert_eq!(selected.n_missing(), 1);
        assert_eq!(selected.select_rows(&[1, 1]).validity, None);
    }
}
