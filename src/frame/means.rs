//! Marginal means and simple slopes: what a fitted model expects at chosen levels and values.

mod charts;
mod response;

use super::Frame;
use super::comparisons::{Intervals, Method, compared};
use super::corrections::Correction;
use super::grid::{At, Grid};
use super::words;
use crate::models::design::Variable;
use crate::models::linear::{Coefficient, Combinations};
use crate::msg;
use crate::report::{Block, Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Fits, RunError, choice, column, columns};
use crate::stats::descriptive::Moments;
use crate::stats::post_hoc::{Contrast, pairs};

pub use response::Response;

/// More means than this are not compared by pairs.
const MAX_COMPARED: usize = 40;

crate::choices! {
    /// How marginal means are compared.
    pub enum Compare {
        None = "none" "Not compared",
        Tukey = "tukey" "All pairs, Tukey",
        Holm = "holm" "All pairs, Holm",
        Bonferroni = "bonferroni" "All pairs, Bonferroni",
        Unadjusted = "unadjusted" "All pairs, uncorrected",
    }
}

crate::options! {
    /// Marginal means of one factor, or of each combination of several.
    pub struct MeansOf {
        /// One predictor with levels, or up to three for each combination of their levels.
        columns "Means of": Vec<String> = columns(Fits::Levels).between(1, 3),
        /// Whether the means are compared with one another, and how the p values are corrected for their number.
        compare "Compare": Compare = choice(Compare::CHOICES, "none"),
    }
}

crate::options! {
    /// The slope of a number, at values of another predictor.
    pub struct SlopeOf {
        /// A predictor that is a number.
        column "Slope of": String = column(Fits::Numbers),
        /// Each level of this predictor; of a number its mean and one standard deviation to each side.
        by "At values of": Option<String> = column(Fits::NumbersOrLevels).optional(),
    }
}

impl Compare {
    /// As emmeans has it: intervals beside Holm's steps are Bonferroni's.
    fn method(self) -> Option<Method> {
        Some(match self {
            Compare::None => return None,
            Compare::Tukey => Method::Tukey,
            Compare::Holm => Method::Corrected(Correction::Holm, Intervals::All),
            Compare::Bonferroni => Method::Corrected(Correction::Bonferroni, Intervals::All),
            Compare::Unadjusted => Method::Corrected(Correction::None, Intervals::Each),
        })
    }
}

/// A fitted model of which means are shown.
pub struct Margins<'a> {
    pub frame: &'a Frame<'a>,
    pub grid: &'a Grid<'a>,
    pub combinations: &'a Combinations,
    pub response: Response,
    pub level: f64,
    /// What is expected: a column, or the probability of an event.
    pub outcome: Msg,
}

fn ratio() -> Head {
    Head::new("ratio", msg!("frame.ratio", "Ratio"), Format::General)
}

/// A place of a variable and what it is called.
type Place = (At, Msg);

