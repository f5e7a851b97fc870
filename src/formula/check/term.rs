//! A formula whose names and kinds are settled: what the evaluator runs.

use std::ops::Range;

use super::super::functions::{Call, Unit};
use super::super::syntax::Infix;
use super::super::types::Type;

/// A part of a checked formula.
#[derive(Clone, Debug)]
pub(in super::super) struct Term {
    pub op: Op,
    pub ty: Type,
    pub range: Range<usize>,
}

#[derive(Clone, Debug)]
pub(in super::super) enum Op {
    /// A position in the formula's columns.
    Column(usize),
    /// The position, from 0, of an ordered category's value among its levels.
    Place(usize),
    /// The position of one level of that column.
    PlaceOf(usize, String),
    Constant(Constant),
    /// Row by row.
    Apply(Kernel, Vec<Term>),
    /// From all rows, or those of a group.
    Whole {
        call: Call,
        arguments: Vec<Term>,
        by: Vec<Term>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Constant {
    Missing,
    Truth(bool),
    Number(f64),
    Text(String),
    /// Days or milliseconds, as the type says.
    Stamp(i64),
}

/// What is done with the values of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kernel {
    Infix(Infix),
    Minus,
    Not,
    /// The first value is among the others.
    In,
    IsMissing,
    /// Condition and value in turn, then the value of all other rows.
    Case,
    /// A date as its midnight.
    Midnight,
    /// 0 and 1.
    TruthToNumber,
    Call(Call),
    /// A function whose first value was a unit of time.
    Timed(Call, Unit),
}

impl Term {
    pub fn constant(constant: Constant, ty: Type, range: Range<usize>) -> Self {
        Self {
            op: Op::Constant(constant),
            ty,
            range,
        }
    }

    pub fn apply(kernel: Kernel, terms: Vec<Term>, ty: Type, range: Range<usize>) -> Self {
        Self {
            op: Op::Apply(kernel, terms),
            ty,
            range,
        }
    }

    /// A text that is written in the formula.
    pub fn text(&self) -> Option<&str> {
        match &self.op {
            Op::Constant(Constant::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether it is the same in all rows.
    pub fn is_fixed(&self) -> bool {
        match &self.op {
            Op::Constant(_) | Op::PlaceOf(..) => true,
            Op::Column(_) | Op::Place(_) => false,
            Op::Apply(_, terms) => terms.iter().all(Term::is_fixed),
            Op::Whole { call, by, .. } => by.is_empty() && call.is_statistic(),
        }
    }
}

impl Call {
    /// Whether it gives one value for a column or a group.
    pub(in super::super) fn is_statistic(self) -> bool {
        use Call::*;
        matches!(
            self,
            All | Any
                | Count
                | CountDistinct
                | CountIf
                | First
                | Last
                | MaxOf
                | Mean
                | Median
                | MinOf
                | Mode
                | Quantile
                | Rows
                | Sd
                | Sum
                | Variance
        )
    }

    /// Whether its value in a row depends on other rows.
    pub(in super::super) fn is_window(self) -> bool {
        use Call::*;
        matches!(
            self,
            CumulativeMax
                | CumulativeMin
                | CumulativeSum
                | DenseRank
                | Diff
                | FillForward
                | Lag
                | Lead
                | Ntile
                | PercentRank
                | Rank
                | RankAverage
                | RowNumber
                | Share
                | Zscore
        )
    }
}
