//! From text to fields. One pass finds where each field begins and ends; nothing is copied, and only
//! doubled quotes are mended, in place.

use super::scan::{Close, Scan};
use super::{Delimiter, ImportError};

/// Room for so many fields is not taken without a look at how many lines there are.
const MANY_FIELDS: usize = 1 << 22;

/// The most columns a file may have.
pub(super) const MAX_COLUMNS: usize = 32_768;

/// A record longer than this has lost its closing quote.
const MAX_RECORD: usize = 64 << 20;

/// What separates fields and lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub delimiter: Delimiter,
    /// `\n`, or `\r` for old files that know nothing else. A `\r` before `\n` is part of the end.
    pub line_end: u8,
    /// Whether lines beginning with `#` are passed over.
    pub comments: bool,
}

/// A field's place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub start: u32,
    pub end: u32,
}

impl Field {
    #[inline]
    pub fn of(self, text: &[u8]) -> &[u8] {
        &text[self.start as usize..self.end as usize]
    }
}

/// Where something happened first, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub line: u64,
    pub count: u64,
}

impl Tally {
    pub fn note(&mut self, line: u64) {
        if self.count == 0 {
            self.line = line;
        }
        self.count += 1;
    }

    /// Takes in what happened further on.
    pub fn add(&mut self, later: Self) {
        if self.count == 0 {
            self.line = later.line;
        }
        self.count += later.count;
    }
}

/// Splits text into records, chunk by chunk.
pub(super) struct Splitter {
    marks: Marks,
    /// With a width, every record gets exactly so many fields.
    width: Option<usize>,
    /// With a width column after column, `stride` apart, so that a column is read in one go; without
    /// one, record after record.
    fields: Vec<Field>,
    stride: usize,
    /// Number of fields up to the end of each record; only without a width.
    ends: Vec<u32>,
    /// The line on which each record begins, from 1.
    pub lines: Vec<u64>,
    /// The line on which the next record begins.
    pub next_line: u64,
    pub short: Tally,
    pub long: Tally,
    pub stray: Tally,
    pub commented: Tally,
    record: Record,
}

/// What is known of the record under way.
#[derive(Default)]
struct Record {
    /// Fields found so far.
    n: usize,
    /// Where the next one goes; past the end when there are more than the width.
    place: usize,
    /// The places of fields with quotes to mend.
    doubled: Vec<usize>,
    any_quote: bool,
    /// A field past the width has a value.
    any_extra: bool,
    stray: u64,
    inner_lines: u64,
}

enum Quoted {
    /// The field's content and where its terminator stands.
    Closed {
        field: Field,
        doubled: bool,
        stray: bool,
        next: usize,
    },
    /// The text ends first.
    Open,
    /// Another field opens inside, on a later line.
    Broken,
}

impl Splitter {
    pub fn new(marks: Marks, width: Option<usize>, first_line: u64) -> Self {
        Self {
            marks,
            width,
            fields: Vec::new(),
            stride: 0,
            ends: Vec::new(),
            lines: Vec::new(),
            next_line: first_line,
            short: Tally::default(),
            long: Tally::default(),
            stray: Tally::default(),
            commented: Tally::default(),
            record: Record::default(),
        }
    }

    pub fn n_records(&self) -> usize {
        self.lines.len()
    }

