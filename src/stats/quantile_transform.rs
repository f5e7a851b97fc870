//! Numbers by where they stand among others: from 0 to 1, or as a normal distribution.

use super::distributions::normal;

/// Quantiles of a sample, and the way of a number through them. As scikit-learn's
/// `QuantileTransformer` fitted on all rows.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantileTransform {
    /// `quantiles[i]` is the quantile (type 7) of i / (len − 1).
    quantiles: Vec<f64>,
}

/// Shares nearer to 0 or 1 than this become its normal quantile, so that the ends stay finite.
const NEAREST: f64 = 1e-7 - f64::EPSILON;

impl QuantileTransform {
    /// Of sorted finite values, with at most `n_quantiles` (at least 2) quantiles.
    pub fn of(sorted: &[f64], n_quantiles: usize) -> Self {
        let n = n_quantiles.min(sorted.len());
        let last = n.max(2) as u64 - 1;
        // In whole numbers, so that rounding does not part equal quantiles.
        let quantile = |i: usize| {
            let place = i as u64 * (sorted.len() as u64 - 1);
            let (at, rest) = ((place / last) as usize, place % last);
            match rest {
                0 => sorted[at],
                rest => sorted[at] + (sorted[at + 1] - sorted[at]) * (rest as f64 / last as f64),
            }
        };
        Self {
            quantiles: (0..n).map(quantile).collect(),
        }
    }

    pub fn n_quantiles(&self) -> usize {
        self.quantiles.len()
    }

    /// The share of values below `x`, from 0 at the smallest to 1 at the largest; between quantiles
    /// linear, on several equal ones their middle. NaN stays NaN.
    pub fn uniform(&self, x: f64) -> f64 {
        let q = &self.quantiles;
        let [low, .., high] = q[..] else {
            return if x.is_nan() || q.is_empty() {
                f64::NAN
            } else {
                0.0
            };
        };
        if x.is_nan() {
            return x;
        }
        if x <= low {
            return 0.0;
        }
        if x >= high {
            return 1.0;
        }
        let last = (q.len() - 1) as f64;
        let above = q.partition_point(|&v| v < x);
        if q[above] == x {
            let past = above + q[above..].partition_point(|&v| v == x);
            return 0.5 * (above + past - 1) as f64 / last;
        }
        let (a, b) = (q[above - 1], q[above]);
        ((above - 1) as f64 + (x - a) / (b - a)) / last
    }

    /// The normal quantile of [`QuantileTransform::uniform`].
    pub fn normal(&self, x: f64) -> f64 {
        let share = self.uniform(x);
        normal::quantile(share.clamp(NEAREST, 1.0 - NEAREST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], n: usize, x: f64, expected: f64) {
        let found = QuantileTransform::of(values, n).uniform(x);
        assert!(
            (found - expected).abs() < 1e-15 || found.is_nan() && expected.is_nan(),
            "{x} among {values:?} is at {found}, not {expected}"
        );
    }

    #[test]
    fn numbers_get_their_place() {
        let values = [1.0, 2.0, 2.0, 2.0, 6.0];
        check(&values, 5, 1.0, 0.0);
        check(&values, 5, 2.0, 0.5);
        check(&values, 5, 4.0, 0.875);
        check(&values, 5, 6.0, 1.0);
        check(&values, 5, 9.0, 1.0);
        check(&values, 5, -9.0, 0.0);
        check(&values, 1000, 1.5, 0.125);
        check(&values, 3, 4.0, 0.75);
        check(&values, 5, f64::NAN, f64::NAN);
        check(&[3.0], 5, 3.0, 0.0);
        check(&[3.0; 4], 4, 3.0, 0.0);
        check(&[], 5, 3.0, f64::NAN);
    }

    /// scikit-learn clips at `norm.ppf(1e-7 - spacing(1))`.
    #[test]
    fn the_ends_stay_finite() {
        let transform = QuantileTransform::of(&[0.0, 1.0, 2.0], 3);
        assert_eq!(transform.normal(1.0), 0.0);
        assert!((transform.normal(0.0) + 5.199_337_582_605_575).abs() < 1e-9);
        assert!((transform.normal(2.0) - 5.199_337_582_605_575).abs() < 1e-9);
    }
}
