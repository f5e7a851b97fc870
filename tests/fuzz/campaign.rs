//! What stands outside: starts the readers' processes, hears how they ended, makes what they failed on
//! smaller and keeps it.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use xxhash_rust::xxh3::xxh3_64;

use super::pack::{self, Packing};
use super::readers::{Input, Reader};
use super::runner::{Span, Task, Told, read_input, signature};

pub struct Campaign {
    pub reader: Reader,
    pub seed: u64,
    pub span: Span,
}

/// What a campaign came to.
#[derive(Default)]
pub struct Found {
    pub n_runs: u64,
    pub n_novel: u64,
    pub slowest_ms: u64,
    pub faults: Vec<Fault>,
}

/// An input without an answer.
pub struct Fault {
    pub input: Input,
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.input.bytes.len();
        let what: String = self.what.chars().take(400).collect();
        write!(f, "{} ({n} bytes): {what}", self.input.name)
    }
}

/// How long, and how often, a smaller input that fails alike is looked for.
const LONGEST_SEARCH: Duration = Duration::from_secs(60);
const MOST_TRIALS: usize = 600;

impl Campaign {
    /// Runs, shows how it went, and keeps each input without an answer. Returns how many there were.
    pub fn run_and_keep(&self) -> usize {
        let start = Instant::now();
        let found = self.run();
        println!(
            "{}: seed {}, {} runs in {:.0} s, {} kinds of answers, the slowest took {} ms, {} faults",
            self.reader.name,
            self.seed,
            found.n_runs,
            start.elapsed().as_secs_f64(),
            found.n_novel,
            found.slowest_ms,
            found.faults.len()
        );
        for fault in &found.faults {
            let smaller = smaller(self.reader, fault);
            println!(
                "  {smaller}\n    {}",
                keep(self.reader, &smaller.input).display()
            );
        }
        found.faults.len()
    }

    /// Runs until the span is over; a process that ended early is followed by another one.
    pub fn run(&self) -> Found {
        let start = Instant::now();
        let mut found = Found::default();
        let mut seed = self.seed;
        let mut skip = 0;
        loop {
            let span = match self.span {
                Span::Seconds(n) => {
                    let rest = n.saturating_sub(start.elapsed().as_secs());
                    if rest == 0 {
                        return found;
                    }
                    Span::Seconds(rest)
                }
                ref other => other.clone(),
            };
            let name = "input".to_owned();
            let process = Process::start(self.reader, seed, span, name, skip);
            let (told, faults) = process.end();
            for fault in faults {
                let is_known = |f: &Fault| signature(&f.what) == signature(&fault.what);
                if !found.faults.iter().any(is_known) {
                    println!("{}: {fault}", self.reader.name);
                    found.faults.push(fault);
                }
            }
            if let Some(told) = told {
                found.n_runs += told.n_runs;
                found.n_novel += told.n_novel;
                found.slowest_ms = found.slowest_ms.max(told.slowest_ms);
                return found;
            }
            // Only a span of seconds goes on behind a fault, with other chances; a test fails.
            if !matches!(self.span, Span::Seconds(_)) {
                return found;
            }
            seed += 1;
            skip = usize::MAX;
        }
    }
}

struct Process {
    folder: PathBuf,
    child: std::process::Child,
}

