//! Filter: the rows that fit conditions, or for which a formula is true.

use crate::formula::{Fits as Fitting, Formula, Wanted, column_name, quoted};
use crate::msg;
use crate::report::{Format, Head, Msg, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, formula, read_formula, reads, rows, text,
};
use crate::table::csv::parse;
use crate::table::{Bitmap, Column, ColumnKind, Data, Measure, Table, Value, write_number};

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

crate::choices! {
    /// What says which rows are kept.
    pub enum By {
        Conditions = "conditions" "Conditions",
        Formula = "formula" "A formula",
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
        /// Conditions are put together from columns and values; a formula can say anything.
        by "Choose rows by": By = choice(By::CHOICES, "conditions"),
        /// A row is kept when it fits.
        conditions "Conditions": Vec<Condition> = rows(<Condition as crate::spec::Options>::SPECS).between(1, 50).when("by", &["conditions"]),
        /// Whether a row must fit all conditions or one.
        join "A row must fit": Join = choice(Join::CHOICES, "all").when("by", &["conditions"]),
        /// What must be true of a row, such as price > 20 and city = "Seoul".
        formula "Formula": String = formula(Wanted::Truth).when("by", &["formula"]),
    }
}

impl Analysis for Filter {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.filter",
        version: 1,
        title: "Filter rows",
        group: Group::Transform,
        about: "Keeps the rows that fit conditions or a formula, and says how many went.",
        headline: "Rows chosen by {by}",
        method: "A missing value fits no comparison but “is missing”; a formula keeps the rows where it is true, not those where a missing value leaves it open. Text is compared letter by letter, capitals included; ordered categories by their order, other text by its letters.",
        references: &[],
        keywords: &[
            "subset",
            "where",
            "select",
            "rows",
            "formula",
            "query",
            "필터",
            "조건",
            "행 선택",
            "추출",
            "수식",
        ],
        picture: Picture::Filter,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "rows",
            title: "Rows that fit",
        }],
        examples: &[
            Example {
                name: "heavy_or_unsexed",
                tables: &[("table", "penguins.csv")],
                values: r#"{"conditions": [{"column": "body_mass_g", "is": "more", "value": "5500"}, {"column": "sex", "is": "missing"}], "join": "any"}"#,
            },
            Example {
                name: "heavier_than_their_kind",
                tables: &[("table", "penguins.csv")],
                values: r#"{"by": "formula", "formula": "body_mass_g > 1.2 * mean(body_mass_g by species, sex)"}"#,
            },
        ],
        korean: include_str!("filter.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let mut report = Report::default();
        let (keep, receipt) = match options.by {
            By::Formula => {
                let formula = read_formula("formula", &options.formula, table, Wanted::Truth)?;
                let step = msg!("transform.filter.looking", "Looking for the rows that fit");
                let fits = fitting("formula", &formula, table, (0.0, 1.0), &step, ctx)?;
                let receipt = of_formula(options, &fits);
                (fits.rows, receipt)
            }
            By::Conditions => {
                let fits = each_condition(options, input, ctx)?;
                let done = put_together(options, &fits, table.n_rows());
                if fits.len() > 1 {
                    report.push(alone(options, &fits, table.n_rows()));
                }
                done
            }
        };
        report.summary = receipt.summary();
        report.blocks.insert(0, receipt.table().into());
        Ok(Output {
            report,
            tables: vec![("rows", table.filter(&keep))],
        })
    }
}

/// The rows that fit each condition.
fn each_condition(
    options: &Options,
    input: &Input,
    ctx: &mut Ctx,
) -> Result<Vec<Bitmap>, RunError> {
    let table = input.table("table")?;
    let n = options.conditions.len() as f32;
    let mut fits = Vec::new();
    for (i, condition) in options.conditions.iter().enumerate() {
        let column = input.column(&format!("conditions.{i}.column"), &condition.column)?;
        let option = format!("conditions.{i}.value");
        let text = condition
            .formula(column)
            .map_err(|m| RunError::option(&option, m))?;
        let formula = read_formula(&option, &text, table, Wanted::Truth)?;
        let step = msg!(
            "transform.filter.step",
            "Looking at “{column}”",
            column = &condition.column
        );
        let share = (i as f32 / n, (i as f32 + 1.0) / n);
        fits.push(fitting(&option, &formula, table, share, &step, ctx)?.rows);
    }
    Ok(fits)
}

fn fitting(
    option: &str,
    formula: &Formula,
    table: &Table,
    share: (f32, f32),
    step: &Msg,
    ctx: &mut Ctx,
) -> Result<Fitting, RunError> {
    ctx.warn_inexact(formula, table);
    ctx.run_formula(option, share, step, |tick| formula.fits(table, tick))
}

