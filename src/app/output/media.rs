//! What the screen is like.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};

use crate::app::Workspace;
use crate::app::workspace::Theme;

/// Whether a media query holds, now and later.
pub fn media(query: &str) -> Signal<bool> {
    let Some(list) = window().match_media(query).ok().flatten() else {
        return Signal::derive(|| false);
    };
    let holds = RwSignal::new(list.matches());
    let listen = {
        let list = list.clone();
        Closure::<dyn Fn()>::new(move || holds.set(list.matches()))
    };
    let listen: js_sys::Function = listen.into_js_value().unchecked_into();
    let _ = list.add_event_listener_with_callback("change", &listen);
    let kept = StoredValue::new_local((list, listen));
    on_cleanup(move || {
        kept.with_value(|(list, listen)| {
            drop(list.remove_event_listener_with_callback("change", listen))
        });
    });
    holds.into()
}

/// Whether the page is dark.
pub fn is_dark() -> Signal<bool> {
    let workspace = Workspace::here();
    let system = media("(prefers-color-scheme: dark)");
    Signal::derive(move || match workspace.theme.get() {
        Theme::Dark => true,
        Theme::Light => false,
        Theme::System => system.get(),
    })
}

/// The width of an element, followed as it changes; 0 until it is on the page.
pub fn width_of(node: NodeRef<leptos::html::Div>) -> Signal<f64> {
    let width = RwSignal::new(0.0);
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let measured = element.clone();
        let listen = Closure::<dyn Fn()>::new(move || {
            let now = f64::from(measured.client_width());
            if now > 0.0 && width.try_get_untracked().is_some_and(|w| w != now) {
                width.set(now);
            }
        });
        let listen: js_sys::Function = listen.into_js_value().unchecked_into();
        if let Ok(observer) = web_sys::ResizeObserver::new(&listen) {
            observer.observe(&element);
            let kept = StoredValue::new_local(observer);
            on_cleanup(move || kept.with_value(web_sys::ResizeObserver::disconnect));
        }
    });
    width.into()
}
