//! Summaries of one sample: moments, quantiles and robust measures of spread.
//!
//! Functions expect values without NaN: drop missing values before.

/// The moments of a sample, from two passes over the values.
///
/// The second pass runs about the first pass's mean and corrects what that mean missed
/// (Chan, Golub and LeVeque 1983), so a large mean beside a small spread costs no digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    pub n: usize,
    pub mean: f64,
    pub min: f64,
    pub max: f64,
    /// Sums of the second, third and fourth powers of the deviations from the mean.
    pub sum_squares: f64,
    pub sum_cubes: f64,
    pub sum_fourths: f64,
}

impl Moments {
    /// Of no values: n is 0 and all else NaN, or 0 for the sums.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let first_mean = sum_of(values, |x| [x])[0] / n;
        let [s1, s2, s3, s4] = sum_of(values, |x| {
            let d = x - first_mean;
            let square = d * d;
            [d, square, square * d, square * square]
        });
        let shift = s1 / n;
        let (min, max) = range(values);
        Self {
            n: values.len(),
            mean: first_mean + shift,
            min,
            max,
            sum_squares: s2 - shift * s1,
            sum_cubes: s3 - 3.0 * shift * s2 + 2.0 * shift * shift * s1,
            sum_fourths: s4 - 4.0 * shift * s3 + 6.0 * shift * shift * s2
                - 3.0 * shift * shift * shift * s1,
        }
    }

    /// Variance with denominator n − 1; NaN below two values.
    pub fn variance(&self) -> f64 {
        at_least(self.n, 2, self.sum_squares / (self.n as f64 - 1.0))
    }

    /// Standard deviation with denominator n − 1; NaN below two values.
    pub fn sd(&self) -> f64 {
        self.variance().sqrt()
    }

    /// Standard error of the mean, sd / √n.
    pub fn se_mean(&self) -> f64 {
        (self.variance() / self.n as f64).sqrt()
    }

    /// Adjusted Fisher–Pearson skewness G₁ = g₁ √(n(n−1)) / (n−2), as SAS, SPSS and Excel give
    /// it (type 2 of Joanes and Gill 1998). NaN below three values or without spread.
    pub fn skewness(&self) -> f64 {
        let n = self.n as f64;
        let g1 = n.sqrt() * self.sum_cubes / (self.sum_squares * self.sum_squares.sqrt());
        at_least(self.n, 3, g1 * (n * (n - 1.0)).sqrt() / (n - 2.0))
    }

    /// Excess kurtosis G₂ = ((n+1) g₂ + 6) (n−1) / ((n−2)(n−3)), zero for a normal population
    /// (type 2 of Joanes and Gill 1998). NaN below four values or without spread.
    pub fn excess_kurtosis(&self) -> f64 {
        let n = self.n as f64;
        let g2 = n * self.sum_fourths / (self.sum_squares * self.sum_squares) - 3.0;
        let adjusted = ((n + 1.0) * g2 + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));
        at_least(self.n, 4, adjusted)
    }
}

/// Arithmetic mean; NaN for no values.
pub fn mean(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let first = sum_of(values, |x| [x])[0] / n;
    first + sum_of(values, |x| [x - first])[0] / n
}

/// Smallest and largest value; NaN for no values.
pub fn range(values: &[f64]) -> (f64, f64) {
    const LANES: usize = 8;
    let (mut low, mut high) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for (lane, &x) in block.iter().enumerate() {
            low[lane] = if x < low[lane] { x } else { low[lane] };
            high[lane] = if x > high[lane] { x } else { high[lane] };
        }
    }
    let lowest = low
        .iter()
        .chain(rest)
        .copied()
        .fold(f64::INFINITY, f64::min);
    let highest = high
        .iter()
        .chain(rest)
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    match lowest <= highest {
        true => (lowest, highest),
        false => (f64::NAN, f64::NAN),
    }
}

/// A sorted copy, as the functions of quantiles want it.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The nine sample quantiles of Hyndman and Fan (1996), numbered as in R's `quantile`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuantileType {
    /// 1: inverse of the empirical distribution function.
    InverseEdf,
    /// 2: as 1, with averaging at the steps.
    AveragedEdf,
    /// 3: nearest even order statistic.
    NearestEven,
    /// 4: linear interpolation of the empirical distribution function.
    LinearEdf,
    /// 5: midway through the steps of the empirical distribution function.
    Hazen,
    /// 6: expected ranks of a uniform sample (SPSS, Minitab).
    Weibull,
    /// 7: modes of the ranks of a uniform sample (R, NumPy, Excel).
    #[default]
    Linear,
    /// 8: nearly median-unbiased whatever the distribution.
    MedianUnbiased,
    /// 9: nearly unbiased for a normal distribution.
    NormalUnbiased,
}

