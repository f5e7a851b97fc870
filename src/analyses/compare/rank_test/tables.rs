//! The tables of the report.

use super::{Options, Outcome, Question};
use crate::frame::contrasts::{Contrast, Design};
use crate::frame::corrections::Correction;
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::descriptive::{quantile, sorted};
use crate::stats::rank_tests::RankTest;
use crate::stats::ranks::Ranks;

pub(super) fn tests(options: &Options, contrasts: &[Contrast], results: &[Outcome]) -> TableBlock {
    let two = options.design == Design::Two;
    let mut heads = vec![
        Head::name("outcome", outcome_title(options)),
        Head::new(
            "statistic",
            if two {
                msg!("compare.rank_test.u", "U")
            } else {
                msg!("compare.rank_test.v", "V")
            },
            Format::General,
        ),
        Head::new("z", msg!("frame.z", "z"), Format::Fixed(3)),
        words::p(),
    ];
    let is_adjusted = options.correction != Correction::None;
    if is_adjusted {
        heads.push(words::p_adjusted());
    }
    heads.push(Head::name("method", msg!("frame.how", "How")));
    heads.push(Head::new(
        "shift",
        if options.design == Design::One {
            msg!("compare.rank_test.pseudomedian", "Pseudomedian")
        } else {
            msg!("compare.rank_test.shift", "Shift")
        },
        Format::General,
    ));
    heads.extend(words::ends("", options.level, Format::General));
    heads.push(Head::new(
        "effect",
        msg!("compare.rank_test.effect", "Rank-biserial correlation"),
        Format::Fixed(3),
    ));
    heads.extend(words::ends("effect_", options.level, Format::Fixed(3)));
    let title = if two {
        msg!("compare.rank_test.mann_whitney", "Mann–Whitney tests")
    } else {
        msg!("compare.rank_test.signed_rank", "Signed-rank tests")
    };
    let mut table = TableBlock::new("tests", title, heads);
    for (contrast, result) in contrasts.iter().zip(results) {
        let test = &result.test;
        let mut cells: Vec<Cell> = vec![
            contrast.name.as_str().into(),
            test.statistic.into(),
            Some(test.z).filter(|z| z.is_finite()).into(),
            test.p.into(),
        ];
        if is_adjusted {
            cells.push(result.p_adjusted.into());
        }
        cells.extend([
            how(test).into(),
            test.shift.value.into(),
            test.shift.low.into(),
            test.shift.high.into(),
            test.effect.value.into(),
            test.effect.low.into(),
            test.effect.high.into(),
        ]);
        table.row(cells);
    }
    if let (Design::Two, [first, second]) = (options.design, &contrasts[0].sides[..]) {
        table.notes.push(msg!(
            "compare.rank_test.shift_note",
            "The shift is from “{second}” to “{first}”.",
            first = &first.name,
            second = &second.name
        ));
    }
    let null = (options.null, Format::General);
    table.notes.extend(match options.question {
        Question::Greater => Some(msg!(
            "compare.rank_test.greater_note",
            "One-sided: is it greater than {null}?",
            null = null
        )),
        Question::Less => Some(msg!(
            "compare.rank_test.less_note",
            "One-sided: is it less than {null}?",
            null = null
        )),
        Question::Different if options.null != 0.0 => Some(msg!(
            "compare.rank_test.null_note",
            "Held against {null}.",
            null = null
        )),
        Question::Different => None,
    });
    table
}

/// How a p value came to be.
pub(super) fn how(test: &RankTest) -> Msg {
    if test.exact {
        msg!("frame.exact", "exact")
    } else {
        msg!("frame.asymptotic", "asymptotic")
    }
}

pub(super) fn signs(
    options: &Options,
    contrasts: &[Contrast],
    results: &[Outcome],
) -> Option<TableBlock> {
    let mut heads = vec![
        Head::name("outcome", outcome_title(options)),
        Head::new(
            "n_positive",
            msg!("compare.rank_test.above", "Above"),
            Format::Integer,
        ),
        Head::new(
            "n_negative",
            msg!("compare.rank_test.below", "Below"),
            Format::Integer,
        ),
        words::p(),
        Head::new("median", msg!("frame.median", "Median"), Format::General),
    ];
    heads.extend(words::ends("", options.level, Format::General));
    heads.push(Head::new(
        "achieved",
        msg!("compare.rank_test.achieved", "Confidence"),
        Format::Percent(1),
    ));
    let mut table = TableBlock::new(
        "signs",
        msg!("compare.rank_test.sign_tests", "Sign tests"),
        heads,
    );
    for (contrast, result) in contrasts.iter().zip(results) {
        if let Some(sign) = &result.sign {
            table.row(vec![
                contrast.name.as_str().into(),
                sign.n_positive.into(),
                sign.n_negative.into(),
                sign.p.into(),
                sign.median.value.into(),
                sign.median.low.into(),
                sign.median.high.into(),
                sign.achieved.into(),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What the tests are made of.
pub(super) fn groups(options: &Options, contrasts: &[Contrast]) -> TableBlock {
    let mut heads = vec![
        Head::name("outcome", outcome_title(options)),
        Head::name("group", msg!("frame.group", "Group")),
        words::n(),
        Head::new("median", msg!("frame.median", "Median"), Format::General),
        Head::new("q1", msg!("frame.q1", "Lower quartile"), Format::General),
        Head::new("q3", msg!("frame.q3", "Upper quartile"), Format::General),
    ];
    let two = options.design == Design::Two;
    if two {
        heads.push(Head::new(
            "mean_rank",
            msg!("frame.mean_rank", "Mean rank"),
            Format::Fixed(2),
        ));
    }
    let mut table = TableBlock::new(
        "groups",
        msg!("compare.rank_test.groups", "Medians and ranks"),
        heads,
    );
    for contrast in contrasts {
        let all: Vec<f64> = contrast
            .sides
            .iter()
            .flat_map(|s| s.values.iter().copied())
            .collect();
        let ranks = if two {
            Ranks::of(&all)
        } else {
            Ranks::default()
        };
        let mut start = 0;
        for side in &contrast.sides {
            let ordered = sorted(&side.values);
            let n = ordered.len();
            let mut cells: Vec<Cell> = vec![
                contrast.name.as_str().into(),
                side.name.as_str().into(),
                n.into(),
                quantile(&ordered, 0.5).into(),
                quantile(&ordered, 0.25).into(),
                quantile(&ordered, 0.75).into(),
            ];
            if two {
                let sum: u64 = ranks.doubled[start..start + n].iter().sum();
                cells.push((0.5 * sum as f64 / n as f64).into());
                start += n;
            }
            table.row(cells);
        }
    }
    table
}

fn outcome_title(options: &Options) -> Msg {
    match options.design {
        Design::Paired => msg!("frame.pair", "Pair"),
        _ => msg!("frame.outcome", "Outcome"),
    }
}
