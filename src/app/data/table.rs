//! A table of the notebook: what it is, what one could do with it, its rows.

use leptos::ev::{Event, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::export::export;
use super::grid::{DataGrid, Look};
use super::profile::ProfilePanel;
use super::suggest::suggestions;
use super::variable::VariableDialog;
use crate::app::Workspace;
use crate::app::palette::{PaletteSignal, Place};
use crate::app::ui::{Button, Icon, Menu, MenuItem, MenuLine};
use crate::engine::protocol::TableFormat;
use crate::msg;
use crate::notebook::{Graph, Outcome, TableRef};
use crate::report::Msg;
use crate::spec::{ColumnInfo, TableInfo};
use crate::table::profile::ColumnProfile;

/// The table called `name`.
#[component]
pub fn TableView(#[prop(into)] name: Signal<String>) -> impl IntoView {
    let workspace = Workspace::here();
    let shown = Memo::new(move |_| shown(workspace, &name.get()));
    let column = RwSignal::new(None::<usize>);
    let profiles = RwSignal::new(None::<Vec<ColumnProfile>>);
    Effect::new(move |_| {
        let table = shown.with(|s| s.as_ref().map(|s| s.0.clone()));
        column.set(None);
        profiles.set(None);
        if let Some(table) = table {
            load_profiles(workspace, shown, table, profiles);
        }
    });
    let declaring = RwSignal::new(None::<ColumnInfo>);
    // Only what came from outside can be declared; what a cell makes follows from its options.
    let edit = move || {
        let is_source = workspace.notebook.with(|n| n.source(&name.get()).is_some());
        is_source.then(|| {
            Callback::new(move |()| {
                let info = shown.with_untracked(|s| {
                    let (_, info) = s.as_ref()?;
                    info.columns.get(column.get_untracked()?).cloned()
                });
                declaring.set(info);
            })
        })
    };
    let look = Look::default();
    let has_labels = Memo::new(move |_| {
        shown.with(|s| {
            s.as_ref()
                .is_some_and(|(_, info)| info.columns.iter().any(|c| !c.value_labels.is_empty()))
        })
    });
    let open = move || {
        let at = column.get()?;
        profiles.with(|p| p.as_ref().and_then(|p| p.get(at)).cloned())
    };
    view! {
        <section class="table-view" aria-label=move || name.get() data-testid="table-view">
            <TableHead name=name look=look has_labels=has_labels />
            {move || {
                shown
                    .get()
                    .map(|(table, info)| {
                        view! {
                            <Suggestions name=name info=info.clone() />
                            <DataGrid
                                table=table
                                info=info
                                label=name
                                column=column
                                profiles=profiles
                                look=look
                            />
                        }
                    })
            }}
            {move || {
                open()
                    .map(|profile| {
                        view! {
                            <ProfilePanel
                                table=name
                                profile=profile
                                edit=edit()
                                close=move |()| column.set(None)
                            />
                        }
                    })
            }}
            <VariableDialog table=name column=declaring />
            <Show when=move || shown.with(Option::is_none)>
                <p class="table-none">
                    {workspace
                        .say(
                            msg!(
                                "app.data.not_made",
                                "The cell that makes this table has not run yet."
                            ),
                        )}
                </p>
            </Show>
        </section>
    }
}

#[component]
fn TableHead(name: Signal<String>, look: Look, has_labels: Memo<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let palette = use_context::<PaletteSignal>();
    let source = Memo::new(move |_| {
        workspace.notebook.with(|n| {
            n.source(&name.get())
                .map(|s| (s.file.clone(), s.warnings.clone()))
        })
    });
    let is_source = move || source.with(Option::is_some);
    let size = move || {
        let info = workspace.table_info(&name.get())?;
        Some(
            msg!(
                "app.data.size",
                "{rows} {rows|row|rows} × {columns} {columns|column|columns}",
                rows = info.n_rows,
                columns = info.columns.len()
            )
            .text(workspace.lang.get()),
        )
    };
    let origin = move || {
        let file = source.with(|s| s.as_ref().map(|s| s.0.clone()));
        let text = match file {
            Some(file) => Msg::verbatim(file),
            None => msg!("app.data.made", "made by a cell"),
        };
        text.text(workspace.lang.get())
    };
    let warnings = move || source.with(|s| s.as_ref().map(|s| s.1.clone()).unwrap_or_default());
    let file_input = NodeRef::<html::Input>::new();
    let replace = move |_: Event| {
        let Some(input) = file_input.get_untracked() else {
            return;
        };
        if let Some(file) = input.files().and_then(|f| f.get(0)) {
            workspace.replace_source(&name.get_untracked(), &file);
        }
        input.set_value("");
    };
    let export = move |format| {
        let name = name.get_untracked();
        if let Some((table, _)) = untrack(|| shown(workspace, &name)) {
            export(workspace, name, table, format);
        }
    };
    let use_it = move |()| {
        if let Some(palette) = palette {
            palette.0.set(Some(Place {
                after: None,
                table: Some(name.get_untracked()),
            }));
        }
    };
    view! {
        <header class="table-head">
            <div class="table-title">
                <TableName name=name />
                <p class="table-about">
                    <span class="tabular">{size}</span>
                    <span class="table-origin">{origin}</span>
                </p>
            </div>
            <div class="table-actions">
                <Button
                    small=true
                    icon=Icon::Plus
                    label=workspace.say(msg!("app.data.use", "Use in a new cell"))
                    on_click=move |_| use_it(())
                    testid="use-table"
                />
                <Menu
                    label=workspace.say(msg!("app.data.menu", "More about this table"))
                    icon=Icon::More
                    end=true
                    small=true
                    testid="table-menu"
                >
                    {exports()
                        .into_iter()
                        .map(|(format, label, testid)| {
                            view! {
                                <MenuItem
                                    icon=Icon::Download
                                    label=workspace.say(label)
                                    on_select=move |()| export(format)
                                    testid=testid
                                />
                            }
                        })
                        .collect_view()}
                    <MenuLine />
                    <MenuItem
                        icon=checked(look.frozen)
                        label=workspace
                            .say(msg!("app.data.freeze", "Keep the first column in sight"))
                        on_select=move |()| look.frozen.update(|on| *on = !*on)
                        testid="freeze-column"
                    />
                    <Show when=move || has_labels.get()>
                        <MenuItem
                            icon=checked(look.labels)
                            label=workspace
                                .say(msg!("app.data.labels", "Show labels instead of values"))
                            on_select=move |()| look.labels.update(|on| *on = !*on)
                            testid="show-labels"
                        />
                    </Show>
                    <Show when=is_source>
                        <MenuLine />
                        <MenuItem
                            icon=Icon::Refresh
                            label=workspace
                                .say(msg!("app.data.replace", "Replace with another file…"))
                            on_select=move |()| {
                                if let Some(input) = file_input.get_untracked() {
                                    input.click();
                                }
                            }
                            testid="replace-table"
                        />
                        <MenuItem
                            icon=Icon::Trash
                            danger=true
                            label=workspace.say(msg!("app.data.remove", "Remove from the notebook"))
                            on_select=move |()| {
                                let name = name.get_untracked();
                                workspace.remove_source(&name);
                                workspace
                                    .tell(
                                        msg!(
                                            "app.data.removed",
                                            "“{name}” is removed. Undo brings it back.", name = name
                                        ),
                                    );
                            }
                            testid="remove-table"
                        />
                    </Show>
                </Menu>
                <input
                    type="file"
                    hidden
                    node_ref=file_input
                                        on:change=replace
                />
            </div>
            {move || {
                let warnings = warnings();
                (!warnings.is_empty())
                    .then(|| {
                        let n = warnings.len();
                        view! {
                            <details class="table-warnings">
                                <summary>
                                    {workspace
                                        .say(
                                            msg!(
                                                "app.data.n_warnings",
                                                "{n} {n|note|notes} from reading the file", n = n
                                            ),
                                        )}
                                </summary>
                                <ul>
                                    {warnings
                                        .into_iter()
                                        .map(|w| view! { <li>{workspace.say(w)}</li> })
                                        .collect_view()}
                                </ul>
                            </details>
                        }
                    })
            }}
        </header>
    }
}

/// What a table can be saved as.
fn exports() -> [(TableFormat, Msg, &'static str); 7] {
    [
        (
            TableFormat::Csv,
            msg!("app.data.export", "Export as CSV"),
            "export-csv",
        ),
        (
            TableFormat::CsvForExcel,
            msg!("app.data.export_excel", "Export as CSV for Excel"),
            "export-excel",
        ),
        (
            TableFormat::CsvCp949,
            msg!("app.data.export_cp949", "Export as CSV in CP949"),
            "export-cp949",
        ),
        (
            TableFormat::Xlsx,
            msg!("app.data.export_xlsx", "Export as an Excel workbook"),
            "export-xlsx",
        ),
        (
            TableFormat::Parquet,
            msg!("app.data.export_parquet", "Export as Parquet"),
            "export-parquet",
        ),
        (
            TableFormat::Arrow,
            msg!("app.data.export_arrow", "Export as Arrow (Feather)"),
            "export-arrow",
        ),
        (
            TableFormat::JsonLines,
            msg!("app.data.export_json_lines", "Export as JSON Lines"),
            "export-json-lines",
        ),
    ]
}

/// The sign of what is switched on; one that is not has none.
fn checked(on: RwSignal<bool>) -> Signal<Icon> {
    Signal::derive(move || if on.get() { Icon::Check } else { Icon::Blank })
}

/// The table's name; a click changes it.
#[component]
fn TableName(name: Signal<String>) -> impl IntoView {
    let workspace = Workspace::here();
    let input = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(name.get_untracked());
    Effect::new(move |_| typed.set(name.get()));
    let rename = move |_: Event| {
        let to = typed.get_untracked();
        let from = name.get_untracked();
        if to.trim().is_empty() {
            typed.set(from);
        } else {
            workspace.rename_table(&from, &to);
            typed.set(name.get_untracked());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        match event.key().as_str() {
            "Enter" => drop(input.blur()),
            "Escape" => {
                event.stop_propagation();
                typed.set(name.get_untracked());
                input.set_value(&name.get_untracked());
                let _ = input.blur();
            }
            _ => {}
        }
    };
    view! {
        <h2 class="table-name" data-text=move || typed.get()>
            <input
                class="table-name-input"
                node_ref=input
                aria-label=workspace.say(msg!("app.data.name", "Name of the table"))
                prop:value=move || typed.get()
                spellcheck="false"
                autocomplete="off"
                data-testid="table-name"
                on:input=move |event| typed.set(event_target_value(&event))
                on:change=rename
                on:keydown=on_key
            />
        </h2>
    }
}

#[component]
fn Suggestions(name: Signal<String>, info: TableInfo) -> impl IntoView {
    let workspace = Workspace::here();
    let found = suggestions(&info);
    view! {
        <div
            class="suggestions"
            role="group"
            aria-label=workspace.say(msg!("app.data.suggestions", "What to do with this table"))
        >
            {found
                .into_iter()
                .map(|s| {
                    let (analysis, values) = (s.analysis, s.values);
                    let columns = workspace.say(s.columns);
                    let add = move |_| {
                        let name = name.get_untracked();
                        workspace.add_filled(analysis, &name, values.clone());
                    };
                    view! {
                        <button
                            type="button"
                            class="suggestion"
                            title=columns
                            data-testid=format!("suggestion-{analysis}")
                            on:click=add
                        >
                            <span class="suggestion-title">{workspace.say(s.title)}</span>
                            <span class="suggestion-columns">{columns.clone()}</span>
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// The engine's id and the shape of a table as it was made last; its cell may be stale.
fn shown(workspace: Workspace, name: &str) -> Option<(String, TableInfo)> {
    workspace.notebook.with(|n| {
        let graph = Graph::new(n);
        match graph.table(name)? {
            TableRef::Source(i) => Some((n.sources[i].table.clone(), n.sources[i].info.clone())),
            TableRef::Output(i, output) => workspace.results.with(|results| {
                let result = results.get(&n.cells[i].id)?;
                let Outcome::Done { tables, .. } = &result.outcome else {
                    return None;
                };
                let id = format!("{}-{output}", result.fingerprint);
                Some((id, tables.get(output)?.clone()))
            }),
        }
    })
}

/// Asks for the profiles once the first rows had their turn.
fn load_profiles(
    workspace: Workspace,
    shown: Memo<Option<(String, TableInfo)>>,
    table: String,
    profiles: RwSignal<Option<Vec<ColumnProfile>>>,
) {
    let ask = move || {
        spawn_local(async move {
            let is_shown =
                |t: &str| shown.try_with_untracked(|s| s.as_ref().is_some_and(|s| s.0 == t));
            let Some(client) = workspace.ready().await else {
                return;
            };
            if is_shown(&table) != Some(true) {
                return;
            }
            // Without profiles the grid still shows its rows, and says itself what is amiss.
            if let Ok(found) = client.profile(&table).await
                && is_shown(&table) == Some(true)
            {
                profiles.set(Some(found));
            }
        });
    };
    set_timeout(ask, std::time::Duration::from_millis(120));
}
