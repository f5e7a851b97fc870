//! Histograms and densities of the column across.

use super::Drawn;
use super::data::{Data, axis, empty, rows_axis};
use crate::frame::spread::curve;
use crate::msg;
use crate::report::{Along, Axis, Chart, Mark, Msg};
use crate::stats::density::silverman_bandwidth;
use crate::stats::histogram::{BinRule, histogram};

/// Counts in bins, the colours on one another.
pub fn histograms(data: &Data) -> Drawn {
    let groups = data.by_group(&data.x_numbers()?);
    let all: Vec<f64> = groups.concat();
    let rule = data
        .options
        .bins
        .map_or(BinRule::FreedmanDiaconis, BinRule::Count);
    let Some(bins) = histogram(&all, rule) else {
        return Err(empty(data.x));
    };
    let n_bins = bins.counts.len();
    let charts = (0..data.n_facets())
        .map(|facet| {
            let mut below = vec![0.0; n_bins];
            let marks = (0..data.colours.count()).map(|colour| {
                let counts = counts(&groups[data.group(facet, colour)], &bins.edges);
                let top: Vec<f64> = below.iter().zip(&counts).map(|(b, c)| b + c).collect();
                Mark::Bars {
                    along: Along::X,
                    from: bins.edges[..n_bins].to_vec(),
                    to: bins.edges[1..].to_vec(),
                    base: std::mem::replace(&mut below, top.clone()),
                    length: top,
                    tone: data.colours.tone(colour),
                }
            });
            let marks: Vec<Mark> = marks.collect();
            Chart::new("histogram", distribution(data), axis(data.x), rows_axis()).marks(marks)
        })
        .collect();
    let tallest = (0..n_bins)
        .rev()
        .max_by_key(|&b| bins.counts[b])
        .expect("at least one bin");
    let format = axis(data.x).format;
    let line = msg!(
        "explore.chart.histogram",
        "The tallest bar, {low} to {high}, holds {n} of {all} {all|row|rows}.",
        low = (bins.edges[tallest], format),
        high = (bins.edges[tallest + 1], format),
        n = bins.counts[tallest],
        all = all.len()
    );
    Ok((charts, vec![line]))
}

/// A bin holds its lower edge, the last one its upper edge too.
#[inline(never)]
fn counts(values: &[f64], edges: &[f64]) -> Vec<f64> {
    let n_bins = edges.len() - 1;
    let mut counts = vec![0.0; n_bins];
    for v in values {
        let bin = edges.partition_point(|edge| edge <= v);
        counts[bin.saturating_sub(1).min(n_bins - 1)] += 1.0;
    }
    counts
}

/// Densities of the colours over one another.
pub fn densities(data: &Data) -> Drawn {
    let mut groups = data.by_group(&data.x_numbers()?);
    if groups.iter().all(Vec::is_empty) {
        return Err(empty(data.x));
    }
    groups
        .iter_mut()
        .for_each(|g| g.sort_unstable_by(f64::total_cmp));
    let charts: Vec<Chart> = (0..data.n_facets())
        .map(|facet| {
            let marks = (0..data.colours.count()).filter_map(|colour| {
                let sorted = &groups[data.group(facet, colour)];
                let h = silverman_bandwidth(sorted)?;
                let (at, top) = curve(sorted, h);
                Some(Mark::Area {
                    base: vec![0.0; at.len()],
                    top,
                    x: at,
                    tone: data.colours.tone(colour),
                })
            });
            Chart::new(
                "density",
                distribution(data),
                axis(data.x),
                Axis::linear(msg!("explore.chart.density", "Density")).from_zero(),
            )
            .marks(marks)
        })
        .collect();
    Ok((charts, Vec::new()))
}

fn distribution(data: &Data) -> Msg {
    msg!(
        "explore.chart.distribution",
        "Distribution of {x}",
        x = &data.x.name
    )
}
