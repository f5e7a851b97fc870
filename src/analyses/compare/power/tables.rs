//! The tables of the report.

use super::{Answer, Options, Test};
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};

/// The powers whose sizes stand beside the answer.
const POWERS: [f64; 6] = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99];

pub(super) fn answer(options: &Options, answer: &Answer) -> TableBlock {
    let mut heads = vec![Head::new("n", size_title(options), Format::Integer)];
    let mut row: Vec<Cell> = vec![answer.n.into()];
    if let Some(exact) = answer.n_exact {
        heads.push(Head::new(
            "n_exact",
            msg!("compare.power.before_rounding", "Before rounding"),
            Format::Fixed(2),
        ));
        row.push(exact.into());
    }
    if options.has_two_groups() {
        heads.push(Head::new(
            "n_second",
            msg!("compare.power.second_group", "Second group"),
            Format::Integer,
        ));
        row.push(options.second_size(answer.n).into());
    }
    if options.has_two_groups() || options.test == Test::OneWay {
        heads.push(total_head());
        row.push(options.total(answer.n).into());
    }
    if options.is_proportions() {
        for (key, title, share) in [
            (
                "first",
                msg!("compare.power.first_share", "First share"),
                options.first,
            ),
            (
                "second",
                msg!("compare.power.second_share", "Second share"),
                answer.effect,
            ),
        ] {
            heads.push(Head::new(key, title, Format::Percent(1)));
            row.push(share.into());
        }
    } else {
        heads.push(Head::new(
            "effect",
            effect_title(options),
            Format::Significant(4),
        ));
        row.push(answer.effect.into());
    }
    heads.extend([
        Head::new(
            "alpha",
            msg!("compare.power.alpha_head", "Significance level"),
            Format::Plain,
        ),
        Head::new(
            "power",
            msg!("compare.power.power_axis", "Power"),
            Format::Fixed(4),
        ),
    ]);
    row.extend([options.alpha.into(), answer.power.into()]);
    let title = msg!("compare.power.plan", "Plan");
    let mut table = TableBlock::new("plan", title, heads);
    table.row(row);
    table
}

/// Rows that other powers need for the same effect.
pub(super) fn sizes(options: &Options, answer: &Answer) -> TableBlock {
    let mut heads = vec![
        Head::new(
            "power",
            msg!("compare.power.power_axis", "Power"),
            Format::Percent(0),
        ),
        Head::new("n", size_title(options), Format::Integer),
    ];
    let has_total = options.has_two_groups() || options.test == Test::OneWay;
    if has_total {
        heads.push(total_head());
    }
    let title = msg!(
        "compare.power.sizes",
        "Rows needed for {effect}",
        effect = super::effect_text(options, answer)
    );
    let mut table = TableBlock::new("sizes", title, heads);
    for power in POWERS {
        let size = options.plan().size(answer.effect, options.alpha, power);
        let n = size.map(|n| (n * (1.0 - 1e-12)).ceil());
        let mut row: Vec<Cell> = vec![power.into(), n.into()];
        if has_total {
            row.push(n.map(|n| options.total(n)).into());
        }
        table.row(row);
    }
    table
}

/// What a size counts.
pub(super) fn size_title(options: &Options) -> Msg {
    match options.test {
        Test::TwoMeans | Test::TwoProportions => {
            msg!("compare.power.first_group", "Rows of the first group")
        }
        Test::OneWay => msg!("compare.power.each_group", "Rows of each group"),
        Test::PairedMeans => msg!("compare.power.pairs", "Pairs"),
        _ => words::n().title,
    }
}

fn total_head() -> Head {
    let title = msg!("compare.power.total", "In all");
    Head::new("total", title, Format::Integer)
}

fn effect_title(options: &Options) -> Msg {
    match options.test {
        Test::OneWay => msg!("compare.power.cohens_f", "Cohen’s f"),
        Test::Correlation => msg!("compare.power.correlation", "Correlation"),
        Test::ChiSquared => msg!("compare.power.cohens_w", "Cohen’s w"),
        _ => msg!("compare.power.cohens_d", "Cohen’s d"),
    }
}
