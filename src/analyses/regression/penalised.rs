//! Penalised regression: a number explained by many columns, with effects drawn towards zero.

mod code;

use rand_core::Rng;

use crate::frame::{self, Frame, FrameBuilder, Reference, weights, words};
use crate::models::design::Design;
use crate::models::elastic_net::{CrossValidation, Point, Prepared, Problem};
use crate::msg;
use crate::report::{
    Along, Axis, Cell, Chart, Format, Head, Mark, Msg, Report, Scale, TableBlock, Tone,
};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, choice, column, columns, flag, integer, number, reads,
    rows, terms,
};
use crate::table::{Column, Table};

pub struct Penalised;

crate::choices! {
    /// What is penalised.
    pub enum Penalty {
        Lasso = "lasso" "Lasso: leaves columns out",
        Ridge = "ridge" "Ridge: shrinks all columns",
        ElasticNet = "elastic_net" "Elastic net: between the two",
    }
}

crate::choices! {
    /// Which penalty of the path is reported.
    pub enum Choose {
        Best = "best" "The least error in cross-validation",
        Simplest = "simplest" "The largest within one standard error of the least",
        Given = "given" "A given one",
    }
}

crate::options! {
    /// What is explained by what.
    pub struct Options {
        /// The number that is explained.
        outcome "Outcome": String = column(Fits::Numbers),
        /// Columns that may explain it; those with levels are compared with their reference level.
        predictors "Predictors": Vec<String> = columns(Fits::NumbersOrLevels),
        /// How effects are drawn towards zero.
        penalty "Penalty": Penalty = choice(Penalty::CHOICES, "lasso"),
        /// The lasso's share of the elastic net.
        mixing "Lasso's share": f64 = number(0.5, 0.01, 0.99).when("penalty", &["elastic_net"]),
        /// Which size of the penalty is reported.
        choose "Size": Choose = choice(Choose::CHOICES, "best"),
        /// The size of the penalty, λ.
        lambda "Penalty size λ": Option<f64> = number(0.1, 0.0, f64::MAX).optional().when("choose", &["given"]),
        /// Predictors whose effects depend on one another.
        interactions "Interactions": Vec<Vec<String>> = terms(&["predictors"]).section("Model"),
        /// The first level of a column unless another is chosen here.
        references "Reference levels": Vec<Reference> = rows(<Reference as crate::spec::Options>::SPECS).section("Model"),
        /// How much each row counts.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Model").advanced(),
        /// Columns in units of their standard deviation, so that all are penalised alike.
        standardise "Standardise": bool = flag(true).section("Model").advanced(),
        /// Parts that the rows are split into at random, each predicted from the others.
        folds "Folds": usize = integer(10, 3, 50).section("Cross-validation"),
        /// A column that says which fold each row is in, instead of chance.
        fold_column "Folds from a column": Option<String> = column(Fits::Levels).optional().section("Cross-validation").advanced(),
        /// Sizes of the penalty that are tried.
        path_length "Sizes tried": usize = integer(100, 5, 500).section("Cross-validation").advanced(),
    }
}

/// Lines of the picture of the path.
const MAX_LINES: usize = 8;