impl QuantileType {
    /// In the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::InverseEdf,
        Self::AveragedEdf,
        Self::NearestEven,
        Self::LinearEdf,
        Self::Hazen,
        Self::Weibull,
        Self::Linear,
        Self::MedianUnbiased,
        Self::NormalUnbiased,
    ];
}

/// The quantile of type 7 of sorted values, for 0 ≤ p ≤ 1; NaN for no values.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    quantile_of_type(sorted, p, QuantileType::Linear)
}

/// A quantile of sorted values, for 0 ≤ p ≤ 1; NaN for no values.
pub fn quantile_of_type(sorted: &[f64], p: f64, kind: QuantileType) -> f64 {
    if sorted.is_empty() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let n = sorted.len() as f64;
    let at = |rank: f64| sorted[rank.clamp(1.0, n) as usize - 1];
    weigh_ranks(n, p, kind, at)
}

/// A quantile from the values `at` whole ranks of `n` rows; ranks below 1 and above n are the ends'.
pub(super) fn weigh_ranks(n: f64, p: f64, kind: QuantileType, at: impl Fn(f64) -> f64) -> f64 {
    let continuous = |a: f64, b: f64| a + p * (n + 1.0 - a - b);
    let stepped = |rank: f64| {
        let fuzz = FUZZ * n;
        let floor = (rank + fuzz).floor();
        (floor, rank > floor + fuzz)
    };
    let (rank, weight) = match kind {
        QuantileType::InverseEdf => {
            let (rank, past) = stepped(n * p);
            (rank, if past { 1.0 } else { 0.0 })
        }
        QuantileType::AveragedEdf => {
            let (rank, past) = stepped(n * p);
            (rank, if past { 1.0 } else { 0.5 })
        }
        QuantileType::NearestEven => {
            let (rank, past) = stepped(n * p - 0.5);
            let stays = !past && rank % 2.0 == 0.0;
            (rank, if stays { 0.0 } else { 1.0 })
        }
        QuantileType::LinearEdf => interpolation(continuous(0.0, 1.0)),
        QuantileType::Hazen => interpolation(continuous(0.5, 0.5)),
        QuantileType::Weibull => interpolation(continuous(0.0, 0.0)),
        QuantileType::Linear => interpolation(1.0 + (n - 1.0) * p),
        QuantileType::MedianUnbiased => interpolation(continuous(1.0 / 3.0, 1.0 / 3.0)),
        QuantileType::NormalUnbiased => interpolation(continuous(0.375, 0.375)),
    };
    let (low, high) = (at(rank), at(rank + 1.0));
    match weight {
        0.0 => low,
        1.0 => high,
        weight if low == high => low + 0.0 * weight,
        weight => (1.0 - weight) * low + weight * high,
    }
}

/// Median of sorted values.
pub fn median(sorted: &[f64]) -> f64 {
    quantile(sorted, 0.5)
}

/// Interquartile range of sorted values (type 7).
pub fn interquartile_range(sorted: &[f64]) -> f64 {
    quantile(sorted, 0.75) - quantile(sorted, 0.25)
}

/// Times the median absolute deviation, this estimates a normal population's standard deviation
/// (1 / Φ⁻¹(3/4), rounded as in R's `mad`).
pub const MAD_TO_SD: f64 = 1.4826;

/// Median of the absolute deviations from the median of sorted values, not rescaled.
pub fn median_absolute_deviation(sorted: &[f64]) -> f64 {
    let centre = median(sorted);
    let mut deviations: Vec<f64> = sorted.iter().map(|x| (x - centre).abs()).collect();
    deviations.sort_unstable_by(f64::total_cmp);
    median(&deviations)
}

/// Ranks this near a whole number count as whole, as in R.
const FUZZ: f64 = 4.0 * f64::EPSILON;

fn interpolation(rank: f64) -> (f64, f64) {
    let floor = (rank + FUZZ).floor();
    let weight = rank - floor;
    (floor, if weight.abs() < FUZZ { 0.0 } else { weight })
}

fn at_least(n: usize, needed: usize, value: f64) -> f64 {
    if n < needed { f64::NAN } else { value }
}

