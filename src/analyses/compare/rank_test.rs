//! Rank tests: do two groups, two columns or a column and a number differ, whatever the distribution?

mod code;
mod tables;

use crate::frame::checks::Checks;
use crate::frame::contrasts::{Comparison, Contrast, Design, MissingRows, Pair};
use crate::frame::corrections::Correction;
use crate::frame::pictures::{self, GroupMean};
use crate::msg;
use crate::report::{Block, Chart, Format, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, flag, level, number, reads, rows,
};
use crate::stats::descriptive::{quantile, sorted};
use crate::stats::rank_tests::{
    self, RankQuestion, RankTest, SignTest, mann_whitney, sign_test, signed_rank,
};
use crate::stats::spread_tests::Centre;
use crate::stats::t_test::Alternative;

pub struct RankTestCell;

crate::choices! {
    /// What is asked of the shift.
    pub enum Question {
        Different = "different" "Do they differ?",
        Greater = "greater" "Is the first greater?",
        Less = "less" "Is the first less?",
    }
}

crate::choices! {
    /// How p values come to be.
    pub enum Method {
        Auto = "auto" "Exact for few rows without ties",
        Exact = "exact" "Exact, ties included",
        Asymptotic = "asymptotic" "Asymptotic",
    }
}

crate::choices! {
    /// What zero differences do.
    pub enum Zeros {
        Drop = "drop" "Left out before ranking (Wilcoxon)",
        Pratt = "pratt" "Ranked, then left out (Pratt)",
    }
}

crate::options! {
    /// What is compared, and how.
    pub struct Options {
        /// Groups of rows, two columns measured on the same rows, or one column against a number.
        design "Compare": Design = choice(Design::CHOICES, "two_groups"),
        /// Numbers that are compared by their ranks; each gets a test of its own.
        outcomes "Outcomes": Vec<String> = columns(Fits::Numbers).optional().when("design", &["two_groups", "one_sample"]),
        /// The column that says which group a row is in.
        group "Groups": Option<String> = column(Fits::Levels).optional().when("design", &["two_groups"]),
        /// The shift is from the second group to this one; the first level when this is empty.
        first "First group": String = level("group").when("design", &["two_groups"]),
        /// The group that the first is compared with; the next level when this is empty.
        second "Second group": String = level("group").when("design", &["two_groups"]),
        /// Columns measured on the same rows, such as before and after.
        pairs "Pairs of columns": Vec<Pair> = rows(<Pair as crate::spec::Options>::SPECS).between(0, 50).when("design", &["paired"]),
        /// Two-sided, or one side only.
        question "Question": Question = choice(Question::CHOICES, "different"),
        /// The shift, or the centre of a single column, that the data are held against.
        null "Null value": f64 = number(0.0, f64::MIN, f64::MAX),
        /// Exact p values count all ways in which the ranks could fall.
        method "Kind of p value": Method = choice(Method::CHOICES, "auto").section("Method"),
        /// Moves the asymptotic statistic half a step towards its mean.
        continuity "Continuity correction": bool = flag(true).section("Method").advanced(),
        /// What rows without a difference do in the signed-rank test.
        zeros "Zero differences": Zeros = choice(Zeros::CHOICES, "drop").section("Method").advanced(),
        /// Only whether differences are above or below, not how far.
        sign "Sign test": bool = flag(false).section("Method").when("design", &["paired", "one_sample"]),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Results").advanced(),
        /// With several outcomes some differ by chance alone; a correction allows for that.
        correction "Several outcomes": Correction = choice(Correction::CHOICES, "none").section("Results").advanced(),
        /// Whether a row with a gap in one outcome still counts for the others.
        missing "Missing values": MissingRows = choice(MissingRows::CHOICES, "each").section("Rows").advanced(),
    }
}