impl Analysis for Penalised {
    type Options = Options;

    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "regression.penalised",
        version: 1,
        title: "Penalised regression",
        group: Group::Regression,
        about: "Explains a number by many columns without fitting noise: effects are drawn towards zero, and the lasso leaves out what does not help.",
        headline: "{outcome} explained by {predictors}, penalised",
        method: "Coordinate descent to the last digits, with glmnet's definitions: residual sum of squares over 2n plus λ(α Σ|b| + (1 − α) Σb²/2), columns and outcome in units of their standard deviation (divisor n), intercept not penalised, coefficients given for the columns as they are. 100 sizes from the least that leaves nothing down to 1/10,000 of it. In scikit-learn's ElasticNet alpha is λ and l1_ratio is α, for columns that are standardised already. Folds are drawn from the seed; the error is the mean squared error, its standard error that of the folds' means, as cv.glmnet.",
        references: &[
            "Friedman, J., Hastie, T., & Tibshirani, R. (2010). Regularization paths for generalized linear models via coordinate descent. Journal of Statistical Software, 33(1).",
            "Zou, H., & Hastie, T. (2005). Regularization and variable selection via the elastic net. Journal of the Royal Statistical Society B, 67, 301–320.",
        ],
        keywords: &[
            "ridge",
            "lasso",
            "elastic net",
            "regularisation",
            "regularization",
            "shrinkage",
            "feature selection",
            "glmnet",
            "벌점",
            "벌점회귀",
            "라쏘",
            "릿지",
            "정규화",
            "변수선택",
        ],
        picture: Picture::Lines,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "predictions",
            title: "Table with predictions",
        }],
        examples: &[
            Example {
                name: "lasso",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "bill_length_mm", "bill_depth_mm", "species", "sex", "year"], "choose": "simplest"}"#,
            },
            Example {
                name: "ridge",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "bill_length_mm", "island"], "penalty": "ridge", "choose": "given", "lambda": 50, "fold_column": "year"}"#,
            },
        ],
        korean: include_str!("penalised.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("regression.penalised.step", "Shrinking");
        ctx.tick(0.0, &step)?;
        let frame = read(options, input)?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let interactions = frame.interactions(&options.interactions)?;
        let mut design = Design::new(&frame.variables, &interactions, true, frame.rows.len());
        design.columns.remove(0);
        design.parts.remove(0);
        let slices = design.slices();
        let (folds, n_folds) = folds(options, &frame, ctx)?;
        if slices
            .iter()
            .chain([&&*frame.numbers[0]])
            .any(|c| spans_too_much(c))
        {
            return Err(RunError::Data(words::impossible(
                "the values are too large to subtract from one another".to_string(),
            )));
        }
        let problem = Problem {
            columns: &slices,
            y: &frame.numbers[0],
            weights: frame.numbers.get(1).map(|w| &**w),
            alpha: match options.penalty {
                Penalty::Lasso => 1.0,
                Penalty::Ridge => 0.0,
                Penalty::ElasticNet => options.mixing,
            },
            standardise: options.standardise,
        };
        let cancelled = |_| RunError::Cancelled;
        let prepared = Prepared::new(
            problem,
            &folds,
            n_folds,
            &mut frame::progress(ctx, 0.02, 0.2, &step),
        )
        .map_err(cancelled)?;
        let penalties = prepared.penalties(options.path_length);
        if !penalties.iter().all(|l| l.is_finite() && *l > 0.0) {
            return Err(RunError::Data(msg!(
                "regression.penalised.constant",
                "Neither “{column}” nor a predictor may be the same in all rows.",
                column = &options.outcome
            )));
        }
        let path = prepared
            .path(&penalties, &mut frame::progress(ctx, 0.2, 0.35, &step))
            .map_err(cancelled)?;
        let validation = prepared
            .cross_validate(&penalties, &mut frame::progress(ctx, 0.35, 0.9, &step))
            .map_err(cancelled)?;
        let chosen = match options.choose {
            Choose::Best => path[validation.best].clone(),
            Choose::Simplest => path[validation.simplest].clone(),
            Choose::Given => {
                let lambda = options.lambda.ok_or_else(|| {
                    RunError::option("lambda", msg!("spec.needed", "This needs a value."))
                })?;
                // From the start of the path on, as glmnet is to be used.
                let mut down: Vec<f64> =
                    penalties.iter().copied().filter(|l| *l > lambda).collect();
                down.push(lambda);
                let points = prepared
                    .path(&down, &mut frame::progress(ctx, 0.9, 0.95, &step))
                    .map_err(cancelled)?;
                points.last().expect("one penalty at least").clone()
            }
        };
        ctx.tick(0.96, &step)?;
        let names: Vec<Msg> = design.parts.iter().map(|p| frame.column_name(p)).collect();
        let result = Fitted {
            options,
            frame: &frame,
            names: &names,
            slices: &slices,
            path: &path,
            validation: &validation,
            chosen: &chosen,
        };
        let mut report = Report {
            summary: result.summary(),
            ..Report::default()
        };
        report.push(result.error_chart());
        report.push(result.path_chart());
        report.push(result.coefficient_table());
        report.push(result.fit_table());
        let table = result.with_predictions(input.table("table")?);
        Ok(Output {
            report,
            tables: vec![("predictions", table)],
        })
    }
}

fn read<'a>(options: &Options, input: &'a Input) -> Result<Frame<'a>, RunError> {
    let mut builder = FrameBuilder::new(input);
    builder.number("outcome", &options.outcome)?;
    if let Some(weights) = &options.weights {
        builder.number("weights", weights)?;
    }
    if let Some(fold) = &options.fold_column {
        builder.group("fold_column", fold)?;
    }
    builder.predictors("predictors", &options.predictors, &options.outcome)?;
    let frame = builder.finish(&options.references)?;
    frame.numbers.get(1).map_or(Ok(()), |w| weights::check(w))?;
    Ok(frame)
}

/// Whether squares of differences could overflow.
fn spans_too_much(column: &[f64]) -> bool {
    column.iter().any(|x| x.abs() > 1e140)
}

