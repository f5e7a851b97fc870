//! Bootstrap intervals and permutation tests of one comparison.

use super::{Options, Variances};
use crate::frame::contrasts::{Contrast, Design};
use crate::frame::progress;
use crate::report::Msg;
use crate::spec::{Ctx, RunError};
use crate::stats::descriptive::mean;
use crate::stats::resample::{Permutation, bca_interval, flip_signs, permute_two};
use crate::stats::t_test::{Difference, Sample};

pub(super) type Resampled = (Option<(f64, f64)>, Option<Permutation>);

pub(super) fn resample(
    options: &Options,
    contrast: &Contrast,
    ctx: &mut Ctx,
    (from, to): (f32, f32),
    step: &Msg,
) -> Result<Resampled, RunError> {
    let middle = 0.5 * (from + to);
    let mut rng = ctx.rng().clone();
    let (n, level, alternative) = (options.n_resamples, options.level, options.alternative());
    let cancelled = |_| RunError::Cancelled;
    let null = options.null;
    let (first, second) = (
        &contrast.sides[0].values,
        contrast.sides.get(1).map(|s| &s.values),
    );
    let done = match (contrast.design, second) {
        (Design::Two, Some(second)) => {
            let interval = bca_interval(
                &[first, second],
                &|s| mean(s[0]) - mean(s[1]),
                n,
                level,
                &mut rng,
                &mut progress(ctx, from, middle, step),
            )
            .map_err(cancelled)?;
            let shifted: Vec<f64> = first.iter().map(|x| x - null).collect();
            let is_welch = options.variances == Variances::Welch;
            let statistic = |a: &[f64], b: &[f64]| {
                if is_welch {
                    let d = Difference::of_two(&Sample::of(a), &Sample::of(b));
                    d.estimate / d.standard_error
                } else {
                    mean(a) - mean(b)
                }
            };
            let tick = &mut progress(ctx, middle, to, step);
            let permuted =
                permute_two(&shifted, second, &statistic, alternative, n, &mut rng, tick)
                    .map_err(cancelled)?;
            (interval, Some(permuted))
        }
        _ => {
            let values = contrast.one_sample();
            let interval = bca_interval(
                &[values],
                &|s| mean(s[0]),
                n,
                level,
                &mut rng,
                &mut progress(ctx, from, middle, step),
            )
            .map_err(cancelled)?;
            let shifted: Vec<f64> = values.iter().map(|x| x - null).collect();
            let tick = &mut progress(ctx, middle, to, step);
            let flipped = flip_signs(&shifted, &|d| mean(d), alternative, n, &mut rng, tick)
                .map_err(cancelled)?;
            (interval, Some(flipped))
        }
    };
    *ctx.rng() = rng;
    Ok(done)
}