impl Analysis for RankTestCell {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "compare.rank_test",
        version: 1,
        title: "Rank test",
        group: Group::Compare,
        about: "Do two groups or two columns differ when the numbers are skewed, ordered or have outliers? Mann–Whitney, Wilcoxon's signed ranks, and the sign test.",
        headline: "Rank test[[ of {outcomes}]][[ by {group}]]",
        method: "As wilcox.test in R: U counts the pairs in which the first group is greater, ties by half; V sums the ranks of positive differences. By itself the p value is exact below 50 rows a group without ties and zeros, else asymptotic with the variance corrected for ties. Asked for, exact p values come from the permutation distribution of the ranks with their ties (Streitberg and Röhmel's shift algorithm), two-sided by distance from the mean. The shift is Hodges and Lehmann's median of all differences (of Walsh averages for one sample), its interval from order statistics (Hollander and Wolfe), which uses the distribution without ties. The rank-biserial correlation has an interval by Fisher's z. The sign test is binomial; its interval has at least the confidence asked for.",
        references: &[
            "Mann, H. B., & Whitney, D. R. (1947). On a test of whether one of two random variables is stochastically larger than the other. Annals of Mathematical Statistics, 18, 50–60.",
            "Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin, 1, 80–83.",
            "Hollander, M., & Wolfe, D. A. (1999). Nonparametric statistical methods (2nd ed.). Wiley.",
            "Streitberg, B., & Röhmel, J. (1986). Exact distributions for permutations and rank tests. Statistical Software Newsletter, 12, 10–17.",
            "Kerby, D. S. (2014). The simple difference formula: An approach to teaching nonparametric correlation. Comprehensive Psychology, 3, 1.",
            "Pratt, J. W. (1959). Remarks on zeros and ties in the Wilcoxon signed rank procedures. Journal of the American Statistical Association, 54, 655–667.",
        ],
        keywords: &[
            "mann-whitney",
            "wilcoxon",
            "signed rank",
            "sign test",
            "nonparametric",
            "median",
            "hodges-lehmann",
            "rank biserial",
            "순위 검정",
            "비모수",
            "윌콕슨",
            "만-휘트니",
            "부호 검정",
            "중앙값 비교",
        ],
        picture: Picture::Intervals,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "two_groups",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcomes": ["body_mass_g", "bill_depth_mm"], "group": "sex", "correction": "bh"}"#,
            },
            Example {
                name: "paired",
                tables: &[("table", "penguins.csv")],
                values: r#"{"design": "paired", "pairs": [{"first": "bill_length_mm", "second": "bill_depth_mm"}], "null": 27, "sign": true}"#,
            },
        ],
        korean: include_str!("rank_test.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.rank_test.step", "Ranking");
        ctx.tick(0.0, &step)?;
        let contrasts = options.comparison().contrasts(input, ctx)?;
        let mut results = Vec::new();
        for (i, contrast) in contrasts.iter().enumerate() {
            ctx.tick(i as f32 / contrasts.len() as f32, &step)?;
            results.push(Outcome::new(options, contrast)?);
        }
        let p: Vec<f64> = results.iter().map(|r| r.test.p).collect();
        for (result, p) in results.iter_mut().zip(options.correction.adjust(&p)) {
            result.p_adjusted = p;
        }
        let pairs = || contrasts.iter().zip(&results);
        let mut report = Report {
            summary: pairs().map(|(c, r)| summary(options, c, r)).collect(),
            ..Report::default()
        };
        report.blocks.extend(checks(&contrasts).map(Block::Table));
        report.push(tables::tests(options, &contrasts, &results));
        report
            .blocks
            .extend(tables::signs(options, &contrasts, &results).map(Block::Table));
        report.push(tables::groups(options, &contrasts));
        report.blocks.extend(charts(options, &contrasts, &results));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }
}

/// What the tests say of one comparison.
struct Outcome {
    test: RankTest,
    p_adjusted: f64,
    sign: Option<SignTest>,
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
            weights: None,
            missing: self.missing,
        }
    }

    fn alternative(&self) -> Alternative {
        match self.question {
            Question::Different => Alternative::TwoSided,
            Question::Greater => Alternative::Greater,
            Question::Less => Alternative::Less,
        }
    }

    fn question(&self) -> RankQuestion {
        RankQuestion {
            null: self.null,
            alternative: self.alternative(),
            method: match self.method {
                Method::Auto => rank_tests::Method::Auto,
                Method::Exact => rank_tests::Method::Exact,
                Method::Asymptotic => rank_tests::Method::Asymptotic,
            },
            continuity: self.continuity,
            zeros: match self.zeros {
                Zeros::Drop => rank_tests::Zeros::Drop,
                Zeros::Pratt => rank_tests::Zeros::Pratt,
            },
            level: self.level,
        }
    }
}

impl Outcome {
    fn new(options: &Options, contrast: &Contrast) -> Result<Self, RunError> {
        let question = options.question();
        if let Some(empty) = contrast.sides.iter().find(|s| s.values.is_empty()) {
            return Err(RunError::Data(msg!(
                "compare.rank_test.few",
                "“{side}” has no row to use for {outcome}. Choose other columns or groups.",
                side = &empty.name,
                outcome = &contrast.name
            )));
        }
        let test = match contrast.design {
            Design::Two => mann_whitney(
                &contrast.sides[0].values,
                &contrast.sides[1].values,
                &question,
            ),
            _ => signed_rank(contrast.one_sample(), &question),
        };
        let constant = contrast.design != Design::Two
            && contrast.one_sample().iter().all(|d| *d == options.null);
        let test = test.ok_or_else(|| {
            if constant {
                RunError::Data(msg!(
                    "compare.rank_test.constant",
                    "{name} never differs from the null value, so there is nothing to rank.",
                    name = &contrast.name
                ))
            } else {
                RunError::option(
                    "method",
                    msg!(
                        "compare.rank_test.too_large",
                        "{name} has too many rows for exact p values; the asymptotic ones are accurate there.",
                        name = &contrast.name
                    ),
                )
            }
        })?;
        if !test.p.is_finite() {
            return Err(RunError::Data(msg!(
                "compare.rank_test.all_tied",
                "All values of {name} are the same, so there is nothing to rank.",
                name = &contrast.name
            )));
        }
        let sign = (options.sign && contrast.design != Design::Two).then(|| {
            sign_test(
                contrast.one_sample(),
                options.null,
                options.alternative(),
                options.level,
            )
        });
        Ok(Self {
            p_adjusted: test.p,
            test,
            sign,
        })
    }
}

