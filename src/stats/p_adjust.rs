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

/// Benjamini and Hochberg (1995): step-up control of the false discovery rate.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let order = ascending(p_values);
    let n = order.len() as f64;
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let mut lowest = 1.0_f64;
    for (rank, &i) in order.iter().enumerate().rev() {
        lowest = lowest.min(n / (rank + 1) as f64 * p_values[i]);
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

    /// R 4: p.adjust(p, "bonferroni"), p.adjust(p, "holm"), p.adjust(p, "BH")
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
        check(holm, &[], &[]);
    }
}
