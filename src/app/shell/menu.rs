//! What may be done with the notebook as a whole.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::HtmlInputElement;

use super::Layout;
use super::export::{export_notebook, export_report, print};
use super::shelf::{day, name_of, open_from_shelf, others};
use crate::app::Workspace;
use crate::app::ui::{Icon, Menu, MenuHead, MenuItem, MenuLine};
use crate::app::workspace::{Shelf, Wish};
use crate::msg;

/// How many other notebooks the menu names; the first screen has all of them.
const N_OTHERS: usize = 8;

/// The menu beside the title: new, open, export, forget, and the other notebooks of this browser.
#[component]
pub(super) fn NotebookMenu(is_first: Memo<bool>) -> impl IntoView {
    let workspace = Workspace::here();
    let layout = Layout::here();
    let say = move |text| workspace.say(text);
    let forget = move |()| {
        layout
            .forgetting
            .set(Some(workspace.notebook.with_untracked(|n| Shelf {
                id: n.id.clone(),
                title: n.title.clone(),
                updated: 0.0,
            })));
    };
    let other = move |book: Shelf| {
        let id = book.id.clone();
        view! {
            <MenuItem
                icon=Icon::Notebook
                label=name_of(workspace, &book)
                note=Signal::derive(move || day(book.updated, workspace.lang.get()))
                on_select=move |()| open_from_shelf(workspace, id.clone())
            />
        }
    };
    view! {
        <Menu
            icon=Icon::ChevronDown
            label=say(msg!("app.menu.notebook", "Notebook"))
            small=true
            testid="menu"
        >
            <MenuItem
                icon=Icon::Plus
                label=say(msg!("app.menu.new", "New notebook"))
                disabled=is_first
                on_select=move |()| workspace.new_notebook()
                testid="new-notebook"
            />
            <MenuItem
                icon=Icon::Upload
                label=say(msg!("app.menu.open", "Open a notebook file…"))
                on_select=move |()| choose_notebook_file(workspace)
                testid="open-notebook"
            />
            <MenuLine />
            <MenuItem
                icon=Icon::Download
                label=say(msg!("app.menu.export_with_data", "Export with data"))
                note=".jari.json".to_string()
                disabled=is_first
                on_select=move |()| export_notebook(workspace, true)
                testid="export-notebook-with-data"
            />
            <MenuItem
                icon=Icon::Download
                label=say(msg!("app.menu.export", "Export without data"))
                note=".jari.json".to_string()
                disabled=is_first
                on_select=move |()| export_notebook(workspace, false)
                testid="export-notebook"
            />
            <MenuItem
                icon=Icon::File
                label=say(msg!("app.menu.report", "Save as a report"))
                note=".html".to_string()
                disabled=is_first
                on_select=move |()| export_report(workspace)
                testid="export-report"
            />
            <MenuItem
                icon=Icon::Print
                label=say(msg!("app.menu.print", "Print or save as PDF…"))
                disabled=is_first
                on_select=move |()| print(workspace)
                testid="print"
            />
            <MenuLine />
            <MenuItem
                icon=Icon::Trash
                label=say(msg!("app.menu.forget", "Remove from this browser…"))
                danger=true
                disabled=is_first
                on_select=forget
                testid="forget-notebook"
            />
            {move || {
                let others = others(workspace);
                (!others.is_empty())
                    .then(|| {
                        view! {
                            <MenuLine />
                            <MenuHead text=say(
                                msg!("app.menu.others", "Other notebooks in this browser"),
                            ) />
                            {others.into_iter().take(N_OTHERS).map(other).collect_view()}
                        }
                    })
            }}
        </Menu>
    }
}

/// Lets a person choose a notebook file, and opens it.
pub(super) fn choose_notebook_file(workspace: Workspace) {
    choose_files(".json,application/json", false, workspace);
}

/// Lets a person choose data files, and opens them.
pub(super) fn choose_data_file(workspace: Workspace) {
    choose_files("", true, workspace);
}

fn choose_files(accept: &str, several: bool, workspace: Workspace) {
    let Ok(input) = document().create_element("input") else {
        return;
    };
    let input: HtmlInputElement = input.unchecked_into();
    input.set_type("file");
    input.set_accept(accept);
    input.set_multiple(several);
    let chosen = {
        let input = input.clone();
        Closure::once_into_js(move || {
            if let Some(files) = input.files() {
                let files = (0..files.length()).filter_map(|i| files.get(i));
                workspace.wish(Wish::Open(files.collect()));
            }
        })
    };
    input.set_onchange(Some(chosen.unchecked_ref()));
    input.click();
}
