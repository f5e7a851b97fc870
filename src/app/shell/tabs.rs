//! The notebook is worked on in another tab.

use leptos::prelude::*;

use crate::app::Workspace;
use crate::app::ui::{Button, Kind};
use crate::app::workspace::Place;
use crate::msg;

/// Says so, and offers to work here or on another notebook.
#[component]
pub(super) fn Elsewhere() -> impl IntoView {
    let workspace = Workspace::here();
    let say = move |text| workspace.say(text);
    let is_taking = move || workspace.place.get() == Place::Taking;
    view! {
        <Show when=move || workspace.reads_only()>
            <div class="update" role="status" data-testid="elsewhere">
                <p>
                    {say(
                        msg!(
                            "app.tabs.elsewhere",
                            "This notebook is open in another tab and is changed there. Here you read along."
                        ),
                    )}
                </p>
                <Button
                    small=true
                    kind=Kind::Primary
                    label=say(msg!("app.tabs.take_over", "Work here"))
                    disabled=Signal::derive(is_taking)
                    on_click=move |_| workspace.take_over()
                    testid="take-over"
                />
                <Button
                    small=true
                    label=say(msg!("app.menu.new", "New notebook"))
                    on_click=move |_| workspace.new_notebook()
                    testid="elsewhere-new"
                />
            </div>
        </Show>
    }
}
