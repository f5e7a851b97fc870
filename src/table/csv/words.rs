//! Strings into dictionary codes, or into plain text when most are different.

use std::hash::Hasher;

use hashbrown::HashTable;

use super::super::{Bitmap, ColumnKind, Data, Utf8, natural_order};
use super::infer::Missing;

/// At most so many levels are ordered with digit runs by value; more go by their bytes.
const NATURAL_LEVELS: usize = 10_000;
/// A column stays a dictionary up to so many levels, however few its rows.
const FEW_LEVELS: usize = 1_000;
/// From so many levels on, a dictionary that is not paying is given up while reading.
const MANY_LEVELS: usize = 1 << 16;

/// Collects strings. Text when more than 1,000 are different and more than half of all; else a
/// dictionary.
pub(super) struct Words {
    /// Positions in `entries`, by the hash of the entry's bytes.
    table: HashTable<u32>,
    entries: Vec<Entry>,
    bytes: Vec<u8>,
    n_levels: u32,
    codes: Vec<i32>,
    n_missing: usize,
    plain: Option<PlainText>,
    /// The kind asked for.
    want: Option<ColumnKind>,
    /// About how many rows and bytes of text are to come.
    room: (usize, usize),
}

#[derive(Clone, Copy)]
struct Entry {
    start: u32,
    end: u32,
    /// −1 for a mark of missing values.
    code: i32,
}

#[derive(Default)]
struct PlainText {
    bytes: Vec<u8>,
    offsets: Vec<i32>,
    valid: Bitmap,
}

/// The text of a column passed 2 GiB.
pub(super) struct TooLarge;

impl Words {
    /// `n_missing` rows before the first are missing.
    pub fn new(missing: &Missing, want: Option<ColumnKind>, n_missing: usize) -> Self {
        let mut words = Self {
            table: HashTable::new(),
            entries: Vec::new(),
            bytes: Vec::new(),
            n_levels: 0,
            codes: vec![-1; n_missing],
            n_missing,
            plain: None,
            want,
            room: (0, 0),
        };
        for token in missing.tokens() {
            words.entry(token.as_bytes());
            if let Some(entry) = words.entries.last_mut() {
                entry.code = -1;
            }
        }
        words.n_levels = 0;
        words
    }

    /// Makes room for `n_rows` with so many bytes of text each.
    pub fn reserve(&mut self, n_rows: usize, cell_bytes: f64) {
        self.codes.reserve(n_rows);
        self.room = (n_rows, (n_rows as f64 * cell_bytes) as usize);
    }

    pub fn push_missing(&mut self) {
        self.n_missing += 1;
        match &mut self.plain {
            // Nothing is added to the text, so it cannot become too large.
            Some(plain) => drop(plain.push(None)),
            None => self.codes.push(-1),
        }
    }

    pub fn n_rows(&self) -> usize {
        match &self.plain {
            Some(plain) => plain.valid.len(),
            None => self.codes.len(),
        }
    }

