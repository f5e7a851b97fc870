//! The notebook's column: cells one below the other, and places to add more.

mod analysis;
mod headline;
mod known;
mod markdown;
mod menu;
mod script;
mod states;
mod status;
mod tables;
mod text;
mod trouble;

use leptos::prelude::*;

use super::Workspace;
use super::output::media;
use super::palette::{PaletteSignal, Place};
use super::ui::{Glyph, Icon};
use crate::msg;
use crate::notebook::Body;
use analysis::AnalysisCell;
use text::TextCell;

pub use headline::headline_of;
pub use markdown::{outline, render};

/// Whether the inspector stands beside the notebook; below that the form opens within its cell.
pub fn is_wide() -> Signal<bool> {
    media(WIDE)
}

pub fn is_wide_now() -> bool {
    let list = window().match_media(WIDE).ok().flatten();
    list.is_some_and(|list| list.matches())
}

const WIDE: &str = "(min-width: 1100px)";

/// All cells of the notebook.
#[component]
pub fn Notebook() -> impl IntoView {
    let workspace = Workspace::here();
    let ids = Memo::new(move |_| {
        workspace
            .notebook
            .with(|n| n.cells.iter().map(|c| c.id.clone()).collect::<Vec<_>>())
    });
    view! {
        <section class="notebook" aria-label=workspace.say(msg!("app.cell.cells", "Cells"))>
            <For each=move || ids.get() key=|id| id.clone() let:id>
                <OneCell id ids />
            </For>
            <AddAtEnd ids />
        </section>
    }
}

#[component]
fn OneCell(id: String, ids: Memo<Vec<String>>) -> impl IntoView {
    let workspace = Workspace::here();
    let index = {
        let id = id.clone();
        Memo::new(move |_| ids.with(|ids| ids.iter().position(|i| *i == id).unwrap_or(0)))
    };
    let n_cells = Memo::new(move |_| ids.with(Vec::len));
    let is_text = workspace
        .notebook
        .with_untracked(|n| n.cell(&id).is_some_and(|c| matches!(c.body, Body::Text(_))));
    let is_last = move || index.get() + 1 == n_cells.get();
    let cell = if is_text {
        view! { <TextCell id=id.clone() index n_cells /> }.into_any()
    } else {
        view! { <AnalysisCell id=id.clone() index n_cells /> }.into_any()
    };
    let after = StoredValue::new(id);
    view! {
        {cell}
        <Show when=move || !is_last()>
            <AddBetween after=after.get_value() />
        </Show>
    }
}

/// Brings a cell that is selected while it is made into view: one that was just added, or the one that
/// was left for a table.
fn reveal(id: &str) {
    let id = format!("cell-{id}");
    request_animation_frame(move || {
        let Some(cell) = document().get_element_by_id(&id) else {
            return;
        };
        let (area, height) = (cell.get_bounding_client_rect(), window().inner_height());
        let height = height.ok().and_then(|h| h.as_f64()).unwrap_or(0.0);
        if area.top() < 0.0 || area.top() > 0.6 * height {
            cell.scroll_into_view();
        }
    });
}

/// A line between two cells that becomes a button when it is pointed at or focused.
#[component]
fn AddBetween(after: String) -> impl IntoView {
    let workspace = Workspace::here();
    let palette = use_context::<PaletteSignal>();
    let open = move |_| {
        if let Some(PaletteSignal(palette)) = palette {
            palette.set(Some(Place {
                after: Some(after.clone()),
                table: None,
            }));
        }
    };
    view! {
        <div class="add-between">
            <button
                type="button"
                class="add-here"
                aria-label=workspace.say(msg!("app.cell.add_here", "Add a cell here"))
                on:click=open
            >
                <Glyph icon=Icon::Plus />
            </button>
        </div>
    }
}

#[component]
fn AddAtEnd(ids: Memo<Vec<String>>) -> impl IntoView {
    let workspace = Workspace::here();
    let palette = use_context::<PaletteSignal>();
    let open = move |_| {
        if let Some(PaletteSignal(palette)) = palette {
            palette.set(Some(Place {
                after: ids.with_untracked(|ids| ids.last().cloned()),
                table: None,
            }));
        }
    };
    view! {
        <div class="add-end">
            <button type="button" class="button" data-testid="add-cell" on:click=open>
                <Glyph icon=Icon::Plus />
                <span>{workspace.say(msg!("app.cell.add", "Add a cell"))}</span>
            </button>
            <button
                type="button"
                class="button button-quiet"
                data-testid="add-text"
                on:click=move |_| workspace.add_text(None, "")
            >
                <Glyph icon=Icon::Text />
                <span>{workspace.say(msg!("app.cell.add_text", "Add text"))}</span>
            </button>
        </div>
    }
}
