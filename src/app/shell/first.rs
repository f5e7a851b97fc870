//! The first screen: what Jari is, that data stay here, and three ways in.

use leptos::html;
use leptos::prelude::*;

use super::hands::{Hands, is_table};
use super::menu::choose_notebook_file;
use super::pictures::picture;
use super::shelf::ShelfList;
use crate::app::Workspace;
use crate::app::ui::{Button, Glyph, Icon, Kind};
use crate::app::workspace::{Example, Wish, examples};
use crate::msg;

#[component]
pub(super) fn First() -> impl IntoView {
    let workspace = Workspace::here();
    view! {
        <div class="first" data-testid="first-screen">
            <h1 class="first-head">
                {workspace
                    .say(
                        msg!("app.first.head", "Data analysis that stays in your browser"),
                    )}
            </h1>
            <p class="first-promise">
                <span>
                    {workspace
                        .say(
                            msg!(
                                "app.first.about",
                                "Jari is a notebook for charts, clusters, regressions and A/B tests."
                            ),
                        )} " "
                    <strong>
                        {workspace.say(msg!("app.promise", "Your data stay in this browser"))} ". "
                    </strong>
                    {workspace
                        .say(
                            msg!(
                                "app.first.how",
                                "Files are read and computed on this device; nothing is uploaded."
                            ),
                        )}
                </span>
            </p>
            <div class="first-open">
                <DropArea />
                <PasteArea />
            </div>
            <section class="first-section" aria-labelledby="first-examples">
                <h2 id="first-examples">
                    {workspace.say(msg!("app.first.examples", "Or look at an example"))}
                </h2>
                <div class="examples">
                    {examples().iter().map(|example| view! { <ExampleCard example=example /> }).collect_view()}
                </div>
            </section>
            <div class="first-quiet">
                <Button
                    kind=Kind::Quiet
                    icon=Icon::Text
                    label=workspace.say(msg!("app.first.text", "Start with a text cell"))
                    on_click=move |_| workspace.wish(Wish::AddText)
                    testid="start-empty"
                />
                <Button
                    kind=Kind::Quiet
                    icon=Icon::Upload
                    label=workspace.say(msg!("app.first.notebook", "Open a notebook file (.jari.json)"))
                    on_click=move |_| choose_notebook_file(workspace)
                />
            </div>
            <ShelfList />
        </div>
    }
}

#[component]
fn DropArea() -> impl IntoView {
    let workspace = Workspace::here();
    let hands = Hands::here();
    let input = NodeRef::<html::Input>::new();
    let on_change = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        if let Some(files) = input.files() {
            hands.open_files(workspace, &files);
        }
        // The same file can be chosen again.
        input.set_value("");
    };
    view! {
        <div class="drop" data-testid="drop-area">
            <p class="drop-line not-touch">
                {workspace.say(msg!("app.first.drop", "Drop a data file here"))}
            </p>
            <p class="drop-line only-touch">
                {workspace.say(msg!("app.first.open", "Open a data file"))}
            </p>
            <div class="choose">
                <input
                    type="file"
                    multiple
                    node_ref=input
                    aria-label=workspace.say(msg!("app.first.choose", "Choose a file"))
                    data-testid="choose-file"
                    on:change=on_change
                />
                <span class="button button-primary" aria-hidden="true">
                    <Glyph icon=Icon::File />
                    {workspace.say(msg!("app.first.choose", "Choose a file"))}
                </span>
            </div>
            <p class="drop-types">
                {workspace
                    .say(
                        msg!(
                            "app.first.types",
                            "CSV and other text in any common encoding, zipped or not; Excel, Parquet, Arrow, JSON, SPSS"
                        ),
                    )}
            </p>
        </div>
    }
}

#[component]
fn PasteArea() -> impl IntoView {
    let workspace = Workspace::here();
    let text = RwSignal::new(String::new());
    let open = move || {
        let pasted = text.get_untracked();
        if !pasted.trim().is_empty() {
            workspace.wish(Wish::OpenText(pasted));
            text.set(String::new());
        }
    };
    // A table that is pasted opens at once; what is typed waits for the button.
    let on_paste = move |event: leptos::ev::ClipboardEvent| {
        let pasted = event
            .clipboard_data()
            .and_then(|data| data.get_data("text/plain").ok())
            .unwrap_or_default();
        if text.with_untracked(String::is_empty) && is_table(&pasted) {
            event.prevent_default();
            workspace.wish(Wish::OpenText(pasted));
        }
    };
    view! {
        <div class="paste">
            <label for="paste-table">
                {workspace.say(msg!("app.first.paste", "Paste a table"))}
            </label>
            <textarea
                id="paste-table"
                class="field"
                spellcheck="false"
                autocomplete="off"
                placeholder="group\tvalue\nA\t12.5\nB\t14.1"
                data-testid="paste-table"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
                on:paste=on_paste
            ></textarea>
            <div class="paste-foot">
                <span class="not-touch">
                    {workspace
                        .say(msg!("app.first.paste_hint", "Ctrl V works anywhere on this page"))}
                </span>
                <Show when=move || !text.with(|t| t.trim().is_empty())>
                    <Button
                        small=true
                        kind=Kind::Primary
                        label=workspace.say(msg!("app.first.paste_open", "Open"))
                        on_click=move |_| open()
                        testid="paste-open"
                    />
                </Show>
            </div>
        </div>
    }
}

#[component]
fn ExampleCard(example: &'static Example) -> impl IntoView {
    let workspace = Workspace::here();
    // Its file is being fetched and read.
    let is_opening = Memo::new(move |_| {
        workspace
            .opening
            .with(|o| o.as_ref().is_some_and(|o| o.file == example.file))
    });
    view! {
        <button
            type="button"
            class="example"
            data-testid=format!("example-{}", example.key)
            disabled=move || workspace.opening.with(Option::is_some)
            on:click=move |_| workspace.wish(Wish::OpenExample(example))
        >
            {move || picture(example.key, workspace.lang.get())}
            <span class="example-text">
                <span class="example-title">{workspace.say((example.title)())}</span>
                <span class="example-about">{workspace.say((example.about)())}</span>
            </span>
            <Show when=move || is_opening.get()>
                <span class="example-wait"></span>
            </Show>
        </button>
    }
}
