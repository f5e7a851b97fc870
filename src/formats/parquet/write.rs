//! A table as a Parquet file: groups of rows, dictionaries for categories, plain values else, all
//! compressed with Snappy.

use super::super::described::{Described, KEY};
use super::super::{FormatError, Watch, Written, words};
use super::bits::{pack, width_of};
use super::thrift::Writer;
use crate::table::{Bitmap, Column, Data, Table};

/// Rows of a group.
const GROUP: usize = 1 << 18;
/// Rows of a page.
const PAGE: usize = 1 << 15;
/// Bytes of text past which a page ends.
const PAGE_BYTES: usize = 4 << 20;

const PLAIN: i32 = 0;
const RLE: i32 = 3;
const RLE_DICTIONARY: i32 = 8;
const SNAPPY: i32 = 1;

/// The file.
///
/// # Errors
/// When `watch` says to stop.
pub(in super::super) fn write(table: &Table, watch: &mut Watch) -> Result<Written, FormatError> {
    let mut out = b"PAR1".to_vec();
    let mut groups: Vec<Group> = Vec::new();
    let n_rows = table.n_rows();
    for start in (0..n_rows).step_by(GROUP) {
        let end = (start + GROUP).min(n_rows);
        let mut chunks = Vec::with_capacity(table.n_columns());
        for (k, column) in table.columns().iter().enumerate() {
            chunks.push(chunk(&mut out, column, start, end));
            let share = (k + 1) as f32 / table.n_columns() as f32;
            let done = (start as f32 + share * (end - start) as f32) / n_rows as f32;
            if !watch(done, words::writing_rows(start)) {
                return Err(FormatError::Cancelled);
            }
        }
        groups.push(Group {
            n_rows: end - start,
            chunks,
        });
    }
    let footer = footer(table, &groups);
    let length = footer.len() as u32;
    out.extend(footer);
    out.extend(length.to_le_bytes());
    out.extend(b"PAR1");
    Ok(Written {
        bytes: out,
        warnings: Vec::new(),
    })
}

struct Group {
    n_rows: usize,
    chunks: Vec<Chunk>,
}

/// Where a column's pages stand.
struct Chunk {
    dictionary: Option<usize>,
    data: usize,
    n_packed: usize,
    n_unpacked: usize,
}

/// Writes the pages of a column's rows.
fn chunk(out: &mut Vec<u8>, column: &Column, start: usize, end: usize) -> Chunk {
    let first = out.len();
    let mut n_unpacked = 0;
    let mut dictionary = None;
    let mut width = 0;
    if let Data::Category { levels, .. } = &column.data {
        dictionary = Some(first);
        width = width_of(levels.len().saturating_sub(1) as u32).max(1);
        let mut page = Vec::new();
        levels.iter().for_each(|level| plain_text(&mut page, level));
        n_unpacked += put_page(
            out,
            &page,
            |header| {
                header.structure(7);
                header.i32(1, levels.len() as i32);
                header.i32(2, PLAIN);
                header.end();
            },
            2,
        );
    }
    let data = out.len();
    let mut from = start;
    while from < end {
        let to = page_end(column, from, end);
        let mut page = defined(column, from, to);
        values(&mut page, column, from, to, width);
        let encoding = if dictionary.is_some() {
            RLE_DICTIONARY
        } else {
            PLAIN
        };
        n_unpacked += put_page(
            out,
            &page,
            |header| {
                header.structure(5);
                header.i32(1, (to - from) as i32);
                header.i32(2, encoding);
                header.i32(3, RLE);
                header.i32(4, RLE);
                header.end();
            },
            0,
        );
        from = to;
    }
    Chunk {
        dictionary,
        data,
        n_packed: out.len() - first,
        n_unpacked,
    }
}

fn page_end(column: &Column, from: usize, end: usize) -> usize {
    let to = (from + PAGE).min(end);
    let Data::Text(text) = &column.data else {
        return to;
    };
    let offsets = text.offsets();
    let most = offsets[from] as usize + PAGE_BYTES;
    let fits = offsets[from + 1..=to].partition_point(|&o| o as usize <= most);
    from + fits.max(1)
}

/// Writes a page; says how long it and its header are before compression.
fn put_page(out: &mut Vec<u8>, page: &[u8], about: impl FnOnce(&mut Writer), kind: i32) -> usize {
    let packed = snap::raw::Encoder::new()
        .compress_vec(page)
        .expect("a page under 4 GiB");
    let mut header = Writer::default();
    header.begin();
    header.i32(1, kind);
    header.i32(2, page.len() as i32);
    header.i32(3, packed.len() as i32);
    about(&mut header);
    header.end();
    out.extend(&header.bytes);
    out.extend(packed);
    header.bytes.len() + page.len()
}

/// Which rows have a value, behind the length of that.
fn defined(column: &Column, from: usize, to: usize) -> Vec<u8> {
    let levels = match &column.validity {
        // One run of ones.
        None => {
            let mut run = Vec::new();
            let mut head = ((to - from) as u64) << 1;
            while head >= 0x80 {
                run.push(head as u8 | 0x80);
                head >>= 7;
            }
            run.push(head as u8);
            run.push(1);
            run
        }
        Some(valid) => {
            let bits: Vec<u32> = (from..to).map(|i| u32::from(valid.get(i))).collect();
            pack(&bits, 1)
        }
    };
    let mut out = (levels.len() as u32).to_le_bytes().to_vec();
    out.extend(levels);
    out
}

