//! What is said of numbers beyond the usual: all measures, chosen quantiles, outliers.

use super::weighted::{Picked, Weights};
use super::{Groups, Options};
use crate::frame::weights::Weighting;
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::RunError;
use crate::stats::descriptive::{self, Moments, QuantileType};
use crate::stats::distributions::student_t;
use crate::stats::normality::{anderson_darling, shapiro_wilk};
use crate::stats::weighted::{WeightedMoments, WeightedQuantile};
use crate::table::Column;

/// Share that the trimmed mean leaves out at each end.
const TRIM: f64 = 0.1;

/// Above this many repeated rows their normality is not tested.
const MAX_REPEATED: f64 = 1e7;

/// The tables that were asked for.
pub(super) struct More {
    pub tables: Vec<TableBlock>,
    pub kind: QuantileType,
    has_moments: bool,
    shares: Vec<f64>,
    has_outliers: bool,
    has_normality: bool,
}

impl More {
    /// # Errors
    /// When the quantiles do not read.
    pub fn new(options: &Options, groups: &Groups) -> Result<Self, RunError> {
        let shares = shares(&options.quantiles)?;
        let mut tables = Vec::new();
        let is_weighted = options.weights.is_some();
        let is_sample = is_weighted && options.weighting == Weighting::Sampling;
        let number = |key: &str, title: Msg| Head::new(key, title, Format::General);
        if options.moments {
            let mut heads = first_heads(groups);
            if !is_sample {
                heads.push(number(
                    "se_mean",
                    msg!("explore.describe.se_mean", "SE of the mean"),
                ));
                heads.extend(words::ends("", 0.95, Format::General));
            }
            heads.push(number("sum", msg!("explore.describe.sum", "Sum")));
            if is_sample {
                heads.push(number(
                    "se_sum",
                    msg!("explore.describe.se_sum", "SE of the sum"),
                ));
            }
            heads.extend([
                number("variance", msg!("explore.describe.variance", "Variance")),
                Head::new(
                    "cv",
                    msg!("explore.describe.cv", "Coefficient of variation"),
                    Format::Percent(1),
                ),
                number("range", msg!("explore.describe.range", "Range")),
                number("iqr", msg!("explore.describe.iqr", "Interquartile range")),
            ]);
            if !is_sample {
                heads.extend([
                    number(
                        "mad",
                        msg!("explore.describe.mad", "Median absolute deviation"),
                    ),
                    number(
                        "trimmed",
                        msg!("explore.describe.trimmed", "Trimmed mean, 10%"),
                    ),
                ]);
            }
            heads.push(number(
                "geometric",
                msg!("explore.describe.geometric", "Geometric mean"),
            ));
            tables.push(TableBlock::new(
                "moments",
                msg!("explore.describe.moments", "All measures of numbers"),
                heads,
            ));
        }
        if !shares.is_empty() {
            let mut heads = first_heads(groups);
            for (k, share) in shares.iter().enumerate() {
                let mut name = String::new();
                crate::table::write_number(&mut name, share * 100.0);
                heads.push(number(
                    &format!("q_{}", k + 1),
                    Msg::verbatim(format!("{name}%")),
                ));
            }
            tables.push(TableBlock::new(
                "quantiles",
                msg!("explore.describe.quantile_table", "Quantiles"),
                heads,
            ));
        }
        if options.outliers {
            let format = if is_weighted {
                Format::General
            } else {
                Format::Integer
            };
            let count = |key: &str, title: Msg| Head::new(key, title, format);
            let mut heads = first_heads(groups);
            heads.extend([
                number(
                    "low_fence",
                    msg!("explore.describe.low_fence", "Lower fence"),
                ),
                number(
                    "high_fence",
                    msg!("explore.describe.high_fence", "Upper fence"),
                ),
                count("below", msg!("explore.describe.below", "Below it")),
                count("above", msg!("explore.describe.above", "Above it")),
                count("far", msg!("explore.describe.far", "Beyond 3 ranges")),
            ]);
            tables.push(TableBlock::new(
                "outliers",
                msg!("explore.describe.outlier_table", "Outliers"),
                heads,
            ));
        }
        if options.normality && !is_sample {
            let fixed = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(4));
            let p = |key: &str| Head::new(key, msg!("frame.p", "p"), Format::PValue);
            let mut heads = first_heads(groups);
            heads.extend([
                fixed("w", msg!("explore.describe.shapiro_wilk", "Shapiro–Wilk W")),
                p("w_p"),
                fixed(
                    "a",
                    msg!("explore.describe.anderson_darling", "Anderson–Darling A²"),
                ),
                p("a_p"),
            ]);
            let title = msg!("explore.describe.normality", "Could the values be normal?");
            let mut table = TableBlock::new("normality", title, heads);
            table.notes.push(msg!(
                "explore.describe.normality_note",
                "A small p speaks against a normal distribution. With many values even small departures show."
            ));
            tables.push(table);
        }
        Ok(Self {
            tables,
            kind: quantile_type(options.quantile_type),
            has_moments: options.moments,
            shares,
            has_outliers: options.outliers,
            has_normality: options.normality && !is_sample,
        })
    }

    /// The lines of one column in one group.
    pub fn rows(&mut self, column: &Column, groups: &Groups, group: usize, values: &[f64]) {
        if self.tables.is_empty() {
            return;
        }
        let sorted = descriptive::sorted(values);
        let first = || {
            let mut cells: Vec<Cell> = vec![column.name.clone().into()];
            if groups.is_split() {
                cells.push(groups.names[group].clone().into());
            }
            cells
        };
        let known = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
        let mut at = 0;
        if self.has_moments {
            let mut cells = first();
            cells.extend(measures(values, &sorted, self.kind).map(known));
            self.tables[at].row(cells);
            at += 1;
        }
        if !self.shares.is_empty() {
            let mut cells = first();
            for share in &self.shares {
                cells.push(known(descriptive::quantile_of_type(
                    &sorted, *share, self.kind,
                )));
            }
            self.tables[at].row(cells);
            at += 1;
        }
        if self.has_outliers {
            let quartile = |p| descriptive::quantile_of_type(&sorted, p, self.kind);
            let (q1, q3) = (quartile(0.25), quartile(0.75));
            let reach = q3 - q1;
            let count = |is: &dyn Fn(f64) -> bool| values.iter().filter(|v| is(**v)).count();
            let (low, high) = (q1 - 1.5 * reach, q3 + 1.5 * reach);
            let mut cells = first();
            cells.extend([
                known(low),
                known(high),
                count(&|v| v < low).into(),
                count(&|v| v > high).into(),
                count(&|v| v < q1 - 3.0 * reach || v > q3 + 3.0 * reach).into(),
            ]);
            self.tables[at].row(cells);
            at += 1;
        }
        if self.has_normality {
            let (w, a) = (shapiro_wilk(&sorted), anderson_darling(&sorted));
            let mut cells = first();
            cells.extend([
                known(w.statistic),
                known(w.p),
                known(a.statistic),
                known(a.p),
            ]);
            self.tables[at].row(cells);
        }
    }
}

