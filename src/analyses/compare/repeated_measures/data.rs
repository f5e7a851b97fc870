//! The measurements, subject by subject.

use std::borrow::Cow;

use super::{Layout, Options};
use crate::frame::checks::{Checks, brown_forsythe};
use crate::frame::{Frame, FrameBuilder, Groups};
use crate::models::anova::Factor;
use crate::models::repeated::Repeated;
use crate::msg;
use crate::report::{Msg, TableBlock};
use crate::spec::{Ctx, Input, RunError};
use crate::stats::spread_tests::{Centre, levene};

/// Subjects that have all measurements.
pub(super) struct Data {
    /// What was measured.
    pub outcome: String,
    /// Factors within subjects, then those between.
    pub factors: Vec<Named>,
    pub n_within: usize,
    /// One for each combination of the within factors' levels, the last factor fastest.
    pub measures: Vec<Vec<f64>>,
    pub between: Vec<Factor>,
}

/// A factor by its names.
pub(super) struct Named {
    pub name: String,
    pub levels: Vec<String>,
}

impl Data {
    pub fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let data = match options.layout {
            Layout::Columns => Self::of_columns(options, input, ctx)?,
            Layout::Rows => Self::of_rows(options, input, ctx)?,
        };
        for (i, factor) in data.factors.iter().enumerate() {
            if data.factors[..i].iter().any(|f| f.name == factor.name) {
                return Err(RunError::Data(msg!(
                    "compare.repeated_measures.twice",
                    "Two factors are called “{name}”. Give each a name of its own.",
                    name = &factor.name
                )));
            }
            if factor.levels.len() < 2 {
                let option = match (i < data.n_within, options.layout) {
                    (false, _) => "between",
                    (true, Layout::Rows) => "within",
                    (true, Layout::Columns) => "levels",
                };
                return Err(RunError::option(
                    option,
                    msg!(
                        "frame.one_group",
                        "“{group}” has only one level in the rows that are used.",
                        group = &factor.name
                    ),
                ));
            }
        }
        Ok(data)
    }

    fn of_columns(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let within = named_columns(options)?;
        let mut builder = FrameBuilder::new(input);
        for name in &options.measures {
            builder.number("measures", name)?;
        }
        for name in &options.between {
            builder.group("between", name)?;
        }
        let frame = builder.finish(&[])?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        if frame.rows.is_empty() {
            return Err(nobody());
        }
        let mut data = Self {
            outcome: name_or(&options.measured, "Value"),
            n_within: within.len(),
            factors: within,
            measures: frame.numbers.into_iter().map(Cow::into_owned).collect(),
            between: Vec::new(),
        };
        for (name, groups) in options.between.iter().zip(frame.groups) {
            data.add_between(name, groups);
        }
        Ok(data)
    }

    fn add_between(&mut self, name: &str, groups: Groups) {
        self.between.push(Factor {
            codes: groups.codes,
            n_levels: groups.names.len(),
        });
        self.factors.push(Named {
            name: name.to_string(),
            levels: groups.names,
        });
    }

    fn of_rows(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let needed = |option: &'static str, name: &Option<String>| {
            name.clone().ok_or_else(|| {
                RunError::option(option, msg!("spec.choose_column", "Choose a column."))
            })
        };
        let outcome = needed("outcome", &options.outcome)?;
        let subject = needed("subject", &options.subject)?;
        if options.within.is_empty() {
            return Err(RunError::option(
                "within",
                msg!("spec.choose_column", "Choose a column."),
            ));
        }
        let mut builder = FrameBuilder::new(input);
        builder.number("outcome", &outcome)?;
        builder.group("subject", &subject)?;
        for name in &options.within {
            builder.group("within", name)?;
        }
        for name in &options.between {
            builder.group("between", name)?;
        }
        let frame = builder.finish(&[])?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        if frame.rows.is_empty() {
            return Err(nobody());
        }
        gathered(options, outcome, frame, ctx)
    }

    pub fn n_subjects(&self) -> usize {
        self.measures[0].len()
    }

    pub fn within_sizes(&self) -> Vec<usize> {
        let within = self.factors[..self.n_within].iter();
        within.map(|f| f.levels.len()).collect()
    }

    /// `quiet × easy`: the levels of one measurement.
    pub fn measure_name(&self, measure: usize) -> String {
        let mut rest = measure;
        let mut names: Vec<&str> = self.factors[..self.n_within]
            .iter()
            .rev()
            .map(|f| {
                let level = rest % f.levels.len();
                rest /= f.levels.len();
                f.levels[level].as_str()
            })
            .collect();
        names.reverse();
        names.join(" × ")
    }

    /// The levels of factors by their places.
    pub fn levels_name(&self, term: &[usize], levels: &[usize]) -> String {
        let names: Vec<&str> = term
            .iter()
            .zip(levels)
            .map(|(&f, &l)| self.factors[f].levels[l].as_str())
            .collect();
        names.join(" × ")
    }

    /// Places of the factors that were observed.
    pub fn observed(&self, options: &Options) -> Result<Vec<usize>, RunError> {
        let place = |name: &String| {
            let found = options.between.iter().position(|b| b == name);
            found.map(|i| i + self.n_within).ok_or_else(|| {
                RunError::option(
                    "observed",
                    msg!(
                        "compare.repeated_measures.not_between",
                        "“{column}” is not among the groups of subjects.",
                        column = name
                    ),
                )
            })
        };
        options.observed.iter().map(place).collect()
    }

    /// Each measure's residuals from the means of its cells.
    pub fn residuals(&self, model: &Repeated) -> Vec<Vec<f64>> {
        self.measures
            .iter()
            .map(|values| {
                let (means, _) = cell_means(values, model);
                let each = values.iter().zip(&model.of_subject);
                each.map(|(v, c)| v - means[*c as usize]).collect()
            })
            .collect()
    }

    pub fn checks(&self, model: &Repeated) -> Option<TableBlock> {
        let mut checks = Checks::new();
        let residuals = self.residuals(model);
        for (i, values) in residuals.iter().enumerate() {
            checks.normality(Msg::verbatim(self.measure_name(i)), values);
        }
        if model.cells.len() > 1 {
            for (i, values) in residuals.iter().enumerate() {
                let mut groups: Vec<Vec<f64>> = vec![Vec::new(); model.cells.len()];
                for (c, v) in model.of_subject.iter().zip(values) {
                    groups[*c as usize].push(*v);
                }
                let groups: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
                let test = levene(&groups, Centre::Median);
                let reading = match test.p {
                    p if p.is_nan() => msg!(
                        "frame.no_check",
                        "Cannot be tested: too few or equal values"
                    ),
                    p if p >= 0.05 => msg!("frame.even_spread", "The spread looks even"),
                    _ => msg!(
                        "compare.repeated_measures.uneven",
                        "The spread differs between the groups of subjects"
                    ),
                };
                checks.row(
                    Msg::verbatim(self.measure_name(i)),
                    brown_forsythe(),
                    (test.statistic, Some(test.df1), Some(test.df2), test.p),
                    reading,
                );
            }
        }
        checks.into_table()
    }
}

