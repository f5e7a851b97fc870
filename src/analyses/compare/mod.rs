//! Compare groups.

pub mod rank_test;
pub mod t_test;
