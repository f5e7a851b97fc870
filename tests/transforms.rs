//! What holds of the transforms whatever the data, what they do with missing values, and where they stop.

use std::collections::BTreeMap;

use jari::analyses;
use jari::report::{Cell, Lang, Report};
use jari::spec::{ColumnInfo, Ctx, Input, Output, RunError, silent};
use jari::table::{Bitmap, Column, Data, Table, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn ask(id: &str, values: Json, tables: &[(&str, &Table)]) -> Result<Output, RunError> {
    let input = Input::new(
        tables
            .iter()
            .map(|(name, table)| (name.to_string(), Table::clone(table))),
    );
    let mut nobody = silent;
    let values = values.as_object().expect("values are an object");
    analyses::run(id, values, &input, &mut Ctx::new(1, &mut nobody))
}

fn made(id: &str, values: Json, tables: &[(&str, &Table)]) -> Table {
    let output = ask(id, values, tables).unwrap_or_else(|e| panic!("{id}: {e:?}"));
    output.tables.into_iter().next().expect("a table").1
}

fn sentence(id: &str, values: Json, tables: &[(&str, &Table)]) -> String {
    match ask(id, values, tables) {
        Ok(_) => panic!("{id} ran"),
        Err(RunError::Options(errors)) => errors[0].message.text(Lang::En),
        Err(error) => error.message().text(Lang::En),
    }
}

fn shown(table: &Table) -> Vec<String> {
    let line = |i| {
        let cells = table.columns().iter().map(|c| match c.is_valid(i) {
            true => c.display(i),
            false => "–".into(),
        });
        cells.collect::<Vec<_>>().join(" ")
    };
    let names: Vec<&str> = table.columns().iter().map(|c| c.name.as_str()).collect();
    std::iter::once(names.join(" "))
        .chain((0..table.n_rows()).map(line))
        .collect()
}

fn ints(table: &Table, name: &str) -> Vec<Option<i64>> {
    let column = table.column(name).expect("a column");
    (0..column.len())
        .map(|i| match column.value(i) {
            Value::Int(v) => Some(v),
            _ => None,
        })
        .collect()
}

fn receipt_rows(report: &Report) -> Vec<f64> {
    let tables = report.tables();
    let receipt = tables.iter().find(|t| t.key == "receipt");
    let receipt = receipt.expect("a receipt");
    let at = receipt
        .columns
        .iter()
        .position(|h| h.key == "rows")
        .unwrap();
    let rows = receipt.rows.iter().map(|row| match row[at] {
        Cell::Number(n) => n,
        _ => f64::NAN,
    });
    rows.collect()
}

/// A row number, a key with few values, a word and a number, each of the latter sometimes missing.
fn any_table(max_rows: usize) -> impl Strategy<Value = Table> {
    let key = prop::option::weighted(0.8, 0i64..6);
    let word = prop::option::weighted(0.8, 0i32..4);
    let number = prop::option::weighted(0.8, -1e6..1e6);
    prop::collection::vec((key, word, number), 0..max_rows).prop_map(|rows| {
        let keys = rows.iter().map(|r| r.0.unwrap_or(0)).collect();
        let has_key: Bitmap = rows.iter().map(|r| r.0.is_some()).collect();
        let words = rows.iter().map(|r| r.1.unwrap_or(-1)).collect();
        let levels = ["a", "b", "c", "d"].map(String::from).to_vec();
        Table::new(vec![
            Column::int("row", (0..rows.len() as i64).collect()),
            Column::int("key", keys).with_validity(has_key),
            Column::category("word", words, levels),
            Column::float("x", rows.iter().map(|r| r.2.unwrap_or(f64::NAN)).collect()),
        ])
        .expect("columns of one length")
    })
}

/// The table with 0 where floats are missing, which the bitmaps still tell: NaN is not equal to itself.
fn comparable(table: &Table) -> Table {
    let columns = table.columns().iter().map(|c| {
        let mut column = Column::clone(c);
        if let Data::Float(values) = &mut column.data {
            values
                .iter_mut()
                .filter(|v| v.is_nan())
                .for_each(|v| *v = 0.0);
        }
        column
    });
    Table::new(columns.collect()).expect("columns of one table")
}

fn counts(keys: &[Option<i64>]) -> BTreeMap<i64, usize> {
    let mut counts = BTreeMap::new();
    for key in keys.iter().flatten() {
        *counts.entry(*key).or_default() += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn longer_then_wider_is_the_identity(
        rows in prop::collection::vec(prop::collection::vec(prop::option::of(-1e9..1e9), 3), 1..30),
        word in prop::collection::vec("[a-z]{0,3}", 30),
    ) {
        let number = |k: usize| rows.iter().map(|r: &Vec<Option<f64>>| r[k].unwrap_or(f64::NAN)).collect();
        let table = Table::new(vec![
            Column::int("row", (0..rows.len() as i64).collect()),
            Column::text("word", word.iter().take(rows.len())),
            Column::float("q10", number(0)),
            Column::float("q2", number(1)),
            Column::float("q1", number(2)),
        ]).unwrap();
        let long = made("transform.longer", json!({"columns": ["q10", "q2", "q1"]}), &[("table", &table)]);
        prop_assert_eq!(long.n_rows(), 3 * rows.len());
        let wide = made("transform.wider", json!({"names_from": ["name"], "values_from": ["value"]}), &[("table", &long)]);
        prop_assert_eq!(comparable(&wide), comparable(&table));
    }

    #[test]
    fn a_join_has_the_rows_that_its_keys_foretell(left in any_table(40), right in any_table(40)) {
        let join = |how: &str| {
            let values = json!({"keys": [{"left": "key"}], "how": how, "indicator": "from"});
            made("transform.join", values, &[("table", &left), ("right", &right)])
        };
        let (own, other) = (ints(&left, "key"), ints(&right, "key"));
        let (n_left, n_right) = (counts(&own), counts(&other));
        let of = |counts: &BTreeMap<i64, usize>, key: &i64| counts.get(key).copied().unwrap_or(0);
        let products: usize = n_left.iter().map(|(key, n)| n * of(&n_right, key)).sum();
        let inner = join("inner");
        prop_assert_eq!(inner.n_rows(), products);

        let row_numbers = |table: &Table| -> Vec<i64> { ints(table, "row").into_iter().flatten().collect() };
        let whole = join("left");
        let rows = row_numbers(&whole);
        prop_assert!(rows.windows(2).all(|w| w[0] <= w[1]));
        let mut once = rows.clone();
        once.dedup();
        prop_assert_eq!(once, row_numbers(&left), "a left row is lost");

        let (semi, anti) = (row_numbers(&join("semi")), row_numbers(&join("anti")));
        let mut both = [semi.clone(), anti.clone()].concat();
        both.sort_unstable();
        prop_assert_eq!(both, row_numbers(&left), "semi and anti are the parts of the left table");
        let matches = |i: &i64| own[*i as usize].is_some_and(|key| of(&n_right, &key) > 0);
        prop_assert!(semi.iter().all(matches));
        prop_assert!(!anti.iter().any(matches));
        prop_assert_eq!(whole.n_rows(), products + anti.len());

        let alone = other.iter().filter(|key| key.is_none_or(|key| of(&n_left, &key) == 0)).count();
        let full = join("full");
        prop_assert_eq!(full.n_rows(), products + anti.len() + alone);
        let keys = ints(&full, "key");
        let from = full.column("from").unwrap();
        let rights = ints(&full, "row_right");
        for i in 0..full.n_rows() {
            if from.display(i) != "left" {
                let right_row = rights[i].expect("a right row has a number") as usize;
                prop_assert_eq!(keys[i], other[right_row]);
            }
        }
    }

    #[test]
    fn sums_of_groups_add_up(table in any_table(200)) {
        let values = json!({
            "by": ["key", "word"],
            "summaries": [{"what": "rows"}, {"what": "sum", "column": "x"}, {"what": "sum", "column": "row"}, {"what": "share_of_sum", "column": "row"}, {"what": "missing", "column": "x"}],
        });
        let groups = made("transform.group", values, &[("table", &table)]);
        let total = |table: &Table, name: &str| -> f64 {
            table.column(name).unwrap().numbers().unwrap().iter().filter(|v| !v.is_nan()).sum()
        };
        let n = table.n_rows() as f64;
        prop_assert_eq!(total(&groups, "n"), n);
        prop_assert_eq!(total(&groups, "row_sum"), total(&table, "row"));
        prop_assert!((total(&groups, "x_sum") - total(&table, "x")).abs() <= 1e-9 * n * 1e6);
        prop_assert_eq!(total(&groups, "x_missing") as usize, table.column("x").unwrap().n_missing());
        if total(&table, "row") > 0.0 {
            prop_assert!((total(&groups, "row_share") - 1.0).abs() < 1e-12);
        }
        let n_distinct = made("transform.deduplicate", json!({"columns": ["key", "word"]}), &[("table", &table)]).n_rows();
        prop_assert_eq!(groups.n_rows(), n_distinct);
    }

    #[test]
    fn sorting_moves_rows_and_keeps_equal_ones_in_their_order(table in any_table(300), down in any::<bool>()) {
        let direction = if down { "descending" } else { "ascending" };
        let values = json!({"by": [{"column": "word", "direction": direction}, {"column": "x"}]});
        let sorted = made("transform.sort", values, &[("table", &table)]);
        let rows: Vec<usize> = ints(&sorted, "row").into_iter().flatten().map(|r| r as usize).collect();
        let mut all = rows.clone();
        all.sort_unstable();
        prop_assert_eq!(all, (0..table.n_rows()).collect::<Vec<_>>());
        let order: Vec<u32> = rows.iter().map(|&r| r as u32).collect();
        prop_assert_eq!(comparable(&sorted), comparable(&table.select_rows(&order)), "rows stay whole");
        let (word, x) = (table.column("word").unwrap(), table.column("x").unwrap());
        let numbers = x.numbers().unwrap();
        for w in rows.windows(2) {
            let by_word = (!word.is_valid(w[0])).cmp(&!word.is_valid(w[1])).then_with(|| {
                let up = word.display(w[0]).cmp(&word.display(w[1]));
                if down { up.reverse() } else { up }
            });
            let (a, b) = (numbers[w[0]], numbers[w[1]]);
            let by_x = a.is_nan().cmp(&b.is_nan()).then(a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal));
            prop_assert!(by_word.then(by_x).then(w[0].cmp(&w[1])).is_lt(), "{w:?}");
        }
    }

    #[test]
    fn the_parts_of_a_table_append_to_the_whole(table in any_table(60), cut in 0usize..60, again in 0usize..60) {
        let (cut, again) = (cut.min(again), cut.max(again));
        let n = table.n_rows();
        let parts = [table.slice(0..cut), table.slice(cut..again), table.slice(again..n.max(again))];
        let whole = made("transform.append", json!({"source": ""}), &[("table", &parts[0]), ("second", &parts[1]), ("fifth", &parts[2])]);
        prop_assert_eq!(comparable(&whole), comparable(&table));
    }

    #[test]
    fn windows_keep_the_rows_and_end_in_the_groups_totals(table in any_table(120)) {
        let values = json!({
            "by": ["key"],
            "order": [{"column": "word"}],
            "steps": [
                {"what": "row_number", "name": "number"}, {"what": "cumulative_sum", "column": "row", "name": "so_far"},
                {"what": "share", "column": "row", "name": "share"}, {"what": "lag", "column": "row", "name": "before"},
                {"what": "lead", "column": "row", "name": "after"},
            ],
        });
        let rows = made("transform.window", values, &[("table", &table)]);
        let old: Vec<&str> = table.columns().iter().map(|c| c.name.as_str()).collect();
        prop_assert_eq!(comparable(&rows.select_columns(&old).unwrap()), comparable(&table));
        let keys = ints(&table, "key");
        let (number, so_far) = (ints(&rows, "number"), ints(&rows, "so_far"));
        let (before, after) = (ints(&rows, "before"), ints(&rows, "after"));
        for i in 0..rows.n_rows() {
            let group: Vec<usize> = (0..rows.n_rows()).filter(|&j| keys[j] == keys[i]).collect();
            if number[i] == Some(group.len() as i64) {
                prop_assert_eq!(so_far[i], Some(group.iter().map(|&j| j as i64).sum()));
                prop_assert_eq!(after[i], None);
            }
            if let Some(j) = before[i] {
                prop_assert_eq!(after[j as usize], Some(i as i64));
                prop_assert_eq!(keys[j as usize], keys[i]);
                prop_assert_eq!(number[j as usize].unwrap() + 1, number[i].unwrap());
            }
        }
    }

    #[test]
    fn a_receipt_begins_with_the_rows_in_and_ends_with_the_rows_out(left in any_table(40), right in any_table(40)) {
        let one = |id: &str, values: Json| (id.to_string(), values, vec![("table", &left)]);
        let two = |id: &str, values: Json, second: &'static str| {
            (id.to_string(), values, vec![("table", &left), (second, &right)])
        };
        let mut asked = vec![
            one("transform.group", json!({"by": ["word"], "keep_missing": false})),
            one("transform.sort", json!({"by": [{"column": "x"}]})),
            one("transform.deduplicate", json!({"columns": ["key"], "keep": "none"})),
            one("transform.longer", json!({"columns": ["key", "x"], "drop_missing": true})),
            one("transform.wider", json!({"names_from": ["word"], "values_from": ["x"], "ids": ["key"], "repeated": "mean"})),
            one("transform.window", json!({"steps": [{"what": "row_number"}]})),
            two("transform.append", json!({}), "second"),
        ];
        for how in ["left", "inner", "full", "semi", "anti"] {
            asked.push(two("transform.join", json!({"keys": [{"left": "word"}], "how": how}), "right"));
        }
        for (id, values, tables) in asked {
            let output = ask(&id, values.clone(), &tables).unwrap_or_else(|e| panic!("{id}: {e:?}"));
            let rows = receipt_rows(&output.report);
            prop_assert_eq!(rows[0] as usize, left.n_rows(), "{} {}", id, values);
            prop_assert_eq!(rows[rows.len() - 1] as usize, output.tables[0].1.n_rows(), "{} {}", id, values);
        }
    }
}

