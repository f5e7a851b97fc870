//! The tables that a cell reads and makes, as chips that open them.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::known::Known;
use crate::app::ui::{Glyph, Icon};
use crate::msg;
use crate::notebook::Outcome;
use crate::report::Msg;

/// The table that the cell reads.
#[component]
pub(super) fn Reads(known: Known) -> impl IntoView {
    let names = Memo::new(move |_| {
        let inputs = known
            .call
            .with(|c| c.as_ref().map(|c| c.inputs.clone()))
            .unwrap_or_default();
        let mut names: Vec<String> = inputs.into_values().filter(|n| !n.is_empty()).collect();
        names.dedup();
        names
    });
    view! {
        <span class="cell-reads">
            <For each=move || names.get() key=|name| name.clone() let:name>
                <TableChip known name />
            </For>
        </span>
    }
}

#[component]
fn TableChip(known: Known, name: String, #[prop(optional)] detail: Option<Msg>) -> impl IntoView {
    let workspace = known.workspace;
    let open = {
        let name = name.clone();
        move |event: MouseEvent| {
            event.stop_propagation();
            workspace.show_table(&name);
        }
    };
    let label = workspace.say(msg!(
        "app.cell.open_table",
        "Open the table {name}",
        name = &name
    ));
    view! {
        <button type="button" class="table-chip" title=label on:click=open>
            <Glyph icon=Icon::Table />
            <span class="table-chip-name">{name}</span>
            {detail.map(|detail| view! { <span class="table-chip-detail">{workspace.say(detail)}</span> })}
        </button>
    }
}

/// The tables that the cell made.
#[component]
pub(super) fn Makes(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    let tables = Memo::new(move |_| {
        let outputs = known
            .call
            .with(|c| c.as_ref().map(|c| c.outputs.clone()))
            .unwrap_or_default();
        known.id.with_value(|id| {
            workspace
                .results
                .with(|results| match results.get(id).map(|r| &r.outcome) {
                    Some(Outcome::Done { tables, .. }) => tables
                        .iter()
                        .filter_map(|(output, info)| {
                            Some((outputs.get(output)?.clone(), info.n_rows))
                        })
                        .collect(),
                    _ => Vec::new(),
                })
        })
    });
    view! {
        <Show when=move || tables.with(|t| !t.is_empty()) && known.is(&["done", "stale"])>
            <footer class="cell-makes">
                <span>{workspace.say(msg!("app.cell.makes", "Makes"))}</span>
                <For each=move || tables.get() key=|table| table.clone() let:table>
                    <TableChip
                        known
                        name=table.0
                        detail=msg!("app.cell.n_rows", "{n} {n|row|rows}", n = table.1)
                    />
                </For>
            </footer>
        </Show>
    }
}
