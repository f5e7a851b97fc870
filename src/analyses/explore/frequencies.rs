//! Frequencies: how often each value of a column comes.

mod code;

use crate::frame::weights::{self, Weighting};
use crate::frame::words;
use crate::msg;
use crate::report::{
    Along, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone,
};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, integer, number, reads,
};
use crate::stats::survey::{Share, Weight};
use crate::table::{Column, Levels, Measure};

pub struct Frequencies;

crate::choices! {
    /// In which order values stand.
    pub enum Order {
        Value = "value" "As the values are ordered",
        Count = "count" "The most frequent first",
    }
}

crate::options! {
    /// What is counted.
    pub struct Options {
        /// The columns whose values are counted.
        columns "Columns": Vec<String> = columns(Fits::Any),
        /// How much each row counts; not only whole numbers.
        weights "Weights": Option<String> = column(Fits::Numbers).optional(),
        /// The counts are the same whatever the weights mean; a sample of a population has errors too.
        weighting "Weights are": Weighting = choice(Weighting::COUNTS, "frequency").when_chosen("weights"),
        /// Names and numbers keep their own order, or stand by how often they come.
        order "Order": Order = choice(Order::CHOICES, "value"),
        /// Further values are counted together.
        max_values "Values shown": usize = integer(40, 2, 1000).advanced(),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).advanced().when("weighting", &["sampling"]),
    }
}

/// Bars of a picture; what is beyond becomes one bar.
const MAX_BARS: usize = 20;
const MAX_CHARTS: usize = 12;

impl Analysis for Frequencies {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "explore.frequencies",
        version: 1,
        title: "Frequencies",
        group: Group::Explore,
        about: "How often each value of a column comes, with shares, cumulative shares and a picture.",
        headline: "Frequencies of {columns}",
        method: "Percentages are of all rows, valid percentages of rows with a value; cumulative percentages add valid ones in the order shown. Missing values are counted column by column. Weights, which need not be whole, are added up; rows whose weight is missing or negative are left out. Sampling weights: errors of valid percentages are linearised (R's survey::svymean without strata or clusters, of the rows with a value), intervals are Student's of the logit with n − 1 degrees of freedom (svyciprop).",
        references: &["Lumley, T. (2010). Complex surveys: A guide to analysis using R. Wiley."],
        keywords: &[
            "counts",
            "percent",
            "tabulate",
            "table",
            "빈도",
            "빈도분석",
            "비율",
            "도수분포",
            "백분율",
        ],
        picture: Picture::Bars,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "penguins",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["species", "sex"]}"#,
            },
            Example {
                name: "by_count",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["flipper_length_mm"], "order": "count", "max_values": 5, "weights": "body_mass_g"}"#,
            },
            Example {
                name: "sample",
                tables: &[("table", "penguins_weights.csv")],
                values: r#"{"columns": ["sex"], "weights": "sample", "weighting": "sampling"}"#,
            },
        ],
        korean: include_str!("frequencies.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let weights = match &options.weights {
            Some(name) => Some(usable_weights(input, name, ctx)?),
            None => None,
        };
        if let Some(weights) = weights.as_deref().filter(|_| options.is_sample()) {
            weights::note_sample(ctx, weights);
        }
        let mut report = Report::default();
        let n_columns = options.columns.len();
        let mut charts = Vec::new();
        for (i, name) in options.columns.iter().enumerate() {
            let step = msg!(
                "explore.frequencies.step",
                "Counting “{column}”",
                column = name
            );
            ctx.tick(i as f32 / n_columns as f32, &step)?;
            let column = input.column("columns", name)?;
            let counts = Counts::of(column, weights.as_deref(), options);
            if counts.all <= 0.0 {
                return Err(RunError::Data(msg!(
                    "explore.frequencies.nothing",
                    "The table has no rows to count."
                )));
            }
            report.summary.push(counts.sentence(name));
            report.push(counts.table(i, name, options));
            if i < MAX_CHARTS && counts.n_levels > 1 {
                charts.push(Block::from(counts.chart(i, name, weights.is_some())));
            }
        }
        if !charts.is_empty() {
            report.push(Block::Group(
                msg!("explore.frequencies.pictures", "Pictures"),
                charts,
            ));
        }
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

impl Options {
    /// Whether rows are a sample of a population, drawn with unequal chances.
    fn is_sample(&self) -> bool {
        self.weights.is_some() && self.weighting == Weighting::Sampling
    }
}

