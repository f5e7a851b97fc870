//! Labels along the axes: as many as fit, none over another.

use super::scale::Projection;
use super::textbox::{Anchor, Desk, Role, TextBox};
use super::ticks::{Tick, ticks};
use crate::report::Scale;

/// The ticks of an axis and their labels.
#[derive(Default)]
pub struct AxisLabels {
    pub ticks: Vec<Tick>,
    pub texts: Vec<TextBox>,
}

/// Free pixels between two labels on one line.
const GAP: f64 = 10.0;
/// Between the plot and its labels.
const AWAY: f64 = 8.0;

/// Labels left of `left`, for the y axis.
pub fn y_labels(desk: &Desk, y: &Projection, left: f64, max_width: f64) -> AxisLabels {
    if let Scale::Category(names) = &desk.chart.y.scale {
        let names: Vec<String> = names.iter().map(|n| n.text(desk.lang)).collect();
        return AxisLabels {
            ticks: Vec::new(),
            texts: category_rows(desk, y, &names, left, max_width),
        };
    }
    let height = (y.range.0 - y.range.1).abs();
    let target = ((height / 56.0) as usize).clamp(2, 5);
    let of = |target: usize| ticks(y, desk.chart.y.format, target, desk.lang);
    let few = (2..=target).rev().map(of).find(|t| t.len() <= 7);
    let ticks = few.unwrap_or_else(|| of(2));
    let mut texts = Vec::new();
    for tick in &ticks {
        let label = tick
            .under
            .as_ref()
            .map_or(tick.label.clone(), |u| format!("{} {u}", tick.label));
        texts.push(desk.text(
            Role::YTick,
            &label,
            (left - AWAY, y.px(tick.value)),
            Anchor::End,
        ));
    }
    let fits = spaced(&texts, |t| (t.rect().top, t.rect().bottom), 1.0);
    if fits {
        AxisLabels { ticks, texts }
    } else {
        AxisLabels {
            ticks,
            texts: thin_out(texts, |t| (t.rect().top, t.rect().bottom), 1.0),
        }
    }
}

/// Labels below `bottom`, for the x axis, within `0..=width`.
pub fn x_labels(desk: &Desk, x: &Projection, bottom: f64, width: f64) -> AxisLabels {
    if let Scale::Category(names) = &desk.chart.x.scale {
        let names: Vec<String> = names.iter().map(|n| n.text(desk.lang)).collect();
        return AxisLabels {
            ticks: Vec::new(),
            texts: category_columns(desk, x, &names, bottom, width),
        };
    }
    let span = (x.range.1 - x.range.0).abs();
    let most = ((span / 90.0) as usize).clamp(2, 7);
    // One number alone gives no scale.
    let gives_scale = |target: usize| ticks(x, desk.chart.x.format, target, desk.lang).len() > 1;
    let most = (most..=7).find(|&t| gives_scale(t)).unwrap_or(most);
    let line = desk.line(Role::XTick);
    let mut best = AxisLabels::default();
    for target in (1..=most).rev() {
        let ticks = ticks(x, desk.chart.x.format, target, desk.lang);
        let mut texts = Vec::new();
        let mut under = Vec::new();
        for tick in &ticks {
            let at = |row: f64| (x.px(tick.value), bottom + AWAY + line * (row + 0.5));
            texts.push(
                desk.text(Role::XTick, &tick.label, at(0.0), Anchor::Middle)
                    .keep_within(2.0, width - 2.0),
            );
            if let Some(text) = &tick.under {
                under.push(
                    desk.text(Role::XTick, text, at(1.0), Anchor::Middle)
                        .keep_within(2.0, width - 2.0),
                );
            }
        }
        let fits = spaced(&texts, sideways, GAP);
        texts.extend(thin_out(under, sideways, GAP));
        best = AxisLabels { ticks, texts };
        if fits {
            return best;
        }
    }
    best.texts = thin_out(best.texts, sideways, GAP);
    best
}

/// Rows that the x labels take, in pixels.
pub fn depth(labels: &[TextBox], bottom: f64) -> f64 {
    labels
        .iter()
        .map(|t| t.rect().bottom - bottom)
        .fold(0.0, f64::max)
}

