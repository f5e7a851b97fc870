//! Predictors that enter in blocks, and what each block adds.

use super::{Errors, Model, explain, inference};
use crate::frame::words;
use crate::models::linear::{Combinations, FTest, Fit, Problem, fit_watched};
use crate::msg;
use crate::report::{Arg, Format, Head, Msg, TableBlock};
use crate::spec::{Ctx, RunError};

/// The model after one more block.
pub(super) struct Step {
    /// What the block adds.
    names: Vec<Msg>,
    r_squared: f64,
    adjusted_r_squared: f64,
    /// Beyond the block before.
    change: f64,
    test: FTest,
    aic: f64,
}

/// The models block by block, each with all of those before; none without blocks.
pub(super) fn steps(model: &Model, ctx: &mut Ctx) -> Result<Vec<Step>, RunError> {
    let blocks = terms_of_blocks(model)?;
    let mut steps: Vec<Step> = Vec::new();
    let mut columns: Vec<usize> = (0..usize::from(model.options.intercept)).collect();
    let step = msg!("regression.linear.step_of_blocks", "Fitting the blocks");
    for (i, terms) in blocks.iter().enumerate() {
        let share = |i: usize| 0.7 + 0.1 * i as f32 / blocks.len() as f32;
        let added: Vec<usize> = terms
            .iter()
            .flat_map(|&t| model.design.terms[t].iter().copied())
            .collect();
        columns.extend(&added);
        columns.sort_unstable();
        let slices: Vec<&[f64]> = columns.iter().map(|&c| model.problem.columns[c]).collect();
        let problem = Problem {
            columns: &slices,
            ..*model.problem
        };
        let made = if columns.len() == model.problem.columns.len() {
            None
        } else {
            let mut tick = crate::frame::progress(ctx, share(i), share(i + 1), &step);
            let fitted = fit_watched(&problem, model.options.level, &mut tick);
            drop(tick);
            Some(fitted.map_err(|e| explain(model.frame, &e, slices.len()))?)
        };
        // The last block ends with the whole model, which is fitted already.
        let fitted = made.as_ref().unwrap_or(model.fitted);
        let places: Vec<usize> = (0..columns.len())
            .filter(|&p| added.contains(&columns[p]))
            .collect();
        let r_squared = fitted.r_squared;
        steps.push(Step {
            names: terms
                .iter()
                .map(|&t| model.frame.term_name(model.design, t))
                .collect(),
            change: r_squared - steps.last().map_or(0.0, |s| s.r_squared),
            r_squared,
            adjusted_r_squared: fitted.adjusted_r_squared,
            test: test(model, &problem, fitted, &places),
            // A weighted sample has no likelihood.
            aic: match model.options.is_sample() {
                true => f64::NAN,
                false => fitted.aic,
            },
        });
    }
    Ok(steps)
}

/// By the errors that were chosen; the classical one is the F test of the change of R².
fn test(model: &Model, problem: &Problem, fitted: &Fit, added: &[usize]) -> FTest {
    let (covariance, df, _) = inference::covariance(model.options, model.frame, problem, fitted);
    Combinations::of(fitted, covariance, df).test_columns(added)
}

/// The terms of the design that each block adds: those named, then the other predictors, then the
/// interactions.
fn terms_of_blocks(model: &Model) -> Result<Vec<Vec<usize>>, RunError> {
    let names = &model.frame.names;
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for (i, block) in model.options.blocks.iter().enumerate() {
        let wrong = |message: Msg| Err(RunError::option(&format!("blocks.{i}.columns"), message));
        let mut terms = Vec::new();
        for column in &block.columns {
            let Some(term) = names.iter().position(|n| n == column) else {
                return wrong(msg!(
                    "frame.not_predictor",
                    "“{column}” is not among the predictors.",
                    column = column
                ));
            };
            if blocks.iter().flatten().any(|t| *t == term) {
                return wrong(msg!(
                    "regression.linear.in_two_blocks",
                    "“{column}” is in an earlier block already.",
                    column = column
                ));
            }
            terms.push(term);
        }
        blocks.push(terms);
    }
    if !blocks.is_empty() {
        let rest: Vec<usize> = (0..names.len())
            .filter(|t| !blocks.iter().flatten().any(|b| b == t))
            .collect();
        blocks.push(rest);
        blocks.push((names.len()..model.design.terms.len()).collect());
        blocks.retain(|terms| !terms.is_empty());
    }
    Ok(blocks)
}

/// What the last block adds.
pub(super) fn sentence(steps: &[Step]) -> Option<Msg> {
    let [_, .., last] = steps else { return None };
    if !last.test.f.is_finite() {
        return None;
    }
    Some(msg!(
        "regression.linear.last_block",
        "The last block ({names}) adds {change} to what is explained (F({df1}, {df2}) = {f}, p {p}).",
        names = last
            .names
            .iter()
            .cloned()
            .map(Arg::from)
            .collect::<Vec<_>>(),
        change = (last.change, Format::Points(1)),
        df1 = last.test.df1,
        df2 = (last.test.df2, Format::General),
        f = (last.test.f, Format::Fixed(2)),
        p = (last.test.p, Format::PEquals)
    ))
}

pub(super) fn table(model: &Model, steps: &[Step]) -> Option<TableBlock> {
    if steps.is_empty() {
        return None;
    }
    let share = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(4));
    let mut table = TableBlock::new(
        "blocks",
        msg!("regression.linear.blocks_table", "Blocks of predictors"),
        vec![
            Head::new(
                "block",
                msg!("regression.linear.block", "Block"),
                Format::Integer,
            ),
            Head::name("added", msg!("regression.linear.added", "Enters")),
            share("r_squared", msg!("regression.linear.r2", "R²")),
            share(
                "adj_r_squared",
                msg!("regression.linear.adj_r2", "Adjusted R²"),
            ),
            share("delta_r_squared", msg!("regression.linear.delta_r2", "ΔR²")),
            Head::new("f", msg!("regression.linear.f", "F"), Format::Fixed(2)),
            Head::new(
                "df1",
                msg!("regression.linear.df1", "df 1"),
                Format::Integer,
            ),
            Head::new(
                "df2",
                msg!("regression.linear.df2", "df 2"),
                Format::Integer,
            ),
            words::p(),
            words::aic(),
        ],
    );
    for (i, step) in steps.iter().enumerate() {
        let names = step.names.iter().cloned().map(Arg::from);
        table.row(vec![
            (i + 1).into(),
            msg!(
                "regression.linear.names",
                "{names}",
                names = names.collect::<Vec<_>>()
            )
            .into(),
            step.r_squared.into(),
            step.adjusted_r_squared.into(),
            step.change.into(),
            step.test.f.into(),
            step.test.df1.into(),
            step.test.df2.into(),
            step.test.p.into(),
            step.aic.into(),
        ]);
    }
    table.notes.push(match model.options.errors {
        Errors::Classical => msg!(
            "regression.linear.blocks_note",
            "F tests of the change of R² by the residuals of the block’s own model."
        ),
        Errors::Bootstrap => msg!(
            "regression.linear.blocks_bootstrap",
            "F tests of the change of R² by classical errors, not by resamples."
        ),
        _ => msg!(
            "regression.linear.blocks_wald",
            "Wald’s F tests that the block’s coefficients are zero, by the standard errors chosen."
        ),
    });
    if steps.iter().any(|s| s.test.f.is_nan()) {
        table.notes.push(msg!(
            "regression.linear.no_test",
            "A dash: the standard errors chosen do not allow a test of so many coefficients at once."
        ));
    }
    Some(table)
}
