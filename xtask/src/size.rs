//! What a visitor's browser has to fetch, after Brotli.

use crate::build::files_under;
use crate::shell::{command, dist};
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The most that the first screen may take: interactive, with what lies behind it still on its way.
const FIRST_SCREEN_LIMIT: usize = 250_000;

pub struct Sizes {
    pub page_wasm: usize,
    pub engine_wasm: usize,
    /// `index.html` and the files it leads to by name, `jari.js` included.
    pub first_screen: usize,
    /// What the page fetches behind its first screen, `xtask/src/split.rs` says how.
    pub desk: usize,
    /// The files that `jari.js` leads to.
    pub engine: usize,
    /// The readers and writers that files other than text ask for.
    pub formats: usize,
}

/// Measures `dist/` and prints it.
pub fn report() -> Result<Sizes> {
    let sizes = measure(&dist())?;
    let line = |what: &str, bytes: usize| println!("  {what:<34}{:>9.1} kB", bytes as f64 / 1e3);
    println!("Sizes after Brotli (quality 11)");
    line("page's wasm", sizes.page_wasm);
    line("engine's wasm", sizes.engine_wasm);
    line("first screen, all files", sizes.first_screen);
    line("desk, all files", sizes.desk);
    line("engine, all files", sizes.engine);
    line("formats, all files", sizes.formats);
    Ok(sizes)
}

/// Prints the sizes and fails when the first screen is too heavy.
pub fn check() -> Result<()> {
    let sizes = report()?;
    ensure!(
        sizes.first_screen <= FIRST_SCREEN_LIMIT,
        "the first screen takes {} bytes after Brotli; the limit is {FIRST_SCREEN_LIMIT}",
        sizes.first_screen
    );
    Ok(())
}

fn measure(site: &Path) -> Result<Sizes> {
    ensure!(site.join("index.html").is_file(), "dist/ is not built");
    let names: Vec<String> = files_under(site)?
        .iter()
        .filter_map(|path| path.strip_prefix(site).ok())
        .map(|name| name.to_string_lossy().replace('\\', "/"))
        .collect();
    let read = |name: &str| fs::read(site.join(name)).unwrap_or_default();
    let loader = names.iter().find(|name| name.ends_with("-desk.js"));
    let loader = loader.context("dist/ has no desk")?.as_str();
    let first_screen = reached(&["index.html"], &["jari.js", "sw.js", loader], &names, read);
    let behind = |first: &str, leaves: &[&str]| {
        let mut found = reached(&[first], leaves, &names, read);
        found.retain(|name| !first_screen.contains(name));
        found
    };
    let desk = behind(loader, &["jari.js", "sw.js"]);
    let mut engine = behind("jari.js", &["sw.js", FORMATS]);
    engine.remove(FORMATS);
    let mut formats = behind(FORMATS, &["sw.js", "worker.js"]);
    formats.retain(|name| !engine.contains(name));

    let all = first_screen.iter().chain(&desk).chain(&engine);
    let all = all.chain(&formats);
    let bytes = brotli(site, all.copied())?;
    let of = |name: &str| {
        bytes
            .get(name)
            .copied()
            .context(format!("dist/ has no {name}"))
    };
    let sum = |names: &BTreeSet<&str>| -> Result<usize> { names.iter().map(|name| of(name)).sum() };
    let page_wasm = first_screen.iter().find(|name| name.ends_with("_bg.wasm"));
    Ok(Sizes {
        page_wasm: of(page_wasm.context("the page names no wasm")?)?,
        engine_wasm: of("engine_bg.wasm")?,
        first_screen: sum(&first_screen)?,
        desk: sum(&desk)?,
        engine: sum(&engine)?,
        formats: sum(&formats)?,
    })
}

/// What the engine's worker starts when a file is no text.
const FORMATS: &str = "formats-worker.js";

/// The files that the first ones lead to by naming them, those themselves included; `leaves` are
/// counted but not read.
fn reached<'a>(
    first: &[&str],
    leaves: &[&str],
    names: &'a [String],
    read: impl Fn(&str) -> Vec<u8>,
) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let is_first = |name: &&String| first.contains(&name.as_str());
    let mut waiting: Vec<&str> = names.iter().filter(is_first).map(String::as_str).collect();
    while let Some(name) = waiting.pop() {
        if !found.insert(name) || leaves.contains(&name) || !is_text(name) {
            continue;
        }
        let text = read(name);
        let text = String::from_utf8_lossy(&text);
        waiting.extend(
            names
                .iter()
                .map(String::as_str)
                .filter(|name| text.contains(*name)),
        );
    }
    found
}

fn is_text(name: &str) -> bool {
    [".html", ".js", ".css"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Bytes of each file after Brotli, by Node.
fn brotli<'a>(
    site: &Path,
    names: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, usize>> {
    let output = command("node")
        .args(["-e", BROTLI])
        .args(names)
        .current_dir(site)
        .output()
        .context("node is missing")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Node's default quality is 11: what a host reaches that compresses its files once.
const BROTLI: &str = "
const { readFileSync } = require('fs'), { brotliCompressSync } = require('zlib');
const sizes = process.argv.slice(1).map(name => [name, brotliCompressSync(readFileSync(name)).length]);
console.log(JSON.stringify(Object.fromEntries(sizes)));
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::root;

    #[test]
    fn text_takes_less_room() {
        let bytes = brotli(root(), ["LICENSE-APACHE", "Cargo.lock"].into_iter()).unwrap();
        let plain = fs::read(root().join("Cargo.lock")).unwrap();
        assert_eq!(bytes.len(), 2);
        assert!(bytes["Cargo.lock"] > 1000 && bytes["Cargo.lock"] < plain.len() / 2);
        assert!(brotli(root(), ["no-such-file"].into_iter()).is_err());
    }

    #[test]
    fn files_lead_to_files() {
        let names = [
            "app.js",
            "app.wasm",
            "engine.js",
            "index.html",
            "jari.js",
            "other.png",
        ];
        let names = names.map(String::from);
        let read = |name: &str| match name {
            "index.html" => b"<script src=\"./app.js\">".to_vec(),
            "app.js" => b"import './jari.js'; 'app.wasm'".to_vec(),
            "jari.js" => b"'engine.js'".to_vec(),
            _ => b"other.png".to_vec(),
        };
        let check = |first: &str, leaves: &[&str], expected: &[&str]| {
            let found = reached(&[first], leaves, &names, read);
            assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
        };
        check(
            "index.html",
            &["jari.js"],
            &["app.js", "app.wasm", "index.html", "jari.js"],
        );
        check("jari.js", &["engine.js"], &["engine.js", "jari.js"]);
        check("jari.js", &[], &["engine.js", "jari.js", "other.png"]);
        check("missing.js", &[], &[]);
    }
}
