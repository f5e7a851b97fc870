//! Every example of every declaration as text, in both languages, held against `tests/golden`.
//!
//! `JARI_BLESS=1 cargo test golden` writes the files anew; read what changed before it is kept.

use crate::support::examples;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use jari::analyses;
use jari::report::{self, Lang};
use jari::spec::{Example, Spec, silent};
use jari::table::{Table, csv_write};

/// Rows of a table made that are shown.
const SHOWN_ROWS: usize = 4;

#[test]
fn examples_say_what_they_said() {
    analyses::add_korean();
    jari::engine::add_korean();
    let bless = std::env::var_os("JARI_BLESS").is_some();
    let mut different = Vec::new();
    let mut expected_files = BTreeSet::new();
    for spec in analyses::specs() {
        for example in spec.examples {
            let path = folder().join(spec.id).join(format!("{}.txt", example.name));
            let text = golden(spec, example);
            expected_files.insert(path.clone());
            if bless {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &text).unwrap();
                continue;
            }
            let committed = fs::read_to_string(&path).unwrap_or_default();
            if committed.replace("\r\n", "\n") != text {
                different.push(first_difference(spec, example, &committed, &text));
            }
        }
    }
    for file in committed_files() {
        if !expected_files.contains(&file) {
            if bless {
                fs::remove_file(&file).unwrap();
            } else {
                different.push(format!("{} belongs to no example", file.display()));
            }
        }
    }
    assert!(
        different.is_empty(),
        "{}\n\nIf that is meant: JARI_BLESS=1 cargo test golden, and read the difference.",
        different.join("\n\n")
    );
}

/// What was asked, then the answer in English and in Korean, then the tables that were made.
fn golden(spec: &Spec, example: &Example) -> String {
    let output = examples::run(
        spec,
        &examples::values(example),
        &examples::input(example, |t| t),
        &mut silent,
    )
    .unwrap_or_else(|e| {
        panic!(
            "{} {}: {}",
            spec.id,
            example.name,
            e.message().text(Lang::En)
        )
    });
    let mut out = format!("{} {}\n", spec.id, example.values);
    for lang in [Lang::En, Lang::Ko] {
        let title = spec.title().text(lang);
        write!(
            out,
            "\n═══ {title} ═══\n\n{}",
            report::text(&output.report, lang)
        )
        .unwrap();
    }
    for (name, table) in &output.tables {
        let (rows, columns) = (table.n_rows(), table.n_columns());
        write!(out, "\n─── {name}: {rows} × {columns} ───\n{}", head(table)).unwrap();
    }
    out
}

fn head(table: &Table) -> String {
    let csv = csv_write::to_csv(&table.slice(0..SHOWN_ROWS), false);
    String::from_utf8(csv)
        .expect("CSV is UTF-8")
        .replace("\r\n", "\n")
}

fn first_difference(spec: &Spec, example: &Example, committed: &str, text: &str) -> String {
    let name = format!("{} {}", spec.id, example.name);
    let mut lines = committed.lines();
    for (i, line) in text.lines().enumerate() {
        let was = lines.next().unwrap_or("(nothing)");
        if was != line {
            return format!("{name}, line {}:\n  was: {was}\n  is:  {line}", i + 1);
        }
    }
    format!("{name}: the committed text is longer, or its line ends differ")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn committed_files() -> Vec<PathBuf> {
    let in_folder = |path: PathBuf| {
        fs::read_dir(path)
            .into_iter()
            .flatten()
            .map(|e| e.unwrap().path())
    };
    in_folder(folder()).flat_map(in_folder).collect()
}
