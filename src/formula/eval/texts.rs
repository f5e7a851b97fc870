//! The texts of a block of rows.

use std::borrow::Cow;

use crate::table::{Bitmap, Utf8};

/// Texts longer than this are not made: a formula that multiplies texts ends in missing values
/// instead of the machine's memory.
const MAX_BYTES: usize = 1 << 20;

#[derive(Clone, Debug)]
pub(super) enum Texts<'a> {
    One(Option<Cow<'a, str>>),
    /// Rows of a column of text, from `start` on.
    Column {
        text: &'a Utf8,
        validity: Option<&'a Bitmap>,
        start: usize,
    },
    /// The levels of a category, one a row, and a missing value behind them.
    Levels(&'a [String]),
    /// Rows by codes; a negative one is missing.
    Coded {
        codes: &'a [i32],
        levels: &'a [String],
    },
    /// Rows by codes, and by another code for each of those; the last stands for missing.
    Through {
        codes: &'a [i32],
        via: &'a [i32],
        levels: &'a [String],
    },
    Own(Made),
}

/// Texts that were made for a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Made {
    text: String,
    ends: Vec<u32>,
    is_valid: Vec<bool>,
}

impl Texts<'_> {
    /// The text of row `i` of the block.
    #[inline]
    pub fn get(&self, i: usize) -> Option<&str> {
        match self {
            Texts::One(text) => text.as_deref(),
            Texts::Column {
                text,
                validity,
                start,
            } => {
                let row = start + i;
                validity.is_none_or(|v| v.get(row)).then(|| text.get(row))
            }
            Texts::Levels(levels) => levels.get(i).map(String::as_str),
            Texts::Coded { codes, levels } => levels.get(codes[i] as usize).map(String::as_str),
            Texts::Through { codes, via, levels } => {
                let last = via.len() - 1;
                let code = via[(codes[i] as usize).min(last)];
                levels.get(code as usize).map(String::as_str)
            }
            Texts::Own(made) => made.get(i),
        }
    }

    pub fn is_one(&self) -> bool {
        matches!(self, Texts::One(_))
    }
}

impl Made {
    /// `n` rows; `write` appends the text of a row and says whether there is one.
    pub fn rows(n: usize, mut write: impl FnMut(usize, &mut String) -> bool) -> Self {
        let mut made = Self {
            text: String::new(),
            ends: Vec::with_capacity(n),
            is_valid: Vec::with_capacity(n),
        };
        for i in 0..n {
            let start = made.text.len();
            let mut is_valid = write(i, &mut made.text);
            if !is_valid || made.text.len() - start > MAX_BYTES {
                made.text.truncate(start);
                is_valid = false;
            }
            made.ends.push(made.text.len() as u32);
            made.is_valid.push(is_valid);
        }
        made
    }

    fn get(&self, i: usize) -> Option<&str> {
        if !self.is_valid[i] {
            return None;
        }
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        Some(&self.text[start..self.ends[i] as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_gives_its_rows() {
        let check = |texts: Texts<'_>, expected: &[Option<&str>]| {
            let found: Vec<_> = (0..expected.len()).map(|i| texts.get(i)).collect();
            assert_eq!(found, expected);
        };
        let levels = ["a", "b"].map(String::from);
        let text: Utf8 = ["x", "y", "z"].into_iter().collect();
        let validity = Bitmap::from_iter([true, true, false]);
        check(Texts::One(Some("q".into())), &[Some("q"), Some("q")]);
        check(
            Texts::Column {
                text: &text,
                validity: Some(&validity),
                start: 1,
            },
            &[Some("y"), None],
        );
        check(Texts::Levels(&levels), &[Some("a"), Some("b"), None]);
        let codes = [1, -1, 0];
        check(
            Texts::Coded {
                codes: &codes,
                levels: &levels,
            },
            &[Some("b"), None, Some("a")],
        );
        check(
            Texts::Through {
                codes: &codes,
                via: &[-1, 0, 1],
                levels: &levels,
            },
            &[Some("a"), Some("b"), None],
        );
        let made = Made::rows(3, |i, out| {
            out.push_str(["no", "", "가"][i]);
            i > 0
        });
        check(Texts::Own(made), &[None, Some(""), Some("가")]);
        let long = Made::rows(1, |_, out| {
            out.push_str(&"x".repeat(MAX_BYTES + 1));
            true
        });
        check(Texts::Own(long), &[None]);
    }
}
