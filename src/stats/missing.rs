//! Values that are missing: their patterns, the mean and covariance that the rest tell of by EM,
//! and Little's test of whether they are missing completely at random.

use rustc_hash::FxHashMap;

use super::distributions::chi_squared;
use super::linalg::{Cholesky, Square};
use super::progress::{Cancelled, Progress};

/// Rows that miss the same columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Columns that are missing, ascending.
    pub missing: Vec<usize>,
    pub rows: Vec<u32>,
}

/// The patterns of rows, the most frequent first, then by their columns. `is_missing[j]` tells of
/// column j row by row.
pub fn patterns(is_missing: &[Vec<bool>]) -> Vec<Pattern> {
    let n_rows = is_missing.first().map_or(0, Vec::len);
    let mut place: FxHashMap<Vec<u64>, usize> = FxHashMap::default();
    let mut found: Vec<Pattern> = Vec::new();
    let mut key = vec![0u64; is_missing.len().div_ceil(64)];
    for i in 0..n_rows {
        key.fill(0);
        for (j, column) in is_missing.iter().enumerate() {
            key[j / 64] |= u64::from(column[i]) << (j % 64);
        }
        let at = match place.get(&key) {
            Some(&at) => at,
            None => {
                let missing = (0..is_missing.len())
                    .filter(|&j| is_missing[j][i])
                    .collect();
                found.push(Pattern {
                    missing,
                    rows: Vec::new(),
                });
                place.insert(key.clone(), found.len() - 1);
                found.len() - 1
            }
        };
        found[at].rows.push(i as u32);
    }
    found.sort_by(|a, b| {
        let size = |p: &Pattern| (std::cmp::Reverse(p.rows.len()), p.missing.len());
        size(a)
            .cmp(&size(b))
            .then_with(|| a.missing.cmp(&b.missing))
    });
    found
}

/// Little's (1988) test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McarTest {
    /// χ² when values are missing completely at random.
    pub statistic: f64,
    pub df: usize,
    pub p: f64,
    pub n_patterns: usize,
    pub n_iterations: usize,
}

/// Mean and covariance by maximum likelihood of a normal sample with gaps.
#[derive(Clone, Debug)]
pub struct NormalFit {
    pub mean: Vec<f64>,
    /// With divisor n.
    pub covariance: Square<f64>,
    pub n_iterations: usize,
}

/// Tests columns of numbers, NaN where missing. `None` where it does not exist: fewer than two
/// patterns with values, columns that are constant or combinations of one another, or no
/// convergence in 5,000 steps.
///
/// # Errors
/// When the caller cancels.
pub fn little(columns: &[&[f64]], tick: &mut Progress) -> Result<Option<McarTest>, Cancelled> {
    let Some(groups) = Groups::new(columns) else {
        return Ok(None);
    };
    if groups.all.len() < 2 {
        return Ok(None);
    }
    let Some(fit) = em(&groups, tick)? else {
        return Ok(None);
    };
    let (mut statistic, mut df) = (0.0, 0);
    for group in &groups.all {
        let k = group.seen.len();
        let Some(factor) = whole(&fit.covariance.select(&group.seen)) else {
            return Ok(None);
        };
        let miss: Vec<f64> = (0..k)
            .map(|a| group.mean[a] - fit.mean[group.seen[a]])
            .collect();
        let solved = factor.solve(&miss);
        statistic += group.n * miss.iter().zip(&solved).map(|(a, b)| a * b).sum::<f64>();
        df += k;
    }
    let df = df - columns.len();
    Ok((df > 0).then(|| McarTest {
        statistic,
        df,
        p: chi_squared::sf(statistic, df as f64),
        n_patterns: groups.all.len(),
        n_iterations: fit.n_iterations,
    }))
}

/// One pattern's sums, of standardised columns.
struct Group {
    seen: Vec<usize>,
    hidden: Vec<usize>,
    n: f64,
    mean: Vec<f64>,
    /// Σ (x − mean)(x − mean)ᵀ of the seen columns.
    products: Square<f64>,
}

struct Groups {
    all: Vec<Group>,
    n_columns: usize,
    n: f64,
}

