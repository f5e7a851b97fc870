//! A chart as data: axes and marks in data units, no pixels and no colours.

use serde::{Deserialize, Serialize};

use super::format::Format;
use super::message::Msg;
use super::number;

/// Above this many points a scatter becomes counts on a grid.
pub const MAX_POINTS: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// Stable name in JSON, and the stem of exported file names.
    pub key: String,
    /// The finding or the question.
    pub title: Msg,
    pub x: Axis,
    pub y: Axis,
    /// What the series are called, by their number; one legend entry or direct label each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<Named>,
    pub marks: Vec<Mark>,
    /// How the picture was made, when that is not plain: sampled, binned, cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Msg>,
    /// Whether the series are named beside it: charts of a grid share one legend.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keyless: bool,
}

/// The name of a series or of a category.
pub type Named = Msg;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// What is measured, with its unit.
    pub title: Msg,
    pub scale: Scale,
    /// Whether the axis must show zero.
    #[serde(default)]
    pub zero: bool,
    /// How hover values are written; ticks follow it where they can.
    #[serde(default)]
    pub format: Format,
    /// Where the axis begins and ends, in place of where the data do.
    #[serde(default, skip_serializing_if = "Limits::are_free")]
    pub limits: Limits,
}

/// The ends of an axis that a person has set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    Linear,
    /// Base 10; values must be positive.
    Log,
    /// Days since 1970-01-01.
    Date,
    /// Milliseconds since 1970-01-01.
    DateTime,
    /// Category `i` sits at position `i`.
    Category(Vec<Named>),
}

/// Which colour a mark takes; the drawing decides what that colour is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// The colour of a series by its number.
    Series(u16),
    /// Context behind the data.
    Muted,
    /// The one thing to look at.
    Accent,
}

/// Which axis a mark lies along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Along {
    X,
    Y,
}

/// What is drawn. Vectors within one mark have the same length; NaN leaves a gap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mark")]
pub enum Mark {
    /// One dot an observation. `names` are shown on hover.
    Points {
        #[serde(with = "number::many")]
        x: Vec<f64>,
        #[serde(with = "number::many")]
        y: Vec<f64>,
        tone: Tone,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<String>,
    },
    Line {
        #[serde(with = "number::many")]
        x: Vec<f64>,
        #[serde(with = "number::many")]
        y: Vec<f64>,
        tone: Tone,
        #[serde(default)]
        dashed: bool,
        /// Whether the points that the line joins are drawn too.
        #[serde(default)]
        dots: bool,
    },
    /// Bars that reach from `base` to `length` (the value at the bar's end) between `from` and `to`. With `Along::X` they stand on the x axis,
    /// with `Along::Y` they lie along the y axis. A category `i` spans `i − 0.5` to `i + 0.5`.
    Bars {
        along: Along,
        #[serde(with = "number::many")]
        from: Vec<f64>,
        #[serde(with = "number::many")]
        to: Vec<f64>,
        #[serde(with = "number::many")]
        base: Vec<f64>,
        #[serde(with = "number::many")]
        length: Vec<f64>,
        tone: Tone,
    },
    /// A centre with its interval at position `at`: with `Along::X` positions are on the x axis.
    Intervals {
        along: Along,
        #[serde(with = "number::many")]
        at: Vec<f64>,
        #[serde(with = "number::many")]
        centre: Vec<f64>,
        #[serde(with = "number::many")]
        low: Vec<f64>,
        #[serde(with = "number::many")]
        high: Vec<f64>,
        tone: Tone,
        /// How many observations stand behind each; empty when that has no meaning.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        n: Vec<u64>,
    },
    /// The area between two lines.
    Band {
        #[serde(with = "number::many")]
        x: Vec<f64>,
        #[serde(with = "number::many")]
        low: Vec<f64>,
        #[serde(with = "number::many")]
        high: Vec<f64>,
        tone: Tone,
    },
    /// Amounts that stand on `base` and reach up to `top`, with a line along the top. Areas lie over
    /// each other where their bases do; stacked ones begin where the one below ends.
    Area {
        #[serde(with = "number::many")]
        x: Vec<f64>,
        #[serde(with = "number::many")]
        base: Vec<f64>,
        #[serde(with = "number::many")]
        top: Vec<f64>,
        tone: Tone,
    },
    /// Box plots: a box from `q1` to `q3`, a line at the median, whiskers out to `low` and `high`. With
    /// `Along::X` positions are on the x axis; a box is `width` wide in units of that axis.
    Boxes {
        along: Along,
        #[serde(with = "number::many")]
        at: Vec<f64>,
        #[serde(with = "number::one")]
        width: f64,
        #[serde(with = "number::many")]
        low: Vec<f64>,
        #[serde(with = "number::many")]
        q1: Vec<f64>,
        #[serde(with = "number::many")]
        median: Vec<f64>,
        #[serde(with = "number::many")]
        q3: Vec<f64>,
        #[serde(with = "number::many")]
        high: Vec<f64>,
        tone: Tone,
        /// How many observations stand behind each; empty when that has no meaning.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        n: Vec<u64>,
    },
    /// One violin around position `at`: at `value[i]` it reaches `density[i] × scale` to each side.
    Violin {
        along: Along,
        #[serde(with = "number::one")]
        at: f64,
        #[serde(with = "number::one")]
        scale: f64,
        #[serde(with = "number::many")]
        value: Vec<f64>,
        #[serde(with = "number::many")]
        density: Vec<f64>,
        tone: Tone,
    },
    /// Dots whose areas are in proportion to `size`; `largest` is the size of the largest dot.
    Bubbles {
        #[serde(with = "number::many")]
        x: Vec<f64>,
        #[serde(with = "number::many")]
        y: Vec<f64>,
        #[serde(with = "number::many")]
        size: Vec<f64>,
        #[serde(with = "number::one")]
        largest: f64,
        /// What the sizes are.
        title: Msg,
        tone: Tone,
    },
    /// A straight line across the plot at a value of the axis `across`: upright for `Along::X`.
    Rule {
        across: Along,
        #[serde(with = "number::one")]
        value: f64,
        label: Option<Msg>,
    },
    /// Counts on a grid of `n_x × n_y` equal cells, row by row from the lowest y; `series[i]` is the
    /// series with most observations in cell `i`.
    Density {
        x: (f64, f64),
        y: (f64, f64),
        n_x: usize,
        n_y: usize,
        counts: Vec<u32>,
        series: Vec<u16>,
    },
    /// A heat map: tile i lies around (`x[i]`, `y[i]`) and is coloured by `value[i]`, written in it
    /// where there is room. Where `low` is below zero and `high` above, zero is the background and
    /// the two sides have a hue each; else colour deepens from `low` to `high`.
    Tiles {
        #[serde(with = "number::many")]
        x: Vec<f64>,
        #[serde(with = "number::many")]
        y: Vec<f64>,
        #[serde(with = "number::many")]
        value: Vec<f64>,
        /// Width and height of each tile, in data units.
        size: (f64, f64),
        #[serde(with = "number::one")]
        low: f64,
        #[serde(with = "number::one")]
        high: f64,
        /// What the values are.
        title: Msg,
        format: Format,
    },
}

