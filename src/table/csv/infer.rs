//! What a column is, from the cells of a sample and from its name.

use std::collections::BTreeSet;

use super::super::{Column, ColumnKind, Data, Measure};
use super::dates::{Spelling, parse_moment, parse_time};
use super::number::{parse_number, parse_plain};
use super::options::DEFAULT_MISSING;
use super::{DateOrder, Delimiter};

/// How many different values are kept as examples.
const N_EXAMPLES: usize = 5;

/// The marks of missing values.
#[derive(Clone, Debug)]
pub(super) struct Missing {
    tokens: BTreeSet<String>,
    longest: usize,
    /// Whether some mark begins with this byte; `false` spares the look-up.
    begins: [bool; 256],
    /// Some mark is itself a number, such as `-999`, so that numbers must be looked up too.
    pub any_number: bool,
}

impl Missing {
    pub fn new(told: Option<&[String]>) -> Self {
        let tokens: BTreeSet<String> = match told {
            Some(told) => told.iter().map(|t| t.trim().to_owned()).collect(),
            None => DEFAULT_MISSING.iter().map(|t| (*t).to_owned()).collect(),
        };
        let mut begins = [false; 256];
        for first in tokens.iter().filter_map(|t| t.bytes().next()) {
            begins[usize::from(first)] = true;
        }
        Self {
            begins,
            longest: tokens.iter().map(String::len).max().unwrap_or(0),
            any_number: tokens
                .iter()
                .any(|t| parse_number(t.as_bytes(), b'.').is_some()),
            tokens,
        }
    }

    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(String::as_str)
    }

    #[inline]
    pub fn contains(&self, cell: &[u8]) -> bool {
        match cell.first() {
            None => self.tokens.contains(""),
            Some(&first) => self.begins[usize::from(first)] && self.look_up(cell),
        }
    }

    fn look_up(&self, cell: &[u8]) -> bool {
        cell.len() <= self.longest
            && std::str::from_utf8(cell).is_ok_and(|cell| self.tokens.contains(cell))
    }
}

/// How cells are to be read.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// `.` or `,`.
    pub decimal: u8,
    pub missing: Missing,
}

/// What the cells of one column looked like.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// Cells with a value.
    pub n: u64,
    pub n_missing: u64,
    /// Bytes of the cells with a value.
    pub n_bytes: u64,
    n_whole: u64,
    n_numbers: u64,
    n_percent: u64,
    n_zero: u64,
    currency: Option<&'static str>,
    mixed_currency: bool,
    n_ids: u64,
    n_compact: u64,
    n_dates: u64,
    n_date_times: u64,
    n_times: u64,
    n_bools: u64,
    n_clear: u64,
    n_day_month: u64,
    n_month_day: u64,
    pub examples: Vec<String>,
    pub missing_seen: BTreeSet<String>,
}

impl Evidence {
    pub fn see(&mut self, cell: &[u8], rules: &Rules) {
        if cell.is_empty() || rules.missing.contains(cell) {
            self.n_missing += 1;
            if !cell.is_empty() {
                self.missing_seen
                    .insert(String::from_utf8_lossy(cell).into_owned());
            }
            return;
        }
        self.n += 1;
        self.n_bytes += cell.len() as u64;
        if self.examples.len() < N_EXAMPLES {
            let text = String::from_utf8_lossy(cell);
            if !self.examples.iter().any(|e| *e == text) {
                self.examples.push(text.into_owned());
            }
        }
        if let Some(number) = parse_number(cell, rules.decimal) {
            self.n_numbers += u64::from(number.is_quantity());
            self.n_ids += u64::from(!number.is_quantity());
            self.n_whole += u64::from(number.whole.is_some() && number.is_quantity());
            self.n_percent += u64::from(number.percent);
            self.n_zero += u64::from(number.value == 0.0 && !number.percent);
            if let Some(currency) = number.currency {
                self.mixed_currency |= self.currency.is_some_and(|c| c != currency);
                self.currency = Some(currency);
            }
        }
        let plain = parse_plain(cell, rules.decimal).is_some();
        if plain && cell.len() != 8 {
            return;
        }
        if let Some(moment) = parse_moment(cell, DateOrder::MonthDay) {
            match moment.spelling {
                Spelling::Clear => self.n_clear += 1,
                Spelling::Compact => self.n_compact += 1,
                Spelling::Numeric(Some(DateOrder::DayMonth)) => self.n_day_month += 1,
                Spelling::Numeric(Some(DateOrder::MonthDay)) => self.n_month_day += 1,
                Spelling::Numeric(None) => {}
            }
            if moment.ms.is_some() {
                self.n_date_times += 1;
            } else {
                self.n_dates += 1;
            }
        } else if parse_time(cell).is_some() {
            self.n_times += 1;
        } else if parse_bool(cell).is_some() {
            self.n_bools += 1;
        }
    }

