//! Join: the rows of two tables side by side where their keys are equal.

mod columns;
mod report;

use crate::msg;
use crate::report::{Receipt, Report};
use crate::spec::{
    Analysis, Ctx, Example, FieldError, Fits, Group, Input, InputSpec, Output, OutputSpec, Picture,
    RunError, Spec, choice, column, columns as columns_of, flag, reads, rows, text,
};
use crate::table::verbs::{JoinKind, Matching, NO_ROW, bytes_per_row};
use crate::table::{Column, ColumnKind, Table};

pub struct JoinTables;

crate::choices! {
    /// Which rows the answer has.
    pub enum How {
        Left = "left" "All rows of the left table",
        Inner = "inner" "Only rows that match",
        Full = "full" "All rows of both tables",
        Semi = "semi" "Left rows with a match, without the right columns",
        Anti = "anti" "Left rows without a match",
    }
}

crate::options! {
    /// Two columns that must be equal.
    pub struct KeyPair {
        /// A column of the left table.
        left "Left": String = column(Fits::Any),
        /// The column of the right table that must equal it; the one of the same name when this is empty.
        right "Right": Option<String> = column(Fits::Any).of_input("right").optional(),
    }
}

crate::options! {
    /// How the tables are joined.
    pub struct Options {
        /// Which rows the joined table has.
        how "Rows": How = choice(How::CHOICES, "left"),
        /// Columns that must be equal for two rows to match.
        keys "Keys": Vec<KeyPair> = rows(<KeyPair as crate::spec::Options>::SPECS).between(1, 20),
        /// The columns that come over from the right table; all but its keys when none is chosen.
        columns "Columns of the right table": Vec<String> = columns_of(Fits::Any).of_input("right").optional().when("how", &["left", "inner", "full"]),
        /// Put behind the name of a right column that the left table has too.
        suffix "Suffix": String = text("_right").when("how", &["left", "inner", "full"]),
        /// A new column of this name says of each row where it is from: both, left or right. None when this is empty.
        indicator "Column for the origin": String = text("").when("how", &["left", "inner", "full"]).advanced(),
        /// Reports how the keys match, and makes no table.
        report_only "Only look at the match": bool = flag(false),
    }
}

/// What a joined table may take: above it, memory of a browser's tab runs out.
const MAX_BYTES: f64 = (1u64 << 30) as f64;

impl Analysis for JoinTables {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.join",
        version: 1,
        title: "Join two tables",
        group: Group::Transform,
        about: "Brings the columns of a second table to the rows whose keys are equal, and says first how well the keys match.",
        headline: "Two tables joined by {keys} {keys|key|keys}",
        method: "Rows match when all keys are equal: text letter by letter, capitals and blanks included; a whole number equals the same number with a point. A missing key matches nothing, not even another missing key, as in SQL. Rows keep the order of the left table, and for each of its rows that of the right; in a join of all rows of both, right rows without a match stand at the end, with their keys in the key columns of the left. A left row that matches several right rows comes once for each.",
        references: &[],
        keywords: &[
            "merge",
            "lookup",
            "vlookup",
            "left join",
            "inner join",
            "outer join",
            "anti join",
            "조인",
            "합치기",
            "병합",
            "연결",
            "찾아오기",
        ],
        picture: Picture::Table,
        inputs: &[
            InputSpec {
                name: "table",
                title: "Left table",
                optional: false,
            },
            InputSpec {
                name: "right",
                title: "Right table",
                optional: false,
            },
        ],
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "joined",
            title: "Joined table",
        }],
        examples: &[
            Example {
                name: "penguins_and_islands",
                tables: &[("table", "penguins.csv"), ("right", "islands.csv")],
                values: r#"{"keys": [{"left": "island", "right": "name"}], "how": "full", "indicator": "from"}"#,
            },
            Example {
                name: "penguins_elsewhere",
                tables: &[("table", "penguins.csv"), ("right", "islands.csv")],
                values: r#"{"keys": [{"left": "island", "right": "name"}, {"left": "year", "right": "surveyed"}], "how": "anti"}"#,
            },
        ],
        korean: include_str!("join.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let (left, right) = (input.table("table")?, input.table("right")?);
        let keys = keys(options, input)?;
        ctx.tick(0.0, &msg!("transform.join.matching", "Looking the keys up"))?;
        let key_columns: Vec<(&Column, &Column)> = keys.iter().map(|k| (k.left, k.right)).collect();
        let matching = Matching::of(&key_columns);
        ctx.tick(0.3, &msg!("transform.join.counting", "Counting matches"))?;
        let mut made = Report::default();
        report::say(&matching, &keys, options.how, &mut made, ctx);
        if options.report_only {
            return Ok(Output {
                report: made,
                tables: Vec::new(),
            });
        }
        let brought = columns::brought(options, &keys, input)?;
        check_size(options.how, &matching, &keys, left, &brought)?;
        let joined = columns::joined(options, &matching, &keys, left, &brought, ctx)?;
        let mut receipt = receipt(options.how, &matching, right.n_rows());
        receipt.columns_added(
            joined.columns()[left.n_columns()..]
                .iter()
                .map(|c| c.name.clone()),
        );
        made.summary.extend(receipt.summary());
        made.push(receipt.table());
        Ok(Output {
            report: made,
            tables: vec![("joined", joined)],
        })
    }
}

