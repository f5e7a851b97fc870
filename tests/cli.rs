//! The command line as a shell sees it: what it writes where, and how it ends.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use jari::table::csv::{self, FileSource, ImportOptions};
use jari::table::json as table_json;
use serde_json::Value;

/// Runs `jari` in the project's root.
fn jari(args: &[&str]) -> Output {
    command(args).output().expect("jari starts")
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jari"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

const PENGUINS: &str = "tests/data/penguins.csv";

/// What a run wrote when all went well, and nothing on standard error.
#[track_caller]
fn said(args: &[&str]) -> String {
    let output = jari(args);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{args:?}: {errors}");
    assert_eq!(errors, "", "{args:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with('\n'), "{args:?} ends in mid-line");
    text
}

#[track_caller]
fn said_json(args: &[&str]) -> Value {
    serde_json::from_str(&said(args)).unwrap()
}

/// A run that fails with this code, says this on standard error and nothing else.
#[track_caller]
fn fails(args: &[&str], code: i32, message: &str) {
    let output = jari(args);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {errors}");
    assert!(errors.contains(message), "{args:?}: {errors}");
    assert!(output.stdout.is_empty(), "{args:?} wrote a result");
}

/// A new folder that goes when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_string()
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.0.join(name), text).unwrap();
        self.path(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn list_names_every_analysis() {
    let text = said(&["list"]);
    let all = said_json(&["list", "--format", "json"]);
    let ids: Vec<&str> = jari::analyses::specs().iter().map(|s| s.id).collect();
    assert_eq!(text.lines().count(), ids.len());
    for (i, id) in ids.iter().enumerate() {
        assert_eq!(all[i]["id"], *id);
        assert!(text.lines().nth(i).unwrap().starts_with(id));
    }
    let korean = said(&["--lang", "ko", "list"]);
    assert!(korean.contains("묶습니다"), "{korean}");
    fails(&["list", "--format", "html"], 2, "text and json");
}

#[test]
fn describe_says_every_option() {
    for spec in jari::analyses::specs() {
        let text = said(&["describe", spec.id]);
        let schema = said_json(&["describe", spec.id, "--format", "json"]);
        assert_eq!(schema["$id"], format!("{}@{}", spec.id, spec.version));
        assert_eq!(schema["type"], "object");
        for option in spec.options {
            assert!(text.contains(&format!("--set {}=", option.name)), "{text}");
            assert!(text.contains(option.help.trim()), "{text}");
            assert!(schema["properties"][option.name].is_object());
        }
        for output in spec.outputs {
            assert!(
                text.contains(&format!("--output {}=", output.name)),
                "{text}"
            );
        }
    }
    fails(&["describe", "k_means"], 2, "perhaps segment.k_means");
    fails(&["describe", "no.such"], 2, "`jari list` shows all");
}

/// Species means of body mass, as R's `aggregate(body_mass_g ~ species, penguins, mean)` gives them
/// for palmerpenguins 0.1.1: 3700.662, 3733.088, 5076.016.
#[test]
fn run_takes_options_one_by_one_and_from_a_file() {
    let by_flag = said_json(&[
        "run",
        "explore.describe",
        "--data",
        PENGUINS,
        "--set",
        "columns=body_mass_g, sex",
        "--set",
        "by=species",
        "--format",
        "json",
    ]);
    let rows = by_flag["tables"]["numbers"].as_array().unwrap();
    let means: Vec<f64> = rows
        .iter()
        .map(|r| (r["mean"].as_f64().unwrap() * 1e3).round() / 1e3)
        .collect();
    assert_eq!(means, [3700.662, 3733.088, 5076.016]);
    assert_eq!(by_flag["analysis"], "explore.describe");
    assert_eq!(by_flag["options"]["by"], "species");

    let scratch = Scratch::new("options");
    let file = scratch.write(
        "options.json",
        r#"{"columns": ["body_mass_g", "sex"], "by": "island"}"#,
    );
    let by_file = said_json(&[
        "run",
        "explore.describe",
        "--data",
        &format!("table={PENGUINS}"),
        "--options",
        &file,
        "--set",
        "by=species",
        "--format",
        "json",
    ]);
    assert_eq!(by_file, by_flag);
}

#[test]
fn run_writes_each_format() {
    let run = [
        "run",
        "explore.chart",
        "--data",
        PENGUINS,
        "--set",
        "x=species",
    ];
    let text = said(&run);
    assert!(text.contains("“Adelie” has the most: 152."), "{text}");
    let korean = said(&[&run[..], &["--lang", "ko"]].concat());
    assert!(
        korean.contains("“Adelie”") && !korean.contains("has the most"),
        "{korean}"
    );
    let html = said(&[&run[..], &["--format", "html"]].concat());
    assert!(
        html.starts_with("<!doctype html>") || html.starts_with("<!DOCTYPE html>"),
        "{html}"
    );
    assert!(html.contains("<svg") && html.trim_end().ends_with("</html>"));
    assert!(!html.contains("http://") || html.contains("http://www.w3.org/2000/svg"));
    let json = said_json(&[&run[..], &["--format", "json"]].concat());
    assert_eq!(json["charts"][0]["key"], "bars");
}

#[test]
fn run_writes_the_tables_that_it_makes() {
    let scratch = Scratch::new("output");
    let file = scratch.path("heavy.csv");
    let conditions = r#"conditions=[{"column": "body_mass_g", "is": "more", "value": "6000"}]"#;
    let run = [
        "run",
        "transform.filter",
        "--data",
        PENGUINS,
        "--set",
        conditions,
        "--output",
    ];
    said(&[&run[..], &[&format!("rows={file}")]].concat());
    let heavy = fs::read_to_string(&file).unwrap();
    assert_eq!(
        heavy.lines().count(),
        3,
        "a header and the two heaviest: {heavy}"
    );
    let whole = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PENGUINS)).unwrap();
    assert_eq!(heavy.lines().next(), whole.lines().next());
    fails(
        &[&run[..], &["other=x.csv"]].concat(),
        2,
        "makes no table other",
    );
    fails(&[&run[..], &["x.csv"]].concat(), 2, "NAME=FILE");
    let nowhere = format!("rows={}", scratch.path("no/such/folder.csv"));
    fails(&[&run[..], &[&nowhere]].concat(), 1, "folder.csv");
}

