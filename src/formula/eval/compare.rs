//! Comparisons, and the least and greatest of a row.

use super::super::syntax::Infix;
use super::super::types::Type;
use super::Block;
use super::kernels::Values;
use super::lane::{FALSE, Lane, NO_STAMP, UNKNOWN};
use super::strings;
use super::texts::{Made, Texts};

/// Whether the comparison holds; missing where a side is.
pub(super) fn compare<'a>(infix: Infix, mut values: Values<'a>) -> Lane<'a, u8> {
    match values.ty() {
        Type::Text => {
            let (a, b) = (values.text(), values.text());
            compare_texts(infix, &a, &b, values.n)
        }
        Type::Truth => {
            let (a, b) = (values.truth(), values.truth());
            compare_lanes(infix, a, b, |t| t == UNKNOWN)
        }
        Type::Date | Type::DateTime | Type::Time => {
            let (a, b) = (values.stamp(), values.stamp());
            compare_lanes(infix, a, b, |s| s == NO_STAMP)
        }
        _ => {
            let (a, b) = (values.number(), values.number());
            compare_lanes(infix, a, b, f64::is_nan)
        }
    }
}

fn compare_lanes<'a, T: Copy + PartialOrd>(
    infix: Infix,
    a: Lane<'a, T>,
    b: Lane<'a, T>,
    is_missing: impl Fn(T) -> bool + Copy,
) -> Lane<'a, u8> {
    // One loop for each comparison, so that the compiler sees through it.
    macro_rules! by {
        ($sign:tt) => {
            a.zip(b, |a, b| {
                // Without a branch: 1 where a side is missing, else 0 or 2.
                let known = !(is_missing(a) | is_missing(b));
                u8::from(!known) | (u8::from(known & (a $sign b)) << 1)
            })
        };
    }
    match infix {
        Infix::Equal => by!(==),
        Infix::NotEqual => by!(!=),
        Infix::Less => by!(<),
        Infix::AtMost => by!(<=),
        Infix::More => by!(>),
        _ => by!(>=),
    }
}

fn compare_texts<'a>(infix: Infix, a: &Texts<'_>, b: &Texts<'_>, n: usize) -> Lane<'a, u8> {
    let holds = |a: &str, b: &str| match infix {
        Infix::Equal => a == b,
        Infix::NotEqual => a != b,
        Infix::Less => a < b,
        Infix::AtMost => a <= b,
        Infix::More => a > b,
        _ => a >= b,
    };
    strings::truths(n, |i| Some(holds(a.get(i)?, b.get(i)?)))
}

/// Whether the first value equals one of the others: true where one does, missing where one of them
/// is and none does.
pub(super) fn any_equal<'a>(mut values: Values<'a>) -> Lane<'a, u8> {
    let n = values.n;
    let n_others = values.len() - 1;
    let or = |a: Lane<'a, u8>, b| a.merge(b, |a: u8, b: u8| a.max(b));
    let none = Lane::One(FALSE);
    match values.ty() {
        Type::Text => {
            let value = values.text();
            (0..n_others).fold(none, |found, _| {
                or(
                    found,
                    compare_texts(Infix::Equal, &value, &values.text(), n),
                )
            })
        }
        Type::Truth => {
            let value = values.truth();
            (0..n_others).fold(none, |found, _| {
                let is_missing = |t| t == UNKNOWN;
                or(
                    found,
                    compare_lanes(Infix::Equal, value.clone(), values.truth(), is_missing),
                )
            })
        }
        Type::Date | Type::DateTime | Type::Time => {
            let value = values.stamp();
            (0..n_others).fold(none, |found, _| {
                let is_missing = |s| s == NO_STAMP;
                or(
                    found,
                    compare_lanes(Infix::Equal, value.clone(), values.stamp(), is_missing),
                )
            })
        }
        _ => {
            let value = values.number();
            (0..n_others).fold(none, |found, _| {
                let lanes = (value.clone(), values.number());
                or(
                    found,
                    compare_lanes(Infix::Equal, lanes.0, lanes.1, f64::is_nan),
                )
            })
        }
    }
}

/// The least or the greatest of the values that are not missing.
pub(super) fn extreme<'a>(is_least: bool, mut values: Values<'a>, ty: Type) -> Block<'a> {
    let n = values.n;
    let n_others = values.len() - 1;
    match ty {
        Type::Text => {
            let all: Vec<_> = (0..=n_others).map(|_| values.text()).collect();
            Block::Text(Texts::Own(Made::rows(n, |i, out| {
                let present = all.iter().filter_map(|t| t.get(i));
                let text = if is_least {
                    present.min()
                } else {
                    present.max()
                };
                out.push_str(text.unwrap_or_default());
                text.is_some()
            })))
        }
        Type::Truth => {
            let pick = move |a: u8, b: u8| match (a, b) {
                (UNKNOWN, b) => b,
                (a, UNKNOWN) => a,
                (a, b) if is_least => a.min(b),
                (a, b) => a.max(b),
            };
            let first = values.truth();
            Block::Truth((0..n_others).fold(first, |a, _| a.merge(values.truth(), pick)))
        }
        Type::Date | Type::DateTime | Type::Time => {
            let pick = move |a: i64, b: i64| match (a, b) {
                (NO_STAMP, b) => b,
                (a, NO_STAMP) => a,
                (a, b) if is_least => a.min(b),
                (a, b) => a.max(b),
            };
            let first = values.stamp();
            Block::Stamp((0..n_others).fold(first, |a, _| a.merge(values.stamp(), pick)))
        }
        _ => {
            let first = values.number();
            Block::Number(match is_least {
                true => (0..n_others).fold(first, |a, _| a.merge(values.number(), f64::min)),
                false => (0..n_others).fold(first, |a, _| a.merge(values.number(), f64::max)),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lane::truth;
    use super::*;

    #[test]
    fn a_missing_side_leaves_it_open() {
        let check = |infix, a: f64, b: f64, expected| {
            let found = compare_lanes(infix, Lane::One(a), Lane::One(b), f64::is_nan);
            assert_eq!(found.at(0), expected, "{a} {infix:?} {b}");
        };
        check(Infix::Less, 1.0, 2.0, truth(true));
        check(Infix::Less, 2.0, 2.0, truth(false));
        check(Infix::AtMost, 2.0, 2.0, truth(true));
        check(Infix::NotEqual, f64::NAN, 2.0, UNKNOWN);
        check(Infix::Equal, f64::NAN, f64::NAN, UNKNOWN);
        check(Infix::Equal, 0.0, -0.0, truth(true));
        check(Infix::More, f64::INFINITY, 2.0, truth(true));
    }
}
