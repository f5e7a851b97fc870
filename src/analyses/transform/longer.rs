//! Longer: columns of one kind of value become rows.

use crate::msg;
use crate::report::{Format, Receipt, Report};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, columns, flag, preview, reads, text,
};
use crate::table::verbs::{NO_ROW, bytes_per_row, is_same_nature, longer};
use crate::table::{Bitmap, Column, Table};

pub struct Longer;

crate::options! {
    /// Which columns become rows.
    pub struct Options {
        /// Columns that hold values of one kind, such as one column a month. All others stay and repeat.
        columns "Columns to gather": Vec<String> = columns(Fits::Any),
        /// The new column that says which of them a value is from.
        names_to "Column for the names": String = text("name"),
        /// The new column that holds the values.
        values_to "Column for the values": String = text("value"),
        /// Leaves out the rows whose value is missing.
        drop_missing "Drop missing values": bool = flag(false),
    }
}

/// What the answer may take: above it, memory of a browser's tab runs out.
const MAX_BYTES: f64 = (1u64 << 31) as f64;
/// Rows that the report shows.
const SHOWN_ROWS: usize = 12;

impl Analysis for Longer {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.longer",
        version: 1,
        title: "Columns to rows",
        group: Group::Transform,
        about: "Gathers several columns into two: one for their names, one for their values.",
        headline: "Columns to rows: {columns}",
        method: "Each row becomes one for each gathered column, in the order of the columns; the other columns repeat. Where kinds differ, whole numbers become numbers and what is of different nature becomes text. Missing values stay, unless they are dropped.",
        references: &[
            "Wickham, H. (2014). Tidy data. Journal of Statistical Software, 59(10), 1–23.",
        ],
        keywords: &[
            "pivot longer",
            "unpivot",
            "melt",
            "gather",
            "tidy",
            "wide to long",
            "열을 행으로",
            "긴 형식",
            "피벗 해제",
        ],
        picture: Picture::Table,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "long",
            title: "Long table",
        }],
        examples: &[Example {
            name: "bill_measures",
            tables: &[("table", "penguins.csv")],
            values: r#"{"columns": ["bill_length_mm", "bill_depth_mm"], "names_to": "measure", "values_to": "mm", "drop_missing": true}"#,
        }],
        korean: include_str!("longer.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let gathered: Vec<&Column> = options
            .columns
            .iter()
            .map(|name| input.column("columns", name))
            .collect::<Result<_, _>>()?;
        check_size(table, &gathered)?;
        ctx.tick(0.0, &msg!("transform.longer.step", "Gathering columns"))?;
        warn_of_kinds(&gathered, ctx);
        let (names_to, values_to) = new_names(options, table);
        let mut long =
            longer(table, &options.columns, &names_to, &values_to).ok_or_else(too_long)?;
        ctx.tick(
            0.7,
            &msg!("transform.longer.dropping", "Looking at the rows"),
        )?;
        let mut receipt = Receipt::new(table.n_rows());
        let n_new = long.n_rows() - table.n_rows();
        if n_new > 0 {
            receipt.added(
                n_new,
                msg!(
                    "transform.longer.added",
                    "Each row becomes {n}",
                    n = gathered.len()
                ),
            );
        }
        if options.drop_missing {
            let values = long.column(&values_to).expect("the column was made");
            let has_value: Bitmap = (0..long.n_rows()).map(|i| values.is_valid(i)).collect();
            receipt.dropped(
                has_value.count_zeros(),
                msg!("transform.longer.no_value", "The value is missing"),
            );
            long = long.filter(&has_value);
        }
        receipt.columns_removed(options.columns.clone());
        receipt.columns_added([names_to, values_to]);
        let mut report = Report {
            summary: receipt.summary(),
            ..Report::default()
        };
        report.push(receipt.table());
        let title = msg!("transform.longer.first", "First rows");
        if let Some(block) = preview(&long, "first_rows", title, SHOWN_ROWS) {
            report.push(block);
        }
        Ok(Output {
            report,
            tables: vec![("long", long)],
        })
    }
}

/// Names that no column that stays has.
fn new_names(options: &Options, table: &Table) -> (String, String) {
    let stays =
        |name: &str| table.column(name).is_some() && !options.columns.contains(&name.into());
    let free = |wanted: &str, other: Option<&String>| {
        let wanted = match wanted.trim() {
            "" => "column",
            name => name,
        };
        std::iter::once(wanted.to_string())
            .chain((2..).map(|i| format!("{wanted}_{i}")))
            .find(|name| !stays(name) && other != Some(name))
            .expect("one of endlessly many names is free")
    };
    let names = free(&options.names_to, None);
    let values = free(&options.values_to, Some(&names));
    (names, values)
}

fn check_size(table: &Table, gathered: &[&Column]) -> Result<(), RunError> {
    let n_rows = table.n_rows() as f64 * gathered.len() as f64;
    let is_gathered = |c: &Column| gathered.iter().any(|g| g.name == c.name);
    let others = table.columns().iter().map(|c| &**c);
    let repeated = bytes_per_row(others.filter(|c| !is_gathered(c)));
    let bytes = n_rows * (repeated + 12.0);
    if bytes <= MAX_BYTES && n_rows < f64::from(NO_ROW) {
        return Ok(());
    }
    Err(RunError::Data(msg!(
        "transform.longer.too_large",
        "The long table would have {n} rows and take {gb} GB, more than fits. Gather fewer columns, or leave out columns that would repeat.",
        n = (n_rows, Format::Integer),
        gb = (bytes / f64::from(1 << 30), Format::Significant(2))
    )))
}

fn too_long() -> RunError {
    RunError::Data(msg!(
        "transform.longer.too_long",
        "The texts of these columns are too long to be put into one."
    ))
}

fn warn_of_kinds(gathered: &[&Column], ctx: &mut Ctx) {
    let first = gathered[0];
    let other = gathered
        .iter()
        .find(|c| !is_same_nature(first.kind(), c.kind()));
    if let Some(other) = other {
        ctx.warn(msg!(
            "transform.longer.other_nature",
            "“{a}” and “{b}” hold values of different nature, so all of them became text.",
            a = &first.name,
            b = &other.name
        ));
    }
}
