//! What case weights say of a row. The same column gives the same estimates and other errors by
//! what it means, so each analysis names the kinds it takes.

use std::borrow::Cow;

use super::words;
use crate::models::WeightKind;
use crate::msg;
use crate::report::{Format, Msg};
use crate::spec::{Choice, Ctx, RunError};
use crate::stats::survey::{effective_n, n_sampled};

crate::choices! {
    /// What weights mean.
    pub enum Weighting {
        /// A row of weight 2 stands for two rows alike: weights count towards n.
        Frequency = "frequency" "How many rows a row stands for",
        /// The variance of a row is σ² over its weight: weights do not count towards n.
        Analytic = "analytic" "The inverse of its variance",
        /// A row stands for so many of the population: errors are linearised, as R's survey has them.
        Sampling = "sampling" "How many of the population a row stands for",
    }
}

impl Weighting {
    /// For analyses that count rows.
    pub const COUNTS: &'static [Choice] = &[Self::CHOICES[0], Self::CHOICES[2]];
    /// For analyses of sums of squares that take no sample of a population.
    pub const SPREADS: &'static [Choice] = &[Self::CHOICES[0], Self::CHOICES[1]];

    /// What a model takes them as. Those of a sample give the estimates of analytic ones; their errors
    /// are another matter.
    pub fn kind(self) -> WeightKind {
        match self {
            Self::Frequency => WeightKind::Frequency,
            Self::Analytic | Self::Sampling => WeightKind::Analytic,
        }
    }
}

/// Whether the weights of the used rows can be: none negative, one of them positive.
///
/// # Errors
/// At the option `weights`.
pub fn check(weights: &[f64]) -> Result<(), RunError> {
    match weights.iter().any(|w| *w < 0.0) || weights.iter().all(|w| *w == 0.0) {
        true => Err(RunError::option("weights", words::bad_weights())),
        false => Ok(()),
    }
}

/// Notes what sampled rows stand for, and Kish's effective number of them.
pub fn note_sample(ctx: &mut Ctx, weights: &[f64]) {
    ctx.note(msg!(
        "frame.sample_weights",
        "{n} sampled {n|row stands|rows stand} for {population} of the population; for a mean they tell as much as {effective} rows of equal weights.",
        n = n_sampled(weights),
        population = (weights.iter().sum::<f64>(), Format::General),
        effective = (effective_n(weights), Format::Fixed(1))
    ));
}

/// How errors of coefficients are found from a sample.
pub fn errors_note(df: f64) -> Msg {
    msg!(
        "frame.linearised_note",
        "Linearised standard errors of a sample drawn with unequal chances; t with {df} degrees of freedom.",
        df = df
    )
}

/// How terms are tested of a sample, which has no likelihood.
pub fn tests_note(df: f64) -> Msg {
    msg!(
        "frame.sample_tests_note",
        "Wald’s F tests of all coefficients of a term, with {df} denominator degrees of freedom.",
        df = df
    )
}

/// Weights as models take them. Those of a sample are noted, and scaled to a mean of 1 over the sampled
/// rows, so that variances are in units of the outcome.
pub fn of_model<'w>(
    weights: Option<&'w [f64]>,
    weighting: Weighting,
    ctx: &mut Ctx,
) -> Option<Cow<'w, [f64]>> {
    let weights = weights?;
    if weighting != Weighting::Sampling {
        return Some(Cow::Borrowed(weights));
    }
    note_sample(ctx, weights);
    let scale = n_sampled(weights) as f64 / weights.iter().sum::<f64>();
    Some(weights.iter().map(|w| w * scale).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_not_negative_and_not_all_zero() {
        assert!(check(&[0.0, 2.5]).is_ok());
        assert!(check(&[1.0, -1.0]).is_err());
        assert!(check(&[0.0, 0.0]).is_err());
    }

    #[test]
    fn kinds_are_named_by_their_keys() {
        let keys = |choices: &[Choice]| choices.iter().map(|c| c.key).collect::<Vec<_>>();
        assert_eq!(keys(Weighting::COUNTS), ["frequency", "sampling"]);
        assert_eq!(keys(Weighting::SPREADS), ["frequency", "analytic"]);
    }
}
