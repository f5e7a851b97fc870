//! Asking the engine for rows: one block at a time, what is seen first.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lanes::Lanes;
use super::state::{Grid, JUMP};
use crate::engine::protocol::FailureKind;

impl Grid {
    /// Asks for one block that is seen but not here; when it has come, for the next.
    pub(super) fn ask(self) {
        let wanted = self.inner.try_update_value(|g| {
            if g.is_asked || g.parts.is_none() {
                return None;
            }
            let (seen, around) = (g.rail.rows(), g.rail.rows_around(40));
            let block = g.blocks.wanted(seen).or_else(|| g.blocks.wanted(around))?;
            g.is_asked = true;
            let (start, n) = g.blocks.window(block);
            Some((block, g.table.clone(), start, n))
        });
        let Some((block, table, start, n)) = wanted.flatten() else {
            return;
        };
        let labels = self.look.labels.get_untracked();
        spawn_local(async move {
            let Some(client) = self.workspace.ready().await else {
                return;
            };
            let answer = client.rows(&table, start, n, labels).await;
            if self
                .inner
                .try_update_value(|g| g.is_asked = false)
                .is_none()
            {
                return;
            }
            if self.look.labels.get_untracked() != labels {
                return self.ask();
            }
            match answer {
                Ok(rows) => {
                    self.inner.try_update_value(|g| g.blocks.put(block, rows));
                    if self.trouble.get_untracked().is_some() {
                        self.trouble.set(None);
                    }
                    self.fit_all();
                    self.arrived.update(|n| *n += 1);
                    self.draw();
                }
                // The engine was started anew by something else: its tables are still there.
                Err(failure) if failure.kind == FailureKind::Cancelled => {
                    set_timeout(move || self.ask(), JUMP);
                }
                Err(failure) => self.trouble.set(Some(failure)),
            }
        });
    }

    /// Widens columns by the first rows that came.
    fn fit_all(self) {
        let is_first = self
            .inner
            .try_update_value(|g| !std::mem::replace(&mut g.is_fitted, true));
        if is_first != Some(true) {
            return;
        }
        self.lanes.update(|l| {
            self.inner.with_value(|g| {
                for column in 0..l.n() {
                    let texts = g.blocks.sample(column).take(60);
                    l.fit(column, texts, Lanes::max_chosen());
                }
            });
        });
        self.inner.try_update_value(|g| {
            if let Some(parts) = &mut g.parts {
                parts.body.widths_changed();
            }
        });
    }
}
