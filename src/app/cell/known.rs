//! What the parts of an analysis cell know of it.

use std::sync::Arc;

use leptos::prelude::*;

use super::{headline::headline_of, states};
use crate::analyses;
use crate::app::Workspace;
use crate::app::workspace::CellState;
use crate::notebook::{Call, Outcome};
use crate::report::{Msg, Report};
use crate::spec::{FieldError, Spec};

/// A cell and its signals; a handle that is copied freely.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub workspace: Workspace,
    pub id: StoredValue<String>,
    pub spec: Option<&'static Spec>,
    pub call: Memo<Option<Call>>,
    pub state: Memo<CellState>,
    pub name: Memo<&'static str>,
    /// Which result is shown, without the result itself.
    pub shown: Memo<Option<Shown>>,
}

#[derive(Clone, PartialEq)]
pub(super) struct Shown {
    pub fingerprint: String,
    pub ms: f64,
    pub failed: Option<(Msg, Vec<FieldError>)>,
    pub has_report: bool,
}

impl Known {
    pub fn new(id: &str) -> Self {
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
    pub fn report(self) -> Option<Arc<Report>> {
        let found = self.workspace.results.with_untracked(|results| {
            match &self.id.with_value(|id| results.get(id))?.outcome {
                Outcome::Done { report, .. } => Some(report.clone()),
                Outcome::Failed { last, .. } => last.clone(),
            }
        });
        found.map(Arc::new)
    }

    pub fn is(self, names: &[&str]) -> bool {
        names.contains(&self.name.get())
    }

    pub fn run(self) {
        self.id.with_value(|id| self.workspace.run_cell(id));
    }

    pub fn headline(self) -> Msg {
        self.call.with(|call| match (self.spec, call) {
            (Some(spec), Some(call)) => headline_of(spec, call),
            (None, Some(call)) => Msg::verbatim(&*call.analysis),
            _ => Msg::verbatim(""),
        })
    }
}
