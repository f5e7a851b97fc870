//! Logistic regression: whether something happens, explained by other columns.

mod accuracy;
mod code;
mod tables;

use crate::frame::grid::Grid;
use crate::frame::means::{Margins, MeansOf, Response, SlopeOf};
use crate::frame::weights::Weighting;
use crate::frame::{self, Frame, FrameBuilder, Reference, weights, words};
use crate::models::design::Design;
use crate::models::glm::{Family, Fit, GlmError, Model, Problem, margins};
use crate::models::linear::Combinations;
use crate::msg;
use crate::report::{Arg, Block, Format, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, choice, column, columns, level, number, reads, rows,
    terms,
};
use crate::stats::distributions::{chi_squared, f, student_t};
use crate::table::{Column, Table};

pub struct Logistic;

crate::choices! {
    /// How coefficients are estimated.
    pub enum Method {
        Likelihood = "likelihood" "Maximum likelihood",
        Firth = "firth" "Firth's penalised likelihood",
    }
}

crate::choices! {
    /// How intervals are found.
    pub enum Intervals {
        Wald = "wald" "Wald",
        Profile = "profile" "Profile likelihood",
    }
}

crate::choices! {
    /// How whole predictors are tested.
    pub enum Tests {
        Auto = "auto" "Likelihood ratio where that is quick",
        LikelihoodRatio = "likelihood_ratio" "Likelihood ratio",
        Wald = "wald" "Wald",
    }
}

crate::options! {
    /// What is explained by what.
    pub struct Options {
        /// The column that says whether it happened.
        outcome "Outcome": String = column(Fits::Levels),
        /// The level whose probability is explained, against all others; the last one of two when none is chosen.
        event "Event": String = level("outcome"),
        /// Columns that explain it; those with levels are compared with their reference level.
        predictors "Predictors": Vec<String> = columns(Fits::NumbersOrLevels),
        /// Predictors whose effects depend on one another.
        interactions "Interactions": Vec<Vec<String>> = terms(&["predictors"]).section("Model"),
        /// The first level of a column unless another is chosen here.
        references "Reference levels": Vec<Reference> = rows(<Reference as crate::spec::Options>::SPECS).section("Model"),
        /// How much each row counts.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Model").advanced(),
        /// The coefficients are the same whatever the weights mean; their errors are not.
        weighting "Weights are": Weighting = choice(Weighting::COUNTS, "frequency").section("Model").advanced().when_chosen("weights"),
        /// Firth's method gives finite estimates where a predictor tells the outcome without fail, and less biased ones for rare events.
        method "Estimation": Method = choice(Method::CHOICES, "likelihood").section("Model"),
        /// What the model expects at each level of a predictor, all else equal.
        means "Marginal means": Vec<MeansOf> = rows(<MeansOf as crate::spec::Options>::SPECS).section("Means and slopes").advanced(),
        /// The slope of a number at values of another predictor: what an interaction comes to.
        slopes "Simple slopes": Vec<SlopeOf> = rows(<SlopeOf as crate::spec::Options>::SPECS).section("Means and slopes").advanced(),
        /// Profile intervals follow the likelihood itself and suit small samples; they take longer.
        intervals "Intervals": Intervals = choice(Intervals::CHOICES, "wald").section("Inference"),
        /// Likelihood-ratio tests fit the model again without each predictor; with more than 100,000 rows Wald's tests stand in unless these are asked for.
        tests "Tests of predictors": Tests = choice(Tests::CHOICES, "auto").section("Inference").advanced(),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Inference").advanced(),
    }
}

/// Rows above which whole predictors are tested by Wald's tests unless told otherwise.
const QUICK_ROWS: usize = 100_000;