/// Sums of functions of the values. Eight running sums for the vector units, gathered a chunk at
/// a time so that the error grows with the number of chunks and not of values.
pub fn sum_of<const M: usize>(values: &[f64], terms: impl Fn(f64) -> [f64; M]) -> [f64; M] {
    const LANES: usize = 8;
    let mut total = [0.0; M];
    for chunk in values.chunks(4096) {
        let mut lanes = [[0.0; LANES]; M];
        let (blocks, rest) = chunk.as_chunks::<LANES>();
        for block in blocks {
            for (lane, &x) in block.iter().enumerate() {
                for (sums, term) in lanes.iter_mut().zip(terms(x)) {
                    sums[lane] += term;
                }
            }
        }
        for &x in rest {
            for (sums, term) in lanes.iter_mut().zip(terms(x)) {
                sums[0] += term;
            }
        }
        for (sum, lane) in total.iter_mut().zip(&lanes) {
            *sum += lane.iter().sum::<f64>();
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [QuantileType; 9] = [
        QuantileType::InverseEdf,
        QuantileType::AveragedEdf,
        QuantileType::NearestEven,
        QuantileType::LinearEdf,
        QuantileType::Hazen,
        QuantileType::Weibull,
        QuantileType::Linear,
        QuantileType::MedianUnbiased,
        QuantileType::NormalUnbiased,
    ];

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let size = expected.abs().max(1.0);
        assert!(
            (got - expected).abs() <= 1e-14 * size || got.is_nan() && expected.is_nan(),
            "{got} is not {expected}"
        );
    }

    /// R 4: x <- c(2.1, 3.5, -1, 8.25, 4, 4, 10.5); sapply(1:9, \(t) quantile(x, p, type = t))
    #[test]
    fn quantiles_of_all_types_are_those_of_r() {
        let x = sorted(&[2.1, 3.5, -1.0, 8.25, 4.0, 4.0, 10.5]);
        let check_all = |p: f64, expected: [f64; 9]| {
            for (kind, expected) in KINDS.into_iter().zip(expected) {
                check(quantile_of_type(&x, p, kind), expected);
            }
        };
        check_all(0.0, [-1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0]);
        check_all(
            0.1,
            [
                -1.0,
                -1.0,
                -1.0,
                -1.0,
                -0.37999999999999945,
                -1.0,
                0.8600000000000003,
                -0.7933333333333333,
                -0.6899999999999997,
            ],
        );
        check_all(
            0.25,
            [
                2.1,
                2.1,
                2.1,
                1.3250000000000002,
                2.45,
                2.1,
                2.8,
                2.333333333333334,
                2.3625,
            ],
        );
        check_all(0.5, [4.0, 4.0, 4.0, 3.75, 4.0, 4.0, 4.0, 4.0, 4.0]);
        check_all(
            0.14285714285714285,
            [
                -1.0,
                0.55,
                -1.0,
                -1.0,
                0.55,
                -0.5571428571428574,
                1.6571428571428575,
                0.18095238095238098,
                0.2732142857142854,
            ],
        );
        check_all(
            0.77,
            [
                8.25,
                8.25,
                4.0,
                5.657500000000002,
                7.782500000000002,
                8.61,
                6.635000000000001,
                8.165000000000003,
                8.069375,
            ],
        );
        check_all(
            0.9,
            [
                10.5,
                10.5,
                8.25,
                8.924999999999999,
                10.05,
                10.5,
                9.150000000000002,
                10.350000000000001,
                10.275,
            ],
        );
        check_all(1.0, [10.5, 10.5, 10.5, 10.5, 10.5, 10.5, 10.5, 10.5, 10.5]);
    }

    /// R 4: x <- c(2.1, 3.5, -1, 8.25, 4, 4, 10.5); mean, sd, mad(x, constant = 1), IQR;
    /// skewness and kurtosis: scipy 1.17 `skew(x, bias=False)`, `kurtosis(x, bias=False)`.
    #[test]
    fn summaries() {
        let values = [2.1, 3.5, -1.0, 8.25, 4.0, 4.0, 10.5];
        let moments = Moments::of(&values);
        let x = sorted(&values);
        check(moments.mean, 4.478571428571429);
        check(moments.sd(), 3.82032471818574);
        check(median_absolute_deviation(&x), 1.9);
        check(interquartile_range(&x), 3.325);
        check(moments.skewness(), 0.3888313778140576);
        check(moments.excess_kurtosis(), -0.03065933124659992);
        check(moments.min, -1.0);
        check(moments.max, 10.5);
        check(median(&x), 4.0);
    }

    #[test]
    fn too_few_values_give_nan() {
        check(Moments::of(&[]).mean, f64::NAN);
        check(Moments::of(&[3.0]).mean, 3.0);
        check(Moments::of(&[3.0]).sd(), f64::NAN);
        check(Moments::of(&[3.0, 4.0]).skewness(), f64::NAN);
        check(Moments::of(&[3.0, 4.0, 8.0]).excess_kurtosis(), f64::NAN);
        check(Moments::of(&[5.0; 9]).skewness(), f64::NAN);
        check(median(&[]), f64::NAN);
        check(quantile(&[1.0], 0.3), 1.0);
    }
}
