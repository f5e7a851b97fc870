//! The rows that the page holds: a block at a time, the ones seen longest ago forgotten first.

use std::collections::HashMap;
use std::ops::Range;

use crate::engine::protocol::Rows;

/// Cells that come in one answer: reading them must not be felt.
const CELLS: usize = 4_000;
/// Cells that are held.
const HELD: usize = 400_000;

#[derive(Debug)]
pub struct Blocks {
    /// Rows of a block.
    size: usize,
    limit: usize,
    clock: u64,
    held: HashMap<usize, (u64, Rows)>,
}

impl Blocks {
    pub fn new(n_columns: usize) -> Self {
        let size = (CELLS / n_columns.max(1)).clamp(10, 200);
        Self {
            size,
            limit: (HELD / (size * n_columns.max(1))).max(12),
            clock: 0,
            held: HashMap::new(),
        }
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        self.held.clear();
    }

    /// The first row of a block and how many it has.
    pub fn window(&self, block: usize) -> (usize, usize) {
        (block * self.size, self.size)
    }

    /// A cell; `None` while its block is not here, `Some(None)` when its value is missing.
    pub fn cell(&self, row: usize, column: usize) -> Option<Option<&str>> {
        let (_, rows) = self.held.get(&(row / self.size))?;
        let values = rows.columns.get(column)?;
        values.get(row - rows.start).map(Option::as_deref)
    }

    /// The block to ask for next, so that all of `rows` are here. Those that are here are marked as
    /// seen.
    pub fn wanted(&mut self, rows: Range<usize>) -> Option<usize> {
        if rows.is_empty() {
            return None;
        }
        self.clock += 1;
        let mut missing = None;
        for block in rows.start / self.size..=(rows.end - 1) / self.size {
            match self.held.get_mut(&block) {
                Some((seen, _)) => *seen = self.clock,
                None => missing = missing.or(Some(block)),
            }
        }
        missing
    }

    pub fn put(&mut self, block: usize, rows: Rows) {
        self.clock += 1;
        if self.held.len() >= self.limit
            && let Some(oldest) = self
                .held
                .iter()
                .min_by_key(|(_, (seen, _))| *seen)
                .map(|(block, _)| *block)
        {
            self.held.remove(&oldest);
        }
        self.held.insert(block, (self.clock, rows));
    }

    /// The values of a column that are here.
    pub fn sample(&self, column: usize) -> impl Iterator<Item = &str> {
        self.held
            .values()
            .filter_map(move |(_, rows)| rows.columns.get(column))
            .flatten()
            .filter_map(Option::as_deref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(start: usize, n: usize) -> Rows {
        Rows {
            start,
            columns: vec![
                (start..start + n)
                    .map(|i| (i % 2 == 0).then(|| i.to_string()))
                    .collect(),
            ],
        }
    }

    #[test]
    fn blocks_are_asked_for_once_and_read() {
        let mut blocks = Blocks::new(1);
        assert_eq!(blocks.wanted(190..210), Some(0));
        blocks.put(0, rows(0, 200));
        assert_eq!(blocks.wanted(190..210), Some(1));
        blocks.put(1, rows(200, 50));
        assert_eq!(blocks.wanted(190..210), None);
        assert_eq!(blocks.cell(204, 0), Some(Some("204")));
        assert_eq!(blocks.cell(205, 0), Some(None));
        assert_eq!(blocks.cell(260, 0), None);
        assert_eq!(blocks.wanted(3..3), None);
    }

    #[test]
    fn what_was_seen_longest_ago_is_forgotten() {
        let mut blocks = Blocks::new(200);
        let (limit, size) = (blocks.limit, blocks.size);
        for block in 0..limit {
            blocks.put(block, rows(block * size, size));
        }
        assert_eq!(blocks.wanted(0..1), None);
        blocks.put(limit, rows(limit * size, size));
        assert!(blocks.held.contains_key(&0));
        assert!(!blocks.held.contains_key(&1));
        assert_eq!(blocks.held.len(), limit);
    }
}
