//! Describe: what each column holds.

mod code;

use crate::frame::weights::Weighting;
use crate::msg;
use crate::report::{Along, Axis, Block, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, flag, integer, reads, text,
};
use crate::stats::descriptive::{self, Moments, QuantileType};
use crate::stats::distributions::student_t;
use crate::stats::histogram::{BinRule, histogram, weights_in_bins};
use crate::table::{Column, Data, Levels, Measure, Table};

mod more;
mod weighted;

use more::More;
use weighted::Weights;

pub struct Describe;

crate::options! {
    /// What is described.
    pub struct Options {
        /// The columns to describe; all of them when none is chosen.
        columns "Columns": Vec<String> = columns(Fits::Any).optional(),
        /// One line for each level of this column.
        by "By groups": Option<String> = column(Fits::Levels).optional(),
        /// Standard error and interval of the mean, variance, coefficient of variation, range, interquartile range, median absolute deviation, trimmed and geometric mean.
        moments "All measures": bool = flag(false).section("More on numbers"),
        /// Shares in per cent whose quantiles are listed, separated by commas, such as 5, 10, 90, 95.
        quantiles "Quantiles": String = text("").section("More on numbers"),
        /// Values beyond 1.5 and 3 interquartile ranges from the quartiles.
        outliers "Outliers": bool = flag(false).section("More on numbers"),
        /// Whether the values could come from a normal distribution: Shapiro–Wilk and Anderson–Darling tests.
        normality "Normality": bool = flag(false).section("More on numbers"),
        /// How quantiles between two values are found; type 7 is the default of R, NumPy and Excel, type 6 that of SPSS.
        quantile_type "Quantile type": usize = integer(7, 1, 9).section("More on numbers").advanced(),
        /// How much each row counts; not only whole numbers.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().section("Rows").advanced(),
        /// Averages are the same whatever the weights mean; a sample of a population has other errors and counts its own rows.
        weighting "Weights are": Weighting = choice(Weighting::COUNTS, "frequency").section("Rows").advanced().when_chosen("weights"),
    }
}

/// Columns that get a picture; the tables hold all.
const MAX_CHARTS: usize = 12;
/// Levels that a bar chart shows; the rest become one bar.
const MAX_BARS: usize = 12;

