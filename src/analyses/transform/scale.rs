//! Scale: numbers on one footing, or of a better shape.

mod fitted;
mod rows;

use crate::msg;
use crate::report::{
    Axis, Cell, Chart, Format, Head, Mark, Msg, Receipt, Report, TableBlock, Tone,
};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, columns, flag, integer, number, reads, text,
};
use crate::stats::histogram::{BinRule, histogram};
use crate::stats::progress::Cancelled;
use crate::table::{Column, Table};

use fitted::{Fitted, Impossible};

pub struct Scale;

crate::choices! {
    /// What is done to the numbers.
    pub enum Method {
        Standard = "standard" "Standard: mean 0, standard deviation 1",
        MinMax = "min_max" "Minimum and maximum at chosen ends",
        MaxAbs = "max_abs" "Largest absolute value 1",
        Robust = "robust" "Robust: median 0, interquartile range 1",
        Uniform = "uniform" "Quantiles, uniform from 0 to 1",
        Normal = "normal" "Quantiles, as a normal distribution",
        Log = "log" "Logarithm",
        Log1p = "log1p" "Logarithm of x + 1",
        BoxCox = "box_cox" "Box–Cox power",
        YeoJohnson = "yeo_johnson" "Yeo–Johnson power",
        Unit = "unit" "Rows to length 1 (L2 norm)",
    }
}

crate::choices! {
    /// What the variance is divided by.
    pub enum Divisor {
        N = "n" "n, as scikit-learn",
        Less = "n_minus_1" "n − 1, as R",
    }
}

crate::choices! {
    /// The base of logarithms.
    pub enum Base {
        E = "e" "e",
        Two = "two" "2",
        Ten = "ten" "10",
    }
}

crate::choices! {
    /// Where the new numbers stand.
    pub enum Place {
        New = "new" "New columns",
        Replace = "replace" "In place of the old numbers",
    }
}

crate::options! {
    /// Which numbers, and how they are scaled.
    pub struct Options {
        /// Numbers that are scaled, each column by itself (the norm of rows takes them together).
        columns "Columns": Vec<String> = columns(Fits::Numbers),
        /// Shifting and stretching keeps the shape of a distribution; quantiles, logarithms and powers change it.
        method "Method": Method = choice(Method::CHOICES, "standard"),
        /// What the sum of squares is divided by for the standard deviation.
        divisor "Divisor of the variance": Divisor = choice(Divisor::CHOICES, "n").when("method", &["standard"]),
        /// Where the smallest value goes.
        low "Minimum at": f64 = number(0.0, f64::MIN, f64::MAX).when("method", &["min_max"]),
        /// Where the largest value goes.
        high "Maximum at": f64 = number(1.0, f64::MIN, f64::MAX).when("method", &["min_max"]),
        /// How many quantiles are kept; values between them are interpolated.
        n_quantiles "Quantiles": usize = integer(1000, 2, 100_000).when("method", &["uniform", "normal"]).advanced(),
        /// The base of the logarithm.
        base "Base": Base = choice(Base::CHOICES, "e").when("method", &["log", "log1p"]),
        /// Whether powers are also brought to mean 0 and standard deviation 1 (divisor n), as scikit-learn does.
        standardise "Standardise afterwards": bool = flag(true).when("method", &["box_cox", "yeo_johnson"]),
        /// Whether the old numbers stay beside the new ones.
        place "Written to": Place = choice(Place::CHOICES, "new"),
        /// What new columns are called: the old name followed by this.
        suffix "Ending of new names": String = text("_scaled").when("place", &["new"]),
    }
}

/// Columns whose new shape is drawn.
const MAX_CHARTS: usize = 3;
/// Rows between two ticks.
const CHUNK: usize = 1 << 17;

