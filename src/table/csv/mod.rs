//! Delimited text into tables: understood by itself, corrected rather than failed.

mod builder;
mod dates;
mod dialect;
mod encoding;
mod footer;
mod gaps;
mod infer;
mod message;
mod number;
mod options;
mod packed;
pub mod parse;
mod parts;
mod plan;
mod reader;
mod scan;
mod source;
mod split;
#[cfg(test)]
mod tests;
mod understand;
mod words;

pub use infer::measure;
pub use message::{BinaryFormat, ImportError, Warning};
pub use options::{
    ColumnOverride, DEFAULT_MISSING, DateOrder, Delimiter, Encoding, FileFacts, ImportOptions,
    MemberInfo, Preview, Progress, SheetInfo, Understood, UnderstoodColumn,
};
pub use parts::SourceFile;
pub use reader::{Imported, preview, preview_files, read_csv, read_files};
pub use source::{FileSource, ReadError, Source};
pub use understand::understood;
