//! Looks at a sample and decides how the whole file is to be read.

use std::collections::{HashMap, HashSet};

use super::super::ColumnKind;
use super::dialect::{Dialect, is_typed, sniff};
use super::encoding::{Fill, Script, TextReader, detect, mend_line_ends};
use super::footer::{Footer, find_footer};
use super::infer::{Evidence, Missing, Rules, decimal_mark};
use super::number::parse_plain;
use super::packed::Bytes;
use super::split::{Field, Splitter, Tally};
use super::{Encoding, ImportError, ImportOptions, Warning};

/// Bytes read from the beginning.
const HEAD: u64 = 1 << 20;
/// The longest beginning read to find a first record.
const LONGEST_HEAD: u64 = 64 << 20;
/// Records looked at from the beginning.
const N_RECORDS: usize = 5_000;
/// Samples taken further in, and their length in bytes.
const N_SPREAD: u64 = 8;
const SPREAD: u64 = 64 << 10;

/// How a file is to be read.
pub(super) struct Plan {
    pub script: Script,
    pub dialect: Dialect,
    pub rules: Rules,
    pub has_header: bool,
    /// The header's cells, as they would stand in a row.
    pub header: Vec<Vec<u8>>,
    pub columns: Vec<PlannedColumn>,
    /// Bytes of text before the first row, header included, and that row's line.
    pub n_before_rows: usize,
    pub first_line: u64,
    pub comments_before: Tally,
    pub warnings: Vec<Warning>,
    /// Bytes of the file, as text in its own encoding, that a row takes.
    pub row_bytes: f64,
    /// Nothing below the table is left out.
    pub keeps_footer: bool,
    pub sample: Sample,
}

#[derive(Clone)]
pub(super) struct PlannedColumn {
    pub source_name: String,
    pub evidence: Evidence,
    /// `None` when no cell of the sample had a value.
    pub kind: Option<ColumnKind>,
}

/// The rows at the beginning.
pub(super) struct Sample {
    pub text: Vec<u8>,
    pub splitter: Splitter,
    /// Whether these are all the rows.
    pub is_whole: bool,
    /// What was left out below them.
    pub footer: Option<Footer>,
    /// Where the header came again.
    pub repeated: Tally,
    pub flaws: Flaws,
}

/// What could not be read as it stands.
#[derive(Clone, Copy)]
pub(super) struct Flaws {
    /// Zero bytes in the text.
    pub zeros: Tally,
    /// The first line with bytes that are no letters in the encoding.
    pub bad_line: Option<u64>,
}

impl Sample {
    pub fn cell(&self, row: usize, column: usize) -> &[u8] {
        self.splitter.column(column)[row].of(&self.text)
    }
}

impl Plan {
    /// About how many rows a text of so many bytes has.
    pub fn estimate_rows(&self, n_bytes: u64) -> u64 {
        let n_rows = self.sample.splitter.n_records() as u64;
        if self.sample.is_whole || n_rows == 0 {
            return n_rows;
        }
        let rest = n_bytes.saturating_sub(self.n_before_rows as u64) as f64;
        (rest / self.row_bytes).round() as u64
    }
}

/// What is known before a file is looked at.
#[derive(Clone, Copy, Default)]
pub(super) struct Known<'a> {
    /// The encoding, when a first guess failed.
    pub encoding: Option<Encoding>,
    /// The columns of the file that this one is to be put below.
    pub names: Option<&'a [String]>,
}

/// Reads samples and decides.
///
/// # Errors
/// When there is nothing to read, or it is no text, or a quote in the sample is never closed.
pub(super) fn plan(
    bytes: &mut Bytes<'_>,
    options: &ImportOptions,
    known: Known<'_>,
) -> Result<Plan, ImportError> {
    let mut head_len = HEAD;
    loop {
        match plan_from(bytes, options, known, head_len)? {
            Some(plan) => return Ok(plan),
            None => head_len = (head_len * 8).min(LONGEST_HEAD),
        }
    }
}

