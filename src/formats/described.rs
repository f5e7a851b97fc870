//! What a column is beside its values, kept in the metadata of Parquet and Arrow files that Jari
//! writes, so that labels, measure levels and missing codes come back.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::table::{Column, ColumnFormat, Data, Measure, MissingCode, Table, ValueLabel};

/// The key under which the description stands in a file's metadata.
pub(super) const KEY: &str = "jari";

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Described {
    columns: BTreeMap<String, Description>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Description {
    measure: Measure,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    value_labels: Vec<ValueLabel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing_codes: Vec<MissingCode>,
    #[serde(default)]
    format: ColumnFormat,
    /// Of categories, all levels in their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<String>>,
}

/// Levels past which their order is not written down.
const MOST_LEVELS: usize = 10_000;

impl Described {
    pub fn of(table: &Table) -> Self {
        let describe = |column: &Column| Description {
            measure: column.measure,
            label: column.label.clone(),
            note: column.note.clone(),
            value_labels: column.value_labels.clone(),
            missing_codes: column.missing_codes.clone(),
            format: column.format.clone(),
            levels: match &column.data {
                Data::Category { levels, .. } if levels.len() <= MOST_LEVELS => {
                    Some(levels.clone())
                }
                _ => None,
            },
        };
        let columns = table.columns().iter();
        Self {
            columns: columns.map(|c| (c.name.clone(), describe(c))).collect(),
        }
    }

    /// The description in a file's metadata; nothing where there is none.
    pub fn read(json: Option<&str>) -> Self {
        json.and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default()
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Gives a column back what was written of it; says whether something was.
    pub fn dress(&self, column: Column) -> (Column, bool) {
        let Some(found) = self.columns.get(&column.name).cloned() else {
            return (column, false);
        };
        let mut column = match found.levels {
            Some(levels) => in_order(column, levels),
            None => column,
        };
        column.measure = found.measure;
        column.label = found.label;
        column.note = found.note;
        column.value_labels = found.value_labels;
        column.format = found.format;
        match found.missing_codes.is_empty() {
            true => (column, true),
            false => (column.with_missing_codes(found.missing_codes), true),
        }
    }
}

/// A column of strings as categories of these levels, when it has no others.
fn in_order(column: Column, levels: Vec<String>) -> Column {
    let known: HashMap<&str, i32> = (0..).zip(&levels).map(|(k, l)| (l.as_str(), k)).collect();
    let place = |s: &str| known.get(s).copied();
    let codes: Option<Vec<i32>> = match &column.data {
        Data::Category { codes, levels: old } => {
            let places: Vec<Option<i32>> = old.iter().map(|l| place(l)).collect();
            let code = |&c: &i32| match c {
                0.. => places[c as usize],
                _ => Some(-1),
            };
            codes.iter().map(code).collect()
        }
        _ => None,
    };
    drop(known);
    match codes {
        Some(codes) => Column::category(column.name, codes, levels),
        None => column,
    }
}
