//! Powers that make a distribution more normal: Box and Cox (1964), Yeo and Johnson (2000), each with
//! the power of the largest likelihood.

use super::compensated::Sum;
use super::descriptive::{mean, range};
use super::progress::{Cancelled, Progress};
use super::roots::brent;

/// A family of power transforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// (xᵏ − 1) / k for x > 0; ln x at k = 0.
    BoxCox,
    /// Box and Cox's of x + 1 with k for x ≥ 0, and of 1 − x with 2 − k and the sign turned for
    /// x < 0.
    YeoJohnson,
}

/// A power of a family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    pub family: Family,
    /// λ.
    pub power: f64,
}

/// Above this many values the search starts from every so many-th of them.
const MANY: usize = 20_000;

impl Power {
    /// The power of the largest likelihood of finite values (for Box and Cox's family positive),
    /// when the transformed values are taken for normal. 1, which leaves the shape alone, when
    /// fewer than two values differ. `None` where no power has the largest one within the doubles.
    ///
    /// # Errors
    /// [`Cancelled`] when `progress` says so.
    pub fn of(
        family: Family,
        values: &[f64],
        progress: &mut Progress,
    ) -> Result<Option<Self>, Cancelled> {
        let (low, high) = range(values);
        if values.is_empty() || low == high {
            return Ok(Some(Self { family, power: 1.0 }));
        }
        let logs: Vec<f64> = match family {
            Family::BoxCox => values.iter().map(|&x| libm::log(x)).collect(),
            Family::YeoJohnson => values.iter().map(|&x| signed_log1p(x)).collect(),
        };
        // Where all values lie on one side of zero Yeo and Johnson's is Box and Cox's.
        let power = match family {
            Family::BoxCox => best(&OneSided::new(logs), progress)?,
            Family::YeoJohnson if low >= 0.0 => best(&OneSided::new(logs), progress)?,
            Family::YeoJohnson if high <= 0.0 => {
                let logs = logs.iter().map(|s| -s).collect();
                best(&OneSided::new(logs), progress)?.map(|power| 2.0 - power)
            }
            Family::YeoJohnson => best(&TwoSided { logs }, progress)?,
        };
        Ok(power.map(|power| Self { family, power }))
    }

    /// The transformed value; NaN where the family does not reach.
    pub fn apply(&self, x: f64) -> f64 {
        let k = self.power;
        match self.family {
            Family::BoxCox if x > 0.0 => ratio(k, libm::log(x)),
            Family::BoxCox => f64::NAN,
            Family::YeoJohnson if x >= 0.0 => ratio(k, libm::log1p(x)),
            Family::YeoJohnson => -ratio(2.0 - k, libm::log1p(-x)),
        }
    }
}

/// (eᵏˢ − 1) / k, and s at k = 0.
#[inline]
fn ratio(k: f64, s: f64) -> f64 {
    if k == 0.0 { s } else { libm::expm1(k * s) / k }
}

/// [`ratio`] and its derivative by k.
#[inline]
fn ratio_and_slope(k: f64, s: f64) -> (f64, f64) {
    let t = k * s;
    if t.abs() < 0.05 {
        // Σ tʲ / (j + 1)! and Σ (j + 1) tʲ / (j + 2)!: what the quotients lose near zero.
        const VALUE: [f64; 8] = [
            1.0,
            1.0 / 2.0,
            1.0 / 6.0,
            1.0 / 24.0,
            1.0 / 120.0,
            1.0 / 720.0,
            1.0 / 5040.0,
            1.0 / 40_320.0,
        ];
        const SLOPE: [f64; 8] = [
            1.0 / 2.0,
            2.0 / 6.0,
            3.0 / 24.0,
            4.0 / 120.0,
            5.0 / 720.0,
            6.0 / 5040.0,
            7.0 / 40_320.0,
            8.0 / 362_880.0,
        ];
        let at = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * t + c);
        return (s * at(&VALUE), s * s * at(&SLOPE));
    }
    let value = libm::expm1(t) / k;
    (value, (s * (k * value + 1.0) - value) / k)
}

