//! The standard normal distribution.

use super::Tails;
use crate::stats::double_double::DoubleDouble;

const FRAC_1_SQRT_2_LOW: f64 = -4.833_646_656_726_457e-17;
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;

/// Density at `x`.
pub fn pdf(x: f64) -> f64 {
    let square = DoubleDouble::from_product(x, x);
    if !square.hi.is_finite() {
        return if x.is_nan() { x } else { 0.0 };
    }
    FRAC_1_SQRT_2_PI * libm::exp(-0.5 * square.hi) * (1.0 - 0.5 * square.lo)
}

/// P(Z ≤ x).
pub fn cdf(x: f64) -> f64 {
    sf(-x)
}

/// P(Z > x).
pub fn sf(x: f64) -> f64 {
    match x {
        x if x.is_nan() => return x,
        x if x > 40.0 => return 0.0,
        x if x < -40.0 => return 1.0,
        _ => {}
    }
    let scaled = DoubleDouble::from(x)
        * DoubleDouble {
            hi: std::f64::consts::FRAC_1_SQRT_2,
            lo: FRAC_1_SQRT_2_LOW,
        };
    let slope = std::f64::consts::FRAC_2_SQRT_PI * libm::exp(-scaled.hi * scaled.hi);
    0.5 * (libm::erfc(scaled.hi) - slope * scaled.lo)
}

/// Both tails at `x`.
pub fn tails(x: f64) -> Tails {
    Tails {
        lower: cdf(x),
        upper: sf(x),
    }
}

/// P(|Z| ≥ |z|).
pub fn two_sided_p(z: f64) -> f64 {
    2.0 * sf(z.abs())
}

/// The x with P(Z ≤ x) = p. Wichura (1988), algorithm AS 241, with one Halley step in the tails.
pub fn quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * polynomial(&CENTRE_TOP, r) / polynomial(&CENTRE_BOTTOM, r);
    }
    if centred < 0.0 {
        -upper_quantile_of_tail(p)
    } else {
        upper_quantile_of_tail(1.0 - p)
    }
}

/// The x with P(Z > x) = p.
pub fn upper_quantile(p: f64) -> f64 {
    -quantile(p)
}

/// For p below 0.075.
fn upper_quantile_of_tail(p: f64) -> f64 {
    if p == 0.0 {
        return f64::INFINITY;
    }
    let r = (-libm::log(p)).sqrt();
    let first = if r <= 5.0 {
        polynomial(&TAIL_TOP, r - 1.6) / polynomial(&TAIL_BOTTOM, r - 1.6)
    } else {
        polynomial(&FAR_TOP, r - 5.0) / polynomial(&FAR_BOTTOM, r - 5.0)
    };
    let density = pdf(first);
    if density < 1e-300 {
        return first;
    }
    let newton = (sf(first) - p) / density;
    first + newton / (1.0 - 0.5 * first * newton)
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_BOTTOM: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const TAIL_TOP: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const TAIL_BOTTOM: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_TOP: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_BOTTOM: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_7e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];
