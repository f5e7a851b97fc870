//! Runs a checked formula over the columns of a table.
//!
//! Statistics of columns come first, each from one pass over its rows; what is left goes row by row
//! in blocks that stay in the cache. A part that reads a single category is worked out once for each
//! of its levels.

mod compare;
mod dates;
mod groups;
mod kernels;
mod lane;
mod numbers;
mod prepare;
mod statistics;
mod strings;
mod texts;
mod vector;
mod windows;

use std::ops::Range;

use super::Error;
use super::check::{Constant, Formula};
use super::types::Type;
use crate::table::{Bitmap, Column, Data, Table};
use kernels::Operation;
use lane::{Lane, NO_STAMP, TRUE, UNKNOWN, truth};
use texts::Texts;
use vector::{Output, Source, Vector};

/// Rows of a block: the values of a few columns stay in the nearest cache.
const BLOCK: usize = 2048;
/// Blocks between two looks at whether to go on.
const BLOCKS_A_TICK: usize = 32;

/// Told the share done, from 0 to 1; says whether to go on.
pub type Tick<'a> = dyn FnMut(f32) -> bool + 'a;

/// Why there are no values.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The tick said so.
    Stopped,
    /// A regular expression or a pattern that cannot be read.
    Formula(Error),
    /// Texts of more than 2 GiB in one column.
    TooMuchText,
}

/// Which rows a formula is true for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fits {
    pub rows: Bitmap,
    /// Rows where a missing value leaves it open.
    pub n_unknown: usize,
}

impl Formula {
    /// The formula's values in the rows of the table that it was read for, as a column called `name`.
    ///
    /// # Errors
    /// When the tick stops it, or see [`Failure`].
    pub fn compute(
        &self,
        name: &str,
        table: &Table,
        tick: &mut Tick<'_>,
    ) -> Result<Column, Failure> {
        if let Some(column) = self.bare_column(table) {
            let mut column = column.clone();
            column.name = name.to_string();
            return Ok(column);
        }
        let mut engine = Engine::new(self, table, tick);
        let step = engine.prepare_root(&self.term)?;
        if let Kind::PerLevel(place, vector @ Vector::Text { .. }) = &step.kind {
            return Ok(engine.recoded(*place, vector).into_column(name, step.ty));
        }
        let mut output = Output::new(step.ty, table.n_rows());
        engine.each_block(&step, &mut |block, rows| output.push(block, rows.len()))?;
        output.finish(name, step.ty)
    }

    /// The rows where the formula is true.
    ///
    /// # Errors
    /// When the tick stops it, or see [`Failure`].
    pub fn fits(&self, table: &Table, tick: &mut Tick<'_>) -> Result<Fits, Failure> {
        let mut engine = Engine::new(self, table, tick);
        let step = engine.prepare_root(&self.term)?;
        let mut bytes = vec![0; table.n_rows().div_ceil(8)];
        let mut n_unknown = 0;
        engine.each_block(&step, &mut |block, rows| {
            let truths = block.truth();
            // A block starts at a whole byte.
            let of_block = rows.start / 8..rows.end.div_ceil(8);
            for (k, byte) in bytes[of_block].iter_mut().enumerate() {
                for i in k * 8..(k * 8 + 8).min(rows.len()) {
                    let truth = truths.at(i);
                    *byte |= u8::from(truth == TRUE) << (i & 7);
                    n_unknown += usize::from(truth == UNKNOWN);
                }
            }
            Ok(())
        })?;
        Ok(Fits {
            rows: Bitmap::from_bytes(bytes, table.n_rows()).unwrap_or_default(),
            n_unknown,
        })
    }

    /// Columns of whole numbers that hold some past 2^53, which are reckoned with only to about 16
    /// digits.
    pub fn inexact_columns(&self, table: &Table) -> Vec<&str> {
        const EXACT: u64 = 1 << 53;
        let is_inexact = |name: &&String| match table.column(name).map(|c| &c.data) {
            Some(Data::Int(v)) => v.iter().any(|x| x.unsigned_abs() > EXACT),
            _ => false,
        };
        let columns = self.columns().iter().filter(is_inexact);
        columns.map(String::as_str).collect()
    }
}

/// Values of some rows.
enum Block<'a> {
    Number(Lane<'a, f64>),
    Truth(Lane<'a, u8>),
    Stamp(Lane<'a, i64>),
    Text(Texts<'a>),
}

impl<'a> Block<'a> {
    fn of_constant(constant: &'a Constant, ty: Type) -> Self {
        match constant {
            Constant::Number(x) => Block::Number(Lane::One(*x)),
            Constant::Truth(t) => Block::Truth(Lane::One(truth(*t))),
            Constant::Stamp(s) => Block::Stamp(Lane::One(*s)),
            Constant::Text(s) => Block::Text(Texts::One(Some(s.as_str().into()))),
            Constant::Missing => Block::missing(ty),
        }
    }

    fn missing(ty: Type) -> Self {
        match ty {
            Type::Missing | Type::Number | Type::Whole => Block::Number(Lane::One(f64::NAN)),
            Type::Truth => Block::Truth(Lane::One(UNKNOWN)),
            Type::Date | Type::DateTime | Type::Time => Block::Stamp(Lane::One(NO_STAMP)),
            Type::Text => Block::Text(Texts::One(None)),
        }
    }

    // What is always missing has no kind of its own, and serves as any.

    fn number(self) -> Lane<'a, f64> {
        match self {
            Block::Number(lane) => lane,
            _ => Lane::One(f64::NAN),
        }
    }

    fn truth(self) -> Lane<'a, u8> {
        match self {
            Block::Truth(lane) => lane,
            _ => Lane::One(UNKNOWN),
        }
    }

    fn stamp(self) -> Lane<'a, i64> {
        match self {
            Block::Stamp(lane) => lane,
            _ => Lane::One(NO_STAMP),
        }
    }

    fn text(self) -> Texts<'a> {
        match self {
            Block::Text(texts) => texts,
            _ => Texts::One(None),
        }
    }
}

