//! Correlation: which columns of numbers go together.

mod code;
mod weighted;

use std::borrow::Cow;

use crate::frame::corrections::Correction;
use crate::frame::weights::Weighting;
use crate::frame::words;
use crate::msg;
use crate::report::{Arg, Axis, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, flag, number, reads,
};
use crate::stats::bayes_factor;
use crate::stats::correlation::{
    Correlation, clustered_order, kendall, mid_ranks, partial, pearson, spearman, tested,
};
use crate::stats::linalg::Square;
use crate::stats::t_test::Alternative;

pub struct CorrelationCell;

crate::choices! {
    /// Which correlation.
    pub enum Method {
        Pearson = "pearson" "Pearson's r, straight lines",
        Spearman = "spearman" "Spearman's ρ, ranks",
        Kendall = "kendall" "Kendall's τ-b, pairs in order",
    }
}

crate::choices! {
    /// Which rows count.
    pub enum Missing {
        Pairwise = "pairwise" "All rows that a pair has",
        Listwise = "listwise" "Only rows that have all columns",
    }
}

crate::options! {
    /// What is correlated.
    pub struct Options {
        /// The columns that are correlated with one another.
        columns "Columns": Vec<String> = columns(Fits::Numbers).at_least(2),
        /// Columns whose part is taken out of all others first: partial correlations, not for Kendall's τ.
        controls "Hold constant": Vec<String> = columns(Fits::Numbers).optional(),
        /// What counts as going together.
        method "Kind": Method = choice(Method::CHOICES, "pearson"),
        /// Which rows are used when values are missing; with columns held constant always the rows that have all.
        missing "Missing values": Missing = choice(Missing::CHOICES, "pairwise"),
        /// Among many pairs some look related by chance; adjusted p values allow for it.
        adjust "Adjust p values": Correction = choice(Correction::CHOICES, "holm"),
        /// How much each row counts; not only whole numbers.
        weights "Weights": Option<String> = column(Fits::Numbers).optional().advanced(),
        /// Correlations are the same whatever the weights mean; tests and intervals are not. A sample has none of ranks.
        weighting "Weights are": Weighting = choice(Weighting::COUNTS, "frequency").advanced().when_chosen("weights"),
        /// Columns that go together stand together in the picture.
        clustered "Order by likeness": bool = flag(true).advanced(),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).advanced(),
        /// How much likelier the data are under a correlation than under none; not with columns held constant.
        bayes "Bayes factor": bool = flag(false).advanced().when("method", &["pearson"]),
        /// The width κ of the stretched beta prior of the correlation; 1 makes all correlations equally likely.
        prior_width "Prior width": f64 = number(1.0, 0.01, 2.0).advanced().when("bayes", &["true"]),
    }
}

