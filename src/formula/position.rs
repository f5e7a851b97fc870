//! Places in a text as browsers count them.

use std::ops::Range;

/// A place in bytes as one in UTF-16 units, as a browser's selections count.
pub fn to_utf16(text: &str, byte: usize) -> usize {
    let before = text.char_indices().take_while(|(i, _)| *i < byte);
    before.map(|(_, c)| c.len_utf16()).sum()
}

/// A place in UTF-16 units as one in bytes; within a character, its start.
pub fn from_utf16(text: &str, unit: usize) -> usize {
    let mut n_units = 0;
    for (i, c) in text.char_indices() {
        n_units += c.len_utf16();
        if n_units > unit {
            return i;
        }
    }
    text.len()
}

/// A range of bytes in UTF-16 units.
pub fn range_to_utf16(text: &str, range: &Range<usize>) -> Range<usize> {
    to_utf16(text, range.start)..to_utf16(text, range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_both_ways() {
        let check = |text: &str, byte: usize, unit: usize| {
            assert_eq!(to_utf16(text, byte), unit, "{text}");
            assert_eq!(from_utf16(text, unit), byte, "{text}");
        };
        check("", 0, 0);
        check("abc", 2, 2);
        check("금액 + 1", 6, 2);
        check("😀 + 1", 4, 2);
        check("😀 + 1", 8, 6);
        assert_eq!(from_utf16("😀", 1), 0);
        assert_eq!(from_utf16("a", 9), 1);
        assert_eq!(range_to_utf16("금액 + x", &(9..10)), 5..6);
    }
}
