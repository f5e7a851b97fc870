//! The two entrances: look at a file, and read it.

use std::ops::ControlFlow;

use super::super::{Column, ColumnKind, Data, Table, TableError};
use super::builder::{Cells, ColumnBuilder, Finished};
use super::encoding::{Fill, Script, TextReader};
use super::infer::measure;
use super::number::parse_number;
use super::options::ColumnOverride;
use super::plan::{Plan, plan};
use super::split::Splitter;
use super::{
    Encoding, ImportError, ImportOptions, Preview, Progress, Source, Understood, UnderstoodColumn,
    Warning,
};

/// Rows that a preview shows.
const N_PREVIEW: usize = 50;
/// Fields split before they are read, few enough to stay in the processor's cache.
const CHUNK_FIELDS: usize = 24_576;
/// Row numbers are 32 bits wide throughout.
const MAX_ROWS: u64 = u32::MAX as u64 - 1;
/// A number column in all but a few marks: at least this share are numbers …
const NEARLY: f64 = 0.9;
/// … and the others are at most so many different ones.
const FEW_OTHERS: usize = 5;

/// A table read from text.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub table: Table,
    /// What the reader decided; of the same form as a preview's.
    pub understood: Understood,
    pub warnings: Vec<Warning>,
}

/// Looks at the beginning of a file, and at a few places further in when it is large, and says how
/// it would be read.
///
/// # Errors
/// When there is nothing to read, it is not text, or a quote in the sample is never closed.
pub fn preview(source: &mut dyn Source, options: &ImportOptions) -> Result<Preview, ImportError> {
    let plan = plan(source, options, None)?;
    let width = plan.columns.len();
    let mut builders = start_columns(&plan, options)?;
    let sample = &plan.sample;
    for (column, builder) in builders.iter_mut().enumerate() {
        let Some(builder) = builder else { continue };
        push_sample(builder, &plan, column)?;
        while builder.start_again() {
            push_sample(builder, &plan, column)?;
        }
    }
    let (columns, mut understood, mut warnings) = finish_columns(&plan, options, builders)?;
    drop(columns);
    for (k, planned) in plan.columns.iter().enumerate() {
        if skips(options, &planned.source_name) {
            let column = UnderstoodColumn {
                kind: planned.kind.unwrap_or(ColumnKind::Category),
                skipped: true,
                ..describe(planned, Column::text(&planned.source_name, [""; 0]), None)
            };
            understood.columns.insert(k, column);
        }
    }
    let splitter = &sample.splitter;
    warnings.extend(row_warnings(splitter, &plan, None));
    let n_rows = splitter.n_records();
    let rows = (0..n_rows.min(N_PREVIEW)).map(|row| {
        let cell = |column| String::from_utf8_lossy(sample.cell(row, column, width)).into_owned();
        (0..width).map(cell).collect()
    });
    let n_bytes = source.len();
    let n_rows_estimate = if sample.is_whole || sample.n_bytes == 0 {
        n_rows as u64
    } else {
        let head = &sample.text[..sample.n_bytes];
        estimate_rows(&plan, n_bytes, head.len(), n_rows)
    };
    Ok(Preview {
        understood,
        rows: rows.collect(),
        n_bytes,
        n_rows_estimate,
        is_whole: sample.is_whole,
        warnings,
    })
}

