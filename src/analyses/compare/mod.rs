//! Compare groups.

pub mod t_test;
