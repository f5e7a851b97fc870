//! Rank tests of several groups or columns: Kruskal–Wallis and Friedman, and which differ from which.

mod code;
mod tables;

use std::borrow::Cow;

use crate::frame::checks::Checks;
use crate::frame::corrections::Correction;
use crate::frame::pictures::{self, GroupMean};
use crate::frame::{Frame, FrameBuilder};
use crate::msg;
use crate::report::{Block, Format, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, number, reads,
};
use crate::stats::descriptive::{quantile, sorted};
use crate::stats::rank_groups::{
    Friedman, KruskalWallis, RankPair, dwass_steel, friedman, kruskal_wallis,
};
use crate::stats::spread_tests::Centre;

pub struct RankGroupsCell;

crate::choices! {
    /// What stands against what.
    pub enum Design {
        Groups = "groups" "Groups of rows (Kruskal–Wallis)",
        Columns = "columns" "Columns of the same rows (Friedman)",
    }
}

crate::choices! {
    /// How pairs of groups are compared.
    pub enum GroupPairs {
        Dunn = "dunn" "Dunn, by the ranks of all",
        Dwass = "dscf" "Dwass–Steel–Critchlow–Fligner, pair by pair",
        None = "none" "Not compared",
    }
}

crate::choices! {
    /// How pairs of columns are compared.
    pub enum ColumnPairs {
        Conover = "conover" "Durbin–Conover",
        Nemenyi = "nemenyi" "Nemenyi",
        None = "none" "Not compared",
    }
}

crate::options! {
    /// What is compared, and how pairs are.
    pub struct Options {
        /// Groups of rows by one column, or several columns measured on the same rows.
        design "Compare": Design = choice(Design::CHOICES, "groups"),
        /// The number that is compared by its ranks.
        outcome "Outcome": Option<String> = column(Fits::Numbers).optional().when("design", &["groups"]),
        /// The column that says which group a row is in.
        group "Groups": Option<String> = column(Fits::Levels).optional().when("design", &["groups"]),
        /// Columns measured on the same rows, such as ratings of several products.
        measures "Columns": Vec<String> = columns(Fits::Numbers).optional().when("design", &["columns"]),
        /// Which groups differ from which.
        group_pairs "Comparisons of groups": GroupPairs = choice(GroupPairs::CHOICES, "dunn").section("Comparisons").when("design", &["groups"]),
        /// Which columns differ from which.
        column_pairs "Comparisons of columns": ColumnPairs = choice(ColumnPairs::CHOICES, "conover").section("Comparisons").when("design", &["columns"]),
        /// For Dunn's and for Durbin and Conover's comparisons; the others allow for their number themselves.
        correction "Correction": Correction = choice(Correction::CHOICES, "holm").section("Comparisons"),
        /// A p value below 1 less this counts as a difference.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Results").advanced(),
    }
}

impl Analysis for RankGroupsCell {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "compare.rank_groups",
        version: 1,
        title: "Kruskal–Wallis and Friedman tests",
        group: Group::Compare,
        about: "Do several groups, or several columns of the same rows, differ when the numbers are skewed, ordered or have outliers? And which from which?",
        headline: "Rank test of several groups",
        method: "As kruskal.test and friedman.test in R: mid-ranks, statistics corrected for ties, p values from χ². ε² is H / (N − 1) and η² is (H − k + 1) / (N − k); Kendall's W is χ² / n(k − 1). Beside Friedman's χ² stands Iman and Davenport's F, which is less cautious. Dunn's z uses the ranks of all groups and their variance with ties; Dwass, Steel, Critchlow and Fligner rank each pair by itself and take p from the studentized range. Durbin and Conover's t and Nemenyi's q (studentized range) compare columns by their mean ranks. Rows that lack a value are left out, for Friedman's test those that lack any.",
        references: &[
            "Kruskal, W. H., & Wallis, W. A. (1952). Use of ranks in one-criterion variance analysis. Journal of the American Statistical Association, 47, 583–621.",
            "Friedman, M. (1937). The use of ranks to avoid the assumption of normality implicit in the analysis of variance. Journal of the American Statistical Association, 32, 675–701.",
            "Dunn, O. J. (1964). Multiple comparisons using rank sums. Technometrics, 6, 241–252.",
            "Critchlow, D. E., & Fligner, M. A. (1991). On distribution-free multiple comparisons in the one-way analysis of variance. Communications in Statistics – Theory and Methods, 20, 127–139.",
            "Conover, W. J. (1999). Practical nonparametric statistics (3rd ed.). Wiley.",
            "Iman, R. L., & Davenport, J. M. (1980). Approximations of the critical region of the Friedman statistic. Communications in Statistics – Theory and Methods, 9, 571–595.",
        ],
        keywords: &[
            "kruskal-wallis",
            "friedman",
            "dunn",
            "dscf",
            "durbin",
            "conover",
            "nemenyi",
            "kendall w",
            "nonparametric anova",
            "concordance",
            "크루스칼",
            "프리드먼",
            "비모수",
            "사후검정",
            "순위",
            "일치도",
        ],
        picture: Picture::Intervals,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "groups",
                tables: &[("table", "penguins.csv")],
                values: r#"{"outcome": "bill_length_mm", "group": "species"}"#,
            },
            Example {
                name: "columns",
                tables: &[("table", "penguins.csv")],
                values: r#"{"design": "columns", "measures": ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"], "column_pairs": "nemenyi"}"#,
            },
        ],
        korean: include_str!("rank_groups.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.rank_groups.step", "Ranking");
        ctx.tick(0.0, &step)?;
        let samples = Samples::new(options, input, ctx)?;
        ctx.tick(0.2, &step)?;
        let tested = Tested::new(options, &samples)?;
        ctx.tick(0.8, &step)?;
        let mut report = Report {
            summary: summary(options, &samples, &tested),
            ..Report::default()
        };
        if options.design == Design::Groups {
            let mut checks = Checks::new();
            checks.shape(
                Msg::verbatim(&samples.outcome),
                &samples.slices(),
                Centre::Median,
            );
            report.blocks.extend(checks.into_table().map(Block::Table));
        }
        report.push(tables::test(&samples, &tested));
        report
            .blocks
            .extend(tables::pairs(options, &samples, &tested).map(Block::Table));
        report.push(tables::groups(&samples, &tested));
        report.push(chart(&samples));
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }
}

