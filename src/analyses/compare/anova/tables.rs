//! The tables of the report.

use super::post_hoc::Compared;
use super::{Data, Fitted, Options, PostHoc, Sums};
use crate::frame::comparisons::{MeanLine, mean_table, pair_table, within_levels};
use crate::frame::words;
use crate::models::anova::Source;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::post_hoc::{Pairwise, welch_anova};
use crate::stats::resample::Permutation;

pub(super) fn anova(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
    permutation: Option<Permutation>,
) -> TableBlock {
    let mut heads = vec![
        words::term(),
        Head::new(
            "ss",
            msg!("compare.anova.ss", "Sum of squares"),
            Format::General,
        ),
        words::df(),
        Head::new(
            "ms",
            msg!("compare.anova.ms", "Mean square"),
            Format::General,
        ),
        words::f(),
        words::p(),
    ];
    if permutation.is_some() {
        heads.push(Head::new(
            "p_permuted",
            msg!("compare.anova.p_permuted", "p (permutation)"),
            Format::PValue,
        ));
    }
    heads.push(Head::new(
        "eta",
        msg!("compare.anova.eta", "η²"),
        Format::Fixed(3),
    ));
    heads.push(Head::new(
        "eta_partial",
        msg!("compare.anova.eta_partial", "Partial η²"),
        Format::Fixed(3),
    ));
    heads.extend(words::ends("eta_partial_", options.level, Format::Fixed(3)));
    heads.push(Head::new(
        "omega",
        msg!("compare.anova.omega", "ω²"),
        Format::Fixed(3),
    ));
    heads.push(Head::new(
        "omega_partial",
        msg!("compare.anova.omega_partial", "Partial ω²"),
        Format::Fixed(3),
    ));
    let n_heads = heads.len();
    let mut table = TableBlock::new(
        "anova",
        msg!("compare.anova.table", "Analysis of variance"),
        heads,
    );
    for (line, share) in fitted.lines.iter().zip(&fitted.shares) {
        let name = match line.source {
            Source::Covariate(c) => Msg::verbatim(&options.covariates[c]),
            Source::Term(t) => data.term_name(&fitted.terms[t]),
        };
        let number = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
        let mut cells: Vec<Cell> = vec![
            name.into(),
            line.ss.into(),
            line.df.into(),
            number(line.ss / line.df),
            number(line.f),
            number(line.p),
        ];
        cells.extend(permutation.map(|p| Cell::from(p.p)));
        cells.extend([
            share.eta.into(),
            share.eta_partial.into(),
            number(share.low),
            number(share.high),
            number(share.omega),
            number(share.omega_partial),
        ]);
        table.row(cells);
    }
    let anova = &fitted.anova;
    let mut rest: Vec<Cell> = vec![
        msg!("compare.anova.residuals", "Residuals").into(),
        anova.ss_residual.into(),
        anova.df_residual.into(),
        anova.ms_residual().into(),
    ];
    rest.resize(n_heads, Cell::Empty);
    table.row(rest);
    table.notes.push(match options.sums {
        Sums::One => msg!(
            "compare.anova.type_i",
            "Type I sums of squares: each line after those above it."
        ),
        Sums::Two => msg!(
            "compare.anova.type_ii",
            "Type II sums of squares: each line after all that do not contain it."
        ),
        Sums::Three => msg!(
            "compare.anova.type_iii",
            "Type III sums of squares: each line after all others."
        ),
    });
    if let Some(permutation) = permutation {
        table.notes.push(msg!(
            "compare.anova.permuted",
            "The permutation test rearranged the rows {n} times.",
            n = permutation.n
        ));
    }
    table
}

/// Welch's test beside the analysis of one factor.
pub(super) fn welch(data: &Data, fitted: &Fitted) -> Option<TableBlock> {
    let is_weighted = matches!(data.weighting(), Some(crate::models::WeightKind::Analytic));
    if !data.is_one_way() || is_weighted {
        return None;
    }
    let groups = data.raw_groups(fitted, &[0]);
    let (f, df1, df2, p) = welch_anova(&groups);
    if !p.is_finite() {
        return None;
    }
    let mut table = TableBlock::new(
        "welch",
        msg!("compare.anova.welch", "Welch’s test"),
        vec![
            words::term(),
            words::f(),
            Head::new("df1", msg!("frame.df1", "df 1"), Format::General),
            Head::new("df2", msg!("frame.df2", "df 2"), Format::Significant(4)),
            words::p(),
        ],
    );
    table.row(vec![
        data.term_name(&[0]).into(),
        f.into(),
        df1.into(),
        df2.into(),
        p.into(),
    ]);
    Some(table)
}

