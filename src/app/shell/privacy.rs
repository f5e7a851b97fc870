//! Where the data are: what went over the network, what is stored, and how to check and remove it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::Layout;
use super::bytes::bytes;
use super::network::Watch;
use super::storage::Storage;
use crate::app::Workspace;
use crate::app::ui::{Button, Dialog, Kind};
use crate::app::workspace::EngineState;
use crate::msg;

#[component]
pub(super) fn Privacy() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let wiping = RwSignal::new(false);
    view! {
        <Dialog
            open=layout.privacy
            close=move |()| layout.privacy.set(false)
            title=workspace.say(msg!("app.promise", "Your data stay in this browser"))
            testid="privacy-panel"
        >
            <Panel wiping=wiping />
        </Dialog>
        <Wipe open=wiping />
    }
}

#[component]
fn Panel(wiping: RwSignal<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let say = move |text| workspace.say(text);
    view! {
        <div class="dialog-body">
            <p class="panel-lead">
                {say(
                    msg!(
                        "app.privacy.lead",
                        "Files that you open are read and computed on this device and sent to nobody. There is no account and no tracking."
                    ),
                )}
            </p>
            <dl class="facts">
                <Network />
                <Kept />
                <Offline />
            </dl>
            <h3 class="panel-head">{say(msg!("app.privacy.check", "Check for yourself"))}</h3>
            <ul class="panel-list">
                <li>
                    {say(
                        msg!(
                            "app.privacy.check_tools",
                            "Press F12, choose “Network”, then open a file and run a cell: no request appears."
                        ),
                    )}
                </li>
                <li>
                    {say(
                        msg!(
                            "app.privacy.check_flight",
                            "Switch to airplane mode: everything goes on."
                        ),
                    )}
                </li>
                <li>
                    {say(
                        msg!(
                            "app.privacy.check_policy",
                            "The page’s security policy lets it connect to this address only; the browser enforces it."
                        ),
                    )}
                </li>
            </ul>
            <div class="panel-wipe">
                <span>
                    {say(
                        msg!(
                            "app.privacy.wipe_about",
                            "Remove all notebooks, tables and settings."
                        ),
                    )}
                </span>
                <Button
                    label=say(msg!("app.privacy.wipe", "Remove everything…"))
                    on_click=move |_| wiping.set(true)
                    testid="wipe"
                />
            </div>
        </div>
    }
}

/// Requests, counted by the browser.
#[component]
fn Network() -> impl IntoView {
    let workspace = Workspace::here();
    let watch = Watch::here();
    watch.refresh();
    let requests = watch.requests;
    let is_clean = Memo::new(move |_| requests.with(|r| r.foreign.is_empty()));
    let host = window().location().host().unwrap_or_default();
    let n = move || {
        let n = requests.with(|r| r.n);
        msg!(
            "app.privacy.n_requests",
            "{n} since the page was opened",
            n = n
        )
        .text(workspace.lang.get())
    };
    let whereto = move || {
        let text = if is_clean.get() {
            msg!(
                "app.privacy.own",
                "all to {host}, for the page’s own files",
                host = &host
            )
        } else {
            msg!(
                "app.privacy.foreign",
                "some to other addresses: {hosts}",
                hosts = requests.with(|r| r.foreign.clone())
            )
        };
        text.text(workspace.lang.get())
    };
    let received = move || bytes(requests.with(|r| r.received), workspace.lang.get());
    let sent = move || {
        let lang = workspace.lang.get();
        if is_clean.get() {
            bytes(0.0, lang)
        } else {
            msg!("app.privacy.unknown", "not known").text(lang)
        }
    };
    view! {
        <dt>{workspace.say(msg!("app.privacy.requests", "Requests"))}</dt>
        <dd class:facts-alarm=move || !is_clean.get() data-testid="privacy-requests">
            <strong>{n}</strong>
            <span class="facts-note">{whereto}</span>
        </dd>
        <dt>{workspace.say(msg!("app.privacy.received", "Received"))}</dt>
        <dd>{received}</dd>
        <dt>{workspace.say(msg!("app.privacy.sent", "Data sent"))}</dt>
        <dd class:facts-alarm=move || !is_clean.get() data-testid="privacy-sent">
            <strong>{sent}</strong>
        </dd>
    }
}

