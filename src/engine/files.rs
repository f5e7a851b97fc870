//! Files that are no delimited text: which kind a file is, and its readers and writers where they are
//! compiled in. The engine's own wasm has none of them; its worker asks the one beside it.

use super::core::import_failure;
use super::protocol::{Failure, FailureKind, TableFormat};
use crate::msg;
use crate::report::{self, Msg};
use crate::table::csv::{ImportError, ImportOptions, Preview, Source, Understood};
use crate::table::{FileFormat, Table};

/// Told how far the work is; says whether to go on.
pub type Watch<'a> = dyn FnMut(f32, Msg) -> bool + 'a;

/// A preview, and what its reader has to say.
pub type Looked = (Preview, Vec<Msg>);

/// A table, how its file was understood, and what its reader has to say.
pub type ReadTable = (Table, Understood, Vec<Msg>);

/// A file's bytes, and what the format could not hold.
pub type Written = (Vec<u8>, Vec<Msg>);

/// What kind of file a request reads: told, or by its content and name.
///
/// # Errors
/// When the file cannot be read.
pub fn format_of(
    source: &mut dyn Source,
    options: &ImportOptions,
    name: &str,
) -> Result<FileFormat, Failure> {
    match options.format {
        Some(format) => Ok(format),
        None => FileFormat::detect(source, name).map_err(|e| import_failure(&ImportError::from(e))),
    }
}

/// Why the worker with the readers and writers gave no answer: what became of it, how much memory was
/// missing, and what it said at the end.
pub fn not_answered(fault: &str, n_bytes: f64, text: &str) -> Failure {
    let (kind, message) = match fault {
        "stale" => (
            FailureKind::Stale,
            msg!(
                "engine.stale",
                "Page and engine are of different versions. Reload the page."
            ),
        ),
        "out_of_memory" => (
            FailureKind::OutOfMemory,
            msg!(
                "formats.out_of_memory",
                "The file needs more memory than there is ({mb} MB more). Leave columns out, or split the file.",
                mb = ((n_bytes / 1e6).ceil(), report::Format::Integer)
            ),
        ),
        "not_loaded" => (
            FailureKind::Crashed,
            msg!(
                "engine.not_loaded_formats",
                "The readers of this kind of file cannot be loaded. Reload the page. ({what})",
                what = text
            ),
        ),
        _ => (
            FailureKind::Import,
            msg!(
                "formats.stopped",
                "The reader of this file stopped by a fault of its own, most likely because the file is damaged. ({what})",
                what = text
            ),
        ),
    };
    Failure::new(kind, message)
}

#[cfg(feature = "formats")]
pub use here::{preview, read, write};
#[cfg(not(feature = "formats"))]
pub use nowhere::{preview, read, write};

#[cfg(feature = "formats")]
mod here {
    use super::*;
    use crate::formats::{self, FormatError, OutFormat};

    /// How a file would be understood.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn preview(
        source: &mut dyn Source,
        format: FileFormat,
        options: &ImportOptions,
    ) -> Result<Looked, Failure> {
        let found = formats::preview(source, format, options).map_err(failure)?;
        Ok((found.preview, found.warnings))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read(
        source: &mut dyn Source,
        format: FileFormat,
        options: &ImportOptions,
        watch: &mut Watch,
    ) -> Result<ReadTable, Failure> {
        let read = formats::read(source, format, options, watch).map_err(failure)?;
        Ok((read.table, read.understood, read.warnings))
    }

    /// Writes a file; [`TableFormat::needs_formats`] says of which kinds.
    ///
    /// # Errors
    /// When the format cannot hold the table.
    pub fn write(
        table: &Table,
        format: TableFormat,
        watch: &mut Watch,
    ) -> Result<Written, Failure> {
        let format = match format {
            TableFormat::Parquet => OutFormat::Parquet,
            TableFormat::Arrow => OutFormat::Arrow,
            _ => OutFormat::Xlsx,
        };
        let written = formats::write(table, format, watch).map_err(|error| match error {
            FormatError::Said(message) => Failure::new(FailureKind::Data, message),
            cancelled => failure(cancelled),
        })?;
        Ok((written.bytes, written.warnings))
    }

    fn failure(error: FormatError) -> Failure {
        let kind = match error {
            FormatError::Cancelled => FailureKind::Cancelled,
            FormatError::Said(_) => FailureKind::Import,
        };
        Failure::new(kind, error.message())
    }
}

#[cfg(not(feature = "formats"))]
mod nowhere {
    use super::*;

    /// # Errors
    /// Always.
    pub fn preview(
        _: &mut dyn Source,
        _: FileFormat,
        _: &ImportOptions,
    ) -> Result<Looked, Failure> {
        Err(not_here())
    }

    /// # Errors
    /// Always.
    pub fn read(
        _: &mut dyn Source,
        _: FileFormat,
        _: &ImportOptions,
        _: &mut Watch,
    ) -> Result<ReadTable, Failure> {
        Err(not_here())
    }

    /// # Errors
    /// Always.
    pub fn write(_: &Table, _: TableFormat, _: &mut Watch) -> Result<Written, Failure> {
        Err(not_here())
    }

    fn not_here() -> Failure {
        let message = msg!(
            "engine.no_formats",
            "The readers of this kind of file were not loaded. Reload the page."
        );
        Failure::new(FailureKind::Stale, message)
    }
}