fn signed_log1p(x: f64) -> f64 {
    libm::log1p(x.abs()).copysign(x)
}

/// A profile likelihood: the derivative of −2/n times its logarithm by the power.
trait Profile {
    fn slope(&self, power: f64) -> f64;
    /// The profile of every `step`-th value.
    fn thinned(&self, step: usize) -> Self;
    fn len(&self) -> usize;
}

/// Values on one side of zero, as logarithms less their mean, so that the Jacobian is gone.
struct OneSided {
    logs: Vec<f64>,
    low: f64,
    high: f64,
}

/// Values on both sides of zero, as signed logarithms.
struct TwoSided {
    logs: Vec<f64>,
}

impl OneSided {
    fn new(mut logs: Vec<f64>) -> Self {
        let centre = mean(&logs);
        logs.iter_mut().for_each(|s| *s -= centre);
        let (low, high) = range(&logs);
        Self { logs, low, high }
    }
}

impl Profile for OneSided {
    /// Values are taken relative to the one that the power makes largest: no power overflows.
    fn slope(&self, power: f64) -> f64 {
        let largest = if power >= 0.0 { self.high } else { self.low };
        let transformed = self
            .logs
            .iter()
            .map(|s| ratio_and_slope(power, s - largest));
        log_variance_slope(transformed) + 2.0 * largest
    }

    fn thinned(&self, step: usize) -> Self {
        Self::new(self.logs.iter().step_by(step).copied().collect())
    }

    fn len(&self) -> usize {
        self.logs.len()
    }
}

impl Profile for TwoSided {
    fn slope(&self, power: f64) -> f64 {
        let transformed = self.logs.iter().map(|&s| {
            if s >= 0.0 {
                ratio_and_slope(power, s)
            } else {
                let (value, slope) = ratio_and_slope(2.0 - power, -s);
                (-value, slope)
            }
        });
        log_variance_slope(transformed) - 2.0 * mean(&self.logs)
    }

    fn thinned(&self, step: usize) -> Self {
        Self {
            logs: self.logs.iter().step_by(step).copied().collect(),
        }
    }

    fn len(&self) -> usize {
        self.logs.len()
    }
}

/// The derivative of ln Σ (y − ȳ)² from each y and its derivative.
fn log_variance_slope(transformed: impl Iterator<Item = (f64, f64)>) -> f64 {
    // About the first value, so that a large mean costs no digits.
    let mut origin = None;
    let mut n = 0.0;
    let [mut y, mut yy, mut d, mut yd] = [Sum::default(); 4];
    for (value, slope) in transformed {
        let value = value - *origin.get_or_insert(value);
        n += 1.0;
        y.add(value);
        yy.add(value * value);
        d.add(slope);
        yd.add(value * slope);
    }
    let [y, yy, d, yd] = [y, yy, d, yd].map(|sum| sum.value());
    2.0 * (yd - y * d / n) / (yy - y * y / n)
}

/// The power at which the slope is zero. It is below zero at small powers and above at large ones,
/// since either pulls the values on one side of their middle apart.
fn best<P: Profile>(profile: &P, progress: &mut Progress) -> Result<Option<f64>, Cancelled> {
    let (mut low, mut high) = (-2.0, 2.0);
    if profile.len() > MANY {
        // A first look at a part of the values makes the bracket short.
        let part = profile.thinned(profile.len() / (MANY / 4));
        if let Some(centre) = search(&part, low, high, &mut |_| Ok(()))? {
            let near = 0.02 * centre.abs().max(1.0);
            (low, high) = (centre - near, centre + near);
        }
    }
    search(profile, low, high, progress)
}

