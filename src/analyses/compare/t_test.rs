//! t tests: do two groups, two columns or a column and a number differ in their means?

mod charts;
mod code;
mod resample;
mod sample_code;
mod say;
mod tables;

use crate::frame::checks::Checks;
use crate::frame::contrasts::{Comparison, Contrast, Design, MissingRows, Pair, Side};
use crate::frame::corrections::Correction;
use crate::frame::weights::{self, Weighting};
use crate::msg;
use crate::report::{Block, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, flag, integer, level, number, reads, rows,
};
use crate::stats::bayes_factor::jzs_t;
use crate::stats::resample::Permutation;
use crate::stats::t_test::{Alternative, Difference, Estimate, Sample, TTest};

pub struct TTestCell;

crate::choices! {
    /// What is asked of the difference.
    pub enum Question {
        Different = "different" "Do they differ?",
        Greater = "greater" "Is the first greater?",
        Less = "less" "Is the first less?",
        Equivalent = "equivalent" "Are they equivalent?",
        NotInferior = "not_inferior" "Is the first not worse?",
    }
}

crate::choices! {
    /// Whether one variance serves both groups.
    pub enum Variances {
        Welch = "welch" "Each its own (Welch)",
        Student = "student" "The same (Student)",
    }
}

crate::choices! {
    /// What margins are measured in.
    pub enum Unit {
        Raw = "raw" "Units of the outcome",
        Sd = "sd" "Standard deviations",
    }
}

crate::choices! {
    /// Which side of the outcome is good.
    pub enum Better {
        Higher = "higher" "Higher",
        Lower = "lower" "Lower",
    }
}

crate::choices! {
    /// Which standardised difference is shown.
    pub enum Effect {
        Hedges = "hedges" "Hedges’s g",
        Cohen = "cohen" "Cohen’s d",
    }
}

crate::options! {
    /// What is compared, and what is asked.
    pub struct Options {
        /// Groups of rows, two columns measured on the same rows, or one column against a number.
        design "Compare": Design = choice(Design::CHOICES, "two_groups"),
        /// Numbers whose means are compared; each gets a test of its own.
        outcomes "Outcomes": Vec<String> = columns(Fits::Numbers).optional().when("design", &["two_groups", "one_sample"]),
        /// The column that says which group a row is in.
        group "Groups": Option<String> = column(Fits::Levels).optional().when("design", &["two_groups"]),
        /// The difference is this group less the second; the first level when this is empty.
        first "First group": String = level("group").when("design", &["two_groups"]),
        /// The group that is taken off; the next level when this is empty.
        second "Second group": String = level("group").when("design", &["two_groups"]),
        /// Columns measured on the same rows, such as before and after.
        pairs "Pairs of columns": Vec<Pair> = rows(<Pair as crate::spec::Options>::SPECS).between(0, 50).when("design", &["paired"]),
        /// What is asked; margins of equivalence and of being worse are set below.
        question "Question": Question = choice(Question::CHOICES, "different"),
        /// Welch's test is right whether or not the variances agree.
        variances "Variances": Variances = choice(Variances::CHOICES, "welch").when("design", &["two_groups"]),
        /// The difference, or the mean of a single column, that the data are held against; margins lie around it.
        null "Null value": f64 = number(0.0, f64::MIN, f64::MAX),
        /// The smallest difference that matters.
        margin "Margin": f64 = number(0.5, 0.0, f64::MAX).section("Equivalence").when("question", &["equivalent", "not_inferior"]),
        /// Whether the margin is in the outcome's own units or in standard deviations.
        margin_unit "Margin in": Unit = choice(Unit::CHOICES, "sd").section("Equivalence").when("question", &["equivalent", "not_inferior"]),
        /// Which side of the outcome is good, so that worse has a meaning.
        better "Better is": Better = choice(Better::CHOICES, "higher").section("Equivalence").when("question", &["not_inferior"]),
        /// Hedges’s g takes out the bias that Cohen’s d has in small samples.
        effect "Effect size": Effect = choice(Effect::CHOICES, "hedges").section("Results"),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Results").advanced(),
        /// With several outcomes some differ by chance alone; a correction allows for that.
        correction "Several outcomes": Correction = choice(Correction::CHOICES, "none").section("Results").advanced(),
        /// How much likelier the data are under an effect than under none.
        bayes "Bayes factor": bool = flag(false).section("More"),
        /// The scale of the Cauchy prior of the standardised difference; the default is √2/2.
        prior_scale "Prior scale": f64 = number(std::f64::consts::FRAC_1_SQRT_2, 0.01, 10.0).section("More").advanced().when("bayes", &["true"]),
        /// An interval and a p value from resampled rows, which need no normal distribution.
        resample "Bootstrap and permutation": bool = flag(false).section("More"),
        /// More resamples give steadier ends and p values.
        n_resamples "Resamples": usize = integer(5000, 100, 1_000_000).section("More").advanced().when("resample", &["true"]),
        /// How much each row counts; not only whole numbers.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Rows").advanced(),
        /// Rows of a sample stand for others of the population, which makes means less exact.
        weighting "Weights are": Weighting = choice(Weighting::COUNTS, "frequency").section("Rows").advanced().when_chosen("weights"),
        /// Whether a row with a gap in one outcome still counts for the others.
        missing "Missing values": MissingRows = choice(MissingRows::CHOICES, "each").section("Rows").advanced(),
    }
}

