//! Sort: the rows in the order of columns.

use crate::msg;
use crate::report::{Msg, Receipt, Report};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, preview, reads, rows,
};
use crate::table::Table;
use crate::table::verbs::{SortKey, sorted_rows};

pub struct Sort;

crate::choices! {
    /// Which end comes first.
    pub enum Direction {
        Ascending = "ascending" "Smallest first",
        Descending = "descending" "Largest first",
    }
}

crate::choices! {
    /// Where rows without a value go.
    pub enum Missing {
        Last = "last" "At the end",
        First = "first" "At the beginning",
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

crate::options! {
    /// How the rows are ordered.
    pub struct Options {
        /// The first column counts most; the next ones order the rows that are equal in it.
        by "Order": Vec<By> = rows(<By as crate::spec::Options>::SPECS).between(1, 20),
        /// Where rows without a value go, whatever the direction.
        missing "Missing values": Missing = choice(Missing::CHOICES, "last"),
    }
}

/// Rows that the report shows.
const SHOWN_ROWS: usize = 20;

impl Analysis for Sort {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.sort",
        version: 1,
        title: "Sort rows",
        group: Group::Transform,
        about: "Puts the rows in the order of one or several columns.",
        headline: "Rows in the order of {by} {by|column|columns}",
        method: "Numbers are ordered by value, dates by time, categories by the order of their levels, text by its letters with numbers in it by their value (a2 before a10). Rows that are equal in all columns stay in their order. Missing values stand together at one end, whatever the direction.",
        references: &[],
        keywords: &[
            "order",
            "arrange",
            "rank",
            "ascending",
            "descending",
            "정렬",
            "순서",
            "오름차순",
            "내림차순",
        ],
        picture: Picture::Table,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "sorted",
            title: "Sorted rows",
        }],
        examples: &[Example {
            name: "heaviest_by_species",
            tables: &[("table", "penguins.csv")],
            values: r#"{"by": [{"column": "species"}, {"column": "body_mass_g", "direction": "descending"}]}"#,
        }],
        korean: include_str!("sort.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        ctx.tick(0.0, &msg!("transform.sort.step", "Ordering the rows"))?;
        let table = input.table("table")?;
        let mut keys = Vec::new();
        for (i, by) in options.by.iter().enumerate() {
            keys.push(SortKey {
                column: input.column(&format!("by.{i}.column"), &by.column)?,
                descending: by.direction == Direction::Descending,
                missing_first: options.missing == Missing::First,
            });
        }
        let order = sorted_rows(&keys, table.n_rows());
        ctx.tick(0.5, &msg!("transform.sort.moving", "Moving the rows"))?;
        let sorted = table.take(&order);
        let receipt = receipt(&order);
        let mut report = Report {
            summary: vec![summary(&order)],
            ..Report::default()
        };
        if let Some(block) = first_rows(&sorted, options) {
            report.push(block);
        }
        report.push(receipt.table());
        Ok(Output {
            report,
            tables: vec![("sorted", sorted)],
        })
    }
}

fn receipt(order: &[u32]) -> Receipt {
    let mut receipt = Receipt::new(order.len());
    receipt.changed(
        n_moved(order),
        msg!("transform.sort.moved", "Rows that stand elsewhere now"),
    );
    receipt
}

fn n_moved(order: &[u32]) -> usize {
    let elsewhere = |&(to, &from): &(usize, &u32)| to != from as usize;
    order.iter().enumerate().filter(elsewhere).count()
}

fn summary(order: &[u32]) -> Msg {
    let n = order.len();
    if n == 0 {
        return msg!("receipt.empty", "The table has no rows.");
    }
    match n_moved(order) {
        0 => msg!(
            "transform.sort.in_order",
            "All {n} {n|row was|rows were} in this order already.",
            n = n
        ),
        moved => msg!(
            "transform.sort.summary",
            "{moved} of {n} rows changed their place.",
            moved = moved,
            n = n
        ),
    }
}

/// The columns of the order first, so that it can be seen.
fn first_rows(sorted: &Table, options: &Options) -> Option<crate::report::TableBlock> {
    let is_key = |name: &str| options.by.iter().any(|b| b.column == name);
    let mut names: Vec<&str> = Vec::new();
    for by in &options.by {
        if !names.contains(&by.column.as_str()) {
            names.push(&by.column);
        }
    }
    let others = sorted.columns().iter().map(|c| c.name.as_str());
    names.extend(others.filter(|n| !is_key(n)).take(8));
    let shown = sorted.slice(0..SHOWN_ROWS).select_columns(&names)?;
    let title = msg!("transform.sort.first", "First rows");
    let mut block = preview(&shown, "first_rows", title, SHOWN_ROWS)?;
    if sorted.n_rows() > SHOWN_ROWS {
        block.notes.push(msg!(
            "spec.first_rows",
            "The first {shown} of {n} rows.",
            shown = SHOWN_ROWS,
            n = sorted.n_rows()
        ));
    }
    Some(block)
}
