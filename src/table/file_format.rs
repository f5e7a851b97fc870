//! What kind of file a table stands in, by the file's first bytes, its directory and its name.

use serde::{Deserialize, Serialize};

use super::csv::{ReadError, Source};

/// A kind of file that tables are read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Delimited text, and anything that is not known.
    #[default]
    Csv,
    /// Excel since 2007.
    Xlsx,
    /// The binary workbook of Excel since 2007.
    Xlsb,
    /// Excel before 2007.
    Xls,
    /// OpenDocument, as LibreOffice writes it.
    Ods,
    Parquet,
    /// Arrow's file format, which is also Feather, and its stream format.
    Arrow,
    /// A list of objects.
    Json,
    /// One object a line.
    JsonLines,
    /// An SPSS system file, plain (`.sav`) or compressed with zlib (`.zsav`).
    Spss,
}

impl FileFormat {
    /// The stable name, as in JSON: `"json_lines"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
            Self::Json => "json",
            Self::JsonLines => "json_lines",
            Self::Spss => "spss",
        }
    }

    /// Whether the file has sheets to choose from.
    pub fn has_sheets(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xlsb | Self::Xls | Self::Ods)
    }

    /// Whether columns carry types of their own, so that nothing is inferred from text.
    pub fn is_typed(self) -> bool {
        matches!(self, Self::Parquet | Self::Arrow | Self::Spss)
    }

    /// What a file is. Its content decides; its name (or only an ending such as `.json`) does where
    /// the content may be either.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn detect(source: &mut dyn Source, name: &str) -> Result<Self, ReadError> {
        const HEAD: u64 = 64 << 10;
        let head = read(source, 0, HEAD)?;
        if head.starts_with(b"PK\x03\x04") {
            return Ok(in_archive(source)?.unwrap_or_default());
        }
        const MAGIC: [(&[u8], FileFormat); 5] = [
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFormat::Xls),
            (b"PAR1", FileFormat::Parquet),
            (b"ARROW1", FileFormat::Arrow),
            (b"$FL2@(#)", FileFormat::Spss),
            (b"$FL3@(#)", FileFormat::Spss),
        ];
        if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
            return Ok(*format);
        }
        if is_arrow_stream(&head) {
            return Ok(Self::Arrow);
        }
        // A BIFF stream without its container, as Excel 2 to 4 and some old programs write it.
        if matches!(
            head[..],
            [
                0x09,
                0x00 | 0x02 | 0x04 | 0x08,
                0x04 | 0x06 | 0x08,
                0x00,
                ..
            ]
        ) {
            return Ok(Self::Xls);
        }
        Ok(as_json(&head, name).unwrap_or_default())
    }
}

/// The kind of workbook that a ZIP archive holds, by the names in its directory.
fn in_archive(source: &mut dyn Source) -> Result<Option<FileFormat>, ReadError> {
    /// The end record and the longest comment behind it.
    const TAIL: u64 = 22 + 0xffff;
    /// Of the directory, which has about 100 bytes a file.
    const LONGEST: u64 = 4 << 20;
    let start = source.len().saturating_sub(TAIL);
    let tail = read(source, start, TAIL)?;
    let ends = memchr::memmem::rfind(&tail, b"PK\x05\x06");
    let Some(end) = ends.and_then(|at| tail.get(at..at + 20)) else {
        return Ok(None);
    };
    let word = |at: usize| {
        u64::from(u32::from_le_bytes([
            end[at],
            end[at + 1],
            end[at + 2],
            end[at + 3],
        ]))
    };
    let directory = read(source, word(16), word(12).min(LONGEST))?;
    let has = |name: &str| memchr::memmem::find(&directory, name.as_bytes()).is_some();
    Ok(if has("xl/workbook.bin") {
        Some(FileFormat::Xlsb)
    } else if has("xl/workbook") || has("xl/worksheets/") {
        Some(FileFormat::Xlsx)
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        Some(FileFormat::Ods)
    } else {
        None
    })
}

/// A stream begins with a mark, the length of its schema, and a FlatBuffer.
fn is_arrow_stream(head: &[u8]) -> bool {
    let Some([255, 255, 255, 255, a, b, c, d]) = head.first_chunk::<8>() else {
        return false;
    };
    let length = u32::from_le_bytes([*a, *b, *c, *d]);
    length % 8 == 0 && (16..1 << 24).contains(&length)
}

