//! A table as a file, for other programs.

use leptos::task::spawn_local;

use crate::app::Workspace;
use crate::app::output::{file_name, save_bytes};
use crate::engine::client::Cancel;
use crate::engine::protocol::TableFormat;

/// Saves the engine's table `table` as a file called `name`.
pub fn export(workspace: Workspace, name: String, table: String, format: TableFormat) {
    spawn_local(async move {
        let Some(client) = workspace.ready().await else {
            return;
        };
        let cancel = Cancel::default();
        match client.export_file(&table, format, &cancel, |_| {}).await {
            Ok(exported) => {
                let file = file_name(&[&name], format.extension());
                save_bytes(&exported.bytes, &file, "application/octet-stream");
                exported
                    .warnings
                    .into_iter()
                    .for_each(|w| workspace.tell(w));
            }
            Err(failure) => workspace.complain(failure.message),
        }
    });
}
