//! The tables of the report.

use super::data::{Data, cell_means};
use super::post_hoc::{Compared, note};
use super::{Corrected, Fitted, Options, PostHoc, Sums, n_subjects, term_name};
use crate::frame::comparisons::{MeanLine, mean_table, pair_table, within_levels};
use crate::frame::words;
use crate::models::repeated::Repeated;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};

fn number(v: f64) -> Cell {
    Some(v).filter(|v| v.is_finite()).into()
}

/// Mauchly's test and the factors of the degrees of freedom; `None` where each factor has two levels.
pub(super) fn sphericity(data: &Data, fitted: &Fitted) -> Option<TableBlock> {
    let epsilon = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(3));
    let mut table = TableBlock::new(
        "sphericity",
        msg!(
            "compare.repeated_measures.sphericity",
            "Do the differences vary alike? Mauchly’s test of sphericity"
        ),
        vec![
            words::term(),
            Head::new(
                "w",
                msg!("compare.repeated_measures.w", "W"),
                Format::Fixed(3),
            ),
            words::p(),
            epsilon(
                "greenhouse_geisser",
                msg!(
                    "compare.repeated_measures.epsilon_gg",
                    "ε Greenhouse–Geisser"
                ),
            ),
            epsilon(
                "huynh_feldt",
                msg!("compare.repeated_measures.epsilon_hf", "ε Huynh–Feldt"),
            ),
            epsilon(
                "lower_bound",
                msg!("compare.repeated_measures.epsilon_lb", "ε at least"),
            ),
            Head::name("reading", msg!("frame.reading", "What it says")),
        ],
    );
    for stratum in &fitted.model.strata {
        let Some(test) = stratum.sphericity else {
            continue;
        };
        let reading = match test.p {
            p if p.is_nan() => msg!(
                "compare.repeated_measures.untested",
                "Cannot be tested: too few subjects"
            ),
            p if p >= 0.05 => msg!(
                "compare.repeated_measures.spherical",
                "Sphericity looks all right"
            ),
            _ => msg!(
                "compare.repeated_measures.not_spherical",
                "Sphericity does not hold: take a corrected p value"
            ),
        };
        table.row(vec![
            term_name(data, &stratum.within).into(),
            number(test.w),
            number(test.p),
            number(test.greenhouse_geisser),
            number(test.huynh_feldt),
            test.lower_bound.into(),
            reading.into(),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

pub(super) fn anova(options: &Options, data: &Data, fitted: &Fitted) -> TableBlock {
    let general = |key: &str, title: Msg| Head::new(key, title, Format::General);
    let mut heads = vec![
        words::term(),
        general("ss", msg!("compare.repeated_measures.ss", "Sum of squares")),
        words::df(),
        general(
            "ss_error",
            msg!(
                "compare.repeated_measures.ss_error",
                "Sum of squares (error)"
            ),
        ),
        general(
            "df_error",
            msg!("compare.repeated_measures.df_error", "df (error)"),
        ),
        words::f(),
        words::p(),
        Head::new(
            "eta_generalised",
            msg!(
                "compare.repeated_measures.eta_generalised",
                "Generalised η²"
            ),
            Format::Fixed(3),
        ),
        Head::new(
            "eta_partial",
            msg!("compare.repeated_measures.eta_partial", "Partial η²"),
            Format::Fixed(3),
        ),
    ];
    heads.extend(words::ends("eta_partial_", options.level, Format::Fixed(3)));
    let mut table = TableBlock::new(
        "anova",
        msg!("compare.repeated_measures.anova", "Analysis of variance"),
        heads,
    );
    for line in &fitted.lines {
        let (stratum, effect) = (fitted.stratum(line), &line.effect);
        table.row(vec![
            term_name(data, &line.term).into(),
            effect.ss.into(),
            effect.df.into(),
            stratum.ss_error.into(),
            stratum.df_error.into(),
            number(effect.f),
            number(effect.p),
            number(line.generalised),
            number(line.partial),
            number(line.interval.0),
            number(line.interval.1),
        ]);
    }
    table.notes.push(match options.sums {
        Sums::Two => msg!(
            "compare.repeated_measures.type_ii",
            "Type II sums of squares: each line after all that do not contain it."
        ),
        Sums::Three => msg!(
            "compare.repeated_measures.type_iii",
            "Type III sums of squares: each line after all others."
        ),
    });
    table.notes.push(msg!(
        "compare.repeated_measures.assumed",
        "{n} subjects. The p values here take sphericity for granted.",
        n = fitted.model.n_subjects
    ));
    table
}

/// The tests with shrunk degrees of freedom; `None` where none are shrunk.
pub(super) fn corrected(data: &Data, fitted: &Fitted) -> Option<TableBlock> {
    let df = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(2));
    let mut table = TableBlock::new(
        "corrected",
        msg!(
            "compare.repeated_measures.corrected_table",
            "Corrected for sphericity"
        ),
        vec![
            words::term(),
            Head::name(
                "correction",
                msg!("compare.repeated_measures.correction_head", "Correction"),
            ),
            Head::new(
                "epsilon",
                msg!("compare.repeated_measures.epsilon", "ε"),
                Format::Fixed(3),
            ),
            df("df1", msg!("frame.df1", "df 1")),
            df("df2", msg!("frame.df2", "df 2")),
            words::f(),
            words::p(),
        ],
    );
    for line in &fitted.lines {
        let stratum = fitted.stratum(line);
        let Some(test) = stratum.sphericity else {
            continue;
        };
        let ways = [
            (
                msg!("compare.repeated_measures.gg_name", "Greenhouse–Geisser"),
                test.greenhouse_geisser,
            ),
            (
                msg!("compare.repeated_measures.hf_name", "Huynh–Feldt"),
                test.huynh_feldt_bounded(),
            ),
            (
                msg!("compare.repeated_measures.lb_name", "Lower bound"),
                test.lower_bound,
            ),
        ];
        for (i, (name, epsilon)) in ways.into_iter().enumerate() {
            let one = Corrected::new(stratum, &line.effect, epsilon);
            let term: Cell = match i {
                0 => term_name(data, &line.term).into(),
                _ => Cell::Empty,
            };
            table.row(vec![
                term,
                name.into(),
                number(one.epsilon),
                number(one.df1),
                number(one.df2),
                number(line.effect.f),
                number(one.p),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

pub(super) fn comparisons(
    options: &Options,
    data: &Data,
    one: &Compared,
    place: usize,
) -> Option<TableBlock> {
    if one.pairs.is_empty() {
        return None;
    }
    let title = msg!(
        "frame.comparisons_by",
        "Comparisons by {term}",
        term = term_name(data, &one.term)
    );
    let mut table = pair_table(
        &format!("comparisons_{}", place + 1),
        title,
        &one.names,
        &one.pairs,
        options.post_hoc,
        Format::General,
        options.level,
    );
    table.notes.push(note(options.post_hoc));
    if one.term.len() > 1 && one.letters.is_empty() && options.post_hoc != PostHoc::Uncorrected {
        table.notes.push(within_levels());
    }
    Some(table)
}

/// Marginal means of a term, with letters where all pairs were compared.
pub(super) fn means(
    options: &Options,
    data: &Data,
    model: &Repeated,
    one: &Compared,
    place: usize,
) -> TableBlock {
    let lines: Vec<MeanLine> = one
        .means
        .iter()
        .zip(&one.names)
        .map(|(mean, name)| MeanLine {
            name,
            n: mean.n as f64,
            value: mean.value,
            standard_error: mean.standard_error,
        })
        .collect();
    mean_table(
        &format!("means_{}", place + 1),
        &term_name(data, &one.term),
        n_subjects(),
        &lines,
        &one.letters,
        (model.df, options.level),
    )
}

/// What was measured under each combination of levels.
pub(super) fn cells(data: &Data, model: &Repeated) -> TableBlock {
    let names = |factors: &[super::data::Named], from: usize| -> Vec<Head> {
        let heads = factors.iter().enumerate();
        heads
            .map(|(i, f)| Head::name(&format!("factor_{}", from + i + 1), Msg::verbatim(&f.name)))
            .collect()
    };
    let mut heads = names(&data.factors, 0);
    heads.extend([
        n_subjects(),
        Head::new("mean", msg!("frame.mean", "Mean"), Format::General),
        Head::new("sd", msg!("frame.sd", "SD"), Format::General),
    ]);
    let mut table = TableBlock::new(
        "cells",
        msg!("compare.repeated_measures.cells", "Measurements"),
        heads,
    );
    let sizes = data.within_sizes();
    for (m, values) in data.measures.iter().enumerate() {
        let (means, spread) = cell_means(values, model);
        let mut rest = m;
        let mut own: Vec<usize> = sizes
            .iter()
            .rev()
            .map(|size| {
                let level = rest % size;
                rest /= size;
                level
            })
            .collect();
        own.reverse();
        for (c, cell) in model.cells.iter().enumerate() {
            let levels = own.iter().copied();
            let levels = levels.chain(cell.levels.iter().map(|l| *l as usize));
            let mut row: Vec<Cell> = levels
                .zip(&data.factors)
                .map(|(l, f)| f.levels[l].as_str().into())
                .collect();
            row.extend([cell.n.into(), number(means[c]), number(spread[c])]);
            table.row(row);
        }
    }
    table
}