impl More {
    /// The lines of one column in one group, of weighted rows.
    pub fn weighted_rows(
        &mut self,
        column: &Column,
        groups: &Groups,
        group: usize,
        weights: &Weights,
        picked: &Picked,
    ) {
        let first = || {
            let mut cells: Vec<Cell> = vec![column.name.clone().into()];
            if groups.is_split() {
                cells.push(groups.names[group].clone().into());
            }
            cells
        };
        let known = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
        let how = weights.how(self.kind);
        let quantile = |p| picked.ordered.quantile(p, how);
        let mut at = 0;
        if self.has_moments {
            let mut cells = first();
            let measures = weighted_measures(weights, picked, how);
            cells.extend(measures.into_iter().map(known));
            self.tables[at].row(cells);
            at += 1;
        }
        if !self.shares.is_empty() {
            let mut cells = first();
            cells.extend(self.shares.iter().map(|share| known(quantile(*share))));
            self.tables[at].row(cells);
            at += 1;
        }
        if self.has_outliers {
            let (q1, q3) = (quantile(0.25), quantile(0.75));
            let reach = q3 - q1;
            let (low, high) = (q1 - 1.5 * reach, q3 + 1.5 * reach);
            let count = |is: &dyn Fn(f64) -> bool| -> f64 {
                let rows = picked.values.iter().zip(&picked.weights);
                rows.filter(|(v, _)| is(**v)).map(|(_, w)| w).sum()
            };
            let mut cells = first();
            cells.extend([
                known(low),
                known(high),
                count(&|v| v < low).into(),
                count(&|v| v > high).into(),
                count(&|v| v < q1 - 3.0 * reach || v > q3 + 3.0 * reach).into(),
            ]);
            self.tables[at].row(cells);
            at += 1;
        }
        if self.has_normality {
            let mut cells = first();
            match picked.ordered.repeated(MAX_REPEATED) {
                Some(rows) => {
                    let (w, a) = (shapiro_wilk(&rows), anderson_darling(&rows));
                    cells.extend([w.statistic, w.p, a.statistic, a.p].map(known));
                }
                None => cells.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]),
            }
            self.tables[at].row(cells);
        }
    }
}

