//! The pictures of one column: histogram and density, box plots, violins, quantile plots.

use super::{Bandwidth, Groups, Options, Sample};
use crate::frame::spread::{in_steps, outlier_points, outline, tukey_box};
use crate::msg;
use crate::report::{Along, Axis, Chart, Format, Mark, Msg, Tone};
use crate::stats::descriptive::quantile;
use crate::stats::distributions::normal;
use crate::stats::histogram::{BinRule, histogram};
use crate::stats::normality::plotting_position;

/// Points of a quantile plot; of more values, even steps in order and all near the ends.
const MAX_QUANTILES: usize = 1000;
const NEAR_ENDS: usize = 30;

pub fn charts(options: &Options, column: &str, samples: &[Sample], groups: &Groups) -> Vec<Chart> {
    let picture = Pictures {
        options,
        column,
        samples,
        is_split: groups.is_split(),
    };
    let mut charts = Vec::new();
    charts.extend(match picture.is_split {
        true => picture.densities(),
        false => picture.histogram(),
    });
    charts.extend(picture.boxes());
    charts.extend(picture.violins());
    charts.extend(picture.quantiles());
    if picture.is_split {
        for chart in &mut charts {
            chart.series = groups.names.clone();
        }
    }
    charts
}

struct Pictures<'a> {
    options: &'a Options,
    column: &'a str,
    samples: &'a [Sample],
    is_split: bool,
}

impl Pictures<'_> {
    fn key(&self, kind: &str) -> String {
        format!("{kind}_{}", self.column)
    }

    fn values(&self) -> Axis {
        Axis::linear(Msg::verbatim(self.column))
    }

    fn tone(&self, g: usize) -> Tone {
        match self.is_split {
            true => Tone::Series(g as u16),
            false => Tone::Accent,
        }
    }

    /// The groups along an axis; without groups, one place without a name.
    fn places(&self) -> Axis {
        let names = match self.is_split {
            true => self.samples.iter().map(|s| s.name.clone()).collect(),
            false => vec![Msg::verbatim("")],
        };
        Axis::category(Msg::verbatim(""), names)
    }

    fn rule(&self) -> Msg {
        match self.options.bandwidth {
            Bandwidth::Silverman => msg!(
                "explore.distribution.by_silverman",
                "Silverman’s rule of thumb"
            ),
            Bandwidth::SheatherJones => {
                msg!(
                    "explore.distribution.by_sheather_jones",
                    "Sheather and Jones"
                )
            }
            Bandwidth::Given => msg!("explore.distribution.by_hand", "given"),
        }
    }

    fn histogram(&self) -> Option<Chart> {
        let [sample] = self.samples else { return None };
        let rule = self
            .options
            .bins
            .map_or(BinRule::FreedmanDiaconis, BinRule::Count);
        let bins = histogram(&sample.sorted, rule)?;
        let counts: Vec<f64> = bins.counts.iter().map(|&c| c as f64).collect();
        let mut chart = Chart::new(
            &self.key("histogram"),
            msg!("explore.distribution.histogram", "Histogram and density"),
            self.values(),
            Axis::linear(msg!("explore.distribution.rows", "Rows"))
                .from_zero()
                .format(Format::General),
        )
        .mark(Mark::histogram(&bins.edges, &counts, Tone::Muted));
        if let Some(h) = sample.bandwidth {
            let rows = sample.n() as f64 * (bins.edges[1] - bins.edges[0]);
            let (at, heights) = &sample.curve;
            chart = chart
                .mark(Mark::line(
                    at.clone(),
                    heights.iter().map(|d| d * rows).collect(),
                    Tone::Accent,
                ))
                .caption(msg!(
                    "explore.distribution.curve",
                    "Line: density of bandwidth {h} ({rule}), times the rows and the width of a bar.",
                    h = (h, Format::Significant(3)),
                    rule = self.rule()
                ));
        }
        Some(chart)
    }

    fn densities(&self) -> Option<Chart> {
        let marks: Vec<Mark> = self
            .samples
            .iter()
            .enumerate()
            .filter(|(_, s)| s.bandwidth.is_some())
            .map(|(g, s)| Mark::Area {
                x: s.curve.0.clone(),
                base: vec![0.0; s.curve.0.len()],
                top: s.curve.1.clone(),
                tone: self.tone(g),
            })
            .collect();
        (!marks.is_empty()).then(|| {
            Chart::new(
                &self.key("density"),
                msg!("explore.distribution.density", "Density"),
                self.values(),
                Axis::linear(msg!("explore.distribution.density", "Density")).from_zero(),
            )
            .marks(marks)
            .caption(msg!(
                "explore.distribution.areas",
                "Each area is one. Bandwidths: {rule}.",
                rule = self.rule()
            ))
        })
    }

    fn boxes(&self) -> Option<Chart> {
        let width = if self.is_split { 0.5 } else { 0.32 };
        let mut thinned = 0;
        let mut marks = Vec::new();
        for (g, s) in self.samples.iter().enumerate() {
            marks.extend(self.one_box(g, s, width));
            let (points, n) = outlier_points(&s.sorted, Along::Y, g as f64, self.tone(g));
            marks.extend(points);
            thinned += n;
        }
        if marks.is_empty() {
            return None;
        }
        let chart = Chart::new(
            &self.key("box"),
            msg!("explore.distribution.box", "Box plot"),
            self.values(),
            self.places(),
        )
        .marks(marks);
        Some(match thinned {
            0 => chart,
            n => chart.caption(msg!(
                "explore.distribution.thinned",
                "Of {n} outliers, some in even steps and the outermost are drawn.",
                n = n
            )),
        })
    }

    fn one_box(&self, g: usize, s: &Sample, width: f64) -> Option<Mark> {
        tukey_box(&s.sorted, Along::Y, g as f64, width, self.tone(g))
    }

    fn violins(&self) -> Option<Chart> {
        let shown = self.samples.iter().enumerate();
        let shown = shown.filter(|(_, s)| s.bandwidth.is_some());
        let outlines: Vec<_> = shown
            .clone()
            .map(|(_, s)| outline(&s.sorted, s.bandwidth.unwrap_or(f64::NAN)))
            .collect();
        let heights = outlines.iter().flat_map(|(_, heights)| heights);
        let greatest = heights.copied().fold(0.0, f64::max);
        if !(greatest > 0.0 && greatest.is_finite()) {
            return None;
        }
        let marks = shown.zip(outlines).flat_map(|((g, s), (value, density))| {
            let violin = Mark::Violin {
                along: Along::Y,
                at: g as f64,
                scale: 0.44 / greatest,
                value,
                density,
                tone: self.tone(g),
            };
            [Some(violin), self.one_box(g, s, 0.09)]
        });
        Some(
            Chart::new(
                &self.key("violin"),
                msg!("explore.distribution.violin", "Violin"),
                self.values(),
                self.places(),
            )
            .marks(marks.flatten()),
        )
    }

    fn quantiles(&self) -> Option<Chart> {
        let mut marks = Vec::new();
        let mut n_left_out = 0;
        for (g, s) in self.samples.iter().enumerate() {
            let Some(line) = NormalLine::of(&s.sorted) else {
                continue;
            };
            let shown = near_ends(s.n());
            n_left_out += s.n() - shown.len();
            let z: Vec<f64> = shown
                .iter()
                .map(|&i| normal::quantile(plotting_position(i, s.n())))
                .collect();
            let fit: Vec<f64> = z.iter().map(|z| line.at(*z)).collect();
            let half: Vec<f64> = shown
                .iter()
                .zip(&z)
                .map(|(&i, z)| line.half_band(i, *z, s.n(), self.options.level))
                .collect();
            let ends = [0, z.len() - 1];
            marks.push(Mark::Band {
                x: z.clone(),
                low: fit.iter().zip(&half).map(|(f, h)| f - h).collect(),
                high: fit.iter().zip(&half).map(|(f, h)| f + h).collect(),
                tone: match self.is_split {
                    true => self.tone(g),
                    false => Tone::Muted,
                },
            });
            marks.push(Mark::line(
                ends.map(|i| z[i]).to_vec(),
                ends.map(|i| fit[i]).to_vec(),
                match self.is_split {
                    true => self.tone(g),
                    false => Tone::Muted,
                },
            ));
            marks.push(Mark::Points {
                x: z,
                y: shown.iter().map(|&i| s.sorted[i]).collect(),
                tone: self.tone(g),
                names: Vec::new(),
            });
        }
        if marks.is_empty() {
            return None;
        }
        let level = (self.options.level, Format::Percent(0));
        let caption = match n_left_out {
            0 => msg!(
                "explore.distribution.band",
                "Line through the quartiles, with its pointwise {level} band.",
                level = level
            ),
            n => msg!(
                "explore.distribution.band_thinned",
                "Line through the quartiles, with its pointwise {level} band. {n} values between those shown are left out.",
                level = level,
                n = n
            ),
        };
        Some(
            Chart::new(
                &self.key("quantiles"),
                msg!("explore.distribution.qq", "Normal quantile plot"),
                Axis::linear(msg!("explore.distribution.normal", "Normal quantile"))
                    .format(Format::Fixed(2)),
                self.values(),
            )
            .marks(marks)
            .caption(caption),
        )
    }
}

