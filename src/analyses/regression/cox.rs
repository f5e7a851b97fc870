//! Cox regression: how columns change the hazard of an event.

mod code;

use std::borrow::Cow;

use crate::frame::coefficients::{self, Coefficient};
use crate::frame::{self, Frame, FrameBuilder, Reference, pictures, words};
use crate::models::design::{Design, Variable};
use crate::models::glm::GlmError;
use crate::models::survival::{CoxFit, CoxProblem, Proportionality, cox, proportionality};
use crate::msg;
use crate::report::{
    Along, Axis, Block, Cell, Chart, Format, Grid, Head, Mark, Msg, Report, TableBlock, Tone,
    points_or_density,
};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, column, columns, level, number, reads, rows, terms,
};
use crate::stats::distributions::normal;
use crate::stats::lowess::{LowessOptions, lowess};
use crate::stats::progress::{Cancelled, Progress};
use crate::table::{Column, Table};

pub struct Cox;

crate::options! {
    /// What is explained by what.
    pub struct Options {
        /// How long each row was followed.
        time "Time": String = column(Fits::Numbers),
        /// The column that says whether the event came at that time, or the row was only followed until then.
        status "Status": String = column(Fits::Levels),
        /// The level that means that the event came; the last one of two when none is chosen.
        event "Event": String = level("status"),
        /// Columns that explain it; those with levels are compared with their reference level.
        predictors "Predictors": Vec<String> = columns(Fits::NumbersOrLevels),
        /// Predictors whose effects depend on one another.
        interactions "Interactions": Vec<Vec<String>> = terms(&["predictors"]).section("Model"),
        /// The first level of a column unless another is chosen here.
        references "Reference levels": Vec<Reference> = rows(<Reference as crate::spec::Options>::SPECS).section("Model"),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).section("Inference").advanced(),
    }
}

/// Coefficients that are drawn over time.
const MAX_OVER_TIME: usize = 8;
/// Places that a smooth line is drawn through.
const N_PLACES: usize = 200;

