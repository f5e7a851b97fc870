//! The desk: all that lies behind the first screen, in a wasm file of its own.
//!
//! `cargo xtask build` cuts the page's wasm at [`fetch`]: what only the desk names comes while the
//! first screen is being read. What the first screen needs of it goes through [`Desk`] and
//! `Workspace::wish`; nothing else may name it.

use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::workspace::Wish;
use super::{Workspace, shell};

/// What the page can do once the desk is there. The memos say whether the first screen is shown.
#[derive(Clone, Copy)]
pub struct Desk {
    pub bar_head: fn(Memo<bool>) -> AnyView,
    pub bar_tools: fn(Memo<bool>) -> AnyView,
    pub bar_more: fn(Memo<bool>) -> AnyView,
    /// What is to be known before anything else, above the notebook or the first screen.
    pub notices: fn() -> AnyView,
    /// Tables and outline.
    pub rail: fn() -> AnyView,
    /// The notebook, or the table that is shown in its place.
    pub stage: fn() -> AnyView,
    /// The options of what is selected.
    pub side: fn() -> AnyView,
    /// Palette and dialogs.
    pub over: fn() -> AnyView,
    pub fulfil: fn(Workspace, Wish),
}

/// Fetches the desk, when it is not there yet.
#[wasm_split(desk, fallible)]
pub fn fetch() -> Result<Desk, SplitLoaderError> {
    super::add_korean();
    Ok(shell::desk())
}
