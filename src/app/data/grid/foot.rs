//! The line below the grid: where one is, what is marked, and a way to any row.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::search::Search;
use super::state::Grid;
use super::summary::{summary, words};
use crate::msg;
use crate::spec::ColumnInfo;

#[component]
pub fn Foot(
    grid: Grid,
    columns: StoredValue<Vec<ColumnInfo>>,
    find: NodeRef<html::Input>,
) -> impl IntoView {
    let workspace = grid.workspace();
    let summed = summary(grid);
    let n_rows = grid.n_rows();
    let place = move || {
        let rows = grid.rows.get();
        if rows.is_empty() {
            return String::new();
        }
        msg!(
            "app.data.place",
            "Rows {from}–{to} of {n}",
            from = rows.start + 1,
            to = rows.end,
            n = n_rows
        )
        .text(workspace.lang.get())
    };
    // The value of the active cell in full, or the size of what is marked.
    let marked = move || {
        grid.arrived.track();
        let marked = grid.marked.get()?;
        let lang = workspace.lang.get();
        if !marked.is_one() {
            let size = msg!(
                "app.data.marked",
                "{rows} × {columns} cells",
                rows = marked.rows().count(),
                columns = marked.columns().count()
            );
            let sum = summed.get().filter(|(of, _)| *of == marked);
            return Some((
                size.text(lang),
                sum.map(|(_, s)| words(&s).text(lang)).unwrap_or_default(),
            ));
        }
        let (row, column) = marked.active;
        let name = columns.with_value(|c| c.get(column).map(|c| c.name.clone()))?;
        let value = match grid.value(row, column)? {
            Some(text) => text.chars().take(2000).collect(),
            None => msg!("app.data.missing", "missing").text(lang),
        };
        Some((name, value))
    };
    let input = NodeRef::<html::Input>::new();
    let go = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else {
            return;
        };
        let digits: String = input.value().chars().filter(char::is_ascii_digit).collect();
        if let Ok(row) = digits.parse::<usize>()
            && n_rows > 0
        {
            grid.go_to(row.clamp(1, n_rows) - 1);
            input.set_value("");
        }
    };
    let label = workspace.say(msg!("app.data.go_to", "Go to row"));
    view! {
        <div class="grid-foot">
            <span class="grid-place" data-testid="grid-place">{place}</span>
            <span class="grid-value" data-testid="grid-value">
                {move || {
                    marked()
                        .map(|(name, value)| {
                            view! {
                                <span class="grid-value-name">{name}</span>
                                " "
                                <span class="grid-value-text">{value}</span>
                            }
                        })
                }}
            </span>
            <Search grid=grid field=find />
            <form class="grid-go" on:submit=go>
                <input
                    node_ref=input
                    class="field grid-go-field"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-label=label.clone()
                    placeholder=label
                    data-testid="go-to-row"
                />
            </form>
        </div>
    }
}
