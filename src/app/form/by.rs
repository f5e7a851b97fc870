//! By which columns a cell runs: one answer for each group of rows.

use leptos::prelude::*;

use super::columns::ColumnsPicker;
use super::entry::Form;
use super::field::Problem;
use super::values::names;
use crate::msg;
use crate::spec::{Fits, by};

/// Folded away until it is used or something in it is wrong; nothing for an analysis that is not run by
/// group.
#[component]
pub fn RunBy(form: Form) -> impl IntoView {
    if !form.spec.runs_by_group() {
        return ().into_any();
    }
    let workspace = form.workspace;
    let entry = form.run_by();
    let input = form.spec.inputs[0].name;
    let chosen = Memo::new(move |_| entry.value.with(names));
    let is_open = RwSignal::new(chosen.with_untracked(|c| !c.is_empty()));
    Effect::new(move |_| {
        if entry.error().is_some() {
            is_open.set(true);
        }
    });
    let id = entry.id();
    view! {
        <details
            class="form-more"
            prop:open=move || is_open.get()
            on:toggle=move |event| {
                is_open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
            }
        >
            <summary data-testid="run-by">
                <span id=format!("{id}-title")>{workspace.say(msg!("app.form.run_by", "Run by"))}</span>
                <span class="form-changed">{move || chosen.get().join(", ")}</span>
            </summary>
            <div class="option" class:is-wrong=move || entry.is_wrong()>
                <ColumnsPicker entry accepts=Fits::Levels max=by::MAX_COLUMNS input />
                <Problem entry />
                <p class="option-help" id=format!("{id}-help")>
                    {workspace.say(
                        msg!(
                            "app.form.run_by_help",
                            "One answer for each value of a column, or for each combination of two, at most {max}. Rows without a value are a group of their own. Every group starts from the same seed.",
                            max = by::MAX_GROUPS
                        ),
                    )}
                </p>
            </div>
        </details>
    }
    .into_any()
}
