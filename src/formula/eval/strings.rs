//! Functions of texts. Positions and lengths count characters, from 1.

use super::super::functions::Call;
use super::super::types::Type;
use super::Block;
use super::kernels::{Aid, Values};
use super::lane::{Lane, NO_STAMP, TRUE, UNKNOWN, truth};
use super::texts::{Made, Texts};
use crate::table::Value;

/// Padding goes no further.
const MAX_PADDED: usize = 10_000;

pub(super) fn run<'a>(call: Call, mut values: Values<'a>, aid: &Aid) -> Block<'a> {
    let n = values.n;
    match call {
        Call::Concat => {
            let all = values.spelt();
            made(n, |i, out| {
                all.iter()
                    .filter_map(|t| t.get(i))
                    .for_each(|t| out.push_str(t));
                Some(())
            })
        }
        Call::TextOf => match values.spelt().pop() {
            Some(texts) => Block::Text(texts),
            None => Block::missing(Type::Text),
        },
        Call::Contains => two(values, |text, part| text.contains(part)),
        Call::StartsWith => two(values, |text, part| text.starts_with(part)),
        Call::EndsWith => two(values, |text, part| text.ends_with(part)),
        Call::Position => {
            let (text, part) = (values.text(), values.text());
            numbers(n, |i| {
                let (text, part) = (text.get(i)?, part.get(i)?);
                let at = text.find(part);
                Some(at.map_or(0, |at| text[..at].chars().count() + 1))
            })
        }
        Call::Length => {
            let text = values.text();
            numbers(n, |i| Some(text.get(i)?.chars().count()))
        }
        Call::Lower => one(values, |text, out| match text.is_ascii() {
            true => out.extend(text.bytes().map(|b| char::from(b.to_ascii_lowercase()))),
            false => out.push_str(&text.to_lowercase()),
        }),
        Call::Upper => one(values, |text, out| match text.is_ascii() {
            true => out.extend(text.bytes().map(|b| char::from(b.to_ascii_uppercase()))),
            false => out.push_str(&text.to_uppercase()),
        }),
        Call::Trim => one(values, |text, out| out.push_str(text.trim())),
        Call::Left | Call::Right => {
            let (text, count) = (values.text(), values.number());
            made(n, |i, out| {
                let (text, count) = (text.get(i)?, whole(count.at(i))?);
                out.push_str(match call {
                    Call::Left => left(text, count),
                    _ => right(text, count),
                });
                Some(())
            })
        }
        Call::Substring => {
            let (text, start) = (values.text(), values.number());
            let count = (values.len() > 0).then(|| values.number());
            made(n, |i, out| {
                let count = match &count {
                    Some(count) => whole(count.at(i))?,
                    None => i64::MAX,
                };
                out.push_str(substring(text.get(i)?, whole(start.at(i))?, count));
                Some(())
            })
        }
        Call::Replace => {
            let (text, part, with) = (values.text(), values.text(), values.text());
            made(n, |i, out| {
                replace(text.get(i)?, part.get(i)?, with.get(i)?, out);
                Some(())
            })
        }
        Call::SplitPart => {
            let (text, separator, place) = (values.text(), values.text(), values.number());
            made(n, |i, out| {
                let place = whole(place.at(i))?;
                out.push_str(split_part(text.get(i)?, separator.get(i)?, place)?);
                Some(())
            })
        }
        Call::PadLeft => {
            let (text, width) = (values.text(), values.number());
            let with = (values.len() > 0).then(|| values.text());
            made(n, |i, out| {
                let with = match &with {
                    Some(with) => with.get(i)?,
                    None => " ",
                };
                pad_left(text.get(i)?, whole(width.at(i))?, with, out);
                Some(())
            })
        }
        Call::Matches | Call::Extract | Call::ReplacePattern => by_pattern(call, values, aid),
        // The dispatch above hands over functions of texts only.
        _ => Block::missing(Type::Missing),
    }
}

