//! From a checked formula to steps: what is the same in all rows is worked out once, statistics are
//! taken, and parts that read one category are worked out for its levels.

use super::super::check::{Constant, Formula, Kernel, Op, Term};
use super::super::functions::Call;
use super::super::types::Type;
use super::groups::Groups;
use super::kernels::Operation;
use super::lane::TRUE;
use super::vector::{Collector, Source, Vector};
use super::{Block, Engine, Failure, Kind, Reads, Step, Tick, View, statistics, windows};
use crate::table::{Column, Table};

impl Formula {
    /// The column, when the formula is its name alone.
    pub(super) fn bare_column<'t>(&self, table: &'t Table) -> Option<&'t Column> {
        match self.term.op {
            Op::Column(place) => table.column(&self.columns()[place]),
            _ => None,
        }
    }
}

impl<'t, 'a> Engine<'t, 'a> {
    /// # Panics
    /// When the table has not the columns that the formula was read for.
    pub fn new(formula: &Formula, table: &'t Table, tick: &'a mut Tick<'a>) -> Self {
        let column = |name: &String| {
            let column = table.column(name);
            column.expect("a formula runs on the table that it was read for")
        };
        let columns: Vec<&Column> = formula.columns().iter().map(column).collect();
        Self {
            sources: columns.iter().map(|c| Source::of(c)).collect(),
            columns,
            n_rows: table.n_rows(),
            passes: (0, 1 + n_passes(&formula.term)),
            tick,
        }
    }

    pub fn prepare_root(&mut self, term: &Term) -> Result<Step<'t>, Failure> {
        self.tick(0.0)?;
        let step = self.prepare(term)?;
        Ok(self.settled(step))
    }

    fn prepare(&mut self, term: &Term) -> Result<Step<'t>, Failure> {
        let ty = term.ty;
        let step = |reads, kind| Ok(Step { ty, reads, kind });
        match &term.op {
            Op::Constant(constant) => step(Reads::Nothing, Kind::One(constant.clone())),
            Op::Column(place) => step(self.reads(*place), Kind::Column(*place)),
            Op::Place(place) => step(self.reads(*place), Kind::Place(*place)),
            Op::PlaceOf(place, level) => {
                let levels = self.sources[*place].category().map_or(&[][..], |(_, l)| l);
                let found = levels.iter().position(|l| l == level);
                let number = found.map_or(Constant::Missing, |p| Constant::Number(p as f64));
                step(Reads::Nothing, Kind::One(number))
            }
            Op::Apply(Kernel::Call(Call::LabelOf), terms) => match terms[0].op {
                Op::Column(place) => step(Reads::Rows, Kind::All(self.labels(place))),
                _ => step(Reads::Nothing, Kind::One(Constant::Missing)),
            },
            Op::Apply(kernel, terms) => {
                let steps = terms.iter().map(|t| self.prepare(t));
                let steps: Vec<Step<'t>> = steps.collect::<Result<_, _>>()?;
                let operation = Operation::new(*kernel, terms, &steps)?;
                Ok(self.applied(operation, steps, ty))
            }
            Op::Whole {
                call,
                arguments,
                by,
            } => self.whole(*call, arguments, by, ty),
        }
    }

    fn reads(&self, place: usize) -> Reads {
        match self.sources[place].category() {
            Some(_) => Reads::Levels(place),
            None => Reads::Rows,
        }
    }

    fn applied(&self, operation: Operation, steps: Vec<Step<'t>>, ty: Type) -> Step<'t> {
        let reads = steps.iter().fold(Reads::Nothing, |r, s| r.with(s.reads));
        let steps = match reads {
            // The parts that read one category are worked out before they meet the rows.
            Reads::Rows => steps.into_iter().map(|s| self.settled(s)).collect(),
            _ => steps,
        };
        let kind = Kind::Apply(operation, steps);
        let step = Step { ty, reads, kind };
        if reads != Reads::Nothing {
            return step;
        }
        let constant = constant_of(self.block(&step, &View::Rows(0..1)));
        Step {
            ty,
            reads,
            kind: Kind::One(constant),
        }
    }

    /// A step over one category, worked out for each level where that is less than for each row.
    fn settled(&self, step: Step<'t>) -> Step<'t> {
        let (Reads::Levels(place), Kind::Apply(..)) = (step.reads, &step.kind) else {
            return step;
        };
        let Some((_, levels)) = self.sources[place].category() else {
            return step;
        };
        let n_levels = levels.len();
        if n_levels * 2 > self.n_rows {
            return step;
        }
        let mut collector = Collector::new(step.ty, n_levels + 1);
        let block = self.block(&step, &View::Levels(n_levels));
        if collector.push(block, n_levels + 1).is_err() {
            return step;
        }
        Step {
            ty: step.ty,
            reads: Reads::Rows,
            kind: Kind::PerLevel(place, collector.finish()),
        }
    }

    fn whole(
        &mut self,
        call: Call,
        arguments: &[Term],
        by: &[Term],
        ty: Type,
    ) -> Result<Step<'t>, Failure> {
        let mut values = Vec::new();
        let mut numbers = Vec::new();
        for term in arguments {
            let step = self.prepare(term)?;
            // A number that belongs to the call, not to the rows: p of quantile, n of lag.
            if !values.is_empty()
                && let Kind::One(constant) = &step.kind
            {
                numbers.push(match constant {
                    Constant::Number(x) => *x,
                    _ => f64::NAN,
                });
                self.passes.0 += 1;
                continue;
            }
            values.push(self.vector(step)?);
        }
        let mut keys = Vec::new();
        for term in by {
            let step = self.prepare(term)?;
            keys.push(self.vector(step)?);
        }
        self.tick(0.0)?;
        let groups = Groups::by(&keys, self.n_rows);
        let number = numbers.first().copied();
        if call.is_statistic() {
            let found = statistics::take(call, values.first(), number, &groups);
            return Ok(match groups.codes() {
                None => Step {
                    ty,
                    reads: Reads::Nothing,
                    kind: Kind::One(constant_of(found.block(0..1))),
                },
                Some(codes) => Step {
                    ty,
                    reads: Reads::Rows,
                    kind: Kind::All(found.take(codes)),
                },
            });
        }
        let found = windows::run(call, values.first(), number, &groups);
        Ok(Step {
            ty,
            reads: Reads::Rows,
            kind: Kind::All(found),
        })
    }

    /// The values of all rows.
    fn vector(&mut self, step: Step<'t>) -> Result<Vector<'t>, Failure> {
        let step = self.settled(step);
        let at_hand = match &step.kind {
            Kind::All(vector) => Some(vector.clone()),
            Kind::Column(place) => self.borrowed(*place),
            Kind::PerLevel(place, vector @ Vector::Text { .. }) => {
                Some(owned(self.recoded(*place, vector)))
            }
            _ => None,
        };
        if let Some(vector) = at_hand {
            self.passes.0 += 1;
            return Ok(vector);
        }
        let mut collector = Collector::new(step.ty, self.n_rows);
        self.each_block(&step, &mut |block, rows| collector.push(block, rows.len()))?;
        Ok(collector.finish())
    }

    /// A column's values by their labels.
    fn labels(&self, place: usize) -> Vector<'t> {
        let levels = self.columns[place].levels_and_codes();
        Vector::Text {
            codes: levels.codes.into(),
            levels: levels.names.into(),
        }
    }

    /// A column as it lies in the table, when that is how vectors lie.
    fn borrowed(&self, place: usize) -> Option<Vector<'t>> {
        match &self.sources[place] {
            Source::Float(std::borrow::Cow::Borrowed(v)) => Some(Vector::Number((*v).into())),
            Source::Category { codes, levels } => Some(Vector::Text {
                codes: codes.clone(),
                levels: (*levels).into(),
            }),
            _ => None,
        }
    }
}