impl Chart {
    pub fn new(key: &str, title: Msg, x: Axis, y: Axis) -> Self {
        Self {
            key: key.to_string(),
            title,
            x,
            y,
            series: Vec::new(),
            marks: Vec::new(),
            caption: None,
            keyless: false,
        }
    }

    pub fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    pub fn marks(mut self, marks: impl IntoIterator<Item = Mark>) -> Self {
        self.marks.extend(marks);
        self
    }

    pub fn series(mut self, names: Vec<Named>) -> Self {
        self.series = names;
        self
    }

    pub fn caption(mut self, caption: Msg) -> Self {
        self.caption = Some(caption);
        self
    }
}

impl Axis {
    pub fn linear(title: Msg) -> Self {
        Self {
            title,
            scale: Scale::Linear,
            zero: false,
            format: Format::General,
            limits: Limits::default(),
        }
    }

    pub fn category(title: Msg, names: Vec<Named>) -> Self {
        Self {
            title,
            scale: Scale::Category(names),
            zero: false,
            format: Format::Integer,
            limits: Limits::default(),
        }
    }

    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// The axis begins and ends here, where an end is given.
    pub fn limits(mut self, low: Option<f64>, high: Option<f64>) -> Self {
        self.limits = Limits { low, high };
        self
    }

    /// The axis must show zero.
    pub fn from_zero(mut self) -> Self {
        self.zero = true;
        self
    }
}

impl Limits {
    fn are_free(&self) -> bool {
        self.low.is_none() && self.high.is_none()
    }
}

impl Mark {
    /// Histogram bars: `counts[i]` between `edges[i]` and `edges[i + 1]`.
    pub fn histogram(edges: &[f64], counts: &[f64], tone: Tone) -> Self {
        Mark::Bars {
            along: Along::X,
            from: edges[..counts.len()].to_vec(),
            to: edges[1..=counts.len()].to_vec(),
            base: vec![0.0; counts.len()],
            length: counts.to_vec(),
            tone,
        }
    }