impl Analysis for TTestCell {
    type Options = Options;

    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "compare.t_test",
        version: 1,
        title: "T-test",
        group: Group::Compare,
        about: "Do two groups differ in their means, a column before and after, or a mean from a number? Several outcomes at once; equivalence and non-inferiority too.",
        headline: "T-test[[ of {outcomes}]][[ by {group}]]",
        method: "As t.test in R: Welch's degrees of freedom by Satterthwaite, or one pooled variance (Student). Differences are first less second. Effect sizes divide by the pooled SD, under Welch by the root of the mean variance (Delacre et al.), in pairs by the SD of the differences; intervals come from the noncentral t distribution; g is d times Hedges's exact correction. Equivalence is two one-sided tests at the error rate 1 − confidence (its interval has confidence 2 × confidence − 1); non-inferiority is one. Margins in SDs are multiples of the SD of the effect size. The Bayes factor is the JZS one with a Cauchy prior. Bootstrap intervals are BCa; permutations rearrange rows (Welch: of the t statistic), or signs in pairs, and take all ways when these are up to 100,000. Frequency weights count rows; they need not be whole. With sampling weights the tests are those of R’s survey (linearised errors, as svyttest; n rows leave n − 1 degrees of freedom, two groups n − 2), SDs are those of svyvar, intervals of effect sizes are approximate, and there are no Bayes factors. Normality is tested by Shapiro and Wilk (Royston 1995), the spread by Brown and Forsythe.",
        references: &[
            "Welch, B. L. (1947). The generalization of Student's problem when several different population variances are involved. Biometrika, 34, 28–35.",
            "Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of Educational Statistics, 6, 107–128.",
            "Delacre, M., Lakens, D., Ley, C., Liu, L., & Leys, C. (2021). Why Hedges' g*s based on the non-pooled standard deviation should be reported with Welch's t-test. PsyArXiv.",
            "Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach for assessing the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics, 15, 657–680.",
            "Rouder, J. N., Speckman, P. L., Sun, D., Morey, R. D., & Iverson, G. (2009). Bayesian t tests for accepting and rejecting the null hypothesis. Psychonomic Bulletin & Review, 16, 225–237.",
            "Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical Association, 82, 171–185.",
        ],
        keywords: &[
            "student",
            "welch",
            "paired",
            "one sample",
            "means",
            "equivalence",
            "tost",
            "non-inferiority",
            "cohen d",
            "hedges g",
            "bayes factor",
            "bootstrap",
            "permutation",
            "t 검정",
            "평균 비교",
            "대응표본",
            "독립표본",
            "일표본",
            "동등성",
            "비열등성",
        ],
        picture: Picture::Intervals,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "two_groups",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcomes": ["body_mass_g", "bill_length_mm"], "group": "sex", "correction": "holm", "bayes": true}"#,
            },
            Example {
                name: "paired",
                tables: &[("table", "penguins.csv")],
                values: r#"{"design": "paired", "pairs": [{"first": "bill_length_mm", "second": "bill_depth_mm"}], "effect": "cohen", "resample": true, "n_resamples": 200}"#,
            },
            Example {
                name: "equivalent",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcomes": ["body_mass_g"], "group": "species", "first": "Chinstrap", "second": "Adelie", "question": "equivalent", "margin": 200, "margin_unit": "raw"}"#,
            },
        ],
        korean: include_str!("t_test.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.t_test.step", "Testing");
        ctx.tick(0.0, &step)?;
        let contrasts = options.comparison().contrasts(input, ctx)?;
        options.note_weights(&contrasts[0], ctx);
        let contrasts = contrasts
            .into_iter()
            .map(|c| Tested::new(c, options))
            .collect::<Result<Vec<_>, _>>()?;
        let mut results = Vec::new();
        for (i, contrast) in contrasts.iter().enumerate() {
            let n = contrasts.len() as f32;
            let from = i as f32 / n;
            ctx.tick(from, &step)?;
            results.push(Outcome::new(
                options,
                contrast,
                ctx,
                (from, (i + 1) as f32 / n),
                &step,
            )?);
        }
        let p: Vec<f64> = results.iter().map(|r| r.test.p).collect();
        for (result, p) in results.iter_mut().zip(options.correction.adjust(&p)) {
            result.p_adjusted = p;
        }
        let mut report = Report {
            summary: contrasts
                .iter()
                .zip(&results)
                .map(|(c, r)| say::summary(options, &c.contrast, r))
                .collect(),
            ..Report::default()
        };
        let checks = Checks::of(contrasts.iter().map(|t| &t.contrast));
        report.blocks.extend(checks.into_table().map(Block::Table));
        report.push(tables::tests(options, &contrasts, &results));
        report
            .blocks
            .extend(tables::bounds(options, &contrasts, &results).map(Block::Table));
        report
            .blocks
            .extend(tables::bayes(options, &contrasts, &results).map(Block::Table));
        report
            .blocks
            .extend(tables::resampled(options, &contrasts, &results).map(Block::Table));
        report.push(tables::groups(options, &contrasts));
        report
            .blocks
            .extend(charts::charts(options, &contrasts, &results));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        match (options.is_sample(), language) {
            (true, Language::R) => sample_code::code(options, tables),
            (true, Language::Python) => None,
            (false, _) => code::code(options, tables, language),
        }
    }
}

