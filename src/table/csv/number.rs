//! Numbers as people and programs write them, read straight from bytes and correctly rounded.

/// A number and how it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub value: f64,
    /// The exact value when it was written without decimal mark, exponent or percent sign and fits.
    pub whole: Option<i64>,
    /// Digits after the decimal mark.
    pub decimals: u8,
    pub currency: Option<&'static str>,
    pub percent: bool,
    /// Digits only, with zeros in front: `007`.
    pub padded: bool,
    /// Digits only, past 2^53.
    pub too_long: bool,
}

/// Whole numbers past this do not fit a double exactly; such digits are taken for an id.
pub(super) const MAX_WHOLE: u64 = 1 << 53;

/// Digits with at most a sign and a decimal mark, as nearly all cells are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plain {
    pub mantissa: u64,
    pub decimals: u8,
    pub negative: bool,
    pub has_mark: bool,
}

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Reads up to 18 digits with an optional minus and decimal mark, without zeros in front and within
/// 2^53. `None` sends the caller to [`parse_number`].
#[inline]
pub(super) fn parse_plain(bytes: &[u8], decimal: u8) -> Option<Plain> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let (mantissa, decimals) = match digits.len() {
        1..=8 => short_digits(right_aligned(digits), decimal)?,
        9..=16 => {
            let (high, low) = digits.split_at(digits.len() - 8);
            let (low, low_decimals) = short_digits(right_aligned(low), decimal)?;
            match low_decimals {
                None => {
                    let (high, decimals) = short_digits(right_aligned(high), decimal)?;
                    (high * 100_000_000 + low, decimals.map(|d| d + 8))
                }
                decimals => {
                    // Seven digits are left beside the mark, and no other mark may stand before.
                    let (high, None) = short_digits(right_aligned(high), decimal)? else {
                        return None;
                    };
                    (high * 10_000_000 + low, decimals)
                }
            }
        }
        17..=19 => long_digits(digits, decimal)?,
        _ => return None,
    };
    let has_mark = decimals.is_some();
    let decimals = decimals.unwrap_or(0);
    let n_whole = digits.len() - usize::from(has_mark) - usize::from(decimals);
    let too_few = digits.len() == usize::from(has_mark);
    let padded = digits[0] == b'0' && n_whole > 1;
    let minus_zero = negative && mantissa == 0;
    if too_few || padded || minus_zero || mantissa > MAX_WHOLE {
        return None;
    }
    Some(Plain {
        mantissa,
        decimals,
        negative,
        has_mark,
    })
}

/// One to eight bytes as a word, the last in its highest byte, with zeros before the first.
#[inline]
fn right_aligned(bytes: &[u8]) -> u64 {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let n = bytes.len();
    let word = if let Some(eight) = bytes.first_chunk::<8>() {
        return u64::from_le_bytes(*eight);
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        u64::from(first) | u64::from(last) << (8 * (n - 4))
    } else {
        let byte = |i: usize| u64::from(bytes[i]) << (8 * i);
        byte(0) | byte(n / 2) | byte(n - 1)
    };
    let shift = 8 * (8 - n as u32);
    word << shift | ZEROS >> (64 - shift)
}

/// Eight bytes of digits with at most one mark among them, and how many digits follow the mark.
#[inline]
fn short_digits(word: u64, decimal: u8) -> Option<(u64, Option<u8>)> {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let others = ((((word ^ ZEROS) & LOW) + 0x7676_7676_7676_7676) | (word ^ ZEROS)) & HIGH;
    if others == 0 {
        return Some((eight_digits(word), None));
    }
    let at = others.trailing_zeros() & !7;
    if others & (others - 1) != 0 || (word >> at) as u8 != decimal {
        return None;
    }
    // The digits before the mark move over it.
    let before = word & !(u64::MAX << at);
    let after = (word >> at >> 8) << at << 8;
    let digits = after | before << 8 | 0x30;
    Some((eight_digits(digits), Some(7 - (at / 8) as u8)))
}

/// The number of eight digits, the first in the lowest byte: pairs, then fours, then all.
#[inline]
fn eight_digits(word: u64) -> u64 {
    let word = (word & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(2561) >> 8;
    let word = (word & 0x00ff_00ff_00ff_00ff).wrapping_mul(6_553_601) >> 16;
    (word & 0x0000_ffff_0000_ffff).wrapping_mul(42_949_672_960_001) >> 32
}

fn long_digits(digits: &[u8], decimal: u8) -> Option<(u64, Option<u8>)> {
    let mut mantissa = 0u64;
    let mut mark = None;
    for (i, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            mantissa = mantissa * 10 + u64::from(digit);
        } else if byte == decimal && mark.is_none() {
            mark = Some((digits.len() - i - 1) as u8);
        } else {
            return None;
        }
    }
    Some((mantissa, mark))
}

