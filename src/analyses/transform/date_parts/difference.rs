//! The time from one date to another.

use super::parts::is_in_calendar;
use super::{Options, Unit, Until, not_times};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Input, RunError};
use crate::stats::descriptive::{mean, median, range, sorted};
use crate::table::calendar::MS_PER_DAY;
use crate::table::csv::parse;
use crate::table::periods::months_between;
use crate::table::{Column, ColumnKind, Data};

/// Until when time is counted.
pub struct End {
    at: At,
    /// Whether it is a day without a time.
    is_day: bool,
}

/// Moments in milliseconds.
enum At {
    Rows(Vec<Option<i64>>),
    One(i64),
}

/// `None` when no difference is wanted.
pub fn until(options: &Options, input: &Input, from: &Column) -> Result<Option<End>, RunError> {
    let is_time = |column: &Column| column.kind() == ColumnKind::Time;
    let end = match options.until {
        Until::No => return Ok(None),
        Until::Column => {
            let Some(name) = &options.until_column else {
                return Err(RunError::option(
                    "until_column",
                    msg!("spec.choose_column", "Choose a column."),
                ));
            };
            let column = input.column("until_column", name)?;
            let moments = moments(column).ok_or_else(|| not_times("until_column", name))?;
            if is_time(column) != is_time(from) {
                return Err(RunError::option(
                    "until_column",
                    msg!(
                        "transform.date_parts.mixed",
                        "“{a}” and “{b}” are not both dates or both times of day.",
                        a = &from.name,
                        b = name
                    ),
                ));
            }
            End {
                at: At::Rows(moments),
                is_day: column.kind() == ColumnKind::Date,
            }
        }
        Until::Date => {
            let text = options.until_date.trim();
            let read = match is_time(from) {
                true => parse::time(text).map(i64::from),
                false => parse::date_time(text),
            };
            let at = read.ok_or_else(|| {
                RunError::option(
                    "until_date",
                    msg!(
                        "transform.date_parts.no_moment",
                        "“{text}” cannot be read as a date. Write it as 2024-12-31.",
                        text = text
                    ),
                )
            })?;
            End {
                at: At::One(at),
                is_day: parse::date(text).is_some(),
            }
        }
    };
    if is_time(from) && matches!(options.unit, Unit::Months | Unit::Years) {
        return Err(RunError::option(
            "unit",
            msg!(
                "transform.date_parts.no_months",
                "Times of day are hours and minutes apart, not months or years."
            ),
        ));
    }
    Ok(Some(end))
}

/// Units from the dates of `from` to `until`, NaN where one is missing.
pub fn values(options: &Options, from: &Column, until: &End) -> Vec<f64> {
    let is_day = from.kind() == ColumnKind::Date;
    // A day without a time has no midnight that a time of another day could be before or after.
    let by_days = is_day != until.is_day && !matches!(options.unit, Unit::Hours | Unit::Minutes);
    let whole = |ms: i64| match by_days {
        true => ms.div_euclid(MS_PER_DAY) * MS_PER_DAY,
        false => ms,
    };
    let from = moments(from).unwrap_or_default();
    let end = |row: usize| match &until.at {
        At::Rows(ends) => ends[row],
        At::One(end) => Some(*end),
    };
    let rows = from.iter().enumerate();
    rows.map(|(row, from)| match (from, end(row)) {
        (Some(from), Some(to)) => options
            .unit
            .between(whole(*from), whole(to), options.completed),
        _ => f64::NAN,
    })
    .collect()
}

/// Whole numbers as such.
pub fn whole(column: Column) -> Column {
    let Data::Float(values) = &column.data else {
        return column;
    };
    let numbers = values.iter().map(|&v| v as i64).collect();
    let valid = values.iter().map(|v| !v.is_nan()).collect();
    Column::int(column.name.clone(), numbers).with_validity(valid)
}

/// How long it is in the middle; `None` without values.
pub fn summary(options: &Options, values: &[f64]) -> Option<Msg> {
    let there: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    (!there.is_empty()).then(|| {
        msg!(
            "transform.date_parts.middle",
            "In half of the rows the time is at most {median} {unit}.",
            median = median(&sorted(&there)),
            unit = match options.unit {
                Unit::Days => msg!("transform.date_parts.in_days", "days"),
                Unit::Weeks => msg!("transform.date_parts.in_weeks", "weeks"),
                Unit::Months => msg!("transform.date_parts.in_months", "months"),
                Unit::Years => msg!("transform.date_parts.in_years", "years"),
                Unit::Hours => msg!("transform.date_parts.in_hours", "hours"),
                Unit::Minutes => msg!("transform.date_parts.in_minutes", "minutes"),
            }
        )
    })
}

