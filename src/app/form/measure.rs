//! What a column measures, as a sign and as a word.

use leptos::prelude::*;

use crate::app::Workspace;
use crate::msg;
use crate::report::Msg;
use crate::spec::ColumnInfo;
use crate::table::{ColumnKind, Measure};

/// The measure of a column, in one or two words.
pub fn measure_name(column: &ColumnInfo) -> Msg {
    match column.measure {
        Measure::Nominal => msg!("app.form.nominal", "names"),
        Measure::Ordinal => msg!("app.form.ordinal", "ordered levels"),
        Measure::Scale => msg!("app.form.scale", "numbers"),
        Measure::Time if column.kind == ColumnKind::Time => msg!("app.form.clock", "times"),
        Measure::Time => msg!("app.form.time", "dates"),
        Measure::Id => msg!("app.form.id", "ids"),
        Measure::Text => msg!("app.form.text", "text"),
    }
}

/// The sign of a measure; its word is there for those who listen and on hover.
#[component]
pub fn MeasureIcon(column: ColumnInfo) -> impl IntoView {
    let workspace = Workspace::here();
    let name = measure_name(&column);
    let path = match column.measure {
        Measure::Nominal => {
            "M3 5.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M9 10.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M10 2.5h4v4h-4zM3 13.5l2-4 2 4z"
        }
        Measure::Ordinal => "M2.5 14v-4h3v4zM6.5 14V6.5h3V14zM10.5 14V2.5h3V14z",
        Measure::Scale => "M1.5 5h13v6h-13zM4.5 5v2.5M7 5v3.5M9.5 5v2.5M12 5v3.5",
        Measure::Time => "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5V5M10.5 2.5V5",
        Measure::Id => "M6 2.5L5 13.5M11 2.5l-1 11M2.5 6h11M2 10h11",
        Measure::Text => "M3 4V3h10v1M8 3v10M6 13h4",
    };
    view! {
        <span class="measure" title=workspace.say(name)>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d=path />
            </svg>
            <span class="spoken">{workspace.say(name.clone())}</span>
        </span>
    }
}
