//! One value from the values of a column, or of each group. Missing values are left out.

use super::super::functions::Call;
use super::groups::{Groups, NO_KEY, Rows, distinct, keys};
use super::lane::{FALSE, TRUE, UNKNOWN, truth};
use super::vector::{NO_ROW, Vector};
use crate::stats::compensated::Sum;
use crate::stats::descriptive::{Moments, mean, median, quantile};

/// The statistic of each group. `number` is what the call takes beside the column.
pub(super) fn take<'t>(
    call: Call,
    values: Option<&Vector<'t>>,
    number: Option<f64>,
    groups: &Groups,
) -> Vector<'t> {
    let none = Vector::Number(Vec::new().into());
    let values = match (call, values) {
        (Call::Rows, _) => return counts(groups, |_| true),
        (_, Some(values)) => values,
        (_, None) => return none,
    };
    match call {
        Call::Count => counts(groups, |row| values.is_valid(row)),
        Call::CountIf => counts(groups, |row| is(values, row) == TRUE),
        Call::CountDistinct => count_distinct(values, groups),
        Call::Any => truths(groups, |mut rows| rows.any(|row| is(values, row) == TRUE)),
        Call::All => truths(groups, |mut rows| rows.all(|row| is(values, row) != FALSE)),
        Call::First => of_row(values, groups, |mut rows| {
            rows.find(|&r| values.is_valid(r))
        }),
        Call::Last => of_row(values, groups, |rows| {
            rows.filter(|&r| values.is_valid(r)).last()
        }),
        Call::MinOf | Call::MaxOf => {
            let keys = keys(values);
            let is_valid = |row: &u32| keys[*row as usize] != NO_KEY;
            of_row(values, groups, |rows| {
                let rows = rows.filter(is_valid);
                match call {
                    Call::MinOf => rows.min_by_key(|&row| keys[row as usize]),
                    // The first of equals, as for the least.
                    _ => rows.first_max_by_key(|row| keys[row as usize]),
                }
            })
        }
        Call::Mode => mode(values, groups),
        Call::Sum => numbers(values, groups, |v| sum(v)),
        Call::Mean => numbers(values, groups, |v| mean(v)),
        Call::Sd => numbers(values, groups, |v| Moments::of(v).sd()),
        Call::Variance => numbers(values, groups, |v| Moments::of(v).variance()),
        Call::Median => numbers(values, groups, |v| {
            v.sort_unstable_by(f64::total_cmp);
            median(v)
        }),
        Call::Quantile => {
            let p = number.unwrap_or(f64::NAN);
            numbers(values, groups, |v| {
                v.sort_unstable_by(f64::total_cmp);
                quantile(v, p)
            })
        }
        _ => none,
    }
}

trait FirstMaxBy: Iterator<Item = u32> + Sized {
    /// The first of the greatest.
    fn first_max_by_key(self, key: impl Fn(u32) -> u64) -> Option<u32> {
        self.reduce(|a, b| if key(b) > key(a) { b } else { a })
    }
}

impl<I: Iterator<Item = u32>> FirstMaxBy for I {}

/// The truth value of a row.
fn is(values: &Vector<'_>, row: u32) -> u8 {
    match values {
        Vector::Truth(v) => v[row as usize],
        _ => UNKNOWN,
    }
}

fn counts<'t>(groups: &Groups, has: impl Fn(u32) -> bool) -> Vector<'t> {
    let count = |g| groups.rows(g).filter(|&row| has(row)).count() as f64;
    Vector::Number((0..groups.len()).map(count).collect())
}

fn truths<'t>(groups: &Groups, holds: impl Fn(Rows<'_>) -> bool) -> Vector<'t> {
    Vector::Truth(
        (0..groups.len())
            .map(|g| truth(holds(groups.rows(g))))
            .collect(),
    )
}

/// The value of one row of each group.
fn of_row<'t>(
    values: &Vector<'t>,
    groups: &Groups,
    pick: impl Fn(Rows<'_>) -> Option<u32>,
) -> Vector<'t> {
    let row = |g| pick(groups.rows(g)).unwrap_or(NO_ROW);
    let rows: Vec<u32> = (0..groups.len()).map(row).collect();
    values.take(&rows)
}

