//! Means with their intervals.

use super::data::{Data, axis, numbers};
use super::{Drawn, Spread};
use crate::msg;
use crate::report::{Chart, Format, Mark, Msg};
use crate::spec::RunError;
use crate::stats::descriptive::Moments;
use crate::stats::distributions::student_t;
use crate::table::{Column, Levels};

/// The moments of each group's levels.
pub struct Means {
    groups: Vec<Vec<Moments>>,
}

pub fn means(data: &Data, y: &Column) -> Drawn {
    let levels = data.levels()?;
    let means = Means::of(data, &levels, y)?;
    let charts = (0..data.n_facets())
        .map(|facet| {
            let marks = (0..data.colours.count()).map(|colour| {
                let middle = match data.colours.count() {
                    1 => 0.0,
                    _ => data.beside(colour, 0.6).0,
                };
                means.intervals(data, colour, middle, means.group(data, facet, colour))
            });
            let (across, up) = data.turned(&levels, axis(y));
            Chart::new("means", means.title(data, y), across, up).marks(marks)
        })
        .collect();
    Ok((charts, means.highest(data, &levels).into_iter().collect()))
}

/// How far an interval reaches to each side of a mean; NaN with fewer than two values.
pub fn half_width(spread: Spread, level: f64, m: &Moments) -> f64 {
    match spread {
        _ if m.n < 2 => f64::NAN,
        Spread::Auto | Spread::Interval => {
            student_t::quantile(0.5 + level / 2.0, m.n as f64 - 1.0) * m.se_mean()
        }
        Spread::Se => m.se_mean(),
        Spread::Sd => m.sd(),
        Spread::None => f64::NAN,
    }
}

impl Means {
    pub fn of(data: &Data, levels: &Levels, y: &Column) -> Result<Self, RunError> {
        let values = numbers("y", y)?;
        let groups = data.by_level(levels, &values);
        let moments = |levels: &Vec<Vec<f64>>| levels.iter().map(|v| Moments::of(v)).collect();
        Ok(Self {
            groups: groups.iter().map(moments).collect(),
        })
    }

    pub fn group(&self, data: &Data, facet: usize, colour: usize) -> &[Moments] {
        &self.groups[data.group(facet, colour)]
    }

    pub fn intervals(&self, data: &Data, colour: usize, middle: f64, found: &[Moments]) -> Mark {
        let half: Vec<f64> = found
            .iter()
            .map(|m| half_width(data.spread(Spread::Interval), data.options.level, m))
            .collect();
        Mark::Intervals {
            along: data.along(),
            at: (0..found.len()).map(|l| l as f64 + middle).collect(),
            centre: found.iter().map(|m| m.mean).collect(),
            low: found.iter().zip(&half).map(|(m, h)| m.mean - h).collect(),
            high: found.iter().zip(&half).map(|(m, h)| m.mean + h).collect(),
            tone: data.colours.tone(colour),
            n: found.iter().map(|m| m.n as u64).collect(),
        }
    }

    pub fn title(&self, data: &Data, y: &Column) -> Msg {
        let (x, y) = (&data.x.name, &y.name);
        match data.spread(Spread::Interval) {
            Spread::Auto | Spread::Interval => msg!(
                "explore.chart.mean_by",
                "Mean of {y} by {x}, with {level} intervals",
                y = y,
                x = x,
                level = (data.options.level, Format::Percent(0))
            ),
            Spread::Se => msg!(
                "explore.chart.mean_se",
                "Mean of {y} by {x}, with one standard error",
                y = y,
                x = x
            ),
            Spread::Sd => msg!(
                "explore.chart.mean_sd",
                "Mean of {y} by {x}, with one standard deviation",
                y = y,
                x = x
            ),
            Spread::None => msg!(
                "explore.chart.mean_alone",
                "Mean of {y} by {x}",
                y = y,
                x = x
            ),
        }
    }

    /// Where the mean is highest.
    pub fn highest(&self, data: &Data, levels: &Levels) -> Option<Msg> {
        let mut best: Option<(usize, usize, f64)> = None;
        for (place, group) in self.groups.iter().enumerate() {
            for (level, m) in group.iter().enumerate().filter(|(_, m)| m.n > 0) {
                if best.is_none_or(|(_, _, mean)| m.mean > mean) {
                    best = Some((place, level, m.mean));
                }
            }
        }
        best.map(|(group, level, mean)| {
            msg!(
                "explore.chart.highest",
                "The mean is highest in “{level}”: {mean}.",
                level = data.name_of(&levels.names[level], group),
                mean = mean
            )
        })
    }
}
