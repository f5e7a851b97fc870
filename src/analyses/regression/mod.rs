//! Explain a number by other columns.

pub mod cox;
pub mod glm;
pub mod linear;
pub mod logistic;
pub mod multinomial;
pub mod penalised;
pub mod survival;
