//! Functions of dates and times. Dates are days and the others milliseconds, as in columns.

use super::super::functions::{Call, Unit};
use super::super::syntax::Infix;
use super::super::types::Type;
use super::Block;
use super::kernels::{Aid, Values};
use super::lane::{Lane, NO_STAMP};
use super::texts::{Made, Texts};
use crate::table::calendar::{MS_PER_DAY, civil_from_days, days_from_civil, days_in_month};
use crate::table::csv::parse;
use crate::table::periods::{
    add_months, day_of_year, iso_week, months_between, period_start, quarter, week_start, weekday,
};

const MONDAY: u32 = 1;
/// Days of the years −9999 to 9999, which all of the calendar holds to.
const FIRST_DAY: i64 = -4_371_587;
const LAST_DAY: i64 = 2_932_896;

pub(super) fn has(call: Call) -> bool {
    use Call::*;
    matches!(
        call,
        DateFormat
            | DateOf
            | DateTimeOf
            | Day
            | DayOfYear
            | DaysInMonth
            | Hour
            | IsoYear
            | Minute
            | Month
            | MonthEnd
            | MonthStart
            | Quarter
            | QuarterStart
            | Second
            | TimeOf
            | Week
            | WeekStart
            | Weekday
            | Year
            | YearStart
    )
}

pub(super) fn run<'a>(call: Call, mut values: Values<'a>, aid: &Aid) -> Block<'a> {
    let ty = values.ty();
    match call {
        Call::DateOf => date_of(values),
        Call::DateTimeOf => date_time_of(values),
        Call::TimeOf => time_of(values),
        Call::DateFormat => format(values, aid),
        Call::Hour => part_of_time(values.stamp(), |ms| ms / 3_600_000),
        Call::Minute => part_of_time(values.stamp(), |ms| ms / 60_000 % 60),
        Call::Second => part_of_time(values.stamp(), |ms| ms / 1000 % 60),
        Call::MonthEnd => start_of(values.stamp(), ty, |d| {
            let (year, month, day) = civil_from_days(d);
            d + days_in_month(year, month) as i32 - day as i32
        }),
        Call::MonthStart => start_of(values.stamp(), ty, |d| period_start(d, 1)),
        Call::QuarterStart => start_of(values.stamp(), ty, |d| period_start(d, 3)),
        Call::WeekStart => start_of(values.stamp(), ty, |d| week_start(d, MONDAY)),
        Call::YearStart => start_of(values.stamp(), ty, |d| period_start(d, 12)),
        _ => {
            let part: fn(i32) -> i64 = match call {
                Call::Day => |d| civil_from_days(d).2.into(),
                Call::DayOfYear => |d| day_of_year(d).into(),
                Call::DaysInMonth => |d| {
                    let (year, month, _) = civil_from_days(d);
                    days_in_month(year, month).into()
                },
                Call::IsoYear => |d| iso_week(d).0.into(),
                Call::Month => |d| civil_from_days(d).1.into(),
                Call::Quarter => |d| quarter(civil_from_days(d).1).into(),
                Call::Week => |d| iso_week(d).1.into(),
                Call::Weekday => |d| weekday(d).into(),
                _ => |d| civil_from_days(d).0.into(),
            };
            let number = |s: i64| day_of(s, ty).map_or(f64::NAN, |d| part(d) as f64);
            Block::Number(values.stamp().map(number))
        }
    }
}

/// Functions whose first value was a unit of time.
pub(super) fn timed<'a>(call: Call, unit: Unit, mut values: Values<'a>, ty: Type) -> Block<'a> {
    let kind = values.ty();
    let a = values.stamp();
    match call {
        Call::DateAdd => {
            let n = values.number();
            Block::Stamp(a.zip(n, |s, n| add(unit, s, n, kind, ty).unwrap_or(NO_STAMP)))
        }
        Call::DateTrunc => {
            Block::Stamp(a.map(|s| truncated(unit, s, kind, ty).unwrap_or(NO_STAMP)))
        }
        Call::DateDiff => {
            let b = values.stamp();
            let count = |a, b| boundaries(unit, a, b, kind).map_or(f64::NAN, |n| n as f64);
            Block::Number(a.zip(b, count))
        }
        _ => {
            let b = values.stamp();
            let count = |a, b| elapsed(unit, a, b, kind).map_or(f64::NAN, |n| n as f64);
            Block::Number(a.zip(b, count))
        }
    }
}