/// A pair of key columns that can be equal.
pub struct Key<'a> {
    pub left: &'a Column,
    pub right: &'a Column,
}

fn keys<'a>(options: &Options, input: &'a Input) -> Result<Vec<Key<'a>>, RunError> {
    let mut keys = Vec::new();
    let mut errors = Vec::new();
    for (i, pair) in options.keys.iter().enumerate() {
        let at = format!("keys.{i}.right");
        let left = input.column(&format!("keys.{i}.left"), &pair.left)?;
        let name = pair.right.as_ref().unwrap_or(&pair.left);
        let right = input.table("right")?.column(name).ok_or_else(|| {
            RunError::option(
                &at,
                msg!(
                    "transform.join.no_right_column",
                    "The right table has no column “{name}”. Choose the column that matches “{left}”.",
                    name = name,
                    left = &pair.left
                ),
            )
        })?;
        if Matching::are_comparable(left, right) {
            keys.push(Key { left, right });
        } else {
            errors.push(FieldError::new(at, mismatch(left, right)));
        }
    }
    if errors.is_empty() {
        Ok(keys)
    } else {
        Err(RunError::Options(errors))
    }
}

fn mismatch(left: &Column, right: &Column) -> crate::report::Msg {
    let kind = |column: &Column| match column.kind() {
        ColumnKind::Float | ColumnKind::Int => msg!("transform.join.numbers", "numbers"),
        ColumnKind::Bool => msg!("transform.join.bools", "true and false"),
        ColumnKind::Date => msg!("transform.join.dates", "dates"),
        ColumnKind::DateTime => msg!("transform.join.moments", "dates with times"),
        ColumnKind::Time => msg!("transform.join.times", "times of day"),
        ColumnKind::Category | ColumnKind::Text => msg!("transform.join.words", "text"),
    };
    msg!(
        "transform.join.mismatch",
        "“{left}” holds {left_kind} and “{right}” holds {right_kind}, so none of them can be equal. Choose other columns, or give one of them the type of the other first.",
        left = &left.name,
        left_kind = kind(left),
        right = &right.name,
        right_kind = kind(right)
    )
}

/// Stops a join before memory runs out.
fn check_size(
    how: How,
    matching: &Matching,
    keys: &[Key],
    left: &Table,
    brought: &[&Column],
) -> Result<(), RunError> {
    let n_rows = matching.n_rows(how.kind());
    let columns = left.columns().iter().map(|c| &**c);
    let bytes = match how {
        How::Semi | How::Anti => bytes_per_row(columns),
        _ => bytes_per_row(columns.chain(brought.iter().copied())) + 8.0,
    } * n_rows as f64;
    if bytes <= MAX_BYTES && n_rows < u64::from(NO_ROW) {
        return Ok(());
    }
    let worst = matching.most_frequent(|l, r| l > 0 && r > 0, 1);
    let worst = worst.first().expect("rows of a join have keys");
    Err(RunError::Data(msg!(
        "transform.join.too_large",
        "The join would have {n} rows and take {gb} GB. The key {key} alone pairs {left} left rows with {right} right rows. Add a key that tells rows apart, or take repeated keys out of one table first.",
        n = n_rows,
        gb = (
            bytes / f64::from(1 << 30),
            crate::report::Format::Significant(2)
        ),
        key = report::key_text(keys, worst.row as usize, worst.n_left > 0),
        left = worst.n_left as usize,
        right = worst.n_right as usize
    )))
}

fn receipt(how: How, matching: &Matching, n_right: usize) -> Receipt {
    let (left, right) = (matching.left_side(), matching.right_side());
    let n_out = matching.n_rows(how.kind()) as usize;
    let n_matched = left.n_rows - left.n_without_key - left.n_unmatched_rows;
    let mut receipt = Receipt::new(left.n_rows);
    receipt.beside(
        n_right,
        msg!("transform.join.right_rows", "Rows of the right table"),
    );
    let no_match = || msg!("transform.join.no_match", "No match in the right table");
    let no_key = || msg!("transform.join.no_key", "A key is missing");
    if matches!(how, How::Inner | How::Semi) {
        for (n, why) in [
            (left.n_without_key, no_key()),
            (left.n_unmatched_rows, no_match()),
        ] {
            if n > 0 {
                receipt.dropped(n, why);
            }
        }
    }
    if how == How::Anti && n_matched > 0 {
        receipt.dropped(
            n_matched,
            msg!("transform.join.has_match", "Has a match in the right table"),
        );
    }
    let n_right_alone = match how {
        How::Full => right.n_without_key + right.n_unmatched_rows,
        _ => 0,
    };
    let n_again = n_out - receipt.n_out() - n_right_alone;
    if n_again > 0 {
        receipt.added(
            n_again,
            msg!(
                "transform.join.again",
                "Left rows that match several right rows, once for each"
            ),
        );
    }
    if n_right_alone > 0 {
        receipt.added(
            n_right_alone,
            msg!("transform.join.right_alone", "Right rows without a match"),
        );
    }
    receipt
}

impl How {
    pub fn kind(self) -> JoinKind {
        match self {
            Self::Left => JoinKind::Left,
            Self::Inner => JoinKind::Inner,
            Self::Full => JoinKind::Full,
            Self::Semi => JoinKind::Semi,
            Self::Anti => JoinKind::Anti,
        }
    }
}
