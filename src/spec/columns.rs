//! What a form knows of a table's columns.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::option::Fits;
use crate::table::{Column, ColumnKind, Data, Measure, MissingCode, Table, ValueLabel};

/// One column as a form sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnInfo {
    pub name: String,
    pub kind: ColumnKind,
    pub measure: Measure,
    pub n_missing: usize,
    /// The levels in their order, when there are at most [`ColumnInfo::MAX_LEVELS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<String>>,
    /// A longer name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What a person wrote about the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What values stand for; `levels` carry these labels already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value_labels: Vec<ValueLabel>,
    /// Codes that stand for missing values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_codes: Vec<MissingCode>,
}

/// A table as a form sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableInfo {
    pub n_rows: usize,
    pub columns: Vec<ColumnInfo>,
}

impl TableInfo {
    pub fn of(table: &Table) -> Self {
        Self {
            n_rows: table.n_rows(),
            columns: ColumnInfo::of_table(table),
        }
    }
}

impl ColumnInfo {
    pub const MAX_LEVELS: usize = 60;

    pub fn of(column: &Column) -> Self {
        let levels = has_few_values(column).then(|| column.levels_and_codes().names);
        Self {
            name: column.name.clone(),
            kind: column.kind(),
            measure: column.measure,
            n_missing: column.n_missing(),
            levels,
            label: column.label.clone(),
            note: column.note.clone(),
            value_labels: column.value_labels.clone(),
            missing_codes: column.missing_codes.clone(),
        }
    }

    pub fn of_table(table: &Table) -> Vec<Self> {
        table.columns().iter().map(|c| Self::of(c)).collect()
    }

    pub fn is_numeric(&self) -> bool {
        matches!(
            self.kind,
            ColumnKind::Float | ColumnKind::Int | ColumnKind::Bool
        )
    }

    pub fn fits(&self, accepts: Fits) -> bool {
        accepts.takes(
            self.measure,
            self.is_numeric(),
            self.levels.as_ref().map(Vec::len),
        )
    }
}

/// The names of the columns that an option takes.
pub fn fitting(columns: &[ColumnInfo], accepts: Fits) -> impl Iterator<Item = &ColumnInfo> {
    columns.iter().filter(move |c| c.fits(accepts))
}

/// Whether the column has at most [`ColumnInfo::MAX_LEVELS`] different values.
fn has_few_values(column: &Column) -> bool {
    match &column.data {
        Data::Bool(_) => true,
        Data::Category { levels, .. } => levels.len() <= ColumnInfo::MAX_LEVELS,
        Data::Float(v) => few(v.iter().filter(|x| !x.is_nan()).map(|x| x.to_bits())),
        Data::Int(v) => few(v.iter()),
        Data::Date(v) | Data::Time(v) => few(v.iter()),
        Data::DateTime(v) => few(v.iter()),
        Data::Text(v) => few((0..v.len()).map(|i| v.get(i))),
    }
}

fn few<T: std::hash::Hash + Eq>(values: impl Iterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    for value in values {
        seen.insert(value);
        if seen.len() > ColumnInfo::MAX_LEVELS {
            return false;
        }
    }
    true
}
