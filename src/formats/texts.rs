//! Columns of text read as a delimited text file would be, so that numbers, dates and marks of
//! missing values in the cells of a workbook or of JSON are understood in the same way.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::{FormatError, words};
use crate::report::Msg;
use crate::table::csv::{
    ColumnOverride, Delimiter, Encoding, ImportOptions, UnderstoodColumn, read_csv,
};
use crate::table::{Column, Utf8};

/// A column whose cells are text; those without a value are empty.
pub(super) struct TextColumn {
    pub name: String,
    pub texts: Utf8,
    /// Whether some cells were numbers, spelt with a decimal point.
    pub has_numbers: bool,
}

/// The columns, typed, each with what was understood of it. `row_of` turns a row of the table into
/// the row that people see in the file.
///
/// # Errors
/// When a column's text is too large.
pub(super) fn read(
    columns: &[&TextColumn],
    options: &ImportOptions,
    row_of: &dyn Fn(usize) -> u64,
    warnings: &mut Vec<Msg>,
) -> Result<Vec<(Column, UnderstoodColumn)>, FormatError> {
    let mut found: Vec<Option<(Column, UnderstoodColumn)>> = columns.iter().map(|_| None).collect();
    for has_numbers in [false, true] {
        let group: Vec<usize> = (0..columns.len())
            .filter(|&k| columns[k].has_numbers == has_numbers)
            .collect();
        if group.is_empty() {
            continue;
        }
        let members: Vec<&TextColumn> = group.iter().map(|&k| columns[k]).collect();
        let read = read_group(&members, has_numbers, options, row_of, warnings)?;
        for (k, column) in group.into_iter().zip(read) {
            found[k] = Some(column);
        }
    }
    Ok(found.into_iter().flatten().collect())
}

fn read_group(
    columns: &[&TextColumn],
    has_numbers: bool,
    options: &ImportOptions,
    row_of: &dyn Fn(usize) -> u64,
    warnings: &mut Vec<Msg>,
) -> Result<Vec<(Column, UnderstoodColumn)>, FormatError> {
    let n_rows = columns[0].texts.len();
    let options = ImportOptions {
        encoding: Some(Encoding::UTF_8),
        delimiter: Some(Delimiter::Comma),
        decimal: if has_numbers {
            Some('.')
        } else {
            options.decimal
        },
        has_header: Some(true),
        missing: options.missing.clone(),
        columns: overrides(columns, options),
        ..ImportOptions::default()
    };
    // A file without rows is refused; a row of nothing stands in for one.
    let text = spell(columns, n_rows.max(1));
    let mut go_on = |_| ControlFlow::Continue(());
    let imported = read_csv(&mut text.as_bytes(), &options, &mut go_on)
        .map_err(|e| FormatError::from(words::error(&e)))?;
    drop(text);
    let row_of_line = |line: u64| row_of(row_at(columns, line));
    let said = imported.warnings.iter();
    warnings.extend(said.filter_map(|w| words::warning(w, &row_of_line)));
    let table = match imported.table.n_rows() > n_rows {
        true => imported.table.slice(0..n_rows),
        false => imported.table,
    };
    let found = table.columns().iter().map(|c| Column::clone(c));
    Ok(found.zip(imported.understood.columns).collect())
}

/// The kinds that were asked for; names and columns left out are another's work.
fn overrides(columns: &[&TextColumn], options: &ImportOptions) -> BTreeMap<String, ColumnOverride> {
    let told = columns.iter().filter_map(|c| {
        let kind = options.columns.get(&c.name)?.kind?;
        let told = ColumnOverride {
            kind: Some(kind),
            ..ColumnOverride::default()
        };
        Some((c.name.clone(), told))
    });
    told.collect()
}

/// Every cell in quotes, so that nothing in it separates or begins a comment.
fn spell(columns: &[&TextColumn], n_rows: usize) -> String {
    let size: usize = columns.iter().map(|c| c.texts.as_bytes().len()).sum();
    let mut out = String::with_capacity(size + (n_rows + 1) * columns.len() * 3);
    for (k, column) in columns.iter().enumerate() {
        put(&mut out, k, &column.name);
    }
    out.push('\n');
    for i in 0..n_rows {
        for (k, column) in columns.iter().enumerate() {
            let cell = match i < column.texts.len() {
                true => column.texts.get(i),
                false => "",
            };
            put(&mut out, k, cell);
        }
        out.push('\n');
    }
    out
}

