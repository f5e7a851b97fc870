//! The first sentences of the report.

use super::{Answers, Options, Pair};
use crate::msg;
use crate::report::{Format, Msg};
use crate::stats::two_by_two::McNemar;

pub(super) fn summary(
    options: &Options,
    answers: &Answers,
    pairs: &[Pair],
    cochran: Option<(f64, f64, f64)>,
    bowker: Option<McNemar>,
) -> Vec<Msg> {
    let alpha = 1.0 - options.level;
    let percent = |v: f64| (v, Format::Percent(1));
    let mut lines = Vec::new();
    if answers.names.len() > 2 {
        lines.push(several(options, answers, cochran, alpha));
    } else if let [pair] = pairs {
        let shares = answers.shares(options.level);
        let (first, second) = (&answers.names[0], &answers.names[1]);
        let event = answers.event_name().unwrap_or_default();
        let details = msg!(
            "compare.paired_categories.changes",
            "{joined} changed to it and {left} from it, p {p}",
            joined = pair.cells[2],
            left = pair.cells[1],
            p = (pair.p, Format::PEquals)
        );
        lines.push(if pair.p < alpha {
            msg!(
                "compare.paired_categories.differ",
                "The share of “{event}” is {a} in {first} and {b} in {second}: more than chance ({details}).",
                event = event,
                a = percent(shares[0].1.value),
                first = first,
                b = percent(shares[1].1.value),
                second = second,
                details = details
            )
        } else {
            msg!(
                "compare.paired_categories.alike",
                "The share of “{event}” is {a} in {first} and {b} in {second}: it can be chance ({details}).",
                event = event,
                a = percent(shares[0].1.value),
                first = first,
                b = percent(shares[1].1.value),
                second = second,
                details = details
            )
        });
    }
    if let Some(test) = bowker {
        let details = chi_details(test.statistic, test.df, test.p);
        lines.push(match test.p {
            p if p.is_nan() => msg!(
                "compare.paired_categories.no_change",
                "No row changed, so there is nothing to test."
            ),
            p if p < alpha => msg!(
                "compare.paired_categories.not_symmetric",
                "Some changes are more frequent one way than the other ({details}).",
                details = details
            ),
            _ => msg!(
                "compare.paired_categories.symmetric",
                "It is not shown that changes are more frequent one way than the other ({details}).",
                details = details
            ),
        });
    }
    lines
}

fn several(
    options: &Options,
    answers: &Answers,
    cochran: Option<(f64, f64, f64)>,
    alpha: f64,
) -> Msg {
    let Some((q, df, p)) = cochran else {
        return msg!(
            "compare.paired_categories.no_change",
            "No row changed, so there is nothing to test."
        );
    };
    let event = answers.event_name().unwrap_or_default();
    let details = msg!(
        "compare.paired_categories.q_details",
        "Q({df}) = {statistic}, p {p}",
        df = (df, Format::General),
        statistic = (q, Format::Fixed(2)),
        p = (p, Format::PEquals)
    );
    if p >= alpha {
        return msg!(
            "compare.paired_categories.several_alike",
            "It is not shown that the share of “{event}” differs between the columns ({details}).",
            event = event,
            details = details
        );
    }
    let shares = answers.shares(options.level);
    let order = |a: &usize, b: &usize| shares[*a].1.value.total_cmp(&shares[*b].1.value);
    let low = (0..shares.len()).min_by(order).unwrap_or(0);
    let high = (0..shares.len()).max_by(order).unwrap_or(0);
    msg!(
        "compare.paired_categories.several_differ",
        "The share of “{event}” differs between the columns, from {least} in {low} to {most} in {high} ({details}).",
        event = event,
        least = (shares[low].1.value, Format::Percent(1)),
        low = &answers.names[low],
        most = (shares[high].1.value, Format::Percent(1)),
        high = &answers.names[high],
        details = details
    )
}

fn chi_details(statistic: f64, df: f64, p: f64) -> Msg {
    msg!(
        "compare.paired_categories.chi_details",
        "χ²({df}) = {statistic}, p {p}",
        df = (df, Format::General),
        statistic = (statistic, Format::Fixed(2)),
        p = (p, Format::PEquals)
    )
}
