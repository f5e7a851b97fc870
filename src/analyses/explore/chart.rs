//! Chart: one or two columns as a picture.

use crate::msg;
use crate::report::{
    Along, Axis, Chart, Format, MAX_POINTS, Mark, Msg, Report, Scale, Tone, points_or_density,
};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, Picture, RunError, Spec, choice,
    column, flag, integer, reads,
};
use crate::stats::descriptive::Moments;
use crate::stats::distributions::student_t;
use crate::stats::histogram::{BinRule, histogram};
use crate::table::{Column, Data, Levels};

pub struct ChartCell;

crate::choices! {
    /// What is drawn.
    pub enum Draw {
        Auto = "auto" "What fits the columns",
        Histogram = "histogram" "Histogram",
        Bars = "bars" "Bars",
        Scatter = "scatter" "Scatter",
        Line = "line" "Line",
        Means = "means" "Means with intervals",
    }
}

crate::options! {
    /// What is drawn.
    pub struct Options {
        /// The column along the horizontal axis.
        x "Across": String = column(Fits::Any),
        /// The column along the vertical axis; without one, rows are counted.
        y "Up": Option<String> = column(Fits::Numbers).optional(),
        /// One colour for each level of this column.
        color "Colour": Option<String> = column(Fits::Levels).optional(),
        /// The kind of chart.
        kind "Kind": Draw = choice(Draw::CHOICES, "auto"),
        /// How many bars a histogram has; chosen by the data when this is empty.
        bins "Bars of the histogram": Option<usize> = integer(20, 1, 500).optional().when("kind", &["auto", "histogram"]),
        /// The least-squares line through the points.
        trend "Straight line": bool = flag(false).when("kind", &["auto", "scatter"]),
    }
}

/// Levels that get a colour or a bar of their own.
const MAX_LEVELS: usize = 30;
const MAX_COLOURS: usize = 8;

impl Analysis for ChartCell {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "explore.chart",
        version: 1,
        title: "Chart",
        group: Group::Explore,
        about: "A histogram, bars, a scatter, a line over time, or means with their intervals.",
        headline: "Chart of {x}[[ and {y}]]",
        method: "Histogram bins by Freedman and Diaconis (1981) with round edges and at most 500, unless their number is given. Means carry Student's 95% intervals. Lines join the mean of each value across. The straight line is ordinary least squares. More than 20,000 points are drawn as counts on a grid.",
        references: &[
            "Freedman, D., & Diaconis, P. (1981). On the histogram as a density estimator. Zeitschrift für Wahrscheinlichkeitstheorie, 57, 453–476.",
        ],
        keywords: &[
            "plot",
            "graph",
            "scatter",
            "histogram",
            "bar",
            "line",
            "그래프",
            "차트",
            "산점도",
            "히스토그램",
            "막대",
            "시각화",
        ],
        picture: Picture::Scatter,
        inputs: ONE_TABLE,
        options: <Options as crate::spec::Options>::SPECS,
        outputs: &[],
        examples: &[
            Example {
                name: "histogram",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "body_mass_g", "color": "species"}"#,
            },
            Example {
                name: "scatter",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "flipper_length_mm", "y": "body_mass_g", "color": "species", "trend": true}"#,
            },
            Example {
                name: "means",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "island", "y": "body_mass_g"}"#,
            },
        ],
        korean: include_str!("chart.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("explore.chart.step", "Drawing");
        ctx.tick(0.0, &step)?;
        let x = input.column("x", &options.x)?;
        let y = options
            .y
            .as_ref()
            .map(|y| input.column("y", y))
            .transpose()?;
        let colours = options
            .color
            .as_ref()
            .map(|c| Colours::of(input.column("color", c)?))
            .transpose()?;
        let colours = colours.unwrap_or_else(|| Colours::none(x.len()));
        if x.n_missing() == x.len() {
            return Err(RunError::Data(msg!(
                "explore.chart.empty",
                "“{column}” has no values.",
                column = &x.name
            )));
        }
        let (chart, lines) = match (kind(options, x, y), y) {
            (Draw::Histogram, _) => histogram_chart(options, x, &colours)?,
            (Draw::Bars, y) => bars_chart(x, y, &colours)?,
            (Draw::Means, Some(y)) => means_chart(x, y, &colours)?,
            (Draw::Line, Some(y)) => line_chart(x, y, &colours)?,
            (Draw::Scatter, Some(y)) => scatter_chart(options, x, y, &colours)?,
            (_, None) => {
                return Err(RunError::option(
                    "y",
                    msg!("explore.chart.needs_y", "Choose the column that goes up."),
                ));
            }
            (Draw::Auto, Some(_)) => unreachable!("the kind is decided"),
        };
        ctx.tick(0.9, &step)?;
        let chart = chart.series(colours.names);
        Ok(Output {
            report: Report {
                summary: lines,
                blocks: vec![chart.into()],
                notices: Vec::new(),
            },
            tables: Vec::new(),
        })
    }
}

