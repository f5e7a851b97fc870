//! Opening files, and the tables' grid.

use leptos::prelude::*;

/// What was understood of a file that is being opened.
#[component]
pub fn OpeningDialog() -> impl IntoView {}

/// A table of the notebook.
#[component]
pub fn TableView(name: Signal<String>) -> impl IntoView {
    view! { <div class="table-view">{move || name.get()}</div> }
}
