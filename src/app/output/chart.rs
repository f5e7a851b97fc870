//! A chart on a canvas: drawn for the screen it is on, read by pointer, by keys and by ear.

use std::cell::Cell;
use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

use super::chart_tools::ChartTools;
use super::media::{is_dark, width_of};
use super::table::TableOf;
use crate::app::Workspace;
use crate::app::workspace::now;
use crate::chart::{self, Direction, Hit, Layout, Theme, View};
use crate::msg;
use crate::report::Chart;

/// A chart with its buttons. `stem` begins the names of saved files; `peers` are the charts of the grid
/// that it stands in, itself among them, or none.
#[component]
pub fn ChartOf(
    chart: Arc<Chart>,
    #[prop(into)] stem: String,
    #[prop(optional)] peers: Arc<Vec<Chart>>,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let view = RwSignal::new(View::default());
    let frame = NodeRef::<html::Div>::new();
    let width = width_of(frame);
    let test_id = format!("chart-{}", chart.key);
    // A chart that leaves its grid names its own series.
    let alone = Arc::new(Chart {
        keyless: false,
        ..(*chart).clone()
    });
    let content = {
        let (chart, stem) = (chart.clone(), stem.clone());
        move || {
            if as_table.get() {
                let table = Arc::new(chart::table(&chart));
                view! { <TableOf table stem=stem.clone() /> }.into_any()
            } else {
                view! { <Plot chart=chart.clone() peers=peers.clone() view width /> }.into_any()
            }
        }
    };
    view! {
        <figure class="chart" data-testid=test_id>
            // Its size never follows from what is drawn, so that watching it ends.
            <div class="chart-width" node_ref=frame></div>
            {content}
            <ChartTools chart=alone stem as_table view width />
        </figure>
    }
}

/// A drag across the plot, from and to.
type Drag = ((f64, f64), (f64, f64));

