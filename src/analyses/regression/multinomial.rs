//! Multinomial logistic regression: which of several things happens, explained by other columns.

mod code;

use crate::frame::coefficients::{self, Coefficient};
use crate::frame::likelihood::{self, LikelihoodFit};
use crate::frame::{self, Frame, FrameBuilder, Reference, weights, words};
use crate::models::design::Design;
use crate::models::glm::GlmError;
use crate::models::multinomial::{Fit, Problem, fit};
use crate::msg;
use crate::report::{
    Along, Axis, Cell, Chart, Format, Head, Mark, Msg, Report, Scale, TableBlock, Tone,
};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, column, columns, level, number, reads, rows, terms,
};
use crate::stats::distributions::{chi_squared, normal};
use crate::table::{Column, Table};

pub struct Multinomial;

crate::options! {
    /// What is explained by what.
    pub struct Options {
        /// The column whose level is explained.
        outcome "Outcome": String = column(Fits::Levels),
        /// The level that all others are compared with; the first one when none is chosen.
        baseline "Baseline": String = level("outcome"),
        /// Columns that explain it; those with levels are compared with their reference level.
        predictors "Predictors": Vec<String> = columns(Fits::NumbersOrLevels),
        /// Predictors whose effects depend on one another.
        interactions "Interactions": Vec<Vec<String>> = terms(&["predictors"]).section("Model"),
        /// The first level of a column unless another is chosen here.
        references "Reference levels": Vec<Reference> = rows(<Reference as crate::spec::Options>::SPECS).section("Model"),
        /// How many rows each row stands for.
        weights "Frequency weights": Option<String> = column(Fits::Numbers).optional().section("Model").advanced(),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Inference").advanced(),
    }
}

/// Levels of an outcome, beyond which there are too many coefficients to read.
const MAX_CLASSES: usize = 20;

impl Analysis for Multinomial {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "regression.multinomial",
        version: 1,
        title: "Multinomial logistic regression",
        group: Group::Regression,
        about: "Explains which of several things happens, such as the plan that is chosen, by other columns.",
        headline: "{outcome} explained by {predictors}",
        method: "Maximum likelihood by Newton's method, with definitions as nnet's multinom: each level has its own coefficients against the baseline, of the logarithm of the ratio of the two probabilities. Wald z tests and intervals; likelihood-ratio tests leave out one term at a time. A row is predicted to have its most probable level. A frequency weight of 2 counts a row twice, also in n.",
        references: &[
            "Agresti, A. (2013). Categorical data analysis (3rd ed.). Wiley.",
            "Venables, W. N., & Ripley, B. D. (2002). Modern applied statistics with S (4th ed.). Springer.",
        ],
        keywords: &[
            "softmax",
            "polytomous",
            "choice",
            "nominal",
            "classification",
            "multinom",
            "다항",
            "다항 로지스틱",
            "선택",
            "명목",
        ],
        picture: Picture::Lines,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "predictions",
            title: "Table with probabilities",
        }],
        examples: &[Example {
            name: "penguins",
            tables: &[("table", "penguins.csv")],
            values: r#"{"outcome": "island", "predictors": ["body_mass_g", "bill_depth_mm"]}"#,
        }],
        korean: include_str!("multinomial.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("regression.multinomial.step", "Fitting");
        ctx.tick(0.0, &step)?;
        let (frame, classes) = read(options, input)?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let interactions = frame.interactions(&options.interactions)?;
        let design = Design::new(&frame.variables, &interactions, true, classes.codes.len());
        let slices = design.slices();
        let problem = Problem {
            columns: &slices,
            classes: &classes.codes,
            n_classes: classes.names.len(),
            weights: frame.numbers.first().map(|w| &**w),
        };
        let n_coefficients = slices.len() * (classes.names.len() - 1);
        let explain = |e: GlmError| match e {
            GlmError::Cancelled => RunError::Cancelled,
            GlmError::TooFewRows => frame.too_few_rows(n_coefficients),
            other => RunError::Data(words::impossible(other.to_string())),
        };
        let found = fit(
            &problem,
            &[],
            None,
            &mut frame::progress(ctx, 0.02, 0.5, &step),
        )
        .map_err(explain)?;
        let names: Vec<Msg> = design.parts.iter().map(|p| frame.column_name(p)).collect();
        if !found.aliased.is_empty() {
            let left_out = found.aliased.iter().map(|&c| names[c].clone()).collect();
            ctx.warn(words::aliased(left_out));
        }
        if !found.is_converged {
            ctx.warn(msg!(
                "regression.multinomial.not_converged",
                "The likelihood still rises after {n} steps: some levels can be told without fail (separation), and their coefficients run to infinity. Choose fewer predictors or merge levels.",
                n = found.n_iterations
            ));
        }
        let mut tests = Vec::new();
        let n_terms = design.terms.len();
        for (k, columns) in design.terms.iter().enumerate() {
            let at = |part: f32| 0.5 + 0.4 * (k as f32 + part) / n_terms as f32;
            let less = fit(
                &problem,
                columns,
                Some(&found),
                &mut frame::progress(ctx, at(0.0), at(1.0), &step),
            )
            .map_err(explain)?;
            let kept = columns.iter().filter(|c| found.kept.contains(c)).count();
            let df = kept * (classes.names.len() - 1);
            let statistic = (2.0 * (found.log_likelihood - less.log_likelihood)).max(0.0);
            tests.push((statistic, df));
        }
        ctx.tick(0.92, &step)?;
        let result = Fitted {
            options,
            frame: &frame,
            design: &design,
            classes: &classes,
            weights: problem.weights,
            fit: &found,
            names: &names,
            tests,
        };
        let confusion = result.confusion();
        let mut report = Report {
            summary: result.summary(&confusion),
            ..Report::default()
        };
        report.blocks.extend(result.chart().map(Into::into));
        report.push(result.coefficient_table());
        report.push(coefficients::likelihood_ratio_tests(
            &frame,
            &design,
            &result.tests,
        ));
        report.push(result.fit_table(&confusion));
        report.push(result.confusion_table(&confusion));
        report.push(result.confusion_chart(&confusion));
        let table = result.with_predictions(input.table("table")?);
        Ok(Output {
            report,
            tables: vec![("predictions", table)],
        })
    }
}