fn search(
    profile: &impl Profile,
    mut low: f64,
    mut high: f64,
    progress: &mut Progress,
) -> Result<Option<f64>, Cancelled> {
    const FARTHEST: f64 = 1e6;
    let mut left = 1.0;
    let mut cancelled = Ok(());
    let mut slope = |power: f64| {
        left *= 0.9;
        if cancelled.is_ok() {
            cancelled = progress(1.0 - left);
        }
        match cancelled {
            Ok(()) => profile.slope(power),
            Err(Cancelled) => f64::NAN,
        }
    };
    let (mut at_low, mut at_high) = (slope(low), slope(high));
    while at_low > 0.0 && low > -FARTHEST {
        let width = high - low;
        (high, at_high) = (low, at_low);
        low -= 2.0 * width;
        at_low = slope(low);
    }
    while at_high < 0.0 && high < FARTHEST {
        let width = high - low;
        (low, at_low) = (high, at_high);
        high += 2.0 * width;
        at_high = slope(high);
    }
    let found = match at_low <= 0.0 && at_high >= 0.0 {
        true => brent(slope, (low, high), 1e-11),
        false => None,
    };
    cancelled.map(|()| found)
}

#[cfg(test)]
mod tests {
    use super::super::progress::unwatched;
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1.0),
            "{what}: {found} is not {expected}"
        );
    }

    #[test]
    fn values_are_transformed() {
        let check = |family, power, x, expected| {
            let found = Power { family, power }.apply(x);
            close(found, expected, 1e-15, "transformed");
        };
        check(Family::BoxCox, 0.0, std::f64::consts::E, 1.0);
        check(Family::BoxCox, 2.0, 3.0, 4.0);
        check(Family::BoxCox, -1.0, 4.0, 0.75);
        check(Family::YeoJohnson, 1.0, -3.5, -3.5);
        check(Family::YeoJohnson, 1.0, 2.5, 2.5);
        check(Family::YeoJohnson, 2.0, -1.0, -std::f64::consts::LN_2);
        check(Family::YeoJohnson, 0.0, -1.0, -1.5);
        check(Family::YeoJohnson, 2.0, 1.0, 1.5);
        assert!(
            Power {
                family: Family::BoxCox,
                power: 1.0
            }
            .apply(0.0)
            .is_nan()
        );
    }

    #[test]
    fn the_slope_is_a_derivative() {
        for s in [-8.0, -0.3, -1e-3, 0.0, 0.02, 0.7, 5.0] {
            for k in [-2.0, -0.06, 0.0, 1e-4, 0.049, 0.051, 1.5] {
                let (value, slope) = ratio_and_slope(k, s);
                close(value, ratio(k, s), 1e-14, "value");
                let h = 1e-5;
                let difference = (ratio(k + h, s) - ratio(k - h, s)) / (2.0 * h);
                close(slope, difference, 1e-6, "slope");
            }
        }
    }

    #[test]
    fn values_without_spread_stay() {
        let check = |values: &[f64]| {
            let power = Power::of(Family::YeoJohnson, values, &mut unwatched);
            assert_eq!(power.unwrap().unwrap().power, 1.0);
        };
        check(&[]);
        check(&[3.0]);
        check(&[-3.0, -3.0]);
    }

    /// Every second value of a long column says about the same as all of them.
    #[test]
    fn a_first_look_at_a_part_leads_to_the_same_power() {
        let values: Vec<f64> = (0..60_000)
            .map(|i| libm::exp(f64::from(i * 7919 % 60_000) / 20_000.0))
            .collect();
        let logs = OneSided::new(values.iter().map(|&x| libm::log(x)).collect());
        let direct = search(&logs, -2.0, 2.0, &mut unwatched).unwrap();
        let found = Power::of(Family::BoxCox, &values, &mut unwatched).unwrap();
        close(found.unwrap().power, direct.unwrap(), 1e-9, "power");
    }

    #[test]
    fn a_search_can_be_cancelled() {
        let mut n = 0;
        let found = Power::of(Family::BoxCox, &[1.0, 2.0, 7.0], &mut |_| {
            n += 1;
            if n < 3 { Ok(()) } else { Err(Cancelled) }
        });
        assert_eq!(found, Err(Cancelled));
        assert_eq!(n, 3);
    }
}
