//! Explain a number by other columns.

pub mod glm;
pub mod linear;
pub mod logistic;
