//! Which of several rules a value fits first: single values, lists, ranges, missing.

use rustc_hash::FxHashMap;

use super::csv::parse;
use super::{Column, ColumnKind, Data, Texts};

/// Rules by their place, as they fit a column of one kind.
#[derive(Clone, Debug)]
pub struct Rules {
    kind: ColumnKind,
    texts: FxHashMap<String, i32>,
    whole: FxHashMap<i64, i32>,
    numbers: FxHashMap<u64, i32>,
    ranges: Vec<(f64, f64, i32)>,
    /// The first rule for missing values; −1 without one.
    missing: i32,
}

/// A rule that cannot be read as values of the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub rule: usize,
    /// The part that is at fault.
    pub part: String,
}

impl Rules {
    /// Each rule is a value, several of them separated by semicolons, or nothing for missing values;
    /// of numbers, dates and times also a range with both ends in it: `10..20`, `..20`, `20..`.
    ///
    /// # Errors
    /// The first rule whose value is no number, date or time where the column holds these.
    pub fn read<S: AsRef<str>>(rules: &[S], kind: ColumnKind) -> Result<Self, Unreadable> {
        let mut read = Self {
            kind,
            texts: FxHashMap::default(),
            whole: FxHashMap::default(),
            numbers: FxHashMap::default(),
            ranges: Vec::new(),
            missing: -1,
        };
        for (rule, text) in rules.iter().enumerate() {
            if text.as_ref().trim().is_empty() {
                read.add_missing(rule as i32);
            }
            for part in text.as_ref().split(';').map(str::trim) {
                if !part.is_empty() && !read.add(part, rule as i32) {
                    let part = part.to_owned();
                    return Err(Unreadable { rule, part });
                }
            }
        }
        Ok(read)
    }

    fn add_missing(&mut self, rule: i32) {
        if self.missing < 0 {
            self.missing = rule;
        }
    }

    fn add(&mut self, part: &str, rule: i32) -> bool {
        if matches!(self.kind, ColumnKind::Category | ColumnKind::Text) {
            self.texts.entry(part.to_owned()).or_insert(rule);
            return true;
        }
        if self.kind == ColumnKind::Int
            && let Ok(whole) = part.parse()
        {
            self.whole.entry(whole).or_insert(rule);
            return true;
        }
        if let Some(value) = number(part, self.kind) {
            self.numbers.entry(bits(value)).or_insert(rule);
            return true;
        }
        let Some((low, high)) = part.split_once("..") else {
            return false;
        };
        let end = |text: &str, open: f64| match text.trim() {
            "" => Some(open),
            text => number(text, self.kind),
        };
        match (end(low, f64::NEG_INFINITY), end(high, f64::INFINITY)) {
            (Some(low), Some(high)) => {
                self.ranges.push((low, high, rule));
                true
            }
            _ => false,
        }
    }

    /// The place of the first rule that each row fits; −1 for none.
    ///
    /// # Panics
    /// When the column is of another kind than the rules were read for.
    pub fn places(&self, column: &Column) -> Vec<i32> {
        assert_eq!(column.kind(), self.kind, "rules for another kind");
        let fill = |mut places: Vec<i32>| {
            if column.n_missing() > 0 {
                for (row, place) in places.iter_mut().enumerate() {
                    if !column.is_valid(row) {
                        *place = self.missing;
                    }
                }
            }
            places
        };
        fill(match &column.data {
            Data::Float(v) => v.iter().map(|&x| self.of_number(x)).collect(),
            Data::Int(v) => {
                let of = |x: i64| first(self.whole.get(&x), self.of_number(x as f64));
                v.iter().map(|&x| of(x)).collect()
            }
            Data::DateTime(v) => v.iter().map(|&x| self.of_number(x as f64)).collect(),
            Data::Date(v) | Data::Time(v) => {
                v.iter().map(|&x| self.of_number(f64::from(x))).collect()
            }
            Data::Bool(v) => {
                let of = [self.of_number(0.0), self.of_number(1.0)];
                v.iter().map(|x| of[usize::from(x)]).collect()
            }
            Data::Category { .. } | Data::Text(_) => {
                let texts = Texts::of(column);
                let mut buffer = String::new();
                let mut of = |i| {
                    let text = texts.get(i, &mut buffer)?;
                    self.texts.get(text).copied()
                };
                let places: Vec<i32> = (0..texts.len()).map(|i| of(i).unwrap_or(-1)).collect();
                texts.spread(&places, self.missing)
            }
        })
    }

