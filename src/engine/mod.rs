//! The engine: tables and analyses behind typed requests.
//!
//! [`Core`] answers requests natively and in the browser. Around it, in the browser only, `worker`
//! reads messages in the Web Worker and `client` sends them from the page; both ends go by
//! [`protocol`]. `formats_worker` runs the readers and writers of other files in a worker beside it.
//! `jari.js`, `worker.js`, `formats-worker.js` and `vault.js` beside this file are the parts that only
//! JavaScript can be: the module that other pages import, the workers' first lines, and the
//! browser's private file system.

mod cells;
mod core;
pub mod files;
mod import_words;
pub mod protocol;
mod rows;

#[cfg(feature = "page")]
pub mod client;
#[cfg(all(feature = "formats", feature = "web"))]
pub mod formats_worker;
#[cfg(feature = "web")]
pub mod memory;
#[cfg(any(feature = "worker", all(feature = "formats", feature = "web")))]
mod wire;
#[cfg(feature = "worker")]
pub mod worker;

pub use self::core::{Answer, Attached, Core, Runner};
pub use import_words::{characters_lost, import_error, import_warning};

/// Which sources a binary was built from: the page and the engine must have the same.
pub const BUILD: &str = match option_env!("JARI_BUILD") {
    Some(build) => build,
    None => "development",
};

/// Makes the Korean of the engine, the readers, the options and the notebook's files known to
/// [`crate::report`]; analyses, chart and page have catalogues of their own.
pub fn add_korean() {
    crate::report::add_korean("", include_str!("ko.json"));
    crate::report::add_korean("", include_str!("ko/formats.json"));
}
