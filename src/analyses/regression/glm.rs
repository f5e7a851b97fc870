//! Counts and positive numbers explained by other columns: Poisson, negative binomial, Gamma.

mod code;
mod tables;

use std::borrow::Cow;

use crate::frame::grid::Grid;
use crate::frame::means::{Margins, MeansOf, Response, SlopeOf};
use crate::frame::weights::Weighting;
use crate::frame::{self, Frame, FrameBuilder, Reference, weights, words};
use crate::models::design::{Design, Variable};
use crate::models::glm::{Family, Fit, GlmError, Model, Problem, negative_binomial};
use crate::models::linear::Combinations;
use crate::msg;
use crate::report::{Block, Format, Msg, Report, TableBlock};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, choice, column, columns, number, reads, rows, terms,
};
use crate::stats::distributions::{chi_squared, f, normal, student_t};
use crate::stats::progress::Progress;
use crate::table::{Column, Table};

pub struct Glm;

crate::choices! {
    /// How the outcome varies around its mean.
    pub enum Kind {
        Poisson = "poisson" "Poisson, counts",
        QuasiPoisson = "quasi_poisson" "Quasi-Poisson, counts that vary more",
        NegativeBinomial = "negative_binomial" "Negative binomial, counts that vary more",
        Gamma = "gamma" "Gamma, positive numbers",
        GammaInverse = "gamma_inverse" "Gamma with the link 1/μ",
    }
}

crate::choices! {
    /// How intervals are found.
    pub enum Intervals {
        Wald = "wald" "Wald",
        Profile = "profile" "Profile likelihood",
    }
}

crate::options! {
    /// What is explained by what.
    pub struct Options {
        /// A count, or a positive number.
        outcome "Outcome": String = column(Fits::Numbers),
        /// How the outcome varies around its mean.
        family "Distribution": Kind = choice(Kind::CHOICES, "poisson"),
        /// Columns that explain it; those with levels are compared with their reference level.
        predictors "Predictors": Vec<String> = columns(Fits::NumbersOrLevels),
        /// What the outcome is counted in, such as hours or persons: the rate per one of it is explained.
        exposure "Exposure": Option<String> = column(Fits::Numbers).optional(),
        /// Predictors whose effects depend on one another.
        interactions "Interactions": Vec<Vec<String>> = terms(&["predictors"]).section("Model"),
        /// The first level of a column unless another is chosen here.
        references "Reference levels": Vec<Reference> = rows(<Reference as crate::spec::Options>::SPECS).section("Model"),
        /// Added to the linear predictor as it is, without a coefficient.
        offset "Offset": Option<String> = column(Fits::Numbers).optional().section("Model").advanced(),
        /// How much each row counts.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Model").advanced(),
        /// The coefficients are the same whatever the weights mean; their errors are not.
        weighting "Weights are": Weighting = choice(Weighting::COUNTS, "frequency").section("Model").advanced().when_chosen("weights"),
        /// What the model expects at each level of a predictor, all else equal.
        means "Marginal means": Vec<MeansOf> = rows(<MeansOf as crate::spec::Options>::SPECS).section("Means and slopes").advanced(),
        /// The slope of a number at values of another predictor: what an interaction comes to.
        slopes "Simple slopes": Vec<SlopeOf> = rows(<SlopeOf as crate::spec::Options>::SPECS).section("Means and slopes").advanced(),
        /// Profile intervals follow the likelihood itself and suit small samples; they take longer.
        intervals "Intervals": Intervals = choice(Intervals::CHOICES, "wald").section("Inference"),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Inference").advanced(),
    }
}

