//! The page's side of the engine: `jari.js` with types.

use std::collections::BTreeMap;

use js_sys::{Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Blob};

use super::protocol::{
    Cells, Changed, CodeRequest, Failure, FailureKind, Progress, Ran, Request, Response, Rows,
    RunRequest, Summary, TableFormat,
};
use crate::msg;
use crate::report::Msg;
use crate::spec::TableInfo;
use crate::table::Declaration;
use crate::table::csv::{ImportOptions, Preview, Understood};
use crate::table::profile::ColumnProfile;

#[wasm_bindgen(raw_module = "./jari.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn claim(folder: &str, options: &JsValue) -> Result<JsValue, JsValue>;

    fn converse(hear: &JsValue) -> js_sys::Function;

    #[derive(Clone)]
    type Jari;

    #[wasm_bindgen(static_method_of = Jari, catch)]
    async fn start(options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn request(this: &Jari, request: &JsValue, beside: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method)]
    fn close(this: &Jari) -> js_sys::Promise;

    #[wasm_bindgen(method, getter)]
    fn stored(this: &Jari) -> bool;

    #[wasm_bindgen(method, getter)]
    fn build(this: &Jari) -> String;
}

/// The engine as the page sees it.
#[derive(Clone)]
pub struct Client {
    jari: Jari,
}

/// What the engine is up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Ready,
    Busy,
    Idle,
    /// A new worker took over from one that was cancelled or met a fault.
    Restarted,
    /// Tables no longer fit into the browser's storage; the page holds them until it is closed.
    StorageFull,
    /// A table that was too large to be kept is gone; what made it must run again.
    TableLost,
}

/// A table that was read.
#[derive(Clone, Debug)]
pub struct Imported {
    pub info: TableInfo,
    pub understood: Option<Understood>,
    pub warnings: Vec<Msg>,
    /// Against the table that the request named as before.
    pub changes: Option<Box<Changed>>,
}

/// A table as a file.
#[derive(Clone, Debug)]
pub struct Exported {
    pub bytes: Uint8Array,
    /// What the format could not hold, and became of it.
    pub warnings: Vec<Msg>,
}

/// A request that can be called off. Clones call off the same one.
#[derive(Clone)]
pub struct Cancel(AbortController);

impl Default for Cancel {
    fn default() -> Self {
        Self(AbortController::new().expect("AbortController is everywhere that wasm is"))
    }
}

impl Cancel {
    pub fn cancel(&self) {
        self.0.abort();
    }

    fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

/// The right to change what lies in a folder of tables: one page at a time has it, until it is
/// dropped or the page is gone.
pub struct Claim(JsValue);

impl Claim {
    /// `None` when another page has it and `steal` does not take it away; `on_lost` hears when that
    /// happens to this one. A browser without locks gives it to everybody.
    pub async fn ask(folder: &str, steal: bool, on_lost: impl FnOnce() + 'static) -> Option<Self> {
        let options = Object::new();
        set(&options, "steal", &steal.into());
        set(&options, "onLost", &Closure::once_into_js(on_lost));
        let claim = claim(folder, &options).await.unwrap_or(JsValue::UNDEFINED);
        (!claim.is_null()).then_some(Self(claim))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Ok(release) = get(&self.0, "release").dyn_into::<js_sys::Function>() {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// What the pages of this site say to one another.
pub struct Converse(js_sys::Function);

impl Converse {
    /// `hear` is called with what other pages say from now on.
    pub fn start(mut hear: impl FnMut(String) + 'static) -> Self {
        let hear = Closure::<dyn FnMut(JsValue)>::new(move |text: JsValue| {
            hear(text.as_string().unwrap_or_default());
        });
        Self(converse(&hear.into_js_value()))
    }

    pub fn say(&self, text: &str) {
        let _ = self.0.call1(&JsValue::NULL, &text.into());
    }
}

/// What goes beside a request.
#[derive(Default)]
struct Beside<'a> {
    sources: &'a [Blob],
    cancel: Option<&'a Cancel>,
    on_progress: Option<Box<dyn FnMut(Progress)>>,
}

impl Client {
    /// Starts an engine whose tables are kept in `folder`. `on_state` hears what it is up to.
    ///
    /// # Errors
    /// When the engine cannot be loaded or is of another build than the page.
    pub async fn start(
        folder: &str,
        on_state: impl FnMut(State) + 'static,
    ) -> Result<Self, Failure> {
        let mut on_state = on_state;
        let listen = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            on_state(match get(&event, "state").as_string().as_deref() {
                Some("ready") => State::Ready,
                Some("busy") => State::Busy,
                Some("restarted") => State::Restarted,
                Some("storage_full") => State::StorageFull,
                Some("table_lost") => State::TableLost,
                _ => State::Idle,
            });
        });
        let options = Object::new();
        set(&options, "folder", &folder.into());
        set(&options, "onState", &listen.into_js_value());
        let jari: Jari = Jari::start(&options)
            .await
            .map_err(failure)?
            .unchecked_into();
        if jari.build() != super::BUILD {
            return Err(Failure::new(
                FailureKind::Stale,
                msg!(
                    "engine.stale",
                    "Page and engine are of different versions. Reload the page."
                ),
            ));
        }
        Ok(Self { jari })
    }