/// The mean of each cell, and its standard deviation.
pub(super) fn cell_means(values: &[f64], model: &Repeated) -> (Vec<f64>, Vec<f64>) {
    let n_cells = model.cells.len();
    let mut means = vec![0.0; n_cells];
    for (v, c) in values.iter().zip(&model.of_subject) {
        means[*c as usize] += v;
    }
    let sizes = model.cells.iter().map(|c| c.n as f64);
    means
        .iter_mut()
        .zip(sizes.clone())
        .for_each(|(m, n)| *m /= n);
    let mut squares = vec![0.0; n_cells];
    for (v, c) in values.iter().zip(&model.of_subject) {
        let off = v - means[*c as usize];
        squares[*c as usize] += off * off;
    }
    let spread = squares.iter().zip(sizes);
    let spread = spread.map(|(s, n)| (s / (n - 1.0)).sqrt()).collect();
    (means, spread)
}

/// The factors within subjects that the columns stand for.
pub(super) fn named_columns(options: &Options) -> Result<Vec<Named>, RunError> {
    let n = options.measures.len();
    if n < 2 {
        return Err(RunError::option(
            "measures",
            msg!(
                "compare.repeated_measures.two_columns",
                "Choose two or more columns measured on the same subjects."
            ),
        ));
    }
    let first = listed("levels", &options.levels)?;
    let name = name_or(&options.factor, "Condition");
    if options.second_factor.trim().is_empty() {
        if !first.is_empty() && first.len() != n {
            return Err(RunError::option(
                "levels",
                msg!(
                    "compare.repeated_measures.level_count",
                    "There are {n} {n|level|levels} for {columns} {columns|column|columns}. Give one for each column, or none.",
                    n = first.len(),
                    columns = n
                ),
            ));
        }
        let levels = if first.is_empty() {
            options.measures.clone()
        } else {
            first
        };
        return Ok(vec![Named { name, levels }]);
    }
    let second = listed("second_levels", &options.second_levels)?;
    if second.len() < 2 {
        return Err(RunError::option(
            "second_levels",
            msg!(
                "compare.repeated_measures.second_levels",
                "Give the levels of the second factor with commas between them."
            ),
        ));
    }
    let n_first = if first.is_empty() {
        n / second.len()
    } else {
        first.len()
    };
    if n_first * second.len() != n || n_first < 2 {
        return Err(RunError::option(
            "measures",
            msg!(
                "compare.repeated_measures.not_crossed",
                "{first} × {second} levels need {needed} columns, but {columns} are chosen.",
                first = n_first.max(2),
                second = second.len(),
                needed = n_first.max(2) * second.len(),
                columns = n
            ),
        ));
    }
    let levels = if first.is_empty() {
        (1..=n_first).map(|i| i.to_string()).collect()
    } else {
        first
    };
    Ok(vec![
        Named { name, levels },
        Named {
            name: options.second_factor.trim().to_string(),
            levels: second,
        },
    ])
}