fn by_pattern<'a>(call: Call, mut values: Values<'a>, aid: &Aid) -> Block<'a> {
    let n = values.n;
    let Aid::Pattern(regex, group) = aid else {
        return Block::missing(Type::Missing);
    };
    let text = values.text();
    match call {
        Call::Matches => Block::Truth(truths(n, |i| Some(regex.is_match(text.get(i)?)))),
        Call::Extract => made(n, |i, out| {
            let text = text.get(i)?;
            let found = match group {
                0 => regex.find(text)?,
                group => regex.captures(text)?.get(*group)?,
            };
            out.push_str(found.as_str());
            Some(())
        }),
        _ => {
            let (_, with) = (values.text(), values.text());
            made(n, |i, out| {
                out.push_str(&regex.replace_all(text.get(i)?, with.get(i)?));
                Some(())
            })
        }
    }
}

/// The texts one after another; missing where one of them is.
pub(super) fn joined<'a>(all: &[Texts<'a>], n: usize) -> Block<'a> {
    made(n, |i, out| {
        for texts in all {
            out.push_str(texts.get(i)?);
        }
        Some(())
    })
}

/// Values of any kind in their canonical spelling.
pub(super) fn spelt<'a>(block: Block<'a>, ty: Type, n: usize) -> Texts<'a> {
    let (is_one, write): (bool, Box<dyn Fn(usize) -> Value<'static>>) = match block {
        Block::Text(texts) => return texts,
        Block::Number(lane) => (
            matches!(lane, Lane::One(_)),
            Box::new(move |i| match lane.at(i) {
                x if x.is_nan() => Value::Missing,
                x => Value::Float(x),
            }),
        ),
        Block::Truth(lane) => (
            matches!(lane, Lane::One(_)),
            Box::new(move |i| match lane.at(i) {
                UNKNOWN => Value::Missing,
                t => Value::Bool(t == TRUE),
            }),
        ),
        Block::Stamp(lane) => (
            matches!(lane, Lane::One(_)),
            Box::new(move |i| match (lane.at(i), ty) {
                (NO_STAMP, _) => Value::Missing,
                (s, Type::DateTime) => Value::DateTime(s),
                (s, Type::Time) => i32::try_from(s).map_or(Value::Missing, Value::Time),
                (s, _) => i32::try_from(s).map_or(Value::Missing, Value::Date),
            }),
        ),
    };
    let spell = |i: usize, out: &mut String| {
        let value = write(i);
        value.write(out);
        !value.is_missing()
    };
    if is_one {
        let mut text = String::new();
        return Texts::One(spell(0, &mut text).then_some(text.into()));
    }
    Texts::Own(Made::rows(n, spell))
}

/// A truth value for each of `n` rows; `None` is missing.
pub(super) fn truths<'a>(n: usize, of: impl Fn(usize) -> Option<bool>) -> Lane<'a, u8> {
    Lane::own((0..n).map(|i| of(i).map_or(UNKNOWN, truth)).collect())
}

fn numbers<'a>(n: usize, of: impl Fn(usize) -> Option<usize>) -> Block<'a> {
    let number = |i| of(i).map_or(f64::NAN, |x| x as f64);
    Block::Number(Lane::own((0..n).map(number).collect()))
}

fn made<'a>(n: usize, write: impl Fn(usize, &mut String) -> Option<()>) -> Block<'a> {
    Block::Text(Texts::Own(Made::rows(n, |i, out| write(i, out).is_some())))
}

fn one<'a>(mut values: Values<'a>, write: impl Fn(&str, &mut String)) -> Block<'a> {
    let text = values.text();
    made(values.n, |i, out| {
        write(text.get(i)?, out);
        Some(())
    })
}

fn two<'a>(mut values: Values<'a>, holds: impl Fn(&str, &str) -> bool) -> Block<'a> {
    let (text, part) = (values.text(), values.text());
    Block::Truth(truths(values.n, |i| {
        Some(holds(text.get(i)?, part.get(i)?))
    }))
}

/// A number of characters; a fraction is cut off.
fn whole(x: f64) -> Option<i64> {
    (!x.is_nan()).then_some(x as i64)
}

/// The byte where character `n`, from 0, begins; the end when there are not so many.
fn byte_of(text: &str, n: usize) -> usize {
    if text.is_ascii() {
        return n.min(text.len());
    }
    text.char_indices().nth(n).map_or(text.len(), |(at, _)| at)
}