    /// Whether tables outlive a reload: false where the browser has no private file system.
    pub fn stored(&self) -> bool {
        self.jari.stored()
    }

    /// Ends the engine; its tables stay.
    pub fn close(&self) {
        drop(self.jari.close());
    }

    /// How a file would be understood, and what its reader has to say: a text, a workbook, Parquet,
    /// Arrow, JSON or SPSS by its content and the name that a `File` carries;
    /// [`ImportOptions::format`] overrules both. `understood.file` of the preview says which kind it
    /// is and, of a workbook, which sheets it has; `options.sheet`, `options.header_row` and
    /// `options.header_rows` choose another table in it.
    pub async fn preview(
        &self,
        source: &Blob,
        options: ImportOptions,
    ) -> Result<(Preview, Vec<Msg>), Failure> {
        self.preview_files(std::slice::from_ref(source), options)
            .await
    }

    /// As [`Client::preview`], of several files of delimited text that are to be put one below the
    /// other: [`ImportOptions::append`] is needed then.
    pub async fn preview_files(
        &self,
        sources: &[Blob],
        options: ImportOptions,
    ) -> Result<(Preview, Vec<Msg>), Failure> {
        let beside = Beside {
            sources,
            ..Beside::default()
        };
        match self
            .ask(
                &Request::Preview {
                    options,
                    name: String::new(),
                },
                beside,
            )
            .await?
        {
            (Response::Previewed { preview, warnings }, _) => Ok((*preview, warnings)),
            _ => Err(unexpected()),
        }
    }

    /// Reads a file of any kind that [`Client::preview`] knows into the table `table`.
    pub async fn import(
        &self,
        table: &str,
        source: &Blob,
        options: ImportOptions,
        cancel: &Cancel,
        on_progress: impl FnMut(Progress) + 'static,
    ) -> Result<Imported, Failure> {
        let sources = std::slice::from_ref(source);
        self.import_files(table, sources, options, None, cancel, on_progress)
            .await
    }

    /// As [`Client::import`], of several files of delimited text that are put one below the other:
    /// [`ImportOptions::append`] is needed then. Against `before`, the table that the new one takes
    /// the place of, the answer says what changed.
    pub async fn import_files(
        &self,
        table: &str,
        sources: &[Blob],
        options: ImportOptions,
        before: Option<TableInfo>,
        cancel: &Cancel,
        on_progress: impl FnMut(Progress) + 'static,
    ) -> Result<Imported, Failure> {
        let beside = Beside {
            sources,
            cancel: Some(cancel),
            on_progress: Some(Box::new(on_progress)),
        };
        let request = Request::Import {
            table: table.to_string(),
            options,
            name: String::new(),
            before,
        };
        self.imported(&request, beside).await
    }

    /// Reads a table from the JSON of a notebook file.
    pub async fn import_json(&self, table: &str, source: &Blob) -> Result<Imported, Failure> {
        let beside = Beside {
            sources: std::slice::from_ref(source),
            ..Beside::default()
        };
        let table = table.to_string();
        self.imported(&Request::ImportJson { table }, beside).await
    }

