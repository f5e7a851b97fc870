//! The compound file that an old workbook lies in: whether its sectors lead anywhere, and whether its
//! sheets are of a size that such sheets have.
//!
//! A damaged table of sectors can lead in a circle, which a reader follows until memory is full, and one
//! that makes room for the cells that a damaged record promises asks for more than there is. The layouts
//! are those of Microsoft's [MS-CFB] and [MS-XLS].

use super::super::FormatError;
use super::super::bytes::range;
use crate::table::csv::Source;

const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const END_OF_CHAIN: u32 = 0xffff_fffe;
/// From here on a number stands for no sector.
const RESERVED: u32 = 0xffff_fffa;
const HEADER: u64 = 512;
/// Streams below this length lie in sectors of 64 bytes.
const MINI_BELOW: u64 = 4096;
const MINI_SECTOR: u64 = 64;
const ENTRY: usize = 128;
/// The record that says which rows and columns of a sheet are used.
const DIMENSIONS: u16 = 0x0200;
const MOST_ROWS: u32 = 65_536;
const MOST_COLUMNS: u32 = 256;

/// Whether the chains of the directory and of the workbook come to an end, and no sheet is larger than
/// sheets can be. What is no compound file is
/// left to its reader.
///
/// # Errors
/// When the bytes cannot be had.
pub(super) fn is_sound(source: &mut dyn Source) -> Result<bool, FormatError> {
    let length = source.len();
    if length < HEADER {
        return Ok(true);
    }
    let header = range(source, 0, HEADER)?;
    if !header.starts_with(MAGIC) {
        return Ok(true);
    }
    let size = match u16::from_le_bytes([header[30], header[31]]) {
        9 => 512,
        12 => 4096,
        _ => return Ok(true),
    };
    let mut file = File {
        source,
        size,
        n_sectors: length / size + 1,
    };
    Ok(file.chains_end(&header)?.is_some())
}

struct File<'a> {
    source: &'a mut dyn Source,
    size: u64,
    n_sectors: u64,
}

/// `None` where a chain does not end, or leads out of the file.
type Sound<T> = Result<Option<T>, FormatError>;

macro_rules! sound {
    ($found:expr) => {
        match $found {
            Some(found) => found,
            None => return Ok(None),
        }
    };
}