/// Reads what programs write: digits with a minus, a mark and an exponent, to the nearest double.
/// `None` sends the caller to [`parse_number`].
#[inline]
pub(super) fn parse_decimal(bytes: &[u8], decimal: u8) -> Option<(f64, u8)> {
    const LONGEST: usize = 40;
    if bytes.len() > LONGEST {
        return None;
    }
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let mark = digits.iter().position(|&b| b == decimal)?;
    let exponent = digits.iter().position(|b| matches!(b, b'e' | b'E'));
    let end = exponent.unwrap_or(digits.len());
    let is_number = |part: Option<&[u8]>| {
        part.is_some_and(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
    };
    let padded = mark > 1 && digits[0] == b'0';
    if padded || !is_number(digits.get(..mark)) || !is_number(digits.get(mark + 1..end)) {
        return None;
    }
    let mut copy = [0; LONGEST];
    let copy = &mut copy[..bytes.len()];
    copy.copy_from_slice(bytes);
    copy[bytes.len() - digits.len() + mark] = b'.';
    let value = std::str::from_utf8(copy).ok()?.parse().ok()?;
    Some((value, (end - mark - 1) as u8))
}

impl Plain {
    /// The nearest double: mantissa and power of ten are both exact, so one division rounds once.
    #[inline]
    pub fn value(self) -> f64 {
        let size = self.mantissa as f64 / POWERS[usize::from(self.decimals)];
        if self.negative { -size } else { size }
    }

    #[inline]
    pub fn whole(self) -> i64 {
        let size = self.mantissa as i64;
        if self.negative { -size } else { size }
    }
}

/// Reads a number with grouped digits, a currency sign, `%`, brackets or a sign on either side.
/// `decimal` is `.` or `,`; the other one may group thousands, as may blanks and apostrophes.
pub(super) fn parse_number(bytes: &[u8], decimal: u8) -> Option<Number> {
    if let Some(plain) = parse_plain(bytes, decimal) {
        return Some(Number {
            value: plain.value(),
            whole: (!plain.has_mark).then(|| plain.whole()),
            decimals: plain.decimals,
            currency: None,
            percent: false,
            padded: false,
            too_long: false,
        });
    }
    if bytes.len() > 400 {
        return None;
    }
    if let Some((value, decimals)) = parse_decimal(bytes, decimal) {
        return Some(Number {
            value,
            whole: None,
            decimals,
            currency: None,
            percent: false,
            padded: false,
            too_long: false,
        });
    }
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let dressed = undress(text)?;
    if let Some(value) = infinity(dressed.body) {
        let bare = dressed.currency.is_none() && !dressed.percent;
        return bare.then_some(Number {
            value: if dressed.negative { -value } else { value },
            whole: None,
            decimals: 0,
            currency: None,
            percent: false,
            padded: false,
            too_long: false,
        });
    }
    let body = normalise(dressed.body, decimal)?;
    let bare = !body.has_mark && body.exponent.is_empty() && !dressed.percent;
    let sign = if dressed.negative { "-" } else { "" };
    let digits = &body.digits;
    let value = match (dressed.percent, body.exponent) {
        (false, "") => format!("{sign}{digits}").parse(),
        (false, exponent) => format!("{sign}{digits}e{exponent}").parse(),
        (true, "") => format!("{sign}{digits}e-2").parse(),
        (true, _) => return None,
    };
    let value: f64 = value.ok()?;
    let minus_zero = value == 0.0 && dressed.negative;
    let whole = (bare && !minus_zero).then(|| format!("{sign}{digits}").parse().ok());
    Some(Number {
        value,
        whole: whole.flatten(),
        decimals: body.decimals,
        currency: dressed.currency,
        percent: dressed.percent,
        padded: bare && digits.len() > 1 && digits.starts_with('0'),
        too_long: bare && digits.parse().map_or(true, |size: u64| size > MAX_WHOLE),
    })
}

impl Number {
    /// Whether it is a number to reckon with: not padded with zeros and not a whole number that a
    /// double cannot hold.
    pub fn is_quantity(&self) -> bool {
        !self.padded && !self.too_long
    }
}

struct Dressed<'a> {
    body: &'a str,
    negative: bool,
    currency: Option<&'static str>,
    percent: bool,
}

