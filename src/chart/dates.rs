//! Ticks at the starts of years, months, days and hours.

use super::ticks::Tick;
use crate::report::Lang;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;
const SECOND: i64 = 1000;

/// At most `target` ticks between `lo` and `hi`,
/// which count units of `unit` milliseconds from 1970-01-01.
pub fn date_ticks(lo: f64, hi: f64, unit: f64, target: usize, lang: Lang) -> Vec<Tick> {
    // The years −9999 to 9999.
    let clamp = |v: f64| (v * unit).clamp(-3.777e14, 2.534e14);
    let (from, to) = (clamp(lo).ceil() as i64, clamp(hi).floor() as i64);
    let shortest = if unit >= DAY as f64 { DAY } else { 1 };
    let span = (to - from).max(1);
    let most = target.max(1);
    let fits = |s: &Step| {
        s.length() >= shortest
            && span / s.length() <= most as i64
            && s.starts(from, to).len() <= most
    };
    let step = STEPS
        .iter()
        .copied()
        .find(fits)
        .unwrap_or(Step::Years(10_000));
    let mut out: Vec<Tick> = Vec::new();
    let mut previous: Option<i64> = None;
    for at in step.starts(from, to) {
        let (label, under) = step.label(at, previous, lang);
        out.push(Tick {
            value: at as f64 / unit,
            label,
            under,
        });
        previous = Some(at);
    }
    out
}

#[derive(Clone, Copy)]
enum Step {
    Millis(i64),
    Days(i64),
    /// Weeks start on Monday.
    Weeks(i64),
    Months(i64),
    Years(i64),
}

const STEPS: &[Step] = &[
    Step::Millis(1),
    Step::Millis(10),
    Step::Millis(100),
    Step::Millis(SECOND),
    Step::Millis(5 * SECOND),
    Step::Millis(15 * SECOND),
    Step::Millis(30 * SECOND),
    Step::Millis(MINUTE),
    Step::Millis(5 * MINUTE),
    Step::Millis(15 * MINUTE),
    Step::Millis(30 * MINUTE),
    Step::Millis(HOUR),
    Step::Millis(3 * HOUR),
    Step::Millis(6 * HOUR),
    Step::Millis(12 * HOUR),
    Step::Days(1),
    Step::Days(2),
    Step::Weeks(1),
    Step::Weeks(2),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
    Step::Years(100),
    Step::Years(200),
    Step::Years(500),
    Step::Years(1000),
    Step::Years(2000),
    Step::Years(5000),
];

impl Step {
    fn length(self) -> i64 {
        match self {
            Step::Millis(n) => n,
            Step::Days(n) => n * DAY,
            Step::Weeks(n) => n * 7 * DAY,
            Step::Months(n) => n * 30 * DAY,
            Step::Years(n) => n * 365 * DAY,
        }
    }

    /// The starts of this step's periods within `from..=to`.
    fn starts(self, from: i64, to: i64) -> Vec<i64> {
        let (year, month, _) = civil_from_days(from.div_euclid(DAY));
        let start: Box<dyn Fn(i64) -> i64> = match self {
            Step::Millis(_) | Step::Days(_) => {
                Box::new(move |i| (from.div_euclid(self.length()) + i) * self.length())
            }
            // 1970-01-05 was a Monday.
            Step::Weeks(_) => Box::new(move |i| {
                ((from - 4 * DAY).div_euclid(self.length()) + i) * self.length() + 4 * DAY
            }),
            Step::Months(n) => Box::new(move |i| {
                let m = ((year * 12 + month - 1).div_euclid(n) + i) * n;
                days_from_civil(m.div_euclid(12), m.rem_euclid(12) + 1, 1) * DAY
            }),
            Step::Years(n) => {
                Box::new(move |i| days_from_civil((year.div_euclid(n) + i) * n, 1, 1) * DAY)
            }
        };
        (0..)
            .map(start)
            .skip_while(|&t| t < from)
            .take_while(|&t| t <= to)
            .collect()
    }