/// The outcome's levels, the baseline first.
struct Classes {
    names: Vec<String>,
    codes: Vec<u32>,
}

fn read<'a>(options: &Options, input: &'a Input) -> Result<(Frame<'a>, Classes), RunError> {
    let mut builder = FrameBuilder::new(input);
    builder.group("outcome", &options.outcome)?;
    builder.predictors("predictors", &options.predictors, &options.outcome)?;
    if let Some(weights) = &options.weights {
        builder.number("weights", weights)?;
    }
    let frame = builder.finish(&options.references)?;
    frame
        .numbers
        .first()
        .map_or(Ok(()), |w| weights::check(w))?;
    let groups = &frame.groups[0];
    let weight = |i: usize| frame.numbers.first().map_or(1.0, |w| w[i]);
    let mut totals = vec![0.0; groups.names.len()];
    for (i, c) in groups.codes.iter().enumerate() {
        totals[*c as usize] += weight(i);
    }
    if totals.iter().filter(|t| **t > 0.0).count() < 2 {
        return Err(RunError::Data(msg!(
            "regression.multinomial.one_level",
            "All {n} {n|row|rows} with all values have the same “{column}”: there is nothing to explain.",
            n = frame.rows.len(),
            column = &options.outcome
        )));
    }
    if groups.names.len() > MAX_CLASSES || totals.contains(&0.0) {
        return Err(RunError::option(
            "outcome",
            msg!(
                "regression.multinomial.levels",
                "“{column}” must have at most {max} levels, each with a weight above zero.",
                column = &options.outcome,
                max = MAX_CLASSES
            ),
        ));
    }
    let baseline = if options.baseline.is_empty() {
        0
    } else {
        let found = groups.names.iter().position(|n| *n == options.baseline);
        found.ok_or_else(|| {
            RunError::option(
                "baseline",
                msg!(
                    "frame.no_level",
                    "No row that is used has “{level}” in “{column}”.",
                    level = &options.baseline,
                    column = &options.outcome
                ),
            )
        })?
    };
    let mut names = groups.names.clone();
    let first = names.remove(baseline);
    names.insert(0, first);
    let place = |c: u32| match (c as usize).cmp(&baseline) {
        std::cmp::Ordering::Less => c + 1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => c,
    };
    let codes = groups.codes.iter().map(|c| place(*c)).collect();
    Ok((frame, Classes { names, codes }))
}

struct Fitted<'a> {
    options: &'a Options,
    frame: &'a Frame<'a>,
    design: &'a Design<'a>,
    classes: &'a Classes,
    weights: Option<&'a [f64]>,
    fit: &'a Fit,
    names: &'a [Msg],
    tests: Vec<(f64, usize)>,
}

/// Weights of rows by their class and the class predicted.
struct Confusion {
    counts: Vec<Vec<f64>>,
    n: f64,
    right: f64,
}

