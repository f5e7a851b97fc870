//! Strings into dictionary codes, or into plain text when most are different.

use hashbrown::HashTable;

use super::super::{Bitmap, ColumnKind, Data, Utf8, natural_order};
use super::gaps::Gaps;
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
    table: HashTable<Slot>,
    /// The levels' bytes, by code.
    levels: Vec<Span>,
    bytes: Vec<u8>,
    codes: Vec<i32>,
    n_missing: usize,
    plain: Option<PlainText>,
    missing: Missing,
    /// The kind asked for.
    want: Option<ColumnKind>,
    /// About how many rows and bytes of text are to come.
    room: (usize, usize),
}

/// A string that was met, with its first and last bytes, which tell most strings apart.
#[derive(Clone, Copy)]
struct Slot {
    key: Key,
    /// −1 for a mark of missing values.
    code: i32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    first: u64,
    last: u64,
    len: u32,
}

/// A place in `bytes`.
#[derive(Clone, Copy, Default)]
struct Span {
    start: u32,
    end: u32,
}

#[derive(Default)]
struct PlainText {
    bytes: Vec<u8>,
    offsets: Vec<i32>,
    gaps: Gaps,
}

/// The text of a column passed 2 GiB.
pub(super) struct TooLarge;

impl Words {
    /// `n_missing` rows before the first are missing.
    pub fn new(missing: &Missing, want: Option<ColumnKind>, n_missing: usize) -> Self {
        let mut words = Self {
            table: HashTable::new(),
            levels: Vec::new(),
            bytes: Vec::new(),
            codes: vec![-1; n_missing],
            n_missing,
            plain: None,
            missing: missing.clone(),
            want,
            room: (0, 0),
        };
        for token in missing.tokens().filter(|t| t.len() <= Key::WHOLE) {
            let key = Key::of(token.as_bytes());
            let slot = Slot { key, code: -1 };
            words
                .table
                .insert_unique(key.hash(&[]), slot, |s| s.key.hash(&[]));
        }
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
            Some(plain) => plain.push_missing(),
            None => self.codes.push(-1),
        }
    }

    pub fn n_rows(&self) -> usize {
        match &self.plain {
            Some(plain) => plain.len(),
            None => self.codes.len(),
        }
    }

    pub fn push_all<'a>(&mut self, cells: impl Iterator<Item = &'a [u8]>) -> Result<(), TooLarge> {
        if let Some(plain) = &mut self.plain {
            for cell in cells {
                if self.missing.contains(cell) {
                    self.n_missing += 1;
                    plain.push_missing();
                } else {
                    plain.push(cell)?;
                }
            }
            return Ok(());
        }
        for cell in cells {
            let code = self.code(cell);
            self.n_missing += usize::from(code < 0);
            self.codes.push(code);
        }
        if self.bytes.len() > i32::MAX as usize {
            return Err(TooLarge);
        }
        let n_valid = self.codes.len() - self.n_missing;
        let n_levels = self.levels.len();
        let mostly_different = n_levels > MANY_LEVELS && n_levels * 2 > n_valid;
        if mostly_different && self.want != Some(ColumnKind::Category) {
            self.spell_out()?;
        }
        Ok(())
    }

    /// The column's data and which rows have a value.
    pub fn finish(mut self) -> Result<(Data, Option<Bitmap>), TooLarge> {
        let n_rows = self.n_rows();
        let n_valid = n_rows - self.n_missing;
        let n_levels = self.levels.len();
        let as_text = match self.want {
            Some(ColumnKind::Text) => true,
            Some(ColumnKind::Category) => false,
            _ => n_levels > FEW_LEVELS && n_levels * 2 > n_valid,
        };
        if self.plain.is_none() && as_text {
            self.spell_out()?;
        }
        self.table = HashTable::new();
        if let Some(mut plain) = self.plain {
            let validity = std::mem::take(&mut plain.gaps).finish(n_rows);
            return Ok((Data::Text(plain.utf8()), validity));
        }
        let mut validity = None;
        if self.n_missing > 0 {
            validity = Some(self.codes.iter().map(|&c| c >= 0).collect());
        }
        let text = |span: &Span| String::from_utf8_lossy(span.of(&self.bytes)).into_owned();
        let (levels, new_codes) = sorted(self.levels.iter().map(text).collect());
        for code in self.codes.iter_mut().filter(|c| **c >= 0) {
            *code = new_codes[*code as usize];
        }
        let codes = self.codes;
        Ok((Data::Category { codes, levels }, validity))
    }

    /// The code of a string, new or known.
    #[inline]
    fn code(&mut self, cell: &[u8]) -> i32 {
        let key = Key::of(cell);
        let (levels, bytes) = (&self.levels, &self.bytes);
        let is_same = |slot: &Slot| {
            slot.key == key
                && (cell.len() <= Key::WHOLE || levels[slot.code as usize].of(bytes) == cell)
        };
        match self.table.find(key.hash(cell), is_same) {
            Some(slot) => slot.code,
            None => self.new_code(key, cell),
        }
    }

    #[cold]
    #[inline(never)]
    fn new_code(&mut self, key: Key, cell: &[u8]) -> i32 {
        if cell.len() > Key::WHOLE && self.missing.contains(cell) {
            return -1;
        }
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(cell);
        let end = self.bytes.len() as u32;
        let code = self.levels.len() as i32;
        self.levels.push(Span { start, end });
        let slot = Slot { key, code };
        let (levels, bytes) = (&self.levels, &self.bytes);
        let hash = |slot: &Slot| match slot.key.len as usize {
            0..=Key::WHOLE => slot.key.hash(&[]),
            _ => slot.key.hash(levels[slot.code as usize].of(bytes)),
        };
        self.table.insert_unique(key.hash(cell), slot, hash);
        code
    }

    /// Gives the dictionary up for plain text.
    fn spell_out(&mut self) -> Result<(), TooLarge> {
        self.table = HashTable::new();
        let (n_rows, n_bytes) = self.room;
        let mut plain = PlainText {
            bytes: Vec::with_capacity(n_bytes.min(i32::MAX as usize)),
            offsets: Vec::with_capacity(n_rows.max(self.codes.len()) + 1),
            gaps: Gaps::default(),
        };
        plain.offsets.push(0);
        for &code in &self.codes {
            match usize::try_from(code) {
                Ok(code) => plain.push(self.levels[code].of(&self.bytes))?,
                Err(_) => plain.push_missing(),
            }
        }
        self.codes = Vec::new();
        self.levels = Vec::new();
        self.bytes = Vec::new();
        self.plain = Some(plain);
        Ok(())
    }
}