    fn label(self, at: i64, previous: Option<i64>, lang: Lang) -> (String, Option<String>) {
        let (year, month, day) = civil_from_days(at.div_euclid(DAY));
        let before = previous.map(|p| civil_from_days(p.div_euclid(DAY)));
        let year_text = || match lang {
            Lang::En => year.to_string(),
            Lang::Ko => format!("{year}년"),
        };
        let of_year = before.is_none_or(|(y, ..)| y != year).then(year_text);
        match self {
            Step::Years(_) => (year.to_string(), None),
            Step::Months(_) => (month_name(month, lang), of_year),
            Step::Days(_) | Step::Weeks(_) => (day_name(month, day, lang), of_year),
            Step::Millis(n) => {
                let time = at.rem_euclid(DAY);
                let (h, m, s, ms) = (
                    time / HOUR,
                    time / MINUTE % 60,
                    time / SECOND % 60,
                    time % SECOND,
                );
                let clock = match n {
                    n if n < SECOND => format!("{h:02}:{m:02}:{s:02}.{ms:03}"),
                    n if n < MINUTE => format!("{h:02}:{m:02}:{s:02}"),
                    _ => format!("{h:02}:{m:02}"),
                };
                let of_day = before.is_none_or(|b| b != (year, month, day)).then(|| {
                    match (lang, before.is_none()) {
                        (Lang::En, true) => format!("{}, {year}", day_name(month, day, lang)),
                        (Lang::Ko, true) => format!("{year}년 {}", day_name(month, day, lang)),
                        _ => day_name(month, day, lang),
                    }
                });
                (clock, of_day)
            }
        }
    }
}

fn month_name(month: i64, lang: Lang) -> String {
    const SHORT: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    match lang {
        Lang::En => SHORT[(month - 1) as usize].to_string(),
        Lang::Ko => format!("{month}월"),
    }
}

fn day_name(month: i64, day: i64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{} {day}", month_name(month, lang)),
        Lang::Ko => format!("{month}월 {day}일"),
    }
}

/// Days since 1970-01-01 to (year, month, day), proleptic Gregorian, counted in eras of 400 years that start in March.
fn civil_from_days(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    (
        year_of_era + era * 400 + i64::from(month <= 2),
        month,
        of_year - (153 * march_month + 2) / 5 + 1,
    )
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: (i64, i64, i64), to: (i64, i64, i64), lang: Lang, expected: &[&str]) {
        let day = |(y, m, d)| days_from_civil(y, m, d) as f64;
        let ticks = date_ticks(day(from), day(to), DAY as f64, 6, lang);
        let labels: Vec<String> = ticks
            .into_iter()
            .map(|t| {
                t.under
                    .map_or(t.label.clone(), |u| format!("{}/{u}", t.label))
            })
            .collect();
        assert_eq!(labels, expected, "{from:?} to {to:?}");
    }

    #[test]
    fn dates_tick_at_the_starts_of_periods() {
        check(
            (2013, 1, 1),
            (2013, 12, 31),
            Lang::En,
            &["Jan/2013", "Mar", "May", "Jul", "Sep", "Nov"],
        );
        check(
            (2013, 1, 1),
            (2013, 12, 31),
            Lang::Ko,
            &["1월/2013년", "3월", "5월", "7월", "9월", "11월"],
        );
        check(
            (1997, 1, 1),
            (1998, 6, 30),
            Lang::En,
            &["Jan/1997", "Apr", "Jul", "Oct", "Jan/1998", "Apr"],
        );
        check(
            (2001, 5, 2),
            (2009, 2, 1),
            Lang::En,
            &["2002", "2004", "2006", "2008"],
        );
        check(
            (2024, 2, 27),
            (2024, 3, 2),
            Lang::En,
            &["Feb 27/2024", "Feb 28", "Feb 29", "Mar 1", "Mar 2"],
        );
        check(
            (2024, 12, 20),
            (2025, 1, 20),
            Lang::Ko,
            &[
                "12월 23일/2024년",
                "12월 30일",
                "1월 6일/2025년",
                "1월 13일",
                "1월 20일",
            ],
        );
        check(
            (1200, 1, 1),
            (2024, 1, 1),
            Lang::En,
            &["1200", "1400", "1600", "1800", "2000"],
        );
    }

    #[test]
    fn times_tick_at_hours() {
        let start = days_from_civil(2024, 3, 5) * DAY;
        let ticks = date_ticks(start as f64, (start + 26 * HOUR) as f64, 1.0, 6, Lang::En);
        let labels: Vec<_> = ticks
            .iter()
            .map(|t| (t.label.as_str(), t.under.as_deref()))
            .collect();
        assert_eq!(
            labels,
            [
                ("00:00", Some("Mar 5, 2024")),
                ("06:00", None),
                ("12:00", None),
                ("18:00", None),
                ("00:00", Some("Mar 6"))
            ]
        );
    }

    #[test]
    fn the_calendar_maps_back() {
        for day in (-800_000..800_000).step_by(97) {
            let (y, m, d) = civil_from_days(day);
            assert_eq!(days_from_civil(y, m, d), day);
        }
        assert_eq!(civil_from_days(11_016), (2000, 2, 29));
    }
}
