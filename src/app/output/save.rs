//! Files and clipboard: what leaves the page, and only by a click.

use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, Url};

/// Offers bytes as a download.
pub fn save_bytes(bytes: &Uint8Array, file: &str, kind: &str) {
    if let Some(blob) = blob(bytes, kind) {
        save_blob(&blob, file);
    }
}

/// Offers a text as a download, in UTF-8.
pub fn save_text(text: &str, file: &str, kind: &str) {
    if let Some(blob) = blob(&JsValue::from(text), kind) {
        save_blob(&blob, file);
    }
}

/// Offers a blob as a download.
pub fn save_blob(blob: &Blob, file: &str) {
    let Ok(url) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    if let Ok(link) = document()
        .create_element("a")
        .map(JsCast::unchecked_into::<HtmlAnchorElement>)
    {
        link.set_href(&url);
        link.set_download(file);
        link.click();
    }
    // The browser reads the blob after the click; a minute is long enough.
    set_timeout(
        move || drop(Url::revoke_object_url(&url)),
        std::time::Duration::from_secs(60),
    );
}

/// The canvas as the bytes of a PNG.
pub async fn png(canvas: &HtmlCanvasElement) -> Option<Vec<u8>> {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    let blob: Blob = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Puts a picture on the clipboard.
pub async fn copy_png(bytes: &[u8]) -> bool {
    match blob(&Uint8Array::from(bytes), "image/png") {
        Some(picture) => write(&[("image/png", picture)]).await,
        None => false,
    }
}

/// Puts a table on the clipboard, as tab-separated text and as HTML.
pub async fn copy_table(tsv: &str, html: &str) -> bool {
    let both = blob(&JsValue::from(tsv), "text/plain").zip(blob(&JsValue::from(html), "text/html"));
    if let Some((tsv, html)) = both
        && write(&[("text/plain", tsv), ("text/html", html)]).await
    {
        return true;
    }
    copy_text(tsv).await
}

/// Puts a text on the clipboard.
pub async fn copy_text(text: &str) -> bool {
    let promise = window().navigator().clipboard().write_text(text);
    JsFuture::from(promise).await.is_ok()
}

fn blob(part: &JsValue, kind: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(part), &options).ok()
}

/// One `ClipboardItem` with these kinds; false where the browser has none or does not allow it.
async fn write(kinds: &[(&str, Blob)]) -> bool {
    let data = Object::new();
    for (kind, blob) in kinds {
        let _ = Reflect::set(&data, &(*kind).into(), blob);
    }
    let item = Reflect::get(&window(), &"ClipboardItem".into())
        .ok()
        .and_then(|c| c.dyn_into::<js_sys::Function>().ok())
        .and_then(|c| Reflect::construct(&c, &Array::of1(&data)).ok());
    let clipboard = window().navigator().clipboard();
    let promise = item.and_then(|item| {
        let write = Reflect::get(&clipboard, &"write".into())
            .ok()?
            .dyn_into::<js_sys::Function>()
            .ok()?;
        write.call1(&clipboard, &Array::of1(&item)).ok()
    });
    match promise {
        Some(promise) => JsFuture::from(js_sys::Promise::from(promise)).await.is_ok(),
        None => false,
    }
}
