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
    /// Whether a row counts for other than one.
    is_weighted: bool,
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
        let mut ranking = Self {
            thresholds: Vec::new(),
            true_positives: Vec::new(),
            false_positives: Vec::new(),
            positives: 0.0,
            negatives: 0.0,
            is_weighted: weights.is_some_and(|w| w.iter().any(|w| *w != 1.0 && *w > 0.0)),
        };
        match weights {
            Some(weights) => ranking.add_weighted(scores, is_event, weights),
            None => ranking.add_rows(scores, is_event),
        }
        (ranking.positives > 0.0 && ranking.negatives > 0.0).then_some(ranking)
    }

    /// Without weights the keys of events and of others are sorted apart, with nothing to carry along.
    fn add_rows(&mut self, scores: &[f64], is_event: &[bool]) {
        let keys_of = |wanted: bool| -> Vec<u64> {
            let rows = scores.iter().zip(is_event).filter(|(_, e)| **e == wanted);
            let mut keys: Vec<u64> = rows.map(|(s, _)| descending(*s)).collect();
            keys.sort_unstable();
            keys
        };
        let (events, others) = (keys_of(true), keys_of(false));
        let (mut events, mut others) = (&events[..], &others[..]);
        while let Some(&key) = match (events.first(), others.first()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        } {
            let of_key = |keys: &[u64]| keys.iter().take_while(|k| **k == key).count();
            let (n_events, n_others) = (of_key(events), of_key(others));
            events = &events[n_events..];
            others = &others[n_others..];
            self.add_threshold(score(key), n_events as f64, n_others as f64);
        }
    }

    fn add_weighted(&mut self, scores: &[f64], is_event: &[bool], weights: &[f64]) {
        let mut order: Vec<(u64, u32)> = (0..scores.len())
            .map(|i| (descending(scores[i]), i as u32))
            .collect();
        order.sort_unstable();
        for ties in order.chunk_by(|a, b| a.0 == b.0) {
            let mut sums = [0.0; 2];
            for &(_, i) in ties {
                sums[usize::from(is_event[i as usize])] += weights[i as usize];
            }
            self.add_threshold(score(ties[0].0), sums[1], sums[0]);
        }
    }

    fn add_threshold(&mut self, threshold: f64, events: f64, others: f64) {
        self.positives += events;
        self.negatives += others;
        self.thresholds.push(threshold);
        self.true_positives.push(self.positives);
        self.false_positives.push(self.negatives);
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

    /// Groups of about equal weight between quantiles of the scores; equal scores stay together.
    /// Without weights the bounds are quantiles of type 7 at k / `n_bins`, as
    /// `cut(p, quantile(p, 0:10/10), include.lowest = TRUE)` in R; with weights the scores at which the
    /// weight from the lowest on reaches k / `n_bins` of all.
    pub fn calibration(&self, n_bins: usize) -> Vec<CalibrationBin> {
        let z = normal::upper_quantile(0.025);
        let mut bins = Vec::new();
        let mut end = self.thresholds.len();
        for bound in self.bounds(n_bins) {
            let start = self.thresholds.partition_point(|t| *t > bound);
            let (mut n, mut sum, mut events) = (0.0, 0.0, 0.0);
            for k in (start..end).rev() {
                let [of_events, of_others] = self.counts(k);
                n += of_events + of_others;
                sum += (of_events + of_others) * self.thresholds[k];
                events += of_events;
            }
            end = start;
            if n == 0.0 {
                continue;
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

    /// Weight of events and of others with the k-th highest score.
    fn counts(&self, k: usize) -> [f64; 2] {
        let step = |counts: &[f64]| counts[k] - k.checked_sub(1).map_or(0.0, |b| counts[b]);
        [step(&self.true_positives), step(&self.false_positives)]
    }

    /// Upper bounds of the groups, the last of them the highest score.
    fn bounds(&self, n_bins: usize) -> Vec<f64> {
        let total = self.positives + self.negatives;
        let row = |rank: f64| self.thresholds[self.place(|above| above >= total - rank)];
        let inner = |b: usize| {
            if self.is_weighted {
                let left = total - total * b as f64 / n_bins as f64;
                return self.thresholds[self.place(|above| above > left)];
            }
            let place = (total - 1.0) * b as f64 / n_bins as f64;
            let part = place - place.floor();
            let low = row(place.floor());
            match part > 0.0 {
                true => low + part * (row(place.floor() + 1.0) - low),
                false => low,
            }
        };
        let mut bounds: Vec<f64> = (1..n_bins).map(inner).collect();
        bounds.extend(self.thresholds.first());
        bounds
    }

    /// The first place from the highest score down where the weight so far is enough.
    fn place(&self, is_enough: impl Fn(f64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.thresholds.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if is_enough(self.true_positives[middle] + self.false_positives[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
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

/// The number with this key of [`descending`].
fn score(key: u64) -> f64 {
    let key = !key;
    f64::from_bits(if key >> 63 == 1 { key ^ 1 << 63 } else { !key })
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
        let bins = Ranking::new(&scores, &events, None)
            .unwrap()
            .calibration(10);
        near(bins.iter().map(|b| b.n).sum(), 50.0);
        assert!(bins.windows(2).all(|w| w[0].mean_score < w[1].mean_score));
        let twice = Ranking::new(&scores, &events, Some(&[2.0; 50])).unwrap();
        near(twice.calibration(10).iter().map(|b| b.n).sum(), 100.0);
    }
}
