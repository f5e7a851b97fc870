//! Many dots of one colour as a picture: one pass over the pixels instead of one call a dot.

use super::clip::Point;
use super::color::Color;

/// A rectangle of pixels of the device, its top left at (`left`, `top`): RGBA, row by row, colours not
/// multiplied by the opacity.
pub struct Layer {
    pub left: i32,
    pub top: i32,
    pub width: usize,
    pub height: usize,
    pub rgba: Vec<u8>,
}

/// Places within a pixel that a dot's centre is rounded to, each way.
const PLACES: usize = 4;

/// Dots around `centres` with `radius`, in pixels of the device, each laid over those before it;
/// `None` when there are none.
pub fn dots(centres: &[Point], radius: f64, color: Color) -> Option<Layer> {
    let reach = radius.ceil() as i32 + 1;
    let fold = |f: fn(f64, f64) -> f64, start: f64, of: fn(&Point) -> f64| {
        centres.iter().map(of).fold(start, f)
    };
    let (x0, x1) = (
        fold(f64::min, f64::INFINITY, |p| p.0),
        fold(f64::max, f64::NEG_INFINITY, |p| p.0),
    );
    let (y0, y1) = (
        fold(f64::min, f64::INFINITY, |p| p.1),
        fold(f64::max, f64::NEG_INFINITY, |p| p.1),
    );
    if centres.is_empty() {
        return None;
    }
    let (left, top) = (x0.floor() as i32 - reach, y0.floor() as i32 - reach);
    let (width, height) = (
        (x1.floor() as i32 + reach + 2 - left) as usize,
        (y1.floor() as i32 + reach + 2 - top) as usize,
    );
    let side = 2 * reach as usize + 1;
    let stamps = stamps(reach, radius, color.alpha as f32);
    let mut cover = vec![0f32; width * height];
    for &(x, y) in centres {
        let (column, across) = split(x);
        let (line, down) = split(y);
        let stamp = &stamps[down * PLACES + across];
        let first = (line - reach - top) as usize * width + (column - reach - left) as usize;
        for (row, stamp) in stamp.chunks_exact(side).enumerate() {
            let at = first + row * width;
            for (under, over) in cover[at..at + side].iter_mut().zip(stamp) {
                *under += over * (1.0 - *under);
            }
        }
    }
    let (r, g, b) = color.rgb;
    let rgba = cover
        .iter()
        .flat_map(|&a| [r, g, b, (a * 255.0 + 0.5) as u8])
        .collect();
    Some(Layer {
        left,
        top,
        width,
        height,
        rgba,
    })
}

/// The pixel of a coordinate and the place within it.
fn split(v: f64) -> (i32, usize) {
    let pixel = v.floor();
    (
        pixel as i32,
        (((v - pixel) * PLACES as f64) as usize).min(PLACES - 1),
    )
}

/// How much of each pixel around its own a dot covers, for every place of its centre.
fn stamps(reach: i32, radius: f64, alpha: f32) -> Vec<Vec<f32>> {
    let centre = |place: usize| (place as f64 + 0.5) / PLACES as f64;
    let mut out = Vec::with_capacity(PLACES * PLACES);
    for down in 0..PLACES {
        for across in 0..PLACES {
            let cover = |dx: i32, dy: i32| {
                let (x, y) = (
                    f64::from(dx) + 0.5 - centre(across),
                    f64::from(dy) + 0.5 - centre(down),
                );
                (radius + 0.5 - libm::hypot(x, y)).clamp(0.0, 1.0) as f32 * alpha
            };
            out.push(
                (-reach..=reach)
                    .flat_map(|dy| (-reach..=reach).map(move |dx| cover(dx, dy)))
                    .collect(),
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alpha_at(layer: &Layer, x: i32, y: i32) -> u8 {
        let i = (y - layer.top) as usize * layer.width + (x - layer.left) as usize;
        layer.rgba[i * 4 + 3]
    }

    #[test]
    fn a_dot_covers_its_disc() {
        let layer = dots(&[(20.0, 30.0)], 5.0, Color::hex(0x102030)).expect("a layer");
        assert_eq!(&layer.rgba[..3], &[0x10, 0x20, 0x30]);
        assert_eq!(alpha_at(&layer, 20, 30), 255);
        assert_eq!(alpha_at(&layer, layer.left, layer.top), 0);
        assert_eq!(layer.rgba.len(), layer.width * layer.height * 4);
        let area: f64 = layer.rgba.chunks(4).map(|p| f64::from(p[3]) / 255.0).sum();
        assert!((area - std::f64::consts::PI * 25.0).abs() < 1.5, "{area}");
    }

    #[test]
    fn dots_over_each_other_grow_denser() {
        let color = Color::hex(0).with_alpha(0.5);
        let layer = dots(&[(8.5, 8.5), (8.5, 8.5), (30.5, 8.5)], 3.0, color).expect("a layer");
        assert_eq!(
            (alpha_at(&layer, 30, 8), alpha_at(&layer, 8, 8)),
            (128, 191)
        );
    }

    #[test]
    fn no_dots_make_no_layer() {
        assert!(dots(&[], 3.0, Color::hex(0)).is_none());
    }
}
