//! Values in each of the encodings.

use super::super::sink::Sink;
use super::bits::{deltas, hybrid, unpack};
use super::meta::Physical;
use super::page::{PageError, Rows};

const PLAIN: i64 = 0;
const PLAIN_DICTIONARY: i64 = 2;
const RLE: i64 = 3;
const DELTA_BINARY_PACKED: i64 = 5;
const DELTA_LENGTH_BYTE_ARRAY: i64 = 6;
const DELTA_BYTE_ARRAY: i64 = 7;
const RLE_DICTIONARY: i64 = 8;
const BYTE_STREAM_SPLIT: i64 = 9;

/// Nanoseconds of a day.
const DAY: i64 = 86_400_000_000_000;
/// The Julian day of 1970-01-01.
const JULIAN: i64 = 2_440_588;

/// Different values that pages refer to by number.
pub(super) struct Dictionary {
    page: Vec<u8>,
    /// Where each value stands in the page.
    spans: Vec<(u32, u32)>,
    /// The place of each text in the sink, once it was asked for.
    known: Vec<i32>,
}

impl Dictionary {
    pub fn read(page: Vec<u8>, physical: Physical, n: usize) -> Result<Self, PageError> {
        let spans = spans(&page, physical, n)?;
        Ok(Self {
            known: vec![-1; spans.len()],
            page,
            spans,
        })
    }
}

/// Reads `n` values into the rows.
pub(super) fn read(
    bytes: &[u8],
    encoding: i64,
    physical: Physical,
    n: usize,
    dictionary: Option<&mut Dictionary>,
    rows: &mut Rows,
) -> Result<(), PageError> {
    if n == 0 {
        return Ok(());
    }
    match (encoding, physical) {
        (PLAIN, Physical::Boolean) => {
            (bytes.len() >= n.div_ceil(8))
                .then_some(())
                .ok_or(PageError::Damaged)?;
            let mut done = Ok(());
            unpack(bytes, 1, n, |bit| {
                if done.is_ok() {
                    done = push_bool(rows, bit == 1);
                }
            });
            done
        }
        (RLE, Physical::Boolean) => {
            let size = bytes.first_chunk::<4>().ok_or(PageError::Damaged)?;
            let size = u32::from_le_bytes(*size) as usize;
            let runs = bytes[4..].get(..size).ok_or(PageError::Damaged)?;
            let values = hybrid(runs, 1, n).ok_or(PageError::Damaged)?;
            values.iter().try_for_each(|&bit| push_bool(rows, bit == 1))
        }
        (PLAIN, _) => {
            let spans = spans(bytes, physical, n)?;
            spans
                .iter()
                .try_for_each(|s| push(rows.next()?, physical, slice(bytes, *s)))
        }
        (PLAIN_DICTIONARY | RLE_DICTIONARY, _) => {
            let dictionary = dictionary.ok_or(PageError::Damaged)?;
            let (width, runs) = bytes.split_first().ok_or(PageError::Damaged)?;
            let indices = hybrid(runs, *width, n).ok_or(PageError::Damaged)?;
            look_up(&indices, dictionary, physical, rows)
        }
        (DELTA_BINARY_PACKED, Physical::Int32 | Physical::Int64) => {
            let (values, _) = deltas(bytes, rows.n_page).ok_or(PageError::Damaged)?;
            let values = values.get(..n).ok_or(PageError::Damaged)?;
            for &x in values {
                let x = match physical {
                    Physical::Int32 => i64::from(x as i32),
                    _ => x,
                };
                rows.next()?.push_int(x)?;
            }
            Ok(())
        }
        (DELTA_LENGTH_BYTE_ARRAY, Physical::ByteArray) => {
            let (lengths, at) = deltas(bytes, rows.n_page).ok_or(PageError::Damaged)?;
            let mut rest = &bytes[at..];
            for &length in lengths.get(..n).ok_or(PageError::Damaged)? {
                let length = usize::try_from(length).map_err(|_| PageError::Damaged)?;
                let value = rest.get(..length).ok_or(PageError::Damaged)?;
                rest = &rest[length..];
                push(rows.next()?, physical, value)?;
            }
            Ok(())
        }
        (DELTA_BYTE_ARRAY, Physical::ByteArray | Physical::Fixed(_)) => {
            front_coded(bytes, physical, n, rows)
        }
        (BYTE_STREAM_SPLIT, _) => {
            let width = width(physical).ok_or(PageError::Encoding(encoding))?;
            let n_all = bytes.len() / width;
            (n_all >= n).then_some(()).ok_or(PageError::Damaged)?;
            let mut value = vec![0; width];
            for i in 0..n {
                for (k, byte) in value.iter_mut().enumerate() {
                    *byte = bytes[k * n_all + i];
                }
                push(rows.next()?, physical, &value)?;
            }
            Ok(())
        }
        (other, _) => Err(PageError::Encoding(other)),
    }
}