impl Analysis for Logistic {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "regression.logistic",
        version: 1,
        title: "Logistic regression",
        group: Group::Regression,
        about: "Explains whether something happens, such as a purchase, by other columns: how each of them changes the odds, and how well the event is told.",
        headline: "{outcome} explained by {predictors}",
        method: "Maximum likelihood by scoring until the last digits stand, with definitions as in R's glm (binomial, logit): treatment contrasts, Wald z tests. Likelihood-ratio tests leave out one term at a time. Profile intervals are the exact ends of the likelihood-ratio test. R² of McFadden, of Cox and Snell, of Nagelkerke and of Tjur. Average marginal effects: for a number the mean derivative of the probability, for a level the mean difference from the reference level, with the errors of the delta method. Marginal means are those of emmeans with equal weights, turned into probabilities; their differences are odds ratios, slopes those of the log odds. Area under the ROC curve with DeLong's interval; average precision as in scikit-learn; Hosmer and Lemeshow's test on tenths of the predicted probabilities. Firth's penalty as in logistf. A frequency weight of 2 counts a row twice, also in n. Under sampling weights errors are linearised and tests are t and Wald’s F of n − p degrees of freedom (R’s survey::svyglm without strata or clusters); there is no likelihood, profile or error of the AUC, and pseudo R² are those of weights with a mean of 1 (psrsq).",
        references: &[
            "Firth, D. (1993). Bias reduction of maximum likelihood estimates. Biometrika, 80, 27–38.",
            "Heinze, G., & Schemper, M. (2002). A solution to the problem of separation in logistic regression. Statistics in Medicine, 21, 2409–2419.",
            "DeLong, E. R., DeLong, D. M., & Clarke-Pearson, D. L. (1988). Comparing the areas under two or more correlated receiver operating characteristic curves. Biometrics, 44, 837–845.",
            "Tjur, T. (2009). Coefficients of determination in logistic regression models. The American Statistician, 63, 366–372.",
            "Albert, A., & Anderson, J. A. (1984). On the existence of maximum likelihood estimates in logistic regression models. Biometrika, 71, 1–10.",
        ],
        keywords: &[
            "logit",
            "glm",
            "binary",
            "odds ratio",
            "classification",
            "churn",
            "roc",
            "emmeans",
            "marginal means",
            "simple slopes",
            "firth",
            "로지스틱",
            "로지스틱 회귀",
            "오즈비",
            "승산비",
            "주변 평균",
            "단순 기울기",
            "이항",
            "분류",
        ],
        picture: Picture::Lines,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "predictions",
            title: "Table with probabilities and residuals",
        }],
        examples: &[
            Example {
                name: "penguins",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "sex", "predictors": ["body_mass_g", "bill_depth_mm", "species"]}"#,
            },
            Example {
                name: "separated",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "species", "event": "Gentoo", "predictors": ["bill_depth_mm", "island"], "method": "firth", "intervals": "profile"}"#,
            },
        ],
        korean: include_str!("logistic.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("regression.logistic.step", "Fitting");
        ctx.tick(0.0, &step)?;
        let (frame, event) = frame(options, input)?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let is_event: Vec<bool> = frame.groups[0]
            .codes
            .iter()
            .map(|&c| c as usize == event)
            .collect();
        let y: Vec<f64> = is_event.iter().map(|e| f64::from(u8::from(*e))).collect();
        let interactions = frame.interactions(&options.interactions)?;
        let design = Design::new(&frame.variables, &interactions, true, y.len());
        ctx.tick(0.03, &step)?;
        let slices = design.slices();
        let weights = frame.numbers.first().map(|w| &**w);
        let weights = weights::of_model(weights, options.weighting, ctx);
        let problem = Problem {
            columns: &slices,
            y: &y,
            offset: None,
            weights: weights.as_deref(),
            family: Family::Binomial,
        };
        let explain = |e: GlmError| explain(&frame, e, slices.len());
        let model = match options.method {
            Method::Likelihood => Model::new(problem),
            Method::Firth => Model::firth(problem),
        }
        .map_err(explain)?;
        let mut fit = model
            .fit(&mut frame::progress(ctx, 0.05, 0.4, &step))
            .map_err(explain)?;
        let df = match options.is_sample() {
            true => {
                fit.covariance = model.linearised_covariance(&fit);
                fit.n.round() - fit.kept.len() as f64
            }
            false => f64::INFINITY,
        };
        if !(df > 0.0) {
            return Err(frame.too_few_rows(fit.kept.len()));
        }
        let names: Vec<Msg> = design.parts.iter().map(|p| frame.column_name(p)).collect();
        warn(ctx, &fit, &names);
        let mut result = Fitted {
            options,
            frame: &frame,
            design: &design,
            problem,
            fit: &fit,
            df,
            names: &names,
            event: frame.groups[0].names[event].clone(),
            is_event: &is_event,
            intervals: Vec::new(),
            tests: Vec::new(),
            effects: Vec::new(),
        };
        let mut tick = frame::progress(ctx, 0.4, 0.6, &step);
        result.intervals = intervals(options, &model, &fit, df, &mut tick).map_err(explain)?;
        drop(tick);
        let mut tick = frame::progress(ctx, 0.6, 0.75, &step);
        result.tests = tests(options, &model, &fit, df, &design, &mut tick).map_err(explain)?;
        drop(tick);
        if fit.separation.is_none() {
            ctx.tick(0.76, &step)?;
            result.effects = margins::average_marginal_effects(
                Family::Binomial,
                &fit,
                &design,
                &frame.variables,
                problem.weights,
            );
        }
        let expected = expected(&result, &slices)?;
        ctx.tick(0.85, &step)?;
        let accuracy = accuracy::Accuracy::of(&result);
        ctx.tick(0.95, &step)?;
        let mut report = Report {
            summary: result.summary(&accuracy),
            ..Report::default()
        };
        report.blocks.extend(result.chart().map(Block::from));
        report.push(result.coefficient_table());
        report.push(result.test_table());
        report.push(result.fit_table(&accuracy));
        if !result.effects.is_empty() {
            report.push(result.effect_table());
        }
        report.blocks.extend(expected);
        report.push(Block::Group(
            msg!(
                "regression.logistic.accuracy",
                "How well is the event told?"
            ),
            accuracy.blocks(&result),
        ));
        let table = result.with_predictions(input.table("table")?);
        Ok(Output {
            report,
            tables: vec![("predictions", table)],
        })
    }
}