fn with_missing() -> Table {
    let second = Bitmap::from_iter([true, false, true, false]);
    Table::new(vec![
        Column::text("k", ["a", "", "a", ""]).with_validity(second),
        Column::int("n", vec![1, 2, 3, 4]),
    ])
    .unwrap()
}

#[test]
fn missing_keys_are_a_group_but_no_match() {
    let table = with_missing();
    let by = json!({"by": ["k"], "summaries": [{"what": "sum", "column": "n"}]});
    let groups = made("transform.group", by, &[("table", &table)]);
    assert_eq!(shown(&groups), ["k n_sum", "a 4", "– 6"]);
    let values = json!({"by": ["k"], "keep_missing": false});
    let groups = made("transform.group", values, &[("table", &table)]);
    assert_eq!(shown(&groups), ["k n", "a 2"]);

    let both = [("table", &table), ("right", &table)];
    let join = |how: &str| {
        made(
            "transform.join",
            json!({"keys": [{"left": "k"}], "how": how}),
            &both,
        )
    };
    assert_eq!(
        shown(&join("inner")),
        ["k n n_right", "a 1 1", "a 1 3", "a 3 1", "a 3 3"]
    );
    assert_eq!(shown(&join("anti")), ["k n", "– 2", "– 4"]);
    assert_eq!(join("full").n_rows(), 8);

    let distinct = made(
        "transform.deduplicate",
        json!({"columns": ["k"]}),
        &[("table", &table)],
    );
    assert_eq!(shown(&distinct), ["k n", "a 1", "– 2"]);
    let steps =
        json!({"by": ["k"], "steps": [{"what": "cumulative_sum", "column": "n", "name": "sum"}]});
    let running = made("transform.window", steps, &[("table", &table)]);
    assert_eq!(
        shown(&running),
        ["k n sum", "a 1 1", "– 2 2", "a 3 4", "– 4 6"]
    );
    let wide = json!({"names_from": ["k"], "values_from": ["n"], "repeated": "sum"});
    let wide = made("transform.wider", wide, &[("table", &table)]);
    assert_eq!(shown(&wide), ["a missing", "4 6"]);
}

