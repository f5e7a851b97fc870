//! Values of a row that come from the rows around it: ranks, steps back, running totals.

use super::super::{Bitmap, Column, Data};
use super::sort::{SortKey, places, sorted_within};
use super::summarise::Sum;
use super::take::NO_ROW;

/// How rows that are equal are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// One place for all of them, and the places that they would fill are left free: 1 1 3.
    Min,
    /// One place for all of them, and the next one follows: 1 1 2.
    Dense,
    /// Each its own, in the order of the rows: 1 2 3.
    RowNumber,
}

/// How much of a moving window must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// As many values as the window is long.
    Whole,
    /// One value is enough: windows at the start are shorter.
    Partial,
}

/// What is kept of the values so far, or in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    Sum,
    Mean,
    Count,
}

/// Rows in the order in which a window looks at them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The rows, one group after the other, each in its order.
    rows: Vec<u32>,
    /// Where each group begins in `rows`, and the end of the last.
    starts: Vec<u32>,
}

impl Order {
    /// Rows by their group (ids below `n_groups`), and within it by `keys`; rows that are equal in all
    /// keys stay in the order of the table.
    pub fn of(groups: &[u32], n_groups: usize, keys: &[SortKey]) -> Self {
        let rows = sorted_within(groups, n_groups, keys);
        let mut starts = vec![0u32; n_groups + 1];
        groups.iter().for_each(|&g| starts[g as usize + 1] += 1);
        for g in 0..n_groups {
            starts[g + 1] += starts[g];
        }
        Self { rows, starts }
    }

    fn n_rows(&self) -> usize {
        self.rows.len()
    }

    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        self.starts
            .windows(2)
            .map(|w| &self.rows[w[0] as usize..w[1] as usize])
    }

    /// Each row's place in its group, from 1. Rows are equal when they are in all of `keys`, which
    /// must be those of the order.
    pub fn ranks(&self, keys: &[SortKey], ties: Ties) -> Vec<i64> {
        let keys: Vec<(Vec<u64>, &Column)> = keys
            .iter()
            .map(|key| (places(key.column), key.column))
            .collect();
        let are_equal = |a: usize, b: usize| {
            keys.iter().all(
                |(places, column)| match (has_value(column, a), has_value(column, b)) {
                    (true, true) => places[a] == places[b],
                    (x, y) => x == y,
                },
            )
        };
        let mut ranks = vec![0; self.n_rows()];
        for rows in self.groups() {
            let mut rank = 0;
            for (i, &row) in rows.iter().enumerate() {
                let is_new = i == 0 || !are_equal(rows[i - 1] as usize, row as usize);
                rank = match ties {
                    Ties::RowNumber => i as i64 + 1,
                    Ties::Min if is_new => i as i64 + 1,
                    Ties::Dense if is_new => rank + 1,
                    _ => rank,
                };
                ranks[row as usize] = rank;
            }
        }
        ranks
    }

    /// For each row the row `n` places before it in its group, after it when `n` is negative;
    /// [`NO_ROW`] where there is none.
    pub fn neighbours(&self, n: i64) -> Vec<u32> {
        let mut found = vec![NO_ROW; self.n_rows()];
        for rows in self.groups() {
            let step = n.unsigned_abs() as usize;
            if step >= rows.len() {
                continue;
            }
            let (earlier, later) = (&rows[..rows.len() - step], &rows[step..]);
            for (&a, &b) in earlier.iter().zip(later) {
                if n >= 0 {
                    found[b as usize] = a;
                } else {
                    found[a as usize] = b;
                }
            }
        }
        found
    }

    /// What the values up to and with each row come to; missing ones (NaN) add nothing, and before
    /// the first value there is no sum and no mean.
    pub fn cumulative(&self, values: &[f64], total: Total) -> Vec<f64> {
        let mut out = vec![f64::NAN; self.n_rows()];
        for rows in self.groups() {
            let (mut sum, mut n) = (Sum::default(), 0.0);
            for &row in rows {
                let x = values[row as usize];
                if !x.is_nan() {
                    sum.add(x);
                    n += 1.0;
                }
                out[row as usize] = of_total(total, sum, n);
            }
        }
        out
    }

    /// Running totals of whole numbers, exactly; `None` when one of them does not fit.
    pub fn cumulative_whole(&self, values: &[i64], validity: Option<&Bitmap>) -> Option<Column> {
        let mut out = vec![0; self.n_rows()];
        let mut valid = Bitmap::with_len(self.n_rows(), true);
        for rows in self.groups() {
            let (mut sum, mut any) = (0i64, false);
            for &row in rows {
                let row = row as usize;
                if validity.is_none_or(|v| v.get(row)) {
                    sum = sum.checked_add(values[row])?;
                    any = true;
                }
                out[row] = sum;
                if !any {
                    valid.set(row, false);
                }
            }
        }
        Some(Column::new("", Data::Int(out)).with_validity(valid))
    }

    /// What the values of a row and of the `width − 1` rows before it come to; missing ones (NaN) are
    /// left out.
    ///
    /// A window is the end of one block of `width` rows and the beginning of the next, so its sum is
    /// that of two running sums, and nothing is ever taken off again.
    pub fn moving(&self, values: &[f64], width: usize, total: Total, reach: Reach) -> Vec<f64> {
        let mut out = vec![f64::NAN; self.n_rows()];
        let needed = match reach {
            Reach::Whole => width as f64,
            Reach::Partial => 1.0,
        };
        let mut tails: Vec<(Sum, f64)> = Vec::new();
        for rows in self.groups() {
            let mut head = (Sum::default(), 0.0);
            tails.clear();
            for (i, &row) in rows.iter().enumerate() {
                let at = i % width;
                if at == 0 {
                    running_from_the_end(&rows[i.saturating_sub(width)..i], values, &mut tails);
                    head = (Sum::default(), 0.0);
                }
                add(&mut head, values[row as usize]);
                let (mut sum, mut n) = head;
                if let Some(&(tail, n_tail)) = tails.get(at + 1) {
                    sum.add_sum(tail);
                    n += n_tail;
                }
                if n >= needed {
                    out[row as usize] = of_total(total, sum, n);
                }
            }
        }
        out
    }

    /// Each value's share of the sum of its group; none where that is zero.
    pub fn shares(&self, values: &[f64]) -> Vec<f64> {
        let mut out = vec![f64::NAN; self.n_rows()];
        for rows in self.groups() {
            let mut sum = (Sum::default(), 0.0);
            rows.iter()
                .for_each(|&row| add(&mut sum, values[row as usize]));
            let total = sum.0.get();
            if total != 0.0 {
                rows.iter()
                    .for_each(|&row| out[row as usize] = values[row as usize] / total);
            }
        }
        out
    }
}

