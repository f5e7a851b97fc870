//! Replace missing: rows dropped, or values put in.

mod fill;

use crate::msg;
use crate::report::{Cell, Format, Head, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, columns, flag, integer, reads, text,
};
use crate::table::{Bitmap, Column, Table};

use fill::{Filled, Filler};

pub struct Missing;

crate::choices! {
    /// What is done.
    pub enum Action {
        Drop = "drop" "Drop rows",
        Constant = "constant" "Put in one value",
        Mean = "mean" "Put in the mean",
        Median = "median" "Put in the median",
        Mode = "mode" "Put in the most frequent value",
        Forward = "forward" "Carry the value before forward",
        Backward = "backward" "Carry the value behind backward",
    }
}

crate::choices! {
    /// When a row is dropped.
    pub enum DropWhen {
        Any = "any" "One of the columns misses a value",
        All = "all" "All of the columns miss a value",
    }
}

crate::choices! {
    /// Where the filled values stand.
    pub enum Place {
        Replace = "replace" "In place of the old values",
        New = "new" "New columns",
    }
}

crate::options! {
    /// Which columns, and what is done where they miss a value.
    pub struct Options {
        /// Columns whose missing values are dealt with.
        columns "Columns": Vec<String> = columns(Fits::Any),
        /// What is done where a value is missing.
        action "Do": Action = choice(Action::CHOICES, "drop"),
        /// When a row is dropped.
        drop_when "A row is dropped when": DropWhen = choice(DropWhen::CHOICES, "any").when("action", &["drop"]),
        /// A number, a date such as 2024-03-05, or a text.
        value "Value": String = text("").when("action", &["constant"]),
        /// Rows with equal values here are a group; what is put in comes from the row's own group.
        by "By group": Vec<String> = columns(Fits::Any).optional().when("action", &["mean", "median", "mode", "forward", "backward"]),
        /// Whether a group without values gets what all rows would get; it stays missing otherwise.
        fallback "Groups without values as all rows": bool = flag(false).when("action", &["mean", "median", "mode"]),
        /// Rows are put in the order of this column first; without it they stay in the order of the table.
        order "In the order of": Option<String> = column(Fits::Any).optional().when("action", &["forward", "backward"]),
        /// The most rows in a row that one value is carried to; empty for no limit.
        limit "At most so many rows": Option<usize> = integer(1, 1, 1_000_000_000).optional().when("action", &["forward", "backward"]),
        /// Whether a column of true and false says where a value was missing.
        flag "Mark what was missing": bool = flag(false),
        /// Whether the old columns stay.
        place "Written to": Place = choice(Place::CHOICES, "replace").when("action", &["constant", "mean", "median", "mode", "forward", "backward"]),
    }
}

impl Analysis for Missing {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.missing",
        version: 1,
        title: "Replace missing values",
        group: Group::Transform,
        about: "Drops rows that miss values, or puts values in: one value, the mean, median or most frequent value, or the one before; by group where wanted.",
        headline: "Missing values of {columns}: {action}",
        method: "Mean, median and most frequent value are those of the values that are there, in the row's group. The median of an even number of values is the mean of the middle two. Among equally frequent values the smallest, or the first level, is taken. Values are carried within groups only. Rows that miss the value by which they are ordered come last. Whole numbers stay whole where what is put in is whole.",
        references: &[],
        keywords: &[
            "missing",
            "na",
            "null",
            "impute",
            "fill",
            "dropna",
            "fillna",
            "forward fill",
            "locf",
            "결측",
            "결측값",
            "결측치",
            "대체",
            "채우기",
        ],
        picture: Picture::Table,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "filled",
            title: "Table without those missing values",
        }],
        examples: &[
            Example {
                name: "drop",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["body_mass_g", "sex"]}"#,
            },
            Example {
                name: "median_by_species",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": ["body_mass_g", "bill_length_mm"], "action": "median", "by": ["species"], "flag": true}"#,
            },
            Example {
                name: "carry_forward",
                tables: &[("table", "orders.csv")],
                values: r#"{"columns": ["amount", "channels"], "action": "forward", "by": ["customer"], "order": "ordered", "limit": 2}"#,
            },
        ],
        korean: include_str!("missing.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let columns = options
            .columns
            .iter()
            .map(|name| input.column("columns", name))
            .collect::<Result<Vec<_>, _>>()?;
        let mut done = Done {
            table: table.clone(),
            receipt: Receipt::new(table.n_rows()),
            report: Report::default(),
        };
        if options.action == Action::Drop {
            let step = msg!("transform.missing.looking", "Looking for missing values");
            ctx.tick(0.0, &step)?;
            if options.flag {
                done.flag(&columns);
            }
            done.drop_rows(options, &columns);
            return Ok(done.finish());
        }
        let filler = Filler::new(options, input, ctx)?;
        let mut all = Vec::new();
        for (i, column) in columns.iter().enumerate() {
            ctx.tick(
                0.2 + 0.8 * i as f32 / columns.len() as f32,
                &msg!(
                    "transform.missing.step",
                    "Filling “{column}”",
                    column = &column.name
                ),
            )?;
            all.push(filler.fill(options, column)?);
        }
        done.report.summary = vec![fill::summary(&all)];
        done.report.push(fill::table(options, &columns, &all));
        done.report.blocks.extend(
            filler
                .groups_table(options, input, &columns, &all)?
                .map(Into::into),
        );
        for (column, filled) in columns.iter().zip(all) {
            done.place(options, column, filled);
        }
        if options.flag {
            done.flag(&columns);
        }
        Ok(done.finish())
    }
}

