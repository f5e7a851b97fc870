//! The person's settings over what a file holds: columns left out, renamed, retyped, measured.

use super::cells::Cells;
use super::texts::{self, TextColumn};
use super::{FormatError, Imported, N_PREVIEW, Previewed, words};
use crate::report::Msg;
use crate::table::csv::{
    ColumnOverride, DEFAULT_MISSING, Delimiter, Encoding, FileFacts, ImportOptions, Preview,
    Understood, UnderstoodColumn, measure,
};
use crate::table::{Column, ColumnKind, MissingCode, Table, Utf8};

/// A table as its file gives it.
pub(super) struct Raw<'a> {
    /// With unique names.
    pub columns: Vec<RawColumn>,
    pub n_rows: usize,
    /// The row that people see in the file, by the table's row.
    pub row_of: &'a dyn Fn(usize) -> u64,
    pub facts: FileFacts,
    pub encoding: Encoding,
    pub has_header: bool,
    pub warnings: Vec<Msg>,
}

pub(super) struct RawColumn {
    pub name: String,
    pub cells: Cells,
    /// Whether the file says what the column measures.
    pub is_measured: bool,
}

/// How much of a file a preview has seen.
pub(super) struct Seen {
    pub n_bytes: u64,
    pub n_rows: u64,
    pub is_whole: bool,
}

/// Values different from one another that are shown of a column.
const N_EXAMPLES: usize = 5;
/// Rows that examples are looked for in.
const N_LOOKED: usize = 1_000;

/// The table.
///
/// # Errors
/// When all columns are left out or two would have one name.
pub(super) fn import(raw: Raw, options: &ImportOptions) -> Result<Imported, FormatError> {
    let mut parts = apply(raw, options)?;
    let kept = parts.columns.iter().any(|(_, u)| !u.skipped);
    if !kept && !parts.columns.is_empty() {
        return Err(words::all_left_out().into());
    }
    parts.columns.retain(|(_, understood)| !understood.skipped);
    let (columns, understood): (Vec<Column>, Vec<_>) = parts.columns.into_iter().unzip();
    let mut names = std::collections::HashSet::new();
    if let Some(twice) = columns.iter().find(|c| !names.insert(c.name.clone())) {
        return Err(words::duplicate(&twice.name).into());
    }
    drop(names);
    if columns.is_empty() {
        let any_left_out = options.columns.values().any(|c| c.skip);
        return Err(match any_left_out {
            true => words::all_left_out(),
            false => words::no_rows(),
        }
        .into());
    }
    let table =
        Table::new(columns).map_err(|e| FormatError::from(words::damaged(&e.to_string())))?;
    Ok(Imported {
        table,
        understood: Understood {
            columns: understood,
            ..parts.understood
        },
        warnings: parts.warnings,
    })
}

/// The preview, of a table that holds the first rows.
///
/// # Errors
/// When a column's text is too large.
pub(super) fn preview(
    raw: Raw,
    options: &ImportOptions,
    seen: Seen,
) -> Result<Previewed, FormatError> {
    let n_shown = raw.n_rows.min(N_PREVIEW);
    let shown = |column: &RawColumn, i: usize| match &column.cells {
        Cells::Typed(c) => c.display(i),
        Cells::Texts { texts, .. } => texts.get(i).to_owned(),
    };
    let row = |i| raw.columns.iter().map(|c| shown(c, i)).collect();
    let rows = (0..n_shown).map(row).collect();
    let parts = apply(raw, options)?;
    let preview = Preview {
        understood: Understood {
            columns: parts.columns.into_iter().map(|(_, u)| u).collect(),
            ..parts.understood
        },
        rows,
        n_bytes: seen.n_bytes,
        n_rows_estimate: seen.n_rows,
        is_whole: seen.is_whole,
        members: Vec::new(),
        warnings: Vec::new(),
    };
    Ok(Previewed {
        preview,
        warnings: parts.warnings,
    })
}

struct Applied {
    columns: Vec<(Column, UnderstoodColumn)>,
    understood: Understood,
    warnings: Vec<Msg>,
}

