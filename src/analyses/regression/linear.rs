//! Linear regression: a number explained by other columns.

mod code;

use std::collections::HashMap;

use crate::models::design::{Design, Part, Variable};
use crate::models::linear::{
    Coefficient, Fit, HcKind, LinearError, Problem, breusch_pagan, durbin_watson, fit_watched,
    gvif, robust_covariance,
};
use crate::msg;
use crate::report::{
    Along, Arg, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone,
    points_or_density,
};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, choice, column, columns, flag, level, number, reads, rows,
    terms,
};
use crate::stats::distributions::normal;
use crate::table::{Column, Data, Measure, Table};

pub struct Linear;

crate::choices! {
    /// Which standard errors are shown.
    pub enum Errors {
        Classical = "classical" "Classical",
        Hc0 = "hc0" "HC0 (White)",
        Hc1 = "hc1" "HC1",
        Hc2 = "hc2" "HC2",
        Hc3 = "hc3" "HC3, for uneven spread",
    }
}

crate::options! {
    /// The level that others are compared with.
    pub struct Reference {
        /// A column with levels.
        column "Column": String = column(Fits::Levels),
        /// The level that the others are compared with.
        level "Level": String = level("column"),
    }
}

crate::options! {
    /// What is explained by what.
    pub struct Options {
        /// The number that is explained.
        outcome "Outcome": String = column(Fits::Numbers),
        /// Columns that explain it; those with levels are compared with their reference level.
        predictors "Predictors": Vec<String> = columns(Fits::NumbersOrLevels),
        /// Predictors whose effects depend on one another.
        interactions "Interactions": Vec<Vec<String>> = terms(&["predictors"]).section("Model"),
        /// The first level of a column unless another is chosen here.
        references "Reference levels": Vec<Reference> = rows(<Reference as crate::spec::Options>::SPECS).section("Model"),
        /// Whether the expected outcome may differ from zero when all predictors are zero.
        intercept "Intercept": bool = flag(true).section("Model").advanced(),
        /// How much each row counts: the inverse of its variance, up to a factor.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Model").advanced(),
        /// Robust errors stay right when the spread of the outcome differs between rows.
        errors "Standard errors": Errors = choice(Errors::CHOICES, "classical").section("Inference"),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Inference").advanced(),
    }
}

/// Points of a normal quantile plot; more residuals are thinned evenly.
const MAX_QUANTILES: usize = 2000;

