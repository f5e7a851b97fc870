//! A workbook of any kind: its sheets, and the cells of one, row by row.

use std::borrow::Cow;
use std::ops::ControlFlow;

use calamine::{
    CellErrorType, Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, SheetType, SheetVisible,
    Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::super::bytes::Bytes;
use super::super::cells::Cell;
use super::super::xlsx_out::MOST_COLUMNS;
use super::super::{FormatError, number_format, words};
use super::{Merge, container, serial};
use crate::msg;
use crate::report::Msg;
use crate::table::FileFormat;
use crate::table::csv::{SheetInfo, Source};

/// Digits after the decimal mark, and whether it is a percentage.
pub(super) type Shown = Option<(Option<u8>, bool)>;

/// A row's cells with their columns, ascending, and how their numbers are shown. Rows and columns
/// count from 0.
pub(super) struct Row<'r, 'c> {
    pub number: u32,
    pub cells: &'r mut Vec<(u32, Cell<'c>, Shown)>,
}

/// Takes a row and says whether to go on.
type Visit<'v> = dyn FnMut(Row<'_, '_>) -> ControlFlow<()> + 'v;

pub(super) struct Book<'a> {
    kind: Kind<'a>,
    is_1904: bool,
}

enum Kind<'a> {
    Xlsx(Box<Xlsx<Bytes<'a>>>),
    Xlsb(Box<Xlsb<Bytes<'a>>>),
    Xls(Box<Xls<Bytes<'a>>>),
    Ods(Box<Ods<Bytes<'a>>>),
}

/// Sheets whose size is asked for.
const MOST_MEASURED: usize = 50;
/// Rows up to which a sheet is read a second time for its merged cells, which stand at its end.
const MOST_ROWS_FOR_MERGES: u64 = 200_000;

impl<'a> Book<'a> {
    /// # Errors
    /// When the file is damaged or protected by a password.
    pub fn open(source: &'a mut dyn Source, format: FileFormat) -> Result<Self, FormatError> {
        if format == FileFormat::Xls && is_encrypted(source)? {
            return Err(password().into());
        }
        if format == FileFormat::Xls && !container::is_sound(source)? {
            return Err(words::damaged("its sectors form no chain").into());
        }
        let bytes = Bytes::new(source);
        let mut is_1904 = false;
        let kind = match format {
            FileFormat::Xlsb => Kind::Xlsb(Box::new(Xlsb::new(bytes).map_err(of_xlsb)?)),
            FileFormat::Xls => {
                let book = Xls::new(bytes).map_err(of_xls)?;
                is_1904 = book.has_1904_epoch();
                Kind::Xls(Box::new(book))
            }
            FileFormat::Ods => Kind::Ods(Box::new(Ods::new(bytes).map_err(of_ods)?)),
            _ => {
                let book = Xlsx::new(bytes).map_err(of_xlsx)?;
                is_1904 = book.has_1904_epoch();
                Kind::Xlsx(Box::new(book))
            }
        };
        Ok(Self { kind, is_1904 })
    }

    /// The worksheets in their order, without their sizes.
    pub fn sheets(&self) -> Vec<SheetInfo> {
        let all = match &self.kind {
            Kind::Xlsx(b) => b.sheets_metadata(),
            Kind::Xlsb(b) => b.sheets_metadata(),
            Kind::Xls(b) => b.sheets_metadata(),
            Kind::Ods(b) => b.sheets_metadata(),
        };
        let tables = all.iter().filter(|s| s.typ == SheetType::WorkSheet);
        tables
            .map(|s| SheetInfo {
                name: s.name.clone(),
                hidden: s.visible != SheetVisible::Visible,
                ..SheetInfo::default()
            })
            .collect()
    }

    /// Rows and columns of a sheet as far as the file says so; 0 where it does not.
    pub fn size(&mut self, sheet: &str) -> (u64, u64) {
        let size = |end: Option<(u32, u32)>| {
            end.map_or((0, 0), |(r, c)| (u64::from(r) + 1, u64::from(c) + 1))
        };
        match &mut self.kind {
            Kind::Xlsx(b) if b.sheets_metadata().len() <= MOST_MEASURED => {
                let Ok(reader) = b.worksheet_cells_reader(sheet) else {
                    return (0, 0);
                };
                let d = reader.dimensions();
                size((d.end != (0, 0)).then_some(d.end))
            }
            Kind::Xls(b) => b.worksheet_range(sheet).map_or((0, 0), |r| size(r.end())),
            Kind::Ods(b) => b.worksheet_range(sheet).map_or((0, 0), |r| size(r.end())),
            _ => (0, 0),
        }
    }

    /// The merged regions of a sheet, ascending by their first row.
    pub fn merges(&mut self, sheet: &str) -> Vec<Merge> {
        if self.size(sheet).0 > MOST_ROWS_FOR_MERGES {
            return Vec::new();
        }
        let found = match &mut self.kind {
            Kind::Xlsx(b) => b.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
            Kind::Xls(b) => b.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
            Kind::Xlsb(_) | Kind::Ods(_) => Vec::new(),
        };
        let is_sound = |m: &Merge| m.rows.0 <= m.rows.1 && m.columns.0 <= m.columns.1;
        let merge = |d: calamine::Dimensions| Merge {
            rows: (d.start.0, d.end.0),
            columns: (d.start.1, d.end.1),
        };
        let mut merges: Vec<Merge> = found.into_iter().map(merge).filter(is_sound).collect();
        merges.sort_by_key(|m| (m.rows.0, m.columns.0));
        merges
    }

    /// Hands the rows of a sheet over, one after the other.
    ///
    /// # Errors
    /// When the sheet is damaged; the sentence names the last row that could be read.
    pub fn rows(&mut self, sheet: &str, visit: &mut Visit) -> Result<(), FormatError> {
        let is_1904 = self.is_1904;
        match &mut self.kind {
            Kind::Xlsx(b) => xlsx_rows(b, sheet, is_1904, visit),
            Kind::Xlsb(b) => {
                let range = b
                    .worksheet_range(sheet)
                    .map_err(|e| in_sheet(sheet, 0, &e))?;
                range_rows(&range, is_1904, visit);
                Ok(())
            }
            Kind::Xls(b) => {
                let range = b
                    .worksheet_range(sheet)
                    .map_err(|e| in_sheet(sheet, 0, &e))?;
                range_rows(&range, is_1904, visit);
                Ok(())
            }
            Kind::Ods(b) => {
                let range = b
                    .worksheet_range(sheet)
                    .map_err(|e| in_sheet(sheet, 0, &e))?;
                range_rows(&range, false, visit);
                Ok(())
            }
        }
    }
}

fn xlsx_rows(
    book: &mut Xlsx<Bytes<'_>>,
    sheet: &str,
    is_1904: bool,
    visit: &mut Visit,
) -> Result<(), FormatError> {
    let mut reader = match book.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(e) => return Err(in_sheet(sheet, 0, &e)),
    };
    let format = |style: &calamine::Style| {
        let format = style.number_format.as_ref()?;
        let shown = number_format::shown(&format.format_code);
        (shown != (None, false)).then_some(shown)
    };
    let formats: Vec<Shown> = reader.styles().iter().map(format).collect();
    let mut cells = Vec::new();
    let mut number = 0;
    loop {
        let next = reader.next_cell_with_style_id();
        let next = next.map_err(|e| in_sheet(sheet, u64::from(number) + 1, &e))?;
        let Some((cell, style)) = next else { break };
        let (row, column) = cell.get_position();
        if column as usize >= MOST_COLUMNS {
            let what = "a cell stands past column XFD, the last one there is";
            return Err(in_sheet(sheet, u64::from(row) + 1, &what));
        }
        if row != number {
            if !cells.is_empty() {
                let whole = Row {
                    number,
                    cells: &mut cells,
                };
                if visit(whole).is_break() {
                    return Ok(());
                }
                cells.clear();
            }
            number = row;
        }
        let value = of_ref(cell.get_value(), is_1904);
        if value != Cell::Empty {
            cells.push((column, value, formats.get(style).copied().flatten()));
        }
    }
    if !cells.is_empty() {
        let _ = visit(Row {
            number,
            cells: &mut cells,
        });
    }
    Ok(())
}

fn range_rows(range: &calamine::Range<Data>, is_1904: bool, visit: &mut Visit) {
    let Some((first_row, first_column)) = range.start() else {
        return;
    };
    let mut cells = Vec::new();
    for (number, row) in (first_row..).zip(range.rows()) {
        cells.clear();
        for (column, value) in (first_column..).zip(row) {
            let cell = of_data(value, is_1904);
            if cell != Cell::Empty {
                cells.push((column, cell, None));
            }
        }
        if cells.is_empty() {
            continue;
        }
        let row = Row {
            number,
            cells: &mut cells,
        };
        if visit(row).is_break() {
            return;
        }
    }
}

fn of_ref<'c>(value: &DataRef<'c>, is_1904: bool) -> Cell<'c> {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(x) => Cell::Int(*x),
        DataRef::Float(x) => Cell::Number(*x),
        DataRef::Bool(x) => Cell::Bool(*x),
        DataRef::SharedString(s) => Cell::Text(Cow::Borrowed(s)),
        DataRef::String(s) => Cell::Text(Cow::Owned(s.clone())),
        DataRef::DateTime(t) => of_time(t, is_1904),
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => of_iso(s),
        DataRef::Error(e) => Cell::Error(error_name(e)),
    }
}