fn has_value(column: &Column, row: usize) -> bool {
    column.is_valid(row) && !matches!(&column.data, Data::Float(v) if v[row].is_nan())
}

fn add(total: &mut (Sum, f64), x: f64) {
    if !x.is_nan() {
        total.0.add(x);
        total.1 += 1.0;
    }
}

/// `tails[k]` is the total of `block[k..]`.
fn running_from_the_end(block: &[u32], values: &[f64], tails: &mut Vec<(Sum, f64)>) {
    tails.clear();
    tails.resize(block.len(), (Sum::default(), 0.0));
    let mut total = (Sum::default(), 0.0);
    for (tail, &row) in tails.iter_mut().zip(block).rev() {
        add(&mut total, values[row as usize]);
        *tail = total;
    }
}

fn of_total(total: Total, sum: Sum, n: f64) -> f64 {
    match total {
        Total::Count => n,
        _ if n == 0.0 => f64::NAN,
        Total::Sum => sum.get(),
        Total::Mean => sum.get() / n,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: f64 = f64::NAN;

    /// Two groups, the first of rows 0, 2, 3, 5 and the second of rows 1, 4, as they stand.
    fn order() -> Order {
        Order::of(&[0, 1, 0, 0, 1, 0], 2, &[])
    }

    #[track_caller]
    fn check(got: &[f64], expected: &[f64]) {
        assert_eq!(format!("{got:?}"), format!("{expected:?}"));
    }

    #[test]
    fn ranks() {
        let a = Column::float("a", vec![2.0, 5.0, 1.0, 2.0, 5.0, GAP]);
        let check = |keys: &[SortKey], ties, expected: &[i64]| {
            let order = Order::of(&[0, 1, 0, 0, 1, 0], 2, keys);
            assert_eq!(order.ranks(keys, ties), expected, "{ties:?}");
        };
        let up = [SortKey::ascending(&a)];
        check(&up, Ties::Min, &[2, 1, 1, 2, 1, 4]);
        check(&up, Ties::Dense, &[2, 1, 1, 2, 1, 3]);
        check(&up, Ties::RowNumber, &[2, 1, 1, 3, 2, 4]);
        let down = [SortKey::descending(&a)];
        check(&down, Ties::Min, &[1, 1, 3, 1, 1, 4]);
        check(&[], Ties::Min, &[1, 1, 1, 1, 1, 1]);
        check(&[], Ties::RowNumber, &[1, 1, 2, 3, 2, 4]);
    }

    #[test]
    fn neighbours() {
        let check = |n, expected: [i64; 6]| {
            let found = order().neighbours(n);
            let shown: Vec<i64> = found
                .iter()
                .map(|&r| if r == NO_ROW { -1 } else { r.into() })
                .collect();
            assert_eq!(shown, expected, "{n}");
        };
        check(1, [-1, -1, 0, 2, 1, 3]);
        check(-1, [2, 4, 3, 5, -1, -1]);
        check(2, [-1, -1, -1, 0, -1, 2]);
        check(0, [0, 1, 2, 3, 4, 5]);
        check(9, [-1; 6]);
    }

    #[test]
    fn totals_so_far() {
        let values = [1.0, GAP, GAP, 4.0, 8.0, 16.0];
        let so_far = |total| order().cumulative(&values, total);
        check(&so_far(Total::Sum), &[1.0, GAP, 1.0, 5.0, 8.0, 21.0]);
        check(&so_far(Total::Mean), &[1.0, GAP, 1.0, 2.5, 8.0, 7.0]);
        check(&so_far(Total::Count), &[1.0, 0.0, 1.0, 2.0, 1.0, 3.0]);
        let valid = Bitmap::from_iter([true, false, true, true, true, false]);
        let whole = order().cumulative_whole(&[1, 7, 2, 3, 4, 9], Some(&valid));
        let whole = whole.unwrap();
        let shown: Vec<String> = (0..6).map(|i| whole.display(i)).collect();
        assert_eq!(shown, ["1", "", "3", "6", "4", "6"]);
        let too_large = order().cumulative_whole(&[i64::MAX, 0, 1, 0, 0, 0], None);
        assert_eq!(too_large, None);
    }

    #[test]
    fn windows_that_move() {
        let one = Order::of(&[0; 7], 1, &[]);
        let values = [1.0, 2.0, GAP, 4.0, 8.0, 16.0, 32.0];
        let of = |width, total, reach| one.moving(&values, width, total, reach);
        check(
            &of(3, Total::Sum, Reach::Partial),
            &[1.0, 3.0, 3.0, 6.0, 12.0, 28.0, 56.0],
        );
        check(
            &of(3, Total::Sum, Reach::Whole),
            &[GAP, GAP, GAP, GAP, GAP, 28.0, 56.0],
        );
        check(
            &of(2, Total::Mean, Reach::Partial),
            &[1.0, 1.5, 2.0, 4.0, 6.0, 12.0, 24.0],
        );
        check(&of(1, Total::Sum, Reach::Whole), &values);
        check(
            &of(100, Total::Sum, Reach::Partial),
            &[1.0, 3.0, 3.0, 7.0, 15.0, 31.0, 63.0],
        );
        let two = order().moving(
            &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
            2,
            Total::Sum,
            Reach::Whole,
        );
        check(&two, &[GAP, GAP, 5.0, 12.0, 18.0, 40.0]);
        let leaving = [1e300, f64::INFINITY, 1.0, 2.0, 0.1, 0.2];
        check(
            &Order::of(&[0; 6], 1, &[]).moving(&leaving, 2, Total::Sum, Reach::Whole),
            &[GAP, f64::INFINITY, f64::INFINITY, 3.0, 2.1, 0.1 + 0.2],
        );
    }

    #[test]
    fn shares_of_a_group() {
        let values = [1.0, -1.0, GAP, 2.0, 1.0, 1.0];
        check(&order().shares(&values), &[0.25, GAP, GAP, 0.5, GAP, 0.25]);
    }
}
