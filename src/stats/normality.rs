//! Tests of whether a sample comes from a normal population. Values must be free of NaN and sorted.

use super::descriptive::Moments;
use super::distributions::normal;

/// A test statistic and its p value; both NaN where the test cannot be made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normality {
    pub statistic: f64,
    pub p: f64,
}

impl Normality {
    const NONE: Self = Self {
        statistic: f64::NAN,
        p: f64::NAN,
    };
}

/// The most values that Royston's approximation of Shapiro and Wilk's p value was made for.
pub const SHAPIRO_WILK_MAX: usize = 5000;

/// Shapiro and Wilk's W with Royston's (1995) coefficients and p value, as R's `shapiro.test`;
/// for 3 to [`SHAPIRO_WILK_MAX`] values that are not all the same.
pub fn shapiro_wilk(sorted: &[f64]) -> Normality {
    let n = sorted.len();
    if !(3..=SHAPIRO_WILK_MAX).contains(&n) || sorted[0] == sorted[n - 1] {
        return Normality::NONE;
    }
    let weights = shapiro_weights(n);
    let moments = Moments::of(sorted);
    let (range, mean) = (sorted[n - 1] - sorted[0], moments.mean);
    // 1 − W from the residuals of a regression on the weights keeps its digits near W = 1.
    let weight = |i: usize| {
        let mirrored = n - 1 - i;
        match i.cmp(&mirrored) {
            std::cmp::Ordering::Less => -weights[i],
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Greater => weights[mirrored],
        }
    };
    let (mut aa, mut xx, mut ax) = (0.0, 0.0, 0.0);
    for (i, x) in sorted.iter().enumerate() {
        let (a, x) = (weight(i), (x - mean) / range);
        aa += a * a;
        xx += x * x;
        ax += a * x;
    }
    let root = (aa * xx).sqrt();
    let lost = (root - ax) * (root + ax) / (aa * xx);
    Normality {
        statistic: 1.0 - lost,
        p: shapiro_p(lost, n),
    }
}

