//! Did a change work?

pub mod ab_test;
