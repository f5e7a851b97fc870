//! The programs that building and testing take, installed where they are missing.

use crate::shell::{self, command, find, output, root, run, step};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const TRUNK: &str = "0.21.14";
const TARGET: &str = "wasm32-unknown-unknown";

/// All that `trunk build` and its hooks need.
pub fn for_building() -> Result<()> {
    wasm_target()?;
    wasm_bindgen()?;
    wasm_opt()?;
    trunk()?;
    Ok(())
}

/// `rust-std` for wasm.
pub fn wasm_target() -> Result<()> {
    let sysroot = output("rustc", &["--print", "sysroot"]).context("rustc is missing")?;
    let std = PathBuf::from(sysroot).join("lib/rustlib").join(TARGET);
    if std.is_dir() {
        return Ok(());
    }
    step(
        &format!(
            "Rust's standard library for {TARGET} is missing: adding it with rustup (seconds)"
        ),
        || run(command("rustup").args(["target", "add", TARGET])),
    )
}

/// The folder of wasm-bindgen and its test runner, of the very version in Cargo.lock.
pub fn wasm_bindgen() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    let own = shell::scratch().join(format!("wasm-bindgen-{version}"));
    for folder in [cargo_bin(), own.join("bin")] {
        let at = folder.join(exe("wasm-bindgen"));
        let runner = folder.join(exe("wasm-bindgen-test-runner"));
        if runner.is_file()
            && output(&at, &["--version"]).is_some_and(|said| ends_with_word(&said, &version))
        {
            return Ok(folder);
        }
    }
    // Another version that is there already belongs to someone else's project: leave it alone.
    let taken = cargo_bin().join(exe("wasm-bindgen")).is_file();
    let root = if taken { own.clone() } else { cargo_home() };
    step(
        &format!("wasm-bindgen {version} is missing: compiling it with cargo (1 to 3 minutes)"),
        || {
            run(install("wasm-bindgen-cli", &version)
                .arg("--root")
                .arg(&root))
        },
    )?;
    Ok(root.join("bin"))
}

/// Trunk, which builds the page.
pub fn trunk() -> Result<PathBuf> {
    let here = |path: &PathBuf| {
        output(path, &["--version"]).is_some_and(|said| ends_with_word(&said, TRUNK))
    };
    let installed = cargo_bin().join(exe("trunk"));
    if let Some(path) = find("trunk")
        .into_iter()
        .chain([installed.clone()])
        .find(here)
    {
        return Ok(path);
    }
    if find("cargo-binstall").is_some() {
        let fetched = step(
            &format!("Trunk {TRUNK} is missing: fetching it with cargo binstall (seconds)"),
            || {
                run(shell::cargo()
                    .args(["binstall", "--no-confirm", "--force"])
                    .arg(format!("trunk@{TRUNK}")))
            },
        );
        if fetched.is_ok() && here(&installed) {
            return Ok(installed);
        }
    }
    step(
        &format!("Trunk {TRUNK} is missing: compiling it with cargo (2 to 6 minutes)"),
        || run(install("trunk", TRUNK).arg("--locked")),
    )?;
    Ok(installed)
}

/// wasm-opt, from the npm package `binaryen`; to be run by Node.
pub fn wasm_opt() -> Result<PathBuf> {
    let folder = npm_folder("xtask/npm", &shell::scratch().join("npm"), "wasm-opt")?;
    Ok(folder.join("node_modules/binaryen/bin/wasm-opt"))
}

/// Playwright and axe for the end-to-end tests.
pub fn playwright() -> Result<()> {
    let folder = root().join("tests/e2e");
    npm_folder("tests/e2e", &folder, "Playwright").map(|_| ())
}

/// The folder with webR, which runs the scripts that analyses write in R.
pub fn webr() -> Result<PathBuf> {
    let folder = root().join("tests/reference/code");
    npm_folder("tests/reference/code", &folder, "webR")
}

