//! The bytes of a text that stands packed in a file: gzip, or a member of a ZIP archive. Unpacked
//! on the way, never held whole.

use std::io::{self, BufRead, Read};

use flate2::Crc;
use flate2::bufread::{DeflateDecoder, GzDecoder};
use rawzip::{CompressionMethod, ReaderAt, ZipLocator};

use super::source::{ReadError, Source};
use super::{BinaryFormat, ImportError};

/// Bytes of a packed file read at a time: many small reads from a browser's file are slow.
const BLOCK: usize = 1 << 20;

/// A file in a ZIP archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub name: String,
    /// Bytes when unpacked, as the archive says.
    pub n_bytes: u64,
    start: u64,
    end: u64,
    is_deflated: bool,
    crc: u32,
}

/// How a text stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Member(Member),
}

/// How a file is packed; of an archive, the members that may be tables.
pub(super) enum Contents {
    One(Packing),
    Archive(Vec<Member>),
}

/// Looks at how a file is packed.
///
/// # Errors
/// When it cannot be read, or is an archive without a text that can be unpacked.
pub(super) fn contents(source: &mut dyn Source) -> Result<Contents, ImportError> {
    let mut head = [0; 4];
    let n = source.read_at(0, &mut head)?;
    match &head[..n] {
        [0x1f, 0x8b, 8, ..] => Ok(Contents::One(Packing::Gzip)),
        b"PK\x03\x04" | b"PK\x05\x06" => members(source).map(Contents::Archive),
        _ => Ok(Contents::One(Packing::Plain)),
    }
}

/// The members of an archive that may be tables: those whose name says so, else all.
fn members(source: &mut dyn Source) -> Result<Vec<Member>, ImportError> {
    let place = Place::new(source);
    let damaged = |_| match place.take_error() {
        Some(error) => ImportError::from(error),
        None => ImportError::Damaged { n_bytes: 0 },
    };
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let archive = ZipLocator::new()
        .locate_in_reader(&place, &mut buffer, place.len)
        .map_err(|(_, e)| damaged(e))?;
    let mut found = Vec::new();
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        let name = name_of(entry.file_path().as_ref());
        if entry.is_dir() || is_hidden(&name) {
            continue;
        }
        found.push(Found {
            name,
            n_bytes: entry.uncompressed_size_hint(),
            wayfinder: entry.wayfinder(),
            method: entry.compression_method(),
            is_locked: entry.flags().is_encrypted(),
            crc: entry.crc32(),
        });
    }
    let has = |name: &str| found.iter().any(|f| f.name == name);
    if has("xl/workbook.xml") || has("xl/workbook.bin") {
        return Err(ImportError::Binary {
            what: BinaryFormat::Xlsx,
        });
    }
    if has("content.xml") && has("META-INF/manifest.xml") {
        return Err(ImportError::Binary {
            what: BinaryFormat::Ods,
        });
    }
    if found.iter().any(|f| is_table(&f.name)) {
        found.retain(|f| is_table(&f.name));
    }
    if found.is_empty() {
        return Err(ImportError::EmptyArchive);
    }
    let mut members = Vec::new();
    for f in found {
        let is_deflated = f.method == CompressionMethod::DEFLATE;
        if f.is_locked || !(is_deflated || f.method == CompressionMethod::STORE) {
            return Err(ImportError::CannotUnpack {
                member: f.name,
                is_locked: f.is_locked,
            });
        }
        let entry = archive.get_entry(f.wayfinder).map_err(damaged)?;
        let (start, end) = entry.compressed_data_range();
        members.push(Member {
            name: f.name,
            n_bytes: f.n_bytes,
            start,
            end,
            is_deflated,
            crc: f.crc,
        });
    }
    Ok(members)
}

struct Found {
    name: String,
    n_bytes: u64,
    wayfinder: rawzip::ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    is_locked: bool,
    crc: u32,
}

