//! The report's tables and charts.

use super::{Fitted, Kind, Overdispersion};
use crate::frame::coefficients::{self, Coefficient};
use crate::frame::{pictures, weights, words};
use crate::models::glm::Family;
use crate::msg;
use crate::report::{
    Along, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, TableBlock, Tone, points_or_density,
};
use crate::stats::distributions::chi_squared;

/// Counts that the picture of their distribution shows.
const MAX_COUNT: usize = 40;

impl Fitted<'_> {
    pub(super) fn chart(&self) -> Option<Chart> {
        if self.options.family == Kind::GammaInverse {
            return None;
        }
        pictures::ratios(
            "ratios",
            msg!("regression.glm.which", "What raises and what lowers it?"),
            msg!(
                "regression.glm.ratio_axis",
                "Ratio of expected values, with its {interval}",
                interval = words::interval(self.options.level)
            ),
            (1..self.fit.beta.len())
                .map(|c| (self.names[c].clone(), self.fit.beta[c], self.intervals[c])),
        )
    }

    pub(super) fn coefficient_table(&self) -> TableBlock {
        let is_log = self.options.family != Kind::GammaInverse;
        let ratio = is_log.then(|| {
            let title = if self.options.family.is_count() {
                msg!("regression.glm.irr", "Rate ratio")
            } else {
                msg!("regression.glm.ratio", "Ratio")
            };
            Head::new("ratio", title, Format::General)
        });
        let statistic = match self.options.has_t() {
            true => words::t(),
            false => words::z(),
        };
        let heads = coefficients::heads(statistic, ratio, self.options.level);
        let mut table = coefficients::table(heads);
        let errors = self.standard_errors();
        for (c, name) in self.names.iter().enumerate() {
            let one =
                Coefficient::with_df(self.fit.beta[c], errors[c], self.intervals[c], self.df());
            table.row(one.cells(name.clone(), is_log));
        }
        table.notes.push(match (is_log, self.options.has_profile()) {
            (true, false) => msg!(
                "regression.glm.log_note",
                "B is the change of the logarithm of the expected value; the intervals are of the ratios, by Wald."
            ),
            (true, true) => msg!(
                "regression.glm.log_profile_note",
                "B is the change of the logarithm of the expected value; the intervals are of the ratios, from the profile likelihood."
            ),
            (false, _) => msg!(
                "regression.glm.inverse_note",
                "B is the change of 1 / expected value."
            ),
        });
        if self.options.is_sample() {
            table.notes.push(weights::errors_note(self.df_residual));
        }
        if self.problem.offset.is_some() {
            table.notes.push(msg!(
                "regression.glm.offset_note",
                "With an exposure or offset, whose coefficient is held at one."
            ));
        }
        table
    }

    pub(super) fn test_table(&self) -> TableBlock {
        let statistic = match self.options.has_t() {
            true => words::f(),
            false => words::chi_squared(),
        };
        let mut table = coefficients::term_tests(
            statistic,
            self.tests.iter().enumerate().map(|(k, test)| {
                let term = self.frame.term_name(self.design, k);
                (term, test.statistic, test.df, test.p.into())
            }),
        );
        table.notes.push(if self.options.is_sample() {
            weights::tests_note(self.df_residual)
        } else if self.options.has_t() {
            msg!(
                "regression.glm.f_note",
                "F tests of leaving out one term at a time, with {df} residual degrees of freedom.",
                df = self.df_residual
            )
        } else {
            coefficients::likelihood_ratio_note()
        });
        table
    }

    pub(super) fn fit_table(&self) -> TableBlock {
        let number = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(2));
        let has_likelihood = self.options.family != Kind::QuasiPoisson && !self.options.is_sample();
        let mut heads = vec![
            words::n(),
            number("deviance", msg!("regression.glm.deviance", "Deviance")),
            Head::new("df", msg!("frame.df", "df"), Format::General),
            number(
                "null_deviance",
                msg!("regression.glm.null_deviance", "Null deviance"),
            ),
            Head::new(
                "dispersion",
                msg!("regression.glm.dispersion", "Dispersion"),
                Format::General,
            ),
        ];
        if has_likelihood {
            heads.extend([words::log_likelihood(), words::aic(), words::bic()]);
        }
        if self.theta.is_some() {
            heads.extend([
                Head::new("theta", msg!("regression.glm.theta", "θ"), Format::General),
                Head::new(
                    "theta_se",
                    msg!("regression.glm.theta_se", "SE of θ"),
                    Format::General,
                ),
            ]);
        }
        let mut table = TableBlock::new("fit", msg!("regression.glm.model", "Model"), heads);
        let mut cells: Vec<Cell> = vec![
            self.fit.n.into(),
            self.fit.deviance.into(),
            self.df_residual.into(),
            self.null_deviance.into(),
            self.dispersion.into(),
        ];
        if has_likelihood {
            let is_gamma = !self.options.family.is_count();
            let ll = self
                .fit
                .log_likelihood(&self.problem, self.fit.deviance / self.fit.n);
            let k = self.fit.kept.len() as f64
                + f64::from(u8::from(is_gamma))
                + f64::from(u8::from(self.theta.is_some()));
            cells.extend([
                ll.into(),
                (2.0 * (k - ll)).into(),
                (libm::log(self.fit.n) * k - 2.0 * ll).into(),
            ]);
        }
        if let Some((theta, error)) = self.theta {
            cells.extend([theta.into(), error.into()]);
        }
        table.row(cells);
        if self.options.is_sample() {
            return table;
        }
        table.notes.push(if self.options.family.is_scaled() {
            msg!(
                "regression.glm.scaled_note",
                "The dispersion is Pearson's χ² over its degrees of freedom; standard errors are scaled by its root."
            )
        } else {
            msg!(
                "regression.glm.unscaled_note",
                "The dispersion is held at one."
            )
        });
        table
    }

    pub(super) fn checks(&self, check: Option<&Overdispersion>) -> Vec<Block> {
        let mut table = TableBlock::new(
            "dispersion",
            msg!("regression.glm.spread", "Spread around the expected values"),
            vec![
                Head::name("measure", msg!("regression.glm.measure", "Measure")),
                words::statistic(),
                Head::new("df", msg!("frame.df", "df"), Format::General),
                Head::new(
                    "ratio",
                    msg!("regression.glm.per_df", "Per df"),
                    Format::Fixed(3),
                ),
                words::p(),
            ],
        );
        let mut line = |name: Msg, value: f64| {
            let p = if self.options.has_t() {
                Cell::Empty
            } else {
                chi_squared::sf(value, self.df_residual).into()
            };
            table.row(vec![
                name.into(),
                value.into(),
                self.df_residual.into(),
                (value / self.df_residual).into(),
                p,
            ]);
        };
        line(
            msg!("regression.glm.pearson", "Pearson's χ²"),
            self.fit.pearson,
        );
        line(
            msg!("regression.glm.deviance", "Deviance"),
            self.fit.deviance,
        );
        if let Some(check) = check {
            table.row(vec![
                msg!(
                    "regression.glm.cameron_trivedi",
                    "Test of overdispersion, z"
                )
                .into(),
                check.z.into(),
                Cell::Empty,
                check.dispersion.into(),
                check.p.into(),
            ]);
        }
        let mut blocks = vec![Block::from(table)];
        blocks.extend(self.count_chart().map(Block::from));
        blocks.push(self.residual_chart().into());
        blocks
    }

    /// How often each count came, and how often the model expects it.
    fn count_chart(&self) -> Option<Chart> {
        let is_whole = self.problem.y.iter().all(|y| y.fract() == 0.0);
        let largest = self.problem.y.iter().copied().fold(0.0, f64::max);
        let has_distribution =
            matches!(self.options.family, Kind::Poisson | Kind::NegativeBinomial);
        if !is_whole || !has_distribution || largest > 20.0 * MAX_COUNT as f64 {
            return None;
        }
        let top = (largest as usize).min(MAX_COUNT);
        let weight = |i: usize| self.problem.weights.map_or(1.0, |w| w[i]);
        let (mut seen, mut expected) = (vec![0.0; top + 1], vec![0.0; top + 1]);
        for (i, (y, mean)) in self.problem.y.iter().zip(&self.fit.fitted).enumerate() {
            if (*y as usize) <= top {
                seen[*y as usize] += weight(i);
            }
            let (mut p, step): (f64, Box<dyn Fn(f64) -> f64>) = match self.problem.family {
                Family::NegativeBinomial { theta } => (
                    libm::exp(-theta * libm::log1p(mean / theta)),
                    Box::new(move |k| (k + theta) / (k + 1.0) * mean / (mean + theta)),
                ),
                _ => (libm::exp(-mean), Box::new(move |k| mean / (k + 1.0))),
            };
            for (k, e) in expected.iter_mut().enumerate() {
                *e += weight(i) * p;
                p *= step(k as f64);
            }
        }
        let at: Vec<f64> = (0..=top).map(|k| k as f64).collect();
        Some(
            Chart::new(
                "counts",
                msg!(
                    "regression.glm.counts",
                    "Counts seen (bars) and expected (line)"
                ),
                Axis::linear(Msg::verbatim(&self.options.outcome)).format(Format::Integer),
                Axis::linear(msg!("frame.n", "Rows"))
                    .from_zero()
                    .format(Format::General),
            )
            .mark(Mark::Bars {
                along: Along::X,
                from: at.iter().map(|k| k - 0.4).collect(),
                to: at.iter().map(|k| k + 0.4).collect(),
                base: vec![0.0; at.len()],
                length: seen,
                tone: Tone::Muted,
            })
            .mark(Mark::Line {
                x: at,
                y: expected,
                tone: Tone::Accent,
                dashed: false,
                dots: true,
            }),
        )
    }

    fn residual_chart(&self) -> Chart {
        let family = self.problem.family;
        let scale = self.dispersion.sqrt();
        let residuals: Vec<f64> = self
            .problem
            .y
            .iter()
            .zip(&self.fit.fitted)
            .map(|(y, m)| (y - m) / family.variance(*m).sqrt() / scale)
            .collect();
        let (mut marks, caption) = points_or_density(&self.fit.fitted, &residuals, None);
        for mark in &mut marks {
            if let Mark::Points { tone, .. } = mark {
                *tone = Tone::Accent;
            }
        }
        let mut chart = Chart::new(
            "residuals",
            msg!(
                "regression.glm.residuals",
                "Pearson residuals: no pattern should be left"
            ),
            Axis::linear(msg!("regression.glm.expected", "Expected value")),
            Axis::linear(msg!("regression.glm.residual", "Pearson residual"))
                .format(Format::Fixed(2)),
        )
        .marks(marks)
        .mark(Mark::Rule {
            across: Along::Y,
            value: 0.0,
            label: None,
        });
        chart.caption = caption;
        chart
    }
}