fn of_data(value: &Data, is_1904: bool) -> Cell<'_> {
    match value {
        Data::Empty => Cell::Empty,
        Data::Int(x) => Cell::Int(*x),
        Data::Float(x) => Cell::Number(*x),
        Data::Bool(x) => Cell::Bool(*x),
        Data::String(s) => Cell::Text(Cow::Borrowed(s)),
        Data::DateTime(t) => of_time(t, is_1904),
        Data::DateTimeIso(s) | Data::DurationIso(s) => of_iso(s),
        Data::Error(e) => Cell::Error(error_name(e)),
    }
}

fn of_time(time: &ExcelDateTime, is_1904: bool) -> Cell<'static> {
    match time.is_duration() {
        true => serial::elapsed(time.as_f64()),
        false => serial::moment(time.as_f64(), is_1904),
    }
}

fn of_iso(text: &str) -> Cell<'static> {
    serial::iso(text).unwrap_or_else(|| Cell::Text(Cow::Owned(text.to_owned())))
}

fn error_name(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

/// A column as people name it: `A`, `AB`.
pub(super) fn letters(column: u32) -> String {
    let mut out = Vec::new();
    let mut n = column + 1;
    while n > 0 {
        out.push(b'A' + ((n - 1) % 26) as u8);
        n = (n - 1) / 26;
    }
    out.reverse();
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether an old container holds a new workbook behind a password.
fn is_encrypted(source: &mut dyn Source) -> Result<bool, FormatError> {
    const LOOKED_AT: u64 = 4 << 20;
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let n = source.len();
    let head = super::super::bytes::range(source, 0, n.min(LOOKED_AT))?;
    let tail_start = n.saturating_sub(LOOKED_AT);
    let tail = super::super::bytes::range(source, tail_start, n - tail_start)?;
    let has = |bytes: &[u8]| memchr::memmem::find(bytes, &name).is_some();
    Ok(has(&head) || has(&tail))
}

fn password() -> Msg {
    msg!(
        "formats.password",
        "The workbook is protected by a password. Open it in its program, save it without one, and open that."
    )
}

fn in_sheet(sheet: &str, row: u64, error: &dyn std::fmt::Display) -> FormatError {
    msg!(
        "formats.damaged_sheet",
        "Sheet “{sheet}” is damaged near row {row}: {what}. Open the workbook in its program and save it anew.",
        sheet = sheet,
        row = row.max(1),
        what = error.to_string().trim_end_matches('.')
    )
    .into()
}

fn of_xlsx(error: XlsxError) -> FormatError {
    match error {
        XlsxError::Password => password().into(),
        other => words::damaged(&other.to_string()).into(),
    }
}

fn of_xlsb(error: XlsbError) -> FormatError {
    match error {
        XlsbError::Password => password().into(),
        other => words::damaged(&other.to_string()).into(),
    }
}

fn of_xls(error: XlsError) -> FormatError {
    match error {
        XlsError::Password => password().into(),
        other => words::damaged(&other.to_string()).into(),
    }
}

fn of_ods(error: OdsError) -> FormatError {
    match error {
        OdsError::Password => password().into(),
        other => words::damaged(&other.to_string()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_letters() {
        let check = |k, expected| assert_eq!(letters(k), expected);
        check(0, "A");
        check(25, "Z");
        check(26, "AA");
        check(701, "ZZ");
        check(702, "AAA");
        check(16_383, "XFD");
    }
}
