//! Tables: columns, measure levels, readers and writers. Imports nothing of ours and no web API.

mod bitmap;
pub mod calendar;
mod codes;
mod column;
pub mod csv;
pub mod csv_write;
mod declare;
mod dictionary;
pub mod edit;
mod file_format;
pub mod fill;
pub mod json;
pub mod json_lines;
mod levels;
pub mod multi_response;
pub mod periods;
pub mod profile;
pub mod rules;
#[cfg(test)]
mod samples;
pub mod storage;
mod texts;
mod utf8;
pub mod verbs;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use bitmap::Bitmap;
pub use codes::{Coded, MissingCode, ValueLabel};
pub use column::{Column, ColumnFormat, ColumnKind, Data, Measure, Value, write_number};
pub use declare::{Declaration, DeclareError, declare};
pub use dictionary::{Dictionary, TextBuilder, TooMuchText, category};
pub use file_format::FileFormat;
pub use levels::{Levels, natural_order};
pub use texts::Texts;
pub use utf8::Utf8;

/// Columns of equal length with unique names. Columns are shared, so a copy of a table, or a table
/// with one more column, costs no copy of the values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    columns: Vec<Arc<Column>>,
    n_rows: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableError {
    /// A column is not as long as the columns before it.
    UnequalLengths {
        column: String,
        expected: usize,
        found: usize,
    },
    DuplicateName {
        column: String,
    },
}

/// `wanted`, or the first of `wanted_2`, `wanted_3` … that is free.
pub fn free_name(wanted: &str, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(wanted) {
        return wanted.to_string();
    }
    (2..)
        .map(|i| format!("{wanted}_{i}"))
        .find(|name| is_free(name))
        .expect("one of endlessly many names is free")
}

impl Table {
    /// A table of these columns.
    ///
    /// # Errors
    /// When their lengths differ or two share a name.
    pub fn new(columns: Vec<Column>) -> Result<Self, TableError> {
        let n_rows = columns.first().map_or(0, Column::len);
        let mut table = Self {
            columns: Vec::with_capacity(columns.len()),
            n_rows,
        };
        let mut names = std::collections::HashSet::new();
        for column in columns {
            if !names.insert(column.name.clone()) {
                return Err(TableError::DuplicateName {
                    column: column.name,
                });
            }
            table.check_length(&column)?;
            table.columns.push(Arc::new(column));
        }
        Ok(table)
    }

    pub fn columns(&self) -> &[Arc<Column>] {
        &self.columns
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name).map(|c| &**c)
    }

    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub fn n_columns(&self) -> usize {
        self.columns.len()
    }

    /// This table with one more column, or with the column of that name replaced.
    ///
    /// # Errors
    /// When its length differs from the table's.
    pub fn with_column(&self, column: Column) -> Result<Self, TableError> {
        if self.columns.is_empty() {
            return Self::new(vec![column]);
        }
        self.check_length(&column)?;
        let mut columns = self.columns.clone();
        let column = Arc::new(column);
        match columns.iter_mut().find(|c| c.name == column.name) {
            Some(old) => *old = column,
            None => columns.push(column),
        }
        Ok(Self {
            columns,
            n_rows: self.n_rows,
        })
    }

    /// `wanted`, or `wanted_2`, `wanted_3` … when columns have those names.
    pub fn free_column_name(&self, wanted: &str) -> String {
        let wanted = match wanted.trim() {
            "" => "column",
            name => name,
        };
        free_name(wanted, |name| self.column(name).is_none())
    }

    /// The columns of these names, in that order; `None` when one is not there or named twice.
    pub fn select_columns<S: AsRef<str>>(&self, names: &[S]) -> Option<Self> {
        let mut columns: Vec<Arc<Column>> = Vec::with_capacity(names.len());
        for name in names {
            let column = self.columns.iter().find(|c| c.name == name.as_ref())?;
            if columns.iter().any(|c| c.name == column.name) {
                return None;
            }
            columns.push(column.clone());
        }
        let n_rows = if columns.is_empty() { 0 } else { self.n_rows };
        Some(Self { columns, n_rows })
    }

    /// The rows at `rows`, in that order; a row may come more than once. Panics when one is past the
    /// end.
    pub fn select_rows(&self, rows: &[u32]) -> Self {
        let columns = self.columns.iter();
        Self {
            columns: columns.map(|c| Arc::new(c.select_rows(rows))).collect(),
            n_rows: if self.columns.is_empty() {
                0
            } else {
                rows.len()
            },
        }
    }

    /// The rows whose bit is set. Panics when the lengths differ.
    pub fn filter(&self, keep: &Bitmap) -> Self {
        assert_eq!(keep.len(), self.n_rows, "a filter of another length");
        let rows: Vec<u32> = keep.ones().map(|i| i as u32).collect();
        self.select_rows(&rows)
    }

    /// The rows of a range, cut to the table's end.
    pub fn slice(&self, rows: Range<usize>) -> Self {
        let end = rows.end.min(self.n_rows);
        let rows: Vec<u32> = (rows.start.min(end)..end).map(|i| i as u32).collect();
        self.select_rows(&rows)
    }

    fn check_length(&self, column: &Column) -> Result<(), TableError> {
        if column.len() == self.n_rows {
            return Ok(());
        }
        Err(TableError::UnequalLengths {
            column: column.name.clone(),
            expected: self.n_rows,
            found: column.len(),
        })
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnequalLengths {
                column,
                expected,
                found,
            } => {
                write!(
                    f,
                    "Column “{column}” has {found} rows where the table has {expected}."
                )
            }
            Self::DuplicateName { column } => {
                write!(f, "Two columns are named “{column}”.")
            }
        }
    }
}

