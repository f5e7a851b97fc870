//! The rows of a table as a part of a report.

use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::table::{Column, Data, Measure, Table, Value};

/// The first rows of a table, at most `max_rows`; a note says when there are more. `None` when the
/// table has no rows.
pub fn preview(table: &Table, key: &str, title: Msg, max_rows: usize) -> Option<TableBlock> {
    if table.n_rows() == 0 {
        return None;
    }
    let columns = table.columns();
    let heads = columns.iter().map(|c| {
        let title = Msg::verbatim(&c.name);
        Head::new(&c.name, title, format_of_cells(c))
    });
    let mut block = TableBlock::new(key, title, heads.collect());
    for row in 0..table.n_rows().min(max_rows) {
        block.row(columns.iter().map(|c| cell_of(c, row)).collect());
    }
    if table.n_rows() > max_rows {
        block.notes.push(msg!(
            "spec.first_rows",
            "The first {shown} of {n} rows.",
            shown = max_rows,
            n = table.n_rows()
        ));
    }
    Some(block)
}

/// How the values of a column are written in a chart, or where they stand among others.
pub fn format_of(column: &Column) -> Format {
    match &column.data {
        Data::Float(_) if column.format.percent => Format::Percent(1),
        Data::Int(_) if column.measure == Measure::Scale && !holds_years(column) => Format::Integer,
        Data::Int(_) => Format::Plain,
        Data::Date(_) => Format::Date,
        Data::DateTime(_) => Format::DateTime,
        _ => Format::General,
    }
}

/// How the values of a column are written under each other: as [`format_of`], but numbers with as many
/// digits after the point as their column has, when those are few.
pub fn format_of_cells(column: &Column) -> Format {
    match &column.data {
        Data::Float(values) if !column.format.percent => match column.format.decimals {
            Some(decimals) => Format::Fixed(decimals),
            None => n_decimals(values).map_or(Format::General, Format::Fixed),
        },
        _ => format_of(column),
    }
}

/// Values that are looked at to choose a format.
const LOOKED_AT: usize = 1000;
/// Tens to the digits after the point with which a column's values are taken for exact.
const TENS: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];

/// Whole numbers that are read as years: grouped by thousands nobody would know them.
fn holds_years(column: &Column) -> bool {
    let Data::Int(values) = &column.data else {
        return false;
    };
    let mut looked_at = (0..column.len().min(LOOKED_AT)).filter(|&i| column.is_valid(i));
    column.n_missing() < column.len() && looked_at.all(|i| (1900..=2100).contains(&values[i]))
}

/// The digits after the point that say the values exactly; `None` when those are many.
fn n_decimals(values: &[f64]) -> Option<u8> {
    let values = values.iter().take(LOOKED_AT).filter(|v| v.is_finite());
    let decimals = |v: f64| {
        let is_whole = |ten: &f64| {
            let scaled = v * ten;
            (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0) && scaled.abs() < 1e9
        };
        TENS.iter().position(is_whole).map(|d| d as u8)
    };
    values
        .map(|&v| decimals(v))
        .try_fold(0, |most, d| Some(most.max(d?)))
}

/// One value of a column in a report: its label, where it has one.
pub fn cell_of(column: &Column, row: usize) -> Cell {
    if let Some(label) = column.label_at(row).filter(|_| column.is_valid(row)) {
        return label.into();
    }
    match column.value(row) {
        Value::Missing => Cell::Empty,
        Value::Float(v) => v.into(),
        Value::Int(v) => (v as f64).into(),
        Value::Date(days) => f64::from(days).into(),
        Value::DateTime(ms) => (ms as f64).into(),
        Value::Bool(_) | Value::Time(_) | Value::Text(_) => column.display(row).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ValueLabel;

    #[test]
    fn rows_are_shown_as_their_columns_say() {
        let table = Table::new(vec![
            Column::int("year", vec![2024, 2025, 2026]).with_measure(Measure::Ordinal),
            Column::float("x", vec![0.5, f64::NAN, 1.0]),
            Column::date("day", vec![0, 1, 2]),
            Column::text("who", ["가", "나", "다"]),
            Column::int("sold", vec![1999, 2000, 2700]),
            Column::float("third", vec![1.0 / 3.0, 1.0, 2.0]),
            Column::int("founded", vec![1999, 2000, 1950]),
            Column::int("answer", vec![1, 2, 1]).with_value_labels(vec![ValueLabel {
                value: "2".into(),
                label: "no".into(),
            }]),
        ])
        .unwrap();
        let block = preview(&table, "rows", Msg::verbatim("Rows"), 2).unwrap();
        let formats: Vec<Format> = block.columns.iter().map(|h| h.format).collect();
        assert_eq!(
            formats,
            [
                Format::Plain,
                Format::Fixed(1),
                Format::Date,
                Format::General,
                Format::Integer,
                Format::General,
                Format::Plain,
                Format::Integer,
            ]
        );
        assert_eq!(block.rows.len(), 2);
        assert_eq!(block.rows[1][0], Cell::Number(2025.0));
        assert_eq!(block.rows[1][1], Cell::Empty);
        assert_eq!(block.rows[1][3], Cell::Text("나".into()));
        assert_eq!(block.rows[0][7], Cell::Number(1.0));
        assert_eq!(block.rows[1][7], Cell::Text("no".into()));
        assert_eq!(block.notes.len(), 1);
        assert!(preview(&table.slice(0..0), "rows", Msg::verbatim("Rows"), 2).is_none());
    }
}
