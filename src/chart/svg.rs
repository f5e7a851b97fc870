//! A chart as an SVG document.

use plotters::prelude::SVGBackend;

use super::describe::describe;
use super::draw::draw;
use super::extent::View;
use super::head::series_of;
use super::layout::{height_for, small_height};
use super::measure::EstimatedWidth;
use super::pen::Surface;
use super::textbox::printable;
use super::theme::Theme;
use crate::report::{Chart, Drawn, Lang, Msg, Tone, escape};

/// Coordinates in a CSS pixel: plotters counts whole ones.
const UNIT: f64 = 10.0;

/// Charts of `width` CSS pixels, or in rows of `n_columns` that are together so wide.
pub fn svgs(charts: &[Chart], n_columns: usize, width: f64, theme: &Theme, lang: Lang) -> Drawn {
    const GAP: f64 = 12.0;
    let n_columns = n_columns.max(1) as f64;
    let each = ((width - GAP * (n_columns - 1.0)) / n_columns).max(150.0);
    let height = |chart: &Chart| match n_columns {
        1.0 => height_for(chart, width),
        _ => small_height(charts, each),
    };
    let draw = |c: &Chart| svg(c, (each, height(c)), View::default(), theme, lang);
    Drawn {
        legend: legend(charts, theme, lang),
        charts: charts.iter().map(draw).collect(),
    }
}

/// The names of the series that charts share, beside their colours, as HTML.
fn legend(charts: &[Chart], theme: &Theme, lang: Lang) -> String {
    let keys = shared_keys(charts);
    if keys.is_empty() {
        return String::new();
    }
    let mut out = String::from("<p class=\"keys\">");
    for (series, name) in keys {
        let (r, g, b) = theme.color(Tone::Series(series)).rgb;
        out.push_str(&format!(
            "<span><i style=\"background:#{r:02x}{g:02x}{b:02x}\"></i>{}</span> ",
            escape(&printable(&name.text(lang))),
        ));
    }
    out.push_str("</p>\n");
    out
}

/// The series of charts that do not name their own, each once; none when there is but one.
pub fn shared_keys(charts: &[Chart]) -> Vec<(u16, Msg)> {
    let keyless = || charts.iter().filter(|c| c.keyless);
    let Some(names) = keyless().map(|c| &c.series).max_by_key(|s| s.len()) else {
        return Vec::new();
    };
    let mut used: Vec<u16> = keyless()
        .flat_map(|c| c.marks.iter().flat_map(series_of))
        .collect();
    used.sort_unstable();
    used.dedup();
    used.retain(|&s| usize::from(s) < names.len());
    if used.len() < 2 {
        return Vec::new();
    }
    used.into_iter()
        .map(|s| (s, names[usize::from(s)].clone()))
        .collect()
}

/// `chart` as a document of `size` CSS pixels: real text, a title and a description for those who listen.
pub fn svg(chart: &Chart, size: (f64, f64), view: View, theme: &Theme, lang: Lang) -> String {
    let units = (
        (size.0 * UNIT).round() as u32,
        (size.1 * UNIT).round() as u32,
    );
    let mut drawn = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut drawn, units);
        let mut surface = Surface {
            backend: &mut backend,
            unit: UNIT,
            device_pixel_ratio: 1.0,
            font_scale: 1.24,
            text_drop: 0.09,
            dots: None,
        };
        draw(
            chart,
            size,
            view,
            theme,
            lang,
            &EstimatedWidth,
            &mut surface,
        )
        .expect("writing into a string");
    }
    let (_, body) = drawn.split_once(">\n").expect("the root's opening tag");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" lang=\"{}\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\">\n<title>{}</title>\n<desc>{}</desc>\n{body}",
        size.0,
        size.1,
        units.0,
        units.1,
        lang.tag(),
        escape(&printable(&chart.title.text(lang))),
        escape(&printable(&describe(chart, lang))),
    )
}
