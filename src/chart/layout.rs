//! Where everything of a chart goes: measured, but not yet drawn.

use super::axes::{AxisLabels, depth, x_labels, y_labels};
use super::clip::Rect;
use super::ends::{
    bar_values, bars_to_label, line_names, lines_to_name, name_room, rule_labels, value_room,
};
use super::extent::{Content, View, content, is_empty};
use super::head::{Key, foot, head, used_series};
use super::measure::MeasureText;
use super::scale::{Kind, Projection};
use super::textbox::{Anchor, Desk, Role, TextBox};
use super::theme::Theme;
use super::ticks::Tick;
use super::words;
use crate::report::{Along, Chart, Lang, Limits, Mark, Scale};

/// The places of a chart's parts, in CSS pixels from the top left.
///
/// It answers what lies under the pointer ([`Layout::hit`]), steps through the marks
/// ([`Layout::step`]) and turns a drag into a [`View`] ([`Layout::zoom`]).
#[derive(Clone, Debug)]
pub struct Layout {
    pub size: (f64, f64),
    /// Where the marks are.
    pub plot: Rect,
    pub x: Projection,
    pub y: Projection,
    pub x_ticks: Vec<Tick>,
    pub y_ticks: Vec<Tick>,
    pub texts: Vec<TextBox>,
    pub keys: Vec<Key>,
    /// Whether values run along x, so that grid lines stand.
    pub horizontal: bool,
    /// Whether values are written on the bars, so that no grid is needed.
    pub labelled: bool,
    /// Whether there is nothing to show.
    pub empty: bool,
    pub lang: Lang,
}

impl Layout {
    /// Lays `chart` out in `size` CSS pixels.
    pub fn new(
        chart: &Chart,
        size: (f64, f64),
        view: View,
        theme: &Theme,
        lang: Lang,
        measure: &dyn MeasureText,
    ) -> Self {
        words::load();
        let desk = Desk {
            chart,
            theme,
            lang,
            measure,
        };
        let content = content(chart);
        let to_name = (!chart.keyless).then(|| lines_to_name(&desk, size.0));
        if let Some(series) = to_name.flatten() {
            let mut layout = arrange(
                &desk,
                size,
                view,
                &content,
                Naming::AtEnds(name_room(&desk, &series)),
            );
            if let Some(names) = line_names(&desk, &series, &layout.x, &layout.y, &layout.plot) {
                layout.texts.extend(names);
                return layout;
            }
        }
        let naming = if used_series(&desk).len() > 1 && !chart.keyless {
            Naming::Legend
        } else {
            Naming::Nowhere
        };
        arrange(&desk, size, view, &content, naming)
    }

    /// The data at a pixel of the plot.
    pub fn to_data(&self, px: (f64, f64)) -> (f64, f64) {
        (self.x.data(px.0), self.y.data(px.1))
    }

    /// The view of what lies between two corners of a drag; `None` for a drag that is too short to be
    /// one. A drag that is flat along one axis leaves that axis as `now` has it.
    pub fn zoom(&self, from: (f64, f64), to: (f64, f64), now: View) -> Option<View> {
        const SHORTEST: f64 = 8.0;
        let drag = Rect::between(from, to).shared(&self.plot)?;
        let (a, b) = (
            self.to_data((drag.left, drag.bottom)),
            self.to_data((drag.right, drag.top)),
        );
        let order = |p: f64, q: f64| (p.min(q), p.max(q));
        let x = (drag.width() >= SHORTEST).then(|| order(a.0, b.0));
        let y = (drag.height() >= SHORTEST).then(|| order(a.1, b.1));
        (x.is_some() || y.is_some()).then(|| View {
            x: x.or(now.x),
            y: y.or(now.y),
        })
    }

    /// The whole of the shortened text at a pixel.
    pub fn full_text(&self, px: (f64, f64)) -> Option<&str> {
        self.texts
            .iter()
            .find(|t| t.full.is_some() && t.rect().contains(px))
            .and_then(|t| t.full.as_deref())
    }
}

/// A height that suits `chart` at `width`: rows of a lying chart all get room for their names and for
/// what stands in them side by side.
pub fn height_for(chart: &Chart, width: f64) -> f64 {
    rows_height(chart).unwrap_or((width * 0.45).clamp(180.0, 300.0) + 110.0)
}

/// The one height of `charts` that stand in a grid, each at `width`.
pub fn small_height(charts: &[Chart], width: f64) -> f64 {
    let usual = (width * 0.66).clamp(110.0, 260.0) + 74.0;
    charts.iter().filter_map(rows_height).fold(usual, f64::max)
}

