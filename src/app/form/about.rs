//! About a method: its definitions, who it comes from, and its name for machines.

use leptos::prelude::*;

use crate::app::Workspace;
use crate::msg;
use crate::spec::Spec;

#[component]
pub fn About(spec: &'static Spec) -> impl IntoView {
    let workspace = Workspace::here();
    let references = spec
        .references
        .iter()
        .map(|reference| view! { <li>{*reference}</li> })
        .collect_view();
    view! {
        <details class="form-method">
            <summary data-testid="about-method">{workspace.say(msg!("app.form.method", "About this method"))}</summary>
            <p>{workspace.say(spec.method())}</p>
            <ul class="references" lang="en">
                {references}
            </ul>
            <p class="form-version">
                {workspace.say(msg!("app.form.version", "Version {version}", version = spec.version as usize))} " · "
                <code>{spec.id}</code>
            </p>
        </details>
    }
}
