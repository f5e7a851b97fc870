//! Rows of a column or a table picked by their numbers, some of them no row at all.

use std::sync::Arc;

use super::super::{Bitmap, Coded, Column, Data, Table, Utf8};

/// In a list of rows: no row, so every column is missing there.
pub const NO_ROW: u32 = u32::MAX;

impl Column {
    /// A column that holds values of this one in other rows: with the same name, labels and format.
    pub fn with_values(&self, data: Data, validity: Option<Bitmap>) -> Self {
        Self {
            name: self.name.clone(),
            measure: self.measure,
            label: self.label.clone(),
            note: self.note.clone(),
            value_labels: self.value_labels.clone(),
            missing_codes: self.missing_codes.clone(),
            coded: None,
            data,
            validity: validity.filter(|v| v.count_zeros() > 0),
            format: self.format.clone(),
        }
    }

    /// The values at `rows`, in that order; missing at [`NO_ROW`].
    pub fn take(&self, rows: &[u32]) -> Self {
        if !rows.contains(&NO_ROW) {
            return self.select_rows(rows);
        }
        fn pick<T: Copy>(values: &[T], rows: &[u32], missing: T) -> Vec<T> {
            let pick = |&row: &u32| values.get(row as usize).copied().unwrap_or(missing);
            rows.iter().map(pick).collect()
        }
        let data = match &self.data {
            Data::Float(v) => Data::Float(pick(v, rows, f64::NAN)),
            Data::Int(v) => Data::Int(pick(v, rows, 0)),
            Data::DateTime(v) => Data::DateTime(pick(v, rows, 0)),
            Data::Date(v) => Data::Date(pick(v, rows, 0)),
            Data::Time(v) => Data::Time(pick(v, rows, 0)),
            Data::Bool(v) => {
                let pick = |&row: &u32| row != NO_ROW && v.get(row as usize);
                Data::Bool(rows.iter().map(pick).collect())
            }
            Data::Category { codes, levels } => Data::Category {
                codes: pick(codes, rows, -1),
                levels: levels.clone(),
            },
            Data::Text(v) => {
                let mut text = Utf8::new();
                for &row in rows {
                    text.push(match row {
                        NO_ROW => "",
                        row => v.get(row as usize),
                    });
                }
                Data::Text(text)
            }
        };
        let is_valid = |&row: &u32| row != NO_ROW && self.is_valid(row as usize);
        let mut taken = self.with_values(data, Some(rows.iter().map(is_valid).collect()));
        taken.coded = self.coded.as_ref().map(|coded| Coded {
            codes: pick(&coded.codes, rows, -1),
            values: coded.values.clone(),
        });
        taken
    }
}

impl Table {
    /// The rows at `rows`, in that order; all columns are missing at [`NO_ROW`]. When these are just
    /// the table's rows, the columns are shared and not copied.
    pub fn take(&self, rows: &[u32]) -> Self {
        let whole = rows.len() == self.n_rows()
            && rows.iter().enumerate().all(|(i, &row)| i == row as usize);
        if whole {
            return self.clone();
        }
        let columns = self.columns().iter().map(|c| Arc::new(c.take(rows)));
        Self {
            columns: columns.collect(),
            n_rows: if self.columns.is_empty() {
                0
            } else {
                rows.len()
            },
        }
    }
}

/// About how many bytes a row of these columns takes.
pub fn bytes_per_row<'a>(columns: impl IntoIterator<Item = &'a Column>) -> f64 {
    let bytes = |column: &Column| {
        let values = match &column.data {
            Data::Float(_) | Data::Int(_) | Data::DateTime(_) => 8.0,
            Data::Date(_) | Data::Time(_) | Data::Category { .. } => 4.0,
            Data::Bool(_) => 0.125,
            Data::Text(v) => 4.0 + v.as_bytes().len() as f64 / v.len().max(1) as f64,
        };
        values
            + if column.validity.is_some() {
                0.125
            } else {
                0.0
            }
    };
    columns.into_iter().map(bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::one_of_each_kind;
    use super::*;

    #[test]
    fn no_row_is_missing_in_every_column() {
        let table = one_of_each_kind();
        let taken = table.take(&[4, NO_ROW, 0, 4]);
        assert_eq!(taken.n_rows(), 4);
        for (column, taken) in table.columns().iter().zip(taken.columns()) {
            assert_eq!(taken.value(1), super::super::super::Value::Missing);
            assert_eq!(taken.display(0), column.display(4), "{}", column.name);
            assert_eq!(taken.display(2), column.display(0), "{}", column.name);
            assert_eq!((&taken.name, taken.measure), (&column.name, column.measure));
            assert_eq!(taken.format, column.format);
        }
    }

    #[test]
    fn all_rows_in_their_order_are_the_same_columns() {
        let table = one_of_each_kind();
        let whole = table.take(&[0, 1, 2, 3, 4]);
        assert!(Arc::ptr_eq(&table.columns()[0], &whole.columns()[0]));
        let turned = table.take(&[1, 0, 2, 3, 4]);
        assert!(!Arc::ptr_eq(&table.columns()[0], &turned.columns()[0]));
    }

    #[test]
    fn a_row_has_a_size() {
        let check = |columns: &[Column], expected: f64| {
            assert_eq!(bytes_per_row(columns), expected);
        };
        check(
            &[Column::int("a", vec![1]), Column::date("b", vec![1])],
            12.0,
        );
        check(&[Column::text("a", ["abc", "d"])], 6.0);
        check(&[Column::float("a", vec![f64::NAN])], 8.125);
        check(&[], 0.0);
    }
}
