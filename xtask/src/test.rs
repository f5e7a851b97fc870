//! `cargo xtask test`: every check, part by part, with one closing line.

use crate::shell::{self, cargo, command, root, run, run_and_read};
use crate::{build, size, tools};
use anyhow::{Result, bail};
use std::fs;
use std::process::Command;
use std::time::Instant;

/// In the order they run: what is quick and often wrong comes first.
const PARTS: [(&str, Part); 8] = [
    ("fmt", fmt),
    ("clippy", clippy),
    ("unit", unit),
    ("code", code),
    ("build", site),
    ("size", sizes),
    ("web", web),
    ("e2e", e2e),
];

type Part = fn() -> Result<Count>;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    passed: usize,
    failed: usize,
}

/// The names of all parts.
pub fn names() -> Vec<&'static str> {
    PARTS.iter().map(|(name, _)| *name).collect()
}

pub fn test(wanted: &[String]) -> Result<()> {
    if let Some(unknown) = wanted.iter().find(|part| !names().contains(&part.as_str())) {
        bail!(
            "there is no part `{unknown}`; the parts are {}",
            names().join(", ")
        );
    }
    if !root().join("../shared/data").is_dir() {
        println!(
            "The folder ../shared/data is not there: tests on its files are skipped and say so."
        );
    }
    let mut total = Count::default();
    for (name, part) in PARTS {
        if !wanted.is_empty() && !wanted.iter().any(|part| part == name) {
            continue;
        }
        println!("\n── {name}");
        let start = Instant::now();
        let count = part().unwrap_or_else(|error| {
            eprintln!("{name}: {error:#}");
            Count {
                passed: 0,
                failed: 1,
            }
        });
        total.add(count);
        println!(
            "── {name}: {} passed, {} failed, {:.0} s",
            count.passed,
            count.failed,
            start.elapsed().as_secs_f64()
        );
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn fmt() -> Result<Count> {
    checks(&mut [cargo().args(["fmt", "--all", "--check"])])
}

/// Natively and as each of the wasm binaries.
fn clippy() -> Result<Count> {
    tools::wasm_target()?;
    let wasm = |feature: &str| {
        let mut command = cargo();
        command
            .args(["clippy", "--locked", "--target=wasm32-unknown-unknown"])
            .args([
                "--no-default-features",
                "--lib",
                "--bins",
                "--features",
                feature,
            ])
            .args(["--", "-D", "warnings"]);
        command
    };
    checks(&mut [
        cargo().args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
        &mut wasm("page"),
        &mut wasm("worker"),
        &mut wasm("formats,web"),
    ])
}

/// All native tests, those in the docs and in the page's code included.
fn unit() -> Result<Count> {
    let mut all = cargo();
    all.args(["test", "--locked", "--workspace", "--no-fail-fast"]);
    let mut page = cargo();
    page.args(["test", "--locked", "--lib", "--features=page", "app::"]);
    let mut count = Count::default();
    for command in [&mut all, &mut page] {
        count.add(counted(command)?);
    }
    Ok(count)
}

/// The scripts of R and Python that analyses write, against their reports.
fn code() -> Result<Count> {
    let folder = tools::webr()?;
    let python = tools::python()?;
    run(cargo().args(["build", "--locked"]))?;
    let jari = shell::target().join("debug/jari");
    let (text, ok) = run_and_read(
        command("node")
            .arg("code.mjs")
            .current_dir(folder)
            .env("JARI", jari)
            .env("PYTHON", python),
    )?;
    settled(code_count(&text), ok)
}

fn site() -> Result<Count> {
    build::build()?;
    Ok(Count {
        passed: 1,
        failed: 0,
    })
}

fn sizes() -> Result<Count> {
    size::check()?;
    Ok(Count {
        passed: 1,
        failed: 0,
    })
}

/// `tests/web.rs` in headless Chromium, against the bits that it gives natively.
fn web() -> Result<Count> {
    tools::wasm_target()?;
    let runner = tools::wasm_bindgen()?.join("wasm-bindgen-test-runner");
    let chromedriver = tools::chromedriver()?;
    let native = native_bits()?;
    let mut count = counted(
        cargo()
            .args(["test", "--locked", "--target=wasm32-unknown-unknown"])
            .args(["--no-default-features", "--features=worker", "--test=web"])
            .env("JARI_BITS", native)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", chromedriver)
            .env(
                "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
                root().join("tests/webdriver.json"),
            )
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300"),
    )?;
    count.passed += 1; // the native run
    Ok(count)
}

/// `name=fingerprint` of each test in `tests/web.rs`, run natively.
fn native_bits() -> Result<String> {
    let folder = shell::scratch().join("bits");
    if folder.is_dir() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    run(cargo()
        .args(["test", "--locked", "--quiet", "--test=web"])
        .env("JARI_BITS_TO", &folder))?;
    let mut bits = Vec::new();
    for file in build::files_under(&folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        bits.push(format!("{name}={}", fs::read_to_string(&file)?));
    }
    Ok(bits.join(" "))
}

/// Playwright on the built site.
fn e2e() -> Result<Count> {
    tools::playwright()?;
    let chromium = tools::chromium()?;
    build::build()?;
    let cli = "node_modules/@playwright/test/cli.js";
    let mut playwright = command("node");
    playwright
        .args([cli, "test"])
        .current_dir(root().join("tests/e2e"))
        .env("CHROMIUM", chromium)
        .env("JARI_DIST", shell::dist());
    let (text, ok) = run_and_read(&mut playwright)?;
    settled(playwright_count(&text), ok)
}

/// Each command is one check; all of them run.
fn checks(commands: &mut [&mut Command]) -> Result<Count> {
    let mut count = Count::default();
    for command in commands {
        match run(command) {
            Ok(()) => count.passed += 1,
            Err(error) => {
                eprintln!("{error:#}");
                count.failed += 1;
            }
        }
    }
    Ok(count)
}

fn counted(command: &mut Command) -> Result<Count> {
    let (text, ok) = run_and_read(command)?;
    settled(libtest_count(&text), ok)
}

/// A run that failed without naming a failed test (it did not compile, say) is one failure.
fn settled(mut count: Count, ok: bool) -> Result<Count> {
    if !ok && count.failed == 0 {
        count.failed = 1;
    }
    if ok && count.passed == 0 {
        bail!("no test ran");
    }
    Ok(count)
}

/// Sums the lines `test result: ok. 3 passed; 0 failed; …`.
fn libtest_count(text: &str) -> Count {
    let mut count = Count::default();
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        for part in line.split([';', '.']) {
            count.read(part);
        }
    }
    count
}

/// Reads Playwright's closing lines, `  3 passed (4.0s)` and `  1 failed`.
fn playwright_count(text: &str) -> Count {
    let mut count = Count::default();
    for line in text.lines().filter(|line| line.starts_with("  ")) {
        count.read(line.split('(').next().unwrap_or_default());
    }
    count
}

/// Reads the closing line `12 passed, 0 failed; 345 numbers compared`.
fn code_count(text: &str) -> Count {
    let mut count = Count::default();
    let last = text.lines().last().unwrap_or_default();
    for part in last.split([',', ';']) {
        count.read(part);
    }
    count
}

impl Count {
    fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Adds `3 passed` or `1 failed`; anything else counts for nothing.
    fn read(&mut self, text: &str) {
        if let [n, what] = text.split_whitespace().collect::<Vec<_>>()[..]
            && let Ok(n) = n.parse::<usize>()
        {
            match what {
                "passed" => self.passed += n,
                "failed" | "interrupted" => self.failed += n,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_cargo() {
        let check = |text: &str, passed, failed| {
            assert_eq!(libtest_count(text), Count { passed, failed }, "{text}");
        };
        check("", 0, 0);
        check(
            "running 3 tests\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n",
            4,
            2,
        );
        check("the text says 5 passed; 5 failed", 0, 0);
    }

    #[test]
    fn counts_of_playwright() {
        let check = |text: &str, passed, failed| {
            assert_eq!(playwright_count(text), Count { passed, failed }, "{text}");
        };
        check("\n  12 passed (3.4s)\n", 12, 0);
        check(
            "  1 failed\n    [chromium] › a.spec.mjs:3:1 › works\n  2 skipped\n  7 passed (1.0m)\n",
            7,
            1,
        );
        check("  1 interrupted\n", 0, 1);
    }

    #[test]
    fn counts_of_scripts() {
        let count = code_count("✗ a/b r\n12 passed, 1 failed; 345 numbers compared\n");
        assert_eq!(
            count,
            Count {
                passed: 12,
                failed: 1
            }
        );
    }

    #[test]
    fn a_broken_run_is_a_failure() {
        let none = Count::default();
        assert_eq!(settled(none, false).unwrap().failed, 1);
        assert!(settled(none, true).is_err());
        let some = Count {
            passed: 2,
            failed: 1,
        };
        assert_eq!(settled(some, false).unwrap(), some);
    }

    #[test]
    fn the_browser_flags_are_json() {
        let text = std::fs::read_to_string(root().join("tests/webdriver.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(json["goog:chromeOptions"]["args"].is_array());
    }
}
