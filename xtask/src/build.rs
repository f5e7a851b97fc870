//! The site: Trunk builds the page, its hooks build the engine and put the two together.

use crate::shell::{self, cargo, command, dist, root, run, scratch, step};
use crate::tools;
use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a change of which makes a new site.
const INPUTS: [&str; 11] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "index.html",
    "public",
    "src",
    "style",
    "xtask/npm/package.json",
    "xtask/src",
];

/// Builds `dist/`, unless it is that of the present sources. Returns whether it built.
pub fn build() -> Result<bool> {
    let stamp = scratch().join("dist.stamp");
    let inputs = inputs()?;
    let built = || -> Result<String> { Ok(format!("{inputs} {}", hash_tree(&dist())?)) };
    if dist().join("index.html").is_file() && fs::read_to_string(&stamp).ok() == Some(built()?) {
        println!("dist/ is up to date");
        return Ok(false);
    }
    tools::for_building()?;
    step(
        "Building the site (some minutes the first time, then about one)",
        trunk_build,
    )?;
    fs::create_dir_all(scratch())?;
    fs::write(stamp, built()?)?;
    println!("  the site is in dist/");
    Ok(true)
}

/// Builds the engine and the readers and writers beside it into xtask's own folder: `engine.js` and
/// `engine_bg.wasm`, `formats.js` and `formats_bg.wasm`.
pub fn engine() -> Result<()> {
    wasm("worker", "worker", "engine")?;
    wasm("formats", "formats,web", "formats")
}

/// Builds a binary as a module of that name.
fn wasm(bin: &str, features: &str, name: &str) -> Result<()> {
    run(cargo().args([
        "build",
        "--locked",
        "--release",
        &format!("--bin={bin}"),
        "--target=wasm32-unknown-unknown",
        "--no-default-features",
        &format!("--features={features}"),
    ]))?;
    let compiled = shell::target().join(format!("wasm32-unknown-unknown/release/{bin}.wasm"));
    let out = engine_folder();
    let stamp = out.join(format!("{name}.made-from"));
    let hash = hash_of(&fs::read(&compiled)?);
    if fs::read_to_string(&stamp).is_ok_and(|old| old == hash) {
        return Ok(());
    }
    run(command(tools::wasm_bindgen()?.join("wasm-bindgen"))
        .args(["--target=web", "--no-typescript"])
        .arg(format!("--out-name={name}"))
        .args(["--remove-name-section", "--remove-producers-section"])
        .arg("--out-dir")
        .arg(&out)
        .arg(&compiled))?;
    optimise(&out.join(format!("{name}_bg.wasm")), "-O3")?;
    fs::write(stamp, hash)?;
    Ok(())
}

/// Where [`engine`] leaves its files.
pub fn engine_folder() -> PathBuf {
    scratch().join("engine")
}

/// Runs wasm-opt over a file, in place; remembers what it made of which input.
pub fn optimise(wasm: &Path, level: &str) -> Result<()> {
    let tool = tools::wasm_opt()?;
    let input = fs::read(wasm)?;
    let kept = scratch()
        .join("wasm-opt")
        .join(format!("{}{level}.wasm", hash_of(&input)));
    if !kept.is_file() {
        let folder = kept.parent().expect("a file lies in a folder");
        if folder.is_dir() {
            forget_old(folder)?;
        }
        fs::create_dir_all(folder)?;
        let unfinished = kept.with_extension("part");
        run(wasm_opt(&tool, level).arg(wasm).arg("-o").arg(&unfinished))?;
        fs::rename(unfinished, &kept)?;
    }
    fs::copy(kept, wasm).context("the optimised wasm could not be copied")?;
    Ok(())
}

/// SHA-256 in hexadecimal digits.
pub fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// SHA-256 as a browser's `integrity` wants it.
pub fn integrity_of(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

/// All files under a folder, in a fixed order; a file is its own tree.
pub fn files_under(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            files.extend(files_under(&entry?.path())?);
        }
    }
    files.sort();
    Ok(files)
}

fn trunk_build() -> Result<()> {
    let mut path = vec![tools::wasm_bindgen()?];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    run(command(tools::trunk()?)
        .args(["build", "--skip-version-check"])
        .env("PATH", std::env::join_paths(path)?)
        // Trunk takes `NO_COLOR` for an option of its own that wants true or false.
        .env_remove("NO_COLOR"))
}

fn wasm_opt(tool: &Path, level: &str) -> Command {
    let mut command = command("node");
    command.arg(tool).arg(level).args([
        "--enable-bulk-memory",
        "--enable-multivalue",
        "--enable-mutable-globals",
        "--enable-nontrapping-float-to-int",
        "--enable-reference-types",
        "--enable-sign-ext",
        "--enable-simd",
    ]);
    command
}

/// Keeps the few newest of the remembered files.
fn forget_old(folder: &Path) -> Result<()> {
    let mut files = files_under(folder)?;
    files.sort_by_key(|file| fs::metadata(file).and_then(|data| data.modified()).ok());
    for file in files.iter().rev().skip(5) {
        fs::remove_file(file)?;
    }
    Ok(())
}

fn inputs() -> Result<String> {
    let mut hash = Sha256::new();
    for input in INPUTS {
        hash.update(hash_tree(&root().join(input))?);
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn hash_tree(path: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for file in files_under(path)? {
        hash.update(file.to_string_lossy().as_bytes());
        hash.update(fs::read(&file)?);
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            hash_of(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            integrity_of(b"abc"),
            "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
        );
    }

    #[test]
    fn every_input_is_there() {
        for input in INPUTS {
            assert!(root().join(input).exists(), "{input}");
        }
    }
}
