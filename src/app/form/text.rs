//! What may be written in a text cell.

use leptos::prelude::*;

use crate::app::Workspace;
use crate::msg;

#[component]
pub fn AboutText() -> impl IntoView {
    let workspace = Workspace::here();
    let marks = [
        ("# ", msg!("app.form.md_heading", "Heading")),
        ("**…**", msg!("app.form.md_strong", "strong")),
        ("*…*", msg!("app.form.md_emphasis", "emphasis")),
        ("- ", msg!("app.form.md_list", "List")),
        ("1. ", msg!("app.form.md_numbers", "Numbered list")),
        ("> ", msg!("app.form.md_quote", "Quotation")),
        ("`…`", msg!("app.form.md_code", "Code")),
        ("[…](https://…)", msg!("app.form.md_link", "Link")),
        ("| a | b |", msg!("app.form.md_table", "Table")),
    ];
    let rows = marks.map(|(mark, what)| {
        view! {
            <dt>
                <code>{mark}</code>
            </dt>
            <dd>{workspace.say(what)}</dd>
        }
    });
    let title = workspace.say(msg!("app.palette.text", "Text"));
    view! {
        <section class="form" aria-label=title.clone()>
            <h2 class="form-title">{title.clone()}</h2>
            <p class="form-about">
                {workspace.say(msg!("app.form.md_about", "Markdown: a few signs in the text say how it looks. A click on the text edits it; Escape ends."))}
            </p>
            <dl class="marks">{rows.into_iter().collect_view()}</dl>
        </section>
    }
}
