//! Answers of the same rows to several questions: McNemar, Bowker and Cochran.

mod code;
mod say;
mod tables;

use std::borrow::Cow;

use crate::frame::corrections::Correction;
use crate::frame::{FrameBuilder, Groups, pictures, weights};
use crate::msg;
use crate::report::{Block, Msg, Report};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output, Picture,
    RunError, Spec, choice, column, columns, flag, number, reads, text,
};
use crate::stats::t_test::{Alternative, Estimate};
use crate::stats::two_by_two::{
    Interval, McNemar, cochran_q, mcnemar, mcnemar_exact, newcombe_paired, proportion,
};

pub struct PairedCategories;

crate::choices! {
    /// Which p value of a change the sentences and the pairs go by.
    pub enum PValue {
        Exact = "exact" "Exact (binomial)",
        MidP = "mid_p" "Mid-p",
        Asymptotic = "asymptotic" "McNemar’s χ²",
    }
}

crate::options! {
    /// Which answers are compared, and how.
    pub struct Options {
        /// Two or more columns with the same levels, such as answers before and after.
        columns "Columns": Vec<String> = columns(Fits::Levels).between(2, 50),
        /// The level whose share is compared; of two levels the last when this is empty.
        event "Level that counts": String = text(""),
        /// Which p value the sentences and the comparisons of pairs go by.
        p_value "P values": PValue = choice(PValue::CHOICES, "exact").section("Method"),
        /// Takes one off the difference of the changes in McNemar's χ² (Edwards).
        continuity "Continuity correction": bool = flag(false).section("Method").advanced(),
        /// With three columns and more some pairs differ by chance alone; a correction allows for that.
        correction "Several pairs": Correction = choice(Correction::CHOICES, "holm").section("Method"),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Method").advanced(),
        /// How many rows each row stands for, such as a column of counts.
        weights "Frequency weights": Option<String> = column(Fits::Numbers).optional().section("Rows"),
    }
}

impl Analysis for PairedCategories {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "compare.paired_categories",
        version: 1,
        title: "McNemar and Cochran Q tests",
        group: Group::Compare,
        about: "Do the shares of an answer differ between columns of the same rows, such as before and after, or yes and no to several questions?",
        headline: "Paired answers of {columns}",
        method: "Two columns: McNemar's χ² as mcnemar.test in R, beside it the exact binomial test of the changes and its mid-p value; with more than two levels Bowker's test of symmetry too, its degrees of freedom the pairs of levels. The difference of two shares has Newcombe's interval for pairs (his method 10). The odds are those of changing to the level rather than from it, with Clopper and Pearson's interval. Three columns and more: Cochran's Q of one level, then all pairs of columns. The shares have Wilson's intervals. Rows that lack an answer are left out. Exact tests need whole weights.",
        references: &[
            "McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or percentages. Psychometrika, 12, 153–157.",
            "Bowker, A. H. (1948). A test for symmetry in contingency tables. Journal of the American Statistical Association, 43, 572–574.",
            "Cochran, W. G. (1950). The comparison of percentages in matched samples. Biometrika, 37, 256–266.",
            "Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial proportions based on paired data. Statistics in Medicine, 17, 2635–2650.",
            "Fagerland, M. W., Lydersen, S., & Laake, P. (2013). The McNemar test for binary matched-pairs data: Mid-p and asymptotic are better than exact conditional. BMC Medical Research Methodology, 13, 91.",
        ],
        keywords: &[
            "mcnemar",
            "cochran q",
            "bowker",
            "symmetry",
            "matched pairs",
            "before and after",
            "paired proportions",
            "맥니마",
            "코크란",
            "대응 비율",
            "대칭성",
            "전후 비교",
        ],
        picture: Picture::Intervals,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "before_after",
                tables: &[("table", "answers.csv")],
                values: r#"{"columns": ["before", "after"], "event": "yes"}"#,
            },
            Example {
                name: "three_columns",
                tables: &[("table", "answers.csv")],
                values: r#"{"columns": ["before", "after", "later"], "event": "yes", "p_value": "mid_p"}"#,
            },
            Example {
                name: "symmetry",
                tables: &[("table", "answers.csv")],
                values: r#"{"columns": ["first_choice", "second_choice"]}"#,
            },
        ],
        korean: include_str!("paired_categories.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("compare.paired_categories.step", "Counting");
        ctx.tick(0.0, &step)?;
        let answers = Answers::new(options, input, ctx)?;
        ctx.tick(0.4, &step)?;
        let mut pairs = Vec::new();
        if answers.event.is_some() {
            let k = answers.names.len();
            let places = (0..k).flat_map(|a| (a + 1..k).map(move |b| (a, b)));
            for (done, (a, b)) in places.enumerate() {
                ctx.tick(0.4 + done as f32 / (k * k) as f32, &step)?;
                pairs.push(answers.pair(options, a, b));
            }
        }
        let cochran = answers.cochran();
        let square = (answers.names.len() == 2).then(|| answers.square());
        let bowker = square
            .as_ref()
            .filter(|_| answers.levels.len() > 2)
            .map(|counts| mcnemar(counts, answers.levels.len(), false));
        ctx.tick(0.9, &step)?;
        let mut report = Report {
            summary: say::summary(options, &answers, &pairs, cochran, bowker),
            ..Report::default()
        };
        report.push(tables::tests(options, &answers, &pairs, cochran, bowker));
        if !pairs.is_empty() {
            report.push(tables::pairs(options, &answers, &pairs));
            report.push(tables::shares(options, &answers));
        }
        report
            .blocks
            .extend(square.map(|counts| Block::Table(tables::counts(&answers, &counts))));
        if let Some(event) = answers.event_name() {
            let lines: Vec<(Msg, f64, f64, f64)> = answers
                .names
                .iter()
                .zip(answers.shares(options.level))
                .map(|(name, (_, e))| (Msg::verbatim(name), e.value, e.low, e.high))
                .collect();
            let overall = lines.iter().map(|l| l.1).sum::<f64>() / lines.len() as f64;
            report.push(pictures::effects(
                "shares",
                msg!(
                    "compare.paired_categories.chart",
                    "Shares with their intervals"
                ),
                msg!(
                    "compare.paired_categories.share_of",
                    "Share of “{event}”",
                    event = event
                ),
                &lines,
                overall,
            ));
        }
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }
}

