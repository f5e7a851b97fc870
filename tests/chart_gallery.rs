//! Draws a gallery of charts and holds the drawings to what a reader relies on: texts inside the
//! picture and clear of each other, bars on their line, well-formed documents.
//!
//! With `JARI_GALLERY=folder` in the environment the drawings are written there, to be looked at.

#[path = "gallery/charts.rs"]
mod charts;

use jari::chart::{EstimatedWidth, Layout, Role, TextBox, Theme, View, height_for, svg};
use jari::report::{Chart, Lang};

const WIDTHS: [f64; 3] = [320.0, 640.0, 960.0];

fn each(check: impl Fn(&Chart, (f64, f64), &Layout)) {
    for chart in charts::all() {
        for width in WIDTHS {
            for lang in [Lang::En, Lang::Ko] {
                let size = (width, height_for(&chart, width));
                let layout = Layout::new(
                    &chart,
                    size,
                    View::default(),
                    &Theme::light(),
                    lang,
                    &EstimatedWidth,
                );
                check(&chart, size, &layout);
            }
        }
    }
}

#[test]
fn drawings_are_well_formed_and_written_when_asked() {
    let folder = std::env::var_os("JARI_GALLERY").map(std::path::PathBuf::from);
    for chart in charts::all() {
        for (name, theme) in [("light", Theme::light()), ("dark", Theme::dark())] {
            let size = (640.0, height_for(&chart, 640.0));
            let drawn = svg(&chart, size, View::default(), &theme, Lang::En);
            well_formed(&drawn).unwrap_or_else(|e| panic!("{}: {e}", chart.key));
            assert!(
                drawn.contains("<title>")
                    && drawn.contains("<desc>")
                    && drawn.contains("role=\"img\"")
            );
            if let Some(folder) = &folder {
                std::fs::create_dir_all(folder).unwrap();
                std::fs::write(folder.join(format!("{}.{name}.svg", chart.key)), drawn).unwrap();
            }
        }
    }
}

#[test]
fn every_text_lies_in_the_picture() {
    each(|chart, (width, height), layout| {
        for text in &layout.texts {
            let r = text.rect();
            let inside = r.left >= -0.5
                && r.top >= -0.5
                && r.right <= width + 0.5
                && r.bottom <= height + 0.5;
            assert!(inside, "{} at {width}: {:?} {r:?}", chart.key, text.text);
        }
    });
}

#[test]
fn no_text_lies_over_another() {
    each(|chart, (width, _), layout| {
        let texts: Vec<&TextBox> = layout
            .texts
            .iter()
            .filter(|t| !t.text.is_empty() && t.role != Role::Rule)
            .collect();
        for (i, a) in texts.iter().enumerate() {
            for b in &texts[i + 1..] {
                assert!(
                    !a.rect().grow(-0.6).overlaps(&b.rect().grow(-0.6)),
                    "{} at {width}: {:?} over {:?}",
                    chart.key,
                    a,
                    b
                );
            }
        }
    });
}

#[test]
fn the_plot_keeps_its_share_of_the_picture() {
    each(|chart, (width, height), layout| {
        let share = layout.plot.width() * layout.plot.height() / (width * height);
        assert!(
            share > 0.2,
            "{} at {width}: the plot has {share:.2} of the picture",
            chart.key
        );
    });
}

#[test]
fn bars_stand_on_the_zero_line() {
    for key in ["standing_bars", "grouped_bars", "histogram"] {
        let (drawn, layout) = drawn(key, View::default());
        let zero = (layout.y.px(0.0)).round();
        let colors = [0, 1, 2].map(|s| fill(Theme::light().series[s]));
        let bars: Vec<_> = elements(&drawn, "rect")
            .filter(|r| {
                colors
                    .iter()
                    .any(|c| attribute(r, "fill") == Some(c.as_str()))
            })
            // Samples in the legend are squares above the plot.
            .filter(|r| number(r, "y") >= layout.plot.top)
            .collect();
        assert!(bars.len() >= 7, "{key}: {} bars", bars.len());
        for bar in bars {
            let (top, bottom) = (number(bar, "y"), number(bar, "y") + number(bar, "height"));
            assert!(
                (top - zero).abs() <= 1.0 || (bottom - zero).abs() <= 1.0,
                "{key}: {bar} and zero at {zero}"
            );
        }
    }
}

