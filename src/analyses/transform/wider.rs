//! Wider: the levels of a column become columns.

mod spread;

use crate::msg;
use crate::report::{Format, Receipt, Report};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, columns, number, preview, reads, text,
};
use crate::table::Column;
use crate::table::verbs::{Wider, bytes_per_row};

pub struct WiderTable;

crate::choices! {
    /// What stands where several rows meet.
    pub enum Repeated {
        Error = "error" "Stop and say so",
        First = "first" "The first value",
        Last = "last" "The last value",
        Count = "count" "Number of values",
        Distinct = "distinct" "Number of different values",
        Sum = "sum" "Sum",
        Mean = "mean" "Mean",
        Median = "median" "Median",
        Min = "min" "Smallest value",
        Max = "max" "Largest value",
    }
}

crate::options! {
    /// What becomes columns.
    pub struct Options {
        /// The column whose values become the names of new columns; of several, their values together.
        names_from "Names from": Vec<String> = columns(Fits::Any).between(1, 5),
        /// The columns whose values fill the new columns.
        values_from "Values from": Vec<String> = columns(Fits::Any).between(1, 50),
        /// Rows with the same values in these columns become one; all other columns when none is chosen.
        ids "One row for each": Vec<String> = columns(Fits::Any).optional(),
        /// What stands in a place to which several rows go.
        repeated "When several rows meet": Repeated = choice(Repeated::CHOICES, "error"),
        /// A number for places to which no row goes, such as 0; they are missing otherwise.
        fill "Fill empty places with": Option<f64> = number(0.0, f64::MIN, f64::MAX).optional(),
        /// Stands between the parts of a new name.
        separator "Between parts of names": String = text("_").advanced(),
    }
}

/// New columns that a table may get.
const MAX_COLUMNS: usize = 5_000;
/// What the answer may take: above it, memory of a browser's tab runs out.
const MAX_BYTES: f64 = (1u64 << 30) as f64;
/// Rows that the report shows.
const SHOWN_ROWS: usize = 12;

impl Analysis for WiderTable {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.wider",
        version: 1,
        title: "Rows to columns",
        group: Group::Transform,
        about: "Spreads values over new columns, one for each value of another column.",
        headline: "{values_from} in columns by {names_from}",
        method: "Rows come in the order in which their ids first appear, new columns in the order of their names' values (numbers by value, categories by level); a missing name is called “missing”. A missing id is a value like any other. Where several rows meet in one place, the run stops unless a summary is chosen; summaries leave missing values out, and the median is of type 7. With several columns of values, a new name is that of the column and of the value.",
        references: &[
            "Wickham, H. (2014). Tidy data. Journal of Statistical Software, 59(10), 1–23.",
        ],
        keywords: &[
            "pivot wider",
            "pivot table",
            "cross tabulation",
            "spread",
            "cast",
            "long to wide",
            "행을 열로",
            "넓은 형식",
            "피벗",
            "교차표",
        ],
        picture: Picture::Columns,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "wide",
            title: "Wide table",
        }],
        examples: &[Example {
            name: "mass_by_year",
            tables: &[("table", "penguins.csv")],
            values: r#"{"names_from": ["year"], "values_from": ["body_mass_g"], "ids": ["species", "sex"], "repeated": "mean"}"#,
        }],
        korean: include_str!("wider.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let chosen = |option: &str, names: &[String]| -> Result<Vec<&Column>, RunError> {
            names
                .iter()
                .map(|name| input.column(option, name))
                .collect()
        };
        let names = chosen("names_from", &options.names_from)?;
        let values = chosen("values_from", &options.values_from)?;
        let ids: Vec<&Column> = match options.ids.is_empty() {
            false => chosen("ids", &options.ids)?,
            true => {
                let used = |c: &Column| {
                    options.names_from.contains(&c.name) || options.values_from.contains(&c.name)
                };
                let others = table.columns().iter().map(|c| &**c);
                others.filter(|c| !used(c)).collect()
            }
        };
        ctx.tick(0.0, &msg!("transform.wider.step", "Finding the places"))?;
        let wider = Wider::of(&ids, &names, table.n_rows());
        check_size(&wider, &ids, &values)?;
        if options.repeated == Repeated::Error {
            check_repeated(&wider, &ids, &names)?;
        }
        let wide = spread::table(options, &wider, &ids, &names, &values, ctx)?;
        let mut receipt = Receipt::new(table.n_rows());
        receipt.merged(
            table.n_rows() - wider.rows.len(),
            msg!("transform.wider.merged", "Rows of the same ids became one"),
        );
        let new = wide.columns()[ids.len()..].iter().map(|c| c.name.clone());
        receipt.columns_added(new);
        let stays = |name: &str| ids.iter().any(|c| c.name == name);
        receipt.columns_removed(
            table
                .columns()
                .iter()
                .filter(|c| !stays(&c.name))
                .map(|c| c.name.clone()),
        );
        let n_empty = wider.rows.len() * wider.columns.len() - wider.places.len();
        if n_empty > 0 {
            ctx.note(match options.fill {
                None => msg!(
                    "transform.wider.empty",
                    "No row goes to {n} {n|place|places}, where the value is missing.",
                    n = n_empty
                ),
                Some(fill) => msg!(
                    "transform.wider.filled",
                    "No row goes to {n} {n|place|places}, where {fill} is filled in.",
                    n = n_empty,
                    fill = fill
                ),
            });
        }
        let mut report = Report {
            summary: receipt.summary(),
            ..Report::default()
        };
        report.push(receipt.table());
        let shown = (wide.n_columns() <= 30).then_some(&wide);
        let title = msg!("transform.wider.first", "First rows");
        if let Some(block) = shown.and_then(|w| preview(w, "first_rows", title, SHOWN_ROWS)) {
            report.push(block);
        }
        Ok(Output {
            report,
            tables: vec![("wide", wide)],
        })
    }
}

