//! Tables that nobody wants to meet, made from a good one.

use std::sync::Arc;

use jari::table::{Bitmap, Column, Data, Table};

/// A name, and how the table is made.
pub type Awkward = (&'static str, fn(Table) -> Table);

pub const AWKWARD: [Awkward; 12] = [
    ("empty", |t| t.slice(0..0)),
    ("one row", |t| t.slice(0..1)),
    ("two rows", |t| t.slice(0..2)),
    ("three rows", |t| t.slice(0..3)),
    ("constant", |t| {
        let row = (0..t.n_rows()).find(|&i| t.columns().iter().all(|c| c.is_valid(i)));
        let row = row.expect("a complete row") as u32;
        t.select_rows(&vec![row; t.n_rows()])
    }),
    ("all missing", |t| each(&t, missing)),
    ("all but one missing", |t| {
        let rows = [(0..1), (0..t.n_rows())];
        let (first, rest) = (t.slice(rows[0].clone()), each(&t, missing));
        each(&rest, |c| with_first(&c, first.column(&c.name).unwrap()))
    }),
    ("huge", |t| {
        numbers(&t, |i, _| if i % 2 == 0 { 1e300 } else { -1e300 })
    }),
    ("huge and varied", |t| {
        numbers(&t, |i, v| v * [1e300, -1e302, 1e-300][i % 3])
    }),
    ("at the ends of the doubles", |t| {
        numbers(&t, |i, _| [f64::MAX, f64::MIN, 0.0][i % 3])
    }),
    ("tiny", |t| {
        numbers(&t, |i, _| [5e-324, 0.0, -5e-324, 1e-310][i % 4])
    }),
    ("infinite", |t| {
        numbers(&t, |i, _| {
            [f64::INFINITY, 1.0, f64::NEG_INFINITY, 2.0][i % 4]
        })
    }),
];

fn each(table: &Table, change: impl Fn(Column) -> Column) -> Table {
    let columns = table.columns().iter();
    Table::new(
        columns
            .map(|c| change(Column::clone(&Arc::clone(c))))
            .collect(),
    )
    .expect("as many rows and the same names")
}

/// Numbers are `value(row, what stands there)`; whole numbers go to the nearest `i64`.
fn numbers(table: &Table, value: fn(usize, f64) -> f64) -> Table {
    each(table, |mut column| {
        let old = column.numbers().map(|n| n.into_owned());
        match (&mut column.data, old) {
            (Data::Float(v), Some(old)) => {
                for (i, v) in v.iter_mut().enumerate().filter(|(i, _)| !old[*i].is_nan()) {
                    *v = value(i, old[i]);
                }
            }
            (Data::Int(v), Some(old)) => {
                for (i, v) in v.iter_mut().enumerate().filter(|(i, _)| !old[*i].is_nan()) {
                    *v = value(i, old[i]) as i64;
                }
            }
            _ => {}
        }
        column
    })
}

fn missing(mut column: Column) -> Column {
    let n = column.len();
    match &mut column.data {
        Data::Float(v) => v.fill(f64::NAN),
        Data::Int(v) | Data::DateTime(v) => v.fill(0),
        Data::Bool(v) => *v = Bitmap::with_len(n, false),
        Data::Date(v) | Data::Time(v) => v.fill(0),
        Data::Category { codes, levels } => {
            codes.fill(-1);
            levels.clear();
        }
        Data::Text(v) => *v = (0..n).map(|_| "").collect(),
    }
    column.with_validity(Bitmap::with_len(n, false))
}

/// A column of missing values with the first value of another.
fn with_first(column: &Column, first: &Column) -> Column {
    let n = column.len();
    let rows = vec![0; n];
    let mut validity = Bitmap::with_len(n, false);
    validity.set(0, first.is_valid(0));
    let mut filled = first.select_rows(&rows);
    match &mut filled.data {
        Data::Float(v) => v[1..].fill(f64::NAN),
        Data::Category { codes, .. } => codes[1..].fill(-1),
        _ => {}
    }
    filled.with_validity(validity)
}
