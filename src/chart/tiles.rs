//! Heat maps: tiles coloured by their values.

use plotters::prelude::DrawingBackend;

use super::clip::Rect;
use super::color::Color;
use super::layout::Layout;
use super::pen::{DrawError, Pen};
use super::textbox::{Anchor, Role, TextBox};
use super::theme::Theme;
use crate::report::{Mark, Tone, format_number};

/// The box of tile `i` in pixels; `None` when it has no place.
pub fn tile_rect(mark: &Mark, i: usize, layout: &Layout) -> Option<Rect> {
    let Mark::Tiles { x, y, size, .. } = mark else {
        return None;
    };
    let across = |at: f64| layout.x.px(x[i] + at * size.0);
    let up = |at: f64| layout.y.px(y[i] + at * size.1);
    let corners = (across(-0.5), up(-0.5), across(0.5), up(0.5));
    let finite = [corners.0, corners.1, corners.2, corners.3]
        .iter()
        .all(|v| v.is_finite());
    finite.then(|| Rect::between((corners.0, corners.1), (corners.2, corners.3)))
}

/// Draws all tiles, and their values where they fit.
pub fn tiles<DB: DrawingBackend>(
    mark: &Mark,
    theme: &Theme,
    layout: &Layout,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let Mark::Tiles {
        value,
        low,
        high,
        format,
        ..
    } = mark
    else {
        return Ok(());
    };
    for (i, v) in value.iter().enumerate() {
        let Some(rect) = tile_rect(mark, i, layout).and_then(|r| r.shared(&layout.plot)) else {
            continue;
        };
        let color = fill(theme, *v, *low, *high);
        let inner = Rect {
            left: rect.left + 0.5,
            right: rect.right - 0.5,
            top: rect.top + 0.5,
            bottom: rect.bottom - 0.5,
        };
        pen.fill_snapped(&inner, color)?;
        let text = format_number(*v, *format, layout.lang);
        let size = theme.caption_size;
        let width = text.chars().count() as f64 * size * 0.6;
        if v.is_finite()
            && width + 4.0 < inner.right - inner.left
            && size * 1.2 < inner.bottom - inner.top
        {
            pen.text(&TextBox {
                role: Role::Value,
                full: None,
                at: (
                    (inner.left + inner.right) / 2.0,
                    (inner.top + inner.bottom) / 2.0,
                ),
                anchor: Anchor::Middle,
                upright: false,
                size,
                bold: false,
                color: readable(theme, color),
                width,
                text,
            })?;
        }
    }
    Ok(())
}

/// The colour of a value between `low` and `high`.
fn fill(theme: &Theme, value: f64, low: f64, high: f64) -> Color {
    if !value.is_finite() {
        return theme.grid;
    }
    if low < 0.0 && high > 0.0 {
        let reach = high.max(-low);
        let share = (value.abs() / reach).clamp(0.0, 1.0);
        let hue = theme.color(Tone::Series(if value >= 0.0 { 0 } else { 1 }));
        return theme.background.mix(hue, share);
    }
    let share = if high > low {
        (value - low) / (high - low)
    } else {
        1.0
    };
    theme.background.mix(
        theme.color(Tone::Series(0)),
        0.06 + 0.94 * share.clamp(0.0, 1.0),
    )
}

/// Of the text's colour and the background's, the one that stands out more.
fn readable(theme: &Theme, behind: Color) -> Color {
    if theme.text.contrast(behind) >= theme.background.contrast(behind) {
        theme.text
    } else {
        theme.background
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_the_background_between_two_hues() {
        let theme = Theme::light();
        assert_eq!(fill(&theme, 0.0, -1.0, 1.0).rgb, theme.background.rgb);
        assert_eq!(fill(&theme, 1.0, -1.0, 1.0).rgb, theme.series[0].rgb);
        assert_eq!(fill(&theme, -1.0, -1.0, 1.0).rgb, theme.series[1].rgb);
        assert_eq!(fill(&theme, f64::NAN, -1.0, 1.0), theme.grid);
    }

    #[test]
    fn values_can_be_read_on_their_tiles() {
        for theme in [Theme::light(), Theme::dark()] {
            for k in 0..=20 {
                let behind = fill(&theme, f64::from(k) / 10.0 - 1.0, -1.0, 1.0);
                let text = readable(&theme, behind);
                assert!(
                    text.contrast(behind) > 3.5,
                    "{k}: {}",
                    text.contrast(behind)
                );
            }
        }
    }
}
