//! How large a sample a test needs, what it finds, and how surely: a plan, without a table.

mod code;
mod tables;

use crate::msg;
use crate::report::{Along, Axis, Chart, Format, Mark, Msg, Report, Tone};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Group, Input, Language, Output, Picture, RunError, Spec,
    choice, flag, integer, number, reads,
};
use crate::stats::power::Plan;

pub struct PowerCell;

crate::choices! {
    /// The planned test.
    pub enum Test {
        TwoMeans = "two_means" "Means of two groups (t test)",
        PairedMeans = "paired_means" "Means of pairs (t test)",
        OneMean = "one_mean" "One mean and a number (t test)",
        TwoProportions = "two_proportions" "Two proportions (z test)",
        OneWay = "one_way" "Means of several groups (ANOVA)",
        Correlation = "correlation" "A correlation",
        ChiSquared = "chi_squared" "A table or a distribution (χ²)",
    }
}

crate::choices! {
    /// What is computed from the rest.
    pub enum Find {
        Size = "size" "Sample size",
        Power = "power" "Power",
        Effect = "effect" "Least effect found",
    }
}

crate::options! {
    /// The test and what is known of it.
    pub struct Options {
        /// The test that will be made.
        test "Test": Test = choice(Test::CHOICES, "two_means"),
        /// What is computed from the rest.
        find "Find": Find = choice(Find::CHOICES, "size"),
        /// Cohen's d of means (small 0.2, medium 0.5, large 0.8), f of an ANOVA (0.1, 0.25, 0.4), r (0.1, 0.3, 0.5) or w (0.1, 0.3, 0.5). Without a say where the least effect is sought.
        effect "Effect size": f64 = number(0.5, 0.0, 100.0).when("test", &["two_means", "paired_means", "one_mean", "one_way", "correlation", "chi_squared"]),
        /// The share in the first group.
        first "First share": f64 = number(0.5, 0.0, 1.0).when("test", &["two_proportions"]),
        /// The share in the second group. Without a say where the least effect is sought.
        second "Second share": f64 = number(0.6, 0.0, 1.0).when("test", &["two_proportions"]),
        /// Of the first of two groups, of each group of an ANOVA, of pairs, else of all.
        n "Rows": usize = integer(64, 2, 1_000_000_000).when("find", &["power", "effect"]),
        /// The chance to find the effect when it is there.
        power "Power": f64 = number(0.8, 0.01, 0.9999).when("find", &["size", "effect"]),
        /// The chance to find an effect when there is none.
        alpha "Significance level": f64 = number(0.05, 0.000_001, 0.5),
        /// How many groups the ANOVA has.
        groups "Number of groups": usize = integer(3, 2, 1000).when("test", &["one_way"]),
        /// Of a table (rows − 1) × (columns − 1), of a distribution its levels less one.
        df "Degrees of freedom": usize = integer(1, 1, 10_000).when("test", &["chi_squared"]),
        /// Rows of the second group for each of the first.
        ratio "Ratio of groups": f64 = number(1.0, 0.01, 100.0).when("test", &["two_means", "two_proportions"]).advanced(),
        /// One-sided tests look for an effect in one direction; an ANOVA and χ² have none.
        one_sided "One-sided": bool = flag(false).when("test", &["two_means", "paired_means", "one_mean", "two_proportions", "correlation"]).advanced(),
    }
}

impl Analysis for PowerCell {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "compare.power",
        version: 1,
        title: "Power and sample size",
        group: Group::Compare,
        about: "How many rows does a test need to find an effect? How surely, or how small an effect, does a given sample find?",
        headline: "Power: {test}",
        method: "As power.t.test and power.prop.test in R with strict = TRUE, and pwr.t2n.test, pwr.anova.test, pwr.r.test and pwr.chisq.test of pwr: t tests by the noncentral t distribution, the ANOVA and χ² by the noncentral F and χ², proportions by the normal approximation with the pooled variance under the null, correlations by Fisher's z with its bias. Two-sided tests count both directions. Sizes are rounded up to whole rows; the size before rounding stands beside. Pairs have the d of their differences, mean over standard deviation.",
        references: &[
            "Cohen, J. (1988). Statistical power analysis for the behavioral sciences (2nd ed.). Erlbaum.",
            "Champely, S. (2020). pwr: Basic functions for power analysis. R package.",
        ],
        keywords: &[
            "power",
            "sample size",
            "planning",
            "effect size",
            "minimum detectable effect",
            "cohen",
            "pwr",
            "g*power",
            "검정력",
            "표본 크기",
            "표본수",
            "효과크기",
        ],
        picture: Picture::Lines,
        inputs: &[],
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "size",
                tables: &[],
                values: r#"{"test": "two_means", "effect": 0.5}"#,
            },
            Example {
                name: "proportions",
                tables: &[],
                values: r#"{"test": "two_proportions", "find": "power", "first": 0.1, "second": 0.12, "n": 2000}"#,
            },
            Example {
                name: "least_effect",
                tables: &[],
                values: r#"{"test": "one_way", "find": "effect", "groups": 4, "n": 25, "power": 0.9}"#,
            },
        ],
        korean: include_str!("power.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, _input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.power.step", "Computing");
        ctx.tick(0.0, &step)?;
        let answer = Answer::new(options)?;
        ctx.tick(0.4, &step)?;
        let mut report = Report {
            summary: vec![summary(options, &answer)],
            ..Report::default()
        };
        report.push(tables::answer(options, &answer));
        report.push(tables::sizes(options, &answer));
        ctx.tick(0.7, &step)?;
        report.push(curve(options, &answer));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, _tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, language)
    }
}

