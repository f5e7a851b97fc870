//! One drawing of a chart for any plotters backend, and what a pointer or a key finds in it.
//!
//! [`draw`] lays a [`Chart`](crate::report::Chart) out and draws it with a backend's primitives; scales, ticks
//! and labels are placed here, in CSS pixels. [`svg`] and (in the page) [`canvas`] are its two uses.
//! The [`Layout`] that comes back answers pointers and keys.

mod axes;
#[cfg(feature = "page")]
mod canvas;
mod clip;
mod color;
mod data;
mod dates;
mod describe;
mod draw;
mod ends;
mod extent;
mod head;
mod hit;
mod layout;
mod marks;
mod measure;
mod pen;
#[cfg(any(feature = "page", test))]
mod raster;
mod say;
mod scale;
mod shapes;
mod svg;
mod textbox;
mod theme;
mod ticks;
mod tiles;
mod words;

#[cfg(feature = "page")]
pub use canvas::canvas;
pub use clip::{Point, Rect};
pub use color::Color;
pub use data::{csv, table};
pub use describe::describe;
pub use draw::{draw, draw_layout};
pub use extent::View;
pub use head::{Key, KeyShape};
pub use hit::{Direction, Hit};
pub use layout::{Layout, height_for, small_height};
pub use measure::{EstimatedWidth, MeasureText};
pub use pen::{DrawError, PointSink, Surface};
pub use scale::{Kind, Projection};
pub use svg::{shared_keys, svg, svgs};
pub use textbox::{Anchor, Role, TextBox};
pub use theme::{FONT, Theme};
pub use ticks::Tick;
