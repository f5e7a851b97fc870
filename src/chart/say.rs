//! The values of one element of a chart, in words.

use super::data::{place, value_format};
use super::scale::Kind;
use super::words;
use crate::report::{Along, Axis, Cell, Chart, Format, Lang, Mark, Msg, Tone, format_number};

/// What is said of one element of a mark.
pub struct Words<'a> {
    chart: &'a Chart,
    lang: Lang,
    /// The name of a category, an observation or a series.
    pub title: Option<String>,
    /// What is measured, and the value.
    pub lines: Vec<(String, String)>,
}

impl<'a> Words<'a> {
    pub fn of(chart: &'a Chart, lang: Lang, mark: usize, index: usize) -> Self {
        let mut words = Self {
            chart,
            lang,
            title: None,
            lines: Vec::new(),
        };
        words.gather(&chart.marks[mark], index);
        words
    }

    fn gather(&mut self, mark: &Mark, i: usize) {
        let (x_axis, y_axis) = (&self.chart.x, &self.chart.y);
        match mark {
            Mark::Points { x, y, tone, names } => {
                self.title = names.get(i).filter(|n| !n.is_empty()).cloned();
                self.series(*tone);
                self.value(x_axis, x[i]);
                self.value(y_axis, y[i]);
            }
            Mark::Line { x, y, tone, .. } => {
                self.series(*tone);
                self.value(x_axis, x[i]);
                self.value(y_axis, y[i]);
            }
            Mark::Band { x, low, high, tone } => {
                self.series(*tone);
                self.value(x_axis, x[i]);
                self.range(y_axis, low[i], high[i]);
            }
            Mark::Bars {
                along,
                from,
                to,
                base,
                length,
                tone,
            } => {
                let (at, value) = if *along == Along::X {
                    (x_axis, y_axis)
                } else {
                    (y_axis, x_axis)
                };
                if Kind::of(at) == Kind::Category {
                    self.value(at, ((from[i] + to[i]) / 2.0).round());
                } else {
                    self.range(at, from[i], to[i]);
                }
                self.series(*tone);
                let amount = if base[i].is_finite() {
                    length[i] - base[i]
                } else {
                    length[i]
                };
                self.value(value, amount);
            }
            Mark::Intervals {
                along,
                at,
                centre,
                low,
                high,
                tone,
                n,
            } => {
                let (at_axis, value) = if *along == Along::X {
                    (x_axis, y_axis)
                } else {
                    (y_axis, x_axis)
                };
                self.value(
                    at_axis,
                    if Kind::of(at_axis) == Kind::Category {
                        at[i].round()
                    } else {
                        at[i]
                    },
                );
                self.series(*tone);
                self.value(value, centre[i]);
                let text = self.between(value, low[i], high[i]);
                self.line(&words::INTERVAL, text);
                if let Some(&n) = n.get(i) {
                    self.line(
                        &words::N,
                        format_number(n as f64, Format::Integer, self.lang),
                    );
                }
            }
            Mark::Density {
                x,
                y,
                n_x,
                n_y,
                counts,
                series,
            } => {
                let edge =
                    |r: &(f64, f64), i: usize, n: usize| r.0 + (r.1 - r.0) * i as f64 / n as f64;
                let (column, row) = (i % n_x, i / n_x);
                self.series(Tone::Series(series[i]));
                self.range(x_axis, edge(x, column, *n_x), edge(x, column + 1, *n_x));
                self.range(y_axis, edge(y, row, *n_y), edge(y, row + 1, *n_y));
                self.line(
                    &words::N,
                    format_number(f64::from(counts[i]), Format::Integer, self.lang),
                );
            }
            Mark::Tiles {
                x,
                y,
                value,
                title,
                format,
                ..
            } => {
                self.place(x_axis, x[i]);
                self.place(y_axis, y[i]);
                self.line(title, format_number(value[i], *format, self.lang));
            }
            Mark::Area { x, base, top, tone } => {
                self.series(*tone);
                self.value(x_axis, x[i]);
                let amount = if base[i].is_finite() {
                    top[i] - base[i]
                } else {
                    top[i]
                };
                self.value(y_axis, amount);
            }
            Mark::Boxes {
                along,
                at,
                low,
                q1,
                median,
                q3,
                high,
                tone,
                n,
                ..
            } => {
                let value = self.position(*along, at[i]);
                self.series(*tone);
                let format = value_format(value);
                self.line(&words::MEDIAN, format_number(median[i], format, self.lang));
                let text = self.between(value, q1[i], q3[i]);
                self.line(&words::QUARTILES, text);
                let text = self.between(value, low[i], high[i]);
                self.line(&words::WHISKERS, text);
                if let Some(&n) = n.get(i) {
                    self.line(
                        &words::N,
                        format_number(n as f64, Format::Integer, self.lang),
                    );
                }
            }
            Mark::Violin {
                along,
                at,
                value,
                density,
                tone,
                ..
            } => {
                let axis = self.position(*along, *at);
                self.series(*tone);
                self.value(axis, value[i]);
                self.line(
                    &words::HEIGHT,
                    format_number(density[i], Format::Significant(3), self.lang),
                );
            }
            Mark::Bubbles {
                x,
                y,
                size,
                title,
                tone,
                ..
            } => {
                self.series(*tone);
                self.value(x_axis, x[i]);
                self.value(y_axis, y[i]);
                self.line(title, format_number(size[i], Format::General, self.lang));
            }
            Mark::Rule { .. } => {}
        }
    }

    /// Says where on the axis of positions something is, and gives the axis of its values.
    fn position(&mut self, along: Along, at: f64) -> &'a Axis {
        let (positions, values) = match along {
            Along::X => (&self.chart.x, &self.chart.y),
            Along::Y => (&self.chart.y, &self.chart.x),
        };
        let at = match Kind::of(positions) {
            Kind::Category => at.round(),
            _ => at,
        };
        self.value(positions, at);
        values
    }

    fn series(&mut self, tone: Tone) {
        let Tone::Series(s) = tone else { return };
        if let Some(name) = self.chart.series.get(usize::from(s)) {
            let name = name.text(self.lang);
            match &self.title {
                None => self.title = Some(name),
                // Groups that have a place and a colour are named once.
                Some(title) if *title == name => {}
                Some(_) => self.line(&words::SERIES, name),
            }
        }
    }

    /// A value of an axis; the name of a category becomes the title.
    fn value(&mut self, axis: &Axis, value: f64) {
        let lang = self.lang;
        match place(axis, value) {
            Cell::Msg(name) => self.title = Some(name.text(lang)),
            _ => self.line(&axis.title, format_number(value, value_format(axis), lang)),
        }
    }

    /// A value of an axis, or a category, each on a line of its own or as the title.
    fn place(&mut self, axis: &Axis, value: f64) {
        let lang = self.lang;
        let text = match place(axis, value) {
            Cell::Msg(name) => name.text(lang),
            _ => format_number(value, value_format(axis), lang),
        };
        self.title = Some(match self.title.take() {
            Some(first) => format!("{first} × {text}"),
            None => text,
        });
    }

    fn range(&mut self, axis: &Axis, low: f64, high: f64) {
        let text = self.between(axis, low, high);
        self.line(&axis.title, text);
    }

    fn between(&self, axis: &Axis, low: f64, high: f64) -> String {
        let lang = self.lang;
        let write = |v: f64| format_number(v, value_format(axis), lang);
        words::range(write(low), write(high)).text(lang)
    }

    fn line(&mut self, label: &Msg, value: String) {
        self.lines.push((label.text(self.lang), value));
    }
}
