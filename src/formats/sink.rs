//! Values of a typed file into one column.

use super::cells::TooLarge;
use super::strings::Strings;
use super::words;
use crate::msg;
use crate::report::Msg;
use crate::table::calendar::MS_PER_DAY;
use crate::table::{Bitmap, Column, ColumnFormat, Data};

/// What the numbers and bytes of a file stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Logical {
    Bool,
    Int,
    /// 64 bits without a sign.
    Unsigned,
    Float,
    /// Whole numbers of the 10⁻ⁿth part.
    Decimal(i32),
    /// Days since 1970-01-01.
    Date,
    /// Time since 1970-01-01T00:00; of UTC, or of the clock that wrote it.
    Timestamp {
        unit: Unit,
        is_utc: bool,
    },
    /// Time since midnight.
    Time(Unit),
    /// A length of time: seconds.
    Duration(Unit),
    /// UTF-8, or bytes that may be.
    Text,
    /// Sixteen bytes.
    Uuid,
    /// Two bytes.
    Half,
    /// Nothing but missing values.
    Null,
}

/// What times are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// A column while its values come in.
pub(super) struct Sink {
    pub name: String,
    pub logical: Logical,
    store: Store,
    valid: Bitmap,
    /// Times cut to the millisecond.
    n_cut: usize,
    /// Values that the column cannot hold, such as times before all calendars.
    n_lost: usize,
    /// Texts that are no UTF-8.
    n_not_text: usize,
}

enum Store {
    Bools(Bitmap),
    Ints(Vec<i64>),
    Floats(Vec<f64>),
    Days(Vec<i32>),
    Moments(Vec<i64>),
    Times(Vec<i32>),
    Strings(Box<Strings>),
}

/// What became of a column.
pub(super) struct Finished {
    /// `None` when it holds bytes that are no text.
    pub column: Option<Column>,
    pub warnings: Vec<Msg>,
}

impl Sink {
    pub fn new(name: impl Into<String>, logical: Logical) -> Self {
        let store = match logical {
            Logical::Bool => Store::Bools(Bitmap::default()),
            Logical::Int | Logical::Unsigned => Store::Ints(Vec::new()),
            Logical::Decimal(0) | Logical::Float | Logical::Half | Logical::Decimal(_) => {
                Store::Floats(Vec::new())
            }
            Logical::Duration(_) => Store::Floats(Vec::new()),
            Logical::Date => Store::Days(Vec::new()),
            Logical::Timestamp { .. } => Store::Moments(Vec::new()),
            Logical::Time(_) => Store::Times(Vec::new()),
            Logical::Text | Logical::Uuid | Logical::Null => Store::Strings(Box::default()),
        };
        Self {
            name: name.into(),
            logical,
            store,
            valid: Bitmap::default(),
            n_cut: 0,
            n_lost: 0,
            n_not_text: 0,
        }
    }

    /// Keeps the levels of strings in the order in which they came first.
    pub fn keep_order(&mut self) {
        if let Store::Strings(strings) = &mut self.store {
            strings.keep_order();
        }
    }

    pub fn keeps_order(&self) -> bool {
        matches!(&self.store, Store::Strings(strings) if strings.keeps_order())
    }

    pub fn n_rows(&self) -> usize {
        self.valid.len()
    }

    pub fn push_missing(&mut self) -> Result<(), TooLarge> {
        self.valid.push(false);
        match &mut self.store {
            Store::Bools(v) => v.push(false),
            Store::Ints(v) | Store::Moments(v) => v.push(0),
            Store::Floats(v) => v.push(f64::NAN),
            Store::Days(v) | Store::Times(v) => v.push(0),
            Store::Strings(v) => v.push(None)?,
        }
        Ok(())
    }

    pub fn push_bool(&mut self, x: bool) -> Result<(), TooLarge> {
        self.push_int(i64::from(x))
    }