impl Analysis for CorrelationCell {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "explore.correlation",
        version: 1,
        title: "Correlation",
        group: Group::Explore,
        about: "Which columns of numbers go together, how strongly, and how sure that is.",
        headline: "Correlation of {columns}",
        method: "Pearson and Spearman are tested by t with n − 2 degrees of freedom (less one for each column held constant), Kendall's τ-b by the normal distribution with the variance of tied ranks; no exact tests. Intervals by Fisher's z: with error 1/√(n − 3) for Pearson, Bonett and Wright's for Spearman, Fieller's √(0.437 / (n − 4)) for Kendall. Partial Spearman correlations take ranks first. The Bayes factor is two-sided, with a stretched beta prior beta(1/κ, 1/κ) on −1 to 1 (Ly et al.): κ is 1 as in JASP, 1/3 is the default of R's BayesFactor. Frequency weights are as if each row stood there so often. Sampling weights: the error of Pearson's r is linearised (R's survey::svyvar with svycontrast, no strata or clusters), test and interval are Student's of Fisher's z with n − 1 degrees of freedom, partial correlations are of weighted residuals; Spearman's ρ is of the population's ranks, without test or interval, τ-b is not given, nor is a Bayes factor. The picture's order is that of average linkage on 1 − r.",
        references: &[
            "Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and Spearman correlations. Psychometrika, 65, 23–28.",
            "Fieller, E. C., Hartley, H. O., & Pearson, E. S. (1957). Tests for rank correlation coefficients. Biometrika, 44, 470–481.",
            "Knight, W. R. (1966). A computer method for calculating Kendall's tau with ungrouped data. Journal of the American Statistical Association, 61, 436–439.",
            "Ly, A., Verhagen, J., & Wagenmakers, E.-J. (2016). Harold Jeffreys's default Bayes factor hypothesis tests: Explanation, extension, and application in psychology. Journal of Mathematical Psychology, 72, 19–32.",
        ],
        keywords: &[
            "pearson",
            "spearman",
            "kendall",
            "partial",
            "heatmap",
            "matrix",
            "association",
            "bayes factor",
            "상관",
            "상관관계",
            "상관분석",
            "편상관",
            "히트맵",
            "베이즈 인자",
        ],
        picture: Picture::Scatter,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "penguins",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]}"#,
            },
            Example {
                name: "partial",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"], "controls": ["body_mass_g"], "method": "spearman", "adjust": "bh"}"#,
            },
            Example {
                name: "sample",
                tables: &[("table", "penguins_weights.csv")],
                values: r#"{"columns": ["bill_length_mm", "bill_depth_mm", "body_mass_g"], "weights": "sample", "weighting": "sampling"}"#,
            },
        ],
        korean: include_str!("correlation.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        if options.method == Method::Kendall && !options.controls.is_empty() {
            let message = msg!(
                "explore.correlation.no_partial_tau",
                "Choose Pearson's or Spearman's correlation to hold columns constant."
            );
            return Err(RunError::option("method", message));
        }
        if let Some(both) = options
            .controls
            .iter()
            .find(|c| options.columns.contains(c))
        {
            let message = msg!(
                "explore.correlation.both",
                "“{column}” cannot be correlated and held constant at once.",
                column = both
            );
            return Err(RunError::option("controls", message));
        }
        if options.method == Method::Kendall && options.is_sample() {
            let message = msg!(
                "explore.correlation.no_sampled_tau",
                "Choose Pearson's or Spearman's correlation of rows that are a sample of a population."
            );
            return Err(RunError::option("method", message));
        }
        let pairs = Pairs::of(options, input, ctx)?;
        let mut report = Report {
            summary: pairs.summary(),
            ..Report::default()
        };
        report.push(pairs.chart());
        report.push(pairs.matrix());
        report.push(pairs.table());
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

impl Options {
    /// Bayes factors are of Pearson's r with nothing held constant.
    fn has_bayes(&self) -> bool {
        self.bayes
            && self.method == Method::Pearson
            && self.controls.is_empty()
            && !self.is_sample()
    }

    /// Whether rows are a sample of a population, drawn with unequal chances.
    fn is_sample(&self) -> bool {
        self.weights.is_some() && self.weighting == Weighting::Sampling
    }
}

/// All pairs of columns, `(i, j)` with i < j.
struct Pairs<'a> {
    options: &'a Options,
    places: Vec<(usize, usize)>,
    found: Vec<Correlation>,
    adjusted: Vec<f64>,
}

impl<'a> Pairs<'a> {
    fn of(options: &'a Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let k = options.columns.len();
        let places: Vec<(usize, usize)> = (0..k)
            .flat_map(|i| (i + 1..k).map(move |j| (i, j)))
            .collect();
        let step = msg!("explore.correlation.step", "Correlating");
        ctx.tick(0.0, &step)?;
        let is_listwise = options.missing == Missing::Listwise || !options.controls.is_empty();
        let found = if let Some(weights) = &options.weights {
            weighted::found(options, &places, input, weights, ctx, &step)?
        } else if is_listwise {
            let mut names = options.columns.clone();
            names.extend(options.controls.iter().cloned());
            let complete = input.complete("columns", &names)?;
            ctx.note_dropped(complete.rows.len(), complete.n_dropped);
            let mut values = complete.columns;
            if options.method == Method::Spearman {
                for (c, column) in values.iter_mut().enumerate() {
                    *column = mid_ranks(column);
                    ctx.tick(0.3 * (c + 1) as f32 / names.len() as f32, &step)?;
                }
            }
            listwise(options, &places, &values, ctx, &step)?
        } else {
            pairwise(options, &places, input, ctx, &step)?
        };
        let p_values: Vec<f64> = found.iter().map(|c| c.p).collect();
        let adjusted = options.adjust.adjust(&p_values);
        Ok(Self {
            options,
            places,
            found,
            adjusted,
        })
    }

