//! Comparisons of two groups of rows, of two columns, or of a column with a number, one for each
//! outcome: what t tests, rank tests and their like are made from.

use std::borrow::Cow;

use super::{Frame, FrameBuilder, weights};
use crate::msg;
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, Ctx, Fits, Input, Language, RunError, column};
use crate::stats::survey::n_sampled;

crate::choices! {
    /// What stands against what.
    pub enum Design {
        Two = "two_groups" "Two groups of rows",
        Paired = "paired" "Two columns of the same rows",
        One = "one_sample" "A column and a number",
    }
}

crate::choices! {
    /// What happens to rows with missing values.
    pub enum MissingRows {
        Each = "each" "Left out test by test",
        Listwise = "listwise" "Left out of all tests",
    }
}

crate::options! {
    /// Two columns of the same rows.
    pub struct Pair {
        /// The difference is this column less the second.
        first "First": String = column(Fits::Numbers),
        /// The column that is taken off.
        second "Second": String = column(Fits::Numbers),
    }
}

/// What is compared. Options are called `outcomes`, `group`, `first`, `second`, `pairs`, `weights`.
pub struct Comparison<'a> {
    pub design: Design,
    pub outcomes: &'a [String],
    pub group: Option<&'a str>,
    /// Levels of the group column; empty is the first that is left.
    pub first: &'a str,
    pub second: &'a str,
    pub pairs: &'a [Pair],
    pub weights: Option<&'a str>,
    pub missing: MissingRows,
}

/// One comparison: its name, and the values on both sides.
pub struct Contrast {
    /// The outcome, or the two columns of a pair.
    pub name: String,
    /// Two, or one when a column is held against a number.
    pub sides: Vec<Side>,
    /// First less second of each row of a pair.
    pub differences: Vec<f64>,
    pub design: Design,
}

/// The values of one side, free of NaN.
pub struct Side {
    pub name: String,
    pub values: Vec<f64>,
    /// As long as `values`; `None` when each row counts once.
    pub weights: Option<Vec<f64>>,
}

impl Side {
    /// Rows that have weight.
    pub fn n_weighted(&self) -> usize {
        self.weights.as_deref().map_or(self.values.len(), n_sampled)
    }
}

impl Contrast {
    pub fn is_weighted(&self) -> bool {
        self.sides[0].weights.is_some()
    }

    /// The one sample that is held against a number: differences, or the only side.
    pub fn one_sample(&self) -> &[f64] {
        match self.design {
            Design::Paired => &self.differences,
            _ => &self.sides[0].values,
        }
    }
}

impl<'a> Comparison<'a> {
    /// All comparisons, with a footnote on the rows left out.
    ///
    /// # Errors
    /// When columns or groups are missing or not two.
    pub fn contrasts(&self, input: &Input, ctx: &mut Ctx) -> Result<Vec<Contrast>, RunError> {
        let tests = self.tests()?;
        let option = self.option();
        let mut out = Vec::new();
        let mut dropped = Vec::new();
        for test in &tests {
            let mut builder = FrameBuilder::new(input);
            for name in test {
                builder.number(option, name)?;
            }
            if let Some(weights) = self.weights {
                builder.number("weights", weights)?;
            }
            if self.missing == MissingRows::Listwise {
                for name in tests.iter().flatten() {
                    builder.number(option, name)?;
                }
            }
            if self.design == Design::Two {
                let group = self.group.ok_or_else(|| {
                    RunError::option("group", msg!("spec.choose_column", "Choose a column."))
                })?;
                builder.group("group", group)?;
            }
            let mut frame = builder.finish(&[])?;
            dropped.push((test[0], frame.rows.len(), frame.n_dropped));
            let weights = self.weights.map(|_| frame.numbers.remove(test.len()));
            weights.as_deref().map_or(Ok(()), weights::check)?;
            out.push(self.contrast(test, frame, weights)?);
        }
        note_dropped(ctx, &dropped);
        Ok(out)
    }