/// `None` asks for a longer head.
fn plan_from(
    bytes: &mut Bytes<'_>,
    options: &ImportOptions,
    known: Known<'_>,
    head_len: u64,
) -> Result<Option<Plan>, ImportError> {
    let mut raw = read(bytes, 0, head_len + 1)?;
    let is_whole = raw.len() as u64 <= head_len;
    raw.truncate(head_len as usize);
    if raw.is_empty() {
        return Err(ImportError::Empty);
    }
    let spread = if bytes.is_seekable() {
        spread_offsets(bytes.len(), head_len)
    } else {
        Vec::new()
    };
    let mut others = Vec::new();
    if raw.is_ascii() {
        for &offset in &spread {
            others.push(read(bytes, offset, SPREAD)?);
        }
    }
    let script = detect(&raw, is_whole, &others, known.encoding.or(options.encoding))?;
    drop(raw);

    let (mut text, script, flaws) = head_text(bytes, script, head_len)?;
    let dialect = sniff(&text, is_whole, options);
    if dialect.mends_line_ends {
        mend_line_ends(&mut text, 0);
    }
    text.drain(..dialect.n_skipped);
    let mut splitter = Splitter::new(dialect.marks, None, dialect.first_line);
    let mut sketch = text.clone();
    splitter.split(&mut sketch, N_RECORDS, is_whole)?;
    if splitter.n_records() < 2 && !is_whole && head_len < LONGEST_HEAD {
        return Ok(None);
    }
    let Some(last) = splitter.n_records().checked_sub(1) else {
        let any_record = splitter.commented.count > 0 || is_whole;
        let line = dialect.first_line;
        return Err(if any_record {
            ImportError::Empty
        } else {
            ImportError::UnclosedQuote { line }
        });
    };
    let cells: Vec<Vec<&[u8]>> = (0..=last)
        .map(|i| splitter.record(i).iter().map(|f| f.of(&sketch)).collect())
        .collect();
    let body = &cells[1..];
    let rules = Rules {
        decimal: match options.decimal {
            Some(',') => b',',
            Some(_) => b'.',
            None => decimal_mark(cells.iter().flatten().copied(), dialect.marks.delimiter) as u8,
        },
        missing: Missing::new(options.missing.as_deref()),
    };
    let has_header = options.has_header.unwrap_or_else(|| {
        known.names.is_some_and(|names| repeats(&cells[0], names))
            || looks_like_header(&cells[0], body, &rules)
    });
    if has_header && body.is_empty() {
        let n_columns = cells[0].len();
        return Err(ImportError::HeaderOnly { n_columns });
    }
    let rows = if has_header { body } else { &cells[..] };
    let header = if has_header { &cells[0][..] } else { &[] };
    let width = width_of(has_header.then_some(header), rows);
    let mut warnings = Vec::new();
    if dialect.n_lines_above > 0 && options.skip_rows.is_none() {
        warnings.push(Warning::LinesAbove {
            count: dialect.n_lines_above,
            line: splitter.lines[0],
        });
    }
    let header = &header[..header.len().min(width)];
    let row_names = has_header && width == header.len() + 1 && dialect.marks.delimiter.is_blank();
    let names = match known.names {
        Some(names) if !has_header && names.len() == width => names.to_vec(),
        _ => {
            if !has_header {
                warnings.push(Warning::NoHeader);
            }
            name_columns(header, width, row_names, &mut warnings)
        }
    };

    let header: Vec<Vec<u8>> = header.iter().map(|cell| cell.to_vec()).collect();

    // Once more, now that the width is known, so that rows come one like another.
    let mut header_end = 0;
    let mut splitter = Splitter::new(dialect.marks, Some(width), dialect.first_line);
    if has_header {
        header_end = splitter.split(&mut text, 1, is_whole)?;
        (splitter.short, splitter.long) = Default::default();
    }
    let first_line = splitter.next_line;
    let comments_before = std::mem::take(&mut splitter.commented);
    let mut text = text.split_off(header_end);
    let mut footer = None;
    if is_whole && !options.keep_footer {
        footer = find_footer(&text, dialect.marks, width);
        text.truncate(footer.as_ref().map_or(text.len(), |f| f.at));
    }
    let n_bytes = splitter.split(&mut text, N_RECORDS, is_whole)?;
    let is_whole = is_whole && n_bytes == text.len();
    let n_rows = splitter.n_records();
    let repeated = drop_headers(&mut splitter, &text, &header);
    let sample = Sample {
        is_whole,
        text,
        splitter,
        footer,
        repeated,
        flaws,
    };

    let mut evidence = vec![Evidence::default(); width];
    for (column, evidence) in evidence.iter_mut().enumerate() {
        for field in sample.splitter.column(column) {
            evidence.see(field.of(&sample.text), &rules);
        }
    }
    let n_lines = sample.splitter.next_line - first_line;
    let one_line_each = n_lines == n_rows as u64;
    if one_line_each && !dialect.marks.comments {
        let missing: Vec<u64> = evidence.iter().map(|e| e.n_missing).collect();
        for &offset in &spread {
            let (text, fields) = spread_rows(bytes, script, dialect, offset, width, options)?;
            for record in fields.chunks_exact(width) {
                let is_header =
                    (record.iter().map(|f| f.of(&text))).eq(header.iter().map(|c| &c[..]));
                for (field, evidence) in record.iter().zip(&mut evidence).filter(|_| !is_header) {
                    evidence.see(field.of(&text), &rules);
                }
            }
        }
        for (e, n) in evidence.iter_mut().zip(missing) {
            e.n_missing = n;
        }
    }
    let columns = names.into_iter().zip(evidence);
    let columns = columns.map(|(source_name, evidence)| PlannedColumn {
        kind: evidence.kind(&source_name),
        source_name,
        evidence,
    });
    let row_bytes = encoded_len(&sample.text[..n_bytes], script.encoding) / n_rows.max(1) as f64;
    Ok(Some(Plan {
        script,
        rules: rules.clone(),
        has_header,
        header,
        columns: columns.collect(),
        n_before_rows: dialect.n_skipped + header_end,
        first_line,
        comments_before,
        warnings,
        row_bytes,
        keeps_footer: options.keep_footer,
        dialect,
        sample,
    }))
}

