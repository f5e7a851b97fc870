//! Round numbers along an axis, written with as many digits as they need.

use super::dates::date_ticks;
use super::scale::{Kind, Projection};
use crate::report::{Format, Lang, format_number};

/// A labelled place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub value: f64,
    pub label: String,
    /// A second line that is written only where it changes: the year under a month.
    pub under: Option<String>,
}

/// About `target` ticks within the domain of `projection`, in ascending order.
///
/// Categories have none here: their labels are laid out by name.
pub fn ticks(projection: &Projection, format: Format, target: usize, lang: Lang) -> Vec<Tick> {
    let (lo, hi) = projection.domain;
    match projection.kind {
        Kind::Linear => linear_ticks(lo, hi, format, target, lang),
        Kind::Log => log_ticks(lo, hi, format, target, lang),
        Kind::Date => date_ticks(lo, hi, 86_400_000.0, target, lang),
        Kind::DateTime => date_ticks(lo, hi, 1.0, target, lang),
        Kind::Category => Vec::new(),
    }
}

/// A step of `mantissa × 10^exponent`, the mantissa 1, 2 or 5.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    mantissa: f64,
    exponent: i32,
}

impl Step {
    /// The round step nearest to `(hi − lo) / target` on a log scale: the bounds between mantissas are
    /// their geometric means √2, √10 and √50.
    fn new(lo: f64, hi: f64, target: usize, format: Format) -> Self {
        let target = target.max(1) as f64;
        let raw = hi / target - lo / target;
        let exponent = floor_log10(raw);
        let (mantissa, exponent) = match raw / power_of_ten(exponent) {
            m if m < std::f64::consts::SQRT_2 => (1.0, exponent),
            m if m < 3.162_277_660 => (2.0, exponent),
            m if m < 7.071_067_812 => (5.0, exponent),
            _ => (1.0, exponent + 1),
        };
        if format == Format::Integer && exponent < 0 {
            Self {
                mantissa: 1.0,
                exponent: 0,
            }
        } else {
            Self { mantissa, exponent }
        }
    }

    /// `k` steps, as near to the decimal number as a double can be.
    fn times(self, k: f64) -> f64 {
        if self.exponent >= 0 {
            k * self.mantissa * power_of_ten(self.exponent)
        } else {
            k * self.mantissa / power_of_ten(-self.exponent)
        }
    }
}

fn linear_ticks(lo: f64, hi: f64, format: Format, target: usize, lang: Lang) -> Vec<Tick> {
    let step = Step::new(lo, hi, target, format);
    let size = step.times(1.0);
    let (first, last) = ((lo / size - 1e-9).ceil(), (hi / size + 1e-9).floor());
    let count = (last - first + 1.0).clamp(0.0, 200.0) as usize;
    let values: Vec<f64> = (0..count).map(|i| step.times(first + i as f64)).collect();
    let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let style = NumberStyle::new(step.exponent, largest, format, lang);
    values
        .into_iter()
        .map(|value| Tick {
            value,
            label: style.write(value, lang),
            under: None,
        })
        .collect()
}

/// Powers of ten; 2 and 5 between them when there are few; linear ticks within less than a decade.
fn log_ticks(lo: f64, hi: f64, format: Format, target: usize, lang: Lang) -> Vec<Tick> {
    let (a, b) = (libm::log10(lo), libm::log10(hi));
    if b - a < 0.8 {
        return linear_ticks(lo, hi, format, target, lang)
            .into_iter()
            .filter(|t| t.value > 0.0)
            .collect();
    }
    let (first, last) = (a.floor() as i32, b.ceil() as i32);
    let decades = (b + 1e-9).floor() as i32 - (a - 1e-9).ceil() as i32 + 1;
    let mantissas: &[f64] = match decades.max(0) as usize {
        n if n * 3 <= target + 2 => &[1.0, 2.0, 5.0],
        _ => &[1.0],
    };
    let every = (decades.max(1) as usize).div_ceil(target.max(1)) as i32;
    let mut out = Vec::new();
    for exponent in (first..=last).filter(|e| e.rem_euclid(every) == 0) {
        for &mantissa in mantissas {
            let value = Step { mantissa, exponent }.times(1.0);
            if value >= lo * (1.0 - 1e-9) && value <= hi * (1.0 + 1e-9) {
                out.push((value, mantissa, exponent));
            }
        }
    }
    let plain = out.iter().all(|&(_, _, e)| (-4..=6).contains(&e));
    let label = |value: f64, mantissa: f64, exponent: i32| match mantissa {
        _ if plain => NumberStyle::new(exponent, value, format, lang).write(value, lang),
        1.0 => format!("10{}", superscript(exponent)),
        m => format!("{m} × 10{}", superscript(exponent)),
    };
    out.into_iter()
        .map(|(value, m, e)| Tick {
            value,
            label: label(value, m, e),
            under: None,
        })
        .collect()
}

