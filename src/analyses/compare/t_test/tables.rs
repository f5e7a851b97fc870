//! The tables of the report.

use super::{Effect, Options, Outcome, Question, Tested, Variances};
use crate::frame::contrasts::Design;
use crate::frame::corrections::Correction;
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};

/// The tests with the differences and effect sizes behind them.
pub(super) fn tests(options: &Options, contrasts: &[Tested], results: &[Outcome]) -> TableBlock {
    let level = options.interval_level();
    let mut heads = vec![
        Head::name("outcome", outcome_title(options)),
        Head::new("t", msg!("frame.t", "t"), Format::Fixed(3)),
        Head::new("df", msg!("frame.df", "df"), Format::Significant(4)),
        words::p(),
    ];
    let is_adjusted = options.correction != Correction::None;
    if is_adjusted {
        heads.push(words::p_adjusted());
    }
    heads.push(Head::new(
        "difference",
        match options.design {
            Design::One => msg!("frame.mean", "Mean"),
            _ => msg!("compare.t_test.difference", "Difference"),
        },
        Format::General,
    ));
    heads.push(words::std_error());
    heads.extend(words::ends("", level, Format::General));
    heads.push(Head::new("effect", effect_title(options), Format::Fixed(3)));
    heads.extend(words::ends("effect_", level, Format::Fixed(3)));
    let mut table = TableBlock::new("tests", msg!("compare.t_test.tests", "t tests"), heads);
    for (contrast, result) in contrasts.iter().zip(results) {
        let mut cells: Vec<Cell> = vec![
            contrast.contrast.name.as_str().into(),
            result.test.t.into(),
            result.test.df.into(),
            result.test.p.into(),
        ];
        if is_adjusted {
            cells.push(result.p_adjusted.into());
        }
        let (interval, effect) = (&result.interval, &result.effect);
        cells.extend([
            result.difference.estimate.into(),
            result.difference.standard_error.into(),
            interval.low.into(),
            interval.high.into(),
            effect.value.into(),
            effect.low.into(),
            effect.high.into(),
        ]);
        table.row(cells);
    }
    table.notes.extend(notes(options, contrasts));
    table
}

fn notes(options: &Options, contrasts: &[Tested]) -> Vec<Msg> {
    let mut notes = Vec::new();
    let sides = &contrasts[0].contrast.sides;
    match (options.design, options.variances) {
        (Design::Two, _) if options.is_sample() => notes.push(msg!(
            "compare.t_test.sampled_note",
            "Design-based test; differences are “{first}” less “{second}”.",
            first = &sides[0].name,
            second = &sides[1].name
        )),
        (Design::Two, Variances::Welch) => notes.push(msg!(
            "compare.t_test.welch_note",
            "Welch’s test; differences are “{first}” less “{second}”.",
            first = &sides[0].name,
            second = &sides[1].name
        )),
        (Design::Two, Variances::Student) => notes.push(msg!(
            "compare.t_test.student_note",
            "Student’s test; differences are “{first}” less “{second}”.",
            first = &sides[0].name,
            second = &sides[1].name
        )),
        _ => {}
    }
    let null = (options.null, Format::General);
    notes.extend(match options.question {
        Question::Greater => Some(msg!(
            "compare.t_test.greater_note",
            "One-sided: is it greater than {null}?",
            null = null
        )),
        Question::Less => Some(msg!(
            "compare.t_test.less_note",
            "One-sided: is it less than {null}?",
            null = null
        )),
        Question::Different if options.null != 0.0 => Some(msg!(
            "compare.t_test.null_note",
            "Held against {null}.",
            null = null
        )),
        Question::Equivalent | Question::NotInferior => Some(msg!(
            "compare.t_test.bounds_note",
            "The test is that of the bound which is passed least surely."
        )),
        Question::Different => None,
    });
    notes
}

