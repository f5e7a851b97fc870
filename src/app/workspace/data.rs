//! Tables from outside: a file is looked at first, then read.

use std::collections::BTreeMap;
use std::time::Duration;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::edit::new_id;
use super::save::pause;
use super::{EngineState, Selection, Workspace, several};
use crate::analyses;
use crate::engine::client::Cancel;
use crate::engine::protocol::{Failure, FailureKind, Progress};
use crate::msg;
use crate::notebook::{Body, Cell, Notebook, Source};
use crate::report::Msg;
use crate::spec::{Changes, Kind, OptionSpec, Values};
use crate::table::Declaration;
use crate::table::csv::{ImportOptions, Preview};

/// A file that is looked at or read, before it is a table of the notebook.
#[derive(Clone)]
pub struct Opening {
    pub blob: Blob,
    /// Files of the same shape that were chosen with it: one table with it when
    /// [`ImportOptions::append`] says so, else opened behind it.
    pub more: Vec<web_sys::File>,
    /// The file's name.
    pub file: String,
    /// What the person says against what was understood.
    pub options: ImportOptions,
    /// How it would be read; `None` while that is found out.
    pub preview: Option<Result<(Preview, Vec<Msg>), Failure>>,
    /// Whether another preview is on its way.
    pub is_looking: bool,
    /// While it is read.
    pub reading: Option<Reading>,
    /// The source table that it takes the place of.
    pub replaces: Option<String>,
}

#[derive(Clone)]
pub struct Reading {
    pub progress: Option<Progress>,
    cancel: Cancel,
}

/// An example that ships with the site: a table and cells that show what can be asked of it.
pub struct Example {
    pub key: &'static str,
    pub file: &'static str,
    pub title: fn() -> Msg,
    pub about: fn() -> Msg,
    /// Analysis and the JSON of its options.
    cells: &'static [(&'static str, &'static str)],
}

/// The examples, in the order of the first screen.
pub fn examples() -> &'static [Example] {
    &[
        Example {
            key: "penguins",
            file: "penguins.csv",
            title: || msg!("example.penguins.title", "Find groups of penguins"),
            about: || {
                msg!(
                    "example.penguins.about",
                    "344 birds, four measurements: do clusters find the species? What drives weight?"
                )
            },
            cells: &[
                (
                    "segment.k_means",
                    r#"{"columns": ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"], "k": 3}"#,
                ),
                (
                    "regression.linear",
                    r#"{"outcome": "body_mass_g", "predictors": ["flipper_length_mm", "bill_length_mm", "sex"]}"#,
                ),
            ],
        },
        Example {
            key: "campaign",
            file: "campaign.csv",
            title: || msg!("example.campaign.title", "Did the new message sell more?"),
            about: || {
                msg!(
                    "example.campaign.about",
                    "12,000 customers, three messages, one winner: an A/B test read for you."
                )
            },
            cells: &[(
                "experiment.ab_test",
                r#"{"group": "message", "outcomes": ["purchased"], "success": "yes", "control": "A: reminder"}"#,
            )],
        },
        Example {
            key: "orders",
            file: "orders_ko_cp949.csv",
            title: || msg!("example.orders.title", "Open a Korean sales file"),
            about: || {
                msg!(
                    "example.orders.about",
                    "8,000 orders as Excel saves them: CP949, won amounts, Korean dates."
                )
            },
            cells: &[
                ("explore.describe", "{}"),
                ("explore.chart", r#"{"x": "금액(원)", "color": "종류"}"#),
            ],
        },
    ]
}

impl Opening {
    pub(super) fn of(blob: Blob, file: String) -> Self {
        Self {
            blob,
            more: Vec::new(),
            file,
            options: ImportOptions::default(),
            preview: None,
            is_looking: false,
            reading: None,
            replaces: None,
        }
    }

    /// Whether several files become one table.
    pub fn is_one_of_several(&self) -> bool {
        !self.more.is_empty() && self.options.append
    }

