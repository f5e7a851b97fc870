//! Chart: columns as a picture, put together by hand.

mod bars;
mod curves;
mod data;
mod dress;
mod heat;
mod histogram;
mod means;
mod scatter;
mod spread;

use crate::frame;
use crate::msg;
use crate::report::{Block, Chart, Grid, Msg, Report};
use crate::spec::{
    Analysis, Ctx, Example, Fits, Group, Input, ONE_TABLE, Output, Picture, RunError, Spec, choice,
    column, flag, integer, number, reads, text,
};
use crate::table::{Column, Data as Values, Measure};

use data::Data;

pub struct ChartCell;

crate::choices! {
    /// What is drawn.
    pub enum Draw {
        Auto = "auto" "What fits the columns",
        Histogram = "histogram" "Histogram",
        Density = "density" "Density",
        Bars = "bars" "Bars",
        Scatter = "scatter" "Scatter",
        Bubble = "bubble" "Bubbles",
        Line = "line" "Line",
        Area = "area" "Area",
        Means = "means" "Means with intervals",
        Box = "box" "Box plots",
        Violin = "violin" "Violins",
        Heat = "heat" "Heat map",
    }
}

crate::choices! {
    /// What of the upward column bars, lines and tiles show.
    pub enum Value {
        Auto = "auto" "Sum, or mean for lines and heat maps",
        Sum = "sum" "Sum",
        Mean = "mean" "Mean",
        Count = "count" "Rows that have it",
    }
}

crate::choices! {
    /// How the colours of one place stand.
    pub enum Stack {
        Beside = "beside" "Side by side, areas over one another",
        Stacked = "stacked" "On one another",
        Filled = "filled" "On one another, to 100%",
    }
}

crate::choices! {
    /// What the intervals of means are.
    pub enum Spread {
        Auto = "auto" "Confidence interval, none for lines",
        Interval = "interval" "Confidence interval",
        Se = "se" "One standard error",
        Sd = "sd" "One standard deviation",
        None = "none" "None",
    }
}

crate::options! {
    /// What is drawn.
    pub struct Options {
        /// The column along the horizontal axis, or the groups of bars.
        x "Across": String = column(Fits::Any),
        /// The column along the vertical axis; without one, rows are counted.
        y "Up": Option<String> = column(Fits::Numbers).optional(),
        /// One colour for each level of this column.
        color "Colour": Option<String> = column(Fits::Levels).optional(),
        /// One chart for each level of this column, all on the same scales.
        facet "Small charts": Option<String> = column(Fits::Levels).optional(),
        /// The kind of chart.
        kind "Kind": Draw = choice(Draw::CHOICES, "auto"),
        /// What the bars, the line or the tiles show of the upward column.
        value "Value": Value = choice(Value::CHOICES, "auto").when("kind", &["auto", "bars", "line", "area", "heat"]),
        /// How several colours stand at one place.
        stack "Colours": Stack = choice(Stack::CHOICES, "beside").when("kind", &["auto", "bars", "area"]),
        /// Whether bars, means, boxes and violins stand; lying ones leave room for names.
        upright "Standing": bool = flag(false).when("kind", &["auto", "bars", "means", "box", "violin"]),
        /// What is drawn around means: of bars and lines too, when these show means.
        intervals "Intervals": Spread = choice(Spread::CHOICES, "auto").when("kind", &["auto", "bars", "line", "means"]),
        /// How surely a confidence interval holds the true mean.
        level "Confidence level": f64 = number(0.95, 0.5, 0.9999).when("intervals", &["auto", "interval"]),
        /// The column that the areas of bubbles show.
        size "Size": Option<String> = column(Fits::Numbers).optional().when("kind", &["bubble"]),
        /// The column whose levels are the rows of the heat map.
        rows "Rows of the heat map": Option<String> = column(Fits::Any).optional().when("kind", &["heat"]),
        /// How many bars a histogram has; chosen by the data when this is empty.
        bins "Bars of the histogram": Option<usize> = integer(20, 1, 500).optional().when("kind", &["auto", "histogram"]),
        /// The least-squares line through the points.
        trend "Straight line": bool = flag(false).when("kind", &["auto", "scatter"]),
        /// A line that bends as the points do, one for each colour.
        smooth "Smooth line": bool = flag(false).when("kind", &["auto", "scatter"]),
        /// The share of the points that each place of the smooth line listens to; more is smoother.
        span "Smoothness": f64 = number(2.0 / 3.0, 0.05, 1.0).when("smooth", &["true"]),
        /// The smooth line is drawn again so often with less weight on points far from it.
        robust "Steps against outliers": usize = integer(3, 0, 10).advanced().when("smooth", &["true"]),
        /// The title of the chart; one that says what is drawn when this is empty.
        title "Title": String = text("").section("Titles and axes"),
        /// What stands at the horizontal axis in place of the column's name.
        x_title "Title of the horizontal axis": String = text("").section("Titles and axes"),
        /// What stands at the vertical axis in place of the column's name.
        y_title "Title of the vertical axis": String = text("").section("Titles and axes"),
        /// Where the horizontal axis begins, when it shows numbers.
        x_low "Horizontal axis from": Option<f64> = number(0.0, f64::MIN, f64::MAX).optional().section("Titles and axes"),
        /// Where the horizontal axis ends, when it shows numbers.
        x_high "Horizontal axis to": Option<f64> = number(0.0, f64::MIN, f64::MAX).optional().section("Titles and axes"),
        /// Where the vertical axis begins, when it shows numbers.
        y_low "Vertical axis from": Option<f64> = number(0.0, f64::MIN, f64::MAX).optional().section("Titles and axes"),
        /// Where the vertical axis ends, when it shows numbers.
        y_high "Vertical axis to": Option<f64> = number(0.0, f64::MIN, f64::MAX).optional().section("Titles and axes"),
        /// Whether equal steps of the horizontal axis are equal ratios.
        x_log "Horizontal axis in logarithms": bool = flag(false).section("Titles and axes"),
        /// Whether equal steps of the vertical axis are equal ratios.
        y_log "Vertical axis in logarithms": bool = flag(false).section("Titles and axes"),
    }
}