fn summary(options: &Options, contrast: &Contrast, result: &Outcome) -> Msg {
    let test = &result.test;
    let symbol = if contrast.design == Design::Two {
        "U"
    } else {
        "V"
    };
    let details = msg!(
        "compare.rank_test.details",
        "{symbol} = {statistic}, {how} p {p}; rank-biserial correlation {effect}",
        symbol = symbol,
        statistic = (test.statistic, Format::General),
        how = tables::how(test),
        p = (result.p_adjusted, Format::PEquals),
        effect = (test.effect.value, Format::Fixed(2))
    );
    let sure = result.p_adjusted < 1.0 - options.level;
    let shift = test.shift.value - options.null;
    let size = (shift.abs(), Format::General);
    let name = contrast.name.as_str();
    let second = contrast.sides.get(1);
    let (first, second) = match (contrast.design, second) {
        (Design::One, _) | (_, None) => (
            msg!("compare.rank_test.centre", "the centre"),
            msg!(
                "compare.rank_test.value",
                "{value}",
                value = (options.null, Format::General)
            ),
        ),
        (_, Some(second)) => (
            msg!(
                "compare.rank_test.side",
                "“{side}”",
                side = &contrast.sides[0].name
            ),
            msg!("compare.rank_test.side", "“{side}”", side = &second.name),
        ),
    };
    match (sure, test.effect.value > 0.0) {
        (false, _) => msg!(
            "compare.rank_test.not_shown",
            "{name}: the shift of {size} between {first} and {second} can be chance ({details}).",
            name = name,
            size = size,
            first = first,
            second = second,
            details = details
        ),
        (true, true) => msg!(
            "compare.rank_test.higher",
            "{name}: {first} tends to be above {second}, by {size} at the median of all differences ({details}).",
            name = name,
            first = first,
            second = second,
            size = size,
            details = details
        ),
        (true, false) => msg!(
            "compare.rank_test.lower",
            "{name}: {first} tends to be below {second}, by {size} at the median of all differences ({details}).",
            name = name,
            first = first,
            second = second,
            size = size,
            details = details
        ),
    }
}

/// A shift has a meaning of its own only when the groups are alike in all else.
fn checks(contrasts: &[Contrast]) -> Option<crate::report::TableBlock> {
    let mut checks = Checks::new();
    for contrast in contrasts.iter().filter(|c| c.design == Design::Two) {
        let groups: Vec<&[f64]> = contrast.sides.iter().map(|s| &s.values[..]).collect();
        checks.shape(Msg::verbatim(&contrast.name), &groups, Centre::Median);
    }
    checks.into_table()
}

/// How many outcomes get charts of their own.
const MAX_CHARTS: usize = 4;

fn charts(options: &Options, contrasts: &[Contrast], results: &[Outcome]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    if contrasts.len() > 1 {
        let lines: Vec<(Msg, f64, f64, f64)> = contrasts
            .iter()
            .zip(results)
            .map(|(c, r)| {
                let effect = r.test.effect;
                (
                    Msg::verbatim(&c.name),
                    effect.value,
                    effect.low,
                    effect.high,
                )
            })
            .collect();
        blocks.push(
            pictures::effects(
                "effects",
                msg!("compare.rank_test.effects", "How large are the shifts?"),
                msg!("compare.rank_test.effect", "Rank-biserial correlation"),
                &lines,
                0.0,
            )
            .into(),
        );
    }
    for (i, contrast) in contrasts.iter().take(MAX_CHARTS).enumerate() {
        blocks.push(medians_chart(options, contrast, i).into());
    }
    blocks
}

fn medians_chart(options: &Options, contrast: &Contrast, i: usize) -> Chart {
    let groups: Vec<GroupMean> = contrast
        .sides
        .iter()
        .map(|side| {
            let ordered = sorted(&side.values);
            GroupMean {
                name: Msg::verbatim(&side.name),
                values: &side.values,
                mean: quantile(&ordered, 0.5),
                low: quantile(&ordered, 0.25),
                high: quantile(&ordered, 0.75),
            }
        })
        .collect();
    let (outcome, grouping) = match (contrast.design, &options.group) {
        (Design::Two, Some(group)) => (contrast.name.as_str(), group.as_str()),
        (Design::One, _) => (contrast.name.as_str(), ""),
        _ => ("", ""),
    };
    pictures::means(
        &format!("medians_{}", i + 1),
        msg!(
            "compare.rank_test.medians",
            "{name}: medians with their quartiles",
            name = &contrast.name
        ),
        Msg::verbatim(outcome),
        Msg::verbatim(grouping),
        &groups,
    )
}
