//! Formulas over whole files, against what DuckDB answers to the same question in SQL.
//!
//! `tests/reference/formula/make.py` asks it and writes `duckdb.json`: of each formula the number of
//! missing and of different values, totals that depend on the order of the rows, and some rows.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use jari::formula::{Formula, Known, Wanted};
use jari::table::csv::{self, FileSource, ImportOptions};
use jari::table::{Column, Table, Value as Cell};
use serde_json::Value;

#[test]
fn formulas_say_what_sql_says() {
    let reference = read_json(&root().join("tests/reference/formula/duckdb.json"));
    let cases = reference["cases"].as_array().unwrap();
    assert!(cases.len() >= 130, "{} cases", cases.len());
    let mut tables: BTreeMap<&str, Option<Table>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in cases {
        let path = case["data"].as_str().unwrap();
        let table = tables
            .entry(path)
            .or_insert_with(|| read_table(&root().join(path)));
        let Some(table) = table else {
            continue;
        };
        let formula = case["formula"].as_str().unwrap();
        match compute(formula, table) {
            Ok(column) => wrong.extend(compare(formula, &column, case)),
            Err(error) => wrong.push(format!("{formula}: {error}")),
        }
    }
    for (path, _) in tables.iter().filter(|(_, t)| t.is_none()) {
        println!("formulas over {path} are not checked: the file is missing");
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A filter keeps the rows where the formula's column is true.
#[test]
fn rows_that_fit_are_those_that_are_true() {
    let path = root().join("../shared/data/flights.csv.gz");
    let Some(table) = read_table(&path) else {
        println!("the filter is not checked: {} is missing", path.display());
        return;
    };
    for text in [
        "dep_delay > 60 and carrier in (\"UA\", \"AA\", \"DL\")",
        "not (dep_delay > 0 or arr_delay > 0)",
        "distance = max_of(distance by carrier)",
        "tailnum is missing",
    ] {
        let column = compute(text, &table).unwrap();
        let formula = Formula::read(text, &Known::of_table(&table), Wanted::Truth).unwrap();
        let fits = formula.fits(&table, &mut |_| true).unwrap();
        let is_true = |i: &usize| column.value(*i) == Cell::Bool(true);
        let expected: Vec<usize> = (0..table.n_rows()).filter(is_true).collect();
        assert_eq!(fits.rows.ones().collect::<Vec<_>>(), expected, "{text}");
        assert_eq!(fits.n_unknown, column.n_missing(), "{text}");
        assert!(!expected.is_empty() && expected.len() < table.n_rows());
    }
}

fn compute(text: &str, table: &Table) -> Result<Column, String> {
    let formula = Formula::read(text, &Known::of_table(table), Wanted::Any)
        .map_err(|errors| format!("{errors:?}"))?;
    formula
        .compute("x", table, &mut |_| true)
        .map_err(|e| format!("{e:?}"))
}

/// What differs from the case.
fn compare(formula: &str, column: &Column, case: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let n_rows = column.len();
    let present: Vec<(usize, f64)> = (0..n_rows)
        .filter(|&i| column.is_valid(i))
        .map(|i| (i, number(column.value(i))))
        .collect();
    let mut check = |what: &str, got: f64, allowed: f64| {
        let expected = case[what].as_f64().unwrap();
        if (got - expected).abs() > allowed {
            wrong.push(format!("{formula}: {what} {got} is not {expected}"));
        }
    };
    check("n_missing", (n_rows - present.len()) as f64, 0.0);
    let size: f64 = present.iter().map(|(_, x)| x.abs()).sum();
    check("sum", present.iter().map(|(_, x)| x).sum(), 1e-11 * size);
    let by_row = present.iter().map(|(i, x)| x * (i % 1009) as f64).sum();
    check("by_row", by_row, 1e-11 * size * 1009.0);
    // Of fractions, rounding may part what is equal elsewhere.
    if !matches!(
        column.value(present.first().map_or(0, |p| p.0)),
        Cell::Float(_)
    ) {
        let different: HashSet<String> = present.iter().map(|(i, _)| column.display(*i)).collect();
        check("n_different", different.len() as f64, 0.0);
    }
    for (row, expected) in case["values"].as_object().unwrap() {
        let i: usize = row.parse().unwrap();
        let is_same = match (column.value(i), expected) {
            (Cell::Missing, Value::Null) => true,
            (Cell::Bool(got), Value::Bool(expected)) => got == *expected,
            (Cell::Float(got), Value::Number(expected)) => {
                let expected = expected.as_f64().unwrap();
                (got - expected).abs() <= 1e-11 * expected.abs().max(1e-3)
            }
            (Cell::Int(got), Value::Number(expected)) => got as f64 == expected.as_f64().unwrap(),
            (Cell::Missing, _) => false,
            (_, Value::String(expected)) => column.display(i) == *expected,
            _ => false,
        };
        if !is_same {
            wrong.push(format!(
                "{formula}: row {i} {:?} is not {expected}",
                column.value(i)
            ));
        }
    }
    wrong
}

/// As `make.py` counts: days, milliseconds, characters, 0 and 1.
fn number(cell: Cell<'_>) -> f64 {
    match cell {
        Cell::Missing => f64::NAN,
        Cell::Float(x) => x,
        Cell::Int(x) | Cell::DateTime(x) => x as f64,
        Cell::Bool(x) => f64::from(u8::from(x)),
        Cell::Date(x) | Cell::Time(x) => f64::from(x),
        Cell::Text(text) => text.chars().count() as f64,
    }
}

fn read_table(path: &Path) -> Option<Table> {
    let options = ImportOptions::default();
    let go_on = &mut |_| ControlFlow::Continue(());
    let read = if path.extension().is_some_and(|e| e == "gz") {
        let mut text = Vec::new();
        let file = std::fs::File::open(path).ok()?;
        GzDecoder::new(file).read_to_end(&mut text).unwrap();
        csv::read_csv(&mut &text[..], &options, go_on)
    } else {
        csv::read_csv(&mut FileSource::open(path).ok()?, &options, go_on)
    };
    Some(read.unwrap().table)
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|e| panic!("{} is part of the sources: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