#[test]
fn a_group_without_values_has_no_summary() {
    let table = Table::new(vec![
        Column::text("k", ["a", "b"]),
        Column::float("x", vec![1.5, f64::NAN]),
    ])
    .unwrap();
    let what = [
        "count",
        "sum",
        "mean",
        "min",
        "median",
        "first",
        "share_of_sum",
    ];
    let summaries: Vec<Json> = what
        .iter()
        .map(|w| json!({"what": w, "column": "x", "name": w}))
        .collect();
    let values = json!({"by": ["k"], "summaries": summaries});
    let groups = made("transform.group", values, &[("table", &table)]);
    let head = format!("k {}", what.join(" "));
    assert_eq!(
        shown(&groups),
        [
            head.as_str(),
            "a 1 1.5 1.5 1.5 1.5 1.5 1",
            "b 0 – – – – – –"
        ]
    );
}

#[test]
fn a_join_that_is_too_large_is_not_begun() {
    let table = Table::new(vec![Column::int("k", vec![7; 200_000])]).unwrap();
    let said = sentence(
        "transform.join",
        json!({"keys": [{"left": "k"}]}),
        &[("table", &table), ("right", &table)],
    );
    assert!(
        said.starts_with("The join would have 40,000,000,000 rows"),
        "{said}"
    );
    assert!(
        said.contains("The key 7 alone pairs 200,000 left rows with 200,000 right rows"),
        "{said}"
    );
}

