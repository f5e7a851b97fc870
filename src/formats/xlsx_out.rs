//! A table as a workbook of one sheet, by ECMA-376: what Excel, LibreOffice and openpyxl open.
//!
//! Rows go straight into the archive's compressor, so that the sheet's text is never held whole.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{FormatError, Watch, Written, words};
use crate::msg;
use crate::report::Msg;
use crate::table::calendar::MS_PER_DAY;
use crate::table::{Column, Data, Table, Value, write_number};

/// Rows of a sheet, the header's among them.
const MOST_ROWS: usize = 1 << 20;
pub(super) const MOST_COLUMNS: usize = 1 << 14;
/// Characters of a cell, as UTF-16 counts them.
const MOST_CHARS: usize = 32_767;
/// Whole numbers past this are not all doubles, which is what cells hold.
const EXACT: u64 = 1 << 53;
/// Days from 1899-12-30 to 1970-01-01.
const EPOCH: i64 = 25_569;
/// 1900-01-01 and 9999-12-31, which are the first and last dates of a cell.
const DAYS: std::ops::RangeInclusive<i64> = -25_567..=2_932_896;
/// 1900-03-01, before which serial numbers are one less, because 1900 is taken for a leap year.
const LEAP: i64 = -25_508;
/// Rows whose cells settle a column's width.
const N_MEASURED: usize = 500;
/// Rows between two reports of progress.
const N_BETWEEN: usize = 5_000;
/// Bytes of a sheet's text that are gathered before they are compressed.
const BLOCK: usize = 1 << 18;

/// The file.
///
/// # Errors
/// When the table has more rows or columns than a sheet, or `watch` says to stop.
pub(super) fn write(table: &Table, watch: &mut Watch) -> Result<Written, FormatError> {
    check_size(table)?;
    let styles = Styles::of(table);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut strings = Shared::default();
    let mut lost = Lost::default();
    put(&mut zip, "[Content_Types].xml", CONTENT_TYPES)?;
    put(&mut zip, "_rels/.rels", RELS)?;
    put(&mut zip, "xl/workbook.xml", WORKBOOK)?;
    put(&mut zip, "xl/_rels/workbook.xml.rels", WORKBOOK_RELS)?;
    put(&mut zip, "xl/styles.xml", &styles.xml())?;
    start(&mut zip, "xl/worksheets/sheet1.xml")?;
    sheet(&mut zip, table, &styles, &mut strings, &mut lost, watch)?;
    put(&mut zip, "xl/sharedStrings.xml", &strings.xml())?;
    let bytes = zip.finish().map_err(failed)?.into_inner();
    Ok(Written {
        bytes,
        warnings: lost.warnings(),
    })
}

fn check_size(table: &Table) -> Result<(), FormatError> {
    if table.n_rows() >= MOST_ROWS {
        return Err(msg!(
            "formats.too_many_rows",
            "The table has {rows} rows; a sheet holds {limit} below its header. Write Parquet or CSV instead, or fewer rows.",
            rows = table.n_rows(),
            limit = MOST_ROWS - 1
        )
        .into());
    }
    if table.n_columns() > MOST_COLUMNS {
        return Err(msg!(
            "formats.too_many_columns",
            "The table has {columns} columns; a sheet holds {limit}. Write Parquet or CSV instead, or fewer columns.",
            columns = table.n_columns(),
            limit = MOST_COLUMNS
        )
        .into());
    }
    Ok(())
}

type Zip = ZipWriter<Cursor<Vec<u8>>>;

fn start(zip: &mut Zip, name: &str) -> Result<(), FormatError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6));
    zip.start_file(name, options).map_err(failed)
}

