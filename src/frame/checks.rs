//! The checks of assumptions that tests of groups stand on, as one table.

use super::contrasts::{Contrast, Design};
use super::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::descriptive::{Moments, sorted};
use crate::stats::normality::{self, SHAPIRO_WILK_MAX};
use crate::stats::spread_tests::{self, Centre};

/// Below this p a check speaks against its assumption.
const DOUBT: f64 = 0.05;

/// The table `checks`, row by row.
pub struct Checks {
    table: TableBlock,
    n_doubts: usize,
}

impl Default for Checks {
    fn default() -> Self {
        Self::new()
    }
}

impl Checks {
    pub fn new() -> Self {
        let heads = vec![
            Head::name("what", msg!("frame.check_of", "Of")),
            Head::name("check", msg!("frame.check", "Check")),
            words::statistic(),
            Head::new("df1", msg!("frame.df1", "df 1"), Format::General),
            Head::new("df2", msg!("frame.df2", "df 2"), Format::General),
            words::p(),
            Head::name("reading", msg!("frame.reading", "What it says")),
        ];
        Self {
            table: TableBlock::new(
                "checks",
                msg!("frame.checks", "Do the assumptions hold?"),
                heads,
            ),
            n_doubts: 0,
        }
    }

    /// The checks of two-group, paired and one-sample comparisons: normality of what each takes for
    /// normal, and the spread of two groups. Weighted rows are not checked.
    pub fn of<'a>(contrasts: impl Iterator<Item = &'a Contrast>) -> Self {
        let mut checks = Self::new();
        for contrast in contrasts.filter(|c| !c.is_weighted()) {
            let name = Msg::verbatim(&contrast.name);
            if contrast.design != Design::Two {
                checks.normality(name, contrast.one_sample());
                continue;
            }
            for side in &contrast.sides {
                let what = Msg::verbatim(format!("{}: {}", contrast.name, side.name));
                checks.normality(what, &side.values);
            }
            let groups: Vec<&[f64]> = contrast.sides.iter().map(|s| &s.values[..]).collect();
            checks.spread(name, &groups, Centre::Median);
        }
        checks
    }

    /// Shapiro and Wilk's test of `values`, up to the number that it takes; beyond it the shape.
    pub fn normality(&mut self, what: Msg, values: &[f64]) {
        if values.len() > SHAPIRO_WILK_MAX {
            let moments = Moments::of(values);
            let reading = msg!(
                "frame.too_many_to_matter",
                "Not tested: means of so many rows are near normal (skewness {skewness}, excess kurtosis {kurtosis})",
                skewness = (moments.skewness(), Format::Fixed(2)),
                kurtosis = (moments.excess_kurtosis(), Format::Fixed(2))
            );
            return self.row(
                what,
                shapiro_wilk(),
                (f64::NAN, None, None, f64::NAN),
                reading,
            );
        }
        let values = sorted(values);
        let test = normality::shapiro_wilk(&values);
        let reading = match test.p {
            p if p.is_nan() => cannot(),
            p if p >= DOUBT => msg!("frame.normal", "Looks normal"),
            _ if values.len() >= 30 => msg!(
                "frame.not_normal_large",
                "Not normal; tests of means bear it with this many rows"
            ),
            _ => msg!("frame.not_normal", "Not normal: compare with a rank test"),
        };
        self.row(
            what,
            shapiro_wilk(),
            (test.statistic, None, None, test.p),
            reading,
        );
    }

    /// Levene's test about the means or medians of the groups.
    pub fn spread(&mut self, what: Msg, groups: &[&[f64]], centre: Centre) {
        let test = spread_tests::levene(groups, centre);
        let name = match centre {
            Centre::Mean => levene(),
            Centre::Median => brown_forsythe(),
        };
        let reading = match test.p {
            p if p.is_nan() => cannot(),
            p if p >= DOUBT => msg!("frame.even_spread", "The spread looks even"),
            _ => msg!(
                "frame.uneven_spread",
                "The spread is uneven: prefer Welch's test"
            ),
        };
        let df = (Some(test.df1), Some(test.df2));
        self.row(what, name, (test.statistic, df.0, df.1, test.p), reading);
    }

    /// Brown and Forsythe's test where a shift is meant: groups that differ in spread are not merely
    /// shifted.
    pub fn shape(&mut self, what: Msg, groups: &[&[f64]], centre: Centre) {
        let test = spread_tests::levene(groups, centre);
        let reading = match test.p {
            p if p.is_nan() => cannot(),
            p if p >= DOUBT => msg!(
                "frame.same_shape",
                "The spread looks even: the shift is one of medians"
            ),
            _ => msg!(
                "frame.other_shape",
                "The spread is uneven: read it as one group tending to be higher, not as a shift"
            ),
        };
        let df = (Some(test.df1), Some(test.df2));
        self.row(
            what,
            brown_forsythe(),
            (test.statistic, df.0, df.1, test.p),
            reading,
        );
    }

    /// Any other check.
    pub fn row(
        &mut self,
        what: Msg,
        check: Msg,
        (statistic, df1, df2, p): (f64, Option<f64>, Option<f64>, f64),
        reading: Msg,
    ) {
        self.n_doubts += usize::from(p < DOUBT);
        let number = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
        self.table.row(vec![
            what.into(),
            check.into(),
            number(statistic),
            df1.into(),
            df2.into(),
            number(p),
            reading.into(),
        ]);
    }

    /// How many checks speak against their assumption.
    pub fn n_doubts(&self) -> usize {
        self.n_doubts
    }

    /// The table, when it has rows.
    pub fn into_table(self) -> Option<TableBlock> {
        (!self.table.rows.is_empty()).then_some(self.table)
    }
}

pub fn shapiro_wilk() -> Msg {
    msg!("frame.shapiro_wilk", "Shapiro–Wilk")
}

pub fn levene() -> Msg {
    msg!("frame.levene", "Levene")
}

pub fn brown_forsythe() -> Msg {
    msg!("frame.brown_forsythe", "Brown–Forsythe")
}

fn cannot() -> Msg {
    msg!(
        "frame.no_check",
        "Cannot be tested: too few or equal values"
    )
}