impl Analysis for Glm {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "regression.glm",
        version: 1,
        title: "Regression of counts and positive numbers",
        group: Group::Regression,
        about: "Explains counts, such as visits, or positive numbers, such as costs, by other columns: by which factor each of them multiplies the expected value.",
        headline: "{outcome} explained by {predictors}",
        method: "Maximum likelihood with log links, as R's glm and MASS's glm.nb. Poisson and negative binomial: z tests, likelihood-ratio tests of leaving out one term (θ held at its estimate). Quasi-Poisson and Gamma: dispersion from Pearson's χ² over its degrees of freedom, t tests, F tests of terms. Profile intervals scale the deviance by the dispersion. The Gamma's log likelihood takes the dispersion deviance/n, as R. The test of overdispersion is Cameron and Trivedi's, one-sided, of variance (1 + α)μ. An exposure enters by its logarithm. A frequency weight of 2 counts a row twice, also in the degrees of freedom. Under sampling weights errors are linearised and tests are t and Wald’s F of n − p degrees of freedom (R’s survey::svyglm without strata or clusters); there is no likelihood or profile, and deviances are those of weights with a mean of 1. Marginal means are those of emmeans with equal weights: averaged on the scale of the link and turned back, with errors by the delta method and the ends of intervals turned back; those of a rate are per one of the exposure, and an offset is taken as zero. With a log link they are compared by ratios, with 1/μ by differences of 1/μ. Where the dispersion is estimated, all of this is by t (emmeans takes z for quasi-Poisson unless told its df).",
        references: &[
            "McCullagh, P., & Nelder, J. A. (1989). Generalized linear models (2nd ed.). Chapman and Hall.",
            "Cameron, A. C., & Trivedi, P. K. (1990). Regression-based tests for overdispersion in the Poisson model. Journal of Econometrics, 46, 347–364.",
            "Venables, W. N., & Ripley, B. D. (2002). Modern applied statistics with S (4th ed.). Springer.",
        ],
        keywords: &[
            "poisson",
            "emmeans",
            "marginal means",
            "simple slopes",
            "negative binomial",
            "gamma",
            "count",
            "rate",
            "quasi-poisson",
            "offset",
            "irr",
            "포아송",
            "포아송 회귀",
            "주변 평균",
            "단순 기울기",
            "음이항",
            "감마",
            "일반화선형모형",
            "횟수",
            "건수",
        ],
        picture: Picture::Bars,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "predictions",
            title: "Table with expected values and residuals",
        }],
        examples: &[
            Example {
                name: "poisson",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "family": "quasi_poisson", "predictors": ["species", "sex"], "exposure": "flipper_length_mm"}"#,
            },
            Example {
                name: "gamma",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "family": "gamma", "predictors": ["flipper_length_mm", "sex"], "intervals": "profile"}"#,
            },
            Example {
                name: "means",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "body_mass_g", "family": "gamma", "predictors": ["species", "sex", "flipper_length_mm"], "interactions": [["species", "flipper_length_mm"]], "means": [{"columns": ["species", "sex"], "compare": "none"}, {"columns": ["species"], "compare": "tukey"}], "slopes": [{"column": "flipper_length_mm", "by": "species"}]}"#,
            },
            Example {
                name: "negative_binomial",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "flipper_length_mm", "family": "poisson", "predictors": ["sex"]}"#,
            },
        ],
        korean: include_str!("glm.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("regression.glm.step", "Fitting");
        ctx.tick(0.0, &step)?;
        let (frame, columns) = read(options, input)?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let interactions = frame.interactions(&options.interactions)?;
        let design = Design::new(&frame.variables, &interactions, true, columns.y.len());
        ctx.tick(0.04, &step)?;
        let slices = design.slices();
        let weights = weights::of_model(columns.weights.as_deref(), options.weighting, ctx);
        let problem = Problem {
            columns: &slices,
            y: &columns.y,
            offset: columns.offset.as_deref(),
            weights: weights.as_deref(),
            family: options.family.family(),
        };
        let explain = |e: GlmError| explain(&frame, e, slices.len());
        let mut tick = frame::progress(ctx, 0.05, 0.45, &step);
        let (model, mut fit, theta) = fitted(options, problem, &mut tick).map_err(explain)?;
        drop(tick);
        let problem = Problem {
            family: theta.map_or(problem.family, |(theta, _)| Family::NegativeBinomial {
                theta,
            }),
            ..problem
        };
        if !fit.is_converged {
            ctx.warn(msg!(
                "regression.glm.not_converged",
                "The estimates had not settled after {n} steps; do not rely on them.",
                n = fit.n_iterations
            ));
        }
        let names: Vec<Msg> = design.parts.iter().map(|p| frame.column_name(p)).collect();
        if !fit.aliased.is_empty() {
            let left_out = fit.aliased.iter().map(|&c| names[c].clone()).collect();
            ctx.warn(words::aliased(left_out));
        }
        let n = match options.is_sample() {
            true => fit.n.round(),
            false => fit.n,
        };
        let df_residual = n - fit.kept.len() as f64;
        if df_residual < 1.0 {
            return Err(frame.too_few_rows(fit.kept.len()));
        }
        if options.is_sample() {
            fit.covariance = model.linearised_covariance(&fit);
        }
        let mut result = Fitted {
            options,
            frame: &frame,
            design: &design,
            problem,
            df_residual,
            dispersion: match options.family {
                Kind::Poisson | Kind::NegativeBinomial => 1.0,
                _ => fit.pearson / df_residual,
            },
            fit: &fit,
            theta,
            names: &names,
            intervals: Vec::new(),
            tests: Vec::new(),
            null_deviance: f64::NAN,
        };
        let mut tick = frame::progress(ctx, 0.45, 0.65, &step);
        result.intervals = result.find_intervals(&model, &mut tick).map_err(explain)?;
        drop(tick);
        let mut tick = frame::progress(ctx, 0.65, 0.85, &step);
        result.tests = result.find_tests(&model, &mut tick).map_err(explain)?;
        drop(tick);
        let mut tick = frame::progress(ctx, 0.85, 0.9, &step);
        let alone = [slices[0]];
        let null = Model::new(Problem {
            columns: &alone,
            ..problem
        })
        .and_then(|m| m.fit(&mut tick))
        .map_err(explain)?;
        drop(tick);
        result.null_deviance = null.deviance;
        let check = result.overdispersion();
        let mut report = Report {
            summary: result.summary(check.as_ref()),
            ..Report::default()
        };
        ctx.tick(0.92, &step)?;
        report.blocks.extend(result.chart().map(Block::from));
        report.push(result.coefficient_table());
        report.push(result.test_table());
        report.push(result.fit_table());
        report.blocks.extend(result.expected(&slices)?);
        report.push(Block::Group(
            msg!("regression.glm.checks", "Does the distribution fit?"),
            result.checks(check.as_ref()),
        ));
        let table = result.with_predictions(input.table("table")?);
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

    /// Whether tests are by t and F.
    fn has_t(&self) -> bool {
        self.family.is_scaled() || self.is_sample()
    }

    fn has_profile(&self) -> bool {
        self.intervals == Intervals::Profile && !self.is_sample()
    }
}

