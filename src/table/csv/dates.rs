//! Dates and times as people and programs write them.

use super::super::calendar::{MS_PER_DAY, days_from_civil};
use super::DateOrder;

/// A date, perhaps with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Days since 1970-01-01.
    pub days: i32,
    /// Milliseconds since midnight, when a time was written.
    pub ms: Option<i32>,
    /// Minutes ahead of UTC, when written.
    pub offset: Option<i32>,
    pub spelling: Spelling,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// The year comes first, or the month is a word: no doubt about the order.
    Clear,
    /// `20240305`, which might be a number.
    Compact,
    /// `5/3/2024`: only this order makes a date, or either (`None`).
    Numeric(Option<DateOrder>),
}

impl Moment {
    /// Milliseconds since 1970-01-01T00:00, in UTC when an offset was written.
    pub fn ms_since_epoch(&self) -> i64 {
        i64::from(self.days) * MS_PER_DAY + i64::from(self.ms.unwrap_or(0))
            - i64::from(self.offset.unwrap_or(0)) * 60_000
    }
}

/// Reads a date or a date with a time. Where day and month could be either way round, `order` says
/// which is taken.
#[inline]
pub(super) fn parse_moment(bytes: &[u8], order: DateOrder) -> Option<Moment> {
    if let [a, b, c, d, b'-', e, f, b'-', g, h] = *bytes
        && let (Some(year), Some(month), Some(day)) = (
            digits_value(&[a, b, c, d]),
            digits_value(&[e, f]),
            digits_value(&[g, h]),
        )
    {
        return Some(Moment {
            days: days_from_civil(year as i32, month, day)?,
            ms: None,
            offset: None,
            spelling: Spelling::Clear,
        });
    }
    if bytes.len() < 6 || bytes.len() > 64 {
        return None;
    }
    let mut scan = Scan(bytes.trim_ascii());
    let (days, spelling) = scan.date(order)?;
    let (mut ms, mut offset) = (None, None);
    if !scan.0.is_empty() {
        let separated = scan.take(b"T") || scan.take(b", ") || scan.take(b" ");
        if !separated || spelling == Spelling::Compact {
            return None;
        }
        scan.blanks();
        ms = Some(scan.time()?);
        offset = scan.offset()?;
    }
    scan.0.is_empty().then_some(Moment {
        days,
        ms,
        offset,
        spelling,
    })
}

/// Reads a time of day as milliseconds since midnight.
pub(super) fn parse_time(bytes: &[u8]) -> Option<i32> {
    if bytes.len() < 4 || bytes.len() > 32 {
        return None;
    }
    let mut scan = Scan(bytes.trim_ascii());
    let ms = scan.time()?;
    scan.0.is_empty().then_some(ms)
}

