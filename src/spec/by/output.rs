//! The tables that the groups of a run made, as one.

use std::sync::Arc;

use super::Split;
use crate::spec::RunError;
use crate::table::verbs::{NO_ROW, Part, stack};
use crate::table::{Column, Table, free_name};

/// A table that the run of one group made.
pub struct Made {
    n_rows: usize,
    columns: Vec<(String, Slot)>,
}

enum Slot {
    /// The column that the group's rows have in the input.
    Input,
    New(Arc<Column>),
}

impl Made {
    /// `made` from a group's rows. What is the input's very column is not held.
    pub fn of(part: &Table, made: &Table) -> Self {
        let slot = |column: &Arc<Column>| {
            let is_input = part.columns().iter().any(|c| Arc::ptr_eq(c, column));
            let slot = match is_input {
                true => Slot::Input,
                false => Slot::New(column.clone()),
            };
            (column.name.clone(), slot)
        };
        Self {
            n_rows: made.n_rows(),
            columns: made.columns().iter().map(slot).collect(),
        }
    }

    /// A table that holds a column of its input as it is has its rows.
    fn has_rows_of_input(&self) -> bool {
        self.columns
            .iter()
            .any(|(_, slot)| matches!(slot, Slot::Input))
    }

    fn slot(&self, name: &str) -> Option<&Slot> {
        let found = self.columns.iter().find(|(n, _)| n == name);
        found.map(|(_, slot)| slot)
    }
}

/// One table of those that the groups made, `None` where a group made none.
pub fn join(split: &Split, made: &[Option<Made>]) -> Result<Table, RunError> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in made.iter().flatten().flat_map(|m| &m.columns) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    match made.iter().flatten().all(Made::has_rows_of_input) {
        true => beside(split, made, &names),
        false => below(split, made, &names),
    }
}

/// The input's rows in their order, with what is new in them.
fn beside(split: &Split, made: &[Option<Made>], names: &[&str]) -> Result<Table, RunError> {
    let is_input = |name: &&&str| {
        let slots = made.iter().flatten().map(|m| m.slot(name));
        slots.into_iter().all(|s| matches!(s, Some(Slot::Input)))
    };
    let (kept, new): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| is_input(name));
    let mut table = split
        .table
        .select_columns(&kept)
        .expect("the columns are the table's");
    let rows = split.groups.rows();
    for name in new {
        let mut places = vec![NO_ROW; split.table.n_rows()];
        let (mut columns, mut n_stacked) = (Vec::new(), 0);
        for (g, made) in made.iter().enumerate() {
            let column = match made.as_ref().and_then(|m| m.slot(name)) {
                None => continue,
                Some(Slot::New(column)) => column.clone(),
                Some(Slot::Input) => {
                    let input = split.table.column(name).expect("a column of the input");
                    Arc::new(input.select_rows(rows.group(g)))
                }
            };
            for (place, &row) in (n_stacked..).zip(rows.group(g)) {
                places[row as usize] = place;
            }
            n_stacked += column.len() as u32;
            columns.push(column);
        }
        let parts: Vec<Part> = columns.iter().map(|c| Part::Column(c)).collect();
        let stacked = stack(&parts).ok_or_else(|| RunError::too_large(name))?;
        let column = stacked.take(&places);
        table = table
            .with_column(column)
            .expect("a column with a value for each row");
    }
    Ok(table
        .select_columns(names)
        .expect("the columns that were put together"))
}

/// The tables one below the other, the grouping columns first.
fn below(split: &Split, made: &[Option<Made>], names: &[&str]) -> Result<Table, RunError> {
    let made: Vec<(usize, &Made)> = made
        .iter()
        .enumerate()
        .filter_map(|(g, m)| Some((g, m.as_ref()?)))
        .collect();
    let first_rows = made.iter().flat_map(|&(g, m)| {
        let row = split.groups.first_rows[g];
        std::iter::repeat_n(row, m.n_rows)
    });
    let first_rows: Vec<u32> = first_rows.collect();
    let mut taken: Vec<String> = names.iter().map(|n| n.to_string()).collect();
    let mut columns = Vec::new();
    for key in split.keys.iter().filter(|key| !hold_key(split, &made, key)) {
        let mut column = key.select_rows(&first_rows);
        column.name = free_name(&key.name, |name| taken.iter().all(|t| t != name));
        taken.push(column.name.clone());
        columns.push(column);
    }
    for name in names {
        let parts: Vec<Part> = made
            .iter()
            .map(|(_, m)| match m.slot(name) {
                Some(Slot::New(column)) => Part::Column(column),
                _ => Part::Missing(m.n_rows),
            })
            .collect();
        columns.push(stack(&parts).ok_or_else(|| RunError::too_large(name))?);
    }
    Ok(Table::new(columns).expect("columns of one length with names of their own"))
}

/// Whether the tables have the grouping column already, with the value of their group in every row.
fn hold_key(split: &Split, made: &[(usize, &Made)], key: &Column) -> bool {
    made.iter().all(|&(g, made)| {
        let value = key.value(split.groups.first_rows[g] as usize);
        match made.slot(&key.name) {
            Some(Slot::New(column)) => (0..made.n_rows).all(|row| column.value(row) == value),
            _ => false,
        }
    })
}
