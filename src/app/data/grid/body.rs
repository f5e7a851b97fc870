//! The rows in the page: a handful of elements that are written anew as one scrolls, never made anew.

use std::borrow::Cow;
use std::ops::Range;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::blocks::Blocks;
use super::lanes::Lanes;
use super::rail::Rail;

/// How a column's values are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typeset {
    /// Right-aligned, thousands grouped.
    Number,
    /// Right-aligned as it stands: years, codes, dates.
    Code,
    Text,
}

/// What is to be seen.
pub struct Frame<'a> {
    pub rows: Range<usize>,
    pub columns: Range<usize>,
    /// Whether the first column stays in sight.
    pub frozen: bool,
    pub rail: &'a Rail,
    pub lanes: &'a Lanes,
    pub blocks: &'a Blocks,
    pub sets: &'a [Typeset],
}

pub struct Body {
    root: HtmlElement,
    rows: Vec<Row>,
    n_cells: usize,
    /// Counts the changes of widths.
    widths: u32,
}

struct Row {
    element: HtmlElement,
    head: HtmlElement,
    number: Node,
    row: Option<usize>,
    y: f64,
    width: f64,
    /// The first column's, when it stays in sight.
    frozen: Cell,
    cells: Vec<Cell>,
}

struct Cell {
    element: HtmlElement,
    text: Node,
    column: Option<usize>,
    widths: u32,
    /// The row whose value it shows; `None` while there is none.
    shows: Option<usize>,
    look: &'static str,
}

impl Body {
    pub fn new(root: HtmlElement) -> Self {
        Self {
            root,
            rows: Vec::new(),
            n_cells: 0,
            widths: 0,
        }
    }

    /// Columns have other widths than before.
    pub fn widths_changed(&mut self) {
        self.widths += 1;
    }

    /// Other texts stand for the values than before.
    pub fn forget(&mut self) {
        for row in &mut self.rows {
            row.frozen.shows = None;
            row.cells.iter_mut().for_each(|cell| cell.shows = None);
        }
    }

    pub fn draw(&mut self, frame: &Frame) {
        self.make_room(frame);
        let n = self.rows.len();
        for row in &mut self.rows {
            row.hide_unless(|r| frame.rows.contains(&r));
        }
        for i in frame.rows.clone() {
            self.rows[i % n].draw(i, frame, self.widths);
        }
    }

    /// The element of a cell, while it is drawn.
    pub fn cell(&self, row: usize, column: usize) -> Option<&HtmlElement> {
        let of_row = self.rows.get(row.checked_rem(self.rows.len())?)?;
        let cell = match of_row.frozen.column {
            Some(frozen) if frozen == column => &of_row.frozen,
            _ => of_row.cells.get(column.checked_rem(of_row.cells.len())?)?,
        };
        (of_row.row == Some(row) && cell.column == Some(column)).then_some(&cell.element)
    }

    /// Makes rows and cells for the largest frame so far.
    fn make_room(&mut self, frame: &Frame) {
        let (n_rows, n_cells) = (frame.rows.len(), frame.columns.len());
        if n_rows <= self.rows.len() && n_cells <= self.n_cells {
            return;
        }
        self.rows.drain(..).for_each(|row| row.element.remove());
        self.n_cells = n_cells.max(self.n_cells);
        let n_rows = n_rows + 2;
        for _ in 0..n_rows {
            let row = Row::new(self.n_cells);
            let _ = self.root.append_child(&row.element);
            self.rows.push(row);
        }
    }
}

impl Row {
    fn new(n_cells: usize) -> Self {
        let element = div("grid-row", "row");
        let head = div("grid-number", "rowheader");
        let _ = element.append_child(&head);
        let frozen = Cell::new(&element);
        let _ = frozen.element.set_attribute("data-frozen", "");
        Self {
            frozen,
            cells: (0..n_cells).map(|_| Cell::new(&element)).collect(),
            number: text_in(&head),
            head,
            element,
            row: None,
            y: -1.0,
            width: 0.0,
        }
    }

    fn hide_unless(&mut self, is_seen: impl Fn(usize) -> bool) {
        if self.row.is_some_and(|r| !is_seen(r)) {
            self.row = None;
            self.element.set_hidden(true);
        }
    }

