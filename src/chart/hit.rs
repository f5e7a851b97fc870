//! What lies under the pointer, and what the arrow keys come to next.

use super::clip::Point;
use super::layout::Layout;
use super::marks::{bar_rect, places};
use super::say::Words;
use super::shapes;
use super::tiles::tile_rect;
use crate::report::{Along, Chart, Mark};

/// One element of a mark, with its values in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Which mark of the chart.
    pub mark: usize,
    /// Which element of the mark: an observation, a bar, a cell of a grid.
    pub index: usize,
    /// Where it is, in CSS pixels: what a ring is drawn around and a note points to.
    pub anchor: Point,
    /// Its name: a category, an observation.
    pub title: Option<String>,
    /// What is measured, and the value.
    pub lines: Vec<(String, String)>,
}

/// An arrow key, Home or End.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
    First,
    Last,
}

impl Hit {
    /// As one line, to be spoken.
    pub fn text(&self) -> String {
        let values = self.lines.iter().map(|(label, value)| {
            if label.is_empty() {
                value.clone()
            } else {
                format!("{label} {value}")
            }
        });
        self.title
            .clone()
            .into_iter()
            .chain(values)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Pixels within which a dot or a line is meant.
const NEAR: f64 = 24.0;

impl Layout {
    /// The element of `chart` (the one that was laid out) that a pointer at `px` means.
    ///
    /// Dots and lines come before the areas that they lie on; in a chart of lines alone the nearest is meant
    /// from any distance.
    pub fn hit(&self, chart: &Chart, px: Point) -> Option<Hit> {
        if self.empty || !self.plot.grow(6.0).contains(px) {
            return None;
        }
        let nearest = (0..chart.marks.len())
            .filter_map(|m| self.nearest(chart, m, px))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
        let (_, mark, index) = nearest;
        self.describe(chart, mark, index)
    }

    /// The element that a key leads to from `current` (mark and index), or the first one.
    ///
    /// Along the axis of positions it is the next element of the same mark, across it the nearest of the
    /// next mark.
    pub fn step(
        &self,
        chart: &Chart,
        current: Option<(usize, usize)>,
        direction: Direction,
    ) -> Option<Hit> {
        if self.empty {
            return None;
        }
        let in_order = |mark: usize| {
            let mut places = self.anchors(chart, mark);
            let along = |p: Point| {
                if self.horizontal {
                    (p.1, p.0)
                } else {
                    (p.0, p.1)
                }
            };
            places.sort_by(|a, b| {
                along(a.1)
                    .0
                    .total_cmp(&along(b.1).0)
                    .then(along(a.1).1.total_cmp(&along(b.1).1))
            });
            places
        };
        let marks: Vec<usize> = (0..chart.marks.len())
            .filter(|&m| !self.anchors(chart, m).is_empty())
            .collect();
        let first = *marks.first()?;
        let Some((mark, index)) = current.filter(|(m, _)| marks.contains(m)) else {
            let (index, _) = in_order(first)[0];
            return self.describe(chart, first, index);
        };
        let places = in_order(mark);
        let here = places.iter().position(|&(i, _)| i == index).unwrap_or(0);
        let turned = match (self.horizontal, direction) {
            (true, Direction::Up) => Direction::Left,
            (true, Direction::Down) => Direction::Right,
            (true, Direction::Left) => Direction::Up,
            (true, Direction::Right) => Direction::Down,
            (_, d) => d,
        };
        let to_mark = |to: usize| {
            let from = places[here].1;
            let distance = |p: Point| libm::hypot(p.0 - from.0, p.1 - from.1);
            self.anchors(chart, to)
                .into_iter()
                .min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))
                .map(|(i, _)| (to, i))
        };
        let at = marks.iter().position(|&m| m == mark).unwrap_or(0);
        let (mark, index) = match turned {
            Direction::Left => (mark, places[here.saturating_sub(1)].0),
            Direction::Right => (mark, places[(here + 1).min(places.len() - 1)].0),
            Direction::First => (mark, places[0].0),
            Direction::Last => (mark, places[places.len() - 1].0),
            Direction::Up if at > 0 => to_mark(marks[at - 1])?,
            Direction::Down if at + 1 < marks.len() => to_mark(marks[at + 1])?,
            Direction::Up | Direction::Down => (mark, index),
        };
        self.describe(chart, mark, index)
    }

