//! What a cell says when its form is folded: the headline of its analysis with the values in it.

use serde_json::Value;

use crate::msg;
use crate::notebook::Call;
use crate::report::{Arg, Format, Msg};
use crate::spec::{Kind, OptionSpec, Spec, Values};

/// More names than this are counted.
const MAX_NAMES: usize = 4;

/// The headline of a cell, with the columns that it is run by.
pub fn headline_of(spec: &Spec, call: &Call) -> Msg {
    let headline = headline(spec, &call.values);
    if call.by.is_empty() {
        return headline;
    }
    msg!(
        "app.cell.headline_by",
        "{headline}, by {columns}",
        headline = headline,
        columns = call.by.clone()
    )
}

/// The headline with the values that are set, defaults where nothing is, `…` where a choice is missing,
/// and nothing where none is needed.
fn headline(spec: &Spec, values: &Values) -> Msg {
    let mut msg = spec.headline();
    for option in spec.options {
        msg = msg.with(
            option.name,
            shown(
                spec,
                option,
                values.get(option.name).unwrap_or(&Value::Null),
            ),
        );
    }
    msg
}

fn shown(spec: &Spec, option: &OptionSpec, value: &Value) -> Arg {
    let is_needed = match option.kind {
        Kind::Columns { min, .. } => min > 0,
        Kind::Column { optional, .. } => !optional,
        Kind::Level { .. } => false,
        _ => true,
    };
    let missing = || Arg::Text(if is_needed { "…" } else { "" }.into());
    match option.kind {
        Kind::Columns { .. } => names(value).unwrap_or_else(missing),
        Kind::Column { .. } | Kind::Level { .. } | Kind::Formula { .. } => {
            text(value).map_or_else(missing, Arg::Text)
        }
        Kind::Terms { .. } => {
            let sets = value.as_array().into_iter().flatten();
            let sets = sets
                .filter_map(|s| Some(join(s.as_array()?)))
                .map(Value::from)
                .collect();
            names(&Value::Array(sets)).unwrap_or_else(missing)
        }
        Kind::Integer { default, .. } => value
            .as_f64()
            .or(default.map(|d| d as f64))
            .map_or_else(missing, |v| Arg::Number(v, Format::General)),
        Kind::Number { default, .. } => value
            .as_f64()
            .or(default)
            .map_or_else(missing, |v| Arg::Number(v, Format::General)),
        Kind::Choice { choices, default } => {
            let key = value.as_str().unwrap_or(default);
            let found = choices.iter().find(|c| c.key == key);
            found.map_or_else(missing, |c| spec.choice_title(option.name, c).into())
        }
        Kind::Flag { .. } => Arg::Text(String::new()),
        Kind::Text { default, .. } => text(value)
            .or_else(|| text(&Value::from(default)))
            .map_or_else(missing, Arg::Text),
        Kind::Rows { .. } => Arg::from(value.as_array().map_or(0, Vec::len)),
    }
}

fn text(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|s| !s.trim().is_empty())
        .map(str::to_string)
}

fn join(set: &[Value]) -> String {
    set.iter()
        .filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join(" × ")
}

/// The names, or how many there are when they are too many to read.
fn names(value: &Value) -> Option<Arg> {
    let names: Vec<Arg> = value
        .as_array()?
        .iter()
        .filter_map(|v| Some(Arg::Text(v.as_str()?.to_string())))
        .collect();
    match names.len() {
        0 => None,
        n if n > MAX_NAMES => Some(msg!("app.cell.n_columns", "{n} columns", n = n).into()),
        _ => Some(Arg::List(names)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;
    use serde_json::json;

    fn check(analysis: &str, values: Value, expected: &str) {
        let spec = crate::analyses::find(analysis).expect("it is registered");
        let values = values.as_object().expect("an object").clone();
        assert_eq!(headline(spec, &values).text(Lang::En), expected);
    }

    #[test]
    fn the_headline_says_what_the_cell_does() {
        let k_means = "segment.k_means";
        check(k_means, json!({}), "K-means of … into 3 clusters");
        check(
            k_means,
            json!({"columns": ["a", "b"], "k": 4}),
            "K-means of a and b into 4 clusters",
        );
        check(
            k_means,
            json!({"columns": ["a", "b", "c", "d", "e"]}),
            "K-means of 5 columns into 3 clusters",
        );
        check("explore.chart", json!({"x": "a"}), "Chart of a");
        check("explore.chart", json!({"y": "b"}), "Chart of … and b");
        check("explore.describe", json!({}), "Description");
    }
}
