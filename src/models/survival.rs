//! Times to an event that some rows have not reached: Kaplan and Meier's curve, the log-rank test,
//! and Cox's proportional hazards.

mod cox;
mod kaplan_meier;

pub use cox::{CoxFit, CoxProblem, Proportionality, ProportionalityTest, cox, proportionality};
pub use kaplan_meier::{Curve, Interval, LogRank, Step, kaplan_meier, log_rank};
