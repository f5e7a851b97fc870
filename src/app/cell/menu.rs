//! What can be done with a cell as a whole.

use leptos::prelude::*;

use crate::app::Workspace;
use crate::app::ui::{Icon, Menu, MenuItem, MenuLine};
use crate::msg;

/// The menu of a cell of any kind.
#[component]
pub fn CellMenu(
    id: String,
    index: Memo<usize>,
    n_cells: Memo<usize>,
    /// Opened to show the cell as a script.
    #[prop(optional)]
    script: Option<RwSignal<bool>>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let id = StoredValue::new(id);
    let act = move |f: fn(Workspace, &str)| move |()| id.with_value(|id| f(workspace, id));
    view! {
        <Menu
            label=workspace.say(msg!("app.cell.menu", "What to do with the cell"))
            icon=Icon::More
            small=true
            end=true
            testid="cell-menu"
        >
            <MenuItem
                label=workspace.say(msg!("app.cell.up", "Move up"))
                icon=Icon::ArrowUp
                disabled=Signal::derive(move || index.get() == 0)
                on_select=act(|w, id| w.move_cell(id, -1))
            />
            <MenuItem
                label=workspace.say(msg!("app.cell.down", "Move down"))
                icon=Icon::ArrowDown
                disabled=Signal::derive(move || index.get() + 1 >= n_cells.get())
                on_select=act(|w, id| w.move_cell(id, 1))
            />
            <MenuItem
                label=workspace.say(msg!("app.cell.duplicate", "Duplicate"))
                icon=Icon::Copy
                on_select=act(|w, id| w.duplicate_cell(id))
            />
            {script
                .map(|script| {
                    view! {
                        <MenuItem
                            label=workspace.say(msg!("app.cell.show_script", "Show in R or Python"))
                            icon=Icon::Text
                            testid="show-script"
                            on_select=move |()| script.set(true)
                        />
                    }
                })}
            <MenuLine />
            <MenuItem
                label=workspace.say(msg!("app.cell.delete", "Delete"))
                icon=Icon::Trash
                danger=true
                on_select=act(|w, id| {
                    w.remove_cell(id);
                    w.tell(msg!("app.cell.deleted", "The cell is deleted. Undo brings it back."));
                })
            />
        </Menu>
    }
}
