//! Bars: rows, sums or means of each level, by colour side by side or on one another.

use super::data::{Data, axis, numbers, rows_axis};
use super::means::Means;
use super::{Drawn, Spread, Stack, Value};
use crate::msg;
use crate::report::{Axis, Chart, Format, Mark, Msg};
use crate::spec::RunError;
use crate::table::{Column, Levels};

/// Of a level's place, what its bars take.
const SHARE: f64 = 0.8;

pub fn bars(data: &Data) -> Drawn {
    let levels = data.levels()?;
    if let (Value::Mean, Some(y)) = (data.value(Value::Sum), data.y) {
        return bars_of_means(data, &levels, y);
    }
    let lengths = lengths(data, &levels)?;
    let mut totals = vec![0.0; levels.names.len()];
    for group in &lengths {
        totals.iter_mut().zip(group).for_each(|(t, l)| *t += l);
    }
    let charts = (0..data.n_facets())
        .map(|facet| {
            let of = |colour| &lengths[data.group(facet, colour)][..];
            let marks = match data.is_stacked() {
                true => stacked(data, (0..data.colours.count()).map(of).collect())?,
                false => (0..data.colours.count())
                    .map(|colour| beside(data, colour, of(colour)))
                    .collect(),
            };
            let (title, values) = titles(data);
            let (x, y) = data.turned(&levels, values);
            Ok(Chart::new("bars", title, x, y).marks(marks))
        })
        .collect::<Result<Vec<_>, RunError>>()?;
    let top = (0..totals.len())
        .rev()
        .max_by(|&a, &b| totals[a].total_cmp(&totals[b]))
        .expect("at least one level");
    let line = msg!(
        "explore.chart.most",
        "“{level}” has the most: {value}.",
        level = &levels.names[top],
        value = totals[top]
    );
    Ok((charts, vec![line]))
}

/// The sums or counts of each group's levels.
fn lengths(data: &Data, levels: &Levels) -> Result<Vec<Vec<f64>>, RunError> {
    let added = data.y.map(|y| numbers("y", y)).transpose()?;
    let is_sum = data.value(Value::Sum) == Value::Sum;
    let of = data.group_of();
    let mut lengths = vec![vec![0.0; levels.names.len()]; data.n_groups()];
    for (row, &code) in levels.codes.iter().enumerate().filter(|(_, c)| **c >= 0) {
        let Some(group) = of(row) else { continue };
        let add = match &added {
            None => 1.0,
            Some(v) if !v[row].is_finite() => 0.0,
            Some(v) if is_sum => v[row],
            Some(_) => 1.0,
        };
        lengths[group][code as usize] += add;
    }
    Ok(lengths)
}

fn beside(data: &Data, colour: usize, lengths: &[f64]) -> Mark {
    let (middle, width) = data.beside(colour, SHARE);
    at(
        data,
        colour,
        middle,
        width,
        vec![0.0; lengths.len()],
        lengths.to_vec(),
    )
}

fn at(
    data: &Data,
    colour: usize,
    middle: f64,
    width: f64,
    base: Vec<f64>,
    length: Vec<f64>,
) -> Mark {
    let edge = |side: f64| {
        (0..length.len())
            .map(|l| l as f64 + middle + side * width / 2.0)
            .collect()
    };
    Mark::Bars {
        along: data.along(),
        from: edge(-1.0),
        to: edge(1.0),
        base,
        length,
        tone: data.colours.tone(colour),
    }
}

/// Each colour on those before it; negative sums go the other way.
fn stacked(data: &Data, groups: Vec<&[f64]>) -> Result<Vec<Mark>, RunError> {
    let n = groups.first().map_or(0, |g| g.len());
    let mut whole = vec![1.0; n];
    if data.options.stack == Stack::Filled {
        if groups.iter().any(|g| g.iter().any(|v| *v < 0.0)) {
            return Err(RunError::option(
                "stack",
                msg!(
                    "explore.chart.negative",
                    "Some sums are below zero, so they are no shares of a whole. Let the colours stand side by side."
                ),
            ));
        }
        whole = (0..n).map(|l| groups.iter().map(|g| g[l]).sum()).collect();
    }
    let (mut above, mut below) = (vec![0.0; n], vec![0.0; n]);
    let mark = |(colour, lengths): (usize, &&[f64])| {
        let (mut base, mut end) = (Vec::new(), Vec::new());
        for l in 0..n {
            let part = if whole[l] > 0.0 {
                lengths[l] / whole[l]
            } else {
                0.0
            };
            let reached = if part < 0.0 {
                &mut below[l]
            } else {
                &mut above[l]
            };
            base.push(*reached);
            *reached += part;
            end.push(*reached);
        }
        at(data, colour, 0.0, SHARE, base, end)
    };
    Ok(groups.iter().enumerate().map(mark).collect())
}

fn titles(data: &Data) -> (Msg, Axis) {
    let x = &data.x.name;
    if data.options.stack == Stack::Filled {
        let title = match data.y {
            Some(y) if data.value(Value::Sum) == Value::Sum => msg!(
                "explore.chart.shares_of",
                "Shares of {y} by {x}",
                y = &y.name,
                x = x
            ),
            _ => msg!("explore.chart.shares", "Shares of rows by {x}", x = x),
        };
        let values = Axis::linear(msg!("explore.chart.share", "Share"))
            .from_zero()
            .limits(None, Some(1.0))
            .format(Format::Percent(0));
        return (title, values);
    }
    match data.y {
        Some(y) if data.value(Value::Sum) == Value::Sum => (
            msg!(
                "explore.chart.sums",
                "Sum of {y} by {x}",
                y = &y.name,
                x = x
            ),
            Axis::linear(msg!("explore.chart.sum_axis", "Sum of {y}", y = &y.name)).from_zero(),
        ),
        _ => (
            msg!("explore.chart.counts", "Rows by {x}", x = x),
            rows_axis(),
        ),
    }
}

/// Bars as long as means, with their intervals.
fn bars_of_means(data: &Data, levels: &Levels, y: &Column) -> Drawn {
    if data.is_stacked() && data.colours.count() > 1 {
        return Err(data.stacked_means());
    }
    let means = Means::of(data, levels, y)?;
    let charts = (0..data.n_facets())
        .map(|facet| {
            let mut marks = Vec::new();
            for colour in 0..data.colours.count() {
                let found = means.group(data, facet, colour);
                let lengths: Vec<f64> = found.iter().map(|m| m.mean).collect();
                marks.push(beside(data, colour, &lengths));
            }
            for colour in 0..data.colours.count() {
                if data.spread(Spread::Interval) == Spread::None {
                    break;
                }
                let (middle, _) = data.beside(colour, SHARE);
                let found = means.group(data, facet, colour);
                marks.push(means.intervals(data, colour, middle, found));
            }
            let title = means.title(data, y);
            let (x, y) = data.turned(levels, axis(y).from_zero());
            Chart::new("bars", title, x, y).marks(marks)
        })
        .collect();
    Ok((charts, means.highest(data, levels).into_iter().collect()))
}