/// Reads a file into a table. `progress` is called for every few megabytes; when it breaks, reading
/// ends with [`ImportError::Cancelled`].
///
/// The kinds of columns come from a sample. A cell further on that does not fit widens its column:
/// whole numbers to numbers, dates to dates with times, and anything to text, for which the file is
/// read a second time, so that the text is kept as it stands. A warning names the line.
///
/// # Errors
/// See [`ImportError`].
pub fn read_csv(
    source: &mut dyn Source,
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Imported, ImportError> {
    let mut encoding = None;
    loop {
        match read_as(source, options, encoding, progress)? {
            Read::Done(imported) => return Ok(*imported),
            Read::Restart(better) => encoding = Some(better),
        }
    }
}

enum Read {
    Done(Box<Imported>),
    Restart(Encoding),
}

fn read_as(
    source: &mut dyn Source,
    options: &ImportOptions,
    encoding: Option<Encoding>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Read, ImportError> {
    let plan = plan(source, options, encoding)?;
    let mut builders = start_columns(&plan, options)?;
    let sample = &plan.sample;
    let n_rows = sample.splitter.n_records();
    if n_rows > 0 && !sample.is_whole {
        let estimate = estimate_rows(&plan, source.len(), sample.n_bytes, n_rows);
        let room = usize::try_from(estimate + estimate / 50).unwrap_or(0);
        builders.iter_mut().flatten().for_each(|b| b.reserve(room));
    }
    let mut pass = Pass {
        n_bytes_before: 0,
        n_passes: 1,
        progress,
    };
    let mut active: Vec<usize> = (0..builders.len())
        .filter(|&k| builders[k].is_some())
        .collect();
    let mut rows_noted = None;
    loop {
        let outcome = pass.run(source, &plan, &mut builders, &active)?;
        let (splitter, bad_line) = match outcome {
            Outcome::Restart(encoding) => return Ok(Read::Restart(encoding)),
            Outcome::Done(splitter, bad_line) => (splitter, bad_line),
        };
        if rows_noted.is_none() {
            rows_noted = Some(row_warnings(&splitter, &plan, bad_line));
        }
        let again = builders.iter_mut().enumerate().filter_map(|(k, builder)| {
            let again = builder.as_mut().is_some_and(ColumnBuilder::start_again);
            again.then_some(k)
        });
        active = again.collect();
        if active.is_empty() {
            break;
        }
        pass.n_bytes_before += source.len();
        pass.n_passes += 1;
    }
    let (columns, understood, mut warnings) = finish_columns(&plan, options, builders)?;
    warnings.extend(rows_noted.unwrap_or_default());
    let table = Table::new(columns).map_err(|e| match e {
        TableError::DuplicateName { column } | TableError::UnequalLengths { column, .. } => {
            ImportError::DuplicateName { column }
        }
    })?;
    Ok(Read::Done(Box::new(Imported {
        table,
        understood,
        warnings,
    })))
}

/// Readings of the whole file, and how far they have come.
struct Pass<'p> {
    n_bytes_before: u64,
    n_passes: u64,
    progress: &'p mut dyn FnMut(Progress) -> ControlFlow<()>,
}

enum Outcome {
    /// The splitter with its tallies, and the first line with bad bytes.
    Done(Box<Splitter>, Option<u64>),
    Restart(Encoding),
}

impl Pass<'_> {
    /// Reads all rows into the columns at `active`.
    fn run(
        &mut self,
        source: &mut dyn Source,
        plan: &Plan,
        builders: &mut [Option<ColumnBuilder>],
        active: &[usize],
    ) -> Result<Outcome, ImportError> {
        let width = plan.columns.len();
        let chunk = (CHUNK_FIELDS / width).clamp(16, 4096);
        let n_bytes = source.len();
        let script: Script = plan.script;
        let mut reader = TextReader::new(source, script, script.bom_len, n_bytes);
        let mut splitter = Splitter::new(plan.dialect.marks, Some(width), plan.first_line);
        let mut to_skip = plan.n_before_rows;
        let mut n_rows = 0u64;
        let mut lines_drained = 1;
        loop {
            let is_last = match reader.fill()? {
                Fill::More => false,
                Fill::End => true,
                Fill::Restart(encoding) => return Ok(Outcome::Restart(encoding)),
            };
            let text = reader.text();
            if text.len() < to_skip && !is_last {
                continue;
            }
            let mut at = std::mem::take(&mut to_skip).min(text.len());
            loop {
                let rest = &mut text[at..];
                let n = splitter.split(rest, chunk, is_last)?;
                if n == 0 {
                    break;
                }
                n_rows += splitter.n_records() as u64;
                for &column in active {
                    let Some(builder) = &mut builders[column] else {
                        continue;
                    };
                    let cells = Cells {
                        text: rest,
                        fields: &splitter.fields,
                        width,
                        column,
                        lines: &splitter.lines,
                    };
                    push(builder, cells)?;
                }
                at += n;
            }
            if n_rows > MAX_ROWS {
                return Err(ImportError::TooManyRows { limit: MAX_ROWS });
            }
            reader.drain(at, splitter.next_line - lines_drained);
            lines_drained = splitter.next_line;
            let report = Progress {
                n_bytes: self.n_bytes_before + reader.position(),
                n_bytes_total: n_bytes * self.n_passes,
                n_rows,
            };
            if (self.progress)(report).is_break() {
                return Err(ImportError::Cancelled);
            }
            if is_last {
                return Ok(Outcome::Done(Box::new(splitter), reader.bad_line));
            }
        }
    }
}