/// Names are UTF-8, or in the code page of the machine that packed them.
fn name_of(bytes: &[u8]) -> String {
    if let Ok(name) = std::str::from_utf8(bytes) {
        return name.to_owned();
    }
    let encoding = super::encoding::guess(std::iter::once(bytes));
    encoding.0.decode(bytes).0.into_owned()
}

/// What systems add to an archive by themselves.
fn is_hidden(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.rsplit('/').next().is_some_and(|n| n.starts_with('.'))
}

fn is_table(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".csv", ".tsv", ".tab", ".txt", ".dat", ".psv"]
        .iter()
        .any(|end| lower.ends_with(end))
}

/// A text's bytes, by their place in the text.
pub(super) enum Bytes<'s> {
    Plain {
        source: &'s mut dyn Source,
        /// The text's part of the file.
        start: u64,
        end: u64,
        /// How far it was read.
        at: u64,
    },
    Packed(Box<Unpacker<'s>>),
}

impl<'s> Bytes<'s> {
    pub fn open(source: &'s mut dyn Source, packing: &Packing) -> Self {
        let (start, end, decoder): (_, _, fn(Feed<'s>) -> Decoder<'s>) = match packing {
            Packing::Plain => {
                let end = source.len();
                return Self::plain(source, 0, end);
            }
            Packing::Member(m) if !m.is_deflated => {
                return Self::plain(source, m.start, m.end);
            }
            Packing::Member(m) => (m.start, m.end, |feed| {
                Decoder::Deflate(DeflateDecoder::new(feed))
            }),
            Packing::Gzip => (0, source.len(), |feed| Decoder::Gzip(GzDecoder::new(feed))),
        };
        let member = match packing {
            Packing::Member(m) => Some(m.clone()),
            _ => None,
        };
        Self::Packed(Box::new(Unpacker {
            decoder: decoder(Feed::new(source, start, end)),
            member,
            crc: Crc::new(),
            at: 0,
            is_at_end: false,
        }))
    }

    fn plain(source: &'s mut dyn Source, start: u64, end: u64) -> Self {
        Self::Plain {
            source,
            start,
            end,
            at: 0,
        }
    }

    /// Fills `buf` from the text's byte `offset` on; fewer bytes than it holds only at the end.
    ///
    /// # Errors
    /// When the bytes cannot be had or unpacked.
    pub fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, ImportError> {
        match self {
            Self::Plain {
                source,
                start,
                end,
                at,
            } => {
                let left = (*end - *start).saturating_sub(offset);
                let n = usize::try_from(left).map_or(buf.len(), |left| left.min(buf.len()));
                let n = source.read_at(*start + offset, &mut buf[..n])?;
                *at = offset + n as u64;
                Ok(n)
            }
            Self::Packed(unpacker) => unpacker.read_at(offset, buf),
        }
    }

    /// Whether a place further on can be read without all that is before it.
    pub fn is_seekable(&self) -> bool {
        matches!(self, Self::Plain { .. })
    }

    /// Bytes of the file that stand for the text, and how many of them were read.
    pub fn progress(&self) -> (u64, u64) {
        match self {
            Self::Plain { start, end, at, .. } => (*at, *end - *start),
            Self::Packed(unpacker) => {
                let feed = unpacker.decoder.feed();
                (feed.taken() - feed.start, feed.end - feed.start)
            }
        }
    }

    /// Bytes of the text: exact when seekable, else about so many.
    pub fn len(&self) -> u64 {
        match self {
            Self::Plain { start, end, .. } => *end - *start,
            Self::Packed(unpacker) => unpacker.estimate(),
        }
    }
}

pub(super) struct Unpacker<'s> {
    decoder: Decoder<'s>,
    /// `None` of gzip.
    member: Option<Member>,
    crc: Crc,
    /// Bytes unpacked so far.
    at: u64,
    is_at_end: bool,
}

