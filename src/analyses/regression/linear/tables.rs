//! Coefficients and the fit of the model.

use super::{Inference, Options};
use crate::frame::{coefficients, words};
use crate::models::design::Design;
use crate::models::linear::{Combinations, Fit, gvif};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};

pub(super) fn coefficient_table(
    options: &Options,
    design: &Design,
    fitted: &Fit,
    inference: &Inference,
    names: &[Msg],
) -> TableBlock {
    let mut heads = coefficients::heads(words::t(), None, options.level);
    let beta = msg!("regression.linear.beta", "β");
    heads.insert(3, Head::new("beta", beta, Format::Fixed(3)));
    let vif = msg!("regression.linear.vif", "VIF");
    heads.push(Head::new("vif", vif, Format::Fixed(2)));
    let mut table = coefficients::table(heads);
    let factors = if design.terms.len() > 1 {
        gvif(fitted, &design.terms)
    } else {
        Vec::new()
    };
    let vif = |c: usize| {
        let term = design.terms.iter().position(|t| t.contains(&c))?;
        factors.get(term).map(|g| g.gvif).filter(|v| v.is_finite())
    };
    for (c, b) in inference.coefficients.iter().enumerate() {
        table.row(vec![
            names[c].clone().into(),
            b.estimate.into(),
            b.standard_error.into(),
            Some(fitted.standardised[c])
                .filter(|v| v.is_finite())
                .into(),
            b.t.into(),
            b.p.into(),
            b.ci_lower.into(),
            b.ci_upper.into(),
            vif(c).into(),
        ]);
    }
    table.notes.push(inference.note.clone());
    table
}

/// The overall F test is that of the classical errors; of a sample it is Wald's, and there is no
/// likelihood.
pub(super) fn fit_table(
    options: &Options,
    design: &Design,
    fitted: &Fit,
    combinations: &Combinations,
) -> TableBlock {
    let mut heads = vec![
        Head::new(
            "r_squared",
            msg!("regression.linear.r2", "R²"),
            Format::Fixed(4),
        ),
        Head::new(
            "adj_r_squared",
            msg!("regression.linear.adj_r2", "Adjusted R²"),
            Format::Fixed(4),
        ),
        Head::new(
            "sigma",
            msg!("regression.linear.sigma", "Residual SE"),
            Format::General,
        ),
        Head::new(
            "rmse",
            msg!("regression.linear.rmse", "RMSE"),
            Format::General,
        ),
        Head::new("f", msg!("regression.linear.f", "F"), Format::Fixed(2)),
        Head::new(
            "df_model",
            msg!("regression.linear.df1", "df 1"),
            Format::Integer,
        ),
        Head::new(
            "df_residual",
            msg!("regression.linear.df2", "df 2"),
            Format::General,
        ),
        words::p(),
    ];
    let (f, df1, df2, p) = match options.is_sample() {
        true => {
            let slopes = design.terms.iter().flatten().copied();
            let test = combinations.test_columns(&slopes.collect::<Vec<_>>());
            (test.f, test.df1, test.df2, test.p)
        }
        false => (fitted.f, fitted.df_model, fitted.df_residual, fitted.f_p),
    };
    let mut cells: Vec<Cell> = vec![
        fitted.r_squared.into(),
        fitted.adjusted_r_squared.into(),
        fitted.sigma.into(),
        (fitted.residual_sum_of_squares / fitted.n_used)
            .sqrt()
            .into(),
        f.into(),
        df1.into(),
        df2.into(),
        p.into(),
    ];
    if !options.is_sample() {
        heads.extend([words::aic(), words::bic(), words::log_likelihood()]);
        cells.extend([fitted.aic, fitted.bic, fitted.log_likelihood].map(Cell::from));
    }
    heads.push(words::n());
    cells.push(fitted.n_used.into());
    let title = msg!("regression.linear.fit", "Model");
    let mut table = TableBlock::new("fit", title, heads);
    table.row(cells);
    table.notes.push(msg!(
        "regression.linear.fit_note",
        "Residual SE divides by the degrees of freedom, RMSE by the rows."
    ));
    if !options.intercept {
        table.notes.push(msg!(
            "regression.linear.from_zero",
            "Without an intercept, R² and F are measured from zero, not from the mean."
        ));
    }
    table
}
