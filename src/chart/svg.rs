//! A chart as an SVG document.

use plotters::prelude::SVGBackend;

use super::describe::describe;
use super::draw::draw;
use super::extent::View;
use super::measure::EstimatedWidth;
use super::pen::Surface;
use super::textbox::printable;
use super::theme::Theme;
use crate::report::{Chart, Lang, escape};

/// Coordinates in a CSS pixel: plotters counts whole ones.
const UNIT: f64 = 10.0;

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
