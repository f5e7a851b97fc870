//! A table of any length: the page holds the rows that are seen and asks the engine for others.

mod blocks;
mod body;
mod copy;
mod draw;
mod fetch;
mod foot;
mod head;
mod lanes;
mod marked;
mod rail;
mod search;
mod state;
mod summary;

use std::time::Duration;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use crate::app::Workspace;
use crate::msg;
use crate::spec::TableInfo;
use crate::table::profile::ColumnProfile;

use marked::{Marked, Step};
use state::Grid;

pub use state::Look;

/// How long the scrolling rests before it counts as ended.
const REST: Duration = Duration::from_millis(140);

/// The rows of the engine's table `table`. `column` is the column that is looked at.
#[component]
pub fn DataGrid(
    table: String,
    info: TableInfo,
    #[prop(into)] label: Signal<String>,
    column: RwSignal<Option<usize>>,
    profiles: RwSignal<Option<Vec<ColumnProfile>>>,
    look: Look,
) -> impl IntoView {
    let workspace = Workspace::here();
    let (n_rows, n_columns) = (info.n_rows, info.columns.len());
    let grid = Grid::new(workspace, table, &info, look);
    Effect::watch(
        move || look.labels.get(),
        move |_, _, _| grid.labels_changed(),
        false,
    );
    Effect::watch(
        move || look.frozen.get(),
        move |_, _, _| grid.widths_changed(),
        false,
    );
    let scroller = NodeRef::<html::Div>::new();
    let body = NodeRef::<html::Div>::new();
    let find = NodeRef::<html::Input>::new();

    Effect::new(move |_| {
        if let (Some(scroller), Some(body)) = (scroller.get(), body.get()) {
            grid.mount(scroller.unchecked_into(), body.unchecked_into());
        }
    });
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move |_| {
        let Some(scroller) = scroller.get() else {
            return;
        };
        let on_resize = Closure::<dyn FnMut()>::new(move || grid.resized());
        if let Ok(seen) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
            seen.observe(&scroller);
            observer.set_value(Some((seen, on_resize)));
        }
    });
    on_cleanup(move || {
        observer.update_value(|o| {
            if let Some((observer, _)) = o.take() {
                observer.disconnect();
            }
        });
    });
    Effect::new(move |_| {
        column.track();
        grid.look_at_column(column.get());
    });

    let timer = StoredValue::new(None::<TimeoutHandle>);
    let on_scroll = move |_| {
        grid.draw_soon();
        timer.update_value(|t| {
            if let Some(t) = t.take() {
                t.clear();
            }
            *t = set_timeout_with_handle(move || grid.settle(), REST).ok();
        });
    };
    let on_key = move |event: KeyboardEvent| {
        let (key, ctrl) = (event.key(), event.ctrl_key() || event.meta_key());
        let marked = grid.marked.get_untracked();
        if event.alt_key() {
            let by = match key.as_str() {
                "ArrowLeft" => -16.0,
                "ArrowRight" => 16.0,
                _ => return,
            };
            event.prevent_default();
            if let Some(marked) = marked {
                grid.widen(marked.active.1, by);
            }
            return;
        }
        if key == "Escape" && column.get_untracked().is_some() {
            event.prevent_default();
            event.stop_propagation();
            return column.set(None);
        }
        if key == "Enter" && marked.is_some() {
            event.prevent_default();
            let active = marked.map(|m| m.active.1);
            return column.update(|c| *c = if *c == active { None } else { active });
        }
        if n_rows == 0 || n_columns == 0 {
            return;
        }
        if key == "f" && ctrl {
            event.prevent_default();
            if let Some(field) = find.get_untracked() {
                field.select();
                let _ = field.focus();
            }
            return;
        }
        if key == "a" && ctrl {
            event.prevent_default();
            return grid.mark(Marked {
                active: (n_rows - 1, n_columns - 1),
                anchor: (0, 0),
            });
        }
        let Some(step) = Step::of_key(&key, ctrl, grid.page()) else {
            return;
        };
        event.prevent_default();
        event.stop_propagation();
        let marked = match marked {
            Some(marked) => marked.step(step, n_rows, n_columns, event.shift_key()),
            None => Marked::at(grid.first_seen(), 0),
        };
        grid.mark(marked);
        grid.reveal(marked.active);
    };
    let is_pressed = StoredValue::new(false);
    let on_press = move |event: PointerEvent| {
        if event.button() != 0 || n_rows == 0 || n_columns == 0 {
            return;
        }
        let Some((row, at)) = grid.cell_at(&event) else {
            return;
        };
        is_pressed.set_value(event.pointer_type() == "mouse");
        let old = grid.marked.get_untracked().filter(|_| event.shift_key());
        grid.mark(match (at, old) {
            (Some(at), Some(old)) => Marked {
                active: (row, at),
                anchor: old.anchor,
            },
            (Some(at), None) => Marked::at(row, at),
            // A row's number stands for the row.
            (None, old) => Marked {
                active: (row, n_columns - 1),
                anchor: (old.map_or(row, |o| o.anchor.0), 0),
            },
        });
    };
    let on_move = move |event: PointerEvent| {
        if !is_pressed.get_value() || event.buttons() != 1 {
            return is_pressed.set_value(false);
        }
        if let (Some((row, Some(at))), Some(old)) =
            (grid.cell_at(&event), grid.marked.get_untracked())
            && old.active != (row, at)
        {
            grid.mark(Marked {
                active: (row, at),
                anchor: old.anchor,
            });
        }
    };
    let columns = StoredValue::new(info.columns);
    view! {
        <div class="grid-frame">
            <div
                class="grid"
                role="grid"
                tabindex="0"
                data-testid="grid"
                node_ref=scroller
                aria-label=move || label.get()
                aria-rowcount=(n_rows + 1).to_string()
                aria-colcount=(n_columns + 1).to_string()
                aria-multiselectable="true"
                aria-activedescendant=move || grid.active_id.get()
                on:scroll=on_scroll
                on:keydown=on_key
                on:copy=move |event| copy::copy(grid, event)
            >
                <head::Head grid=grid columns=columns column=column profiles=profiles />
                <div
                    class="grid-body"
                    role="rowgroup"
                    node_ref=body
                    style:height=format!("{}px", rail::Rail::new(n_rows, 0.0).body())
                    style:width=move || grid.lanes.with(|l| format!("{}px", l.number + l.all()))
                    on:pointerdown=on_press
                    on:pointermove=on_move
                ></div>
            </div>
            {move || {
                grid.trouble
                    .get()
                    .map(|failure| {
                        view! {
                            <p class="grid-trouble" role="alert">
                                {workspace.say(failure.message)}
                            </p>
                        }
                    })
            }}
            {(n_rows == 0)
                .then(|| {
                    view! {
                        <p class="grid-trouble">
                            {workspace.say(msg!("app.data.no_rows", "This table has no rows."))}
                        </p>
                    }
                })}
            <foot::Foot grid=grid columns=columns find=find />
        </div>
    }
}

/// Puts the focus on an element once the page has been drawn.
pub(super) fn focus_soon(element: impl FnOnce() -> Option<HtmlElement> + 'static) {
    request_animation_frame(move || {
        if let Some(element) = element() {
            let _ = element.focus();
        }
    });
}
