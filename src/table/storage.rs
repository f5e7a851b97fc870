//! A table as one run of bytes, for the browser's private file system.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | magic `JARITABL` |
//! | 8..16 | XXH3 (64 bits) of everything from byte 16 to the end |
//! | 16..20 | version of this layout |
//! | 20..24 | length of the header |
//! | 24..32 | length of the whole |
//! | 32.. | header: JSON with the schema and where each buffer stands |
//! | next multiple of 64.. | buffers, each at a multiple of 64 from the start |
//!
//! All numbers are little-endian, and buffers are laid out as Arrow lays them out: bitmaps least
//! significant bit first, plain values, and text as `n_rows + 1` 32-bit offsets into UTF-8. A writer
//! that puts the first 8 bytes down last leaves no magic when it is cut short.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::{
    Bitmap, Coded, Column, ColumnFormat, ColumnKind, Data, Measure, MissingCode, Table, Utf8,
    ValueLabel,
};

#[cfg(target_endian = "big")]
compile_error!("buffers are copied as they stand, which is right on little-endian machines only");

/// The first bytes of a stored table.
pub const MAGIC: [u8; 8] = *b"JARITABL";

const VERSION: u32 = 1;
const PREFIX: usize = 32;
const CHECKED_FROM: usize = 16;
const ALIGNMENT: usize = 64;

/// Why bytes are no stored table. Nothing of a damaged table is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// The magic is not there: another file, or one whose writing was cut short.
    NoMagic,
    /// Written by another version of this layout.
    Version { found: u32 },
    /// Fewer or more bytes than were written.
    Length { expected: u64, found: u64 },
    /// The bytes changed after they were written.
    Checksum,
    /// The header cannot be read.
    Header { reason: String },
    /// The buffers of a column do not make a column.
    Column { column: String },
}

/// Takes bytes and where they go.
pub type Put<'a, E> = dyn FnMut(u64, &[u8]) -> Result<(), E> + 'a;

/// The table's bytes; [`read`] takes them back.
pub fn to_bytes(table: &Table) -> Vec<u8> {
    let mut out = Vec::new();
    let copied = write(table, &mut |at, bytes| {
        let (from, to) = (at as usize, at as usize + bytes.len());
        if from == CHECKED_FROM {
            out.reserve_exact(
                usize::try_from(total_of(bytes)).expect("bytes that fit into memory"),
            );
        }
        out.resize(out.len().max(to), 0);
        out[from..to].copy_from_slice(bytes);
        Ok::<(), std::convert::Infallible>(())
    });
    copied.expect("memory takes all bytes");
    out
}

/// Puts the table's bytes down piece by piece, as `put(offset, bytes)`, without a copy of the columns:
/// from byte 16 on in order, then the checksum, and the magic last.
///
/// # Errors
/// The first of `put`.
pub fn write<E>(table: &Table, put: &mut Put<E>) -> Result<(), E> {
    let mut place = 0;
    let columns: Vec<ColumnHeader> = table
        .columns()
        .iter()
        .map(|column| ColumnHeader::new(column, &mut place))
        .collect();
    let header = Header {
        n_rows: table.n_rows() as u64,
        columns,
    };
    let json = serde_json::to_vec(&header).expect("a header of strings and numbers");
    let total = (aligned(PREFIX + json.len()) as u64) + place;

    let mut prefix = Vec::with_capacity(aligned(PREFIX + json.len()));
    prefix.extend_from_slice(&VERSION.to_le_bytes());
    let header_len = u32::try_from(json.len()).expect("a header under 4 GiB");
    prefix.extend_from_slice(&header_len.to_le_bytes());
    prefix.extend_from_slice(&total.to_le_bytes());
    prefix.extend_from_slice(&json);

    let mut hash = Xxh3::new();
    let mut at = CHECKED_FROM as u64;
    let mut next = |bytes: &[u8]| {
        if bytes.is_empty() {
            return Ok(());
        }
        hash.update(bytes);
        put(at, bytes)?;
        at += bytes.len() as u64;
        Ok(())
    };
    let mut end = (CHECKED_FROM + prefix.len()) as u64;
    next(&prefix)?;
    for column in table.columns() {
        for buffer in buffers(column).into_iter().flatten() {
            let start = end.next_multiple_of(ALIGNMENT as u64);
            next(&[0; ALIGNMENT][..(start - end) as usize])?;
            next(buffer)?;
            end = start + buffer.len() as u64;
        }
    }
    next(&[0; ALIGNMENT][..(total - end) as usize])?;
    put(MAGIC.len() as u64, &hash.digest().to_le_bytes())?;
    put(0, &MAGIC)
}

