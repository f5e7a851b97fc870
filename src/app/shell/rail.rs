//! The rail: the notebook's tables, and its outline.

use leptos::prelude::*;
use web_sys::{ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::Layout;
use super::menu::choose_data_file;
use crate::analyses;
use crate::app::ui::{Button, Glyph, Icon, Kind};
use crate::app::workspace::{CellState, Selection};
use crate::app::{Workspace, cell};
use crate::msg;
use crate::notebook::{Body, Cell};
use crate::report::{Format, Lang, Msg, format_number};

#[component]
pub(super) fn Rail() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    view! {
        <nav
            class="rail"
            class:drawer-open=move || layout.rail.get()
            aria-label=workspace.say(msg!("app.bar.rail", "Tables and outline"))
            data-testid="rail"
        >
            <div class="rail-head">
                <h2>{workspace.say(msg!("app.rail.tables", "Tables"))}</h2>
                <Button
                    kind=Kind::Quiet
                    small=true
                    icon=Icon::Plus
                    icon_only=true
                    label=workspace.say(msg!("app.rail.add_table", "Open a data file"))
                    on_click=move |_| choose_data_file(workspace)
                    testid="add-table"
                />
            </div>
            <Tables />
            <div class="rail-head">
                <h2>{workspace.say(msg!("app.rail.outline", "Outline"))}</h2>
            </div>
            <Outline />
        </nav>
    }
}

/// Source tables, then what the cells make.
#[component]
fn Tables() -> impl IntoView {
    let workspace = Workspace::here();
    let names = Memo::new(move |_| {
        workspace.notebook.with(|n| {
            let is_source = |name: &str| n.source(name).is_some();
            n.table_names()
                .into_iter()
                .map(|name| (name.to_string(), is_source(name)))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Show
            when=move || !names.with(Vec::is_empty)
            fallback=move || {
                view! {
                    <p class="rail-empty rail-list">
                        {workspace.say(msg!("app.rail.no_tables", "No table yet. Drop a file."))}
                    </p>
                }
            }
        >
            <ul class="rail-list">
                <For each=move || names.get() key=|entry| entry.clone() let((name, is_source))>
                    <li>
                        <TableItem name=name is_source=is_source />
                    </li>
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn TableItem(name: String, is_source: bool) -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let n_rows = {
        let name = name.clone();
        Memo::new(move |_| workspace.table_info(&name).map(|info| info.n_rows))
    };
    let count = move || {
        let lang = workspace.lang.get();
        n_rows.get().map_or_else(
            || "–".to_string(),
            |n| format_number(n as f64, Format::Integer, lang),
        )
    };
    let tooltip = {
        let name = name.clone();
        move || {
            let text = match (n_rows.get(), is_source) {
                (Some(n), true) => {
                    msg!(
                        "app.rail.opened",
                        "{name}: {n} {n|row|rows}",
                        name = &name,
                        n = n
                    )
                }
                (Some(n), false) => msg!(
                    "app.rail.made",
                    "{name}: {n} {n|row|rows}, made by a cell",
                    name = &name,
                    n = n
                ),
                (None, _) => msg!(
                    "app.rail.not_made",
                    "{name}: made when its cell has run",
                    name = &name
                ),
            };
            text.text(workspace.lang.get())
        }
    };
    let is_shown = {
        let name = name.clone();
        Memo::new(move |_| workspace.shown_table.with(|t| t.as_ref() == Some(&name)))
    };
    let testid = format!("rail-table-{name}");
    let shown_name = name.clone();
    view! {
        <button
            type="button"
            class="rail-item"
            title=tooltip
            aria-current=move || is_shown.get().then_some("true")
            data-testid=testid
            disabled=move || n_rows.with(Option::is_none)
            on:click=move |_| {
                workspace.show_table(&name);
                layout.rail.set(false);
            }
        >
            <Glyph icon=if is_source { Icon::Table } else { Icon::Grid } />
            <span class="rail-name">{shown_name}</span>
            <span class="rail-count">{count}</span>
        </button>
    }
}

#[component]
fn Outline() -> impl IntoView {
    let workspace = Workspace::here();
    let cells = Memo::new(move |_| {
        workspace.notebook.with(|n| {
            n.cells
                .iter()
                .enumerate()
                .map(|(i, cell)| (i, cell.id.clone()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Show
            when=move || !cells.with(Vec::is_empty)
            fallback=move || {
                view! {
                    <p class="rail-empty rail-list">
                        {workspace.say(msg!("app.rail.no_cells", "No cell yet. Press / to add one."))}
                    </p>
                }
            }
        >
            <ul class="rail-list">
                <For each=move || cells.get() key=|entry| entry.clone() let((index, id))>
                    <li>
                        <OutlineItem index=index id=id />
                    </li>
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn OutlineItem(index: usize, id: String) -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let name = {
        let id = id.clone();
        Memo::new(move |_| {
            let lang = workspace.lang.get();
            workspace.notebook.with(|n| {
                n.cell(&id)
                    .map(|cell| name_of(cell, lang))
                    .unwrap_or_default()
            })
        })
    };
    let state = {
        let id = id.clone();
        Memo::new(move |_| mark_of(&workspace.cell_state(&id)))
    };
    let is_selected = {
        let id = id.clone();
        Memo::new(move |_| {
            workspace.shown_table.with(Option::is_none)
                && workspace
                    .selected
                    .with(|s| matches!(s, Some(Selection::Cell(c)) if *c == id))
        })
    };
    let mark = move || {
        state.get().map(|(class, text)| {
            view! {
                <span
                    class=format!("rail-dot {class}")
                    role="img"
                    aria-label=workspace.say(text)
                ></span>
            }
        })
    };
    view! {
        <button
            type="button"
            class="rail-item"
            aria-current=move || is_selected.get().then_some("true")
            data-testid=format!("outline-{index}")
            on:click=move |_| {
                workspace.shown_table.set(None);
                workspace.selected.set(Some(Selection::Cell(id.clone())));
                layout.rail.set(false);
                request_animation_frame(move || scroll_to_cell(index));
            }
        >
            <span class="rail-number">{index + 1}</span>
            <span class="rail-name">{move || name.get()}</span>
            {mark}
        </button>
    }
}

/// What the outline calls a cell.
fn name_of(cell: &Cell, lang: Lang) -> String {
    match &cell.body {
        Body::Analysis(call) => analyses::find(&call.analysis)
            .map_or_else(|| call.analysis.clone(), |spec| spec.title().text(lang)),
        Body::Text(markdown) => {
            let line = cell::outline(markdown);
            if line.is_empty() {
                msg!("app.rail.text", "Text").text(lang)
            } else {
                line
            }
        }
    }
}

fn mark_of(state: &CellState) -> Option<(&'static str, Msg)> {
    match state {
        CellState::Running(_) => Some(("rail-dot-running", msg!("app.rail.running", "running"))),
        CellState::Failed => Some(("rail-dot-failed", msg!("app.rail.failed", "failed"))),
        CellState::Stale | CellState::Held => {
            Some(("rail-dot-stale", msg!("app.rail.stale", "out of date")))
        }
        CellState::Incomplete | CellState::Waiting | CellState::Done => None,
    }
}

fn scroll_to_cell(index: usize) {
    let found = document().query_selector(&format!("[data-testid=cell-{index}]"));
    if let Ok(Some(cell)) = found {
        let how = ScrollIntoViewOptions::new();
        how.set_block(ScrollLogicalPosition::Start);
        how.set_behavior(ScrollBehavior::Smooth);
        cell.scroll_into_view_with_scroll_into_view_options(&how);
    }
}