impl Key {
    /// A string of so many bytes is known by its key.
    const WHOLE: usize = 16;

    #[inline]
    fn of(cell: &[u8]) -> Self {
        let n = cell.len();
        let (first, last) = match (cell.first_chunk::<8>(), cell.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (cell.first_chunk::<4>(), cell.last_chunk::<4>()) {
                (Some(first), Some(last)) => (
                    u64::from(u32::from_le_bytes(*first)),
                    u64::from(u32::from_le_bytes(*last)),
                ),
                _ if n == 0 => (0, 0),
                _ => (
                    u64::from(cell[0]) | u64::from(cell[n / 2]) << 8,
                    u64::from(cell[n - 1]),
                ),
            },
        };
        let len = n as u32;
        Self { first, last, len }
    }

    /// The hash of a string; its bytes are looked at when the key does not hold them all.
    #[inline]
    fn hash(self, cell: &[u8]) -> u64 {
        // Odd numbers without a pattern: the fractions of √2, √3 and √5.
        const A: u64 = 0x6a09_e667_f3bc_c909;
        const B: u64 = 0xbb67_ae85_84ca_a73b;
        const C: u64 = 0x3c6e_f372_fe94_f82b;
        let mut hash = self.first.wrapping_mul(A) ^ self.last.rotate_left(29).wrapping_mul(B);
        if cell.len() > Self::WHOLE {
            for word in cell[8..cell.len() - 8].chunks(8) {
                let mut bytes = [0; 8];
                bytes[..word.len()].copy_from_slice(word);
                hash = (hash.rotate_left(23) ^ u64::from_le_bytes(bytes)).wrapping_mul(A);
            }
        }
        hash ^= u64::from(self.len);
        hash = (hash ^ hash >> 32).wrapping_mul(C);
        hash ^ hash >> 29
    }
}

impl Span {
    #[inline]
    fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start as usize..self.end as usize]
    }
}

impl PlainText {
    fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    #[inline]
    fn push(&mut self, cell: &[u8]) -> Result<(), TooLarge> {
        self.bytes.extend_from_slice(cell);
        let end = i32::try_from(self.bytes.len()).map_err(|_| TooLarge)?;
        self.offsets.push(end);
        Ok(())
    }

    fn push_missing(&mut self) {
        self.gaps.mark(self.len());
        self.offsets.push(self.bytes.len() as i32);
    }

    /// Cells are cut at ASCII characters of checked text, so this does not fail; should it ever, the
    /// text is mended cell by cell.
    fn utf8(mut self) -> Utf8 {
        self.bytes.shrink_to_fit();
        self.offsets.shrink_to_fit();
        let is_sound = simdutf8::basic::from_utf8(&self.bytes).is_ok_and(|text| {
            let mut ends = self.offsets.iter();
            ends.all(|&end| text.is_char_boundary(end as usize))
        });
        if !is_sound {
            let cell = |w: &[i32]| &self.bytes[w[0] as usize..w[1] as usize];
            let cells = self.offsets.windows(2).map(cell);
            return cells.map(String::from_utf8_lossy).collect();
        }
        let text = String::from_utf8(self.bytes).expect("bytes that were checked");
        Utf8::from_parts(self.offsets, text).expect("offsets that were checked")
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
    fn keys_tell_strings_apart() {
        let letters = [
            "", "a", "b", "ab", "ba", "aab", "aba", "baa", "aaaa", "aaaab", "aaaba",
        ];
        let long = ["a".repeat(8), "a".repeat(9), "a".repeat(16), "b".repeat(16)];
        let all: Vec<&str> = letters
            .into_iter()
            .chain(long.iter().map(String::as_str))
            .collect();
        for a in &all {
            for b in &all {
                assert_eq!(
                    Key::of(a.as_bytes()) == Key::of(b.as_bytes()),
                    a == b,
                    "{a} {b}"
                );
            }
        }
    }

    #[test]
    fn long_strings() {
        let base = "a".repeat(40);
        let mut other = base.clone();
        other.replace_range(20..21, "b");
        let missing = Missing::new(Some(std::slice::from_ref(&base)));
        let mut words = Words::new(&missing, None, 1);
        let cells = [&*base, &*other, "x", &*other];
        assert!(words.push_all(cells.iter().map(|c| c.as_bytes())).is_ok());
        words.push_missing();
        let (data, _) = words.finish().ok().unwrap();
        let levels = vec![other, "x".to_owned()];
        let codes = vec![-1, -1, 0, 1, 0, -1];
        assert_eq!(data, Data::Category { codes, levels });
    }

    #[test]
    fn the_kind_asked_for_wins() {
        let (data, _) = words(&["a", "NA", "a"], Some(ColumnKind::Text));
        assert_eq!(data, Data::Text(["a", "", "a"].into_iter().collect()));
    }
}