/// Marginal means and slopes, where they are asked for.
fn expected(model: &Fitted, columns: &[&[f64]]) -> Result<Vec<Block>, RunError> {
    let (options, fit) = (model.options, model.fit);
    if options.means.is_empty() && options.slopes.is_empty() {
        return Ok(Vec::new());
    }
    let combinations = Combinations::new(
        fit.beta.clone(),
        &fit.kept,
        fit.covariance.clone(),
        model.df,
    )
    .with_aliases(columns)
    .map_err(|e| RunError::Data(words::impossible(e.to_string())))?;
    let margins = Margins {
        frame: model.frame,
        grid: &Grid::new(model.frame, model.design, &[]),
        combinations: &combinations,
        response: Response::Logit,
        level: options.level,
        outcome: msg!(
            "regression.logistic.probability_of",
            "Probability of “{event}”",
            event = &model.event
        ),
    };
    margins.blocks(&options.means, &options.slopes)
}

/// Likelihood-ratio or Wald test of one term: χ², or F of a sample.
struct TermTest {
    statistic: f64,
    df: usize,
    p: f64,
}

/// What the tables and charts are made of.
struct Fitted<'a> {
    options: &'a Options,
    frame: &'a Frame<'a>,
    design: &'a Design<'a>,
    problem: Problem<'a>,
    fit: &'a Fit,
    /// Of t tests; infinite for those by the normal distribution.
    df: f64,
    names: &'a [Msg],
    event: String,
    is_event: &'a [bool],
    /// Ends for each column of the design, on the scale of log odds.
    intervals: Vec<(f64, f64)>,
    tests: Vec<TermTest>,
    effects: Vec<margins::MarginalEffect>,
}

/// The rows to use, and which level of the outcome is the event.
fn frame<'a>(options: &Options, input: &'a Input) -> Result<(Frame<'a>, usize), RunError> {
    let mut builder = FrameBuilder::new(input);
    builder.group("outcome", &options.outcome)?;
    builder.predictors("predictors", &options.predictors, &options.outcome)?;
    if let Some(weights) = &options.weights {
        builder.number("weights", weights)?;
    }
    let frame = builder.finish(&options.references)?;
    frame
        .numbers
        .first()
        .map_or(Ok(()), |w| weights::check(w))?;
    if options.is_sample() && options.method == Method::Firth {
        return Err(RunError::option(
            "method",
            msg!(
                "regression.logistic.sampled_firth",
                "Firth’s penalty is one of a likelihood, which a weighted sample has not. Choose maximum likelihood."
            ),
        ));
    }
    let weight = |i: usize| frame.numbers.first().map_or(1.0, |w| w[i]);
    let event = frame.event("event", &options.outcome, &options.event)?;
    let codes = frame.groups[0].codes.iter().enumerate();
    let counted = codes.filter(|(i, _)| weight(*i) > 0.0);
    let (events, others): (Vec<_>, Vec<_>) = counted.partition(|(_, c)| **c as usize == event);
    if events.is_empty() || others.is_empty() {
        return Err(RunError::Data(msg!(
            "regression.logistic.one_kind",
            "All {n} {n|row|rows} with all values have the same “{column}”: there is nothing to explain.",
            n = frame.rows.len(),
            column = &options.outcome
        )));
    }
    Ok((frame, event))
}