#[test]
fn a_zoomed_chart_draws_nothing_beside_its_plot() {
    let view = View {
        x: Some((15_750.0, 15_900.0)),
        y: Some((250.0, 400.0)),
    };
    let (drawn, layout) = drawn("lines_over_time", view);
    let lines: Vec<_> = elements(&drawn, "polyline").collect();
    assert!(lines.len() >= 3);
    let room = layout.plot.grow(1.1);
    for line in lines {
        for pair in attribute(line, "points")
            .expect("points")
            .split_whitespace()
        {
            let (x, y) = pair.split_once(',').expect("x,y");
            let at = (
                x.parse::<f64>().unwrap() / 10.0,
                y.parse::<f64>().unwrap() / 10.0,
            );
            assert!(room.contains(at), "{at:?} outside {room:?}");
        }
    }
}

#[test]
fn korean_words_of_the_drawing_follow_the_language() {
    let chart = charts::all()
        .into_iter()
        .find(|c| c.key == "log_with_zeros")
        .expect("in the gallery");
    let of = |lang| {
        svg(
            &chart,
            (640.0, 400.0),
            View::default(),
            &Theme::light(),
            lang,
        )
    };
    assert!(of(Lang::En).contains("2 values at or below zero cannot be shown on a log axis."));
    assert!(of(Lang::Ko).contains("0 이하인 값 2개는 로그 축에 나타낼 수 없어 뺐습니다."));
}

fn drawn(key: &str, view: View) -> (String, Layout) {
    let chart = charts::all()
        .into_iter()
        .find(|c| c.key == key)
        .expect("in the gallery");
    let size = (640.0, 400.0);
    let layout = Layout::new(
        &chart,
        size,
        view,
        &Theme::light(),
        Lang::En,
        &EstimatedWidth,
    );
    (svg(&chart, size, view, &Theme::light(), Lang::En), layout)
}

fn fill(color: jari::chart::Color) -> String {
    let (r, g, b) = color.rgb;
    format!("#{r:02X}{g:02X}{b:02X}")
}

fn elements<'a>(svg: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let open = format!("<{name} ");
    svg.lines().filter(move |l| l.starts_with(&open))
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let from = element.find(&format!(" {name}=\""))? + name.len() + 3;
    element[from..].split('"').next()
}

/// An attribute in CSS pixels: a drawing counts tenths.
fn number(element: &str, name: &str) -> f64 {
    attribute(element, name)
        .and_then(|v| v.parse::<f64>().ok())
        .expect("a number")
        / 10.0
}

/// Whether tags nest and texts hold no bare `<` or `&`: all of XML that a drawing uses.
fn well_formed(xml: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        entities(&rest[..at])?;
        let end = at + rest[at..].find('>').ok_or("a tag without its end")?;
        let tag = &rest[at + 1..end];
        entities(tag)?;
        if tag.contains('<') {
            return Err(format!("< within {tag}"));
        }
        if let Some(name) = tag.strip_prefix('/') {
            let expected = open.pop().ok_or(format!("{name} closes nothing"))?;
            if expected != name {
                return Err(format!("{name} closes {expected}"));
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap_or("").to_string());
        }
        rest = &rest[end + 1..];
    }
    if xml.chars().any(|c| c.is_control() && c != '\n') {
        return Err("a control character".into());
    }
    if open.is_empty() {
        Ok(())
    } else {
        Err(format!("{open:?} stay open"))
    }
}

fn entities(text: &str) -> Result<(), String> {
    for (at, _) in text.match_indices('&') {
        let known = ["&lt;", "&gt;", "&amp;", "&quot;", "&apos;", "&#39;"];
        if !known.iter().any(|e| text[at..].starts_with(e)) {
            return Err(format!("a bare & in {text}"));
        }
    }
    Ok(())
}