/// The length of the whole, as the bytes from 16 on begin with it.
fn total_of(bytes_from_16: &[u8]) -> u64 {
    u64::from_le_bytes(bytes_from_16[8..16].try_into().expect("eight bytes"))
}

/// The table that [`to_bytes`] wrote.
///
/// # Errors
/// When the bytes are not such a table, whole and unchanged.
pub fn read(bytes: &[u8]) -> Result<Table, StorageError> {
    if !bytes.starts_with(&MAGIC) {
        return Err(StorageError::NoMagic);
    }
    let found = bytes.len() as u64;
    let Some(prefix) = bytes.first_chunk::<PREFIX>() else {
        let expected = PREFIX as u64;
        return Err(StorageError::Length { expected, found });
    };
    let checksum = u64::from_le_bytes(part(prefix, 8));
    let version = u32::from_le_bytes(part(prefix, 16));
    let header_len = u32::from_le_bytes(part(prefix, 20)) as usize;
    let expected = u64::from_le_bytes(part(prefix, 24));
    if version != VERSION {
        return Err(StorageError::Version { found: version });
    }
    if expected != found {
        return Err(StorageError::Length { expected, found });
    }
    if xxh3_64(&bytes[CHECKED_FROM..]) != checksum {
        return Err(StorageError::Checksum);
    }
    let json = bytes[PREFIX..]
        .get(..header_len)
        .ok_or_else(|| header_error("it reaches past the end"))?;
    let header: Header = serde_json::from_slice(json).map_err(header_error)?;
    let n_rows = usize::try_from(header.n_rows).map_err(header_error)?;
    if header.columns.is_empty() && n_rows > 0 {
        return Err(header_error("rows without columns"));
    }
    let data_start = aligned(PREFIX + header_len).min(bytes.len());
    let mut source = Source {
        bytes: &bytes[data_start..],
        end: 0,
    };
    let columns = header.columns.into_iter().map(|column| {
        let name = column.name.clone();
        column
            .read(&mut source, n_rows)
            .ok_or(StorageError::Column { column: name })
    });
    Table::new(columns.collect::<Result<_, _>>()?).map_err(header_error)
}

#[derive(Serialize, Deserialize)]
struct Header {
    n_rows: u64,
    columns: Vec<ColumnHeader>,
}

#[derive(Serialize, Deserialize)]
struct ColumnHeader {
    name: String,
    kind: ColumnKind,
    measure: Measure,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    value_labels: Vec<ValueLabel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing_codes: Vec<MissingCode>,
    /// The values behind `coded`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    coded_values: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    format: ColumnFormat,
    /// Of categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    levels: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    validity: Option<Span>,
    /// Which of `coded_values` each row held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coded: Option<Span>,
    /// Of text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offsets: Option<Span>,
    /// Plain values, bits, codes, or the bytes of text.
    values: Span,
}

/// Where a buffer stands, in bytes from the first buffer's start.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Span {
    offset: u64,
    length: u64,
}

impl ColumnHeader {
    /// Lays the column's buffers out from `place` on, which moves past them.
    fn new(column: &Column, place: &mut u64) -> Self {
        let mut lay = |buffer: &[u8]| {
            let offset = place.next_multiple_of(ALIGNMENT as u64);
            let length = buffer.len() as u64;
            *place = offset + length;
            Span { offset, length }
        };
        let [validity, coded, offsets, values] = buffers(column);
        Self {
            name: column.name.clone(),
            kind: column.kind(),
            measure: column.measure,
            label: column.label.clone(),
            note: column.note.clone(),
            value_labels: column.value_labels.clone(),
            missing_codes: column.missing_codes.clone(),
            coded_values: column
                .coded
                .as_ref()
                .map_or(Vec::new(), |c| c.values.clone()),
            format: column.format.clone(),
            levels: match &column.data {
                Data::Category { levels, .. } => levels.clone(),
                _ => Vec::new(),
            },
            validity: validity.map(&mut lay),
            coded: coded.map(&mut lay),
            offsets: offsets.map(&mut lay),
            values: lay(values.unwrap_or_default()),
        }
    }

