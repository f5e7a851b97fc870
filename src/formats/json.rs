//! JSON into a table: a list of objects, or one object a line. Objects inside become columns of
//! their own (`address.city`), what lies deeper and lists stay text.

use std::borrow::Cow;
use std::fmt;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::cells::{Cell, CellColumn, Cells, TooLarge};
use super::finish::{self, Raw, RawColumn, Seen};
use super::{FormatError, Imported, N_SAMPLE, Previewed, Watch, bytes, names, words};
use crate::msg;
use crate::report::Msg;
use crate::table::csv::{Encoding, FileFacts, ImportOptions, Source};
use crate::table::{FileFormat, json};

/// Rows between two reports of progress.
const N_BETWEEN: usize = 20_000;
/// Columns past which a file is no table.
const MOST_COLUMNS: usize = 20_000;
/// Bytes that a preview looks at.
const PREVIEWED: u64 = 4 << 20;

pub(super) fn preview(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
) -> Result<Previewed, FormatError> {
    let n_bytes = source.len();
    let is_cut = n_bytes > PREVIEWED;
    let text = bytes::range(source, 0, n_bytes.min(PREVIEWED))?;
    let mut go_on = |_, _| true;
    let mut rows = Rows::new(Some(N_SAMPLE), text.len(), &mut go_on);
    let (table, at) = match (rows.read(&text, format), is_cut) {
        (Ok(read), _) => read,
        // The end of the sample may stand in the middle of a value.
        (Err(_), true) if rows.n_rows > 0 => (None, text.len()),
        (Err(error), _) => return Err(error),
    };
    if let Some(table) = table {
        let imported = whole(table, format, options)?;
        let seen = Seen {
            n_bytes,
            n_rows: imported.n_rows as u64,
            is_whole: true,
        };
        return finish::preview(imported, options, seen);
    }
    let is_whole = !is_cut && !rows.is_stopped;
    let share = n_bytes as f64 / at.max(1) as f64;
    let n_rows = match is_whole {
        true => rows.n_rows as u64,
        false => (rows.n_rows as f64 * share).round() as u64,
    };
    let seen = Seen {
        n_bytes,
        n_rows,
        is_whole,
    };
    finish::preview(rows.finish(format), options, seen)
}

pub(super) fn read(
    source: &mut dyn Source,
    format: FileFormat,
    options: &ImportOptions,
    watch: &mut Watch,
) -> Result<Imported, FormatError> {
    let text = bytes::all(source)?;
    let mut rows = Rows::new(None, text.len(), watch);
    let (table, _) = rows.read(&text, format)?;
    if let Some(table) = table {
        return finish::import(whole(table, format, options)?, options);
    }
    finish::import(rows.finish(format), options)
}

/// A table as notebook files hold it.
fn whole<'a>(
    json: serde_json::Value,
    format: FileFormat,
    _options: &ImportOptions,
) -> Result<Raw<'a>, FormatError> {
    let table = json::read(&json).map_err(|e| FormatError::from(words::damaged(&e.to_string())))?;
    let columns = table.columns().iter().map(|column| RawColumn {
        name: column.name.clone(),
        cells: Cells::Typed((**column).clone()),
        is_measured: true,
    });
    Ok(Raw {
        columns: columns.collect(),
        n_rows: table.n_rows(),
        row_of: &|i| i as u64 + 1,
        facts: facts(format),
        encoding: Encoding::UTF_8,
        has_header: true,
        warnings: Vec::new(),
    })
}

fn facts(format: FileFormat) -> FileFacts {
    FileFacts {
        format,
        ..FileFacts::default()
    }
}

/// The rows so far, column by column.
struct Rows<'w, 'v> {
    columns: Vec<(String, CellColumn)>,
    places: HashMap<String, usize, FxBuildHasher>,
    n_rows: usize,
    limit: Option<usize>,
    /// Whether there are more rows than were wanted.
    is_stopped: bool,
    is_cancelled: bool,
    too_large: Option<String>,
    n_bytes: usize,
    watch: &'w mut Watch<'v>,
    warnings: Vec<Msg>,
}