fn check_size(wider: &Wider, ids: &[&Column], values: &[&Column]) -> Result<(), RunError> {
    let n_columns = wider.columns.len() * values.len();
    if n_columns > MAX_COLUMNS {
        return Err(RunError::option(
            "names_from",
            msg!(
                "transform.wider.too_many",
                "This would make {n} new columns, and {limit} are the most. Choose a column with fewer different values.",
                n = n_columns,
                limit = MAX_COLUMNS
            ),
        ));
    }
    let per_row = bytes_per_row(values.iter().copied()) * wider.columns.len() as f64
        + bytes_per_row(ids.iter().copied());
    let bytes = per_row * wider.rows.len() as f64;
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    Err(RunError::Data(msg!(
        "transform.wider.too_large",
        "The wide table would have {rows} rows and {columns} new columns and take {gb} GB, more than fits. Choose fewer ids or names with fewer different values.",
        rows = wider.rows.len(),
        columns = n_columns,
        gb = (bytes / f64::from(1 << 30), Format::Significant(2))
    )))
}

/// Stops when two rows go to one place, and names the first such place.
fn check_repeated(wider: &Wider, ids: &[&Column], names: &[&Column]) -> Result<(), RunError> {
    let (n_places, n_rows) = wider.n_repeated();
    if n_places == 0 {
        return Ok(());
    }
    let counts = wider.places.counts();
    let at = counts.iter().position(|&n| n > 1).expect("a place repeats");
    let row = wider.places.first_rows[at] as usize;
    let pairs = ids
        .iter()
        .chain(names)
        .map(|c| format!("{} = {}", c.name, c.display(row)));
    Err(RunError::option(
        "repeated",
        msg!(
            "transform.wider.repeated",
            "{n} {n|place gets|places get} more than one row ({rows} rows), the first of them where {place}. Choose what stands there, such as their sum or mean, or add a column that tells these rows apart.",
            n = n_places,
            rows = n_rows,
            place = pairs.collect::<Vec<_>>()
        ),
    ))
}
