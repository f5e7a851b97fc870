//! Lines below a table that are no rows: totals, notes, empty ones.

use super::dialect::is_typed;
use super::number::parse_number;
use super::split::{Marks, Splitter};

/// Lines looked at, from the end.
const MOST_LINES: usize = 24;
/// Bytes looked at; a reader keeps so many back until it knows the end.
pub(super) const TAIL: usize = 16 << 10;

/// What begins a row of totals, in lower case.
const TOTALS: [&str; 17] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "average",
    "합계",
    "총계",
    "총합계",
    "소계",
    "계",
    "누계",
    "평균",
    "gesamt",
    "summe",
    "合計",
    "总计",
    "合计",
];
/// What begins a note, in lower case.
const NOTES: [&str; 11] = [
    "source", "note", "notes", "*", "※", "출처", "자료", "주)", "주:", "비고", "(",
];

/// Lines below a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Footer {
    /// Where they begin in the text.
    pub at: usize,
    pub n_lines: u64,
    /// What the first of them holds.
    pub text: String,
}

/// Finds what stands below the last row of a table of `width` columns. `None` when there is nothing,
/// or nothing else.
pub(super) fn find_footer(text: &[u8], marks: Marks, width: usize) -> Option<Footer> {
    let mut end = text.len();
    let mut found: Option<Footer> = None;
    let mut n_lines = 0;
    for _ in 0..MOST_LINES {
        if end == 0 || text.len() - end > TAIL {
            break;
        }
        let line_len = end - usize::from(text[end - 1] == marks.line_end);
        let before = memchr::memrchr(marks.line_end, &text[..line_len]);
        let start = before.map_or(0, |at| at + 1);
        let is_detached = is_blank(text, start, marks);
        match kind(&text[start..line_len], marks, width, is_detached) {
            Line::Row => break,
            Line::Blank => n_lines += 1,
            Line::Below(words) => {
                n_lines += 1;
                found = Some(Footer {
                    at: start,
                    n_lines,
                    text: words,
                });
            }
        }
        end = start;
    }
    found.filter(|f| f.at > 0)
}

enum Line {
    Row,
    Blank,
    Below(String),
}

/// Whether the line that ends before `start` is empty, or holds nothing but delimiters.
fn is_blank(text: &[u8], start: usize, marks: Marks) -> bool {
    let Some(end) = start.checked_sub(1) else {
        return false;
    };
    let before = memchr::memrchr(marks.line_end, &text[..end]);
    let line = &text[before.map_or(0, |at| at + 1)..end];
    line.iter()
        .all(|&b| matches!(b, b' ' | b'\r' | b'\t') || b == marks.delimiter.byte())
}

fn kind(line: &[u8], marks: Marks, width: usize, is_detached: bool) -> Line {
    if line.trim_ascii().is_empty() {
        return Line::Blank;
    }
    let mut line = line.to_vec();
    let mut splitter = Splitter::new(marks, None, 1);
    let is_record = splitter.split(&mut line, 2, true).is_ok() && splitter.n_records() == 1;
    if !is_record {
        return Line::Row;
    }
    let cells: Vec<&[u8]> = splitter.record(0).iter().map(|f| f.of(&line)).collect();
    let filled: Vec<&[u8]> = cells.iter().copied().filter(|c| !c.is_empty()).collect();
    let Some(first) = filled.first() else {
        // Of one column, an empty quoted cell is a value.
        return match width {
            1 => Line::Row,
            _ => Line::Below(String::new()),
        };
    };
    let words = String::from_utf8_lossy(first).trim().to_owned();
    if width < 2 || is_typed(first) {
        return Line::Row;
    }
    let lower = words.to_lowercase();
    let numbers = filled[1..].iter().filter(|c| parse_any_number(c)).count();
    let is_total = TOTALS.contains(&lower.trim_end_matches([':', ' ', '.']))
        && numbers > 0
        && numbers == filled.len() - 1;
    let alone = filled.len() == 1 && !cells[0].is_empty();
    let is_short = cells.len() < width && words.contains(' ');
    let begins_note = NOTES.iter().any(|n| lower.starts_with(n));
    let is_note = (alone && (is_short || begins_note || is_detached))
        || (is_detached && cells.len() < width && (numbers == 0 || begins_note));
    match is_total || is_note {
        true => Line::Below(words),
        false => Line::Row,
    }
}

fn parse_any_number(cell: &[u8]) -> bool {
    parse_number(cell, b'.').is_some() || parse_number(cell, b',').is_some()
}

#[cfg(test)]
mod tests {
    use super::super::Delimiter;
    use super::*;

    fn check(text: &str, width: usize, expected: Option<(&str, u64, &str)>) {
        let marks = Marks {
            delimiter: Delimiter::Comma,
            line_end: b'\n',
            comments: false,
        };
        let found = find_footer(text.as_bytes(), marks, width);
        let found = found.map(|f| (text[f.at..].to_owned(), f.n_lines, f.text));
        let expected = expected.map(|(rest, n, words)| (rest.to_owned(), n, words.to_owned()));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn rows_are_kept() {
        check("", 2, None);
        check("1,a\n2,b\n", 2, None);
        check("1,a\n\n\n", 2, None);
        check("1,a,x\n2\n", 3, None);
        check("a,,\nb,,\n", 3, None);
        check("total,big\n", 2, None);
        check("Total,3\n", 2, None);
        check("a\nTotal\n", 1, None);
        check("1,\"x\nTotal\"\n", 2, None);
        check("a,1\nTotal cost,3\n", 2, None);
        check("1,x\n2\n", 2, None);
        check("a,x,1\nC00\n", 3, None);
    }

    #[test]
    fn totals() {
        check("a,1\nTotal,3\n", 2, Some(("Total,3\n", 1, "Total")));
        check(
            "a,x,1\n합계,,\"1,234\"",
            3,
            Some(("합계,,\"1,234\"", 1, "합계")),
        );
        check("a,1,2\nSum:,3,4\n\n", 3, Some(("Sum:,3,4\n\n", 2, "Sum:")));
        check("a,1\nTotal,all\n", 2, None);
    }

    #[test]
    fn notes() {
        check(
            "a,1,2\n(1 row affected)\n",
            3,
            Some(("(1 row affected)\n", 1, "(1 row affected)")),
        );
        check(
            "a,1,2\n\nKim, Lee\nSource: x,,\n",
            3,
            Some(("Kim, Lee\nSource: x,,\n", 2, "Kim")),
        );
        check("a,1,2\n,,\n,,\n", 3, Some((",,\n,,\n", 2, "")));
        check(
            "a,1\nend of file\n",
            2,
            Some(("end of file\n", 1, "end of file")),
        );
    }
}