    /// The element of one mark that a pointer may mean, behind how far it is from being meant.
    fn nearest(&self, chart: &Chart, m: usize, px: Point) -> Option<(f64, usize, usize)> {
        const AREA: f64 = 6.0;
        const BESIDE: f64 = 30.0;
        let lines_alone = chart.marks.iter().all(|m| {
            matches!(
                m,
                Mark::Line { .. } | Mark::Area { .. } | Mark::Band { .. } | Mark::Rule { .. }
            )
        });
        let mark = &chart.marks[m];
        let closest = |limit: f64, distance: &dyn Fn(usize, Point) -> f64| {
            let all = self
                .anchors(chart, m)
                .into_iter()
                .map(|(i, p)| (distance(i, p), m, i));
            all.filter(|d| d.0 <= limit)
                .min_by(|a, b| a.0.total_cmp(&b.0))
        };
        match mark {
            Mark::Points { .. } => closest(NEAR, &|_, p| libm::hypot(p.0 - px.0, p.1 - px.1)),
            // Sideways distance weighs more: the eye follows a line along its axis.
            Mark::Line { .. } | Mark::Area { .. } => {
                closest(if lines_alone { f64::INFINITY } else { NEAR }, &|_, p| {
                    libm::hypot((p.0 - px.0) * 3.0, p.1 - px.1)
                })
            }
            Mark::Intervals {
                along, low, high, ..
            } => {
                let (x, y) = (self.x, self.y);
                closest(NEAR, &|i, p| {
                    let (a, b) = if *along == Along::X {
                        (y.px(low[i]), y.px(high[i]))
                    } else {
                        (x.px(low[i]), x.px(high[i]))
                    };
                    let (at, value) = if *along == Along::X {
                        (p.0 - px.0, px.1)
                    } else {
                        (p.1 - px.1, px.0)
                    };
                    let beyond = (a.min(b) - value).max(value - a.max(b)).max(0.0);
                    libm::hypot(at, if beyond.is_nan() { 0.0 } else { beyond })
                })
            }
            Mark::Bars { along, from, .. } => {
                let distance = |i: usize| {
                    let rect = bar_rect(mark, i, self)?;
                    let beside = match along {
                        Along::X => px.0 >= rect.left && px.0 < rect.right,
                        Along::Y => px.1 >= rect.top && px.1 < rect.bottom,
                    };
                    if rect.contains(px) {
                        Some(AREA)
                    } else {
                        beside.then_some(BESIDE)
                    }
                };
                (0..from.len())
                    .filter_map(|i| distance(i).map(|d| (d, m, i)))
                    .min_by(|a, b| a.0.total_cmp(&b.0))
            }
            Mark::Density {
                x,
                y,
                n_x,
                n_y,
                counts,
                ..
            } => {
                let data = self.to_data(px);
                let cell = |v: f64, r: &(f64, f64), n: usize| {
                    let at = ((v - r.0) / (r.1 - r.0) * n as f64).floor();
                    (at >= 0.0 && at < n as f64).then_some(at as usize)
                };
                let i = cell(data.1, y, *n_y)? * n_x + cell(data.0, x, *n_x)?;
                (counts[i] > 0).then_some((AREA, m, i))
            }
            Mark::Tiles { x, y, .. } => (0..x.len())
                .find(|&i| {
                    tile_rect(mark, i, self).is_some_and(|r| r.contains(px)) && y[i].is_finite()
                })
                .map(|i| (AREA, m, i)),
            Mark::Band { low, high, .. } => {
                let (y, inside) = (self.y, |a: f64, b: f64| {
                    px.1 >= a.min(b) && px.1 <= a.max(b)
                });
                closest(NEAR, &|i, p| {
                    if inside(y.px(low[i]), y.px(high[i])) {
                        (p.0 - px.0).abs()
                    } else {
                        f64::INFINITY
                    }
                })
                .map(|(_, m, i)| (BESIDE + 5.0, m, i))
            }
            Mark::Boxes { at, .. } => (0..at.len())
                .find(|&i| shapes::box_reach(mark, i, self).is_some_and(|r| r.contains(px)))
                .map(|i| (AREA, m, i)),
            Mark::Violin { along, .. } => {
                let aside = |p: Point| match along {
                    Along::X => ((p.0 - px.0).abs(), (p.1 - px.1).abs()),
                    Along::Y => ((p.1 - px.1).abs(), (p.0 - px.0).abs()),
                };
                closest(NEAR, &|i, p| {
                    let (beside, along) = aside(p);
                    match shapes::violin_half(mark, i, self) {
                        Some(half) if beside <= half => along,
                        _ => f64::INFINITY,
                    }
                })
                .map(|(_, m, i)| (BESIDE, m, i))
            }
            Mark::Bubbles { size, largest, .. } => closest(NEAR, &|i, p| {
                let radius = shapes::bubble_radius(size[i], *largest, self).max(3.0);
                let away = libm::hypot(p.0 - px.0, p.1 - px.1);
                // Among dots over one another the nearest by its own size is meant.
                if away <= radius {
                    away / radius
                } else {
                    away - radius + 1.0
                }
            }),
            Mark::Rule { .. } => None,
        }
    }

