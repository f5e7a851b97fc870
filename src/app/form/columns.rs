//! Columns of a table: one from a list, or several from a checklist.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::entry::Entry;
use super::values::{list, matching, names, show, why_misfit, with_name};
use crate::app::data::Sign;
use crate::msg;
use crate::spec::{ColumnInfo, Fits};

/// More columns than this get a search.
const SEARCH_FROM: usize = 8;

/// One column; those that do not fit stand below, with the reason.
#[component]
pub fn ColumnChoice(
    entry: Entry,
    accepts: Fits,
    optional: bool,
    input: &'static str,
) -> impl IntoView {
    let workspace = entry.form.workspace;
    let value = Memo::new(move |_| entry.value.with(show));
    let columns = Memo::new(move |_| entry.form.columns(input).unwrap_or_default());
    let options = move || {
        let (fit, misfit): (Vec<_>, Vec<_>) =
            columns.get().into_iter().partition(|c| c.fits(accepts));
        let is_known = fit.iter().any(|c| value.with(|v| *v == c.name));
        let other = value.get();
        let other = (!other.is_empty() && !is_known)
            .then(|| view! { <option value=other.clone() selected=true>{other.clone()}</option> });
        let fit = fit.into_iter().map(|c| {
            let is_chosen = value.with(|v| *v == c.name);
            view! { <option value=c.name.clone() selected=is_chosen>{c.name.clone()}</option> }
        });
        let why = why_misfit(accepts).text(workspace.lang.get());
        let misfits = (!misfit.is_empty()).then(|| {
            let misfit = misfit
                .into_iter()
                .map(|c| view! { <option disabled=true>{c.name}</option> });
            view! { <optgroup label=why>{misfit.collect_view()}</optgroup> }
        });
        let (fit, other) = (fit.collect_view(), other);
        view! {
            {other}
            {fit}
            {misfits}
        }
    };
    view! {
        <select
            class="field"
            id=entry.id()
            data-testid=entry.test_id()
            aria-describedby=entry.described_by()
            aria-invalid=move || entry.is_wrong().then_some("true")
            prop:value=move || value.get()
            on:change=move |event| {
                let name = event_target_value(&event);
                entry.set(if name.is_empty() { Value::Null } else { json!(name) });
            }
        >
            <option value="" selected=move || value.with(String::is_empty)>
                {workspace.say(if optional {
                    msg!("app.form.none", "None")
                } else {
                    msg!("app.form.choose_column", "Choose a column")
                })}
            </option>
            {options}
        </select>
    }
}

