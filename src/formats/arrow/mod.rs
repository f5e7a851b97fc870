//! Arrow's columns in a file or a stream (IPC), by the format's description; Feather of version 2 is
//! the same.

mod flat;
mod flat_out;
mod layout;
mod schema;
mod write;

use std::collections::HashMap;

use self::layout::Batch;
use self::schema::{Field, Schema};
use super::described::Described;
use super::finish::{self, Raw, RawColumn, Seen};
use super::sink::{Finished, Logical, Sink, too_large};
use super::{FormatError, Imported, N_PREVIEW, Previewed, Watch, bytes, cells, names, words};
use crate::msg;
use crate::table::csv::{Encoding, FileFacts, ImportOptions, Source};
use crate::table::{FileFormat, Measure};

pub(super) use write::write;

pub(super) fn preview(
    source: &mut dyn Source,
    options: &ImportOptions,
) -> Result<Previewed, FormatError> {
    let n_bytes = source.len();
    let mut read = read_batches(source, Some(N_PREVIEW), &mut |_, _| true)?;
    let is_whole = read.is_whole;
    let share = n_bytes as f64 / read.n_bytes.max(1) as f64;
    let n_read = read.n_read as f64;
    let raw = read.raw(options)?;
    let seen = Seen {
        n_bytes,
        n_rows: match is_whole {
            true => n_read as u64,
            false => (n_read * share).round() as u64,
        },
        is_whole,
    };
    finish::preview(raw, options, seen)
}

pub(super) fn read(
    source: &mut dyn Source,
    options: &ImportOptions,
    watch: &mut Watch,
) -> Result<Imported, FormatError> {
    let mut read = read_batches(source, None, watch)?;
    let raw = read.raw(options)?;
    finish::import(raw, options)
}

/// The columns of a file, while batches come in.
struct Reading {
    schema: Schema,
    /// One for each value that a row has, in the order of the schema.
    sinks: Vec<Sink>,
    n_batches: u32,
    /// Rows seen, and bytes of the file up to them.
    n_read: usize,
    n_bytes: u64,
    is_whole: bool,
}

/// Bytes of a message's header past which it is not believed.
const LONGEST_HEADER: u64 = 256 << 20;

fn read_batches(
    source: &mut dyn Source,
    limit: Option<usize>,
    watch: &mut Watch,
) -> Result<Reading, FormatError> {
    let end = source.len();
    let magic = bytes::range(source, 0, end.min(8))?;
    let mut work = Work {
        source,
        limit,
        watch,
        reading: None,
        dictionaries: HashMap::new(),
    };
    if magic.starts_with(b"ARROW1") {
        work.file()?;
    } else {
        work.stream()?;
    }
    work.reading.ok_or_else(damaged)
}

/// A file being read.
struct Work<'w, 'v> {
    source: &'w mut dyn Source,
    limit: Option<usize>,
    watch: &'w mut Watch<'v>,
    reading: Option<Reading>,
    dictionaries: HashMap<i64, Vec<Option<String>>>,
}

