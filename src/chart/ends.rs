//! Labels on the marks themselves: names at the ends of lines, values at the ends of bars, words on rules.

use super::clip::{Point, Rect};
use super::head::used_series;
use super::scale::{Kind, Projection};
use super::textbox::{Anchor, Desk, Role, TextBox};
use crate::report::{Along, Format, Mark, Tone, format_number};

/// Beyond this many pixels from its line's end a name is no longer beside it.
const FAR: f64 = 26.0;

/// The series to name at the ends of their lines; `None` when a legend serves better.
pub fn lines_to_name(desk: &Desk, width: f64) -> Option<Vec<u16>> {
    let used = used_series(desk);
    let has_line = |s: u16| {
        desk.chart
            .marks
            .iter()
            .any(|m| matches!(m, Mark::Line { tone: Tone::Series(t), .. } if *t == s))
    };
    let others = desk
        .chart
        .marks
        .iter()
        .filter(|m| !matches!(m, Mark::Rule { .. }))
        .count()
        > 1;
    if used.is_empty() || used.len() > 8 || !others || !used.iter().all(|&s| has_line(s)) {
        return None;
    }
    (name_room(desk, &used) <= width * 0.3).then_some(used)
}

/// Pixels to keep right of the plot for the names.
pub fn name_room(desk: &Desk, series: &[u16]) -> f64 {
    series
        .iter()
        .map(|&s| {
            desk.width(
                Role::LineEnd,
                &desk.chart.series[usize::from(s)].text(desk.lang),
            )
        })
        .fold(0.0, f64::max)
        + 8.0
}

/// Names beside the ends of the lines, moved apart; `None` when that takes one far from its line.
pub fn line_names(
    desk: &Desk,
    series: &[u16],
    x: &Projection,
    y: &Projection,
    plot: &Rect,
) -> Option<Vec<TextBox>> {
    let mut ends: Vec<(u16, f64)> = Vec::new();
    for &s in series {
        let end = desk.chart.marks.iter().find_map(|m| match m {
            Mark::Line {
                x: px,
                y: py,
                tone: Tone::Series(t),
                ..
            } if *t == s => last_in(px, py, x, y, plot),
            _ => None,
        });
        ends.push((s, end?.1));
    }
    ends.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let line = desk.line(Role::LineEnd);
    let places = apart(
        &ends.iter().map(|e| e.1).collect::<Vec<_>>(),
        line,
        plot.top,
        plot.bottom,
    );
    if places.iter().zip(&ends).any(|(p, e)| (p - e.1).abs() > FAR) {
        return None;
    }
    let place = |(&(s, _), &at): (&(u16, f64), &f64)| {
        let text = desk.text(
            Role::LineEnd,
            &desk.chart.series[usize::from(s)].text(desk.lang),
            (plot.right + 6.0, at),
            Anchor::Start,
        );
        TextBox {
            color: desk.theme.color(Tone::Series(s)),
            ..text
        }
    };
    Some(ends.iter().zip(&places).map(place).collect())
}

/// The bars whose values are written at their ends, as (position, value); `None` when an axis serves better.
pub fn bars_to_label(desk: &Desk) -> Option<(Along, Vec<(f64, f64)>)> {
    let mut bars = desk
        .chart
        .marks
        .iter()
        .filter(|m| !matches!(m, Mark::Rule { .. }));
    let (
        Some(Mark::Bars {
            along,
            from,
            to,
            base,
            length,
            ..
        }),
        None,
    ) = (bars.next(), bars.next())
    else {
        return None;
    };
    let axis = if *along == Along::X {
        &desk.chart.x
    } else {
        &desk.chart.y
    };
    if Kind::of(axis) != Kind::Category || base.iter().any(|&b| b != 0.0) || length.len() > 40 {
        return None;
    }
    let values = (0..length.len())
        .filter(|&i| length[i].is_finite())
        .map(|i| ((from[i] + to[i]) / 2.0, length[i]))
        .collect();
    Some((*along, values))
}

pub fn value_label(desk: &Desk, along: Along, value: f64) -> String {
    let axis = if along == Along::X {
        &desk.chart.y
    } else {
        &desk.chart.x
    };
    let format = if axis.format == Format::General && value.abs() >= 1000.0 {
        Format::Integer
    } else {
        axis.format
    };
    format_number(value, format, desk.lang)
}

/// Pixels to keep free beyond the shortest and the longest bar; `None` when values would not fit.
pub fn value_room(
    desk: &Desk,
    along: Along,
    values: &[(f64, f64)],
    slot: f64,
) -> Option<(f64, f64)> {
    let line = desk.line(Role::Value);
    let widest = |negative: bool| {
        let of_sign = values.iter().filter(|(_, v)| (*v < 0.0) == negative);
        of_sign
            .map(|&(_, v)| desk.width(Role::Value, &value_label(desk, along, v)) + 5.0)
            .reduce(f64::max)
    };
    match along {
        Along::Y if slot >= line => {
            Some((widest(true).unwrap_or(0.0), widest(false).unwrap_or(0.0)))
        }
        Along::X
            if widest(true)
                .into_iter()
                .chain(widest(false))
                .fold(0.0, f64::max)
                <= slot =>
        {
            Some((
                if widest(true).is_some() { line } else { 0.0 },
                if widest(false).is_some() { line } else { 0.0 },
            ))
        }
        _ => None,
    }
}

