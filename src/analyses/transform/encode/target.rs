//! The mean of an outcome within each level.

use super::{Encoded, Folds, Options, Smoothing, missing_name, missing_rows};
use crate::models::target_encoding::{self, fit, out_of_fold};
use crate::msg;
use crate::report::{Cell, Format, Head, Msg, TableBlock};
use crate::spec::{Ctx, Input, RunError};
use crate::stats::sampling::shuffle;
use crate::table::{Column, Levels};

/// Lines of a table of levels.
pub const MAX_LINES: usize = 200;

/// The outcome and the folds, the same for all columns.
pub struct Target {
    /// NaN where it is missing.
    outcome: Vec<f64>,
    folds: Option<(Vec<u32>, usize)>,
    smoothing: target_encoding::Smoothing,
}

impl Target {
    pub fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let Some(name) = &options.outcome else {
            return Err(RunError::option(
                "outcome",
                msg!("spec.choose_column", "Choose a column."),
            ));
        };
        if options.columns.contains(name) {
            return Err(RunError::option(
                "outcome",
                msg!(
                    "transform.encode.itself",
                    "“{column}” cannot be encoded by itself.",
                    column = name
                ),
            ));
        }
        let outcome = outcome(input.column("outcome", name)?, &options.event)?;
        let n_used = outcome.iter().filter(|y| y.is_finite()).count();
        if n_used == 0 {
            return Err(RunError::Data(msg!(
                "transform.encode.no_outcome",
                "“{column}” has no values to learn from.",
                column = name
            )));
        }
        if n_used < outcome.len() {
            ctx.note(msg!(
                "transform.encode.unused",
                "{n} {n|row misses|rows miss} the outcome; nothing is learnt from {n|it|them}.",
                n = outcome.len() - n_used
            ));
        }
        let folds = folds(options, input, outcome.len(), ctx)?;
        Ok(Self {
            outcome,
            folds,
            smoothing: match options.smoothing {
                Smoothing::Auto => target_encoding::Smoothing::Bayes,
                Smoothing::Rows => target_encoding::Smoothing::Rows(options.weight),
            },
        })
    }

    pub fn encode(
        &self,
        options: &Options,
        column: &Column,
        levels: &Levels,
        place: usize,
        out: &mut Encoded,
    ) -> TableBlock {
        let n_levels = levels.names.len();
        let code = |&c: &i32| u32::try_from(c).unwrap_or(n_levels as u32);
        let codes: Vec<u32> = levels.codes.iter().map(code).collect();
        let is_used = |row: usize| self.outcome[row].is_finite();
        let learnt = fit(&codes, &self.outcome, n_levels + 1, self.smoothing, is_used);
        let values = match &self.folds {
            None => codes.iter().map(|&c| learnt.values[c as usize]).collect(),
            Some((folds, n_folds)) => out_of_fold(
                &codes,
                &self.outcome,
                n_levels + 1,
                self.smoothing,
                folds,
                *n_folds,
                is_used,
            ),
        };
        let name = out.name(&format!("{}{}mean", column.name, options.separator));
        out.push(Column::float(&name, values));
        let mut table = levels_table(column, place);
        let mut line = |level: Msg, i: usize, n: usize| {
            let mean = learnt.means[i];
            table.row(vec![
                level.into(),
                n.into(),
                learnt.counts[i].into(),
                Cell::from(mean.is_finite().then_some(mean)),
                learnt.values[i].into(),
            ]);
        };
        let counts = levels.counts();
        for (i, level) in levels.names.iter().enumerate().take(MAX_LINES) {
            line(Msg::verbatim(level), i, counts[i]);
        }
        if missing_rows(levels) > 0 {
            line(missing_name(), n_levels, missing_rows(levels));
        }
        let all = msg!("transform.encode.all", "All rows");
        let n_used: usize = learnt.counts.iter().sum();
        table.row(vec![
            all.into(),
            codes.len().into(),
            n_used.into(),
            learnt.overall.into(),
            Cell::Empty,
        ]);
        if n_levels > MAX_LINES {
            table.notes.push(cut_off(n_levels));
        }
        if self.folds.is_some() {
            table.notes.push(msg!(
                "transform.encode.all_folds",
                "Values learnt from all rows, for data to come; a row's own value comes from the other folds."
            ));
        }
        table
    }
}