/// The first half of the weights of the ordered values, positive, largest first.
fn shapiro_weights(n: usize) -> Vec<f64> {
    const FIRST: [f64; 6] = [0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
    const SECOND: [f64; 6] = [0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
    if n == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    let scores: Vec<f64> = (1..=n / 2)
        .map(|i| -normal::quantile((i as f64 - 0.375) / (n as f64 + 0.25)))
        .collect();
    let sum = 2.0 * scores.iter().map(|m| m * m).sum::<f64>();
    let root_n = 1.0 / (n as f64).sqrt();
    let first = polynomial(&FIRST, root_n) + scores[0] / sum.sqrt();
    let mut fixed = vec![first];
    if n > 5 {
        fixed.push(polynomial(&SECOND, root_n) + scores[1] / sum.sqrt());
    }
    let left = sum - 2.0 * scores[..fixed.len()].iter().map(|m| m * m).sum::<f64>();
    let scale = (left / (1.0 - 2.0 * fixed.iter().map(|a| a * a).sum::<f64>())).sqrt();
    let rest = scores[fixed.len()..].iter().map(|m| m / scale);
    fixed.iter().copied().chain(rest).collect()
}

/// `lost` is 1 − W.
fn shapiro_p(lost: f64, n: usize) -> f64 {
    if n == 3 {
        const AT_LEAST: f64 = 1.047_197_551_196_597_6; // asin(√(3/4))
        let p = 6.0 / std::f64::consts::PI * (libm::asin((1.0 - lost).sqrt()) - AT_LEAST);
        return p.max(0.0);
    }
    let size = n as f64;
    let mut y = libm::log(lost);
    let (mean, ln_sd) = if n <= 11 {
        let gamma = -2.273 + 0.459 * size;
        if y >= gamma {
            return 1e-99;
        }
        y = -libm::log(gamma - y);
        (
            polynomial(&[0.544, -0.39978, 0.025054, -6.714e-4], size),
            polynomial(&[1.3822, -0.77857, 0.062767, -0.0020322], size),
        )
    } else {
        let x = libm::log(size);
        (
            polynomial(&[-1.5861, -0.31082, -0.083751, 0.0038915], x),
            polynomial(&[-0.4803, -0.082676, 0.0030302], x),
        )
    };
    normal::sf((y - mean) / libm::exp(ln_sd))
}

/// Anderson and Darling's A² for a normal population whose mean and SD are those of the sample;
/// p by Stephens's (1986) approximation, as `ad.test` of R's nortest. For 8 or more values.
pub fn anderson_darling(sorted: &[f64]) -> Normality {
    let n = sorted.len();
    let moments = Moments::of(sorted);
    let sd = moments.sd();
    if n < 8 || !(sd > 0.0) {
        return Normality::NONE;
    }
    let size = n as f64;
    let z = |i: usize| (sorted[i] - moments.mean) / sd;
    let term = |i: usize| (2.0 * i as f64 + 1.0) * (ln_cdf(z(i)) + ln_cdf(-z(n - 1 - i)));
    let statistic = -size - (0..n).map(term).sum::<f64>() / size;
    let a = statistic * (1.0 + 0.75 / size + 2.25 / (size * size));
    let quadratic = |b: [f64; 3]| libm::exp(b[0] + b[1] * a + b[2] * a * a);
    let p = match a {
        a if a < 0.2 => 1.0 - quadratic([-13.436, 101.14, -223.73]),
        a if a < 0.34 => 1.0 - quadratic([-8.318, 42.796, -59.938]),
        a if a < 0.6 => quadratic([0.9177, -4.279, -1.38]),
        a if a < 10.0 => quadratic([1.2937, -5.709, 0.0186]),
        _ => 3.7e-24,
    };
    Normality { statistic, p }
}

/// ln P(Z ≤ z), finite far out where the probability itself is too small to hold.
fn ln_cdf(z: f64) -> f64 {
    if z > -30.0 {
        return libm::log(normal::cdf(z));
    }
    const LN_SQRT_2_PI: f64 = 0.918_938_533_204_672_8;
    let r = 1.0 / (z * z);
    // Mills's ratio by its asymptotic series, whose next term is below 1e-11.
    let series = -r * (1.0 - r * (3.0 - r * (15.0 - 105.0 * r)));
    -0.5 * z * z - libm::log(-z) - LN_SQRT_2_PI + libm::log1p(series)
}

/// Lilliefors's D: Kolmogorov and Smirnov's distance from the normal distribution with the sample's
/// mean and SD; p by Dallal and Wilkinson (1986), above 0.1 by Stephens (1974), as `lillie.test` of
/// R's nortest. For 5 or more values.
pub fn lilliefors(sorted: &[f64]) -> Normality {
    let n = sorted.len();
    let moments = Moments::of(sorted);
    let sd = moments.sd();
    if n < 5 || !(sd > 0.0) {
        return Normality::NONE;
    }
    let size = n as f64;
    let statistic = sorted.iter().enumerate().fold(0.0_f64, |d, (i, x)| {
        let p = normal::cdf((x - moments.mean) / sd);
        d.max((i as f64 + 1.0) / size - p).max(p - i as f64 / size)
    });
    let (d, nd) = if n <= 100 {
        (statistic, size)
    } else {
        (statistic * libm::pow(size / 100.0, 0.49), 100.0)
    };
    let mut p = libm::exp(
        -7.01256 * d * d * (nd + 2.78019) + 2.99587 * d * (nd + 2.78019).sqrt() - 0.122119
            + 0.974598 / nd.sqrt()
            + 1.67997 / nd,
    );
    if p > 0.1 {
        let k = (size.sqrt() - 0.01 + 0.85 / size.sqrt()) * statistic;
        p = match k {
            k if k <= 0.302 => 1.0,
            k if k <= 0.5 => {
                polynomial(&[2.76773, -19.828315, 80.709644, -138.55152, 81.218052], k)
            }
            k if k <= 0.9 => polynomial(
                &[-4.901232, 40.662806, -97.490286, 94.029866, -32.355711],
                k,
            ),
            k if k <= 1.31 => {
                polynomial(&[6.198765, -19.558097, 23.186922, -12.234627, 2.423045], k)
            }
            _ => 0.0,
        };
    }
    Normality { statistic, p }
}

/// Where the ordered values are expected if normal, in standard deviations: the normal quantiles at
/// R's `ppoints`.
pub fn normal_scores(n: usize) -> Vec<f64> {
    (0..n)
        .map(|i| normal::quantile(plotting_position(i, n)))
        .collect()
}

/// The share of a population expected below the i-th (from 0) of `n` ordered values, as R's `ppoints`.
pub fn plotting_position(i: usize, n: usize) -> f64 {
    let a = if n <= 10 { 0.375 } else { 0.5 };
    (i as f64 + 1.0 - a) / (n as f64 + 1.0 - 2.0 * a)
}

/// c₀ + c₁ x + c₂ x² + …
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::descriptive::sorted;

    /// R 4.2: shapiro.test, and ad.test and lillie.test of nortest 1.0.
    #[track_caller]
    fn check(got: Normality, statistic: f64, p: f64) {
        let near = |a: f64, b: f64| (a - b).abs() <= 2e-11 * b.abs() + 1e-15;
        assert!(
            near(got.statistic, statistic),
            "{} is not {statistic}",
            got.statistic
        );
        assert!(near(got.p, p), "{} is not {p}", got.p);
    }

    const HEIGHTS: [f64; 15] = [
        58.0, 59.0, 60.0, 61.0, 62.0, 63.0, 64.0, 65.0, 66.0, 67.0, 68.0, 69.0, 70.0, 71.0, 72.0,
    ];
    const SKEWED: [f64; 12] = [0.1, 0.2, 0.2, 0.3, 0.5, 0.8, 1.3, 2.1, 3.4, 5.5, 8.9, 14.4];

    #[test]
    fn agrees_with_r() {
        check(
            shapiro_wilk(&HEIGHTS),
            0.9635934903654082,
            0.7545333054391109,
        );
        check(
            anderson_darling(&HEIGHTS),
            0.17586156092105298,
            0.90527325406787407,
        );
        check(
            lilliefors(&HEIGHTS),
            0.082165856153082362,
            0.99680242437303757,
        );
        check(
            shapiro_wilk(&SKEWED),
            0.73360417844619907,
            0.0018114291806377086,
        );
        check(
            anderson_darling(&SKEWED),
            1.306803714556624,
            0.0012152853008092371,
        );
        check(
            lilliefors(&SKEWED),
            0.25935634356275095,
            0.025084699541683096,
        );
        check(shapiro_wilk(&SKEWED[..3]), 0.75, 0.0);
        check(
            shapiro_wilk(&[0.1, 0.2, 0.3, 0.5]),
            0.97137366548270587,
            0.8499708188482642,
        );
        check(
            shapiro_wilk(&SKEWED[..8]),
            0.82734753741653555,
            0.055708581345718287,
        );
        check(
            anderson_darling(&SKEWED[..8]),
            0.61816231942037803,
            0.068477350406590282,
        );
        check(
            lilliefors(&SKEWED[..8]),
            0.23122078661077439,
            0.23617125571857933,
        );
        check(
            shapiro_wilk(&sorted(
                &(1..=300)
                    .map(|i| libm::sin(f64::from(i * i)))
                    .collect::<Vec<_>>(),
            )),
            0.89810807766344203,
            2.5173450459808791e-13,
        );
        check(
            anderson_darling(&sorted(
                &(1..=300)
                    .map(|i| libm::sin(f64::from(i * i)))
                    .collect::<Vec<_>>(),
            )),
            9.3328255006566678,
            1.1772940421288748e-22,
        );
        check(
            lilliefors(&sorted(
                &(1..=300)
                    .map(|i| libm::sin(f64::from(i * i)))
                    .collect::<Vec<_>>(),
            )),
            0.10438753228600262,
            2.2138633922487293e-08,
        );
    }

    /// nortest, whose pnorm has logarithms; most of it is the one value 44.7 SD away.
    #[test]
    fn a_value_far_out_keeps_the_statistic_finite() {
        let mut values: Vec<f64> = (1..2000)
            .map(|i| libm::sin(f64::from(i * i)))
            .chain([1e6])
            .collect();
        values.sort_by(f64::total_cmp);
        check(anderson_darling(&values), 772.246755881104, 3.7e-24);
        assert!((ln_cdf(-31.0) + 484.85396362717927).abs() < 1e-11);
        assert!((ln_cdf(-44.7) + 1_003.764_411_888_125_9).abs() < 1e-11);
    }

    #[test]
    fn too_few_or_constant_values_give_nan() {
        for test in [shapiro_wilk, anderson_darling, lilliefors] {
            assert!(test(&[]).p.is_nan());
            assert!(test(&[1.0, 2.0]).p.is_nan());
            assert!(test(&[3.0; 20]).p.is_nan());
        }
    }

    #[test]
    fn scores_are_symmetric() {
        let scores = normal_scores(7);
        assert_eq!(scores[3], 0.0);
        assert!((scores[0] + scores[6]).abs() < 1e-15);
    }
}
