//! The frame around the notebook.

mod add;
mod bar;
mod bytes;
mod export;
mod first;
mod hands;
mod keys;
mod layout;
mod menu;
mod network;
mod pictures;
mod privacy;
mod rail;
mod room;
mod shelf;
mod shortcuts;
mod storage;
mod tabs;
mod title;
mod toasts;
mod tools;
mod update;

use leptos::prelude::*;
use leptos::task::spawn_local;

pub use bytes::bytes;
pub use layout::Layout;
pub use storage::Storage;

use self::export::title_of;
use crate::app::desk::Desk;
use crate::app::palette::{Palette, PaletteSignal};
use crate::app::ui::{Button, Icon, Kind};
use crate::app::workspace::EngineState;
use crate::app::{Workspace, cell, data, form};
use crate::engine::protocol::FailureKind;
use crate::msg;

/// The whole page.
#[component]
pub fn Shell() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::new();
    provide_context(layout);
    let palette = PaletteSignal(RwSignal::new(None));
    provide_context(palette);
    provide_context(network::Watch::new());
    let hands = hands::Hands::new(workspace);

    // Until the notebook of the last visit is there, what stands in index.html stays.
    let is_open = Memo::new(move |_| {
        workspace.notebook.with(|n| !n.id.is_empty())
            || matches!(workspace.engine.get(), EngineState::Failed(_))
    });
    Effect::new(move || {
        if is_open.get()
            && let Some(skeleton) = document().get_element_by_id("skeleton")
        {
            skeleton.remove();
        }
    });
    let is_first = Memo::new(move |_| {
        workspace
            .notebook
            .with(|n| n.sources.is_empty() && n.cells.is_empty())
    });
    // Another notebook, or another table: what lies over the notebook goes.
    Effect::new(move || {
        workspace.notebook.with(|n| n.id.clone());
        workspace.shown_table.track();
        layout.rail.set(false);
    });

    view! {
        <Show when=move || is_open.get()>
            <div class="shell" class:shell-first=move || is_first.get() class:shell-reads=move || workspace.reads_only()>
                <a class="button skip" href="#stage" on:click=focus_stage>
                    {workspace.say(msg!("app.shell.skip", "Skip to the notebook"))}
                </a>
                <bar::Bar is_first=is_first />
                <Show when=move || !is_first.get()>{behind(|desk| (desk.rail)())}</Show>
                <main
                    id="stage"
                    class="stage"
                    class:stage-table=move || workspace.shown_table.with(Option::is_some)
                    tabindex="-1"
                >
                    <EngineTrouble />
                    <update::Update />
                    {behind(|desk| (desk.notices)())}
                    <Show when=move || !is_first.get() fallback=first::First>
                        {behind(|desk| (desk.stage)())}
                    </Show>
                </main>
                <Show when=move || !is_first.get()>{behind(|desk| (desk.side)())}</Show>
            </div>
            {behind(|desk| (desk.over)())}
            <hands::DropVeil held=hands.held />
        </Show>
        <toasts::Toasts />
    }
}

/// What needs the desk: shown once it is there.
fn behind(
    part: impl Fn(Desk) -> AnyView + Send + Sync + 'static,
) -> impl Fn() -> Option<AnyView> + Send + Sync {
    let workspace = Workspace::here();
    move || workspace.desk.get().map(&part)
}

/// The frame's own part of the desk.
pub fn desk() -> Desk {
    Desk {
        bar_head: |is_first| view! { <tools::Head is_first=is_first /> }.into_any(),
        bar_tools: |is_first| view! { <tools::Tools is_first=is_first /> }.into_any(),
        bar_more: |is_first| view! { <tools::More is_first=is_first /> }.into_any(),
        notices: || {
            view! {
                <tabs::Elsewhere />
                <room::Room />
            }
            .into_any()
        },
        rail: || view! { <rail::Rail /> }.into_any(),
        stage: || view! { <Stage /> }.into_any(),
        side: || view! { <Side /> }.into_any(),
        over: || view! { <Over /> }.into_any(),
        fulfil: Workspace::fulfil,
    }
}

/// What opens over the notebook.
#[component]
fn Over() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let palette = expect_context::<PaletteSignal>();
    keys::listen(workspace, layout, palette);
    view! {
        <Palette open=palette.0 />
        <data::OpeningDialog />
        <privacy::Privacy />
        <shortcuts::Shortcuts />
        <shelf::Forget />
        <Show when=move || layout.presenting.get()>
            <div class="present-leave">
                <Button
                    icon=Icon::Close
                    keys="Esc"
                    label=workspace.say(msg!("app.shell.leave", "Stop presenting"))
                    icon_only=true
                    on_click=move |_| layout.presenting.set(false)
                    testid="present-leave"
                />
            </div>
        </Show>
    }
}

/// The notebook, or the table that is shown in its place.
#[component]
fn Stage() -> impl IntoView {
    let workspace = Workspace::here();
    let table = Memo::new(move |_| {
        let name = workspace.shown_table.get()?;
        workspace
            .notebook
            .with(|n| n.table_names().contains(&name.as_str()))
            .then_some(name)
    });
    view! {
        <h1 class="stage-title">
            {move || workspace.notebook.with(|n| title_of(n, workspace.lang.get()))}
        </h1>
        <Show when=move || table.with(Option::is_some) fallback=cell::Notebook>
            <div class="stage-back">
                <Button
                    kind=Kind::Quiet
                    small=true
                    icon=Icon::ArrowLeft
                    keys="Esc"
                    label=workspace.say(msg!("app.shell.back", "Back to the notebook"))
                    on_click=move |_| workspace.leave_table()
                    testid="back"
                />
            </div>
            <div class="stage-content">
                <data::TableView name=Signal::derive(move || table.get().unwrap_or_default()) />
            </div>
        </Show>
    }
}

/// The inspector: a column, or a drawer on narrow screens.
#[component]
fn Side() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    view! {
        <aside
            class="inspector"
            class:drawer-open=move || layout.inspector.get()
            prop:inert=move || workspace.reads_only()
            aria-label=workspace.say(msg!("app.shell.inspector", "Options"))
        >
            <div class="drawer-head">
                <Button
                    kind=Kind::Quiet
                    icon=Icon::Close
                    icon_only=true
                    label=workspace.say(msg!("app.shell.close_options", "Close the options"))
                    on_click=move |_| layout.inspector.set(false)
                />
            </div>
            <form::Inspector />
        </aside>
    }
}

/// What to say and to do when the engine cannot start.
#[component]
fn EngineTrouble() -> impl IntoView {
    let workspace = Workspace::here();
    move || {
        let EngineState::Failed(failure) = workspace.engine.get() else {
            return None;
        };
        let is_stale = failure.kind == FailureKind::Stale;
        let label = if is_stale {
            msg!("app.shell.reload", "Reload the page")
        } else {
            msg!("app.shell.restart", "Start it again")
        };
        let again = move |_| {
            if is_stale {
                let _ = window().location().reload();
            } else {
                workspace.begin();
            }
        };
        Some(view! {
            <div class="engine-failed" role="alert" data-testid="engine-failed">
                <p>{workspace.say(failure.message)}</p>
                <Button label=workspace.say(label) on_click=again />
            </div>
        })
    }
}

fn focus_stage(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    spawn_local(async {
        if let Some(stage) = document().get_element_by_id("stage") {
            use wasm_bindgen::JsCast;
            let _ = stage.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
}
