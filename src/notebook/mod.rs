//! A notebook: cells in order, the tables that flow between them, and its file.
//!
//! Nothing here computes or draws. What is stale follows from fingerprints: a result belongs to a
//! cell as long as the cell's fingerprint is the one that the result was made with.

mod document;
mod file;
mod graph;
mod history;

pub use document::{Body, Call, Cell, CellResult, Notebook, Outcome, Source, valid_name};
pub use file::{File, FileError};
pub use graph::{Graph, Step, TableRef};
pub use history::History;