    /// The files of the table, in its order.
    fn blobs(&self) -> Vec<Blob> {
        let more = self.more.iter().filter(|_| self.options.append);
        let more = more.map(|file| file.clone().unchecked_into());
        std::iter::once(self.blob.clone()).chain(more).collect()
    }

    /// The names of all files that were chosen together.
    pub fn names(&self) -> Vec<String> {
        let more = self.more.iter().map(web_sys::File::name);
        std::iter::once(self.file.clone()).chain(more).collect()
    }
}

impl Workspace {
    /// Looks at a file; a notebook file is opened at once.
    pub fn open_file(self, file: &web_sys::File) {
        let name = file.name();
        let blob: Blob = file.clone().unchecked_into();
        let lower = name.to_lowercase();
        if !lower.ends_with(".json") {
            return self.look_at(blob, name, None);
        }
        spawn_local(async move {
            if !lower.ends_with(".jari.json") && is_list(&blob).await {
                self.look_at(blob, name, None);
            } else {
                self.open_notebook_file(&blob).await;
            }
        });
    }

    /// Looks at a table that was pasted.
    pub fn open_text(self, text: &str) {
        let parts = Array::of1(&JsValue::from(text));
        match Blob::new_with_str_sequence(&parts) {
            Ok(blob) => self.look_at(
                blob,
                msg!("app.pasted", "pasted table").text(self.lang.get_untracked()),
                None,
            ),
            Err(_) => self.complain(msg!("app.unpasteable", "The pasted text cannot be read.")),
        }
    }

    /// Looks at a file that takes the place of the source table `name`: new data, same cells.
    pub fn replace_source(self, name: &str, file: &web_sys::File) {
        let known = self
            .notebook
            .with_untracked(|n| n.source(name).map(|s| s.options.clone()));
        self.look_at(
            file.clone().unchecked_into(),
            file.name(),
            Some(name.to_string()),
        );
        if let Some(options) = known {
            self.set_import_options(options);
        }
    }

    /// Opens an example with its cells, at once.
    pub fn open_example(self, example: &'static Example) {
        if !self.may_change() {
            return;
        }
        spawn_local(async move {
            let title = (example.title)().text(self.lang.get_untracked());
            let Ok(blob) = fetch_blob(&format!("samples/{}", example.file)).await else {
                return self.complain(msg!(
                    "app.no_example",
                    "The example cannot be loaded. Check the connection and try again."
                ));
            };
            self.opening
                .set(Some(Opening::of(blob, example.file.to_string())));
            let Some(name) = self.read().await else {
                return;
            };
            self.edit(Some("example"), |n| {
                if n.title.is_empty() {
                    n.title = title;
                }
                for (id, values) in example.cells {
                    let spec = analyses::find(id).expect("examples name analyses that exist");
                    let mut call = n.new_call(spec, Some(&name));
                    call.values =
                        serde_json::from_str::<Values>(values).expect("examples are JSON objects");
                    n.cells.push(Cell {
                        id: new_id(),
                        body: Body::Analysis(call),
                    });
                }
            });
            self.shown_table.set(None);
            // On a narrow page a selected cell shows its form before its answer.
            let first = self
                .notebook
                .with_untracked(|n| n.cells.first().map(|c| c.id.clone()));
            let is_wide = crate::app::cell::is_wide_now();
            self.selected
                .set(first.filter(|_| is_wide).map(Selection::Cell));
        });
    }

    /// Reads with other options than before, and looks again.
    pub fn set_import_options(self, options: ImportOptions) {
        self.opening.update(|o| {
            if let Some(o) = o {
                o.options = options;
                o.is_looking = true;
            }
        });
        self.preview();
    }

    /// Puts away the file that is looked at; those that were to be tables of their own come next.
    pub fn close_opening(self) {
        self.cancel_reading();
        self.let_others_wait();
        self.opening.set(None);
    }

    /// Calls off the reading of the file that is looked at, and goes on looking at it.
    pub fn cancel_reading(self) {
        self.opening.with_untracked(|o| {
            if let Some(reading) = o.as_ref().and_then(|o| o.reading.as_ref()) {
                reading.cancel.cancel();
            }
        });
    }

