//! The keys, listed.

use leptos::prelude::*;

use super::Layout;
use crate::app::Workspace;
use crate::app::ui::Dialog;
use crate::msg;

#[component]
pub(super) fn Shortcuts() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let keys = || {
        [
            (
                msg!("app.shell.key_palette", "Add a cell"),
                &["/", "Ctrl K"][..],
            ),
            (
                msg!("app.shell.key_paste", "Open a table from the clipboard"),
                &["Ctrl V"],
            ),
            (msg!("app.shell.key_undo", "Undo"), &["Ctrl Z"]),
            (
                msg!("app.shell.key_redo", "Redo"),
                &["Ctrl Y", "Ctrl Shift Z"],
            ),
            (
                msg!("app.shell.key_run_all", "Run what is stale"),
                &["Ctrl Shift Enter"],
            ),
            (
                msg!(
                    "app.shell.key_back",
                    "Back: from a table, a panel, a presentation"
                ),
                &["Esc"],
            ),
            (msg!("app.shell.key_list", "This list"), &["?"]),
        ]
    };
    let row = move |(what, keys): (crate::report::Msg, &'static [&'static str])| {
        let caps = keys
            .iter()
            .enumerate()
            .map(|(i, key)| view! { {(i > 0).then_some(" ")} <kbd>{*key}</kbd> });
        view! {
            <dt>{workspace.say(what)}</dt>
            <dd>{caps.collect_view()}</dd>
        }
    };
    view! {
        <Dialog
            open=layout.shortcuts
            close=move |()| layout.shortcuts.set(false)
            title=workspace.say(msg!("app.shell.shortcuts", "Keyboard shortcuts"))
            testid="shortcuts"
        >
            <div class="dialog-body">
                <dl class="keys">{keys().into_iter().map(row).collect_view()}</dl>
            </div>
        </Dialog>
    }
}