/// A Python with the packages that the scripts of analyses use.
pub fn python() -> Result<PathBuf> {
    const TRY: &str = "import numpy, pandas, scipy, statsmodels, sklearn";
    const PACKAGES: [&str; 5] = ["numpy", "pandas", "scipy", "statsmodels", "scikit-learn"];
    if let Some(path) = std::env::var_os("PYTHON") {
        return Ok(path.into());
    }
    let own = shell::scratch().join("python");
    let inside = own.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let system = find("python3").context("python3 is not in PATH; set PYTHON to where it is")?;
    let found = [inside.join(exe("python")), system.clone()];
    if let Some(path) = found
        .into_iter()
        .find(|path| output(path, &["-c", TRY]).is_some())
    {
        return Ok(path);
    }
    step(
        "Packages of Python are missing: installing them with pip (1 minute)",
        || {
            run(command(&system).args(["-m", "venv"]).arg(&own))?;
            run(command(inside.join(exe("python")))
                .args(["-m", "pip", "install", "--quiet"])
                .args(PACKAGES))
        },
    )?;
    Ok(inside.join(exe("python")))
}

/// Chromium, as the end-to-end tests and the benchmarks use it.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Ok(path.into());
    }
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let look = || names.iter().find_map(|name| find(name));
    if look().is_none() {
        debian("Chromium", &["chromium", "fonts-noto-cjk"])?;
    } else if output("fc-list", &[":lang=ko", "file"]).is_some_and(|fonts| fonts.is_empty()) {
        debian("A font with Hangul", &["fonts-noto-cjk"])?;
    }
    look().context("Chromium is not in PATH; set CHROMIUM to where it is")
}

/// chromedriver, as the wasm tests use it.
pub fn chromedriver() -> Result<PathBuf> {
    chromium()?;
    if find("chromedriver").is_none() {
        debian("chromedriver", &["chromium-driver"])?;
    }
    find("chromedriver").context("chromedriver is not in PATH")
}

fn debian(what: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let root = output("id", &["-u"]).is_some_and(|id| id == "0");
    if !root || find("apt-get").is_none() {
        bail!("{what} is missing. On Debian: sudo apt-get install {list}");
    }
    step(
        &format!("{what} is missing: installing {list} with apt-get (1 to 3 minutes)"),
        || {
            run(command("apt-get").args(["update", "-qq"]))?;
            run(command("apt-get")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(["install", "-y", "-qq", "--no-install-recommends"])
                .args(packages))
        },
    )
}

/// `npm ci` of the package in `from`, done in `into`; nothing happens when that is up to date.
fn npm_folder(from: &str, into: &PathBuf, what: &str) -> Result<PathBuf> {
    let from = root().join(from);
    let lock = fs::read_to_string(from.join("package-lock.json"))?;
    let stamp = into.join("node_modules/.jari-lock");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == lock) {
        return Ok(into.clone());
    }
    if find("npm").is_none() {
        bail!("{what} comes from npm, which is missing: install Node 20 or newer");
    }
    step(
        &format!("{what} is missing: installing it with npm (seconds)"),
        || {
            if *into != from {
                fs::create_dir_all(into)?;
                for file in ["package.json", "package-lock.json", ".npmrc"] {
                    fs::copy(from.join(file), into.join(file))?;
                }
            }
            run(command("npm")
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
                .current_dir(into))
        },
    )?;
    fs::write(stamp, lock)?;
    Ok(into.clone())
}

/// `cargo install` of a helper: quick to compile rather than quick to run.
fn install(package: &str, version: &str) -> Command {
    let mut command = shell::cargo();
    command
        .args(["install", "--debug", "--force", package, "--version"])
        .arg(format!("={version}"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    command
}

fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let head = format!("name = \"{package}\"\nversion = \"");
    let start = lock
        .find(&head)
        .with_context(|| format!("{package} is not in Cargo.lock"))?
        + head.len();
    Ok(lock[start..].chars().take_while(|c| *c != '"').collect())
}

fn cargo_home() -> PathBuf {
    match std::env::var_os("CARGO_HOME") {
        Some(folder) => folder.into(),
        None => PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
    }
}

fn cargo_bin() -> PathBuf {
    cargo_home().join("bin")
}

fn exe(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.split_whitespace().next_back() == Some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        assert!(ends_with_word("trunk 0.21.14", "0.21.14"));
        assert!(!ends_with_word("trunk 0.21.1", "0.21.14"));
        assert!(!ends_with_word("", "0.21.14"));
        let version = locked_version("wasm-bindgen").unwrap();
        assert!(version.starts_with("0.2."), "{version}");
        assert!(locked_version("no-such-package").is_err());
    }
}
