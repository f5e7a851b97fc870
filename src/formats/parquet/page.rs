//! Pages: levels of definition, then values.

use super::super::cells::TooLarge;
use super::super::compress::{Codec, unpack};
use super::super::sink::Sink;
use super::bits::{hybrid, width_of};
use super::meta::Leaf;
use super::thrift::{self, Value};
use super::values::{self, Dictionary};

/// Why a page cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageError {
    Damaged,
    Encoding(i64),
    TooLarge,
}

impl From<TooLarge> for PageError {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

/// Pages past this are not believed.
const LARGEST: usize = 1 << 30;

/// How many rows the sink is to have, and how many it has when the group is at its end.
#[derive(Clone, Copy)]
pub(super) struct Goal {
    pub rows: usize,
    pub group_end: usize,
}

/// Reads the pages of a chunk into the sink until it has as many rows as are wanted or the bytes
/// end.
pub(super) fn read(
    bytes: &[u8],
    codec: Codec,
    leaf: &Leaf,
    goal: Goal,
    sink: &mut Sink,
) -> Result<(), PageError> {
    let mut rest = bytes;
    let mut dictionary = None;
    while sink.n_rows() < goal.rows && !rest.is_empty() {
        let (header, n) = thrift::read(rest).ok_or(PageError::Damaged)?;
        rest = &rest[n..];
        let size = header.size(3).ok_or(PageError::Damaged)?;
        let unpacked = header.size(2).filter(|n| *n <= LARGEST);
        let unpacked = unpacked.ok_or(PageError::Damaged)?;
        let body = rest.get(..size).ok_or(PageError::Damaged)?;
        rest = &rest[size..];
        match header.int(1) {
            Some(0) => {
                let page = unpack(codec, body, unpacked).ok_or(PageError::Damaged)?;
                let about = header.field(5).ok_or(PageError::Damaged)?;
                data_v1(&page, about, leaf, dictionary.as_mut(), goal, sink)?;
            }
            Some(2) => {
                let page = unpack(codec, body, unpacked).ok_or(PageError::Damaged)?;
                let about = header.field(7).ok_or(PageError::Damaged)?;
                let n = about.size(1).ok_or(PageError::Damaged)?;
                dictionary = Some(Dictionary::read(page, leaf.physical, n)?);
            }
            Some(3) => {
                let about = header.field(8).ok_or(PageError::Damaged)?;
                data_v2(
                    body,
                    unpacked,
                    codec,
                    about,
                    leaf,
                    dictionary.as_mut(),
                    goal,
                    sink,
                )?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn data_v1(
    page: &[u8],
    about: &Value,
    leaf: &Leaf,
    dictionary: Option<&mut Dictionary>,
    goal: Goal,
    sink: &mut Sink,
) -> Result<(), PageError> {
    let n = about.size(1).ok_or(PageError::Damaged)?;
    let encoding = about.int(2).ok_or(PageError::Damaged)?;
    let (levels, values) = if leaf.most_defined == 0 {
        (None, page)
    } else if about.int(3) == Some(BIT_PACKED) {
        return Err(PageError::Encoding(BIT_PACKED));
    } else {
        let head = page.first_chunk::<4>().ok_or(PageError::Damaged)?;
        let size = u32::from_le_bytes(*head) as usize;
        let levels = page[4..].get(..size).ok_or(PageError::Damaged)?;
        (Some(levels), &page[4 + size..])
    };
    data(values, levels, n, encoding, leaf, dictionary, goal, sink)
}

const BIT_PACKED: i64 = 4;

#[expect(clippy::too_many_arguments, reason = "the parts of a page's header")]
fn data_v2(
    body: &[u8],
    unpacked: usize,
    codec: Codec,
    about: &Value,
    leaf: &Leaf,
    dictionary: Option<&mut Dictionary>,
    goal: Goal,
    sink: &mut Sink,
) -> Result<(), PageError> {
    let n = about.size(1).ok_or(PageError::Damaged)?;
    let encoding = about.int(4).ok_or(PageError::Damaged)?;
    let defined = about.size(5).ok_or(PageError::Damaged)?;
    let repeated = about.size(6).unwrap_or(0);
    let levels_end = repeated.checked_add(defined).ok_or(PageError::Damaged)?;
    let levels = body.get(repeated..levels_end).ok_or(PageError::Damaged)?;
    let packed = &body[levels_end..];
    let unpacked = unpacked.checked_sub(levels_end).ok_or(PageError::Damaged)?;
    let values = match about.bool(7) {
        Some(false) => packed.to_vec(),
        _ if packed.is_empty() => Vec::new(),
        _ => unpack(codec, packed, unpacked).ok_or(PageError::Damaged)?,
    };
    let levels = (leaf.most_defined > 0).then_some(levels);
    data(&values, levels, n, encoding, leaf, dictionary, goal, sink)
}

#[expect(clippy::too_many_arguments, reason = "the parts of a page")]
fn data(
    values: &[u8],
    levels: Option<&[u8]>,
    n: usize,
    encoding: i64,
    leaf: &Leaf,
    dictionary: Option<&mut Dictionary>,
    goal: Goal,
    sink: &mut Sink,
) -> Result<(), PageError> {
    // A page may hold more rows than are wanted of it, but no more than its group has.
    let n_page = n;
    if n_page > goal.group_end - sink.n_rows() {
        return Err(PageError::Damaged);
    }
    let n = n_page.min(goal.rows - sink.n_rows());
    let is_there: Option<Vec<bool>> = match levels {
        None => None,
        Some(levels) => {
            let width = width_of(leaf.most_defined);
            let levels = hybrid(levels, width, n).ok_or(PageError::Damaged)?;
            Some(levels.iter().map(|&l| l == leaf.most_defined).collect())
        }
    };
    let n_values = is_there
        .as_ref()
        .map_or(n, |v| v.iter().filter(|v| **v).count());
    let mut rows = Rows {
        is_there: is_there.as_deref(),
        at: 0,
        n,
        n_page,
        sink,
    };
    values::read(
        values,
        encoding,
        leaf.physical,
        n_values,
        dictionary,
        &mut rows,
    )?;
    rows.rest()
}

/// The rows of a page: values go where a value is there.
pub(super) struct Rows<'a> {
    is_there: Option<&'a [bool]>,
    at: usize,
    n: usize,
    /// Values of the page, those that are not wanted among them.
    pub n_page: usize,
    pub sink: &'a mut Sink,
}

impl Rows<'_> {
    /// Puts missing values until the next row that has one.
    pub fn next(&mut self) -> Result<&mut Sink, PageError> {
        if let Some(is_there) = self.is_there {
            while self.at < self.n && !is_there[self.at] {
                self.sink.push_missing()?;
                self.at += 1;
            }
        }
        if self.at >= self.n {
            return Err(PageError::Damaged);
        }
        self.at += 1;
        Ok(self.sink)
    }

    /// Puts the missing values behind the last one.
    fn rest(mut self) -> Result<(), PageError> {
        while self.at < self.n {
            if self.is_there.is_none_or(|v| v[self.at]) {
                return Err(PageError::Damaged);
            }
            self.sink.push_missing()?;
            self.at += 1;
        }
        Ok(())
    }
}
