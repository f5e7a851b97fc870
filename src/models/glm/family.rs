//! What a family of distributions says of a row: its mean, how surely it knows it, and which way
//! the data pull.

use crate::stats::distributions::ln_gamma;

/// A distribution of the response and its link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Family {
    /// Shares between 0 and 1, most often just 0 and 1; logit link.
    Binomial,
    /// Counts, variance equal to the mean; log link.
    Poisson,
    /// Counts with variance μ + μ²/θ; log link.
    NegativeBinomial { theta: f64 },
    /// Positive numbers with a constant coefficient of variation; log link.
    GammaLog,
    /// The same with the canonical link 1/μ.
    GammaInverse,
}

/// A block of rows: what goes in, and what is worked out of it.
pub(super) struct RowBlock<'a> {
    pub eta: &'a [f64],
    pub y: &'a [f64],
    /// Case weights.
    pub prior: Option<&'a [f64]>,
    /// Expected information about η, case weight included.
    pub weight: &'a mut [f64],
    /// Derivative of the log likelihood by η, case weight included.
    pub score: &'a mut [f64],
}

impl Family {
    /// Whether the expected information is the observed one, so that scoring is Newton's method.
    pub(super) fn is_canonical(self) -> bool {
        matches!(self, Self::Binomial | Self::Poisson | Self::GammaInverse)
    }

    /// A linear predictor near the data to start from.
    pub(super) fn start(self, y: f64) -> f64 {
        match self {
            Self::Binomial => {
                let p = (y + 0.5) / 2.0;
                libm::log(p / (1.0 - p))
            }
            Self::Poisson => libm::log(y + 0.1),
            Self::NegativeBinomial { .. } => libm::log(if y == 0.0 { 1.0 / 6.0 } else { y }),
            Self::GammaLog => libm::log(y),
            Self::GammaInverse => 1.0 / y,
        }
    }

    /// Fills weights and scores; gives back the block's log likelihood but for terms without η.
    pub(super) fn rows(self, block: RowBlock) -> f64 {
        match self {
            Self::Binomial => binomial(block),
            Self::Poisson => each(block, |eta, y| {
                let mean = libm::exp(eta);
                (mean, y - mean, y * eta - mean)
            }),
            Self::NegativeBinomial { theta } => each(block, |eta, y| {
                let mean = libm::exp(eta);
                let spread = 1.0 + mean / theta;
                let kernel = y * eta - (y + theta) * libm::log(theta + mean);
                (mean / spread, (y - mean) / spread, kernel)
            }),
            Self::GammaLog => each(block, |eta, y| {
                let ratio = y * libm::exp(-eta);
                (1.0, ratio - 1.0, -ratio - eta)
            }),
            Self::GammaInverse => each(block, |eta, y| {
                if eta > 0.0 {
                    let mean = 1.0 / eta;
                    (mean * mean, mean - y, libm::log(eta) - y * eta)
                } else {
                    (1.0, 0.0, f64::NEG_INFINITY)
                }
            }),
        }
    }

    /// The mean at a linear predictor.
    pub fn mean(self, eta: f64) -> f64 {
        match self {
            Self::Binomial => {
                let e = libm::exp(-eta.abs());
                let share = if eta >= 0.0 { 1.0 } else { e };
                share / (1.0 + e)
            }
            Self::Poisson | Self::NegativeBinomial { .. } | Self::GammaLog => libm::exp(eta),
            Self::GammaInverse => 1.0 / eta,
        }
    }

    /// First and second derivative of the mean by the linear predictor.
    pub fn mean_derivatives(self, eta: f64) -> (f64, f64) {
        match self {
            Self::Binomial => {
                let e = libm::exp(-eta.abs());
                let first = e / ((1.0 + e) * (1.0 + e));
                (first, first * (1.0 - 2.0 * self.mean(eta)))
            }
            Self::Poisson | Self::NegativeBinomial { .. } | Self::GammaLog => {
                let mean = libm::exp(eta);
                (mean, mean)
            }
            Self::GammaInverse => (-1.0 / (eta * eta), 2.0 / (eta * eta * eta)),
        }
    }

