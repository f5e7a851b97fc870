//! A cell as a script of another language, to read, to copy and to run elsewhere.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::known::Known;
use crate::app::output::{copy_text, file_name, save_text, tell_copied};
use crate::app::ui::{Button, Dialog, Icon, Kind, Segmented};
use crate::engine::client::Client;
use crate::engine::protocol::CodeRequest;
use crate::msg;
use crate::notebook::Graph;
use crate::report::Msg;
use crate::spec::Language;

/// What the engine says to a question for a script.
#[derive(Clone, PartialEq)]
enum Answer {
    Script(String),
    /// None in this language, or why there is none.
    Sentence(Msg),
}

/// The dialog with the script; it is asked for each time that it opens.
#[component]
pub(super) fn Script(known: Known, open: RwSignal<bool>) -> impl IntoView {
    let workspace = known.workspace;
    let language = RwSignal::new(Language::R);
    let answer = RwSignal::new(None::<Answer>);
    let asked = StoredValue::new(0_u32);
    Effect::new(move || {
        let language = language.get();
        if !open.get() {
            return;
        }
        asked.update_value(|n| *n += 1);
        let number = asked.get_value();
        answer.set(None);
        spawn_local(async move {
            let found = ask(known, language).await;
            if asked.try_get_value() == Some(number) {
                answer.set(Some(found));
            }
        });
    });
    let script = move || match answer.get() {
        Some(Answer::Script(script)) => Some(script),
        _ => None,
    };
    let is_missing = Signal::derive(move || script().is_none());
    let copy = move |_| {
        if let Some(text) = untrack(script) {
            spawn_local(async move { tell_copied(workspace, copy_text(&text).await) });
        }
    };
    let save = move |_| {
        if let Some(text) = untrack(script) {
            let ending = language.get_untracked().file_ending();
            let analysis = known
                .call
                .with_untracked(|c| c.as_ref().map(|c| c.analysis.clone()));
            let stem = analysis.unwrap_or_default();
            save_text(
                &text,
                &file_name(&[&stem], ending),
                "text/plain;charset=utf-8",
            );
        }
    };
    let body = move || match answer.get() {
        None => view! { <p class="script-wait" aria-busy="true"></p> }.into_any(),
        Some(Answer::Sentence(sentence)) => view! { <p>{workspace.say(sentence)}</p> }.into_any(),
        Some(Answer::Script(script)) => view! {
            <p class="script-note">{workspace.say(note(known))}</p>
            <pre class="script" tabindex="0" data-testid="script"><code>{script}</code></pre>
        }
        .into_any(),
    };
    view! {
        <Dialog
            open=open
            close=move |()| open.set(false)
            title=workspace.say(msg!("app.cell.script", "The same in R or Python"))
            wide=true
            testid="script-dialog"
        >
            <div class="dialog-body">
                <Segmented
                    label=workspace.say(msg!("app.cell.script_language", "Language"))
                    choices=Signal::derive(|| {
                        let choice = |l: Language| (l.key().to_string(), l.name().to_string());
                        Language::ALL.map(choice).to_vec()
                    })
                    chosen=Signal::derive(move || language.get().key().to_string())
                    choose=move |chosen: String| {
                        let found = Language::ALL.into_iter().find(|l| l.key() == chosen);
                        language.set(found.unwrap_or(Language::R));
                    }
                    testid="script-language"
                />
                <div aria-live="polite">{body}</div>
            </div>
            <div class="dialog-foot">
                <Button
                    label=workspace.say(msg!("app.cell.script_save", "Save the script"))
                    icon=Icon::Download
                    disabled=is_missing
                    on_click=save
                />
                <Button
                    label=workspace.say(msg!("app.cell.script_copy", "Copy the script"))
                    icon=Icon::Copy
                    kind=Kind::Primary
                    disabled=is_missing
                    on_click=copy
                />
            </div>
        </Dialog>
    }
}

async fn ask(known: Known, language: Language) -> Answer {
    let Some((client, request)) = request(known, language) else {
        return Answer::Sentence(msg!(
            "app.cell.script_later",
            "The engine is not ready or the cell lacks a table: close this and try again."
        ));
    };
    match client.code(request).await {
        Ok(Some(script)) => Answer::Script(script),
        Ok(None) => Answer::Sentence(match language {
            Language::R => msg!(
                "app.cell.no_r",
                "This analysis with these options has no script in R."
            ),
            Language::Python => msg!(
                "app.cell.no_python",
                "This analysis with these options has no script in Python."
            ),
        }),
        Err(failure) => Answer::Sentence(failure.message),
    }
}

fn request(known: Known, language: Language) -> Option<(Client, CodeRequest)> {
    let client = known.workspace.client()?;
    let call = known.call.get_untracked()?;
    let step = known.workspace.notebook.with_untracked(|n| {
        let graph = Graph::new(n);
        known.id.with_value(|id| graph.step(id))
    })?;
    let request = CodeRequest {
        analysis: call.analysis,
        by: call.by,
        values: call.values,
        inputs: step.inputs,
        files: files(&call.inputs),
        language,
    };
    Some((client, request))
}

/// Input name to the file that the script reads: the table under its name in the notebook.
fn files(inputs: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let file = |table: &String| file_name(&[table], "csv");
    inputs
        .iter()
        .map(|(input, table)| (input.clone(), file(table)))
        .collect()
}

fn note(known: Known) -> Msg {
    let inputs = known
        .call
        .with_untracked(|c| c.as_ref().map(|c| c.inputs.clone()));
    let names: Vec<String> = files(&inputs.unwrap_or_default()).into_values().collect();
    match names.is_empty() {
        true => msg!(
            "app.cell.script_alone",
            "It gives the numbers of this cell and reads no file."
        ),
        false => msg!(
            "app.cell.script_files",
            "It gives the numbers of this cell. It reads {files}: save the tables as CSV under these names beside it.",
            files = names.join(", ")
        ),
    }
}
