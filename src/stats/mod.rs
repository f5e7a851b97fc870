//! Numbers in, numbers out: distributions, linear algebra, descriptives, resampling.

pub mod binning;
pub mod blocks;
pub mod classification;
pub mod cluster_scores;
pub mod compensated;
pub mod contingency;
pub mod correlation;
pub mod descriptive;
pub mod distributions;
pub mod double_double;
pub mod eigen;
pub mod experiment;
pub mod histogram;
pub mod lanes;
pub mod linalg;
pub mod missing;
pub mod p_adjust;
pub mod power_transform;
pub mod progress;
pub mod quantile_transform;
pub mod roots;
pub mod sampling;
pub mod scaling;
