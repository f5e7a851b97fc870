//! Distribution overview: the shape of columns of numbers, in pictures and in quantiles.

mod charts;
mod code;
mod sample;
mod say;
mod tables;

use crate::msg;
use crate::report::{Block, Grid, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, integer, number, reads,
};
use crate::table::Levels;

use sample::{Sample, sample};

pub struct Distribution;

crate::choices! {
    /// How wide the kernel of a density is.
    pub enum Bandwidth {
        Silverman = "silverman" "Silverman’s rule of thumb",
        SheatherJones = "sheather_jones" "Sheather and Jones",
        Given = "given" "A width of your own",
    }
}

crate::options! {
    /// Which columns are looked at.
    pub struct Options {
        /// The numbers to look at, up to twelve columns.
        columns "Columns": Vec<String> = columns(Fits::Numbers).between(1, 12),
        /// One distribution for each level of this column, up to eight.
        by "By groups": Option<String> = column(Fits::Levels).optional(),
        /// How smooth the density is: a wider kernel shows less detail. Sheather and Jones’s follows several peaks better.
        bandwidth "Bandwidth": Bandwidth = choice(Bandwidth::CHOICES, "silverman").section("Pictures"),
        /// The standard deviation of the kernel, in the units of the column.
        width "Width": f64 = number(1.0, 1e-300, 1e300).section("Pictures").when("bandwidth", &["given"]),
        /// How many bars a histogram has; chosen by the data when this is empty.
        bins "Bars of the histogram": Option<usize> = integer(20, 1, 500).optional().section("Pictures"),
        /// How often the band of the quantile plot holds a point of a normal sample.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Pictures").advanced(),
    }
}

const MAX_GROUPS: usize = 8;

impl Analysis for Distribution {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "explore.distribution",
        version: 1,
        title: "Distribution overview",
        group: Group::Explore,
        about: "The shape of columns of numbers: histogram with density, box plot, violin, normal quantile plot, quantiles and outliers.",
        headline: "Distribution of {columns}[[ by {by}]]",
        method: "Quantiles are of type 7 (the default of R and NumPy), the fences and boxes too. Outliers lie beyond Tukey’s fences, 1.5 interquartile ranges from the quartiles, far ones beyond 3; whiskers end at the last value within the fences. Skewness and excess kurtosis are adjusted for sample size (G1 and G2, as SPSS, SAS and Excel give them); a skewness within ±0.5 is called roughly symmetric, beyond ±1 strong. Densities have a normal kernel; its width is R’s bw.nrd0, or bw.SJ with its equation solved to the last digits. Violins end at the least and the greatest value and have equal areas. A peak counts when it is at least a tenth as high as the highest and a valley parts it. The line of the quantile plot joins the quartiles, and its band is pointwise, from the error of a normal order statistic, as in qqPlot of R’s car; without an interquartile range there is none. Missing values are left out column by column.",
        references: &[
            "Tukey, J. W. (1977). Exploratory data analysis. Addison-Wesley.",
            "Silverman, B. W. (1986). Density estimation for statistics and data analysis. Chapman and Hall.",
            "Sheather, S. J., & Jones, M. C. (1991). A reliable data-based bandwidth selection method for kernel density estimation. Journal of the Royal Statistical Society B, 53, 683–690.",
            "Hintze, J. L., & Nelson, R. D. (1998). Violin plots: a box plot–density trace synergism. The American Statistician, 52, 181–184.",
            "Fox, J. (2016). Applied regression analysis and generalized linear models (3rd ed.). Sage.",
        ],
        keywords: &[
            "histogram",
            "density",
            "kde",
            "box plot",
            "violin",
            "qq plot",
            "quantile",
            "skewness",
            "kurtosis",
            "outlier",
            "normality",
            "분포",
            "히스토그램",
            "밀도",
            "상자그림",
            "바이올린",
            "분위수",
            "왜도",
            "첨도",
            "이상값",
            "정규성",
        ],
        picture: Picture::Histogram,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "one_column",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["body_mass_g"]}"#,
            },
            Example {
                name: "by_species",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["flipper_length_mm"], "by": "species", "bandwidth": "sheather_jones"}"#,
            },
            Example {
                name: "two_columns",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "bill_depth_mm"], "by": "sex", "bandwidth": "given", "width": 0.8, "bins": 12, "level": 0.9}"#,
            },
        ],
        korean: include_str!("distribution.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let groups = Groups::of(options, input)?;
        if groups.n_outside > 0 {
            let by = options.by.as_deref().unwrap_or("");
            ctx.note(msg!(
                "explore.distribution.outside",
                "{n} {n|row has|rows have} no value of “{by}” and {n|is|are} left out.",
                n = groups.n_outside,
                by = by
            ));
        }
        let mut report = Report::default();
        let mut tables = tables::Tables::new(&groups);
        let mut pictures = Vec::new();
        let n_steps = (options.columns.len() * groups.names.len()) as f32;
        for (i, name) in options.columns.iter().enumerate() {
            let step = msg!(
                "explore.distribution.step",
                "Looking at “{column}”",
                column = name
            );
            let numbers = input.numbers("columns", name)?;
            let mut samples: Vec<Sample> = Vec::new();
            for (g, group) in groups.names.iter().enumerate() {
                let done = (i * groups.names.len() + g) as f32 / n_steps;
                ctx.tick(done, &step)?;
                samples.push(sample(options, &numbers, &groups, g, group.clone()));
            }
            report.summary.extend(say::lines(options, name, &samples));
            samples.iter().for_each(|s| tables.row(name, s, &groups));
            let charts = charts::charts(options, name, &samples, &groups);
            if !charts.is_empty() {
                pictures.push((name, Block::from(Grid::new(2, charts))));
            }
        }
        if tables.n_values == 0 {
            return Err(RunError::Data(msg!(
                "explore.distribution.empty",
                "{n|The column has|The columns have} no values.",
                n = options.columns.len()
            )));
        }
        let alone = options.columns.len() == 1;
        for (name, grid) in pictures {
            report.push(match alone {
                true => grid,
                false => Block::Group(Msg::verbatim(name), vec![grid]),
            });
        }
        report.blocks.extend(tables.blocks());
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

/// Rows by the levels of a column, or all of them as one group.
struct Groups {
    names: Vec<Msg>,
    codes: Option<Vec<i32>>,
    /// Rows of no group.
    n_outside: usize,
}

impl Groups {
    fn of(options: &Options, input: &Input) -> Result<Self, RunError> {
        let Some(by) = &options.by else {
            return Ok(Self {
                names: vec![msg!("explore.distribution.all", "All")],
                codes: None,
                n_outside: 0,
            });
        };
        let Levels { names, codes } = input.column("by", by)?.levels_and_codes();
        if names.len() > MAX_GROUPS {
            return Err(RunError::option(
                "by",
                msg!(
                    "explore.distribution.groups",
                    "“{column}” has {n} levels; up to {max} can be told apart.",
                    column = by,
                    n = names.len(),
                    max = MAX_GROUPS
                ),
            ));
        }
        if names.is_empty() {
            return Err(RunError::option(
                "by",
                msg!(
                    "explore.distribution.no_groups",
                    "“{column}” has no values.",
                    column = by
                ),
            ));
        }
        Ok(Self {
            names: names.iter().map(Msg::verbatim).collect(),
            n_outside: codes.iter().filter(|c| **c < 0).count(),
            codes: Some(codes),
        })
    }

    fn is_split(&self) -> bool {
        self.codes.is_some()
    }
}
