//! The chart's own sentences, in both languages.

use std::sync::Once;

use crate::report::{Msg, add_korean};

/// Makes the Korean sentences known; cheap to call again.
pub fn load() {
    static LOADED: Once = Once::new();
    LOADED.call_once(|| add_korean("", include_str!("ko.json")));
}

pub fn left_out(n: usize) -> Msg {
    crate::msg!(
        "chart.left_out",
        "{n} {n|value|values} at or below zero cannot be shown on a log axis.",
        n = n
    )
}

pub const NOTHING: Msg = Msg::new("chart.nothing", "No values to show");
pub const N: Msg = Msg::new("chart.n", "n");
pub const INTERVAL: Msg = Msg::new("chart.interval", "Interval");
pub const SERIES: Msg = Msg::new("chart.series", "Series");
pub const NAME: Msg = Msg::new("chart.name", "Name");
pub const MARK: Msg = Msg::new("chart.mark", "Mark");
pub const POINTS: Msg = Msg::new("chart.points", "points");
pub const LINE: Msg = Msg::new("chart.line", "line");
pub const BARS: Msg = Msg::new("chart.bars", "bars");
pub const INTERVALS: Msg = Msg::new("chart.intervals", "intervals");
pub const BAND: Msg = Msg::new("chart.band", "band");
pub const AREA: Msg = Msg::new("chart.area", "area");
pub const BOXES: Msg = Msg::new("chart.boxes", "boxes");
pub const VIOLIN: Msg = Msg::new("chart.violin", "violin");
pub const BUBBLES: Msg = Msg::new("chart.bubbles", "bubbles");
pub const Q1: Msg = Msg::new("chart.q1", "Lower quartile");
pub const MEDIAN: Msg = Msg::new("chart.median", "Median");
pub const Q3: Msg = Msg::new("chart.q3", "Upper quartile");
pub const QUARTILES: Msg = Msg::new("chart.quartiles", "Quartiles");
pub const WHISKERS: Msg = Msg::new("chart.whiskers", "Whiskers");
pub const HEIGHT: Msg = Msg::new("chart.height", "Density");
pub const RULE: Msg = Msg::new("chart.rule", "reference line");
pub const TILES: Msg = Msg::new("chart.tiles", "tiles");
pub const DENSITY: Msg = Msg::new("chart.density", "counts on a grid");

pub fn to(axis: Msg) -> Msg {
    crate::msg!("chart.to", "{axis}, to", axis = axis)
}
pub fn low(axis: Msg) -> Msg {
    crate::msg!("chart.low", "{axis}, low", axis = axis)
}
pub fn high(axis: Msg) -> Msg {
    crate::msg!("chart.high", "{axis}, high", axis = axis)
}
pub fn range(low: String, high: String) -> Msg {
    crate::msg!("chart.range", "{low} to {high}", low = low, high = high)
}