    fn name(&self, i: usize) -> &str {
        &self.options.columns[i]
    }

    fn at(&self, i: usize, j: usize) -> Option<usize> {
        let wanted = (i.min(j), i.max(j));
        self.places.iter().position(|p| *p == wanted)
    }

    fn symbol(&self) -> &'static str {
        match self.options.method {
            Method::Pearson => "r",
            Method::Spearman => "ρ",
            Method::Kendall => "τ",
        }
    }

    fn summary(&self) -> Vec<Msg> {
        let strongest = (0..self.found.len())
            .filter(|&p| self.found[p].r.is_finite())
            .max_by(|&a, &b| self.found[a].r.abs().total_cmp(&self.found[b].r.abs()));
        let Some(top) = strongest else {
            return vec![msg!(
                "explore.correlation.none",
                "No pair of columns varies together in enough rows to correlate."
            )];
        };
        let (i, j) = self.places[top];
        let c = &self.found[top];
        let values = |m: Msg| {
            m.with("a", self.name(i))
                .with("b", self.name(j))
                .with("symbol", self.symbol())
                .with("r", (c.r, Format::Fixed(2)))
                .with("n", c.n)
        };
        const UNTESTED: Msg = Msg::new(
            "explore.correlation.untested",
            "Most closely related: {a} and {b} ({symbol} = {r}, {n} rows).",
        );
        if c.low.is_nan() {
            return vec![values(UNTESTED)];
        }
        const UP: Msg = Msg::new(
            "explore.correlation.up",
            "Most closely related: {a} and {b} rise together ({symbol} = {r}, {level} interval {low} to {high}, {n} rows).",
        );
        const DOWN: Msg = Msg::new(
            "explore.correlation.down",
            "Most closely related: {b} falls as {a} rises ({symbol} = {r}, {level} interval {low} to {high}, {n} rows).",
        );
        let mut lines = vec![
            values(if c.r >= 0.0 { UP } else { DOWN })
                .with("level", (self.options.level, Format::Percent(0)))
                .with("low", (c.low, Format::Fixed(2)))
                .with("high", (c.high, Format::Fixed(2))),
        ];
        let alpha = 1.0 - self.options.level;
        let n_sure = self.adjusted.iter().filter(|p| **p < alpha).count();
        if self.found.len() > 1 {
            lines.push(msg!(
                "explore.correlation.count",
                "{n} of {all} pairs can be told from chance.",
                n = n_sure,
                all = self.found.len()
            ));
        }
        lines
    }

    fn chart(&self) -> Chart {
        let k = self.options.columns.len();
        let r = |i: usize, j: usize| match self.at(i, j) {
            None => 1.0,
            Some(p) => self.found[p].r,
        };
        let order = if self.options.clustered {
            let mut square = Square::zeros(k);
            for i in 0..k {
                for j in 0..k {
                    *square.at_mut(i, j) = r(i, j);
                }
            }
            clustered_order(&square)
        } else {
            (0..k).collect()
        };
        let cells: Vec<(usize, usize)> = (0..k).flat_map(|a| (0..k).map(move |b| (a, b))).collect();
        let names: Vec<Msg> = order.iter().map(|&c| Msg::verbatim(self.name(c))).collect();
        Chart::new(
            "correlations",
            msg!("explore.correlation.heat", "What goes together?"),
            Axis::category(Msg::verbatim(""), names.clone()),
            Axis::category(Msg::verbatim(""), names),
        )
        .mark(Mark::Tiles {
            x: cells.iter().map(|c| c.0 as f64).collect(),
            y: cells.iter().map(|c| c.1 as f64).collect(),
            value: cells.iter().map(|c| r(order[c.0], order[c.1])).collect(),
            size: (1.0, 1.0),
            low: -1.0,
            high: 1.0,
            title: Msg::verbatim(self.symbol()),
            format: Format::Fixed(2),
        })
    }

    /// The lower triangle.
    fn matrix(&self) -> TableBlock {
        let k = self.options.columns.len();
        let mut heads = vec![Head::name("column", Msg::verbatim(""))];
        for j in 0..k - 1 {
            heads.push(Head::new(
                &format!("c{}", j + 1),
                Msg::verbatim(self.name(j)),
                Format::Fixed(2),
            ));
        }
        let title = msg!("explore.correlation.matrix", "Correlations");
        let mut table = TableBlock::new("matrix", title, heads);
        for i in 1..k {
            let mut cells: Vec<Cell> = vec![self.name(i).into()];
            for j in 0..k - 1 {
                cells.push(match self.at(i, j).filter(|_| j < i) {
                    Some(p) => Some(self.found[p].r).filter(|r| r.is_finite()).into(),
                    None => Cell::Empty,
                });
            }
            table.row(cells);
        }
        if !self.options.controls.is_empty() {
            table.notes.push(msg!(
                "explore.correlation.held",
                "Held constant: {names}.",
                names = self
                    .options
                    .controls
                    .iter()
                    .map(Arg::from)
                    .collect::<Vec<_>>()
            ));
        }
        table
    }

    fn table(&self) -> TableBlock {
        let mut heads = vec![
            Head::name("first", msg!("explore.correlation.first", "One")),
            Head::name("second", msg!("explore.correlation.second", "Other")),
            Head::new("r", Msg::verbatim(self.symbol()), Format::Fixed(3)),
        ];
        heads.extend(words::ends("", self.options.level, Format::Fixed(3)));
        heads.push(words::p());
        let is_adjusted = self.options.adjust != Correction::None;
        if is_adjusted {
            heads.push(Head::new(
                "p_adjusted",
                msg!("explore.correlation.adjusted", "Adjusted p"),
                Format::PValue,
            ));
        }
        heads.push(words::n());
        let has_bayes = self.options.has_bayes();
        if has_bayes {
            heads.push(words::bayes_factor());
            heads.push(Head::name("reading", msg!("frame.reading", "What it says")));
        }
        let title = msg!("explore.correlation.pairs", "Pairs");
        let mut table = TableBlock::new("pairs", title, heads);
        let known = |v: f64| Cell::from(Some(v).filter(|v| !v.is_nan()));
        for (p, &(i, j)) in self.places.iter().enumerate() {
            let c = &self.found[p];
            let mut cells = vec![
                self.name(i).into(),
                self.name(j).into(),
                known(c.r),
                known(c.low),
                known(c.high),
                known(c.p),
            ];
            if is_adjusted {
                cells.push(known(self.adjusted[p]));
            }
            cells.push(c.n.into());
            if has_bayes {
                let width = self.options.prior_width;
                let factor = bayes_factor::correlation(c.r, c.n, width, Alternative::TwoSided);
                cells.push(known(factor));
                cells.push(words::bayes_reading(factor).into());
            }
            table.row(cells);
        }
        if has_bayes {
            table.notes.push(msg!(
                "explore.correlation.bayes_note",
                "Prior of the correlation: stretched beta of width {width}. The factors are not adjusted for the number of pairs.",
                width = (self.options.prior_width, Format::Significant(4))
            ));
        }
        table
    }
}

