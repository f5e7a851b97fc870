//! Groups and what was measured in each, from a table or as typed in.

use super::{From, Options};
use crate::msg;
use crate::report::{Format, Msg};
use crate::spec::{Ctx, Input, RunError};
use crate::stats::descriptive::Moments;
use crate::stats::experiment::{Proportion, Summary};
use crate::table::{Column, Data, Levels, Measure};

/// Groups and what was measured in each.
pub(super) struct Experiment {
    /// The control first.
    pub arms: Vec<String>,
    /// People in each group, whether or not their outcome is known.
    pub sizes: Vec<u64>,
    pub metrics: Vec<Metric>,
}

pub(super) struct Metric {
    pub name: Msg,
    pub key: String,
    pub arms: Arms,
}

/// One entry a group, the control first.
pub(super) enum Arms {
    Proportions(Vec<Proportion>),
    Means(Vec<Summary>),
}

impl Experiment {
    pub(super) fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let experiment = match options.source {
            From::Table => Self::from_table(options, input, ctx)?,
            From::Counts => Self::from_counts(options)?,
            From::Means => Self::from_means(options)?,
        };
        if experiment.arms.len() < 2 {
            let option = match options.source {
                From::Table => "group",
                From::Counts => "counts",
                From::Means => "means",
            };
            return Err(RunError::option(
                option,
                msg!(
                    "experiment.ab_test.two",
                    "There must be two groups or more."
                ),
            ));
        }
        Ok(experiment)
    }

    fn from_counts(options: &Options) -> Result<Self, RunError> {
        for (i, arm) in options.counts.iter().enumerate() {
            if arm.successes > arm.n || arm.n == 0 {
                let message = msg!(
                    "experiment.ab_test.bad_counts",
                    "Successes must be from 0 to the number of people, and there must be people."
                );
                return Err(RunError::option(&format!("counts.{i}.successes"), message));
            }
        }
        let metric = Metric {
            name: msg!("experiment.ab_test.conversion", "Conversion"),
            key: "conversion".into(),
            arms: Arms::Proportions(
                options
                    .counts
                    .iter()
                    .map(|a| Proportion {
                        n: a.n,
                        successes: a.successes,
                    })
                    .collect(),
            ),
        };
        Ok(Self {
            arms: named(options.counts.iter().map(|a| a.name.as_str())),
            sizes: options.counts.iter().map(|a| a.n).collect(),
            metrics: vec![metric],
        })
    }

    fn from_means(options: &Options) -> Result<Self, RunError> {
        for (i, arm) in options.means.iter().enumerate() {
            if arm.n < 2 {
                return Err(RunError::option(
                    &format!("means.{i}.n"),
                    msg!(
                        "experiment.ab_test.few",
                        "A group needs two people or more."
                    ),
                ));
            }
        }
        let metric = Metric {
            name: msg!("experiment.ab_test.mean", "Mean"),
            key: "mean".into(),
            arms: Arms::Means(
                options
                    .means
                    .iter()
                    .map(|a| Summary {
                        n: a.n,
                        mean: a.mean,
                        sd: a.sd,
                    })
                    .collect(),
            ),
        };
        Ok(Self {
            arms: named(options.means.iter().map(|a| a.name.as_str())),
            sizes: options.means.iter().map(|a| a.n).collect(),
            metrics: vec![metric],
        })
    }

    fn from_table(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        input.table("table")?;
        let Some(group) = &options.group else {
            return Err(RunError::option(
                "group",
                msg!("spec.choose_column", "Choose a column."),
            ));
        };
        if options.outcomes.is_empty() {
            return Err(RunError::option(
                "outcomes",
                msg!("spec.choose_columns", "Choose at least one column."),
            ));
        }
        let Levels { names, codes } = input.column("group", group)?.levels_and_codes();
        let control = match options.control.as_str() {
            "" => 0,
            wanted => names.iter().position(|n| n == wanted).ok_or_else(|| {
                RunError::option(
                    "control",
                    msg!(
                        "experiment.ab_test.no_control",
                        "No row has “{level}” in “{group}”.",
                        level = wanted,
                        group = group
                    ),
                )
            })?,
        };
        let mut order: Vec<usize> = (0..names.len()).collect();
        if !names.is_empty() {
            order.remove(control);
            order.insert(0, control);
        }
        let rows_of = |level: usize| {
            codes
                .iter()
                .enumerate()
                .filter(move |&(_, &c)| c == level as i32)
                .map(|(i, _)| i)
        };
        let n_lost = codes.iter().filter(|&&c| c < 0).count();
        ctx.note_dropped(codes.len() - n_lost, n_lost);
        let mut metrics = Vec::new();
        for name in &options.outcomes {
            if name == group {
                return Err(RunError::option(
                    "outcomes",
                    msg!(
                        "experiment.ab_test.itself",
                        "“{column}” already says the group.",
                        column = name
                    ),
                ));
            }
            let column = input.column("outcomes", name)?;
            let (title, arms) = match success_level(column, &options.success)? {
                Some(Success { levels, level }) => {
                    let proportion = |g: &usize| {
                        let known = rows_of(*g).filter(|&i| levels.codes[i] >= 0);
                        let (mut n, mut successes) = (0, 0);
                        known.for_each(|i| {
                            n += 1;
                            successes += u64::from(levels.codes[i] == level);
                        });
                        Proportion { n, successes }
                    };
                    let arms = order.iter().map(proportion).collect();
                    let title = format!("{name} = {}", levels.names[level as usize]);
                    (title, Arms::Proportions(arms))
                }
                None => {
                    let values = column.numbers().ok_or_else(|| {
                        RunError::option(
                            "outcomes",
                            msg!(
                                "experiment.ab_test.not_two",
                                "“{column}” has more than two levels and holds no numbers.",
                                column = name
                            ),
                        )
                    })?;
                    let summary = |g: &usize| {
                        let values: Vec<f64> = rows_of(*g)
                            .map(|i| values[i])
                            .filter(|v| v.is_finite())
                            .collect();
                        let moments = Moments::of(&values);
                        Summary {
                            n: moments.n as u64,
                            mean: moments.mean,
                            sd: moments.sd(),
                        }
                    };
                    let arms = order.iter().map(summary).collect();
                    (name.clone(), Arms::Means(arms))
                }
            };
            let n_missing = column.n_missing();
            if n_missing > 0 {
                ctx.note(msg!(
                    "experiment.ab_test.missing",
                    "“{column}” misses {n} {n|value|values}, left out for that outcome.",
                    column = name,
                    n = n_missing
                ));
            }
            metrics.push(Metric {
                name: Msg::verbatim(title),
                key: name.clone(),
                arms,
            });
        }
        Ok(Self {
            arms: order.iter().map(|&g| names[g].clone()).collect(),
            sizes: order.iter().map(|&g| rows_of(g).count() as u64).collect(),
            metrics,
        })
    }
}

