//! Survival: how long until an event, by the Kaplan–Meier curve.

mod code;

use std::borrow::Cow;

use crate::frame::{FrameBuilder, Groups, weights, words};
use crate::models::survival::{Curve, Interval, LogRank, kaplan_meier, log_rank};
use crate::msg;
use crate::report::{Axis, Cell, Chart, Format, Head, Mark, Msg, Report, TableBlock, Tone};
use crate::spec::{
    Analysis, CodeTables, Ctx, Example, Fits, Group, Input, Language, ONE_TABLE, Output,
    OutputSpec, Picture, RunError, Spec, choice, column, level, number, reads, text,
};
use crate::table::{Column, Table};

pub struct Survival;

crate::choices! {
    /// How intervals are made symmetric.
    pub enum Scale {
        Log = "log" "Of log S",
        LogLog = "log_log" "Of log(−log S)",
        Plain = "plain" "Of S itself",
    }
}

crate::options! {
    /// Times, events and groups.
    pub struct Options {
        /// How long each row was followed.
        time "Time": String = column(Fits::Numbers),
        /// The column that says whether the event came at that time, or the row was only followed until then.
        status "Status": String = column(Fits::Levels),
        /// The level that means that the event came; the last one of two when none is chosen.
        event "Event": String = level("status"),
        /// A curve for each level of this column.
        group "Groups": Option<String> = column(Fits::Levels).optional(),
        /// How many rows each row stands for.
        weights "Frequency weights": Option<String> = column(Fits::Numbers).optional().advanced(),
        /// Times at which the shares are listed, separated by commas; five even ones when this is empty.
        times "Times listed": String = text(""),
        /// The mean time without the event is taken up to here, the same for all groups; up to each curve's last time when this is empty.
        horizon "Mean up to": Option<f64> = number(100.0, 0.0, f64::MAX).optional().advanced(),
        /// On which scale the intervals of the curve are symmetric.
        interval "Intervals": Scale = choice(Scale::CHOICES, "log").advanced(),
        /// How surely the intervals hold the true value.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).advanced(),
    }
}

const MAX_GROUPS: usize = 12;
/// Steps of a curve that are drawn.
const MAX_STEPS: usize = 1500;

impl Analysis for Survival {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "regression.survival",
        version: 1,
        title: "Survival curves",
        group: Group::Regression,
        about: "How long it takes until something happens, such as a customer leaving, with rows for which it has not happened yet.",
        headline: "Time to the event[[ {event}]] in {time}",
        method: "Kaplan and Meier's product-limit estimator with Greenwood's errors, as survfit in R; a row censored at a time is at risk at that time. Intervals by default on the scale of log S. The median is the first time at which the curve is below one half (the middle where it rests at one half), its interval from the curve's. The mean is that up to the last time of each curve, or up to a given time (restricted mean, survfit's rmean), for which a curve that ends before goes on level. Log-rank test as survdiff (ρ = 0).",
        references: &[
            "Kaplan, E. L., & Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the American Statistical Association, 53, 457–481.",
            "Brookmeyer, R., & Crowley, J. (1982). A confidence interval for the median survival time. Biometrics, 38, 29–41.",
            "Therneau, T. M., & Grambsch, P. M. (2000). Modeling survival data: Extending the Cox model. Springer.",
        ],
        keywords: &[
            "kaplan",
            "meier",
            "kaplan-meier",
            "log-rank",
            "churn",
            "retention",
            "time to event",
            "censored",
            "생존",
            "생존분석",
            "생존곡선",
            "카플란 마이어",
            "로그순위",
            "중도절단",
        ],
        picture: Picture::Lines,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[OutputSpec {
            name: "curve",
            title: "The curves, step by step",
        }],
        examples: &[Example {
            name: "penguins",
            tables: &[("table", "penguins.csv")],
            values: r#"{"time": "flipper_length_mm", "status": "sex", "event": "male", "group": "species", "times": "185, 200, 215"}"#,
        }],
        korean: include_str!("survival.ko.json"),
        read: reads::<Options>,
    };

    fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
        code::code(options, tables, language)
    }

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("regression.survival.step", "Following the rows");
        ctx.tick(0.0, &step)?;
        let data = Data::read(options, input, ctx)?;
        let mut curves = Vec::new();
        let n_groups = data.groups.names.len();
        for g in 0..n_groups {
            ctx.tick(0.1 + 0.6 * g as f32 / n_groups as f32, &step)?;
            curves.push(data.curve(options, g));
        }
        ctx.tick(0.75, &step)?;
        let test = (n_groups > 1).then(|| {
            log_rank(
                &data.times,
                &data.is_event,
                &data.groups.codes,
                n_groups,
                data.weights.as_deref(),
            )
        });
        ctx.tick(0.9, &step)?;
        let result = Curves {
            options,
            names: &data.groups.names,
            curves: &curves,
        };
        let listed = result.listed()?;
        let mut report = Report {
            summary: result.summary(test.as_ref()),
            ..Report::default()
        };
        report.push(result.chart());
        report.push(result.median_table(test.as_ref()));
        report
            .blocks
            .extend(test.as_ref().map(|t| test_table(t).into()));
        report.push(result.time_table(&listed));
        Ok(Output {
            report,
            tables: vec![("curve", result.steps())],
        })
    }
}

