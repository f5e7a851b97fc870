//! The buffers of a batch as values.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::cells::TooLarge;
use super::super::compress::{Codec, unpack};
use super::super::sink::{Sink, half};
use super::schema::{Dictionary, Field, Type};
use crate::table::calendar::MS_PER_DAY;

/// One batch: lengths and buffers of all its fields, depth first.
pub(super) struct Batch<'a> {
    pub n_rows: usize,
    /// Length and number of missing values.
    pub nodes: Vec<(u64, u64)>,
    pub buffers: Vec<&'a [u8]>,
    pub codec: Option<Codec>,
    /// How many buffers hold the texts of each field of views.
    pub n_views: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LayoutError {
    Damaged,
    TooLarge,
}

impl From<TooLarge> for LayoutError {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

use LayoutError::Damaged;

/// Buffers past this are not believed.
const LARGEST: usize = 1 << 31;

/// The values of a dictionary.
pub(super) fn texts(batch: &Batch, field: &Field) -> Option<Vec<Option<String>>> {
    let mut sinks = vec![Sink::new(&field.name, field.logical()?)];
    let none = HashMap::new();
    let mut walk = Walk::new(batch, &none, batch.n_rows);
    walk.field(field, None, &mut sinks.iter_mut()).ok()?;
    let column = sinks.pop()?.finish().ok()?.column?;
    let value = |i| column.is_valid(i).then(|| column.display(i));
    Some((0..column.len()).map(value).collect())
}

/// Goes through the fields of a batch in their order.
pub(super) struct Walk<'w, 'b> {
    batch: &'w Batch<'b>,
    dictionaries: &'w HashMap<i64, Vec<Option<String>>>,
    /// Rows that are wanted.
    n: usize,
    node: usize,
    buffer: usize,
    view: usize,
}

impl<'w, 'b> Walk<'w, 'b> {
    pub fn new(
        batch: &'w Batch<'b>,
        dictionaries: &'w HashMap<i64, Vec<Option<String>>>,
        n: usize,
    ) -> Self {
        Self {
            batch,
            dictionaries,
            n,
            node: 0,
            buffer: 0,
            view: 0,
        }
    }

    /// Puts the first rows of a field into the next sinks. `parent` says where a struct around it is.
    pub fn field<'s>(
        &mut self,
        field: &Field,
        parent: Option<&[bool]>,
        sinks: &mut impl Iterator<Item = &'s mut Sink>,
    ) -> Result<(), LayoutError> {
        if field.dictionary.is_none() && field.logical().is_none() && !field.is_struct() {
            return self.skip(field);
        }
        let (n_rows, _) = self.next_node()?;
        if (n_rows as usize) < self.n {
            return Err(Damaged);
        }
        let mut valid = match field.kind {
            Type::Null if field.dictionary.is_none() => Some(vec![false; self.n]),
            _ => self.validity()?,
        };
        if let Some(parent) = parent {
            let valid = valid.get_or_insert_with(|| vec![true; self.n]);
            valid.iter_mut().zip(parent).for_each(|(v, p)| *v &= p);
        }
        let valid = valid.as_deref();
        if field.is_struct() && field.dictionary.is_none() {
            for child in &field.children {
                self.field(child, valid, sinks)?;
            }
            return Ok(());
        }
        let sink = sinks.next().ok_or(Damaged)?;
        match &field.dictionary {
            Some(dictionary) => self.numbered(dictionary, valid, sink),
            None => self.values(field.kind, valid, sink),
        }
    }

    fn next_node(&mut self) -> Result<(u64, u64), LayoutError> {
        self.node += 1;
        self.batch.nodes.get(self.node - 1).copied().ok_or(Damaged)
    }