    /// Where the elements of a mark are, those in view only.
    fn anchors(&self, chart: &Chart, m: usize) -> Vec<(usize, Point)> {
        let mark = &chart.marks[m];
        let room = self.plot.grow(0.5);
        let keep =
            |all: Vec<(usize, Point)>| all.into_iter().filter(|&(_, p)| room.contains(p)).collect();
        match mark {
            Mark::Points { x, y, .. } | Mark::Line { x, y, .. } | Mark::Bubbles { x, y, .. } => {
                places(x, y, self).collect()
            }
            Mark::Area { x, top, .. } => places(x, top, self).collect(),
            Mark::Boxes {
                along, at, median, ..
            } => keep(
                (0..at.len())
                    .map(|i| (i, shapes::place(*along, at[i], median[i], self)))
                    .collect(),
            ),
            Mark::Violin {
                along, at, value, ..
            } => keep(
                (0..value.len())
                    .map(|i| (i, shapes::place(*along, *at, value[i], self)))
                    .collect(),
            ),
            Mark::Band { x, low, high, .. } => keep(
                (0..x.len())
                    .map(|i| {
                        (
                            i,
                            (
                                self.x.px(x[i]),
                                (self.y.px(low[i]) + self.y.px(high[i])) / 2.0,
                            ),
                        )
                    })
                    .collect(),
            ),
            Mark::Intervals {
                along, at, centre, ..
            } => {
                let place = |i: usize| match along {
                    Along::X => (self.x.px(at[i]), self.y.px(centre[i])),
                    Along::Y => (self.x.px(centre[i]), self.y.px(at[i])),
                };
                keep((0..at.len()).map(|i| (i, place(i))).collect())
            }
            Mark::Bars {
                along,
                length,
                base,
                from,
                ..
            } => {
                let end = |i: usize| {
                    let rect = bar_rect(mark, i, self)?.shared(&self.plot)?;
                    let grows = length[i] >= base[i];
                    Some(match along {
                        Along::X => (
                            (rect.left + rect.right) / 2.0,
                            if grows { rect.top } else { rect.bottom },
                        ),
                        Along::Y => (
                            if grows { rect.right } else { rect.left },
                            (rect.top + rect.bottom) / 2.0,
                        ),
                    })
                };
                (0..from.len()).filter_map(|i| Some((i, end(i)?))).collect()
            }
            Mark::Density {
                x,
                y,
                n_x,
                n_y,
                counts,
                ..
            } => {
                let centre = |i: usize, r: &(f64, f64), n: usize| {
                    r.0 + (r.1 - r.0) * (i as f64 + 0.5) / n as f64
                };
                let place = |i: usize| {
                    (
                        self.x.px(centre(i % n_x, x, *n_x)),
                        self.y.px(centre(i / n_x, y, *n_y)),
                    )
                };
                keep(
                    (0..counts.len())
                        .filter(|&i| counts[i] > 0)
                        .map(|i| (i, place(i)))
                        .collect(),
                )
            }
            Mark::Tiles { x, y, .. } => keep(
                (0..x.len())
                    .map(|i| (i, (self.x.px(x[i]), self.y.px(y[i]))))
                    .collect(),
            ),
            Mark::Rule { .. } => Vec::new(),
        }
    }

