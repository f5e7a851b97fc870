//! From one table to another.

pub mod compute;
pub mod filter;