impl Groups {
    /// Of columns less their means over their standard deviations; `None` when one is constant.
    fn new(columns: &[&[f64]]) -> Option<Self> {
        let mut centre = Vec::new();
        let mut scale = Vec::new();
        for column in columns {
            let seen: Vec<f64> = column.iter().copied().filter(|v| v.is_finite()).collect();
            let moments = super::descriptive::Moments::of(&seen);
            if seen.len() < 2 || moments.sum_squares <= 0.0 || !moments.sum_squares.is_finite() {
                return None;
            }
            centre.push(moments.mean);
            scale.push(moments.sd());
        }
        let is_missing: Vec<Vec<bool>> = columns
            .iter()
            .map(|c| c.iter().map(|v| !v.is_finite()).collect())
            .collect();
        let mut all = Vec::new();
        for pattern in patterns(&is_missing) {
            let seen: Vec<usize> = (0..columns.len())
                .filter(|j| !pattern.missing.contains(j))
                .collect();
            if seen.is_empty() {
                continue;
            }
            let n = pattern.rows.len() as f64;
            let standard = |j: usize, i: u32| (columns[j][i as usize] - centre[j]) / scale[j];
            let mean: Vec<f64> = seen
                .iter()
                .map(|&j| pattern.rows.iter().map(|&i| standard(j, i)).sum::<f64>() / n)
                .collect();
            let mut products = Square::zeros(seen.len());
            for (a, &ja) in seen.iter().enumerate() {
                for (b, &jb) in seen.iter().enumerate().take(a + 1) {
                    let terms = pattern.rows.iter();
                    let sum: f64 = terms
                        .map(|&i| (standard(ja, i) - mean[a]) * (standard(jb, i) - mean[b]))
                        .sum();
                    *products.at_mut(a, b) = sum;
                    *products.at_mut(b, a) = sum;
                }
            }
            all.push(Group {
                seen,
                hidden: pattern.missing,
                n,
                mean,
                products,
            });
        }
        Some(Self {
            n: all.iter().map(|g| g.n).sum(),
            all,
            n_columns: columns.len(),
        })
    }
}

/// Dempster, Laird and Rubin's (1977) EM for a normal sample, pattern by pattern.
fn em(groups: &Groups, tick: &mut Progress) -> Result<Option<NormalFit>, Cancelled> {
    const STEPS: usize = 5000;
    let p = groups.n_columns;
    let mut mean = vec![0.0; p];
    let mut covariance = Square::zeros(p);
    for j in 0..p {
        *covariance.at_mut(j, j) = 1.0;
    }
    for step in 1..=STEPS {
        tick(1.0 - 1.0 / step as f32)?;
        let mut sums = vec![0.0; p];
        let mut products: Square<f64> = Square::zeros(p);
        for group in &groups.all {
            if !expect(group, &mean, &covariance, &mut sums, &mut products) {
                return Ok(None);
            }
        }
        let new_mean: Vec<f64> = sums.iter().map(|s| s / groups.n).collect();
        let mut change = 0.0_f64;
        for j in 0..p {
            change = change.max((new_mean[j] - mean[j]).abs());
        }
        for a in 0..p {
            for b in 0..p {
                let value = products.at(a, b) / groups.n - new_mean[a] * new_mean[b];
                change = change.max((value - covariance.at(a, b)).abs());
                *covariance.at_mut(a, b) = value;
            }
        }
        mean = new_mean;
        if change < 1e-13 {
            return Ok(Some(NormalFit {
                mean,
                covariance,
                n_iterations: step,
            }));
        }
        if !change.is_finite() {
            return Ok(None);
        }
    }
    // Slow to settle, but near enough for a test if the last step was small.
    Ok(None)
}

