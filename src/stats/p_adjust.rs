//! P values adjusted for the number of tests, as R's `p.adjust` gives them.
//!
//! A NaN stands for a test that gave none: it stays NaN and is not counted.

/// Each p value times the number of tests.
pub fn bonferroni(p_values: &[f64]) -> Vec<f64> {
    let n = p_values.iter().filter(|p| !p.is_nan()).count() as f64;
    let adjusted = |p: &f64| if p.is_nan() { *p } else { (p * n).min(1.0) };
    p_values.iter().map(adjusted).collect()
}

/// Holm (1979): step-down control of the family-wise error rate.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let order = ascending(p_values);
    let n = order.len();
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let mut highest = 0.0_f64;
    for (rank, &i) in order.iter().enumerate() {
        highest = highest.max((n - rank) as f64 * p_values[i]);
        adjusted[i] = highest.min(1.0);
    }
    adjusted
}

/// Hochberg (1988): step-up control of the family-wise error rate, for independent tests or such as
/// depend positively.
pub fn hochberg(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, |rank, n| n - rank)
}

/// Hommel (1988): closed testing by Simes's inequality; never larger than Hochberg's. Takes time with
/// the square of the number of tests.
pub fn hommel(p_values: &[f64]) -> Vec<f64> {
    let order = ascending(p_values);
    let n = order.len();
    let p: Vec<f64> = order.iter().map(|&i| p_values[i]).collect();
    let simes = |p: &[f64], m: f64, first: usize| {
        let ratios = p.iter().enumerate();
        ratios
            .map(|(i, p)| m * p / (first + i) as f64)
            .fold(f64::INFINITY, f64::min)
    };
    let mut best = vec![simes(&p, n as f64, 1); n];
    for m in (2..n).rev() {
        let (small, large) = p.split_at(n - m + 1);
        let least = simes(large, m as f64, 2);
        let mut last = 0.0;
        for (best, p) in best.iter_mut().zip(small) {
            last = (m as f64 * p).min(least);
            *best = best.max(last);
        }
        best[n - m + 1..].iter_mut().for_each(|b| *b = b.max(last));
    }
    let mut adjusted = vec![f64::NAN; p_values.len()];
    for ((&i, best), p) in order.iter().zip(best).zip(&p) {
        adjusted[i] = best.max(*p).min(1.0);
    }
    adjusted
}

/// Benjamini and Yekutieli (2001): the false discovery rate whatever the dependence.
pub fn benjamini_yekutieli(p_values: &[f64]) -> Vec<f64> {
    let n = p_values.iter().filter(|p| !p.is_nan()).count();
    let harmonic: f64 = (1..=n).map(|i| 1.0 / i as f64).sum();
    step_up(p_values, |rank, n| harmonic * n / (rank + 1.0))
}

/// Benjamini and Hochberg (1995): step-up control of the false discovery rate.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, |rank, n| n / (rank + 1.0))
}

/// The least of p times its factor, from each p value up. `factor` takes the rank from 0 and the
/// number of tests.
fn step_up(p_values: &[f64], factor: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let order = ascending(p_values);
    let n = order.len() as f64;
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let mut lowest = 1.0_f64;
    for (rank, &i) in order.iter().enumerate().rev() {
        lowest = lowest.min(factor(rank as f64, n) * p_values[i]);
        adjusted[i] = lowest;
    }
    adjusted
}