    pub fn push_all<'a>(&mut self, cells: impl Iterator<Item = &'a [u8]>) -> Result<(), TooLarge> {
        if self.plain.is_none() {
            for cell in cells {
                let code = self.entry(cell);
                self.n_missing += usize::from(code < 0);
                self.codes.push(code);
                if self.bytes.len() > i32::MAX as usize {
                    return Err(TooLarge);
                }
            }
            let n_valid = self.codes.len() - self.n_missing;
            let mostly_different =
                self.n_levels as usize > MANY_LEVELS && self.n_levels as usize * 2 > n_valid;
            if mostly_different && self.want != Some(ColumnKind::Category) {
                self.plain = Some(self.spell_out()?);
                self.codes = Vec::new();
            }
            return Ok(());
        }
        for cell in cells {
            let is_missing = self.find(cell).is_some_and(|e| e.code < 0);
            let Some(plain) = &mut self.plain else {
                return Ok(());
            };
            self.n_missing += usize::from(is_missing);
            plain.push((!is_missing).then_some(cell))?;
        }
        Ok(())
    }

    /// The column's data and which rows have a value.
    pub fn finish(mut self) -> Result<(Data, Option<Bitmap>), TooLarge> {
        let n_valid = self.n_rows() - self.n_missing;
        let n_levels = self.n_levels as usize;
        let as_text = match self.want {
            Some(ColumnKind::Text) => true,
            Some(ColumnKind::Category) => false,
            _ => n_levels > FEW_LEVELS && n_levels * 2 > n_valid,
        };
        if self.plain.is_none() && as_text {
            self.plain = Some(self.spell_out()?);
        }
        if let Some(mut plain) = self.plain {
            let valid = std::mem::take(&mut plain.valid);
            let any_missing = valid.count_zeros() > 0;
            return Ok((Data::Text(plain.utf8()), any_missing.then_some(valid)));
        }
        let mut validity = None;
        if self.n_missing > 0 {
            validity = Some(self.codes.iter().map(|&c| c >= 0).collect());
        }
        let mut levels: Vec<String> = vec![String::new(); n_levels];
        for entry in self.entries.iter().filter(|e| e.code >= 0) {
            levels[entry.code as usize] = text_of(&self.bytes, *entry);
        }
        let (levels, new_codes) = sorted(levels);
        for code in self.codes.iter_mut().filter(|c| **c >= 0) {
            *code = new_codes[*code as usize];
        }
        let codes = self.codes;
        Ok((Data::Category { codes, levels }, validity))
    }

    fn find(&self, cell: &[u8]) -> Option<Entry> {
        let (entries, bytes) = (&self.entries, &self.bytes);
        let is_same = |&k: &u32| entries[k as usize].of(bytes) == cell;
        self.table
            .find(hash(cell), is_same)
            .map(|&k| entries[k as usize])
    }

    /// The code of a string, new or known.
    #[inline]
    fn entry(&mut self, cell: &[u8]) -> i32 {
        let h = hash(cell);
        let (entries, bytes) = (&self.entries, &self.bytes);
        let is_same = |&k: &u32| entries[k as usize].of(bytes) == cell;
        if let Some(&k) = self.table.find(h, is_same) {
            return self.entries[k as usize].code;
        }
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(cell);
        let code = self.n_levels as i32;
        self.n_levels += 1;
        self.entries.push(Entry {
            start,
            end: self.bytes.len() as u32,
            code,
        });
        let (entries, bytes) = (&self.entries, &self.bytes);
        let k = entries.len() as u32 - 1;
        self.table
            .insert_unique(h, k, |&k| hash(entries[k as usize].of(bytes)));
        code
    }

    fn spell_out(&self) -> Result<PlainText, TooLarge> {
        let (n_rows, n_bytes) = self.room;
        let n_rows = n_rows.max(self.codes.len());
        let mut plain = PlainText {
            bytes: Vec::with_capacity(n_bytes.min(i32::MAX as usize)),
            offsets: Vec::with_capacity(n_rows + 1),
            valid: Bitmap::default(),
        };
        plain.offsets.push(0);
        let mut by_code = vec![Entry::default(); self.n_levels as usize];
        for entry in self.entries.iter().filter(|e| e.code >= 0) {
            by_code[entry.code as usize] = *entry;
        }
        for &code in &self.codes {
            let entry = (code >= 0).then(|| by_code[code as usize].of(&self.bytes));
            plain.push(entry)?;
        }
        Ok(plain)
    }
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            start: 0,
            end: 0,
            code: -1,
        }
    }
}

impl Entry {
    #[inline]
    fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start as usize..self.end as usize]
    }
}

impl PlainText {
    fn push(&mut self, cell: Option<&[u8]>) -> Result<(), TooLarge> {
        self.bytes.extend_from_slice(cell.unwrap_or_default());
        let end = i32::try_from(self.bytes.len()).map_err(|_| TooLarge)?;
        self.offsets.push(end);
        self.valid.push(cell.is_some());
        Ok(())
    }

