//! The answer in words.

use super::{Counted, Design, Options, sample};
use crate::msg;
use crate::report::{Format, Msg};
use crate::stats::two_by_two::{newcombe, one_proportion_test, two_proportions_test};

pub(super) fn summary(options: &Options, counted: &Counted) -> Vec<Msg> {
    let alpha = 1.0 - options.level;
    let percent = |v: f64| (v, Format::Percent(1));
    let share = |i: usize| counted.groups[i].0 / counted.groups[i].1;
    let (p, details) = match &counted.sample {
        None => details(options, counted),
        Some(sample) => sample::details(options, counted, sample),
    };
    match (options.design, counted.groups.len()) {
        (Design::Fit, _) => {
            vec![if p < alpha {
                msg!(
                    "compare.proportions.misfit",
                    "The levels of {outcome} do not have the expected shares ({details}).",
                    outcome = &options.outcome,
                    details = details
                )
            } else {
                msg!(
                    "compare.proportions.fits",
                    "The levels of {outcome} may well have the expected shares ({details}).",
                    outcome = &options.outcome,
                    details = details
                )
            }]
        }
        (Design::One, _) => {
            let null = options.null;
            vec![if p < alpha {
                msg!(
                    "compare.proportions.one_differs",
                    "{share} of {outcome} is “{event}”; the distance from {null} is more than chance ({details}).",
                    share = percent(share(0)),
                    outcome = &options.outcome,
                    event = &counted.event,
                    null = percent(null),
                    details = details
                )
            } else {
                msg!(
                    "compare.proportions.one_alike",
                    "{share} of {outcome} is “{event}”; the distance from {null} can be chance ({details}).",
                    share = percent(share(0)),
                    outcome = &options.outcome,
                    event = &counted.event,
                    null = percent(null),
                    details = details
                )
            }]
        }
        (Design::Groups, 2) => {
            let (first, second) = (&counted.names[0], &counted.names[1]);
            vec![if p < alpha {
                msg!(
                    "compare.proportions.two_differ",
                    "“{event}” has a share of {a} in “{first}” and of {b} in “{second}”: more than chance ({details}).",
                    event = &counted.event,
                    a = percent(share(0)),
                    first = first,
                    b = percent(share(1)),
                    second = second,
                    details = details
                )
            } else {
                msg!(
                    "compare.proportions.two_alike",
                    "“{event}” has a share of {a} in “{first}” and of {b} in “{second}”: it can be chance ({details}).",
                    event = &counted.event,
                    a = percent(share(0)),
                    first = first,
                    b = percent(share(1)),
                    second = second,
                    details = details
                )
            }]
        }
        (Design::Groups, n) => {
            let order = |a: &usize, b: &usize| share(*a).total_cmp(&share(*b));
            let (low, high) = (
                (0..n).min_by(order).unwrap_or(0),
                (0..n).max_by(order).unwrap_or(0),
            );
            vec![if p < alpha {
                msg!(
                    "compare.proportions.several_differ",
                    "The share of “{event}” differs between groups, from {least} in “{low}” to {most} in “{high}” ({details}).",
                    event = &counted.event,
                    least = percent(share(low)),
                    low = &counted.names[low],
                    most = percent(share(high)),
                    high = &counted.names[high],
                    details = details
                )
            } else {
                msg!(
                    "compare.proportions.several_alike",
                    "It is not shown that the share of “{event}” differs between groups ({details}).",
                    event = &counted.event,
                    details = details
                )
            }]
        }
    }
}

/// The p value of the design's test, and the test in short.
fn details(options: &Options, counted: &Counted) -> (f64, Msg) {
    let alternative = options.alternative();
    match (options.design, &counted.groups[..]) {
        (Design::One, [(k, n), ..]) => {
            let test = one_proportion_test(*k, *n, options.null, alternative, options.continuity);
            (test.p, z_details(test.z, test.p))
        }
        (Design::Groups, [a, b]) => {
            let test = two_proportions_test(*a, *b, alternative, options.continuity);
            let difference = newcombe(*a, *b, options.level);
            let details = msg!(
                "compare.proportions.two_details",
                "difference {difference}, from {low} to {high}; {test}",
                difference = (difference.value, Format::Points(1)),
                low = (difference.low, Format::Points(1)),
                high = (difference.high, Format::Points(1)),
                test = z_details(test.z, test.p)
            );
            (test.p, details)
        }
        _ => {
            let (statistic, df, p) = counted.test();
            let details = msg!(
                "compare.proportions.chi_details",
                "χ²({df}) = {statistic}, p {p}",
                df = (df, Format::General),
                statistic = (statistic, Format::Fixed(2)),
                p = (p, Format::PEquals)
            );
            (p, details)
        }
    }
}

fn z_details(z: f64, p: f64) -> Msg {
    msg!(
        "compare.proportions.z_details",
        "z = {z}, p {p}",
        z = (z, Format::Fixed(2)),
        p = (p, Format::PEquals)
    )
}
