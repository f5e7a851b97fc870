//! Where the bytes come from.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};

/// Bytes that can be read piece by piece at any place: a file, a slice of memory, or in the browser
/// a `File` read slice by slice.
pub trait Source {
    /// Number of bytes.
    fn len(&self) -> u64;

    /// Fills `buf` from `offset` on and returns how many bytes it put there: fewer than `buf` holds
    /// only at the end.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, ReadError>;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The bytes could not be read; the text says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(pub String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

impl Source for &[u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, ReadError> {
        let rest = usize::try_from(offset).ok().and_then(|o| self.get(o..));
        let rest = rest.unwrap_or_default();
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }
}

/// A file on disk.
pub struct FileSource {
    file: std::fs::File,
    len: u64,
}

impl FileSource {
    /// # Errors
    /// When the file cannot be opened or measured.
    pub fn open(path: impl AsRef<std::path::Path>) -> std::io::Result<Self> {
        let file = std::fs::File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self { file, len })
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, ReadError> {
        let explain = |e: std::io::Error| ReadError(e.to_string());
        self.file.seek(SeekFrom::Start(offset)).map_err(explain)?;
        let mut filled = 0;
        while filled < buf.len() {
            match self.file.read(&mut buf[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(explain(e)),
            }
        }
        Ok(filled)
    }
}
