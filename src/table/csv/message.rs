//! What can go wrong with a file, and what is worth a note: typed, with a stable id and arguments,
//! so that a page can say it in another language. `Display` says it in English.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::ColumnKind;
use super::{DateOrder, ReadError};

/// Why a file could not be read. Lines count from 1, as an editor shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "id")]
pub enum ImportError {
    /// No bytes, or nothing but blank lines.
    Empty,
    /// A known format that is not delimited text.
    Binary {
        what: BinaryFormat,
    },
    /// Bytes that no text encoding explains.
    NotText,
    /// A header and no row.
    HeaderOnly {
        n_columns: usize,
    },
    /// A quote opens on this line and none closes it.
    UnclosedQuote {
        line: u64,
    },
    TooManyColumns {
        line: u64,
        n_columns: usize,
        limit: usize,
    },
    TooManyRows {
        limit: u64,
    },
    /// The text of one column passes 2 GiB.
    ColumnTooLarge {
        column: String,
    },
    /// Two columns were given one name.
    DuplicateName {
        column: String,
    },
    /// Every column was left out.
    NoColumns,
    Cancelled,
    /// The bytes could not be had.
    Read {
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BinaryFormat {
    /// A ZIP archive, which is also what XLSX and ODS files are.
    Zip,
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    SevenZip,
    Pdf,
    Png,
    Jpeg,
    Gif,
    /// The Excel format before 2007, and other old Office files.
    OldOffice,
    Parquet,
    Arrow,
    Sqlite,
    /// An SPSS system file.
    Spss,
}

impl BinaryFormat {
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "a ZIP archive or an Excel workbook (XLSX)",
            Self::Gzip => "a gzip archive",
            Self::Bzip2 => "a bzip2 archive",
            Self::Xz => "an XZ archive",
            Self::Zstd => "a Zstandard archive",
            Self::SevenZip => "a 7-Zip archive",
            Self::Pdf => "a PDF document",
            Self::Png => "a PNG picture",
            Self::Jpeg => "a JPEG picture",
            Self::Gif => "a GIF picture",
            Self::OldOffice => "an old Excel workbook (XLS) or Office document",
            Self::Parquet => "a Parquet file",
            Self::Arrow => "an Arrow file",
            Self::Sqlite => "an SQLite database",
            Self::Spss => "an SPSS file",
        }
    }
}

/// What the reader did that the person should know. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "id")]
pub enum Warning {
    /// Rows with fewer fields than there are columns: filled with missing values.
    ShortRows { line: u64, count: u64 },
    /// Rows with more filled fields than there are columns: the extra fields are left out.
    LongRows { line: u64, count: u64 },
    /// A header came more than once and was numbered.
    DuplicateHeader { name: String, renamed: String },
    /// A column without a header was named.
    MissingHeader { position: usize, name: String },
    /// No header was found; columns are numbered.
    NoHeader,
    /// The rows looked like one kind until this line said otherwise.
    Widened {
        column: String,
        from: ColumnKind,
        to: ColumnKind,
        line: u64,
        value: String,
    },
    /// Values that could not be read as the kind asked for became missing.
    Unreadable {
        column: String,
        kind: ColumnKind,
        line: u64,
        value: String,
        count: u64,
    },
    /// Nearly all values are numbers; these are not, so the column stayed text.
    NearlyNumbers {
        column: String,
        others: Vec<String>,
        count: u64,
    },
    /// Day and month could be either way round in every row.
    AmbiguousDates { column: String, read_as: DateOrder },
    /// Times carried offsets from UTC and were turned into UTC.
    OffsetsToUtc { column: String },
    /// Bytes that the encoding does not know became `U+FFFD`.
    BadBytes { line: u64 },
    /// A quote inside a quoted field was not doubled; it was kept as a character.
    StrayQuote { line: u64, count: u64 },
    /// Lines beginning with `#` were passed over.
    Comments { line: u64, count: u64 },
}