    #[inline]
    fn of_number(&self, x: f64) -> i32 {
        let exact = self.numbers.get(&bits(x));
        let within = |&&(low, high, _): &&(f64, f64, i32)| low <= x && x <= high;
        let range = self.ranges.iter().find(within).map_or(-1, |r| r.2);
        first(exact, range)
    }
}

/// The earlier of two rules.
fn first(a: Option<&i32>, b: i32) -> i32 {
    match a {
        Some(&a) if b < 0 || a < b => a,
        _ => b,
    }
}

/// −0 is 0.
fn bits(x: f64) -> u64 {
    (x + 0.0).to_bits()
}

/// What a person typed, as a column of this kind counts it: numbers, days since 1970-01-01 of dates,
/// milliseconds of times, 0 and 1 of booleans. `None` for words, and where it is none of these.
pub fn number(text: &str, kind: ColumnKind) -> Option<f64> {
    match kind {
        ColumnKind::Float | ColumnKind::Int => parse::number(text),
        ColumnKind::Date => parse::date(text).map(f64::from),
        ColumnKind::DateTime => parse::date_time(text).map(|ms| ms as f64),
        ColumnKind::Time => parse::time(text).map(f64::from),
        ColumnKind::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(1.0),
            "false" | "0" => Some(0.0),
            _ => None,
        },
        ColumnKind::Category | ColumnKind::Text => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(column: &Column, rules: &[&str], expected: &[i32]) {
        let rules = Rules::read(rules, column.kind()).unwrap();
        assert_eq!(rules.places(column), expected, "{rules:?}");
    }

    #[test]
    fn the_first_rule_that_fits_counts() {
        let ages = Column::float("x", vec![10.0, 20.0, 20.5, f64::NAN, 99.0, -0.0]);
        check(&ages, &["10; 20", "..19", "", "20.."], &[0, 0, 3, 2, 3, 1]);
        check(&ages, &["20..99", "20"], &[-1, 0, 0, -1, 0, -1]);
        check(&ages, &["0"], &[-1, -1, -1, -1, -1, 0]);
        let whole = Column::int("x", vec![1, 2, i64::MAX, i64::MAX - 1]);
        check(&whole, &["9223372036854775807", "1..2"], &[1, 1, 0, -1]);
        check(&whole, &["2.0", "1; 2"], &[1, 0, -1, -1]);
        let words = Column::category("x", vec![0, 1, -1, 1], vec!["a".into(), "b c".into()]);
        check(&words, &["b c ; z", "a"], &[1, 0, -1, 0]);
        check(&words, &["", "b c"], &[-1, 1, 0, 1]);
        check(&Column::text("x", ["1..2", ""]), &["1..2"], &[0, -1]);
        check(
            &Column::bool("x", [true, false]),
            &["false", "TRUE"],
            &[1, 0],
        );
        let days = Column::date("x", vec![0, 40, 400]);
        check(&days, &["1970-01-01..1970-12-31", "1971-02-05"], &[0, 0, 1]);
    }

    #[test]
    fn what_does_not_read_is_named() {
        let check = |rules: &[&str], kind, rule, part: &str| {
            let found = Rules::read(rules, kind).unwrap_err();
            assert_eq!((found.rule, found.part.as_str()), (rule, part));
        };
        check(&["1", "2; ten"], ColumnKind::Int, 1, "ten");
        check(&["1..x"], ColumnKind::Float, 0, "1..x");
        check(&["2024-13-01"], ColumnKind::Date, 0, "2024-13-01");
        check(&["yes"], ColumnKind::Bool, 0, "yes");
    }
}
