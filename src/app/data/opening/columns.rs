//! The first rows of the file, with what each column is read as.

use leptos::ev::Event;
use leptos::prelude::*;

use crate::app::Workspace;
use crate::app::data::signs::{Reading, Sign};
use crate::msg;
use crate::report::Msg;
use crate::table::ColumnKind;
use crate::table::csv::{ColumnOverride, ImportOptions, Preview, UnderstoodColumn};

type Change = Callback<Box<dyn FnOnce(&mut ImportOptions)>>;

/// Columns that are shown before a file is read.
const MAX_COLUMNS: usize = 120;
/// Cells that are shown.
const MAX_CELLS: usize = 240;

#[component]
pub fn PreviewTable(
    good: Memo<Option<(Preview, Vec<Msg>)>>,
    options: Memo<ImportOptions>,
    set: Change,
) -> impl IntoView {
    let workspace = Workspace::here();
    let names = Memo::new(move |_| {
        good.with(|g| {
            let columns = g.iter().flat_map(|g| &g.0.understood.columns);
            columns
                .take(MAX_COLUMNS)
                .map(|c| c.source_name.clone())
                .enumerate()
                .collect::<Vec<_>>()
        })
    });
    let n_more = move || {
        let n = good.with(|g| g.as_ref().map_or(0, |g| g.0.understood.columns.len()));
        n.saturating_sub(MAX_COLUMNS)
    };
    let rows = move || {
        good.with(|g| {
            let Some((preview, _)) = g else {
                return Vec::new();
            };
            let n_columns = preview.understood.columns.len().clamp(1, MAX_COLUMNS);
            let n_rows = (MAX_CELLS / n_columns).clamp(8, 50);
            let understood = &preview.understood;
            let looks: Vec<(bool, bool)> = understood
                .columns
                .iter()
                .take(MAX_COLUMNS)
                .map(|c| (c.skipped, is_right(c)))
                .collect();
            preview
                .rows
                .iter()
                .take(n_rows)
                .map(|row| {
                    let cells = row.iter().zip(&looks).map(|(text, (skipped, right))| {
                        let is_missing = understood.missing.contains(text);
                        let class = match (skipped, right) {
                            (true, true) => "is-right is-skipped",
                            (true, false) => "is-skipped",
                            (false, true) => "is-right",
                            (false, false) => "",
                        };
                        let text: String = match (is_missing, text.is_empty()) {
                            (_, true) => "–".into(),
                            _ => text.chars().take(80).collect(),
                        };
                        view! { <td class=class class:is-missing=is_missing>{text}</td> }
                    });
                    view! { <tr>{cells.collect_view()}</tr> }
                })
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="preview" tabindex="0" role="region" aria-label=workspace
            .say(msg!("app.data.preview", "The first rows"))>
            <table class="preview-table" data-testid="preview-table">
                <thead>
                    <tr>
                        <For each=move || names.get() key=|(i, name)| (*i, name.clone()) let:column>
                            <ColumnHead
                                at=column.0
                                source_name=column.1
                                good=good
                                options=options
                                set=set
                            />
                        </For>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Show when=move || n_more() != 0>
            <p class="preview-more">
                {move || {
                    msg!(
                        "app.data.more_columns",
                        "{n} more {n|column is|columns are} read as they are found.",
                        n = n_more()
                    )
                        .text(workspace.lang.get())
                }}
            </p>
        </Show>
    }
}

#[component]
fn ColumnHead(
    at: usize,
    source_name: String,
    good: Memo<Option<(Preview, Vec<Msg>)>>,
    options: Memo<ImportOptions>,
    set: Change,
) -> impl IntoView {
    let workspace = Workspace::here();
    let column = Memo::new(move |_| {
        good.with(|g| {
            g.as_ref()
                .and_then(|g| g.0.understood.columns.get(at).cloned())
        })
    });
    let reading = Memo::new(move |_| {
        column.with(|c| match c {
            Some(c) if c.skipped => Reading::LeftOut,
            Some(c) => Reading::of(c.kind, c.measure),
            None => Reading::Text,
        })
    });
    let source = StoredValue::new(source_name.clone());
    let change = move |change: Box<dyn FnOnce(&mut ColumnOverride)>| {
        let source = source.get_value();
        set.run(Box::new(move |o: &mut ImportOptions| {
            let entry = o.columns.entry(source.clone()).or_default();
            change(entry);
            if *entry == ColumnOverride::default() {
                o.columns.remove(&source);
            }
        }));
    };
    let is_changed = move || {
        options.with(|o| {
            let with = source.with_value(|s| o.columns.get(s).cloned());
            with.is_some_and(|c| c.kind.is_some() || c.measure.is_some() || c.skip)
        })
    };
    let rename = move |event: Event| {
        let typed = event_target_value(&event).trim().to_string();
        let keeps = typed.is_empty() || source.with_value(|s| *s == typed);
        change(Box::new(move |c| c.rename = (!keeps).then_some(typed)));
    };
    let choose = move |event: Event| {
        let Some(wanted) = Reading::from_key(&event_target_value(&event)) else {
            return change(Box::new(|c| {
                (c.kind, c.measure, c.skip) = (None, None, false)
            }));
        };
        change(Box::new(move |c| read_as(c, wanted)));
    };
    let name = move || column.with(|c| c.as_ref().map(|c| c.name.clone()).unwrap_or_default());
    let missing = move || {
        let lang = workspace.lang.get();
        column.with(|c| c.as_ref().and_then(missing_words).map(|m| m.text(lang)))
    };
    let spoken = source_name.clone();
    let kind_label = source_name.clone();
    view! {
        <th scope="col" class:is-skipped=move || reading.get() == Reading::LeftOut>
            <span class="preview-name">
                {move || {
                    column
                        .get()
                        .map(|c| view! { <Sign kind=c.kind measure=c.measure /> })
                }}
                <input
                    class="preview-rename"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    title=source_name
                    aria-label=workspace
                        .say(msg!("app.data.rename", "Name of column {name}", name = spoken))
                    data-testid=format!("preview-name-{at}")
                    prop:value=name
                    on:change=rename
                />
            </span>
            <select
                class="field preview-kind"
                class:is-chosen=is_changed
                aria-label=workspace
                    .say(msg!("app.data.read_as", "Read {name} as", name = kind_label))
                data-testid=format!("preview-kind-{at}")
                prop:value=move || reading.get().key()
                on:change=choose
            >
                {Reading::ALL
                    .into_iter()
                    .map(|r| {
                        view! {
                            <option value=r.key() selected=move || reading.get() == r>
                                {workspace.say(r.name())}
                            </option>
                        }
                    })
                    .collect_view()}
                <Show when=is_changed>
                    <option value="">
                        {workspace.say(msg!("app.data.as_found", "As it was found"))}
                    </option>
                </Show>
            </select>
            <span class="preview-missing">{missing}</span>
        </th>
    }
}

/// What the reader is told, so that a column is read as a person wants it.
fn read_as(column: &mut ColumnOverride, wanted: Reading) {
    column.skip = wanted == Reading::LeftOut;
    if !column.skip {
        (column.kind, column.measure) = wanted.held();
    }
}

/// How much is missing among the rows looked at, and by which words.
fn missing_words(column: &UnderstoodColumn) -> Option<Msg> {
    match (column.n_missing, column.missing_seen.as_slice()) {
        (0, _) => None,
        (n, []) => Some(msg!("app.data.n_missing", "{n} missing", n = n)),
        (n, words) => Some(msg!(
            "app.data.n_missing_by",
            "{n} missing: {words}",
            n = n,
            words = words.join(", ")
        )),
    }
}

fn is_right(column: &UnderstoodColumn) -> bool {
    matches!(column.kind, ColumnKind::Float | ColumnKind::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_what_the_reader_is_told() {
        for wanted in Reading::ALL {
            let mut column = ColumnOverride::default();
            read_as(&mut column, wanted);
            assert_eq!(column.skip, wanted == Reading::LeftOut);
            if let (Some(kind), Some(measure)) = (column.kind, column.measure) {
                assert_eq!(Reading::of(kind, measure), wanted);
            }
        }
    }
}
