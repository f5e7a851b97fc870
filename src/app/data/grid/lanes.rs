//! How wide the columns are, and which of them are seen.

use std::ops::Range;

/// The narrowest and the widest column that the page chooses by itself; a person may go further.
const CHOSEN: (f64, f64) = (84.0, 300.0);
const DRAGGED: (f64, f64) = (44.0, 1200.0);
/// What a cell has left and right of its text.
const PADDING: f64 = 22.0;
/// The least for a column's range and its share of missing values to be read.
const NOTES: f64 = 148.0;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lanes {
    /// The column of row numbers.
    pub number: f64,
    /// `edges[j]..edges[j + 1]` is column j, from the left edge of the first one.
    edges: Vec<f64>,
}

impl Lanes {
    /// `columns` are names, and whether a value is missing.
    pub fn new(n_rows: usize, columns: impl Iterator<Item = (impl AsRef<str>, bool)>) -> Self {
        let widths = columns.map(|(name, has_missing)| {
            // Names are bold and have the column's sign before them.
            let name = 1.2 * text_width(name.as_ref()) + 44.0;
            let least = if has_missing { NOTES } else { CHOSEN.0 };
            name.clamp(least, CHOSEN.1)
        });
        let mut lanes = Self {
            number: (n_rows.max(1).ilog10() + 1) as f64 * 8.0
                + n_rows.max(1).ilog(1000) as f64 * 4.0
                + 24.0,
            edges: vec![0.0],
        };
        for width in widths {
            lanes.edges.push(lanes.all() + width.round());
        }
        lanes
    }

    pub fn n(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// All columns together, without the row numbers.
    pub fn all(&self) -> f64 {
        self.edges.last().copied().unwrap_or(0.0)
    }

    /// From the left edge of the body, row numbers included.
    pub fn left(&self, column: usize) -> f64 {
        self.number + self.edges.get(column).copied().unwrap_or(0.0)
    }

    pub fn width(&self, column: usize) -> f64 {
        match self.edges.get(column..column + 2) {
            Some(edges) => edges[1] - edges[0],
            None => 0.0,
        }
    }

    pub fn set_width(&mut self, column: usize, width: f64) {
        let by = width.round().clamp(DRAGGED.0, DRAGGED.1) - self.width(column);
        self.edges[column + 1..].iter_mut().for_each(|e| *e += by);
    }

    /// Widens columns to what their cells hold, up to a limit.
    pub fn fit<'a>(&mut self, column: usize, texts: impl Iterator<Item = &'a str>, max: f64) {
        let widest = texts.map(text_width).fold(0.0, f64::max) + PADDING;
        let wanted = widest.min(max);
        if wanted > self.width(column) {
            self.set_width(column, wanted);
        }
    }

    /// The widest that the page chooses by itself.
    pub fn max_chosen() -> f64 {
        CHOSEN.1
    }

    /// The columns of which anything is seen from `left` on, `margin` more on both sides.
    pub fn seen(&self, left: f64, view: f64, margin: usize) -> Range<usize> {
        let start = self.at(left);
        let end = self.at(left + view - self.number) + 1;
        start.saturating_sub(margin)..(end + margin).min(self.n())
    }

    /// The column at a distance from the left edge of the first one.
    pub fn at(&self, x: f64) -> usize {
        let right_of = self.edges.partition_point(|e| *e <= x);
        right_of.saturating_sub(1).min(self.n().saturating_sub(1))
    }

    /// Where to scroll for `column` to be seen whole, when it is not; `frozen` when the first column
    /// stays in sight.
    pub fn reveal(&self, column: usize, left: f64, view: f64, frozen: bool) -> Option<f64> {
        let (start, end) = (self.edges[column], self.edges[column + 1]);
        let room = view - self.number;
        let over = if frozen { self.width(0) } else { 0.0 };
        if frozen && column == 0 {
            None
        } else if start < left + over || end - start > room - over {
            (start != left + over).then_some((start - over).max(0.0))
        } else {
            (end > left + room).then_some(end - room)
        }
    }
}

/// Pixels of a text at the grid's size, near enough for a width: Hangul and Han are wide.
fn text_width(text: &str) -> f64 {
    text.chars()
        .take(200)
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | '-' => 4.4,
            '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7a3}' | '\u{ff00}'..='\u{ff60}' => 13.0,
            'm' | 'w' | 'M' | 'W' | '@' => 11.0,
            'A'..='Z' => 8.8,
            _ => 7.5,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes() -> Lanes {
        let mut lanes = Lanes::new(9, ["a", "b", "c", "d"].map(|n| (n, false)).into_iter());
        (0..4).for_each(|i| lanes.set_width(i, 100.0));
        lanes.number = 40.0;
        lanes
    }

    #[test]
    fn the_columns_that_are_seen() {
        let check = |left, view, expected: Range<usize>| {
            assert_eq!(lanes().seen(left, view, 0), expected, "{left} {view}");
        };
        check(0.0, 239.0, 0..2);
        check(150.0, 239.0, 1..4);
        check(0.0, 9000.0, 0..4);
        assert_eq!(lanes().seen(150.0, 100.0, 1), 0..4);
        assert_eq!(
            Lanes::new(0, [("", false); 0].into_iter()).seen(0.0, 500.0, 1),
            0..0
        );
    }

    #[test]
    fn a_column_is_brought_into_view() {
        let check = |column, left, expected| {
            assert_eq!(
                lanes().reveal(column, left, 240.0, false),
                expected,
                "{column} {left}"
            );
        };
        check(0, 0.0, None);
        check(1, 0.0, None);
        check(2, 0.0, Some(100.0));
        check(0, 150.0, Some(0.0));
        let check = |column, left, expected| {
            let to = lanes().reveal(column, left, 340.0, true);
            assert_eq!(to, expected, "{column} {left}, frozen");
        };
        check(0, 150.0, None);
        check(1, 50.0, Some(0.0));
        check(2, 150.0, Some(100.0));
        check(3, 0.0, Some(100.0));
    }

    #[test]
    fn widths_follow_the_text() {
        let named = Lanes::new(9, [("x", false), ("x", true)].into_iter());
        assert_eq!((named.width(0), named.width(1)), (CHOSEN.0, NOTES));
        let mut lanes = lanes();
        lanes.fit(1, ["a"].into_iter(), 300.0);
        assert_eq!(lanes.width(1), 100.0);
        lanes.fit(1, ["서울특별시 강남구 테헤란로"].into_iter(), 300.0);
        assert!((150.0..220.0).contains(&lanes.width(1)));
        assert_eq!(lanes.left(2), 140.0 + lanes.width(1));
        lanes.fit(1, ["x".repeat(900).as_str()].into_iter(), 300.0);
        assert_eq!(lanes.width(1), 300.0);
    }
}
