//! What the marked cells sum up to.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::marked::Marked;
use super::state::Grid;
use crate::engine::protocol::{Cells, Summary};
use crate::msg;
use crate::report::{Format, Msg};

/// Marking rests this long before the engine is asked.
const REST: Duration = Duration::from_millis(120);

/// The sum of what is marked, once the engine has told it; follows the marking.
pub fn summary(grid: Grid) -> RwSignal<Option<(Marked, Summary)>> {
    let found = RwSignal::new(None);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move || {
        let marked = grid.marked.get().filter(|m| !m.is_one());
        found.set(None);
        timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
            *timer = marked
                .and_then(|m| set_timeout_with_handle(move || ask(grid, m, found), REST).ok());
        });
    });
    found
}

fn ask(grid: Grid, marked: Marked, found: RwSignal<Option<(Marked, Summary)>>) {
    spawn_local(async move {
        let Some(client) = grid.workspace().ready().await else {
            return;
        };
        let cells = Cells {
            rows: marked.rows().into_inner(),
            columns: marked.columns().into_inner(),
        };
        // Without an answer the size of what is marked is still told.
        if let Ok(summary) = client.summarise(&grid.table(), cells).await
            && grid.marked.try_get_untracked().flatten() == Some(marked)
        {
            found.set(Some((marked, summary)));
        }
    });
}

/// The summary in words.
pub fn words(summary: &Summary) -> Msg {
    let number = |x: f64| (x, Format::Significant(6));
    let Some((low, high)) = summary.range else {
        return msg!("app.data.sum_count", "count {n}", n = summary.n);
    };
    msg!(
        "app.data.sum",
        "count {n} · sum {sum} · mean {mean} · {low} to {high}",
        n = summary.n,
        sum = number(summary.sum),
        mean = number(summary.sum / summary.n_numbers as f64),
        low = number(low),
        high = number(high)
    )
}
