//! A/B test: did a change work, and should it ship?

use crate::frame::corrections::Correction;
use crate::msg;
use crate::report::{
    Along, Arg, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone,
};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, InputSpec, Output, Picture, RunError, Spec, choice,
    column, columns, flag, integer, level, number, reads, rows, text,
};
use crate::stats::descriptive::Moments;
use crate::stats::experiment::{
    ArmChance, Comparison, Estimate, ExperimentError, Proportion, Summary, beta_binomial,
    compare_means, compare_proportions, minimum_detectable_mean, minimum_detectable_proportion,
    normal_posterior, sample_ratio_mismatch,
};
use crate::table::{Column, Data, Levels, Measure};

pub struct AbTest;

crate::choices! {
    /// Where the numbers come from.
    pub enum From {
        Table = "table" "A table, one row a person",
        Counts = "counts" "Counts typed in",
        Means = "means" "Means typed in",
    }
}

crate::options! {
    /// The successes of one group.
    pub struct CountArm {
        /// What the group is called.
        name "Group": String = text(""),
        /// How many people were in it.
        n "People": u64 = integer(0, 0, i64::MAX).optional(),
        /// How many of them did it.
        successes "Successes": u64 = integer(0, 0, i64::MAX).optional(),
    }
}

crate::options! {
    /// The mean of one group.
    pub struct MeanArm {
        /// What the group is called.
        name "Group": String = text(""),
        /// How many people were in it.
        n "People": u64 = integer(0, 0, i64::MAX).optional(),
        /// Their mean.
        mean "Mean": f64 = number(0.0, f64::MIN, f64::MAX).optional(),
        /// Their standard deviation.
        sd "SD": f64 = number(0.0, 0.0, f64::MAX).optional(),
    }
}

crate::options! {
    /// What is compared.
    pub struct Options {
        /// Results may come from a table or be typed in.
        source "Data": From = choice(From::CHOICES, "table"),
        /// The column that says which group a row was in.
        group "Groups": Option<String> = column(Fits::Levels).optional().when("source", &["table"]),
        /// What was measured: columns with two levels are compared as proportions, numbers as means.
        outcomes "Outcomes": Vec<String> = columns(Fits::NumbersOrLevels).optional().when("source", &["table"]),
        /// The level that counts as a success; yes, true, 1 or else the last one when this is empty.
        success "Success is": String = text("").when("source", &["table"]),
        /// The group that the others are compared with; the first when this is empty.
        control "Control": String = level("group").when("source", &["table"]),
        /// One row a group, the control first.
        counts "Counts": Vec<CountArm> = rows(<CountArm as crate::spec::Options>::SPECS).between(0, 50).when("source", &["counts"]),
        /// One row a group, the control first.
        means "Means": Vec<MeanArm> = rows(<MeanArm as crate::spec::Options>::SPECS).between(0, 50).when("source", &["means"]),
        /// How people were meant to be split, such as 1:1 or 50:25:25; evenly when this is empty.
        shares "Planned split": String = text(""),
        /// The least relative lift that is worth shipping, in per cent; 0 ships any sure gain.
        worthwhile "Smallest lift that matters, %": f64 = number(0.0, 0.0, 1000.0),
        /// How surely the intervals hold the true value; a gain must be that sure to ship.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).advanced(),
        /// With several groups or outcomes, some differ by chance alone; a correction allows for that.
        correction "Several comparisons": Correction = choice(Correction::CHOICES, "holm").advanced(),
        /// The chance that each group is best, given the data and a flat prior.
        bayes "Chance to be best": bool = flag(true).advanced(),
    }
}