/// Adds a group's expected sums and products; false when its seen columns are collinear.
fn expect(
    group: &Group,
    mean: &[f64],
    covariance: &Square<f64>,
    sums: &mut [f64],
    products: &mut Square<f64>,
) -> bool {
    let (seen, hidden) = (&group.seen, &group.hidden);
    let Some(factor) = whole(&covariance.select(seen)) else {
        return false;
    };
    // Slopes of each hidden column on the seen ones.
    let slopes: Vec<Vec<f64>> = hidden
        .iter()
        .map(|&h| {
            factor.solve(
                &seen
                    .iter()
                    .map(|&s| covariance.at(s, h))
                    .collect::<Vec<f64>>(),
            )
        })
        .collect();
    let mut full_mean = vec![0.0; mean.len()];
    for (a, &j) in seen.iter().enumerate() {
        full_mean[j] = group.mean[a];
    }
    for (h, &j) in hidden.iter().enumerate() {
        let step: f64 = (0..seen.len())
            .map(|a| slopes[h][a] * (group.mean[a] - mean[seen[a]]))
            .sum();
        full_mean[j] = mean[j] + step;
    }
    for (s, m) in sums.iter_mut().zip(&full_mean) {
        *s += group.n * m;
    }
    // Deviations within the group: of seen columns as they are, of hidden ones by their slopes.
    let mut within: Square<f64> = Square::zeros(mean.len());
    for (a, &ja) in seen.iter().enumerate() {
        for (b, &jb) in seen.iter().enumerate() {
            *within.at_mut(ja, jb) = group.products.at(a, b);
        }
    }
    for (h, &jh) in hidden.iter().enumerate() {
        for (b, &jb) in seen.iter().enumerate() {
            let value: f64 = (0..seen.len())
                .map(|a| slopes[h][a] * group.products.at(a, b))
                .sum();
            *within.at_mut(jh, jb) = value;
            *within.at_mut(jb, jh) = value;
        }
    }
    for (h, &jh) in hidden.iter().enumerate() {
        for (g, &jg) in hidden.iter().enumerate() {
            let by_slopes: f64 = (0..seen.len())
                .map(|a| slopes[g][a] * within.at(jh, seen[a]))
                .sum();
            let explained: f64 = (0..seen.len())
                .map(|a| slopes[h][a] * covariance.at(seen[a], jg))
                .sum();
            *within.at_mut(jh, jg) = by_slopes + group.n * (covariance.at(jh, jg) - explained);
        }
    }
    for a in 0..mean.len() {
        for b in 0..mean.len() {
            *products.at_mut(a, b) += within.at(a, b) + group.n * full_mean[a] * full_mean[b];
        }
    }
    true
}

fn whole(matrix: &Square<f64>) -> Option<Cholesky<f64>> {
    let floor: Vec<f64> = (0..matrix.size).map(|j| 1e-11 * matrix.at(j, j)).collect();
    let factor = Cholesky::with_rank(matrix, &floor);
    factor.aliased.is_empty().then_some(factor)
}

#[cfg(test)]
mod tests {
    use super::super::progress::unwatched;
    use super::*;

    const GAP: f64 = f64::NAN;

    #[test]
    fn patterns_are_counted_most_frequent_first() {
        let found = patterns(&[
            vec![true, false, false, true, false],
            vec![false, false, true, false, false],
        ]);
        let seen: Vec<(&[usize], usize)> = found
            .iter()
            .map(|p| (&p.missing[..], p.rows.len()))
            .collect();
        assert_eq!(seen, [(&[][..], 2), (&[0][..], 2), (&[1][..], 1)]);
    }

    /// With one column that has gaps beside a whole one, the maximum has a closed form: the whole
    /// column's mean, and the regression of the other on it (Anderson 1957).
    #[test]
    fn em_finds_the_closed_form() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let y = [2.0, 3.5, 5.0, 8.5, GAP, GAP];
        let groups = Groups::new(&[&x, &y]).unwrap();
        let fit = em(&groups, &mut unwatched).unwrap().unwrap();
        let (mx, sx) = (3.5, 3.5_f64.sqrt());
        let (slope, my4, mx4) = (10.5 / 5.0, 4.75, 2.5);
        let expected = my4 + slope * (mx - mx4);
        let moments = crate::stats::descriptive::Moments::of(&y[..4]);
        let got = moments.mean + fit.mean[1] * moments.sd();
        assert!((got - expected).abs() < 1e-9, "{got} {expected}");
        assert!((fit.covariance.at(0, 0) * sx * sx - 35.0 / 12.0).abs() < 1e-9);
    }

    #[test]
    fn no_gaps_or_no_spread_is_no_test() {
        let whole = [1.0, 2.0, 3.0];
        assert!(little(&[&whole, &whole], &mut unwatched).unwrap().is_none());
        let constant = [1.0, GAP, 1.0];
        assert!(
            little(&[&whole, &constant], &mut unwatched)
                .unwrap()
                .is_none()
        );
    }
}
