//! FlatBuffers, read with every step checked.

/// A table: fields by number, each at a place that the table's own directory gives.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
    directory: usize,
    n_directory: usize,
}

impl<'a> Table<'a> {
    /// The table that the bytes begin with.
    pub fn root(bytes: &'a [u8]) -> Option<Self> {
        Self::at(bytes, u32_at(bytes, 0)? as usize)
    }

    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let back = i32::from_le_bytes(array(bytes, at)?);
        let directory = (at as i64).checked_sub(i64::from(back))?;
        let directory = usize::try_from(directory).ok()?;
        let n_directory = usize::from(u16_at(bytes, directory)?);
        Some(Self {
            bytes,
            at,
            directory,
            n_directory,
        })
    }

    /// Where a field stands; `None` when it is left out.
    fn place(&self, field: usize) -> Option<usize> {
        let entry = 4 + field * 2;
        if entry + 2 > self.n_directory {
            return None;
        }
        match u16_at(self.bytes, self.directory + entry)? {
            0 => None,
            offset => self.at.checked_add(usize::from(offset)),
        }
    }

    pub fn u8(&self, field: usize) -> u8 {
        let place = self.place(field);
        place.and_then(|p| self.bytes.get(p).copied()).unwrap_or(0)
    }

    pub fn bool(&self, field: usize) -> bool {
        self.u8(field) != 0
    }

    pub fn i16(&self, field: usize) -> i16 {
        let place = self.place(field);
        place.and_then(|p| u16_at(self.bytes, p)).unwrap_or(0) as i16
    }

    /// A number whose default is another than 0.
    pub fn i16_or(&self, field: usize, default: i16) -> i16 {
        let place = self.place(field);
        place
            .and_then(|p| u16_at(self.bytes, p))
            .map_or(default, |x| x as i16)
    }

    pub fn i32(&self, field: usize) -> i32 {
        let place = self.place(field);
        place.and_then(|p| u32_at(self.bytes, p)).unwrap_or(0) as i32
    }

    pub fn i64(&self, field: usize) -> i64 {
        let place = self.place(field);
        let bytes = place.and_then(|p| array(self.bytes, p));
        bytes.map_or(0, i64::from_le_bytes)
    }

    pub fn table(&self, field: usize) -> Option<Self> {
        Self::at(self.bytes, self.follow(field)?)
    }

    pub fn text(&self, field: usize) -> Option<&'a str> {
        let at = self.follow(field)?;
        let n = u32_at(self.bytes, at)? as usize;
        let text = self.bytes.get(at + 4..)?.get(..n)?;
        std::str::from_utf8(text).ok()
    }

    /// A list of tables; empty when it is left out.
    pub fn tables(&self, field: usize) -> Option<Vec<Self>> {
        let Some(at) = self.follow(field) else {
            return Some(Vec::new());
        };
        let n = u32_at(self.bytes, at)? as usize;
        // Each takes four bytes or more.
        (n <= self.bytes.len() / 4).then_some(())?;
        let table = |k: usize| {
            let entry = at + 4 + k * 4;
            let offset = u32_at(self.bytes, entry)? as usize;
            Self::at(self.bytes, entry.checked_add(offset)?)
        };
        (0..n).map(table).collect()
    }

    /// A list of structs of `n_bytes` each; empty when it is left out.
    pub fn structs(&self, field: usize, n_bytes: usize) -> Option<Vec<&'a [u8]>> {
        let Some(at) = self.follow(field) else {
            return Some(Vec::new());
        };
        let n = u32_at(self.bytes, at)? as usize;
        let all = self.bytes.get(at + 4..)?.get(..n.checked_mul(n_bytes)?)?;
        Some(all.chunks_exact(n_bytes).collect())
    }

    fn follow(&self, field: usize) -> Option<usize> {
        let place = self.place(field)?;
        place.checked_add(u32_at(self.bytes, place)? as usize)
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}