    /// The columns of each test.
    fn tests(&self) -> Result<Vec<Vec<&'a str>>, RunError> {
        let tests: Vec<Vec<&str>> = match self.design {
            Design::Paired => {
                let pair = |p: &'a Pair| vec![p.first.as_str(), p.second.as_str()];
                self.pairs.iter().map(pair).collect()
            }
            _ => self.outcomes.iter().map(|o| vec![o.as_str()]).collect(),
        };
        if tests.is_empty() {
            let message = match self.design {
                Design::Paired => msg!("frame.no_pairs", "Add a pair of columns."),
                _ => msg!("spec.choose_columns", "Choose at least one column."),
            };
            return Err(RunError::option(self.option(), message));
        }
        if let Some(i) = tests.iter().position(|t| t.len() == 2 && t[0] == t[1]) {
            return Err(RunError::option(
                &format!("pairs.{i}.second"),
                msg!("frame.same_columns", "Choose two different columns."),
            ));
        }
        Ok(tests)
    }

    fn option(&self) -> &'static str {
        match self.design {
            Design::Paired => "pairs",
            _ => "outcomes",
        }
    }

    fn contrast(
        &self,
        test: &[&str],
        mut frame: Frame<'_>,
        weights: Option<Cow<[f64]>>,
    ) -> Result<Contrast, RunError> {
        let mut contrast = Contrast {
            name: test[0].to_string(),
            sides: Vec::new(),
            differences: Vec::new(),
            design: self.design,
        };
        if self.design == Design::Two {
            let groups = &frame.groups[0];
            for place in self.two_levels(&groups.names)? {
                let place_code = place as u32;
                let n_own = groups.codes.iter().filter(|c| **c == place_code).count();
                // Written in each row and kept in its own: rows of two groups by turns would cost a
                // processor that guesses more than the writing.
                let of_group = |values: &[f64]| -> Vec<f64> {
                    let mut own = vec![0.0; n_own + 1];
                    let mut n = 0;
                    for (code, v) in groups.codes.iter().zip(values) {
                        own[n] = *v;
                        n += usize::from(*code == place_code);
                    }
                    own.truncate(n_own);
                    own
                };
                contrast.sides.push(Side {
                    name: groups.names[place].clone(),
                    values: of_group(&frame.numbers[0]),
                    weights: weights.as_ref().map(|w| of_group(w)),
                });
            }
            return Ok(contrast);
        }
        frame.numbers.truncate(test.len());
        if let [a, b] = &frame.numbers[..] {
            contrast.name = format!("{} − {}", test[0], test[1]);
            contrast.differences = a.iter().zip(&**b).map(|(a, b)| a - b).collect();
        }
        for (name, values) in test.iter().zip(frame.numbers) {
            contrast.sides.push(Side {
                name: (*name).to_string(),
                values: values.into_owned(),
                weights: weights.as_deref().map(<[f64]>::to_vec),
            });
        }
        Ok(contrast)
    }

    /// The places of the two groups among the levels that occur.
    fn two_levels(&self, names: &[String]) -> Result<[usize; 2], RunError> {
        let group = self.group.unwrap_or_default();
        let place = |option: &str, wanted: &str| {
            if wanted.is_empty() {
                return Ok(None);
            }
            let found = names.iter().position(|n| n == wanted);
            found.map(Some).ok_or_else(|| {
                let message = msg!(
                    "frame.no_such_row",
                    "No row that is used has the level “{level}”.",
                    level = wanted
                );
                RunError::option(option, message)
            })
        };
        let (first, second) = (place("first", self.first)?, place("second", self.second)?);
        if names.len() < 2 {
            return Err(RunError::option(
                "group",
                msg!(
                    "frame.one_group",
                    "“{group}” has only one level in the rows that are used.",
                    group = group
                ),
            ));
        }
        if names.len() > 2 && (first.is_none() || second.is_none()) {
            return Err(RunError::option(
                "group",
                msg!(
                    "frame.many_groups",
                    "“{group}” has {n} levels. Choose the two to compare, or use an analysis for several groups.",
                    group = group,
                    n = names.len()
                ),
            ));
        }
        let other = |taken: usize| usize::from(taken == 0);
        let places = match (first, second) {
            (Some(a), Some(b)) => [a, b],
            (Some(a), None) => [a, other(a)],
            (None, Some(b)) => [other(b), b],
            (None, None) => [0, 1],
        };
        if places[0] == places[1] {
            return Err(RunError::option(
                "second",
                msg!("frame.same_group", "Choose two different groups."),
            ));
        }
        Ok(places)
    }

    /// Lines that leave the list `every` of tests, and a function `samples` from one of them to its
    /// name and values: in R a list of `name`, `x` and `y`, in Python the three. `None` when the
    /// groups are not known or rows are weighted.
    pub fn code(&self, tables: &CodeTables, language: Language) -> Option<String> {
        if self.weights.is_some() {
            return None;
        }
        let l = language;
        let tests = self.tests().ok()?;
        let group = self.group.unwrap_or_default();
        let (first, second) = self.named_levels(tables)?;
        let info = column_info(tables, group);
        let mut needed: Vec<&str> = tests.iter().flatten().copied().collect();
        if self.design == Design::Two {
            needed.push(group);
        }
        let complete = match (self.missing, language) {
            (MissingRows::Each, _) => String::new(),
            (_, Language::R) => {
                format!(
                    "data <- data[complete.cases(data[{}]), ]\n",
                    l.texts(needed)
                )
            }
            (_, Language::Python) => format!("data = data.dropna(subset={})\n", l.texts(needed)),
        };
        let every = match (self.design, language) {
            (Design::Paired, Language::R) => {
                let pairs: Vec<String> = tests.iter().map(|t| l.texts(t)).collect();
                format!("list({})", pairs.join(", "))
            }
            (Design::Paired, Language::Python) => l.list(tests.iter().map(|t| l.texts(t))),
            _ => l.texts(self.outcomes),
        };
        let template = match (self.design, language) {
            (Design::Two, Language::R) => R_TWO,
            (Design::Two, Language::Python) => PYTHON_TWO,
            (Design::Paired, Language::R) => R_PAIRED,
            (Design::Paired, Language::Python) => PYTHON_PAIRED,
            (Design::One, Language::R) => R_ONE,
            (Design::One, Language::Python) => PYTHON_ONE,
        };
        Some(filled(
            template,
            &[
                ("COMPLETE", &complete),
                ("EVERY", &every),
                ("GROUP", &l.column("data", group)),
                ("FIRST", &l.level(info, &first)),
                ("SECOND", &l.level(info, &second)),
            ],
        ))
    }

    /// The two groups, as far as the table's levels are known.
    pub fn named_levels(&self, tables: &CodeTables) -> Option<(String, String)> {
        if self.design != Design::Two {
            return Some(Default::default());
        }
        let known = column_info(tables, self.group?).and_then(|c| c.levels.clone());
        let other = |taken: &str| known.iter().flatten().find(|l| *l != taken).cloned();
        Some(match (self.first, self.second) {
            ("", "") => {
                let first = known.as_ref()?.first()?.clone();
                let second = other(&first)?;
                (first, second)
            }
            ("", second) => (other(second)?, second.to_string()),
            (first, "") => (first.to_string(), other(first)?),
            (first, second) => (first.to_string(), second.to_string()),
        })
    }
}