pub(super) fn post_hoc(options: &Options, data: &Data, compared: &[Compared]) -> Vec<TableBlock> {
    compared
        .iter()
        .enumerate()
        .filter(|(_, c)| !c.pairs.is_empty())
        .map(|(i, one)| {
            let title = msg!(
                "frame.comparisons_by",
                "Comparisons by {term}",
                term = data.term_name(&one.term)
            );
            let mut table = pair_table(
                &format!("comparisons_{}", i + 1),
                title,
                &one.names,
                &one.pairs,
                options.post_hoc,
                Format::Significant(4),
                options.level,
            );
            table.notes.push(options.post_hoc.note());
            table
        })
        .collect()
}

/// Simple effects, each interaction's tests and then its comparisons.
pub(super) fn simple(
    options: &Options,
    data: &Data,
    fitted: &Fitted,
    compared: &[Compared],
) -> Vec<TableBlock> {
    let mut tables = Vec::new();
    for (i, one) in compared
        .iter()
        .enumerate()
        .filter(|(_, c)| !c.simple.is_empty())
    {
        let df2 = fitted.anova.df_residual;
        let mut table = TableBlock::new(
            &format!("simple_{}", i + 1),
            msg!(
                "compare.anova.simple",
                "Simple effects in {term}",
                term = data.term_name(&one.term)
            ),
            vec![
                words::term(),
                Head::name("held", msg!("compare.anova.held", "Within")),
                words::f(),
                Head::new("df1", msg!("frame.df1", "df 1"), Format::General),
                Head::new("df2", msg!("frame.df2", "df 2"), Format::General),
                words::p(),
                Head::new(
                    "eta_partial",
                    msg!("compare.anova.eta_partial", "Partial η²"),
                    Format::Fixed(3),
                ),
            ],
        );
        for effect in &one.simple {
            let number = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
            let (terms, levels): (Vec<usize>, Vec<usize>) = effect.held.iter().copied().unzip();
            let explained = effect.f * effect.df1;
            table.row(vec![
                data.term_name(&[effect.factor]).into(),
                data.levels_name(&terms, &levels).into(),
                number(effect.f),
                effect.df1.into(),
                df2.into(),
                number(effect.p),
                number(explained / (explained + df2)),
            ]);
        }
        tables.push(table);
        let pairs: Vec<Pairwise> = one.simple.iter().flat_map(|s| s.pairs.clone()).collect();
        if pairs.is_empty() {
            continue;
        }
        let title = msg!(
            "compare.anova.simple_comparisons",
            "Comparisons by {term} within each level",
            term = data.term_name(&one.term)
        );
        let mut table = pair_table(
            &format!("simple_comparisons_{}", i + 1),
            title,
            &one.names,
            &pairs,
            options.post_hoc,
            Format::Significant(4),
            options.level,
        );
        table.notes.push(options.post_hoc.note());
        if options.post_hoc != PostHoc::Uncorrected {
            table.notes.push(within_levels());
        }
        tables.push(table);
    }
    tables
}

/// Marginal means by term, with letters where all pairs were compared.
pub(super) fn means(
    options: &Options,
    data: &Data,
    df: f64,
    compared: &[Compared],
) -> Vec<TableBlock> {
    compared
        .iter()
        .enumerate()
        .map(|(i, one)| {
            let lines: Vec<MeanLine> = (0..one.means.len())
                .map(|m| MeanLine {
                    name: &one.names[m],
                    n: one.n[m],
                    value: one.means[m].value,
                    standard_error: one.means[m].standard_error,
                })
                .collect();
            mean_table(
                &format!("means_{}", i + 1),
                &data.term_name(&one.term),
                words::n(),
                &lines,
                &one.letters,
                (df, options.level),
            )
        })
        .collect()
}

/// What the rows of each combination hold.
pub(super) fn cells(data: &Data, fitted: &Fitted) -> TableBlock {
    let mut heads: Vec<Head> = data
        .options
        .factors
        .iter()
        .enumerate()
        .map(|(i, name)| Head::name(&format!("factor_{}", i + 1), Msg::verbatim(name)))
        .collect();
    heads.extend([
        words::n(),
        Head::new("mean", msg!("frame.mean", "Mean"), Format::General),
        Head::new("sd", msg!("frame.sd", "SD"), Format::General),
    ]);
    let mut table = TableBlock::new("cells", msg!("compare.anova.cells", "Groups"), heads);
    let anova = &fitted.anova;
    for (c, cell) in anova.cells.list.iter().enumerate() {
        let levels = cell.levels.iter().enumerate();
        let mut row: Vec<Cell> = levels
            .map(|(f, &l)| data.level(f, l as usize).into())
            .collect();
        let n = match data.weighting() {
            Some(crate::models::WeightKind::Frequency) => cell.weight.value(),
            _ => cell.n_rows as f64,
        };
        let sd = anova.cells.variance(c, data.weighting()).sqrt();
        row.extend([
            n.into(),
            anova.cells.mean(c).into(),
            Some(sd).filter(|v| v.is_finite()).into(),
        ]);
        table.row(row);
    }
    table
}