impl Analysis for Describe {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "explore.describe",
        version: 1,
        title: "Describe",
        group: Group::Explore,
        about: "What each column holds: counts, averages, spread, most frequent values, and a picture.",
        headline: "Description[[ of {columns}]]",
        method: "Standard deviation with divisor n − 1; quartiles of type 7 (the default of R and NumPy) unless another is chosen; skewness and excess kurtosis adjusted for sample size (G1 and G2, as SPSS, SAS and Excel give them). Intervals of means are Student's, 95%. The trimmed mean leaves out 10% at each end; the median absolute deviation is not scaled. Outliers lie beyond Tukey's fences. Shapiro–Wilk with Royston's p values, up to 5,000 values. Missing values are left out column by column. Frequency weights are as if each row stood there so often: they count towards n, and the quantile of a whole rank is the first value with so much weight up to it (as Hmisc's wtd.quantile); normality is tested of whole weights. Sampling weights: linearised errors and Student's intervals of means with n − 1 degrees of freedom, variances and totals as R's survey::svymean, svyvar and svytotal (no strata or clusters; groups are domains); quantiles of the population, the mean of two values where the share falls between them (svyquantile with qrule = 'school'); n and missing values are rows; no skewness, trimmed mean, median absolute deviation or test of normality. Histograms keep the bins of the rows.",
        references: &[
            "Hyndman, R. J., & Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician, 50, 361–365.",
            "Joanes, D. N., & Gill, C. A. (1998). Comparing measures of sample skewness and kurtosis. The Statistician, 47, 183–189.",
        ],
        keywords: &[
            "descriptives",
            "summary",
            "statistics",
            "mean",
            "median",
            "frequency",
            "기술통계",
            "요약",
            "평균",
            "빈도",
            "분포",
        ],
        picture: Picture::Table,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "penguins",
                tables: &[("table", "penguins.csv")],
                values: "{}",
            },
            Example {
                name: "by_species",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["body_mass_g", "sex"], "by": "species"}"#,
            },
            Example {
                name: "all_measures",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["body_mass_g", "bill_depth_mm"], "by": "island", "moments": true, "quantiles": "5, 90", "outliers": true, "normality": true, "quantile_type": 6}"#,
            },
            Example {
                name: "sample",
                tables: &[("table", "penguins_weights.csv")],
                values: r#"{"columns": ["body_mass_g", "sex"], "by": "species", "moments": true, "weights": "sample", "weighting": "sampling"}"#,
            },
        ],
        korean: include_str!("describe.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let chosen = chosen_columns(options, table, input)?;
        if chosen.is_empty() || table.n_rows() == 0 {
            return Err(RunError::Data(msg!(
                "explore.describe.nothing",
                "The table has no rows to describe."
            )));
        }
        let weights = Weights::of(options, input, ctx)?;
        let weights = weights.as_ref();
        let groups = match &options.by {
            Some(by) => Groups::of(input.column("by", by)?),
            None => Groups::none(table.n_rows()),
        };
        let mut numbers = match weights {
            None => numbers_table(&groups),
            Some(weights) => weighted::numbers_table(&groups, weights),
        };
        let mut more = More::new(options, &groups)?;
        let mut categories = match weights {
            None => categories_table(&groups),
            Some(_) => weighted::categories_table(&groups),
        };
        let mut times = times_table();
        let mut charts = Vec::new();
        for (i, column) in chosen.iter().enumerate() {
            ctx.tick(
                i as f32 / chosen.len() as f32,
                &msg!(
                    "explore.describe.step",
                    "Describing “{column}”",
                    column = &column.name
                ),
            )?;
            match kind(column) {
                Kind::Number => {
                    let values = column.numbers().expect("a column of numbers");
                    for g in 0..groups.names.len() {
                        if let Some(weights) = weights {
                            let picked = weights.pick(&values, &groups, g);
                            weighted::number_row(
                                &mut numbers,
                                column,
                                &groups,
                                g,
                                weights,
                                &picked,
                                more.kind,
                            );
                            more.weighted_rows(column, &groups, g, weights, &picked);
                            continue;
                        }
                        let picked = groups.pick(&values, g);
                        number_row(&mut numbers, column, &groups, g, &picked, more.kind);
                        more.rows(column, &groups, g, &picked);
                    }
                    if charts.len() < MAX_CHARTS {
                        charts.extend(number_chart(column, &values, &groups, weights));
                    }
                }
                Kind::Levels => {
                    let levels = column.levels_and_codes();
                    for g in 0..groups.names.len() {
                        let table = &mut categories;
                        match weights {
                            None => category_row(table, column, &levels, &groups, g),
                            Some(weights) => {
                                weighted::category_row(table, column, &levels, &groups, g, weights)
                            }
                        }
                    }
                    if charts.len() < MAX_CHARTS
                        && !matches!(column.measure, Measure::Id | Measure::Text)
                        && levels.names.len() > 1
                        && levels.names.len() < table.n_rows()
                    {
                        charts.push(level_chart(column, &levels, weights));
                    }
                }
                Kind::Time => time_row(&mut times, column, weights),
            }
        }
        let mut report = Report {
            summary: summary(table, &chosen, options),
            ..Report::default()
        };
        report.blocks.extend(
            [numbers]
                .into_iter()
                .chain(more.tables)
                .chain([categories, times])
                .filter(|t| !t.rows.is_empty())
                .map(Block::Table),
        );
        if !charts.is_empty() {
            report.push(Block::Group(
                msg!("explore.describe.pictures", "Distributions"),
                charts.into_iter().map(Block::from).collect(),
            ));
        }
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

enum Kind {
    Number,
    Levels,
    Time,
}

fn kind(column: &Column) -> Kind {
    match (&column.data, column.measure) {
        (Data::Date(_) | Data::DateTime(_) | Data::Time(_), _) => Kind::Time,
        (Data::Float(_) | Data::Int(_), Measure::Scale | Measure::Ordinal) => Kind::Number,
        _ => Kind::Levels,
    }
}

fn chosen_columns<'a>(
    options: &Options,
    table: &'a Table,
    input: &'a Input,
) -> Result<Vec<&'a Column>, RunError> {
    if options.columns.is_empty() {
        let apart = [options.by.as_deref(), options.weights.as_deref()];
        return Ok(table
            .columns()
            .iter()
            .map(|c| &**c)
            .filter(|c| !apart.contains(&Some(c.name.as_str())))
            .collect());
    }
    options
        .columns
        .iter()
        .map(|name| input.column("columns", name))
        .collect()
}

/// Rows by the levels of a column, or all of them as one group.
struct Groups {
    names: Vec<Msg>,
    codes: Option<Vec<i32>>,
    n_rows: usize,
}

