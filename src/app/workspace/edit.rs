//! Changes to the notebook: each one can be undone, is saved, and reruns what depends on it.

use leptos::prelude::*;
use serde_json::Value;

use super::{Selection, Workspace};
use crate::analyses;
use crate::notebook::{Body, Cell, Graph, Notebook};
use crate::spec::Values;

impl Workspace {
    /// Changes the notebook. Changes in a row with the same `key` are one step of undo.
    pub fn edit(self, key: Option<&str>, change: impl FnOnce(&mut Notebook)) {
        let before = self.notebook.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after == before || !self.may_change() {
            return;
        }
        self.history.update(|h| h.record(&before, key));
        self.notebook.set(after);
        self.changed();
    }

    pub fn undo(self) {
        if !self.may_change() {
            return;
        }
        let present = self.notebook.get_untracked();
        if let Some(before) = self.history.try_update(|h| h.undo(&present)).flatten() {
            self.notebook.set(before);
            self.changed();
        }
    }

    pub fn redo(self) {
        if !self.may_change() {
            return;
        }
        let present = self.notebook.get_untracked();
        if let Some(after) = self.history.try_update(|h| h.redo(&present)).flatten() {
            self.notebook.set(after);
            self.changed();
        }
    }

    pub fn can_undo(self) -> bool {
        self.history.with(|h| h.can_undo())
    }

    pub fn can_redo(self) -> bool {
        self.history.with(|h| h.can_redo())
    }

    /// Adds a cell for an analysis behind `after` (at the end without it) and selects it. It reads
    /// `table`, else the last table that stands before it.
    pub fn add_analysis(self, id: &str, after: Option<&str>, table: Option<&str>) {
        self.add_call(id, after, table, Values::new());
    }

    /// Adds a cell for an analysis of `table` at the end, with options filled in, and selects it.
    pub fn add_filled(self, id: &str, table: &str, values: Values) {
        self.add_call(id, None, Some(table), values);
    }

    fn add_call(self, id: &str, after: Option<&str>, table: Option<&str>, values: Values) {
        let Some(spec) = analyses::find(id) else {
            return;
        };
        let cell = new_id();
        self.edit(None, |n| {
            let place = place_after(n, after);
            let table = table
                .map(str::to_string)
                .or_else(|| self.table_before(n, place));
            let mut call = n.new_call(spec, table.as_deref());
            call.values = values;
            n.cells.insert(
                place,
                Cell {
                    id: cell.clone(),
                    body: Body::Analysis(call),
                },
            );
        });
        self.shown_table.set(None);
        self.selected.set(Some(Selection::Cell(cell)));
    }

    /// The table that a cell added behind `after` would read. Tracks the notebook.
    pub fn table_for(self, after: Option<&str>) -> Option<String> {
        self.notebook
            .with(|n| self.table_before(n, place_after(n, after)))
    }

    /// The table that a cell at `place` most likely is about: what the cells before it made or read
    /// last, else the last one opened. A table that was never made is left for one that is there.
    fn table_before(self, notebook: &Notebook, place: usize) -> Option<String> {
        let graph = Graph::new(notebook);
        let is_there = |name: &&String| {
            self.results
                .with_untracked(|r| graph.info(name, r).is_some())
        };
        let calls = notebook.cells[..place].iter().rev().filter_map(Cell::call);
        let near = calls
            .flat_map(|call| call.outputs.values().chain(call.inputs.values()))
            .chain(notebook.sources.iter().rev().map(|s| &s.name));
        near.clone().find(is_there).or(near.clone().next()).cloned()
    }

    /// Adds a text cell behind `after` and selects it.
    pub fn add_text(self, after: Option<&str>, markdown: &str) {
        let cell = new_id();
        self.edit(None, |n| {
            let place = place_after(n, after);
            n.cells.insert(
                place,
                Cell {
                    id: cell.clone(),
                    body: Body::Text(markdown.to_string()),
                },
            );
        });
        self.selected.set(Some(Selection::Cell(cell)));
    }

    pub fn remove_cell(self, id: &str) {
        self.edit(None, |n| n.cells.retain(|c| c.id != id));
        self.selected.update(|s| {
            if matches!(s, Some(Selection::Cell(c)) if c == id) {
                *s = None;
            }
        });
    }