fn owned<'t>(vector: Vector<'_>) -> Vector<'t> {
    match vector {
        Vector::Number(v) => Vector::Number(v.into_owned().into()),
        Vector::Truth(v) => Vector::Truth(v),
        Vector::Stamp(v) => Vector::Stamp(v),
        Vector::Text { codes, levels } => Vector::Text {
            codes: codes.into_owned().into(),
            levels: levels.into_owned().into(),
        },
    }
}

/// The first value of a block.
fn constant_of(block: Block<'_>) -> Constant {
    match block {
        Block::Number(lane) => match lane.at(0) {
            x if x.is_nan() => Constant::Missing,
            x => Constant::Number(x),
        },
        Block::Truth(lane) => match lane.at(0) {
            super::UNKNOWN => Constant::Missing,
            t => Constant::Truth(t == TRUE),
        },
        Block::Stamp(lane) => match lane.at(0) {
            super::NO_STAMP => Constant::Missing,
            s => Constant::Stamp(s),
        },
        Block::Text(texts) => match texts.get(0) {
            Some(text) => Constant::Text(text.to_string()),
            None => Constant::Missing,
        },
    }
}

/// The passes over the rows that statistics take.
fn n_passes(term: &Term) -> usize {
    match &term.op {
        Op::Apply(_, terms) => terms.iter().map(n_passes).sum(),
        Op::Whole { arguments, by, .. } => {
            arguments.iter().chain(by).map(|t| 1 + n_passes(t)).sum()
        }
        _ => 0,
    }
}

impl Kernel {
    /// The call, when it is one.
    pub(super) fn call(self) -> Option<Call> {
        match self {
            Kernel::Call(call) | Kernel::Timed(call, _) => Some(call),
            _ => None,
        }
    }
}
