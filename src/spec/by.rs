//! One analysis run for each group of rows, and its answers as one.
//!
//! Grouping belongs to a run, not to a declaration: any analysis of one table that reports can be run
//! by one or two columns. The groups are the combinations of their values that rows have, in the order
//! of the values; rows without a value are a group of their own, behind the others. Every group starts
//! from the run's seed.

mod code;
mod output;
mod overview;

use super::{Ctx, FieldError, Group, Input, Output, RunError, Spec};
use crate::msg;
use crate::report::{Block, ByGroup, Msg, Report};
use crate::table::verbs::Groups;
use crate::table::{Column, Table};
use output::Made;

pub use code::code;

/// Where errors of the grouping columns stand. No option is called so.
pub const PATH: &str = "run.by";
/// The most columns to group by.
pub const MAX_COLUMNS: usize = 2;
/// The most groups of a run.
pub const MAX_GROUPS: usize = 50;

impl Spec {
    /// Whether it can be run by group: it reads one table, and what it gives is a report of the rows.
    /// What shapes a table gives another table, and groups within it where that makes sense.
    pub fn runs_by_group(&self) -> bool {
        self.inputs.len() == 1 && self.group != Group::Transform
    }
}

/// What is wrong with the columns to group by, given which columns the table has.
pub fn problems(spec: &Spec, by: &[String], has_column: impl Fn(&str) -> bool) -> Vec<FieldError> {
    if by.is_empty() {
        return Vec::new();
    }
    let mut messages = Vec::new();
    if !spec.runs_by_group() {
        messages.push(msg!(
            "run.by_not_offered",
            "“{analysis}” is not run by group.",
            analysis = spec.title()
        ));
    } else if by.len() > MAX_COLUMNS {
        messages.push(msg!(
            "spec.fewer_columns",
            "Choose at most {max} {max|column|columns}.",
            max = MAX_COLUMNS
        ));
    }
    for (i, name) in by.iter().enumerate() {
        if !has_column(name) {
            messages.push(msg!(
                "spec.no_column",
                "The table has no column “{name}”.",
                name = name
            ));
        } else if by[..i].contains(name) {
            messages.push(msg!("spec.twice", "“{name}” is chosen twice.", name = name));
        }
    }
    let errors = messages.into_iter().map(|m| FieldError::new(PATH, m));
    errors.collect()
}

/// Runs `run` on the rows of each group of the first input by the columns `by`.
///
/// The report has an overview, then a [`ByGroup`] for each group, also for those where there is no
/// answer. Tables that have the rows of their input have those of the whole input, in its order, with
/// what is new missing in groups without an answer; others are put one below the other, the grouping
/// columns first.
///
/// # Errors
/// When the columns do not fit or make too many groups, when no group has an answer, or when the run
/// is cancelled.
pub fn run(
    spec: &Spec,
    by: &[String],
    input: &Input,
    ctx: &mut Ctx,
    mut run: impl FnMut(&Input, &mut Ctx) -> Result<Output, RunError>,
) -> Result<Output, RunError> {
    let name = spec.inputs.first().map_or("table", |i| i.name);
    let (split, mut answers) = {
        let table = input.table(name)?;
        let split = Split::of(spec, by, table)?;
        let answers = split.answers(name, input, ctx, &mut run)?;
        (split, answers)
    };
    if answers.iter().all(|a| a.outcome.is_err()) {
        return Err(without_answer(answers));
    }
    let mut tables = Vec::new();
    for output in spec.outputs {
        let made: Vec<Option<Made>> = answers.iter_mut().map(|a| a.take(output.name)).collect();
        if made.iter().any(Option::is_some) {
            tables.push((output.name, output::join(&split, &made)?));
        }
    }
    let mut report = overview::report(&split, &answers);
    report.notices = overview::notices(&split, ctx.used_seed());
    report
        .blocks
        .extend(answers.into_iter().enumerate().map(block));
    Ok(Output { report, tables })
}

/// A table split into groups.
struct Split<'a> {
    table: &'a Table,
    keys: Vec<&'a Column>,
    groups: Groups,
    /// Of each group.
    n_rows: Vec<u32>,
}

/// What came of one group.
struct Answer {
    title: Msg,
    /// Column and value.
    by: Vec<(String, Option<String>)>,
    n_rows: usize,
    outcome: Result<Report, RunError>,
    tables: Vec<(&'static str, Made)>,
}

impl<'a> Split<'a> {
    fn of(spec: &Spec, by: &[String], table: &'a Table) -> Result<Self, RunError> {
        let errors = problems(spec, by, |name| table.column(name).is_some());
        if !errors.is_empty() {
            return Err(RunError::Options(errors));
        }
        let keys: Vec<&Column> = by.iter().filter_map(|name| table.column(name)).collect();
        let groups = Groups::of(&keys, table.n_rows());
        if groups.is_empty() {
            return Err(RunError::Data(msg!(
                "run.by_no_rows",
                "The table has no rows, so there is no group to run this for."
            )));
        }
        if groups.len() > MAX_GROUPS {
            return Err(RunError::option(
                PATH,
                msg!(
                    "run.by_too_many",
                    "{columns} would make {n} groups, and at most {max} are run. Choose columns with fewer values, or put values together first.",
                    columns = by.to_vec(),
                    n = groups.len(),
                    max = MAX_GROUPS
                ),
            ));
        }
        let groups = groups.sorted(&keys);
        Ok(Self {
            table,
            n_rows: groups.counts(),
            keys,
            groups,
        })
    }