fn left(text: &str, count: i64) -> &str {
    let count = match count {
        0.. => count as usize,
        _ => text
            .chars()
            .count()
            .saturating_sub(count.unsigned_abs() as usize),
    };
    &text[..byte_of(text, count)]
}

fn right(text: &str, count: i64) -> &str {
    let skipped = match count {
        0.. => text.chars().count().saturating_sub(count as usize),
        _ => count.unsigned_abs() as usize,
    };
    &text[byte_of(text, skipped)..]
}

/// `count` characters from `start` on; places before the first are empty, and a negative start
/// counts from the end.
fn substring(text: &str, start: i64, count: i64) -> &str {
    let start = match start {
        0.. => start,
        _ => text.chars().count() as i64 + 1 + start,
    };
    let end = start.saturating_add(count.max(0)).max(1);
    let (from, to) = (start.max(1) as usize - 1, end as usize - 1);
    if to <= from {
        return "";
    }
    let rest = &text[byte_of(text, from)..];
    &rest[..byte_of(rest, to - from)]
}

fn replace(text: &str, part: &str, with: &str, out: &mut String) {
    if part.is_empty() {
        return out.push_str(text);
    }
    let mut rest = text;
    while let Some(at) = rest.find(part) {
        out.push_str(&rest[..at]);
        out.push_str(with);
        rest = &rest[at + part.len()..];
    }
    out.push_str(rest);
}

fn split_part<'t>(text: &'t str, separator: &str, place: i64) -> Option<&'t str> {
    if separator.is_empty() {
        return matches!(place, 1 | -1).then_some(text);
    }
    match place {
        0 => None,
        1.. => text.split(separator).nth(usize::try_from(place - 1).ok()?),
        _ => {
            let back = usize::try_from(place.unsigned_abs() - 1).ok()?;
            text.rsplit(separator).nth(back)
        }
    }
}

fn pad_left(text: &str, width: i64, with: &str, out: &mut String) {
    let width = width.clamp(0, MAX_PADDED as i64) as usize;
    let n_missing = width.saturating_sub(text.chars().count());
    out.extend(with.chars().cycle().take(n_missing));
    out.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DuckDB 2.0: `left`, `right`, `substring`, `split_part` of the same values; it gives an empty
    /// text where a part is not there, and takes a negative length backwards.
    #[test]
    fn parts_of_texts() {
        let check = |found: &str, expected: &str| assert_eq!(found, expected);
        check(left("서울시", 2), "서울");
        check(left("서울시", -1), "서울");
        check(left("abc", 9), "abc");
        check(left("abc", -9), "");
        check(right("서울시", 2), "울시");
        check(right("서울시", -1), "울시");
        check(right("abc", 0), "");
        check(substring("서울특별시", 3, 2), "특별");
        check(substring("abcdef", 3, i64::MAX), "cdef");
        check(substring("abcdef", 0, 2), "a");
        check(substring("abcdef", -2, 9), "ef");
        check(substring("abcdef", -3, 2), "de");
        check(substring("abcdef", 9, 2), "");
        check(substring("abcdef", 2, -1), "");
        let check = |text: &str, separator: &str, place, expected| {
            assert_eq!(split_part(text, separator, place), expected);
        };
        check("a-b-c", "-", 2, Some("b"));
        check("a-b-c", "-", -1, Some("c"));
        check("a-b-c", "-", 4, None);
        check("a-b-c", "-", 0, None);
        check("a-b", "", 1, Some("a-b"));
    }

    #[test]
    fn replacing_and_padding() {
        let check = |made: &dyn Fn(&mut String), expected: &str| {
            let mut out = String::new();
            made(&mut out);
            assert_eq!(out, expected);
        };
        check(&|out| replace("a-b-c", "-", "::", out), "a::b::c");
        check(&|out| replace("aaa", "aa", "b", out), "ba");
        check(&|out| replace("abc", "", "x", out), "abc");
        check(&|out| pad_left("7", 3, "0", out), "007");
        check(&|out| pad_left("가", 4, "ab", out), "aba가");
        check(&|out| pad_left("long", 2, "0", out), "long");
        check(&|out| pad_left("7", 3, "", out), "7");
    }
}
