//! Compare groups.

pub mod anova;
pub mod proportions;
pub mod rank_groups;
pub mod rank_test;
pub mod t_test;
