//! Rows brought to length 1.

use crate::msg;
use crate::report::{Cell, Format, Head, TableBlock};
use crate::stats::descriptive::{median, range, sorted};

/// Each column over the Euclidean length of its row, and the lengths. A row that misses a value has
/// none; one of length 0 stays as it is.
pub fn to_unit_length(columns: &[&[f64]]) -> (Vec<Vec<f64>>, Vec<f64>) {
    let n_rows = columns.first().map_or(0, |c| c.len());
    // The largest value is taken out of the squares, so that these neither overflow nor vanish.
    let mut largest = vec![0.0_f64; n_rows];
    for column in columns {
        for (largest, x) in largest.iter_mut().zip(*column) {
            *largest = if x.is_nan() {
                *x
            } else {
                x.abs().max(*largest)
            };
        }
    }
    let mut squares = vec![0.0; n_rows];
    for column in columns {
        for ((square, x), largest) in squares.iter_mut().zip(*column).zip(&largest) {
            let part = if *largest == 0.0 { 0.0 } else { x / largest };
            *square += part * part;
        }
    }
    let roots: Vec<f64> = squares.iter().map(|s| s.sqrt()).collect();
    let lengths = roots.iter().zip(&largest).map(|(r, l)| r * l).collect();
    let scaled = |column: &&[f64]| {
        let rows = column.iter().zip(&largest).zip(&roots);
        rows.map(|((&x, &largest), &root)| match largest {
            0.0 => x,
            _ => x / largest / root,
        })
        .collect()
    };
    (columns.iter().map(scaled).collect(), lengths)
}

/// The lengths of the rows before.
pub fn table(lengths: &[f64]) -> TableBlock {
    let finite: Vec<f64> = lengths.iter().copied().filter(|l| l.is_finite()).collect();
    let n_zero = finite.iter().filter(|l| **l == 0.0).count();
    let (low, high) = range(&finite);
    let mut table = TableBlock::new(
        "lengths",
        msg!("transform.scale.lengths", "Lengths of the rows before"),
        vec![
            Head::new("n", msg!("transform.scale.rows", "Rows"), Format::Integer),
            Head::new(
                "zero",
                msg!("transform.scale.zero", "Of length 0"),
                Format::Integer,
            ),
            Head::new(
                "none",
                msg!("transform.scale.no_length", "Without a length"),
                Format::Integer,
            ),
            Head::new(
                "min",
                msg!("transform.scale.min", "Minimum"),
                Format::General,
            ),
            Head::new(
                "median",
                msg!("transform.scale.median", "Median"),
                Format::General,
            ),
            Head::new(
                "max",
                msg!("transform.scale.max", "Maximum"),
                Format::General,
            ),
        ],
    );
    let number = |x: f64| Cell::from(x.is_finite().then_some(x));
    table.row(vec![
        finite.len().into(),
        n_zero.into(),
        (lengths.len() - finite.len()).into(),
        number(low),
        number(median(&sorted(&finite))),
        number(high),
    ]);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[[f64; 2]], expected: &[[f64; 2]], lengths: &[f64]) {
        let columns: Vec<Vec<f64>> = (0..2)
            .map(|j| rows.iter().map(|r| r[j]).collect())
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let (scaled, found) = to_unit_length(&columns);
        for (i, row) in expected.iter().enumerate() {
            for (j, x) in row.iter().enumerate() {
                let y = scaled[j][i];
                assert!((x - y).abs() < 1e-15 || x.is_nan() && y.is_nan(), "{x} {y}");
            }
        }
        for (x, y) in found.iter().zip(lengths) {
            assert!(
                (x - y).abs() <= 1e-15 * y || x.is_nan() && y.is_nan(),
                "{x} {y}"
            );
        }
    }

    #[test]
    fn rows_get_length_one() {
        check(
            &[[3.0, 4.0], [0.0, -2.0]],
            &[[0.6, 0.8], [0.0, -1.0]],
            &[5.0, 2.0],
        );
        check(&[[0.0, 0.0]], &[[0.0, 0.0]], &[0.0]);
        check(
            &[[f64::NAN, 1.0], [1.0, f64::NAN]],
            &[[f64::NAN; 2]; 2],
            &[f64::NAN; 2],
        );
        check(&[[3e200, 4e200]], &[[0.6, 0.8]], &[5e200]);
        check(&[[3e-200, 4e-200]], &[[0.6, 0.8]], &[5e-200]);
    }
}