    /// μ′ / V(μ), by which residuals become scores of the linear predictor.
    pub fn score_factor(self, mean: f64) -> f64 {
        match self {
            Self::Binomial | Self::Poisson => 1.0,
            Self::NegativeBinomial { theta } => 1.0 / (1.0 + mean / theta),
            Self::GammaLog => 1.0 / mean,
            Self::GammaInverse => -1.0,
        }
    }

    /// Variance at a mean, for a dispersion of one.
    pub fn variance(self, mean: f64) -> f64 {
        match self {
            Self::Binomial => mean * (1.0 - mean),
            Self::Poisson => mean,
            Self::NegativeBinomial { theta } => mean + mean * mean / theta,
            Self::GammaLog | Self::GammaInverse => mean * mean,
        }
    }

    /// Twice the log likelihood that the row lacks of a perfect fit, for a dispersion of one.
    pub fn deviance(self, y: f64, mean: f64) -> f64 {
        let y_ln = |ratio: f64| if y > 0.0 { y * libm::log(ratio) } else { 0.0 };
        let value = match self {
            Self::Binomial => {
                let rest = if y < 1.0 {
                    (1.0 - y) * libm::log((1.0 - y) / (1.0 - mean))
                } else {
                    0.0
                };
                y_ln(y / mean) + rest
            }
            Self::Poisson => y_ln(y / mean) - (y - mean),
            Self::NegativeBinomial { theta } => {
                y_ln(y / mean) - (y + theta) * libm::log((y + theta) / (mean + theta))
            }
            Self::GammaLog | Self::GammaInverse => (y - mean) / mean - libm::log(y / mean),
        };
        2.0 * value.max(0.0)
    }

    /// Log density of a row of weight one. The Gamma's needs its dispersion; others ignore it.
    pub fn log_density(self, y: f64, mean: f64, dispersion: f64) -> f64 {
        match self {
            Self::Binomial => {
                let part = |share: f64, p: f64| {
                    if share > 0.0 {
                        share * libm::log(p)
                    } else {
                        0.0
                    }
                };
                part(y, mean) + part(1.0 - y, 1.0 - mean)
            }
            Self::Poisson => {
                let log = if y > 0.0 { y * libm::log(mean) } else { 0.0 };
                log - mean - ln_gamma(y + 1.0)
            }
            Self::NegativeBinomial { theta } => {
                let log = if y > 0.0 {
                    y * libm::log(mean / (theta + mean))
                } else {
                    0.0
                };
                ln_gamma(theta + y) - ln_gamma(theta) - ln_gamma(y + 1.0) + log
                    - theta * libm::log1p(mean / theta)
            }
            Self::GammaLog | Self::GammaInverse => {
                let shape = 1.0 / dispersion;
                let scale = mean * dispersion;
                (shape - 1.0) * libm::log(y)
                    - y / scale
                    - shape * libm::log(scale)
                    - ln_gamma(shape)
            }
        }
    }
}

/// `of(η, y)` gives information, score and kernel of a row of weight one.
fn each(block: RowBlock, of: impl Fn(f64, f64) -> (f64, f64, f64)) -> f64 {
    let mut kernel = 0.0;
    for i in 0..block.eta.len() {
        let (weight, score, part) = of(block.eta[i], block.y[i]);
        let prior = block.prior.map_or(1.0, |p| p[i]);
        if prior == 0.0 {
            (block.weight[i], block.score[i]) = (0.0, 0.0);
            continue;
        }
        block.weight[i] = prior * weight;
        block.score[i] = prior * score;
        kernel += prior * part;
    }
    kernel
}