    fn draw(&mut self, i: usize, frame: &Frame, widths: u32) {
        if self.row != Some(i) {
            if self.row.is_none() {
                self.element.set_hidden(false);
            }
            self.row = Some(i);
            let _ = self
                .element
                .set_attribute("aria-rowindex", &(i + 2).to_string());
            self.number
                .set_node_value(Some(&grouped(&(i + 1).to_string())));
        }
        let y = frame.rail.y(i);
        if self.y != y {
            self.y = y;
            style(&self.element, "transform", &format!("translateY({y}px)"));
        }
        let width = frame.lanes.number + frame.lanes.all();
        if self.width != width {
            self.width = width;
            style(&self.element, "width", &format!("{width}px"));
            style(&self.head, "width", &format!("{}px", frame.lanes.number));
        }
        let n = self.cells.len();
        for cell in &mut self.cells {
            let is_frozen = frame.frozen && cell.column == Some(0);
            if is_frozen || cell.column.is_some_and(|c| !frame.columns.contains(&c)) {
                cell.hide();
            }
        }
        if frame.frozen {
            self.frozen.draw(i, 0, frame, widths);
        } else if self.frozen.column.is_some() {
            self.frozen.hide();
        }
        for column in frame.columns.clone().filter(|c| !frame.frozen || *c > 0) {
            self.cells[column % n].draw(i, column, frame, widths);
        }
    }
}

impl Cell {
    fn new(row: &HtmlElement) -> Self {
        let element = div("grid-cell", "gridcell");
        let _ = row.append_child(&element);
        Self {
            text: text_in(&element),
            element,
            column: None,
            widths: 0,
            shows: None,
            look: "grid-cell",
        }
    }

    fn hide(&mut self) {
        self.column = None;
        self.element.set_hidden(true);
    }

    fn draw(&mut self, row: usize, column: usize, frame: &Frame, widths: u32) {
        let is_moved = self.column != Some(column);
        if is_moved {
            if self.column.is_none() {
                self.element.set_hidden(false);
            }
            self.column = Some(column);
            self.shows = None;
            let _ = self
                .element
                .set_attribute("aria-colindex", &(column + 2).to_string());
        }
        if is_moved || self.widths != widths {
            self.widths = widths;
            style(
                &self.element,
                "left",
                &format!("{}px", frame.lanes.left(column)),
            );
            style(
                &self.element,
                "width",
                &format!("{}px", frame.lanes.width(column)),
            );
        }
        if self.shows == Some(row) {
            return;
        }
        let set = frame.sets[column];
        let (look, text) = match (frame.blocks.cell(row, column), set) {
            (None, _) => ("grid-cell is-loading", Cow::Borrowed("")),
            (Some(None), Typeset::Text) => ("grid-cell is-missing", "–".into()),
            (Some(None), _) => ("grid-cell is-missing is-number", "–".into()),
            (Some(Some(text)), Typeset::Number) => ("grid-cell is-number", grouped(text)),
            (Some(Some(text)), Typeset::Code) => ("grid-cell is-number", text.into()),
            (Some(Some(text)), Typeset::Text) => ("grid-cell", short(text)),
        };
        self.shows = (look != "grid-cell is-loading").then_some(row);
        if self.look != look {
            self.look = look;
            self.element.set_class_name(look);
        }
        self.text.set_node_value(Some(&text));
    }
}

fn div(class: &str, role: &str) -> HtmlElement {
    let element = document()
        .create_element("div")
        .expect("div is an element's name")
        .unchecked_into::<HtmlElement>();
    element.set_class_name(class);
    element.set_hidden(role == "gridcell" || role == "row");
    let _ = element.set_attribute("role", role);
    element
}

fn text_in(element: &HtmlElement) -> Node {
    element.set_text_content(Some(" "));
    element.first_child().expect("a text was just put in")
}

fn style(element: &HtmlElement, property: &str, value: &str) {
    let _ = element.style().set_property(property, value);
}

/// A long text is cut: no cell shows more.
fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(240) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// A number as people read it: a true minus, and thousands grouped from 10,000 on.
fn grouped(text: &str) -> Cow<'_, str> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", text),
    };
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_plain = rest
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'%'));
    if !is_plain || n_digits < 5 {
        return match sign {
            "" => text.into(),
            _ => format!("{sign}{rest}").into(),
        };
    }
    let mut out = String::from(sign);
    for (i, c) in rest[..n_digits].chars().enumerate() {
        if i > 0 && (n_digits - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out.push_str(&rest[n_digits..]);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_for_the_eye() {
        let check = |text, expected| assert_eq!(grouped(text), expected);
        check("2013", "2013");
        check("12345", "12,345");
        check("-1234567.50", "−1,234,567.50");
        check("-3", "−3");
        check("0.123456", "0.123456");
        check("12500.5%", "12,500.5%");
        check("1e300", "1e300");
        check("NaN", "NaN");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(short("가나다"), "가나다");
        assert_eq!(short(&"가".repeat(300)).chars().count(), 241);
    }
}
