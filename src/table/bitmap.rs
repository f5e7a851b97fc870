//! A vector of bits, laid out as Arrow lays out validity and booleans: least significant bit first.

/// `len` bits in `⌈len / 8⌉` bytes. Bits past the end are always zero, so counts work bytewise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    bytes: Vec<u8>,
    len: usize,
}

impl Bitmap {
    /// `len` bits, all equal to `value`.
    pub fn with_len(len: usize, value: bool) -> Self {
        let mut bitmap = Self {
            bytes: vec![if value { 0xff } else { 0 }; len.div_ceil(8)],
            len,
        };
        bitmap.clear_tail();
        bitmap
    }

    /// Takes bits that are already packed. `None` when `bytes` is not exactly `⌈len / 8⌉` long.
    pub fn from_bytes(bytes: Vec<u8>, len: usize) -> Option<Self> {
        (bytes.len() == len.div_ceil(8)).then(|| {
            let mut bitmap = Self { bytes, len };
            bitmap.clear_tail();
            bitmap
        })
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bit `i`. Panics when `i` is past the end.
    #[inline]
    pub fn get(&self, i: usize) -> bool {
        assert!(i < self.len, "bit {i} of {}", self.len);
        self.bytes[i >> 3] >> (i & 7) & 1 == 1
    }

    /// Sets bit `i`. Panics when `i` is past the end.
    #[inline]
    pub fn set(&mut self, i: usize, value: bool) {
        assert!(i < self.len, "bit {i} of {}", self.len);
        let mask = 1 << (i & 7);
        if value {
            self.bytes[i >> 3] |= mask;
        } else {
            self.bytes[i >> 3] &= !mask;
        }
    }

    #[inline]
    pub fn push(&mut self, value: bool) {
        if self.len & 7 == 0 {
            self.bytes.push(0);
        }
        self.len += 1;
        if value {
            let i = self.len - 1;
            self.bytes[i >> 3] |= 1 << (i & 7);
        }
    }

    /// Makes it `len` long; bits that come in are equal to `value`.
    pub fn resize(&mut self, len: usize, value: bool) {
        if value && self.len & 7 != 0 && len > self.len {
            self.bytes[self.len >> 3] |= !((1 << (self.len & 7)) - 1);
        }
        let fill = if value { 0xff } else { 0 };
        self.bytes.resize(len.div_ceil(8), fill);
        self.len = len;
        self.clear_tail();
    }

    pub fn count_ones(&self) -> usize {
        self.bytes.iter().map(|b| b.count_ones() as usize).sum()
    }

    pub fn count_zeros(&self) -> usize {
        self.len - self.count_ones()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = bool> + '_ {
        (0..self.len).map(|i| self.bytes[i >> 3] >> (i & 7) & 1 == 1)
    }

    /// The positions of the bits that are set, ascending.
    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.bytes.iter().enumerate().flat_map(|(k, &byte)| {
            std::iter::successors((byte != 0).then_some(byte), |b| {
                let rest = b & (b - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |b| k * 8 + b.trailing_zeros() as usize)
        })
    }

    /// The packed bits, `⌈len / 8⌉` bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bits at `rows`, in that order.
    pub fn select(&self, rows: &[u32]) -> Self {
        rows.iter().map(|&i| self.get(i as usize)).collect()
    }

    /// Bits that are set in both. Panics when the lengths differ.
    pub fn and(&self, other: &Self) -> Self {
        assert_eq!(self.len, other.len, "bitmaps of different lengths");
        let bytes = self.bytes.iter().zip(&other.bytes).map(|(a, b)| a & b);
        Self {
            bytes: bytes.collect(),
            len: self.len,
        }
    }

    /// Bits that are set in one or both. Panics when the lengths differ.
    pub fn or(&self, other: &Self) -> Self {
        assert_eq!(self.len, other.len, "bitmaps of different lengths");
        let bytes = self.bytes.iter().zip(&other.bytes).map(|(a, b)| a | b);
        Self {
            bytes: bytes.collect(),
            len: self.len,
        }
    }

    fn clear_tail(&mut self) {
        if self.len & 7 != 0
            && let Some(last) = self.bytes.last_mut()
        {
            *last &= (1 << (self.len & 7)) - 1;
        }
    }
}

impl FromIterator<bool> for Bitmap {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut bitmap = Self::default();
        bits.into_iter().for_each(|bit| bitmap.push(bit));
        bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bits: &[u8], bytes: &[u8]) {
        let bitmap: Bitmap = bits.iter().map(|&b| b == 1).collect();
        assert_eq!(bitmap.as_bytes(), bytes);
        assert_eq!(bitmap.len(), bits.len());
        assert_eq!(
            bitmap.count_ones(),
            bits.iter().filter(|&&b| b == 1).count()
        );
        assert_eq!(bitmap.iter().map(u8::from).collect::<Vec<_>>(), bits);
        let ones: Vec<_> = (0..bits.len()).filter(|&i| bits[i] == 1).collect();
        assert_eq!(bitmap.ones().collect::<Vec<_>>(), ones);
        let copy = Bitmap::from_bytes(bytes.to_vec(), bits.len());
        assert_eq!(copy, Some(bitmap));
    }

    #[test]
    fn packs_least_significant_bit_first() {
        check(&[], &[]);
        check(&[1], &[1]);
        check(&[0, 1, 1], &[0b110]);
        check(&[1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1], &[0x81, 0b101]);
    }

    #[test]
    fn with_len_leaves_no_bits_past_the_end() {
        assert_eq!(Bitmap::with_len(11, true).as_bytes(), &[0xff, 0b111]);
        assert_eq!(Bitmap::with_len(16, true).count_ones(), 16);
        assert_eq!(Bitmap::with_len(9, false).count_zeros(), 9);
        assert_eq!(Bitmap::from_bytes(vec![0xff], 3).unwrap().count_ones(), 3);
        assert_eq!(Bitmap::from_bytes(vec![0xff], 9), None);
    }

    #[test]
    fn resize_to_either_side() {
        let mut bitmap = Bitmap::from_iter([true, false]);
        bitmap.resize(11, true);
        assert_eq!(bitmap.as_bytes(), &[0b1111_1101, 0b111]);
        bitmap.resize(3, false);
        assert_eq!(bitmap.as_bytes(), &[0b101]);
        bitmap.resize(9, false);
        assert_eq!(bitmap.as_bytes(), &[0b101, 0]);
        bitmap.resize(16, true);
        assert_eq!(bitmap.as_bytes(), &[0b101, 0xfe]);
    }

    #[test]
    fn set_and_select() {
        let mut bitmap = Bitmap::with_len(10, false);
        bitmap.set(9, true);
        bitmap.set(0, true);
        bitmap.set(0, false);
        assert_eq!(bitmap.as_bytes(), &[0, 2]);
        assert_eq!(bitmap.select(&[9, 0, 9]).as_bytes(), &[0b101]);
        let all = Bitmap::with_len(10, true);
        assert_eq!(bitmap.and(&all), bitmap);
        assert_eq!(bitmap.or(&all), all);
        assert_eq!(bitmap.or(&Bitmap::with_len(10, false)), bitmap);
    }
}
