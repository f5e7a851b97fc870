//! What holds of transforms whatever the data and the seed: parts add up to the whole, nothing is
//! drawn twice without replacement, the indicators of a row add up to one.

use std::collections::BTreeMap;

use jari::analyses;
use jari::spec::{Ctx, Input, Output, silent};
use jari::table::{Bitmap, Column, Table};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Rows with a number of their own, a group, a day and a measure, some of them missing.
fn any_table() -> impl Strategy<Value = Table> {
    let row = (
        prop::option::weighted(0.9, 0..6_i32),
        prop::option::weighted(0.9, 0..40_i32),
        prop::option::weighted(0.8, -5.0..5.0_f64),
    );
    prop::collection::vec(row, 1..120).prop_map(|rows| {
        let levels = ["a", "b", "c", "d", "e", "unused"];
        let days: Bitmap = rows.iter().map(|r| r.1.is_some()).collect();
        Table::new(vec![
            Column::int("row", (0..rows.len() as i64).collect()),
            Column::category(
                "group",
                rows.iter().map(|r| r.0.map_or(-1, |g| g.min(4))).collect(),
                levels.map(String::from).to_vec(),
            ),
            Column::date("day", rows.iter().map(|r| r.1.unwrap_or(0)).collect())
                .with_validity(days),
            Column::float("x", rows.iter().map(|r| r.2.unwrap_or(f64::NAN)).collect()),
        ])
        .unwrap()
    })
}

fn run(id: &str, table: &Table, seed: u64, values: &Value) -> Output {
    let input = Input::new([("table".to_string(), table.clone())]);
    let mut nobody = silent;
    let mut ctx = Ctx::new(seed, &mut nobody);
    analyses::run(id, values.as_object().unwrap(), &input, &mut ctx)
        .unwrap_or_else(|e| panic!("{id} of {values}: {e:?}"))
}

fn tables(output: Output) -> BTreeMap<&'static str, Table> {
    output.tables.into_iter().collect()
}

fn numbers(table: &Table, name: &str) -> Vec<f64> {
    table.column(name).unwrap().numbers().unwrap().into_owned()
}