/// The plan with nothing left open.
struct Answer {
    plan: Plan,
    /// The effect; for two proportions the second share.
    effect: f64,
    /// Of the first group, each group, or all.
    n: f64,
    /// Of a size that was sought: before it was rounded up.
    n_exact: Option<f64>,
    power: f64,
}

impl Options {
    fn plan(&self) -> Plan {
        let two_sided = !self.one_sided;
        match self.test {
            Test::TwoMeans => Plan::TwoMeans {
                ratio: self.ratio,
                two_sided,
            },
            Test::PairedMeans | Test::OneMean => Plan::OneMean { two_sided },
            Test::TwoProportions => Plan::TwoProportions {
                first: self.first,
                ratio: self.ratio,
                two_sided,
            },
            Test::OneWay => Plan::OneWay {
                n_groups: self.groups as f64,
            },
            Test::Correlation => Plan::Correlation { two_sided },
            Test::ChiSquared => Plan::ChiSquared { df: self.df as f64 },
        }
    }

    fn is_proportions(&self) -> bool {
        self.test == Test::TwoProportions
    }

    fn has_two_groups(&self) -> bool {
        matches!(self.test, Test::TwoMeans | Test::TwoProportions)
    }

    /// Rows of the second of two groups.
    fn second_size(&self, n: f64) -> f64 {
        // A product such as 1.1 × 10 must not be rounded up to the next row.
        (n * self.ratio * (1.0 - 1e-12)).ceil()
    }

    /// Rows of all groups together.
    fn total(&self, n: f64) -> f64 {
        match self.test {
            Test::TwoMeans | Test::TwoProportions => n + self.second_size(n),
            Test::OneWay => n * self.groups as f64,
            _ => n,
        }
    }

    /// The plan with whole rows in both groups.
    fn whole_plan(&self, n: f64) -> Plan {
        let whole = self.second_size(n) / n;
        match self.plan() {
            Plan::TwoMeans { two_sided, .. } => Plan::TwoMeans {
                ratio: whole,
                two_sided,
            },
            Plan::TwoProportions {
                first, two_sided, ..
            } => Plan::TwoProportions {
                first,
                ratio: whole,
                two_sided,
            },
            plan => plan,
        }
    }

    /// # Errors
    /// When there is no effect that could be found.
    fn known_effect(&self) -> Result<f64, RunError> {
        if self.is_proportions() {
            let inside = |p: f64| p > 0.0 && p < 1.0;
            for (option, share) in [("first", self.first), ("second", self.second)] {
                if !inside(share) && !(option == "second" && self.find == Find::Effect) {
                    return Err(RunError::option(
                        option,
                        msg!(
                            "compare.power.share_inside",
                            "Give a share above 0 and below 1."
                        ),
                    ));
                }
            }
            if self.find != Find::Effect && self.first == self.second {
                return Err(RunError::option(
                    "second",
                    msg!(
                        "compare.power.same_shares",
                        "The two shares are the same, so there is nothing to find."
                    ),
                ));
            }
            return Ok(self.second);
        }
        let most = if self.test == Test::Correlation {
            1.0
        } else {
            f64::INFINITY
        };
        if self.find != Find::Effect && !(self.effect > 0.0 && self.effect < most) {
            return Err(RunError::option(
                "effect",
                if self.test == Test::Correlation {
                    msg!(
                        "compare.power.bad_correlation",
                        "Give a correlation above 0 and below 1."
                    )
                } else {
                    msg!(
                        "compare.power.no_effect",
                        "Give an effect above 0: without one there is nothing to find."
                    )
                },
            ));
        }
        Ok(self.effect)
    }
}

