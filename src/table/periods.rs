//! Parts of dates and the time between them: weeks, quarters, fiscal years, whole months.
//!
//! Days are counted since 1970-01-01 as in [`calendar`](super::calendar); weekdays from 1 (Monday)
//! to 7 (Sunday), as in ISO 8601.

use super::calendar::{MS_PER_DAY, civil_from_days, days_from_civil, days_in_month};

/// Monday is 1, Sunday is 7.
pub fn weekday(days: i32) -> u32 {
    // 1970-01-01 was a Thursday.
    (i64::from(days) + 3).rem_euclid(7) as u32 + 1
}

/// 1 to 4.
pub fn quarter(month: u32) -> u32 {
    month.div_ceil(3)
}

/// 1 January is 1.
pub fn day_of_year(days: i32) -> u32 {
    let (year, _, _) = civil_from_days(days);
    (i64::from(days) - first_of_month(year, 1) + 1) as u32
}

/// The year and week of ISO 8601: weeks begin on Monday, and week 1 is the one with the year's
/// first Thursday.
pub fn iso_week(days: i32) -> (i32, u32) {
    let thursday = i64::from(days) + 4 - i64::from(weekday(days));
    let (year, _, _) = civil_from_days(thursday as i32);
    let week = (thursday - first_of_month(year, 1)) / 7 + 1;
    (year, week as u32)
}

/// The last day at or before `days` that is the weekday `first`.
pub fn week_start(days: i32, first: u32) -> i32 {
    let past = (weekday(days) + 7 - first) % 7;
    days.saturating_sub(past as i32)
}

/// The fiscal year that begins on the first of `start_month`, called by the calendar year in which
/// it ends; its months count from 1.
pub fn fiscal_year_and_month(days: i32, start_month: u32) -> (i32, u32) {
    let (year, month, _) = civil_from_days(days);
    let past = (month + 12 - start_month) % 12;
    let ends_next_year = start_month > 1 && month >= start_month;
    (year + i32::from(ends_next_year), past + 1)
}

/// The first day of the month, quarter or year (1, 3 or 12 `months`) that holds `days`.
pub fn period_start(days: i32, months: u32) -> i32 {
    let (year, month, _) = civil_from_days(days);
    first_of_month(year, month - (month - 1) % months) as i32
}

/// The same day so many months later, or the month's last day when it has no such day: a month after
/// 31 January is 28 or 29 February.
pub fn add_months(days: i32, months: i64) -> i32 {
    let (year, month, day) = civil_from_days(days);
    let index = i64::from(year) * 12 + i64::from(month) - 1 + months;
    let (year, month) = (index.div_euclid(12) as i32, index.rem_euclid(12) as u32 + 1);
    let last = days_in_month(year, month);
    (first_of_month(year, month) + i64::from(day.min(last)) - 1) as i32
}

/// Periods of so many months from one moment to another, both in milliseconds since 1970-01-01: the
/// whole ones, and the share of the next one that has passed. A period is complete when
/// [`add_months`] reaches the second moment. Backwards the answer is that of the moments swapped,
/// with the other sign.
pub fn months_between(from: i64, to: i64, period: u32) -> (i64, f64) {
    if to < from {
        let (whole, part) = months_between(to, from, period);
        return (-whole, -part);
    }
    let day = |ms: i64| ms.div_euclid(MS_PER_DAY) as i32;
    let months = |days: i32| {
        let (year, month, _) = civil_from_days(days);
        i64::from(year) * 12 + i64::from(month)
    };
    let period = i64::from(period);
    let reached = |n: i64| {
        i64::from(add_months(day(from), n * period)) * MS_PER_DAY + from.rem_euclid(MS_PER_DAY)
    };
    let mut whole = (months(day(to)) - months(day(from))) / period;
    if reached(whole) > to {
        whole -= 1;
    }
    let (before, after) = (reached(whole), reached(whole + 1));
    let part = (to - before) as f64 / (after - before) as f64;
    (whole, part)
}

