//! A newer build of the site is at hand: it is taken over when the person says so.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::app::Workspace;
use crate::app::ui::{Button, Icon, Kind};
use crate::msg;

/// Hears `jari:update` from `public/boot.js`, whose `detail.apply()` loads the new build.
#[component]
pub(super) fn Update() -> impl IntoView {
    let workspace = Workspace::here();
    let apply = RwSignal::new_local(None::<Function>);
    let listen = window_event_listener_untyped("jari:update", move |event| {
        let detail = Reflect::get(&event, &"detail".into());
        let found = detail
            .and_then(|detail| Reflect::get(&detail, &"apply".into()))
            .ok()
            .and_then(|apply| apply.dyn_into().ok());
        apply.set(found);
    });
    on_cleanup(move || listen.remove());
    view! {
        <Show when=move || apply.with(Option::is_some)>
            <div class="update" role="status" data-testid="update">
                <p>{workspace.say(msg!("app.shell.update", "A newer version is ready."))}</p>
                <Button
                    small=true
                    label=workspace.say(msg!("app.shell.update_do", "Change to it"))
                    on_click=move |_| {
                        if let Some(apply) = apply.get_untracked() {
                            let _ = apply.call0(&JsValue::NULL);
                        }
                    }
                />
                <Button
                    kind=Kind::Quiet
                    small=true
                    icon=Icon::Close
                    icon_only=true
                    label=workspace.say(msg!("app.shell.later", "Later"))
                    on_click=move |_| apply.set(None)
                />
            </div>
        </Show>
    }
}
