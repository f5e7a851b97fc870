//! Deduplicate: one row for each combination of values.

use crate::msg;
use crate::report::{Cell, Format, Head, Msg, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, cell_of, choice, columns, format_of_cells, reads,
};
use crate::table::Column;
use crate::table::verbs::Groups;

pub struct Deduplicate;

crate::choices! {
    /// Which of several equal rows stays.
    pub enum Keep {
        First = "first" "The first of them",
        Last = "last" "The last of them",
        None = "none" "None of them",
    }
}

crate::options! {
    /// What makes rows equal.
    pub struct Options {
        /// Rows with the same values in these columns are equal; in all columns when none is chosen.
        columns "Columns": Vec<String> = columns(Fits::Any).optional(),
        /// Which of several equal rows stays. To keep the newest, sort the rows by date first.
        keep "Keep": Keep = choice(Keep::CHOICES, "first"),
    }
}

/// Repeated values that the report shows.
const SHOWN: usize = 20;

impl Analysis for Deduplicate {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.deduplicate",
        version: 1,
        title: "Remove duplicates",
        group: Group::Transform,
        about: "Keeps one of the rows that are equal in chosen columns, and says how many there were.",
        headline: "Rows that differ in {columns}",
        method: "Rows are equal when they have the same values in all chosen columns: text letter by letter, capitals and blanks included. Two missing values are equal here. The rows that stay keep their order.",
        references: &[],
        keywords: &[
            "distinct",
            "unique",
            "duplicates",
            "repeated rows",
            "중복",
            "중복 제거",
            "고유",
        ],
        picture: Picture::Filter,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[
            OutputSpec {
                name: "rows",
                title: "Rows without duplicates",
            },
            OutputSpec {
                name: "duplicates",
                title: "Rows left out",
            },
        ],
        examples: &[Example {
            name: "one_of_each",
            tables: &[("table", "penguins.csv")],
            values: r#"{"columns": ["species", "island", "sex"]}"#,
        }],
        korean: include_str!("deduplicate.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        ctx.tick(
            0.0,
            &msg!("transform.deduplicate.step", "Looking for equal rows"),
        )?;
        let table = input.table("table")?;
        let keys: Vec<&Column> = match &options.columns[..] {
            [] => table.columns().iter().map(|c| &**c).collect(),
            names => names
                .iter()
                .map(|name| input.column("columns", name))
                .collect::<Result<_, _>>()?,
        };
        let groups = Groups::of(&keys, table.n_rows());
        let counts = groups.counts();
        ctx.tick(
            0.5,
            &msg!("transform.deduplicate.picking", "Picking the rows"),
        )?;
        let stays = stays(&groups, &counts, options.keep);
        let (kept, left_out): (Vec<u32>, Vec<u32>) =
            (0..table.n_rows() as u32).partition(|&row| stays[row as usize]);

        let n_repeated = counts.iter().filter(|&&n| n > 1).count();
        let mut receipt = Receipt::new(table.n_rows());
        receipt.dropped(left_out.len(), why(options.keep));
        let mut report = Report {
            summary: summary(&receipt, n_repeated),
            ..Report::default()
        };
        report.push(receipt.table());
        if n_repeated > 0 {
            report.push(most_repeated(&keys, &groups, &counts, n_repeated));
        }
        Ok(Output {
            report,
            tables: vec![
                ("rows", table.take(&kept)),
                ("duplicates", table.take(&left_out)),
            ],
        })
    }
}

/// Whether each row is kept.
fn stays(groups: &Groups, counts: &[u32], keep: Keep) -> Vec<bool> {
    let ids = || groups.ids.iter().map(|&id| id as usize).enumerate();
    match keep {
        Keep::First => ids()
            .map(|(row, id)| groups.first_rows[id] as usize == row)
            .collect(),
        Keep::None => ids().map(|(_, id)| counts[id] == 1).collect(),
        Keep::Last => {
            let mut last = vec![0; groups.len()];
            ids().for_each(|(row, id)| last[id] = row);
            ids().map(|(row, id)| last[id] == row).collect()
        }
    }
}

fn why(keep: Keep) -> Msg {
    match keep {
        Keep::First => msg!(
            "transform.deduplicate.as_before",
            "The same values as an earlier row"
        ),
        Keep::Last => msg!(
            "transform.deduplicate.as_after",
            "The same values as a later row"
        ),
        Keep::None => msg!(
            "transform.deduplicate.as_other",
            "The same values as another row"
        ),
    }
}

fn summary(receipt: &Receipt, n_repeated: usize) -> Vec<Msg> {
    if receipt.n_in() > 0 && n_repeated == 0 {
        return vec![msg!(
            "transform.deduplicate.none",
            "No two of the {n} {n|row|rows} are equal.",
            n = receipt.n_in()
        )];
    }
    let mut said = receipt.summary();
    if n_repeated > 0 {
        said.push(msg!(
            "transform.deduplicate.summary",
            "{n} {n|combination of values comes|combinations of values come} more than once.",
            n = n_repeated
        ));
    }
    said
}

/// The values that come most often.
fn most_repeated(
    keys: &[&Column],
    groups: &Groups,
    counts: &[u32],
    n_repeated: usize,
) -> TableBlock {
    let shown = &keys[..keys.len().min(8)];
    let mut heads: Vec<Head> = shown
        .iter()
        .map(|key| {
            let title = Msg::verbatim(&key.name);
            Head::new(&format!("key_{}", key.name), title, format_of_cells(key))
        })
        .collect();
    heads.push(Head::new(
        "rows",
        msg!("transform.deduplicate.rows", "Rows"),
        Format::Integer,
    ));
    let title = msg!(
        "transform.deduplicate.repeated",
        "Values that come most often"
    );
    let mut table = TableBlock::new("repeated", title, heads);
    let mut order: Vec<usize> = (0..counts.len()).filter(|&g| counts[g] > 1).collect();
    let by_count = |a: &usize, b: &usize| counts[*b].cmp(&counts[*a]).then(a.cmp(b));
    if order.len() > SHOWN {
        order.select_nth_unstable_by(SHOWN, by_count);
        order.truncate(SHOWN);
    }
    order.sort_by(by_count);
    for g in order {
        let row = groups.first_rows[g] as usize;
        let mut cells: Vec<Cell> = shown.iter().map(|key| cell_of(key, row)).collect();
        cells.push((counts[g] as usize).into());
        table.row(cells);
    }
    if n_repeated > SHOWN {
        table.notes.push(msg!(
            "transform.deduplicate.shown",
            "The first {shown} of {n} combinations.",
            shown = SHOWN,
            n = n_repeated
        ));
    }
    table
}
