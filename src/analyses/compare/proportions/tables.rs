//! The tables of the report.

use super::{Counted, Design, Options};
use crate::frame::corrections::Correction;
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::bayes_factor;
use crate::stats::fisher_exact::fisher_two_by_two;
use crate::stats::t_test::Alternative;
use crate::stats::two_by_two::{
    binomial_test, newcombe, odds_ratio, one_proportion_test, risk_ratio, two_proportions_test,
};

pub(super) fn number(v: f64) -> Cell {
    Some(v).filter(|v| v.is_finite()).into()
}

/// The test of all groups together, or of one proportion.
pub(super) fn tests(options: &Options, counted: &Counted) -> TableBlock {
    let mut table = TableBlock::new(
        "tests",
        msg!("compare.proportions.tests", "Tests"),
        vec![
            Head::name("test", msg!("compare.proportions.test", "Test")),
            words::statistic(),
            words::df(),
            words::p(),
        ],
    );
    let alternative = options.alternative();
    let z = |table: &mut TableBlock, test: crate::stats::two_by_two::ZTest| {
        table.row(vec![
            msg!("compare.proportions.z_test", "z test").into(),
            number(test.z),
            Cell::Empty,
            number(test.p),
        ]);
    };
    match (options.design, &counted.groups[..]) {
        (Design::One, [(k, n)]) => {
            z(
                &mut table,
                one_proportion_test(*k, *n, options.null, alternative, options.continuity),
            );
            if counted.is_whole() {
                table.row(vec![
                    msg!("compare.proportions.binomial", "Exact binomial test").into(),
                    Cell::Empty,
                    Cell::Empty,
                    number(binomial_test(*k, *n, options.null, alternative)),
                ]);
            }
            table.notes.push(msg!(
                "compare.proportions.held_against",
                "Held against {null}.",
                null = (options.null, Format::Percent(1))
            ));
        }
        (_, [a, b]) => {
            z(
                &mut table,
                two_proportions_test(*a, *b, alternative, options.continuity),
            );
            if counted.is_whole() && a.1 + b.1 < 1e6 {
                let cells = [a.0, a.1 - a.0, b.0, b.1 - b.0];
                table.row(vec![
                    msg!("compare.proportions.fisher", "Fisher’s exact test").into(),
                    Cell::Empty,
                    Cell::Empty,
                    number(fisher_two_by_two(cells, alternative)),
                ]);
            }
        }
        _ => {
            let (statistic, df, p) = counted.test();
            table.row(vec![
                msg!("frame.chi_squared", "χ²").into(),
                number(statistic),
                df.into(),
                number(p),
            ]);
        }
    }
    if options.design != Design::One && alternative != Alternative::TwoSided {
        if counted.groups.len() == 2 {
            table.notes.push(msg!(
                "compare.proportions.one_sided",
                "One-sided, of “{first}” against “{second}”.",
                first = &counted.names[0],
                second = &counted.names[1]
            ));
        } else {
            table.notes.push(msg!(
                "compare.proportions.two_sided",
                "With more than two groups the tests are two-sided."
            ));
        }
    }
    table
}

/// Evidence for the effect against none, where it is asked for.
pub(super) fn bayes(options: &Options, counted: &Counted) -> Option<TableBlock> {
    if !options.bayes || counted.sample.is_some() {
        return None;
    }
    let prior = options.prior_count;
    let (factor, note) = match &counted.groups[..] {
        [(k, n)] => (
            bayes_factor::proportion(*k, *n, options.null, (prior, prior), options.alternative()),
            msg!(
                "compare.proportions.bayes_one",
                "Prior of the share: beta with both parameters {prior}.",
                prior = (prior, Format::General)
            ),
        ),
        groups => {
            let counts: Vec<f64> = groups.iter().flat_map(|(k, n)| [*k, n - k]).collect();
            (
                bayes_factor::contingency(&counts, 2, prior, true),
                msg!(
                    "compare.proportions.bayes_groups",
                    "Gunel and Dickey’s factor for independent groups with a prior count of {prior} in each cell; two-sided.",
                    prior = (prior, Format::General)
                ),
            )
        }
    };
    let head = Head::name("of", msg!("compare.proportions.bayes_of", "Share of"));
    let line = (Msg::verbatim(&counted.event), factor);
    Some(words::bayes_table(head, std::iter::once(line), note))
}

/// More groups than this are not compared pair by pair.
const MAX_GROUPS: usize = 40;

