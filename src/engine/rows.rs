//! Rows as the grid shows them.

use super::protocol::Rows;
use crate::table::{Column, Data, Table};

/// At most `n` rows from `start` on, as text in the way that the source wrote them.
pub fn rows(table: &Table, start: usize, n: usize) -> Rows {
    let end = start.saturating_add(n).min(table.n_rows());
    let start = start.min(end);
    let text = |c: &Column| {
        (start..end)
            .map(|i| c.is_valid(i).then(|| shown(c, i)))
            .collect()
    };
    Rows {
        start,
        columns: table.columns().iter().map(|c| text(c)).collect(),
    }
}

fn shown(column: &Column, i: usize) -> String {
    let Data::Float(values) = &column.data else {
        return column.display(i);
    };
    match (column.format.decimals, column.format.percent) {
        (decimals, true) => format!(
            "{:.*}%",
            usize::from(decimals.unwrap_or(0)),
            values[i] * 100.0
        ),
        (Some(decimals), false) => format!("{:.*}", usize::from(decimals), values[i]),
        (None, false) => column.display(i),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Bitmap, ColumnFormat};

    #[test]
    fn a_window_is_cut_to_the_table() {
        let valid: Bitmap = [true, false, true].into_iter().collect();
        let table = Table::new(vec![Column::int("n", vec![1, 0, 3]).with_validity(valid)]).unwrap();
        let check = |start, n, expected: &[Option<&str>]| {
            let column = &rows(&table, start, n).columns[0];
            assert_eq!(
                column.iter().map(Option::as_deref).collect::<Vec<_>>(),
                expected
            );
        };
        check(0, 2, &[Some("1"), None]);
        check(1, 9, &[None, Some("3")]);
        check(7, 9, &[]);
    }

    #[test]
    fn numbers_keep_the_digits_of_their_source() {
        let check = |value: f64, format: ColumnFormat, expected: &str| {
            assert_eq!(
                shown(&Column::float("x", vec![value]).with_format(format), 0),
                expected
            );
        };
        check(
            2.5,
            ColumnFormat {
                decimals: Some(2),
                ..ColumnFormat::default()
            },
            "2.50",
        );
        check(
            0.125,
            ColumnFormat {
                decimals: Some(1),
                percent: true,
                ..ColumnFormat::default()
            },
            "12.5%",
        );
        check(0.1, ColumnFormat::default(), "0.1");
    }
}
