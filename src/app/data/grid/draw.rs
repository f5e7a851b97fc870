//! Drawing a grid: its rows, and what is marked among them.

use leptos::prelude::*;
use web_sys::HtmlElement;

use super::body::Frame;
use super::rail::ROW;
use super::state::{Grid, MARGIN, sideways};

/// The id of the active cell.
const ACTIVE: &str = "grid-active";

impl Grid {
    /// Draws what is seen with the rows that are here.
    pub(super) fn show(self) {
        let Some(lanes) = self.lanes.try_get_untracked() else {
            return;
        };
        let seen = self.inner.try_update_value(|g| {
            let parts = g.parts.as_mut()?;
            let (left, view) = sideways(parts);
            let columns = lanes.seen(left, view, MARGIN.1);
            parts.body.draw(&Frame {
                rows: g.rail.rows_around(MARGIN.0),
                columns: columns.clone(),
                frozen: self.look.frozen.get_untracked(),
                rail: &g.rail,
                lanes: &lanes,
                blocks: &g.blocks,
                sets: &g.sets,
            });
            Some((g.rail.rows(), columns))
        });
        let Some((rows, columns)) = seen.flatten() else {
            return;
        };
        if self.rows.get_untracked() != rows {
            self.rows.set(rows);
        }
        if self.columns.get_untracked() != columns {
            self.columns.set(columns);
        }
        self.show_marks();
    }

    /// Draws the active cell, the marked range and the column that is looked at.
    pub(super) fn show_marks(self) {
        let Some(lanes) = self.lanes.try_get_untracked() else {
            return;
        };
        let marked = self.marked.get_untracked();
        let is_active = self.inner.try_update_value(|g| {
            let parts = g.parts.as_ref()?;
            let drawn = g.rail.rows_around(MARGIN.0);
            let top = g.rail.y(drawn.start);
            let bottom = g.rail.y(drawn.end);
            // Nothing reaches over the row numbers, nor over the column that stays in sight.
            let numbers = sideways(parts).0 + lanes.number;
            let frozen = if self.look.frozen.get_untracked() {
                lanes.width(0)
            } else {
                0.0
            };
            let left = |c: usize| match c {
                0 if frozen > 0.0 => numbers,
                _ => lanes.left(c).max(numbers + frozen),
            };
            let right = |c: usize| match c {
                0 if frozen > 0.0 => numbers + frozen,
                _ => lanes.left(c) + lanes.width(c),
            };
            let place = |element: &HtmlElement, area: Option<[f64; 4]>| {
                let area = area
                    .map(|[x, y, end, height]| [x, y, end - x, height])
                    .filter(|[_, _, width, _]| *width > 0.0);
                element.set_hidden(area.is_none());
                let Some([left, y, width, height]) = area else {
                    return;
                };
                let style = element.style();
                let _ = style.set_property("transform", &format!("translate({left}px, {y}px)"));
                let _ = style.set_property("width", &format!("{width}px"));
                let _ = style.set_property("height", &format!("{height}px"));
            };
            let lane = g.looked_at.map(|c| [left(c), top, right(c), bottom - top]);
            place(&parts.lane, lane);
            let range = marked.filter(|m| !m.is_one()).and_then(|m| {
                let start = (*m.rows().start()).max(drawn.start);
                let end = (m.rows().end() + 1).min(drawn.end);
                let (first, last) = m.columns().into_inner();
                let to = right(last).max(right(first));
                let (y, end) = (g.rail.y(start), g.rail.y(end));
                (start < drawn.end && end > y).then_some([left(first), y, to, end - y])
            });
            place(&parts.range, range);
            let active = marked.map(|m| m.active);
            let shown = active.filter(|(row, _)| drawn.contains(row));
            place(
                &parts.active,
                shown.map(|(row, c)| [left(c), g.rail.y(row), right(c), ROW]),
            );
            if let Some(old) = g.active.take() {
                let _ = old.remove_attribute("id");
                let _ = old.remove_attribute("aria-selected");
            }
            let (row, column) = active?;
            let element = parts.body.cell(row, column)?.clone();
            element.set_id(ACTIVE);
            let _ = element.set_attribute("aria-selected", "true");
            g.active = Some(element);
            Some(())
        });
        let id = is_active.flatten().map(|()| ACTIVE);
        if self.active_id.get_untracked() != id {
            self.active_id.set(id);
        }
    }
}
