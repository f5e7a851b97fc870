//! The cells of the notebook.

use leptos::prelude::*;

/// The notebook's cells in order.
#[component]
pub fn Notebook() -> impl IntoView {
    view! { <div class="notebook"></div> }
}
