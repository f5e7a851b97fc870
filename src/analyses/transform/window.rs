//! Window: new columns from the rows before, after and beside each row.

mod steps;

use crate::msg;
use crate::report::{Cell, Format, Head, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, columns, flag, format_of, integer, reads, rows, text,
};
use crate::table::verbs::{Groups, Order, SortKey};
use crate::table::{Column, Data, Table};

pub struct Window;

crate::choices! {
    /// What a new column says of a row.
    pub enum What {
        RowNumber = "row_number" "Row number",
        Rank = "rank" "Rank, smallest first",
        RankDescending = "rank_descending" "Rank, largest first",
        DenseRank = "dense_rank" "Rank without gaps, smallest first",
        Lag = "lag" "Value some rows before",
        Lead = "lead" "Value some rows after",
        Difference = "difference" "Difference from some rows before",
        Change = "change" "Relative change from some rows before",
        CumulativeSum = "cumulative_sum" "Running sum",
        CumulativeMean = "cumulative_mean" "Running mean",
        CumulativeCount = "cumulative_count" "Running count of values",
        MovingSum = "moving_sum" "Moving sum",
        MovingMean = "moving_mean" "Moving mean",
        DaysSince = "days_since" "Days since some rows before",
        Share = "share" "Share of the group's sum",
    }
}

crate::choices! {
    /// Which end comes first.
    pub enum Direction {
        Ascending = "ascending" "Smallest first",
        Descending = "descending" "Largest first",
    }
}

crate::options! {
    /// One column of the order.
    pub struct By {
        /// A column that rows are ordered by.
        column "Column": String = column(Fits::Any),
        /// Which values come first.
        direction "Direction": Direction = choice(Direction::CHOICES, "ascending"),
    }
}

/// New columns that are about a column.
const ABOUT_A_COLUMN: &[&str] = &[
    "rank",
    "rank_descending",
    "dense_rank",
    "lag",
    "lead",
    "difference",
    "change",
    "cumulative_sum",
    "cumulative_mean",
    "cumulative_count",
    "moving_sum",
    "moving_mean",
    "days_since",
    "share",
];

/// New columns that reach some rows far.
const REACHING: &[&str] = &[
    "lag",
    "lead",
    "difference",
    "change",
    "moving_sum",
    "moving_mean",
    "days_since",
];

crate::options! {
    /// One new column.
    pub struct Step {
        /// What the new column says.
        what "New column": What = choice(What::CHOICES, "lag"),
        /// The column that it is about. Without one, ranks follow the order and a running count counts rows.
        column "Of column": Option<String> = column(Fits::Any).optional().when("what", ABOUT_A_COLUMN),
        /// How many rows before or after (1 when empty), or the length of a moving window (7 when empty).
        rows "Rows": Option<usize> = integer(1, 1, 1_000_000).optional().when("what", REACHING),
        /// The name of the new column; one is made up when this is empty.
        name "Name": String = text(""),
    }
}

crate::options! {
    /// Which rows stand together, in which order, and what is made of them.
    pub struct Options {
        /// Rows with the same values in these columns are a group of their own; without any all rows are one.
        by "Groups": Vec<String> = columns(Fits::Any).optional(),
        /// How the rows of a group are ordered; as in the table when nothing is chosen.
        order "Order": Vec<By> = rows(<By as crate::spec::Options>::SPECS).between(0, 20),
        /// The new columns.
        steps "New columns": Vec<Step> = rows(<Step as crate::spec::Options>::SPECS).between(1, 50),
        /// Moving windows at the start of a group, or with missing values, give an answer from what there is.
        partial "Partial windows": bool = flag(false),
    }
}

