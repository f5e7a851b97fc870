//! From one table to another.

pub mod append;
pub mod bin;
pub mod compute;
pub mod date_parts;
pub mod deduplicate;
pub mod encode;
pub mod filter;
pub mod group;
pub mod join;
pub mod longer;
pub mod missing;
pub mod multi_response;
pub mod recode;
pub mod sample;
pub mod scale;
pub mod sort;
pub mod split;
pub mod text;
pub mod wider;
pub mod window;
