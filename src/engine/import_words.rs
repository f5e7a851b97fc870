//! The reader's errors and warnings as sentences that can be said in two languages.

use crate::msg;
use crate::report::Msg;
use crate::spec::kind_words as kind;
use crate::table::ColumnKind;
use crate::table::csv::{BinaryFormat, DateOrder, ImportError, Warning};
use crate::table::csv_write::Encoded;

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
        ImportError::EmptyArchive => {
            msg!("import.empty_archive", "The archive holds no file.")
        }
        ImportError::NoMember { name } => msg!(
            "import.no_member",
            "The archive holds no file “{name}”.",
            name = name
        ),
        ImportError::CannotUnpack {
            member,
            is_locked: true,
        } => msg!(
            "import.locked",
            "“{member}” in the archive is locked with a password. Unpack the archive and open the file itself.",
            member = member
        ),
        ImportError::CannotUnpack { member, .. } => msg!(
            "import.cannot_unpack",
            "“{member}” is packed in a way that cannot be read here. Unpack the archive and open the file itself.",
            member = member
        ),
        ImportError::Damaged { n_bytes } => msg!(
            "import.damaged",
            "The archive is damaged or cut short after {n} {n|byte|bytes} of text. Fetch or pack it again.",
            n = *n_bytes
        ),
        ImportError::SeveralFiles { count } => msg!(
            "import.several_files",
            "{count} files were given for one table. Ask for them to be appended, or open one at a time.",
            count = *count
        ),
        ImportError::InFile { file, error } => msg!(
            "import.in_file",
            "{file}: {what}",
            file = file,
            what = import_error(error)
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
                "Dates of “{column}” could be read either way round; they are read as day, month.",
                column = column
            )
        }
        Warning::AmbiguousDates {
            column,
            read_as: DateOrder::MonthDay,
        } => {
            msg!(
                "import.month_day",
                "Dates of “{column}” could be read either way round; they are read as month, day.",
                column = column
            )
        }
        Warning::TwoDateOrders { column } => msg!(
            "import.two_date_orders",
            "“{column}” holds dates with the day first and dates with the month first, so it stays text.",
            column = column
        ),
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
        Warning::LinesAbove { count, line } => msg!(
            "import.lines_above",
            "{count} {count|line|lines} above the table {count|is|are} left out; it begins on line {line}.",
            count = *count,
            line = *line
        ),
        Warning::LinesBelow { count, line, text } if text.is_empty() => msg!(
            "import.empty_below",
            "{count} empty {count|row|rows} below the table, from line {line} on, {count|is|are} left out.",
            count = *count,
            line = *line
        ),
        Warning::LinesBelow { count, line, text } => msg!(
            "import.lines_below",
            "{count} {count|line|lines} below the table, from line {line} on (“{text}”), {count|is|are} left out.",
            count = *count,
            line = *line,
            text = text
        ),
        Warning::NulBytes { line, count } => msg!(
            "import.nul_bytes",
            "{count} {count|byte|bytes} of zero, which no text holds, {count|is|are} left out, first on line {line}.",
            line = *line,
            count = *count
        ),
        Warning::OtherMembers { read, others } => msg!(
            "import.other_members",
            "Of the archive only “{read}” is read; it also holds {others}.",
            read = read,
            others = others.clone()
        ),
        Warning::NotInAllFiles { column, files } => msg!(
            "import.not_in_all_files",
            "“{column}” is not in {files}; it is missing in the rows from there.",
            column = column,
            files = files.clone()
        ),
        Warning::KindsDiffer { column, kinds, to } => msg!(
            "import.kinds_differ",
            "“{column}” holds {kinds}; it is now {to}.",
            column = column,
            kinds = kinds.iter().map(kind_in_file).collect::<Vec<_>>(),
            to = kind(*to)
        ),
        Warning::RepeatedHeader { line, count } => msg!(
            "import.repeated_header",
            "The header comes again in {count} {count|line|lines}, first line {line}; left out.",
            line = *line,
            count = *count
        ),
        Warning::NoSuchColumn { column } => msg!(
            "import.no_such_column",
            "The file has no column “{column}”; its settings wait.",
            column = column
        ),
        Warning::InFile { file, warning } => msg!(
            "import.in_file",
            "{file}: {what}",
            file = file,
            what = import_warning(warning)
        ),
    }
}

fn kind_in_file((what, file): &(ColumnKind, String)) -> Msg {
    msg!(
        "import.kind_in_file",
        "{kind} in {file}",
        kind = kind(*what),
        file = file
    )
}

/// What a text in CP949 could not hold, when something was lost.
pub fn characters_lost(encoded: &Encoded) -> Option<Msg> {
    let first = encoded.first.as_ref()?;
    let shown: Vec<String> = encoded.lost.iter().map(char::to_string).collect();
    Some(msg!(
        "export.cp949",
        "{count} {count|character|characters} that CP949 has not ({characters}) became “?”, first in row {row} of “{column}”. Choose UTF-8 to keep them.",
        count = encoded.n_lost,
        characters = shown,
        row = first.0,
        column = &first.1
    ))
}

fn binary(what: BinaryFormat) -> Msg {
    match what {
        BinaryFormat::Zip => msg!("binary.zip", "a ZIP archive"),
        BinaryFormat::Xlsx => msg!("binary.xlsx", "an Excel workbook"),
        BinaryFormat::Ods => msg!("binary.ods", "an OpenDocument spreadsheet"),
        BinaryFormat::Tar => msg!("binary.tar", "a TAR archive"),
        BinaryFormat::Html => msg!("binary.html", "a web page"),
        BinaryFormat::Xml => msg!("binary.xml", "an XML file"),
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
