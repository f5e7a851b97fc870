//! The compact protocol of Apache Thrift, as far as Parquet's metadata need it.

/// A value without its name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Bytes(&'a [u8]),
    List(Vec<Value<'a>>),
    Struct(Vec<(i16, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// The field of that number, of a struct.
    pub fn field(&self, id: i16) -> Option<&Value<'a>> {
        match self {
            Value::Struct(fields) => fields.iter().find(|(i, _)| *i == id).map(|(_, v)| v),
            _ => None,
        }
    }

    pub fn int(&self, id: i16) -> Option<i64> {
        match self.field(id)? {
            Value::Int(x) => Some(*x),
            _ => None,
        }
    }

    pub fn size(&self, id: i16) -> Option<usize> {
        usize::try_from(self.int(id)?).ok()
    }

    pub fn bool(&self, id: i16) -> Option<bool> {
        match self.field(id)? {
            Value::Bool(x) => Some(*x),
            _ => None,
        }
    }

    pub fn text(&self, id: i16) -> Option<&'a str> {
        match self.field(id)? {
            Value::Bytes(b) => std::str::from_utf8(b).ok(),
            _ => None,
        }
    }

    pub fn list(&self, id: i16) -> Option<&[Value<'a>]> {
        match self.field(id)? {
            Value::List(list) => Some(list),
            _ => None,
        }
    }
}

/// Structs within structs deeper than any of Parquet's.
const DEEPEST: usize = 24;

/// Reads a struct from the beginning of `bytes`; says how many bytes it took.
pub(super) fn read(bytes: &[u8]) -> Option<(Value<'_>, usize)> {
    let mut reader = Reader { bytes, at: 0 };
    let value = reader.structure(DEEPEST)?;
    Some((value, reader.at))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut x = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            x |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(x);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let x = self.varint()?;
        Some((x >> 1) as i64 ^ -((x & 1) as i64))
    }

    fn structure(&mut self, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        let mut fields = Vec::new();
        let mut id = 0i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(Value::Struct(fields));
            }
            id = match head >> 4 {
                0 => i16::try_from(self.zigzag()?).ok()?,
                step => id.checked_add(i16::from(step))?,
            };
            let value = match head & 15 {
                1 => Value::Bool(true),
                2 => Value::Bool(false),
                kind => self.value(kind, depth)?,
            };
            fields.push((id, value));
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<Value<'a>> {
        Some(match kind {
            // In lists; a field has its truth value in its head.
            1 | 2 => Value::Bool(self.byte()? == 1),
            3 => Value::Int(i64::from(self.byte()? as i8)),
            4..=6 => Value::Int(self.zigzag()?),
            7 => Value::Double(f64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            8 => {
                let n = usize::try_from(self.varint()?).ok()?;
                Value::Bytes(self.take(n)?)
            }
            9 | 10 => {
                let depth = depth.checked_sub(1)?;
                let head = self.byte()?;
                let n = match head >> 4 {
                    15 => usize::try_from(self.varint()?).ok()?,
                    n => usize::from(n),
                };
                // Every element takes a byte or more.
                (n <= self.bytes.len() - self.at).then_some(())?;
                let list = (0..n).map(|_| self.value(head & 15, depth));
                Value::List(list.collect::<Option<_>>()?)
            }
            11 => {
                let depth = depth.checked_sub(1)?;
                let n = usize::try_from(self.varint()?).ok()?;
                (n <= self.bytes.len() - self.at).then_some(())?;
                if n > 0 {
                    let kinds = self.byte()?;
                    for _ in 0..n {
                        self.value(kinds >> 4, depth)?;
                        self.value(kinds & 15, depth)?;
                    }
                }
                Value::List(Vec::new())
            }
            12 => self.structure(depth)?,
            _ => return None,
        })
    }
}

/// Writes structs. Fields must come in ascending order.
#[derive(Default)]
pub(super) struct Writer {
    pub bytes: Vec<u8>,
    /// The last field of each open struct.
    last: Vec<i16>,
}

