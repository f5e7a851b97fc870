//! Numerical integration.

/// Positive and zero nodes of the 21-point Kronrod rule, from the outside in.
const NODES: [f64; 11] = [
    0.995_657_163_025_808_1,
    0.973_906_528_517_171_7,
    0.930_157_491_355_708_2,
    0.865_063_366_688_984_5,
    0.780_817_726_586_416_9,
    0.679_409_568_299_024_4,
    0.562_757_134_668_604_7,
    0.433_395_394_129_247_2,
    0.294_392_862_701_460_2,
    0.148_874_338_981_631_22,
    0.0,
];
const KRONROD: [f64; 11] = [
    0.011_694_638_867_371_874,
    0.032_558_162_307_964_725,
    0.054_755_896_574_351_995,
    0.075_039_674_810_919_96,
    0.093_125_454_583_697_6,
    0.109_387_158_802_297_64,
    0.123_491_976_262_065_84,
    0.134_709_217_311_473_34,
    0.142_775_938_577_060_09,
    0.147_739_104_901_338_49,
    0.149_445_554_002_916_9,
];
/// Weights of the 10-point Gauss rule at every second node.
const GAUSS: [f64; 5] = [
    0.066_671_344_308_688_14,
    0.149_451_349_150_580_6,
    0.219_086_362_515_982_04,
    0.269_266_719_309_996_35,
    0.295_524_224_714_752_9,
];

/// More panels than a function that is smooth between its breaks asks for.
const MAX_PANELS: usize = 2000;

/// ∫ f over the panels between neighbouring `breaks`, to the relative tolerance where that can be
/// had: adaptive Gauss and Kronrod rules of 10 and 21 points (QUADPACK's, Piessens et al. 1983).
/// `f` must be smooth between the breaks.
pub fn adaptive(f: impl Fn(f64) -> f64, breaks: &[f64], tolerance: f64) -> f64 {
    let mut panels: Vec<Panel> = breaks
        .windows(2)
        .map(|w| Panel::new(&f, w[0], w[1]))
        .collect();
    loop {
        let size: f64 = panels.iter().map(|p| p.value.abs()).sum();
        let error: f64 = panels.iter().map(|p| p.error).sum();
        let worst = (0..panels.len()).max_by(|&a, &b| panels[a].error.total_cmp(&panels[b].error));
        let Some(worst) = worst.filter(|_| error > tolerance * size && panels.len() < MAX_PANELS)
        else {
            break;
        };
        let Panel { from, to, .. } = panels[worst];
        let middle = 0.5 * (from + to);
        if !(from < middle && middle < to) {
            break;
        }
        panels[worst] = Panel::new(&f, from, middle);
        panels.push(Panel::new(&f, middle, to));
    }
    panels.sort_by(|a, b| a.value.abs().total_cmp(&b.value.abs()));
    panels.iter().map(|p| p.value).sum()
}

/// One interval with its estimate.
struct Panel {
    from: f64,
    to: f64,
    value: f64,
    error: f64,
}

impl Panel {
    fn new(f: &impl Fn(f64) -> f64, from: f64, to: f64) -> Self {
        let (centre, half) = (0.5 * (from + to), 0.5 * (to - from));
        let middle = f(centre);
        let (mut kronrod, mut gauss) = (KRONROD[10] * middle, 0.0);
        for i in 0..10 {
            let pair = f(centre - half * NODES[i]) + f(centre + half * NODES[i]);
            kronrod += KRONROD[i] * pair;
            if i % 2 == 1 {
                gauss += GAUSS[i / 2] * pair;
            }
        }
        // The difference of the rules is the error of the coarser one; that of the finer is near
        // its 1.5th power on the scale of the value (QUADPACK).
        let size = kronrod.abs();
        let raw = (kronrod - gauss).abs();
        let error = if size > 0.0 {
            let ratio = 200.0 * raw / size;
            size * (ratio * ratio.sqrt()).min(1.0)
        } else {
            raw
        };
        Self {
            from,
            to,
            value: kronrod * half,
            error: error * half,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, expected: f64) {
        let error = ((got - expected) / expected).abs();
        assert!(error < 1e-14, "{got} is not {expected}, off by {error:.1e}");
    }

    #[test]
    fn integrals_with_known_values() {
        check(adaptive(|x| x * x, &[0.0, 3.0], 1e-14), 9.0);
        check(
            adaptive(|x| libm::exp(-0.5 * x * x), &[-12.0, 12.0], 1e-14),
            (2.0 * std::f64::consts::PI).sqrt(),
        );
        check(
            adaptive(|x| 1.0 / (1e-4 + x * x), &[-1.0, 0.0, 1.0], 1e-14),
            2.0 * libm::atan(100.0) * 100.0,
        );
        check(adaptive(libm::log, &[1e-300, 1.0], 1e-13), -1.0);
        check(
            adaptive(|x| libm::exp(-x) * 1e-250, &[0.0, 40.0], 1e-14),
            1e-250,
        );
    }
}
