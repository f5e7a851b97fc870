//! Rows as the grid shows them.

use super::protocol::Rows;
use crate::table::{Column, Data, Table};

/// At most `n` rows from `start` on, as text in the way that the source wrote them; values that have
/// a label are shown by it when `labels`.
pub fn rows(table: &Table, start: usize, n: usize, labels: bool) -> Rows {
    let end = start.saturating_add(n).min(table.n_rows());
    let start = start.min(end);
    let text = |c: &Column| {
        (start..end)
            .map(|i| {
                let label = labels.then(|| c.label_at(i)).flatten();
                let text = || c.is_valid(i).then(|| shown(c, i));
                label.map(str::to_string).or_else(text)
            })
            .collect()
    };
    Rows {
        start,
        columns: table.columns().iter().map(|c| text(c)).collect(),
    }
}

/// A value in the way that the source wrote it.
pub(super) fn shown(column: &Column, i: usize) -> String {
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
    use crate::table::{Bitmap, ColumnFormat, ValueLabel};

    #[test]
    fn a_window_is_cut_to_the_table() {
        let valid: Bitmap = [true, false, true].into_iter().collect();
        let table = Table::new(vec![Column::int("n", vec![1, 0, 3]).with_validity(valid)]).unwrap();
        let check = |start, n, expected: &[Option<&str>]| {
            let column = &rows(&table, start, n, false).columns[0];
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
    fn labels_stand_for_their_values() {
        let label = |value: &str, label: &str| ValueLabel {
            value: value.into(),
            label: label.into(),
        };
        let column = Column::int("sex", vec![1, 2, 3])
            .with_value_labels(vec![label("1", "male"), label("2", "female")]);
        let table = Table::new(vec![column]).unwrap();
        let check = |labels, expected: [&str; 3]| {
            let shown = rows(&table, 0, 3, labels).columns.remove(0);
            assert_eq!(shown, expected.map(|t| Some(t.to_string())));
        };
        check(true, ["male", "female", "3"]);
        check(false, ["1", "2", "3"]);
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