/// Weights of the rows, 0 where there is none to use.
fn usable_weights(input: &Input, name: &str, ctx: &mut Ctx) -> Result<Vec<f64>, RunError> {
    let column = input.column("weights", name)?;
    let values = column.numbers().ok_or_else(|| {
        RunError::option(
            "weights",
            msg!(
                "spec.not_numbers",
                "“{name}” does not hold numbers to measure with.",
                name = name
            ),
        )
    })?;
    let is_weight = |w: &f64| w.is_finite() && *w >= 0.0;
    let n_lost = values.iter().filter(|w| !is_weight(w)).count();
    ctx.note_dropped(values.len() - n_lost, n_lost);
    if values.len() > n_lost && !values.iter().any(|w| is_weight(w) && *w > 0.0) {
        return Err(RunError::option("weights", words::bad_weights()));
    }
    Ok(values
        .iter()
        .map(|w| if is_weight(w) { *w } else { 0.0 })
        .collect())
}

/// A column's values with their counts, in the order shown.
struct Counts {
    names: Vec<String>,
    counts: Vec<f64>,
    n_levels: usize,
    /// Weight of the values that are not shown.
    rest: f64,
    n_rest: usize,
    missing: f64,
    valid: f64,
    all: f64,
    sample: Option<Sample>,
}

/// What errors of shares are made of, where rows are a sample.
struct Sample {
    /// Of the values shown, in their order.
    values: Vec<Weight>,
    rest: Weight,
    /// Of all rows that have a value.
    valid: Weight,
    n: usize,
}

impl Counts {
    fn of(column: &Column, weights: Option<&[f64]>, options: &Options) -> Self {
        let Levels { names, codes } = column.levels_and_codes();
        let mut counts = vec![0.0; names.len()];
        let mut missing = 0.0;
        match weights {
            None => {
                for &code in &codes {
                    match code {
                        0.. => counts[code as usize] += 1.0,
                        _ => missing += 1.0,
                    }
                }
            }
            Some(weights) => {
                for (&code, w) in codes.iter().zip(weights) {
                    match code {
                        0.. => counts[code as usize] += w,
                        _ => missing += w,
                    }
                }
            }
        }
        let valid: f64 = counts.iter().sum();
        let mut order: Vec<usize> = (0..names.len()).filter(|&l| counts[l] > 0.0).collect();
        let n_levels = order.len();
        let by_count = |order: &mut Vec<usize>| {
            order.sort_by(|&a, &b| counts[b].total_cmp(&counts[a]).then(a.cmp(&b)));
        };
        let is_plain = !matches!(
            column.measure,
            Measure::Ordinal | Measure::Scale | Measure::Time
        );
        if options.order == Order::Count || (n_levels > options.max_values && is_plain) {
            by_count(&mut order);
        }
        let hidden: Vec<usize> = order.drain(options.max_values.min(n_levels)..).collect();
        let sample = weights.filter(|_| options.is_sample());
        let sample =
            sample.map(|weights| Sample::of(&codes, weights, &order, &hidden, counts.len()));
        Self {
            sample,
            names: order.iter().map(|&l| names[l].clone()).collect(),
            counts: order.iter().map(|&l| counts[l]).collect(),
            n_levels,
            rest: hidden.iter().map(|&l| counts[l]).sum(),
            n_rest: hidden.len(),
            missing,
            valid,
            all: valid + missing,
        }
    }

    fn sentence(&self, name: &str) -> Msg {
        let top = (0..self.counts.len())
            .rev()
            .max_by(|&a, &b| self.counts[a].total_cmp(&self.counts[b]));
        match top {
            None => msg!(
                "explore.frequencies.all_missing",
                "“{column}” has no values: all are missing.",
                column = name
            ),
            Some(top) => msg!(
                "explore.frequencies.top",
                "The most frequent of {n} {n|value|values} of {column} is “{value}”: {count} ({share} of those that are there).",
                n = self.n_levels,
                column = name,
                value = &self.names[top],
                count = self.counts[top],
                share = (self.counts[top] / self.valid, Format::Percent(1))
            ),
        }
    }

