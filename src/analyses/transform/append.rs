//! Append: the rows of several tables under each other.

use crate::msg;
use crate::report::{Cell, Format, Head, Msg, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Group, Input, InputSpec, Output, OutputSpec, Picture, RunError, Spec,
    choice, reads, text,
};
use crate::table::verbs::{NO_ROW, Part, bytes_per_row, is_same_nature, stack};
use crate::table::{Column, ColumnKind, Table};

pub struct Append;

crate::choices! {
    /// Which columns the answer has.
    pub enum Columns {
        All = "all" "All columns of any table",
        Common = "common" "Only columns that all tables have",
    }
}

crate::options! {
    /// How the tables are put together.
    pub struct Options {
        /// Which columns the answer has; values are missing where a table lacks a column.
        columns "Columns": Columns = choice(Columns::CHOICES, "all"),
        /// A new column of this name says which table a row is from. None when this is empty.
        source "Source column": String = text("source"),
        /// What the tables are called in the source column, in their order, separated by semicolons; 1, 2, 3 otherwise.
        names "Names of the tables": String = text(""),
    }
}

const INPUTS: &[InputSpec] = &[
    input("table", "First table", false),
    input("second", "Second table", false),
    input("third", "Third table", true),
    input("fourth", "Fourth table", true),
    input("fifth", "Fifth table", true),
    input("sixth", "Sixth table", true),
    input("seventh", "Seventh table", true),
    input("eighth", "Eighth table", true),
];

/// What the answer may take: above it, memory of a browser's tab runs out.
const MAX_BYTES: f64 = (1u64 << 31) as f64;

impl Analysis for Append {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.append",
        version: 1,
        title: "Append tables",
        group: Group::Transform,
        about: "Puts the rows of up to eight tables under each other, column by column of the same name.",
        headline: "Tables under each other, by {source}",
        method: "Columns belong together when their names are the same, letter by letter. Columns come in the order in which the tables bring them. Where kinds differ, whole numbers become numbers, true and false 1 and 0, dates the midnight at which they begin; what is of different nature (numbers and text) becomes text, and a warning says so. Levels of categories are brought together.",
        references: &[],
        keywords: &[
            "union",
            "concatenate",
            "stack",
            "bind rows",
            "이어 붙이기",
            "합치기",
            "추가",
            "쌓기",
        ],
        picture: Picture::Table,
        inputs: INPUTS,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "appended",
            title: "All rows",
        }],
        examples: &[
            Example {
                name: "two_tables",
                tables: &[("table", "penguins.csv"), ("second", "islands.csv")],
                values: r#"{"names": "penguins; islands"}"#,
            },
            Example {
                name: "common_columns_of_three",
                tables: &[
                    ("table", "penguins.csv"),
                    ("second", "penguins.csv"),
                    ("fourth", "penguins.csv"),
                ],
                values: r#"{"columns": "common", "source": "part"}"#,
            },
        ],
        korean: include_str!("append.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let tables = tables(options, input)?;
        check_size(&tables)?;
        let gathered = Gathered::of(&tables, options.columns);
        let mut columns = Vec::with_capacity(gathered.len() + 1);
        for (i, one) in gathered.iter().enumerate() {
            ctx.tick(
                i as f32 / gathered.len() as f32,
                &msg!(
                    "transform.append.step",
                    "Appending “{column}”",
                    column = one.name
                ),
            )?;
            one.warn(&tables, ctx);
            columns.push(one.stacked()?);
        }
        note_near_names(&gathered, ctx);
        if gathered.is_empty() {
            return Err(RunError::Data(msg!(
                "transform.append.nothing",
                "No column has the same name in all tables. Take all columns, or rename them so that they agree."
            )));
        }
        let mut appended = Table::new(columns).expect("columns of all rows with unique names");
        if !options.source.trim().is_empty() {
            let name = appended.free_column_name(&options.source);
            appended = appended
                .with_column(source(&name, &tables))
                .expect("a column of all rows");
        }
        let mut receipt = Receipt::new(tables[0].table.n_rows());
        for one in &tables[1..] {
            receipt.added(
                one.table.n_rows(),
                msg!(
                    "transform.append.rows_of",
                    "Rows of “{table}”",
                    table = &one.name
                ),
            );
        }
        let mut report = Report {
            summary: vec![msg!(
                "transform.append.summary",
                "{n} rows from {tables} tables, in {columns} {columns|column|columns}.",
                n = appended.n_rows(),
                tables = tables.len(),
                columns = appended.n_columns()
            )],
            ..Report::default()
        };
        report.push(receipt.table());
        report.push(overview(&gathered, &tables));
        Ok(Output {
            report,
            tables: vec![("appended", appended)],
        })
    }
}

const fn input(name: &'static str, title: &'static str, optional: bool) -> InputSpec {
    InputSpec {
        name,
        title,
        optional,
    }
}

struct Named<'a> {
    name: String,
    table: &'a Table,
}

fn tables<'a>(options: &Options, input: &'a Input) -> Result<Vec<Named<'a>>, RunError> {
    let mut names = options.names.split(';').map(str::trim);
    let mut tables: Vec<Named> = Vec::new();
    for spec in INPUTS {
        if spec.optional && !input.tables().contains_key(spec.name) {
            continue;
        }
        let number = (tables.len() + 1).to_string();
        tables.push(Named {
            name: match names.next() {
                None | Some("") => number,
                Some(name) => name.to_string(),
            },
            table: input.table(spec.name)?,
        });
    }
    Ok(tables)
}

