//! How well the probabilities tell the event: curves, calibration, cutoffs.

use super::Fitted;
use crate::frame::words;
use crate::msg;
use crate::report::{Along, Axis, Block, Cell, Chart, Format, Head, Mark, Msg, TableBlock, Tone};
use crate::stats::classification::{
    Area, CalibrationBin, Cutoff, HosmerLemeshow, Ranking, brier, hosmer_lemeshow,
};
use crate::stats::distributions::normal;

/// Points of a curve that are drawn.
const MAX_POINTS: usize = 400;

pub(super) struct Accuracy {
    pub n: f64,
    pub events: f64,
    pub area: Area,
    pub tjur: f64,
    ranking: Ranking,
    brier: f64,
    bins: Vec<CalibrationBin>,
    test: Option<HosmerLemeshow>,
}

impl Accuracy {
    pub fn of(fitted: &Fitted) -> Self {
        let weights = fitted.problem.weights;
        let scores = &fitted.fit.fitted;
        let ranking = Ranking::new(scores, fitted.is_event, weights)
            .expect("the outcome has both kinds of rows");
        let weight = |i: usize| weights.map_or(1.0, |w| w[i]);
        let mut sums = [0.0; 2];
        for (i, p) in scores.iter().enumerate() {
            sums[usize::from(fitted.is_event[i])] += weight(i) * p;
        }
        let bins = ranking.calibration(10);
        Self {
            n: ranking.positives + ranking.negatives,
            events: ranking.positives,
            area: ranking.area(),
            tjur: sums[1] / ranking.positives - sums[0] / ranking.negatives,
            brier: brier(scores, fitted.is_event, weights),
            test: hosmer_lemeshow(&bins).filter(|t| t.p.is_finite()),
            bins,
            ranking,
        }
    }

    pub fn blocks(&self, fitted: &Fitted) -> Vec<Block> {
        vec![
            self.score_table(fitted).into(),
            self.roc_chart().into(),
            self.precision_chart().into(),
            self.calibration_chart().into(),
            self.calibration_table().into(),
            self.cutoff_table().into(),
        ]
    }

    fn score_table(&self, fitted: &Fitted) -> TableBlock {
        let fixed = |key: &str, title: Msg| Head::new(key, title, Format::Fixed(4));
        let level = fitted.options.level;
        let mut heads = vec![fixed("auc", msg!("regression.logistic.auc", "AUC"))];
        let mut cells: Vec<Cell> = vec![self.area.auc.into()];
        // Errors and tests of a sample would need its design.
        let is_sample = fitted.options.is_sample();
        if !is_sample {
            let error = self.area.standard_error;
            let reach = normal::upper_quantile(0.5 * (1.0 - level)) * error;
            heads.push(fixed("auc_se", msg!("frame.se", "SE")));
            heads.extend(words::ends("auc_", level, Format::Fixed(4)));
            cells.extend([
                error.into(),
                (self.area.auc - reach).max(0.0).into(),
                (self.area.auc + reach).min(1.0).into(),
            ]);
        }
        heads.extend([
            fixed(
                "average_precision",
                msg!("regression.logistic.average_precision", "Average precision"),
            ),
            fixed("brier", msg!("regression.logistic.brier", "Brier score")),
        ]);
        cells.extend([self.ranking.average_precision().into(), self.brier.into()]);
        if !is_sample {
            heads.extend([
                Head::new(
                    "hl_chi_squared",
                    msg!("regression.logistic.hosmer_lemeshow", "Hosmer–Lemeshow χ²"),
                    Format::Fixed(2),
                ),
                Head::new("hl_df", msg!("frame.df", "df"), Format::Integer),
                Head::new("hl_p", msg!("frame.p", "p"), Format::PValue),
            ]);
            let test = |of: fn(&HosmerLemeshow) -> f64| Cell::from(self.test.as_ref().map(of));
            cells.extend([test(|t| t.statistic), test(|t| t.df as f64), test(|t| t.p)]);
        }
        let title = msg!(
            "regression.logistic.scores",
            "Discrimination and calibration"
        );
        let mut table = TableBlock::new("scores", title, heads);
        table.row(cells);
        table.notes.push(msg!(
            "regression.logistic.scores_note",
            "AUC: 0.5 is chance, 1 tells every pair of rows. Brier score: the mean squared error of the probability, 0 is best. These are the rows the model was fitted to; new rows do somewhat worse."
        ));
        table
    }

    fn roc_chart(&self) -> Chart {
        let shown = thinned(self.ranking.thresholds.len());
        let share = |counts: &[f64], all: f64| {
            let mut v = vec![0.0];
            v.extend(shown.iter().map(|&k| counts[k] / all));
            v
        };
        let axis = |title: Msg| Axis::linear(title).format(Format::Percent(0));
        Chart::new(
            "roc",
            msg!(
                "regression.logistic.roc",
                "ROC curve: the nearer to the upper left, the better"
            ),
            axis(msg!(
                "regression.logistic.fpr",
                "1 − specificity (false alarms)"
            )),
            axis(msg!(
                "regression.logistic.sensitivity_axis",
                "Sensitivity (found events)"
            )),
        )
        .mark(diagonal())
        .mark(Mark::line(
            share(&self.ranking.false_positives, self.ranking.negatives),
            share(&self.ranking.true_positives, self.ranking.positives),
            Tone::Accent,
        ))
    }