fn put(zip: &mut Zip, name: &str, text: &str) -> Result<(), FormatError> {
    start(zip, name)?;
    zip.write_all(text.as_bytes()).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> FormatError {
    msg!(
        "formats.not_written",
        "The file cannot be written: {what}",
        what = error.to_string()
    )
    .into()
}

fn sheet(
    zip: &mut Zip,
    table: &Table,
    styles: &Styles,
    strings: &mut Shared,
    lost: &mut Lost,
    watch: &mut Watch,
) -> Result<(), FormatError> {
    let mut out = String::with_capacity(BLOCK * 2);
    let columns = table.columns();
    let names: Vec<String> = (0..columns.len()).map(letters).collect();
    let last = names.last().map_or("A", String::as_str);
    let _ = write!(
        out,
        "{XML}<worksheet xmlns=\"{MAIN}\"><dimension ref=\"A1:{last}{}\"/><sheetViews><sheetView tabSelected=\"1\" workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>",
        table.n_rows() + 1
    );
    if !columns.is_empty() {
        out.push_str("<cols>");
        for (k, column) in columns.iter().enumerate() {
            let _ = write!(
                out,
                "<col min=\"{0}\" max=\"{0}\" width=\"{1}\" customWidth=\"1\"/>",
                k + 1,
                width(column)
            );
        }
        out.push_str("</cols>");
    }
    out.push_str("<sheetData><row r=\"1\">");
    for (column, name) in columns.iter().zip(&names) {
        let _ = write!(out, "<c r=\"{name}1\" s=\"{HEAD}\" t=\"inlineStr\"><is>");
        text(&mut out, &column.name, lost);
        out.push_str("</is></c>");
    }
    out.push_str("</row>");
    let levels: Vec<Vec<usize>> = columns.iter().map(|c| strings.levels(c)).collect();
    for i in 0..table.n_rows() {
        let _ = write!(out, "<row r=\"{}\">", i + 2);
        for (k, column) in columns.iter().enumerate() {
            let place = Place {
                column: &names[k],
                row: i + 2,
                style: styles.of_column[k],
            };
            match &column.data {
                Data::Category { codes, .. } if column.is_valid(i) => {
                    let string = levels[k][codes[i] as usize];
                    place.open(&mut out, " t=\"s\"");
                    let _ = write!(out, "<v>{string}</v></c>");
                }
                _ => cell(&mut out, column.value(i), &place, lost),
            }
        }
        out.push_str("</row>");
        if out.len() >= BLOCK {
            zip.write_all(out.as_bytes()).map_err(failed)?;
            out.clear();
        }
        if i % N_BETWEEN == 0 {
            let done = i as f32 / table.n_rows() as f32;
            if !watch(done, words::writing_rows(i)) {
                return Err(FormatError::Cancelled);
            }
        }
    }
    out.push_str("</sheetData></worksheet>");
    zip.write_all(out.as_bytes()).map_err(failed)
}

/// Where a cell stands and which style it has.
struct Place<'a> {
    column: &'a str,
    row: usize,
    style: usize,
}

impl Place<'_> {
    fn open(&self, out: &mut String, kind: &str) {
        let _ = write!(out, "<c r=\"{}{}\"", self.column, self.row);
        if self.style > 0 {
            let _ = write!(out, " s=\"{}\"", self.style);
        }
        out.push_str(kind);
        out.push('>');
    }

    fn number(&self, out: &mut String, x: f64) {
        self.open(out, "");
        out.push_str("<v>");
        write_number(out, x);
        out.push_str("</v></c>");
    }

    fn text(&self, out: &mut String, s: &str, lost: &mut Lost) {
        self.open(out, " t=\"inlineStr\"");
        out.push_str("<is>");
        text(out, s, lost);
        out.push_str("</is></c>");
    }
}

fn cell(out: &mut String, value: Value<'_>, place: &Place<'_>, lost: &mut Lost) {
    let as_text = |out: &mut String, lost: &mut Lost| {
        let mut spelt = String::new();
        value.write(&mut spelt);
        place.text(out, &spelt, lost);
    };
    match value {
        Value::Missing => {}
        // A cell has no −0.
        Value::Float(x) if x.is_finite() => place.number(out, if x == 0.0 { 0.0 } else { x }),
        Value::Float(_) => {
            lost.infinite += 1;
            as_text(out, lost);
        }
        Value::Int(x) if x.unsigned_abs() <= EXACT => place.number(out, x as f64),
        Value::Int(_) => {
            lost.long_numbers += 1;
            as_text(out, lost);
        }
        Value::Bool(x) => {
            place.open(out, " t=\"b\"");
            let _ = write!(out, "<v>{}</v></c>", u8::from(x));
        }
        Value::Date(days) => match serial_day(i64::from(days)) {
            Some(serial) => place.number(out, serial as f64),
            None => {
                lost.early_dates += 1;
                as_text(out, lost);
            }
        },
        Value::DateTime(ms) => match serial_day(ms.div_euclid(MS_PER_DAY)) {
            Some(serial) => {
                let part = ms.rem_euclid(MS_PER_DAY) as f64 / MS_PER_DAY as f64;
                place.number(out, serial as f64 + part);
            }
            None => {
                lost.early_dates += 1;
                as_text(out, lost);
            }
        },
        Value::Time(ms) => place.number(out, f64::from(ms) / MS_PER_DAY as f64),
        Value::Text(s) => place.text(out, s, lost),
    }
}

fn serial_day(days: i64) -> Option<i64> {
    let leap = i64::from(days < LEAP);
    DAYS.contains(&days).then_some(days + EPOCH - leap)
}

