//! A switch: on or off, at once.

use leptos::prelude::*;

#[component]
pub fn Switch(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on: Signal<bool>,
    /// Hears what it shall be.
    #[prop(into)]
    set: Callback<bool>,
    /// More than the label says, as a tooltip.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="button"
            role="switch"
            class=format!("switch {class}")
            title=move || help.get()
            aria-checked=move || on.get().to_string()
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=move |_| set.run(!on.get_untracked())
        >
            <span class="switch-track" aria-hidden="true"></span>
            <span>{move || label.get()}</span>
        </button>
    }
}