/// One way to write all labels of an axis.
enum NumberStyle {
    Fixed {
        decimals: u8,
        grouped: bool,
    },
    Percent {
        decimals: u8,
    },
    Points {
        decimals: u8,
    },
    Unit {
        size: f64,
        name: &'static str,
        decimals: u8,
    },
    Scientific {
        exponent: i32,
        decimals: u8,
    },
}

impl NumberStyle {
    /// For labels up to `largest` that differ in the digit of `10^exponent`.
    fn new(exponent: i32, largest: f64, format: Format, lang: Lang) -> Self {
        let decimals = |shift: i32| (-(exponent + shift)).clamp(0, 20) as u8;
        match format {
            Format::Percent(_) => {
                return Self::Percent {
                    decimals: decimals(2),
                };
            }
            Format::Points(_) => {
                return Self::Points {
                    decimals: decimals(2),
                };
            }
            Format::Plain if largest < 1e6 => {
                return Self::Fixed {
                    decimals: decimals(0),
                    grouped: false,
                };
            }
            _ => {}
        }
        let order = floor_log10(largest);
        if largest > 0.0 && !(-4..15).contains(&order) {
            return Self::Scientific {
                exponent: order,
                decimals: (order - exponent).clamp(0, 15) as u8,
            };
        }
        let unit = units(lang)
            .iter()
            .find(|&&(shown_from, power, _)| largest >= shown_from && power - exponent <= 2);
        match unit {
            Some(&(_, power, name)) => Self::Unit {
                size: power_of_ten(power),
                name,
                decimals: decimals(-power),
            },
            None => Self::Fixed {
                decimals: decimals(0),
                grouped: true,
            },
        }
    }

    fn write(&self, value: f64, lang: Lang) -> String {
        match *self {
            Self::Fixed {
                decimals,
                grouped: true,
            } => format_number(value, Format::Fixed(decimals), lang),
            Self::Fixed {
                decimals,
                grouped: false,
            } => format_number(value, Format::Fixed(decimals), lang).replace(',', ""),
            Self::Percent { decimals } => format_number(value, Format::Percent(decimals), lang),
            Self::Points { decimals } => format_number(value, Format::Points(decimals), lang),
            _ if value == 0.0 => "0".into(),
            Self::Unit {
                size,
                name,
                decimals,
            } => format!(
                "{}{name}",
                format_number(value / size, Format::Fixed(decimals), lang)
            ),
            Self::Scientific { exponent, decimals } => {
                let mantissa = if exponent < -300 {
                    value * 1e300 / power_of_ten(exponent + 300)
                } else {
                    value / power_of_ten(exponent)
                };
                format!(
                    "{} × 10{}",
                    format_number(mantissa, Format::Fixed(decimals), lang),
                    superscript(exponent)
                )
            }
        }
    }
}

/// From which size on, power of ten, name; the largest first.
fn units(lang: Lang) -> &'static [(f64, i32, &'static str)] {
    match lang {
        Lang::En => &[(1e12, 12, "T"), (1e9, 9, "B"), (1e6, 6, "M")],
        Lang::Ko => &[(1e12, 12, "조"), (1e8, 8, "억"), (1e5, 4, "만")],
    }
}

fn floor_log10(value: f64) -> i32 {
    if !value.is_finite() || value <= 0.0 {
        return 0;
    }
    let guess = libm::log10(value).floor() as i32;
    if power_of_ten(guess + 1) <= value {
        guess + 1
    } else if power_of_ten(guess) > value {
        guess - 1
    } else {
        guess
    }
}

/// The double nearest to `10^exponent`.
fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}")
        .parse()
        .expect("a number in scientific notation")
}

