//! The tables of the report.

use super::{Answers, Options, PValue, Pair};
use crate::frame::corrections::Correction;
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::two_by_two::{McNemar, paired_odds};

pub(super) fn tests(
    options: &Options,
    answers: &Answers,
    pairs: &[Pair],
    cochran: Option<(f64, f64, f64)>,
    bowker: Option<McNemar>,
) -> TableBlock {
    let heads = vec![
        Head::name("test", msg!("compare.paired_categories.test", "Test")),
        words::statistic(),
        words::df(),
        words::p(),
    ];
    let title = msg!("compare.paired_categories.tests", "Tests");
    let mut table = TableBlock::new("tests", title, heads);
    let mut row = |name: Msg, statistic: f64, df: Option<f64>, p: f64| {
        table.row(vec![name.into(), number(statistic), df.into(), number(p)]);
    };
    if answers.names.len() > 2 {
        let (q, df, p) = cochran.unwrap_or((f64::NAN, answers.names.len() as f64 - 1.0, f64::NAN));
        let name = msg!("compare.paired_categories.cochran", "Cochran’s Q");
        row(name, q, Some(df), p);
        return table;
    }
    if let Some(test) = bowker {
        row(
            msg!("compare.paired_categories.bowker", "Bowker’s symmetry (χ²)"),
            test.statistic,
            Some(test.df),
            test.p,
        );
    }
    if let [pair] = pairs {
        let name = if options.continuity {
            msg!(
                "compare.paired_categories.mcnemar_corrected",
                "McNemar’s χ², corrected"
            )
        } else {
            msg!("compare.paired_categories.mcnemar", "McNemar’s χ²")
        };
        let test = pair.mcnemar;
        row(name, test.statistic, Some(test.df), test.p);
        if let Some((exact, mid_p)) = pair.exact {
            let name = msg!("compare.paired_categories.exact_test", "Exact (binomial)");
            row(name, f64::NAN, None, exact);
            let name = msg!("compare.paired_categories.mid_test", "Mid-p");
            row(name, f64::NAN, None, mid_p);
        }
    }
    table
}

/// Changes between columns, by the level that counts.
pub(super) fn pairs(options: &Options, answers: &Answers, pairs: &[Pair]) -> TableBlock {
    let is_adjusted = pairs.len() > 1 && options.correction != Correction::None;
    let mut heads = vec![
        Head::name("first", msg!("compare.paired_categories.first", "First")),
        Head::name("second", msg!("compare.paired_categories.second", "Second")),
        Head::new(
            "joined",
            msg!("compare.paired_categories.joined", "Changed to it"),
            Format::General,
        ),
        Head::new(
            "left",
            msg!("compare.paired_categories.left", "Changed from it"),
            Format::General,
        ),
        Head::new(
            "difference",
            msg!("compare.paired_categories.difference", "Second − first"),
            Format::Points(1),
        ),
    ];
    heads.extend(words::ends("", options.level, Format::Points(1)));
    heads.push(words::p());
    if is_adjusted {
        heads.push(words::p_adjusted());
    }
    heads.push(Head::new(
        "odds",
        msg!("compare.paired_categories.odds", "Odds to : from"),
        Format::Fixed(3),
    ));
    heads.extend(words::ends("odds_", options.level, Format::Fixed(3)));
    let title = msg!(
        "compare.paired_categories.pairs",
        "Changes to and from “{event}”",
        event = answers.event_name().unwrap_or_default()
    );
    let mut table = TableBlock::new("pairs", title, heads);
    let p: Vec<f64> = pairs.iter().map(|p| p.p).collect();
    for (pair, adjusted) in pairs.iter().zip(options.correction.adjust(&p)) {
        let [_, left, joined, _] = pair.cells;
        let mut row: Vec<Cell> = vec![
            answers.names[pair.first].as_str().into(),
            answers.names[pair.second].as_str().into(),
            joined.into(),
            left.into(),
            pair.difference.value.into(),
            pair.difference.low.into(),
            pair.difference.high.into(),
            pair.p.into(),
        ];
        if is_adjusted {
            row.push(adjusted.into());
        }
        let odds = paired_odds(joined, left, options.level);
        row.extend([number(odds.value), number(odds.low), number(odds.high)]);
        table.row(row);
    }
    let by_chi = pairs.iter().any(|p| p.exact.is_none());
    table.notes.push(match options.p_value {
        PValue::Exact if !by_chi => {
            msg!("compare.paired_categories.p_exact", "Exact p values.")
        }
        PValue::MidP if !by_chi => msg!("compare.paired_categories.p_mid", "Mid-p values."),
        _ => msg!(
            "compare.paired_categories.p_asymptotic",
            "p values of McNemar’s χ²."
        ),
    });
    table
}

pub(super) fn shares(options: &Options, answers: &Answers) -> TableBlock {
    let mut heads = vec![
        words::variable(),
        Head::new(
            "count",
            msg!(
                "compare.paired_categories.count",
                "“{event}”",
                event = answers.event_name().unwrap_or_default()
            ),
            Format::General,
        ),
        words::n(),
        Head::new(
            "share",
            msg!("compare.paired_categories.share", "Share"),
            Format::Percent(1),
        ),
    ];
    heads.extend(words::ends("", options.level, Format::Percent(1)));
    let title = msg!("compare.paired_categories.shares", "Shares");
    let mut table = TableBlock::new("shares", title, heads);
    let n = answers.total();
    for (name, (k, e)) in answers.names.iter().zip(answers.shares(options.level)) {
        table.row(vec![
            name.as_str().into(),
            k.into(),
            n.into(),
            e.value.into(),
            e.low.into(),
            e.high.into(),
        ]);
    }
    table
}

/// The answers to the first column by those to the second.
pub(super) fn counts(answers: &Answers, counts: &[f64]) -> TableBlock {
    let k = answers.levels.len();
    let (first, second) = (&answers.names[0], &answers.names[1]);
    let mut heads = vec![Head::name("level", Msg::verbatim(first))];
    heads.extend(answers.levels.iter().enumerate().map(|(i, level)| {
        Head::new(
            &format!("to_{}", i + 1),
            Msg::verbatim(format!("{second}: {level}")),
            Format::General,
        )
    }));
    let title = msg!("compare.paired_categories.counts", "Answers together");
    let mut table = TableBlock::new("counts", title, heads);
    for (level, row) in answers.levels.iter().zip(counts.chunks_exact(k)) {
        let mut cells = vec![Cell::from(level.as_str())];
        cells.extend(row.iter().map(|n| Cell::from(*n)));
        table.row(cells);
    }
    table
}

/// Empty where a statistic cannot be made.
fn number(v: f64) -> Cell {
    Cell::from(Some(v).filter(|v| !v.is_nan()))
}
