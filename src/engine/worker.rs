//! The engine in its Web Worker: what `worker.js` calls.

use std::cell::RefCell;

use js_sys::{Array, Float64Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

use super::files::{self, format_of};
use super::protocol::{Request, Response};
use super::wire::{
    get, request_of, response_value, source_of, sources_of, tell, teller, watch_panics,
};
use super::{Attached, Core, Runner, memory};
use crate::table::csv::SourceFile;
use crate::table::{FileFormat, storage};

thread_local! {
    static CORE: RefCell<Option<Core>> = const { RefCell::new(None) };
}

/// Hands the engine its analyses; `bin/worker.rs` calls it once.
pub fn serve(runner: Runner) {
    CORE.with_borrow_mut(|core| *core = Some(Core::new(runner, js_sys::Date::now)));
}

/// Tells where the text of a panic goes.
#[wasm_bindgen]
pub fn start(on_panic: Function) {
    watch_panics(on_panic);
}

/// The ids of the tables that a request reads.
#[wasm_bindgen]
pub fn needs(request: JsValue) -> Result<Vec<String>, JsError> {
    let request: Request = serde_wasm_bindgen::from_value(request)?;
    Ok(Core::needs(&request)
        .into_iter()
        .map(str::to_string)
        .collect())
}

#[wasm_bindgen]
pub fn has(id: &str) -> bool {
    with_core(|core| core.has(id))
}

/// Takes a table from the vault; damaged bytes are as good as none.
#[wasm_bindgen]
pub fn restore(id: &str, bytes: &[u8]) {
    if let Ok(table) = storage::read(bytes) {
        with_core(|core| core.insert(id, table));
    }
}

/// Whether the readers and writers beside the engine must answer a message.
#[wasm_bindgen]
pub fn needs_formats(message: &JsValue) -> Result<bool, JsError> {
    Ok(match request_of(message)? {
        Request::Export { format, .. } => format.needs_formats(),
        Request::Preview { options, name } | Request::Import { options, name, .. } => {
            // What cannot be read fails where it is read.
            source_of(message).is_some_and(|mut source| {
                format_of(&mut source, &options, &name).is_ok_and(|f| f != FileFormat::Csv)
            })
        }
        _ => false,
    })
}

/// The response to a message that the worker beside the engine did not answer: `fault` says what
/// became of it, `bytes` how much memory was missing.
#[wasm_bindgen]
pub fn formats_failed(fault: &str, bytes: f64, text: &str) -> JsValue {
    response_value(&Response::Failed(files::not_answered(fault, bytes, text)))
}

/// A table as [`restore`] takes it back.
#[wasm_bindgen]
pub fn table_bytes(id: &str) -> Option<Vec<u8>> {
    with_core(|core| core.table(id).map(storage::to_bytes))
}

/// Puts a table down piece by piece, as `put(offset, bytes)`; the bytes are good for that call only.
/// Says whether there is such a table.
#[wasm_bindgen]
pub fn write_table(id: &str, put: &Function) -> Result<bool, JsValue> {
    with_core(|core| {
        let Some(table) = core.table(id) else {
            return Ok(false);
        };
        storage::write(table, &mut |at, bytes| {
            // SAFETY: nothing allocates while the view lives, which is until `put` returns.
            let view = unsafe { Uint8Array::view(bytes) };
            put.call2(&JsValue::NULL, &JsValue::from(at as f64), &view)
                .map(|_| ())
        })?;
        Ok(true)
    })
}

/// Answers one message through `post(response, buffer)`; gives back the ids of new tables.
#[wasm_bindgen]
pub fn answer(message: &JsValue, post: &Function) -> Result<Vec<String>, JsError> {
    let request = request_of(message)?;
    let mut files = sources_of(message);
    let buffers = get(message, "buffers")
        .dyn_into::<Array>()
        .unwrap_or_default();
    let sources = files.iter_mut().map(|(name, source)| SourceFile {
        name: name.clone(),
        source,
    });
    let mut attached = Attached {
        sources: sources.collect(),
        ..Attached::default()
    };
    match request {
        Request::ImportColumns { .. } => {
            attached.columns = buffers
                .iter()
                .map(|b| Float64Array::new(&b).to_vec())
                .collect();
        }
        Request::Restore { .. } => attached.bytes = Uint8Array::new(&buffers.get(0)).to_vec(),
        _ => {}
    }
    let mut progress = teller(post);
    with_core(
        |core| match core.answer(&request, attached, &mut progress) {
            Ok(answer) => {
                let made = made(&request, &answer.response);
                tell(post, &answer.response, answer.buffer.as_deref());
                Ok(made)
            }
            Err(failure) => {
                tell(post, &Response::Failed(failure), None);
                Ok(Vec::new())
            }
        },
    )
}

/// The bytes that could not be had, when memory ran out; 0 when it did not. Works after the trap.
#[wasm_bindgen]
pub fn out_of_memory() -> usize {
    memory::missed()
}

fn with_core<T>(f: impl FnOnce(&mut Core) -> T) -> T {
    CORE.with_borrow_mut(|core| f(core.as_mut().expect("bin/worker.rs calls serve")))
}

fn made(request: &Request, response: &Response) -> Vec<String> {
    match (request, response) {
        (
            Request::Import { table, .. }
            | Request::ImportColumns { table, .. }
            | Request::ImportJson { table, .. },
            _,
        ) => {
            vec![table.clone()]
        }
        (Request::Declare { into, .. }, Response::Imported { .. }) => vec![into.clone()],
        (Request::Run(run), Response::Ran(ran)) => ran
            .tables
            .keys()
            .filter_map(|output| run.outputs.get(output).cloned())
            .collect(),
        _ => Vec::new(),
    }
}