fn folds(options: &Options, frame: &Frame, ctx: &mut Ctx) -> Result<(Vec<u32>, usize), RunError> {
    let n_rows = frame.rows.len();
    let few = || {
        RunError::Data(msg!(
            "regression.penalised.few_rows",
            "{n} {n|row has|rows have} all values; cross-validation needs at least three times as many as folds.",
            n = n_rows
        ))
    };
    if let Some(groups) = frame.groups.first() {
        if groups.names.len() < 3 || n_rows < 6 {
            return Err(RunError::option(
                "fold_column",
                msg!(
                    "regression.penalised.few_folds",
                    "The column of folds must have at least three levels."
                ),
            ));
        }
        return Ok((groups.codes.clone(), groups.names.len()));
    }
    if n_rows < 3 * options.folds {
        return Err(few());
    }
    // As even as can be, in an order drawn by chance.
    let mut folds: Vec<u32> = (0..n_rows).map(|i| (i % options.folds) as u32).collect();
    for i in (1..n_rows).rev() {
        let j = (ctx.rng().next_u64() % (i as u64 + 1)) as usize;
        folds.swap(i, j);
    }
    Ok((folds, options.folds))
}

struct Fitted<'a> {
    options: &'a Options,
    frame: &'a Frame<'a>,
    names: &'a [Msg],
    slices: &'a [&'a [f64]],
    path: &'a [Point],
    validation: &'a CrossValidation,
    chosen: &'a Point,
}

