//! From one table to another.

pub mod append;
pub mod compute;
pub mod deduplicate;
pub mod filter;
pub mod group;
pub mod join;
pub mod longer;
pub mod sort;
pub mod wider;
pub mod window;
