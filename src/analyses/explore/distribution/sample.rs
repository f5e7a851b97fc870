//! The values of one column in one group, in order, and what is computed of them.

use super::{Bandwidth, Groups, Options};
use crate::frame::spread::curve;
use crate::report::Msg;
use crate::stats::density::{peaks, sheather_jones_bandwidth, silverman_bandwidth};
use crate::stats::descriptive::{Moments, quantile};
use crate::stats::tukey::Fences;

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
    let curve = bandwidth.map_or_else(Default::default, |h| curve(&sorted, h));
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
}
