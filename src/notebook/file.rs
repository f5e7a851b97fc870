//! The `.jari.json` file: one notebook, its results, and its data when they are wanted.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::document::{Body, CellResult, Notebook, Outcome};
use crate::msg;
use crate::report::Msg;
use crate::spec::Values;

/// A notebook as it is written to a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct File {
    pub notebook: Notebook,
    #[serde(default)]
    pub results: BTreeMap<String, CellResult>,
    /// Table id to the table's JSON; empty when the file was written without data.
    #[serde(default)]
    pub data: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FileError {
    NotJson {
        line: usize,
        what: String,
    },
    NotANotebook,
    /// Written by a later version of Jari.
    TooNew {
        version: u64,
    },
    Broken {
        what: String,
    },
}

const FORMAT: &str = "jari.notebook";
const VERSION: u64 = 1;

/// What tells a notebook from other JSON.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

#[derive(Serialize)]
struct Written<'a> {
    format: &'a str,
    version: u64,
    #[serde(flatten)]
    file: &'a File,
}

impl File {
    pub fn to_json(&self) -> String {
        let written = Written {
            format: FORMAT,
            version: VERSION,
            file: self,
        };
        serde_json::to_string_pretty(&written).expect("a notebook has string keys only")
    }

    /// Leaves out the levels of the columns that no cell names, for a file without its data: what is
    /// in a column is data, but a form goes on offering the levels that its cell works with.
    pub fn forget_unnamed_levels(&mut self) {
        let options: Vec<String> = self
            .notebook
            .cells
            .iter()
            .filter_map(|cell| match &cell.body {
                Body::Analysis(call) => serde_json::to_string(&(&call.values, &call.by)).ok(),
                Body::Text(_) => None,
            })
            .collect();
        let sources = self.notebook.sources.iter_mut().map(|s| &mut s.info);
        let made = self
            .results
            .values_mut()
            .flat_map(|r| match &mut r.outcome {
                Outcome::Done { tables, .. } => tables.values_mut().collect(),
                Outcome::Failed { .. } => Vec::new(),
            });
        for column in sources.chain(made).flat_map(|info| &mut info.columns) {
            if !options.iter().any(|text| text.contains(&column.name)) {
                column.levels = None;
            }
        }
    }

    /// The file's text in two, around the place where `"id": {…}` of each table goes.
    pub fn to_json_around_data(&self) -> (String, &'static str) {
        let bare = Self {
            data: BTreeMap::new(),
            ..self.clone()
        };
        let mut text = bare.to_json();
        let end = text.rfind('}').expect("it is an object");
        let place = text[..end].rfind('}').expect("data is an object");
        text.truncate(place);
        (text, "}\n}")
    }

    /// The text of a file without its data, and where in `bytes` the JSON of each table lies. What is
    /// not an object has no data.
    ///
    /// # Errors
    /// When `bytes` are not JSON.
    pub fn split_data(bytes: &[u8]) -> Result<(String, BTreeMap<String, Range<usize>>), FileError> {
        type Parts<'a> = BTreeMap<String, &'a RawValue>;
        let text = str::from_utf8(bytes).map_err(|e| FileError::NotJson {
            line: 1 + bytes[..e.valid_up_to()]
                .iter()
                .filter(|&&b| b == b'\n')
                .count(),
            what: e.to_string(),
        })?;
        let mut parts: Parts = match serde_json::from_str(text) {
            Ok(parts) => parts,
            Err(e) if e.is_data() => return Ok((text.to_string(), BTreeMap::new())),
            Err(e) => return Err(not_json(&e)),
        };
        let data: Parts = parts
            .remove("data")
            .and_then(|data| serde_json::from_str(data.get()).ok())
            .unwrap_or_default();
        let place = |json: &RawValue| {
            let start = json.get().as_ptr() as usize - bytes.as_ptr() as usize;
            start..start + json.get().len()
        };
        let data = data.into_iter().map(|(id, json)| (id, place(json)));
        let rest = serde_json::to_string(&parts).expect("keys are strings");
        Ok((rest, data.collect()))
    }

    /// Reads a file of this version or an earlier one. `migrate` brings the values of an analysis to
    /// the version that it has now, which it gives back.
    ///
    /// # Errors
    /// When `text` is not a notebook, or one that this version cannot read.
    pub fn from_json(
        text: &str,
        migrate: impl Fn(&str, u32, Values) -> (u32, Values),
    ) -> Result<Self, FileError> {
        let head: Head = match serde_json::from_str(text) {
            Ok(head) => head,
            Err(e) if e.is_data() => return Err(FileError::NotANotebook),
            Err(e) => return Err(not_json(&e)),
        };
        if head.format != FORMAT {
            return Err(FileError::NotANotebook);
        }
        if head.version > VERSION {
            return Err(FileError::TooNew {
                version: head.version,
            });
        }
        let mut file: File = serde_json::from_str(text).map_err(|e| FileError::Broken {
            what: e.to_string(),
        })?;
        for cell in &mut file.notebook.cells {
            if let Body::Analysis(call) = &mut cell.body {
                (call.version, call.values) = migrate(
                    &call.analysis,
                    call.version,
                    std::mem::take(&mut call.values),
                );
            }
        }
        Ok(file)
    }
}

