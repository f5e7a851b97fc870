//! `docs/nist.md`: digits of agreement with NIST's Statistical Reference Datasets, beside those of R.
//!
//! `JARI_BLESS=1 cargo test nist` writes the file anew. What R gives is in
//! `tests/reference/nist/r.json`, made by the script beside it.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use jari::models::anova::{self, Factor, SumsOfSquares};
use jari::models::linear::{self, Problem};
use jari::stats::descriptive::Moments;
use jari::stats::progress::unwatched;
use serde_json::Value;

/// Digits that NIST certifies.
const MOST: f64 = 15.0;

const UNIVARIATE: [(&str, &str); 8] = [
    ("Lew", "lower"),
    ("Lottery", "lower"),
    ("Mavro", "lower"),
    ("Michelso", "lower"),
    ("NumAcc1", "lower"),
    ("NumAcc2", "average"),
    ("NumAcc3", "average"),
    ("NumAcc4", "higher"),
];

const VARIANCE: [&str; 11] = [
    "SiRstv", "SmLs01", "SmLs02", "SmLs03", "AtmWtAg", "SmLs04", "SmLs05", "SmLs06", "SmLs07",
    "SmLs08", "SmLs09",
];

const LINEAR: [(&str, &str); 9] = [
    ("Pontius", "lower"),
    ("NoInt1", "average"),
    ("Longley", "higher"),
    ("Filip", "higher"),
    ("Wampler1", "higher"),
    ("Wampler2", "higher"),
    ("Wampler3", "higher"),
    ("Wampler4", "higher"),
    ("Wampler5", "higher"),
];

#[test]
fn the_table_of_digits_is_that_of_today() {
    let (sets, r) = (read("strd.json"), read("r.json"));
    let mut out = String::from(
        "# NIST's Statistical Reference Datasets\n\n\
        How many digits agree with the values that NIST certifies: the logarithm of the relative error (LRE), \
        −log₁₀(|x − c| / |c|), or −log₁₀|x| where c is zero, at most the 15 digits that are certified. \
        Of several numbers the least counts. `cargo test nist` holds this file to the results.\n\n",
    );
    let version = r["version"].as_str().unwrap().split(" (").next().unwrap();
    univariate(&mut out, &sets["univariate"], &r["univariate"], version);
    variance(&mut out, &read("anova.json"), &r["variance"], version);
    linear(&mut out, &sets["linear"], &r["linear"], version);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/nist.md");
    if std::env::var_os("JARI_BLESS").is_some() {
        fs::write(&path, &out).unwrap();
        return;
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        committed.replace("\r\n", "\n"),
        out,
        "JARI_BLESS=1 cargo test nist, and read the difference"
    );
}

fn univariate(out: &mut String, sets: &Value, r: &Value, version: &str) {
    let _ = write!(
        out,
        "## Univariate\n\n\
        | set | difficulty | mean | mean, {version} | SD | SD, {version} |\n|---|---|---:|---:|---:|---:|\n"
    );
    for (name, difficulty) in UNIVARIATE {
        let set = &sets[name];
        let moments = Moments::of(&numbers(&set["data"]));
        let digits = |x: f64, key: &str| lre(x, set[key].as_f64().unwrap());
        let (mean, sd) = (digits(moments.mean, "mean"), digits(moments.sd(), "sd"));
        if difficulty != "higher" {
            assert!(mean.min(sd) >= 9.0, "{name}");
        }
        let _ = writeln!(
            out,
            "| {name} | {difficulty} | {mean:.1} | {:.1} | {sd:.1} | {:.1} |",
            digits(numbers(&r[name]["mean"])[0], "mean"),
            digits(numbers(&r[name]["sd"])[0], "sd"),
        );
    }
    *out += "\nNumAcc3 and NumAcc4 have a spread of 0.1 around a million and ten millions: their rounding to doubles \
        alone leaves 9 and 8 digits of the standard deviation.\n\n";
}

