//! Shares of rows that are a sample drawn with unequal chances: linearised errors, Student's quantiles.

use super::{Counted, Design, Options, tables::number};
use crate::frame::words;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::distributions::student_t;
use crate::stats::survey::{Cells, RaoScott, Share, Weight};
use crate::stats::t_test::{Alternative, Estimate};

/// The weights of the cells: without and with the event by group, or the levels of the χ² of fit.
pub(super) struct Sample {
    pub cells: Cells,
    /// Rows sampled of each group.
    pub rows: Vec<usize>,
}

/// An estimate with its test.
pub(super) struct Tested {
    pub estimate: Estimate,
    pub t: f64,
    pub df: f64,
    pub p: f64,
}

impl Sample {
    /// The share of a group with its error: groups are domains of all rows sampled.
    pub fn share(&self, options: &Options, i: usize) -> Share {
        let all = self.cells.n;
        if options.design == Design::Fit {
            return Share::of(self.cells.weights[i], self.cells.all(), all);
        }
        let (without, with) = (self.cells.weights[2 * i], self.cells.weights[2 * i + 1]);
        Share {
            n: self.rows[i],
            ..Share::of(with, without.plus(with), all)
        }
    }

    pub fn interval(&self, options: &Options, i: usize, alternative: Alternative) -> Estimate {
        let share = self.share(options, i);
        let value = share.value;
        let (low, high) = match alternative {
            Alternative::TwoSided => share.interval(options.level),
            Alternative::Greater => (share.interval(2.0 * options.level - 1.0).0, 1.0),
            Alternative::Less => (0.0, share.interval(2.0 * options.level - 1.0).1),
        };
        Estimate { value, low, high }
    }

    /// One share against the null value.
    pub fn against_null(&self, options: &Options) -> Tested {
        let share = self.share(options, 0);
        let t = (share.value - options.null) / share.standard_error;
        let df = share.n as f64 - 1.0;
        Tested {
            estimate: self.interval(options, 0, Alternative::TwoSided),
            t,
            df,
            p: p_of(t, df, options.alternative()),
        }
    }

    /// The share of one group less that of another.
    pub fn difference(
        &self,
        options: &Options,
        (a, b): (usize, usize),
        alternative: Alternative,
    ) -> Tested {
        let (first, second) = (self.share(options, a).value, self.share(options, b).value);
        let mut gradient = vec![0.0; self.cells.weights.len()];
        for (group, share, sign) in [(a, first, 1.0), (b, second, -1.0)] {
            let all = self.of_group(group).sum;
            gradient[2 * group] = -sign * share / all;
            gradient[2 * group + 1] = sign * (1.0 - share) / all;
        }
        let estimate = self
            .cells
            .estimate(first - second, &gradient, options.level);
        let t = estimate.value / self.cells.standard_error(&gradient);
        let df = self.cells.n as f64 - 1.0;
        Tested {
            estimate,
            t,
            df,
            p: p_of(t, df, alternative),
        }
    }

    /// The risk ratio and the odds ratio of two groups, intervals by their logarithms.
    pub fn ratios(&self, options: &Options, (a, b): (usize, usize)) -> [Estimate; 2] {
        let sum = |cell: usize| self.cells.weights[cell].sum;
        let (x, not_x) = (sum(2 * a + 1), sum(2 * a));
        let (y, not_y) = (sum(2 * b + 1), sum(2 * b));
        let place = |with: [f64; 4]| {
            let mut gradient = vec![0.0; self.cells.weights.len()];
            let cells = [2 * a + 1, 2 * a, 2 * b + 1, 2 * b];
            for (cell, g) in cells.into_iter().zip(with) {
                gradient[cell] = g;
            }
            gradient
        };
        let of_ln = |value: f64, gradient: [f64; 4]| {
            let reach = match value > 0.0 && value.is_finite() {
                true => {
                    self.cells.quantile(options.level) * self.cells.standard_error(&place(gradient))
                }
                false => f64::NAN,
            };
            Estimate {
                value,
                low: value * libm::exp(-reach),
                high: value * libm::exp(reach),
            }
        };
        let (first, second) = (x + not_x, y + not_y);
        let risk = of_ln(
            (x / first) / (y / second),
            [
                1.0 / x - 1.0 / first,
                -1.0 / first,
                1.0 / second - 1.0 / y,
                1.0 / second,
            ],
        );
        let odds = of_ln(
            (x / not_x) / (y / not_y),
            [1.0 / x, -1.0 / not_x, -1.0 / y, 1.0 / not_y],
        );
        [risk, odds]
    }