    pub fn push_int(&mut self, x: i64) -> Result<(), TooLarge> {
        match (&mut self.store, self.logical) {
            (Store::Bools(v), _) => v.push(x != 0),
            (Store::Ints(v), _) => v.push(x),
            (Store::Floats(v), Logical::Decimal(scale)) => v.push(decimal(i128::from(x), scale)),
            (Store::Floats(v), Logical::Duration(unit)) => v.push(unit.seconds(x)),
            (Store::Floats(v), _) => v.push(x as f64),
            (Store::Days(v), _) => match i32::try_from(x) {
                Ok(days) => v.push(days),
                Err(_) => return self.lose(),
            },
            (Store::Moments(v), Logical::Timestamp { unit, .. }) => match unit.milliseconds(x) {
                Some((ms, is_cut)) => {
                    v.push(ms);
                    self.n_cut += usize::from(is_cut);
                }
                None => return self.lose(),
            },
            (Store::Moments(v), _) => v.push(x),
            (Store::Times(v), Logical::Time(unit)) => {
                let ms = unit
                    .milliseconds(x)
                    .filter(|(ms, _)| (0..=MS_PER_DAY).contains(ms));
                match ms {
                    Some((ms, is_cut)) => {
                        v.push(ms as i32);
                        self.n_cut += usize::from(is_cut);
                    }
                    None => return self.lose(),
                }
            }
            (Store::Times(v), _) => v.push(x as i32),
            (Store::Strings(v), _) => v.push(Some(&x.to_string()))?,
        }
        self.valid.push(true);
        Ok(())
    }

    /// NaN is missing.
    pub fn push_float(&mut self, x: f64) -> Result<(), TooLarge> {
        match &mut self.store {
            Store::Floats(_) if x.is_nan() => return self.push_missing(),
            Store::Floats(v) => v.push(x),
            _ => return self.push_int(x as i64),
        }
        self.valid.push(true);
        Ok(())
    }

    /// A whole number of up to 256 bits, the sign in the first bit: of decimals.
    pub fn push_big_endian(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        let Logical::Decimal(scale) = self.logical else {
            return self.lose();
        };
        let Store::Floats(v) = &mut self.store else {
            return self.lose();
        };
        match signed(bytes) {
            Some(x) => v.push(decimal(x, scale)),
            None => return self.lose(),
        }
        self.valid.push(true);
        Ok(())
    }

    pub fn push_bytes(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        match self.logical {
            Logical::Decimal(_) => return self.push_big_endian(bytes),
            Logical::Uuid => {
                let Store::Strings(v) = &mut self.store else {
                    return self.lose();
                };
                v.push(Some(&uuid(bytes)))?;
                self.valid.push(true);
                return Ok(());
            }
            Logical::Half => {
                let x =
                    <[u8; 2]>::try_from(bytes).map_or(f64::NAN, |b| half(u16::from_le_bytes(b)));
                return self.push_float(x);
            }
            _ => {}
        }
        match std::str::from_utf8(bytes) {
            Ok(s) => self.push_text(s),
            Err(_) => {
                self.n_not_text += 1;
                self.push_missing()
            }
        }
    }

    pub fn push_text(&mut self, s: &str) -> Result<(), TooLarge> {
        let Store::Strings(v) = &mut self.store else {
            return self.lose();
        };
        v.push(Some(s))?;
        self.valid.push(true);
        Ok(())
    }

    /// A text that was pushed before under this place; faster than its letters.
    pub fn push_known(&mut self, code: i32, s: &str) -> Result<(), TooLarge> {
        match &mut self.store {
            Store::Strings(v) => {
                v.push_known(code, s)?;
                self.valid.push(true);
                Ok(())
            }
            _ => self.lose(),
        }
    }

    /// The place of a text, for [`Sink::push_known`].
    pub fn intern(&mut self, s: &str) -> Result<i32, TooLarge> {
        match &mut self.store {
            Store::Strings(v) => v.intern(s),
            _ => Ok(-1),
        }
    }