    /// The text of a notebook file without its data, and the JSON of each table as a part of it.
    pub async fn split_notebook(
        &self,
        source: &Blob,
    ) -> Result<(String, Vec<(String, Blob)>), Failure> {
        let beside = Beside {
            sources: std::slice::from_ref(source),
            ..Beside::default()
        };
        let (text, data) = match self.ask(&Request::SplitNotebook, beside).await? {
            (Response::Notebook { text, data }, _) => (text, data),
            _ => return Err(unexpected()),
        };
        let part = |(id, (start, end)): (String, (u64, u64))| {
            let part = source.slice_with_f64_and_f64(start as f64, end as f64);
            Some((id, part.ok()?))
        };
        Ok((text, data.into_iter().filter_map(part).collect()))
    }

    /// The table `table` with what is said of its columns, as the table `into`.
    pub async fn declare(
        &self,
        table: &str,
        into: &str,
        columns: BTreeMap<String, Declaration>,
    ) -> Result<Imported, Failure> {
        let request = Request::Declare {
            table: table.to_string(),
            into: into.to_string(),
            columns,
        };
        self.imported(&request, Beside::default()).await
    }

    pub async fn run(
        &self,
        run: RunRequest,
        cancel: &Cancel,
        on_progress: impl FnMut(Progress) + 'static,
    ) -> Result<Ran, Failure> {
        let beside = Beside {
            sources: &[],
            cancel: Some(cancel),
            on_progress: Some(Box::new(on_progress)),
        };
        match self.ask(&Request::Run(run), beside).await? {
            (Response::Ran(ran), _) => Ok(*ran),
            _ => Err(unexpected()),
        }
    }

    /// An analysis as a script of another language; `None` when it has none for these options.
    pub async fn code(&self, request: CodeRequest) -> Result<Option<String>, Failure> {
        match self.ask(&Request::Code(request), Beside::default()).await? {
            (Response::Code { code }, _) => Ok(code),
            _ => Err(unexpected()),
        }
    }

    /// At most `n` rows from `start` on, as text; labels instead of values when `labels`.
    pub async fn rows(
        &self,
        table: &str,
        start: usize,
        n: usize,
        labels: bool,
    ) -> Result<Rows, Failure> {
        match self
            .ask(
                &Request::Rows {
                    table: table.to_string(),
                    start,
                    n,
                    labels,
                },
                Beside::default(),
            )
            .await?
        {
            (Response::Rows(rows), _) => Ok(rows),
            _ => Err(unexpected()),
        }
    }

    /// Count, sum and more of a range of cells.
    pub async fn summarise(&self, table: &str, cells: Cells) -> Result<Summary, Failure> {
        let table = table.to_string();
        match self
            .ask(&Request::Summarise { table, cells }, Beside::default())
            .await?
        {
            (Response::Summarised(summary), _) => Ok(summary),
            _ => Err(unexpected()),
        }
    }

    /// The next cell that holds `text`, from the cell `from` on, or before it when `back`.
    pub async fn find(
        &self,
        table: &str,
        text: &str,
        from: (usize, usize),
        back: bool,
        cancel: &Cancel,
    ) -> Result<Option<(usize, usize)>, Failure> {
        let request = Request::Find {
            table: table.to_string(),
            text: text.to_string(),
            from,
            back,
        };
        let beside = Beside {
            cancel: Some(cancel),
            ..Beside::default()
        };
        match self.ask(&request, beside).await? {
            (Response::Found { cell }, _) => Ok(cell),
            _ => Err(unexpected()),
        }
    }

    pub async fn profile(&self, table: &str) -> Result<Vec<ColumnProfile>, Failure> {
        match self
            .ask(
                &Request::Profile {
                    table: table.to_string(),
                },
                Beside::default(),
            )
            .await?
        {
            (Response::Profiled { columns }, _) => Ok(columns),
            _ => Err(unexpected()),
        }
    }