    /// Takes in what the same column looked like in another file.
    pub fn merge(&mut self, other: &Self) {
        let counts: [fn(&mut Self) -> &mut u64; 16] = [
            |e| &mut e.n,
            |e| &mut e.n_missing,
            |e| &mut e.n_bytes,
            |e| &mut e.n_whole,
            |e| &mut e.n_numbers,
            |e| &mut e.n_percent,
            |e| &mut e.n_zero,
            |e| &mut e.n_ids,
            |e| &mut e.n_compact,
            |e| &mut e.n_dates,
            |e| &mut e.n_date_times,
            |e| &mut e.n_times,
            |e| &mut e.n_bools,
            |e| &mut e.n_clear,
            |e| &mut e.n_day_month,
            |e| &mut e.n_month_day,
        ];
        let mut other = other.clone();
        for count in counts {
            *count(self) += *count(&mut other);
        }
        let clash = |a: &&str| other.currency.is_some_and(|b| *a != b);
        self.mixed_currency |= other.mixed_currency || self.currency.as_ref().is_some_and(clash);
        self.currency = self.currency.or(other.currency);
        for example in other.examples {
            if self.examples.len() < N_EXAMPLES && !self.examples.contains(&example) {
                self.examples.push(example);
            }
        }
        self.missing_seen.extend(other.missing_seen);
    }

    /// The narrowest kind that every cell fits; `None` when no cell has a value.
    pub fn kind(&self, name: &str) -> Option<ColumnKind> {
        let n = self.n;
        if n == 0 {
            return None;
        }
        let n_moments = self.n_dates + self.n_date_times;
        let one_order = self.n_day_month == 0 || self.n_month_day == 0;
        let all_percent = self.n_percent == 0 || self.n_percent + self.n_zero == n;
        Some(if self.is_compact_date(name) {
            ColumnKind::Date
        } else if self.n_numbers == n && !self.mixed_currency && all_percent {
            if self.n_whole == n {
                ColumnKind::Int
            } else {
                ColumnKind::Float
            }
        } else if n_moments == n && self.n_compact == 0 && one_order && self.one_spelling() {
            if self.n_date_times == 0 {
                ColumnKind::Date
            } else {
                ColumnKind::DateTime
            }
        } else if self.n_times == n {
            ColumnKind::Time
        } else if self.n_bools == n {
            ColumnKind::Bool
        } else {
            ColumnKind::Category
        })
    }

    /// Which of day and month comes first, when a cell settles it.
    pub fn date_order(&self) -> Option<DateOrder> {
        match (self.n_day_month, self.n_month_day) {
            (0, 0) => None,
            (_, 0) => Some(DateOrder::DayMonth),
            _ => Some(DateOrder::MonthDay),
        }
    }

    /// Whether all are dates, but some with the day first and some with the month.
    pub fn has_two_date_orders(&self) -> bool {
        let all = self.n > 0 && self.n_dates + self.n_date_times == self.n;
        all && self.n_day_month > 0 && self.n_month_day > 0
    }

    /// Eight digits are dates when all are, and there are many or the name says so.
    fn is_compact_date(&self, name: &str) -> bool {
        const WORDS: [&str; 6] = ["date", "day", "dt", "일자", "날짜", "일"];
        let lower = name.to_lowercase();
        let named = WORDS.iter().any(|w| lower.ends_with(w));
        self.n_compact == self.n && self.n_dates == self.n && (self.n >= 20 || named)
    }

    /// Dates written with the year or a month's name are not mixed with `5.3.2024`.
    fn one_spelling(&self) -> bool {
        self.n_clear == 0 || self.n_clear == self.n_dates + self.n_date_times
    }
}

pub(super) fn parse_bool(cell: &[u8]) -> Option<bool> {
    match cell {
        b"true" | b"TRUE" | b"True" => Some(true),
        b"false" | b"FALSE" | b"False" => Some(false),
        _ => None,
    }
}