fn check_size(tables: &[Named]) -> Result<(), RunError> {
    let n_rows: usize = tables.iter().map(|t| t.table.n_rows()).sum();
    let bytes: f64 = tables
        .iter()
        .map(|t| {
            let columns = t.table.columns().iter();
            bytes_per_row(columns.map(|c| &**c)) * t.table.n_rows() as f64
        })
        .sum();
    if n_rows < NO_ROW as usize && bytes <= MAX_BYTES {
        return Ok(());
    }
    Err(RunError::Data(msg!(
        "transform.append.too_large",
        "The tables have {n} rows together and take {gb} GB, more than fits. Leave out columns or rows first.",
        n = n_rows,
        gb = (bytes / f64::from(1 << 30), Format::Significant(2))
    )))
}

/// The columns of one name, table by table.
struct Gathered<'a> {
    name: &'a str,
    parts: Vec<Part<'a>>,
}

impl<'a> Gathered<'a> {
    /// In the order in which the tables bring them.
    fn of(tables: &[Named<'a>], which: Columns) -> Vec<Self> {
        let mut names: Vec<&str> = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        for one in tables {
            for column in one.table.columns() {
                if seen.insert(column.name.as_str()) {
                    names.push(&column.name);
                }
            }
        }
        let gathered = names.into_iter().map(|name| Self {
            name,
            parts: tables
                .iter()
                .map(|one| match one.table.column(name) {
                    Some(column) => Part::Column(column),
                    None => Part::Missing(one.table.n_rows()),
                })
                .collect(),
        });
        let is_wanted = |one: &Self| which == Columns::All || one.columns().count() == tables.len();
        gathered.filter(is_wanted).collect()
    }

    fn columns(&self) -> impl Iterator<Item = (usize, &'a Column)> + '_ {
        let parts = self.parts.iter().enumerate();
        parts.filter_map(|(i, part)| match part {
            Part::Column(column) => Some((i, *column)),
            Part::Missing(_) => None,
        })
    }

    fn stacked(&self) -> Result<Column, RunError> {
        stack(&self.parts).ok_or_else(|| {
            RunError::Data(msg!(
                "transform.append.too_long",
                "The texts of “{name}” are too long to be put into one column.",
                name = self.name
            ))
        })
    }

    /// A warning when the column is of different nature in two tables.
    fn warn(&self, tables: &[Named], ctx: &mut Ctx) {
        let Some((first, column)) = self.columns().next() else {
            return;
        };
        let other = self
            .columns()
            .find(|(_, c)| !is_same_nature(column.kind(), c.kind()));
        if let Some((i, other)) = other {
            ctx.warn(msg!(
                "transform.append.other_nature",
                "“{name}” holds {kind} in “{table}” and {other_kind} in “{other}”, so all of it became text.",
                name = self.name,
                kind = kind_name(column.kind()),
                table = &tables[first].name,
                other_kind = kind_name(other.kind()),
                other = &tables[i].name
            ));
        }
    }
}

/// Names that differ only in capitals and blanks are likely meant to be the same.
fn note_near_names(gathered: &[Gathered], ctx: &mut Ctx) {
    let plain = |name: &str| name.trim().to_lowercase();
    for (i, one) in gathered.iter().enumerate() {
        let near = gathered[..i]
            .iter()
            .find(|other| plain(other.name) == plain(one.name));
        if let Some(near) = near {
            ctx.warn(msg!(
                "transform.append.near",
                "“{a}” and “{b}” were taken for different columns. Rename one of them if they are the same.",
                a = near.name,
                b = one.name
            ));
        }
    }
}

fn source(name: &str, tables: &[Named]) -> Column {
    let mut levels: Vec<String> = Vec::new();
    let mut codes = Vec::new();
    for one in tables {
        let code = levels.iter().position(|l| *l == one.name);
        let code = code.unwrap_or_else(|| {
            levels.push(one.name.clone());
            levels.len() - 1
        });
        codes.resize(codes.len() + one.table.n_rows(), code as i32);
    }
    Column::category(name, codes, levels)
}

/// What each column is in each table.
fn overview(gathered: &[Gathered], tables: &[Named]) -> TableBlock {
    let mut heads = vec![Head::name(
        "column",
        msg!("transform.append.column", "Column"),
    )];
    for (i, one) in tables.iter().enumerate() {
        heads.push(Head::name(
            &format!("table_{}", i + 1),
            Msg::verbatim(&one.name),
        ));
    }
    let title = msg!(
        "transform.append.overview",
        "What each table has of each column"
    );
    let mut table = TableBlock::new("columns", title, heads);
    for one in gathered {
        let mut cells: Vec<Cell> = vec![one.name.into()];
        cells.extend(one.parts.iter().map(|part| match part {
            Part::Column(column) => Cell::from(kind_name(column.kind())),
            Part::Missing(_) => Cell::Empty,
        }));
        table.row(cells);
    }
    table
}

fn kind_name(kind: ColumnKind) -> Msg {
    match kind {
        ColumnKind::Float => msg!("transform.append.float", "numbers"),
        ColumnKind::Int => msg!("transform.append.int", "whole numbers"),
        ColumnKind::Bool => msg!("transform.append.bool", "true and false"),
        ColumnKind::Date => msg!("transform.append.date", "dates"),
        ColumnKind::DateTime => msg!("transform.append.date_time", "dates with times"),
        ColumnKind::Time => msg!("transform.append.time", "times of day"),
        ColumnKind::Category => msg!("transform.append.category", "categories"),
        ColumnKind::Text => msg!("transform.append.words", "text"),
    }
}
