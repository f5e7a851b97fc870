//! Dates and times by the period that they lie in, as keys to group by.

use super::super::calendar::{MS_PER_DAY, civil_from_days};
use super::super::periods::{iso_week, period_start, quarter, week_start, weekday};
use super::super::{Bitmap, Column, Data, Measure};

const MS_PER_HOUR: i64 = 3_600_000;

/// A period of the calendar, as the moment at which it begins, or a place in a returning cycle, as a
/// number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// The calendar year as a number.
    Year,
    /// The first day of the quarter.
    Quarter,
    /// The first day of the month.
    Month,
    /// The Monday of the week.
    Week,
    Day,
    /// The date and the full hour.
    Hour,
    /// 1 to 4.
    QuarterOfYear,
    /// 1 to 12.
    MonthOfYear,
    /// 1 to 53, of ISO 8601.
    WeekOfYear,
    /// 1 to 31.
    DayOfMonth,
    /// 1 (Monday) to 7 (Sunday).
    Weekday,
    /// 0 to 23.
    HourOfDay,
}

impl DatePart {
    /// This part of each value; `None` when the column's values have no such part: a date has no
    /// hour, a time of day no year, a number neither.
    pub fn of(self, column: &Column) -> Option<Column> {
        let (data, measure) = match (&column.data, self) {
            (Data::Date(_), Self::Hour | Self::HourOfDay) => return None,
            (Data::Date(days), _) => self.of_days(days, column.validity.as_ref()),
            (Data::DateTime(ms), Self::Hour) => {
                let hours = ms.iter().map(|&t| t - t.rem_euclid(MS_PER_HOUR));
                (Data::DateTime(hours.collect()), Measure::Time)
            }
            (Data::DateTime(ms), Self::HourOfDay) => {
                let hours = ms.iter().map(|&t| t.rem_euclid(MS_PER_DAY) / MS_PER_HOUR);
                (Data::Int(hours.collect()), Measure::Ordinal)
            }
            (Data::DateTime(ms), _) => {
                let days: Vec<i32> = ms.iter().map(|&t| day(t)).collect();
                self.of_days(&days, column.validity.as_ref())
            }
            (Data::Time(ms), Self::HourOfDay) => {
                let hours = ms.iter().map(|&t| i64::from(t).div_euclid(MS_PER_HOUR));
                (Data::Int(hours.collect()), Measure::Ordinal)
            }
            _ => return None,
        };
        let part = Column::new(&column.name, data).with_measure(measure);
        Some(match &column.validity {
            Some(valid) => part.with_validity(valid.clone()),
            None => part,
        })
    }

    fn of_days(self, days: &[i32], validity: Option<&Bitmap>) -> (Data, Measure) {
        let starts = |start: fn(i32) -> i32| {
            let starts = each_day(days, validity, start);
            (Data::Date(starts), Measure::Time)
        };
        let numbers = |number: fn(i32) -> i64| {
            let numbers = each_day(days, validity, number);
            (Data::Int(numbers), Measure::Ordinal)
        };
        match self {
            Self::Year => numbers(|d| civil_from_days(d).0.into()),
            Self::Quarter => starts(|d| period_start(d, 3)),
            Self::Month => starts(|d| period_start(d, 1)),
            Self::Week => starts(|d| week_start(d, 1)),
            Self::Day | Self::Hour | Self::HourOfDay => (Data::Date(days.to_vec()), Measure::Time),
            Self::QuarterOfYear => numbers(|d| quarter(civil_from_days(d).1).into()),
            Self::MonthOfYear => numbers(|d| civil_from_days(d).1.into()),
            Self::WeekOfYear => numbers(|d| iso_week(d).1.into()),
            Self::DayOfMonth => numbers(|d| civil_from_days(d).2.into()),
            Self::Weekday => numbers(|d| weekday(d).into()),
        }
    }
}

