//! Correlations of rows that stand for more than one.

use std::borrow::Cow;

use super::{Method, Missing, Options, note_rows};
use crate::frame::weights;
use crate::report::Msg;
use crate::spec::{Ctx, Input, RunError};
use crate::stats::correlation::weighted::{
    kendall, mid_ranks, pearson, product_moment, residuals, sampled, spearman,
};
use crate::stats::correlation::{Correlation, partial, tested};
use crate::stats::linalg::Square;

/// All pairs of columns, in the order of `places`.
pub(super) fn found(
    options: &Options,
    places: &[(usize, usize)],
    input: &Input,
    weights: &str,
    ctx: &mut Ctx,
    step: &Msg,
) -> Result<Vec<Correlation>, RunError> {
    let mut values: Vec<Cow<[f64]>> = Vec::new();
    for (option, names) in [
        ("columns", &options.columns),
        ("controls", &options.controls),
    ] {
        for name in names {
            values.push(input.numbers(option, name)?);
        }
    }
    let weights = input.numbers("weights", weights)?;
    let is_listwise = options.missing == Missing::Listwise || !options.controls.is_empty();
    let needed: &[Cow<[f64]>] = if is_listwise { &values } else { &[] };
    let is_used = |row: usize| {
        weights[row].is_finite() && needed.iter().all(|column| column[row].is_finite())
    };
    let rows: Vec<usize> = (0..weights.len()).filter(|row| is_used(*row)).collect();
    ctx.note_dropped(rows.len(), weights.len() - rows.len());
    let all: Vec<f64> = rows.iter().map(|&row| weights[row]).collect();
    weights::check(&all)?;
    if options.is_sample() {
        weights::note_sample(ctx, &all);
    }
    // A row without weight is not there.
    let rows: Vec<usize> = rows.into_iter().filter(|&row| weights[row] > 0.0).collect();
    let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
    let values: Vec<Vec<f64>> = values.iter().map(|v| pick(v)).collect();
    let weights = pick(&weights);
    if !options.controls.is_empty() {
        return held(options, places, values, &weights, ctx, step);
    }
    let mut found = Vec::new();
    let (mut fewest, mut most) = (f64::INFINITY, 0.0_f64);
    for (p, &(i, j)) in places.iter().enumerate() {
        ctx.tick(0.1 + 0.8 * p as f32 / places.len() as f32, step)?;
        let has_both = |row: &usize| values[i][*row].is_finite() && values[j][*row].is_finite();
        let both: Vec<usize> = (0..weights.len()).filter(has_both).collect();
        let pick = |of: &[f64]| both.iter().map(|&row| of[row]).collect::<Vec<f64>>();
        let one = correlate(
            options,
            &pick(&values[i]),
            &pick(&values[j]),
            &pick(&weights),
        );
        fewest = fewest.min(one.n);
        most = most.max(one.n);
        found.push(one);
    }
    note_rows(fewest, most, ctx);
    Ok(found)
}

fn correlate(options: &Options, x: &[f64], y: &[f64], weights: &[f64]) -> Correlation {
    let level = options.level;
    match (options.method, options.is_sample()) {
        (Method::Pearson, true) => sampled(x, y, weights, level),
        (Method::Pearson, false) => pearson(x, y, weights, level),
        (Method::Spearman, true) => untested(
            product_moment(&mid_ranks(x, weights), &mid_ranks(y, weights), weights),
            weights,
        ),
        (Method::Spearman, false) => spearman(x, y, weights, level),
        (Method::Kendall, _) => kendall(x, y, weights, level),
    }
}

/// Columns less what the controls, which come last, explain of them.
fn held(
    options: &Options,
    places: &[(usize, usize)],
    mut values: Vec<Vec<f64>>,
    weights: &[f64],
    ctx: &mut Ctx,
    step: &Msg,
) -> Result<Vec<Correlation>, RunError> {
    let (k, size) = (options.columns.len(), values.len());
    let is_ranks = options.method == Method::Spearman;
    if is_ranks {
        for (c, column) in values.iter_mut().enumerate() {
            *column = mid_ranks(column, weights);
            ctx.tick(0.3 * (c + 1) as f32 / size as f32, step)?;
        }
    }
    let mut all = Square::zeros(size);
    for i in 0..size {
        ctx.tick(0.3 + 0.3 * i as f32 / size as f32, step)?;
        *all.at_mut(i, i) = 1.0;
        for j in 0..i {
            let r = product_moment(&values[i], &values[j], weights);
            // A constant column explains nothing.
            let r = if r.is_finite() { r } else { 0.0 };
            *all.at_mut(i, j) = r;
            *all.at_mut(j, i) = r;
        }
    }
    let partials = partial(&all, k);
    let is_constant = |c: usize| values[c].iter().all(|v| *v == values[c][0]);
    let is_tested = options.is_sample() && !is_ranks;
    let mut rests = Vec::new();
    if is_tested {
        let (columns, controls) = values.split_at(k);
        let controls: Vec<&[f64]> = (controls.iter().map(|c| &c[..]))
            .filter(|c| c.iter().any(|v| *v != c[0]))
            .collect();
        for (c, column) in columns.iter().enumerate() {
            ctx.tick(0.6 + 0.3 * c as f32 / k as f32, step)?;
            rests.push(residuals(column, &controls, weights));
        }
    }
    let of = |&(i, j): &(usize, usize)| {
        let r = match is_constant(i) || is_constant(j) {
            true => f64::NAN,
            false => partials.at(i, j),
        };
        if is_tested && r.is_finite() {
            return sampled(&rests[i], &rests[j], weights, options.level);
        }
        match options.is_sample() {
            true => untested(r, weights),
            false => {
                let bonett = if is_ranks { 0.5 } else { 0.0 };
                tested(r, weights.iter().sum(), size - k, options.level, bonett)
            }
        }
    };
    Ok(places.iter().map(of).collect())
}

/// A correlation of a sample that has no test.
fn untested(r: f64, weights: &[f64]) -> Correlation {
    Correlation {
        r,
        n: weights.len() as f64,
        p: f64::NAN,
        low: f64::NAN,
        high: f64::NAN,
    }
}
