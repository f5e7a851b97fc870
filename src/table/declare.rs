//! What a person says of a column: its name, what it measures, what its values stand for.

use serde::{Deserialize, Serialize};

use super::csv::parse;
use super::{Bitmap, Column, ColumnKind, Data, Measure, MissingCode, Table, Utf8, ValueLabel};

/// What is said of one column; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Declaration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// A longer name for people; empty takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A remark; empty takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Hold the values as this kind; what cannot be read so becomes missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ColumnKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// Of a category: its levels in their order. Those not named come behind, in their old order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_labels: Option<Vec<ValueLabel>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_codes: Option<Vec<MissingCode>>,
}

/// Why declarations do not hold for a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclareError {
    NoColumn {
        name: String,
    },
    /// Two columns would be called so, or one by nothing.
    BadName {
        name: String,
    },
}

impl Declaration {
    /// What holds when `later` is said after this.
    pub fn then(self, later: Self) -> Self {
        Self {
            rename: later.rename.or(self.rename),
            label: later.label.or(self.label),
            note: later.note.or(self.note),
            kind: later.kind.or(self.kind),
            measure: later.measure.or(self.measure),
            levels: later.levels.or(self.levels),
            value_labels: later.value_labels.or(self.value_labels),
            missing_codes: later.missing_codes.or(self.missing_codes),
        }
    }
}

/// The table with what is said of its columns, each by its name before; with it, for each column
/// that changed its kind, its new name and how many values could not be read so.
///
/// # Errors
/// When a column is not there, or names would not be different.
pub fn declare<'a>(
    table: &Table,
    said: impl IntoIterator<Item = (&'a str, &'a Declaration)>,
) -> Result<(Table, Vec<(String, usize)>), DeclareError> {
    let mut columns = table.columns().to_vec();
    let mut lost = Vec::new();
    for (name, declaration) in said {
        let at = table.columns().iter().position(|c| c.name == name);
        let at = at.ok_or_else(|| DeclareError::NoColumn { name: name.into() })?;
        let before = columns[at].n_missing();
        let column = declared((*columns[at]).clone(), declaration);
        if declaration.kind.is_some() && declaration.missing_codes.is_none() {
            let n_lost = column.n_missing().saturating_sub(before);
            lost.extend((n_lost > 0).then(|| (column.name.clone(), n_lost)));
        }
        columns[at] = column.into();
    }
    for (i, column) in columns.iter().enumerate() {
        let is_taken = columns[..i].iter().any(|other| other.name == column.name);
        if is_taken || column.name.trim().is_empty() {
            let name = column.name.clone();
            return Err(DeclareError::BadName { name });
        }
    }
    let n_rows = table.n_rows;
    Ok((Table { columns, n_rows }, lost))
}

fn declared(mut column: Column, said: &Declaration) -> Column {
    let of_text = |text: &String| Some(text.trim().to_string()).filter(|t| !t.is_empty());
    if let Some(name) = &said.rename {
        column.name = name.trim().to_string();
    }
    if let Some(label) = &said.label {
        column.label = of_text(label);
    }
    if let Some(note) = &said.note {
        column.note = of_text(note);
    }
    if let Some(labels) = &said.value_labels {
        column.value_labels.clone_from(labels);
    }
    if let Some(kind) = said.kind.filter(|kind| *kind != column.kind()) {
        column = converted(column.with_missing_codes(Vec::new()), kind);
    }
    if let Some(measure) = said.measure {
        column.measure = measure;
    }
    if let (Some(order), Data::Category { codes, levels }) = (&said.levels, &mut column.data) {
        reorder(codes, levels, order);
    }
    match &said.missing_codes {
        Some(codes) => column.with_missing_codes(codes.clone()),
        None if said.kind.is_some() => {
            let codes = column.missing_codes.clone();
            column.with_missing_codes(codes)
        }
        None => column,
    }
}