    /// The fields of record `i`; only without a width.
    pub fn record(&self, i: usize) -> &[Field] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.fields[start..self.ends[i] as usize]
    }

    /// The fields of a column, one a record; only with a width.
    pub fn column(&self, column: usize) -> &[Field] {
        let start = column * self.stride;
        &self.fields[start..start + self.n_records()]
    }

    /// Leaves records out; `keep` is asked of each, by its position. Only with a width.
    pub fn retain(&mut self, keep: impl Fn(&Self, usize) -> bool) -> Tally {
        let mut dropped = Tally::default();
        let mut to = 0;
        for from in 0..self.n_records() {
            if !keep(self, from) {
                dropped.note(self.lines[from]);
                continue;
            }
            if dropped.count > 0 {
                self.lines[to] = self.lines[from];
                for column in 0..self.width.unwrap_or(0) {
                    let start = column * self.stride;
                    self.fields[start + to] = self.fields[start + from];
                }
            }
            to += 1;
        }
        self.lines.truncate(to);
        dropped
    }

    /// Forgets the fields, which then take no memory.
    pub fn clear_fields(&mut self) {
        self.fields = Vec::new();
    }

    /// Replaces the fields by those of the next records of `text`, at most `max_records`, and returns
    /// how many bytes they took. A record that the text cuts stays for the next time unless this
    /// `is_last`.
    ///
    /// # Errors
    /// When a quote is never closed or a record has too many fields.
    pub fn split(
        &mut self,
        text: &mut [u8],
        max_records: usize,
        is_last: bool,
    ) -> Result<usize, ImportError> {
        self.ends.clear();
        self.lines.clear();
        match self.width {
            Some(width) => {
                self.stride = max_records.min(text.len() + 1);
                // Wide records, of which a text holds fewer than it has bytes.
                if width * self.stride > MANY_FIELDS {
                    let ends = memchr::memchr2_iter(b'\n', b'\r', text).count();
                    self.stride = self.stride.min(ends + 1);
                }
                self.fields.resize(width * self.stride, Field::default());
            }
            None => self.fields.clear(),
        }
        let mut at = 0;
        let mut scan = Scan::new(self.marks.delimiter.byte(), self.marks.line_end);
        let is_spaced = self.marks.delimiter == Delimiter::Spaces;
        while self.n_records() < max_records && at < text.len() {
            let next = if self.marks.comments && text[at] == b'#' {
                let next = self.comment(text, at, is_last);
                scan.restart(next.unwrap_or(at));
                next
            } else if is_spaced {
                self.spaced_record(text, at, is_last)?
            } else {
                self.next_record(text, at, is_last, &mut scan)?
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(at)
    }

    /// Splits one record; `None` when the text does not hold all of it.
    #[inline]
    fn next_record(
        &mut self,
        text: &mut [u8],
        start: usize,
        is_last: bool,
        scan: &mut Scan,
    ) -> Result<Option<usize>, ImportError> {
        self.begin_record();
        let mut at = start;
        loop {
            let first = text.get(at).copied().unwrap_or(0);
            let stop;
            if first == b'"' || (first == b' ' && opens_after_blanks(text, at)) {
                match self.quick_quoted(text, at, scan) {
                    Some(next) => stop = next,
                    None => {
                        let Some(next) = self.quoted_field(text, at, is_last)? else {
                            self.drop_record();
                            return Ok(None);
                        };
                        stop = next;
                        scan.restart(stop + 1);
                    }
                }
            } else {
                stop = match scan.next_stop(text) {
                    Some(stop) => stop,
                    None if is_last => text.len(),
                    None => {
                        self.drop_record();
                        return Ok(None);
                    }
                };
                let mut end = stop;
                if stop == text.len() || text[stop] == self.marks.line_end {
                    end -= usize::from(end > at && text[end - 1] == b'\r');
                }
                self.push(trim(text, at, end));
                scan.pass();
            }
            if stop >= text.len() || text[stop] == self.marks.line_end {
                self.end_record(text)?;
                return Ok(Some((stop + 1).min(text.len())));
            }
            at = stop + 1;
        }
    }

    #[inline(always)]
    fn begin_record(&mut self) {
        self.record.n = 0;
        self.record.place = match self.width {
            Some(_) => self.lines.len(),
            None => self.fields.len(),
        };
        if self.record.any_quote || self.record.any_extra {
            let mut doubled = std::mem::take(&mut self.record.doubled);
            doubled.clear();
            self.record = Record {
                place: self.record.place,
                doubled,
                ..Record::default()
            };
        }
    }

    #[inline(always)]
    fn push(&mut self, field: Field) {
        self.record.n += 1;
        if self.width.is_none() {
            self.fields.push(field);
            self.record.place += 1;
            return;
        }
        match self.fields.get_mut(self.record.place) {
            Some(slot) => *slot = field,
            None => self.record.any_extra |= field.start != field.end,
        }
        self.record.place += self.stride;
    }

    /// Forgets the fields of a record that the text cuts.
    fn drop_record(&mut self) {
        if self.width.is_none() {
            self.fields.truncate(self.record.place - self.record.n);
        }
    }

    fn comment(&mut self, text: &[u8], start: usize, is_last: bool) -> Option<usize> {
        let end = match memchr::memchr(self.marks.line_end, &text[start..]) {
            Some(n) => start + n + 1,
            None if is_last => text.len(),
            None => return None,
        };
        self.commented.note(self.next_line);
        self.next_line += 1;
        Some(end)
    }

    /// Adds the quoted field at `at` when it closes on its line and a delimiter or line end follows,
    /// as nearly all do; returns where that stands.
    #[inline]
    fn quick_quoted(&mut self, text: &[u8], at: usize, scan: &mut Scan) -> Option<usize> {
        let Close::At { quote, any_doubled } = (match text[at] {
            b'"' => scan.close(text, at + 1),
            _ => Close::Unclear,
        }) else {
            return None;
        };
        let stop = scan.next_stop(text)?;
        let ends_in_cr = || text[quote + 1] == b'\r' && text[stop] == self.marks.line_end;
        if stop != quote + 1 && !(stop == quote + 2 && ends_in_cr()) {
            return None;
        }
        self.record.any_quote = true;
        if any_doubled {
            self.record.doubled.push(self.record.place);
        }
        self.push(Field {
            start: at as u32 + 1,
            end: quote as u32,
        });
        scan.pass();
        Some(stop)
    }

    /// Adds the quoted field at `at`; returns where its terminator stands, `None` when cut.
    #[cold]
    fn quoted_field(
        &mut self,
        text: &[u8],
        at: usize,
        is_last: bool,
    ) -> Result<Option<usize>, ImportError> {
        self.record.any_quote = true;
        let open = at + text[at..].iter().take_while(|&&b| b != b'"').count();
        match find_close(text, open, self.marks, is_last) {
            Quoted::Closed {
                field,
                doubled,
                stray,
                next,
            } => {
                if doubled {
                    self.record.doubled.push(self.record.place);
                }
                self.record.stray += u64::from(stray);
                let inner = memchr::memchr_iter(self.marks.line_end, field.of(text));
                self.record.inner_lines += inner.count() as u64;
                self.push(field);
                Ok(Some(next))
            }
            Quoted::Open if !is_last && text.len() - open < MAX_RECORD => Ok(None),
            Quoted::Open | Quoted::Broken => Err(ImportError::UnclosedQuote {
                line: self.next_line + self.record.inner_lines,
            }),
        }
    }

    /// Brings the record to the width, unless it is a blank line.
    #[inline(always)]
    fn end_record(&mut self, text: &mut [u8]) -> Result<(), ImportError> {
        let line = self.next_line;
        let n = self.record.n;
        self.next_line += 1;
        if n == 1 && !self.record.any_quote && self.is_blank() {
            self.drop_record();
            return Ok(());
        }
        if self.record.any_quote {
            self.mend_quotes(text, line);
        }
        match self.width {
            Some(width) if n == width => {}
            Some(width) => self.fit(width, line)?,
            None if n > MAX_COLUMNS => return Err(too_many(line, n)),
            None => self.ends.push(self.fields.len() as u32),
        }
        self.lines.push(line);
        Ok(())
    }

    /// Whether the record's one field is empty.
    #[inline]
    fn is_blank(&self) -> bool {
        let place = match self.width {
            Some(_) => self.lines.len(),
            None => self.fields.len() - 1,
        };
        let field = self.fields.get(place).copied().unwrap_or_default();
        field.start == field.end
    }

    fn mend_quotes(&mut self, text: &mut [u8], line: u64) {
        self.next_line += self.record.inner_lines;
        if self.record.stray > 0 {
            self.stray.note(line);
            self.stray.count += self.record.stray - 1;
        }
        for &place in &self.record.doubled {
            let Some(field) = self.fields.get_mut(place) else {
                continue;
            };
            let (mut from, end) = (field.start as usize, field.end as usize);
            let mut to = from;
            while from < end {
                text[to] = text[from];
                from += if text[from..end].starts_with(b"\"\"") {
                    2
                } else {
                    1
                };
                to += 1;
            }
            field.end = to as u32;
        }
    }

    #[cold]
    fn fit(&mut self, width: usize, line: u64) -> Result<(), ImportError> {
        let n = self.record.n;
        if n > MAX_COLUMNS {
            return Err(too_many(line, n));
        }
        if n < width {
            self.short.note(line);
        } else if self.record.any_extra {
            self.long.note(line);
        }
        for column in n..width {
            self.fields[column * self.stride + self.lines.len()] = Field::default();
        }
        Ok(())
    }

    /// Splits one record at runs of blanks.
    fn spaced_record(
        &mut self,
        text: &mut [u8],
        start: usize,
        is_last: bool,
    ) -> Result<Option<usize>, ImportError> {
        self.begin_record();
        let mut at = start;
        loop {
            while at < text.len() && matches!(text[at], b' ' | b'\t' | b'\r') {
                at += 1;
            }
            if at >= text.len() && !is_last {
                self.drop_record();
                return Ok(None);
            }
            if at >= text.len() || text[at] == self.marks.line_end {
                if self.record.n == 0 {
                    self.push(Field::default());
                }
                self.end_record(text)?;
                return Ok(Some((at + 1).min(text.len())));
            }
            if text[at] == b'"' {
                match self.quoted_field(text, at, is_last)? {
                    Some(next) => at = next,
                    None => {
                        self.drop_record();
                        return Ok(None);
                    }
                }
                continue;
            }
            let is_stop = |b: &u8| matches!(b, b' ' | b'\t' | b'\r') || *b == self.marks.line_end;
            let end = match text[at..].iter().position(is_stop) {
                Some(n) => at + n,
                None if is_last => text.len(),
                None => {
                    self.drop_record();
                    return Ok(None);
                }
            };
            self.push(Field {
                start: at as u32,
                end: end as u32,
            });
            at = end;
        }
    }
}

fn too_many(line: u64, n_columns: usize) -> ImportError {
    ImportError::TooManyColumns {
        line,
        n_columns,
        limit: MAX_COLUMNS,
    }
}

/// A quote that follows blanks opens a field too.
#[cold]
fn opens_after_blanks(text: &[u8], at: usize) -> bool {
    let rest = &text[at..];
    let n = rest.iter().take_while(|&&b| b == b' ').count();
    rest.get(n) == Some(&b'"')
}

/// The field without the blanks around it.
#[inline]
fn trim(text: &[u8], mut start: usize, mut end: usize) -> Field {
    let is_blank = |b: u8| b == b' ' || b == b'\t';
    if start < end && (is_blank(text[start]) || is_blank(text[end - 1])) {
        while start < end && is_blank(text[start]) {
            start += 1;
        }
        while start < end && is_blank(text[end - 1]) {
            end -= 1;
        }
    }
    Field {
        start: start as u32,
        end: end as u32,
    }
}

/// Finds the quote that closes the field opening at `open`.
///
/// A quote closes when a delimiter, a line end or the end of the text follows. One that is followed
/// by something else was not doubled as it should be: when the same line still has a closing quote
/// for this field, it is kept as text; when not, the field goes up to the next delimiter as it
/// stands, quotes included.
fn find_close(text: &[u8], open: usize, marks: Marks, is_last: bool) -> Quoted {
    let spaced = marks.delimiter == Delimiter::Spaces;
    let is_delimiter = |b: u8| b == marks.delimiter.byte() || (spaced && b == b'\t');
    let (mut doubled, mut stray, mut crossed) = (false, false, false);
    let mut at = open + 1;
    loop {
        let Some(n) = memchr::memchr(b'"', &text[at..]) else {
            return Quoted::Open;
        };
        let quote = at + n;
        crossed = crossed || memchr::memchr(marks.line_end, &text[at..quote]).is_some();
        if text.get(quote + 1) == Some(&b'"') {
            doubled = true;
            at = quote + 2;
            continue;
        }
        match closes(text, quote, marks, is_last) {
            Some(Some(next)) => {
                let field = Field {
                    start: open as u32 + 1,
                    end: quote as u32,
                };
                return Quoted::Closed {
                    field,
                    doubled,
                    stray,
                    next,
                };
            }
            Some(None) => {}
            None => return Quoted::Open,
        }
        let before = text[quote - 1];
        let opens = is_delimiter(before) || before == marks.line_end;
        if crossed && opens {
            return Quoted::Broken;
        }
        stray = true;
        let Some(line_len) = memchr::memchr(marks.line_end, &text[quote..])
            .or(is_last.then_some(text.len() - quote))
        else {
            return Quoted::Open;
        };
        let line = quote + line_len;
        let mut ahead = quote + 1;
        let closes_later = loop {
            let Some(n) = memchr::memchr(b'"', &text[ahead..line]) else {
                break false;
            };
            let later = ahead + n;
            if is_delimiter(text[later - 1]) {
                break false;
            }
            if text.get(later + 1) == Some(&b'"') {
                ahead = later + 2;
            } else if matches!(closes(text, later, marks, is_last), Some(Some(_))) {
                break true;
            } else {
                ahead = later + 1;
            }
            if ahead >= line {
                break false;
            }
        };
        if closes_later {
            at = quote + 1;
            continue;
        }
        let rest = &text[quote..line];
        let next = rest.iter().position(|&b| is_delimiter(b));
        let next = next.map_or(line, |n| quote + n);
        let mut end = next;
        end -= usize::from(next == line && text[end - 1] == b'\r');
        return Quoted::Closed {
            field: Field {
                start: open as u32,
                end: end as u32,
            },
            doubled: false,
            stray,
            next,
        };
    }
}

/// Whether the quote ends its field, and if so where the terminator stands. The outer `None` means
/// that the text ends too early to tell.
fn closes(text: &[u8], quote: usize, marks: Marks, is_last: bool) -> Option<Option<usize>> {
    let mut at = quote + 1;
    let spaced = marks.delimiter == Delimiter::Spaces;
    loop {
        match text.get(at) {
            None => return is_last.then_some(Some(at)),
            Some(&b) if b == marks.delimiter.byte() || b == marks.line_end => {
                return Some(Some(at));
            }
            Some(b'\t') if spaced => return Some(Some(at)),
            Some(b' ' | b'\r') => at += 1,
            Some(_) => return Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splitter(delimiter: Delimiter, width: Option<usize>) -> Splitter {
        let marks = Marks {
            delimiter,
            line_end: b'\n',
            comments: true,
        };
        Splitter::new(marks, width, 1)
    }

    fn split_all(
        text: &str,
        s: &mut Splitter,
        step: usize,
    ) -> Result<Vec<Vec<String>>, ImportError> {
        let mut rows = Vec::new();
        let (mut start, mut end) = (0, 0);
        let mut bytes = text.as_bytes().to_vec();
        while start < bytes.len() {
            end = (end + step).min(bytes.len());
            let is_last = end == bytes.len();
            let part = &mut bytes[start..end];
            let n = s.split(part, 2, is_last)?;
            for i in 0..s.n_records() {
                let fields: Vec<_> = match s.width {
                    Some(w) => (0..w).map(|c| s.column(c)[i]).collect(),
                    None => s.record(i).to_vec(),
                };
                let text = |f: &Field| String::from_utf8_lossy(f.of(part)).into_owned();
                rows.push(fields.iter().map(text).collect());
            }
            start += n;
            if is_last && n == 0 {
                break;
            }
        }
        Ok(rows)
    }

    /// The same however the text is cut into blocks.
    fn check(delimiter: Delimiter, text: &str, expected: &[&[&str]]) {
        for step in [1, 2, 3, 7, 64, 1000] {
            let rows = split_all(text, &mut splitter(delimiter, None), step).unwrap();
            assert_eq!(rows, expected, "{text:?} by {step}");
        }
    }

    fn comma(text: &str, expected: &[&[&str]]) {
        check(Delimiter::Comma, text, expected);
    }

    #[test]
    fn plain_records() {
        comma("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]);
        comma("a,b\r\n1,2", &[&["a", "b"], &["1", "2"]]);
        comma("a,\n,b\n", &[&["a", ""], &["", "b"]]);
        comma("\n\na\n \n\nb\r\n\r\n", &[&["a"], &["b"]]);
        comma(" a , b\t\n", &[&["a", "b"]]);
        comma("# note\na\n#b,c\n", &[&["a"]]);
        comma("", &[]);
        let long = "x".repeat(150);
        comma(&format!("{long},y\n"), &[&[&long, "y"]]);
        check(Delimiter::Pipe, "a|b,c\n", &[&["a", "b,c"]]);
    }

    #[test]
    fn quoted_fields() {
        comma("\"a,b\",c\n", &[&["a,b", "c"]]);
        comma("\"a\nb\",\"c\r\nd\"\n", &[&["a\nb", "c\r\nd"]]);
        comma("\"say \"\"hi\"\"\",1\n", &[&["say \"hi\"", "1"]]);
        comma("\"\"\n\"\"\"\"\n", &[&[""], &["\""]]);
        comma("a, \"b,c\" ,d\n", &[&["a", "b,c", "d"]]);
        comma("\" a \"\r\nb", &[&[" a "], &["b"]]);
        comma("5\" disk,x\n", &[&["5\" disk", "x"]]);
    }

    #[test]
    fn stray_quotes() {
        comma(
            "\"He said \"hi, you\" ok\",2\n",
            &[&["He said \"hi, you\" ok", "2"]],
        );
        comma("\"abc\"x,\"def\"\n", &[&["\"abc\"x", "def"]]);
        comma("\"abc\"x,1\n2,3\n", &[&["\"abc\"x", "1"], &["2", "3"]]);
    }

    #[test]
    fn blanks_between_fields() {
        check(
            Delimiter::Spaces,
            "  a  b\t\"c d\"\r\n1 2   3  \n\n",
            &[&["a", "b", "c d"], &["1", "2", "3"]],
        );
    }

    #[test]
    fn unclosed_quotes_name_their_line() {
        let check = |text: &str, line| {
            for step in [1, 5, 1000] {
                let found = split_all(text, &mut splitter(Delimiter::Comma, None), step);
                assert_eq!(found, Err(ImportError::UnclosedQuote { line }), "{text:?}");
            }
        };
        check("a,b\n1,\"x\n2,y\n", 2);
        check("a,b\n\"p\nq\",\"x\n2,y\n", 3);
        check("a,b\n1,\"x\n2,\"y\"z\n", 2);
        check("\"", 1);
    }

    #[test]
    fn records_are_fitted_to_the_width() {
        let mut s = splitter(Delimiter::Comma, Some(2));
        let rows = split_all("a,b\n1\n1,2,\n1,2,3\n\"x\ny\",\n4,5,6\n", &mut s, 1000).unwrap();
        let expected: [&[&str]; 6] = [
            &["a", "b"],
            &["1", ""],
            &["1", "2"],
            &["1", "2"],
            &["x\ny", ""],
            &["4", "5"],
        ];
        assert_eq!(rows, expected);
        assert_eq!(s.short, Tally { line: 2, count: 1 });
        assert_eq!(s.long, Tally { line: 4, count: 2 });
        assert_eq!(s.next_line, 8);
    }

    #[test]
    fn too_many_columns() {
        let text = ",".repeat(MAX_COLUMNS);
        let found = split_all(&text, &mut splitter(Delimiter::Comma, None), 1_000_000);
        assert_eq!(
            found,
            Err(ImportError::TooManyColumns {
                line: 1,
                n_columns: MAX_COLUMNS + 1,
                limit: MAX_COLUMNS
            })
        );
    }

    proptest::proptest! {
        /// What the `csv` crate writes comes back, whatever the fields hold.
        #[test]
        fn reads_what_is_properly_quoted(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a\"', \n\r#가]{0,5}", 2..4), 1..6),
            step in 1usize..40,
        ) {
            let mut writer = csv::WriterBuilder::new()
                .flexible(true)
                .quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let found = split_all(&text, &mut splitter(Delimiter::Comma, None), step).unwrap();
            proptest::prop_assert_eq!(found, rows);
        }
    }
}
