//! Coefficients of models and tests of their terms as tables.

use super::{Frame, words};
use crate::models::design::Design;
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::stats::distributions::{chi_squared, student_t};

/// A coefficient with its test and the ends of its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    pub estimate: f64,
    pub standard_error: f64,
    pub statistic: f64,
    pub p: f64,
    pub ends: (f64, f64),
}

impl Coefficient {
    /// With Wald's z test.
    pub fn wald(estimate: f64, standard_error: f64, ends: (f64, f64)) -> Self {
        Self::with_df(estimate, standard_error, ends, f64::INFINITY)
    }

    /// With a t test of `df` degrees of freedom; infinite ones make it Wald's z test.
    pub fn with_df(estimate: f64, standard_error: f64, ends: (f64, f64), df: f64) -> Self {
        let statistic = estimate / standard_error;
        Self {
            estimate,
            standard_error,
            statistic,
            p: student_t::two_sided_p(statistic, df),
            ends,
        }
    }

    /// The cells under [`heads`], the ratio and its ends raised from the logarithm where there is one.
    pub fn cells(&self, name: Msg, has_ratio: bool) -> Vec<Cell> {
        let mut cells: Vec<Cell> = vec![
            name.into(),
            self.estimate.into(),
            self.standard_error.into(),
            self.statistic.into(),
            self.p.into(),
        ];
        let (low, high) = self.ends;
        cells.extend(match has_ratio {
            true => [self.estimate, low, high]
                .map(|b| libm::exp(b).into())
                .to_vec(),
            false => vec![low.into(), high.into()],
        });
        cells
    }
}

/// Term, B, SE, the test's `statistic` and p, then the ends of the intervals: where B is a difference of
/// logarithms, behind the `ratio` that they belong to.
pub fn heads(statistic: Head, ratio: Option<Head>, level: f64) -> Vec<Head> {
    let mut heads = vec![
        words::term(),
        words::estimate(),
        words::std_error(),
        statistic,
        words::p(),
    ];
    heads.extend(ratio);
    heads.extend(words::ends("", level, Format::General));
    heads
}

/// An empty table of coefficients.
pub fn table(heads: Vec<Head>) -> TableBlock {
    let title = msg!("frame.coefficients", "Coefficients");
    TableBlock::new("coefficients", title, heads)
}

/// Tests of the terms of a model: the name of each, its statistic, degrees of freedom and p.
pub fn term_tests(
    statistic: Head,
    tests: impl IntoIterator<Item = (Msg, f64, usize, Cell)>,
) -> TableBlock {
    let mut table = TableBlock::new(
        "tests",
        msg!("frame.term_tests", "Tests of the predictors"),
        vec![words::term(), statistic, words::df(), words::p()],
    );
    for (term, statistic, df, p) in tests {
        table.row(vec![term.into(), statistic.into(), df.into(), p]);
    }
    table
}

/// Tests of leaving out each term by the statistic of its likelihood ratio and its degrees of freedom.
pub fn likelihood_ratio_tests(
    frame: &Frame,
    design: &Design,
    tests: &[(f64, usize)],
) -> TableBlock {
    let lines = tests.iter().enumerate().map(|(k, &(statistic, df))| {
        let p = chi_squared_p(statistic, df as f64);
        (frame.term_name(design, k), statistic, df, p)
    });
    let mut table = term_tests(words::chi_squared(), lines);
    table.notes.push(likelihood_ratio_note());
    table
}

/// That terms are tested by their likelihood ratios.
pub fn likelihood_ratio_note() -> Msg {
    msg!(
        "frame.likelihood_ratio_note",
        "Likelihood-ratio tests of leaving out one term at a time."
    )
}

/// p of a χ² statistic; empty when nothing is tested.
pub fn chi_squared_p(statistic: f64, df: f64) -> Cell {
    if df > 0.0 {
        chi_squared::sf(statistic, df).into()
    } else {
        Cell::Empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many cells as heads, with a ratio and without.
    #[test]
    fn cells_stand_under_their_heads() {
        let one = Coefficient::wald(0.0, 0.5, (-1.0, 1.0));
        assert_eq!((one.statistic, one.p), (0.0, 1.0));
        for ratio in [None, Some(words::statistic())] {
            let has_ratio = ratio.is_some();
            let cells = one.cells(Msg::verbatim("x"), has_ratio);
            let places = heads(words::z(), ratio, 0.9).into_iter().zip(&cells);
            let keys: Vec<(String, Cell)> = places.map(|(h, c)| (h.key, c.clone())).collect();
            assert_eq!(keys.len(), cells.len());
            let upper = if has_ratio { libm::exp(1.0) } else { 1.0 };
            assert_eq!(
                keys.last().unwrap(),
                &("ci_upper".to_string(), upper.into())
            );
            if has_ratio {
                assert_eq!(keys[5], ("statistic".to_string(), 1.0.into()));
            }
        }
    }

    #[test]
    fn nothing_tested_has_no_p() {
        assert_eq!(chi_squared_p(3.0, 0.0), Cell::Empty);
        assert_ne!(chi_squared_p(3.0, 1.0), Cell::Empty);
    }
}
