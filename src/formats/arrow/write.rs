//! A table as an Arrow file: its columns' buffers as they stand in memory, in one batch for each
//! million rows.

use super::super::described::{Described, KEY};
use super::super::{FormatError, Watch, Written, words};
use super::flat_out::{Builder, Place, Slot};
use crate::table::{Bitmap, Column, Data, Measure, Table};

/// Rows of a batch; a multiple of 8, so that bitmaps are cut between bytes.
const BATCH: usize = 1 << 20;
/// Where buffers and messages begin.
const ALIGNMENT: usize = 8;
/// Version 5 of the metadata.
const V5: i16 = 4;

/// The file.
///
/// # Errors
/// When `watch` says to stop.
pub(in super::super) fn write(table: &Table, watch: &mut Watch) -> Result<Written, FormatError> {
    let mut out = b"ARROW1\0\0".to_vec();
    put_message(&mut out, 1, &[], |b| schema(b, table));
    let mut dictionaries = Vec::new();
    for (id, column) in table.columns().iter().enumerate() {
        if let Data::Category { levels, .. } = &column.data {
            let mut body = Body::default();
            body.texts(levels.iter().map(String::as_str));
            let node = [(levels.len() as u64, 0)];
            let block = put_message(&mut out, 2, &body.bytes, |b| {
                let batch = record_batch(b, levels.len(), &node, &body.buffers);
                b.table(&[Slot::I64(id as i64), Slot::To(batch), Slot::Bool(false)])
            });
            dictionaries.push(block);
        }
    }
    let mut batches = Vec::new();
    for start in (0..table.n_rows()).step_by(BATCH) {
        let end = (start + BATCH).min(table.n_rows());
        let mut body = Body::default();
        let mut nodes = Vec::with_capacity(table.n_columns());
        for column in table.columns() {
            let n_missing = (start..end).filter(|&i| !column.is_valid(i)).count();
            nodes.push(((end - start) as u64, n_missing as u64));
            body.column(column, start, end, n_missing > 0);
        }
        let block = put_message(&mut out, 3, &body.bytes, |b| {
            record_batch(b, end - start, &nodes, &body.buffers)
        });
        batches.push(block);
        if !watch(end as f32 / table.n_rows() as f32, words::writing_rows(end)) {
            return Err(FormatError::Cancelled);
        }
    }
    out.extend([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    let mut footer = Builder::default();
    let schema = schema(&mut footer, table);
    let dictionaries = blocks(&mut footer, &dictionaries);
    let batches = blocks(&mut footer, &batches);
    let root = footer.table(&[
        Slot::I16(V5),
        Slot::To(schema),
        Slot::To(dictionaries),
        Slot::To(batches),
    ]);
    let footer = footer.finish(root);
    out.extend(&footer);
    out.extend((footer.len() as u32).to_le_bytes());
    out.extend(b"ARROW1");
    Ok(Written {
        bytes: out,
        warnings: Vec::new(),
    })
}

/// Where a message stands: its start, the length of its head, and that of its body.
struct Block(u64, u64, u64);

/// Three numbers each, the second of 32 bits.
fn blocks(out: &mut Builder, blocks: &[Block]) -> Place {
    let numbers: Vec<[u64; 3]> = blocks.iter().map(|b| [b.0, b.1, b.2]).collect();
    out.triples(&numbers)
}

fn put_message(
    out: &mut Vec<u8>,
    kind: u8,
    body: &[u8],
    header: impl FnOnce(&mut Builder) -> Place,
) -> Block {
    let start = out.len();
    let mut builder = Builder::default();
    let header = header(&mut builder);
    let root = builder.table(&[
        Slot::I16(V5),
        Slot::U8(kind),
        Slot::To(header),
        Slot::I64(body.len() as i64),
    ]);
    let mut head = builder.finish(root);
    head.resize(head.len().next_multiple_of(ALIGNMENT), 0);
    out.extend([0xff; 4]);
    out.extend((head.len() as u32).to_le_bytes());
    out.extend(&head);
    out.extend(body);
    Block(start as u64, head.len() as u64 + 8, body.len() as u64)
}

fn schema(out: &mut Builder, table: &Table) -> Place {
    let fields: Vec<Place> = table
        .columns()
        .iter()
        .enumerate()
        .map(|(id, column)| field(out, id, column))
        .collect();
    let fields = out.list(&fields);
    let key = out.text(KEY);
    let value = out.text(&Described::of(table).write());
    let pair = out.table(&[Slot::To(key), Slot::To(value)]);
    let metadata = out.list(&[pair]);
    out.table(&[Slot::I16(0), Slot::To(fields), Slot::To(metadata)])
}

fn field(out: &mut Builder, id: usize, column: &Column) -> Place {
    let name = out.text(&column.name);
    let (kind, of) = match &column.data {
        Data::Float(_) => (3, out.table(&[Slot::I16(2)])),
        Data::Int(_) => (2, out.table(&[Slot::I32(64), Slot::Bool(true)])),
        Data::Bool(_) => (6, out.table(&[])),
        Data::Date(_) => (8, out.table(&[Slot::I16(0)])),
        Data::DateTime(_) => (10, out.table(&[Slot::I16(1)])),
        Data::Time(_) => (9, out.table(&[Slot::I16(1), Slot::I32(32)])),
        Data::Category { .. } | Data::Text(_) => (5, out.table(&[])),
    };
    let dictionary = match &column.data {
        Data::Category { .. } => {
            let index = out.table(&[Slot::I32(32), Slot::Bool(true)]);
            let is_ordered = column.measure == Measure::Ordinal;
            Slot::To(out.table(&[
                Slot::I64(id as i64),
                Slot::To(index),
                Slot::Bool(is_ordered),
            ]))
        }
        _ => Slot::None,
    };
    let children = out.list(&[]);
    out.table(&[
        Slot::To(name),
        Slot::Bool(true),
        Slot::U8(kind),
        Slot::To(of),
        dictionary,
        Slot::To(children),
    ])
}

fn record_batch(
    out: &mut Builder,
    n_rows: usize,
    nodes: &[(u64, u64)],
    buffers: &[(u64, u64)],
) -> Place {
    let nodes = out.pairs(nodes);
    let buffers = out.pairs(buffers);
    out.table(&[Slot::I64(n_rows as i64), Slot::To(nodes), Slot::To(buffers)])
}

/// Buffers one behind the other.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    buffers: Vec<(u64, u64)>,
}

impl Body {
    fn put(&mut self, bytes: &[u8]) {
        self.buffers
            .push((self.bytes.len() as u64, bytes.len() as u64));
        self.bytes.extend_from_slice(bytes);
        let n = self.bytes.len().next_multiple_of(ALIGNMENT);
        self.bytes.resize(n, 0);
    }

    fn column(&mut self, column: &Column, from: usize, to: usize, any_missing: bool) {
        match &column.validity {
            Some(valid) if any_missing => self.put(bits(valid, from, to)),
            _ => self.put(&[]),
        }
        match &column.data {
            Data::Float(v) => self.put(bytemuck::cast_slice(&v[from..to])),
            Data::Int(v) | Data::DateTime(v) => self.put(bytemuck::cast_slice(&v[from..to])),
            Data::Date(v) | Data::Time(v) => self.put(bytemuck::cast_slice(&v[from..to])),
            Data::Bool(v) => self.put(bits(v, from, to)),
            Data::Category { codes, .. } => {
                // A missing value's number must be one of the dictionary's all the same.
                let codes: Vec<i32> = codes[from..to].iter().map(|&c| c.max(0)).collect();
                self.put(bytemuck::cast_slice(&codes));
            }
            Data::Text(v) => {
                let offsets = &v.offsets()[from..=to];
                let first = offsets[0];
                let shifted: Vec<i32> = offsets.iter().map(|o| o - first).collect();
                self.put(bytemuck::cast_slice(&shifted));
                self.put(&v.as_bytes()[first as usize..offsets[to - from] as usize]);
            }
        }
    }

    /// Texts that are all there.
    fn texts<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        let texts: crate::table::Utf8 = texts.collect();
        self.put(&[]);
        self.put(bytemuck::cast_slice(texts.offsets()));
        self.put(texts.as_bytes());
    }
}

/// The bits from `from`, a multiple of 8, to `to`.
fn bits(bitmap: &Bitmap, from: usize, to: usize) -> &[u8] {
    &bitmap.as_bytes()[from / 8..to.div_ceil(8)]
}
