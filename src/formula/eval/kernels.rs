//! What is done with the values of a row, one block at a time.

use regex_lite::Regex;
use rustc_hash::FxHashSet;

use super::super::Error;
use super::super::check::{Constant, Kernel, Op, Term};
use super::super::functions::Call;
use super::super::syntax::Infix;
use super::super::types::Type;
use super::dates::Piece;
use super::lane::{FALSE, Lane, NO_STAMP, TRUE, UNKNOWN, truth};
use super::texts::{Made, Texts};
use super::vector::number_of_truth;
use super::{Block, Failure, Kind, Step, compare, dates, numbers, strings};
use crate::msg;
use crate::table::calendar::MS_PER_DAY;

/// A kernel with what it needs beside its values.
pub(super) struct Operation {
    kernel: Kernel,
    aid: Aid,
}

pub(super) enum Aid {
    None,
    /// A regular expression, and which of its groups is asked for.
    Pattern(Regex, usize),
    DateFormat(Vec<Piece>),
    /// The values of a list that is written in the formula.
    Numbers(FxHashSet<u64>),
    Stamps(FxHashSet<i64>),
    Texts(FxHashSet<String>),
}

/// The values of a kernel's parts for a block of rows.
pub(super) struct Values<'a> {
    values: std::vec::IntoIter<(Block<'a>, Type)>,
    pub n: usize,
}

impl<'a> Values<'a> {
    fn next(&mut self) -> Option<Block<'a>> {
        self.values.next().map(|(block, _)| block)
    }

    pub fn number(&mut self) -> Lane<'a, f64> {
        self.next().map_or(Lane::One(f64::NAN), Block::number)
    }

    pub fn truth(&mut self) -> Lane<'a, u8> {
        self.next().map_or(Lane::One(UNKNOWN), Block::truth)
    }

    pub fn stamp(&mut self) -> Lane<'a, i64> {
        self.next().map_or(Lane::One(NO_STAMP), Block::stamp)
    }

    pub fn text(&mut self) -> Texts<'a> {
        self.next().map_or(Texts::One(None), Block::text)
    }

    /// The kind of the next value.
    pub fn ty(&self) -> Type {
        self.values
            .as_slice()
            .first()
            .map_or(Type::Missing, |(_, ty)| *ty)
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// All that are left as texts: numbers and dates in their canonical spelling.
    pub fn spelt(&mut self) -> Vec<Texts<'a>> {
        let n = self.n;
        self.values
            .by_ref()
            .map(|(block, ty)| strings::spelt(block, ty, n))
            .collect()
    }
}

