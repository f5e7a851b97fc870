//! The icons, drawn on a grid of 16 with a line of 1.5.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Alert,
    ArrowDown,
    ArrowLeft,
    ArrowUp,
    /// Nothing, in the place of an icon.
    Blank,
    Chart,
    Check,
    ChevronDown,
    ChevronRight,
    Close,
    Copy,
    Download,
    Expand,
    File,
    Filter,
    Grid,
    Image,
    Info,
    Keyboard,
    List,
    Lock,
    Menu,
    Minus,
    Moon,
    More,
    Notebook,
    Panel,
    Paste,
    Pencil,
    Play,
    Plus,
    Present,
    Print,
    Redo,
    Refresh,
    Search,
    Sidebar,
    Sliders,
    Stop,
    Sun,
    System,
    Table,
    Text,
    Trash,
    Undo,
    Upload,
}

/// An icon. It is silent: what it stands for is said by the part that it sits in.
#[component]
pub fn Glyph(#[prop(into)] icon: Signal<Icon>) -> impl IntoView {
    view! {
        <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=move || icon.get().path()></path>
        </svg>
    }
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Alert => "M8 2.2 14.5 13.5h-13zM8 6.4v3.2M8 11.5v.2",
            Self::ArrowDown => "M8 3v10M3.8 8.8 8 13l4.2-4.2",
            Self::ArrowLeft => "M13 8H3M7.2 3.8 3 8l4.2 4.2",
            Self::ArrowUp => "M8 13V3M3.8 7.2 8 3l4.2 4.2",
            Self::Blank => "",
            Self::Chart => "M2.5 2.5v11h11M5.5 10.8V8M8.5 10.8V5M11.5 10.8V6.8",
            Self::Check => "M3 8.6 6.4 12 13 4.6",
            Self::ChevronDown => "M4 6.2 8 10.2l4-4",
            Self::ChevronRight => "M6.2 4l4 4-4 4",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Copy => "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
            Self::Download => "M8 2.5v8M4.6 7.2 8 10.6l3.4-3.4M2.5 13.5h11",
            Self::Expand => "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9",
            Self::File => "M3.5 1.5H9L12.5 5v9.5h-9zM9 1.5V5h3.5",
            Self::Filter => "M2 3h12L9.5 8.3v4.2l-3 1.5V8.3z",
            Self::Grid => "M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11",
            Self::Image => "M2 3h12v10H2zM2 11l3.5-3.5 3 3L10.5 8.5 14 12M10.5 5.8v.1",
            Self::Info => "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 7.2v3.8M8 4.8v.2",
            Self::Keyboard => "M1.5 4h13v8h-13zM4 6.5v.1M6.7 6.5v.1M9.3 6.5v.1M12 6.5v.1M5 9.5h6",
            Self::List => "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4v.1M2.5 8v.1M2.5 12v.1",
            Self::Lock => "M3.5 7h9v6.5h-9zM5.3 7V5a2.7 2.7 0 0 1 5.4 0v2",
            Self::Menu => "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
            Self::Minus => "M3 8h10",
            Self::Moon => "M13.3 9.5A5.7 5.7 0 0 1 6.5 2.7a5.7 5.7 0 1 0 6.8 6.8z",
            Self::More => {
                "M2.8 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0zM7.5 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0zM12.2 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0z"
            }
            Self::Notebook => "M4 1.5h8.5v13H4zM2.5 4.5H5M2.5 8H5M2.5 11.5H5M7.5 5H10",
            Self::Panel => "M2 3h12v10H2zM10 3v10",
            Self::Paste => "M5.5 3h-2v11h9V3h-2M5.5 1.8h5v2.4h-5zM5.8 7.5h4.4M5.8 10.5h3",
            Self::Pencil => "M2.5 13.5l.8-3.2L10.8 2.8l2.4 2.4-7.5 7.5zM9 4.6 11.4 7",
            Self::Play => "M4.5 2.8 12.8 8l-8.3 5.2z",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Present => "M1.8 2.5h12.4v8H1.8zM8 10.5V13M5 13.8h6",
            Self::Print => "M4.5 6V2h7v4M4.5 11.5h-2.5V6h12v5.5h-2.5M4.5 9.5h7V14h-7z",
            Self::Redo => "M13 6.5H6a3.5 3.5 0 0 0 0 7h2.5M10 3.3l3.2 3.2L10 9.7",
            Self::Refresh => "M13.3 7A5.5 5.5 0 1 0 12 11.7M13.5 3v4h-4",
            Self::Search => "M7 2.3a4.7 4.7 0 1 1 0 9.4A4.7 4.7 0 0 1 7 2.3zM10.5 10.5 14 14",
            Self::Sidebar => "M2 3h12v10H2zM6 3v10",
            Self::Sliders => "M2 4.5h6M11.5 4.5H14M9.7 2.8v3.4M2 11.5h2.5M8 11.5h6M6.2 9.8v3.4",
            Self::Stop => "M4 4h8v8H4z",
            Self::Sun => {
                "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.3v1.2M8 13.5v1.2M1.3 8h1.2M13.5 8h1.2M3.3 3.3l.8.8M11.9 11.9l.8.8M3.3 12.7l.8-.8M11.9 4.1l.8-.8"
            }
            Self::System => {
                "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 1.8v12.4M8 4.5h4.9M8 8h6M8 11.5h4.9"
            }
            Self::Table => "M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 6.5V13",
            Self::Text => "M3 3.5h10M8 3.5v9.5M6.3 13h3.4",
            Self::Trash => "M2.5 4.3h11M6 4.3V2.3h4v2M4 4.3l.6 9.4h6.8l.6-9.4M6.7 7v4M9.3 7v4",
            Self::Undo => "M3 6.5h7a3.5 3.5 0 0 1 0 7H7.5M6 3.3 2.8 6.5 6 9.7",
            Self::Upload => "M8 10.5V2.5M4.6 5.9 8 2.5l3.4 3.4M2.5 13.5h11",
        }
    }
}
