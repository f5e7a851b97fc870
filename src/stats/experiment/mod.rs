//! Randomised experiments from their summaries: differences between arms, relative lift, whether
//! the split went as planned, chances to be best, and power.

mod bayes;
mod power;

use std::fmt;

use super::distributions::{chi_squared, normal, student_t};

pub use bayes::{ArmChance, beta_binomial, normal_posterior};
pub use power::{
    mean_power, minimum_detectable_mean, minimum_detectable_proportion, proportion_power,
};

/// Successes among the units of one arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proportion {
    pub n: u64,
    pub successes: u64,
}

/// A measure of one arm: units, their mean, and standard deviation with denominator n − 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    pub n: u64,
    pub mean: f64,
    pub sd: f64,
}

/// Why an experiment cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExperimentError {
    /// An arm without units, or with more successes than units.
    Counts,
    /// An arm of fewer than two units, or a mean or sd that is no number, or a negative sd.
    Summary,
    /// A sd of zero, which leaves no uncertainty to weigh.
    NoSpread,
    /// Fewer than two arms.
    TooFewArms,
    /// Planned shares that are not positive, or not one for each arm.
    Shares,
    /// Prior parameters that are not positive.
    Prior,
}

impl fmt::Display for ExperimentError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Counts => "each arm needs at least one unit, and no more successes than units",
            Self::Summary => "each arm needs two units or more, a mean, and a sd not below zero",
            Self::NoSpread => "each arm needs a sd above zero",
            Self::TooFewArms => "there must be two arms or more",
            Self::Shares => "there must be one planned share for each arm, all above zero",
            Self::Prior => "both parameters of the prior must be above zero",
        })
    }
}

impl std::error::Error for ExperimentError {}

/// An estimate, its standard error and its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub standard_error: f64,
    pub lower: f64,
    pub upper: f64,
}

/// A variant against the control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Variant less control.
    pub difference: Estimate,
    /// variant / control − 1, by the delta method; NaN where the control is zero.
    pub lift: Estimate,
    /// z of two proportions, Welch's t of two means.
    pub statistic: f64,
    /// Welch's degrees of freedom; infinite for proportions.
    pub df: f64,
    /// Two-sided.
    pub p: f64,
}

/// The two-proportion z test, with intervals at `level`.
///
/// As R's `prop.test(correct = FALSE)`: the test pools the proportions for its standard error
/// (z² is R's X-squared), the interval of the difference does not and ends at −1 and 1.
/// Equal arms without any spread give z = NaN.
///
/// # Errors
/// [`ExperimentError::Counts`].
pub fn compare_proportions(
    control: Proportion,
    variant: Proportion,
    level: f64,
) -> Result<Comparison, ExperimentError> {
    let (share_c, variance_c) = control.share_and_variance()?;
    let (share_v, variance_v) = variant.share_and_variance()?;
    let (n_c, n_v) = (control.n as f64, variant.n as f64);
    let pooled = (control.successes + variant.successes) as f64 / (n_c + n_v);
    let pooled_error = (pooled * (1.0 - pooled) * (1.0 / n_c + 1.0 / n_v)).sqrt();
    let statistic = (share_v - share_c) / pooled_error;
    let reach = normal::upper_quantile(0.5 * (1.0 - level));
    let mut difference = estimate(
        share_v - share_c,
        (variance_c / n_c + variance_v / n_v).sqrt(),
        reach,
    );
    difference.lower = difference.lower.max(-1.0);
    difference.upper = difference.upper.min(1.0);
    Ok(Comparison {
        difference,
        lift: lift(
            (share_c, variance_c / n_c),
            (share_v, variance_v / n_v),
            reach,
        ),
        statistic,
        df: f64::INFINITY,
        p: normal::two_sided_p(statistic),
    })
}

/// Welch's t test from summaries, with intervals at `level`; both intervals reach out by the
/// quantile of t with Welch's degrees of freedom. Two arms without spread give t = NaN or ±∞.
///
/// # Errors
/// [`ExperimentError::Summary`].
pub fn compare_means(
    control: Summary,
    variant: Summary,
    level: f64,
) -> Result<Comparison, ExperimentError> {
    let square_c = control.squared_error()?;
    let square_v = variant.squared_error()?;
    let square = square_c + square_v;
    let standard_error = square.sqrt();
    let statistic = (variant.mean - control.mean) / standard_error;
    let share = |square: f64, n: u64| square * square / (n - 1) as f64;
    let df = square * square / (share(square_c, control.n) + share(square_v, variant.n));
    let reach = student_t::upper_quantile(0.5 * (1.0 - level), df);
    Ok(Comparison {
        difference: estimate(variant.mean - control.mean, standard_error, reach),
        lift: lift((control.mean, square_c), (variant.mean, square_v), reach),
        statistic,
        df,
        p: student_t::two_sided_p(statistic, df),
    })
}

