//! Values that depend on the other rows of a column or a group.

use super::super::functions::Call;
use super::groups::{Groups, NO_KEY, keys};
use super::vector::{NO_ROW, Vector};
use crate::stats::compensated::Sum;
use crate::stats::descriptive::Moments;

/// A value for each row. `number` is what the call takes beside the column.
pub(super) fn run<'t>(
    call: Call,
    values: Option<&Vector<'t>>,
    number: Option<f64>,
    groups: &Groups,
) -> Vector<'t> {
    let n_rows = match values {
        Some(values) => values.len(),
        None => groups.n_rows(),
    };
    let mut out = vec![f64::NAN; n_rows];
    let Some(values) = values else {
        // `row_number` alone takes no column.
        for g in 0..groups.len() {
            for (i, row) in groups.rows(g).enumerate() {
                out[row as usize] = (i + 1) as f64;
            }
        }
        return Vector::Number(out.into());
    };
    match call {
        Call::Lag => return shifted(values, groups, number.unwrap_or(1.0)),
        Call::Lead => return shifted(values, groups, -number.unwrap_or(1.0)),
        Call::FillForward => return filled(values, groups),
        Call::Rank | Call::RankAverage | Call::DenseRank | Call::PercentRank | Call::Ntile => {
            ranks(call, values, number, groups, &mut out);
        }
        _ => {
            let numbers = values.numbers();
            for g in 0..groups.len() {
                among_rows(call, &numbers, groups, g, &mut out);
            }
        }
    }
    Vector::Number(out.into())
}

/// Sums, differences and shares within group `g`.
fn among_rows(call: Call, x: &[f64], groups: &Groups, g: usize, out: &mut [f64]) {
    let rows = || groups.rows(g).map(|row| row as usize);
    let present = || rows().filter(|&row| !x[row].is_nan());
    match call {
        Call::CumulativeSum => {
            let mut sum = Sum::default();
            let mut is_finite = true;
            let mut plain = 0.0;
            for row in present() {
                is_finite &= x[row].is_finite();
                plain += x[row];
                if is_finite {
                    sum.add(x[row]);
                }
                out[row] = if is_finite { sum.value() } else { plain };
            }
        }
        Call::CumulativeMin | Call::CumulativeMax => {
            let pick = if call == Call::CumulativeMin {
                f64::min
            } else {
                f64::max
            };
            let mut so_far = f64::NAN;
            for row in present() {
                so_far = pick(so_far, x[row]);
                out[row] = so_far;
            }
        }
        Call::Diff => {
            let mut before = f64::NAN;
            for row in rows() {
                out[row] = x[row] - before;
                before = x[row];
            }
        }
        Call::Share => {
            let mut sum = Sum::default();
            present().for_each(|row| sum.add(x[row]));
            let sum = sum.value();
            for row in present().filter(|_| sum != 0.0) {
                out[row] = x[row] / sum;
            }
        }
        _ => {
            let values: Vec<f64> = present().map(|row| x[row]).collect();
            let moments = Moments::of(&values);
            let sd = moments.sd();
            for row in present().filter(|_| sd > 0.0) {
                out[row] = (x[row] - moments.mean) / sd;
            }
        }
    }
}

/// The values `n` rows before; after, when it is negative.
fn shifted<'t>(values: &Vector<'t>, groups: &Groups, n: f64) -> Vector<'t> {
    let mut from = vec![NO_ROW; values.len()];
    if n.is_nan() {
        return values.take(&from);
    }
    let n = n.trunc() as i64;
    for g in 0..groups.len() {
        let rows: Vec<u32> = groups.rows(g).collect();
        for (i, &row) in rows.iter().enumerate() {
            let place = usize::try_from((i as i64).saturating_sub(n)).ok();
            if let Some(&source) = place.and_then(|p| rows.get(p)) {
                from[row as usize] = source;
            }
        }
    }
    values.take(&from)
}

fn filled<'t>(values: &Vector<'t>, groups: &Groups) -> Vector<'t> {
    let mut from = vec![NO_ROW; values.len()];
    for g in 0..groups.len() {
        let mut last = NO_ROW;
        for row in groups.rows(g) {
            if values.is_valid(row) {
                last = row;
            }
            from[row as usize] = last;
        }
    }
    values.take(&from)
}

