//! Proportions: one against a number, two or more against one another, and all levels against
//! expected shares.

mod code;
mod sample;
mod say;
mod tables;

use crate::frame::corrections::Correction;
use crate::frame::weights::{self, Weighting};
use crate::frame::{FrameBuilder, pictures};
use crate::msg;
use crate::report::{Block, Chart, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, flag, level, number, reads, rows, text,
};
use crate::stats::survey::Cells;
use crate::stats::t_test::{Alternative, Estimate};
use crate::stats::two_by_two::{self, Interval, proportion};

pub struct ProportionsCell;

crate::choices! {
    /// What is compared with what.
    pub enum Design {
        Groups = "groups" "Groups with one another",
        One = "one" "One proportion with a number",
        Fit = "fit" "All levels with expected shares (χ² of fit)",
    }
}

crate::choices! {
    /// What is asked of one proportion, or of the first of two.
    pub enum Question {
        Different = "different" "Do they differ?",
        Greater = "greater" "Is it greater?",
        Less = "less" "Is it less?",
    }
}

crate::choices! {
    /// How the interval of a proportion is made.
    pub enum IntervalKind {
        Wilson = "wilson" "Wilson",
        Exact = "exact" "Clopper–Pearson (exact)",
        AgrestiCoull = "agresti_coull" "Agresti–Coull",
        Jeffreys = "jeffreys" "Jeffreys",
    }
}

crate::options! {
    /// What is expected of one level.
    pub struct Expected {
        /// A level of the outcome.
        level "Level": String = text(""),
        /// Its share, or a number in proportion to it.
        share "Share": f64 = number(1.0, 0.0, f64::MAX),
    }
}

crate::options! {
    /// What is counted, and what it is held against.
    pub struct Options {
        /// Shares by group, one share against a number, or the shares of all levels.
        design "Compare": Design = choice(Design::CHOICES, "groups"),
        /// The column whose levels are counted.
        outcome "Outcome": String = column(Fits::Levels),
        /// The level whose share is compared; of two levels the last when this is empty.
        event "Level that counts": String = level("outcome").when("design", &["groups", "one"]),
        /// The column that says which group a row is in.
        group "Groups": Option<String> = column(Fits::Levels).optional().when("design", &["groups"]),
        /// The share that the data are held against.
        null "Null value": f64 = number(0.5, 0.0, 1.0).when("design", &["one"]),
        /// Two-sided, or one side only; with more than two groups always two-sided.
        question "Question": Question = choice(Question::CHOICES, "different").when("design", &["groups", "one"]),
        /// What is expected of each level; all the same when nothing stands here.
        expected "Expected shares": Vec<Expected> = rows(<Expected as crate::spec::Options>::SPECS).between(0, 200).when("design", &["fit"]),
        /// How the intervals of the shares are made.
        interval "Intervals of shares": IntervalKind = choice(IntervalKind::CHOICES, "wilson").section("Method"),
        /// Moves the statistic of one or two proportions half a row towards the null value (Yates).
        continuity "Continuity correction": bool = flag(false).section("Method").advanced(),
        /// With several pairs of groups some differ by chance alone; a correction allows for that.
        correction "Several pairs": Correction = choice(Correction::CHOICES, "holm").section("Method"),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Method").advanced(),
        /// How many times likelier the data are with an effect than without.
        bayes "Bayes factor": bool = flag(false).section("Method").advanced().when("design", &["groups", "one"]),
        /// Rows of either kind that the prior is worth: 1 makes all shares alike likely.
        prior_count "Prior count": f64 = number(1.0, 0.01, 100.0).section("Method").advanced().when("bayes", &["true"]),
        /// How much each row counts, such as a column of counts.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Rows"),
        /// Shares are the same whatever the weights mean; tests and errors are not.
        weighting "Weights are": Weighting = choice(Weighting::COUNTS, "frequency").section("Rows").when_chosen("weights"),
    }
}