/// Differences, risk ratios and odds ratios of all pairs of groups.
pub(super) fn pairs(options: &Options, counted: &Counted) -> Option<TableBlock> {
    let groups = &counted.groups;
    if options.design != Design::Groups || groups.len() > MAX_GROUPS {
        return None;
    }
    let alternative = match groups.len() {
        2 => options.alternative(),
        _ => Alternative::TwoSided,
    };
    let places: Vec<(usize, usize)> = (0..groups.len())
        .flat_map(|a| (a + 1..groups.len()).map(move |b| (a, b)))
        .collect();
    let p: Vec<f64> = places
        .iter()
        .map(|&(a, b)| match &counted.sample {
            None => two_proportions_test(groups[a], groups[b], alternative, options.continuity).p,
            Some(sample) => sample.difference(options, (a, b), alternative).p,
        })
        .collect();
    let is_adjusted = places.len() > 1 && options.correction != Correction::None;
    let level = options.level;
    let mut heads = vec![
        Head::name("first", msg!("compare.proportions.first", "First")),
        Head::name("second", msg!("compare.proportions.second", "Second")),
        Head::new(
            "difference",
            msg!("compare.proportions.difference", "Difference"),
            Format::Points(1),
        ),
    ];
    heads.extend(words::ends("", level, Format::Points(1)));
    heads.push(words::p());
    if is_adjusted {
        heads.push(words::p_adjusted());
    }
    heads.push(Head::new(
        "h",
        msg!("compare.proportions.h", "Cohen’s h"),
        Format::Fixed(3),
    ));
    heads.push(Head::new(
        "risk_ratio",
        msg!("compare.proportions.risk_ratio", "Risk ratio"),
        Format::Fixed(3),
    ));
    heads.extend(words::ends("risk_ratio_", level, Format::Fixed(3)));
    heads.push(Head::new(
        "odds_ratio",
        msg!("compare.proportions.odds_ratio", "Odds ratio"),
        Format::Fixed(3),
    ));
    heads.extend(words::ends("odds_ratio_", level, Format::Fixed(3)));
    let title = msg!("compare.proportions.pairs", "Differences and ratios");
    let mut table = TableBlock::new("pairs", title, heads);
    for ((&(a, b), p), adjusted) in places.iter().zip(&p).zip(options.correction.adjust(&p)) {
        let (x, y) = (groups[a], groups[b]);
        let cells = [x.0, x.1 - x.0, y.0, y.1 - y.0];
        let (difference, [risk, odds]) = match &counted.sample {
            None => (
                newcombe(x, y, level),
                [risk_ratio(cells, level), odds_ratio(cells, level)],
            ),
            Some(sample) => (
                sample.difference(options, (a, b), alternative).estimate,
                sample.ratios(options, (a, b)),
            ),
        };
        let mut row: Vec<Cell> = vec![
            counted.names[a].as_str().into(),
            counted.names[b].as_str().into(),
            difference.value.into(),
            number(difference.low),
            number(difference.high),
            number(*p),
        ];
        if is_adjusted {
            row.push(number(adjusted));
        }
        row.push(cohens_h(x.0 / x.1, y.0 / y.1).into());
        for e in [risk, odds] {
            row.extend([number(e.value), number(e.low), number(e.high)]);
        }
        table.row(row);
    }
    Some(table)
}

/// The difference of angles that makes proportions comparable everywhere (Cohen 1988).
fn cohens_h(a: f64, b: f64) -> f64 {
    2.0 * (libm::asin(a.sqrt()) - libm::asin(b.sqrt()))
}

/// The share of each group with its interval.
pub(super) fn shares(options: &Options, counted: &Counted) -> TableBlock {
    let mut heads = vec![
        Head::name("group", msg!("frame.group", "Group")),
        Head::new(
            "count",
            msg!(
                "compare.proportions.count",
                "“{event}”",
                event = &counted.event
            ),
            Format::General,
        ),
        words::n(),
        Head::new(
            "share",
            msg!("compare.proportions.share", "Share"),
            Format::Percent(1),
        ),
    ];
    if counted.sample.is_some() {
        let title = msg!("frame.se", "SE");
        heads.push(Head::new("std_error", title, Format::Percent(1)));
    }
    heads.extend(words::ends("", options.level, Format::Percent(1)));
    let mut table = TableBlock::new(
        "shares",
        msg!("compare.proportions.shares", "Shares"),
        heads,
    );
    let alternative = match options.design {
        Design::One => options.alternative(),
        _ => Alternative::TwoSided,
    };
    for (i, (name, group)) in counted.names.iter().zip(&counted.groups).enumerate() {
        let e = counted.interval(options, i, alternative);
        let sample = counted.sample.as_ref();
        let n = sample.map_or(group.1, |s| s.rows[i] as f64);
        let mut row = vec![
            name.as_str().into(),
            group.0.into(),
            n.into(),
            e.value.into(),
        ];
        row.extend(sample.map(|s| number(s.share(options, i).standard_error)));
        row.extend([number(e.low), number(e.high)]);
        table.row(row);
    }
    table.notes.push(interval_note(options));
    table
}

