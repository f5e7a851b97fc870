//! Box plots and violins of each level, by colour side by side.

use super::Drawn;
use super::data::{Data, axis, empty, numbers};
use crate::frame::spread::{outlier_points, outline, tukey_box};
use crate::msg;
use crate::report::{Chart, Format, Mark, Msg};
use crate::stats::density::silverman_bandwidth;
use crate::stats::descriptive::quantile;
use crate::table::{Column, Levels};

/// Of a level's place, what its boxes take.
const SHARE: f64 = 0.7;

pub fn boxes(data: &Data, y: &Column) -> Drawn {
    let levels = data.levels()?;
    let groups = sorted(data, &levels, y)?;
    let mut thinned = 0;
    let mut charts = Vec::new();
    for facet in 0..data.n_facets() {
        let mut marks = Vec::new();
        for colour in 0..data.colours.count() {
            let (middle, width) = data.beside(colour, SHARE);
            let tone = data.colours.tone(colour);
            for (level, sorted) in groups[data.group(facet, colour)].iter().enumerate() {
                let at = level as f64 + middle;
                marks.extend(tukey_box(sorted, data.along(), at, width * 0.8, tone));
                let (points, n) = outlier_points(sorted, data.along(), at, tone);
                marks.extend(points);
                thinned += n;
            }
        }
        let (across, up) = data.turned(&levels, axis(y));
        charts.push(Chart::new("box", by(data, y), across, up).marks(marks));
    }
    if thinned > 0 {
        for chart in &mut charts {
            chart.caption = Some(msg!(
                "explore.chart.outliers",
                "Of {n} outliers, some in even steps and the outermost are drawn.",
                n = thinned
            ));
        }
    }
    Ok((
        charts,
        medians(data, &levels, &groups).into_iter().collect(),
    ))
}

pub fn violins(data: &Data, y: &Column) -> Drawn {
    let levels = data.levels()?;
    let groups = sorted(data, &levels, y)?;
    let outlines: Vec<Vec<_>> = groups
        .iter()
        .map(|levels| {
            let outline = |v: &Vec<f64>| silverman_bandwidth(v).map(|h| outline(v, h));
            levels.iter().map(outline).collect()
        })
        .collect();
    let heights = outlines.iter().flatten().flatten().flat_map(|o| &o.1);
    let greatest = heights.copied().fold(0.0, f64::max);
    let mut charts = Vec::new();
    for facet in 0..data.n_facets() {
        let mut marks = Vec::new();
        for colour in 0..data.colours.count() {
            let (middle, width) = data.beside(colour, 0.88);
            let tone = data.colours.tone(colour);
            let group = data.group(facet, colour);
            for (level, sorted) in groups[group].iter().enumerate() {
                let at = level as f64 + middle;
                if let Some((value, density)) = outlines[group][level].clone() {
                    marks.push(Mark::Violin {
                        along: data.along(),
                        at,
                        scale: width / 2.0 / greatest,
                        value,
                        density,
                        tone,
                    });
                }
                marks.extend(tukey_box(sorted, data.along(), at, width * 0.1, tone));
            }
        }
        let (across, up) = data.turned(&levels, axis(y));
        charts.push(Chart::new("violin", by(data, y), across, up).marks(marks));
    }
    Ok((
        charts,
        medians(data, &levels, &groups).into_iter().collect(),
    ))
}

/// The values of each group's levels, ascending.
fn sorted(
    data: &Data,
    levels: &Levels,
    y: &Column,
) -> Result<Vec<Vec<Vec<f64>>>, crate::spec::RunError> {
    let mut groups = data.by_level(levels, &numbers("y", y)?);
    let values = groups.iter_mut().flatten();
    values.for_each(|v| v.sort_unstable_by(f64::total_cmp));
    if groups.iter().flatten().all(Vec::is_empty) {
        return Err(empty(y));
    }
    Ok(groups)
}

fn by(data: &Data, y: &Column) -> Msg {
    msg!(
        "explore.chart.by",
        "{y} by {x}",
        y = &y.name,
        x = &data.x.name
    )
}

/// Where the median is highest.
fn medians(data: &Data, levels: &Levels, groups: &[Vec<Vec<f64>>]) -> Option<Msg> {
    let mut best: Option<(usize, usize, f64)> = None;
    for (place, group) in groups.iter().enumerate() {
        for (level, v) in group.iter().enumerate().filter(|(_, v)| !v.is_empty()) {
            let median = quantile(v, 0.5);
            if best.is_none_or(|(_, _, other)| median > other) {
                best = Some((place, level, median));
            }
        }
    }
    best.map(|(group, level, median)| {
        msg!(
            "explore.chart.highest_median",
            "The median is highest in “{level}”: {median}.",
            level = data.name_of(&levels.names[level], group),
            median = (median, Format::General)
        )
    })
}
