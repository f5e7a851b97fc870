//! Where the rows stand while one scrolls. No browser draws an element of any height, so a long
//! table scrolls in a shorter one: small movements are exact, only jumps are scaled.

use std::ops::Range;

/// Pixels of a row.
pub const ROW: f64 = 28.0;
/// The tallest body: whole numbers up to here are exact in the 32-bit floats of transforms.
const MAX_BODY: f64 = 15_000_000.0;
/// At both ends of the table this many pixels are not scaled.
const EXACT: f64 = 100_000.0;

/// Top is a distance within the whole table, physical one within the body that the browser scrolls.
#[derive(Clone, Debug, PartialEq)]
pub struct Rail {
    n_rows: usize,
    view: f64,
    top: f64,
    physical: f64,
}

impl Rail {
    /// `view` is the height in which rows are seen.
    pub fn new(n_rows: usize, view: f64) -> Self {
        Self {
            n_rows,
            view,
            top: 0.0,
            physical: 0.0,
        }
    }

    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub fn view(&self) -> f64 {
        self.view
    }

    /// The height of the body in the browser.
    pub fn body(&self) -> f64 {
        self.whole().min(MAX_BODY)
    }

    /// Takes another height of the view; where to scroll comes back.
    pub fn resize(&mut self, view: f64) -> f64 {
        self.view = view;
        self.go_to(self.top)
    }

    /// The person has scrolled to `physical`.
    pub fn scrolled(&mut self, physical: f64) {
        let moved = physical - self.physical;
        self.top = if !self.is_scaled() {
            physical
        } else if moved.abs() <= 2.0 * self.view {
            self.top + moved
        } else {
            self.top_at(physical)
        }
        .clamp(0.0, self.max_top());
        self.physical = physical;
    }

    /// After the scrolling: where the scroll bar belongs, when it stands elsewhere.
    pub fn settle(&mut self) -> Option<f64> {
        let belongs = self.physical_at(self.top).round();
        (self.is_scaled() && (belongs - self.physical).abs() >= 1.0).then(|| {
            self.physical = belongs;
            belongs
        })
    }

    /// Moves to `top` exactly; where to scroll comes back.
    pub fn go_to(&mut self, top: f64) -> f64 {
        self.top = top.clamp(0.0, self.max_top());
        self.physical = self.physical_at(self.top).round();
        if !self.is_scaled() {
            self.top = self.physical;
        }
        self.physical
    }

    /// Moves no further than needed for `row` to be seen whole; where to scroll comes back.
    pub fn reveal(&mut self, row: usize) -> Option<f64> {
        let start = row as f64 * ROW;
        if start < self.top {
            Some(self.go_to(start))
        } else if start + ROW > self.top + self.view {
            Some(self.go_to((start + ROW - self.view).ceil()))
        } else {
            None
        }
    }

    /// The rows of which anything is seen.
    pub fn rows(&self) -> Range<usize> {
        let start = (self.top / ROW).floor() as usize;
        let end = ((self.top + self.view) / ROW).ceil() as usize;
        start.min(self.n_rows)..end.min(self.n_rows)
    }

    /// The rows seen and `margin` more on both sides.
    pub fn rows_around(&self, margin: usize) -> Range<usize> {
        let seen = self.rows();
        seen.start.saturating_sub(margin)..(seen.end + margin).min(self.n_rows)
    }

    /// Where `row` stands in the body.
    pub fn y(&self, row: usize) -> f64 {
        row as f64 * ROW - (self.top - self.physical)
    }

    /// The row at a distance from the upper edge of the view.
    pub fn row_at(&self, y: f64) -> usize {
        let row = ((self.top + y) / ROW).floor().max(0.0) as usize;
        row.min(self.n_rows.saturating_sub(1))
    }

    fn whole(&self) -> f64 {
        self.n_rows as f64 * ROW
    }

    fn is_scaled(&self) -> bool {
        self.whole() > MAX_BODY
    }

    fn max_top(&self) -> f64 {
        (self.whole() - self.view).max(0.0)
    }

    fn max_physical(&self) -> f64 {
        (self.body() - self.view).max(0.0)
    }

    fn physical_at(&self, top: f64) -> f64 {
        map(top, self.max_top(), self.max_physical())
    }

    fn top_at(&self, physical: f64) -> f64 {
        map(physical, self.max_physical(), self.max_top())
    }
}

/// From `0..=from` to `0..=to`: one to one at both ends, straight between them.
fn map(x: f64, from: f64, to: f64) -> f64 {
    if from == to || x <= EXACT {
        x.min(to)
    } else if x >= from - EXACT {
        to - (from - x)
    } else {
        EXACT + (x - EXACT) / (from - 2.0 * EXACT) * (to - 2.0 * EXACT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_table_scrolls_as_the_browser_does() {
        let mut rail = Rail::new(1000, 280.0);
        rail.scrolled(20_000.0);
        assert_eq!(rail.rows(), 714..725);
        assert_eq!(rail.y(714), 714.0 * ROW);
        assert_eq!(rail.settle(), None);
        rail.scrolled(27_720.0);
        assert_eq!(rail.rows(), 990..1000);
    }

    #[test]
    fn ten_million_rows_are_all_reached() {
        let n = 10_000_000;
        let mut rail = Rail::new(n, 500.0);
        let end = rail.body() - 500.0;
        assert_eq!(rail.body(), MAX_BODY);
        let check = |rail: &Rail, row: usize| {
            assert!(rail.rows().contains(&row), "{row} in {:?}", rail.rows());
            let y = rail.y(row) - rail.physical;
            assert!((-ROW..500.0).contains(&y), "{row} at {y}");
        };
        rail.scrolled(end);
        check(&rail, n - 1);
        rail.scrolled(0.0);
        check(&rail, 0);
        for row in [0, 1, 17, 4_999_999, 5_000_000, 9_999_998, n - 1] {
            rail.reveal(row);
            check(&rail, row);
            assert_eq!(rail.settle(), None);
        }
        rail.scrolled(end / 2.0);
        check(&rail, n / 2);
    }

    #[test]
    fn small_movements_are_exact_and_the_bar_settles() {
        let mut rail = Rail::new(10_000_000, 500.0);
        rail.go_to(140_000_000.0);
        let before = rail.rows().start;
        let mut physical = rail.physical;
        for _ in 0..100 {
            physical += 2.0 * ROW;
            rail.scrolled(physical);
        }
        assert_eq!(rail.rows().start, before + 200);
        let y = rail.y(before + 200) - rail.physical;
        let settled = rail.settle().expect("a scaled table settles");
        assert!(settled < physical);
        assert!((rail.y(before + 200) - settled - y).abs() < 1e-6);
    }

    #[test]
    fn the_ends_are_reached_in_small_steps() {
        let mut rail = Rail::new(10_000_000, 500.0);
        rail.go_to(3_000.0);
        for _ in 0..30 {
            rail.scrolled((rail.physical - 100.0).max(0.0));
            rail.settle();
        }
        assert_eq!(rail.rows().start, 0);
    }

    #[test]
    fn an_empty_table_has_no_rows() {
        assert_eq!(Rail::new(0, 500.0).rows(), 0..0);
        assert_eq!(Rail::new(0, 500.0).row_at(40.0), 0);
    }
}
