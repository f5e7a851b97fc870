//! What single values of a column stand for: labels of values, and codes that mean a missing one.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use super::column::write_number;
use super::{Bitmap, Column, Data, Utf8, Value};

/// What one value means: `1` is “female”.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueLabel {
    /// The value in its canonical spelling, as [`Column::display`] gives it.
    pub value: String,
    pub label: String,
}

/// A code that stands for a missing value, such as 9 for “no answer”.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MissingCode {
    /// One value in its canonical spelling.
    Value(String),
    /// Numbers from one to another, both included; without an end, all that are smaller or larger.
    Range {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<f64>,
    },
}

/// The values that missing rows held before their codes were declared missing, so that the
/// declaration can be taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coded {
    /// Row i held `values[codes[i]]`; −1 for a row that has a value, or never had one.
    pub codes: Vec<i32>,
    /// Different values in their canonical spelling.
    pub values: Vec<String>,
}

impl Coded {
    /// The value that row `i` held.
    pub fn get(&self, i: usize) -> Option<&str> {
        let code = usize::try_from(*self.codes.get(i)?).ok()?;
        self.values.get(code).map(String::as_str)
    }

    /// The rows at `rows`; `None` when none of them held a code.
    pub fn select_rows(&self, rows: &[u32]) -> Option<Self> {
        let codes: Vec<i32> = rows.iter().map(|&i| self.codes[i as usize]).collect();
        codes.iter().any(|&c| c >= 0).then(|| Self {
            codes,
            values: self.values.clone(),
        })
    }
}

impl Column {
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub fn with_value_labels(mut self, labels: Vec<ValueLabel>) -> Self {
        self.value_labels = labels;
        self
    }

    /// Declares which codes stand for missing values, instead of those declared before: rows that
    /// hold one are missing from now on, and rows that held one declared before have it back. Codes
    /// are known in numbers, categories and text; elsewhere they are only kept.
    pub fn with_missing_codes(mut self, codes: Vec<MissingCode>) -> Self {
        self.restore();
        self.missing_codes = codes;
        let test = Codes::of(&self.missing_codes);
        let n_rows = self.len();
        let mut coded = Coded::default();
        let mut places: HashMap<String, i32, FxBuildHasher> = HashMap::default();
        let mut spelt = String::new();
        let mut valid = match &self.validity {
            Some(validity) => validity.clone(),
            None => Bitmap::with_len(n_rows, true),
        };
        let is_number = matches!(self.data, Data::Float(_) | Data::Int(_));
        let is_word = matches!(self.data, Data::Category { .. } | Data::Text(_));
        if (is_number && !test.is_empty()) || (is_word && !test.words.is_empty()) {
            for i in 0..n_rows {
                let value = self.value(i);
                if test.has(value) {
                    spelt.clear();
                    value.write(&mut spelt);
                    let place = places.entry_ref(&spelt).or_insert_with(|| {
                        coded.values.push(spelt.clone());
                        coded.values.len() as i32 - 1
                    });
                    coded.codes.resize(n_rows, -1);
                    coded.codes[i] = *place;
                    valid.set(i, false);
                }
            }
        }
        if !coded.codes.is_empty() {
            clear(&mut self.data, &coded);
            self.coded = Some(coded);
            self.validity = Some(valid);
        }
        self
    }

    /// The label of the value in row `i`, or of the code that stands there for a missing one.
    pub fn label_at(&self, i: usize) -> Option<&str> {
        if self.value_labels.is_empty() || i >= self.len() {
            return None;
        }
        let shown = match self.value(i) {
            Value::Missing => self.coded.as_ref()?.get(i)?.to_owned(),
            value => {
                let mut spelt = String::new();
                value.write(&mut spelt);
                spelt
            }
        };
        self.label_of(&shown)
    }

    /// The label of a value in its canonical spelling.
    pub fn label_of(&self, value: &str) -> Option<&str> {
        let found = self.value_labels.iter().find(|l| l.value == value);
        found.map(|l| l.label.as_str())
    }

