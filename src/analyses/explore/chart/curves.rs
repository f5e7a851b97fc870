//! Lines and areas: the mean, the sum or the rows at each value across.

use super::data::{Data, axis, empty, numbers, rows_axis};
use super::means::half_width;
use super::{Drawn, Spread, Stack, Value};
use crate::msg;
use crate::report::{Axis, Chart, Format, MAX_POINTS, Mark, Msg};
use crate::spec::RunError;
use crate::stats::descriptive::Moments;

/// What a group has at each of its values across, ascending.
#[derive(Clone, Default)]
struct Curve {
    at: Vec<f64>,
    height: Vec<f64>,
    /// Half of the interval around each mean.
    half: Vec<f64>,
}

pub fn lines(data: &Data) -> Drawn {
    let value = data.value(Value::Mean);
    let with_intervals = value == Value::Mean && data.spread(Spread::None) != Spread::None;
    let curves = curves(data, value, with_intervals)?;
    let charts = (0..data.n_facets())
        .map(|facet| {
            let mut marks = Vec::new();
            for colour in 0..data.colours.count() {
                let curve = &curves[data.group(facet, colour)];
                let tone = data.colours.tone(colour);
                if with_intervals {
                    let ends = |sign: f64| {
                        let pairs = curve.height.iter().zip(&curve.half);
                        pairs.map(|(m, h)| m + sign * h).collect()
                    };
                    marks.push(Mark::Band {
                        x: curve.at.clone(),
                        low: ends(-1.0),
                        high: ends(1.0),
                        tone,
                    });
                }
                marks.push(Mark::line(curve.at.clone(), curve.height.clone(), tone));
            }
            let (title, values) = titles(data, value);
            Chart::new("line", title, axis(data.x), values).marks(marks)
        })
        .collect();
    Ok((charts, Vec::new()))
}

pub fn areas(data: &Data) -> Drawn {
    let value = data.value(Value::Sum);
    if value == Value::Mean && data.is_stacked() && data.colours.count() > 1 {
        return Err(data.stacked_means());
    }
    let curves = curves(data, value, false)?;
    let mut at: Vec<f64> = curves.iter().flat_map(|c| c.at.iter().copied()).collect();
    at.sort_unstable_by(f64::total_cmp);
    at.dedup();
    let full = |curve: &Curve| {
        let mut heights = vec![0.0; at.len()];
        for (x, height) in curve.at.iter().zip(&curve.height) {
            heights[at.partition_point(|a| a < x)] = *height;
        }
        heights
    };
    let is_stacked = data.is_stacked();
    let mut charts = Vec::new();
    for facet in 0..data.n_facets() {
        let heights: Vec<Vec<f64>> = (0..data.colours.count())
            .map(|colour| full(&curves[data.group(facet, colour)]))
            .collect();
        if is_stacked && heights.iter().flatten().any(|h| *h < 0.0) {
            return Err(RunError::option(
                "stack",
                msg!(
                    "explore.chart.negative_areas",
                    "Some values are below zero, so areas cannot lie on one another. Let them lie over one another."
                ),
            ));
        }
        let whole = |i: usize| match data.options.stack {
            Stack::Filled => heights.iter().map(|h| h[i]).sum::<f64>(),
            _ => 1.0,
        };
        let whole: Vec<f64> = (0..at.len()).map(whole).collect();
        let mut below = vec![0.0; at.len()];
        let mut marks = Vec::new();
        for (colour, heights) in heights.iter().enumerate() {
            let base = match is_stacked {
                true => below.clone(),
                false => vec![0.0; at.len()],
            };
            let top: Vec<f64> = (0..at.len())
                .map(|i| {
                    base[i]
                        + if whole[i] > 0.0 {
                            heights[i] / whole[i]
                        } else {
                            0.0
                        }
                })
                .collect();
            below.copy_from_slice(&top);
            marks.push(Mark::Area {
                x: at.clone(),
                base,
                top,
                tone: data.colours.tone(colour),
            });
        }
        let (title, values) = titles(data, value);
        let values = match data.options.stack {
            Stack::Filled => Axis::linear(msg!("explore.chart.share", "Share"))
                .from_zero()
                .limits(None, Some(1.0))
                .format(Format::Percent(0)),
            _ => values.from_zero(),
        };
        charts.push(Chart::new("area", title, axis(data.x), values).marks(marks));
    }
    Ok((charts, Vec::new()))
}

fn curves(data: &Data, value: Value, with_intervals: bool) -> Result<Vec<Curve>, RunError> {
    let x = data.x_numbers()?;
    let y = data.y.map(|y| numbers("y", y)).transpose()?;
    let of = data.group_of();
    let mut pairs: Vec<Vec<(f64, f64)>> = vec![Vec::new(); data.n_groups()];
    for (row, &x) in x.iter().enumerate().filter(|(_, x)| x.is_finite()) {
        let y = y.as_ref().map_or(1.0, |y| y[row]);
        if let (Some(group), true) = (of(row), y.is_finite()) {
            pairs[group].push((x, y));
        }
    }
    if pairs.iter().all(Vec::is_empty) {
        return Err(empty(data.y.unwrap_or(data.x)));
    }
    let curves: Vec<Curve> = pairs
        .into_iter()
        .map(|pairs| curve(data, pairs, value, with_intervals))
        .collect();
    let longest = curves.iter().map(|c| c.at.len()).max().unwrap_or(0);
    if longest > MAX_POINTS {
        return Err(RunError::option(
            "x",
            msg!(
                "explore.chart.long_line",
                "“{x}” has {n} different values, too many for a line. Group it first.",
                x = &data.x.name,
                n = longest
            ),
        ));
    }
    Ok(curves)
}

fn curve(data: &Data, mut pairs: Vec<(f64, f64)>, value: Value, with_intervals: bool) -> Curve {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut curve = Curve::default();
    for same in pairs.chunk_by(|a, b| a.0 == b.0) {
        let sum: f64 = same.iter().map(|p| p.1).sum();
        curve.at.push(same[0].0);
        curve.height.push(match value {
            Value::Mean => sum / same.len() as f64,
            Value::Count => same.len() as f64,
            Value::Sum | Value::Auto => sum,
        });
        if with_intervals {
            let values: Vec<f64> = same.iter().map(|p| p.1).collect();
            let (spread, level) = (data.spread(Spread::None), data.options.level);
            curve
                .half
                .push(half_width(spread, level, &Moments::of(&values)));
        }
    }
    curve
}

fn titles(data: &Data, value: Value) -> (Msg, Axis) {
    let x = &data.x.name;
    match (data.y, value) {
        (Some(y), Value::Mean) => (
            msg!(
                "explore.chart.mean_over",
                "Mean of {y} over {x}",
                y = &y.name,
                x = x
            ),
            axis(y),
        ),
        (Some(y), Value::Sum | Value::Auto) => (
            msg!(
                "explore.chart.sum_over",
                "Sum of {y} over {x}",
                y = &y.name,
                x = x
            ),
            Axis::linear(msg!("explore.chart.sum_axis", "Sum of {y}", y = &y.name)),
        ),
        _ => (
            msg!("explore.chart.count_over", "Rows over {x}", x = x),
            rows_axis(),
        ),
    }
}