#[test]
fn the_seed_decides() {
    let run = |seed: &str| {
        said(&[
            "run",
            "segment.k_means",
            "--data",
            PENGUINS,
            "--set",
            "columns=bill_length_mm,body_mass_g",
            "--set",
            "k=7",
            "--set",
            "restarts=1",
            "--format",
            "json",
            "--seed",
            seed,
        ])
    };
    assert_eq!(run("5"), run("5"));
    assert_ne!(run("5"), run("6"));
}

/// Species means of body mass as in R's `aggregate(body_mass_g ~ species, penguins, mean)`, see above.
#[test]
fn run_by_a_column_gives_each_group_its_answer() {
    let scratch = Scratch::new("run-by");
    let run = [
        "run",
        "explore.describe",
        "--data",
        PENGUINS,
        "--by",
        "species",
    ];
    let json = said_json(&[&run[..], &["--format", "json"]].concat());
    assert_eq!(json["by"], serde_json::json!(["species"]));
    let groups = json["groups"].as_array().unwrap();
    let expected = [
        ("Adelie", 152, 3700.662),
        ("Chinstrap", 68, 3733.088),
        ("Gentoo", 124, 5076.016),
    ];
    assert_eq!(groups.len(), expected.len());
    for (group, (name, n_rows, mean)) in groups.iter().zip(expected) {
        assert_eq!(group["by"]["species"], name);
        assert_eq!(group["rows"], n_rows);
        let rows = group["tables"]["numbers"].as_array().unwrap();
        let mass = rows.iter().find(|r| r["column"] == "body_mass_g").unwrap();
        assert!(
            (mass["mean"].as_f64().unwrap() - mean).abs() < 5e-4,
            "{mass}"
        );
    }
    let text = said(&run);
    assert!(
        text.starts_with("Run for 3 groups by species, of 68 to 152 rows.\n"),
        "{text}"
    );
    assert!(
        text.contains("\n## species: Chinstrap\n68 rows, 8 columns"),
        "{text}"
    );
    let korean = said(&[&["--lang", "ko"], &run[..]].concat());
    assert!(
        korean.starts_with("species 값에 따라 나눈 집단 3개"),
        "{korean}"
    );

    let file = scratch.path("labels.csv");
    let options = [
        "--set",
        "columns=bill_length_mm,body_mass_g",
        "--by",
        "species",
        "--by",
        "sex",
    ];
    let output = format!("clusters={file}");
    let start = [
        "run",
        "segment.k_means",
        "--data",
        PENGUINS,
        "--output",
        &output,
    ];
    said(&[&start[..], &options[..]].concat());
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 345);

    let by = |column| {
        [
            "run",
            "explore.describe",
            "--data",
            PENGUINS,
            "--by",
            column,
        ]
    };
    fails(&by("planet"), 2, "by: The table has no column “planet”.");
    fails(&by("body_mass_g"), 2, "at most 50 are run");
    let sort = [
        "run",
        "transform.sort",
        "--data",
        PENGUINS,
        "--by",
        "species",
    ];
    fails(&sort, 2, "is not run by group");
}

