//! Scatters with a straight or a smooth line, and bubbles.

use super::Drawn;
use super::data::{Data, axis, numbers};
use crate::msg;
use crate::report::{Chart, Format, Mark, Msg, Tone, points_or_density};
use crate::spec::{Input, RunError};
use crate::stats::density::evenly;
use crate::stats::lowess::{LowessOptions, lowess};
use crate::stats::progress::{Cancelled, Progress};
use crate::table::Column;

/// Bubbles of a chart; of more rows, one in so many.
const MAX_BUBBLES: usize = 2000;

/// A smooth line is drawn through at most so many places.
const MAX_PLACES: usize = 200;

pub fn points(data: &Data, y: &Column, tick: &mut Progress) -> Drawn {
    let (xs, ys) = (data.x_numbers()?, numbers("y", y)?);
    let n_colours = data.colours.count();
    let rows = rows_of_facets(data);
    let mut lines = Vec::new();
    let mut charts = Vec::new();
    let n_facets = rows.len() as f32;
    for (facet, rows) in rows.iter().enumerate() {
        let x: Vec<f64> = rows.iter().map(|r| xs[r.0]).collect();
        let y_of: Vec<f64> = rows.iter().map(|r| ys[r.0]).collect();
        let series: Option<Vec<u32>> = data
            .colours
            .codes
            .as_ref()
            .map(|_| rows.iter().map(|r| (r.1 % n_colours) as u32).collect());
        let (mut marks, caption) = points_or_density(&x, &y_of, series.as_deref());
        if series.is_none() {
            for mark in &mut marks {
                if let Mark::Points { tone, .. } = mark {
                    *tone = Tone::Accent;
                }
            }
        }
        if let Some(fit) = StraightLine::through(&x, &y_of) {
            if data.facets.is_empty() {
                lines.push(msg!(
                    "explore.chart.correlation",
                    "{strength} (r = {r}, {n} rows).",
                    strength = fit.strength(),
                    r = (fit.r, Format::Fixed(2)),
                    n = fit.n
                ));
            }
            if data.options.trend {
                marks.push(fit.mark(data.options.x_log || data.options.y_log));
            }
        }
        if data.options.smooth {
            let mut tick = |part: f32| tick((facet as f32 + part) / n_facets);
            smooth_lines(data, &x, &y_of, series.as_deref(), &mut marks, &mut tick)
                .map_err(|_| RunError::Cancelled)?;
        }
        let mut chart = Chart::new("scatter", against(data, y), axis(data.x), axis(y)).marks(marks);
        chart.caption = caption;
        charts.push(chart);
    }
    Ok((charts, lines))
}

/// A smooth line through the points of each colour.
fn smooth_lines(
    data: &Data,
    x: &[f64],
    y: &[f64],
    series: Option<&[u32]>,
    marks: &mut Vec<Mark>,
    tick: &mut Progress,
) -> Result<(), Cancelled> {
    let options = LowessOptions {
        span: data.options.span,
        n_robust: data.options.robust,
        ..LowessOptions::default()
    };
    let n_colours = series.map_or(1, |_| data.colours.count());
    for colour in 0..n_colours {
        let mut tick = |part: f32| tick((colour as f32 + part) / n_colours as f32);
        let found = match series {
            None => lowess(x, y, options, &mut tick)?,
            Some(series) => {
                let of = |v: &[f64]| -> Vec<f64> {
                    let both = v.iter().zip(series);
                    let own = both.filter(|(_, s)| **s as usize == colour);
                    own.map(|(v, _)| *v).collect()
                };
                lowess(&of(x), &of(y), options, &mut tick)?
            }
        };
        let tone = match series {
            None => Tone::Muted,
            Some(_) => data.colours.tone(colour),
        };
        marks.extend(found.map(|line| {
            let (places, heights) = line.within(MAX_PLACES);
            Mark::line(places, heights, tone)
        }));
    }
    Ok(())
}

pub fn bubbles(data: &Data, y: &Column, input: &Input) -> Drawn {
    let Some(size) = &data.options.size else {
        return Err(RunError::option(
            "size",
            msg!(
                "explore.chart.needs_size",
                "Choose the column that the areas of bubbles show."
            ),
        ));
    };
    let size = input.column("size", size)?;
    let (xs, ys, sizes) = (data.x_numbers()?, numbers("y", y)?, numbers("size", size)?);
    if sizes.iter().any(|s| *s < 0.0) {
        return Err(RunError::option(
            "size",
            msg!(
                "explore.chart.negative_size",
                "“{column}” has values below zero, which no area can show.",
                column = &size.name
            ),
        ));
    }
    let has_all = |r: &usize| xs[*r].is_finite() && ys[*r].is_finite() && sizes[*r].is_finite();
    let mut rows = rows_of_facets(data);
    rows.iter_mut()
        .for_each(|rows| rows.retain(|(r, _)| has_all(r)));
    let all = rows.iter().flatten();
    let largest = all.map(|r| sizes[r.0]).fold(0.0, f64::max);
    let charts = rows.iter().map(|rows| {
        let stride = rows.len().div_ceil(MAX_BUBBLES).max(1);
        let marks = (0..data.colours.count()).filter_map(|colour| {
            let n_colours = data.colours.count();
            let rows = rows.iter().step_by(stride);
            let of: Vec<usize> = rows
                .filter(|r| r.1 % n_colours == colour)
                .map(|r| r.0)
                .collect();
            let pick = |v: &[f64]| of.iter().map(|&r| v[r]).collect();
            (!of.is_empty()).then(|| Mark::Bubbles {
                x: pick(&xs),
                y: pick(&ys),
                size: pick(&sizes),
                largest,
                title: Msg::verbatim(&size.name),
                tone: data.colours.tone(colour),
            })
        });
        let chart = Chart::new("bubble", against(data, y), axis(data.x), axis(y)).marks(marks);
        chart.caption(match stride {
            1 => msg!(
                "explore.chart.areas",
                "Areas show {size}, up to {largest}.",
                size = &size.name,
                largest = largest
            ),
            _ => msg!(
                "explore.chart.areas_thinned",
                "Areas show {size}, up to {largest}. Of every {n} rows one is drawn.",
                size = &size.name,
                largest = largest,
                n = stride
            ),
        })
    });
    Ok((charts.collect(), Vec::new()))
}

