//! The place of each level.

use super::{Encoded, Options, Order, missing_name, missing_rows};
use crate::msg;
use crate::report::{Cell, Format, Head, TableBlock};
use crate::table::{Column, Levels, Measure};

pub fn encode(
    options: &Options,
    column: &Column,
    levels: &Levels,
    place: usize,
    out: &mut Encoded,
) -> TableBlock {
    let counts = levels.counts();
    let order = options.order.of(levels, &counts);
    let mut numbers = vec![0; order.len()];
    for (i, &level) in order.iter().enumerate() {
        numbers[level] = options.start + i as i64;
    }
    let name = out.name(&format!("{}{}code", column.name, options.separator));
    let number = |&c: &i32| usize::try_from(c).map_or(0, |c| numbers[c]);
    let made = Column::int(&name, levels.codes.iter().map(number).collect())
        .with_measure(Measure::Ordinal)
        .with_validity(levels.codes.iter().map(|&c| c >= 0).collect());
    out.push(made);
    let mut table = TableBlock::new(
        &format!("codes_{}", place + 1),
        msg!(
            "transform.encode.codes",
            "Numbers of {column}",
            column = &column.name
        ),
        vec![
            Head::name("level", msg!("transform.encode.level", "Level")),
            Head::new(
                "number",
                msg!("transform.encode.number", "Number"),
                Format::Integer,
            ),
            Head::new(
                "rows",
                msg!("transform.encode.rows", "Rows"),
                Format::Integer,
            ),
        ],
    );
    for &level in order.iter().take(super::target::MAX_LINES) {
        table.row(vec![
            levels.names[level].as_str().into(),
            Cell::Number(numbers[level] as f64),
            counts[level].into(),
        ]);
    }
    if order.len() > super::target::MAX_LINES {
        table.notes.push(super::target::cut_off(order.len()));
    }
    let n_missing = missing_rows(levels);
    if n_missing > 0 || order.is_empty() {
        table.row(vec![missing_name().into(), Cell::Empty, n_missing.into()]);
    }
    table
}

impl Order {
    /// The levels in this order.
    fn of(self, levels: &Levels, counts: &[usize]) -> Vec<usize> {
        let n = levels.names.len();
        let mut order: Vec<usize> = (0..n).collect();
        match self {
            Order::Levels => {}
            Order::Frequency => order.sort_by_key(|&l| std::cmp::Reverse(counts[l])),
            Order::Appearance => {
                let mut seen = vec![false; n];
                order.clear();
                for &code in &levels.codes {
                    if let Ok(code) = usize::try_from(code)
                        && !std::mem::replace(&mut seen[code], true)
                    {
                        order.push(code);
                        if order.len() == n {
                            break;
                        }
                    }
                }
            }
        }
        order
    }
}
