//! The browser's storage is nearly full: said before a table finds no room.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Layout;
use super::bytes::bytes;
use super::storage::Storage;
use crate::app::Workspace;
use crate::app::ui::{Button, Icon, Kind};
use crate::app::workspace::Saved;
use crate::msg;

/// Looks whenever the notebook was saved; closed, it stays away until the page is loaded again.
#[component]
pub(super) fn Room() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let storage = RwSignal::new(Storage::default());
    let is_closed = RwSignal::new(false);
    Effect::new(move || {
        if workspace.saved.get() == Saved::Here && !is_closed.get_untracked() {
            spawn_local(async move {
                let now = Storage::ask().await;
                let _ = storage.try_set(now);
            });
        }
    });
    let is_shown = Memo::new(move |_| !is_closed.get() && storage.with(Storage::is_nearly_full));
    let text = move || {
        let (used, quota) = storage.get().used.unwrap_or_default();
        let lang = workspace.lang.get();
        msg!(
            "app.room.full",
            "The browser’s room for this page is nearly full: {used} of {quota}. A table that finds none lasts only until the page is closed. Remove notebooks that are no longer needed, or export this one with its data.",
            used = bytes(used, lang),
            quota = bytes(quota, lang)
        )
        .text(lang)
    };
    view! {
        <Show when=move || is_shown.get()>
            <div class="update update-warn" role="status" data-testid="room">
                <p>{text}</p>
                <Button
                    small=true
                    label=workspace.say(msg!("app.room.show", "Show what is stored"))
                    on_click=move |_| layout.privacy.set(true)
                />
                <Button
                    kind=Kind::Quiet
                    small=true
                    icon=Icon::Close
                    icon_only=true
                    label=workspace.say(msg!("app.shell.dismiss", "Dismiss"))
                    on_click=move |_| is_closed.set(true)
                />
            </div>
        </Show>
    }
}
