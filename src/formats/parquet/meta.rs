//! The footer: schema, row groups, and what the writer said.

use std::collections::HashSet;

use super::super::compress::Codec;
use super::super::described;
use super::super::sink::{Logical, Unit};
use super::super::{FormatError, bytes, words};
use super::thrift::{self, Value};
use crate::msg;
use crate::table::csv::Source;

/// What the footer says.
pub(super) struct Meta {
    pub n_rows: u64,
    /// Columns that hold one value a row.
    pub leaves: Vec<Leaf>,
    /// Names of columns that do not.
    pub nested: Vec<String>,
    pub groups: Vec<Group>,
    pub created_by: Option<String>,
    /// What Jari wrote of the columns.
    pub described: Option<String>,
    /// Columns that pandas wrote as ordered categories.
    pub ordered: HashSet<String>,
}

/// A column of values.
pub(super) struct Leaf {
    /// Its path, joined by points.
    pub name: String,
    /// Its place among the chunks of a group.
    pub place: usize,
    pub physical: Physical,
    pub logical: Logical,
    /// The definition level of a value that is there.
    pub most_defined: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Physical {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    ByteArray,
    Fixed(usize),
}

pub(super) struct Group {
    pub n_rows: usize,
    pub chunks: Vec<Chunk>,
}

/// A column's pages in one group.
pub(super) struct Chunk {
    pub codec: Option<Codec>,
    pub codec_id: i64,
    pub start: u64,
    pub n_bytes: u64,
}

/// Footers past this are not believed.
const LONGEST_FOOTER: u64 = 512 << 20;

/// Reads the footer.
///
/// # Errors
/// When the file is cut short, encrypted or damaged.
pub(super) fn read(source: &mut dyn Source) -> Result<Meta, FormatError> {
    let n = source.len();
    if n < 12 {
        return Err(words::cut_short().into());
    }
    let tail = bytes::range(source, n - 8, 8)?;
    match &tail[4..] {
        b"PAR1" => {}
        b"PARE" => {
            return Err(msg!(
                "formats.encrypted",
                "The file is encrypted. Write it without encryption and open that."
            )
            .into());
        }
        _ => return Err(words::cut_short().into()),
    }
    let length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    if length > LONGEST_FOOTER || length + 8 > n {
        return Err(words::damaged("the length of its footer is wrong").into());
    }
    let footer = bytes::range(source, n - 8 - length, length)?;
    let parsed = thrift::read(&footer).and_then(|(value, _)| understand(&value));
    parsed.ok_or_else(|| words::damaged("its footer cannot be read").into())
}

fn understand(file: &Value) -> Option<Meta> {
    let schema = file.list(2)?;
    let mut tree = Tree {
        schema,
        at: 1,
        n_leaves: 0,
        leaves: Vec::new(),
        nested: Vec::new(),
    };
    let n_children = schema.first()?.size(5).unwrap_or(0);
    for _ in 0..n_children {
        tree.node(&[], 0, false, 0)?;
    }
    let n_leaves = tree.n_leaves;
    let group = |g: &Value| -> Option<Group> {
        let chunks: Option<Vec<Chunk>> = g.list(1)?.iter().map(chunk).collect();
        let chunks = chunks?;
        (chunks.len() == n_leaves).then_some(Group {
            n_rows: g.size(3)?,
            chunks,
        })
    };
    let groups: Option<Vec<Group>> = file.list(4).unwrap_or_default().iter().map(group).collect();
    let groups = groups?;
    let n_rows = u64::try_from(file.int(3)?).ok()?;
    let counted = groups
        .iter()
        .try_fold(0u64, |sum, g| sum.checked_add(g.n_rows as u64))?;
    (counted == n_rows).then_some(())?;
    let said = file.list(5).unwrap_or_default();
    let said = |key: &str| {
        let found = said.iter().find(|kv| kv.text(1) == Some(key));
        found.and_then(|kv| kv.text(2))
    };
    Some(Meta {
        n_rows,
        leaves: tree.leaves,
        nested: tree.nested,
        groups,
        created_by: file.text(6).map(str::to_owned),
        described: said(described::KEY).map(str::to_owned),
        ordered: said("pandas").map(ordered).unwrap_or_default(),
    })
}

/// Columns that pandas' own description calls ordered categories.
fn ordered(json: &str) -> HashSet<String> {
    let json: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let columns = json["columns"].as_array().into_iter().flatten();
    let is_ordered = |c: &&serde_json::Value| c["metadata"]["ordered"] == true;
    let name = |c: &serde_json::Value| c["field_name"].as_str().map(str::to_owned);
    columns.filter(is_ordered).filter_map(name).collect()
}

fn chunk(chunk: &Value) -> Option<Chunk> {
    let meta = chunk.field(3)?;
    let codec_id = meta.int(4)?;
    let data = u64::try_from(meta.int(9)?).ok()?;
    let dictionary = meta
        .int(11)
        .and_then(|x| u64::try_from(x).ok())
        .filter(|x| *x > 0);
    Some(Chunk {
        codec: match codec_id {
            0 => Some(Codec::Plain),
            1 => Some(Codec::Snappy),
            2 => Some(Codec::Gzip),
            5 => Some(Codec::Lz4Hadoop),
            6 => Some(Codec::Zstd),
            7 => Some(Codec::Lz4Block),
            _ => None,
        },
        codec_id,
        start: dictionary.map_or(data, |d| d.min(data)),
        n_bytes: u64::try_from(meta.int(7)?).ok()?,
    })
}

/// The schema's elements, the root first, children behind their parents.
struct Tree<'s, 'v> {
    schema: &'s [Value<'v>],
    at: usize,
    n_leaves: usize,
    leaves: Vec<Leaf>,
    nested: Vec<String>,
}

