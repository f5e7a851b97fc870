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

pub mod cell;
pub mod data;
pub mod form;
pub mod output;
pub mod palette;
pub mod shell;
pub mod ui;
pub mod workspace;

use leptos::prelude::*;

pub use workspace::Workspace;

/// The Korean of the page, a file a room.
const KOREAN: [&str; 7] = [
    include_str!("ko.json"),
    include_str!("ko/cell.json"),
    include_str!("ko/data.json"),
    include_str!("ko/form.json"),
    include_str!("ko/output.json"),
    include_str!("ko/palette.json"),
    include_str!("ko/shell.json"),
];

/// Mounts the page on the document's body.
pub fn mount() {
    crate::analyses::add_korean();
    crate::engine::add_korean();
    for korean in KOREAN {
        crate::report::add_korean("", korean);
    }
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    provide_context(Workspace::open());
    view! { <shell::Shell /> }
}
