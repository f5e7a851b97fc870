//! Correlations of rows that stand for more than one.

use super::{Correlation, kendall_test, tested};
use crate::stats::distributions::student_t;
use crate::stats::linalg::Qr;
use crate::stats::survey::n_sampled;

/// Pearson's r of finite pairs, each as often as its weight says; its n is the sum of weights.
pub fn pearson(x: &[f64], y: &[f64], weights: &[f64], level: f64) -> Correlation {
    tested(
        product_moment(x, y, weights),
        weights.iter().sum(),
        0,
        level,
        0.0,
    )
}

/// Spearman's ρ of the rows repeated.
pub fn spearman(x: &[f64], y: &[f64], weights: &[f64], level: f64) -> Correlation {
    let (x, y) = (mid_ranks(x, weights), mid_ranks(y, weights));
    let r = product_moment(&x, &y, weights);
    tested(r, weights.iter().sum(), 0, level, 0.5)
}

/// Kendall's τ-b of the rows repeated.
pub fn kendall(x: &[f64], y: &[f64], weights: &[f64], level: f64) -> Correlation {
    let mut rows: Vec<[f64; 3]> = (x.iter().zip(y).zip(weights))
        .map(|((x, y), w)| [*x, *y, *w])
        .collect();
    rows.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let sum = |rows: &[[f64; 3]]| rows.iter().map(|r| r[2]).sum::<f64>();
    let x_ties: Vec<f64> = rows.chunk_by(|a, b| a[0] == b[0]).map(sum).collect();
    let both: Vec<f64> = (rows.chunk_by(|a, b| a[0] == b[0] && a[1] == b[1]))
        .map(sum)
        .collect();
    let mut pairs: Vec<(f64, f64)> = rows.iter().map(|r| (r[1], r[2])).collect();
    let mut scratch = pairs.clone();
    let swaps = sort_counting(&mut pairs, &mut scratch);
    let y_ties: Vec<f64> = (pairs.chunk_by(|a, b| a.0 == b.0))
        .map(|ties| ties.iter().map(|p| p.1).sum())
        .collect();
    kendall_test(sum(&rows), &x_ties, &y_ties, &both, swaps, level)
}

/// Pearson's r of a population, of rows drawn with unequal chances: linearised errors, Student's t of
/// Fisher's z with n − 1 degrees of freedom; n is the number of rows.
pub fn sampled(x: &[f64], y: &[f64], weights: &[f64], level: f64) -> Correlation {
    let n = n_sampled(weights) as f64;
    let r = product_moment(x, y, weights);
    if !r.is_finite() || n < 3.0 {
        return Correlation {
            r,
            ..Correlation::none(n)
        };
    }
    let (x, y) = (standardised(x, weights), standardised(y, weights));
    let all: f64 = weights.iter().sum();
    let mut squares = 0.0;
    for ((a, b), w) in x.iter().zip(&y).zip(weights) {
        let influence = w / all * (a * b - 0.5 * r * (a * a + b * b));
        squares += influence * influence;
    }
    let error = (squares * n / (n - 1.0)).sqrt() / ((1.0 - r) * (1.0 + r));
    let z = libm::atanh(r);
    let reach = student_t::upper_quantile(0.5 * (1.0 - level), n - 1.0) * error;
    let (low, high) = match r.abs() == 1.0 {
        true => (r, r),
        false => (libm::tanh(z - reach), libm::tanh(z + reach)),
    };
    let p = student_t::two_sided_p(z / error, n - 1.0);
    Correlation { r, n, p, low, high }
}

/// What weighted least squares on the controls leaves of a column.
pub fn residuals(y: &[f64], controls: &[&[f64]], weights: &[f64]) -> Vec<f64> {
    let roots: Vec<f64> = weights.iter().map(|w| w.sqrt()).collect();
    let times = |v: &[f64]| v.iter().zip(&roots).map(|(a, r)| a * r).collect::<Vec<_>>();
    let mut columns = vec![roots.clone()];
    columns.extend(controls.iter().map(|c| times(&standardised(c, weights))));
    let coefficients = Qr::new(&columns, 1e-11).solve(&times(y));
    let fitted = |i: usize| {
        let parts = columns.iter().zip(&coefficients);
        let known = parts.filter(|(_, b)| !b.is_nan());
        known.map(|(c, b)| c[i] / roots[i] * b).sum::<f64>()
    };
    (0..y.len()).map(|i| y[i] - fitted(i)).collect()
}