#[test]
fn keys_of_different_nature_are_refused() {
    let numbers = Table::new(vec![Column::int("id", vec![1])]).unwrap();
    let words = Table::new(vec![Column::text("id", ["1"])]).unwrap();
    let said = sentence(
        "transform.join",
        json!({"keys": [{"left": "id"}]}),
        &[("table", &numbers), ("right", &words)],
    );
    assert!(
        said.starts_with("“id” holds numbers and “id” holds text"),
        "{said}"
    );
    let said = sentence(
        "transform.join",
        json!({"keys": [{"left": "id", "right": "code"}]}),
        &[("table", &numbers), ("right", &words)],
    );
    assert!(said.contains("no column “code”"), "{said}");
}

#[test]
fn many_to_many_is_warned_of() {
    let table = with_missing();
    let output = ask(
        "transform.join",
        json!({"keys": [{"left": "k"}]}),
        &[("table", &table), ("right", &table)],
    );
    let notices = output.unwrap().report.notices;
    let said: Vec<String> = notices.iter().map(|n| n.text.text(Lang::En)).collect();
    assert!(
        said.iter()
            .any(|s| s.starts_with("1 key repeats on both sides")),
        "{said:?}"
    );
}

#[test]
fn only_the_match_is_reported_on_demand() {
    let table = with_missing();
    let output = ask(
        "transform.join",
        json!({"keys": [{"left": "k"}], "report_only": true}),
        &[("table", &table), ("right", &table)],
    )
    .unwrap();
    assert!(output.tables.is_empty());
    assert_eq!(
        output.report.summary[0].text(Lang::En),
        "2 of 4 left rows have a match (50.0%), and 2 of 4 right rows (50.0%)."
    );
}

