//! What may be done anywhere on the page: dropping a file, pasting a table.

use leptos::ev::{self, ClipboardEvent, DragEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, Element, EventTarget, FileList};

use crate::app::Workspace;
use crate::app::workspace::Wish;
use crate::msg;

#[derive(Clone, Copy)]
pub(super) struct Hands {
    /// Whether a file is held over the page.
    pub held: RwSignal<bool>,
}

impl Hands {
    /// Starts to listen; call it once.
    pub fn new(workspace: Workspace) -> Self {
        let hands = Self {
            held: RwSignal::new(false),
        };
        provide_context(hands);
        hands.listen_for_files(workspace);
        window_event_listener(ev::paste, move |event| hands.paste(workspace, &event));
        Effect::new(move || {
            if workspace.opening.with(Option::is_none) && workspace.has_waiting() {
                workspace.wish(Wish::OpenNext);
            }
        });
        hands
    }

    pub fn here() -> Self {
        expect_context()
    }

    /// Opens files one after the other, or several of one shape as one table.
    pub fn open_files(self, workspace: Workspace, files: &FileList) {
        let files = (0..files.length()).filter_map(|i| files.get(i));
        workspace.wish(Wish::Open(files.collect()));
    }

    fn listen_for_files(self, workspace: Workspace) {
        // `dragleave` comes for every part of the page that the pointer passes; the file has left
        // when nothing is entered in its place.
        window_event_listener(ev::dragenter, move |event| {
            if has_files(&event) {
                event.prevent_default();
                self.held.set(true);
            }
        });
        window_event_listener(ev::dragover, move |event| {
            if has_files(&event) {
                event.prevent_default();
                if let Some(data) = event.data_transfer() {
                    data.set_drop_effect("copy");
                }
            }
        });
        window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                self.held.set(false);
            }
        });
        window_event_listener(ev::drop, move |event| {
            self.held.set(false);
            if !has_files(&event) {
                return;
            }
            event.prevent_default();
            if let Some(files) = files_of(event.data_transfer()) {
                self.open_files(workspace, &files);
            }
        });
    }

    /// Opens what is on the clipboard, unless it is pasted into a field.
    fn paste(self, workspace: Workspace, event: &ClipboardEvent) {
        if is_typed_into(event.target()) || is_dialog_open() {
            return;
        }
        if let Some(files) = files_of(event.clipboard_data()) {
            event.prevent_default();
            return self.open_files(workspace, &files);
        }
        let text = event
            .clipboard_data()
            .and_then(|data| data.get_data("text/plain").ok())
            .unwrap_or_default();
        if is_table(&text) {
            event.prevent_default();
            workspace.wish(Wish::OpenText(text));
        }
    }
}

/// Whether a text looks like rows and columns rather than words.
pub(super) fn is_table(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else {
        return false;
    };
    lines.next().is_some() || first.contains('\t')
}

/// What is seen while a file is held over the page.
#[component]
pub(super) fn DropVeil(held: RwSignal<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    view! {
        <Show when=move || held.get()>
            <div class="drop-veil">
                <p>{workspace.say(msg!("app.shell.drop_here", "Drop to open"))}</p>
            </div>
        </Show>
    }
}

pub(super) fn is_dialog_open() -> bool {
    document()
        .query_selector("dialog[open]")
        .is_ok_and(|dialog| dialog.is_some())
}

pub(super) fn is_typed_into(target: Option<EventTarget>) -> bool {
    target
        .and_then(|t| t.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            element
                .matches(
                    "textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=range], [type=file], [type=button])",
                )
                .unwrap_or(false)
        })
}

fn has_files(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

fn files_of(data: Option<DataTransfer>) -> Option<FileList> {
    data.and_then(|data| data.files())
        .filter(|files| files.length() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_words() {
        let check = |text: &str, expected: bool| assert_eq!(is_table(text), expected, "{text:?}");
        check("a\tb", true);
        check("a,b\n1,2\n", true);
        check("one line of words, with a comma", false);
        check("one line\n\n", false);
        check("", false);
    }
}
