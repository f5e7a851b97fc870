//! A table as a file, for other programs.

use leptos::task::spawn_local;

use crate::app::Workspace;
use crate::app::output::{file_name, save_bytes};
use crate::engine::protocol::TableFormat;

/// Saves the engine's table `table` as a file called `name`.
pub fn export(workspace: Workspace, name: String, table: String, format: TableFormat) {
    spawn_local(async move {
        let Some(client) = workspace.ready().await else {
            return;
        };
        match client.export(&table, format).await {
            Ok(bytes) => save_bytes(&bytes, &file_name(&[&name], "csv"), "text/csv"),
            Err(failure) => workspace.complain(failure.message),
        }
    });
}