/// A chi-squared test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquaredTest {
    pub statistic: f64,
    pub df: usize,
    pub p: f64,
}

/// Pearson's test that units fell to the arms in the planned shares, as R's
/// `chisq.test(counts, p = shares, rescale.p = TRUE)`. A small p tells of a sample ratio mismatch,
/// a fault in the assignment that no result should be read over.
///
/// # Errors
/// [`ExperimentError::TooFewArms`], `Shares`, or `Counts` when no arm has a unit.
pub fn sample_ratio_mismatch(
    counts: &[u64],
    shares: &[f64],
) -> Result<ChiSquaredTest, ExperimentError> {
    if counts.len() < 2 {
        return Err(ExperimentError::TooFewArms);
    }
    let legal = shares.iter().all(|s| s.is_finite() && *s > 0.0);
    if shares.len() != counts.len() || !legal {
        return Err(ExperimentError::Shares);
    }
    let n = counts.iter().sum::<u64>() as f64;
    if n == 0.0 {
        return Err(ExperimentError::Counts);
    }
    let whole: f64 = shares.iter().sum();
    let part = |(&count, share): (&u64, &f64)| {
        let expected = n * share / whole;
        (count as f64 - expected) * (count as f64 - expected) / expected
    };
    let statistic = counts.iter().zip(shares).map(part).sum();
    let df = counts.len() - 1;
    Ok(ChiSquaredTest {
        statistic,
        df,
        p: chi_squared::sf(statistic, df as f64),
    })
}

impl Proportion {
    /// p and p (1 − p).
    fn share_and_variance(self) -> Result<(f64, f64), ExperimentError> {
        if self.n == 0 || self.successes > self.n {
            return Err(ExperimentError::Counts);
        }
        let n = self.n as f64;
        let share = self.successes as f64 / n;
        Ok((share, share * ((self.n - self.successes) as f64 / n)))
    }
}

impl Summary {
    /// Square of the mean's standard error.
    fn squared_error(self) -> Result<f64, ExperimentError> {
        let legal = self.n >= 2 && self.mean.is_finite() && self.sd.is_finite() && self.sd >= 0.0;
        if !legal {
            return Err(ExperimentError::Summary);
        }
        Ok(self.sd * self.sd / self.n as f64)
    }
}

fn estimate(value: f64, standard_error: f64, reach: f64) -> Estimate {
    Estimate {
        value,
        standard_error,
        lower: value - reach * standard_error,
        upper: value + reach * standard_error,
    }
}

