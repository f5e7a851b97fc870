//! Linear regression: a number explained by other columns.

mod blocks;
mod charts;
mod checks;
mod code;
mod curves;
mod inference;
mod summary;
mod tables;

use crate::frame::curves::Curve;
use crate::frame::grid::Grid;
use crate::frame::means::{Margins, MeansOf, Response, SlopeOf};
use crate::frame::weights::{self, Weighting};
use crate::frame::{self, Frame, FrameBuilder, Reference, words};
use crate::models::design::Design;
use crate::models::linear::{Combinations, Fit, HcKind, LinearError, Problem, fit_watched};
use crate::msg;
use crate::report::{Arg, Block, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, choice, column, columns, flag, integer, number, reads,
    rows, terms,
};
use crate::table::{Column, Table};

use inference::Inference;

pub struct Linear;

crate::choices! {
    /// Which standard errors are shown.
    pub enum Errors {
        Classical = "classical" "Classical",
        Hc0 = "hc0" "HC0 (White)",
        Hc1 = "hc1" "HC1",
        Hc2 = "hc2" "HC2",
        Hc3 = "hc3" "HC3, for uneven spread",
        Cluster = "cluster" "Clustered, for rows that belong together",
        Bootstrap = "bootstrap" "Bootstrap of rows",
    }
}

crate::options! {
    /// Predictors that enter together.
    pub struct BlockOfColumns {
        /// Predictors that enter with this block.
        columns "Predictors of the block": Vec<String> = columns(Fits::NumbersOrLevels),
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
        /// Numbers whose effect need not be a straight line.
        curves "Curves": Vec<Curve> = rows(<Curve as crate::spec::Options>::SPECS).section("Model").advanced(),
        /// Predictors that enter one block after another, to see how much each block adds to R². Predictors of no block enter together after them, interactions last.
        blocks "Blocks": Vec<BlockOfColumns> = rows(<BlockOfColumns as crate::spec::Options>::SPECS).section("Model").advanced(),
        /// Whether the expected outcome may differ from zero when all predictors are zero.
        intercept "Intercept": bool = flag(true).section("Model").advanced(),
        /// How much each row counts.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Model").advanced(),
        /// The coefficients are the same whatever the weights mean; their errors are not.
        weighting "Weights are": Weighting = choice(Weighting::CHOICES, "analytic").section("Model").advanced().when_chosen("weights"),
        /// What the model expects at each level of a predictor, all else equal.
        means "Marginal means": Vec<MeansOf> = rows(<MeansOf as crate::spec::Options>::SPECS).section("Means and slopes").advanced(),
        /// The slope of a number at values of another predictor: what an interaction comes to.
        slopes "Simple slopes": Vec<SlopeOf> = rows(<SlopeOf as crate::spec::Options>::SPECS).section("Means and slopes").advanced(),
        /// Robust errors stay right when the spread of the outcome differs between rows.
        errors "Standard errors": Errors = choice(Errors::CHOICES, "classical").section("Inference"),
        /// Rows with the same value belong together, such as those of one person or one school.
        cluster "Cluster": Option<String> = column(Fits::Any).optional().section("Inference").when("errors", &["cluster"]),
        /// How often the rows are drawn again. More of them make the numbers steadier from seed to seed.
        resamples "Resamples": usize = integer(2000, 100, 100_000).section("Inference").when("errors", &["bootstrap"]),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Inference").advanced(),
    }
}