    /// Reads the file that is looked at into a table of the notebook, and shows it.
    pub fn read_opening(self) {
        spawn_local(async move {
            if let Some(name) = self.read().await {
                // The notebook with its new table is drawn first: two short tasks rather than a long one.
                pause(Duration::ZERO).await;
                self.show_table(&name);
            }
        });
    }

    /// Says something of a column of the source table `name`; the columns' new names are taken over
    /// by the cells that read the table. Resolves to what went wrong, if anything did.
    pub async fn declare(self, name: &str, column: &str, said: Declaration) -> Result<(), Failure> {
        if !self.may_change() {
            return Ok(());
        }
        let source = self.notebook.with_untracked(|n| n.source(name).cloned());
        let (Some(source), Some(client)) = (source, self.ready().await) else {
            return Ok(());
        };
        let into = new_id();
        let columns = BTreeMap::from([(column.to_string(), said.clone())]);
        let declared = client.declare(&source.table, &into, columns).await?;
        for warning in declared.warnings {
            self.tell(warning);
        }
        self.edit(None, |n| {
            if let Some(to) = said.rename.as_deref() {
                rename_column(n, name, column, to.trim());
            }
            if let Some(source) = n.sources.iter_mut().find(|s| s.name == name) {
                source.table = into;
                source.info = declared.info;
                source.declare(column, said);
            }
        });
        Ok(())
    }

    fn look_at(self, blob: Blob, file: String, replaces: Option<String>) {
        if !self.may_change() {
            return self.waiting.update_value(|w| w.clear());
        }
        self.opening.set(Some(Opening {
            is_looking: true,
            replaces,
            ..Opening::of(blob, file)
        }));
        self.preview();
    }

    pub(super) fn preview(self) {
        let Some(opening) = self.opening.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let Some(client) = self.ready().await else {
                return self.no_engine();
            };
            let preview = client
                .preview_files(&opening.blobs(), opening.options.clone())
                .await;
            self.opening.update(|o| {
                if let Some(o) = o
                    .as_mut()
                    .filter(|o| o.blob == opening.blob && o.options == opening.options)
                {
                    o.preview = Some(preview);
                    o.is_looking = false;
                }
            });
        });
    }

    /// Says at the file that is looked at why it cannot be read now.
    pub(super) fn no_engine(self) {
        let EngineState::Failed(failure) = self.engine.get_untracked() else {
            return;
        };
        self.opening.update(|o| {
            if let Some(o) = o {
                o.reading = None;
                o.preview = Some(Err(failure));
            }
        });
    }

    /// Reads the file that is looked at; the name of its table comes back.
    async fn read(self) -> Option<String> {
        let opening = self.opening.get_untracked()?;
        let cancel = Cancel::default();
        let reading = Reading {
            progress: None,
            cancel: cancel.clone(),
        };
        self.opening
            .update(|o| o.iter_mut().for_each(|o| o.reading = Some(reading.clone())));
        let on_progress = move |p: Progress| {
            self.opening.update(|o| {
                if let Some(reading) = o.as_mut().and_then(|o| o.reading.as_mut()) {
                    reading.progress = Some(p);
                }
            });
        };
        let table = new_id();
        let Some(client) = self.ready().await else {
            self.no_engine();
            return None;
        };
        match client
            .import_files(
                &table,
                &opening.blobs(),
                opening.options.clone(),
                None,
                &cancel,
                on_progress,
            )
            .await
        {
            Ok(mut imported) => {
                let old = opening
                    .replaces
                    .as_deref()
                    .and_then(|name| self.notebook.with_untracked(|n| n.source(name).cloned()));
                let said = old
                    .as_ref()
                    .map(|old| old.declared_for(&imported.info))
                    .unwrap_or_default();
                let mut table = table;
                if !said.is_empty() {
                    let into = new_id();
                    // What no longer holds is told; the data are there as they were read.
                    match client.declare(&table, &into, said).await {
                        Ok(declared) => {
                            table = into;
                            imported.info = declared.info;
                            imported.warnings.extend(declared.warnings);
                        }
                        Err(failure) => self.complain(failure.message),
                    }
                }
                if let Some(old) = &old {
                    let changes = Changes::of(&old.info, &imported.info);
                    imported.warnings.splice(0..0, changes.sentences());
                }
                let (file, wanted) = match opening.is_one_of_several() {
                    true => {
                        let names = opening.names();
                        (names.join(", "), several::common_name(&names))
                    }
                    false => (opening.file.clone(), opening.file.clone()),
                };
                let mut name = String::new();
                self.edit(None, |n| {
                    name = opening
                        .replaces
                        .clone()
                        .unwrap_or_else(|| n.free_table_name(&wanted));
                    let source = Source {
                        name: name.clone(),
                        table,
                        file,
                        options: opening.options,
                        info: imported.info,
                        declared: old.map(|old| old.declared).unwrap_or_default(),
                        warnings: imported.warnings,
                    };
                    match n.sources.iter_mut().find(|s| s.name == name) {
                        Some(old) => *old = source,
                        None => n.sources.push(source),
                    }
                });
                self.let_others_wait();
                self.opening.set(None);
                Some(name)
            }
            Err(failure) => {
                self.opening.update(|o| {
                    if let Some(o) = o {
                        o.reading = None;
                        if failure.kind != FailureKind::Cancelled {
                            o.preview = Some(Err(failure));
                        }
                    }
                });
                None
            }
        }
    }
}

