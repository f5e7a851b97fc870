//! What a cell reads and what it makes; what is known of a table.

use leptos::prelude::*;

use super::entry::Form;
use super::values::parse_number;
use crate::app::Workspace;
use crate::app::data::{Reading, Sign};
use crate::app::workspace::Selection;
use crate::msg;
use crate::notebook::{Graph, TableRef};
use crate::spec::{InputSpec, OutputSpec};

/// A list for each table that the analysis reads; nothing when there is nothing to choose.
#[component]
pub fn Inputs(form: Form) -> impl IntoView {
    let choices = Memo::new(move |_| form.cell.with_value(|cell| readable(form.workspace, cell)));
    let is_choice = Memo::new(move |_| {
        let is_unset = form
            .spec
            .inputs
            .iter()
            .any(|i| !i.optional && connected(form, i).is_none());
        form.spec.inputs.len() > 1 || choices.with(Vec::len) > 1 || is_unset
    });
    view! {
        <Show when=move || is_choice.get()>
            {form.spec.inputs.iter().map(|input| view! { <OneInput form input choices /> }).collect_view()}
        </Show>
    }
}

#[component]
fn OneInput(form: Form, input: &'static InputSpec, choices: Memo<Vec<String>>) -> impl IntoView {
    let workspace = form.workspace;
    let id = format!("input-{}-{}", form.cell.get_value(), input.name);
    let value = Memo::new(move |_| connected(form, input).unwrap_or_default());
    let is_gone = move || value.with(|v| !v.is_empty() && !choices.with(|c| c.contains(v)));
    let options = move || {
        let gone = is_gone().then(|| value.get());
        let names = gone.into_iter().chain(choices.get());
        names
            .map(|name| {
                let is_chosen = value.with(|v| *v == name);
                view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
            })
            .collect_view()
    };
    let problem = move || {
        let text = if is_gone() {
            msg!(
                "app.form.table_gone",
                "There is no table “{name}” any more. Choose another.",
                name = value.get()
            )
        } else if value.with(String::is_empty) && !input.optional {
            msg!(
                "app.form.table_needed",
                "Choose the table that this cell reads."
            )
        } else {
            return None;
        };
        Some(text.text(workspace.lang.get()))
    };
    view! {
        <div class="option">
            <div class="option-head">
                <label class="option-title" for=id.clone()>
                    {workspace.say(form.spec.input_title(input))}
                </label>
            </div>
            <select
                class="field"
                id=id.clone()
                data-testid=format!("input-{}", input.name)
                aria-describedby=format!("{id}-error")
                prop:value=move || value.get()
                on:change=move |event| {
                    let name = event_target_value(&event);
                    form.cell.with_value(|cell| workspace.set_input(cell, input.name, &name));
                }
            >
                <option value="" selected=move || value.with(String::is_empty)>
                    {workspace.say(if input.optional {
                        msg!("app.form.none", "None")
                    } else {
                        msg!("app.form.choose_table", "Choose a table")
                    })}
                </option>
                {options}
            </select>
            <p class="option-error" id=format!("{id}-error") aria-live="polite">
                {problem}
            </p>
        </div>
    }
}

/// The tables that the cell makes, each with a name that can be changed.
#[component]
pub fn Outputs(form: Form) -> impl IntoView {
    let workspace = form.workspace;
    if form.spec.outputs.is_empty() {
        return ().into_any();
    }
    let outputs = form
        .spec
        .outputs
        .iter()
        .map(|output| view! { <OneOutput form output /> });
    view! {
        <fieldset class="form-section">
            <legend>{workspace.say(msg!("app.form.makes", "Makes"))}</legend>
            {outputs.collect_view()}
        </fieldset>
    }
    .into_any()
}

#[component]
fn OneOutput(form: Form, output: &'static OutputSpec) -> impl IntoView {
    let workspace = form.workspace;
    let id = format!("output-{}-{}", form.cell.get_value(), output.name);
    let name = Memo::new(move |_| {
        form.call
            .with(|c| c.as_ref().and_then(|c| c.outputs.get(output.name).cloned()))
            .unwrap_or_default()
    });
    let rename = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        let now = name.get_untracked();
        if typed.trim().is_empty() || now.is_empty() {
            name.with_untracked(|n| event_target::<web_sys::HtmlInputElement>(&event).set_value(n));
        } else if typed.trim() != now {
            workspace.rename_table(&now, typed.trim());
        }
    };
    view! {
        <div class="option">
            <div class="option-head">
                <label class="option-title" for=id.clone()>
                    {workspace.say(form.spec.output_title(output))}
                </label>
            </div>
            <input
                type="text"
                class="field"
                autocomplete="off"
                id=id
                data-testid=format!("output-{}", output.name)
                aria-label=workspace.say(
                    msg!("app.form.table_name", "Name of the table: {output}", output = form.spec.output_title(output)),
                )
                prop:value=move || name.get()
                on:change=rename
            />
        </div>
    }
}

