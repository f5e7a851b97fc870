//! The notebooks kept in this browser.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::Layout;
use crate::app::Workspace;
use crate::app::ui::{Button, Dialog, Glyph, Icon, Kind};
use crate::app::workspace::{Shelf, Wish};
use crate::msg;
use crate::report::Lang;

/// The other notebooks of this browser, to open and to forget.
#[component]
pub(super) fn ShelfList() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let others = Memo::new(move |_| others(workspace));
    let row = move |book: Shelf| {
        let (open, forget) = (book.id.clone(), book.clone());
        view! {
            <li>
                <button
                    type="button"
                    class="shelf-open"
                    data-testid="shelf-open"
                    on:click=move |_| open_from_shelf(workspace, open.clone())
                >
                    <Glyph icon=Icon::Notebook />
                    <span class="rail-name">{name_of(workspace, &book)}</span>
                    <span class="shelf-date">{move || day(book.updated, workspace.lang.get())}</span>
                </button>
                <Button
                    kind=Kind::Quiet
                    icon=Icon::Trash
                    icon_only=true
                    label=workspace.say(msg!("app.shelf.forget", "Remove from this browser"))
                    on_click=move |_| layout.forgetting.set(Some(forget.clone()))
                />
            </li>
        }
    };
    view! {
        <Show when=move || !others.with(Vec::is_empty)>
            <section class="first-section" aria-labelledby="first-shelf">
                <h2 id="first-shelf">
                    {workspace.say(msg!("app.shelf.head", "Notebooks in this browser"))}
                </h2>
                <ul class="shelf" data-testid="shelf">
                    {move || others.get().into_iter().map(row).collect_view()}
                </ul>
            </section>
        </Show>
    }
}

/// All notebooks of the shelf but the one that is open.
pub(super) fn others(workspace: Workspace) -> Vec<Shelf> {
    let here = workspace.notebook.with(|n| n.id.clone());
    workspace
        .shelf
        .get()
        .into_iter()
        .filter(|book| book.id != here)
        .collect()
}

pub(super) fn open_from_shelf(workspace: Workspace, id: String) {
    workspace.wish(Wish::OpenNotebook(id));
}

/// A notebook's title, or a word for none.
pub(super) fn name_of(
    workspace: Workspace,
    book: &Shelf,
) -> impl Fn() -> String + Clone + Send + Sync + use<> {
    let title = book.title.clone();
    let untitled = workspace.say(msg!("app.shell.untitled", "Untitled notebook"));
    move || {
        if title.is_empty() {
            untitled()
        } else {
            title.clone()
        }
    }
}

/// A day as the language writes it.
pub(super) fn day(milliseconds: f64, lang: Lang) -> String {
    let date = js_sys::Date::new(&JsValue::from(milliseconds));
    let options = js_sys::Object::new();
    for (key, value) in [("year", "numeric"), ("month", "short"), ("day", "numeric")] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    date.to_locale_date_string(lang.tag(), &options).into()
}

/// Asks before a notebook is removed from this browser.
#[component]
pub(super) fn Forget() -> impl IntoView {
    let workspace = Workspace::here();
    let book = Layout::here().forgetting;
    let title = move || {
        let name = book
            .get()
            .map(|b| name_of(workspace, &b)())
            .unwrap_or_default();
        msg!("app.shelf.forget_title", "Remove “{name}”?", name = name).text(workspace.lang.get())
    };
    let forget = move |_| {
        let Some(gone) = book.get_untracked() else {
            return;
        };
        book.set(None);
        if workspace.notebook.with_untracked(|n| n.id == gone.id) {
            workspace.new_notebook();
        }
        spawn_local(async move { workspace.forget_notebook(&gone.id).await });
    };
    view! {
        <Dialog
            open=Signal::derive(move || book.with(Option::is_some))
            close=move |()| book.set(None)
            title=title
            testid="forget-dialog"
        >
            <div class="dialog-body">
                <p>
                    {workspace
                        .say(
                            msg!(
                                "app.shelf.forget_body",
                                "The notebook, its results and its tables are removed from this browser. This cannot be undone; export it first to keep it."
                            ),
                        )}
                </p>
            </div>
            <div class="dialog-foot">
                <Button
                    label=workspace.say(msg!("app.shell.cancel", "Cancel"))
                    on_click=move |_| book.set(None)
                />
                <Button
                    kind=Kind::Danger
                    label=workspace.say(msg!("app.shelf.forget_do", "Remove"))
                    on_click=forget
                    testid="forget-confirm"
                />
            </div>
        </Dialog>
    }
}