/// A date with days added or taken away, or the days between two dates.
pub(super) fn sum<'a>(infix: Infix, mut values: Values<'a>, ty: Type) -> Block<'a> {
    let a = values.stamp();
    if ty != Type::Date {
        let b = values.stamp();
        return Block::Number(a.zip(b, |a, b| match (a, b) {
            (NO_STAMP, _) | (_, NO_STAMP) => f64::NAN,
            (a, b) => (a - b) as f64,
        }));
    }
    let sign = if infix == Infix::Subtract { -1.0 } else { 1.0 };
    Block::Stamp(a.zip(values.number(), |day, n| {
        let moved = day as f64 + sign * n;
        match day != NO_STAMP && (FIRST_DAY as f64..=LAST_DAY as f64).contains(&moved) {
            true => moved as i64,
            false => NO_STAMP,
        }
    }))
}

fn is_day(day: i64) -> bool {
    (FIRST_DAY..=LAST_DAY).contains(&day)
}

/// The day of a date or of a date with a time.
fn day_of(stamp: i64, ty: Type) -> Option<i32> {
    let day = match (stamp, ty) {
        (NO_STAMP, _) => return None,
        (ms, Type::DateTime) => ms.div_euclid(MS_PER_DAY),
        (day, _) => day,
    };
    is_day(day).then_some(day as i32)
}

/// Milliseconds since 1970, or since midnight for a time of day.
fn ms_of(stamp: i64, ty: Type) -> Option<i64> {
    match (stamp, ty) {
        (NO_STAMP, _) => None,
        (day, Type::Date) => is_day(day).then(|| day * MS_PER_DAY),
        (ms, Type::Time) => Some(ms),
        (ms, _) => is_day(ms.div_euclid(MS_PER_DAY)).then_some(ms),
    }
}

/// Milliseconds as a stamp of that kind; a time of day goes round at midnight.
fn stamp_of(ms: i64, ty: Type) -> Option<i64> {
    match ty {
        Type::Date => Some(ms.div_euclid(MS_PER_DAY)).filter(|d| is_day(*d)),
        Type::Time => Some(ms.rem_euclid(MS_PER_DAY)),
        _ => is_day(ms.div_euclid(MS_PER_DAY)).then_some(ms),
    }
}

fn part_of_time<'a>(lane: Lane<'a, i64>, part: impl Fn(i64) -> i64) -> Block<'a> {
    Block::Number(lane.map(|ms| match ms {
        NO_STAMP => f64::NAN,
        ms => part(ms.rem_euclid(MS_PER_DAY)) as f64,
    }))
}

fn start_of<'a>(lane: Lane<'a, i64>, ty: Type, start: impl Fn(i32) -> i32) -> Block<'a> {
    let of = |s: i64| day_of(s, ty).map_or(NO_STAMP, |d| start(d).into());
    Block::Stamp(lane.map(of))
}

/// Months of a unit that is made of months.
fn months_of(unit: Unit) -> Option<u32> {
    match unit {
        Unit::Year => Some(12),
        Unit::Quarter => Some(3),
        Unit::Month => Some(1),
        _ => None,
    }
}

/// `kind` is what is moved, `ty` what it becomes.
fn add(unit: Unit, stamp: i64, n: f64, kind: Type, ty: Type) -> Option<i64> {
    const MOST: f64 = 1e12;
    if n.is_nan() || n.abs() > MOST {
        return None;
    }
    let ms = ms_of(stamp, kind)?;
    let n = n.trunc() as i64;
    let Some(months) = months_of(unit) else {
        return stamp_of(ms.checked_add(n.checked_mul(unit.ms()?)?)?, ty);
    };
    let n_months = n * i64::from(months);
    // Past these years there is no calendar.
    if n_months.abs() > 12 * 20_000 {
        return None;
    }
    let day = ms.div_euclid(MS_PER_DAY) as i32;
    let moved = i64::from(add_months(day, n_months));
    let moved = is_day(moved).then_some(moved)?;
    stamp_of(moved * MS_PER_DAY + ms.rem_euclid(MS_PER_DAY), ty)
}

