//! The readers and writers of other files, in a worker beside the engine's: what `formats-worker.js`
//! calls.
//!
//! It gets the messages that the engine does not answer itself: `preview` and `import` with the file
//! as `source`, `export` with the table as [`storage`] writes it in `buffers[0]`. It answers with the
//! responses of the [protocol](super::protocol); an imported table travels in `buffer`.

use js_sys::{Array, ArrayBuffer, Function, Uint8Array};
use wasm_bindgen::prelude::*;

use super::files::{self, Watch, format_of};
use super::memory;
use super::protocol::{Failure, FailureKind, Progress, Request, Response};
use super::wire::{get, post_response, request_of, source_of, tell, teller, watch_panics};
use crate::msg;
use crate::report::Msg;
use crate::spec::TableInfo;
use crate::table::{Table, storage};

/// Named by `bin/formats.rs`, so that the linker takes what stands here along.
pub fn serve() {}

/// Tells where the text of a panic goes.
#[wasm_bindgen]
pub fn start_formats(on_panic: Function) {
    watch_panics(on_panic);
}

/// The sources that this wasm was built from.
#[wasm_bindgen]
pub fn formats_build() -> String {
    super::BUILD.to_owned()
}

/// The bytes that could not be had, when memory ran out; 0 when it did not. Works after the trap.
#[wasm_bindgen]
pub fn formats_out_of_memory() -> usize {
    memory::missed()
}

/// Answers one message through `post(response, buffer)`.
#[wasm_bindgen]
pub fn answer_formats(message: &JsValue, post: &Function) -> Result<(), JsError> {
    let request = request_of(message)?;
    let mut tell_progress = teller(post);
    let mut watch = |done: f32, step: Msg| tell_progress(Progress { done, step });
    match answered(message, &request, &mut watch) {
        Ok((response, buffer)) => post_response(post, &response, buffer),
        Err(failure) => tell(post, &Response::Failed(failure), None),
    }
    Ok(())
}

type Answered = Result<(Response, Option<ArrayBuffer>), Failure>;

fn answered(message: &JsValue, request: &Request, watch: &mut Watch) -> Answered {
    let mut source = source_of(message);
    let source = source.as_mut();
    match request {
        Request::Preview { options, name } => {
            let source = source.ok_or_else(misplaced)?;
            let format = format_of(source, options, name)?;
            let (preview, warnings) = files::preview(source, format, options)?;
            let preview = Box::new(preview);
            Ok((Response::Previewed { preview, warnings }, None))
        }
        Request::Import {
            options,
            name,
            before,
            ..
        } => {
            let source = source.ok_or_else(misplaced)?;
            let format = format_of(source, options, name)?;
            let (table, understood, warnings) = files::read(source, format, options, watch)?;
            let response = Response::Imported {
                info: TableInfo::of(&table),
                understood: Some(understood),
                warnings,
                changes: None,
            };
            let response = response.compared_with(before.as_ref());
            Ok((response, Some(stored(&table))))
        }
        Request::Export { format, .. } => {
            let buffers: Array = get(message, "buffers").unchecked_into();
            let bytes = Uint8Array::new(&buffers.get(0)).to_vec();
            let table = storage::read(&bytes).map_err(|_| misplaced())?;
            drop(bytes);
            let (bytes, warnings) = files::write(&table, *format, watch)?;
            let buffer = Uint8Array::from(&bytes[..]).buffer();
            Ok((Response::Exported { warnings }, Some(buffer)))
        }
        _ => Err(misplaced()),
    }
}

/// The table as [`storage`] writes it, in memory of the browser and nowhere else.
fn stored(table: &Table) -> ArrayBuffer {
    let mut out = Uint8Array::new_with_length(0);
    let written = storage::write(table, &mut |at, bytes| {
        if out.length() == 0 {
            // The length of the whole stands at the beginning of what comes first.
            let total = u64::from_le_bytes(bytes[8..16].try_into().expect("eight bytes"));
            out = Uint8Array::new(&ArrayBuffer::new(total as u32));
        }
        let at = at as u32;
        out.subarray(at, at + bytes.len() as u32).copy_from(bytes);
        Ok::<(), std::convert::Infallible>(())
    });
    written.expect("memory takes all bytes");
    out.buffer()
}

fn misplaced() -> Failure {
    let message = msg!(
        "engine.misplaced",
        "The request lacks the file or table that it is about."
    );
    Failure::new(FailureKind::Import, message)
}