impl Analysis for Scale {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.scale",
        version: 1,
        title: "Scale numbers",
        group: Group::Transform,
        about: "Puts numbers of different units on one footing, or gives skewed ones a better shape, and lists the parameters that were used.",
        headline: "{columns} scaled: {method}",
        method: "Parameters are found from the finite values of a column. Quartiles and quantiles are of type 7. Quantile transforms are those of scikit-learn's QuantileTransformer fitted on all rows: on ties the middle, ends at 0 and 1 (of the normal, ±5.2). λ of Box–Cox and Yeo–Johnson has the largest likelihood, as in SciPy and scikit-learn. A column whose values are all equal is only shifted. Rows of length 0 stay as they are, and rows that miss a value have no length. Results that are not finite, such as logarithms of 0, are missing.",
        references: &[
            "Box, G. E. P., & Cox, D. R. (1964). An analysis of transformations. Journal of the Royal Statistical Society B, 26, 211–252.",
            "Yeo, I.-K., & Johnson, R. A. (2000). A new family of power transformations to improve normality or symmetry. Biometrika, 87, 954–959.",
        ],
        keywords: &[
            "scale",
            "standardise",
            "standardize",
            "normalise",
            "normalize",
            "z-score",
            "min-max",
            "log",
            "box-cox",
            "yeo-johnson",
            "quantile transform",
            "표준화",
            "정규화",
            "로그",
            "척도",
            "변환",
        ],
        picture: Picture::Histogram,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "scaled",
            title: "Table with scaled numbers",
        }],
        examples: &[
            Example {
                name: "standard",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "body_mass_g"]}"#,
            },
            Example {
                name: "yeo_johnson",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["body_mass_g"], "method": "yeo_johnson"}"#,
            },
            Example {
                name: "unit_rows",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["bill_length_mm", "bill_depth_mm"], "method": "unit", "place": "replace"}"#,
            },
        ],
        korean: include_str!("scale.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        if options.method == Method::MinMax && options.low >= options.high {
            return Err(RunError::option(
                "high",
                msg!(
                    "transform.scale.ends",
                    "The maximum must be above the minimum."
                ),
            ));
        }
        let table = input.table("table")?;
        let numbers = options
            .columns
            .iter()
            .map(|name| {
                let numbers = input.column("columns", name)?.numbers();
                numbers.ok_or_else(|| RunError::not_numbers("columns", name))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let numbers: Vec<&[f64]> = numbers.iter().map(|n| &**n).collect();
        let mut done = Done::new(options, table);
        if options.method == Method::Unit {
            ctx.tick(0.0, &step(&options.columns[0]))?;
            let (scaled, lengths) = rows::to_unit_length(&numbers);
            done.report.push(rows::table(&lengths));
            for (i, values) in scaled.into_iter().enumerate() {
                done.place(i, numbers[i], values, ctx);
            }
            return Ok(done.finish());
        }
        let mut all = Vec::new();
        for (i, name) in options.columns.iter().enumerate() {
            let step = step(name);
            let n_columns = numbers.len() as f32;
            let mut tick = |share: f32| ctx.tick((i as f32 + share) / n_columns, &step);
            tick(0.0)?;
            let finite = finite(numbers[i]);
            let mut search = |share: f32| tick(0.6 * share).map_err(|_| Cancelled);
            let fitted =
                Fitted::new(options, &finite, &mut search).map_err(|e| explain(&e, name))?;
            let mut values = Vec::with_capacity(numbers[i].len());
            for rows in numbers[i].chunks(CHUNK) {
                tick(0.6 + 0.4 * values.len() as f32 / numbers[i].len() as f32)?;
                values.extend(rows.iter().map(|&x| fitted.apply(x)));
            }
            let scaled = self::finite(&values);
            if finite
                .first()
                .is_some_and(|x| finite.iter().all(|y| x == y))
            {
                ctx.note(msg!(
                    "transform.scale.constant",
                    "“{column}” has one value in all rows, so nothing can be said of its spread.",
                    column = name
                ));
            }
            if options.method.reshapes() && done.n_charts < MAX_CHARTS {
                done.draw(i, &scaled);
            }
            all.push(Parameters {
                n: finite.len(),
                skewness: skewness(&finite, &scaled),
                fitted,
            });
            done.place(i, numbers[i], values, ctx);
        }
        if options.method.reshapes() {
            let named = options.columns.iter().zip(&all).take(MAX_CHARTS);
            done.report.summary = named.filter_map(|(name, p)| p.summary(name)).collect();
        }
        done.report.push(parameters(options, &all));
        Ok(done.finish())
    }
}

impl Method {
    /// Whether it changes the shape of a distribution.
    fn reshapes(self) -> bool {
        !matches!(
            self,
            Method::Standard | Method::MinMax | Method::MaxAbs | Method::Robust | Method::Unit
        )
    }
}

/// What was found of one column.
struct Parameters {
    n: usize,
    fitted: Fitted,
    /// Before and after.
    skewness: [f64; 2],
}

impl Parameters {
    /// What the shape was and is; nothing where that cannot be said.
    fn summary(&self, name: &str) -> Option<Msg> {
        let [before, after] = self.skewness;
        (before.is_finite() && after.is_finite()).then(|| {
            msg!(
                "transform.scale.summary",
                "The skewness of “{column}” goes from {before} to {after}; 0 is symmetric.",
                column = name,
                before = (before, Format::Fixed(2)),
                after = (after, Format::Fixed(2))
            )
        })
    }
}

/// The answer as it grows by one column after the other.
struct Done<'a> {
    options: &'a Options,
    table: Table,
    receipt: Receipt,
    report: Report,
    n_charts: usize,
}

impl<'a> Done<'a> {
    fn new(options: &'a Options, table: &Table) -> Self {
        Self {
            options,
            receipt: Receipt::new(table.n_rows()),
            table: table.clone(),
            report: Report::default(),
            n_charts: 0,
        }
    }