impl Margins<'_> {
    /// A table and a chart for each of `means` and `slopes`.
    ///
    /// # Errors
    /// When a column is not among the predictors or enters the model in another way; the error stands at
    /// its row of `means` or `slopes`.
    pub fn blocks(&self, means: &[MeansOf], slopes: &[SlopeOf]) -> Result<Vec<Block>, RunError> {
        let mut blocks = Vec::new();
        for (i, one) in means.iter().enumerate() {
            self.means(i, one, &mut blocks)?;
        }
        for (i, one) in slopes.iter().enumerate() {
            self.slopes(i, one, &mut blocks)?;
        }
        Ok(blocks)
    }

    fn means(&self, i: usize, of: &MeansOf, blocks: &mut Vec<Block>) -> Result<(), RunError> {
        let option = format!("means.{i}.columns");
        let mut factors = Vec::new();
        for name in &of.columns {
            let v = self.predictor(&option, name)?;
            if !matches!(self.frame.variables[v], Variable::Factor { .. }) {
                return Err(RunError::option(
                    &option,
                    msg!(
                        "frame.enters_as_number",
                        "“{column}” enters the model as a number. Choose a predictor with levels, or ask for its slope.",
                        column = name
                    ),
                ));
            }
            factors.push(v);
        }
        let cells = self.crossed(&factors);
        let weights: Vec<Vec<f64>> = cells
            .iter()
            .map(|cell| {
                let fixed: Vec<(usize, At)> = factors
                    .iter()
                    .zip(cell)
                    .map(|(&v, &l)| (v, At::Level(l)))
                    .collect();
                self.grid.mean(&fixed)
            })
            .collect();
        let found: Vec<Coefficient> = weights.iter().map(|w| self.expected(w)).collect();
        let columns = Msg::verbatim(of.columns.join(" × "));
        let mut heads: Vec<Head> = of
            .columns
            .iter()
            .enumerate()
            .map(|(k, name)| Head::name(&format!("level_{}", k + 1), Msg::verbatim(name)))
            .collect();
        heads.push(Head::new("mean", self.mean_title(), Format::General));
        heads.push(words::std_error());
        heads.extend(words::ends("", self.level, Format::General));
        let mut table = TableBlock::new(
            &format!("means_{}", i + 1),
            msg!(
                "frame.means_of",
                "Marginal means of {columns}",
                columns = columns.clone()
            ),
            heads,
        );
        for (cell, mean) in cells.iter().zip(&found) {
            let mut row: Vec<Cell> = factors
                .iter()
                .zip(cell)
                .map(|(&v, &l)| self.frame.levels[v][l].as_str().into())
                .collect();
            row.extend([
                mean.estimate.into(),
                mean.standard_error.into(),
                mean.ci_lower.into(),
                mean.ci_upper.into(),
            ]);
            table.row(row);
        }
        table.notes.push(msg!(
            "frame.means_note",
            "Expected with other levels counted alike and other numbers at their means."
        ));
        if self.grid.interacts(&factors) {
            table.notes.push(msg!(
                "frame.means_interact",
                "Other predictors change what {columns} does: these means are averages over them.",
                columns = columns
            ));
        }
        if found.iter().any(|m| m.estimate.is_nan()) {
            table.notes.push(msg!(
                "frame.not_estimable",
                "A dash: the data do not tell, because no row has such a combination."
            ));
        }
        blocks.extend(self.means_chart(i, &of.columns, &factors, &found));
        blocks.push(table.into());
        blocks.extend(self.pairs(i, of, &cells, &factors, &weights));
        Ok(())
    }

    /// All differences of two means, on the scale of the linear predictor; ratios where that is a logarithm.
    fn pairs(
        &self,
        i: usize,
        of: &MeansOf,
        cells: &[Vec<usize>],
        factors: &[usize],
        weights: &[Vec<f64>],
    ) -> Option<Block> {
        let n = cells.len();
        if !(2..=MAX_COMPARED).contains(&n) {
            return None;
        }
        let method = of.compare.method()?;
        let df = self.combinations.df();
        let contrasts: Vec<Contrast> = pairs(n)
            .map(|(first, second)| {
                let both = weights[first].iter().zip(&weights[second]);
                let difference: Vec<f64> = both.map(|(a, b)| a - b).collect();
                let found = self.combinations.combine(&difference, self.level);
                Contrast::new(first, second, (found.estimate, found.standard_error), df)
            })
            .collect();
        let compared = compared(&contrasts, n, df, self.level, method);
        let is_ratio = self.response.has_ratios();
        let name = |cell: &[usize]| {
            let levels = factors.iter().zip(cell);
            let names: Vec<&str> = levels
                .map(|(&v, &l)| self.frame.levels[v][l].as_str())
                .collect();
            names.join(", ")
        };
        let mut heads = vec![
            Head::name("first", msg!("frame.first", "First")),
            Head::name("second", msg!("frame.second", "Second")),
            match self.response {
                Response::Logit => Head::new(
                    "odds_ratio",
                    msg!("frame.odds_ratio", "Odds ratio"),
                    Format::General,
                ),
                Response::Log => ratio(),
                Response::Identity | Response::Inverse => Head::new(
                    "difference",
                    msg!("frame.difference", "Difference"),
                    Format::General,
                ),
            },
            words::std_error(),
            if df.is_infinite() {
                words::z()
            } else {
                words::t()
            },
            words::p_adjusted(),
        ];
        heads.extend(words::ends("", self.level, Format::General));
        let columns = of.columns.join(" × ");
        let title = match self.response {
            Response::Log => msg!(
                "frame.ratios_of",
                "Ratios of the means of {columns}",
                columns = columns
            ),
            Response::Inverse => msg!(
                "frame.inverse_pairs_of",
                "Differences of one over the means of {columns}",
                columns = columns
            ),
            Response::Identity | Response::Logit => msg!(
                "frame.pairs_of",
                "Differences of the means of {columns}",
                columns = columns
            ),
        };
        let mut table = TableBlock::new(&format!("pairs_{}", i + 1), title, heads);
        for pair in &compared {
            let shown = |v: f64| if is_ratio { libm::exp(v) } else { v };
            let scale = if is_ratio {
                shown(pair.difference)
            } else {
                1.0
            };
            table.row(vec![
                name(&cells[pair.first]).into(),
                name(&cells[pair.second]).into(),
                shown(pair.difference).into(),
                (pair.standard_error * scale).into(),
                pair.t.into(),
                pair.p.into(),
                shown(pair.low).into(),
                shown(pair.high).into(),
            ]);
        }
        table.notes.push(match of.compare {
            Compare::Tukey => msg!(
                "frame.pairs_tukey",
                "p values and intervals hold for all pairs together, by the studentised range (Tukey)."
            ),
            Compare::Holm => msg!(
                "frame.pairs_holm",
                "p values are corrected by Holm’s steps, intervals by Bonferroni’s inequality."
            ),
            Compare::Bonferroni => msg!(
                "frame.pairs_bonferroni",
                "p values and intervals are corrected by Bonferroni’s inequality."
            ),
            Compare::None | Compare::Unadjusted => msg!(
                "frame.pairs_unadjusted",
                "p values and intervals are not corrected for the number of pairs."
            ),
        });
        Some(table.into())
    }

    fn slopes(&self, i: usize, of: &SlopeOf, blocks: &mut Vec<Block>) -> Result<(), RunError> {
        let option = format!("slopes.{i}.column");
        let v = self.predictor(&option, &of.column)?;
        if matches!(self.frame.variables[v], Variable::Factor { .. }) {
            return Err(RunError::option(
                &option,
                msg!(
                    "frame.enters_by_level",
                    "“{column}” enters the model by its levels, so it has no slope. Ask for its marginal means.",
                    column = &of.column
                ),
            ));
        }
        let by = match &of.by {
            None => None,
            Some(by) => {
                let option = format!("slopes.{i}.by");
                let w = self.predictor(&option, by)?;
                if w == v {
                    return Err(RunError::option(
                        &option,
                        msg!("frame.same_columns", "Choose two different columns."),
                    ));
                }
                Some((w, self.places(w)))
            }
        };
        // What is fixed in each row, and what that is called.
        let rows: Vec<(Vec<(usize, At)>, Msg)> = match &by {
            None => vec![(Vec::new(), msg!("frame.on_average", "On average"))],
            Some((w, places)) => places
                .iter()
                .map(|(at, name)| (vec![(*w, *at)], name.clone()))
                .collect(),
        };
        let mut heads = vec![Head::name(
            "at",
            of.by.as_ref().map_or(msg!("frame.at", "At"), Msg::verbatim),
        )];
        heads.push(Head::new(
            "slope",
            msg!("frame.slope", "Slope"),
            Format::General,
        ));
        heads.push(words::std_error());
        let is_z = self.combinations.df().is_infinite();
        heads.push(if is_z { words::z() } else { words::t() });
        heads.push(words::p());
        let is_log = self.response == Response::Log;
        heads.extend(is_log.then(ratio));
        heads.extend(words::ends("", self.level, Format::General));
        let title = msg!(
            "frame.slopes_of",
            "Slope of {column}[[ at values of {by}]]",
            column = &of.column,
            by = of.by.as_deref().unwrap_or_default()
        );
        let mut table = TableBlock::new(&format!("slopes_{}", i + 1), title, heads);
        for (fixed, name) in &rows {
            let slope = self
                .combinations
                .combine(&self.grid.slope(v, fixed), self.level);
            let mut row: Vec<Cell> = vec![
                name.clone().into(),
                slope.estimate.into(),
                slope.standard_error.into(),
                slope.t.into(),
                slope.p.into(),
            ];
            let ends = [slope.ci_lower, slope.ci_upper];
            match is_log {
                false => row.extend(ends.map(Cell::from)),
                true => row.extend([slope.estimate, ends[0], ends[1]].map(|v| libm::exp(v).into())),
            }
            table.row(row);
        }
        table.notes.push(match (self.response, self.grid.bend(v)) {
            (_, Some(_)) => msg!(
                "frame.slope_of_curve",
                "The slope of the curve at the mean of {column}.",
                column = &of.column
            ),
            (Response::Identity, None) => msg!(
                "frame.slope_note",
                "The change of the expected outcome with one more of {column}.",
                column = &of.column
            ),
            (Response::Logit, None) => msg!(
                "frame.slope_of_log_odds",
                "The change of the log odds with one more of {column}.",
                column = &of.column
            ),
            (Response::Log, None) => msg!(
                "frame.slope_of_log",
                "The change of the logarithm of the expected outcome with one more of {column}; the ratio, with its interval, is by how much that multiplies it.",
                column = &of.column
            ),
            (Response::Inverse, None) => msg!(
                "frame.slope_of_inverse",
                "The change of one over the expected outcome with one more of {column}: above zero, the outcome falls.",
                column = &of.column
            ),
        });
        blocks.push(self.slope_chart(i, of, v, &rows).into());
        blocks.push(table.into());
        Ok(())
    }

    fn predictor(&self, option: &str, name: &str) -> Result<usize, RunError> {
        let found = self.frame.names.iter().position(|n| n == name);
        found.ok_or_else(|| {
            RunError::option(
                option,
                msg!(
                    "frame.not_predictor",
                    "“{column}” is not among the predictors.",
                    column = name
                ),
            )
        })
    }

    /// All levels of a factor; the mean of a number and one standard deviation to each side.
    fn places(&self, v: usize) -> Vec<Place> {
        if let Variable::Factor { n_levels, .. } = self.frame.variables[v] {
            let level = |l: usize| (At::Level(l), Msg::verbatim(&self.frame.levels[v][l]));
            return (0..n_levels).map(level).collect();
        }
        let (mean, sd) = self.spread(v);
        let number = |x: f64| (x, Format::Significant(5));
        vec![
            (
                At::Value(mean - sd),
                msg!("frame.minus_sd", "{x} (mean − SD)", x = number(mean - sd)),
            ),
            (
                At::Value(mean),
                msg!("frame.at_mean", "{x} (mean)", x = number(mean)),
            ),
            (
                At::Value(mean + sd),
                msg!("frame.plus_sd", "{x} (mean + SD)", x = number(mean + sd)),
            ),
        ]
    }

    fn spread(&self, v: usize) -> (f64, f64) {
        match (&self.frame.variables[v], self.grid.bend(v)) {
            (Variable::Number(values), _) => {
                let moments = Moments::of(values);
                (moments.mean, moments.sd())
            }
            (_, Some(bend)) => (bend.mean, bend.sd),
            _ => (f64::NAN, f64::NAN),
        }
    }

    /// A mean on the scale of the outcome.
    fn expected(&self, weights: &[f64]) -> Coefficient {
        let linear = self.combinations.combine(weights, self.level);
        self.response.turned_back(linear)
    }

    fn mean_title(&self) -> Msg {
        match self.response {
            Response::Identity | Response::Log | Response::Inverse => {
                msg!("frame.expected_mean", "Mean")
            }
            Response::Logit => msg!("frame.probability", "Probability"),
        }
    }

    /// Combinations of levels, the last factor's fastest.
    fn crossed(&self, factors: &[usize]) -> Vec<Vec<usize>> {
        let mut cells = vec![Vec::new()];
        for &v in factors {
            let n_levels = self.frame.levels[v].len();
            cells = cells
                .iter()
                .flat_map(|cell| {
                    (0..n_levels).map(move |l| cell.iter().copied().chain([l]).collect())
                })
                .collect();
        }
        cells
    }
}
