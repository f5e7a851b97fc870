//! Looks at a sample and decides how the whole file is to be read.

use std::collections::HashSet;

use super::super::ColumnKind;
use super::dialect::{Dialect, is_typed, sniff};
use super::encoding::{Fill, Script, TextReader, detect};
use super::infer::{Evidence, Missing, Rules, decimal_mark};
use super::number::parse_plain;
use super::split::{Field, Splitter, Tally};
use super::{Encoding, ImportError, ImportOptions, Source, Warning};

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
    pub columns: Vec<PlannedColumn>,
    /// Bytes of text before the first row, header included, and that row's line.
    pub n_before_rows: usize,
    pub first_line: u64,
    pub comments_before: Tally,
    pub warnings: Vec<Warning>,
    pub sample: Sample,
}

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
    /// Bytes of text that the rows take.
    pub n_bytes: usize,
    /// Whether these are all the rows.
    pub is_whole: bool,
}

impl Sample {
    pub fn cell(&self, row: usize, column: usize, width: usize) -> &[u8] {
        self.splitter.fields[row * width + column].of(&self.text)
    }
}

/// Reads samples and decides.
///
/// # Errors
/// When there is nothing to read, or it is no text, or a quote in the sample is never closed.
pub(super) fn plan(
    source: &mut dyn Source,
    options: &ImportOptions,
    encoding: Option<Encoding>,
) -> Result<Plan, ImportError> {
    let mut head_len = HEAD;
    loop {
        let is_whole = source.len() <= head_len;
        match plan_from(source, options, encoding, head_len, is_whole)? {
            Some(plan) => return Ok(plan),
            None => head_len = (head_len * 8).min(LONGEST_HEAD.max(HEAD)),
        }
    }
}

/// `None` asks for a longer head.
fn plan_from(
    source: &mut dyn Source,
    options: &ImportOptions,
    encoding: Option<Encoding>,
    head_len: u64,
    is_whole: bool,
) -> Result<Option<Plan>, ImportError> {
    if source.is_empty() {
        return Err(ImportError::Empty);
    }
    let raw = read(source, 0, head_len)?;
    let spread = spread_offsets(source.len(), head_len);
    let mut others = Vec::new();
    if raw.is_ascii() {
        for &offset in &spread {
            others.push(read(source, offset, SPREAD)?);
        }
    }
    let script = detect(&raw, is_whole, &others, encoding.or(options.encoding))?;
    drop(raw);

    let (mut text, script) = head_text(source, script, head_len)?;
    let dialect = sniff(&text, is_whole, options);
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
    let has_header = options
        .has_header
        .unwrap_or_else(|| looks_like_header(&cells[0], body, &rules));
    if has_header && body.is_empty() {
        let n_columns = cells[0].len();
        return Err(ImportError::HeaderOnly { n_columns });
    }
    let rows = if has_header { body } else { &cells[..] };
    let width = width_of(has_header.then(|| cells[0].len()), rows);
    let mut warnings = Vec::new();
    let header = if has_header { &cells[0][..] } else { &[] };
    let row_names = has_header && width == header.len() + 1 && dialect.marks.delimiter.is_blank();
    let names = name_columns(header, width, row_names, &mut warnings);
    if !has_header {
        warnings.push(Warning::NoHeader);
    }

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
    let n_bytes = splitter.split(&mut text, N_RECORDS, is_whole)?;
    let sample = Sample {
        is_whole: is_whole && n_bytes == text.len(),
        n_bytes,
        text,
        splitter,
    };

    let mut evidence = vec![Evidence::default(); width];
    let see_all = |text: &[u8], fields: &[Field], evidence: &mut [Evidence]| {
        for record in fields.chunks_exact(width) {
            for (field, evidence) in record.iter().zip(&mut *evidence) {
                evidence.see(field.of(text), &rules);
            }
        }
    };
    see_all(&sample.text, &sample.splitter.fields, &mut evidence);
    let n_lines = sample.splitter.next_line - first_line;
    let one_line_each = n_lines == sample.splitter.n_records() as u64;
    if one_line_each && !dialect.marks.comments {
        let missing: Vec<u64> = evidence.iter().map(|e| e.n_missing).collect();
        for &offset in &spread {
            let (mut text, fields) = spread_rows(source, script, dialect, offset, width)?;
            see_all(&std::mem::take(&mut text), &fields, &mut evidence);
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
    Ok(Some(Plan {
        script,
        rules: rules.clone(),
        has_header,
        columns: columns.collect(),
        n_before_rows: dialect.n_skipped + header_end,
        first_line,
        comments_before,
        warnings,
        dialect,
        sample,
    }))
}

impl super::Delimiter {
    fn is_blank(self) -> bool {
        matches!(self, Self::Spaces | Self::Tab)
    }
}

fn read(source: &mut dyn Source, offset: u64, len: u64) -> Result<Vec<u8>, ImportError> {
    let len = len.min(source.len().saturating_sub(offset));
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
    let n = source.read_at(offset, &mut bytes)?;
    bytes.truncate(n);
    Ok(bytes)
}

/// The beginning as text. A guess at the encoding that fails in the head is made anew.
fn head_text(
    source: &mut dyn Source,
    script: Script,
    len: u64,
) -> Result<(Vec<u8>, Script), ImportError> {
    let end = source.len().min(script.bom_len + len);
    let mut reader = TextReader::new(source, script, script.bom_len, end);
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
                return head_text(source, script, len);
            }
        }
    }
    Ok((reader.text().to_vec(), script))
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
    source: &mut dyn Source,
    script: Script,
    dialect: Dialect,
    offset: u64,
    width: usize,
) -> Result<(Vec<u8>, Vec<Field>), ImportError> {
    let script = Script {
        is_guess: false,
        ..script
    };
    let offset = offset + (script.bom_len & 1);
    let end = source.len().min(offset + SPREAD);
    let mut reader = TextReader::new(source, script, offset, end);
    while let Fill::More = reader.fill()? {}
    let text = reader.text();
    let start = memchr::memchr(dialect.marks.line_end, text).map_or(text.len(), |n| n + 1);
    let mut text = text[start..].to_vec();
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

/// As many columns as the header has, or as most rows fill when these are more.
fn width_of(header: Option<usize>, rows: &[Vec<&[u8]>]) -> usize {
    let filled = |row: &Vec<&[u8]>| {
        let last = row.iter().rposition(|cell| !cell.is_empty());
        last.map_or(0, |n| n + 1)
    };
    let Some(header) = header else {
        return rows.iter().map(Vec::len).max().unwrap_or(1).max(1);
    };
    let mut wider: Vec<usize> = rows.iter().map(filled).collect();
    wider.sort_unstable();
    let median = wider.get(wider.len() / 2).copied().unwrap_or(0);
    header.max(median)
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
    let mut names = Vec::with_capacity(width);
    for k in 0..width {
        let name = match given(k) {
            Some(name) if used.contains(&name) => {
                let renamed = first_free(&name, 2, &taken);
                warnings.push(Warning::DuplicateHeader {
                    name,
                    renamed: renamed.clone(),
                });
                renamed
            }
            Some(name) => name,
            None => {
                let name = match format!("column_{}", k + 1) {
                    name if taken.contains(&name) => first_free(&name, 2, &taken),
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

fn first_free(name: &str, from: usize, taken: &HashSet<String>) -> String {
    let mut numbered = (from..).map(|n| format!("{name}_{n}"));
    let free = numbered.find(|candidate| !taken.contains(candidate));
    free.unwrap_or_else(|| name.to_owned())
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
