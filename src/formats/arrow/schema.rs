//! Messages: the schema, and where the buffers of a batch stand.

use std::collections::HashSet;

use super::super::compress::Codec;
use super::super::sink::{Logical, Unit};
use super::super::{FormatError, described};
use super::flat::Table;
use super::layout::Batch;
use crate::msg;

pub(super) struct Message<'a> {
    pub kind: Kind,
    pub body_length: u64,
    header: Table<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Schema,
    Dictionary,
    Batch,
    Other,
}

pub(super) struct Schema {
    pub fields: Vec<Field>,
    pub is_little_endian: bool,
    /// What Jari wrote of the columns.
    pub described: Option<String>,
    /// Columns whose dictionaries are in order.
    pub ordered: HashSet<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub name: String,
    pub kind: Type,
    pub dictionary: Option<Dictionary>,
    pub children: Vec<Field>,
}

/// Values that are numbers of texts elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Dictionary {
    pub id: i64,
    /// Bytes of a number, and whether it has a sign.
    pub width: usize,
    pub is_signed: bool,
    pub is_ordered: bool,
}

/// How values lie in their buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    Bool,
    /// Bytes and whether there is a sign.
    Int(usize, bool),
    /// Bytes.
    Float(usize),
    /// Scale and bytes.
    Decimal(i32, usize),
    /// Of 32 bits.
    Date,
    /// Of 64 bits, in milliseconds.
    DateMilliseconds,
    Time(Unit, usize),
    Timestamp(Unit, bool),
    Duration(Unit),
    /// Texts or bytes behind offsets of 32 or 64 bits.
    Text(usize),
    TextView,
    Fixed(usize),
    Struct,
    /// Bytes of an offset.
    List(usize),
    ListView(usize),
    FixedList,
    /// Months, days and so on: bytes.
    Interval(usize),
    /// Whether the values of all types stand one behind the other.
    Union(bool),
    RunEnds,
}

pub(super) fn message(bytes: &[u8]) -> Option<Message<'_>> {
    let root = Table::root(bytes)?;
    let kind = match root.u8(1) {
        1 => Kind::Schema,
        2 => Kind::Dictionary,
        3 => Kind::Batch,
        _ => Kind::Other,
    };
    Some(Message {
        kind,
        body_length: u64::try_from(root.i64(3)).ok()?,
        header: root.table(2)?,
    })
}

/// What stands at the end of a file: the schema, and where its messages stand, dictionaries first.
pub(super) struct Footer {
    pub schema: Schema,
    pub messages: Vec<u64>,
}

pub(super) fn footer(bytes: &[u8]) -> Option<Footer> {
    let root = Table::root(bytes)?;
    let mut messages = Vec::new();
    for field in [2, 3] {
        for block in root.structs(field, 24)? {
            let start = i64::from_le_bytes(*block.first_chunk()?);
            messages.push(u64::try_from(start).ok()?);
        }
    }
    Some(Footer {
        schema: schema(&root.table(1)?)?,
        messages,
    })
}

fn schema(table: &Table) -> Option<Schema> {
    let mut n_left = 100_000;
    let fields = table.tables(1)?;
    let fields = fields.iter().map(|f| field(f, 40, &mut n_left));
    let fields: Option<Vec<Field>> = fields.collect();
    let fields = fields?;
    let said = table.tables(2)?;
    let ours = said.iter().find(|kv| kv.text(0) == Some(described::KEY));
    let mut ordered = HashSet::new();
    fields.iter().for_each(|f| in_order(f, "", &mut ordered));
    Some(Schema {
        fields,
        is_little_endian: table.i16(0) == 0,
        described: ours.and_then(|kv| kv.text(1)).map(str::to_owned),
        ordered,
    })
}

/// A batch, or why it cannot be read.
type Read<'b> = Result<Batch<'b>, FormatError>;

impl<'a> Message<'a> {
    pub fn schema(&self) -> Option<Schema> {
        schema(&self.header)
    }