/// Columns without gaps; of ranks already where those are wanted. Controls come last.
fn listwise(
    options: &Options,
    places: &[(usize, usize)],
    values: &[Vec<f64>],
    ctx: &mut Ctx,
    step: &Msg,
) -> Result<Vec<Correlation>, RunError> {
    let n_rows = values[0].len() as f64;
    let bonett = if options.method == Method::Spearman {
        0.5
    } else {
        0.0
    };
    if options.controls.is_empty() {
        let mut found = Vec::new();
        for (p, &(i, j)) in places.iter().enumerate() {
            ctx.tick(0.3 + 0.6 * p as f32 / places.len() as f32, step)?;
            found.push(match options.method {
                Method::Kendall => kendall(&values[i], &values[j], options.level),
                _ => {
                    let r = pearson(&values[i], &values[j], options.level).r;
                    tested(r, n_rows, 0, options.level, bonett)
                }
            });
        }
        return Ok(found);
    }
    let size = values.len();
    let mut all = Square::zeros(size);
    for i in 0..size {
        ctx.tick(0.3 + 0.6 * i as f32 / size as f32, step)?;
        *all.at_mut(i, i) = 1.0;
        for j in 0..i {
            let r = pearson(&values[i], &values[j], options.level).r;
            // A constant column explains nothing.
            let r = if r.is_finite() { r } else { 0.0 };
            *all.at_mut(i, j) = r;
            *all.at_mut(j, i) = r;
        }
    }
    let is_constant = |c: usize| values[c].iter().all(|v| *v == values[c][0]);
    let k = options.columns.len();
    let partials = partial(&all, k);
    Ok(places
        .iter()
        .map(|&(i, j)| {
            let r = if is_constant(i) || is_constant(j) {
                f64::NAN
            } else {
                partials.at(i, j)
            };
            tested(r, n_rows, size - k, options.level, bonett)
        })
        .collect())
}

