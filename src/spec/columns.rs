//! What a form knows of a table's columns.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::option::Fits;
use super::values::Values;
use crate::table::{Column, ColumnKind, Measure, MissingCode, Table, ValueLabel};

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
        Self {
            levels: column.few_levels(Self::MAX_LEVELS),
            ..Self::without_levels(column)
        }
    }

    /// Levels cost a look at every row, these do not.
    fn without_levels(column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            kind: column.kind(),
            measure: column.measure,
            n_missing: column.n_missing(),
            levels: None,
            label: column.label.clone(),
            note: column.note.clone(),
            value_labels: column.value_labels.clone(),
            missing_codes: column.missing_codes.clone(),
        }
    }

    pub fn of_table(table: &Table) -> Vec<Self> {
        table.columns().iter().map(|c| Self::of(c)).collect()
    }

    /// As [`ColumnInfo::of_table`], but with the levels of only the columns that option `values` name,
    /// also as a part of a text such as a formula.
    pub fn of_named(table: &Table, values: &Values) -> Vec<Self> {
        let mut texts = Vec::new();
        values.values().for_each(|v| add_texts(v, &mut texts));
        let of = |column: &Arc<Column>| match texts.iter().any(|t| t.contains(&column.name)) {
            true => Self::of(column),
            false => Self::without_levels(column),
        };
        table.columns().iter().map(of).collect()
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

fn add_texts<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|v| add_texts(v, texts)),
        Value::Object(fields) => fields.values().for_each(|v| add_texts(v, texts)),
        _ => {}
    }
}

/// The names of the columns that an option takes.
pub fn fitting(columns: &[ColumnInfo], accepts: Fits) -> impl Iterator<Item = &ColumnInfo> {
    columns.iter().filter(move |c| c.fits(accepts))
}
