//! Sentences that several readers say.

use crate::msg;
use crate::report::Msg;
use crate::table::ColumnKind;
use crate::table::csv::{DateOrder, ImportError, Warning};

pub fn not_this_reader() -> Msg {
    msg!("formats.unknown", "The file is of no known kind.")
}

pub fn cut_short() -> Msg {
    msg!(
        "formats.cut_short",
        "The file ends too early. It was not copied or downloaded whole; get it again."
    )
}

pub fn unreadable(reason: &str) -> Msg {
    msg!(
        "import.read",
        "The file cannot be read: {reason}",
        reason = reason
    )
}

pub fn damaged(what: &str) -> Msg {
    msg!(
        "formats.damaged",
        "The file is damaged: {what}. Get it again, or save it anew in the program that made it.",
        what = what.trim_end_matches('.')
    )
}

pub fn no_rows() -> Msg {
    msg!("formats.no_rows", "The file holds no rows.")
}

pub fn too_large(column: &str) -> Msg {
    msg!(
        "import.column_too_large",
        "The text of column “{column}” is larger than 2 GB.",
        column = column
    )
}

pub fn duplicate(column: &str) -> Msg {
    msg!(
        "import.duplicate_name",
        "Two columns would be called “{column}”.",
        column = column
    )
}

pub fn all_left_out() -> Msg {
    msg!(
        "import.no_columns",
        "Every column is left out. Keep at least one."
    )
}

pub fn reading_rows(n_rows: usize) -> Msg {
    msg!(
        "formats.reading",
        "{rows} {rows|row|rows} read",
        rows = n_rows
    )
}

pub fn writing_rows(n_rows: usize) -> Msg {
    msg!(
        "formats.writing",
        "{rows} {rows|row|rows} written",
        rows = n_rows
    )
}

/// What the reader of text has to say of cells that stood in rows of another kind of file; `row_of`
/// turns its line into the file's row.
pub fn warning(warning: &Warning, row_of: &dyn Fn(u64) -> u64) -> Option<Msg> {
    Some(match warning {
        Warning::Widened {
            column,
            from,
            to,
            line,
            value,
        } => msg!(
            "formats.widened",
            "“{column}” looked like {from} until row {row} (“{value}”); it is now {to}.",
            column = column,
            from = kind(*from),
            to = kind(*to),
            row = row_of(*line),
            value = value
        ),
        Warning::Unreadable {
            column,
            kind: asked,
            line,
            value,
            count,
        } => msg!(
            "formats.unreadable",
            "{count} {count|value|values} of “{column}” cannot be read as {kind}, first “{value}” in row {row}; they are missing.",
            column = column,
            kind = kind(*asked),
            row = row_of(*line),
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
        } => msg!(
            "import.day_month",
            "Dates of “{column}” could be read either way round; they are read as day, month.",
            column = column
        ),
        Warning::AmbiguousDates {
            column,
            read_as: DateOrder::MonthDay,
        } => msg!(
            "import.month_day",
            "Dates of “{column}” could be read either way round; they are read as month, day.",
            column = column
        ),
        Warning::OffsetsToUtc { column } => msg!(
            "import.offsets",
            "Times of “{column}” carry time zones; they are shown in UTC.",
            column = column
        ),
        // The rest speaks of lines and fields, of which there are none here.
        _ => return None,
    })
}

/// An error of the reader of text that cells can bring about.
pub fn error(error: &ImportError) -> Msg {
    match error {
        ImportError::ColumnTooLarge { column } => too_large(column),
        ImportError::DuplicateName { column } => duplicate(column),
        ImportError::NoColumns => all_left_out(),
        other => damaged(&format!("{other:?}")),
    }
}

pub fn duplicate_header(name: &str, renamed: &str) -> Msg {
    msg!(
        "import.duplicate_header",
        "The header “{name}” comes more than once; the later one is now “{renamed}”.",
        name = name,
        renamed = renamed
    )
}

pub fn missing_header(position: usize, name: &str) -> Msg {
    msg!(
        "import.missing_header",
        "Column {position} has no header; it is now “{name}”.",
        position = position,
        name = name
    )
}

pub fn kind(kind: ColumnKind) -> Msg {
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