    fn place(&mut self, i: usize, old: &[f64], mut new: Vec<f64>, ctx: &mut Ctx) {
        let name = &self.options.columns[i];
        let mut n_lost = 0;
        for (value, old) in new.iter_mut().zip(old) {
            if !value.is_finite() {
                n_lost += usize::from(!old.is_nan());
                *value = f64::NAN;
            }
        }
        if n_lost > 0 {
            ctx.warn(msg!(
                "transform.scale.lost",
                "{n} {n|value|values} of “{column}” {n|has|have} no finite result and {n|is|are} missing now.",
                n = n_lost,
                column = name
            ));
        }
        let made = match self.options.place {
            Place::Replace => name.clone(),
            Place::New => self
                .table
                .free_column_name(&format!("{name}{}", self.options.suffix)),
        };
        let mut column = Column::float(&made, new);
        if self.options.place == Place::Replace {
            column.label = self.table.column(name).and_then(|c| c.label.clone());
            self.receipt.columns_changed([made]);
        } else {
            self.receipt.columns_added([made]);
        }
        self.table = self
            .table
            .with_column(column)
            .expect("a number for each row");
    }

    fn draw(&mut self, i: usize, values: &[f64]) {
        let Some(bins) = histogram(values, BinRule::Sturges) else {
            return;
        };
        let name = &self.options.columns[i];
        let counts: Vec<f64> = bins.counts.iter().map(|&n| n as f64).collect();
        let rows = msg!("transform.scale.rows", "Rows");
        let chart = Chart::new(
            &format!("shape_{}", i + 1),
            msg!(
                "transform.scale.shape",
                "{column} after scaling",
                column = name
            ),
            Axis::linear(msg!(
                "transform.scale.scaled",
                "{column}, scaled",
                column = name
            )),
            Axis::linear(rows).from_zero().format(Format::Integer),
        );
        self.report
            .push(chart.mark(Mark::histogram(&bins.edges, &counts, Tone::Series(0))));
        self.n_charts += 1;
    }

    fn finish(mut self) -> Output {
        self.report.summary.extend(self.receipt.summary());
        self.report.push(self.receipt.table());
        Output {
            report: self.report,
            tables: vec![("scaled", self.table)],
        }
    }
}

fn parameters(options: &Options, all: &[Parameters]) -> TableBlock {
    let names = Fitted::heads(options.method);
    let mut heads = vec![
        Head::name("column", msg!("transform.scale.column", "Column")),
        Head::new(
            "n",
            msg!("transform.scale.values", "Values"),
            Format::Integer,
        ),
    ];
    heads.extend(names);
    if options.method.reshapes() {
        heads.push(Head::new(
            "skewness_before",
            msg!("transform.scale.skewness_before", "Skewness before"),
            Format::Fixed(2),
        ));
        heads.push(Head::new(
            "skewness_after",
            msg!("transform.scale.skewness_after", "Skewness after"),
            Format::Fixed(2),
        ));
    }
    let mut table = TableBlock::new(
        "parameters",
        msg!("transform.scale.parameters", "Parameters"),
        heads,
    );
    for (name, parameters) in options.columns.iter().zip(all) {
        let mut cells: Vec<Cell> = vec![name.as_str().into(), parameters.n.into()];
        let n_values = table.columns.len() - 2 - if options.method.reshapes() { 2 } else { 0 };
        let values = parameters.fitted.values();
        cells.extend((0..n_values).map(|i| Cell::from(values.get(i).copied())));
        if options.method.reshapes() {
            let skewness = parameters.skewness.map(|s| s.is_finite().then_some(s));
            cells.extend(skewness.map(Cell::from));
        }
        table.row(cells);
    }
    table
}

fn skewness(before: &[f64], after: &[f64]) -> [f64; 2] {
    [before, after].map(|v| crate::stats::descriptive::Moments::of(v).skewness())
}

fn finite(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|x| x.is_finite()).collect()
}

fn step(name: &str) -> Msg {
    msg!("transform.scale.step", "Scaling “{column}”", column = name)
}

fn explain(error: &Impossible, name: &str) -> RunError {
    RunError::Data(match error {
        Impossible::Cancelled => return RunError::Cancelled,
        Impossible::NotPositive(n) => msg!(
            "transform.scale.not_positive",
            "{n} {n|value|values} of “{column}” {n|is|are} not above 0, which Box–Cox needs. Try Yeo–Johnson.",
            n = *n,
            column = name
        ),
        Impossible::NoPower => msg!(
            "transform.scale.no_power",
            "The values of “{column}” are too large, or too far from zero for their spread, for a power of them. Subtract or divide first.",
            column = name
        ),
    })
}
