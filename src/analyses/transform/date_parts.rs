//! Date parts: years, weeks, hours of dates, and the time between two of them.

mod difference;
mod parts;

use crate::msg;
use crate::report::{Cell, Format, Head, Receipt, Report, TableBlock};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, OutputSpec, Picture, RunError,
    Spec, choice, column, flag, integer, reads, text,
};
use crate::table::{Column, ColumnKind, Data, Table};

use parts::{Moments, Part};

pub struct DateParts;

crate::choices! {
    /// How weekdays and months are written.
    pub enum Names {
        Numbers = "numbers" "Numbers: Monday is 1",
        English = "english" "English names",
        Korean = "korean" "Korean names",
    }
}

crate::choices! {
    /// The first day of a week.
    pub enum WeekStarts {
        Monday = "monday" "Monday",
        Sunday = "sunday" "Sunday",
    }
}

crate::choices! {
    /// Until when time is counted.
    pub enum Until {
        No = "no" "No difference",
        Column = "column" "Another date of the row",
        Date = "date" "One date for all rows",
    }
}

crate::choices! {
    /// In which unit time is counted.
    pub enum Unit {
        Days = "days" "Days",
        Weeks = "weeks" "Weeks",
        Months = "months" "Months",
        Years = "years" "Years",
        Hours = "hours" "Hours",
        Minutes = "minutes" "Minutes",
    }
}

crate::options! {
    /// Which parts of which date.
    pub struct Options {
        /// A column of dates, of dates with times, or of times of day.
        column "Date": String = column(Fits::Times),
        /// The calendar year.
        year "Year": bool = flag(true).section("Parts"),
        /// 1 to 4.
        quarter "Quarter": bool = flag(false).section("Parts"),
        /// 1 to 12, or its name.
        month "Month": bool = flag(true).section("Parts"),
        /// The week of ISO 8601, 1 to 53, and the year that it belongs to.
        iso_week "Week (ISO) and its year": bool = flag(false).section("Parts"),
        /// The day of the month.
        day "Day of the month": bool = flag(false).section("Parts"),
        /// 1 to 366.
        day_of_year "Day of the year": bool = flag(false).section("Parts"),
        /// Monday is 1, or its name.
        weekday "Weekday": bool = flag(true).section("Parts"),
        /// Whether the day is a Saturday or a Sunday.
        weekend "Weekend": bool = flag(false).section("Parts"),
        /// 0 to 23.
        hour "Hour": bool = flag(false).section("Parts"),
        /// 0 to 59.
        minute "Minute": bool = flag(false).section("Parts"),
        /// The date without its time.
        date "Date without time": bool = flag(false).section("Parts"),
        /// The first day of the week, to group by weeks.
        week_start "First day of the week": bool = flag(false).section("Parts"),
        /// The first day of the month, to group by months.
        month_start "First day of the month": bool = flag(false).section("Parts"),
        /// The first day of the quarter, to group by quarters.
        quarter_start "First day of the quarter": bool = flag(false).section("Parts"),
        /// The fiscal year, called by the calendar year in which it ends, and its quarter.
        fiscal_year "Fiscal year and quarter": bool = flag(false).section("Parts"),
        /// The month with which a fiscal year begins.
        fiscal_start "Fiscal year begins in month": usize = integer(4, 1, 12).section("Parts").when("fiscal_year", &["true"]),
        /// The day with which a week begins; ISO weeks begin on Monday always.
        week_starts "A week begins on": WeekStarts = choice(WeekStarts::CHOICES, "monday").section("Parts").when("week_start", &["true"]),
        /// How weekdays and months are written.
        names "Weekdays and months as": Names = choice(Names::CHOICES, "numbers").section("Parts"),
        /// Whether the time from the date to another one is counted too.
        until "Time until": Until = choice(Until::CHOICES, "no").section("Difference"),
        /// The later date of each row; an earlier one gives a negative number.
        until_column "Other date": Option<String> = column(Fits::Times).optional().section("Difference").when("until", &["column"]),
        /// A date such as 2024-12-31.
        until_date "Until the date": String = text("").section("Difference").when("until", &["date"]),
        /// In which unit the time is counted.
        unit "Unit": Unit = choice(Unit::CHOICES, "days").section("Difference").when("until", &["column", "date"]),
        /// Whether only completed units count, as in ages; with fractions otherwise.
        completed "Completed units only": bool = flag(false).section("Difference").when("until", &["column", "date"]),
    }
}

