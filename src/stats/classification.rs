//! How well scores tell events from the rest: ROC and precision–recall curves, the area under
//! them, calibration, and what a cutoff gives.
//!
//! A case weight of 2 counts as two rows throughout.

use super::distributions::{chi_squared, normal};

/// Events and non-events at or above each distinct score, from the highest score down.
#[derive(Clone, Debug)]
pub struct Ranking {
    pub thresholds: Vec<f64>,
    /// Weight of events with a score of at least the threshold.
    pub true_positives: Vec<f64>,
    /// Weight of non-events with a score of at least the threshold.
    pub false_positives: Vec<f64>,
    pub positives: f64,
    pub negatives: f64,
}

/// An area under the ROC curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub auc: f64,
    pub standard_error: f64,
}

/// What a cutoff gives: rows with a score of at least `cutoff` count as events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cutoff {
    pub cutoff: f64,
    pub true_positives: f64,
    pub false_positives: f64,
    pub false_negatives: f64,
    pub true_negatives: f64,
}

/// A group of rows of like scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationBin {
    pub n: f64,
    pub mean_score: f64,
    pub events: f64,
    pub observed: f64,
    /// Wilson's 95% interval of the observed share.
    pub low: f64,
    pub high: f64,
}

/// Hosmer and Lemeshow's test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HosmerLemeshow {
    pub statistic: f64,
    pub df: usize,
    pub p: f64,
}

impl Ranking {
    /// Of finite scores; `None` without an event or without a non-event.
    pub fn new(scores: &[f64], is_event: &[bool], weights: Option<&[f64]>) -> Option<Self> {
        let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
        let mut order: Vec<(u64, u32)> = (0..scores.len())
            .map(|i| (descending(scores[i]), i as u32))
            .collect();
        order.sort_unstable();
        let mut ranking = Self {
            thresholds: Vec::new(),
            true_positives: Vec::new(),
            false_positives: Vec::new(),
            positives: 0.0,
            negatives: 0.0,
        };
        for ties in order.chunk_by(|a, b| a.0 == b.0) {
            for &(_, i) in ties {
                let i = i as usize;
                if is_event[i] {
                    ranking.positives += weight(i);
                } else {
                    ranking.negatives += weight(i);
                }
            }
            ranking.thresholds.push(scores[ties[0].1 as usize]);
            ranking.true_positives.push(ranking.positives);
            ranking.false_positives.push(ranking.negatives);
        }
        (ranking.positives > 0.0 && ranking.negatives > 0.0).then_some(ranking)
    }

    /// The chance that an event scores above a non-event, ties counting half, with DeLong,
    /// DeLong and Clarke-Pearson's (1988) standard error.
    pub fn area(&self) -> Area {
        let (m, n) = (self.positives, self.negatives);
        let (mut auc, mut tp_before, mut fp_before) = (0.0, 0.0, 0.0);
        let steps = || self.true_positives.iter().zip(&self.false_positives);
        for (&tp, &fp) in steps() {
            auc += (tp - tp_before) * (n - 0.5 * (fp + fp_before));
            (tp_before, fp_before) = (tp, fp);
        }
        auc /= m * n;
        let (mut of_events, mut of_others) = (0.0, 0.0);
        (tp_before, fp_before) = (0.0, 0.0);
        for (&tp, &fp) in steps() {
            let event = (n - 0.5 * (fp + fp_before)) / n - auc;
            let other = 0.5 * (tp + tp_before) / m - auc;
            of_events += (tp - tp_before) * event * event;
            of_others += (fp - fp_before) * other * other;
            (tp_before, fp_before) = (tp, fp);
        }
        let variance = of_events / (m - 1.0) / m + of_others / (n - 1.0) / n;
        Area {
            auc,
            standard_error: variance.sqrt(),
        }
    }

    /// Average precision Σ (Rₖ − Rₖ₋₁) Pₖ, as scikit-learn's `average_precision_score`.
    pub fn average_precision(&self) -> f64 {
        let mut before = 0.0;
        let mut sum = 0.0;
        for (&tp, &fp) in self.true_positives.iter().zip(&self.false_positives) {
            sum += (tp - before) / self.positives * (tp / (tp + fp));
            before = tp;
        }
        sum
    }

    pub fn at(&self, cutoff: f64) -> Cutoff {
        let above = self.thresholds.partition_point(|t| *t >= cutoff);
        let (tp, fp) = match above {
            0 => (0.0, 0.0),
            k => (self.true_positives[k - 1], self.false_positives[k - 1]),
        };
        Cutoff {
            cutoff,
            true_positives: tp,
            false_positives: fp,
            false_negatives: self.positives - tp,
            true_negatives: self.negatives - fp,
        }
    }

