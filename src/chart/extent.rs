//! What part of each axis the marks of a chart need.

use super::scale::{Extent, Kind};
use crate::report::{Along, Chart, Mark};

/// The part of each axis to show instead of all: what a drag across the plot chose.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    pub x: Option<(f64, f64)>,
    pub y: Option<(f64, f64)>,
}

/// What the data ask of the axes.
pub struct Content {
    pub x: Extent,
    pub y: Extent,
    /// Whether values run to the right and positions downwards.
    pub horizontal: bool,
    /// Observations that a log axis cannot show.
    pub left_out: usize,
}

pub fn content(chart: &Chart) -> Content {
    let (kind_x, kind_y) = (Kind::of(&chart.x), Kind::of(&chart.y));
    let mut x = Extent::new(chart.x.zero);
    let mut y = Extent::new(chart.y.zero);
    let mut left_out = 0;
    let add = |e: &mut Extent, kind: Kind, v: &[f64]| v.iter().for_each(|&v| e.add(kind, v));
    let bad = |kind: Kind, v: f64| kind == Kind::Log && v.is_finite() && v <= 0.0;
    for mark in &chart.marks {
        match mark {
            Mark::Points { x: px, y: py, .. } => {
                let shown = |i: usize| {
                    px[i].is_finite()
                        && py[i].is_finite()
                        && !bad(kind_x, px[i])
                        && !bad(kind_y, py[i])
                };
                for i in (0..px.len()).filter(|&i| shown(i)) {
                    x.add(kind_x, px[i]);
                    y.add(kind_y, py[i]);
                }
                left_out += px
                    .iter()
                    .zip(py)
                    .filter(|&(&a, &b)| bad(kind_x, a) || bad(kind_y, b))
                    .count();
                x.margin = x.margin.max(0.04);
                y.margin = y.margin.max(0.05);
            }
            Mark::Line {
                x: px, y: py, dots, ..
            } => {
                add(&mut x, kind_x, px);
                add(&mut y, kind_y, py);
                left_out += px
                    .iter()
                    .zip(py)
                    .filter(|&(&a, &b)| bad(kind_x, a) || bad(kind_y, b))
                    .count();
                x.margin = x.margin.max(if *dots { 0.02 } else { 0.0 });
                y.margin = y.margin.max(0.05);
            }
            Mark::Bars {
                along,
                from,
                to,
                base,
                length,
                ..
            } => {
                let ((at, at_kind), (value, value_kind)) = match along {
                    Along::X => ((&mut x, kind_x), (&mut y, kind_y)),
                    Along::Y => ((&mut y, kind_y), (&mut x, kind_x)),
                };
                add(at, at_kind, from);
                add(at, at_kind, to);
                add(value, value_kind, base);
                add(value, value_kind, length);
                left_out += length.iter().filter(|&&v| bad(value_kind, v)).count();
                at.margin = at.margin.max(0.01);
                value.zero = true;
                value.margin = value.margin.max(0.04);
            }
            Mark::Intervals {
                along,
                at: positions,
                centre,
                low,
                high,
                ..
            } => {
                let ((at, at_kind), (value, value_kind)) = match along {
                    Along::X => ((&mut x, kind_x), (&mut y, kind_y)),
                    Along::Y => ((&mut y, kind_y), (&mut x, kind_x)),
                };
                add(at, at_kind, positions);
                [centre, low, high]
                    .into_iter()
                    .for_each(|v| add(value, value_kind, v));
                left_out += centre.iter().filter(|&&v| bad(value_kind, v)).count();
                at.margin = at.margin.max(0.06);
                value.margin = value.margin.max(0.05);
            }
            Mark::Band {
                x: px, low, high, ..
            } => {
                add(&mut x, kind_x, px);
                add(&mut y, kind_y, low);
                add(&mut y, kind_y, high);
                y.margin = y.margin.max(0.05);
            }
            Mark::Area {
                x: px, base, top, ..
            } => {
                add(&mut x, kind_x, px);
                add(&mut y, kind_y, base);
                add(&mut y, kind_y, top);
                y.margin = y.margin.max(0.05);
            }
            Mark::Boxes {
                along,
                at: positions,
                width,
                low,
                high,
                ..
            } => {
                let ((at, at_kind), (value, value_kind)) = match along {
                    Along::X => ((&mut x, kind_x), (&mut y, kind_y)),
                    Along::Y => ((&mut y, kind_y), (&mut x, kind_x)),
                };
                for position in positions {
                    at.add(at_kind, position - width / 2.0);
                    at.add(at_kind, position + width / 2.0);
                }
                add(value, value_kind, low);
                add(value, value_kind, high);
                at.margin = at.margin.max(0.02);
                value.margin = value.margin.max(0.05);
            }
            Mark::Violin {
                along,
                at: position,
                scale,
                value: values,
                density,
                ..
            } => {
                let ((at, at_kind), (value, value_kind)) = match along {
                    Along::X => ((&mut x, kind_x), (&mut y, kind_y)),
                    Along::Y => ((&mut y, kind_y), (&mut x, kind_x)),
                };
                for d in density {
                    at.add(at_kind, position - d * scale);
                    at.add(at_kind, position + d * scale);
                }
                add(value, value_kind, values);
                at.margin = at.margin.max(0.02);
                value.margin = value.margin.max(0.05);
            }
            Mark::Bubbles { x: px, y: py, .. } => {
                add(&mut x, kind_x, px);
                add(&mut y, kind_y, py);
                left_out += px
                    .iter()
                    .zip(py)
                    .filter(|&(&a, &b)| bad(kind_x, a) || bad(kind_y, b))
                    .count();
                x.margin = x.margin.max(0.07);
                y.margin = y.margin.max(0.09);
            }
            Mark::Rule {
                across: Along::X,
                value,
                ..
            } => x.add(kind_x, *value),
            Mark::Rule {
                across: Along::Y,
                value,
                ..
            } => y.add(kind_y, *value),
            Mark::Tiles {
                x: px, y: py, size, ..
            } => {
                for (e, kind, at, reach) in [
                    (&mut x, kind_x, px, size.0 / 2.0),
                    (&mut y, kind_y, py, size.1 / 2.0),
                ] {
                    for v in at {
                        e.add(kind, v - reach);
                        e.add(kind, v + reach);
                    }
                }
            }
            Mark::Density { x: rx, y: ry, .. } => {
                add(&mut x, kind_x, &[rx.0, rx.1]);
                add(&mut y, kind_y, &[ry.0, ry.1]);
                x.margin = x.margin.max(0.01);
                y.margin = y.margin.max(0.01);
            }
        }
    }
    let lies = |m: &Mark| {
        matches!(
            m,
            Mark::Bars {
                along: Along::Y,
                ..
            } | Mark::Intervals {
                along: Along::Y,
                ..
            } | Mark::Boxes {
                along: Along::Y,
                ..
            } | Mark::Violin {
                along: Along::Y,
                ..
            }
        )
    };
    let horizontal = kind_y == Kind::Category || chart.marks.iter().any(lies);
    Content {
        x,
        y,
        horizontal,
        left_out,
    }
}

/// Whether a mark has anything to show on these axes.
pub fn is_empty(content: &Content, chart: &Chart) -> bool {
    let category = |axis| Kind::of(axis) == Kind::Category;
    let only_rules = chart.marks.iter().all(|m| matches!(m, Mark::Rule { .. }));
    only_rules
        || (content.x.is_empty() && !category(&chart.x))
        || (content.y.is_empty() && !category(&chart.y))
        || (content.x.is_empty() && content.y.is_empty())
}
