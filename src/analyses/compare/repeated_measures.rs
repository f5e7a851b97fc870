//! Repeated-measures analysis of variance: do means differ between measurements of the same subjects?

mod charts;
mod code;
mod data;
mod post_hoc;
mod say;
mod tables;

use crate::frame::comparisons::PostHoc;
use crate::frame::{progress, words};
use crate::models::anova::SumsOfSquares;
use crate::models::repeated::{self, Effect, Problem, Repeated, RepeatedError, Stratum};
use crate::msg;
use crate::report::{Block, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, number, reads, text,
};
use data::Data;

pub struct RepeatedMeasures;

crate::choices! {
    /// How the table holds the measurements.
    pub enum Layout {
        Columns = "columns" "One column for each measurement",
        Rows = "rows" "One row for each measurement",
    }
}

crate::choices! {
    /// What each term's sum of squares is adjusted for.
    pub enum Sums {
        Three = "iii" "III: each after all others",
        Two = "ii" "II: each after all that do not contain it",
    }
}

crate::choices! {
    /// How degrees of freedom allow for unequal variances of the differences.
    pub enum Correction {
        GreenhouseGeisser = "gg" "Greenhouse–Geisser",
        HuynhFeldt = "hf" "Huynh–Feldt",
        LowerBound = "lower_bound" "Lower bound",
        None = "none" "None: sphericity is assumed",
    }
}

crate::choices! {
    /// Which combinations of an interaction are compared.
    pub enum Combinations {
        None = "none" "Not compared",
        Simple = "simple" "Within each level of the other factors",
        All = "all" "All with one another",
    }
}

crate::options! {
    /// What was measured on whom, and how means are compared.
    pub struct Options {
        /// A row for each subject with its measurements side by side, or a row for each measurement.
        layout "The table has": Layout = choice(Layout::CHOICES, "columns"),
        /// Columns measured on the same subjects, in the order of the levels. With two factors all levels of the second stand together under each level of the first.
        measures "Measurements": Vec<String> = columns(Fits::Numbers).optional().when("layout", &["columns"]),
        /// What differs between the columns.
        factor "Repeated factor": String = text("Condition").when("layout", &["columns"]),
        /// The levels with commas between them; the names of the columns when this is empty.
        levels "Levels": String = text("").when("layout", &["columns"]),
        /// A second factor that is crossed with the first; empty when there is one only.
        second_factor "Second repeated factor": String = text("").when("layout", &["columns"]),
        /// The levels of the second factor with commas between them.
        second_levels "Levels of the second": String = text("").when("layout", &["columns"]),
        /// What the columns hold, in words for the report.
        measured "What is measured": String = text("Value").when("layout", &["columns"]),
        /// The number that was measured.
        outcome "Outcome": Option<String> = column(Fits::Numbers).optional().when("layout", &["rows"]),
        /// The column that says whose measurement a row is.
        subject "Subject": Option<String> = column(Fits::Any).optional().when("layout", &["rows"]),
        /// One or two columns whose levels each subject went through.
        within "Repeated factors": Vec<String> = columns(Fits::Levels).between(0, 2).when("layout", &["rows"]),
        /// Columns that group the subjects; with several, all combinations.
        between "Groups of subjects": Vec<String> = columns(Fits::Levels).between(0, 3),
        /// Groups that were found and not made, such as sex or age: generalised η² counts them as a part of what varies.
        observed "Observed groups": Vec<String> = columns(Fits::Levels).between(0, 3).section("Model").advanced(),
        /// The types differ only when groups are not of one size.
        sums "Sums of squares": Sums = choice(Sums::CHOICES, "iii").section("Model").advanced(),
        /// The p value that the answer in words goes by.
        correction "Correction for sphericity": Correction = choice(Correction::CHOICES, "gg").section("Model"),
        /// Which means differ, allowing for the number of comparisons.
        post_hoc "Comparisons": PostHoc = choice(PostHoc::OF_MEASURES, "holm").section("Comparisons"),
        /// Compare the combinations of levels of interactions too.
        combinations "Combinations of levels": Combinations = choice(Combinations::CHOICES, "none").section("Comparisons"),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Results").advanced(),
    }
}