    /// The cutoff with the largest sensitivity + specificity (Youden 1950); the highest of equals.
    pub fn youden(&self) -> Cutoff {
        let score = |k: usize| {
            self.true_positives[k] / self.positives - self.false_positives[k] / self.negatives
        };
        let mut best = 0;
        for k in 1..self.thresholds.len() {
            if score(k) > score(best) + 1e-12 {
                best = k;
            }
        }
        self.at(self.thresholds[best])
    }
}

impl Cutoff {
    pub fn sensitivity(&self) -> f64 {
        self.true_positives / (self.true_positives + self.false_negatives)
    }
    pub fn specificity(&self) -> f64 {
        self.true_negatives / (self.true_negatives + self.false_positives)
    }
    /// NaN when no row is above the cutoff.
    pub fn precision(&self) -> f64 {
        self.true_positives / (self.true_positives + self.false_positives)
    }
    pub fn negative_predictive_value(&self) -> f64 {
        self.true_negatives / (self.true_negatives + self.false_negatives)
    }
    pub fn accuracy(&self) -> f64 {
        let right = self.true_positives + self.true_negatives;
        right / (right + self.false_positives + self.false_negatives)
    }
    pub fn f1(&self) -> f64 {
        2.0 * self.true_positives
            / (2.0 * self.true_positives + self.false_positives + self.false_negatives)
    }
}

/// Mean squared difference between score and event (Brier 1950).
pub fn brier(scores: &[f64], is_event: &[bool], weights: Option<&[f64]>) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (i, (p, event)) in scores.iter().zip(is_event).enumerate() {
        let w = weights.map_or(1.0, |w| w[i]);
        let miss = p - f64::from(u8::from(*event));
        sum += w * miss * miss;
        total += w;
    }
    sum / total
}

/// Groups of about equal weight between quantiles of the scores; equal scores stay together.
/// Without weights the bounds are quantiles of type 7 at k / `n_bins`, as
/// `cut(p, quantile(p, 0:10/10), include.lowest = TRUE)` in R.
pub fn calibration(
    scores: &[f64],
    is_event: &[bool],
    weights: Option<&[f64]>,
    n_bins: usize,
) -> Vec<CalibrationBin> {
    let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
    let mut order: Vec<(u64, u32)> = (0..scores.len())
        .filter(|&i| weight(i) > 0.0)
        .map(|i| (ascending(scores[i]), i as u32))
        .collect();
    order.sort_unstable();
    let Some(bounds) = bounds(&order, scores, &weight, n_bins) else {
        return Vec::new();
    };
    let z = normal::upper_quantile(0.025);
    let mut bins = Vec::new();
    let mut rest = &order[..];
    for bound in bounds {
        let end = rest.partition_point(|(_, i)| scores[*i as usize] <= bound);
        let (rows, after) = rest.split_at(end);
        rest = after;
        if rows.is_empty() {
            continue;
        }
        let (mut n, mut sum, mut events) = (0.0, 0.0, 0.0);
        for &(_, i) in rows {
            let i = i as usize;
            n += weight(i);
            sum += weight(i) * scores[i];
            events += weight(i) * f64::from(u8::from(is_event[i]));
        }
        let observed = events / n;
        let (low, high) = wilson(observed, n, z);
        bins.push(CalibrationBin {
            n,
            mean_score: sum / n,
            events,
            observed,
            low,
            high,
        });
    }
    bins
}

/// χ² of the groups' events against what their scores expect, with two degrees of freedom less
/// than groups; `None` with fewer than three groups.
pub fn hosmer_lemeshow(bins: &[CalibrationBin]) -> Option<HosmerLemeshow> {
    if bins.len() < 3 {
        return None;
    }
    let part = |b: &CalibrationBin| {
        let expected = b.n * b.mean_score;
        let miss = b.events - expected;
        miss * miss / expected + miss * miss / (b.n - expected)
    };
    let statistic: f64 = bins.iter().map(part).sum();
    let df = bins.len() - 2;
    Some(HosmerLemeshow {
        statistic,
        df,
        p: chi_squared::sf(statistic, df as f64),
    })
}

/// Wilson's (1927) score interval of a share.
pub fn wilson(share: f64, n: f64, z: f64) -> (f64, f64) {
    let z2 = z * z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let low = if share == 0.0 { 0.0 } else { centre - half };
    let high = if share == 1.0 { 1.0 } else { centre + half };
    (low.max(0.0), high.min(1.0))
}

