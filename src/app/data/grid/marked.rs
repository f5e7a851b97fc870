//! The active cell and the range that is marked with it.

use std::ops::RangeInclusive;

/// A range of cells from `anchor` to `active`, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    pub active: (usize, usize),
    pub anchor: (usize, usize),
}

/// One step of the active cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Rows(isize),
    Columns(isize),
    FirstRow,
    LastRow,
    FirstColumn,
    LastColumn,
    Start,
    End,
}

impl Step {
    /// The step that a key means; `page` is the number of rows seen.
    pub fn of_key(key: &str, ctrl: bool, page: usize) -> Option<Self> {
        Some(match (key, ctrl) {
            ("ArrowUp", false) => Self::Rows(-1),
            ("ArrowDown", false) => Self::Rows(1),
            ("ArrowLeft", false) => Self::Columns(-1),
            ("ArrowRight", false) => Self::Columns(1),
            ("ArrowUp", true) => Self::FirstRow,
            ("ArrowDown", true) => Self::LastRow,
            ("ArrowLeft", true) | ("Home", false) => Self::FirstColumn,
            ("ArrowRight", true) | ("End", false) => Self::LastColumn,
            ("PageUp", _) => Self::Rows(-(page.max(2) as isize - 1)),
            ("PageDown", _) => Self::Rows(page.max(2) as isize - 1),
            ("Home", true) => Self::Start,
            ("End", true) => Self::End,
            _ => return None,
        })
    }
}

impl Marked {
    pub fn at(row: usize, column: usize) -> Self {
        Self {
            active: (row, column),
            anchor: (row, column),
        }
    }

    /// Moves the active cell within a table of this size; `extend` leaves the anchor.
    pub fn step(self, step: Step, n_rows: usize, n_columns: usize, extend: bool) -> Self {
        let last = (n_rows.saturating_sub(1), n_columns.saturating_sub(1));
        let (row, column) = self.active;
        let active = match step {
            Step::Rows(by) => (row.saturating_add_signed(by).min(last.0), column),
            Step::Columns(by) => (row, column.saturating_add_signed(by).min(last.1)),
            Step::FirstRow => (0, column),
            Step::LastRow => (last.0, column),
            Step::FirstColumn => (row, 0),
            Step::LastColumn => (row, last.1),
            Step::Start => (0, 0),
            Step::End => last,
        };
        Self {
            active,
            anchor: if extend { self.anchor } else { active },
        }
    }

    pub fn rows(&self) -> RangeInclusive<usize> {
        self.active.0.min(self.anchor.0)..=self.active.0.max(self.anchor.0)
    }

    pub fn columns(&self) -> RangeInclusive<usize> {
        self.active.1.min(self.anchor.1)..=self.active.1.max(self.anchor.1)
    }

    pub fn is_one(&self) -> bool {
        self.active == self.anchor
    }

    pub fn n_cells(&self) -> usize {
        self.rows().count() * self.columns().count()
    }
}

/// A field of tab-separated text; quoted as spreadsheets do it when it holds what separates fields.
pub fn tsv_field(text: &str) -> String {
    if text.contains(['\t', '\n', '\r', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_within_the_table() {
        let check = |key, ctrl, from, expected| {
            let step = Step::of_key(key, ctrl, 20).unwrap();
            let (row, column) = from;
            let moved = Marked::at(row, column).step(step, 100, 5, false);
            assert_eq!(moved, Marked::at(expected, moved.active.1), "{key}");
            moved.active.1
        };
        assert_eq!(check("ArrowDown", false, (3, 2), 4), 2);
        assert_eq!(check("ArrowUp", false, (0, 2), 0), 2);
        assert_eq!(check("ArrowDown", true, (3, 2), 99), 2);
        assert_eq!(check("PageDown", false, (90, 2), 99), 2);
        assert_eq!(check("PageUp", false, (90, 2), 71), 2);
        assert_eq!(check("End", false, (3, 2), 3), 4);
        assert_eq!(check("Home", true, (3, 2), 0), 0);
        assert_eq!(check("End", true, (3, 2), 99), 4);
        assert_eq!(Step::of_key("a", false, 20), None);
    }

    #[test]
    fn shift_extends_from_the_anchor() {
        let marked = Marked::at(5, 3).step(Step::Rows(-2), 100, 5, true);
        let marked = marked.step(Step::Columns(1), 100, 5, true);
        assert_eq!((marked.rows(), marked.columns()), (3..=5, 3..=4));
        assert_eq!(marked.n_cells(), 6);
    }

    #[test]
    fn fields_are_quoted_when_they_must_be() {
        let check = |text, expected| assert_eq!(tsv_field(text), expected);
        check("a b", "a b");
        check("a\tb", "\"a\tb\"");
        check("5\" x", "\"5\"\" x\"");
    }
}