#[component]
fn Plot(
    chart: Arc<Chart>,
    peers: Arc<Vec<Chart>>,
    view: RwSignal<View>,
    width: Signal<f64>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let canvas = NodeRef::<html::Canvas>::new();
    let layout = StoredValue::<Option<Layout>, LocalStorage>::new_local(None);
    let hit = RwSignal::new_local(None::<Hit>);
    let spoken = RwSignal::new(String::new());
    let drag = RwSignal::new(None::<Drag>);
    let is_dark = is_dark();
    let chart = StoredValue::new(chart);
    let height = Memo::new(move |_| {
        let width = width.get().max(1.0);
        match peers.is_empty() {
            true => chart.with_value(|c| chart::height_for(c, width)),
            false => chart::small_height(&peers, width),
        }
    });

    Effect::new(move |_| {
        let (size, view, lang) = (
            (width.get(), height.get()),
            view.get(),
            workspace.lang.get(),
        );
        let theme = if is_dark.get() {
            Theme::dark()
        } else {
            Theme::light()
        };
        let Some(canvas) = canvas.get().filter(|_| size.0 > 0.0) else {
            return;
        };
        hit.set(None);
        in_turn(move || {
            let ratio = window().device_pixel_ratio().max(1.0);
            let drawn = chart
                .try_with_value(|c| chart::canvas(c, &canvas, size, ratio, view, &theme, lang));
            if let Some(Ok(drawn)) = drawn {
                layout.set_value(Some(drawn));
            }
        });
    });

    let with_layout = move |f: &dyn Fn(&Layout, &Chart) -> Option<Hit>| {
        layout.with_value(|l| l.as_ref().and_then(|l| chart.with_value(|c| f(l, c))))
    };
    let point = move |event: &PointerEvent| {
        let rect = canvas.get_untracked().map(|c| c.get_bounding_client_rect());
        rect.map_or((0.0, 0.0), |r| {
            (
                f64::from(event.client_x()) - r.left(),
                f64::from(event.client_y()) - r.top(),
            )
        })
    };
    let look = move |at: (f64, f64)| {
        let found = with_layout(&|l, c| l.hit(c, at));
        let place = |h: &Option<Hit>| h.as_ref().map(|h| (h.mark, h.index));
        if hit.with_untracked(place) != place(&found) {
            hit.set(found);
        }
    };
    let on_down = move |event: PointerEvent| {
        let at = point(&event);
        if event.pointer_type() == "touch" {
            return look(at);
        }
        let is_in_plot = layout.with_value(|l| l.as_ref().is_some_and(|l| l.plot.contains(at)));
        if event.button() == 0 && is_in_plot {
            drag.set(Some((at, at)));
            if let Some(canvas) = canvas.get_untracked() {
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
        }
    };
    let on_move = move |event: PointerEvent| {
        let at = point(&event);
        if drag.with_untracked(Option::is_some) {
            drag.update(|d| d.iter_mut().for_each(|d| d.1 = at));
            hit.set(None);
        } else {
            look(at);
        }
    };
    let on_up = move |event: PointerEvent| {
        let Some((from, _)) = drag.get_untracked() else {
            return;
        };
        drag.set(None);
        let to = point(&event);
        let zoomed = layout.with_value(|l| {
            l.as_ref()
                .and_then(|l| l.zoom(from, to, view.get_untracked()))
        });
        if let Some(zoomed) = zoomed {
            view.set(zoomed);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let direction = match event.key().as_str() {
            "ArrowLeft" => Direction::Left,
            "ArrowRight" => Direction::Right,
            "ArrowUp" => Direction::Up,
            "ArrowDown" => Direction::Down,
            "Home" => Direction::First,
            "End" => Direction::Last,
            "Escape" if hit.with_untracked(Option::is_some) => {
                event.stop_propagation();
                return hit.set(None);
            }
            "Escape" if view.get_untracked() != View::default() => {
                event.stop_propagation();
                return view.set(View::default());
            }
            _ => return,
        };
        event.prevent_default();
        let now = hit.with_untracked(|h| h.as_ref().map(|h| (h.mark, h.index)));
        let next = with_layout(&|l, c| l.step(c, now, direction));
        if let Some(next) = next {
            spoken.set(next.text());
            hit.set(Some(next));
        }
    };

    let label = move || {
        let lang = workspace.lang.get();
        let title = chart.with_value(|c| c.title.text(lang));
        msg!(
            "app.output.chart",
            "Chart: {title}. Arrow keys step through the values.",
            title = title
        )
        .text(lang)
    };
    let description = move || chart.with_value(|c| chart::describe(c, workspace.lang.get()));
    view! {
        <div
            class="plot"
            tabindex="0"
            role="group"
            aria-label=label
            style:height=move || format!("{}px", height.get())
            on:keydown=on_key
            on:blur=move |_| hit.set(None)
        >
            <canvas
                node_ref=canvas
                role="img"
                aria-label=description
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointercancel=move |_| drag.set(None)
                on:pointerleave=move |_| hit.set(None)
                on:dblclick=move |_| view.set(View::default())
            ></canvas>
            {move || hit.get().map(|hit| view! { <Note hit width=width.get_untracked() /> })}
            {move || drag.get().map(|drag| selection(drag, layout))}
            <p class="spoken" aria-live="polite">
                {move || spoken.get()}
            </p>
        </div>
    }
}

/// A ring around what is meant, and its values.
#[component]
fn Note(hit: Hit, width: f64) -> impl IntoView {
    let (x, y) = hit.anchor;
    let is_left = x > width * 0.6;
    let is_below = y < 90.0;
    let px = |v: f64| format!("{v}px");
    let lines = hit.lines.into_iter().map(|(name, value)| {
        view! {
            <div class="note-line">
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! {
        <span class="ring" style:left=px(x) style:top=px(y)></span>
        <div class="chart-note" class:is-left=is_left class:is-below=is_below style:left=px(x) style:top=px(y)>
            {hit.title.map(|title| view! { <p class="note-title">{title}</p> })}
            <dl>{lines.collect_view()}</dl>
        </div>
    }
}

/// The part of the plot that a drag has chosen so far.
fn selection(drag: Drag, layout: StoredValue<Option<Layout>, LocalStorage>) -> impl IntoView {
    let plot = layout.with_value(|l| l.as_ref().map(|l| l.plot))?;
    let within = |v: f64, low: f64, high: f64| v.clamp(low.min(high), high.max(low));
    let ((x0, y0), (x1, y1)) = drag;
    let (x0, x1) = (
        within(x0, plot.left, plot.right),
        within(x1, plot.left, plot.right),
    );
    let (y0, y1) = (
        within(y0, plot.top, plot.bottom),
        within(y1, plot.top, plot.bottom),
    );
    let px = |v: f64| format!("{v}px");
    Some(view! {
        <span
            class="chart-drag"
            style:left=px(x0.min(x1))
            style:top=px(y0.min(y1))
            style:width=px((x1 - x0).abs())
            style:height=px((y1 - y0).abs())
        ></span>
    })
}

/// Draws at once while there is time in this frame, else in the next ones: a long report must not hold the page.
fn in_turn(draw: impl FnOnce() + 'static) {
    const ROOM: f64 = 24.0;
    thread_local! {
        static SPENT: Cell<f64> = const { Cell::new(0.0) };
        static LAST: Cell<f64> = const { Cell::new(0.0) };
    }
    let started = now();
    if started - LAST.get() > ROOM {
        SPENT.set(0.0);
    }
    if SPENT.get() > ROOM {
        SPENT.set(SPENT.get() - ROOM);
        request_animation_frame(move || in_turn(draw));
        return;
    }
    draw();
    let ended = now();
    SPENT.set(SPENT.get() + ended - started);
    LAST.set(ended);
}
