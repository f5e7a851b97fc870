//! The columns of the joined table.

use super::{How, Key, Options};
use crate::msg;
use crate::report::Msg;
use crate::spec::{Ctx, Input, RunError};
use crate::table::verbs::{Matching, NO_ROW, Pairs, Part, stack};
use crate::table::{Column, Table};

/// The columns that come over from the right table: those that were chosen, or all but the keys.
pub fn brought<'a>(
    options: &Options,
    keys: &[Key],
    input: &'a Input,
) -> Result<Vec<&'a Column>, RunError> {
    if matches!(options.how, How::Semi | How::Anti) {
        return Ok(Vec::new());
    }
    if options.columns.is_empty() {
        let is_key = |c: &Column| keys.iter().any(|k| k.right.name == c.name);
        let right = input.table("right")?.columns().iter();
        return Ok(right.map(|c| &**c).filter(|c| !is_key(c)).collect());
    }
    let chosen = options.columns.iter();
    chosen
        .map(|name| input.column_of("right", "columns", name))
        .collect()
}

/// The left table with the rows of the join, and the right columns beside it.
pub fn joined(
    options: &Options,
    matching: &Matching,
    keys: &[Key],
    left: &Table,
    brought: &[&Column],
    ctx: &mut Ctx,
) -> Result<Table, RunError> {
    let pairs = matching.pairs(options.how.kind());
    let step = msg!("transform.join.picking", "Bringing the columns together");
    ctx.tick(0.5, &step)?;
    let mut joined = left.take(&pairs.left);
    if matches!(options.how, How::Semi | How::Anti) {
        return Ok(joined);
    }
    if options.how == How::Full {
        joined = with_keys_of_both(&joined, keys, left.n_rows(), &pairs)?;
    }
    let mut renamed = Vec::new();
    for (i, column) in brought.iter().enumerate() {
        ctx.tick(0.6 + 0.4 * i as f32 / brought.len() as f32, &step)?;
        let mut column = column.take(&pairs.right);
        let name = match joined.column(&column.name) {
            None => column.name.clone(),
            Some(_) => joined.free_column_name(&format!("{}{}", column.name, options.suffix)),
        };
        if name != column.name {
            renamed.push(column.name.clone());
            column.name = name;
        }
        joined = joined.with_column(column).map_err(impossible)?;
    }
    if !renamed.is_empty() {
        ctx.note(msg!(
            "transform.join.renamed",
            "Both tables have {names}; the right {n|one is|ones are} called with “{suffix}” behind.",
            names = renamed.clone(),
            n = renamed.len(),
            suffix = &options.suffix
        ));
    }
    match options.indicator.trim() {
        "" => Ok(joined),
        name => joined
            .with_column(origin(&joined.free_column_name(name), &pairs))
            .map_err(impossible),
    }
}

/// In the rows that only the right table has, the left key columns take the right keys.
fn with_keys_of_both(
    joined: &Table,
    keys: &[Key],
    n_left: usize,
    pairs: &Pairs,
) -> Result<Table, RunError> {
    let from_either: Vec<u32> = pairs
        .left
        .iter()
        .zip(&pairs.right)
        .map(|(&l, &r)| if l == NO_ROW { n_left as u32 + r } else { l })
        .collect();
    let mut joined = joined.clone();
    for key in keys {
        let both = stack(&[Part::Column(key.left), Part::Column(key.right)]).ok_or_else(|| {
            RunError::Data(msg!(
                "transform.join.too_long",
                "The texts of “{name}” are too long to be put into one column.",
                name = &key.left.name
            ))
        })?;
        joined = joined
            .with_column(both.take(&from_either))
            .map_err(impossible)?;
    }
    Ok(joined)
}

fn origin(name: &str, pairs: &Pairs) -> Column {
    let code = |(&l, &r): (&u32, &u32)| match (l, r) {
        (_, NO_ROW) => 1,
        (NO_ROW, _) => 2,
        _ => 0,
    };
    let codes = pairs.left.iter().zip(&pairs.right).map(code).collect();
    let levels = ["both", "left", "right"].map(String::from).to_vec();
    Column::category(name, codes, levels)
}

fn impossible(error: crate::table::TableError) -> RunError {
    RunError::Data(Msg::verbatim(error.to_string()))
}
