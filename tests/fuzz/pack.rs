//! Inputs that are packed, taken apart and put together again, so that what is inside can be changed.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// How an input is packed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Packing {
    Plain,
    Gzip,
    Zip,
}

/// A member's name and what it holds.
pub type Part = (String, Vec<u8>);

/// An input's parts: one without a name unless it is an archive.
pub fn unpack(bytes: &[u8]) -> (Packing, Vec<Part>) {
    let plain = || (Packing::Plain, vec![(String::new(), bytes.to_vec())]);
    if bytes.starts_with(b"PK\x03\x04") {
        return members(bytes).map_or_else(plain, |parts| (Packing::Zip, parts));
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut content = Vec::new();
        let reader = flate2::read::MultiGzDecoder::new(bytes);
        let _ = reader.take(MOST).read_to_end(&mut content);
        return (Packing::Gzip, vec![(String::new(), content)]);
    }
    plain()
}

pub fn pack(packing: Packing, parts: &[Part]) -> Vec<u8> {
    match packing {
        Packing::Plain => parts.first().map(|p| p.1.clone()).unwrap_or_default(),
        Packing::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            let content = parts.first().map(|p| &p.1[..]).unwrap_or_default();
            out.write_all(content).expect("memory takes all bytes");
            out.finish().expect("memory takes all bytes")
        }
        Packing::Zip => {
            let mut out = ZipWriter::new(Cursor::new(Vec::new()));
            let options =
                SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
            for (name, content) in parts {
                // Two members of one name are refused; the second is left out.
                if out.start_file(name.as_str(), options).is_ok() {
                    out.write_all(content).expect("memory takes all bytes");
                }
            }
            out.finish().expect("memory takes all bytes").into_inner()
        }
    }
}

/// What is unpacked of one member.
const MOST: u64 = 1 << 20;

fn members(bytes: &[u8]) -> Option<Vec<Part>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for i in 0..archive.len().min(100) {
        let member = archive.by_index(i).ok()?;
        let name = member.name().ok()?.into_owned();
        let mut content = Vec::new();
        let _ = member.take(MOST).read_to_end(&mut content);
        parts.push((name, content));
    }
    Some(parts)
}
