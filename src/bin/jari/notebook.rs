//! `jari notebook run`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jari::analyses;
use jari::notebook::{Body, File, Graph};
use jari::report::{self, Document, Lang, Report};
use jari::spec::{Ctx, Input, silent};
use jari::table::{Table, json as table_json};
use serde_json::{Value, json};

use crate::files::{matching, read_all};
use crate::run::explain;
use crate::{Error, Format, write};

/// A cell's report, or why it has none.
type Outcome = Result<Report, String>;

pub fn run(path: &Path, format: Format, data: &[String], lang: Lang) -> Result<String, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Error::Usage(format!("{}: {e}", path.display())))?;
    let file = File::from_json(&text, |analysis, version, values| {
        match analyses::find(analysis) {
            Some(spec) if version < spec.version => {
                (spec.version, analyses::migrate(analysis, values, version))
            }
            _ => (version, values),
        }
    })
    .map_err(|e| Error::Failed(format!("{}: {}", path.display(), e.message().text(lang))))?;
    let mut tables = sources(&file, data, lang)?;
    let outcomes = run_cells(&file, &mut tables, lang);
    let out = match format {
        Format::Text => text_of(&file, &outcomes, lang),
        Format::Json => json_of(&file, &outcomes, lang),
        Format::Html => html_of(&file, &outcomes, lang),
    };
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|(_, o)| o.is_err())
        .map(|(cell, _)| cell.as_str())
        .collect();
    if failed.is_empty() {
        return Ok(out);
    }
    print!("{out}");
    Err(Error::Failed(format!(
        "{} of the cells gave no answer: {}",
        failed.len(),
        failed.join(", ")
    )))
}

/// The notebook's source tables by the engine's ids: from the file itself, or from files that are named.
fn sources(file: &File, data: &[String], lang: Lang) -> Result<HashMap<String, Table>, Error> {
    let mut paths: HashMap<&str, Vec<String>> = HashMap::new();
    for pair in data {
        let (name, path) = pair
            .split_once('=')
            .ok_or_else(|| Error::Usage(format!("--data {pair}: write it as NAME=FILE")))?;
        if file.notebook.source(name).is_none() {
            return Err(Error::Usage(format!("the notebook has no table {name}")));
        }
        paths.entry(name).or_default().extend(matching(path)?);
    }
    let mut tables = HashMap::new();
    for source in &file.notebook.sources {
        let table = match (
            paths.get(source.name.as_str()),
            file.data.get(&source.table),
        ) {
            (Some(paths), _) => read_all(paths, &source.options, lang)?,
            (None, Some(json)) => table_json::read(json)
                .map_err(|e| Error::Failed(format!("table {}: {e}", source.name)))?,
            (None, None) => {
                let name = &source.name;
                return Err(Error::Usage(format!(
                    "the notebook was saved without its data; give --data \"{name}={}\"",
                    source.file
                )));
            }
        };
        tables.insert(source.table.clone(), table);
    }
    Ok(tables)
}

fn run_cells(
    file: &File,
    tables: &mut HashMap<String, Table>,
    lang: Lang,
) -> BTreeMap<String, Outcome> {
    let graph = Graph::new(&file.notebook);
    let mut outcomes = BTreeMap::new();
    for (cell, _) in file
        .notebook
        .calls()
        .filter(|(cell, _)| graph.step(&cell.id).is_none())
    {
        outcomes.insert(
            cell.id.clone(),
            Err("a table that it reads is not there".to_string()),
        );
    }
    for step in graph.steps() {
        let call = file
            .notebook
            .cell(&step.cell)
            .and_then(|c| c.call())
            .expect("a step is of an analysis");
        let inputs = step
            .inputs
            .iter()
            .map(|(name, id)| Some((name.clone(), tables.get(id)?.clone())));
        let outcome = match (
            analyses::find(&call.analysis),
            inputs.collect::<Option<Vec<_>>>(),
        ) {
            (None, _) => Err(format!("there is no analysis {}", call.analysis)),
            (_, None) => Err("the cell that makes its table gave no answer".to_string()),
            (Some(spec), Some(inputs)) => {
                let mut nobody = silent;
                let mut ctx = Ctx::new(call.seed, &mut nobody);
                analyses::run_by(
                    spec.id,
                    &call.by,
                    &call.values,
                    &Input::new(inputs),
                    &mut ctx,
                )
                .map(|output| {
                    let kept = output
                        .tables
                        .into_iter()
                        .filter_map(|(name, table)| Some((step.outputs.get(name)?.clone(), table)));
                    tables.extend(kept);
                    output.report
                })
                .map_err(|e| match explain(&e, lang) {
                    Error::Usage(message) | Error::Failed(message) => message,
                })
            }
        };
        outcomes.insert(step.cell, outcome);
    }
    outcomes
}

fn title_of(analysis: &str, lang: Lang) -> String {
    analyses::find(analysis).map_or_else(|| analysis.to_string(), |s| s.title().text(lang))
}

fn text_of(file: &File, outcomes: &BTreeMap<String, Outcome>, lang: Lang) -> String {
    let mut out = String::new();
    for cell in &file.notebook.cells {
        match &cell.body {
            Body::Text(markdown) => out.push_str(&format!("{markdown}\n\n")),
            Body::Analysis(call) => {
                out.push_str(&format!("═══ {} ═══\n", title_of(&call.analysis, lang)));
                match &outcomes[&cell.id] {
                    Ok(report) => out.push_str(&report::text(report, lang)),
                    Err(message) => out.push_str(&format!("! {message}\n")),
                }
                out.push('\n');
            }
        }
    }
    out
}

fn json_of(file: &File, outcomes: &BTreeMap<String, Outcome>, lang: Lang) -> String {
    let cell = |cell: &jari::notebook::Cell| -> Value {
        match &cell.body {
            Body::Text(markdown) => json!({"id": cell.id, "text": markdown}),
            Body::Analysis(call) => {
                let mut out = json!({"id": cell.id, "analysis": call.analysis, "version": call.version, "seed": call.seed, "options": call.values});
                if !call.by.is_empty() {
                    out["by"] = json!(call.by);
                }
                match &outcomes[&cell.id] {
                    Ok(report) => out["report"] = report::json(report, lang),
                    Err(message) => out["error"] = json!(message),
                }
                out
            }
        }
    };
    let cells: Vec<Value> = file.notebook.cells.iter().map(cell).collect();
    format!(
        "{:#}\n",
        json!({"title": file.notebook.title, "cells": cells})
    )
}

fn html_of(file: &File, outcomes: &BTreeMap<String, Outcome>, lang: Lang) -> String {
    let title = if file.notebook.title.is_empty() {
        "Jari"
    } else {
        &file.notebook.title
    };
    let mut parts = vec![write::heading(1, title)];
    for cell in &file.notebook.cells {
        match &cell.body {
            Body::Text(markdown) => parts.push(format!("<pre>{}</pre>", report::escape(markdown))),
            Body::Analysis(call) => {
                parts.push(write::heading(2, &title_of(&call.analysis, lang)));
                parts.push(match &outcomes[&cell.id] {
                    Ok(report) => write::html(report, lang),
                    Err(message) => format!("<p class=\"warning\">{}</p>", report::escape(message)),
                });
            }
        }
    }
    Document { title, lang, parts }.html()
}