impl ImportError {
    /// The stable id, as in JSON.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Binary { .. } => "binary",
            Self::NotText => "not_text",
            Self::HeaderOnly { .. } => "header_only",
            Self::UnclosedQuote { .. } => "unclosed_quote",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::ColumnTooLarge { .. } => "column_too_large",
            Self::DuplicateName { .. } => "duplicate_name",
            Self::NoColumns => "no_columns",
            Self::Cancelled => "cancelled",
            Self::Read { .. } => "read",
        }
    }

    /// The arguments of the message, by name, in their English spelling.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Empty | Self::NotText | Self::NoColumns | Self::Cancelled => vec![],
            Self::Binary { what } => vec![("what", what.name().to_owned())],
            Self::HeaderOnly { n_columns } => vec![("n_columns", n_columns.to_string())],
            Self::UnclosedQuote { line } => vec![("line", line.to_string())],
            Self::TooManyColumns {
                line,
                n_columns,
                limit,
            } => {
                vec![
                    ("line", line.to_string()),
                    ("n_columns", n_columns.to_string()),
                    ("limit", limit.to_string()),
                ]
            }
            Self::TooManyRows { limit } => vec![("limit", limit.to_string())],
            Self::ColumnTooLarge { column } | Self::DuplicateName { column } => {
                vec![("column", column.clone())]
            }
            Self::Read { reason } => vec![("reason", reason.clone())],
        }
    }
}

impl Warning {
    /// The stable id, as in JSON.
    pub fn id(&self) -> &'static str {
        match self {
            Self::ShortRows { .. } => "short_rows",
            Self::LongRows { .. } => "long_rows",
            Self::DuplicateHeader { .. } => "duplicate_header",
            Self::MissingHeader { .. } => "missing_header",
            Self::NoHeader => "no_header",
            Self::Widened { .. } => "widened",
            Self::Unreadable { .. } => "unreadable",
            Self::NearlyNumbers { .. } => "nearly_numbers",
            Self::AmbiguousDates { .. } => "ambiguous_dates",
            Self::OffsetsToUtc { .. } => "offsets_to_utc",
            Self::BadBytes { .. } => "bad_bytes",
            Self::StrayQuote { .. } => "stray_quote",
            Self::Comments { .. } => "comments",
        }
    }

    /// The arguments of the message, by name. Kinds and date orders go by their stable names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::ShortRows { line, count }
            | Self::LongRows { line, count }
            | Self::StrayQuote { line, count }
            | Self::Comments { line, count } => {
                vec![("line", line.to_string()), ("count", count.to_string())]
            }
            Self::DuplicateHeader { name, renamed } => {
                vec![("name", name.clone()), ("renamed", renamed.clone())]
            }
            Self::MissingHeader { position, name } => {
                vec![("position", position.to_string()), ("name", name.clone())]
            }
            Self::NoHeader => vec![],
            Self::Widened {
                column,
                from,
                to,
                line,
                value,
            } => vec![
                ("column", column.clone()),
                ("from", from.name().to_owned()),
                ("to", to.name().to_owned()),
                ("line", line.to_string()),
                ("value", value.clone()),
            ],
            Self::Unreadable {
                column,
                kind,
                line,
                value,
                count,
            } => vec![
                ("column", column.clone()),
                ("kind", kind.name().to_owned()),
                ("line", line.to_string()),
                ("value", value.clone()),
                ("count", count.to_string()),
            ],
            Self::NearlyNumbers {
                column,
                others,
                count,
            } => {
                vec![
                    ("column", column.clone()),
                    ("others", others.join(", ")),
                    ("count", count.to_string()),
                ]
            }
            Self::AmbiguousDates { column, read_as } => vec![
                ("column", column.clone()),
                ("read_as", read_as.name().to_owned()),
            ],
            Self::OffsetsToUtc { column } => vec![("column", column.clone())],
            Self::BadBytes { line } => vec![("line", line.to_string())],
        }
    }
}