    /// The id of the dictionary, whether it only adds to it, and its values.
    pub fn dictionary<'b>(&self, body: &'b [u8]) -> Option<(i64, bool, Read<'b>)> {
        let batch = batch(&self.header.table(1)?, body)?;
        Some((self.header.i64(0), self.header.bool(2), batch))
    }

    pub fn batch<'b>(&self, body: &'b [u8]) -> Option<Read<'b>> {
        batch(&self.header, body)
    }
}

fn batch<'b>(header: &Table, body: &'b [u8]) -> Option<Read<'b>> {
    let pair = |bytes: &[u8]| -> Option<(u64, u64)> {
        let a = i64::from_le_bytes(*bytes.first_chunk()?);
        let b = i64::from_le_bytes(*bytes.last_chunk()?);
        Some((u64::try_from(a).ok()?, u64::try_from(b).ok()?))
    };
    let nodes: Option<Vec<_>> = header.structs(1, 16)?.into_iter().map(pair).collect();
    let buffers = header.structs(2, 16)?.into_iter().map(|b| {
        let (start, length) = pair(b)?;
        let start = usize::try_from(start).ok()?;
        body.get(start..)?.get(..usize::try_from(length).ok()?)
    });
    let buffers: Option<Vec<&[u8]>> = buffers.collect();
    let codec = match header.table(3) {
        None => None,
        Some(compression) => match compression.u8(0) {
            0 => Some(Codec::Lz4Frame),
            1 => Some(Codec::Zstd),
            other => {
                return Some(Err(msg!(
                    "formats.arrow_codec",
                    "The file is compressed by a method that is not read here (number {id}). Write it with LZ4 or Zstandard.",
                    id = usize::from(other)
                )
                .into()));
            }
        },
    };
    let n_views: Option<Vec<usize>> = header
        .structs(4, 8)?
        .into_iter()
        .map(|n| usize::try_from(i64::from_le_bytes(*n.first_chunk()?)).ok())
        .collect();
    Some(Ok(Batch {
        n_rows: usize::try_from(header.i64(0)).ok()?,
        nodes: nodes?,
        buffers: buffers?,
        codec,
        n_views: n_views?,
    }))
}

fn in_order(field: &Field, prefix: &str, ordered: &mut HashSet<String>) {
    let name = format!("{prefix}{}", field.name);
    if field.dictionary.as_ref().is_some_and(|d| d.is_ordered) {
        ordered.insert(name.clone());
    }
    let prefix = format!("{name}.");
    field
        .children
        .iter()
        .for_each(|f| in_order(f, &prefix, ordered));
}

impl Schema {
    /// The field whose values a dictionary holds, as it would be without one.
    pub fn of_dictionary(&self, id: i64) -> Option<Field> {
        fn find(fields: &[Field], id: i64) -> Option<&Field> {
            fields.iter().find_map(|f| {
                let is_it = f.dictionary.as_ref().is_some_and(|d| d.id == id);
                if is_it {
                    Some(f)
                } else {
                    find(&f.children, id)
                }
            })
        }
        find(&self.fields, id).map(|f| Field {
            dictionary: None,
            ..f.clone()
        })
    }
}

fn field(table: &Table, depth: usize, n_left: &mut usize) -> Option<Field> {
    let depth = depth.checked_sub(1)?;
    *n_left = n_left.checked_sub(1)?;
    let of = table.table(3);
    let children: Option<Vec<Field>> = table
        .tables(5)?
        .iter()
        .map(|f| field(f, depth, n_left))
        .collect();
    let dictionary = table.table(4).map(|d| {
        let index = d.table(1);
        Dictionary {
            id: d.i64(0),
            width: index.map_or(4, |i| i.i32(0) as usize / 8),
            is_signed: index.is_none_or(|i| i.bool(1)),
            is_ordered: d.bool(2),
        }
    });
    if dictionary
        .as_ref()
        .is_some_and(|d| !matches!(d.width, 1 | 2 | 4 | 8))
    {
        return None;
    }
    Some(Field {
        name: table.text(0).unwrap_or_default().to_owned(),
        kind: kind(table.u8(2), of.as_ref())?,
        dictionary,
        children: children?,
    })
}

