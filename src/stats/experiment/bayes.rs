//! Chances to be best and expected losses under independent posteriors, by quadrature.
//!
//! P(arm i is best) = ∫ fᵢ Πⱼ≠ᵢ Fⱼ, and the loss of choosing arm i when another is best is
//! E max(0, maxⱼ≠ᵢ θⱼ − θᵢ) = ∫ Fᵢ (1 − Πⱼ≠ᵢ Fⱼ): both sums of positive terms, so that small
//! chances and losses keep their digits, down to 1e-17. Gauss–Legendre panels cover each posterior
//! from its lower to its upper 1e-18 quantile; proportions are integrated on the logit scale.

use super::{ExperimentError, Proportion, Summary};
use crate::stats::distributions::incomplete_beta::IncompleteBeta;
use crate::stats::distributions::{Tails, beta, normal};
use crate::stats::double_double::DoubleDouble;

/// What the posterior says of one arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArmChance {
    /// Probability that no other arm is better.
    pub best: f64,
    /// Expected shortfall against the best arm if this one is chosen, in the measure's units.
    pub expected_loss: f64,
    pub posterior_mean: f64,
    /// Central credible interval of 95 %.
    pub lower: f64,
    pub upper: f64,
}

/// Arms with a beta prior on their success probabilities, such as (1, 1), the uniform one: the
/// posterior is Beta(prior.0 + successes, prior.1 + failures). Higher is better.
///
/// # Errors
/// [`ExperimentError::TooFewArms`], `Counts`, `Prior`. An arm may have no units.
pub fn beta_binomial(
    arms: &[Proportion],
    prior: (f64, f64),
) -> Result<Vec<ArmChance>, ExperimentError> {
    let legal = |shape: f64| shape > 0.0 && shape.is_finite();
    if !legal(prior.0) || !legal(prior.1) {
        return Err(ExperimentError::Prior);
    }
    if arms.iter().any(|arm| arm.successes > arm.n) {
        return Err(ExperimentError::Counts);
    }
    let posterior = |arm: &Proportion| {
        let a = prior.0 + arm.successes as f64;
        let b = prior.1 + (arm.n - arm.successes) as f64;
        BetaPosterior {
            a,
            b,
            distribution: IncompleteBeta::new(a, b),
        }
    };
    chances(&arms.iter().map(posterior).collect::<Vec<_>>())
}

/// Arms whose means have normal posteriors of mean `mean` and standard deviation sd / √n: the
/// large-sample approximation under a flat prior. Higher is better.
///
/// # Errors
/// [`ExperimentError::TooFewArms`], `Summary`, `NoSpread`.
pub fn normal_posterior(arms: &[Summary]) -> Result<Vec<ArmChance>, ExperimentError> {
    let posterior = |arm: &Summary| {
        let sd = arm.squared_error()?.sqrt();
        if sd == 0.0 {
            return Err(ExperimentError::NoSpread);
        }
        Ok(NormalPosterior { mean: arm.mean, sd })
    };
    chances(&arms.iter().map(posterior).collect::<Result<Vec<_>, _>>()?)
}

/// A posterior of θ as a function of a coordinate u that rises with θ.
trait Posterior {
    fn tails(&self, u: f64) -> Tails;
    /// Of u.
    fn density(&self, u: f64) -> f64;
    fn quantile(&self, p: f64) -> f64;
    fn upper_quantile(&self, p: f64) -> f64;
    fn mean(&self) -> f64;
    fn theta(u: f64) -> f64;
    /// dθ / du.
    fn slope(u: f64) -> f64;
    /// The widest panel over which `slope` is nearly a polynomial.
    const MAX_PANEL: f64;
}

struct BetaPosterior {
    a: f64,
    b: f64,
    distribution: IncompleteBeta,
}

impl Posterior for BetaPosterior {
    const MAX_PANEL: f64 = 1.0;

    fn tails(&self, u: f64) -> Tails {
        self.distribution.tails(DoubleDouble::from(libm::exp(u)))
    }

    fn density(&self, u: f64) -> f64 {
        self.distribution
            .scaled_density(DoubleDouble::from(libm::exp(u)))
    }

    fn quantile(&self, p: f64) -> f64 {
        libm::log(beta::odds_quantile(p, self.a, self.b)).max(-700.0)
    }

    fn upper_quantile(&self, p: f64) -> f64 {
        libm::log(beta::upper_odds_quantile(p, self.a, self.b)).min(700.0)
    }

    fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    fn theta(u: f64) -> f64 {
        1.0 / (1.0 + libm::exp(-u))
    }

    fn slope(u: f64) -> f64 {
        let odds = libm::exp(-u.abs());
        odds / ((1.0 + odds) * (1.0 + odds))
    }
}

struct NormalPosterior {
    mean: f64,
    sd: f64,
}

impl Posterior for NormalPosterior {
    const MAX_PANEL: f64 = f64::INFINITY;

    fn tails(&self, u: f64) -> Tails {
        normal::tails((u - self.mean) / self.sd)
    }

    fn density(&self, u: f64) -> f64 {
        normal::pdf((u - self.mean) / self.sd) / self.sd
    }