/// Which of `.` and `,` marks decimals, from all the cells of a sample. A mark that stands once and
/// is not followed by exactly three digits must be the decimal mark; the other one groups.
pub(super) fn decimal_mark<'a>(
    cells: impl Iterator<Item = &'a [u8]>,
    delimiter: Delimiter,
) -> char {
    let (mut comma, mut point, mut unclear_comma) = (0u64, 0u64, 0u64);
    for cell in cells {
        match mark_of(cell) {
            Some((',', true)) => comma += 1,
            Some(('.', true)) => point += 1,
            Some((',', false)) => unclear_comma += 1,
            _ => {}
        }
    }
    let semicolons_spare_the_comma = delimiter == Delimiter::Semicolon && unclear_comma > 0;
    if comma > point || (comma == point && comma == 0 && semicolons_spare_the_comma) {
        ','
    } else {
        '.'
    }
}

/// The decimal mark of a number, and whether that is certain.
fn mark_of(cell: &[u8]) -> Option<(char, bool)> {
    if cell.len() > 40 {
        return None;
    }
    let first = cell.iter().position(u8::is_ascii_digit)?;
    let last = cell.iter().rposition(u8::is_ascii_digit)?;
    let body = &cell[first..=last];
    let count = |mark: u8| body.iter().filter(|&&b| b == mark).count();
    let (commas, points) = (count(b','), count(b'.'));
    if commas + points == 0 {
        return None;
    }
    let (mark, other) = match (commas, points) {
        (1, 0) => (',', '.'),
        (0, 1) => ('.', ','),
        (_, 0) => ('.', ','),
        (0, _) => (',', '.'),
        _ if body.iter().rposition(|&b| b == b',') > body.iter().rposition(|&b| b == b'.') => {
            (',', '.')
        }
        _ => ('.', ','),
    };
    parse_number(body, mark as u8)?;
    // Also a number with the marks the other way round: `1,234`.
    let is_certain = commas + points > 1 || parse_number(body, other as u8).is_none();
    Some((mark, is_certain))
}

/// What a column measures, from its name, kind and values. A column of whole numbers with at most
/// two different values names two groups; a year stays a number whose distances count.
pub fn measure(column: &Column) -> Measure {
    let (named_id, perhaps_id) = (names_an_id(&column.name), names_perhaps_an_id(&column.name));
    match &column.data {
        Data::Int(values) => {
            if named_id || (perhaps_id && column.n_missing() == 0 && all_different(values)) {
                Measure::Id
            } else if at_most_two(column, values) {
                Measure::Nominal
            } else {
                Measure::Scale
            }
        }
        Data::Float(_) => Measure::Scale,
        Data::Bool(_) => Measure::Nominal,
        Data::Date(_) | Data::DateTime(_) | Data::Time(_) => Measure::Time,
        Data::Category { codes, levels } => {
            let n_valid = codes.len() - column.n_missing();
            let different = levels.len() == n_valid && n_valid > 1;
            let digits = !levels.is_empty() && levels.iter().all(|l| is_digits(l));
            if named_id
                || (different && perhaps_id)
                || (digits && (different || levels.len() > 100))
            {
                Measure::Id
            } else {
                Measure::Nominal
            }
        }
        Data::Text(values) => {
            let short = values.as_bytes().len() <= values.len() * 24;
            let one_word = || {
                let cells = values.iter().take(1000);
                cells.into_iter().all(|s| !s.contains(char::is_whitespace))
            };
            let has_digit = || {
                let mut cells = values.iter().take(1000).filter(|s| !s.is_empty());
                cells.all(|s| s.bytes().any(|b| b.is_ascii_digit()))
            };
            if named_id || (short && one_word() && has_digit()) {
                Measure::Id
            } else {
                Measure::Text
            }
        }
    }
}

fn names_an_id(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let camel = ["Id", "ID"].iter().any(|end| {
        let stem = name.strip_suffix(end);
        stem.is_some_and(|s| s.ends_with(|c: char| c.is_lowercase()))
    });
    let whole = ["id", "uuid", "guid", "아이디"].contains(&lower.as_str());
    let ending = ["_id", " id", "-id", ".id", "번호", "아이디"];
    whole || camel || ending.iter().any(|e| lower.ends_with(e))
}

fn names_perhaps_an_id(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let whole = [
        "no",
        "no.",
        "#",
        "x",
        "row",
        "index",
        "key",
        "unnamed: 0",
        "순번",
    ];
    let ending = ["code", "코드", "_no", " no", "number", "_key", "rownames"];
    whole.contains(&lower.as_str()) || ending.iter().any(|e| lower.ends_with(e))
}