#[test]
fn a_command_that_is_not_understood_ends_with_2() {
    fails(
        &["run", "no.such", "--data", PENGUINS],
        2,
        "there is no analysis no.such",
    );
    let describe = ["run", "explore.describe"];
    let with = |args: &[&'static str]| [&describe[..], args].concat();
    fails(&with(&[]), 2, "--data table=FILE");
    fails(&with(&["--data", "nowhere.csv"]), 2, "nowhere.csv");
    fails(
        &with(&["--data", "other=tests/data/penguins.csv"]),
        2,
        "has no input other",
    );
    fails(
        &with(&["--data", PENGUINS, "--set", "colour=red"]),
        2,
        "it has columns, by",
    );
    fails(
        &with(&["--data", PENGUINS, "--set", "by"]),
        2,
        "option=value",
    );
    fails(
        &with(&["--data", PENGUINS, "--set", "by=nobody"]),
        2,
        "by: The table has no column “nobody”.",
    );
    fails(
        &with(&["--data", PENGUINS, "--options", "nowhere.json"]),
        2,
        "nowhere.json",
    );
    fails(
        &with(&["--data", PENGUINS, "--no-such-flag"]),
        2,
        "--no-such-flag",
    );
    let k_means = [
        "run",
        "segment.k_means",
        "--data",
        PENGUINS,
        "--set",
        "columns=body_mass_g",
        "--set",
    ];
    fails(
        &[&k_means[..], &["k=many"]].concat(),
        2,
        "a whole number is needed",
    );
    fails(
        &[&k_means[..], &["k=1"]].concat(),
        2,
        "k: Give a whole number from 2 to 100.",
    );
    fails(&["frobnicate"], 2, "frobnicate");

    let scratch = Scratch::new("usage");
    let list = scratch.write("list.json", "[1]");
    fails(
        &with(&["--data", PENGUINS])
            .into_iter()
            .chain(["--options", &list])
            .collect::<Vec<_>>(),
        2,
        "must be a JSON object",
    );
}

#[test]
fn data_that_allow_no_answer_end_with_1() {
    let scratch = Scratch::new("data");
    let check = |name: &str, text: &str, message: &str| {
        let file = scratch.write(name, text);
        fails(&["run", "explore.describe", "--data", &file], 1, message);
    };
    check("empty.csv", "", "The file is empty.");
    check(
        "header.csv",
        "a,b\n",
        "The file has a header of 2 columns and no rows.",
    );
    check(
        "quote.csv",
        "a,b\n1,\"2\n3,4\n",
        "A quote that opens on line 2 is never closed.",
    );
    let few = scratch.write("few.csv", "x\n1.5\n2.5\n");
    fails(
        &[
            "run",
            "segment.k_means",
            "--data",
            &few,
            "--set",
            "columns=x",
            "--set",
            "k=5",
        ],
        1,
        "too few for 5 clusters",
    );
    let korean = jari(&[
        "--lang",
        "ko",
        "run",
        "explore.describe",
        "--data",
        &scratch.path("empty.csv"),
    ]);
    assert!(
        String::from_utf8(korean.stderr)
            .unwrap()
            .contains("빈 파일입니다.")
    );
}

#[test]
fn what_the_reader_changed_is_said_beside_the_result() {
    let scratch = Scratch::new("warnings");
    let file = scratch.write("twice.csv", "a,a\n1,2\n3,4\n");
    let output = jari(&["run", "explore.describe", "--data", &file]);
    assert_eq!(output.status.code(), Some(0));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.starts_with("jari: ") && errors.contains("“a”"),
        "{errors}"
    );
    assert!(!output.stdout.is_empty());
}

#[test]
fn help_and_version_go_to_standard_output() {
    assert!(said(&["--version"]).starts_with("jari "));
    assert!(said(&["--help"]).contains("Usage: jari"));
    let output = jari(&[]);
    assert_eq!(output.status.code(), Some(2));
}

/// `jari … | head -1`: the reader goes away, and that is no fault.
#[test]
fn a_reader_that_leaves_is_no_fault() {
    let mut child = command(&[
        "run",
        "explore.describe",
        "--data",
        PENGUINS,
        "--format",
        "html",
    ])
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    let mut errors = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    assert_eq!((status.code(), errors.as_str()), (Some(0), ""));
}

const NOTEBOOK: &str = "tests/notebooks/penguins.jari.json";