    /// What a value is called among the column's groups: its label, or its canonical spelling. A
    /// name that another value has already carries the value: `other (7)`.
    pub fn name_of(&self, value: &str) -> String {
        let labels = &self.value_labels;
        // A group of zeros is named after its first row, which may hold −0.
        let sought = if value == "-0" { "0" } else { value };
        let place = labels.iter().position(|l| l.value == sought);
        let name = place.map_or(value, |k| labels[k].label.as_str());
        let before = &labels[..place.unwrap_or(labels.len())];
        match before.iter().any(|l| l.label == name) {
            true => format!("{name} ({value})"),
            false => name.to_owned(),
        }
    }

    /// Gives rows whose code was declared missing their value back.
    fn restore(&mut self) {
        let Some(coded) = self.coded.take() else {
            return;
        };
        let mut valid = match self.validity.take() {
            Some(validity) => validity,
            None => Bitmap::with_len(self.len(), true),
        };
        match &mut self.data {
            Data::Float(v) => give_back(v, &mut valid, &coded, |s| s.parse().ok()),
            Data::Int(v) => give_back(v, &mut valid, &coded, |s| s.parse().ok()),
            Data::Category { codes, levels } => give_back(codes, &mut valid, &coded, |s| {
                let found = levels.iter().position(|l| l == s);
                let place = found.unwrap_or_else(|| {
                    levels.push(s.to_owned());
                    levels.len() - 1
                });
                Some(place as i32)
            }),
            Data::Text(v) => {
                let mut text = Utf8::new();
                for (i, s) in v.iter().enumerate() {
                    let held = coded.get(i).filter(|held| text.has_room(held.len()));
                    if held.is_some() {
                        valid.set(i, true);
                    }
                    text.push(held.unwrap_or(s));
                }
                *v = text;
            }
            Data::Bool(_) | Data::Date(_) | Data::DateTime(_) | Data::Time(_) => {}
        }
        self.validity = (valid.count_zeros() > 0).then_some(valid);
    }
}

/// Codes ready to be looked for.
struct Codes<'a> {
    words: Vec<&'a str>,
    numbers: Vec<f64>,
    ranges: Vec<(f64, f64)>,
}

impl<'a> Codes<'a> {
    fn of(codes: &'a [MissingCode]) -> Self {
        let mut out = Self {
            words: Vec::new(),
            numbers: Vec::new(),
            ranges: Vec::new(),
        };
        for code in codes {
            match code {
                MissingCode::Value(value) => {
                    out.words.push(value);
                    out.numbers.extend(value.trim().parse::<f64>());
                }
                MissingCode::Range { from, to } => out.ranges.push((
                    from.unwrap_or(f64::NEG_INFINITY),
                    to.unwrap_or(f64::INFINITY),
                )),
            }
        }
        out
    }

    fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.ranges.is_empty()
    }

    fn has(&self, value: Value<'_>) -> bool {
        let number = match value {
            Value::Float(x) => x,
            Value::Int(x) => x as f64,
            Value::Text(s) => return self.words.contains(&s),
            _ => return false,
        };
        self.numbers.contains(&number)
            || self.ranges.iter().any(|&(a, b)| (a..=b).contains(&number))
    }
}

fn give_back<T>(
    values: &mut [T],
    valid: &mut Bitmap,
    coded: &Coded,
    mut read: impl FnMut(&str) -> Option<T>,
) {
    for (i, slot) in values.iter_mut().enumerate() {
        if let Some(value) = coded.get(i).and_then(&mut read) {
            *slot = value;
            valid.set(i, true);
        }
    }
}

/// Puts into the slots of coded rows what [`Data`] says a missing value holds.
fn clear(data: &mut Data, coded: &Coded) {
    fn each<T: Copy>(values: &mut [T], coded: &Coded, empty: T) {
        let slots = values.iter_mut().zip(&coded.codes);
        slots
            .filter(|(_, code)| **code >= 0)
            .for_each(|(slot, _)| *slot = empty);
    }
    match data {
        Data::Float(v) => each(v, coded, f64::NAN),
        Data::Int(v) => each(v, coded, 0),
        Data::Category { codes, .. } => each(codes, coded, -1),
        Data::Text(v) => {
            let strings = v.iter().zip(&coded.codes);
            *v = strings
                .map(|(s, &code)| if code >= 0 { "" } else { s })
                .collect();
        }
        Data::Bool(_) | Data::Date(_) | Data::DateTime(_) | Data::Time(_) => {}
    }
}