/// The table as it changes.
struct Done {
    table: Table,
    receipt: Receipt,
    report: Report,
}

impl Done {
    fn drop_rows(&mut self, options: &Options, columns: &[&Column]) {
        let n_rows = self.table.n_rows();
        let misses = |row: usize| {
            let mut missing = columns.iter().map(|c| !c.is_valid(row));
            match options.drop_when {
                DropWhen::Any => missing.any(|m| m),
                DropWhen::All => missing.all(|m| m),
            }
        };
        let keep: Bitmap = (0..n_rows).map(|row| !misses(row)).collect();
        let names = options.columns.clone();
        let why = match options.drop_when {
            DropWhen::Any if names.len() == 1 => msg!(
                "transform.missing.misses",
                "{columns} is missing",
                columns = names
            ),
            DropWhen::Any => msg!(
                "transform.missing.misses_any",
                "One of {columns} is missing",
                columns = names
            ),
            DropWhen::All => msg!(
                "transform.missing.misses_all",
                "All of {columns} are missing",
                columns = names
            ),
        };
        self.receipt.dropped(keep.count_zeros(), why);
        let mut counts = TableBlock::new(
            "missing",
            msg!("transform.missing.missing", "Missing values"),
            vec![
                Head::name("column", msg!("transform.missing.column", "Column")),
                Head::new(
                    "missing",
                    msg!("transform.missing.n_missing", "Missing"),
                    Format::Integer,
                ),
                Head::new(
                    "share",
                    msg!("transform.missing.share", "Share of rows"),
                    Format::Percent(1),
                ),
            ],
        );
        for column in columns {
            let n = column.n_missing();
            let share = (n_rows > 0).then(|| n as f64 / n_rows as f64);
            let name = column.name.as_str();
            counts.row(vec![name.into(), n.into(), Cell::from(share)]);
        }
        self.report.push(counts);
        self.table = self.table.filter(&keep);
    }

    fn place(&mut self, options: &Options, old: &Column, filled: Filled) {
        self.receipt.changed(
            filled.n_filled,
            msg!(
                "transform.missing.changed",
                "{column}: missing values filled",
                column = &old.name
            ),
        );
        let mut column = filled.column;
        match options.place {
            Place::Replace => {
                self.receipt.columns_changed([column.name.clone()]);
            }
            Place::New => {
                column.name = self.table.free_column_name(&format!("{}_filled", old.name));
                self.receipt.columns_added([column.name.clone()]);
            }
        }
        self.push(column);
    }

    /// A column for each that says where it missed a value.
    fn flag(&mut self, columns: &[&Column]) {
        for column in columns {
            let name = self
                .table
                .free_column_name(&format!("{}_was_missing", column.name));
            let missing = (0..column.len()).map(|row| !column.is_valid(row));
            let flag = Column::bool(&name, missing);
            self.receipt.columns_added([name]);
            self.push(flag);
        }
    }

    fn push(&mut self, column: Column) {
        self.table = self
            .table
            .with_column(column)
            .expect("a value for each row");
    }

    fn finish(mut self) -> Output {
        self.report.summary.extend(self.receipt.summary());
        self.report.push(self.receipt.table());
        Output {
            report: self.report,
            tables: vec![("filled", self.table)],
        }
    }
}
