//! Compute: new columns by formulas.

use crate::formula::{Formula, Type, Wanted, quoted};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError, Spec,
    formula, read_formula, reads, rows, text,
};
use crate::table::csv::parse;
use crate::table::profile::profile;
use crate::table::{Column, Table};

pub struct Compute;

crate::options! {
    /// One new column.
    pub struct NewColumn {
        /// The name of the new column; a column of that name is replaced.
        name "Name": String = text(""),
        /// What stands in each row, such as price * quantity. Columns of earlier rows can be used.
        formula "Formula": String = formula(Wanted::Any).named_by("name"),
        /// A number, date or text for the rows where the formula gives nothing; empty leaves them missing.
        missing "Where missing": String = text(""),
    }
}

crate::options! {
    /// What is computed.
    pub struct Options {
        /// One column a row, computed from the top down.
        columns "New columns": Vec<NewColumn> = rows(<NewColumn as crate::spec::Options>::SPECS).between(1, 100),
    }
}

impl Analysis for Compute {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.compute",
        version: 1,
        title: "Compute columns",
        group: Group::Transform,
        about: "Makes columns from others by formulas: numbers, texts, dates, choices, and statistics of columns or groups.",
        headline: "{columns} computed {columns|column|columns}",
        method: "A value computed from a missing one is missing, but for functions that say otherwise; so is what has no answer, such as a number over 0 or the root of −1. Numbers are 64-bit floating point. Whole numbers stay whole where the formula keeps them so. Text is a category unless most of it differs.",
        references: &[],
        keywords: &[
            "formula",
            "mutate",
            "derive",
            "calculate",
            "new variable",
            "transform",
            "수식",
            "변수 계산",
            "파생 변수",
            "새 열",
            "계산",
        ],
        picture: Picture::Columns,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "rows",
            title: "Table with the new columns",
        }],
        examples: &[
            Example {
                name: "bill_and_mass",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": [
                    {"name": "bill_ratio", "formula": "round(bill_length_mm / bill_depth_mm, 2)"},
                    {"name": "mass_kg", "formula": "body_mass_g / 1000"},
                    {"name": "size", "formula": "case when mass_kg < 3.5 then \"light\" when mass_kg < 5 then \"middle\" else \"heavy\" end"},
                    {"name": "from_species", "formula": "body_mass_g - mean(body_mass_g by species)"}
                ]}"#,
            },
            Example {
                name: "filled_and_replaced",
                tables: &[("table", "penguins.csv")],
                values: r#"{"columns": [
                    {"name": "sex", "formula": "upper(left(sex, 1))", "missing": "?"},
                    {"name": "rank in island", "formula": "rank(-flipper_length_mm by island)", "missing": "0"}
                ]}"#,
            },
        ],
        korean: include_str!("compute.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let before = input.table("table")?;
        let mut table = before.clone();
        let mut receipt = Receipt::new(table.n_rows());
        let mut made = table_of_columns();
        let n = options.columns.len() as f32;
        for (i, wanted) in options.columns.iter().enumerate() {
            let name = wanted.name.trim();
            if name.is_empty() {
                return Err(RunError::option(
                    &format!("columns.{i}.name"),
                    msg!("transform.compute.no_name", "Give the new column a name."),
                ));
            }
            let (formula, new) = compute(wanted, name, i, n, &table, ctx)?;
            say_of_missing(name, &new, formula.columns(), &table, ctx);
            made.row(line(wanted, name, &new, formula.ty()));
            match before.column(name) {
                Some(_) => receipt.columns_changed([name]),
                None => receipt.columns_added([name]),
            };
            table = table
                .with_column(new)
                .expect("a computed column is as long as its table");
        }
        let mut report = Report {
            summary: receipt.summary(),
            ..Report::default()
        };
        report.push(made);
        report.push(receipt.table());
        Ok(Output {
            report,
            tables: vec![("rows", table)],
        })
    }
}

/// The formula of row `i` of `n`, and its column.
fn compute(
    wanted: &NewColumn,
    name: &str,
    i: usize,
    n: f32,
    table: &Table,
    ctx: &mut Ctx,
) -> Result<(Formula, Column), RunError> {
    let option = format!("columns.{i}.formula");
    let formula = read_formula(&option, &wanted.formula, table, Wanted::Any)?;
    let filled = match wanted.missing.trim() {
        "" => None,
        value => Some(filled(&wanted.formula, value, &formula, i, table)?),
    };
    let formula = filled.unwrap_or(formula);
    ctx.warn_inexact(&formula, table);
    let step = msg!(
        "transform.compute.step",
        "Computing “{column}”",
        column = name
    );
    let share = (i as f32 / n, (i as f32 + 1.0) / n);
    let column = ctx.run_formula(&option, share, &step, |tick| {
        formula.compute(name, table, tick)
    })?;
    Ok((formula, column))
}