impl Analysis for RepeatedMeasures {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "compare.repeated_measures",
        version: 1,
        title: "Repeated-measures analysis of variance",
        group: Group::Compare,
        about: "Do means differ between several measurements of the same subjects? One or two repeated factors, groups of subjects beside them, corrections for sphericity, and which means differ from which.",
        headline: "Repeated measures",
        method: "The multivariate model of R's car and afex: orthonormal contrasts of each subject's measurements, groups of subjects coded to sum to zero with all their interactions, sums of squares of type III or II. Mauchly's test as mauchly.test. ε of Greenhouse and Geisser, of Huynh and Feldt for subjects in groups (Lecoutre's form, as car; above 1 it counts as 1), and the lower bound 1 / (number of contrasts). Generalised η² follows Olejnik and Algina, partial η² is SS / (SS + SS of the error); its interval comes from the noncentral F distribution (Smithson). Marginal means give the levels of other factors equal weight (emmeans, multivariate model): each comparison has its own variance, so it needs no sphericity. Comparisons within each level of the other factors are corrected within that level. Intervals are simultaneous for Tukey and Bonferroni, else for each comparison by itself. Letters: means that share one do not differ. Subjects that lack a measurement are left out; several measurements of a subject under the same levels are averaged.",
        references: &[
            "Mauchly, J. W. (1940). Significance test for sphericity of a normal n-variate distribution. Annals of Mathematical Statistics, 11, 204–209.",
            "Greenhouse, S. W., & Geisser, S. (1959). On methods in the analysis of profile data. Psychometrika, 24, 95–112.",
            "Huynh, H., & Feldt, L. S. (1976). Estimation of the Box correction for degrees of freedom from sample data in randomized block and split-plot designs. Journal of Educational Statistics, 1, 69–82.",
            "Lecoutre, B. (1991). A correction for the ε̃ approximate test in repeated measures designs with two or more independent groups. Journal of Educational Statistics, 16, 371–372.",
            "Olejnik, S., & Algina, J. (2003). Generalized eta and omega squared statistics: Measures of effect size for some common research designs. Psychological Methods, 8, 434–447.",
            "Smithson, M. (2003). Confidence intervals. Sage.",
        ],
        keywords: &[
            "repeated measures",
            "rm anova",
            "within-subjects",
            "mixed anova",
            "split-plot",
            "sphericity",
            "mauchly",
            "greenhouse-geisser",
            "huynh-feldt",
            "generalized eta squared",
            "longitudinal",
            "반복측정",
            "반복측정 분산분석",
            "혼합설계",
            "구형성",
            "개체내",
            "사전사후",
        ],
        picture: Picture::Lines,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "two_factors",
                tables: &[("table", "reactions.csv")],
                values: r#"{"measures": ["quiet_easy", "quiet_medium", "quiet_hard", "noise_easy", "noise_medium", "noise_hard"], "factor": "Sound", "levels": "quiet, noise", "second_factor": "Task", "second_levels": "easy, medium, hard", "measured": "Reaction time (ms)", "combinations": "simple"}"#,
            },
            Example {
                name: "with_groups",
                tables: &[("table", "reactions.csv")],
                values: r#"{"measures": ["quiet_easy", "quiet_medium", "quiet_hard"], "factor": "Task", "measured": "Reaction time (ms)", "between": ["group"]}"#,
            },
        ],
        korean: include_str!("repeated_measures.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.repeated_measures.step", "Fitting");
        ctx.tick(0.0, &step)?;
        let data = Data::new(options, input, ctx)?;
        ctx.tick(0.2, &step)?;
        let problem = Problem {
            measures: &data.measures,
            within: &data.within_sizes(),
            between: &data.between,
            sums: match options.sums {
                Sums::Three => SumsOfSquares::III,
                Sums::Two => SumsOfSquares::II,
            },
        };
        let model = repeated::fit(&problem, &mut progress(ctx, 0.2, 0.7, &step))
            .map_err(|e| refused(&e, &data))?;
        let fitted = Fitted::new(options, &data, model)?;
        let compared = post_hoc::compare(options, &data, &fitted.model);
        ctx.tick(0.8, &step)?;
        let mut report = Report {
            summary: say::summary(options, &data, &fitted, &compared),
            ..Report::default()
        };
        report
            .blocks
            .extend(data.checks(&fitted.model).map(Block::Table));
        report
            .blocks
            .extend(tables::sphericity(&data, &fitted).map(Block::Table));
        report.push(tables::anova(options, &data, &fitted));
        report
            .blocks
            .extend(tables::corrected(&data, &fitted).map(Block::Table));
        for (i, one) in compared.iter().enumerate() {
            report
                .blocks
                .extend(tables::comparisons(options, &data, one, i).map(Block::Table));
        }
        for (i, one) in compared.iter().enumerate() {
            report.push(tables::means(options, &data, &fitted.model, one, i));
        }
        report.push(tables::cells(&data, &fitted.model));
        report
            .blocks
            .extend(charts::charts(options, &data, &fitted.model, &compared));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }
}