    fn answers(
        &self,
        name: &str,
        input: &Input,
        ctx: &mut Ctx,
        run: &mut impl FnMut(&Input, &mut Ctx) -> Result<Output, RunError>,
    ) -> Result<Vec<Answer>, RunError> {
        let rows = self.groups.rows();
        let share = |n_rows: usize| n_rows as f32 / self.table.n_rows() as f32;
        let (mut n_before, mut answers) = (0, Vec::with_capacity(self.groups.len()));
        for g in 0..self.groups.len() {
            let rows = rows.group(g);
            let place = (share(n_before), share(n_before + rows.len()));
            n_before += rows.len();
            let title = self.title(g);
            let step = msg!(
                "run.by_group",
                "Group {i} of {n}: {group}",
                i = g + 1,
                n = self.groups.len(),
                group = title.clone()
            );
            ctx.tick(place.0, &step)?;
            let part = self.table.select_rows(rows);
            let others = input.tables().iter().filter(|(other, _)| *other != name);
            let others = others.map(|(other, table)| (other.clone(), table.clone()));
            let part_input = Input::new(others.chain([(name.to_string(), part.clone())]));
            let outcome = ctx.part(place, &title, |ctx| run(&part_input, ctx));
            let (outcome, tables) = match outcome {
                Ok(output) => (Ok(output.report), output.tables),
                Err(error @ (RunError::Cancelled | RunError::NoTable { .. })) => return Err(error),
                Err(error) => (Err(error), Vec::new()),
            };
            let made = tables.into_iter();
            answers.push(Answer {
                title,
                by: self.by(g),
                n_rows: rows.len(),
                outcome,
                tables: made.map(|(n, t)| (n, Made::of(&part, &t))).collect(),
            });
        }
        Ok(answers)
    }

    /// The grouping columns and their values in a group.
    fn by(&self, group: usize) -> Vec<(String, Option<String>)> {
        let row = self.groups.first_rows[group] as usize;
        let value = |key: &Column| key.is_valid(row).then(|| key.name_of(&key.display(row)));
        let keys = self.keys.iter();
        keys.map(|key| (key.name.clone(), value(key))).collect()
    }

    fn title(&self, group: usize) -> Msg {
        let parts = self
            .by(group)
            .into_iter()
            .map(|(column, value)| match value {
                Some(value) => msg!(
                    "run.by_value",
                    "{column}: {value}",
                    column = column,
                    value = value
                ),
                None => msg!("run.by_missing", "{column}: missing", column = column),
            });
        let both = |first: Msg, second| {
            msg!(
                "run.by_both",
                "{first}, {second}",
                first = first,
                second = second
            )
        };
        parts
            .reduce(both)
            .expect("a run by group has a column to group by")
    }

    /// The rows that have no value in one of the grouping columns.
    fn n_missing(&self) -> usize {
        let is_missing = |row: u32| self.keys.iter().any(|key| !key.is_valid(row as usize));
        let firsts = self.groups.first_rows.iter().zip(&self.n_rows);
        let missing = firsts.filter(|(row, _)| is_missing(**row));
        missing.map(|(_, &n)| n as usize).sum()
    }
}

impl Answer {
    fn take(&mut self, output: &str) -> Option<Made> {
        let at = self.tables.iter().position(|(name, _)| *name == output)?;
        Some(self.tables.swap_remove(at).1)
    }
}

fn block((i, answer): (usize, Answer)) -> Block {
    let key = format!("g{}", i + 1);
    let (report, error) = match answer.outcome {
        Ok(report) => (report.with_keys_after(&format!("{key}_")), None),
        Err(error) => (Report::default(), Some(reason(&error))),
    };
    ByGroup {
        key,
        title: answer.title,
        by: answer.by,
        n_rows: answer.n_rows,
        report,
        error,
    }
    .into()
}

/// The sentence of a group without an answer.
fn reason(error: &RunError) -> Msg {
    match error {
        RunError::Options(errors) if !errors.is_empty() => errors[0].message.clone(),
        other => other.message(),
    }
}

/// The error of a run that gave no answer in any group: that of the first where it is about options,
/// so that it stands at these.
fn without_answer(answers: Vec<Answer>) -> RunError {
    let n = answers.len();
    let first = answers
        .into_iter()
        .find_map(|a| Some((a.title, a.outcome.err()?)));
    let (group, error) = first.expect("a group without an answer");
    match error {
        RunError::Data(reason) if n > 1 => RunError::Data(msg!(
            "run.by_no_answer",
            "None of the {n} groups has an answer. {group}: {reason}",
            n = n,
            group = group,
            reason = reason
        )),
        error => error,
    }
}