#[test]
fn a_notebook_without_its_data_asks_for_them() {
    fails(
        &["notebook", "run", NOTEBOOK],
        2,
        "the notebook was saved without its data; give --data \"penguins=penguins.csv\"",
    );
    let data = format!("penguins={PENGUINS}");
    let text = said(&["notebook", "run", NOTEBOOK, "--data", &data]);
    for part in [
        "# Penguins",
        "═══ Filter rows ═══",
        "═══ K-means ═══",
        "═══ Describe ═══",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = said_json(&[
        "notebook", "run", NOTEBOOK, "--data", &data, "--format", "json",
    ]);
    check_answers(&json);
    let html = said(&[
        "notebook", "run", NOTEBOOK, "--data", &data, "--format", "html",
    ]);
    assert!(
        html.contains("<h1>Penguins of Palmer station</h1>") && html.contains("<svg"),
        "{html}"
    );
    fails(
        &["notebook", "run", NOTEBOOK, "--data", "birds=x.csv"],
        2,
        "has no table birds",
    );
    fails(
        &["notebook", "run", NOTEBOOK, "--data", PENGUINS],
        2,
        "NAME=FILE",
    );
}

#[test]
fn a_notebook_brings_its_data() {
    let scratch = Scratch::new("notebook");
    let whole = with_data();
    let file = scratch.write("with-data.jari.json", &whole.to_string());
    let json = said_json(&["notebook", "run", &file, "--format", "json"]);
    check_answers(&json);

    let mut by = whole.clone();
    by["notebook"]["cells"][3]["analysis"]["by"] = serde_json::json!(["species"]);
    let file = scratch.write("by.jari.json", &by.to_string());
    let json = said_json(&["notebook", "run", &file, "--format", "json"]);
    assert_eq!(json["cells"][3]["by"], serde_json::json!(["species"]));
    let groups = json["cells"][3]["report"]["groups"].as_array().unwrap();
    let n_rows: Vec<u64> = groups.iter().filter_map(|g| g["rows"].as_u64()).collect();
    assert_eq!(n_rows, [151, 68, 123]);
    let html = said(&["notebook", "run", &file, "--format", "html"]);
    assert!(html.contains("<h3>species: Gentoo</h3>"), "{html}");

    let mut broken = whole.clone();
    broken["notebook"]["cells"][1]["analysis"]["values"]["conditions"][0]["column"] =
        "wingspan".into();
    let file = scratch.write("broken.jari.json", &broken.to_string());
    let output = jari(&["notebook", "run", &file]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("The table has no column “wingspan”."),
        "{text}"
    );
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("gave no answer"), "{errors}");

    let check = |name: &str, text: &str, message: &str| {
        let file = scratch.write(name, text);
        fails(&["notebook", "run", &file], 1, message);
    };
    check("text.jari.json", "Dear diary", "The file is not JSON");
    check("other.jari.json", "{}", "not a Jari notebook");
    check(
        "new.jari.json",
        r#"{"format": "jari.notebook", "version": 99}"#,
        "has format 99",
    );
    fails(
        &["notebook", "run", "nowhere.jari.json"],
        2,
        "nowhere.jari.json",
    );
}

/// 152 penguins are Adelie, 68 Chinstrap and 124 Gentoo; 342 of the 344 are measured.
fn check_answers(json: &Value) {
    assert_eq!(json["title"], "Penguins of Palmer station");
    let cells = json["cells"].as_array().unwrap();
    assert!(cells[0]["text"].as_str().unwrap().starts_with("# Penguins"));
    assert_eq!(cells[1]["report"]["tables"]["receipt"][2]["rows"], 342.0);
    let clusters = cells[2]["report"]["tables"]["clusters"].as_array().unwrap();
    let n: f64 = clusters[..3].iter().map(|c| c["n"].as_f64().unwrap()).sum();
    assert_eq!(n, 342.0);
    let described = cells[3]["report"]["tables"]["categories"]
        .as_array()
        .unwrap();
    let species: f64 = described.iter().map(|row| row["n"].as_f64().unwrap()).sum();
    assert_eq!(species, 342.0, "{described:?}");
}

/// The notebook of [`NOTEBOOK`] with its table inside.
fn with_data() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join(NOTEBOOK)).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let mut source = FileSource::open(root.join(PENGUINS)).unwrap();
    let table = csv::read_csv(&mut source, &ImportOptions::default(), &mut |_| {
        std::ops::ControlFlow::Continue(())
    });
    let id = file["notebook"]["sources"][0]["table"]
        .as_str()
        .unwrap()
        .to_string();
    file["data"][&id] = table_json::write(&table.unwrap().table);
    file
}