/// More levels than this make no table that can be read.
const MAX_LEVELS: usize = 60;

/// Answers of the rows that have all, by codes of common levels.
struct Answers {
    names: Vec<String>,
    levels: Vec<String>,
    /// One for each column.
    codes: Vec<Vec<u32>>,
    weights: Option<Vec<f64>>,
    /// Among `levels`; `None` when none is named among more than two.
    event: Option<u32>,
}

/// Two columns compared by the level that counts.
struct Pair {
    first: usize,
    second: usize,
    /// Rows that have the level in both, in the first alone, in the second alone, in neither.
    cells: [f64; 4],
    mcnemar: McNemar,
    /// Exact and mid-p values, of whole counts.
    exact: Option<(f64, f64)>,
    /// Share in the second less that in the first.
    difference: Estimate,
    /// The p value that was asked for.
    p: f64,
}

impl Answers {
    fn new(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let mut builder = FrameBuilder::new(input);
        for name in &options.columns {
            builder.group("columns", name)?;
        }
        if let Some(weights) = &options.weights {
            builder.number("weights", weights)?;
        }
        let mut frame = builder.finish(&[])?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let weights = frame.numbers.pop().map(Cow::into_owned);
        weights.as_deref().map_or(Ok(()), weights::check)?;
        let total = weights
            .as_ref()
            .map_or(frame.rows.len() as f64, |w| w.iter().sum());
        if !(total > 0.0) {
            return Err(RunError::Data(msg!(
                "compare.paired_categories.no_rows",
                "No row has all the answers. Choose columns with fewer missing values."
            )));
        }
        let levels = common_levels(&frame.groups);
        if levels.len() > MAX_LEVELS {
            return Err(RunError::option(
                "columns",
                msg!(
                    "compare.paired_categories.many_levels",
                    "The columns have {n} levels together. Choose columns with at most {max}.",
                    n = levels.len(),
                    max = MAX_LEVELS
                ),
            ));
        }
        if levels.len() < 2 {
            return Err(RunError::Data(msg!(
                "compare.paired_categories.one_level",
                "All answers are “{level}”, so nothing can differ.",
                level = &levels[0]
            )));
        }
        let event = match (options.event.as_str(), levels.len()) {
            ("", 2) => Some(1),
            ("", n) if options.columns.len() > 2 => {
                return Err(RunError::option(
                    "event",
                    msg!(
                        "frame.which_event",
                        "“{column}” has {n} levels. Choose the one that is the event.",
                        column = &options.columns[0],
                        n = n
                    ),
                ));
            }
            ("", _) => None,
            (event, _) => Some(position(&levels, event).ok_or_else(|| {
                RunError::option(
                    "event",
                    msg!(
                        "compare.paired_categories.no_level",
                        "No row that is used has “{level}”.",
                        level = event
                    ),
                )
            })?),
        };
        let codes = frame
            .groups
            .iter()
            .map(|groups| {
                let places: Vec<u32> = groups
                    .names
                    .iter()
                    .map(|n| position(&levels, n).expect("a common level"))
                    .collect();
                groups.codes.iter().map(|c| places[*c as usize]).collect()
            })
            .collect();
        Ok(Self {
            names: options.columns.clone(),
            levels,
            codes,
            weights,
            event,
        })
    }