    fn read(self, source: &mut Source, n_rows: usize) -> Option<Column> {
        let validity = match self.validity {
            Some(span) => Some(source.bits(span, n_rows)?),
            None => None,
        };
        let coded = match self.coded {
            Some(span) => {
                let codes: Vec<i32> = source.values(span, n_rows)?;
                let n_values = i32::try_from(self.coded_values.len()).unwrap_or(i32::MAX);
                let is_missing = |i| validity.as_ref().is_some_and(|v: &Bitmap| !v.get(i));
                let sound = codes
                    .iter()
                    .enumerate()
                    .all(|(i, &c)| c == -1 || ((0..n_values).contains(&c) && is_missing(i)));
                let values = self.coded_values;
                sound.then_some(Some(Coded { codes, values }))?
            }
            None => None,
        };
        let offsets = match self.offsets {
            Some(span) => Some(source.values::<i32>(span, n_rows.checked_add(1)?)?),
            None => None,
        };
        let data = match self.kind {
            ColumnKind::Float => Data::Float(source.values(self.values, n_rows)?),
            ColumnKind::Int => Data::Int(source.values(self.values, n_rows)?),
            ColumnKind::Bool => Data::Bool(source.bits(self.values, n_rows)?),
            ColumnKind::Date => Data::Date(source.values(self.values, n_rows)?),
            ColumnKind::DateTime => Data::DateTime(source.values(self.values, n_rows)?),
            ColumnKind::Time => Data::Time(source.values(self.values, n_rows)?),
            ColumnKind::Category => {
                let codes: Vec<i32> = source.values(self.values, n_rows)?;
                let levels = self.levels;
                codes_in_range(&codes, levels.len(), validity.as_ref())
                    .then_some(Data::Category { codes, levels })?
            }
            ColumnKind::Text => {
                let text = std::str::from_utf8(source.take(self.values)?).ok()?;
                Data::Text(Utf8::from_parts(offsets?, text.to_owned())?)
            }
        };
        Some(Column {
            name: self.name,
            measure: self.measure,
            label: self.label,
            note: self.note,
            value_labels: self.value_labels,
            missing_codes: self.missing_codes,
            coded,
            data,
            validity: validity.filter(|v| v.count_zeros() > 0),
            format: self.format,
        })
    }
}

/// The column's validity, codes of missing values, offsets and values as they stand in memory.
fn buffers(column: &Column) -> [Option<&[u8]>; 4] {
    let validity = column.validity.as_ref().map(Bitmap::as_bytes);
    let coded = column
        .coded
        .as_ref()
        .map(|c| bytemuck::cast_slice(&c.codes));
    let (offsets, values): (Option<&[u8]>, &[u8]) = match &column.data {
        Data::Float(v) => (None, bytemuck::cast_slice(v)),
        Data::Int(v) | Data::DateTime(v) => (None, bytemuck::cast_slice(v)),
        Data::Bool(v) => (None, v.as_bytes()),
        Data::Date(v) | Data::Time(v) => (None, bytemuck::cast_slice(v)),
        Data::Category { codes, .. } => (None, bytemuck::cast_slice(codes)),
        Data::Text(v) => (Some(bytemuck::cast_slice(v.offsets())), v.as_bytes()),
    };
    [validity, coded, offsets, Some(values)]
}

/// The buffers, taken one after the other, so that no byte is read twice and a table is never
/// larger than its bytes.
struct Source<'a> {
    bytes: &'a [u8],
    /// Where the last buffer ended.
    end: usize,
}

impl<'a> Source<'a> {
    fn take(&mut self, span: Span) -> Option<&'a [u8]> {
        let start = usize::try_from(span.offset).ok()?;
        let end = start.checked_add(usize::try_from(span.length).ok()?)?;
        if start < self.end {
            return None;
        }
        let buffer = self.bytes.get(start..end)?;
        self.end = end;
        Some(buffer)
    }

    fn values<T: bytemuck::Pod>(&mut self, span: Span, n: usize) -> Option<Vec<T>> {
        let buffer = self.take(span)?;
        let is_whole = n.checked_mul(size_of::<T>()) == Some(buffer.len());
        is_whole.then(|| bytemuck::pod_collect_to_vec(buffer))
    }

    fn bits(&mut self, span: Span, n: usize) -> Option<Bitmap> {
        Bitmap::from_bytes(self.take(span)?.to_vec(), n)
    }
}

/// Whether each row that has a value has a level, and the others one or −1.
fn codes_in_range(codes: &[i32], n_levels: usize, validity: Option<&Bitmap>) -> bool {
    let n_levels = i32::try_from(n_levels).unwrap_or(i32::MAX);
    let Some(validity) = validity else {
        return codes.iter().all(|c| (0..n_levels).contains(c));
    };
    let rows = codes.iter().zip(validity.iter());
    rows.into_iter()
        .all(|(&c, valid)| c < n_levels && c >= if valid { 0 } else { -1 })
}

