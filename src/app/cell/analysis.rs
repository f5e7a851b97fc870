//! A cell of an analysis: the line that says what it does, how it stands, and its answer.

use std::sync::Arc;
use std::time::Duration;

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

use super::{headline::headline, is_wide, states};
use crate::analyses;
use crate::app::Workspace;
use crate::app::form::FormOf;
use crate::app::output::ReportOf;
use crate::app::shell::Layout;
use crate::app::ui::{Glyph, Icon, Menu, MenuItem, MenuLine};
use crate::app::workspace::{CellState, EngineState, Selection, now};
use crate::msg;
use crate::notebook::{Call, Outcome};
use crate::report::{Msg, Report};
use crate::spec::{FieldError, Spec};

/// Waiting that is shorter than this is not shown.
const PATIENCE: Duration = Duration::from_millis(300);

/// What the parts of a cell know of it.
#[derive(Clone, Copy)]
struct Known {
    workspace: Workspace,
    id: StoredValue<String>,
    spec: Option<&'static Spec>,
    call: Memo<Option<Call>>,
    state: Memo<CellState>,
    name: Memo<&'static str>,
    /// Which result is shown, without the result itself.
    shown: Memo<Option<Shown>>,
}

#[derive(Clone, PartialEq)]
struct Shown {
    fingerprint: String,
    ms: f64,
    failed: Option<(Msg, Vec<FieldError>)>,
    has_report: bool,
}

impl Known {
    fn new(id: &str) -> Self {
        let workspace = Workspace::here();
        let of_cell = {
            let id = id.to_string();
            move || {
                workspace
                    .notebook
                    .with(|n| n.cell(&id).and_then(|c| c.call()).cloned())
            }
        };
        let spec = untrack(&of_cell).and_then(|c| analyses::find(&c.analysis));
        let state = {
            let id = id.to_string();
            Memo::new(move |_| workspace.cell_state(&id))
        };
        let shown = {
            let id = id.to_string();
            Memo::new(move |_| {
                workspace.results.with(|results| {
                    let result = results.get(&id)?;
                    let (failed, has_report) = match &result.outcome {
                        Outcome::Done { .. } => (None, true),
                        Outcome::Failed {
                            message,
                            fields,
                            last,
                        } => (Some((message.clone(), fields.clone())), last.is_some()),
                    };
                    Some(Shown {
                        fingerprint: result.fingerprint.clone(),
                        ms: result.ms,
                        failed,
                        has_report,
                    })
                })
            })
        };
        Self {
            workspace,
            id: StoredValue::new(id.to_string()),
            spec,
            call: Memo::new(move |_| of_cell()),
            state,
            name: Memo::new(move |_| state.with(states::name)),
            shown,
        }
    }

    /// The last good report.
    fn report(self) -> Option<Arc<Report>> {
        let found = self.workspace.results.with_untracked(|results| {
            match &self.id.with_value(|id| results.get(id))?.outcome {
                Outcome::Done { report, .. } => Some(report.clone()),
                Outcome::Failed { last, .. } => last.clone(),
            }
        });
        found.map(Arc::new)
    }

    fn is(self, names: &[&str]) -> bool {
        names.contains(&self.name.get())
    }

    fn run(self) {
        self.id.with_value(|id| self.workspace.run_cell(id));
    }

    fn headline(self) -> Msg {
        self.call.with(|call| match (self.spec, call) {
            (Some(spec), Some(call)) => headline(spec, &call.values),
            (None, Some(call)) => Msg::verbatim(&*call.analysis),
            _ => Msg::verbatim(""),
        })
    }
}