/// `<t>…</t>`. Characters that XML has not are spelt `_x0007_`.
fn text(out: &mut String, s: &str, lost: &mut Lost) {
    let mut s = s;
    if s.len() > MOST_CHARS {
        let mut units = 0;
        let fits = |(_, c): &(usize, char)| {
            units += c.len_utf16();
            units <= MOST_CHARS
        };
        let end = s.char_indices().take_while(fits).last();
        let end = end.map_or(0, |(at, c)| at + c.len_utf8());
        if end < s.len() {
            lost.long_texts += 1;
            s = &s[..end];
        }
    }
    let keeps =
        s.starts_with(char::is_whitespace) || s.ends_with(char::is_whitespace) || s.contains('\n');
    out.push_str(if keeps {
        "<t xml:space=\"preserve\">"
    } else {
        "<t>"
    });
    escape(out, s);
    out.push_str("</t>");
}

fn escape(out: &mut String, s: &str) {
    for (at, c) in s.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' => out.push(c),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "_x{:04X}_", c as u32);
            }
            '_' if looks_escaped(&s[at..]) => out.push_str("_x005F_"),
            c => out.push(c),
        }
    }
}

/// Whether a text begins as an escaped character does: `_x0007_`.
fn looks_escaped(s: &str) -> bool {
    let b = s.as_bytes();
    b.len() >= 7 && b[1] == b'x' && b[6] == b'_' && b[2..6].iter().all(u8::is_ascii_hexdigit)
}

/// Texts that stand in many cells.
#[derive(Default)]
struct Shared {
    texts: Vec<String>,
    places: HashMap<String, usize>,
}

impl Shared {
    /// The place of each level of a category.
    fn levels(&mut self, column: &Column) -> Vec<usize> {
        let Data::Category { levels, .. } = &column.data else {
            return Vec::new();
        };
        let texts = &mut self.texts;
        let place = |level: &String| {
            *self.places.entry(level.clone()).or_insert_with(|| {
                texts.push(level.clone());
                texts.len() - 1
            })
        };
        levels.iter().map(place).collect()
    }

    fn xml(&self) -> String {
        let n = self.texts.len();
        let mut out = format!("{XML}<sst xmlns=\"{MAIN}\" uniqueCount=\"{n}\">");
        for s in &self.texts {
            out.push_str("<si>");
            text(&mut out, s, &mut Lost::default());
            out.push_str("</si>");
        }
        out.push_str("</sst>");
        out
    }
}

/// What a cell cannot hold.
#[derive(Default)]
struct Lost {
    infinite: usize,
    long_numbers: usize,
    early_dates: usize,
    long_texts: usize,
}

impl Lost {
    fn warnings(&self) -> Vec<Msg> {
        let mut out = Vec::new();
        if self.infinite > 0 {
            out.push(msg!(
                "formats.infinite",
                "{count} infinite {count|number is|numbers are} written as text, because cells hold none.",
                count = self.infinite
            ));
        }
        if self.long_numbers > 0 {
            out.push(msg!(
                "formats.long_numbers",
                "{count} whole {count|number|numbers} past 9,007,199,254,740,992 {count|is|are} written as text, because cells would round {count|it|them}.",
                count = self.long_numbers
            ));
        }
        if self.early_dates > 0 {
            out.push(msg!(
                "formats.early_dates",
                "{count} {count|date|dates} outside the years 1900 to 9999 {count|is|are} written as text, because cells hold none.",
                count = self.early_dates
            ));
        }
        if self.long_texts > 0 {
            out.push(msg!(
                "formats.long_texts",
                "{count} {count|text|texts} longer than 32,767 characters {count|is|are} cut there, because cells hold no more.",
                count = self.long_texts
            ));
        }
        out
    }
}

/// The styles of the sheet: 0 the plain one, 1 the header's, then one for each format of numbers.
struct Styles {
    formats: Vec<String>,
    of_column: Vec<usize>,
}

const HEAD: usize = 1;

impl Styles {
    fn of(table: &Table) -> Self {
        let mut formats: Vec<String> = Vec::new();
        let of_column = table.columns().iter().map(|column| {
            let Some(format) = number_format(column) else {
                return 0;
            };
            let known = formats.iter().position(|f| *f == format);
            HEAD + 1
                + known.unwrap_or_else(|| {
                    formats.push(format);
                    formats.len() - 1
                })
        });
        Self {
            of_column: of_column.collect(),
            formats,
        }
    }

