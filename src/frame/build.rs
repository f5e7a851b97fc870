//! From a table to a frame.

use std::borrow::Cow;

use super::{Frame, Groups, Reference};
use crate::models::design::Variable;
use crate::msg;
use crate::spec::{Input, RunError};
use crate::stats::descriptive::sum_of;
use crate::table::{Column, Data, Measure};

/// Collects the columns that a model needs, then finds the rows that have them all.
pub struct FrameBuilder<'a> {
    input: &'a Input,
    numbers: Vec<Cow<'a, [f64]>>,
    groups: Vec<(Vec<String>, Vec<i32>)>,
    names: Vec<String>,
    raw: Vec<Raw<'a>>,
}

/// A predictor before the rows are chosen.
enum Raw<'a> {
    Number(Cow<'a, [f64]>),
    Levels { names: Vec<String>, codes: Vec<i32> },
}

impl<'a> FrameBuilder<'a> {
    pub fn new(input: &'a Input) -> Self {
        Self {
            input,
            numbers: Vec::new(),
            groups: Vec::new(),
            names: Vec::new(),
            raw: Vec::new(),
        }
    }

    /// Asks for a column of numbers.
    ///
    /// # Errors
    /// When the column is not there or holds no numbers.
    pub fn number(&mut self, option: &str, name: &str) -> Result<(), RunError> {
        self.numbers.push(self.input.numbers(option, name)?);
        Ok(())
    }

    /// Asks for a column as groups of rows.
    ///
    /// # Errors
    /// When the column is not there.
    pub fn group(&mut self, option: &str, name: &str) -> Result<(), RunError> {
        let levels = self.input.column(option, name)?.levels_and_codes();
        self.groups.push((levels.names, levels.codes));
        Ok(())
    }

    /// Asks for predictors: numbers as they are, all else by levels. `outcome` cannot be one.
    ///
    /// # Errors
    /// When a column is not there or explains itself.
    pub fn predictors(
        &mut self,
        option: &str,
        names: &[String],
        outcome: &str,
    ) -> Result<(), RunError> {
        for name in names {
            if name == outcome {
                let message = msg!(
                    "frame.itself",
                    "“{column}” cannot explain itself.",
                    column = name
                );
                return Err(RunError::option(option, message));
            }
            self.raw.push(Raw::of(self.input.column(option, name)?));
            self.names.push(name.clone());
        }
        Ok(())
    }

    /// The rows that have all that was asked for.
    ///
    /// # Errors
    /// When a reference level does not occur in them.
    pub fn finish(self, references: &[Reference]) -> Result<Frame<'a>, RunError> {
        let n_rows = self.input.table("table")?.n_rows();
        let mut is_used = vec![true; n_rows];
        for values in &self.numbers {
            keep_finite(&mut is_used, values);
        }
        for (_, codes) in &self.groups {
            is_used
                .iter_mut()
                .zip(codes)
                .for_each(|(u, c)| *u &= *c >= 0);
        }
        for raw in &self.raw {
            match raw {
                Raw::Number(values) => keep_finite(&mut is_used, values),
                Raw::Levels { codes, .. } => {
                    is_used
                        .iter_mut()
                        .zip(codes)
                        .for_each(|(u, c)| *u &= *c >= 0);
                }
            }
        }
        let all = 0..n_rows as u32;
        let rows: Vec<u32> = match is_used.iter().all(|used| *used) {
            true => all.collect(),
            false => all.filter(|i| is_used[*i as usize]).collect(),
        };
        let mut frame = Frame {
            n_dropped: n_rows - rows.len(),
            names: self.names,
            ..Frame::default()
        };
        frame.numbers = self.numbers.into_iter().map(|v| picked(v, &rows)).collect();
        frame.groups = self
            .groups
            .into_iter()
            .map(|(names, codes)| used_levels(&names, &codes, &rows))
            .collect();
        for (raw, name) in self.raw.into_iter().zip(&frame.names) {
            match raw {
                Raw::Number(values) => {
                    frame
                        .variables
                        .push(Variable::Number(picked(values, &rows)));
                    frame.levels.push(Vec::new());
                }
                Raw::Levels { names, codes } => {
                    let groups = used_levels(&names, &codes, &rows);
                    frame.variables.push(Variable::Factor {
                        reference: reference(name, &groups.names, references)?,
                        n_levels: groups.names.len(),
                        codes: groups.codes,
                    });
                    frame.levels.push(groups.names);
                }
            }
        }
        frame.rows = rows;
        Ok(frame)
    }
}

