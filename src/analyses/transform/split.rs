//! Split: rows into parts to train and to test on.

mod assign;

use crate::msg;
use crate::report::{Cell, Format, Head, Msg, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, columns, number, reads, text,
};
use crate::table::{Column, Measure, Table};

use assign::Assignment;

pub struct Split;

crate::choices! {
    /// What decides where a row goes.
    pub enum Method {
        Random = "random" "Chance",
        Stratified = "stratified" "Chance within strata",
        Time = "time" "Time: the latest rows are for testing",
        Groups = "groups" "Chance by groups that stay together",
    }
}

crate::choices! {
    /// What comes out.
    pub enum Gives {
        Tables = "tables" "A table for each part",
        Column = "column" "One table with a column of parts",
        Both = "both" "Both",
    }
}

crate::options! {
    /// How rows are split, and into which shares.
    pub struct Options {
        /// What decides where a row goes.
        method "Split by": Method = choice(Method::CHOICES, "random"),
        /// Which share of the rows is for testing.
        test "Share for testing": f64 = number(0.2, 0.0, 1.0),
        /// Which share of the rows is for choosing between models; 0 for none.
        validation "Share for validation": f64 = number(0.0, 0.0, 1.0),
        /// Rows with equal values are a stratum, which every part has in the same share.
        strata "Strata": Vec<String> = columns(Fits::Any).optional().when("method", &["stratified"]),
        /// When each row happened. Rows of the same moment stay together.
        time "Time": Option<String> = column(Fits::Times).optional().when("method", &["time"]),
        /// Rows from this date on are for testing, whatever share they are; empty to go by the share.
        from "Testing begins": String = text("").when("method", &["time"]),
        /// Rows with equal values are a group, such as a customer, and go to one part together.
        groups "Groups": Vec<String> = columns(Fits::Any).optional().when("method", &["groups"]),
        /// Whether parts are tables of their own or a column says where each row goes.
        result "Gives": Gives = choice(Gives::CHOICES, "tables"),
        /// What the column of parts is called.
        name "Name of the column": String = text("part").when("result", &["column", "both"]),
    }
}

/// The parts, in the order in which they are told of.
const PARTS: [&str; 3] = ["train", "validation", "test"];

impl Analysis for Split {
    type Options = Options;

    const USES_SEED: bool = true;

