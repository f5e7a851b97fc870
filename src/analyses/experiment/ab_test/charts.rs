//! The charts of the report.

use super::data::Experiment;
use super::judge::Judged;
use super::{Options, key};
use crate::msg;
use crate::report::{Along, Axis, Chart, Format, Mark, Msg, Tone};
use crate::stats::experiment::Comparison;

pub(super) fn lift(
    options: &Options,
    experiment: &Experiment,
    m: usize,
    judged: &[&Judged],
) -> Chart {
    let of = |f: fn(&Comparison) -> f64| {
        judged
            .iter()
            .map(|j| f(&j.comparison))
            .collect::<Vec<f64>>()
    };
    let relative = judged.iter().all(|j| j.comparison.lift.value.is_finite());
    let (title, centre, low, high) = if relative {
        (
            msg!(
                "experiment.ab_test.lift_axis",
                "Relative lift, with its {level} interval",
                level = (options.level, Format::Percent(0))
            ),
            of(|c| c.lift.value),
            of(|c| c.lift.lower),
            of(|c| c.lift.upper),
        )
    } else {
        (
            msg!(
                "experiment.ab_test.difference_axis",
                "Difference, with its {level} interval",
                level = (options.level, Format::Percent(0))
            ),
            of(|c| c.difference.value),
            of(|c| c.difference.lower),
            of(|c| c.difference.upper),
        )
    };
    let format = if relative {
        Format::Percent(1)
    } else {
        experiment.metrics[m].difference_format()
    };
    let names = judged
        .iter()
        .map(|j| Msg::verbatim(&experiment.arms[j.arm]))
        .collect();
    let mut chart = Chart::new(
        &key("lift", experiment, m),
        msg!(
            "experiment.ab_test.lift_chart",
            "How much better than “{control}”?",
            control = &experiment.arms[0]
        ),
        Axis::linear(title).from_zero().format(format),
        Axis::category(Msg::verbatim(""), names),
    )
    .mark(Mark::Rule {
        across: Along::X,
        value: 0.0,
        label: None,
    });
    if relative && options.worthwhile > 0.0 {
        let label = msg!("experiment.ab_test.matters", "matters");
        chart = chart.mark(Mark::Rule {
            across: Along::X,
            value: options.worthwhile / 100.0,
            label: Some(label),
        });
    }
    chart.mark(Mark::Intervals {
        along: Along::Y,
        at: (0..judged.len()).map(|i| i as f64).collect(),
        centre,
        low,
        high,
        tone: Tone::Accent,
        n: judged.iter().map(|j| experiment.sizes[j.arm]).collect(),
    })
}
