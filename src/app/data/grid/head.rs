//! The grid's head: a column's name, what it measures, and its values at a glance.

use leptos::ev::{MouseEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::state::Grid;
use crate::app::Workspace;
use crate::app::data::glance::{Glance, glance_words};
use crate::app::data::signs::Sign;
use crate::msg;
use crate::spec::ColumnInfo;
use crate::table::profile::ColumnProfile;

#[component]
pub fn Head(
    grid: Grid,
    columns: StoredValue<Vec<ColumnInfo>>,
    column: RwSignal<Option<usize>>,
    profiles: RwSignal<Option<Vec<ColumnProfile>>>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let width = move || grid.lanes.with(|l| format!("{}px", l.number + l.all()));
    view! {
        <div class="grid-head" role="rowgroup" style:width=width>
            <div class="grid-head-row" role="row" aria-rowindex="1">
                <div
                    class="grid-corner"
                    role="columnheader"
                    aria-colindex="1"
                    style:width=move || format!("{}px", grid.lanes.with(|l| l.number))
                >
                    <span class="spoken">{workspace.say(msg!("app.data.row", "Row"))}</span>
                </div>
                <For each=move || seen(grid) key=|c| *c let:at>
                    <HeadCell grid=grid at=at columns=columns column=column profiles=profiles />
                </For>
            </div>
        </div>
    }
}

#[component]
fn HeadCell(
    grid: Grid,
    at: usize,
    columns: StoredValue<Vec<ColumnInfo>>,
    column: RwSignal<Option<usize>>,
    profiles: RwSignal<Option<Vec<ColumnProfile>>>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let info = columns.with_value(|c| c[at].clone());
    let name = info.name.clone();
    let title = name.clone();
    let is_open = move || column.get() == Some(at);
    let profile = move || profiles.with(|p| p.as_ref().and_then(|p| p.get(at)).cloned());
    let drag = StoredValue::new(None::<(i32, f64)>);
    let start = move |event: PointerEvent| {
        event.prevent_default();
        event.stop_propagation();
        capture(&event);
        drag.set_value(Some((
            event.client_x(),
            grid.lanes.with_untracked(|l| l.width(at)),
        )));
    };
    let pull = move |event: PointerEvent| {
        if let Some((from, width)) = drag.get_value() {
            grid.set_width(at, width + f64::from(event.client_x() - from));
        }
    };
    let open =
        move |_: MouseEvent| column.update(|c| *c = if *c == Some(at) { None } else { Some(at) });
    view! {
        <div
            class="grid-head-cell"
            class:is-open=is_open
            class:is-frozen=move || at == 0 && grid.look.frozen.get()
            role="columnheader"
            aria-colindex=(at + 2).to_string()
            style:left=move || format!("{}px", grid.lanes.with(|l| l.left(at)))
            style:width=move || format!("{}px", grid.lanes.with(|l| l.width(at)))
        >
            <button
                type="button"
                class="grid-head-button"
                tabindex="-1"
                title=title
                aria-expanded=move || is_open().to_string()
                data-testid=format!("column-profile-{at}")
                on:click=open
            >
                <span class="grid-head-name">
                    <Sign kind=info.kind measure=info.measure />
                    <span class="grid-head-text">{name}</span>
                </span>
                <span class="grid-head-glance">
                    {move || profile().map(|p| view! { <Glance profile=p /> })}
                </span>
                <span class="grid-head-note">
                    {move || profile().map(|p| glance_words(&p, workspace))}
                </span>
            </button>
            <span
                class="grid-resize"
                aria-hidden="true"
                on:pointerdown=start
                on:pointermove=pull
                on:pointerup=move |_| drag.set_value(None)
                on:pointercancel=move |_| drag.set_value(None)
                on:dblclick=move |_| grid.fit(at)
            ></span>
        </div>
    }
}

/// The columns in sight, the one that stays there among them.
fn seen(grid: Grid) -> impl Iterator<Item = usize> {
    let columns = grid.columns.get();
    let first = (grid.look.frozen.get() && columns.start > 0).then_some(0);
    first.into_iter().chain(columns)
}

fn capture(event: &PointerEvent) {
    if let Some(element) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}
