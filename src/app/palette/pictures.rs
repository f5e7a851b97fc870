//! The small pictures of analyses: 40 × 28, in the colours of the page.

use leptos::prelude::*;

use crate::spec::Picture;

/// The picture of an analysis; decoration, so nothing is spoken.
#[component]
pub fn PictureOf(picture: Picture) -> impl IntoView {
    // Three layers: lines in the text's colour, soft areas, and the accent.
    let (lines, soft, accent) = shapes(picture);
    view! {
        <svg class="picture" viewBox="0 0 40 28" width="40" height="28" aria-hidden="true" focusable="false">
            <path class="picture-soft" d=soft />
            <path class="picture-line" d=lines />
            <path class="picture-accent" d=accent />
        </svg>
    }
}

/// Paths for lines, for soft areas and for the accent, which is filled.
fn shapes(picture: Picture) -> (&'static str, &'static str, &'static str) {
    match picture {
        Picture::Bars => (
            "M4 24.5h32",
            "M7 15h5v9H7zM21 11h5v13h-5z",
            "M14 6h5v18h-5zM28 17h5v7h-5z",
        ),
        Picture::Clusters => (
            "",
            "M7 7.5a2 2 0 1 0 4 0a2 2 0 1 0-4 0M12 11a2 2 0 1 0 4 0a2 2 0 1 0-4 0M6 13.5a2 2 0 1 0 4 0a2 2 0 1 0-4 0M16 22a2 2 0 1 0 4 0a2 2 0 1 0-4 0M21 19.5a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
            "M26 6a2 2 0 1 0 4 0a2 2 0 1 0-4 0M31 9a2 2 0 1 0 4 0a2 2 0 1 0-4 0M26.5 11.5a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
        ),
        Picture::Columns => (
            "M5 4.5h30v19H5zM15 4.5v19M25 4.5v19",
            "M5 4.5h10v19H5z",
            "M25 4.5h10v19H25z",
        ),
        Picture::Filter => ("M6 5.5h28L24 15v9l-8-4v-5z", "", "M16 15h8v9l-8-4z"),
        Picture::Histogram => (
            "M4 24.5h32",
            "M6 19h4.5v5H6zM11 13h4.5v11H11zM26 12h4.5v12H26zM31 20h4v4h-4z",
            "M16 6h4.5v18H16zM21 8h4.5v16H21z",
        ),
        Picture::Intervals => (
            "M8 8h16M8 6v4M24 6v4M14 20h18M14 18v4M32 18v4M20 3v22",
            "M13.5 8a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
            "M21.5 20a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
        ),
        Picture::Lines => (
            "M4 20l8-5 8 2 8-9 8-3",
            "M4 24V20l8-5 8 2 8-9 8-3v19z",
            "M33.8 5a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0",
        ),
        Picture::Network => (
            "M10 8l12 5 9-7M22 13l-4 9M22 13l9 7",
            "M7 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0M28 6a3 3 0 1 0 6 0a3 3 0 1 0-6 0M15 22a3 3 0 1 0 6 0a3 3 0 1 0-6 0M28 20a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
            "M18.5 13a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
        ),
        Picture::Scatter => (
            "M5 23.5L35 5",
            "M7 18a2 2 0 1 0 4 0a2 2 0 1 0-4 0M15 20a2 2 0 1 0 4 0a2 2 0 1 0-4 0M22 9a2 2 0 1 0 4 0a2 2 0 1 0-4 0M30 12a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
            "M13 14a2 2 0 1 0 4 0a2 2 0 1 0-4 0M29 5a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
        ),
        Picture::Table => (
            "M5 4.5h30v19H5zM5 10.5h30M5 17h30M15 4.5v19",
            "M5 4.5h30v6H5z",
            "M15 17h20v6.5H15z",
        ),
        Picture::Text => ("M6 13h28M6 18h28M6 23h17", "", "M6 4.5h18v3.5H6z"),
        Picture::Tree => (
            "M20 8v5M20 13H10v6M20 13h10v6",
            "M7 19h6v5H7zM27 19h6v5h-6z",
            "M16 3h8v6h-8z",
        ),
    }
}
