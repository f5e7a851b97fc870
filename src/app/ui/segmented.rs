//! One of a few, all of them in sight.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// `choices` are keys and labels. Arrow keys move the choice.
#[component]
pub fn Segmented(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] choices: Signal<Vec<(String, String)>>,
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] choose: Callback<String>,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    let group = NodeRef::<html::Div>::new();
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        let choices = choices.get_untracked();
        let now = chosen.get_untracked();
        let at = choices.iter().position(|(key, _)| *key == now).unwrap_or(0);
        let next = (at as isize + step).rem_euclid(choices.len() as isize) as usize;
        choose.run(choices[next].0.clone());
        let buttons = group.get().map(|g| g.children());
        if let Some(button) = buttons.and_then(|b| b.item(next as u32)) {
            let _ = button.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    let segment = move |(key, text): (String, String)| {
        let is_chosen = {
            let key = key.clone();
            Memo::new(move |_| chosen.get() == key)
        };
        view! {
            <button
                type="button"
                role="radio"
                class="segment"
                aria-checked=move || is_chosen.get().to_string()
                tabindex=move || if is_chosen.get() { "0" } else { "-1" }
                on:click=move |_| choose.run(key.clone())
            >
                {text}
            </button>
        }
    };
    view! {
        <div
            class="segmented"
            role="radiogroup"
            node_ref=group
            aria-label=move || label.get()
            data-testid=(!testid.is_empty()).then_some(testid)
            on:keydown=on_key
        >
            {move || choices.get().into_iter().map(segment).collect_view()}
        </div>
    }
}