    /// The table as the bytes of a file.
    pub async fn export(&self, table: &str, format: TableFormat) -> Result<Uint8Array, Failure> {
        let cancel = Cancel::default();
        Ok(self
            .export_file(table, format, &cancel, |_| {})
            .await?
            .bytes)
    }

    /// The table as the bytes of a file, and what the format could not hold: characters that CP949
    /// has not, dates and numbers that no cell of a workbook can hold.
    /// [`TableFormat::extension`] is the ending for its name.
    ///
    /// # Errors
    /// When the format cannot hold so many rows or columns.
    pub async fn export_file(
        &self,
        table: &str,
        format: TableFormat,
        cancel: &Cancel,
        on_progress: impl FnMut(Progress) + 'static,
    ) -> Result<Exported, Failure> {
        let request = Request::Export {
            table: table.to_string(),
            format,
        };
        let beside = Beside {
            sources: &[],
            cancel: Some(cancel),
            on_progress: Some(Box::new(on_progress)),
        };
        match self.ask(&request, beside).await? {
            (Response::Exported { warnings }, Some(bytes)) => Ok(Exported { bytes, warnings }),
            _ => Err(unexpected()),
        }
    }

    /// The shape of a table, when the engine has it.
    pub async fn info(&self, table: &str) -> Result<TableInfo, Failure> {
        match self
            .ask(
                &Request::Info {
                    table: table.to_string(),
                },
                Beside::default(),
            )
            .await?
        {
            (Response::Info { info }, _) => Ok(info),
            _ => Err(unexpected()),
        }
    }

    /// Forgets all tables but these.
    pub async fn keep(&self, tables: Vec<String>) -> Result<(), Failure> {
        self.ask(&Request::Keep { tables }, Beside::default())
            .await
            .map(|_| ())
    }

    async fn imported(&self, request: &Request, beside: Beside<'_>) -> Result<Imported, Failure> {
        match self.ask(request, beside).await? {
            (
                Response::Imported {
                    info,
                    understood,
                    warnings,
                    changes,
                },
                _,
            ) => Ok(Imported {
                info,
                understood,
                warnings,
                changes,
            }),
            _ => Err(unexpected()),
        }
    }

    async fn ask(
        &self,
        request: &Request,
        beside: Beside<'_>,
    ) -> Result<(Response, Option<Uint8Array>), Failure> {
        let request = request
            .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
            .map_err(|_| unexpected())?;
        let options = Object::new();
        match beside.sources {
            [] => {}
            [source] => set(&options, "source", source),
            sources => {
                let all: js_sys::Array = sources.iter().collect();
                set(&options, "source", &all);
            }
        }
        if let Some(cancel) = beside.cancel {
            set(&options, "signal", &cancel.signal());
        }
        // Dropped with this call: progress comes only before its answer.
        let listen = beside.on_progress.map(|mut tell| {
            Closure::<dyn FnMut(JsValue)>::new(move |progress: JsValue| {
                if let Ok(progress) = read(progress) {
                    tell(progress);
                }
            })
        });
        if let Some(listen) = &listen {
            set(&options, "onProgress", listen.as_ref());
        }
        let message = self
            .jari
            .request(&request, &options)
            .await
            .map_err(failure)?;
        let response = read(get(&message, "response")).map_err(|_| unexpected())?;
        let buffer = get(&message, "buffer");
        Ok((
            response,
            (!buffer.is_undefined()).then(|| Uint8Array::new(&buffer)),
        ))
    }
}

fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}

/// What a `JariError` carries; anything else is a fault.
fn failure(error: JsValue) -> Failure {
    read(get(&error, "failure")).unwrap_or_else(|_| {
        let what = error
            .dyn_into::<js_sys::Error>()
            .map_or_else(|e| format!("{e:?}"), |e| e.message().into());
        Failure::new(
            FailureKind::Crashed,
            msg!(
                "engine.failed",
                "The engine cannot be reached: {what}",
                what = what
            ),
        )
    })
}

fn unexpected() -> Failure {
    Failure::new(
        FailureKind::Stale,
        msg!(
            "engine.stale",
            "Page and engine are of different versions. Reload the page."
        ),
    )
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

fn set(object: &Object, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a plain object takes any key");
}
