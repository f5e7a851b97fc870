//! The values of a block of rows: one for all, or one each, borrowed where that can be.
//!
//! Missing is a value of its own in each kind: NaN among numbers, 1 among truth values (0 is false, 2
//! is true, so that `and` is the lesser, `or` the greater and `not` 2 − x, as Kleene has them), and
//! [`NO_STAMP`] among dates and times.

use std::borrow::Cow;

/// A missing date or time.
pub(super) const NO_STAMP: i64 = i64::MIN;

pub(super) const FALSE: u8 = 0;
pub(super) const UNKNOWN: u8 = 1;
pub(super) const TRUE: u8 = 2;

/// A truth value that is not missing.
#[inline(always)]
pub(super) fn truth(is_true: bool) -> u8 {
    u8::from(is_true) * 2
}

#[derive(Clone, Debug)]
pub(super) enum Lane<'a, T: Copy> {
    One(T),
    Many(Cow<'a, [T]>),
}

impl<'a, T: Copy> Lane<'a, T> {
    pub fn own(values: Vec<T>) -> Self {
        Lane::Many(Cow::Owned(values))
    }

    pub fn slice(values: &'a [T]) -> Self {
        Lane::Many(Cow::Borrowed(values))
    }

    /// The value of row `i` of the block.
    #[inline(always)]
    pub fn at(&self, i: usize) -> T {
        match self {
            Lane::One(x) => *x,
            Lane::Many(v) => v[i],
        }
    }

    /// Another value for each.
    pub fn map<U: Copy>(self, f: impl Fn(T) -> U) -> Lane<'a, U> {
        match self {
            Lane::One(x) => Lane::One(f(x)),
            Lane::Many(v) => Lane::own(v.iter().map(|&x| f(x)).collect()),
        }
    }

    /// As [`Lane::map`], in place where the values are its own.
    pub fn update(self, f: impl Fn(T) -> T) -> Self {
        match self {
            Lane::Many(Cow::Owned(mut v)) => {
                v.iter_mut().for_each(|x| *x = f(*x));
                Lane::own(v)
            }
            other => other.map(f),
        }
    }

    /// A value from each of two.
    pub fn zip<U: Copy, V: Copy>(self, other: Lane<'a, U>, f: impl Fn(T, U) -> V) -> Lane<'a, V> {
        match (self, other) {
            (Lane::One(a), Lane::One(b)) => Lane::One(f(a, b)),
            (Lane::Many(a), Lane::One(b)) => Lane::own(a.iter().map(|&a| f(a, b)).collect()),
            (Lane::One(a), Lane::Many(b)) => Lane::own(b.iter().map(|&b| f(a, b)).collect()),
            (Lane::Many(a), Lane::Many(b)) => {
                Lane::own(a.iter().zip(b.iter()).map(|(&a, &b)| f(a, b)).collect())
            }
        }
    }

    /// As [`Lane::zip`], in place where values are its own.
    pub fn merge(self, other: Self, f: impl Fn(T, T) -> T) -> Self {
        match (self, other) {
            (Lane::Many(Cow::Owned(mut a)), Lane::One(b)) => {
                a.iter_mut().for_each(|a| *a = f(*a, b));
                Lane::own(a)
            }
            (Lane::One(a), Lane::Many(Cow::Owned(mut b))) => {
                b.iter_mut().for_each(|b| *b = f(a, *b));
                Lane::own(b)
            }
            (Lane::Many(Cow::Owned(mut a)), Lane::Many(b)) => {
                a.iter_mut().zip(b.iter()).for_each(|(a, &b)| *a = f(*a, b));
                Lane::own(a)
            }
            (Lane::Many(a), Lane::Many(Cow::Owned(mut b))) => {
                b.iter_mut().zip(a.iter()).for_each(|(b, &a)| *b = f(a, *b));
                Lane::own(b)
            }
            (a, b) => a.zip(b, f),
        }
    }

    /// A value from each of three; the lanes have `n` rows.
    pub fn zip3<U: Copy, V: Copy, W: Copy>(
        self,
        second: Lane<'a, U>,
        third: Lane<'a, V>,
        n: usize,
        f: impl Fn(T, U, V) -> W,
    ) -> Lane<'a, W> {
        if let (Lane::One(a), Lane::One(b), Lane::One(c)) = (&self, &second, &third) {
            return Lane::One(f(*a, *b, *c));
        }
        Lane::own(
            (0..n)
                .map(|i| f(self.at(i), second.at(i), third.at(i)))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lane: Lane<'_, f64>, expected: &[f64]) {
        let found: Vec<f64> = (0..expected.len()).map(|i| lane.at(i)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn all_pairs_of_shapes_agree() {
        let (a, b) = ([1.0, 2.0], [10.0, 20.0]);
        let shapes = |x: &'static [f64; 2]| [Lane::slice(x), Lane::own(x.to_vec())];
        static A: [f64; 2] = [1.0, 2.0];
        static B: [f64; 2] = [10.0, 20.0];
        for left in shapes(&A) {
            for right in shapes(&B) {
                check(
                    left.clone().merge(right.clone(), |a, b| b - a),
                    &[9.0, 18.0],
                );
                check(left.clone().zip(right, |a, b| b - a), &[9.0, 18.0]);
            }
            check(
                left.clone().merge(Lane::One(5.0), |a, b| b - a),
                &[4.0, 3.0],
            );
            check(
                Lane::One(5.0).merge(left.clone(), |a, b| b - a),
                &[-4.0, -3.0],
            );
            check(left.clone().update(|x| -x), &[-1.0, -2.0]);
            check(left.map(|x| x * 2.0), &[2.0, 4.0]);
        }
        check(
            Lane::One(1.0).merge(Lane::One(2.0), |a, b| a - b),
            &[-1.0, -1.0],
        );
        let three = Lane::slice(&a).zip3(Lane::One(1.0), Lane::slice(&b), 2, |a, b, c| a + b + c);
        check(three, &[12.0, 23.0]);
    }
}