/// That a table of levels is longer than shown.
pub fn cut_off(n: usize) -> Msg {
    msg!(
        "transform.encode.cut_off",
        "The first {shown} of {n} levels are shown.",
        shown = MAX_LINES,
        n = n
    )
}

fn levels_table(column: &Column, place: usize) -> TableBlock {
    TableBlock::new(
        &format!("levels_{}", place + 1),
        msg!(
            "transform.encode.values_of",
            "Values of {column}",
            column = &column.name
        ),
        vec![
            Head::name("level", msg!("transform.encode.level", "Level")),
            Head::new(
                "rows",
                msg!("transform.encode.rows", "Rows"),
                Format::Integer,
            ),
            Head::new(
                "used",
                msg!("transform.encode.used", "With an outcome"),
                Format::Integer,
            ),
            Head::new(
                "mean",
                msg!("transform.encode.mean", "Mean of the outcome"),
                Format::General,
            ),
            Head::new(
                "value",
                msg!("transform.encode.value", "Value"),
                Format::General,
            ),
        ],
    )
}

/// The outcome as numbers: as it is, or 1 for the event and 0 for other levels.
fn outcome(column: &Column, event: &str) -> Result<Vec<f64>, RunError> {
    if let Some(numbers) = column.numbers() {
        return Ok(numbers.into_owned());
    }
    let levels = column.levels_and_codes();
    let counts_as_one = match event {
        "" => 0,
        event => levels
            .names
            .iter()
            .position(|l| l == event)
            .ok_or_else(|| {
                RunError::option(
                    "event",
                    msg!(
                        "transform.encode.no_level",
                        "“{column}” has no level “{level}”.",
                        column = &column.name,
                        level = event
                    ),
                )
            })?,
    };
    let number = |&c: &i32| match usize::try_from(c) {
        Ok(c) => f64::from(u8::from(c == counts_as_one)),
        Err(_) => f64::NAN,
    };
    Ok(levels.codes.iter().map(number).collect())
}

/// Each row's fold, and how many there are; `None` to learn from all rows.
fn folds(
    options: &Options,
    input: &Input,
    n_rows: usize,
    ctx: &mut Ctx,
) -> Result<Option<(Vec<u32>, usize)>, RunError> {
    let n_folds = options.n_folds;
    let few = |n: usize| {
        RunError::Data(msg!(
            "transform.encode.few_folds",
            "{n} {n|row or fold is|rows or folds are} too few to learn from some and write others. Use fewer folds or all rows.",
            n = n
        ))
    };
    match options.folds {
        Folds::None => Ok(None),
        Folds::Column => {
            let Some(name) = &options.fold_column else {
                return Err(RunError::option(
                    "fold_column",
                    msg!("spec.choose_column", "Choose a column."),
                ));
            };
            let levels = input.column("fold_column", name)?.levels_and_codes();
            // Rows without a fold are one more.
            let n = levels.names.len();
            let has_missing = levels.codes.iter().any(|c| *c < 0);
            let n_folds = n + usize::from(has_missing);
            if n_folds < 2 {
                return Err(few(n_folds));
            }
            let fold = |&c: &i32| u32::try_from(c).unwrap_or(n as u32);
            Ok(Some((levels.codes.iter().map(fold).collect(), n_folds)))
        }
        Folds::Order | Folds::Random => {
            if n_rows < n_folds {
                return Err(few(n_rows));
            }
            let mut folds = blocks(n_rows, n_folds);
            if options.folds == Folds::Random {
                shuffle(&mut folds, ctx.rng());
            }
            Ok(Some((folds, n_folds)))
        }
    }
}

/// Folds one after the other, as equal as can be, the larger first: scikit-learn's `KFold`.
fn blocks(n_rows: usize, n_folds: usize) -> Vec<u32> {
    let (size, larger) = (n_rows / n_folds, n_rows % n_folds);
    let folds = (0..n_folds).map(|f| (f as u32, size + usize::from(f < larger)));
    folds.flat_map(|(f, n)| std::iter::repeat_n(f, n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_those_of_k_fold() {
        assert_eq!(blocks(7, 3), [0, 0, 0, 1, 1, 2, 2]);
        assert_eq!(blocks(4, 2), [0, 0, 1, 1]);
    }
}
