//! One part of each date.

use super::{Names, Options, WeekStarts};
use crate::table::calendar::{MS_PER_DAY, civil_from_days, days_from_civil};
use crate::table::periods::{
    day_of_year, fiscal_year_and_month, iso_week, period_start, quarter, week_start, weekday,
};
use crate::table::{Bitmap, Column, ColumnKind, Data, Measure};

/// Dates and times of day, apart.
pub struct Moments {
    /// Days since 1970-01-01; of times of day all 0.
    days: Vec<i32>,
    /// Milliseconds since midnight; of dates all 0.
    ms: Vec<i32>,
    /// Rows with a day in the years −9999 to 9999.
    valid: Bitmap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Year,
    Quarter,
    Month,
    IsoYear,
    IsoWeek,
    Day,
    DayOfYear,
    Weekday,
    Weekend,
    Hour,
    Minute,
    Date,
    WeekStart,
    MonthStart,
    QuarterStart,
    FiscalYear,
    FiscalQuarter,
}

const WEEKDAYS: [[&str; 7]; 2] = [
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ["월", "화", "수", "목", "금", "토", "일"],
];
const MONTHS: [[&str; 12]; 2] = [
    [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    [
        "1월", "2월", "3월", "4월", "5월", "6월", "7월", "8월", "9월", "10월", "11월", "12월",
    ],
];

impl Moments {
    /// `None` when the column holds something else.
    pub fn of(column: &Column) -> Option<Self> {
        let (days, ms) = match &column.data {
            Data::Date(v) => (v.clone(), vec![0; v.len()]),
            Data::Time(v) => (vec![0; v.len()], v.clone()),
            Data::DateTime(v) => {
                let day = |ms: &i64| {
                    let day = ms.div_euclid(MS_PER_DAY);
                    day.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
                };
                (
                    v.iter().map(day).collect(),
                    v.iter()
                        .map(|ms| ms.rem_euclid(MS_PER_DAY) as i32)
                        .collect(),
                )
            }
            _ => return None,
        };
        let valid = |(row, &day): (usize, &i32)| column.is_valid(row) && is_in_calendar(day);
        Some(Self {
            valid: days.iter().enumerate().map(valid).collect(),
            days,
            ms,
        })
    }
}

/// Whether the day is in the years −9999 to 9999.
pub fn is_in_calendar(day: i32) -> bool {
    let end = |year, month, day| days_from_civil(year, month, day).expect("a day of the calendar");
    (end(-9999, 1, 1)..=end(9999, 12, 31)).contains(&day)
}

impl Part {
    /// Whether a column of this kind has such a part.
    pub fn is_in(self, kind: ColumnKind) -> bool {
        match self {
            Part::Hour | Part::Minute => kind != ColumnKind::Date,
            _ => kind != ColumnKind::Time,
        }
    }

    /// The option that asks for it.
    pub fn option(self) -> &'static str {
        match self {
            Part::IsoYear => "iso_week",
            Part::FiscalQuarter => "fiscal_year",
            other => other.ending(),
        }
    }

    /// What stands behind the name of the date in the name of the part.
    pub fn ending(self) -> &'static str {
        match self {
            Part::Year => "year",
            Part::Quarter => "quarter",
            Part::Month => "month",
            Part::IsoYear => "iso_year",
            Part::IsoWeek => "iso_week",
            Part::Day => "day",
            Part::DayOfYear => "day_of_year",
            Part::Weekday => "weekday",
            Part::Weekend => "weekend",
            Part::Hour => "hour",
            Part::Minute => "minute",
            Part::Date => "date",
            Part::WeekStart => "week_start",
            Part::MonthStart => "month_start",
            Part::QuarterStart => "quarter_start",
            Part::FiscalYear => "fiscal_year",
            Part::FiscalQuarter => "fiscal_quarter",
        }
    }

    pub fn column(self, options: &Options, moments: &Moments) -> Column {
        let first = match options.week_starts {
            WeekStarts::Monday => 1,
            WeekStarts::Sunday => 7,
        };
        let start = options.fiscal_start as u32;
        match self {
            Part::Year => moments.numbers(|day| civil_from_days(day).0.into()),
            Part::Quarter => moments.ordered(|day| quarter(civil_from_days(day).1).into()),
            Part::Month => {
                let month = |day| civil_from_days(day).1;
                match options.names {
                    Names::Numbers => moments.ordered(|day| month(day).into()),
                    Names::English => moments.names(month, &MONTHS[0]),
                    Names::Korean => moments.names(month, &MONTHS[1]),
                }
            }
            Part::IsoYear => moments.numbers(|day| iso_week(day).0.into()),
            Part::IsoWeek => moments.ordered(|day| iso_week(day).1.into()),
            Part::Day => moments.ordered(|day| civil_from_days(day).2.into()),
            Part::DayOfYear => moments.ordered(|day| day_of_year(day).into()),
            Part::Weekday => match options.names {
                Names::Numbers => moments.ordered(|day| weekday(day).into()),
                Names::English => moments.names(weekday, &WEEKDAYS[0]),
                Names::Korean => moments.names(weekday, &WEEKDAYS[1]),
            },
            Part::Weekend => {
                let rows = moments.days.iter().zip(moments.valid.iter());
                let weekend = rows
                    .map(|(&day, valid)| valid && weekday(day) >= 6)
                    .collect();
                moments.column(Data::Bool(weekend))
            }
            Part::Hour => moments.clock(3_600_000, 24),
            Part::Minute => moments.clock(60_000, 60),
            Part::Date => moments.dates(|day| day),
            Part::WeekStart => moments.dates(|day| week_start(day, first)),
            Part::MonthStart => moments.dates(|day| period_start(day, 1)),
            Part::QuarterStart => moments.dates(|day| period_start(day, 3)),
            Part::FiscalYear => moments.numbers(|day| fiscal_year_and_month(day, start).0.into()),
            Part::FiscalQuarter => {
                moments.ordered(|day| quarter(fiscal_year_and_month(day, start).1).into())
            }
        }
    }
}