/// A comparison with the summaries of its sides.
struct Tested {
    contrast: Contrast,
    /// One for each side.
    samples: Vec<Sample>,
    /// The differences of pairs.
    of_pairs: Option<Sample>,
}

/// What the tests say of one comparison.
struct Outcome {
    difference: Difference,
    test: TTest,
    p_adjusted: f64,
    interval: Estimate,
    effect: Estimate,
    /// Of equivalence: at the lower and the upper bound.
    bounds: Option<Bounds>,
    bayes: Option<f64>,
    bootstrap: Option<(f64, f64)>,
    permutation: Option<Permutation>,
}

/// The two one-sided tests of equivalence, or the one of non-inferiority.
struct Bounds {
    tests: Vec<(f64, TTest)>,
}

impl Options {
    fn comparison(&self) -> Comparison<'_> {
        Comparison {
            design: self.design,
            outcomes: &self.outcomes,
            group: self.group.as_deref(),
            first: &self.first,
            second: &self.second,
            pairs: &self.pairs,
            weights: self.weights.as_deref(),
            missing: self.missing,
        }
    }

    /// Whether rows are a sample of a population, drawn with unequal chances.
    fn is_sample(&self) -> bool {
        self.weights.is_some() && self.weighting == Weighting::Sampling
    }

    /// What weighted rows stand for, and what is not shown of them.
    fn note_weights(&self, contrast: &Contrast, ctx: &mut Ctx) {
        if self.is_sample() {
            let mut sides = contrast.sides.iter().map(|s| s.weights.as_deref());
            if contrast.design == Design::Paired {
                sides.next();
            }
            weights::note_sample(ctx, &sides.flatten().collect::<Vec<_>>().concat());
        }
        if self.weights.is_some() && self.resample {
            ctx.note(msg!(
                "compare.t_test.no_resamples",
                "Bootstrap and permutation are left out: they take rows without weights."
            ));
        }
        if self.is_sample() && self.bayes {
            ctx.note(msg!(
                "compare.t_test.no_bayes",
                "Bayes factors are left out: a weighted sample has no likelihood."
            ));
        }
    }

    fn alternative(&self) -> Alternative {
        match self.question {
            Question::Greater => Alternative::Greater,
            Question::Less => Alternative::Less,
            _ => Alternative::TwoSided,
        }
    }

    fn has_margin(&self) -> bool {
        matches!(self.question, Question::Equivalent | Question::NotInferior)
    }

    /// The confidence of intervals: equivalence is judged by that of both one-sided tests.
    fn interval_level(&self) -> f64 {
        if self.has_margin() {
            2.0 * self.level - 1.0
        } else {
            self.level
        }
    }
}

