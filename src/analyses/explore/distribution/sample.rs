//! The values of one column in one group, in order, and what is computed of them.

use super::{Bandwidth, Groups, Options};
use crate::report::Msg;
use crate::stats::density::{
    density, evenly, peaks, sheather_jones_bandwidth, silverman_bandwidth,
};
use crate::stats::descriptive::{Moments, quantile};

pub struct Sample {
    pub name: Msg,
    /// Ascending, finite.
    pub sorted: Vec<f64>,
    pub n_missing: usize,
    pub moments: Moments,
    pub fences: Fences,
    /// The kernel's standard deviation; `None` without spread.
    pub bandwidth: Option<f64>,
    /// The density from three bandwidths below the least value to three above the greatest.
    pub curve: (Vec<f64>, Vec<f64>),
}

/// Tukey's fences.
pub struct Fences {
    pub q1: f64,
    pub q3: f64,
    pub low: f64,
    pub high: f64,
    pub n_below: usize,
    pub n_above: usize,
    /// Beyond three interquartile ranges.
    pub n_far: usize,
}

/// The values of group `g`.
pub fn sample(options: &Options, numbers: &[f64], groups: &Groups, g: usize, name: Msg) -> Sample {
    let (mut sorted, n_missing) = pick(numbers, groups.codes.as_deref(), g as i32);
    sorted.sort_unstable_by(f64::total_cmp);
    let bandwidth = match options.bandwidth {
        _ if sorted.first() == sorted.last() => None,
        Bandwidth::Silverman => silverman_bandwidth(&sorted),
        // Values too sparse for the equation still have the rule of thumb.
        Bandwidth::SheatherJones => {
            sheather_jones_bandwidth(&sorted).or_else(|| silverman_bandwidth(&sorted))
        }
        Bandwidth::Given => Some(options.width),
    };
    let bandwidth = bandwidth.filter(|h| {
        let span = sorted[sorted.len() - 1] - sorted[0];
        span.is_finite() && span / h < 1e9
    });
    let curve = bandwidth.map_or_else(Default::default, |h| {
        let (low, high) = (sorted[0] - 3.0 * h, sorted[sorted.len() - 1] + 3.0 * h);
        let at = evenly(low, high, n_points(high - low, h));
        let heights = density(&sorted, h, &at);
        (at, heights)
    });
    Sample {
        name,
        n_missing,
        moments: Moments::of(&sorted),
        fences: Fences::of(&sorted),
        sorted,
        bandwidth,
        curve,
    }
}

#[inline(never)]
fn pick(numbers: &[f64], codes: Option<&[i32]>, g: i32) -> (Vec<f64>, usize) {
    let Some(codes) = codes else {
        let found: Vec<f64> = numbers.iter().copied().filter(|v| v.is_finite()).collect();
        let n_missing = numbers.len() - found.len();
        return (found, n_missing);
    };
    let mut n_missing = 0;
    let mut found = Vec::new();
    for (v, _) in numbers.iter().zip(codes).filter(|(_, code)| **code == g) {
        if v.is_finite() {
            found.push(*v);
        } else {
            n_missing += 1;
        }
    }
    (found, n_missing)
}

/// Points of a curve: 256, or eight to a bandwidth where there are outliers far away.
fn n_points(span: f64, bandwidth: f64) -> usize {
    ((span / bandwidth * 8.0) as usize).clamp(256, 2048)
}

impl Sample {
    pub fn n(&self) -> usize {
        self.sorted.len()
    }

    pub fn median(&self) -> f64 {
        quantile(&self.sorted, 0.5)
    }

    pub fn has_spread(&self) -> bool {
        self.sorted.first() < self.sorted.last()
    }

    pub fn peaks(&self) -> Vec<f64> {
        peaks(&self.curve.0, &self.curve.1)
    }

    /// The density between the least and the greatest value.
    pub fn violin(&self) -> (Vec<f64>, Vec<f64>) {
        let (Some(h), [low, .., high]) = (self.bandwidth, &self.sorted[..]) else {
            return Default::default();
        };
        let at = evenly(*low, *high, n_points(high - low, h));
        let heights = density(&self.sorted, h, &at);
        (at, heights)
    }

    /// The ends of the whiskers: the last values within the fences.
    pub fn whiskers(&self) -> (f64, f64) {
        match self.inside() {
            [] => (f64::NAN, f64::NAN),
            inside => (inside[0], inside[inside.len() - 1]),
        }
    }

    fn inside(&self) -> &[f64] {
        &self.sorted[self.fences.n_below..self.n() - self.fences.n_above]
    }

    /// The values below and above the fences.
    pub fn outliers(&self) -> (&[f64], &[f64]) {
        (
            &self.sorted[..self.fences.n_below],
            &self.sorted[self.n() - self.fences.n_above..],
        )
    }
}

impl Fences {
    fn of(sorted: &[f64]) -> Self {
        let (q1, q3) = (quantile(sorted, 0.25), quantile(sorted, 0.75));
        let at = |times: f64| (q1 - times * (q3 - q1), q3 + times * (q3 - q1));
        let beyond = |(low, high): (f64, f64)| {
            (
                sorted.partition_point(|v| *v < low),
                sorted.len() - sorted.partition_point(|v| *v <= high),
            )
        };
        let (low, high) = at(1.5);
        let (n_below, n_above) = match q1.is_nan() || q3.is_nan() {
            true => (0, 0),
            false => beyond((low, high)),
        };
        let far = match n_below + n_above {
            0 => (0, 0),
            _ => beyond(at(3.0)),
        };
        Self {
            q1,
            q3,
            low,
            high,
            n_below,
            n_above,
            n_far: far.0 + far.1,
        }
    }
}