impl File<'_> {
    fn chains_end(&mut self, header: &[u8]) -> Sound<()> {
        let fat = sound!(self.fat(header)?);
        let directory = sound!(self.chain(&fat, word(header, 48), u64::MAX));
        let directory = self.content(&directory)?;
        let entries: Vec<&[u8]> = directory.chunks_exact(ENTRY).collect();
        let size = self.size;
        let length = |entry: &[u8]| match size {
            512 => u64::from(word(entry, 120)),
            _ => u64::from(word(entry, 120)) | u64::from(word(entry, 124)) << 32,
        };
        let Some(root) = entries.first() else {
            return Ok(Some(()));
        };
        let n_mini_fat = u64::from(word(header, 64));
        let (mut mini_fat, mut mini_stream) = (Vec::new(), Vec::new());
        if n_mini_fat > 0 {
            let chain = sound!(self.chain(&fat, word(root, 116), length(root)));
            mini_stream = self.content(&chain)?;
            let bytes = n_mini_fat.saturating_mul(self.size);
            let chain = sound!(self.chain(&fat, word(header, 60), bytes));
            mini_fat = words(&self.content(&chain)?);
        }
        for entry in entries.iter().filter(|entry| is_workbook(entry)) {
            let (start, length) = (word(entry, 116), length(entry));
            let stream = match length < MINI_BELOW {
                true => {
                    let chain = sound!(walk(&mini_fat, start, length, MINI_SECTOR));
                    let size = MINI_SECTOR as usize;
                    let sectors = chain.iter().map(|&id| id as usize * size);
                    let parts = sectors.filter_map(|at| mini_stream.get(at..at + size));
                    parts.flatten().copied().collect()
                }
                false => {
                    let chain = sound!(self.chain(&fat, start, length));
                    self.content(&chain)?
                }
            };
            if !are_sheets_possible(&stream) {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    /// Which sector follows each.
    fn fat(&mut self, header: &[u8]) -> Sound<Vec<u32>> {
        let mut places = words(&header[76..]);
        let mut next = word(header, 68);
        while next < RESERVED {
            places.extend(words(&self.content(&[next])?));
            next = sound!(places.pop());
            if places.len() as u64 > 2 * self.n_sectors + self.size {
                return Ok(None);
            }
        }
        let places: Vec<u32> = places.into_iter().filter(|&id| id < RESERVED).collect();
        if places.len() as u64 > self.n_sectors {
            return Ok(None);
        }
        Ok(Some(words(&self.content(&places)?)))
    }

    fn chain(&self, fat: &[u32], start: u32, n_bytes: u64) -> Option<Vec<u32>> {
        walk(fat, start, n_bytes, self.size)
    }

    /// The bytes of sectors; those behind the file's end are short.
    fn content(&mut self, sectors: &[u32]) -> Result<Vec<u8>, FormatError> {
        let mut bytes = Vec::new();
        for &id in sectors {
            let start = (u64::from(id) + 1) * self.size;
            let rest = self.source.len().saturating_sub(start);
            if rest > 0 {
                bytes.extend(range(self.source, start, self.size.min(rest))?);
            }
        }
        Ok(bytes)
    }
}

/// The sectors from `start` to the end of the chain, or as far as `n_bytes` go.
fn walk(next: &[u32], start: u32, n_bytes: u64, size: u64) -> Option<Vec<u32>> {
    let wanted = n_bytes.div_ceil(size);
    let mut chain = Vec::new();
    let mut id = start;
    while id != END_OF_CHAIN {
        // Even of a chain that is not needed the first sector is looked at.
        if chain.len() > next.len() || id as usize >= next.len() {
            return None;
        }
        chain.push(id);
        if chain.len() as u64 >= wanted {
            break;
        }
        id = next[id as usize];
    }
    Some(chain)
}

/// Whether a directory entry is the stream that workbooks lie in.
fn is_workbook(entry: &[u8]) -> bool {
    let letters = entry[..64].chunks_exact(2).map(|c| c[0]);
    let name: Vec<u8> = letters.take_while(|&c| c != 0).collect();
    name.eq_ignore_ascii_case(b"workbook") || name.eq_ignore_ascii_case(b"book")
}

/// Whether the records of a workbook promise no more rows and columns than a sheet can have.
fn are_sheets_possible(workbook: &[u8]) -> bool {
    let mut rest = workbook;
    while let Some(([k0, k1, n0, n1], after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_le_bytes([*n0, *n1]));
        let Some((data, next)) = after.split_at_checked(length) else {
            break;
        };
        // Records of ten bytes are those of older workbooks, whose numbers are short.
        if u16::from_le_bytes([*k0, *k1]) == DIMENSIONS && length > 10 {
            let (first, end) = (word(data, 0), word(data, 4));
            if first > end || end > MOST_ROWS || word(data, 8) >> 16 > MOST_COLUMNS {
                return false;
            }
        }
        rest = next;
    }
    true
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |word| u32::from_le_bytes(*word))
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|c| word(c, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains() {
        const END: u32 = END_OF_CHAIN;
        let check = |next: &[u32], start, n_bytes, expected: Option<&[u32]>| {
            let found = walk(next, start, n_bytes, 512);
            assert_eq!(found.as_deref(), expected, "{next:?} from {start}");
        };
        check(&[1, 2, END], 0, u64::MAX, Some(&[0, 1, 2]));
        check(&[1, 2, END], 0, 600, Some(&[0, 1]));
        check(&[1, 2, END], END, u64::MAX, Some(&[]));
        check(&[1, 2, 0], 0, u64::MAX, None);
        check(&[1, 2, 0], 0, 1000, Some(&[0, 1]));
        check(&[0], 0, u64::MAX, None);
        check(&[9], 0, u64::MAX, None);
    }

    #[test]
    fn a_circle_is_seen() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/formats/xlwt.xls");
        let mut bytes = std::fs::read(path).unwrap();
        assert!(is_sound(&mut &bytes[..]).unwrap());
        // The directory's sector follows itself.
        let fat = (word(&bytes, 76) as usize + 1) * 512;
        let directory = word(&bytes, 48);
        let at = fat + 4 * directory as usize;
        bytes[at..at + 4].copy_from_slice(&directory.to_le_bytes());
        assert!(!is_sound(&mut &bytes[..]).unwrap());
        assert!(is_sound(&mut &b"not one"[..]).unwrap());
    }

    #[test]
    fn a_sheet_of_four_billion_rows_is_seen() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/formats/xlwt.xls");
        let bytes = std::fs::read(path).unwrap();
        let record = [0x00, 0x02, 0x0e, 0x00];
        let at = bytes.windows(4).position(|w| w == record).unwrap() + 4;
        let check = |place: usize, value: [u8; 2], expected: bool| {
            let mut bytes = bytes.clone();
            bytes[at + place..at + place + 2].copy_from_slice(&value);
            assert_eq!(is_sound(&mut &bytes[..]).unwrap(), expected, "{place}");
        };
        check(4, [0xff, 0xff], true); // the last row, low half
        check(6, [0xff, 0xff], false); // high half
        check(2, [0x01, 0x00], false); // a first row behind the last
        check(10, [0x00, 0x01], true); // columns
        check(10, [0x01, 0x01], false);
    }
}
