//! Charts of marginal means and of means along a number.

use super::{Margins, SlopeOf};
use crate::frame::grid::At;
use crate::models::design::Variable;
use crate::models::linear::Coefficient;
use crate::msg;
use crate::report::{Along, Axis, Block, Chart, Format, Mark, Msg, Tone};

/// More lines than this in one chart cannot be told apart.
const MAX_LINES: usize = 12;
/// Points of a line that is drawn.
const N_POINTS: usize = 41;

impl Margins<'_> {
    /// The levels of the first factor along the axis, a line for each combination of the others.
    pub(super) fn means_chart(
        &self,
        i: usize,
        columns: &[String],
        factors: &[usize],
        found: &[Coefficient],
    ) -> Option<Block> {
        let n_along = self.frame.levels[factors[0]].len();
        let lines = self.crossed(&factors[1..]);
        if lines.len() > MAX_LINES || found.iter().all(|m| m.estimate.is_nan()) {
            return None;
        }
        let names = |cell: &Vec<usize>| {
            let levels = factors[1..].iter().zip(cell);
            let names: Vec<&str> = levels
                .map(|(&v, &l)| self.frame.levels[v][l].as_str())
                .collect();
            Msg::verbatim(names.join(", "))
        };
        let mut chart = Chart::new(
            &format!("means_{}", i + 1),
            msg!(
                "frame.means_chart",
                "{outcome}: marginal means of {columns} with their {level} intervals",
                outcome = self.outcome.clone(),
                columns = columns.join(" × "),
                level = (self.level, Format::Percent(0))
            ),
            Axis::category(
                Msg::verbatim(&columns[0]),
                self.frame.levels[factors[0]]
                    .iter()
                    .map(Msg::verbatim)
                    .collect(),
            ),
            Axis::linear(self.outcome.clone()),
        );
        if lines.len() > 1 {
            chart = chart.series(lines.iter().map(names).collect());
        }
        for line in 0..lines.len() {
            let of = |f: fn(&Coefficient) -> f64| -> Vec<f64> {
                (0..n_along)
                    .map(|a| f(&found[a * lines.len() + line]))
                    .collect()
            };
            let shift = (line as f64 - 0.5 * (lines.len() as f64 - 1.0)) * 0.06;
            let at: Vec<f64> = (0..n_along).map(|a| a as f64 + shift).collect();
            let tone = if lines.len() > 1 {
                Tone::Series(line as u16)
            } else {
                Tone::Accent
            };
            if lines.len() > 1 {
                chart = chart.mark(Mark::line(at.clone(), of(|m| m.estimate), tone));
            }
            chart = chart.mark(Mark::Intervals {
                along: Along::X,
                at,
                centre: of(|m| m.estimate),
                low: of(|m| m.ci_lower),
                high: of(|m| m.ci_upper),
                tone,
                n: Vec::new(),
            });
        }
        Some(chart.into())
    }

    /// The mean along the number, a line with its band for each place of the other predictor.
    pub(super) fn slope_chart(
        &self,
        i: usize,
        of: &SlopeOf,
        v: usize,
        rows: &[(Vec<(usize, At)>, Msg)],
    ) -> Chart {
        let (low, high) = self.range(v);
        let x: Vec<f64> = (0..N_POINTS)
            .map(|k| low + (high - low) * k as f64 / (N_POINTS - 1) as f64)
            .collect();
        let mut chart = Chart::new(
            &format!("slopes_{}", i + 1),
            msg!(
                "frame.slopes_chart",
                "{outcome} along {column}[[ at values of {by}]]",
                outcome = self.outcome.clone(),
                column = &of.column,
                by = of.by.as_deref().unwrap_or_default()
            ),
            Axis::linear(Msg::verbatim(&of.column)),
            Axis::linear(self.outcome.clone()),
        );
        let rows = &rows[..rows.len().min(MAX_LINES)];
        if rows.len() > 1 {
            chart = chart.series(rows.iter().map(|(_, name)| name.clone()).collect());
        }
        for (line, (fixed, _)) in rows.iter().enumerate() {
            let means: Vec<Coefficient> = x
                .iter()
                .map(|&x| {
                    let mut fixed = fixed.clone();
                    fixed.push((v, At::Value(x)));
                    self.expected(&self.grid.mean(&fixed))
                })
                .collect();
            let values = |f: fn(&Coefficient) -> f64| means.iter().map(f).collect::<Vec<f64>>();
            let tone = if rows.len() > 1 {
                Tone::Series(line as u16)
            } else {
                Tone::Accent
            };
            chart = chart
                .mark(Mark::Band {
                    x: x.clone(),
                    low: values(|m| m.ci_lower),
                    high: values(|m| m.ci_upper),
                    tone,
                })
                .mark(Mark::line(x.clone(), values(|m| m.estimate), tone));
        }
        chart
    }

    fn range(&self, v: usize) -> (f64, f64) {
        match (&self.frame.variables[v], self.grid.bend(v)) {
            (Variable::Number(values), _) => crate::stats::descriptive::range(values),
            (_, Some(bend)) => bend.range,
            _ => (f64::NAN, f64::NAN),
        }
    }
}