impl<'w, 'v> Rows<'w, 'v> {
    fn new(limit: Option<usize>, n_bytes: usize, watch: &'w mut Watch<'v>) -> Self {
        Self {
            columns: Vec::new(),
            places: HashMap::default(),
            n_rows: 0,
            limit,
            is_stopped: false,
            is_cancelled: false,
            too_large: None,
            n_bytes,
            watch,
            warnings: Vec::new(),
        }
    }

    /// Reads the text; gives a table of Jari's own back as it is. The number says how many bytes
    /// were read.
    fn read(
        &mut self,
        text: &[u8],
        format: FileFormat,
    ) -> Result<(Option<serde_json::Value>, usize), FormatError> {
        let bare = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let found = match format {
            FileFormat::JsonLines => self.lines(bare),
            _ => self.document(bare),
        };
        if self.is_cancelled {
            return Err(FormatError::Cancelled);
        }
        if let Some(column) = &self.too_large {
            return Err(words::too_large(column).into());
        }
        found
    }

    fn lines(&mut self, text: &[u8]) -> Result<(Option<serde_json::Value>, usize), FormatError> {
        let mut at = 0;
        for (number, line) in (1..).zip(text.split(|&b| b == b'\n')) {
            let start = at;
            at += line.len() + 1;
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            if self.is_full() {
                return Ok((None, start));
            }
            let mut reader = serde_json::Deserializer::from_slice(line);
            let read = Row(self)
                .deserialize(&mut reader)
                .and_then(|()| reader.end());
            read.map_err(|e| damaged(number, e.column(), &e))?;
            self.tell(at);
            if self.is_over() {
                break;
            }
        }
        Ok((None, text.len()))
    }

    fn document(&mut self, text: &[u8]) -> Result<(Option<serde_json::Value>, usize), FormatError> {
        if text.trim_ascii_start().starts_with(b"{") {
            return self.wrapped(text);
        }
        let mut reader = serde_json::Deserializer::from_slice(text);
        let read = List(self)
            .deserialize(&mut reader)
            .and_then(|()| reader.end());
        match read {
            Ok(()) => Ok((None, text.len())),
            // Where reading was given up says how much of the text the rows take.
            Err(e) if self.is_over() => Ok((None, offset_of(text, e.line(), e.column()))),
            Err(e) => Err(damaged(e.line(), e.column(), &e)),
        }
    }

    /// An object around the list: the first of its lists of objects is the table.
    fn wrapped(&mut self, text: &[u8]) -> Result<(Option<serde_json::Value>, usize), FormatError> {
        let value: serde_json::Value =
            serde_json::from_slice(text).map_err(|e| damaged(e.line(), e.column(), &e))?;
        let is_own = value["columns"].as_array().is_some_and(|columns| {
            columns
                .iter()
                .all(|c| c["kind"].is_string() && c["name"].is_string())
        });
        if is_own {
            return Ok((Some(value), text.len()));
        }
        let of_objects = |v: &&serde_json::Value| {
            v.as_array()
                .is_some_and(|rows| !rows.is_empty() && rows.iter().all(|r| r.is_object()))
        };
        let object = value.as_object().into_iter().flat_map(|o| o.values());
        let Some(list) = object.into_iter().find(of_objects) else {
            return Err(no_table());
        };
        let read = List(self).deserialize(list);
        match read {
            Err(_) if !self.is_over() => Err(no_table()),
            _ => Ok((None, text.len())),
        }
    }

    fn is_full(&mut self) -> bool {
        let is_full = self.limit.is_some_and(|limit| self.n_rows >= limit);
        self.is_stopped |= is_full;
        is_full
    }

    /// Whether nothing more is to be read.
    fn is_over(&self) -> bool {
        self.is_stopped || self.is_cancelled || self.too_large.is_some()
    }

    fn tell(&mut self, at: usize) {
        if self.n_rows.is_multiple_of(N_BETWEEN) {
            let done = at as f32 / self.n_bytes.max(1) as f32;
            self.is_cancelled |= !(self.watch)(done.min(1.0), words::reading_rows(self.n_rows));
        }
    }

