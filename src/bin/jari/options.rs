//! Option values from `--set` and `--options`.

use std::path::Path;

use jari::spec::{Kind, OptionSpec, Spec, Values};
use serde_json::Value;

use crate::Error;

/// The values of a JSON file, then those set one by one.
pub fn values(spec: &Spec, file: Option<&Path>, set: &[String]) -> Result<Values, Error> {
    let mut values = match file {
        None => Values::new(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|e| Error::Usage(format!("{}: {e}", path.display())))?;
            match serde_json::from_str(&text) {
                Ok(Value::Object(values)) => values,
                Ok(_) => {
                    return Err(Error::Usage(format!(
                        "{}: the options must be a JSON object",
                        path.display()
                    )));
                }
                Err(e) => return Err(Error::Usage(format!("{}: {e}", path.display()))),
            }
        }
    };
    for setting in set {
        let (name, text) = setting
            .split_once('=')
            .ok_or_else(|| Error::Usage(format!("--set {setting}: write it as option=value")))?;
        let option = spec.option(name).ok_or_else(|| {
            let names: Vec<_> = spec.options.iter().map(|o| o.name).collect();
            Error::Usage(format!(
                "{} has no option {name}; it has {}",
                spec.id,
                names.join(", ")
            ))
        })?;
        values.insert(name.to_string(), value(option, text)?);
    }
    Ok(values)
}

/// A value as people type it: JSON where it looks like JSON, else by the option's kind.
fn value(option: &OptionSpec, text: &str) -> Result<Value, Error> {
    let wrong = |what: &str| Error::Usage(format!("--set {}={text}: {what}", option.name));
    if text.starts_with(['[', '{']) {
        return serde_json::from_str(text).map_err(|e| wrong(&e.to_string()));
    }
    Ok(match option.kind {
        Kind::Columns { .. } => text
            .split(',')
            .map(|name| Value::from(name.trim()))
            .collect(),
        Kind::Integer { .. } => text
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| wrong("a whole number is needed"))?,
        Kind::Number { .. } => text
            .parse::<f64>()
            .map(Value::from)
            .map_err(|_| wrong("a number is needed"))?,
        Kind::Flag { .. } => text
            .parse::<bool>()
            .map(Value::from)
            .map_err(|_| wrong("true or false is needed"))?,
        Kind::Terms { .. } | Kind::Rows { .. } => return Err(wrong("a JSON list is needed")),
        Kind::Column { .. }
        | Kind::Level { .. }
        | Kind::Choice { .. }
        | Kind::Formula { .. }
        | Kind::Text { .. } => text.into(),
    })
}
