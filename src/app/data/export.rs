//! A table as a file, for other programs.

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::app::Workspace;
use crate::engine::protocol::TableFormat;

/// Saves the engine's table `table` as a file called `name`.
pub fn export(workspace: Workspace, name: String, table: String, format: TableFormat) {
    spawn_local(async move {
        let Some(client) = workspace.ready().await else {
            return;
        };
        match client.export(&table, format).await {
            Ok(bytes) => save(&bytes, &format!("{name}.csv")),
            Err(failure) => workspace.complain(failure.message),
        }
    });
}

/// Offers bytes as a download.
fn save(bytes: &Uint8Array, file: &str) {
    let options = BlobPropertyBag::new();
    options.set_type("text/csv");
    let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options)
    else {
        return;
    };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else {
        return;
    };
    if let Ok(link) = document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&url);
        link.set_download(file);
        link.click();
    }
    // The browser reads the blob after the click.
    set_timeout(
        move || drop(Url::revoke_object_url(&url)),
        std::time::Duration::from_secs(60),
    );
}
