//! Apache Parquet, by its format description: flat columns and structs of them, all encodings, the
//! codecs that pandas, Polars, DuckDB and Spark write.
//!
//! The `parquet` crate would add 7.8 MB to the wasm (1.4 MB after Brotli); this reader goes straight
//! from pages to columns.

mod bits;
mod meta;
mod page;
mod thrift;
mod values;
mod write;

use self::meta::{Leaf, Meta};
use super::described::Described;
use super::finish::{self, Raw, RawColumn, Seen};
use super::sink::{Finished, Sink, too_large};
use super::{FormatError, Imported, N_PREVIEW, Previewed, Watch, bytes, cells, names, words};
use crate::msg;
use crate::report::Msg;
use crate::table::csv::{Encoding, FileFacts, ImportOptions, Source};
use crate::table::{FileFormat, Measure};

pub(super) use write::write;

/// Bytes of a column chunk that a preview reads; pages are about 1 MB.
const PREVIEWED: u64 = 4 << 20;

pub(super) fn preview(
    source: &mut dyn Source,
    options: &ImportOptions,
) -> Result<Previewed, FormatError> {
    let n_bytes = source.len();
    let meta = meta::read(source)?;
    let n_rows = meta.n_rows;
    let raw = read_table(source, meta, options, Some(N_PREVIEW), &mut |_, _| true)?;
    let seen = Seen {
        n_bytes,
        n_rows,
        is_whole: true,
    };
    finish::preview(raw, options, seen)
}

pub(super) fn read(
    source: &mut dyn Source,
    options: &ImportOptions,
    watch: &mut Watch,
) -> Result<Imported, FormatError> {
    let meta = meta::read(source)?;
    let raw = read_table(source, meta, options, None, watch)?;
    finish::import(raw, options)
}

/// All columns, or their first `limit` rows.
fn read_table<'a>(
    source: &mut dyn Source,
    meta: Meta,
    options: &ImportOptions,
    limit: Option<usize>,
    watch: &mut Watch,
) -> Result<Raw<'a>, FormatError> {
    let mut warnings: Vec<Msg> = Vec::new();
    for name in &meta.nested {
        warnings.push(nested(name));
    }
    let given: Vec<String> = meta.leaves.iter().map(|l| l.name.clone()).collect();
    let names = names::unique(&given, &mut warnings);
    let n_rows = match limit {
        Some(limit) => meta.n_rows.min(limit as u64),
        None => meta.n_rows,
    };
    if n_rows > u64::from(u32::MAX) {
        return Err(words::damaged("it states more rows than can be").into());
    }
    let described = Described::read(meta.described.as_deref());
    let n_groups = meta.groups.len();
    let n_chunks = (n_groups * meta.leaves.len()).max(1);
    let mut columns: Vec<RawColumn> = Vec::with_capacity(names.len());
    let mut n_done = 0;
    for (leaf, name) in meta.leaves.iter().zip(names) {
        let is_left_out = options.columns.get(&name).is_some_and(|c| c.skip) && limit.is_none();
        let mut sink = Sink::new(&name, leaf.logical);
        if meta.ordered.contains(&leaf.name) {
            sink.keep_order();
        }
        for group in &meta.groups {
            if sink.n_rows() as u64 >= n_rows || is_left_out {
                break;
            }
            let place = (name.as_str(), leaf);
            read_chunk(
                source,
                group,
                place,
                limit.map(|_| n_rows as usize),
                &mut sink,
            )?;
            n_done += 1;
            let n_read = (n_rows as usize) * n_done / n_chunks;
            if !watch(n_done as f32 / n_chunks as f32, words::reading_rows(n_read)) {
                return Err(FormatError::Cancelled);
            }
        }
        if is_left_out {
            continue;
        }
        if sink.n_rows() as u64 != n_rows {
            return Err(damaged_column(
                &name,
                "it has fewer values than the file has rows",
            ));
        }
        let Finished {
            column,
            warnings: said,
        } = sink.finish().map_err(|cells::TooLarge| too_large(&name))?;
        warnings.extend(said);
        let Some(column) = column else { continue };
        let (column, is_measured) = described.dress(column);
        let (column, is_measured) = match meta.ordered.contains(&leaf.name) {
            true => (column.with_measure(Measure::Ordinal), true),
            false => (column, is_measured),
        };
        columns.push(RawColumn {
            name,
            cells: cells::Cells::Typed(column),
            is_measured,
        });
    }
    if columns.is_empty() && options.columns.is_empty() {
        return Err(no_columns());
    }
    Ok(Raw {
        columns,
        n_rows: n_rows as usize,
        row_of: &|i| i as u64 + 1,
        facts: FileFacts {
            format: FileFormat::Parquet,
            n_parts: u32::try_from(n_groups).ok(),
            written_by: meta.created_by,
            ..FileFacts::default()
        },
        encoding: Encoding::UTF_8,
        has_header: true,
        warnings,
    })
}

