//! Small parts that all rooms use. Their looks are in `style/base.css`.

mod button;
mod dialog;
mod icon;
mod menu;
mod segmented;
mod switch;

pub use button::{Button, Kind};
pub use dialog::Dialog;
pub use icon::{Glyph, Icon};
pub use menu::{Menu, MenuHead, MenuItem, MenuLine};
pub use segmented::Segmented;
pub use switch::Switch;
