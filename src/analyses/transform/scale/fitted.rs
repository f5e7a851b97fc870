//! The parameters of one column, and a number through them.

use super::{Base, Divisor, Method, Options};
use crate::msg;
use crate::report::{Format, Head};
use crate::stats::descriptive::{median, range, sorted};
use crate::stats::power_transform::{Family, Power};
use crate::stats::progress::Progress;
use crate::stats::quantile_transform::QuantileTransform;
use crate::stats::scaling::{Scale, Scaling};

/// What a method found in a column.
pub enum Fitted {
    /// (x − centre) / spread · stretch + shift.
    Linear {
        scale: Scale,
        stretch: f64,
        shift: f64,
        /// What the table of parameters shows.
        shown: Vec<f64>,
    },
    Quantile {
        transform: QuantileTransform,
        is_normal: bool,
        /// Minimum, median, maximum.
        ends: [f64; 3],
    },
    Log {
        plus: f64,
        base: Base,
    },
    Power {
        power: Power,
        then: Option<Scale>,
    },
}

/// Why a column cannot be scaled so.
pub enum Impossible {
    /// So many values are not above zero.
    NotPositive(usize),
    /// No power has the largest likelihood.
    NoPower,
    Cancelled,
}

impl Fitted {
    /// From the finite values of a column. `progress` is told the share done.
    ///
    /// # Errors
    /// When the method does not fit the values, or the run is cancelled.
    pub fn new(
        options: &Options,
        values: &[f64],
        progress: &mut Progress,
    ) -> Result<Self, Impossible> {
        Ok(match options.method {
            Method::Standard => linear(
                match options.divisor {
                    Divisor::N => Scaling::Standard,
                    Divisor::Less => Scaling::Sample,
                },
                values,
            ),
            Method::MaxAbs => linear(Scaling::MaxAbs, values),
            Method::Robust => linear(Scaling::Robust, values),
            Method::Unit => linear(Scaling::None, values),
            Method::MinMax => match linear(Scaling::MinMax, values) {
                Self::Linear { scale, shown, .. } => Self::Linear {
                    scale,
                    stretch: options.high - options.low,
                    shift: options.low,
                    shown,
                },
                other => other,
            },
            Method::Uniform | Method::Normal => {
                let sorted = sorted(values);
                let (low, high) = range(&sorted);
                Self::Quantile {
                    transform: QuantileTransform::of(&sorted, options.n_quantiles),
                    is_normal: options.method == Method::Normal,
                    ends: [low, median(&sorted), high],
                }
            }
            Method::Log => Self::Log {
                plus: 0.0,
                base: options.base,
            },
            Method::Log1p => Self::Log {
                plus: 1.0,
                base: options.base,
            },
            Method::BoxCox => Self::power(options, Family::BoxCox, values, progress)?,
            Method::YeoJohnson => Self::power(options, Family::YeoJohnson, values, progress)?,
        })
    }

    fn power(
        options: &Options,
        family: Family,
        values: &[f64],
        progress: &mut Progress,
    ) -> Result<Self, Impossible> {
        if family == Family::BoxCox {
            let n = values.iter().filter(|x| **x <= 0.0).count();
            if n > 0 {
                return Err(Impossible::NotPositive(n));
            }
        }
        let power = Power::of(family, values, progress).map_err(|_| Impossible::Cancelled)?;
        let power = power.ok_or(Impossible::NoPower)?;
        let (low, high) = range(values);
        if !values.is_empty() && !(power.apply(low).is_finite() && power.apply(high).is_finite()) {
            return Err(Impossible::NoPower);
        }
        let then = options.standardise.then(|| {
            let transformed: Vec<f64> = values.iter().map(|&x| power.apply(x)).collect();
            Scaling::Standard.of(&transformed)
        });
        Ok(Self::Power { power, then })
    }

    pub fn apply(&self, x: f64) -> f64 {
        match self {
            Self::Linear {
                scale,
                stretch,
                shift,
                ..
            } => (x - scale.centre) / scale.spread * stretch + shift,
            Self::Quantile {
                transform,
                is_normal: true,
                ..
            } => transform.normal(x),
            Self::Quantile { transform, .. } => transform.uniform(x),
            Self::Log { plus: 0.0, base } => match base {
                Base::E => libm::log(x),
                Base::Two => libm::log2(x),
                Base::Ten => libm::log10(x),
            },
            Self::Log { base, .. } => {
                libm::log1p(x)
                    / match base {
                        Base::E => 1.0,
                        Base::Two => std::f64::consts::LN_2,
                        Base::Ten => std::f64::consts::LN_10,
                    }
            }
            Self::Power { power, then } => {
                let y = power.apply(x);
                then.map_or(y, |s| (y - s.centre) / s.spread)
            }
        }
    }

    /// The heads of [`Fitted::values`].
    pub fn heads(method: Method) -> Vec<Head> {
        let head = |key: &str, title| Head::new(key, title, Format::General);
        let power = || {
            vec![
                Head::new(
                    "lambda",
                    msg!("transform.scale.lambda", "λ"),
                    Format::Fixed(4),
                ),
                head("mean", msg!("transform.scale.mean_after", "Mean after")),
                head("sd", msg!("transform.scale.sd_after", "SD after")),
            ]
        };
        match method {
            Method::Standard => vec![
                head("mean", msg!("transform.scale.mean", "Mean")),
                head("sd", msg!("transform.scale.sd", "SD")),
            ],
            Method::MinMax => vec![
                head("min", msg!("transform.scale.min", "Minimum")),
                head("range", msg!("transform.scale.range", "Range")),
            ],
            Method::MaxAbs => vec![head(
                "max_abs",
                msg!("transform.scale.max_abs", "Largest absolute value"),
            )],
            Method::Robust => vec![
                head("median", msg!("transform.scale.median", "Median")),
                head("iqr", msg!("transform.scale.iqr", "Interquartile range")),
            ],
            Method::Uniform | Method::Normal => vec![
                Head::new(
                    "n_quantiles",
                    msg!("transform.scale.quantiles", "Quantiles"),
                    Format::Integer,
                ),
                head("min", msg!("transform.scale.min", "Minimum")),
                head("median", msg!("transform.scale.median", "Median")),
                head("max", msg!("transform.scale.max", "Maximum")),
            ],
            Method::BoxCox | Method::YeoJohnson => power(),
            Method::Log | Method::Log1p | Method::Unit => Vec::new(),
        }
    }

    /// The parameters, in the order of [`Fitted::heads`].
    pub fn values(&self) -> Vec<f64> {
        match self {
            Self::Linear { shown, .. } => shown.clone(),
            Self::Quantile {
                transform, ends, ..
            } => {
                let mut values = vec![transform.n_quantiles() as f64];
                values.extend(ends);
                values
            }
            Self::Log { .. } => Vec::new(),
            Self::Power { power, then } => {
                let mut values = vec![power.power];
                values.extend(then.iter().flat_map(|s| [s.centre, s.spread]));
                values
            }
        }
    }
}

fn linear(scaling: Scaling, values: &[f64]) -> Fitted {
    let scale = scaling.of(values);
    let (low, high) = range(values);
    // A column of one value is divided by 1, which is not its spread.
    let spread = if low == high { 0.0 } else { scale.spread };
    Fitted::Linear {
        scale,
        stretch: 1.0,
        shift: 0.0,
        shown: match scaling {
            Scaling::None => Vec::new(),
            Scaling::MaxAbs => vec![scale.spread],
            _ => vec![scale.centre, spread],
        },
    }
}
