//! The file's pieces: numbers in either order of bytes, read one after the other.

use super::super::{FormatError, bytes, words};
use crate::table::csv::Source;

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    pub fn i32(self, bytes: [u8; 4]) -> i32 {
        match self {
            Self::Little => i32::from_le_bytes(bytes),
            Self::Big => i32::from_be_bytes(bytes),
        }
    }

    pub fn i64(self, bytes: [u8; 8]) -> i64 {
        match self {
            Self::Little => i64::from_le_bytes(bytes),
            Self::Big => i64::from_be_bytes(bytes),
        }
    }

    pub fn f64(self, bytes: [u8; 8]) -> f64 {
        f64::from_bits(self.i64(bytes) as u64)
    }
}

/// Reads the records before the data.
pub(super) struct Records<'a> {
    source: &'a mut dyn Source,
    pub at: u64,
    pub order: Order,
}

/// Texts and lists past this are not believed.
const LARGEST: u64 = 1 << 28;

impl<'a> Records<'a> {
    pub fn new(source: &'a mut dyn Source) -> Self {
        Self {
            source,
            at: 0,
            order: Order::Little,
        }
    }

    pub fn bytes(&mut self, n: u64) -> Result<Vec<u8>, FormatError> {
        if n > LARGEST {
            return Err(damaged());
        }
        let bytes = bytes::range(self.source, self.at, n)?;
        self.at += n;
        Ok(bytes)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let bytes = self.bytes(N as u64)?;
        bytes.try_into().map_err(|_| damaged())
    }

    pub fn i32(&mut self) -> Result<i32, FormatError> {
        Ok(self.order.i32(self.array()?))
    }

    pub fn f64(&mut self) -> Result<f64, FormatError> {
        Ok(self.order.f64(self.array()?))
    }

    /// A number that counts something.
    pub fn count(&mut self) -> Result<u64, FormatError> {
        u64::try_from(self.i32()?).map_err(|_| damaged())
    }
}

/// A run of bytes within a record.
pub(super) struct Part<'a> {
    pub bytes: &'a [u8],
    pub order: Order,
}

impl<'a> Part<'a> {
    pub fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(..n)?;
        self.bytes = &self.bytes[n..];
        Some(taken)
    }

    pub fn i32(&mut self) -> Option<i32> {
        let bytes = self.take(4)?;
        Some(self.order.i32(bytes.try_into().ok()?))
    }

    pub fn f64(&mut self) -> Option<f64> {
        let bytes = self.take(8)?;
        Some(self.order.f64(bytes.try_into().ok()?))
    }

    /// Bytes behind their number.
    pub fn counted(&mut self) -> Option<&'a [u8]> {
        let n = usize::try_from(self.i32()?).ok()?;
        self.take(n)
    }
}

pub(super) fn damaged() -> FormatError {
    words::damaged("its dictionary cannot be read").into()
}