/// Takes off brackets, signs, currency and percent, each at most once.
fn undress(text: &str) -> Option<Dressed<'_>> {
    let bracketed = text
        .strip_prefix('(')
        .map(|inner| inner.strip_suffix(')').ok_or(()));
    let (mut body, in_brackets) = match bracketed {
        None => (text, false),
        Some(Ok(inner)) => (inner.trim(), true),
        Some(Err(())) => return None,
    };
    let mut sign = None;
    let mut currency = None;
    let mut percent = false;
    while let Some(first) = body.chars().next() {
        if first.is_ascii_digit() {
            break;
        }
        match first {
            '-' | '\u{2212}' if sign.is_none() => sign = Some(true),
            '+' if sign.is_none() => sign = Some(false),
            _ if currency.is_none() && prefix_currency(first).is_some() => {
                currency = prefix_currency(first);
            }
            _ => break,
        }
        body = body[first.len_utf8()..].trim_start();
    }
    while let Some(last) = body.chars().next_back() {
        if last.is_ascii_digit() {
            break;
        }
        match last {
            '-' | '\u{2212}' if sign.is_none() => sign = Some(true),
            '%' | '％' if !percent => percent = true,
            '원' if currency.is_none() => currency = Some("원"),
            _ if currency.is_none() && prefix_currency(last).is_some() => {
                currency = prefix_currency(last);
            }
            _ => break,
        }
        body = body[..body.len() - last.len_utf8()].trim_end();
    }
    if (in_brackets && sign.is_some()) || (percent && currency.is_some()) {
        return None;
    }
    Some(Dressed {
        body,
        negative: in_brackets || sign == Some(true),
        currency,
        percent,
    })
}

fn prefix_currency(c: char) -> Option<&'static str> {
    Some(match c {
        '₩' | '￦' => "₩",
        '$' => "$",
        '€' => "€",
        '£' => "£",
        '¥' | '￥' => "¥",
        _ => return None,
    })
}

fn infinity(body: &str) -> Option<f64> {
    matches!(
        body,
        "inf" | "Inf" | "INF" | "infinity" | "Infinity" | "INFINITY"
    )
    .then_some(f64::INFINITY)
}

struct Body<'a> {
    /// Digits with `.` as decimal mark and without groups.
    digits: String,
    has_mark: bool,
    decimals: u8,
    exponent: &'a str,
}

fn normalise(body: &str, decimal: u8) -> Option<Body<'_>> {
    let (number, exponent) = match body.find(['e', 'E']) {
        Some(at) => (&body[..at], &body[at + 1..]),
        None => (body, ""),
    };
    if number.len() < body.len() {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
    }
    let (whole, fraction) = match number.split_once(char::from(decimal)) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    if fraction.is_some_and(|f| !f.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let mut digits = ungroup(whole, decimal)?;
    let decimals = fraction.map_or(0, str::len);
    if digits.is_empty() && decimals == 0 {
        return None;
    }
    if let Some(fraction) = fraction {
        digits.push('.');
        digits.push_str(fraction);
    }
    Some(Body {
        digits,
        has_mark: fraction.is_some(),
        decimals: decimals.min(255) as u8,
        exponent,
    })
}

