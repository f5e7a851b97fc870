//! What stays in this browser: notebooks in IndexedDB, tables in the private file system (the
//! engine's work), preferences in local storage.

use std::time::Duration;

use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rexie::{ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use super::edit::new_id;
use super::{EngineState, Place, Theme, Workspace};
use crate::analyses;
use crate::msg;
use crate::notebook::{File, Graph, History, Notebook};
use crate::report::Lang;

/// Whether the notebook as it stands is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// There is nothing to keep yet.
    Nothing,
    Pending,
    Here,
    Failed,
}

/// A notebook kept in this browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    pub id: String,
    pub title: String,
    /// Milliseconds since 1970.
    pub updated: f64,
}

const DATABASE: &str = "jari";
const NOTEBOOKS: &str = "notebooks";
const LAST: &str = "jari.last";
/// The notebook of this tab, which a reload comes back to.
const THIS: &str = "jari.this";
const LANG: &str = "jari.lang";
const THEME: &str = "jari.theme";
const PAUSE: Duration = Duration::from_millis(600);

pub(super) fn initial_lang() -> Lang {
    let kept = preference(LANG);
    Lang::from_tag(
        &kept
            .or_else(|| window().navigator().language())
            .unwrap_or_default(),
    )
}

pub(super) fn initial_theme() -> Theme {
    match preference(THEME).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

impl Workspace {
    /// Keeps language and theme, and puts them on the document.
    pub(super) fn keep_preferences(self) {
        Effect::new(move |before: Option<()>| {
            let lang = self.lang.get();
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("lang", lang.tag());
            }
            if before.is_some() {
                set_preference(LANG, lang.tag());
            }
        });
        Effect::new(move |before: Option<()>| {
            let theme = match self.theme.get() {
                Theme::System => "system",
                Theme::Light => "light",
                Theme::Dark => "dark",
            };
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-theme", theme);
            }
            if before.is_some() {
                set_preference(THEME, theme);
            }
        });
    }

    /// A change of the last moment is kept too.
    pub(super) fn save_on_leaving(self) {
        let flush = Closure::<dyn Fn()>::new(move || {
            if self.saved.get_untracked() == Saved::Pending {
                self.save_now();
            }
        });
        let _ =
            window().add_event_listener_with_callback("pagehide", flush.as_ref().unchecked_ref());
        let _ = document().add_event_listener_with_callback(
            "visibilitychange",
            flush.into_js_value().unchecked_ref(),
        );
    }

    /// Where the engine keeps this notebook's tables.
    pub(super) fn folder(self) -> String {
        self.notebook.with_untracked(|n| folder_of(&n.id))
    }

    /// An empty notebook, unless there is one of the last visit to wait for.
    pub(super) fn start_empty(self) {
        if last_notebook().is_none() {
            self.notebook.set(empty());
            self.keep_last();
        }
    }

    /// Opens the notebook of the last visit, or an empty one.
    pub(super) async fn open_last(self) {
        if self.notebook.with_untracked(|n| n.id.is_empty()) {
            let last = match last_notebook() {
                Some(id) => load(&id).await.ok().flatten(),
                None => None,
            };
            self.show(last.unwrap_or_else(|| File {
                notebook: empty(),
                ..File::default()
            }));
        }
        self.refresh_shelf();
    }

    /// Puts another notebook in the place of this one, which stays on the shelf.
    pub async fn open_notebook(self, id: &str) {
        match load(id).await {
            Ok(Some(file)) => self.switch_to(file, Vec::new()),
            _ => self.complain(msg!(
                "app.not_on_shelf",
                "That notebook is no longer in this browser."
            )),
        }
    }

    /// An empty notebook in the place of this one.
    pub fn new_notebook(self) {
        let file = File {
            notebook: empty(),
            ..File::default()
        };
        self.switch_to(file, Vec::new());
    }

    /// A notebook that came from a file, under an id of its own. The engine reads the data.
    pub async fn open_notebook_file(self, file: &Blob) {
        let Some(client) = self.ready().await else {
            return;
        };
        let (text, data) = match client.split_notebook(file).await {
            Ok(parts) => parts,
            Err(failure) => return self.complain(failure.message),
        };
        match File::from_json(&text, migrate) {
            Ok(mut file) => {
                file.notebook.id = new_id();
                self.switch_to(file, data);
            }
            Err(error) => self.complain(error.message()),
        }
    }

    fn switch_to(self, file: File, data: Vec<(String, Blob)>) {
        if self.saved.get_untracked() == Saved::Pending {
            self.save_now();
        }
        self.cancel_run();
        // The next one is taken to be this tab's, unless the answer to its claim is another.
        self.give_back();
        self.place.set(Place::Here);
        if let Some(client) = self.client() {
            client.close();
        }
        self.client.set(None);
        self.engine.set(EngineState::Loading);
        // An empty notebook is kept from its first change on.
        let is_empty = file.notebook.sources.is_empty() && file.notebook.cells.is_empty();
        self.show(file);
        self.start_engine();
        spawn_local(async move {
            let Some(client) = self.ready().await else {
                return;
            };
            for (table, json) in data {
                if let Err(failure) = client.import_json(&table, &json).await {
                    self.complain(failure.message);
                }
            }
            self.run_soon();
        });
        if !is_empty {
            self.save_soon();
        }
    }

    fn show(self, file: File) {
        self.history.set(History::default());
        self.past.set_value(Default::default());
        self.selected.set(None);
        self.opening.set(None);
        self.held.update(|h| h.clear());
        self.shown_table.set(None);
        self.saved.set(
            if file.notebook.sources.is_empty() && file.notebook.cells.is_empty() {
                Saved::Nothing
            } else {
                Saved::Here
            },
        );
        self.results.set(file.results);
        self.notebook.set(file.notebook);
        self.keep_last();
    }

    /// The notebook to open at the next visit.
    fn keep_last(self) {
        self.notebook.with_untracked(|n| {
            set_preference(LAST, &n.id);
            if let Ok(Some(storage)) = window().session_storage() {
                let _ = storage.set_item(THIS, &n.id);
            }
        });
    }

    /// The engine, once it has started; `None` when it cannot.
    pub async fn ready(self) -> Option<crate::engine::client::Client> {
        loop {
            if let Some(client) = self.client() {
                return Some(client);
            }
            if matches!(self.engine.get_untracked(), EngineState::Failed(_)) {
                return None;
            }
            pause(Duration::from_millis(20)).await;
        }
    }

    /// Saves the notebook a moment after the last change.
    pub(super) fn save_soon(self) {
        if self.place.get_untracked() != Place::Here {
            return;
        }
        self.saved.set(Saved::Pending);
        self.save_timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
            *timer = set_timeout_with_handle(move || self.save_now(), PAUSE).ok();
        });
    }

    fn save_now(self) {
        if self.place.get_untracked() != Place::Here {
            return;
        }
        let saving = self.save_file();
        spawn_local(async move {
            saving.await;
            self.refresh_shelf();
            self.forget_unused_tables();
        });
    }

    /// Saves the notebook as it stands now, and tells the other tabs.
    pub(super) fn save_file(self) -> impl Future<Output = ()> {
        let file = self.file();
        async move {
            let id = file.notebook.id.clone();
            let saved = if store(&file).await.is_ok() {
                Saved::Here
            } else {
                Saved::Failed
            };
            self.tell_saved(&id);
            if self.notebook.with_untracked(|n| n.id == id) {
                self.saved.set(saved);
            }
        }
    }

    /// Neither saves nor runs what is waiting to be saved and run.
    pub(super) fn stop_timers(self) {
        for timer in [self.save_timer, self.run_timer] {
            timer.update_value(|timer| timer.take().into_iter().for_each(|t| t.clear()));
        }
    }

    /// The notebook and its results as a file, without data.
    pub fn file(self) -> File {
        File {
            notebook: self.notebook.get_untracked(),
            results: self.results.get_untracked(),
            ..File::default()
        }
    }

    /// The notebook as a `.jari.json` file, with its source tables when `with_data`: these pass through
    /// as the engine wrote them.
    pub async fn file_blob(
        self,
        with_data: bool,
    ) -> Result<Blob, crate::engine::protocol::Failure> {
        let parts = Array::new();
        let mut file = self.file();
        if !with_data {
            file.forget_unnamed_levels();
        }
        let client = if with_data { self.ready().await } else { None };
        let (head, tail) = file.to_json_around_data();
        parts.push(&head.into());
        for (i, source) in file.notebook.sources.iter().enumerate() {
            let Some(client) = &client else { break };
            let bytes = client
                .export(&source.table, crate::engine::protocol::TableFormat::Json)
                .await?;
            let comma = if i > 0 { "," } else { "" };
            parts.push(&format!("{comma}\n\"{}\": ", source.table).into());
            parts.push(&bytes);
        }
        parts.push(&tail.into());
        let options = BlobPropertyBag::new();
        options.set_type("application/json");
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options);
        Ok(blob.expect("a blob is made of texts and bytes"))
    }

    /// Tells the engine which tables the notebook can still name, undone steps included.
    pub(super) fn forget_unused_tables(self) {
        if self.place.get_untracked() != Place::Here {
            return;
        }
        let Some(client) = self.client() else { return };
        let mut ids = self.notebook.with_untracked(|n| Graph::new(n).table_ids());
        self.history.with_untracked(|h| {
            for notebook in h.states() {
                ids.extend(notebook.sources.iter().map(|s| s.table.clone()));
            }
        });
        // Results of earlier options stay usable until they are replaced.
        self.results.with_untracked(|results| {
            for result in results.values() {
                if let crate::notebook::Outcome::Done { tables, .. } = &result.outcome {
                    ids.extend(
                        tables
                            .keys()
                            .map(|output| format!("{}-{output}", result.fingerprint)),
                    );
                }
            }
        });
        ids.extend(self.past_tables());
        spawn_local(async move {
            let _ = client.keep(ids).await;
        });
    }

    /// Removes a notebook and its tables from this browser.
    pub async fn forget_notebook(self, id: &str) {
        if self.is_open_elsewhere(id).await {
            return self.complain(msg!(
                "app.tabs.not_forgotten",
                "That notebook is open in another tab. Close it there first."
            ));
        }
        if let Ok(database) = open().await
            && let Ok(transaction) = database.transaction(&[NOTEBOOKS], TransactionMode::ReadWrite)
            && let Ok(notebooks) = transaction.store(NOTEBOOKS)
        {
            let _ = notebooks.delete(id.into()).await;
            let _ = transaction.done().await;
        }
        remove_folder(&folder_of(id)).await;
        self.refresh_shelf();
    }

    /// Removes all that Jari keeps in this browser, and starts afresh.
    pub async fn wipe(self) {
        self.saved.set(Saved::Nothing);
        self.stop_timers();
        if let Some(client) = self.client() {
            client.close();
        }
        self.client.set(None);
        self.tell_wiped().await;
        let _ = Rexie::delete(DATABASE).await;
        for folder in folders().await {
            remove_folder(&folder).await;
        }
        if let Ok(Some(storage)) = window().local_storage() {
            [LAST, LANG, THEME]
                .iter()
                .for_each(|key| drop(storage.remove_item(key)));
        }
        if let Ok(Some(storage)) = window().session_storage() {
            let _ = storage.remove_item(THIS);
        }
        let _ = window().location().reload();
    }

    fn refresh_shelf(self) {
        spawn_local(async move {
            if let Ok(shelf) = shelf().await {
                self.shelf.set(shelf);
            }
        });
    }
}

