//! One new column.

use super::{Step, What};
use crate::msg;
use crate::spec::{Input, RunError};
use crate::table::calendar::MS_PER_DAY;
use crate::table::verbs::{Groups, NO_ROW, Order, Reach, SortKey, Ties, Total};
use crate::table::{Bitmap, Column, ColumnFormat, Data};

/// The rows as the steps look at them.
pub struct Rows<'a> {
    pub groups: &'a Groups,
    pub order: &'a Order,
    pub keys: &'a [SortKey<'a>],
    pub partial: bool,
}

/// The values of step `i` for all rows of the table.
pub fn column(step: &Step, i: usize, rows: &Rows, input: &Input) -> Result<Column, RunError> {
    let at = format!("steps.{i}.column");
    let chosen = match &step.column {
        None => None,
        Some(name) => Some(input.column(&at, name)?),
    };
    let needed = || {
        chosen.ok_or_else(|| {
            RunError::option(
                &at,
                msg!(
                    "transform.window.needs_column",
                    "This new column needs a column that it is about. Choose one."
                ),
            )
        })
    };
    let numbers = || {
        let column = needed()?;
        match column.data {
            Data::Float(_) | Data::Int(_) | Data::Bool(_) => Ok(column),
            _ => Err(RunError::option(
                &at,
                msg!(
                    "transform.window.needs_numbers",
                    "This new column needs numbers, and “{column}” holds none.",
                    column = &column.name
                ),
            )),
        }
    };
    let n = step.n_rows();
    Ok(match step.what {
        What::RowNumber => Column::int("", rows.order.ranks(rows.keys, Ties::RowNumber)),
        What::Rank => ranks(chosen.map(SortKey::ascending), rows, Ties::Min),
        What::RankDescending => ranks(Some(SortKey::descending(needed()?)), rows, Ties::Min),
        What::DenseRank => ranks(chosen.map(SortKey::ascending), rows, Ties::Dense),
        What::Lag => needed()?.take(&rows.order.neighbours(n as i64)),
        What::Lead => needed()?.take(&rows.order.neighbours(-(n as i64))),
        What::Difference => difference(numbers()?, &rows.order.neighbours(n as i64)),
        What::Change => change(numbers()?, &rows.order.neighbours(n as i64)),
        What::CumulativeSum => cumulative_sum(numbers()?, rows.order),
        What::CumulativeMean => cumulative_mean(numbers()?, rows.order),
        What::CumulativeCount => cumulative_count(chosen, rows),
        What::MovingSum => moving(numbers()?, n, Total::Sum, rows),
        What::MovingMean => moving(numbers()?, n, Total::Mean, rows),
        What::DaysSince => {
            let column = needed()?;
            days_since(column, &rows.order.neighbours(n as i64)).ok_or_else(|| {
                RunError::option(
                    &at,
                    msg!(
                        "transform.window.needs_dates",
                        "This new column needs dates, and “{column}” holds none.",
                        column = &column.name
                    ),
                )
            })?
        }
        What::Share => {
            let values = numbers()?.numbers().expect("a column of numbers");
            Column::float("", rows.order.shares(&values)).with_format(ColumnFormat {
                decimals: Some(1),
                percent: true,
                ..ColumnFormat::default()
            })
        }
    })
}

/// By a column of its own, in which missing values have no rank, or by the order of the rows.
fn ranks(by: Option<SortKey>, rows: &Rows, ties: Ties) -> Column {
    let Some(by) = by else {
        return Column::int("", rows.order.ranks(rows.keys, ties));
    };
    let has_value = validity(by.column);
    let by = [by];
    let order = Order::of(&rows.groups.ids, rows.groups.len(), &by);
    Column::int("", order.ranks(&by, ties)).with_validity(has_value)
}

fn validity(column: &Column) -> Bitmap {
    match &column.data {
        Data::Float(v) => (0..v.len())
            .map(|i| column.is_valid(i) && !v[i].is_nan())
            .collect(),
        _ => (0..column.len()).map(|i| column.is_valid(i)).collect(),
    }
}