impl Analysis for AbTest {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "experiment.ab_test",
        version: 1,
        title: "A/B test",
        group: Group::Experiment,
        about: "Did a change work? Compares conversion rates or averages of two or more groups and says: ship, keep, or undecided.",
        headline: "A/B test[[ of {outcomes}]][[ by {group}]]",
        method: "Proportions by the two-proportion z test with pooled standard error (R's prop.test without continuity correction), means by Welch's t test. Intervals of differences do not pool; intervals of relative lift are by the delta method; beside a control of zero or less there is no lift, and the difference is judged. P values of all comparisons together are corrected by Holm's method unless another is chosen; intervals are not corrected. The split is tested by Pearson's χ². Chances to be best come from beta posteriors with a uniform prior, for means from normal posteriors of large samples. The rule: ship when the corrected p is below 1 − confidence and the lower end of the lift's interval is above the smallest lift that matters; keep the control when the difference is sure and negative, or when the upper end of the lift's interval is below the smallest lift that matters; else undecided.",
        references: &[
            "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions. Statistics in Medicine, 17, 873–890.",
            "Deng, A., Knoblich, U., & Lu, J. (2018). Applying the delta method in metric analytics. KDD, 233–242.",
            "Fabijan, A., et al. (2019). Diagnosing sample ratio mismatch in online controlled experiments. KDD, 2156–2164.",
            "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics, 6, 65–70.",
        ],
        keywords: &[
            "experiment",
            "conversion",
            "split test",
            "proportion",
            "welch",
            "lift",
            "significance",
            "t test",
            "mean difference",
            "two groups",
            "실험",
            "전환율",
            "비율 검정",
            "A/B 테스트",
            "유의성",
            "t 검정",
            "평균 차이",
            "두 집단",
        ],
        picture: Picture::Intervals,
        inputs: &[InputSpec {
            name: "table",
            title: "Table",
            optional: true,
        }],
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "counts",
                tables: &[],
                values: r#"{"source": "counts", "counts": [{"name": "A", "n": 10000, "successes": 500}, {"name": "B", "n": 10050, "successes": 590}]}"#,
            },
            Example {
                name: "penguins",
                tables: &[("table", "penguins.csv")],
                values: r#"{"group": "species", "outcomes": ["body_mass_g", "sex"], "success": "male", "shares": "150:70:120"}"#,
            },
        ],
        korean: include_str!("ab_test.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        ctx.tick(0.0, &msg!("experiment.ab_test.step", "Comparing"))?;
        let experiment = Experiment::new(options, input, ctx)?;
        let judged = experiment.judge(options)?;
        let split = experiment.split(options)?;
        if let Some(split) = split.as_ref().filter(|s| s.p < MISMATCH) {
            ctx.warn(msg!(
                "experiment.ab_test.mismatch",
                "The groups are not of the planned sizes (χ² = {chi}, p {p}). Something is wrong with the assignment; do not trust the result before it is found.",
                chi = (split.statistic, Format::Fixed(1)),
                p = (split.p, Format::PEquals)
            ));
        }
        ctx.tick(0.3, &msg!("experiment.ab_test.step", "Comparing"))?;
        let mut report = Report {
            summary: summary(options, &experiment, &judged),
            ..Report::default()
        };
        for (m, metric) in experiment.metrics.iter().enumerate() {
            let of_metric: Vec<&Judged> = judged.iter().filter(|j| j.metric == m).collect();
            let mut blocks: Vec<Block> = vec![
                lift_chart(options, &experiment, m, &of_metric).into(),
                arms_table(options, &experiment, metric, m).into(),
                comparison_table(options, &experiment, m, &of_metric).into(),
            ];
            if options.bayes {
                blocks.extend(chances(&experiment, metric, m)?.map(Block::Table));
            }
            match experiment.metrics.len() {
                1 => report.blocks.extend(blocks),
                _ => report.push(Block::Group(metric.name.clone(), blocks)),
            }
        }
        report
            .blocks
            .extend(split.map(|s| split_table(&experiment, &s).into()));
        report.push(msg!(
            "experiment.ab_test.rule",
            "The rule: ship when p (corrected) is below {alpha} and the whole {level} interval of the lift is above {least}; keep the control when it is surely worse or the whole interval is below {least}; otherwise it is undecided.",
            alpha = (alpha(options), Format::Plain),
            level = (options.level, Format::Percent(0)),
            least = (options.worthwhile / 100.0, Format::Percent(1))
        ));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

/// Below this p the split itself is in doubt.
const MISMATCH: f64 = 0.001;
const POWER: f64 = 0.8;

/// Groups and what was measured in each.
struct Experiment {
    /// The control first.
    arms: Vec<String>,
    /// People in each group, whether or not their outcome is known.
    sizes: Vec<u64>,
    metrics: Vec<Metric>,
}

struct Metric {
    name: Msg,
    key: String,
    arms: Arms,
}

/// One entry a group, the control first.
enum Arms {
    Proportions(Vec<Proportion>),
    Means(Vec<Summary>),
}

/// One variant against the control, judged.
struct Judged {
    metric: usize,
    arm: usize,
    comparison: Comparison,
    p_adjusted: f64,
    verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ship,
    Keep,
    Undecided,
}

impl Experiment {
    fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let experiment = match options.source {
            From::Table => Self::from_table(options, input, ctx)?,
            From::Counts => Self::from_counts(options)?,
            From::Means => Self::from_means(options)?,
        };
        if experiment.arms.len() < 2 {
            let option = match options.source {
                From::Table => "group",
                From::Counts => "counts",
                From::Means => "means",
            };
            return Err(RunError::option(
                option,
                msg!(
                    "experiment.ab_test.two",
                    "There must be two groups or more."
                ),
            ));
        }
        Ok(experiment)
    }

    fn from_counts(options: &Options) -> Result<Self, RunError> {
        for (i, arm) in options.counts.iter().enumerate() {
            if arm.successes > arm.n || arm.n == 0 {
                let message = msg!(
                    "experiment.ab_test.bad_counts",
                    "Successes must be from 0 to the number of people, and there must be people."
                );
                return Err(RunError::option(&format!("counts.{i}.successes"), message));
            }
        }
        let metric = Metric {
            name: msg!("experiment.ab_test.conversion", "Conversion"),
            key: "conversion".into(),
            arms: Arms::Proportions(
                options
                    .counts
                    .iter()
                    .map(|a| Proportion {
                        n: a.n,
                        successes: a.successes,
                    })
                    .collect(),
            ),
        };
        Ok(Self {
            arms: named(options.counts.iter().map(|a| a.name.as_str())),
            sizes: options.counts.iter().map(|a| a.n).collect(),
            metrics: vec![metric],
        })
    }

    fn from_means(options: &Options) -> Result<Self, RunError> {
        for (i, arm) in options.means.iter().enumerate() {
            if arm.n < 2 {
                return Err(RunError::option(
                    &format!("means.{i}.n"),
                    msg!(
                        "experiment.ab_test.few",
                        "A group needs two people or more."
                    ),
                ));
            }
        }
        let metric = Metric {
            name: msg!("experiment.ab_test.mean", "Mean"),
            key: "mean".into(),
            arms: Arms::Means(
                options
                    .means
                    .iter()
                    .map(|a| Summary {
                        n: a.n,
                        mean: a.mean,
                        sd: a.sd,
                    })
                    .collect(),
            ),
        };
        Ok(Self {
            arms: named(options.means.iter().map(|a| a.name.as_str())),
            sizes: options.means.iter().map(|a| a.n).collect(),
            metrics: vec![metric],
        })
    }

    fn from_table(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        input.table("table")?;
        let Some(group) = &options.group else {
            return Err(RunError::option(
                "group",
                msg!("spec.choose_column", "Choose a column."),
            ));
        };
        if options.outcomes.is_empty() {
            return Err(RunError::option(
                "outcomes",
                msg!("spec.choose_columns", "Choose at least one column."),
            ));
        }
        let Levels { names, codes } = input.column("group", group)?.levels_and_codes();
        let control = match options.control.as_str() {
            "" => 0,
            wanted => names.iter().position(|n| n == wanted).ok_or_else(|| {
                RunError::option(
                    "control",
                    msg!(
                        "experiment.ab_test.no_control",
                        "No row has “{level}” in “{group}”.",
                        level = wanted,
                        group = group
                    ),
                )
            })?,
        };
        let mut order: Vec<usize> = (0..names.len()).collect();
        if !names.is_empty() {
            order.remove(control);
            order.insert(0, control);
        }
        let rows_of = |level: usize| {
            codes
                .iter()
                .enumerate()
                .filter(move |&(_, &c)| c == level as i32)
                .map(|(i, _)| i)
        };
        let n_lost = codes.iter().filter(|&&c| c < 0).count();
        ctx.note_dropped(codes.len() - n_lost, n_lost);
        let mut metrics = Vec::new();
        for name in &options.outcomes {
            if name == group {
                return Err(RunError::option(
                    "outcomes",
                    msg!(
                        "experiment.ab_test.itself",
                        "“{column}” already says the group.",
                        column = name
                    ),
                ));
            }
            let column = input.column("outcomes", name)?;
            let (title, arms) = match success_level(column, &options.success)? {
                Some(Success { levels, level }) => {
                    let proportion = |g: &usize| {
                        let known = rows_of(*g).filter(|&i| levels.codes[i] >= 0);
                        let (mut n, mut successes) = (0, 0);
                        known.for_each(|i| {
                            n += 1;
                            successes += u64::from(levels.codes[i] == level);
                        });
                        Proportion { n, successes }
                    };
                    let arms = order.iter().map(proportion).collect();
                    let title = format!("{name} = {}", levels.names[level as usize]);
                    (title, Arms::Proportions(arms))
                }
                None => {
                    let values = column.numbers().ok_or_else(|| {
                        RunError::option(
                            "outcomes",
                            msg!(
                                "experiment.ab_test.not_two",
                                "“{column}” has more than two levels and holds no numbers.",
                                column = name
                            ),
                        )
                    })?;
                    let summary = |g: &usize| {
                        let values: Vec<f64> = rows_of(*g)
                            .map(|i| values[i])
                            .filter(|v| v.is_finite())
                            .collect();
                        let moments = Moments::of(&values);
                        Summary {
                            n: moments.n as u64,
                            mean: moments.mean,
                            sd: moments.sd(),
                        }
                    };
                    let arms = order.iter().map(summary).collect();
                    (name.clone(), Arms::Means(arms))
                }
            };
            let n_missing = column.n_missing();
            if n_missing > 0 {
                ctx.note(msg!(
                    "experiment.ab_test.missing",
                    "“{column}” misses {n} {n|value|values}, left out for that outcome.",
                    column = name,
                    n = n_missing
                ));
            }
            metrics.push(Metric {
                name: Msg::verbatim(title),
                key: name.clone(),
                arms,
            });
        }
        Ok(Self {
            arms: order.iter().map(|&g| names[g].clone()).collect(),
            sizes: order.iter().map(|&g| rows_of(g).count() as u64).collect(),
            metrics,
        })
    }

    /// Every variant against the control in every metric, p values corrected together.
    fn judge(&self, options: &Options) -> Result<Vec<Judged>, RunError> {
        let mut judged = Vec::new();
        for (m, metric) in self.metrics.iter().enumerate() {
            for arm in 1..self.arms.len() {
                let comparison = metric
                    .compare(arm, options.level)
                    .map_err(|e| self.explain(e, metric))?;
                judged.push(Judged {
                    metric: m,
                    arm,
                    comparison,
                    p_adjusted: f64::NAN,
                    verdict: Verdict::Undecided,
                });
            }
        }
        let p: Vec<f64> = judged.iter().map(|j| j.comparison.p).collect();
        let adjusted = options.correction.adjust(&p);
        for (j, p_adjusted) in judged.iter_mut().zip(adjusted) {
            j.p_adjusted = p_adjusted;
            j.verdict = verdict(&j.comparison, p_adjusted, options);
        }
        Ok(judged)
    }

    fn split(&self, options: &Options) -> Result<Option<Split>, RunError> {
        let planned = options.shares.trim();
        let shares: Vec<f64> = match planned {
            "" => vec![1.0; self.arms.len()],
            _ => {
                let read: Option<Vec<f64>> = planned
                    .split([':', '/', ',', ' '])
                    .filter(|s| !s.is_empty())
                    .map(|s| {
                        s.trim_end_matches('%')
                            .parse()
                            .ok()
                            .filter(|v: &f64| *v > 0.0 && v.is_finite())
                    })
                    .collect();
                read.filter(|s| s.len() == self.arms.len()).ok_or_else(|| {
                    RunError::option(
                        "shares",
                        msg!(
                            "experiment.ab_test.bad_shares",
                            "Give one share for each of the {n} groups, such as {example}.",
                            n = self.arms.len(),
                            example = vec!["1"; self.arms.len()].join(":")
                        ),
                    )
                })?
            }
        };
        let total: f64 = shares.iter().sum();
        let test = sample_ratio_mismatch(&self.sizes, &shares);
        Ok(test.ok().map(|t| Split {
            statistic: t.statistic,
            df: t.df,
            p: t.p,
            shares: shares.iter().map(|s| s / total).collect(),
        }))
    }

    fn explain(&self, error: ExperimentError, metric: &Metric) -> RunError {
        let metric = Arg::from(metric.name.clone());
        RunError::Data(match error {
            ExperimentError::Counts | ExperimentError::Summary => msg!(
                "experiment.ab_test.empty_arm",
                "A group has too few values of {metric} to be compared.",
                metric = metric
            ),
            other => msg!(
                "experiment.ab_test.impossible",
                "{metric} cannot be compared: {reason}.",
                metric = metric,
                reason = other.to_string()
            ),
        })
    }
}