/// A part of a formula that is ready to run.
struct Step<'t> {
    ty: Type,
    reads: Reads,
    kind: Kind<'t>,
}

enum Kind<'t> {
    One(Constant),
    Column(usize),
    /// Positions of an ordered category's values.
    Place(usize),
    /// Values of all rows.
    All(Vector<'t>),
    /// Values for each level of a category, and a last one where it is missing.
    PerLevel(usize, Vector<'t>),
    Apply(Operation, Vec<Step<'t>>),
}

/// What a step's value in a row depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    Nothing,
    /// One category.
    Levels(usize),
    Rows,
}

impl Reads {
    fn with(self, other: Reads) -> Reads {
        match (self, other) {
            (a, b) if a == b => a,
            (Reads::Nothing, a) | (a, Reads::Nothing) => a,
            _ => Reads::Rows,
        }
    }
}

/// The rows that a step is worked out for.
#[derive(Clone, Debug)]
enum View {
    Rows(Range<usize>),
    /// So many levels of a category, and a missing value behind them.
    Levels(usize),
}

impl View {
    fn len(&self) -> usize {
        match self {
            View::Rows(rows) => rows.len(),
            View::Levels(n) => n + 1,
        }
    }
}

struct Engine<'t, 'a> {
    columns: Vec<&'t Column>,
    sources: Vec<Source<'t>>,
    n_rows: usize,
    /// Passes over the rows that are done, and that there are.
    passes: (usize, usize),
    tick: &'a mut Tick<'a>,
}

/// Takes the values of a block and its rows.
type Take<'a> = dyn FnMut(Block<'_>, Range<usize>) -> Result<(), Failure> + 'a;

impl<'t> Engine<'t, '_> {
    /// Works a step out for all rows, block by block.
    fn each_block(&mut self, step: &Step<'t>, take: &mut Take<'_>) -> Result<(), Failure> {
        for (k, start) in (0..self.n_rows).step_by(BLOCK).enumerate() {
            if k % BLOCKS_A_TICK == 0 {
                self.tick(start as f32 / self.n_rows as f32)?;
            }
            let rows = start..(start + BLOCK).min(self.n_rows);
            take(self.block(step, &View::Rows(rows.clone())), rows)?;
        }
        self.passes.0 += 1;
        Ok(())
    }

    fn tick(&mut self, share_of_pass: f32) -> Result<(), Failure> {
        let (done, all) = self.passes;
        match (self.tick)((done as f32 + share_of_pass) / all.max(1) as f32) {
            true => Ok(()),
            false => Err(Failure::Stopped),
        }
    }

    fn block<'s>(&'s self, step: &'s Step<'t>, view: &View) -> Block<'s> {
        match (&step.kind, view) {
            (Kind::One(constant), _) => Block::of_constant(constant, step.ty),
            (Kind::Column(place), View::Rows(rows)) => self.sources[*place].block(rows.clone()),
            (Kind::Column(place), View::Levels(_)) => match self.sources[*place].category() {
                Some((_, levels)) => Block::Text(Texts::Levels(levels)),
                None => Block::missing(step.ty),
            },
            (Kind::Place(place), View::Rows(rows)) => {
                let codes = self.sources[*place]
                    .category()
                    .map_or(&[][..], |(codes, _)| codes);
                let number = |&code: &i32| if code < 0 { f64::NAN } else { f64::from(code) };
                Block::Number(Lane::own(codes[rows.clone()].iter().map(number).collect()))
            }
            (Kind::Place(_), View::Levels(n)) => {
                let places = (0..*n).map(|i| i as f64).chain([f64::NAN]);
                Block::Number(Lane::own(places.collect()))
            }
            (Kind::All(vector), View::Rows(rows)) => vector.block(rows.clone()),
            (Kind::All(vector), View::Levels(_)) => vector.block(0..vector.len()),
            (Kind::PerLevel(place, vector), View::Rows(rows)) => {
                let codes = self.sources[*place]
                    .category()
                    .map_or(&[][..], |(codes, _)| codes);
                vector.through(&codes[rows.clone()])
            }
            (Kind::PerLevel(_, vector), View::Levels(_)) => vector.block(0..vector.len()),
            (Kind::Apply(operation, steps), view) => {
                let values = steps.iter().map(|s| (self.block(s, view), s.ty)).collect();
                operation.run(values, step.ty, view.len())
            }
        }
    }

    /// A category's codes led through what was worked out for its levels.
    fn recoded<'s>(&'s self, place: usize, vector: &'s Vector<'t>) -> Vector<'s> {
        match (self.sources[place].category(), vector) {
            (Some((codes, _)), Vector::Text { codes: via, levels }) => {
                let last = via.len() - 1;
                let code = |&code: &i32| via[(code as usize).min(last)];
                Vector::Text {
                    codes: codes.iter().map(code).collect(),
                    levels: levels.as_ref().into(),
                }
            }
            _ => vector.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
