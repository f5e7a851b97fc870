//! A table of results on the page.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::export;
use super::save::{copy_table, copy_text, save_text};
use crate::app::Workspace;
use crate::app::ui::{Icon, Menu, MenuItem};
use crate::msg;
use crate::report::{Cell, Lang, TableBlock};

/// Rows shown at once.
const PAGE: usize = 50;
/// A single row of more numbers than this reads better as names and values.
const FACTS: usize = 5;
/// The letters of a row's name that stand on one line.
const NAME: usize = 28;

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

    let are_facts = n_rows == 1 && table.columns.len() > FACTS && numeric[0];
    let content = if are_facts {
        view! { <Facts table=table.clone() /> }.into_any()
    } else {
        view! { <Rows table=table.clone() numeric start /> }.into_any()
    };
    let notes = table
        .notes
        .iter()
        .map(|note| view! { <p class="table-note">{workspace.say(note.clone())}</p> });
    let notes = notes.collect_view();
    let key = table.key.clone();

    view! {
        <div class="result-table" data-testid=format!("result-table-{key}")>
            {content}
            <Show when=move || { n_rows > PAGE }>
                <Pager start n_rows />
            </Show>
            {notes}
            <div class="result-tools">
                <Tools table=table.clone() stem=stem.clone() />
            </div>
        </div>
    }
}

/// A single row: each value below its name.
#[component]
fn Facts(table: Arc<TableBlock>) -> impl IntoView {
    let workspace = Workspace::here();
    let title = workspace.say(table.title.clone());
    let facts = (0..table.columns.len()).map(|j| {
        let table = table.clone();
        let name = workspace.say(table.columns[j].title.clone());
        let value = move || table.rows[0][j].text(&table.columns[j], workspace.lang.get());
        view! {
            <div class="result-fact">
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! {
        <p class="result-title">{title}</p>
        <dl class="result-facts">{facts.collect_view()}</dl>
    }
}

/// A head and rows, a page of them at a time.
#[component]
fn Rows(table: Arc<TableBlock>, numeric: Arc<[bool]>, start: RwSignal<usize>) -> impl IntoView {
    let workspace = Workspace::here();
    let n_rows = table.rows.len();
    let title = workspace.say(table.title.clone());
    let head = {
        let cells = table.columns.iter().zip(numeric.iter());
        let cells = cells.map(|(head, &number)| {
            view! { <th scope="col" class:num=number>{workspace.say(head.title.clone())}</th> }
        });
        cells.collect_view()
    };
    let body = move || {
        let lang = workspace.lang.get();
        let from = start.get();
        let texts: Vec<Vec<String>> = table.rows[from..(from + PAGE).min(n_rows)]
            .iter()
            .map(|row| text_row(&table, row, lang))
            .collect();
        let most = |j: usize| texts.iter().filter_map(|r| decimals(&r[j])).max();
        let most: Vec<Option<usize>> = (0..numeric.len()).map(most).collect();
        let rows = texts.into_iter().map(|row| body_row(row, &numeric, &most));
        rows.collect_view()
    };
    view! {
        <div class="result-scroll" tabindex="0" role="group" aria-label=title.clone()>
            <table>
                <caption>{title.clone()}</caption>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

fn text_row(table: &TableBlock, row: &[Cell], lang: Lang) -> Vec<String> {
    let cells = row.iter().zip(&table.columns);
    cells.map(|(cell, head)| cell.text(head, lang)).collect()
}

/// `most` are the most decimals of each column: points stand below points.
fn body_row(row: Vec<String>, numeric: &[bool], most: &[Option<usize>]) -> impl IntoView + use<> {
    let cells = row.into_iter().enumerate().map(|(j, text)| {
        if j == 0 && !numeric[0] && !text.is_empty() {
            let is_short = text.chars().count() <= NAME;
            return view! { <th scope="row" class:is-short=is_short>{text}</th> }.into_any();
        }
        let pad = most[j]
            .zip(decimals(&text))
            .map(|(most, n)| padding(n, most));
        let pad = pad.filter(|_| numeric[j]).filter(|p| !p.is_empty());
        view! { <td class:num=numeric[j] data-pad=pad>{text}</td> }.into_any()
    });
    view! { <tr>{cells.collect_view()}</tr> }
}

/// The decimals of a number that ends with its digits; `None` for anything else.
fn decimals(text: &str) -> Option<usize> {
    let is_number = text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains('×');
    is_number.then(|| text.rsplit_once('.').map_or(0, |(_, d)| d.len()))
}

/// What a number of `n` decimals lacks behind it, beside one with `most`.
fn padding(n: usize, most: usize) -> String {
    let point = if n == 0 && most > 0 { "." } else { "" };
    format!("{point}{}", "0".repeat(most - n))
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
    let more_label = workspace.say(msg!(
        "app.output.copy_table_as",
        "More forms of the table {table}",
        table = table.title.clone()
    ));
    let copy = {
        let table = table.clone();
        move |_| {
            let lang = workspace.lang.get_untracked();
            let (tsv, html) = (export::tsv(&table, lang), export::html(&table, lang));
            spawn_local(async move { tell_copied(workspace, copy_table(&tsv, &html).await) });
        }
    };
    let copy_source = StoredValue::new(table.clone());
    let copy_source = move |write: fn(&TableBlock, Lang) -> String| {
        let text = copy_source.with_value(|t| write(t, workspace.lang.get_untracked()));
        spawn_local(async move { tell_copied(workspace, copy_text(&text).await) });
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
        <Menu label=more_label icon=Icon::ChevronDown small=true end=true>
            <MenuItem
                label=workspace.say(msg!("app.output.copy_markdown", "Copy as Markdown"))
                on_select=move |()| copy_source(export::markdown)
            />
            <MenuItem
                label=workspace.say(msg!("app.output.copy_html", "Copy as HTML"))
                on_select=move |()| copy_source(export::html)
            />
            <MenuItem
                label=workspace.say(msg!("app.output.copy_latex", "Copy as LaTeX"))
                on_select=move |()| copy_source(export::latex)
            />
        </Menu>
    }
}

/// Says whether a copy stands on the clipboard.
pub fn tell_copied(workspace: Workspace, is_copied: bool) {
    if is_copied {
        workspace.tell(msg!("app.output.copied", "Copied."));
    } else {
        workspace.complain(msg!(
            "app.output.not_copied",
            "The browser did not allow copying. Save a file instead."
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_below_points() {
        let check = |text, expected: Option<&str>| {
            let found = decimals(text).map(|n| padding(n, 3));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("48.209", Some(""));
        check("−5,433.5", Some("00"));
        check("12", Some(".000"));
        check("< 0.001", Some(""));
        check("38.6%", None);
        check("1.5 × 10⁻⁹", None);
        check("", None);
    }
}