struct Data {
    times: Vec<f64>,
    is_event: Vec<bool>,
    weights: Option<Vec<f64>>,
    groups: Groups,
}

impl Data {
    fn read(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Self, RunError> {
        let mut builder = FrameBuilder::new(input);
        builder.number("time", &options.time)?;
        builder.group("status", &options.status)?;
        if let Some(group) = &options.group {
            builder.group("group", group)?;
        }
        if let Some(weights) = &options.weights {
            builder.number("weights", weights)?;
        }
        let mut frame = builder.finish(&[])?;
        ctx.note_dropped(frame.rows.len(), frame.n_dropped);
        let event = frame.event("event", &options.status, &options.event)?;
        let mut numbers = std::mem::take(&mut frame.numbers).into_iter();
        let times = numbers.next().expect("times were asked for").into_owned();
        let weights = numbers.next().map(Cow::into_owned);
        if times.is_empty() {
            return Err(RunError::Data(msg!(
                "regression.survival.nothing",
                "No row has all values that are needed."
            )));
        }
        if times.iter().any(|t| *t < 0.0) {
            return Err(RunError::option(
                "time",
                msg!(
                    "regression.survival.negative",
                    "“{column}” has times below zero.",
                    column = &options.time
                ),
            ));
        }
        weights.as_deref().map_or(Ok(()), weights::check)?;
        let is_event = frame.groups[0]
            .codes
            .iter()
            .map(|c| *c as usize == event)
            .collect();
        let groups = match frame.groups.len() {
            2 => frame.groups.pop().expect("the groups were asked for"),
            _ => Groups {
                names: vec![String::new()],
                codes: vec![0; times.len()],
            },
        };
        if groups.names.len() > MAX_GROUPS {
            return Err(RunError::option(
                "group",
                msg!(
                    "regression.survival.many_groups",
                    "Choose a column with at most {max} levels.",
                    max = MAX_GROUPS
                ),
            ));
        }
        Ok(Self {
            times,
            is_event,
            weights,
            groups,
        })
    }

    fn curve(&self, options: &Options, group: usize) -> Curve {
        let rows: Vec<usize> = (0..self.times.len())
            .filter(|&i| self.groups.codes[i] as usize == group)
            .collect();
        let times: Vec<f64> = rows.iter().map(|&i| self.times[i]).collect();
        let events: Vec<bool> = rows.iter().map(|&i| self.is_event[i]).collect();
        let weights: Option<Vec<f64>> = self
            .weights
            .as_ref()
            .map(|w| rows.iter().map(|&i| w[i]).collect());
        let interval = match options.interval {
            Scale::Log => Interval::Log,
            Scale::LogLog => Interval::LogLog,
            Scale::Plain => Interval::Plain,
        };
        kaplan_meier(&times, &events, weights.as_deref(), options.level, interval)
    }
}

struct Curves<'a> {
    options: &'a Options,
    names: &'a [String],
    curves: &'a [Curve],
}

