//! One way to write numbers, for the page, the exports and the command line.

use serde::{Deserialize, Serialize};

use super::locale::Lang;

/// How a number is written. Thousands are grouped with commas, the minus sign is U+2212.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Five significant digits, whole numbers whole.
    #[default]
    General,
    Integer,
    /// Digits after the point.
    Fixed(u8),
    Significant(u8),
    /// A share as per cent, with that many digits after the point.
    Percent(u8),
    /// A difference of shares in percentage points.
    Points(u8),
    /// Three digits; `< 0.001` below that.
    PValue,
    /// A p value in a sentence: `= 0.032`, `< 0.001`.
    PEquals,
    /// Days since 1970-01-01 as an ISO date.
    Date,
    /// Milliseconds since 1970-01-01 as an ISO date and time.
    DateTime,
    /// No grouping, no rounding: years and codes.
    Plain,
}

/// `value` as people read it. A missing value is an en dash.
pub fn format_number(value: f64, format: Format, lang: Lang) -> String {
    if value.is_nan() {
        return "–".into();
    }
    if value.is_infinite() {
        return if value > 0.0 {
            "∞".into()
        } else {
            "−∞".into()
        };
    }
    match format {
        Format::General => general(value),
        Format::Integer => fixed(value, 0),
        Format::Fixed(d) => fixed(value, d),
        Format::Significant(d) => significant(value, d),
        Format::Percent(d) => format!("{}%", fixed(value * 100.0, d)),
        Format::Points(d) => match lang {
            Lang::En => format!("{} pp", fixed(value * 100.0, d)),
            Lang::Ko => format!("{}%p", fixed(value * 100.0, d)),
        },
        Format::PValue | Format::PEquals if value < 0.001 => "< 0.001".into(),
        Format::PValue => fixed(value, 3),
        Format::PEquals => format!("= {}", fixed(value, 3)),
        Format::Date => iso_date(value.floor() as i64),
        Format::DateTime => {
            let seconds = (value / 1000.0).floor() as i64;
            let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
            format!(
                "{} {:02}:{:02}:{:02}",
                iso_date(day),
                second / 3600,
                second / 60 % 60,
                second % 60
            )
        }
        Format::Plain => minus(format!("{value}")),
    }
}

fn general(value: f64) -> String {
    if value == value.trunc() && value.abs() < 1e15 {
        fixed(value, 0)
    } else {
        significant(value, 5)
    }
}

fn fixed(value: f64, digits: u8) -> String {
    let plain = format!("{value:.*}", usize::from(digits));
    if plain.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) {
        return plain.trim_start_matches('-').to_string();
    }
    minus(group(&plain))
}

fn significant(value: f64, digits: u8) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let digits = usize::from(digits.max(1));
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').expect("the e of {:e}");
    let exponent: i32 = exponent.parse().expect("a whole exponent");
    if !(-5..15).contains(&exponent) {
        return minus(format!("{mantissa} × 10{}", superscript(exponent)));
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    minus(group(&format!("{value:.decimals$}")))
}

fn group(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |d| ("-", d));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(f) = fraction {
        out.push('.');
        out.push_str(f);
    }
    out
}

fn minus(text: String) -> String {
    text.replace('-', "−")
}

fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|c| {
            if c == '-' {
                '⁻'
            } else {
                ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][c as usize - '0' as usize]
            }
        })
        .collect()
}

/// Days since 1970-01-01 to `YYYY-MM-DD`, proleptic Gregorian, counted in eras of 400 years that start in March.
fn iso_date(day: i64) -> String {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, format: Format, expected: &str) {
        assert_eq!(
            format_number(value, format, Lang::En),
            expected,
            "{value} as {format:?}"
        );
    }

    #[test]
    fn numbers_are_written_for_people() {
        check(1234567.0, Format::General, "1,234,567");
        check(0.000012345678, Format::General, "0.000012346");
        check(1234.5678, Format::General, "1,234.6");
        check(1.5e-9, Format::General, "1.5000 × 10⁻⁹");
        check(-3.25, Format::Fixed(1), "−3.2");
        check(-0.0001, Format::Fixed(2), "0.00");
        check(999.5, Format::Significant(3), "1,000");
        check(0.1234, Format::Percent(1), "12.3%");
        check(0.0123, Format::Points(2), "1.23 pp");
        check(0.00099, Format::PValue, "< 0.001");
        check(0.0324, Format::PValue, "0.032");
        check(f64::NAN, Format::Integer, "–");
        check(2013.0, Format::Plain, "2013");
    }

    #[test]
    fn dates_follow_the_calendar() {
        check(0.0, Format::Date, "1970-01-01");
        check(-1.0, Format::Date, "1969-12-31");
        check(11_016.0, Format::Date, "2000-02-29");
        check(19_787.0, Format::Date, "2024-03-05");
        check(1_709_632_800_000.0, Format::DateTime, "2024-03-05 10:00:00");
    }
}
