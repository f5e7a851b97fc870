//! An analysis by group gives what it gives on each group's rows alone.

use crate::support::examples;

use std::collections::BTreeSet;

use jari::analyses;
use jari::engine::protocol::{Request, Response};
use jari::engine::{Attached, Core, Runner};
use jari::report::{self, Block, ByGroup, Lang, Msg, Report};
use jari::spec::{Ctx, Input, Output, RunError, Values, by, silent};
use jari::table::{Bitmap, Column, Data, Table};
use serde_json::{Value, json};

fn penguins() -> Table {
    examples::table("penguins.csv")
}

fn values(json: &Value) -> Values {
    json.as_object().expect("an object").clone()
}

fn input(table: &Table) -> Input {
    Input::new([("table".to_string(), table.clone())])
}

fn run_by(id: &str, columns: &[&str], options: &Value, table: &Table) -> Result<Output, RunError> {
    let columns: Vec<String> = columns.iter().map(|c| c.to_string()).collect();
    let mut progress = silent;
    let mut ctx = Ctx::new(7, &mut progress);
    analyses::run_by(id, &columns, &values(options), &input(table), &mut ctx)
}

fn run(id: &str, options: &Value, table: &Table) -> Result<Output, RunError> {
    run_by(id, &[], options, table)
}

fn groups(report: &Report) -> Vec<&ByGroup> {
    let blocks = report.blocks.iter();
    blocks
        .filter_map(|block| match block {
            Block::ByGroup(group) => Some(&**group),
            _ => None,
        })
        .collect()
}

/// The rows in which the columns hold these values, and that as a mask.
fn rows_of(table: &Table, by: &[(String, Option<String>)]) -> Bitmap {
    let fits = |row: usize| {
        by.iter().all(|(name, value)| {
            let column = table.column(name).expect("a grouping column");
            match value {
                Some(value) => column.is_valid(row) && column.display(row) == *value,
                None => !column.is_valid(row),
            }
        })
    };
    (0..table.n_rows()).map(fits).collect()
}

/// Names and values, as they are spelt.
fn shown(table: &Table) -> Vec<(String, Vec<String>)> {
    let column = |c: &Column| {
        let cells = (0..c.len()).map(|i| match c.is_valid(i) {
            true => c.display(i),
            false => "<missing>".to_string(),
        });
        (c.name.clone(), cells.collect())
    };
    table.columns().iter().map(|c| column(c)).collect()
}

/// Every group's report is that of the analysis on the table filtered to the group, to the last bit, and
/// so are the group's rows in the tables that have the rows of their input. Gives the output.
#[track_caller]
fn check_each(id: &str, columns: &[&str], options: &Value) -> Output {
    let table = penguins();
    let output = run_by(id, columns, options, &table).unwrap_or_else(|e| panic!("{id}: {e:?}"));
    let mut n_rows = 0;
    for group in groups(&output.report) {
        let mask = rows_of(&table, &group.by);
        let alone = run(id, options, &table.filter(&mask));
        assert_eq!(mask.count_ones(), group.n_rows, "{:?}", group.by);
        n_rows += group.n_rows;
        let prefix = format!("{}_", group.key);
        match alone {
            Ok(alone) => {
                assert_eq!(group.error, None, "{:?}", group.by);
                let own = group.report.clone().without_keys_after(&prefix);
                let (own, alone_json) = (json!(own), json!(alone.report));
                assert!(own == alone_json, "{id} {:?} says something else", group.by);
                for (name, made) in &alone.tables {
                    let (_, joined) = output.tables.iter().find(|(n, _)| n == name).unwrap();
                    if joined.n_rows() == table.n_rows() {
                        assert_eq!(shown(&joined.filter(&mask)), shown(made), "{id} {name}");
                    }
                }
            }
            Err(error) => {
                assert_eq!(group.error.as_ref(), Some(&error.message()));
                assert_eq!(group.report, Report::default());
            }
        }
    }
    assert_eq!(n_rows, table.n_rows(), "each row is in one group");
    output
}