struct Split {
    statistic: f64,
    df: usize,
    p: f64,
    shares: Vec<f64>,
}

struct Success {
    levels: Levels,
    level: i32,
}

/// The level that counts as a success; `None` for a column to be averaged.
fn success_level(column: &Column, wanted: &str) -> Result<Option<Success>, RunError> {
    let is_number = matches!(column.data, Data::Float(_) | Data::Int(_));
    let named_level = !wanted.is_empty() && !is_number;
    if is_number && column.measure == Measure::Scale {
        return Ok(None);
    }
    let levels = column.levels_and_codes();
    if levels.names.len() > 2 && !named_level {
        return match is_number {
            true => Ok(None),
            false => Err(RunError::option(
                "success",
                msg!(
                    "experiment.ab_test.which_success",
                    "“{column}” has {n} levels. Say which one is the success.",
                    column = &column.name,
                    n = levels.names.len()
                ),
            )),
        };
    }
    const USUAL: [&str; 8] = ["yes", "true", "1", "y", "success", "예", "성공", "구매"];
    let found = levels
        .names
        .iter()
        .position(|n| n == wanted)
        .or_else(|| {
            levels
                .names
                .iter()
                .position(|n| USUAL.contains(&n.to_lowercase().as_str()))
        })
        .or_else(|| levels.names.len().checked_sub(1));
    match found {
        Some(level) => Ok(Some(Success {
            level: level as i32,
            levels,
        })),
        None => Err(RunError::Data(msg!(
            "experiment.ab_test.no_values",
            "“{column}” has no values.",
            column = &column.name
        ))),
    }
}