impl Analysis for Window {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.window",
        version: 1,
        title: "Running values and ranks",
        group: Group::Transform,
        about: "New columns from neighbouring rows: ranks, earlier values, running totals, moving means, days since the previous row.",
        headline: "{steps} new {steps|column|columns} from neighbouring rows",
        method: "A missing key is a group of its own. Rows that are equal in the order stay as in the table; rows without a value in the order come last. Ranks of a column count from its smallest or largest value, and missing values have none; ranks without a column follow the order. Equal rows share the first of their places, or one place without gaps. Running values cover the group's rows up to and with each row and skip missing values; before the first value there is no sum and no mean. A moving window is a row and the rows before it; unless partial windows are wanted, it needs a value in each of its rows. A change is the difference over the size of the earlier value. Differences of dates are in days. The table keeps its rows and their order.",
        references: &[],
        keywords: &[
            "window function",
            "rank",
            "lag",
            "lead",
            "cumulative",
            "running total",
            "moving average",
            "rolling",
            "순위",
            "누적",
            "이동 평균",
            "이전 값",
            "전기 대비",
        ],
        picture: Picture::Lines,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "rows",
            title: "Rows with new columns",
        }],
        examples: &[Example {
            name: "within_species",
            tables: &[("table", "penguins.csv")],
            values: r#"{"by": ["species"], "order": [{"column": "year"}], "steps": [{"what": "row_number"}, {"what": "rank", "column": "body_mass_g"}, {"what": "lag", "column": "body_mass_g"}, {"what": "cumulative_sum", "column": "body_mass_g"}, {"what": "moving_mean", "column": "body_mass_g", "rows": 5}, {"what": "share", "column": "body_mass_g"}]}"#,
        }],
        korean: include_str!("window.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        ctx.tick(0.0, &msg!("transform.window.ordering", "Ordering the rows"))?;
        let table = input.table("table")?;
        let by: Vec<&Column> = options
            .by
            .iter()
            .map(|name| input.column("by", name))
            .collect::<Result<_, _>>()?;
        let mut keys = Vec::new();
        for (i, one) in options.order.iter().enumerate() {
            keys.push(SortKey {
                descending: one.direction == Direction::Descending,
                ..SortKey::ascending(input.column(&format!("order.{i}.column"), &one.column)?)
            });
        }
        let groups = Groups::of(&by, table.n_rows());
        let order = Order::of(&groups.ids, groups.len(), &keys);
        let mut made = table.clone();
        for (i, step) in options.steps.iter().enumerate() {
            ctx.tick(
                0.3 + 0.7 * i as f32 / options.steps.len() as f32,
                &msg!("transform.window.step", "Making new columns"),
            )?;
            let rows = steps::Rows {
                groups: &groups,
                order: &order,
                keys: &keys,
                partial: options.partial,
            };
            let mut new = steps::column(step, i, &rows, input)?;
            new.name = made.free_column_name(&step.new_name());
            new.label = None;
            made = made.with_column(new).expect("a value for each row");
        }
        let new = &made.columns()[table.n_columns().min(made.n_columns())..];
        let mut receipt = Receipt::new(table.n_rows());
        receipt.columns_added(new.iter().map(|c| c.name.clone()));
        let mut report = Report {
            summary: receipt.summary(),
            ..Report::default()
        };
        report.push(overview(&made, table.n_columns()));
        report.push(receipt.table());
        if !by.is_empty() && table.n_rows() > 0 {
            ctx.note(msg!(
                "transform.window.groups",
                "The rows are in {n} {n|group|groups} by {by}.",
                n = groups.len(),
                by = options.by.clone()
            ));
        }
        Ok(Output {
            report,
            tables: vec![("rows", made)],
        })
    }
}

/// What the new columns hold.
fn overview(made: &Table, n_old: usize) -> TableBlock {
    let number = |key: &str, title| Head::new(key, title, Format::General);
    let mut table = TableBlock::new(
        "columns",
        msg!("transform.window.new_columns", "New columns"),
        vec![
            Head::name("column", msg!("transform.window.column", "Column")),
            Head::new("n", msg!("transform.window.n", "Values"), Format::Integer),
            Head::new(
                "missing",
                msg!("transform.window.missing", "Missing"),
                Format::Integer,
            ),
            number("min", msg!("transform.window.min", "Smallest")),
            number("max", msg!("transform.window.max", "Largest")),
        ],
    );
    for column in &made.columns()[n_old..] {
        let n_missing = column.n_missing();
        let (min, max) = range(column);
        table.row(vec![
            column.name.clone().into(),
            (column.len() - n_missing).into(),
            n_missing.into(),
            min,
            max,
        ]);
    }
    table
}

/// The least and the largest of numbers and dates.
fn range(column: &Column) -> (Cell, Cell) {
    let has_range = !matches!(column.data, Data::Bool(_) | Data::Time(_));
    let Some(numbers) = column.numbers().filter(|_| has_range) else {
        return (Cell::Empty, Cell::Empty);
    };
    let values = numbers.iter().filter(|v| !v.is_nan());
    let (min, max) = values.fold((f64::NAN, f64::NAN), |(low, high), &v| {
        (low.min(v), high.max(v))
    });
    let cell = |v: f64| match v.is_nan() {
        true => Cell::Empty,
        false => Cell::Formatted(v, format_of(column)),
    };
    (cell(min), cell(max))
}

impl Step {
    /// Rows before or after, or the length of a window.
    fn n_rows(&self) -> usize {
        let default = match self.what {
            What::MovingSum | What::MovingMean => 7,
            _ => 1,
        };
        self.rows.unwrap_or(default)
    }

    fn new_name(&self) -> String {
        let given = self.name.trim();
        if !given.is_empty() {
            return given.to_string();
        }
        let n = self.n_rows();
        let ending = match self.what {
            What::Lag | What::Lead if n == 1 => What::CHOICES[self.what as usize].key.to_string(),
            What::Lag => format!("lag_{n}"),
            What::Lead => format!("lead_{n}"),
            What::MovingSum => format!("sum_{n}"),
            What::MovingMean => format!("mean_{n}"),
            what => What::CHOICES[what as usize].key.to_string(),
        };
        match &self.column {
            Some(column) => format!("{column}_{ending}"),
            None => ending,
        }
    }
}