impl Analysis for Cox {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "regression.cox",
        version: 1,
        title: "Cox regression",
        group: Group::Regression,
        about: "How other columns make an event, such as a customer leaving, come sooner or later, with rows for which it has not come yet.",
        headline: "Time to the event[[ {event}]] in {time}, explained by {predictors}",
        method: "Partial likelihood with Efron's treatment of ties, as coxph in R; Wald z tests and intervals; likelihood-ratio tests leave out one term at a time. The check of proportional hazards is the score test of cox.zph (survival 3) with time measured by one minus the Kaplan–Meier curve. Coefficients over time are the scaled Schoenfeld residuals (residuals of type scaledsch) with lowess, R's defaults. Concordance is Harrell's, pairs tied in time with both events left out.",
        references: &[
            "Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B, 34, 187–220.",
            "Efron, B. (1977). The efficiency of Cox's likelihood function for censored data. Journal of the American Statistical Association, 72, 557–565.",
            "Grambsch, P. M., & Therneau, T. M. (1994). Proportional hazards tests and diagnostics based on weighted residuals. Biometrika, 81, 515–526.",
        ],
        keywords: &[
            "coxph",
            "proportional hazards",
            "hazard ratio",
            "survival",
            "churn",
            "time to event",
            "콕스",
            "비례위험",
            "위험비",
            "생존",
            "생존분석",
        ],
        picture: Picture::Lines,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "predictions",
            title: "Table with relative hazards",
        }],
        examples: &[Example {
            name: "penguins",
            tables: &[("table", "penguins.csv")],
            values: r#"{"time": "flipper_length_mm", "status": "sex", "event": "male", "predictors": ["body_mass_g", "species"]}"#,
        }],
        korean: include_str!("cox.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("regression.cox.step", "Fitting");
        ctx.tick(0.0, &step)?;
        let (frame, times, is_event) = read(options, input)?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let interactions = frame.interactions(&options.interactions)?;
        // Beside an intercept that the hazard has of itself, factors leave out their reference.
        let mut design = Design::new(&frame.variables, &interactions, true, times.len());
        design.columns.remove(0);
        design.parts.remove(0);
        design.terms.iter_mut().flatten().for_each(|c| *c -= 1);
        let slices = design.slices();
        let problem = CoxProblem {
            columns: &slices,
            times: &times,
            is_event: &is_event,
        };
        let explain = |e: GlmError| match e {
            GlmError::Cancelled => RunError::Cancelled,
            GlmError::RankZero => RunError::Data(msg!(
                "regression.cox.constant",
                "No predictor varies in the rows that are used."
            )),
            GlmError::Diverged => RunError::Data(msg!(
                "regression.cox.diverged",
                "The hazards run off to infinity. Choose fewer predictors or merge levels."
            )),
            other => RunError::Data(words::impossible(other.to_string())),
        };
        let fit =
            cox(&problem, &[], &mut frame::progress(ctx, 0.02, 0.5, &step)).map_err(explain)?;
        let names: Vec<Msg> = design.parts.iter().map(|p| frame.column_name(p)).collect();
        if !fit.aliased.is_empty() {
            let left_out = fit.aliased.iter().map(|&c| names[c].clone()).collect();
            ctx.warn(words::aliased(left_out));
        }
        if !fit.is_converged {
            ctx.warn(msg!(
                "regression.cox.not_converged",
                "The likelihood still rises after {n} steps: a hazard ratio runs to zero or infinity, as in a level without events. Do not rely on that coefficient.",
                n = fit.n_iterations
            ));
        }
        let n_terms = design.terms.len();
        let mut tests = Vec::new();
        for (k, columns) in design.terms.iter().enumerate() {
            let at = |part: usize| 0.5 + 0.3 * part as f32 / n_terms as f32;
            let less = cox(
                &problem,
                columns,
                &mut frame::progress(ctx, at(k), at(k + 1), &step),
            )
            .map_err(explain)?;
            let df = columns.iter().filter(|c| fit.kept.contains(c)).count();
            tests.push((
                (2.0 * (fit.log_likelihood - less.log_likelihood)).max(0.0),
                df,
            ));
        }
        let checks = proportionality(
            &problem,
            &fit,
            &design.terms,
            &mut frame::progress(ctx, 0.8, 0.9, &step),
        )
        .map_err(explain)?;
        let result = Fitted {
            options,
            frame: &frame,
            design: &design,
            fit: &fit,
            names: &names,
            tests,
            checks,
        };
        let mut report = Report {
            summary: result.summary(),
            ..Report::default()
        };
        report.blocks.extend(result.chart().map(Into::into));
        report.push(result.coefficient_table());
        report.push(coefficients::likelihood_ratio_tests(
            &frame,
            &design,
            &result.tests,
        ));
        report.push(result.fit_table());
        report.push(result.check_table());
        let mut tick = frame::progress(ctx, 0.9, 0.98, &step);
        let over_time = result
            .over_time(&mut tick)
            .map_err(|_| RunError::Cancelled)?;
        drop(tick);
        report.blocks.extend(over_time);
        let table = result.with_predictions(input.table("table")?);
        Ok(Output {
            report,
            tables: vec![("predictions", table)],
        })
    }
}

type Rows<'a> = (Frame<'a>, Cow<'a, [f64]>, Vec<bool>);

fn read<'a>(options: &Options, input: &'a Input) -> Result<Rows<'a>, RunError> {
    let mut builder = FrameBuilder::new(input);
    builder.number("time", &options.time)?;
    builder.group("status", &options.status)?;
    if options.predictors.contains(&options.status) {
        let message = msg!(
            "frame.itself",
            "“{column}” cannot explain itself.",
            column = &options.status
        );
        return Err(RunError::option("predictors", message));
    }
    builder.predictors("predictors", &options.predictors, &options.time)?;
    let mut frame = builder.finish(&options.references)?;
    let event = frame.event("event", &options.status, &options.event)?;
    let times = frame.numbers.remove(0);
    let codes = &frame.groups[0].codes;
    let is_event: Vec<bool> = codes.iter().map(|c| *c as usize == event).collect();
    if times.iter().any(|t| *t < 0.0) {
        return Err(RunError::option(
            "time",
            msg!(
                "regression.cox.negative",
                "“{column}” has times below zero.",
                column = &options.time
            ),
        ));
    }
    if !is_event.iter().any(|e| *e) || frame.groups[0].names.len() < 2 && options.event.is_empty() {
        return Err(RunError::Data(msg!(
            "regression.cox.no_event",
            "No row that is used has the event, or all levels of “{column}” are the same.",
            column = &options.status
        )));
    }
    Ok((frame, times, is_event))
}

struct Fitted<'a> {
    options: &'a Options,
    frame: &'a Frame<'a>,
    design: &'a Design<'a>,
    fit: &'a CoxFit,
    names: &'a [Msg],
    tests: Vec<(f64, usize)>,
    checks: Proportionality,
}

