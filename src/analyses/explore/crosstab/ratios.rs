//! What a table of two by two levels says as odds and risks.

use super::Crossed;
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::fisher_exact::conditional_odds_ratio;
use crate::stats::t_test::{Alternative, Estimate};
use crate::stats::two_by_two::{cells, newcombe, odds_ratio, risk_ratio};

/// Above this many rows the exact odds ratio is left out.
const MAX_EXACT: f64 = 1e6;

fn number(v: f64) -> Cell {
    Some(v).filter(|v| !v.is_nan()).into()
}

/// Odds ratio and risk ratios, and the difference of risks; nothing where more levels are.
pub(super) fn tables(crossed: &Crossed) -> Vec<TableBlock> {
    let table = &crossed.table;
    if table.n_rows != 2 || table.n_columns != 2 {
        return Vec::new();
    }
    let level = crossed.options.level;
    let counts = cells(table);
    let ratio = |key: &str, title: Msg| Head::new(key, title, Format::Significant(4));
    let mut heads = vec![
        Head::name("measure", msg!("explore.crosstab.measure", "Measure")),
        ratio("value", msg!("explore.crosstab.value", "Value")),
    ];
    heads.extend(words::ends("", level, Format::Significant(4)));
    let title = msg!(
        "explore.crosstab.ratios",
        "Odds and risks of “{first}” against “{second}”",
        first = crossed.rows[0],
        second = crossed.rows[1]
    );
    let mut block = TableBlock::new("ratios", title, heads);
    let mut line = |name: Msg, e: Estimate| {
        block.row(vec![
            name.into(),
            number(e.value),
            number(e.low),
            number(e.high),
        ]);
    };
    line(
        msg!(
            "explore.crosstab.odds_ratio",
            "Odds ratio of “{column}”",
            column = crossed.columns[0]
        ),
        odds_ratio(counts, level),
    );
    if table.n <= MAX_EXACT && counts.iter().all(|c| c.fract() == 0.0) {
        line(
            msg!(
                "explore.crosstab.exact_odds_ratio",
                "Odds ratio, conditional (Fisher)"
            ),
            conditional_odds_ratio(counts, level, Alternative::TwoSided),
        );
    }
    let [a, b, c, d] = counts;
    for (name, counts) in [
        (crossed.columns[0], counts),
        (crossed.columns[1], [b, a, d, c]),
    ] {
        line(
            msg!(
                "explore.crosstab.risk_ratio",
                "Risk ratio of “{column}”",
                column = name
            ),
            risk_ratio(counts, level),
        );
    }
    if counts.contains(&0.0) {
        block.notes.push(msg!(
            "explore.crosstab.half",
            "A cell is empty, so one half is added to every cell but in the conditional odds ratio."
        ));
    }
    vec![block, difference(crossed, (a, a + b), (c, c + d))]
}

fn difference(crossed: &Crossed, first: (f64, f64), second: (f64, f64)) -> TableBlock {
    let level = crossed.options.level;
    let share = |key: &str, row: &str| Head::new(key, Msg::verbatim(row), Format::Percent(1));
    let mut heads = vec![
        share("first", crossed.rows[0]),
        share("second", crossed.rows[1]),
        Head::new(
            "difference",
            msg!("explore.crosstab.difference", "Difference"),
            Format::Points(1),
        ),
    ];
    heads.extend(words::ends("", level, Format::Points(1)));
    let title = msg!(
        "explore.crosstab.shares_of",
        "Shares of “{column}”",
        column = crossed.columns[0]
    );
    let mut block = TableBlock::new("difference", title, heads);
    let of = newcombe(first, second, level);
    block.row(vec![
        number(first.0 / first.1),
        number(second.0 / second.1),
        number(of.value),
        number(of.low),
        number(of.high),
    ]);
    block
}