    /// Puts a cell of the row that is being read.
    fn put(&mut self, name: &str, cell: &Cell) {
        let known = self.places.get(name).copied();
        let place = known.unwrap_or_else(|| {
            self.columns.push((name.to_owned(), CellColumn::default()));
            self.places.insert(name.to_owned(), self.columns.len() - 1);
            self.columns.len() - 1
        });
        let column = &mut self.columns[place].1;
        // The first of two values under one key counts.
        if column.n_rows() > self.n_rows {
            return;
        }
        let pushed = column.pad(self.n_rows).and_then(|()| column.push(cell));
        if let Err(TooLarge) = pushed {
            self.too_large.get_or_insert_with(|| name.to_owned());
        }
    }

    fn finish<'a>(self, format: FileFormat) -> Raw<'a> {
        let mut warnings = self.warnings;
        let given: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let names = names::unique(&given, &mut warnings);
        let columns = self
            .columns
            .into_iter()
            .zip(names)
            .map(|((_, mut column), name)| {
                // Padding with nothing needs no room.
                let _ = column.pad(self.n_rows);
                RawColumn {
                    cells: column.finish(&name),
                    name,
                    is_measured: false,
                }
            });
        Raw {
            columns: columns.collect(),
            n_rows: self.n_rows,
            row_of: &|i| i as u64 + 1,
            facts: facts(format),
            encoding: Encoding::UTF_8,
            has_header: true,
            warnings,
        }
    }
}

/// The list of rows.
struct List<'r, 'w, 'v>(&'r mut Rows<'w, 'v>);

impl<'de> DeserializeSeed<'de> for List<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let rows = self.0;
        while list.next_element_seed(Row(rows))?.is_some() {
            rows.tell(0);
            if rows.is_full() || rows.is_over() {
                return Err(A::Error::custom("enough"));
            }
        }
        Ok(())
    }
}

/// One row: an object, or a list of values for numbered columns.
struct Row<'r, 'w, 'v>(&'r mut Rows<'w, 'v>);

impl<'de> DeserializeSeed<'de> for Row<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object with the values of a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let value: serde_json::Value = map.next_value()?;
            match &value {
                serde_json::Value::Object(inner) => {
                    for (name, value) in inner {
                        put_value(self.0, &format!("{key}.{name}"), value);
                    }
                }
                value => put_value(self.0, &key, value),
            }
            if self.0.columns.len() > MOST_COLUMNS {
                return Err(A::Error::custom("too many different keys for columns"));
            }
        }
        self.0.n_rows += 1;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut k = 0;
        while let Some(value) = list.next_element::<serde_json::Value>()? {
            k += 1;
            if k > MOST_COLUMNS {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                return Err(A::Error::custom("too many values for columns"));
            }
            put_value(self.0, &format!("column_{k}"), &value);
        }
        self.0.n_rows += 1;
        Ok(())
    }
}

fn put_value(rows: &mut Rows, name: &str, value: &serde_json::Value) {
    use serde_json::Value as Json;
    match value {
        Json::Null => rows.put(name, &Cell::Empty),
        Json::Bool(x) => rows.put(name, &Cell::Bool(*x)),
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(x), _) => rows.put(name, &Cell::Int(x)),
            (None, Some(x)) if n.is_f64() => rows.put(name, &Cell::Number(x)),
            _ => rows.put(name, &Cell::Text(Cow::Owned(n.to_string()))),
        },
        Json::String(s) => rows.put(name, &Cell::Text(Cow::Borrowed(s))),
        deeper => rows.put(name, &Cell::Text(Cow::Owned(deeper.to_string()))),
    }
}

/// Bytes before a place that is given by line and column.
fn offset_of(text: &[u8], line: usize, column: usize) -> usize {
    let mut ends = memchr::memchr_iter(b'\n', text);
    let start = match line {
        0 | 1 => 0,
        n => ends.nth(n - 2).map_or(text.len(), |at| at + 1),
    };
    (start + column).min(text.len())
}

fn damaged(line: usize, column: usize, error: &serde_json::Error) -> FormatError {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or(&said);
    msg!(
        "formats.json",
        "The JSON cannot be read at line {line}, character {column}: {what}.",
        line = line,
        column = column,
        what = what
    )
    .into()
}

