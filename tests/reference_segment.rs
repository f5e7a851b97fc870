//! Segmentation against scikit-learn: the values and the script that made them are in
//! `tests/reference/segment`.

use std::path::Path;

use jari::models::k_means::{self, KMeans, KMeansOptions, PackedRows, Start};
use jari::models::pca::{self, Basis};
use jari::stats::cluster_scores::{adjusted_rand_index, silhouettes, sums_of_squares};
use jari::stats::progress::unwatched;
use jari::stats::scaling::{Scale, Scaling};
use serde_json::Value;

const MEASURES: [&str; 4] = [
    "bill_length_mm",
    "bill_depth_mm",
    "flipper_length_mm",
    "body_mass_g",
];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(path);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} is part of the sources: {error}", path.display()))
}

fn expected() -> Value {
    serde_json::from_str(&read("reference/segment/expected.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|v| v.as_f64().unwrap()).collect()
}

/// The four measures and the species of the penguins that have all four.
fn penguins() -> (Vec<Vec<f64>>, Vec<u32>) {
    let text = read("data/penguins.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|field| field == name).unwrap();
    let (mut columns, mut species) = (vec![Vec::new(); 4], Vec::new());
    for record in reader.records().map(Result::unwrap) {
        let values: Result<Vec<f64>, _> = MEASURES.iter().map(|m| record[at(m)].parse()).collect();
        let Ok(values) = values else { continue };
        for (column, value) in columns.iter_mut().zip(values) {
            column.push(value);
        }
        species.push(match &record[at("species")] {
            "Adelie" => 0,
            "Chinstrap" => 1,
            "Gentoo" => 2,
            other => panic!("{other} is not a penguin of Palmer station"),
        });
    }
    (columns, species)
}

fn standardised_penguins() -> Vec<Vec<f64>> {
    let columns = penguins().0;
    let scaled = columns.iter().map(|c| Scaling::Standard.of(c).apply(c));
    scaled.collect()
}

fn blobs() -> Vec<Vec<f64>> {
    let text = read("reference/segment/blobs.csv");
    let mut columns = vec![Vec::new(); 5];
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        for (column, field) in columns.iter_mut().zip(&record.unwrap()) {
            column.push(field.parse().unwrap());
        }
    }
    columns
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

#[track_caller]
fn check(got: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (got - expected).abs() / expected.abs().max(1.0);
    assert!(error <= tolerance, "{what}: {got:e} is not {expected:e}");
}

#[track_caller]
fn check_all(got: &[f64], expected: &Value, tolerance: f64, what: &str) {
    let expected = numbers(expected);
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        check(*got, expected, tolerance, &format!("{what} {i}"));
    }
}

/// Clusters from the first `k` rows and compares everything with the case `name`.
fn check_clusters(columns: &[Vec<f64>], name: &str) -> KMeans {
    let expected = &expected()[name];
    let k = expected["k"].as_u64().unwrap() as usize;
    let columns = slices(columns);
    let options = KMeansOptions {
        k,
        start: Start::Rows((0..k).collect()),
        max_iterations: expected["max_iterations"].as_u64().unwrap() as usize,
        tolerance: 0.0,
        ..KMeansOptions::default()
    };
    let rows = PackedRows::new(&columns).unwrap();
    let found = k_means::fit(&rows, &options, &mut unwatched).unwrap();

    let labels: Vec<f64> = found.labels.iter().map(|&c| f64::from(c)).collect();
    check_all(&labels, &expected["labels"], 0.0, "label of row");
    for (c, centre) in found.centres.iter().enumerate() {
        check_all(centre, &expected["centres"][c], 1e-12, "centre, feature");
    }
    assert_eq!(found.n_iterations as u64, expected["n_iterations"]);
    check(
        found.inertia,
        expected["inertia"].as_f64().unwrap(),
        1e-12,
        "inertia",
    );
    check(
        found.total_ss,
        expected["total_ss"].as_f64().unwrap(),
        1e-12,
        "total",
    );

    let scores = silhouettes(&columns, &found.labels, k, 5000, 1, &mut unwatched).unwrap();
    check_all(
        &scores.widths,
        &expected["silhouettes"],
        1e-12,
        "silhouette of row",
    );
    let overall = expected["silhouette"].as_f64().unwrap();
    check(scores.overall.unwrap(), overall, 1e-12, "silhouette");
    found
}

#[test]
fn penguins_fall_into_the_clusters_that_scikit_learn_finds() {
    let found = check_clusters(&standardised_penguins(), "penguins");
    assert!(found.converged);
    let ari = adjusted_rand_index(&penguins().1, &found.labels);
    let expected = expected()["penguins"]["adjusted_rand_index"]
        .as_f64()
        .unwrap();
    check(ari, expected, 1e-12, "adjusted Rand index");
    let squares = sums_of_squares(&slices(&standardised_penguins()), &found.labels, 3);
    check(squares.within.iter().sum(), found.inertia, 1e-12, "within");
    check(squares.between, found.between_ss, 1e-12, "between");
    check(squares.total, found.total_ss, 1e-12, "total");
}

#[test]
fn clusters_of_clouds_and_of_unfinished_runs_agree_too() {
    check_clusters(&standardised_penguins(), "penguins_two_steps");
    check_clusters(&blobs(), "blobs");
    check_clusters(&blobs(), "blobs_five_steps");
}

#[test]
fn scaling_agrees() {
    let expected = &expected()["scaling"];
    for (scaling, name) in [
        (Scaling::Standard, "standard"),
        (Scaling::Robust, "robust"),
        (Scaling::MinMax, "min_max"),
    ] {
        let scales: Vec<Scale> = penguins().0.iter().map(|c| scaling.of(c)).collect();
        let centres: Vec<f64> = scales.iter().map(|scale| scale.centre).collect();
        let spreads: Vec<f64> = scales.iter().map(|scale| scale.spread).collect();
        check_all(&centres, &expected[name][0], 1e-14, name);
        check_all(&spreads, &expected[name][1], 1e-14, name);
    }
}

#[test]
fn principal_components_agree() {
    let columns = penguins().0;
    let columns = slices(&columns);
    for (basis, name) in [
        (Basis::Covariance, "pca_covariance"),
        (Basis::Correlation, "pca_correlation"),
    ] {
        let expected = &expected()[name];
        let found = pca::fit(&columns, basis, &mut unwatched).unwrap();
        check_all(&found.variances, &expected["variances"], 1e-12, "variance");
        check_all(&found.shares, &expected["shares"], 1e-12, "share");
        for (loadings, expected) in found
            .loadings
            .iter()
            .zip(expected["loadings"].as_array().unwrap())
        {
            check_all(loadings, expected, 1e-10, "loading");
        }
        let scores = found.scores(&columns, 4);
        for (row, expected) in expected["scores"].as_array().unwrap().iter().enumerate() {
            let of_row: Vec<f64> = scores.iter().map(|component| component[row]).collect();
            check_all(&of_row, expected, 1e-10, "score");
        }
    }
}