/// Groups within groups deeper than any that is written.
const DEEPEST: usize = 60;

impl Tree<'_, '_> {
    fn node(&mut self, path: &[&str], defined: u32, is_repeated: bool, depth: usize) -> Option<()> {
        (depth < DEEPEST).then_some(())?;
        let element = self.schema.get(self.at)?;
        self.at += 1;
        let (defined, repeats) = match element.int(3).unwrap_or(0) {
            1 => (defined + 1, false),
            2 => (defined + 1, true),
            _ => (defined, false),
        };
        let is_repeated = is_repeated || repeats;
        let name = element.text(4)?;
        let mut path = path.to_vec();
        path.push(name);
        let n_children = element.size(5).unwrap_or(0);
        if n_children > 0 {
            for _ in 0..n_children {
                self.node(&path, defined, is_repeated, depth + 1)?;
            }
            return Some(());
        }
        let place = self.n_leaves;
        self.n_leaves += 1;
        if is_repeated {
            let outer = path[0].to_owned();
            if self.nested.last() != Some(&outer) {
                self.nested.push(outer);
            }
            return Some(());
        }
        let physical = physical(element)?;
        self.leaves.push(Leaf {
            name: path.join("."),
            place,
            physical,
            logical: logical(element, physical),
            most_defined: defined,
        });
        Some(())
    }
}

fn physical(element: &Value) -> Option<Physical> {
    Some(match element.int(1)? {
        0 => Physical::Boolean,
        1 => Physical::Int32,
        2 => Physical::Int64,
        3 => Physical::Int96,
        4 => Physical::Float,
        5 => Physical::Double,
        6 => Physical::ByteArray,
        7 => Physical::Fixed(element.size(2).filter(|n| *n > 0)?),
        _ => return None,
    })
}

fn logical(element: &Value, physical: Physical) -> Logical {
    if let Some(kind) = element.field(10)
        && let Some(logical) = annotated(kind, physical)
    {
        return logical;
    }
    let scale = element
        .int(7)
        .and_then(|s| i32::try_from(s).ok())
        .unwrap_or(0);
    let timestamp = |unit| Logical::Timestamp {
        unit,
        is_utc: false,
    };
    match (element.int(6), physical) {
        (Some(5), _) => Logical::Decimal(scale),
        (Some(6), Physical::Int32) => Logical::Date,
        (Some(7), Physical::Int32) => Logical::Time(Unit::Milliseconds),
        (Some(8), Physical::Int64) => Logical::Time(Unit::Microseconds),
        (Some(9), Physical::Int64) => timestamp(Unit::Milliseconds),
        (Some(10), Physical::Int64) => timestamp(Unit::Microseconds),
        (Some(14), Physical::Int64) => Logical::Unsigned,
        (_, Physical::Boolean) => Logical::Bool,
        (_, Physical::Int32 | Physical::Int64) => Logical::Int,
        (_, Physical::Int96) => timestamp(Unit::Nanoseconds),
        (_, Physical::Float | Physical::Double) => Logical::Float,
        (_, Physical::ByteArray | Physical::Fixed(_)) => Logical::Text,
    }
}

/// What the newer annotation says.
fn annotated(kind: &Value, physical: Physical) -> Option<Logical> {
    let Value::Struct(fields) = kind else {
        return None;
    };
    let (id, of) = fields.first()?;
    let unit = || -> Option<Unit> {
        let Value::Struct(unit) = of.field(2)? else {
            return None;
        };
        Some(match unit.first()?.0 {
            1 => Unit::Milliseconds,
            2 => Unit::Microseconds,
            _ => Unit::Nanoseconds,
        })
    };
    Some(match (id, physical) {
        (5, _) => Logical::Decimal(i32::try_from(of.int(1)?).ok()?),
        (6, Physical::Int32) => Logical::Date,
        (7, Physical::Int32 | Physical::Int64) => Logical::Time(unit()?),
        (8, Physical::Int64) => Logical::Timestamp {
            unit: unit()?,
            is_utc: of.bool(1).unwrap_or(false),
        },
        (10, Physical::Int64) if of.bool(2) == Some(false) => Logical::Unsigned,
        (11, _) => Logical::Null,
        (14, Physical::Fixed(16)) => Logical::Uuid,
        (15, Physical::Fixed(2)) => Logical::Half,
        _ => return None,
    })
}
