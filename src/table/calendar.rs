//! The proleptic Gregorian calendar as whole days and milliseconds, and its ISO 8601 spelling.

use std::fmt::Write;

pub const MS_PER_DAY: i64 = 86_400_000;

/// Days since 1970-01-01, or `None` when no such day exists. Years −9999 to 9999.
pub fn days_from_civil(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(-9999..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    if day == 0 || day > days_in_month(year, month) {
        return None;
    }
    // Years begin in March, so that the leap day comes last.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Year, month 1–12 and day 1–31 of a day count since 1970-01-01.
pub fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let days = i64::from(days) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    } as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month, day)
}

pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Appends `2024-03-05`.
pub fn write_date(out: &mut String, days: i32) {
    let (year, month, day) = civil_from_days(days);
    let sign = if year < 0 { "-" } else { "" };
    let _ = write!(out, "{sign}{:04}-{month:02}-{day:02}", year.abs());
}

/// Appends `11:38:36`, with `.123` when there are milliseconds.
pub fn write_time(out: &mut String, ms: i32) {
    let (s, ms) = (ms.div_euclid(1000), ms.rem_euclid(1000));
    let _ = write!(out, "{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    if ms != 0 {
        let _ = write!(out, ".{ms:03}");
    }
}

/// Appends `2024-03-05T11:38:36`, with `.123` when there are milliseconds.
pub fn write_date_time(out: &mut String, ms: i64) {
    let days = ms.div_euclid(MS_PER_DAY);
    write_date(
        out,
        days.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32,
    );
    out.push('T');
    write_time(out, ms.rem_euclid(MS_PER_DAY) as i32);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Day counts from Python's `datetime.date.toordinal`, less 719163.
    #[test]
    fn days() {
        let check = |(y, m, d), days: i32| {
            assert_eq!(days_from_civil(y, m, d), Some(days));
            assert_eq!(civil_from_days(days), (y, m, d));
        };
        check((1970, 1, 1), 0);
        check((1969, 12, 31), -1);
        check((2000, 2, 29), 11_016);
        check((2024, 3, 5), 19_787);
        check((1, 1, 1), -719_162);
        check((9999, 12, 31), 2_932_896);
    }

    #[test]
    fn every_day_of_eight_centuries_comes_back() {
        let first = days_from_civil(1600, 1, 1).unwrap();
        let mut next = (1600, 1, 1);
        for days in first..first + 292_194 {
            assert_eq!(civil_from_days(days), next);
            assert_eq!(days_from_civil(next.0, next.1, next.2), Some(days));
            next.2 += 1;
            if days_from_civil(next.0, next.1, next.2).is_none() {
                next = if next.1 == 12 {
                    (next.0 + 1, 1, 1)
                } else {
                    (next.0, next.1 + 1, 1)
                };
            }
        }
        assert_eq!(next, (2400, 1, 1));
    }

    #[test]
    fn impossible_days() {
        for (y, m, d) in [(2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 4, 31)] {
            assert_eq!(days_from_civil(y, m, d), None);
        }
        assert_eq!(days_from_civil(2024, 0, 1), None);
        assert_eq!(days_from_civil(2024, 1, 0), None);
    }

    #[test]
    fn spelling() {
        let check = |ms, expected: &str| {
            let mut out = String::new();
            write_date_time(&mut out, ms);
            assert_eq!(out, expected);
        };
        check(0, "1970-01-01T00:00:00");
        check(-1, "1969-12-31T23:59:59.999");
        check(19_787 * MS_PER_DAY + 36_000_000, "2024-03-05T10:00:00");
    }
}