fn name_or(name: &str, otherwise: &str) -> String {
    match name.trim() {
        "" => otherwise.to_string(),
        name => name.to_string(),
    }
}

/// Names between commas, each once.
fn listed(option: &str, text: &str) -> Result<Vec<String>, RunError> {
    let names: Vec<String> = text
        .split(',')
        .map(|n| n.trim().to_string())
        .filter(|n| !n.is_empty())
        .collect();
    match (1..names.len()).find(|&i| names[..i].contains(&names[i])) {
        Some(twice) => Err(RunError::option(
            option,
            msg!(
                "compare.repeated_measures.level_twice",
                "The level “{level}” stands there twice.",
                level = &names[twice]
            ),
        )),
        None => Ok(names),
    }
}

fn nobody() -> RunError {
    RunError::Data(msg!(
        "compare.repeated_measures.nobody",
        "No subject has all measurements. Choose columns with fewer missing values."
    ))
}

/// One row a measurement, gathered by subject.
fn gathered(
    options: &Options,
    outcome: String,
    frame: Frame<'_>,
    ctx: &mut Ctx,
) -> Result<Data, RunError> {
    let n_within = options.within.len();
    let mut groups = frame.groups.into_iter();
    let subjects = groups.next().unwrap_or_default();
    let within: Vec<Groups> = groups.by_ref().take(n_within).collect();
    let between: Vec<Groups> = groups.collect();
    let n_subjects = subjects.names.len();
    let n_measures = within.iter().map(|g| g.names.len()).product::<usize>();
    if n_measures > crate::models::repeated::MAX_MEASURES {
        return Err(RunError::option(
            "within",
            msg!(
                "compare.repeated_measures.many_levels",
                "The repeated factors have {n} combinations of levels; at most {most} can be compared.",
                n = n_measures,
                most = crate::models::repeated::MAX_MEASURES
            ),
        ));
    }
    let mut sums = vec![0.0; n_subjects * n_measures];
    let mut counts = vec![0_u32; n_subjects * n_measures];
    for (i, (v, s)) in frame.numbers[0].iter().zip(&subjects.codes).enumerate() {
        let cell = within
            .iter()
            .fold(0, |p, g| p * g.names.len() + g.codes[i] as usize);
        let at = *s as usize * n_measures + cell;
        sums[at] += v;
        counts[at] += 1;
    }
    let group_of: Vec<Vec<u32>> = options
        .between
        .iter()
        .zip(&between)
        .map(|(name, groups)| group_of_subjects(name, groups, &subjects))
        .collect::<Result<_, _>>()?;
    let kept: Vec<usize> = (0..n_subjects)
        .filter(|s| {
            let own = &counts[s * n_measures..(s + 1) * n_measures];
            own.iter().all(|n| *n > 0)
        })
        .collect();
    if kept.is_empty() {
        return Err(nobody());
    }
    if kept.len() < n_subjects {
        ctx.note(msg!(
            "compare.repeated_measures.incomplete",
            "{n} of {all} subjects are left out because they lack a measurement.",
            n = n_subjects - kept.len(),
            all = n_subjects
        ));
    }
    if counts.iter().any(|n| *n > 1) {
        ctx.note(msg!(
            "compare.repeated_measures.averaged",
            "Some subjects were measured more than once under the same levels; these values are averaged."
        ));
    }
    let measures = (0..n_measures)
        .map(|m| {
            let mean =
                |&s: &usize| sums[s * n_measures + m] / f64::from(counts[s * n_measures + m]);
            kept.iter().map(mean).collect()
        })
        .collect();
    let mut data = Data {
        outcome,
        n_within,
        factors: options
            .within
            .iter()
            .zip(within)
            .map(|(name, groups)| Named {
                name: name.clone(),
                levels: groups.names,
            })
            .collect(),
        measures,
        between: Vec::new(),
    };
    for ((name, groups), of) in options.between.iter().zip(&between).zip(&group_of) {
        let codes: Vec<u32> = kept.iter().map(|&s| of[s]).collect();
        data.add_between(name, occurring(&groups.names, &codes));
    }
    Ok(data)
}

