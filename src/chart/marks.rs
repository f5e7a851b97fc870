//! The marks, one way of drawing each.

use plotters::prelude::DrawingBackend;

use super::clip::{Point, Rect, clip_line, clip_polygon};
use super::color::Color;
use super::layout::Layout;
use super::pen::{DrawError, Pen};
use super::shapes;
use super::theme::Theme;
use super::tiles;
use crate::report::{Along, Chart, Mark, Tone};

/// Draws all marks in their order, cut at the edges of the plot.
pub fn marks<DB: DrawingBackend>(
    chart: &Chart,
    layout: &Layout,
    theme: &Theme,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let n_points = chart
        .marks
        .iter()
        .map(|m| {
            if let Mark::Points { x, .. } = m {
                x.len()
            } else {
                0
            }
        })
        .sum();
    let bar_alpha = if bars_overlap(chart) { 0.6 } else { 1.0 };
    for mark in &chart.marks {
        match mark {
            Mark::Points { x, y, tone, .. } => points(x, y, *tone, n_points, theme, layout, pen)?,
            Mark::Line {
                x,
                y,
                tone,
                dashed,
                dots,
            } => line(x, y, theme.color(*tone), *dashed, *dots, layout, pen)?,
            Mark::Bars { tone, .. } => {
                let color = theme.color(*tone).with_alpha(bar_alpha);
                (0..mark_len(mark)).try_for_each(|i| bar(mark, i, color, layout, pen))?;
            }
            Mark::Intervals {
                along,
                at,
                centre,
                low,
                high,
                tone,
                ..
            } => {
                let on_bars = bars_stand(chart, *along);
                for i in 0..at.len() {
                    if on_bars {
                        shapes::whisker(*along, at[i], (low[i], high[i]), theme.text, layout, pen)?;
                        continue;
                    }
                    interval(
                        *along,
                        at[i],
                        centre[i],
                        low[i],
                        high[i],
                        theme.color(*tone),
                        theme,
                        layout,
                        pen,
                    )?;
                }
            }
            Mark::Band { x, low, high, tone } => band(
                x,
                low,
                high,
                theme.color(*tone).with_alpha(0.18),
                layout,
                pen,
            )?,
            Mark::Area { x, base, top, tone } => {
                shapes::area(x, base, top, theme.color(*tone), layout, pen)?
            }
            Mark::Boxes { tone, .. } => shapes::boxes(mark, theme.color(*tone), layout, pen)?,
            Mark::Violin { tone, .. } => shapes::violin(mark, theme.color(*tone), layout, pen)?,
            Mark::Bubbles { tone, .. } => shapes::bubbles(mark, theme.color(*tone), layout, pen)?,
            Mark::Rule { across, value, .. } => rule(*across, *value, theme, layout, pen)?,
            Mark::Density { .. } => density(mark, theme, layout, pen)?,
            Mark::Tiles { .. } => tiles::tiles(mark, theme, layout, pen)?,
        }
    }
    Ok(())
}

/// Whether intervals along this axis are those of bars, whose ends are their centres.
fn bars_stand(chart: &Chart, side: Along) -> bool {
    let stands = |m: &Mark| matches!(m, Mark::Bars { along, .. } if *along == side);
    chart.marks.iter().any(stands)
}

/// How many things a mark shows.
pub fn mark_len(mark: &Mark) -> usize {
    match mark {
        Mark::Points { x, .. }
        | Mark::Line { x, .. }
        | Mark::Band { x, .. }
        | Mark::Area { x, .. }
        | Mark::Bubbles { x, .. } => x.len(),
        Mark::Boxes { at, .. } => at.len(),
        Mark::Violin { value, .. } => value.len(),
        Mark::Bars { from, .. } => from.len(),
        Mark::Intervals { at, .. } => at.len(),
        Mark::Rule { .. } => 1,
        Mark::Density { counts, .. } => counts.len(),
        Mark::Tiles { value, .. } => value.len(),
    }
}

/// Radius and opacity of dots when there are `n` of them.
pub fn dot_look(n: usize) -> (f64, f64) {
    match n {
        0..=60 => (3.5, 0.85),
        61..=400 => (3.0, 0.7),
        401..=2_000 => (2.75, 0.55),
        2_001..=8_000 => (2.5, 0.4),
        _ => (2.0, 0.3),
    }
}

/// The box of bar `i` in pixels, before it is cut at the plot's edges; `None` when it has no place.
pub fn bar_rect(mark: &Mark, i: usize, layout: &Layout) -> Option<Rect> {
    let Mark::Bars {
        along,
        from,
        to,
        base,
        length,
        ..
    } = mark
    else {
        return None;
    };
    let (at, value) = if *along == Along::X {
        (&layout.x, &layout.y)
    } else {
        (&layout.y, &layout.x)
    };
    let end = value.px(length[i]);
    // On a log axis a bar that starts at zero starts at the edge.
    let start = if value.takes(base[i]) {
        value.px(base[i])
    } else {
        value.range.0
    };
    let (a, b) = (at.px(from[i]), at.px(to[i]));
    if !(a.is_finite()
        && b.is_finite()
        && start.is_finite()
        && end.is_finite()
        && length[i].is_finite())
    {
        return None;
    }
    Some(if *along == Along::X {
        Rect::between((a, start), (b, end))
    } else {
        Rect::between((start, a), (end, b))
    })
}

