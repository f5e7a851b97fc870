//! A table as comma-separated text.

use super::{Column, Table, Value};

const BOM: &str = "\u{feff}";

/// The table as RFC 4180 text in UTF-8: a line of names, then a line a row, values in their
/// canonical spelling ([`Value::write`]). A missing value is an empty field, an empty text `""`; the
/// missing value of a table's only column is `""` too, since an empty line is no row to most
/// readers. Fields are quoted where they hold a comma, a quote or a line end, and where blanks at
/// their ends could get lost.
///
/// With `bom` the text starts with a byte order mark and lines end with CR LF, as Excel wants them;
/// without, lines end with LF.
pub fn to_csv(table: &Table, bom: bool) -> Vec<u8> {
    let (start, line_end) = if bom { (BOM, "\r\n") } else { ("", "\n") };
    let mut out = String::from(start);
    let columns = table.columns();
    if columns.is_empty() {
        return out.into_bytes();
    }
    for (k, column) in columns.iter().enumerate() {
        separate(&mut out, k);
        write_text(&mut out, &column.name);
    }
    out.push_str(line_end);
    let is_only = columns.len() == 1;
    for i in 0..table.n_rows() {
        for (k, column) in columns.iter().enumerate() {
            separate(&mut out, k);
            write_value(&mut out, column, i, is_only);
        }
        out.push_str(line_end);
    }
    out.into_bytes()
}

/// Text in an encoding that has not all characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    pub bytes: Vec<u8>,
    /// The first few different characters that became `?`.
    pub lost: Vec<char>,
    /// How many characters became `?`.
    pub n_lost: usize,
    /// Where the first one stands: its row, counted from 1, or 0 for the header, and its column.
    pub first: Option<(usize, String)>,
}

/// Different characters that are named.
const MOST_NAMED: usize = 10;

/// The table as [`to_csv`] writes it for Excel, in CP949 and so without a byte order mark.
pub fn to_cp949(table: &Table) -> Encoded {
    let text = String::from_utf8(to_csv(table, true)).unwrap_or_default();
    let text = text.strip_prefix(BOM).unwrap_or(&text);
    let (bytes, _, any_lost) = encoding_rs::EUC_KR.encode(text);
    if !any_lost {
        let bytes = bytes.into_owned();
        return Encoded {
            bytes,
            ..Encoded::default()
        };
    }
    let mut out = Encoded {
        first: first_lost(table),
        ..Encoded::default()
    };
    for c in text.chars() {
        if is_in_cp949(c) {
            let mut letter = [0; 4];
            let (bytes, _, _) = encoding_rs::EUC_KR.encode(c.encode_utf8(&mut letter));
            out.bytes.extend_from_slice(&bytes);
            continue;
        }
        out.bytes.push(b'?');
        out.n_lost += 1;
        if out.lost.len() < MOST_NAMED && !out.lost.contains(&c) {
            out.lost.push(c);
        }
    }
    out
}

fn first_lost(table: &Table) -> Option<(usize, String)> {
    let is_lost = |s: &str| !s.chars().all(is_in_cp949);
    let columns = table.columns();
    if let Some(column) = columns.iter().find(|c| is_lost(&c.name)) {
        return Some((0, column.name.clone()));
    }
    (0..table.n_rows()).find_map(|i| {
        let column = columns.iter().find(|c| match c.value(i) {
            Value::Text(s) => is_lost(s),
            _ => false,
        });
        column.map(|c| (i + 1, c.name.clone()))
    })
}

fn is_in_cp949(c: char) -> bool {
    if c.is_ascii() {
        return true;
    }
    let mut letter = [0; 4];
    let (_, _, is_lost) = encoding_rs::EUC_KR.encode(c.encode_utf8(&mut letter));
    !is_lost
}

fn separate(out: &mut String, k: usize) {
    if k > 0 {
        out.push(',');
    }
}

fn write_value(out: &mut String, column: &Column, i: usize, is_only: bool) {
    match column.value(i) {
        Value::Missing if is_only => out.push_str("\"\""),
        Value::Text(s) => write_text(out, s),
        value => value.write(out),
    }
}

fn write_text(out: &mut String, s: &str) {
    if !needs_quotes(s) {
        out.push_str(s);
        return;
    }
    out.push('"');
    let mut parts = s.split('"');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str("\"\"");
        out.push_str(part);
    }
    out.push('"');
}

