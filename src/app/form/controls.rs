//! Controls of one value: a choice, a switch, a level, a text.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::entry::Entry;
use super::values::{default_text, show};
use crate::msg;
use crate::spec::Choice;

/// Whether all choices stand side by side.
pub fn is_segmented(choices: &[Choice]) -> bool {
    choices.len() <= 3
        && choices
            .iter()
            .map(|c| c.title.chars().count())
            .sum::<usize>()
            <= 26
}

/// One of several: side by side when they are few and short, else in a list.
#[component]
pub fn ChoiceControl(
    entry: Entry,
    choices: &'static [Choice],
    default: &'static str,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        entry
            .value
            .with(|v| v.as_str().unwrap_or(default).to_string())
    });
    // The default is what is there when nothing is said.
    let choose = move |key: &str| {
        entry.set(if key == default {
            Value::Null
        } else {
            json!(key)
        })
    };
    let workspace = entry.form.workspace;
    let id = entry.id();
    if is_segmented(choices) {
        let options = choices.iter().map(|choice| {
            let title = workspace.say(entry.choice_title(choice));
            view! {
                <label class="choice-segment">
                    <input
                        type="radio"
                        name=id.clone()
                        value=choice.key
                        prop:checked=move || chosen.with(|c| c == choice.key)
                        on:change=move |_| choose(choice.key)
                    />
                    <span>{title}</span>
                </label>
            }
        });
        return view! {
            <div
                class="segmented"
                role="radiogroup"
                id=id.clone()
                data-testid=entry.test_id()
                aria-labelledby=format!("{id}-title")
                aria-describedby=entry.described_by()
            >
                {options.collect_view()}
            </div>
        }
        .into_any();
    }
    let options = choices.iter().map(|choice| {
        let title = workspace.say(entry.choice_title(choice));
        view! {
            <option value=choice.key selected=move || chosen.with(|c| c == choice.key)>
                {title}
            </option>
        }
    });
    view! {
        <select
            class="field"
            id=id
            data-testid=entry.test_id()
            aria-describedby=entry.described_by()
            prop:value=move || chosen.get()
            on:change=move |event| choose(&event_target_value(&event))
        >
            {options.collect_view()}
        </select>
    }
    .into_any()
}

/// On or off.
#[component]
pub fn FlagControl(entry: Entry, default: bool) -> impl IntoView {
    let is_on = move || entry.value.with(|v| v.as_bool().unwrap_or(default));
    view! {
        <input
            type="checkbox"
            role="switch"
            class="option-switch"
            id=entry.id()
            data-testid=entry.test_id()
            aria-describedby=entry.described_by()
            prop:checked=is_on
            on:change=move |event| {
                let on = event_target_checked(&event);
                entry.set(if on == default { Value::Null } else { json!(on) });
            }
        />
    }
}

/// A level of the column that another option names; typed where its levels are too many to list.
#[component]
pub fn LevelChoice(entry: Entry, of: &'static str) -> impl IntoView {
    let workspace = entry.form.workspace;
    let column = Memo::new(move |_| {
        let in_values =
            |v: &crate::spec::Values| v.get(of).and_then(|n| n.as_str()).map(str::to_string);
        let name = entry
            .beside
            .with(in_values)
            .or_else(|| entry.form.values.with(in_values))?;
        entry.form.column(&name)
    });
    let value = Memo::new(move |_| entry.value.with(show));
    let choose = move |text: String| {
        entry.set(if text.is_empty() {
            Value::Null
        } else {
            json!(text)
        })
    };
    move || {
        let levels = column.with(|c| c.as_ref().map(|c| c.levels.clone()));
        match levels {
            Some(None) => view! {
                <input
                    type="text"
                    class="field"
                    autocomplete="off"
                    id=entry.id()
                    data-testid=entry.test_id()
                    aria-describedby=entry.described_by()
                    aria-invalid=move || entry.is_wrong().then_some("true")
                    prop:value=move || value.get()
                    on:input=move |event| choose(event_target_value(&event))
                />
            }
            .into_any(),
            known => {
                let is_column = known.is_some();
                let levels = known.flatten().unwrap_or_default();
                // A level that the column no longer has stays in sight.
                let gone = value.get_untracked();
                let gone = (!gone.is_empty() && !levels.contains(&gone)).then_some(gone);
                let options = levels.into_iter().chain(gone).map(|level| {
                    let is_chosen = {
                        let level = level.clone();
                        move || value.with(|v| *v == level)
                    };
                    view! { <option value=level.clone() selected=is_chosen>{level.clone()}</option> }
                });
                view! {
                    <select
                        class="field"
                        id=entry.id()
                        data-testid=entry.test_id()
                        disabled=!is_column
                        aria-describedby=entry.described_by()
                        aria-invalid=move || entry.is_wrong().then_some("true")
                        prop:value=move || value.get()
                        on:change=move |event| choose(event_target_value(&event))
                    >
                        <option value="" selected=move || value.with(String::is_empty)>
                            {workspace.say(if is_column {
                                msg!("app.form.automatic", "Automatic")
                            } else {
                                msg!("app.form.column_first", "Choose the column first")
                            })}
                        </option>
                        {options.collect_view()}
                    </select>
                }
                .into_any()
            }
        }
    }
}

#[component]
pub fn TextInput(entry: Entry, lines: bool) -> impl IntoView {
    let value = Memo::new(move |_| entry.value.with(show));
    let set = move |text: String| {
        entry.set(if text.is_empty() {
            Value::Null
        } else {
            json!(text)
        })
    };
    if lines {
        view! {
            <textarea
                class="field"
                rows="4"
                id=entry.id()
                data-testid=entry.test_id()
                placeholder=default_text(entry.option)
                aria-describedby=entry.described_by()
                aria-invalid=move || entry.is_wrong().then_some("true")
                prop:value=move || value.get()
                on:input=move |event| set(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                type="text"
                class="field"
                autocomplete="off"
                id=entry.id()
                data-testid=entry.test_id()
                placeholder=default_text(entry.option)
                aria-describedby=entry.described_by()
                aria-invalid=move || entry.is_wrong().then_some("true")
                prop:value=move || value.get()
                on:input=move |event| set(event_target_value(&event))
            />
        }
        .into_any()
    }
}
