//! A button that opens a list of actions.

use leptos::context::Provider;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::{Glyph, Icon};

/// What the items of a menu know of it.
#[derive(Clone, Copy)]
struct MenuState {
    open: RwSignal<bool>,
    button: NodeRef<html::Button>,
}

impl MenuState {
    fn close(self) {
        self.open.set(false);
        if let Some(button) = self.button.get_untracked() {
            let _ = button.focus();
        }
    }
}

/// A menu of [`MenuItem`]s, [`MenuLine`]s and [`MenuHead`]s. Its button shows `icon`, or its label
/// when it has no icon or `show_label` is set.
#[component]
pub fn Menu(
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] icon: MaybeProp<Icon>,
    #[prop(optional)] show_label: bool,
    /// The list's right edge is that of the button.
    #[prop(optional)]
    end: bool,
    #[prop(optional)] small: bool,
    /// Of the button.
    #[prop(optional)]
    class: &'static str,
    /// Of the button.
    #[prop(optional)]
    testid: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let state = MenuState {
        open: RwSignal::new(false),
        button: NodeRef::new(),
    };
    let root = NodeRef::<html::Div>::new();
    let list = NodeRef::<html::Div>::new();
    let children = StoredValue::new(children);

    let is_inside = move |target: Option<web_sys::EventTarget>| {
        let node = target.and_then(|t| t.dyn_into::<Node>().ok());
        root.get_untracked()
            .is_some_and(|root| root.contains(node.as_ref()))
    };
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        if state.open.get_untracked() && !is_inside(event.target()) {
            state.open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let on_focus_out = move |event: FocusEvent| {
        let next = event.related_target();
        if next.is_some() && !is_inside(next) {
            state.open.set(false);
        }
    };
    // The list stands in the page only after the effects have run.
    Effect::new(move || {
        if let Some(list) = list.get() {
            focus_item(&list, Step::First);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => Step::By(1),
            "ArrowUp" => Step::By(-1),
            "Home" => Step::First,
            "End" => Step::Last,
            "Escape" => {
                event.stop_propagation();
                return state.close();
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(list) = list.get_untracked() {
            focus_item(&list, step);
        }
    };
    let on_button_key = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") && !state.open.get_untracked() {
            event.prevent_default();
            state.open.set(true);
        }
    };
    let has_label = move || show_label || icon.get().is_none();
    let button_class = format!(
        "button button-quiet{}{} {class}",
        if small { " button-small" } else { "" },
        if show_label { "" } else { " button-icon" },
    );
    view! {
        <div class="menu" class:menu-end=end node_ref=root on:focusout=on_focus_out>
            <button
                type="button"
                class=button_class
                node_ref=state.button
                aria-haspopup="menu"
                aria-expanded=move || state.open.get().to_string()
                aria-label=move || (!has_label()).then(|| label.get())
                title=move || (!has_label()).then(|| label.get())
                data-testid=(!testid.is_empty()).then_some(testid)
                on:click=move |_| state.open.update(|o| *o = !*o)
                on:keydown=on_button_key
            >
                {move || icon.get().map(|icon| view! { <Glyph icon=icon /> })}
                {move || {
                    has_label()
                        .then(|| {
                            view! {
                                <span>{move || label.get()}</span>
                                <Glyph icon=Icon::ChevronDown />
                            }
                        })
                }}
            </button>
            <Show when=move || state.open.get()>
                <div
                    class="menu-list"
                    role="menu"
                    node_ref=list
                    aria-label=move || label.get()
                    on:keydown=on_key
                >
                    <Provider value=state>{children.with_value(|children| children())}</Provider>
                </div>
            </Show>
        </div>
    }
}

/// An action of a menu.
#[component]
pub fn MenuItem(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_select: Callback<()>,
    #[prop(optional, into)] icon: MaybeProp<Icon>,
    /// A quiet word at the end: the keys that do the same, a date.
    #[prop(optional, into)]
    note: MaybeProp<String>,
    #[prop(optional)] danger: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    let state = expect_context::<MenuState>();
    let class = format!(
        "menu-item{} {class}",
        if danger { " menu-item-danger" } else { "" }
    );
    view! {
        <button
            type="button"
            role="menuitem"
            tabindex="-1"
            class=class
            disabled=move || disabled.get()
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=move |_| {
                state.close();
                on_select.run(());
            }
        >
            {move || icon.get().map(|icon| view! { <Glyph icon=icon /> })}
            <span class="menu-label">{move || label.get()}</span>
            {move || note.get().map(|note| view! { <span class="menu-note">{note}</span> })}
        </button>
    }
}

/// A line between groups of actions.
#[component]
pub fn MenuLine() -> impl IntoView {
    view! { <div class="menu-line" role="separator"></div> }
}

/// What the actions below are about.
#[component]
pub fn MenuHead(#[prop(into)] text: Signal<String>) -> impl IntoView {
    view! { <div class="menu-head" role="presentation">{move || text.get()}</div> }
}

enum Step {
    First,
    Last,
    By(isize),
}

fn focus_item(list: &web_sys::HtmlDivElement, step: Step) {
    let Ok(found) = list.query_selector_all("[role^=menuitem]:not(:disabled)") else {
        return;
    };
    let items: Vec<HtmlElement> = (0..found.length())
        .filter_map(|i| found.get(i)?.dyn_into().ok())
        .collect();
    if items.is_empty() {
        return;
    }
    let active = document().active_element();
    let at = items
        .iter()
        .position(|i| active.as_deref() == Some(i.unchecked_ref()));
    let next = match (step, at) {
        (Step::First, _) | (Step::By(1), None) => 0,
        (Step::Last, _) | (Step::By(_), None) => items.len() - 1,
        (Step::By(by), Some(at)) => (at as isize + by).rem_euclid(items.len() as isize) as usize,
    };
    let _ = items[next].focus();
}