const R_TWO: &str = r#"__COMPLETE__every <- __EVERY__
samples <- function(outcome) {
  of <- function(level) { v <- data[[outcome]][__GROUP__ %in% level]; v[!is.na(v)] }
  list(name = outcome, x = of(__FIRST__), y = of(__SECOND__))
}
"#;

const R_PAIRED: &str = r#"__COMPLETE__every <- __EVERY__
samples <- function(pair) {
  kept <- complete.cases(data[pair])
  list(name = paste(pair, collapse = " − "), x = data[[pair[1]]][kept], y = data[[pair[2]]][kept])
}
"#;

const R_ONE: &str = r#"__COMPLETE__every <- __EVERY__
samples <- function(outcome) list(name = outcome, x = data[[outcome]][!is.na(data[[outcome]])])
"#;

const PYTHON_TWO: &str = r#"__COMPLETE__every = __EVERY__


def samples(outcome):
    def of(level):
        return data.loc[__GROUP__ == level, outcome].dropna().to_numpy(float)
    return outcome, of(__FIRST__), of(__SECOND__)
"#;

const PYTHON_PAIRED: &str = r#"__COMPLETE__every = __EVERY__


def samples(pair):
    kept = data[pair].dropna().to_numpy(float)
    return " − ".join(pair), kept[:, 0], kept[:, 1]
"#;

const PYTHON_ONE: &str = r#"__COMPLETE__every = __EVERY__


def samples(outcome):
    return outcome, data[outcome].dropna().to_numpy(float), None
"#;

/// Notes rows used and left out by name: one sentence when all tests have the same.
pub fn note_dropped(ctx: &mut Ctx, tests: &[(&str, usize, usize)]) {
    let (_, used, dropped) = tests[0];
    if tests.iter().all(|t| (t.1, t.2) == (used, dropped)) {
        return ctx.note_dropped(used, dropped);
    }
    for (name, used, dropped) in tests {
        ctx.note(msg!(
            "frame.dropped_each",
            "{name}: {used} {used|row is|rows are} used, {dropped} {dropped|has|have} a missing value.",
            name = *name,
            used = *used,
            dropped = *dropped
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::silent;
    use crate::table::{Column, Table};

    fn check(first: &str, second: &str, missing: MissingRows, expected: Result<[usize; 2], &str>) {
        let levels = ["a", "b", "c"].map(String::from).to_vec();
        let table = Table::new(vec![
            Column::float("x", vec![1.0, f64::NAN, 3.0, 4.0, 5.0]),
            Column::float("y", vec![f64::NAN, 2.0, 3.0, 4.0, 5.0]),
            Column::category("g", vec![0, 1, 1, 2, 0], levels),
        ]);
        let input = Input::new([("table".to_string(), table.unwrap())]);
        let outcomes = ["x".to_string(), "y".to_string()];
        let comparison = Comparison {
            design: Design::Two,
            outcomes: &outcomes,
            group: Some("g"),
            first,
            second,
            pairs: &[],
            weights: None,
            missing,
        };
        let mut nobody = silent;
        let mut ctx = Ctx::new(1, &mut nobody);
        match (comparison.contrasts(&input, &mut ctx), expected) {
            (Ok(found), Ok(sizes)) => {
                let sizes_found = [0, 1].map(|s| found[0].sides[s].values.len());
                assert_eq!(sizes_found, sizes);
            }
            (Err(RunError::Options(errors)), Err(option)) => assert_eq!(errors[0].option, option),
            (Ok(_), Err(option)) => panic!("no error at {option}"),
            (Err(error), _) => panic!("{error:?}"),
        }
    }

    #[test]
    fn two_groups_are_found_or_asked_for() {
        check("a", "b", MissingRows::Each, Ok([2, 1]));
        check("a", "b", MissingRows::Listwise, Ok([1, 1]));
        check("", "", MissingRows::Each, Err("group"));
        check("a", "a", MissingRows::Each, Err("second"));
        check("z", "a", MissingRows::Each, Err("first"));
    }
}