#[test]
fn each_group_is_as_if_it_were_alone() {
    let mass =
        json!({"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "bill_length_mm"]});
    let clusters = json!({"columns": ["bill_length_mm", "flipper_length_mm"], "k": 2});
    let test =
        json!({"outcomes": ["body_mass_g"], "group": "sex", "resample": true, "n_resamples": 200});
    let one_sample = json!({"design": "one_sample", "outcomes": ["body_mass_g"], "null": 4000});
    let curve = json!({"time": "body_mass_g", "status": "sex", "event": "male"});
    for columns in [&["species"][..], &["year"], &["sex", "island"]] {
        check_each("explore.describe", columns, &json!({}));
        check_each("regression.linear", columns, &mass);
        check_each("segment.k_means", columns, &clusters);
        check_each("compare.t_test", columns, &one_sample);
    }
    check_each("compare.t_test", &["species"], &test);
    check_each("regression.survival", &["species"], &curve);
}

/// R: table(species, sex, useNA = "ifany") of palmerpenguins 0.1.1.
#[test]
fn combinations_come_in_the_order_of_their_values_and_missing_last() {
    let output = check_each("explore.describe", &["species", "sex"], &json!({}));
    let said = groups(&output.report);
    let found: Vec<(String, usize)> = said
        .iter()
        .map(|g| (g.title.text(Lang::En), g.n_rows))
        .collect();
    let expected = [
        ("species: Adelie, sex: female", 73),
        ("species: Adelie, sex: male", 73),
        ("species: Adelie, sex: missing", 6),
        ("species: Chinstrap, sex: female", 34),
        ("species: Chinstrap, sex: male", 34),
        ("species: Gentoo, sex: female", 58),
        ("species: Gentoo, sex: male", 61),
        ("species: Gentoo, sex: missing", 5),
    ];
    assert_eq!(found, expected.map(|(title, n)| (title.to_string(), n)));
    let summary = output.report.summary[0].text(Lang::En);
    assert_eq!(
        summary,
        "Run for 8 groups by species and sex, of 5 to 73 rows."
    );
    let notice = output.report.notices[0].text.text(Lang::En);
    assert!(
        notice.starts_with("11 rows have no value in species and sex"),
        "{notice}"
    );
    let ordered = penguins().column("species").unwrap().clone();
    let Data::Category { codes, levels } = ordered.data else {
        panic!("species is a category")
    };
    // Levels in an order of their own are kept in it.
    let turned: Vec<String> = levels.iter().rev().cloned().collect();
    let last = levels.len() as i32 - 1;
    let codes = codes.iter().map(|c| last - c).collect();
    let table = penguins();
    let table = table
        .with_column(Column::category("species", codes, turned))
        .unwrap();
    let output = run_by("explore.describe", &["species"], &json!({}), &table).unwrap();
    let titles = groups(&output.report)
        .into_iter()
        .map(|g| g.by[0].1.clone());
    let titles: Vec<String> = titles.flatten().collect();
    assert_eq!(titles, ["Gentoo", "Chinstrap", "Adelie"]);
}

/// Two rows called “few”, among the others.
fn with_a_tiny_group() -> Table {
    let table = penguins();
    let codes = (0..table.n_rows()).map(|i| i32::from(i != 20 && i != 300));
    let levels = vec!["few".to_string(), "many".to_string()];
    let part = Column::category("part", codes.collect(), levels);
    table.with_column(part).unwrap()
}

#[test]
fn a_group_without_an_answer_is_named_and_the_others_stand() {
    let table = with_a_tiny_group();
    let options =
        json!({"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "bill_depth_mm"]});
    let output = run_by("regression.linear", &["part"], &options, &table).unwrap();
    let said = groups(&output.report);
    let few = table.filter(&rows_of(&table, &said[0].by));
    let error = run("regression.linear", &options, &few).unwrap_err();
    assert_eq!(said[0].error, Some(error.message()));
    assert_eq!((said[0].n_rows, said[1].n_rows), (2, 342));
    assert!(said[1].error.is_none() && !said[1].report.tables().is_empty());
    let lines: Vec<String> = output
        .report
        .summary
        .iter()
        .map(|m| m.text(Lang::En))
        .collect();
    assert_eq!(lines[1], "1 of 2 groups has no answer; the table says why.");
    let overview = output.report.tables()[0];
    assert_eq!(overview.key, "groups");
    assert_eq!(overview.rows[0].last().unwrap(), &error.message().into());
    for lang in [Lang::En, Lang::Ko] {
        let sentence = error.message().text(lang);
        assert!(report::text(&output.report, lang).contains(&sentence));
        assert!(
            report::html(&output.report, lang, &|_, _| report::Drawn::default())
                .contains("part: few")
        );
    }

    // The rows stand where they stood; those of the group without an answer have no prediction.
    let (_, made) = &output.tables[0];
    assert_eq!(shown(made)[..9], shown(&table));
    let many = rows_of(&table, &said[1].by);
    let alone = run("regression.linear", &options, &table.filter(&many)).unwrap();
    assert_eq!(shown(&made.filter(&many)), shown(&alone.tables[0].1));
    for column in &made.columns()[9..] {
        assert!(
            !column.is_valid(20) && !column.is_valid(300),
            "{}",
            column.name
        );
    }
}

#[test]
fn labels_of_clusters_stand_beside_their_rows() {
    let options = json!({"columns": ["bill_length_mm", "flipper_length_mm"], "k": 2});
    let output = check_each("segment.k_means", &["species"], &options);
    let (name, made) = &output.tables[0];
    assert_eq!((*name, made.n_rows()), ("clusters", 344));
    assert_eq!(shown(made)[..8], shown(&penguins()));
    let seed = output.report.notices.last().unwrap().text.text(Lang::En);
    assert!(
        seed.starts_with("Each group starts from the same seed"),
        "{seed}"
    );
}

#[test]
fn other_tables_are_put_below_one_another() {
    let options = json!({"time": "body_mass_g", "status": "sex", "event": "male"});
    let output = run_by("regression.survival", &["species"], &options, &penguins()).unwrap();
    let (_, made) = &output.tables[0];
    let first = &made.columns()[0];
    assert_eq!(first.name, "species");
    let mut from = 0;
    for group in groups(&output.report) {
        let alone = penguins().filter(&rows_of(&penguins(), &group.by));
        let alone = run("regression.survival", &options, &alone).unwrap();
        let (_, curve) = &alone.tables[0];
        let part = made.slice(from..from + curve.n_rows());
        from += curve.n_rows();
        assert_eq!(shown(&part)[1..], shown(curve));
        let names: BTreeSet<String> = shown(&part)[0].1.iter().cloned().collect();
        assert_eq!(
            names.into_iter().collect::<Vec<_>>(),
            [group.by[0].1.clone().unwrap()]
        );
    }
    assert_eq!(from, made.n_rows());
}

#[test]
fn columns_that_do_not_group_are_refused_in_a_sentence() {
    let check = |id: &str, columns: &[&str], expected: &str| {
        let error = run_by(id, columns, &json!({}), &penguins()).unwrap_err();
        let RunError::Options(errors) = error else {
            panic!("{error:?}")
        };
        let texts: Vec<String> = errors.iter().map(|e| e.message.text(Lang::En)).collect();
        assert!(errors.iter().all(|e| e.option == by::PATH), "{errors:?}");
        assert_eq!(texts, [expected]);
    };
    let describe = "explore.describe";
    check(describe, &["planet"], "The table has no column “planet”.");
    check(describe, &["sex", "sex"], "“sex” is chosen twice.");
    check(
        describe,
        &["sex", "year", "island"],
        "Choose at most 2 columns.",
    );
    check(
        "transform.sort",
        &["sex"],
        "“Sort rows” is not run by group.",
    );
    // R: length(unique(penguins$body_mass_g)), a missing value among them.
    check(
        describe,
        &["body_mass_g"],
        "body_mass_g would make 95 groups, and at most 50 are run. Choose columns with fewer values, or put values together first.",
    );
    let none = run_by(describe, &["sex"], &json!({}), &penguins().slice(0..0)).unwrap_err();
    assert!(
        none.message().text(Lang::En).contains("no rows"),
        "{none:?}"
    );
    let no_table = analyses::run_by(
        describe,
        &["sex".to_string()],
        &Values::new(),
        &Input::default(),
        &mut Ctx::new(1, &mut silent),
    );
    let missing = RunError::NoTable {
        input: "table".into(),
    };
    assert_eq!(no_table.err(), Some(missing));
}

#[test]
fn a_run_without_any_answer_is_an_error() {
    let options = json!({"outcome": "body_mass_g", "predictors": ["flipper_length_mm"]});
    let two = penguins().select_rows(&[0, 200]);
    let error = run_by("regression.linear", &["species"], &options, &two).unwrap_err();
    let text = error.message().text(Lang::En);
    assert!(
        text.starts_with("None of the 2 groups has an answer. species: Adelie: "),
        "{text}"
    );
    // What is wrong with an option stands at the option.
    let error = run_by("regression.linear", &["species"], &json!({}), &penguins()).unwrap_err();
    let RunError::Options(errors) = error else {
        panic!("{error:?}")
    };
    assert_eq!(errors[0].option, "outcome");
}

#[test]
fn progress_adds_up_over_the_groups_and_cancel_works_within_them() {
    let options = json!({"columns": ["bill_length_mm", "flipper_length_mm"], "k": 2});
    let columns = ["species".to_string()];
    let run = |progress: &mut dyn FnMut(f32, &Msg) -> bool| {
        let mut ctx = Ctx::new(1, progress);
        let table = input(&penguins());
        analyses::run_by(
            "segment.k_means",
            &columns,
            &values(&options),
            &table,
            &mut ctx,
        )
    };
    let (mut last, mut n_ticks, mut starts) = (0.0, 0, Vec::new());
    run(&mut |done, step| {
        assert!((last..=1.0).contains(&done), "from {last} to {done}");
        (last, n_ticks) = (done, n_ticks + 1);
        let text = step.text(Lang::En);
        if text.starts_with("Group ") {
            starts.push((text, done));
        }
        true
    })
    .unwrap();
    assert!(last > 0.9);
    let share = |n: usize| n as f32 / 344.0;
    let expected = [
        ("Group 1 of 3: species: Adelie", 0.0),
        ("Group 2 of 3: species: Chinstrap", share(152)),
        ("Group 3 of 3: species: Gentoo", share(220)),
    ];
    assert_eq!(
        starts,
        expected.map(|(text, done)| (text.to_string(), done))
    );
    for stop in 1..=n_ticks {
        let mut n = 0;
        let done = run(&mut |_, _| {
            n += 1;
            n != stop
        });
        assert_eq!((done.err(), n), (Some(RunError::Cancelled), stop));
    }
}

#[test]
fn machines_get_an_entry_for_each_group() {
    let table = with_a_tiny_group();
    let options =
        json!({"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "bill_depth_mm"]});
    let output = run_by("regression.linear", &["part"], &options, &table).unwrap();
    let json = report::json(&output.report, Lang::En);
    assert_eq!(json["groups"].as_array().unwrap().len(), 2);
    let tables: Vec<&String> = json["tables"].as_object().unwrap().keys().collect();
    assert_eq!(tables, ["groups"]);
    assert_eq!(json["charts"], json!([]));
    let entry = |i: usize| json["groups"][i].as_object().unwrap();
    let keys: Vec<&String> = entry(0).keys().collect();
    assert_eq!(keys, entry(1).keys().collect::<Vec<_>>());
    assert_eq!(entry(0)["by"], json!({"part": "few"}));
    assert_eq!(entry(0)["rows"], 2);
    assert!(entry(0)["error"].is_string() && entry(1)["error"].is_null());
    let many = rows_of(&table, &[("part".into(), Some("many".into()))]);
    let alone = run("regression.linear", &options, &table.filter(&many)).unwrap();
    let alone = report::json(&alone.report, Lang::En);
    for (key, said) in alone.as_object().unwrap() {
        assert_eq!(entry(1)[key], *said, "{key}");
    }
}

#[test]
fn the_engine_takes_the_columns_with_its_request() {
    let runner = Runner {
        knows: |id| analyses::find(id).is_some(),
        run: analyses::run_by,
        code: analyses::code,
    };
    let mut core = Core::new(runner, || 0.0);
    core.insert("t", penguins());
    let mut ask = |by: Value| {
        let request = json!({"type": "run", "analysis": "segment.k_means", "inputs": {"table": "t"},
            "values": {"columns": ["bill_length_mm", "flipper_length_mm"], "k": 2},
            "outputs": {"clusters": "labelled"}, "by": by, "json": "en"});
        let request: Request = serde_json::from_value(request).unwrap();
        let answer = core.answer(&request, Attached::default(), &mut |_| true);
        match answer.map(|a| a.response) {
            Ok(Response::Ran(ran)) => (ran.json.unwrap(), ran.tables["clusters"].n_rows),
            other => panic!("{other:?}"),
        }
    };
    let (json, n_rows) = ask(json!(["species"]));
    assert_eq!(
        (json["groups"].as_array().map(Vec::len), n_rows),
        (Some(3), 344)
    );
    let (json, _) = ask(json!([]));
    assert!(json.get("groups").is_none());
}