fn named<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let letter = |i: usize| match u8::try_from(i) {
        Ok(i) if i < 26 => char::from(b'A' + i).to_string(),
        _ => (i + 1).to_string(),
    };
    names
        .enumerate()
        .map(|(i, n)| {
            if n.trim().is_empty() {
                letter(i)
            } else {
                n.trim().to_string()
            }
        })
        .collect()
}

impl Metric {
    fn compare(&self, arm: usize, level: f64) -> Result<Comparison, ExperimentError> {
        let mut comparison = match &self.arms {
            Arms::Proportions(arms) => compare_proportions(arms[0], arms[arm], level),
            Arms::Means(arms) => compare_means(arms[0], arms[arm], level),
        }?;
        // Beside nothing or a loss, the sign of a ratio does not tell better from worse.
        if self.value(0) <= 0.0 {
            comparison.lift = Estimate {
                value: f64::NAN,
                standard_error: f64::NAN,
                lower: f64::NAN,
                upper: f64::NAN,
            };
        }
        Ok(comparison)
    }

    fn value(&self, arm: usize) -> f64 {
        match &self.arms {
            Arms::Proportions(arms) => arms[arm].successes as f64 / arms[arm].n as f64,
            Arms::Means(arms) => arms[arm].mean,
        }
    }

