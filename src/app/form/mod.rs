//! The form of an analysis, made from its options alone.

mod about;
mod by;
mod columns;
mod controls;
mod entry;
mod field;
mod formula;
mod number;
mod rows;
mod tables;
mod terms;
mod text;
mod values;

use leptos::prelude::*;

use super::Workspace;
use super::shell::Layout;
use super::workspace::Selection;
use crate::analyses;
use crate::msg;
use crate::notebook::Body;
use crate::spec::OptionSpec;
use about::About;
use by::RunBy;
use field::Field;
use tables::{Inputs, Outputs, TableCard};
use text::AboutText;

pub use entry::Form;

/// The side panel: the form of the cell that is selected, or what is known of the table.
#[component]
pub fn Inspector() -> impl IntoView {
    let workspace = Workspace::here();
    let selected = Memo::new(move |_| workspace.selected.get());
    let is_wide = super::cell::is_wide();
    let layout = Layout::here();
    let content = move || {
        match selected.get() {
        // On a narrow page the form stands within its cell, unless the drawer is open.
        Some(Selection::Cell(cell)) if is_wide.get() || layout.inspector.get() => view! { <FormOf cell /> }.into_any(),
        Some(Selection::Table(name)) => view! { <TableCard name /> }.into_any(),
        _ => view! {
            <p class="inspector-empty">
                {workspace.say(msg!("app.form.nothing", "Choose a cell to see what it can be asked."))}
            </p>
        }
        .into_any(),
    }
    };
    view! {
        <div class="inspector-body" data-testid="inspector">
            {content}
        </div>
    }
}

/// The form of one cell: its table, its options, what it makes, and what its method is.
#[component]
pub fn FormOf(#[prop(into)] cell: String) -> impl IntoView {
    let Some(form) = Form::new(&cell) else {
        let is_text = Workspace::here().notebook.with_untracked(|n| {
            n.cell(&cell)
                .is_some_and(|c| matches!(c.body, Body::Text(_)))
        });
        return is_text.then(|| view! { <AboutText /> }).into_any();
    };
    let workspace = form.workspace;
    let (advanced, plain): (Vec<_>, Vec<_>) = form.spec.options.iter().partition(|o| o.advanced);
    let title = workspace.say(form.spec.title());
    view! {
        <form
            class="form"
            aria-label=title
            on:submit=|event: leptos::ev::SubmitEvent| event.prevent_default()
        >
            <h2 class="form-title">{title.clone()}</h2>
            <p class="form-about">{workspace.say(form.spec.about())}</p>
            <Inputs form />
            <Sections form options=plain />
            <More form options=advanced />
            <RunBy form />
            <Outputs form />
            <About spec=form.spec />
        </form>
    }
    .into_any()
}

/// Options one below the other, those of one section under its name.
#[component]
fn Sections(form: Form, options: Vec<&'static OptionSpec>) -> impl IntoView {
    let mut views = Vec::new();
    for of_section in options.chunk_by(|a, b| a.section == b.section) {
        let fields = of_section
            .iter()
            .map(|option| view! { <Field form option=*option /> })
            .collect_view();
        views.push(match of_section[0].section {
            None => fields.into_any(),
            Some(section) => view! {
                <fieldset class="form-section">
                    <legend>{form.workspace.say(form.spec.section_title(section))}</legend>
                    {fields}
                </fieldset>
            }
            .into_any(),
        });
    }
    views
}

/// What few people change, folded away until they ask for it or something in it is wrong.
#[component]
fn More(form: Form, options: Vec<&'static OptionSpec>) -> impl IntoView {
    let workspace = form.workspace;
    let uses_seed = analyses::uses_seed(form.spec.id);
    if options.is_empty() && !uses_seed {
        return ().into_any();
    }
    let names: Vec<&'static str> = options.iter().map(|o| o.name).collect();
    let n_set = {
        let names = names.clone();
        Memo::new(move |_| {
            form.values
                .with(|v| names.iter().filter(|n| v.contains_key(**n)).count())
        })
    };
    let is_wrong = Memo::new(move |_| {
        form.errors
            .with(|e| names.iter().any(|name| values::has_error(e, name)))
    });
    let is_open = RwSignal::new(is_wrong.get_untracked());
    Effect::new(move |_| {
        if is_wrong.get() {
            is_open.set(true);
        }
    });
    let changed = move || {
        let n = n_set.get();
        (n > 0).then(|| msg!("app.form.n_changed", "{n} changed", n = n).text(workspace.lang.get()))
    };
    view! {
        <details
            class="form-more"
            prop:open=move || is_open.get()
            on:toggle=move |event| {
                is_open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
            }
        >
            <summary data-testid="more-options">
                {workspace.say(msg!("app.form.more", "More options"))}
                <span class="form-changed">{changed}</span>
            </summary>
            <Sections form options />
            {uses_seed.then(|| view! { <tables::Seed form /> })}
        </details>
    }
    .into_any()
}
