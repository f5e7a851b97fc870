//! The wide table itself.

use super::{Options, Repeated};
use crate::msg;
use crate::spec::{Ctx, RunError};
use crate::table::verbs::{NO_ROW, Summary, Wider};
use crate::table::{Column, Data, Table};

/// The ids, and a column for each name and column of values.
pub fn table(
    options: &Options,
    wider: &Wider,
    ids: &[&Column],
    names: &[&Column],
    values: &[&Column],
    ctx: &mut Ctx,
) -> Result<Table, RunError> {
    let ids = ids
        .iter()
        .map(|c| c.select_rows(&wider.rows.first_rows))
        .collect();
    let mut wide = Table::new(ids).expect("columns of one table");
    for (i, column) in values.iter().enumerate() {
        ctx.tick(
            0.3 + 0.7 * i as f32 / values.len() as f32,
            &msg!(
                "transform.wider.spreading",
                "Spreading “{column}”",
                column = &column.name
            ),
        )?;
        let summary = summary(options.repeated);
        if !summary.takes(column.kind()) {
            return Err(RunError::option(
                "repeated",
                msg!(
                    "transform.wider.no_numbers",
                    "“{column}” holds no numbers to add up. Choose the first value or a number of values.",
                    column = &column.name
                ),
            ));
        }
        let in_places = summary.of(column, &wider.places);
        for k in 0..wider.columns.len() {
            let places = wider.places_of(k);
            let mut new = in_places.take(&places);
            if let Some(fill) = options.fill {
                fill_in(&mut new, fill, &places)?;
            }
            let row = wider.columns.first_rows[k] as usize;
            let mut name = name_of(names, row, &options.separator);
            if values.len() > 1 {
                name = format!("{}{}{name}", column.name, options.separator);
            }
            new.name = wide.free_column_name(&name);
            new.label = None;
            wide = wide.with_column(new).expect("a value for each row");
        }
    }
    Ok(wide)
}

fn summary(repeated: Repeated) -> Summary {
    match repeated {
        Repeated::Error | Repeated::First => Summary::First,
        Repeated::Last => Summary::Last,
        Repeated::Count => Summary::Count,
        Repeated::Distinct => Summary::Distinct,
        Repeated::Sum => Summary::Sum,
        Repeated::Mean => Summary::Mean,
        Repeated::Median => Summary::Quantile(0.5),
        Repeated::Min => Summary::Min,
        Repeated::Max => Summary::Max,
    }
}

fn name_of(names: &[&Column], row: usize, separator: &str) -> String {
    let parts = names.iter().map(|c| match c.is_valid(row) {
        true => c.name_of(&c.display(row)),
        false => "missing".into(),
    });
    parts.collect::<Vec<_>>().join(separator)
}

/// Puts a number where no row went; values that are missing in the data stay missing.
fn fill_in(column: &mut Column, fill: f64, places: &[u32]) -> Result<(), RunError> {
    let is_whole = fill.fract() == 0.0 && fill.abs() < 9e15;
    if let (Data::Int(values), false) = (&column.data, is_whole) {
        let numbers = values.iter().map(|&v| v as f64).collect();
        column.data = Data::Float(numbers);
    }
    match &mut column.data {
        Data::Float(v) => set(v, fill, places),
        Data::Int(v) => set(v, fill as i64, places),
        _ => {
            return Err(RunError::option(
                "fill",
                msg!(
                    "transform.wider.no_fill",
                    "Only numbers can be filled in, and the new columns hold none. Leave this empty."
                ),
            ));
        }
    }
    if let Some(valid) = &mut column.validity {
        let empty = places.iter().enumerate().filter(|(_, p)| **p == NO_ROW);
        empty.for_each(|(i, _)| valid.set(i, true));
    }
    column.validity = column.validity.take().filter(|v| v.count_zeros() > 0);
    Ok(())
}

fn set<T: Copy>(values: &mut [T], fill: T, places: &[u32]) {
    for (value, &place) in values.iter_mut().zip(places) {
        if place == NO_ROW {
            *value = fill;
        }
    }
}
