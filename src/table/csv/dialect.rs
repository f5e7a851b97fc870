//! Which marks separate a file's fields and lines.

use super::dates::{parse_moment, parse_time};
use super::number::parse_number;
use super::plan::n_filled;
use super::split::{Marks, Splitter};
use super::{DateOrder, Delimiter, ImportOptions};

/// Records looked at.
const N_RECORDS: usize = 200;
/// Bytes looked at.
const N_BYTES: usize = 128 << 10;
/// Records above a table, at most.
const MOST_ABOVE: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dialect {
    pub marks: Marks,
    /// Bytes of text before the first record: lines above the table and a `sep=` line.
    pub n_skipped: usize,
    /// Lines above the table, without a `sep=` line.
    pub n_lines_above: u64,
    /// The line on which the first record begins.
    pub first_line: u64,
    /// A `\r` that stands alone ends a line, among lines that end in `\n`.
    pub mends_line_ends: bool,
}

/// Tells the marks from the beginning of the text.
pub(super) fn sniff(text: &[u8], is_whole: bool, options: &ImportOptions) -> Dialect {
    let line_end = if memchr::memchr(b'\n', text).is_none() && text.contains(&b'\r') {
        b'\r'
    } else {
        b'\n'
    };
    let mut n_skipped = 0;
    let mut first_line = 1;
    for _ in 0..options.skip_rows.unwrap_or(0) {
        n_skipped = line_after(text, n_skipped, line_end);
        first_line += 1;
    }
    let mut n_lines_above = first_line - 1;
    let mut told = options.delimiter;
    if let Some([delimiter, b'\r' | b'\n', ..]) = text[n_skipped..].strip_prefix(b"sep=")
        && let Some(delimiter) = Delimiter::from_byte(*delimiter)
    {
        told = told.or(Some(delimiter));
        n_skipped = line_after(text, n_skipped, line_end);
        first_line += 1;
    }
    let rest = &text[n_skipped..];
    let marks = |delimiter, comments| Marks {
        delimiter,
        line_end,
        comments,
    };
    let begins_with_comment = rest.first() == Some(&b'#');
    let choose =
        |comments| told.unwrap_or_else(|| best_delimiter(rest, is_whole, |d| marks(d, comments)));
    let delimiter = choose(begins_with_comment);
    let comments = begins_with_comment && !is_header(rest, marks(delimiter, true));
    let marks = marks(delimiter, comments);
    if options.skip_rows.is_none() {
        for _ in 1..table_line(rest, is_whole, marks) {
            n_skipped = line_after(text, n_skipped, line_end);
            first_line += 1;
            n_lines_above += 1;
        }
    }
    Dialect {
        marks,
        n_skipped,
        n_lines_above,
        first_line,
        mends_line_ends: line_end == b'\n' && has_lone_line_end(rest),
    }
}

/// Where the line after that at `at` begins.
fn line_after(text: &[u8], at: usize, line_end: u8) -> usize {
    let end = memchr::memchr(line_end, &text[at..]);
    end.map_or(text.len(), |n| at + n + 1)
}

/// Whether a `\r` outside quotes is followed by neither `\n` nor another `\r`.
fn has_lone_line_end(text: &[u8]) -> bool {
    let text = &text[..text.len().min(N_BYTES)];
    let mut is_quoted = false;
    memchr::memchr2_iter(b'\r', b'"', text).any(|at| {
        is_quoted ^= text[at] == b'"';
        let next = text.get(at + 1).copied().unwrap_or(b'\n');
        text[at] == b'\r' && !is_quoted && !matches!(next, b'\r' | b'\n')
    })
}

/// The line on which the table begins, from 1: lines above it fill at most half of its columns, or
/// fewer than all and stand off by a blank line. Without doubt only when several such lines are
/// there, or the first row of the table looks like a header.
fn table_line(text: &[u8], is_whole: bool, marks: Marks) -> u64 {
    let part = &text[..text.len().min(N_BYTES)];
    let mut copy = part.to_vec();
    let mut splitter = Splitter::new(marks, None, 1);
    let is_whole = is_whole && part.len() == text.len();
    // What comes before a broken quote still tells.
    let _ = splitter.split(&mut copy, N_RECORDS, is_whole);
    let records: Vec<Vec<&[u8]>> = (0..splitter.n_records())
        .map(|i| splitter.record(i).iter().map(|f| f.of(&copy)).collect())
        .collect();
    let filled: Vec<usize> = records.iter().map(|r| n_filled(r)).collect();
    // Rows of delimiters alone pad a sheet; they say nothing of its width.
    let with_values: Vec<usize> = filled.iter().copied().filter(|&n| n > 0).collect();
    let Some((width, _)) = mode(&with_values).filter(|(width, _)| *width > 1) else {
        return 1;
    };
    let Some(first) = filled.iter().position(|&n| n * 5 >= width * 4 && n > 1) else {
        return 1;
    };
    let gap = |i: usize| splitter.lines[i + 1] > splitter.lines[i] + 1;
    let is_above = |i: usize| filled[i] * 2 <= width || (i..first).any(gap);
    if first == 0 || first > MOST_ABOVE || !(0..first).all(is_above) {
        return 1;
    }
    let rows = filled[first..].iter().filter(|&&n| n > 0);
    let rows_agree = rows.clone().filter(|&&n| n * 2 > width).count() * 4 >= rows.count() * 3;
    let words_only = records[first].iter().all(|c| !c.is_empty() && !is_typed(c));
    let is_title = width > 2 && (records[0].len() < width || filled[0] * 4 <= width);
    let is_sure = first > 1 || (0..first).any(gap) || (words_only && is_title);
    if rows_agree && is_sure {
        splitter.lines[first]
    } else {
        1
    }
}

