//! Interactions: which of the chosen columns are taken together.

use leptos::prelude::*;

use super::entry::Entry;
use super::values::{chosen, has_set, pairs, sets, with_set};
use crate::msg;

/// More columns than this make too many pairs to list.
const LIST_TO: usize = 5;

#[component]
pub fn TermsPicker(entry: Entry, of: &'static [&'static str]) -> impl IntoView {
    let workspace = entry.form.workspace;
    let columns = Memo::new(move |_| entry.form.values.with(|v| chosen(v, of)));
    let id = entry.id();
    let content = move || match columns.with(Vec::len) {
        0 | 1 => view! {
            <p class="columns-none">
                {workspace.say(msg!("app.form.terms_need_two", "Choose two columns above first."))}
            </p>
        }
        .into_any(),
        2..=LIST_TO => view! { <PairList entry columns /> }.into_any(),
        _ => view! { <PairMaker entry columns /> }.into_any(),
    };
    view! {
        <div
            class="terms"
            role="group"
            id=id.clone()
            data-testid=entry.test_id()
            aria-labelledby=format!("{id}-title")
            aria-describedby=entry.described_by()
        >
            <Chosen entry columns />
            {content}
        </div>
    }
}

/// Sets that the list of pairs does not show, each with a button to take it out.
#[component]
fn Chosen(entry: Entry, columns: Memo<Vec<String>>) -> impl IntoView {
    let workspace = entry.form.workspace;
    let shown = Memo::new(move |_| {
        let listed = columns.with(|c| {
            if (2..=LIST_TO).contains(&c.len()) {
                pairs(c)
            } else {
                Vec::new()
            }
        });
        let is_listed = |set: &Vec<String>| {
            listed
                .iter()
                .any(|p| p.len() == set.len() && p.iter().all(|n| set.contains(n)))
        };
        entry.value.with(|v| {
            sets(v)
                .into_iter()
                .filter(|s| !is_listed(s))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || shown.with(|s| !s.is_empty())>
            <ul class="chips">
                <For each=move || shown.get() key=|set| set.clone() let:set>
                    {
                        let name = set.join(" × ");
                        let label = workspace.say(msg!("app.form.remove", "Remove {name}", name = &name));
                        view! {
                            <li class="chip">
                                <span class="chip-name">{name}</span>
                                <button
                                    type="button"
                                    class="chip-remove"
                                    aria-label=label
                                    on:click=move |_| {
                                        entry.set(entry.value.with_untracked(|v| with_set(v, &set, false)));
                                    }
                                >
                                    "×"
                                </button>
                            </li>
                        }
                    }
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn PairList(entry: Entry, columns: Memo<Vec<String>>) -> impl IntoView {
    view! {
        <ul class="columns-list">
            <For each=move || columns.with(|c| pairs(c)) key=|pair| pair.clone() let:pair>
                {
                    let name = pair.join(" × ");
                    let pair = StoredValue::new(pair);
                    let is_in = Memo::new(move |_| entry.value.with(|v| pair.with_value(|p| has_set(v, p))));
                    view! {
                        <li>
                            <label class="columns-item">
                                <input
                                    type="checkbox"
                                    prop:checked=move || is_in.get()
                                    on:change=move |event| {
                                        let on = event_target_checked(&event);
                                        let value = entry
                                            .value
                                            .with_untracked(|v| pair.with_value(|p| with_set(v, p, on)));
                                        entry.set(value);
                                    }
                                />
                                <span class="columns-name">{name}</span>
                            </label>
                        </li>
                    }
                }
            </For>
        </ul>
    }
}

/// Two lists and a button, where a list of all pairs would be long.
#[component]
fn PairMaker(entry: Entry, columns: Memo<Vec<String>>) -> impl IntoView {
    let workspace = entry.form.workspace;
    let first = RwSignal::new(0_usize);
    let second = RwSignal::new(1_usize);
    let choice = move |which: RwSignal<usize>, label: crate::report::Msg| {
        let options = move || {
            let names = columns.get().into_iter().enumerate();
            names.map(|(i, name)| view! { <option value=i selected=move || which.get() == i>{name}</option> }).collect_view()
        };
        view! {
            <select
                class="field"
                aria-label=workspace.say(label)
                on:change=move |event| which.set(event_target_value(&event).parse().unwrap_or(0))
            >
                {options}
            </select>
        }
    };
    let pair = move || {
        columns.with(|c| {
            Some(vec![
                c.get(first.get())?.clone(),
                c.get(second.get())?.clone(),
            ])
        })
    };
    let is_new =
        move || pair().is_some_and(|p| p[0] != p[1] && entry.value.with(|v| !has_set(v, &p)));
    let add = move |_| {
        if let Some(pair) = untrack(pair) {
            entry.set(entry.value.with_untracked(|v| with_set(v, &pair, true)));
        }
    };
    view! {
        <div class="pair">
            {choice(first, msg!("app.form.first_column", "First column"))}
            <span aria-hidden="true">"×"</span>
            {choice(second, msg!("app.form.second_column", "Second column"))}
            <button type="button" class="button" disabled=move || !is_new() on:click=add>
                {workspace.say(msg!("app.form.add_pair", "Add"))}
            </button>
        </div>
    }
}
