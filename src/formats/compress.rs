//! Blocks of known length that were compressed by one of several methods.

use std::io::Read;

/// A method of compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    Plain,
    Snappy,
    Gzip,
    Zstd,
    /// A bare block.
    Lz4Block,
    /// Blocks behind their lengths, as Hadoop writes them; or a bare block all the same.
    Lz4Hadoop,
    Lz4Frame,
}

/// The block's bytes; `None` when it is damaged or not `len` bytes long.
pub(super) fn unpack(codec: Codec, input: &[u8], len: usize) -> Option<Vec<u8>> {
    let out = match codec {
        Codec::Plain => input.to_vec(),
        Codec::Snappy => {
            // Each copy takes two bytes and gives at most 64.
            (len / 32 <= input.len() + 1).then_some(())?;
            let stated = snap::raw::decompress_len(input).ok()?;
            (stated == len).then_some(())?;
            snap::raw::Decoder::new().decompress_vec(input).ok()?
        }
        Codec::Gzip => read_all(flate2::read::MultiGzDecoder::new(input), len)?,
        Codec::Zstd => {
            let mut rest = input;
            let mut out = Vec::new();
            while !rest.is_empty() && out.len() <= len {
                let frame = ruzstd::decoding::StreamingDecoder::new(&mut rest).ok()?;
                let most = len.checked_sub(out.len())?;
                out.extend(read_all(frame, most)?);
            }
            out
        }
        Codec::Lz4Block => lz4_block(input, len)?,
        Codec::Lz4Hadoop => lz4_hadoop(input, len).or_else(|| lz4_block(input, len))?,
        Codec::Lz4Frame => read_all(lz4_flex::frame::FrameDecoder::new(input), len)?,
    };
    (out.len() == len).then_some(out)
}

/// At most `len` bytes; memory grows with what comes, not with what was promised.
fn read_all(reader: impl Read, len: usize) -> Option<Vec<u8>> {
    const FIRST: usize = 1 << 20;
    let mut out = Vec::with_capacity(len.min(FIRST));
    reader.take(len as u64 + 1).read_to_end(&mut out).ok()?;
    (out.len() <= len).then_some(out)
}

fn lz4_block(input: &[u8], len: usize) -> Option<Vec<u8>> {
    // A byte of length gives at most 255 bytes.
    (len / 256 <= input.len() + 1).then_some(())?;
    lz4_flex::block::decompress(input, len).ok()
}

fn lz4_hadoop(mut input: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    while !input.is_empty() {
        let head = input.first_chunk::<8>()?;
        let word =
            |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (n, packed) = (word(0) as usize, word(4) as usize);
        let block = input.get(8..8usize.checked_add(packed)?)?;
        (out.len() + n <= len).then_some(())?;
        out.extend(lz4_block(block, n)?);
        input = &input[8 + packed..];
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn check(codec: Codec, packed: &[u8], expected: &[u8]) {
        assert_eq!(
            unpack(codec, packed, expected.len()).as_deref(),
            Some(expected),
            "{codec:?}"
        );
        assert_eq!(unpack(codec, packed, expected.len() + 1), None, "{codec:?}");
        if !expected.is_empty() {
            assert_eq!(unpack(codec, packed, expected.len() - 1), None, "{codec:?}");
        }
        assert_eq!(unpack(codec, packed, usize::MAX / 2), None, "{codec:?}");
    }

    #[test]
    fn every_codec() {
        let plain: Vec<u8> = (0..10_000u32).flat_map(|i| (i / 7).to_le_bytes()).collect();
        check(Codec::Plain, &plain, &plain);
        check(
            Codec::Snappy,
            &snap::raw::Encoder::new().compress_vec(&plain).unwrap(),
            &plain,
        );
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&plain).unwrap();
        check(Codec::Gzip, &gzip.finish().unwrap(), &plain);
        let zstd = ruzstd::encoding::compress_to_vec(
            &plain[..],
            ruzstd::encoding::CompressionLevel::Fastest,
        );
        check(Codec::Zstd, &zstd, &plain);
        let block = lz4_flex::block::compress(&plain);
        check(Codec::Lz4Block, &block, &plain);
        check(Codec::Lz4Hadoop, &block, &plain);
        let mut hadoop = (plain.len() as u32).to_be_bytes().to_vec();
        hadoop.extend((block.len() as u32).to_be_bytes());
        hadoop.extend(&block);
        check(Codec::Lz4Hadoop, &hadoop, &plain);
        let mut frame = lz4_flex::frame::FrameEncoder::new(Vec::new());
        frame.write_all(&plain).unwrap();
        check(Codec::Lz4Frame, &frame.finish().unwrap(), &plain);
    }
}