    pub fn finish(self) -> Result<Finished, TooLarge> {
        let Self {
            name,
            logical,
            valid,
            ..
        } = self;
        let mut warnings = Vec::new();
        if self.n_not_text > 0 {
            warnings.push(msg!(
                "formats.bytes",
                "“{column}” holds bytes that are no text, so it is left out.",
                column = &name
            ));
            return Ok(Finished {
                column: None,
                warnings,
            });
        }
        if self.n_cut > 0 {
            warnings.push(msg!(
                "formats.milliseconds",
                "Times of “{column}” are kept to the millisecond; {count} {count|was|were} finer.",
                column = &name,
                count = self.n_cut
            ));
        }
        if self.n_lost > 0 {
            warnings.push(msg!(
                "formats.out_of_range",
                "{count} {count|value|values} of “{column}” {count|is|are} out of range and missing.",
                column = &name,
                count = self.n_lost
            ));
        }
        if let Logical::Timestamp { is_utc: true, .. } = logical {
            warnings.push(msg!(
                "import.offsets",
                "Times of “{column}” carry time zones; they are shown in UTC.",
                column = &name
            ));
        }
        let column = match self.store {
            Store::Bools(v) => Column::new(name, Data::Bool(v)).with_validity(valid),
            Store::Ints(v) if logical == Logical::Unsigned && v.iter().any(|x| *x < 0) => {
                let mut strings = Strings::default();
                for (x, is_valid) in v.iter().zip(valid.iter()) {
                    let spelt = (*x as u64).to_string();
                    strings.push(is_valid.then_some(spelt.as_str()))?;
                }
                warnings.push(msg!(
                    "formats.large_numbers",
                    "“{column}” holds whole numbers past 9,223,372,036,854,775,807, so it is text.",
                    column = &name
                ));
                strings.finish(&name)?
            }
            Store::Ints(v) => Column::int(name, v).with_validity(valid),
            Store::Floats(v) => {
                let format = ColumnFormat {
                    decimals: match logical {
                        Logical::Decimal(scale) => u8::try_from(scale).ok(),
                        _ => None,
                    },
                    ..ColumnFormat::default()
                };
                let is_whole = |x: &f64| x.is_nan() || (x.fract() == 0.0 && x.abs() < 9e15);
                if logical == Logical::Decimal(0) && v.iter().all(is_whole) {
                    let ints = v.iter().map(|x| if x.is_nan() { 0 } else { *x as i64 });
                    Column::int(name, ints.collect()).with_validity(valid)
                } else {
                    Column::float(name, v).with_format(format)
                }
            }
            Store::Days(v) => Column::date(name, v).with_validity(valid),
            Store::Moments(v) => Column::date_time(name, v).with_validity(valid),
            Store::Times(v) => Column::new(name, Data::Time(v)).with_validity(valid),
            Store::Strings(v) => v.finish(&name)?,
        };
        Ok(Finished {
            column: Some(column),
            warnings,
        })
    }

    fn lose(&mut self) -> Result<(), TooLarge> {
        self.n_lost += 1;
        self.push_missing()
    }
}

impl Unit {
    /// Milliseconds, and whether something finer was cut off.
    fn milliseconds(self, x: i64) -> Option<(i64, bool)> {
        Some(match self {
            Self::Seconds => (x.checked_mul(1000)?, false),
            Self::Milliseconds => (x, false),
            Self::Microseconds => (x.div_euclid(1000), x.rem_euclid(1000) != 0),
            Self::Nanoseconds => (x.div_euclid(1_000_000), x.rem_euclid(1_000_000) != 0),
        })
    }

    fn seconds(self, x: i64) -> f64 {
        match self {
            Self::Seconds => x as f64,
            Self::Milliseconds => x as f64 / 1e3,
            Self::Microseconds => x as f64 / 1e6,
            Self::Nanoseconds => x as f64 / 1e9,
        }
    }
}

/// A big-endian number of any length in two's complement, when 128 bits hold it.
fn signed(bytes: &[u8]) -> Option<i128> {
    let fill = match bytes.first() {
        Some(first) if *first >= 0x80 => 0xff,
        _ => 0,
    };
    let start = bytes.len().saturating_sub(16);
    bytes[..start].iter().all(|b| *b == fill).then_some(())?;
    let mut wide = [fill; 16];
    let rest = &bytes[start..];
    wide[16 - rest.len()..].copy_from_slice(rest);
    let x = i128::from_be_bytes(wide);
    // The bits that were dropped must not have held the sign.
    (start == 0 || (x < 0) == (fill == 0xff)).then_some(x)
}