/// The line that a normal sample's ordered values lie along, through the quartiles.
struct NormalLine {
    centre: f64,
    slope: f64,
}

impl NormalLine {
    fn of(sorted: &[f64]) -> Option<Self> {
        let (q1, q3) = (quantile(sorted, 0.25), quantile(sorted, 0.75));
        let z = normal::quantile(0.75);
        let slope = (q3 - q1) / (2.0 * z);
        let line = Self {
            centre: q1 + slope * z,
            slope,
        };
        (slope > 0.0 && slope.is_finite() && sorted.len() > 2).then_some(line)
    }

    fn at(&self, z: f64) -> f64 {
        self.centre + self.slope * z
    }

    /// Fox's (2016) band: the error of an order statistic of a normal sample.
    fn half_band(&self, i: usize, z: f64, n: usize, level: f64) -> f64 {
        let p = plotting_position(i, n);
        let error = self.slope / normal::pdf(z) * (p * (1.0 - p) / n as f64).sqrt();
        normal::quantile(0.5 + level / 2.0) * error
    }
}

/// Positions to draw of `n` ordered values: in even steps, and all near the ends.
fn near_ends(n: usize) -> Vec<usize> {
    let mut shown = in_steps(n, MAX_QUANTILES);
    if shown.len() < n {
        shown.extend(0..NEAR_ENDS);
        shown.extend(n - NEAR_ENDS..n);
        shown.sort_unstable();
        shown.dedup();
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_ends() {
        let shown = near_ends(1_000_000);
        assert_eq!(shown[..30], (0..30).collect::<Vec<_>>());
        assert_eq!(shown.last(), Some(&999_999));
        assert!(shown.len() <= MAX_QUANTILES + 2 * NEAR_ENDS);
    }
}