impl Operation {
    /// # Errors
    /// When a regular expression or a pattern of dates cannot be read.
    pub fn new(kernel: Kernel, terms: &[Term], steps: &[Step<'_>]) -> Result<Self, Failure> {
        let aid = match kernel {
            Kernel::In => list(&steps[1..]),
            _ => match kernel.call() {
                Some(Call::Matches | Call::Extract | Call::ReplacePattern) => {
                    pattern(&terms[1], steps.get(2))?
                }
                Some(Call::DateFormat) => date_format(&terms[1])?,
                _ => Aid::None,
            },
        };
        Ok(Self { kernel, aid })
    }

    /// The values of `n` rows.
    pub fn run<'a>(&self, values: Vec<(Block<'a>, Type)>, ty: Type, n: usize) -> Block<'a> {
        let mut values = Values {
            values: values.into_iter(),
            n,
        };
        match self.kernel {
            Kernel::Infix(infix) => self.infix(infix, values, ty),
            Kernel::Minus => Block::Number(values.number().update(|x| -x)),
            Kernel::Not => Block::Truth(values.truth().update(|t| TRUE - t)),
            Kernel::In => Block::Truth(self.is_in(values)),
            Kernel::IsMissing => Block::Truth(match values.next() {
                Some(Block::Number(lane)) => lane.map(|x| truth(x.is_nan())),
                Some(Block::Truth(lane)) => lane.map(|t| truth(t == UNKNOWN)),
                Some(Block::Stamp(lane)) => lane.map(|s| truth(s == NO_STAMP)),
                Some(Block::Text(texts)) => strings::truths(n, |i| Some(texts.get(i).is_none())),
                None => Lane::One(TRUE),
            }),
            Kernel::Case => case(values, ty),
            Kernel::Midnight => Block::Stamp(values.stamp().update(|days| match days {
                NO_STAMP => NO_STAMP,
                days => days * MS_PER_DAY,
            })),
            Kernel::TruthToNumber => Block::Number(values.truth().map(number_of_truth)),
            Kernel::Timed(call, unit) => dates::timed(call, unit, values, ty),
            Kernel::Call(call) => match call {
                Call::If => if_call(values, ty),
                Call::Coalesce => coalesce(values, ty),
                Call::NullIf => null_if(values, ty),
                Call::Min | Call::Max => compare::extreme(call == Call::Min, values, ty),
                _ if numbers::has(call) => Block::Number(numbers::run(call, values)),
                _ if dates::has(call) => dates::run(call, values, &self.aid),
                _ => strings::run(call, values, &self.aid),
            },
        }
    }

    fn infix<'a>(&self, infix: Infix, mut values: Values<'a>, ty: Type) -> Block<'a> {
        match infix {
            Infix::And => {
                let (a, b) = (values.truth(), values.truth());
                Block::Truth(a.merge(b, |a, b| a.min(b)))
            }
            Infix::Or => {
                let (a, b) = (values.truth(), values.truth());
                Block::Truth(a.merge(b, |a, b| a.max(b)))
            }
            Infix::Join => strings::joined(&values.spelt(), values.n),
            Infix::Equal
            | Infix::NotEqual
            | Infix::Less
            | Infix::AtMost
            | Infix::More
            | Infix::AtLeast => Block::Truth(compare::compare(infix, values)),
            // Days are added to a date, or lie between two.
            Infix::Add | Infix::Subtract if values.ty() == Type::Date => {
                dates::sum(infix, values, ty)
            }
            _ => {
                let (a, b) = (values.number(), values.number());
                Block::Number(numbers::arithmetic(infix, a, b))
            }
        }
    }

    fn is_in<'a>(&self, mut values: Values<'a>) -> Lane<'a, u8> {
        let n = values.n;
        match &self.aid {
            Aid::Numbers(set) => values.number().map(|x| match x.is_nan() {
                true => UNKNOWN,
                false => truth(set.contains(&number_key(x))),
            }),
            Aid::Stamps(set) => values.stamp().map(|s| match s {
                NO_STAMP => UNKNOWN,
                s => truth(set.contains(&s)),
            }),
            Aid::Texts(set) => {
                let texts = values.text();
                strings::truths(n, |i| texts.get(i).map(|t| set.contains(t)))
            }
            _ => compare::any_equal(values),
        }
    }
}

/// Equal numbers have equal keys: −0 is 0.
pub(super) fn number_key(x: f64) -> u64 {
    (x + 0.0).to_bits()
}