/// The double nearest to `x` · 10⁻ˢᶜᵃˡᵉ.
fn decimal(x: i128, scale: i32) -> f64 {
    const EXACT: u128 = 1 << 53;
    // Both sides are doubles without error, so that one division rounds once.
    if (0..=22).contains(&scale) && x.unsigned_abs() <= EXACT {
        return x as f64 / POWERS[scale as usize];
    }
    format!("{x}e{}", -i64::from(scale))
        .parse()
        .unwrap_or(f64::NAN)
}

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

fn uuid(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(36);
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

/// A number of IEEE 754's half precision.
pub(super) fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f64::from(bits & 1023);
    match exponent {
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN,
        0 => sign * fraction * libm::ldexp(1.0, -24),
        e => sign * libm::ldexp(1024.0 + fraction, e - 25),
    }
}

/// Says that a column's text is too large.
pub(super) fn too_large(name: &str) -> super::FormatError {
    words::too_large(name).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnKind;

    #[test]
    fn decimals() {
        let check = |x, scale, expected: f64| assert_eq!(decimal(x, scale), expected);
        check(12345, 2, 123.45);
        check(-1, 3, -0.001);
        check(5, -2, 500.0);
        check(
            12345678901234567890123456789,
            10,
            1234567890123456789.0123456789,
        );
        check(1, 30, 1e-30);
    }

    #[test]
    fn long_numbers() {
        assert_eq!(signed(&[0xff]), Some(-1));
        assert_eq!(signed(&[]), Some(0));
        assert_eq!(signed(&[1, 0]), Some(256));
        assert_eq!(signed(&[0xff; 32]), Some(-1));
        assert_eq!(signed(&[0x7f; 17]), None);
        let mut sign_lost = [0u8; 17];
        sign_lost[1] = 0x80;
        assert_eq!(signed(&sign_lost), None);
    }

    #[test]
    fn halves() {
        let check = |bits, expected: f64| assert_eq!(half(bits), expected);
        check(0x3c00, 1.0);
        check(0xc000, -2.0);
        check(0x7bff, 65504.0);
        check(0x0001, 5.960464477539063e-8);
        check(0x7c00, f64::INFINITY);
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn times() {
        let check = |logical, x, expected: &str| {
            let mut sink = Sink::new("x", logical);
            sink.push_int(x).unwrap();
            sink.push_missing().unwrap();
            let column = sink.finish().unwrap().column.unwrap();
            assert_eq!(
                (column.display(0).as_str(), column.display(1).as_str()),
                (expected, "")
            );
        };
        let moment = |unit| Logical::Timestamp {
            unit,
            is_utc: false,
        };
        check(moment(Unit::Nanoseconds), -1, "1969-12-31T23:59:59.999");
        check(moment(Unit::Microseconds), 1_500, "1970-01-01T00:00:00.001");
        check(moment(Unit::Seconds), 60, "1970-01-01T00:01:00");
        check(moment(Unit::Seconds), i64::MAX, "");
        check(Logical::Time(Unit::Microseconds), 3_600_000_000, "01:00:00");
        check(Logical::Time(Unit::Seconds), -1, "");
        check(Logical::Date, 19_787, "2024-03-05");
        check(Logical::Duration(Unit::Milliseconds), 1_500, "1.5");
        check(Logical::Decimal(2), 150, "1.5");
    }

    #[test]
    fn unsigned_numbers_past_the_signed_ones_are_text() {
        let mut sink = Sink::new("x", Logical::Unsigned);
        sink.push_int(-1).unwrap();
        sink.push_int(7).unwrap();
        let column = sink.finish().unwrap().column.unwrap();
        assert_eq!(column.kind(), ColumnKind::Category);
        assert_eq!(column.display(0), "18446744073709551615");
    }

    #[test]
    fn bytes_that_are_no_text_leave_the_column_out() {
        let mut sink = Sink::new("x", Logical::Text);
        sink.push_bytes(&[0xff]).unwrap();
        assert_eq!(sink.finish().unwrap().column, None);
    }
}
