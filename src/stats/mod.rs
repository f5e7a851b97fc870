//! Numbers in, numbers out: distributions, linear algebra, descriptives, resampling.

pub mod distributions;
pub mod double_double;