impl Analysis for ProportionsCell {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "compare.proportions",
        version: 1,
        title: "Proportion tests",
        group: Group::Compare,
        about: "Does the share of a level differ between groups, or from a number? Do all levels have the shares that are expected?",
        headline: "Shares of {outcome}[[ by {group}]]",
        method: "As prop.test, binom.test and chisq.test in R. One proportion: the score z test and the exact binomial test (two-sided: all counts that are no likelier). Two: the z test with the pooled variance and Fisher's exact test of whole counts; more: χ² with k − 1 degrees of freedom. The interval of a difference is Newcombe's from Wilson's intervals, those of the risk ratio and the odds ratio are of their logarithms (Katz; Woolf), ½ added to all cells where one is 0. Pairs are z tests of two. χ² of fit: residuals are (O − E) / √E. Cohen's h and w are effect sizes. The Bayes factor of one proportion has a beta prior with both parameters the prior count, cut at the null value for a one-sided question; that of groups is Gunel and Dickey's for independent groups (as contingencyTableBF of R's BayesFactor with sampleType = 'indepMulti'), always two-sided. Frequency weights are added up. Sampling weights: linearised errors as R's survey has them without strata or clusters, groups as domains: t tests of one share and of the difference of two with n − 1 degrees of freedom, F of Pearson's χ² with Rao and Scott's correction of the second order (svychisq), Student's intervals of differences, of logarithms of ratios and of logits of shares (svyciprop), χ² of fit with Satterthwaite's correction (svygofchisq) and residuals over their errors; neither exact tests, continuity correction nor Bayes factor.",
        references: &[
            "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American Statistical Association, 22, 209–212.",
            "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: Comparison of eleven methods. Statistics in Medicine, 17, 873–890.",
            "Katz, D., Baptista, J., Azen, S. P., & Pike, M. C. (1978). Obtaining confidence intervals for the risk ratio in cohort studies. Biometrics, 34, 469–474.",
            "Brown, L. D., Cai, T. T., & DasGupta, A. (2001). Interval estimation for a binomial proportion. Statistical Science, 16, 101–133.",
            "Cohen, J. (1988). Statistical power analysis for the behavioral sciences (2nd ed.). Erlbaum.",
            "Gunel, E., & Dickey, J. (1974). Bayes factors for independence in contingency tables. Biometrika, 61, 545–557.",
            "Rao, J. N. K., & Scott, A. J. (1984). On chi-squared tests for multiway contingency tables with cell proportions estimated from survey data. Annals of Statistics, 12, 46–60.",
        ],
        keywords: &[
            "proportion",
            "binomial",
            "goodness of fit",
            "wilson",
            "newcombe",
            "risk ratio",
            "odds ratio",
            "relative risk",
            "fisher",
            "chi-squared",
            "bayes factor",
            "비율 검정",
            "이항검정",
            "적합도",
            "오즈비",
            "상대위험",
            "카이제곱",
            "베이즈 인자",
        ],
        picture: Picture::Intervals,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "groups",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "sex", "group": "species", "event": "male"}"#,
            },
            Example {
                name: "one",
                tables: &[("table", "penguins.csv")],
                values: r#"{"design": "one", "outcome": "sex", "event": "female", "null": 0.4, "question": "greater"}"#,
            },
            Example {
                name: "fit",
                tables: &[("table", "penguins.csv")],
                values: r#"{"design": "fit", "outcome": "species", "expected": [{"level": "Adelie", "share": 2}, {"level": "Chinstrap", "share": 1}, {"level": "Gentoo", "share": 2}]}"#,
            },
            Example {
                name: "sample",
                tables: &[("table", "penguins_weights.csv")],
                values: r#"{"outcome": "sex", "group": "species", "event": "male", "weights": "sample", "weighting": "sampling"}"#,
            },
        ],
        korean: include_str!("proportions.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.proportions.step", "Counting");
        ctx.tick(0.0, &step)?;
        let counted = Counted::new(options, input, ctx)?;
        ctx.tick(0.6, &step)?;
        let mut report = Report {
            summary: say::summary(options, &counted),
            ..Report::default()
        };
        if options.design == Design::Fit {
            report.push(tables::fit_test(&counted));
            report.push(tables::fit(options, &counted));
        } else {
            report.push(match &counted.sample {
                None => tables::tests(options, &counted),
                Some(sample) => sample::tests(options, &counted, sample),
            });
            if let Some(pairs) = tables::pairs(options, &counted) {
                report.push(pairs);
            }
            report.push(tables::shares(options, &counted));
            report
                .blocks
                .extend(tables::bayes(options, &counted).map(Block::Table));
        }
        report.push(counted.chart(options));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }
}

/// Rows by group, or by level for the χ² of fit.
struct Counted {
    /// The level that counts.
    event: String,
    names: Vec<String>,
    /// Rows with the event and all rows of each group; for the χ² of fit rows of each level and of all.
    groups: Vec<(f64, f64)>,
    /// Of the χ² of fit: shares that add up to 1.
    expected: Vec<f64>,
    /// Where rows are a sample: what errors are made of.
    sample: Option<sample::Sample>,
}

impl Options {
    /// Whether rows are a sample of a population, drawn with unequal chances.
    fn is_sample(&self) -> bool {
        self.weights.is_some() && self.weighting == Weighting::Sampling
    }

