//! Where a control's value comes from and goes to.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::Value;

use super::values::{error_at, list, names, with_field};
use crate::analyses;
use crate::app::Workspace;
use crate::notebook::{Call, Outcome};
use crate::report::Msg;
use crate::spec::{
    ColumnInfo, FieldError, Fits, OptionSpec, Spec, Values, by, columns, is_enabled,
};

/// The form of one cell; a handle that is copied freely.
#[derive(Clone, Copy)]
pub struct Form {
    pub workspace: Workspace,
    pub spec: &'static Spec,
    pub cell: StoredValue<String>,
    pub call: Memo<Option<Call>>,
    pub values: Memo<Values>,
    /// What must be mended before the cell runs, and what its last run said.
    pub errors: Memo<Vec<FieldError>>,
    /// The columns of each input whose table is known.
    pub tables: Memo<BTreeMap<String, Vec<ColumnInfo>>>,
}

/// One option, or one field of a row, as its control sees it.
#[derive(Clone, Copy)]
pub struct Entry {
    pub form: Form,
    pub option: &'static OptionSpec,
    /// `option`, or `option.row.field`.
    path: StoredValue<String>,
    /// `option`, or `option.field`: what its words are filed under.
    key: StoredValue<String>,
    pub value: Memo<Value>,
    set: Callback<Value>,
    /// The values that stand beside this one: those of its row, else those of the form.
    pub beside: Memo<Values>,
}

/// Its words are the form's own; see `RunBy`.
static RUN_BY: OptionSpec = columns(Fits::Levels);

impl Form {
    /// The form of an analysis cell; `None` for text and for an analysis that is not known.
    pub fn new(cell: &str) -> Option<Self> {
        let workspace = Workspace::here();
        let of_cell = {
            let cell = cell.to_string();
            move || {
                workspace
                    .notebook
                    .with(|n| n.cell(&cell).and_then(|c| c.call()).cloned())
            }
        };
        let spec = analyses::find(&untrack(&of_cell)?.analysis)?;
        let call = Memo::new(move |_| of_cell());
        let errors = {
            let cell = cell.to_string();
            Memo::new(move |_| {
                let mut errors = workspace
                    .notebook
                    .with(|n| workspace.field_errors(n, &cell));
                if errors.is_empty() {
                    errors = failed_fields(workspace, &cell);
                }
                errors
            })
        };
        let tables = Memo::new(move |_| {
            let inputs = call
                .with(|c| c.as_ref().map(|c| c.inputs.clone()))
                .unwrap_or_default();
            inputs
                .into_iter()
                .filter_map(|(input, name)| Some((input, workspace.table_info(&name)?.columns)))
                .collect()
        });
        Some(Self {
            workspace,
            spec,
            cell: StoredValue::new(cell.to_string()),
            call,
            values: Memo::new(move |_| {
                call.with(|c| c.as_ref().map(|c| c.values.clone()))
                    .unwrap_or_default()
            }),
            errors,
            tables,
        })
    }

    pub fn entry(self, option: &'static OptionSpec) -> Entry {
        let value = Memo::new(move |_| {
            self.values
                .with(|v| v.get(option.name).cloned().unwrap_or_default())
        });
        let set = Callback::new(move |value| {
            self.cell
                .with_value(|cell| self.workspace.set_value(cell, option.name, value));
        });
        Entry {
            form: self,
            option,
            path: StoredValue::new(option.name.to_string()),
            key: StoredValue::new(option.name.to_string()),
            value,
            set,
            beside: self.values,
        }
    }

    /// The columns that the analysis is run by, as if they were an option.
    pub fn run_by(self) -> Entry {
        let value = Memo::new(move |_| {
            let by = self.call.with(|c| c.as_ref().map(|c| c.by.clone()));
            list(by.unwrap_or_default())
        });
        let set = Callback::new(move |value| {
            self.cell
                .with_value(|cell| self.workspace.set_by(cell, names(&value)));
        });
        Entry {
            form: self,
            option: &RUN_BY,
            path: StoredValue::new(by::PATH.to_string()),
            key: StoredValue::new(by::PATH.to_string()),
            value,
            set,
            beside: self.values,
        }
    }