    /// One bar a category, leaving a gap between neighbours.
    pub fn category_bars(along: Along, lengths: &[f64], tone: Tone) -> Self {
        let at = |offset: f64| (0..lengths.len()).map(|i| i as f64 + offset).collect();
        Mark::Bars {
            along,
            from: at(-0.36),
            to: at(0.36),
            base: vec![0.0; lengths.len()],
            length: lengths.to_vec(),
            tone,
        }
    }

    pub fn line(x: Vec<f64>, y: Vec<f64>, tone: Tone) -> Self {
        Mark::Line {
            x,
            y,
            tone,
            dashed: false,
            dots: false,
        }
    }
}

/// A scatter of `x` against `y` coloured by `series` (0 when it is `None`): points, or above
/// [`MAX_POINTS`] of them counts on a grid, with the sentence that says so.
///
/// Pairs with a missing or infinite value are left out.
pub fn points_or_density(x: &[f64], y: &[f64], series: Option<&[u32]>) -> (Vec<Mark>, Option<Msg>) {
    let of = |i: usize| series.map_or(0, |s| s[i] as usize);
    let shown: Vec<usize> = (0..x.len())
        .filter(|&i| x[i].is_finite() && y[i].is_finite())
        .collect();
    let n_series = shown.iter().map(|&i| of(i) + 1).max().unwrap_or(0);
    if shown.len() > MAX_POINTS {
        let caption = crate::msg!(
            "report.density",
            "{n} points, drawn as counts on a grid: stronger colour means more.",
            n = shown.len()
        );
        return (vec![density(x, y, &shown, n_series, of)], Some(caption));
    }
    let marks = (0..n_series).filter_map(|s| {
        let rows: Vec<usize> = shown.iter().copied().filter(|&i| of(i) == s).collect();
        (!rows.is_empty()).then(|| Mark::Points {
            x: rows.iter().map(|&i| x[i]).collect(),
            y: rows.iter().map(|&i| y[i]).collect(),
            tone: Tone::Series(s as u16),
            names: Vec::new(),
        })
    });
    (marks.collect(), None)
}

fn density(
    x: &[f64],
    y: &[f64],
    shown: &[usize],
    n_series: usize,
    of: impl Fn(usize) -> usize,
) -> Mark {
    const N_X: usize = 120;
    const N_Y: usize = 72;
    let range = |v: &[f64]| {
        let (lo, hi) = shown
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &i| {
                (lo.min(v[i]), hi.max(v[i]))
            });
        if lo < hi {
            (lo, hi)
        } else {
            (lo - 0.5, hi + 0.5)
        }
    };
    let (rx, ry) = (range(x), range(y));
    let cell = |v: f64, (lo, hi): (f64, f64), n: usize| {
        (((v - lo) / (hi - lo) * n as f64) as usize).min(n - 1)
    };
    let mut by_series = vec![0u32; N_X * N_Y * n_series];
    for &i in shown {
        by_series[(cell(y[i], ry, N_Y) * N_X + cell(x[i], rx, N_X)) * n_series + of(i)] += 1;
    }
    let cells = by_series.chunks_exact(n_series);
    let counts = cells.clone().map(|c| c.iter().sum()).collect();
    let series = cells
        .map(|c| {
            c.iter()
                .enumerate()
                .max_by_key(|&(s, &n)| (n, std::cmp::Reverse(s)))
                .map_or(0, |(s, _)| s as u16)
        })
        .collect();
    Mark::Density {
        x: rx,
        y: ry,
        n_x: N_X,
        n_y: N_Y,
        counts,
        series,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_points_stay_points_and_missing_ones_are_left_out() {
        let (marks, caption) =
            points_or_density(&[1.0, f64::NAN, 3.0], &[1.0, 2.0, 3.0], Some(&[0, 0, 2]));
        assert_eq!(marks.len(), 2);
        assert!(caption.is_none());
    }

    #[test]
    fn many_points_become_counts_that_add_up() {
        let x: Vec<f64> = (0..30_000).map(|i| f64::from(i % 173)).collect();
        let y: Vec<f64> = (0..30_000).map(|i| f64::from(i % 97)).collect();
        let (marks, caption) = points_or_density(&x, &y, None);
        let [Mark::Density { counts, .. }] = &marks[..] else {
            panic!("one density")
        };
        assert_eq!(counts.iter().sum::<u32>(), 30_000);
        assert!(caption.is_some());
    }
}
