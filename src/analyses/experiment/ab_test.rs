//! A/B test: did a change work, and should it ship?

mod charts;
mod code;
mod data;
mod judge;
mod say;
mod tables;

use crate::frame::corrections::Correction;
use crate::msg;
use crate::report::{Block, Format, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, InputSpec, Language, Output, Picture,
    RunError, Spec, choice, column, columns, flag, integer, level, number, reads, rows, text,
};
use data::Experiment;
use judge::{Judged, alpha};

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

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

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
            summary: say::summary(options, &experiment, &judged),
            ..Report::default()
        };
        for (m, metric) in experiment.metrics.iter().enumerate() {
            let of_metric: Vec<&Judged> = judged.iter().filter(|j| j.metric == m).collect();
            let mut blocks: Vec<Block> = vec![
                charts::lift(options, &experiment, m, &of_metric).into(),
                tables::arms(options, &experiment, metric, m).into(),
                tables::comparisons(options, &experiment, m, &of_metric).into(),
            ];
            if options.bayes {
                blocks.extend(tables::chances(&experiment, metric, m)?.map(Block::Table));
            }
            match experiment.metrics.len() {
                1 => report.blocks.extend(blocks),
                _ => report.push(Block::Group(metric.name.clone(), blocks)),
            }
        }
        report
            .blocks
            .extend(split.map(|s| tables::split(&experiment, &s).into()));
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

/// A block's key: with several metrics the metric's stands in it.
fn key(stem: &str, experiment: &Experiment, m: usize) -> String {
    match experiment.metrics.len() {
        1 => stem.to_string(),
        _ => format!("{stem}_{}", experiment.metrics[m].key),
    }
}
