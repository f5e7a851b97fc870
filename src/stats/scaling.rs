//! Putting columns of different units on one footing.

use super::compensated::Sum;
use super::descriptive::mean;

/// How a column is shifted and stretched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scaling {
    /// As it is.
    #[default]
    None,
    /// Less the mean, over the standard deviation with divisor `n` (as scikit-learn; R's `scale`
    /// divides by `n − 1`).
    Standard,
    /// Less the mean, over the standard deviation with divisor `n − 1` (as R's `scale`).
    Sample,
    /// From 0 at the smallest to 1 at the largest value.
    MinMax,
    /// Over the largest absolute value.
    MaxAbs,
    /// Less the median, over the interquartile range, with quartiles of type 7 (the default of R
    /// and NumPy).
    Robust,
}

/// `(x − centre) / spread`, and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub centre: f64,
    /// Above zero: 1 where the column does not vary by this measure, as in scikit-learn.
    pub spread: f64,
}

impl Scaling {
    /// The scale of a column of finite numbers. An empty column is left as it is.
    pub fn of(self, column: &[f64]) -> Scale {
        let (centre, spread) = match self {
            _ if column.is_empty() => (0.0, 1.0),
            Scaling::None => (0.0, 1.0),
            Scaling::Standard => standard(column, column.len() as f64),
            Scaling::Sample => standard(column, column.len() as f64 - 1.0),
            Scaling::MaxAbs => (0.0, column.iter().fold(0.0, |max, x| x.abs().max(max))),
            Scaling::MinMax => {
                let min = column.iter().copied().fold(f64::INFINITY, f64::min);
                let max = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                (min, max - min)
            }
            Scaling::Robust => {
                let [low, median, high] = quartiles(column);
                (median, high - low)
            }
        };
        let spread = if spread > 0.0 { spread } else { 1.0 };
        Scale { centre, spread }
    }
}

impl Scale {
    /// The scaled column.
    pub fn apply(&self, column: &[f64]) -> Vec<f64> {
        let scaled = column.iter().map(|x| (x - self.centre) / self.spread);
        scaled.collect()
    }

    /// The value in the column's own units that `scaled` stands for.
    pub fn undo(&self, scaled: f64) -> f64 {
        scaled * self.spread + self.centre
    }
}

/// Mean and standard deviation; the latter 0 where it is no more than rounding could make it.
fn standard(column: &[f64], divisor: f64) -> (f64, f64) {
    let n = column.len() as f64;
    let mean = mean(column);
    let mut squares = Sum::default();
    column
        .iter()
        .for_each(|x| squares.add((x - mean) * (x - mean)));
    let variance = squares.value() / n;
    let shift = n * mean * f64::EPSILON;
    let rounding = n * f64::EPSILON * variance + shift * shift;
    (
        mean,
        if variance <= rounding {
            0.0
        } else {
            (squares.value() / divisor).sqrt()
        },
    )
}

/// The three quartiles of type 7.
fn quartiles(column: &[f64]) -> [f64; 3] {
    let mut values = column.to_vec();
    [0.25, 0.5, 0.75].map(|share| {
        let at = share * (values.len() - 1) as f64;
        let below = at as usize;
        let (_, &mut low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
        let high = above.iter().copied().fold(f64::INFINITY, f64::min);
        let part = at - below as f64;
        if part > 0.0 {
            low + part * (high - low)
        } else {
            low
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(scaling: Scaling, column: &[f64], expected: &[f64]) {
        let scale = scaling.of(column);
        let scaled = scale.apply(column);
        assert_eq!(scaled, expected, "{scaling:?} of {column:?}");
        for (&scaled, &x) in scaled.iter().zip(column) {
            assert!((scale.undo(scaled) - x).abs() <= 1e-15 * x.abs());
        }
    }

    #[test]
    fn columns_end_on_one_footing() {
        let column = [1.0, 5.0, 3.0, 7.0];
        check(Scaling::None, &column, &column);
        check(Scaling::MinMax, &column, &[0.0, 4.0 / 6.0, 2.0 / 6.0, 1.0]);
        check(
            Scaling::Robust,
            &column,
            &[-1.0, 1.0 / 3.0, -1.0 / 3.0, 1.0],
        );
        check(Scaling::Standard, &[1.0, 3.0], &[-1.0, 1.0]);
        check(Scaling::Sample, &[1.0, 2.0, 3.0], &[-1.0, 0.0, 1.0]);
        check(Scaling::MaxAbs, &[1.0, -4.0, 2.0], &[0.25, -1.0, 0.5]);
        check(
            Scaling::Robust,
            &[9.0, 1.0, 2.0, 4.0, 3.0],
            &[3.0, -1.0, -0.5, 0.5, 0.0],
        );
    }

    #[test]
    fn columns_that_do_not_vary_are_only_shifted() {
        for scaling in [
            Scaling::Standard,
            Scaling::Sample,
            Scaling::MinMax,
            Scaling::Robust,
        ] {
            check(scaling, &[0.1, 0.1, 0.1], &[0.0; 3]);
            check(scaling, &[7.0], &[0.0]);
            check(scaling, &[], &[]);
        }
        check(
            Scaling::Robust,
            &[2.0, 2.0, 2.0, 2.0, 9.0],
            &[0.0, 0.0, 0.0, 0.0, 7.0],
        );
    }
}
