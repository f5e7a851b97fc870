//! Filter: the rows that fit conditions.

use crate::msg;
use crate::report::{Format, Head, Msg, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, reads, rows, text,
};
use crate::table::csv::parse;
use crate::table::{Bitmap, Column, ColumnKind, Data};

pub struct Filter;

crate::choices! {
    /// How a value is compared.
    pub enum Is {
        Equal = "equal" "is",
        NotEqual = "not_equal" "is not",
        Less = "less" "is less than",
        AtMost = "at_most" "is at most",
        AtLeast = "at_least" "is at least",
        More = "more" "is more than",
        OneOf = "one_of" "is one of",
        Contains = "contains" "contains",
        Missing = "missing" "is missing",
        Present = "present" "is not missing",
    }
}

crate::choices! {
    /// How conditions go together.
    pub enum Join {
        All = "all" "All of them",
        Any = "any" "At least one",
    }
}

crate::options! {
    /// One condition.
    pub struct Condition {
        /// The column that is looked at.
        column "Column": String = column(Fits::Any),
        /// How its value is compared.
        is "Comparison": Is = choice(Is::CHOICES, "equal"),
        /// A number, a date such as 2024-03-05, or a text; several for “is one of”, separated by semicolons.
        value "Value": String = text(""),
    }
}

crate::options! {
    /// What is kept.
    pub struct Options {
        /// A row is kept when it fits.
        conditions "Conditions": Vec<Condition> = rows(<Condition as crate::spec::Options>::SPECS).between(1, 50),
        /// Whether a row must fit all conditions or one.
        join "A row must fit": Join = choice(Join::CHOICES, "all"),
    }
}

impl Analysis for Filter {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.filter",
        version: 1,
        title: "Filter rows",
        group: Group::Transform,
        about: "Keeps the rows that fit conditions, and says how many went.",
        headline: "Rows that fit {conditions} {conditions|condition|conditions}",
        method: "A missing value fits no comparison but “is missing”. Text is compared letter by letter, capitals included; ordered categories by their order, other text by its letters.",
        references: &[],
        keywords: &[
            "subset",
            "where",
            "select",
            "rows",
            "필터",
            "조건",
            "행 선택",
            "추출",
        ],
        picture: Picture::Filter,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "rows",
            title: "Rows that fit",
        }],
        examples: &[Example {
            name: "heavy_or_unsexed",
            tables: &[("table", "penguins.csv")],
            values: r#"{"conditions": [{"column": "body_mass_g", "is": "more", "value": "5500"}, {"column": "sex", "is": "missing"}], "join": "any"}"#,
        }],
        korean: include_str!("filter.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let mut fits = Vec::new();
        for (i, condition) in options.conditions.iter().enumerate() {
            let done = i as f32 / options.conditions.len() as f32;
            ctx.tick(
                done,
                &msg!(
                    "transform.filter.step",
                    "Looking at “{column}”",
                    column = &condition.column
                ),
            )?;
            let column = input.column(&format!("conditions.{i}.column"), &condition.column)?;
            let test = Test::new(condition, column)
                .map_err(|m| RunError::option(&format!("conditions.{i}.value"), m))?;
            fits.push(
                (0..column.len())
                    .map(|row| test.fits(column, row))
                    .collect::<Bitmap>(),
            );
        }
        let (keep, receipt) = put_together(options, &fits, table.n_rows());
        let mut report = Report {
            summary: receipt.summary(),
            ..Report::default()
        };
        report.push(receipt.table());
        if fits.len() > 1 {
            report.push(alone(options, &fits, table.n_rows()));
        }
        Ok(Output {
            report,
            tables: vec![("rows", table.filter(&keep))],
        })
    }
}

/// The rows that stay, and what each condition took away from those that the ones before it left.
fn put_together(options: &Options, fits: &[Bitmap], n_rows: usize) -> (Bitmap, Receipt) {
    let mut receipt = Receipt::new(n_rows);
    let keep = match options.join {
        Join::All => {
            let mut keep = Bitmap::with_len(n_rows, true);
            for (condition, fits) in options.conditions.iter().zip(fits) {
                let left = keep.and(fits);
                receipt.dropped(
                    keep.count_ones() - left.count_ones(),
                    msg!(
                        "transform.filter.unfit",
                        "Not so: {condition}",
                        condition = condition.text()
                    ),
                );
                keep = left;
            }
            keep
        }
        Join::Any => {
            let keep: Bitmap = (0..n_rows)
                .map(|row| fits.iter().any(|f| f.get(row)))
                .collect();
            receipt.dropped(
                keep.count_zeros(),
                msg!("transform.filter.fits_none", "No condition fits"),
            );
            keep
        }
    };
    (keep, receipt)
}

/// How many rows fit each condition by itself.
fn alone(options: &Options, fits: &[Bitmap], n_rows: usize) -> TableBlock {
    let mut table = TableBlock::new(
        "conditions",
        msg!(
            "transform.filter.alone",
            "Rows that fit each condition alone"
        ),
        vec![
            Head::name("condition", msg!("transform.filter.condition", "Condition")),
            Head::new(
                "rows",
                msg!("transform.filter.rows", "Rows"),
                Format::Integer,
            ),
            Head::new(
                "share",
                msg!("transform.filter.share", "Share"),
                Format::Percent(1),
            ),
        ],
    );
    for (condition, fits) in options.conditions.iter().zip(fits) {
        let n = fits.count_ones();
        let share = (n_rows > 0).then(|| n as f64 / n_rows as f64);
        table.row(vec![condition.text().into(), n.into(), share.into()]);
    }
    table
}

