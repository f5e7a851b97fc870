//! Where a new cell goes.

use leptos::prelude::*;

use crate::app::Workspace;
use crate::app::palette::{PaletteSignal, Place};
use crate::app::workspace::Selection;

/// Opens the palette for a cell behind the selected one, about the table that is looked at.
pub(super) fn open_palette(workspace: Workspace, palette: PaletteSignal) {
    let selected = workspace.selected.get_untracked();
    let place = match selected {
        Some(Selection::Cell(cell)) => Place {
            after: Some(cell),
            table: None,
        },
        Some(Selection::Table(table)) => Place {
            after: None,
            table: Some(table),
        },
        None => Place {
            after: None,
            table: workspace.shown_table.get_untracked(),
        },
    };
    palette.0.set(Some(place));
}