fn day(ms: i64) -> i32 {
    let days = ms.div_euclid(MS_PER_DAY);
    days.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

/// `of` every day, worked out once a day when the days lie close together. Missing days get the value
/// of no day.
fn each_day<T: Copy + Default>(
    days: &[i32],
    validity: Option<&Bitmap>,
    of: impl Fn(i32) -> T,
) -> Vec<T> {
    let is_valid = |i: usize| validity.is_none_or(|v| v.get(i));
    let (mut first, mut last) = (i32::MAX, i32::MIN);
    for (i, &day) in days.iter().enumerate() {
        if is_valid(i) {
            (first, last) = (first.min(day), last.max(day));
        }
    }
    let each = |of: &dyn Fn(i32) -> T| {
        let rows = days.iter().enumerate();
        rows.map(|(i, &day)| if is_valid(i) { of(day) } else { T::default() })
            .collect()
    };
    if first > last || last.abs_diff(first) as usize >= days.len() {
        return each(&of);
    }
    let table: Vec<T> = (first..=last).map(&of).collect();
    each(&|day| table[day.abs_diff(first) as usize])
}

#[cfg(test)]
mod tests {
    use super::super::super::calendar::days_from_civil;
    use super::*;

    fn check(column: &Column, part: DatePart, expected: &[&str]) {
        let got = part.of(column).unwrap();
        let shown: Vec<String> = (0..got.len()).map(|i| got.display(i)).collect();
        assert_eq!(shown, expected, "{part:?}");
    }

    /// From Python's `datetime`.
    #[test]
    fn parts_of_dates() {
        let days = [(2024, 3, 5), (2023, 12, 31), (1969, 7, 20)];
        let days = days.map(|(y, m, d)| days_from_civil(y, m, d).unwrap());
        let few = Column::date("d", days.to_vec());
        let many = Column::date("d", [&days[..], &[0; 30_000]].concat());
        let expected: [(DatePart, [&str; 3]); 10] = [
            (DatePart::Year, ["2024", "2023", "1969"]),
            (
                DatePart::Quarter,
                ["2024-01-01", "2023-10-01", "1969-07-01"],
            ),
            (DatePart::Month, ["2024-03-01", "2023-12-01", "1969-07-01"]),
            (DatePart::Week, ["2024-03-04", "2023-12-25", "1969-07-14"]),
            (DatePart::Day, ["2024-03-05", "2023-12-31", "1969-07-20"]),
            (DatePart::QuarterOfYear, ["1", "4", "3"]),
            (DatePart::MonthOfYear, ["3", "12", "7"]),
            (DatePart::WeekOfYear, ["10", "52", "29"]),
            (DatePart::DayOfMonth, ["5", "31", "20"]),
            (DatePart::Weekday, ["2", "7", "7"]),
        ];
        for (part, expected) in expected {
            check(&few, part, &expected);
            let first = part.of(&many).unwrap().select_rows(&[0, 1, 2]);
            assert_eq!(first.display(2), expected[2], "{part:?}");
        }
        assert_eq!(DatePart::Hour.of(&few), None);
        assert_eq!(DatePart::HourOfDay.of(&few), None);
    }

    #[test]
    fn parts_of_moments_and_times() {
        let t = Column::date_time("t", vec![1_709_633_916_123, -1, 0])
            .with_validity(Bitmap::from_iter([true, true, false]));
        check(
            &t,
            DatePart::Hour,
            &["2024-03-05T10:00:00", "1969-12-31T23:00:00", ""],
        );
        check(&t, DatePart::HourOfDay, &["10", "23", ""]);
        check(&t, DatePart::Month, &["2024-03-01", "1969-12-01", ""]);
        check(&t, DatePart::Weekday, &["2", "3", ""]);
        let time = Column::new("t", Data::Time(vec![0, 86_399_999]));
        check(&time, DatePart::HourOfDay, &["0", "23"]);
        assert_eq!(DatePart::Month.of(&time), None);
        assert_eq!(DatePart::Year.of(&Column::int("n", vec![2024])), None);
    }
}
