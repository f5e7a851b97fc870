//! What a column holds, as a sign and as a word.

use leptos::prelude::*;

use crate::app::Workspace;
use crate::msg;
use crate::report::Msg;
use crate::table::{ColumnKind, Measure};

/// What a column is read as: kind and measure in one word that people choose by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Number,
    Whole,
    Category,
    Ordered,
    YesNo,
    Date,
    DateTime,
    Time,
    Text,
    Id,
    LeftOut,
}

impl Reading {
    pub const ALL: [Self; 11] = [
        Self::Number,
        Self::Whole,
        Self::Category,
        Self::Ordered,
        Self::YesNo,
        Self::Date,
        Self::DateTime,
        Self::Time,
        Self::Text,
        Self::Id,
        Self::LeftOut,
    ];

    pub fn of(kind: ColumnKind, measure: Measure) -> Self {
        match (measure, kind) {
            (Measure::Id, _) => Self::Id,
            (_, ColumnKind::Bool) => Self::YesNo,
            (Measure::Ordinal, _) => Self::Ordered,
            (Measure::Nominal, _) => Self::Category,
            (Measure::Text, _) => Self::Text,
            (_, ColumnKind::Date) => Self::Date,
            (_, ColumnKind::DateTime) => Self::DateTime,
            (_, ColumnKind::Time) => Self::Time,
            (_, ColumnKind::Int) => Self::Whole,
            (_, ColumnKind::Float) => Self::Number,
            (_, ColumnKind::Category) => Self::Category,
            (_, ColumnKind::Text) => Self::Text,
        }
    }

    /// How such a column is held, and what it measures; an id may be held as it is.
    pub fn held(self) -> (Option<ColumnKind>, Option<Measure>) {
        let (kind, measure) = match self {
            Self::LeftOut => return (None, None),
            Self::Number => (ColumnKind::Float, Measure::Scale),
            Self::Whole => (ColumnKind::Int, Measure::Scale),
            Self::Category => (ColumnKind::Category, Measure::Nominal),
            Self::Ordered => (ColumnKind::Category, Measure::Ordinal),
            Self::YesNo => (ColumnKind::Bool, Measure::Nominal),
            Self::Date => (ColumnKind::Date, Measure::Time),
            Self::DateTime => (ColumnKind::DateTime, Measure::Time),
            Self::Time => (ColumnKind::Time, Measure::Time),
            Self::Text => (ColumnKind::Text, Measure::Text),
            Self::Id => return (None, Some(Measure::Id)),
        };
        (Some(kind), Some(measure))
    }

    /// The key in the page's markup.
    pub fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Whole => "whole",
            Self::Category => "category",
            Self::Ordered => "ordered",
            Self::YesNo => "yes_no",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Time => "time",
            Self::Text => "text",
            Self::Id => "id",
            Self::LeftOut => "left_out",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }

    pub fn name(self) -> Msg {
        match self {
            Self::Number => msg!("app.data.number", "Number"),
            Self::Whole => msg!("app.data.whole", "Whole number"),
            Self::Category => msg!("app.data.category", "Category"),
            Self::Ordered => msg!("app.data.ordered", "Ordered category"),
            Self::YesNo => msg!("app.data.yes_no", "Yes or no"),
            Self::Date => msg!("app.data.date", "Date"),
            Self::DateTime => msg!("app.data.date_time", "Date and time"),
            Self::Time => msg!("app.data.time", "Time of day"),
            Self::Text => msg!("app.data.text", "Text"),
            Self::Id => msg!("app.data.id", "ID"),
            Self::LeftOut => msg!("app.data.left_out", "Leave out"),
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Number => "M1.5 5h13v6h-13zM4.7 5v2.6M8 5v3.6M11.3 5v2.6",
            Self::Whole => "M6 2.5 5 13.5M11 2.5l-1 11M2.5 6h11M2.2 10h11",
            Self::Category => {
                "M2.5 5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M9.5 2.7h4.3v4.6H9.5zM5.5 14l2.7-4.8L11 14z"
            }
            Self::Ordered => "M2.5 13.5v-3.7h2.6v3.7zM6.7 13.5v-7h2.6v7zM10.9 13.5v-11h2.6v11z",
            Self::YesNo => {
                "M5 4.5h6a3.5 3.5 0 0 1 0 7H5a3.5 3.5 0 0 1 0-7zM11 6.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8"
            }
            Self::Date | Self::DateTime => "M2.5 3.8h11v9.7h-11zM2.5 7h11M5.5 2.3v3M10.5 2.3v3",
            Self::Time => "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.8V8l2.2 1.6",
            Self::Text => "M2.5 4h11M2.5 8h11M2.5 12h6.5",
            Self::Id => {
                "M1.8 3.5h12.4v9H1.8zM4.2 10.3a1.9 1.9 0 0 1 3.8 0M6.1 8.2a1.2 1.2 0 1 0 0-2.4a1.2 1.2 0 0 0 0 2.4M10 6.7h2.2M10 9.3h2.2"
            }
            Self::LeftOut => "M4 4l8 8M12 4l-8 8",
        }
    }
}

/// The sign of what a column holds; its word is there on hover and for those who listen.
#[component]
pub fn Sign(kind: ColumnKind, measure: Measure) -> impl IntoView {
    let workspace = Workspace::here();
    let reading = Reading::of(kind, measure);
    view! {
        <span class="sign" title=workspace.say(reading.name())>
            <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d=reading.path()></path>
            </svg>
            <span class="spoken">{workspace.say(reading.name())}" "</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_call_a_column() {
        let check = |kind, measure, expected| assert_eq!(Reading::of(kind, measure), expected);
        check(ColumnKind::Float, Measure::Scale, Reading::Number);
        check(ColumnKind::Int, Measure::Scale, Reading::Whole);
        check(ColumnKind::Int, Measure::Nominal, Reading::Category);
        check(ColumnKind::Text, Measure::Id, Reading::Id);
        check(ColumnKind::Bool, Measure::Nominal, Reading::YesNo);
        check(ColumnKind::DateTime, Measure::Time, Reading::DateTime);
    }

    #[test]
    fn keys_lead_back() {
        for reading in Reading::ALL {
            assert_eq!(Reading::from_key(reading.key()), Some(reading));
        }
    }
}