fn explain(frame: &Frame, error: GlmError, n_columns: usize) -> RunError {
    match error {
        GlmError::Cancelled => RunError::Cancelled,
        GlmError::TooFewRows => frame.too_few_rows(n_columns),
        other => RunError::Data(words::impossible(other.to_string())),
    }
}

fn warn(ctx: &mut Ctx, fit: &Fit, names: &[Msg]) {
    if !fit.aliased.is_empty() {
        let left_out = fit.aliased.iter().map(|&c| names[c].clone()).collect();
        ctx.warn(words::aliased(left_out));
    }
    match &fit.separation {
        Some(separation) => {
            let mut columns: Vec<usize> = separation.columns.iter().map(|(c, _)| *c).collect();
            if columns.len() > 1 {
                columns.retain(|c| *c > 0);
            }
            let named: Vec<Arg> = columns.iter().map(|c| names[*c].clone().into()).collect();
            ctx.warn(if separation.is_complete {
                msg!(
                    "regression.logistic.separated",
                    "{names} {names|tells|tell} the event from the rest without fail in all {n} rows (complete separation): no finite odds ratio fits best. Choose Firth's penalised likelihood, or fewer predictors.",
                    names = named,
                    n = separation.n_rows
                )
            } else {
                msg!(
                    "regression.logistic.partly_separated",
                    "{names} {names|tells|tell} the event from the rest without fail in {n} {n|row|rows} (separation): the odds ratio that fits best is infinite or zero. Choose Firth's penalised likelihood, or merge levels.",
                    names = named,
                    n = separation.n_rows
                )
            });
        }
        None if !fit.is_converged => ctx.warn(msg!(
            "regression.logistic.not_converged",
            "The estimates had not settled after {n} steps; do not rely on them.",
            n = fit.n_iterations
        )),
        None => {}
    }
}

impl Fitted<'_> {
    /// Whether a coefficient runs to infinity, and to which.
    fn runs_off(&self, column: usize) -> Option<f64> {
        let separation = self.fit.separation.as_ref()?;
        let found = separation.columns.iter().find(|(c, _)| *c == column)?;
        Some(if found.1 {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        })
    }
}

fn intervals(
    options: &Options,
    model: &Model,
    fit: &Fit,
    df: f64,
    tick: &mut crate::stats::progress::Progress,
) -> Result<Vec<(f64, f64)>, GlmError> {
    let errors = fit.standard_errors();
    let reach = student_t::upper_quantile(0.5 * (1.0 - options.level), df);
    let has_profile = options.has_profile() && fit.separation.is_none();
    let n = fit.beta.len();
    (0..n)
        .map(|c| match options.intervals {
            Intervals::Profile if has_profile && fit.beta[c].is_finite() => {
                let mut part = |done: f32| tick((c as f32 + done) / n as f32);
                model.profile(fit, c, options.level, &mut part)
            }
            _ => Ok((
                fit.beta[c] - reach * errors[c],
                fit.beta[c] + reach * errors[c],
            )),
        })
        .collect()
}

fn tests(
    options: &Options,
    model: &Model,
    fit: &Fit,
    df_residual: f64,
    design: &Design,
    tick: &mut crate::stats::progress::Progress,
) -> Result<Vec<TermTest>, GlmError> {
    let n = design.terms.len();
    let by_likelihood = options.tests_by_likelihood(fit.fitted.len());
    let one = |(k, columns): (usize, &Vec<usize>)| {
        let (statistic, df) = if by_likelihood {
            model.without(fit, columns, &mut |done| tick((k as f32 + done) / n as f32))?
        } else {
            fit.wald(columns)
        };
        let (statistic, p) = match df {
            0 => (statistic, f64::NAN),
            _ if options.is_sample() => {
                let ratio = statistic / df as f64;
                (ratio, f::sf(ratio, df as f64, df_residual))
            }
            _ => (statistic, chi_squared::sf(statistic, df as f64)),
        };
        Ok(TermTest { statistic, df, p })
    };
    design.terms.iter().enumerate().map(one).collect()
}

impl Options {
    /// Whether rows are a sample of a population, drawn with unequal chances.
    fn is_sample(&self) -> bool {
        self.weights.is_some() && self.weighting == Weighting::Sampling
    }

    fn has_profile(&self) -> bool {
        self.intervals == Intervals::Profile && !self.is_sample()
    }

