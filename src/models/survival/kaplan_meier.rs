//! The product-limit estimator and the log-rank test, as `survfit` and `survdiff`.

use crate::stats::distributions::{chi_squared, normal};
use crate::stats::linalg::{Cholesky, Square};

/// How an interval of the survival share is made symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// On the scale of log S: the default of `survfit`.
    Log,
    /// On the scale of log(−log S).
    LogLog,
    /// On the scale of S, cut at 0 and 1.
    Plain,
}

/// One time of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub time: f64,
    pub at_risk: f64,
    pub events: f64,
    pub censored: f64,
    pub survival: f64,
    /// Greenwood's standard error of the survival share.
    pub standard_error: f64,
    pub low: f64,
    pub high: f64,
}

/// A survival curve.
#[derive(Clone, Debug)]
pub struct Curve {
    pub n: f64,
    pub events: f64,
    /// One for each different time, ascending.
    pub steps: Vec<Step>,
    /// The time at which half have had the event, with its interval; infinite where not reached.
    pub median: f64,
    pub median_low: f64,
    pub median_high: f64,
    /// Mean time up to the last one, with its standard error.
    pub restricted_mean: f64,
    pub restricted_mean_error: f64,
}

/// The log-rank test.
#[derive(Clone, Debug)]
pub struct LogRank {
    pub statistic: f64,
    pub df: usize,
    pub p: f64,
    /// Events seen and expected of each group.
    pub observed: Vec<f64>,
    pub expected: Vec<f64>,
}

/// The curve of rows with these times; `weights` are case weights.
pub fn kaplan_meier(
    times: &[f64],
    is_event: &[bool],
    weights: Option<&[f64]>,
    level: f64,
    interval: Interval,
) -> Curve {
    let weight = |i: u32| weights.map_or(1.0, |w| w[i as usize]);
    let order = ascending(times);
    let n: f64 = order.iter().map(|i| weight(*i)).sum();
    let z = normal::upper_quantile(0.5 * (1.0 - level));
    let (mut at_risk, mut survival, mut greenwood) = (n, 1.0, 0.0);
    let mut steps = Vec::new();
    for same in order.chunk_by(|a, b| times[*a as usize] == times[*b as usize]) {
        let events: f64 = same
            .iter()
            .filter(|i| is_event[**i as usize])
            .map(|i| weight(*i))
            .sum();
        let all: f64 = same.iter().map(|i| weight(*i)).sum();
        if events > 0.0 {
            let left = at_risk - events;
            survival *= (left / at_risk).max(0.0);
            greenwood += events / (at_risk * left);
        }
        let (low, high) = ends(survival, greenwood.sqrt(), z, interval);
        steps.push(Step {
            time: times[same[0] as usize],
            at_risk,
            events,
            censored: all - events,
            survival,
            standard_error: if survival > 0.0 {
                survival * greenwood.sqrt()
            } else {
                f64::NAN
            },
            low,
            high,
        });
        at_risk -= all;
    }
    let crossing = |of: fn(&Step) -> f64| crossing(&steps, of);
    let end = steps.last().map_or(f64::NAN, |s| s.time);
    let (restricted_mean, restricted_mean_error) = restricted_mean(&steps, end);
    Curve {
        n,
        events: steps.iter().map(|s| s.events).sum(),
        median: crossing(|s| s.survival),
        median_low: crossing(|s| s.low),
        median_high: crossing(|s| s.high),
        restricted_mean,
        restricted_mean_error,
        steps,
    }
}

/// Whether groups (codes from 0) have the same hazard at all times.
pub fn log_rank(
    times: &[f64],
    is_event: &[bool],
    groups: &[u32],
    n_groups: usize,
    weights: Option<&[f64]>,
) -> LogRank {
    let weight = |i: u32| weights.map_or(1.0, |w| w[i as usize]);
    let mut at_risk = vec![0.0; n_groups];
    let order = ascending(times);
    for &i in &order {
        at_risk[groups[i as usize] as usize] += weight(i);
    }
    let mut observed = vec![0.0; n_groups];
    let mut expected = vec![0.0; n_groups];
    let mut variance: Square<f64> = Square::zeros(n_groups);
    for same in order.chunk_by(|a, b| times[*a as usize] == times[*b as usize]) {
        let all: f64 = at_risk.iter().sum();
        let mut events = 0.0;
        for &i in same.iter().filter(|i| is_event[**i as usize]) {
            observed[groups[i as usize] as usize] += weight(i);
            events += weight(i);
        }
        if events > 0.0 {
            let spread = if all > 1.0 {
                events * (all - events) / (all - 1.0)
            } else {
                0.0
            };
            for a in 0..n_groups {
                let share = at_risk[a] / all;
                expected[a] += events * share;
                for (b, other) in at_risk.iter().enumerate() {
                    let own = if a == b { share } else { 0.0 };
                    *variance.at_mut(a, b) += spread * (own - share * other / all);
                }
            }
        }
        for &i in same {
            at_risk[groups[i as usize] as usize] -= weight(i);
        }
    }
    // One group follows from the others; groups that were never at risk of an event say nothing.
    let used: Vec<usize> = (0..n_groups).filter(|&g| expected[g] > 0.0).collect();
    let tested = &used[..used.len().saturating_sub(1)];
    let inner = variance.select(tested);
    let floor: Vec<f64> = (0..tested.len()).map(|j| 1e-12 * inner.at(j, j)).collect();
    let factor = Cholesky::with_rank(&inner, &floor);
    let miss: Vec<f64> = factor
        .kept
        .iter()
        .map(|&k| observed[tested[k]] - expected[tested[k]])
        .collect();
    let solved = factor.solve(&miss);
    let statistic: f64 = solved.iter().zip(&miss).map(|(s, m)| s * m).sum();
    let df = factor.kept.len();
    LogRank {
        statistic,
        df,
        p: if df > 0 {
            chi_squared::sf(statistic, df as f64)
        } else {
            f64::NAN
        },
        observed,
        expected,
    }
}