/// In the order of the table's heads.
fn weighted_measures(weights: &Weights, picked: &Picked, how: WeightedQuantile) -> Vec<f64> {
    let ordered = &picked.ordered;
    let moments = WeightedMoments::of(&picked.values, &picked.weights);
    let (n, sum) = (moments.n, moments.mean * moments.n);
    let mean = weights.mean(picked);
    let variance = weights.variance(picked);
    let (min, max) = descriptive::range(&picked.values);
    let spread = [
        variance,
        variance.sqrt() / moments.mean.abs(),
        max - min,
        ordered.quantile(0.75, how) - ordered.quantile(0.25, how),
    ];
    let geometric = if ordered.values.first().is_some_and(|v| *v > 0.0) {
        let rows = picked.values.iter().zip(&picked.weights);
        libm::exp(rows.map(|(v, w)| w * libm::log(*v)).sum::<f64>() / n)
    } else {
        f64::NAN
    };
    if weights.is_sample() {
        let rows = picked.values.iter().zip(&picked.weights);
        let squares: f64 = rows.map(|(v, w)| (w * v) * (w * v)).sum();
        let all = picked.n_all as f64;
        let error = ((squares - sum * sum / all).max(0.0) * all / (all - 1.0)).sqrt();
        return [&[sum, error][..], &spread, &[geometric]].concat();
    }
    let trimmed = ordered.trimmed_mean((n * TRIM).floor());
    [
        &[mean.standard_error, mean.low, mean.high, sum][..],
        &spread,
        &[ordered.median_absolute_deviation(how), trimmed, geometric],
    ]
    .concat()
}

/// In the order of the table's heads.
fn measures(values: &[f64], sorted: &[f64], kind: QuantileType) -> [f64; 11] {
    let m = Moments::of(values);
    let n = m.n as f64;
    let half = if m.n > 1 {
        student_t::upper_quantile(0.025, n - 1.0) * m.se_mean()
    } else {
        f64::NAN
    };
    let quartile = |p| descriptive::quantile_of_type(sorted, p, kind);
    // As R's mean(trim = 0.1): whole rows only.
    let cut = (n * TRIM).floor() as usize;
    let trimmed = descriptive::mean(sorted.get(cut..sorted.len() - cut).unwrap_or(&[]));
    let geometric = if sorted.first().is_some_and(|v| *v > 0.0) {
        libm::exp(values.iter().map(|v| libm::log(*v)).sum::<f64>() / n)
    } else {
        f64::NAN
    };
    [
        m.se_mean(),
        m.mean - half,
        m.mean + half,
        m.mean * n,
        m.variance(),
        m.sd() / m.mean.abs(),
        m.max - m.min,
        quartile(0.75) - quartile(0.25),
        descriptive::median_absolute_deviation(sorted),
        trimmed,
        geometric,
    ]
}

fn first_heads(groups: &Groups) -> Vec<Head> {
    let mut heads = vec![Head::name(
        "column",
        msg!("explore.describe.column", "Column"),
    )];
    if groups.is_split() {
        heads.push(Head::name("group", msg!("explore.describe.group", "Group")));
    }
    heads
}

fn shares(text: &str) -> Result<Vec<f64>, RunError> {
    let parts = text
        .split([',', ';'])
        .map(str::trim)
        .filter(|w| !w.is_empty());
    let read = |w: &str| {
        let value = w.trim_end_matches('%').trim().parse::<f64>().ok()?;
        (0.0..=100.0).contains(&value).then_some(value / 100.0)
    };
    let all: Option<Vec<f64>> = parts.map(read).collect();
    let all = all.filter(|s| s.len() <= 50);
    all.ok_or_else(|| {
        RunError::option(
            "quantiles",
            msg!(
                "explore.describe.bad_quantiles",
                "Give per cents from 0 to 100, separated by commas, such as 5, 10, 90."
            ),
        )
    })
}

fn quantile_type(number: usize) -> QuantileType {
    QuantileType::ALL[number - 1]
}