impl Analysis for Linear {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "regression.linear",
        version: 1,
        title: "Linear regression",
        group: Group::Regression,
        about: "Explains a number, such as spend, by other columns: how much each of them matters, all else equal.",
        headline: "{outcome} explained by {predictors}",
        method: "Least squares, with definitions as in R's lm and summary.lm: treatment contrasts; without an intercept R² is measured from zero; AIC and BIC count σ as a parameter. Weights are analytic (the variance of a row is σ² over its weight). HC0–HC3 as in sandwich::vcovHC, with t tests. VIF is Fox and Monette's generalised one for columns with levels. Breusch–Pagan is Koenker's studentised form. Columns that are combinations of earlier ones are left out and named.",
        references: &[
            "Fox, J., & Monette, G. (1992). Generalized collinearity diagnostics. Journal of the American Statistical Association, 87, 178–183.",
            "MacKinnon, J. G., & White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. Journal of Econometrics, 29, 305–325.",
            "Koenker, R. (1981). A note on studentizing a test for heteroscedasticity. Journal of Econometrics, 17, 107–112.",
            "Cook, R. D. (1977). Detection of influential observation in linear regression. Technometrics, 19, 15–18.",
        ],
        keywords: &[
            "regression",
            "ols",
            "least squares",
            "lm",
            "effect",
            "driver",
            "회귀",
            "회귀분석",
            "선형회귀",
            "영향",
            "최소제곱",
        ],
        picture: Picture::Lines,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "predictions",
            title: "Table with predictions and residuals",
        }],
        examples: &[
            Example {
                name: "penguins",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "bill_length_mm", "sex"]}"#,
            },
            Example {
                name: "interaction",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "species"], "interactions": [["flipper_length_mm", "species"]], "references": [{"column": "species", "level": "Gentoo"}], "errors": "hc3"}"#,
            },
        ],
        korean: include_str!("linear.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("regression.linear.step", "Fitting");
        ctx.tick(0.0, &step)?;
        let frame = Frame::new(options, input)?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let interactions = frame.interactions(options)?;
        let design = Design::new(
            &frame.variables,
            &interactions,
            options.intercept,
            frame.y.len(),
        );
        let columns = design.slices();
        let problem = Problem {
            columns: &columns,
            y: &frame.y,
            weights: frame.weights.as_deref(),
            has_intercept: options.intercept,
        };
        ctx.tick(0.1, &step)?;
        let mut watch = crate::frame::progress(ctx, 0.1, 0.6, &step);
        let fitted = fit_watched(&problem, options.level, &mut watch);
        drop(watch);
        let fitted = fitted.map_err(|e| frame.explain(&e, columns.len()))?;
        if fitted.df_residual == 0 {
            return Err(frame.too_few_rows(fitted.kept.len()));
        }
        ctx.tick(0.6, &step)?;
        let names: Vec<Msg> = design.parts.iter().map(|p| frame.column_name(p)).collect();
        if !fitted.aliased.is_empty() {
            ctx.warn(msg!(
                "regression.linear.aliased",
                "Left out, because other columns already say the same: {names}.",
                names = fitted
                    .aliased
                    .iter()
                    .map(|&c| Arg::from(names[c].clone()))
                    .collect::<Vec<_>>()
            ));
        }
        let coefficients = match options.errors.kind() {
            Some(kind) => {
                fitted.coefficients_with(&robust_covariance(&problem, &fitted, kind), options.level)
            }
            None => fitted.coefficients.clone(),
        };
        ctx.tick(0.8, &step)?;
        let mut report = Report {
            summary: summary(options, &frame, &design, &fitted, &coefficients),
            ..Report::default()
        };
        report.push(coefficient_chart(
            options,
            &design,
            &fitted,
            &coefficients,
            &names,
        ));
        report.push(coefficient_table(
            options,
            &design,
            &fitted,
            &coefficients,
            &names,
        ));
        report.push(fit_table(options, &fitted));
        report.push(Block::Group(
            msg!("regression.linear.checks", "Do the assumptions hold?"),
            checks(options, &problem, &fitted),
        ));
        let table = with_predictions(input.table("table")?, &frame, &fitted);
        Ok(Output {
            report,
            tables: vec![("predictions", table)],
        })
    }
}

impl Errors {
    fn kind(self) -> Option<HcKind> {
        match self {
            Errors::Classical => None,
            Errors::Hc0 => Some(HcKind::Hc0),
            Errors::Hc1 => Some(HcKind::Hc1),
            Errors::Hc2 => Some(HcKind::Hc2),
            Errors::Hc3 => Some(HcKind::Hc3),
        }
    }
}

/// The rows that have all values, coded for the model.
struct Frame<'a> {
    rows: Vec<u32>,
    n_dropped: usize,
    y: Vec<f64>,
    weights: Option<Vec<f64>>,
    variables: Vec<Variable>,
    names: &'a [String],
    /// The names of a factor's levels; empty for a number.
    levels: Vec<Vec<String>>,
}

