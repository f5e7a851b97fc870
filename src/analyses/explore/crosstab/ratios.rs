//! What a table of two by two levels says as odds and risks.

use super::{Crossed, known};
use crate::frame::words;
use crate::msg;
use crate::report::{Format, Head, Msg, TableBlock};
use crate::stats::fisher_exact::conditional_odds_ratio;
use crate::stats::t_test::{Alternative, Estimate};
use crate::stats::two_by_two::{cells, newcombe, odds_ratio, risk_ratio};

/// Above this many rows the exact odds ratio is left out.
const MAX_EXACT: f64 = 1e6;

/// Odds ratio and risk ratios, and the difference of risks; nothing where more levels are.
pub(super) fn tables(crossed: &Crossed) -> Vec<TableBlock> {
    let table = &crossed.table;
    if table.n_rows != 2 || table.n_columns != 2 {
        return Vec::new();
    }
    let level = crossed.options.level;
    let counts = cells(table);
    let mut block = ratio_table(crossed);
    let mut line = |name: Msg, e: Estimate| {
        block.row(vec![
            name.into(),
            known(e.value),
            known(e.low),
            known(e.high),
        ]);
    };
    line(odds_name(crossed), odds_ratio(counts, level));
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
    for (column, counts) in [counts, [b, a, d, c]].into_iter().enumerate() {
        line(risk_name(crossed, column), risk_ratio(counts, level));
    }
    if counts.contains(&0.0) {
        block.notes.push(msg!(
            "explore.crosstab.half",
            "A cell is empty, so one half is added to every cell but in the conditional odds ratio."
        ));
    }
    let (first, second) = (a + b, c + d);
    let of = newcombe((a, first), (c, second), level);
    vec![
        block,
        difference_table(crossed, (a / first, c / second), of),
    ]
}

pub(super) fn odds_name(crossed: &Crossed) -> Msg {
    msg!(
        "explore.crosstab.odds_ratio",
        "Odds ratio of “{column}”",
        column = crossed.columns[0]
    )
}

pub(super) fn risk_name(crossed: &Crossed, column: usize) -> Msg {
    msg!(
        "explore.crosstab.risk_ratio",
        "Risk ratio of “{column}”",
        column = crossed.columns[column]
    )
}

/// The table of ratios without its lines.
pub(super) fn ratio_table(crossed: &Crossed) -> TableBlock {
    let level = crossed.options.level;
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
    TableBlock::new("ratios", title, heads)
}

/// The shares of the first column in both rows, and their difference.
pub(super) fn difference_table(
    crossed: &Crossed,
    shares: (f64, f64),
    difference: Estimate,
) -> TableBlock {
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
    block.row(vec![
        known(shares.0),
        known(shares.1),
        known(difference.value),
        known(difference.low),
        known(difference.high),
    ]);
    block
}
