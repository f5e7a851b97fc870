//! The parts of a report.

use serde::{Deserialize, Serialize};

use super::chart::Chart;
use super::format::Format;
use super::message::Msg;
use super::number;

/// The answer of an analysis: sentences first, then tables and charts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The answer in plain words, the most important sentence first.
    pub summary: Vec<Msg>,
    pub blocks: Vec<Block>,
    /// What the reader must know about how the numbers came to be.
    pub notices: Vec<Notice>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    Text(Msg),
    Table(TableBlock),
    Chart(Box<Chart>),
    Grid(Grid),
    Group(Msg, Vec<Block>),
    ByGroup(Box<ByGroup>),
}

/// What an analysis said of one group of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ByGroup {
    /// Begins the keys of the tables and charts in `report`, with a `_` behind it: `g1`.
    pub key: String,
    pub title: Msg,
    /// The grouping columns, each with the value that all rows of the group have; `None` is missing.
    pub by: Vec<(String, Option<String>)>,
    pub n_rows: usize,
    /// Empty when there is an error.
    pub report: Report,
    /// Why the group has no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Msg>,
}

/// Small charts of one size, row by row: one for each level, or for each pair of columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Charts in a row, where there is room for them.
    pub n_columns: usize,
    pub charts: Vec<Chart>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub kind: NoticeKind,
    pub text: Msg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Something that the reader may want to know.
    Note,
    /// Something that may make the answer wrong.
    Warning,
}

/// A table of results: `rows[i][j]` belongs to `columns[j]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableBlock {
    /// Stable name in JSON.
    pub key: String,
    pub title: Msg,
    pub columns: Vec<Head>,
    pub rows: Vec<Vec<Cell>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Msg>,
}

/// The head of a column of results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Stable name in JSON.
    pub key: String,
    pub title: Msg,
    pub format: Format,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    Empty,
    /// Written in the format of its column.
    Number(#[serde(with = "number::one")] f64),
    /// Written in a format of its own.
    Formatted(#[serde(with = "number::one")] f64, Format),
    Text(String),
    Msg(Msg),
}

impl Report {
    pub fn push(&mut self, block: impl Into<Block>) {
        self.blocks.push(block.into());
    }

    /// All charts, those in groups too, in reading order.
    pub fn charts(&self) -> Vec<&Chart> {
        let mut found = Vec::new();
        walk(&self.blocks, &mut |b| match b {
            Block::Chart(c) => found.push(&**c),
            Block::Grid(grid) => found.extend(&grid.charts),
            _ => {}
        });
        found
    }

    /// All tables, those in groups too, in reading order.
    pub fn tables(&self) -> Vec<&TableBlock> {
        let mut found = Vec::new();
        walk(&self.blocks, &mut |b| {
            if let Block::Table(t) = b {
                found.push(t);
            }
        });
        found
    }

    /// The report with `prefix` before the keys of all its tables and charts.
    pub fn with_keys_after(mut self, prefix: &str) -> Self {
        each_key(&mut self.blocks, &mut |key| key.insert_str(0, prefix));
        self
    }

    /// The report without `prefix` before the keys that begin with it.
    pub fn without_keys_after(mut self, prefix: &str) -> Self {
        each_key(&mut self.blocks, &mut |key| {
            if key.starts_with(prefix) {
                key.drain(..prefix.len());
            }
        });
        self
    }
}

fn each_key(blocks: &mut [Block], change: &mut impl FnMut(&mut String)) {
    for block in blocks {
        match block {
            Block::Text(_) => {}
            Block::Table(table) => change(&mut table.key),
            Block::Chart(chart) => change(&mut chart.key),
            Block::Grid(grid) => grid.charts.iter_mut().for_each(|c| change(&mut c.key)),
            Block::Group(_, inner) => each_key(inner, change),
            Block::ByGroup(group) => each_key(&mut group.report.blocks, change),
        }
    }
}

fn walk<'a>(blocks: &'a [Block], visit: &mut impl FnMut(&'a Block)) {
    for block in blocks {
        visit(block);
        match block {
            Block::Group(_, inner) => walk(inner, visit),
            Block::ByGroup(group) => walk(&group.report.blocks, visit),
            _ => {}
        }
    }
}

impl Grid {
    /// Series are named once, above the grid.
    pub fn new(n_columns: usize, mut charts: Vec<Chart>) -> Self {
        charts.iter_mut().for_each(|c| c.keyless = true);
        Self { n_columns, charts }
    }
}

impl TableBlock {
    pub fn new(key: &str, title: Msg, columns: Vec<Head>) -> Self {
        Self {
            key: key.to_string(),
            title,
            columns,
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// # Panics
    /// When `cells` are not one for each column.
    pub fn row(&mut self, cells: Vec<Cell>) {
        assert_eq!(
            cells.len(),
            self.columns.len(),
            "cells of a row of {}",
            self.key
        );
        self.rows.push(cells);
    }
}

impl Head {
    pub fn new(key: &str, title: Msg, format: Format) -> Self {
        Self {
            key: key.to_string(),
            title,
            format,
        }
    }

    /// A head for names: the first column of most tables.
    pub fn name(key: &str, title: Msg) -> Self {
        Self::new(key, title, Format::General)
    }
}

impl From<TableBlock> for Block {
    fn from(t: TableBlock) -> Self {
        Block::Table(t)
    }
}
impl From<ByGroup> for Block {
    fn from(g: ByGroup) -> Self {
        Block::ByGroup(Box::new(g))
    }
}
impl From<Grid> for Block {
    fn from(grid: Grid) -> Self {
        Block::Grid(grid)
    }
}
impl From<Chart> for Block {
    fn from(c: Chart) -> Self {
        Block::Chart(Box::new(c))
    }
}
impl From<Msg> for Block {
    fn from(m: Msg) -> Self {
        Block::Text(m)
    }
}
impl From<f64> for Cell {
    fn from(v: f64) -> Self {
        Cell::Number(v)
    }
}
impl From<usize> for Cell {
    fn from(v: usize) -> Self {
        Cell::Number(v as f64)
    }
}
impl From<Option<f64>> for Cell {
    fn from(v: Option<f64>) -> Self {
        v.map_or(Cell::Empty, Cell::Number)
    }
}
impl From<&str> for Cell {
    fn from(v: &str) -> Self {
        Cell::Text(v.to_string())
    }
}
impl From<String> for Cell {
    fn from(v: String) -> Self {
        Cell::Text(v)
    }
}
impl From<Msg> for Cell {
    fn from(v: Msg) -> Self {
        Cell::Msg(v)
    }
}
