//! The values of all rows: columns as the evaluator reads them, and what it makes for a whole table.

use std::borrow::Cow;
use std::ops::Range;

use super::super::types::Type;
use super::lane::{FALSE, Lane, NO_STAMP, TRUE, UNKNOWN, truth};
use super::texts::Texts;
use super::{Block, Failure};
use crate::table::{Bitmap, Column, ColumnKind, Data, Dictionary, TextBuilder, Utf8, category};

/// A column of the table.
pub(super) enum Source<'t> {
    Float(Cow<'t, [f64]>),
    Int(&'t [i64], Option<&'t Bitmap>),
    Bool(&'t Bitmap, Option<&'t Bitmap>),
    /// Days, or milliseconds of a time of day.
    Short(&'t [i32], Option<&'t Bitmap>),
    /// Milliseconds of a date with a time.
    Long(&'t [i64], Option<&'t Bitmap>),
    /// Codes that are negative wherever a value is missing.
    Category {
        codes: Cow<'t, [i32]>,
        levels: &'t [String],
    },
    Text(&'t Utf8, Option<&'t Bitmap>),
}

/// One value for each row, or for each group.
#[derive(Clone, Debug)]
pub(super) enum Vector<'t> {
    Number(Cow<'t, [f64]>),
    Truth(Vec<u8>),
    Stamp(Vec<i64>),
    Text {
        codes: Cow<'t, [i32]>,
        levels: Cow<'t, [String]>,
    },
}

/// No row.
pub(super) const NO_ROW: u32 = u32::MAX;

impl<'t> Source<'t> {
    pub fn of(column: &'t Column) -> Self {
        let validity = column.validity.as_ref();
        match &column.data {
            Data::Float(v) => Source::Float(column.numbers().unwrap_or(Cow::Borrowed(v))),
            Data::Int(v) => Source::Int(v, validity),
            Data::Bool(v) => Source::Bool(v, validity),
            Data::Date(v) | Data::Time(v) => Source::Short(v, validity),
            Data::DateTime(v) => Source::Long(v, validity),
            Data::Category { codes, levels } => Source::Category {
                codes: clean_codes(codes, validity),
                levels,
            },
            Data::Text(v) => Source::Text(v, validity),
        }
    }

    pub fn block(&self, rows: Range<usize>) -> Block<'_> {
        let is_valid = |validity: &Option<&Bitmap>, i: usize| validity.is_none_or(|v| v.get(i));
        match self {
            Source::Float(v) => Block::Number(Lane::slice(&v[rows])),
            Source::Int(v, None) => {
                Block::Number(Lane::own(v[rows].iter().map(|&x| x as f64).collect()))
            }
            Source::Int(v, validity) => {
                let number = |i: usize| match is_valid(validity, i) {
                    true => v[i] as f64,
                    false => f64::NAN,
                };
                Block::Number(Lane::own(rows.map(number).collect()))
            }
            Source::Bool(v, validity) => {
                let of = |i: usize| match is_valid(validity, i) {
                    true => truth(v.get(i)),
                    false => UNKNOWN,
                };
                Block::Truth(Lane::own(rows.map(of).collect()))
            }
            Source::Short(v, validity) => {
                let of = |i: usize| match is_valid(validity, i) {
                    true => i64::from(v[i]),
                    false => NO_STAMP,
                };
                Block::Stamp(Lane::own(rows.map(of).collect()))
            }
            Source::Long(v, None) => Block::Stamp(Lane::slice(&v[rows])),
            Source::Long(v, validity) => {
                let of = |i: usize| match is_valid(validity, i) {
                    true => v[i],
                    false => NO_STAMP,
                };
                Block::Stamp(Lane::own(rows.map(of).collect()))
            }
            Source::Category { codes, levels } => Block::Text(Texts::Coded {
                codes: &codes[rows],
                levels,
            }),
            Source::Text(text, validity) => Block::Text(Texts::Column {
                text,
                validity: *validity,
                start: rows.start,
            }),
        }
    }

    /// Codes and levels of a category.
    pub fn category(&self) -> Option<(&[i32], &'t [String])> {
        match self {
            Source::Category { codes, levels } => Some((codes, levels)),
            _ => None,
        }
    }
}

