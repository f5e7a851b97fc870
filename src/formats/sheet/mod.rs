//! Workbooks: one sheet into a table.

mod book;
mod container;
mod header;
mod serial;

use std::collections::HashMap;
use std::ops::ControlFlow;

use self::book::{Book, Row};
use self::header::{HeadRow, Header, find_header};
use super::cells::{Cell, CellColumn, TooLarge};
use super::finish::{self, Raw, RawColumn, Seen};
use super::{FormatError, Imported, N_SAMPLE, Previewed, Watch, names, words};
use crate::msg;
use crate::report::Msg;
use crate::table::FileFormat;
use crate::table::csv::{Encoding, FileFacts, ImportOptions, Source};

/// Rows in which a header is looked for.
const N_HEAD: usize = 60;
/// Rows between two reports of progress.
const N_BETWEEN: usize = 2_000;
/// Cells that merged regions may fill.
const MOST_FILLED: usize = 1_000_000;

pub(super) fn preview(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
) -> Result<Previewed, FormatError> {
    guarded(|| look(source, format, options))
}

pub(super) fn read(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
    watch: &mut Watch,
) -> Result<Imported, FormatError> {
    guarded(|| read_whole(source, format, options, watch))
}

/// The reader of other crates may meet a damaged file with a panic. Where panics unwind they become a
/// sentence here; in the browser they end only the worker of the readers.
fn guarded<T>(work: impl FnOnce() -> Result<T, FormatError>) -> Result<T, FormatError> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    caught.unwrap_or_else(|_| Err(words::damaged("its cells cannot be read").into()))
}

fn look(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
) -> Result<Previewed, FormatError> {
    let n_bytes = source.len();
    let mut go_on = |_, _| true;
    let sheet = read_sheet(source, format, options, Some(N_SAMPLE), &mut go_on)?;
    let seen = Seen {
        n_bytes,
        n_rows: match sheet.is_whole {
            true => sheet.n_rows as u64,
            false => sheet.n_expected.max(sheet.n_rows as u64),
        },
        is_whole: sheet.is_whole,
    };
    let row_of = |i: usize| sheet.row_numbers.get(i).map_or(0, |&r| u64::from(r) + 1);
    let raw = Raw {
        columns: sheet.columns,
        n_rows: sheet.n_rows,
        row_of: &row_of,
        facts: sheet.facts,
        encoding: Encoding::UTF_8,
        has_header: sheet.has_header,
        warnings: sheet.warnings,
    };
    finish::preview(raw, options, seen)
}

fn read_whole(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
    watch: &mut Watch,
) -> Result<Imported, FormatError> {
    let sheet = read_sheet(source, format, options, None, watch)?;
    let row_of = |i: usize| sheet.row_numbers.get(i).map_or(0, |&r| u64::from(r) + 1);
    let raw = Raw {
        columns: sheet.columns,
        n_rows: sheet.n_rows,
        row_of: &row_of,
        facts: sheet.facts,
        encoding: Encoding::UTF_8,
        has_header: sheet.has_header,
        warnings: sheet.warnings,
    };
    finish::import(raw, options)
}

/// A sheet as it stands.
struct Sheet {
    columns: Vec<RawColumn>,
    n_rows: usize,
    /// The sheet's row of each row of the table, counted from 0.
    row_numbers: Vec<u32>,
    facts: FileFacts,
    has_header: bool,
    warnings: Vec<Msg>,
    is_whole: bool,
    /// Rows that the sheet says it has.
    n_expected: u64,
}

fn read_sheet(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
    limit: Option<usize>,
    watch: &mut Watch,
) -> Result<Sheet, FormatError> {
    let mut book = Book::open(source, format)?;
    let mut sheets = book.sheets();
    let tried = match &options.sheet {
        Some(name) if !sheets.iter().any(|s| s.name == *name) => {
            let names: Vec<String> = sheets.into_iter().map(|s| s.name).collect();
            return Err(msg!(
                "formats.no_sheet",
                "The workbook has no sheet “{name}”; it has {sheets}.",
                name = name,
                sheets = names
            )
            .into());
        }
        Some(name) => vec![name.clone()],
        None => {
            let visible = sheets.iter().filter(|s| !s.hidden);
            let hidden = sheets.iter().filter(|s| s.hidden);
            visible.chain(hidden).map(|s| s.name.clone()).collect()
        }
    };
    for name in tried {
        let mut reading = Reading::new(book.merges(&name), options, limit);
        let (n_expected, _) = book.size(&name);
        book.rows(&name, &mut |row| reading.row(row, n_expected, watch))?;
        reading.end()?;
        if reading.is_cancelled {
            return Err(FormatError::Cancelled);
        }
        let Some(table) = reading.table else { continue };
        for sheet in &mut sheets {
            let (n_rows, n_columns) = book.size(&sheet.name);
            sheet.n_rows = u32::try_from(n_rows).ok().filter(|n| *n > 0);
            sheet.n_columns = u32::try_from(n_columns).ok().filter(|n| *n > 0);
        }
        let facts = FileFacts {
            format,
            sheet: Some(name.clone()),
            sheets,
            header_row: table.header.last_row(),
            header_rows: table.header.n_rows(),
            ..FileFacts::default()
        };
        return Ok(table.finish(&name, facts, n_expected, reading.is_stopped));
    }
    Err(match &options.sheet {
        Some(name) => msg!(
            "formats.empty_sheet",
            "Sheet “{sheet}” is empty. Choose another one.",
            sheet = name
        ),
        None => msg!(
            "formats.empty_book",
            "All sheets of the workbook are empty."
        ),
    }
    .into())
}

