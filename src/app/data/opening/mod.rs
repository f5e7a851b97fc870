//! A file that is being opened: what was understood of it, what may be said against that, and how
//! far its reading has come.

mod columns;
mod settings;
mod several;
mod words;

use std::time::Duration;

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;

use crate::app::Workspace;
use crate::app::ui::{Button, Dialog};
use crate::engine::protocol::{Failure, Progress};
use crate::msg;
use crate::report::Msg;
use crate::table::csv::{ImportOptions, Preview};

use columns::PreviewTable;
use settings::Settings;
use several::{Several, Tight};

/// Waiting that is not told about.
const SLOW: Duration = Duration::from_millis(400);
/// So many warnings are shown at once, the others behind a line.
const WARNINGS: usize = 2;

/// What was understood of a file that is being opened.
#[component]
pub fn OpeningDialog() -> impl IntoView {
    let workspace = Workspace::here();
    let opening = workspace.opening;
    let file = Memo::new(move |_| opening.with(|o| o.as_ref().map(|o| o.file.clone())));
    let title = move || {
        let file = file.get().unwrap_or_default();
        let n_one = opening.with(|o| match o {
            Some(o) if o.is_one_of_several() => o.more.len() + 1,
            _ => 1,
        });
        let replaces = opening.with(|o| o.as_ref().and_then(|o| o.replaces.clone()));
        match replaces {
            Some(table) => msg!(
                "app.data.replace_title",
                "Replace “{table}” with {file}",
                table = table,
                file = file
            ),
            None if n_one > 1 => msg!(
                "app.data.open_several",
                "Open {n} files as one table",
                n = n_one
            ),
            None => msg!("app.data.open_title", "Open {file}", file = file),
        }
        .text(workspace.lang.get())
    };
    let close = move |()| {
        if is_reading(workspace) && has_preview(workspace) {
            workspace.cancel_reading();
        } else {
            workspace.close_opening();
        }
    };
    // Examples are read without a question: only one that takes long is told about.
    let is_slow = RwSignal::new(false);
    Effect::new(move || {
        is_slow.set(false);
        if file.with(Option::is_some) {
            set_timeout(
                move || {
                    let _ = is_slow.try_set(true);
                },
                SLOW,
            );
        }
    });
    let is_open = move || {
        opening.with(|o| {
            o.as_ref()
                .is_some_and(|o| o.is_looking || o.preview.is_some() || is_slow.get())
        })
    };
    view! {
        <Dialog
            open=Memo::new(move |_| is_open())
            close=close
            title=Signal::derive(title)
            wide=true
            class="opening"
            testid="opening-dialog"
        >
            <Content />
        </Dialog>
    }
}