fn clean_codes<'t>(codes: &'t [i32], validity: Option<&Bitmap>) -> Cow<'t, [i32]> {
    let Some(validity) = validity else {
        return Cow::Borrowed(codes);
    };
    if codes
        .iter()
        .zip(validity.iter())
        .all(|(&c, valid)| valid || c < 0)
    {
        return Cow::Borrowed(codes);
    }
    let clean = codes.iter().zip(validity.iter());
    clean
        .map(|(&c, valid)| if valid { c } else { -1 })
        .collect()
}

impl<'t> Vector<'t> {
    pub fn len(&self) -> usize {
        match self {
            Vector::Number(v) => v.len(),
            Vector::Truth(v) => v.len(),
            Vector::Stamp(v) => v.len(),
            Vector::Text { codes, .. } => codes.len(),
        }
    }

    pub fn is_valid(&self, row: u32) -> bool {
        let i = row as usize;
        match self {
            Vector::Number(v) => !v[i].is_nan(),
            Vector::Truth(v) => v[i] != UNKNOWN,
            Vector::Stamp(v) => v[i] != NO_STAMP,
            Vector::Text { codes, .. } => codes[i] >= 0,
        }
    }

    pub fn block(&self, rows: Range<usize>) -> Block<'_> {
        match self {
            Vector::Number(v) => Block::Number(Lane::slice(&v[rows])),
            Vector::Truth(v) => Block::Truth(Lane::slice(&v[rows])),
            Vector::Stamp(v) => Block::Stamp(Lane::slice(&v[rows])),
            Vector::Text { codes, levels } => Block::Text(Texts::Coded {
                codes: &codes[rows],
                levels,
            }),
        }
    }

    /// The values at the codes; a negative code takes the last one.
    pub fn through<'a>(&'a self, codes: &'a [i32]) -> Block<'a> {
        fn gather<'a, T: Copy>(values: &[T], codes: &[i32]) -> Lane<'a, T> {
            let last = values.len() - 1;
            let at = |&code: &i32| values[(code as usize).min(last)];
            Lane::own(codes.iter().map(at).collect())
        }
        match self {
            Vector::Number(v) => Block::Number(gather(v, codes)),
            Vector::Truth(v) => Block::Truth(gather(v, codes)),
            Vector::Stamp(v) => Block::Stamp(gather(v, codes)),
            Vector::Text { codes: via, levels } => {
                Block::Text(Texts::Through { codes, via, levels })
            }
        }
    }

    /// The values of these rows; [`NO_ROW`] is missing.
    pub fn take(&self, rows: &[u32]) -> Vector<'t> {
        fn pick<T: Copy>(values: &[T], rows: &[u32], missing: T) -> Vec<T> {
            let at = |&row: &u32| values.get(row as usize).copied().unwrap_or(missing);
            rows.iter().map(at).collect()
        }
        match self {
            Vector::Number(v) => Vector::Number(pick(v, rows, f64::NAN).into()),
            Vector::Truth(v) => Vector::Truth(pick(v, rows, UNKNOWN)),
            Vector::Stamp(v) => Vector::Stamp(pick(v, rows, NO_STAMP)),
            Vector::Text { codes, levels } => Vector::Text {
                codes: pick(codes, rows, -1).into(),
                levels: levels.clone(),
            },
        }
    }

    /// Numbers, of truth values 0 and 1.
    pub fn numbers(&self) -> Cow<'_, [f64]> {
        match self {
            Vector::Number(v) => Cow::Borrowed(v),
            Vector::Truth(v) => v.iter().map(|&t| number_of_truth(t)).collect(),
            _ => vec![f64::NAN; self.len()].into(),
        }
    }
}

pub(super) fn number_of_truth(t: u8) -> f64 {
    match t {
        FALSE => 0.0,
        TRUE => 1.0,
        _ => f64::NAN,
    }
}

/// Collects the blocks of a whole table.
pub(super) enum Collector {
    Number(Vec<f64>),
    Truth(Vec<u8>),
    Stamp(Vec<i64>),
    Text(Dictionary, Vec<i32>),
}

impl Collector {
    pub fn new(ty: Type, n_rows: usize) -> Self {
        match ty {
            Type::Missing | Type::Number | Type::Whole => {
                Collector::Number(Vec::with_capacity(n_rows))
            }
            Type::Truth => Collector::Truth(Vec::with_capacity(n_rows)),
            Type::Date | Type::DateTime | Type::Time => {
                Collector::Stamp(Vec::with_capacity(n_rows))
            }
            Type::Text => Collector::Text(Dictionary::new(), Vec::with_capacity(n_rows)),
        }
    }