fn rounded(share: f64, n: usize) -> usize {
    (share * n as f64 + 0.5).floor() as usize
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parts_add_up_to_the_whole(
        table in any_table(),
        test in 0.0..0.7_f64,
        validation in 0.0..0.3_f64,
        seed: u64,
    ) {
        let ways = [
            json!({"method": "random"}),
            json!({"method": "stratified", "strata": ["group"]}),
            json!({"method": "groups", "groups": ["group"]}),
            json!({"method": "time", "time": "day"}),
        ];
        for mut values in ways {
            let method = values["method"].as_str().unwrap().to_owned();
            values["test"] = json!(test);
            values["validation"] = json!(validation);
            values["result"] = json!("both");
            let parts = tables(run("transform.split", &table, seed, &values));
            let mut seen: Vec<f64> = Vec::new();
            for name in ["train", "validation", "test"] {
                if let Some(part) = parts.get(name) {
                    seen.extend(numbers(part, "row"));
                }
            }
            seen.sort_by(f64::total_cmp);
            let days = table.column("day").unwrap();
            let expected: Vec<f64> = (0..table.n_rows())
                .filter(|&row| method != "time" || days.is_valid(row))
                .map(|row| row as f64)
                .collect();
            prop_assert_eq!(&seen, &expected, "{}", method);
            // The column of parts says the same as the tables.
            let all = &parts["all"];
            let part = all.column("part").unwrap();
            for name in ["train", "validation", "test"] {
                let n = (0..all.n_rows()).filter(|&row| part.display(row) == name).count();
                prop_assert_eq!(n, parts.get(name).map_or(0, Table::n_rows), "{}", method);
            }
            let n_test = parts["test"].n_rows();
            match method.as_str() {
                "random" | "stratified" => prop_assert_eq!(n_test, rounded(test, table.n_rows())),
                "time" => prop_assert!(n_test >= rounded(test, expected.len())),
                _ => {
                    let largest = table.column("group").unwrap().levels_and_codes();
                    let largest = largest.counts().into_iter().max().unwrap_or(0);
                    let missing = table.column("group").unwrap().n_missing();
                    let wanted = rounded(test, table.n_rows());
                    prop_assert!(2 * n_test <= 2 * wanted + largest.max(missing));
                }
            }
        }
    }

    #[test]
    fn groups_and_moments_stay_together(table in any_table(), test in 0.1..0.6_f64, seed: u64) {
        for (by, values) in [
            ("group", json!({"method": "groups", "groups": ["group"], "test": test, "validation": 0.2, "result": "column"})),
            ("day", json!({"method": "time", "time": "day", "test": test, "validation": 0.2, "result": "column"})),
        ] {
            let all = tables(run("transform.split", &table, seed, &values)).remove("all").unwrap();
            let mut parts: BTreeMap<String, String> = BTreeMap::new();
            for row in 0..all.n_rows() {
                let key = all.column(by).unwrap().display(row);
                let part = all.column("part").unwrap().display(row);
                prop_assert_eq!(parts.entry(key).or_insert(part.clone()), &part);
            }
            if by == "day" {
                // Nothing to test on happened before anything to train on.
                let of = |name: &str| parts.iter().filter(|(_, p)| *p == name).map(|(day, _)| day.clone()).collect::<Vec<_>>();
                let (train, test) = (of("train"), of("test"));
                prop_assert!(train.iter().max() < test.iter().min() || train.is_empty() || test.is_empty());
            }
        }
    }

    #[test]
    fn nothing_is_drawn_twice_without_replacement(table in any_table(), share in 0.0..=1.0_f64, seed: u64) {
        for strata in [json!([]), json!(["group"])] {
            let values = json!({"size": "share", "share": share, "strata": strata});
            let sample = tables(run("transform.sample", &table, seed, &values)).remove("sample").unwrap();
            let rows = numbers(&sample, "row");
            prop_assert_eq!(rows.len(), rounded(share, table.n_rows()));
            prop_assert!(rows.windows(2).all(|w| w[0] < w[1]));
        }
    }

    #[test]
    fn draws_with_replacement_are_rows_of_the_table(table in any_table(), seed: u64) {
        let n = table.n_rows();
        let values = json!({"n": 2 * n, "replacement": true, "shuffled": true});
        let sample = tables(run("transform.sample", &table, seed, &values)).remove("sample").unwrap();
        prop_assert_eq!(sample.n_rows(), 2 * n);
        let x = table.column("x").unwrap();
        for (drawn, row) in numbers(&sample, "row").into_iter().enumerate() {
            prop_assert_eq!(sample.column("x").unwrap().display(drawn), x.display(row as usize));
        }
    }

    #[test]
    fn the_indicators_of_a_row_add_up_to_one(table in any_table(), max in 2_usize..6) {
        if table.column("group").unwrap().n_missing() == table.n_rows() {
            return Ok(());
        }
        let values = json!({"columns": ["group"], "max_levels": max, "values": "numbers"});
        let encoded = tables(run("transform.encode", &table, 1, &values)).remove("encoded").unwrap();
        let made: Vec<Vec<f64>> = encoded.columns()[table.n_columns()..]
            .iter()
            .map(|c| c.numbers().unwrap().into_owned())
            .collect();
        for row in 0..table.n_rows() {
            let sum: f64 = made.iter().map(|c| c[row]).sum();
            prop_assert_eq!(sum, 1.0);
        }
    }

    /// Learnt without its own outcome, a row's value stays the same when that outcome is another.
    #[test]
    fn out_of_fold_values_know_nothing_of_their_row(table in any_table(), row in 0_usize..120, seed: u64) {
        let row = row % table.n_rows();
        let mut x = numbers(&table, "x");
        if x.iter().filter(|v| v.is_finite()).count() < 3 || table.n_rows() < 5 || x[row].is_nan() {
            return Ok(());
        }
        let values = json!({"columns": ["group"], "method": "target", "outcome": "x", "folds": "random"});
        let encoded = |table: &Table| {
            let encoded = tables(run("transform.encode", table, seed, &values)).remove("encoded").unwrap();
            encoded.column("group_mean").unwrap().display(row)
        };
        let before = encoded(&table);
        x[row] += 1000.0;
        let changed = table.with_column(Column::float("x", x)).unwrap();
        prop_assert_eq!(before, encoded(&changed));
    }

    #[test]
    fn filled_columns_keep_what_was_there(table in any_table()) {
        for action in ["mean", "median", "mode", "forward", "backward"] {
            let values = json!({"columns": ["x"], "action": action, "by": ["group"], "place": "new", "flag": true});
            let filled = tables(run("transform.missing", &table, 1, &values)).remove("filled").unwrap();
            let (old, new) = (numbers(&filled, "x"), numbers(&filled, "x_filled"));
            let flag = numbers(&filled, "x_was_missing");
            for ((old, new), flag) in old.iter().zip(&new).zip(flag) {
                prop_assert!(old.is_nan() || old == new);
                prop_assert_eq!(old.is_nan(), flag == 1.0);
            }
        }
    }

    #[test]
    fn every_number_lies_in_its_bin(table in any_table(), n in 1_usize..9, below: bool, quantiles: bool) {
        if numbers(&table, "x").iter().all(|v| v.is_nan()) {
            return Ok(());
        }
        let values = json!({
            "columns": ["x"],
            "method": if quantiles { "equal_count" } else { "equal_width" },
            "n_bins": n,
            "edges_to": if below { "below" } else { "above" },
            "written": "numbers",
        });
        let output = run("transform.bin", &table, 1, &values);
        let report = jari::report::json(&output.report, jari::report::Lang::En);
        let bins: Vec<(f64, f64)> = report["tables"]["bins"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|b| Some((b["from"].as_f64()?, b["to"].as_f64()?)))
            .collect();
        let binned = tables(output).remove("binned").unwrap();
        for (x, bin) in numbers(&binned, "x").iter().zip(numbers(&binned, "x_bin")) {
            prop_assert_eq!(x.is_nan(), bin.is_nan());
            if !x.is_nan() {
                let (low, high) = bins[bin as usize - 1];
                prop_assert!(low <= *x && *x <= high);
            }
        }
    }
}
