//! Looking into a table's cells: what a range sums up to, and where a text stands.

use std::ops::Range;

use super::protocol::{Cells, Summary};
use super::rows::shown;
use crate::table::{Column, Data, Table};

/// Rows that are looked at between two calls of the progress function.
const ROWS_PER_TICK: usize = 1 << 14;

/// Count and sum of a range of cells. Numbers are those of numeric columns; truth values, dates and
/// times only count.
pub fn summarise(table: &Table, cells: Cells) -> Summary {
    let mut found = Summary::default();
    if table.n_rows() == 0 {
        return found;
    }
    let (first, last) = (cells.rows.0, cells.rows.1.min(table.n_rows() - 1));
    let columns = table.columns().iter().take(cells.columns.1 + 1);
    for column in columns.skip(cells.columns.0) {
        for row in (first..=last).filter(|&row| column.is_valid(row)) {
            found.n += 1;
            let value = match &column.data {
                Data::Float(values) => values[row],
                Data::Int(values) => values[row] as f64,
                _ => continue,
            };
            found.n_numbers += 1;
            found.sum += value;
            let (low, high) = found.range.unwrap_or((value, value));
            found.range = Some((low.min(value), high.max(value)));
        }
    }
    found
}

/// The next cell whose text holds `text`, whether in capitals or not, behind the cell `from` row by
/// row, or before it when `back`; after the last cell the search goes on with the first. `progress`
/// takes the share of the table that was looked at, and says whether to go on; a search that does
/// not finds nothing.
pub fn find(
    table: &Table,
    text: &str,
    from: (usize, usize),
    back: bool,
    progress: &mut dyn FnMut(f32) -> bool,
) -> Option<(usize, usize)> {
    let (n_rows, n_columns) = (table.n_rows(), table.columns().len());
    let wanted = text.trim().to_lowercase();
    if wanted.is_empty() || n_rows == 0 {
        return None;
    }
    let columns: Vec<Wanted> = table
        .columns()
        .iter()
        .map(|c| Wanted::new(c, &wanted))
        .collect();
    let in_row = |row: usize, mut columns_of: Range<usize>| {
        let holds = |at: &usize| columns[*at].holds(row, &wanted);
        let at = if back {
            columns_of.rfind(holds)
        } else {
            columns_of.find(holds)
        };
        at.map(|at| (row, at))
    };
    let (row, column) = (from.0.min(n_rows - 1), from.1.min(n_columns - 1));
    let rest = if back {
        0..column
    } else {
        column + 1..n_columns
    };
    if let Some(found) = in_row(row, rest) {
        return Some(found);
    }
    // The row where the search began comes last, as a whole.
    for step in 1..=n_rows {
        if step % ROWS_PER_TICK == 0 && !progress(step as f32 / n_rows as f32) {
            return None;
        }
        let row = if back {
            row + n_rows - step
        } else {
            row + step
        } % n_rows;
        if let Some(found) = in_row(row, 0..n_columns) {
            return Some(found);
        }
    }
    None
}

/// A column that is searched.
struct Wanted<'a> {
    column: &'a Column,
    /// Of a category: whether each level holds the text.
    levels: Option<Vec<bool>>,
}

impl<'a> Wanted<'a> {
    fn new(column: &'a Column, wanted: &str) -> Self {
        let levels = match &column.data {
            Data::Category { levels, .. } => Some(
                levels
                    .iter()
                    .map(|level| level.to_lowercase().contains(wanted))
                    .collect(),
            ),
            _ => None,
        };
        Self { column, levels }
    }

    fn holds(&self, row: usize, wanted: &str) -> bool {
        if !self.column.is_valid(row) {
            return false;
        }
        if let (Some(levels), Data::Category { codes, .. }) = (&self.levels, &self.column.data) {
            return levels[codes[row] as usize];
        }
        let text = shown(self.column, row);
        text.contains(wanted) || text.to_lowercase().contains(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Bitmap;

    fn table() -> Table {
        let valid: Bitmap = [true, false, true, true].into_iter().collect();
        Table::new(vec![
            Column::text("name", ["Ada", "Bob", "ada", "서울 Ada"]),
            Column::float("x", vec![1.5, 9.0, -2.0, 4.0]).with_validity(valid),
            Column::int("n", vec![1, 2, 3, 15]),
        ])
        .unwrap()
    }

    #[test]
    fn ranges_add_up() {
        let check = |rows, columns, expected: (usize, usize, f64)| {
            let found = summarise(&table(), Cells { rows, columns });
            assert_eq!(
                (found.n, found.n_numbers, found.sum),
                expected,
                "{rows:?} {columns:?}"
            );
        };
        check((0, 3), (0, 0), (4, 0, 0.0));
        check((0, 3), (1, 1), (3, 3, 3.5));
        check((1, 2), (0, 2), (5, 3, 3.0));
        check((0, 99), (2, 9), (4, 4, 21.0));
        let all = Cells {
            rows: (0, 3),
            columns: (1, 2),
        };
        assert_eq!(summarise(&table(), all).range, Some((-2.0, 15.0)));
        assert_eq!(summarise(&Table::default(), all), Summary::default());
    }

    #[test]
    fn texts_are_found_in_turn() {
        let check = |text, from, back, expected| {
            let found = find(&table(), text, from, back, &mut |_| true);
            assert_eq!(found, expected, "{text} from {from:?}");
        };
        check("ada", (0, 0), false, Some((2, 0)));
        check("ADA", (2, 0), false, Some((3, 0)));
        check("ada", (3, 0), false, Some((0, 0)));
        check("ada", (2, 1), true, Some((2, 0)));
        check("ada", (0, 0), true, Some((3, 0)));
        check("1.5", (1, 0), false, Some((0, 1)));
        check("15", (0, 0), false, Some((3, 2)));
        check("9", (0, 0), false, None);
        check("bob", (1, 0), false, Some((1, 0)));
        check(" ", (0, 0), false, None);
        assert_eq!(
            find(&Table::default(), "a", (0, 0), false, &mut |_| true),
            None
        );
    }
}
