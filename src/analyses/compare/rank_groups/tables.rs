//! The tables of the report.

use super::{ColumnPairs, Design, GroupPairs, Options, Samples, Test, Tested};
use crate::frame::corrections::Correction;
use crate::frame::words;
use crate::msg;
use crate::report::{Format, Head, Msg, TableBlock};
use crate::stats::descriptive::{quantile, sorted};

pub(super) fn test(samples: &Samples, tested: &Tested) -> TableBlock {
    let mut heads = vec![
        Head::name("test", msg!("compare.rank_groups.test", "Test")),
        words::statistic(),
        Head::new("df1", msg!("frame.df1", "df 1"), Format::General),
        Head::new("df2", msg!("frame.df2", "df 2"), Format::General),
        words::p(),
    ];
    let effect = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(3));
    match &tested.test {
        Test::Groups(test) => {
            heads.push(effect(
                "epsilon_squared",
                msg!("compare.rank_groups.epsilon_squared", "ε²"),
            ));
            heads.push(effect(
                "eta_squared",
                msg!("compare.rank_groups.eta_squared", "η²"),
            ));
            let mut table = TableBlock::new(
                "test",
                msg!("compare.rank_groups.kruskal_wallis", "Kruskal–Wallis test"),
                heads,
            );
            table.row(vec![
                msg!("compare.rank_groups.h", "H").into(),
                test.h.into(),
                test.df.into(),
                None.into(),
                test.p.into(),
                test.epsilon_squared.into(),
                test.eta_squared.into(),
            ]);
            table
        }
        Test::Columns(test) => {
            heads.push(effect(
                "kendall_w",
                msg!("compare.rank_groups.kendall_w", "Kendall’s W"),
            ));
            let mut table = TableBlock::new(
                "test",
                msg!("compare.rank_groups.friedman", "Friedman test"),
                heads,
            );
            table.row(vec![
                msg!("frame.chi_squared", "χ²").into(),
                test.q.into(),
                test.df.into(),
                None.into(),
                test.p.into(),
                test.kendall_w.into(),
            ]);
            // Where all rows agree F has no end.
            if test.f.is_finite() {
                table.row(vec![
                    msg!("compare.rank_groups.iman_davenport", "Iman–Davenport F").into(),
                    test.f.into(),
                    test.df.into(),
                    test.f_df2.into(),
                    test.f_p.into(),
                    None.into(),
                ]);
            }
            table.notes.push(msg!(
                "compare.rank_groups.n_rows",
                "{n} rows.",
                n = samples.values[0].len()
            ));
            table
        }
    }
}

pub(super) fn pairs(options: &Options, samples: &Samples, tested: &Tested) -> Option<TableBlock> {
    if tested.pairs.is_empty() {
        return None;
    }
    let (symbol, note, corrects_itself) = match (
        options.design,
        options.group_pairs,
        options.column_pairs,
    ) {
        (Design::Groups, GroupPairs::Dwass, _) => (
            msg!("compare.rank_groups.w", "W"),
            msg!(
                "compare.rank_groups.by_dwass",
                "Dwass, Steel, Critchlow and Fligner’s method: each pair is ranked by itself; p values allow for all pairs."
            ),
            true,
        ),
        (Design::Groups, ..) => (
            msg!("frame.z", "z"),
            msg!(
                "compare.rank_groups.by_dunn",
                "Dunn’s method: the ranks are those of all groups."
            ),
            false,
        ),
        (Design::Columns, _, ColumnPairs::Nemenyi) => (
            msg!("compare.rank_groups.q", "q"),
            msg!(
                "compare.rank_groups.by_nemenyi",
                "Nemenyi’s method; p values allow for all pairs."
            ),
            true,
        ),
        (Design::Columns, ..) => (
            msg!("frame.t", "t"),
            msg!(
                "compare.rank_groups.by_conover",
                "Durbin and Conover’s method."
            ),
            false,
        ),
    };
    let is_adjusted = !corrects_itself && options.correction != Correction::None;
    let mut heads = vec![
        Head::name("first", msg!("compare.rank_groups.first", "First")),
        Head::name("second", msg!("compare.rank_groups.second", "Second")),
        Head::new(
            "difference",
            msg!("compare.rank_groups.difference", "Difference of mean ranks"),
            Format::Fixed(2),
        ),
        Head::new("statistic", symbol, Format::Fixed(3)),
        words::p(),
    ];
    if is_adjusted {
        heads.push(words::p_adjusted());
    }
    let mut table = TableBlock::new(
        "pairs",
        msg!("compare.rank_groups.pairs", "Which differ from which?"),
        heads,
    );
    for (pair, adjusted) in tested.pairs.iter().zip(&tested.p_adjusted) {
        let number = |v: f64| Some(v).filter(|v| v.is_finite()).into();
        let mut cells = vec![
            samples.names[pair.first].as_str().into(),
            samples.names[pair.second].as_str().into(),
            pair.difference.into(),
            number(pair.statistic),
            number(pair.p),
        ];
        if is_adjusted {
            cells.push(number(*adjusted));
        }
        table.row(cells);
    }
    table.notes.push(note);
    Some(table)
}

/// What the test is made of.
pub(super) fn groups(samples: &Samples, tested: &Tested) -> TableBlock {
    let mut table = TableBlock::new(
        "groups",
        msg!("compare.rank_groups.groups", "Medians and ranks"),
        vec![
            Head::name("group", msg!("frame.group", "Group")),
            words::n(),
            Head::new("median", msg!("frame.median", "Median"), Format::General),
            Head::new("q1", msg!("frame.q1", "Lower quartile"), Format::General),
            Head::new("q3", msg!("frame.q3", "Upper quartile"), Format::General),
            Head::new(
                "mean_rank",
                msg!("frame.mean_rank", "Mean rank"),
                Format::Fixed(2),
            ),
        ],
    );
    for ((name, values), rank) in samples
        .names
        .iter()
        .zip(&samples.values)
        .zip(tested.mean_ranks())
    {
        let ordered = sorted(values);
        table.row(vec![
            name.as_str().into(),
            ordered.len().into(),
            quantile(&ordered, 0.5).into(),
            quantile(&ordered, 0.25).into(),
            quantile(&ordered, 0.75).into(),
            (*rank).into(),
        ]);
    }
    table
}
