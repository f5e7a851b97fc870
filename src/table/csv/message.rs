//! What can go wrong with a file, and what is worth a note: typed, so that whoever shows it finds
//! the words.

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
    /// An archive that holds no file.
    EmptyArchive,
    /// The archive has no member of this name.
    NoMember {
        name: String,
    },
    /// A member that is locked by a password, or packed in a way that is not known.
    CannotUnpack {
        member: String,
        is_locked: bool,
    },
    /// What is packed is damaged or cut short.
    Damaged {
        /// Bytes of text that could be unpacked.
        n_bytes: u64,
    },
    /// Several files were given without the wish to append them.
    SeveralFiles {
        count: usize,
    },
    /// What is wrong with one of several files.
    InFile {
        file: String,
        error: Box<ImportError>,
    },
    Cancelled,
    /// The bytes could not be had.
    Read {
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BinaryFormat {
    /// An archive within an archive.
    Zip,
    /// An Excel workbook.
    Xlsx,
    /// A spreadsheet in OpenDocument format.
    Ods,
    Tar,
    /// A web page, as a server sends one in the place of a file.
    Html,
    Xml,
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
    /// Some dates can only have the day first and others only the month, so the column is text.
    TwoDateOrders { column: String },
    /// Times carried offsets from UTC and were turned into UTC.
    OffsetsToUtc { column: String },
    /// Bytes that the encoding does not know became `U+FFFD`.
    BadBytes { line: u64 },
    /// A quote inside a quoted field was not doubled; it was kept as a character.
    StrayQuote { line: u64, count: u64 },
    /// Lines beginning with `#` were passed over.
    Comments { line: u64, count: u64 },
    /// Lines above the table were passed over; it begins on this line.
    LinesAbove { count: u64, line: u64 },
    /// Lines below the table, such as totals and notes, were left out; the first of them holds this.
    LinesBelow { count: u64, line: u64, text: String },
    /// Zero bytes were left out.
    NulBytes { line: u64, count: u64 },
    /// Only one table of several in an archive was read.
    OtherMembers { read: String, others: Vec<String> },
    /// A column that some of several files do not have: its rows are missing there.
    NotInAllFiles { column: String, files: Vec<String> },
    /// A column that is of one kind in some files and of another in others.
    KindsDiffer {
        column: String,
        /// Each kind and the first file where the column is of it.
        kinds: Vec<(ColumnKind, String)>,
        to: ColumnKind,
    },
    /// The header was found again among the rows and left out.
    RepeatedHeader { line: u64, count: u64 },
    /// Settings for a column that the file does not have.
    NoSuchColumn { column: String },
    /// A warning about one of several files.
    InFile { file: String, warning: Box<Warning> },
}

impl From<ReadError> for ImportError {
    fn from(error: ReadError) -> Self {
        Self::Read { reason: error.0 }
    }
}