impl Groups {
    fn of(column: &Column) -> Self {
        let Levels { names, codes } = column.levels_and_codes();
        Self {
            names: names.iter().map(Msg::verbatim).collect(),
            n_rows: codes.len(),
            codes: Some(codes),
        }
    }

    fn none(n_rows: usize) -> Self {
        Self {
            names: vec![msg!("explore.describe.all", "All")],
            codes: None,
            n_rows,
        }
    }

    fn rows(&self, group: usize) -> impl Iterator<Item = usize> {
        let codes = self.codes.as_deref();
        (0..self.n_rows).filter(move |&i| codes.is_none_or(|c| c[i] == group as i32))
    }

    /// Whether a row is in any group.
    fn has(&self, row: usize) -> bool {
        self.codes.as_deref().is_none_or(|c| c[row] >= 0)
    }

    fn is_split(&self) -> bool {
        self.codes.is_some()
    }

    /// A group's values without the missing and infinite ones.
    fn pick(&self, values: &[f64], group: usize) -> Vec<f64> {
        self.rows(group)
            .map(|i| values[i])
            .filter(|v| v.is_finite())
            .collect()
    }
}

fn summary(table: &Table, chosen: &[&Column], options: &Options) -> Vec<Msg> {
    let n_cells = table.n_rows() * chosen.len();
    let n_missing: usize = chosen.iter().map(|c| c.n_missing()).sum();
    let mut lines = vec![if n_missing == 0 {
        msg!(
            "explore.describe.complete",
            "{rows} {rows|row|rows}, {columns} {columns|column|columns}; no value is missing.",
            rows = table.n_rows(),
            columns = chosen.len()
        )
    } else {
        msg!(
            "explore.describe.summary",
            "{rows} {rows|row|rows}, {columns} {columns|column|columns}; {share} of the values are missing.",
            rows = table.n_rows(),
            columns = chosen.len(),
            share = (n_missing as f64 / n_cells as f64, Format::Percent(1))
        )
    }];
    let worst = chosen
        .iter()
        .max_by_key(|c| c.n_missing())
        .filter(|c| c.n_missing() * 20 > table.n_rows());
    lines.extend(worst.map(|c| {
        msg!(
            "explore.describe.worst",
            "“{column}” misses most: {share} of its values.",
            column = &c.name,
            share = (
                c.n_missing() as f64 / table.n_rows() as f64,
                Format::Percent(0)
            )
        )
    }));
    lines.extend(options.by.as_ref().map(|by| {
        msg!(
            "explore.describe.grouped",
            "Each line is one level of “{by}”.",
            by = by
        )
    }));
    lines
}

fn head_columns(groups: &Groups) -> Vec<Head> {
    let mut heads = vec![Head::name(
        "column",
        msg!("explore.describe.column", "Column"),
    )];
    if groups.is_split() {
        heads.push(Head::name("group", msg!("explore.describe.group", "Group")));
    }
    heads.push(Head::new(
        "n",
        msg!("explore.describe.n", "Values"),
        Format::Integer,
    ));
    heads.push(Head::new(
        "missing",
        msg!("explore.describe.missing", "Missing"),
        Format::Integer,
    ));
    heads
}

fn numbers_table(groups: &Groups) -> TableBlock {
    let mut heads = head_columns(groups);
    let number = |key: &str, title: Msg| Head::new(key, title, Format::General);
    heads.extend([
        number("mean", msg!("explore.describe.mean", "Mean")),
        number("sd", msg!("explore.describe.sd", "SD")),
        number("min", msg!("explore.describe.min", "Min")),
        number("q1", msg!("explore.describe.q1", "Quartile 1")),
        number("median", msg!("explore.describe.median", "Median")),
        number("q3", msg!("explore.describe.q3", "Quartile 3")),
        number("max", msg!("explore.describe.max", "Max")),
        Head::new(
            "skewness",
            msg!("explore.describe.skewness", "Skewness"),
            Format::Fixed(2),
        ),
        Head::new(
            "kurtosis",
            msg!("explore.describe.kurtosis", "Excess kurtosis"),
            Format::Fixed(2),
        ),
    ]);
    TableBlock::new(
        "numbers",
        msg!("explore.describe.numbers", "Numbers"),
        heads,
    )
}