    fn alternative(&self) -> Alternative {
        match self.question {
            Question::Different => Alternative::TwoSided,
            Question::Greater => Alternative::Greater,
            Question::Less => Alternative::Less,
        }
    }

    fn interval_of(&self, (k, n): (f64, f64), alternative: Alternative) -> Estimate {
        let how = match self.interval {
            IntervalKind::Wilson => Interval::Wilson,
            IntervalKind::Exact => Interval::ClopperPearson,
            IntervalKind::AgrestiCoull => Interval::AgrestiCoull,
            IntervalKind::Jeffreys => Interval::Jeffreys,
        };
        proportion(k, n, self.level, how, alternative)
    }
}

impl Counted {
    fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let mut builder = FrameBuilder::new(input);
        builder.group("outcome", &options.outcome)?;
        let grouping = match options.design {
            Design::Groups => Some(options.group.as_deref().ok_or_else(|| {
                RunError::option("group", msg!("spec.choose_column", "Choose a column."))
            })?),
            _ => None,
        };
        if let Some(group) = grouping {
            builder.group("group", group)?;
        }
        if let Some(weights) = &options.weights {
            builder.number("weights", weights)?;
        }
        let frame = builder.finish(&[])?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let weights = frame.numbers.first();
        weights.map_or(Ok(()), |w| weights::check(w))?;
        let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
        let total: f64 = (0..frame.rows.len()).map(weight).sum();
        if !(total > 0.0) {
            return Err(RunError::Data(msg!(
                "compare.proportions.no_rows",
                "No row has all the values that are needed. Choose columns with fewer missing values."
            )));
        }
        let sampled = weights.filter(|_| options.is_sample());
        sampled
            .into_iter()
            .for_each(|w| weights::note_sample(ctx, w));
        let outcome = &frame.groups[0];
        if options.design == Design::Fit {
            let mut counts = vec![0.0; outcome.names.len()];
            for (i, code) in outcome.codes.iter().enumerate() {
                counts[*code as usize] += weight(i);
            }
            let (names, expected) = expected(options, &outcome.names)?;
            let place = |name: &String| outcome.names.iter().position(|n| n == name);
            let count = |name: &String| place(name).map_or(0.0, |p| counts[p]);
            let sample = sampled.map(|weights| {
                let mut cell = vec![0; outcome.names.len()];
                for (i, name) in names.iter().enumerate() {
                    place(name).into_iter().for_each(|p| cell[p] = i);
                }
                let cells = outcome.codes.iter().map(|c| cell[*c as usize]);
                let cells = Cells::of(cells, weights, names.len());
                let rows = vec![cells.n; names.len()];
                sample::Sample { cells, rows }
            });
            return Ok(Self {
                sample,
                event: String::new(),
                groups: names.iter().map(|n| (count(n), total)).collect(),
                names,
                expected,
            });
        }
        let event = frame.event("event", &options.outcome, &options.event)? as u32;
        let (names, codes) = match frame.groups.get(1) {
            Some(groups) => (groups.names.clone(), Some(&groups.codes)),
            None => (vec![options.outcome.clone()], None),
        };
        if options.design == Design::Groups && names.len() < 2 {
            return Err(RunError::option(
                "group",
                msg!(
                    "frame.one_group",
                    "“{group}” has only one level in the rows that are used.",
                    group = grouping.unwrap_or_default()
                ),
            ));
        }
        let mut groups = vec![(0.0, 0.0); names.len()];
        for (i, code) in outcome.codes.iter().enumerate() {
            let group = &mut groups[codes.map_or(0, |c| c[i] as usize)];
            group.1 += weight(i);
            if *code == event {
                group.0 += weight(i);
            }
        }
        if let Some(empty) = groups.iter().position(|g| g.1 == 0.0) {
            return Err(RunError::Data(msg!(
                "compare.proportions.empty",
                "The weights of the group “{group}” add up to nothing. Filter such rows out first.",
                group = &names[empty]
            )));
        }
        let sample = sampled.map(|weights| {
            let group = |i: usize| codes.map_or(0, |c| c[i] as usize);
            let mut rows = vec![0; names.len()];
            for (i, w) in weights.iter().enumerate() {
                rows[group(i)] += usize::from(*w > 0.0);
            }
            let cells = outcome.codes.iter().enumerate();
            let cells = cells.map(|(i, c)| 2 * group(i) + usize::from(*c == event));
            sample::Sample {
                cells: Cells::of(cells, weights, 2 * names.len()),
                rows,
            }
        });
        Ok(Self {
            sample,
            event: outcome.names[event as usize].clone(),
            names,
            groups,
            expected: Vec::new(),
        })
    }

    /// Whether all counts are whole, which exact tests need.
    fn is_whole(&self) -> bool {
        self.groups
            .iter()
            .all(|(k, n)| k.fract() == 0.0 && n.fract() == 0.0 && *n < 1e9)
    }

    /// The share of all groups together.
    fn overall(&self) -> f64 {
        let (k, n) = self
            .groups
            .iter()
            .fold((0.0, 0.0), |s, g| (s.0 + g.0, s.1 + g.1));
        k / n
    }

    /// χ², its degrees of freedom and p, of the test that the design asks for.
    fn test(&self) -> (f64, f64, f64) {
        if self.expected.is_empty() {
            return two_by_two::several_proportions_test(&self.groups);
        }
        if let Some(sample) = &self.sample {
            return sample.cells.goodness_of_fit(&self.expected);
        }
        let counts: Vec<f64> = self.groups.iter().map(|g| g.0).collect();
        two_by_two::goodness_of_fit(&counts, &self.expected)
    }

    /// The share of a group, or of a level, with its interval.
    fn interval(&self, options: &Options, i: usize, alternative: Alternative) -> Estimate {
        match &self.sample {
            None => options.interval_of(self.groups[i], alternative),
            Some(sample) => sample.interval(options, i, alternative),
        }
    }

    fn chart(&self, options: &Options) -> Chart {
        let is_fit = options.design == Design::Fit;
        let lines: Vec<(Msg, f64, f64, f64)> = self
            .names
            .iter()
            .zip(&self.groups)
            .enumerate()
            .map(|(i, (name, _))| {
                let e = self.interval(options, i, Alternative::TwoSided);
                let off = if is_fit { self.expected[i] } else { 0.0 };
                (
                    Msg::verbatim(name),
                    e.value - off,
                    e.low - off,
                    e.high - off,
                )
            })
            .collect();
        let (title, axis, none) = match options.design {
            Design::Fit => (
                msg!(
                    "compare.proportions.fit_chart",
                    "Shares less what is expected of them"
                ),
                msg!("compare.proportions.off", "Share less expected share"),
                0.0,
            ),
            Design::One => (
                msg!("compare.proportions.chart", "Shares with their intervals"),
                msg!(
                    "compare.proportions.share_of",
                    "Share of “{event}”",
                    event = &self.event
                ),
                options.null,
            ),
            Design::Groups => (
                msg!("compare.proportions.chart", "Shares with their intervals"),
                msg!(
                    "compare.proportions.share_of",
                    "Share of “{event}”",
                    event = &self.event
                ),
                self.overall(),
            ),
        };
        pictures::effects("shares", title, axis, &lines, none)
    }
}