impl<'a> Frame<'a> {
    fn new(options: &'a Options, input: &Input) -> Result<Self, RunError> {
        if let Some(same) = options.predictors.iter().find(|p| **p == options.outcome) {
            let message = msg!(
                "regression.linear.itself",
                "“{column}” cannot explain itself.",
                column = same
            );
            return Err(RunError::option("predictors", message));
        }
        let numbers = |option: &str, name: &str| -> Result<Vec<f64>, RunError> {
            let column = input.column(option, name)?;
            let values = column.numbers().ok_or_else(|| {
                let message = msg!(
                    "spec.not_numbers",
                    "“{name}” does not hold numbers to measure with.",
                    name = name
                );
                RunError::option(option, message)
            })?;
            Ok(values.into_owned())
        };
        let y = numbers("outcome", &options.outcome)?;
        let weights = options
            .weights
            .as_ref()
            .map(|w| numbers("weights", w))
            .transpose()?;
        let predictors = options
            .predictors
            .iter()
            .map(|p| input.column("predictors", p))
            .collect::<Result<Vec<_>, _>>()?;
        let raw: Vec<Raw> = predictors.iter().map(|c| Raw::of(c)).collect();
        let is_used = |i: usize| {
            y[i].is_finite()
                && weights.as_ref().is_none_or(|w| w[i].is_finite())
                && raw.iter().all(|r| r.is_finite(i))
        };
        let rows: Vec<u32> = (0..y.len())
            .filter(|&i| is_used(i))
            .map(|i| i as u32)
            .collect();
        let pick = |v: &[f64]| rows.iter().map(|&i| v[i as usize]).collect::<Vec<f64>>();
        let mut variables = Vec::new();
        let mut levels = Vec::new();
        for (raw, name) in raw.into_iter().zip(&options.predictors) {
            let (variable, names) = raw.coded(&rows, name, options)?;
            variables.push(variable);
            levels.push(names);
        }
        Ok(Self {
            n_dropped: y.len() - rows.len(),
            y: pick(&y),
            weights: weights.as_deref().map(pick),
            rows,
            variables,
            names: &options.predictors,
            levels,
        })
    }

    fn interactions(&self, options: &Options) -> Result<Vec<Vec<usize>>, RunError> {
        let place = |name: &String| {
            self.names.iter().position(|n| n == name).ok_or_else(|| {
                RunError::option(
                    "interactions",
                    msg!(
                        "regression.linear.not_predictor",
                        "“{column}” is not among the predictors.",
                        column = name
                    ),
                )
            })
        };
        options
            .interactions
            .iter()
            .map(|set| set.iter().map(place).collect())
            .collect()
    }

    fn column_name(&self, parts: &[Part]) -> Msg {
        if parts.is_empty() {
            return msg!("regression.linear.constant", "Intercept");
        }
        let one = |part: &Part| match part.level {
            Some(level) => format!(
                "{}: {}",
                self.names[part.variable], self.levels[part.variable][level]
            ),
            None => self.names[part.variable].clone(),
        };
        Msg::verbatim(parts.iter().map(one).collect::<Vec<_>>().join(" × "))
    }

    fn explain(&self, error: &LinearError, n_columns: usize) -> RunError {
        match error {
            LinearError::Cancelled => RunError::Cancelled,
            LinearError::TooFewRows { .. } => self.too_few_rows(n_columns),
            LinearError::Weights => RunError::option(
                "weights",
                msg!(
                    "regression.linear.weights",
                    "Weights must not be negative, and one of them must be above zero."
                ),
            ),
            LinearError::RankZero => RunError::Data(msg!(
                "regression.linear.all_zero",
                "All predictors are zero in every row."
            )),
            other => RunError::Data(msg!(
                "regression.linear.impossible",
                "No line can be fitted: {reason}.",
                reason = other.to_string()
            )),
        }
    }

    fn too_few_rows(&self, n_columns: usize) -> RunError {
        RunError::Data(msg!(
            "regression.linear.few_rows",
            "{n} {n|row has|rows have} all values, too few for {k} coefficients. Choose fewer predictors or columns with fewer missing values.",
            n = self.rows.len(),
            k = n_columns
        ))
    }
}

/// A predictor before the rows are chosen.
enum Raw<'a> {
    Number(std::borrow::Cow<'a, [f64]>),
    Levels { names: Vec<String>, codes: Vec<i32> },
}

impl<'a> Raw<'a> {
    fn of(column: &'a Column) -> Self {
        let is_number = matches!(column.data, Data::Float(_) | Data::Int(_))
            && column.measure == Measure::Scale;
        match column.numbers().filter(|_| is_number) {
            Some(values) => Raw::Number(values),
            None => {
                let levels = column.levels_and_codes();
                Raw::Levels {
                    names: levels.names,
                    codes: levels.codes,
                }
            }
        }
    }

    fn is_finite(&self, i: usize) -> bool {
        match self {
            Raw::Number(values) => values[i].is_finite(),
            Raw::Levels { codes, .. } => codes[i] >= 0,
        }
    }

