//! Checks JSON against the few words of JSON Schema that the declarations use.

use serde_json::Value;

/// What is wrong with `value`, one line a fault, each with its path.
///
/// # Panics
/// When the schema uses a word that is not checked here.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, "", &mut found);
    found
}

fn check(schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let mut fault = |what: String| found.push(format!("{path}: {what}"));
    let rules = schema.as_object().expect("a schema is an object");
    for (word, rule) in rules {
        let fits = match word.as_str() {
            "type" => is_of_type(value, rule.as_str().unwrap()),
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|v| v >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|v| v <= rule.as_f64().unwrap()),
            "minItems" => length(value).is_none_or(|n| n >= rule.as_u64().unwrap()),
            "maxItems" => length(value).is_none_or(|n| n <= rule.as_u64().unwrap()),
            "uniqueItems" => value
                .as_array()
                .is_none_or(|v| (1..v.len()).all(|i| !v[..i].contains(&v[i]))),
            "required" => value.as_object().is_none_or(|object| {
                let names = rule.as_array().unwrap().iter();
                names
                    .map(|n| n.as_str().unwrap())
                    .all(|n| object.contains_key(n))
            }),
            "additionalProperties" => {
                assert_eq!(rule, &Value::Bool(false));
                let known = rules["properties"].as_object().unwrap();
                let object = value.as_object();
                object.is_none_or(|o| o.keys().all(|key| known.contains_key(key)))
            }
            "properties" | "items" | "title" | "description" | "default" => true,
            other => panic!("{other} is not checked"),
        };
        if !fits {
            fault(format!("{value} against {word} {rule}"));
        }
    }
    if let (Some(properties), Some(object)) = (rules.get("properties"), value.as_object()) {
        for (name, inner) in object {
            if let Some(schema) = properties.get(name) {
                check(schema, inner, &format!("{path}/{name}"), found);
            }
        }
    }
    if let (Some(items), Some(values)) = (rules.get("items"), value.as_array()) {
        for (i, inner) in values.iter().enumerate() {
            check(items, inner, &format!("{path}/{i}"), found);
        }
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|v| v.fract() == 0.0),
        other => panic!("{other} is no type of JSON"),
    }
}

fn length(value: &Value) -> Option<u64> {
    value.as_array().map(|v| v.len() as u64)
}
