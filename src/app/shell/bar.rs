//! The top bar.

use leptos::prelude::*;

use super::Layout;
use super::add::open_palette;
use super::menu::NotebookMenu;
use super::network::Watch;
use super::title::Title;
use crate::app::Workspace;
use crate::app::palette::PaletteSignal;
use crate::app::ui::{Button, Glyph, Icon, Kind, Menu, MenuItem, MenuLine, Switch};
use crate::app::workspace::{Saved, Theme};
use crate::msg;
use crate::report::{Lang, Msg};

#[component]
pub(super) fn Bar(is_first: Memo<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let palette = expect_context::<PaletteSignal>();
    let say = move |text| workspace.say(text);
    view! {
        <header class="bar">
            <Show when=move || !is_first.get()>
                <Button
                    kind=Kind::Quiet
                    class="only-phone"
                    icon=Icon::Sidebar
                    icon_only=true
                    label=say(msg!("app.bar.rail", "Tables and outline"))
                    pressed=layout.rail
                    on_click=move |_| layout.rail.update(|open| *open = !*open)
                    testid="rail-toggle"
                />
            </Show>
            <Mark />
            <Show when=move || !is_first.get()>
                <Title />
            </Show>
            <NotebookMenu is_first=is_first />
            <Badge />
            <span class="bar-space"></span>
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
                    class="only-narrow"
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
            <LangButton />
            <ThemeButton />
            <More is_first=is_first />
        </header>
    }
}

/// The mark: a place, and what sits in it.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <span class="mark">
            <svg viewBox="0 0 64 64" aria-hidden="true">
                <rect class="mark-ground" width="64" height="64" rx="14"></rect>
                <path
                    d="M16 33h32M32 33c-1 8-6 14-15 17M32 33c1 8 6 14 15 17"
                    fill="none"
                    stroke="#fff"
                    stroke-width="5"
                    stroke-linecap="round"
                    stroke-linejoin="round"
                ></path>
                <circle class="mark-sun" cx="32" cy="22" r="8"></circle>
            </svg>
            <span class="mark-name">"자리"</span>
        </span>
    }
}

/// What is kept, and what was sent: nothing.
#[component]
fn Badge() -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let watch = Watch::here();
    let is_alarming = Memo::new(move |_| watch.requests.with(|r| !r.foreign.is_empty()));
    let saved = move || {
        let text = match workspace.saved.get() {
            Saved::Nothing => return None,
            Saved::Pending => msg!("app.bar.saving", "saving"),
            Saved::Here => msg!("app.bar.saved", "saved here"),
            Saved::Failed => msg!("app.bar.not_saved", "not saved"),
        };
        Some(text.text(workspace.lang.get()))
    };
    let sent = move || {
        let text = if is_alarming.get() {
            msg!("app.bar.foreign", "requests to other sites")
        } else {
            msg!("app.bar.sent", "0 bytes sent")
        };
        text.text(workspace.lang.get())
    };
    view! {
        <button
            type="button"
            class="badge"
            class:badge-alarm=move || {
                is_alarming.get() || workspace.saved.get() == Saved::Failed
            }
            title=workspace.say(msg!("app.bar.privacy", "Where your data are"))
            data-testid="privacy-badge"
            on:click=move |_| layout.privacy.set(true)
        >
            <Glyph icon=Signal::derive(move || {
                if is_alarming.get() { Icon::Alert } else { Icon::Lock }
            }) />
            <span class="badge-words">
                {move || {
                    saved()
                        .map(|text| {
                            view! {
                                <span data-testid="saved">{text}</span>
                                " · "
                            }
                        })
                }}
                <span>{sent}</span>
            </span>
        </button>
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

/// Shows the language that it switches to.
#[component]
fn LangButton() -> impl IntoView {
    let workspace = Workspace::here();
    let other = move || match workspace.lang.get() {
        Lang::En => Lang::Ko,
        Lang::Ko => Lang::En,
    };
    let names = move || match other() {
        Lang::Ko => ("한국어", "한"),
        Lang::En => ("English", "EN"),
    };
    view! {
        <button
            type="button"
            class="button button-quiet"
            lang=move || other().tag()
            aria-label=move || names().0
            data-testid="lang-switch"
            on:click=move |_| workspace.lang.set(untrack(other))
        >
            <span class="lang-long">{move || names().0}</span>
            <span class="lang-short">{move || names().1}</span>
        </button>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let workspace = Workspace::here();
    let icon = Signal::derive(move || theme_icon(workspace.theme.get()));
    view! {
        <Button
            kind=Kind::Quiet
            class="not-phone"
            icon=icon
            icon_only=true
            label=Signal::derive(move || {
                theme_name(workspace.theme.get()).text(workspace.lang.get())
            })
            on_click=move |_| workspace.theme.update(|t| *t = next_theme(*t))
            testid="theme-switch"
        />
    }
}

/// What has no button of its own, and on phones what has no room for one.
#[component]
fn More(is_first: Memo<bool>) -> impl IntoView {
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

fn next_theme(theme: Theme) -> Theme {
    match theme {
        Theme::System => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::System,
    }
}

fn theme_icon(theme: Theme) -> Icon {
    match theme {
        Theme::System => Icon::System,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    }
}

fn theme_name(theme: Theme) -> Msg {
    match theme {
        Theme::System => msg!("app.bar.theme_system", "Colours: as the system"),
        Theme::Light => msg!("app.bar.theme_light", "Colours: light"),
        Theme::Dark => msg!("app.bar.theme_dark", "Colours: dark"),
    }
}
