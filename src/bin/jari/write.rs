//! Reports in the format asked for.

use jari::chart::{Theme, View, height_for, svg};
use jari::report::{self, Chart, Lang, Report};

/// A report as an HTML fragment with its charts as SVG.
pub fn html(report: &Report, lang: Lang) -> String {
    report::html(report, lang, &|chart: &Chart| {
        const WIDTH: f64 = 720.0;
        svg(
            chart,
            (WIDTH, height_for(chart, WIDTH)),
            View::default(),
            &Theme::light(),
            lang,
        )
    })
}

/// A heading as HTML.
pub fn heading(level: usize, text: &str) -> String {
    format!("<h{level}>{}</h{level}>\n", report::escape(text))
}