/// The rows of each small chart, with their groups.
fn rows_of_facets(data: &Data) -> Vec<Vec<(usize, usize)>> {
    let of = data.group_of();
    let mut rows = vec![Vec::new(); data.n_facets()];
    for row in 0..data.x.len() {
        if let Some(group) = of(row) {
            rows[group / data.colours.count()].push((row, group));
        }
    }
    rows
}

fn against(data: &Data, y: &Column) -> Msg {
    msg!(
        "explore.chart.against",
        "{y} against {x}",
        y = &y.name,
        x = &data.x.name
    )
}

/// Ordinary least squares of one number on another.
struct StraightLine {
    mean_x: f64,
    mean_y: f64,
    slope: f64,
    r: f64,
    n: usize,
    x_range: (f64, f64),
}

impl StraightLine {
    /// `None` with fewer than three pairs or when one side does not vary.
    fn through(x: &[f64], y: &[f64]) -> Option<Self> {
        let pairs: Vec<(f64, f64)> = x
            .iter()
            .copied()
            .zip(y.iter().copied())
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .collect();
        let n = pairs.len();
        if n < 3 {
            return None;
        }
        let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(|p| of(p) / n as f64).sum::<f64>();
        let (mean_x, mean_y) = (mean(|p| p.0), mean(|p| p.1));
        let reach = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).fold(0.0, f64::max);
        let (reach_x, reach_y) = (
            reach(&|p| (p.0 - mean_x).abs()),
            reach(&|p| (p.1 - mean_y).abs()),
        );
        if reach_x == 0.0 || reach_y == 0.0 || !reach_x.is_finite() || !reach_y.is_finite() {
            return None;
        }
        // In units of the farthest values, squares neither overflow nor vanish.
        let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
        for (x, y) in &pairs {
            let (dx, dy) = ((x - mean_x) / reach_x, (y - mean_y) / reach_y);
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        let x_range = pairs
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), p| {
                (lo.min(p.0), hi.max(p.0))
            });
        Some(Self {
            mean_x,
            mean_y,
            slope: xy / xx * (reach_y / reach_x),
            r: xy / (xx * yy).sqrt(),
            n,
            x_range,
        })
    }

    /// In logarithms a straight line bends, so it takes more points than its ends.
    fn mark(&self, bends: bool) -> Mark {
        let (low, high) = self.x_range;
        let x = match bends {
            true => evenly(low, high, 200),
            false => vec![low, high],
        };
        Mark::Line {
            y: x.iter().map(|&x| self.at(x)).collect(),
            x,
            tone: Tone::Muted,
            dashed: true,
            dots: false,
        }
    }

    fn at(&self, x: f64) -> f64 {
        self.mean_y + self.slope * (x - self.mean_x)
    }

    /// Cohen's (1988) steps of 0.1, 0.3 and 0.5.
    fn strength(&self) -> Msg {
        match (self.r.abs(), self.r > 0.0) {
            (0.5.., true) => msg!("explore.chart.strong_up", "They rise together, strongly"),
            (0.5.., false) => msg!(
                "explore.chart.strong_down",
                "One falls as the other rises, strongly"
            ),
            (0.3.., true) => msg!("explore.chart.fair_up", "They rise together, moderately"),
            (0.3.., false) => msg!(
                "explore.chart.fair_down",
                "One falls as the other rises, moderately"
            ),
            (0.1.., true) => msg!("explore.chart.weak_up", "They rise together, weakly"),
            (0.1.., false) => msg!(
                "explore.chart.weak_down",
                "One falls as the other rises, weakly"
            ),
            _ => msg!(
                "explore.chart.unrelated",
                "There is hardly any straight-line relation"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_more_points_in_logarithms() {
        let fit = StraightLine::through(&[1.0, 10.0, 100.0], &[3.0, 21.0, 201.0]).unwrap();
        let check = |bends: bool, n: usize| {
            let Mark::Line { x, y, .. } = fit.mark(bends) else {
                panic!("a line")
            };
            assert_eq!((x.len(), x[0], x[n - 1]), (n, 1.0, 100.0));
            let off = x.iter().zip(&y).map(|(x, y)| (y - 2.0 * x - 1.0).abs());
            assert!(off.fold(0.0, f64::max) < 1e-9);
        };
        check(false, 2);
        check(true, 200);
    }
}