#[component]
pub fn AnalysisCell(id: String, index: Memo<usize>, n_cells: Memo<usize>) -> impl IntoView {
    let known = Known::new(&id);
    let workspace = known.workspace;
    let is_selected = {
        let id = id.clone();
        Memo::new(move |_| {
            workspace
                .selected
                .with(|s| matches!(s, Some(Selection::Cell(c)) if *c == id))
        })
    };
    let is_wide = is_wide();
    let select = move || {
        workspace
            .selected
            .set(Some(Selection::Cell(known.id.get_value())))
    };
    let on_line = move |event: MouseEvent| {
        event.stop_propagation();
        if !is_wide.get_untracked() && is_selected.get_untracked() {
            workspace.selected.set(None);
        } else {
            select();
        }
    };
    let on_cell = move |_: MouseEvent| {
        if is_wide.get_untracked() && !is_selected.get_untracked() {
            select();
        }
    };
    let layout = Layout::here();
    let is_form_here = move || {
        is_selected.get() && !is_wide.get() && !layout.inspector.get() && !layout.presenting.get()
    };
    let title_id = format!("cell-{id}-title");
    view! {
        <article
            class="cell cell-analysis"
            class:is-selected=move || is_selected.get()
            id=format!("cell-{id}")
            data-testid=move || format!("cell-{}", index.get())
            data-analysis=known.call.with_untracked(|c| c.as_ref().map(|c| c.analysis.clone()))
            data-state=move || known.name.get()
            aria-labelledby=title_id
            aria-busy=move || known.is(&["running"]).to_string()
            on:click=on_cell
        >
            <header class="cell-head">
                <h2 class="cell-title" id=title_id.clone()>
                    <button
                        type="button"
                        class="cell-line"
                        data-testid="cell-line"
                        aria-expanded=move || (!is_wide.get()).then(|| is_selected.get().to_string())
                        on:click=on_line
                    >
                        {move || known.headline().text(workspace.lang.get())}
                    </button>
                </h2>
                <Reads known />
                <Status known />
                <div class="cell-tools">
                    <RunButton known />
                    <CellMenu id=id.clone() index n_cells />
                </div>
            </header>
            <Show when=is_form_here>
                <div class="cell-form">
                    <FormOf cell=known.id.get_value() />
                </div>
            </Show>
            <Stripe known />
            <Missing known />
            <Failure known />
            <Answer known index />
            <Makes known />
        </article>
    }
}

/// The table that the cell reads.
#[component]
fn Reads(known: Known) -> impl IntoView {
    let names = Memo::new(move |_| {
        let inputs = known
            .call
            .with(|c| c.as_ref().map(|c| c.inputs.clone()))
            .unwrap_or_default();
        let mut names: Vec<String> = inputs.into_values().filter(|n| !n.is_empty()).collect();
        names.dedup();
        names
    });
    view! {
        <span class="cell-reads">
            <For each=move || names.get() key=|name| name.clone() let:name>
                <TableChip known name />
            </For>
        </span>
    }
}

#[component]
fn TableChip(known: Known, name: String, #[prop(optional)] detail: Option<Msg>) -> impl IntoView {
    let workspace = known.workspace;
    let open = {
        let name = name.clone();
        move |event: MouseEvent| {
            event.stop_propagation();
            workspace.selected.set(Some(Selection::Table(name.clone())));
            workspace.shown_table.set(Some(name.clone()));
        }
    };
    let label = workspace.say(msg!(
        "app.cell.open_table",
        "Open the table {name}",
        name = &name
    ));
    view! {
        <button type="button" class="table-chip" title=label on:click=open>
            <Glyph icon=Icon::Table />
            <span class="table-chip-name">{name}</span>
            {detail.map(|detail| view! { <span class="table-chip-detail">{workspace.say(detail)}</span> })}
        </button>
    }
}

