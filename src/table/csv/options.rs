//! What a reader may be told, and what it understood by itself.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::{ColumnFormat, ColumnKind, FileFormat, Measure};

/// What the reader is told; everything left out it decides by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// The decimal mark: `.` or `,`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_header: Option<bool>,
    /// Lines to pass over before the header; left out, lines that are no part of the table are
    /// recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_rows: Option<usize>,
    /// Reads totals and notes below the table as rows instead of leaving them out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keep_footer: bool,
    /// Which members of an archive to read, one below the other; left out, the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// Puts several files, or all members of an archive, one below the other.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub append: bool,
    /// The name of the column that says from which of several files a row is; `file` when left out,
    /// none when empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_column: Option<String>,
    /// What stands for a missing value, instead of [`DEFAULT_MISSING`]. An empty cell of numbers or
    /// dates is always missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// What the file is, when neither its content nor its name tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<FileFormat>,
    /// Of a workbook: the sheet to read. Left out, the first visible one with values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Of a workbook: the last row of the header, counted from 1. Left out, it is looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    /// Of a workbook: over how many rows the header goes. Left out, it is looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_rows: Option<u32>,
    /// By the column's name as the reader names it (see [`UnderstoodColumn::source_name`]).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnOverride>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnOverride {
    /// Read as this kind; what cannot be read so becomes missing, and a warning counts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ColumnKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// Leave the column out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub skip: bool,
}

/// What stands for a missing value unless [`ImportOptions::missing`] says otherwise. Words that can
/// be answers of their own, such as `None` and `없음`, are not among them.
pub const DEFAULT_MISSING: &[&str] = &[
    "", "NA", "N/A", "n/a", "<NA>", "NaN", "nan", "null", "NULL", "(null)", "\\N", "-", ".",
    "#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!",
];

/// A text encoding by its WHATWG name, such as `UTF-8`, `UTF-16LE`, `EUC-KR` (which is CP949) or
/// `windows-1252` (which includes Latin-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Encoding(pub(super) &'static encoding_rs::Encoding);

impl Encoding {
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);
    pub const UTF_16LE: Self = Self(encoding_rs::UTF_16LE);
    pub const UTF_16BE: Self = Self(encoding_rs::UTF_16BE);
    pub const CP949: Self = Self(encoding_rs::EUC_KR);
    pub const WINDOWS_1252: Self = Self(encoding_rs::WINDOWS_1252);

    /// The encoding of a label such as `utf8`, `cp949`, `ks_c_5601-1987` or `latin1`.
    pub fn from_label(label: &str) -> Option<Self> {
        let label = match label.trim().to_ascii_lowercase().as_str() {
            // Python's and iconv's names for what the WHATWG calls EUC-KR.
            "cp949" | "uhc" | "ms949" | "euckr" | "euc_kr" => "euc-kr",
            "utf-16" | "utf16" => "utf-16le",
            _ => label,
        };
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self)
    }

    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl TryFrom<String> for Encoding {
    type Error = String;

    fn try_from(label: String) -> Result<Self, String> {
        Self::from_label(&label).ok_or_else(|| format!("unknown encoding “{label}”"))
    }
}

impl From<Encoding> for String {
    fn from(encoding: Encoding) -> Self {
        encoding.name().to_owned()
    }
}

/// What stands between two fields: in JSON `","`, `";"`, `"\t"`, `"|"`, `" "` for any run of
/// blanks, or another ASCII character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Delimiter {
    Comma,
    Semicolon,
    Tab,
    Pipe,
    /// One or more blanks or tabs.
    Spaces,
    /// Another ASCII character, not a quote, letter, digit or line end.
    Other(u8),
}

impl Delimiter {
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
            Self::Spaces => b' ',
            Self::Other(byte) => byte,
        }
    }

    pub fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            b',' => Self::Comma,
            b';' => Self::Semicolon,
            b'\t' => Self::Tab,
            b'|' => Self::Pipe,
            b' ' => Self::Spaces,
            b'"' | b'\n' | b'\r' | b'-' | b'.' => return None,
            byte if byte.is_ascii_alphanumeric() || !byte.is_ascii() || byte == 0 => return None,
            byte => Self::Other(byte),
        })
    }
}

impl TryFrom<String> for Delimiter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_bytes() {
            [byte] => Self::from_byte(*byte),
            _ => None,
        }
        .ok_or_else(|| format!("“{text}” cannot separate fields"))
    }
}

impl From<Delimiter> for String {
    fn from(delimiter: Delimiter) -> Self {
        char::from(delimiter.byte()).to_string()
    }
}

