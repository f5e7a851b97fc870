//! A chart on a canvas of the page, sharp at any device pixel ratio.

use std::cell::RefCell;
use std::collections::HashMap;

use plotters_canvas::CanvasBackend;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::clip::Point;
use super::color::Color;
use super::draw::draw;
use super::extent::View;
use super::layout::Layout;
use super::measure::MeasureText;
use super::pen::{DrawError, PointSink, Surface};
use super::raster;
use super::theme::Theme;
use crate::report::{Chart, Lang};

/// Backend coordinates in a pixel of the device: plotters counts whole ones.
const FRACTIONS: f64 = 8.0;

/// From this many dots of one look on, a picture of them is faster than paths.
const PICTURE_FROM: usize = 400;

/// Draws `chart` on `canvas` at `size` CSS pixels; the canvas gets `device_pixel_ratio` as many of its
/// own and keeps its CSS size.
///
/// The canvas may be detached: a picture to save is drawn on a new one with the ratio wanted.
pub fn canvas(
    chart: &Chart,
    canvas: &HtmlCanvasElement,
    size: (f64, f64),
    device_pixel_ratio: f64,
    view: View,
    theme: &Theme,
    lang: Lang,
) -> Result<Layout, DrawError> {
    let pixels = |css: f64| (css * device_pixel_ratio).round().max(1.0) as u32;
    canvas.set_width(pixels(size.0));
    canvas.set_height(pixels(size.1));
    let context = context_of(canvas)?;
    let measure = Measure {
        context: &context,
        font: &theme.font,
        known: RefCell::default(),
    };
    let mut backend = CanvasBackend::with_canvas_object(canvas.clone()).ok_or_else(no_context)?;
    let scale = 1.0 / FRACTIONS;
    context
        .set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0)
        .map_err(failed)?;
    context.set_line_join("round");
    context.set_line_cap("round");
    let mut dots = Dots {
        context: &context,
        device_pixel_ratio,
    };
    let mut surface = Surface {
        backend: &mut backend,
        unit: FRACTIONS * device_pixel_ratio,
        device_pixel_ratio,
        font_scale: 1.0,
        text_drop: 0.04,
        dots: Some(&mut dots),
    };
    draw(chart, size, view, theme, lang, &measure, &mut surface)
}

/// Widths as the browser will draw them.
struct Measure<'a> {
    context: &'a CanvasRenderingContext2d,
    font: &'a str,
    known: RefCell<HashMap<(String, u64, bool), f64>>,
}

impl MeasureText for Measure<'_> {
    fn width(&self, text: &str, size: f64, bold: bool) -> f64 {
        let key = (text.to_string(), size.to_bits(), bold);
        if let Some(&width) = self.known.borrow().get(&key) {
            return width;
        }
        let weight = if bold { "bold " } else { "" };
        self.context
            .set_font(&format!("{weight}{size}px {}", self.font));
        let width = self.context.measure_text(text).map_or(0.0, |m| m.width());
        self.known.borrow_mut().insert(key, width);
        width
    }
}

/// Dots straight on the context: the backend would parse a colour for each.
struct Dots<'a> {
    context: &'a CanvasRenderingContext2d,
    device_pixel_ratio: f64,
}

impl PointSink for Dots<'_> {
    fn dots(&mut self, centres: &[Point], radius: f64, color: Color) -> Result<(), DrawError> {
        self.context.save();
        let ratio = self.device_pixel_ratio;
        self.context
            .set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)
            .map_err(failed)?;
        let drawn = if centres.len() < PICTURE_FROM {
            circles(self.context, centres, radius, color)
        } else {
            self.picture(centres, radius, color)
        };
        self.context.restore();
        drawn
    }
}

impl Dots<'_> {
    /// Through a picture made here.
    fn picture(&self, centres: &[Point], radius: f64, color: Color) -> Result<(), DrawError> {
        let ratio = self.device_pixel_ratio;
        let pixels: Vec<Point> = centres
            .iter()
            .map(|&(x, y)| (x * ratio, y * ratio))
            .collect();
        let Some(layer) = raster::dots(&pixels, radius * ratio, color) else {
            return Ok(());
        };
        let (width, height) = (layer.width as u32, layer.height as u32);
        let document = web_sys::window()
            .and_then(|w| w.document())
            .ok_or_else(no_context)?;
        let sheet: HtmlCanvasElement = document
            .create_element("canvas")
            .map_err(failed)?
            .unchecked_into();
        sheet.set_width(width);
        sheet.set_height(height);
        let image =
            ImageData::new_with_u8_clamped_array_and_sh(Clamped(&layer.rgba), width, height)
                .map_err(failed)?;
        context_of(&sheet)?
            .put_image_data(&image, 0.0, 0.0)
            .map_err(failed)?;
        self.context
            .set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
            .map_err(failed)?;
        self.context
            .draw_image_with_html_canvas_element(
                &sheet,
                f64::from(layer.left),
                f64::from(layer.top),
            )
            .map_err(failed)
    }
}

fn circles(
    context: &CanvasRenderingContext2d,
    centres: &[Point],
    radius: f64,
    color: Color,
) -> Result<(), DrawError> {
    context.set_fill_style_str(&color.css());
    for &(x, y) in centres {
        context.begin_path();
        context
            .arc(x, y, radius, 0.0, std::f64::consts::TAU)
            .map_err(failed)?;
        context.fill();
    }
    Ok(())
}

fn context_of(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, DrawError> {
    let context = canvas
        .get_context("2d")
        .map_err(failed)?
        .ok_or_else(no_context)?;
    context.dyn_into().map_err(|_| no_context())
}

fn failed(error: JsValue) -> DrawError {
    DrawError(format!("{error:?}"))
}

fn no_context() -> DrawError {
    DrawError("the browser gave no canvas to draw on".into())
}