    const SPEC: Spec = Spec {
        id: "transform.split",
        version: 1,
        title: "Split into train and test",
        group: Group::Transform,
        about: "Splits rows into a part to fit models on and one to test them on: by chance, within strata, by time or by groups.",
        headline: "Train and test, split by {method}",
        method: "Shares are rounded to the nearest whole number of rows. Within strata the parts get the whole part of their share and those with the largest remainders one row more, so that the totals are those of the whole table. By time the rows are put in order and the last share is for testing; all rows of the moment at which a part begins belong to it, and rows without a time are left out. Groups come in random order, and each goes to testing, then to validation, while it brings that part nearer to its share; rows that miss the value of the group are a group of their own.",
        references: &[],
        keywords: &[
            "train test split",
            "holdout",
            "validation",
            "stratified",
            "time split",
            "group split",
            "학습",
            "훈련",
            "검증",
            "시험",
            "분할",
            "홀드아웃",
        ],
        picture: Picture::Filter,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[
            OutputSpec {
                name: "train",
                title: "Rows to train on",
            },
            OutputSpec {
                name: "validation",
                title: "Rows to validate on",
            },
            OutputSpec {
                name: "test",
                title: "Rows to test on",
            },
            OutputSpec {
                name: "all",
                title: "All rows with their part",
            },
        ],
        examples: &[
            Example {
                name: "stratified",
                tables: &[("table", "penguins.csv")],
                values: r#"{"method": "stratified", "strata": ["species"], "validation": 0.1}"#,
            },
            Example {
                name: "time",
                tables: &[("table", "orders.csv")],
                values: r#"{"method": "time", "time": "delivered", "test": 0.25, "result": "both"}"#,
            },
            Example {
                name: "groups",
                tables: &[("table", "orders.csv")],
                values: r#"{"method": "groups", "groups": ["customer"], "test": 0.3, "result": "column"}"#,
            },
        ],
        korean: include_str!("split.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("transform.split.step", "Splitting rows");
        ctx.tick(0.0, &step)?;
        if options.test + options.validation > 1.0 {
            return Err(RunError::option(
                "test",
                msg!(
                    "transform.split.too_much",
                    "Testing and validation together cannot have more than all rows."
                ),
            ));
        }
        let table = input.table("table")?;
        let found = Assignment::new(options, input, ctx)?;
        ctx.tick(0.4, &step)?;
        let rows: [Vec<u32>; 3] = [0, 1, 2].map(|part| found.rows_of(part));
        let mut receipt = Receipt::new(table.n_rows());
        if found.n_without_time > 0 {
            receipt.dropped(
                found.n_without_time,
                msg!(
                    "transform.split.no_time",
                    "{column} is missing",
                    column = options.time.as_deref().unwrap_or("")
                ),
            );
        }
        for (part, rows) in rows.iter().enumerate() {
            if part != 1 || !rows.is_empty() {
                receipt.beside(rows.len(), title(part));
            }
        }
        for part in [0, 2] {
            if rows[part].is_empty() {
                ctx.warn(msg!(
                    "transform.split.empty",
                    "No row goes to “{part}”. Choose other shares.",
                    part = title(part)
                ));
            }
        }
        let mut report = Report {
            summary: vec![summary(&rows)],
            ..Report::default()
        };
        report.push(parts_table(options, input, &found, &rows)?);
        report
            .blocks
            .extend(found.strata_table(options, input)?.map(Into::into));
        report.push(receipt.table());
        let mut tables: Vec<(&'static str, Table)> = Vec::new();
        if options.result != Gives::Column {
            for (i, part) in PARTS.iter().enumerate() {
                ctx.tick(0.5 + 0.1 * i as f32, &step)?;
                if i != 1 || !rows[i].is_empty() {
                    tables.push((part, table.select_rows(&rows[i])));
                }
            }
        }
        if options.result != Gives::Tables {
            let levels = PARTS.map(String::from).to_vec();
            let part = Column::category(
                table.free_column_name(&options.name),
                found.parts.clone(),
                levels,
            );
            let all = table
                .with_column(part.with_measure(Measure::Ordinal))
                .expect("a part for each row");
            tables.push(("all", all));
        }
        Ok(Output { report, tables })
    }
}

fn title(part: usize) -> Msg {
    match part {
        0 => msg!("transform.split.train", "Train"),
        1 => msg!("transform.split.validation", "Validation"),
        _ => msg!("transform.split.test", "Test"),
    }
}

fn summary(rows: &[Vec<u32>; 3]) -> Msg {
    let [train, validation, test] = [0, 1, 2].map(|part| rows[part].len());
    if validation == 0 {
        return msg!(
            "transform.split.summary",
            "{train} {train|row is|rows are} to train on and {test} to test on.",
            train = train,
            test = test
        );
    }
    msg!(
        "transform.split.summary_of_three",
        "{train} {train|row is|rows are} to train on, {validation} to validate on and {test} to test on.",
        train = train,
        validation = validation,
        test = test
    )
}

/// The rows of each part, and from when to when they reach or how many groups they have.
fn parts_table(
    options: &Options,
    input: &Input,
    found: &Assignment,
    rows: &[Vec<u32>; 3],
) -> Result<TableBlock, RunError> {
    let mut heads = vec![
        Head::name("part", msg!("transform.split.part", "Part")),
        Head::new(
            "rows",
            msg!("transform.split.rows", "Rows"),
            Format::Integer,
        ),
        Head::new(
            "share",
            msg!("transform.split.share", "Share"),
            Format::Percent(1),
        ),
    ];
    let time = match (options.method, &options.time) {
        (Method::Time, Some(name)) => Some(input.column("time", name)?),
        _ => None,
    };
    if time.is_some() {
        heads.push(Head::name("from", msg!("transform.split.from", "From")));
        heads.push(Head::name("to", msg!("transform.split.to", "To")));
    }
    if options.method == Method::Groups {
        heads.push(Head::new(
            "groups",
            msg!("transform.split.groups", "Groups"),
            Format::Integer,
        ));
    }
    let n_split: usize = rows.iter().map(Vec::len).sum();
    let mut table = TableBlock::new("parts", msg!("transform.split.parts", "Parts"), heads);
    for (part, rows) in rows.iter().enumerate() {
        if part == 1 && rows.is_empty() {
            continue;
        }
        let share = (n_split > 0).then(|| rows.len() as f64 / n_split as f64);
        let mut cells: Vec<Cell> = vec![title(part).into(), rows.len().into(), share.into()];
        if let Some(time) = time {
            let [from, to] = assign::ends(time, rows);
            let shown = |row: Option<u32>| match row {
                Some(row) => Cell::from(time.display(row as usize)),
                None => Cell::Empty,
            };
            cells.extend([shown(from), shown(to)]);
        }
        if options.method == Method::Groups {
            cells.push(found.n_groups(part).into());
        }
        table.row(cells);
    }
    Ok(table)
}
