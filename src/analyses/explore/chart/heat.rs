//! A heat map: tiles of two columns' levels.

use super::data::{Data, levels_of, numbers};
use super::{Drawn, Value};
use crate::msg;
use crate::report::{Axis, Chart, Format, Mark, Msg};
use crate::spec::{Input, RunError};
use crate::table::{Column, Levels};

/// Levels along a side.
const MAX_SIDE: usize = 60;

pub fn tiles(data: &Data, input: &Input) -> Drawn {
    let Some(rows) = &data.options.rows else {
        return Err(RunError::option(
            "rows",
            msg!(
                "explore.chart.needs_rows",
                "Choose the column whose levels are the rows of the heat map."
            ),
        ));
    };
    let up = input.column("rows", rows)?;
    let (columns, rows) = (
        levels_of("x", data.x, MAX_SIDE)?,
        levels_of("rows", up, MAX_SIDE)?,
    );
    let value = data.value(Value::Mean);
    let found = cells(data, &columns, &rows, value)?;
    let ends = found.iter().flatten().filter(|v| v.is_finite());
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| {
        (lo.min(*v), hi.max(*v))
    });
    if low > high {
        return Err(super::data::empty(data.y.unwrap_or(data.x)));
    }
    let (title, what, format) = titles(data, up, value);
    let axis = |column: &Column, levels: &Levels| {
        let names = levels.names.iter().map(Msg::verbatim).collect();
        Axis::category(Msg::verbatim(&column.name), names)
    };
    let charts = found.into_iter().map(|values| {
        let n = columns.names.len();
        let known: Vec<usize> = (0..values.len())
            .filter(|&i| values[i].is_finite())
            .collect();
        Chart::new(
            "heat",
            title.clone(),
            axis(data.x, &columns),
            axis(up, &rows),
        )
        .mark(Mark::Tiles {
            x: known.iter().map(|i| (i % n) as f64).collect(),
            y: known.iter().map(|i| (i / n) as f64).collect(),
            value: known.iter().map(|&i| values[i]).collect(),
            size: (1.0, 1.0),
            low: match value {
                Value::Count => 0.0,
                _ => low,
            },
            high,
            title: what.clone(),
            format,
        })
    });
    Ok((charts.collect(), Vec::new()))
}

/// The value of each tile, row by row, of each small chart; NaN where no row is.
fn cells(
    data: &Data,
    columns: &Levels,
    rows: &Levels,
    value: Value,
) -> Result<Vec<Vec<f64>>, RunError> {
    let y = data.y.map(|y| numbers("y", y)).transpose()?;
    let n_cells = columns.names.len() * rows.names.len();
    let of = data.group_of();
    let mut sums = vec![vec![0.0; n_cells]; data.n_facets()];
    let mut counts = vec![vec![0.0; n_cells]; data.n_facets()];
    for row in 0..data.x.len() {
        let (column, line) = (columns.codes[row], rows.codes[row]);
        let v = y.as_ref().map_or(1.0, |y| y[row]);
        let (Some(group), true) = (of(row), column >= 0 && line >= 0 && v.is_finite()) else {
            continue;
        };
        let facet = group / data.colours.count();
        let cell = line as usize * columns.names.len() + column as usize;
        sums[facet][cell] += v;
        counts[facet][cell] += 1.0;
    }
    let one = |sum: f64, n: f64| match value {
        _ if n == 0.0 => f64::NAN,
        Value::Mean => sum / n,
        Value::Count => n,
        Value::Sum | Value::Auto => sum,
    };
    let each = sums.iter().zip(&counts);
    Ok(each
        .map(|(sums, counts)| sums.iter().zip(counts).map(|(s, n)| one(*s, *n)).collect())
        .collect())
}

fn titles(data: &Data, up: &Column, value: Value) -> (Msg, Msg, Format) {
    let (x, rows) = (&data.x.name, &up.name);
    match (data.y, value) {
        (Some(y), Value::Mean) => (
            msg!(
                "explore.chart.heat_mean",
                "Mean of {y} by {x} and {rows}",
                y = &y.name,
                x = x,
                rows = rows
            ),
            msg!("explore.chart.mean_axis", "Mean of {y}", y = &y.name),
            Format::Significant(4),
        ),
        (Some(y), Value::Sum | Value::Auto) => (
            msg!(
                "explore.chart.heat_sum",
                "Sum of {y} by {x} and {rows}",
                y = &y.name,
                x = x,
                rows = rows
            ),
            msg!("explore.chart.sum_axis", "Sum of {y}", y = &y.name),
            Format::General,
        ),
        _ => (
            msg!(
                "explore.chart.heat_count",
                "Rows by {x} and {rows}",
                x = x,
                rows = rows
            ),
            msg!("explore.chart.rows", "Rows"),
            Format::Integer,
        ),
    }
}
