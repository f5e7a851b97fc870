//! Files of other kinds, written by the libraries that people use: each is read and compared with what
//! those libraries read back (`tests/data/formats/make.py`), and damaged ones give a sentence.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jari::formats::{self, FormatError, OutFormat};
use jari::report::Lang;
use jari::table::csv::{FileSource, ImportOptions};
use jari::table::{Column, ColumnKind, Data, FileFormat, MissingCode, Table, Value};
use proptest::prelude::*;
use serde_json::Value as Json;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats")
}

fn expected() -> BTreeMap<String, Json> {
    let text = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn read_file(name: &str, options: &ImportOptions) -> Result<formats::Imported, String> {
    let mut source = FileSource::open(folder().join(name)).unwrap();
    let format = FileFormat::detect(&mut source, name).unwrap();
    formats::read(&mut source, format, options, &mut |_, _| true).map_err(said)
}

fn read_bytes(mut bytes: &[u8], name: &str) -> Result<formats::Imported, String> {
    let format = FileFormat::detect(&mut bytes, name).unwrap();
    formats::read(
        &mut bytes,
        format,
        &ImportOptions::default(),
        &mut |_, _| true,
    )
    .map_err(said)
}

fn said(error: FormatError) -> String {
    error.message().text(Lang::En)
}

fn is_same(column: &Column, i: usize, expected: &Json) -> bool {
    match (column.value(i), expected) {
        (Value::Missing, Json::Null) => true,
        (Value::Float(x), Json::Number(n)) => n.as_f64() == Some(x),
        (Value::Int(x), Json::Number(n)) => n.as_i64() == Some(x) || n.as_f64() == Some(x as f64),
        (Value::Bool(x), Json::Bool(b)) => x == *b,
        (Value::Missing | Value::Float(_) | Value::Int(_) | Value::Bool(_), _) => false,
        (_, Json::String(s)) => {
            // Python has no dates without times in some libraries.
            let shown = column.display(i);
            shown == *s || *s == format!("{shown}T00:00:00")
        }
        _ => false,
    }
}

#[test]
fn every_file_reads_as_its_library_reads_it() {
    let options = ImportOptions::default();
    let all = expected();
    assert!(all.len() >= 20, "the files were not found");
    for (name, expected) in all {
        let read = read_file(&name, &options).unwrap_or_else(|e| panic!("{name}: {e}"));
        let columns = expected["columns"].as_object().unwrap();
        let names: Vec<&str> = read
            .table
            .columns()
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        let wanted: Vec<&String> = columns
            .keys()
            .filter(|k| names.contains(&k.as_str()))
            .collect();
        assert_eq!(names, wanted, "{name}");
        // A column without any value or header is not there.
        let left: Vec<_> = columns
            .iter()
            .filter(|(k, _)| !names.contains(&k.as_str()))
            .collect();
        assert!(left.is_empty(), "{name} lacks {left:?}");
        for column in read.table.columns() {
            let values = columns[&column.name].as_array().unwrap();
            assert_eq!(column.len(), values.len(), "{name} {}", column.name);
            for (i, value) in values.iter().enumerate() {
                let place = format!("{name} {} row {i}", column.name);
                assert!(
                    is_same(column, i, value),
                    "{place}: {value} is {:?}",
                    column.value(i)
                );
            }
        }
        check_rest(&name, &expected, &read);
    }
}

/// What stands beside the values: labels, measures, header, sheets, sentences.
fn check_rest(name: &str, expected: &Json, read: &formats::Imported) {
    let column = |name: &str| read.table.column(name).unwrap();
    let each = |key: &str| expected[key].as_object().into_iter().flatten();
    for (key, label) in each("labels") {
        assert_eq!(column(key).label.as_deref(), label.as_str(), "{name} {key}");
    }
    for (key, labels) in each("value_labels") {
        let found: BTreeMap<&str, &str> = column(key)
            .value_labels
            .iter()
            .map(|l| (l.value.as_str(), l.label.as_str()))
            .collect();
        assert_eq!(serde_json::json!(found), *labels, "{name} {key}");
    }
    for (key, codes) in each("missing_codes") {
        assert_eq!(
            serde_json::json!(column(key).missing_codes),
            *codes,
            "{name} {key}"
        );
    }
    for (key, measure) in each("measures") {
        assert_eq!(
            serde_json::json!(column(key).measure),
            *measure,
            "{name} {key}"
        );
    }
    for (key, levels) in each("levels") {
        let Data::Category { levels: found, .. } = &column(key).data else {
            panic!("{name} {key} is no category");
        };
        assert_eq!(serde_json::json!(found), *levels, "{name} {key}");
    }
    for (key, format) in each("formats") {
        let found = &column(key).format;
        assert_eq!(
            serde_json::json!([found.decimals, found.percent]),
            *format,
            "{name} {key}"
        );
    }
    let file = &read.understood.file;
    if let Some(sheet) = expected["sheet"].as_str() {
        assert_eq!(file.sheet.as_deref(), Some(sheet), "{name}");
    }
    if let Some(row) = expected["header_row"].as_u64() {
        assert_eq!(file.header_row.map(u64::from), Some(row), "{name}");
    }
    if let Some(parts) = expected["parts"].as_u64() {
        assert_eq!(file.n_parts.map(u64::from), Some(parts), "{name}");
    }
    if expected["sheets"].is_array() {
        let sheets: Vec<&str> = file.sheets.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(serde_json::json!(sheets), expected["sheets"], "{name}");
    }
    for part in expected["said"].as_array().into_iter().flatten() {
        let part = part.as_str().unwrap();
        let all: Vec<String> = read.warnings.iter().map(|w| w.text(Lang::En)).collect();
        assert!(
            all.iter().any(|w| w.contains(part)),
            "{name} does not say {part}: {all:?}"
        );
    }
}

/// Previews name the same columns, kinds and first rows as what is read.
#[test]
fn previews_say_what_will_be_read() {
    let options = ImportOptions::default();
    for name in expected().keys() {
        let mut source = FileSource::open(folder().join(name)).unwrap();
        let format = FileFormat::detect(&mut source, name).unwrap();
        let found = formats::preview(&mut source, format, &options)
            .unwrap()
            .preview;
        let read = read_file(name, &options).unwrap();
        let kinds = |columns: &[jari::table::csv::UnderstoodColumn]| {
            let kind = |c: &jari::table::csv::UnderstoodColumn| (c.name.clone(), c.kind, c.measure);
            columns.iter().map(kind).collect::<Vec<_>>()
        };
        assert_eq!(
            kinds(&found.understood.columns),
            kinds(&read.understood.columns),
            "{name}"
        );
        let n_rows = read.table.n_rows();
        assert_eq!(found.rows.len(), n_rows.min(50), "{name}");
        assert!(
            found.rows.iter().all(|r| r.len() == read.table.n_columns()),
            "{name}"
        );
        assert_eq!(found.understood.file.format, format, "{name}");
        if found.is_whole {
            assert_eq!(found.n_rows_estimate, n_rows as u64, "{name}");
        }
    }
}

#[test]
fn settings_choose_sheets_headers_and_kinds() {
    let options = |json: &str| serde_json::from_str::<ImportOptions>(json).unwrap();
    let read = |name: &str, json: &str| read_file(name, &options(json));
    let hidden = read("openpyxl.xlsx", r#"{"sheet": "감춤"}"#).unwrap();
    assert_eq!(hidden.table.columns()[0].name, "x");
    let error = read("openpyxl.xlsx", r#"{"sheet": "Sheet9"}"#).unwrap_err();
    assert_eq!(
        error,
        "The workbook has no sheet “Sheet9”; it has 요약, empty, 2024 판매, and 감춤."
    );
    let error = read("openpyxl.xlsx", r#"{"sheet": "empty"}"#).unwrap_err();
    assert_eq!(error, "Sheet “empty” is empty. Choose another one.");
    let one = read("xlsxwriter_merged.xlsx", r#"{"header_row": 2}"#).unwrap();
    let names: Vec<&str> = one
        .table
        .columns()
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(names, ["column_1", "2023", "2024", "2023_2", "2024_2"]);
    let none = read("xlwt.xls", r#"{"has_header": false}"#).unwrap();
    assert_eq!(
        (none.table.n_rows(), none.table.columns()[0].name.as_str()),
        (7, "column_1")
    );
    let told = r#"{"missing": ["3", "8"], "columns": {"id": {"kind": "text"}, "성별": {"rename": "sex", "measure": "scale"}, "text": {"skip": true}}}"#;
    let told = read("pyreadstat.sav", told).unwrap().table;
    assert_eq!(told.column("id").unwrap().kind(), ColumnKind::Text);
    assert_eq!(told.column("id").unwrap().label.as_deref(), Some("번호"));
    assert!(told.column("text").is_none() && told.column("sex").is_some());
    let codes = &told.column("만족도_아주_긴_이름").unwrap().missing_codes;
    assert!(codes.contains(&MissingCode::Value("3".to_owned())) && codes.len() == 3);
    let kind = read(
        "pandas_snappy.parquet",
        r#"{"columns": {"i8": {"kind": "float"}}}"#,
    )
    .unwrap();
    assert_eq!(kind.table.column("i8").unwrap().kind(), ColumnKind::Float);
    let error = read(
        "int96.parquet",
        r#"{"columns": {"at_us": {"skip": true}, "도시": {"skip": true}}}"#,
    );
    assert_eq!(
        error.unwrap_err(),
        "Every column is left out. Keep at least one."
    );
}

#[test]
fn user_missing_values_can_be_taken_back() {
    let table = read_file("pyreadstat.sav", &ImportOptions::default())
        .unwrap()
        .table;
    let column = table.column("만족도_아주_긴_이름").unwrap();
    assert!(!column.is_valid(5) && !column.is_valid(6) && !column.is_valid(7));
    let back = column.clone().with_missing_codes(Vec::new());
    let shown: Vec<String> = (0..8).map(|i| back.display(i)).collect();
    assert_eq!(shown, ["0", "1", "2", "3", "4", "8", "98", ""]);
    assert_eq!(back.levels_and_codes().names[0], "전혀");
}

#[test]
fn protected_and_foreign_files_are_named() {
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.resize(2048, 0);
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let error = read_bytes(&locked, "a.xlsx").unwrap_err();
    assert!(
        error.starts_with("The workbook is protected by a password."),
        "{error}"
    );
    let mut encrypted = b"PAR1".to_vec();
    encrypted.resize(100, 0);
    encrypted.extend(b"PARE");
    let error = read_bytes(&encrypted, "").unwrap_err();
    assert!(error.starts_with("The file is encrypted."), "{error}");
    let error = read_bytes(b"PAR1", "").unwrap_err();
    assert!(error.starts_with("The file ends too early."), "{error}");
}

#[test]
fn reading_and_writing_can_be_called_off() {
    for name in ["pandas_snappy.parquet", "pyarrow_lz4.feather"] {
        let mut source = FileSource::open(folder().join(name)).unwrap();
        let format = FileFormat::detect(&mut source, name).unwrap();
        let read = formats::read(
            &mut source,
            format,
            &ImportOptions::default(),
            &mut |_, _| false,
        );
        assert_eq!(read, Err(FormatError::Cancelled), "{name}");
    }
    let table = read_file("pandas_snappy.parquet", &ImportOptions::default())
        .unwrap()
        .table;
    for format in [OutFormat::Xlsx, OutFormat::Parquet, OutFormat::Arrow] {
        let written = formats::write(&table, format, &mut |_, _| false);
        assert_eq!(written, Err(FormatError::Cancelled));
    }
}

/// What is written comes back; Parquet and Arrow with labels, levels and measures.
fn check_round_trip(table: &Table, name: &str) {
    for (format, ending) in [(OutFormat::Parquet, "parquet"), (OutFormat::Arrow, "arrow")] {
        let bytes = formats::write(table, format, &mut |_, _| true)
            .unwrap()
            .bytes;
        let back = read_bytes(&bytes, ending).unwrap_or_else(|e| panic!("{name} {ending}: {e}"));
        for (found, column) in back.table.columns().iter().zip(table.columns()) {
            let place = format!("{name} {ending} {}", column.name);
            // Other programs must see missing values, so the codes that stood there are not written.
            let mut column = Column::clone(column);
            column.coded = None;
            assert_eq!(format!("{found:?}"), format!("{column:?}"), "{place}");
        }
        assert_eq!(back.table.n_columns(), table.n_columns());
    }
}

#[test]
fn written_files_come_back() {
    for name in expected().keys() {
        let table = read_file(name, &ImportOptions::default()).unwrap().table;
        check_round_trip(&table, name);
        let written = formats::write(&table, OutFormat::Xlsx, &mut |_, _| true).unwrap();
        let back = read_bytes(&written.bytes, "a.xlsx").unwrap().table;
        assert_eq!(back.n_rows(), table.n_rows(), "{name}");
        for column in table.columns() {
            let found = back
                .column(&column.name)
                .unwrap_or_else(|| panic!("{name} {}", column.name));
            for i in 0..table.n_rows() {
                let (a, b) = (column.display(i), found.display(i));
                let same = a == b
                    || a.trim() == b.trim()
                    || a.parse::<f64>().ok().is_some_and(|x| b.parse() == Ok(x))
                    || a == format!("{b}T00:00:00");
                assert!(same, "{name} {} row {i}: {a:?} is {b:?}", column.name);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Changed, cut and doubled bytes: a table or a sentence, never a panic.
    #[test]
    fn damaged_files_give_a_sentence(
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        let names: Vec<String> = expected().into_keys().collect();
        let name = file.get(&names);
        let mut bytes = std::fs::read(folder().join(name)).unwrap();
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        for (place, byte) in changes {
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
        }
        let mut source = &bytes[..];
        let format = FileFormat::detect(&mut source, name).unwrap();
        let options = ImportOptions::default();
        if format != FileFormat::Csv {
            if let Err(error) = formats::preview(&mut source, format, &options) {
                prop_assert!(said(error).ends_with(['.', ')']), "{}", name);
            }
            if let Err(error) = formats::read(&mut source, format, &options, &mut |_, _| true) {
                prop_assert!(said(error).ends_with(['.', ')']), "{}", name);
            }
        }
    }
}
