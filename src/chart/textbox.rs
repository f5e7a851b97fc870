//! Placed texts, and the pen that places them.

use super::clip::Rect;
use super::color::Color;
use super::measure::{MeasureText, elide, wrap};
use super::theme::Theme;
use crate::report::{Chart, Lang};

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Title,
    Legend,
    XTitle,
    YTitle,
    XTick,
    YTick,
    /// The name of a line, at its end.
    LineEnd,
    /// The value of a bar, at its end.
    Value,
    Rule,
    Caption,
    /// Said in the middle of a plot that has nothing to show.
    Empty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBox {
    pub role: Role,
    pub text: String,
    /// The whole text, when `text` is shortened or one line of several.
    pub full: Option<String>,
    /// Where the anchor is, in CSS pixels; `y` is the middle of the line's height.
    pub at: (f64, f64),
    pub anchor: Anchor,
    /// Whether it is turned to read upwards.
    pub upright: bool,
    pub size: f64,
    pub bold: bool,
    pub color: Color,
    pub width: f64,
}

/// Height of a line of text, in font sizes.
const LINE: f64 = 1.2;

impl TextBox {
    /// The box that the text fills.
    pub fn rect(&self) -> Rect {
        let before = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => self.width / 2.0,
            Anchor::End => self.width,
        };
        let (x, y) = self.at;
        let half = self.size * LINE / 2.0;
        if self.upright {
            Rect {
                left: x - half,
                right: x + half,
                top: y - (self.width - before),
                bottom: y + before,
            }
        } else {
            Rect {
                left: x - before,
                right: x - before + self.width,
                top: y - half,
                bottom: y + half,
            }
        }
    }

    /// Moved sideways so that it lies between `left` and `right`, as far as it can.
    pub fn keep_within(mut self, left: f64, right: f64) -> Self {
        let rect = self.rect();
        self.at.0 += (left - rect.left).max(0.0);
        self.at.0 -= (rect.right - right)
            .max(0.0)
            .min((rect.left - left).max(0.0));
        self
    }
}

/// What the parts of a layout need to place texts.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub chart: &'a Chart,
    pub theme: &'a Theme,
    pub lang: Lang,
    pub measure: &'a dyn MeasureText,
}

impl Desk<'_> {
    pub fn text(&self, role: Role, text: &str, at: (f64, f64), anchor: Anchor) -> TextBox {
        let (size, bold, color) = self.style(role);
        let text = printable(text);
        let width = self.measure.width(&text, size, bold);
        TextBox {
            role,
            text,
            full: None,
            at,
            anchor,
            upright: false,
            size,
            bold,
            color,
            width,
        }
    }

    /// Shortened to `width`, the whole text kept beside it.
    pub fn elided(
        &self,
        role: Role,
        text: &str,
        at: (f64, f64),
        anchor: Anchor,
        width: f64,
    ) -> TextBox {
        let (size, bold, _) = self.style(role);
        let short = elide(self.measure, text, size, bold, width);
        let full = (short != text).then(|| text.to_string());
        TextBox {
            full,
            ..self.text(role, &short, at, anchor)
        }
    }

    pub fn wrapped(&self, role: Role, text: &str, width: f64, max_lines: usize) -> Vec<String> {
        let (size, bold, _) = self.style(role);
        wrap(self.measure, text, size, bold, width, max_lines)
    }

    pub fn width(&self, role: Role, text: &str) -> f64 {
        let (size, bold, _) = self.style(role);
        self.measure.width(text, size, bold)
    }

    /// Height of a line of this role.
    pub fn line(&self, role: Role) -> f64 {
        (self.style(role).0 * LINE).ceil() + if role == Role::Title { 2.0 } else { 0.0 }
    }

    fn style(&self, role: Role) -> (f64, bool, Color) {
        let t = self.theme;
        match role {
            Role::Title => (t.title_size, true, t.text),
            Role::Legend | Role::LineEnd | Role::Value => (t.label_size, false, t.text),
            Role::XTick | Role::YTick | Role::XTitle | Role::YTitle | Role::Empty => {
                (t.label_size, false, t.secondary)
            }
            Role::Rule | Role::Caption => (t.caption_size, false, t.secondary),
        }
    }
}

/// Without the characters that neither a line of text nor XML can hold.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') {
                ' '
            } else {
                c
            }
        })
        .collect()
}