/// How the reader understood a file. Encoding, delimiter and decimal mark are those of delimited
/// text; of other files they say nothing, but for the encoding of an SPSS file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Understood {
    /// What else is known of a file that is no delimited text.
    #[serde(default)]
    pub file: FileFacts,
    pub encoding: Encoding,
    /// Whether the file began with a byte order mark.
    pub bom: bool,
    pub delimiter: Delimiter,
    /// `.` or `,`.
    pub decimal: char,
    pub has_header: bool,
    /// Lines passed over before the header.
    #[serde(default)]
    pub n_lines_above: u64,
    /// The files that were put one below the other, when there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// What was taken for a missing value.
    pub missing: Vec<String>,
    /// The columns kept, in file order.
    pub columns: Vec<UnderstoodColumn>,
}

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileFacts {
    pub format: FileFormat,
    /// Of a workbook, the sheet that is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Of a workbook, all its sheets in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<SheetInfo>,
    /// Of a workbook: the last row of the header, counted from 1; none where no header is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    /// Of a workbook: over how many rows the header goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_rows: Option<u32>,
    /// Of Parquet row groups, of Arrow record batches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_parts: Option<u32>,
    /// The program that wrote the file, in its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
}

/// One sheet of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetInfo {
    pub name: String,
    /// Rows and columns that the file says are used; it may say nothing, or more than there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_rows: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_columns: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnderstoodColumn {
    /// The name in the table.
    pub name: String,
    /// The name that the header gives, made unique; the key in [`ImportOptions::columns`].
    pub source_name: String,
    pub kind: ColumnKind,
    pub measure: Measure,
    /// A longer name for people, where the file has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub format: ColumnFormat,
    /// The order of day and month, of dates that do not begin with the year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// Up to 5 different values as they stand in the file.
    pub examples: Vec<String>,
    /// Missing cells among the rows looked at: a sample in a preview, all of them after reading.
    pub n_missing: u64,
    /// The marks of missing values seen among the rows sampled, without the empty one.
    pub missing_seen: Vec<String>,
    /// Left out on demand. Only a preview lists such columns.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub skipped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `5.3.2024` is 5 March.
    DayMonth,
    /// `5/3/2024` is 3 May.
    MonthDay,
}

/// What a file looks like before it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    pub understood: Understood,
    /// The first 50 rows as they stand in the file, one string a column in file order, skipped
    /// columns included.
    pub rows: Vec<Vec<String>>,
    pub n_bytes: u64,
    /// Rows by the mean length of the rows sampled; exact when `is_whole`.
    pub n_rows_estimate: u64,
    /// Whether the whole file was sampled, so that the rows are counted.
    pub is_whole: bool,
    /// The tables that an archive holds, read or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberInfo>,
    #[serde(skip)]
    pub warnings: Vec<super::Warning>,
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberInfo {
    pub name: String,
    /// Bytes when unpacked.
    pub n_bytes: u64,
    /// Whether it is read with the options at hand.
    pub is_read: bool,
}

/// How far a read has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes of the file read so far, packed as they stand.
    pub n_bytes: u64,
    /// Bytes to read in all: twice the file's when some columns need a second look.
    pub n_bytes_total: u64,
    /// Rows read so far.
    pub n_rows: u64,
}

impl fmt::Display for Delimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comma => f.write_str("comma"),
            Self::Semicolon => f.write_str("semicolon"),
            Self::Tab => f.write_str("tab"),
            Self::Pipe => f.write_str("pipe"),
            Self::Spaces => f.write_str("blanks"),
            Self::Other(byte) => write!(f, "“{}”", char::from(*byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_as_json() {
        let check = |json: &str, expected: ImportOptions| {
            let options: ImportOptions = serde_json::from_str(json).unwrap();
            assert_eq!(options, expected);
            let again = serde_json::to_string(&options).unwrap();
            assert_eq!(
                serde_json::from_str::<ImportOptions>(&again).unwrap(),
                expected
            );
        };
        check("{}", ImportOptions::default());
        check(
            r#"{"encoding": "cp949", "delimiter": "\t", "columns": {"a": {"kind": "date_time"}}}"#,
            ImportOptions {
                encoding: Some(Encoding::CP949),
                delimiter: Some(Delimiter::Tab),
                columns: BTreeMap::from([(
                    "a".to_owned(),
                    ColumnOverride {
                        kind: Some(ColumnKind::DateTime),
                        ..ColumnOverride::default()
                    },
                )]),
                ..ImportOptions::default()
            },
        );
        for bad in [
            r#"{"encoding": "klingon"}"#,
            r#"{"delimiter": "x"}"#,
            r#"{"delimiter": ""}"#,
            r#"{"delimiter": "\""}"#,
        ] {
            assert!(serde_json::from_str::<ImportOptions>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn encoding_labels() {
        let check = |label, name| {
            assert_eq!(Encoding::from_label(label).map(Encoding::name), name);
        };
        check("UTF8", Some("UTF-8"));
        check("CP949", Some("EUC-KR"));
        check("euc-kr", Some("EUC-KR"));
        check("latin1", Some("windows-1252"));
        check("utf-16be", Some("UTF-16BE"));
        check("nothing", None);
    }
}
