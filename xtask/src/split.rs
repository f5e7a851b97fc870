//! The page's wasm in two: the first screen, and the desk behind it.

use crate::build::optimise;
use crate::shell::{command, run, scratch, target};
use crate::tools;
use anyhow::{Context, Result, anyhow, ensure};
use std::fs;
use std::path::Path;
use wasm_split_cli_support::{Options, transform};

/// Puts the page's script and wasm in the place of Trunk's, which is one file, and the desk beside
/// them. `js` and `wasm` are the names that Trunk gave them.
pub fn split(site: &Path, js: &str, wasm: &str) -> Result<()> {
    let compiled = target().join("wasm32-unknown-unknown/page/app.wasm");
    let out = scratch().join("split");
    if out.is_dir() {
        fs::remove_dir_all(&out)?;
    }
    let link = format!("{}-desk.js", stem(js));
    let main = out.join("app.wasm");
    let input = fs::read(&compiled)?;
    let (link_name, main_module) = (format!("./{link}"), format!("./{js}"));
    let mut options = Options::new(&input);
    options.output_dir = &out;
    options.main_out_path = &main;
    options.link_name = &link_name;
    options.main_module = &main_module;
    let parts =
        transform(options).map_err(|e| anyhow!("the page's wasm cannot be split: {e:#}"))?;
    ensure!(!parts.split_modules.is_empty(), "the page has no desk");

    run(command(tools::wasm_bindgen()?.join("wasm-bindgen"))
        .args(["--target=web", "--no-typescript", "--keep-lld-exports"])
        .args(["--remove-name-section", "--remove-producers-section"])
        .arg(format!("--out-name={}", stem(js)))
        .arg("--out-dir")
        .arg(&out)
        .arg(&main))?;
    let main = out.join(format!("{}_bg.wasm", stem(js)));
    optimise(&main, "-Oz")?;
    fs::copy(&main, site.join(wasm))?;
    fs::copy(out.join(js), site.join(js))?;

    let mut script = fs::read_to_string(out.join(&link))?;
    for part in &parts.split_modules {
        let name = part
            .file_name()
            .context("a file has a name")?
            .to_string_lossy();
        let own = format!("{}-{name}", stem(js));
        optimise(part, "-Oz")?;
        fs::copy(part, site.join(&own))?;
        script = script.replace(&format!("./{name}"), &format!("./{own}"));
    }
    fs::write(site.join(&link), any_host(&script)?)?;
    Ok(())
}

/// The loader without its wish for a host that knows the type of wasm files.
fn any_host(script: &str) -> Result<String> {
    let streaming = "WebAssembly.instantiateStreaming(src, imports)";
    ensure!(script.contains(streaming), "the desk's loader has changed");
    Ok(script.replace(
        streaming,
        "WebAssembly.instantiate(await (await src).arrayBuffer(), imports)",
    ))
}

fn stem(js: &str) -> &str {
    js.strip_suffix(".js").unwrap_or(js)
}
