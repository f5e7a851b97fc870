//! What a person types or ticks as the JSON value of an option, and back.

use serde_json::{Value, json};

use crate::msg;
use crate::report::Msg;
use crate::spec::{ColumnInfo, FieldError, Fits, Kind, OptionSpec, Values};

/// A typed number: thousands may be grouped with commas, one comma alone is a decimal comma. Nothing
/// is null, and what is no number stays text, which the option then complains about.
pub fn parse_number(text: &str, whole: bool) -> Value {
    let text = text.trim();
    if text.is_empty() {
        return Value::Null;
    }
    let plain = without_commas(&text.replace('−', "-").replace([' ', '_'], ""));
    if let Ok(v) = plain.parse::<i64>() {
        return json!(v);
    }
    match plain.parse::<f64>() {
        Ok(v) if v.is_finite() && whole && v.fract() == 0.0 && v.abs() < 9e15 => json!(v as i64),
        Ok(v) if v.is_finite() => json!(v),
        _ => json!(text),
    }
}

/// A value as it stands in an input; null is empty.
pub fn show(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        other => other.to_string(),
    }
}

/// The default of an option as it stands in an empty input.
pub fn default_text(option: &OptionSpec) -> String {
    match option.kind {
        Kind::Integer {
            default: Some(v), ..
        } => v.to_string(),
        Kind::Number {
            default: Some(v), ..
        } => v.to_string(),
        Kind::Text { default, .. } => default.to_string(),
        _ => String::new(),
    }
}

/// The number `by` steps away from `value`, or from the default when there is none, within the
/// option's bounds. Whole numbers go by one, others by a tenth of their magnitude.
pub fn step(option: &OptionSpec, value: &Value, by: i64) -> Value {
    match option.kind {
        Kind::Integer { default, min, max } => {
            let from = value.as_i64().or(default).unwrap_or(min.max(0));
            json!(from.saturating_add(by).clamp(min, max))
        }
        Kind::Number { default, min, max } => {
            let from = value.as_f64().or(default).unwrap_or(min.max(0.0));
            let size = from.abs();
            let exponent = if size > 0.0 {
                libm::floor(libm::log10(size)) - 1.0
            } else {
                -2.0
            };
            let width = libm::pow(10.0, exponent.max(-12.0));
            // In steps of `width`, so that 0.1 and 0.2 make 0.3.
            let steps = (from / width).round() + by as f64;
            let text = format!("{:.*}", (-exponent).max(0.0) as usize, steps * width);
            parse_number(
                &text
                    .parse::<f64>()
                    .unwrap_or(from)
                    .clamp(min, max)
                    .to_string(),
                false,
            )
        }
        _ => value.clone(),
    }
}

/// The strings of a JSON list.
pub fn names(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .filter_map(|v| v.as_str().map(str::to_string))
        .collect()
}

/// The list with `name` in it, at its end, or without it; an empty list is null.
pub fn with_name(value: &Value, name: &str, is_in: bool) -> Value {
    let mut names = names(value);
    names.retain(|n| n != name);
    if is_in {
        names.push(name.to_string());
    }
    list(names)
}

/// A JSON list of strings; an empty one is null.
pub fn list(names: Vec<String>) -> Value {
    if names.is_empty() {
        Value::Null
    } else {
        json!(names)
    }
}

/// The sets of a terms option.
pub fn sets(value: &Value) -> Vec<Vec<String>> {
    value.as_array().into_iter().flatten().map(names).collect()
}

/// The sets with `set` among them or not, whatever the order of its names.
pub fn with_set(value: &Value, set: &[String], is_in: bool) -> Value {
    let mut sets = sets(value);
    sets.retain(|s| !same_set(s, set));
    if is_in {
        sets.push(set.to_vec());
    }
    if sets.is_empty() {
        Value::Null
    } else {
        json!(sets)
    }
}

pub fn has_set(value: &Value, set: &[String]) -> bool {
    sets(value).iter().any(|s| same_set(s, set))
}

/// All pairs of names, in their order.
pub fn pairs(names: &[String]) -> Vec<Vec<String>> {
    let of = |i: usize| {
        names[i + 1..]
            .iter()
            .map(move |b| vec![names[i].clone(), b.clone()])
    };
    (0..names.len()).flat_map(of).collect()
}