fn number_row(
    table: &mut TableBlock,
    column: &Column,
    groups: &Groups,
    group: usize,
    values: &[f64],
    kind: QuantileType,
) {
    let n_rows = groups.rows(group).count();
    let sorted = descriptive::sorted(values);
    let moments = Moments::of(values);
    let mut cells = vec![column.name.clone().into()];
    if groups.is_split() {
        cells.push(groups.names[group].clone().into());
    }
    cells.extend([values.len().into(), (n_rows - values.len()).into()]);
    let quartile = |p| descriptive::quantile_of_type(&sorted, p, kind);
    let (min, max) = descriptive::range(values);
    let numbers = [
        moments.mean,
        moments.sd(),
        min,
        quartile(0.25),
        quartile(0.5),
        quartile(0.75),
        max,
        moments.skewness(),
        moments.excess_kurtosis(),
    ];
    cells.extend(numbers.into_iter().map(|v| v.into()));
    table.row(cells);
}

fn categories_table(groups: &Groups) -> TableBlock {
    let mut heads = head_columns(groups);
    heads.extend([
        Head::new(
            "distinct",
            msg!("explore.describe.distinct", "Different values"),
            Format::Integer,
        ),
        Head::name("top", msg!("explore.describe.top", "Most frequent")),
        Head::new(
            "top_n",
            msg!("explore.describe.top_n", "How often"),
            Format::Integer,
        ),
        Head::new(
            "top_share",
            msg!("explore.describe.top_share", "Share"),
            Format::Percent(1),
        ),
    ]);
    TableBlock::new(
        "categories",
        msg!("explore.describe.categories", "Categories and texts"),
        heads,
    )
}

fn category_row(
    table: &mut TableBlock,
    column: &Column,
    levels: &Levels,
    groups: &Groups,
    group: usize,
) {
    let mut counts = vec![0usize; levels.names.len()];
    let mut n_rows = 0;
    for i in groups.rows(group) {
        n_rows += 1;
        if levels.codes[i] >= 0 {
            counts[levels.codes[i] as usize] += 1;
        }
    }
    let n: usize = counts.iter().sum();
    let mut cells = vec![column.name.clone().into()];
    if groups.is_split() {
        cells.push(groups.names[group].clone().into());
    }
    cells.extend([
        n.into(),
        (n_rows - n).into(),
        counts.iter().filter(|&&c| c > 0).count().into(),
    ]);
    // The first of the most frequent ones.
    match (0..counts.len())
        .rev()
        .max_by_key(|&l| counts[l])
        .filter(|&l| counts[l] > 0)
    {
        Some(top) => cells.extend([
            levels.names[top].clone().into(),
            counts[top].into(),
            (counts[top] as f64 / n as f64).into(),
        ]),
        None => cells.extend([
            crate::report::Cell::Empty,
            crate::report::Cell::Empty,
            crate::report::Cell::Empty,
        ]),
    }
    table.row(cells);
}

fn times_table() -> TableBlock {
    TableBlock::new(
        "times",
        msg!("explore.describe.times", "Dates and times"),
        vec![
            Head::name("column", msg!("explore.describe.column", "Column")),
            Head::new("n", msg!("explore.describe.n", "Values"), Format::General),
            Head::new(
                "missing",
                msg!("explore.describe.missing", "Missing"),
                Format::General,
            ),
            Head::name("first", msg!("explore.describe.first", "First")),
            Head::name("last", msg!("explore.describe.last", "Last")),
            Head::new(
                "distinct",
                msg!("explore.describe.distinct", "Different values"),
                Format::Integer,
            ),
        ],
    )
}

fn time_row(table: &mut TableBlock, column: &Column, weights: Option<&Weights>) {
    let levels = column.levels_and_codes();
    let (there, missing) = match weights {
        None => (
            (column.len() - column.n_missing()) as f64,
            column.n_missing() as f64,
        ),
        Some(weights) => weights.counts(&levels.codes, 0..column.len()),
    };
    let end = |name: Option<&String>| name.map_or(crate::report::Cell::Empty, |n| n.clone().into());
    table.row(vec![
        column.name.clone().into(),
        there.into(),
        missing.into(),
        end(levels.names.first()),
        end(levels.names.last()),
        levels.names.len().into(),
    ]);
}