    fn xml(&self) -> String {
        let mut out = format!("{XML}<styleSheet xmlns=\"{MAIN}\">");
        if !self.formats.is_empty() {
            let _ = write!(out, "<numFmts count=\"{}\">", self.formats.len());
            for (k, format) in self.formats.iter().enumerate() {
                let mut escaped = String::new();
                escape(&mut escaped, format);
                let escaped = escaped.replace('"', "&quot;");
                let id = FIRST_FORMAT + k;
                let _ = write!(out, "<numFmt numFmtId=\"{id}\" formatCode=\"{escaped}\"/>");
            }
            out.push_str("</numFmts>");
        }
        out.push_str(FONTS);
        let _ = write!(out, "<cellXfs count=\"{}\">", self.formats.len() + 2);
        out.push_str("<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>");
        out.push_str("<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>");
        for k in 0..self.formats.len() {
            let id = FIRST_FORMAT + k;
            let _ = write!(
                out,
                "<xf numFmtId=\"{id}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
            );
        }
        out.push_str("</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>");
        out
    }
}

/// How a column's numbers are shown; `None` leaves it to the program that opens the file.
fn number_format(column: &Column) -> Option<String> {
    let digits = |n: u8| match n {
        0 => String::new(),
        n => format!(".{}", "0".repeat(usize::from(n))),
    };
    let decimals = column.format.decimals.unwrap_or(0).min(10);
    match &column.data {
        Data::Date(_) => Some("yyyy\\-mm\\-dd".to_owned()),
        Data::DateTime(ms) => Some(match ms.iter().all(|ms| ms.rem_euclid(1000) == 0) {
            true => "yyyy\\-mm\\-dd hh:mm:ss".to_owned(),
            false => "yyyy\\-mm\\-dd hh:mm:ss.000".to_owned(),
        }),
        Data::Time(ms) => Some(match ms.iter().all(|ms| ms.rem_euclid(1000) == 0) {
            true => "hh:mm:ss".to_owned(),
            false => "hh:mm:ss.000".to_owned(),
        }),
        Data::Float(_) | Data::Int(_) if column.format.percent => {
            Some(format!("0{}%", digits(decimals)))
        }
        Data::Float(_) | Data::Int(_) => {
            let currency = column.format.currency.as_ref()?;
            let number = format!("#,##0{}", digits(decimals));
            let sign = currency.replace('"', "");
            Some(match sign.as_str() {
                "원" => format!("{number}\"{sign}\""),
                _ => format!("\"{sign}\"{number}"),
            })
        }
        _ => None,
    }
}

/// Wide enough for the name and the first rows, in digits.
fn width(column: &Column) -> usize {
    let wide = |s: &str| {
        s.chars()
            .map(|c| if c < '\u{1100}' { 1 } else { 2 })
            .sum::<usize>()
    };
    let rows = (0..column.len().min(N_MEASURED)).map(|i| wide(&column.display(i)));
    let most = rows.max().unwrap_or(0).max(wide(&column.name) + 1);
    most.clamp(6, 60) + 2
}

/// A column as sheets name it: `A`, `AB`.
fn letters(column: usize) -> String {
    let mut out = String::new();
    let mut n = column + 1;
    while n > 0 {
        out.insert(0, char::from(b'A' + ((n - 1) % 26) as u8));
        n = (n - 1) / 26;
    }
    out
}

/// The first number that a format of one's own may have.
const FIRST_FORMAT: usize = 164;
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const FONTS: &str = "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>";
const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/></Types>";
const RELS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const WORKBOOK: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const WORKBOOK_RELS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        let check = |s: &str, expected: &str| {
            let mut out = String::new();
            text(&mut out, s, &mut Lost::default());
            assert_eq!(out, expected);
        };
        check("a<b>&c", "<t>a&lt;b&gt;&amp;c</t>");
        check(" a", "<t xml:space=\"preserve\"> a</t>");
        check(
            "a\r\nb\u{7}",
            "<t xml:space=\"preserve\">a_x000D_\nb_x0007_</t>",
        );
        check("_x0041_ _x41_", "<t>_x005F_x0041_ _x41_</t>");
    }

    #[test]
    fn long_texts_are_cut() {
        let mut lost = Lost::default();
        let mut out = String::new();
        text(&mut out, &"😀".repeat(20_000), &mut lost);
        assert_eq!(out.chars().filter(|c| *c == '😀').count(), 16_383);
        assert_eq!(lost.long_texts, 1);
    }

    #[test]
    fn serial_days() {
        let check = |days, expected| assert_eq!(serial_day(days), expected, "{days}");
        check(0, Some(25_569));
        check(-25_567, Some(1));
        check(-25_509, Some(59));
        check(-25_508, Some(61));
        check(2_932_896, Some(2_958_465));
        check(2_932_897, None);
        check(-25_568, None);
    }

    #[test]
    fn too_many_rows_are_refused() {
        let table = Table::new(vec![Column::bool("b", vec![true; MOST_ROWS])]).unwrap();
        let error = write(&table, &mut |_, _| true).unwrap_err();
        let said = error.message().text(crate::report::Lang::En);
        assert!(said.starts_with("The table has 1,048,576 rows"), "{said}");
    }
}
