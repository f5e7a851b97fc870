//! Analyses from a file to their reports and tables, against R, scikit-learn, SciPy, statsmodels,
//! pandas and NIST: a case is a file of `tests/reference/analyses/<analysis>`, and the scripts that
//! wrote the cases lie beside them.
//!
//! A case names its data (one table as `data`, or several as `tables` by the names of the inputs), the
//! options' values, and what is expected: a part of [`answer`], in which every number must be right to
//! the case's relative tolerance. Numbers in a list (a column, the
//! points of a chart) are held against the largest of the list, others against themselves.
//! `loose` names keys with a tolerance of their own.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use flate2::read::GzDecoder;
use jari::analyses;
use jari::report::{self, Lang};
use jari::spec::{Ctx, Input, Output, Values, silent};
use jari::stats::cluster_scores::adjusted_rand_index;
use jari::table::csv::{self, FileSource, ImportOptions};
use jari::table::{Column, Table, Value as Cell};
use serde_json::{Map, Value, json};

#[test]
fn linear_regression() {
    check_cases("regression.linear", 32);
}

#[test]
fn logistic_regression() {
    check_cases("regression.logistic", 11);
}

#[test]
fn cox_regression() {
    check_cases("regression.cox", 4);
}

#[test]
fn multinomial_regression() {
    check_cases("regression.multinomial", 4);
}

#[test]
fn penalised_regression() {
    check_cases("regression.penalised", 4);
}

#[test]
fn survival() {
    check_cases("regression.survival", 6);
}

#[test]
fn glm() {
    check_cases("regression.glm", 13);
}

#[test]
fn ab_test() {
    check_cases("experiment.ab_test", 12);
}

#[test]
fn compare_adjust_p() {
    check_cases("compare.adjust_p", 4);
}

#[test]
fn compare_anova() {
    check_cases("compare.anova", 12);
}

#[test]
fn compare_assumptions() {
    check_cases("compare.assumptions", 5);
}

#[test]
fn compare_paired_categories() {
    check_cases("compare.paired_categories", 6);
}

#[test]
fn compare_power() {
    check_cases("compare.power", 10);
}

#[test]
fn compare_proportions() {
    check_cases("compare.proportions", 17);
}

#[test]
fn compare_rank_groups() {
    check_cases("compare.rank_groups", 5);
}

#[test]
fn compare_rank_test() {
    check_cases("compare.rank_test", 7);
}

#[test]
fn compare_repeated_measures() {
    check_cases("compare.repeated_measures", 5);
}

#[test]
fn compare_t_test() {
    check_cases("compare.t_test", 13);
}

#[test]
fn k_means() {
    check_cases("segment.k_means", 8);
}

#[test]
fn describe() {
    check_cases("explore.describe", 19);
}

#[test]
fn distribution() {
    check_cases("explore.distribution", 6);
}

#[test]
fn correlation() {
    check_cases("explore.correlation", 17);
}

#[test]
fn crosstab() {
    check_cases("explore.crosstab", 15);
}

#[test]
fn frequencies() {
    check_cases("explore.frequencies", 7);
}

#[test]
fn pairs() {
    check_cases("explore.pairs", 3);
}

#[test]
fn missing() {
    check_cases("explore.missing", 4);
}

#[test]
fn chart() {
    check_cases("explore.chart", 24);
}

#[test]
fn filter() {
    check_cases("transform.filter", 15);
}

#[test]
fn compute() {
    check_cases("transform.compute", 4);
}

#[test]
fn group() {
    check_cases("transform.group", 14);
}

#[test]
fn join() {
    check_cases("transform.join", 11);
}

#[test]
fn append() {
    check_cases("transform.append", 5);
}

#[test]
fn longer() {
    check_cases("transform.longer", 4);
}

#[test]
fn wider() {
    check_cases("transform.wider", 11);
}

#[test]
fn window() {
    check_cases("transform.window", 9);
}