/// Positions by time.
fn ascending(times: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..times.len() as u32).collect();
    order.sort_by(|&a, &b| times[a as usize].total_cmp(&times[b as usize]));
    order
}

fn ends(survival: f64, error: f64, z: f64, interval: Interval) -> (f64, f64) {
    if survival <= 0.0 {
        return (f64::NAN, f64::NAN);
    }
    if error == 0.0 {
        return (1.0, 1.0);
    }
    match interval {
        Interval::Log => {
            let factor = libm::exp(z * error);
            (survival / factor, (survival * factor).min(1.0))
        }
        Interval::LogLog => {
            let log = libm::log(survival);
            let factor = libm::exp(z * error / log.abs());
            (libm::exp(log * factor), libm::exp(log / factor))
        }
        Interval::Plain => {
            let half = z * error * survival;
            ((survival - half).max(0.0), (survival + half).min(1.0))
        }
    }
}

/// The first time at which a curve is below one half; where it rests at one half, the middle of
/// that rest.
fn crossing(steps: &[Step], of: fn(&Step) -> f64) -> f64 {
    const HALF: f64 = 0.5;
    const NEAR: f64 = 1e-9;
    for (k, step) in steps.iter().enumerate() {
        let value = of(step);
        if (value - HALF).abs() < NEAR {
            let next = steps[k..].iter().find(|s| of(s) < HALF - NEAR);
            return next.map_or(step.time, |n| 0.5 * (step.time + n.time));
        }
        if value < HALF {
            return step.time;
        }
    }
    f64::INFINITY
}

impl Curve {
    /// The area under the curve up to `end`, with its standard error: the mean time that is spent without the
    /// event by then. Beyond the last time the curve goes on level.
    pub fn restricted_mean_to(&self, end: f64) -> (f64, f64) {
        restricted_mean(&self.steps, end)
    }
}

fn restricted_mean(steps: &[Step], end: f64) -> (f64, f64) {
    let steps = &steps[..steps.partition_point(|s| s.time <= end)];
    let (mut before, mut survival) = (0.0, 1.0);
    let mut pieces = Vec::with_capacity(steps.len() + 1);
    for step in steps {
        pieces.push((step.time - before) * survival);
        (before, survival) = (step.time, step.survival);
    }
    pieces.push((end - before) * survival);
    let mean: f64 = pieces.iter().sum();
    let (mut rest, mut variance) = (mean, 0.0);
    for (step, piece) in steps.iter().zip(&pieces) {
        rest -= piece;
        if step.events > 0.0 && step.at_risk > step.events {
            variance += rest * rest * step.events / (step.at_risk * (step.at_risk - step.events));
        }
    }
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: [f64; 6] = [1.0, 2.0, 2.0, 3.0, 4.0, 5.0];
    const EVENTS: [bool; 6] = [true, true, false, false, true, false];

    /// By hand: 5/6, then 4/5 of it, then half of what is left.
    #[test]
    fn a_small_curve() {
        let curve = kaplan_meier(&TIMES, &EVENTS, None, 0.95, Interval::Log);
        let survival: Vec<f64> = curve.steps.iter().map(|s| s.survival).collect();
        let expected = [5.0 / 6.0, 4.0 / 6.0, 4.0 / 6.0, 2.0 / 6.0, 2.0 / 6.0];
        for (got, expected) in survival.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-15);
        }
        assert_eq!((curve.median, curve.events), (4.0, 3.0));
        assert!(curve.median_high.is_infinite());
    }

    #[test]
    fn a_weight_of_two_is_two_rows() {
        let twice = |v: &[f64]| v.iter().chain(v).copied().collect::<Vec<f64>>();
        let events: Vec<bool> = EVENTS.iter().chain(&EVENTS).copied().collect();
        let long = kaplan_meier(&twice(&TIMES), &events, None, 0.9, Interval::LogLog);
        let weighted = kaplan_meier(&TIMES, &EVENTS, Some(&[2.0; 6]), 0.9, Interval::LogLog);
        assert_eq!(long.steps, weighted.steps);
    }

    #[test]
    fn groups_alike_do_not_differ() {
        let times: Vec<f64> = TIMES.iter().chain(&TIMES).copied().collect();
        let events: Vec<bool> = EVENTS.iter().chain(&EVENTS).copied().collect();
        let groups: Vec<u32> = (0..12).map(|i| i / 6).collect();
        let test = log_rank(&times, &events, &groups, 2, None);
        assert!(test.statistic.abs() < 1e-20 && test.df == 1);
        assert!((test.expected[0] - 3.0).abs() < 1e-12);
    }
}