/// The rows where the formula is false, and those where a missing value leaves it open.
fn of_formula(options: &Options, fits: &Fitting) -> Receipt {
    let mut receipt = Receipt::new(fits.rows.len());
    receipt.dropped(
        fits.rows.count_zeros() - fits.n_unknown,
        msg!(
            "transform.filter.untrue",
            "Not so: {formula}",
            formula = options.formula.trim()
        ),
    );
    if fits.n_unknown > 0 {
        receipt.dropped(
            fits.n_unknown,
            msg!("transform.filter.unknown", "A missing value leaves it open"),
        );
    }
    receipt
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
            let none = Bitmap::with_len(n_rows, false);
            let keep = fits.iter().fold(none, |keep, fits| keep.or(fits));
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

impl Condition {
    /// The condition as a formula, its value read as the column holds it. The sentence of the error
    /// stands at the value.
    fn formula(&self, column: &Column) -> Result<String, Msg> {
        let name = column_name(&column.name);
        let is_text = matches!(column.kind(), ColumnKind::Text | ColumnKind::Category);
        let sign = match self.is {
            Is::Missing => return Ok(format!("{name} is missing")),
            Is::Present => return Ok(format!("{name} is not missing")),
            Is::Contains if is_text => {
                return Ok(format!("contains({name}, {})", quoted(&self.value)));
            }
            Is::Contains => return Ok(format!("contains(text({name}), {})", quoted(&self.value))),
            Is::OneOf => {
                let words = self.value.split(';').map(str::trim);
                let words: Vec<&str> = words.filter(|w| !w.is_empty()).collect();
                if words.is_empty() {
                    return Err(no_value());
                }
                let values = words.into_iter().map(|w| literal(w, column));
                let values: Vec<String> = values.collect::<Result<_, _>>()?;
                return Ok(format!("{name} in ({})", values.join(", ")));
            }
            Is::Equal => "=",
            Is::NotEqual => "!=",
            Is::Less => "<",
            Is::AtMost => "<=",
            Is::AtLeast => ">=",
            Is::More => ">",
        };
        let word = self.value.trim();
        if word.is_empty() && !is_text {
            return Err(no_value());
        }
        Ok(format!("{name} {sign} {}", literal(word, column)?))
    }
}

fn no_value() -> Msg {
    msg!(
        "transform.filter.no_value",
        "Give the value to compare with."
    )
}

/// A typed value as a formula has it.
fn literal(word: &str, column: &Column) -> Result<String, Msg> {
    let unreadable = || {
        msg!(
            "transform.filter.unreadable",
            "“{value}” cannot be compared with “{column}”, which holds {example}, for example.",
            value = word,
            column = &column.name,
            example = example(column)
        )
    };
    let moment = |value: Option<Value<'_>>| {
        let mut spelling = String::new();
        value.ok_or_else(unreadable)?.write(&mut spelling);
        Ok(quoted(&spelling))
    };
    match &column.data {
        Data::Category { levels, .. } if column.measure == Measure::Ordinal => {
            if levels.iter().any(|l| l == word) {
                return Ok(quoted(word));
            }
            Err(msg!(
                "transform.filter.no_level",
                "“{column}” has no level “{value}”.",
                column = &column.name,
                value = word
            ))
        }
        Data::Category { .. } | Data::Text(_) => Ok(quoted(word)),
        Data::Bool(_) => match word.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok("true".to_string()),
            "false" | "0" => Ok("false".to_string()),
            _ => Err(unreadable()),
        },
        Data::Date(_) => moment(parse::date(word).map(Value::Date)),
        Data::DateTime(_) => moment(parse::date_time(word).map(Value::DateTime)),
        Data::Time(_) => moment(parse::time(word).map(Value::Time)),
        Data::Float(_) | Data::Int(_) => {
            let number = parse::number(word).filter(|x| x.is_finite());
            let mut spelling = String::new();
            write_number(&mut spelling, number.ok_or_else(unreadable)?);
            Ok(spelling)
        }
    }
}

fn example(column: &Column) -> String {
    (0..column.len())
        .find(|&i| column.is_valid(i))
        .map_or_else(String::new, |i| column.display(i))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;
    use crate::table::Column;

    #[test]
    fn conditions_are_formulas() {
        let check = |column: Column, is: Is, value: &str, expected: &str| {
            let condition = Condition {
                column: column.name.clone(),
                is,
                value: value.to_string(),
            };
            let found = condition
                .formula(&column)
                .unwrap_or_else(|m| m.text(Lang::En));
            assert_eq!(found, expected);
        };
        let price = || Column::float("price", vec![1.5]);
        check(price(), Is::More, "3,700", "price > 3700");
        check(price(), Is::Equal, "-1e-7", "price = -1e-7");
        check(price(), Is::OneOf, "1; 2;;3", "price in (1, 2, 3)");
        check(price(), Is::Contains, "5", "contains(text(price), \"5\")");
        check(price(), Is::Missing, "", "price is missing");
        check(price(), Is::Less, " ", "Give the value to compare with.");
        let unreadable = "“dear” cannot be compared with “price”, which holds 1.5, for example.";
        check(price(), Is::Less, "dear", unreadable);
        let levels = ["low", "high"].map(String::from).to_vec();
        let city = || Column::category("도시 이름", vec![0], levels.clone());
        check(
            city(),
            Is::NotEqual,
            "a \"b\"",
            "`도시 이름` != \"a \"\"b\"\"\"",
        );
        check(city(), Is::Equal, "", "`도시 이름` = \"\"");
        let ordered = || city().with_measure(Measure::Ordinal);
        check(ordered(), Is::AtMost, "low", "`도시 이름` <= \"low\"");
        check(
            ordered(),
            Is::AtMost,
            "mid",
            "“도시 이름” has no level “mid”.",
        );
        let day = Column::date("day", vec![0]);
        check(day, Is::AtLeast, "2024년 3월 5일", "day >= \"2024-03-05\"");
        let at = Column::date_time("at", vec![0]);
        check(
            at,
            Is::Less,
            "2024-03-05 10:00",
            "at < \"2024-03-05T10:00:00\"",
        );
        let time = Column::new("time", Data::Time(vec![0]));
        check(time, Is::Equal, "1:02:03", "time = \"01:02:03\"");
        check(Column::bool("b", [true]), Is::Equal, "1", "b = true");
    }
}