#[test]
fn sort() {
    check_cases("transform.sort", 6);
}

#[test]
fn deduplicate() {
    check_cases("transform.deduplicate", 7);
}

#[test]
fn bin() {
    check_cases("transform.bin", 9);
}

#[test]
fn date_parts() {
    check_cases("transform.date_parts", 18);
}

#[test]
fn encode() {
    check_cases("transform.encode", 13);
}

#[test]
fn replace_missing() {
    check_cases("transform.missing", 20);
}

#[test]
fn multi_response() {
    check_cases("transform.multi_response", 4);
}

#[test]
fn recode() {
    check_cases("transform.recode", 8);
}

#[test]
fn sample() {
    check_cases("transform.sample", 7);
}

#[test]
fn scale() {
    check_cases("transform.scale", 21);
}

#[test]
fn split() {
    check_cases("transform.split", 7);
}

#[test]
fn text() {
    check_cases("transform.text", 14);
}

/// Certified values of NIST's Statistical Reference Datasets, of the doubles nearest to the data.
#[test]
fn linear_regression_of_nist() {
    let sets = read_json(&here("nist/strd.json"));
    let sets = sets["linear"].as_object().unwrap();
    assert_eq!(sets.len(), 9);
    for (name, set) in sets {
        let columns = set["columns"].as_array().unwrap();
        let numbers = |v: &Value| -> Vec<f64> {
            v.as_array()
                .unwrap()
                .iter()
                .map(|x| x.as_f64().unwrap())
                .collect()
        };
        let mut columns: Vec<Vec<f64>> = columns.iter().map(numbers).collect();
        let intercept = columns[0].iter().all(|v| *v == 1.0);
        if intercept {
            columns.remove(0);
        }
        let y = numbers(&set["y"]);
        let names: Vec<String> = (1..=columns.len()).map(|i| format!("x{i}")).collect();
        let mut text = format!("y,{}\n", names.join(","));
        for (i, y) in y.iter().enumerate() {
            let fields = columns.iter().map(|c| format!(",{:?}", c[i]));
            text += &format!("{y:?}{}\n", fields.collect::<String>());
        }
        let values = json!({"outcome": "y", "predictors": names, "intercept": intercept});
        let table = csv::read_csv(&mut text.as_bytes(), &ImportOptions::default(), &mut |_| {
            ControlFlow::Continue(())
        });
        let output = run("regression.linear", &values, Some(table.unwrap().table));
        let exact = &set["of_doubles"];
        let coefficients = exact["estimates"].as_array().unwrap().iter();
        let rows: Vec<Value> = coefficients
            .zip(exact["standard_errors"].as_array().unwrap())
            .map(|(b, se)| json!({"estimate": b, "std_error": se}))
            .collect();
        let df = (y.len() - rows.len()) as f64;
        let sigma = (exact["residual_sum_of_squares"].as_f64().unwrap() / df).sqrt();
        let expected = json!({"tables": {"coefficients": rows, "fit": [{"sigma": sigma}]}});
        // Wampler1 and Wampler2 fit exactly: what is left is the rounding of y.
        let exact_fit = matches!(name.as_str(), "Wampler1" | "Wampler2");
        let check = Check {
            floor: if exact_fit { 1e-9 } else { 0.0 },
            ..Check::new(1e-9)
        };
        assert_none(&check.part(name, &answer(&output), &expected));
    }
}

