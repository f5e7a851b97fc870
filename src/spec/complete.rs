//! The rows that have all the values that a method needs.

use super::context::{Ctx, Input, RunError};
use crate::msg;
use crate::table::Column;

/// Numbers of the rows that have them all.
#[derive(Clone, Debug, Default)]
pub struct Complete {
    /// The positions of those rows in the table, ascending.
    pub rows: Vec<u32>,
    /// One vector a column asked for, as long as `rows`.
    pub columns: Vec<Vec<f64>>,
    /// Rows left out.
    pub n_dropped: usize,
}

impl Input {
    /// The columns `names` of the input `table` in the rows where all of them are finite numbers.
    ///
    /// # Errors
    /// When a column is not there or holds no numbers; the error stands at `option`.
    pub fn complete(&self, option: &str, names: &[String]) -> Result<Complete, RunError> {
        let columns = names
            .iter()
            .map(|name| self.column(option, name))
            .collect::<Result<Vec<_>, _>>()?;
        let numbers = columns
            .iter()
            .map(|c| numbers(option, c))
            .collect::<Result<Vec<_>, _>>()?;
        let n_rows = self.table("table")?.n_rows();
        let rows: Vec<u32> = (0..n_rows as u32)
            .filter(|&i| numbers.iter().all(|c| c[i as usize].is_finite()))
            .collect();
        let n_dropped = n_rows - rows.len();
        let dense = |c: &[f64]| rows.iter().map(|&i| c[i as usize]).collect();
        Ok(Complete {
            columns: numbers.iter().map(|c| dense(c)).collect(),
            rows,
            n_dropped,
        })
    }
}

impl Complete {
    pub fn slices(&self) -> Vec<&[f64]> {
        self.columns.iter().map(Vec::as_slice).collect()
    }
}

impl Ctx<'_> {
    /// A footnote with the rows used and left out, when any were.
    pub fn note_dropped(&mut self, n_used: usize, n_dropped: usize) {
        if n_dropped > 0 {
            self.note(msg!(
                "spec.dropped",
                "{used} {used|row is|rows are} used; {dropped} {dropped|row is|rows are} left out because a value is missing.",
                used = n_used,
                dropped = n_dropped
            ));
        }
    }
}

fn numbers<'a>(option: &str, column: &'a Column) -> Result<std::borrow::Cow<'a, [f64]>, RunError> {
    column
        .numbers()
        .ok_or_else(|| RunError::not_numbers(option, &column.name))
}
