//! Numbers in, numbers out: distributions, linear algebra, descriptives, resampling.

pub mod compensated;
pub mod distributions;
pub mod double_double;
pub mod progress;
