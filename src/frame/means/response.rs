//! Between a model's linear predictor and the mean.

use crate::models::linear::Coefficient;

/// What the model's linear predictor is of the mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// The mean itself.
    Identity,
    /// Log odds of a probability.
    Logit,
    /// Its logarithm.
    Log,
    /// One over it.
    Inverse,
}

impl Response {
    /// Whether a difference on the scale of the linear predictor is the logarithm of a ratio.
    pub fn has_ratios(self) -> bool {
        matches!(self, Response::Logit | Response::Log)
    }

    /// The mean at a value of the linear predictor.
    pub(super) fn mean(self, linear: f64) -> f64 {
        match self {
            Response::Identity => linear,
            Response::Logit => 1.0 / (1.0 + libm::exp(-linear)),
            Response::Log => libm::exp(linear),
            Response::Inverse if linear > 0.0 => 1.0 / linear,
            Response::Inverse => f64::NAN,
        }
    }

    /// The size of the mean's derivative there, given the mean.
    fn slope(self, mean: f64) -> f64 {
        match self {
            Response::Identity => 1.0,
            Response::Logit => mean * (1.0 - mean),
            Response::Log => mean,
            Response::Inverse => mean * mean,
        }
    }

    /// An estimate with its error and interval, on the scale of the mean.
    pub(super) fn turned_back(self, linear: Coefficient) -> Coefficient {
        let estimate = self.mean(linear.estimate);
        let (low, high) = (self.mean(linear.ci_lower), self.mean(linear.ci_upper));
        let (ci_lower, ci_upper) = match self {
            Response::Inverse => (high, low),
            _ => (low, high),
        };
        Coefficient {
            estimate,
            standard_error: self.slope(estimate) * linear.standard_error,
            ci_lower,
            ci_upper,
            ..linear
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Errors by the delta method; the ends of an interval in their order.
    #[test]
    fn means_are_turned_back() {
        let check = |response: Response, linear: [f64; 4], expected: [f64; 4]| {
            let [estimate, standard_error, ci_lower, ci_upper] = linear;
            let found = response.turned_back(Coefficient {
                estimate,
                standard_error,
                ci_lower,
                ci_upper,
                t: 0.0,
                p: 1.0,
            });
            let found = [
                found.estimate,
                found.standard_error,
                found.ci_lower,
                found.ci_upper,
            ];
            for (f, e) in found.iter().zip(expected) {
                assert!(
                    (f - e).abs() < 1e-15 || f.is_nan() && e.is_nan(),
                    "{found:?}"
                );
            }
        };
        check(
            Response::Identity,
            [2.0, 0.5, 1.0, 3.0],
            [2.0, 0.5, 1.0, 3.0],
        );
        check(
            Response::Inverse,
            [0.5, 0.1, 0.25, 1.0],
            [2.0, 0.4, 1.0, 4.0],
        );
        check(
            Response::Inverse,
            [0.5, 0.5, -0.5, 1.0],
            [2.0, 2.0, 1.0, f64::NAN],
        );
        check(Response::Logit, [0.0, 0.4, 0.0, 0.0], [0.5, 0.1, 0.5, 0.5]);
        check(Response::Log, [0.0, 0.3, 0.0, 0.0], [1.0, 0.3, 1.0, 1.0]);
    }
}
