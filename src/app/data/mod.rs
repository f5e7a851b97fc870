//! Tables as they come in and as they are seen: the opening dialog, the grid, the columns' profiles.

mod export;
mod glance;
mod grid;
mod opening;
mod profile;
mod signs;
mod suggest;
mod table;
mod variable;

pub use opening::OpeningDialog;
pub use signs::{Reading, Sign};
pub use table::TableView;