/// Removes the marks between groups of three; all must be the same mark.
fn ungroup(whole: &str, decimal: u8) -> Option<String> {
    if whole.bytes().all(|b| b.is_ascii_digit()) {
        return Some(whole.to_owned());
    }
    let other = if decimal == b'.' { ',' } else { '.' };
    let mark = whole.chars().find(|c| !c.is_ascii_digit())?;
    let groups = [
        other, ' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '\u{2019}',
    ];
    if !groups.contains(&mark) {
        return None;
    }
    let mut out = String::with_capacity(whole.len());
    for (i, group) in whole.split(mark).enumerate() {
        let length_fits = if i == 0 {
            (1..=3).contains(&group.len()) && !group.starts_with('0')
        } else {
            group.len() == 3
        };
        if !length_fits || !group.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        out.push_str(group);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<f64>) {
        check_with(text, b'.', expected);
    }

    fn check_with(text: &str, decimal: u8, expected: Option<f64>) {
        let value = parse_number(text.as_bytes(), decimal).map(|n| n.value.to_bits());
        assert_eq!(value, expected.map(f64::to_bits), "{text:?}");
    }

    #[test]
    fn plain_numbers() {
        check("0", Some(0.0));
        check("-17", Some(-17.0));
        check("3.25", Some(3.25));
        check(".5", Some(0.5));
        check("5.", Some(5.0));
        check("-0", Some(-0.0));
        check("-0.0", Some(-0.0));
        check("+5", Some(5.0));
        check("729.5264952072858", Some(729.526_495_207_285_8));
        check(
            "0.1234567890123456789012345",
            Some(0.123_456_789_012_345_68),
        );
        check("1e300", Some(1e300));
        check("-1.5E-7", Some(-1.5e-7));
        check("1e", None);
        check("1e5.5", None);
        check("", None);
        check(".", None);
        check("-", None);
        check("1.2.3", None);
        check("12a", None);
        check("0x10", None);
        check("1_000", None);
        check("inf", Some(f64::INFINITY));
        check("-Infinity", Some(f64::NEG_INFINITY));
        check("$inf", None);
        check("nan", None);
    }

    #[test]
    fn grouped_numbers() {
        check("1,234,567", Some(1_234_567.0));
        check("1,234.5", Some(1234.5));
        check("12,34", None);
        check("1,2345", None);
        check("1,234,56", None);
        check(",123", None);
        check("0,123", None);
        check("1 234 567.25", Some(1_234_567.25));
        check("1\u{a0}234", Some(1234.0));
        check("1'234", Some(1234.0));
        check("1 234,567", None);
        check_with("1.234.567,8", b',', Some(1_234_567.8));
        check_with("1 234,5", b',', Some(1234.5));
        check_with("0,5", b',', Some(0.5));
        check_with("1.23", b',', None);
        check_with("1.234", b',', Some(1234.0));
        check_with("1,234,567", b',', None);
    }

    #[test]
    fn dressed_numbers() {
        check("₩17,200", Some(17_200.0));
        check("17,200원", Some(17_200.0));
        check("$ -5", Some(-5.0));
        check("-$5.50", Some(-5.5));
        check("($5.00)", Some(-5.0));
        check("(1,234)", Some(-1234.0));
        check("(5", None);
        check("(-5)", None);
        check("5-", Some(-5.0));
        check("-5-", None);
        check("−5", Some(-5.0));
        check("£1", Some(1.0));
        check("¥100", Some(100.0));
        check("$$5", None);
        check("$", None);
        check("$5€", None);
        check("12.5%", Some(0.125));
        check("0.1 %", Some(0.001));
        check("-3%", Some(-0.03));
        check("%", None);
        check("5%%", None);
        check_with("1.000,50 €", b',', Some(1000.5));
    }

    #[test]
    fn what_is_whole_padded_or_too_long() {
        let check = |text: &str, whole: Option<i64>, is_quantity: bool| {
            let number = parse_number(text.as_bytes(), b'.').unwrap();
            assert_eq!(number.whole, whole, "{text}");
            assert_eq!(number.is_quantity(), is_quantity, "{text}");
        };
        check("17,200", Some(17_200), true);
        check("007", Some(7), false);
        check("00", Some(0), false);
        check("0.50", None, true);
        check("00.5", None, true);
        check("-0", None, true);
        check("1e3", None, true);
        check("5%", None, true);
        check("9007199254740992", Some(9_007_199_254_740_992), true);
        check("9007199254740993", Some(9_007_199_254_740_993), false);
        check("-9223372036854775808", Some(i64::MIN), false);
    }

    /// Whole numbers beyond 64 bits are ids too.
    #[test]
    fn beyond_64_bits() {
        let number = parse_number(b"123456789012345678901234567890", b'.').unwrap();
        assert!(!number.is_quantity());
    }

    proptest::proptest! {
        #[test]
        fn reads_what_the_standard_library_writes(x: f64) {
            proptest::prop_assume!(x.is_finite());
            for text in [format!("{x}"), format!("{x:e}")] {
                if text.len() <= 400 {
                    check(&text, Some(x));
                }
            }
        }

        /// However long, with the mark anywhere.
        #[test]
        fn plain_digits(digits in "[0-9]{1,19}", mark in 0usize..25, other in 0usize..25, byte: u8) {
            let mut text = digits.clone();
            if mark <= digits.len() {
                text.insert(mark, '.');
            }
            let told = long_digits(text.as_bytes(), b'.');
            let found = parse_plain(text.as_bytes(), b'.').map(|p| (p.mantissa, p.has_mark.then_some(p.decimals)));
            if let Some(found) = found {
                proptest::prop_assert_eq!(Some(found), told);
            } else {
                let (mantissa, decimals) = told.unwrap();
                let n_whole = text.len() - decimals.map_or(0, |d| usize::from(d) + 1);
                let padded = text.starts_with('0') && n_whole > 1;
                proptest::prop_assert!(padded || mantissa > MAX_WHOLE || text.len() > 19);
            }
            let mut bytes = text.into_bytes();
            let at = other % bytes.len();
            if !byte.is_ascii_digit() && byte != b'.' && !(at == 0 && byte == b'-') {
                bytes[at] = byte;
                proptest::prop_assert_eq!(parse_plain(&bytes, b'.'), None);
            }
        }

        #[test]
        fn agrees_with_the_standard_parser(whole in 0u64..1_000_000_000_000, fraction in "[0-9]{0,9}") {
            let text = format!("{whole}.{fraction}");
            check(&text, Some(text.parse().unwrap()));
        }
    }
}
