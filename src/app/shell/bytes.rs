//! Amounts of bytes as people read them.

use crate::report::{Format, Lang, format_number};

/// `512 bytes`, `34 KB`, `1.2 MB`, `3.4 GB`; a thousand, not 1,024, is the step, as browsers count.
pub fn bytes(n: f64, lang: Lang) -> String {
    if n < 1000.0 {
        let n = format_number(n, Format::Integer, lang);
        return match lang {
            Lang::En => format!("{n} bytes"),
            Lang::Ko => format!("{n}바이트"),
        };
    }
    let (value, unit) = [(1e3, "KB"), (1e6, "MB"), (1e9, "GB")]
        .into_iter()
        .map(|(step, unit)| (n / step, unit))
        .rfind(|(value, _)| *value >= 0.9995)
        .unwrap_or((n / 1e3, "KB"));
    let digits = if value < 9.95 { 1 } else { 0 };
    format!(
        "{} {unit}",
        format_number(value, Format::Fixed(digits), lang)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        let check = |n: f64, expected: &str| assert_eq!(bytes(n, Lang::En), expected);
        check(0.0, "0 bytes");
        check(999.0, "999 bytes");
        check(1_000.0, "1.0 KB");
        check(34_400.0, "34 KB");
        check(999_900.0, "1.0 MB");
        check(1_240_000.0, "1.2 MB");
        check(73_000_000_000.0, "73 GB");
        assert_eq!(bytes(12.0, Lang::Ko), "12바이트");
    }
}
