//! FlatBuffers, written from the end to the beginning, so that a place is known before what points
//! to it.

/// A buffer that grows downwards. Places are counted from its end.
#[derive(Default)]
pub(super) struct Builder {
    /// The bytes so far, last first.
    reversed: Vec<u8>,
    alignment: usize,
}

/// Where something stands, in bytes from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(usize);

/// A field of a table.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    /// Left out: the default.
    None,
    U8(u8),
    Bool(bool),
    I16(i16),
    I32(i32),
    I64(i64),
    To(Place),
}

impl Builder {
    pub fn text(&mut self, s: &str) -> Place {
        self.align(4, s.len() + 1);
        self.put(&[0]);
        self.put(s.as_bytes());
        self.put(&(s.len() as u32).to_le_bytes());
        self.place()
    }

    /// A list of tables or texts.
    pub fn list(&mut self, items: &[Place]) -> Place {
        self.align(4, items.len() * 4);
        for item in items.iter().rev() {
            self.put_offset(*item);
        }
        self.put(&(items.len() as u32).to_le_bytes());
        self.place()
    }

    /// A list of structs of two 64-bit numbers each.
    pub fn pairs(&mut self, pairs: &[(u64, u64)]) -> Place {
        // The count stands right before numbers that are aligned to eight bytes.
        self.align(8, pairs.len() * 16);
        for (a, b) in pairs.iter().rev() {
            self.put(&b.to_le_bytes());
            self.put(&a.to_le_bytes());
        }
        self.put(&(pairs.len() as u32).to_le_bytes());
        self.place()
    }

    /// A list of structs of a 64-bit, a 32-bit and a 64-bit number each.
    pub fn triples(&mut self, triples: &[[u64; 3]]) -> Place {
        self.align(8, triples.len() * 24);
        for [a, b, c] in triples.iter().rev() {
            self.put(&c.to_le_bytes());
            self.put(&b.to_le_bytes());
            self.put(&a.to_le_bytes());
        }
        self.put(&(triples.len() as u32).to_le_bytes());
        self.place()
    }

    pub fn table(&mut self, fields: &[Slot]) -> Place {
        let end = self.reversed.len();
        let mut places = vec![0; fields.len()];
        // The widest first from the end, so that little is lost to alignment.
        for width in [1, 2, 4, 8] {
            for (k, field) in fields.iter().enumerate() {
                if field.width() == width {
                    self.align(width, 0);
                    match *field {
                        Slot::None => {}
                        Slot::U8(x) => self.put_number(&[x]),
                        Slot::Bool(x) => self.put_number(&[u8::from(x)]),
                        Slot::I16(x) => self.put_number(&x.to_le_bytes()),
                        Slot::I32(x) => self.put_number(&x.to_le_bytes()),
                        Slot::I64(x) => self.put_number(&x.to_le_bytes()),
                        Slot::To(place) => self.put_offset(place),
                    }
                    places[k] = self.reversed.len();
                }
            }
        }
        // The table begins with the way to its directory, which stands right before it.
        self.align(4, 0);
        let n_directory = 4 + fields.len() * 2;
        self.put_number(&(n_directory as i32).to_le_bytes());
        let start = self.reversed.len();
        for place in places.iter().rev() {
            let offset = if *place == 0 { 0 } else { start - place };
            self.put(&(offset as u16).to_le_bytes());
        }
        self.put(&((start - end) as u16).to_le_bytes());
        self.put(&(n_directory as u16).to_le_bytes());
        Place(start)
    }

    /// The whole, with the way to its root table first.
    pub fn finish(mut self, root: Place) -> Vec<u8> {
        let alignment = self.alignment.max(4);
        self.align(alignment, 4);
        self.put_offset(root);
        self.reversed.reverse();
        self.reversed
    }

    /// Fills up so that after `n` more bytes the length is a multiple of `alignment`.
    fn align(&mut self, alignment: usize, n: usize) {
        self.alignment = self.alignment.max(alignment);
        let length = self.reversed.len() + n;
        let fill = length.next_multiple_of(alignment) - length;
        self.reversed.resize(self.reversed.len() + fill, 0);
    }

    fn put(&mut self, bytes: &[u8]) {
        self.reversed.extend(bytes.iter().rev());
    }

    fn put_number(&mut self, bytes: &[u8]) {
        self.put(bytes);
    }

    /// The way from here to a place behind.
    fn put_offset(&mut self, place: Place) {
        let here = self.reversed.len() + 4;
        self.put(&((here - place.0) as u32).to_le_bytes());
    }

    fn place(&self) -> Place {
        Place(self.reversed.len())
    }
}

impl Slot {
    fn width(&self) -> usize {
        match self {
            Slot::None => 0,
            Slot::U8(_) | Slot::Bool(_) => 1,
            Slot::I16(_) => 2,
            Slot::I32(_) | Slot::To(_) => 4,
            Slot::I64(_) => 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::flat::Table;
    use super::*;

    #[test]
    fn tables_come_back() {
        let mut out = Builder::default();
        let text = out.text("가");
        let inner = out.table(&[Slot::I64(-5), Slot::U8(7)]);
        let list = out.list(&[inner, inner]);
        let pairs = out.pairs(&[(1, 2), (3, 4)]);
        let root = out.table(&[
            Slot::I16(-2),
            Slot::None,
            Slot::To(text),
            Slot::Bool(true),
            Slot::To(list),
            Slot::I32(9),
            Slot::To(pairs),
        ]);
        let bytes = out.finish(root);
        assert_eq!(bytes.len() % 8, 0);
        let root = Table::root(&bytes).unwrap();
        assert_eq!(root.i16(0), -2);
        assert_eq!(root.i32(1), 0);
        assert_eq!(root.text(2), Some("가"));
        assert!(root.bool(3));
        assert_eq!(root.i32(5), 9);
        let inner = root.tables(4).unwrap();
        assert_eq!(inner.len(), 2);
        assert_eq!((inner[1].i64(0), inner[1].u8(1)), (-5, 7));
        let pairs = root.structs(6, 16).unwrap();
        assert_eq!(pairs[1][..8], 3u64.to_le_bytes());
        assert_eq!(root.table(9).map(|_| ()), None);
        // Numbers of eight bytes stand at multiples of eight.
        let at = bytes.windows(8).position(|w| w == (-5i64).to_le_bytes());
        assert_eq!(at.unwrap() % 8, 0);
    }
}
