//! Columns of a table as the variables of a model: the rows that have all values, factors with
//! their reference levels, and how columns of a design are called. With them the words that many
//! reports share ([`words`]).

mod build;
pub mod checks;
pub mod code;
pub mod coefficients;
pub mod comparisons;
pub mod contrasts;
pub mod corrections;
pub mod curves;
pub mod grid;
pub mod likelihood;
pub mod means;
pub mod pictures;
pub mod spread;
pub mod weights;
pub mod words;

use std::borrow::Cow;

use crate::models::design::{Design, Part, Variable};
use crate::msg;
use crate::report::Msg;
use crate::spec::{Ctx, Fits, RunError, column, level};
use crate::stats::progress::Cancelled;

pub use build::FrameBuilder;

crate::options! {
    /// The level that others are compared with.
    pub struct Reference {
        /// A column with levels.
        column "Column": String = column(Fits::Levels),
        /// The level that the others are compared with.
        level "Level": String = level("column"),
    }
}

/// Makes the Korean of frames and shared words known.
pub fn add_korean() {
    crate::report::add_korean("", include_str!("ko.json"));
}

/// The rows that have all values. Vectors are as long as `rows`.
#[derive(Clone, Debug, Default)]
pub struct Frame<'a> {
    /// Positions in the table, ascending.
    pub rows: Vec<u32>,
    pub n_dropped: usize,
    /// The number columns asked for, in the order of asking; the table's own where all rows are used.
    pub numbers: Vec<Cow<'a, [f64]>>,
    /// The columns asked for as groups.
    pub groups: Vec<Groups>,
    /// The predictors.
    pub variables: Vec<Variable<'a>>,
    pub names: Vec<String>,
    /// The levels of each predictor that occur, or what the columns of a curve are called; none for
    /// a number.
    pub levels: Vec<Vec<String>>,
}

/// A column as groups: only levels that occur.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    pub names: Vec<String>,
    pub codes: Vec<u32>,
}

impl Frame<'_> {
    /// Interactions as sets of places among the predictors.
    ///
    /// # Errors
    /// When a column is not among the predictors; the error stands at `interactions`.
    pub fn interactions(&self, sets: &[Vec<String>]) -> Result<Vec<Vec<usize>>, RunError> {
        let place = |name: &String| {
            self.names.iter().position(|n| n == name).ok_or_else(|| {
                RunError::option(
                    "interactions",
                    msg!(
                        "frame.not_predictor",
                        "“{column}” is not among the predictors.",
                        column = name
                    ),
                )
            })
        };
        sets.iter()
            .map(|set| set.iter().map(place).collect())
            .collect()
    }

    /// The level of the first group that is the event: the one named, or the last of two.
    ///
    /// # Errors
    /// When none is named among more than two, or the named one does not occur; the error stands
    /// at `event`.
    pub fn event(&self, option: &str, column: &str, event: &str) -> Result<usize, RunError> {
        let levels = &self.groups[0].names;
        if event.is_empty() {
            if levels.len() > 2 {
                return Err(RunError::option(
                    option,
                    msg!(
                        "frame.which_event",
                        "“{column}” has {n} levels. Choose the one that is the event.",
                        column = column,
                        n = levels.len()
                    ),
                ));
            }
            return Ok(levels.len().saturating_sub(1));
        }
        levels.iter().position(|l| l == event).ok_or_else(|| {
            RunError::option(
                "event",
                msg!(
                    "frame.no_level",
                    "No row that is used has “{level}” in “{column}”.",
                    level = event,
                    column = column
                ),
            )
        })
    }

    /// A column of a design by its parts: `sex: male × age`.
    pub fn column_name(&self, parts: &[Part]) -> Msg {
        if parts.is_empty() {
            return words::intercept();
        }
        let one = |part: &Part| match part.level {
            Some(k) if matches!(self.variables[part.variable], Variable::Curve(_)) => {
                self.levels[part.variable][k].clone()
            }
            Some(level) => format!(
                "{}: {}",
                self.names[part.variable], self.levels[part.variable][level]
            ),
            None => self.names[part.variable].clone(),
        };
        Msg::verbatim(parts.iter().map(one).collect::<Vec<_>>().join(" × "))
    }

    /// A term of a design by its predictors: `sex × age`.
    pub fn term_name(&self, design: &Design, term: usize) -> Msg {
        let parts = design.terms[term].first().map(|c| &design.parts[*c][..]);
        let names = parts.unwrap_or(&[]).iter();
        Msg::verbatim(
            names
                .map(|p| self.names[p.variable].as_str())
                .collect::<Vec<_>>()
                .join(" × "),
        )
    }

    /// That the rows are too few for so many coefficients.
    pub fn too_few_rows(&self, n_columns: usize) -> RunError {
        RunError::Data(msg!(
            "frame.few_rows",
            "{n} {n|row has|rows have} all values, too few for {k} coefficients. Choose fewer predictors or columns with fewer missing values.",
            n = self.rows.len(),
            k = n_columns
        ))
    }

    /// Values of the used rows at their places in a table of `n_rows`, NaN elsewhere.
    pub fn spread<'v>(&self, values: impl Into<Cow<'v, [f64]>>, n_rows: usize) -> Vec<f64> {
        let values = values.into();
        if self.rows.len() == n_rows {
            return values.into_owned();
        }
        let mut all = vec![f64::NAN; n_rows];
        for (&row, v) in self.rows.iter().zip(&*values) {
            all[row as usize] = *v;
        }
        all
    }
}

/// Progress of one part of a run, from the share `from` to the share `to` of the whole; it never
/// goes back.
pub fn progress<'c, 'a: 'c>(
    ctx: &'c mut Ctx<'a>,
    from: f32,
    to: f32,
    step: &'c Msg,
) -> impl FnMut(f32) -> Result<(), Cancelled> + use<'c, 'a> {
    let mut last = from;
    move |part: f32| {
        last = last.max(from + (to - from) * part.clamp(0.0, 1.0));
        ctx.tick(last, step).map_err(|_| Cancelled)
    }
}