    fn table(&self, place: usize, name: &str, options: &Options) -> TableBlock {
        let percent = |key: &str, title: Msg| Head::new(key, title, Format::Percent(1));
        let mut heads = vec![
            Head::name("value", msg!("explore.frequencies.value", "Value")),
            Head::new(
                "count",
                msg!("explore.frequencies.count", "Count"),
                Format::General,
            ),
            percent("percent", msg!("explore.frequencies.percent", "Percent")),
            percent(
                "valid_percent",
                msg!("explore.frequencies.valid", "Valid percent"),
            ),
            percent(
                "cumulative_percent",
                msg!("explore.frequencies.cumulative", "Cumulative percent"),
            ),
        ];
        if self.sample.is_some() {
            heads.push(percent("std_error", msg!("frame.se", "SE")));
            heads.extend(words::ends("", options.level, Format::Percent(1)));
        }
        let n_heads = heads.len();
        let key = format!("frequencies_{}", place + 1);
        let mut table = TableBlock::new(&key, Msg::verbatim(name), heads);
        let mut sum = 0.0;
        for (i, (name, count)) in self.names.iter().zip(&self.counts).enumerate() {
            sum += count;
            let mut cells = vec![
                name.clone().into(),
                (*count).into(),
                (count / self.all).into(),
                (count / self.valid).into(),
                (sum / self.valid).into(),
            ];
            if let Some(sample) = &self.sample {
                cells.extend(sample.errors(sample.values[i], options.level));
            }
            table.row(cells);
        }
        if self.n_rest > 0 {
            let mut cells = vec![
                self.others().into(),
                self.rest.into(),
                (self.rest / self.all).into(),
                (self.rest / self.valid).into(),
                1.0.into(),
            ];
            if let Some(sample) = &self.sample {
                cells.extend(sample.errors(sample.rest, options.level));
            }
            table.row(cells);
        }
        let mut line = |mut cells: Vec<Cell>| {
            cells.resize(n_heads, Cell::Empty);
            table.row(cells);
        };
        if self.missing > 0.0 {
            line(vec![
                msg!("explore.frequencies.missing", "Missing").into(),
                self.missing.into(),
                (self.missing / self.all).into(),
            ]);
        }
        line(vec![
            msg!("explore.frequencies.total", "Total").into(),
            self.all.into(),
            1.0.into(),
        ]);
        if self.sample.is_some() {
            table.notes.push(msg!(
                "explore.frequencies.sample_note",
                "Errors and intervals are of the valid percentages: linearised for a sample drawn with unequal chances."
            ));
        }
        if options.order == Order::Value && self.n_rest > 0 {
            table.notes.push(msg!(
                "explore.frequencies.cut",
                "{n} more {n|value is|values are} counted together.",
                n = self.n_rest
            ));
        }
        table
    }

    fn others(&self) -> Msg {
        msg!(
            "explore.frequencies.others",
            "{n} {n|other|others}",
            n = self.n_rest
        )
    }

    fn chart(&self, place: usize, name: &str, is_weighted: bool) -> Chart {
        let shown = self.names.len().min(MAX_BARS);
        let mut names: Vec<Msg> = self.names[..shown].iter().map(Msg::verbatim).collect();
        let mut lengths = self.counts[..shown].to_vec();
        let beyond = self.names.len() - shown + self.n_rest;
        if beyond > 0 {
            names.push(msg!(
                "explore.frequencies.others",
                "{n} {n|other|others}",
                n = beyond
            ));
            lengths.push(self.counts[shown..].iter().sum::<f64>() + self.rest);
        }
        let axis = if is_weighted {
            Axis::linear(msg!("explore.frequencies.weight_axis", "Weighted rows"))
        } else {
            Axis::linear(msg!("frame.n", "Rows")).format(Format::Integer)
        };
        Chart::new(
            &format!("bars_{}", place + 1),
            Msg::verbatim(name),
            axis.from_zero(),
            Axis::category(Msg::verbatim(""), names),
        )
        .mark(Mark::category_bars(Along::Y, &lengths, Tone::Accent))
    }
}

impl Sample {
    fn of(
        codes: &[i32],
        weights: &[f64],
        shown: &[usize],
        hidden: &[usize],
        n_levels: usize,
    ) -> Self {
        let mut levels = vec![Weight::default(); n_levels];
        let mut n = 0;
        for (&code, &w) in codes.iter().zip(weights) {
            if code >= 0 {
                levels[code as usize].add(w);
                n += usize::from(w > 0.0);
            }
        }
        let sum = |places: &mut dyn Iterator<Item = &usize>| {
            places.fold(Weight::default(), |sum, &l| sum.plus(levels[l]))
        };
        Self {
            values: shown.iter().map(|&l| levels[l]).collect(),
            rest: sum(&mut hidden.iter()),
            valid: sum(&mut shown.iter().chain(hidden)),
            n,
        }
    }

    /// The error of a share and the ends of its interval.
    fn errors(&self, part: Weight, level: f64) -> [Cell; 3] {
        let share = Share::of(part, self.valid, self.n);
        let (low, high) = share.interval(level);
        let known = |v: f64| Cell::from(Some(v).filter(|v| !v.is_nan()));
        [known(share.standard_error), known(low), known(high)]
    }
}
