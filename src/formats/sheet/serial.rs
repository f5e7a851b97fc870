//! Days since the epoch of a workbook as moments.

use super::super::cells::Cell;
use crate::table::calendar::MS_PER_DAY;

/// Days from 1899-12-30 to 1970-01-01.
const FROM_1900: f64 = 25_569.0;
/// Days from 1904-01-01 to 1970-01-01.
const FROM_1904: f64 = 24_107.0;
/// The last day that a workbook knows, 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// A date or time of day as its serial number says, rounded to milliseconds. Before 1900-03-01 the
/// serial numbers of the 1900 system are one less than the days, because it takes 1900 for a leap
/// year. Numbers that no workbook shows as a date stay numbers.
pub(super) fn moment(serial: f64, is_1904: bool) -> Cell<'static> {
    if !(0.0..LAST_DAY).contains(&serial) {
        return Cell::Number(serial);
    }
    let ms = |days: f64| (days * MS_PER_DAY as f64).round() as i64;
    if serial < 1.0 && !is_1904 {
        return Cell::Time(ms(serial).min(MS_PER_DAY - 1) as i32);
    }
    let from = match is_1904 {
        true => FROM_1904,
        false if serial < 60.0 => FROM_1900 - 1.0,
        false => FROM_1900,
    };
    // The day first, so that its size takes no digits from the time.
    let day = serial.floor();
    Cell::Moment((day - from) as i64 * MS_PER_DAY + ms(serial - day))
}

/// An elapsed time such as `[h]:mm`: a time of day below 24 hours, else hours.
pub(super) fn elapsed(days: f64) -> Cell<'static> {
    match (0.0..1.0).contains(&days) {
        true => moment(days, false),
        // Whole hours stay whole, however their share of a day was rounded.
        false => Cell::Number((days * MS_PER_DAY as f64).round() / 3_600_000.0),
    }
}

/// ISO 8601 dates, times and elapsed times, as OpenDocument writes them.
pub(super) fn iso(text: &str) -> Option<Cell<'static>> {
    if let Some(elapsed) = text.strip_prefix("PT") {
        return iso_elapsed(elapsed);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (Some(date), Some(time)),
        None if text.contains(':') => (None, Some(text)),
        None => (Some(text), None),
    };
    let ms = match time {
        Some(time) => iso_clock(time.trim_end_matches('Z'))?,
        None => 0,
    };
    let Some(date) = date else {
        return Some(Cell::Time(ms as i32));
    };
    let mut parts = date.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let days = crate::table::calendar::days_from_civil(year, month, day)?;
    Some(Cell::Moment(i64::from(days) * MS_PER_DAY + ms))
}

/// Milliseconds of `11:38:36.5`.
fn iso_clock(clock: &str) -> Option<i64> {
    let mut parts = clock.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    let ms = (hours * 60 + minutes) * 60_000 + (seconds * 1000.0).round() as i64;
    (0..MS_PER_DAY).contains(&ms).then_some(ms)
}

/// `11H38M36.5S`.
fn iso_elapsed(text: &str) -> Option<Cell<'static>> {
    let mut seconds = 0.0;
    let mut rest = text;
    for (unit, size) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((n, after)) = rest.split_once(unit) {
            seconds += n.parse::<f64>().ok()? * size;
            rest = after;
        }
    }
    rest.is_empty().then(|| elapsed(seconds / 86_400.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers() {
        let check = |serial, is_1904, expected: &str| {
            assert_eq!(moment(serial, is_1904).text(), expected, "{serial}");
        };
        // Excel's own dates of these numbers.
        check(45_943.541, false, "2025-10-13T12:59:02.400");
        check(1.0, false, "1900-01-01");
        check(59.0, false, "1900-02-28");
        check(61.0, false, "1900-03-01");
        check(2_958_465.0, false, "9999-12-31");
        check(44_481.0, true, "2025-10-13");
        check(0.5, false, "12:00:00");
        check(0.999_999_999_9, false, "23:59:59.999");
        check(45_000.999_999_999_9, false, "2023-03-16");
        check(-1.0, false, "-1");
        check(3e6, false, "3000000");
    }

    #[test]
    fn iso_spellings() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(iso(text).map(|c| c.text()).as_deref(), expected, "{text}");
        };
        check("2024-03-05", Some("2024-03-05"));
        check("2024-03-05T10:20:30.25", Some("2024-03-05T10:20:30.250"));
        check("10:20", Some("10:20:00"));
        check("PT11H38M36S", Some("11:38:36"));
        check("PT25H30M", Some("25.5"));
        check("2024-13-05", None);
        check("PTx", None);
        check("", None);
    }
}
