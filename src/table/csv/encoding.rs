//! From bytes in any encoding to UTF-8, block by block.

use super::packed::Bytes;
use super::split::Tally;
use super::{BinaryFormat, Encoding, ImportError};

/// Bytes read at a time.
const BLOCK: usize = 4 << 20;

/// How a file's text is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Script {
    pub encoding: Encoding,
    /// Length of the byte order mark.
    pub bom_len: u64,
    /// Nothing in the sample was beyond ASCII, so the encoding is a guess that later bytes may
    /// correct.
    pub is_guess: bool,
}

/// Tells the encoding from the file's first bytes and, when these are plain ASCII, from `others`
/// further in.
///
/// # Errors
/// When the bytes are a known binary format or no text.
pub(super) fn detect(
    head: &[u8],
    is_whole: bool,
    others: &[Vec<u8>],
    told: Option<Encoding>,
) -> Result<Script, ImportError> {
    let script = |encoding, bom_len| Script {
        encoding,
        bom_len,
        is_guess: false,
    };
    if let Some(what) = binary_format(head) {
        return Err(ImportError::Binary { what });
    }
    let bom = encoding_rs::Encoding::for_bom(head);
    if let Some(told) = told {
        let bom_len = bom.filter(|(e, _)| *e == told.0).map_or(0, |(_, n)| n);
        return Ok(script(told, bom_len as u64));
    }
    if let Some((encoding, bom_len)) = bom {
        return Ok(script(Encoding(encoding), bom_len as u64));
    }
    let zeros = head.iter().filter(|&&b| b == 0).count();
    if zeros > 0
        && let Some(encoding) = utf16_without_mark(head)
    {
        return Ok(script(encoding, 0));
    }
    let controls = head.iter().filter(|&&b| is_control(b)).count() - zeros;
    // A few zeros come of careless programs, even in a short file; many are no text.
    let zeros = zeros.saturating_sub(8);
    if zeros * 10 > head.len() || controls * 50 > head.len() {
        return Err(ImportError::NotText);
    }
    let samples = std::iter::once((head, is_whole)).chain(others.iter().map(|s| (&s[..], false)));
    if samples.clone().all(|(s, _)| s.is_ascii()) {
        return Ok(Script {
            is_guess: true,
            ..script(Encoding::UTF_8, 0)
        });
    }
    if samples.clone().all(|(s, whole)| is_utf8(s, whole))
        || is_nearly_utf8(samples.clone().map(|(s, _)| s))
    {
        return Ok(script(Encoding::UTF_8, 0));
    }
    Ok(script(guess(samples.map(|(s, _)| s)), 0))
}

/// The most likely encoding of text that is not UTF-8, from lines that are not plain ASCII.
pub(super) fn guess<'a>(samples: impl Iterator<Item = &'a [u8]>) -> Encoding {
    const ENOUGH: usize = 64 << 10;
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    let mut n_fed = 0;
    for line in samples.flat_map(|s| s.split_inclusive(|&b| b == b'\n')) {
        if n_fed >= ENOUGH {
            break;
        }
        if !line.is_ascii() {
            let line = &line[..line.len().min(ENOUGH)];
            detector.feed(line, false);
            n_fed += line.len();
        }
    }
    detector.feed(b"", true);
    Encoding(detector.guess(None, chardetng::Utf8Detection::Deny))
}

/// UTF-8 but for a character that the sample's start or end may cut.
fn is_utf8(sample: &[u8], is_whole: bool) -> bool {
    let start = sample.iter().take(3).take_while(|&&b| b & 0xc0 == 0x80);
    let start = if is_whole { 0 } else { start.count() };
    match simdutf8::compat::from_utf8(&sample[start..]) {
        Ok(_) => true,
        Err(e) => e.error_len().is_none() && !is_whole,
    }
}

/// A few damaged characters among many of UTF-8: other encodings make such sequences by chance only.
fn is_nearly_utf8<'a>(samples: impl Iterator<Item = &'a [u8]>) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in samples.flat_map(<[u8]>::utf8_chunks) {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 0 && good >= 20 * bad
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a | 0x1b)
}

/// Text in UTF-16 has a zero in every other byte for each ASCII character, and few elsewhere.
fn utf16_without_mark(head: &[u8]) -> Option<Encoding> {
    let head = &head[..head.len().min(4096) & !1];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|&&b| b == 0);
    let (even, odd) = (zeros(0).count(), zeros(1).count());
    let enough = head.len() / 2 / 20;
    let encoding = if odd > enough && odd >= even * 4 {
        Encoding::UTF_16LE
    } else if even > enough && even >= odd * 4 {
        Encoding::UTF_16BE
    } else {
        return None;
    };
    let (text, _) = encoding.0.decode_without_bom_handling(head);
    let odd_ones = text.bytes().filter(|&b| is_control(b)).count();
    (odd_ones * 50 <= text.len()).then_some(encoding)
}