enum Decoder<'s> {
    Gzip(GzDecoder<Feed<'s>>),
    Deflate(DeflateDecoder<Feed<'s>>),
}

impl<'s> Unpacker<'s> {
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, ImportError> {
        if offset < self.at {
            self.decoder.rewind();
            self.crc = Crc::new();
            self.at = 0;
            self.is_at_end = false;
        }
        while self.at < offset {
            let mut skipped = [0; 4096];
            let n =
                usize::try_from(offset - self.at).map_or(skipped.len(), |n| n.min(skipped.len()));
            if self.read(&mut skipped[..n])? == 0 {
                return Ok(0);
            }
        }
        let mut filled = 0;
        while filled < buf.len() {
            match self.read(&mut buf[filled..])? {
                0 => break,
                n => filled += n,
            }
        }
        Ok(filled)
    }

    /// Unpacks some bytes; 0 only at the end.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ImportError> {
        while !self.is_at_end && !buf.is_empty() {
            let n = match self.decoder.read(buf) {
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Err(self.fault()),
            };
            self.at += n as u64;
            if n == 0 {
                self.end()?;
            } else if self.member.is_some() {
                self.crc.update(&buf[..n]);
            }
            if n > 0 {
                return Ok(n);
            }
        }
        Ok(0)
    }

    /// A gzip file may be several, one behind the other; what else follows is passed over. A member
    /// of an archive must be what was packed.
    fn end(&mut self) -> Result<(), ImportError> {
        match &self.member {
            None => {
                if !self.decoder.starts_anew().map_err(|_| self.fault())? {
                    self.is_at_end = true;
                }
            }
            Some(member) => {
                self.is_at_end = true;
                if self.at != member.n_bytes || self.crc.sum() != member.crc {
                    return Err(ImportError::Damaged { n_bytes: self.at });
                }
            }
        }
        Ok(())
    }

    /// Why the last read failed.
    fn fault(&self) -> ImportError {
        match &self.decoder.feed().error {
            Some(error) => error.clone().into(),
            None => ImportError::Damaged { n_bytes: self.at },
        }
    }

    /// Bytes that the whole will have: of a member as its archive says, of gzip by how far it was
    /// packed so far.
    fn estimate(&self) -> u64 {
        if let Some(member) = &self.member {
            return member.n_bytes;
        }
        let feed = self.decoder.feed();
        let (read, all) = (feed.taken() - feed.start, feed.end - feed.start);
        if self.is_at_end || read == 0 {
            return self.at.max(all);
        }
        (self.at as f64 * all as f64 / read as f64) as u64
    }
}

impl<'s> Decoder<'s> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(d) => d.read(buf),
            Self::Deflate(d) => d.read(buf),
        }
    }

    fn feed(&self) -> &Feed<'s> {
        match self {
            Self::Gzip(d) => d.get_ref(),
            Self::Deflate(d) => d.get_ref(),
        }
    }

    fn rewind(&mut self) {
        match self {
            Self::Gzip(d) => {
                let feed = std::mem::take(d.get_mut());
                *d = GzDecoder::new(feed.rewound());
            }
            Self::Deflate(d) => {
                let feed = std::mem::take(d.get_mut());
                *d = DeflateDecoder::new(feed.rewound());
            }
        }
    }

    /// Begins with the gzip stream that follows, when one does.
    fn starts_anew(&mut self) -> io::Result<bool> {
        let Self::Gzip(d) = self else {
            return Ok(false);
        };
        let feed = d.get_mut();
        if !feed.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
            return Ok(false);
        }
        let feed = std::mem::take(feed);
        *d = GzDecoder::new(feed);
        Ok(true)
    }
}

/// A part of a file as a stream.
#[derive(Default)]
struct Feed<'s> {
    source: Option<&'s mut dyn Source>,
    start: u64,
    end: u64,
    /// The next byte to read from the source.
    next: u64,
    buffer: Vec<u8>,
    /// Bytes of `buffer` that were consumed.
    used: usize,
    error: Option<ReadError>,
}

impl<'s> Feed<'s> {
    fn new(source: &'s mut dyn Source, start: u64, end: u64) -> Self {
        Self {
            source: Some(source),
            start,
            end,
            next: start,
            ..Self::default()
        }
    }