fn truncated(unit: Unit, stamp: i64, kind: Type, ty: Type) -> Option<i64> {
    let ms = ms_of(stamp, kind)?;
    let start = if unit.is_of_clock() {
        let length = unit.ms()?;
        ms.div_euclid(length) * length
    } else {
        start_of_unit(unit, ms.div_euclid(MS_PER_DAY) as i32) * MS_PER_DAY
    };
    stamp_of(start, ty)
}

/// The first day of the unit, a day or longer, that holds a day.
fn start_of_unit(unit: Unit, day: i32) -> i64 {
    match (unit, months_of(unit)) {
        (_, Some(months)) => period_start(day, months).into(),
        (Unit::Week, _) => week_start(day, MONDAY).into(),
        _ => day.into(),
    }
}

/// How many beginnings of a unit lie behind `a` and not behind `b`.
fn boundaries(unit: Unit, a: i64, b: i64, kind: Type) -> Option<i64> {
    /// 1970-01-05.
    const FIRST_MONDAY: i64 = 4;
    let count = |stamp| {
        let ms = ms_of(stamp, kind)?;
        if unit.is_of_clock() {
            return Some(ms.div_euclid(unit.ms()?));
        }
        let day = ms.div_euclid(MS_PER_DAY);
        Some(match months_of(unit) {
            Some(months) => {
                let (year, month, _) = civil_from_days(day as i32);
                (i64::from(year) * 12 + i64::from(month) - 1).div_euclid(months.into())
            }
            None if unit == Unit::Week => (day - FIRST_MONDAY).div_euclid(7),
            None => day,
        })
    };
    Some(count(b)? - count(a)?)
}

/// How many whole units have gone by from `a` to `b`.
fn elapsed(unit: Unit, a: i64, b: i64, kind: Type) -> Option<i64> {
    let (a, b) = (ms_of(a, kind)?, ms_of(b, kind)?);
    match months_of(unit) {
        Some(months) => Some(months_between(a, b, months).0),
        None => Some((b - a) / unit.ms()?),
    }
}

fn date_of<'a>(mut values: Values<'a>) -> Block<'a> {
    let n = values.n;
    if values.len() == 3 {
        let (year, month, day) = (values.number(), values.number(), values.number());
        let days = |y: f64, m: f64, d: f64| {
            let whole =
                |x: f64, most: f64| (x.fract() == 0.0 && x.abs() <= most).then_some(x as i32);
            let (y, m, d) = (whole(y, 9999.0)?, whole(m, 12.0)?, whole(d, 31.0)?);
            days_from_civil(y, u32::try_from(m).ok()?, u32::try_from(d).ok()?)
        };
        let stamp = |y, m, d| days(y, m, d).map_or(NO_STAMP, i64::from);
        return Block::Stamp(year.zip3(month, day, n, stamp));
    }
    match values.ty() {
        Type::Text => read(values, |text| {
            let day = parse::date(text).map(i64::from);
            day.or_else(|| Some(parse::date_time(text)?.div_euclid(MS_PER_DAY)))
        }),
        ty => {
            let of = |s: i64| day_of(s, ty).map_or(NO_STAMP, i64::from);
            Block::Stamp(values.stamp().map(of))
        }
    }
}

fn date_time_of<'a>(mut values: Values<'a>) -> Block<'a> {
    let ty = values.ty();
    if values.len() == 2 {
        let (day, time) = (values.stamp(), values.stamp());
        return Block::Stamp(
            day.zip(time, |day, time| match (ms_of(day, Type::Date), time) {
                (None, _) | (_, NO_STAMP) => NO_STAMP,
                (Some(midnight), time) => midnight + time.rem_euclid(MS_PER_DAY),
            }),
        );
    }
    match ty {
        Type::Text => read(values, parse::date_time),
        ty => Block::Stamp(values.stamp().map(|s| ms_of(s, ty).unwrap_or(NO_STAMP))),
    }
}

