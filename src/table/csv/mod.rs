//! Delimited text into tables: understood by itself, corrected rather than failed.

mod message;
mod options;
mod source;

pub use message::{BinaryFormat, ImportError, Warning};
pub use options::{
    ColumnOverride, DEFAULT_MISSING, DateOrder, Delimiter, Encoding, ImportOptions, Preview,
    Progress, Understood, UnderstoodColumn,
};
pub use source::{FileSource, ReadError, Source};
