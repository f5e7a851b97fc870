//! The editor of a formula: columns and functions are offered while one types, what a function takes
//! is said, and an error is shown at its characters.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::entry::Entry;
use super::values::show;
use crate::formula::{Completion, Suggestion, What, call_at, complete, from_utf16, to_utf16};
use crate::msg;
use crate::spec::{formula_columns, known};

/// Suggestions that are shown at once.
const N_SHOWN: usize = 8;

#[component]
pub fn FormulaInput(entry: Entry) -> impl IntoView {
    let workspace = entry.form.workspace;
    let value = Memo::new(move |_| entry.value.with(show));
    let field = NodeRef::<html::Textarea>::new();
    let offered = RwSignal::new(None::<Completion>);
    let chosen = RwSignal::new(0_usize);
    let hint = RwSignal::new(None);
    let list_id = format!("{}-list", entry.id());
    let cursor = move || {
        let field = field.get_untracked()?;
        let text = field.value();
        let unit = field.selection_start().ok().flatten()? as usize;
        Some((from_utf16(&text, unit), text))
    };
    // What can be written here; without a letter typed only when it is asked for.
    let offer = move |asked: bool| {
        let Some((at, text)) = cursor() else { return };
        hint.set(call_at(&text, at).map(|(function, _)| function));
        let columns = entry.form.tables.with_untracked(|tables| {
            entry.form.values.with_untracked(|values| {
                formula_columns(entry.form.spec, values, &entry.path(), tables)
            })
        });
        let columns = columns.unwrap_or_default();
        let found = complete(&text, at, &known(&columns));
        let is_typed = !found.range.is_empty();
        let is_done =
            matches!(&found.suggestions[..], [one] if text[found.range.clone()] == one.insert);
        chosen.set(0);
        offered.set(
            Some(found).filter(|f| (asked || is_typed) && !is_done && !f.suggestions.is_empty()),
        );
    };
    let take = move |i: usize| {
        let Some((completion, field)) = offered.get_untracked().zip(field.get_untracked()) else {
            return;
        };
        let Some(suggestion) = completion.suggestions.get(i) else {
            return;
        };
        let text = field.value();
        let (before, after) = (
            &text[..completion.range.start],
            &text[completion.range.end..],
        );
        let now = format!("{before}{}{after}", suggestion.insert);
        let at = to_utf16(&now, completion.range.start + suggestion.insert.len()) as u32;
        field.set_value(&now);
        let _ = field.set_selection_range(at, at);
        let _ = field.focus();
        entry.set(json!(now));
        offered.set(None);
        offer(false);
    };
    let on_key = move |event: KeyboardEvent| {
        let n =
            offered.with_untracked(|o| o.as_ref().map_or(0, |o| o.suggestions.len().min(N_SHOWN)));
        match event.key().as_str() {
            " " if event.ctrl_key() => offer(true),
            "ArrowDown" if n > 0 => chosen.update(|c| *c = (*c + 1) % n),
            "ArrowUp" if n > 0 => chosen.update(|c| *c = (*c + n - 1) % n),
            "Enter" | "Tab" if n > 0 => take(chosen.get_untracked()),
            "Escape" if n > 0 => {
                event.stop_propagation();
                offered.set(None);
            }
            _ => return,
        }
        event.prevent_default();
    };
    // The characters that an error is about.
    let wrong = move || {
        let path = entry.path();
        let range = entry.form.errors.with(|errors| {
            let error = errors.iter().find(|e| e.option == path);
            error.and_then(|e| e.range.clone())
        })?;
        let text = value.get();
        let (start, end) = (range.start.min(text.len()), range.end.min(text.len()));
        let parts = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
        // An error at the end of the text is shown as a place after it.
        let meant = if parts.1.is_empty() {
            "\u{a0}"
        } else {
            parts.1
        };
        Some((parts.0.to_string(), meant.to_string(), parts.2.to_string()))
    };
    let line = move |i: usize, suggestion: Suggestion| {
        view! {
            <li
                class="formula-offer"
                role="option"
                id=format!("{}-list-{i}", entry.id())
                aria-selected=move || (chosen.get() == i).to_string()
                // The field keeps the focus.
                on:mousedown=move |event| {
                    event.prevent_default();
                    take(i);
                }
            >
                <code>{suggestion.label.clone()}</code>
                <span class="formula-what">{move || about(&suggestion).text(workspace.lang.get())}</span>
            </li>
        }
    };
    view! {
        <div class="formula">
            <textarea
                node_ref=field
                class="field field-formula"
                rows="2"
                spellcheck="false"
                autocomplete="off"
                role="combobox"
                aria-autocomplete="list"
                aria-expanded=move || offered.with(Option::is_some).to_string()
                aria-controls=list_id.clone()
                aria-activedescendant=move || {
                    offered
                        .with(Option::is_some)
                        .then(|| format!("{}-list-{}", entry.id(), chosen.get()))
                }
                id=entry.id()
                data-testid=entry.test_id()
                aria-describedby=entry.described_by()
                aria-invalid=move || entry.is_wrong().then_some("true")
                prop:value=move || value.get()
                on:keydown=on_key
                on:input=move |event| {
                    let text = event_target_value(&event);
                    entry.set(if text.is_empty() { Value::Null } else { json!(text) });
                    offer(false);
                }
                on:click=move |_| offer(false)
                on:blur=move |_| {
                    offered.set(None);
                    hint.set(None);
                }
            ></textarea>
            <ul class="formula-list" role="listbox" id=list_id hidden=move || offered.with(Option::is_none)>
                {move || {
                    offered
                        .get()
                        .map(|o| {
                            o.suggestions
                                .into_iter()
                                .take(N_SHOWN)
                                .enumerate()
                                .map(|(i, s)| line(i, s))
                                .collect_view()
                        })
                }}
            </ul>
            {move || {
                hint.get()
                    .map(|function| {
                        view! {
                            <p class="formula-hint">
                                <code>{function.signature()}</code>
                                " "
                                {workspace.say(function.help.clone())}
                            </p>
                        }
                    })
            }}
            {move || {
                wrong()
                    .filter(|_| entry.is_wrong())
                    .map(|(before, meant, after)| {
                        view! {
                            <p class="formula-wrong" aria-hidden="true">
                                <code>{before}<mark>{meant}</mark>{after}</code>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// What a suggestion is, in a few words.
fn about(suggestion: &Suggestion) -> crate::report::Msg {
    match &suggestion.what {
        What::Column(_) => msg!("app.formula.column", "column"),
        What::Function(function) => function.help.clone(),
        What::Word => msg!("app.formula.word", "word of the language"),
        What::Level => msg!("app.formula.level", "value of the column"),
        What::Unit => msg!("app.formula.unit", "unit of time"),
    }
}