/// How long it took, or how far it is.
#[component]
fn Status(known: Known) -> impl IntoView {
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
fn RunButton(known: Known) -> impl IntoView {
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
fn Stripe(known: Known) -> impl IntoView {
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

/// The choices that are missing before it can run; each leads to its field.
#[component]
fn Missing(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    let errors = Memo::new(move |_| {
        if !known.is(&["incomplete"]) {
            return Vec::new();
        }
        known
            .id
            .with_value(|id| workspace.notebook.with(|n| workspace.field_errors(n, id)))
    });
    let items = move || {
        let lang = workspace.lang.get();
        errors.get().into_iter().map(|error| {
            let title = known.spec.and_then(|spec| option_title(spec, &error.option));
            let text = match title {
                Some(title) => format!("{}: {}", title.text(lang), error.message.text(lang)),
                None => error.message.text(lang),
            };
            let option = error.option.clone();
            view! {
                <li>
                    <button type="button" class="missing" on:click=move |_| go_to(known, &option)>
                        {text}
                    </button>
                </li>
            }
        })
        .collect_view()
    };
    let is_unknown = known.spec.is_none();
    view! {
        <Show when=move || known.is(&["incomplete"])>
            <div class="cell-missing">
                <Show
                    when=move || errors.with(Vec::is_empty)
                    fallback=move || view! { <ul>{items}</ul> }
                >
                    <p>
                        {workspace.say(if is_unknown {
                            msg!(
                                "app.cell.unknown",
                                "This analysis is not part of this version of Jari. Reload the page to get the newest one.",
                            )
                        } else {
                            msg!("app.cell.no_table", "The table that this cell reads is not there. Open one, or choose another.")
                        })}
                    </p>
                </Show>
            </div>
        </Show>
    }
}

/// What went wrong, where, and what to try.
#[component]
fn Failure(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    let failed = Memo::new(move |_| known.shown.get().and_then(|s| s.failed));
    let message = move || {
        failed
            .get()
            .map(|(message, _)| message.text(workspace.lang.get()))
    };
    let fields = move || {
        let lang = workspace.lang.get();
        let fields = failed.get().map(|(_, fields)| fields).unwrap_or_default();
        fields
            .into_iter()
            .map(|error| {
                let title = known.spec.and_then(|spec| option_title(spec, &error.option)).map(|t| t.text(lang));
                let text = format!("{}: {}", title.unwrap_or_else(|| error.option.clone()), error.message.text(lang));
                view! {
                    <li>
                        <button type="button" class="missing" on:click=move |_| go_to(known, &error.option)>
                            {text}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let has_last = move || {
        known
            .shown
            .with(|s| s.as_ref().is_some_and(|s| s.has_report))
    };
    view! {
        <Show when=move || known.is(&["failed"])>
            <div class="cell-failed" role="alert" data-testid="cell-failed">
                <Glyph icon=Icon::Alert />
                <div>
                    <p>{message}</p>
                    <ul>{fields}</ul>
                    <Show when=has_last>
                        <p class="cell-last">
                            {workspace.say(msg!("app.cell.last", "Below stands the last result that worked."))}
                        </p>
                    </Show>
                </div>
            </div>
        </Show>
    }
}

/// The report, or the room that it will take.
#[component]
fn Answer(known: Known, index: Memo<usize>) -> impl IntoView {
    let workspace = known.workspace;
    let frame = NodeRef::<html::Div>::new();
    let shown = Memo::new(move |_| {
        known
            .shown
            .get()
            .filter(|s| s.has_report)
            .map(|s| (s.fingerprint, s.ms.to_bits()))
    });
    let report = move || {
        shown.get()?;
        hold_height(frame);
        let report = known.report()?;
        let title = workspace.notebook.with_untracked(|n| n.title.clone());
        let stem = match title.trim() {
            "" => (index.get_untracked() + 1).to_string(),
            title => format!("{title}-{}", index.get_untracked() + 1),
        };
        Some(view! { <ReportOf report stem /> })
    };
    let is_room = move || shown.with(Option::is_none) && known.is(&["running", "waiting"]);
    view! {
        <div class="cell-result" node_ref=frame>
            {report}
        </div>
        <Show when=is_room>
            <div class="cell-room" aria-hidden="true"></div>
        </Show>
    }
}

/// The tables that the cell made.
#[component]
fn Makes(known: Known) -> impl IntoView {
    let workspace = known.workspace;
    let tables = Memo::new(move |_| {
        let outputs = known
            .call
            .with(|c| c.as_ref().map(|c| c.outputs.clone()))
            .unwrap_or_default();
        known.id.with_value(|id| {
            workspace
                .results
                .with(|results| match results.get(id).map(|r| &r.outcome) {
                    Some(Outcome::Done { tables, .. }) => tables
                        .iter()
                        .filter_map(|(output, info)| {
                            Some((outputs.get(output)?.clone(), info.n_rows))
                        })
                        .collect(),
                    _ => Vec::new(),
                })
        })
    });
    view! {
        <Show when=move || tables.with(|t| !t.is_empty()) && known.is(&["done", "stale"])>
            <footer class="cell-makes">
                <span>{workspace.say(msg!("app.cell.makes", "Makes"))}</span>
                <For each=move || tables.get() key=|table| table.clone() let:table>
                    <TableChip
                        known
                        name=table.0
                        detail=msg!("app.cell.n_rows", "{n} {n|row|rows}", n = table.1)
                    />
                </For>
            </footer>
        </Show>
    }
}

/// What can be done with a cell as a whole.
#[component]
pub fn CellMenu(id: String, index: Memo<usize>, n_cells: Memo<usize>) -> impl IntoView {
    let workspace = Workspace::here();
    let id = StoredValue::new(id);
    let act = move |f: fn(Workspace, &str)| move |()| id.with_value(|id| f(workspace, id));
    view! {
        <Menu
            label=workspace.say(msg!("app.cell.menu", "What to do with the cell"))
            icon=Icon::More
            small=true
            end=true
            testid="cell-menu"
        >
            <MenuItem
                label=workspace.say(msg!("app.cell.up", "Move up"))
                icon=Icon::ArrowUp
                disabled=Signal::derive(move || index.get() == 0)
                on_select=act(|w, id| w.move_cell(id, -1))
            />
            <MenuItem
                label=workspace.say(msg!("app.cell.down", "Move down"))
                icon=Icon::ArrowDown
                disabled=Signal::derive(move || index.get() + 1 >= n_cells.get())
                on_select=act(|w, id| w.move_cell(id, 1))
            />
            <MenuItem
                label=workspace.say(msg!("app.cell.duplicate", "Duplicate"))
                icon=Icon::Copy
                on_select=act(|w, id| w.duplicate_cell(id))
            />
            <MenuLine />
            <MenuItem
                label=workspace.say(msg!("app.cell.delete", "Delete"))
                icon=Icon::Trash
                danger=true
                on_select=act(|w, id| {
                    w.remove_cell(id);
                    w.tell(msg!("app.cell.deleted", "The cell is deleted. Undo brings it back."));
                })
            />
        </Menu>
    }
}

/// Opens the form and puts the focus on a field.
fn go_to(known: Known, option: &str) {
    let id = format!("option-{}-{option}", known.id.get_value());
    known
        .workspace
        .selected
        .set(Some(Selection::Cell(known.id.get_value())));
    request_animation_frame(move || {
        let Some(field) = document().get_element_by_id(&id) else {
            return;
        };
        let inner = field
            .query_selector("input, select, textarea, button")
            .ok()
            .flatten();
        let target = if field.has_attribute("role") {
            inner.unwrap_or(field)
        } else {
            field
        };
        let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(target).focus();
    });
}

/// The title of an option or of a field of its rows: `rows.0.n` is the field `n` of `rows`.
fn option_title(spec: &Spec, path: &str) -> Option<Msg> {
    let mut parts = path.split('.');
    let option = spec.option(parts.next()?)?;
    match (parts.nth(1), option.kind) {
        (Some(field), crate::spec::Kind::Rows { fields, .. }) => {
            let field = fields.iter().find(|f| f.name == field)?;
            Some(spec.option_title(&format!("{}.{}", option.name, field.name), field))
        }
        _ => Some(spec.option_title(option.name, option)),
    }
}

/// Keeps the height of what stands there until the new result has taken its place, so that nothing jumps.
fn hold_height(frame: NodeRef<html::Div>) {
    let Some(frame) = frame.get_untracked() else {
        return;
    };
    let style = web_sys::HtmlElement::style(&frame);
    let _ = style.set_property("min-height", &format!("{}px", frame.offset_height()));
    request_animation_frame(move || {
        request_animation_frame(move || drop(style.remove_property("min-height")));
    });
}
