//! One drawing of a chart, on any plotters backend.

use plotters::prelude::DrawingBackend;

use super::clip::Rect;
use super::extent::View;
use super::head::KeyShape;
use super::layout::Layout;
use super::marks::marks;
use super::measure::MeasureText;
use super::pen::{DrawError, Pen, Surface};
use super::scale::Kind;
use super::textbox::Role;
use super::theme::Theme;
use crate::report::{Chart, Lang, Mark, Tone};

/// Lays `chart` out in `size` CSS pixels and draws it.
pub fn draw<DB: DrawingBackend>(
    chart: &Chart,
    size: (f64, f64),
    view: View,
    theme: &Theme,
    lang: Lang,
    measure: &dyn MeasureText,
    surface: &mut Surface<DB>,
) -> Result<Layout, DrawError> {
    let layout = Layout::new(chart, size, view, theme, lang, measure);
    draw_layout(chart, &layout, theme, surface)?;
    Ok(layout)
}

/// Draws a chart that is laid out.
pub fn draw_layout<DB: DrawingBackend>(
    chart: &Chart,
    layout: &Layout,
    theme: &Theme,
    surface: &mut Surface<DB>,
) -> Result<(), DrawError> {
    surface.backend.ensure_prepared()?;
    {
        let pen = &mut Pen::new(surface, &theme.font);
        pen.fill_rect(
            &Rect {
                left: 0.0,
                top: 0.0,
                right: layout.size.0,
                bottom: layout.size.1,
            },
            theme.background,
        )?;
        if !layout.empty {
            grid(chart, layout, theme, pen)?;
            marks(chart, layout, theme, pen)?;
            baseline(chart, layout, theme, pen)?;
        }
        legend_keys(layout, theme, pen)?;
        for text in &layout.texts {
            if text.role == Role::Rule {
                pen.fill_rect(&text.rect().grow(1.0), theme.background.with_alpha(0.8))?;
            }
            pen.text(text)?;
        }
    }
    surface.backend.present()?;
    Ok(())
}

/// Hairlines across the plot at the ticks of the axis that measures.
fn grid<DB: DrawingBackend>(
    chart: &Chart,
    layout: &Layout,
    theme: &Theme,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = layout.plot;
    if layout.labelled {
        return Ok(());
    }
    if layout.horizontal {
        for tick in &layout.x_ticks {
            let x = layout.x.px(tick.value);
            pen.hairline((x, top), (x, bottom), 1.0, theme.grid)?;
        }
    } else {
        for tick in &layout.y_ticks {
            let y = layout.y.px(tick.value);
            pen.hairline((left, y), (right, y), 1.0, theme.grid)?;
        }
        if Kind::of(&chart.x) != Kind::Category {
            for tick in &layout.x_ticks {
                let x = layout.x.px(tick.value);
                pen.hairline((x, bottom), (x, bottom + 5.0), 1.0, theme.axis)?;
            }
        }
    }
    Ok(())
}

/// The line that bars stand on, and the x axis of a standing chart.
fn baseline<DB: DrawingBackend>(
    chart: &Chart,
    layout: &Layout,
    theme: &Theme,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = layout.plot;
    let bars = chart
        .marks
        .iter()
        .any(|m| matches!(m, Mark::Bars { .. } | Mark::Area { .. }));
    let value = if layout.horizontal {
        &layout.x
    } else {
        &layout.y
    };
    let zero = (value.kind == Kind::Linear && value.contains(0.0)).then(|| value.px(0.0));
    match (layout.horizontal, zero) {
        (true, Some(x)) => pen.hairline(
            (x, top),
            (x, bottom),
            1.0,
            if bars { theme.secondary } else { theme.axis },
        ),
        (true, None) => Ok(()),
        (false, Some(y)) if bars => pen.hairline((left, y), (right, y), 1.0, theme.secondary),
        (false, _) => pen.hairline((left, bottom), (right, bottom), 1.0, theme.axis),
    }
}

fn legend_keys<DB: DrawingBackend>(
    layout: &Layout,
    theme: &Theme,
    pen: &mut Pen<DB>,
) -> Result<(), DrawError> {
    for key in &layout.keys {
        let color = theme.color(Tone::Series(key.series));
        let r = key.rect;
        let middle = ((r.left + r.right) / 2.0, (r.top + r.bottom) / 2.0);
        match key.shape {
            KeyShape::Dot => pen.dots(&[middle], 4.5, color)?,
            KeyShape::Square => pen.fill_snapped(&r, color)?,
            KeyShape::Line => pen.line(&[(r.left, middle.1), (r.right, middle.1)], 2.5, color)?,
        }
    }
    Ok(())
}
