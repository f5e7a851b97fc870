//! Fuzzing of the readers: whatever bytes come, there is an answer, a table or a sentence, in bounded
//! time and memory.
//!
//! `cargo xtask fuzz [reader] [--seconds N] [--seed S]` changes the kept inputs at random: those of
//! `tests/nasty` and `tests/data/formats`, and those in the folder of the reader's name here. An input
//! without an answer is made smaller and kept in that folder, where the tests below read it from then
//! on. They also try some thousand fresh changes, always the same.
//!
//! The readers run in processes of their own, so that an endless loop, a full stack and an allocation
//! beyond all bounds are caught as panics are. [`door`] is how these processes get in.

mod campaign;
mod dice;
mod memory;
mod mutate;
mod pack;
mod readers;
mod runner;

use std::path::PathBuf;
use std::time::Duration;

use campaign::Campaign;
use readers::Reader;
use runner::{Span, Task};

/// How long a reader may take over one input, which has at most [`mutate::LONGEST`] bytes.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much memory a reader may have at once.
const MOST_BYTES: usize = 512 << 20;

/// What `cargo xtask fuzz` and the tests start in a process of its own; without their word it does nothing.
#[test]
fn door() {
    if let Ok(task) = std::env::var("JARI_FUZZ_TASK") {
        runner::run(&Task::from_json(&task));
    } else if let Ok(readers) = std::env::var("JARI_FUZZ") {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
        let seconds = number("JARI_FUZZ_SECONDS").expect("a number of seconds");
        let seed = number("JARI_FUZZ_SEED").expect("a seed");
        let wanted = match readers.as_str() {
            "all" => Reader::ALL.to_vec(),
            name => vec![Reader::named(name).expect("the name of a reader")],
        };
        let mut n_found = 0;
        for reader in wanted {
            let campaign = Campaign {
                reader,
                seed,
                span: Span::Seconds(seconds),
            };
            n_found += campaign.run_and_keep();
        }
        assert_eq!(n_found, 0, "inputs without an answer are in tests/fuzz");
    }
}

/// The kept inputs, then as many changed ones.
fn check(name: &str, n_fresh: u64) {
    let campaign = Campaign {
        reader: Reader::named(name).expect("a reader"),
        seed: 1,
        span: Span::Runs(n_fresh),
    };
    let found = campaign.run();
    let faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{name}: {faults:#?}");
    assert!(found.n_runs > n_fresh, "{name}: {} runs", found.n_runs);
}

macro_rules! readers_answer {
    ($($name:ident $n_fresh:literal)*) => { $(
        #[test]
        fn $name() {
            check(stringify!($name), $n_fresh);
        }
    )* };
}

readers_answer! {
    arrow 2000
    csv 2000
    formula 2000
    json 0
    notebook 1000
    ods 1000
    parquet 2000
    sav 2000
    xls 1000
    xlsx 1000
}

/// What catches the faults does catch them.
#[test]
fn faults_are_found() {
    let check = |told: &str, expected: &str| {
        let campaign = Campaign {
            reader: Reader::FAULTY,
            seed: 1,
            span: Span::Once(told.as_bytes().to_vec()),
        };
        let found = campaign.run();
        let shown: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
        assert!(
            shown.len() == 1 && shown[0].contains(expected),
            "{told}: {shown:?}"
        );
    };
    check("panic", "told to");
    check("memory", "bytes at once");
    check("stack", "stack");
    check("loop", "no answer");
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz")
}