impl Analysis for Linear {
    type Options = Options;
    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "regression.linear",
        version: 1,
        title: "Linear regression",
        group: Group::Regression,
        about: "Explains a number, such as spend, by other columns: how much each of them matters, all else equal.",
        headline: "{outcome} explained by {predictors}",
        method: "Least squares, with definitions as in R's lm and summary.lm: treatment contrasts; without an intercept R² is measured from zero; AIC and BIC count σ as a parameter. Analytic weights: the variance of a row is σ² over its weight. Frequency weights count rows, also in the degrees of freedom, leverages and AIC. Sampling weights: estimates as under analytic ones of mean 1, errors linearised (R's survey::svyglm without strata; HC0 times n/(n − 1), of G clusters G/(G − 1)), t tests of n − p or G − p degrees of freedom, F by Wald; no likelihood. HC0–HC3 as in sandwich::vcovHC, with t tests. Clustered errors are CR1, as Stata’s vce(cluster) and sandwich::vcovCL of type HC1, with t tests of G − 1 degrees of freedom for G clusters. The bootstrap draws rows again with replacement and fits the same columns: its errors are standard deviations, its intervals percentiles as boot.ci gives them. A block’s F tests the change of R² by the residuals of its own model (SPSS’s change statistics); with robust or clustered errors it is Wald’s test. Curves are the columns of splines::ns, splines::bs and poly over the rows that are used, inner knots at quantiles of type 7, outer ones at the ends. VIF is Fox and Monette's generalised one for columns with levels. Breusch–Pagan is Koenker's studentised form. Marginal means and slopes are those of emmeans and emtrends with equal weights: levels counted alike, numbers at the mean of the rows that are used, whatever their number of values. Columns that are combinations of earlier ones are left out and named.",
        references: &[
            "Fox, J., & Monette, G. (1992). Generalized collinearity diagnostics. Journal of the American Statistical Association, 87, 178–183.",
            "MacKinnon, J. G., & White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. Journal of Econometrics, 29, 305–325.",
            "Koenker, R. (1981). A note on studentizing a test for heteroscedasticity. Journal of Econometrics, 17, 107–112.",
            "Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models. Biometrika, 73, 13–22.",
            "Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application. Cambridge University Press.",
            "de Boor, C. (1978). A practical guide to splines. Springer.",
            "Searle, S. R., Speed, F. M., & Milliken, G. A. (1980). Population marginal means in the linear model. The American Statistician, 34, 216–221.",
            "Cook, R. D. (1977). Detection of influential observation in linear regression. Technometrics, 19, 15–18.",
        ],
        keywords: &[
            "regression",
            "ols",
            "least squares",
            "lm",
            "effect",
            "driver",
            "hierarchical",
            "polynomial",
            "spline",
            "clustered standard errors",
            "bootstrap",
            "emmeans",
            "marginal means",
            "simple slopes",
            "회귀",
            "회귀분석",
            "선형회귀",
            "영향",
            "최소제곱",
            "위계적 회귀",
            "다항회귀",
            "스플라인",
            "군집 표준오차",
            "붓스트랩",
            "주변 평균",
            "추정 주변 평균",
            "단순 기울기",
            "조절효과",
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
            Example {
                name: "blocks",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "predictors": ["sex", "flipper_length_mm", "species"], "interactions": [["flipper_length_mm", "sex"]], "curves": [{"column": "flipper_length_mm", "shape": "natural", "knots": 2}], "blocks": [{"columns": ["sex"]}, {"columns": ["flipper_length_mm"]}], "errors": "hc3"}"#,
            },
            Example {
                name: "means",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "species", "sex"], "interactions": [["flipper_length_mm", "species"], ["species", "sex"]], "means": [{"columns": ["species", "sex"]}, {"columns": ["species"], "compare": "tukey"}], "slopes": [{"column": "flipper_length_mm", "by": "species"}]}"#,
            },
            Example {
                name: "bootstrap",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "bill_length_mm", "predictors": ["bill_depth_mm", "species"], "curves": [{"column": "bill_depth_mm", "shape": "orthogonal"}], "errors": "bootstrap", "resamples": 500}"#,
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
        let mut frame = frame(options, input)?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let bends = frame.bend(&options.curves)?;
        let frame = &frame;
        let interactions = frame.interactions(&options.interactions)?;
        let y = &frame.numbers[0];
        let design = Design::new(&frame.variables, &interactions, options.intercept, y.len());
        let columns = design.slices();
        let weights = frame.numbers.get(1).map(|w| &**w);
        check_weights(options, weights)?;
        let weights = weights::of_model(weights, options.weighting, ctx);
        let problem = Problem {
            columns: &columns,
            y,
            weights: weights.as_deref().map(|w| (w, options.weighting.kind())),
            has_intercept: options.intercept,
        };
        ctx.tick(0.1, &step)?;
        let mut watch = frame::progress(ctx, 0.1, 0.4, &step);
        let fitted = fit_watched(&problem, options.level, &mut watch);
        drop(watch);
        let fitted = fitted.map_err(|e| explain(frame, &e, columns.len()))?;
        if !(fitted.df_residual > 0.0) {
            return Err(frame.too_few_rows(fitted.kept.len()));
        }
        ctx.tick(0.4, &step)?;
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
        let inference = Inference::of(options, frame, &problem, &fitted, ctx)?;
        let model = Model {
            options,
            frame,
            design: &design,
            problem: &problem,
            fitted: &fitted,
        };
        let steps = blocks::steps(&model, ctx)?;
        let mut combinations =
            Combinations::of(&fitted, inference.covariance.clone(), inference.df);
        if !(bends.is_empty() && options.means.is_empty() && options.slopes.is_empty()) {
            combinations = combinations
                .with_aliases(&columns)
                .map_err(|e| explain(frame, &e, columns.len()))?;
        }
        let grid = Grid::new(frame, &design, &bends);
        let bent = curves::tests(&model, &bends, &combinations);
        ctx.tick(0.8, &step)?;
        let coefficients = &inference.coefficients;
        let mut report = Report {
            summary: summary::summary(options, frame, &design, &fitted, coefficients),
            ..Report::default()
        };
        report.summary.extend(blocks::sentence(&steps));
        report
            .summary
            .extend(curves::sentences(&model, &bends, &bent));
        report.push(charts::coefficient_chart(
            options,
            &design,
            &fitted,
            coefficients,
            &names,
        ));
        report.push(tables::coefficient_table(
            options, &design, &fitted, &inference, &names,
        ));
        report.push(tables::fit_table(options, &design, &fitted, &combinations));
        report
            .blocks
            .extend(blocks::table(&model, &steps).map(Block::from));
        report
            .blocks
            .extend(curves::table(&model, &bends, &bent).map(Block::from));
        for bend in &bends {
            report.push(curves::chart(&model, bend, &grid, &combinations));
        }
        let margins = Margins {
            frame,
            grid: &grid,
            combinations: &combinations,
            response: Response::Identity,
            level: options.level,
            outcome: Msg::verbatim(&options.outcome),
        };
        report
            .blocks
            .extend(margins.blocks(&options.means, &options.slopes)?);
        report.push(Block::Group(
            msg!("regression.linear.checks", "Do the assumptions hold?"),
            checks::checks(options, &problem, &fitted),
        ));
        let table = with_predictions(input.table("table")?, frame, fitted);
        Ok(Output {
            report,
            tables: vec![("predictions", table)],
        })
    }
}