/// One exponential a row and, without case weights, one logarithm a block: the product of up to
/// 256 factors between 1 and 2 stays in range.
fn binomial(block: RowBlock) -> f64 {
    let n = block.eta.len();
    let (eta, y) = (&block.eta[..n], &block.y[..n]);
    let (weight, score) = (&mut block.weight[..n], &mut block.score[..n]);
    let mut linear = 0.0;
    let mut product = 1.0;
    match block.prior {
        None => {
            for i in 0..n {
                let e = libm::exp(-eta[i].abs());
                let rest = 1.0 / (1.0 + e);
                let tail = e * rest;
                weight[i] = tail * rest;
                let up = eta[i] >= 0.0;
                score[i] = if up { (y[i] - 1.0) + tail } else { y[i] - tail };
                linear += y[i] * eta[i] - if up { eta[i] } else { 0.0 };
                product *= 1.0 + e;
            }
            linear - libm::log(product)
        }
        Some(prior) => {
            for i in 0..n {
                let e = libm::exp(-eta[i].abs());
                let rest = 1.0 / (1.0 + e);
                let tail = e * rest;
                let up = eta[i] >= 0.0;
                let pull = if up { (y[i] - 1.0) + tail } else { y[i] - tail };
                weight[i] = prior[i] * tail * rest;
                score[i] = prior[i] * pull;
                let top = if up { eta[i] } else { 0.0 };
                linear += prior[i] * (y[i] * eta[i] - top - libm::log1p(e));
            }
            linear
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(Family, f64, f64); 5] = [
        (Family::Binomial, 0.4, 1.0),
        (Family::Poisson, 0.4, 3.0),
        (Family::NegativeBinomial { theta: 1.7 }, 0.4, 3.0),
        (Family::GammaLog, 0.4, 2.5),
        (Family::GammaInverse, 0.4, 2.5),
    ];

    fn at(family: Family, eta: f64, y: f64, prior: Option<f64>) -> (f64, f64, f64) {
        let (mut weight, mut score) = ([0.0], [0.0]);
        let prior = prior.map(|p| [p]);
        let kernel = family.rows(RowBlock {
            eta: &[eta],
            y: &[y],
            prior: prior.as_ref().map(|p| &p[..]),
            weight: &mut weight,
            score: &mut score,
        });
        (weight[0], score[0], kernel)
    }

    /// The score is the kernel's slope, and the information of canonical links its bend.
    #[test]
    fn scores_are_slopes_of_the_kernel() {
        let h = 1e-5;
        for (family, eta, y) in ALL {
            let kernel = |eta: f64| at(family, eta, y, None).2;
            let (weight, score, _) = at(family, eta, y, None);
            let slope = (kernel(eta + h) - kernel(eta - h)) / (2.0 * h);
            assert!((slope - score).abs() < 1e-8, "{family:?}: {slope} {score}");
            let bend =
                (at(family, eta + h, y, None).1 - at(family, eta - h, y, None).1) / (2.0 * h);
            if family.is_canonical() {
                assert!((bend + weight).abs() < 1e-8, "{family:?}: {bend} {weight}");
            }
            let (first, second) = family.mean_derivatives(eta);
            let rise = (family.mean(eta + h) - family.mean(eta - h)) / (2.0 * h);
            assert!((rise - first).abs() < 1e-7, "{family:?}");
            let of = |eta: f64| family.mean_derivatives(eta).0;
            assert!(((of(eta + h) - of(eta - h)) / (2.0 * h) - second).abs() < 1e-6);
            let twice = at(family, eta, y, Some(2.0));
            assert!((twice.0 - 2.0 * weight).abs() < 1e-15);
            assert!((twice.1 - 2.0 * score).abs() < 1e-15);
        }
    }

    /// Differences of the log density are half the deviance's, for a dispersion of one.
    #[test]
    fn deviance_and_density_agree() {
        for (family, eta, y) in ALL {
            let mean = family.mean(eta);
            let other = mean * 0.9;
            let by_density = family.log_density(y, mean, 1.0) - family.log_density(y, other, 1.0);
            let by_deviance = 0.5 * (family.deviance(y, other) - family.deviance(y, mean));
            assert!((by_density - by_deviance).abs() < 1e-12, "{family:?}");
        }
    }
}