/// The set of a list whose values are all written in the formula.
fn list(steps: &[Step<'_>]) -> Aid {
    let constants: Option<Vec<&Constant>> = steps
        .iter()
        .map(|s| match &s.kind {
            Kind::One(constant) => Some(constant),
            _ => None,
        })
        .collect();
    let Some(constants) = constants else {
        return Aid::None;
    };
    let all = |fits: fn(&Constant) -> bool| constants.iter().all(|c| fits(c));
    if all(|c| matches!(c, Constant::Number(_))) {
        let keys = constants.iter().filter_map(|c| match c {
            Constant::Number(x) => Some(number_key(*x)),
            _ => None,
        });
        return Aid::Numbers(keys.collect());
    }
    if all(|c| matches!(c, Constant::Stamp(_))) {
        let stamps = constants.iter().filter_map(|c| match c {
            Constant::Stamp(s) => Some(*s),
            _ => None,
        });
        return Aid::Stamps(stamps.collect());
    }
    if all(|c| matches!(c, Constant::Text(_))) {
        let texts = constants.iter().filter_map(|c| match c {
            Constant::Text(s) => Some(s.clone()),
            _ => None,
        });
        return Aid::Texts(texts.collect());
    }
    Aid::None
}

/// A regular expression, and the group asked for: the first in brackets when none is named.
fn pattern(term: &Term, group: Option<&Step<'_>>) -> Result<Aid, Failure> {
    let failed = |message| Err(Failure::Formula(Error::at(term.range.clone(), message)));
    let regex = match Regex::new(term.text().unwrap_or_default()) {
        Ok(regex) => regex,
        Err(what) => {
            return failed(msg!(
                "formula.error.pattern",
                "This regular expression cannot be read: {what}.",
                what = what.to_string()
            ));
        }
    };
    let n_groups = regex.captures_len() - 1;
    let asked = match group.map(|s| &s.kind) {
        Some(Kind::One(Constant::Number(n))) => Some(*n),
        _ => None,
    };
    match asked {
        Some(n) if n >= 0.0 && n.fract() == 0.0 && n <= n_groups as f64 => {
            Ok(Aid::Pattern(regex, n as usize))
        }
        Some(_) => failed(msg!(
            "formula.error.group",
            "This regular expression has {n} {n|group|groups} in brackets.",
            n = n_groups
        )),
        None => Ok(Aid::Pattern(regex, n_groups.min(1))),
    }
}

fn date_format(term: &Term) -> Result<Aid, Failure> {
    let Op::Constant(Constant::Text(text)) = &term.op else {
        return Ok(Aid::None);
    };
    match Piece::all(text) {
        Ok(pieces) => Ok(Aid::DateFormat(pieces)),
        Err(letter) => Err(Failure::Formula(Error::at(
            term.range.clone(),
            msg!(
                "formula.error.date_format",
                "“%{letter}” is no part of a date; there are {parts}.",
                letter = letter.to_string(),
                parts = Piece::LETTERS.map(|l| format!("%{l}")).to_vec()
            ),
        ))),
    }
}

/// The value behind the first condition that is true.
fn case<'a>(mut values: Values<'a>, ty: Type) -> Block<'a> {
    let n = values.n;
    let mut arms = Vec::with_capacity(values.len() / 2);
    while values.len() > 1 {
        let when = values.truth();
        if let Some(then) = values.next() {
            arms.push((when, then));
        }
    }
    let other = values.next().unwrap_or_else(|| Block::missing(ty));
    if ty == Type::Text {
        let arms: Vec<_> = arms
            .into_iter()
            .map(|(when, then)| (when, then.text()))
            .collect();
        let other = other.text();
        return Block::Text(Texts::Own(Made::rows(n, |i, out| {
            let arm = arms.iter().find(|(when, _)| when.at(i) == TRUE);
            let text = arm.map_or(&other, |(_, then)| then).get(i);
            out.push_str(text.unwrap_or_default());
            text.is_some()
        })));
    }
    // From the last arm to the first, so that the first has the last word.
    let pick = |value: Block<'a>, (when, then): (Lane<'a, u8>, Block<'a>)| match ty {
        Type::Truth => Block::Truth(choose(when, then.truth(), value.truth(), n)),
        Type::Date | Type::DateTime | Type::Time => {
            Block::Stamp(choose(when, then.stamp(), value.stamp(), n))
        }
        _ => Block::Number(choose(when, then.number(), value.number(), n)),
    };
    arms.into_iter().rev().fold(other, pick)
}

/// The first value where the condition is true, the second elsewhere.
fn choose<'a, T: Copy>(
    when: Lane<'a, u8>,
    then: Lane<'a, T>,
    otherwise: Lane<'a, T>,
    n: usize,
) -> Lane<'a, T> {
    if let (Lane::One(a), Lane::One(b)) = (&then, &otherwise) {
        let (a, b) = (*a, *b);
        return when.map(|w| if w == TRUE { a } else { b });
    }
    when.zip3(then, otherwise, n, |w, a, b| if w == TRUE { a } else { b })
}