    /// The variable in `rows`, and its levels that occur there.
    fn coded(
        self,
        rows: &[u32],
        name: &str,
        options: &Options,
    ) -> Result<(Variable, Vec<String>), RunError> {
        let (names, codes) = match self {
            Raw::Number(values) => {
                return Ok((
                    Variable::Number(rows.iter().map(|&i| values[i as usize]).collect()),
                    Vec::new(),
                ));
            }
            Raw::Levels { names, codes } => (names, codes),
        };
        let mut place: HashMap<i32, u32> = rows.iter().map(|&i| (codes[i as usize], 0)).collect();
        let mut used: Vec<i32> = place.keys().copied().collect();
        used.sort_unstable();
        for (new, old) in used.iter().enumerate() {
            place.insert(*old, new as u32);
        }
        let kept: Vec<String> = used.iter().map(|&c| names[c as usize].clone()).collect();
        let mut reference = 0;
        if let Some((i, wanted)) = options
            .references
            .iter()
            .enumerate()
            .find(|(_, r)| r.column == name && !r.level.is_empty())
        {
            reference = kept
                .iter()
                .position(|k| *k == wanted.level)
                .ok_or_else(|| {
                    RunError::option(
                        &format!("references.{i}.level"),
                        msg!(
                            "regression.linear.no_level",
                            "No row that is used has “{level}” in “{column}”.",
                            level = &wanted.level,
                            column = name
                        ),
                    )
                })?;
        }
        let codes = rows.iter().map(|&i| place[&codes[i as usize]]).collect();
        Ok((
            Variable::Factor {
                codes,
                n_levels: kept.len(),
                reference,
            },
            kept,
        ))
    }
}

fn summary(
    options: &Options,
    frame: &Frame,
    design: &Design,
    fitted: &Fit,
    coefficients: &[Coefficient],
) -> Vec<Msg> {
    let mut lines = vec![msg!(
        "regression.linear.summary",
        "The predictors explain {share} of the differences in {outcome} ({n} rows).",
        share = (fitted.r_squared, Format::Percent(0)),
        outcome = &options.outcome,
        n = frame.rows.len()
    )];
    let slopes: Vec<usize> = (0..coefficients.len())
        .filter(|&c| !design.parts[c].is_empty() && coefficients[c].p.is_finite())
        .collect();
    if slopes.is_empty() {
        return lines;
    }
    let is_sure = |c: &usize| coefficients[*c].p < 1.0 - options.level;
    if !slopes.iter().any(is_sure) {
        lines.push(msg!(
            "regression.linear.nothing",
            "None of the predictors has an effect that can be told from chance."
        ));
        return lines;
    }
    // Beside an interaction, the effect of one of its predictors alone holds at the other's zero only.
    let acts_together = |variable: usize| {
        let mut others = design.parts.iter().filter(|parts| parts.len() > 1);
        others.any(|parts| parts.iter().any(|p| p.variable == variable))
    };
    let stands_alone =
        |c: &usize| design.parts[*c].len() > 1 || !acts_together(design.parts[*c][0].variable);
    let strongest = slopes
        .into_iter()
        .filter(|c| is_sure(c) && stands_alone(c))
        .max_by(|&a, &b| coefficients[a].t.abs().total_cmp(&coefficients[b].t.abs()));
    let Some(c) = strongest else { return lines };
    let b = &coefficients[c];
    let size = (b.estimate.abs(), Format::Significant(3));
    let (low, high) = if b.estimate > 0.0 {
        (b.ci_lower, b.ci_upper)
    } else {
        (-b.ci_upper, -b.ci_lower)
    };
    let (low, high) = (
        (low, Format::Significant(3)),
        (high, Format::Significant(3)),
    );
    let level = (options.level, Format::Percent(0));
    match (&design.parts[c][..], b.estimate > 0.0) {
        (
            [
                Part {
                    variable,
                    level: None,
                },
            ],
            up,
        ) => {
            let name = &frame.names[*variable];
            lines.push(if up {
                msg!("regression.linear.rises", "The clearest: one more of {name} goes with {size} more of {outcome} ({level} interval {low} to {high}), all else equal.", name = name, size = size, outcome = &options.outcome, level = level, low = low, high = high)
            } else {
                msg!("regression.linear.falls", "The clearest: one more of {name} goes with {size} less of {outcome} ({level} interval {low} to {high}), all else equal.", name = name, size = size, outcome = &options.outcome, level = level, low = low, high = high)
            });
        }
        (
            [
                Part {
                    variable,
                    level: Some(l),
                },
            ],
            up,
        ) => {
            let Variable::Factor { reference, .. } = &frame.variables[*variable] else {
                return lines;
            };
            let names = &frame.levels[*variable];
            let (this, other) = (&names[*l], &names[*reference]);
            let column = &frame.names[*variable];
            lines.push(if up {
                msg!("regression.linear.higher", "The clearest: with {column} “{this}”, {outcome} is {size} higher than with “{other}” ({level} interval {low} to {high}), all else equal.", column = column, this = this, outcome = &options.outcome, size = size, other = other, level = level, low = low, high = high)
            } else {
                msg!("regression.linear.lower", "The clearest: with {column} “{this}”, {outcome} is {size} lower than with “{other}” ({level} interval {low} to {high}), all else equal.", column = column, this = this, outcome = &options.outcome, size = size, other = other, level = level, low = low, high = high)
            });
        }
        (parts, _) => lines.push(msg!(
            "regression.linear.together",
            "The clearest: {names} act together; the effect of one depends on the other.",
            names = parts
                .iter()
                .map(|p| Arg::from(frame.names[p.variable].as_str()))
                .collect::<Vec<_>>()
        )),
    }
    lines
}