impl Curves<'_> {
    fn name(&self, g: usize) -> Msg {
        if self.names.len() == 1 && self.names[0].is_empty() {
            msg!("regression.survival.all", "All")
        } else {
            Msg::verbatim(&self.names[g])
        }
    }

    fn summary(&self, test: Option<&LogRank>) -> Vec<Msg> {
        let n: f64 = self.curves.iter().map(|c| c.n).sum();
        let events: f64 = self.curves.iter().map(|c| c.events).sum();
        let mut lines = vec![msg!(
            "regression.survival.summary",
            "The event came in {events} of {n} rows; the others were followed without it.",
            events = events,
            n = n
        )];
        if let [one] = self.curves {
            lines.push(if one.median.is_finite() {
                msg!(
                    "regression.survival.median",
                    "Half have had it by {time} {median}.",
                    time = &self.options.time,
                    median = one.median
                )
            } else {
                msg!(
                    "regression.survival.no_median",
                    "More than half have not had it by the last time."
                )
            });
        }
        lines.extend(test.filter(|t| t.p.is_finite()).map(|t| {
            let p = (t.p, Format::PEquals);
            if t.p < 1.0 - self.options.level {
                msg!(
                    "regression.survival.differ",
                    "The groups differ in how soon it comes (log-rank test, p {p}).",
                    p = p
                )
            } else {
                msg!(
                    "regression.survival.alike",
                    "The groups cannot be told apart in how soon it comes (log-rank test, p {p}).",
                    p = p
                )
            }
        }));
        lines
    }

    /// Curves as stairs, each with the band of its intervals.
    fn chart(&self) -> Chart {
        let mut marks = Vec::new();
        for (g, curve) in self.curves.iter().enumerate() {
            let tone = if self.curves.len() > 1 {
                Tone::Series(g as u16)
            } else {
                Tone::Accent
            };
            let (mut x, mut y) = (vec![0.0], vec![1.0]);
            let (mut low, mut high) = (vec![1.0], vec![1.0]);
            let every = curve.steps.len().div_ceil(MAX_STEPS).max(1);
            let last = curve.steps.len().saturating_sub(1);
            let mut before = (1.0, 1.0, 1.0);
            for (k, s) in curve.steps.iter().enumerate() {
                if k % every != 0 && k != last {
                    continue;
                }
                x.extend([s.time, s.time]);
                y.extend([before.0, s.survival]);
                low.extend([before.1, s.low]);
                high.extend([before.2, s.high]);
                before = (s.survival, s.low, s.high);
            }
            marks.push(Mark::Band {
                x: x.clone(),
                low,
                high,
                tone,
            });
            marks.push(Mark::line(x, y, tone));
        }
        let chart = Chart::new(
            "survival",
            msg!(
                "regression.survival.curve",
                "Share without the event, with {interval}s",
                interval = words::interval(self.options.level)
            ),
            Axis::linear(Msg::verbatim(&self.options.time)).from_zero(),
            Axis::linear(msg!("regression.survival.share", "Share without the event"))
                .from_zero()
                .format(Format::Percent(0)),
        )
        .marks(marks);
        if self.curves.len() > 1 {
            chart.series((0..self.curves.len()).map(|g| self.name(g)).collect())
        } else {
            chart
        }
    }

    fn median_table(&self, test: Option<&LogRank>) -> TableBlock {
        let number = |key: &str, title: Msg| Head::new(key, title, Format::General);
        let mut heads = vec![
            Head::name("group", msg!("regression.survival.group", "Group")),
            words::n(),
            number("events", msg!("regression.survival.events", "Events")),
        ];
        if test.is_some() {
            heads.push(Head::new(
                "expected",
                msg!("regression.survival.expected", "Expected if alike"),
                Format::Fixed(2),
            ));
        }
        heads.push(number(
            "median",
            msg!("regression.survival.median_head", "Median"),
        ));
        heads.extend(words::ends("", self.options.level, Format::General));
        heads.extend([
            number(
                "mean",
                match self.options.horizon {
                    None => msg!("regression.survival.mean", "Mean to the last time"),
                    Some(end) => msg!("regression.survival.mean_to", "Mean up to {end}", end = end),
                },
            ),
            number("mean_se", msg!("frame.se", "SE")),
        ]);
        let title = msg!("regression.survival.groups", "How long it takes");
        let mut table = TableBlock::new("groups", title, heads);
        let reached = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
        for (g, curve) in self.curves.iter().enumerate() {
            let mut cells: Vec<Cell> =
                vec![self.name(g).into(), curve.n.into(), curve.events.into()];
            let (mean, error) = match self.options.horizon {
                None => (curve.restricted_mean, curve.restricted_mean_error),
                Some(end) => curve.restricted_mean_to(end),
            };
            cells.extend(test.map(|t| Cell::from(t.expected[g])));
            cells.extend([
                reached(curve.median),
                reached(curve.median_low),
                reached(curve.median_high),
                mean.into(),
                reached(error),
            ]);
            table.row(cells);
        }
        table.notes.push(msg!(
            "regression.survival.not_reached",
            "An empty cell is a time that was not reached."
        ));
        table
    }

    /// The times that are listed.
    fn listed(&self) -> Result<Vec<f64>, RunError> {
        let given = read_times(&self.options.times).ok_or_else(|| {
            RunError::option(
                "times",
                msg!(
                    "regression.survival.bad_times",
                    "Give times from zero on, separated by commas, such as 30, 60, 90."
                ),
            )
        })?;
        if !given.is_empty() {
            return Ok(given);
        }
        let last = self.curves.iter().filter_map(|c| c.steps.last());
        let end = last.map(|s| s.time).fold(0.0, f64::max);
        Ok((1..=5).map(|k| end * f64::from(k) / 5.0).collect())
    }

    fn time_table(&self, times: &[f64]) -> TableBlock {
        let share = |key: &str, title: Msg| Head::new(key, title, Format::Percent(1));
        let mut heads = vec![
            Head::name("group", msg!("regression.survival.group", "Group")),
            Head::new("time", Msg::verbatim(&self.options.time), Format::General),
            Head::new(
                "at_risk",
                msg!("regression.survival.at_risk", "Still followed"),
                Format::General,
            ),
            share(
                "survival",
                msg!("regression.survival.share", "Share without the event"),
            ),
            Head::new("std_error", msg!("frame.se", "SE"), Format::Fixed(4)),
        ];
        heads.extend(words::ends("", self.options.level, Format::Percent(1)));
        let title = msg!("regression.survival.at_times", "Shares at some times");
        let mut table = TableBlock::new("times", title, heads);
        let known = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
        for (g, curve) in self.curves.iter().enumerate() {
            for &time in times {
                let past = curve.steps.partition_point(|s| s.time <= time);
                let at_risk = curve.steps[curve.steps.partition_point(|s| s.time < time)..]
                    .first()
                    .map_or(0.0, |s| s.at_risk);
                let is_over = curve.steps.last().is_none_or(|s| s.time < time);
                let mut cells: Vec<Cell> = vec![self.name(g).into(), time.into(), at_risk.into()];
                match past
                    .checked_sub(1)
                    .map(|k| curve.steps[k])
                    .filter(|_| !is_over)
                {
                    Some(s) => cells.extend([
                        s.survival.into(),
                        known(s.standard_error),
                        known(s.low),
                        known(s.high),
                    ]),
                    None if !is_over => {
                        cells.extend([1.0.into(), 0.0.into(), 1.0.into(), 1.0.into()])
                    }
                    None => cells.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]),
                }
                table.row(cells);
            }
        }
        table
    }

    /// All steps as a table.
    fn steps(&self) -> Table {
        let mut codes = Vec::new();
        let mut values: [Vec<f64>; 8] = Default::default();
        for (g, curve) in self.curves.iter().enumerate() {
            for s in &curve.steps {
                codes.push(g as i32);
                let all = [
                    s.time,
                    s.at_risk,
                    s.events,
                    s.censored,
                    s.survival,
                    s.standard_error,
                    s.low,
                    s.high,
                ];
                for (v, x) in values.iter_mut().zip(all) {
                    v.push(x);
                }
            }
        }
        let names = [
            "time",
            "at_risk",
            "events",
            "censored",
            "survival",
            "std_error",
            "ci_lower",
            "ci_upper",
        ];
        let mut columns = Vec::new();
        if self.curves.len() > 1 || !self.names[0].is_empty() {
            columns.push(Column::category("group", codes, self.names.to_vec()));
        }
        columns.extend(names.iter().zip(values).map(|(n, v)| Column::float(*n, v)));
        Table::new(columns).expect("columns of one length")
    }
}

/// Times separated by commas or semicolons; `None` when one is not a time.
fn read_times(text: &str) -> Option<Vec<f64>> {
    let words = text.split([',', ';']).map(str::trim);
    let read = |w: &str| w.parse::<f64>().ok().filter(|t| t.is_finite() && *t >= 0.0);
    words.filter(|w| !w.is_empty()).map(read).collect()
}

fn test_table(test: &LogRank) -> TableBlock {
    let mut table = TableBlock::new(
        "log_rank",
        msg!(
            "regression.survival.log_rank",
            "Log-rank test: is the event as soon in all groups?"
        ),
        vec![words::chi_squared(), words::df(), words::p()],
    );
    let known = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
    table.row(vec![known(test.statistic), test.df.into(), known(test.p)]);
    table
}
