//! The tables: numbers, quantiles and outliers.

use super::{Groups, Sample};
use crate::msg;
use crate::report::{Block, Cell, Format, Head, Msg, TableBlock};
use crate::stats::descriptive::quantile;

/// Keys and shares of the quantiles that are listed.
pub const QUANTILES: [(&str, f64); 9] = [
    ("q01", 0.01),
    ("q05", 0.05),
    ("q10", 0.1),
    ("q25", 0.25),
    ("q50", 0.5),
    ("q75", 0.75),
    ("q90", 0.9),
    ("q95", 0.95),
    ("q99", 0.99),
];

pub struct Tables {
    numbers: TableBlock,
    quantiles: TableBlock,
    outliers: TableBlock,
    /// Values of all samples.
    pub n_values: usize,
}

impl Tables {
    pub fn new(groups: &Groups) -> Self {
        let general = |key: &str, title: Msg| Head::new(key, title, Format::General);
        let count = |key: &str, title: Msg| Head::new(key, title, Format::Integer);
        let named = |heads: Vec<Head>| {
            let mut all = vec![Head::name(
                "column",
                msg!("explore.distribution.column", "Column"),
            )];
            if groups.is_split() {
                all.push(Head::name(
                    "group",
                    msg!("explore.distribution.group", "Group"),
                ));
            }
            all.extend(heads);
            all
        };
        let numbers = vec![
            count("n", msg!("explore.distribution.n", "Values")),
            count("missing", msg!("explore.distribution.missing", "Missing")),
            general("mean", msg!("explore.distribution.mean", "Mean")),
            general("sd", msg!("explore.distribution.sd", "SD")),
            Head::new(
                "skewness",
                msg!("explore.distribution.skewness", "Skewness"),
                Format::Fixed(2),
            ),
            Head::new(
                "kurtosis",
                msg!("explore.distribution.kurtosis", "Excess kurtosis"),
                Format::Fixed(2),
            ),
            general(
                "bandwidth",
                msg!("explore.distribution.bandwidth", "Bandwidth"),
            ),
        ];
        let mut quantiles = vec![general("min", msg!("explore.distribution.min", "Least"))];
        quantiles.extend(QUANTILES.iter().map(|(key, share)| {
            general(
                key,
                msg!(
                    "explore.distribution.share",
                    "{share}",
                    share = (*share, Format::Percent(0))
                ),
            )
        }));
        quantiles.push(general("max", msg!("explore.distribution.max", "Greatest")));
        let outliers = vec![
            general(
                "low_fence",
                msg!("explore.distribution.low_fence", "Lower fence"),
            ),
            general(
                "high_fence",
                msg!("explore.distribution.high_fence", "Upper fence"),
            ),
            general(
                "low_whisker",
                msg!("explore.distribution.low_whisker", "Least within"),
            ),
            general(
                "high_whisker",
                msg!("explore.distribution.high_whisker", "Greatest within"),
            ),
            count("below", msg!("explore.distribution.below", "Below")),
            count("above", msg!("explore.distribution.above", "Above")),
            count("far", msg!("explore.distribution.far", "Of them far")),
            Head::new(
                "share",
                msg!("explore.distribution.outlier_share", "Share"),
                Format::Percent(1),
            ),
        ];
        Self {
            numbers: TableBlock::new(
                "numbers",
                msg!("explore.distribution.numbers", "Shape"),
                named(numbers),
            ),
            quantiles: TableBlock::new(
                "quantiles",
                msg!("explore.distribution.quantiles", "Quantiles"),
                named(quantiles),
            ),
            outliers: TableBlock::new(
                "outliers",
                msg!(
                    "explore.distribution.outliers",
                    "Outliers by Tukey’s fences"
                ),
                named(outliers),
            ),
            n_values: 0,
        }
    }

    /// One line in each table; a sample without values has one in the first alone.
    pub fn row(&mut self, column: &str, sample: &Sample, groups: &Groups) {
        let named = |cells: Vec<Cell>| {
            let mut all: Vec<Cell> = vec![column.into()];
            if groups.is_split() {
                all.push(sample.name.clone().into());
            }
            all.extend(cells);
            all
        };
        let known = |v: f64| (!v.is_nan()).then_some(v);
        let m = &sample.moments;
        self.numbers.row(named(vec![
            sample.n().into(),
            sample.n_missing.into(),
            known(m.mean).into(),
            known(m.sd()).into(),
            known(m.skewness()).into(),
            known(m.excess_kurtosis()).into(),
            sample.bandwidth.into(),
        ]));
        self.n_values += sample.n();
        if sample.n() == 0 {
            return;
        }
        let mut cells: Vec<Cell> = vec![m.min.into()];
        cells.extend(QUANTILES.map(|(_, p)| Cell::from(quantile(&sample.sorted, p))));
        cells.push(m.max.into());
        self.quantiles.row(named(cells));
        let (fences, (low, high)) = (&sample.fences, sample.fences.whiskers(&sample.sorted));
        let n_out = fences.n_beyond();
        self.outliers.row(named(vec![
            fences.low.into(),
            fences.high.into(),
            low.into(),
            high.into(),
            fences.n_below.into(),
            fences.n_above.into(),
            fences.n_far.into(),
            (n_out as f64 / sample.n() as f64).into(),
        ]));
    }

    pub fn blocks(self) -> impl Iterator<Item = Block> {
        [self.numbers, self.quantiles, self.outliers]
            .into_iter()
            .map(Block::Table)
    }
}
