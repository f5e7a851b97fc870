//! One option: its title, its control, its help and what is wrong with it.

use leptos::prelude::*;
use serde_json::Value;

use super::columns::{ColumnChoice, ColumnsPicker};
use super::controls::{ChoiceControl, FlagControl, LevelChoice, TextInput};
use super::entry::{Entry, Form};
use super::formula::FormulaInput;
use super::number::NumberInput;
use super::rows::RowsTable;
use super::terms::TermsPicker;
use crate::msg;
use crate::spec::{Kind, OptionSpec};

/// An option of the form; nothing while it has no say.
#[component]
pub fn Field(form: Form, option: &'static OptionSpec) -> impl IntoView {
    let is_enabled = Memo::new(move |_| form.is_enabled(option));
    view! {
        <Show when=move || is_enabled.get()>
            <OneField entry=form.entry(option) />
        </Show>
    }
}

#[component]
fn OneField(entry: Entry) -> impl IntoView {
    let workspace = entry.form.workspace;
    let id = entry.id();
    let is_single = is_single(entry.option);
    let is_flag = matches!(entry.option.kind, Kind::Flag { .. });
    let title = workspace.say(entry.title());
    let title = if is_single {
        view! { <label class="option-title" for=id.clone() id=format!("{id}-title")>{title}</label> }.into_any()
    } else {
        view! { <span class="option-title" id=format!("{id}-title")>{title}</span> }.into_any()
    };
    let reset_label = {
        let title = entry.title();
        workspace.say(msg!(
            "app.form.reset_option",
            "Reset {option} to its default",
            option = title
        ))
    };
    let has_default = !matches!(
        entry.option.kind,
        Kind::Columns { .. }
            | Kind::Column { .. }
            | Kind::Level { .. }
            | Kind::Terms { .. }
            | Kind::Rows { .. }
    );
    view! {
        <div class="option" class:option-flag=is_flag class:is-wrong=move || entry.is_wrong()>
            <div class="option-head">
                {title}
                <Show when=move || has_default && entry.is_set()>
                    <button
                        type="button"
                        class="option-reset"
                        aria-label=reset_label.clone()
                        on:click=move |_| entry.set(Value::Null)
                    >
                        {workspace.say(msg!("app.form.reset", "Reset"))}
                    </button>
                </Show>
                {is_flag.then(|| view! { <Control entry /> })}
            </div>
            {(!is_flag).then(|| view! { <Control entry /> })}
            <Problem entry />
            <p class="option-help" id=format!("{id}-help")>
                {workspace.say(entry.help())}
            </p>
        </div>
    }
}

/// What is wrong with a field, or missing from it, where it is.
#[component]
pub fn Problem(entry: Entry) -> impl IntoView {
    let workspace = entry.form.workspace;
    let text = move || entry.error().map(|e| e.text(workspace.lang.get()));
    view! {
        <p class="option-error" id=format!("{}-error", entry.id()) aria-live="polite">
            {move || {
                text().map(|text| {
                    view! { <span data-testid=format!("option-error-{}", entry.path())>{text}</span> }
                })
            }}
        </p>
    }
}

/// The control of an option, whatever its kind.
#[component]
pub fn Control(entry: Entry) -> impl IntoView {
    match entry.option.kind {
        Kind::Columns {
            accepts,
            max,
            input,
            ..
        } => view! { <ColumnsPicker entry accepts max input /> }.into_any(),
        Kind::Column {
            accepts,
            optional,
            input,
        } => view! { <ColumnChoice entry accepts optional input /> }.into_any(),
        Kind::Level { of } => view! { <LevelChoice entry of /> }.into_any(),
        Kind::Terms { of } => view! { <TermsPicker entry of /> }.into_any(),
        Kind::Integer { .. } => view! { <NumberInput entry is_whole=true /> }.into_any(),
        Kind::Number { .. } => view! { <NumberInput entry is_whole=false /> }.into_any(),
        Kind::Choice { choices, default } => {
            view! { <ChoiceControl entry choices default /> }.into_any()
        }
        Kind::Flag { default } => view! { <FlagControl entry default /> }.into_any(),
        Kind::Text { lines, .. } => view! { <TextInput entry lines /> }.into_any(),
        Kind::Formula { .. } => view! { <FormulaInput entry /> }.into_any(),
        Kind::Rows { fields, min, max } => view! { <RowsTable entry fields min max /> }.into_any(),
    }
}

/// Whether the control is one element, which a label can belong to.
fn is_single(option: &OptionSpec) -> bool {
    match option.kind {
        Kind::Columns { .. } | Kind::Terms { .. } | Kind::Rows { .. } => false,
        Kind::Choice { choices, .. } => !super::controls::is_segmented(choices),
        _ => true,
    }
}