fn apply(raw: Raw, options: &ImportOptions) -> Result<Applied, FormatError> {
    let mut warnings = raw.warnings;
    let n_rows = raw.n_rows;
    let none = ColumnOverride::default();
    let mut slots: Vec<Slot> = Vec::with_capacity(raw.columns.len());
    for column in raw.columns {
        let told = options.columns.get(&column.name).unwrap_or(&none);
        let told_kind = told.kind;
        let cells = match column.cells {
            Cells::Typed(typed) => match told_kind.filter(|k| *k != typed.kind() && !told.skip) {
                Some(_) => spelt(&column.name, typed)?,
                None => Ok(missing_values(typed, options)),
            },
            Cells::Texts { texts, has_numbers } => Err((
                TextColumn {
                    name: column.name.clone(),
                    texts,
                    has_numbers,
                },
                None,
            )),
        };
        slots.push(Slot {
            name: column.name,
            cells,
            is_measured: column.is_measured,
        });
    }
    let to_read: Vec<&TextColumn> = slots
        .iter()
        .filter_map(|s| s.cells.as_ref().err())
        .map(|(t, _)| t)
        .collect();
    let mut read = texts::read(&to_read, options, raw.row_of, &mut warnings)?.into_iter();
    let mut columns = Vec::with_capacity(slots.len());
    for slot in slots {
        let (mut column, mut understood) = match slot.cells {
            Ok(typed) => {
                let understood = describe(&typed);
                (typed, understood)
            }
            Err((_, before)) => {
                let (mut column, understood) = read
                    .next()
                    .ok_or_else(|| FormatError::from(words::damaged("a column is missing")))?;
                if let Some(before) = before {
                    dress(&mut column, *before);
                }
                (column, understood)
            }
        };
        if column.len() != n_rows {
            return Err(words::damaged("its columns are not of one length").into());
        }
        let told = options.columns.get(&slot.name).unwrap_or(&none);
        column.name.clone_from(&slot.name);
        column.measure = match told.measure {
            Some(measure) => measure,
            None if slot.is_measured && told.kind.is_none() => column.measure,
            None => measure(&column),
        };
        if let Some(rename) = &told.rename {
            column.name.clone_from(rename);
        }
        understood.source_name = slot.name;
        understood.name.clone_from(&column.name);
        understood.kind = column.kind();
        understood.measure = column.measure;
        understood.label.clone_from(&column.label);
        understood.format = column.format.clone();
        understood.n_missing = column.n_missing() as u64;
        understood.skipped = told.skip;
        columns.push((column, understood));
    }
    let missing = match &options.missing {
        Some(told) => told.clone(),
        None => DEFAULT_MISSING.iter().map(|s| (*s).to_owned()).collect(),
    };
    let understood = Understood {
        encoding: raw.encoding,
        bom: false,
        delimiter: Delimiter::Comma,
        decimal: options.decimal.unwrap_or('.'),
        has_header: raw.has_header,
        n_lines_above: 0,
        files: Vec::new(),
        missing,
        columns: Vec::new(),
        file: raw.facts,
    };
    Ok(Applied {
        columns,
        understood,
        warnings,
    })
}

/// A column on its way: typed, or text to be read, with the typed column that it was before.
struct Slot {
    name: String,
    cells: Result<Column, (TextColumn, Option<Box<Column>>)>,
    is_measured: bool,
}

type Spelt = Result<Column, (TextColumn, Option<Box<Column>>)>;

/// A typed column as text, to be read as another kind.
fn spelt(name: &str, typed: Column) -> Result<Spelt, FormatError> {
    let mut texts = Utf8::new();
    let mut spelt = String::new();
    for i in 0..typed.len() {
        spelt.clear();
        typed.value(i).write(&mut spelt);
        if !texts.has_room(spelt.len()) {
            return Err(words::too_large(name).into());
        }
        texts.push(&spelt);
    }
    let text = TextColumn {
        name: name.to_owned(),
        texts,
        has_numbers: true,
    };
    Ok(Err((text, Some(Box::new(typed.select_rows(&[]))))))
}

/// What was said of the column before it was read as another kind.
fn dress(column: &mut Column, before: Column) {
    column.label = before.label;
    column.note = before.note;
    column.value_labels = before.value_labels;
}

/// Marks of missing values that the person named, in a column that is typed already.
fn missing_values(column: Column, options: &ImportOptions) -> Column {
    let Some(told) = &options.missing else {
        return column;
    };
    let is_default = |s: &&String| DEFAULT_MISSING.contains(&s.as_str());
    let mut codes: Vec<MissingCode> = column.missing_codes.clone();
    for mark in told.iter().filter(|s| !is_default(s)) {
        let code = MissingCode::Value(mark.clone());
        let is_used = match column.kind() {
            ColumnKind::Float | ColumnKind::Int => mark.trim().parse::<f64>().is_ok(),
            ColumnKind::Category | ColumnKind::Text => true,
            _ => false,
        };
        if is_used && !codes.contains(&code) {
            codes.push(code);
        }
    }
    match codes == column.missing_codes {
        true => column,
        false => column.with_missing_codes(codes),
    }
}

fn describe(column: &Column) -> UnderstoodColumn {
    let mut examples: Vec<String> = Vec::new();
    for i in (0..column.len())
        .take(N_LOOKED)
        .filter(|&i| column.is_valid(i))
    {
        let shown = column.display(i);
        if !examples.contains(&shown) {
            examples.push(shown);
        }
        if examples.len() == N_EXAMPLES {
            break;
        }
    }
    UnderstoodColumn {
        name: column.name.clone(),
        source_name: column.name.clone(),
        kind: column.kind(),
        measure: column.measure,
        label: column.label.clone(),
        format: column.format.clone(),
        date_order: None,
        examples,
        n_missing: column.n_missing() as u64,
        missing_seen: Vec::new(),
        skipped: false,
    }
}