impl std::error::Error for TableError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        Table::new(vec![
            Column::int("n", vec![1, 2, 3]),
            Column::text("s", ["a", "b", "c"]),
        ])
        .unwrap()
    }

    #[test]
    fn refuses_unequal_lengths_and_duplicate_names() {
        let unequal = Table::new(vec![Column::int("a", vec![1]), Column::int("b", vec![])]);
        assert_eq!(
            unequal.unwrap_err().to_string(),
            "Column “b” has 0 rows where the table has 1."
        );
        let twice = Table::new(vec![Column::int("a", vec![1]), Column::int("a", vec![2])]);
        assert_eq!(twice.unwrap_err().to_string(), "Two columns are named “a”.");
        assert!(sample().with_column(Column::int("c", vec![1])).is_err());
    }

    #[test]
    fn one_more_column_or_a_replaced_one() {
        let more = sample().with_column(Column::bool("b", [true; 3])).unwrap();
        assert_eq!((more.n_rows(), more.n_columns()), (3, 3));
        let replaced = more.with_column(Column::int("n", vec![7, 8, 9])).unwrap();
        assert_eq!(replaced.n_columns(), 3);
        assert_eq!(replaced.column("n").unwrap().data, Data::Int(vec![7, 8, 9]));
        assert!(Arc::ptr_eq(&more.columns()[1], &replaced.columns()[1]));
        let first = Table::default().with_column(Column::int("a", vec![1, 2]));
        assert_eq!(first.unwrap().n_rows(), 2);
    }

    #[test]
    fn rows_and_columns_are_picked() {
        let check = |table: Table, expected: &[&str]| {
            let shown: Vec<_> = (0..table.n_rows())
                .map(|i| table.columns().iter().map(|c| c.display(i)).collect())
                .collect::<Vec<String>>();
            assert_eq!(shown, expected);
        };
        check(sample().select_rows(&[2, 0, 2]), &["3c", "1a", "3c"]);
        check(
            sample().filter(&Bitmap::from_iter([false, true, true])),
            &["2b", "3c"],
        );
        check(sample().slice(1..9), &["2b", "3c"]);
        check(sample().slice(5..9), &[]);
        check(
            sample().select_columns(&["s", "n"]).unwrap(),
            &["a1", "b2", "c3"],
        );
        assert_eq!(sample().select_columns(&["s", "s"]), None);
        assert_eq!(sample().select_columns(&["z"]), None);
    }
}