/// Positions of the numbers from the smallest up.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len())
        .filter(|&i| !p_values[i].is_nan())
        .collect();
    order.sort_by(|&i, &j| p_values[i].total_cmp(&p_values[j]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: fn(&[f64]) -> Vec<f64>, p_values: &[f64], expected: &[f64]) {
        let got = method(p_values);
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            let same = (got - expected).abs() <= 1e-15 || got.is_nan() && expected.is_nan();
            assert!(same, "{got} is not {expected}");
        }
    }

    /// R 4: p.adjust(p, "bonferroni") and so on.
    #[test]
    fn agrees_with_r() {
        const NA: f64 = f64::NAN;
        check(
            bonferroni,
            &[0.01, 0.02, 0.03, 0.04, 0.05],
            &[0.05, 0.1, 0.15, 0.2, 0.25],
        );
        check(
            holm,
            &[0.01, 0.02, 0.03, 0.04, 0.05],
            &[0.05, 0.08, 0.09, 0.09, 0.09],
        );
        check(
            benjamini_hochberg,
            &[0.01, 0.02, 0.03, 0.04, 0.05],
            &[0.05, 0.05, 0.05, 0.05, 0.05],
        );
        check(
            bonferroni,
            &[0.6, 0.001, 0.03, 0.03, 0.9, 0.2, 0.0004],
            &[1.0, 0.007, 0.21, 0.21, 1.0, 1.0, 0.0028],
        );
        check(
            holm,
            &[0.6, 0.001, 0.03, 0.03, 0.9, 0.2, 0.0004],
            &[1.0, 0.006, 0.15, 0.15, 1.0, 0.6000000000000001, 0.0028],
        );
        check(
            benjamini_hochberg,
            &[0.6, 0.001, 0.03, 0.03, 0.9, 0.2, 0.0004],
            &[
                0.7000000000000001,
                0.0035,
                0.0525,
                0.0525,
                0.9,
                0.27999999999999997,
                0.0028,
            ],
        );
        check(
            bonferroni,
            &[0.04, NA, 0.01, 0.5, 0.02],
            &[0.16, NA, 0.04, 1.0, 0.08],
        );
        check(
            holm,
            &[0.04, NA, 0.01, 0.5, 0.02],
            &[0.08, NA, 0.04, 0.5, 0.06],
        );
        check(
            benjamini_hochberg,
            &[0.04, NA, 0.01, 0.5, 0.02],
            &[0.05333333333333333, NA, 0.04, 0.5, 0.04],
        );
        check(bonferroni, &[1.0, 0.999, 1e-300], &[1.0, 1.0, 3e-300]);
        check(holm, &[1.0, 0.999, 1e-300], &[1.0, 1.0, 3e-300]);
        check(
            benjamini_hochberg,
            &[1.0, 0.999, 1e-300],
            &[1.0, 1.0, 3e-300],
        );
        check(
            hochberg,
            &[0.01, 0.02, 0.03, 0.04, 0.05],
            &[0.05, 0.05, 0.05, 0.05, 0.05],
        );
        check(
            hochberg,
            &[0.6, 0.001, 0.03, 0.03, 0.9, 0.2, 0.0004],
            &[0.9, 0.006, 0.12, 0.12, 0.9, 0.6000000000000001, 0.0028],
        );
        check(
            hochberg,
            &[0.04, NA, 0.01, 0.5, 0.02],
            &[0.08, NA, 0.04, 0.5, 0.06],
        );
        check(hochberg, &[1.0, 0.999, 1e-300], &[1.0, 1.0, 3e-300]);
        check(hochberg, &[0.03, 0.04], &[0.04, 0.04]);
        check(hochberg, &[0.2], &[0.2]);
        check(
            hochberg,
            &[0.011, 0.013, 0.012, 0.05, 0.2, 0.021, 0.033, 0.9, 0.0101],
            &[0.078, 0.078, 0.078, 0.15, 0.4, 0.105, 0.132, 0.9, 0.078],
        );
        check(
            hommel,
            &[0.01, 0.02, 0.03, 0.04, 0.05],
            &[
                0.05,
                0.05000000000000001,
                0.05000000000000001,
                0.05000000000000001,
                0.05000000000000001,
            ],
        );
        check(
            hommel,
            &[0.6, 0.001, 0.03, 0.03, 0.9, 0.2, 0.0004],
            &[0.9, 0.006, 0.12, 0.12, 0.9, 0.6000000000000001, 0.0028],
        );
        check(
            hommel,
            &[0.04, NA, 0.01, 0.5, 0.02],
            &[0.08, NA, 0.04, 0.5, 0.06],
        );
        check(hommel, &[1.0, 0.999, 1e-300], &[1.0, 1.0, 3e-300]);
        check(hommel, &[0.03, 0.04], &[0.04, 0.04]);
        check(hommel, &[0.2], &[0.2]);
        check(
            hommel,
            &[0.011, 0.013, 0.012, 0.05, 0.2, 0.021, 0.033, 0.9, 0.0101],
            &[
                0.063,
                0.065,
                0.063,
                0.15,
                0.4,
                0.08400000000000001,
                0.1,
                0.9,
                0.0606,
            ],
        );
        check(
            benjamini_yekutieli,
            &[0.01, 0.02, 0.03, 0.04, 0.05],
            &[
                0.1141666666666667,
                0.1141666666666667,
                0.1141666666666667,
                0.1141666666666667,
                0.1141666666666667,
            ],
        );
        check(
            benjamini_yekutieli,
            &[0.6, 0.001, 0.03, 0.03, 0.9, 0.2, 0.0004],
            &[
                1.0,
                0.009075000000000001,
                0.136125,
                0.136125,
                1.0,
                0.7260000000000001,
                0.007260000000000001,
            ],
        );
        check(
            benjamini_yekutieli,
            &[0.04, NA, 0.01, 0.5, 0.02],
            &[
                0.1111111111111111,
                NA,
                0.08333333333333334,
                1.0,
                0.08333333333333334,
            ],
        );
        check(
            benjamini_yekutieli,
            &[1.0, 0.999, 1e-300],
            &[1.0, 1.0, 5.5e-300],
        );
        check(benjamini_yekutieli, &[0.03, 0.04], &[0.06, 0.06]);
        check(benjamini_yekutieli, &[0.2], &[0.2]);
        check(
            benjamini_yekutieli,
            &[0.011, 0.013, 0.012, 0.05, 0.2, 0.021, 0.033, 0.9, 0.0101],
            &[
                0.08274732142857144,
                0.08274732142857144,
                0.08274732142857144,
                0.1818622448979592,
                0.6365178571428572,
                0.106935,
                0.1400339285714286,
                1.0,
                0.08274732142857144,
            ],
        );
        check(holm, &[], &[]);
        check(hommel, &[], &[]);
    }
}
