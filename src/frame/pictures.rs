//! Charts that many reports share.

use crate::msg;
use crate::report::{Along, Axis, Chart, Format, Mark, Msg, Scale, Tone};
use crate::stats::descriptive::{Moments, sorted};
use crate::stats::normality::normal_scores;

/// Points of a normal quantile plot; more values are thinned evenly.
const MAX_QUANTILES: usize = 1000;
/// More values than this are sampled evenly before they are put in order.
const MAX_SORTED: usize = 20_000;
/// With more values than this in all, single values are not drawn beside the means.
const MAX_VALUES: usize = 1500;

/// Ratios whose intervals pass this, or its inverse, cannot be drawn beside others.
const MAX_RATIO: f64 = 1e6;

/// An interval beside the values that it came from.
pub struct GroupMean<'a> {
    pub name: Msg,
    pub values: &'a [f64],
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

/// Values against those expected if normal, both in standard deviations from the mean. `None`
/// without spread.
pub fn normal_quantiles(key: &str, title: Msg, values: &[f64]) -> Option<Chart> {
    let quantiles = Quantiles::of(values)?;
    let tones = [Tone::Accent];
    Some(quantile_chart(key, title, &[quantiles], &tones))
}

/// The same of several groups, each in standard deviations from its own mean; groups without spread
/// are left out. `None` when none is left.
pub fn normal_quantiles_by_group(key: &str, title: Msg, groups: &[(Msg, &[f64])]) -> Option<Chart> {
    let (names, drawn): (Vec<Msg>, Vec<Quantiles>) = groups
        .iter()
        .filter_map(|(name, values)| Some((name.clone(), Quantiles::of(values)?)))
        .unzip();
    if drawn.is_empty() {
        return None;
    }
    let tones: Vec<Tone> = (0..drawn.len()).map(|i| Tone::Series(i as u16)).collect();
    Some(quantile_chart(key, title, &drawn, &tones).series(names))
}

/// The points of one normal quantile plot.
struct Quantiles {
    expected: Vec<f64>,
    found: Vec<f64>,
    /// Of so many values one was taken.
    stride: usize,
}

impl Quantiles {
    fn of(values: &[f64]) -> Option<Self> {
        let moments = Moments::of(values);
        if !(moments.sd() > 0.0 && moments.sd().is_finite()) {
            return None;
        }
        let stride = values.len().div_ceil(MAX_SORTED);
        let picked: Vec<f64> = values.iter().step_by(stride).copied().collect();
        let ordered = sorted(&picked);
        let n = ordered.len();
        let scores = normal_scores(n);
        let shown: Vec<usize> = match n {
            0..=MAX_QUANTILES => (0..n).collect(),
            _ => (0..MAX_QUANTILES)
                .map(|i| i * (n - 1) / (MAX_QUANTILES - 1))
                .collect(),
        };
        Some(Self {
            expected: shown.iter().map(|&i| scores[i]).collect(),
            found: shown
                .iter()
                .map(|&i| (ordered[i] - moments.mean) / moments.sd())
                .collect(),
            stride,
        })
    }
}

fn quantile_chart(key: &str, title: Msg, drawn: &[Quantiles], tones: &[Tone]) -> Chart {
    let ends = drawn.iter().filter_map(|q| q.expected.last().copied());
    let reach = ends.fold(1.0, f64::max);
    let chart = Chart::new(
        key,
        title,
        Axis::linear(msg!("frame.expected_if_normal", "Expected if normal"))
            .format(Format::Fixed(2)),
        Axis::linear(msg!("frame.in_deviations", "Value in standard deviations"))
            .format(Format::Fixed(2)),
    )
    .mark(Mark::Line {
        x: vec![-reach, reach],
        y: vec![-reach, reach],
        tone: Tone::Muted,
        dashed: true,
        dots: false,
    })
    .marks(drawn.iter().zip(tones).map(|(q, tone)| Mark::Points {
        x: q.expected.clone(),
        y: q.found.clone(),
        tone: *tone,
        names: Vec::new(),
    }));
    match drawn.iter().map(|q| q.stride).max() {
        Some(stride) if stride > 1 => chart.caption(msg!(
            "frame.sampled",
            "Of every {n} values one is shown.",
            n = stride
        )),
        _ => chart,
    }
}