/// What is compared: values by group, or columns of one length.
struct Samples {
    /// The outcome's name; empty for columns.
    outcome: String,
    grouping: String,
    names: Vec<String>,
    values: Vec<Vec<f64>>,
}

enum Test {
    Groups(KruskalWallis),
    Columns(Friedman),
}

struct Tested {
    test: Test,
    pairs: Vec<RankPair>,
    /// As long as `pairs`, after the correction.
    p_adjusted: Vec<f64>,
}

impl Samples {
    fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let mut builder = FrameBuilder::new(input);
        if options.design == Design::Columns {
            if options.measures.len() < 2 {
                return Err(RunError::option(
                    "measures",
                    msg!(
                        "compare.rank_groups.two_columns",
                        "Choose two or more columns to compare."
                    ),
                ));
            }
            for name in &options.measures {
                builder.number("measures", name)?;
            }
            let frame = builder.finish(&[])?;
            ctx.note_dropped(frame.rows.len(), frame.n_dropped);
            if frame.rows.is_empty() {
                return Err(no_rows());
            }
            return Ok(Self {
                outcome: String::new(),
                grouping: String::new(),
                names: options.measures.clone(),
                values: frame.numbers.into_iter().map(Cow::into_owned).collect(),
            });
        }
        let needed = |option: &'static str, name: &Option<String>| {
            name.clone().ok_or_else(|| {
                RunError::option(option, msg!("spec.choose_column", "Choose a column."))
            })
        };
        let outcome = needed("outcome", &options.outcome)?;
        let grouping = needed("group", &options.group)?;
        builder.number("outcome", &outcome)?;
        builder.group("group", &grouping)?;
        let Frame {
            rows,
            n_dropped,
            numbers,
            groups,
            ..
        } = builder.finish(&[])?;
        ctx.note_dropped(rows.len(), n_dropped);
        let groups = &groups[0];
        if rows.is_empty() {
            return Err(no_rows());
        }
        if groups.names.len() < 2 {
            return Err(RunError::option(
                "group",
                msg!(
                    "frame.one_group",
                    "“{group}” has only one level in the rows that are used.",
                    group = &grouping
                ),
            ));
        }
        let mut values = vec![Vec::new(); groups.names.len()];
        for (code, v) in groups.codes.iter().zip(&*numbers[0]) {
            values[*code as usize].push(*v);
        }
        Ok(Self {
            outcome,
            grouping,
            names: groups.names.clone(),
            values,
        })
    }

    fn slices(&self) -> Vec<&[f64]> {
        self.values.iter().map(Vec::as_slice).collect()
    }
}

fn no_rows() -> RunError {
    RunError::Data(msg!(
        "compare.rank_groups.no_rows",
        "No row has all the values. Choose columns with fewer missing values."
    ))
}

/// More groups than this are not compared pair by pair.
const MAX_GROUPS: usize = 60;

