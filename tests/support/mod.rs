//! What several tests need.

pub mod awkward;
pub mod examples;
pub mod schema;
pub mod sources;
pub mod words;
