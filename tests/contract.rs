//! What every analysis of the registry keeps to, whatever it computes.

use crate::support::awkward;
use crate::support::examples;
use crate::support::schema;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use awkward::AWKWARD;
use jari::analyses;
use jari::chart::{Theme, svgs};
use jari::notebook::{Body, Call, Cell, File};
use jari::report::{self, Block, Lang, Msg, Report, korean, placeholders};
use jari::spec::{
    Ctx, Example, Group, Input, Kind, OptionSpec, Output, RunError, Spec, Values, json_schema,
    silent,
};
use jari::table::{Column, Table, storage};
use serde_json::{Value, json};

fn each_spec(mut check: impl FnMut(&'static Spec)) {
    analyses::add_korean();
    jari::engine::add_korean();
    assert!(!analyses::specs().is_empty());
    analyses::specs().iter().for_each(|spec| check(spec));
}

fn each_example(mut check: impl FnMut(&'static Spec, &'static Example)) {
    each_spec(|spec| {
        spec.examples
            .iter()
            .for_each(|example| check(spec, example))
    });
}

fn as_it_is(table: Table) -> Table {
    table
}

#[track_caller]
fn answer(spec: &Spec, example: &Example) -> Output {
    examples::run(
        spec,
        &examples::values(example),
        &examples::input(example, as_it_is),
        &mut silent,
    )
    .unwrap_or_else(|e| {
        panic!(
            "{} {}: {}",
            spec.id,
            example.name,
            e.message().text(Lang::En)
        )
    })
}

#[test]
fn every_example_gives_a_report_and_the_tables_that_are_declared() {
    each_example(|spec, example| {
        let output = answer(spec, example);
        assert!(!output.report.blocks.is_empty(), "{} says nothing", spec.id);
        check_report(&output.report);
        let mut names = BTreeSet::new();
        for (name, table) in &output.tables {
            let declared = spec.outputs.iter().any(|o| o.name == *name);
            assert!(declared && names.insert(*name), "{} made {name}", spec.id);
            check_columns(table);
        }
    });
}

#[test]
fn an_analysis_that_draws_random_numbers_says_so() {
    each_example(|spec, example| {
        let mut progress = silent;
        let mut ctx = Ctx::new(1, &mut progress);
        let input = examples::input(example, as_it_is);
        analyses::run(spec.id, &examples::values(example), &input, &mut ctx).unwrap();
        let is_said = analyses::uses_seed(spec.id);
        assert!(
            is_said || !ctx.used_seed(),
            "{}: USES_SEED is false",
            spec.id
        );
    });
}

/// A table that was made is read again by the same analysis: new columns find free names.
#[test]
fn new_columns_stand_beside_those_of_an_earlier_run() {
    each_example(|spec, example| {
        let values = examples::values(example);
        let output = answer(spec, example);
        for (_, made) in &output.tables {
            let inputs = example
                .tables
                .iter()
                .map(|(name, _)| (name.to_string(), made.clone()));
            let again = examples::run(spec, &values, &Input::new(inputs), &mut silent);
            for (_, table) in again.map(|o| o.tables).unwrap_or_default() {
                check_columns(&table);
                for column in made.columns() {
                    let kept = table.column(&column.name);
                    assert!(kept.is_some(), "{} lost {}", spec.id, column.name);
                }
            }
        }
    });
}

#[test]
fn no_table_makes_an_analysis_panic_or_leaves_it_without_a_sentence() {
    let mut wrong = Vec::new();
    each_example(|spec, example| {
        let values = examples::values(example);
        for (name, change) in AWKWARD {
            let input = examples::input(example, change);
            let done = catch_unwind(AssertUnwindSafe(|| {
                match examples::run(spec, &values, &input, &mut silent) {
                    Ok(output) => {
                        check_report(&output.report);
                        output
                            .tables
                            .iter()
                            .for_each(|(_, table)| check_columns(table));
                    }
                    Err(error) => check_error(spec, &error),
                }
            }));
            if let Err(panic) = done {
                let said = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or(panic.downcast_ref::<&str>().copied());
                wrong.push(format!(
                    "{} {} {name}: {}",
                    spec.id,
                    example.name,
                    said.unwrap_or("?")
                ));
            }
        }
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Groups of one, two and three rows, some without any value to group by.
#[test]
fn tiny_groups_make_no_analysis_panic_and_each_has_an_answer_or_a_sentence() {
    let columns = ["tiny group".to_string()];
    let split = |table: Table| {
        let sizes = [1, 2, 3, 1, 2, 9];
        let levels: Vec<String> = (0..sizes.len()).map(|i| format!("g{i}")).collect();
        let ends = sizes.iter().scan(0, |end, n| {
            *end += n;
            Some(*end)
        });
        let ends: Vec<usize> = ends.collect();
        let group = |row| {
            ends.iter()
                .position(|&end| row < end)
                .map_or(-1, |g| g as i32)
        };
        let codes = (0..table.n_rows()).map(group).collect();
        table
            .with_column(Column::category("tiny group", codes, levels))
            .unwrap()
    };
    let mut n_offering = 0;
    each_example(|spec, example| {
        let run = || {
            let input = examples::input(example, split);
            let values = examples::values(example);
            let mut progress = silent;
            let mut ctx = Ctx::new(1, &mut progress);
            analyses::run_by(spec.id, &columns, &values, &input, &mut ctx)
        };
        if !spec.runs_by_group() || example.tables.is_empty() {
            let error = run().expect_err("it is not run by group");
            check_sentence(&error.message());
            return;
        }
        n_offering += 1;
        match catch_unwind(AssertUnwindSafe(run)) {
            Err(_) => panic!("{} {} panics in a tiny group", spec.id, example.name),
            Ok(Err(error)) => check_error(spec, &error),
            Ok(Ok(output)) => {
                check_report(&output.report);
                let said = output.report.blocks.iter().filter_map(|block| match block {
                    Block::ByGroup(group) => Some(group),
                    _ => None,
                });
                for group in said {
                    group.report.summary.iter().for_each(check_sentence);
                    group.error.iter().for_each(check_sentence);
                    assert_eq!(group.error.is_some(), group.report.blocks.is_empty());
                }
                for (_, table) in &output.tables {
                    check_columns(table);
                }
            }
        }
    });
    assert!(n_offering > 20, "{n_offering} examples are run by group");
}

#[test]
fn a_run_without_its_tables_says_so() {
    each_spec(|spec| {
        let example = &spec.examples[0];
        let run = examples::run(
            spec,
            &examples::values(example),
            &Input::default(),
            &mut silent,
        );
        match run {
            Err(error) => check_error(spec, &error),
            Ok(_) => assert!(example.tables.is_empty(), "{} ran on nothing", spec.id),
        }
    });
}

#[test]
fn a_run_ends_at_the_tick_that_cancels_it() {
    each_example(|spec, example| {
        let values = examples::values(example);
        let input = examples::input(example, as_it_is);
        let mut n_ticks = 0;
        let mut last = 0.0;
        examples::run(spec, &values, &input, &mut |done, step| {
            n_ticks += 1;
            assert!((0.0..=1.0).contains(&done), "{}: {done}", spec.id);
            assert!(done >= last, "{} goes back from {last} to {done}", spec.id);
            last = done;
            check_phrase(step);
            true
        })
        .expect("the example runs");
        assert!(n_ticks > 0, "{} never ticks", spec.id);
        for stop in BTreeSet::from([1, 2, n_ticks / 2, n_ticks - 1, n_ticks]) {
            if stop == 0 || stop > n_ticks {
                continue;
            }
            let mut n = 0;
            let run = examples::run(spec, &values, &input, &mut |_, _| {
                n += 1;
                n != stop
            });
            assert_eq!(
                run.err(),
                Some(RunError::Cancelled),
                "{} at tick {stop}",
                spec.id
            );
            assert_eq!(n, stop, "{} went on after tick {stop}", spec.id);
        }
    });
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    each_example(|spec, example| {
        let (one, other) = (answer(spec, example), answer(spec, example));
        for lang in [Lang::En, Lang::Ko] {
            let json = |output: &Output| report::json(&output.report, lang).to_string();
            assert_eq!(json(&one), json(&other), "{}", spec.id);
        }
        assert_eq!(one.tables.len(), other.tables.len());
        for ((name, table), (_, again)) in one.tables.iter().zip(&other.tables) {
            let same = storage::to_bytes(table) == storage::to_bytes(again);
            assert!(same, "{} made another {name}", spec.id);
        }
    });
}

#[test]
fn a_report_comes_back_from_json() {
    each_example(|spec, example| {
        let report = answer(spec, example).report;
        let text = serde_json::to_string(&report).unwrap();
        let back: Report = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), text, "{}", spec.id);
    });
}

#[test]
fn values_come_back_from_json_and_from_a_notebook() {
    each_example(|spec, example| {
        let values = examples::values(example);
        let text = serde_json::to_string(&values).unwrap();
        assert_eq!(serde_json::from_str::<Values>(&text).unwrap(), values);
        let call = Call {
            analysis: spec.id.to_string(),
            version: spec.version,
            values: values.clone(),
            by: vec!["species".into()],
            inputs: Default::default(),
            outputs: Default::default(),
            seed: 1,
        };
        let cell = Cell {
            id: "c1".into(),
            body: Body::Analysis(call),
        };
        let mut file = File::default();
        file.notebook.cells.push(cell);
        let read = File::from_json(&file.to_json(), |id, version, values| {
            (spec.version, analyses::migrate(id, values, version))
        });
        let read = read.unwrap();
        let found = read.notebook.cells[0].call().unwrap();
        assert_eq!(found.values, values, "{}", spec.id);
        assert_eq!(found.by, ["species"], "{}", spec.id);
    });
}

#[test]
fn the_schema_takes_what_the_options_take() {
    each_example(|spec, example| {
        let schema = json_schema(spec.options);
        let mut values = examples::values(example);
        let faults = |values: &Values| schema::faults(&schema, &Value::Object(values.clone()));
        assert_eq!(faults(&values), [""; 0], "{} {}", spec.id, example.name);
        assert_eq!((spec.read)(&values), [], "{} {}", spec.id, example.name);

        values.insert("no_such_option".into(), json!(1));
        assert!(!faults(&values).is_empty());
        let errors = (spec.read)(&values);
        assert!(
            errors.iter().any(|e| e.option == "no_such_option"
                && e.message.text(Lang::En).contains("no_such_option")),
            "{} takes any option",
            spec.id
        );
        values.remove("no_such_option");

        for option in spec.options {
            let mut wrong = values.clone();
            wrong.insert(option.name.into(), json!({"neither": "list nor value"}));
            assert!(!faults(&wrong).is_empty(), "{} {}", spec.id, option.name);
            let errors = (spec.read)(&wrong);
            assert!(
                errors
                    .iter()
                    .any(|e| e.option.split('.').next() == Some(option.name)),
                "{} takes an object as {}",
                spec.id,
                option.name
            );
            for error in errors {
                check_sentence(&error.message);
            }
        }
    });
}

#[test]
fn defaults_are_values_that_the_options_take() {
    each_spec(|spec| {
        let schema = json_schema(spec.options);
        for (name, property) in schema["properties"].as_object().unwrap() {
            if let Some(default) = property.get("default") {
                assert_eq!(
                    schema::faults(property, default),
                    [""; 0],
                    "{} {name}",
                    spec.id
                );
            }
        }
    });
}

#[test]
fn ids_are_unique_and_stand_in_their_order() {
    let ids: Vec<&str> = analyses::specs().iter().map(|s| s.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted);
    each_spec(|spec| {
        let (group, name) = spec.id.split_once('.').expect("group.name");
        assert_eq!(group, format!("{:?}", spec.group).to_lowercase());
        assert!(Group::ALL.contains(&spec.group));
        assert!(is_key(name), "{}", spec.id);
        assert_eq!(analyses::find(spec.id).map(|s| s.id), Some(spec.id));
        assert!(spec.version >= 1);
    });
}

#[test]
fn declarations_read_well() {
    each_spec(|spec| {
        let id = spec.id;
        check_title(spec.title, id);
        check_title(spec.headline, id);
        for text in [spec.about, spec.method].iter().chain(spec.references) {
            assert!(
                text.ends_with(['.', '?']) && text.trim() == *text,
                "{id}: {text}"
            );
        }
        assert!(!spec.examples.is_empty(), "{id} has no example");
        let is_korean = |k: &&str| k.contains(|c: char| ('가'..='힣').contains(&c));
        assert!(
            spec.keywords.iter().any(is_korean),
            "{id} has no Korean keyword"
        );
        assert!(
            !spec.keywords.iter().all(is_korean),
            "{id} has no English keyword"
        );
        unique(spec.keywords.iter().copied(), id);
        unique(spec.examples.iter().map(|e| e.name), id);
        unique(spec.inputs.iter().map(|i| i.name), id);
        unique(spec.outputs.iter().map(|o| o.name), id);
        let titles = spec.inputs.iter().map(|i| i.title);
        titles
            .chain(spec.outputs.iter().map(|o| o.title))
            .for_each(|t| check_title(t, id));
        for example in spec.examples {
            assert!(is_key(example.name), "{id} {}", example.name);
            for (input, _) in example.tables {
                assert!(spec.inputs.iter().any(|i| i.name == *input), "{id} {input}");
            }
            for needed in spec.inputs.iter().filter(|i| !i.optional) {
                let given = example.tables.iter().any(|(name, _)| *name == needed.name);
                assert!(given, "{id} {} has no {}", example.name, needed.name);
            }
        }
        for name in placeholders(spec.headline) {
            assert!(
                spec.option(&name).is_some(),
                "{id}: {{{name}}} is no option"
            );
        }
        check_options(spec, spec.options);
    });
}

#[test]
fn declarations_have_their_korean() {
    each_spec(|spec| {
        for message in spec.messages() {
            let ko = korean(&message.id).unwrap_or_else(|| panic!("{} has no Korean", message.id));
            assert_eq!(
                placeholders(ko),
                placeholders(&message.en),
                "{}",
                message.id
            );
            assert!(!ko.trim().is_empty(), "{}", message.id);
        }
    });
}

fn check_options(spec: &Spec, options: &'static [OptionSpec]) {
    unique(options.iter().map(|o| o.name), spec.id);
    for option in options {
        let name = format!("{} {}", spec.id, option.name);
        assert!(is_key(option.name), "{name}");
        check_title(option.title, &name);
        let help = option.help.trim();
        assert!(
            help.ends_with('.') && !help.contains("  "),
            "{name}: {help}"
        );
        if let Some(condition) = option.enabled_when {
            let other = options.iter().find(|o| o.name == condition.option);
            let other = other.unwrap_or_else(|| panic!("{name} depends on no option"));
            match other.kind {
                Kind::Choice { choices, .. } => {
                    assert!(!condition.is.is_empty(), "{name}");
                    for key in condition.is {
                        let known = choices.iter().any(|c| c.key == *key);
                        assert!(known, "{name} waits for {key}");
                    }
                }
                Kind::Flag { .. } => {
                    assert!(
                        condition.is.iter().all(|k| ["true", "false"].contains(k)),
                        "{name}"
                    );
                }
                Kind::Column { optional: true, .. } => assert!(condition.is.is_empty(), "{name}"),
                _ => panic!("{name} depends on neither choice, flag nor column"),
            }
        }
        let of_kind = |wanted: &str, fits: fn(&Kind) -> bool| {
            let found = options.iter().find(|o| o.name == wanted);
            assert!(
                found.is_some_and(|o| fits(&o.kind)),
                "{name} is of {wanted}"
            );
        };
        match option.kind {
            Kind::Choice { choices, default } => {
                unique(choices.iter().map(|c| c.key), &name);
                choices.iter().for_each(|c| {
                    assert!(is_key(c.key) && !c.title.is_empty(), "{name} {}", c.key);
                });
                assert!(
                    choices.iter().any(|c| c.key == default),
                    "{name}: {default}"
                );
            }
            Kind::Column { input, .. } | Kind::Columns { input, .. } => {
                assert!(
                    spec.inputs.iter().any(|i| i.name == input),
                    "{name}: {input}"
                );
            }
            Kind::Level { of } => of_kind(of, |k| matches!(k, Kind::Column { .. })),
            Kind::Terms { of } => {
                of.iter()
                    .for_each(|o| of_kind(o, |k| matches!(k, Kind::Columns { .. })));
            }
            Kind::Rows { fields, min, max } => {
                assert!(min <= max && !fields.is_empty(), "{name}");
                check_options(spec, fields);
            }
            Kind::Integer { min, max, .. } => assert!(min < max, "{name}"),
            Kind::Number { min, max, .. } => assert!(min < max, "{name}"),
            Kind::Formula { input, names, .. } => {
                assert!(
                    spec.inputs.iter().any(|i| i.name == input),
                    "{name}: {input}"
                );
                names
                    .iter()
                    .for_each(|o| of_kind(o, |k| matches!(k, Kind::Text { .. })));
            }
            Kind::Flag { .. } | Kind::Text { .. } => {}
        }
    }
}

/// A report can be written in every way, and its sentences have all their values.
#[track_caller]
fn check_report(report: &Report) {
    for sentence in &report.summary {
        check_sentence(sentence);
    }
    for notice in &report.notices {
        check_sentence(&notice.text);
    }
    check_messages(&serde_json::to_value(report).unwrap());
    unique(
        report.tables().iter().map(|t| t.key.as_str()),
        "keys of tables",
    );
    unique(
        report.charts().iter().map(|c| c.key.as_str()),
        "keys of charts",
    );
    for table in report.tables() {
        unique(table.columns.iter().map(|h| h.key.as_str()), &table.key);
        assert!(!table.rows.is_empty(), "{} is empty", table.key);
    }
    for lang in [Lang::En, Lang::Ko] {
        report::text(report, lang);
        let html = report::html(report, lang, &|charts, n_columns| {
            svgs(charts, n_columns, 640.0, &Theme::light(), lang)
        });
        assert!(!html.contains("NaN"), "a number that is none was written");
    }
}

/// Every sentence below `value` has just the values that its pattern names, and has Korean.
#[track_caller]
fn check_messages(value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(check_messages),
        Value::Object(fields) => {
            if let Ok(message) = serde_json::from_value::<Msg>(value.clone()) {
                let mut given: Vec<String> = message
                    .args
                    .iter()
                    .map(|(name, _)| name.to_string())
                    .collect();
                given.sort();
                assert_eq!(given, placeholders(&message.en), "{}", message.en);
                if !message.id.is_empty() {
                    assert!(
                        korean(&message.id).is_some(),
                        "{} has no Korean",
                        message.id
                    );
                }
            }
            fields.values().for_each(check_messages);
        }
        _ => {}
    }
}

#[track_caller]
fn check_error(spec: &Spec, error: &RunError) {
    check_sentence(&error.message());
    if let RunError::Options(errors) = error {
        assert!(!errors.is_empty());
        for error in errors {
            check_sentence(&error.message);
            let name = error.option.split('.').next().unwrap();
            assert!(
                spec.option(name).is_some(),
                "{} has no option {name}",
                spec.id
            );
        }
    }
}

/// A whole sentence in both languages, with all its values.
#[track_caller]
fn check_sentence(message: &Msg) {
    for lang in [Lang::En, Lang::Ko] {
        let text = message.text(lang);
        assert!(
            text.ends_with(['.', '?', ')']) && text.len() > 5,
            "“{text}” is no sentence"
        );
        assert!(!text.contains("NaN") && text.trim() == text, "“{text}”");
    }
    check_phrase(message);
}

#[track_caller]
fn check_phrase(message: &Msg) {
    assert!(!message.text(Lang::En).is_empty());
    check_messages(&serde_json::to_value(message).unwrap());
}

#[track_caller]
fn check_columns(table: &Table) {
    unique(table.columns().iter().map(|c| c.name.as_str()), "columns");
    let long = |c: &Column| c.len() == table.n_rows() && !c.name.trim().is_empty();
    assert!(table.columns().iter().all(|c| long(c)));
}

#[track_caller]
fn check_title(title: &str, place: &str) {
    let first = title
        .chars()
        .next()
        .unwrap_or_else(|| panic!("{place} has no title"));
    assert!(
        first.is_uppercase() || !first.is_alphabetic(),
        "{place}: {title}"
    );
    assert!(
        !title.ends_with('.') && title.trim() == title,
        "{place}: {title}"
    );
}

#[track_caller]
fn unique<'a>(names: impl Iterator<Item = &'a str>, place: &str) {
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(seen.insert(name), "{place}: {name} twice");
    }
}

fn is_key(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
