//! The tables of the report.

use super::{Options, Outcome, Tested, Three};
use crate::frame::{checks, words};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::normality::SHAPIRO_WILK_MAX;

/// From this many values on, departures that no test of means minds are found too.
const MANY: usize = 300;

pub(super) fn normality(options: &Options, outcomes: &[Outcome], tested: &[Tested]) -> TableBlock {
    let mut heads = names(options);
    heads.push(words::n());
    for (key, title) in [
        ("w", msg!("compare.assumptions.shapiro_w", "Shapiro–Wilk W")),
        (
            "a_squared",
            msg!("compare.assumptions.anderson", "Anderson–Darling A²"),
        ),
        (
            "d",
            msg!("compare.assumptions.lilliefors_d", "Lilliefors D"),
        ),
    ] {
        heads.push(Head::new(key, title, Format::Fixed(3)));
        heads.push(Head::new(
            &format!("{key}_p"),
            msg!("frame.p", "p"),
            Format::PValue,
        ));
    }
    heads.push(reading_head());
    let title = msg!("compare.assumptions.normality", "Normality");
    let mut table = TableBlock::new("normality", title, heads);
    let mut row = |outcome: &Outcome, group: Cell, three: &Three| {
        let mut cells = vec![Cell::from(outcome.name.as_str())];
        if options.group.is_some() {
            cells.push(group);
        }
        cells.push(three.n.into());
        for test in [three.shapiro_wilk, three.anderson_darling, three.lilliefors] {
            cells.extend([number(test.statistic), number(test.p)]);
        }
        cells.push(reading(options, three).into());
        table.row(cells);
    };
    for (outcome, tested) in outcomes.iter().zip(tested) {
        for (group, three) in outcome.groups.iter().zip(&tested.normality) {
            row(outcome, group.as_str().into(), three);
        }
        if let Some((_, three)) = &tested.residuals {
            row(
                outcome,
                msg!(
                    "compare.assumptions.residuals",
                    "All, less the groups' means"
                )
                .into(),
                three,
            );
        }
    }
    let mut all = tested.iter().flat_map(|t| {
        t.normality
            .iter()
            .chain(t.residuals.as_ref().map(|(_, three)| three))
    });
    if all.clone().any(|t| t.n > SHAPIRO_WILK_MAX) {
        table.notes.push(msg!(
            "compare.assumptions.too_many",
            "Shapiro and Wilk's test is made for up to {max} values; beyond, go by Anderson and Darling's.",
            max = SHAPIRO_WILK_MAX
        ));
    }
    if all.any(|t| t.n >= MANY && t.chosen().p < options.alpha) {
        table.notes.push(msg!(
            "compare.assumptions.many",
            "With hundreds of values small departures are found too, which means of so many values bear. The quantile charts show how large they are."
        ));
    }
    table
}

fn reading(options: &Options, three: &Three) -> Msg {
    match three.chosen().p {
        p if p.is_nan() => msg!(
            "frame.no_check",
            "Cannot be tested: too few or equal values"
        ),
        p if p < options.alpha => msg!("compare.assumptions.off", "Not normal"),
        _ => msg!("frame.normal", "Looks normal"),
    }
}

pub(super) fn spread(
    options: &Options,
    outcomes: &[Outcome],
    tested: &[Tested],
) -> Option<TableBlock> {
    options.group.as_ref()?;
    let heads = vec![
        Head::name("outcome", words::variable().title),
        Head::name("test", msg!("compare.assumptions.test", "Test")),
        words::statistic(),
        Head::new("df1", msg!("frame.df1", "df 1"), Format::General),
        Head::new("df2", msg!("frame.df2", "df 2"), Format::General),
        words::p(),
        reading_head(),
    ];
    let title = msg!("compare.assumptions.spread", "Equal variances");
    let mut table = TableBlock::new("spread", title, heads);
    for (outcome, tested) in outcomes.iter().zip(tested) {
        let tests = [
            checks::levene(),
            checks::brown_forsythe(),
            msg!("compare.assumptions.bartlett", "Bartlett (χ²)"),
        ];
        for (name, test) in tests.into_iter().zip(tested.spread.iter().flatten()) {
            let is_made = !test.p.is_nan();
            let df = |v: f64| number(if is_made { v } else { f64::NAN });
            table.row(vec![
                outcome.name.as_str().into(),
                name.into(),
                number(test.statistic),
                df(test.df1),
                df(test.df2),
                number(test.p),
                match test.p {
                    p if p.is_nan() => msg!(
                        "frame.no_check",
                        "Cannot be tested: too few or equal values"
                    ),
                    p if p < options.alpha => {
                        msg!("compare.assumptions.differ", "The variances differ")
                    }
                    _ => msg!("frame.even_spread", "The spread looks even"),
                }
                .into(),
            ]);
        }
    }
    table.notes.push(msg!(
        "compare.assumptions.bartlett_note",
        "Bartlett's test is misled by values that are not normal; Brown and Forsythe's bears them."
    ));
    Some(table)
}

pub(super) fn groups(options: &Options, outcomes: &[Outcome], tested: &[Tested]) -> TableBlock {
    let mut heads = names(options);
    heads.extend([
        words::n(),
        Head::new("mean", msg!("frame.mean", "Mean"), Format::General),
        Head::new("sd", msg!("frame.sd", "SD"), Format::General),
        Head::new(
            "variance",
            msg!("compare.assumptions.variance", "Variance"),
            Format::General,
        ),
        Head::new(
            "skewness",
            msg!("compare.assumptions.skewness", "Skewness"),
            Format::Fixed(2),
        ),
        Head::new(
            "kurtosis",
            msg!("compare.assumptions.kurtosis", "Excess kurtosis"),
            Format::Fixed(2),
        ),
    ]);
    let title = msg!("compare.assumptions.shape", "Spread and shape");
    let mut table = TableBlock::new("groups", title, heads);
    for (outcome, tested) in outcomes.iter().zip(tested) {
        for (group, m) in outcome.groups.iter().zip(&tested.moments) {
            let mut cells = vec![Cell::from(outcome.name.as_str())];
            if options.group.is_some() {
                cells.push(group.as_str().into());
            }
            cells.extend([
                Cell::from(m.n),
                number(m.mean),
                number(m.sd()),
                number(m.variance()),
                number(m.skewness()),
                number(m.excess_kurtosis()),
            ]);
            table.row(cells);
        }
    }
    table
}

/// The heads of the column's name and, with groups, of the group's.
fn names(options: &Options) -> Vec<Head> {
    let mut heads = vec![Head::name("outcome", words::variable().title)];
    if options.group.is_some() {
        heads.push(Head::name("group", msg!("frame.group", "Group")));
    }
    heads
}

fn reading_head() -> Head {
    Head::name("reading", msg!("frame.reading", "What it says"))
}

/// Empty where a test cannot be made.
fn number(v: f64) -> Cell {
    Cell::from(Some(v).filter(|v| v.is_finite()))
}