/// Upper bounds of the groups, the last of them the highest score.
fn bounds(
    order: &[(u64, u32)],
    scores: &[f64],
    weight: &impl Fn(usize) -> f64,
    n_bins: usize,
) -> Option<Vec<f64>> {
    let score = |k: usize| scores[order[k].1 as usize];
    let last = order.len().checked_sub(1)?;
    let is_plain = order.iter().all(|(_, i)| weight(*i as usize) == 1.0);
    let mut bounds: Vec<f64> = if is_plain {
        (1..n_bins)
            .map(|b| {
                let place = last as f64 * b as f64 / n_bins as f64;
                let k = place.floor() as usize;
                let part = place - k as f64;
                score(k)
                    + if part > 0.0 {
                        part * (score(k + 1) - score(k))
                    } else {
                        0.0
                    }
            })
            .collect()
    } else {
        let total: f64 = order.iter().map(|(_, i)| weight(*i as usize)).sum();
        let mut sum = 0.0;
        let mut found = Vec::new();
        for (k, (_, i)) in order.iter().enumerate() {
            sum += weight(*i as usize);
            while found.len() + 1 < n_bins
                && sum >= total * (found.len() + 1) as f64 / n_bins as f64
            {
                found.push(score(k));
            }
        }
        found
    };
    bounds.push(score(last));
    Some(bounds)
}

/// Keys whose order as integers is that of the numbers.
fn ascending(x: f64) -> u64 {
    let bits = (x + 0.0).to_bits();
    if bits >> 63 == 0 {
        bits | 1 << 63
    } else {
        !bits
    }
}

fn descending(x: f64) -> u64 {
    !ascending(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f64; 8] = [0.1, 0.4, 0.35, 0.8, 0.4, 0.7, 0.2, 0.9];
    const EVENTS: [bool; 8] = [false, false, true, true, true, false, false, true];

    #[track_caller]
    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
    }

    /// sklearn.metrics.roc_auc_score and average_precision_score of the same eight rows.
    #[test]
    fn areas_of_a_few_rows() {
        let ranking = Ranking::new(&SCORES, &EVENTS, None).unwrap();
        near(ranking.area().auc, 0.781_25);
        near(ranking.average_precision(), 0.816_666_666_666_666_7);
    }

    #[test]
    fn a_weight_of_two_is_two_rows() {
        let weights = [2.0, 1.0, 1.0, 2.0, 1.0, 1.0, 3.0, 1.0];
        let mut long = (Vec::new(), Vec::new());
        for i in 0..8 {
            for _ in 0..weights[i] as usize {
                long.0.push(SCORES[i]);
                long.1.push(EVENTS[i]);
            }
        }
        let weighted = Ranking::new(&SCORES, &EVENTS, Some(&weights)).unwrap();
        let plain = Ranking::new(&long.0, &long.1, None).unwrap();
        near(weighted.area().auc, plain.area().auc);
        near(weighted.area().standard_error, plain.area().standard_error);
        near(weighted.average_precision(), plain.average_precision());
        near(
            brier(&SCORES, &EVENTS, Some(&weights)),
            brier(&long.0, &long.1, None),
        );
    }

    #[test]
    fn cutoffs_count() {
        let ranking = Ranking::new(&SCORES, &EVENTS, None).unwrap();
        let half = ranking.at(0.5);
        near(half.sensitivity(), 0.5);
        near(half.specificity(), 0.75);
        near(half.precision(), 2.0 / 3.0);
        near(half.f1(), 4.0 / 7.0);
        assert!(ranking.at(2.0).precision().is_nan());
        assert_eq!(ranking.youden().cutoff, 0.8);
    }

    #[test]
    fn one_kind_of_row_has_no_curve() {
        assert!(Ranking::new(&[0.1, 0.2], &[true, true], None).is_none());
    }

    #[test]
    fn groups_hold_all_rows_and_keep_ties_together() {
        let scores: Vec<f64> = (0..50).map(|i| f64::from(i / 7)).collect();
        let events: Vec<bool> = (0..50).map(|i| i % 3 == 0).collect();
        let bins = calibration(&scores, &events, None, 10);
        near(bins.iter().map(|b| b.n).sum(), 50.0);
        assert!(bins.windows(2).all(|w| w[0].mean_score < w[1].mean_score));
        assert!(calibration(&[], &[], None, 10).is_empty());
    }
}
