//! What a visitor's browser has to fetch, after Brotli.

use crate::build::files_under;
use crate::shell::dist;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

/// The most that the first screen may take.
const FIRST_SCREEN_LIMIT: usize = 500_000;

pub struct Sizes {
    pub page_wasm: usize,
    pub engine_wasm: usize,
    /// `index.html`, what it names, and what its boot script names.
    pub first_screen: usize,
    /// All that the engine adds to the first screen before it can work.
    pub engine: usize,
}

/// Measures `dist/` and prints it.
pub fn report() -> Result<Sizes> {
    let sizes = measure(&dist())?;
    let line = |what: &str, bytes: usize| println!("  {what:<34}{:>9.1} kB", bytes as f64 / 1e3);
    println!("Sizes after Brotli (quality 9)");
    line("page's wasm", sizes.page_wasm);
    line("engine's wasm", sizes.engine_wasm);
    line("first screen, all files", sizes.first_screen);
    line("engine, all files", sizes.engine);
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
    let page = fs::read_to_string(site.join("index.html")).context("dist/ is not built")?;
    let mut names = page.clone();
    let mut sizes = Sizes {
        page_wasm: 0,
        engine_wasm: 0,
        first_screen: 0,
        engine: 0,
    };
    let mut files = Vec::new();
    for path in files_under(site)? {
        let name = path.strip_prefix(site)?.to_string_lossy().into_owned();
        if name.starts_with("boot-") {
            names.push_str(&fs::read_to_string(&path)?);
        }
        files.push((name, path));
    }
    for (name, path) in files {
        let of_engine = matches!(
            name.as_str(),
            "engine.js" | "engine_bg.wasm" | "worker.js" | "jari.js"
        );
        let of_page = name == "index.html" || names.contains(&name);
        if !of_engine && !of_page {
            continue;
        }
        let bytes = brotli(&fs::read(&path)?)?;
        match name.as_str() {
            "engine_bg.wasm" => sizes.engine_wasm = bytes,
            _ if name.ends_with("_bg.wasm") => sizes.page_wasm = bytes,
            _ => {}
        }
        if of_engine {
            sizes.engine += bytes;
        } else {
            sizes.first_screen += bytes;
        }
    }
    ensure!(sizes.page_wasm > 0, "dist/ has no wasm for the page");
    ensure!(sizes.engine_wasm > 0, "dist/ has no engine");
    Ok(sizes)
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 9,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out.len())
}

#[cfg(test)]
mod tests {
    #[test]
    fn repetition_takes_little_room() {
        let text = "the place where something sits ".repeat(1000);
        let bytes = super::brotli(text.as_bytes()).unwrap();
        assert!((20..200).contains(&bytes), "{bytes}");
    }
}
