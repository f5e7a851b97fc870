//! The cases: elements of eight bytes each, plain or compressed.

use std::io::Read;

use super::super::{FormatError, bytes, words};
use super::dictionary::{Compression, Dictionary};
use super::records::Order;
use crate::table::csv::Source;

/// Bytes read at once.
const BLOCK: u64 = 1 << 20;
/// Blocks of compressed data past this are not believed; they have about 4 MB.
const LARGEST: usize = 64 << 20;

pub(super) struct Cases<'a> {
    source: &'a mut dyn Source,
    compression: Compression,
    order: Order,
    bias: f64,
    missing: [u8; 8],
    /// Where the next bytes of the file are to be read from, and where they end.
    at: u64,
    end: u64,
    /// Blocks compressed by zlib that are still to come.
    blocks: std::vec::IntoIter<Block>,
    buffer: Vec<u8>,
    used: usize,
    /// Commands of byte code that are still to be carried out.
    commands: [u8; 8],
    n_done: usize,
    is_over: bool,
}

#[derive(Clone, Copy)]
struct Block {
    start: u64,
    n_packed: u64,
    n_unpacked: usize,
}

impl<'a> Cases<'a> {
    pub fn new(source: &'a mut dyn Source, dictionary: &Dictionary) -> Result<Self, FormatError> {
        let mut blocks = Vec::new();
        let mut at = dictionary.data_start;
        let mut end = source.len();
        if dictionary.compression == Compression::Zlib {
            blocks = read_blocks(source, dictionary)?;
            (at, end) = (end, end);
        }
        let missing = dictionary.missing.to_bits();
        Ok(Self {
            source,
            compression: dictionary.compression,
            order: dictionary.order,
            bias: dictionary.bias,
            missing: match dictionary.order {
                Order::Little => missing.to_le_bytes(),
                Order::Big => missing.to_be_bytes(),
            },
            at,
            end,
            blocks: blocks.into_iter(),
            buffer: Vec::new(),
            used: 0,
            commands: [0; 8],
            n_done: 8,
            is_over: false,
        })
    }

    /// Bytes of the file that were read.
    pub fn position(&self) -> u64 {
        self.at
    }

    /// The next element; none at the end.
    pub fn next(&mut self) -> Result<Option<[u8; 8]>, FormatError> {
        if self.compression == Compression::None {
            return self.element();
        }
        while !self.is_over {
            if self.n_done == 8 {
                let Some(commands) = self.element()? else {
                    break;
                };
                self.commands = commands;
                self.n_done = 0;
            }
            let command = self.commands[self.n_done];
            self.n_done += 1;
            match command {
                0 => {}
                252 => self.is_over = true,
                253 => return self.element(),
                254 => return Ok(Some([b' '; 8])),
                255 => return Ok(Some(self.missing)),
                code => {
                    let x = f64::from(code) - self.bias;
                    return Ok(Some(match self.order {
                        Order::Little => x.to_le_bytes(),
                        Order::Big => x.to_be_bytes(),
                    }));
                }
            }
        }
        Ok(None)
    }

    /// The next eight bytes as they stand; none when there are fewer.
    fn element(&mut self) -> Result<Option<[u8; 8]>, FormatError> {
        while self.buffer.len() - self.used < 8 {
            if !self.fill()? {
                return Ok(None);
            }
        }
        let element = self.buffer[self.used..].first_chunk().copied();
        self.used += 8;
        Ok(element)
    }

    fn fill(&mut self) -> Result<bool, FormatError> {
        self.buffer.drain(..self.used);
        self.used = 0;
        if let Some(block) = self.blocks.next() {
            let packed = bytes::range(self.source, block.start, block.n_packed)?;
            let mut reader =
                flate2::read::ZlibDecoder::new(&packed[..]).take(block.n_unpacked as u64);
            let n = reader
                .read_to_end(&mut self.buffer)
                .map_err(|_| damaged())?;
            if n < block.n_unpacked {
                return Err(damaged());
            }
            return Ok(true);
        }
        let n = BLOCK.min(self.end - self.at.min(self.end));
        if n == 0 {
            return Ok(false);
        }
        self.buffer.extend(bytes::range(self.source, self.at, n)?);
        self.at += n;
        Ok(true)
    }
}

/// The trailer of a file compressed by zlib says where its blocks stand.
fn read_blocks(
    source: &mut dyn Source,
    dictionary: &Dictionary,
) -> Result<Vec<Block>, FormatError> {
    let order = dictionary.order;
    let number = |bytes: &[u8], at: usize| -> Result<u64, FormatError> {
        let bytes = bytes.get(at..at + 8).and_then(|b| b.try_into().ok());
        let x = order.i64(bytes.ok_or_else(damaged)?);
        u64::try_from(x).map_err(|_| damaged())
    };
    let size = |bytes: &[u8], at: usize| -> Result<usize, FormatError> {
        let bytes = bytes.get(at..at + 4).and_then(|b| b.try_into().ok());
        let x = order.i32(bytes.ok_or_else(damaged)?);
        usize::try_from(x).map_err(|_| damaged())
    };
    let header = bytes::range(source, dictionary.data_start, 24)?;
    let (start, length) = (number(&header, 8)?, number(&header, 16)?);
    if length > LARGEST as u64 {
        return Err(damaged());
    }
    let trailer = bytes::range(source, start, length)?;
    let n_blocks = size(&trailer, 20)?;
    let mut blocks = Vec::new();
    for k in 0..n_blocks {
        let at = 24 + k * 24;
        let block = Block {
            start: number(&trailer, at + 8)?,
            n_unpacked: size(&trailer, at + 16)?,
            n_packed: size(&trailer, at + 20)? as u64,
        };
        if block.n_unpacked > LARGEST {
            return Err(damaged());
        }
        blocks.push(block);
    }
    Ok(blocks)
}

fn damaged() -> FormatError {
    words::damaged("its rows cannot be unpacked").into()
}