    fn format(&self) -> Format {
        match self.arms {
            Arms::Proportions(_) => Format::Percent(2),
            Arms::Means(_) => Format::General,
        }
    }

    fn difference_format(&self) -> Format {
        match self.arms {
            Arms::Proportions(_) => Format::Points(2),
            Arms::Means(_) => Format::General,
        }
    }

    /// The least difference that a test of this size finds with a power of 80%.
    fn detectable(&self, arm: usize, level: f64) -> Option<f64> {
        let alpha = 1.0 - level;
        match &self.arms {
            Arms::Proportions(arms) => {
                let control = (
                    arms[0].successes as f64 / arms[0].n as f64,
                    arms[0].n as f64,
                );
                minimum_detectable_proportion(control, arms[arm].n as f64, alpha, POWER)
                    .map(|share| share - control.0)
            }
            Arms::Means(arms) => {
                let square = |a: &Summary| a.sd * a.sd / a.n as f64;
                Some(minimum_detectable_mean(
                    (square(&arms[0]) + square(&arms[arm])).sqrt(),
                    alpha,
                    POWER,
                ))
            }
        }
    }
}

/// The largest p that counts as sure, without the last digits of a subtraction.
fn alpha(options: &Options) -> f64 {
    ((1.0 - options.level) * 1e9).round() / 1e9
}

fn verdict(c: &Comparison, p_adjusted: f64, options: &Options) -> Verdict {
    let sure = p_adjusted < 1.0 - options.level;
    // Without a relative lift any sure difference decides.
    let (low, high, least) = if c.lift.lower.is_finite() {
        (c.lift.lower, c.lift.upper, options.worthwhile / 100.0)
    } else {
        (c.difference.lower, c.difference.upper, 0.0)
    };
    if sure && low > least {
        Verdict::Ship
    } else if (sure && c.difference.value < 0.0) || (least > 0.0 && high < least) {
        Verdict::Keep
    } else {
        Verdict::Undecided
    }
}

fn summary(options: &Options, experiment: &Experiment, judged: &[Judged]) -> Vec<Msg> {
    if let [only] = judged {
        return vec![sentence(options, experiment, only)];
    }
    let shipped = judged.iter().filter(|j| j.verdict == Verdict::Ship);
    let best = shipped.max_by(|a, b| a.comparison.lift.value.total_cmp(&b.comparison.lift.value));
    let first = match best {
        Some(j) => sentence(options, experiment, j),
        None if judged.iter().all(|j| j.verdict == Verdict::Keep) => {
            msg!(
                "experiment.ab_test.keep",
                "Keep “{control}”: no other group is better.",
                control = &experiment.arms[0]
            )
        }
        None => msg!(
            "experiment.ab_test.undecided",
            "Undecided: the data do not tell whether any group is better than “{control}”.",
            control = &experiment.arms[0]
        ),
    };
    let mut lines = vec![first];
    for j in judged
        .iter()
        .filter(|j| best.is_none_or(|b| !std::ptr::eq(*j, b)))
    {
        lines.push(sentence(options, experiment, j));
    }
    lines
}