impl Kind {
    fn family(self) -> Family {
        match self {
            Self::Poisson | Self::QuasiPoisson | Self::NegativeBinomial => Family::Poisson,
            Self::Gamma => Family::GammaLog,
            Self::GammaInverse => Family::GammaInverse,
        }
    }

    fn is_count(self) -> bool {
        !matches!(self, Self::Gamma | Self::GammaInverse)
    }

    fn response(self) -> Response {
        match self {
            Self::GammaInverse => Response::Inverse,
            _ => Response::Log,
        }
    }

    /// Whether the dispersion is estimated.
    fn is_scaled(self) -> bool {
        !matches!(self, Self::Poisson | Self::NegativeBinomial)
    }
}

/// Columns of the rows that are used.
struct Columns<'a> {
    y: Cow<'a, [f64]>,
    offset: Option<Cow<'a, [f64]>>,
    weights: Option<Cow<'a, [f64]>>,
}

fn read<'a>(options: &Options, input: &'a Input) -> Result<(Frame<'a>, Columns<'a>), RunError> {
    let mut builder = FrameBuilder::new(input);
    builder.number("outcome", &options.outcome)?;
    builder.predictors("predictors", &options.predictors, &options.outcome)?;
    let asked = [
        ("exposure", &options.exposure),
        ("offset", &options.offset),
        ("weights", &options.weights),
    ];
    for (option, name) in asked {
        if let Some(name) = name {
            builder.number(option, name)?;
        }
    }
    let mut frame = builder.finish(&options.references)?;
    let mut numbers = std::mem::take(&mut frame.numbers).into_iter();
    let y = numbers.next().expect("the outcome was asked for");
    let mut next = |name: &Option<String>| name.as_ref().and_then(|_| numbers.next());
    let (exposure, offset, weights) = (
        next(&options.exposure),
        next(&options.offset),
        next(&options.weights),
    );
    if y.is_empty() {
        return Err(frame.too_few_rows(1 + frame.variables.len()));
    }
    weights.as_deref().map_or(Ok(()), weights::check)?;
    if options.is_sample() && options.family == Kind::NegativeBinomial {
        return Err(RunError::option(
            "family",
            msg!(
                "regression.glm.sampled_negative_binomial",
                "The negative binomial’s θ needs a likelihood, which a weighted sample has not. Choose Poisson, whose linearised errors allow for overdispersion."
            ),
        ));
    }
    if exposure
        .as_ref()
        .is_some_and(|e| e.iter().any(|e| *e <= 0.0))
    {
        return Err(RunError::option(
            "exposure",
            msg!(
                "regression.glm.bad_exposure",
                "Every exposure must be above zero."
            ),
        ));
    }
    if options.family.is_count() && y.iter().any(|y| *y < 0.0) {
        return Err(RunError::option(
            "outcome",
            msg!(
                "regression.glm.not_counts",
                "“{column}” has values below zero; counts have none.",
                column = &options.outcome
            ),
        ));
    }
    if !options.family.is_count() && y.iter().any(|y| *y <= 0.0) {
        return Err(RunError::option(
            "outcome",
            msg!(
                "regression.glm.not_positive",
                "“{column}” has values that are zero or below; the Gamma distribution has none.",
                column = &options.outcome
            ),
        ));
    }
    if y.iter().all(|y| *y == 0.0) {
        return Err(RunError::Data(msg!(
            "regression.glm.all_zero",
            "“{column}” is zero in every row that is used: there is nothing to explain.",
            column = &options.outcome
        )));
    }
    let offset = match (exposure, offset) {
        (None, offset) => offset,
        (Some(e), None) => Some(e.iter().map(|e| libm::log(*e)).collect()),
        (Some(e), Some(o)) => Some(e.iter().zip(&*o).map(|(e, o)| libm::log(*e) + o).collect()),
    };
    Ok((frame, Columns { y, offset, weights }))
}

