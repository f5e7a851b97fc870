//! Jari: a data-analysis notebook that runs wholly in the browser.
//!
//! A notebook is a list of cells; a cell is one analysis with options; tables are the only thing
//! that flows between cells. The page never computes and the engine never draws.
//!
//! # Rooms, and who may import whom
//! | room | holds | may use |
//! |---|---|---|
//! | [`table`] | columns, measure levels, readers and writers | nothing of ours |
//! | [`stats`] | distributions, linear algebra, resampling | nothing of ours |
//! | [`report`] | what an analysis says: blocks, charts as data, messages, formats | nothing of ours |
//! | [`models`] | algorithms with fit and predict: no reports, no tables | stats |
//! | [`formula`] | the formula language: parser, types, completion, evaluation over columns | table, stats, report |
//! | [`chart`] | one drawing of a chart for any plotters backend | report |
//! | [`spec`] | what an analysis is: options, values, context, the `Analysis` trait | table, report, formula |
//! | [`frame`] | columns of a table as a model's variables, and words that reports share | table, stats, models, report, spec |
//! | [`analyses`] | one analysis a file, and the registry | all of the above but chart |
//! | [`notebook`] | cells, dependency graph, history, file format | spec, table, report |
//! | `formats` | readers and writers of workbooks, Parquet, Arrow, JSON and SPSS: a wasm of its own | table, report |
//! | [`engine`] | protocol, client, worker loop, table store | spec, table, report, notebook, formats |
//! | `app` | the Leptos page | notebook, engine, chart, formula, report, spec, table, `analyses::{add_korean, find, migrate, specs, uses_seed}` |
//!
//! `tests/architecture.rs` holds the code to this table.

pub mod analyses;
#[cfg(feature = "page")]
pub mod app;
pub mod chart;
pub mod engine;
#[cfg(feature = "formats")]
pub mod formats;
pub mod formula;
pub mod frame;
pub mod models;
pub mod notebook;
pub mod report;
pub mod spec;
pub mod stats;
pub mod table;
