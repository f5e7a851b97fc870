//! What runs in a process of its own: a reader over the kept inputs and over changes of them.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::dice::Dice;
use super::mutate::mutate;
use super::readers::{Input, Reader};
use super::{MOST_BYTES, memory};

/// How far a task goes.
#[derive(Clone, Debug)]
pub enum Span {
    /// The kept inputs, then this many changed ones.
    Runs(u64),
    /// The kept inputs, then changed ones for so many seconds.
    Seconds(u64),
    /// One input.
    Once(Vec<u8>),
}

/// What a process is started for.
pub struct Task {
    pub reader: Reader,
    pub seed: u64,
    pub span: Span,
    /// The name of the input of [`Span::Once`].
    pub name: String,
    /// Kept inputs to begin behind: those before have been read.
    pub skip: usize,
    /// Where it writes what it is at, and what it found.
    pub folder: PathBuf,
}

/// What a process that came to its end has to say.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub n_runs: u64,
    pub n_novel: u64,
    pub slowest_ms: u64,
}

/// Inputs that gave an answer of their own kind, kept to be changed further.
const MOST_NOVEL: usize = 4_000;

static PANIC: Mutex<String> = Mutex::new(String::new());

impl Task {
    pub fn to_json(&self) -> String {
        let (span, n) = match &self.span {
            Span::Runs(n) => ("runs", *n),
            Span::Seconds(n) => ("seconds", *n),
            Span::Once(_) => ("once", 0),
        };
        let folder = self.folder.to_string_lossy();
        json!({ "reader": self.reader.name, "seed": self.seed, "span": span, "n": n, "name": self.name,
            "skip": self.skip, "folder": folder })
        .to_string()
    }

    pub fn from_json(text: &str) -> Self {
        let json: serde_json::Value = serde_json::from_str(text).expect("a task");
        let text = |key: &str| json[key].as_str().expect("a text").to_owned();
        let number = |key: &str| json[key].as_u64().expect("a number");
        let folder = PathBuf::from(text("folder"));
        let span = match json["span"].as_str() {
            Some("runs") => Span::Runs(number("n")),
            Some("seconds") => Span::Seconds(number("n")),
            _ => Span::Once(std::fs::read(folder.join("input")).expect("an input")),
        };
        Self {
            reader: Reader::named(&text("reader")).expect("a reader"),
            seed: number("seed"),
            span,
            name: text("name"),
            skip: number("skip") as usize,
            folder,
        }
    }
}

impl Told {
    pub fn from_json(text: &str) -> Option<Self> {
        let json: serde_json::Value = serde_json::from_str(text).ok()?;
        Some(Self {
            n_runs: json["n_runs"].as_u64()?,
            n_novel: json["n_novel"].as_u64()?,
            slowest_ms: json["slowest_ms"].as_u64()?,
        })
    }
}

pub fn run(task: &Task) {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |l| l.to_string());
        let text = info.payload_as_str().unwrap_or("a panic");
        let text: String = text.chars().take(200).collect();
        *PANIC.lock().expect("not poisoned") = format!("panic at {place}: {text}");
    }));
    watch_the_clock(task.reader.patience);
    let mut told = Told::default();
    let mut work = Work {
        task,
        told: &mut told,
        seen: HashSet::new(),
        faults: HashSet::new(),
    };
    work.all();
    let text =
        json!({ "n_runs": told.n_runs, "n_novel": told.n_novel, "slowest_ms": told.slowest_ms });
    std::fs::write(task.folder.join("told"), text.to_string()).expect("a place to write");
}

struct Work<'a> {
    task: &'a Task,
    told: &'a mut Told,
    seen: HashSet<u64>,
    faults: HashSet<String>,
}