fn sentence(options: &Options, experiment: &Experiment, j: &Judged) -> Msg {
    let metric = &experiment.metrics[j.metric];
    let c = &j.comparison;
    let arm = &experiment.arms[j.arm];
    let control = &experiment.arms[0];
    let value = (metric.value(j.arm), metric.format());
    let base = (metric.value(0), metric.format());
    let name = Arg::from(metric.name.clone());
    let change = change(options, metric, c);
    match j.verdict {
        Verdict::Ship => msg!(
            "experiment.ab_test.ship_line",
            "Ship “{arm}”: {metric} is {value} against {base} with “{control}”, {change}.",
            arm = arm,
            metric = name,
            value = value,
            base = base,
            control = control,
            change = change
        ),
        Verdict::Keep => msg!(
            "experiment.ab_test.keep_line",
            "Not “{arm}”: {metric} is {value} against {base} with “{control}”, {change}.",
            arm = arm,
            metric = name,
            value = value,
            base = base,
            control = control,
            change = change
        ),
        Verdict::Undecided => msg!(
            "experiment.ab_test.undecided_line",
            "“{arm}” is undecided: {metric} is {value} against {base} with “{control}”, {change}.",
            arm = arm,
            metric = name,
            value = value,
            base = base,
            control = control,
            change = change
        ),
    }
}

/// The lift, or the difference where a lift has no meaning.
fn change(options: &Options, metric: &Metric, c: &Comparison) -> Msg {
    let level = (options.level, Format::Percent(0));
    if c.lift.value.is_finite() {
        let percent = |v: f64| (v, Format::Percent(1));
        return msg!(
            "experiment.ab_test.lift_words",
            "a lift of {lift} ({level} interval {low} to {high})",
            lift = percent(c.lift.value),
            level = level,
            low = percent(c.lift.lower),
            high = percent(c.lift.upper)
        );
    }
    let value = |v: f64| (v, metric.difference_format());
    msg!(
        "experiment.ab_test.difference_words",
        "a difference of {difference} ({level} interval {low} to {high})",
        difference = value(c.difference.value),
        level = level,
        low = value(c.difference.lower),
        high = value(c.difference.upper)
    )
}

fn key(stem: &str, experiment: &Experiment, m: usize) -> String {
    match experiment.metrics.len() {
        1 => stem.to_string(),
        _ => format!("{stem}_{}", experiment.metrics[m].key),
    }
}

fn lift_chart(options: &Options, experiment: &Experiment, m: usize, judged: &[&Judged]) -> Chart {
    let of = |f: fn(&Comparison) -> f64| {
        judged
            .iter()
            .map(|j| f(&j.comparison))
            .collect::<Vec<f64>>()
    };
    let relative = judged.iter().all(|j| j.comparison.lift.value.is_finite());
    let (title, centre, low, high) = if relative {
        (
            msg!(
                "experiment.ab_test.lift_axis",
                "Relative lift, with its {level} interval",
                level = (options.level, Format::Percent(0))
            ),
            of(|c| c.lift.value),
            of(|c| c.lift.lower),
            of(|c| c.lift.upper),
        )
    } else {
        (
            msg!(
                "experiment.ab_test.difference_axis",
                "Difference, with its {level} interval",
                level = (options.level, Format::Percent(0))
            ),
            of(|c| c.difference.value),
            of(|c| c.difference.lower),
            of(|c| c.difference.upper),
        )
    };
    let format = if relative {
        Format::Percent(1)
    } else {
        experiment.metrics[m].difference_format()
    };
    let names = judged
        .iter()
        .map(|j| Msg::verbatim(&experiment.arms[j.arm]))
        .collect();
    let mut chart = Chart::new(
        &key("lift", experiment, m),
        msg!(
            "experiment.ab_test.lift_chart",
            "How much better than “{control}”?",
            control = &experiment.arms[0]
        ),
        Axis::linear(title).from_zero().format(format),
        Axis::category(Msg::verbatim(""), names),
    )
    .mark(Mark::Rule {
        across: Along::X,
        value: 0.0,
        label: None,
    });
    if relative && options.worthwhile > 0.0 {
        let label = msg!("experiment.ab_test.matters", "matters");
        chart = chart.mark(Mark::Rule {
            across: Along::X,
            value: options.worthwhile / 100.0,
            label: Some(label),
        });
    }
    chart.mark(Mark::Intervals {
        along: Along::Y,
        at: (0..judged.len()).map(|i| i as f64).collect(),
        centre,
        low,
        high,
        tone: Tone::Accent,
        n: judged.iter().map(|j| experiment.sizes[j.arm]).collect(),
    })
}