/// The columns that the options `of` name, each once: what terms are made of.
pub fn chosen(values: &Values, of: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in of.iter().filter_map(|o| values.get(*o)) {
        let many = names(value);
        let one = value.as_str().filter(|s| !s.is_empty()).map(str::to_string);
        for name in many.into_iter().chain(one) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// The rows of a rows option, filled up with empty ones to the fewest that it takes.
pub fn rows(value: &Value, least: usize) -> Vec<Values> {
    let mut rows: Vec<Values> = value
        .as_array()
        .into_iter()
        .flatten()
        .map(|r| r.as_object().cloned().unwrap_or_default())
        .collect();
    rows.resize_with(rows.len().max(least), Values::new);
    rows
}

/// The rows with one field of row `i` set; null takes it out.
pub fn with_field(value: &Value, least: usize, i: usize, field: &str, to: Value) -> Value {
    let mut rows = rows(value, least.max(i + 1));
    if to.is_null() {
        rows[i].shift_remove(field);
    } else {
        rows[i].insert(field.to_string(), to);
    }
    json!(rows)
}

/// The rows without row `i`.
pub fn without_row(value: &Value, least: usize, i: usize) -> Value {
    let mut rows = rows(value, least);
    rows.remove(i);
    if rows.is_empty() {
        Value::Null
    } else {
        json!(rows)
    }
}

/// What the form says at the field `path`: the first error of it.
pub fn error_at(errors: &[FieldError], path: &str) -> Option<Msg> {
    errors
        .iter()
        .find(|e| e.option == path)
        .map(|e| e.message.clone())
}

/// Whether an error belongs to the field `path` or to a part of it.
pub fn has_error(errors: &[FieldError], path: &str) -> bool {
    errors.iter().any(|e| {
        e.option
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Why the other columns are not offered.
pub fn why_misfit(accepts: Fits) -> Msg {
    match accepts {
        Fits::Any | Fits::NumbersOrLevels => {
            msg!("app.form.misfit_either", "neither numbers nor few levels")
        }
        Fits::Numbers => msg!("app.form.misfit_numbers", "no numbers to measure with"),
        Fits::Levels => msg!("app.form.misfit_levels", "no small set of levels"),
        Fits::Times => msg!("app.form.misfit_times", "no dates"),
    }
}

/// The names that contain `query`, letter case aside.
pub fn matching<'a>(
    columns: &'a [ColumnInfo],
    query: &str,
) -> impl Iterator<Item = &'a ColumnInfo> {
    let query = query.trim().to_lowercase();
    columns
        .iter()
        .filter(move |c| c.name.to_lowercase().contains(&query))
}

fn same_set(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|name| b.contains(name))
}

/// `1,234,567.5` and `0,5` with a point only.
fn without_commas(text: &str) -> String {
    let (whole, _) = text.split_once(['.', 'e', 'E']).unwrap_or((text, ""));
    let groups: Vec<&str> = whole.trim_start_matches(['-', '+']).split(',').collect();
    let is_grouped = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[0] != "0"
        && groups[1..].iter().all(|g| g.len() == 3);
    match groups.len() {
        _ if is_grouped => text.replace(',', ""),
        2 if !text.contains('.') => text.replace(',', "."),
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{integer, number};

    #[test]
    fn typed_numbers_are_read() {
        let check = |text: &str, whole: bool, expected: Value| {
            assert_eq!(parse_number(text, whole), expected, "{text}")
        };
        check("", true, Value::Null);
        check(" 12 ", true, json!(12));
        check("1e3", true, json!(1000));
        check("2.5", true, json!(2.5));
        check("1e-4", false, json!(1e-4));
        check("−3.5", false, json!(-3.5));
        check("1,234,567", true, json!(1_234_567));
        check("1,234.5", false, json!(1234.5));
        check("0,05", false, json!(0.05));
        check("0,125", false, json!(0.125));
        check("1,2,3", false, json!("1,2,3"));
        check("abc", true, json!("abc"));
        check("inf", false, json!("inf"));
        check("NaN", false, json!("NaN"));
    }

    #[test]
    fn numbers_are_shown_as_they_are_typed() {
        let check = |text: &str| assert_eq!(show(&parse_number(text, false)), text);
        ["", "0", "12", "-3", "2.5", "0.0001", "abc"]
            .into_iter()
            .for_each(check);
    }

    #[test]
    fn steps_stay_round_and_within_bounds() {
        let check = |option: OptionSpec, from: Value, by: i64, expected: Value| {
            assert_eq!(step(&option, &from, by), expected, "{from} by {by}");
        };
        check(integer(3, 2, 100), Value::Null, 1, json!(4));
        check(integer(3, 2, 100), json!(2), -1, json!(2));
        check(integer(3, 2, 100), json!(95), 10, json!(100));
        check(
            integer(0, i64::MIN, i64::MAX),
            json!(i64::MAX),
            1,
            json!(i64::MAX),
        );
        check(number(0.05, 0.0, 1.0), Value::Null, 1, json!(0.051));
        check(number(0.1, 0.0, 1.0), json!(0.29), 1, json!(0.3));
        check(number(0.0, 0.0, 1.0), Value::Null, -1, json!(0));
        check(number(250.0, 0.0, 1e9), Value::Null, 1, json!(260));
    }

    #[test]
    fn lists_grow_and_shrink() {
        let check = |found: Value, expected: Value| assert_eq!(found, expected);
        check(with_name(&Value::Null, "a", true), json!(["a"]));
        check(with_name(&json!(["a", "b"]), "a", true), json!(["b", "a"]));
        check(with_name(&json!(["a"]), "a", false), Value::Null);
        let ab = ["a".to_string(), "b".to_string()];
        check(with_set(&json!([["b", "a"]]), &ab, false), Value::Null);
        check(
            with_set(&json!([["b", "c"]]), &ab, true),
            json!([["b", "c"], ["a", "b"]]),
        );
        assert!(has_set(&json!([["b", "a"]]), &ab));
        assert_eq!(pairs(&["a".into(), "b".into(), "c".into()]).len(), 3);
        check(
            with_field(&Value::Null, 2, 0, "n", json!(5)),
            json!([{"n": 5}, {}]),
        );
        check(
            with_field(&json!([{"n": 5}]), 0, 0, "n", Value::Null),
            json!([{}]),
        );
        check(without_row(&json!([{"n": 5}]), 0, 0), Value::Null);
    }

    #[test]
    fn terms_are_made_of_what_is_chosen() {
        let values = json!({"predictors": ["a", "b"], "group": "b", "other": "c"});
        assert_eq!(
            chosen(values.as_object().unwrap(), &["predictors", "group"]),
            ["a", "b"]
        );
    }

    #[test]
    fn errors_stand_at_their_field() {
        let errors = [
            FieldError::new("rows.1.n", Msg::verbatim("x")),
            FieldError::new("k", Msg::verbatim("y")),
        ];
        let check = |path: &str, at: bool, within: bool| {
            assert_eq!(
                (error_at(&errors, path).is_some(), has_error(&errors, path)),
                (at, within),
                "{path}"
            );
        };
        check("k", true, true);
        check("rows", false, true);
        check("rows.1.n", true, true);
        check("row", false, false);
    }
}
