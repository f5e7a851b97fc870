//! Readers and writers of files that are no delimited text: workbooks, Parquet, Arrow, JSON and SPSS.
//!
//! The engine's worker loads this room as a wasm of its own when a file asks for it; the command
//! line calls it directly. Tables go to the engine as [`storage`](crate::table::storage) lays them
//! out, so that the engine itself carries no reader but the one of delimited text.

mod arrow;
mod bytes;
mod cells;
mod compress;
mod described;
mod finish;
mod json;
mod names;
mod number_format;
mod parquet;
mod sav;
mod sheet;
mod sink;
mod strings;
mod texts;
mod words;
mod xlsx_out;

use crate::msg;
use crate::report::Msg;
use crate::table::csv::{ImportOptions, Preview, Source, Understood};
use crate::table::{FileFormat, Table};

/// A table read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub table: Table,
    /// What the reader decided; of the same form as a preview's.
    pub understood: Understood,
    pub warnings: Vec<Msg>,
}

/// What a file looks like before it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Previewed {
    pub preview: Preview,
    pub warnings: Vec<Msg>,
}

/// A table as a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub bytes: Vec<u8>,
    /// What the format cannot hold, and became of it.
    pub warnings: Vec<Msg>,
}

/// Why a file cannot be read or written.
#[derive(Clone, Debug, PartialEq)]
pub enum FormatError {
    Cancelled,
    /// What is wrong, where, and what to try.
    Said(Msg),
}

/// A kind of file that tables are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutFormat {
    /// One sheet, with a header that stays in view and formats for dates.
    Xlsx,
    /// Compressed with Snappy.
    Parquet,
    /// Arrow's file format, which is also Feather, version 2.
    Arrow,
}

/// Told how much of the work is done, from 0 to 1, and at which step; says whether to go on.
pub type Watch<'a> = dyn FnMut(f32, Msg) -> bool + 'a;

/// Rows that a preview shows.
const N_PREVIEW: usize = 50;
/// Rows that a preview of a workbook or of JSON looks at.
const N_SAMPLE: usize = 1_000;

/// Looks at the beginning of a file and says how it would be read.
///
/// # Errors
/// When it is damaged, protected, or holds no table.
pub fn preview(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
) -> Result<Previewed, FormatError> {
    match format {
        FileFormat::Csv => Err(unknown()),
        FileFormat::Xlsx | FileFormat::Xlsb | FileFormat::Xls | FileFormat::Ods => {
            sheet::preview(source, format, options)
        }
        FileFormat::Parquet => parquet::preview(source, options),
        FileFormat::Arrow => arrow::preview(source, options),
        FileFormat::Json | FileFormat::JsonLines => json::preview(source, format, options),
        FileFormat::Spss => sav::preview(source, options),
    }
}

/// Reads a file into a table.
///
/// # Errors
/// When it is damaged, protected or holds no table, or when `watch` says to stop.
pub fn read(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
    watch: &mut Watch,
) -> Result<Imported, FormatError> {
    match format {
        FileFormat::Csv => Err(unknown()),
        FileFormat::Xlsx | FileFormat::Xlsb | FileFormat::Xls | FileFormat::Ods => {
            sheet::read(source, format, options, watch)
        }
        FileFormat::Parquet => parquet::read(source, options, watch),
        FileFormat::Arrow => arrow::read(source, options, watch),
        FileFormat::Json | FileFormat::JsonLines => json::read(source, format, options, watch),
        FileFormat::Spss => sav::read(source, options, watch),
    }
}

/// The table as a file.
///
/// # Errors
/// When the format cannot hold so many rows or columns, or when `watch` says to stop.
pub fn write(table: &Table, format: OutFormat, watch: &mut Watch) -> Result<Written, FormatError> {
    match format {
        OutFormat::Xlsx => xlsx_out::write(table, watch),
        OutFormat::Parquet => parquet::write(table, watch),
        OutFormat::Arrow => arrow::write(table, watch),
    }
}

impl FormatError {
    /// The error as a sentence.
    pub fn message(&self) -> Msg {
        match self {
            Self::Cancelled => msg!("import.cancelled", "Cancelled."),
            Self::Said(message) => message.clone(),
        }
    }
}

impl From<Msg> for FormatError {
    fn from(message: Msg) -> Self {
        Self::Said(message)
    }
}

fn unknown() -> FormatError {
    FormatError::Said(words::not_this_reader())
}
