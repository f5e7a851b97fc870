//! Files as offices, programs and accidents make them: `tests/nasty/`, and what each is read as, in
//! `tests/nasty/expected.json`, which was written by hand. Larger ones are made here.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jari::engine::{import_error, import_warning};
use jari::report::Lang;
use jari::table::csv::{
    ImportError, ImportOptions, Imported, SourceFile, preview_files, read_files,
};
use jari::table::{Column, ColumnKind};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nasty")
}

/// Reads bytes as a file of this name, looks at them first, and holds the two to each other.
fn read(name: &str, bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut source = bytes;
    let mut files = [SourceFile {
        name: name.to_owned(),
        source: &mut source,
    }];
    let options = ImportOptions::default();
    let shown = preview_files(&mut files, &options);
    let read = read_files(&mut files, &options, &mut |_| ControlFlow::Continue(()));
    match (&shown, &read) {
        (Ok(shown), Ok(read)) if shown.is_whole => {
            assert_eq!(shown.understood, read.understood, "{name}");
            assert_eq!(shown.warnings, read.warnings, "{name}");
            assert_eq!(shown.n_rows_estimate, read.table.n_rows() as u64, "{name}");
        }
        (Err(shown), Err(read)) => assert_eq!(shown, read, "{name}"),
        (Err(shown), Ok(_)) => panic!("{name}: no preview: {shown:?}"),
        // Behind what a preview looks at.
        _ => {}
    }
    read
}

/// `kind a|b|∅`, or the kind alone when that is all that is expected.
fn shown(column: &Column, expected: &str) -> String {
    let kind = column.kind().name();
    if !expected.contains(' ') {
        return kind.to_owned();
    }
    let cell = |i| match column.is_valid(i) {
        true => column.display(i),
        false => "∅".to_owned(),
    };
    let cells: Vec<String> = (0..column.len()).map(cell).collect();
    format!("{kind} {}", cells.join("|"))
}

fn check(name: &str, expected: &Value) {
    let bytes = std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let imported = match (read(name, &bytes), expected["error"].as_str()) {
        (Ok(imported), None) => imported,
        (Err(error), Some(sentence)) => {
            assert_eq!(import_error(&error).text(Lang::En), sentence, "{name}");
            return;
        }
        (Ok(imported), Some(_)) => panic!("{name} was read: {:?}", imported.table),
        (Err(error), None) => panic!("{name}: {error:?}"),
    };
    let columns = expected["columns"].as_object().expect("columns");
    let names: Vec<&str> = imported.table.columns().iter().map(|c| &*c.name).collect();
    assert_eq!(names, columns.keys().collect::<Vec<_>>(), "{name}");
    for (column, (_, cells)) in imported.table.columns().iter().zip(columns) {
        let cells = cells.as_str().expect("kind and cells");
        assert_eq!(shown(column, cells), cells, "{name}: {}", column.name);
    }
    if let Some(n_rows) = expected["rows"].as_u64() {
        assert_eq!(imported.table.n_rows() as u64, n_rows, "{name}");
    }
    let warnings: Vec<String> = imported
        .warnings
        .iter()
        .map(|w| import_warning(w).text(Lang::En))
        .collect();
    let expected: Vec<&str> = match expected["warnings"].as_array() {
        Some(sentences) => sentences.iter().filter_map(Value::as_str).collect(),
        None => Vec::new(),
    };
    assert_eq!(warnings, expected, "{name}");
}

#[test]
fn every_file_is_read_as_expected() {
    let text = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let expected = expected.as_object().unwrap();
    let known: BTreeSet<String> = expected.keys().cloned().collect();
    let there: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".py") && !name.ends_with(".json"))
        .collect();
    assert_eq!(known, there);
    assert!(known.len() >= 50);
    let wrong: Vec<&String> = expected
        .iter()
        .filter(|(name, expected)| std::panic::catch_unwind(|| check(name, expected)).is_err())
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn said(imported: &Imported) -> Vec<String> {
    let said = |w| import_warning(w).text(Lang::En);
    imported.warnings.iter().map(said).collect()
}