impl Fitted<'_> {
    /// Coefficients in standard deviations of the outcome for one of the column.
    fn standardised(&self, point: &Point) -> Vec<f64> {
        let sd = |v: &[f64]| crate::stats::descriptive::Moments::of(v).sd();
        let y = sd(&self.frame.numbers[0]);
        let columns = self.slices.iter().zip(&point.beta);
        columns.map(|(c, b)| b * sd(c) / y).collect()
    }

    fn cv_at_chosen(&self) -> Option<usize> {
        self.path
            .iter()
            .position(|p| p.lambda == self.chosen.lambda)
    }

    fn summary(&self) -> Vec<Msg> {
        let mut lines = vec![msg!(
            "regression.penalised.summary",
            "{kept} of {all} columns keep an effect and explain {share} of the differences in {outcome} ({n} rows).",
            kept = self.chosen.n_nonzero,
            all = self.names.len(),
            share = (self.chosen.r_squared.clamp(0.0, 1.0), Format::Percent(0)),
            outcome = &self.options.outcome,
            n = self.frame.rows.len()
        )];
        let size = self.standardised(self.chosen);
        let most = (0..size.len())
            .filter(|&j| size[j].is_finite() && size[j] != 0.0)
            .max_by(|&a, &b| size[a].abs().total_cmp(&size[b].abs()));
        lines.extend(most.map(|j| {
            msg!(
                "regression.penalised.largest",
                "The largest effect is that of {name}: {size} standard deviations of {outcome} for one of its own.",
                name = self.names[j].clone(),
                size = (size[j], Format::Fixed(2)),
                outcome = &self.options.outcome
            )
        }));
        lines
    }

    fn lambda_axis() -> Axis {
        Axis::linear(msg!(
            "regression.penalised.lambda_axis",
            "Size of the penalty, λ"
        ))
        .scale(Scale::Log)
        .format(Format::Significant(3))
    }

    fn error_chart(&self) -> Chart {
        let v = self.validation;
        let x: Vec<f64> = self.path.iter().map(|p| p.lambda).collect();
        let at = |of: f64| -> Vec<f64> {
            v.mean
                .iter()
                .zip(&v.standard_error)
                .map(|(m, s)| m + of * s)
                .collect()
        };
        Chart::new(
            "errors",
            msg!(
                "regression.penalised.errors",
                "Error on rows left out, by the size of the penalty"
            ),
            Self::lambda_axis(),
            Axis::linear(msg!("regression.penalised.mse", "Mean squared error")),
        )
        .mark(Mark::Band {
            x: x.clone(),
            low: at(-1.0),
            high: at(1.0),
            tone: Tone::Muted,
        })
        .mark(Mark::line(x, v.mean.clone(), Tone::Accent))
        .mark(Mark::Rule {
            across: Along::X,
            value: self.path[v.best].lambda,
            label: Some(msg!("regression.penalised.best", "least error")),
        })
        .mark(Mark::Rule {
            across: Along::X,
            value: self.path[v.simplest].lambda,
            label: Some(msg!("regression.penalised.simplest", "within one SE")),
        })
    }

    fn path_chart(&self) -> Chart {
        let all: Vec<Vec<f64>> = self.path.iter().map(|p| self.standardised(p)).collect();
        let last = all.last().expect("a path has points");
        let mut order: Vec<usize> = (0..last.len()).filter(|&j| last[j].is_finite()).collect();
        order.sort_by(|&a, &b| last[b].abs().total_cmp(&last[a].abs()));
        let x: Vec<f64> = self.path.iter().map(|p| p.lambda).collect();
        let named = order.len().min(MAX_LINES);
        let mut marks = vec![Mark::Rule {
            across: Along::X,
            value: self.chosen.lambda,
            label: Some(msg!("regression.penalised.chosen", "chosen")),
        }];
        // Lines in grey beyond those that colours tell apart.
        for (place, &j) in order.iter().enumerate().rev() {
            let y = all.iter().map(|b| b[j]).collect();
            let tone = if place < named {
                Tone::Series(place as u16)
            } else {
                Tone::Muted
            };
            if self.chosen.lambda > 0.0 {
                marks.push(Mark::line(x.clone(), y, tone));
            }
        }
        if self.chosen.lambda <= 0.0 {
            marks.clear();
            for (place, &j) in order.iter().enumerate().rev() {
                let y = all.iter().map(|b| b[j]).collect();
                let tone = if place < named {
                    Tone::Series(place as u16)
                } else {
                    Tone::Muted
                };
                marks.push(Mark::line(x.clone(), y, tone));
            }
        }
        Chart::new(
            "path",
            msg!(
                "regression.penalised.path",
                "How effects shrink as the penalty grows"
            ),
            Self::lambda_axis(),
            Axis::linear(msg!(
                "regression.penalised.standardised",
                "Standardised coefficient"
            ))
            .format(Format::Fixed(2)),
        )
        .series(
            order[..named]
                .iter()
                .map(|&j| self.names[j].clone())
                .collect(),
        )
        .marks(marks)
    }

    fn coefficient_table(&self) -> TableBlock {
        let mut table = TableBlock::new(
            "coefficients",
            msg!("frame.coefficients", "Coefficients"),
            vec![
                words::term(),
                words::estimate(),
                Head::new(
                    "beta",
                    msg!("regression.penalised.beta", "β"),
                    Format::Fixed(3),
                ),
            ],
        );
        table.row(vec![
            words::intercept().into(),
            self.chosen.intercept.into(),
            Cell::Empty,
        ]);
        let size = self.standardised(self.chosen);
        for ((name, b), beta) in self.names.iter().zip(&self.chosen.beta).zip(size) {
            table.row(vec![
                name.clone().into(),
                (*b).into(),
                Some(beta).filter(|v| v.is_finite()).into(),
            ]);
        }
        table.notes.push(msg!(
            "regression.penalised.no_errors",
            "Penalised effects are drawn towards zero on purpose, so they have no standard errors of the usual kind. Zero means left out."
        ));
        table
    }

    fn fit_table(&self) -> TableBlock {
        let number = |key: &str, title: Msg| Head::new(key, title, Format::General);
        let mut table = TableBlock::new(
            "path",
            msg!("regression.penalised.sizes", "Sizes of the penalty"),
            vec![
                Head::name("which", msg!("regression.penalised.which", "Which")),
                number("lambda", msg!("regression.penalised.lambda", "λ")),
                Head::new(
                    "n_nonzero",
                    msg!("regression.penalised.nonzero", "Columns kept"),
                    Format::Integer,
                ),
                Head::new(
                    "r_squared",
                    msg!("regression.penalised.r2", "R²"),
                    Format::Fixed(4),
                ),
                number(
                    "cv_error",
                    msg!("regression.penalised.cv", "Error on rows left out"),
                ),
                number("cv_se", msg!("frame.se", "SE")),
            ],
        );
        let v = self.validation;
        let mut line = |name: Msg, point: &Point, at: Option<usize>| {
            table.row(vec![
                name.into(),
                point.lambda.into(),
                point.n_nonzero.into(),
                point.r_squared.into(),
                at.map(|k| v.mean[k]).into(),
                at.map(|k| v.standard_error[k]).into(),
            ]);
        };
        line(
            msg!("regression.penalised.best", "least error"),
            &self.path[v.best],
            Some(v.best),
        );
        line(
            msg!("regression.penalised.simplest", "within one SE"),
            &self.path[v.simplest],
            Some(v.simplest),
        );
        line(
            msg!("regression.penalised.chosen", "chosen"),
            self.chosen,
            self.cv_at_chosen(),
        );
        table
    }

    fn with_predictions(&self, table: &Table) -> Table {
        let n = self.frame.rows.len();
        let mut predicted = vec![self.chosen.intercept; n];
        for (column, b) in self.slices.iter().zip(&self.chosen.beta) {
            if *b != 0.0 {
                predicted
                    .iter_mut()
                    .zip(*column)
                    .for_each(|(p, x)| *p += b * x);
            }
        }
        let residual: Vec<f64> = self.frame.numbers[0]
            .iter()
            .zip(&predicted)
            .map(|(y, p)| y - p)
            .collect();
        let new = [("predicted", &predicted), ("residual", &residual)];
        new.into_iter().fold(table.clone(), |t, (name, values)| {
            let all = self.frame.spread(values, table.n_rows());
            t.with_column(Column::float(t.free_column_name(name), all))
                .expect("as many values as rows")
        })
    }
}