pub fn bar_values(
    desk: &Desk,
    along: Along,
    values: &[(f64, f64)],
    x: &Projection,
    y: &Projection,
    plot: &Rect,
) -> Vec<TextBox> {
    let half = desk.line(Role::Value) / 2.0;
    let mut out = Vec::new();
    for &(at, value) in values {
        let label = value_label(desk, along, value);
        let sign = if value < 0.0 { -1.0 } else { 1.0 };
        let text = match along {
            Along::Y => {
                let anchor = if value < 0.0 {
                    Anchor::End
                } else {
                    Anchor::Start
                };
                desk.text(
                    Role::Value,
                    &label,
                    (x.px(value) + 5.0 * sign, y.px(at)),
                    anchor,
                )
            }
            Along::X => desk.text(
                Role::Value,
                &label,
                (x.px(at), y.px(value) - half * sign),
                Anchor::Middle,
            ),
        };
        let rect = text.rect();
        if plot
            .grow(1.0)
            .shared(&rect)
            .is_some_and(|r| r.width() > 0.8 * rect.width() && r.height() > 0.8 * rect.height())
        {
            out.push(text);
        }
    }
    out
}

/// The words on rules, beside their lines and clear of each other.
pub fn rule_labels(desk: &Desk, x: &Projection, y: &Projection, plot: &Rect) -> Vec<TextBox> {
    let mut out: Vec<TextBox> = Vec::new();
    let line = desk.line(Role::Rule);
    for mark in &desk.chart.marks {
        let Mark::Rule {
            across,
            value,
            label: Some(label),
        } = mark
        else {
            continue;
        };
        let label = label.text(desk.lang);
        let mut text = match across {
            Along::X if x.contains(*value) => {
                let at = x.px(*value);
                let width = desk.width(Role::Rule, &label);
                let (dx, anchor) = if at + 4.0 + width > plot.right && at - 4.0 - width > plot.left
                {
                    (-4.0, Anchor::End)
                } else {
                    (4.0, Anchor::Start)
                };
                desk.elided(
                    Role::Rule,
                    &label,
                    (at + dx, plot.top + line / 2.0),
                    anchor,
                    plot.width().max(30.0),
                )
            }
            Along::Y if y.contains(*value) => {
                let at = y.px(*value);
                let dy = if at - line < plot.top {
                    line / 2.0 + 1.0
                } else {
                    -line / 2.0 - 1.0
                };
                desk.elided(
                    Role::Rule,
                    &label,
                    (plot.right, at + dy),
                    Anchor::End,
                    plot.width().max(30.0),
                )
            }
            _ => continue,
        };
        while out.iter().any(|o| o.rect().overlaps(&text.rect())) && text.at.1 + line < plot.bottom
        {
            text.at.1 += line;
        }
        out.push(text.keep_within(0.0, plot.right.max(1.0)));
    }
    out
}

/// The last point of a line that lies in the plot, in pixels.
fn last_in(px: &[f64], py: &[f64], x: &Projection, y: &Projection, plot: &Rect) -> Option<Point> {
    px.iter()
        .zip(py)
        .rev()
        .map(|(&a, &b)| (x.px(a), y.px(b)))
        .find(|&p| plot.grow(0.5).contains(p))
}

/// Ascending places moved as little as needed to be `gap` apart within `low..high`.
fn apart(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    // Runs of names that touch move together, to the mean of what they want.
    let mut runs: Vec<(f64, usize)> = Vec::new();
    let start = |centre: f64, n: usize| {
        let length = gap * (n as f64 - 1.0);
        (centre - length / 2.0).clamp(
            low.min(high - length),
            (high - length).max(low.min(high - length)),
        )
    };
    for &w in wanted {
        runs.push((w, 1));
        while let [.., (c1, n1), (c2, n2)] = runs[..] {
            if start(c1, n1) + gap * n1 as f64 <= start(c2, n2) {
                break;
            }
            runs.truncate(runs.len() - 2);
            let n = n1 + n2;
            runs.push(((c1 * n1 as f64 + c2 * n2 as f64) / n as f64, n));
        }
    }
    runs.iter()
        .flat_map(|&(c, n)| (0..n).map(move |i| start(c, n) + gap * i as f64))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &[f64], expected: &[f64]) {
        assert_eq!(apart(wanted, 10.0, 0.0, 100.0), expected, "{wanted:?}");
    }

    #[test]
    fn names_move_apart() {
        check(&[], &[]);
        check(&[5.0, 50.0], &[5.0, 50.0]);
        check(&[50.0, 52.0], &[46.0, 56.0]);
        check(&[0.0, 0.0, 0.0], &[0.0, 10.0, 20.0]);
        check(&[98.0, 100.0], &[90.0, 100.0]);
        check(&[30.0, 40.0, 41.0], &[27.0, 37.0, 47.0]);
    }
}
