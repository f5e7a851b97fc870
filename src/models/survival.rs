//! Times to an event that some rows have not reached: Kaplan and Meier's curve, the log-rank test,
//! and Cox's proportional hazards.

mod concordance;
mod cox;
mod kaplan_meier;
mod proportionality;

pub use cox::{CoxFit, CoxProblem, cox};
pub use kaplan_meier::{Curve, Interval, LogRank, Step, kaplan_meier, log_rank};
pub use proportionality::{Proportionality, ProportionalityTest, proportionality};