/// The levels that are expected, with shares that add up to 1.
fn expected(options: &Options, levels: &[String]) -> Result<(Vec<String>, Vec<f64>), RunError> {
    if options.expected.is_empty() {
        if levels.len() < 2 {
            return Err(RunError::option(
                "outcome",
                msg!(
                    "frame.one_group",
                    "“{group}” has only one level in the rows that are used.",
                    group = &options.outcome
                ),
            ));
        }
        let share = 1.0 / levels.len() as f64;
        return Ok((levels.to_vec(), vec![share; levels.len()]));
    }
    let given = |name: &String| options.expected.iter().any(|e| e.level.trim() == *name);
    if let Some(missing) = levels.iter().find(|l| !given(l)) {
        return Err(RunError::option(
            "expected",
            msg!(
                "compare.proportions.not_expected",
                "“{level}” occurs, but has no expected share. Add a line for it.",
                level = missing
            ),
        ));
    }
    let names: Vec<String> = options
        .expected
        .iter()
        .map(|e| e.level.trim().to_string())
        .collect();
    let total: f64 = options.expected.iter().map(|e| e.share).sum();
    for (i, line) in options.expected.iter().enumerate() {
        if names[..i].contains(&names[i]) {
            return Err(RunError::option(
                &format!("expected.{i}.level"),
                msg!(
                    "compare.proportions.twice",
                    "“{level}” stands here twice.",
                    level = &names[i]
                ),
            ));
        }
        if !(line.share > 0.0 && (line.share / total).is_normal()) {
            return Err(RunError::option(
                &format!("expected.{i}.share"),
                msg!(
                    "compare.proportions.no_share",
                    "Expected shares must be above zero."
                ),
            ));
        }
    }
    if names.len() < 2 {
        return Err(RunError::option(
            "expected",
            msg!(
                "compare.proportions.two_levels",
                "Expected shares need two levels or more."
            ),
        ));
    }
    let shares = options.expected.iter().map(|e| e.share / total).collect();
    Ok((names, shares))
}