    /// Moves a cell by so many places.
    pub fn move_cell(self, id: &str, by: isize) {
        self.edit(None, |n| {
            let Some(from) = n.cells.iter().position(|c| c.id == id) else {
                return;
            };
            let to = from.saturating_add_signed(by).min(n.cells.len() - 1);
            let cell = n.cells.remove(from);
            n.cells.insert(to, cell);
        });
    }

    /// A copy of a cell behind it; what it makes gets names of its own.
    pub fn duplicate_cell(self, id: &str) {
        let copy = new_id();
        self.edit(None, |n| {
            let Some(from) = n.cells.iter().position(|c| c.id == id) else {
                return;
            };
            let mut cell = n.cells[from].clone();
            cell.id.clone_from(&copy);
            if let Some(call) = cell.call_mut() {
                for name in call.outputs.values_mut() {
                    *name = n.free_table_name(name);
                }
            }
            n.cells.insert(from + 1, cell);
        });
        self.selected.set(Some(Selection::Cell(copy)));
    }

    /// Sets an option; null puts it back to its default.
    pub fn set_value(self, cell: &str, option: &str, value: Value) {
        self.edit(Some(&format!("{cell}.{option}")), |n| {
            let Some(call) = n.cell_mut(cell).and_then(Cell::call_mut) else {
                return;
            };
            if value.is_null() {
                call.values.shift_remove(option);
            } else {
                call.values.insert(option.to_string(), value);
            }
        });
    }

    /// Connects an input to the table called `table`, or to none when that is empty.
    pub fn set_input(self, cell: &str, input: &str, table: &str) {
        self.edit(None, |n| {
            let Some(call) = n.cell_mut(cell).and_then(Cell::call_mut) else {
                return;
            };
            if table.is_empty() {
                call.inputs.remove(input);
            } else {
                call.inputs.insert(input.to_string(), table.to_string());
            }
        });
    }

    /// Runs the analysis for each group of rows by these columns; for all rows when there are none.
    pub fn set_by(self, cell: &str, columns: Vec<String>) {
        self.edit(None, |n| {
            if let Some(call) = n.cell_mut(cell).and_then(Cell::call_mut) {
                call.by = columns;
            }
        });
    }

    pub fn set_seed(self, cell: &str, seed: u64) {
        self.edit(Some(&format!("{cell}.seed")), |n| {
            if let Some(call) = n.cell_mut(cell).and_then(Cell::call_mut) {
                call.seed = seed;
            }
        });
    }

    pub fn set_text(self, cell: &str, markdown: &str) {
        self.edit(Some(&format!("{cell}.text")), |n| {
            if let Some(cell) = n.cell_mut(cell) {
                cell.body = Body::Text(markdown.to_string());
            }
        });
    }

    pub fn set_title(self, title: &str) {
        self.edit(Some("title"), |n| n.title = title.to_string());
    }

    pub fn rename_table(self, from: &str, to: &str) {
        let mut name = from.to_string();
        self.edit(None, |n| name = n.rename_table(from, to));
        if self.shown_table.get_untracked().as_deref() == Some(from) {
            self.shown_table.set(Some(name));
        }
    }

    /// Takes a source table out of the notebook; cells that read it then ask for another.
    pub fn remove_source(self, name: &str) {
        self.edit(None, |n| n.sources.retain(|s| s.name != name));
        if self.shown_table.get_untracked().as_deref() == Some(name) {
            self.shown_table.set(None);
        }
    }

    pub(super) fn changed(self) {
        self.recall();
        self.save_soon();
        self.run_soon();
    }
}

/// An id that no other cell or table has.
pub(super) fn new_id() -> String {
    window().crypto().map_or_else(
        |_| format!("{:x}", super::now().to_bits()),
        |c| c.random_uuid()[..13].to_string(),
    )
}

fn place_after(notebook: &Notebook, after: Option<&str>) -> usize {
    let found = after.and_then(|id| notebook.cells.iter().position(|c| c.id == id));
    found.map_or(notebook.cells.len(), |i| i + 1)
}