/// Whether a first line that begins with `#` is a header: it has as many fields as what follows, and
/// more than one.
fn is_header(text: &[u8], with_comments: Marks) -> bool {
    let all = Marks {
        comments: false,
        ..with_comments
    };
    let width = |marks| {
        let mut part = text[..text.len().min(N_BYTES)].to_vec();
        let mut splitter = Splitter::new(marks, None, 1);
        splitter.split(&mut part, 1, true).ok()?;
        (splitter.n_records() > 0).then(|| splitter.record(0).len())
    };
    let first = width(all);
    first == width(with_comments) && first > Some(1)
}

fn best_delimiter(text: &[u8], is_whole: bool, marks: impl Fn(Delimiter) -> Marks) -> Delimiter {
    let cut = text.len() > N_BYTES;
    let part = &text[..text.len().min(N_BYTES)];
    let mut best: Option<(f64, usize, Delimiter)> = None;
    for delimiter in [
        Delimiter::Tab,
        Delimiter::Comma,
        Delimiter::Semicolon,
        Delimiter::Pipe,
    ] {
        let Some((score, width)) = score(part, is_whole && !cut, marks(delimiter)) else {
            continue;
        };
        let better =
            best.is_none_or(|(s, w, _)| score > s + 1e-9 || (score > s - 1e-9 && width > w));
        if better {
            best = Some((score, width, delimiter));
        }
    }
    if best.is_none_or(|(score, ..)| score < 0.9)
        && let Some((spaced, width)) = score(part, is_whole && !cut, marks(Delimiter::Spaces))
        && spaced > 0.9
        && has_number_column(part, width, marks(Delimiter::Spaces))
    {
        return Delimiter::Spaces;
    }
    match best {
        Some((_, _, delimiter)) => delimiter,
        // One column. A comma would cut sentences.
        None if memchr::memchr(b',', part).is_some() => Delimiter::Tab,
        None => Delimiter::Comma,
    }
}

/// How well a delimiter explains the text, 0 to 1, and how many columns it makes. `None` when it
/// makes but one.
fn score(text: &[u8], is_whole: bool, marks: Marks) -> Option<(f64, usize)> {
    let mut text = text.to_vec();
    let mut splitter = Splitter::new(marks, None, 1);
    // What comes before a broken quote still tells.
    let _ = splitter.split(&mut text, N_RECORDS, is_whole);
    let widths: Vec<usize> = (0..splitter.n_records())
        .map(|i| splitter.record(i).len())
        .collect();
    let (mut width, mut share) = mode(&widths)?;
    let is_blank = matches!(marks.delimiter, Delimiter::Spaces | Delimiter::Tab);
    // R leaves the column of row names without a header.
    let row_names = is_blank && widths.len() > 1 && widths[1..].iter().all(|&w| w == widths[0] + 1);
    if row_names {
        (width, share) = (widths[1], 1.0);
    }
    if width < 2 {
        return None;
    }
    let first_fits = if widths[0] == width || row_names {
        1.0
    } else {
        0.8
    };
    let is_clean = |cell: &[u8]| {
        let foreign =
            |b: &u8| matches!(b, b',' | b';' | b'\t' | b'|') && *b != marks.delimiter.byte();
        !cell.iter().any(foreign) || is_typed(cell)
    };
    let cells = || (0..splitter.n_records()).flat_map(|i| splitter.record(i));
    let clean = cells().filter(|f| is_clean(f.of(&text))).count();
    let clean = clean as f64 / cells().count().max(1) as f64;
    let enough = if widths[0] == width { 0.3 } else { 0.6 };
    (share > enough).then_some((share * first_fits * (0.5 + 0.5 * clean), width))
}

