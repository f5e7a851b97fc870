//! A text cell: reads like a page, is edited where it stands.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::markdown::render;
use super::menu::CellMenu;
use super::reveal;
use crate::app::Workspace;
use crate::app::shell::Layout;
use crate::app::ui::{Glyph, Icon};
use crate::app::workspace::Selection;
use crate::msg;
use crate::notebook::Body;

#[component]
pub fn TextCell(id: String, index: Memo<usize>, n_cells: Memo<usize>) -> impl IntoView {
    let workspace = Workspace::here();
    let text = {
        let id = id.clone();
        Memo::new(move |_| {
            workspace
                .notebook
                .with(|n| match n.cell(&id).map(|c| &c.body) {
                    Some(Body::Text(text)) => text.clone(),
                    _ => String::new(),
                })
        })
    };
    let is_selected = {
        let id = id.clone();
        Memo::new(move |_| {
            workspace
                .selected
                .with(|s| matches!(s, Some(Selection::Cell(c)) if *c == id))
        })
    };
    if is_selected.get_untracked() {
        reveal(&id);
    }
    let is_empty = Memo::new(move |_| text.with(|t| t.trim().is_empty()));
    let is_edited = RwSignal::new(is_selected.get_untracked() && is_empty.get_untracked());
    let select = {
        let id = id.clone();
        move || workspace.selected.set(Some(Selection::Cell(id.clone())))
    };
    let edit = {
        let select = select.clone();
        move || {
            select();
            is_edited.set(true);
        }
    };
    let on_click = {
        let edit = edit.clone();
        let layout = Layout::here();
        move |event: MouseEvent| {
            let on = event
                .target()
                .and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let is_link = on.is_some_and(|e| matches!(e.closest("a, button"), Ok(Some(_))));
            let is_selecting = window()
                .get_selection()
                .ok()
                .flatten()
                .is_some_and(|s| !s.is_collapsed());
            if !is_link && !is_selecting && !layout.presenting.get_untracked() {
                edit();
            }
        }
    };
    let shown = move || {
        if is_empty.get() {
            let hint = msg!(
                "app.cell.empty_text",
                "Write here what the reader should know. Markdown works."
            );
            view! { <p class="text-empty">{workspace.say(hint)}</p> }.into_any()
        } else {
            view! { <div class="prose" inner_html=move || text.with(|t| render(t))></div> }
                .into_any()
        }
    };
    let id = StoredValue::new(id);
    view! {
        <article
            class="cell cell-text"
            class:is-selected=move || is_selected.get()
            id=format!("cell-{}", id.get_value())
            data-testid=move || format!("cell-{}", index.get())
            data-analysis="text"
            data-state="done"
            aria-label=workspace.say(msg!("app.cell.text", "Text"))
        >
            <div class="cell-tools" class:is-away=move || is_edited.get()>
                <Show when=move || !is_edited.get()>
                    <button
                        type="button"
                        class="button button-quiet button-small button-icon"
                        data-testid="cell-edit"
                        aria-label=workspace.say(msg!("app.cell.edit", "Edit the text"))
                        on:click={
                            let edit = edit.clone();
                            move |_| edit()
                        }
                    >
                        <Glyph icon=Icon::Pencil />
                    </button>
                </Show>
                <CellMenu id=id.get_value() index n_cells />
            </div>
            <Show
                when=move || is_edited.get()
                fallback={
                    let on_click = on_click.clone();
                    move || view! { <div class="text-shown" on:click=on_click.clone()>{shown}</div> }
                }
            >
                <Editor id=id.get_value() text is_edited />
            </Show>
        </article>
    }
}

#[component]
fn Editor(id: String, text: Memo<String>, is_edited: RwSignal<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let area = NodeRef::<html::Textarea>::new();
    // As high as what is written in it.
    let fit = move || {
        if let Some(area) = area.get_untracked() {
            let style = web_sys::HtmlElement::style(&area);
            let _ = style.set_property("height", "auto");
            let _ = style.set_property("height", &format!("{}px", area.scroll_height() + 2));
        }
    };
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            let _ = area.focus();
            let end = area.value().encode_utf16().count() as u32;
            let _ = area.set_selection_range(end, end);
            fit();
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let is_done = event.key() == "Escape"
            || (event.key() == "Enter" && (event.ctrl_key() || event.meta_key()));
        if is_done && !event.is_composing() {
            event.prevent_default();
            event.stop_propagation();
            is_edited.set(false);
        }
    };
    view! {
        <textarea
            node_ref=area
            class="text-editor"
            data-testid="cell-textarea"
            rows="2"
            spellcheck="true"
            aria-label=workspace.say(msg!("app.cell.markdown", "Text in Markdown; Escape ends"))
            prop:value=move || text.get()
            on:input=move |event| {
                workspace.set_text(&id, &event_target_value(&event));
                fit();
            }
            on:keydown=on_key
            on:blur=move |_| is_edited.set(false)
        ></textarea>
    }
}