impl Analysis for ChartCell {
    type Options = Options;

    const SPEC: Spec = Spec {
        id: "explore.chart",
        version: 1,
        title: "Chart",
        group: Group::Explore,
        about: "A chart put together by hand: bars, lines, areas, scatter, bubbles, means, boxes, violins, histogram, density or heat map, by colour and in small charts.",
        headline: "Chart of {x}[[ and {y}]][[ by {facet}]]",
        method: "Histogram bins by Freedman and Diaconis (1981) with round edges and at most 500, unless their number is given. Intervals of means are Student’s, one standard error or one standard deviation (divisor n − 1) to each side. Lines join the mean or the sum at each value across; an area that has no value there counts zero. Boxes end at the quartiles of type 7 (the default of R and NumPy), whiskers at the last values within 1.5 interquartile ranges. Densities and violins have a normal kernel of Silverman’s width (R’s bw.nrd0). The straight line is ordinary least squares; on logarithmic axes it is that of the plain values. The smooth line is Cleveland’s (1979) lowess with the defaults of R’s lowess (span 2/3, three robust steps, places within 1% of the range joined by straight lines), not ggplot2’s loess, which is of second degree and not robust; it has no confidence band. The areas of bubbles are in proportion to their size. More than 20,000 points are drawn as counts on a grid. Rows that lack a value that is drawn are left out.",
        references: &[
            "Cleveland, W. S. (1979). Robust locally weighted regression and smoothing scatterplots. Journal of the American Statistical Association, 74, 829–836.",
            "Freedman, D., & Diaconis, P. (1981). On the histogram as a density estimator. Zeitschrift für Wahrscheinlichkeitstheorie, 57, 453–476.",
            "Silverman, B. W. (1986). Density estimation for statistics and data analysis. Chapman and Hall.",
        ],
        keywords: &[
            "plot",
            "graph",
            "scatter",
            "histogram",
            "bar",
            "stacked",
            "line",
            "area",
            "bubble",
            "heat map",
            "facet",
            "lowess",
            "loess",
            "smooth",
            "error bars",
            "그래프",
            "차트",
            "산점도",
            "히스토그램",
            "막대",
            "누적 막대",
            "영역",
            "거품",
            "평활",
            "열지도",
            "오차막대",
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
            Example {
                name: "stacked",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "island", "color": "species", "kind": "bars", "stack": "filled", "upright": true, "title": "Which penguins live where", "x_title": "Island"}"#,
            },
            Example {
                name: "bars_of_means",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "species", "y": "body_mass_g", "color": "sex", "kind": "bars", "value": "mean", "intervals": "se", "upright": true}"#,
            },
            Example {
                name: "violins_in_facets",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "species", "y": "bill_length_mm", "facet": "sex", "kind": "violin"}"#,
            },
            Example {
                name: "areas",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "year", "y": "body_mass_g", "color": "island", "kind": "area", "stack": "stacked"}"#,
            },
            Example {
                name: "bubbles",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "bill_length_mm", "y": "bill_depth_mm", "size": "body_mass_g", "color": "species", "kind": "bubble", "x_low": 30, "x_high": 60}"#,
            },
            Example {
                name: "smooth",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "flipper_length_mm", "y": "body_mass_g", "color": "sex", "smooth": true, "span": 0.5}"#,
            },
            Example {
                name: "heat",
                tables: &[("table", "penguins.csv")],
                values: r#"{"x": "species", "rows": "year", "y": "body_mass_g", "kind": "heat"}"#,
            },
        ],
        korean: include_str!("chart.ko.json"),
        read: reads::<Options>,
    };

    fn run(options: &Options, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
        let step = msg!("explore.chart.step", "Drawing");
        ctx.tick(0.0, &step)?;
        let data = Data::of(options, input)?;
        ctx.tick(0.2, &step)?;
        let (mut charts, summary) = match (data.kind(), data.y) {
            (Draw::Histogram, _) => histogram::histograms(&data)?,
            (Draw::Density, _) => histogram::densities(&data)?,
            (Draw::Bars, _) => bars::bars(&data)?,
            (Draw::Heat, _) => heat::tiles(&data, input)?,
            (Draw::Line, _) => curves::lines(&data)?,
            (Draw::Area, _) => curves::areas(&data)?,
            (Draw::Means, Some(y)) => means::means(&data, y)?,
            (Draw::Box, Some(y)) => spread::boxes(&data, y)?,
            (Draw::Violin, Some(y)) => spread::violins(&data, y)?,
            (Draw::Scatter, Some(y)) => {
                scatter::points(&data, y, &mut frame::progress(ctx, 0.3, 0.9, &step))?
            }
            (Draw::Bubble, Some(y)) => scatter::bubbles(&data, y, input)?,
            (_, None) => {
                return Err(RunError::option(
                    "y",
                    msg!("explore.chart.needs_y", "Choose the column that goes up."),
                ));
            }
            (Draw::Auto, Some(_)) => unreachable!("the kind is decided"),
        };
        ctx.tick(0.9, &step)?;
        for chart in &mut charts {
            chart.series = data.colours.names.clone();
            dress::dress(options, chart)?;
        }
        let mut report = Report {
            summary,
            ..Report::default()
        };
        if data.facets.is_empty() {
            report.blocks.extend(charts.into_iter().map(Into::into));
        } else {
            let title = charts[0].title.clone();
            dress::share_scales(&mut charts);
            for (i, (chart, name)) in charts.iter_mut().zip(&data.facets).enumerate() {
                chart.key = format!("{}_{}", chart.key, i + 1);
                chart.title = name.clone();
            }
            let n_columns = if charts.len() == 4 {
                2
            } else {
                charts.len().min(3)
            };
            let grid = Grid::new(n_columns, charts);
            report.push(Block::Group(title, vec![grid.into()]));
        }
        Ok(Output {
            report,
            tables: Vec::new(),
        })
    }
}

/// Charts, one a facet, and what is said of them.
type Drawn = Result<(Vec<Chart>, Vec<Msg>), RunError>;

fn is_number(column: &Column) -> bool {
    matches!(column.data, Values::Float(_) | Values::Int(_)) && column.measure != Measure::Nominal
}

fn is_time(column: &Column) -> bool {
    matches!(
        column.data,
        Values::Date(_) | Values::DateTime(_) | Values::Time(_)
    )
}