/// Cells that read the table by the column's old name read it by its new one.
fn rename_column(notebook: &mut Notebook, table: &str, from: &str, to: &str) {
    for call in notebook.cells.iter_mut().filter_map(Cell::call_mut) {
        let Some(spec) = analyses::find(&call.analysis) else {
            continue;
        };
        let inputs = &call.inputs;
        let reads = |input: &str| inputs.get(input).is_some_and(|name| name == table);
        rename_in(spec.options, &mut call.values, &reads, from, to);
        if spec.inputs.first().is_some_and(|i| reads(i.name)) {
            let old = call.by.iter_mut().filter(|name| *name == from);
            old.for_each(|name| to.clone_into(name));
        }
    }
}

fn rename_in(
    options: &[OptionSpec],
    values: &mut Values,
    reads: &dyn Fn(&str) -> bool,
    from: &str,
    to: &str,
) {
    let rename = |value: &mut Value| {
        if value == from {
            *value = Value::from(to);
        }
    };
    for option in options {
        let Some(value) = values.get_mut(option.name) else {
            continue;
        };
        match (option.kind, value) {
            (Kind::Column { input, .. }, value) if reads(input) => rename(value),
            (Kind::Columns { input, .. }, Value::Array(all)) if reads(input) => {
                all.iter_mut().for_each(rename);
            }
            (Kind::Terms { .. }, Value::Array(terms)) if reads("table") => {
                let columns = terms.iter_mut().filter_map(Value::as_array_mut).flatten();
                columns.for_each(rename);
            }
            (Kind::Rows { fields, .. }, Value::Array(rows)) => {
                for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                    rename_in(fields, row, reads, from, to);
                }
            }
            _ => {}
        }
    }
}

async fn fetch_blob(url: &str) -> Result<Blob, JsValue> {
    let response: web_sys::Response = JsFuture::from(window().fetch_with_str(url))
        .await?
        .dyn_into()?;
    if !response.ok() {
        return Err(JsValue::from(response.status()));
    }
    JsFuture::from(response.blob()?).await?.dyn_into()
}

/// Whether a JSON file begins as a list does: a list is data, a notebook is an object.
async fn is_list(file: &Blob) -> bool {
    let Ok(start) = file.slice_with_i32_and_i32(0, 1024) else {
        return false;
    };
    let text = JsFuture::from(start.text()).await.ok();
    let text = text.and_then(|text| text.as_string()).unwrap_or_default();
    text.trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('[')
}
