//! A chart's own titles, ends of axes and logarithms, and one scale for small charts.

use super::Options;
use crate::msg;
use crate::report::{Along, Axis, Chart, Mark, Msg, Scale};
use crate::spec::RunError;

/// Titles, ends and logarithms as the options have them.
pub fn dress(options: &Options, chart: &mut Chart) -> Result<(), RunError> {
    let given = |text: &String| (!text.trim().is_empty()).then(|| Msg::verbatim(text.trim()));
    if let Some(title) = given(&options.title) {
        chart.title = title;
    }
    if let Some(title) = given(&options.x_title) {
        chart.x.title = title;
    }
    if let Some(title) = given(&options.y_title) {
        chart.y.title = title;
    }
    ends(
        &mut chart.x,
        ["x_low", "x_high"],
        [options.x_low, options.x_high],
    )?;
    ends(
        &mut chart.y,
        ["y_low", "y_high"],
        [options.y_low, options.y_high],
    )?;
    logarithms(&mut chart.x, "x_log", options.x_log)?;
    logarithms(&mut chart.y, "y_log", options.y_log)
}

fn ends(axis: &mut Axis, names: [&str; 2], [low, high]: [Option<f64>; 2]) -> Result<(), RunError> {
    let Some(first) = [low, high].iter().position(Option::is_some) else {
        return Ok(());
    };
    if !matches!(axis.scale, Scale::Linear | Scale::Log) {
        return Err(RunError::option(
            names[first],
            msg!(
                "explore.chart.no_ends",
                "This axis shows no plain numbers, so its ends cannot be set. Leave them empty."
            ),
        ));
    }
    if matches!((low, high), (Some(low), Some(high)) if low >= high) {
        return Err(RunError::option(
            names[1],
            msg!(
                "explore.chart.ends",
                "The end of the axis must lie above its beginning."
            ),
        ));
    }
    axis.limits.low = low.or(axis.limits.low);
    axis.limits.high = high.or(axis.limits.high);
    Ok(())
}

fn logarithms(axis: &mut Axis, name: &str, wanted: bool) -> Result<(), RunError> {
    if !wanted {
        return Ok(());
    }
    if axis.scale != Scale::Linear {
        return Err(RunError::option(
            name,
            msg!(
                "explore.chart.no_log",
                "This axis shows no plain numbers, so it has no logarithms."
            ),
        ));
    }
    if axis.limits.low.is_some_and(|low| low <= 0.0) {
        return Err(RunError::option(
            name,
            msg!(
                "explore.chart.log_from",
                "An axis in logarithms begins above zero. Let it begin higher, or leave its beginning empty."
            ),
        ));
    }
    axis.scale = Scale::Log;
    axis.zero = false;
    Ok(())
}

/// Gives all charts the ends that the values of all of them need.
pub fn share_scales(charts: &mut [Chart]) {
    let (mut x, mut y) = (Reach::default(), Reach::default());
    for chart in charts.iter() {
        let (log_x, log_y) = (chart.x.scale == Scale::Log, chart.y.scale == Scale::Log);
        (x.zero, y.zero) = (x.zero || chart.x.zero, y.zero || chart.y.zero);
        for mark in &chart.marks {
            reach(mark, &mut |v| x.add(v, log_x), &mut |v| y.add(v, log_y));
        }
        let bars = |side: Along| {
            let stands = |m: &Mark| matches!(m, Mark::Bars { along, .. } if *along == side);
            chart.marks.iter().any(stands)
        };
        y.zero = y.zero || bars(Along::X);
        x.zero = x.zero || bars(Along::Y);
    }
    for chart in charts {
        for (axis, reach) in [(&mut chart.x, &x), (&mut chart.y, &y)] {
            if matches!(axis.scale, Scale::Category(_)) {
                continue;
            }
            if let Some((low, high)) = reach.ends(axis.scale == Scale::Log) {
                axis.limits.low = axis.limits.low.or(Some(low));
                axis.limits.high = axis.limits.high.or(Some(high));
            }
        }
    }
}

