//! The answer in sentences.

use super::Options;
use crate::frame::Frame;
use crate::models::design::{Design, Part, Variable};
use crate::models::linear::{Coefficient, Fit};
use crate::msg;
use crate::report::{Arg, Format, Msg};

pub(super) fn summary(
    options: &Options,
    frame: &Frame,
    design: &Design,
    fitted: &Fit,
    coefficients: &[Coefficient],
) -> Vec<Msg> {
    let mut lines = vec![msg!(
        "regression.linear.summary",
        "The predictors explain {share} of the differences in {outcome} ({n} rows).",
        share = (fitted.r_squared, Format::Percent(0)),
        outcome = &options.outcome,
        n = (fitted.n_used, Format::General)
    )];
    let slopes: Vec<usize> = (0..coefficients.len())
        .filter(|&c| !design.parts[c].is_empty() && coefficients[c].p.is_finite())
        .collect();
    if slopes.is_empty() {
        return lines;
    }
    let is_sure = |c: &usize| coefficients[*c].p < 1.0 - options.level;
    if !slopes.iter().any(is_sure) {
        lines.push(msg!(
            "regression.linear.nothing",
            "None of the predictors has an effect that can be told from chance."
        ));
        return lines;
    }
    // Beside an interaction, the effect of one of its predictors alone holds at the other's zero only.
    let acts_together = |variable: usize| {
        let mut others = design.parts.iter().filter(|parts| parts.len() > 1);
        others.any(|parts| parts.iter().any(|p| p.variable == variable))
    };
    // One column of a curve says nothing by itself.
    let is_curve = |p: &Part| matches!(frame.variables[p.variable], Variable::Curve(_));
    let stands_alone = |c: &usize| {
        let parts = &design.parts[*c];
        parts.len() > 1 || !acts_together(parts[0].variable) && !is_curve(&parts[0])
    };
    let strongest = slopes
        .into_iter()
        .filter(|c| is_sure(c) && stands_alone(c))
        .max_by(|&a, &b| coefficients[a].t.abs().total_cmp(&coefficients[b].t.abs()));
    let Some(c) = strongest else { return lines };
    let b = &coefficients[c];
    let size = (b.estimate.abs(), Format::Significant(3));
    let (low, high) = if b.estimate > 0.0 {
        (b.ci_lower, b.ci_upper)
    } else {
        (-b.ci_upper, -b.ci_lower)
    };
    let (low, high) = (
        (low, Format::Significant(3)),
        (high, Format::Significant(3)),
    );
    let level = (options.level, Format::Percent(0));
    match (&design.parts[c][..], b.estimate > 0.0) {
        (
            [
                Part {
                    variable,
                    level: None,
                },
            ],
            up,
        ) => {
            let name = &frame.names[*variable];
            lines.push(if up {
                msg!("regression.linear.rises", "The clearest: one more of {name} goes with {size} more of {outcome} ({level} interval {low} to {high}), all else equal.", name = name, size = size, outcome = &options.outcome, level = level, low = low, high = high)
            } else {
                msg!("regression.linear.falls", "The clearest: one more of {name} goes with {size} less of {outcome} ({level} interval {low} to {high}), all else equal.", name = name, size = size, outcome = &options.outcome, level = level, low = low, high = high)
            });
        }
        (
            [
                Part {
                    variable,
                    level: Some(l),
                },
            ],
            up,
        ) => {
            let Variable::Factor { reference, .. } = &frame.variables[*variable] else {
                return lines;
            };
            let names = &frame.levels[*variable];
            let (this, other) = (&names[*l], &names[*reference]);
            let column = &frame.names[*variable];
            lines.push(if up {
                msg!("regression.linear.higher", "The clearest: with {column} “{this}”, {outcome} is {size} higher than with “{other}” ({level} interval {low} to {high}), all else equal.", column = column, this = this, outcome = &options.outcome, size = size, other = other, level = level, low = low, high = high)
            } else {
                msg!("regression.linear.lower", "The clearest: with {column} “{this}”, {outcome} is {size} lower than with “{other}” ({level} interval {low} to {high}), all else equal.", column = column, this = this, outcome = &options.outcome, size = size, other = other, level = level, low = low, high = high)
            });
        }
        (parts, _) => lines.push(msg!(
            "regression.linear.together",
            "The clearest: {names} act together; the effect of one depends on the other.",
            names = parts
                .iter()
                .map(|p| Arg::from(frame.names[p.variable].as_str()))
                .collect::<Vec<_>>()
        )),
    }
    lines
}
