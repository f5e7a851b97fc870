//! The page: shows a notebook, asks the engine, computes nothing.
//!
//! | room | holds |
//! |---|---|
//! | `workspace` | the state that all of the page shares, and what may be done with it |
//! | `shell` | top bar, rail, first screen, privacy panel, notebook files |
//! | `cell` | a cell: its line, its states, its text |
//! | `form` | the form of an analysis, made from its options |
//! | `palette` | the searchable list of analyses |
//! | `output` | a report: sentences, tables, charts on canvas |
//! | `data` | opening files, the preview, the grid and the column profiles |
//! | `ui` | small parts that all rooms use: buttons, dialogs, icons |

pub mod workspace;

use leptos::prelude::*;

pub use workspace::Workspace;

/// Mounts the page on the document's body.
pub fn mount() {
    crate::analyses::add_korean();
    crate::report::add_korean("", include_str!("ko.json"));
    crate::engine::add_korean();
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let workspace = Workspace::new();
    provide_context(workspace);
    view! { <p>{workspace.say(crate::msg!("app.promise", "Your data stay in this browser"))}</p> }
}
