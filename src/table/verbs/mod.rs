//! What is done to whole tables: grouping, joining, sorting, reshaping, looking along rows.
//!
//! All of it works on columns of whole numbers made from the keys (one code a value), and picks the
//! rows of the answer at the end, so no row is ever put together on its own.

mod codes;
mod groups;
mod join;
mod parts;
mod pivot;
mod sort;
mod stack;
mod summarise;
mod take;
mod window;

pub use groups::{Groups, RowsOfGroups};
pub use join::{JoinKind, KeyCount, Matching, Pairs, SideOfMatch};
pub use parts::DatePart;
pub use pivot::{Wider, longer};
pub use sort::{SortKey, sorted_rows, sorted_within};
pub use stack::{Part, common_kind, is_same_nature, stack};
pub use summarise::{Summaries, Summary, shares, weighted_mean};
pub use take::{NO_ROW, bytes_per_row};
pub use window::{Order, Reach, Ties, Total};