impl<'a> Raw<'a> {
    fn of(column: &'a Column) -> Self {
        let is_number = matches!(column.data, Data::Float(_) | Data::Int(_))
            && column.measure == Measure::Scale;
        match column.numbers().filter(|_| is_number) {
            Some(values) => Raw::Number(values),
            None => {
                let levels = column.levels_and_codes();
                Raw::Levels {
                    names: levels.names,
                    codes: levels.codes,
                }
            }
        }
    }
}

/// Keeps the rows whose value is finite; a column that is finite throughout is only read.
fn keep_finite(is_used: &mut [bool], values: &[f64]) {
    // Infinities and NaN times zero are NaN, and stay in the sum.
    if sum_of(values, |x| [x * 0.0])[0] == 0.0 {
        return;
    }
    let rows = is_used.iter_mut().zip(values);
    rows.for_each(|(used, v)| *used &= v.is_finite());
}

fn picked<'a>(values: Cow<'a, [f64]>, rows: &[u32]) -> Cow<'a, [f64]> {
    if rows.len() == values.len() {
        return values;
    }
    rows.iter().map(|&i| values[i as usize]).collect()
}

/// The levels that occur in `rows`, in their order.
fn used_levels(names: &[String], codes: &[i32], rows: &[u32]) -> Groups {
    if rows.len() == codes.len() {
        // Levels of a column are those that occur in it.
        return Groups {
            names: names.to_vec(),
            codes: codes.iter().map(|&c| c as u32).collect(),
        };
    }
    let mut place = vec![u32::MAX; names.len()];
    for &i in rows {
        place[codes[i as usize] as usize] = 0;
    }
    let mut kept = Vec::new();
    for (place, name) in place.iter_mut().zip(names) {
        if *place == 0 {
            *place = kept.len() as u32;
            kept.push(name.clone());
        }
    }
    Groups {
        names: kept,
        codes: rows
            .iter()
            .map(|&i| place[codes[i as usize] as usize])
            .collect(),
    }
}

fn reference(name: &str, levels: &[String], references: &[Reference]) -> Result<usize, RunError> {
    let mut chosen = references.iter().enumerate();
    let Some((i, wanted)) = chosen.find(|(_, r)| r.column == name && !r.level.is_empty()) else {
        return Ok(0);
    };
    levels
        .iter()
        .position(|level| *level == wanted.level)
        .ok_or_else(|| {
            RunError::option(
                &format!("references.{i}.level"),
                msg!(
                    "frame.no_level",
                    "No row that is used has “{level}” in “{column}”.",
                    level = &wanted.level,
                    column = name
                ),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    fn input() -> Input {
        let levels = ["a", "b", "c"].map(String::from).to_vec();
        let table = Table::new(vec![
            Column::float("x", vec![1.0, f64::NAN, 3.0, 4.0]),
            Column::category("g", vec![2, 1, 0, -1], levels),
        ]);
        Input::new([("table".to_string(), table.unwrap())])
    }

    fn check(references: &[Reference], expected: Result<usize, &str>) {
        let input = input();
        let mut builder = FrameBuilder::new(&input);
        builder.number("x", "x").unwrap();
        builder.predictors("g", &["g".to_string()], "x").unwrap();
        match (builder.finish(references), expected) {
            (Ok(frame), Ok(wanted)) => {
                assert_eq!((&frame.rows[..], frame.n_dropped), (&[0, 2][..], 2));
                assert_eq!(frame.levels, [["a", "c"]]);
                let Variable::Factor {
                    reference, codes, ..
                } = &frame.variables[0]
                else {
                    panic!("a factor")
                };
                assert_eq!((*reference, &codes[..]), (wanted, &[1, 0][..]));
            }
            (Err(RunError::Options(errors)), Err(option)) => assert_eq!(errors[0].option, option),
            (got, _) => panic!("{got:?}"),
        }
    }

    #[test]
    fn rows_without_gaps_and_levels_that_occur() {
        let at = |level: &str| Reference {
            column: "g".into(),
            level: level.into(),
        };
        check(&[], Ok(0));
        check(&[at("c")], Ok(1));
        check(&[at("b")], Err("references.0.level"));
    }

    #[test]
    fn an_outcome_cannot_explain_itself() {
        let input = input();
        let mut builder = FrameBuilder::new(&input);
        assert!(builder.predictors("p", &["x".to_string()], "x").is_err());
    }
}
