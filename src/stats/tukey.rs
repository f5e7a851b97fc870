//! Tukey's (1977) fences, with quartiles of type 7.

use super::descriptive::quantile;

/// The quartiles of ascending values, the fences 1.5 interquartile ranges from them, and what lies
/// beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
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

impl Fences {
    /// Of ascending values without NaN; all NaN and none beyond without values.
    pub fn of(sorted: &[f64]) -> Self {
        let (q1, q3) = (quantile(sorted, 0.25), quantile(sorted, 0.75));
        let at = |times: f64| (q1 - times * (q3 - q1), q3 + times * (q3 - q1));
        let beyond = |(low, high): (f64, f64)| {
            (
                sorted.partition_point(|v| *v < low),
                sorted.len() - sorted.partition_point(|v| *v <= high),
            )
        };
        let (low, high) = at(1.5);
        let (n_below, n_above) = match low.is_nan() || high.is_nan() {
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

    pub fn n_beyond(&self) -> usize {
        self.n_below + self.n_above
    }

    /// The ends of the whiskers: the least and the greatest of the same values within the fences.
    pub fn whiskers(&self, sorted: &[f64]) -> (f64, f64) {
        match &sorted[self.n_below..sorted.len() - self.n_above] {
            [] => (f64::NAN, f64::NAN),
            inside => (inside[0], inside[inside.len() - 1]),
        }
    }

    /// The same values below and above the fences.
    pub fn outliers<'a>(&self, sorted: &'a [f64]) -> (&'a [f64], &'a [f64]) {
        (
            &sorted[..self.n_below],
            &sorted[sorted.len() - self.n_above..],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: q <- quantile(x, c(0.25, 0.75)); q + c(-1.5, 1.5) * diff(q)
    #[test]
    fn values_beyond_the_fences_are_counted() {
        let x = [-30.0, -4.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 16.0, 40.0];
        let fences = Fences::of(&x);
        assert_eq!((fences.q1, fences.q3), (1.5, 6.5));
        assert_eq!((fences.low, fences.high), (-6.0, 14.0));
        assert_eq!((fences.n_below, fences.n_above, fences.n_far), (1, 2, 2));
        assert_eq!(fences.whiskers(&x), (-4.0, 7.0));
        assert_eq!(fences.outliers(&x), (&[-30.0][..], &[16.0, 40.0][..]));
        assert_eq!(Fences::of(&[]).n_beyond(), 0);
        assert_eq!(Fences::of(&[2.0; 3]).whiskers(&[2.0; 3]), (2.0, 2.0));
    }
}
