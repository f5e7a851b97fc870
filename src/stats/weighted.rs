//! Summaries of one sample whose rows stand for more than one: moments and quantiles as if each value
//! stood there as often as its weight says. Weights need not be whole.
//!
//! Functions expect values without NaN and weights above zero.

use super::descriptive::{QuantileType, weigh_ranks};

/// The moments of a weighted sample; `n` is the sum of weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedMoments {
    pub n: f64,
    pub mean: f64,
    /// Sums of the second, third and fourth powers of the deviations from the mean.
    pub sum_squares: f64,
    pub sum_cubes: f64,
    pub sum_fourths: f64,
}

impl WeightedMoments {
    /// Of no values: n is 0 and the mean NaN.
    pub fn of(values: &[f64], weights: &[f64]) -> Self {
        let rows = || values.iter().zip(weights);
        let n: f64 = weights.iter().sum();
        let first = rows().map(|(x, w)| w * x).sum::<f64>() / n;
        let [mut s1, mut s2, mut s3, mut s4] = [0.0; 4];
        for (x, w) in rows() {
            let d = x - first;
            let square = d * d;
            s1 += w * d;
            s2 += w * square;
            s3 += w * square * d;
            s4 += w * square * square;
        }
        let shift = s1 / n;
        Self {
            n,
            mean: first + shift,
            sum_squares: s2 - shift * s1,
            sum_cubes: s3 - 3.0 * shift * s2 + 2.0 * shift * shift * s1,
            sum_fourths: s4 - 4.0 * shift * s3 + 6.0 * shift * shift * s2
                - 3.0 * shift * shift * shift * s1,
        }
    }

    /// With denominator n − 1; NaN up to n = 1.
    pub fn variance(&self) -> f64 {
        above(self.n, 1.0, self.sum_squares / (self.n - 1.0))
    }

    pub fn sd(&self) -> f64 {
        self.variance().sqrt()
    }

    pub fn se_mean(&self) -> f64 {
        (self.variance() / self.n).sqrt()
    }

    /// Adjusted as [`super::descriptive::Moments::skewness`]; NaN up to n = 2.
    pub fn skewness(&self) -> f64 {
        let n = self.n;
        let g1 = n.sqrt() * self.sum_cubes / (self.sum_squares * self.sum_squares.sqrt());
        above(n, 2.0, g1 * (n * (n - 1.0)).sqrt() / (n - 2.0))
    }

    /// Adjusted as [`super::descriptive::Moments::excess_kurtosis`]; NaN up to n = 3.
    pub fn excess_kurtosis(&self) -> f64 {
        let n = self.n;
        let g2 = n * self.sum_fourths / (self.sum_squares * self.sum_squares) - 3.0;
        let adjusted = ((n + 1.0) * g2 + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));
        above(n, 3.0, adjusted)
    }
}

/// Values in their order, with the weight up to each of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordered {
    /// Ascending.
    pub values: Vec<f64>,
    /// Their weights.
    pub weights: Vec<f64>,
    /// The sum of weights up to and with each of them.
    pub below: Vec<f64>,
}

/// How quantiles are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WeightedQuantile {
    /// Of the rows repeated: the value at a whole rank is the first with so much weight up to it, as
    /// in Hmisc's `wtd.quantile`.
    Repeated(QuantileType),
    /// Where the share of the population reaches p, the mean of two values where it is p between
    /// them: `svyquantile(qrule = "school")`.
    Population,
}

impl Ordered {
    pub fn of(values: &[f64], weights: &[f64]) -> Self {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
        let weights: Vec<f64> = order.iter().map(|&i| weights[i as usize]).collect();
        let mut sum = 0.0;
        let below = weights.iter().map(|w| {
            sum += w;
            sum
        });
        Self {
            below: below.collect(),
            values: order.iter().map(|&i| values[i as usize]).collect(),
            weights,
        }
    }

    /// The sum of weights.
    pub fn n(&self) -> f64 {
        self.below.last().copied().unwrap_or(0.0)
    }

    /// For 0 ≤ p ≤ 1; NaN for no values.
    pub fn quantile(&self, p: f64, how: WeightedQuantile) -> f64 {
        if self.values.is_empty() || !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let n = self.n();
        match how {
            WeightedQuantile::Repeated(kind) => {
                let at = |rank: f64| self.values[self.reached(rank.clamp(1.0, n.max(1.0)))];
                weigh_ranks(n, p, kind, at)
            }
            WeightedQuantile::Population => {
                let place = self.reached(p * n);
                let is_step = self.below[place] <= p * n * (1.0 + NEAR);
                match self.values.get(place + 1).filter(|_| is_step && p > 0.0) {
                    Some(next) => 0.5 * (self.values[place] + next),
                    None => self.values[place],
                }
            }
        }
    }