/// What is left to read.
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn date(&mut self, order: DateOrder) -> Option<(i32, Spelling)> {
        if self.0.first()?.is_ascii_alphabetic() {
            return self.month_word_first();
        }
        let (first, n_digits) = self.digits(8)?;
        match n_digits {
            4 => {
                let days = self.after_year(first)?;
                Some((days, Spelling::Clear))
            }
            8 => {
                let (year, month, day) = (first / 10_000, first / 100 % 100, first % 100);
                let plausible = (1900..2100).contains(&year);
                let days = days_from_civil(year as i32, month, day).filter(|_| plausible)?;
                Some((days, Spelling::Compact))
            }
            1 | 2 => self.after_day_or_month(first, n_digits, order),
            _ => None,
        }
    }

    /// `-03-05`, `/3/5`, `. 3. 5.`, `년 3월 5일`.
    fn after_year(&mut self, year: u32) -> Option<i32> {
        let (month, day);
        if self.take("년".as_bytes()) {
            self.blanks();
            month = self.digits(2)?.0;
            self.blanks();
            self.take("월".as_bytes()).then_some(())?;
            self.blanks();
            day = self.digits(2)?.0;
            self.blanks();
            self.take("일".as_bytes()).then_some(())?;
        } else {
            let mark = self.mark()?;
            month = self.digits(2)?.0;
            (self.mark()? == mark).then_some(())?;
            day = self.digits(2)?.0;
            if mark == b'.' {
                self.take(b".");
            }
        }
        days_from_civil(year as i32, month, day)
    }

    /// `/3/2024`, `.3.2024`, `-03-2024`, `/3/24`, ` Mar 2024`, `-Mar-24`.
    fn after_day_or_month(
        &mut self,
        first: u32,
        first_digits: usize,
        order: DateOrder,
    ) -> Option<(i32, Spelling)> {
        let mark = match self.0.first()? {
            b' ' => b' ',
            _ => self.mark()?,
        };
        self.blanks();
        if self.0.first()?.is_ascii_alphabetic() {
            let month = self.month_word()?;
            let separated = match mark {
                b' ' => self.take(b" ") || self.take(b", "),
                mark => self.take(&[mark]),
            };
            separated.then_some(())?;
            let year = self.year(true)?;
            return Some((days_from_civil(year, month, first)?, Spelling::Clear));
        }
        let (second, second_digits) = self.digits(2)?;
        if mark == b' ' || self.mark()? != mark {
            return None;
        }
        let two_digits_each = first_digits == 2 && second_digits == 2;
        let is_long_year = self.0.len() >= 4 && self.0[..4].iter().all(u8::is_ascii_digit);
        let year = self.year(mark == b'/' || (mark == b'.' && two_digits_each))?;
        if mark == b'.' {
            self.take(b".");
        }
        let day_month = days_from_civil(year, second, first);
        let month_day = days_from_civil(year, first, second);
        let (days, only) = match (day_month, month_day) {
            (Some(days), Some(same)) if days == same => (days, None),
            // Where points are written, the day comes first: 5.3.2024.
            (Some(days), Some(_)) if mark == b'.' && is_long_year => {
                (days, Some(DateOrder::DayMonth))
            }
            (Some(a), Some(b)) => (if order == DateOrder::DayMonth { a } else { b }, None),
            (Some(days), None) => (days, Some(DateOrder::DayMonth)),
            (None, Some(days)) => (days, Some(DateOrder::MonthDay)),
            (None, None) => return None,
        };
        Some((days, Spelling::Numeric(only)))
    }

    /// `Mar 5, 2024`, `March 5 2024`.
    fn month_word_first(&mut self) -> Option<(i32, Spelling)> {
        let month = self.month_word()?;
        self.take(b" ").then_some(())?;
        let day = self.digits(2)?.0;
        (self.take(b", ") || self.take(b" ")).then_some(())?;
        let year = self.year(false)?;
        Some((days_from_civil(year, month, day)?, Spelling::Clear))
    }

    fn year(&mut self, may_be_short: bool) -> Option<i32> {
        match self.digits(4)? {
            (year, 4) => Some(year as i32),
            // POSIX: 69–99 are 1969–1999.
            (year, 2) if may_be_short => Some(year as i32 + if year < 69 { 2000 } else { 1900 }),
            _ => None,
        }
    }

    fn month_word(&mut self) -> Option<u32> {
        const MONTHS: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let is_letter = |b: &u8| b.is_ascii_alphabetic();
        let end = self.0.iter().position(|b| !is_letter(b))?;
        let word = self.0[..end].to_ascii_lowercase();
        let is_month = |m: &&str| m.as_bytes() == word || m.as_bytes()[..3] == word[..];
        let month = MONTHS.iter().position(is_month)?;
        self.0 = &self.0[end..];
        Some(month as u32 + 1)
    }

    /// `11:38`, `11:38:36.5`, `3:05 PM`, `오후 3:05`.
    fn time(&mut self) -> Option<i32> {
        let mut afternoon = None;
        for (word, is_afternoon) in [("오전", false), ("오후", true), ("AM", false), ("PM", true)]
        {
            if self.take(word.as_bytes()) {
                afternoon = Some(is_afternoon);
                self.blanks();
                break;
            }
        }
        let (mut hour, _) = self.digits(2)?;
        self.take(b":").then_some(())?;
        let minute = self.two_digits()?;
        let (mut second, mut ms) = (0, 0);
        if self.take(b":") {
            second = self.two_digits()?;
            if self.take(b".") {
                let end = self.0.iter().position(|b| !b.is_ascii_digit());
                let (fraction, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
                (!fraction.is_empty()).then_some(())?;
                let place = |k: usize| fraction.get(k).map_or(0, |b| u32::from(b - b'0'));
                ms = place(0) * 100 + place(1) * 10 + place(2);
                self.0 = rest;
            }
        }
        if afternoon.is_none() {
            let before = self.0;
            self.blanks();
            for (word, is_afternoon) in [("AM", false), ("PM", true)] {
                let head = self.0.get(..2).map(<[u8]>::to_ascii_uppercase);
                if head.as_deref() == Some(word.as_bytes()) {
                    self.0 = &self.0[2..];
                    afternoon = Some(is_afternoon);
                    break;
                }
            }
            if afternoon.is_none() {
                self.0 = before;
            }
        }
        if let Some(is_afternoon) = afternoon {
            (1..=12).contains(&hour).then_some(())?;
            hour = hour % 12 + if is_afternoon { 12 } else { 0 };
        }
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        Some((((hour * 60 + minute) * 60 + second) * 1000 + ms) as i32)
    }

    /// `Z`, `+09:00`, `-0500`, `+09`, or nothing. The outer `None` is a mistake.
    fn offset(&mut self) -> Option<Option<i32>> {
        if self.0.is_empty() {
            return Some(None);
        }
        if self.take(b"Z") || self.take(b" UTC") || self.take(b"z") {
            return Some(Some(0));
        }
        self.blanks();
        let sign = if self.take(b"+") {
            1
        } else if self.take(b"-") {
            -1
        } else {
            return None;
        };
        let hours = self.two_digits()?;
        let minutes = if self.take(b":") || !self.0.is_empty() {
            self.two_digits()?
        } else {
            0
        };
        (hours <= 14 && minutes < 60).then_some(Some(sign * (hours * 60 + minutes) as i32))
    }

    fn take(&mut self, prefix: &[u8]) -> bool {
        match self.0.strip_prefix(prefix) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn blanks(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }

    /// `-`, `/` or `.`; a blank may follow the point.
    fn mark(&mut self) -> Option<u8> {
        let mark = *self.0.first()?;
        matches!(mark, b'-' | b'/' | b'.').then_some(())?;
        self.0 = &self.0[1..];
        if mark == b'.' {
            self.blanks();
        }
        Some(mark)
    }

    /// A run of at most `max` digits: its value and length.
    fn digits(&mut self, max: usize) -> Option<(u32, usize)> {
        let n = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        if n == 0 || n > max {
            return None;
        }
        let value = digits_value(&self.0[..n])?;
        self.0 = &self.0[n..];
        Some((value, n))
    }

    fn two_digits(&mut self) -> Option<u32> {
        let value = digits_value(self.0.get(..2)?)?;
        self.0 = &self.0[2..];
        Some(value)
    }
}

#[inline]
fn digits_value(bytes: &[u8]) -> Option<u32> {
    let mut value = 0;
    for &byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u32::from(digit);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::super::super::calendar::{write_date, write_date_time, write_time};
    use super::*;
    use DateOrder::{DayMonth, MonthDay};

    fn check(text: &str, expected: &str) {
        let shown = parse_moment(text.as_bytes(), DayMonth).map_or(String::new(), |moment| {
            let mut out = String::new();
            match moment.ms {
                None => write_date(&mut out, moment.days),
                Some(_) => write_date_time(&mut out, moment.ms_since_epoch()),
            }
            out
        });
        assert_eq!(shown, expected, "{text:?}");
    }

    #[test]
    fn year_first() {
        check("2024-03-05", "2024-03-05");
        check("2024/3/5", "2024-03-05");
        check("2024.3.5", "2024-03-05");
        check("2024. 3. 5.", "2024-03-05");
        check("2024년 3월 5일", "2024-03-05");
        check("2024년3월5일", "2024-03-05");
        check("20240305", "2024-03-05");
        check("2024-02-30", "");
        check("2024-13-01", "");
        check("2024-3", "");
        check("2024-03/05", "");
        check("2024-03-05x", "");
        check("2024년 3월", "");
        check("30240305", "");
    }

    #[test]
    fn day_and_month() {
        check("5.3.2024", "2024-03-05");
        check("05-03-2024", "2024-03-05");
        check("5/3/2024", "2024-03-05");
        check("3/25/2024", "2024-03-25");
        check("5/3/24", "2024-03-05");
        check("05.03.99", "1999-03-05");
        check("1.2.10", "");
        check("05-03-24", "");
        check("13/13/2024", "");
        check("5 Mar 2024", "2024-03-05");
        check("05-mar-24", "2024-03-05");
        check("March 5, 2024", "2024-03-05");
        check("Mar 5 2024", "2024-03-05");
        check("Mars 5 2024", "");
        check("M 5 2024", "");
    }

    #[test]
    fn order_of_day_and_month() {
        let check = |text: &str, order, days: &str, only| {
            let moment = parse_moment(text.as_bytes(), order).unwrap();
            let mut out = String::new();
            write_date(&mut out, moment.days);
            assert_eq!(
                (out.as_str(), moment.spelling),
                (days, Spelling::Numeric(only))
            );
        };
        check("3/5/2024", DayMonth, "2024-05-03", None);
        check("3/5/2024", MonthDay, "2024-03-05", None);
        check("25/5/2024", MonthDay, "2024-05-25", Some(DayMonth));
        check("5/25/2024", DayMonth, "2024-05-25", Some(MonthDay));
        check("4/4/2024", DayMonth, "2024-04-04", None);
        check("5.3.2024", MonthDay, "2024-03-05", Some(DayMonth));
        check("5.13.2024", DayMonth, "2024-05-13", Some(MonthDay));
        check("05.03.24", MonthDay, "2024-05-03", None);
    }

    #[test]
    fn with_times() {
        check("2024-03-05T10:00:00Z", "2024-03-05T10:00:00");
        check("2024-03-05 10:00", "2024-03-05T10:00:00");
        check("2024-03-05T10:00:00.1239", "2024-03-05T10:00:00.123");
        check("2024-03-05T10:00:00+09:00", "2024-03-05T01:00:00");
        check("2024-03-05T01:00:00 +0900", "2024-03-04T16:00:00");
        check("2024-03-05 10:00:00-05", "2024-03-05T15:00:00");
        check("2024. 3. 5. 오후 3:05", "2024-03-05T15:05:00");
        check("2024년 3월 5일 오전 12:05", "2024-03-05T00:05:00");
        check("3/25/2024 3:05 pm", "2024-03-25T15:05:00");
        check("2024-03-05 25:00", "");
        check("2024-03-05 10:60", "");
        check("2024-03-05 13:00 PM", "");
        check("2024-03-05T", "");
        check("2024-03-05T10:00:00.", "");
        check("2024-03-05T10:00:00+", "");
        check("2024-03-0510:00", "");
    }

    #[test]
    fn times_of_day() {
        let check = |text: &str, expected: &str| {
            let mut out = String::new();
            if let Some(ms) = parse_time(text.as_bytes()) {
                write_time(&mut out, ms);
            }
            assert_eq!(out, expected, "{text:?}");
        };
        check("11:38:36", "11:38:36");
        check("0:05", "00:05:00");
        check("오후 3:05", "15:05:00");
        check("12:00 AM", "00:00:00");
        check("12:30PM", "12:30:00");
        check("23:59:59.999", "23:59:59.999");
        check("24:00", "");
        check("1:5", "");
        check("11:38:36x", "");
        check("11", "");
    }
}
