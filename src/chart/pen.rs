//! Drawing with a plotters backend in CSS pixels and fractions of them.

use plotters::prelude::DrawingBackend;
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendStyle, BackendTextStyle, DrawingErrorKind, FontFamily, FontStyle,
    FontTransform,
};

use super::clip::{Point, Rect};
use super::color::Color;
use super::textbox::{Anchor, TextBox};

/// A drawing that failed, in the backend's words.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawError(pub String);

impl std::fmt::Display for DrawError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "The chart could not be drawn: {}", self.0)
    }
}

impl std::error::Error for DrawError {}

impl<E: std::error::Error + Send + Sync> From<DrawingErrorKind<E>> for DrawError {
    fn from(e: DrawingErrorKind<E>) -> Self {
        Self(e.to_string())
    }
}

/// Many dots of one look at once, where a backend's own way is too slow.
pub trait PointSink {
    /// Dots around `centres` with `radius`, in CSS pixels.
    fn dots(&mut self, centres: &[Point], radius: f64, color: Color) -> Result<(), DrawError>;
}

/// A plotters backend, and what plotters does not say of it.
///
/// Backends take whole coordinates, so they are given CSS pixels times `unit`.
pub struct Surface<'a, DB: DrawingBackend> {
    pub backend: &'a mut DB,
    /// Backend coordinates in a CSS pixel.
    pub unit: f64,
    /// Pixels of the device in a CSS pixel: edges of hairlines and bars are moved onto these.
    pub device_pixel_ratio: f64,
    /// What the backend divides font sizes by.
    pub font_scale: f64,
    /// How far, in font sizes, the backend's centred text must go down to look centred.
    pub text_drop: f64,
    pub dots: Option<&'a mut dyn PointSink>,
}

/// Draws on a surface.
pub struct Pen<'a, 'b, DB: DrawingBackend> {
    surface: &'b mut Surface<'a, DB>,
    font: &'b str,
}

impl<'a, 'b, DB: DrawingBackend> Pen<'a, 'b, DB> {
    pub fn new(surface: &'b mut Surface<'a, DB>, font: &'b str) -> Self {
        Self { surface, font }
    }

    /// The nearest edge between pixels of the device.
    pub fn snap(&self, css: f64) -> f64 {
        let ratio = self.surface.device_pixel_ratio;
        (css * ratio).round() / ratio
    }

    pub fn fill_rect(&mut self, rect: &Rect, color: Color) -> Result<(), DrawError> {
        let (a, b) = (
            self.at((rect.left, rect.top)),
            self.at((rect.right, rect.bottom)),
        );
        if a.0 == b.0 || a.1 == b.1 {
            return Ok(());
        }
        Ok(self.surface.backend.draw_rect(a, b, &ink(color, 1), true)?)
    }

    /// A rectangle whose edges lie between pixels, at least one pixel wide and high.
    pub fn fill_snapped(&mut self, rect: &Rect, color: Color) -> Result<(), DrawError> {
        let pixel = 1.0 / self.surface.device_pixel_ratio;
        let (left, top) = (self.snap(rect.left), self.snap(rect.top));
        let right = self.snap(rect.right).max(left + pixel);
        let bottom = self.snap(rect.bottom).max(top + pixel);
        self.fill_rect(
            &Rect {
                left,
                top,
                right,
                bottom,
            },
            color,
        )
    }

    /// A level or upright line as sharp as the device can draw it.
    pub fn hairline(
        &mut self,
        from: Point,
        to: Point,
        width: f64,
        color: Color,
    ) -> Result<(), DrawError> {
        let width = (width * self.surface.device_pixel_ratio).round().max(1.0)
            / self.surface.device_pixel_ratio;
        let across = |v: f64| self.snap(v - width / 2.0);
        let rect = if from.0 == to.0 {
            Rect {
                left: across(from.0),
                right: across(from.0) + width,
                ..Rect::between(from, to)
            }
        } else {
            Rect {
                top: across(from.1),
                bottom: across(from.1) + width,
                ..Rect::between(from, to)
            }
        };
        self.fill_rect(&rect, color)
    }

    pub fn line(&mut self, points: &[Point], width: f64, color: Color) -> Result<(), DrawError> {
        let path: Vec<_> = points.iter().map(|&p| self.at(p)).collect();
        let width = (width * self.surface.unit).round().max(1.0) as u32;
        Ok(self.surface.backend.draw_path(path, &ink(color, width))?)
    }

    /// A line with `on` pixels drawn and `off` left out, in turn.
    pub fn dashed(
        &mut self,
        points: &[Point],
        width: f64,
        color: Color,
        on: f64,
        off: f64,
    ) -> Result<(), DrawError> {
        dashes(points, on, off)
            .iter()
            .try_for_each(|dash| self.line(dash, width, color))
    }

