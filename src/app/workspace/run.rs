//! Running cells: what is stale, in order, one at a time.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{EngineState, Place, Running, Workspace, now};
use crate::analyses;
use crate::engine::client::{Cancel, Client, State};
use crate::engine::protocol::{Failure, FailureKind, RunRequest};
use crate::msg;
use crate::notebook::{Body, CellResult, Graph, Notebook, Outcome, Step};
use crate::spec;

/// How long after the last change stale cells run: long enough to type a number.
const PAUSE: Duration = Duration::from_millis(350);

impl Workspace {
    /// Whether all choices that a cell needs are made and fit its tables.
    pub(super) fn is_complete(self, notebook: &Notebook, cell: &str) -> bool {
        let graph = Graph::new(notebook);
        let Some((step, call)) = graph
            .step(cell)
            .zip(notebook.cell(cell).and_then(|c| c.call()))
        else {
            return false;
        };
        let Some(spec) = analyses::find(&call.analysis) else {
            return true;
        };
        let connected = spec
            .inputs
            .iter()
            .all(|i| i.optional || step.inputs.contains_key(i.name));
        connected && self.field_errors(notebook, cell).is_empty()
    }

    /// What the form must say before the cell can run.
    pub fn field_errors(self, notebook: &Notebook, cell: &str) -> Vec<spec::FieldError> {
        let Some(call) = notebook.cell(cell).and_then(|c| c.call()) else {
            return Vec::new();
        };
        let Some(spec) = analyses::find(&call.analysis) else {
            return Vec::new();
        };
        let graph = Graph::new(notebook);
        let columns: BTreeMap<_, _> = self.results.with(|results| {
            let known = call.inputs.iter().filter_map(|(input, name)| {
                Some((input.clone(), graph.info(name, results)?.columns.clone()))
            });
            known.collect()
        });
        let mut errors = spec::problems(spec, &call.values, &columns);
        let of_first = spec.inputs.first().and_then(|i| columns.get(i.name));
        errors.extend(spec::by::problems(spec, &call.by, |name| {
            of_first.is_none_or(|all| all.iter().any(|c| c.name == name))
        }));
        errors
    }