    fn event_name(&self) -> Option<&str> {
        self.event.map(|e| self.levels[e as usize].as_str())
    }

    /// The table of two columns row by row: the first column's level along the rows.
    fn square(&self) -> Vec<f64> {
        let k = self.levels.len();
        let mut counts = vec![0.0; k * k];
        for (i, (a, b)) in self.codes[0].iter().zip(&self.codes[1]).enumerate() {
            counts[*a as usize * k + *b as usize] += self.weight(i);
        }
        counts
    }

    fn weight(&self, i: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |w| w[i])
    }

    fn pair(&self, options: &Options, first: usize, second: usize) -> Pair {
        let event = self.event.expect("a level that counts");
        let mut cells = [0.0; 4];
        for (i, (a, b)) in self.codes[first]
            .iter()
            .zip(&self.codes[second])
            .enumerate()
        {
            let cell = 2 * usize::from(*a != event) + usize::from(*b != event);
            cells[cell] += self.weight(i);
        }
        let [_, left, joined, _] = cells;
        let test = mcnemar(&cells, 2, options.continuity);
        let is_whole = left.fract() == 0.0 && joined.fract() == 0.0 && left + joined < 1e9;
        let exact = is_whole.then(|| mcnemar_exact(left, joined));
        let asymptotic = if left + joined > 0.0 { test.p } else { 1.0 };
        let p = match (options.p_value, exact) {
            (PValue::Exact, Some((p, _))) | (PValue::MidP, Some((_, p))) => p,
            _ => asymptotic,
        };
        Pair {
            first,
            second,
            cells,
            mcnemar: test,
            exact,
            difference: newcombe_paired(cells, options.level),
            p,
        }
    }

    /// Cochran's Q of three columns and more: statistic, df and p.
    fn cochran(&self) -> Option<(f64, f64, f64)> {
        let event = self.event.filter(|_| self.names.len() > 2)?;
        let columns: Vec<Vec<bool>> = self
            .codes
            .iter()
            .map(|codes| codes.iter().map(|c| *c == event).collect())
            .collect();
        let columns: Vec<&[bool]> = columns.iter().map(Vec::as_slice).collect();
        cochran_q(&columns, self.weights.as_deref())
    }

    /// Rows with the level that counts in each column, and their share.
    fn shares(&self, level: f64) -> Vec<(f64, Estimate)> {
        let n = self.total();
        self.codes
            .iter()
            .map(|codes| {
                let hits = codes.iter().enumerate();
                let k = hits
                    .filter(|(_, c)| Some(**c) == self.event)
                    .map(|(i, _)| self.weight(i))
                    .sum();
                let e = proportion(k, n, level, Interval::Wilson, Alternative::TwoSided);
                (k, e)
            })
            .collect()
    }

    fn total(&self) -> f64 {
        (0..self.codes[0].len()).map(|i| self.weight(i)).sum()
    }
}

/// All levels of the columns; one that earlier columns lack stands after the one before it.
fn common_levels(columns: &[Groups]) -> Vec<String> {
    let mut levels: Vec<String> = Vec::new();
    for groups in columns {
        let mut at = 0;
        for name in &groups.names {
            match position(&levels, name) {
                Some(place) => at = place as usize + 1,
                None => {
                    levels.insert(at, name.clone());
                    at += 1;
                }
            }
        }
    }
    levels
}

fn position(levels: &[String], name: &str) -> Option<u32> {
    levels.iter().position(|l| l == name).map(|p| p as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(columns: &[&[&str]], expected: &[&str]) {
        let groups: Vec<Groups> = columns
            .iter()
            .map(|names| Groups {
                names: names.iter().map(|n| (*n).to_string()).collect(),
                codes: Vec::new(),
            })
            .collect();
        assert_eq!(common_levels(&groups), expected);
    }

    #[test]
    fn levels_of_several_columns_keep_their_order() {
        check(&[&["no", "yes"], &["yes"]], &["no", "yes"]);
        check(&[&["1", "3"], &["1", "2", "3"]], &["1", "2", "3"]);
        check(&[&["2"], &["1", "2", "3"]], &["1", "2", "3"]);
        check(&[&["b"], &["a", "c"]], &["a", "c", "b"]);
    }
}