pub(super) fn fit_test(counted: &Counted) -> TableBlock {
    let mut table = TableBlock::new(
        "tests",
        msg!("compare.proportions.fit_test", "χ² of fit"),
        vec![
            words::chi_squared(),
            words::df(),
            words::p(),
            Head::new(
                "w",
                msg!("compare.proportions.w", "Cohen’s w"),
                Format::Fixed(3),
            ),
        ],
    );
    let (statistic, df, p) = counted.test();
    let total = counted.groups[0].1;
    let shares = counted.groups.iter().map(|g| g.0 / total);
    let w = match &counted.sample {
        None => (statistic / total).sqrt(),
        Some(_) => (shares.zip(&counted.expected))
            .map(|(share, e)| (share - e) * (share - e) / e)
            .sum::<f64>()
            .sqrt(),
    };
    table.row(vec![number(statistic), number(df), number(p), w.into()]);
    let n = counted.sample.as_ref().map_or(total, |s| s.cells.n as f64);
    let n_small = counted.expected.iter().filter(|e| *e * n < 5.0).count();
    if n_small > 0 {
        table.notes.push(msg!(
            "compare.proportions.small",
            "{n} {n|level is|levels are} expected in fewer than 5 rows: the p value is rough.",
            n = n_small
        ));
    }
    table
}

/// Observed and expected rows of each level.
pub(super) fn fit(options: &Options, counted: &Counted) -> TableBlock {
    let mut heads = vec![
        words::level(),
        Head::new(
            "observed",
            msg!("compare.proportions.observed", "Observed"),
            Format::General,
        ),
        Head::new(
            "expected",
            msg!("compare.proportions.expected_rows", "Expected"),
            Format::General,
        ),
        Head::new(
            "residual",
            msg!("compare.proportions.residual", "Residual"),
            Format::Fixed(2),
        ),
        Head::new(
            "share",
            msg!("compare.proportions.share", "Share"),
            Format::Percent(1),
        ),
    ];
    heads.extend(words::ends("", options.level, Format::Percent(1)));
    heads.push(Head::new(
        "expected_share",
        msg!("compare.proportions.expected_share", "Expected share"),
        Format::Percent(1),
    ));
    let mut table = TableBlock::new(
        "fit",
        msg!("compare.proportions.fit", "Observed and expected"),
        heads,
    );
    for (i, (group, share)) in counted.groups.iter().zip(&counted.expected).enumerate() {
        let e = counted.interval(options, i, Alternative::TwoSided);
        let expected = share * group.1;
        let residual = match &counted.sample {
            None => (group.0 - expected) / expected.sqrt(),
            Some(sample) => (e.value - share) / sample.share(options, i).standard_error,
        };
        table.row(vec![
            counted.names[i].as_str().into(),
            group.0.into(),
            expected.into(),
            number(residual),
            e.value.into(),
            number(e.low),
            number(e.high),
            (*share).into(),
        ]);
    }
    table.notes.push(interval_note(options));
    table
}

fn interval_note(options: &Options) -> Msg {
    use super::IntervalKind::{AgrestiCoull, Exact, Jeffreys, Wilson};
    if options.is_sample() {
        return msg!(
            "compare.proportions.by_logit",
            "Student’s intervals of the logits, with linearised errors of a sample drawn with unequal chances."
        );
    }
    match options.interval {
        Wilson => msg!("compare.proportions.by_wilson", "Wilson’s intervals."),
        Exact => msg!(
            "compare.proportions.by_exact",
            "Clopper and Pearson’s intervals."
        ),
        AgrestiCoull => msg!(
            "compare.proportions.by_agresti",
            "Agresti and Coull’s intervals."
        ),
        Jeffreys => msg!("compare.proportions.by_jeffreys", "Jeffreys’s intervals."),
    }
}