pub fn table(values: &[f64]) -> TableBlock {
    let there: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    let n_negative = there.iter().filter(|v| **v < 0.0).count();
    let (low, high) = range(&there);
    let head = |key: &str, title| Head::new(key, title, Format::General);
    let mut table = TableBlock::new(
        "difference",
        msg!("transform.date_parts.difference", "Time between"),
        vec![
            Head::new(
                "n",
                msg!("transform.date_parts.rows", "Rows"),
                Format::Integer,
            ),
            Head::new(
                "missing",
                msg!("transform.date_parts.missing", "Missing"),
                Format::Integer,
            ),
            Head::new(
                "negative",
                msg!("transform.date_parts.negative", "Below 0"),
                Format::Integer,
            ),
            head("min", msg!("transform.date_parts.min", "Minimum")),
            head("median", msg!("transform.date_parts.median", "Median")),
            head("mean", msg!("transform.date_parts.mean", "Mean")),
            head("max", msg!("transform.date_parts.max", "Maximum")),
        ],
    );
    let number = |x: f64| Cell::from(x.is_finite().then_some(x));
    table.row(vec![
        there.len().into(),
        (values.len() - there.len()).into(),
        n_negative.into(),
        number(low),
        number(median(&sorted(&there))),
        number(mean(&there)),
        number(high),
    ]);
    table
}

impl Unit {
    pub fn ending(self) -> &'static str {
        match self {
            Unit::Days => "days",
            Unit::Weeks => "weeks",
            Unit::Months => "months",
            Unit::Years => "years",
            Unit::Hours => "hours",
            Unit::Minutes => "minutes",
        }
    }

    /// Units from one moment to another, in milliseconds; without fractions towards 0.
    fn between(self, from: i64, to: i64, completed: bool) -> f64 {
        let of_length = |ms: i64| {
            let units = (to - from) as f64 / ms as f64;
            if completed {
                units.trunc() + 0.0
            } else {
                units
            }
        };
        let of_months = |n: u32| {
            let (whole, part) = months_between(from, to, n);
            whole as f64 + if completed { 0.0 } else { part }
        };
        match self {
            Unit::Days => of_length(MS_PER_DAY),
            Unit::Weeks => of_length(7 * MS_PER_DAY),
            Unit::Hours => of_length(3_600_000),
            Unit::Minutes => of_length(60_000),
            Unit::Months => of_months(1),
            Unit::Years => of_months(12),
        }
    }
}

/// Milliseconds since 1970-01-01 or midnight; `None` where missing or outside the calendar.
fn moments(column: &Column) -> Option<Vec<Option<i64>>> {
    let day = |ms: i64| ms.div_euclid(MS_PER_DAY);
    let is_known = |ms: i64| i32::try_from(day(ms)).is_ok_and(is_in_calendar);
    let each = |ms: &dyn Fn(usize) -> i64| {
        let of = |row: usize| (column.is_valid(row) && is_known(ms(row))).then(|| ms(row));
        (0..column.len()).map(of).collect()
    };
    match &column.data {
        Data::Date(v) => Some(each(&|row| i64::from(v[row]) * MS_PER_DAY)),
        Data::Time(v) => Some(each(&|row| i64::from(v[row]))),
        Data::DateTime(v) => Some(each(&|row| v[row])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_counted() {
        let check = |unit: Unit, from: &str, to: &str, exact: f64, whole: f64| {
            let [from, to] = [from, to].map(|t| parse::date_time(t).unwrap());
            let found = unit.between(from, to, false);
            assert!((found - exact).abs() < 1e-12, "{found} is not {exact}");
            assert_eq!(unit.between(from, to, true), whole);
        };
        check(Unit::Days, "2024-02-28", "2024-03-01", 2.0, 2.0);
        check(Unit::Days, "2024-03-01 12:00:00", "2024-02-28", -2.5, -2.0);
        check(Unit::Weeks, "2024-01-01", "2024-01-18", 17.0 / 7.0, 2.0);
        check(Unit::Hours, "2024-01-01", "2024-01-02 01:30:00", 25.5, 25.0);
        check(Unit::Minutes, "2024-01-01", "2024-01-01 00:00:30", 0.5, 0.0);
        check(
            Unit::Months,
            "2024-01-31",
            "2024-03-15",
            1.0 + 15.0 / 31.0,
            1.0,
        );
        check(
            Unit::Years,
            "2000-02-29",
            "2024-02-28",
            23.0 + 365.0 / 366.0,
            23.0,
        );
        check(Unit::Years, "2024-06-01", "2023-06-01", -1.0, -1.0);
    }
}