fn look_up(
    indices: &[u32],
    dictionary: &mut Dictionary,
    physical: Physical,
    rows: &mut Rows,
) -> Result<(), PageError> {
    let is_text = rows.sink.logical == super::super::sink::Logical::Text;
    if is_text && rows.sink.keeps_order() {
        // Categories that no row has are categories all the same.
        for (span, known) in dictionary.spans.iter().zip(&mut dictionary.known) {
            let text = std::str::from_utf8(slice(&dictionary.page, *span));
            *known = rows.sink.intern(text.map_err(|_| PageError::Damaged)?)?;
        }
    }
    for &index in indices {
        let index = index as usize;
        let span = *dictionary.spans.get(index).ok_or(PageError::Damaged)?;
        let value = slice(&dictionary.page, span);
        let sink = rows.next()?;
        match std::str::from_utf8(value) {
            Ok(text) if is_text => {
                if dictionary.known[index] < 0 {
                    dictionary.known[index] = sink.intern(text)?;
                }
                sink.push_known(dictionary.known[index], text)?;
            }
            _ => push(sink, physical, value)?,
        }
    }
    Ok(())
}

/// Texts that repeat the beginning of the one before (DELTA_BYTE_ARRAY).
fn front_coded(
    bytes: &[u8],
    physical: Physical,
    n: usize,
    rows: &mut Rows,
) -> Result<(), PageError> {
    let (prefixes, at) = deltas(bytes, rows.n_page).ok_or(PageError::Damaged)?;
    let bytes = &bytes[at..];
    let (lengths, at) = deltas(bytes, rows.n_page).ok_or(PageError::Damaged)?;
    let mut rest = &bytes[at..];
    let mut value: Vec<u8> = Vec::new();
    let both = prefixes.iter().zip(&lengths).take(n);
    if both.len() < n {
        return Err(PageError::Damaged);
    }
    for (&prefix, &length) in both {
        let size = |x: i64| usize::try_from(x).map_err(|_| PageError::Damaged);
        let (prefix, length) = (size(prefix)?, size(length)?);
        (prefix <= value.len())
            .then_some(())
            .ok_or(PageError::Damaged)?;
        value.truncate(prefix);
        value.extend_from_slice(rest.get(..length).ok_or(PageError::Damaged)?);
        rest = &rest[length..];
        push(rows.next()?, physical, &value)?;
    }
    Ok(())
}

fn push_bool(rows: &mut Rows, x: bool) -> Result<(), PageError> {
    Ok(rows.next()?.push_bool(x)?)
}

fn push(sink: &mut Sink, physical: Physical, value: &[u8]) -> Result<(), PageError> {
    let damaged = |_| PageError::Damaged;
    match physical {
        Physical::Int32 => {
            let x = i32::from_le_bytes(value.try_into().map_err(damaged)?);
            sink.push_int(i64::from(x))?;
        }
        Physical::Int64 => {
            sink.push_int(i64::from_le_bytes(value.try_into().map_err(damaged)?))?;
        }
        Physical::Int96 => {
            let value: &[u8; 12] = value.try_into().map_err(damaged)?;
            let (nanoseconds, day) = value.split_at(8);
            let nanoseconds = i64::from_le_bytes(nanoseconds.try_into().map_err(damaged)?);
            let day = u32::from_le_bytes(day.try_into().map_err(damaged)?);
            let whole = (i64::from(day) - JULIAN).checked_mul(DAY);
            match whole.and_then(|whole| whole.checked_add(nanoseconds)) {
                Some(x) => sink.push_int(x)?,
                None => sink.push_missing()?,
            }
        }
        Physical::Float => {
            let x = f32::from_le_bytes(value.try_into().map_err(damaged)?);
            sink.push_float(f64::from(x))?;
        }
        Physical::Double => {
            sink.push_float(f64::from_le_bytes(value.try_into().map_err(damaged)?))?;
        }
        Physical::Boolean => sink.push_bool(value.first() == Some(&1))?,
        Physical::ByteArray | Physical::Fixed(_) => sink.push_bytes(value)?,
    }
    Ok(())
}

fn width(physical: Physical) -> Option<usize> {
    match physical {
        Physical::Boolean | Physical::ByteArray => None,
        Physical::Int32 | Physical::Float => Some(4),
        Physical::Int64 | Physical::Double => Some(8),
        Physical::Int96 => Some(12),
        Physical::Fixed(n) => Some(n),
    }
}

/// Where `n` plain values stand.
fn spans(bytes: &[u8], physical: Physical, n: usize) -> Result<Vec<(u32, u32)>, PageError> {
    let place = |x: usize| u32::try_from(x).map_err(|_| PageError::Damaged);
    if let Some(width) = width(physical) {
        let fits = n.checked_mul(width).is_some_and(|size| size <= bytes.len());
        fits.then_some(()).ok_or(PageError::Damaged)?;
        place(bytes.len())?;
        let span = |i: usize| ((i * width) as u32, ((i + 1) * width) as u32);
        return Ok((0..n).map(span).collect());
    }
    // Each value takes four bytes or more.
    (n <= bytes.len() / 4)
        .then_some(())
        .ok_or(PageError::Damaged)?;
    let mut spans = Vec::with_capacity(n);
    let mut at = 0;
    for _ in 0..n {
        let head = bytes.get(at..at + 4).ok_or(PageError::Damaged)?;
        let size = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let end = (at + 4).checked_add(size).filter(|end| *end <= bytes.len());
        let end = end.ok_or(PageError::Damaged)?;
        spans.push((place(at + 4)?, place(end)?));
        at = end;
    }
    Ok(spans)
}

fn slice(bytes: &[u8], (from, to): (u32, u32)) -> &[u8] {
    &bytes[from as usize..to as usize]
}
