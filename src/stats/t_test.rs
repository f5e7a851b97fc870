//! Student's and Welch's t tests from summaries, with standardised effect sizes.

use super::descriptive::Moments;
use super::distributions::{discrete::ln_gamma_positive, noncentral_t, student_t};
use super::survey::Mean;

/// A sample as t tests need it. `n` is a sum of weights where these count rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub n: f64,
    pub mean: f64,
    /// With denominator n − 1.
    pub variance: f64,
    /// Of the mean, as it is estimated.
    pub mean_variance: f64,
}

/// Which differences count against the null hypothesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternative {
    TwoSided,
    Greater,
    Less,
}

/// An estimated difference, to be held against a null value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    pub estimate: f64,
    pub standard_error: f64,
    pub df: f64,
    /// What the difference is divided by for the effect size.
    pub sd: f64,
    /// Effect size over noncentrality: √(1/n) or √(1/n₁ + 1/n₂), or its like for unequal variances.
    pub effect_scale: f64,
    /// Degrees of freedom of `sd`, for the correction of bias.
    pub sd_df: f64,
}

/// A t test's outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TTest {
    pub t: f64,
    pub df: f64,
    pub p: f64,
}

/// An estimate and its interval; one-sided intervals reach to infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Sample {
    /// Of values without NaN.
    pub fn of(values: &[f64]) -> Self {
        let m = Moments::of(values);
        let (n, variance) = (m.n as f64, m.variance());
        Self {
            n,
            mean: m.mean,
            variance,
            mean_variance: variance / n,
        }
    }

    /// As if each value stood there as often as its weight says; weights need not be whole.
    pub fn of_weighted(values: &[f64], weights: &[f64]) -> Self {
        let n: f64 = weights.iter().sum();
        let first = values.iter().zip(weights).map(|(x, w)| w * x).sum::<f64>() / n;
        let (mut off, mut squares) = (0.0, 0.0);
        for (x, w) in values.iter().zip(weights) {
            let d = x - first;
            off += w * d;
            squares += w * d * d;
        }
        let variance = (squares - off * off / n) / (n - 1.0);
        Self {
            n,
            mean: first + off / n,
            variance,
            mean_variance: variance / n,
        }
    }

    /// Of rows drawn from a population with chances in inverse proportion to their weights: `n` is the
    /// number of them, the variance that of `survey::svyvar`, the mean's linearised as one of `n_all`
    /// rows drawn together ([`crate::stats::survey`]).
    pub fn of_sampled(values: &[f64], weights: &[f64], n_all: usize) -> Self {
        let mean = Mean::of(values, weights);
        let (n, all) = (mean.n as f64, n_all as f64);
        let rows = values.iter().zip(weights);
        let squares = rows.map(|(x, w)| w * (x - mean.value) * (x - mean.value));
        let alone = mean.standard_error * mean.standard_error;
        Self {
            n,
            mean: mean.value,
            variance: squares.sum::<f64>() / mean.population * n / (n - 1.0),
            mean_variance: alone * (n - 1.0) / n * all / (all - 1.0),
        }
    }

    pub fn sd(&self) -> f64 {
        self.variance.sqrt()
    }

    pub fn standard_error(&self) -> f64 {
        self.mean_variance.sqrt()
    }
}

impl Difference {
    /// A mean against `null`; the estimate is the mean itself.
    pub fn of_one(sample: &Sample) -> Self {
        Self {
            estimate: sample.mean,
            standard_error: sample.standard_error(),
            df: sample.n - 1.0,
            sd: sample.sd(),
            effect_scale: (1.0 / sample.n).sqrt(),
            sd_df: sample.n - 1.0,
        }
    }

    /// First less second, one variance for both (Student).
    pub fn of_two_pooled(a: &Sample, b: &Sample) -> Self {
        let df = a.n + b.n - 2.0;
        let variance = ((a.n - 1.0) * a.variance + (b.n - 1.0) * b.variance) / df;
        let scale = (1.0 / a.n + 1.0 / b.n).sqrt();
        Self {
            estimate: a.mean - b.mean,
            standard_error: variance.sqrt() * scale,
            df,
            sd: variance.sqrt(),
            effect_scale: scale,
            sd_df: df,
        }
    }