impl Tested {
    fn new(options: &Options, samples: &Samples) -> Result<Self, RunError> {
        let slices = samples.slices();
        let (test, pairs, is_corrected) = match options.design {
            Design::Groups => {
                let test = kruskal_wallis(&slices);
                let pairs = match options.group_pairs {
                    _ if slices.len() > MAX_GROUPS => Vec::new(),
                    GroupPairs::Dunn => test.dunn(),
                    GroupPairs::Dwass => dwass_steel(&slices),
                    GroupPairs::None => Vec::new(),
                };
                let is_corrected = options.group_pairs == GroupPairs::Dwass;
                (Test::Groups(test), pairs, is_corrected)
            }
            Design::Columns => {
                let test = friedman(&slices).ok_or_else(no_rows)?;
                let pairs = match options.column_pairs {
                    _ if slices.len() > MAX_GROUPS => Vec::new(),
                    ColumnPairs::Conover => test.conover(),
                    ColumnPairs::Nemenyi => test.nemenyi(),
                    ColumnPairs::None => Vec::new(),
                };
                let is_corrected = options.column_pairs == ColumnPairs::Nemenyi;
                (Test::Columns(test), pairs, is_corrected)
            }
        };
        let tested = Self {
            p_adjusted: {
                let p: Vec<f64> = pairs.iter().map(|p| p.p).collect();
                if is_corrected {
                    p
                } else {
                    options.correction.adjust(&p)
                }
            },
            test,
            pairs,
        };
        if !tested.p().is_finite() {
            return Err(RunError::Data(msg!(
                "compare.rank_groups.all_tied",
                "All values are the same, so there is nothing to rank."
            )));
        }
        Ok(tested)
    }

    fn p(&self) -> f64 {
        match &self.test {
            Test::Groups(test) => test.p,
            Test::Columns(test) => test.p,
        }
    }

    fn mean_ranks(&self) -> &[f64] {
        match &self.test {
            Test::Groups(test) => &test.mean_ranks,
            Test::Columns(test) => &test.mean_ranks,
        }
    }
}

fn summary(options: &Options, samples: &Samples, tested: &Tested) -> Vec<Msg> {
    let alpha = 1.0 - options.level;
    let sure = tested.p() < alpha;
    let details = match &tested.test {
        Test::Groups(test) => msg!(
            "compare.rank_groups.groups_details",
            "H({df}) = {statistic}, p {p}, ε² = {effect}",
            df = (test.df, Format::General),
            statistic = (test.h, Format::Fixed(2)),
            p = (test.p, Format::PEquals),
            effect = (test.epsilon_squared, Format::Fixed(2))
        ),
        Test::Columns(test) => msg!(
            "compare.rank_groups.columns_details",
            "χ²({df}) = {statistic}, p {p}, Kendall's W = {effect}",
            df = (test.df, Format::General),
            statistic = (test.q, Format::Fixed(2)),
            p = (test.p, Format::PEquals),
            effect = (test.kendall_w, Format::Fixed(2))
        ),
    };
    let mut lines = vec![match (options.design, sure) {
        (Design::Groups, true) => msg!(
            "compare.rank_groups.groups_differ",
            "{outcome} tends to be higher in some groups of {group} than in others ({details}).",
            outcome = &samples.outcome,
            group = &samples.grouping,
            details = details
        ),
        (Design::Groups, false) => msg!(
            "compare.rank_groups.groups_alike",
            "It is not shown that {outcome} differs between the groups of {group} ({details}).",
            outcome = &samples.outcome,
            group = &samples.grouping,
            details = details
        ),
        (Design::Columns, true) => msg!(
            "compare.rank_groups.columns_differ",
            "Within rows some of the columns tend to be higher than others ({details}).",
            details = details
        ),
        (Design::Columns, false) => msg!(
            "compare.rank_groups.columns_alike",
            "It is not shown that the columns differ within rows ({details}).",
            details = details
        ),
    }];
    if sure {
        let ranks = tested.mean_ranks();
        let order = |a: &usize, b: &usize| ranks[*a].total_cmp(&ranks[*b]);
        let places = 0..ranks.len();
        if let (Some(low), Some(high)) = (places.clone().min_by(order), places.max_by(order)) {
            lines.push(msg!(
                "compare.rank_groups.extremes",
                "“{high}” has the highest mean rank ({most}), “{low}” the lowest ({least}).",
                high = &samples.names[high],
                most = (ranks[high], Format::General),
                low = &samples.names[low],
                least = (ranks[low], Format::General)
            ));
        }
        let n_pairs = tested.pairs.len();
        let n_sure = tested.p_adjusted.iter().filter(|p| **p < alpha).count();
        if n_pairs > 1 {
            lines.push(msg!(
                "compare.rank_groups.n_pairs",
                "{n} of {all} pairs differ by themselves.",
                n = n_sure,
                all = n_pairs
            ));
        }
    }
    lines
}

fn chart(samples: &Samples) -> crate::report::Chart {
    let groups: Vec<GroupMean> = samples
        .names
        .iter()
        .zip(&samples.values)
        .map(|(name, values)| {
            let ordered = sorted(values);
            GroupMean {
                name: Msg::verbatim(name),
                values,
                mean: quantile(&ordered, 0.5),
                low: quantile(&ordered, 0.25),
                high: quantile(&ordered, 0.75),
            }
        })
        .collect();
    pictures::means(
        "medians",
        msg!(
            "compare.rank_groups.medians",
            "Medians with their quartiles"
        ),
        Msg::verbatim(&samples.outcome),
        Msg::verbatim(&samples.grouping),
        &groups,
    )
}
