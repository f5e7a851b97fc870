//! The notebook's title.

use leptos::html;
use leptos::prelude::*;

use crate::app::Workspace;
use crate::msg;

/// The title, typed where it stands.
#[component]
pub(super) fn Title() -> impl IntoView {
    let workspace = Workspace::here();
    let input = NodeRef::<html::Input>::new();
    let untitled = workspace.say(msg!("app.shell.untitled", "Untitled notebook"));
    let title = Memo::new(move |_| workspace.notebook.with(|n| n.title.clone()));
    let shown = {
        let untitled = untitled.clone();
        move || {
            let title = title.get();
            if title.is_empty() { untitled() } else { title }
        }
    };
    Effect::new(move || {
        let name = title.get();
        document().set_title(&if name.is_empty() {
            "자리 Jari".to_string()
        } else {
            format!("{name} · Jari")
        });
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | "Escape") && !event.is_composing() {
            event.stop_propagation();
            if let Some(input) = input.get_untracked() {
                let _ = input.blur();
            }
        }
    };
    view! {
        <div class="title" data-text=shown>
            <input
                class="title-input"
                node_ref=input
                size="1"
                maxlength="200"
                readonly=move || workspace.reads_only()
                autocomplete="off"
                spellcheck="false"
                aria-label=workspace.say(msg!("app.shell.title", "Title of the notebook"))
                placeholder=untitled
                data-testid="title"
                prop:value=move || title.get()
                on:input=move |event| workspace.set_title(&event_target_value(&event))
                on:keydown=on_key
            />
        </div>
    }
}