impl super::Delimiter {
    fn is_blank(self) -> bool {
        matches!(self, Self::Spaces | Self::Tab)
    }
}

fn read(bytes: &mut Bytes<'_>, offset: u64, len: u64) -> Result<Vec<u8>, ImportError> {
    let room = match bytes.is_seekable() {
        true => len.min(bytes.len().saturating_sub(offset)),
        false => len,
    };
    let mut out = vec![0; usize::try_from(room).unwrap_or(usize::MAX)];
    let n = bytes.read_at(offset, &mut out)?;
    out.truncate(n);
    Ok(out)
}

/// The beginning as text. A guess at the encoding that fails in the head is made anew.
fn head_text(
    bytes: &mut Bytes<'_>,
    script: Script,
    len: u64,
) -> Result<(Vec<u8>, Script, Flaws), ImportError> {
    let end = script.bom_len + len;
    let mut reader = TextReader::new(bytes, script, script.bom_len, end);
    loop {
        match reader.fill()? {
            Fill::More => {}
            Fill::End => break,
            Fill::Restart(encoding) => {
                let script = Script {
                    encoding,
                    is_guess: false,
                    ..script
                };
                return head_text(bytes, script, len);
            }
        }
    }
    let flaws = Flaws {
        zeros: reader.zeros,
        bad_line: reader.bad_line,
    };
    Ok((reader.text().to_vec(), script, flaws))
}

/// Leaves rows out that are the header once more, as files put one behind the other have them.
pub(super) fn drop_headers(splitter: &mut Splitter, text: &[u8], header: &[Vec<u8>]) -> Tally {
    let [first, _, ..] = header else {
        return Tally::default();
    };
    let mut firsts = splitter.column(0).iter();
    if !firsts.any(|field| field.of(text) == first) {
        return Tally::default();
    }
    splitter.retain(|splitter, row| {
        let mut cells = header.iter().enumerate();
        !cells.all(|(column, cell)| splitter.column(column)[row].of(text) == cell)
    })
}

/// Bytes that a text has in an encoding.
fn encoded_len(text: &[u8], encoding: Encoding) -> f64 {
    let text = String::from_utf8_lossy(text);
    let n = if encoding == Encoding::UTF_8 {
        text.len()
    } else if [Encoding::UTF_16LE, Encoding::UTF_16BE].contains(&encoding) {
        text.encode_utf16().count() * 2
    } else {
        encoding.0.encode(&text).0.len()
    };
    n as f64
}

