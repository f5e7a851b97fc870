//! Changes of inputs: of their bytes, numbers, words, lines and elements, inside archives too.

use super::dice::Dice;
use super::pack::{self, Packing};

/// Bytes of a changed input.
pub const LONGEST: usize = 128 << 10;

/// A changed input, with pieces of another one and words of the format.
pub fn mutate(input: &[u8], other: &[u8], words: &[String], dice: &mut Dice) -> Vec<u8> {
    let (packing, mut parts) = pack::unpack(input);
    if packing == Packing::Plain || dice.one_in(5) || parts.is_empty() {
        let mut bytes = input.to_vec();
        change(&mut bytes, other, words, dice);
        bytes.truncate(LONGEST);
        return bytes;
    }
    let (_, others) = pack::unpack(other);
    if dice.one_in(12) {
        change_members(&mut parts, &others, dice);
    }
    if !parts.is_empty() {
        // Most of an office document is the same for all; what differs lies in its longer parts.
        let mut at = dice.below(parts.len());
        if dice.one_in(2) {
            let again = dice.below(parts.len());
            if parts[again].1.len() > parts[at].1.len() {
                at = again;
            }
        }
        let name = parts[at].0.clone();
        let same = others.iter().find(|p| p.0 == name).or(others.first());
        let other = same.map_or(&[][..], |p| &p.1);
        change(&mut parts[at].1, other, words, dice);
        parts[at].1.truncate(LONGEST);
    }
    pack::pack(packing, &parts)
}

fn change_members(parts: &mut Vec<pack::Part>, others: &[pack::Part], dice: &mut Dice) {
    let at = dice.below(parts.len());
    match dice.below(4) {
        0 => drop(parts.remove(at)),
        1 => {
            let to = dice.below(parts.len());
            let content = parts[at].1.clone();
            parts[to].1 = content;
        }
        2 if !others.is_empty() => parts[at].1.clone_from(&dice.pick(others).1),
        _ => {
            let mut name = std::mem::take(&mut parts[at].0).into_bytes();
            flip(&mut name, dice);
            parts[at].0 = String::from_utf8_lossy(&name).into_owned();
        }
    }
}

fn change(bytes: &mut Vec<u8>, other: &[u8], words: &[String], dice: &mut Dice) {
    let n = 1 + dice.length(6);
    for _ in 0..n {
        if bytes.is_empty() {
            bytes.extend_from_slice(&other[..other.len().min(64)]);
        }
        match dice.below(16) {
            0 => flip(bytes, dice),
            1 => set_byte(bytes, dice),
            2 => insert_bytes(bytes, dice),
            3 => remove(bytes, dice),
            4 => repeat(bytes, dice),
            5 => splice(bytes, other, dice),
            6 => {
                let at = dice.below(bytes.len() + 1);
                bytes.truncate(at);
            }
            7 | 8 => binary_number(bytes, dice),
            9 | 10 => written_number(bytes, dice),
            11 | 12 => word(bytes, words, dice),
            13 => lines(bytes, dice),
            14 => between(bytes, dice),
            _ => quoted(bytes, words, dice),
        }
    }
}

fn flip(bytes: &mut [u8], dice: &mut Dice) {
    if !bytes.is_empty() {
        let at = dice.below(bytes.len());
        bytes[at] ^= 1 << dice.below(8);
    }
}

fn set_byte(bytes: &mut [u8], dice: &mut Dice) {
    const BYTES: &[u8] = b"\0\x01\x7f\x80\xff\xfe\xc0\xed\"'\n\r\t ,;|<>&=()[]{}09-+.\\";
    if !bytes.is_empty() {
        let at = dice.below(bytes.len());
        bytes[at] = match dice.one_in(3) {
            true => dice.next() as u8,
            false => *dice.pick(BYTES),
        };
    }
}

fn insert_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let new: Vec<u8> = (0..1 + dice.length(8)).map(|_| dice.next() as u8).collect();
    bytes.splice(at..at, new);
}

fn remove(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let range = range(bytes.len(), 64, dice);
    bytes.drain(range);
}

/// A piece over and over, which makes rows, columns, quotes and depths by the thousand.
fn repeat(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let range = range(bytes.len(), 40, dice);
    let piece = bytes[range.clone()].to_vec();
    if piece.is_empty() || bytes.len() >= LONGEST {
        return;
    }
    let most = ((LONGEST - bytes.len()) / piece.len()).min(20_000);
    let times = dice.length(most);
    bytes.splice(range.end..range.end, piece.repeat(times));
}

fn splice(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    if other.is_empty() {
        return;
    }
    let from = range(other.len(), 512, dice);
    let to = range(bytes.len(), 64, dice);
    bytes.splice(to, other[from].iter().copied());
}

