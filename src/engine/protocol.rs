//! The messages between a client and the engine.
//!
//! A client posts `{id, request, source?, buffers?}`: `source` is the `File`, `Blob`, `ArrayBuffer` or
//! text that a request reads, or an array of several, `buffers` are `ArrayBuffer`s. The engine answers `{id, response,
//! buffer?}`: any number of [`Response::Progress`], then one other. Field names are those of the
//! Rust types, enums carry their variant in `type`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::report::{Lang, Msg};
use crate::spec::{Changes, FieldError, Language, RunError, TableInfo, Values};
use crate::table::Declaration;
use crate::table::csv::{ImportOptions, Preview, Understood};
use crate::table::profile::ColumnProfile;

/// What a client asks. Tables are named by ids that the client chooses.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// The first request: which folder of the browser's private file system holds the tables.
    /// Without one the engine sends every new table back in a `keep` message for the client to hold.
    Start {
        folder: Option<String>,
    },
    /// How `source` would be understood, or several files of delimited text that are to be put one
    /// below the other. What kind of file it is follows from its content and its name;
    /// [`ImportOptions::format`] overrules both.
    Preview {
        options: ImportOptions,
        /// The file's name, when `source` has none of its own.
        #[serde(default)]
        name: String,
    },
    /// Reads `source` into the table `table`. With several files [`ImportOptions::append`] is needed.
    Import {
        table: String,
        options: ImportOptions,
        /// The file's name, when `source` has none of its own.
        #[serde(default)]
        name: String,
        /// The table that the new one takes the place of: the answer says what changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<TableInfo>,
    },
    /// Makes a table of numbers: `buffers[i]` holds 64-bit floats of the column `names[i]`.
    ImportColumns {
        table: String,
        names: Vec<String>,
    },
    /// Takes back a table from `buffers[0]`, as a `keep` message gave it.
    Restore {
        table: String,
    },
    /// Cuts the notebook file `source` into its text and the places of its tables' JSON, so that no
    /// one else has to read the data.
    SplitNotebook,
    /// Reads a table from `source`, its JSON in a notebook file.
    ImportJson {
        table: String,
    },
    /// The table `table` with what is said of its columns, by their names, as the table `into`.
    Declare {
        table: String,
        into: String,
        columns: BTreeMap<String, Declaration>,
    },
    Run(RunRequest),
    /// An analysis as a script of another language.
    Code(CodeRequest),
    /// The rows from `start` on, at most `n`, as text; values that have a label are shown by it when
    /// `labels`.
    Rows {
        table: String,
        start: usize,
        n: usize,
        #[serde(default)]
        labels: bool,
    },
    /// Count, sum and more of a range of cells.
    Summarise {
        table: String,
        cells: Cells,
    },
    /// The next cell whose text holds `text`, capitals or not, row by row behind the cell `from`;
    /// before it when `back`. Goes on at the other end of the table.
    Find {
        table: String,
        text: String,
        /// Row and column.
        from: (usize, usize),
        #[serde(default)]
        back: bool,
    },
    Profile {
        table: String,
    },
    /// The table as a file, in the answer's `buffer`.
    Export {
        table: String,
        format: TableFormat,
    },
    Info {
        table: String,
    },
    /// Forgets all tables but these.
    Keep {
        tables: Vec<String>,
    },
}

/// One run of an analysis.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRequest {
    pub analysis: String,
    #[serde(default)]
    pub values: Values,
    /// Columns of the first table: the analysis is run for each combination of their values.
    #[serde(default)]
    pub by: Vec<String>,
    /// Input name to table id.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// Output name to the id that the table gets; outputs that are not named are not kept.
    #[serde(default)]
    pub outputs: BTreeMap<String, String>,
    #[serde(default = "one")]
    pub seed: u64,
    /// Ask for the report as JSON for machines, its sentences in this language.
    #[serde(default)]
    pub json: Option<Lang>,
}

/// Which analysis, with which options, in which language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeRequest {
    pub analysis: String,
    /// Columns that it is run by.
    #[serde(default)]
    pub by: Vec<String>,
    #[serde(default)]
    pub values: Values,
    /// Input name to table id.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// Input name to the file that the script reads; left out, a name is made up.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    pub language: Language,
}