/// A sheet while its rows come in: a head in which the header is looked for, then the table.
struct Reading<'o> {
    options: &'o ImportOptions,
    limit: Option<usize>,
    head: Vec<HeadRow>,
    merges: Vec<Merge>,
    table: Option<Building>,
    /// Values of merged regions, by the cells that they fill.
    fills: HashMap<(u32, u32), Cell<'static>>,
    is_stopped: bool,
    is_cancelled: bool,
    error: Option<FormatError>,
}

/// Cells shown as one, from the first to the last row and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merge {
    pub rows: (u32, u32),
    pub columns: (u32, u32),
}

impl<'o> Reading<'o> {
    fn new(merges: Vec<Merge>, options: &'o ImportOptions, limit: Option<usize>) -> Self {
        Self {
            options,
            limit,
            head: Vec::new(),
            merges,
            table: None,
            fills: HashMap::new(),
            is_stopped: false,
            is_cancelled: false,
            error: None,
        }
    }

    /// Takes a row that has cells.
    fn row(&mut self, row: Row<'_, '_>, n_expected: u64, watch: &mut Watch) -> ControlFlow<()> {
        let skipped = self.options.skip_rows.unwrap_or(0);
        if (row.number as usize) < skipped && self.options.header_row.is_none() {
            return ControlFlow::Continue(());
        }
        if self.table.is_none() {
            if row.cells.iter().any(|(_, cell, _)| !cell.is_blank()) {
                let cells = row.cells.drain(..);
                self.head.push(HeadRow {
                    number: row.number,
                    cells: cells
                        .map(|(c, cell, f)| (c, cell.into_owned(), f))
                        .collect(),
                });
            }
            if self.head.len() < N_HEAD {
                return ControlFlow::Continue(());
            }
            return self.begin();
        }
        let pushed = self.push(row);
        let n_rows = self.table.as_ref().map_or(0, |t| t.n_rows);
        if n_rows.is_multiple_of(N_BETWEEN) {
            let done = n_rows as f32 / n_expected.max(n_rows as u64 + 1) as f32;
            if !watch(done, words::reading_rows(n_rows)) {
                self.is_cancelled = true;
                return ControlFlow::Break(());
            }
        }
        pushed
    }

