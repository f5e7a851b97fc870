//! Look at the data.

pub mod chart;
pub mod correlation;
pub mod crosstab;
pub mod describe;
pub mod distribution;
pub mod frequencies;
pub mod missing;
pub mod pairs;