impl Work<'_, '_> {
    /// The footer says where each message stands.
    fn file(&mut self) -> Result<(), FormatError> {
        const TAIL: u64 = 10;
        let n = self.source.len();
        if n < TAIL + 8 {
            return Err(words::cut_short().into());
        }
        let tail = bytes::range(self.source, n - TAIL, TAIL)?;
        if &tail[4..] != b"ARROW1" {
            return Err(words::cut_short().into());
        }
        let length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
        if length > LONGEST_HEADER || length + TAIL > n {
            return Err(damaged());
        }
        let footer = bytes::range(self.source, n - TAIL - length, length)?;
        let footer = schema::footer(&footer).ok_or_else(damaged)?;
        self.begin(footer.schema)?;
        for at in footer.messages {
            if self.message(at)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// One message behind the other, to the end or an empty one.
    fn stream(&mut self) -> Result<(), FormatError> {
        let mut at = 0;
        while at < self.source.len() || self.reading.is_none() {
            match self.message(at)? {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(())
    }

    fn begin(&mut self, schema: Schema) -> Result<(), FormatError> {
        if !schema.is_little_endian {
            return Err(words::damaged("its numbers are big-endian").into());
        }
        self.reading = Some(Reading::new(schema));
        Ok(())
    }

    /// Reads the message at a place; gives the next one's, or nothing when no more are wanted.
    fn message(&mut self, at: u64) -> Result<Option<u64>, FormatError> {
        let mut at = at;
        let mut length = u64::from(word(self.source, at)?);
        at += 4;
        // Streams before version 0.15 have no mark before the length.
        if length == 0xffff_ffff {
            length = u64::from(word(self.source, at)?);
            at += 4;
        }
        if length == 0 {
            return Ok(None);
        }
        if length > LONGEST_HEADER {
            return Err(damaged());
        }
        let header = bytes::range(self.source, at, length)?;
        at += length;
        let message = schema::message(&header).ok_or_else(damaged)?;
        let end = at.checked_add(message.body_length).ok_or_else(damaged)?;
        match message.kind {
            schema::Kind::Schema => {
                let schema = message.schema().ok_or_else(damaged)?;
                self.begin(schema)?;
            }
            schema::Kind::Dictionary => {
                let body = bytes::range(self.source, at, message.body_length)?;
                let (id, is_delta, batch) = message.dictionary(&body).ok_or_else(damaged)?;
                let schema = self.reading.as_ref().map(|r| &r.schema);
                let field = schema.and_then(|s| s.of_dictionary(id));
                let values = layout::texts(&batch?, &field.ok_or_else(damaged)?);
                let known = self.dictionaries.entry(id).or_default();
                if !is_delta {
                    known.clear();
                }
                known.extend(values.ok_or_else(damaged)?);
            }
            schema::Kind::Batch => {
                let reading = self.reading.as_mut().ok_or_else(damaged)?;
                let body = bytes::range(self.source, at, message.body_length)?;
                let batch = message.batch(&body).ok_or_else(damaged)??;
                reading.push(&batch, &self.dictionaries, self.limit)?;
                reading.n_bytes = end;
                let done = end as f32 / self.source.len().max(1) as f32;
                if !(self.watch)(done, words::reading_rows(reading.n_read)) {
                    return Err(FormatError::Cancelled);
                }
                if self.limit.is_some_and(|limit| reading.n_read >= limit) {
                    reading.is_whole = false;
                    return Ok(None);
                }
            }
            schema::Kind::Other => {}
        }
        Ok(Some(end))
    }
}

impl Reading {
    fn new(schema: Schema) -> Self {
        let mut sinks = Vec::new();
        for field in &schema.fields {
            collect(field, "", &mut sinks);
        }
        Self {
            schema,
            sinks,
            n_batches: 0,
            n_read: 0,
            n_bytes: 0,
            is_whole: true,
        }
    }

    fn push(
        &mut self,
        batch: &Batch,
        dictionaries: &HashMap<i64, Vec<Option<String>>>,
        limit: Option<usize>,
    ) -> Result<(), FormatError> {
        let n = match limit {
            Some(limit) => batch
                .n_rows
                .min(limit.saturating_sub(self.sinks.first().map_or(0, Sink::n_rows))),
            None => batch.n_rows,
        };
        let mut walk = layout::Walk::new(batch, dictionaries, n);
        let mut sinks = self.sinks.iter_mut();
        for field in &self.schema.fields {
            walk.field(field, None, &mut sinks).map_err(|e| match e {
                layout::LayoutError::Damaged => damaged_column(&field.name),
                layout::LayoutError::TooLarge => too_large(&field.name),
            })?;
        }
        self.n_batches += 1;
        self.n_read += batch.n_rows;
        Ok(())
    }

    fn raw<'a>(&mut self, options: &ImportOptions) -> Result<Raw<'a>, FormatError> {
        let mut warnings = Vec::new();
        for field in &self.schema.fields {
            nested(field, &mut warnings);
        }
        let sinks = std::mem::take(&mut self.sinks);
        let n_rows = sinks.first().map_or(0, Sink::n_rows);
        let given: Vec<String> = sinks.iter().map(|s| s.name.clone()).collect();
        let names = names::unique(&given, &mut warnings);
        let described = Described::read(self.schema.described.as_deref());
        let mut columns = Vec::with_capacity(names.len());
        for (sink, name) in sinks.into_iter().zip(names) {
            let is_ordered = self.schema.ordered.contains(&sink.name);
            let Finished {
                column,
                warnings: said,
            } = sink.finish().map_err(|cells::TooLarge| too_large(&name))?;
            warnings.extend(said);
            let Some(mut column) = column else { continue };
            column.name.clone_from(&name);
            let (column, is_measured) = match described.dress(column) {
                (column, false) if is_ordered => (column.with_measure(Measure::Ordinal), true),
                dressed => dressed,
            };
            columns.push(RawColumn {
                name,
                cells: cells::Cells::Typed(column),
                is_measured,
            });
        }
        if columns.is_empty() && options.columns.is_empty() {
            return Err(msg!(
                "formats.no_columns",
                "The file has no column that a table can hold."
            )
            .into());
        }
        Ok(Raw {
            columns,
            n_rows,
            row_of: &|i| i as u64 + 1,
            facts: FileFacts {
                format: FileFormat::Arrow,
                n_parts: Some(self.n_batches),
                ..FileFacts::default()
            },
            encoding: Encoding::UTF_8,
            has_header: true,
            warnings,
        })
    }
}

/// A sink for each value of a field; structs have one for each of theirs.
fn collect(field: &Field, prefix: &str, sinks: &mut Vec<Sink>) {
    let name = format!("{prefix}{}", field.name);
    if field.is_struct() && field.dictionary.is_none() {
        let prefix = format!("{name}.");
        field
            .children
            .iter()
            .for_each(|f| collect(f, &prefix, sinks));
    } else if let Some(logical) = field.logical() {
        let logical = match field.dictionary {
            Some(_) => Logical::Text,
            None => logical,
        };
        let mut sink = Sink::new(name, logical);
        if field.dictionary.as_ref().is_some_and(|d| d.is_ordered) {
            sink.keep_order();
        }
        sinks.push(sink);
    }
}

/// Says which fields no column can hold.
fn nested(field: &Field, warnings: &mut Vec<crate::report::Msg>) {
    if field.is_struct() && field.dictionary.is_none() {
        field.children.iter().for_each(|f| nested(f, warnings));
    } else if field.logical().is_none() {
        warnings.push(msg!(
            "formats.nested",
            "“{column}” holds lists, maps or other values of several parts, so it is left out.",
            column = &field.name
        ));
    }
}

fn word(source: &mut dyn Source, at: u64) -> Result<u32, FormatError> {
    let bytes = bytes::range(source, at, 4)?;
    Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn damaged() -> FormatError {
    words::damaged("a part of it cannot be read").into()
}

fn damaged_column(name: &str) -> FormatError {
    msg!(
        "formats.damaged_column",
        "Column “{column}” is damaged: {what}. Get the file again, or leave the column out.",
        column = name,
        what = "its values do not fit its type"
    )
    .into()
}