/// The places of a mark's points that lie in the plot, by index.
pub fn places<'a>(
    x: &'a [f64],
    y: &'a [f64],
    layout: &'a Layout,
) -> impl Iterator<Item = (usize, Point)> + 'a {
    let inside = layout.plot.grow(0.5);
    let at = |(i, (&a, &b)): (usize, (&f64, &f64))| {
        (
            i,
            (
                if a.is_finite() {
                    layout.x.px(a)
                } else {
                    f64::NAN
                },
                if b.is_finite() {
                    layout.y.px(b)
                } else {
                    f64::NAN
                },
            ),
        )
    };
    x.iter()
        .zip(y)
        .enumerate()
        .map(at)
        .filter(move |&(_, p)| inside.contains(p))
}

fn points<DB: DrawingBackend>(
    x: &[f64],
    y: &[f64],
    tone: Tone,
    n: usize,
    theme: &Theme,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let (radius, alpha) = dot_look(n);
    let centres: Vec<Point> = places(x, y, layout).map(|(_, p)| p).collect();
    let are_few = centres.len() <= 3 || 2 * centres.len() < n;
    if tone == Tone::Accent && are_few {
        // Over a crowd of dots the few that matter are larger and stand clear.
        pen.dots(&centres, radius.max(3.0) + 3.0, theme.background)?;
        return pen.dots(&centres, radius.max(3.0) + 1.5, theme.accent);
    }
    pen.dots(&centres, radius, theme.color(tone).with_alpha(alpha))
}

pub fn line<DB: DrawingBackend>(
    x: &[f64],
    y: &[f64],
    color: Color,
    dashed: bool,
    dots: bool,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let all = x.iter().zip(y).map(|(&a, &b)| {
        if a.is_finite() && b.is_finite() {
            (layout.x.px(a), layout.y.px(b))
        } else {
            (f64::NAN, f64::NAN)
        }
    });
    let mut room = layout.plot;
    (room.top, room.bottom) = (room.top - 1.0, room.bottom + 1.0);
    for piece in clip_line(thin_steps(all), &room) {
        if dashed {
            pen.dashed(&piece, 2.0, color, 6.0, 4.0)?
        } else {
            pen.line(&piece, 2.0, color)?
        }
    }
    if dots {
        let centres: Vec<Point> = places(x, y, layout).map(|(_, p)| p).collect();
        pen.dots(&centres, 3.0, color)?;
    }
    Ok(())
}

/// Leaves out points that lie within a twentieth of a pixel of the one before.
fn thin_steps(points: impl Iterator<Item = Point>) -> impl Iterator<Item = Point> {
    let mut last = (f64::INFINITY, f64::INFINITY);
    points.filter(move |&p| {
        let near = (p.0 - last.0).abs() < 0.05 && (p.1 - last.1).abs() < 0.05;
        if !near {
            last = p;
        }
        !near
    })
}

fn bar<DB: DrawingBackend>(
    mark: &Mark,
    i: usize,
    color: Color,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let Some(rect) = bar_rect(mark, i, layout) else {
        return Ok(());
    };
    let Mark::Bars {
        along,
        base,
        length,
        ..
    } = mark
    else {
        return Ok(());
    };
    if base[i] == length[i] {
        return Ok(());
    }
    let Some(mut rect) = rect.shared(&layout.plot) else {
        return Ok(());
    };
    // Neighbours that touch stay apart by a pixel, where they are wide enough to lose one.
    let (low, high) = if *along == Along::X {
        (&mut rect.left, &mut rect.right)
    } else {
        (&mut rect.top, &mut rect.bottom)
    };
    (*low, *high) = (pen.snap(*low), pen.snap(*high));
    if *high - *low > 3.0 {
        *high -= 1.0;
    }
    pen.fill_snapped(&rect, color)
}

/// Whether bars of different marks lie over each other, as histograms of two groups do.
fn bars_overlap(chart: &Chart) -> bool {
    let bars: Vec<_> = chart
        .marks
        .iter()
        .filter_map(|m| {
            if let Mark::Bars {
                from,
                to,
                base,
                length,
                ..
            } = m
            {
                Some((from, to, base, length))
            } else {
                None
            }
        })
        .collect();
    let meet = |a: (f64, f64), b: (f64, f64)| a.0.max(b.0) + 1e-9 < a.1.min(b.1);
    let order = |a: f64, b: f64| (a.min(b), a.max(b));
    bars.iter().enumerate().any(|(k, &(f1, t1, b1, l1))| {
        bars[k + 1..].iter().any(|&(f2, t2, b2, l2)| {
            (0..f1.len()).any(|i| {
                (0..f2.len()).any(|j| {
                    meet(order(f1[i], t1[i]), order(f2[j], t2[j]))
                        && meet(order(b1[i], l1[i]), order(b2[j], l2[j]))
                })
            })
        })
    })
}

