//! The state of a grid that is shown, and what may be done with it.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

use super::blocks::Blocks;
use super::body::{Body, Typeset};
use super::lanes::Lanes;
use super::marked::Marked;
use super::rail::{ROW, Rail};
use crate::app::Workspace;
use crate::engine::protocol::Failure;
use crate::spec::{ColumnInfo, TableInfo};
use crate::table::{ColumnKind, Measure};

/// Rows and columns that are drawn beyond what is seen.
pub(super) const MARGIN: (usize, usize) = (10, 1);
/// A jump rests this long before its rows are asked for.
pub(super) const JUMP: Duration = Duration::from_millis(45);

/// What a person chooses about the look of a grid.
#[derive(Clone, Copy)]
pub struct Look {
    /// Whether labels are shown in the place of their values.
    pub labels: RwSignal<bool>,
    /// Whether the first column stays in sight.
    pub frozen: RwSignal<bool>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            labels: RwSignal::new(true),
            frozen: RwSignal::new(false),
        }
    }
}

/// A handle that is copied freely.
#[derive(Clone, Copy)]
pub struct Grid {
    pub(super) workspace: Workspace,
    pub lanes: RwSignal<Lanes>,
    pub marked: RwSignal<Option<Marked>>,
    /// The rows that are seen, from the first on.
    pub rows: RwSignal<std::ops::Range<usize>>,
    /// The columns that are drawn.
    pub columns: RwSignal<std::ops::Range<usize>>,
    pub active_id: RwSignal<Option<&'static str>>,
    /// Counts the answers of the engine.
    pub arrived: RwSignal<u32>,
    pub trouble: RwSignal<Option<Failure>>,
    pub look: Look,
    pub(super) inner: StoredValue<Inner, LocalStorage>,
}

pub(super) struct Inner {
    pub(super) table: String,
    pub(super) rail: Rail,
    pub(super) blocks: Blocks,
    pub(super) sets: Vec<Typeset>,
    pub(super) parts: Option<Parts>,
    pub(super) is_asked: bool,
    pub(super) is_drawing: bool,
    pub(super) is_fitted: bool,
    pub(super) looked_at: Option<usize>,
    pub(super) active: Option<HtmlElement>,
}

/// What is in the page.
pub(super) struct Parts {
    pub(super) scroller: HtmlElement,
    pub(super) body: Body,
    pub(super) range: HtmlElement,
    pub(super) active: HtmlElement,
    pub(super) lane: HtmlElement,
}

impl Grid {
    pub fn new(workspace: Workspace, table: String, info: &TableInfo, look: Look) -> Self {
        let columns = info.columns.iter().map(|c| (&c.name, c.n_missing > 0));
        let inner = Inner {
            table,
            rail: Rail::new(info.n_rows, 0.0),
            blocks: Blocks::new(info.columns.len()),
            sets: info.columns.iter().map(set_of).collect(),
            parts: None,
            is_asked: false,
            is_drawing: false,
            is_fitted: false,
            looked_at: None,
            active: None,
        };
        Self {
            workspace,
            lanes: RwSignal::new(Lanes::new(info.n_rows, columns)),
            marked: RwSignal::new(None),
            rows: RwSignal::new(0..0),
            columns: RwSignal::new(0..0),
            active_id: RwSignal::new(None),
            arrived: RwSignal::new(0),
            trouble: RwSignal::new(None),
            look,
            inner: StoredValue::new_local(inner),
        }
    }

    pub fn workspace(self) -> Workspace {
        self.workspace
    }

    pub fn mount(self, scroller: HtmlElement, body: HtmlElement) {
        // The elements may have shown another table before.
        body.set_text_content(None);
        let overlay = |class: &str| {
            let element = document()
                .create_element("div")
                .expect("div is an element's name")
                .unchecked_into::<HtmlElement>();
            element.set_class_name(class);
            element.set_hidden(true);
            let _ = element.set_attribute("role", "presentation");
            let _ = body.append_child(&element);
            element
        };
        let parts = Parts {
            lane: overlay("grid-lane"),
            range: overlay("grid-range"),
            active: overlay("grid-active"),
            scroller,
            body: Body::new(body.clone()),
        };
        self.inner.update_value(|g| g.parts = Some(parts));
        self.resized();
    }

    /// The grid has another size than before.
    pub fn resized(self) {
        self.inner.try_update_value(|g| {
            let Some(parts) = &g.parts else { return };
            let view = (f64::from(parts.scroller.client_height()) - head_height(parts)).max(0.0);
            if view != g.rail.view() {
                let scroller = parts.scroller.clone();
                let to = g.rail.resize(view);
                scroller.set_scroll_top(to as i32);
            }
        });
        self.draw();
    }

    /// Draws with the next frame, however often it is called before.
    pub fn draw_soon(self) {
        let is_new = self
            .inner
            .try_update_value(|g| !std::mem::replace(&mut g.is_drawing, true));
        if is_new == Some(true) {
            request_animation_frame(move || {
                let jumped = self.inner.try_update_value(|g| {
                    g.is_drawing = false;
                    let Some(parts) = &g.parts else { return false };
                    let before = g.rail.rows();
                    g.rail.scrolled(f64::from(parts.scroller.scroll_top()));
                    let after = g.rail.rows();
                    after.start > before.end || after.end < before.start
                });
                match jumped {
                    Some(true) => {
                        self.show();
                        let rows = self.rows.get_untracked();
                        set_timeout(
                            move || {
                                if self.rows.try_get_untracked() == Some(rows) {
                                    self.ask();
                                }
                            },
                            JUMP,
                        );
                    }
                    Some(false) => self.draw(),
                    None => {}
                }
            });
        }
    }

