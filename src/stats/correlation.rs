//! Correlations of pairs of columns: Pearson's, Spearman's, Kendall's τ-b, and partial ones.

pub mod weighted;

use super::distributions::{normal, student_t};
use super::linalg::{Cholesky, Square};

/// A correlation with its test and interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    pub r: f64,
    /// Rows, or the sum of their weights.
    pub n: f64,
    /// Two-sided; NaN when it cannot be told.
    pub p: f64,
    pub low: f64,
    pub high: f64,
}

impl Correlation {
    fn none(n: f64) -> Self {
        Self {
            r: f64::NAN,
            n,
            p: f64::NAN,
            low: f64::NAN,
            high: f64::NAN,
        }
    }
}

/// Pearson's r of finite pairs: t test with n − 2 degrees of freedom, Fisher's z interval.
pub fn pearson(x: &[f64], y: &[f64], level: f64) -> Correlation {
    tested(product_moment(x, y), x.len() as f64, 0, level, 0.0)
}

/// Spearman's ρ: Pearson's r of mid-ranks, tested by t with n − 2 degrees of freedom as R does for
/// larger samples and SciPy always; interval by Fisher's z with Bonett and Wright's (2000) error.
pub fn spearman(x: &[f64], y: &[f64], level: f64) -> Correlation {
    let (x, y) = (mid_ranks(x), mid_ranks(y));
    tested(product_moment(&x, &y), x.len() as f64, 0, level, 0.5)
}

/// r of rows from which `n_controls` columns were taken out: fewer degrees of freedom. `bonett` is
/// ½ for ranks and 0 for values.
pub fn tested(r: f64, n: f64, n_controls: usize, level: f64, bonett: f64) -> Correlation {
    if !r.is_finite() {
        return Correlation::none(n);
    }
    let df = n - 2.0 - n_controls as f64;
    let p = if df > 0.0 {
        let t = r * (df / ((1.0 - r) * (1.0 + r))).sqrt();
        student_t::two_sided_p(t, df)
    } else {
        f64::NAN
    };
    let error = ((1.0 + bonett * r * r) / (df - 1.0)).sqrt();
    let (low, high) = fisher(r, error, level);
    Correlation { r, n, p, low, high }
}

/// Kendall's τ-b by merge sort (Knight 1966): normal test with the variance of tied ranks, as
/// `cor.test(exact = FALSE)`; interval by Fisher's z with Fieller, Hartley and Pearson's (1957) error.
pub fn kendall(x: &[f64], y: &[f64], level: f64) -> Correlation {
    let n = x.len();
    let mut order: Vec<u32> = (0..n as u32).collect();
    order.sort_unstable_by(|&a, &b| {
        let (a, b) = (a as usize, b as usize);
        x[a].total_cmp(&x[b]).then(y[a].total_cmp(&y[b]))
    });
    let by_x: Vec<(f64, f64)> = order
        .iter()
        .map(|&i| (x[i as usize], y[i as usize]))
        .collect();
    let size = |ties: &[(f64, f64)]| ties.len() as f64;
    let x_ties: Vec<f64> = by_x.chunk_by(|a, b| a.0 == b.0).map(size).collect();
    let both: Vec<f64> = by_x.chunk_by(|a, b| a == b).map(size).collect();
    let mut ys: Vec<f64> = by_x.iter().map(|p| p.1).collect();
    let mut scratch = vec![0.0; n];
    let swaps = sort_counting(&mut ys, &mut scratch) as f64;
    let y_ties: Vec<f64> = (ys.chunk_by(|a, b| a == b))
        .map(|ties| ties.len() as f64)
        .collect();
    kendall_test(n as f64, &x_ties, &y_ties, &both, swaps, level)
}