    fn describe(&self, chart: &Chart, m: usize, index: usize) -> Option<Hit> {
        let (_, anchor) = self
            .anchors(chart, m)
            .into_iter()
            .find(|&(i, _)| i == index)?;
        let words = Words::of(chart, self.lang, m, index);
        Some(Hit {
            mark: m,
            index,
            anchor,
            title: words.title,
            lines: words.lines,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EstimatedWidth, Theme, View};
    use super::*;
    use crate::report::{Axis, Format, Lang, Msg, Tone};

    fn v(text: &str) -> Msg {
        Msg::verbatim(text)
    }

    fn lay(chart: &Chart) -> Layout {
        Layout::new(
            chart,
            (640.0, 400.0),
            View::default(),
            &Theme::light(),
            Lang::En,
            &EstimatedWidth,
        )
    }

    fn scatter() -> Chart {
        let points = |x: Vec<f64>, y: Vec<f64>, s: u16| Mark::Points {
            x,
            y,
            tone: Tone::Series(s),
            names: Vec::new(),
        };
        Chart::new(
            "c",
            v(""),
            Axis::linear(v("Length")),
            Axis::linear(v("Mass")),
        )
        .series(vec![v("A"), v("B")])
        .mark(points(vec![1.0, 5.0, 3.0], vec![1.0, 2.0, 3.0], 0))
        .mark(points(vec![2.0, 4.0], vec![9.0, 8.0], 1))
    }

    /// Pointing at an element's own place finds it.
    fn check(chart: &Chart, mark: usize, index: usize, expected: &str) {
        let layout = lay(chart);
        let (_, anchor) = layout
            .anchors(chart, mark)
            .into_iter()
            .find(|a| a.0 == index)
            .expect("an element in view");
        let hit = layout
            .hit(chart, anchor)
            .expect("something under the pointer");
        assert_eq!((hit.mark, hit.index), (mark, index));
        assert_eq!(hit.text(), expected);
    }

    #[test]
    fn points_say_their_values_and_series() {
        check(&scatter(), 0, 1, "A, Length 5, Mass 2");
        check(&scatter(), 1, 0, "B, Length 2, Mass 9");
        assert_eq!(lay(&scatter()).hit(&scatter(), (-50.0, 10.0)), None);
    }

    #[test]
    fn bars_and_intervals_say_their_category_and_n() {
        let axis = || Axis::category(v(""), vec![v("Control"), v("Treatment")]);
        let rate = || Axis::linear(v("Rate")).format(Format::Percent(1));
        let bars = Mark::category_bars(Along::Y, &[0.25, -0.1], Tone::Series(0));
        check(
            &Chart::new("c", v(""), rate(), axis()).mark(bars),
            0,
            1,
            "Treatment, Rate −10.0%",
        );
        let intervals = Mark::Intervals {
            along: Along::X,
            at: vec![0.0, 1.0],
            centre: vec![0.1, 0.2],
            low: vec![0.05, 0.15],
            high: vec![0.15, 0.25],
            tone: Tone::Series(0),
            n: vec![1200, 1300],
        };
        check(
            &Chart::new("c", v(""), axis(), rate()).mark(intervals),
            0,
            0,
            "Control, Rate 10.0%, Interval 5.0% to 15.0%, n 1,200",
        );
    }

    #[test]
    fn boxes_violins_areas_and_bubbles_say_their_values() {
        let groups = || Axis::category(v(""), vec![v("A"), v("B")]);
        let minutes = || Axis::linear(v("Minutes"));
        let boxes = Mark::Boxes {
            along: Along::Y,
            at: vec![0.0, 1.0],
            width: 0.5,
            low: vec![1.0, 2.0],
            q1: vec![2.0, 3.0],
            median: vec![3.0, 4.0],
            q3: vec![5.0, 6.0],
            high: vec![7.0, 9.0],
            tone: Tone::Accent,
            n: vec![12, 1300],
        };
        check(
            &Chart::new("c", v(""), minutes(), groups()).mark(boxes),
            0,
            1,
            "B, Median 4, Quartiles 3 to 6, Whiskers 2 to 9, n 1,300",
        );
        let violin = Mark::Violin {
            along: Along::X,
            at: 1.0,
            scale: 2.0,
            value: vec![1.0, 2.0, 3.0],
            density: vec![0.1, 0.2, 0.05],
            tone: Tone::Accent,
        };
        check(
            &Chart::new("c", v(""), groups(), minutes()).mark(violin),
            0,
            1,
            "B, Minutes 2, Density 0.200",
        );
        let area = |base: f64, top: f64, s: u16| Mark::Area {
            x: vec![0.0, 1.0],
            base: vec![base; 2],
            top: vec![top; 2],
            tone: Tone::Series(s),
        };
        check(
            &Chart::new("c", v(""), Axis::linear(v("Day")), minutes())
                .series(vec![v("A"), v("B")])
                .mark(area(0.0, 2.0, 0))
                .mark(area(2.0, 5.0, 1)),
            1,
            0,
            "B, Day 0, Minutes 3",
        );
        let bubbles = Mark::Bubbles {
            x: vec![1.0, 2.0],
            y: vec![1.0, 2.0],
            size: vec![4.0, 16.0],
            largest: 16.0,
            title: v("Customers"),
            tone: Tone::Accent,
        };
        check(
            &Chart::new("c", v(""), Axis::linear(v("Day")), minutes()).mark(bubbles),
            0,
            0,
            "Day 1, Minutes 1, Customers 4",
        );
    }

    #[test]
    fn a_histogram_is_hit_above_its_bars_too() {
        let chart = Chart::new("c", v(""), Axis::linear(v("mm")), Axis::linear(v("Count"))).mark(
            Mark::histogram(&[0.0, 1.0, 2.0], &[100.0, 1.0], Tone::Muted),
        );
        let layout = lay(&chart);
        let hit = layout
            .hit(&chart, (layout.x.px(1.5), layout.plot.top + 20.0))
            .expect("the bar below");
        assert_eq!(hit.text(), "mm 1 to 2, Count 1");
    }

    #[test]
    fn keys_walk_along_and_across_marks() {
        let (chart, layout) = (scatter(), lay(&scatter()));
        let mut at = None;
        let mut walk = |d| {
            let hit = layout.step(&chart, at, d).expect("an element");
            at = Some((hit.mark, hit.index));
            (hit.mark, hit.index)
        };
        assert_eq!(walk(Direction::Right), (0, 0));
        assert_eq!(walk(Direction::Right), (0, 2));
        assert_eq!(walk(Direction::Right), (0, 1));
        assert_eq!(walk(Direction::Right), (0, 1));
        assert_eq!(walk(Direction::Down), (1, 1));
        assert_eq!(walk(Direction::Left), (1, 0));
        assert_eq!(walk(Direction::Up), (0, 2));
        assert_eq!(walk(Direction::Last), (0, 1));
        assert_eq!(walk(Direction::First), (0, 0));
    }

    #[test]
    fn a_drag_becomes_a_view() {
        let (_, layout) = (scatter(), lay(&scatter()));
        let px = |x, y| (layout.x.px(x), layout.y.px(y));
        let view = layout
            .zoom(px(4.0, 2.0), px(2.0, 6.0), View::default())
            .expect("a view");
        let near = |a: Option<(f64, f64)>, b: (f64, f64)| {
            a.is_some_and(|a| (a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9)
        };
        assert!(near(view.x, (2.0, 4.0)) && near(view.y, (2.0, 6.0)));
        let flat = layout
            .zoom(px(2.0, 3.0), px(4.0, 3.0), View::default())
            .expect("a view");
        assert!(near(flat.x, (2.0, 4.0)) && flat.y.is_none());
        assert_eq!(
            layout.zoom(px(2.0, 3.0), px(2.0, 3.0), View::default()),
            None
        );
    }

    #[test]
    fn nothing_is_found_in_an_empty_chart() {
        let chart = Chart::new("c", v(""), Axis::linear(v("x")), Axis::linear(v("y")));
        assert_eq!(lay(&chart).hit(&chart, (300.0, 200.0)), None);
        assert_eq!(lay(&chart).step(&chart, None, Direction::Right), None);
    }
}