/// The level of each subject, which must be one.
fn group_of_subjects(name: &str, groups: &Groups, subjects: &Groups) -> Result<Vec<u32>, RunError> {
    let mut of = vec![u32::MAX; subjects.names.len()];
    for (s, g) in subjects.codes.iter().zip(&groups.codes) {
        let own = &mut of[*s as usize];
        if *own != u32::MAX && *own != *g {
            return Err(RunError::option(
                "between",
                msg!(
                    "compare.repeated_measures.two_groups",
                    "Subject “{subject}” has two values in “{column}”. A group of subjects must be the same in all rows of a subject.",
                    subject = &subjects.names[*s as usize],
                    column = name
                ),
            ));
        }
        *own = *g;
    }
    Ok(of)
}

/// Only the levels that occur.
fn occurring(names: &[String], codes: &[u32]) -> Groups {
    let mut place = vec![u32::MAX; names.len()];
    codes.iter().for_each(|c| place[*c as usize] = 0);
    let mut kept = Vec::new();
    for (place, name) in place.iter_mut().zip(names).filter(|(p, _)| **p == 0) {
        *place = kept.len() as u32;
        kept.push(name.clone());
    }
    Groups {
        names: kept,
        codes: codes.iter().map(|c| place[*c as usize]).collect(),
    }
}