fn kind(id: u8, of: Option<&Table>) -> Option<Type> {
    let i32 = |k: usize, default: i32| {
        of.map_or(default, |t| if t.i32(k) == 0 { default } else { t.i32(k) })
    };
    let unit = |k: usize, default: i16| {
        // A field that is left out has its default, which for times is not 0.
        let x = of.map_or(default, |t| t.i16_or(k, default));
        match x {
            0 => Unit::Seconds,
            1 => Unit::Milliseconds,
            2 => Unit::Microseconds,
            _ => Unit::Nanoseconds,
        }
    };
    let bytes = |bits: i32| usize::try_from(bits / 8).ok().filter(|n| *n > 0);
    Some(match id {
        1 => Type::Null,
        2 => {
            let n = bytes(i32(0, 0)).filter(|n| matches!(n, 1 | 2 | 4 | 8))?;
            Type::Int(n, of?.bool(1))
        }
        3 => Type::Float(match of.map_or(0, |t| t.i16(0)) {
            0 => 2,
            1 => 4,
            _ => 8,
        }),
        4 | 5 => Type::Text(4),
        6 => Type::Bool,
        7 => {
            let n = bytes(i32(2, 128)).filter(|n| *n <= 32)?;
            Type::Decimal(of?.i32(1), n)
        }
        8 => match of.map_or(1, |t| t.i16_or(0, 1)) {
            0 => Type::Date,
            _ => Type::DateMilliseconds,
        },
        9 => Type::Time(
            unit(0, 1),
            bytes(i32(1, 32)).filter(|n| matches!(n, 4 | 8))?,
        ),
        10 => Type::Timestamp(
            unit(0, 0),
            of.and_then(|t| t.text(1)).is_some_and(|z| !z.is_empty()),
        ),
        11 => Type::Interval(match of.map_or(0, |t| t.i16(0)) {
            0 => 4,
            1 => 8,
            _ => 16,
        }),
        12 | 17 => Type::List(4),
        13 => Type::Struct,
        14 => Type::Union(of.is_some_and(|t| t.i16(0) == 1)),
        15 => Type::Fixed(usize::try_from(i32(0, 0)).ok()?),
        16 => Type::FixedList,
        18 => Type::Duration(unit(0, 1)),
        19 | 20 => Type::Text(8),
        21 => Type::List(8),
        22 => Type::RunEnds,
        23 | 24 => Type::TextView,
        25 => Type::ListView(4),
        26 => Type::ListView(8),
        _ => return None,
    })
}

impl Field {
    pub fn is_struct(&self) -> bool {
        self.kind == Type::Struct
    }

    /// What the values stand for; `None` when no column can hold them.
    pub fn logical(&self) -> Option<Logical> {
        Some(match self.kind {
            Type::Null => Logical::Null,
            Type::Bool => Logical::Bool,
            Type::Int(8, false) => Logical::Unsigned,
            Type::Int(..) => Logical::Int,
            Type::Float(_) => Logical::Float,
            Type::Decimal(scale, _) => Logical::Decimal(scale),
            Type::Date | Type::DateMilliseconds => Logical::Date,
            Type::Time(unit, _) => Logical::Time(unit),
            Type::Timestamp(unit, is_utc) => Logical::Timestamp { unit, is_utc },
            Type::Duration(unit) => Logical::Duration(unit),
            Type::Text(_) | Type::TextView | Type::Fixed(_) => Logical::Text,
            Type::Struct
            | Type::List(_)
            | Type::ListView(_)
            | Type::FixedList
            | Type::Interval(_)
            | Type::Union(_)
            | Type::RunEnds => return None,
        })
    }
}
