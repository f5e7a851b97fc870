//! Coefficients, tests and fit as tables, and the odds ratios as a picture.

use super::accuracy::Accuracy;
use super::{Fitted, Method};
use crate::frame::coefficients::{self, Coefficient};
use crate::frame::likelihood::{self, LikelihoodFit};
use crate::frame::{pictures, weights, words};
use crate::msg;
use crate::report::{Cell, Chart, Format, Head, TableBlock};
use crate::stats::distributions::student_t;

impl Fitted<'_> {
    pub(super) fn chart(&self) -> Option<Chart> {
        let shown = (1..self.fit.beta.len()).filter(|&c| self.runs_off(c).is_none());
        pictures::ratios(
            "odds_ratios",
            msg!(
                "regression.logistic.which",
                "What raises and what lowers the odds?"
            ),
            msg!(
                "regression.logistic.ratio_axis",
                "Odds ratio, with its {interval}",
                interval = words::interval(self.options.level)
            ),
            shown.map(|c| (self.names[c].clone(), self.fit.beta[c], self.intervals[c])),
        )
    }

    pub(super) fn coefficient_table(&self) -> TableBlock {
        let ratio = Head::new(
            "odds_ratio",
            msg!("regression.logistic.odds_ratio", "Odds ratio"),
            Format::General,
        );
        let statistic = match self.options.is_sample() {
            true => words::t(),
            false => words::z(),
        };
        let heads = coefficients::heads(statistic, Some(ratio), self.options.level);
        let mut table = coefficients::table(heads);
        let errors = self.fit.standard_errors();
        for (c, name) in self.names.iter().enumerate() {
            if let Some(end) = self.runs_off(c) {
                let mut cells = vec![name.clone().into(), end.into()];
                cells.extend([Cell::Empty, Cell::Empty, Cell::Empty]);
                cells.push(libm::exp(end).into());
                cells.extend([Cell::Empty, Cell::Empty]);
                table.row(cells);
                continue;
            }
            let one = Coefficient::with_df(self.fit.beta[c], errors[c], self.intervals[c], self.df);
            table.row(one.cells(name.clone(), true));
        }
        table.notes.push(match self.options.has_profile() {
            false if self.options.is_sample() => weights::errors_note(self.df),
            false => msg!(
                "regression.logistic.wald_note",
                "B is the change of the log odds; z, p and the intervals of the odds ratios are Wald's."
            ),
            true => msg!(
                "regression.logistic.profile_note",
                "B is the change of the log odds; z and p are Wald's, the intervals of the odds ratios come from the profile likelihood."
            ),
        });
        if self.options.method == Method::Firth {
            table.notes.push(msg!(
                "regression.logistic.firth_note",
                "Estimated by Firth's penalised likelihood."
            ));
        }
        table
    }

    pub(super) fn test_table(&self) -> TableBlock {
        let mut table = coefficients::term_tests(
            match self.options.is_sample() {
                true => words::f(),
                false => words::chi_squared(),
            },
            self.tests.iter().enumerate().map(|(k, test)| {
                let term = self.frame.term_name(self.design, k);
                (term, test.statistic, test.df, test.p.into())
            }),
        );
        let by_likelihood = self.options.tests_by_likelihood(self.fit.fitted.len());
        table
            .notes
            .push(match (by_likelihood, self.options.method) {
                (true, Method::Likelihood) => coefficients::likelihood_ratio_note(),
                (true, Method::Firth) => msg!(
                    "regression.logistic.penalised_note",
                    "Penalised likelihood-ratio tests of leaving out one term at a time."
                ),
                (false, _) if self.options.is_sample() => weights::tests_note(self.df),
                (false, _) => msg!(
                    "regression.logistic.wald_tests_note",
                    "Wald's tests of all coefficients of a term."
                ),
            });
        table
    }

    pub(super) fn fit_table(&self, accuracy: &Accuracy) -> TableBlock {
        let mut heads = vec![
            words::n(),
            Head::new(
                "events",
                msg!("regression.logistic.events", "Events"),
                Format::General,
            ),
        ];
        let is_sample = self.options.is_sample();
        heads.extend(match is_sample {
            true => likelihood::share_heads(),
            false => likelihood::heads(),
        });
        heads.push(Head::new(
            "tjur",
            msg!("regression.logistic.tjur", "Tjur R²"),
            Format::Fixed(4),
        ));
        let title = msg!("regression.logistic.fit", "Model");
        let mut table = TableBlock::new("fit", title, heads);
        let (n, events) = (accuracy.n, accuracy.events);
        let share = events / n;
        let found = LikelihoodFit {
            n,
            log_likelihood: self.fit.log_likelihood(&self.problem, 1.0),
            null: events * libm::log(share) + (n - events) * libm::log1p(-share),
            n_coefficients: self.fit.kept.len() as f64,
            df: self.fit.kept.len() as f64 - 1.0,
        };
        let mut cells: Vec<Cell> = vec![n.into(), events.into()];
        cells.extend(match is_sample {
            true => found.share_cells(),
            false => found.cells(),
        });
        cells.push(accuracy.tjur.into());
        table.row(cells);
        if !is_sample {
            table.notes.push(msg!(
                "regression.logistic.fit_note",
                "χ² compares the model with one without predictors."
            ));
        }
        table
    }

    pub(super) fn effect_table(&self) -> TableBlock {
        let mut columns = vec![
            words::term(),
            Head::new(
                "effect",
                msg!("regression.logistic.effect", "Effect"),
                Format::Significant(4),
            ),
            words::std_error(),
            match self.options.is_sample() {
                true => words::t(),
                false => words::z(),
            },
            words::p(),
        ];
        columns.extend(words::ends("", self.options.level, Format::Significant(4)));
        let mut table = TableBlock::new(
            "marginal_effects",
            msg!(
                "regression.logistic.marginal_effects",
                "Average marginal effects on the probability"
            ),
            columns,
        );
        let reach = student_t::upper_quantile(0.5 * (1.0 - self.options.level), self.df);
        for e in &self.effects {
            let z = e.effect / e.standard_error;
            let part = crate::models::design::Part {
                variable: e.variable,
                level: e.level,
            };
            table.row(vec![
                self.frame.column_name(&[part]).into(),
                e.effect.into(),
                e.standard_error.into(),
                z.into(),
                student_t::two_sided_p(z, self.df).into(),
                (e.effect - reach * e.standard_error).into(),
                (e.effect + reach * e.standard_error).into(),
            ]);
        }
        table.notes.push(msg!(
            "regression.logistic.effect_note",
            "For a number: how much the probability changes for one more, on average over the rows. For a level: the average difference from the reference level."
        ));
        table
    }
}