/// What lies in the browser's storage, and for how long.
#[component]
fn Kept() -> impl IntoView {
    let workspace = Workspace::here();
    let storage = RwSignal::new(Storage::default());
    let refresh = move || spawn_local(async move { storage.set(Storage::ask().await) });
    refresh();
    let used = move || {
        let lang = workspace.lang.get();
        match storage.get().used {
            Some((used, quota)) => msg!(
                "app.privacy.used",
                "{used} of {quota} that the browser allows",
                used = bytes(used, lang),
                quota = bytes(quota, lang)
            ),
            None => msg!("app.privacy.no_estimate", "the browser does not say"),
        }
        .text(lang)
    };
    let without_store = move || {
        let is_stored = !matches!(workspace.engine.get(), EngineState::Ready { stored: false });
        (!is_stored).then(|| {
            msg!(
                "app.privacy.no_store",
                "This browser has no private file system: tables last until the page is closed. Export the notebook with data to keep it."
            )
            .text(workspace.lang.get())
        })
    };
    let persisted = move || storage.get().persisted == Some(true);
    let term = move || {
        let text = if persisted() {
            msg!("app.privacy.persisted", "until you remove it")
        } else {
            msg!(
                "app.privacy.best_effort",
                "as long as the browser has room for it"
            )
        };
        text.text(workspace.lang.get())
    };
    let persist = move |_| {
        spawn_local(async move {
            let asked = window().navigator().storage().persist();
            let granted = match asked {
                Ok(promise) => JsFuture::from(promise)
                    .await
                    .is_ok_and(|granted| granted.is_truthy()),
                Err(_) => false,
            };
            if !granted {
                workspace.tell(msg!(
                    "app.privacy.not_persisted",
                    "The browser has not agreed. It often does once the page is installed or bookmarked."
                ));
            }
            storage.set(Storage::ask().await);
        });
    };
    view! {
        <dt>{workspace.say(msg!("app.privacy.stored", "Stored here"))}</dt>
        <dd data-testid="privacy-stored">
            {used} <span class="facts-note">{without_store}</span>
        </dd>
        <dt>{workspace.say(msg!("app.privacy.kept", "Kept"))}</dt>
        <dd class="facts-side">
            <span>{term}</span>
            <Show when=move || storage.get().persisted == Some(false)>
                <Button
                    small=true
                    label=workspace.say(msg!("app.privacy.persist", "Keep it for good"))
                    on_click=persist
                    testid="persist"
                />
            </Show>
            <Show when=move || !persisted()>
                <span class="facts-note" data-testid="eviction">
                    {workspace
                        .say(
                            msg!(
                                "app.privacy.eviction",
                                "When the disk runs full, browsers remove what sites have stored; Safari does so after a week without a visit. A notebook exported with its data is safe from that."
                            ),
                        )}
                </span>
            </Show>
        </dd>
    }
}

/// Whether the page works without a network.
#[component]
fn Offline() -> impl IntoView {
    let workspace = Workspace::here();
    let text = move || {
        let text = match offline() {
            Some(true) => msg!(
                "app.privacy.offline",
                "ready: the page opens without a network"
            ),
            Some(false) => msg!(
                "app.privacy.offline_soon",
                "from the next visit on; what is open now already runs without a network"
            ),
            None => msg!(
                "app.privacy.offline_never",
                "not in this browser or at this address; what is open now runs without a network"
            ),
        };
        text.text(workspace.lang.get())
    };
    view! {
        <dt>{workspace.say(msg!("app.privacy.offline_head", "Offline"))}</dt>
        <dd data-testid="privacy-offline">{text}</dd>
    }
}

/// Asks before everything is removed.
#[component]
fn Wipe(open: RwSignal<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let say = move |text| workspace.say(text);
    let busy = RwSignal::new(false);
    let wipe = move |_| {
        busy.set(true);
        spawn_local(async move { workspace.wipe().await });
    };
    view! {
        <Dialog
            open=open
            close=move |()| open.set(false)
            title=say(msg!("app.privacy.wipe_title", "Remove everything from this browser?"))
            testid="wipe-dialog"
        >
            <div class="dialog-body">
                <p>
                    {say(
                        msg!(
                            "app.privacy.wipe_body",
                            "All notebooks, their tables and results, and the settings of this page are removed. This cannot be undone. Files on your disk are not touched."
                        ),
                    )}
                </p>
            </div>
            <div class="dialog-foot">
                <Button
                    label=say(msg!("app.shell.cancel", "Cancel"))
                    on_click=move |_| open.set(false)
                />
                <Button
                    kind=Kind::Danger
                    label=say(msg!("app.privacy.wipe_do", "Remove everything"))
                    disabled=busy
                    on_click=wipe
                    testid="wipe-confirm"
                />
            </div>
        </Dialog>
    }
}

/// Whether a service worker answers for the page; `None` where there are none.
fn offline() -> Option<bool> {
    let navigator = window().navigator();
    let has_workers = js_sys::Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    has_workers.then(|| navigator.service_worker().controller().is_some())
}