fn needs_quotes(s: &str) -> bool {
    let is_blank = |b: &u8| matches!(b, b' ' | b'\t');
    let bytes = s.as_bytes();
    bytes.first().is_none_or(is_blank)
        || bytes.last().is_none_or(is_blank)
        || s.starts_with(BOM)
        || bytes
            .iter()
            .any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Bitmap;
    use super::super::samples::any_table;
    use super::*;

    fn text(columns: Vec<Column>, bom: bool) -> String {
        String::from_utf8(to_csv(&Table::new(columns).unwrap(), bom)).unwrap()
    }

    #[test]
    fn values_and_missing_ones() {
        let second_missing = || Bitmap::from_iter([true, false]);
        let columns = vec![
            Column::float("x", vec![0.1, f64::NAN]),
            Column::int("a,b", vec![-3, 0]).with_validity(second_missing()),
            Column::date("d", vec![19_787, 0]).with_validity(second_missing()),
            Column::bool("", [true, false]),
            Column::text("텍스트", ["", ""]).with_validity(second_missing()),
        ];
        let lines = [
            "x,\"a,b\",d,\"\",텍스트",
            "0.1,-3,2024-03-05,true,\"\"",
            ",,,false,",
        ];
        assert_eq!(
            text(columns.clone(), false),
            lines.map(|l| format!("{l}\n")).concat()
        );
        let with_bom = format!("\u{feff}{}", lines.map(|l| format!("{l}\r\n")).concat());
        assert_eq!(text(columns, true), with_bom);
        assert_eq!(text(vec![], false), "");
        assert_eq!(text(vec![], true), "\u{feff}");
        assert_eq!(text(vec![Column::int("n", vec![])], false), "n\n");
    }

    #[test]
    fn in_cp949() {
        let table = |s: [&str; 2]| {
            let columns = vec![Column::int("n", vec![1, 2]), Column::text("글", s)];
            Table::new(columns).unwrap()
        };
        let whole = to_cp949(&table(["가", "뷁"]));
        // Python's codec gives these bytes.
        let expected = b"n,\xb1\xdb\r\n1,\xb0\xa1\r\n2,\x94\xee\r\n";
        assert_eq!(whole.bytes, expected);
        assert_eq!(whole.n_lost, 0);
        let lossy = to_cp949(&table(["a", "é😀é가"]));
        assert_eq!(lossy.bytes, b"n,\xb1\xdb\r\n1,a\r\n2,???\xb0\xa1\r\n");
        assert_eq!((lossy.lost, lossy.n_lost), (vec!['é', '😀'], 3));
        assert_eq!(lossy.first, Some((2, "글".to_owned())));
    }

    #[test]
    fn quotes_where_needed() {
        let check = |value: &str, expected: &str| {
            let columns = vec![Column::text("s", [value])];
            assert_eq!(text(columns, false), format!("s\n{expected}\n"));
        };
        check("plain", "plain");
        check("two words", "two words");
        check("a;b", "a;b");
        check("", "\"\"");
        check("a,b", "\"a,b\"");
        check("a\nb", "\"a\nb\"");
        check("a\rb", "\"a\rb\"");
        check("\"", "\"\"\"\"");
        check("a\"b\"", "\"a\"\"b\"\"\"");
        check(" a", "\" a\"");
        check("a\t", "\"a\t\"");
        check("\u{feff}a", "\"\u{feff}a\"");
    }

    #[test]
    fn a_lone_missing_value_is_still_a_row() {
        let column = Column::float("x", vec![1.0, f64::NAN, 2.0]);
        assert_eq!(text(vec![column], false), "x\n1\n\"\"\n2\n");
    }

    proptest! {
        /// Read by the `csv` crate, every field is the value's canonical spelling.
        #[test]
        fn any_table_is_read_back(table in any_table(), bom: bool) {
            prop_assume!(table.n_columns() > 0);
            let bytes = to_csv(&table, bom);
            let mut reader = csv::ReaderBuilder::new().from_reader(&bytes[..]);
            let names: Vec<_> = table.columns().iter().map(|c| c.name.clone()).collect();
            prop_assert_eq!(reader.headers().unwrap(), names);
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(rows.len(), table.n_rows());
            for (i, row) in rows.iter().enumerate() {
                let shown: Vec<_> = table.columns().iter().map(|c| c.display(i)).collect();
                prop_assert_eq!(row, shown);
            }
        }
    }
}