#[allow(clippy::too_many_arguments)]
fn interval<DB: DrawingBackend>(
    along: Along,
    at: f64,
    centre: f64,
    low: f64,
    high: f64,
    color: Color,
    theme: &Theme,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let place = |v: f64| {
        if along == Along::X {
            (layout.x.px(at), layout.y.px(v))
        } else {
            (layout.x.px(v), layout.y.px(at))
        }
    };
    let value = if along == Along::X {
        &layout.y
    } else {
        &layout.x
    };
    // An infinite end runs to the edge of the plot.
    let end = |v: f64| {
        if v.is_finite() && value.takes(v) {
            v
        } else if v > 0.0 {
            value.domain.1
        } else {
            value.domain.0
        }
    };
    if !at.is_finite() {
        return Ok(());
    }
    if !low.is_nan() && !high.is_nan() {
        for piece in clip_line([place(end(low)), place(end(high))], &layout.plot) {
            pen.line(&piece, 1.5, color)?;
        }
    }
    let dot = place(centre);
    if value.takes(centre) && layout.plot.grow(0.5).contains(dot) {
        pen.dots(&[dot], 5.5, theme.background)?;
        pen.dots(&[dot], 4.0, color)?;
    }
    Ok(())
}

pub fn band<DB: DrawingBackend>(
    x: &[f64],
    low: &[f64],
    high: &[f64],
    color: Color,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let whole =
        |i: usize| layout.x.takes(x[i]) && layout.y.takes(low[i]) && layout.y.takes(high[i]);
    let mut start = 0;
    while start < x.len() {
        let Some(first) = (start..x.len()).find(|&i| whole(i)) else {
            break;
        };
        let end = (first..x.len()).find(|&i| !whole(i)).unwrap_or(x.len());
        let upper = (first..end).map(|i| (layout.x.px(x[i]), layout.y.px(high[i])));
        let lower = (first..end)
            .rev()
            .map(|i| (layout.x.px(x[i]), layout.y.px(low[i])));
        let corners = clip_polygon(upper.chain(lower).collect(), &layout.plot);
        if corners.len() > 2 {
            pen.polygon(&corners, color)?;
        }
        start = end;
    }
    Ok(())
}

fn rule<DB: DrawingBackend>(
    across: Along,
    value: f64,
    theme: &Theme,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = layout.plot;
    match across {
        Along::X if layout.x.contains(value) => pen.hairline(
            (layout.x.px(value), top),
            (layout.x.px(value), bottom),
            1.0,
            theme.muted,
        ),
        Along::Y if layout.y.contains(value) => pen.hairline(
            (left, layout.y.px(value)),
            (right, layout.y.px(value)),
            1.0,
            theme.muted,
        ),
        _ => Ok(()),
    }
}

fn density<DB: DrawingBackend>(
    mark: &Mark,
    theme: &Theme,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    const SHADES: f64 = 24.0;
    let Mark::Density {
        x,
        y,
        n_x,
        n_y,
        counts,
        series,
    } = mark
    else {
        return Ok(());
    };
    let most = f64::from(counts.iter().copied().max().unwrap_or(0).max(1));
    let one_hue = series
        .iter()
        .zip(counts)
        .filter(|&(_, &n)| n > 0)
        .all(|(&s, _)| s == 0);
    // Shades count the logarithm, so that a lone point and a crowd are both seen.
    let shade = |n: u32| if most <= 1.0 { SHADES } else { (libm::log1p(f64::from(n)) / libm::log1p(most) * SHADES).round() } as u32;
    let look = |i: usize| {
        (counts[i] > 0).then(|| {
            (
                shade(counts[i]),
                if one_hue {
                    Tone::Muted
                } else {
                    Tone::Series(series[i])
                },
            )
        })
    };
    let edge_x = |i: usize| layout.x.px(x.0 + (x.1 - x.0) * i as f64 / *n_x as f64);
    let edge_y = |j: usize| layout.y.px(y.0 + (y.1 - y.0) * j as f64 / *n_y as f64);
    for j in 0..*n_y {
        let (top, bottom) = (pen.snap(edge_y(j + 1)), pen.snap(edge_y(j)));
        let mut i = 0;
        while i < *n_x {
            let here = look(j * n_x + i);
            let end = (i + 1..*n_x)
                .find(|&k| look(j * n_x + k) != here)
                .unwrap_or(*n_x);
            if let Some((level, tone)) = here {
                let share = f64::from(level) / SHADES;
                let color = if let Tone::Series(s) = tone {
                    theme.tint(s, share)
                } else {
                    theme.ramp(share)
                };
                let cell = Rect {
                    left: pen.snap(edge_x(i)),
                    right: pen.snap(edge_x(end)),
                    top,
                    bottom,
                };
                if let Some(seen) = cell.shared(&layout.plot) {
                    pen.fill_rect(&seen, color)?;
                }
            }
            i = end;
        }
    }
    Ok(())
}