impl Condition {
    fn text(&self) -> Msg {
        let (column, value) = (&self.column, &self.value);
        match self.is {
            Is::Equal => msg!(
                "transform.filter.text_equal",
                "{column} = {value}",
                column = column,
                value = value
            ),
            Is::NotEqual => msg!(
                "transform.filter.text_not_equal",
                "{column} ≠ {value}",
                column = column,
                value = value
            ),
            Is::Less => msg!(
                "transform.filter.text_less",
                "{column} < {value}",
                column = column,
                value = value
            ),
            Is::AtMost => msg!(
                "transform.filter.text_at_most",
                "{column} ≤ {value}",
                column = column,
                value = value
            ),
            Is::AtLeast => msg!(
                "transform.filter.text_at_least",
                "{column} ≥ {value}",
                column = column,
                value = value
            ),
            Is::More => msg!(
                "transform.filter.text_more",
                "{column} > {value}",
                column = column,
                value = value
            ),
            Is::OneOf => msg!(
                "transform.filter.text_one_of",
                "{column} is one of {value}",
                column = column,
                value = value
            ),
            Is::Contains => {
                msg!(
                    "transform.filter.text_contains",
                    "{column} contains “{value}”",
                    column = column,
                    value = value
                )
            }
            Is::Missing => msg!(
                "transform.filter.text_missing",
                "{column} is missing",
                column = column
            ),
            Is::Present => msg!(
                "transform.filter.text_present",
                "{column} is not missing",
                column = column
            ),
        }
    }
}

/// A condition with its value read as the column holds it.
enum Test {
    Missing,
    Present,
    Contains(String),
    /// Numbers, dates and times, all as numbers.
    Number(Is, Vec<f64>),
    /// Positions of an ordered category's levels.
    Level(Is, Vec<i32>),
    Text(Is, Vec<String>),
}

impl Test {
    /// The sentence of the error stands at the value.
    fn new(condition: &Condition, column: &Column) -> Result<Self, Msg> {
        match condition.is {
            Is::Missing => return Ok(Test::Missing),
            Is::Present => return Ok(Test::Present),
            Is::Contains => return Ok(Test::Contains(condition.value.clone())),
            _ => {}
        }
        let words: Vec<String> = match condition.is {
            Is::OneOf => condition
                .value
                .split(';')
                .map(|w| w.trim().to_string())
                .filter(|w| !w.is_empty())
                .collect(),
            _ => vec![condition.value.trim().to_string()],
        };
        if words.iter().all(String::is_empty)
            && !matches!(column.kind(), ColumnKind::Text | ColumnKind::Category)
        {
            return Err(msg!(
                "transform.filter.no_value",
                "Give the value to compare with."
            ));
        }
        match &column.data {
            Data::Category { levels, .. } if column.measure == crate::table::Measure::Ordinal => {
                let place = |word: &String| {
                    let found = levels.iter().position(|l| l == word).map(|p| p as i32);
                    found.ok_or_else(|| {
                        msg!(
                            "transform.filter.no_level",
                            "“{column}” has no level “{value}”.",
                            column = &column.name,
                            value = word
                        )
                    })
                };
                Ok(Test::Level(
                    condition.is,
                    words.iter().map(place).collect::<Result<_, _>>()?,
                ))
            }
            Data::Category { .. } | Data::Text(_) => Ok(Test::Text(condition.is, words)),
            _ => {
                let read = |word: &String| {
                    as_number(word, column.kind()).ok_or_else(|| {
                        msg!(
                            "transform.filter.unreadable",
                            "“{value}” cannot be compared with “{column}”, which holds {example}, for example.",
                            value = word,
                            column = &column.name,
                            example = example(column)
                        )
                    })
                };
                Ok(Test::Number(
                    condition.is,
                    words.iter().map(read).collect::<Result<_, _>>()?,
                ))
            }
        }
    }

    fn fits(&self, column: &Column, row: usize) -> bool {
        let valid = column.is_valid(row);
        match self {
            Test::Missing => !valid,
            Test::Present => valid,
            _ if !valid => false,
            Test::Contains(part) => column.display(row).contains(part.as_str()),
            Test::Number(is, values) => {
                number_at(column, row).is_some_and(|v| compare(*is, &v, values))
            }
            Test::Level(is, values) => match &column.data {
                Data::Category { codes, .. } => compare(*is, &codes[row], values),
                _ => false,
            },
            Test::Text(is, values) => compare(*is, &column.display(row), values),
        }
    }
}

fn compare<T: PartialOrd>(is: Is, value: &T, with: &[T]) -> bool {
    match is {
        Is::OneOf => with.contains(value),
        Is::NotEqual => *value != with[0],
        Is::Less => *value < with[0],
        Is::AtMost => *value <= with[0],
        Is::AtLeast => *value >= with[0],
        Is::More => *value > with[0],
        _ => *value == with[0],
    }
}

fn number_at(column: &Column, row: usize) -> Option<f64> {
    Some(match &column.data {
        Data::Float(v) => v[row],
        Data::Int(v) | Data::DateTime(v) => v[row] as f64,
        Data::Date(v) | Data::Time(v) => f64::from(v[row]),
        Data::Bool(v) => f64::from(u8::from(v.get(row))),
        Data::Category { .. } | Data::Text(_) => return None,
    })
}

fn as_number(word: &str, kind: ColumnKind) -> Option<f64> {
    match kind {
        ColumnKind::Bool => match word.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(1.0),
            "false" | "0" => Some(0.0),
            _ => None,
        },
        ColumnKind::Date => parse::date(word).map(f64::from),
        ColumnKind::DateTime => parse::date_time(word).map(|ms| ms as f64),
        ColumnKind::Time => parse::time(word).map(f64::from),
        _ => parse::number(word),
    }
}

fn example(column: &Column) -> String {
    (0..column.len())
        .find(|&i| column.is_valid(i))
        .map_or_else(String::new, |i| column.display(i))
}
