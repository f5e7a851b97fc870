//! A dialog over the page, made of the browser's own: it holds the focus and gives it back.

use leptos::ev::{Event, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Button, Icon, Kind};
use crate::app::Workspace;
use crate::msg;

/// A dialog with a title and a close button. What is in it is made anew each time it opens. The
/// Escape key and a click beside it call `close`, as the button does.
#[component]
pub fn Dialog(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] close: Callback<()>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] wide: bool,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] testid: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let workspace = Workspace::here();
    let dialog = NodeRef::<html::Dialog>::new();
    let children = StoredValue::new(children);
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let on_cancel = move |event: Event| {
        event.prevent_default();
        close.run(());
    };
    // Only a press on the backdrop has the dialog itself as its target.
    let on_press = move |event: MouseEvent| {
        let target = event.target().map(|t| t.unchecked_into::<web_sys::Node>());
        let is_beside = dialog.get_untracked().is_some_and(|dialog| {
            let area = dialog.get_bounding_client_rect();
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            let is_outside =
                x < area.left() || x > area.right() || y < area.top() || y > area.bottom();
            target.as_ref() == Some(dialog.unchecked_ref()) && is_outside
        });
        if is_beside {
            close.run(());
        }
    };
    let class = format!("dialog{} {class}", if wide { " dialog-wide" } else { "" });
    view! {
        <dialog
            node_ref=dialog
            class=class
            aria-label=move || title.get()
            data-testid=(!testid.is_empty()).then_some(testid)
            on:cancel=on_cancel
            on:mousedown=on_press
        >
            <Show when=move || open.get()>
                <div class="dialog-head">
                    <h2 class="dialog-title">{move || title.get()}</h2>
                    <Button
                        kind=Kind::Quiet
                        icon=Icon::Close
                        icon_only=true
                        label=workspace.say(msg!("app.ui.close", "Close"))
                        on_click=move |_| close.run(())
                    />
                </div>
                {children.with_value(|children| children())}
            </Show>
        </dialog>
    }
}