/// The least and the greatest value of an axis.
#[derive(Default)]
struct Reach {
    ends: Option<(f64, f64)>,
    zero: bool,
}

impl Reach {
    fn add(&mut self, v: f64, log: bool) {
        if v.is_finite() && (!log || v > 0.0) {
            let (low, high) = self.ends.unwrap_or((v, v));
            self.ends = Some((low.min(v), high.max(v)));
        }
    }

    /// With a twentieth of room at each end that is not zero; in logarithms a twentieth of the ratio.
    fn ends(&self, log: bool) -> Option<(f64, f64)> {
        let (low, high) = self.ends?;
        if log {
            let room = libm::pow(high / low, 0.05).max(1.05);
            return Some((low / room, high * room));
        }
        let (low, high) = match self.zero {
            true => (low.min(0.0), high.max(0.0)),
            false => (low, high),
        };
        let room = match (high - low) * 0.05 {
            room if room > 0.0 => room,
            _ => (low.abs() * 0.1).max(0.5),
        };
        let outward = |end: f64, room: f64| {
            if end == 0.0 && self.zero {
                end
            } else {
                end + room
            }
        };
        let ends = (outward(low, -room), outward(high, room));
        (ends.0.is_finite() && ends.1.is_finite()).then_some(ends)
    }
}

fn reach(mark: &Mark, x: &mut dyn FnMut(f64), y: &mut dyn FnMut(f64)) {
    let mut turned = |along: &Along, at: &[f64], values: &[&[f64]]| {
        let (place, value): (&mut dyn FnMut(f64), &mut dyn FnMut(f64)) = match along {
            Along::X => (&mut *x, &mut *y),
            Along::Y => (&mut *y, &mut *x),
        };
        at.iter().for_each(|v| place(*v));
        values.iter().flat_map(|v| v.iter()).for_each(|v| value(*v));
    };
    match mark {
        Mark::Points { x, y, .. } | Mark::Line { x, y, .. } | Mark::Bubbles { x, y, .. } => {
            turned(&Along::X, x, &[y])
        }
        Mark::Band { x, low, high, .. } => turned(&Along::X, x, &[low, high]),
        Mark::Area { x, base, top, .. } => turned(&Along::X, x, &[base, top]),
        Mark::Bars {
            along,
            from,
            to,
            base,
            length,
            ..
        } => {
            turned(along, from, &[base, length]);
            turned(along, to, &[]);
        }
        Mark::Intervals {
            along,
            at,
            centre,
            low,
            high,
            ..
        } => turned(along, at, &[centre, low, high]),
        Mark::Boxes {
            along,
            at,
            low,
            high,
            ..
        } => turned(along, at, &[low, high]),
        Mark::Violin {
            along, at, value, ..
        } => turned(along, &[*at], &[value]),
        Mark::Density { x, y, .. } => turned(&Along::X, &[x.0, x.1], &[&[y.0, y.1]]),
        Mark::Rule { .. } | Mark::Tiles { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Tone;

    #[test]
    fn small_charts_share_their_scales() {
        let chart = |y: f64| {
            let axis = || Axis::linear(Msg::verbatim(""));
            Chart::new("c", Msg::verbatim(""), axis(), axis()).mark(Mark::line(
                vec![0.0, 10.0],
                vec![0.0, y],
                Tone::Accent,
            ))
        };
        let mut charts = [chart(20.0), chart(100.0)];
        charts[0].y.limits.high = Some(50.0);
        share_scales(&mut charts);
        let ends = charts.each_ref().map(|c| (c.x.limits, c.y.limits.high));
        assert_eq!(ends[0].0, ends[1].0);
        assert_eq!(ends[0].0.high, Some(10.5));
        assert_eq!((ends[0].1, ends[1].1), (Some(50.0), Some(105.0)));
    }
}