/// As [`case`] with one condition, but missing where the condition is.
fn if_call<'a>(mut values: Values<'a>, ty: Type) -> Block<'a> {
    let n = values.n;
    let when = values.truth();
    fn pick<'a, T: Copy>(
        when: Lane<'a, u8>,
        then: Lane<'a, T>,
        otherwise: Lane<'a, T>,
        missing: T,
        n: usize,
    ) -> Lane<'a, T> {
        when.zip3(then, otherwise, n, |w, a, b| match w {
            TRUE => a,
            FALSE => b,
            _ => missing,
        })
    }
    match ty {
        Type::Text => {
            let (then, otherwise) = (values.text(), values.text());
            Block::Text(Texts::Own(Made::rows(n, |i, out| {
                let text = match when.at(i) {
                    TRUE => then.get(i),
                    FALSE => otherwise.get(i),
                    _ => None,
                };
                out.push_str(text.unwrap_or_default());
                text.is_some()
            })))
        }
        Type::Truth => Block::Truth(pick(when, values.truth(), values.truth(), UNKNOWN, n)),
        Type::Date | Type::DateTime | Type::Time => {
            Block::Stamp(pick(when, values.stamp(), values.stamp(), NO_STAMP, n))
        }
        _ => Block::Number(pick(when, values.number(), values.number(), f64::NAN, n)),
    }
}

fn coalesce<'a>(mut values: Values<'a>, ty: Type) -> Block<'a> {
    let n = values.n;
    let n_values = values.len();
    match ty {
        Type::Text => {
            let all: Vec<_> = (0..n_values).map(|_| values.text()).collect();
            Block::Text(Texts::Own(Made::rows(n, |i, out| {
                let text = all.iter().find_map(|t| t.get(i));
                out.push_str(text.unwrap_or_default());
                text.is_some()
            })))
        }
        Type::Truth => {
            let merge = |a: Lane<'a, u8>, b| a.merge(b, |a, b| if a == UNKNOWN { b } else { a });
            let first = values.truth();
            Block::Truth((1..n_values).fold(first, |a, _| merge(a, values.truth())))
        }
        Type::Date | Type::DateTime | Type::Time => {
            let merge = |a: Lane<'a, i64>, b| a.merge(b, |a, b| if a == NO_STAMP { b } else { a });
            let first = values.stamp();
            Block::Stamp((1..n_values).fold(first, |a, _| merge(a, values.stamp())))
        }
        _ => {
            let merge = |a: Lane<'a, f64>, b| a.merge(b, |a, b| if a.is_nan() { b } else { a });
            let first = values.number();
            Block::Number((1..n_values).fold(first, |a, _| merge(a, values.number())))
        }
    }
}

fn null_if<'a>(mut values: Values<'a>, ty: Type) -> Block<'a> {
    let n = values.n;
    match ty {
        Type::Text => {
            let (a, b) = (values.text(), values.text());
            Block::Text(Texts::Own(Made::rows(n, |i, out| {
                let text = a.get(i).filter(|t| b.get(i) != Some(t));
                out.push_str(text.unwrap_or_default());
                text.is_some()
            })))
        }
        Type::Truth => {
            let (a, b) = (values.truth(), values.truth());
            Block::Truth(a.merge(b, |a, b| if a == b { UNKNOWN } else { a }))
        }
        Type::Date | Type::DateTime | Type::Time => {
            let (a, b) = (values.stamp(), values.stamp());
            Block::Stamp(a.merge(b, |a, b| if a == b { NO_STAMP } else { a }))
        }
        _ => {
            let (a, b) = (values.number(), values.number());
            Block::Number(a.merge(b, |a, b| if a == b { f64::NAN } else { a }))
        }
    }
}