#[test]
fn rows_that_meet_in_one_place_stop_the_run() {
    let table = with_missing();
    let said = sentence(
        "transform.wider",
        json!({"names_from": ["k"], "values_from": ["n"]}),
        &[("table", &table)],
    );
    assert!(
        said.starts_with("2 places get more than one row (4 rows), the first of them where k = a."),
        "{said}"
    );
    let values =
        json!({"names_from": ["k"], "values_from": ["k"], "repeated": "sum", "ids": ["n"]});
    let said = sentence("transform.wider", values, &[("table", &table)]);
    assert!(said.starts_with("“k” holds no numbers"), "{said}");
}

#[test]
fn tables_of_different_columns_and_kinds_append() {
    let a = Table::new(vec![
        Column::int("id", vec![1, 2]),
        Column::text("only", ["x", "y"]),
    ])
    .unwrap();
    let b = Table::new(vec![
        Column::text("id", ["three"]),
        Column::bool("Only", [true]),
    ])
    .unwrap();
    let tables = [("table", &a), ("second", &b)];
    let output = ask("transform.append", json!({"names": "a;b"}), &tables).unwrap();
    let expected = [
        "id only Only source",
        "1 x – a",
        "2 y – a",
        "three – true b",
    ];
    assert_eq!(shown(&output.tables[0].1), expected);
    let said: Vec<String> = output
        .report
        .notices
        .iter()
        .map(|n| n.text.text(Lang::En))
        .collect();
    assert!(
        said[0].contains("whole numbers in “a” and text in “b”"),
        "{said:?}"
    );
    assert!(
        said[1].starts_with("“only” and “Only” were taken for different columns"),
        "{said:?}"
    );
}

