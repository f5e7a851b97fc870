//! What an analysis says: sentences, tables and charts as data, and the ways to write them down.
//!
//! A report holds no language, no pixels and no colours. [`text`](fn@text), [`html`](fn@html) and [`json`](fn@json) render
//! it for tests, export and machines; the page renders it for people.

mod block;
mod chart;
mod format;
mod html;
mod json;
mod locale;
mod message;
mod number;
mod receipt;
mod text;

pub use block::{Block, ByGroup, Cell, Grid, Head, Notice, NoticeKind, Report, TableBlock};
pub use chart::{
    Along, Axis, Chart, Limits, MAX_POINTS, Mark, Named, Scale, Tone, points_or_density,
};
pub use format::{Format, format_number};
pub use html::{Document, Drawn, escape, html};
pub use json::json;
pub use locale::{Lang, add_korean, korean};
pub use message::{Arg, Msg, fill, placeholders};
pub use receipt::Receipt;
pub use text::text;
