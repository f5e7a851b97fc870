//! Results of earlier options: when a change is undone, the answer is there without a run.

use std::collections::VecDeque;

use leptos::prelude::*;

use super::Workspace;
use crate::notebook::{CellResult, Graph, History, Outcome};

/// The most earlier results that are held.
const LIMIT: usize = 16;

/// Cells and what they gave before, the oldest first.
#[derive(Default)]
pub struct Past(VecDeque<(String, CellResult)>);

impl Past {
    fn put(&mut self, cell: &str, result: CellResult) {
        if matches!(result.outcome, Outcome::Failed { .. }) {
            return;
        }
        self.0
            .retain(|(c, r)| c != cell || r.fingerprint != result.fingerprint);
        self.0.push_back((cell.to_string(), result));
        if self.0.len() > LIMIT {
            self.0.pop_front();
        }
    }

    fn take(&mut self, cell: &str, fingerprint: &str) -> Option<CellResult> {
        let at = self
            .0
            .iter()
            .position(|(c, r)| c == cell && r.fingerprint == fingerprint)?;
        self.0.remove(at).map(|(_, result)| result)
    }
}

impl Workspace {
    /// Puts a result in the place of the cell's last one, which is held for a while.
    pub(super) fn put_result(self, cell: &str, result: CellResult) {
        // What has been answered can be gone back to.
        self.history.update_untracked(History::settle);
        let before = self
            .results
            .try_update(|r| r.insert(cell.to_string(), result))
            .flatten();
        if let Some(before) = before {
            self.past.update_value(|p| p.put(cell, before));
        }
    }

    /// Brings back the earlier results that fit the notebook as it stands.
    pub(super) fn recall(self) {
        let cells: Vec<String> = self
            .notebook
            .with_untracked(|n| n.cells.iter().map(|c| c.id.clone()).collect());
        for cell in cells {
            let fingerprint = self
                .notebook
                .with_untracked(|n| Graph::new(n).step(&cell).map(|s| s.fingerprint));
            let is_current = self
                .results
                .with_untracked(|r| r.get(&cell).map(|r| &r.fingerprint) == fingerprint.as_ref());
            let Some(fingerprint) = fingerprint.filter(|_| !is_current) else {
                continue;
            };
            let found = self
                .past
                .try_update_value(|p| p.take(&cell, &fingerprint))
                .flatten();
            if let Some(result) = found {
                self.put_result(&cell, result);
            }
        }
    }

    /// The tables that the earlier results made, by their ids.
    pub(super) fn past_tables(self) -> Vec<String> {
        let of = |result: &CellResult| match &result.outcome {
            Outcome::Done { tables, .. } => tables
                .keys()
                .map(|output| format!("{}-{output}", result.fingerprint))
                .collect(),
            Outcome::Failed { .. } => Vec::new(),
        };
        self.past
            .with_value(|p| p.0.iter().flat_map(|(_, r)| of(r)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;

    fn result(fingerprint: &str) -> CellResult {
        CellResult {
            fingerprint: fingerprint.into(),
            outcome: Outcome::Done {
                report: Report::default(),
                tables: Default::default(),
            },
            ms: 1.0,
        }
    }

    #[test]
    fn the_oldest_go_first() {
        let mut past = Past::default();
        for i in 0..=LIMIT {
            past.put("a", result(&i.to_string()));
        }
        past.put("b", result("1"));
        assert!(past.take("a", "0").is_none());
        assert!(past.take("a", "1").is_none());
        assert_eq!(past.take("a", "2"), Some(result("2")));
        assert!(past.take("a", "2").is_none());
        assert!(past.take("b", "1").is_some());
    }
}