/// τ-b of `n` rows by how many share a value in x, in y and in both, and by the pairs whose order
/// differs.
fn kendall_test(
    n: f64,
    x_ties: &[f64],
    y_ties: &[f64],
    both: &[f64],
    swaps: f64,
    level: f64,
) -> Correlation {
    let pairs = |t: f64| t * (t - 1.0) / 2.0;
    let (x_ties, y_ties) = (Ties::of(x_ties), Ties::of(y_ties));
    let both: f64 = both.iter().map(|t| pairs(*t)).sum();
    let all = pairs(n);
    let score = all - x_ties.pairs - y_ties.pairs + both - 2.0 * swaps;
    let tau = score / ((all - x_ties.pairs).sqrt() * (all - y_ties.pairs).sqrt());
    if !tau.is_finite() {
        return Correlation::none(n);
    }
    let variance = (n * (n - 1.0) * (2.0 * n + 5.0) - x_ties.fives - y_ties.fives) / 18.0
        + x_ties.pairs * y_ties.pairs * 2.0 / (n * (n - 1.0))
        + if n > 2.0 {
            x_ties.triples * y_ties.triples / (9.0 * n * (n - 1.0) * (n - 2.0))
        } else {
            0.0
        };
    let (low, high) = fisher(tau, (0.437 / (n - 4.0)).sqrt(), level);
    Correlation {
        r: tau,
        n,
        p: normal::two_sided_p(score / variance.sqrt()),
        low,
        high,
    }
}

/// Correlations of all pairs of columns less what the columns after the first `n_wanted` explain of
/// them, from a correlation matrix of all; NaN where the controls explain a column wholly.
pub fn partial(correlations: &Square<f64>, n_wanted: usize) -> Square<f64> {
    let size = correlations.size;
    let controls: Vec<usize> = (n_wanted..size).collect();
    let inner = correlations.select(&controls);
    let factor = Cholesky::with_rank(&inner, &vec![1e-12; controls.len()]);
    let kept: Vec<usize> = factor.kept.iter().map(|&k| controls[k]).collect();
    let explained: Vec<Vec<f64>> = (0..n_wanted)
        .map(|j| {
            let with: Vec<f64> = kept.iter().map(|&k| correlations.at(j, k)).collect();
            forward(&factor, &with)
        })
        .collect();
    let mut rest = Square::zeros(n_wanted);
    for i in 0..n_wanted {
        for j in 0..n_wanted {
            let shared: f64 = explained[i]
                .iter()
                .zip(&explained[j])
                .map(|(a, b)| a * b)
                .sum();
            *rest.at_mut(i, j) = correlations.at(i, j) - shared;
        }
    }
    let mut partial = Square::zeros(n_wanted);
    for i in 0..n_wanted {
        for j in 0..n_wanted {
            let spread = (rest.at(i, i) * rest.at(j, j)).sqrt();
            let is_left = rest.at(i, i) > 1e-10 && rest.at(j, j) > 1e-10;
            *partial.at_mut(i, j) = if is_left {
                (rest.at(i, j) / spread).clamp(-1.0, 1.0)
            } else {
                f64::NAN
            };
        }
    }
    partial
}

/// Ranks from 1, equal values sharing the mean of theirs.
pub fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for ties in order.chunk_by(|&a, &b| values[a as usize] == values[b as usize]) {
        let rank = first as f64 + (ties.len() as f64 + 1.0) / 2.0;
        for &i in ties {
            ranks[i as usize] = rank;
        }
        first += ties.len();
    }
    ranks
}