    /// The mean of what remains when the weight `cut` is taken away at each end.
    pub fn trimmed_mean(&self, cut: f64) -> f64 {
        let n = self.n();
        let (mut sum, mut kept) = (0.0, 0.0);
        let mut before = 0.0_f64;
        for (x, &upto) in self.values.iter().zip(&self.below) {
            let weight = (upto.min(n - cut) - before.max(cut)).max(0.0);
            sum += weight * x;
            kept += weight;
            before = upto;
        }
        sum / kept
    }

    /// Median of the absolute deviations from the median, not rescaled.
    pub fn median_absolute_deviation(&self, how: WeightedQuantile) -> f64 {
        let centre = self.quantile(0.5, how);
        let deviations: Vec<f64> = self.values.iter().map(|x| (x - centre).abs()).collect();
        Self::of(&deviations, &self.weights).quantile(0.5, how)
    }

    /// Each value as often as its weight says; `None` when weights are not whole or make more than
    /// `most` values.
    pub fn repeated(&self, most: f64) -> Option<Vec<f64>> {
        let is_whole = self.weights.iter().all(|w| w.fract() == 0.0);
        let rows = self.values.iter().zip(&self.weights);
        (is_whole && self.n() <= most).then(|| {
            rows.flat_map(|(x, w)| std::iter::repeat_n(*x, *w as usize))
                .collect()
        })
    }

    /// The first value with so much weight up to it.
    fn reached(&self, weight: f64) -> usize {
        let wanted = weight * (1.0 - NEAR);
        let place = self.below.partition_point(|b| *b < wanted);
        place.min(self.values.len() - 1)
    }
}

/// Sums of weights this near to one another are equal: they round.
const NEAR: f64 = 1e-12;

fn above(n: f64, least: f64, value: f64) -> f64 {
    if n > least { value } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::super::descriptive::{Moments, median_absolute_deviation, quantile_of_type, sorted};
    use super::*;

    const X: [f64; 6] = [4.0, -1.5, 2.25, 8.0, 2.25, 6.5];
    const W: [f64; 6] = [2.0, 1.0, 3.0, 1.0, 1.0, 4.0];

    #[track_caller]
    fn near(got: f64, expected: f64) {
        assert!(
            (got - expected).abs() <= 1e-13 * expected.abs().max(1.0),
            "{got} is not {expected}"
        );
    }

    fn repeated() -> Vec<f64> {
        let rows = X.iter().zip(W);
        sorted(
            &rows
                .flat_map(|(x, w)| std::iter::repeat_n(*x, w as usize))
                .collect::<Vec<_>>(),
        )
    }

    /// Whole weights are repeated rows, whose own functions are held to R.
    #[test]
    fn whole_weights_repeat_rows() {
        let (rows, ordered) = (repeated(), Ordered::of(&X, &W));
        assert_eq!(ordered.repeated(12.0).unwrap(), rows);
        assert_eq!(ordered.repeated(11.0), None);
        for kind in QuantileType::ALL {
            for p in [0.0, 0.01, 0.1, 0.25, 1.0 / 3.0, 0.5, 0.75, 0.9, 1.0] {
                let got = ordered.quantile(p, WeightedQuantile::Repeated(kind));
                near(got, quantile_of_type(&rows, p, kind));
            }
        }
        let (m, plain) = (WeightedMoments::of(&X, &W), Moments::of(&rows));
        near(m.mean, plain.mean);
        near(m.sd(), plain.sd());
        near(m.skewness(), plain.skewness());
        near(m.excess_kurtosis(), plain.excess_kurtosis());
        let how = WeightedQuantile::Repeated(QuantileType::Linear);
        near(
            ordered.median_absolute_deviation(how),
            median_absolute_deviation(&rows),
        );
        near(
            ordered.trimmed_mean(2.0),
            rows[2..10].iter().sum::<f64>() / 8.0,
        );
    }

    /// R's survey 4.1-1: svyquantile(~x, svydesign(ids = ~1, weights = ~w), p, qrule = "school"); below
    /// the first weight it takes the second value, where the definition says the first.
    #[test]
    fn quantiles_of_a_population() {
        let ordered = Ordered::of(&[4.0, -1.5, 2.25, 8.0], &[0.5, 1.5, 2.0, 4.0]);
        let check = |p, expected| near(ordered.quantile(p, WeightedQuantile::Population), expected);
        check(0.2, 2.25);
        check(0.25, 2.25);
        check(0.4375, 3.125);
        check(0.5, 6.0);
        check(0.75, 8.0);
        check(1.0, 8.0);
        // The definition itself.
        check(0.1, -1.5);
    }

    #[test]
    fn nothing_gives_nan() {
        let none = Ordered::of(&[], &[]);
        assert!(none.quantile(0.5, WeightedQuantile::Population).is_nan());
        assert!(WeightedMoments::of(&[], &[]).mean.is_nan());
        assert!(WeightedMoments::of(&[3.0], &[1.0]).sd().is_nan());
    }
}