/// The height of a lying chart of categories.
fn rows_height(chart: &Chart) -> Option<f64> {
    let Scale::Category(names) = &chart.y.scale else {
        return None;
    };
    if !content(chart).horizontal {
        return None;
    }
    let is_wide = |m: &Mark| matches!(m, Mark::Boxes { .. } | Mark::Violin { .. });
    // What stands in the first row, each at a place of its own.
    let mut places: Vec<f64> = chart
        .marks
        .iter()
        .filter_map(|m| match m {
            Mark::Bars { from, .. } => from.first().copied(),
            Mark::Intervals { at, .. } | Mark::Boxes { at, .. } => at.first().copied(),
            Mark::Violin { at, .. } => (*at < 0.5).then_some(*at),
            _ => None,
        })
        .collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let n_places = places.len().max(1) as f64;
    let row = match chart.marks.iter().any(is_wide) {
        true => (20.0 * n_places).max(46.0),
        false => (13.0 * n_places).max(26.0),
    };
    Some((names.len() as f64 * row + 120.0).clamp(160.0, 2400.0))
}

/// Where the names of series stand.
#[derive(Clone, Copy, PartialEq)]
enum Naming {
    Nowhere,
    Legend,
    /// At the ends of lines, with this much room.
    AtEnds(f64),
}

fn arrange(desk: &Desk, size: (f64, f64), view: View, content: &Content, naming: Naming) -> Layout {
    let Desk {
        chart, theme, lang, ..
    } = *desk;
    let pad = theme.pad;
    let (mut texts, mut keys) = (Vec::new(), Vec::new());
    let head_end = head(desk, size, naming == Naming::Legend, &mut texts, &mut keys);
    let floor = foot(desk, size, content.left_out, &mut texts);
    let empty = is_empty(content, chart);
    let labels = if empty { None } else { bars_to_label(desk) };
    let titles = AxisTitles::new(
        desk,
        labels.as_ref().is_some_and(|(along, _)| *along == Along::Y),
    );
    let top = head_end + titles.above + 10.0;
    let x_title_height = titles.below;
    let right = size.0
        - pad
        - if let Naming::AtEnds(room) = naming {
            room
        } else {
            2.0
        };

    let (kind_x, kind_y) = (Kind::of(&chart.x), Kind::of(&chart.y));
    let domain_x = view.x.unwrap_or_else(|| {
        category_domain(&chart.x.scale)
            .unwrap_or_else(|| limited(content.x.domain(kind_x), chart.x.limits, kind_x))
    });
    let domain_y = view.y.unwrap_or_else(|| {
        category_domain(&chart.y.scale)
            .unwrap_or_else(|| limited(content.y.domain(kind_y), chart.y.limits, kind_y))
    });

    let mut plot = Rect {
        left: pad + 30.0,
        top,
        right,
        bottom: floor - x_title_height - 24.0,
    };
    let mut x = Projection {
        kind: kind_x,
        domain: domain_x,
        range: (0.0, 1.0),
    };
    let mut y = Projection {
        kind: kind_y,
        domain: domain_y,
        range: (1.0, 0.0),
    };
    let (mut x_axis, mut y_axis) = (AxisLabels::default(), AxisLabels::default());
    let mut labelled = false;
    // The labels of one axis take room from the other, so the second round sees what the first one took.
    for _ in 0..3 {
        plot.right = plot.right.max(plot.left + 1.0);
        plot.bottom = plot.bottom.max(plot.top + 1.0);
        x.range = (plot.left, plot.right);
        y.range = if kind_y == Kind::Category {
            (plot.top, plot.bottom)
        } else {
            (plot.bottom, plot.top)
        };
        if let Some((along, values)) = &labels {
            let slot = if *along == Along::X { &x } else { &y };
            let slot = (slot.px(1.0) - slot.px(0.0)).abs();
            if let Some((before, after)) = value_room(desk, *along, values, slot) {
                labelled = true;
                match along {
                    Along::Y => x.range = (plot.left + before, plot.right - after),
                    Along::X => y.range = (plot.bottom - before, plot.top + after),
                }
            } else {
                labelled = false;
            }
        }
        let bare = |along| labelled && labels.as_ref().is_some_and(|(a, _)| *a == along);
        y_axis = if empty || bare(Along::X) {
            AxisLabels::default()
        } else {
            y_labels(desk, &y, plot.left, size.0 * 0.38)
        };
        let widest = y_axis.texts.iter().map(|t| t.width).fold(0.0, f64::max);
        let left = if widest > 0.0 {
            pad + widest + 8.0
        } else {
            pad
        };
        x_axis = if empty || bare(Along::Y) {
            AxisLabels::default()
        } else {
            x_labels(desk, &x, plot.bottom, size.0)
        };
        let below = depth(&x_axis.texts, plot.bottom);
        let bottom = floor - x_title_height - below - if below > 0.0 { 0.0 } else { 4.0 };
        if (left - plot.left).abs() < 0.01 && (bottom - plot.bottom).abs() < 0.01 {
            break;
        }
        (plot.left, plot.bottom) = (left, bottom);
    }

    titles.place(desk, size, head_end, floor, &plot, &mut texts);
    if empty {
        let middle = (
            (plot.left + plot.right) / 2.0,
            (plot.top + plot.bottom) / 2.0,
        );
        texts.push(desk.text(
            Role::Empty,
            &words::NOTHING.text(lang),
            middle,
            Anchor::Middle,
        ));
    } else {
        texts.extend(x_axis.texts);
        texts.extend(y_axis.texts);
        if let (Some((along, values)), true) = (&labels, labelled) {
            texts.extend(bar_values(desk, *along, values, &x, &y, &plot));
        }
        texts.extend(rule_labels(desk, &x, &y, &plot));
    }
    Layout {
        size,
        plot,
        x,
        y,
        x_ticks: x_axis.ticks,
        y_ticks: y_axis.ticks,
        texts,
        keys,
        horizontal: content.horizontal,
        labelled,
        empty,
        lang,
    }
}