/// The one clustering with the least sum of squares, which scikit-learn's k-means++ finds too,
/// agrees with the species to an adjusted Rand index of 0.793 (`defaults.json`).
#[test]
fn k_means_finds_the_species_of_penguins() {
    let case = read_json(&here("analyses/segment.k_means/defaults.json"));
    let output = run("segment.k_means", &case["values"], data(&case));
    let table = &output.tables[0].1;
    let labels = table.column("cluster").unwrap().levels_and_codes().codes;
    let species = table.column("species").unwrap().levels_and_codes().codes;
    let pairs = species.iter().zip(&labels).filter(|(_, l)| **l >= 0);
    let (species, labels): (Vec<u32>, Vec<u32>) =
        pairs.map(|(&s, &l)| (s as u32, l as u32)).unzip();
    let index = adjusted_rand_index(&species, &labels);
    let expected = case["adjusted_rand_index"].as_f64().unwrap();
    assert!(
        (index - expected).abs() < 1e-12,
        "{index} is not {expected}"
    );
}

/// What holds of any data: scaling the outcome scales the coefficients, and a shifted column moves
/// the intercept alone.
#[test]
fn regression_follows_the_units() {
    let penguins = read_table(&root().join("tests/data/penguins.csv"));
    let grams = penguins.column("body_mass_g").unwrap().numbers().unwrap();
    let flipper = penguins
        .column("flipper_length_mm")
        .unwrap()
        .numbers()
        .unwrap();
    let pounds = grams.iter().map(|g| g / 453.592_37).collect();
    let beyond = flipper.iter().map(|mm| mm - 150.0).collect();
    let table = penguins
        .with_column(Column::float("pounds", pounds))
        .unwrap();
    let table = table.with_column(Column::float("beyond", beyond)).unwrap();
    let fit = |outcome: &str, first: &str| {
        let values = json!({"outcome": outcome, "predictors": [first, "species", "sex"]});
        answer(&run("regression.linear", &values, Some(table.clone())))["tables"].take()
    };
    let base = fit("body_mass_g", "flipper_length_mm");
    let mut expected = base["coefficients"].clone();
    for row in expected.as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("term");
        for key in ["estimate", "std_error", "ci_lower", "ci_upper"] {
            row[key] = json!(row[key].as_f64().unwrap() / 453.592_37);
        }
    }
    let check = |got: &Value, expected: &Value| {
        assert_none(&Check::new(1e-10).part("", got, expected));
    };
    let in_pounds = fit("pounds", "flipper_length_mm");
    check(&in_pounds["coefficients"], &expected);
    let shifted = fit("body_mass_g", "beyond");
    let mut expected = base["coefficients"].clone();
    expected.as_array_mut().unwrap().remove(0);
    expected[0]["term"] = json!("beyond");
    let mut got = shifted["coefficients"].clone();
    got.as_array_mut().unwrap().remove(0);
    check(&got, &expected);
    let mut expected = base["fit"].clone();
    expected[0].as_object_mut().unwrap().remove("p");
    check(&shifted["fit"], &expected);
}

/// Runs every case of an analysis; those of data that are not there are named and passed over.
#[track_caller]
fn check_cases(id: &str, n_cases: usize) {
    let folder = here("analyses").join(id);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    assert_eq!(files.len(), n_cases, "cases of {id}");
    let mut wrong = Vec::new();
    for file in files {
        let case = read_json(&file);
        let name = format!("{id}/{}", file.file_stem().unwrap().display());
        let paths = paths(&case);
        if let Some((_, path)) = paths.iter().find(|(_, path)| !path.exists()) {
            println!("{name} is not checked: {} is missing", path.display());
            continue;
        }
        let tables = paths
            .into_iter()
            .map(|(input, path)| (input, read_table(&path)));
        let output = run_on(id, &case["values"], &Input::new(tables));
        wrong.extend(Check::of(&case).part(&name, &answer(&output), &case["expected"]));
    }
    assert_none(&wrong);
}