fn explain(frame: &Frame, error: GlmError, n_columns: usize) -> RunError {
    match error {
        GlmError::Cancelled => RunError::Cancelled,
        GlmError::TooFewRows => frame.too_few_rows(n_columns),
        GlmError::NoOverdispersion => RunError::Data(msg!(
            "regression.glm.no_theta",
            "The counts vary no more than Poisson counts do, so the negative binomial's θ has no estimate. Choose Poisson."
        )),
        GlmError::Diverged => RunError::Data(msg!(
            "regression.glm.diverged",
            "The likelihood has no maximum that can be reached. Look for levels in which the outcome is always zero, or choose fewer predictors or another link."
        )),
        other => RunError::Data(words::impossible(other.to_string())),
    }
}

type Estimated<'a> = (Model<'a>, Fit, Option<(f64, f64)>);

fn fitted<'a>(
    options: &Options,
    problem: Problem<'a>,
    tick: &mut Progress,
) -> Result<Estimated<'a>, GlmError> {
    if options.family == Kind::NegativeBinomial {
        let found = negative_binomial(problem, tick)?;
        return Ok((
            found.model,
            found.fit,
            Some((found.theta, found.theta_error)),
        ));
    }
    let model = Model::new(problem)?;
    let fit = model.fit(tick)?;
    Ok((model, fit, None))
}

fn as_table(block: &mut Block) -> Option<&mut TableBlock> {
    match block {
        Block::Table(table) => Some(table),
        _ => None,
    }
}

/// Test of one term: χ², or F where the dispersion is estimated.
struct TermTest {
    statistic: f64,
    df: usize,
    p: f64,
}

/// Cameron and Trivedi's test.
struct Overdispersion {
    dispersion: f64,
    z: f64,
    p: f64,
}

/// What the tables and charts are made of.
struct Fitted<'a> {
    options: &'a Options,
    frame: &'a Frame<'a>,
    design: &'a Design<'a>,
    problem: Problem<'a>,
    df_residual: f64,
    dispersion: f64,
    fit: &'a Fit,
    /// θ of the negative binomial and its standard error.
    theta: Option<(f64, f64)>,
    names: &'a [Msg],
    intervals: Vec<(f64, f64)>,
    tests: Vec<TermTest>,
    null_deviance: f64,
}