fn binary_format(head: &[u8]) -> Option<BinaryFormat> {
    use BinaryFormat::*;
    const MAGIC: &[(&[u8], BinaryFormat)] = &[
        (b"PK\x03\x04", Zip),
        (b"PK\x05\x06", Zip),
        (b"\x1f\x8b", Gzip),
        (b"BZh", Bzip2),
        (b"\xfd7zXZ\0", Xz),
        (b"\x28\xb5\x2f\xfd", Zstd),
        (b"7z\xbc\xaf\x27\x1c", SevenZip),
        (b"%PDF-", Pdf),
        (b"\x89PNG", Png),
        (b"\xff\xd8\xff", Jpeg),
        (b"GIF87a", Gif),
        (b"GIF89a", Gif),
        (b"\xd0\xcf\x11\xe0", OldOffice),
        (b"PAR1", Parquet),
        (b"ARROW1", Arrow),
        (b"SQLite format 3\0", Sqlite),
        (b"$FL2@(#)", Spss),
    ];
    if head.get(257..262) == Some(b"ustar") {
        return Some(Tar);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = text.trim_ascii_start();
    let begins = |tag: &[u8]| {
        text.get(..tag.len())
            .is_some_and(|t| t.eq_ignore_ascii_case(tag))
    };
    if begins(b"<!doctype html") || begins(b"<html") {
        return Some(Html);
    }
    if begins(b"<?xml") {
        return Some(Xml);
    }
    let found = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    // A text may begin with these letters; the binary goes on with bytes that text does not hold.
    let could_be_text = |format| matches!(format, Bzip2 | Parquet | Arrow);
    found
        .filter(|(_, what)| !could_be_text(*what) || head.iter().any(|&b| is_control(b)))
        .map(|(_, what)| *what)
}

/// Bytes as UTF-8 text, in a buffer that the caller drains from the front.
pub(super) struct TextReader<'r, 's> {
    bytes: &'r mut Bytes<'s>,
    script: Script,
    /// `None` for UTF-8, which is checked rather than decoded.
    decoder: Option<encoding_rs::Decoder>,
    offset: u64,
    end: u64,
    raw: Vec<u8>,
    /// The text and room behind it.
    buffer: Vec<u8>,
    /// Bytes of text; of UTF-8, those past `n_checked` may end within a character.
    n_text: usize,
    n_checked: usize,
    /// Line ends drained so far.
    n_lines_before: u64,
    /// Turns a `\r` that stands alone into a `\n`.
    pub mends_line_ends: bool,
    /// The line of the first bytes that the encoding does not know.
    pub bad_line: Option<u64>,
    /// Zero bytes left out.
    pub zeros: Tally,
}

pub(super) enum Fill {
    More,
    End,
    /// Bytes that are not UTF-8 where only ASCII had been seen: read again in this encoding.
    Restart(Encoding),
}

impl<'r, 's> TextReader<'r, 's> {
    /// Reads from `offset` up to `end`, bytes of the text as it stands in the file.
    pub fn new(bytes: &'r mut Bytes<'s>, script: Script, offset: u64, end: u64) -> Self {
        let is_utf8 = script.encoding == Encoding::UTF_8;
        Self {
            bytes,
            script,
            decoder: (!is_utf8).then(|| script.encoding.0.new_decoder_without_bom_handling()),
            offset,
            end,
            raw: Vec::new(),
            buffer: Vec::new(),
            n_text: 0,
            n_checked: 0,
            n_lines_before: 0,
            mends_line_ends: false,
            bad_line: None,
            zeros: Tally::default(),
        }
    }

    /// The text that is complete so far.
    pub fn text(&mut self) -> &mut [u8] {
        &mut self.buffer[..self.n_checked]
    }

    /// Bytes of the file read so far, and all of them.
    pub fn progress(&self) -> (u64, u64) {
        self.bytes.progress()
    }

    /// Drops text from the front.
    pub fn drain(&mut self, n: usize, n_lines: u64) {
        self.buffer.copy_within(n..self.n_text, 0);
        self.n_text -= n;
        self.n_checked -= n;
        self.n_lines_before += n_lines;
    }

    /// Appends the next block.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn fill(&mut self) -> Result<Fill, ImportError> {
        let want = BLOCK.min(usize::try_from(self.end - self.offset).unwrap_or(BLOCK));
        let old_len = self.n_text;
        let n = if self.decoder.is_none() {
            let room = self.room(want);
            let (bytes, offset) = (&mut *self.bytes, self.offset);
            let n = bytes.read_at(offset, &mut self.buffer[old_len..room])?;
            self.n_text += n;
            n
        } else {
            self.raw.resize(want, 0);
            let n = self.bytes.read_at(self.offset, &mut self.raw)?;
            self.raw.truncate(n);
            n
        };
        self.offset += n as u64;
        let is_last = n < want || self.offset >= self.end;
        if self.decoder.is_some() {
            self.decode(is_last);
        }
        self.drop_zeros(old_len);
        if self.decoder.is_some() {
            self.n_checked = self.n_text;
        } else if let Some(encoding) = self.check(is_last) {
            return Ok(Fill::Restart(encoding));
        }
        if self.mends_line_ends {
            mend_line_ends(&mut self.buffer[..self.n_text], old_len);
        }
        Ok(if is_last { Fill::End } else { Fill::More })
    }

    /// Makes the buffer hold `n` more bytes; returns where they end.
    fn room(&mut self, n: usize) -> usize {
        let end = self.n_text + n;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        end
    }

    fn drop_zeros(&mut self, from: usize) {
        let Some(first) = memchr::memchr(0, &self.buffer[from..self.n_text]) else {
            return;
        };
        let first = from + first;
        let line = self.line_at(first);
        let mut to = first;
        for i in first..self.n_text {
            self.buffer[to] = self.buffer[i];
            to += usize::from(self.buffer[i] != 0);
        }
        self.zeros.note(line);
        self.zeros.count += (self.n_text - to) as u64 - 1;
        self.n_text = to;
    }

    fn decode(&mut self, is_last: bool) {
        let Some(decoder) = &self.decoder else {
            return;
        };
        let most = decoder.max_utf8_buffer_length(self.raw.len());
        let old_len = self.n_text;
        let room = self.room(most.unwrap_or(self.raw.len() * 3 + 16));
        let Some(decoder) = &mut self.decoder else {
            return;
        };
        let (_, _, n, had_errors) =
            decoder.decode_to_utf8(&self.raw, &mut self.buffer[old_len..room], is_last);
        self.n_text += n;
        if had_errors && self.bad_line.is_none() {
            let new = &self.buffer[old_len..self.n_text];
            let found = memchr::memmem::find(new, "\u{fffd}".as_bytes());
            self.note_bad(old_len + found.unwrap_or(n));
        }
    }

    /// Checks what was appended. `Some` asks for another start.
    fn check(&mut self, is_last: bool) -> Option<Encoding> {
        let new = &self.buffer[self.n_checked..self.n_text];
        match simdutf8::compat::from_utf8(new) {
            Ok(_) => {}
            Err(e) if e.error_len().is_none() && !is_last => {
                self.script.is_guess = false;
                self.n_checked += e.valid_up_to();
                return None;
            }
            Err(e) => {
                let good = self.n_checked + e.valid_up_to();
                if self.script.is_guess && new[..e.valid_up_to()].is_ascii() {
                    return Some(guess(std::iter::once(new)));
                }
                self.note_bad(good);
                self.mend(good, is_last);
                return None;
            }
        }
        if self.script.is_guess && !self.buffer[self.n_checked..self.n_text].is_ascii() {
            self.script.is_guess = false;
        }
        self.n_checked = self.n_text;
        None
    }

    /// Puts a sign in the place of bytes that are no UTF-8, from `at` on. A character that the block
    /// cuts waits for the next one.
    fn mend(&mut self, at: usize, is_last: bool) {
        let mut mended = String::new();
        let mut cut = Vec::new();
        let mut chunks = self.buffer[at..self.n_text].utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            mended.push_str(chunk.valid());
            let bad = chunk.invalid();
            let cuts = |bad| std::str::from_utf8(bad).is_err_and(|e| e.error_len().is_none());
            if chunks.peek().is_none() && !is_last && cuts(bad) {
                cut = bad.to_vec();
            } else if !bad.is_empty() {
                mended.push('\u{fffd}');
            }
        }
        self.n_text = at;
        self.n_checked = at + mended.len();
        let end = self.room(mended.len() + cut.len());
        self.buffer[at..self.n_checked].copy_from_slice(mended.as_bytes());
        self.buffer[self.n_checked..end].copy_from_slice(&cut);
        self.n_text = end;
        self.script.is_guess = false;
    }

    fn note_bad(&mut self, at: usize) {
        if self.bad_line.is_none() {
            self.bad_line = Some(self.line_at(at));
        }
    }

    fn line_at(&self, at: usize) -> u64 {
        let ends = memchr::memchr_iter(b'\n', &self.buffer[..at]).count() as u64;
        self.n_lines_before + ends + 1
    }
}