fn interval_title(options: &Options) -> Msg {
    msg!(
        "regression.linear.interval",
        "{level} interval",
        level = (options.level, Format::Percent(0))
    )
}

/// Effects in standard deviations of the outcome, so that they can be compared.
fn coefficient_chart(
    options: &Options,
    design: &Design,
    fitted: &Fit,
    coefficients: &[Coefficient],
    names: &[Msg],
) -> Chart {
    let shown: Vec<usize> = fitted
        .kept
        .iter()
        .copied()
        .filter(|&c| !design.parts[c].is_empty() && fitted.standardised[c].is_finite())
        .collect();
    let factor = |c: usize| fitted.standardised[c] / coefficients[c].estimate;
    let values = |of: fn(&Coefficient) -> f64| {
        shown
            .iter()
            .map(|&c| of(&coefficients[c]) * factor(c))
            .collect::<Vec<_>>()
    };
    Chart::new(
        "effects",
        msg!("regression.linear.effects", "Which predictors matter most?"),
        Axis::linear(msg!(
            "regression.linear.standardised_axis",
            "Standardised coefficient, with its {level} interval",
            level = (options.level, Format::Percent(0))
        ))
        .from_zero()
        .format(Format::Fixed(2)),
        Axis::category(
            Msg::verbatim(""),
            shown.iter().map(|&c| names[c].clone()).collect(),
        ),
    )
    .mark(Mark::Rule {
        across: Along::X,
        value: 0.0,
        label: None,
    })
    .mark(Mark::Intervals {
        along: Along::Y,
        at: (0..shown.len()).map(|i| i as f64).collect(),
        centre: values(|b| b.estimate),
        low: values(|b| b.ci_lower),
        high: values(|b| b.ci_upper),
        tone: Tone::Accent,
        n: Vec::new(),
    })
}