    /// Cells are cut at ASCII characters of checked text, so this does not fail; should it ever, the
    /// text is mended cell by cell.
    fn utf8(self) -> Utf8 {
        let is_sound = simdutf8::basic::from_utf8(&self.bytes).is_ok_and(|text| {
            let mut ends = self.offsets.iter();
            ends.all(|&end| text.is_char_boundary(end as usize))
        });
        if !is_sound {
            let cell = |w: &[i32]| &self.bytes[w[0] as usize..w[1] as usize];
            let cells = self.offsets.windows(2).map(cell);
            return cells.map(String::from_utf8_lossy).collect();
        }
        let text = String::from_utf8(self.bytes).unwrap_or_default();
        Utf8::from_parts(self.offsets, text).unwrap_or_default()
    }
}

/// Levels in their natural order, and each one's new place.
fn sorted(levels: Vec<String>) -> (Vec<String>, Vec<i32>) {
    let n = levels.len();
    let mut order: Vec<u32> = (0..n as u32).collect();
    if n <= NATURAL_LEVELS {
        order.sort_by(|&a, &b| natural_order(&levels[a as usize], &levels[b as usize]));
    } else {
        let prefix = |k: u32| {
            let mut head = [0; 8];
            let bytes = levels[k as usize].as_bytes();
            let m = bytes.len().min(8);
            head[..m].copy_from_slice(&bytes[..m]);
            u64::from_be_bytes(head)
        };
        let mut keyed: Vec<(u64, u32)> = order.iter().map(|&k| (prefix(k), k)).collect();
        keyed.sort_unstable_by(|a, b| {
            let by_text = || levels[a.1 as usize].cmp(&levels[b.1 as usize]);
            a.0.cmp(&b.0).then_with(by_text)
        });
        order = keyed.into_iter().map(|(_, k)| k).collect();
    }
    let mut new_codes = vec![0; n];
    let mut levels: Vec<_> = levels.into_iter().map(Some).collect();
    let take = |(new, &old): (usize, &u32)| {
        new_codes[old as usize] = new as i32;
        levels[old as usize].take().unwrap_or_default()
    };
    let sorted = order.iter().enumerate().map(take).collect();
    (sorted, new_codes)
}

fn text_of(bytes: &[u8], entry: Entry) -> String {
    String::from_utf8_lossy(entry.of(bytes)).into_owned()
}

#[inline]
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(cells: &[&str], want: Option<ColumnKind>) -> (Data, Option<Bitmap>) {
        let missing = Missing::new(None);
        let mut words = Words::new(&missing, want, 0);
        let pushed = words.push_all(cells.iter().map(|c| c.as_bytes()));
        assert!(pushed.is_ok());
        words.finish().ok().unwrap()
    }

    #[test]
    fn few_strings_become_sorted_levels() {
        let (data, validity) = words(&["b2", "", "b10", "a", "NA", "b2"], None);
        let levels = ["a", "b2", "b10"].map(String::from).to_vec();
        let codes = vec![1, -1, 2, 0, -1, 1];
        assert_eq!(data, Data::Category { codes, levels });
        assert_eq!(validity.unwrap().as_bytes(), &[0b101101]);
    }

    #[test]
    fn many_different_strings_become_text() {
        let check = |n: usize, repeat: usize, kind: ColumnKind| {
            let cells: Vec<String> = (0..n * repeat)
                .map(|i| format!("t{}", i / repeat))
                .collect();
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let (data, validity) = words(&cells, None);
            assert_eq!(validity, None);
            let column = super::super::super::Column::new("x", data);
            assert_eq!(column.kind(), kind, "{n} × {repeat}");
            for (i, cell) in cells.iter().enumerate().step_by(97) {
                assert_eq!(&column.display(i), cell);
            }
        };
        check(1_000, 1, ColumnKind::Category);
        check(1_001, 1, ColumnKind::Text);
        check(1_001, 2, ColumnKind::Category);
        check(20_000, 3, ColumnKind::Category);
        check(200_000, 1, ColumnKind::Text);
    }

    #[test]
    fn the_kind_asked_for_wins() {
        let (data, _) = words(&["a", "NA", "a"], Some(ColumnKind::Text));
        assert_eq!(data, Data::Text(["a", "", "a"].into_iter().collect()));
    }
}
