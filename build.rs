//! Gives both wasm binaries the id of the engine they belong to, as `JARI_BUILD`.

#[path = "xtask/src/engine_id.rs"]
mod engine_id;

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_WEB").is_none() {
        return;
    }
    // What the page's wasm is split by, into the first screen and the rest.
    if std::env::var_os("CARGO_FEATURE_PAGE").is_some()
        && std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm")
    {
        println!("cargo::rustc-link-arg-bin=app=--emit-relocs");
    }
    for path in engine_id::sources(Path::new(".")).expect("the sources can be listed") {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    let id = engine_id::engine_id(Path::new(".")).expect("the sources can be read");
    println!("cargo::rustc-env=JARI_BUILD={id}");
}