#[test]
fn summaries_and_new_columns_ask_for_what_they_need() {
    let table = with_missing();
    let check = |id: &str, values: Json, expected: &str| {
        let said = sentence(id, values, &[("table", &table)]);
        assert!(said.starts_with(expected), "{said}");
    };
    let sum = |summary: Json| json!({"by": ["k"], "summaries": [summary]});
    check(
        "transform.group",
        sum(json!({"what": "sum"})),
        "This summary needs a column.",
    );
    check(
        "transform.group",
        sum(json!({"what": "sum", "column": "k"})),
        "This summary needs numbers, and “k” holds none.",
    );
    check(
        "transform.group",
        sum(json!({"what": "weighted_mean", "column": "n"})),
        "This summary needs a column.",
    );
    let step = |step: Json| json!({"steps": [step]});
    check(
        "transform.window",
        step(json!({"what": "lag"})),
        "This new column needs a column",
    );
    check(
        "transform.window",
        step(json!({"what": "share", "column": "k"})),
        "This new column needs numbers",
    );
    check(
        "transform.window",
        step(json!({"what": "days_since", "column": "n"})),
        "This new column needs dates",
    );
}

#[test]
fn fields_of_a_row_that_have_no_say_are_not_looked_at() {
    let columns = BTreeMap::from([("table".to_string(), ColumnInfo::of_table(&with_missing()))]);
    let check = |id: &str, values: Json, expected: &[&str]| {
        let spec = analyses::find(id).expect("an analysis");
        let values = values.as_object().expect("values are an object");
        let found = jari::spec::check(spec, values, &columns);
        let found: Vec<&str> = found.iter().map(|e| e.option.as_str()).collect();
        assert_eq!(found, expected, "{id} {values:?}");
    };
    let summary =
        |what: &str| json!({"summaries": [{"what": what, "column": "gone", "weight": "k"}]});
    check("transform.group", summary("rows"), &[]);
    check("transform.group", summary("mean"), &["summaries.0.column"]);
    check(
        "transform.group",
        summary("weighted_mean"),
        &["summaries.0.column", "summaries.0.weight"],
    );
    // What waits for an option that has no say has none either.
    let folds = |method: &str| json!({"columns": ["k"], "method": method, "folds": "column", "fold_column": "gone"});
    check("transform.encode", folds("one_hot"), &[]);
    check("transform.encode", folds("target"), &["fold_column"]);
}