    fn end(&mut self) -> Result<(), FormatError> {
        if self.table.is_none() && !self.head.is_empty() && !self.is_cancelled {
            let _ = self.begin();
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Settles the header and takes the rows of the head that stand behind it.
    fn begin(&mut self) -> ControlFlow<()> {
        let head = std::mem::take(&mut self.head);
        let header = find_header(&head, &self.merges, self.options);
        let after = header.after_row();
        let first = header.first_column();
        self.table = Some(Building::new(header));
        let in_body = |m: &&Merge| m.rows.0 >= after && m.columns.0 >= first;
        self.merges = self.merges.iter().filter(in_body).copied().collect();
        for mut row in head.into_iter().filter(|r| r.number >= after) {
            let row = Row {
                number: row.number,
                cells: &mut row.cells,
            };
            self.push(row)?;
        }
        ControlFlow::Continue(())
    }

    fn push(&mut self, row: Row<'_, '_>) -> ControlFlow<()> {
        self.fill(&row);
        let Some(table) = &mut self.table else {
            return ControlFlow::Continue(());
        };
        if !self.fills.is_empty() {
            let number = row.number;
            for (column, cell, _) in row.cells.iter_mut() {
                if let (Cell::Empty, Some(fill)) = (&*cell, self.fills.remove(&(number, *column))) {
                    *cell = fill;
                    table.n_filled += 1;
                }
            }
            let here: Vec<u32> = self
                .fills
                .keys()
                .filter(|k| k.0 == number)
                .map(|k| k.1)
                .collect();
            for column in here {
                if let Some(fill) = self.fills.remove(&(number, column)) {
                    row.cells.push((column, fill, None));
                    table.n_filled += 1;
                }
            }
        }
        if row.cells.iter().all(|(_, cell, _)| cell.is_blank()) {
            return ControlFlow::Continue(());
        }
        if self.limit.is_some_and(|limit| table.n_rows >= limit) {
            self.is_stopped = true;
            return ControlFlow::Break(());
        }
        if let Err(column) = table.push(row) {
            let name = table.header.name(column);
            let column = name.unwrap_or_else(|| book::letters(column));
            self.error = Some(words::too_large(&column).into());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Takes note of what the merged regions that begin in this row hold.
    fn fill(&mut self, row: &Row<'_, '_>) {
        if self.merges.is_empty() {
            return;
        }
        let begins = |m: &&Merge| m.rows.0 == row.number;
        for merge in self.merges.iter().filter(begins) {
            let corner = row.cells.iter().find(|(c, _, _)| *c == merge.columns.0);
            let Some((_, cell, _)) = corner.filter(|(_, cell, _)| !cell.is_blank()) else {
                continue;
            };
            let (n_rows, n_columns) = (
                (merge.rows.1 - merge.rows.0) as usize + 1,
                (merge.columns.1 - merge.columns.0) as usize + 1,
            );
            // A region over many columns is a heading among the rows, not a value of each.
            if n_columns > 1 || self.fills.len() + n_rows > MOST_FILLED {
                continue;
            }
            for r in merge.rows.0 + 1..=merge.rows.1 {
                self.fills
                    .insert((r, merge.columns.0), cell.clone().into_owned());
            }
        }
        self.merges.retain(|m| m.rows.0 > row.number);
    }
}

/// The table of a sheet, row by row.
struct Building {
    header: Header,
    columns: Vec<Option<CellColumn>>,
    n_rows: usize,
    row_numbers: Vec<u32>,
    n_filled: usize,
}

impl Building {
    fn new(header: Header) -> Self {
        Self {
            header,
            columns: Vec::new(),
            n_rows: 0,
            row_numbers: Vec::new(),
            n_filled: 0,
        }
    }

    /// Adds a row; the column whose text is too large when one is.
    fn push(&mut self, row: Row<'_, '_>) -> Result<(), u32> {
        for (place, cell, format) in row.cells.iter() {
            let k = *place as usize;
            if cell.is_blank() {
                continue;
            }
            if k >= self.columns.len() {
                self.columns.resize_with(k + 1, || None);
            }
            let column = self.columns[k].get_or_insert_default();
            if column.n_rows() > self.n_rows {
                continue;
            }
            if let (Cell::Number(_), Some((decimals, percent))) = (cell, format) {
                column.see_format(*decimals, *percent);
            }
            let pushed = column.pad(self.n_rows).and_then(|()| column.push(cell));
            pushed.map_err(|TooLarge| *place)?;
        }
        self.n_rows += 1;
        self.row_numbers.push(row.number);
        Ok(())
    }

    fn finish(self, sheet: &str, facts: FileFacts, n_expected: u64, is_stopped: bool) -> Sheet {
        let mut warnings = Vec::new();
        let header = self.header;
        let n_places = self.columns.len().max(header.end_column() as usize);
        let mut columns = self.columns;
        columns.resize_with(n_places, || None);
        let used: Vec<u32> = (0..n_places as u32)
            .filter(|&k| columns[k as usize].is_some() || header.name(k).is_some())
            .collect();
        let names = if header.is_there() {
            let given: Vec<String> = used
                .iter()
                .map(|&k| header.name(k).unwrap_or_default())
                .collect();
            names::unique(&given, &mut warnings)
        } else {
            warnings.push(msg!(
                "formats.no_header",
                "Sheet “{sheet}” begins with values, so the columns are numbered.",
                sheet = sheet
            ));
            names::numbered(used.len())
        };
        let mut raw = Vec::with_capacity(used.len());
        for (&place, name) in used.iter().zip(names) {
            let mut column = columns[place as usize].take().unwrap_or_default();
            // Padding with nothing needs no room.
            let _ = column.pad(self.n_rows);
            if let Some((error, row)) = column.first_error {
                let row = self.row_numbers.get(row).map_or(0, |r| u64::from(*r) + 1);
                warnings.push(msg!(
                    "formats.error_cells",
                    "{count} {count|cell|cells} of “{column}” {count|holds a formula's error|hold formulas' errors}, first {error} in cell {cell} of “{sheet}”; {count|it is|they are} missing.",
                    count = column.n_errors,
                    column = &name,
                    error = error,
                    sheet = sheet,
                    cell = format!("{}{row}", book::letters(place))
                ));
            }
            raw.push(RawColumn {
                cells: column.finish(&name),
                name,
                is_measured: false,
            });
        }
        if self.n_filled > 0 {
            warnings.push(msg!(
                "formats.filled",
                "{count} {count|cell|cells} inside merged regions {count|takes|take} the value of the region.",
                count = self.n_filled
            ));
        }
        let before = header.after_row();
        Sheet {
            columns: raw,
            n_rows: self.n_rows,
            row_numbers: self.row_numbers,
            facts,
            has_header: header.is_there(),
            warnings,
            is_whole: !is_stopped,
            n_expected: n_expected.saturating_sub(u64::from(before)),
        }
    }
}
