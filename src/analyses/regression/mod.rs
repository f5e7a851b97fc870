//! Explain a number by other columns.

pub mod linear;
pub mod logistic;
