//! The values of any column as texts, each level of a category once.

use rustc_hash::FxHashMap;

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

    /// The texts that rows have, each once, in the order of their first rows.
    pub fn in_order_of_rows(&self) -> Vec<u32> {
        let mut seen = super::Bitmap::with_len(self.len(), false);
        let mut order = Vec::new();
        for row in 0..self.column.len() {
            if let Some(text) = self.of_row(row)
                && !seen.get(text)
            {
                seen.set(text, true);
                order.push(text as u32);
            }
        }
        order
    }

    /// A value for each row from one for each text.
    pub fn spread<T: Copy>(&self, of_text: &[T], missing: T) -> Vec<T> {
        let rows = 0..self.column.len();
        rows.map(|row| self.of_row(row).map_or(missing, |i| of_text[i]))
            .collect()
    }
}

impl Texts<'_> {
    /// A category with other names of its levels, one for each text, or none to make it missing.
    /// Levels keep their order, and those with one name become one; a name without rows goes.
    pub fn relabelled(&self, names: &[Option<String>]) -> Column {
        let counts = self.counts();
        let mut levels: Vec<String> = Vec::new();
        let mut known: FxHashMap<&str, i32> = FxHashMap::default();
        let mut codes = Vec::with_capacity(names.len());
        for (name, &n_rows) in names.iter().zip(&counts) {
            codes.push(match name {
                Some(name) if n_rows > 0 => *known.entry(name).or_insert_with(|| {
                    levels.push(name.clone());
                    levels.len() as i32 - 1
                }),
                _ => -1,
            });
        }
        let codes = self.spread(&codes, -1);
        Column::category(self.column.name.clone(), codes, levels).with_measure(self.column.measure)
    }
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
    }

    #[test]
    fn texts_of_each_kind() {
        let levels = ["a", "unused", "bc"].map(String::from).to_vec();
        let category = Column::category("x", vec![2, -1, 0, 2], levels);
        check(&category, &[Some("bc"), None, Some("a"), Some("bc")]);
        assert_eq!(Texts::of(&category).counts(), [1, 0, 2]);
        assert_eq!(Texts::of(&category).in_order_of_rows(), [2, 0]);
        let check_names = |names: [Option<&str>; 3], levels: &[&str], codes: &[i32]| {
            let names = names.map(|n| n.map(str::to_owned));
            let made = Texts::of(&category).relabelled(&names);
            let levels = levels.iter().map(|l| (*l).to_owned()).collect();
            let codes = codes.to_vec();
            assert_eq!(made.data, Data::Category { codes, levels });
        };
        check_names([Some("A"), Some("B"), Some("A")], &["A"], &[0, -1, 0, 0]);
        check_names([Some("z"), None, Some("y")], &["z", "y"], &[1, -1, 0, 1]);
        check_names([None, None, Some("y")], &["y"], &[0, -1, -1, 0]);
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