impl Options {
    /// Whether rows are a sample of a population, drawn with unequal chances.
    fn is_sample(&self) -> bool {
        self.weights.is_some() && self.weighting == Weighting::Sampling
    }
}

impl Errors {
    fn kind(self) -> Option<HcKind> {
        match self {
            Errors::Hc0 => Some(HcKind::Hc0),
            Errors::Hc1 => Some(HcKind::Hc1),
            Errors::Hc2 => Some(HcKind::Hc2),
            Errors::Hc3 => Some(HcKind::Hc3),
            Errors::Classical | Errors::Cluster | Errors::Bootstrap => None,
        }
    }
}

/// What the parts of the report are made of.
#[derive(Clone, Copy)]
struct Model<'a> {
    options: &'a Options,
    frame: &'a Frame<'a>,
    design: &'a Design<'a>,
    problem: &'a Problem<'a>,
    fitted: &'a Fit,
}

/// The rows to use: the outcome and the weights as numbers, the clusters as groups.
fn frame<'a>(options: &Options, input: &'a Input) -> Result<Frame<'a>, RunError> {
    let mut builder = FrameBuilder::new(input);
    builder.number("outcome", &options.outcome)?;
    if let Some(weights) = &options.weights {
        builder.number("weights", weights)?;
    }
    builder.predictors("predictors", &options.predictors, &options.outcome)?;
    if options.errors == Errors::Cluster {
        let cluster = options.cluster.as_ref().ok_or_else(|| {
            RunError::option("cluster", msg!("spec.choose_column", "Choose a column."))
        })?;
        builder.group("cluster", cluster)?;
    }
    builder.finish(&options.references)
}

fn check_weights(options: &Options, weights: Option<&[f64]>) -> Result<(), RunError> {
    let Some(weights) = weights else {
        return Ok(());
    };
    if options.weighting == Weighting::Frequency && options.errors == Errors::Bootstrap {
        return Err(RunError::option(
            "errors",
            msg!(
                "regression.linear.counted_bootstrap",
                "The bootstrap draws rows, and with frequency weights a row is many. Choose other standard errors."
            ),
        ));
    }
    weights::check(weights)
}

fn explain(frame: &Frame, error: &LinearError, n_columns: usize) -> RunError {
    match error {
        LinearError::Cancelled => RunError::Cancelled,
        LinearError::TooFewRows { .. } => frame.too_few_rows(n_columns),
        LinearError::Weights => RunError::option("weights", words::bad_weights()),
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

/// The table with the model's columns, missing in the rows that were left out.
fn with_predictions(table: &Table, frame: &Frame, fitted: Fit) -> Table {
    let spread = |values: Vec<f64>| frame.spread(values, table.n_rows());
    let new = [
        ("predicted", fitted.fitted),
        ("residual", fitted.residuals),
        ("studentised_residual", fitted.studentised),
        ("leverage", fitted.leverage),
        ("cooks_distance", fitted.cooks_distance),
    ];
    new.into_iter().fold(table.clone(), |t, (name, values)| {
        t.with_column(Column::float(t.free_column_name(name), spread(values)))
            .expect("as many values as rows")
    })
}
