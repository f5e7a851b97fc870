//! The top bar: what of it is there from the start.

use leptos::prelude::*;

use super::network::Watch;
use super::{Layout, behind};
use crate::app::Workspace;
use crate::app::ui::{Button, Glyph, Icon, Kind};
use crate::app::workspace::{Saved, Theme};
use crate::msg;
use crate::report::{Lang, Msg};

#[component]
pub(super) fn Bar(is_first: Memo<bool>) -> impl IntoView {
    view! {
        <header class="bar">
            <Mark />
            {behind(move |desk| (desk.bar_head)(is_first))}
            <Badge />
            <span class="bar-space"></span>
            {behind(move |desk| (desk.bar_tools)(is_first))}
            <LangButton />
            <ThemeButton />
            {behind(move |desk| (desk.bar_more)(is_first))}
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
        if workspace.reads_only() {
            return Some(msg!("app.bar.reads", "read only").text(workspace.lang.get()));
        }
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
            title=move || names().0
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

pub(super) fn next_theme(theme: Theme) -> Theme {
    match theme {
        Theme::System => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::System,
    }
}

pub(super) fn theme_icon(theme: Theme) -> Icon {
    match theme {
        Theme::System => Icon::System,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    }
}

pub(super) fn theme_name(theme: Theme) -> Msg {
    match theme {
        Theme::System => msg!("app.bar.theme_system", "Colours: as the system"),
        Theme::Light => msg!("app.bar.theme_light", "Colours: light"),
        Theme::Dark => msg!("app.bar.theme_dark", "Colours: dark"),
    }
}
