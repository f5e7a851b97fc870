//! The two entrances: look at a file, and read it.

use std::ops::ControlFlow;

use super::super::{Column, ColumnKind, Data, Table, TableError};
use super::builder::{Cells, ColumnBuilder, Finished};
use super::encoding::{Fill, Script, TextReader};
use super::footer::{Footer, TAIL, find_footer};
use super::infer::measure;
use super::number::parse_number;
use super::options::ColumnOverride;
use super::packed::Bytes;
use super::parts::{Layout, Parts, SourceFile};
use super::plan::{Plan, PlannedColumn, Sample, drop_headers};
use super::split::{Splitter, Tally};
use super::{
    Encoding, FileFacts, ImportError, ImportOptions, Preview, Progress, Source, Understood,
    UnderstoodColumn, Warning,
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
    preview_files(&mut one(source), options)
}

/// As [`preview`], of several files that are to be put one below the other. The rows are those of
/// the first.
///
/// # Errors
/// As [`preview`], with the file's name.
pub fn preview_files(
    files: &mut [SourceFile<'_>],
    options: &ImportOptions,
) -> Result<Preview, ImportError> {
    let parts = Parts::of(files, options)?;
    let plans = parts.plans(files, options, &vec![None; parts.parts.len()])?;
    let layout = Layout::of(&plans);
    let mut builders = start_columns(&plans[0], &layout, options)?;
    let (plan, places) = (&plans[0], &layout.places[0]);
    let sample = &plan.sample;
    for (builder, place) in builders.iter_mut().zip(places) {
        let (Some(builder), Some(column)) = (builder, *place) else {
            continue;
        };
        push_sample(builder, plan, column)?;
        while builder.start_again() {
            push_sample(builder, plan, column)?;
        }
    }
    let read = Tallies::of_sample(sample);
    let finished = finish_columns(&plans, &layout, &parts, options, builders)?;
    let (mut understood, mut warnings) = (finished.understood, finished.warnings);
    for (k, planned) in layout.columns.iter().enumerate() {
        if skips(options, &planned.source_name) {
            let column = UnderstoodColumn {
                kind: planned.kind.unwrap_or(ColumnKind::Category),
                skipped: true,
                ..describe(planned, &Column::text(&planned.source_name, [""; 0]), None)
            };
            understood.columns.insert(k, column);
        }
    }
    warnings.extend(row_warnings(&read, plan).map(|w| parts.warning(0, w)));
    let n_rows = sample.splitter.n_records();
    let rows = (0..n_rows.min(N_PREVIEW)).map(|row| {
        let cell = |place: &Option<usize>| match place {
            Some(column) => String::from_utf8_lossy(sample.cell(row, *column)).into_owned(),
            None => String::new(),
        };
        places.iter().map(cell).collect()
    });
    let rows = rows.collect();
    let mut n_rows_estimate = 0;
    for (part, plan) in parts.parts.iter().zip(&plans) {
        n_rows_estimate += plan.estimate_rows(part.open(files).len());
    }
    Ok(Preview {
        understood,
        rows,
        n_bytes: files.iter().map(|f| f.source.len()).sum(),
        n_rows_estimate,
        is_whole: plans.iter().all(|plan| plan.sample.is_whole),
        members: parts.members,
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
    read_files(&mut one(source), options, progress)
}

/// As [`read_csv`], of several files that are put one below the other: columns of the same name are
/// one, those that a file does not have are missing there, and one more says which file a row is
/// from.
///
/// # Errors
/// See [`ImportError`].
pub fn read_files(
    files: &mut [SourceFile<'_>],
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Imported, ImportError> {
    let parts = Parts::of(files, options)?;
    let mut encodings = vec![None; parts.parts.len()];
    loop {
        match read_as(files, &parts, options, &encodings, progress)? {
            Read::Done(imported) => return Ok(*imported),
            Read::Restart(part, better) => encodings[part] = Some(better),
        }
    }
}

fn one(source: &mut dyn Source) -> [SourceFile<'_>; 1] {
    let name = String::new();
    [SourceFile { name, source }]
}

enum Read {
    Done(Box<Imported>),
    Restart(usize, Encoding),
}

fn read_as(
    files: &mut [SourceFile<'_>],
    parts: &Parts,
    options: &ImportOptions,
    encodings: &[Option<Encoding>],
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Read, ImportError> {
    let plans = parts.plans(files, options, encodings)?;
    let layout = Layout::of(&plans);
    let mut builders = start_columns(&plans[0], &layout, options)?;
    let mut n_rows = 0;
    let mut pass = Pass {
        n_bytes_before: 0,
        n_bytes_each: 0,
        n_passes: 1,
        n_rows: 0,
        progress,
    };
    for (part, plan) in parts.parts.iter().zip(&plans) {
        let bytes = part.open(files);
        n_rows += plan.estimate_rows(bytes.len());
        pass.n_bytes_each += bytes.progress().1;
    }
    if plans.len() > 1 || !plans[0].sample.is_whole {
        let room = usize::try_from(n_rows + n_rows / 50).unwrap_or(0);
        for (builder, planned) in builders.iter_mut().zip(&layout.columns) {
            let seen = planned.evidence.n + planned.evidence.n_missing;
            let cell_bytes = planned.evidence.n_bytes as f64 / seen.max(1) as f64;
            if let Some(builder) = builder {
                builder.reserve(room, cell_bytes);
            }
        }
    }
    let mut active: Vec<usize> = (0..builders.len())
        .filter(|&k| builders[k].is_some())
        .collect();
    let mut rows_noted = Vec::new();
    let mut rows_by_part = Vec::new();
    loop {
        pass.n_rows = 0;
        for (k, (part, plan)) in parts.parts.iter().zip(&plans).enumerate() {
            let columns: Vec<(usize, Option<usize>)> =
                active.iter().map(|&c| (c, layout.places[k][c])).collect();
            for &(column, _) in &columns {
                if let Some(builder) = &mut builders[column] {
                    builder.begin_part(k, plan.rules.decimal);
                }
            }
            let n_rows_before = pass.n_rows;
            let bytes = part.open(files);
            let n_bytes = bytes.progress().1;
            let outcome = pass.run(bytes, plan, &mut builders, &columns);
            let read = match outcome.map_err(|e| parts.error(k, e))? {
                Outcome::Restart(encoding) => return Ok(Read::Restart(k, encoding)),
                Outcome::Done(read) => read,
            };
            pass.n_bytes_before += n_bytes;
            if pass.n_passes == 1 {
                rows_by_part.push(pass.n_rows - n_rows_before);
                rows_noted.extend(row_warnings(&read, plan).map(|w| parts.warning(k, w)));
            }
        }
        let again = builders.iter_mut().enumerate().filter_map(|(k, builder)| {
            let again = builder.as_mut().is_some_and(ColumnBuilder::start_again);
            again.then_some(k)
        });
        active = again.collect();
        if active.is_empty() {
            break;
        }
        pass.n_passes += 1;
    }
    let mut finished = finish_columns(&plans, &layout, parts, options, builders)?;
    finished.warnings.extend(rows_noted);
    if parts.are_several()
        && let Some(column) = source_column(parts, &rows_by_part, options, &finished.columns)
    {
        finished.columns.insert(0, column);
    }
    let table = Table::new(finished.columns).map_err(|e| match e {
        TableError::DuplicateName { column } | TableError::UnequalLengths { column, .. } => {
            ImportError::DuplicateName { column }
        }
    })?;
    Ok(Read::Done(Box::new(Imported {
        table,
        understood: finished.understood,
        warnings: finished.warnings,
    })))
}

/// Says of each row which file it is from.
fn source_column(
    parts: &Parts,
    rows_by_part: &[u64],
    options: &ImportOptions,
    others: &[Column],
) -> Option<Column> {
    let wanted = options.source_column.as_deref().unwrap_or("file");
    if wanted.is_empty() {
        return None;
    }
    let is_taken = |name: &String| others.iter().any(|c| c.name == *name);
    let mut names =
        std::iter::once(wanted.to_owned()).chain((2..).map(|n| format!("{wanted}_{n}")));
    let name = names.find(|name| !is_taken(name))?;
    let mut levels: Vec<String> = Vec::new();
    let mut codes = Vec::new();
    for (part, &n_rows) in parts.parts.iter().zip(rows_by_part) {
        let known = levels.iter().position(|level| *level == part.name);
        let code = known.unwrap_or_else(|| {
            levels.push(part.name.clone());
            levels.len() - 1
        });
        codes.resize(codes.len() + n_rows as usize, code as i32);
    }
    Some(Column::category(name, codes, levels))
}

/// Readings of the whole table, and how far they have come.
struct Pass<'p> {
    n_bytes_before: u64,
    /// Bytes to read in one pass.
    n_bytes_each: u64,
    n_passes: u64,
    /// Rows read in this pass.
    n_rows: u64,
    progress: &'p mut dyn FnMut(Progress) -> ControlFlow<()>,
}

enum Outcome {
    Done(Tallies),
    Restart(Encoding),
}

/// What was met while rows were split.
#[derive(Default)]
struct Tallies {
    short: Tally,
    long: Tally,
    stray: Tally,
    commented: Tally,
    zeros: Tally,
    bad_line: Option<u64>,
    footer: Option<(u64, Footer)>,
    repeated: Tally,
}

impl Tallies {
    fn of(splitter: &Splitter, footer: Option<Footer>) -> Self {
        Self {
            short: splitter.short,
            long: splitter.long,
            stray: splitter.stray,
            commented: splitter.commented,
            footer: footer.map(|f| (splitter.next_line, f)),
            ..Self::default()
        }
    }

    fn of_sample(sample: &Sample) -> Self {
        Self {
            zeros: sample.flaws.zeros,
            bad_line: sample.flaws.bad_line,
            repeated: sample.repeated,
            ..Self::of(&sample.splitter, sample.footer.clone())
        }
    }
}

impl Pass<'_> {
    /// Reads all rows of a text into the columns given by their position in the table and, where it
    /// has them, in the text.
    fn run(
        &mut self,
        mut bytes: Bytes<'_>,
        plan: &Plan,
        builders: &mut [Option<ColumnBuilder>],
        columns: &[(usize, Option<usize>)],
    ) -> Result<Outcome, ImportError> {
        let width = plan.columns.len();
        let chunk = (CHUNK_FIELDS / width).clamp(16, 4096);
        let script: Script = plan.script;
        let mut reader = TextReader::new(&mut bytes, script, script.bom_len, u64::MAX);
        reader.mends_line_ends = plan.dialect.mends_line_ends;
        let mut splitter = Splitter::new(plan.dialect.marks, Some(width), plan.first_line);
        let mut to_skip = plan.n_before_rows;
        let mut lines_drained = 1;
        let mut repeated = Tally::default();
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
            let mut footer = None;
            let end = match (is_last, plan.keeps_footer) {
                (true, false) => {
                    footer = find_footer(&text[at..], plan.dialect.marks, width);
                    footer.as_ref().map_or(text.len(), |f| at + f.at)
                }
                (true, true) => text.len(),
                (false, _) => text.len().saturating_sub(TAIL).max(at),
            };
            loop {
                let rest = &mut text[at..end];
                let n = splitter.split(rest, chunk, is_last)?;
                if n == 0 {
                    break;
                }
                repeated.add(drop_headers(&mut splitter, rest, &plan.header));
                self.n_rows += splitter.n_records() as u64;
                for &(column, place) in columns {
                    let Some(builder) = &mut builders[column] else {
                        continue;
                    };
                    let Some(column) = place else {
                        builder.push_gap(splitter.n_records());
                        continue;
                    };
                    let cells = Cells {
                        text: rest,
                        fields: splitter.column(column),
                        lines: &splitter.lines,
                    };
                    push(builder, cells)?;
                }
                at += n;
            }
            if self.n_rows > MAX_ROWS {
                return Err(ImportError::TooManyRows { limit: MAX_ROWS });
            }
            reader.drain(at, splitter.next_line - lines_drained);
            lines_drained = splitter.next_line;
            let report = Progress {
                n_bytes: self.n_bytes_before + reader.progress().0,
                n_bytes_total: self.n_bytes_each * self.n_passes,
                n_rows: self.n_rows,
            };
            if (self.progress)(report).is_break() {
                return Err(ImportError::Cancelled);
            }
            if is_last {
                return Ok(Outcome::Done(Tallies {
                    zeros: reader.zeros,
                    bad_line: reader.bad_line,
                    repeated,
                    ..Tallies::of(&splitter, footer)
                }));
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
        fields: sample.splitter.column(column),
        lines: &sample.splitter.lines,
    };
    push(builder, cells)
}

fn skips(options: &ImportOptions, name: &str) -> bool {
    options.columns.get(name).is_some_and(|c| c.skip)
}

fn start_columns(
    first: &Plan,
    layout: &Layout,
    options: &ImportOptions,
) -> Result<Vec<Option<ColumnBuilder>>, ImportError> {
    let start = |planned: &PlannedColumn| {
        let name = &planned.source_name;
        let told = options.columns.get(name).and_then(|c| c.kind);
        (!skips(options, name)).then(|| {
            ColumnBuilder::new(
                name,
                &first.rules,
                told.or(planned.kind),
                told.is_some(),
                planned.evidence.date_order(),
            )
        })
    };
    let builders: Vec<_> = layout.columns.iter().map(start).collect();
    if builders.iter().all(Option::is_none) {
        return Err(ImportError::NoColumns);
    }
    Ok(builders)
}

struct FinishedColumns {
    columns: Vec<Column>,
    understood: Understood,
    warnings: Vec<Warning>,
}

/// Measures and names the columns and says what was understood.
fn finish_columns(
    plans: &[Plan],
    layout: &Layout,
    parts: &Parts,
    options: &ImportOptions,
    builders: Vec<Option<ColumnBuilder>>,
) -> Result<FinishedColumns, ImportError> {
    let mut warnings = parts.warnings.clone();
    for (k, plan) in plans.iter().enumerate() {
        warnings.extend(plan.warnings.iter().map(|w| parts.warning(k, w.clone())));
    }
    warnings.extend(layout.differences(plans, parts));
    let known = |name: &str| layout.columns.iter().any(|c| c.source_name == name);
    let unknown = options.columns.keys().filter(|name| !known(name));
    warnings.extend(unknown.map(|column| Warning::NoSuchColumn {
        column: column.clone(),
    }));
    let mut columns: Vec<Column> = Vec::new();
    let mut understood = Vec::new();
    for (planned, builder) in layout.columns.iter().zip(builders) {
        let Some(builder) = builder else { continue };
        let name = &planned.source_name;
        let Finished {
            mut column,
            date_order,
            warnings: more,
        } = builder.finish().map_err(|_| ImportError::ColumnTooLarge {
            column: name.clone(),
        })?;
        let widened = more
            .iter()
            .any(|(_, w)| matches!(w, Warning::Widened { .. }));
        warnings.extend(more.into_iter().map(|(k, w)| match w {
            Warning::AmbiguousDates { .. } | Warning::OffsetsToUtc { .. } => w,
            w => parts.warning(k, w),
        }));
        let default = ColumnOverride::default();
        let told = options.columns.get(name).unwrap_or(&default);
        if told.kind.is_none() && planned.evidence.has_two_date_orders() {
            let column = name.clone();
            warnings.push(Warning::TwoDateOrders { column });
        }
        if told.kind.is_none() && !widened {
            warnings.extend(nearly_numbers(&column, plans[0].rules.decimal));
        }
        column.measure = told.measure.unwrap_or_else(|| measure(&column));
        if let Some(rename) = &told.rename {
            column.name.clone_from(rename);
        }
        if columns.iter().any(|c| c.name == column.name) {
            let column = column.name;
            return Err(ImportError::DuplicateName { column });
        }
        understood.push(UnderstoodColumn {
            n_missing: column.n_missing() as u64,
            ..describe(planned, &column, date_order)
        });
        columns.push(column);
    }
    let first = &plans[0];
    let files = parts.parts.iter().map(|part| part.name.clone());
    let understood = Understood {
        file: FileFacts::default(),
        encoding: first.script.encoding,
        bom: first.script.bom_len > 0,
        delimiter: first.dialect.marks.delimiter,
        decimal: char::from(first.rules.decimal),
        has_header: first.has_header,
        n_lines_above: first.dialect.n_lines_above,
        files: files.filter(|_| parts.are_several()).collect(),
        missing: first.rules.missing.tokens().map(str::to_owned).collect(),
        columns: understood,
    };
    Ok(FinishedColumns {
        columns,
        understood,
        warnings,
    })
}

fn describe(
    planned: &PlannedColumn,
    column: &Column,
    date_order: Option<super::DateOrder>,
) -> UnderstoodColumn {
    UnderstoodColumn {
        kind: column.kind(),
        name: column.name.clone(),
        source_name: planned.source_name.clone(),
        measure: column.measure,
        label: None,
        format: column.format.clone(),
        date_order,
        examples: planned.evidence.examples.clone(),
        n_missing: planned.evidence.n_missing,
        missing_seen: planned.evidence.missing_seen.iter().cloned().collect(),
        skipped: false,
    }
}

fn row_warnings(read: &Tallies, plan: &Plan) -> impl Iterator<Item = Warning> {
    let mut warnings = Vec::new();
    let mut note = |tally: Tally, warning: fn(u64, u64) -> Warning| {
        if tally.count > 0 {
            warnings.push(warning(tally.line, tally.count));
        }
    };
    note(read.short, |line, count| Warning::ShortRows { line, count });
    note(read.long, |line, count| Warning::LongRows { line, count });
    note(read.stray, |line, count| Warning::StrayQuote {
        line,
        count,
    });
    let mut comments = plan.comments_before;
    if comments.count == 0 {
        comments.line = read.commented.line;
    }
    comments.count += read.commented.count;
    note(comments, |line, count| Warning::Comments { line, count });
    note(read.repeated, |line, count| Warning::RepeatedHeader {
        line,
        count,
    });
    note(read.zeros, |line, count| Warning::NulBytes { line, count });
    warnings.extend(read.bad_line.map(|line| Warning::BadBytes { line }));
    if let Some((line, footer)) = &read.footer {
        warnings.push(Warning::LinesBelow {
            count: footer.n_lines,
            line: *line,
            text: footer.text.clone(),
        });
    }
    warnings.into_iter()
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