    fn quantile(&self, p: f64) -> f64 {
        self.mean + self.sd * normal::quantile(p)
    }

    fn upper_quantile(&self, p: f64) -> f64 {
        self.mean + self.sd * normal::upper_quantile(p)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn theta(u: f64) -> f64 {
        u
    }

    fn slope(_: f64) -> f64 {
        1.0
    }
}

fn chances<P: Posterior>(arms: &[P]) -> Result<Vec<ArmChance>, ExperimentError> {
    if arms.len() < 2 {
        return Err(ExperimentError::TooFewArms);
    }
    let spans: Vec<(f64, f64)> = arms
        .iter()
        .map(|arm| (arm.quantile(TAIL), arm.upper_quantile(TAIL)))
        .collect();
    let mut chances: Vec<ArmChance> = arms
        .iter()
        .map(|arm| ArmChance {
            best: 0.0,
            expected_loss: 0.0,
            posterior_mean: arm.mean(),
            lower: P::theta(arm.quantile(0.025)),
            upper: P::theta(arm.upper_quantile(0.025)),
        })
        .collect();
    let rule = gauss_legendre();
    let mut tails = vec![Tails::from_lower(0.0); arms.len()];
    for panel in panels(&spans, P::MAX_PANEL).windows(2) {
        let (centre, half) = (0.5 * (panel[0] + panel[1]), 0.5 * (panel[1] - panel[0]));
        for (node, weight) in rule {
            let u = centre + half * node;
            let weight = weight * half;
            for ((tails, arm), span) in tails.iter_mut().zip(arms).zip(&spans) {
                *tails = match u {
                    u if u < span.0 => Tails::from_lower(0.0),
                    u if u > span.1 => Tails::from_lower(1.0),
                    u => arm.tails(u),
                };
            }
            let slope = P::slope(u);
            for (i, (chance, span)) in chances.iter_mut().zip(&spans).enumerate() {
                // ln of the probability that all the others are below u.
                let others: f64 = (0..tails.len())
                    .filter(|&j| j != i)
                    .map(|j| ln_lower(tails[j]))
                    .sum();
                if u >= span.0 && u <= span.1 {
                    chance.best += weight * arms[i].density(u) * libm::exp(others);
                }
                chance.expected_loss += weight * slope * tails[i].lower * -libm::expm1(others);
            }
        }
    }
    Ok(chances)
}

/// Probability left out at each end of a posterior.
const TAIL: f64 = 1e-18;

/// Panels to one posterior: about one standard deviation each.
const PANELS: usize = 16;

const N_NODES: usize = 12;

fn ln_lower(tails: Tails) -> f64 {
    if tails.lower < 0.5 {
        libm::log(tails.lower)
    } else {
        libm::log1p(-tails.upper)
    }
}

/// Rising ends of panels, fine enough for every posterior wherever it has mass.
fn panels(spans: &[(f64, f64)], max_width: f64) -> Vec<f64> {
    let mut ends = Vec::new();
    for (low, high) in spans {
        ends.extend((0..=PANELS).map(|i| low + (high - low) * (i as f64 / PANELS as f64)));
    }
    ends.sort_unstable_by(f64::total_cmp);
    ends.dedup();
    let mut fine = vec![ends[0]];
    for pair in ends.windows(2) {
        let n_parts = ((pair[1] - pair[0]) / max_width).ceil().max(1.0) as usize;
        let part = (pair[1] - pair[0]) / n_parts as f64;
        fine.extend((1..n_parts).map(|i| pair[0] + part * i as f64));
        fine.push(pair[1]);
    }
    fine
}

/// Nodes and weights on (−1, 1), by Newton's method on the Legendre polynomial.
fn gauss_legendre() -> [(f64, f64); N_NODES] {
    let n = N_NODES as f64;
    let mut rule = [(0.0, 0.0); N_NODES];
    for (i, (node, weight)) in rule.iter_mut().enumerate() {
        let mut x = -libm::cos(std::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5));
        let mut slope = 1.0;
        for _ in 0..8 {
            let (mut before, mut value) = (1.0, x);
            for degree in 2..=N_NODES {
                let k = degree as f64;
                (before, value) = (
                    value,
                    ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k,
                );
            }
            slope = n * (x * value - before) / (x * x - 1.0);
            x -= value / slope;
        }
        *node = x;
        *weight = 2.0 / ((1.0 - x * x) * slope * slope);
    }
    rule
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both values of every arm, from mpmath 1.4 (see each test).
    fn check(got: &[ArmChance], expected: &[(f64, f64)], tolerance: f64) {
        let total: f64 = got.iter().map(|arm| arm.best).sum();
        assert!((total - 1.0).abs() < 1e-11, "chances sum to {total}");
        assert_eq!(got.len(), expected.len());
        for (i, (arm, expected)) in got.iter().zip(expected).enumerate() {
            let near = |got: f64, want: f64| (got - want).abs() <= tolerance * want.abs() + 1e-17;
            assert!(
                near(arm.best, expected.0),
                "arm {i}: best {:e} is not {:e}",
                arm.best,
                expected.0
            );
            assert!(
                near(arm.expected_loss, expected.1),
                "arm {i}: loss {:e} is not {:e}",
                arm.expected_loss,
                expected.1
            );
        }
    }