fn as_json(head: &[u8], name: &str) -> Option<FileFormat> {
    let name = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|end| name.ends_with(end));
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = head.trim_ascii_start();
    let first = *text.first()?;
    let second = text[1..].trim_ascii_start().first().copied();
    let opens_object = first == b'{' && matches!(second, Some(b'"' | b'}'));
    let opens_list = first == b'[' && matches!(second, Some(b'{' | b'[' | b']'));
    if ends(&[".jsonl", ".ndjson"]) && matches!(first, b'{' | b'[') {
        return Some(FileFormat::JsonLines);
    }
    if opens_object {
        let line = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let line = line.trim_ascii_end();
        let more = line.len() < text.trim_ascii_end().len();
        let is_one =
            line.ends_with(b"}") && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
        return Some(match is_one && (more || !ends(&[".json"])) {
            true => FileFormat::JsonLines,
            false => FileFormat::Json,
        });
    }
    let is_named = ends(&[".json"]) && matches!(first, b'{' | b'[');
    (opens_list || is_named).then_some(FileFormat::Json)
}

fn read(source: &mut dyn Source, offset: u64, len: u64) -> Result<Vec<u8>, ReadError> {
    let len = len.min(source.len().saturating_sub(offset));
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(0)];
    let n = source.read_at(offset, &mut bytes)?;
    bytes.truncate(n);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], name: &str, expected: FileFormat) {
        let found = FileFormat::detect(&mut &bytes[..], name);
        assert_eq!(
            found,
            Ok(expected),
            "{name} {:?}",
            &bytes[..bytes.len().min(20)]
        );
    }

    /// An archive of empty files, stored, with these names.
    fn archive(names: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for name in names {
            let n = (name.len() as u16).to_le_bytes();
            directory.extend(b"PK\x01\x02");
            directory.extend([0; 24]);
            directory.extend(n);
            directory.extend([0; 16]);
            directory.extend(name.as_bytes());
            out.extend(b"PK\x03\x04");
            out.extend([0; 22]);
            out.extend(n);
            out.extend([0, 0]);
            out.extend(name.as_bytes());
        }
        let (start, n) = (out.len() as u32, directory.len() as u32);
        out.extend(&directory);
        out.extend(b"PK\x05\x06");
        out.extend([0; 8]);
        out.extend(n.to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    #[test]
    fn by_content() {
        use FileFormat::*;
        check(b"", "", Csv);
        check(b"a,b\n1,2\n", "a.xlsx", Csv);
        check(b"PAR1\x15", "", Parquet);
        check(b"ARROW1\0\0", "", Arrow);
        check(&[255, 255, 255, 255, 0x10, 1, 0, 0], "", Arrow);
        check(&[255, 255, 255, 255, 255, 255, 255, 255], "", Csv);
        check(b"$FL2@(#) SPSS DATA FILE", "", Spss);
        check(b"$FL3@(#) SPSS DATA FILE", "", Spss);
        check(b"$FL2,x\n1,2\n", "", Csv);
        check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", Xls);
        check(b"\xd0\xcf\x11", "", Csv);
    }

    #[test]
    fn archives() {
        use FileFormat::*;
        let zip = |names: &[&str]| archive(names);
        check(
            &zip(&["[Content_Types].xml", "xl/workbook.xml"]),
            "a.zip",
            Xlsx,
        );
        check(&zip(&["docProps/app.xml", "xl/workbook.bin"]), "", Xlsb);
        check(
            &zip(&["mimetype", "content.xml", "META-INF/manifest.xml"]),
            "",
            Ods,
        );
        check(&zip(&["a.csv", "b.csv"]), "a.xlsx", Csv);
        check(b"PK\x03\x04", "a.xlsx", Csv);
        let mut commented = zip(&["xl/workbook.xml"]);
        commented.extend([b' '; 5000]);
        check(&commented, "", Xlsx);
    }

    #[test]
    fn json_or_text() {
        use FileFormat::*;
        check(b" [ {\"a\": 1}]", "", Json);
        check(b"\xef\xbb\xbf[{", "", Json);
        check(b"[1, 2]", "x.json", Json);
        check(b"[1, 2]", "", Csv);
        check(b"{\"a\": [1]}", "x.json", Json);
        check(b"{\"a\": 1}\n{\"a\": 2}", "x.json", JsonLines);
        check(b"{\"a\": 1}\n", "x", JsonLines);
        check(b"{\n \"a\": [1]\n}", "", Json);
        check(b"{\"a\": 1}", "x.ndjson", JsonLines);
        check(b"{a},b\n1,2\n", "", Csv);
        check(b"a,b\n", "x.json", Csv);
    }
}
