//! `jari list` and `jari describe`.

use jari::analyses::{find, specs};
use jari::report::Lang;
use jari::spec::{Kind, OptionSpec, Spec, json_schema};
use serde_json::json;

use crate::{Error, Format};

pub fn list(format: Format, lang: Lang) -> Result<String, Error> {
    match format {
        Format::Json => {
            let all = specs().iter().map(|s| json!({"id": s.id, "title": s.title().text(lang), "about": s.about().text(lang)}));
            Ok(format!("{:#}\n", all.collect::<serde_json::Value>()))
        }
        Format::Text => {
            let width = specs().iter().map(|s| s.id.len()).max().unwrap_or(0);
            Ok(specs()
                .iter()
                .map(|s| format!("{:width$}  {}\n", s.id, s.about().text(lang)))
                .collect())
        }
        Format::Html => Err(Error::Usage("list has the formats text and json".into())),
    }
}

pub fn describe(id: &str, format: Format, lang: Lang) -> Result<String, Error> {
    let spec = known(id)?;
    match format {
        Format::Json => {
            let mut schema = json_schema(spec.options);
            schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
            schema["$id"] = json!(format!("{}@{}", spec.id, spec.version));
            Ok(format!("{schema:#}\n"))
        }
        Format::Text => Ok(text(spec, lang)),
        Format::Html => Err(Error::Usage(
            "describe has the formats text and json".into(),
        )),
    }
}

/// The analysis called `id`.
pub fn known(id: &str) -> Result<&'static Spec, Error> {
    find(id).ok_or_else(|| {
        let near = specs()
            .iter()
            .filter(|s| s.id.ends_with(id) || s.id.contains(id))
            .map(|s| s.id);
        match near.collect::<Vec<_>>()[..] {
            [] => Error::Usage(format!("there is no analysis {id}; `jari list` shows all")),
            ref near => Error::Usage(format!(
                "there is no analysis {id}; perhaps {}",
                near.join(" or ")
            )),
        }
    })
}

fn text(spec: &Spec, lang: Lang) -> String {
    let mut out = format!(
        "{} ({}, version {})\n{}\n",
        spec.title().text(lang),
        spec.id,
        spec.version,
        spec.about().text(lang)
    );
    if !spec.inputs.is_empty() {
        out.push_str("\nTables\n");
        for input in spec.inputs {
            let note = if input.optional { " (optional)" } else { "" };
            out.push_str(&format!(
                "  --data {}=FILE  {}{note}\n",
                input.name,
                spec.input_title(input).text(lang)
            ));
        }
    }
    out.push_str("\nOptions\n");
    options(spec, "", spec.options, lang, &mut out);
    if spec.runs_by_group() {
        out.push_str("  --by COLUMN\n      Run it for each value of this column; given twice, for each combination.\n");
    }
    if !spec.outputs.is_empty() {
        out.push_str("\nTables made\n");
        for output in spec.outputs {
            out.push_str(&format!(
                "  --output {}=FILE  {}\n",
                output.name,
                spec.output_title(output).text(lang)
            ));
        }
    }
    out.push_str(&format!("\nMethod\n  {}\n", spec.method().text(lang)));
    if !spec.references.is_empty() {
        out.push_str("\nReferences\n");
        spec.references
            .iter()
            .for_each(|r| out.push_str(&format!("  {r}\n")));
    }
    out
}

fn options(spec: &Spec, prefix: &str, list: &[OptionSpec], lang: Lang, out: &mut String) {
    for option in list {
        let name = format!("{prefix}{}", option.name);
        let dash = if prefix.is_empty() { "--set " } else { "    " };
        out.push_str(&format!(
            "  {dash}{name}={}\n      {}\n",
            takes(option),
            spec.option_help(&name, option).text(lang)
        ));
        if let Some(condition) = option.enabled_when {
            let is = match condition.is {
                [] => "chosen".to_string(),
                is => is.join(" or "),
            };
            out.push_str(&format!("      Only when {} is {is}.\n", condition.option));
        }
        match option.kind {
            Kind::Choice { choices, .. } => {
                for choice in choices {
                    out.push_str(&format!(
                        "      {:18} {}\n",
                        choice.key,
                        spec.choice_title(&name, choice).text(lang)
                    ));
                }
            }
            Kind::Rows { fields, .. } => options(spec, &format!("{name}."), fields, lang, out),
            _ => {}
        }
    }
}

fn takes(option: &OptionSpec) -> String {
    match option.kind {
        Kind::Columns { .. } => "COLUMN,COLUMN…".into(),
        Kind::Column { .. } => "COLUMN".into(),
        Kind::Level { .. } => "LEVEL".into(),
        Kind::Terms { .. } => "'[[\"COLUMN\",\"COLUMN\"]]'".into(),
        Kind::Integer { default, .. } => {
            default.map_or("INTEGER".into(), |d| format!("INTEGER ({d})"))
        }
        Kind::Number { default, .. } => {
            default.map_or("NUMBER".into(), |d| format!("NUMBER ({d})"))
        }
        Kind::Choice { default, .. } => format!("CHOICE ({default})"),
        Kind::Flag { default } => format!("true|false ({default})"),
        Kind::Text { default: "", .. } => "TEXT".into(),
        Kind::Text { default, .. } => format!("TEXT ({default})"),
        Kind::Formula { .. } => "FORMULA".into(),
        Kind::Rows { .. } => "JSON list of objects with".into(),
    }
}
