//! What stands above and below the plot: title, legend, axis titles, caption.

use super::clip::Rect;
use super::textbox::{Anchor, Desk, Role, TextBox};
use super::words;
use crate::report::{Mark, Tone};

/// A sample of a series' colour beside its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    pub series: u16,
    pub shape: KeyShape,
    pub rect: Rect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyShape {
    Dot,
    Square,
    Line,
}

/// The title and the legend, from the top; returns the y below them.
pub fn head(
    desk: &Desk,
    size: (f64, f64),
    with_legend: bool,
    texts: &mut Vec<TextBox>,
    keys: &mut Vec<Key>,
) -> f64 {
    let pad = desk.theme.pad;
    let width = (size.0 - 2.0 * pad).max(1.0);
    let mut y = pad;
    let title = desk.chart.title.text(desk.lang);
    let line = desk.line(Role::Title);
    let lines = desk.wrapped(Role::Title, &title, width, 2);
    let cut = lines
        .last()
        .is_some_and(|l| l.ends_with('…') && !title.ends_with('…'));
    for text in &lines {
        let placed = desk.text(Role::Title, text, (pad, y + line / 2.0), Anchor::Start);
        texts.push(TextBox {
            full: cut.then(|| title.clone()),
            ..placed
        });
        y += line;
    }
    if !lines.is_empty() {
        y += 4.0;
    }
    if with_legend {
        y = legend(desk, y, width, texts, keys);
    }
    y
}

/// The caption and the footnotes, up from the bottom; returns the y above them.
pub fn foot(desk: &Desk, size: (f64, f64), left_out: usize, texts: &mut Vec<TextBox>) -> f64 {
    let pad = desk.theme.pad;
    let width = (size.0 - 2.0 * pad).max(1.0);
    let mut lines = Vec::new();
    if let Some(caption) = &desk.chart.caption {
        lines.extend(desk.wrapped(Role::Caption, &caption.text(desk.lang), width, 3));
    }
    if left_out > 0 {
        lines.extend(desk.wrapped(
            Role::Caption,
            &words::left_out(left_out).text(desk.lang),
            width,
            2,
        ));
    }
    let line = desk.line(Role::Caption) + 1.0;
    let top = size.1 - pad - line * lines.len() as f64;
    for (i, text) in lines.iter().enumerate() {
        texts.push(desk.text(
            Role::Caption,
            text,
            (pad, top + line * (i as f64 + 0.5)),
            Anchor::Start,
        ));
    }
    if lines.is_empty() { top } else { top - 4.0 }
}

/// The series that marks use and that have a name, each once, in order.
pub fn used_series(desk: &Desk) -> Vec<u16> {
    let mut used: Vec<u16> = desk
        .chart
        .marks
        .iter()
        .flat_map(series_of)
        .filter(|&s| usize::from(s) < desk.chart.series.len())
        .collect();
    used.sort_unstable();
    used.dedup();
    used
}

fn legend(desk: &Desk, top: f64, width: f64, texts: &mut Vec<TextBox>, keys: &mut Vec<Key>) -> f64 {
    const GAP: f64 = 16.0;
    let pad = desk.theme.pad;
    let line = desk.line(Role::Legend) + 3.0;
    let (mut x, mut y) = (pad, top);
    for series in used_series(desk) {
        let shape = shape_of(desk, series);
        let key_width = if shape == KeyShape::Line { 16.0 } else { 9.0 };
        let name = desk.chart.series[usize::from(series)].text(desk.lang);
        let text = desk.elided(
            Role::Legend,
            &name,
            (0.0, y + line / 2.0),
            Anchor::Start,
            (width * 0.45).max(40.0),
        );
        if x > pad && x + key_width + 5.0 + text.width > pad + width {
            (x, y) = (pad, y + line);
        }
        let middle = y + line / 2.0;
        keys.push(Key {
            series,
            shape,
            rect: Rect {
                left: x,
                right: x + key_width,
                top: middle - 4.5,
                bottom: middle + 4.5,
            },
        });
        let end = x + key_width + 5.0 + text.width;
        texts.push(TextBox {
            at: (x + key_width + 5.0, middle),
            ..text
        });
        x = end + GAP;
    }
    if keys.is_empty() { top } else { y + line + 4.0 }
}

fn shape_of(desk: &Desk, series: u16) -> KeyShape {
    let of = |m: &&Mark| series_of(m).contains(&series);
    match desk.chart.marks.iter().find(of) {
        Some(Mark::Points { .. } | Mark::Intervals { .. } | Mark::Bubbles { .. }) => KeyShape::Dot,
        Some(Mark::Line { .. }) => KeyShape::Line,
        _ => KeyShape::Square,
    }
}

/// The series that a mark shows.
pub fn series_of(mark: &Mark) -> Vec<u16> {
    match mark {
        Mark::Points { tone, .. }
        | Mark::Line { tone, .. }
        | Mark::Bars { tone, .. }
        | Mark::Intervals { tone, .. }
        | Mark::Area { tone, .. }
        | Mark::Boxes { tone, .. }
        | Mark::Violin { tone, .. }
        | Mark::Bubbles { tone, .. }
        | Mark::Band { tone, .. } => {
            if let Tone::Series(s) = tone {
                vec![*s]
            } else {
                Vec::new()
            }
        }
        Mark::Rule { .. } | Mark::Tiles { .. } => Vec::new(),
        Mark::Density { counts, series, .. } => {
            let mut found: Vec<u16> = series
                .iter()
                .zip(counts)
                .filter(|&(_, &n)| n > 0)
                .map(|(&s, _)| s)
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        }
    }
}