    /// Draws what is seen, and asks for what is not here.
    pub fn draw(self) {
        self.show();
        self.ask();
    }

    /// The scrolling has ended.
    pub fn settle(self) {
        let moved = self.inner.try_update_value(|g| {
            let to = g.rail.settle()?;
            let parts = g.parts.as_ref()?;
            parts.scroller.set_scroll_top(to as i32);
            Some(())
        });
        if moved.flatten().is_some() {
            self.show();
        }
        self.ask();
    }

    pub fn mark(self, marked: Marked) {
        self.marked.set(Some(marked));
        self.show_marks();
    }

    /// Brings a cell into view.
    pub fn reveal(self, (row, column): (usize, usize)) {
        let lanes = self.lanes.get_untracked();
        self.inner.try_update_value(|g| {
            let Some(parts) = &g.parts else { return };
            if let Some(to) = g.rail.reveal(row) {
                parts.scroller.set_scroll_top(to as i32);
            }
            let (left, view) = sideways(parts);
            let frozen = self.look.frozen.get_untracked();
            if let Some(to) = lanes.reveal(column, left, view, frozen) {
                parts.scroller.set_scroll_left(to.round() as i32);
            }
        });
        self.draw();
    }

    /// Brings a row to the top of the view and makes its cell the active one.
    pub fn go_to(self, row: usize) {
        let column = self.marked.get_untracked().map_or(0, |m| m.active.1);
        self.inner.try_update_value(|g| {
            let to = g.rail.go_to(row as f64 * ROW);
            if let Some(parts) = &g.parts {
                parts.scroller.set_scroll_top(to as i32);
            }
        });
        self.mark(Marked::at(row, column));
        self.draw();
        self.focus();
    }

    pub fn focus(self) {
        let scroller = self
            .inner
            .try_with_value(|g| g.parts.as_ref().map(|p| p.scroller.clone()));
        if let Some(scroller) = scroller.flatten() {
            let _ = scroller.focus();
        }
    }

    /// The column whose profile is open stands out.
    pub fn look_at_column(self, column: Option<usize>) {
        self.inner.try_update_value(|g| g.looked_at = column);
        self.show_marks();
    }

    /// Makes a column wider by so many pixels.
    pub fn widen(self, column: usize, by: f64) {
        self.lanes
            .update(|l| l.set_width(column, l.width(column) + by));
        self.widths_changed();
    }

    pub fn set_width(self, column: usize, width: f64) {
        self.lanes.update(|l| l.set_width(column, width));
        self.widths_changed();
    }

    /// Makes a column as wide as its values here.
    pub fn fit(self, column: usize) {
        self.lanes.update(|l| {
            self.inner.with_value(|g| {
                l.set_width(column, 0.0);
                l.fit(column, g.blocks.sample(column), 640.0);
            });
        });
        self.widths_changed();
    }

    /// Labels are shown instead of values, or the other way round: the rows are fetched anew.
    pub fn labels_changed(self) {
        self.inner.update_value(|g| {
            g.blocks.clear();
            if let Some(parts) = &mut g.parts {
                parts.body.forget();
            }
        });
        self.draw();
    }

    /// How many rows are seen whole.
    pub fn page(self) -> usize {
        self.inner.with_value(|g| (g.rail.view() / ROW) as usize)
    }

    pub fn n_rows(self) -> usize {
        self.inner.with_value(|g| g.rail.n_rows())
    }

    pub fn first_seen(self) -> usize {
        self.rows.get_untracked().start
    }

    /// Row and column under a pointer; no column for the row's number.
    pub fn cell_at(self, event: &PointerEvent) -> Option<(usize, Option<usize>)> {
        let lanes = self.lanes.get_untracked();
        self.inner.with_value(|g| {
            let parts = g.parts.as_ref()?;
            let area = parts.scroller.get_bounding_client_rect();
            let y = f64::from(event.client_y()) - area.top() - head_height(parts);
            let x = f64::from(event.client_x()) - area.left();
            let (left, _) = sideways(parts);
            let x = x - lanes.number;
            let column = (x >= 0.0).then(|| {
                let is_frozen = self.look.frozen.get_untracked() && x < lanes.width(0);
                lanes.at(if is_frozen { x } else { x + left })
            });
            Some((g.rail.row_at(y), column))
        })
    }

    /// A value that is here; `Some(None)` when it is missing.
    pub fn value(self, row: usize, column: usize) -> Option<Option<String>> {
        self.inner
            .with_value(|g| g.blocks.cell(row, column).map(|v| v.map(str::to_string)))
    }

    pub fn table(self) -> String {
        self.inner.with_value(|g| g.table.clone())
    }

    /// Columns are wider or narrower, or another stays in sight.
    pub fn widths_changed(self) {
        self.inner.try_update_value(|g| {
            if let Some(parts) = &mut g.parts {
                parts.body.widths_changed();
            }
        });
        self.draw();
    }
}

fn set_of(column: &ColumnInfo) -> Typeset {
    match (column.kind, column.measure) {
        (ColumnKind::Float | ColumnKind::Int, Measure::Scale) => Typeset::Number,
        (ColumnKind::Float | ColumnKind::Int, _) => Typeset::Code,
        (ColumnKind::Date | ColumnKind::DateTime | ColumnKind::Time, _) => Typeset::Code,
        _ => Typeset::Text,
    }
}

pub(super) fn head_height(parts: &Parts) -> f64 {
    let head = parts.scroller.first_element_child();
    head.map_or(0.0, |h| f64::from(h.client_height()))
}

/// How far the grid is scrolled to the right, and how much of it is seen.
pub(super) fn sideways(parts: &Parts) -> (f64, f64) {
    (
        f64::from(parts.scroller.scroll_left()),
        f64::from(parts.scroller.client_width()),
    )
}
