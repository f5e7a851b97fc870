//! Delimited text into tables: understood by itself, corrected rather than failed.

mod builder;
mod dates;
mod dialect;
mod encoding;
mod infer;
mod message;
mod number;
mod options;
pub mod parse;
mod plan;
mod reader;
mod source;
mod split;
#[cfg(test)]
mod tests;
mod words;

pub use message::{BinaryFormat, ImportError, Warning};
pub use options::{
    ColumnOverride, DEFAULT_MISSING, DateOrder, Delimiter, Encoding, ImportOptions, Preview,
    Progress, Understood, UnderstoodColumn,
};
pub use reader::{Imported, preview, read_csv};
pub use source::{FileSource, ReadError, Source};