fn push(builder: &mut ColumnBuilder, cells: Cells<'_>) -> Result<(), ImportError> {
    if cells.len() == 0 || builder.is_waiting() {
        return Ok(());
    }
    let pushed = builder.push(cells);
    pushed.map_err(|_| ImportError::ColumnTooLarge {
        column: builder.name.clone(),
    })
}

fn push_sample(builder: &mut ColumnBuilder, plan: &Plan, column: usize) -> Result<(), ImportError> {
    let sample = &plan.sample;
    let cells = Cells {
        text: &sample.text,
        fields: &sample.splitter.fields,
        width: plan.columns.len(),
        column,
        lines: &sample.splitter.lines,
    };
    push(builder, cells)
}

fn skips(options: &ImportOptions, name: &str) -> bool {
    options.columns.get(name).is_some_and(|c| c.skip)
}

fn start_columns(
    plan: &Plan,
    options: &ImportOptions,
) -> Result<Vec<Option<ColumnBuilder>>, ImportError> {
    let start = |planned: &super::plan::PlannedColumn| {
        let name = &planned.source_name;
        let told = options.columns.get(name).and_then(|c| c.kind);
        (!skips(options, name)).then(|| {
            ColumnBuilder::new(
                name,
                &plan.rules,
                told.or(planned.kind),
                told.is_some(),
                planned.evidence.date_order(),
            )
        })
    };
    let builders: Vec<_> = plan.columns.iter().map(start).collect();
    if builders.iter().all(Option::is_none) {
        return Err(ImportError::NoColumns);
    }
    Ok(builders)
}

type Columns = (Vec<Column>, Understood, Vec<Warning>);

/// Measures and names the columns and says what was understood.
fn finish_columns(
    plan: &Plan,
    options: &ImportOptions,
    builders: Vec<Option<ColumnBuilder>>,
) -> Result<Columns, ImportError> {
    let mut warnings = plan.warnings.clone();
    let mut columns: Vec<Column> = Vec::new();
    let mut understood = Vec::new();
    for (planned, builder) in plan.columns.iter().zip(builders) {
        let Some(builder) = builder else { continue };
        let name = &planned.source_name;
        let Finished {
            mut column,
            date_order,
            warnings: more,
        } = builder.finish().map_err(|_| ImportError::ColumnTooLarge {
            column: name.clone(),
        })?;
        let widened = more.iter().any(|w| matches!(w, Warning::Widened { .. }));
        warnings.extend(more);
        let default = ColumnOverride::default();
        let told = options.columns.get(name).unwrap_or(&default);
        if told.kind.is_none() && !widened {
            warnings.extend(nearly_numbers(&column, plan.rules.decimal));
        }
        column.measure = told.measure.unwrap_or_else(|| measure(&column));
        if let Some(rename) = &told.rename {
            column.name.clone_from(rename);
        }
        if columns.iter().any(|c| c.name == column.name) {
            let column = column.name;
            return Err(ImportError::DuplicateName { column });
        }
        understood.push(describe(planned, column.clone_header(), date_order));
        if let Some(last) = understood.last_mut() {
            last.n_missing = column.n_missing() as u64;
            last.kind = column.kind();
        }
        columns.push(column);
    }
    let understood = Understood {
        encoding: plan.script.encoding,
        bom: plan.script.bom_len > 0,
        delimiter: plan.dialect.marks.delimiter,
        decimal: char::from(plan.rules.decimal),
        has_header: plan.has_header,
        missing: plan.rules.missing.tokens().map(str::to_owned).collect(),
        columns: understood,
    };
    Ok((columns, understood, warnings))
}

