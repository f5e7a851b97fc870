//! Keys that work anywhere on the page; `shortcuts` lists them.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;

use super::Layout;
use super::add::open_palette;
use super::hands::{is_dialog_open, is_typed_into};
use crate::app::Workspace;
use crate::app::palette::PaletteSignal;

pub(super) fn listen(workspace: Workspace, layout: Layout, palette: PaletteSignal) {
    let listening = window_event_listener(ev::keydown, move |event| {
        if press(workspace, layout, palette, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listening.remove());
}

/// Does what a key stands for; says whether it stands for anything.
fn press(
    workspace: Workspace,
    layout: Layout,
    palette: PaletteSignal,
    event: &KeyboardEvent,
) -> bool {
    if event.is_composing() || event.default_prevented() || is_dialog_open() {
        return false;
    }
    let command = event.ctrl_key() || event.meta_key();
    let typing = is_typed_into(event.target());
    let key = event.key();
    match (command, event.shift_key(), key.to_lowercase().as_str()) {
        (true, false, "k") => open_palette(workspace, palette),
        (false, _, "/") if !typing => open_palette(workspace, palette),
        (false, _, "?") if !typing => layout.shortcuts.set(true),
        (true, false, "z") if !typing => workspace.undo(),
        (true, true, "z") | (true, false, "y") if !typing => workspace.redo(),
        (true, true, "enter") => workspace.run_all(),
        (false, _, "escape") if !typing => return step_back(workspace, layout),
        _ => return false,
    }
    true
}

fn step_back(workspace: Workspace, layout: Layout) -> bool {
    if layout.step_back() {
        return true;
    }
    let is_table = workspace.shown_table.with_untracked(Option::is_some);
    if is_table {
        workspace.leave_table();
    }
    is_table
}
