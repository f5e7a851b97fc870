//! Comparisons with the control, and what follows from them.

use super::Options;
use super::data::{Arms, Experiment, Metric};
use crate::msg;
use crate::report::{Arg, Msg};
use crate::spec::RunError;
use crate::stats::experiment::{
    Comparison, Estimate, ExperimentError, Summary, compare_means, compare_proportions,
    minimum_detectable_mean, minimum_detectable_proportion, sample_ratio_mismatch,
};

/// The power that a detectable difference is found with.
pub(super) const POWER: f64 = 0.8;

/// One variant against the control, judged.
pub(super) struct Judged {
    pub metric: usize,
    pub arm: usize,
    pub comparison: Comparison,
    pub p_adjusted: f64,
    pub verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Ship,
    Keep,
    Undecided,
}

/// Whether people were split as planned: Pearson's χ², and the shares that were planned.
pub(super) struct Split {
    pub statistic: f64,
    pub df: usize,
    pub p: f64,
    pub shares: Vec<f64>,
}

impl Experiment {
    /// Every variant against the control in every metric, p values corrected together.
    pub(super) fn judge(&self, options: &Options) -> Result<Vec<Judged>, RunError> {
        let mut judged = Vec::new();
        for (m, metric) in self.metrics.iter().enumerate() {
            for arm in 1..self.arms.len() {
                let comparison = metric
                    .compare(arm, options.level)
                    .map_err(|e| self.explain(e, metric))?;
                judged.push(Judged {
                    metric: m,
                    arm,
                    comparison,
                    p_adjusted: f64::NAN,
                    verdict: Verdict::Undecided,
                });
            }
        }
        let p: Vec<f64> = judged.iter().map(|j| j.comparison.p).collect();
        let adjusted = options.correction.adjust(&p);
        for (j, p_adjusted) in judged.iter_mut().zip(adjusted) {
            j.p_adjusted = p_adjusted;
            j.verdict = verdict(&j.comparison, p_adjusted, options);
        }
        Ok(judged)
    }

    pub(super) fn split(&self, options: &Options) -> Result<Option<Split>, RunError> {
        let planned = options.shares.trim();
        let shares: Vec<f64> = match planned {
            "" => vec![1.0; self.arms.len()],
            _ => {
                let read: Option<Vec<f64>> = planned
                    .split([':', '/', ',', ' '])
                    .filter(|s| !s.is_empty())
                    .map(|s| {
                        s.trim_end_matches('%')
                            .parse()
                            .ok()
                            .filter(|v: &f64| *v > 0.0 && v.is_finite())
                    })
                    .collect();
                read.filter(|s| s.len() == self.arms.len()).ok_or_else(|| {
                    RunError::option(
                        "shares",
                        msg!(
                            "experiment.ab_test.bad_shares",
                            "Give one share for each of the {n} groups, such as {example}.",
                            n = self.arms.len(),
                            example = vec!["1"; self.arms.len()].join(":")
                        ),
                    )
                })?
            }
        };
        let total: f64 = shares.iter().sum();
        let test = sample_ratio_mismatch(&self.sizes, &shares);
        Ok(test.ok().map(|t| Split {
            statistic: t.statistic,
            df: t.df,
            p: t.p,
            shares: shares.iter().map(|s| s / total).collect(),
        }))
    }

    pub(super) fn explain(&self, error: ExperimentError, metric: &Metric) -> RunError {
        let metric = Arg::from(metric.name.clone());
        RunError::Data(match error {
            ExperimentError::Counts | ExperimentError::Summary => msg!(
                "experiment.ab_test.empty_arm",
                "A group has too few values of {metric} to be compared.",
                metric = metric
            ),
            other => msg!(
                "experiment.ab_test.impossible",
                "{metric} cannot be compared: {reason}.",
                metric = metric,
                reason = other.to_string()
            ),
        })
    }
}

impl Metric {
    fn compare(&self, arm: usize, level: f64) -> Result<Comparison, ExperimentError> {
        let mut comparison = match &self.arms {
            Arms::Proportions(arms) => compare_proportions(arms[0], arms[arm], level),
            Arms::Means(arms) => compare_means(arms[0], arms[arm], level),
        }?;
        // Beside nothing or a loss, the sign of a ratio does not tell better from worse.
        if self.value(0) <= 0.0 {
            comparison.lift = Estimate {
                value: f64::NAN,
                standard_error: f64::NAN,
                lower: f64::NAN,
                upper: f64::NAN,
            };
        }
        Ok(comparison)
    }

    /// The least difference that a test of this size finds with a power of 80%.
    pub(super) fn detectable(&self, arm: usize, level: f64) -> Option<f64> {
        let alpha = 1.0 - level;
        match &self.arms {
            Arms::Proportions(arms) => {
                let control = (
                    arms[0].successes as f64 / arms[0].n as f64,
                    arms[0].n as f64,
                );
                minimum_detectable_proportion(control, arms[arm].n as f64, alpha, POWER)
                    .map(|share| share - control.0)
            }
            Arms::Means(arms) => {
                let square = |a: &Summary| a.sd * a.sd / a.n as f64;
                Some(minimum_detectable_mean(
                    (square(&arms[0]) + square(&arms[arm])).sqrt(),
                    alpha,
                    POWER,
                ))
            }
        }
    }
}

impl Verdict {
    pub(super) fn name(self) -> Msg {
        match self {
            Verdict::Ship => msg!("experiment.ab_test.ship", "ship"),
            Verdict::Keep => msg!("experiment.ab_test.keep_control", "keep the control"),
            Verdict::Undecided => msg!("experiment.ab_test.not_decided", "undecided"),
        }
    }
}

/// The largest p that counts as sure, without the last digits of a subtraction.
pub(super) fn alpha(options: &Options) -> f64 {
    ((1.0 - options.level) * 1e9).round() / 1e9
}

fn verdict(c: &Comparison, p_adjusted: f64, options: &Options) -> Verdict {
    let sure = p_adjusted < 1.0 - options.level;
    // Without a relative lift any sure difference decides.
    let (low, high, least) = if c.lift.lower.is_finite() {
        (c.lift.lower, c.lift.upper, options.worthwhile / 100.0)
    } else {
        (c.difference.lower, c.difference.upper, 0.0)
    };
    if sure && low > least {
        Verdict::Ship
    } else if (sure && c.difference.value < 0.0) || (least > 0.0 && high < least) {
        Verdict::Keep
    } else {
        Verdict::Undecided
    }
}
