//! Compare groups.

pub mod adjust_p;
pub mod anova;
pub mod assumptions;
pub mod paired_categories;
pub mod power;
pub mod proportions;
pub mod rank_groups;
pub mod rank_test;
pub mod repeated_measures;
pub mod t_test;
