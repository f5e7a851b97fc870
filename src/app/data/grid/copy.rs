//! Marked cells onto the clipboard, as tab-separated text.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ClipboardEvent;

use super::marked::{Marked, tsv_field};
use super::state::Grid;
use crate::msg;

/// The most cells that are copied at once.
const LIMIT: usize = 500_000;
/// Cells that are asked for at once.
const CELLS: usize = 4_000;

/// Answers the browser's copy event: at once when the cells are here, else as soon as they are.
pub fn copy(grid: Grid, event: impl JsCast) {
    let Some(marked) = grid.marked.get_untracked() else {
        return;
    };
    let Ok(event) = event.dyn_into::<ClipboardEvent>() else {
        return;
    };
    event.prevent_default();
    let workspace = grid.workspace();
    if marked.n_cells() > LIMIT {
        return workspace.complain(msg!(
            "app.data.too_many_cells",
            "{n} cells are too many to copy; mark at most {limit}, or export the table.",
            n = marked.n_cells(),
            limit = LIMIT
        ));
    }
    if marked.n_cells() <= CELLS
        && let Some(text) = text_here(grid, marked)
        && let Some(clipboard) = event.clipboard_data()
    {
        let _ = clipboard.set_data("text/plain", &text);
        return tell(grid, marked);
    }
    spawn_local(async move {
        let Some(text) = text_from_engine(grid, marked).await else {
            return;
        };
        let promise = window().navigator().clipboard().write_text(&text);
        if JsFuture::from(promise).await.is_ok() {
            tell(grid, marked);
        } else {
            workspace.complain(msg!(
                "app.data.not_copied",
                "The browser does not allow copying here."
            ));
        }
    });
}

fn tell(grid: Grid, marked: Marked) {
    if !marked.is_one() {
        grid.workspace().tell(msg!(
            "app.data.copied",
            "{rows} × {columns} cells copied.",
            rows = marked.rows().count(),
            columns = marked.columns().count()
        ));
    }
}

fn text_here(grid: Grid, marked: Marked) -> Option<String> {
    let line = |row| {
        let fields = marked
            .columns()
            .map(|column| Some(tsv_field(&grid.value(row, column)?.unwrap_or_default())));
        Some(fields.collect::<Option<Vec<_>>>()?.join("\t"))
    };
    let lines = marked.rows().map(line).collect::<Option<Vec<_>>>()?;
    Some(lines.join("\n"))
}

async fn text_from_engine(grid: Grid, marked: Marked) -> Option<String> {
    let client = grid.workspace().ready().await?;
    let (table, labels) = (grid.table(), grid.look.labels.get_untracked());
    let step = (CELLS / grid.lanes.with_untracked(|l| l.n()).max(1)).max(1);
    let (mut start, end) = (*marked.rows().start(), marked.rows().end() + 1);
    let mut lines = Vec::new();
    while start < end {
        let n = step.min(end - start);
        match client.rows(&table, start, n, labels).await {
            Ok(rows) => lines.extend((0..n).map(|i| {
                let fields = marked.columns().map(|c| {
                    let value = rows.columns.get(c).and_then(|v| v.get(i)?.as_deref());
                    tsv_field(value.unwrap_or_default())
                });
                fields.collect::<Vec<_>>().join("\t")
            })),
            Err(failure) => {
                grid.workspace().complain(failure.message);
                return None;
            }
        }
        start += n;
    }
    Some(lines.join("\n"))
}