    /// First less second, each with its own variance (Welch 1947, df by Satterthwaite). The effect
    /// size divides by the root of the mean variance (Delacre et al. 2021).
    pub fn of_two(a: &Sample, b: &Sample) -> Self {
        let (va, vb) = (a.mean_variance, b.mean_variance);
        let square = (va + vb) * (va + vb);
        let df = square / (va * va / (a.n - 1.0) + vb * vb / (b.n - 1.0));
        let sum = a.variance + b.variance;
        Self {
            estimate: a.mean - b.mean,
            standard_error: (va + vb).sqrt(),
            df,
            sd: (0.5 * sum).sqrt(),
            effect_scale: (2.0 * (b.n * a.variance + a.n * b.variance) / (a.n * b.n * sum)).sqrt(),
            sd_df: df,
        }
    }

    /// Of one sample its mean, of two the first's less the second's, by what each mean's variance is: a
    /// design-based test, with as many degrees of freedom as `survey::svyglm` leaves. The effect size
    /// divides by the root of the mean variance.
    pub fn of_sampled(samples: &[Sample]) -> Self {
        let sum = |of: fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>();
        let k = samples.len() as f64;
        let standard_error = sum(|s| s.mean_variance).sqrt();
        let sd = (sum(|s| s.variance) / k).sqrt();
        let df = sum(|s| s.n) - k;
        Self {
            estimate: samples[0].mean - samples.get(1).map_or(0.0, |s| s.mean),
            standard_error,
            df,
            sd,
            effect_scale: standard_error / sd,
            sd_df: df,
        }
    }

    pub fn test(&self, null: f64, alternative: Alternative) -> TTest {
        let t = (self.estimate - null) / self.standard_error;
        let p = match alternative {
            Alternative::TwoSided => student_t::two_sided_p(t, self.df),
            Alternative::Greater => student_t::sf(t, self.df),
            Alternative::Less => student_t::cdf(t, self.df),
        };
        TTest { t, df: self.df, p }
    }

    /// An interval of the difference; one-sided when the alternative is.
    pub fn interval(&self, level: f64, alternative: Alternative) -> Estimate {
        let reach = |alpha: f64| student_t::upper_quantile(alpha, self.df) * self.standard_error;
        let value = self.estimate;
        let (low, high) = match alternative {
            Alternative::TwoSided => {
                let reach = reach(0.5 * (1.0 - level));
                (value - reach, value + reach)
            }
            Alternative::Greater => (value - reach(1.0 - level), f64::INFINITY),
            Alternative::Less => (f64::NEG_INFINITY, value + reach(1.0 - level)),
        };
        Estimate { value, low, high }
    }

    /// The difference from `null` in standard deviations (Cohen's d), its interval from the
    /// noncentral t distribution.
    pub fn cohens_d(&self, null: f64, level: f64, alternative: Alternative) -> Estimate {
        let t = (self.estimate - null) / self.standard_error;
        let scale = self.effect_scale;
        let low = |alpha| noncentral_t::ncp_below(t, self.df, alpha) * scale;
        let high = |alpha| -noncentral_t::ncp_below(-t, self.df, alpha) * scale;
        let (low, high) = match alternative {
            Alternative::TwoSided => {
                let alpha = 0.5 * (1.0 - level);
                (low(alpha), high(alpha))
            }
            Alternative::Greater => (low(1.0 - level), f64::INFINITY),
            Alternative::Less => (f64::NEG_INFINITY, high(1.0 - level)),
        };
        Estimate {
            value: (self.estimate - null) / self.sd,
            low,
            high,
        }
    }

    /// Cohen's d times J, which takes out its bias (Hedges 1981).
    pub fn hedges_g(&self, null: f64, level: f64, alternative: Alternative) -> Estimate {
        let d = self.cohens_d(null, level, alternative);
        let j = bias_correction(self.sd_df);
        Estimate {
            value: d.value * j,
            low: d.low * j,
            high: d.high * j,
        }
    }
}