fn not_json(error: &serde_json::Error) -> FileError {
    FileError::NotJson {
        line: error.line(),
        what: error.to_string(),
    }
}

impl FileError {
    pub fn message(&self) -> Msg {
        match self {
            Self::NotJson { line, what } => {
                msg!(
                    "file.not_json",
                    "The file is not JSON; line {line}: {what}",
                    line = *line,
                    what = what
                )
            }
            Self::NotANotebook => msg!(
                "file.not_a_notebook",
                "The file is JSON, but not a Jari notebook."
            ),
            Self::TooNew { version } => msg!(
                "file.too_new",
                "The notebook has format {version}; this Jari reads up to {newest}. Reload the page to get the newest Jari.",
                version = *version,
                newest = VERSION
            ),
            Self::Broken { what } => msg!(
                "file.broken",
                "The notebook is damaged: {what}",
                what = what
            ),
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().text(crate::report::Lang::En))
    }
}

impl std::error::Error for FileError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<File, FileError> {
        File::from_json(text, |_, version, values| (version, values))
    }

    #[test]
    fn a_file_comes_back_as_it_was() {
        let file = File {
            notebook: Notebook {
                id: "n".into(),
                title: "봄 행사".into(),
                ..Notebook::default()
            },
            ..File::default()
        };
        assert_eq!(read(&file.to_json()), Ok(file));
    }

    #[test]
    fn without_data_only_levels_that_cells_work_with_stay() {
        let column = |name: &str| serde_json::json!({"name": name, "kind": "category", "measure": "nominal", "n_missing": 0, "levels": ["a"]});
        let info = serde_json::json!({"n_rows": 1, "columns": [column("sex"), column("island")]});
        let report = serde_json::to_value(crate::report::Report::default()).unwrap();
        let mut file: File = serde_json::from_value(serde_json::json!({
            "notebook": {
                "id": "n", "title": "",
                "sources": [{"name": "t", "table": "1", "file": "t.csv", "options": {}, "info": info.clone()}],
                "cells": [{"id": "c", "analysis": {"analysis": "a.b", "version": 1, "values": {"x": ["sex"]}}}],
            },
            "results": {"c": {"fingerprint": "f", "outcome": {"done": {"report": report, "tables": {"out": info}}}, "ms": 1.0}},
        }))
        .unwrap();
        file.forget_unnamed_levels();
        let Outcome::Done { tables, .. } = &file.results["c"].outcome else {
            panic!("it is done");
        };
        for info in [&file.notebook.sources[0].info, &tables["out"]] {
            let levels: Vec<bool> = info.columns.iter().map(|c| c.levels.is_some()).collect();
            assert_eq!(levels, [true, false]);
        }
    }

    #[test]
    fn data_are_put_in_and_cut_out_as_they_are() {
        let file = File {
            notebook: Notebook {
                title: "{\"data\": 1}".into(),
                ..Notebook::default()
            },
            ..File::default()
        };
        let (head, tail) = file.to_json_around_data();
        let table = r#"{"name": "표",  "x": [1, 2.50]}"#;
        let text = format!("{head}\n\"a\": {table},\n\"b\": null{tail}");
        assert_eq!(read(&text).unwrap().data.len(), 2);
        let (rest, data) = File::split_data(text.as_bytes()).unwrap();
        assert_eq!(read(&rest), Ok(file));
        assert_eq!(&text[data["a"].clone()], table);
        assert_eq!(&text[data["b"].clone()], "null");
        assert_eq!(
            File::split_data(b"[1]"),
            Ok(("[1]".into(), BTreeMap::new()))
        );
        assert!(matches!(
            File::split_data(b"{\n\"a\": }"),
            Err(FileError::NotJson { line: 2, .. })
        ));
    }

    #[test]
    fn what_is_not_a_notebook_says_so() {
        assert!(matches!(
            read("{\n\"a\": }"),
            Err(FileError::NotJson { line: 2, .. })
        ));
        assert_eq!(read("[]"), Err(FileError::NotANotebook));
        assert_eq!(
            read(r#"{"format": "jari.notebook", "version": 99}"#),
            Err(FileError::TooNew { version: 99 })
        );
        assert!(matches!(
            read(r#"{"format": "jari.notebook", "version": 1}"#),
            Err(FileError::Broken { .. })
        ));
    }
}