/// Rows by the levels that get a colour each.
struct Colours {
    names: Vec<Msg>,
    /// Without a column to colour by, all rows are of one colour.
    codes: Option<Vec<i32>>,
    n_rows: usize,
}

impl Colours {
    fn of(column: &Column) -> Result<Self, RunError> {
        let Levels { names, codes } = column.levels_and_codes();
        if names.len() > MAX_COLOURS {
            return Err(RunError::option(
                "color",
                msg!(
                    "explore.chart.colours",
                    "“{column}” has {n} levels; colours can be told apart up to {max}.",
                    column = &column.name,
                    n = names.len(),
                    max = MAX_COLOURS
                ),
            ));
        }
        Ok(Self {
            names: names.iter().map(Msg::verbatim).collect(),
            n_rows: codes.len(),
            codes: Some(codes),
        })
    }

    fn none(n_rows: usize) -> Self {
        Self {
            names: Vec::new(),
            codes: None,
            n_rows,
        }
    }

    fn count(&self) -> usize {
        self.names.len().max(1)
    }

    fn rows(&self, colour: usize) -> impl Iterator<Item = usize> {
        let codes = self.codes.as_deref();
        (0..self.n_rows).filter(move |&i| codes.is_none_or(|c| c[i] == colour as i32))
    }

    fn tone(&self, colour: usize) -> Tone {
        if self.codes.is_some() {
            Tone::Series(colour as u16)
        } else {
            Tone::Accent
        }
    }
}

fn is_number(column: &Column) -> bool {
    matches!(column.data, Data::Float(_) | Data::Int(_))
        && column.measure != crate::table::Measure::Nominal
}

fn is_time(column: &Column) -> bool {
    matches!(
        column.data,
        Data::Date(_) | Data::DateTime(_) | Data::Time(_)
    )
}

fn kind(options: &Options, x: &Column, y: Option<&Column>) -> Draw {
    match (options.kind, y) {
        (Draw::Auto, None) if is_number(x) || is_time(x) => Draw::Histogram,
        (Draw::Auto, None) => Draw::Bars,
        (Draw::Auto, Some(_)) if is_number(x) => Draw::Scatter,
        (Draw::Auto, Some(_)) if is_time(x) => Draw::Line,
        (Draw::Auto, Some(_)) => Draw::Means,
        (kind, _) => kind,
    }
}

fn values<'a>(option: &str, column: &'a Column) -> Result<std::borrow::Cow<'a, [f64]>, RunError> {
    column.numbers().ok_or_else(|| {
        RunError::option(
            option,
            msg!(
                "explore.chart.not_numbers",
                "“{column}” holds no numbers or dates. Choose another kind of chart.",
                column = &column.name
            ),
        )
    })
}

fn axis(column: &Column) -> Axis {
    let axis = Axis::linear(Msg::verbatim(&column.name));
    match column.data {
        Data::Date(_) => axis.scale(Scale::Date).format(Format::Date),
        Data::DateTime(_) => axis.scale(Scale::DateTime).format(Format::DateTime),
        _ => axis,
    }
}

fn rows_axis() -> Axis {
    Axis::linear(msg!("explore.chart.rows", "Rows"))
        .from_zero()
        .format(Format::Integer)
}

type Drawn = (Chart, Vec<Msg>);

