//! Whether the assumptions hold.

use super::{Errors, Options};
use crate::frame::weights::Weighting;
use crate::frame::words;
use crate::models::linear::{Fit, Problem, breusch_pagan, durbin_watson};
use crate::msg;
use crate::report::{
    Along, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, TableBlock, Tone, points_or_density,
};
use crate::stats::distributions::normal;
use crate::stats::order::at_ranks;

/// Points of a normal quantile plot; more residuals are thinned evenly.
const MAX_QUANTILES: usize = 2000;

pub(super) fn checks(options: &Options, problem: &Problem, fitted: &Fit) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    blocks.extend(tests(options, problem, fitted).map(Block::from));
    blocks.extend([
        residual_chart(fitted),
        quantile_chart(fitted),
        leverage_chart(fitted),
    ]);
    blocks
}

/// Tests of rows that stand for themselves: neighbours say nothing when a row is many, and linearised
/// errors allow for an uneven spread.
fn tests(options: &Options, problem: &Problem, fitted: &Fit) -> Option<TableBlock> {
    let mut table = TableBlock::new(
        "checks",
        msg!("regression.linear.tests", "Checks"),
        vec![
            Head::name("check", msg!("regression.linear.check", "Check")),
            Head::new(
                "statistic",
                msg!("regression.linear.statistic", "Statistic"),
                Format::Fixed(3),
            ),
            Head::new("df", msg!("regression.linear.df", "df"), Format::Integer),
            words::p(),
            Head::name("reading", msg!("regression.linear.reading", "What it says")),
        ],
    );
    let dw = durbin_watson(&fitted.residuals);
    if options.weights.is_none() || options.weighting == Weighting::Analytic {
        table.row(vec![
            msg!("regression.linear.durbin_watson", "Durbin–Watson").into(),
            dw.into(),
            Cell::Empty,
            Cell::Empty,
            if (1.5..=2.5).contains(&dw) {
                msg!(
                    "regression.linear.dw_fine",
                    "Neighbouring rows look unrelated"
                )
                .into()
            } else {
                msg!(
                    "regression.linear.dw_not",
                    "Neighbouring rows are alike or opposed: standard errors may be wrong"
                )
                .into()
            },
        ]);
    }
    if let Ok(bp) = breusch_pagan(problem, fitted)
        && bp.p.is_finite()
        && !options.is_sample()
    {
        table.row(vec![
            msg!("regression.linear.breusch_pagan", "Breusch–Pagan").into(),
            bp.statistic.into(),
            bp.df.into(),
            bp.p.into(),
            match (bp.p < 0.05, options.errors) {
                (false, _) => msg!("regression.linear.bp_fine", "The spread looks even").into(),
                (true, Errors::Classical) => msg!(
                    "regression.linear.bp_not",
                    "The spread is uneven: prefer HC3 standard errors"
                )
                .into(),
                (true, _) => msg!(
                    "regression.linear.bp_robust",
                    "The spread is uneven; the robust errors allow for it"
                )
                .into(),
            },
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn scatter(key: &str, title: Msg, x: Axis, y: Axis, values: (&[f64], &[f64])) -> Chart {
    let (mut marks, caption) = points_or_density(values.0, values.1, None);
    for mark in &mut marks {
        if let Mark::Points { tone, .. } = mark {
            *tone = Tone::Accent;
        }
    }
    let mut chart = Chart::new(key, title, x, y).marks(marks);
    chart.caption = caption;
    chart
}

fn residual_chart(fitted: &Fit) -> Block {
    scatter(
        "residuals",
        msg!(
            "regression.linear.residuals",
            "Residuals: no pattern should be left"
        ),
        Axis::linear(msg!("regression.linear.fitted", "Fitted value")),
        Axis::linear(msg!("regression.linear.residual", "Residual")),
        (&fitted.fitted, &fitted.residuals),
    )
    .mark(Mark::Rule {
        across: Along::Y,
        value: 0.0,
        label: None,
    })
    .into()
}

fn quantile_chart(fitted: &Fit) -> Block {
    let finite = fitted.studentised.iter().copied();
    let finite: Vec<f64> = finite.filter(|v| v.is_finite()).collect();
    let n = finite.len();
    // R's ppoints.
    let a = if n <= 10 { 3.0 / 8.0 } else { 0.5 };
    let place = |i: usize| (i as f64 + 1.0 - a) / (n as f64 + 1.0 - 2.0 * a);
    let shown: Vec<usize> = match n {
        0..=MAX_QUANTILES => (0..n).collect(),
        _ => (0..MAX_QUANTILES)
            .map(|i| i * (n - 1) / (MAX_QUANTILES - 1))
            .collect(),
    };
    let x: Vec<f64> = shown.iter().map(|&i| normal::quantile(place(i))).collect();
    let y = at_ranks(&finite, &shown);
    let reach = x.last().copied().unwrap_or(1.0);
    scatter(
        "quantiles",
        msg!(
            "regression.linear.quantiles",
            "Normal quantiles: the points should follow the line"
        ),
        Axis::linear(msg!("regression.linear.expected", "Expected if normal"))
            .format(Format::Fixed(2)),
        Axis::linear(msg!(
            "regression.linear.studentised",
            "Studentised residual"
        ))
        .format(Format::Fixed(2)),
        (&x, &y),
    )
    .mark(Mark::Line {
        x: vec![-reach, reach],
        y: vec![-reach, reach],
        tone: Tone::Muted,
        dashed: true,
        dots: false,
    })
    .into()
}

fn leverage_chart(fitted: &Fit) -> Block {
    let largest = (0..fitted.cooks_distance.len())
        .filter(|&i| fitted.cooks_distance[i].is_finite())
        .max_by(|&a, &b| fitted.cooks_distance[a].total_cmp(&fitted.cooks_distance[b]));
    let mut chart = scatter(
        "leverage",
        msg!(
            "regression.linear.leverage_chart",
            "Which rows pull at the line?"
        ),
        Axis::linear(msg!("regression.linear.leverage", "Leverage")).from_zero(),
        Axis::linear(msg!(
            "regression.linear.studentised",
            "Studentised residual"
        ))
        .format(Format::Fixed(2)),
        (&fitted.leverage, &fitted.studentised),
    );
    if let Some(i) = largest {
        let note = msg!(
            "regression.linear.cook",
            "Largest Cook's distance: {d} (values above 1 deserve a look).",
            d = (fitted.cooks_distance[i], Format::Significant(3))
        );
        chart.caption = Some(match chart.caption.take() {
            Some(first) => msg!(
                "regression.linear.two_captions",
                "{first} {second}",
                first = first,
                second = note
            ),
            None => note,
        });
    }
    chart.into()
}
