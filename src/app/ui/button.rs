//! Buttons.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::{Glyph, Icon};

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Plain,
    /// The one thing that most people want here.
    Primary,
    /// Looks like text until it is pointed at.
    Quiet,
    /// Destroys something.
    Danger,
}

/// A button. With `icon_only` its label is spoken and shown as a tooltip.
#[component]
pub fn Button(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_click: Callback<MouseEvent>,
    #[prop(optional)] kind: Kind,
    #[prop(optional, into)] icon: MaybeProp<Icon>,
    #[prop(optional)] icon_only: bool,
    #[prop(optional)] small: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// For a button that stays pressed.
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// The keys that do the same, for the tooltip.
    #[prop(optional)]
    keys: &'static str,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    let look = match kind {
        Kind::Plain => "",
        Kind::Primary => " button-primary",
        Kind::Quiet => " button-quiet",
        Kind::Danger => " button-danger",
    };
    let class = format!(
        "button{look}{}{} {class}",
        if icon_only { " button-icon" } else { "" },
        if small { " button-small" } else { "" },
    );
    let tooltip = move || match (icon_only, keys) {
        (false, "") => None,
        (true, "") => Some(label.get()),
        (_, keys) => Some(format!("{} ({keys})", label.get())),
    };
    view! {
        <button
            type="button"
            class=class
            title=tooltip
            aria-label=move || icon_only.then(|| label.get())
            aria-pressed=move || pressed.get().map(|p| p.to_string())
            disabled=move || disabled.get()
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=move |event| on_click.run(event)
        >
            {move || icon.get().map(|icon| view! { <Glyph icon=icon /> })}
            {(!icon_only).then(|| view! { <span>{move || label.get()}</span> })}
        </button>
    }
}