fn arms_table(options: &Options, experiment: &Experiment, metric: &Metric, m: usize) -> TableBlock {
    let mut heads = vec![
        Head::name("group", msg!("experiment.ab_test.group", "Group")),
        Head::new(
            "n",
            msg!("experiment.ab_test.people", "People"),
            Format::Integer,
        ),
    ];
    match metric.arms {
        Arms::Proportions(_) => heads.extend([
            Head::new(
                "successes",
                msg!("experiment.ab_test.successes", "Successes"),
                Format::Integer,
            ),
            Head::new(
                "rate",
                msg!("experiment.ab_test.rate", "Rate"),
                Format::Percent(2),
            ),
        ]),
        Arms::Means(_) => heads.extend([
            Head::new(
                "mean",
                msg!("experiment.ab_test.mean", "Mean"),
                Format::General,
            ),
            Head::new("sd", msg!("experiment.ab_test.sd", "SD"), Format::General),
        ]),
    }
    heads.push(Head::new(
        "detectable",
        msg!("experiment.ab_test.detectable", "Detectable difference"),
        metric.difference_format(),
    ));
    let mut table = TableBlock::new(
        &key("groups", experiment, m),
        msg!("experiment.ab_test.groups", "Groups"),
        heads,
    );
    for (i, name) in experiment.arms.iter().enumerate() {
        let mut row: Vec<Cell> = vec![name.clone().into()];
        match &metric.arms {
            Arms::Proportions(arms) => row.extend([
                Cell::Number(arms[i].n as f64),
                Cell::Number(arms[i].successes as f64),
                Cell::Number(metric.value(i)),
            ]),
            Arms::Means(arms) => {
                row.extend([
                    Cell::Number(arms[i].n as f64),
                    Cell::Number(arms[i].mean),
                    Cell::Number(arms[i].sd),
                ]);
            }
        }
        row.push(if i == 0 {
            Cell::Empty
        } else {
            metric.detectable(i, options.level).into()
        });
        table.row(row);
    }
    table.notes.push(msg!(
        "experiment.ab_test.detectable_note",
        "The detectable difference is the least gain that a test of this size finds in {power} of the cases.",
        power = (POWER, Format::Percent(0))
    ));
    table
}

fn comparison_table(
    options: &Options,
    experiment: &Experiment,
    m: usize,
    judged: &[&Judged],
) -> TableBlock {
    let metric = &experiment.metrics[m];
    let level = || (options.level, Format::Percent(0));
    let (difference, percent) = (metric.difference_format(), Format::Percent(1));
    let (statistic, statistic_title) = match metric.arms {
        Arms::Proportions(_) => ("z", msg!("experiment.ab_test.z", "z")),
        Arms::Means(_) => ("t", msg!("experiment.ab_test.t", "t")),
    };
    let mut heads = vec![
        Head::name(
            "group",
            msg!(
                "experiment.ab_test.against",
                "Against “{control}”",
                control = &experiment.arms[0]
            ),
        ),
        Head::new(
            "difference",
            msg!("experiment.ab_test.difference", "Difference"),
            difference,
        ),
        Head::new(
            "difference_lower",
            msg!("experiment.ab_test.lower", "{level} from", level = level()),
            difference,
        ),
        Head::new(
            "difference_upper",
            msg!("experiment.ab_test.upper", "to"),
            difference,
        ),
        Head::new("lift", msg!("experiment.ab_test.lift", "Lift"), percent),
        Head::new(
            "lift_lower",
            msg!("experiment.ab_test.lower", "{level} from", level = level()),
            percent,
        ),
        Head::new(
            "lift_upper",
            msg!("experiment.ab_test.upper", "to"),
            percent,
        ),
        Head::new(statistic, statistic_title, Format::Fixed(2)),
    ];
    if matches!(metric.arms, Arms::Means(_)) {
        heads.push(Head::new(
            "df",
            msg!("experiment.ab_test.df", "df"),
            Format::Fixed(1),
        ));
    }
    heads.extend([
        Head::new("p", msg!("experiment.ab_test.p", "p"), Format::PValue),
        Head::new(
            "p_adjusted",
            msg!("experiment.ab_test.p_adjusted", "p corrected"),
            Format::PValue,
        ),
        Head::name("verdict", msg!("experiment.ab_test.verdict", "Verdict")),
    ]);
    let mut table = TableBlock::new(
        &key("comparisons", experiment, m),
        msg!("experiment.ab_test.comparisons", "Comparisons"),
        heads,
    );
    for j in judged {
        let c = &j.comparison;
        let mut row: Vec<Cell> = vec![experiment.arms[j.arm].clone().into()];
        let numbers = [
            c.difference.value,
            c.difference.lower,
            c.difference.upper,
            c.lift.value,
            c.lift.lower,
            c.lift.upper,
            c.statistic,
        ];
        row.extend(numbers.into_iter().map(Cell::Number));
        if matches!(metric.arms, Arms::Means(_)) {
            row.push(c.df.into());
        }
        row.extend([c.p.into(), j.p_adjusted.into(), j.verdict.name().into()]);
        table.row(row);
    }
    table
}

