//! The form of an analysis.

use leptos::prelude::*;

/// The form of the selected cell.
#[component]
pub fn Inspector() -> impl IntoView {
    view! { <div class="inspector-empty"></div> }
}
