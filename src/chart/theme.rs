//! Colours, fonts and sizes, light and dark.

use super::color::Color;
use crate::report::Tone;

/// What a chart looks like. Sizes are CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub background: Color,
    /// Titles and values.
    pub text: Color,
    /// Axis titles, tick labels, captions.
    pub secondary: Color,
    pub grid: Color,
    /// The axis line, the zero line and tick marks.
    pub axis: Color,
    /// Marks that are context.
    pub muted: Color,
    /// Marks of a chart without categories, and among others the one thing to look at.
    pub accent: Color,
    /// Okabe and Ito's hues, their lightness moved so that each stands out from the background at 3:1
    /// or more and all stay apart under protanopia and deuteranopia.
    pub series: [Color; 8],
    /// A perceptually uniform ramp for counts, from few to many.
    pub ramp: [Color; 3],
    /// A CSS font-family list.
    pub font: String,
    pub title_size: f64,
    pub label_size: f64,
    pub caption_size: f64,
    /// Free space around everything.
    pub pad: f64,
}

/// The fonts of the page: the system's own, with Korean ones behind it.
pub const FONT: &str =
    "system-ui, Pretendard, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', sans-serif";

impl Theme {
    pub fn light() -> Self {
        Self {
            background: Color::hex(0xFFFFFF),
            text: Color::hex(0x1C2127),
            secondary: Color::hex(0x5B636D),
            grid: Color::hex(0xE7E9EC),
            axis: Color::hex(0xA9AFB7),
            muted: Color::hex(0x8B929B),
            accent: Color::hex(0x17737E),
            series: SERIES_LIGHT.map(Color::hex),
            ramp: [0xDDEBC8, 0x3F9FA8, 0x1B2A6B].map(Color::hex),
            ..Self::plain()
        }
    }

    pub fn dark() -> Self {
        Self {
            background: Color::hex(0x16181C),
            text: Color::hex(0xE8EAED),
            secondary: Color::hex(0xA3A9B2),
            grid: Color::hex(0x2A2E34),
            axis: Color::hex(0x59606A),
            muted: Color::hex(0x767D87),
            accent: Color::hex(0x5DB4BE),
            series: SERIES_DARK.map(Color::hex),
            ramp: [0x23345F, 0x2F8F98, 0xE6F3C4].map(Color::hex),
            ..Self::plain()
        }
    }

    pub fn color(&self, tone: Tone) -> Color {
        match tone {
            Tone::Series(s) => self.series[usize::from(s) % self.series.len()],
            Tone::Muted => self.muted,
            Tone::Accent => self.accent,
        }
    }

    /// The colour of `share` (0 to 1) of the most there is, on the ramp.
    pub fn ramp(&self, share: f64) -> Color {
        let [few, some, many] = self.ramp;
        if share < 0.5 {
            few.mix(some, share * 2.0)
        } else {
            some.mix(many, share * 2.0 - 1.0)
        }
    }

    /// The colour of `share` of the most there is, in the hue of a series.
    pub fn tint(&self, series: u16, share: f64) -> Color {
        self.background
            .mix(self.color(Tone::Series(series)), 0.22 + 0.78 * share)
    }

    fn plain() -> Self {
        let black = Color::hex(0);
        Self {
            background: black,
            text: black,
            secondary: black,
            grid: black,
            axis: black,
            muted: black,
            accent: black,
            series: [black; 8],
            ramp: [black; 3],
            font: FONT.to_string(),
            title_size: 15.0,
            label_size: 12.0,
            caption_size: 11.0,
            pad: 8.0,
        }
    }
}

/// Blue, vermillion, green, purple, orange, sky (darker on white), yellow (olive on white), grey.
const SERIES_LIGHT: [u32; 8] = [
    0x2059A5, 0xE47314, 0x15765F, 0xC976A8, 0xA2610C, 0x4A97DE, 0x605101, 0x354150,
];
const SERIES_DARK: [u32; 8] = [
    0x6CA4F7, 0xC8643C, 0x6CC78C, 0xFDBEE7, 0xE0AC3A, 0x2487C7, 0xF2EDB0, 0x868F9A,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys and small pictures of the page are in the charts' colours; the dark ones stand there twice.
    #[test]
    fn the_page_has_the_same_colours() {
        let css = include_str!("../../style/tokens.css");
        let check = |name: &str, color: Color, n_times: usize| {
            let (r, g, b) = color.rgb;
            let line = format!("--{name}: #{r:02x}{g:02x}{b:02x};");
            assert_eq!(css.matches(&line).count(), n_times, "{line}");
        };
        for (theme, n_times) in [(Theme::light(), 1), (Theme::dark(), 2)] {
            for (i, color) in theme.series.into_iter().enumerate() {
                check(&format!("series-{}", i + 1), color, n_times);
            }
            check("surface", theme.background, n_times);
            check("text", theme.text, n_times);
            check("text-2", theme.secondary, n_times);
        }
    }

    const THEMES: [fn() -> Theme; 2] = [Theme::light, Theme::dark];

    /// What a person with a colour-vision deficiency sees, on linear RGB: Machado, Oliveira and
    /// Fernandes 2009, severity 1.
    const PROTANOPIA: [[f64; 3]; 3] = [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ];
    const DEUTERANOPIA: [[f64; 3]; 3] = [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ];
    const NORMAL: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    fn seen(color: Color, by: &[[f64; 3]; 3]) -> [f64; 3] {
        let light = color.linear();
        let rgb = by.map(|row| {
            (0..3)
                .map(|i| row[i] * light[i])
                .sum::<f64>()
                .clamp(0.0, 1.0)
        });
        Color::from_linear(rgb).oklab()
    }

    #[test]
    fn marks_and_texts_stand_out_from_the_background() {
        for theme in THEMES.map(|t| t()) {
            let contrast = |c: Color| c.contrast(theme.background);
            for mark in theme.series.into_iter().chain([theme.muted, theme.accent]) {
                assert!(contrast(mark) >= 3.0, "{mark:?}: {:.2}", contrast(mark));
            }
            assert!(contrast(theme.text) >= 7.0 && contrast(theme.secondary) >= 4.5);
            assert!(contrast(theme.grid) < 1.5, "the grid is quiet");
        }
    }

    #[test]
    fn series_stay_apart_for_every_eye() {
        for theme in THEMES.map(|t| t()) {
            for eye in [NORMAL, PROTANOPIA, DEUTERANOPIA] {
                let labs = theme.series.map(|c| seen(c, &eye));
                for (i, a) in labs.iter().enumerate() {
                    for (j, b) in labs.iter().enumerate().skip(i + 1) {
                        let d = (0..3)
                            .map(|k| (a[k] - b[k]) * (a[k] - b[k]))
                            .sum::<f64>()
                            .sqrt();
                        let least = if j < 4 { 0.12 } else { 0.08 };
                        assert!(d >= least, "series {i} and {j}: {d:.3}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_ramp_is_even_in_lightness() {
        for theme in THEMES.map(|t| t()) {
            let light: Vec<f64> = (0..=20)
                .map(|i| theme.ramp(f64::from(i) / 20.0).oklab()[0])
                .collect();
            let step = (light[20] - light[0]) / 20.0;
            assert!(
                light
                    .windows(2)
                    .all(|w| (w[1] - w[0]) / step > 0.7 && (w[1] - w[0]) / step < 1.3),
                "{light:?}"
            );
        }
    }
}
