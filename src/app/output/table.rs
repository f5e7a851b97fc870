//! A table of results on the page.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::export;
use super::save::{copy_table, save_text};
use crate::app::Workspace;
use crate::msg;
use crate::report::{Cell, Lang, TableBlock};

/// Rows shown at once.
const PAGE: usize = 50;

/// A table with its caption and notes, and buttons to copy and to save it. `stem` begins the names
/// of saved files.
#[component]
pub fn TableOf(table: Arc<TableBlock>, #[prop(into)] stem: String) -> impl IntoView {
    let workspace = Workspace::here();
    let start = RwSignal::new(0_usize);
    let n_rows = table.rows.len();
    let numeric: Arc<[bool]> = (0..table.columns.len())
        .map(|j| table.rows.iter().any(|r| r[j].is_number()))
        .collect();

    let title = workspace.say(table.title.clone());
    let head =
        {
            let numeric = numeric.clone();
            let cells = table.columns.iter().zip(numeric.iter()).map(|(head, &number)| {
            view! { <th scope="col" class:num=number>{workspace.say(head.title.clone())}</th> }
        });
            cells.collect_view()
        };
    let body = {
        let (table, numeric) = (table.clone(), numeric.clone());
        move || {
            let lang = workspace.lang.get();
            let from = start.get();
            let rows = table.rows[from..(from + PAGE).min(n_rows)].iter();
            rows.map(|row| body_row(&table, row, &numeric, lang))
                .collect_view()
        }
    };
    let notes = table
        .notes
        .iter()
        .map(|note| view! { <p class="table-note">{workspace.say(note.clone())}</p> });
    let notes = notes.collect_view();
    let key = table.key.clone();

    view! {
        <div class="result-table" data-testid=format!("result-table-{key}")>
            <div class="result-scroll" tabindex="0" role="group" aria-label=title>
                <table>
                    <caption>{title.clone()}</caption>
                    <thead>
                        <tr>{head}</tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <div class="result-foot">
                <Show when=move || { n_rows > PAGE }>
                    <Pager start n_rows />
                </Show>
                <div class="result-tools">
                    <Tools table=table.clone() stem=stem.clone() />
                </div>
            </div>
            {notes}
        </div>
    }
}

fn body_row(
    table: &TableBlock,
    row: &[Cell],
    numeric: &[bool],
    lang: Lang,
) -> impl IntoView + use<> {
    let cells = row
        .iter()
        .zip(&table.columns)
        .enumerate()
        .map(|(j, (cell, head))| {
            let text = cell.text(head, lang);
            let is_name = j == 0 && !numeric[0] && !text.is_empty();
            if is_name {
                view! { <th scope="row">{text}</th> }.into_any()
            } else {
                view! { <td class:num=numeric[j]>{text}</td> }.into_any()
            }
        });
    view! { <tr>{cells.collect_view()}</tr> }
}

#[component]
fn Pager(start: RwSignal<usize>, n_rows: usize) -> impl IntoView {
    let workspace = Workspace::here();
    let where_now = move || {
        let from = start.get();
        msg!(
            "app.output.page",
            "Rows {from} to {to} of {n}",
            from = from + 1,
            to = (from + PAGE).min(n_rows),
            n = n_rows
        )
        .text(workspace.lang.get())
    };
    view! {
        <div class="pager">
            <button
                type="button"
                class="button button-quiet button-small"
                disabled=move || start.get() == 0
                on:click=move |_| start.update(|s| *s = s.saturating_sub(PAGE))
            >
                {workspace.say(msg!("app.output.previous", "Previous"))}
            </button>
            <span aria-live="polite">{where_now}</span>
            <button
                type="button"
                class="button button-quiet button-small"
                disabled=move || { start.get() + PAGE >= n_rows }
                on:click=move |_| start.update(|s| *s += PAGE)
            >
                {workspace.say(msg!("app.output.next", "Next"))}
            </button>
        </div>
    }
}

#[component]
fn Tools(table: Arc<TableBlock>, stem: String) -> impl IntoView {
    let workspace = Workspace::here();
    let copy_label = workspace.say(msg!(
        "app.output.copy_table",
        "Copy the table {table}",
        table = table.title.clone()
    ));
    let csv_label = workspace.say(msg!(
        "app.output.csv_table",
        "Save the table {table} as CSV",
        table = table.title.clone()
    ));
    let copy = {
        let table = table.clone();
        move |_| {
            let lang = workspace.lang.get_untracked();
            let (tsv, html) = (export::tsv(&table, lang), export::html(&table, lang));
            spawn_local(async move {
                if copy_table(&tsv, &html).await {
                    workspace.tell(msg!("app.output.copied", "Copied."));
                } else {
                    workspace.complain(msg!(
                        "app.output.not_copied",
                        "The browser did not allow copying. Save a file instead."
                    ));
                }
            });
        }
    };
    let csv = move |_| {
        let text = export::csv(&table, workspace.lang.get_untracked());
        save_text(
            &text,
            &export::file_name(&[&stem, &table.key], "csv"),
            "text/csv;charset=utf-8",
        );
    };
    view! {
        <button type="button" class="button button-quiet button-small" aria-label=copy_label on:click=copy>
            {workspace.say(msg!("app.output.copy", "Copy"))}
        </button>
        <button type="button" class="button button-quiet button-small" aria-label=csv_label on:click=csv>
            "CSV"
        </button>
    }
}
