//! A number, typed or stepped.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::entry::Entry;
use super::values::{default_text, parse_number, show, step};

#[component]
pub fn NumberInput(entry: Entry, is_whole: bool) -> impl IntoView {
    let text = RwSignal::new(entry.value.with_untracked(show));
    // What is typed stays as it is typed; a value from elsewhere (undo, a step) replaces it.
    Effect::new(move |_| {
        let value = entry.value.get();
        if parse_number(&text.get_untracked(), is_whole) != value {
            text.set(show(&value));
        }
    });
    let step_by = move |by: i64| {
        let value = step(entry.option, &entry.value.get_untracked(), by);
        entry.set(value);
    };
    let on_key = move |event: KeyboardEvent| {
        let size = if event.shift_key() { 10 } else { 1 };
        match event.key().as_str() {
            "ArrowUp" => step_by(size),
            "ArrowDown" => step_by(-size),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <span class="stepper">
            <button type="button" class="step" tabindex="-1" aria-hidden="true" on:click=move |_| step_by(-1)>
                "−"
            </button>
            <input
                type="text"
                class="field"
                inputmode=if is_whole { "numeric" } else { "decimal" }
                autocomplete="off"
                id=entry.id()
                data-testid=entry.test_id()
                placeholder=default_text(entry.option)
                aria-describedby=entry.described_by()
                aria-invalid=move || entry.is_wrong().then_some("true")
                prop:value=move || text.get()
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    entry.set(parse_number(&typed, is_whole));
                    text.set(typed);
                }
                on:blur=move |_| text.set(entry.value.with_untracked(show))
                on:keydown=on_key
            />
            <button type="button" class="step" tabindex="-1" aria-hidden="true" on:click=move |_| step_by(1)>
                "+"
            </button>
        </span>
    }
}