    pub fn is_enabled(self, option: &'static OptionSpec) -> bool {
        self.values
            .with(|v| is_enabled(option, self.spec.options, v))
    }

    pub fn columns(self, input: &str) -> Option<Vec<ColumnInfo>> {
        self.tables.with(|t| t.get(input).cloned())
    }

    /// The column called `name`, of whichever input has it.
    pub fn column(self, name: &str) -> Option<ColumnInfo> {
        self.tables
            .with(|t| t.values().flatten().find(|c| c.name == name).cloned())
    }
}

impl Entry {
    /// A field of row `i` of this option's rows.
    pub fn field(self, least: usize, i: usize, field: &'static OptionSpec) -> Entry {
        let row = Memo::new(move |_| {
            self.value.with(|rows| {
                rows.get(i)
                    .and_then(|r| r.as_object())
                    .cloned()
                    .unwrap_or_default()
            })
        });
        let set = Callback::new(move |to| {
            let rows = self
                .value
                .with_untracked(|rows| with_field(rows, least, i, field.name, to));
            self.set(rows);
        });
        Entry {
            form: self.form,
            option: field,
            path: StoredValue::new(format!("{}.{i}.{}", self.path(), field.name)),
            key: StoredValue::new(format!("{}.{}", self.key.get_value(), field.name)),
            value: Memo::new(move |_| row.with(|r| r.get(field.name).cloned().unwrap_or_default())),
            set,
            beside: row,
        }
    }

    /// Whether this field of a row has a say, given the row's other `fields`. Tracks.
    pub fn is_enabled_among(self, fields: &'static [OptionSpec]) -> bool {
        self.beside.with(|row| is_enabled(self.option, fields, row))
    }

    /// Sets the value; null puts it back to its default.
    pub fn set(self, value: Value) {
        if self.value.with_untracked(|v| *v != value) {
            self.set.run(value);
        }
    }

    pub fn path(self) -> String {
        self.path.get_value()
    }

    /// The id of the control in the document.
    pub fn id(self) -> String {
        format!("option-{}-{}", self.form.cell.get_value(), self.path())
    }

    pub fn test_id(self) -> String {
        format!("option-{}", self.path())
    }

    pub fn title(self) -> Msg {
        self.form
            .spec
            .option_title(&self.key.get_value(), self.option)
    }

    pub fn help(self) -> Msg {
        self.form
            .spec
            .option_help(&self.key.get_value(), self.option)
    }

    pub fn choice_title(self, choice: &crate::spec::Choice) -> Msg {
        self.form.spec.choice_title(&self.key.get_value(), choice)
    }

    /// What is wrong with the value. Tracks.
    pub fn error(self) -> Option<Msg> {
        let path = self.path();
        self.form.errors.with(|e| error_at(e, &path))
    }

    /// Whether something was chosen or typed. Tracks.
    pub fn is_set(self) -> bool {
        self.value.with(|v| !v.is_null())
    }

    /// For `aria-invalid`: a value that does not fit, not one that is still missing. Tracks.
    pub fn is_wrong(self) -> bool {
        self.is_set() && self.error().is_some()
    }

    /// For `aria-describedby`: help and error.
    pub fn described_by(self) -> String {
        let id = self.id();
        format!("{id}-help {id}-error")
    }
}

/// What the last run said of the options, while it is the last.
fn failed_fields(workspace: Workspace, cell: &str) -> Vec<FieldError> {
    let fingerprint = workspace.notebook.with(|n| {
        crate::notebook::Graph::new(n)
            .step(cell)
            .map(|s| s.fingerprint)
    });
    workspace.results.with(|results| match results.get(cell) {
        Some(result) if Some(&result.fingerprint) == fingerprint.as_ref() => {
            match &result.outcome {
                Outcome::Failed { fields, .. } => fields.clone(),
                Outcome::Done { .. } => Vec::new(),
            }
        }
        _ => Vec::new(),
    })
}