impl Fitted<'_> {
    /// Marginal means and slopes, where they are asked for.
    fn expected(&self, columns: &[&[f64]]) -> Result<Vec<Block>, RunError> {
        let options = self.options;
        if options.means.is_empty() && options.slopes.is_empty() {
            return Ok(Vec::new());
        }
        let mut covariance = self.fit.covariance.clone();
        let scale = self.error_scale();
        covariance.data.iter_mut().for_each(|v| *v *= scale);
        let combinations =
            Combinations::new(self.fit.beta.clone(), &self.fit.kept, covariance, self.df())
                .with_aliases(columns)
                .map_err(|e| RunError::Data(words::impossible(e.to_string())))?;
        let outcome = match &options.exposure {
            None => Msg::verbatim(&options.outcome),
            Some(exposure) => msg!(
                "regression.glm.rate",
                "{outcome} per one of {exposure}",
                outcome = &options.outcome,
                exposure = exposure
            ),
        };
        let margins = Margins {
            frame: self.frame,
            grid: &Grid::new(self.frame, self.design, &[]),
            combinations: &combinations,
            response: options.family.response(),
            level: options.level,
            outcome: outcome.clone(),
        };
        let mut blocks = margins.blocks(&options.means, &options.slopes)?;
        let is_mean = |t: &&mut TableBlock| t.key.starts_with("means_");
        for table in blocks.iter_mut().filter_map(as_table).filter(is_mean) {
            if options.exposure.is_some() {
                table.notes.push(msg!(
                    "regression.glm.rate_note",
                    "The means are of {outcome}.",
                    outcome = outcome.clone()
                ));
            }
            if options.offset.is_some() {
                table.notes.push(msg!(
                    "regression.glm.offset_zero",
                    "The offset is taken as zero."
                ));
            }
        }
        Ok(blocks)
    }

    fn standard_errors(&self) -> Vec<f64> {
        let root = self.error_scale().sqrt();
        self.fit
            .standard_errors()
            .iter()
            .map(|e| e * root)
            .collect()
    }

    /// What variances are to be multiplied by: linearised ones stand as they are.
    fn error_scale(&self) -> f64 {
        match self.options.is_sample() {
            true => 1.0,
            false => self.dispersion,
        }
    }

    /// Degrees of freedom of t tests; infinite for those by the normal distribution.
    fn df(&self) -> f64 {
        match self.options.has_t() {
            true => self.df_residual,
            false => f64::INFINITY,
        }
    }

    fn find_intervals(
        &self,
        model: &Model,
        tick: &mut Progress,
    ) -> Result<Vec<(f64, f64)>, GlmError> {
        let tail = 0.5 * (1.0 - self.options.level);
        let reach = student_t::upper_quantile(tail, self.df());
        let errors = self.standard_errors();
        let n = errors.len();
        (0..n)
            .map(|c| {
                let b = self.fit.beta[c];
                if !self.options.has_profile() || !b.is_finite() {
                    return Ok((b - reach * errors[c], b + reach * errors[c]));
                }
                // A likelihood ratio of reach² dispersions.
                let level = 1.0 - chi_squared::sf(reach * reach * self.dispersion, 1.0);
                let mut part = |done: f32| tick((c as f32 + done) / n as f32);
                model.profile(self.fit, c, level, &mut part)
            })
            .collect()
    }

    fn find_tests(&self, model: &Model, tick: &mut Progress) -> Result<Vec<TermTest>, GlmError> {
        let n = self.design.terms.len();
        let one = |(k, columns): (usize, &Vec<usize>)| {
            let mut part = |done: f32| tick((k as f32 + done) / n as f32);
            let (drop, df) = match self.options.is_sample() {
                true => self.fit.wald(columns),
                false => model.without(self.fit, columns, &mut part)?,
            };
            let (statistic, p) = match (df, self.options.has_t()) {
                (0, _) => (f64::NAN, f64::NAN),
                (_, false) => (drop, chi_squared::sf(drop, df as f64)),
                (_, true) => {
                    let ratio = drop / df as f64 / self.error_scale();
                    (ratio, f::sf(ratio, df as f64, self.df_residual))
                }
            };
            Ok(TermTest { statistic, df, p })
        };
        self.design.terms.iter().enumerate().map(one).collect()
    }

    /// Of Poisson means: mean of ((y − μ)² − y) / μ against its standard error.
    fn overdispersion(&self) -> Option<Overdispersion> {
        let is_poisson = matches!(self.options.family, Kind::Poisson | Kind::QuasiPoisson);
        if !is_poisson || self.options.is_sample() {
            return None;
        }
        let weight = |i: usize| self.problem.weights.map_or(1.0, |w| w[i]);
        let extra = |i: usize| {
            let (y, mean) = (self.problem.y[i], self.fit.fitted[i]);
            ((y - mean) * (y - mean) - y) / mean
        };
        let n = self.fit.n;
        let mean = (0..self.problem.y.len())
            .map(|i| weight(i) * extra(i))
            .sum::<f64>()
            / n;
        let squares: f64 = (0..self.problem.y.len())
            .map(|i| weight(i) * (extra(i) - mean) * (extra(i) - mean))
            .sum();
        let z = n.sqrt() * mean / (squares / (n - 1.0)).sqrt();
        z.is_finite().then(|| Overdispersion {
            dispersion: 1.0 + mean,
            z,
            p: normal::sf(z),
        })
    }

    fn summary(&self, check: Option<&Overdispersion>) -> Vec<Msg> {
        let share = 1.0 - self.fit.deviance / self.null_deviance;
        let mut lines = vec![msg!(
            "regression.glm.summary",
            "The predictors take away {share} of the deviance of {outcome} ({n} rows).",
            share = (share.clamp(0.0, 1.0), Format::Percent(0)),
            outcome = &self.options.outcome,
            n = self.frame.rows.len()
        )];
        let errors = self.standard_errors();
        let t = |c: usize| (self.fit.beta[c] / errors[c]).abs();
        let acts_together = |c: usize| {
            let v = self.design.parts[c][0].variable;
            let mut others = self.design.parts.iter().filter(|p| p.len() > 1);
            others.any(|parts| parts.iter().any(|p| p.variable == v))
        };
        let is_log = self.options.family != Kind::GammaInverse;
        let sure = |c: &usize| {
            let (low, high) = self.intervals[*c];
            low * high > 0.0 && low.is_finite() && high.is_finite()
        };
        let clearest = (1..errors.len())
            .filter(|&c| self.design.parts[c].len() == 1 && !acts_together(c))
            .filter(|c| sure(c) && t(*c).is_finite())
            .max_by(|&a, &b| t(a).total_cmp(&t(b)));
        if let (Some(c), true) = (clearest, is_log) {
            lines.push(self.sentence(c));
        }
        if let Some(check) = check
            && self.options.family == Kind::Poisson
            && check.p < 0.05
        {
            lines.push(msg!(
                "regression.glm.over",
                "The counts vary {times} times as much as Poisson counts would: prefer quasi-Poisson or the negative binomial.",
                times = (check.dispersion, Format::Significant(3))
            ));
        }
        lines
    }

    fn sentence(&self, c: usize) -> Msg {
        let part = self.design.parts[c][0];
        let column = &self.frame.names[part.variable];
        let ratio = |b: f64| (libm::exp(b), Format::Significant(3));
        let (low, high) = self.intervals[c];
        let level = (self.options.level, Format::Percent(0));
        match (part.level, &self.frame.variables[part.variable]) {
            (Some(l), Variable::Factor { reference, .. }) => {
                let levels = &self.frame.levels[part.variable];
                msg!(
                    "regression.glm.this_level",
                    "The clearest: with {column} “{this}” the expected {outcome} is {ratio} times that with “{other}” ({level} interval {low} to {high}), all else equal.",
                    column = column,
                    this = &levels[l],
                    outcome = &self.options.outcome,
                    ratio = ratio(self.fit.beta[c]),
                    other = &levels[*reference],
                    level = level,
                    low = ratio(low),
                    high = ratio(high)
                )
            }
            _ => msg!(
                "regression.glm.one_more",
                "The clearest: one more of {column} multiplies the expected {outcome} by {ratio} ({level} interval {low} to {high}), all else equal.",
                column = column,
                outcome = &self.options.outcome,
                ratio = ratio(self.fit.beta[c]),
                level = level,
                low = ratio(low),
                high = ratio(high)
            ),
        }
    }

    fn with_predictions(&self, table: &Table) -> Table {
        let family = self.problem.family;
        let rows = || self.problem.y.iter().zip(&self.fit.fitted);
        let pearson: Vec<f64> = rows()
            .map(|(y, m)| (y - m) / family.variance(*m).sqrt())
            .collect();
        let deviance: Vec<f64> = rows()
            .map(|(y, m)| {
                let size = family.deviance(*y, *m).sqrt();
                if y > m { size } else { -size }
            })
            .collect();
        let new = [
            ("expected", &self.fit.fitted),
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