impl Answer {
    fn new(options: &Options) -> Result<Self, RunError> {
        let plan = options.plan();
        let known = options.known_effect()?;
        if options.find == Find::Size {
            let exact = plan
                .size(known, options.alpha, options.power)
                .ok_or_else(|| {
                    RunError::Data(msg!(
                        "compare.power.too_large",
                        "More than a thousand million rows would be needed. Choose a larger effect."
                    ))
                })?;
            // What lies within rounding of a whole number is that number.
            let n = (exact * (1.0 - 1e-12)).ceil();
            let power = options.whole_plan(n).power(known, n, options.alpha);
            return Ok(Self {
                plan,
                effect: known,
                n,
                n_exact: Some(exact),
                power,
            });
        }
        let n = options.n as f64;
        let least = plan.least_size();
        if n < least {
            return Err(RunError::option(
                "n",
                msg!(
                    "compare.power.too_few",
                    "This test needs {n} rows or more.",
                    n = least
                ),
            ));
        }
        let plan = options.whole_plan(n);
        let (effect, power) = match options.find {
            Find::Effect => {
                let effect = plan.effect(n, options.alpha, options.power);
                let effect = effect.ok_or_else(|| {
                    RunError::Data(msg!(
                        "compare.power.none_found",
                        "No effect is found so surely by so few rows. Choose more rows or less power, above the significance level."
                    ))
                })?;
                (effect, options.power)
            }
            _ => (known, plan.power(known, n, options.alpha)),
        };
        Ok(Self {
            plan,
            effect,
            n,
            n_exact: None,
            power,
        })
    }
}

/// The name of the effect, with its value where it is not two shares.
fn effect_text(options: &Options, answer: &Answer) -> Msg {
    let value = (answer.effect, Format::Significant(3));
    match options.test {
        Test::TwoMeans | Test::PairedMeans | Test::OneMean => {
            msg!("compare.power.d", "d = {value}", value = value)
        }
        Test::OneWay => msg!("compare.power.f", "f = {value}", value = value),
        Test::Correlation => msg!("compare.power.r", "r = {value}", value = value),
        Test::ChiSquared => msg!("compare.power.w", "w = {value}", value = value),
        Test::TwoProportions => msg!(
            "compare.power.shares",
            "{second} against {first}",
            first = (options.first, Format::Percent(1)),
            second = (answer.effect, Format::Percent(1))
        ),
    }
}

fn summary(options: &Options, answer: &Answer) -> Msg {
    let effect = effect_text(options, answer);
    let power = (answer.power, Format::Percent(1));
    let n = (answer.n, Format::Integer);
    let rows = match options.test {
        Test::TwoMeans | Test::TwoProportions => msg!(
            "compare.power.rows_two",
            "{n} and {second} rows",
            n = n,
            second = (options.second_size(answer.n), Format::Integer)
        ),
        Test::OneWay => msg!(
            "compare.power.rows_each",
            "{n} rows in each of {groups} groups",
            n = n,
            groups = options.groups
        ),
        Test::PairedMeans => msg!("compare.power.rows_pairs", "{n} pairs", n = n),
        _ => msg!("compare.power.rows_all", "{n} rows", n = n),
    };
    match options.find {
        Find::Size => msg!(
            "compare.power.says_size",
            "To find {effect} with a power of {wanted}, {rows} are needed; they give {power}.",
            effect = effect,
            wanted = (options.power, Format::Percent(1)),
            rows = rows,
            power = power
        ),
        Find::Power => msg!(
            "compare.power.says_power",
            "{rows} find {effect} with a power of {power}.",
            effect = effect,
            rows = rows,
            power = power
        ),
        Find::Effect => msg!(
            "compare.power.says_effect",
            "{rows} find effects from {effect} on with a power of {power}.",
            effect = effect,
            rows = rows,
            power = power
        ),
    }
}

/// Points of the curve.
const N_POINTS: usize = 121;

fn curve(options: &Options, answer: &Answer) -> Chart {
    let power = |n: f64| answer.plan.power(answer.effect, n, options.alpha);
    let least = answer.plan.least_size();
    // To where nearly everything is found, and not further than a few times the sample.
    let far = answer
        .plan
        .size(answer.effect, options.alpha, 0.99)
        .unwrap_or(answer.n);
    let most = far.max(1.2 * answer.n).max(least + 4.0);
    let x: Vec<f64> = (0..N_POINTS)
        .map(|i| least + (most - least) * i as f64 / (N_POINTS - 1) as f64)
        .collect();
    let y = x.iter().map(|n| power(*n)).collect();
    let axis = Axis::linear(msg!("compare.power.power_axis", "Power"))
        .format(Format::Percent(0))
        .from_zero();
    Chart::new(
        "curve",
        msg!(
            "compare.power.curve",
            "Power by sample size, for {effect}",
            effect = effect_text(options, answer)
        ),
        Axis::linear(tables::size_title(options)),
        axis,
    )
    .mark(Mark::line(x, y, Tone::Accent))
    .mark(Mark::Rule {
        across: Along::Y,
        value: answer.power,
        label: None,
    })
    .mark(Mark::Rule {
        across: Along::X,
        value: answer.n,
        label: None,
    })
}