    pub fn polygon(&mut self, corners: &[Point], color: Color) -> Result<(), DrawError> {
        let path: Vec<_> = corners.iter().map(|&p| self.at(p)).collect();
        Ok(self.surface.backend.fill_polygon(path, &ink(color, 1))?)
    }

    pub fn dots(&mut self, centres: &[Point], radius: f64, color: Color) -> Result<(), DrawError> {
        if let Some(sink) = &mut self.surface.dots {
            return sink.dots(centres, radius, color);
        }
        let r = (radius * self.surface.unit).round().max(1.0) as u32;
        for &centre in centres {
            let at = self.at(centre);
            self.surface
                .backend
                .draw_circle(at, r, &ink(color, 1), true)?;
        }
        Ok(())
    }

    pub fn text(&mut self, text: &TextBox) -> Result<(), DrawError> {
        let drop = text.size * self.surface.text_drop;
        let (x, y) = text.at;
        let at = self.at(if text.upright {
            (x + drop, y)
        } else {
            (x, y + drop)
        });
        let style = Letters {
            color: backend_color(text.color),
            size: text.size * self.surface.unit * self.surface.font_scale,
            bold: text.bold,
            upright: text.upright,
            anchor: text.anchor,
            font: self.font,
        };
        Ok(self.surface.backend.draw_text(&text.text, &style, at)?)
    }

    fn at(&self, (x, y): Point) -> (i32, i32) {
        (
            (x * self.surface.unit).round() as i32,
            (y * self.surface.unit).round() as i32,
        )
    }
}

fn dashes(points: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    let mut out: Vec<Vec<Point>> = Vec::new();
    let (mut drawing, mut left) = (true, on);
    let mut dash: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let ((mut x, mut y), (tx, ty)) = (pair[0], pair[1]);
        loop {
            let length = libm::hypot(tx - x, ty - y);
            if length < left {
                left -= length;
                if drawing {
                    dash.push((tx, ty));
                }
                break;
            }
            (x, y) = (x + (tx - x) * left / length, y + (ty - y) * left / length);
            if drawing {
                dash.push((x, y));
                out.push(std::mem::take(&mut dash));
            } else {
                dash = vec![(x, y)];
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
    }
    if dash.iter().any(|p| *p != dash[0]) {
        out.push(dash);
    }
    out
}

struct Ink {
    color: BackendColor,
    width: u32,
}

fn ink(color: Color, width: u32) -> Ink {
    Ink {
        color: backend_color(color),
        width,
    }
}

fn backend_color(color: Color) -> BackendColor {
    BackendColor {
        alpha: color.alpha,
        rgb: color.rgb,
    }
}

impl BackendStyle for Ink {
    fn color(&self) -> BackendColor {
        self.color
    }
    fn stroke_width(&self) -> u32 {
        self.width
    }
}

struct Letters<'a> {
    color: BackendColor,
    size: f64,
    bold: bool,
    upright: bool,
    anchor: Anchor,
    font: &'a str,
}

/// For backends that rasterise text themselves: this drawing brings no font files.
#[derive(Clone, Copy, Debug)]
pub struct NoFont;

impl std::fmt::Display for NoFont {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("text needs a backend that draws its own")
    }
}

impl std::error::Error for NoFont {}

impl BackendTextStyle for Letters<'_> {
    type FontError = NoFont;

    fn color(&self) -> BackendColor {
        self.color
    }
    fn size(&self) -> f64 {
        self.size
    }
    fn transform(&self) -> FontTransform {
        if self.upright {
            FontTransform::Rotate270
        } else {
            FontTransform::None
        }
    }
    fn style(&self) -> FontStyle {
        if self.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        }
    }
    fn anchor(&self) -> Pos {
        let h_pos = match self.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        Pos {
            h_pos,
            v_pos: VPos::Center,
        }
    }
    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(self.font)
    }
    fn layout_box(&self, _: &str) -> Result<((i32, i32), (i32, i32)), NoFont> {
        Err(NoFont)
    }
    fn draw<E, F: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: (i32, i32),
        _: F,
    ) -> Result<Result<(), E>, NoFont> {
        Err(NoFont)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_run_around_corners() {
        let path = [(0.0, 0.0), (4.0, 0.0), (4.0, 6.0)];
        assert_eq!(
            dashes(&path, 3.0, 2.0),
            [vec![(0.0, 0.0), (3.0, 0.0)], vec![(4.0, 1.0), (4.0, 4.0)]]
        );
        assert!(dashes(&[], 3.0, 2.0).is_empty());
    }
}