/// m_v / m_c − 1 with se² = s_v² / (n_v m_c²) + m_v² s_c² / (n_c m_c⁴), the delta method's for
/// independent arms. Arms are given as mean and squared standard error.
fn lift(control: (f64, f64), variant: (f64, f64), reach: f64) -> Estimate {
    let (mean_c, square_c) = control;
    let (mean_v, square_v) = variant;
    if mean_c == 0.0 {
        return estimate(f64::NAN, f64::NAN, reach);
    }
    let ratio = mean_v / mean_c;
    let standard_error = (square_v + ratio * ratio * square_c).sqrt() / mean_c.abs();
    estimate((mean_v - mean_c) / mean_c, standard_error, reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let error = (got - expected).abs() / expected.abs().max(1e-300);
        assert!(
            error <= 1e-12,
            "{got:e} is not {expected:e}, off by {error:.1e}"
        );
    }

    /// R 4.6: t <- prop.test(c(x_v, x_c), c(n_v, n_c), correct = FALSE); sqrt(t$statistic),
    /// t$p.value, t$conf.int. Lift: (p_v/p_c - 1) -/+ qnorm(.975) * sqrt(p_v*(1-p_v)/(n_v*p_c^2) +
    /// p_v^2*p_c*(1-p_c)/(n_c*p_c^4)).
    #[test]
    fn proportions_agree_with_r() {
        let check_all = |c: (u64, u64), v: (u64, u64), expected: [f64; 6]| {
            let arm = |(successes, n)| Proportion { n, successes };
            let got = compare_proportions(arm(c), arm(v), 0.95).unwrap();
            check(got.statistic * got.statistic, expected[0]);
            check(got.p, expected[1]);
            check(got.difference.lower, expected[2]);
            check(got.difference.upper, expected[3]);
            check(got.lift.lower, expected[4]);
            check(got.lift.upper, expected[5]);
        };
        check_all(
            (120, 1000),
            (150, 1000),
            [
                3.8535645472061657,
                0.04964038686536882,
                7.602882129779248e-05,
                0.059923971178702205,
                -0.02933784615649443,
                0.5293378461564944,
            ],
        );
        check_all(
            (3, 20),
            (11, 25),
            [
                4.360023041474654,
                0.03679180763496943,
                0.040298742256499015,
                0.5397012577435011,
                -1.39050808095138,
                5.257174747618047,
            ],
        );
        check_all(
            (45120, 1500000),
            (46003, 1500000),
            [
                8.824483486211873,
                0.002972155078813247,
                0.00020027290165923386,
                0.000977060431674102,
                0.006532238103030118,
                0.03260783281895567,
            ],
        );
        check_all(
            (9, 10),
            (10, 10),
            [
                1.0526315789473675,
                0.30490178817878866,
                -0.08593850969136843,
                0.28593850969136836,
                -0.11844260455724487,
                0.3406648267794672,
            ],
        );
        check_all(
            (500, 10000),
            (900, 12000),
            [
                57.21220527045769,
                3.9123567017969194e-14,
                0.018639546933949196,
                0.03136045306605079,
                0.3409226289464067,
                0.6590773710535929,
            ],
        );
    }

    /// R 4.6: x and y made to have the mean and sd, t.test(y, x); the lift as for proportions with
    /// qt(.975, t$parameter).
    #[test]
    fn means_agree_with_r() {
        let check_all = |c: (u64, f64, f64), v: (u64, f64, f64), expected: [f64; 7]| {
            let arm = |(n, mean, sd)| Summary { n, mean, sd };
            let got = compare_means(arm(c), arm(v), 0.95).unwrap();
            check(got.statistic, expected[0]);
            check(got.df, expected[1]);
            check(got.p, expected[2]);
            check(got.difference.lower, expected[3]);
            check(got.difference.upper, expected[4]);
            check(got.lift.lower, expected[5]);
            check(got.lift.upper, expected[6]);
        };
        check_all(
            (10, 5.2, 1.1),
            (12, 6.4, 2.3),
            [
                1.60094899177976,
                16.360772825003025,
                0.1285182134199377,
                -0.38614356136467337,
                2.786143561364674,
                -0.09072307760144999,
                0.5522615391399117,
            ],
        );
        check_all(
            (400, 100.0, 25.0),
            (380, 104.0, 31.0),
            [
                1.9775228339850601,
                728.0235889080791,
                0.048359323009984356,
                0.02891498098782088,
                7.971085019012179,
                -0.0003248494400921939,
                0.08032484944009227,
            ],
        );
        check_all(
            (50000, 12.34, 88.1),
            (50100, 13.9, 91.7),
            [
                2.744564121809649,
                99953.42403108964,
                0.006060212954949852,
                0.4459502983727097,
                2.674049701627281,
                0.030485226515373054,
                0.22235107818478922,
            ],
        );
        check_all(
            (7, -3.0, 2.0),
            (5, 4.0, 9.0),
            [
                1.7092792148775067,
                4.283610648659905,
                0.15782107838269396,
                -4.079528974880693,
                18.079528974880695,
                -6.0751244511497084,
                1.4084577844830424,
            ],
        );
    }

    /// R 4.6: chisq.test(counts, p = shares, rescale.p = TRUE)
    #[test]
    fn sample_ratio_agrees_with_r() {
        let check_all = |counts: &[u64], shares: &[f64], statistic: f64, p: f64| {
            let got = sample_ratio_mismatch(counts, shares).unwrap();
            check(got.statistic, statistic);
            check(got.p, p);
        };
        check_all(&[5021, 4979], &[0.5, 0.5], 0.1764, 0.6744854536964989);
        check_all(
            &[100, 200, 150],
            &[1.0, 2.0, 1.0],
            16.666666666666668,
            0.00024036947641951407,
        );
        check_all(
            &[821588, 815482],
            &[1.0, 1.0],
            22.77436884189436,
            1.8217928726191858e-06,
        );
    }

    #[test]
    fn bad_input_is_named() {
        let arm = |successes, n| Proportion { n, successes };
        let counts = Err(ExperimentError::Counts);
        assert_eq!(compare_proportions(arm(1, 0), arm(1, 2), 0.95), counts);
        assert_eq!(compare_proportions(arm(1, 2), arm(3, 2), 0.95), counts);
        assert_eq!(
            sample_ratio_mismatch(&[3], &[1.0]),
            Err(ExperimentError::TooFewArms)
        );
        assert_eq!(
            sample_ratio_mismatch(&[3, 4], &[1.0]),
            Err(ExperimentError::Shares)
        );
        assert_eq!(
            sample_ratio_mismatch(&[3, 4], &[1.0, 0.0]),
            Err(ExperimentError::Shares)
        );
        let one = Summary {
            n: 1,
            mean: 2.0,
            sd: 1.0,
        };
        assert_eq!(compare_means(one, one, 0.95), Err(ExperimentError::Summary));
        let zero = compare_proportions(arm(0, 10), arm(5, 10), 0.95).unwrap();
        assert!(zero.lift.value.is_nan() && zero.difference.value == 0.5);
    }
}
