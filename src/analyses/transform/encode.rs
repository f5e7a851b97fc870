//! Encode: categories as numbers.

mod one_hot;
mod ordinal;
mod target;

use crate::msg;
use crate::report::{Msg, Receipt, Report};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, columns, flag, integer, level, number, reads, text,
};
use crate::table::{Column, Levels, Table};

pub struct Encode;

crate::choices! {
    /// How categories become numbers.
    pub enum Method {
        OneHot = "one_hot" "An indicator for each level (one-hot)",
        Ordinal = "ordinal" "The level's place (ordinal)",
        Target = "target" "The outcome's mean within the level (target)",
    }
}

crate::choices! {
    /// What the indicators of a missing value are.
    pub enum Missing {
        Own = "own" "An indicator of its own",
        Zeros = "zeros" "No indicator",
        Missing = "missing" "Missing",
    }
}

crate::choices! {
    /// What indicators hold.
    pub enum Values {
        Flags = "flags" "True and false",
        Numbers = "numbers" "1 and 0",
    }
}

crate::choices! {
    /// In which order levels are numbered.
    pub enum Order {
        Levels = "levels" "Order of the levels",
        Frequency = "frequency" "Most frequent first",
        Appearance = "appearance" "First seen first",
    }
}

crate::choices! {
    /// How strongly small levels are drawn to the overall mean.
    pub enum Smoothing {
        Auto = "auto" "From the data (empirical Bayes)",
        Rows = "rows" "As a number of rows",
    }
}

crate::choices! {
    /// From which rows a row's value is learnt.
    pub enum Folds {
        Random = "random" "Rows of the other folds, folds at random",
        Order = "order" "Rows of the other folds, folds in the order of the rows",
        Column = "column" "Rows of the other folds, folds by a column",
        None = "none" "All rows",
    }
}

crate::choices! {
    /// Whether the old columns stay.
    pub enum Place {
        New = "new" "Beside the old columns",
        Replace = "replace" "In place of the old columns",
    }
}

crate::options! {
    /// Which categories, and how they are written as numbers.
    pub struct Options {
        /// Columns of categories; each is encoded by itself.
        columns "Columns": Vec<String> = columns(Fits::Any),
        /// Indicators suit regressions, places suit ordered levels and trees, means of an outcome suit very many levels.
        method "Method": Method = choice(Method::CHOICES, "one_hot"),
        /// Whether the first level has no indicator, as regressions with an intercept want it.
        drop_first "Leave out the first level": bool = flag(false).when("method", &["one_hot"]),
        /// What the indicators of a row without a value are.
        missing "Missing values": Missing = choice(Missing::CHOICES, "own").when("method", &["one_hot"]),
        /// Of more levels the most frequent keep an indicator; the others share one called “other”.
        max_levels "Most indicators": usize = integer(50, 2, 1000).when("method", &["one_hot"]),
        /// What indicators hold.
        values "Indicators hold": Values = choice(Values::CHOICES, "flags").when("method", &["one_hot"]),
        /// In which order levels are numbered.
        order "Order": Order = choice(Order::CHOICES, "levels").when("method", &["ordinal"]),
        /// The number of the first level.
        start "First number": i64 = integer(0, 0, 1).when("method", &["ordinal"]),
        /// A number, or a column of which one level counts as 1 and the others as 0.
        outcome "Outcome": Option<String> = column(Fits::NumbersOrLevels).optional().when("method", &["target"]),
        /// The level that counts as 1, when the outcome is not a number.
        event "Level that counts": String = level("outcome").when("method", &["target"]),
        /// The fewer rows a level has, the nearer its value comes to the overall mean.
        smoothing "Smoothing": Smoothing = choice(Smoothing::CHOICES, "auto").when("method", &["target"]),
        /// As if every level had this many rows more with the overall mean.
        weight "Rows of smoothing": f64 = number(10.0, 0.0, 1e12).when("smoothing", &["rows"]),
        /// A value learnt from a row's own outcome tells it (leakage): models look better than they are.
        folds "Learnt from": Folds = choice(Folds::CHOICES, "random").when("method", &["target"]),
        /// Into how many folds the rows are cut.
        n_folds "Folds": usize = integer(5, 2, 100).when("folds", &["random", "order"]),
        /// Rows with equal values are in one fold.
        fold_column "Column of folds": Option<String> = column(Fits::Levels).optional().when("folds", &["column"]),
        /// Whether the old columns stay.
        place "Written to": Place = choice(Place::CHOICES, "new"),
        /// What stands between the name of a column and what is added to it.
        separator "Between name and level": String = text("_").advanced(),
    }
}