    fn rewound(self) -> Self {
        Self {
            next: self.start,
            used: 0,
            buffer: Vec::new(),
            ..self
        }
    }

    /// The place in the file up to which bytes were consumed.
    fn taken(&self) -> u64 {
        self.next - (self.buffer.len() - self.used) as u64
    }
}

impl Read for Feed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let n = ready.len().min(out.len());
        out[..n].copy_from_slice(&ready[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Feed<'_> {
    /// At least two bytes while the file has them, so that a gzip stream can be told by its mark.
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.buffer.len() - self.used < 2 && self.next < self.end {
            self.buffer.drain(..self.used);
            self.used = 0;
            let kept = self.buffer.len();
            let want = usize::try_from(self.end - self.next).map_or(BLOCK, |n| n.min(BLOCK));
            self.buffer.resize(kept + want, 0);
            let source = self.source.as_mut();
            let read = source.map_or(Ok(0), |s| s.read_at(self.next, &mut self.buffer[kept..]));
            let n = read.map_err(|e| {
                self.error = Some(e);
                io::Error::other("the source failed")
            })?;
            self.buffer.truncate(kept + n);
            self.next += n as u64;
            if n == 0 {
                self.end = self.next;
            }
        }
        Ok(&self.buffer[self.used..])
    }

    fn consume(&mut self, n: usize) {
        self.used += n;
    }
}

/// A source behind a shared reference, as the archive's directory is read.
struct Place<'s> {
    source: std::cell::RefCell<&'s mut dyn Source>,
    error: std::cell::RefCell<Option<ReadError>>,
    len: u64,
}

impl<'s> Place<'s> {
    fn new(source: &'s mut dyn Source) -> Self {
        Self {
            len: source.len(),
            source: source.into(),
            error: None.into(),
        }
    }

    fn take_error(&self) -> Option<ReadError> {
        self.error.borrow_mut().take()
    }
}