#[test]
fn ten_thousand_columns() {
    let row = |cell: &dyn Fn(usize) -> String| {
        let cells: Vec<String> = (0..10_000).map(cell).collect();
        cells.join(",") + "\n"
    };
    let mut text = row(&|c| format!("c{c}"));
    for i in 0..50 {
        text += &row(&|c| match c % 3 {
            0 => format!("{}", i * c),
            1 => format!("{i}.5"),
            _ => format!("w{}", i % 4),
        });
    }
    let imported = read("wide.csv", text.as_bytes()).unwrap();
    let table = &imported.table;
    assert_eq!((table.n_rows(), table.n_columns()), (50, 10_000));
    let at = |c: usize| &table.columns()[c];
    assert_eq!(
        (at(9_999).kind(), at(9_999).display(49)),
        (ColumnKind::Int, "489951".into())
    );
    assert_eq!(
        (at(1).kind(), at(1).display(3)),
        (ColumnKind::Float, "3.5".into())
    );
    assert_eq!(
        (at(5_000).kind(), at(5_000).display(7)),
        (ColumnKind::Category, "w3".into())
    );
}

/// Longer than a block of the reader, and than the sample.
#[test]
fn very_long_fields() {
    let long = "말 ".repeat(3_000_000);
    let text = format!("id,note\n1,short\n2,\"{long}\"\n3,{long}\n4,end\n");
    let imported = read("long.csv", text.as_bytes()).unwrap();
    let note = imported.table.column("note").unwrap();
    assert_eq!(imported.table.n_rows(), 4);
    assert_eq!(note.display(1).len(), long.len());
    assert_eq!(note.display(2), long.trim_end());
    assert_eq!(note.display(3), "end");
}

/// A column that changes its mind far behind the sample, and what is said of it.
#[test]
fn a_change_at_line_90_000() {
    let text = |cell: &dyn Fn(usize) -> String| {
        let mut text = "id,x\n".to_owned();
        (2..=95_000).for_each(|line| text += &format!("{line},{}\n", cell(line)));
        text
    };
    let check = |cell: &dyn Fn(usize) -> String,
                 kind: ColumnKind,
                 first: &str,
                 shown: &str,
                 sentence: &str| {
        let imported = read("late.csv", text(cell).as_bytes()).unwrap();
        let x = imported.table.column("x").unwrap();
        assert_eq!((x.kind(), x.len()), (kind, 94_999), "{sentence}");
        assert_eq!(
            (x.display(0), x.display(89_998)),
            (first.into(), shown.into())
        );
        assert_eq!(said(&imported), [sentence]);
    };
    let at = |line, late: &str, usual: String| {
        if line == 90_000 {
            late.to_owned()
        } else {
            usual
        }
    };
    check(
        &|line| at(line, "n.d.", (line % 100).to_string()),
        ColumnKind::Category,
        "2",
        "n.d.",
        "“x” looked like whole numbers until line 90,000 (“n.d.”); it is now text.",
    );
    check(
        &|line| at(line, "2.5", (line % 100).to_string()),
        ColumnKind::Float,
        "2",
        "2.5",
        "“x” looked like whole numbers until line 90,000 (“2.5”); it is now decimal numbers.",
    );
    check(
        &|line| at(line, "2024-03-05 10:00", "2024-03-05".to_owned()),
        ColumnKind::DateTime,
        "2024-03-05T00:00:00",
        "2024-03-05T10:00:00",
        "“x” looked like dates until line 90,000 (“2024-03-05 10:00”); it is now dates with times.",
    );
}

/// A row too long shows in a file of millions of cells, and a quote that never closes.
#[test]
fn faults_far_behind_name_their_line() {
    let mut text = "id,x\n".to_owned();
    (2..=300_000).for_each(|line| text += &format!("{line},ab\n"));
    let longer = format!("{text}300001,ab,c\n");
    let imported = read("late.csv", longer.as_bytes()).unwrap();
    assert_eq!(
        said(&imported),
        [
            "1 row has more fields than the header, first on line 300,001; the extra ones are left out."
        ]
    );
    let error = read("late.csv", format!("{text}300001,\"ab\n").as_bytes());
    assert_eq!(error, Err(ImportError::UnclosedQuote { line: 300_001 }));
}