    /// Whether all groups have the same share.
    pub fn test(&self) -> Option<RaoScott> {
        let both: [f64; 2] = [0, 1].map(|e| {
            let cells = self.cells.weights.iter().skip(e).step_by(2);
            cells.map(|w| w.sum).sum()
        });
        // Without the event anywhere, or with it everywhere, there is nothing to test.
        match both.contains(&0.0) {
            true => None,
            false => self.cells.rao_scott(2),
        }
    }

    fn of_group(&self, group: usize) -> Weight {
        self.cells.weights[2 * group].plus(self.cells.weights[2 * group + 1])
    }
}

fn p_of(t: f64, df: f64, alternative: Alternative) -> f64 {
    if !(t.is_finite() && df > 0.0) {
        return f64::NAN;
    }
    match alternative {
        Alternative::TwoSided => student_t::two_sided_p(t, df),
        Alternative::Greater => student_t::sf(t, df),
        Alternative::Less => student_t::cdf(t, df),
    }
}

/// The tests of one share, of two or of several.
pub(super) fn tests(options: &Options, counted: &Counted, sample: &Sample) -> TableBlock {
    let mut table = TableBlock::new(
        "tests",
        msg!("compare.proportions.tests", "Tests"),
        vec![
            Head::name("test", msg!("compare.proportions.test", "Test")),
            words::statistic(),
            Head::new("df", msg!("frame.df", "df"), Format::Significant(4)),
            Head::new("df2", msg!("frame.df2", "df 2"), Format::Significant(4)),
            words::p(),
        ],
    );
    let mut t_test = |test: &Tested| {
        table.row(vec![
            msg!("compare.proportions.t_test", "t test").into(),
            number(test.t),
            number(test.df),
            Cell::Empty,
            number(test.p),
        ]);
    };
    match (options.design, counted.groups.len()) {
        (Design::One, _) => t_test(&sample.against_null(options)),
        (_, 2) => t_test(&sample.difference(options, (0, 1), options.alternative())),
        _ => {}
    }
    if options.design != Design::One {
        let name = msg!(
            "compare.proportions.rao_scott",
            "F of Pearson's χ², corrected (Rao and Scott)"
        );
        let mut row: Vec<Cell> = vec![name.into()];
        match sample.test() {
            Some(test) => row.extend([test.f, test.df1, test.df2, test.p].map(number)),
            None => row.resize(5, Cell::Empty),
        }
        table.row(row);
    }
    table
}

/// z, χ² or their likes of a sample in a sentence, and the p value.
pub(super) fn details(options: &Options, counted: &Counted, sample: &Sample) -> (f64, Msg) {
    let t_details = |test: &Tested| {
        msg!(
            "compare.proportions.t_details",
            "t({df}) = {t}, p {p}",
            df = (test.df, Format::General),
            t = (test.t, Format::Fixed(2)),
            p = (test.p, Format::PEquals)
        )
    };
    match (options.design, counted.groups.len()) {
        (Design::One, _) => {
            let test = sample.against_null(options);
            (test.p, t_details(&test))
        }
        (Design::Groups, 2) => {
            let test = sample.difference(options, (0, 1), options.alternative());
            let details = msg!(
                "compare.proportions.two_details",
                "difference {difference}, from {low} to {high}; {test}",
                difference = (test.estimate.value, Format::Points(1)),
                low = (test.estimate.low, Format::Points(1)),
                high = (test.estimate.high, Format::Points(1)),
                test = t_details(&test)
            );
            (test.p, details)
        }
        (Design::Groups, _) => {
            let nothing = RaoScott {
                f: f64::NAN,
                df1: f64::NAN,
                df2: f64::NAN,
                p: f64::NAN,
            };
            let test = sample.test().unwrap_or(nothing);
            let details = msg!(
                "compare.proportions.f_details",
                "F({df1}, {df2}) = {f}, p {p}",
                df1 = (test.df1, Format::Significant(4)),
                df2 = (test.df2, Format::Significant(4)),
                f = (test.f, Format::Fixed(2)),
                p = (test.p, Format::PEquals)
            );
            (test.p, details)
        }
        (Design::Fit, _) => {
            let (statistic, df, p) = counted.test();
            let details = msg!(
                "compare.proportions.chi_details",
                "χ²({df}) = {statistic}, p {p}",
                df = (df, Format::General),
                statistic = (statistic, Format::Fixed(2)),
                p = (p, Format::PEquals)
            );
            (p, details)
        }
    }
}