impl Metric {
    pub(super) fn value(&self, arm: usize) -> f64 {
        match &self.arms {
            Arms::Proportions(arms) => arms[arm].successes as f64 / arms[arm].n as f64,
            Arms::Means(arms) => arms[arm].mean,
        }
    }

    pub(super) fn format(&self) -> Format {
        match self.arms {
            Arms::Proportions(_) => Format::Percent(2),
            Arms::Means(_) => Format::General,
        }
    }

    pub(super) fn difference_format(&self) -> Format {
        match self.arms {
            Arms::Proportions(_) => Format::Points(2),
            Arms::Means(_) => Format::General,
        }
    }
}

struct Success {
    levels: Levels,
    level: i32,
}

/// The level that counts as a success; `None` for a column to be averaged.
fn success_level(column: &Column, wanted: &str) -> Result<Option<Success>, RunError> {
    let is_number = matches!(column.data, Data::Float(_) | Data::Int(_));
    let named_level = !wanted.is_empty() && !is_number;
    if is_number && column.measure == Measure::Scale {
        return Ok(None);
    }
    let levels = column.levels_and_codes();
    if levels.names.len() > 2 && !named_level {
        return match is_number {
            true => Ok(None),
            false => Err(RunError::option(
                "success",
                msg!(
                    "experiment.ab_test.which_success",
                    "“{column}” has {n} levels. Say which one is the success.",
                    column = &column.name,
                    n = levels.names.len()
                ),
            )),
        };
    }
    match success_place(&levels.names, wanted) {
        Some(level) => Ok(Some(Success {
            level: level as i32,
            levels,
        })),
        None => Err(RunError::Data(msg!(
            "experiment.ab_test.no_values",
            "“{column}” has no values.",
            column = &column.name
        ))),
    }
}

/// The place of the level that counts as a success: the one named, a usual one, or the last.
pub(super) fn success_place(names: &[String], wanted: &str) -> Option<usize> {
    const USUAL: [&str; 8] = ["yes", "true", "1", "y", "success", "예", "성공", "구매"];
    let usual = |n: &String| USUAL.contains(&n.to_lowercase().as_str());
    names
        .iter()
        .position(|n| n == wanted)
        .or_else(|| names.iter().position(usual))
        .or_else(|| names.len().checked_sub(1))
}

/// Names as given; letters for groups without one.
pub(super) fn named<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let letter = |i: usize| match u8::try_from(i) {
        Ok(i) if i < 26 => char::from(b'A' + i).to_string(),
        _ => (i + 1).to_string(),
    };
    names
        .enumerate()
        .map(|(i, n)| {
            if n.trim().is_empty() {
                letter(i)
            } else {
                n.trim().to_string()
            }
        })
        .collect()
}
