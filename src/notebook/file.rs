//! The `.jari.json` file: one notebook, its results, and its data when they are wanted.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::document::{Body, CellResult, Notebook};
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

    /// Reads a file of this version or an earlier one. `migrate` brings the values of an analysis to
    /// the version that it has now, which it gives back.
    ///
    /// # Errors
    /// When `text` is not a notebook, or one that this version cannot read.
    pub fn from_json(
        text: &str,
        migrate: impl Fn(&str, u32, Values) -> (u32, Values),
    ) -> Result<Self, FileError> {
        let not_json = |e: serde_json::Error| FileError::NotJson {
            line: e.line(),
            what: e.to_string(),
        };
        let head: Head = match serde_json::from_str(text) {
            Ok(head) => head,
            Err(e) if e.is_data() => return Err(FileError::NotANotebook),
            Err(e) => return Err(not_json(e)),
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