fn number_chart(
    column: &Column,
    values: &[f64],
    groups: &Groups,
    weights: Option<&Weights>,
) -> Option<Chart> {
    if groups.is_split() {
        return Some(means_chart(column, values, groups, weights));
    }
    let (edges, counts) = match weights {
        None => {
            let values: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
            let bins = histogram(&values, BinRule::FreedmanDiaconis)?;
            let counts: Vec<f64> = bins.counts.iter().map(|&c| c as f64).collect();
            (bins.edges, counts)
        }
        Some(weights) => {
            let picked = weights.pick(values, groups, 0);
            let bins = histogram(&picked.values, BinRule::FreedmanDiaconis)?;
            let sums = weights_in_bins(&picked.values, &picked.weights, &bins.edges);
            (bins.edges, sums)
        }
    };
    Some(
        Chart::new(
            &format!("distribution_{}", column.name),
            Msg::verbatim(&column.name),
            Axis::linear(Msg::verbatim("")),
            count_axis(weights),
        )
        .mark(Mark::histogram(&edges, &counts, Tone::Accent)),
    )
}

fn count_axis(weights: Option<&Weights>) -> Axis {
    match weights {
        None => Axis::linear(msg!("explore.describe.rows", "Rows"))
            .from_zero()
            .format(Format::Integer),
        Some(_) => {
            Axis::linear(msg!("explore.describe.weighted_rows", "Weighted rows")).from_zero()
        }
    }
}

/// Means of the groups with Student's 95% intervals.
fn means_chart(
    column: &Column,
    values: &[f64],
    groups: &Groups,
    weights: Option<&Weights>,
) -> Chart {
    let title = msg!(
        "explore.describe.means",
        "Mean of {column}",
        column = &column.name
    );
    let chart = Chart::new(
        &format!("means_{}", column.name),
        title,
        Axis::linear(Msg::verbatim("")),
        Axis::category(Msg::verbatim(""), groups.names.clone()),
    );
    let at = (0..groups.names.len()).map(|g| g as f64).collect();
    if let Some(weights) = weights {
        let picked: Vec<_> = (0..groups.names.len())
            .map(|g| weights.pick(values, groups, g))
            .collect();
        let means: Vec<_> = picked.iter().map(|p| weights.mean(p)).collect();
        return chart.mark(Mark::Intervals {
            along: Along::Y,
            at,
            centre: means.iter().map(|m| m.value).collect(),
            low: means.iter().map(|m| m.low).collect(),
            high: means.iter().map(|m| m.high).collect(),
            tone: Tone::Accent,
            n: picked.iter().map(|p| p.values.len() as u64).collect(),
        });
    }
    let picked: Vec<Vec<f64>> = (0..groups.names.len())
        .map(|g| groups.pick(values, g))
        .collect();
    let moments: Vec<Moments> = picked.iter().map(|v| Moments::of(v)).collect();
    let half = |m: &Moments| match m.n {
        0 | 1 => f64::NAN,
        n => student_t::quantile(0.975, n as f64 - 1.0) * m.se_mean(),
    };
    chart.mark(Mark::Intervals {
        along: Along::Y,
        at,
        centre: moments.iter().map(|m| m.mean).collect(),
        low: moments.iter().map(|m| m.mean - half(m)).collect(),
        high: moments.iter().map(|m| m.mean + half(m)).collect(),
        tone: Tone::Accent,
        n: moments.iter().map(|m| m.n as u64).collect(),
    })
}

fn level_chart(column: &Column, levels: &Levels, weights: Option<&Weights>) -> Chart {
    let counts: Vec<f64> = match weights {
        None => levels.counts().into_iter().map(|n| n as f64).collect(),
        Some(weights) => weights.of_levels(levels, 0..column.len()),
    };
    let mut counted: Vec<(usize, f64)> = counts.into_iter().enumerate().collect();
    if column.measure != Measure::Ordinal {
        counted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    }
    let rest: f64 = counted.iter().skip(MAX_BARS).map(|(_, n)| n).sum();
    counted.truncate(MAX_BARS);
    let names = counted
        .iter()
        .map(|&(level, _)| Msg::verbatim(&levels.names[level]))
        .collect();
    let lengths: Vec<f64> = counted.iter().map(|&(_, n)| n).collect();
    let mut chart = Chart::new(
        &format!("levels_{}", column.name),
        Msg::verbatim(&column.name),
        count_axis(weights),
        Axis::category(Msg::verbatim(""), names),
    )
    .mark(Mark::category_bars(Along::Y, &lengths, Tone::Accent));
    // One bar for all others would be the longest and say the least.
    if rest > 0.0 {
        chart = chart.caption(msg!(
            "explore.describe.others",
            "{n} other {n|value|values} in {rows} {rows|row|rows}",
            n = levels.names.len() - counted.len(),
            rows = rest
        ));
    }
    chart
}