impl MissingCode {
    /// The code of a number.
    pub fn number(x: f64) -> Self {
        let mut spelt = String::new();
        write_number(&mut spelt, x);
        Self::Value(spelt)
    }
}

impl ValueLabel {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(code: &str) -> MissingCode {
        MissingCode::Value(code.to_owned())
    }

    fn shown(column: &Column) -> Vec<String> {
        (0..column.len()).map(|i| column.display(i)).collect()
    }

    /// Declares, looks, declares anew, takes all back.
    fn check(column: Column, codes: Vec<MissingCode>, expected: &[&str]) {
        let coded = column.clone().with_missing_codes(codes.clone());
        assert_eq!(shown(&coded), expected, "{codes:?}");
        assert_eq!(coded.missing_codes, codes);
        let n_missing = expected.iter().filter(|s| s.is_empty()).count();
        assert_eq!(coded.n_missing(), n_missing);
        let other = coded.clone().with_missing_codes(vec![value("nothing")]);
        assert_eq!(shown(&other), shown(&column));
        let back = other.with_missing_codes(Vec::new());
        assert_eq!(format!("{back:?}"), format!("{column:?}"));
        let rows: Vec<u32> = (0..column.len() as u32).rev().collect();
        let turned = coded.select_rows(&rows).with_missing_codes(Vec::new());
        assert_eq!(shown(&turned), shown(&column.select_rows(&rows)));
    }

    #[test]
    fn codes_are_declared_and_taken_back() {
        let ints = || Column::int("x", vec![1, 9, -8, 2]);
        check(ints(), vec![], &["1", "9", "-8", "2"]);
        check(ints(), vec![value("9")], &["1", "", "-8", "2"]);
        check(
            ints(),
            vec![value("9.0"), value("x")],
            &["1", "", "-8", "2"],
        );
        let below = MissingCode::Range {
            from: None,
            to: Some(0.0),
        };
        check(ints(), vec![below.clone(), value("2")], &["1", "9", "", ""]);
        let floats = Column::float("x", vec![1.5, f64::NAN, 99.0]);
        check(floats, vec![MissingCode::number(99.0)], &["1.5", "", ""]);
        let levels = vec!["a".to_owned(), "NA".to_owned()];
        let words = Column::category("x", vec![0, 1, -1, 1], levels);
        check(words, vec![value("NA")], &["a", "", "", ""]);
        check(
            Column::text("x", ["가", "모름", "나"]),
            vec![value("모름"), below],
            &["가", "", "나"],
        );
        let dates = Column::date("x", vec![0]);
        assert_eq!(dates.with_missing_codes(vec![value("0")]).n_missing(), 0);
    }

    #[test]
    fn labels_of_values() {
        let labels = vec![
            ValueLabel::new("1", "yes"),
            ValueLabel::new("2", "no"),
            ValueLabel::new("3", "no"),
            ValueLabel::new("9", "refused"),
        ];
        let column = Column::int("x", vec![3, 2, 1, 9, 4])
            .with_value_labels(labels)
            .with_missing_codes(vec![value("9")]);
        let found: Vec<_> = (0..6).map(|i| column.label_at(i)).collect();
        let expected = [
            Some("no"),
            Some("no"),
            Some("yes"),
            Some("refused"),
            None,
            None,
        ];
        assert_eq!(found, expected);
        let levels = column.levels_and_codes();
        assert_eq!(levels.names, ["yes", "no", "no (3)", "4"]);
        assert_eq!(levels.codes, [2, 1, 0, -1, 3]);
    }

    #[test]
    fn codes_as_json() {
        let check = |json: &str, expected: MissingCode| {
            let code: MissingCode = serde_json::from_str(json).unwrap();
            assert_eq!(code, expected);
            assert_eq!(serde_json::to_string(&code).unwrap(), json);
        };
        check(r#""-99""#, value("-99"));
        check(
            r#"{"from":97.0}"#,
            MissingCode::Range {
                from: Some(97.0),
                to: None,
            },
        );
    }
}
