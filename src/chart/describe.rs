//! A chart in words, for those who listen.

use super::marks::mark_len;
use super::words;
use crate::report::{Chart, Lang, Mark, Msg};

/// What the chart shows: its title, its axes and how many marks of each kind.
pub fn describe(chart: &Chart, lang: Lang) -> String {
    words::load();
    let marks: Vec<Msg> = chart.marks.iter().map(count).collect();
    let of = |title: &Msg, fallback: &Msg| {
        if title.text(lang).is_empty() {
            fallback.clone()
        } else {
            title.clone()
        }
    };
    crate::msg!(
        "chart.describe",
        "{title}. Horizontal axis: {x}. Vertical axis: {y}. {marks}.",
        title = chart.title.clone(),
        x = of(&chart.x.title, &Msg::verbatim("–")),
        y = of(&chart.y.title, &Msg::verbatim("–")),
        marks = if marks.is_empty() {
            vec![words::NOTHING]
        } else {
            marks
        }
    )
    .text(lang)
}

/// What a kind of mark is called.
pub fn kind_name(mark: &Mark) -> Msg {
    match mark {
        Mark::Points { .. } => words::POINTS,
        Mark::Line { .. } => words::LINE,
        Mark::Bars { .. } => words::BARS,
        Mark::Intervals { .. } => words::INTERVALS,
        Mark::Band { .. } => words::BAND,
        Mark::Area { .. } => words::AREA,
        Mark::Boxes { .. } => words::BOXES,
        Mark::Violin { .. } => words::VIOLIN,
        Mark::Bubbles { .. } => words::BUBBLES,
        Mark::Rule { .. } => words::RULE,
        Mark::Density { .. } => words::DENSITY,
        Mark::Tiles { .. } => words::TILES,
    }
}

fn count(mark: &Mark) -> Msg {
    match mark {
        Mark::Points { .. }
        | Mark::Bars { .. }
        | Mark::Intervals { .. }
        | Mark::Boxes { .. }
        | Mark::Bubbles { .. }
        | Mark::Tiles { .. } => {
            crate::msg!(
                "chart.describe_one",
                "{n} {name}",
                n = mark_len(mark),
                name = kind_name(mark)
            )
        }
        _ => kind_name(mark),
    }
}