/// Where the engine keeps the tables of the notebook `id`.
pub(super) fn folder_of(id: &str) -> String {
    format!("jari-notebook-{id}")
}

/// The notebook that this tab showed, or else the one that any tab showed last.
fn last_notebook() -> Option<String> {
    let this = window().session_storage().ok().flatten();
    let this = this.and_then(|storage| storage.get_item(THIS).ok().flatten());
    this.or_else(|| preference(LAST))
}

fn empty() -> Notebook {
    Notebook {
        id: new_id(),
        ..Notebook::default()
    }
}

fn migrate(
    analysis: &str,
    version: u32,
    values: crate::spec::Values,
) -> (u32, crate::spec::Values) {
    match analyses::find(analysis) {
        Some(spec) if version < spec.version => {
            (spec.version, analyses::migrate(analysis, values, version))
        }
        _ => (version, values),
    }
}

fn preference(key: &str) -> Option<String> {
    window()
        .local_storage()
        .ok()
        .flatten()?
        .get_item(key)
        .ok()
        .flatten()
}

fn set_preference(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Lets other work of the page go first.
pub(super) async fn pause(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(
            &resolve,
            time.as_millis() as i32,
        );
    });
    let _ = JsFuture::from(promise).await;
}

/// The database while it is in use. An unclosed one would hold up its deletion.
struct Database(Option<Rexie>);