/// The report as JSON, with the charts by their keys and the values of sentences by their ids, and
/// the output tables by columns.
fn answer(output: &Output) -> Value {
    let mut all = report::json(&output.report, Lang::En);
    let charts = all["charts"].take();
    let charts = charts.as_array().unwrap().iter();
    all["charts"] = charts
        .map(|c| (c["key"].as_str().unwrap().to_owned(), c.clone()))
        .collect::<Map<_, _>>()
        .into();
    let mut sentences = Map::new();
    for sentence in all["sentences"].as_array().unwrap() {
        let id = sentence["id"].as_str().unwrap();
        let same = sentences.entry(id).or_insert_with(|| json!([]));
        same.as_array_mut()
            .unwrap()
            .push(sentence["values"].clone());
    }
    all["sentences"] = sentences.into();
    let tables = output
        .tables
        .iter()
        .map(|(name, table)| ((*name).to_owned(), by_columns(table)));
    all["outputs"] = tables.collect::<Map<_, _>>().into();
    all
}

/// Rows of a table that are held against a case one by one; of larger tables, their sums are.
const MAX_CELLS: usize = 20_000;

fn by_columns(table: &Table) -> Value {
    let columns = table.columns().iter();
    let n_cells = if table.n_rows() > MAX_CELLS {
        0
    } else {
        table.n_rows()
    };
    let cells = |c: &Column| (0..n_cells).map(|i| cell(c, i)).collect::<Value>();
    let sum = |c: &Column, of: fn(f64) -> f64| {
        let numbers = c.numbers()?;
        Some(
            numbers
                .iter()
                .filter(|v| v.is_finite())
                .map(|v| of(*v))
                .sum::<f64>(),
        )
    };
    json!({
        "n_rows": table.n_rows(),
        "columns": columns.clone().map(|c| (c.name.clone(), cells(c))).collect::<Map<_, _>>(),
        "sums": columns.clone().map(|c| (c.name.clone(), json!(sum(c, |v| v)))).collect::<Map<_, _>>(),
        "absolute_sums": columns.clone().map(|c| (c.name.clone(), json!(sum(c, f64::abs)))).collect::<Map<_, _>>(),
        "ordered_sums": columns.map(|c| (c.name.clone(), json!(ordered_sum(c)))).collect::<Map<_, _>>(),
    })
}

/// The sum of all values times their row's number (from 1, beginning anew after 997), so that it tells
/// one order of the rows from another. Anything but a number counts as the sum of the bytes of its
/// spelling, a missing value as nothing.
fn ordered_sum(column: &Column) -> f64 {
    let of = |i: usize| match column.value(i) {
        Cell::Missing => 0.0,
        Cell::Float(v) if v.is_nan() => 0.0,
        Cell::Float(v) => v,
        Cell::Int(v) => v as f64,
        Cell::Text(s) => s.bytes().map(f64::from).sum(),
        _ => column.display(i).bytes().map(f64::from).sum(),
    };
    (0..column.len())
        .map(|i| (i % 997 + 1) as f64 * of(i))
        .sum()
}

fn cell(column: &Column, i: usize) -> Value {
    match column.value(i) {
        Cell::Missing => Value::Null,
        Cell::Float(v) => json!(v),
        Cell::Int(v) => json!(v),
        _ => json!(column.display(i)),
    }
}

/// How a case is compared.
struct Check {
    tolerance: f64,
    /// An error below this is none, whatever the number.
    floor: f64,
    loose: BTreeMap<String, f64>,
    wrong: Vec<String>,
}

impl Check {
    fn new(tolerance: f64) -> Self {
        Self {
            tolerance,
            floor: 0.0,
            loose: BTreeMap::new(),
            wrong: Vec::new(),
        }
    }

    fn of(case: &Value) -> Self {
        let loose = case["loose"].as_object().into_iter().flatten();
        Self {
            floor: case["floor"].as_f64().unwrap_or(0.0),
            loose: loose
                .map(|(key, v)| (key.clone(), v.as_f64().unwrap()))
                .collect(),
            ..Self::new(case["tolerance"].as_f64().unwrap())
        }
    }

    /// Whether all of `expected` is in `got`; what is not is written down with its place.
    fn part(mut self, name: &str, got: &Value, expected: &Value) -> Vec<String> {
        self.walk(got, expected, name, 0.0);
        self.wrong
    }

