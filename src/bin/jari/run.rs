//! `jari run`.

use std::path::{Path, PathBuf};

use jari::analyses;
use jari::report::{self, Document, Lang};
use jari::spec::{Ctx, Input, RunError, Spec, by, silent};
use jari::table::Table;
use jari::table::csv::ImportOptions;
use serde_json::json;

use crate::describe::known;
use crate::files::{import_options, matching, read_all, write_table};
use crate::options::values;
use crate::{Error, Format, write};

#[derive(clap::Args)]
pub struct Args {
    /// The analysis; `jari list` shows all.
    id: String,
    /// A file for the input `table` or the one that is named: CSV, XLSX, XLS, ODS, Parquet, Arrow, JSON or SPSS. Text
    /// files given for the same input, or by a pattern such as `2024-*.csv`, are put one below the other.
    #[arg(long, value_name = "[NAME=]FILE")]
    data: Vec<String>,
    /// How to read the files: JSON with encoding, delimiter, decimal, has_header, skip_rows, missing, columns, keep_footer,
    /// members, append, source_column, sheet, header_row.
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// An option's value; lists of columns are separated by commas, lists of rows are JSON.
    #[arg(long, value_name = "OPTION=VALUE")]
    set: Vec<String>,
    /// A JSON file with option values; --set goes before it.
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
    /// Run it for each value of this column of the first table; given twice, for each combination.
    #[arg(long, value_name = "COLUMN")]
    by: Vec<String>,
    /// Seed of everything random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write a table that the analysis makes; the ending says how: csv, xlsx, parquet, arrow, json, jsonl.
    #[arg(long, value_name = "NAME=FILE")]
    output: Vec<String>,
}

pub fn run(args: &Args, lang: Lang) -> Result<String, Error> {
    let spec = known(&args.id)?;
    let values = values(spec, args.options.as_deref(), &args.set)?;
    let outputs = outputs(spec, &args.output)?;
    let import = import_options(args.import.as_deref())?;
    let tables = tables(spec, &args.data, &import, lang)?;
    let mut nobody = silent;
    let mut ctx = Ctx::new(args.seed, &mut nobody);
    let output = analyses::run_by(spec.id, &args.by, &values, &Input::new(tables), &mut ctx)
        .map_err(|e| explain(&e, lang))?;
    for (name, path) in outputs {
        let found = output.tables.iter().find(|(n, _)| *n == name);
        let (_, table) =
            found.ok_or_else(|| Error::Failed(format!("this run made no table {name}")))?;
        write_table(table, path, None, lang)?;
    }
    Ok(match args.format {
        Format::Text => report::text(&output.report, lang),
        Format::Json => {
            let mut result = json!({"analysis": spec.id, "version": spec.version, "seed": args.seed, "options": values});
            if !args.by.is_empty() {
                result["by"] = json!(args.by);
            }
            let report = report::json(&output.report, lang);
            result
                .as_object_mut()
                .expect("an object")
                .extend(report.as_object().expect("an object").clone());
            format!("{result:#}\n")
        }
        Format::Html => {
            let title = spec.title().text(lang);
            let parts = vec![write::heading(1, &title), write::html(&output.report, lang)];
            Document {
                title: &title,
                lang,
                parts,
            }
            .html()
        }
    })
}

/// The inputs and their tables: files that are given for the same one make one table.
fn tables(
    spec: &Spec,
    data: &[String],
    import: &ImportOptions,
    lang: Lang,
) -> Result<Vec<(String, Table)>, Error> {
    let mut paths: Vec<(&str, Vec<String>)> = Vec::new();
    for data in data {
        let (name, path) = input(spec, data)?;
        let more = matching(path)?;
        match paths.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.extend(more),
            None => paths.push((name, more)),
        }
    }
    let read = |(name, paths): (&str, Vec<String>)| {
        Ok((name.to_string(), read_all(&paths, import, lang)?))
    };
    paths.into_iter().map(read).collect()
}

/// The input that a `--data` names, and its file.
pub fn input<'a>(spec: &Spec, data: &'a str) -> Result<(&'a str, &'a str), Error> {
    let (name, path) = named(data, "table");
    if spec.inputs.iter().any(|i| i.name == name) {
        return Ok((name, path));
    }
    let names: Vec<_> = spec.inputs.iter().map(|i| i.name).collect();
    Err(Error::Usage(format!(
        "{} has no input {name}; it has {}",
        spec.id,
        names.join(", ")
    )))
}

/// `NAME=FILE`, or a file for `default` when the whole is one.
fn named<'a>(text: &'a str, default: &'a str) -> (&'a str, &'a str) {
    match text.split_once('=') {
        Some((name, path)) if !Path::new(text).exists() => (name, path),
        _ => (default, text),
    }
}

fn outputs<'a>(spec: &Spec, asked: &'a [String]) -> Result<Vec<(&'a str, &'a str)>, Error> {
    let pair = |text: &'a String| {
        let (name, path) = text
            .split_once('=')
            .ok_or_else(|| Error::Usage(format!("--output {text}: write it as NAME=FILE")))?;
        if !spec.outputs.iter().any(|o| o.name == name) {
            return Err(Error::Usage(format!("{} makes no table {name}", spec.id)));
        }
        Ok((name, path))
    };
    asked.iter().map(pair).collect()
}

/// An analysis's error with the options that it is about.
pub fn explain(error: &RunError, lang: Lang) -> Error {
    match error {
        RunError::Options(fields) => {
            let lines: Vec<_> = fields
                .iter()
                .map(|f| match f.option.as_str() {
                    by::PATH => format!("by: {}", f.message.text(lang)),
                    option => format!("{option}: {}", f.message.text(lang)),
                })
                .collect();
            Error::Usage(lines.join("\njari: "))
        }
        RunError::NoTable { input } => {
            Error::Usage(format!("a table is needed: --data {input}=FILE"))
        }
        other => Error::Failed(other.message().text(lang)),
    }
}
