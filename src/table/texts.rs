//! The values of any column as texts, each level of a category once.

use super::{Column, Data};

/// Texts of a column: the levels of a category, the rows of any other kind.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    column: &'a Column,
}

impl<'a> Texts<'a> {
    pub fn of(column: &'a Column) -> Self {
        Self { column }
    }

    /// Number of texts, with those that are missing.
    pub fn len(&self) -> usize {
        match &self.column.data {
            Data::Category { levels, .. } => levels.len(),
            _ => self.column.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Text `i`, written to `buffer` where the column holds something else; `None` when missing.
    pub fn get<'b>(&self, i: usize, buffer: &'b mut String) -> Option<&'b str>
    where
        'a: 'b,
    {
        match &self.column.data {
            Data::Category { levels, .. } => Some(&levels[i]),
            _ if !self.column.is_valid(i) => None,
            Data::Text(text) => Some(text.get(i)),
            _ => {
                buffer.clear();
                self.column.value(i).write(buffer);
                Some(buffer)
            }
        }
    }

    /// The text of a row; `None` when missing.
    #[inline]
    pub fn of_row(&self, row: usize) -> Option<usize> {
        if !self.column.is_valid(row) {
            return None;
        }
        match &self.column.data {
            Data::Category { codes, .. } => usize::try_from(codes[row]).ok(),
            _ => Some(row),
        }
    }

    /// How many rows have each text.
    pub fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.len()];
        let rows = 0..self.column.len();
        rows.filter_map(|row| self.of_row(row))
            .for_each(|i| counts[i] += 1);
        counts
    }

    /// A value for each row from one for each text.
    pub fn spread<T: Copy>(&self, of_text: &[T], missing: T) -> Vec<T> {
        let rows = 0..self.column.len();
        rows.map(|row| self.of_row(row).map_or(missing, |i| of_text[i]))
            .collect()
    }

    /// A column of the rows from a column `of_texts` that has a row for each text.
    pub fn spread_column(&self, of_texts: Column) -> Column {
        if !matches!(self.column.data, Data::Category { .. }) {
            return of_texts;
        }
        let n = of_texts.len();
        let missing = self.column.n_missing() > 0;
        let source = if missing {
            with_missing_row(of_texts)
        } else {
            of_texts
        };
        let of_text: Vec<u32> = (0..n as u32).collect();
        source.select_rows(&self.spread(&of_text, n as u32))
    }
}

/// The column with one missing row more.
fn with_missing_row(mut column: Column) -> Column {
    let n = column.len();
    match &mut column.data {
        Data::Float(v) => v.push(f64::NAN),
        Data::Int(v) | Data::DateTime(v) => v.push(0),
        Data::Date(v) | Data::Time(v) => v.push(0),
        Data::Bool(v) => v.push(false),
        Data::Category { codes, .. } => codes.push(-1),
        Data::Text(v) => v.push(""),
    }
    let mut validity = column
        .validity
        .take()
        .unwrap_or_else(|| super::Bitmap::with_len(n, true));
    validity.push(false);
    column.with_validity(validity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(column: &Column, expected: &[Option<&str>]) {
        let texts = Texts::of(column);
        let mut buffer = String::new();
        let found: Vec<Option<String>> = (0..column.len())
            .map(|row| {
                let text = texts.of_row(row)?;
                texts.get(text, &mut buffer).map(str::to_owned)
            })
            .collect();
        let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, expected);
        let lengths: Vec<i64> = (0..texts.len())
            .map(|i| texts.get(i, &mut buffer).map_or(-1, |t| t.len() as i64))
            .collect();
        let spread = texts.spread_column(Column::int("n", lengths));
        for (row, text) in expected.iter().enumerate() {
            assert_eq!(
                spread.is_valid(row),
                text.is_some() || texts.len() == column.len()
            );
            if let Some(text) = text {
                assert_eq!(spread.display(row), text.len().to_string());
            }
        }
    }

    #[test]
    fn texts_of_each_kind() {
        let levels = ["a", "unused", "bc"].map(String::from).to_vec();
        let category = Column::category("x", vec![2, -1, 0, 2], levels);
        check(&category, &[Some("bc"), None, Some("a"), Some("bc")]);
        assert_eq!(Texts::of(&category).counts(), [1, 0, 2]);
        check(&Column::text("x", ["가", ""]), &[Some("가"), Some("")]);
        check(
            &Column::float("x", vec![0.5, f64::NAN]),
            &[Some("0.5"), None],
        );
        check(&Column::date("x", vec![0]), &[Some("1970-01-01")]);
        check(
            &Column::category("x", vec![-1, -1], Vec::new()),
            &[None, None],
        );
    }
}
