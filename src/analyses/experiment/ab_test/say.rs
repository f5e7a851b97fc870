//! The answer in words.

use super::Options;
use super::data::{Experiment, Metric};
use super::judge::{Judged, Verdict};
use crate::msg;
use crate::report::{Arg, Format, Msg};
use crate::stats::experiment::Comparison;

pub(super) fn summary(options: &Options, experiment: &Experiment, judged: &[Judged]) -> Vec<Msg> {
    if let [only] = judged {
        return vec![sentence(options, experiment, only)];
    }
    let shipped = judged.iter().filter(|j| j.verdict == Verdict::Ship);
    let best = shipped.max_by(|a, b| a.comparison.lift.value.total_cmp(&b.comparison.lift.value));
    let first = match best {
        Some(j) => sentence(options, experiment, j),
        None if judged.iter().all(|j| j.verdict == Verdict::Keep) => {
            msg!(
                "experiment.ab_test.keep",
                "Keep “{control}”: no other group is better.",
                control = &experiment.arms[0]
            )
        }
        None => msg!(
            "experiment.ab_test.undecided",
            "Undecided: the data do not tell whether any group is better than “{control}”.",
            control = &experiment.arms[0]
        ),
    };
    let mut lines = vec![first];
    for j in judged
        .iter()
        .filter(|j| best.is_none_or(|b| !std::ptr::eq(*j, b)))
    {
        lines.push(sentence(options, experiment, j));
    }
    lines
}

fn sentence(options: &Options, experiment: &Experiment, j: &Judged) -> Msg {
    let metric = &experiment.metrics[j.metric];
    let c = &j.comparison;
    let arm = &experiment.arms[j.arm];
    let control = &experiment.arms[0];
    let value = (metric.value(j.arm), metric.format());
    let base = (metric.value(0), metric.format());
    let name = Arg::from(metric.name.clone());
    let change = change(options, metric, c);
    match j.verdict {
        Verdict::Ship => msg!(
            "experiment.ab_test.ship_line",
            "Ship “{arm}”: {metric} is {value} against {base} with “{control}”, {change}.",
            arm = arm,
            metric = name,
            value = value,
            base = base,
            control = control,
            change = change
        ),
        Verdict::Keep => msg!(
            "experiment.ab_test.keep_line",
            "Not “{arm}”: {metric} is {value} against {base} with “{control}”, {change}.",
            arm = arm,
            metric = name,
            value = value,
            base = base,
            control = control,
            change = change
        ),
        Verdict::Undecided => msg!(
            "experiment.ab_test.undecided_line",
            "“{arm}” is undecided: {metric} is {value} against {base} with “{control}”, {change}.",
            arm = arm,
            metric = name,
            value = value,
            base = base,
            control = control,
            change = change
        ),
    }
}

/// The lift, or the difference where a lift has no meaning.
fn change(options: &Options, metric: &Metric, c: &Comparison) -> Msg {
    let level = (options.level, Format::Percent(0));
    if c.lift.value.is_finite() {
        let percent = |v: f64| (v, Format::Percent(1));
        return msg!(
            "experiment.ab_test.lift_words",
            "a lift of {lift} ({level} interval {low} to {high})",
            lift = percent(c.lift.value),
            level = level,
            low = percent(c.lift.lower),
            high = percent(c.lift.upper)
        );
    }
    let value = |v: f64| (v, metric.difference_format());
    msg!(
        "experiment.ab_test.difference_words",
        "a difference of {difference} ({level} interval {low} to {high})",
        difference = value(c.difference.value),
        level = level,
        low = value(c.difference.lower),
        high = value(c.difference.upper)
    )
}