    fn precision_chart(&self) -> Chart {
        let shown = thinned(self.ranking.thresholds.len());
        let (tp, fp) = (&self.ranking.true_positives, &self.ranking.false_positives);
        let x = shown.iter().map(|&k| tp[k] / self.ranking.positives);
        let y = shown.iter().map(|&k| tp[k] / (tp[k] + fp[k]));
        let axis = |title: Msg| Axis::linear(title).format(Format::Percent(0)).from_zero();
        Chart::new(
            "precision_recall",
            msg!(
                "regression.logistic.precision_recall",
                "Precision and recall: how many of the rows above a cutoff are events"
            ),
            axis(msg!("regression.logistic.recall", "Recall (found events)")),
            axis(msg!("regression.logistic.precision", "Precision")),
        )
        .mark(Mark::Rule {
            across: Along::Y,
            value: self.events / self.n,
            label: Some(msg!("regression.logistic.base_rate", "Share of events")),
        })
        .mark(Mark::line(x.collect(), y.collect(), Tone::Accent))
    }

    fn calibration_chart(&self) -> Chart {
        let of = |f: fn(&CalibrationBin) -> f64| self.bins.iter().map(f).collect::<Vec<f64>>();
        let axis = |title: Msg| Axis::linear(title).format(Format::Percent(0)).from_zero();
        Chart::new(
            "calibration",
            msg!(
                "regression.logistic.calibration",
                "Calibration: what was predicted, and what happened"
            ),
            axis(msg!(
                "regression.logistic.predicted",
                "Mean predicted probability"
            )),
            axis(msg!("regression.logistic.observed", "Observed share")),
        )
        .mark(diagonal())
        .mark(Mark::Intervals {
            along: Along::X,
            at: of(|b| b.mean_score),
            centre: of(|b| b.observed),
            low: of(|b| b.low),
            high: of(|b| b.high),
            tone: Tone::Accent,
            n: self.bins.iter().map(|b| b.n.round() as u64).collect(),
        })
    }

    fn calibration_table(&self) -> TableBlock {
        let percent = |key: &str, title: Msg| Head::new(key, title, Format::Percent(1));
        let mut columns = vec![
            words::n(),
            percent(
                "predicted",
                msg!(
                    "regression.logistic.predicted",
                    "Mean predicted probability"
                ),
            ),
            Head::new(
                "events",
                msg!("regression.logistic.events", "Events"),
                Format::General,
            ),
            percent(
                "observed",
                msg!("regression.logistic.observed", "Observed share"),
            ),
        ];
        columns.extend(words::ends("", 0.95, Format::Percent(1)));
        let title = msg!(
            "regression.logistic.tenths",
            "Calibration by tenths of the predicted probability"
        );
        let mut table = TableBlock::new("calibration", title, columns);
        for b in &self.bins {
            table.row(vec![
                b.n.into(),
                b.mean_score.into(),
                b.events.into(),
                b.observed.into(),
                b.low.into(),
                b.high.into(),
            ]);
        }
        table
    }

    fn cutoff_table(&self) -> TableBlock {
        let percent = |key: &str, title: Msg| Head::new(key, title, Format::Percent(1));
        let mut table = TableBlock::new(
            "cutoffs",
            msg!("regression.logistic.cutoffs", "What a cutoff gives"),
            vec![
                Head::new(
                    "cutoff",
                    msg!("regression.logistic.cutoff", "Cutoff"),
                    Format::Significant(3),
                ),
                percent(
                    "sensitivity",
                    msg!("regression.logistic.sensitivity", "Sensitivity"),
                ),
                percent(
                    "specificity",
                    msg!("regression.logistic.specificity", "Specificity"),
                ),
                percent(
                    "precision",
                    msg!("regression.logistic.precision", "Precision"),
                ),
                percent(
                    "npv",
                    msg!("regression.logistic.npv", "Negative predictive value"),
                ),
                percent("accuracy", msg!("regression.logistic.right", "Accuracy")),
                Head::new("f1", msg!("regression.logistic.f1", "F1"), Format::Fixed(3)),
                Head::name("remark", Msg::verbatim("")),
            ],
        );
        let best = self.ranking.youden();
        let mut cutoffs: Vec<(Cutoff, bool)> = (1..=9)
            .map(|k| (self.ranking.at(f64::from(k) / 10.0), false))
            .collect();
        let place = cutoffs.partition_point(|(c, _)| c.cutoff < best.cutoff);
        cutoffs.insert(place, (best, true));
        for (c, is_best) in cutoffs {
            let number = |v: f64| Cell::from(Some(v).filter(|v| v.is_finite()));
            table.row(vec![
                c.cutoff.into(),
                c.sensitivity().into(),
                c.specificity().into(),
                number(c.precision()),
                number(c.negative_predictive_value()),
                c.accuracy().into(),
                c.f1().into(),
                if is_best {
                    msg!("regression.logistic.youden", "Youden's best").into()
                } else {
                    Cell::Empty
                },
            ]);
        }
        table.notes.push(msg!(
            "regression.logistic.cutoff_note",
            "A row counts as an event when its probability is at least the cutoff. Youden's best has the largest sum of sensitivity and specificity."
        ));
        table
    }
}

fn diagonal() -> Mark {
    Mark::Line {
        x: vec![0.0, 1.0],
        y: vec![0.0, 1.0],
        tone: Tone::Muted,
        dashed: true,
        dots: false,
    }
}

/// Evenly spread positions, the last one among them.
fn thinned(n: usize) -> Vec<usize> {
    if n <= MAX_POINTS {
        return (0..n).collect();
    }
    (0..MAX_POINTS)
        .map(|i| i * (n - 1) / (MAX_POINTS - 1))
        .collect()
}