const NUMBERS: [i64; 24] = [
    0,
    1,
    -1,
    2,
    7,
    8,
    16,
    127,
    128,
    255,
    256,
    16_384,
    32_767,
    65_535,
    65_536,
    1_048_576,
    16_777_216,
    i32::MAX as i64,
    i32::MIN as i64,
    u32::MAX as i64,
    1 << 40,
    i64::MAX - 1,
    i64::MAX,
    i64::MIN,
];

/// A number of one to eight bytes, of either order, or as Thrift and Protocol Buffers write it.
fn binary_number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut number = *dice.pick(&NUMBERS);
    if dice.one_in(3) {
        number = number.wrapping_add(dice.below(17) as i64 - 8);
    }
    let size = 1 << dice.below(4);
    if dice.one_in(4) {
        let mut rest = ((number << 1) ^ (number >> 63)) as u64;
        let mut coded = Vec::new();
        while rest > 0x7f {
            coded.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        coded.push(rest as u8);
        let at = dice.below(bytes.len());
        let end = (at + 1 + dice.below(coded.len())).min(bytes.len());
        bytes.splice(at..end, coded);
    } else if bytes.len() >= size {
        let mut at = dice.below(bytes.len() - size + 1);
        if dice.one_in(2) {
            at -= at % size;
        }
        let mut coded = number.to_le_bytes()[..size].to_vec();
        if dice.one_in(3) {
            coded.reverse();
        }
        bytes[at..at + size].copy_from_slice(&coded);
    }
}

/// A run of digits becomes another number.
fn written_number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    const WRITTEN: [&str; 18] = [
        "0",
        "-0",
        "1e308",
        "1e999",
        "-1e-320",
        "NaN",
        "inf",
        "0x10",
        "1,000.5",
        "1.000,5",
        "99999999999999999999",
        "18446744073709551615",
        "9999-12-31",
        "0000-00-00",
        "2024-02-30",
        "23:59:60",
        "１２３",
        "",
    ];
    let start = dice.below(bytes.len());
    let Some(first) = bytes[start..].iter().position(u8::is_ascii_digit) else {
        return;
    };
    let first = start + first;
    let end = bytes[first..].iter().position(|b| !b.is_ascii_digit());
    let end = end.map_or(bytes.len(), |n| first + n);
    let new = match dice.one_in(3) {
        true => (*dice.pick(&WRITTEN)).to_owned(),
        false => dice.pick(&NUMBERS).to_string(),
    };
    bytes.splice(first..end, new.into_bytes());
}

fn word(bytes: &mut Vec<u8>, words: &[String], dice: &mut Dice) {
    if words.is_empty() {
        return;
    }
    let word = dice.pick(words).as_bytes().to_vec();
    let at = dice.below(bytes.len() + 1);
    let end = match dice.one_in(2) {
        true => at,
        false => (at + word.len()).min(bytes.len()),
    };
    bytes.splice(at..end, word);
}

/// A line twice, gone, or in another place.
fn lines(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&b| b == b'\n').collect();
    let (a, b) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(3) {
        0 => lines.swap(a, b),
        1 => lines.insert(a, lines[b]),
        _ => drop(lines.remove(a)),
    }
    *bytes = lines.concat();
}

/// What stands between two marks (elements, members, brackets) twice, gone, or in another place.
fn between(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mark = *dice.pick(b"<<<<{[(,\n");
    let places: Vec<usize> = memchr::memchr_iter(mark, bytes).collect();
    if places.len() < 2 {
        return;
    }
    let first = dice.below(places.len() - 1);
    let more = 1 + dice.length(places.len() - first - 2);
    let range = places[first]..places[(first + more).min(places.len() - 1)];
    let piece = bytes[range.clone()].to_vec();
    match dice.below(3) {
        0 => drop(bytes.drain(range)),
        1 => drop(bytes.splice(range.start..range.start, piece)),
        _ => {
            let to = *dice.pick(&places);
            bytes.splice(to..to, piece);
        }
    }
}

/// A text in quotation marks becomes a number, a word, or another such text.
fn quoted(bytes: &mut Vec<u8>, words: &[String], dice: &mut Dice) {
    let places: Vec<usize> = memchr::memchr_iter(b'"', bytes).collect();
    if places.len() < 4 {
        return;
    }
    let pair = |k: usize| places[2 * k] + 1..places[2 * k + 1];
    let n = places.len() / 2;
    let (at, from) = (pair(dice.below(n)), pair(dice.below(n)));
    let new = match dice.below(3) {
        0 => dice.pick(&NUMBERS).to_string().into_bytes(),
        1 if !words.is_empty() => dice.pick(words).as_bytes().to_vec(),
        _ => bytes[from].to_vec(),
    };
    bytes.splice(at, new);
}

/// A range within `n` bytes, at most so long.
fn range(n: usize, most: usize, dice: &mut Dice) -> std::ops::Range<usize> {
    if n == 0 {
        return 0..0;
    }
    let start = dice.below(n);
    let long = match dice.one_in(8) {
        true => n,
        false => most,
    };
    start..start + (1 + dice.length(long)).min(n - start)
}