    fn tests_by_likelihood(&self, n_rows: usize) -> bool {
        match self.tests {
            _ if self.is_sample() => false,
            Tests::Auto => n_rows <= QUICK_ROWS,
            Tests::LikelihoodRatio => true,
            Tests::Wald => false,
        }
    }
}

impl Fitted<'_> {
    fn summary(&self, accuracy: &accuracy::Accuracy) -> Vec<Msg> {
        let mut lines = vec![msg!(
            "regression.logistic.summary",
            "{outcome} is “{event}” in {share} of {n} rows. The model ranks a row with it above one without it {auc} of the time.",
            outcome = &self.options.outcome,
            event = &self.event,
            share = (accuracy.events / accuracy.n, Format::Percent(1)),
            n = accuracy.n,
            auc = (accuracy.area.auc, Format::Percent(0))
        )];
        let errors = self.fit.standard_errors();
        let z = |c: usize| self.fit.beta[c] / errors[c];
        let acts_together = |c: usize| {
            let v = self.design.parts[c][0].variable;
            let mut others = self.design.parts.iter().filter(|p| p.len() > 1);
            others.any(|parts| parts.iter().any(|p| p.variable == v))
        };
        let clearest = (1..self.fit.beta.len())
            .filter(|&c| {
                let (low, high) = self.intervals[c];
                let is_sure = low * high > 0.0 && low.is_finite() && high.is_finite();
                is_sure && self.design.parts[c].len() == 1 && !acts_together(c)
            })
            .filter(|&c| self.runs_off(c).is_none() && z(c).is_finite())
            .max_by(|&a, &b| z(a).abs().total_cmp(&z(b).abs()));
        let Some(c) = clearest else {
            if self.fit.separation.is_none() && self.design.terms.iter().all(|t| t.len() <= 1) {
                let sure = |c: &usize| self.intervals[*c].0 * self.intervals[*c].1 > 0.0;
                if !(1..self.fit.beta.len()).any(|c| sure(&c)) {
                    lines.push(msg!(
                        "regression.logistic.nothing",
                        "None of the predictors has an effect that can be told from chance."
                    ));
                }
            }
            return lines;
        };
        let part = self.design.parts[c][0];
        let (low, high) = self.intervals[c];
        let ratio = |b: f64| (libm::exp(b), Format::Significant(3));
        let column = &self.frame.names[part.variable];
        let level = (self.options.level, Format::Percent(0));
        lines.push(match part.level {
            None => msg!(
                "regression.logistic.one_more",
                "The clearest: one more of {column} multiplies the odds of “{event}” by {ratio} ({level} interval {low} to {high}), all else equal.",
                column = column,
                event = &self.event,
                ratio = ratio(self.fit.beta[c]),
                level = level,
                low = ratio(low),
                high = ratio(high)
            ),
            Some(l) => {
                let levels = &self.frame.levels[part.variable];
                let other = match &self.frame.variables[part.variable] {
                    crate::models::design::Variable::Factor { reference, .. } => *reference,
                    crate::models::design::Variable::Number(_) | crate::models::design::Variable::Curve(_) => 0,
                };
                msg!(
                    "regression.logistic.this_level",
                    "The clearest: with {column} “{this}” the odds of “{event}” are {ratio} times those with “{other}” ({level} interval {low} to {high}), all else equal.",
                    column = column,
                    this = &levels[l],
                    event = &self.event,
                    ratio = ratio(self.fit.beta[c]),
                    other = &levels[other],
                    level = level,
                    low = ratio(low),
                    high = ratio(high)
                )
            }
        });
        lines
    }

    /// The table with the model's columns, missing in the rows that were left out.
    fn with_predictions(&self, table: &Table) -> Table {
        let fitted = &self.fit.fitted;
        let residual = |of: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            let rows = self.problem.y.iter().zip(fitted);
            rows.map(|(y, p)| of(*y, *p)).collect()
        };
        let pearson = residual(&|y, p| (y - p) / (p * (1.0 - p)).sqrt());
        let deviance = residual(&|y, p| {
            let size = Family::Binomial.deviance(y, p).sqrt();
            if y > p { size } else { -size }
        });
        let new = [
            ("probability", fitted),
            ("pearson_residual", &pearson),
            ("deviance_residual", &deviance),
        ];
        new.into_iter().fold(table.clone(), |t, (name, values)| {
            let all = self.frame.spread(values, table.n_rows());
            t.with_column(Column::float(t.free_column_name(name), all))
                .expect("as many values as rows")
        })
    }
}