fn histogram_chart(options: &Options, x: &Column, colours: &Colours) -> Result<Drawn, RunError> {
    let x_values = values("x", x)?;
    let all: Vec<f64> = x_values.iter().copied().filter(|v| v.is_finite()).collect();
    let rule = options
        .bins
        .map_or(BinRule::FreedmanDiaconis, BinRule::Count);
    let Some(bins) = histogram(&all, rule) else {
        return Err(RunError::Data(msg!(
            "explore.chart.empty",
            "“{column}” has no values.",
            column = &x.name
        )));
    };
    let n_bins = bins.counts.len();
    let mut below = vec![0.0; n_bins];
    let mut marks = Vec::new();
    for colour in 0..colours.count() {
        let mut counts = vec![0.0; n_bins];
        for v in colours
            .rows(colour)
            .map(|i| x_values[i])
            .filter(|v| v.is_finite())
        {
            let bin = bins
                .edges
                .partition_point(|&edge| edge <= v)
                .saturating_sub(1)
                .min(n_bins - 1);
            counts[bin] += 1.0;
        }
        let top: Vec<f64> = below.iter().zip(&counts).map(|(b, c)| b + c).collect();
        marks.push(Mark::Bars {
            along: Along::X,
            from: bins.edges[..n_bins].to_vec(),
            to: bins.edges[1..].to_vec(),
            base: std::mem::replace(&mut below, top.clone()),
            length: top,
            tone: colours.tone(colour),
        });
    }
    let tallest = (0..n_bins)
        .rev()
        .max_by_key(|&b| bins.counts[b])
        .expect("at least one bin");
    let format = axis(x).format;
    let line = msg!(
        "explore.chart.histogram",
        "The tallest bar, {low} to {high}, holds {n} of {all} {all|row|rows}.",
        low = (bins.edges[tallest], format),
        high = (bins.edges[tallest + 1], format),
        n = bins.counts[tallest],
        all = all.len()
    );
    let title = msg!(
        "explore.chart.distribution",
        "Distribution of {x}",
        x = &x.name
    );
    Ok((
        Chart::new("histogram", title, axis(x), rows_axis()).marks(marks),
        vec![line],
    ))
}

/// Counts, or sums of `y`, of each level of `x`, side by side by colour.
fn bars_chart(x: &Column, y: Option<&Column>, colours: &Colours) -> Result<Drawn, RunError> {
    let levels = x.levels_and_codes();
    check_levels(x, &levels)?;
    let sums = y.map(|y| values("y", y)).transpose()?;
    let width = 0.8 / colours.count() as f64;
    let mut totals = vec![0.0; levels.names.len()];
    let mut marks = Vec::new();
    for colour in 0..colours.count() {
        let mut lengths = vec![0.0; levels.names.len()];
        for i in colours.rows(colour).filter(|&i| levels.codes[i] >= 0) {
            let add = sums
                .as_ref()
                .map_or(1.0, |s| if s[i].is_finite() { s[i] } else { 0.0 });
            lengths[levels.codes[i] as usize] += add;
        }
        totals.iter_mut().zip(&lengths).for_each(|(t, l)| *t += l);
        let left = -0.4 + width * colour as f64;
        marks.push(Mark::Bars {
            along: Along::Y,
            from: (0..lengths.len()).map(|l| l as f64 + left).collect(),
            to: (0..lengths.len())
                .map(|l| l as f64 + left + width)
                .collect(),
            base: vec![0.0; lengths.len()],
            length: lengths,
            tone: colours.tone(colour),
        });
    }
    let top = (0..totals.len())
        .rev()
        .max_by(|&a, &b| totals[a].total_cmp(&totals[b]))
        .expect("at least one level");
    let (title, length_axis) = match y {
        None => (
            msg!("explore.chart.counts", "Rows by {x}", x = &x.name),
            rows_axis(),
        ),
        Some(y) => (
            msg!(
                "explore.chart.sums",
                "Sum of {y} by {x}",
                y = &y.name,
                x = &x.name
            ),
            Axis::linear(msg!("explore.chart.sum_axis", "Sum of {y}", y = &y.name)).from_zero(),
        ),
    };
    let line = msg!(
        "explore.chart.most",
        "“{level}” has the most: {value}.",
        level = &levels.names[top],
        value = totals[top]
    );
    let names = levels.names.iter().map(Msg::verbatim).collect();
    Ok((
        Chart::new(
            "bars",
            title,
            length_axis,
            Axis::category(Msg::verbatim(&x.name), names),
        )
        .marks(marks),
        vec![line],
    ))
}

