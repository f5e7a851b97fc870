//! Find rows that are alike.

pub mod k_means;