impl Tested {
    fn new(contrast: Contrast, options: &Options) -> Result<Self, RunError> {
        let n_all = match contrast.design {
            Design::Two => contrast.sides.iter().map(Side::n_weighted).sum(),
            _ => contrast.sides[0].n_weighted(),
        };
        let sample = |values: &[f64], weights: Option<&[f64]>| match weights {
            Some(weights) if options.is_sample() => Sample::of_sampled(values, weights, n_all),
            Some(weights) => Sample::of_weighted(values, weights),
            None => Sample::of(values),
        };
        let sides = contrast.sides.iter();
        let tested = Self {
            samples: sides
                .map(|s| sample(&s.values, s.weights.as_deref()))
                .collect(),
            of_pairs: (contrast.design == Design::Paired)
                .then(|| sample(&contrast.differences, contrast.sides[0].weights.as_deref())),
            contrast,
        };
        let contrast = &tested.contrast;
        for (side, sample) in contrast.sides.iter().zip(&tested.samples) {
            if !(sample.n > 1.0) {
                return Err(RunError::Data(msg!(
                    "compare.t_test.few",
                    "“{side}” has {n} {n|row|rows} to use for {outcome}; a t test needs two or more.",
                    side = &side.name,
                    n = side.values.len(),
                    outcome = &contrast.name
                )));
            }
        }
        let difference = tested.difference(options);
        if !(difference.standard_error > 0.0 && difference.standard_error.is_finite()) {
            return Err(RunError::Data(msg!(
                "compare.t_test.constant",
                "{name} does not vary, so there is nothing to hold its mean against. Choose another column.",
                name = &contrast.name
            )));
        }
        Ok(tested)
    }

    fn difference(&self, options: &Options) -> Difference {
        let samples = match &self.of_pairs {
            Some(differences) => std::slice::from_ref(differences),
            None => &self.samples,
        };
        match (samples, options.variances) {
            _ if options.is_sample() => Difference::of_sampled(samples),
            ([a, b], Variances::Welch) => Difference::of_two(a, b),
            ([a, b], Variances::Student) => Difference::of_two_pooled(a, b),
            ([one, ..], _) => Difference::of_one(one),
            ([], _) => unreachable!("a comparison has a side"),
        }
    }

    /// The number of rows behind the standard error, in the sense of the Bayes factor.
    fn n_effective(&self) -> f64 {
        match self.contrast.design {
            Design::Two => {
                let (a, b) = (self.samples[0].n, self.samples[1].n);
                a * b / (a + b)
            }
            _ => self.samples[0].n,
        }
    }
}

impl Outcome {
    fn new(
        options: &Options,
        contrast: &Tested,
        ctx: &mut Ctx,
        (from, to): (f32, f32),
        step: &Msg,
    ) -> Result<Self, RunError> {
        let difference = contrast.difference(options);
        let (null, alternative) = (options.null, options.alternative());
        let level = options.interval_level();
        let effect = match options.effect {
            Effect::Hedges => difference.hedges_g(null, level, alternative),
            Effect::Cohen => difference.cohens_d(null, level, alternative),
        };
        let mut test = difference.test(null, alternative);
        let bounds = bounds(options, &difference);
        if let Some(bounds) = &bounds {
            // The claim stands when every bound is passed.
            let weakest = bounds.tests.iter().max_by(|a, b| a.1.p.total_cmp(&b.1.p));
            test = weakest.expect("a bound").1;
        }
        let bayes = (options.bayes && !options.is_sample()).then(|| {
            let t = difference.test(null, Alternative::TwoSided).t;
            // The factor is that of one variance; Welch's t and df would not be its data.
            let (t, df) = match contrast.contrast.design {
                Design::Two => {
                    let pooled =
                        Difference::of_two_pooled(&contrast.samples[0], &contrast.samples[1]);
                    (pooled.test(null, Alternative::TwoSided).t, pooled.df)
                }
                _ => (t, difference.df),
            };
            jzs_t(
                t,
                df,
                contrast.n_effective(),
                options.prior_scale,
                alternative,
            )
        });
        let (mut bootstrap, mut permutation) = (None, None);
        if options.resample && !contrast.contrast.is_weighted() {
            (bootstrap, permutation) =
                resample::resample(options, &contrast.contrast, ctx, (from, to), step)?;
        }
        Ok(Self {
            interval: difference.interval(level, alternative),
            p_adjusted: test.p,
            difference,
            test,
            effect,
            bounds,
            bayes,
            bootstrap,
            permutation,
        })
    }

    /// The value of the margin in units of the outcome.
    fn margin(options: &Options, difference: &Difference) -> f64 {
        match options.margin_unit {
            Unit::Raw => options.margin,
            Unit::Sd => options.margin * difference.sd,
        }
    }
}

fn bounds(options: &Options, difference: &Difference) -> Option<Bounds> {
    let margin = Outcome::margin(options, difference);
    let centre = options.null;
    let above = |bound: f64| (bound, difference.test(bound, Alternative::Greater));
    let below = |bound: f64| (bound, difference.test(bound, Alternative::Less));
    let tests = match (options.question, options.better) {
        (Question::Equivalent, _) => vec![above(centre - margin), below(centre + margin)],
        (Question::NotInferior, Better::Higher) => vec![above(centre - margin)],
        (Question::NotInferior, Better::Lower) => vec![below(centre + margin)],
        _ => return None,
    };
    Some(Bounds { tests })
}
