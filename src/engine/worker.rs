//! The engine in its Web Worker: what `worker.js` calls.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use js_sys::{Array, ArrayBuffer, Float64Array, Function, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync};

use super::protocol::{Failure, Progress, Request, Response};
use super::{Attached, Core, Runner};
use crate::table::csv::{ReadError, Source};
use crate::table::storage;

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
    let on_panic = ThreadBound(on_panic);
    std::panic::set_hook(Box::new(move |info| {
        let _ = on_panic.call(&info.to_string());
    }));
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
    let request: Request = serde_wasm_bindgen::from_value(get(message, "request"))?;
    let mut file = get(message, "source")
        .dyn_into::<Blob>()
        .ok()
        .map(BlobSource);
    let buffers = get(message, "buffers")
        .dyn_into::<Array>()
        .unwrap_or_default();
    let mut attached = Attached {
        source: file.as_mut().map(|f| f as &mut dyn Source),
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
    let mut last_told = f64::NEG_INFINITY;
    let mut progress = |progress: Progress| {
        let now = js_sys::Date::now();
        if now - last_told >= PROGRESS_EVERY_MS {
            last_told = now;
            tell(post, &Response::Progress(progress), None);
        }
        true
    };
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
    MISSED.load(Ordering::Relaxed)
}

const PROGRESS_EVERY_MS: f64 = 60.0;

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

fn tell(post: &Function, response: &Response, buffer: Option<&[u8]>) {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let value = response.serialize(&serializer).unwrap_or_else(|e| {
        let failure = Failure::new(
            super::protocol::FailureKind::Crashed,
            crate::msg!(
                "engine.unwritable",
                "The answer cannot be sent: {what}",
                what = e.to_string()
            ),
        );
        Response::Failed(failure)
            .serialize(&serializer)
            .unwrap_or(JsValue::NULL)
    });
    let buffer = buffer.map_or(JsValue::UNDEFINED, |b| Uint8Array::from(b).buffer().into());
    let _ = post.call2(&JsValue::NULL, &value, &buffer);
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A function that only the worker's one thread ever calls.
struct ThreadBound(Function);

// SAFETY: the wasm has one thread.
unsafe impl Send for ThreadBound {}
// SAFETY: the wasm has one thread.
unsafe impl Sync for ThreadBound {}

impl ThreadBound {
    fn call(&self, text: &str) -> Result<JsValue, JsValue> {
        self.0.call1(&JsValue::NULL, &text.into())
    }
}

/// A `Blob` read slice by slice.
struct BlobSource(Blob);

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.0.size() as u64
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, ReadError> {
        let n = (self.len().saturating_sub(offset)).min(buf.len() as u64) as usize;
        let bytes = || -> Result<ArrayBuffer, JsValue> {
            let slice = self
                .0
                .slice_with_f64_and_f64(offset as f64, (offset + n as u64) as f64)?;
            FileReaderSync::new()?.read_as_array_buffer(&slice)
        };
        let bytes = bytes().map_err(|e| ReadError(js_sys::Error::from(e).to_string().into()))?;
        Uint8Array::new(&bytes).copy_to(&mut buf[..n]);
        Ok(n)
    }
}

static MISSED: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, which remembers the size of what it could not give.
pub struct Watched;

// SAFETY: all is passed on to the system's allocator.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        watch(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        watch(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        watch(unsafe { System.realloc(ptr, layout, new_size) }, new_size)
    }
}

fn watch(ptr: *mut u8, size: usize) -> *mut u8 {
    if ptr.is_null() {
        MISSED.store(size, Ordering::Relaxed);
    }
    ptr
}