impl Analysis for DateParts {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "transform.date_parts",
        version: 1,
        title: "Parts of dates",
        group: Group::Transform,
        about: "Takes years, months, weeks, weekdays and hours out of dates, and counts the time between two dates.",
        headline: "Parts of {column}",
        method: "Weeks are those of ISO 8601: they begin on Monday, and week 1 has the first Thursday of its year. A fiscal year is called by the calendar year in which it ends. A month after a day is the same day of the next month, or that month's last day when it has no such day; months and years count as completed when that day is reached, and their fractions are the share of the next one that has passed, as in Python's dateutil. Differences are negative when the other date is earlier. Between a date with a time and one without only the days count, unless hours or minutes are asked for. Times are as the clock showed them; no time zone is applied. Dates outside the years −9999 to 9999 give missing values.",
        references: &[
            "ISO 8601-1:2019. Date and time: Representations for information interchange.",
        ],
        keywords: &[
            "date",
            "year",
            "month",
            "week",
            "weekday",
            "hour",
            "quarter",
            "fiscal year",
            "age",
            "days between",
            "datediff",
            "날짜",
            "요일",
            "주차",
            "분기",
            "회계연도",
            "나이",
            "기간",
        ],
        picture: Picture::Columns,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "dated",
            title: "Table with parts of dates",
        }],
        examples: &[
            Example {
                name: "orders",
                tables: &[("table", "orders.csv")],
                values: r#"{"column": "ordered", "quarter": true, "iso_week": true, "hour": true, "week_start": true, "fiscal_year": true, "names": "english"}"#,
            },
            Example {
                name: "days_to_delivery",
                tables: &[("table", "orders.csv")],
                values: r#"{"column": "ordered", "year": false, "month": false, "weekday": false, "until": "column", "until_column": "delivered", "unit": "days", "completed": true}"#,
            },
        ],
        korean: include_str!("date_parts.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let table = input.table("table")?;
        let column = input.column("column", &options.column)?;
        let moments = Moments::of(column).ok_or_else(|| not_times("column", &options.column))?;
        let wanted = options.parts();
        let too_much: Vec<&Part> = wanted
            .iter()
            .filter(|part| !part.is_in(column.kind()))
            .collect();
        if let [first, ..] = too_much[..] {
            return Err(no_such_part(column, first));
        }
        if wanted.is_empty() && options.until == Until::No {
            return Err(RunError::option(
                "year",
                msg!(
                    "transform.date_parts.nothing",
                    "Choose at least one part or a difference."
                ),
            ));
        }
        let until = difference::until(options, input, column)?;
        let mut made = Made::new(table);
        let n_steps = wanted.len() + 1;
        for (i, part) in wanted.iter().enumerate() {
            ctx.tick(
                i as f32 / n_steps as f32,
                &msg!("transform.date_parts.step", "Taking dates apart"),
            )?;
            let column = part.column(options, &moments);
            made.push(column, &options.column, part.ending());
        }
        ctx.tick(
            wanted.len() as f32 / n_steps as f32,
            &msg!("transform.date_parts.counting", "Counting the time between"),
        )?;
        let mut report = Report::default();
        if let Some(until) = until {
            let values = difference::values(options, column, &until);
            report.summary.extend(difference::summary(options, &values));
            report.push(difference::table(&values));
            let values = Column::float("", values);
            let values = match options.completed {
                true => difference::whole(values),
                false => values,
            };
            made.push(values, &options.column, options.unit.ending());
        }
        report.summary.extend(made.receipt.summary());
        report.push(made.ranges());
        report.push(made.receipt.table());
        Ok(Output {
            report,
            tables: vec![("dated", made.table)],
        })
    }
}

