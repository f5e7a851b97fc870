//! What a part of a formula can be, and the columns that a formula may name.

use crate::msg;
use crate::report::Msg;
use crate::table::{Column, ColumnKind, Data, Measure, Table};

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A value that is always missing goes with every kind.
    Missing,
    Truth,
    /// A number that is whole in every row.
    Whole,
    Number,
    Text,
    Date,
    DateTime,
    Time,
}

/// What is known of a column before its values are read.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub name: &'a str,
    pub kind: ColumnKind,
    pub measure: Measure,
    /// The levels of a category in their order, where they are known.
    pub levels: Option<&'a [String]>,
    /// Whether `levels` are all that there are, those without rows too.
    pub has_all_levels: bool,
}

impl Type {
    pub fn of(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Float => Type::Number,
            ColumnKind::Int => Type::Whole,
            ColumnKind::Bool => Type::Truth,
            ColumnKind::Date => Type::Date,
            ColumnKind::DateTime => Type::DateTime,
            ColumnKind::Time => Type::Time,
            ColumnKind::Category | ColumnKind::Text => Type::Text,
        }
    }

    /// How a column of such values is stored.
    pub fn kind(self) -> ColumnKind {
        match self {
            Type::Missing | Type::Number => ColumnKind::Float,
            Type::Truth => ColumnKind::Bool,
            Type::Whole => ColumnKind::Int,
            Type::Text => ColumnKind::Category,
            Type::Date => ColumnKind::Date,
            Type::DateTime => ColumnKind::DateTime,
            Type::Time => ColumnKind::Time,
        }
    }

    pub fn is_number(self) -> bool {
        matches!(self, Type::Whole | Type::Number)
    }

    /// A date, a date with a time, or a time of day.
    pub fn is_stamp(self) -> bool {
        matches!(self, Type::Date | Type::DateTime | Type::Time)
    }

    /// The kind that holds the values of both, if there is one.
    pub fn with(self, other: Type) -> Option<Type> {
        Some(match (self, other) {
            (a, b) if a == b => a,
            (Type::Missing, a) | (a, Type::Missing) => a,
            (a, b) if a.is_number() && b.is_number() => Type::Number,
            (Type::Date, Type::DateTime) | (Type::DateTime, Type::Date) => Type::DateTime,
            _ => return None,
        })
    }

    /// “a number”: for sentences.
    pub fn noun(self) -> Msg {
        match self {
            Type::Missing => msg!("formula.type.missing", "a missing value"),
            Type::Truth => msg!("formula.type.truth", "true or false"),
            Type::Whole => msg!("formula.type.whole", "a whole number"),
            Type::Number => msg!("formula.type.number", "a number"),
            Type::Text => msg!("formula.type.text", "text"),
            Type::Date => msg!("formula.type.date", "a date"),
            Type::DateTime => msg!("formula.type.date_time", "a date with a time"),
            Type::Time => msg!("formula.type.time", "a time of day"),
        }
    }
}

impl<'a> Known<'a> {
    pub fn of(column: &'a Column) -> Self {
        let levels = match &column.data {
            Data::Category { levels, .. } => Some(&levels[..]),
            _ => None,
        };
        Self {
            name: &column.name,
            kind: column.kind(),
            measure: column.measure,
            levels,
            has_all_levels: true,
        }
    }

    pub fn of_table(table: &'a Table) -> Vec<Self> {
        table.columns().iter().map(|c| Self::of(c)).collect()
    }

    /// A category whose levels have an order.
    pub(super) fn is_ordered(&self) -> bool {
        self.kind == ColumnKind::Category && self.measure == Measure::Ordinal
    }
}