fn put(out: &mut String, k: usize, cell: &str) {
    if k > 0 {
        out.push(',');
    }
    out.push('"');
    let mut parts = cell.split('"');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str("\"\"");
        out.push_str(part);
    }
    out.push('"');
}

/// The row that begins on `line` or last before it; the first line holds the header.
fn row_at(columns: &[&TextColumn], line: u64) -> usize {
    let breaks = |i: usize| -> u64 {
        let cells = columns.iter().map(|c| c.texts.get(i).as_bytes());
        cells
            .map(|cell| memchr::memchr_iter(b'\n', cell).count() as u64)
            .sum()
    };
    let mut next = 2;
    for i in 0..columns[0].texts.len() {
        next += 1 + breaks(i);
        if line < next {
            return i;
        }
    }
    columns[0].texts.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;
    use crate::table::ColumnKind;

    fn column(name: &str, cells: &[&str], has_numbers: bool) -> TextColumn {
        TextColumn {
            name: name.to_owned(),
            texts: cells.iter().collect(),
            has_numbers,
        }
    }

    fn check(cells: &[&str], has_numbers: bool, kind: ColumnKind, expected: &[&str]) {
        let column = column("a\"b", cells, has_numbers);
        let mut warnings = Vec::new();
        let options = ImportOptions::default();
        let found = read(&[&column], &options, &|i| i as u64 + 5, &mut warnings).unwrap();
        let (found, understood) = &found[0];
        assert_eq!((found.kind(), understood.kind), (kind, kind), "{cells:?}");
        assert_eq!(found.name, "a\"b");
        let shown: Vec<String> = (0..found.len()).map(|i| found.display(i)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn as_a_text_file_is_read() {
        check(
            &["1,200", "", "NA"],
            false,
            ColumnKind::Int,
            &["1200", "", ""],
        );
        check(&["0.125", "x"], true, ColumnKind::Category, &["0.125", "x"]);
        check(&["0.125", "-"], true, ColumnKind::Float, &["0.125", ""]);
        check(
            &["2024-01-02", ""],
            false,
            ColumnKind::Date,
            &["2024-01-02", ""],
        );
        check(
            &["a \"b\"", "two\nlines", "#no"],
            false,
            ColumnKind::Category,
            &["a \"b\"", "two\nlines", "#no"],
        );
        check(&["007"], false, ColumnKind::Category, &["007"]);
        check(&[], false, ColumnKind::Category, &[]);
        check(&["", ""], false, ColumnKind::Category, &["", ""]);
    }

    #[test]
    fn two_groups_keep_their_order() {
        let columns = [
            column("m", &["0.5", "x"], true),
            column("t", &["1,5", "2,5"], false),
            column("n", &["7", "-"], true),
        ];
        let all: Vec<&TextColumn> = columns.iter().collect();
        let found = read(
            &all,
            &ImportOptions::default(),
            &|i| i as u64,
            &mut Vec::new(),
        );
        let kinds: Vec<_> = found
            .unwrap()
            .iter()
            .map(|(c, _)| (c.name.clone(), c.kind()))
            .collect();
        let expected = [
            ("m", ColumnKind::Category),
            ("t", ColumnKind::Float),
            ("n", ColumnKind::Int),
        ];
        assert_eq!(kinds, expected.map(|(n, k)| (n.to_owned(), k)));
    }

    #[test]
    fn warnings_name_rows() {
        let mut cells: Vec<String> = (0..9_000).map(|i| i.to_string()).collect();
        cells[0] = "1".to_owned();
        cells[8_000] = "two\nlines".to_owned();
        let column = TextColumn {
            name: "x".to_owned(),
            texts: cells.iter().collect(),
            has_numbers: true,
        };
        let mut warnings = Vec::new();
        read(
            &[&column],
            &ImportOptions::default(),
            &|i| i as u64 + 2,
            &mut warnings,
        )
        .unwrap();
        let said: Vec<String> = warnings.iter().map(|w| w.text(Lang::En)).collect();
        assert_eq!(
            said,
            ["“x” looked like whole numbers until row 8,002 (“two\nlines”); it is now text."]
        );
    }
}
