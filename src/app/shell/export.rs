//! The notebook as a file: `.jari.json`, or a report in HTML that stands alone.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::analyses;
use crate::app::Workspace;
use crate::app::cell::{headline_of, render};
use crate::app::output::{file_name, save_blob, save_text};
use crate::app::workspace::{self, CellState};
use crate::chart::{Theme, svgs};
use crate::msg;
use crate::notebook::{Body, CellResult, Notebook, Outcome};
use crate::report::{Chart, Document, Lang, Msg, escape, html};

/// Offers the notebook as a `.jari.json` file, with its source tables when `with_data`.
pub(super) fn export_notebook(workspace: Workspace, with_data: bool) {
    spawn_local(async move {
        match workspace.file_blob(with_data).await {
            Ok(file) => save_blob(&file, &name_of_file(workspace, "jari.json")),
            Err(failure) => workspace.complain(failure.message),
        }
    });
}

/// Offers text and results as one HTML file without scripts, in the language of the page.
pub(super) fn export_report(workspace: Workspace) {
    let lang = workspace.lang.get_untracked();
    let text = untrack(|| report(workspace, lang));
    save_text(&text, &name_of_file(workspace, "html"), "text/html");
}

/// Prints the notebook, on white.
pub(super) fn print(workspace: Workspace) {
    let theme = workspace.theme.get_untracked();
    workspace.theme.set(workspace::Theme::Light);
    // Charts are drawn again before the printer looks.
    let go = move || {
        let _ = window().print();
        workspace.theme.set(theme);
    };
    set_timeout(go, Duration::from_millis(250));
}

fn report(workspace: Workspace, lang: Lang) -> String {
    let notebook = workspace.notebook.get();
    let title = title_of(&notebook, lang);
    let mut parts = vec![format!("<h1>{}</h1>", escape(&title))];
    for cell in &notebook.cells {
        match &cell.body {
            Body::Text(markdown) => parts.push(render(markdown)),
            Body::Analysis(call) => {
                let (name, line) = match analyses::find(&call.analysis) {
                    Some(spec) => (spec.title().text(lang), headline_of(spec, call).text(lang)),
                    None => (call.analysis.clone(), String::new()),
                };
                let state = workspace.cell_state(&cell.id);
                let body = workspace.results.with(|results| {
                    results
                        .get(&cell.id)
                        .map_or_else(|| not_run(lang), |r| result(r, &state, lang))
                });
                parts.push(format!(
                    "<h2>{}</h2>\n<p class=\"note\">{}</p>\n{body}",
                    escape(&name),
                    escape(&line)
                ));
            }
        }
    }
    Document {
        title: &title,
        lang,
        parts,
    }
    .html()
}

fn result(result: &CellResult, state: &CellState, lang: Lang) -> String {
    let draw =
        |charts: &[Chart], n_columns: usize| svgs(charts, n_columns, 720.0, &Theme::light(), lang);
    let warning = |text: Msg| format!("<p class=\"warning\">{}</p>\n", escape(&text.text(lang)));
    match &result.outcome {
        Outcome::Done { report, .. } => {
            let mut out = String::new();
            if !matches!(state, CellState::Done) {
                out.push_str(&warning(msg!(
                    "app.export.stale",
                    "This result is of earlier options or data."
                )));
            }
            out + &html(report, lang, &draw)
        }
        Outcome::Failed { message, last, .. } => {
            let mut out = warning(message.clone());
            if let Some(report) = last {
                out.push_str(&warning(msg!(
                    "app.export.last",
                    "The last result before that:"
                )));
                out.push_str(&html(report, lang, &draw));
            }
            out
        }
    }
}

fn not_run(lang: Lang) -> String {
    let text = msg!("app.export.not_run", "This cell has not been run.").text(lang);
    format!("<p class=\"note\">{}</p>\n", escape(&text))
}

/// The notebook's title, or a word for none.
pub(super) fn title_of(notebook: &Notebook, lang: Lang) -> String {
    if notebook.title.is_empty() {
        msg!("app.shell.untitled", "Untitled notebook").text(lang)
    } else {
        notebook.title.clone()
    }
}

fn name_of_file(workspace: Workspace, ending: &str) -> String {
    let lang = workspace.lang.get_untracked();
    let title = workspace.notebook.with_untracked(|n| title_of(n, lang));
    file_name(&[&title], ending)
}
