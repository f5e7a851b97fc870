//! The searchable list of analyses.

use leptos::prelude::*;

/// Where the next cell goes, and what it reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The cell that it stands behind; the end without one.
    pub after: Option<String>,
    /// The table that it reads.
    pub table: Option<String>,
}

/// Opens the palette when it is set.
#[derive(Clone, Copy)]
pub struct PaletteSignal(pub RwSignal<Option<Place>>);

/// The list, open while `open` has a place.
#[component]
pub fn Palette(open: RwSignal<Option<Place>>) -> impl IntoView {
    let _ = open;
}