fn all_different(values: &[i64]) -> bool {
    if values.windows(2).all(|w| w[0] < w[1]) {
        return values.len() > 1;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).all(|w| w[0] < w[1])
}

fn at_most_two(column: &Column, values: &[i64]) -> bool {
    let mut seen: Vec<i64> = Vec::with_capacity(2);
    for (i, value) in values.iter().enumerate() {
        if !seen.contains(value) && column.is_valid(i) {
            if seen.len() == 2 {
                return false;
            }
            seen.push(*value);
        }
    }
    true
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &[&str], expected: Option<ColumnKind>) {
        check_named("x", cells, expected);
    }

    fn check_named(name: &str, cells: &[&str], expected: Option<ColumnKind>) {
        let rules = Rules {
            decimal: b'.',
            missing: Missing::new(None),
        };
        let mut evidence = Evidence::default();
        cells
            .iter()
            .for_each(|c| evidence.see(c.as_bytes(), &rules));
        assert_eq!(evidence.kind(name), expected, "{cells:?}");
    }

    #[test]
    fn kinds() {
        use ColumnKind::*;
        check(&["", "NA", "-"], None);
        check(&["1", "", "1,000"], Some(Int));
        check(&["1", "2.5"], Some(Float));
        check(&["5%", "0", "12.5%"], Some(Float));
        check(&["5%", "12"], Some(Category));
        check(&["$5", "6"], Some(Int));
        check(&["$5", "€6"], Some(Category));
        check(&["007", "008"], Some(Category));
        check(&["12345678901234567890"], Some(Category));
        check(&["true", "FALSE"], Some(Bool));
        check(&["yes", "no"], Some(Category));
        check(&["2024-01-01", "2024/1/2"], Some(Date));
        check(&["2024-01-01", "2024-01-02 10:00"], Some(DateTime));
        check(&["25/1/2024", "1/2/2024"], Some(Date));
        check(&["25/1/2024", "1/25/2024"], Some(Category));
        check(&["1/2/2024", "2024-01-01"], Some(Category));
        check(&["10:00", "오후 3:05"], Some(Time));
        check(&["1", "a"], Some(Category));
        check(&["20240305"], Some(Int));
        check(&["20240305"; 20], Some(Date));
        check_named("order_date", &["20240305"], Some(Date));
        check_named("주문일자", &["20240305", "20241305"], Some(Int));
    }

    #[test]
    fn decimal_marks() {
        let check = |cells: &[&str], delimiter, expected| {
            let mark = decimal_mark(cells.iter().map(|c| c.as_bytes()), delimiter);
            assert_eq!(mark, expected, "{cells:?}");
        };
        use Delimiter::{Comma, Semicolon};
        check(&["1.5"], Comma, '.');
        check(&["1,5"], Semicolon, ',');
        check(&["1,5"], Comma, ',');
        check(&["1.234,5"], Semicolon, ',');
        check(&["1,234.5"], Semicolon, '.');
        check(&["1,234,567"], Semicolon, '.');
        check(&["1.234.567"], Comma, ',');
        check(&["17,200", "20,800"], Comma, '.');
        check(&["1,234"], Semicolon, ',');
        check(&["0,123"], Comma, ',');
        check(&["5.3.2024", "1,25"], Semicolon, ',');
        check(&["a, b", "1"], Comma, '.');
    }

    #[test]
    fn measures() {
        let check = |column: Column, expected| {
            assert_eq!(measure(&column), expected, "{}", column.name);
        };
        check(Column::int("n", vec![1, 2, 3]), Measure::Scale);
        check(Column::int("n", vec![0, 1, 1]), Measure::Nominal);
        check(Column::int("year", vec![2007, 2008, 2009]), Measure::Scale);
        check(Column::int("userId", vec![1, 1, 2]), Measure::Id);
        check(Column::int("paid", vec![1, 1, 2, 3]), Measure::Scale);
        check(Column::int("zip code", vec![3, 1, 2]), Measure::Id);
        check(Column::int("zip code", vec![3, 1, 2, 2]), Measure::Scale);
        check(Column::text("review", ["so good", "a b"]), Measure::Text);
        check(Column::text("order", ["2015-000001"]), Measure::Id);
        let digits = |levels: [&str; 2]| {
            Column::category("c", vec![0, 1], levels.map(String::from).to_vec())
        };
        check(digits(["007", "008"]), Measure::Id);
        check(digits(["a", "b"]), Measure::Nominal);
    }
}
