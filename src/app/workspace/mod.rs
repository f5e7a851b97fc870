//! The state that all of the page shares. Components read its signals and call its methods; nothing
//! else changes a notebook.

mod data;
mod edit;
mod past;
mod run;
mod save;
mod several;
mod tabs;
mod wish;

use std::collections::{BTreeMap, VecDeque};

use leptos::prelude::*;
use web_sys::File;

use super::desk::Desk;
use crate::engine::client::{Cancel, Claim, Client, Converse};
use crate::engine::protocol::{Failure, Progress};
use crate::notebook::{CellResult, Graph, History, Notebook};
use crate::report::{Lang, Msg};
use crate::spec::TableInfo;

pub use data::{Example, Opening, Reading, examples};
pub use save::{Saved, Shelf};
pub use tabs::Place;
pub use wish::Wish;

/// All of the page's state; a handle that is copied freely. Get it with [`Workspace::here`].
#[derive(Clone, Copy)]
pub struct Workspace {
    pub lang: RwSignal<Lang>,
    pub theme: RwSignal<Theme>,
    /// The document. Read it freely; change it with [`Workspace::edit`].
    pub notebook: RwSignal<Notebook>,
    /// What the cells gave, by cell id; a result may be stale.
    pub results: RwSignal<BTreeMap<String, CellResult>>,
    pub engine: RwSignal<EngineState>,
    /// The cell that runs now.
    pub running: RwSignal<Option<Running>>,
    /// Cells whose run was cancelled: they wait for a change or a click.
    pub held: RwSignal<BTreeMap<String, String>>,
    /// Whether stale cells run by themselves.
    pub auto_run: RwSignal<bool>,
    /// What the inspector shows.
    pub selected: RwSignal<Option<Selection>>,
    /// The table shown in the grid, by name.
    pub shown_table: RwSignal<Option<String>>,
    /// A file being looked at before it is opened.
    pub opening: RwSignal<Option<Opening>, LocalStorage>,
    /// A sentence for a few seconds, also spoken.
    pub toast: RwSignal<Option<Toast>>,
    pub saved: RwSignal<Saved>,
    /// Whether the notebook may be changed in this tab.
    pub place: RwSignal<Place>,
    /// The notebooks kept in this browser.
    pub shelf: RwSignal<Vec<Shelf>>,
    /// What lies behind the first screen, once it has come.
    pub desk: RwSignal<Option<Desk>>,
    /// The cell that was left for a table.
    left: StoredValue<Option<Selection>>,
    history: RwSignal<History<Notebook>>,
    past: StoredValue<past::Past>,
    client: RwSignal<Option<Client>, LocalStorage>,
    /// Files that wait until the one being opened is done with.
    waiting: StoredValue<VecDeque<File>, LocalStorage>,
    claim: StoredValue<Option<Claim>, LocalStorage>,
    channel: StoredValue<Option<Converse>, LocalStorage>,
    cancel: StoredValue<Option<Cancel>, LocalStorage>,
    run_timer: StoredValue<Option<TimeoutHandle>>,
    save_timer: StoredValue<Option<TimeoutHandle>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Clone, Debug, PartialEq)]
pub enum EngineState {
    Loading,
    Ready {
        /// Whether tables outlive a reload.
        stored: bool,
    },
    Failed(Failure),
}

/// A run under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    pub cell: String,
    pub fingerprint: String,
    pub progress: Option<Progress>,
    /// `performance.now()` at its start.
    pub since: f64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    Cell(String),
    Table(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    pub text: Msg,
    pub is_error: bool,
    /// Counts up, so that the same sentence twice is shown twice.
    pub number: u32,
}

/// How a cell stands.
#[derive(Clone, Debug, PartialEq)]
pub enum CellState {
    /// A choice is missing before it can run.
    Incomplete,
    /// It will run, now or after others.
    Waiting,
    Running(Running),
    /// Its result is of other options or data than it has now.
    Stale,
    Done,
    Failed,
    /// Its run was cancelled.
    Held,
}

impl Workspace {
    /// The page's workspace. Call it while a component is made.
    pub fn here() -> Self {
        expect_context()
    }

