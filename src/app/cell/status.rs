//! How far a cell is: progress, how long it took, what to do when its result is of something else.

use std::time::Duration;

use leptos::prelude::*;

use super::known::Known;
use super::states;
use crate::app::ui::{Glyph, Icon};
use crate::app::workspace::{CellState, EngineState, now};
use crate::msg;

/// Waiting that is shorter than this is not shown.
const PATIENCE: Duration = Duration::from_millis(300);

/// How long it took, or how far it is.
#[component]
pub(super) fn Status(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    let since = Memo::new(move |_| {
        known.state.with(|s| match s {
            CellState::Running(running) => Some(running.since),
            _ => None,
        })
    });
    let is_slow = RwSignal::new(false);
    let clock = RwSignal::new(0.0);
    Effect::new(move |_| {
        is_slow.set(false);
        let Some(since) = since.get() else { return };
        let patience = set_timeout_with_handle(move || is_slow.set(true), PATIENCE);
        let ticks =
            set_interval_with_handle(move || clock.set(now() - since), Duration::from_millis(250));
        on_cleanup(move || {
            patience.into_iter().for_each(|t| t.clear());
            ticks.into_iter().for_each(|t| t.clear());
        });
    });
    let progress = move || {
        known.state.with(|s| match s {
            CellState::Running(running) => running.progress.clone(),
            _ => None,
        })
    };
    let done = move || progress().map(|p| f64::from(p.done));
    let step = move || progress().map(|p| p.step.text(workspace.lang.get()));
    let words = move || {
        let state = known.name.get();
        let text = match state {
            "done" => known.shown.get().map(|s| states::duration(s.ms)),
            "waiting" if matches!(workspace.engine.get(), EngineState::Loading) => {
                Some(msg!("app.cell.engine_starts", "The engine is starting"))
            }
            "waiting" => Some(msg!("app.cell.waits", "Waiting")),
            "running" if is_slow.get() => Some(states::duration(clock.get())),
            _ => None,
        };
        text.map(|t| t.text(workspace.lang.get()))
    };
    view! {
        <span class="cell-status" class:is-waiting=move || known.is(&["waiting"])>
            <Show when=move || is_slow.get()>
                <span class="cell-step" aria-live="polite">
                    {step}
                </span>
            </Show>
            <span class="cell-time">{words}</span>
            <Show when=move || is_slow.get()>
                <button
                    type="button"
                    class="button button-small"
                    data-testid="cell-cancel"
                    on:click=move |event| {
                        event.stop_propagation();
                        workspace.cancel_run();
                    }
                >
                    {workspace.say(msg!("app.cell.cancel", "Cancel"))}
                </button>
            </Show>
        </span>
        <Show when=move || is_slow.get()>
            <progress
                class="cell-progress"
                data-testid="cell-progress"
                max="1"
                value=done
                aria-label=workspace.say(msg!("app.cell.progress", "Progress of the run"))
            ></progress>
        </Show>
    }
}

/// Run, where there is something to run.
#[component]
pub(super) fn RunButton(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    view! {
        <Show when=move || known.is(&["stale", "held", "failed", "waiting"])>
            <button
                type="button"
                class="button button-quiet button-small button-icon"
                data-testid="cell-run"
                aria-label=workspace.say(msg!("app.cell.run", "Run"))
                title=workspace.say(msg!("app.cell.run", "Run"))
                on:click=move |event| {
                    event.stop_propagation();
                    known.run();
                }
            >
                <Glyph icon=Icon::Play />
            </button>
        </Show>
    }
}

/// That what is shown is no longer what was asked.
#[component]
pub(super) fn Stripe(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    let text = move || {
        let text = match known.name.get() {
            "stale" => msg!(
                "app.cell.stale",
                "Options or data have changed since this was computed."
            ),
            "held" => msg!("app.cell.held", "The run was cancelled."),
            _ => return String::new(),
        };
        text.text(workspace.lang.get())
    };
    view! {
        <Show when=move || known.is(&["stale", "held"])>
            <div class="cell-stripe" role="status">
                <span>{text}</span>
                <button type="button" class="button button-small" on:click=move |_| known.run()>
                    {workspace.say(msg!("app.cell.run_again", "Run again"))}
                </button>
            </div>
        </Show>
    }
}