/// The formula with a value where it gives none.
fn filled(
    text: &str,
    value: &str,
    formula: &Formula,
    i: usize,
    table: &Table,
) -> Result<Formula, RunError> {
    let literal = match formula.ty() {
        Type::Number | Type::Whole | Type::Missing => parse::number(value).map(|x| {
            let mut spelling = String::new();
            crate::table::write_number(&mut spelling, x);
            spelling
        }),
        Type::Truth => match value.to_ascii_lowercase().as_str() {
            "true" | "1" => Some("true".to_string()),
            "false" | "0" => Some("false".to_string()),
            _ => None,
        },
        _ => Some(quoted(value)),
    };
    // A note at the formula's end goes no further than its line.
    let whole = literal.map(|literal| format!("coalesce(\n{text}\n, {literal})"));
    let read = whole.and_then(|w| read_formula("", &w, table, Wanted::Any).ok());
    read.ok_or_else(|| {
        RunError::option(
            &format!("columns.{i}.missing"),
            msg!(
                "transform.compute.unreadable",
                "The formula gives {kind}, and “{value}” cannot be read as such.",
                kind = formula.ty().noun(),
                value = value
            ),
        )
    })
}

/// Notes rows without a value where everything that the formula reads is there.
fn say_of_missing(name: &str, new: &Column, read: &[String], table: &Table, ctx: &mut Ctx) {
    let n_rows = table.n_rows();
    if n_rows > 0 && new.n_missing() == n_rows {
        return ctx.warn(msg!(
            "transform.compute.all_missing",
            "“{column}” is missing in every row.",
            column = name
        ));
    }
    let Some(valid) = &new.validity else {
        return;
    };
    let sources = read
        .iter()
        .filter_map(|c| table.column(c)?.validity.as_ref());
    let all_there = sources.fold(None, |all: Option<crate::table::Bitmap>, v| {
        Some(all.map_or_else(|| v.clone(), |a| a.and(v)))
    });
    let n_there = all_there.as_ref().map_or(n_rows, |a| a.count_ones());
    let n_both = all_there
        .as_ref()
        .map_or(valid.count_ones(), |a| a.and(valid).count_ones());
    let n = n_there - n_both;
    if n > 0 {
        ctx.note(msg!(
            "transform.compute.no_answer",
            "“{column}” is missing in {n} {n|row|rows} where all that the formula reads is there: a number over 0, a text that is no number, a choice without its other value or a first row may be why.",
            column = name,
            n = n
        ));
    }
}

fn table_of_columns() -> TableBlock {
    TableBlock::new(
        "columns",
        msg!("transform.compute.columns", "Computed columns"),
        vec![
            Head::name("column", msg!("transform.compute.column", "Column")),
            Head::name("formula", msg!("transform.compute.formula", "Formula")),
            Head::name("kind", msg!("transform.compute.kind", "Kind")),
            Head::new(
                "missing",
                msg!("transform.compute.missing", "Missing"),
                Format::Integer,
            ),
            Head::new(
                "different",
                msg!("transform.compute.different", "Different values"),
                Format::Integer,
            ),
            Head::name("smallest", msg!("transform.compute.smallest", "Smallest")),
            Head::name("largest", msg!("transform.compute.largest", "Largest")),
        ],
    )
}

fn line(wanted: &NewColumn, name: &str, new: &Column, ty: Type) -> Vec<Cell> {
    let look = profile(new);
    let text = |t: Option<String>| t.map_or(Cell::Empty, Cell::Text);
    let mut formula = wanted
        .formula
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if wanted.formula.contains('#') || wanted.formula.contains(['"', '\'', '`']) {
        // Blanks within quotes and the ends of notes mean something.
        formula = wanted.formula.trim().to_string();
    }
    vec![
        name.to_string().into(),
        formula.into(),
        kind(new, ty).into(),
        look.n_missing.into(),
        look.n_distinct.into(),
        text(look.min_text),
        text(look.max_text),
    ]
}

fn kind(new: &Column, ty: Type) -> Msg {
    match ty {
        Type::Whole if new.kind() == crate::table::ColumnKind::Int => {
            msg!("transform.compute.whole", "Whole number")
        }
        Type::Missing | Type::Number | Type::Whole => msg!("transform.compute.number", "Number"),
        Type::Truth => msg!("transform.compute.truth", "True or false"),
        Type::Text => msg!("transform.compute.text", "Text"),
        Type::Date => msg!("transform.compute.date", "Date"),
        Type::DateTime => msg!("transform.compute.date_time", "Date and time"),
        Type::Time => msg!("transform.compute.time", "Time of day"),
    }
}