impl std::ops::Deref for Database {
    type Target = Rexie;

    fn deref(&self) -> &Rexie {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(database) = self.0.take() {
            database.close();
        }
    }
}

async fn open() -> rexie::Result<Database> {
    Rexie::builder(DATABASE)
        .version(1)
        .add_object_store(ObjectStore::new(NOTEBOOKS).key_path("id"))
        .build()
        .await
        .map(|database| Database(Some(database)))
}

async fn store(file: &File) -> rexie::Result<()> {
    let record = Object::new();
    let fields = [
        ("id", JsValue::from(&file.notebook.id)),
        ("title", JsValue::from(&file.notebook.title)),
        ("updated", JsValue::from(js_sys::Date::now())),
        ("json", JsValue::from(file.to_json())),
    ];
    for (key, value) in fields {
        let _ = Reflect::set(&record, &key.into(), &value);
    }
    let database = open().await?;
    let transaction = database.transaction(&[NOTEBOOKS], TransactionMode::ReadWrite)?;
    transaction.store(NOTEBOOKS)?.put(&record, None).await?;
    transaction.done().await.map(|_| ())
}

pub(super) async fn load(id: &str) -> rexie::Result<Option<File>> {
    let database = open().await?;
    let transaction = database.transaction(&[NOTEBOOKS], TransactionMode::ReadOnly)?;
    let record = transaction.store(NOTEBOOKS)?.get(id.into()).await?;
    let text = record
        .and_then(|r| Reflect::get(&r, &"json".into()).ok())
        .and_then(|j| j.as_string());
    Ok(text.and_then(|t| File::from_json(&t, migrate).ok()))
}