    /// Runs what is stale, a moment from now.
    pub(super) fn run_soon(self) {
        self.run_timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
            *timer = set_timeout_with_handle(move || self.run_stale(), PAUSE).ok();
        });
    }

    /// Runs the cell and, before it, what it needs; also when its run was cancelled.
    pub fn run_cell(self, cell: &str) {
        if !self.may_change() {
            return;
        }
        self.held.update(|h| drop(h.remove(cell)));
        self.results.update(|r| {
            if r.get(cell)
                .is_some_and(|r| matches!(r.outcome, Outcome::Failed { .. }))
            {
                r.remove(cell);
            }
        });
        self.run_next(Some(cell.to_string()));
    }

    /// Runs all cells that are stale and complete, in order.
    pub fn run_all(self) {
        self.held.update(|h| h.clear());
        self.run_next(None);
    }

    /// Calls off the run under way; its cell waits until it is changed or run again.
    pub fn cancel_run(self) {
        if let Some(running) = self.running.get_untracked() {
            self.held
                .update(|h| drop(h.insert(running.cell, running.fingerprint)));
        }
        self.cancel
            .with_value(|c| c.iter().for_each(Cancel::cancel));
    }

    fn run_stale(self) {
        // A run whose options or data have changed since is for nothing.
        if let Some(running) = self.running.get_untracked() {
            let step = self
                .notebook
                .with_untracked(|n| Graph::new(n).step(&running.cell));
            if step.is_none_or(|s| s.fingerprint != running.fingerprint) {
                self.cancel
                    .with_value(|c| c.iter().for_each(Cancel::cancel));
            }
        }
        if self.auto_run.get_untracked() {
            self.run_next(None);
        }
    }

    /// Runs the next cell that should run: towards `target`, else whatever is stale.
    fn run_next(self, target: Option<String>) {
        if self.running.with_untracked(Option::is_some) || self.place.get_untracked() != Place::Here
        {
            return;
        }
        let Some(client) = self.client() else { return };
        let Some(step) = self.next_step(target.as_deref()) else {
            return;
        };
        let cancel = Cancel::default();
        self.cancel.set_value(Some(cancel.clone()));
        self.running.set(Some(Running {
            cell: step.cell.clone(),
            fingerprint: step.fingerprint.clone(),
            progress: None,
            since: now(),
        }));
        spawn_local(async move {
            let result = self.run_step(&client, &step, &cancel).await;
            self.running.set(None);
            // Without one it was cancelled: by the person, who may run it again, or by a change, after
            // which it is another run.
            if let Some(result) = result {
                self.put_result(&step.cell, result);
                self.save_soon();
            }
            self.run_next(target.filter(|t| *t != step.cell));
        });
    }

    fn next_step(self, target: Option<&str>) -> Option<Step> {
        self.notebook.with_untracked(|n| {
            let graph = Graph::new(n);
            let needed = |cell: &str| {
                target.is_none_or(|t| t == cell || graph.dependents(cell).contains(&t))
            };
            let stale = self.results.with_untracked(|r| graph.stale(r));
            stale.into_iter().find(|step| {
                let is_held = self
                    .held
                    .with_untracked(|h| h.get(&step.cell) == Some(&step.fingerprint));
                let is_ready = untrack(|| self.is_complete(n, &step.cell));
                needed(&step.cell)
                    && !is_held
                    && is_ready
                    && self.inputs_are_made(&graph, n, &step.cell)
            })
        })
    }

    /// Whether the tables that a cell reads are there: sources, and outputs of cells that are not stale.
    fn inputs_are_made(self, graph: &Graph, notebook: &Notebook, cell: &str) -> bool {
        let Some(call) = notebook.cell(cell).and_then(|c| c.call()) else {
            return false;
        };
        self.results.with_untracked(|results| {
            call.inputs.values().all(|name| match graph.table(name) {
                Some(crate::notebook::TableRef::Source(_)) => true,
                Some(crate::notebook::TableRef::Output(i, _)) => {
                    let maker = &notebook.cells[i].id;
                    !graph.is_stale(maker, results) && graph.info(name, results).is_some()
                }
                None => false,
            })
        })
    }

    async fn run_step(self, client: &Client, step: &Step, cancel: &Cancel) -> Option<CellResult> {
        let call = self
            .notebook
            .with_untracked(|n| n.cell(&step.cell).and_then(|c| c.call()).cloned())?;
        let request = RunRequest {
            analysis: call.analysis,
            values: call.values,
            by: call.by,
            inputs: step.inputs.clone(),
            outputs: step.outputs.clone(),
            seed: call.seed,
            json: None,
        };
        let started = now();
        let on_progress = move |progress| {
            self.running.update(|r| {
                if let Some(r) = r {
                    r.progress = Some(progress);
                }
            });
        };
        let outcome = match client.run(request, cancel, on_progress).await {
            Ok(ran) => {
                return Some(CellResult {
                    fingerprint: step.fingerprint.clone(),
                    outcome: Outcome::Done {
                        report: ran
                            .report
                            .and_then(|r| serde_json::from_str(&r).ok())
                            .unwrap_or_default(),
                        tables: ran.tables,
                    },
                    ms: ran.ms,
                });
            }
            Err(failure) if failure.kind == FailureKind::Cancelled => return None,
            Err(failure)
                if failure.kind == FailureKind::NoTable && self.remake_inputs(&step.cell) =>
            {
                return None;
            }
            Err(failure) => self.failed(&step.cell, failure),
        };
        Some(CellResult {
            fingerprint: step.fingerprint.clone(),
            outcome,
            ms: now() - started,
        })
    }

    /// The engine has lost a table that a cell made: forget that cell's result, so that it runs again.
    /// Says whether there was one to forget.
    fn remake_inputs(self, cell: &str) -> bool {
        let makers: Vec<String> = self.notebook.with_untracked(|n| {
            let graph = Graph::new(n);
            let inputs = n
                .cell(cell)
                .and_then(|c| c.call())
                .into_iter()
                .flat_map(|c| c.inputs.values());
            inputs
                .filter_map(|name| match graph.table(name) {
                    Some(crate::notebook::TableRef::Output(i, _)) => Some(n.cells[i].id.clone()),
                    _ => None,
                })
                .collect()
        });
        self.results
            .try_update(|r| makers.iter().filter(|m| r.remove(*m).is_some()).count() > 0)
            .unwrap_or(false)
    }

    fn failed(self, cell: &str, failure: Failure) -> Outcome {
        let last = self
            .results
            .with_untracked(|r| match r.get(cell).map(|r| &r.outcome) {
                Some(Outcome::Done { report, .. }) => Some(report.clone()),
                Some(Outcome::Failed { last, .. }) => last.clone(),
                None => None,
            });
        Outcome::Failed {
            message: failure.message,
            fields: failure.fields,
            last,
        }
    }

    pub(super) fn start_engine(self) {
        spawn_local(async move {
            self.open_last().await;
            self.listen_to_tabs();
            self.claim_notebook().await;
            let folder = self.folder();
            let started = Client::start(&folder, move |state| {
                match state {
                    State::StorageFull => self.complain(msg!("app.storage_full", "The browser has no room for more tables. They stay until this page is closed; export the notebook to keep them.")),
                    State::TableLost => self.complain(msg!("app.table_lost", "A table was too large to be kept. Open its file again, or run the cell that makes it.")),
                    _ => {}
                }
            });
            match started.await {
                Ok(client) => {
                    self.engine.set(EngineState::Ready {
                        stored: client.stored(),
                    });
                    self.client.set(Some(client));
                    self.forget_unused_tables();
                    self.run_stale();
                }
                Err(failure) => self.engine.set(EngineState::Failed(failure)),
            }
        });
    }

    /// Whether any cell is an analysis.
    pub fn has_analyses(self) -> bool {
        self.notebook
            .with(|n| n.cells.iter().any(|c| matches!(c.body, Body::Analysis(_))))
    }
}