/// The model and its lines.
struct Fitted {
    model: Repeated,
    lines: Vec<Line>,
}

/// One line of the analysis as the report has it.
struct Line {
    /// Places of the factors, those within first.
    term: Vec<usize>,
    stratum: usize,
    effect: Effect,
    generalised: f64,
    partial: f64,
    interval: (f64, f64),
    /// What the answer in words goes by.
    chosen: Corrected,
}

/// An F test with degrees of freedom shrunk by ε.
#[derive(Clone, Copy, Debug)]
struct Corrected {
    epsilon: f64,
    df1: f64,
    df2: f64,
    p: f64,
}

impl Fitted {
    fn new(options: &Options, data: &Data, model: Repeated) -> Result<Self, RunError> {
        let observed = data.observed(options)?;
        let mut lines = Vec::new();
        for (s, stratum) in model.strata.iter().enumerate() {
            for effect in &stratum.effects {
                let mut term = stratum.within.clone();
                term.extend(effect.between.iter().map(|f| f + data.n_within));
                let (ss, error) = (effect.ss, stratum.ss_error);
                let epsilon = match (options.correction, &stratum.sphericity) {
                    (Correction::None, _) | (_, None) => 1.0,
                    (Correction::GreenhouseGeisser, Some(s)) => s.greenhouse_geisser,
                    (Correction::HuynhFeldt, Some(s)) => s.huynh_feldt_bounded(),
                    (Correction::LowerBound, Some(s)) => s.lower_bound,
                };
                lines.push(Line {
                    term,
                    stratum: s,
                    effect: effect.clone(),
                    generalised: model.generalised_eta(stratum, effect, &observed),
                    partial: ss / (ss + error),
                    interval: model.eta_interval(stratum, effect, options.level),
                    chosen: Corrected::new(stratum, effect, epsilon),
                });
            }
        }
        Ok(Self { model, lines })
    }

    fn stratum(&self, line: &Line) -> &Stratum {
        &self.model.strata[line.stratum]
    }
}

impl Corrected {
    fn new(stratum: &Stratum, effect: &Effect, epsilon: f64) -> Self {
        let (df1, df2) = (epsilon * effect.df, epsilon * stratum.df_error);
        Self {
            epsilon,
            df1,
            df2,
            p: crate::stats::distributions::f::sf(effect.f, df1, df2),
        }
    }
}

fn refused(error: &RepeatedError, data: &Data) -> RunError {
    RunError::Data(match error {
        RepeatedError::Cancelled => return RunError::Cancelled,
        RepeatedError::TooFewSubjects => msg!(
            "compare.repeated_measures.few",
            "{n} {n|subject has|subjects have} all measurements, too few for {groups} {groups|group|groups}. Choose fewer groups or columns with fewer missing values.",
            n = data.n_subjects(),
            groups = data.between.iter().map(|f| f.n_levels).product::<usize>()
        ),
        RepeatedError::EmptyCell => msg!(
            "compare.repeated_measures.empty_cell",
            "Some combinations of the groups have no subject. Choose fewer groups, or merge levels."
        ),
        RepeatedError::TooManyCells => msg!(
            "compare.repeated_measures.many",
            "There are too many combinations of levels: at most {measures} measurements and {cells} groups of subjects. Merge levels, or choose fewer factors.",
            measures = repeated::MAX_MEASURES,
            cells = repeated::MAX_CELLS
        ),
        RepeatedError::TooLarge => msg!(
            "compare.repeated_measures.large",
            "The values are so large that their squares cannot be computed. Divide them by a power of ten."
        ),
        RepeatedError::Constant => msg!(
            "compare.repeated_measures.constant",
            "All measurements are the same, so there is nothing to compare."
        ),
    })
}

/// “Task × group”.
fn term_name(data: &Data, term: &[usize]) -> Msg {
    let names: Vec<&str> = term
        .iter()
        .map(|&f| data.factors[f].name.as_str())
        .collect();
    Msg::verbatim(names.join(" × "))
}

/// A head for subjects counted.
fn n_subjects() -> crate::report::Head {
    crate::report::Head {
        title: msg!("compare.repeated_measures.subjects", "Subjects"),
        ..words::n()
    }
}
