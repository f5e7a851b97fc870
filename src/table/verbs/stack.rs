//! Columns on top of each other: one kind for all, and all their values.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::super::calendar::MS_PER_DAY;
use super::super::{Bitmap, Column, ColumnKind, Data, Measure, Utf8, natural_order};

/// A piece of a stacked column.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    Column(&'a Column),
    /// So many rows without a value.
    Missing(usize),
}

impl Part<'_> {
    pub fn len(&self) -> usize {
        match self {
            Self::Column(column) => column.len(),
            Self::Missing(n_rows) => *n_rows,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The kind that holds the values of both: whole numbers become numbers, true and false 1 and 0, days
/// the midnight at which they begin, and what is of different nature is spelt out as text.
pub fn common_kind(a: ColumnKind, b: ColumnKind) -> ColumnKind {
    use ColumnKind::{Bool, Category, Date, DateTime, Float, Int, Text};
    match (a, b) {
        _ if a == b => a,
        (Int | Bool, Float) | (Float, Int | Bool) => Float,
        (Int, Bool) | (Bool, Int) => Int,
        (Date, DateTime) | (DateTime, Date) => DateTime,
        (Text, _) | (_, Text) => Text,
        _ => Category,
    }
}

/// Whether [`common_kind`] keeps the values what they are, rather than spelling them out.
pub fn is_same_nature(a: ColumnKind, b: ColumnKind) -> bool {
    use ColumnKind::{Category, Text};
    let is_word = |kind| matches!(kind, Category | Text);
    is_word(a) == is_word(b) && (is_word(a) || !is_word(common_kind(a, b)))
}

/// The parts as one column of their [`common_kind`], called and measured as the first of them is.
/// Levels of categories are brought together: in natural order when all had theirs so, and otherwise
/// in the order in which they come. Labels of values are brought together too; codes for missing
/// values stay declared when all parts declare the same.
///
/// `None` when there is no column among the parts, or its text would pass 2 GiB.
pub fn stack(parts: &[Part]) -> Option<Column> {
    let columns: Vec<&Column> = parts
        .iter()
        .filter_map(|p| match p {
            Part::Column(column) => Some(*column),
            Part::Missing(_) => None,
        })
        .collect();
    let first = *columns.first()?;
    let kind = columns.iter().map(|c| c.kind()).reduce(common_kind)?;
    let data = match kind {
        ColumnKind::Float => Data::Float(each(parts, f64::NAN, |c| match &c.data {
            Data::Float(v) => Cow::Borrowed(v),
            _ => c.numbers().expect("a column of numbers"),
        })),
        ColumnKind::Int => Data::Int(each(parts, 0, |c| match &c.data {
            Data::Int(v) => Cow::Borrowed(v),
            Data::Bool(v) => Cow::Owned(v.iter().map(i64::from).collect()),
            _ => unreachable!("whole numbers, or true and false"),
        })),
        ColumnKind::DateTime => Data::DateTime(each(parts, 0, |c| match &c.data {
            Data::DateTime(v) => Cow::Borrowed(v),
            Data::Date(v) => Cow::Owned(v.iter().map(|&d| i64::from(d) * MS_PER_DAY).collect()),
            _ => unreachable!("dates, or dates and times"),
        })),
        ColumnKind::Date | ColumnKind::Time => {
            let days_or_ms = each(parts, 0, |c| match &c.data {
                Data::Date(v) | Data::Time(v) => Cow::Borrowed(v),
                _ => unreachable!("columns of one kind"),
            });
            match kind {
                ColumnKind::Date => Data::Date(days_or_ms),
                _ => Data::Time(days_or_ms),
            }
        }
        ColumnKind::Bool => Data::Bool(bools(parts)),
        ColumnKind::Category => categories(parts),
        ColumnKind::Text => Data::Text(text(parts)?),
    };
    let mut stacked = first.with_values(data, Some(validity(parts)));
    if first.kind() != kind && !is_same_nature(first.kind(), kind) {
        stacked.measure = Measure::Nominal;
    }
    for column in &columns[1..] {
        for label in &column.value_labels {
            if stacked.label_of(&label.value).is_none() {
                stacked.value_labels.push(label.clone());
            }
        }
        if column.missing_codes != first.missing_codes {
            stacked.missing_codes.clear();
        }
    }
    Some(stacked)
}

fn each<'a, T: Copy + 'a>(
    parts: &[Part<'a>],
    missing: T,
    values: impl Fn(&'a Column) -> Cow<'a, [T]>,
) -> Vec<T> {
    let mut all = Vec::with_capacity(parts.iter().map(Part::len).sum());
    for part in parts {
        match part {
            Part::Missing(n_rows) => all.resize(all.len() + n_rows, missing),
            Part::Column(column) => all.extend_from_slice(&values(column)),
        }
    }
    all
}

fn bools(parts: &[Part]) -> Bitmap {
    let mut all = Bitmap::default();
    for part in parts {
        match part {
            Part::Missing(n_rows) => all.resize(all.len() + n_rows, false),
            Part::Column(column) => match &column.data {
                Data::Bool(v) => v.iter().for_each(|bit| all.push(bit)),
                _ => unreachable!("columns of one kind"),
            },
        }
    }
    all
}

fn validity(parts: &[Part]) -> Bitmap {
    let mut all = Bitmap::default();
    for part in parts {
        match part {
            Part::Missing(n_rows) => all.resize(all.len() + n_rows, false),
            Part::Column(column) => match &column.validity {
                Some(valid) => valid.iter().for_each(|bit| all.push(bit)),
                None => all.resize(all.len() + column.len(), true),
            },
        }
    }
    all
}

/// Words of any kind, everything else spelt out.
fn text(parts: &[Part]) -> Option<Utf8> {
    let mut text = Utf8::new();
    let mut word = String::new();
    for part in parts {
        for row in 0..part.len() {
            word.clear();
            if let Part::Column(column) = part {
                column.value(row).write(&mut word);
            }
            if !text.has_room(word.len()) {
                return None;
            }
            text.push(&word);
        }
    }
    Some(text)
}

fn categories(parts: &[Part]) -> Data {
    let mut levels: Vec<String> = Vec::new();
    let mut place: FxHashMap<String, i32> = FxHashMap::default();
    let mut codes = Vec::with_capacity(parts.iter().map(Part::len).sum());
    let mut in_order = true;
    for part in parts {
        let Part::Column(column) = part else {
            codes.resize(codes.len() + part.len(), -1);
            continue;
        };
        let spelt;
        let (own, names) = match &column.data {
            Data::Category { codes, levels } => (codes, levels),
            _ => {
                spelt = column.levels_by_value();
                (&spelt.codes, &spelt.names)
            }
        };
        in_order &= names
            .windows(2)
            .all(|w| natural_order(&w[0], &w[1]).is_lt());
        let new: Vec<i32> = names
            .iter()
            .map(|name| match place.get(name) {
                Some(&at) => at,
                None => {
                    let at = levels.len() as i32;
                    levels.push(name.clone());
                    place.insert(name.clone(), at);
                    at
                }
            })
            .collect();
        codes.extend(
            own.iter()
                .map(|&c| usize::try_from(c).map_or(-1, |c| new[c])),
        );
    }
    if in_order {
        sort_levels(&mut levels, &mut codes);
    }
    Data::Category { codes, levels }
}

fn sort_levels(levels: &mut Vec<String>, codes: &mut [i32]) {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by(|&a, &b| natural_order(&levels[a], &levels[b]));
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new as i32;
    }
    for code in codes.iter_mut().filter(|c| **c >= 0) {
        *code = place[*code as usize];
    }
    *levels = order
        .iter()
        .map(|&old| std::mem::take(&mut levels[old]))
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[Part], kind: ColumnKind, expected: &[&str]) {
        let stacked = stack(parts).unwrap();
        assert_eq!(stacked.kind(), kind);
        let shown: Vec<String> = (0..stacked.len())
            .map(|i| match stacked.is_valid(i) {
                true => stacked.display(i),
                false => "–".into(),
            })
            .collect();
        assert_eq!(shown, expected);
    }

    fn categories(codes: &[i32], levels: &[&str]) -> Column {
        let levels = levels.iter().map(|l| l.to_string()).collect();
        Column::category("c", codes.to_vec(), levels)
    }

    #[test]
    fn one_kind_for_all() {
        use ColumnKind::{Bool, Category, Date, DateTime, Float, Int, Text, Time};
        let int = Column::int("x", vec![1, 2]);
        let float = Column::float("y", vec![0.5, f64::NAN]);
        let yes = Column::bool("z", [true]);
        let day = Column::date("d", vec![1]);
        let instant = Column::date_time("t", vec![3_600_000]);
        let noon = Column::new("n", Data::Time(vec![43_200_000]));
        let text = Column::text("s", ["b", ""]);
        let c = |column| Part::Column(column);
        check(
            &[c(&int), Part::Missing(1), c(&int)],
            Int,
            &["1", "2", "–", "1", "2"],
        );
        check(&[c(&int), c(&float)], Float, &["1", "2", "0.5", "–"]);
        check(
            &[c(&yes), c(&float), c(&int)],
            Float,
            &["1", "0.5", "–", "1", "2"],
        );
        check(&[c(&int), c(&yes)], Int, &["1", "2", "1"]);
        check(&[Part::Missing(1), c(&yes)], Bool, &["–", "true"]);
        check(&[c(&day), Part::Missing(1)], Date, &["1970-01-02", "–"]);
        check(&[c(&noon), c(&noon)], Time, &["12:00:00", "12:00:00"]);
        check(
            &[c(&day), c(&instant)],
            DateTime,
            &["1970-01-02T00:00:00", "1970-01-01T01:00:00"],
        );
        check(&[c(&text), Part::Missing(1)], Text, &["b", "", "–"]);
        check(
            &[c(&int), c(&text), c(&yes)],
            Text,
            &["1", "2", "b", "", "true"],
        );
        let a = categories(&[0], &["a"]);
        check(&[c(&a), c(&text)], Text, &["a", "b", ""]);
        check(&[c(&day), c(&int)], Category, &["1970-01-02", "1", "2"]);
        assert!(stack(&[Part::Missing(3)]).is_none());
    }

    #[test]
    fn levels_are_brought_together() {
        let check = |parts: &[&Column], expected: &[&str], codes: &[i32]| {
            let parts: Vec<Part> = parts.iter().map(|c| Part::Column(c)).collect();
            let Data::Category { codes: got, levels } = stack(&parts).unwrap().data else {
                panic!("a category")
            };
            assert_eq!(levels, expected);
            assert_eq!(got, codes);
        };
        let sorted = categories(&[0, 1, -1], &["a", "c"]);
        let between = categories(&[0, 1], &["b", "c"]);
        check(&[&sorted, &between], &["a", "b", "c"], &[0, 2, -1, 1, 2]);
        let ordered = categories(&[0, 1], &["low", "high"]);
        check(
            &[&ordered, &categories(&[0], &["between"])],
            &["low", "high", "between"],
            &[0, 1, 2],
        );
        let again = categories(&[1, 0], &["high", "low"]);
        check(&[&ordered, &again], &["low", "high"], &[0, 1, 0, 1]);
    }

    #[test]
    fn numbers_spelt_out_are_no_scale() {
        let int = Column::int("x", vec![1]);
        let word = Column::text("s", ["b"]);
        let stacked = stack(&[Part::Column(&int), Part::Column(&word)]).unwrap();
        assert_eq!(stacked.measure, Measure::Nominal);
        assert_eq!(stacked.name, "x");
        assert!(is_same_nature(ColumnKind::Int, ColumnKind::Float));
        assert!(is_same_nature(ColumnKind::Category, ColumnKind::Text));
        assert!(!is_same_nature(ColumnKind::Date, ColumnKind::Int));
        assert!(!is_same_nature(ColumnKind::Text, ColumnKind::Bool));
    }
}