/// Turns each `\r` of a block that stands alone into a `\n`; the block begins at `from`.
pub(super) fn mend_line_ends(text: &mut [u8], from: usize) {
    // One that ended the block before could not be told yet.
    let mut at = from.saturating_sub(1);
    while let Some(n) = memchr::memchr(b'\r', &text[at..]) {
        at += n + 1;
        if text.get(at).is_some_and(|&b| b != b'\n') {
            text[at - 1] = b'\n';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::packed::Packing;
    use super::*;

    fn check(head: &[u8], expected: Result<&str, ImportError>) {
        let found = detect(head, true, &[], None).map(|s| s.encoding.name());
        assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(head));
    }

    fn korean() -> &'static str {
        "주문번호,주문일,상품\n1,2015년 1월 1일,클래식\n2,2015년 1월 2일,채식\n"
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn encodings() {
        check(b"a,b\n1,2\n", Ok("UTF-8"));
        check(korean().as_bytes(), Ok("UTF-8"));
        check("\u{feff}a,b\n".as_bytes(), Ok("UTF-8"));
        check(&encoding_rs::EUC_KR.encode(korean()).0, Ok("EUC-KR"));
        check(&utf16(korean(), u16::to_le_bytes), Ok("UTF-16LE"));
        check(&utf16(korean(), u16::to_be_bytes), Ok("UTF-16BE"));
        check(
            &utf16(&format!("\u{feff}{}", korean()), u16::to_le_bytes),
            Ok("UTF-16LE"),
        );
        check(b"caf\xe9,na\xefve,Montr\xe9al\n1,2,3\n", Ok("windows-1252"));
    }

    #[test]
    fn binary_files() {
        let binary = |what| Err(ImportError::Binary { what });
        check(b"PK\x03\x04\x14\0", binary(BinaryFormat::Zip));
        check(b"\x1f\x8b\x08\0", binary(BinaryFormat::Gzip));
        check(b"%PDF-1.7", binary(BinaryFormat::Pdf));
        check(b"\x89PNG\r\n\x1a\n", binary(BinaryFormat::Png));
        check(b"\xd0\xcf\x11\xe0", binary(BinaryFormat::OldOffice));
        check(b"PAR1\x15\x04", binary(BinaryFormat::Parquet));
        check(b"PAR1,PAR2\n1,2\n", Ok("UTF-8"));
        check(b"\x01\x02\x03\x04\0\0\0\0", Err(ImportError::NotText));
        check(b"\x01\x02\x03\x04\x05", Err(ImportError::NotText));
    }

    #[test]
    fn a_cut_character_is_no_mistake() {
        let text = korean().as_bytes();
        for end in 1..text.len() {
            let script = detect(&text[..end], false, &[], None).unwrap();
            assert_eq!(script.encoding, Encoding::UTF_8, "{end}");
        }
    }

    #[test]
    fn bad_bytes_are_mended_and_named_by_line() {
        let bytes: &[u8] = "가\n나\n\u{7f}".as_bytes();
        let mut bytes = bytes.to_vec();
        *bytes.last_mut().unwrap() = 0xff;
        let mut source: &[u8] = &bytes;
        let mut source = Bytes::open(&mut source, &Packing::Plain);
        let script = detect("가".as_bytes(), true, &[], None).unwrap();
        let mut reader = TextReader::new(&mut source, script, 0, bytes.len() as u64);
        assert!(matches!(reader.fill(), Ok(Fill::End)));
        assert_eq!(reader.text(), "가\n나\n\u{fffd}".as_bytes());
        assert_eq!(reader.bad_line, Some(3));
    }

    /// However far each block reaches, only the bad byte is replaced.
    #[test]
    fn a_bad_byte_among_characters() {
        let good = "가나다".repeat(BLOCK / 9);
        for shift in 0..9 {
            let mut bytes = vec![b'x'; shift];
            bytes.extend_from_slice(good.as_bytes());
            bytes.push(0xff);
            bytes.extend_from_slice(good.as_bytes());
            let mut source: &[u8] = &bytes;
            let mut source = Bytes::open(&mut source, &Packing::Plain);
            let script = detect("가".as_bytes(), true, &[], None).unwrap();
            let mut reader = TextReader::new(&mut source, script, 0, u64::MAX);
            while !matches!(reader.fill(), Ok(Fill::End)) {}
            let expected = format!("{}{good}\u{fffd}{good}", "x".repeat(shift));
            assert!(reader.text() == expected.as_bytes(), "{shift}");
        }
    }

    #[test]
    fn a_few_damaged_characters_leave_utf_8() {
        let mut text = korean().repeat(9).into_bytes();
        let at = text.len() - 20;
        text[at] = 0xff;
        check(&text, Ok("UTF-8"));
    }
}