fn time_of<'a>(mut values: Values<'a>) -> Block<'a> {
    match values.ty() {
        Type::Text => read(values, |text| {
            let time = parse::time(text).map(i64::from);
            time.or_else(|| Some(parse::date_time(text)?.rem_euclid(MS_PER_DAY)))
        }),
        _ => Block::Stamp(values.stamp().map(|ms| match ms {
            NO_STAMP => NO_STAMP,
            ms => ms.rem_euclid(MS_PER_DAY),
        })),
    }
}

fn read<'a>(mut values: Values<'a>, stamp: impl Fn(&str) -> Option<i64>) -> Block<'a> {
    let texts = values.text();
    let of = |i: usize| texts.get(i).and_then(&stamp).unwrap_or(NO_STAMP);
    Block::Stamp(match texts.is_one() {
        true => Lane::One(of(0)),
        false => Lane::own((0..values.n).map(of).collect()),
    })
}

/// A part of a pattern such as `%Y-%m`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Part(char),
}

impl Piece {
    pub const LETTERS: [char; 13] = [
        'Y', 'y', 'm', 'd', 'H', 'M', 'S', 'j', 'u', 'G', 'V', 'q', '%',
    ];

    /// The pieces of a pattern.
    ///
    /// # Errors
    /// The letter behind a `%` that is none of the known ones.
    pub fn all(pattern: &str) -> Result<Vec<Self>, char> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut letters = pattern.chars();
        while let Some(c) = letters.next() {
            if c != '%' {
                text.push(c);
                continue;
            }
            match letters.next().unwrap_or(' ') {
                '%' => text.push('%'),
                letter if Self::LETTERS.contains(&letter) => {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(Piece::Part(letter));
                }
                other => return Err(other),
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Ok(pieces)
    }

    fn write(&self, ms: i64, out: &mut String) {
        use std::fmt::Write;
        let letter = match self {
            Piece::Text(text) => return out.push_str(text),
            Piece::Part(letter) => *letter,
        };
        let day = ms.div_euclid(MS_PER_DAY) as i32;
        let time = ms.rem_euclid(MS_PER_DAY);
        let (year, month, of_month) = civil_from_days(day);
        let _ = match letter {
            'Y' => write!(out, "{year:04}"),
            'y' => write!(out, "{:02}", year.rem_euclid(100)),
            'm' => write!(out, "{month:02}"),
            'd' => write!(out, "{of_month:02}"),
            'H' => write!(out, "{:02}", time / 3_600_000),
            'M' => write!(out, "{:02}", time / 60_000 % 60),
            'S' => write!(out, "{:02}", time / 1000 % 60),
            'j' => write!(out, "{:03}", day_of_year(day)),
            'u' => write!(out, "{}", weekday(day)),
            'G' => write!(out, "{:04}", iso_week(day).0),
            'V' => write!(out, "{:02}", iso_week(day).1),
            _ => write!(out, "{}", quarter(month)),
        };
    }
}

fn format<'a>(mut values: Values<'a>, aid: &Aid) -> Block<'a> {
    let Aid::DateFormat(pieces) = aid else {
        return Block::missing(Type::Text);
    };
    let ty = values.ty();
    let stamps = values.stamp();
    Block::Text(Texts::Own(Made::rows(values.n, |i, out| {
        let Some(ms) = ms_of(stamps.at(i), ty) else {
            return false;
        };
        pieces.iter().for_each(|p| p.write(ms, out));
        true
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> i64 {
        days_from_civil(year, month, day).unwrap().into()
    }

    /// DuckDB 2.0: `date_diff` and `date_sub`; of weeks, the Mondays that `date_trunc` gives.
    #[test]
    fn beginnings_and_whole_units() {
        let check = |unit, a: (i32, u32, u32), b: (i32, u32, u32), begun: i64, whole: i64| {
            let (a, b) = (day(a.0, a.1, a.2), day(b.0, b.1, b.2));
            assert_eq!(boundaries(unit, a, b, Type::Date), Some(begun), "{unit:?}");
            assert_eq!(elapsed(unit, a, b, Type::Date), Some(whole), "{unit:?}");
        };
        check(Unit::Year, (2023, 12, 31), (2024, 1, 1), 1, 0);
        check(Unit::Year, (2020, 2, 29), (2024, 2, 28), 4, 3);
        check(Unit::Quarter, (2024, 1, 1), (2024, 12, 31), 3, 3);
        check(Unit::Month, (2024, 1, 31), (2024, 3, 1), 2, 1);
        check(Unit::Month, (2024, 3, 1), (2024, 1, 31), -2, -1);
        check(Unit::Week, (2024, 3, 3), (2024, 3, 4), 1, 0);
        check(Unit::Week, (1969, 12, 28), (1969, 12, 29), 1, 0);
        check(Unit::Day, (2024, 2, 28), (2024, 3, 1), 2, 2);
        check(Unit::Hour, (2024, 2, 28), (2024, 3, 1), 48, 48);
    }

    #[test]
    fn moments_are_moved_and_cut() {
        let check = |unit, from: i64, n: f64, kind, ty, expected: Option<i64>| {
            assert_eq!(add(unit, from, n, kind, ty), expected, "{unit:?} {n}");
        };
        let (date, moment) = (Type::Date, Type::DateTime);
        let leap = day(2024, 2, 29);
        check(Unit::Month, day(2024, 1, 31), 1.0, date, date, Some(leap));
        check(Unit::Year, leap, 1.0, date, date, Some(day(2025, 2, 28)));
        check(Unit::Week, leap, -1.0, date, date, Some(leap - 7));
        let noon = leap * MS_PER_DAY + 43_200_000;
        check(Unit::Hour, leap, 12.0, date, moment, Some(noon));
        check(
            Unit::Month,
            noon,
            12.0,
            moment,
            moment,
            Some(noon + 365 * MS_PER_DAY),
        );
        check(
            Unit::Hour,
            82_800_000,
            2.0,
            Type::Time,
            Type::Time,
            Some(3_600_000),
        );
        check(Unit::Year, leap, 9000.0, date, date, None);
        check(Unit::Day, leap, 1e15, date, date, None);
        check(Unit::Day, leap, f64::NAN, date, date, None);
        check(Unit::Day, NO_STAMP, 1.0, date, date, None);
        let check = |unit, ms: i64, expected: i64| {
            assert_eq!(
                truncated(unit, ms, moment, moment),
                Some(expected),
                "{unit:?}"
            );
        };
        check(Unit::Hour, noon + 59_999, noon);
        check(Unit::Day, noon, leap * MS_PER_DAY);
        check(Unit::Week, noon, day(2024, 2, 26) * MS_PER_DAY);
        check(Unit::Quarter, noon, day(2024, 1, 1) * MS_PER_DAY);
        check(Unit::Minute, -1, -60_000);
    }

    /// The far ends of what columns can hold do no harm.
    #[test]
    fn the_calendar_has_ends() {
        for stamp in [i64::MIN + 1, i64::MAX, FIRST_DAY - 1, LAST_DAY + 1] {
            assert_eq!(day_of(stamp, Type::Date), None);
            assert_eq!(add(Unit::Month, stamp, 1.0, Type::Date, Type::Date), None);
        }
        assert_eq!(FIRST_DAY, day(-9999, 1, 1));
        assert_eq!(LAST_DAY, day(9999, 12, 31));
        assert_eq!(add(Unit::Day, LAST_DAY, 1.0, Type::Date, Type::Date), None);
    }

    #[test]
    fn patterns_of_dates() {
        let check = |pattern: &str, expected: Result<&str, char>| {
            let ms = day(2024, 12, 30) * MS_PER_DAY + 47_109_000;
            let spelt = Piece::all(pattern).map(|pieces| {
                let mut out = String::new();
                pieces.iter().for_each(|p| p.write(ms, &mut out));
                out
            });
            assert_eq!(spelt, expected.map(String::from));
        };
        check("%Y-%m", Ok("2024-12"));
        check("%y%m%d %H:%M:%S", Ok("241230 13:05:09"));
        check("%G-W%V-%u, %j, Q%q 100%%", Ok("2025-W01-1, 365, Q4 100%"));
        check("%Y년 %m월", Ok("2024년 12월"));
        check("", Ok(""));
        check("%x", Err('x'));
        check("%", Err(' '));
    }
}