/// Whole numbers give whole differences as long as they fit.
fn difference(column: &Column, before: &[u32]) -> Column {
    if let Data::Int(v) = &column.data
        && let Some(differences) = whole_differences(v, before)
    {
        let has_both = |(i, &b): (usize, &u32)| {
            b != NO_ROW && column.is_valid(i) && column.is_valid(b as usize)
        };
        let validity = before.iter().enumerate().map(has_both).collect();
        return Column::int("", differences)
            .with_validity(validity)
            .with_format(column.format.clone());
    }
    from_pairs(column, before, |now, earlier| now - earlier)
}

fn whole_differences(values: &[i64], before: &[u32]) -> Option<Vec<i64>> {
    let pairs = values.iter().zip(before);
    pairs
        .map(|(&v, &b)| match b {
            NO_ROW => Some(0),
            b => v.checked_sub(values[b as usize]),
        })
        .collect()
}

fn change(column: &Column, before: &[u32]) -> Column {
    let change = |now: f64, earlier: f64| match earlier {
        0.0 => f64::NAN,
        earlier => (now - earlier) / earlier.abs(),
    };
    from_pairs(column, before, change).with_format(ColumnFormat {
        decimals: Some(1),
        percent: true,
        ..ColumnFormat::default()
    })
}

fn from_pairs(column: &Column, before: &[u32], of: impl Fn(f64, f64) -> f64) -> Column {
    let values = column.numbers().expect("a column of numbers");
    let pairs = values.iter().zip(before);
    let new = pairs.map(|(&now, &b)| match b {
        NO_ROW => f64::NAN,
        b => of(now, values[b as usize]),
    });
    Column::float("", new.collect()).with_format(column.format.clone())
}

fn cumulative_sum(column: &Column, order: &Order) -> Column {
    let whole = match &column.data {
        Data::Int(v) => order.cumulative_whole(v, column.validity.as_ref()),
        Data::Bool(v) => {
            let ones: Vec<i64> = v.iter().map(i64::from).collect();
            order.cumulative_whole(&ones, column.validity.as_ref())
        }
        _ => None,
    };
    let values = || column.numbers().expect("a column of numbers");
    let sums = whole.unwrap_or_else(|| Column::float("", order.cumulative(&values(), Total::Sum)));
    sums.with_format(column.format.clone())
}

fn cumulative_mean(column: &Column, order: &Order) -> Column {
    let values = column.numbers().expect("a column of numbers");
    Column::float("", order.cumulative(&values, Total::Mean))
}

/// Of the values of a column, or of all rows.
fn cumulative_count(column: Option<&Column>, rows: &Rows) -> Column {
    let ones: Vec<i64> = match column {
        None => vec![1; rows.groups.ids.len()],
        Some(column) => validity(column).iter().map(i64::from).collect(),
    };
    let counts = rows.order.cumulative_whole(&ones, None);
    counts.expect("counts of rows fit")
}

fn moving(column: &Column, width: usize, total: Total, rows: &Rows) -> Column {
    let values = column.numbers().expect("a column of numbers");
    let reach = match rows.partial {
        true => Reach::Partial,
        false => Reach::Whole,
    };
    Column::float("", rows.order.moving(&values, width, total, reach))
}

/// Whole days between dates, days and parts of days between moments.
fn days_since(column: &Column, before: &[u32]) -> Option<Column> {
    let has_both =
        |i: usize, b: u32| b != NO_ROW && column.is_valid(i) && column.is_valid(b as usize);
    match &column.data {
        Data::Date(days) => {
            let since = |(i, &b): (usize, &u32)| match has_both(i, b) {
                true => i64::from(days[i]) - i64::from(days[b as usize]),
                false => 0,
            };
            let rows = || before.iter().enumerate();
            let validity = rows().map(|(i, &b)| has_both(i, b)).collect();
            Some(Column::int("", rows().map(since).collect()).with_validity(validity))
        }
        Data::DateTime(ms) => {
            let since = |(i, &b): (usize, &u32)| match has_both(i, b) {
                true => (ms[i] as f64 - ms[b as usize] as f64) / MS_PER_DAY as f64,
                false => f64::NAN,
            };
            Some(Column::float(
                "",
                before.iter().enumerate().map(since).collect(),
            ))
        }
        _ => None,
    }
}
