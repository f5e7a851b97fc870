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
            &[
                0.01,
                0.02,
                0.029999999999999999,
                0.040000000000000001,
                0.050000000000000003,
            ],
            &[
                0.050000000000000003,
                0.10000000000000001,
                0.14999999999999999,
                0.20000000000000001,
                0.25,
            ],
        );
        check(
            holm,
            &[
                0.01,
                0.02,
                0.029999999999999999,
                0.040000000000000001,
                0.050000000000000003,
            ],
            &[
                0.050000000000000003,
                0.080000000000000002,
                0.089999999999999997,
                0.089999999999999997,
                0.089999999999999997,
            ],
        );
        check(
            benjamini_hochberg,
            &[
                0.01,
                0.02,
                0.029999999999999999,
                0.040000000000000001,
                0.050000000000000003,
            ],
            &[
                0.050000000000000003,
                0.050000000000000003,
                0.050000000000000003,
                0.050000000000000003,
                0.050000000000000003,
            ],
        );
        check(
            bonferroni,
            &[
                0.59999999999999998,
                0.001,
                0.029999999999999999,
                0.029999999999999999,
                0.90000000000000002,
                0.20000000000000001,
                0.00040000000000000002,
            ],
            &[
                1.0,
                0.0070000000000000001,
                0.20999999999999999,
                0.20999999999999999,
                1.0,
                1.0,
                0.0028,
            ],
        );
        check(
            holm,
            &[
                0.59999999999999998,
                0.001,
                0.029999999999999999,
                0.029999999999999999,
                0.90000000000000002,
                0.20000000000000001,
                0.00040000000000000002,
            ],
            &[
                1.0,
                0.0060000000000000001,
                0.14999999999999999,
                0.14999999999999999,
                1.0,
                0.60000000000000009,
                0.0028,
            ],
        );
        check(
            benjamini_hochberg,
            &[
                0.59999999999999998,
                0.001,
                0.029999999999999999,
                0.029999999999999999,
                0.90000000000000002,
                0.20000000000000001,
                0.00040000000000000002,
            ],
            &[
                0.70000000000000007,
                0.0035000000000000001,
                0.052499999999999998,
                0.052499999999999998,
                0.90000000000000002,
                0.27999999999999997,
                0.0028,
            ],
        );
        check(
            bonferroni,
            &[0.040000000000000001, NA, 0.01, 0.5, 0.02],
            &[0.16, NA, 0.040000000000000001, 1.0, 0.080000000000000002],
        );
        check(
            holm,
            &[0.040000000000000001, NA, 0.01, 0.5, 0.02],
            &[
                0.080000000000000002,
                NA,
                0.040000000000000001,
                0.5,
                0.059999999999999998,
            ],
        );
        check(
            benjamini_hochberg,
            &[0.040000000000000001, NA, 0.01, 0.5, 0.02],
            &[
                0.05333333333333333,
                NA,
                0.040000000000000001,
                0.5,
                0.040000000000000001,
            ],
        );
        check(
            bonferroni,
            &[1.0, 0.999, 1e-300],
            &[1.0, 1.0, 3.0000000000000002e-300],
        );
        check(
            holm,
            &[1.0, 0.999, 1e-300],
            &[1.0, 1.0, 3.0000000000000002e-300],
        );
        check(
            benjamini_hochberg,
            &[1.0, 0.999, 1e-300],
            &[1.0, 1.0, 3.0000000000000002e-300],
        );
        check(holm, &[], &[]);
    }
}
