//! The id of an engine: a hash of everything the page and the engine have in common, so that each
//! can tell whether the other was made from the same sources. What only the page uses is left out:
//! a new colour or layout does not make a new engine.
//!
//! The package's `build.rs` includes this file too; it uses the standard library only.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Sixteen hexadecimal digits.
pub fn engine_id(root: &Path) -> io::Result<String> {
    let mut hash = Fnv::default();
    for path in sources(root)? {
        let name = path.strip_prefix(root).unwrap_or(&path);
        for part in name.components() {
            hash.write(part.as_os_str().as_encoded_bytes());
            hash.write(b"/");
        }
        let bytes = fs::read(&path)?;
        hash.write(&(bytes.len() as u64).to_le_bytes());
        hash.write(&bytes);
    }
    Ok(format!("{:016x}", hash.0))
}

/// The files that make an engine, in a fixed order.
pub fn sources(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = [".cargo/config.toml", "Cargo.lock", "Cargo.toml", "build.rs"]
        .map(|name| root.join(name))
        .into();
    let page_only = ["src/app", "src/bin/app.rs", "src/bin/jari"].map(|name| root.join(name));
    collect(&root.join("src"), &page_only, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, skip: &[PathBuf], files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if skip.contains(&path) {
            continue;
        }
        if path.is_dir() {
            collect(&path, skip, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// FNV-1a, 64 bits.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