/// The titles of both axes and the rows they take.
struct AxisTitles {
    x: String,
    y: String,
    /// Bars that carry their values have no x axis, so its title stands above them.
    x_above: bool,
    /// Pixels above the plot.
    above: f64,
    /// Pixels below the plot.
    below: f64,
}

impl AxisTitles {
    fn new(desk: &Desk, x_above: bool) -> Self {
        let (x, y) = (
            desk.chart.x.title.text(desk.lang),
            desk.chart.y.title.text(desk.lang),
        );
        let nothing_above = y.is_empty() && (x.is_empty() || !x_above);
        let above = if nothing_above {
            0.0
        } else {
            desk.line(Role::YTitle)
        };
        let below = if x.is_empty() || x_above {
            0.0
        } else {
            desk.line(Role::XTitle) + 2.0
        };
        Self {
            x,
            y,
            x_above,
            above,
            below,
        }
    }

    fn place(
        &self,
        desk: &Desk,
        size: (f64, f64),
        head_end: f64,
        floor: f64,
        plot: &Rect,
        texts: &mut Vec<TextBox>,
    ) {
        let pad = desk.theme.pad;
        let room = (size.0 - 2.0 * pad).max(1.0);
        let upper = head_end + desk.line(Role::YTitle) / 2.0;
        if self.x_above {
            let left = if self.y.is_empty() { pad } else { plot.left };
            if !self.y.is_empty() {
                let beside = (plot.left - pad - 8.0).max(1.0);
                texts.push(desk.elided(
                    Role::YTitle,
                    &self.y,
                    (plot.left - 8.0, upper),
                    Anchor::End,
                    beside,
                ));
            }
            texts.push(desk.elided(
                Role::XTitle,
                &self.x,
                (left, upper),
                Anchor::Start,
                (size.0 - pad - left).max(1.0),
            ));
            return;
        }
        if !self.y.is_empty() {
            texts.push(desk.elided(Role::YTitle, &self.y, (pad, upper), Anchor::Start, room));
        }
        if !self.x.is_empty() {
            let lower = floor - desk.line(Role::XTitle) / 2.0;
            texts.push(
                desk.elided(
                    Role::XTitle,
                    &self.x,
                    (plot.right, lower),
                    Anchor::End,
                    room,
                )
                .keep_within(pad, size.0),
            );
        }
    }
}

/// A domain between the ends that a person has set, where an axis can have them.
fn limited(domain: (f64, f64), limits: Limits, kind: Kind) -> (f64, f64) {
    let possible = |v: &f64| v.is_finite() && (kind != Kind::Log || *v > 0.0);
    let low = limits.low.filter(possible).unwrap_or(domain.0);
    let high = limits.high.filter(possible).unwrap_or(domain.1);
    if low < high { (low, high) } else { domain }
}

fn category_domain(scale: &Scale) -> Option<(f64, f64)> {
    match scale {
        Scale::Category(names) => Some((-0.5, names.len().max(1) as f64 - 0.5)),
        _ => None,
    }
}