fn has_number_column(text: &[u8], width: usize, marks: Marks) -> bool {
    let mut text = text.to_vec();
    let mut splitter = Splitter::new(marks, Some(width), 1);
    if splitter.split(&mut text, N_RECORDS, false).is_err() {
        return false;
    }
    let n = splitter.n_records();
    (0..width).any(|c| {
        let cell = |i: usize| splitter.column(c)[i].of(&text);
        n > 0 && (usize::from(n > 1)..n).all(|i| parse_number(cell(i), b'.').is_some())
    })
}

/// The most frequent width, the larger of equals, and its share.
fn mode(widths: &[usize]) -> Option<(usize, f64)> {
    let mut sorted = widths.to_vec();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|a, b| a == b);
    let longest = runs.max_by_key(|run| (run.len(), run[0]))?;
    Some((longest[0], longest.len() as f64 / widths.len() as f64))
}

/// Whether a cell is a number, a date or a time.
pub(super) fn is_typed(cell: &[u8]) -> bool {
    parse_number(cell, b'.').is_some()
        || parse_number(cell, b',').is_some()
        || parse_moment(cell, DateOrder::DayMonth).is_some()
        || parse_time(cell).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, delimiter: Delimiter) {
        let dialect = sniff(text.as_bytes(), true, &ImportOptions::default());
        assert_eq!(dialect.marks.delimiter, delimiter, "{text:?}");
    }

    #[test]
    fn delimiters() {
        use Delimiter::*;
        check("a,b\n1,2\n", Comma);
        check("a;b\n1,5;2,5\n", Semicolon);
        check("1,5;2,5\n3,5;4,5\n", Semicolon);
        check("a\tb, c\n1\tx, y\n", Tab);
        check("a|b\n1|2\n", Pipe);
        check("a,b\n\"x;y\",\"1;2\"\n", Comma);
        check(
            " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n",
            Spaces,
        );
        check("id date n\n1 19970101  1\n", Spaces);
        check("name\nNew York\nLos Angeles\n", Comma);
        check("text\nwell, so\nno, not, that\nfine\n", Tab);
        check("a\n1\n2\n", Comma);
        check("", Comma);
        check(
            "name,address\nA,\"12, Main; St\"\nB,\"3, Low; Rd\"\n",
            Comma,
        );
        check("2024-01-01 10:00,1\n2024-01-02 10:00,2\n", Comma);
    }

    #[test]
    fn lines_before_the_table() {
        let check = |text: &str, skip_rows, delimiter, n_skipped, first_line| {
            let options = ImportOptions {
                skip_rows: Some(skip_rows),
                ..ImportOptions::default()
            };
            let dialect = sniff(text.as_bytes(), true, &options);
            let found = (
                dialect.marks.delimiter,
                dialect.n_skipped,
                dialect.first_line,
            );
            assert_eq!(found, (delimiter, n_skipped, first_line), "{text:?}");
        };
        check("sep=;\r\na;b\r\n", 0, Delimiter::Semicolon, 7, 2);
        check("title\n\na,b\n1,2\n", 2, Delimiter::Comma, 7, 3);
        check("a\n", 9, Delimiter::Comma, 2, 10);
    }

    #[test]
    fn lines_above_the_table() {
        let check = |text: &str, n_lines_above: u64| {
            let dialect = sniff(text.as_bytes(), true, &ImportOptions::default());
            assert_eq!(dialect.n_lines_above, n_lines_above, "{text:?}");
        };
        check("a,b,c\n1,2,3\n", 0);
        check("Sales of March\na,b,c\n1,2,3\n4,5,6\n", 1);
        check("Sales of March\n\na,b\n1,2\n3,4\n", 2);
        check("Sales,,,\nof,March,,\n\na,b,c,d\n1,2,3,4\n", 3);
        check("by,Kim,\n\na,b,c\n1,2,3\n4,5,6\n", 2);
        check("sep=;\r\nSales\r\n\r\na;b\r\n1;2\r\n", 2);
        check("a,\nx,y\n", 0);
        check("x\nr1,1.5\nr2,2.5\n", 0);
        check("a,,\nx,y,z\n1,2,3\n4,5,6\n", 0);
        check("a\n1\n2\n", 0);
        check("1,2,3\n4\n5,6,7\n", 0);
        check("4\n5,6,7\n8,9,10\n", 0);
    }

    #[test]
    fn comments_and_line_ends() {
        let check = |text: &str, line_end, comments| {
            let marks = sniff(text.as_bytes(), true, &ImportOptions::default()).marks;
            assert_eq!((marks.line_end, marks.comments), (line_end, comments));
        };
        check("a,b\r1,2\r", b'\r', false);
        check("a,b\r\n1,2\r\n", b'\n', false);
        check("# made by hand\na,b\n1,2\n", b'\n', true);
        check("#id,name\n1,a\n", b'\n', false);
    }
}
