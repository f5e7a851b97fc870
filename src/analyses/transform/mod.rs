//! From one table to another.

pub mod filter;
