//! The columns of the answer.

use super::{Options, Wanted, What};
use crate::msg;
use crate::spec::{Ctx, RunError};
use crate::table::verbs::{Groups, Summaries, Summary, shares, weighted_mean};
use crate::table::{Column, Table, write_number};

/// Adds a column to `made` for each summary that is wanted; rows are counted when none is.
pub fn add<'a>(
    options: &Options,
    table: &'a Table,
    groups: &'a Groups,
    made: &mut Table,
    ctx: &mut Ctx,
) -> Result<(), RunError> {
    let rows = [Wanted {
        what: What::Rows,
        column: None,
        weight: None,
        quantile: 0.5,
        name: String::new(),
    }];
    let wanted = match &options.summaries[..] {
        [] => &rows[..],
        wanted => wanted,
    };
    let mut summaries = Summaries::of(groups);
    for (i, one) in wanted.iter().enumerate() {
        let share = i as f32 / wanted.len() as f32;
        ctx.tick(
            0.3 + 0.7 * share,
            &msg!("transform.group.summing", "Summing up the groups"),
        )?;
        let mut column = summed_up(one, i, table, groups, &mut summaries)?;
        let name = match one.name.trim() {
            "" => one.made_up_name(),
            name => name.to_string(),
        };
        column.name = made.free_column_name(&name);
        column.label = None;
        *made = made
            .with_column(column)
            .expect("as many rows as there are groups");
    }
    Ok(())
}

fn summed_up<'a>(
    one: &Wanted,
    i: usize,
    table: &'a Table,
    groups: &Groups,
    summaries: &mut Summaries<'a>,
) -> Result<Column, RunError> {
    let counts = || groups.counts().into_iter();
    let summary = match one.what {
        What::Rows => {
            let counts = counts().map(i64::from).collect();
            return Ok(Column::int("n", counts));
        }
        What::ShareOfRows => {
            let counts: Vec<f64> = counts().map(f64::from).collect();
            return Ok(shares(&Column::float("n", Vec::new()), &counts));
        }
        What::WeightedMean => {
            let column = numbers(one.column.as_deref(), "column", i, table)?;
            let weights = numbers(one.weight.as_deref(), "weight", i, table)?;
            return Ok(weighted_mean(column, weights, groups));
        }
        What::Count => Summary::Count,
        What::Missing => Summary::Missing,
        What::Distinct => Summary::Distinct,
        What::Sum => Summary::Sum,
        What::ShareOfSum => Summary::ShareOfSum,
        What::Mean => Summary::Mean,
        What::Sd => Summary::Sd,
        What::Variance => Summary::Variance,
        What::Min => Summary::Min,
        What::Max => Summary::Max,
        What::Median => Summary::Quantile(0.5),
        What::Quantile => Summary::Quantile(one.quantile),
        What::First => Summary::First,
        What::Last => Summary::Last,
    };
    let column = match summary.takes(crate::table::ColumnKind::Text) {
        true => chosen(one.column.as_deref(), "column", i, table)?,
        false => numbers(one.column.as_deref(), "column", i, table)?,
    };
    Ok(summaries.get(summary, column))
}

fn chosen<'a>(
    name: Option<&str>,
    field: &str,
    i: usize,
    table: &'a Table,
) -> Result<&'a Column, RunError> {
    let at = format!("summaries.{i}.{field}");
    let Some(name) = name else {
        let missing = msg!(
            "transform.group.needs_column",
            "This summary needs a column. Choose one."
        );
        return Err(RunError::option(&at, missing));
    };
    table
        .column(name)
        .ok_or_else(|| RunError::no_column(&at, name))
}

fn numbers<'a>(
    name: Option<&str>,
    field: &str,
    i: usize,
    table: &'a Table,
) -> Result<&'a Column, RunError> {
    let column = chosen(name, field, i, table)?;
    if Summary::Sum.takes(column.kind()) {
        return Ok(column);
    }
    Err(RunError::option(
        &format!("summaries.{i}.{field}"),
        msg!(
            "transform.group.needs_numbers",
            "This summary needs numbers, and “{column}” holds none. Count its values, or take the first or last.",
            column = &column.name
        ),
    ))
}

impl Wanted {
    fn made_up_name(&self) -> String {
        let ending = match self.what {
            What::Rows => return "n".into(),
            What::ShareOfRows => return "share".into(),
            What::Count => "n",
            What::ShareOfSum => "share",
            What::Quantile => {
                let mut name = String::from("p");
                write_number(&mut name, (self.quantile * 1e6).round() / 1e4);
                return self.about(&name);
            }
            what => What::CHOICES[what as usize].key,
        };
        self.about(ending)
    }

    fn about(&self, ending: &str) -> String {
        let column = self.column.as_deref().unwrap_or_default();
        format!("{column}_{ending}")
    }
}