/// Days since 1970-01-01 of the first of a month, in any year.
fn first_of_month(year: i32, month: u32) -> i64 {
    const ERA: i32 = 400;
    const DAYS_OF_ERA: i64 = 146_097;
    let eras = year.div_euclid(ERA) - 5;
    let within = days_from_civil(year - eras * ERA, month, 1).expect("a month of 2000 to 2399");
    i64::from(within) + i64::from(eras) * DAYS_OF_ERA
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> i32 {
        days_from_civil(year, month, day).unwrap()
    }

    /// From Python's `datetime.date`: `isocalendar`, `isoweekday`, `timetuple().tm_yday`.
    #[test]
    fn weeks_of_iso_8601() {
        let check = |(y, m, d), week: (i32, u32), of_week: u32, of_year: u32| {
            let days = day(y, m, d);
            assert_eq!(iso_week(days), week, "{y}-{m}-{d}");
            assert_eq!((weekday(days), day_of_year(days)), (of_week, of_year));
        };
        check((1970, 1, 1), (1970, 1), 4, 1);
        check((2005, 1, 1), (2004, 53), 6, 1);
        check((2008, 12, 29), (2009, 1), 1, 364);
        check((2010, 1, 3), (2009, 53), 7, 3);
        check((2016, 12, 31), (2016, 52), 6, 366);
        check((1600, 2, 29), (1600, 9), 2, 60);
        check((1, 1, 1), (1, 1), 1, 1);
        check((9999, 12, 31), (9999, 52), 5, 365);
    }

    #[test]
    fn beginnings_of_periods() {
        let check = |(y, m, d), first: u32, start| {
            assert_eq!(week_start(day(y, m, d), first), start, "{y}-{m}-{d}");
        };
        check((2024, 3, 6), 1, day(2024, 3, 4));
        check((2024, 3, 4), 1, day(2024, 3, 4));
        check((2024, 3, 4), 7, day(2024, 3, 3));
        check((2024, 3, 3), 7, day(2024, 3, 3));
        check((1969, 12, 31), 1, day(1969, 12, 29));
        let check = |months, start| assert_eq!(period_start(day(2023, 8, 17), months), start);
        check(1, day(2023, 8, 1));
        check(3, day(2023, 7, 1));
        check(12, day(2023, 1, 1));
        assert_eq!([1, 3, 4, 9, 10, 12].map(quarter), [1, 1, 2, 3, 4, 4]);
    }

    #[test]
    fn fiscal_years_are_called_by_their_end() {
        let check = |(y, m, d), start, expected| {
            assert_eq!(fiscal_year_and_month(day(y, m, d), start), expected);
        };
        check((2024, 3, 31), 4, (2024, 12));
        check((2024, 4, 1), 4, (2025, 1));
        check((2024, 12, 31), 4, (2025, 9));
        check((2024, 12, 31), 1, (2024, 12));
        check((2024, 1, 1), 1, (2024, 1));
        check((2024, 11, 30), 12, (2024, 12));
        check((2024, 12, 1), 12, (2025, 1));
    }

    /// Whole months and years from Python's `dateutil.relativedelta`.
    #[test]
    fn time_between() {
        let check = |from: (i32, u32, u32), to: (i32, u32, u32), period, whole, part: f64| {
            let ms = |(y, m, d)| i64::from(day(y, m, d)) * MS_PER_DAY;
            let found = months_between(ms(from), ms(to), period);
            assert_eq!(found.0, whole, "{from:?} {to:?}");
            assert!((found.1 - part).abs() < 1e-15, "{from:?} {to:?}: {found:?}");
            let back = months_between(ms(to), ms(from), period);
            assert_eq!(back, (-found.0, -found.1));
        };
        check((2024, 1, 31), (2024, 2, 29), 1, 1, 0.0);
        check((2024, 1, 31), (2024, 2, 28), 1, 0, 28.0 / 29.0);
        check((2024, 1, 15), (2024, 1, 15), 1, 0, 0.0);
        check((2023, 12, 20), (2024, 3, 5), 1, 2, 14.0 / 29.0);
        check((2000, 2, 29), (2001, 2, 28), 12, 1, 0.0);
        check((2000, 2, 29), (2024, 2, 28), 12, 23, 365.0 / 366.0);
        check((1999, 6, 1), (2024, 6, 1), 12, 25, 0.0);
        let noon = MS_PER_DAY / 2;
        assert_eq!(
            months_between(noon, i64::from(day(1970, 2, 1)) * MS_PER_DAY, 1).0,
            0
        );
    }

    #[test]
    fn months_are_added() {
        let check = |(y, m, d), months, expected| {
            assert_eq!(add_months(day(y, m, d), months), expected);
        };
        check((2024, 1, 31), 1, day(2024, 2, 29));
        check((2024, 1, 31), 13, day(2025, 2, 28));
        check((2024, 3, 31), -1, day(2024, 2, 29));
        check((2024, 1, 1), -1, day(2023, 12, 1));
        check((2024, 5, 5), 0, day(2024, 5, 5));
    }
}