/// The one-sided tests at the margins.
pub(super) fn bounds(
    options: &Options,
    contrasts: &[Tested],
    results: &[Outcome],
) -> Option<TableBlock> {
    results[0].bounds.as_ref()?;
    let mut table = TableBlock::new(
        "bounds",
        msg!("compare.t_test.bounds", "Tests at the margins"),
        vec![
            Head::name("outcome", outcome_title(options)),
            Head::new(
                "bound",
                msg!("compare.t_test.bound", "Bound"),
                Format::General,
            ),
            Head::new("t", msg!("frame.t", "t"), Format::Fixed(3)),
            Head::new("df", msg!("frame.df", "df"), Format::Significant(4)),
            words::p(),
        ],
    );
    for (contrast, result) in contrasts.iter().zip(results) {
        for (bound, test) in result.bounds.iter().flat_map(|b| &b.tests) {
            table.row(vec![
                contrast.contrast.name.as_str().into(),
                (*bound).into(),
                test.t.into(),
                test.df.into(),
                test.p.into(),
            ]);
        }
    }
    Some(table)
}

pub(super) fn bayes(
    options: &Options,
    contrasts: &[Tested],
    results: &[Outcome],
) -> Option<TableBlock> {
    if !options.bayes || options.is_sample() {
        return None;
    }
    let lines = contrasts.iter().zip(results).map(|(contrast, result)| {
        let name = Msg::verbatim(&contrast.contrast.name);
        (name, result.bayes.unwrap_or(f64::NAN))
    });
    let note = msg!(
        "compare.t_test.bayes_note",
        "Prior of the standardised difference: Cauchy of scale {scale}. The variance is taken as common to both groups.",
        scale = (options.prior_scale, Format::Significant(4))
    );
    let head = Head::name("outcome", outcome_title(options));
    Some(words::bayes_table(head, lines, note))
}

pub(super) fn resampled(
    options: &Options,
    contrasts: &[Tested],
    results: &[Outcome],
) -> Option<TableBlock> {
    if !results.iter().any(|r| r.permutation.is_some()) {
        return None;
    }
    let mut heads = vec![Head::name("outcome", outcome_title(options))];
    heads.extend(words::ends("", options.level, Format::General));
    heads.extend([
        words::p(),
        Head::new(
            "n",
            msg!("frame.rearrangements", "Rearrangements"),
            Format::Integer,
        ),
    ]);
    let mut table = TableBlock::new(
        "resampled",
        msg!("frame.resampled", "Bootstrap interval and permutation test"),
        heads,
    );
    for (contrast, result) in contrasts.iter().zip(results) {
        let Some(permutation) = result.permutation else {
            continue;
        };
        let (low, high) = result.bootstrap.unzip();
        table.row(vec![
            contrast.contrast.name.as_str().into(),
            low.into(),
            high.into(),
            permutation.p.into(),
            permutation.n.into(),
        ]);
    }
    table.notes.push(words::bootstrap_note(options.n_resamples));
    Some(table)
}

/// What the tests are made of.
pub(super) fn groups(options: &Options, contrasts: &[Tested]) -> TableBlock {
    let mut table = TableBlock::new(
        "groups",
        msg!("compare.t_test.groups", "Means"),
        vec![
            Head::name("outcome", outcome_title(options)),
            Head::name("group", msg!("frame.group", "Group")),
            words::n(),
            Head::new("mean", msg!("frame.mean", "Mean"), Format::General),
            Head::new("sd", msg!("frame.sd", "SD"), Format::General),
            words::std_error(),
            Head::new("median", msg!("frame.median", "Median"), Format::General),
        ],
    );
    for tested in contrasts {
        let contrast = &tested.contrast;
        for (side, s) in contrast.sides.iter().zip(&tested.samples) {
            let median = if contrast.is_weighted() {
                Cell::Empty
            } else {
                crate::stats::spread_tests::median(&side.values).into()
            };
            table.row(vec![
                contrast.name.as_str().into(),
                side.name.as_str().into(),
                s.n.into(),
                s.mean.into(),
                s.sd().into(),
                s.standard_error().into(),
                median,
            ]);
        }
    }
    table
}

pub(super) fn effect_title(options: &Options) -> Msg {
    match options.effect {
        Effect::Hedges => msg!("compare.t_test.hedges_g", "Hedges’s g"),
        Effect::Cohen => msg!("compare.t_test.cohens_d", "Cohen’s d"),
    }
}

fn outcome_title(options: &Options) -> Msg {
    match options.design {
        Design::Paired => msg!("frame.pair", "Pair"),
        _ => msg!("frame.outcome", "Outcome"),
    }
}