impl DateOrder {
    /// The stable name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::DayMonth => "day_month",
            Self::MonthDay => "month_day",
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The file is empty."),
            Self::Binary { what } => write!(
                f,
                "This is {}, not delimited text. Save the table as CSV and open that.",
                what.name()
            ),
            Self::NotText => {
                f.write_str("The file is not text. Save the table as CSV and open that.")
            }
            Self::HeaderOnly { n_columns } => write!(
                f,
                "The file has a header of {n_columns} columns and no rows below it."
            ),
            Self::UnclosedQuote { line } => {
                write!(
                    f,
                    "The quote that opens on line {line} is never closed. Close it, or double a quote that belongs to the text."
                )
            }
            Self::TooManyColumns {
                line,
                n_columns,
                limit,
            } => {
                write!(
                    f,
                    "Line {line} has {n_columns} fields; at most {limit} columns can be read."
                )
            }
            Self::TooManyRows { limit } => {
                write!(f, "The file has more than {limit} rows.")
            }
            Self::ColumnTooLarge { column } => write!(
                f,
                "The text of column “{column}” passes 2 GiB. Leave the column out."
            ),
            Self::DuplicateName { column } => {
                write!(f, "Two columns are named “{column}”. Rename one of them.")
            }
            Self::NoColumns => f.write_str("Every column is left out. Keep at least one."),
            Self::Cancelled => f.write_str("Reading was cancelled."),
            Self::Read { reason } => write!(f, "The file could not be read: {reason}"),
        }
    }
}

impl std::error::Error for ImportError {}

impl From<ReadError> for ImportError {
    fn from(error: ReadError) -> Self {
        Self::Read { reason: error.0 }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShortRows { line, count } => {
                write!(
                    f,
                    "{} fewer fields than there are columns, first on line {line}; the rest is missing.",
                    rows_have(*count)
                )
            }
            Self::LongRows { line, count } => {
                write!(
                    f,
                    "{} more fields than there are columns, first on line {line}; the extra fields are left out.",
                    rows_have(*count)
                )
            }
            Self::DuplicateHeader { name, renamed } => {
                write!(
                    f,
                    "The header “{name}” comes more than once; one column is now “{renamed}”."
                )
            }
            Self::MissingHeader { position, name } => {
                write!(f, "Column {position} has no header and is named “{name}”.")
            }
            Self::NoHeader => f.write_str("No header was found; columns are numbered."),
            Self::Widened {
                column,
                from,
                to,
                line,
                value,
            } => {
                write!(
                    f,
                    "“{column}” was read as {} because line {line} holds “{value}”, which is no {}.",
                    to.plain(),
                    from.plain()
                )
            }
            Self::Unreadable {
                column,
                kind,
                line,
                value,
                count,
            } => write!(
                f,
                "{count} values of “{column}” cannot be read as {} and are missing, first “{value}” on line {line}.",
                kind.plain()
            ),
            Self::NearlyNumbers {
                column,
                others,
                count,
            } => write!(
                f,
                "“{column}” stays text because {count} of its values are no numbers: {}. Name them as missing to read numbers.",
                others.join(", ")
            ),
            Self::AmbiguousDates { column, read_as } => write!(
                f,
                "The dates of “{column}” could be day or month first; they are read {} first.",
                match read_as {
                    DateOrder::DayMonth => "day",
                    DateOrder::MonthDay => "month",
                }
            ),
            Self::OffsetsToUtc { column } => write!(
                f,
                "The times of “{column}” carry offsets and were turned into UTC."
            ),
            Self::BadBytes { line } => write!(
                f,
                "Some bytes are not valid in this encoding, first on line {line}; they show as �."
            ),
            Self::StrayQuote { line, count } => {
                write!(
                    f,
                    "{count} quotes inside quoted fields are not doubled, first on line {line}; they are kept as text."
                )
            }
            Self::Comments { line, count } => write!(
                f,
                "{count} lines beginning with # were passed over, first line {line}."
            ),
        }
    }
}

fn rows_have(count: u64) -> String {
    match count {
        1 => "1 row has".to_owned(),
        _ => format!("{count} rows have"),
    }
}

impl ColumnKind {
    fn plain(self) -> &'static str {
        match self {
            Self::Float => "number",
            Self::Int => "whole number",
            Self::Bool => "true or false",
            Self::Date => "date",
            Self::DateTime => "date and time",
            Self::Time => "time",
            Self::Category => "category",
            Self::Text => "text",
        }
    }
}
