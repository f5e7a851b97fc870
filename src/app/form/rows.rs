//! A small table that is filled in by hand.

use leptos::prelude::*;

use super::entry::Entry;
use super::field::{Control, Problem};
use super::values::{rows, with_field, without_row};
use crate::app::ui::{Glyph, Icon};
use crate::msg;
use crate::spec::{Kind, OptionSpec};

#[component]
pub fn RowsTable(
    entry: Entry,
    fields: &'static [OptionSpec],
    min: usize,
    max: usize,
) -> impl IntoView {
    let workspace = entry.form.workspace;
    // An empty table shows one row to begin with; it counts once something stands in it.
    let least = min.max(1);
    let n_rows = Memo::new(move |_| entry.value.with(|v| rows(v, least).len()));
    // A column's name needs the width of a line of its own, a formula that and its title.
    let is_tall = is_tall(fields);
    let is_stacked = !is_tall && fields.len() > 2 && matches!(fields[0].kind, Kind::Column { .. });
    let id = entry.id();
    let heads = fields
        .iter()
        .map(|field| view! { <th scope="col">{workspace.say(title(entry, field))}</th> });
    let add = move |_: leptos::ev::MouseEvent| {
        let n = n_rows.get_untracked();
        entry.set(
            entry
                .value
                .with_untracked(|v| with_field(v, least, n, "", serde_json::Value::Null)),
        );
    };
    view! {
        <div
            class="rows"
            class:is-stacked=is_stacked
            class:is-tall=is_tall
            role="group"
            id=id.clone()
            data-testid=entry.test_id()
            aria-labelledby=format!("{id}-title")
            aria-describedby=entry.described_by()
        >
            <table>
                <thead>
                    <tr>
                        {heads.collect_view()} <th class="rows-end">
                            <span class="spoken">{workspace.say(msg!("app.form.row_actions", "Remove"))}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || 0..n_rows.get() key=|i| *i let:i>
                        <Row entry fields least i />
                    </For>
                </tbody>
            </table>
            <button type="button" class="button button-quiet button-small" disabled=move || { n_rows.get() >= max } on:click=add>
                <Glyph icon=Icon::Plus />
                {workspace.say(msg!("app.form.add_row", "Add a row"))}
            </button>
        </div>
    }
}

#[component]
fn Row(entry: Entry, fields: &'static [OptionSpec], least: usize, i: usize) -> impl IntoView {
    let workspace = entry.form.workspace;
    let is_tall = is_tall(fields);
    let cells = fields.iter().map(|field| {
        let cell = entry.field(least, i, field);
        let label = workspace.say(msg!(
            "app.form.field_of_row",
            "{field}, row {i}",
            field = title(entry, field),
            i = i + 1
        ));
        let is_wide = matches!(field.kind, Kind::Formula { .. });
        let is_enabled = Memo::new(move |_| cell.is_enabled_among(fields));
        let seen = move || {
            is_tall.then(|| {
                view! {
                    <span class="rows-title" aria-hidden="true">
                        {workspace.say(title(entry, field))}
                    </span>
                }
            })
        };
        view! {
            <td class:is-wide=is_wide class:is-off=move || !is_enabled.get()>
                <Show when=move || is_enabled.get()>
                    {seen()}
                    <label class="spoken" for=cell.id()>
                        {label.clone()}
                    </label>
                    <Control entry=cell />
                    <Problem entry=cell />
                </Show>
            </td>
        }
    });
    let label = workspace.say(msg!("app.form.remove_row", "Remove row {i}", i = i + 1));
    view! {
        <tr>
            {cells.collect_view()}
            <td class="rows-end">
                <button
                    type="button"
                    class="chip-remove"
                    aria-label=label
                    on:click=move |_| entry.set(entry.value.with_untracked(|v| without_row(v, least, i)))
                >
                    "×"
                </button>
            </td>
        </tr>
    }
}

/// Whether a row is a small form of its own.
fn is_tall(fields: &[OptionSpec]) -> bool {
    fields.len() > 4
        || fields
            .iter()
            .any(|f| matches!(f.kind, Kind::Formula { .. }))
}

fn title(entry: Entry, field: &'static OptionSpec) -> crate::report::Msg {
    entry
        .form
        .spec
        .option_title(&format!("{}.{}", entry.option.name, field.name), field)
}