/// A function of the numbers of each group.
fn numbers<'t>(values: &Vector<'_>, groups: &Groups, of: impl Fn(&mut [f64]) -> f64) -> Vector<'t> {
    let numbers = values.numbers();
    let mut buffer = Vec::new();
    let statistic = |g| {
        buffer.clear();
        let present = groups.rows(g).map(|row| numbers[row as usize]);
        buffer.extend(present.filter(|x| !x.is_nan()));
        of(&mut buffer)
    };
    Vector::Number((0..groups.len()).map(statistic).collect())
}

/// Of none 0.
fn sum(values: &[f64]) -> f64 {
    // What is infinite leaves no rounding to make up for.
    if !values.iter().all(|x| x.is_finite()) {
        return values.iter().sum();
    }
    let mut sum = Sum::default();
    values.iter().for_each(|&x| sum.add(x));
    match sum.value() {
        x if x.is_nan() => values.iter().sum(),
        x => x,
    }
}

fn count_distinct<'t>(values: &Vector<'_>, groups: &Groups) -> Vector<'t> {
    let (codes, n) = distinct(values);
    let mut last_group = vec![u32::MAX; n];
    let count = |g: usize| {
        let is_new = |row: &u32| {
            let last = &mut last_group[codes[*row as usize] as usize];
            let is_new = *last != g as u32 && values.is_valid(*row);
            *last = g as u32;
            is_new
        };
        groups.rows(g).filter(is_new).count() as f64
    };
    Vector::Number((0..groups.len()).map(count).collect())
}

fn mode<'t>(values: &Vector<'t>, groups: &Groups) -> Vector<'t> {
    let (codes, n) = distinct(values);
    let mut counts = vec![0u32; n];
    let row = |g: usize| {
        let rows = groups.rows(g).filter(|&row| values.is_valid(row));
        rows.clone()
            .for_each(|row| counts[codes[row as usize] as usize] += 1);
        let count = |row: u32| u64::from(counts[codes[row as usize] as usize]);
        let most = rows.clone().first_max_by_key(count);
        rows.for_each(|row| counts[codes[row as usize] as usize] = 0);
        most.unwrap_or(NO_ROW)
    };
    let rows: Vec<u32> = (0..groups.len()).map(row).collect();
    values.take(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(call: Call, values: &[f64], number: Option<f64>, expected: f64) {
        let groups = Groups::by(&[], values.len());
        let found = take(call, Some(&Vector::Number(values.into())), number, &groups);
        let found = found.numbers()[0];
        let is_same = found == expected || found.is_nan() && expected.is_nan();
        assert!(is_same, "{call:?} of {values:?}: {found}");
    }

    #[test]
    fn missing_values_are_left_out() {
        let x = [3.0, f64::NAN, 1.0, 3.0, 2.0];
        check(Call::Sum, &x, None, 9.0);
        check(Call::Mean, &x, None, 2.25);
        check(Call::Median, &x, None, 2.5);
        check(Call::Variance, &x, None, 2.75 / 3.0);
        check(Call::Quantile, &x, Some(0.25), 1.75);
        check(Call::Count, &x, None, 4.0);
        check(Call::CountDistinct, &x, None, 3.0);
        check(Call::MinOf, &x, None, 1.0);
        check(Call::MaxOf, &x, None, 3.0);
        check(Call::Mode, &x, None, 3.0);
        check(Call::First, &x[1..], None, 1.0);
        check(Call::Last, &x[..2], None, 3.0);
        check(Call::Rows, &x, None, 5.0);
    }

    #[test]
    fn of_nothing() {
        for x in [&[][..], &[f64::NAN]] {
            check(Call::Sum, x, None, 0.0);
            check(Call::Count, x, None, 0.0);
            check(Call::Mean, x, None, f64::NAN);
            check(Call::MinOf, x, None, f64::NAN);
            check(Call::Mode, x, None, f64::NAN);
            check(Call::Median, x, None, f64::NAN);
        }
        check(Call::Sd, &[4.0], None, f64::NAN);
        check(Call::Quantile, &[4.0], Some(2.0), f64::NAN);
    }

    #[test]
    fn sums_keep_small_terms() {
        check(Call::Sum, &[1e16, 1.0, -1e16], None, 1.0);
        check(Call::Sum, &[f64::MAX, f64::MAX], None, f64::INFINITY);
        check(Call::Sum, &[f64::INFINITY, 1.0], None, f64::INFINITY);
    }
}
