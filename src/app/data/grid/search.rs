//! Finding a text in the table.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::marked::Marked;
use super::state::Grid;
use crate::engine::client::Cancel;
use crate::engine::protocol::FailureKind;
use crate::msg;

/// A field whose text is found with Enter, before the active cell with Shift and Enter.
#[component]
pub fn Search(grid: Grid, field: NodeRef<html::Input>) -> impl IntoView {
    let workspace = grid.workspace();
    let under_way = StoredValue::new_local(None::<Cancel>);
    let stop = move || under_way.update_value(|c| c.take().iter().for_each(Cancel::cancel));
    on_cleanup(stop);
    let is_nothing = RwSignal::new(false);
    let find = move |text: String, back: bool| {
        stop();
        let cancel = Cancel::default();
        under_way.set_value(Some(cancel.clone()));
        let first = (grid.n_rows().saturating_sub(1), usize::MAX);
        let from = grid.marked.get_untracked().map_or(first, |m| m.active);
        spawn_local(async move {
            let Some(client) = workspace.ready().await else {
                return;
            };
            match client.find(&grid.table(), &text, from, back, &cancel).await {
                Ok(Some((row, column))) => {
                    let _ = is_nothing.try_set(false);
                    grid.mark(Marked::at(row, column));
                    grid.reveal((row, column));
                }
                Ok(None) => drop(is_nothing.try_set(true)),
                Err(failure) if failure.kind == FailureKind::Cancelled => {}
                Err(failure) => workspace.complain(failure.message),
            }
        });
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            let text = field.get_untracked().map(|f| f.value()).unwrap_or_default();
            if !text.trim().is_empty() {
                find(text, event.shift_key());
            }
        }
        "Escape" => {
            event.stop_propagation();
            stop();
            grid.focus();
        }
        _ => {}
    };
    let label = workspace.say(msg!("app.data.find", "Find in this table"));
    view! {
        <input
            node_ref=field
            class="field grid-find"
            class:is-nothing=move || is_nothing.get()
            type="search"
            autocomplete="off"
            spellcheck="false"
            aria-label=label.clone()
            title=workspace
                .say(msg!("app.data.find_help", "Enter finds the next, Shift and Enter the one before"))
            placeholder=label
            data-testid="grid-find"
            on:keydown=on_key
            on:input=move |_| is_nothing.set(false)
        />
        <span class="spoken" role="status">
            {move || {
                is_nothing
                    .get()
                    .then(|| {
                        msg!("app.data.found_nothing", "It does not stand in this table.")
                            .text(workspace.lang.get())
                    })
            }}
        </span>
    }
}