fn values(out: &mut Vec<u8>, column: &Column, from: usize, to: usize, width: u8) {
    let rows = || (from..to).filter(|&i| column.is_valid(i));
    match &column.data {
        Data::Float(v) => rows().for_each(|i| out.extend(v[i].to_le_bytes())),
        Data::Int(v) | Data::DateTime(v) => rows().for_each(|i| out.extend(v[i].to_le_bytes())),
        Data::Date(v) | Data::Time(v) => rows().for_each(|i| out.extend(v[i].to_le_bytes())),
        Data::Bool(v) => {
            let bits: Bitmap = rows().map(|i| v.get(i)).collect();
            out.extend(bits.as_bytes());
        }
        Data::Category { codes, .. } => {
            let codes: Vec<u32> = rows().map(|i| codes[i] as u32).collect();
            out.push(width);
            out.extend(pack(&codes, width));
        }
        Data::Text(v) => rows().for_each(|i| plain_text(out, v.get(i))),
    }
}

fn plain_text(out: &mut Vec<u8>, s: &str) {
    out.extend((s.len() as u32).to_le_bytes());
    out.extend(s.as_bytes());
}

fn footer(table: &Table, groups: &[Group]) -> Vec<u8> {
    let mut out = Writer::default();
    out.begin();
    out.i32(1, 2);
    out.structs(2, table.n_columns() + 1);
    out.begin();
    out.text(4, "schema");
    out.i32(5, table.n_columns() as i32);
    out.end();
    table.columns().iter().for_each(|c| element(&mut out, c));
    out.i64(3, table.n_rows() as i64);
    out.structs(4, groups.len());
    for group in groups {
        row_group(&mut out, table, group);
    }
    out.structs(5, 1);
    out.begin();
    out.text(1, KEY);
    out.text(2, &Described::of(table).write());
    out.end();
    out.text(6, concat!("jari version ", env!("CARGO_PKG_VERSION")));
    out.end();
    out.bytes
}

/// A column of the schema, with the older annotation for readers that know no other.
fn element(out: &mut Writer, column: &Column) {
    const OPTIONAL: i32 = 1;
    let is_text = matches!(column.data, Data::Category { .. } | Data::Text(_));
    out.begin();
    out.i32(1, physical(column));
    out.i32(3, OPTIONAL);
    out.text(4, &column.name);
    match &column.data {
        Data::Date(_) => out.i32(6, 6),
        Data::Time(_) => out.i32(6, 7),
        _ if is_text => out.i32(6, 0),
        _ => {}
    }
    match &column.data {
        Data::Date(_) => {
            out.structure(10);
            out.structure(6);
            out.end();
            out.end();
        }
        Data::DateTime(_) => {
            out.structure(10);
            out.structure(8);
            clock(out);
            out.end();
            out.end();
        }
        Data::Time(_) => {
            out.structure(10);
            out.structure(7);
            clock(out);
            out.end();
            out.end();
        }
        _ if is_text => {
            out.structure(10);
            out.structure(1);
            out.end();
            out.end();
        }
        _ => {}
    }
    out.end();
}

/// Milliseconds of no time zone.
fn clock(out: &mut Writer) {
    out.bool(1, false);
    out.structure(2);
    out.structure(1);
    out.end();
    out.end();
}

fn physical(column: &Column) -> i32 {
    match &column.data {
        Data::Bool(_) => 0,
        Data::Date(_) | Data::Time(_) => 1,
        Data::Int(_) | Data::DateTime(_) => 2,
        Data::Float(_) => 5,
        Data::Category { .. } | Data::Text(_) => 6,
    }
}

fn row_group(out: &mut Writer, table: &Table, group: &Group) {
    out.begin();
    out.structs(1, group.chunks.len());
    for (column, chunk) in table.columns().iter().zip(&group.chunks) {
        out.begin();
        out.i64(2, chunk.dictionary.unwrap_or(chunk.data) as i64);
        out.structure(3);
        out.i32(1, physical(column));
        match chunk.dictionary {
            Some(_) => out.ints(2, &[PLAIN, RLE, RLE_DICTIONARY]),
            None => out.ints(2, &[PLAIN, RLE]),
        }
        out.texts(3, &[&column.name]);
        out.i32(4, SNAPPY);
        out.i64(5, group.n_rows as i64);
        out.i64(6, chunk.n_unpacked as i64);
        out.i64(7, chunk.n_packed as i64);
        out.i64(9, chunk.data as i64);
        if let Some(dictionary) = chunk.dictionary {
            out.i64(11, dictionary as i64);
        }
        out.end();
        out.end();
    }
    let n_unpacked: usize = group.chunks.iter().map(|c| c.n_unpacked).sum();
    out.i64(2, n_unpacked as i64);
    out.i64(3, group.n_rows as i64);
    out.end();
}