impl Process {
    fn start(reader: Reader, seed: u64, span: Span, name: String, skip: usize) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let folder = std::env::temp_dir().join(format!(
            "jari-fuzz-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir_all(&folder).expect("a place to write");
        if let Span::Once(bytes) = &span {
            fs::write(folder.join("input"), bytes).expect("a place to write");
        }
        let task = Task {
            reader,
            seed,
            span,
            name,
            skip,
            folder,
        };
        let program = std::env::current_exe().expect("this program");
        let said = File::create(task.folder.join("said")).expect("a place to write");
        let child = Command::new(program)
            .args(["fuzz::door", "--exact", "--nocapture", "--test-threads=1"])
            .env("JARI_FUZZ_TASK", task.to_json())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()
            .expect("this program starts");
        Self {
            folder: task.folder,
            child,
        }
    }

    /// What it told, when it came to its end, and the inputs without an answer.
    fn end(mut self) -> (Option<Told>, Vec<Fault>) {
        let status = self.child.wait().expect("it ends");
        let at = |name: &str| self.folder.join(name);
        let mut faults = Vec::new();
        for n in 1.. {
            match read_input(&at(&format!("found-{n}"))) {
                Some((input, what)) => faults.push(Fault { input, what }),
                None => break,
            }
        }
        let told = fs::read_to_string(at("told")).ok();
        let told = told.and_then(|text| Told::from_json(&text));
        if told.is_none() {
            let said = fs::read(at("said")).unwrap_or_default();
            let said = String::from_utf8_lossy(&said);
            let is_why =
                |line: &&str| line.starts_with("fuzz: ") || line.contains("overflowed its stack");
            let what = said.lines().find(is_why).map(|line| {
                let line = line.trim_start_matches("fuzz: ");
                match line.contains("overflowed") {
                    true => "the stack is full".to_owned(),
                    false => line.to_owned(),
                }
            });
            let what = what.unwrap_or_else(|| format!("ended with {status}: {said}"));
            let nothing = Input {
                name: "nothing".to_owned(),
                bytes: Vec::new(),
            };
            let input = read_input(&at("current")).map_or(nothing, |(input, _)| input);
            faults.push(Fault { input, what });
        }
        let _ = fs::remove_dir_all(&self.folder);
        (told, faults)
    }
}

/// A smaller input that fails alike, where one is found.
fn smaller(reader: Reader, fault: &Fault) -> Fault {
    let mut search = Search {
        reader,
        name: fault.input.name.clone(),
        signature: signature(&fault.what),
        end: Instant::now() + LONGEST_SEARCH,
        n_left: MOST_TRIALS,
    };
    let mut bytes = fault.input.bytes.clone();
    let (packing, mut parts) = pack::unpack(&bytes);
    if packing != Packing::Plain && search.fails(&pack::pack(packing, &parts)) {
        for at in (0..parts.len()).rev() {
            let mut fewer = parts.clone();
            fewer.remove(at);
            if search.fails(&pack::pack(packing, &fewer)) {
                parts = fewer;
            }
        }
        for at in 0..parts.len() {
            let content = parts[at].1.clone();
            let (packed, search) = (&mut parts, &mut search);
            let kept = shorter(content, |content| {
                let before = std::mem::replace(&mut packed[at].1, content.to_vec());
                let fails = search.fails(&pack::pack(packing, packed));
                packed[at].1 = before;
                fails
            });
            parts[at].1 = kept;
        }
        bytes = pack::pack(packing, &parts);
    } else {
        bytes = shorter(bytes, |bytes| search.fails(bytes));
    }
    Fault {
        input: Input {
            name: fault.input.name.clone(),
            bytes,
        },
        what: fault.what.clone(),
    }
}

/// Leaves pieces out, ever smaller ones, as long as it fails.
fn shorter(mut bytes: Vec<u8>, mut fails: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut size = bytes.len() / 2;
    while size > 0 {
        let mut start = 0;
        while start < bytes.len() {
            let end = (start + size).min(bytes.len());
            let rest = [&bytes[..start], &bytes[end..]].concat();
            match fails(&rest) {
                true => bytes = rest,
                false => start = end,
            }
        }
        size /= 2;
    }
    bytes
}

struct Search {
    reader: Reader,
    name: String,
    signature: String,
    end: Instant,
    n_left: usize,
}

impl Search {
    fn fails(&mut self, bytes: &[u8]) -> bool {
        if self.n_left == 0 || Instant::now() > self.end {
            return false;
        }
        self.n_left -= 1;
        let span = Span::Once(bytes.to_vec());
        let (_, faults) = Process::start(self.reader, 0, span, self.name.clone(), 0).end();
        faults.iter().any(|f| signature(&f.what) == self.signature)
    }
}

/// Writes an input into the folder of its reader, under a name that follows from its bytes.
fn keep(reader: Reader, input: &Input) -> PathBuf {
    let folder = reader.folder();
    fs::create_dir_all(&folder).expect("a place to write");
    let ending = Path::new(&input.name).extension();
    let ending = ending.map_or_else(|| "txt".into(), |e| e.to_string_lossy());
    let name = format!("found-{:016x}.{ending}", xxh3_64(&input.bytes));
    let path = folder.join(name);
    fs::write(&path, &input.bytes).expect("a place to write");
    path
}
