//! What tests of groups stand on: values that are normal, and groups of one variance.

mod code;
mod tables;

use crate::frame::contrasts::{MissingRows, note_dropped};
use crate::frame::pictures::{self, GroupMean};
use crate::frame::{Frame, FrameBuilder};
use crate::msg;
use crate::report::{Block, Format, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, number, reads,
};
use crate::stats::descriptive::{Moments, sorted};
use crate::stats::normality::{
    Normality, SHAPIRO_WILK_MAX, anderson_darling, lilliefors, shapiro_wilk,
};
use crate::stats::spread_tests::{Centre, SpreadTest, bartlett, levene};

pub struct Assumptions;

crate::options! {
    /// What is tested, and in which groups.
    pub struct Options {
        /// The numbers whose distribution is tested.
        columns "Columns": Vec<String> = columns(Fits::Numbers),
        /// Tests each group by itself, and whether the groups have one variance.
        group "Groups": Option<String> = column(Fits::Levels).optional(),
        /// A p value below this speaks against an assumption.
        alpha "Significance level": f64 = number(0.05, 0.0001, 0.5).advanced(),
        /// What happens to rows that lack some of the columns.
        missing "Missing values": MissingRows = choice(MissingRows::CHOICES, "each").advanced(),
    }
}

impl Analysis for Assumptions {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "compare.assumptions",
        version: 1,
        title: "Normality and equal variances",
        group: Group::Compare,
        about: "Are the values normal, within groups too, and do the groups have one variance?",
        headline: "Assumptions of {columns}[[ by {group}]]",
        method: "Shapiro–Wilk with Royston's p value as shapiro.test in R, for 3 to 5,000 values; Anderson–Darling with Stephens's p value and Lilliefors with Dallal and Wilkinson's as ad.test and lillie.test of nortest, for 8 and 5 values or more. The mean and the standard deviation are those of the sample. With groups every group is tested, and all values less the means of their groups, as an analysis of variance takes them. Levene's test is an analysis of variance of the distances from the groups' means, Brown and Forsythe's from their medians, as leveneTest of car; Bartlett's as bartlett.test. Skewness and kurtosis are the adjusted G₁ and G₂. The sentences go by Shapiro–Wilk, beyond 5,000 values by Anderson–Darling, and by Brown–Forsythe.",
        references: &[
            "Shapiro, S. S., & Wilk, M. B. (1965). An analysis of variance test for normality (complete samples). Biometrika, 52, 591–611.",
            "Royston, P. (1995). Remark AS R94: A remark on algorithm AS 181: The W-test for normality. Applied Statistics, 44, 547–551.",
            "Stephens, M. A. (1986). Tests based on EDF statistics. In R. B. D'Agostino & M. A. Stephens (Eds.), Goodness-of-fit techniques. Marcel Dekker.",
            "Dallal, G. E., & Wilkinson, L. (1986). An analytic approximation to the distribution of Lilliefors's test statistic for normality. The American Statistician, 40, 294–296.",
            "Brown, M. B., & Forsythe, A. B. (1974). Robust tests for the equality of variances. Journal of the American Statistical Association, 69, 364–367.",
            "Bartlett, M. S. (1937). Properties of sufficiency and statistical tests. Proceedings of the Royal Society A, 160, 268–282.",
        ],
        keywords: &[
            "normality",
            "shapiro-wilk",
            "anderson-darling",
            "lilliefors",
            "kolmogorov-smirnov",
            "levene",
            "brown-forsythe",
            "bartlett",
            "homogeneity of variance",
            "homoscedasticity",
            "qq plot",
            "정규성",
            "등분산",
            "샤피로",
            "레빈",
            "가정 검정",
        ],
        picture: Picture::Histogram,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "groups",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "body_mass_g"], "group": "species"}"#,
            },
            Example {
                name: "column",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["flipper_length_mm"]}"#,
            },
        ],
        korean: include_str!("assumptions.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.assumptions.step", "Testing");
        ctx.tick(0.0, &step)?;
        let outcomes = outcomes(options, input, ctx)?;
        let mut tested = Vec::new();
        let n = outcomes.len() as f32;
        for (i, outcome) in outcomes.iter().enumerate() {
            tested.push(Tested::new(options, outcome, &mut |share| {
                ctx.tick((i as f32 + share) / n, &step)
            })?);
        }
        let mut report = Report {
            summary: outcomes
                .iter()
                .zip(&tested)
                .flat_map(|(o, t)| summary(options, o, t))
                .collect(),
            ..Report::default()
        };
        report.push(tables::normality(options, &outcomes, &tested));
        report
            .blocks
            .extend(tables::spread(options, &outcomes, &tested).map(Block::Table));
        report.push(tables::groups(options, &outcomes, &tested));
        for (i, (outcome, tested)) in outcomes.iter().zip(&tested).take(MAX_CHARTS).enumerate() {
            report.blocks.extend(charts(options, outcome, tested, i));
        }
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        Some(code::code(options, tables, language))
    }
}

