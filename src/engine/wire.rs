//! What crosses the border between a worker's JavaScript and its wasm.

use js_sys::{ArrayBuffer, Function, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, File, FileReaderSync};

use super::protocol::{Failure, FailureKind, Progress, Request, Response};
use crate::table::csv::{ReadError, Source};

/// Milliseconds between two messages of progress.
const PROGRESS_EVERY_MS: f64 = 60.0;

/// Tells where the text of a panic goes.
pub(super) fn watch_panics(on_panic: Function) {
    let on_panic = ThreadBound(on_panic);
    std::panic::set_hook(Box::new(move |info| {
        let _ = on_panic.call(&info.to_string());
    }));
}

/// The request of a message; a file's own name where the request has none.
pub(super) fn request_of(message: &JsValue) -> Result<Request, JsError> {
    let mut request: Request = serde_wasm_bindgen::from_value(get(message, "request"))?;
    if let Request::Preview { name, .. } | Request::Import { name, .. } = &mut request
        && name.is_empty()
        && let Ok(file) = get(message, "source").dyn_into::<File>()
    {
        *name = file.name();
    }
    Ok(request)
}

/// The files of a message and their names, of which blobs have none.
#[cfg(feature = "worker")]
pub(super) fn sources_of(message: &JsValue) -> Vec<(String, BlobSource)> {
    let source = get(message, "source");
    let all = match source.dyn_ref::<js_sys::Array>() {
        Some(all) => all.to_vec(),
        None => vec![source],
    };
    let blobs = all
        .into_iter()
        .filter_map(|one| one.dyn_into::<Blob>().ok());
    let named = blobs.map(|blob| {
        let name = blob.dyn_ref::<File>().map(File::name);
        (name.unwrap_or_default(), BlobSource(blob))
    });
    named.collect()
}

/// The file of a message, when it is one.
pub(super) fn source_of(message: &JsValue) -> Option<BlobSource> {
    get(message, "source")
        .dyn_into::<Blob>()
        .ok()
        .map(BlobSource)
}

/// Posts progress, but not too often.
pub(super) fn teller(post: &Function) -> impl FnMut(Progress) -> bool {
    let mut last_told = f64::NEG_INFINITY;
    move |progress| {
        let now = js_sys::Date::now();
        if now - last_told >= PROGRESS_EVERY_MS {
            last_told = now;
            tell(post, &Response::Progress(progress), None);
        }
        true
    }
}

pub(super) fn tell(post: &Function, response: &Response, buffer: Option<&[u8]>) {
    let buffer = buffer.map(|b| Uint8Array::from(b).buffer());
    post_response(post, response, buffer);
}

/// Posts a response with bytes that travel beside it.
pub(super) fn post_response(post: &Function, response: &Response, buffer: Option<ArrayBuffer>) {
    let value = response_value(response);
    let buffer = buffer.map_or(JsValue::UNDEFINED, JsValue::from);
    let _ = post.call2(&JsValue::NULL, &value, &buffer);
}

/// A response as JavaScript has it.
pub(super) fn response_value(response: &Response) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    response.serialize(&serializer).unwrap_or_else(|e| {
        let failure = Failure::new(
            FailureKind::Crashed,
            crate::msg!(
                "engine.unwritable",
                "The answer cannot be sent: {what}",
                what = e.to_string()
            ),
        );
        Response::Failed(failure)
            .serialize(&serializer)
            .unwrap_or(JsValue::NULL)
    })
}

pub(super) fn get(object: &JsValue, key: &str) -> JsValue {
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
pub(super) struct BlobSource(Blob);

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