fn pairwise(
    options: &Options,
    places: &[(usize, usize)],
    input: &Input,
    ctx: &mut Ctx,
    step: &Msg,
) -> Result<Vec<Correlation>, RunError> {
    let mut values: Vec<Cow<[f64]>> = Vec::new();
    for name in &options.columns {
        let column = input.column("columns", name)?;
        values.push(column.numbers().ok_or_else(|| {
            RunError::option(
                "columns",
                msg!(
                    "spec.not_numbers",
                    "“{name}” does not hold numbers to measure with.",
                    name = name
                ),
            )
        })?);
    }
    let is_whole: Vec<bool> = values
        .iter()
        .map(|v| v.iter().all(|x| x.is_finite()))
        .collect();
    // Ranks of a column without gaps serve all its pairs with others like it.
    let ranks: Vec<Option<Vec<f64>>> = values
        .iter()
        .zip(&is_whole)
        .map(|(v, whole)| (*whole && options.method == Method::Spearman).then(|| mid_ranks(v)))
        .collect();
    let mut found = Vec::new();
    let (mut fewest, mut most) = (f64::INFINITY, 0.0_f64);
    for (p, &(i, j)) in places.iter().enumerate() {
        ctx.tick(0.2 + 0.7 * p as f32 / places.len() as f32, step)?;
        let one = if let (Some(a), Some(b)) = (&ranks[i], &ranks[j]) {
            tested(
                pearson(a, b, options.level).r,
                a.len() as f64,
                0,
                options.level,
                0.5,
            )
        } else if is_whole[i] && is_whole[j] {
            correlate(options, &values[i], &values[j])
        } else {
            let both = values[i].iter().zip(values[j].iter());
            let (x, y): (Vec<f64>, Vec<f64>) = both
                .filter(|(a, b)| a.is_finite() && b.is_finite())
                .map(|(a, b)| (*a, *b))
                .unzip();
            correlate(options, &x, &y)
        };
        fewest = fewest.min(one.n);
        most = most.max(one.n);
        found.push(one);
    }
    note_rows(fewest, most, ctx);
    Ok(found)
}

/// Notes that pairs have different rows.
fn note_rows(fewest: f64, most: f64, ctx: &mut Ctx) {
    if fewest < most {
        ctx.note(msg!(
            "explore.correlation.rows",
            "Pairs have from {fewest} to {most} rows, as values are missing.",
            fewest = fewest,
            most = most
        ));
    }
}

fn correlate(options: &Options, x: &[f64], y: &[f64]) -> Correlation {
    match options.method {
        Method::Pearson => pearson(x, y, options.level),
        Method::Spearman => spearman(x, y, options.level),
        Method::Kendall => kendall(x, y, options.level),
    }
}