/// Hedges's J = Γ(df/2) / (√(df/2) Γ((df − 1)/2)).
pub fn bias_correction(df: f64) -> f64 {
    if !(df > 1.0) {
        return f64::NAN;
    }
    let half = 0.5 * df;
    libm::exp(ln_gamma_positive(half) - ln_gamma_positive(half - 0.5)) / half.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let same = (got - expected).abs() <= 1e-11 * expected.abs() || got == expected;
        assert!(same, "{got} is not {expected}");
    }

    const A: [f64; 7] = [5.1, 4.9, 6.2, 5.8, 6.0, 5.5, 5.3];
    const B: [f64; 5] = [6.8, 7.9, 5.9, 8.4, 6.1];

    /// R 4.2: t.test, and the noncentralities with pt(…, ncp) at the ends by uniroot to 1e-14.
    #[test]
    fn agrees_with_r() {
        let (a, b) = (Sample::of(&A), Sample::of(&B));
        let one = Difference::of_one(&a);
        check(one.test(5.2, Alternative::TwoSided).t, 1.8934260589375793);
        check(one.df, 6.0);
        check(one.test(5.2, Alternative::TwoSided).p, 0.10714195937133136);
        check(
            one.interval(0.9, Alternative::TwoSided).low,
            5.1909906224356126,
        );
        check(
            one.interval(0.9, Alternative::TwoSided).high,
            5.8947236632786728,
        );
        check(
            one.cohens_d(5.2, 0.9, Alternative::TwoSided).value,
            0.7156477825482801,
        );
        check(
            one.cohens_d(5.2, 0.9, Alternative::TwoSided).low,
            -0.014170650882483104,
        );
        check(
            one.cohens_d(5.2, 0.9, Alternative::TwoSided).high,
            1.3954982930360025,
        );
        check(
            one.hedges_g(5.2, 0.9, Alternative::TwoSided).value,
            0.62163076300594544,
        );
        let pooled = Difference::of_two_pooled(&a, &b);
        check(pooled.test(-0.5, Alternative::Less).t, -2.1184858552310164);
        check(pooled.df, 10.0);
        check(pooled.test(-0.5, Alternative::Less).p, 0.030088384950315478);
        check(
            pooled.interval(0.9, Alternative::Less).low,
            f64::NEG_INFINITY,
        );
        check(
            pooled.interval(0.9, Alternative::Less).high,
            -0.84422881606561417,
        );
        check(
            pooled.cohens_d(-0.5, 0.9, Alternative::TwoSided).value,
            -1.2404583003962308,
        );
        check(
            pooled.cohens_d(-0.5, 0.9, Alternative::TwoSided).low,
            -2.2763709096696476,
        );
        check(
            pooled.cohens_d(-0.5, 0.9, Alternative::TwoSided).high,
            -0.15005012290931655,
        );
        check(
            pooled.hedges_g(-0.5, 0.9, Alternative::TwoSided).value,
            -1.144627448663619,
        );
        let welch = Difference::of_two(&a, &b);
        check(welch.test(0.0, Alternative::Greater).t, -2.8209630220050275);
        check(welch.df, 5.097729469617251);
        check(welch.test(0.0, Alternative::Greater).p, 0.98186396882167259);
        check(
            welch.interval(0.9, Alternative::Greater).low,
            -2.2477415745652167,
        );
        check(
            welch.interval(0.9, Alternative::Greater).high,
            f64::INFINITY,
        );
        check(
            welch.cohens_d(0.0, 0.9, Alternative::TwoSided).value,
            -1.7429345633933369,
        );
        check(
            welch.cohens_d(0.0, 0.9, Alternative::TwoSided).low,
            -3.0229311780775561,
        );
        check(
            welch.cohens_d(0.0, 0.9, Alternative::TwoSided).high,
            -0.34308565244622852,
        );
        check(
            welch.hedges_g(0.0, 0.9, Alternative::TwoSided).value,
            -1.4710082348968592,
        );
    }

    #[test]
    fn weights_are_copies() {
        let weighted = Sample::of_weighted(&[1.0, 4.0, 9.0], &[2.0, 1.0, 3.0]);
        let copied = Sample::of(&[1.0, 1.0, 4.0, 9.0, 9.0, 9.0]);
        check(weighted.n, copied.n);
        check(weighted.mean, copied.mean);
        check(weighted.variance, copied.variance);
    }
}
