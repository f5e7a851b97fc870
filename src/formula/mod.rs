//! The formula language: what a computed column and a filter are written in.
//!
//! [`parse`] reads a text into a tree, which spells itself again; [`Formula::read`] settles its names
//! and kinds for the columns of a table. Both say what is wrong at the character where it is, and
//! link nothing that computes. [`functions`] holds all that a formula can call.

mod check;
mod complete;
mod eval;
pub mod functions;
mod hint;
mod parse;
mod position;
mod reference;
mod syntax;
mod token;
mod types;

use std::ops::Range;

use crate::report::Msg;

pub use check::{Formula, Wanted};
pub use complete::{Completion, Suggestion, What, call_at, complete};
pub use eval::{Failure, Fits, Tick};
pub use parse::parse;
pub use position::{from_utf16, range_to_utf16, to_utf16};
pub use reference::reference_page;
pub use syntax::{Expr, Infix, Node, column_name, quoted};
pub use types::{Known, Type};

/// What is wrong with a formula, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// Bytes of the text; empty at its end.
    pub range: Range<usize>,
    pub message: Msg,
}

/// Makes the Korean of the language known to [`crate::report`].
pub fn add_korean() {
    crate::report::add_korean("", include_str!("ko.json"));
}

impl Error {
    fn at(range: Range<usize>, message: Msg) -> Self {
        Self { range, message }
    }
}