/// Names of the rows of a lying chart, right-justified beside them.
fn category_rows(
    desk: &Desk,
    y: &Projection,
    names: &[String],
    left: f64,
    max_width: f64,
) -> Vec<TextBox> {
    let slot = slot(y);
    let line = desk.line(Role::YTick);
    let every = ((line / slot.max(1e-6)).ceil() as usize).max(1);
    let rows = if slot >= 2.0 * line + 2.0 { 2 } else { 1 };
    let mut out = Vec::new();
    for (i, name) in names
        .iter()
        .enumerate()
        .filter(|&(i, _)| i % every == 0 && y.contains(i as f64))
    {
        let lines = desk.wrapped(Role::YTick, name, max_width, rows);
        let full = (lines.join(" ") != *name).then(|| name.clone());
        let top = y.px(i as f64) - line * (lines.len() as f64 - 1.0) / 2.0;
        for (row, text) in lines.iter().enumerate() {
            let placed = desk.text(
                Role::YTick,
                text,
                (left - AWAY, top + line * row as f64),
                Anchor::End,
            );
            out.push(TextBox {
                full: full.clone(),
                color: desk.theme.text,
                ..placed
            });
        }
    }
    out
}

/// Names below the columns of a standing chart: on one line, on up to three, every so-many-th, or turned.
fn category_columns(
    desk: &Desk,
    x: &Projection,
    names: &[String],
    bottom: f64,
    width: f64,
) -> Vec<TextBox> {
    let slot = slot(x);
    let line = desk.line(Role::XTick);
    let shown: Vec<(usize, &String)> = names
        .iter()
        .enumerate()
        .filter(|&(i, _)| x.contains(i as f64))
        .collect();
    let widest = shown
        .iter()
        .map(|(_, n)| desk.width(Role::XTick, n))
        .fold(0.0, f64::max);
    let room = slot - 8.0;
    let below = |i: usize, row: usize, text: &str| {
        desk.text(
            Role::XTick,
            text,
            (x.px(i as f64), bottom + AWAY + line * (row as f64 + 0.5)),
            Anchor::Middle,
        )
    };
    let paint = |t: TextBox| TextBox {
        color: desk.theme.text,
        ..t
    };
    if widest <= room {
        return shown
            .into_iter()
            .map(|(i, n)| paint(below(i, 0, n)))
            .collect();
    }
    let word = |n: &String| {
        n.split_whitespace()
            .map(|w| desk.width(Role::XTick, w))
            .fold(0.0, f64::max)
    };
    let whole_words = shown
        .iter()
        .all(|(_, n)| word(n) <= room && desk.wrapped(Role::XTick, n, room, 4).len() <= 3);
    if whole_words || slot >= 72.0 {
        let mut out = Vec::new();
        for (i, name) in shown {
            let lines = desk.wrapped(Role::XTick, name, room, 3);
            let full = (lines.join(" ") != *name).then(|| name.clone());
            out.extend(lines.iter().enumerate().map(|(row, t)| {
                paint(TextBox {
                    full: full.clone(),
                    ..below(i, row, t)
                })
            }));
        }
        return out;
    }
    if widest <= 36.0 {
        let every = (((widest + GAP) / slot).ceil() as usize).max(1);
        return shown
            .into_iter()
            .filter(|&(i, _)| i % every == 0)
            .map(|(i, n)| paint(below(i, 0, n)).keep_within(2.0, width - 2.0))
            .collect();
    }
    let every = (((line + 1.0) / slot).ceil() as usize).max(1);
    let turned = |(i, name): (usize, &String)| {
        let text = desk.elided(
            Role::XTick,
            name,
            (x.px(i as f64), bottom + AWAY),
            Anchor::End,
            112.0,
        );
        paint(TextBox {
            upright: true,
            ..text
        })
    };
    shown
        .into_iter()
        .filter(|&(i, _)| i % every == 0)
        .map(turned)
        .collect()
}

fn slot(p: &Projection) -> f64 {
    (p.px(1.0) - p.px(0.0)).abs()
}

fn sideways(t: &TextBox) -> (f64, f64) {
    (t.rect().left, t.rect().right)
}

/// Whether no two of the texts come nearer than `gap` along a direction.
fn spaced(texts: &[TextBox], along: impl Fn(&TextBox) -> (f64, f64), gap: f64) -> bool {
    let mut spans: Vec<(f64, f64)> = texts.iter().map(along).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    spans.windows(2).all(|w| w[1].0 - w[0].1 >= gap)
}

/// Leaves out each text that comes nearer than `gap` to one kept before it.
fn thin_out(texts: Vec<TextBox>, along: impl Fn(&TextBox) -> (f64, f64), gap: f64) -> Vec<TextBox> {
    let mut kept: Vec<TextBox> = Vec::new();
    for text in texts {
        let (a, b) = along(&text);
        let near = |k: &TextBox| {
            let (c, d) = along(k);
            a < d + gap && c < b + gap && (k.at.1 == text.at.1 || gap < GAP)
        };
        if !kept.iter().any(near) {
            kept.push(text);
        }
    }
    kept
}
