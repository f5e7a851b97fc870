//! The first number of each group as a chart.

use crate::msg;
use crate::report::{Along, Axis, Chart, Mark, Msg, Scale, Tone};
use crate::spec::format_of;
use crate::table::verbs::Groups;
use crate::table::{Column, Data, Measure, Table};

/// Bars that a chart shows, and lines that it tells apart by colour.
const MAX_BARS: usize = 30;
const MAX_LINES: usize = 8;

/// Bars of one key, or lines over time or numbers with one line for each level of a second key. `None`
/// when the groups are too many or too few for a picture.
pub fn draw(made: &Table, n_keys: usize) -> Option<Chart> {
    let (keys, summaries) = made.columns().split_at(n_keys);
    let values = summaries.iter().find(|c| holds_amounts(c))?;
    if made.n_rows() < 2 {
        return None;
    }
    match keys {
        [key] if is_axis(key) => lines(key, None, values),
        [key] => Some(bars(key, values)),
        [a, b] if is_axis(a) && !is_axis(b) => lines(a, Some(b), values),
        [a, b] if is_axis(b) && !is_axis(a) => lines(b, Some(a), values),
        _ => None,
    }
}

fn holds_amounts(column: &Column) -> bool {
    matches!(column.data, Data::Float(_) | Data::Int(_)) && column.measure == Measure::Scale
}

/// Whether values lie along an axis rather than beside each other.
fn is_axis(key: &Column) -> bool {
    match key.data {
        Data::Date(_) | Data::DateTime(_) => true,
        Data::Int(_) | Data::Float(_) => {
            matches!(key.measure, Measure::Scale | Measure::Ordinal)
        }
        _ => false,
    }
}

fn bars(key: &Column, values: &Column) -> Chart {
    let n = key.len().min(MAX_BARS);
    let heights = values.numbers().expect("a column of amounts");
    let names = (0..n).map(|i| name(key, i)).collect();
    let chart = Chart::new(
        "groups",
        title(values, key),
        Axis::linear(Msg::verbatim(&values.name))
            .format(format_of(values))
            .from_zero(),
        Axis::category(Msg::verbatim(&key.name), names),
    )
    .mark(Mark::category_bars(Along::Y, &heights[..n], Tone::Accent));
    match key.len() > n {
        false => chart,
        true => chart.caption(msg!(
            "transform.group.first_bars",
            "The first {shown} of {n} groups.",
            shown = n,
            n = key.len()
        )),
    }
}

fn lines(along: &Column, by: Option<&Column>, values: &Column) -> Option<Chart> {
    let by_key: Vec<&Column> = by.into_iter().collect();
    let series = Groups::of(&by_key, along.len()).sorted(&by_key);
    if series.len() > MAX_LINES {
        return None;
    }
    let (xs, ys) = (along.numbers()?, values.numbers()?);
    let rows_of_lines = series.rows();
    let marks = rows_of_lines.iter().enumerate().map(|(s, rows)| {
        let mut points: Vec<(f64, f64)> = rows
            .iter()
            .map(|&r| (xs[r as usize], ys[r as usize]))
            .filter(|p| p.0.is_finite())
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Mark::Line {
            dots: points.len() <= 60,
            x: points.iter().map(|p| p.0).collect(),
            y: points.iter().map(|p| p.1).collect(),
            tone: match by {
                Some(_) => Tone::Series(s as u16),
                None => Tone::Accent,
            },
            dashed: false,
        }
    });
    let scale = match along.data {
        Data::Date(_) => Scale::Date,
        Data::DateTime(_) => Scale::DateTime,
        _ => Scale::Linear,
    };
    let names = by.map(|by| {
        let rows = series.first_rows.iter();
        rows.map(|&r| name(by, r as usize)).collect()
    });
    let chart = Chart::new(
        "groups",
        title(values, along),
        Axis::linear(Msg::verbatim(&along.name))
            .scale(scale)
            .format(format_of(along)),
        Axis::linear(Msg::verbatim(&values.name)).format(format_of(values)),
    );
    Some(chart.marks(marks).series(names.unwrap_or_default()))
}

fn title(values: &Column, key: &Column) -> Msg {
    msg!(
        "transform.group.chart",
        "{values} by {key}",
        values = &values.name,
        key = &key.name
    )
}

fn name(key: &Column, row: usize) -> Msg {
    if key.is_valid(row) {
        Msg::verbatim(key.name_of(&key.display(row)))
    } else {
        msg!("transform.group.missing", "missing")
    }
}
