//! Areas, boxes, violins, bubbles and the whiskers of bars.

use plotters::prelude::DrawingBackend;

use super::clip::{Point, Rect, clip_line, clip_polygon};
use super::color::Color;
use super::layout::Layout;
use super::marks::{band, line, places};
use super::pen::{DrawError, Pen};
use crate::report::{Along, Mark};

/// How much shows through what is filled.
const FILL: f64 = 0.24;

/// The pixel of a value at a position: with `Along::X` positions are on the x axis.
pub fn place(along: Along, at: f64, value: f64, layout: &Layout) -> Point {
    match along {
        Along::X => (layout.x.px(at), layout.y.px(value)),
        Along::Y => (layout.x.px(value), layout.y.px(at)),
    }
}

/// The box around box plot `i` and its whiskers.
pub fn box_reach(mark: &Mark, i: usize, layout: &Layout) -> Option<Rect> {
    let Mark::Boxes {
        along,
        at,
        width,
        low,
        high,
        ..
    } = mark
    else {
        return None;
    };
    let corner = |side: f64, value: f64| place(*along, at[i] + side * width / 2.0, value, layout);
    finite([corner(-1.0, low[i]), corner(1.0, high[i])])
        .then(|| Rect::between(corner(-1.0, low[i]), corner(1.0, high[i])))
}

/// Pixels from the middle of a violin to its side at value `i`.
pub fn violin_half(mark: &Mark, i: usize, layout: &Layout) -> Option<f64> {
    let Mark::Violin {
        along,
        at,
        scale,
        density,
        ..
    } = mark
    else {
        return None;
    };
    let positions = match along {
        Along::X => &layout.x,
        Along::Y => &layout.y,
    };
    let half = (positions.px(at + density[i] * scale) - positions.px(*at)).abs();
    half.is_finite().then_some(half)
}

/// The radius of a bubble in pixels.
pub fn bubble_radius(size: f64, largest: f64, layout: &Layout) -> f64 {
    let most = (layout.plot.width().min(layout.plot.height()) * 0.075).clamp(6.0, 22.0);
    if size > 0.0 && largest > 0.0 {
        (size / largest).min(1.0).sqrt() * most
    } else {
        0.0
    }
}

pub fn area<DB: DrawingBackend>(
    x: &[f64],
    base: &[f64],
    top: &[f64],
    color: Color,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    band(x, base, top, color.with_alpha(FILL), layout, pen)?;
    line(x, top, color, false, false, layout, pen)
}

pub fn boxes<DB: DrawingBackend>(
    mark: &Mark,
    color: Color,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let Mark::Boxes {
        along,
        at,
        width,
        low,
        q1,
        median,
        q3,
        high,
        ..
    } = mark
    else {
        return Ok(());
    };
    for i in 0..at.len() {
        let point =
            |side: f64, value: f64| place(*along, at[i] + side * width / 2.0, value, layout);
        let (a, b) = (point(-1.0, q1[i]), point(1.0, q3[i]));
        if !finite([a, b]) {
            continue;
        }
        for (from, to) in [(low[i], q1[i]), (q3[i], high[i])] {
            stroke(
                &[point(0.0, from), point(0.0, to)],
                1.25,
                color,
                layout,
                pen,
            )?;
        }
        let rect = Rect::between(a, b);
        if let Some(seen) = rect.shared(&layout.plot) {
            pen.fill_rect(&seen, color.with_alpha(FILL))?;
        }
        let outline = [
            (rect.left, rect.top),
            (rect.right, rect.top),
            (rect.right, rect.bottom),
            (rect.left, rect.bottom),
            (rect.left, rect.top),
        ];
        stroke(&outline, 1.25, color, layout, pen)?;
        let middle = [point(-1.0, median[i]), point(1.0, median[i])];
        stroke(&middle, 2.5, color, layout, pen)?;
    }
    Ok(())
}

pub fn violin<DB: DrawingBackend>(
    mark: &Mark,
    color: Color,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let Mark::Violin {
        along,
        at,
        scale,
        value,
        density,
        ..
    } = mark
    else {
        return Ok(());
    };
    let side =
        |sign: f64, i: usize| place(*along, at + sign * density[i] * scale, value[i], layout);
    let outline: Vec<Point> = (0..value.len())
        .map(|i| side(1.0, i))
        .chain((0..value.len()).rev().map(|i| side(-1.0, i)))
        .filter(|&p| finite([p]))
        .collect();
    let corners = clip_polygon(outline.clone(), &layout.plot);
    if corners.len() > 2 {
        pen.polygon(&corners, color.with_alpha(FILL))?;
    }
    let closed = outline.iter().chain(outline.first()).copied();
    stroke(&closed.collect::<Vec<_>>(), 1.25, color, layout, pen)
}

/// The largest first, so that none hides behind another.
pub fn bubbles<DB: DrawingBackend>(
    mark: &Mark,
    color: Color,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let Mark::Bubbles {
        x,
        y,
        size,
        largest,
        ..
    } = mark
    else {
        return Ok(());
    };
    let mut seen: Vec<(usize, Point)> = places(x, y, layout).collect();
    seen.sort_by(|a, b| size[b.0].total_cmp(&size[a.0]).then(a.0.cmp(&b.0)));
    for (i, centre) in seen {
        let radius = bubble_radius(size[i], *largest, layout);
        if radius > 0.0 {
            pen.dots(&[centre], radius.max(1.5), color.with_alpha(0.5))?;
        }
    }
    Ok(())
}

/// The interval of a bar: a line with short ends, and no dot where the bar ends.
pub fn whisker<DB: DrawingBackend>(
    along: Along,
    at: f64,
    (low, high): (f64, f64),
    color: Color,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    const CAP: f64 = 3.5;
    let (a, b) = (
        place(along, at, low, layout),
        place(along, at, high, layout),
    );
    if !finite([a, b]) {
        return Ok(());
    }
    stroke(&[a, b], 1.25, color, layout, pen)?;
    for end in [a, b] {
        let cap = match along {
            Along::X => [(end.0 - CAP, end.1), (end.0 + CAP, end.1)],
            Along::Y => [(end.0, end.1 - CAP), (end.0, end.1 + CAP)],
        };
        stroke(&cap, 1.25, color, layout, pen)?;
    }
    Ok(())
}

fn stroke<DB: DrawingBackend>(
    points: &[Point],
    width: f64,
    color: Color,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    clip_line(points.iter().copied(), &layout.plot)
        .iter()
        .try_for_each(|piece| pen.line(piece, width, color))
}

fn finite<const N: usize>(points: [Point; N]) -> bool {
    points.iter().all(|p| p.0.is_finite() && p.1.is_finite())
}