impl Verdict {
    fn name(self) -> Msg {
        match self {
            Verdict::Ship => msg!("experiment.ab_test.ship", "ship"),
            Verdict::Keep => msg!("experiment.ab_test.keep_control", "keep the control"),
            Verdict::Undecided => msg!("experiment.ab_test.not_decided", "undecided"),
        }
    }
}

fn chances(
    experiment: &Experiment,
    metric: &Metric,
    m: usize,
) -> Result<Option<TableBlock>, RunError> {
    let chances: Vec<ArmChance> = match &metric.arms {
        Arms::Proportions(arms) => {
            beta_binomial(arms, (1.0, 1.0)).map_err(|e| experiment.explain(e, metric))?
        }
        Arms::Means(arms) => match normal_posterior(arms) {
            Ok(chances) => chances,
            // Without any spread there is nothing to weigh.
            Err(ExperimentError::NoSpread) => return Ok(None),
            Err(other) => return Err(experiment.explain(other, metric)),
        },
    };
    let (value, loss) = (metric.format(), metric.difference_format());
    let mut table = TableBlock::new(
        &key("chances", experiment, m),
        msg!("experiment.ab_test.chances", "Chance to be best"),
        vec![
            Head::name("group", msg!("experiment.ab_test.group", "Group")),
            Head::new(
                "chance",
                msg!("experiment.ab_test.chance", "Chance"),
                Format::Percent(1),
            ),
            Head::new(
                "expected_loss",
                msg!("experiment.ab_test.loss", "Expected loss"),
                loss,
            ),
            Head::new(
                "lower",
                msg!("experiment.ab_test.credible", "95% credible from"),
                value,
            ),
            Head::new("upper", msg!("experiment.ab_test.upper", "to"), value),
        ],
    );
    for (name, chance) in experiment.arms.iter().zip(&chances) {
        table.row(vec![
            name.clone().into(),
            chance.best.into(),
            chance.expected_loss.into(),
            chance.lower.into(),
            chance.upper.into(),
        ]);
    }
    table.notes.push(match metric.arms {
        Arms::Proportions(_) => msg!("experiment.ab_test.beta_note", "Beta posteriors with a uniform prior. The expected loss is what choosing the group costs on average if another is better."),
        Arms::Means(_) => msg!("experiment.ab_test.normal_note", "Normal posteriors of large samples. The expected loss is what choosing the group costs on average if another is better."),
    });
    Ok(Some(table))
}

fn split_table(experiment: &Experiment, split: &Split) -> TableBlock {
    let mut table = TableBlock::new(
        "split",
        msg!("experiment.ab_test.split", "Were people split as planned?"),
        vec![
            Head::name("group", msg!("experiment.ab_test.group", "Group")),
            Head::new(
                "planned",
                msg!("experiment.ab_test.planned", "Planned"),
                Format::Percent(1),
            ),
            Head::new(
                "found",
                msg!("experiment.ab_test.found", "Found"),
                Format::Percent(1),
            ),
            Head::new(
                "n",
                msg!("experiment.ab_test.people", "People"),
                Format::Integer,
            ),
        ],
    );
    let total: u64 = experiment.sizes.iter().sum();
    for (i, name) in experiment.arms.iter().enumerate() {
        let n = experiment.sizes[i] as f64;
        table.row(vec![
            name.clone().into(),
            split.shares[i].into(),
            (n / total as f64).into(),
            n.into(),
        ]);
    }
    table.notes.push(msg!(
        "experiment.ab_test.split_note",
        "χ² = {chi}, df = {df}, p {p}.",
        chi = (split.statistic, Format::Fixed(2)),
        df = split.df,
        p = (split.p, Format::PEquals)
    ));
    table
}
