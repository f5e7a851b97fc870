//! A cross table of rows that are a sample drawn with unequal chances: linearised errors in place of
//! those of counts.

use super::{Crossed, known, ratios};
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::survey::Cells;
use crate::stats::t_test::Estimate;

/// How far a cell's share is from the product of its margins' shares, over the linearised error of
/// that difference.
pub(super) fn residuals(crossed: &Crossed, cells: &Cells) -> Vec<f64> {
    let t = &crossed.table;
    let all = cells.all();
    let (mut of_rows, mut of_columns) = (vec![0.0; t.n_rows], vec![0.0; t.n_columns]);
    for (k, w) in cells.weights.iter().enumerate() {
        of_rows[k / t.n_columns] += w.squares;
        of_columns[k % t.n_columns] += w.squares;
    }
    let n = cells.n as f64;
    let of = |k: usize| {
        let (i, j) = (k / t.n_columns, k % t.n_columns);
        let row = t.row_totals[i] / t.n;
        let column = t.column_totals[j] / t.n;
        let share = t.counts[k] / t.n;
        // What a row adds by whether it is in the cell, in its row or column alone, or elsewhere.
        let base = share - 2.0 * row * column;
        let here = cells.weights[k].squares;
        let (in_row, in_column) = (of_rows[i] - here, of_columns[j] - here);
        let elsewhere = all.squares - of_rows[i] - of_columns[j] + here;
        let part = |squares: f64, influence: f64| squares.max(0.0) * influence * influence;
        let squares = part(here, 1.0 - row - column - base)
            + part(in_row, column + base)
            + part(in_column, row + base)
            + part(elsewhere, base);
        let error = (squares * n / (n - 1.0)).sqrt() / all.sum;
        (share - row * column) / error
    };
    (0..cells.weights.len()).map(of).collect()
}

/// Rao and Scott's test.
pub(super) fn test_table(crossed: &Crossed) -> TableBlock {
    let mut block = TableBlock::new(
        "tests",
        msg!("explore.crosstab.tests", "Are they related?"),
        vec![
            Head::name("test", msg!("explore.crosstab.test", "Test")),
            words::statistic(),
            Head::new("df", msg!("frame.df", "df"), Format::Significant(4)),
            Head::new("df2", msg!("frame.df2", "df 2"), Format::Significant(4)),
            words::p(),
        ],
    );
    let name = msg!(
        "explore.crosstab.rao_scott",
        "F of Pearson's χ², corrected (Rao and Scott)"
    );
    match &crossed.rao_scott {
        Some(test) => block.row(vec![
            name.into(),
            test.f.into(),
            test.df1.into(),
            test.df2.into(),
            test.p.into(),
        ]),
        None => {
            let mut cells = vec![name.into()];
            cells.resize(5, Cell::Empty);
            block.row(cells);
            block.notes.push(msg!(
                "explore.crosstab.no_rao_scott",
                "The test is left out: too many cells are empty, or the levels are too many. Merge levels."
            ));
        }
    }
    block
}

/// What [`super::ratios::tables`] says, with linearised errors and Student's quantiles.
pub(super) fn ratio_tables(crossed: &Crossed, cells: &Cells) -> Vec<TableBlock> {
    let t = &crossed.table;
    if t.n_rows != 2 || t.n_columns != 2 {
        return Vec::new();
    }
    let level = crossed.options.level;
    let counts = [t.at(0, 0), t.at(0, 1), t.at(1, 0), t.at(1, 1)];
    let [a, b, c, d] = counts;
    let ratio = |value: f64, gradient: [f64; 4]| {
        if !(value > 0.0 && value.is_finite()) {
            let (low, high) = (f64::NAN, f64::NAN);
            return Estimate { value, low, high };
        }
        let reach = cells.quantile(level) * cells.standard_error(&gradient);
        Estimate {
            value,
            low: value * libm::exp(-reach),
            high: value * libm::exp(reach),
        }
    };
    let odds = ratio(a * d / (b * c), [1.0 / a, -1.0 / b, -1.0 / c, 1.0 / d]);
    let (first, second) = (a + b, c + d);
    let (p, q) = (a / first, c / second);
    let mut block = ratios::ratio_table(crossed);
    let mut line = |name: Msg, e: Estimate| {
        block.row(vec![
            name.into(),
            known(e.value),
            known(e.low),
            known(e.high),
        ]);
    };
    line(ratios::odds_name(crossed), odds);
    let of_first = [
        1.0 / a - 1.0 / first,
        -1.0 / first,
        1.0 / second - 1.0 / c,
        1.0 / second,
    ];
    let of_second = [
        -1.0 / first,
        1.0 / b - 1.0 / first,
        1.0 / second,
        1.0 / second - 1.0 / d,
    ];
    line(ratios::risk_name(crossed, 0), ratio(p / q, of_first));
    let others = (b / first) / (d / second);
    line(ratios::risk_name(crossed, 1), ratio(others, of_second));
    let gradient = [
        (1.0 - p) / first,
        -p / first,
        (q - 1.0) / second,
        q / second,
    ];
    let difference = cells.estimate(p - q, &gradient, level);
    vec![block, ratios::difference_table(crossed, (p, q), difference)]
}