impl Moments {
    fn column(&self, data: Data) -> Column {
        Column::new("", data).with_validity(self.valid.clone())
    }

    /// A part of each day that is there.
    fn each<T: Copy>(&self, missing: T, part: impl Fn(i32) -> T) -> Vec<T> {
        let rows = self.days.iter().zip(self.valid.iter());
        // Neighbouring rows are often of one day.
        let mut last = (i32::MIN, missing);
        rows.map(|(&day, valid)| {
            if !valid {
                return missing;
            }
            if day != last.0 {
                last = (day, part(day));
            }
            last.1
        })
        .collect()
    }

    fn numbers(&self, part: impl Fn(i32) -> i64) -> Column {
        self.column(Data::Int(self.each(0, part)))
    }

    fn ordered(&self, part: impl Fn(i32) -> i64) -> Column {
        self.numbers(part).with_measure(Measure::Ordinal)
    }

    fn dates(&self, part: impl Fn(i32) -> i32) -> Column {
        self.column(Data::Date(self.each(0, part)))
    }

    /// `part` counts from 1 in `names`.
    fn names(&self, part: impl Fn(i32) -> u32, names: &[&str]) -> Column {
        let codes = self.each(-1, |day| part(day) as i32 - 1);
        let levels = names.iter().map(|n| (*n).to_owned()).collect();
        Column::category("", codes, levels).with_measure(Measure::Ordinal)
    }

    /// Whole units of so many milliseconds, of which so many begin anew.
    fn clock(&self, unit: i32, n: i32) -> Column {
        let part = |ms: &i32| i64::from(ms.div_euclid(unit).rem_euclid(n));
        self.column(Data::Int(self.ms.iter().map(part).collect()))
            .with_measure(Measure::Ordinal)
    }
}