/// Means with their intervals, group by group; behind them the values, when these are not too many.
pub fn means(key: &str, title: Msg, outcome: Msg, grouping: Msg, groups: &[GroupMean]) -> Chart {
    let n_values: usize = groups.iter().map(|g| g.values.len()).sum();
    let names = groups.iter().map(|g| g.name.clone()).collect();
    let mut chart = Chart::new(
        key,
        title,
        Axis::linear(outcome),
        Axis::category(grouping, names),
    );
    if n_values <= MAX_VALUES {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for (i, group) in groups.iter().enumerate() {
            for (j, &value) in group.values.iter().enumerate() {
                x.push(value);
                y.push(i as f64 + scatter(j));
            }
        }
        if !x.is_empty() {
            chart = chart.mark(Mark::Points {
                x,
                y,
                tone: Tone::Muted,
                names: Vec::new(),
            });
        }
    }
    let of = |f: fn(&GroupMean) -> f64| groups.iter().map(f).collect::<Vec<f64>>();
    chart.mark(Mark::Intervals {
        along: Along::Y,
        at: (0..groups.len()).map(|i| i as f64).collect(),
        centre: of(|g| g.mean),
        low: of(|g| g.low),
        high: of(|g| g.high),
        tone: Tone::Accent,
        n: groups.iter().map(|g| g.values.len() as u64).collect(),
    })
}

/// Estimates with their intervals, one line each, and a rule where there is no effect.
pub fn effects(
    key: &str,
    title: Msg,
    axis: Msg,
    lines: &[(Msg, f64, f64, f64)],
    none: f64,
) -> Chart {
    let of = |f: fn(&(Msg, f64, f64, f64)) -> f64| lines.iter().map(f).collect::<Vec<f64>>();
    Chart::new(
        key,
        title,
        Axis::linear(axis),
        Axis::category(
            Msg::verbatim(""),
            lines.iter().map(|l| l.0.clone()).collect(),
        ),
    )
    .mark(Mark::Rule {
        across: Along::X,
        value: none,
        label: None,
    })
    .mark(Mark::Intervals {
        along: Along::Y,
        at: (0..lines.len()).map(|i| i as f64).collect(),
        centre: of(|l| l.1),
        low: of(|l| l.2),
        high: of(|l| l.3),
        tone: Tone::Accent,
        n: Vec::new(),
    })
}

/// Ratios with their intervals from the logarithms of both, on a log scale beside a rule at one. Ratios
/// whose intervals pass a million or its inverse are left out; `None` when none is left.
pub fn ratios(
    key: &str,
    title: Msg,
    axis: Msg,
    logs: impl Iterator<Item = (Msg, f64, (f64, f64))>,
) -> Option<Chart> {
    let limit = libm::log(MAX_RATIO);
    let lines: Vec<(Msg, f64, f64, f64)> = logs
        .filter(|(_, b, (low, high))| b.is_finite() && *low > -limit && *high < limit)
        .map(|(name, b, (low, high))| (name, libm::exp(b), libm::exp(low), libm::exp(high)))
        .collect();
    if lines.is_empty() {
        return None;
    }
    let mut chart = effects(key, title, axis, &lines, 1.0);
    chart.x = chart.x.scale(Scale::Log).format(Format::Significant(3));
    Some(chart)
}

/// How far from its group's line the j-th value is drawn: a sequence that fills the space evenly.
fn scatter(j: usize) -> f64 {
    let golden = (j as f64 + 0.5) * 0.618_033_988_749_894_9;
    (golden - golden.floor() - 0.5) * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_need_spread() {
        let draw = |v: &[f64]| normal_quantiles("q", Msg::verbatim("q"), v);
        assert!(draw(&[]).is_none() && draw(&[2.0, 2.0]).is_none());
        assert!(draw(&[1.0, 2.0, 4.0]).is_some());
        let both: [(Msg, &[f64]); 2] = [
            (Msg::verbatim("a"), &[1.0, 1.0]),
            (Msg::verbatim("b"), &[1.0, 2.0]),
        ];
        let chart = normal_quantiles_by_group("q", Msg::verbatim("q"), &both).unwrap();
        assert_eq!(chart.series, [Msg::verbatim("b")]);
        assert!(normal_quantiles_by_group("q", Msg::verbatim("q"), &both[..1]).is_none());
    }

    #[test]
    fn scattered_values_stay_with_their_group() {
        assert!((0..10_000).all(|j| scatter(j).abs() <= 0.25));
    }
}