/// The seed of the run's random numbers.
#[component]
pub fn Seed(form: Form) -> impl IntoView {
    let workspace = form.workspace;
    let id = format!("seed-{}", form.cell.get_value());
    let seed = Memo::new(move |_| form.call.with(|c| c.as_ref().map_or(1, |c| c.seed)));
    let set = move |event: web_sys::Event| {
        let typed = parse_number(&event_target_value(&event), true);
        match typed.as_u64() {
            Some(seed) => form.cell.with_value(|cell| workspace.set_seed(cell, seed)),
            None => event_target::<web_sys::HtmlInputElement>(&event)
                .set_value(&seed.get_untracked().to_string()),
        }
    };
    view! {
        <div class="option">
            <div class="option-head">
                <label class="option-title" for=id.clone()>
                    {workspace.say(msg!("app.form.seed", "Seed"))}
                </label>
            </div>
            <input
                type="text"
                class="field"
                inputmode="numeric"
                autocomplete="off"
                id=id.clone()
                data-testid="option-seed"
                aria-describedby=format!("{id}-help")
                prop:value=move || seed.get().to_string()
                on:change=set
            />
            <p class="option-help" id=format!("{id}-help")>
                {workspace.say(msg!("app.form.seed_help", "The same seed gives the same random numbers, here and anywhere else."))}
            </p>
        </div>
    }
}

/// What is known of a table: where it comes from, its columns.
#[component]
pub fn TableCard(#[prop(into)] name: String) -> impl IntoView {
    let workspace = Workspace::here();
    let info = {
        let name = name.clone();
        Memo::new(move |_| workspace.table_info(&name))
    };
    let size = move || {
        info.get().map(|i| {
            msg!(
                "app.form.table_size",
                "{rows} {rows|row|rows}, {columns} {columns|column|columns}",
                rows = i.n_rows,
                columns = i.columns.len()
            )
            .text(workspace.lang.get())
        })
    };
    let origin = {
        let name = name.clone();
        move || {
            let (file, warnings) = workspace.notebook.with(|n| {
                n.source(&name)
                    .map(|s| (s.file.clone(), s.warnings.clone()))
                    .unzip()
            });
            let lang = workspace.lang.get();
            let file =
                file.map(|file| msg!("app.form.from_file", "From {file}", file = file).text(lang));
            let warnings = warnings
                .unwrap_or_default()
                .into_iter()
                .map(|w| view! { <li>{w.text(lang)}</li> });
            view! {
                <p class="form-about">{file}</p>
                <ul class="table-warnings">{warnings.collect_view()}</ul>
            }
        }
    };
    let maker = {
        let name = name.clone();
        Memo::new(move |_| {
            workspace
                .notebook
                .with(|n| match Graph::new(n).table(&name) {
                    Some(TableRef::Output(i, _)) => Some(n.cells[i].id.clone()),
                    _ => None,
                })
        })
    };
    let columns = move || {
        let columns = info.get().map(|i| i.columns).unwrap_or_default();
        let items = columns.into_iter().map(|column| {
            let reading = Reading::of(column.kind, column.measure).name();
            let missing = column.n_missing;
            let detail = move || {
                let lang = workspace.lang.get();
                let missing = (missing > 0)
                    .then(|| msg!("app.form.n_missing", "{n} missing", n = missing).text(lang));
                [Some(reading.text(lang)), missing]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · ")
            };
            view! {
                <li class="table-column">
                    <Sign kind=column.kind measure=column.measure />
                    <span class="columns-name">{column.name}</span>
                    <span class="columns-detail">{detail}</span>
                </li>
            }
        });
        items.collect_view()
    };
    view! {
        <section class="form">
            <h2 class="form-title">{name.clone()}</h2>
            <p class="form-about">{size}</p>
            {origin}
            <Show when=move || maker.with(Option::is_some)>
                <button
                    type="button"
                    class="button button-quiet button-small"
                    on:click=move |_| {
                        workspace.shown_table.set(None);
                        workspace.selected.set(maker.get_untracked().map(Selection::Cell));
                    }
                >
                    {workspace.say(msg!("app.form.to_maker", "Go to the cell that makes it"))}
                </button>
            </Show>
            <ul class="table-columns">{columns}</ul>
        </section>
    }
}

/// The tables that a cell may read: all but those that are made from what it makes.
fn readable(workspace: Workspace, cell: &str) -> Vec<String> {
    workspace.notebook.with(|n| {
        let graph = Graph::new(n);
        let after = graph.dependents(cell);
        let is_after = |name: &str| match graph.table(name) {
            Some(TableRef::Output(i, _)) => {
                let maker = n.cells[i].id.as_str();
                maker == cell || after.contains(&maker)
            }
            _ => false,
        };
        n.table_names()
            .into_iter()
            .filter(|name| !is_after(name))
            .map(str::to_string)
            .collect()
    })
}

fn connected(form: Form, input: &InputSpec) -> Option<String> {
    form.call
        .with(|c| c.as_ref().and_then(|c| c.inputs.get(input.name).cloned()))
        .filter(|name| !name.is_empty())
}
