//! The page: shows a notebook, asks the engine, computes nothing.
//!
//! | room | holds |
//! |---|---|
//! | `desk` | all that lies behind the first screen, as a wasm file of its own |
//! | `workspace` | the state that all of the page shares, and what may be done with it |
//! | `shell` | top bar, rail, first screen, privacy panel, notebook files |
//! | `cell` | a cell: its line, its states, its text |
//! | `form` | the form of an analysis, made from its options |
//! | `palette` | the searchable list of analyses |
//! | `output` | a report: sentences, tables, charts on canvas |
//! | `data` | opening files, the preview, the grid and the column profiles |
//! | `ui` | small parts that all rooms use: buttons, dialogs, icons |

pub mod cell;
pub mod data;
pub mod desk;
pub mod form;
pub mod output;
pub mod palette;
pub mod shell;
pub mod ui;
pub mod workspace;

use leptos::prelude::*;

pub use workspace::Workspace;

/// Mounts the page on the document's body.
pub fn mount() {
    for korean in [include_str!("ko/app.json"), include_str!("ko/shell.json")] {
        crate::report::add_korean("", korean);
    }
    leptos::mount::mount_to_body(App);
}

/// Makes all Korean known that the first screen does without.
fn add_korean() {
    crate::analyses::add_korean();
    crate::engine::add_korean();
    for korean in [
        include_str!("ko/cell.json"),
        include_str!("ko/data.json"),
        include_str!("ko/form.json"),
        include_str!("ko/output.json"),
        include_str!("ko/palette.json"),
    ] {
        crate::report::add_korean("", korean);
    }
}

#[component]
fn App() -> impl IntoView {
    provide_context(Workspace::open());
    view! { <shell::Shell /> }
}
