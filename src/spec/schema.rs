//! The JSON Schema of an analysis's options.

use serde_json::{Map, Value, json};

use super::option::{Kind, OptionSpec};

/// A JSON Schema (2020-12) of an object with these options.
pub fn json_schema(options: &[OptionSpec]) -> Value {
    let properties: Map<_, _> = options
        .iter()
        .map(|o| (o.name.to_string(), property(o)))
        .collect();
    let required: Vec<_> = options
        .iter()
        .filter(|o| is_required(o))
        .map(|o| o.name)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn is_required(option: &OptionSpec) -> bool {
    option.enabled_when.is_none()
        && match option.kind {
            Kind::Columns { min, .. } | Kind::Rows { min, .. } => min > 0,
            Kind::Column { optional, .. } | Kind::Formula { optional, .. } => !optional,
            _ => false,
        }
}

fn property(option: &OptionSpec) -> Value {
    let mut schema = match option.kind {
        Kind::Columns { min, max, .. } => {
            let mut s = json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true, "minItems": min});
            if max < usize::MAX {
                s["maxItems"] = json!(max);
            }
            s
        }
        Kind::Column { .. } | Kind::Level { .. } | Kind::Formula { .. } => {
            json!({"type": "string"})
        }
        Kind::Terms { .. } => {
            json!({"type": "array", "items": {"type": "array", "items": {"type": "string"}, "minItems": 2}})
        }
        Kind::Integer { default, min, max } => {
            let mut s = json!({"type": "integer", "minimum": min});
            if max < i64::MAX {
                s["maximum"] = json!(max);
            }
            if let Some(d) = default {
                s["default"] = json!(d);
            }
            s
        }
        Kind::Number { default, min, max } => {
            let mut s = json!({"type": "number"});
            if min > f64::MIN {
                s["minimum"] = json!(min);
            }
            if max < f64::MAX {
                s["maximum"] = json!(max);
            }
            if let Some(d) = default {
                s["default"] = json!(d);
            }
            s
        }
        Kind::Choice { choices, default } => {
            json!({"enum": choices.iter().map(|c| c.key).collect::<Vec<_>>(), "default": default})
        }
        Kind::Flag { default } => json!({"type": "boolean", "default": default}),
        Kind::Text { default, .. } => json!({"type": "string", "default": default}),
        Kind::Rows { fields, min, max } => {
            json!({"type": "array", "items": json_schema(fields), "minItems": min, "maxItems": max})
        }
    };
    schema["title"] = json!(option.title);
    schema["description"] = json!(option.help.trim());
    schema
}
