//! The parts of the top bar that a notebook needs.

use leptos::prelude::*;

use super::Layout;
use super::add::open_palette;
use super::bar::{next_theme, theme_icon, theme_name};
use super::menu::NotebookMenu;
use super::title::Title;
use crate::app::Workspace;
use crate::app::palette::PaletteSignal;
use crate::app::ui::{Button, Icon, Kind, Menu, MenuItem, MenuLine, Switch};
use crate::msg;

/// Which notebook this is.
#[component]
pub(super) fn Head(is_first: Memo<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    view! {
        <Show when=move || !is_first.get()>
            <Button
                kind=Kind::Quiet
                class="only-phone bar-rail"
                icon=Icon::Sidebar
                icon_only=true
                label=workspace.say(msg!("app.bar.rail", "Tables and outline"))
                pressed=layout.rail
                on_click=move |_| layout.rail.update(|open| *open = !*open)
                testid="rail-toggle"
            />
            <Title />
        </Show>
        <NotebookMenu is_first=is_first />
    }
}

/// What is done with the notebook that is open.
#[component]
pub(super) fn Tools(is_first: Memo<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let palette = expect_context::<PaletteSignal>();
    let say = move |text| workspace.say(text);
    view! {
        <Show when=move || !is_first.get()>
            <Steps />
            <span class="bar-line not-phone"></span>
            <Runs />
            <Button
                class="bar-add"
                icon=Icon::Plus
                keys="/"
                label=say(msg!("app.bar.add", "Add"))
                on_click=move |_| open_palette(workspace, palette)
                testid="add"
            />
            <Button
                kind=Kind::Quiet
                class="only-narrow not-phone"
                icon=Icon::Sliders
                icon_only=true
                label=say(msg!("app.bar.options", "Options of the selected cell"))
                pressed=layout.inspector
                on_click=move |_| layout.inspector.update(|open| *open = !*open)
                testid="inspector-toggle"
            />
            <Button
                kind=Kind::Quiet
                class="not-phone"
                icon=Icon::Present
                icon_only=true
                label=say(msg!("app.bar.present", "Present: only text and results"))
                on_click=move |_| layout.presenting.set(true)
                testid="present"
            />
            <span class="bar-line not-phone"></span>
        </Show>
    }
}

#[component]
fn Steps() -> impl IntoView {
    let workspace = Workspace::here();
    view! {
        <Button
            kind=Kind::Quiet
            class="not-phone"
            icon=Icon::Undo
            icon_only=true
            keys="Ctrl Z"
            label=workspace.say(msg!("app.bar.undo", "Undo"))
            disabled=Signal::derive(move || !workspace.can_undo())
            on_click=move |_| workspace.undo()
            testid="undo"
        />
        <Button
            kind=Kind::Quiet
            class="not-phone"
            icon=Icon::Redo
            icon_only=true
            keys="Ctrl Y"
            label=workspace.say(msg!("app.bar.redo", "Redo"))
            disabled=Signal::derive(move || !workspace.can_redo())
            on_click=move |_| workspace.redo()
            testid="redo"
        />
    }
}

/// Run all, and whether cells run by themselves.
#[component]
fn Runs() -> impl IntoView {
    let workspace = Workspace::here();
    let has_analyses = Memo::new(move |_| workspace.has_analyses());
    view! {
        <Show when=move || has_analyses.get()>
            <Button
                kind=Kind::Quiet
                class="not-phone"
                icon=Icon::Play
                icon_only=true
                keys="Ctrl Shift Enter"
                label=workspace.say(msg!("app.bar.run_all", "Run what is stale"))
                on_click=move |_| workspace.run_all()
                testid="run-all"
            />
            <Switch
                class="not-phone bar-switch"
                label=workspace.say(msg!("app.bar.auto", "Auto"))
                help=Signal::derive(move || {
                    msg!("app.bar.auto_help", "Run cells by themselves when their options or data change")
                        .text(workspace.lang.get())
                })
                on=workspace.auto_run
                set=move |on| {
                    workspace.auto_run.set(on);
                    if on {
                        workspace.run_all();
                    }
                }
                testid="auto-run"
            />
            <span class="bar-line not-phone"></span>
        </Show>
    }
}

/// What has no button of its own, and on phones what has no room for one.
#[component]
pub(super) fn More(is_first: Memo<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let say = move |text| workspace.say(text);
    view! {
        <Menu icon=Icon::More label=say(msg!("app.bar.more", "More")) end=true testid="more">
            <Show when=move || !is_first.get()>
                <MenuItem
                    class="only-phone"
                    icon=Icon::Undo
                    label=say(msg!("app.bar.undo", "Undo"))
                    disabled=Signal::derive(move || !workspace.can_undo())
                    on_select=move |()| workspace.undo()
                />
                <MenuItem
                    class="only-phone"
                    icon=Icon::Redo
                    label=say(msg!("app.bar.redo", "Redo"))
                    disabled=Signal::derive(move || !workspace.can_redo())
                    on_select=move |()| workspace.redo()
                />
                <MenuItem
                    class="only-phone"
                    icon=Icon::Play
                    label=say(msg!("app.bar.run_all", "Run what is stale"))
                    on_select=move |()| workspace.run_all()
                />
                <MenuItem
                    class="only-phone"
                    icon=Signal::derive(move || {
                        if workspace.auto_run.get() { Icon::Check } else { Icon::Refresh }
                    })
                    label=say(msg!("app.bar.auto_item", "Run cells by themselves"))
                    on_select=move |()| workspace.auto_run.update(|on| *on = !*on)
                />
                <MenuItem
                    class="only-phone"
                    icon=Icon::Present
                    label=say(msg!("app.bar.present", "Present: only text and results"))
                    on_select=move |()| layout.presenting.set(true)
                />
            </Show>
            <MenuItem
                class="only-phone"
                icon=Signal::derive(move || theme_icon(workspace.theme.get()))
                label=Signal::derive(move || {
                    theme_name(workspace.theme.get()).text(workspace.lang.get())
                })
                on_select=move |()| workspace.theme.update(|t| *t = next_theme(*t))
            />
            <MenuItem
                icon=Icon::Lock
                label=say(msg!("app.bar.privacy", "Where your data are"))
                on_select=move |()| layout.privacy.set(true)
            />
            <MenuItem
                icon=Icon::Keyboard
                label=say(msg!("app.shell.shortcuts", "Keyboard shortcuts"))
                note="?".to_string()
                on_select=move |()| layout.shortcuts.set(true)
                testid="shortcuts-open"
            />
            <MenuLine />
            <p class="menu-head">
                {say(
                    msg!(
                        "app.bar.about",
                        "Jari {version}. Free software, MIT or Apache 2.0.",
                        version = env!("CARGO_PKG_VERSION"),
                    ),
                )}
            </p>
        </Menu>
    }
}
