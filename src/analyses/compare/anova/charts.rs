//! The charts of the report.

use super::post_hoc::Compared;
use super::{Data, Fitted, Options};
use crate::frame::pictures::{self, GroupMean};
use crate::msg;
use crate::report::{Along, Axis, Block, Chart, Format, Mark, Msg, Tone};
use crate::stats::post_hoc::t_reach;

/// How many factors and interactions get charts of their own.
const MAX_CHARTS: usize = 3;
/// More values than this are not drawn beside the means.
const MAX_LINES: usize = 8;

pub(super) fn charts(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
    compared: &[Compared],
) -> Vec<Block> {
    let reach = t_reach(fitted.anova.df_residual, options.level);
    let mut blocks: Vec<Block> = Vec::new();
    for (i, one) in compared.iter().enumerate() {
        let chart = match one.term[..] {
            [factor] => main_chart(options, data, one, factor, i, reach),
            [a, b] => match interaction_chart(options, data, one, (a, b), i, reach) {
                Some(chart) => chart,
                None => continue,
            },
            _ => continue,
        };
        if blocks.len() < MAX_CHARTS {
            blocks.push(chart.into());
        }
    }
    let title = msg!(
        "compare.anova.quantiles",
        "Residuals: normal quantiles, which follow the line if normal"
    );
    blocks.extend(
        pictures::normal_quantiles("quantiles", title, &fitted.residuals)
            .map(|c| Block::Chart(Box::new(c))),
    );
    blocks
}

fn main_chart(
    options: &Options,
    data: &Data,
    one: &Compared,
    factor: usize,
    i: usize,
    reach: f64,
) -> Chart {
    // Values belong beside means only where nothing was adjusted for.
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); one.means.len()];
    if data.is_one_way() && data.weights.is_none() {
        for (code, y) in data.factors[factor].codes.iter().zip(data.y()) {
            values[*code as usize].push(*y);
        }
    }
    let groups: Vec<GroupMean> = one
        .means
        .iter()
        .zip(&values)
        .zip(&one.names)
        .map(|((mean, values), name)| GroupMean {
            name: Msg::verbatim(name),
            values,
            mean: mean.value,
            low: mean.value - reach * mean.standard_error,
            high: mean.value + reach * mean.standard_error,
        })
        .collect();
    pictures::means(
        &format!("means_{}", i + 1),
        title(options, data, one),
        Msg::verbatim(&options.outcome),
        data.term_name(&one.term),
        &groups,
    )
}

fn title(options: &Options, data: &Data, one: &Compared) -> Msg {
    msg!(
        "compare.anova.means_chart",
        "{outcome} by {term}: marginal means with their {level} intervals",
        outcome = &options.outcome,
        term = data.term_name(&one.term),
        level = (options.level, Format::Percent(0))
    )
}

/// The levels of the first factor along the axis, a line for each level of the second.
fn interaction_chart(
    options: &Options,
    data: &Data,
    one: &Compared,
    (a, b): (usize, usize),
    i: usize,
    reach: f64,
) -> Option<Chart> {
    let names = |factor: usize| -> Vec<Msg> {
        data.frame.groups[factor]
            .names
            .iter()
            .map(Msg::verbatim)
            .collect()
    };
    let (along, lines) = (names(a), names(b));
    if lines.len() > MAX_LINES {
        return None;
    }
    let n_lines = lines.len();
    let mut chart = Chart::new(
        &format!("means_{}", i + 1),
        title(options, data, one),
        Axis::category(Msg::verbatim(&options.factors[a]), along.clone()),
        Axis::linear(Msg::verbatim(&options.outcome)),
    )
    .series(lines);
    for line in 0..n_lines {
        let of = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            (0..along.len())
                .map(|level| {
                    let mean = &one.means[level * n_lines + line];
                    f(mean.value, mean.standard_error)
                })
                .collect()
        };
        let shift = (line as f64 - 0.5 * (n_lines as f64 - 1.0)) * 0.06;
        let at: Vec<f64> = (0..along.len()).map(|l| l as f64 + shift).collect();
        let tone = Tone::Series(line as u16);
        chart = chart
            .mark(Mark::line(at.clone(), of(&|m, _| m), tone))
            .mark(Mark::Intervals {
                along: Along::X,
                at,
                centre: of(&|m, _| m),
                low: of(&|m, se| m - reach * se),
                high: of(&|m, se| m + reach * se),
                tone,
                n: Vec::new(),
            });
    }
    Some(chart)
}