/// The rows of one group into the sink, or as many as make `limit` rows.
fn read_chunk(
    source: &mut dyn Source,
    group: &meta::Group,
    (name, leaf): (&str, &Leaf),
    limit: Option<usize>,
    sink: &mut Sink,
) -> Result<(), FormatError> {
    let Some(chunk) = group.chunks.get(leaf.place) else {
        return Err(damaged_column(name, "a row group lacks it"));
    };
    let codec = chunk
        .codec
        .ok_or_else(|| codec_unknown(name, chunk.codec_id))?;
    let wanted = sink.n_rows() + group.n_rows;
    let until = limit.map_or(wanted, |limit| limit.min(wanted));
    let first = chunk
        .n_bytes
        .min(if limit.is_some() { PREVIEWED } else { u64::MAX });
    for n_bytes in [first, chunk.n_bytes] {
        let bytes = bytes::range(source, chunk.start, n_bytes)?;
        let is_part = n_bytes < chunk.n_bytes;
        let before = sink.n_rows();
        let goal = page::Goal {
            rows: until,
            group_end: wanted,
        };
        match page::read(&bytes, codec, leaf, goal, sink) {
            Ok(()) if sink.n_rows() >= until => return Ok(()),
            // The pages wanted do not all stand in the part.
            _ if is_part && sink.n_rows() == before => {}
            Err(page::PageError::TooLarge) => return Err(too_large(name)),
            Err(page::PageError::Encoding(id)) => return Err(encoding_unknown(name, id)),
            _ => return Err(damaged_column(name, "a page cannot be unpacked")),
        }
    }
    Err(damaged_column(name, "a page cannot be unpacked"))
}

/// Columns of a type that is no value.
fn nested(name: &str) -> Msg {
    msg!(
        "formats.nested",
        "“{column}” holds lists, maps or other values of several parts, so it is left out.",
        column = name
    )
}

fn no_columns() -> FormatError {
    msg!(
        "formats.no_columns",
        "The file has no column that a table can hold."
    )
    .into()
}

fn damaged_column(name: &str, what: &str) -> FormatError {
    msg!(
        "formats.damaged_column",
        "Column “{column}” is damaged: {what}. Get the file again, or leave the column out.",
        column = name,
        what = what
    )
    .into()
}

fn codec_unknown(name: &str, id: i64) -> FormatError {
    const NAMES: [&str; 8] = [
        "none",
        "Snappy",
        "gzip",
        "LZO",
        "Brotli",
        "LZ4",
        "Zstandard",
        "LZ4",
    ];
    let codec = usize::try_from(id).ok().and_then(|k| NAMES.get(k));
    msg!(
        "formats.codec",
        "Column “{column}” is compressed with {codec}, which is not read here. Write the file with Snappy, gzip or Zstandard.",
        column = name,
        codec = codec.copied().unwrap_or("an unknown method")
    )
    .into()
}

fn encoding_unknown(name: &str, id: i64) -> FormatError {
    msg!(
        "formats.encoding",
        "Column “{column}” is written in an encoding that is not read here (number {id}). Write the file anew with the plain or dictionary encoding.",
        column = name,
        id = id as f64
    )
    .into()
}