fn spread_offsets(len: u64, head_len: u64) -> Vec<u64> {
    if len < head_len * 4 {
        return Vec::new();
    }
    let step = (len - head_len - SPREAD) / N_SPREAD;
    // Even, for the sake of UTF-16.
    (1..=N_SPREAD).map(|k| (head_len + k * step) & !1).collect()
}

/// The whole rows within a sample further in, of the right width.
fn spread_rows(
    bytes: &mut Bytes<'_>,
    script: Script,
    dialect: Dialect,
    offset: u64,
    width: usize,
    options: &ImportOptions,
) -> Result<(Vec<u8>, Vec<Field>), ImportError> {
    let script = Script {
        is_guess: false,
        ..script
    };
    let offset = offset + (script.bom_len & 1);
    let n_bytes = bytes.len();
    let end = n_bytes.min(offset + SPREAD);
    let mut reader = TextReader::new(bytes, script, offset, end);
    reader.mends_line_ends = dialect.mends_line_ends;
    while let Fill::More = reader.fill()? {}
    let text = reader.text();
    let start = memchr::memchr(dialect.marks.line_end, text).map_or(text.len(), |n| n + 1);
    let mut text = text[start..].to_vec();
    if end + SPREAD > n_bytes && !options.keep_footer {
        let footer = find_footer(&text, dialect.marks, width);
        text.truncate(footer.map_or(text.len(), |f| f.at));
    }
    let mut splitter = Splitter::new(dialect.marks, None, 1);
    let mut fields = Vec::new();
    if splitter.split(&mut text, N_RECORDS, false).is_ok() {
        for i in 0..splitter.n_records() {
            if splitter.record(i).len() == width {
                fields.extend_from_slice(splitter.record(i));
            }
        }
    }
    Ok((text, fields))
}

/// Whether a first row is the header of the file before, or most of it.
fn repeats(first: &[&[u8]], names: &[String]) -> bool {
    let is_name = |cell: &&&[u8]| names.iter().any(|name| name.as_bytes() == **cell);
    first.iter().filter(is_name).count() * 2 > names.len()
}

/// A first row of nothing but numbers and dates is no header. Nor is one with such a cell above a
/// column that holds them too, unless another column shows the contrast of a word above numbers, or
/// of a year above numbers that are none.
fn looks_like_header(first: &[&[u8]], body: &[Vec<&[u8]>], rules: &Rules) -> bool {
    let is_missing = |cell: &[u8]| rules.missing.contains(cell);
    let filled: Vec<usize> = (0..first.len())
        .filter(|&c| !is_missing(first[c]))
        .collect();
    if filled.is_empty() {
        return false;
    }
    if filled.iter().all(|&c| is_typed(first[c])) {
        return false;
    }
    let mut contrast = 0;
    let mut same = 0;
    for &c in &filled {
        let mut cells = body.iter().take(100).filter_map(|row| row.get(c));
        let mut any = false;
        let mut any_other = false;
        let typed = cells.all(|cell| {
            any |= !is_missing(cell);
            any_other |= !is_missing(cell) && !is_year(cell);
            is_missing(cell) || is_typed(cell)
        });
        match (is_typed(first[c]), any && typed) {
            (true, true) if is_year(first[c]) && any_other => contrast += 1,
            (false, true) => contrast += 1,
            (true, true) => same += 1,
            _ => {}
        }
    }
    contrast > 0 || same == 0
}

fn is_year(cell: &[u8]) -> bool {
    cell.len() == 4
        && matches!(&cell[..2], b"18" | b"19" | b"20")
        && parse_plain(cell, b'.').is_some()
}

/// As many columns as the header names, or as most rows fill when these are more. Columns at the end
/// without a name count when a row has a value there.
fn width_of(header: Option<&[&[u8]]>, rows: &[Vec<&[u8]>]) -> usize {
    let Some(header) = header else {
        return rows
            .iter()
            .map(|row| n_filled(row))
            .max()
            .unwrap_or(1)
            .max(1);
    };
    let mut filled: Vec<usize> = rows.iter().map(|row| n_filled(row)).collect();
    filled.sort_unstable();
    let median = filled.get(filled.len() / 2).copied().unwrap_or(0);
    let most = filled.last().copied().unwrap_or(0);
    let unnamed = most.min(header.len());
    n_filled(header).max(unnamed).max(median).max(1)
}

