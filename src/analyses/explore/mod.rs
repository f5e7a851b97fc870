//! Look at the data.

pub mod chart;
pub mod describe;