fn aligned(n: usize) -> usize {
    n.next_multiple_of(ALIGNMENT)
}

fn part<const N: usize>(prefix: &[u8; PREFIX], start: usize) -> [u8; N] {
    std::array::from_fn(|i| prefix[start + i])
}

fn is_default(format: &ColumnFormat) -> bool {
    *format == ColumnFormat::default()
}

fn header_error(reason: impl fmt::Display) -> StorageError {
    StorageError::Header {
        reason: reason.to_string(),
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMagic => f.write_str("This is no stored table, or its writing was cut short."),
            Self::Version { found } => write!(
                f,
                "The stored table has version {found}, and this program reads version {VERSION}."
            ),
            Self::Length { expected, found } => write!(
                f,
                "The stored table has {found} bytes where {expected} were written."
            ),
            Self::Checksum => f.write_str("The stored table was changed after it was written."),
            Self::Header { reason } => {
                write!(f, "The stored table's header cannot be read: {reason}.")
            }
            Self::Column { column } => {
                write!(f, "Column “{column}” of the stored table is damaged.")
            }
        }
    }
}

impl std::error::Error for StorageError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_table, one_of_each_kind};
    use super::*;

    /// Equal as far as a reader can see, NaN to NaN and −0 to −0.
    fn check(table: &Table) {
        let bytes = to_bytes(table);
        assert_eq!(bytes.len(), bytes.capacity());
        let back = read(&bytes).unwrap();
        assert_eq!(format!("{back:?}"), format!("{table:?}"));
    }

    /// Bytes with `header` and `data`, sealed by a right checksum.
    fn sealed(header: &str, data: &[u8]) -> Vec<u8> {
        let data_start = aligned(PREFIX + header.len());
        let mut bytes = MAGIC.to_vec();
        bytes.extend([0; 8]);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(((data_start + data.len()) as u64).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.resize(data_start, 0);
        bytes.extend(data);
        seal(&mut bytes);
        bytes
    }

    fn seal(bytes: &mut [u8]) {
        let checksum = xxh3_64(&bytes[CHECKED_FROM..]);
        bytes[8..16].copy_from_slice(&checksum.to_le_bytes());
    }

    #[test]
    fn tables_come_back() {
        check(&Table::default());
        check(&one_of_each_kind());
        check(&one_of_each_kind().slice(0..0));
        let wide = (0..200).map(|i| Column::bool(format!("b{i}"), [true; 9]));
        check(&Table::new(wide.collect()).unwrap());
    }

    #[test]
    fn the_layout_is_the_documented_one() {
        let table = Table::new(vec![
            Column::float("x", vec![1.5, f64::NAN]),
            Column::text("s", ["a", "가"]),
        ]);
        let bytes = to_bytes(&table.unwrap());
        let header = r#"{"n_rows":2,"columns":[{"name":"x","kind":"float","measure":"scale","validity":{"offset":0,"length":1},"values":{"offset":64,"length":16}},{"name":"s","kind":"text","measure":"text","offsets":{"offset":128,"length":12},"values":{"offset":192,"length":4}}]}"#;
        let mut data = vec![0; 196];
        data[0] = 1;
        data[64..72].copy_from_slice(&1.5f64.to_le_bytes());
        data[72..80].copy_from_slice(&f64::NAN.to_le_bytes());
        data[132] = 1;
        data[136] = 4;
        data[192..].copy_from_slice("a가".as_bytes());
        assert_eq!(bytes, sealed(header, &data));
    }

    #[test]
    fn damage_is_named() {
        let whole = to_bytes(&one_of_each_kind());
        let check = |damage: &dyn Fn(&mut Vec<u8>), expected: StorageError| {
            let mut bytes = whole.clone();
            damage(&mut bytes);
            assert_eq!(read(&bytes), Err(expected));
        };
        let n = whole.len() as u64;
        let length = |expected, found| StorageError::Length { expected, found };
        check(&|b| b[..8].fill(0), StorageError::NoMagic);
        check(&|b| b.clear(), StorageError::NoMagic);
        check(&|b| b.truncate(31), length(32, 31));
        check(&|b| b.truncate(b.len() - 1), length(n, n - 1));
        check(&|b| b.push(0), length(n, n + 1));
        check(&|b| b[16] = 9, StorageError::Version { found: 9 });
        check(&|b| b[8] ^= 1, StorageError::Checksum);
        check(&|b| *b.last_mut().unwrap() ^= 1, StorageError::Checksum);
    }

    #[test]
    fn unsound_columns_are_refused() {
        let check = |n_rows: u64, column: &str, data: &[u8]| {
            let header = format!(
                r#"{{"n_rows":{n_rows},"columns":[{{"name":"x","measure":"nominal",{column}}}]}}"#
            );
            read(&sealed(&header, data)).map(|t| t.n_rows())
        };
        let bad = Err(StorageError::Column { column: "x".into() });
        let ints = r#""kind":"date","values":{"offset":0,"length":8}"#;
        assert_eq!(check(2, ints, &[0; 8]), Ok(2));
        assert_eq!(check(2, ints, &[0; 7]), bad);
        assert_eq!(check(3, ints, &[0; 12]), bad);
        assert_eq!(check(1 << 62, ints, &[0; 8]), bad);
        let far = r#""kind":"date","values":{"offset":18446744073709551615,"length":8}"#;
        assert_eq!(check(2, far, &[0; 8]), bad);
        let twice =
            r#""kind":"bool","validity":{"offset":0,"length":1},"values":{"offset":0,"length":1}"#;
        assert_eq!(check(1, twice, &[1; 2]), bad);

        let codes = r#""kind":"category","levels":["a"],"validity":{"offset":0,"length":1},"values":{"offset":4,"length":4}"#;
        assert_eq!(check(1, codes, &[1, 0, 0, 0, 0, 0, 0, 0]), Ok(1));
        assert_eq!(check(1, codes, &[1, 0, 0, 0, 1, 0, 0, 0]), bad);
        assert_eq!(check(1, codes, &[1, 0, 0, 0, 255, 255, 255, 255]), bad);
        assert_eq!(check(1, codes, &[0, 0, 0, 0, 255, 255, 255, 255]), Ok(1));
        assert_eq!(check(1, codes, &[0, 0, 0, 0, 254, 255, 255, 255]), bad);

        let text =
            r#""kind":"text","offsets":{"offset":0,"length":8},"values":{"offset":8,"length":1}"#;
        assert_eq!(check(1, text, &[0, 0, 0, 0, 1, 0, 0, 0, b'a']), Ok(1));
        assert_eq!(check(1, text, &[0, 0, 0, 0, 1, 0, 0, 0, 0xff]), bad);
        assert_eq!(check(1, text, &[0, 0, 0, 0, 2, 0, 0, 0, b'a']), bad);
        let no_offsets = r#""kind":"text","values":{"offset":0,"length":1}"#;
        assert_eq!(check(1, no_offsets, b"a"), bad);
    }

    #[test]
    fn unsound_headers_are_refused() {
        let check = |header: &str, expected: &str| {
            let error = read(&sealed(header, &[0; 8])).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(r#"{"n_rows":1,"columns":[]}"#, "rows without columns");
        check("{", "EOF");
        let column =
            r#"{"name":"x","kind":"time","measure":"time","values":{"offset":OFFSET,"length":4}}"#;
        let two = format!(
            r#"{{"n_rows":1,"columns":[{},{}]}}"#,
            column.replace("OFFSET", "0"),
            column.replace("OFFSET", "4")
        );
        check(&two, "Two columns are named “x”");
        let mut past_the_end = sealed("{}", &[]);
        past_the_end[20..24].copy_from_slice(&u32::MAX.to_le_bytes());
        seal(&mut past_the_end);
        let error = read(&past_the_end).unwrap_err();
        assert_eq!(error, header_error("it reaches past the end"));
    }

    proptest! {
        #[test]
        fn any_table_comes_back(table in any_table()) {
            check(&table);
        }

        #[test]
        fn arbitrary_bytes_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(read(&bytes), Err(StorageError::NoMagic));
            bytes.splice(0..bytes.len().min(8), MAGIC);
            prop_assert!(read(&bytes).is_err());
        }

        /// Changed bytes under a right checksum: what is read can be shown, or it is refused.
        #[test]
        fn changed_bytes_never_panic(
            table in any_table(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let mut bytes = to_bytes(&table);
            for (place, byte) in changes {
                let n = bytes.len() - 32;
                bytes[32 + place.index(n)] = byte;
            }
            seal(&mut bytes);
            if let Ok(table) = read(&bytes) {
                for column in table.columns() {
                    (0..table.n_rows()).for_each(|i| { column.display(i); });
                    column.levels_and_codes();
                }
            }
        }
    }
}
