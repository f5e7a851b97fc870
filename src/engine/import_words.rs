//! The reader's errors and warnings as sentences that can be said in two languages.

use crate::msg;
use crate::report::Msg;
use crate::table::ColumnKind;
use crate::table::csv::{BinaryFormat, DateOrder, ImportError, Warning};

/// What went wrong with a file, where, and what to try.
pub fn import_error(error: &ImportError) -> Msg {
    match error {
        ImportError::Empty => msg!("import.empty", "The file is empty."),
        ImportError::Binary { what } => msg!(
            "import.binary",
            "This is {what}, not a table in text form. Save it as CSV and open that.",
            what = binary(*what)
        ),
        ImportError::NotText => msg!(
            "import.not_text",
            "The file is not text. Save the table as CSV and open that."
        ),
        ImportError::HeaderOnly { n_columns } => msg!(
            "import.header_only",
            "The file has a header of {n} {n|column|columns} and no rows.",
            n = *n_columns
        ),
        ImportError::UnclosedQuote { line } => msg!(
            "import.unclosed_quote",
            "A quote that opens on line {line} is never closed. Close it, or double it if it belongs to the text.",
            line = *line
        ),
        ImportError::TooManyColumns {
            line,
            n_columns,
            limit,
        } => msg!(
            "import.too_many_columns",
            "Line {line} has {n} columns; at most {limit} can be read.",
            line = *line,
            n = *n_columns,
            limit = *limit
        ),
        ImportError::TooManyRows { limit } => {
            msg!(
                "import.too_many_rows",
                "The file has more than {limit} rows.",
                limit = *limit
            )
        }
        ImportError::ColumnTooLarge { column } => {
            msg!(
                "import.column_too_large",
                "The text of column “{column}” is larger than 2 GB.",
                column = column
            )
        }
        ImportError::DuplicateName { column } => {
            msg!(
                "import.duplicate_name",
                "Two columns would be called “{column}”.",
                column = column
            )
        }
        ImportError::NoColumns => msg!(
            "import.no_columns",
            "Every column is left out. Keep at least one."
        ),
        ImportError::Cancelled => msg!("import.cancelled", "Cancelled."),
        ImportError::Read { reason } => msg!(
            "import.read",
            "The file cannot be read: {reason}",
            reason = reason
        ),
    }
}

/// What the reader did that the person should know.
pub fn import_warning(warning: &Warning) -> Msg {
    match warning {
        Warning::ShortRows { line, count } => msg!(
            "import.short_rows",
            "{count} {count|row has|rows have} fewer fields than the header, first on line {line}; the rest is missing.",
            count = *count,
            line = *line
        ),
        Warning::LongRows { line, count } => msg!(
            "import.long_rows",
            "{count} {count|row has|rows have} more fields than the header, first on line {line}; the extra ones are left out.",
            count = *count,
            line = *line
        ),
        Warning::DuplicateHeader { name, renamed } => msg!(
            "import.duplicate_header",
            "The header “{name}” comes more than once; the later one is now “{renamed}”.",
            name = name,
            renamed = renamed
        ),
        Warning::MissingHeader { position, name } => msg!(
            "import.missing_header",
            "Column {position} has no header; it is now “{name}”.",
            position = *position,
            name = name
        ),
        Warning::NoHeader => msg!(
            "import.no_header",
            "The first line holds values, so the columns are numbered."
        ),
        Warning::Widened {
            column,
            from,
            to,
            line,
            value,
        } => msg!(
            "import.widened",
            "“{column}” looked like {from} until line {line} (“{value}”); it is now {to}.",
            column = column,
            from = kind(*from),
            to = kind(*to),
            line = *line,
            value = value
        ),
        Warning::Unreadable {
            column,
            kind: asked,
            line,
            value,
            count,
        } => msg!(
            "import.unreadable",
            "{count} {count|value|values} of “{column}” cannot be read as {kind}, first “{value}” on line {line}; they are missing.",
            column = column,
            kind = kind(*asked),
            line = *line,
            value = value,
            count = *count
        ),
        Warning::NearlyNumbers {
            column,
            others,
            count,
        } => msg!(
            "import.nearly_numbers",
            "“{column}” holds numbers but for {count} {count|value|values} ({others}), so it stays text.",
            column = column,
            others = others.clone(),
            count = *count
        ),
        Warning::AmbiguousDates {
            column,
            read_as: DateOrder::DayMonth,
        } => {
            msg!(
                "import.day_month",
                "Dates of “{column}” are read as day, month.",
                column = column
            )
        }
        Warning::AmbiguousDates {
            column,
            read_as: DateOrder::MonthDay,
        } => {
            msg!(
                "import.month_day",
                "Dates of “{column}” are read as month, day.",
                column = column
            )
        }
        Warning::OffsetsToUtc { column } => {
            msg!(
                "import.offsets",
                "Times of “{column}” carry time zones; they are shown in UTC.",
                column = column
            )
        }
        Warning::BadBytes { line } => msg!(
            "import.bad_bytes",
            "Some letters cannot be read in this encoding, first on line {line}. Try another encoding.",
            line = *line
        ),
        Warning::StrayQuote { line, count } => msg!(
            "import.stray_quote",
            "{count} {count|quote stands|quotes stand} inside a quoted field, first on line {line}; kept as text.",
            line = *line,
            count = *count
        ),
        Warning::Comments { line, count } => msg!(
            "import.comments",
            "{count} {count|line that begins|lines that begin} with # {count|is|are} left out, first line {line}.",
            line = *line,
            count = *count
        ),
    }
}

fn kind(kind: ColumnKind) -> Msg {
    match kind {
        ColumnKind::Float => msg!("kind.float", "decimal numbers"),
        ColumnKind::Int => msg!("kind.int", "whole numbers"),
        ColumnKind::Bool => msg!("kind.bool", "true or false"),
        ColumnKind::Date => msg!("kind.date", "dates"),
        ColumnKind::DateTime => msg!("kind.date_time", "dates with times"),
        ColumnKind::Time => msg!("kind.time", "times of day"),
        ColumnKind::Category => msg!("kind.category", "categories"),
        ColumnKind::Text => msg!("kind.text", "text"),
    }
}

fn binary(what: BinaryFormat) -> Msg {
    match what {
        BinaryFormat::Zip => msg!("binary.zip", "a ZIP archive or an Excel workbook (XLSX)"),
        BinaryFormat::Gzip => msg!("binary.gzip", "a gzip archive"),
        BinaryFormat::Bzip2 => msg!("binary.bzip2", "a bzip2 archive"),
        BinaryFormat::Xz => msg!("binary.xz", "an XZ archive"),
        BinaryFormat::Zstd => msg!("binary.zstd", "a Zstandard archive"),
        BinaryFormat::SevenZip => msg!("binary.seven_zip", "a 7-Zip archive"),
        BinaryFormat::Pdf => msg!("binary.pdf", "a PDF document"),
        BinaryFormat::Png => msg!("binary.png", "a PNG picture"),
        BinaryFormat::Jpeg => msg!("binary.jpeg", "a JPEG picture"),
        BinaryFormat::Gif => msg!("binary.gif", "a GIF picture"),
        BinaryFormat::OldOffice => msg!(
            "binary.old_office",
            "an old Excel workbook (XLS) or Office document"
        ),
        BinaryFormat::Parquet => msg!("binary.parquet", "a Parquet file"),
        BinaryFormat::Arrow => msg!("binary.arrow", "an Arrow file"),
        BinaryFormat::Sqlite => msg!("binary.sqlite", "an SQLite database"),
        BinaryFormat::Spss => msg!("binary.spss", "an SPSS file"),
    }
}