/// An order of columns in which like ones stand together: leaves of a tree of average linkage on
/// 1 − r, the more alike branch first where they meet. Missing correlations count as 0.
pub fn clustered_order(correlations: &Square<f64>) -> Vec<usize> {
    let size = correlations.size;
    let similarity = |i: usize, j: usize| {
        let r = correlations.at(i, j);
        if r.is_finite() { r } else { 0.0 }
    };
    let mut clusters: Vec<Vec<usize>> = (0..size).map(|i| vec![i]).collect();
    while clusters.len() > 1 {
        let mean = |a: &[usize], b: &[usize]| {
            let sum: f64 = a
                .iter()
                .flat_map(|&i| b.iter().map(move |&j| similarity(i, j)))
                .sum();
            sum / (a.len() * b.len()) as f64
        };
        let mut best = (f64::NEG_INFINITY, 0, 1);
        for a in 0..clusters.len() {
            for b in a + 1..clusters.len() {
                let value = mean(&clusters[a], &clusters[b]);
                if value > best.0 + 1e-12 {
                    best = (value, a, b);
                }
            }
        }
        let (_, a, b) = best;
        let right = clusters.remove(b);
        let left = std::mem::take(&mut clusters[a]);
        // Of the four ways to join, the one whose ends at the seam are most alike.
        let flip = |v: &[usize]| v.iter().rev().copied().collect::<Vec<usize>>();
        let ways = [
            (left.clone(), right.clone()),
            (flip(&left), right.clone()),
            (left.clone(), flip(&right)),
            (flip(&left), flip(&right)),
        ];
        let seam = |w: &(Vec<usize>, Vec<usize>)| similarity(w.0[w.0.len() - 1], w.1[0]);
        let mut chosen = 0;
        for k in 1..4 {
            if seam(&ways[k]) > seam(&ways[chosen]) + 1e-12 {
                chosen = k;
            }
        }
        let (mut joined, after) = ways[chosen].clone();
        joined.extend(after);
        clusters[a] = joined;
    }
    clusters.pop().unwrap_or_default()
}

/// Pearson's r, scaled by the farthest values so that squares neither overflow nor vanish.
fn product_moment(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let mean = |v: &[f64]| {
        let first = v.iter().map(|a| a / n).sum::<f64>();
        first + v.iter().map(|a| (a - first) / n).sum::<f64>()
    };
    let (mx, my) = (mean(x), mean(y));
    let reach = |v: &[f64], m: f64| v.iter().fold(0.0_f64, |r, a| r.max((a - m).abs()));
    let (rx, ry) = (reach(x, mx), reach(y, my));
    if x.len() < 2 || rx == 0.0 || ry == 0.0 || !rx.is_finite() || !ry.is_finite() {
        return f64::NAN;
    }
    let mut sums = [[0.0; 4]; 3];
    for (i, (a, b)) in x.iter().zip(y).enumerate() {
        let (a, b) = ((a - mx) / rx, (b - my) / ry);
        sums[0][i % 4] += a * a;
        sums[1][i % 4] += b * b;
        sums[2][i % 4] += a * b;
    }
    let [xx, yy, xy] = sums.map(|s| (s[0] + s[1]) + (s[2] + s[3]));
    (xy / (xx * yy).sqrt()).clamp(-1.0, 1.0)
}

fn fisher(r: f64, error: f64, level: f64) -> (f64, f64) {
    if r.abs() == 1.0 && error.is_finite() {
        return (r, r);
    }
    let z = libm::atanh(r);
    let half = normal::upper_quantile(0.5 * (1.0 - level)) * error;
    (libm::tanh(z - half), libm::tanh(z + half))
}

struct Ties {
    pairs: f64,
    /// Σ t(t − 1)(2t + 5).
    fives: f64,
    /// Σ t(t − 1)(t − 2).
    triples: f64,
}

impl Ties {
    fn of(sizes: &[f64]) -> Self {
        let mut ties = Self {
            pairs: 0.0,
            fives: 0.0,
            triples: 0.0,
        };
        for &t in sizes.iter().filter(|t| **t != 1.0) {
            ties.pairs += t * (t - 1.0) / 2.0;
            ties.fives += t * (t - 1.0) * (2.0 * t + 5.0);
            ties.triples += t * (t - 1.0) * (t - 2.0);
        }
        ties
    }
}

