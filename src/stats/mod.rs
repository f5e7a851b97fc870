//! Numbers in, numbers out: distributions, linear algebra, descriptives, resampling.

pub mod bayes_factor;
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
pub mod integrate;
pub mod lanes;
pub mod linalg;
pub mod missing;
pub mod normality;
pub mod p_adjust;
pub mod progress;
pub mod ranks;
pub mod resample;
pub mod scaling;
pub mod spread_tests;
pub mod t_test;