    fn proportions(arms: &[(u64, u64)]) -> Vec<ArmChance> {
        let arms: Vec<Proportion> = arms
            .iter()
            .map(|&(successes, n)| Proportion { n, successes })
            .collect();
        beta_binomial(&arms, (1.0, 1.0)).unwrap()
    }

    fn means(arms: &[(u64, f64, f64)]) -> Vec<ArmChance> {
        let arms: Vec<Summary> = arms
            .iter()
            .map(|&(n, mean, sd)| Summary { n, mean, sd })
            .collect();
        normal_posterior(&arms).unwrap()
    }

    /// Two arms: Evan Miller's exact sum for P(B > A), and for the losses its conjugate form
    /// E(B − A)⁺ = m_B P(B′ > A) − m_A P(B > A′), a prime adding one success; mpmath at 40 digits.
    #[test]
    fn two_proportions() {
        check(
            &proportions(&[(12, 100), (19, 105)]),
            &[
                (0.11528275075501641, 0.06230661495113258),
                (0.8847172492449836, 0.002841707492822149),
            ],
            1e-9,
        );
        check(
            &proportions(&[(0, 10), (0, 10)]),
            &[(0.5, 0.03985507246376811), (0.5, 0.03985507246376811)],
            1e-9,
        );
        check(
            &proportions(&[(0, 50), (3, 40)]),
            &[
                (0.03624351548142462, 0.07667433859579723),
                (0.9637564845185754, 0.000667012588471214),
            ],
            1e-9,
        );
        check(
            &proportions(&[(1200, 10000), (1100, 10000)]),
            &[
                (0.9866643888941021, 2.105360204786713e-05),
                (0.013335611105897871, 0.010019054001967884),
            ],
            1e-9,
        );
        check(
            &proportions(&[(45120, 1500000), (46003, 1500000)]),
            &[
                (0.0014860573866560351, 0.0005887498657287776),
                (0.9985139426133439, 8.398394995324635e-08),
            ],
            1e-9,
        );
        check(
            &proportions(&[(300, 10000), (500, 10000)]),
            &[
                (2.1047435007419826e-13, 0.01999600079984011),
                (0.9999999999997895, 7.81394702936132e-17),
            ],
            1e-9,
        );
        check(
            &proportions(&[(5, 8), (900, 1000)]),
            &[
                (0.008904321741766459, 0.29940145305679927),
                (0.9910956782582335, 0.00019985625041204442),
            ],
            1e-9,
        );
    }

    /// More arms: polynomials integrated exactly in rational arithmetic (Python fractions).
    #[test]
    fn several_proportions() {
        check(
            &proportions(&[(3, 10), (5, 12), (7, 15)]),
            &[
                (0.1334411017800797, 0.19991863131374374),
                (0.349279340107972, 0.10468053607564849),
                (0.5172795581119483, 0.06266372935295941),
            ],
            1e-9,
        );
        check(
            &proportions(&[(0, 4), (2, 4), (2, 4), (4, 4)]),
            &[
                (0.001521053765635809, 0.6841750870388641),
                (0.06913919413919414, 0.3508417537055308),
                (0.06913919413919414, 0.3508417537055308),
                (0.8602005579559759, 0.01750842037219746),
            ],
            1e-9,
        );
        check(
            &proportions(&[(18, 40), (14, 41), (22, 39), (20, 40), (5, 30)]),
            &[
                (0.0996901966218034, 0.13299809178207259),
                (0.006611560807294045, 0.23654183486069938),
                (0.6453176646312906, 0.024403434406927396),
                (0.2483424542302174, 0.08537904416302496),
                (3.812370939456015e-05, 0.39787904416302494),
            ],
            1e-9,
        );
    }

    /// Two arms: Φ(d/s), and the loss s φ(d/s) − d Φ(−d/s); three: mpmath quad at 30 digits.
    #[test]
    fn normal_means() {
        check(
            &means(&[(100, 10.0, 3.0), (120, 10.5, 2.5)]),
            &[
                (0.0923415256124478, 0.5162177132888518),
                (0.9076584743875522, 0.016217713288851767),
            ],
            1e-9,
        );
        check(
            &means(&[(50000, 12.34, 88.1), (50100, 13.9, 91.7)]),
            &[
                (0.0030295658023138617, 1.5605203930752),
                (0.9969704341976862, 0.0005203930751995759),
            ],
            1e-9,
        );
        check(
            &means(&[(10, -5.0, 1.0), (10, 2.0, 1.0)]),
            &[(1.5977105173105963e-55, 7.0), (1.0, 4.528361189061662e-57)],
            1e-9,
        );
        check(
            &means(&[(100, 10.0, 3.0), (120, 10.5, 2.5), (80, 10.4, 4.0)]),
            &[
                (0.04819859626513371, 0.6618114274248212),
                (0.5437786222519758, 0.1618114274248212),
                (0.40802278148289045, 0.26181142742482083),
            ],
            1e-9,
        );
    }
}