/// Sorts ascending and counts the pairs that stood the wrong way round.
fn sort_counting(values: &mut [f64], scratch: &mut [f64]) -> u64 {
    let n = values.len();
    if n < 2 {
        return 0;
    }
    let half = n / 2;
    let mut swaps = {
        let (left, right) = values.split_at_mut(half);
        let (s_left, s_right) = scratch.split_at_mut(half);
        sort_counting(left, s_left) + sort_counting(right, s_right)
    };
    scratch.copy_from_slice(values);
    let (mut i, mut j) = (0, half);
    for slot in values.iter_mut() {
        if j >= n || (i < half && scratch[i] <= scratch[j]) {
            *slot = scratch[i];
            i += 1;
        } else {
            *slot = scratch[j];
            j += 1;
            swaps += (half - i) as u64;
        }
    }
    swaps
}

/// Solves L z = b.
fn forward(factor: &Cholesky<f64>, b: &[f64]) -> Vec<f64> {
    let mut z = b.to_vec();
    for i in 0..z.len() {
        for k in 0..i {
            z[i] -= factor.lower.at(i, k) * z[k];
        }
        z[i] /= factor.lower.at(i, i);
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
    }

    const X: [f64; 8] = [1.0, 2.0, 2.0, 3.0, 5.0, 7.0, 8.0, 8.0];
    const Y: [f64; 8] = [2.0, 1.0, 4.0, 4.0, 3.0, 9.0, 7.0, 8.0];

    /// τ-b against all pairs, one by one.
    #[test]
    fn tau_counts_all_pairs() {
        let mut score = 0.0;
        let (mut tied_x, mut tied_y) = (0.0, 0.0);
        for i in 0..8 {
            for j in 0..i {
                let (dx, dy) = (X[i] - X[j], Y[i] - Y[j]);
                score += if dx * dy > 0.0 {
                    1.0
                } else if dx * dy < 0.0 {
                    -1.0
                } else {
                    0.0
                };
                tied_x += f64::from(u8::from(dx == 0.0));
                tied_y += f64::from(u8::from(dy == 0.0));
            }
        }
        let expected = score / ((28.0 - tied_x) * (28.0_f64 - tied_y)).sqrt();
        near(kendall(&X, &Y, 0.95).r, expected);
    }

    #[test]
    fn ranks_share_ties() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    #[test]
    fn a_line_correlates_wholly_and_a_constant_not_at_all() {
        let line: Vec<f64> = X.iter().map(|x| 1e200 - 1e190 * x).collect();
        near(pearson(&X, &line, 0.95).r, -1.0);
        assert!(pearson(&X, &[2.0; 8], 0.95).r.is_nan());
        assert!(kendall(&X, &[2.0; 8], 0.95).p.is_nan());
        assert!(pearson(&[1.0], &[2.0], 0.95).p.is_nan());
    }

    /// (r₁₂ − r₁₃ r₂₃) / √((1 − r₁₃²)(1 − r₂₃²)).
    #[test]
    fn one_control_follows_the_formula() {
        let mut r = Square::zeros(3);
        for (i, j, v) in [
            (0, 0, 1.0),
            (1, 1, 1.0),
            (2, 2, 1.0),
            (0, 1, 0.6),
            (0, 2, 0.5),
            (1, 2, 0.3),
        ] {
            *r.at_mut(i, j) = v;
            *r.at_mut(j, i) = v;
        }
        near(
            partial(&r, 2).at(0, 1),
            (0.6 - 0.15) / (0.75_f64 * 0.91).sqrt(),
        );
    }

    #[test]
    fn like_columns_stand_together() {
        let mut r = Square::zeros(4);
        for (i, j, v) in [(0, 2, 0.9), (1, 3, 0.8), (0, 1, 0.1), (2, 3, 0.2)] {
            *r.at_mut(i, j) = v;
            *r.at_mut(j, i) = v;
        }
        assert_eq!(clustered_order(&r), [0, 2, 3, 1]);
        assert_eq!(clustered_order(&Square::zeros(0)), [0; 0]);
    }
}