impl ReaderAt for Place<'_> {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.source.borrow_mut().read_at(offset, buf).map_err(|e| {
            *self.error.borrow_mut() = Some(e);
            io::Error::other("the source failed")
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder};

    use super::*;

    pub fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Reads all of a text in pieces, then its first and last bytes again.
    fn unpack(file: &[u8], packing: &Packing) -> Result<Vec<u8>, ImportError> {
        let mut source = file;
        let mut bytes = Bytes::open(&mut source, packing);
        let mut out = Vec::new();
        loop {
            let mut piece = [0; 7];
            let n = bytes.read_at(out.len() as u64, &mut piece)?;
            out.extend_from_slice(&piece[..n]);
            if n < piece.len() {
                break;
            }
        }
        for start in [0, out.len() / 2] {
            let mut piece = vec![0; 5];
            let n = bytes.read_at(start as u64, &mut piece)?;
            assert_eq!(piece[..n], out[start..(start + 5).min(out.len())]);
        }
        assert_eq!(bytes.read_at(out.len() as u64 + 3, &mut [0; 5]), Ok(0));
        Ok(out)
    }

    fn text(n: usize) -> Vec<u8> {
        (0..n)
            .flat_map(|i| format!("{i},a\n").into_bytes())
            .collect()
    }

    /// An archive of these members, deflated where asked for.
    pub fn zip(members: &[(&str, &[u8], bool)]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut out);
        for (name, content, is_deflated) in members {
            let method = match is_deflated {
                true => CompressionMethod::DEFLATE,
                false => CompressionMethod::STORE,
            };
            let builder = archive.new_file(name).compression_method(method);
            let (mut entry, config) = builder.start().unwrap();
            let descriptor = if *is_deflated {
                let encoder = DeflateEncoder::new(&mut entry, Compression::default());
                let mut writer = config.wrap(encoder);
                writer.write_all(content).unwrap();
                let (encoder, descriptor) = writer.finish().unwrap();
                encoder.finish().unwrap();
                descriptor
            } else {
                let mut writer = config.wrap(&mut entry);
                writer.write_all(content).unwrap();
                writer.finish().unwrap().1
            };
            entry.finish(descriptor).unwrap();
        }
        archive.finish().unwrap();
        out
    }

    fn members_of(file: &[u8]) -> Result<Vec<Member>, ImportError> {
        let mut source = file;
        match contents(&mut source)? {
            Contents::Archive(members) => Ok(members),
            Contents::One(packing) => panic!("{packing:?}"),
        }
    }

    #[test]
    fn gzip_files() {
        for n in [0, 1, 100, 50_000] {
            let text = text(n);
            assert_eq!(unpack(&gzip(&text), &Packing::Gzip), Ok(text));
        }
        let both = [gzip(b"a,b\n"), gzip(b"1,2\n"), vec![0; 10]].concat();
        assert_eq!(unpack(&both, &Packing::Gzip), Ok(b"a,b\n1,2\n".to_vec()));
    }

    #[test]
    fn damaged_gzip_files() {
        let text = text(10_000);
        let whole = gzip(&text);
        let check = |file: &[u8]| {
            let found = unpack(file, &Packing::Gzip);
            assert!(
                matches!(found, Err(ImportError::Damaged { .. })),
                "{found:?}"
            );
        };
        check(&whole[..whole.len() / 2]);
        check(&whole[..whole.len() - 1]);
        check(&whole[..5]);
        let mut changed = whole.clone();
        let at = whole.len() - 6;
        changed[at] ^= 1;
        check(&changed);
    }

    #[test]
    fn members_are_found_and_unpacked() {
        let (a, b) = (text(20_000), text(3));
        let file = zip(&[
            ("b/a.csv", &a, true),
            ("readme.pdf", b"%PDF", false),
            ("__MACOSX/a.csv", b"x", false),
            ("b.TXT", &b, false),
        ]);
        let members = members_of(&file).unwrap();
        let names: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, ["b/a.csv", "b.TXT"]);
        for (member, text) in members.into_iter().zip([a, b]) {
            assert_eq!(member.n_bytes, text.len() as u64);
            assert_eq!(unpack(&file, &Packing::Member(member)), Ok(text));
        }
    }

    #[test]
    fn damaged_archives() {
        let text = text(5_000);
        let file = zip(&[("a.csv", &text, true)]);
        let check = |file: &[u8]| {
            let found = members_of(file).and_then(|m| unpack(file, &Packing::Member(m[0].clone())));
            assert!(
                matches!(found, Err(ImportError::Damaged { .. })),
                "{found:?}"
            );
        };
        check(&file[..file.len() - 30]);
        check(&file[..20]);
        let mut changed = file.clone();
        changed[500] ^= 0x55;
        check(&changed);
    }

    #[test]
    fn archives_without_a_table() {
        let check = |members: &[(&str, &[u8], bool)], expected: ImportError| {
            assert_eq!(members_of(&zip(members)), Err(expected));
        };
        check(&[], ImportError::EmptyArchive);
        let workbook = ImportError::Binary {
            what: BinaryFormat::Xlsx,
        };
        check(&[("xl/workbook.xml", b"<", true)], workbook);
    }

    #[test]
    fn a_source_that_fails_is_named() {
        struct Broken(Vec<u8>);
        impl Source for Broken {
            fn len(&self) -> u64 {
                self.0.len() as u64
            }
            fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, ReadError> {
                match offset {
                    0 => Source::read_at(&mut &self.0[..], 0, buf),
                    _ => Err(ReadError("gone".to_owned())),
                }
            }
        }
        let mut state = 1u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let mut source = Broken(gzip(&noise.take(2 << 20).collect::<Vec<u8>>()));
        let mut bytes = Bytes::open(&mut source, &Packing::Gzip);
        let found = bytes.read_at(0, &mut vec![0; 2 << 20]);
        let reason = "gone".to_owned();
        assert_eq!(found, Err(ImportError::Read { reason }));
    }
}