/// Several columns: those chosen as chips, all that fit in a checklist.
#[component]
pub fn ColumnsPicker(
    entry: Entry,
    accepts: Fits,
    max: usize,
    input: &'static str,
) -> impl IntoView {
    let workspace = entry.form.workspace;
    let chosen = Memo::new(move |_| entry.value.with(names));
    let columns = Memo::new(move |_| entry.form.columns(input).unwrap_or_default());
    let fitting = Memo::new(move |_| {
        columns.with(|c| {
            c.iter()
                .filter(|c| c.fits(accepts))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let is_open = RwSignal::new(chosen.with_untracked(Vec::is_empty));
    let id = entry.id();
    let panel = format!("{id}-panel");
    view! {
        <div
            class="columns"
            role="group"
            id=id.clone()
            data-testid=entry.test_id()
            aria-labelledby=format!("{id}-title")
            aria-describedby=entry.described_by()
        >
            <Show when=move || chosen.with(|c| !c.is_empty())>
                <ul class="chips">
                    <For each=move || chosen.get() key=|name| name.clone() let:name>
                        <Chip entry name columns accepts />
                    </For>
                </ul>
            </Show>
            <button
                type="button"
                class="columns-toggle"
                aria-expanded=move || is_open.get().to_string()
                aria-controls=panel.clone()
                on:click=move |_| is_open.update(|o| *o = !*o)
            >
                {move || {
                    let text = match (is_open.get(), chosen.with(Vec::is_empty)) {
                        (true, _) => msg!("app.form.close_columns", "Close the list"),
                        (false, true) => msg!("app.form.open_columns", "Choose columns"),
                        (false, false) => msg!("app.form.change_columns", "Change columns"),
                    };
                    text.text(workspace.lang.get())
                }}
            </button>
            <div id=panel>
                <Show when=move || is_open.get()>
                    <Checklist entry chosen fitting max />
                    <Misfits entry columns accepts />
                </Show>
            </div>
        </div>
    }
}

#[component]
fn Chip(
    entry: Entry,
    name: String,
    columns: Memo<Vec<ColumnInfo>>,
    accepts: Fits,
) -> impl IntoView {
    let workspace = entry.form.workspace;
    let column = {
        let name = name.clone();
        Memo::new(move |_| columns.with(|all| all.iter().find(|c| c.name == name).cloned()))
    };
    let is_misfit = move || {
        columns.with(|all| !all.is_empty())
            && column.with(|c| c.as_ref().is_none_or(|c| !c.fits(accepts)))
    };
    let label = workspace.say(msg!("app.form.remove", "Remove {name}", name = &name));
    let remove = {
        let name = name.clone();
        move |_| entry.set(entry.value.with_untracked(|v| with_name(v, &name, false)))
    };
    view! {
        <li class="chip" class:is-wrong=is_misfit>
            {move || column.get().map(|column| view! { <Sign kind=column.kind measure=column.measure /> })}
            <span class="chip-name">{name}</span>
            <button type="button" class="chip-remove" aria-label=label on:click=remove>
                "×"
            </button>
        </li>
    }
}

#[component]
fn Checklist(
    entry: Entry,
    chosen: Memo<Vec<String>>,
    fitting: Memo<Vec<ColumnInfo>>,
    max: usize,
) -> impl IntoView {
    let workspace = entry.form.workspace;
    let query = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        fitting.with(|f| matching(f, &query.get()).cloned().collect::<Vec<_>>())
    });
    let is_full = move || chosen.with(Vec::len) >= max;
    let n_fitting = move || fitting.with(Vec::len);
    let all = move |_| {
        let names =
            fitting.with_untracked(|f| f.iter().take(max).map(|c| c.name.clone()).collect());
        entry.set(list(names));
    };
    let search_label = workspace.say(msg!("app.form.search_columns", "Search columns"));
    view! {
        <Show when=move || { n_fitting() > SEARCH_FROM }>
            <input
                type="search"
                class="field columns-search"
                placeholder=search_label.clone()
                aria-label=search_label.clone()
                prop:value=move || query.get()
                on:input=move |event| query.set(event_target_value(&event))
            />
        </Show>
        <div class="columns-actions">
            <Show when=move || { n_fitting() > 1 }>
                <button type="button" class="button button-quiet button-small" on:click=all>
                    {move || {
                        msg!("app.form.all_fitting", "All that fit ({n})", n = n_fitting().min(max))
                            .text(workspace.lang.get())
                    }}
                </button>
            </Show>
            <Show when=move || chosen.with(|c| !c.is_empty())>
                <button type="button" class="button button-quiet button-small" on:click=move |_| entry.set(Value::Null)>
                    {workspace.say(msg!("app.form.no_columns", "None of them"))}
                </button>
            </Show>
        </div>
        <ul class="columns-list">
            <For each=move || shown.get() key=|column| (column.name.clone(), column.measure) let:column>
                <Item entry column chosen is_full=Signal::derive(is_full) />
            </For>
        </ul>
        <Show when=move || shown.with(Vec::is_empty)>
            <p class="columns-none">
                {move || {
                    let text = if n_fitting() == 0 {
                        msg!("app.form.no_fitting", "The table has no column that fits here.")
                    } else {
                        msg!("app.form.no_match", "No column has this in its name.")
                    };
                    text.text(workspace.lang.get())
                }}
            </p>
        </Show>
    }
}

#[component]
fn Item(
    entry: Entry,
    column: ColumnInfo,
    chosen: Memo<Vec<String>>,
    is_full: Signal<bool>,
) -> impl IntoView {
    let workspace = entry.form.workspace;
    let name = StoredValue::new(column.name.clone());
    let is_chosen = Memo::new(move |_| chosen.with(|c| name.with_value(|name| c.contains(name))));
    let detail = {
        let (n_levels, n_missing) = (column.levels.as_ref().map(Vec::len), column.n_missing);
        move || {
            let lang = workspace.lang.get();
            let levels = n_levels.map(|n| msg!("app.form.n_values", "{n} {n|value|values}", n = n));
            let missing =
                (n_missing > 0).then(|| msg!("app.form.n_missing", "{n} missing", n = n_missing));
            levels
                .into_iter()
                .chain(missing)
                .map(|m| m.text(lang))
                .collect::<Vec<_>>()
                .join(" · ")
        }
    };
    view! {
        <li>
            <label class="columns-item">
                <input
                    type="checkbox"
                    prop:checked=move || is_chosen.get()
                    disabled=move || is_full.get() && !is_chosen.get()
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        let value = entry.value.with_untracked(|v| name.with_value(|n| with_name(v, n, on)));
                        entry.set(value);
                    }
                />
                <Sign kind=column.kind measure=column.measure />
                <span class="columns-name">{column.name}</span>
                <span class="columns-detail">{detail}</span>
            </label>
        </li>
    }
}

/// The columns that are not offered, and why.
#[component]
fn Misfits(entry: Entry, columns: Memo<Vec<ColumnInfo>>, accepts: Fits) -> impl IntoView {
    let workspace = entry.form.workspace;
    let misfits = Memo::new(move |_| {
        columns.with(|all| {
            all.iter()
                .filter(|c| !c.fits(accepts))
                .map(|c| c.name.clone())
                .collect::<Vec<_>>()
        })
    });
    let text = move || {
        let names = misfits.get();
        msg!(
            "app.form.misfits",
            "Not offered, {why}: {names}.",
            why = why_misfit(accepts),
            names = names
        )
        .text(workspace.lang.get())
    };
    view! {
        <Show when=move || misfits.with(|m| !m.is_empty())>
            <p class="columns-misfits">{text}</p>
        </Show>
    }
}