    /// `scale` is the size that numbers are measured by, when it is more than their own.
    fn walk(&mut self, got: &Value, expected: &Value, path: &str, scale: f64) {
        match (got, expected) {
            (Value::Object(got), Value::Object(fields)) => {
                for (key, expected) in fields {
                    let path = format!("{path}/{key}");
                    match got.get(key) {
                        Some(got) => self.walk(got, expected, &path, scale),
                        None => self.wrong.push(format!("{path} is not there")),
                    }
                }
            }
            (Value::Array(got), Value::Array(items)) if got.len() == items.len() => {
                let sizes = items.iter().filter_map(Value::as_f64).map(f64::abs);
                let scale = sizes.fold(0.0, f64::max);
                for (i, (got, expected)) in got.iter().zip(items).enumerate() {
                    self.walk(got, expected, &format!("{path}/{i}"), scale);
                }
            }
            (Value::Number(got), Value::Number(expected)) => {
                let (got, expected) = (got.as_f64().unwrap(), expected.as_f64().unwrap());
                let key = path.rsplit('/').find(|k| k.parse::<usize>().is_err());
                let loose = key.and_then(|k| self.loose.get(k));
                let scale = scale.max(expected.abs());
                let error = (got - expected).abs();
                let allowed = loose.unwrap_or(&self.tolerance) * scale;
                if error > allowed.max(self.floor) {
                    let off = error / scale;
                    self.wrong.push(format!(
                        "{path}: {got:e} is not {expected:e}, off by {off:.1e}"
                    ));
                }
            }
            _ if got == expected => {}
            _ => self.wrong.push(format!("{path}: {got} is not {expected}")),
        }
    }
}

#[track_caller]
fn assert_none(wrong: &[String]) {
    let first = wrong.iter().take(40).cloned().collect::<Vec<_>>();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        first.join("\n")
    );
}

fn run(id: &str, values: &Value, table: Option<Table>) -> Output {
    let input = Input::new(table.map(|t| ("table".to_string(), t)));
    run_on(id, values, &input)
}

fn run_on(id: &str, values: &Value, input: &Input) -> Output {
    let values: &Values = values.as_object().unwrap();
    let mut nobody = silent;
    analyses::run(id, values, input, &mut Ctx::new(1, &mut nobody))
        .unwrap_or_else(|e| panic!("{id} of {values:?}: {e:?}"))
}

/// The files of a case, by the names of the inputs.
fn paths(case: &Value) -> Vec<(String, PathBuf)> {
    let several = case["tables"].as_object().into_iter().flatten();
    let one = case.get("data").map(|path| ("table", path));
    several
        .map(|(input, path)| (input.as_str(), path))
        .chain(one)
        .filter_map(|(input, path)| Some((input.to_string(), root().join(path.as_str()?))))
        .collect()
}

fn data(case: &Value) -> Option<Table> {
    case["data"]
        .as_str()
        .map(|path| read_table(&root().join(path)))
}

fn read_table(path: &Path) -> Table {
    static READ: Mutex<BTreeMap<PathBuf, Table>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap();
    let table = read.entry(path.to_owned()).or_insert_with(|| {
        let options = ImportOptions::default();
        let go_on = &mut |_| ControlFlow::Continue(());
        let read = if path.extension().is_some_and(|e| e == "gz") {
            let mut text = Vec::new();
            let file = std::fs::File::open(path).unwrap();
            GzDecoder::new(file).read_to_end(&mut text).unwrap();
            csv::read_csv(&mut &text[..], &options, go_on)
        } else {
            csv::read_csv(&mut FileSource::open(path).unwrap(), &options, go_on)
        };
        read.unwrap().table
    });
    table.clone()
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|e| panic!("{} is part of the sources: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn here(path: &str) -> PathBuf {
    root().join("tests/reference").join(path)
}
