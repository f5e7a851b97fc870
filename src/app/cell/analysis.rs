//! A cell of an analysis: the line that says what it does, how it stands, and its answer.

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

use super::known::Known;
use super::menu::CellMenu;
use super::script::Script;
use super::status::{RunButton, Status, Stripe};
use super::tables::{Makes, Reads};
use super::trouble::{Failure, Missing};
use super::{is_wide, reveal};
use crate::app::form::FormOf;
use crate::app::output::ReportOf;
use crate::app::shell::Layout;
use crate::app::workspace::Selection;

#[component]
pub fn AnalysisCell(id: String, index: Memo<usize>, n_cells: Memo<usize>) -> impl IntoView {
    let known = Known::new(&id);
    let workspace = known.workspace;
    let is_selected = {
        let id = id.clone();
        Memo::new(move |_| {
            workspace
                .selected
                .with(|s| matches!(s, Some(Selection::Cell(c)) if *c == id))
        })
    };
    let is_wide = is_wide();
    let select = move || {
        workspace
            .selected
            .set(Some(Selection::Cell(known.id.get_value())))
    };
    let on_line = move |event: MouseEvent| {
        event.stop_propagation();
        if !is_wide.get_untracked() && is_selected.get_untracked() {
            workspace.selected.set(None);
        } else {
            select();
        }
    };
    let on_cell = move |_: MouseEvent| {
        if is_wide.get_untracked() && !is_selected.get_untracked() {
            select();
        }
    };
    if is_selected.get_untracked() {
        reveal(&id);
    }
    let layout = Layout::here();
    let is_form_here = move || {
        is_selected.get() && !is_wide.get() && !layout.inspector.get() && !layout.presenting.get()
    };
    let script = RwSignal::new(false);
    let title_id = format!("cell-{id}-title");
    view! {
        <article
            class="cell cell-analysis"
            class:is-selected=move || is_selected.get()
            id=format!("cell-{id}")
            data-testid=move || format!("cell-{}", index.get())
            data-analysis=known.call.with_untracked(|c| c.as_ref().map(|c| c.analysis.clone()))
            data-state=move || known.name.get()
            aria-labelledby=title_id
            aria-busy=move || known.is(&["running"]).to_string()
            on:click=on_cell
        >
            <header class="cell-head">
                <h2 class="cell-title" id=title_id.clone()>
                    <button
                        type="button"
                        class="cell-line"
                        data-testid="cell-line"
                        aria-expanded=move || (!is_wide.get()).then(|| is_selected.get().to_string())
                        on:click=on_line
                    >
                        {move || known.headline().text(workspace.lang.get())}
                    </button>
                </h2>
                <Reads known />
                <Status known />
                <div class="cell-tools">
                    <RunButton known />
                    <CellMenu id=id.clone() index n_cells script />
                </div>
            </header>
            <Show when=is_form_here>
                <div class="cell-form">
                    <FormOf cell=known.id.get_value() />
                </div>
            </Show>
            <Stripe known />
            <Missing known />
            <Failure known />
            <Answer known index />
            <Makes known />
            <Script known open=script />
        </article>
    }
}

/// The report, or the room that it will take.
#[component]
fn Answer(known: Known, index: Memo<usize>) -> impl IntoView {
    let workspace = known.workspace;
    let frame = NodeRef::<html::Div>::new();
    let shown = Memo::new(move |_| {
        known
            .shown
            .get()
            .filter(|s| s.has_report)
            .map(|s| (s.fingerprint, s.ms.to_bits()))
    });
    let report = move || {
        shown.get()?;
        hold_height(frame);
        let report = known.report()?;
        let title = workspace.notebook.with_untracked(|n| n.title.clone());
        let stem = match title.trim() {
            "" => (index.get_untracked() + 1).to_string(),
            title => format!("{title}-{}", index.get_untracked() + 1),
        };
        Some(view! { <ReportOf report stem /> })
    };
    let is_room = move || shown.with(Option::is_none) && known.is(&["running", "waiting"]);
    view! {
        <div class="cell-result" node_ref=frame>
            {report}
        </div>
        <Show when=is_room>
            <div class="cell-room" aria-hidden="true"></div>
        </Show>
    }
}

/// Keeps the height of what stands there until the new result has taken its place, so that nothing jumps.
fn hold_height(frame: NodeRef<html::Div>) {
    let Some(frame) = frame.get_untracked() else {
        return;
    };
    let style = web_sys::HtmlElement::style(&frame);
    let _ = style.set_property("min-height", &format!("{}px", frame.offset_height()));
    request_animation_frame(move || {
        request_animation_frame(move || drop(style.remove_property("min-height")));
    });
}