    /// Makes the state; the desk that is fetched behind it opens the notebook of the last visit and
    /// starts the engine.
    pub fn open() -> Self {
        let workspace = Self {
            lang: RwSignal::new(save::initial_lang()),
            theme: RwSignal::new(save::initial_theme()),
            notebook: RwSignal::new(Notebook::default()),
            results: RwSignal::new(BTreeMap::new()),
            engine: RwSignal::new(EngineState::Loading),
            running: RwSignal::new(None),
            held: RwSignal::new(BTreeMap::new()),
            auto_run: RwSignal::new(true),
            selected: RwSignal::new(None),
            shown_table: RwSignal::new(None),
            opening: RwSignal::new_local(None),
            toast: RwSignal::new(None),
            saved: RwSignal::new(Saved::Nothing),
            place: RwSignal::new(Place::Here),
            shelf: RwSignal::new(Vec::new()),
            desk: RwSignal::new(None),
            left: StoredValue::new(None),
            history: RwSignal::new(History::default()),
            past: StoredValue::new(past::Past::default()),
            client: RwSignal::new_local(None),
            waiting: StoredValue::new_local(VecDeque::new()),
            claim: StoredValue::new_local(None),
            channel: StoredValue::new_local(None),
            cancel: StoredValue::new_local(None),
            run_timer: StoredValue::new(None),
            save_timer: StoredValue::new(None),
        };
        workspace.keep_preferences();
        workspace.start_empty();
        workspace.begin();
        workspace
    }

    /// A sentence in the language of the page, following the switch.
    pub fn say(self, text: Msg) -> impl Fn() -> String + Clone + Send + Sync + 'static {
        move || text.text(self.lang.get())
    }

    /// Shows a sentence for a few seconds.
    pub fn tell(self, text: Msg) {
        self.toast.update(|t| {
            let number = t.as_ref().map_or(0, |t| t.number) + 1;
            *t = Some(Toast {
                text,
                is_error: false,
                number,
            });
        });
    }

    /// Shows an error for a few seconds.
    pub fn complain(self, text: Msg) {
        self.tell(text);
        self.toast
            .update(|t| t.iter_mut().for_each(|t| t.is_error = true));
    }

    /// Shows a table in the place of the notebook.
    pub fn show_table(self, name: &str) {
        let selected = self.selected.get_untracked();
        if matches!(selected, Some(Selection::Cell(_))) {
            self.left.set_value(selected);
        }
        self.selected.set(Some(Selection::Table(name.to_string())));
        self.shown_table.set(Some(name.to_string()));
    }

    /// Shows the notebook again, with the cell selected that was left.
    pub fn leave_table(self) {
        self.selected.set(self.left.get_value());
        self.shown_table.set(None);
    }

    /// The shape of the table called `name`, when it is known. Tracks notebook and results.
    pub fn table_info(self, name: &str) -> Option<TableInfo> {
        self.notebook
            .with(|n| self.results.with(|r| Graph::new(n).info(name, r).cloned()))
    }

    /// The engine's id of the table called `name`. Tracks the notebook.
    pub fn table_id(self, name: &str) -> Option<String> {
        self.notebook.with(|n| Graph::new(n).table_id(name))
    }

    /// How a cell stands. Tracks all that it depends on.
    pub fn cell_state(self, cell: &str) -> CellState {
        if let Some(running) = self.running.get().filter(|r| r.cell == cell) {
            return CellState::Running(running);
        }
        self.notebook.with(|n| {
            let fingerprint = Graph::new(n).step(cell).map(|s| s.fingerprint);
            self.results.with(|results| {
                let result = results.get(cell);
                match (result, &fingerprint) {
                    (Some(r), Some(f)) if r.fingerprint == *f => match r.outcome {
                        crate::notebook::Outcome::Done { .. } => CellState::Done,
                        crate::notebook::Outcome::Failed { .. } => CellState::Failed,
                    },
                    _ if fingerprint.is_some()
                        && self.held.with(|h| h.get(cell) == fingerprint.as_ref()) =>
                    {
                        CellState::Held
                    }
                    _ if !self.is_complete(n, cell) => CellState::Incomplete,
                    (Some(_), _) if !self.auto_run.get() => CellState::Stale,
                    _ => CellState::Waiting,
                }
            })
        })
    }

    /// Whether files wait to be opened. Does not track.
    pub fn has_waiting(self) -> bool {
        self.waiting.with_value(|w| !w.is_empty())
    }

    /// The engine, once it is there. Does not track.
    pub fn client(self) -> Option<Client> {
        self.client.get_untracked()
    }
}

/// Milliseconds since the page was opened.
pub(crate) fn now() -> f64 {
    window().performance().map_or(0.0, |p| p.now())
}
