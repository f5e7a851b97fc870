//! What keeps a cell from its answer: missing choices, and what went wrong.

use leptos::prelude::*;

use super::known::Known;
use crate::app::ui::{Glyph, Icon};
use crate::app::workspace::Selection;
use crate::msg;
use crate::report::Msg;
use crate::spec::Spec;

/// The choices that are missing before it can run; each leads to its field.
#[component]
pub(super) fn Missing(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    let errors = Memo::new(move |_| {
        if !known.is(&["incomplete"]) {
            return Vec::new();
        }
        known
            .id
            .with_value(|id| workspace.notebook.with(|n| workspace.field_errors(n, id)))
    });
    let items = move || {
        let lang = workspace.lang.get();
        errors.get().into_iter().map(|error| {
            let title = known.spec.and_then(|spec| option_title(spec, &error.option));
            let text = match title {
                Some(title) => format!("{}: {}", title.text(lang), error.message.text(lang)),
                None => error.message.text(lang),
            };
            let option = error.option.clone();
            view! {
                <li>
                    <button type="button" class="missing" on:click=move |_| go_to(known, &option)>
                        {text}
                    </button>
                </li>
            }
        })
        .collect_view()
    };
    let is_unknown = known.spec.is_none();
    view! {
        <Show when=move || known.is(&["incomplete"])>
            <div class="cell-missing">
                <Show
                    when=move || errors.with(Vec::is_empty)
                    fallback=move || view! { <ul>{items}</ul> }
                >
                    <p>
                        {workspace.say(if is_unknown {
                            msg!(
                                "app.cell.unknown",
                                "This analysis is not part of this version of Jari. Reload the page to get the newest one.",
                            )
                        } else {
                            msg!("app.cell.no_table", "The table that this cell reads is not there. Open one, or choose another.")
                        })}
                    </p>
                </Show>
            </div>
        </Show>
    }
}

/// What went wrong, where, and what to try.
#[component]
pub(super) fn Failure(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    let failed = Memo::new(move |_| known.shown.get().and_then(|s| s.failed));
    let message = move || {
        failed
            .get()
            .map(|(message, _)| message.text(workspace.lang.get()))
    };
    let fields = move || {
        let lang = workspace.lang.get();
        let fields = failed.get().map(|(_, fields)| fields).unwrap_or_default();
        fields
            .into_iter()
            .map(|error| {
                let title = known.spec.and_then(|spec| option_title(spec, &error.option)).map(|t| t.text(lang));
                let text = format!("{}: {}", title.unwrap_or_else(|| error.option.clone()), error.message.text(lang));
                view! {
                    <li>
                        <button type="button" class="missing" on:click=move |_| go_to(known, &error.option)>
                            {text}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let has_last = move || {
        known
            .shown
            .with(|s| s.as_ref().is_some_and(|s| s.has_report))
    };
    view! {
        <Show when=move || known.is(&["failed"])>
            <div class="cell-failed" role="alert" data-testid="cell-failed">
                <Glyph icon=Icon::Alert />
                <div>
                    <p>{message}</p>
                    <ul>{fields}</ul>
                    <Show when=has_last>
                        <p class="cell-last">
                            {workspace.say(msg!("app.cell.last", "Below stands the last result that worked."))}
                        </p>
                    </Show>
                </div>
            </div>
        </Show>
    }
}

/// Opens the form and puts the focus on a field.
fn go_to(known: Known, option: &str) {
    let id = format!("option-{}-{option}", known.id.get_value());
    known
        .workspace
        .selected
        .set(Some(Selection::Cell(known.id.get_value())));
    request_animation_frame(move || {
        let Some(field) = document().get_element_by_id(&id) else {
            return;
        };
        let inner = field
            .query_selector("input, select, textarea, button")
            .ok()
            .flatten();
        let target = if field.has_attribute("role") {
            inner.unwrap_or(field)
        } else {
            field
        };
        let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(target).focus();
    });
}

/// The title of an option or of a field of its rows: `rows.0.n` is the field `n` of `rows`.
fn option_title(spec: &Spec, path: &str) -> Option<Msg> {
    if path == crate::spec::by::PATH {
        return Some(msg!("app.form.run_by", "Run by"));
    }
    let mut parts = path.split('.');
    let option = spec.option(parts.next()?)?;
    match (parts.nth(1), option.kind) {
        (Some(field), crate::spec::Kind::Rows { fields, .. }) => {
            let field = fields.iter().find(|f| f.name == field)?;
            Some(spec.option_title(&format!("{}.{}", option.name, field.name), field))
        }
        _ => Some(spec.option_title(option.name, option)),
    }
}