impl Options {
    /// The parts that are wanted, from the longest to the shortest.
    fn parts(&self) -> Vec<Part> {
        [
            (self.year, &[Part::Year][..]),
            (self.quarter, &[Part::Quarter]),
            (self.month, &[Part::Month]),
            (self.iso_week, &[Part::IsoYear, Part::IsoWeek]),
            (self.day, &[Part::Day]),
            (self.day_of_year, &[Part::DayOfYear]),
            (self.weekday, &[Part::Weekday]),
            (self.weekend, &[Part::Weekend]),
            (self.hour, &[Part::Hour]),
            (self.minute, &[Part::Minute]),
            (self.date, &[Part::Date]),
            (self.week_start, &[Part::WeekStart]),
            (self.month_start, &[Part::MonthStart]),
            (self.quarter_start, &[Part::QuarterStart]),
            (self.fiscal_year, &[Part::FiscalYear, Part::FiscalQuarter]),
        ]
        .iter()
        .filter(|(is_wanted, _)| *is_wanted)
        .flat_map(|(_, parts)| parts.iter().copied())
        .collect()
    }
}

/// The table as it grows by columns.
struct Made {
    table: Table,
    receipt: Receipt,
    names: Vec<String>,
}

impl Made {
    fn new(table: &Table) -> Self {
        Self {
            receipt: Receipt::new(table.n_rows()),
            table: table.clone(),
            names: Vec::new(),
        }
    }

    fn push(&mut self, mut column: Column, of: &str, ending: &str) {
        let name = self.table.free_column_name(&format!("{of}_{ending}"));
        column.name.clone_from(&name);
        self.receipt.columns_added([name.clone()]);
        self.names.push(name);
        self.table = self.table.with_column(column).expect("a part for each row");
    }

    /// The smallest and largest value of each new column.
    fn ranges(&self) -> TableBlock {
        let mut table = TableBlock::new(
            "columns",
            msg!("transform.date_parts.columns", "New columns"),
            vec![
                Head::name("column", msg!("transform.date_parts.column", "Column")),
                Head::new(
                    "values",
                    msg!("transform.date_parts.values", "Values"),
                    Format::Integer,
                ),
                Head::new(
                    "missing",
                    msg!("transform.date_parts.missing", "Missing"),
                    Format::Integer,
                ),
                Head::name("from", msg!("transform.date_parts.from", "From")),
                Head::name("to", msg!("transform.date_parts.to", "To")),
            ],
        );
        for name in &self.names {
            let column = self.table.column(name).expect("a column that was made");
            let n_missing = column.n_missing();
            let [from, to] = ends(column);
            table.row(vec![
                name.as_str().into(),
                (column.len() - n_missing).into(),
                n_missing.into(),
                from,
                to,
            ]);
        }
        table
    }
}

/// The smallest and the largest value.
fn ends(column: &Column) -> [Cell; 2] {
    let format = match column.kind() {
        ColumnKind::Date => Format::Date,
        ColumnKind::Float => Format::General,
        _ => Format::Plain,
    };
    if let Data::Category { codes, levels } = &column.data {
        let used = codes.iter().filter(|c| **c >= 0);
        let ends = [used.clone().min(), used.max()];
        return ends.map(|c| c.map_or(Cell::Empty, |&c| levels[c as usize].as_str().into()));
    }
    if matches!(column.data, Data::Bool(_)) {
        return [Cell::Empty, Cell::Empty];
    }
    let numbers = column.numbers().unwrap_or_default();
    let (low, high) = crate::stats::descriptive::range(&numbers);
    [low, high].map(|x| match x.is_finite() {
        true => Cell::Formatted(x, format),
        false => Cell::Empty,
    })
}

fn not_times(option: &str, name: &str) -> RunError {
    RunError::option(
        option,
        msg!(
            "spec.not_times",
            "“{name}” does not hold dates.",
            name = name
        ),
    )
}

fn no_such_part(column: &Column, part: &Part) -> RunError {
    let message = match column.kind() {
        ColumnKind::Time => msg!(
            "transform.date_parts.no_date",
            "“{column}” holds times of day, which have no year, month or day. Choose hour or minute only.",
            column = &column.name
        ),
        _ => msg!(
            "transform.date_parts.no_time",
            "“{column}” holds dates without a time of day. Leave out hour and minute.",
            column = &column.name
        ),
    };
    RunError::option(part.option(), message)
}