fn variance(out: &mut String, sets: &Value, r: &Value, version: &str) {
    let _ = write!(
        out,
        "## Analysis of variance\n\n\
        | set | difficulty | SS between | SS between, {version} | SS within | SS within, {version} | F | F, {version} |\n\
        |---|---|---:|---:|---:|---:|---:|---:|\n"
    );
    for name in VARIANCE {
        let (set, theirs) = (&sets[name], &r[name]);
        let groups = groups(set);
        let codes = groups.iter().enumerate();
        let codes = codes.flat_map(|(k, g)| std::iter::repeat_n(k as u32, g.len()));
        let factors = [Factor {
            codes: codes.collect(),
            n_levels: groups.len(),
        }];
        let problem = anova::Problem {
            y: &groups.concat(),
            factors: &factors,
            covariates: &[],
            weights: None,
            terms: &[vec![0]],
        };
        let fit = anova::fit(&problem, &mut unwatched).unwrap();
        let line = fit.lines(SumsOfSquares::II)[0];
        let ours = [
            ("between", line.ss),
            ("within", fit.ss_residual),
            ("f", line.f),
        ];
        let difficulty = set["difficulty"].as_str().unwrap();
        let _ = write!(out, "| {name} | {difficulty}");
        for (key, value) in ours {
            let digits = lre(value, set[key].as_f64().unwrap());
            let least = match difficulty {
                "lower" => 12.0,
                "average" => 8.0,
                _ => 2.0,
            };
            assert!(digits >= least, "{name}, {key}: {digits} digits");
            let r = lre(numbers(&theirs[key])[0], set[key].as_f64().unwrap());
            let _ = write!(out, " | {digits:.1} | {r:.1}");
        }
        *out += " |\n";
    }
    *out += "\nThe values of SmLs04 to SmLs09 differ by tenths around a million and 10¹²: their rounding to doubles \
        alone leaves about 10 and 4 digits.\n\n";
}

/// The values of each treatment: in full, or by their tenths.
fn groups(set: &Value) -> Vec<Vec<f64>> {
    if let Some(groups) = set["groups"].as_array() {
        return groups.iter().map(numbers).collect();
    }
    let whole = set["whole"].as_str().unwrap();
    let tenths = set["tenths"].as_array().unwrap().iter();
    let value = |digit: char| format!("{whole}.{digit}").parse().unwrap();
    tenths
        .map(|t| t.as_str().unwrap().chars().map(value).collect())
        .collect()
}

fn linear(out: &mut String, sets: &Value, r: &Value, version: &str) {
    let _ = write!(
        out,
        "## Linear regression\n\n\
        | set | difficulty | coefficients | coefficients, {version} | standard errors | standard errors, {version} | residual SS | residual SS, {version} | coefficients of the doubles |\n\
        |---|---|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for (name, difficulty) in LINEAR {
        let set = &sets[name];
        let columns: Vec<Vec<f64>> = set["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let y = numbers(&set["y"]);
        let problem = Problem {
            columns: &columns,
            y: &y,
            weights: None,
            has_intercept: name != "NoInt1",
        };
        let fit = linear::fit(&problem, 0.95).unwrap();
        let b: Vec<f64> = fit.coefficients.iter().map(|c| c.estimate).collect();
        let se: Vec<f64> = fit.coefficients.iter().map(|c| c.standard_error).collect();
        let of = |got: &[f64], wanted: &Value| {
            let pairs = got.iter().zip(numbers(wanted));
            pairs.map(|(x, c)| lre(*x, c)).fold(MOST, f64::min)
        };
        let rss = [fit.residual_sum_of_squares];
        let theirs = &r[name];
        let wanted = |key: &str| Value::from(numbers(&set[key]));
        let digits = of(&b, &set["estimates"]);
        if difficulty != "higher" {
            assert!(digits >= 9.0, "{name}");
        }
        let _ = writeln!(
            out,
            "| {name} | {difficulty} | {digits:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
            of(&numbers(&theirs["estimates"]), &set["estimates"]),
            of(&se, &set["standard_errors"]),
            of(
                &numbers(&theirs["standard_errors"]),
                &set["standard_errors"]
            ),
            of(&rss, &wanted("residual_sum_of_squares")),
            of(
                &numbers(&theirs["residual_sum_of_squares"]),
                &wanted("residual_sum_of_squares")
            ),
            of(&b, &set["of_doubles"]["estimates"]),
        );
    }
    *out += "\nThe last column compares with the solution, in rational arithmetic, for the columns as doubles hold them: \
        the powers of Filip's x lose digits when they are rounded, before any method sees them, so that no more than \
        7 or 8 of the certified ones can be reached from doubles. Wampler1 and Wampler2 fit exactly: their standard \
        errors and residuals are certified as zero, and the digits are those after the point. R ran with \
        `tol = 1e-14`; with its own tolerance `lm` drops a column of Filip.\n";
}

fn lre(x: f64, certified: f64) -> f64 {
    let error = if certified == 0.0 {
        x.abs()
    } else {
        ((x - certified) / certified).abs()
    };
    if error == 0.0 {
        return MOST;
    }
    (-libm::log10(error)).clamp(0.0, MOST)
}

/// Numbers, or texts of numbers, in a list or alone.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::String(text) => vec![text.parse().unwrap()],
        other => vec![other.as_f64().unwrap()],
    }
}

fn read(file: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference/nist")
        .join(file);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