fn describe(
    planned: &super::plan::PlannedColumn,
    header: Column,
    date_order: Option<super::DateOrder>,
) -> UnderstoodColumn {
    UnderstoodColumn {
        kind: header.kind(),
        name: header.name,
        source_name: planned.source_name.clone(),
        measure: header.measure,
        format: header.format,
        date_order,
        examples: planned.evidence.examples.clone(),
        n_missing: planned.evidence.n_missing,
        missing_seen: planned.evidence.missing_seen.iter().cloned().collect(),
        skipped: false,
    }
}

impl Column {
    /// The column without its rows.
    fn clone_header(&self) -> Self {
        self.select_rows(&[])
    }
}

fn row_warnings(splitter: &Splitter, plan: &Plan, bad_line: Option<u64>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if splitter.short.count > 0 {
        let (line, count) = (splitter.short.line, splitter.short.count);
        warnings.push(Warning::ShortRows { line, count });
    }
    if splitter.long.count > 0 {
        let (line, count) = (splitter.long.line, splitter.long.count);
        warnings.push(Warning::LongRows { line, count });
    }
    if splitter.stray.count > 0 {
        let (line, count) = (splitter.stray.line, splitter.stray.count);
        warnings.push(Warning::StrayQuote { line, count });
    }
    let before = plan.comments_before;
    let after = splitter.commented;
    if before.count + after.count > 0 {
        let line = if before.count > 0 {
            before.line
        } else {
            after.line
        };
        let count = before.count + after.count;
        warnings.push(Warning::Comments { line, count });
    }
    warnings.extend(bad_line.map(|line| Warning::BadBytes { line }));
    warnings
}

fn estimate_rows(plan: &Plan, n_bytes: u64, n_sample_bytes: usize, n_rows: usize) -> u64 {
    let text = &plan.sample.text[..n_sample_bytes];
    let encoding = plan.script.encoding;
    let n_sample_bytes = if encoding == Encoding::UTF_8 {
        n_sample_bytes
    } else {
        let text = String::from_utf8_lossy(text);
        match encoding {
            e if e == Encoding::UTF_16LE || e == Encoding::UTF_16BE => {
                text.encode_utf16().count() * 2
            }
            e => e.0.encode(&text).0.len(),
        }
    };
    (n_bytes as f64 * n_rows as f64 / n_sample_bytes as f64).round() as u64
}

/// A column of words that would be numbers but for a few marks.
fn nearly_numbers(column: &Column, decimal: u8) -> Option<Warning> {
    let Data::Category { codes, levels } = &column.data else {
        return None;
    };
    let is_number =
        |level: &String| parse_number(level.as_bytes(), decimal).is_some_and(|n| n.is_quantity());
    let others: Vec<usize> = (0..levels.len())
        .filter(|&k| !is_number(&levels[k]))
        .take(FEW_OTHERS + 1)
        .collect();
    if others.is_empty() || others.len() > FEW_OTHERS {
        return None;
    }
    let is_other = |code: &&i32| others.contains(&(**code as usize));
    let count = codes.iter().filter(|c| **c >= 0).filter(is_other).count();
    let n_valid = codes.len() - column.n_missing();
    if ((n_valid - count) as f64) < NEARLY * n_valid as f64 {
        return None;
    }
    Some(Warning::NearlyNumbers {
        column: column.name.clone(),
        others: others.iter().map(|&k| levels[k].clone()).collect(),
        count: count as u64,
    })
}
