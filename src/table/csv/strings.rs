//! Strings that a program makes into a column, as the reader would have understood them.

use super::super::{Bitmap, Column, ColumnKind, Data};
use super::infer::{Evidence, Missing, Rules, parse_bool};
use super::words::{self, Words};
use super::{DateOrder, dates, number};

/// Collects strings, one a row.
pub struct Strings {
    words: Words,
}

/// The text of a column passed 2 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl Default for Strings {
    fn default() -> Self {
        let none = Missing::new(Some(&[]));
        Self {
            words: Words::new(&none, None, 0),
        }
    }
}

impl Strings {
    pub fn new() -> Self {
        Self::default()
    }

    /// # Errors
    /// When the text of the column passes 2 GiB.
    pub fn push(&mut self, string: Option<&str>) -> Result<(), TooLarge> {
        self.words.push(string).map_err(TooLarge::from)
    }

    /// Text when more than 1,000 strings are different and more than half of all; else a category
    /// with its levels in their natural order.
    ///
    /// # Errors
    /// When the text of the column passes 2 GiB.
    pub fn finish(self, name: &str) -> Result<Column, TooLarge> {
        let (data, validity) = self.words.finish().map_err(TooLarge::from)?;
        let column = Column::new(name, data);
        Ok(match validity {
            Some(validity) => column.with_validity(validity),
            None => column,
        })
    }

    /// The narrowest kind that all strings fit, as in an imported file with a decimal point: numbers,
    /// dates, times, true and false; words where none does.
    ///
    /// # Errors
    /// When the text of the column passes 2 GiB.
    pub fn finish_typed(self, name: &str) -> Result<Column, TooLarge> {
        let column = self.finish(name)?;
        let rules = Rules {
            missing: Missing::new(Some(&[])),
            decimal: b'.',
        };
        let mut evidence = Evidence::default();
        match &column.data {
            Data::Category { levels, .. } => {
                levels
                    .iter()
                    .for_each(|l| evidence.see(l.as_bytes(), &rules));
            }
            Data::Text(text) => {
                let valid = (0..text.len()).filter(|&i| column.is_valid(i));
                valid.for_each(|i| evidence.see(text.get(i).as_bytes(), &rules));
            }
            _ => {}
        }
        let order = evidence.date_order().unwrap_or(DateOrder::MonthDay);
        Ok(match evidence.kind(name) {
            Some(kind) => typed(column, kind, order),
            None => column,
        })
    }
}

impl From<words::TooLarge> for TooLarge {
    fn from(_: words::TooLarge) -> Self {
        Self
    }
}

/// A column of words as another kind that all its values but empty ones fit; these are missing then.
fn typed(column: Column, kind: ColumnKind, order: DateOrder) -> Column {
    let whole = |s: &str| number::parse_number(s.as_bytes(), b'.').and_then(|n| n.whole);
    let real = |s: &str| number::parse_number(s.as_bytes(), b'.').map(|n| n.value);
    let moment = |s: &str| dates::parse_moment(s.as_bytes(), order);
    let mut validity = Bitmap::with_len(column.len(), false);
    let valid = &mut validity;
    let data = match kind {
        ColumnKind::Int => Data::Int(each(&column, whole, 0, valid)),
        ColumnKind::Float => Data::Float(each(&column, real, f64::NAN, valid)),
        ColumnKind::Date => Data::Date(each(&column, |s| moment(s).map(|m| m.days), 0, valid)),
        ColumnKind::DateTime => {
            let ms = |s: &str| moment(s).map(|m| m.ms_since_epoch());
            Data::DateTime(each(&column, ms, 0, valid))
        }
        ColumnKind::Time => {
            let ms = |s: &str| dates::parse_time(s.as_bytes());
            Data::Time(each(&column, ms, 0, valid))
        }
        ColumnKind::Bool => {
            let values = each(&column, |s| parse_bool(s.as_bytes()), false, valid);
            Data::Bool(values.into_iter().collect())
        }
        ColumnKind::Category | ColumnKind::Text => return column,
    };
    Column::new(column.name, data).with_validity(validity)
}

/// Each row's value as `read` reads its string, and which rows have one; a level is read once.
fn each<T: Copy>(
    column: &Column,
    read: impl Fn(&str) -> Option<T>,
    missing: T,
    valid: &mut Bitmap,
) -> Vec<T> {
    let levels: Vec<Option<T>> = match &column.data {
        Data::Category { levels, .. } => levels.iter().map(|l| read(l)).collect(),
        _ => Vec::new(),
    };
    let value = |i: usize| match &column.data {
        Data::Category { codes, .. } => usize::try_from(codes[i]).ok().and_then(|c| levels[c]),
        Data::Text(text) if column.is_valid(i) => read(text.get(i)),
        _ => None,
    };
    let rows = 0..column.len();
    rows.map(|i| {
        let found = value(i);
        valid.set(i, found.is_some());
        found.unwrap_or(missing)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(strings: &[Option<&str>], typed: bool) -> Column {
        let mut all = Strings::new();
        strings.iter().for_each(|s| all.push(*s).unwrap());
        match typed {
            true => all.finish_typed("x").unwrap(),
            false => all.finish("x").unwrap(),
        }
    }

    fn check(strings: &[Option<&str>], kind: ColumnKind, shown: &[&str]) {
        let column = made(strings, true);
        assert_eq!(column.kind(), kind, "{strings:?}");
        let found: Vec<String> = (0..column.len()).map(|i| column.display(i)).collect();
        assert_eq!(found, shown);
        let missing = shown.iter().filter(|s| s.is_empty()).count();
        assert_eq!(column.n_missing(), missing);
    }

    #[test]
    fn strings_are_understood() {
        check(
            &[Some("12"), None, Some("-3")],
            ColumnKind::Int,
            &["12", "", "-3"],
        );
        check(&[Some("1.5"), Some("2")], ColumnKind::Float, &["1.5", "2"]);
        check(
            &[Some("2024-03-05"), None],
            ColumnKind::Date,
            &["2024-03-05", ""],
        );
        check(&[Some("11:38:36")], ColumnKind::Time, &["11:38:36"]);
        check(
            &[Some("true"), Some("false")],
            ColumnKind::Bool,
            &["true", "false"],
        );
        check(
            &[Some("1"), Some("a"), None],
            ColumnKind::Category,
            &["1", "a", ""],
        );
        check(
            &[Some("007"), Some("010")],
            ColumnKind::Category,
            &["007", "010"],
        );
        check(&[Some("7"), Some("")], ColumnKind::Int, &["7", ""]);
        check(&[None, None], ColumnKind::Category, &["", ""]);
        check(&[], ColumnKind::Category, &[]);
    }

    #[test]
    fn words_stay_words_unless_they_are_asked() {
        let column = made(&[Some("10"), Some("9"), Some("")], false);
        let Data::Category { levels, .. } = &column.data else {
            panic!("{column:?}")
        };
        assert_eq!(levels, &["", "9", "10"]);
        assert_eq!(column.n_missing(), 0);
    }

    #[test]
    fn many_different_strings_are_understood_too() {
        let strings: Vec<String> = (0..150_000).map(|i| format!("{i}.5")).collect();
        let mut all = Strings::new();
        for (i, s) in strings.iter().enumerate() {
            all.push((i % 7 != 3).then_some(s)).unwrap();
        }
        let column = all.finish_typed("x").unwrap();
        assert_eq!(column.kind(), ColumnKind::Float);
        assert_eq!(column.display(149_999), "149999.5");
        assert_eq!(
            (column.display(3), column.n_missing()),
            (String::new(), 21_428)
        );
    }
}
