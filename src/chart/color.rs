//! Colours: sRGB bytes, contrast as WCAG 2 defines it, and mixing in Oklab.

/// An sRGB colour with its opacity (0 to 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    pub rgb: (u8, u8, u8),
    pub alpha: f64,
}

impl Color {
    /// From `0xRRGGBB`, opaque.
    pub const fn hex(value: u32) -> Self {
        Self {
            rgb: ((value >> 16) as u8, (value >> 8) as u8, value as u8),
            alpha: 1.0,
        }
    }

    pub const fn with_alpha(self, alpha: f64) -> Self {
        Self {
            rgb: self.rgb,
            alpha,
        }
    }

    /// As CSS writes it: `rgba(0,114,178,0.5)`.
    pub fn css(self) -> String {
        let (r, g, b) = self.rgb;
        format!("rgba({r},{g},{b},{})", self.alpha)
    }

    /// The WCAG 2 contrast ratio of two opaque colours, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The colour at `t` of the straight line from `self` to `other` in Oklab, so that equal steps of
    /// `t` look equal (B. Ottosson, "A perceptual color space for image processing", 2020).
    pub fn mix(self, other: Self, t: f64) -> Self {
        let (a, b) = (self.oklab(), other.oklab());
        let at = |i: usize| a[i] + (b[i] - a[i]) * t;
        Self {
            rgb: from_oklab([at(0), at(1), at(2)]),
            alpha: self.alpha + (other.alpha - self.alpha) * t,
        }
    }

    /// Lightness, green–red and blue–yellow.
    pub fn oklab(self) -> [f64; 3] {
        let [r, g, b] = self.linear();
        let l = libm::cbrt(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b);
        let m = libm::cbrt(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b);
        let s = libm::cbrt(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b);
        [
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        ]
    }

    /// Red, green and blue as shares of light, 0 to 1.
    pub fn linear(self) -> [f64; 3] {
        let (r, g, b) = self.rgb;
        [r, g, b].map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                libm::pow((c + 0.055) / 1.055, 2.4)
            }
        })
    }

    /// From shares of light, 0 to 1 each.
    pub fn from_linear(light: [f64; 3]) -> Self {
        let [r, g, b] = light.map(encode);
        Self {
            rgb: (r, g, b),
            alpha: 1.0,
        }
    }

    fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}

fn from_oklab([lightness, a, b]: [f64; 3]) -> (u8, u8, u8) {
    let cube = |v: f64| v * v * v;
    let l = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let m = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let s = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b);
    (
        encode(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
        encode(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
        encode(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
    )
}

/// A share of light as an sRGB byte.
fn encode(light: f64) -> u8 {
    let v = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * libm::pow(light, 1.0 / 2.4) - 0.055
    };
    (v.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let white = Color::hex(0xFFFFFF);
        assert!((Color::hex(0).contrast(white) - 21.0).abs() < 1e-9);
        // #767676 on white is the well-known grey that just passes 4.5:1.
        assert!((Color::hex(0x767676).contrast(white) - 4.54).abs() < 0.005);
    }

    #[test]
    fn mixing_keeps_the_ends_and_steps_evenly_in_lightness() {
        let (a, b) = (Color::hex(0x0072B2), Color::hex(0xFFF4E0));
        assert_eq!((a.mix(b, 0.0), a.mix(b, 1.0)), (a, b));
        let steps: Vec<f64> = (0..=10)
            .map(|i| a.mix(b, f64::from(i) / 10.0).oklab()[0])
            .collect();
        let even = (steps[10] - steps[0]) / 10.0;
        assert!(steps.windows(2).all(|w| (w[1] - w[0] - even).abs() < 0.004));
    }
}
