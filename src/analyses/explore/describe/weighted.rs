//! Descriptions of rows that stand for more than one: the lines of numbers and categories.

use super::{Groups, Options, head_columns};
use crate::frame::weights::{self, Weighting};
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Ctx, Input, RunError};
use crate::stats::descriptive::{self, QuantileType};
use crate::stats::distributions::student_t;
use crate::stats::t_test::Sample;
use crate::stats::weighted::{Ordered, WeightedMoments, WeightedQuantile};
use crate::table::{Column, Levels};

/// The weights of all rows, 0 where there is none.
pub(super) struct Weights {
    values: Vec<f64>,
    pub weighting: Weighting,
}

/// A group's values that are there, with their weights, none of them zero.
pub(super) struct Picked {
    pub values: Vec<f64>,
    pub weights: Vec<f64>,
    pub ordered: Ordered,
    /// Of rows without a value: their weight, or their number where rows are a sample.
    pub missing: f64,
    /// Rows with a value, in all groups.
    pub n_all: usize,
}

/// An estimate with its error and 95% interval; NaN where there is none.
pub(super) struct MeanOf {
    pub value: f64,
    pub standard_error: f64,
    pub low: f64,
    pub high: f64,
}

impl Weights {
    /// # Errors
    /// When the weights cannot be.
    pub fn of(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Option<Self>, RunError> {
        let Some(name) = &options.weights else {
            return Ok(None);
        };
        let values = input.numbers("weights", name)?;
        let known: Vec<f64> = values.iter().copied().filter(|w| w.is_finite()).collect();
        ctx.note_dropped(known.len(), values.len() - known.len());
        weights::check(&known)?;
        if options.weighting == Weighting::Sampling {
            weights::note_sample(ctx, &known);
        }
        let values = values.iter().map(|w| if w.is_finite() { *w } else { 0.0 });
        Ok(Some(Self {
            values: values.collect(),
            weighting: options.weighting,
        }))
    }

    pub fn is_sample(&self) -> bool {
        self.weighting == Weighting::Sampling
    }

    /// What counts of rows add up: weights, or rows where they are a sample.
    fn count(&self, row: usize) -> f64 {
        match self.weighting {
            Weighting::Sampling => f64::from(u8::from(self.values[row] > 0.0)),
            _ => self.values[row],
        }
    }

    /// The counts of rows with and without a value, by their codes.
    pub fn counts(&self, codes: &[i32], rows: impl Iterator<Item = usize>) -> (f64, f64) {
        let (mut there, mut missing) = (0.0, 0.0);
        for row in rows {
            match codes[row] {
                0.. => there += self.count(row),
                _ => missing += self.count(row),
            }
        }
        (there, missing)
    }

    pub fn pick(&self, values: &[f64], groups: &Groups, group: usize) -> Picked {
        let is_used = |row: usize| self.values[row] > 0.0;
        let (mut picked, mut weights, mut missing) = (Vec::new(), Vec::new(), 0.0);
        for row in groups.rows(group).filter(|row| is_used(*row)) {
            if values[row].is_finite() {
                picked.push(values[row]);
                weights.push(self.values[row]);
            } else {
                missing += self.count(row);
            }
        }
        let in_groups = (0..values.len()).filter(|row| groups.has(*row) && is_used(*row));
        Picked {
            ordered: Ordered::of(&picked, &weights),
            n_all: in_groups.filter(|row| values[*row].is_finite()).count(),
            values: picked,
            weights,
            missing,
        }
    }

    /// The sums of weights of a column's levels, in a group.
    pub fn of_levels(&self, levels: &Levels, rows: impl Iterator<Item = usize>) -> Vec<f64> {
        let mut sums = vec![0.0; levels.names.len()];
        for row in rows {
            if let code @ 0.. = levels.codes[row] {
                sums[code as usize] += self.values[row];
            }
        }
        sums
    }

    pub fn how(&self, kind: QuantileType) -> WeightedQuantile {
        match self.is_sample() {
            true => WeightedQuantile::Population,
            false => WeightedQuantile::Repeated(kind),
        }
    }

    /// The mean of a group, and what it may be.
    pub fn mean(&self, picked: &Picked) -> MeanOf {
        let (sample, df) = match self.is_sample() {
            true => (
                Sample::of_sampled(&picked.values, &picked.weights, picked.n_all),
                picked.values.len() as f64 - 1.0,
            ),
            false => {
                let sample = Sample::of_weighted(&picked.values, &picked.weights);
                (sample, sample.n - 1.0)
            }
        };
        let half = match df > 0.0 {
            true => student_t::upper_quantile(0.025, df) * sample.standard_error(),
            false => f64::NAN,
        };
        MeanOf {
            value: sample.mean,
            standard_error: if df > 0.0 {
                sample.standard_error()
            } else {
                f64::NAN
            },
            low: sample.mean - half,
            high: sample.mean + half,
        }
    }

    /// The variance of the rows repeated, or of the population.
    pub fn variance(&self, picked: &Picked) -> f64 {
        let moments = WeightedMoments::of(&picked.values, &picked.weights);
        let n = picked.values.len() as f64;
        match self.is_sample() {
            true if n > 1.0 => moments.sum_squares / moments.n * n / (n - 1.0),
            true => f64::NAN,
            false => moments.variance(),
        }
    }
}

/// Heads of lines that begin with counts, which need not be whole.
fn first_heads(groups: &Groups) -> Vec<Head> {
    let mut heads = head_columns(groups);
    for head in &mut heads {
        head.format = Format::General;
    }
    heads
}

pub(super) fn numbers_table(groups: &Groups, weights: &Weights) -> TableBlock {
    let mut table = super::numbers_table(groups);
    for (head, weighted) in table.columns.iter_mut().zip(first_heads(groups)) {
        head.format = weighted.format;
    }
    if !weights.is_sample() {
        return table;
    }
    let number = |key: &str, title: Msg| Head::new(key, title, Format::General);
    let heads = std::mem::take(&mut table.columns);
    for head in heads {
        let is_mean = head.key == "mean";
        if !["skewness", "kurtosis"].contains(&head.key.as_str()) {
            table.columns.push(head);
        }
        if is_mean {
            let title = msg!("explore.describe.se_mean", "SE of the mean");
            table.columns.push(number("se_mean", title));
            table.columns.extend(words::ends("", 0.95, Format::General));
        }
    }
    table
}

pub(super) fn number_row(
    table: &mut TableBlock,
    column: &Column,
    groups: &Groups,
    group: usize,
    weights: &Weights,
    picked: &Picked,
    kind: QuantileType,
) {
    let known = |v: f64| Cell::from(Some(v).filter(|v| !v.is_nan()));
    let mut cells = vec![column.name.clone().into()];
    if groups.is_split() {
        cells.push(groups.names[group].clone().into());
    }
    let n = match weights.is_sample() {
        true => picked.values.len() as f64,
        false => picked.ordered.n(),
    };
    cells.extend([n.into(), picked.missing.into()]);
    let mean = weights.mean(picked);
    cells.push(known(mean.value));
    if weights.is_sample() {
        cells.extend([mean.standard_error, mean.low, mean.high].map(known));
    }
    let (min, max) = descriptive::range(&picked.values);
    let quartile = |p| picked.ordered.quantile(p, weights.how(kind));
    cells.extend([weights.variance(picked).sqrt(), min].map(known));
    cells.extend([quartile(0.25), quartile(0.5), quartile(0.75), max].map(known));
    if !weights.is_sample() {
        let moments = WeightedMoments::of(&picked.values, &picked.weights);
        cells.extend([moments.skewness(), moments.excess_kurtosis()].map(known));
    }
    table.row(cells);
}

pub(super) fn categories_table(groups: &Groups) -> TableBlock {
    let mut table = super::categories_table(groups);
    for head in &mut table.columns {
        if head.format == Format::Integer {
            head.format = Format::General;
        }
    }
    table
}

pub(super) fn category_row(
    table: &mut TableBlock,
    column: &Column,
    levels: &Levels,
    groups: &Groups,
    group: usize,
    weights: &Weights,
) {
    let sums = weights.of_levels(levels, groups.rows(group));
    let (there, missing) = weights.counts(&levels.codes, groups.rows(group));
    let all: f64 = sums.iter().sum();
    let mut cells = vec![column.name.clone().into()];
    if groups.is_split() {
        cells.push(groups.names[group].clone().into());
    }
    let n_levels = sums.iter().filter(|&&s| s > 0.0).count();
    cells.extend([there.into(), missing.into(), n_levels.into()]);
    // The first of the most frequent ones.
    let top = (0..sums.len())
        .rev()
        .max_by(|&a, &b| sums[a].total_cmp(&sums[b]));
    match top.filter(|&l| sums[l] > 0.0) {
        Some(top) => cells.extend([
            levels.names[top].clone().into(),
            sums[top].into(),
            (sums[top] / all).into(),
        ]),
        None => cells.extend([Cell::Empty, Cell::Empty, Cell::Empty]),
    }
    table.row(cells);
}
