//! The charts of the report.

use super::{Options, Outcome, Tested, tables};
use crate::frame::contrasts::Design;
use crate::frame::pictures::{self, GroupMean};
use crate::msg;
use crate::report::{Block, Chart, Format, Msg};
use crate::stats::t_test::{Alternative, Difference};

/// How many outcomes get charts of their own.
const MAX_CHARTS: usize = 4;

pub(super) fn charts(options: &Options, contrasts: &[Tested], results: &[Outcome]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    if contrasts.len() > 1 {
        let lines: Vec<(Msg, f64, f64, f64)> = contrasts
            .iter()
            .zip(results)
            .map(|(c, r)| {
                (
                    Msg::verbatim(&c.contrast.name),
                    r.effect.value,
                    r.effect.low,
                    r.effect.high,
                )
            })
            .collect();
        blocks.push(
            pictures::effects(
                "effects",
                msg!("compare.t_test.effects", "How large are the differences?"),
                tables::effect_title(options),
                &lines,
                0.0,
            )
            .into(),
        );
    }
    for (i, tested) in contrasts.iter().take(MAX_CHARTS).enumerate() {
        let contrast = &tested.contrast;
        blocks.push(means_chart(options, tested, i).into());
        if contrast.is_weighted() {
            continue;
        }
        let centred: Vec<f64> = match contrast.design {
            Design::Paired => contrast.differences.clone(),
            _ => contrast
                .sides
                .iter()
                .zip(&tested.samples)
                .flat_map(|(side, s)| side.values.iter().map(|v| v - s.mean))
                .collect(),
        };
        let title = msg!(
            "compare.t_test.quantiles",
            "{name}: normal quantiles, which follow the line if normal",
            name = &contrast.name
        );
        blocks.extend(
            pictures::normal_quantiles(&format!("quantiles_{}", i + 1), title, &centred)
                .map(|c| Block::Chart(Box::new(c))),
        );
    }
    blocks
}

fn means_chart(options: &Options, tested: &Tested, i: usize) -> Chart {
    let contrast = &tested.contrast;
    let sides = contrast.sides.iter().zip(&tested.samples);
    let groups: Vec<GroupMean> = sides
        .map(|(side, sample)| {
            let interval =
                Difference::of_one(sample).interval(options.level, Alternative::TwoSided);
            GroupMean {
                name: Msg::verbatim(&side.name),
                values: &side.values,
                mean: sample.mean,
                low: interval.low,
                high: interval.high,
            }
        })
        .collect();
    let (outcome, grouping) = match (contrast.design, &options.group) {
        (Design::Two, Some(group)) => (contrast.name.as_str(), group.as_str()),
        (Design::One, _) => (contrast.name.as_str(), ""),
        _ => ("", ""),
    };
    pictures::means(
        &format!("means_{}", i + 1),
        msg!(
            "compare.t_test.means",
            "{name}: means with their {level} intervals",
            name = &contrast.name,
            level = (options.level, Format::Percent(0))
        ),
        Msg::verbatim(outcome),
        Msg::verbatim(grouping),
        &groups,
    )
}