fn means_chart(x: &Column, y: &Column, colours: &Colours) -> Result<Drawn, RunError> {
    let levels = x.levels_and_codes();
    check_levels(x, &levels)?;
    let y_values = values("y", y)?;
    let mut best: Option<(usize, f64)> = None;
    let mut marks = Vec::new();
    for colour in 0..colours.count() {
        let mut groups = vec![Vec::new(); levels.names.len()];
        for i in colours
            .rows(colour)
            .filter(|&i| levels.codes[i] >= 0 && y_values[i].is_finite())
        {
            groups[levels.codes[i] as usize].push(y_values[i]);
        }
        let moments: Vec<Moments> = groups.iter().map(|g| Moments::of(g)).collect();
        for (level, m) in moments.iter().enumerate().filter(|(_, m)| m.n > 0) {
            if best.is_none_or(|(_, mean)| m.mean > mean) {
                best = Some((level, m.mean));
            }
        }
        let offset = if colours.count() > 1 {
            (colour as f64 + 0.5) / colours.count() as f64 * 0.6 - 0.3
        } else {
            0.0
        };
        let half: Vec<f64> = moments
            .iter()
            .map(|m| {
                if m.n > 1 {
                    student_t::quantile(0.975, m.n as f64 - 1.0) * m.se_mean()
                } else {
                    f64::NAN
                }
            })
            .collect();
        marks.push(Mark::Intervals {
            along: Along::Y,
            at: (0..moments.len()).map(|l| l as f64 + offset).collect(),
            centre: moments.iter().map(|m| m.mean).collect(),
            low: moments.iter().zip(&half).map(|(m, h)| m.mean - h).collect(),
            high: moments.iter().zip(&half).map(|(m, h)| m.mean + h).collect(),
            tone: colours.tone(colour),
            n: moments.iter().map(|m| m.n as u64).collect(),
        });
    }
    let line = best.map(|(level, mean)| {
        msg!(
            "explore.chart.highest",
            "The mean is highest in “{level}”: {mean}.",
            level = &levels.names[level],
            mean = mean
        )
    });
    let title = msg!(
        "explore.chart.mean_by",
        "Mean of {y} by {x}, with 95% intervals",
        y = &y.name,
        x = &x.name
    );
    let names = levels.names.iter().map(Msg::verbatim).collect();
    let chart = Chart::new(
        "means",
        title,
        axis(y),
        Axis::category(Msg::verbatim(&x.name), names),
    )
    .marks(marks);
    Ok((chart, line.into_iter().collect()))
}

/// The mean of `y` at each value of `x`.
fn line_chart(x: &Column, y: &Column, colours: &Colours) -> Result<Drawn, RunError> {
    let (x_values, y_values) = (values("x", x)?, values("y", y)?);
    let mut n_max = 0;
    let mut marks = Vec::new();
    for colour in 0..colours.count() {
        let mut pairs: Vec<(f64, f64)> = colours
            .rows(colour)
            .map(|i| (x_values[i], y_values[i]))
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut at, mut means) = (Vec::new(), Vec::new());
        for same in pairs.chunk_by(|a, b| a.0 == b.0) {
            at.push(same[0].0);
            means.push(same.iter().map(|p| p.1).sum::<f64>() / same.len() as f64);
        }
        n_max = n_max.max(at.len());
        marks.push(Mark::Line {
            x: at,
            y: means,
            tone: colours.tone(colour),
            dashed: false,
            dots: false,
        });
    }
    if n_max > MAX_POINTS {
        return Err(RunError::option(
            "x",
            msg!(
                "explore.chart.long_line",
                "“{x}” has {n} different values, too many for a line. Group it first.",
                x = &x.name,
                n = n_max
            ),
        ));
    }
    let title = msg!(
        "explore.chart.mean_over",
        "Mean of {y} over {x}",
        y = &y.name,
        x = &x.name
    );
    Ok((
        Chart::new("line", title, axis(x), axis(y)).marks(marks),
        Vec::new(),
    ))
}

