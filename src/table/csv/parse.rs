//! One value as the reader reads it: for what people type against a column.

use super::DateOrder;
use super::dates::{parse_moment, parse_time};
use super::number::parse_number;

/// A number with a decimal point, perhaps with grouped thousands, a currency sign or `%` (which
/// makes a fraction: `5%` is 0.05).
pub fn number(text: &str) -> Option<f64> {
    parse_number(text.trim().as_bytes(), b'.').map(|n| n.value)
}

/// A date as days since 1970-01-01; where day and month could be either way round, the day is first.
pub fn date(text: &str) -> Option<i32> {
    let moment = parse_moment(text.trim().as_bytes(), DateOrder::DayMonth)?;
    moment.ms.is_none().then_some(moment.days)
}

/// A date with or without a time as milliseconds since 1970-01-01T00:00.
pub fn date_time(text: &str) -> Option<i64> {
    parse_moment(text.trim().as_bytes(), DateOrder::DayMonth).map(|m| m.ms_since_epoch())
}

/// A time of day as milliseconds since midnight.
pub fn time(text: &str) -> Option<i32> {
    parse_time(text.trim().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_values_are_read() {
        assert_eq!(number(" 1,234.5 "), Some(1234.5));
        assert_eq!(number("₩17,200"), Some(17_200.0));
        assert_eq!(number("five"), None);
        assert_eq!(date("2024-03-05"), Some(19_787));
        assert_eq!(date("2024-03-05T10:00"), None);
        assert_eq!(date_time("2024-03-05 10:00:00"), Some(1_709_632_800_000));
        assert_eq!(time("01:00:00"), Some(3_600_000));
    }
}
