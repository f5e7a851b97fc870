//! Words that a program made, understood as a file's would be.

use super::super::{Bitmap, Column, ColumnKind, Data};
use super::infer::{Evidence, Missing, Rules, parse_bool};
use super::{DateOrder, dates, number};

/// A column of words as the narrowest kind that all of them fit, as in an imported file with a decimal
/// point: numbers, dates, times, true and false. Empty words are missing then. Words that fit none of
/// these stay as they are, and so does a column of another kind.
pub fn understood(column: Column) -> Column {
    let rules = Rules {
        missing: Missing::new(Some(&[])),
        decimal: b'.',
    };
    let mut evidence = Evidence::default();
    match &column.data {
        Data::Category { levels, .. } => levels
            .iter()
            .for_each(|l| evidence.see(l.as_bytes(), &rules)),
        Data::Text(text) => {
            let valid = (0..text.len()).filter(|&i| column.is_valid(i));
            valid.for_each(|i| evidence.see(text.get(i).as_bytes(), &rules));
        }
        _ => return column,
    }
    let order = evidence.date_order().unwrap_or(DateOrder::MonthDay);
    match evidence.kind(&column.name) {
        Some(kind) => read_as(column, kind, order),
        None => column,
    }
}

fn read_as(column: Column, kind: ColumnKind, order: DateOrder) -> Column {
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

/// Each row's value as `read` reads its word, and which rows have one; a level is read once.
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
    (0..column.len())
        .map(|i| {
            let found = value(i);
            valid.set(i, found.is_some());
            found.unwrap_or(missing)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::TextBuilder;
    use super::*;

    fn column<'a>(words: impl IntoIterator<Item = Option<&'a str>>) -> Column {
        let mut all = TextBuilder::new();
        words.into_iter().for_each(|w| all.push(w).unwrap());
        understood(all.finish("x").unwrap())
    }

    fn check(words: &[Option<&str>], kind: ColumnKind, shown: &[&str]) {
        let column = column(words.iter().copied());
        assert_eq!(column.kind(), kind, "{words:?}");
        let found: Vec<String> = (0..column.len()).map(|i| column.display(i)).collect();
        assert_eq!(found, shown);
        let missing = shown.iter().filter(|s| s.is_empty()).count();
        assert_eq!(column.n_missing(), missing);
    }

    #[test]
    fn words_are_understood() {
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
    fn many_different_words_are_understood_too() {
        let words: Vec<String> = (0..150_000).map(|i| format!("{i}.5")).collect();
        let some = |(i, w)| (i % 7 != 3).then_some(w);
        let column = column(words.iter().map(String::as_str).enumerate().map(some));
        assert_eq!(column.kind(), ColumnKind::Float);
        assert_eq!(column.display(149_998), "149998.5");
        assert_eq!(
            (column.display(3), column.n_missing()),
            (String::new(), 21_429)
        );
    }
}