    /// Appends a block of `n` rows.
    pub fn push(&mut self, block: Block<'_>, n: usize) -> Result<(), Failure> {
        fn append<T: Copy>(to: &mut Vec<T>, lane: Lane<'_, T>, n: usize) {
            match lane {
                Lane::One(x) => to.resize(to.len() + n, x),
                Lane::Many(v) => to.extend_from_slice(&v),
            }
        }
        match self {
            Collector::Number(to) => append(to, block.number(), n),
            Collector::Truth(to) => append(to, block.truth(), n),
            Collector::Stamp(to) => append(to, block.stamp(), n),
            Collector::Text(dictionary, codes) => {
                let texts = block.text();
                for i in 0..n {
                    let Some(word) = texts.get(i) else {
                        codes.push(-1);
                        continue;
                    };
                    if !dictionary.has_room(word.len()) {
                        return Err(Failure::TooMuchText);
                    }
                    codes.push(dictionary.code(word));
                }
            }
        }
        Ok(())
    }

    pub fn finish(self) -> Vector<'static> {
        match self {
            Collector::Number(v) => Vector::Number(v.into()),
            Collector::Truth(v) => Vector::Truth(v),
            Collector::Stamp(v) => Vector::Stamp(v),
            Collector::Text(dictionary, codes) => Vector::Text {
                codes: codes.into(),
                levels: dictionary.into_words().into(),
            },
        }
    }
}

/// Collects the blocks of a new column.
pub(super) enum Output {
    Values(Collector),
    Text(TextBuilder),
}

impl Output {
    pub fn new(ty: Type, n_rows: usize) -> Self {
        match ty {
            Type::Text => Output::Text(TextBuilder::new()),
            _ => Output::Values(Collector::new(ty, n_rows)),
        }
    }

    pub fn push(&mut self, block: Block<'_>, n: usize) -> Result<(), Failure> {
        match self {
            Output::Values(collector) => collector.push(block, n),
            Output::Text(builder) => {
                let texts = block.text();
                for i in 0..n {
                    let pushed = builder.push(texts.get(i));
                    pushed.map_err(|_| Failure::TooMuchText)?;
                }
                Ok(())
            }
        }
    }

    pub fn finish(self, name: &str, ty: Type) -> Result<Column, Failure> {
        match self {
            Output::Values(collector) => Ok(collector.finish().into_column(name, ty)),
            Output::Text(builder) => builder.finish(name).map_err(|_| Failure::TooMuchText),
        }
    }
}

impl Vector<'_> {
    pub fn into_column(self, name: &str, ty: Type) -> Column {
        match self {
            Vector::Number(v) if ty == Type::Whole && v.iter().all(|&x| is_whole(x)) => {
                let validity = v.iter().map(|x| !x.is_nan()).collect();
                let whole = v.iter().map(|&x| x as i64).collect();
                Column::int(name, whole).with_validity(validity)
            }
            Vector::Number(v) => Column::float(name, v.into_owned()),
            Vector::Truth(v) => {
                let validity = v.iter().map(|&t| t != UNKNOWN).collect();
                Column::bool(name, v.iter().map(|&t| t == TRUE)).with_validity(validity)
            }
            Vector::Stamp(v) if ty == Type::DateTime => {
                let validity = v.iter().map(|&s| s != NO_STAMP).collect();
                let filled = v.iter().map(|&s| if s == NO_STAMP { 0 } else { s });
                Column::date_time(name, filled.collect()).with_validity(validity)
            }
            Vector::Stamp(v) => {
                let short = |s: i64| i32::try_from(s).ok();
                let validity = v.iter().map(|&s| short(s).is_some()).collect();
                let filled = v.iter().map(|&s| short(s).unwrap_or(0)).collect();
                let data = match ty.kind() {
                    ColumnKind::Time => Data::Time(filled),
                    _ => Data::Date(filled),
                };
                Column::new(name, data).with_validity(validity)
            }
            Vector::Text { codes, levels } => {
                category(name, codes.into_owned(), levels.into_owned())
            }
        }
    }
}

/// Missing, or a whole number that a double holds exactly.
fn is_whole(x: f64) -> bool {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    x.is_nan() || (x.abs() <= LIMIT && x.fract() == 0.0)
}