/// The column held as another kind, read from its values' canonical spelling.
fn converted(column: Column, kind: ColumnKind) -> Column {
    let n_rows = column.len();
    let texts = || (0..n_rows).map(|i| column.is_valid(i).then(|| column.display(i)));
    let (data, valid) = match kind {
        ColumnKind::Float => {
            let (values, valid) = read(texts(), f64::NAN, parse::number);
            (Data::Float(values), valid)
        }
        ColumnKind::Int => {
            let whole = |text: &str| {
                let x = parse::number(text)?;
                (x.fract() == 0.0 && x.abs() <= 9_007_199_254_740_992.0).then_some(x as i64)
            };
            let (values, valid) = read(texts(), 0, whole);
            (Data::Int(values), valid)
        }
        ColumnKind::Bool => {
            let (values, valid) = read(texts(), false, truth);
            (Data::Bool(values.into_iter().collect()), valid)
        }
        ColumnKind::Date => {
            let day = |text: &str| {
                let of_time = || Some((parse::date_time(text)?.div_euclid(86_400_000)) as i32);
                parse::date(text).or_else(of_time)
            };
            let (values, valid) = read(texts(), 0, day);
            (Data::Date(values), valid)
        }
        ColumnKind::DateTime => {
            let moment = |text: &str| {
                let of_day = || Some(i64::from(parse::date(text)?) * 86_400_000);
                parse::date_time(text).or_else(of_day)
            };
            let (values, valid) = read(texts(), 0, moment);
            (Data::DateTime(values), valid)
        }
        ColumnKind::Time => {
            let (values, valid) = read(texts(), 0, parse::time);
            (Data::Time(values), valid)
        }
        ColumnKind::Category => {
            // Levels in the order of the values, by what they are and not by their labels.
            let plain = Column {
                value_labels: Vec::new(),
                ..column.clone()
            };
            let found = plain.levels_and_codes();
            let valid = found.codes.iter().map(|&code| code >= 0).collect();
            let (codes, levels) = (found.codes, found.names);
            (Data::Category { codes, levels }, valid)
        }
        ColumnKind::Text => {
            let mut text = Utf8::new();
            texts().for_each(|t| text.push(t.as_deref().unwrap_or_default()));
            let valid = texts().map(|t| t.is_some()).collect();
            (Data::Text(text), valid)
        }
    };
    Column {
        label: column.label,
        note: column.note,
        value_labels: column.value_labels,
        missing_codes: column.missing_codes,
        format: column.format,
        ..Column::new(column.name, data).with_validity(valid)
    }
}

fn read<T: Copy>(
    texts: impl Iterator<Item = Option<String>>,
    empty: T,
    read: impl Fn(&str) -> Option<T>,
) -> (Vec<T>, Bitmap) {
    let found: Vec<Option<T>> = texts.map(|text| text.as_deref().and_then(&read)).collect();
    let valid = found.iter().map(Option::is_some).collect();
    let values = found.into_iter().map(|v| v.unwrap_or(empty)).collect();
    (values, valid)
}

fn truth(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "t" | "1" | "예" | "네" | "참" => Some(true),
        "false" | "no" | "n" | "f" | "0" | "아니오" | "아니요" | "거짓" => Some(false),
        _ => None,
    }
}