async fn shelf() -> rexie::Result<Vec<Shelf>> {
    let database = open().await?;
    let transaction = database.transaction(&[NOTEBOOKS], TransactionMode::ReadOnly)?;
    let records = transaction.store(NOTEBOOKS)?.get_all(None, None).await?;
    let text = |r: &JsValue, key: &str| {
        Reflect::get(r, &key.into())
            .ok()
            .and_then(|v| v.as_string())
            .unwrap_or_default()
    };
    let mut shelf: Vec<Shelf> = records
        .iter()
        .map(|r| Shelf {
            id: text(r, "id"),
            title: text(r, "title"),
            updated: Reflect::get(r, &"updated".into())
                .ok()
                .and_then(|v| v.as_f64())
                .unwrap_or(0.0),
        })
        .collect();
    shelf.sort_by(|a, b| b.updated.total_cmp(&a.updated));
    Ok(shelf)
}

async fn root() -> Option<JsValue> {
    let promise = window().navigator().storage().get_directory();
    JsFuture::from(promise).await.ok()
}

async fn remove_folder(name: &str) {
    let Some(root) = root().await else { return };
    let options = Object::new();
    let _ = Reflect::set(&options, &"recursive".into(), &JsValue::TRUE);
    if let Ok(remove) = Reflect::get(&root, &"removeEntry".into())
        && let Some(remove) = remove.dyn_ref::<js_sys::Function>()
        && let Ok(promise) = remove.call2(&root, &name.into(), &options)
    {
        let _ = JsFuture::from(js_sys::Promise::from(promise)).await;
    }
}

/// The names of Jari's folders in the browser's private file system.
async fn folders() -> Vec<String> {
    let mut names = Vec::new();
    let Some(root) = root().await else {
        return names;
    };
    let keys = Reflect::get(&root, &"keys".into())
        .ok()
        .and_then(|k| k.dyn_into::<js_sys::Function>().ok());
    let Some(keys) = keys.and_then(|k| k.call0(&root).ok()) else {
        return names;
    };
    let keys: js_sys::AsyncIterator = keys.unchecked_into();
    while let Ok(next) = keys.next() {
        let Ok(step) = JsFuture::from(next).await else {
            break;
        };
        if Reflect::get(&step, &"done".into()).is_ok_and(|d| d.is_truthy()) {
            break;
        }
        names.extend(
            Reflect::get(&step, &"value".into())
                .ok()
                .and_then(|v| v.as_string())
                .filter(|n| n.starts_with("jari-")),
        );
    }
    names
}
