//! The native tests as one program, so that the engine is linked once.

mod architecture;
mod chart_gallery;
mod cli;
mod contract;
mod formats;
mod formula_page;
mod formula_properties;
mod fuzz;
mod golden;
mod import;
mod messages;
mod nasty;
mod nist;
mod preparation;
mod reference_analyses;
mod reference_formula;
mod reference_segment;
mod reference_stats;
mod run_by;
mod support;
mod transforms;
