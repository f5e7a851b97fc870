//! Whether option values fit the tables at hand: the form's errors and the engine's.

use std::collections::BTreeMap;

use super::Spec;
use super::columns::ColumnInfo;
use super::formulas::Above;
use super::option::{Fits, Kind, OptionSpec};
use super::values::{FieldError, Values};
use crate::msg;
use crate::report::Msg;

/// The fields whose columns are not in their table or do not fit. `tables` holds the columns of each
/// input that is connected. Values of the wrong JSON type are left to [`super::Options::read`].
pub fn check(
    spec: &Spec,
    values: &Values,
    tables: &BTreeMap<String, Vec<ColumnInfo>>,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let above = Above::new(tables);
    let with_a_say = |o: &&OptionSpec| is_enabled(o, spec.options, values);
    for option in spec.options.iter().filter(with_a_say) {
        check_option(option, option.name, values, &above, &mut errors);
    }
    errors
}

/// All that a form must say before an analysis can run: values that do not read, columns that do not fit.
pub fn problems(
    spec: &Spec,
    values: &Values,
    tables: &BTreeMap<String, Vec<ColumnInfo>>,
) -> Vec<FieldError> {
    let mut errors = (spec.read)(values);
    errors.extend(check(spec, values, tables));
    errors
}

/// Whether an option has a say, given the values of those beside it: of an analysis, or in one row. What
/// waits for an option that has none has none either.
pub fn is_enabled(option: &OptionSpec, beside: &[OptionSpec], values: &Values) -> bool {
    let Some(condition) = option.enabled_when else {
        return true;
    };
    let Some(other) = beside.iter().find(|o| o.name == condition.option) else {
        return true;
    };
    if !is_enabled(other, beside, values) {
        return false;
    }
    let key = match values.get(other.name) {
        Some(serde_json::Value::String(s)) => s.clone(),
        Some(v) if !v.is_null() => v.to_string(),
        _ => match other.kind {
            Kind::Choice { default, .. } => default.to_string(),
            Kind::Flag { default } => default.to_string(),
            _ => String::new(),
        },
    };
    match condition.is {
        [] => !key.is_empty(),
        is => is.contains(&key.as_str()),
    }
}

fn check_option(
    option: &OptionSpec,
    path: &str,
    values: &Values,
    above: &Above,
    errors: &mut Vec<FieldError>,
) {
    let value = values.get(option.name);
    let mut look = |name: Option<&str>, accepts: Fits, input: &str| {
        let Some(name) = name.filter(|n| !n.is_empty()) else {
            return;
        };
        let Some(columns) = above.tables.get(input) else {
            return;
        };
        if let Some(message) = misfit(name, accepts, columns) {
            errors.push(FieldError::new(path, message));
        }
    };
    match option.kind {
        Kind::Column { accepts, input, .. } => look(value.and_then(|v| v.as_str()), accepts, input),
        Kind::Columns { accepts, input, .. } => {
            for name in value.and_then(|v| v.as_array()).into_iter().flatten() {
                look(name.as_str(), accepts, input);
            }
        }
        Kind::Formula { .. } => above.check(option, path, values, errors),
        Kind::Rows { fields, min, .. } => {
            let rows = value
                .and_then(|v| v.as_array())
                .map_or(&[][..], Vec::as_slice);
            if rows.len() < min && option.enabled_when.is_some() {
                errors.push(FieldError::new(
                    path,
                    msg!(
                        "spec.fill_rows",
                        "Fill in at least {min} {min|row|rows}.",
                        min = min
                    ),
                ));
            }
            let mut above = Above::new(&above.tables);
            for (i, row) in rows.iter().enumerate() {
                let Some(object) = row.as_object() else {
                    continue;
                };
                for field in fields.iter().filter(|f| is_enabled(f, fields, object)) {
                    let path = format!("{path}.{i}.{}", field.name);
                    check_option(field, &path, object, &above, errors);
                }
                above.add_row(fields, object);
            }
        }
        _ => {}
    }
}

fn misfit(name: &str, accepts: Fits, columns: &[ColumnInfo]) -> Option<Msg> {
    let Some(column) = columns.iter().find(|c| c.name == name) else {
        return Some(msg!(
            "spec.no_column",
            "The table has no column “{name}”.",
            name = name
        ));
    };
    if column.fits(accepts) {
        return None;
    }
    Some(match accepts {
        Fits::Numbers => msg!(
            "spec.not_numbers",
            "“{name}” does not hold numbers to measure with.",
            name = name
        ),
        Fits::Levels => msg!(
            "spec.not_levels",
            "“{name}” has no small set of levels.",
            name = name
        ),
        Fits::Times => msg!(
            "spec.not_times",
            "“{name}” does not hold dates.",
            name = name
        ),
        Fits::Any | Fits::NumbersOrLevels => {
            msg!(
                "spec.not_usable",
                "“{name}” holds neither numbers nor a small set of levels.",
                name = name
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Choice, choice, column, flag};
    use serde_json::json;

    const WAYS: &[Choice] = &[
        Choice {
            key: "a",
            title: "A",
        },
        Choice {
            key: "b",
            title: "B",
        },
    ];

    fn specs() -> [OptionSpec; 3] {
        let named = |name, option| OptionSpec { name, ..option };
        [
            named("column", column(Fits::Numbers).optional()),
            named("way", choice(WAYS, "a").when_chosen("column")),
            named("more", flag(false).when("way", &["b"])),
        ]
    }

    fn check(values: serde_json::Value, expected: [bool; 3]) {
        let specs = specs();
        let serde_json::Value::Object(values) = values else {
            panic!("an object")
        };
        let found = specs.iter().map(|o| is_enabled(o, &specs, &values));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{values:?}");
    }

    #[test]
    fn options_wait_for_those_that_they_depend_on() {
        check(json!({}), [true, false, false]);
        check(json!({"column": null, "way": "b"}), [true, false, false]);
        check(json!({"column": "x"}), [true, true, false]);
        check(json!({"column": "x", "way": "b"}), [true, true, true]);
    }
}