fn reorder(codes: &mut [i32], levels: &mut Vec<String>, order: &[String]) {
    let place = |level: &String| order.iter().position(|o| o == level).unwrap_or(order.len());
    let mut from: Vec<usize> = (0..levels.len()).collect();
    from.sort_by_key(|&old| place(&levels[old]));
    let mut to = vec![0; levels.len()];
    for (new, &old) in from.iter().enumerate() {
        to[old] = new as i32;
    }
    let taken: Vec<String> = from.iter().map(|&old| levels[old].clone()).collect();
    *levels = taken;
    codes
        .iter_mut()
        .filter(|code| **code >= 0)
        .for_each(|code| *code = to[*code as usize]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let valid: Bitmap = [true, true, false, true].into_iter().collect();
        Table::new(vec![
            Column::text("size", ["M", "L", "", "S"]).with_validity(valid),
            Column::int("answer", vec![1, 2, 9, 1]),
            Column::text("mixed", ["1", "2.5", "x", "2024-03-05"]),
        ])
        .unwrap()
    }

    fn shown(column: &Column) -> Vec<String> {
        let show = |i| {
            if column.is_valid(i) {
                column.display(i)
            } else {
                "·".into()
            }
        };
        (0..column.len()).map(show).collect()
    }

    #[test]
    fn kinds_are_read_anew() {
        let check = |name: &str, kind, expected: [&str; 4], n_lost: usize| {
            let said = Declaration {
                kind: Some(kind),
                ..Declaration::default()
            };
            let (table, lost) = declare(&table(), [(name, &said)]).unwrap();
            let column = table.column(name).unwrap();
            assert_eq!(
                (column.kind(), shown(column)),
                (kind, expected.map(String::from).to_vec())
            );
            assert_eq!(
                lost.first().map_or(0, |l| l.1),
                n_lost,
                "{name} as {kind:?}"
            );
        };
        check("mixed", ColumnKind::Float, ["1", "2.5", "·", "·"], 2);
        check("mixed", ColumnKind::Int, ["1", "·", "·", "·"], 3);
        check("mixed", ColumnKind::Date, ["·", "·", "·", "2024-03-05"], 3);
        check("answer", ColumnKind::Text, ["1", "2", "9", "1"], 0);
        check("answer", ColumnKind::Category, ["1", "2", "9", "1"], 0);
        check("answer", ColumnKind::Bool, ["true", "·", "·", "true"], 2);
        check("size", ColumnKind::Category, ["M", "L", "·", "S"], 0);
    }

    #[test]
    fn levels_take_their_order() {
        let said = Declaration {
            kind: Some(ColumnKind::Category),
            measure: Some(Measure::Ordinal),
            levels: Some(["S", "M"].map(String::from).to_vec()),
            ..Declaration::default()
        };
        let (table, _) = declare(&table(), [("size", &said)]).unwrap();
        let column = table.column("size").unwrap();
        assert_eq!(column.levels_and_codes().names, ["S", "M", "L"]);
        assert_eq!(shown(column), ["M", "L", "·", "S"]);
        assert_eq!(column.measure, Measure::Ordinal);
    }

    #[test]
    fn codes_labels_and_names() {
        let said = Declaration {
            rename: Some(" q1 ".into()),
            label: Some("First question".into()),
            value_labels: Some(vec![ValueLabel {
                value: "1".into(),
                label: "yes".into(),
            }]),
            missing_codes: Some(vec![MissingCode::Value("9".into())]),
            ..Declaration::default()
        };
        let (table, lost) = declare(&table(), [("answer", &said)]).unwrap();
        let column = table.column("q1").unwrap();
        assert_eq!((shown(column).join(" "), lost.len()), ("1 2 · 1".into(), 0));
        assert_eq!(column.label.as_deref(), Some("First question"));
        assert_eq!(column.label_at(0), Some("yes"));

        let back = Declaration {
            label: Some(String::new()),
            missing_codes: Some(Vec::new()),
            ..Declaration::default()
        };
        let (table, _) = declare(&table, [("q1", &back)]).unwrap();
        let column = table.column("q1").unwrap();
        assert_eq!(
            (shown(column).join(" "), &column.label),
            ("1 2 9 1".into(), &None)
        );
    }

    #[test]
    fn names_must_differ() {
        let check = |name: &str, rename: &str, expected: DeclareError| {
            let said = Declaration {
                rename: Some(rename.into()),
                ..Declaration::default()
            };
            assert_eq!(declare(&table(), [(name, &said)]).unwrap_err(), expected);
        };
        check(
            "size",
            "mixed",
            DeclareError::BadName {
                name: "mixed".into(),
            },
        );
        check(
            "size",
            " ",
            DeclareError::BadName {
                name: String::new(),
            },
        );
        check(
            "shoe",
            "x",
            DeclareError::NoColumn {
                name: "shoe".into(),
            },
        );
    }

    #[test]
    fn later_words_count() {
        let first = Declaration {
            label: Some("a".into()),
            note: Some("n".into()),
            ..Declaration::default()
        };
        let then = Declaration {
            label: Some("b".into()),
            ..Declaration::default()
        };
        let both = first.then(then);
        assert_eq!(
            (both.label.as_deref(), both.note.as_deref()),
            (Some("b"), Some("n"))
        );
    }
}