/// The number of fields up to the last that is not empty.
pub(super) fn n_filled(record: &[&[u8]]) -> usize {
    let last = record.iter().rposition(|cell| !cell.is_empty());
    last.map_or(0, |n| n + 1)
}

/// Unique names for all columns.
fn name_columns(
    header: &[&[u8]],
    width: usize,
    row_names: bool,
    warnings: &mut Vec<Warning>,
) -> Vec<String> {
    let given = |k: usize| {
        let k = if row_names { k.checked_sub(1)? } else { k };
        let name = String::from_utf8_lossy(header.get(k)?);
        let name = name.trim();
        (!name.is_empty()).then(|| name.to_owned())
    };
    let mut taken: HashSet<String> = (0..width).filter_map(given).collect();
    let mut used: HashSet<String> = HashSet::new();
    let mut numbers = HashMap::new();
    let mut names = Vec::with_capacity(width);
    for k in 0..width {
        let name = match given(k) {
            Some(name) if used.contains(&name) => {
                let renamed = first_free(&name, &mut numbers, &taken);
                warnings.push(Warning::DuplicateHeader {
                    name,
                    renamed: renamed.clone(),
                });
                renamed
            }
            Some(name) => name,
            None => {
                let name = match format!("column_{}", k + 1) {
                    name if taken.contains(&name) => first_free(&name, &mut numbers, &taken),
                    name => name,
                };
                if !header.is_empty() {
                    warnings.push(Warning::MissingHeader {
                        position: k + 1,
                        name: name.clone(),
                    });
                }
                name
            }
        };
        taken.insert(name.clone());
        used.insert(name.clone());
        names.push(name);
    }
    names
}

/// `name_2` and so on; `numbers` remembers how far each name has come.
fn first_free(name: &str, numbers: &mut HashMap<String, usize>, taken: &HashSet<String>) -> String {
    let number = numbers.entry(name.to_owned()).or_insert(2);
    loop {
        let numbered = format!("{name}_{number}");
        *number += 1;
        if !taken.contains(&numbered) {
            return numbered;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |header: &[&str], width, expected: &[&str], n_warnings| {
            let mut warnings = Vec::new();
            let header: Vec<&[u8]> = header.iter().map(|h| h.as_bytes()).collect();
            let names = name_columns(&header, width, false, &mut warnings);
            assert_eq!(names, expected);
            assert_eq!(warnings.len(), n_warnings);
        };
        check(&["a", "b"], 2, &["a", "b"], 0);
        check(&["a", "a", "a"], 3, &["a", "a_2", "a_3"], 2);
        check(&["a", "a_2", "a"], 3, &["a", "a_2", "a_3"], 1);
        check(&["a", " ", "b"], 4, &["a", "column_2", "b", "column_4"], 2);
        check(&["column_2", ""], 2, &["column_2", "column_2_2"], 1);
        check(&[], 2, &["column_1", "column_2"], 0);
    }

    #[test]
    fn headers() {
        let rules = Rules {
            decimal: b'.',
            missing: Missing::new(None),
        };
        let check = |rows: &[&[&str]], expected| {
            let cells: Vec<Vec<&[u8]>> = rows
                .iter()
                .map(|row| row.iter().map(|c| c.as_bytes()).collect())
                .collect();
            let found = looks_like_header(&cells[0], &cells[1..], &rules);
            assert_eq!(found, expected, "{rows:?}");
        };
        check(&[&["a", "b"], &["1", "2"]], true);
        check(&[&["1", "2"], &["3", "4"]], false);
        check(&[&["a", "b"], &["x", "y"]], true);
        check(&[&["a", "b"]], true);
        check(&[&["2024-01-01", "5"], &["2024-01-02", "6"]], false);
        check(&[&["Seoul", "5"], &["Busan", "6"]], false);
        check(&[&["country", "2019", "2020"], &["KR", "1", "2"]], true);
        check(&[&["city", "rank", "2020"], &["Seoul", "1", "2"]], true);
        check(&[&["", ""], &["1", "2"]], false);
    }
}