impl Work<'_> {
    fn all(&mut self) {
        let task = self.task;
        let end = match &task.span {
            Span::Once(bytes) => {
                let input = Input {
                    name: task.name.clone(),
                    bytes: bytes.clone(),
                };
                self.one(&input);
                return;
            }
            Span::Runs(_) => None,
            Span::Seconds(n) => Some(Instant::now() + Duration::from_secs(*n)),
        };
        let mut pool = task.reader.inputs();
        for input in pool.iter().skip(task.skip) {
            self.one(input);
        }
        assert!(!pool.is_empty(), "{} has no inputs", task.reader.name);
        let n_kept = pool.len();
        let words = task.reader.words();
        let mut dice = Dice::new(task.seed);
        let first = self.told.n_runs;
        loop {
            let is_over = match (&task.span, end) {
                (Span::Runs(n), _) => self.told.n_runs - first >= *n,
                (_, Some(end)) => Instant::now() >= end,
                _ => true,
            };
            if is_over {
                return;
            }
            // Half of the time a kept one, so that what is novel does not drown them.
            let from = match dice.one_in(2) {
                true => dice.below(n_kept),
                false => dice.below(pool.len()),
            };
            let other = dice.below(pool.len());
            let bytes = mutate(&pool[from].bytes, &pool[other].bytes, &words, &mut dice);
            let input = Input {
                name: pool[from].name.clone(),
                bytes,
            };
            if self.one(&input) && pool.len() < n_kept + MOST_NOVEL {
                pool.push(input);
            }
        }
    }

    /// Reads one input and tells whether its answer was like no other.
    fn one(&mut self, input: &Input) -> bool {
        self.told.n_runs += 1;
        let folder = &self.task.folder;
        write_input(&folder.join("current"), "", input);
        let start = Instant::now();
        STARTED.store(now_ms(), Ordering::Relaxed);
        memory::bound(MOST_BYTES);
        let read = catch_unwind(AssertUnwindSafe(|| self.task.reader.read(input)));
        memory::bound(0);
        STARTED.store(0, Ordering::Relaxed);
        let ms = start.elapsed().as_millis() as u64;
        self.told.slowest_ms = self.told.slowest_ms.max(ms);
        let Ok(behaviour) = read else {
            let fault = std::mem::take(&mut *PANIC.lock().expect("not poisoned"));
            if self.faults.insert(signature(&fault)) {
                let path = folder.join(format!("found-{}", self.faults.len()));
                write_input(&path, &fault, input);
            }
            return false;
        };
        let is_novel = self.seen.insert(behaviour);
        self.told.n_novel += u64::from(is_novel);
        is_novel
    }
}

/// What is the same for all inputs that run into the same fault: its place.
pub fn signature(fault: &str) -> String {
    let place = fault.split(": ").next().unwrap_or_default();
    match fault.split_once(" bytes at once, in ") {
        Some((_, place)) => place.to_owned(),
        None => place.to_owned(),
    }
}

/// An input behind a line that names it and its fault.
fn write_input(path: &std::path::Path, fault: &str, input: &Input) {
    let mut bytes = json!({ "name": input.name, "fault": fault })
        .to_string()
        .into_bytes();
    bytes.push(b'\n');
    bytes.extend_from_slice(&input.bytes);
    std::fs::write(path, bytes).expect("a place to write");
}

/// The input and the fault that [`write_input`] wrote.
pub fn read_input(path: &std::path::Path) -> Option<(Input, String)> {
    let bytes = std::fs::read(path).ok()?;
    let end = bytes.iter().position(|&b| b == b'\n')?;
    let head: serde_json::Value = serde_json::from_slice(&bytes[..end]).ok()?;
    let input = Input {
        name: head["name"].as_str()?.to_owned(),
        bytes: bytes[end + 1..].to_vec(),
    };
    Some((input, head["fault"].as_str()?.to_owned()))
}

/// When the reader began with its input, in milliseconds since the process started; 0 between inputs.
static STARTED: AtomicU64 = AtomicU64::new(0);

fn now_ms() -> u64 {
    static ZERO: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    1 + ZERO.get_or_init(Instant::now).elapsed().as_millis() as u64
}

/// Ends the process when a reader takes too long.
fn watch_the_clock(patience: Duration) {
    now_ms();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(250));
            let started = STARTED.load(Ordering::Relaxed);
            if started > 0 && now_ms() > started + patience.as_millis() as u64 {
                eprintln!("fuzz: no answer within {} s", patience.as_secs());
                std::process::abort();
            }
        }
    });
}