fn ranks(call: Call, values: &Vector<'_>, number: Option<f64>, groups: &Groups, out: &mut [f64]) {
    let keys = keys(values);
    let mut sorted: Vec<(u64, u32)> = Vec::new();
    for g in 0..groups.len() {
        sorted.clear();
        let keyed = groups.rows(g).map(|row| (keys[row as usize], row));
        sorted.extend(keyed.filter(|(key, _)| *key != NO_KEY));
        // Rows are a part of the pair, so that equals stay in their order.
        sorted.sort_unstable();
        if call == Call::Ntile {
            let n_parts = number.unwrap_or(f64::NAN).trunc();
            if n_parts >= 1.0 {
                tiles(&sorted, n_parts, out);
            }
            continue;
        }
        let n = sorted.len();
        let mut start = 0;
        let mut n_before = 0;
        while start < n {
            let key = sorted[start].0;
            let end = start
                + sorted[start..]
                    .iter()
                    .take_while(|(k, _)| *k == key)
                    .count();
            n_before += 1;
            let rank = match call {
                Call::Rank => (start + 1) as f64,
                Call::RankAverage => (start + 1 + end) as f64 / 2.0,
                Call::DenseRank => f64::from(n_before),
                _ if n == 1 => 0.0,
                _ => start as f64 / (n - 1) as f64,
            };
            for (_, row) in &sorted[start..end] {
                out[*row as usize] = rank;
            }
            start = end;
        }
    }
}

/// Parts of equal size; the first ones take what is over.
fn tiles(sorted: &[(u64, u32)], n_parts: f64, out: &mut [f64]) {
    let n = sorted.len();
    let n_parts = n_parts.min(n as f64) as usize;
    if n_parts == 0 {
        return;
    }
    let (size, over) = (n / n_parts, n % n_parts);
    let in_larger = over * (size + 1);
    for (i, (_, row)) in sorted.iter().enumerate() {
        let part = match i < in_larger {
            true => i / (size + 1),
            false => over + (i - in_larger) / size,
        };
        out[*row as usize] = (part + 1) as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(call: Call, values: &[f64], number: Option<f64>, expected: &[f64]) {
        let groups = Groups::by(&[], values.len());
        let found = run(call, Some(&Vector::Number(values.into())), number, &groups);
        let shown = format!("{:?}", found.numbers());
        assert_eq!(shown, format!("{expected:?}"), "{call:?}");
    }

    const NONE: f64 = f64::NAN;

    #[test]
    fn ranks_of_equals() {
        let x = [20.0, NONE, 10.0, 20.0, 30.0];
        check(Call::Rank, &x, None, &[2.0, NONE, 1.0, 2.0, 4.0]);
        check(Call::RankAverage, &x, None, &[2.5, NONE, 1.0, 2.5, 4.0]);
        check(Call::DenseRank, &x, None, &[2.0, NONE, 1.0, 2.0, 3.0]);
        let third = 1.0 / 3.0;
        check(Call::PercentRank, &x, None, &[third, NONE, 0.0, third, 1.0]);
        check(Call::PercentRank, &[5.0], None, &[0.0]);
        check(Call::Ntile, &x, Some(3.0), &[1.0, NONE, 1.0, 2.0, 3.0]);
        check(Call::Ntile, &x, Some(9.0), &[2.0, NONE, 1.0, 3.0, 4.0]);
        check(Call::Ntile, &x, Some(0.0), &[NONE; 5]);
    }

    #[test]
    fn rows_before_and_after() {
        let x = [1.0, NONE, 3.0];
        check(Call::Lag, &x, None, &[NONE, 1.0, NONE]);
        check(Call::Lag, &x, Some(2.0), &[NONE, NONE, 1.0]);
        check(Call::Lead, &x, Some(1.0), &[NONE, 3.0, NONE]);
        check(Call::Lag, &x, Some(-2.0), &[3.0, NONE, NONE]);
        check(Call::Lag, &x, Some(1e300), &[NONE; 3]);
        check(Call::FillForward, &x, None, &[1.0, 1.0, 3.0]);
        check(
            Call::Diff,
            &[1.0, 4.0, NONE, 9.0],
            None,
            &[NONE, 3.0, NONE, NONE],
        );
    }

    #[test]
    fn running_values_pass_over_what_is_missing() {
        let x = [2.0, NONE, 1.0, 5.0];
        check(Call::CumulativeSum, &x, None, &[2.0, NONE, 3.0, 8.0]);
        check(Call::CumulativeMin, &x, None, &[2.0, NONE, 1.0, 1.0]);
        check(Call::CumulativeMax, &x, None, &[2.0, NONE, 2.0, 5.0]);
        check(Call::Share, &x, None, &[0.25, NONE, 0.125, 0.625]);
        check(Call::Zscore, &[1.0, 2.0, 3.0], None, &[-1.0, 0.0, 1.0]);
        check(Call::Zscore, &[1.0, 1.0], None, &[NONE, NONE]);
        let infinite = [1.0, f64::INFINITY, 1.0];
        check(
            Call::CumulativeSum,
            &infinite,
            None,
            &[1.0, f64::INFINITY, f64::INFINITY],
        );
    }
}