fn coefficient_table(
    options: &Options,
    design: &Design,
    fitted: &Fit,
    coefficients: &[Coefficient],
    names: &[Msg],
) -> TableBlock {
    let number = |key: &str, title: Msg| Head::new(key, title, Format::General);
    let mut table = TableBlock::new(
        "coefficients",
        msg!("regression.linear.coefficients", "Coefficients"),
        vec![
            Head::name("term", msg!("regression.linear.term", "Term")),
            number("estimate", msg!("regression.linear.estimate", "B")),
            number("std_error", msg!("regression.linear.se", "SE")),
            Head::new(
                "beta",
                msg!("regression.linear.beta", "β"),
                Format::Fixed(3),
            ),
            Head::new("t", msg!("regression.linear.t", "t"), Format::Fixed(2)),
            Head::new("p", msg!("regression.linear.p", "p"), Format::PValue),
            number(
                "ci_lower",
                msg!(
                    "regression.linear.ci_lower",
                    "{interval} from",
                    interval = interval_title(options)
                ),
            ),
            number("ci_upper", msg!("regression.linear.ci_upper", "to")),
            Head::new(
                "vif",
                msg!("regression.linear.vif", "VIF"),
                Format::Fixed(2),
            ),
        ],
    );
    let factors = if design.terms.len() > 1 {
        gvif(fitted, &design.terms)
    } else {
        Vec::new()
    };
    let vif = |c: usize| {
        let term = design.terms.iter().position(|t| t.contains(&c))?;
        factors.get(term).map(|g| g.gvif).filter(|v| v.is_finite())
    };
    for (c, b) in coefficients.iter().enumerate() {
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
    table.notes.push(match options.errors {
        Errors::Classical => msg!(
            "regression.linear.classical_note",
            "Classical standard errors; t with {df} degrees of freedom.",
            df = fitted.df_residual
        ),
        _ => msg!(
            "regression.linear.robust_note",
            "{kind} standard errors; t with {df} degrees of freedom.",
            kind = format!("{:?}", options.errors).to_uppercase(),
            df = fitted.df_residual
        ),
    });
    table
}

fn fit_table(options: &Options, fitted: &Fit) -> TableBlock {
    let mut table = TableBlock::new(
        "fit",
        msg!("regression.linear.fit", "Model"),
        vec![
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
                Format::Integer,
            ),
            Head::new("p", msg!("regression.linear.p", "p"), Format::PValue),
            Head::new(
                "aic",
                msg!("regression.linear.aic", "AIC"),
                Format::Fixed(1),
            ),
            Head::new(
                "bic",
                msg!("regression.linear.bic", "BIC"),
                Format::Fixed(1),
            ),
            Head::new(
                "log_likelihood",
                msg!("regression.linear.log_likelihood", "Log likelihood"),
                Format::Fixed(1),
            ),
            Head::new("n", msg!("regression.linear.n", "Rows"), Format::Integer),
        ],
    );
    table.row(vec![
        fitted.r_squared.into(),
        fitted.adjusted_r_squared.into(),
        fitted.sigma.into(),
        (fitted.residual_sum_of_squares / fitted.n_used as f64)
            .sqrt()
            .into(),
        fitted.f.into(),
        fitted.df_model.into(),
        fitted.df_residual.into(),
        fitted.f_p.into(),
        fitted.aic.into(),
        fitted.bic.into(),
        fitted.log_likelihood.into(),
        fitted.n_used.into(),
    ]);
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

fn checks(options: &Options, problem: &Problem, fitted: &Fit) -> Vec<Block> {
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
            Head::new("p", msg!("regression.linear.p", "p"), Format::PValue),
            Head::name("reading", msg!("regression.linear.reading", "What it says")),
        ],
    );
    let dw = durbin_watson(&fitted.residuals);
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
    if let Ok(bp) = breusch_pagan(problem, fitted)
        && bp.p.is_finite()
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
    vec![
        table.into(),
        residual_chart(fitted),
        quantile_chart(fitted),
        leverage_chart(fitted),
    ]
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
    let mut sorted: Vec<f64> = fitted
        .studentised
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
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
    let y: Vec<f64> = shown.iter().map(|&i| sorted[i]).collect();
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

/// The table with the model's columns, missing in the rows that were left out.
fn with_predictions(table: &Table, frame: &Frame, fitted: &Fit) -> Table {
    let spread = |values: &[f64]| {
        let mut all = vec![f64::NAN; table.n_rows()];
        for (&row, v) in frame.rows.iter().zip(values) {
            all[row as usize] = *v;
        }
        all
    };
    let new = [
        ("predicted", &fitted.fitted),
        ("residual", &fitted.residuals),
        ("studentised_residual", &fitted.studentised),
        ("leverage", &fitted.leverage),
        ("cooks_distance", &fitted.cooks_distance),
    ];
    new.into_iter().fold(table.clone(), |t, (name, values)| {
        t.with_column(Column::float(t.free_column_name(name), spread(values)))
            .expect("as many values as rows")
    })
}
