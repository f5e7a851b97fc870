//! A [`Source`] as the readers of other crates want it.

use std::io::{self, Read, Seek, SeekFrom};

use super::{FormatError, words};
use crate::table::csv::Source;

/// Bytes read from the source at once.
const BLOCK: usize = 256 << 10;

/// Reads and seeks in a source, block by block.
pub(super) struct Bytes<'a> {
    source: &'a mut dyn Source,
    position: u64,
    block: Vec<u8>,
    block_start: u64,
}

impl<'a> Bytes<'a> {
    pub fn new(source: &'a mut dyn Source) -> Self {
        Self {
            source,
            position: 0,
            block: Vec::new(),
            block_start: 0,
        }
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let end = self.block_start + self.block.len() as u64;
        if !(self.block_start..end).contains(&self.position) {
            let rest = self.source.len().saturating_sub(self.position);
            self.block.resize(rest.min(BLOCK as u64) as usize, 0);
            let read = self.source.read_at(self.position, &mut self.block);
            let n = read.map_err(io::Error::other)?;
            self.block.truncate(n);
            self.block_start = self.position;
        }
        let from = (self.position - self.block_start) as usize;
        let rest = &self.block[from.min(self.block.len())..];
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.position += n as u64;
        Ok(n)
    }
}

impl Seek for Bytes<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(n) => (n, 0),
            SeekFrom::End(n) => (self.source.len(), n),
            SeekFrom::Current(n) => (self.position, n),
        };
        let place = base.checked_add_signed(offset);
        self.position = place.ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "a place before the beginning")
        })?;
        Ok(self.position)
    }
}

/// The bytes of a range.
///
/// # Errors
/// When the source ends before, or cannot be read.
pub(super) fn range(source: &mut dyn Source, start: u64, len: u64) -> Result<Vec<u8>, FormatError> {
    let fits = start
        .checked_add(len)
        .is_some_and(|end| end <= source.len());
    if !fits {
        return Err(words::cut_short().into());
    }
    let len = usize::try_from(len).map_err(|_| FormatError::from(words::cut_short()))?;
    let mut bytes = vec![0; len];
    let n = source
        .read_at(start, &mut bytes)
        .map_err(|e| FormatError::from(words::unreadable(&e.to_string())))?;
    if n < len {
        return Err(words::cut_short().into());
    }
    Ok(bytes)
}

/// All of it.
pub(super) fn all(source: &mut dyn Source) -> Result<Vec<u8>, FormatError> {
    let len = source.len();
    range(source, 0, len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_seeks() {
        let data: Vec<u8> = (0..BLOCK * 2 + 10).map(|i| (i % 251) as u8).collect();
        let mut source = &data[..];
        let mut bytes = Bytes::new(&mut source);
        let mut found = Vec::new();
        bytes.read_to_end(&mut found).unwrap();
        assert_eq!(found, data);
        bytes.seek(SeekFrom::End(-3)).unwrap();
        let mut end = Vec::new();
        bytes.read_to_end(&mut end).unwrap();
        assert_eq!(end, data[data.len() - 3..]);
        bytes.seek(SeekFrom::Start(1 << 40)).unwrap();
        assert_eq!(bytes.read(&mut [0; 4]).unwrap(), 0);
        assert!(bytes.seek(SeekFrom::Current(i64::MIN)).is_err());
        assert!(range(&mut &data[..], 5, data.len() as u64).is_err());
        assert_eq!(range(&mut &data[..], 5, 2).unwrap(), data[5..7]);
    }
}