impl Analysis for Encode {
    type Options = Options;

    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "transform.encode",
        version: 1,
        title: "Encode categories as numbers",
        group: Group::Transform,
        about: "Writes categories as numbers for models: indicators, places or the mean of an outcome.",
        headline: "{columns} encoded: {method}",
        method: "Levels stand in the order of the column. Target encoding is that of scikit-learn's TargetEncoder: with smoothing of m rows a level's value is (sum of outcomes + m · overall mean) / (n + m); from the data a level's mean counts σ²n / (σ²n + s²) and the overall mean the rest, with σ² the variance of the outcome and s² that within the level (divisors n). With folds a row's value comes from the rows of the other folds; a level that these lack has their overall mean. Missing values stay missing in ordinal encoding and are a level of their own in target encoding. Rows that miss the outcome teach nothing and have a value.",
        references: &[
            "Micci-Barreca, D. (2001). A preprocessing scheme for high-cardinality categorical attributes in classification and prediction problems. SIGKDD Explorations, 3, 27–32.",
        ],
        keywords: &[
            "one-hot",
            "dummy",
            "indicator",
            "ordinal",
            "target encoding",
            "mean encoding",
            "label encoding",
            "원핫",
            "더미 변수",
            "가변수",
            "인코딩",
            "타깃 인코딩",
        ],
        picture: Picture::Columns,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "encoded",
            title: "Table with numbers for categories",
        }],
        examples: &[
            Example {
                name: "one_hot",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["species", "sex"]}"#,
            },
            Example {
                name: "ordinal",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["island"], "method": "ordinal", "order": "frequency", "start": 1}"#,
            },
            Example {
                name: "target",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["species", "island"], "method": "target", "outcome": "body_mass_g"}"#,
            },
        ],
        korean: include_str!("encode.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let target = match options.method {
            Method::Target => Some(target::Target::new(options, input, ctx)?),
            _ => None,
        };
        let mut out = Encoded::new(options, table);
        let mut report = Report::default();
        for (i, name) in options.columns.iter().enumerate() {
            ctx.tick(
                i as f32 / options.columns.len() as f32,
                &msg!(
                    "transform.encode.step",
                    "Encoding “{column}”",
                    column = name
                ),
            )?;
            let column = input.column("columns", name)?;
            let levels = column.levels_and_codes();
            let block = match &target {
                Some(target) => target.encode(options, column, &levels, i, &mut out),
                None if options.method == Method::OneHot => {
                    one_hot::encode(options, column, &levels, i, &mut out, ctx)?
                }
                None => ordinal::encode(options, column, &levels, i, &mut out),
            };
            report.push(block);
        }
        report.summary = out.receipt.summary();
        report.push(out.receipt.table());
        Ok(Output {
            report,
            tables: vec![("encoded", out.table)],
        })
    }
}

/// The table as it grows by columns.
struct Encoded {
    table: Table,
    receipt: Receipt,
}

impl Encoded {
    fn new(options: &Options, table: &Table) -> Self {
        let mut receipt = Receipt::new(table.n_rows());
        let mut kept = table.clone();
        if options.place == Place::Replace {
            let names: Vec<&str> = table
                .columns()
                .iter()
                .map(|c| c.name.as_str())
                .filter(|n| !options.columns.iter().any(|c| c == n))
                .collect();
            kept = table.select_columns(&names).expect("names of the table");
            receipt.columns_removed(options.columns.iter().cloned());
        }
        Self {
            table: kept,
            receipt,
        }
    }

    /// A free name for a column called `wanted`.
    fn name(&self, wanted: &str) -> String {
        self.table.free_column_name(wanted)
    }

    fn push(&mut self, column: Column) {
        self.receipt.columns_added([column.name.clone()]);
        self.table = self
            .table
            .with_column(column)
            .expect("a value for each row");
    }
}

/// Levels and how many rows miss one.
fn missing_rows(levels: &Levels) -> usize {
    levels.codes.iter().filter(|c| **c < 0).count()
}

/// The name of missing values in a table.
fn missing_name() -> Msg {
    msg!("transform.encode.missing_level", "Missing")
}