fn one() -> u64 {
    1
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableFormat {
    /// UTF-8.
    Csv,
    /// UTF-8 with a byte order mark, which Excel needs to see Korean.
    CsvForExcel,
    /// CP949, as Korean Windows writes it; characters that it has not become `?` and are named.
    CsvCp949,
    /// The JSON of a notebook file.
    Json,
    /// One object a row and line.
    JsonLines,
    /// An Excel workbook of one sheet.
    Xlsx,
    /// Compressed with Snappy.
    Parquet,
    /// Arrow's file format, which is also Feather.
    Arrow,
}

impl TableFormat {
    /// Every format, as its name in JSON and the usual ending of such a file.
    pub const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Csv, "csv", "csv"),
        (Self::CsvForExcel, "csv_for_excel", "csv"),
        (Self::CsvCp949, "csv_cp949", "csv"),
        (Self::Json, "json", "json"),
        (Self::JsonLines, "json_lines", "jsonl"),
        (Self::Xlsx, "xlsx", "xlsx"),
        (Self::Parquet, "parquet", "parquet"),
        (Self::Arrow, "arrow", "arrow"),
    ];

    /// The usual ending of such a file, without the point.
    pub fn extension(self) -> &'static str {
        let found = Self::ALL.iter().find(|(format, _, _)| *format == self);
        found.map_or("csv", |(_, _, extension)| extension)
    }

    /// Whether the readers and writers beside the engine are needed for it.
    pub fn needs_formats(self) -> bool {
        matches!(self, Self::Xlsx | Self::Parquet | Self::Arrow)
    }
}

/// What the engine answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Response {
    Started {
        build: String,
    },
    Progress(Progress),
    Previewed {
        preview: Box<Preview>,
        warnings: Vec<Msg>,
    },
    Notebook {
        /// The file without its data.
        text: String,
        /// First byte and the one behind the last, by table id.
        data: BTreeMap<String, (u64, u64)>,
    },
    Imported {
        info: TableInfo,
        understood: Option<Understood>,
        warnings: Vec<Msg>,
        /// Against the table that the request named as before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        changes: Option<Box<Changed>>,
    },
    Ran(Box<Ran>),
    /// `None` when the analysis has no script in that language for these options.
    Code {
        code: Option<String>,
    },
    Rows(Rows),
    Summarised(Summary),
    /// Row and column, when there is such a cell.
    Found {
        cell: Option<(usize, usize)>,
    },
    Profiled {
        columns: Vec<ColumnProfile>,
    },
    /// In the message's `buffer`.
    Exported {
        /// What the format cannot hold, and became of it.
        #[serde(default)]
        warnings: Vec<Msg>,
    },
    Info {
        info: TableInfo,
    },
    Done,
    Failed(Failure),
}

/// What changed from one reading of a table to the next, and the same in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    #[serde(flatten)]
    pub changes: Changes,
    pub sentences: Vec<Msg>,
}

impl Response {
    /// Says of an imported table what changed.
    pub fn compared_with(mut self, before: Option<&TableInfo>) -> Self {
        if let (Self::Imported { info, changes, .. }, Some(before)) = (&mut self, before) {
            let found = Changes::of(before, info);
            *changes = Some(Box::new(Changed {
                sentences: found.sentences(),
                changes: found,
            }));
        }
        self
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// 0 to 1.
    pub done: f32,
    pub step: Msg,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ran {
    /// The [`Report`](crate::report::Report) as JSON text, which a page reads faster than an object.
    pub report: Option<String>,
    /// Instead of the report when [`RunRequest::json`] asked for it.
    pub json: Option<Value>,
    /// By output name.
    pub tables: BTreeMap<String, TableInfo>,
    /// How long the analysis took, in milliseconds.
    pub ms: f64,
}

/// A window of rows, column by column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    pub start: usize,
    /// `columns[j][i]` is row `start + i` of column j; `None` is missing.
    pub columns: Vec<Vec<Option<String>>>,
}

/// A range of cells: rows and columns from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    pub rows: (usize, usize),
    pub columns: (usize, usize),
}

/// What a range of cells holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Cells that are not missing.
    pub n: usize,
    /// Those of them that hold a number.
    pub n_numbers: usize,
    pub sum: f64,
    /// The least and the greatest number, when there is one.
    pub range: Option<(f64, f64)>,
}

/// Why there is no answer, as a sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    pub message: Msg,
    /// Errors that belong to an option.
    #[serde(default)]
    pub fields: Vec<FieldError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    Cancelled,
    /// An option does not fit.
    Options,
    /// The data do not allow it.
    Data,
    /// A file could not be read.
    Import,
    NoTable,
    NoAnalysis,
    /// The engine stopped by a fault of its own; a new one is started.
    Crashed,
    OutOfMemory,
    /// Page and engine are of different builds.
    Stale,
    Storage,
}

impl Failure {
    pub fn new(kind: FailureKind, message: Msg) -> Self {
        Self {
            kind,
            message,
            fields: Vec::new(),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let kind = match &error {
            RunError::Cancelled => FailureKind::Cancelled,
            RunError::Options(_) => FailureKind::Options,
            RunError::Data(_) => FailureKind::Data,
            RunError::NoTable { .. } => FailureKind::NoTable,
        };
        let message = error.message();
        let fields = if let RunError::Options(fields) = error {
            fields
        } else {
            Vec::new()
        };
        Self {
            kind,
            message,
            fields,
        }
    }
}