/// How many columns get charts of their own.
const MAX_CHARTS: usize = 4;
/// More groups than this share one normal quantile plot of what is left of their means.
const MAX_QUANTILE_GROUPS: usize = 6;
/// More groups than this are not tested one by one.
const MAX_GROUPS: usize = 200;

/// The values of one column by group.
struct Outcome {
    name: String,
    /// One empty name without groups.
    groups: Vec<String>,
    /// In the order of the table.
    values: Vec<Vec<f64>>,
}

struct Tested {
    moments: Vec<Moments>,
    /// Of each group.
    normality: Vec<Three>,
    /// Values less the means of their groups, and their tests; none without groups.
    residuals: Option<(Vec<f64>, Three)>,
    spread: Option<[SpreadTest; 3]>,
}

/// The three tests of normality of one sample.
struct Three {
    n: usize,
    shapiro_wilk: Normality,
    anderson_darling: Normality,
    lilliefors: Normality,
}

fn outcomes(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Vec<Outcome>, RunError> {
    let frame_of = |names: &[String]| -> Result<Frame, RunError> {
        let mut builder = FrameBuilder::new(input);
        for name in names {
            builder.number("columns", name)?;
        }
        if let Some(group) = &options.group {
            builder.group("group", group)?;
        }
        builder.finish(&[])
    };
    let frames = match options.missing {
        MissingRows::Listwise => vec![frame_of(&options.columns)?],
        MissingRows::Each => options
            .columns
            .iter()
            .map(|name| frame_of(std::slice::from_ref(name)))
            .collect::<Result<_, _>>()?,
    };
    let mut outcomes = Vec::new();
    for frame in &frames {
        for numbers in &frame.numbers {
            let name = &options.columns[outcomes.len()];
            if numbers.is_empty() {
                return Err(RunError::Data(msg!(
                    "compare.assumptions.no_values",
                    "“{column}” has no values in the rows that are used. Choose columns with fewer missing values.",
                    column = name
                )));
            }
            let (groups, values) = match frame.groups.first() {
                None => (vec![String::new()], vec![numbers.to_vec()]),
                Some(groups) => {
                    let mut values = vec![Vec::new(); groups.names.len()];
                    for (code, v) in groups.codes.iter().zip(&**numbers) {
                        values[*code as usize].push(*v);
                    }
                    (groups.names.clone(), values)
                }
            };
            if groups.len() > MAX_GROUPS {
                return Err(RunError::option(
                    "group",
                    msg!(
                        "compare.assumptions.many_groups",
                        "The column has {n} levels. Choose one with at most {max}.",
                        n = groups.len(),
                        max = MAX_GROUPS
                    ),
                ));
            }
            outcomes.push(Outcome {
                name: name.clone(),
                groups,
                values,
            });
        }
    }
    match &frames[..] {
        [all] => ctx.note_dropped(all.rows.len(), all.n_dropped),
        each => {
            let dropped: Vec<(&str, usize, usize)> = outcomes
                .iter()
                .zip(each)
                .map(|(o, f)| (o.name.as_str(), f.rows.len(), f.n_dropped))
                .collect();
            note_dropped(ctx, &dropped);
        }
    }
    Ok(outcomes)
}

impl Tested {
    fn new(
        options: &Options,
        outcome: &Outcome,
        tick: &mut dyn FnMut(f32) -> Result<(), RunError>,
    ) -> Result<Self, RunError> {
        let moments: Vec<Moments> = outcome.values.iter().map(|v| Moments::of(v)).collect();
        let n_groups = outcome.values.len() as f32;
        let mut normality = Vec::new();
        for (i, values) in outcome.values.iter().enumerate() {
            tick(0.5 * i as f32 / n_groups)?;
            normality.push(Three::new(values, tick, 0.5 * i as f32 / n_groups)?);
        }
        let (mut residuals, mut spread) = (None, None);
        if options.group.is_some() {
            let centred: Vec<f64> = outcome
                .values
                .iter()
                .zip(&moments)
                .flat_map(|(values, m)| values.iter().map(|v| v - m.mean))
                .collect();
            let three = Three::new(&centred, tick, 0.6)?;
            residuals = Some((centred, three));
            tick(0.8)?;
            let groups: Vec<&[f64]> = outcome.values.iter().map(Vec::as_slice).collect();
            spread = Some([
                levene(&groups, Centre::Mean),
                levene(&groups, Centre::Median),
                bartlett(&groups),
            ]);
        }
        Ok(Self {
            moments,
            normality,
            residuals,
            spread,
        })
    }
}

impl Three {
    fn new(
        values: &[f64],
        tick: &mut dyn FnMut(f32) -> Result<(), RunError>,
        share: f32,
    ) -> Result<Self, RunError> {
        let values = sorted(values);
        tick(share)?;
        let anderson_darling = anderson_darling(&values);
        tick(share)?;
        Ok(Self {
            n: values.len(),
            shapiro_wilk: shapiro_wilk(&values),
            anderson_darling,
            lilliefors: lilliefors(&values),
        })
    }

    /// The test that the sentences go by.
    fn chosen(&self) -> Normality {
        if self.n > SHAPIRO_WILK_MAX {
            self.anderson_darling
        } else {
            self.shapiro_wilk
        }
    }
}

fn summary(options: &Options, outcome: &Outcome, tested: &Tested) -> Vec<Msg> {
    let p_of = |three: &Three| three.chosen().p;
    let name = &outcome.name;
    if options.group.is_none() {
        let three = &tested.normality[0];
        let test = three.chosen();
        let p = test.p;
        let details = if three.n > SHAPIRO_WILK_MAX {
            msg!(
                "compare.assumptions.a_details",
                "A² = {statistic}, p {p}",
                statistic = (test.statistic, Format::Fixed(3)),
                p = (p, Format::PEquals)
            )
        } else {
            msg!(
                "compare.assumptions.w_details",
                "W = {statistic}, p {p}",
                statistic = (test.statistic, Format::Fixed(3)),
                p = (p, Format::PEquals)
            )
        };
        return vec![match p {
            p if p.is_nan() => msg!(
                "compare.assumptions.cannot",
                "Whether {column} is normal cannot be tested: too few or equal values.",
                column = name
            ),
            p if p < options.alpha => msg!(
                "compare.assumptions.not_normal",
                "{column} is not normal ({details}).",
                column = name,
                details = details
            ),
            _ => msg!(
                "compare.assumptions.normal",
                "Nothing speaks against {column} being normal ({details}).",
                column = name,
                details = details
            ),
        }];
    }
    let is_off = |three: &&Three| p_of(three) < options.alpha;
    let n_tested = tested
        .normality
        .iter()
        .filter(|t| !p_of(t).is_nan())
        .count();
    let n_off = tested.normality.iter().filter(is_off).count();
    let normality = match (n_off, n_tested) {
        (_, 0) => msg!(
            "compare.assumptions.cannot_groups",
            "Whether {column} is normal within groups cannot be tested: too few or equal values.",
            column = name
        ),
        (0, _) => msg!(
            "compare.assumptions.normal_groups",
            "Nothing speaks against {column} being normal within the groups.",
            column = name
        ),
        (off, all) => msg!(
            "compare.assumptions.not_normal_groups",
            "{column} is not normal in {n} of {all} {all|group|groups}.",
            column = name,
            n = off,
            all = all
        ),
    };
    let mut lines = vec![normality];
    let [_, middle, _] = tested.spread.as_ref().expect("groups");
    if middle.p.is_nan() {
        return lines;
    }
    let details = msg!(
        "compare.assumptions.f_details",
        "F({df1}, {df2}) = {statistic}, p {p}",
        df1 = (middle.df1, Format::General),
        df2 = (middle.df2, Format::General),
        statistic = (middle.statistic, Format::Fixed(2)),
        p = (middle.p, Format::PEquals)
    );
    lines.push(if middle.p < options.alpha {
        msg!(
            "compare.assumptions.uneven",
            "The variances of {column} differ between the groups ({details}).",
            column = name,
            details = details
        )
    } else {
        msg!(
            "compare.assumptions.even",
            "It is not shown that the variances of {column} differ between the groups ({details}).",
            column = name,
            details = details
        )
    });
    lines
}

fn charts(options: &Options, outcome: &Outcome, tested: &Tested, i: usize) -> Vec<Block> {
    let name = &outcome.name;
    let key = format!("quantiles_{}", i + 1);
    let title = msg!(
        "compare.assumptions.quantiles",
        "{column}: normal quantiles, which follow the line if normal",
        column = name
    );
    let quantiles = match &tested.residuals {
        None => pictures::normal_quantiles(&key, title, &outcome.values[0]),
        Some(_) if outcome.groups.len() <= MAX_QUANTILE_GROUPS => {
            let groups: Vec<(Msg, &[f64])> = outcome
                .groups
                .iter()
                .zip(&outcome.values)
                .map(|(name, values)| (Msg::verbatim(name), &values[..]))
                .collect();
            pictures::normal_quantiles_by_group(&key, title, &groups)
        }
        Some((residuals, _)) => {
            let title = msg!(
                "compare.assumptions.residual_quantiles",
                "{column}, less the means of the groups: normal quantiles",
                column = name
            );
            pictures::normal_quantiles(&key, title, residuals)
        }
    };
    let mut blocks: Vec<Block> = quantiles.into_iter().map(Block::from).collect();
    if let Some(group) = &options.group {
        let groups: Vec<GroupMean> = outcome
            .groups
            .iter()
            .zip(&outcome.values)
            .zip(&tested.moments)
            .filter(|(_, m)| m.n > 1)
            .map(|((name, values), m)| GroupMean {
                name: Msg::verbatim(name),
                values,
                mean: m.mean,
                low: m.mean - m.sd(),
                high: m.mean + m.sd(),
            })
            .collect();
        if !groups.is_empty() {
            let title = msg!(
                "compare.assumptions.spread_chart",
                "{column} by {group}: means and one standard deviation either way",
                column = name,
                group = group
            );
            blocks.push(
                pictures::means(
                    &format!("spread_{}", i + 1),
                    title,
                    Msg::verbatim(name),
                    Msg::verbatim(group),
                    &groups,
                )
                .into(),
            );
        }
    }
    blocks
}
