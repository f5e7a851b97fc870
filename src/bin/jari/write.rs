//! Reports in the format asked for.

use jari::chart::{Theme, svgs};
use jari::report::{self, Lang, Report};

/// A report as an HTML fragment with its charts as SVG.
pub fn html(report: &Report, lang: Lang) -> String {
    report::html(report, lang, &|charts, n_columns| {
        svgs(charts, n_columns, 720.0, &Theme::light(), lang)
    })
}

/// A heading as HTML.
pub fn heading(level: usize, text: &str) -> String {
    format!("<h{level}>{}</h{level}>\n", report::escape(text))
}