fn scatter_chart(
    options: &Options,
    x: &Column,
    y: &Column,
    colours: &Colours,
) -> Result<Drawn, RunError> {
    let (x_values, y_values) = (values("x", x)?, values("y", y)?);
    let coloured: Vec<usize> = (0..x_values.len())
        .filter(|&i| colours.codes.as_ref().is_none_or(|c| c[i] >= 0))
        .collect();
    let xs: Vec<f64> = coloured.iter().map(|&i| x_values[i]).collect();
    let ys: Vec<f64> = coloured.iter().map(|&i| y_values[i]).collect();
    let series: Option<Vec<u32>> = colours
        .codes
        .as_ref()
        .map(|c| coloured.iter().map(|&i| c[i] as u32).collect());
    let (mut marks, caption) = points_or_density(&xs, &ys, series.as_deref());
    if colours.codes.is_none() {
        for mark in &mut marks {
            if let Mark::Points { tone, .. } = mark {
                *tone = Tone::Accent;
            }
        }
    }
    let mut lines = Vec::new();
    if let Some(fit) = StraightLine::through(&xs, &ys) {
        lines.push(msg!(
            "explore.chart.correlation",
            "{strength} (r = {r}, {n} rows).",
            strength = fit.strength(),
            r = (fit.r, Format::Fixed(2)),
            n = fit.n
        ));
        if options.trend {
            let (low, high) = fit.x_range;
            marks.push(Mark::Line {
                x: vec![low, high],
                y: vec![fit.at(low), fit.at(high)],
                tone: Tone::Muted,
                dashed: true,
                dots: false,
            });
        }
    }
    let title = msg!(
        "explore.chart.against",
        "{y} against {x}",
        y = &y.name,
        x = &x.name
    );
    let mut chart = Chart::new("scatter", title, axis(x), axis(y)).marks(marks);
    chart.caption = caption;
    Ok((chart, lines))
}

fn check_levels(x: &Column, levels: &Levels) -> Result<(), RunError> {
    if levels.names.len() <= MAX_LEVELS {
        return Ok(());
    }
    Err(RunError::option(
        "x",
        msg!(
            "explore.chart.many_levels",
            "“{x}” has {n} different values; up to {max} can stand side by side.",
            x = &x.name,
            n = levels.names.len(),
            max = MAX_LEVELS
        ),
    ))
}

/// Ordinary least squares of one number on another.
struct StraightLine {
    mean_x: f64,
    mean_y: f64,
    slope: f64,
    r: f64,
    n: usize,
    x_range: (f64, f64),
}

impl StraightLine {
    /// `None` with fewer than three pairs or when one side does not vary.
    fn through(x: &[f64], y: &[f64]) -> Option<Self> {
        let pairs: Vec<(f64, f64)> = x
            .iter()
            .copied()
            .zip(y.iter().copied())
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .collect();
        let n = pairs.len();
        if n < 3 {
            return None;
        }
        let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(|p| of(p) / n as f64).sum::<f64>();
        let (mean_x, mean_y) = (mean(|p| p.0), mean(|p| p.1));
        let reach = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).fold(0.0, f64::max);
        let (reach_x, reach_y) = (
            reach(&|p| (p.0 - mean_x).abs()),
            reach(&|p| (p.1 - mean_y).abs()),
        );
        if reach_x == 0.0 || reach_y == 0.0 || !reach_x.is_finite() || !reach_y.is_finite() {
            return None;
        }
        // In units of the farthest values, squares neither overflow nor vanish.
        let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
        for (x, y) in &pairs {
            let (dx, dy) = ((x - mean_x) / reach_x, (y - mean_y) / reach_y);
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        let x_range = pairs
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), p| {
                (lo.min(p.0), hi.max(p.0))
            });
        Some(Self {
            mean_x,
            mean_y,
            slope: xy / xx * (reach_y / reach_x),
            r: xy / (xx * yy).sqrt(),
            n,
            x_range,
        })
    }

    fn at(&self, x: f64) -> f64 {
        self.mean_y + self.slope * (x - self.mean_x)
    }

    /// Cohen's (1988) steps of 0.1, 0.3 and 0.5.
    fn strength(&self) -> Msg {
        match (self.r.abs(), self.r > 0.0) {
            (0.5.., true) => msg!("explore.chart.strong_up", "They rise together, strongly"),
            (0.5.., false) => msg!(
                "explore.chart.strong_down",
                "One falls as the other rises, strongly"
            ),
            (0.3.., true) => msg!("explore.chart.fair_up", "They rise together, moderately"),
            (0.3.., false) => msg!(
                "explore.chart.fair_down",
                "One falls as the other rises, moderately"
            ),
            (0.1.., true) => msg!("explore.chart.weak_up", "They rise together, weakly"),
            (0.1.., false) => msg!(
                "explore.chart.weak_down",
                "One falls as the other rises, weakly"
            ),
            _ => msg!(
                "explore.chart.unrelated",
                "There is hardly any straight-line relation"
            ),
        }
    }
}
