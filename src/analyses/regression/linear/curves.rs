//! What bends, and whether it must.

use super::Model;
use crate::frame::curves::Bend;
use crate::frame::grid::{At, Grid};
use crate::frame::words;
use crate::models::linear::{Combinations, FTest};
use crate::msg;
use crate::report::{Axis, Chart, Format, Head, Mark, Msg, TableBlock, Tone};

/// Points of a curve that is drawn.
const N_POINTS: usize = 81;

/// Whether a bent predictor acts, and whether a straight line would not do.
pub(super) struct CurveTest {
    acts: FTest,
    bends: Option<FTest>,
}

pub(super) fn tests(model: &Model, bends: &[Bend], combinations: &Combinations) -> Vec<CurveTest> {
    let test = |bend: &Bend| {
        let columns = model.design.columns_with(bend.variable);
        let contrasts = straight(model, bend);
        CurveTest {
            acts: combinations.test_columns(&columns),
            bends: (!contrasts.is_empty()).then(|| combinations.test(&contrasts)),
        }
    };
    bends.iter().map(test).collect()
}

/// Combinations of coefficients that are zero where the predictor acts along a straight line, in each
/// interaction too; none when a column was left out.
fn straight(model: &Model, bend: &Bend) -> Vec<Vec<f64>> {
    let line = bend.line();
    let largest = (0..line.len())
        .max_by(|&a, &b| line[a].abs().total_cmp(&line[b].abs()))
        .expect("a basis has columns");
    let mut contrasts = Vec::new();
    for set in model.design.columns_by_rest(bend.variable) {
        if set.iter().any(|c| !model.fitted.kept.contains(c)) {
            return Vec::new();
        }
        for k in (0..line.len()).filter(|&k| k != largest) {
            let mut weights = vec![0.0; model.design.columns.len()];
            weights[set[k]] = 1.0;
            weights[set[largest]] = -line[k] / line[largest];
            contrasts.push(weights);
        }
    }
    contrasts
}

pub(super) fn sentences(model: &Model, bends: &[Bend], tests: &[CurveTest]) -> Vec<Msg> {
    let alpha = 1.0 - model.options.level;
    let one = |(bend, test): (&Bend, &CurveTest)| {
        let name = &model.frame.names[bend.variable];
        let p = test.bends.map(|t| t.p).filter(|p| p.is_finite())?;
        Some(if p < alpha {
            msg!(
                "regression.linear.bends",
                "The effect of {name} bends: a straight line would fit worse (p {p}).",
                name = name,
                p = (p, Format::PEquals)
            )
        } else {
            msg!(
                "regression.linear.straight",
                "A straight line would do for {name}: that it bends cannot be told from chance (p {p}).",
                name = name,
                p = (p, Format::PEquals)
            )
        })
    };
    bends.iter().zip(tests).filter_map(one).collect()
}

pub(super) fn table(model: &Model, bends: &[Bend], tests: &[CurveTest]) -> Option<TableBlock> {
    if bends.is_empty() {
        return None;
    }
    let f = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(2));
    let df = |key: &str, title: Msg| Head::new(key, title, Format::Integer);
    let mut table = TableBlock::new(
        "curves",
        msg!("regression.linear.curves_table", "Curves"),
        vec![
            words::variable(),
            Head::name("shape", msg!("regression.linear.shape", "Shape")),
            Head::name("knots", msg!("regression.linear.knots", "Inner knots")),
            f("f", msg!("regression.linear.f_any", "Any effect: F")),
            df("df1", msg!("regression.linear.df1", "df 1")),
            words::p(),
            f("f_bend", msg!("regression.linear.f_bend", "Not a line: F")),
            df("df1_bend", msg!("regression.linear.df1", "df 1")),
            Head::new("p_bend", msg!("frame.p", "p"), Format::PValue),
            df("df2", msg!("regression.linear.df2", "df 2")),
        ],
    );
    for (bend, test) in bends.iter().zip(tests) {
        let knots: Vec<Msg> = bend
            .basis
            .inner_knots()
            .iter()
            .map(|k| msg!("regression.linear.knot", "{x}", x = *k))
            .collect();
        table.row(vec![
            Msg::verbatim(&model.frame.names[bend.variable]).into(),
            bend.shape.name().into(),
            msg!("regression.linear.names", "{names}", names = knots).into(),
            test.acts.f.into(),
            test.acts.df1.into(),
            test.acts.p.into(),
            test.bends.map(|t| t.f).into(),
            test.bends.map(|t| t.df1 as f64).into(),
            test.bends.map(|t| t.p).into(),
            test.acts.df2.into(),
        ]);
    }
    table.notes.push(msg!(
        "regression.linear.curves_note",
        "Wald’s F tests, interactions with the predictor among them: that it has no effect, and that its effect is a straight line."
    ));
    Some(table)
}

/// The mean expected along a predictor, others as in marginal means.
pub(super) fn chart(model: &Model, bend: &Bend, grid: &Grid, combinations: &Combinations) -> Chart {
    let (low, high) = bend.range;
    let x: Vec<f64> = (0..N_POINTS)
        .map(|i| low + (high - low) * i as f64 / (N_POINTS - 1) as f64)
        .collect();
    let level = model.options.level;
    let means: Vec<_> = x
        .iter()
        .map(|&x| combinations.combine(&grid.mean(&[(bend.variable, At::Value(x))]), level))
        .collect();
    let name = &model.frame.names[bend.variable];
    Chart::new(
        &format!("curve_{}", bend.variable + 1),
        msg!(
            "regression.linear.curve",
            "{outcome} along {name}, all else equal",
            outcome = &model.options.outcome,
            name = name
        ),
        Axis::linear(Msg::verbatim(name)),
        Axis::linear(Msg::verbatim(&model.options.outcome)),
    )
    .mark(Mark::Band {
        x: x.clone(),
        low: means.iter().map(|m| m.ci_lower).collect(),
        high: means.iter().map(|m| m.ci_upper).collect(),
        tone: Tone::Accent,
    })
    .mark(Mark::line(
        x,
        means.iter().map(|m| m.estimate).collect(),
        Tone::Accent,
    ))
    .caption(msg!(
        "regression.linear.curve_caption",
        "The expected mean with its {level} interval; other numbers at their means, levels counted alike.",
        level = (level, Format::Percent(0))
    ))
}