#[component]
fn Content() -> impl IntoView {
    let workspace = Workspace::here();
    let opening = workspace.opening;
    // The last preview that succeeded stays while another one is on its way.
    let good = Memo::new(move |before: Option<&Option<(Preview, Vec<Msg>)>>| {
        let now = opening.with(|o| match o.as_ref().and_then(|o| o.preview.as_ref()) {
            Some(Ok(preview)) => Some(preview.clone()),
            _ => None,
        });
        now.or_else(|| before.cloned().flatten())
    });
    let error = Memo::new(move |_| {
        opening.with(|o| match o.as_ref().and_then(|o| o.preview.as_ref()) {
            Some(Err(failure)) => Some(failure.clone()),
            _ => None,
        })
    });
    let options = Memo::new(move |_| {
        opening.with(|o| o.as_ref().map(|o| o.options.clone()).unwrap_or_default())
    });
    let is_looking = Memo::new(move |_| opening.with(|o| o.as_ref().is_some_and(|o| o.is_looking)));
    let progress = Memo::new(move |_| {
        opening.with(|o| o.as_ref()?.reading.as_ref().map(|r| r.progress.clone()))
    });
    let is_busy = move || progress.with(Option::is_some);
    let set = Callback::new(move |change: Box<dyn FnOnce(&mut ImportOptions)>| {
        let mut options = options.get_untracked();
        change(&mut options);
        workspace.set_import_options(options);
    });

    let open = NodeRef::<html::Button>::new();
    super::grid::focus_soon(move || open.get_untracked().map(|b| b.into()));
    let can_read = move || error.with(Option::is_none) && good.with(Option::is_some) && !is_busy();
    // The button waits for the first preview; the focus waits with it.
    Effect::new(move |before: Option<bool>| {
        let can = can_read();
        if can && before == Some(false) {
            super::grid::focus_soon(move || {
                let active = document().active_element();
                let is_elsewhere = active.is_some_and(|a| {
                    matches!(a.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
                });
                open.get_untracked()
                    .filter(|_| !is_elsewhere)
                    .map(|b| b.into())
            });
        }
        can
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if can_read() {
            workspace.read_opening();
        }
    };
    // Enter in a list of choices reads as well.
    let on_key = move |event: KeyboardEvent| {
        let is_select = event
            .target()
            .and_then(|t| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlSelectElement>(t).ok())
            .is_some();
        if event.key() == "Enter" && is_select && can_read() {
            event.prevent_default();
            workspace.read_opening();
        }
    };
    view! {
        <form class="opening-form" on:submit=submit on:keydown=on_key>
            <div class="dialog-body opening-body" class:is-looking=move || is_looking.get()>
                <Several options=options set=set is_busy=Signal::derive(is_busy) />
                <Summary good=good is_error=Signal::derive(move || error.with(Option::is_some)) />
                {move || error.get().map(|failure| view! { <Trouble failure=failure /> })}
                <Show when=move || good.with(Option::is_some) || error.with(Option::is_some)>
                    <fieldset class="opening-fields" disabled=is_busy>
                        <Settings good=good options=options set=set />
                    </fieldset>
                </Show>
                <Show when=move || error.with(Option::is_none)>
                    <Warnings good=good />
                    <Tight good=good />
                    <fieldset class="opening-fields opening-grow" disabled=is_busy>
                        <PreviewTable good=good options=options set=set />
                    </fieldset>
                </Show>
            </div>
            <div class="dialog-foot opening-foot">
                <div class="opening-progress" aria-live="polite">
                    {move || {
                        progress.get().map(|p| view! { <ReadingBar progress=p /> })
                    }}
                </div>
                <Button
                    label=workspace.say(msg!("app.data.cancel", "Cancel"))
                    on_click=move |_| {
                        if is_busy() && good.with_untracked(Option::is_some) {
                            workspace.cancel_reading();
                        } else {
                            workspace.close_opening();
                        }
                    }
                    testid="opening-cancel"
                />
                <button
                    type="submit"
                    class="button button-primary opening-read"
                    node_ref=open
                    disabled=move || !can_read()
                    data-testid="opening-read"
                >
                    {workspace.say(msg!("app.data.open", "Open"))}
                </button>
            </div>
        </form>
    }
}

/// What was understood, in one line.
#[component]
fn Summary(
    good: Memo<Option<(Preview, Vec<Msg>)>>,
    #[prop(into)] is_error: Signal<bool>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let line = move || {
        let lang = workspace.lang.get();
        good.with(|g| match g {
            _ if is_error.get() => String::new(),
            Some((preview, _)) => words::summary(preview, lang),
            None => msg!("app.data.looking", "Looking at the file").text(lang),
        })
    };
    view! {
        <p class="opening-summary" aria-live="polite" data-testid="opening-summary">
            {line}
        </p>
    }
}

#[component]
fn Trouble(failure: Failure) -> impl IntoView {
    let workspace = Workspace::here();
    view! {
        <div class="opening-error" role="alert" data-testid="opening-error">
            <p>{workspace.say(failure.message)}</p>
        </div>
    }
}

#[component]
fn Warnings(good: Memo<Option<(Preview, Vec<Msg>)>>) -> impl IntoView {
    let workspace = Workspace::here();
    let warnings =
        Memo::new(move |_| good.with(|g| g.as_ref().map(|g| g.1.clone()).unwrap_or_default()));
    let lines = move |from: usize, to: usize| {
        warnings.with(|all| {
            let some = all.iter().take(to).skip(from).cloned();
            some.map(|w| view! { <li>{workspace.say(w)}</li> })
                .collect_view()
        })
    };
    let n_more = move || warnings.with(Vec::len).saturating_sub(WARNINGS);
    let more = move || {
        msg!(
            "app.data.more_notes",
            "{n} more {n|note|notes}",
            n = n_more()
        )
        .text(workspace.lang.get())
    };
    view! {
        <Show when=move || warnings.with(|w| !w.is_empty())>
            <div class="opening-warnings">
                <ul>{move || lines(0, WARNINGS)}</ul>
                <Show when=move || n_more() != 0>
                    <details>
                        <summary>{more}</summary>
                        <ul>{move || lines(WARNINGS, usize::MAX)}</ul>
                    </details>
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn ReadingBar(progress: Option<Progress>) -> impl IntoView {
    let workspace = Workspace::here();
    let done = progress.as_ref().map_or(0.0, |p| p.done);
    let step = progress.map_or_else(|| msg!("app.data.reading", "Reading the file"), |p| p.step);
    view! {
        <span
            class="progress"
            role="progressbar"
            aria-label=workspace.say(msg!("app.data.reading", "Reading the file"))
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=((done * 100.0).round() as i32).to_string()
        >
            <span class="progress-fill" style:transform=format!("scaleX({done})")></span>
        </span>
        <span class="opening-step tabular">{workspace.say(step)}</span>
    }
}

fn is_reading(workspace: Workspace) -> bool {
    workspace
        .opening
        .with_untracked(|o| o.as_ref().is_some_and(|o| o.reading.is_some()))
}

fn has_preview(workspace: Workspace) -> bool {
    workspace
        .opening
        .with_untracked(|o| o.as_ref().is_some_and(|o| o.preview.is_some()))
}