fn superscript(exponent: i32) -> String {
    let digit = |c: char| {
        c.to_digit(10).map_or('⁻', |d| {
            ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][d as usize]
        })
    };
    exponent.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(kind: Kind, domain: (f64, f64), format: Format, lang: Lang) -> Vec<String> {
        let projection = Projection {
            kind,
            domain,
            range: (0.0, 100.0),
        };
        ticks(&projection, format, 5, lang)
            .into_iter()
            .map(|t| t.label)
            .collect()
    }

    fn check(lo: f64, hi: f64, format: Format, expected: &[&str]) {
        assert_eq!(
            labels(Kind::Linear, (lo, hi), format, Lang::En),
            expected,
            "{lo} to {hi} as {format:?}"
        );
    }

    #[test]
    fn ticks_are_round_and_short() {
        check(0.0, 10.0, Format::General, &["0", "2", "4", "6", "8", "10"]);
        check(
            -1.3,
            1.1,
            Format::General,
            &["−1.0", "−0.5", "0.0", "0.5", "1.0"],
        );
        check(
            0.0,
            0.62,
            Format::Percent(1),
            &["0%", "10%", "20%", "30%", "40%", "50%", "60%"],
        );
        check(
            0.01,
            0.023,
            Format::Percent(0),
            &["1.0%", "1.2%", "1.4%", "1.6%", "1.8%", "2.0%", "2.2%"],
        );
        check(
            -0.02,
            0.02,
            Format::Points(1),
            &["−2 pp", "−1 pp", "0 pp", "1 pp", "2 pp"],
        );
        check(0.0, 2.0, Format::Integer, &["0", "1", "2"]);
        check(
            0.0,
            420_000.0,
            Format::Integer,
            &["0", "100,000", "200,000", "300,000", "400,000"],
        );
        check(0.0, 4.2e6, Format::General, &["0", "1M", "2M", "3M", "4M"]);
        check(
            1.0e6,
            1.6e6,
            Format::General,
            &["1.0M", "1.1M", "1.2M", "1.3M", "1.4M", "1.5M", "1.6M"],
        );
        check(
            1_000_000.0,
            1_000_004.0,
            Format::General,
            &[
                "1,000,000",
                "1,000,001",
                "1,000,002",
                "1,000,003",
                "1,000,004",
            ],
        );
        check(
            2008.0,
            2013.2,
            Format::Plain,
            &["2008", "2009", "2010", "2011", "2012", "2013"],
        );
        check(
            0.0,
            2.2e-9,
            Format::General,
            &["0", "0.5 × 10⁻⁹", "1.0 × 10⁻⁹", "1.5 × 10⁻⁹", "2.0 × 10⁻⁹"],
        );
        check(
            0.0,
            5.1e20,
            Format::General,
            &[
                "0",
                "1 × 10²⁰",
                "2 × 10²⁰",
                "3 × 10²⁰",
                "4 × 10²⁰",
                "5 × 10²⁰",
            ],
        );
    }

    #[test]
    fn korean_counts_in_ten_thousands() {
        let of = |hi| labels(Kind::Linear, (0.0, hi), Format::General, Lang::Ko);
        assert_eq!(
            of(62_000.0),
            [
                "0", "10,000", "20,000", "30,000", "40,000", "50,000", "60,000"
            ]
        );
        assert_eq!(of(410_000.0), ["0", "10만", "20만", "30만", "40만"]);
        assert_eq!(of(5.2e8), ["0", "1억", "2억", "3억", "4억", "5억"]);
    }

    #[test]
    fn log_ticks_are_powers_of_ten() {
        let of = |lo, hi| labels(Kind::Log, (lo, hi), Format::General, Lang::En);
        assert_eq!(of(1.0, 1000.0), ["1", "10", "100", "1,000"]);
        assert_eq!(of(1.0, 90.0), ["1", "2", "5", "10", "20", "50"]);
        assert_eq!(of(0.001, 100.0), ["0.01", "1", "100"]);
        assert_eq!(of(1e-8, 1e4), ["10⁻⁶", "10⁻³", "10⁰", "10³"]);
        assert_eq!(of(20.0, 60.0), ["20", "30", "40", "50", "60"]);
    }

    #[test]
    fn extreme_domains_give_a_few_ticks() {
        for domain in [
            (-1.7e308, 1.7e308),
            (0.0, 1e-290),
            (1e-300, 2e-300),
            (-1e-5, 1e12),
        ] {
            let n = labels(Kind::Linear, domain, Format::General, Lang::En).len();
            assert!((2..=12).contains(&n), "{domain:?}: {n}");
        }
    }
}
