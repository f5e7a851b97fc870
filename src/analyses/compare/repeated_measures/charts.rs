//! The charts of the report.

use super::data::Data;
use super::post_hoc::Compared;
use super::{Options, term_name};
use crate::frame::pictures;
use crate::models::repeated::{Mean, Repeated};
use crate::msg;
use crate::report::{Along, Axis, Block, Chart, Format, Mark, Msg, Tone};
use crate::stats::post_hoc::t_reach;

/// How many terms get charts of their own.
const MAX_CHARTS: usize = 3;
/// More lines than this are not told apart.
const MAX_LINES: usize = 8;

pub(super) fn charts(
    options: &Options,
    data: &Data,
    model: &Repeated,
    compared: &[Compared],
) -> Vec<Block> {
    let reach = t_reach(model.df, options.level);
    let has_pairs = data.factors.len() > 1;
    let is_drawn = |c: &&Compared| {
        c.term[0] < data.n_within
            && match c.term[..] {
                [_] => !has_pairs,
                [_, second] => data.factors[second].levels.len() <= MAX_LINES,
                _ => false,
            }
    };
    let mut blocks: Vec<Block> = compared
        .iter()
        .filter(is_drawn)
        .take(MAX_CHARTS)
        .enumerate()
        .map(|(i, one)| means_chart(options, data, one, i, reach).into())
        .collect();
    let residuals = data.residuals(model);
    let groups: Vec<(Msg, &[f64])> = residuals
        .iter()
        .take(MAX_LINES)
        .enumerate()
        .map(|(i, r)| (Msg::verbatim(data.measure_name(i)), r.as_slice()))
        .collect();
    let title = msg!(
        "compare.repeated_measures.quantiles",
        "Residuals: normal quantiles, which follow the line if normal"
    );
    blocks.extend(
        pictures::normal_quantiles_by_group("quantiles", title, &groups)
            .map(|c| Block::Chart(Box::new(c))),
    );
    blocks
}

/// The levels of the first factor along the axis, a line for each level of the second.
fn means_chart(options: &Options, data: &Data, one: &Compared, place: usize, reach: f64) -> Chart {
    let names = |factor: usize| -> Vec<Msg> {
        let levels = data.factors[factor].levels.iter();
        levels.map(Msg::verbatim).collect()
    };
    let along = &data.factors[one.term[0]];
    let title = msg!(
        "compare.repeated_measures.means_chart",
        "{outcome} by {term}: marginal means with their {level} intervals",
        outcome = &data.outcome,
        term = term_name(data, &one.term),
        level = (options.level, Format::Percent(0))
    );
    let mut chart = Chart::new(
        &format!("means_{}", place + 1),
        title,
        Axis::category(Msg::verbatim(&along.name), names(one.term[0])),
        Axis::linear(Msg::verbatim(&data.outcome)),
    )
    .caption(msg!(
        "compare.repeated_measures.between_intervals",
        "The intervals are those of the means; differences within subjects are often surer than they look here."
    ));
    let n_lines = one.term.get(1).map_or(1, |&f| data.factors[f].levels.len());
    if let Some(&second) = one.term.get(1) {
        chart = chart.series(names(second));
    }
    for line in 0..n_lines {
        let own: Vec<&Mean> = one.means.iter().skip(line).step_by(n_lines).collect();
        let of = |f: &dyn Fn(&Mean) -> f64| -> Vec<f64> { own.iter().map(|m| f(m)).collect() };
        let shift = (line as f64 - 0.5 * (n_lines as f64 - 1.0)) * 0.06;
        let at: Vec<f64> = (0..own.len()).map(|l| l as f64 + shift).collect();
        let tone = match n_lines {
            1 => Tone::Accent,
            _ => Tone::Series(line as u16),
        };
        chart = chart
            .mark(Mark::line(at.clone(), of(&|m| m.value), tone))
            .mark(Mark::Intervals {
                along: Along::X,
                at,
                centre: of(&|m| m.value),
                low: of(&|m| m.value - reach * m.standard_error),
                high: of(&|m| m.value + reach * m.standard_error),
                tone,
                n: own.iter().map(|m| m.n as u64).collect(),
            });
    }
    chart
}