impl Fitted<'_> {
    fn ends(&self, c: usize) -> (f64, f64) {
        let reach = normal::upper_quantile(0.5 * (1.0 - self.options.level));
        let half = reach * self.fit.standard_errors[c];
        (self.fit.beta[c] - half, self.fit.beta[c] + half)
    }

    fn z(&self, c: usize) -> f64 {
        self.fit.beta[c] / self.fit.standard_errors[c]
    }

    fn summary(&self) -> Vec<Msg> {
        let mut lines = vec![msg!(
            "regression.cox.summary",
            "The event came in {events} of {n} rows. Of two rows the model names the one that has it first {share} of the time.",
            events = self.fit.n_events,
            n = self.frame.rows.len(),
            share = (self.fit.concordance, Format::Percent(0))
        )];
        let acts_together = |c: usize| {
            let v = self.design.parts[c][0].variable;
            let mut others = self.design.parts.iter().filter(|p| p.len() > 1);
            others.any(|parts| parts.iter().any(|p| p.variable == v))
        };
        let clearest = (0..self.names.len())
            .filter(|&c| self.design.parts[c].len() == 1 && !acts_together(c))
            .filter(|&c| {
                let (low, high) = self.ends(c);
                low * high > 0.0 && low.is_finite() && high.is_finite()
            })
            .max_by(|&a, &b| self.z(a).abs().total_cmp(&self.z(b).abs()));
        if let Some(c) = clearest {
            lines.push(self.sentence(c));
        }
        if self.checks.all.p < 0.05 {
            lines.push(msg!(
                "regression.cox.not_proportional",
                "Hazard ratios change over time (check of proportional hazards, p {p}): read them as averages.",
                p = (self.checks.all.p, Format::PEquals)
            ));
        }
        lines
    }

    fn sentence(&self, c: usize) -> Msg {
        let part = self.design.parts[c][0];
        let column = &self.frame.names[part.variable];
        let ratio = |b: f64| (libm::exp(b), Format::Significant(3));
        let (low, high) = self.ends(c);
        let level = (self.options.level, Format::Percent(0));
        match (part.level, &self.frame.variables[part.variable]) {
            (Some(l), Variable::Factor { reference, .. }) => {
                let levels = &self.frame.levels[part.variable];
                msg!(
                    "regression.cox.this_level",
                    "The clearest: with {column} “{this}” the hazard is {ratio} times that with “{other}” ({level} interval {low} to {high}), all else equal.",
                    column = column,
                    this = &levels[l],
                    ratio = ratio(self.fit.beta[c]),
                    other = &levels[*reference],
                    level = level,
                    low = ratio(low),
                    high = ratio(high)
                )
            }
            _ => msg!(
                "regression.cox.one_more",
                "The clearest: one more of {column} multiplies the hazard by {ratio} ({level} interval {low} to {high}), all else equal.",
                column = column,
                ratio = ratio(self.fit.beta[c]),
                level = level,
                low = ratio(low),
                high = ratio(high)
            ),
        }
    }

    fn chart(&self) -> Option<Chart> {
        pictures::ratios(
            "hazard_ratios",
            msg!(
                "regression.cox.which",
                "What makes the event come sooner or later?"
            ),
            msg!(
                "regression.cox.ratio_axis",
                "Hazard ratio, with its {interval}",
                interval = words::interval(self.options.level)
            ),
            (0..self.names.len()).map(|c| (self.names[c].clone(), self.fit.beta[c], self.ends(c))),
        )
    }

    fn coefficient_table(&self) -> TableBlock {
        let ratio = Head::new(
            "hazard_ratio",
            msg!("regression.cox.hazard_ratio", "Hazard ratio"),
            Format::General,
        );
        let heads = coefficients::heads(words::z(), Some(ratio), self.options.level);
        let mut table = coefficients::table(heads);
        for (c, name) in self.names.iter().enumerate() {
            let error = self.fit.standard_errors[c];
            let one = Coefficient::wald(self.fit.beta[c], error, self.ends(c));
            table.row(one.cells(name.clone(), true));
        }
        table.notes.push(msg!(
            "regression.cox.note",
            "B is the change of the log hazard; the intervals are of the hazard ratios, by Wald. Above one the event comes sooner."
        ));
        table
    }

    fn fit_table(&self) -> TableBlock {
        let chi = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(2));
        let mut table = TableBlock::new(
            "fit",
            msg!("regression.cox.fit", "Model"),
            vec![
                words::n(),
                Head::new(
                    "events",
                    msg!("regression.cox.events", "Events"),
                    Format::Integer,
                ),
                Head::new(
                    "concordance",
                    msg!("regression.cox.concordance", "Concordance"),
                    Format::Fixed(4),
                ),
                words::log_likelihood(),
                words::aic(),
                chi(
                    "likelihood_ratio",
                    msg!("regression.cox.lr", "Likelihood ratio χ²"),
                ),
                chi("wald", msg!("regression.cox.wald", "Wald χ²")),
                chi("score", msg!("regression.cox.score", "Score χ²")),
                words::df(),
                words::p(),
            ],
        );
        let df = self.fit.kept.len();
        let ratio = (2.0 * (self.fit.log_likelihood - self.fit.null_log_likelihood)).max(0.0);
        table.row(vec![
            self.frame.rows.len().into(),
            self.fit.n_events.into(),
            self.fit.concordance.into(),
            self.fit.log_likelihood.into(),
            (2.0 * (df as f64 - self.fit.log_likelihood)).into(),
            ratio.into(),
            self.fit.wald_statistic.into(),
            self.fit.score_statistic.into(),
            df.into(),
            coefficients::chi_squared_p(ratio, df as f64),
        ]);
        table.notes.push(msg!(
            "regression.cox.fit_note",
            "p is that of the likelihood ratio. Concordance: 0.5 is chance, 1 orders all pairs rightly."
        ));
        table
    }

    fn check_table(&self) -> TableBlock {
        let mut table = TableBlock::new(
            "proportional",
            msg!(
                "regression.cox.proportional",
                "Are hazard ratios the same at all times?"
            ),
            vec![words::term(), words::chi_squared(), words::df(), words::p()],
        );
        let known = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
        for (k, test) in self.checks.terms.iter().enumerate() {
            table.row(vec![
                self.frame.term_name(self.design, k).into(),
                known(test.statistic),
                test.df.into(),
                known(test.p),
            ]);
        }
        table.row(vec![
            msg!("regression.cox.all_terms", "All together").into(),
            known(self.checks.all.statistic),
            self.checks.all.df.into(),
            known(self.checks.all.p),
        ]);
        table.notes.push(msg!(
            "regression.cox.check_note",
            "A small p speaks against proportional hazards."
        ));
        table
    }

    /// How each coefficient runs over time: a small chart each, with a smooth line.
    fn over_time(&self, tick: &mut Progress) -> Result<Option<Block>, Cancelled> {
        let times = &self.checks.event_times;
        let mut charts = Vec::new();
        let shown = self.checks.at_events.iter().take(MAX_OVER_TIME);
        for (place, (values, &column)) in shown.zip(&self.fit.kept).enumerate() {
            if values.iter().any(|v| !v.is_finite()) {
                return Ok(None);
            }
            let (mut marks, caption) = points_or_density(times, values, None);
            for mark in &mut marks {
                if let Mark::Points { tone, .. } = mark {
                    *tone = Tone::Muted;
                }
            }
            marks.push(Mark::Rule {
                across: Along::Y,
                value: self.fit.beta[column],
                label: None,
            });
            if let Some(line) = lowess(times, values, LowessOptions::default(), tick)? {
                let (x, y) = line.within(N_PLACES);
                marks.push(Mark::line(x, y, Tone::Accent));
            }
            let mut chart = Chart::new(
                &format!("over_time_{}", place + 1),
                self.names[column].clone(),
                Axis::linear(Msg::verbatim(&self.options.time)),
                Axis::linear(words::estimate().title),
            )
            .marks(marks);
            chart.caption = caption;
            charts.push(chart);
        }
        if charts.is_empty() {
            return Ok(None);
        }
        let title = msg!(
            "regression.cox.over_time",
            "How coefficients run over time: scaled Schoenfeld residuals with a smooth line, level where hazards are proportional"
        );
        let grid = Grid::new(charts.len().min(2), charts);
        Ok(Some(Block::Group(title, vec![grid.into()])))
    }

    fn with_predictions(&self, table: &Table) -> Table {
        let hazard: Vec<f64> = self
            .fit
            .linear_predictor
            .iter()
            .map(|e| libm::exp(*e))
            .collect();
        let new = [
            ("linear_predictor", &self.fit.linear_predictor),
            ("relative_hazard", &hazard),
        ];
        new.into_iter().fold(table.clone(), |t, (name, values)| {
            let all = self.frame.spread(values, table.n_rows());
            t.with_column(Column::float(t.free_column_name(name), all))
                .expect("as many values as rows")
        })
    }
}