/// Ranks of the rows repeated, from 1, equal values sharing the mean of theirs.
pub fn mid_ranks(values: &[f64], weights: &[f64]) -> Vec<f64> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0.0;
    for ties in order.chunk_by(|&a, &b| values[a as usize] == values[b as usize]) {
        let weight: f64 = ties.iter().map(|&i| weights[i as usize]).sum();
        for &i in ties {
            ranks[i as usize] = below + (weight + 1.0) / 2.0;
        }
        below += weight;
    }
    ranks
}

/// Weighted r; NaN where a column does not vary.
pub fn product_moment(x: &[f64], y: &[f64], weights: &[f64]) -> f64 {
    let (x, y) = (standardised(x, weights), standardised(y, weights));
    let all: f64 = weights.iter().sum();
    let rows = x.iter().zip(&y).zip(weights);
    let sum: f64 = rows.map(|((a, b), w)| w * a * b).sum();
    (sum / all).clamp(-1.0, 1.0)
}

/// With a weighted mean of 0 and variance of 1; NaN without spread.
fn standardised(values: &[f64], weights: &[f64]) -> Vec<f64> {
    let all: f64 = weights.iter().sum();
    let mean = |of: &dyn Fn(f64) -> f64| {
        let rows = values.iter().zip(weights);
        rows.map(|(x, w)| of(*x) * (w / all)).sum::<f64>()
    };
    let first = mean(&|x| x);
    let centre = first + mean(&|x| x - first);
    // Scaled by the farthest value, so that squares neither overflow nor vanish.
    let far = values
        .iter()
        .fold(0.0_f64, |far, x| far.max((x - centre).abs()));
    if far == 0.0 {
        return vec![f64::NAN; values.len()];
    }
    let spread = mean(&|x| (x - centre) / far * ((x - centre) / far)).sqrt();
    values.iter().map(|x| (x - centre) / far / spread).collect()
}

/// Sorts by the first parts and adds up the products of weights of pairs that stood the wrong way round.
fn sort_counting(rows: &mut [(f64, f64)], scratch: &mut [(f64, f64)]) -> f64 {
    let n = rows.len();
    if n < 2 {
        return 0.0;
    }
    let half = n / 2;
    let mut swaps = {
        let (left, right) = rows.split_at_mut(half);
        let (s_left, s_right) = scratch.split_at_mut(half);
        sort_counting(left, s_left) + sort_counting(right, s_right)
    };
    scratch.copy_from_slice(rows);
    let mut left: f64 = scratch[..half].iter().map(|r| r.1).sum();
    let (mut i, mut j) = (0, half);
    for slot in rows.iter_mut() {
        if j >= n || (i < half && scratch[i].0 <= scratch[j].0) {
            *slot = scratch[i];
            left -= scratch[i].1;
            i += 1;
        } else {
            *slot = scratch[j];
            if i < half {
                swaps += left * scratch[j].1;
            }
            j += 1;
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 8] = [1.0, 2.0, 2.0, 3.0, 5.0, 7.0, 8.0, 8.0];
    const Y: [f64; 8] = [2.0, 1.0, 4.0, 4.0, 3.0, 9.0, 7.0, 8.0];
    const W: [f64; 8] = [2.0, 1.0, 3.0, 1.0, 4.0, 1.0, 2.0, 1.0];

    fn repeated(values: &[f64]) -> Vec<f64> {
        let rows = values.iter().zip(W);
        rows.flat_map(|(x, w)| std::iter::repeat_n(*x, w as usize))
            .collect()
    }

    #[track_caller]
    fn check(got: Correlation, expected: Correlation) {
        for (got, expected) in [
            (got.r, expected.r),
            (got.n, expected.n),
            (got.p, expected.p),
            (got.low, expected.low),
            (got.high, expected.high),
        ] {
            assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
        }
    }

    /// The functions of plain rows are held to R.
    #[test]
    fn whole_weights_repeat_rows() {
        let (x, y) = (repeated(&X), repeated(&Y));
        check(pearson(&X, &Y, &W, 0.9), super::super::pearson(&x, &y, 0.9));
        check(
            spearman(&X, &Y, &W, 0.9),
            super::super::spearman(&x, &y, 0.9),
        );
        check(kendall(&X, &Y, &W, 0.9), super::super::kendall(&x, &y, 0.9));
    }

    #[test]
    fn nothing_is_left_of_what_controls_explain() {
        let line: Vec<f64> = X.iter().map(|x| 3.0 - 2.0 * x).collect();
        let rest = residuals(&line, &[&X], &W);
        assert!(rest.iter().all(|e| e.abs() < 1e-12), "{rest:?}");
        assert!(sampled(&X, &[1.0; 8], &W, 0.95).p.is_nan());
    }
}