fn no_table() -> FormatError {
    msg!(
        "formats.json_shape",
        "The JSON holds no table. A table is a list of objects, such as [{{\"name\": \"a\", \"value\": 1}}]."
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;

    fn read_text(text: &str, format: FileFormat) -> Result<Imported, String> {
        let options = ImportOptions::default();
        read(&mut text.as_bytes(), format, &options, &mut |_, _| true)
            .map_err(|e| e.message().text(Lang::En))
    }

    /// Columns as `name kind: value, value`.
    fn check(text: &str, expected: &[&str]) {
        let table = read_text(text, FileFormat::Json).unwrap().table;
        let column = |c: &crate::table::Column| {
            let values: Vec<String> = (0..c.len()).map(|i| c.display(i)).collect();
            format!("{} {}: {}", c.name, c.kind().name(), values.join(", "))
        };
        let found: Vec<String> = table.columns().iter().map(|c| column(c)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn lists_of_objects() {
        check(
            r#"[{"a": 1, "b": "x"}, {"b": null, "a": 2.5}]"#,
            &["a float: 1, 2.5", "b category: x, "],
        );
        check(
            r#"[{"a": 1}, {"b": true}]"#,
            &["a int: 1, ", "b bool: , true"],
        );
        check(r#"[{"d": "2024-03-05"}]"#, &["d date: 2024-03-05"]);
        check(
            r#"[{"a": {"b": 1, "c": [1, 2]}}]"#,
            &["a.b int: 1", "a.c category: [1,2]"],
        );
        check(
            r#"[{"id": 9007199254740993}]"#,
            &["id int: 9007199254740993"],
        );
        check(
            r#"[{"id": 18446744073709551615}]"#,
            &["id category: 18446744073709551615"],
        );
        check(
            r#"[[1, "a"], [2, "b"]]"#,
            &["column_1 int: 1, 2", "column_2 category: a, b"],
        );
        check(
            r#"{"n": 2, "data": [{"a": 1}, {"a": 2}]}"#,
            &["a int: 1, 2"],
        );
        check(r#"[{"a": 1, "a": 2}]"#, &["a int: 1"]);
        check(r#"[{"a": 1}, {"a": "x"}]"#, &["a category: 1, x"]);
    }

    #[test]
    fn a_table_of_its_own() {
        let text =
            r#"{"columns":[{"name":"x","kind":"float","measure":"ordinal","values":[1.5,null]}]}"#;
        check(text, &["x float: 1.5, "]);
        let read = read_text(text, FileFormat::Json).unwrap();
        assert_eq!(
            read.table.columns()[0].measure,
            crate::table::Measure::Ordinal
        );
    }

    #[test]
    fn lines() {
        let table = read_text("{\"a\":1}\n\n{\"a\":2}\r\n", FileFormat::JsonLines)
            .unwrap()
            .table;
        assert_eq!(table.n_rows(), 2);
        let error = read_text("{\"a\":1}\n{\"a\":}\n", FileFormat::JsonLines).unwrap_err();
        assert_eq!(
            error,
            "The JSON cannot be read at line 2, character 6: expected value."
        );
    }

    #[test]
    fn errors() {
        let check = |text: &str, expected: &str| {
            let error = read_text(text, FileFormat::Json).unwrap_err();
            assert!(error.contains(expected), "{error}");
        };
        check("[{\"a\": 1},\n {\"a\"", "line 2, character 5");
        check("[1, 2]", "an object with the values of a row");
        check("{\"a\": 1}", "holds no table");
        check("[]", "holds no rows");
        check("", "EOF");
    }

    #[test]
    fn previews_stop_early() {
        let mut text = String::from("[");
        for i in 0..3_000 {
            text.push_str(&format!(
                "{}{{\"a\": {}}}",
                if i > 0 { ",\n" } else { "" },
                10_000 + i
            ));
        }
        text.push(']');
        let options = ImportOptions::default();
        let found = preview(&mut text.as_bytes(), FileFormat::Json, &options)
            .unwrap()
            .preview;
        assert!(!found.is_whole);
        assert!(
            (2_990..3_010).contains(&found.n_rows_estimate),
            "{}",
            found.n_rows_estimate
        );
        assert_eq!(found.rows.len(), 50);
    }
}