impl Fitted<'_> {
    fn weight(&self, i: usize) -> f64 {
        self.weights.map_or(1.0, |w| w[i])
    }

    /// The most probable class of a row; the first of equals.
    fn predicted(&self, i: usize) -> usize {
        let p = &self.fit.probabilities;
        (0..p.len())
            .rev()
            .max_by(|&a, &b| p[a][i].total_cmp(&p[b][i]))
            .unwrap_or(0)
    }

    fn confusion(&self) -> Confusion {
        let k = self.classes.names.len();
        let mut counts = vec![vec![0.0; k]; k];
        for (i, c) in self.classes.codes.iter().enumerate() {
            counts[*c as usize][self.predicted(i)] += self.weight(i);
        }
        Confusion {
            n: counts.iter().flatten().sum(),
            right: (0..k).map(|c| counts[c][c]).sum(),
            counts,
        }
    }

    fn summary(&self, confusion: &Confusion) -> Vec<Msg> {
        let most = confusion
            .counts
            .iter()
            .map(|c| c.iter().sum::<f64>())
            .fold(0.0, f64::max);
        let mut lines = vec![msg!(
            "regression.multinomial.summary",
            "The model finds the right {outcome} in {share} of {n} rows; always naming the most frequent one would be right in {base}.",
            outcome = &self.options.outcome,
            share = (confusion.right / confusion.n, Format::Percent(0)),
            n = confusion.n,
            base = (most / confusion.n, Format::Percent(0))
        )];
        let strongest = (0..self.tests.len())
            .filter(|&k| self.tests[k].1 > 0)
            .max_by(|&a, &b| {
                let per = |k: usize| self.tests[k].0 / self.tests[k].1 as f64;
                per(a).total_cmp(&per(b))
            });
        if let Some(k) = strongest {
            let (statistic, df) = self.tests[k];
            let p = chi_squared::sf(statistic, df as f64);
            if p < 1.0 - self.options.level {
                lines.push(msg!(
                    "regression.multinomial.strongest",
                    "The clearest predictor is {term} (χ² = {chi} with {df} degrees of freedom, p {p}).",
                    term = self.frame.term_name(self.design, k),
                    chi = (statistic, Format::Fixed(1)),
                    df = df,
                    p = (p, Format::PEquals)
                ));
            }
        }
        lines
    }

    fn reach(&self) -> f64 {
        normal::upper_quantile(0.5 * (1.0 - self.options.level))
    }

    /// Ratios of odds against the baseline, a colour for each level.
    fn chart(&self) -> Option<Chart> {
        let columns: Vec<usize> = (0..self.names.len())
            .filter(|&c| !self.design.parts[c].is_empty() && self.fit.kept.contains(&c))
            .collect();
        let n_others = self.fit.beta.len();
        if columns.is_empty() || n_others > 8 {
            return None;
        }
        let mut marks = vec![Mark::Rule {
            across: Along::X,
            value: 1.0,
            label: None,
        }];
        for k in 0..n_others {
            let shown: Vec<(usize, usize)> = columns
                .iter()
                .copied()
                .enumerate()
                .filter(|(_, c)| {
                    let half = self.reach() * self.fit.standard_errors[k][*c];
                    (self.fit.beta[k][*c].abs() + half) < 14.0
                })
                .collect();
            if shown.is_empty() {
                continue;
            }
            let offset = (k as f64 + 0.5) / n_others as f64 * 0.6 - 0.3;
            let at = |of: f64| -> Vec<f64> {
                shown
                    .iter()
                    .map(|(_, c)| {
                        libm::exp(
                            self.fit.beta[k][*c]
                                + of * self.reach() * self.fit.standard_errors[k][*c],
                        )
                    })
                    .collect()
            };
            marks.push(Mark::Intervals {
                along: Along::Y,
                at: shown
                    .iter()
                    .map(|(place, _)| *place as f64 + offset)
                    .collect(),
                centre: at(0.0),
                low: at(-1.0),
                high: at(1.0),
                tone: Tone::Series(k as u16),
                n: Vec::new(),
            });
        }
        if marks.len() == 1 {
            return None;
        }
        let chart = Chart::new(
            "odds_ratios",
            msg!(
                "regression.multinomial.which",
                "What makes each level likelier than “{baseline}”?",
                baseline = &self.classes.names[0]
            ),
            Axis::linear(msg!(
                "regression.multinomial.ratio_axis",
                "Odds ratio, with its {interval}",
                interval = words::interval(self.options.level)
            ))
            .scale(Scale::Log)
            .format(Format::Significant(3)),
            Axis::category(
                Msg::verbatim(""),
                columns.iter().map(|&c| self.names[c].clone()).collect(),
            ),
        )
        .series(self.classes.names[1..].iter().map(Msg::verbatim).collect())
        .marks(marks);
        Some(chart)
    }

    fn coefficient_table(&self) -> TableBlock {
        let ratio = Head::new(
            "odds_ratio",
            msg!("regression.multinomial.odds_ratio", "Odds ratio"),
            Format::General,
        );
        let mut heads = coefficients::heads(words::z(), Some(ratio), self.options.level);
        heads.insert(0, words::level());
        let mut table = coefficients::table(heads);
        for k in 0..self.fit.beta.len() {
            for (c, name) in self.names.iter().enumerate() {
                let (b, error) = (self.fit.beta[k][c], self.fit.standard_errors[k][c]);
                let half = self.reach() * error;
                let one = Coefficient::wald(b, error, (b - half, b + half));
                let mut cells = one.cells(name.clone(), true);
                cells.insert(0, self.classes.names[k + 1].as_str().into());
                table.row(cells);
            }
        }
        table.notes.push(msg!(
            "regression.multinomial.note",
            "Each level against “{baseline}”; the intervals are of the odds ratios, by Wald.",
            baseline = &self.classes.names[0]
        ));
        table
    }

    fn fit_table(&self, confusion: &Confusion) -> TableBlock {
        let mut heads = vec![words::n()];
        heads.extend(likelihood::heads());
        heads.push(Head::new(
            "accuracy",
            msg!("regression.multinomial.accuracy", "Accuracy"),
            Format::Percent(1),
        ));
        let title = msg!("regression.multinomial.fit", "Model");
        let mut table = TableBlock::new("fit", title, heads);
        let n = confusion.n;
        let others = (self.classes.names.len() - 1) as f64;
        let n_coefficients = self.fit.kept.len() as f64 * others;
        let of_class = |c: &Vec<f64>| {
            let total: f64 = c.iter().sum();
            total * libm::log(total / n)
        };
        let found = LikelihoodFit {
            n,
            log_likelihood: self.fit.log_likelihood,
            null: confusion.counts.iter().map(of_class).sum(),
            n_coefficients,
            df: n_coefficients - others,
        };
        let mut cells: Vec<Cell> = vec![n.into()];
        cells.extend(found.cells());
        cells.push((confusion.right / n).into());
        table.row(cells);
        table
    }

    fn confusion_table(&self, confusion: &Confusion) -> TableBlock {
        let mut heads = vec![Head::name(
            "seen",
            msg!(
                "regression.multinomial.seen",
                "Seen, down; predicted, across"
            ),
        )];
        for (k, name) in self.classes.names.iter().enumerate() {
            heads.push(Head::new(
                &format!("c{}", k + 1),
                Msg::verbatim(name),
                Format::General,
            ));
        }
        heads.push(Head::new(
            "right",
            msg!("regression.multinomial.right", "Right"),
            Format::Percent(1),
        ));
        let title = msg!(
            "regression.multinomial.confusion",
            "Levels seen and predicted"
        );
        let mut table = TableBlock::new("confusion", title, heads);
        for (k, counts) in confusion.counts.iter().enumerate() {
            let mut cells: Vec<Cell> = vec![self.classes.names[k].clone().into()];
            cells.extend(counts.iter().map(|c| Cell::from(*c)));
            cells.push((counts[k] / counts.iter().sum::<f64>()).into());
            table.row(cells);
        }
        table
    }

    fn confusion_chart(&self, confusion: &Confusion) -> Chart {
        let k = self.classes.names.len();
        let names: Vec<Msg> = self.classes.names.iter().map(Msg::verbatim).collect();
        let share = |seen: usize, predicted: usize| {
            confusion.counts[seen][predicted] / confusion.counts[seen].iter().sum::<f64>()
        };
        Chart::new(
            "confusion",
            msg!(
                "regression.multinomial.mixed_up",
                "Which levels are taken for which?"
            ),
            Axis::category(
                msg!("regression.multinomial.predicted", "Predicted"),
                names.clone(),
            ),
            Axis::category(msg!("regression.multinomial.seen_axis", "Seen"), names),
        )
        .mark(Mark::Tiles {
            x: (0..k * k).map(|i| (i % k) as f64).collect(),
            y: (0..k * k).map(|i| (i / k) as f64).collect(),
            value: (0..k * k).map(|i| share(i / k, i % k)).collect(),
            size: (1.0, 1.0),
            low: 0.0,
            high: 1.0,
            title: msg!("regression.multinomial.share", "Share of those seen"),
            format: Format::Percent(0),
        })
    }

    fn with_predictions(&self, table: &Table) -> Table {
        let n_rows = table.n_rows();
        let mut codes = vec![-1; n_rows];
        for (i, &row) in self.frame.rows.iter().enumerate() {
            codes[row as usize] = self.predicted(i) as i32;
        }
        let mut result = table
            .with_column(Column::category(
                table.free_column_name("predicted"),
                codes,
                self.classes.names.clone(),
            ))
            .expect("as many values as rows");
        for (name, p) in self.classes.names.iter().zip(&self.fit.probabilities) {
            let name = result.free_column_name(&format!("probability_{name}"));
            result = result
                .with_column(Column::float(name, self.frame.spread(p, n_rows)))
                .expect("as many values as rows");
        }
        result
    }
}