    fn next_buffer(&mut self) -> Result<Cow<'b, [u8]>, LayoutError> {
        let raw = *self.batch.buffers.get(self.buffer).ok_or(Damaged)?;
        self.buffer += 1;
        let Some(codec) = self.batch.codec else {
            return Ok(Cow::Borrowed(raw));
        };
        let Some((length, packed)) = raw.split_first_chunk::<8>() else {
            return if raw.is_empty() {
                Ok(Cow::Borrowed(raw))
            } else {
                Err(Damaged)
            };
        };
        let length = i64::from_le_bytes(*length);
        if length == -1 {
            return Ok(Cow::Borrowed(packed));
        }
        let length = usize::try_from(length).ok().filter(|n| *n <= LARGEST);
        let unpacked = unpack(codec, packed, length.ok_or(Damaged)?);
        unpacked.map(Cow::Owned).ok_or(Damaged)
    }

    fn pass_buffers(&mut self, n: usize) {
        self.buffer += n;
    }

    /// Which of the rows have a value; `None` when all do.
    fn validity(&mut self) -> Result<Option<Vec<bool>>, LayoutError> {
        let bits = self.next_buffer()?;
        if bits.is_empty() {
            return Ok(None);
        }
        let bit = |i: usize| bits.get(i / 8).map(|b| b >> (i % 8) & 1 == 1);
        let valid: Option<Vec<bool>> = (0..self.n).map(bit).collect();
        Ok(Some(valid.ok_or(Damaged)?).filter(|v| v.contains(&false)))
    }

    fn values(
        &mut self,
        kind: Type,
        valid: Option<&[bool]>,
        sink: &mut Sink,
    ) -> Result<(), LayoutError> {
        let n = self.n;
        let is_there = |i: usize| valid.is_none_or(|v| v[i]);
        match kind {
            Type::Null => (0..n).try_for_each(|_| sink.push_missing())?,
            Type::Bool => {
                let bits = self.next_buffer()?;
                for i in 0..n {
                    let byte = bits.get(i / 8).ok_or(Damaged)?;
                    match is_there(i) {
                        true => sink.push_bool(byte >> (i % 8) & 1 == 1)?,
                        false => sink.push_missing()?,
                    }
                }
            }
            Type::Int(width, is_signed) => self.fixed(width, valid, sink, |sink, b| {
                sink.push_int(int(b, is_signed))
            })?,
            Type::Float(width) => {
                self.fixed(width, valid, sink, |sink, b| sink.push_float(float(b)))?
            }
            Type::Date => self.fixed(4, valid, sink, |sink, b| sink.push_int(int(b, true)))?,
            Type::DateMilliseconds => self.fixed(8, valid, sink, |sink, b| {
                sink.push_int(int(b, true).div_euclid(MS_PER_DAY))
            })?,
            Type::Time(_, width) => {
                self.fixed(width, valid, sink, |sink, b| sink.push_int(int(b, true)))?
            }
            Type::Timestamp(..) | Type::Duration(_) => {
                self.fixed(8, valid, sink, |sink, b| sink.push_int(int(b, true)))?
            }
            Type::Decimal(_, width) => self.fixed(width, valid, sink, |sink, b| {
                let mut big: Vec<u8> = b.to_vec();
                big.reverse();
                sink.push_big_endian(&big)
            })?,
            Type::Fixed(width) => self.fixed(width, valid, sink, Sink::push_bytes)?,
            Type::Text(width) => self.texts(width, valid, sink)?,
            Type::TextView => self.views(valid, sink)?,
            _ => return Err(Damaged),
        }
        Ok(())
    }

    fn fixed(
        &mut self,
        width: usize,
        valid: Option<&[bool]>,
        sink: &mut Sink,
        push: impl Fn(&mut Sink, &[u8]) -> Result<(), TooLarge>,
    ) -> Result<(), LayoutError> {
        let bytes = self.next_buffer()?;
        let size = self.n.checked_mul(width).ok_or(Damaged)?;
        let bytes = bytes.get(..size).ok_or(Damaged)?;
        for i in 0..self.n {
            match valid.is_none_or(|v| v[i]) {
                true => push(sink, &bytes[i * width..(i + 1) * width])?,
                false => sink.push_missing()?,
            }
        }
        Ok(())
    }

    fn texts(
        &mut self,
        width: usize,
        valid: Option<&[bool]>,
        sink: &mut Sink,
    ) -> Result<(), LayoutError> {
        let offsets = self.next_buffer()?;
        let bytes = self.next_buffer()?;
        let offset = |i: usize| -> Result<usize, LayoutError> {
            let at = offsets.get(i * width..(i + 1) * width).ok_or(Damaged)?;
            usize::try_from(int(at, true)).map_err(|_| Damaged)
        };
        for i in 0..self.n {
            if valid.is_some_and(|v| !v[i]) {
                sink.push_missing()?;
                continue;
            }
            let text = bytes.get(offset(i)?..offset(i + 1)?).ok_or(Damaged)?;
            sink.push_bytes(text)?;
        }
        Ok(())
    }

    /// Short texts stand in the view, long ones in a buffer that it names.
    fn views(&mut self, valid: Option<&[bool]>, sink: &mut Sink) -> Result<(), LayoutError> {
        let views = self.next_buffer()?;
        let n_buffers = *self.batch.n_views.get(self.view).ok_or(Damaged)?;
        self.view += 1;
        let rest = self.batch.buffers.len() - self.buffer;
        (n_buffers <= rest).then_some(()).ok_or(Damaged)?;
        let buffers = (0..n_buffers).map(|_| self.next_buffer());
        let buffers: Vec<Cow<[u8]>> = buffers.collect::<Result<_, _>>()?;
        for i in 0..self.n {
            if valid.is_some_and(|v| !v[i]) {
                sink.push_missing()?;
                continue;
            }
            let view = views.get(i * 16..(i + 1) * 16).ok_or(Damaged)?;
            let word = |at: usize| int(&view[at..at + 4], false) as usize;
            let n = word(0);
            let text = match n {
                0..=12 => &view[4..4 + n],
                n => {
                    let buffer = buffers.get(word(8)).ok_or(Damaged)?;
                    let end = word(12).checked_add(n).ok_or(Damaged)?;
                    buffer.get(word(12)..end).ok_or(Damaged)?
                }
            };
            sink.push_bytes(text)?;
        }
        Ok(())
    }

    fn numbered(
        &mut self,
        dictionary: &Dictionary,
        valid: Option<&[bool]>,
        sink: &mut Sink,
    ) -> Result<(), LayoutError> {
        let numbers = self.next_buffer()?;
        let none = Vec::new();
        let values = self.dictionaries.get(&dictionary.id).unwrap_or(&none);
        let mut known: Vec<i32> = vec![-1; values.len()];
        if dictionary.is_ordered {
            for (code, value) in known.iter_mut().zip(values) {
                if let Some(value) = value {
                    *code = sink.intern(value)?;
                }
            }
        }
        let width = dictionary.width;
        for i in 0..self.n {
            if valid.is_some_and(|v| !v[i]) {
                sink.push_missing()?;
                continue;
            }
            let number = numbers.get(i * width..(i + 1) * width).ok_or(Damaged)?;
            let k = usize::try_from(int(number, dictionary.is_signed)).map_err(|_| Damaged)?;
            match values.get(k).ok_or(Damaged)? {
                None => sink.push_missing()?,
                Some(value) => {
                    if known[k] < 0 {
                        known[k] = sink.intern(value)?;
                    }
                    sink.push_known(known[k], value)?;
                }
            }
        }
        Ok(())
    }

    /// Passes over a field that no column can hold.
    fn skip(&mut self, field: &Field) -> Result<(), LayoutError> {
        self.next_node()?;
        if field.dictionary.is_some() {
            self.pass_buffers(2);
            return Ok(());
        }
        match field.kind {
            Type::Null | Type::RunEnds => {}
            Type::Union(is_dense) => self.pass_buffers(if is_dense { 2 } else { 1 }),
            Type::Struct | Type::FixedList => self.pass_buffers(1),
            Type::Text(_) | Type::ListView(_) => self.pass_buffers(3),
            Type::TextView => {
                self.pass_buffers(2);
                let n = *self.batch.n_views.get(self.view).ok_or(Damaged)?;
                self.view += 1;
                (n <= self.batch.buffers.len())
                    .then_some(())
                    .ok_or(Damaged)?;
                self.pass_buffers(n);
            }
            _ => self.pass_buffers(2),
        }
        field.children.iter().try_for_each(|child| self.skip(child))
    }
}

/// A little-endian whole number of one to eight bytes.
fn int(bytes: &[u8], is_signed: bool) -> i64 {
    let fill = match bytes.last() {
        Some(last) if is_signed && *last >= 0x80 => 0xff,
        _ => 0,
    };
    let mut wide = [fill; 8];
    wide[..bytes.len()].copy_from_slice(bytes);
    i64::from_le_bytes(wide)
}

fn float(bytes: &[u8]) -> f64 {
    match *bytes {
        [a, b] => half(u16::from_le_bytes([a, b])),
        [a, b, c, d] => f64::from(f32::from_le_bytes([a, b, c, d])),
        _ => f64::from_bits(int(bytes, true) as u64),
    }
}
