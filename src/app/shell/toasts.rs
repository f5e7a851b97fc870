//! Sentences that stay for a few seconds.

use std::time::Duration;

use leptos::prelude::*;

use crate::app::Workspace;
use crate::app::ui::{Button, Glyph, Icon, Kind};
use crate::msg;

/// The last toast, spoken too. An error stays longer, and none goes while it is pointed at.
#[component]
pub(super) fn Toasts() -> impl IntoView {
    let workspace = Workspace::here();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        timer.update_value(|t| {
            if let Some(t) = t.take() {
                t.clear();
            }
        });
    };
    let start = move |seconds: u64| {
        stop();
        let done = move || workspace.toast.set(None);
        timer.set_value(set_timeout_with_handle(done, Duration::from_secs(seconds)).ok());
    };
    Effect::new(move || match workspace.toast.get() {
        Some(toast) => start(if toast.is_error { 12 } else { 6 }),
        None => stop(),
    });
    let toast = move || {
        workspace.toast.get().map(|toast| {
            view! {
                <div
                    class="toast"
                    data-testid="toast"
                    on:pointerenter=move |_| stop()
                    on:pointerleave=move |_| start(4)
                >
                    {toast.is_error.then(|| view! { <Glyph icon=Icon::Alert /> })}
                    <p>{workspace.say(toast.text)}</p>
                    <Button
                        kind=Kind::Quiet
                        small=true
                        icon=Icon::Close
                        icon_only=true
                        label=workspace.say(msg!("app.shell.dismiss", "Dismiss"))
                        on_click=move |_| workspace.toast.set(None)
                    />
                </div>
            }
        })
    };
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {toast}
        </div>
    }
}