impl Writer {
    pub fn begin(&mut self) {
        self.last.push(0);
    }

    pub fn end(&mut self) {
        self.bytes.push(0);
        self.last.pop();
    }

    pub fn bool(&mut self, id: i16, x: bool) {
        self.head(id, if x { 1 } else { 2 });
    }

    pub fn i32(&mut self, id: i16, x: i32) {
        self.head(id, 5);
        self.zigzag(i64::from(x));
    }

    pub fn i64(&mut self, id: i16, x: i64) {
        self.head(id, 6);
        self.zigzag(x);
    }

    pub fn text(&mut self, id: i16, s: &str) {
        self.head(id, 8);
        self.raw_text(s);
    }

    /// Opens a struct that is a field; [`Writer::end`] closes it.
    pub fn structure(&mut self, id: i16) {
        self.head(id, 12);
        self.begin();
    }

    /// A list of structs follows, each between [`Writer::begin`] and [`Writer::end`].
    pub fn structs(&mut self, id: i16, n: usize) {
        self.list(id, n, 12);
    }

    pub fn ints(&mut self, id: i16, values: &[i32]) {
        self.list(id, values.len(), 5);
        values.iter().for_each(|&x| self.zigzag(i64::from(x)));
    }

    pub fn texts(&mut self, id: i16, values: &[&str]) {
        self.list(id, values.len(), 8);
        values.iter().for_each(|s| self.raw_text(s));
    }

    fn list(&mut self, id: i16, n: usize, kind: u8) {
        self.head(id, 9);
        if n < 15 {
            self.bytes.push((n as u8) << 4 | kind);
        } else {
            self.bytes.push(0xf0 | kind);
            self.varint(n as u64);
        }
    }

    fn head(&mut self, id: i16, kind: u8) {
        let last = self.last.last_mut().expect("an open struct");
        let step = id - *last;
        *last = id;
        if (1..16).contains(&step) {
            self.bytes.push((step as u8) << 4 | kind);
        } else {
            self.bytes.push(kind);
            self.zigzag(i64::from(id));
        }
    }

    fn raw_text(&mut self, s: &str) {
        self.varint(s.len() as u64);
        self.bytes.extend_from_slice(s.as_bytes());
    }

    fn zigzag(&mut self, x: i64) {
        self.varint((x << 1 ^ x >> 63) as u64);
    }

    fn varint(&mut self, mut x: u64) {
        while x >= 0x80 {
            self.bytes.push(x as u8 | 0x80);
            x >>= 7;
        }
        self.bytes.push(x as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_come_back() {
        let mut out = Writer::default();
        out.begin();
        out.i32(1, -7);
        out.text(4, "가");
        out.bool(5, true);
        out.i64(40, i64::MIN);
        out.structs(41, 20);
        for i in 0..20 {
            out.begin();
            out.i32(1, i);
            out.end();
        }
        out.ints(42, &[1, -1]);
        out.texts(43, &["a", ""]);
        out.structure(44);
        out.bool(1, false);
        out.end();
        out.end();
        let bytes = out.bytes;
        let (found, n) = read(&bytes).unwrap();
        assert_eq!(n, bytes.len());
        assert_eq!(found.int(1), Some(-7));
        assert_eq!(found.text(4), Some("가"));
        assert_eq!(found.bool(5), Some(true));
        assert_eq!(found.int(40), Some(i64::MIN));
        assert_eq!(found.list(41).unwrap()[19].int(1), Some(19));
        assert_eq!(found.list(42), Some(&[Value::Int(1), Value::Int(-1)][..]));
        assert_eq!(found.list(43).unwrap().len(), 2);
        assert_eq!(found.field(44).unwrap().bool(1), Some(false));
        for cut in 0..bytes.len() {
            assert_eq!(read(&bytes[..cut]), None, "{cut}");
        }
    }

    #[test]
    fn endless_nesting_is_refused() {
        assert_eq!(read(&[0x1c; 100]), None);
        assert_eq!(read(&[0x19; 100]), None);
    }
}
